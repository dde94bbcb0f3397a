"""`formulate PROBLEM --llm`: against a server on this machine, from records and batches, for many problems at once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli_runs import PROGRAM, formulate
from tests.unit.llm_server import Reply, serving
from tests.unit.test_cli_input import refused
from tests.unit.test_dialogue import ASKS, BEST, TEXT, UNBOUNDED, mill, said

KEY = "sk-test-8d1c22aa90ff4e6b"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "mill.txt"
    path.write_text(TEXT)
    return path


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_problem_is_formulated_by_a_model_and_saved_without_its_key(problem: Path, tmp_path: Path) -> None:
    with serving(lambda *_: Reply(said(mill()))) as server:
        run = formulate("mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, "--save", "answer", "--record", "run.jsonl",
                        "--cache", "kept", "--json", cwd=tmp_path)
        again = formulate("mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, "--cache", "kept", cwd=tmp_path)
    assert run.code == 0 and run.json["objective"] == BEST and run.json["formulator"] == "vllm:tiny elements"
    assert "1 requests, 7 prompt and 3 completion tokens" in run.err
    assert again.code == 0 and len(server.seen) == 1 and "vllm" in again.out + again.err
    replayed = formulate("mill.txt", "--replay", "run.jsonl", "--json", cwd=tmp_path)
    assert replayed.code == 0 and replayed.json["formulation"] == run.json["formulation"]
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()


def test_a_replayed_run_is_the_same_byte_for_byte_but_for_its_times(problem: Path, tmp_path: Path) -> None:
    lines = [said(UNBOUNDED), said(mill())]
    with serving(lambda k, _: Reply(lines[k])) as server:
        words = ["--llm", "vllm:tiny", "--base-url", server.url, "--record", "run.jsonl", "--prices", "2,10"]
        live = formulate("mill.txt", *words, "--json", cwd=tmp_path)
    assert "2 requests, 14 prompt and 6 completion tokens, 8.8e-05 of money" in live.err
    replays = [formulate("mill.txt", "--replay", "run.jsonl", "--json", cwd=tmp_path) for _ in range(2)]

    def timeless(text: str) -> str:
        return re.sub(r'("(?:total_|build_)?seconds": )[0-9.e-]+', r"\g<1>0", text)

    assert live.code == 0 and timeless(live.out) == timeless(replays[0].out) == timeless(replays[1].out)


def test_a_budget_of_time_ends_a_run_with_exit_code_3(problem: Path, tmp_path: Path) -> None:
    never = threading.Event()
    try:
        with serving(lambda *_: Reply(wait=never)) as server:
            run = formulate("mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, "--time-budget", "0.5", cwd=tmp_path)
    finally:
        never.set()
    assert run.code == 3 and "the budget of 0.5 seconds is spent" in run.out


def test_where_nobody_can_be_asked_the_assumption_is_shown(problem: Path, tmp_path: Path) -> None:
    lines = [ASKS, said(mill())]
    with serving(lambda k, _: Reply(lines[k])) as server:
        run = formulate("mill.txt", "--llm", "llamacpp:tiny", "--base-url", server.url, "--strategy", "elements", cwd=tmp_path)
        body = server.seen[0][1]
    assert run.code == 0
    # This endpoint follows schemas, which have no place for a question: it was not offered one.
    assert "response_format" in body and "never answer with a question" in body["messages"][0]["content"]


def test_an_endpoint_without_schemas_may_ask(problem: Path, tmp_path: Path) -> None:
    lines = [ASKS, said(mill())]
    with serving(lambda k, _: Reply(lines[k])) as server:
        run = formulate("mill.txt", "--llm", "transformers:tiny", "--base-url", server.url, cwd=tmp_path)
    assert run.code == 0 and "beams are sawn whole" in run.out and len(server.seen) == 2


def test_a_server_that_is_down_or_refuses_is_exit_code_5(problem: Path, tmp_path: Path) -> None:
    with serving(lambda *_: Reply("no such model", 404)) as server:
        run = formulate("mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, cwd=tmp_path)
        assert run.code == 5 and "does not know this model" in run.out and "remedy" in run.out
    run = formulate("mill.txt", "--llm", "openai:m", "--base-url", server.url, "--max-tokens", "9", cwd=tmp_path)
    assert run.code == 5 and "start the server" in run.out and KEY not in run.out + run.err


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["--strategy", "elements"], "needs a language model", 2),
        (["--cache", "x"], "needs a language model", 2),
        (["--llm", "gpt"], "PROVIDER:MODEL", 2),
        (["--llm", "vllm:m", "--base-url", "here"], "is no address", 2),
        (["--llm", "openai:m", "--base-url", "http://example.org/v1"], "use https", 2),
        (["--model-timeout", "5"], "needs a language model", 2),
        (["--llm", "vllm:m", "--model-timeout", "0"], "seconds", 2),
        (["--llm", "vllm:m", "--strategy", "clever"], "no strategy", 2),
        (["--llm", "vllm:m", "--temperature", "hot"], "temperature", 2),
        (["--llm", "vllm:m", "--max-tokens", "0"], "whole number from 1", 2),
        (["--llm", "vllm:m", "--prices", "free"], "two prices", 2),
        (["--replay", "none.jsonl"], "none.jsonl", 2),
        (["--llm", "vllm:m", "--batch-in", "none.jsonl"], "none.jsonl", 2),
    ],
)
def test_wrong_use(problem: Path, tmp_path: Path, words: list[str], says: str, code: int) -> None:
    refused(formulate("mill.txt", *words, cwd=tmp_path), says, code=code)


def test_a_batch_of_many_problems_goes_step_by_step_and_resumes(tmp_path: Path) -> None:
    texts = {f"p{k}": TEXT.replace("A mill", f"A mill in {place}") for k, place in enumerate(("Ulm", "Bonn", "Jena", "Kiel"))}
    (tmp_path / "problems.jsonl").write_text(
        "".join(json.dumps({"id": name, "question": text}) + "\n" for name, text in texts.items()))
    answers: list[str] = []
    for step, script in enumerate([{"p0": UNBOUNDED, "p1": "no idea"}, {}]):
        given = [word for path in answers for word in ("--batch-in", path)]
        run = formulate("problems.jsonl", "--llm", "openai:m", "--out", "out.jsonl", "--batch-out", f"b{step}.jsonl", *given,
                        cwd=tmp_path)
        assert run.code == 3, run.err
        requests = records(tmp_path / f"b{step}.jsonl")
        assert len(requests) == (4, 2)[step]
        assert KEY not in (tmp_path / f"b{step}.jsonl").read_text()
        back = []
        for request in requests:
            name = next(n for n, t in texts.items() if any(t in m["content"] for m in request["body"]["messages"]))
            line = script.get(name, mill())
            body = {"choices": [{"message": {"content": line if isinstance(line, str) else said(line)}, "finish_reason": "stop"}]}
            back.append({"custom_id": request["custom_id"], "response": {"status_code": 200, "body": body}})
        answers.append(f"a{step}.jsonl")
        (tmp_path / answers[-1]).write_text("".join(json.dumps(line) + "\n" for line in reversed(back)))
    given = [word for path in answers for word in ("--batch-in", path)]
    run = formulate("problems.jsonl", "--llm", "openai:m", "--out", "out.jsonl", *given, cwd=tmp_path)
    assert run.code == 0 and "2 done before" in run.out
    assert {r["problem"]["id"]: r["outcome"] for r in records(tmp_path / "out.jsonl")} == dict.fromkeys(texts, "answered")


def test_a_run_of_many_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    names = [f"mill{k}.txt" for k in range(3)]
    for name in names:
        (tmp_path / name).write_text(TEXT)
    with serving(lambda *_: Reply(said(mill()))) as server:
        words = ["--llm", "vllm:tiny", "--base-url", server.url, "--out", "out.jsonl", "--json"]
        first = formulate(*names[:2], *words, cwd=tmp_path)
        out = tmp_path / "out.jsonl"
        whole = out.read_text()
        out.write_text(whole + whole.splitlines()[0][:200])  # killed in the middle of a line
        second = formulate(*names, *words, cwd=tmp_path)
    assert first.json["counts"] == {"answered": 2} and second.json["counts"] == {"answered": 1}
    assert second.json["done_before"] == 2 and len(server.seen) == 3
    kept = [json.loads(line)["problem"]["id"] for line in out.read_text().splitlines() if line.endswith("}")]
    assert sorted(kept) == names


def test_many_problems_offline_each_with_its_own_outcome(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n" + json.dumps({"id": "b", "text": "Hello."}) + "\n")
    run = formulate("p.jsonl", "--out", "out.jsonl", cwd=tmp_path)
    assert run.code == 0
    outcomes = {r["problem"]["id"]: r["outcome"] for r in records(tmp_path / "out.jsonl")}
    assert outcomes["b"] == "abstained" and set(outcomes) == {"a", "b"}


@pytest.mark.parametrize(
    ("line", "says"), [("no json", "line 1"), ('{"id": 1}', "no problem in it"), ("[]", "no problem in it")]
)
def test_a_file_of_problems_that_is_none(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "p.jsonl").write_text(line + "\n")
    refused(formulate("p.jsonl", "--out", "out.jsonl", cwd=tmp_path), says)
    refused(formulate("p.jsonl", cwd=tmp_path), "--out")


def test_data_in_records_are_values_and_never_paths(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "a", "text": TEXT, "data": "/etc/passwd"}) + "\n")
    refused(formulate("p.jsonl", "--out", "out.jsonl", cwd=tmp_path), "no JSON")


def test_a_file_that_holds_something_else_is_left_as_it_is(problem: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("precious\nthe last line has no end")
    (tmp_path / "p.jsonl").write_text(json.dumps({"text": TEXT}))
    refused(formulate("p.jsonl", "--out", "notes.txt", cwd=tmp_path), "something else than records")
    with serving(lambda *_: Reply(said(mill()))) as server:
        words = ["mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, "--record", "notes.txt"]
        refused(formulate(*words, cwd=tmp_path), "something else than records")
    assert notes.read_text() == "precious\nthe last line has no end" and not server.seen


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("5", "no mapping"), ('"data.json"', "no mapping"), ('"\\"data.json\\""', "no mapping"), ("[1]", "no mapping"),
        ('"data.json\\n"', "never a path"), ('{"a": NaN}', "not finite"), ('{"a": [1e999]}', "not finite"),
        ('{"a": ' * 500 + "1" + "}" * 500, "nested deeper"), ("[" * 100_000, "no JSON"),
    ],
)  # fmt: skip
def test_data_that_are_none_are_refused_before_anything_runs(tmp_path: Path, data: str, says: str) -> None:
    (tmp_path / "data.json").write_text('{"secret": 1}')
    (tmp_path / "p.jsonl").write_text(f'{{"text": {json.dumps(TEXT)}, "data": {data}}}\n')
    says = "never a path" if data == '"data.json"' else says
    refused(formulate("p.jsonl", "--out", "out.jsonl", cwd=tmp_path), says)


def test_files_of_problems_as_other_programs_write_them(tmp_path: Path) -> None:
    lines = [json.dumps({"id": None, "text": TEXT}), "", json.dumps({"id": 7, "question": "Hello."})]
    (tmp_path / "p.jsonl").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert formulate("p.jsonl", "--out", "out.jsonl", cwd=tmp_path).code == 0
    assert [r["problem"]["id"] for r in records(tmp_path / "out.jsonl")] == ["1", "7"]
    (tmp_path / "l.jsonl").write_bytes(json.dumps({"text": TEXT}).encode() + b'\n{"text": "caf\xe9"}\n')
    refused(formulate("l.jsonl", "--out", "out2.jsonl", cwd=tmp_path), "no UTF-8")


def test_an_interrupt_keeps_what_is_done_and_the_next_run_goes_on(tmp_path: Path) -> None:
    names = [f"mill{k}.txt" for k in range(4)]
    for name in names:
        (tmp_path / name).write_text(TEXT)
    stuck = threading.Event()
    with serving(lambda k, _: Reply(said(mill()), wait=stuck if k >= 2 else None)) as server:
        words = [*PROGRAM, *names, "--llm", "vllm:tiny", "--base-url", server.url, "--out", "out.jsonl", "--at-once", "2"]
        running = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out = tmp_path / "out.jsonl"
        until(lambda: len(server.seen) == 4 and out.read_bytes().count(b"\n") == 2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
        assert running.returncode == 130 and "interrupted" in err and "Traceback" not in err
        stuck.set()
        assert len(records(out)) == 2
        again = formulate(*words[len(PROGRAM):], "--json", cwd=tmp_path)
    assert again.code == 0 and (again.json["counts"], again.json["done_before"]) == ({"answered": 2}, 2)
    assert sorted(r["problem"]["id"] for r in records(out)) == names


def until(done: Callable[[], bool]) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def test_a_replay_that_asks_something_else_says_what(problem: Path, tmp_path: Path) -> None:
    with serving(lambda *_: Reply(said(mill()))) as server:
        formulate("mill.txt", "--llm", "vllm:tiny", "--base-url", server.url, "--record", "run.jsonl", cwd=tmp_path)
    (tmp_path / "other.txt").write_text(TEXT + " Please.")
    for words in (["other.txt"], ["mill.txt", "--strategy", "direct"], ["other.txt", "--out", "out.jsonl"]):
        refused(formulate(*words, "--replay", "run.jsonl", cwd=tmp_path), "holds no answer to this request", code=3)
