"""Twenty problems of the benchmarks, a model that misbehaves in every way: right answers or honest failures, in bounds."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from formulate.attempt import Attempt
from formulate.llm import Choice, Connection
from formulate.llm.errors import ModelError, RateLimitedError, UnreachableError
from formulate.llm.metering import Budget, Metered
from formulate.llm.protocol import Request
from formulate.llm.retrying import Policy, Retrying
from formulate.llm.scripted import Line, Scripted
from formulate.pipeline import formulate
from formulate.strategies import Asking
from formulate.with_model import Formulator
from solvers.compare import ANSWER, compare
from solvers.schema import to_dict

SHARED = Path(os.environ.get("FORMULATE_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FILE = SHARED / "benchmarks" / "nl4opt.jsonl"
MOST_REQUESTS = 3 * 3 + 5
"""Three rounds of at most three answers each, and the retries of one step."""
MOST_TOKENS = 60_000

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the benchmarks are not at {SHARED} (set FORMULATE_SHARED)")


def answered() -> list[tuple[str, str, dict[str, Any], float]]:
    """Twenty problems that the offline formulator answers as their labels do: id, text, formulation, optimum."""
    found = []
    for line in FILE.read_text().splitlines():
        record = json.loads(line)
        attempt = formulate(record["question"])
        result = attempt.result
        if attempt.outcome != "answered" or attempt.formulation is None or result is None or result.objective is None:
            continue
        if not isinstance(record["answer"], (int, float)) or not compare(result.objective, record["answer"], ANSWER).equal:
            continue
        found.append((str(record["id"]), record["question"], to_dict(attempt.formulation), result.objective))
        if len(found) == 20:
            return found
    raise AssertionError(f"only {len(found)} problems of {FILE} are answered")


@pytest.fixture(scope="module")
def problems() -> list[tuple[str, str, dict[str, Any], float]]:
    return answered()


def broken(document: dict[str, Any]) -> dict[str, Line]:
    """One bad line for each way of misbehaving."""
    text = json.dumps(document)
    first = document["variables"][0]["name"]
    infeasible = {**document, "constraints": [
        *document["constraints"], {"name": "never", "expr": "0 >= 1"}, {"name": "nor_this", "expr": "1 <= 0"}]}
    crash = {**document, "constraints": [*document["constraints"], {"name": "deep", "expr": "(" * 5000 + "1" + ")" * 5000}]}
    return {
        "invalid JSON": text.replace(":", " = ", 3),
        "wrong symbol": text.replace(f"{first}[", f"{first}_made_up[", 1) if f"{first}[" in text else "{}",
        "infeasible model": json.dumps(infeasible),
        "crash": json.dumps(crash),
        "empty answer": "",
        "refusal": Choice("I cannot help with this request.", "refusal"),
        "truncated answer": Choice(text[: len(text) // 2], "length"),
        "rate limit": RateLimitedError("slow down", retry_after=0.0),
        "connection lost": UnreachableError("the connection broke off"),
    }


async def _at_once(_: float) -> None:
    """No test waits."""


def ask(text: str, script: Any) -> tuple[Attempt, Scripted, Metered]:
    client = Scripted(script)
    meter = Metered(Retrying(client, Policy(tries=3, first=0.0), sleep=_at_once), Budget(tokens=MOST_TOKENS))
    formulator = Formulator(Connection(meter, meter), asking=Asking("m", max_tokens=4096))
    return formulate(text, formulator), client, meter


WAYS = ("invalid JSON", "wrong symbol", "infeasible model", "crash", "empty answer", "refusal", "truncated answer", "rate limit",
        "connection lost")


@pytest.mark.parametrize("way", WAYS)
def test_a_model_that_errs_once_comes_to_the_right_answer(
    way: str, problems: list[tuple[str, str, dict[str, Any], float]]
) -> None:
    for name, text, document, optimum in problems:
        attempt, client, meter = ask(text, [broken(document)[way], json.dumps(document), json.dumps(document)])
        assert attempt.outcome == "answered", (name, way, str(attempt))
        assert attempt.result is not None and attempt.result.objective is not None, (name, way, str(attempt))
        assert compare(attempt.result.objective, optimum, ANSWER).equal, (name, way)
        assert len(client.requests) <= MOST_REQUESTS and meter.spent.usage.total <= MOST_TOKENS


@pytest.mark.parametrize("way", WAYS)
def test_a_model_that_never_mends_it_fails_honestly(
    way: str, problems: list[tuple[str, str, dict[str, Any], float]]
) -> None:
    for name, text, document, _ in problems:
        lines = itertools.repeat(broken(document)[way])

        def say(_: Request, lines: Any = lines) -> Line:
            return next(lines)

        attempt, client, meter = ask(text, say)
        assert len(client.requests) <= MOST_REQUESTS and meter.spent.usage.total <= MOST_TOKENS
        if way == "infeasible model":
            assert attempt.result is not None and attempt.result.termination == "infeasible", (name, str(attempt))
            continue
        assert attempt.outcome == "failed" and attempt.result is None, (name, way, str(attempt))
        assert attempt.error is not None and attempt.error.message, (name, way)


def test_errors_that_change_every_time_stay_within_rounds_and_tokens(
    problems: list[tuple[str, str, dict[str, Any], float]]
) -> None:
    for k, (name, text, document, optimum) in enumerate(problems):
        bad = list(broken(document).values())
        turns = itertools.cycle([*bad[k % len(bad) :], *bad[: k % len(bad)]])

        def say(_: Request, turns: Any = turns) -> Line:
            return next(turns)

        attempt, client, meter = ask(text, say)
        assert len(client.requests) <= MOST_REQUESTS, name
        assert meter.spent.usage.total <= MOST_TOKENS, name
        if attempt.result is not None and attempt.result.has_solution:
            assert attempt.result.objective is not None and compare(attempt.result.objective, optimum, ANSWER).equal, name
        else:
            assert attempt.error is not None or attempt.result is not None, name
    assert isinstance(bad[-1], ModelError)
