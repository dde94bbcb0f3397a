"""Attempts: outcomes, records that lose nothing, and what the pipeline raises or records."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import formulate.cli
from formulate import Problem
from formulate import formulate as formulate_problem
from formulate.attempt import Attempt, Failure, read_jsonl, write_jsonl
from formulate.errors import ComponentError, RecordError
from formulate.questions import questions
from solvers import Formulation, solve
from solvers.errors import FormulateError, SolverMissingError
from solvers.formulation import Assumption, Constraint, IndexSet, Objective, Term, Unused, Variable
from solvers.result import SolveResult
from tests.unit.test_cli_solve import BAKERY
from verify.reading.ledger import Claim, Leftover
from verify.report import Finding, Report

MODEL = Formulation(
    "ports", Objective("max", (Term("goal", "sum(x[a, k] for a in A for k in K) + y"),)),
    sets=(IndexSet("A", elements=("north", "süd\n%")), IndexSet("K", expr="range(2)")),
    variables=(Variable("x", ("a in A", "k in K"), upper="k + 1"), Variable("y", upper="0.5")),
    constraints=(Constraint("limit", "y <= x['north', 0]"),),
    assumptions=(Assumption("x", "ports open on Sundays"),), unused=(Unused("since 1954", 1954, "history"),),
)  # fmt: skip


def full(result: SolveResult) -> Attempt:
    return Attempt(
        Problem("text \u2028 with 3 ships", id="a/1", data=Path("x.csv"), reference={"objective": 1.5}), MODEL,
        "print(1)", result, Report((Finding("types", "suspect", "x", "e", "h"),), ("meaning",)), (),
        Failure("solve", "DataError", "m", "p", "r", 2), "LP", "offline: x", (Claim(3, 4, "x"),), ("ab12",), ("said",),
        {"prompt": 3}, 0.25,
    )  # fmt: skip


def test_records_lose_nothing(tmp_path: Path) -> None:
    result = solve(MODEL)
    attempt = full(result)
    path = tmp_path / "a.jsonl"
    write_jsonl([attempt], path)
    write_jsonl([Attempt(Problem("t"), abstained=(Leftover("s", 1, 2, "w"),))], path)
    again, abstained = read_jsonl(path)
    for name in ("problem", "formulation", "code", "report", "error", "claims", "prompts", "completions", "seconds"):
        assert getattr(again, name) == getattr(attempt, name)
    assert again.to_json() == attempt.to_json()
    assert again.result is not None
    assert dict(again.result.values["x"]) == dict(result.values["x"])
    assert again.result.values["x"]["süd\n%", 1] == result.values["x"]["süd\n%", 1]
    assert float(again.result.values["y"]) == float(result.values["y"])
    assert again.result.check == result.check
    assert np.array_equal(again.result.x, result.x)
    assert abstained.abstained == (Leftover("s", 1, 2, "w"),)
    assert abstained.outcome == "abstained"


def test_numbers_that_json_lacks() -> None:
    result = SolveResult("time_limit", "none", bound=-math.inf, seconds=1.0)
    again = Attempt.from_json(Attempt(Problem("t"), result=result).to_json()).result
    assert again is not None
    assert again.bound == -math.inf
    assert again.objective is None


def test_outcomes() -> None:
    problem = Problem("t")
    solved = SolveResult("time_limit", "feasible", objective=1.0)
    assert Attempt(problem, MODEL, result=solved).outcome == "answered"
    assert Attempt(problem, MODEL, result=SolveResult("infeasible", "none")).outcome == "answered"
    assert Attempt(problem, MODEL, result=SolveResult("time_limit", "none")).outcome == "failed"
    assert Attempt(problem, MODEL).outcome == "failed"
    assert Attempt(problem, MODEL, result=solved, error=Failure("solve", "E", "m")).outcome == "failed"


@pytest.mark.parametrize(
    "line", ["", "[]", "{", '{"schema": "formulate-attempt/2"}', '{"schema": "formulate-attempt/1"}']
)
def test_damaged_records_are_refused(line: str) -> None:
    with pytest.raises(RecordError):
        Attempt.from_json(line)


def test_a_verdict_that_does_not_exist_is_refused() -> None:
    record = full(solve(MODEL)).to_dict()
    record["report"]["findings"][0]["verdict"] = "fine"
    with pytest.raises(RecordError, match="fine"):
        Attempt.from_dict(record)


def test_live_objects_are_refused_rather_than_changed() -> None:
    with pytest.raises(RecordError, match="as it is"):
        Attempt(Problem("t", data={"demand": np.arange(3)})).to_dict()
    with pytest.raises(RecordError, match="as it is"):
        Attempt(Problem("t", reference=math.nan)).to_dict()


def test_the_function_has_the_package_s_name() -> None:
    attempt = formulate_problem(BAKERY)
    assert attempt.outcome == "answered"
    assert attempt.result is not None
    assert attempt.result.is_optimal
    assert formulate.formulate is formulate_problem
    assert formulate.cli.__name__ == "formulate.cli"
    assert [f.check for f in attempt.report.findings] == ["numbers", "types", "solution", "optimality"]
    assert formulate_problem(Problem(BAKERY, id="7")).problem.id == "7"


def test_what_is_raised() -> None:
    with pytest.raises(ComponentError, match="names no model") as caught:
        formulate_problem(BAKERY, llm="some-model")
    assert caught.value.exit_code == 2
    with pytest.raises(SolverMissingError):
        formulate_problem(BAKERY, solver="clever")
    with pytest.raises(FormulateError, match="empty"):
        formulate_problem("  ")


def test_what_is_recorded(tmp_path: Path) -> None:
    attempt = formulate_problem(BAKERY, data=tmp_path / "none.csv")
    assert attempt.outcome == "failed"
    assert attempt.error is not None
    assert (attempt.error.stage, attempt.error.exit_code) == ("data", 2)
    assert "none.csv" in str(attempt.error)


def test_questions_name_assumptions_and_unused_numbers() -> None:
    asked = "\n".join(questions(Attempt(Problem("t"), MODEL, result=SolveResult("unbounded", "none"))))
    assert "Sundays" in asked
    assert "since 1954" in asked
    assert "no limit" in asked


def test_a_text_whose_best_plan_is_to_do_nothing_is_not_answered() -> None:
    text = (
        "A shop makes chairs and tables. Each chair costs 5 dollars and each table costs 8 dollars. Each chair needs 2 "
        "hours and each table needs 3 hours of work. There are 60 hours of work available. Minimize the cost."
    )
    attempt = formulate_problem(text)
    assert attempt.outcome == "abstained"
    assert "to do nothing" in str(attempt)
    assert attempt.formulation is not None
