"""Batches: requests written out, answered elsewhere in any order, taken in; and the files that survive a kill."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from formulate.errors import ComponentError, RecordError
from formulate.llm import Message, Request, Settings, connect
from formulate.llm.batch import Batch
from formulate.llm.connect import Connection
from formulate.llm.errors import UnansweredError
from formulate.llm.files import lines_of
from formulate.records_file import RecordsFile


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def request(text: str, **more: Any) -> Request:
    return Request("m", (Message("user", text),), **more)


REQUESTS = [request("one"), request("two", n=3, seed=4), request("one"), request("three", temperature=0.3)]


def batch_of(connection: Connection) -> Batch:
    assert isinstance(connection.batch, Batch)
    return connection.batch


def ask_all(connection: Connection) -> list[str | None]:
    async def one(asked: Request) -> str | None:
        try:
            answer = await connection.client.complete(asked)
        except UnansweredError as error:
            assert error.exit_code == 3
            return None
        return " ".join(c.text for c in answer.choices)

    async def every() -> list[str | None]:
        return [await one(asked) for asked in REQUESTS]

    return asyncio.run(every())


def answered(line: dict[str, Any]) -> dict[str, Any]:
    said = f"{line['body']['messages'][0]['content']}:{line['body'].get('seed')}"
    body = {"choices": [{"message": {"content": said}, "finish_reason": "stop"}], "model": "m",
            "usage": {"prompt_tokens": 2, "completion_tokens": 1}}
    return {"id": "x", "custom_id": line["custom_id"], "response": {"status_code": 200, "body": body}, "error": None}


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_batch_goes_out_and_its_answers_come_home_in_any_order(tmp_path: Path) -> None:
    out = tmp_path / "requests.jsonl"
    first = connect("openai:m", Settings(batch_out=out))
    assert ask_all(first) == [None] * 4
    assert batch_of(first).write(out) == 5  # the same question twice is one line
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert all(line["method"] == "POST" and line["url"] == "/v1/chat/completions" for line in lines)
    assert all(len(line["custom_id"]) <= 64 and "n" not in line["body"] for line in lines)
    answers = [answered(line) for line in lines]
    random.Random(1).shuffle(answers)
    second = connect("openai:m", Settings(batch_in=(write(tmp_path / "answers.jsonl", answers),)))
    assert ask_all(second) == ["one:None", "two:4 two:5 two:6", "one:None", "three:None"]
    assert batch_of(second).missing == 0


def test_what_failed_there_or_is_missing_is_asked_again_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "requests.jsonl"
    first = connect("openai:m", Settings(batch_out=out))
    ask_all(first)
    batch_of(first).write(out)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    broken = {"custom_id": lines[0]["custom_id"], "response": {"status_code": 500, "body": {"error": "boom"}}}
    path = write(tmp_path / "some.jsonl", [broken, *map(answered, lines[1:4])])
    second = connect("openai:m", Settings(batch_in=(path,), batch_out=out))
    ask_all(second)
    assert batch_of(second).write(out) == 2
    assert {json.loads(line)["custom_id"] for line in out.read_text().splitlines()} == {
        lines[0]["custom_id"], lines[4]["custom_id"]}
    third = connect("openai:m", Settings(batch_in=(path, write(tmp_path / "rest.jsonl", [
        answered(lines[0]), answered(lines[4])]))))
    assert None not in ask_all(third)


@pytest.mark.parametrize(
    ("text", "says"),
    [("no json\n", "no JSON"), ("[1]\n", "not a JSON object"), ('{"custom_id": "a"}\n', "no line of a batch"),
     ('{"custom_id": 5, "response": {}}\n', "no line of a batch")],
)
def test_a_file_that_is_no_batch_is_refused_by_line(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(text)
    with pytest.raises(RecordError, match=says) as caught:
        connect("openai:m", Settings(batch_in=(path,)))
    assert "line 1" in str(caught.value)


def test_an_answer_without_a_completion_is_no_answer(tmp_path: Path) -> None:
    from formulate.llm.errors import MalformedAnswerError

    out = tmp_path / "requests.jsonl"
    first = connect("openai:m", Settings(batch_out=out))
    ask_all(first)
    batch_of(first).write(out)
    lines = [answered(json.loads(line)) for line in out.read_text().splitlines()]
    for line in lines:
        line["response"]["body"] = {"choices": []}
    second = connect("openai:m", Settings(batch_in=(write(tmp_path / "a.jsonl", lines),)))
    with pytest.raises(MalformedAnswerError):
        ask_all(second)


def test_local_weights_take_no_batch(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match="takes no batch"):
        connect("hf:folder", Settings(batch_out=tmp_path / "x"))


def test_a_line_that_a_killed_run_left_half_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"k": 1}\n{"k": 2, "text": "half')
    assert [line["k"] for _, line in lines_of(path, "it")] == [1]
    with RecordsFile(str(path)) as records:
        records.append({"k": 3})
    assert [(n, line["k"]) for n, line in lines_of(path, "it")] == [(1, 1), (2, 3)]
