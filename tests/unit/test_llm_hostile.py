"""Endpoints that are hostile or broken: nothing they send fills the memory, goes elsewhere or ends the run."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulate.llm import Answer, ModelError, Settings, connect, wire
from formulate.llm import http as http_module
from formulate.llm.errors import BudgetError, CutOffError, MalformedAnswerError, RateLimitedError, RefusedRequestError
from formulate.llm.metering import Budget, Metered
from formulate.llm.protocol import Message, Request
from formulate.llm.retrying import Policy
from formulate.llm.scripted import Scripted
from tests.unit.llm_server import Reply, serving

KEY = "sk-test-51af9c77d00b4d2e"
ASK = Request("m", (Message("user", "how many?"),))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("VLLM_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-mine")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def ask(url: str, *, provider: str = "vllm", stream: bool = False, request: Request = ASK) -> Answer:
    async def go() -> Answer:
        connection = connect(f"{provider}:m", Settings(base_url=url, policy=Policy(tries=1), timeout=10))
        try:
            return await connection.client.complete(request, (lambda _: None) if stream else None)
        finally:
            await connection.client.close()

    return asyncio.run(go())


def said(text: str = "42", **more: Any) -> Reply:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return Reply(raw=json.dumps({"choices": [choice], **more}).encode())


def streamed(*events: object) -> Reply:
    raw = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return Reply(raw=raw, headers={"content-type": "text/event-stream"})


@pytest.mark.parametrize(
    "told", ["many", -(10**9), {"a": 1}, [1], 1e308, True, None],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_token_counts_that_are_none_neither_end_the_run_nor_refill_a_budget(told: object, stream: bool) -> None:
    usage = {"prompt_tokens": told, "completion_tokens": told, "completion_tokens_details": {"reasoning_tokens": told}}
    piece = {"choices": [{"index": 0, "delta": {"content": "42"}, "finish_reason": "stop"}], "usage": usage}
    reply = streamed(piece) if stream else said(usage=usage)
    with serving(lambda *_: reply) as server:
        answer = ask(server.url, stream=stream)
    # Our own estimate from the characters stands in.
    assert answer.text == "42" and answer.usage.estimated and 0 < answer.usage.total < 10


@pytest.mark.parametrize(
    ("reply", "stream", "kind"),
    [
        (Reply(raw=b'{"usage": {"prompt_tokens": ' + b"9" * 5000 + b"}}"), False, MalformedAnswerError),
        (Reply(raw=b"[" * 200_000), False, MalformedAnswerError),
        (Reply(raw=b'{"choices": [{"message": {"content": "\xff"}}]}'), False, MalformedAnswerError),
        (Reply("slow", 429, {"retry-after": "\xb2"}), False, RateLimitedError),
        (streamed({"choices": 5}), True, CutOffError),
        (streamed({"choices": [None]}), True, CutOffError),
        (streamed([1]), True, CutOffError),
        (Reply(raw=b"data: \xff\n\n"), True, CutOffError),
        (Reply(raw=b"data: {not json\n\n"), True, CutOffError),
        (Reply(raw=b"data: " + b"[" * 200_000 + b"\n\n"), True, ModelError),
    ],
)
def test_garbage_is_an_error_of_the_endpoint(reply: Reply, stream: bool, kind: type[ModelError]) -> None:
    with serving(lambda *_: reply) as server, pytest.raises(kind):
        ask(server.url, stream=stream)


@pytest.mark.parametrize("stream", [False, True])
def test_what_never_ends_is_cut_off(stream: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_BYTES", 100_000)
    piece = {"choices": [{"index": 0, "delta": {}}]}  # pieces that say nothing, so that no text grows
    reply = streamed(*[piece] * 5000) if stream else said("x" * 200_000)
    with serving(lambda *_: reply) as server, pytest.raises(MalformedAnswerError, match="more than 100000 bytes"):
        ask(server.url, stream=stream)


def test_a_stream_that_is_never_silent_and_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MOST_SECONDS", 0.2)
    with serving(lambda *_: replace(said(), wait=NEVER)) as server, pytest.raises(MalformedAnswerError, match=r"0\.2 s"):
        ask(server.url)


class _Slow:
    """Waits shorter than the client's limit on silence, and longer than its limit on a call."""

    def wait(self, _: float) -> None:
        import time

        time.sleep(0.5)


NEVER: Any = _Slow()


def test_compressed_answers_are_not_asked_for_and_not_unpacked() -> None:
    reply = Reply(raw=gzip.compress(b" " * 1_000_000), headers={"content-encoding": "gzip"})
    with serving(lambda *_: reply) as server:
        with pytest.raises(RefusedRequestError, match="compressed"):
            ask(server.url)
        assert server.seen[0][0]["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed_so_the_problem_and_the_key_stay_here(status: int) -> None:
    with serving(lambda *_: said("stolen")) as other:
        reply = Reply(status=status, headers={"location": f"{other.url}/chat/completions"})
        with serving(lambda *_: reply) as server, pytest.raises(RefusedRequestError, match="redirects"):
            ask(server.url)
    assert len(server.seen) == 1 and not other.seen


def test_an_endpoint_that_says_our_key_is_not_written_down_with_it() -> None:
    with serving(lambda *_: said(f"authorization: {KEY}")) as server:
        assert ask(server.url).text == "authorization: [key]"


def test_half_a_surrogate_pair_comes_in_as_a_mark_and_does_not_go_out() -> None:
    with serving(lambda *_: said("\ud800 42")) as server:
        assert ask(server.url).text == "? 42"
        with pytest.raises(RefusedRequestError, match="surrogate"):
            ask(server.url, request=replace(ASK, messages=(Message("user", "\udc00"),)))


def test_what_openai_knows_of_its_customer_is_told_to_nobody_else() -> None:
    with serving(lambda *_: said()) as server:
        ask(server.url)
        ask(server.url, provider="openai")
    (others, _), (openai, _) = server.seen
    assert not [name for name in others if name.startswith("openai-")]
    assert (openai["openai-organization"], openai["openai-project"]) == ("org-of-mine", "project-of-mine")


def test_an_answer_cut_by_the_budget_is_neither_given_nor_kept(tmp_path: Path) -> None:
    request = replace(ASK, max_tokens=500)

    def asked(url: str, tokens: int) -> Answer:
        async def go() -> Answer:
            connection = connect("vllm:m", Settings(base_url=url, budget=Budget(tokens=tokens), cache=tmp_path))
            try:
                return await connection.client.complete(request)
            finally:
                await connection.client.close()

        return asyncio.run(go())

    def endpoint(_: int, body: dict[str, Any]) -> Reply:
        return Reply("whole") if body["max_tokens"] == 500 else Reply("who", finish="length")

    with serving(endpoint) as server:
        with pytest.raises(BudgetError, match="100 tokens"):
            asked(server.url, 100)
        assert asked(server.url, 10_000).text == "whole" and len(server.seen) == 2


def test_answers_that_broke_off_count_against_the_budget() -> None:
    async def go() -> None:
        spent = Metered(Scripted([CutOffError("it broke off", partial="x" * 300)] * 5), Budget(tokens=250))
        request = Request("m", (Message("user", "y" * 60),), max_tokens=10)
        for _ in range(2):
            with pytest.raises(CutOffError):
                await spent.complete(request)
        with pytest.raises(BudgetError):
            await spent.complete(request)
        assert spent.spent.usage.total == 2 * (20 + 100) and spent.spent.usage.estimated

    asyncio.run(go())


def test_a_key_in_the_query_of_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(RefusedRequestError) as caught:
        connect("vllm:m", Settings(base_url=f"https://example.org/v1?key={KEY}"))
    assert KEY not in str(caught.value)
