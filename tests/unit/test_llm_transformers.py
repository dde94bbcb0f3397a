"""Real weights and a real OpenAI-compatible server: `transformers` in this process, and `transformers serve`."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from formulate.llm import Answer, Message, Request, Settings, connect
from formulate.llm.connect import Connection
from formulate.llm.errors import ModelError, RefusedRequestError, UnreachableError
from formulate.llm.retrying import Policy
from tests.unit.tiny_model import make_tiny_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("torch", "transformers", "tokenizers")),
        reason="torch and transformers are not installed (pip install 'formulate-opt[transformers]')",
    ),
]
ASK = (Message("user", "how many?"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    os.environ["OMP_NUM_THREADS"] = "1"
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


def ask(connection: Connection, request: Request, heard: list[str] | None = None) -> Answer:
    async def go() -> Answer:
        answer = await connection.client.complete(request, None if heard is None else heard.append)
        await asyncio.sleep(0)
        return answer

    return asyncio.run(go())


# -- weights in this process ---------------------------------------------------------------------------


def test_local_weights_answer_alike_for_a_seed(folder: Path) -> None:
    connection = connect(f"hf:{folder}")
    warm = Request("m", ASK, temperature=1.0, max_tokens=12, seed=3, n=3)
    first, again = ask(connection, warm), ask(connection, warm)
    other = ask(connection, Request("m", ASK, temperature=1.0, max_tokens=12, seed=4, n=3))
    assert [c.text for c in first.choices] == [c.text for c in again.choices] != [c.text for c in other.choices]
    assert len(first.choices) == 3 and 0 < first.usage.completion <= 36 and first.usage.prompt > 5


def test_local_weights_are_heard_as_they_write_and_stop_at_the_limit(folder: Path) -> None:
    heard: list[str] = []
    answer = ask(connect(f"hf:{folder}"), Request("m", ASK, max_tokens=8), heard)
    assert "".join(heard).strip() == answer.text.strip() and answer.choices[0].finish == "length"


def test_a_prompt_that_does_not_fit_and_a_folder_without_a_model(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedRequestError, match="does not fit"):
        ask(connect(f"hf:{folder}"), Request("m", (Message("user", "word " * 500),)))
    with pytest.raises(RefusedRequestError, match="cannot be loaded"):
        ask(connect(f"hf:{tmp_path}"), Request("m", ASK))


# -- a server ------------------------------------------------------------------------------------------


class Running:
    def __init__(self, folder: Path, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.model = f"http://127.0.0.1:{port}/v1", str(folder)
        command = shutil.which("transformers", path=str(Path(sys.executable).parent)) or "transformers"
        (home / "hub").mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_CACHE": str(home / "hub"), "HF_HUB_OFFLINE": "1",
                       "OMP_NUM_THREADS": "1"}
        self.log = open(home / "log", "w")  # noqa: SIM115 - closed with the server
        self.process = subprocess.Popen(
            [command, "serve", str(folder), "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)],
            stdout=self.log, stderr=self.log, env=environment, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise AssertionError((home / "log").read_text()[-2000:]) from None
                time.sleep(0.3)

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


@pytest.fixture
def server(folder: Path, tmp_path: Path) -> Iterator[Running]:
    running = Running(folder, tmp_path / "home")
    yield running
    running.stop()


def connected(server: Running, **more: object) -> Connection:
    return connect("transformers:tiny", Settings(
        base_url=server.url, timeout=60, policy=Policy(tries=3, first=0.01, most=0.02), **more))  # type: ignore[arg-type]


def test_a_served_model_streams_samples_and_is_recorded(server: Running, tmp_path: Path) -> None:
    record = tmp_path / "run.jsonl"
    heard: list[str] = []
    request = Request(server.model, ASK, max_tokens=10, temperature=1.0, seed=1)
    live = ask(connected(server, record=record), request, heard)
    assert "".join(heard) == live.text and live.usage.completion > 0
    three = ask(connected(server), Request(server.model, ASK, max_tokens=5, n=3, seed=1))
    assert len(three.choices) == 3
    played = ask(connect("", Settings(replay=record)), request)
    assert played.to_dict() == live.to_dict()


def test_a_server_killed_in_mid_answer_is_no_answer_and_retries_end(server: Running) -> None:
    connection = connected(server)

    def kill(_: str) -> None:
        os.killpg(server.process.pid, signal.SIGKILL)

    async def go() -> Answer:
        return await connection.client.complete(Request(server.model, ASK, max_tokens=200, temperature=1.0), kill)

    with pytest.raises(ModelError, match="asked 3 times") as caught:
        asyncio.run(go())
    assert caught.value.retryable
    with pytest.raises(UnreachableError, match="no connection"):
        ask(connection, Request(server.model, ASK))
