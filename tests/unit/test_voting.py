"""Votes among samples: by proven equivalence of models, never by equal answers alone."""

from __future__ import annotations

import json
from typing import Any

from formulate.attempt import Attempt
from formulate.llm.protocol import Request
from formulate.llm.scripted import Line, Scripted
from formulate.pipeline import formulate as formulate_problem
from formulate.strategies import Asking
from formulate.with_model import Formulator
from tests.unit.test_dialogue import BEST, TEXT, UNBOUNDED, mill, said
from tests.unit.test_dialogue_programs import GUROBI, INFEASIBLE, PYOMO
from tests.unit.test_dialogue_programs import said as program


def renamed() -> dict[str, Any]:
    """The same model, told otherwise: other names, another order, a constraint from the other side."""
    text = json.dumps(mill(constraints=[
        {"name": "sold", "expr": "market >= x['board']"},
        {"name": "saw", "expr": "sawing - sum(hours[g] * x[g] for g in goods) >= 0"},
    ]))
    return dict(json.loads(text.replace('"x"', '"amount"').replace("x[", "amount[").replace('"saw"', '"blade"')))


def same_optimum() -> dict[str, Any]:
    """Another model with the same optimum: fractional amounts, which the data do not need."""
    return mill(variables=[{"name": "x", "over": ["g in goods"], "domain": "continuous", "lower": "0"}])


def vote(lines: list[str], strategy: str = "elements") -> Attempt:
    def by_seed(request: Request) -> Line:
        return lines[request.seed or 0]

    formulator = Formulator(Scripted(by_seed), strategy, samples=len(lines), repairs=0, asking=Asking("m", seed=0))
    return formulate_problem(TEXT, formulator)


def finding(attempt: Attempt) -> tuple[str, str]:
    (found,) = [f for f in attempt.report.findings if f.check == "vote"]
    return found.verdict, found.evidence


def test_models_told_otherwise_are_one_voice() -> None:
    attempt = vote([said(same_optimum()), said(mill()), said(renamed())])
    assert attempt.result is not None and attempt.result.objective == BEST and attempt.model_class == "MILP"
    assert finding(attempt) == ("consistent", "2 of 3 samples are the same model, proven; 1 other models were given")
    assert attempt.tokens["calls"] == 3 and len(attempt.completions) == 3 and "3 samples" in attempt.formulator


def test_equal_answers_of_different_models_are_no_majority() -> None:
    attempt = vote([said(same_optimum()), said(mill())])
    assert finding(attempt)[0] == "suspect"


def test_the_majority_wins_over_the_better_looking() -> None:
    attempt = vote([said(mill()), said(UNBOUNDED), said(UNBOUNDED)])
    assert attempt.result is not None and attempt.result.termination == "unbounded"
    assert finding(attempt)[0] == "consistent"


def test_samples_that_came_to_nothing_do_not_vote() -> None:
    attempt = vote(["no idea", said(mill()), "none", said(renamed())])
    assert attempt.result is not None and attempt.result.objective == BEST
    verdict, evidence = finding(attempt)
    assert verdict == "suspect" and "2 came to nothing" in evidence  # two of four are no majority
    nothing = vote(["no", "nay"])
    assert nothing.outcome == "failed" and finding(nothing)[0] == "could_not_run"


def test_programs_vote_by_the_models_they_built() -> None:
    def libraries(request: Request) -> Line:
        return [program(GUROBI), program(PYOMO), program(INFEASIBLE)][request.seed or 0]

    formulator = Formulator(Scripted(libraries), "direct", samples=3, repairs=0, asking=Asking("m", seed=0))
    attempt = formulate_problem(TEXT, formulator)
    assert attempt.result is not None and attempt.result.objective == BEST
    assert finding(attempt)[0] == "consistent"


def test_vote_is_a_strategy_too() -> None:
    assert (Formulator("openai:m", "vote").strategy, Formulator("openai:m", "vote").samples) == ("elements", 5)
    chosen = Formulator("openai:m", "vote:direct:pyomo", samples=3)
    assert (chosen.strategy, chosen.samples) == ("direct:pyomo", 3)
