"""The first findings: an unchecked solution is never consistent, a failed one convicts, exit codes follow."""

from __future__ import annotations

import pytest

from formulate.attempt import Attempt
from formulate.cli.solve import exit_code
from formulate.cli.solve_problem import attempt_exit_code
from formulate.cli.views import attempt_view
from formulate.markdown import attempt_markdown
from formulate.questions import questions
from solvers import Formulation
from solvers.check import check
from solvers.formulation import Assumption, Constraint, IndexSet, Objective, Term, Unused, Variable
from solvers.model import Block
from solvers.result import BlockValues, SolutionCheck, SolveResult, Termination
from tests.unit.test_render_text import shown
from verify.basics import doing_nothing, number_findings, optimality_finding, solution_finding, typing_findings
from verify.problem import Problem
from verify.reading.ledger import Claim, Leftover
from verify.reading.reader import read
from verify.report import Finding, Report

MODEL = Formulation("n", Objective("min", (Term("t", "x"),)), variables=(Variable("x", lower="0"),))


def solved(check: SolutionCheck | None) -> SolveResult:
    return SolveResult("optimal", "feasible", objective=1.0, solver="highs", version="1", check=check)


@pytest.mark.parametrize(
    ("checked", "verdict"),
    [
        (None, "could_not_run"),
        (SolutionCheck(None, reason="too large"), "could_not_run"),
        (SolutionCheck(True, reason="only the arrays: too large", method="arrays"), "could_not_run"),
        (SolutionCheck(True, method="interpreter"), "consistent"),
        (SolutionCheck(False, violation=2.0, where="limit[3]"), "refuted"),
    ],
)
def test_solution_finding(checked: SolutionCheck | None, verdict: str) -> None:
    finding = solution_finding(solved(checked))
    assert finding.verdict == verdict
    assert verdict != "refuted" or finding.element == "limit[3]"


def test_no_solution_is_no_finding_on_it() -> None:
    assert solution_finding(SolveResult("infeasible", "none")).verdict == "not_applicable"


def test_optimality_at_a_limit_is_not_known() -> None:
    assert optimality_finding(SolveResult("optimal", "feasible")).verdict == "consistent"
    stopped = optimality_finding(SolveResult("time_limit", "feasible", objective=10.0, bound=8.0))
    assert stopped.verdict == "could_not_run"
    assert "20.00%" in stopped.evidence
    assert optimality_finding(SolveResult("time_limit", "none")).verdict == "not_applicable"
    for termination, said in (("numerical", "numerical trouble"), ("interrupted", "was interrupted")):
        stuck = optimality_finding(SolveResult(termination, "feasible", objective=10.0))  # type: ignore[arg-type]
        assert stuck.verdict == "could_not_run" and said in stuck.evidence and "--time-limit" not in stuck.hint


def test_a_plan_of_doing_nothing_is_suspect() -> None:
    import numpy as np

    def plan(*values: float, termination: Termination = "optimal") -> SolveResult:
        decisions = BlockValues(Block("x", 0, len(values)), np.array(values))
        # Beside them a column that a bridge added: it is no decision.
        return SolveResult(termination, "feasible", values={"x": decisions}, x=np.array([*values, 1.0]))

    assert [f.verdict for f in doing_nothing(plan(0.0, 0.0))] == ["suspect"]
    assert doing_nothing(plan(0.0, 1.0)) == []
    assert doing_nothing(plan()) == []
    assert doing_nothing(plan(0.0, 0.0, termination="time_limit")) == []


def test_typing_findings() -> None:
    wrong = Formulation("n", Objective("min", (Term("t", "x + y"),)), variables=(Variable("x"),))
    verdicts = {finding.verdict for finding in typing_findings(check(wrong))}
    assert "refuted" in verdicts
    assert [f.verdict for f in typing_findings(check(MODEL))] == ["consistent"]


def test_every_number_is_claimed_or_suspect() -> None:
    text = "A farm has 12 cows and 30 sheep. Each cow gives 9 litres."
    quantities = read(text).ledger().quantities
    start = text.index("12")
    loose = number_findings(quantities, [Claim(start, start + 2, "cows")], MODEL)
    assert {f.element for f in loose} >= {"30"}
    assert {f.verdict for f in loose} == {"suspect"}
    whole = number_findings(quantities, [Claim(0, len(text), "all")], MODEL)
    assert [f.verdict for f in whole] == ["consistent"]
    assert [f.verdict for f in number_findings((), [], MODEL)] == ["not_applicable"]


def test_the_summary_never_claims_more_than_was_found() -> None:
    assert Report().summary == "nothing was checked"
    report = Report((Finding("a", "could_not_run"), Finding("b", "refuted"), Finding("c", "consistent")), ("the meaning",))
    assert report.summary == "1 refuted, 1 consistent, 1 could not run"
    assert [f.verdict for f in report.sorted()] == ["refuted", "consistent", "could_not_run"]
    assert Report.from_dict(report.to_dict()) == report
    assert "not verified: the meaning" in str(report)


@pytest.mark.parametrize(
    ("termination", "feasible", "code"),
    [
        ("optimal", True, 0), ("time_limit", True, 0), ("time_limit", False, 3), ("memory_limit", False, 3),
        ("numerical", False, 3), ("infeasible", False, 4), ("unbounded", False, 4), ("infeasible_or_unbounded", False, 4),
        ("error", False, 5), ("interrupted", True, 130),
    ],
)  # fmt: skip
def test_exit_codes(termination: Termination, feasible: bool, code: int) -> None:
    result = SolveResult(termination, "feasible" if feasible else "none")
    assert exit_code(result) == code
    assert attempt_exit_code(Attempt(Problem("t"), MODEL, result=result)) == code


def test_a_solution_that_fails_its_check_is_no_success() -> None:
    failed = solved(SolutionCheck(False, violation=1.0, where="c"))
    assert exit_code(failed) == 1
    attempt = Attempt(Problem("t"), MODEL, result=failed, report=Report((solution_finding(failed),)))
    assert attempt_exit_code(attempt) == 1
    assert attempt_exit_code(Attempt(Problem("t"), abstained=(Leftover("s", 0, 1, "w"),))) == 3


def test_unchecked_is_said_to_the_reader() -> None:
    attempt = Attempt(Problem("t"), MODEL, result=solved(None), report=Report((solution_finding(solved(None)),)))
    assert "could not run" in shown(attempt_view(attempt))
    assert "could not run" in attempt_markdown(attempt)


def test_hostile_text_in_markdown_is_text() -> None:
    evil = "<script>|`x`| [a](http://b) *c* \x1b[2J\n# head"
    model = Formulation(
        evil, Objective("min", (Term(evil, "x"),), evil), sets=(IndexSet("S", elements=(evil,)),),
        variables=(Variable("x", description=evil),), constraints=(Constraint(evil, "x >= 1", description=evil),),
        assumptions=(Assumption(evil, evil),), unused=(Unused(evil),),
    )  # fmt: skip
    report = Report((Finding(evil, "suspect", evil, evil, evil),), (evil,))
    for attempt in (
        Attempt(Problem(evil), model, result=solved(None), report=report, claims=(Claim(0, 1, "x"),)),
        Attempt(Problem(evil), abstained=(Leftover(evil, 0, 1, evil),)),
    ):
        text = attempt_markdown(attempt)
        fenced = text.split("```")
        prose = "".join(fenced[::2])
        assert "<script>" not in prose
        assert "\x1b" not in text
        assert "](" not in prose.replace("\\]\\(", "")
        assert [line for line in text.splitlines() if line.startswith("# head")] == []
        shown(attempt_view(attempt))
        assert all("\x1b" not in question for question in questions(attempt))
