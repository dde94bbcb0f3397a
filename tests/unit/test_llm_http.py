"""The HTTP client against a real server on this machine: what is sent, what is read, what goes wrong."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from formulate.llm import Answer, JsonSchema, Message, Request, Settings, connect
from formulate.llm.connect import Connection
from formulate.llm.endpoints import model_named
from formulate.llm.errors import (
    BudgetError,
    CredentialsError,
    CutOffError,
    MalformedAnswerError,
    ModelError,
    RateLimitedError,
    RefusedRequestError,
    UnreachableError,
)
from formulate.llm.metering import Budget, Prices
from formulate.llm.retrying import Policy
from tests.unit.llm_server import Reply, Server, serving

KEY = "sk-test-51af9c77d00b4d2e"
ASK = Request("m", (Message("system", "be brief"), Message("user", "how many?")))
QUICK = Policy(tries=4, first=0.001, most=0.002)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def settings(server: Server, **more: Any) -> Settings:
    return Settings(base_url=server.url, policy=QUICK, **more)


def ask(connection: Connection, request: Request = ASK, on_text: Any = None) -> Answer:
    async def go() -> Answer:
        try:
            return await connection.client.complete(request, on_text)
        finally:
            await connection.client.close()

    return asyncio.run(go())


def test_what_is_sent_and_what_comes_back() -> None:
    with serving(lambda *_: Reply("42")) as server:
        request = Request("m", ASK.messages, temperature=0.5, max_tokens=9, seed=3, stop=("END",),
                          schema=JsonSchema("count", {"type": "object"}))
        answer = ask(connect("openai:m", settings(server)), request)
    headers, body = server.seen[0]
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "m", "temperature": 0.5, "max_completion_tokens": 9, "seed": 3, "stop": ["END"],
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "how many?"}],
        "response_format": {"type": "json_schema", "json_schema": {
            "name": "count", "schema": {"type": "object"}, "strict": True}},
    }
    assert (answer.text, answer.usage.total, answer.choices[0].finish, answer.tries) == ("42", 10, "stop", 1)


def test_a_stream_is_heard_as_it_comes_and_whole_at_the_end() -> None:
    heard: list[str] = []
    with serving(lambda *_: Reply("one two three")) as server:
        answer = ask(connect("openai:m", settings(server)), on_text=heard.append)
    assert heard == ["one ", "two ", "thre", "e"] and answer.text == "one two three" and answer.usage.total == 10


def test_tokens_are_estimated_where_the_endpoint_does_not_count() -> None:
    with serving(lambda *_: Reply("x" * 400, usage=False)) as server:
        usage = ask(connect("openai:m", settings(server))).usage
    assert usage.estimated and usage.completion == 100


@pytest.mark.parametrize(
    ("reply", "kind", "tried"),
    [
        (Reply("slow down", 429, {"retry-after": "0"}), RateLimitedError, 4),
        (Reply("boom", 500), UnreachableError, 4),
        (Reply("busy", 503), UnreachableError, 4),
        (Reply(reset=True), UnreachableError, 4),
        (Reply("no such model", 404), RefusedRequestError, 1),
        (Reply("context too long", 400), RefusedRequestError, 1),
        (Reply("unprocessable", 422), RefusedRequestError, 1),
        (Reply(f"Incorrect API key provided: {KEY}", 401), CredentialsError, 1),
        (Reply("insufficient_quota", 429), CredentialsError, 1),
        (Reply(raw=b'{"choices": []}'), MalformedAnswerError, 4),
        (Reply(raw=b'{"choices": [{"message": {"content": [1]}}]}'), MalformedAnswerError, 4),
        (Reply(raw=b'{"choices": "none"}'), MalformedAnswerError, 4),
        (Reply(raw=b"[]"), MalformedAnswerError, 4),
        (Reply(raw=b"<html>welcome</html>"), ModelError, 4),
    ],
)
def test_what_goes_wrong_is_told_and_only_what_may_pass_is_asked_again(
    reply: Reply, kind: type[ModelError], tried: int
) -> None:
    with serving(lambda *_: reply) as server, pytest.raises(kind) as caught:
        ask(connect("openai:m", settings(server)))
    assert len(server.seen) == tried
    assert KEY not in str(caught.value) and KEY not in repr(caught.value)
    assert caught.value.exit_code == 5 and (tried == 1 or f"asked {tried} times" in str(caught.value))


def test_what_passes_is_forgotten_but_counted() -> None:
    replies = [Reply("slow", 429, {"retry-after": "0"}), Reply("x", 500), Reply("done")]
    with serving(lambda k, _: replies[k]) as server:
        answer = ask(connect("openai:m", settings(server)))
    assert (answer.text, answer.tries) == ("done", 3)


def test_an_answer_that_breaks_off_is_never_taken_for_whole() -> None:
    with serving(lambda *_: Reply("one two three", cut=2)) as server, pytest.raises(CutOffError) as caught:
        ask(connect("openai:m", settings(server)), on_text=lambda _: None)
    assert caught.value.partial == "one two " and len(server.seen) == 4


def test_a_server_that_is_not_there_and_one_that_stays_silent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(UnreachableError, match="start the server"):
            ask(connect("vllm:m", Settings(base_url=url, policy=Policy(tries=1))))
    silent = threading.Event()
    try:
        with serving(lambda *_: Reply(wait=silent)) as server, pytest.raises(UnreachableError, match="no answer within"):
            ask(connect("vllm:m", Settings(base_url=server.url, timeout=0.2, policy=Policy(tries=1))))
    finally:
        silent.set()


def test_no_more_than_the_allowed_number_are_asked_at_once() -> None:
    gate = threading.Event()
    threading.Timer(0.3, gate.set).start()
    with serving(lambda *_: Reply(wait=gate)) as server:
        connection = connect("openai:m", settings(server, concurrency=3))

        async def many() -> None:
            await asyncio.gather(*(connection.client.complete(ASK) for _ in range(12)))
            await connection.client.close()

        asyncio.run(many())
    assert server.most_open == 3 and len(server.seen) == 12


@pytest.mark.parametrize(("model", "sent"), [("openai:m", [(3, 10)]), ("gemini:m", [(None, 10), (None, 11), (None, 12)])])
def test_several_samples_whether_the_endpoint_gives_them_or_not(
    model: str, sent: list[tuple[int | None, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with serving(lambda k, _: Reply(str(k))) as server:
        answer = ask(connect(model, settings(server)), Request("m", ASK.messages, n=3, seed=10))
    assert len(answer.choices) == 3
    assert sorted((b.get("n"), b["seed"]) for _, b in server.seen) == sent


def test_an_endpoint_that_ignores_n_is_asked_for_the_rest() -> None:
    raw = b'{"choices": [{"message": {"content": "one"}, "finish_reason": "stop"}]}'
    with serving(lambda *_: Reply(raw=raw)) as server:
        answer = ask(connect("vllm:m", settings(server)), Request("m", ASK.messages, n=3, seed=5))
    assert [c.text for c in answer.choices] == ["one"] * 3
    assert sorted((b.get("n", 1), b["seed"]) for _, b in server.seen) == [(1, 6), (1, 7), (3, 5)]


def test_a_budget_is_kept_by_requests_under_way_together() -> None:
    with serving(lambda *_: Reply()) as server:
        connection = connect("openai:m", settings(server, budget=Budget(tokens=100)))
        request = Request("m", ASK.messages, max_tokens=40)

        async def many() -> list[object]:
            jobs = (connection.client.complete(request) for _ in range(5))
            return list(await asyncio.gather(*jobs, return_exceptions=True))

        outcomes = asyncio.run(many())
    assert sum(b["max_completion_tokens"] for _, b in server.seen) <= 100
    assert any(isinstance(o, BudgetError) for o in outcomes) and any(isinstance(o, Answer) for o in outcomes)
    assert connection.meter is not None and connection.meter.spent.usage.total == 10 * len(server.seen)


@pytest.mark.parametrize(
    ("budget", "says"),
    [(Budget(requests=2), "2 requests"), (Budget(money=2e-5), "of money"), (Budget(tokens=25), "25 tokens"),
     (Budget(seconds=0.0), "0 seconds")],
)
def test_each_budget_ends_a_run_with_exit_code_3(budget: Budget, says: str) -> None:
    with serving(lambda *_: Reply()) as server:
        connection = connect("openai:m", settings(server, budget=budget, prices=Prices(1.0, 1.0)))

        async def until_it_ends() -> None:
            for _ in range(5):
                await connection.client.complete(ASK)

        with pytest.raises(BudgetError, match=says) as caught:
            asyncio.run(until_it_ends())
    assert caught.value.exit_code == 3 and len(server.seen) < 4


def test_a_cache_asks_once_and_keeps_no_key(tmp_path: Path) -> None:
    with serving(lambda k, _: Reply(f"answer {k}")) as server:
        first = ask(connect("openai:m", settings(server, cache=tmp_path)))
        again = ask(connect("openai:m", settings(server, cache=tmp_path)))
        other = ask(connect("openai:m", settings(server, cache=tmp_path)), Request("m", ASK.messages, seed=1))
        entry = next(p for p in tmp_path.rglob("*.json") if "answer 0" in p.read_text())
        entry.write_text("{ damaged")
        mended = ask(connect("openai:m", settings(server, cache=tmp_path)))
    assert [first.text, again.text, other.text, mended.text] == ["answer 0", "answer 0", "answer 1", "answer 2"]
    assert (again.source, first.source) == ("cache", "model") and len(server.seen) == 3
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or (KEY not in path.read_text() and path.stat().st_mode & 0o077 == 0)


def test_the_same_question_asked_at_once_is_sent_once(tmp_path: Path) -> None:
    gate = threading.Event()
    threading.Timer(0.2, gate.set).start()
    with serving(lambda *_: Reply(wait=gate)) as server:
        connection = connect("openai:m", settings(server, cache=tmp_path))

        async def twice() -> list[Answer]:
            return list(await asyncio.gather(*(connection.client.complete(ASK) for _ in range(6))))

        answers = asyncio.run(twice())
    assert len(server.seen) == 1 and {a.text for a in answers} == {"hello there"}


def test_a_record_plays_back_without_a_server_and_holds_no_key(tmp_path: Path) -> None:
    record = tmp_path / "run.jsonl"
    replies = [Reply("first"), Reply("second"), Reply("no such model", 404)]
    with serving(lambda k, _: replies[k]) as server:
        live = [ask(connect("openai:m", settings(server, record=record))) for _ in range(2)]
        with pytest.raises(RefusedRequestError) as failed:
            ask(connect("openai:m", settings(server, record=record)), Request("other", ASK.messages))
    assert KEY not in record.read_text()
    connection = connect("", Settings(replay=record))
    played = [ask(connection), ask(connection)]
    assert [a.to_dict() for a in played] == [a.to_dict() for a in live]
    with pytest.raises(RefusedRequestError) as again:
        ask(connection, Request("other", ASK.messages))
    assert str(again.value) == str(failed.value)
    assert connection.client.name == "openai:m"


@pytest.mark.parametrize(
    ("text", "base_url", "says"),
    [
        ("gpt", None, "PROVIDER:MODEL"),
        ("openai:", None, "openai:MODEL"),
        ("nobody:m", None, "PROVIDER:MODEL"),
        ("openai:m", "http://example.org/v1", "unencrypted"),
        ("openai:m", "localhost:8000", "no address"),
        ("openai:m", "http://localhost:port/v1", "no address"),
        ("vllm:m", "http://user:word@localhost/v1", "password"),
        ("hf:folder", "http://localhost/v1", "no address"),
    ],
)
def test_names_and_addresses_that_are_none(text: str, base_url: str | None, says: str) -> None:
    with pytest.raises(RefusedRequestError, match=says):
        model_named(text, base_url)


def test_names_keep_their_colons_and_slashes() -> None:
    named = model_named("ollama:llama3.2:3b")
    assert (named.provider, named.model) == ("ollama", "llama3.2:3b")
    assert model_named("org/some-model:tag", "http://localhost:9/v1").model == "org/some-model:tag"


@pytest.mark.parametrize("value", ["", "   ", "two words", "sk-\n"])
def test_a_missing_or_broken_key_is_said_without_showing_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", value)
    if value == "sk-\n":  # a line break at the end is what a file read into a variable leaves
        assert "sk-" not in repr(connect("openai:m").client)
        return
    with pytest.raises(CredentialsError, match="OPENAI_API_KEY") as caught:
        connect("openai:m")
    assert "two words" not in str(caught.value)
