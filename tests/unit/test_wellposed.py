"""A min or max over nothing and points out of order are refused where they stand, also where a bridge takes them."""

from __future__ import annotations

import pytest

from solvers import solve
from solvers.check import check
from solvers.check.grounding import check_grounding
from solvers.emit import emit
from solvers.errors import GroundingError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable


def points(*values: float) -> tuple[Parameter, ...]:
    cells = tuple(Cell((t,), v) for t, v in enumerate(values))
    return Parameter("at", axes=("T",), cells=cells), Parameter("cost", axes=("T",), cells=tuple(Cell((t,), t) for t in range(3)))


def problem(goal: str, rule: str, *over: str, parameters: tuple[Parameter, ...] = ()) -> Formulation:
    return Formulation(
        "t", Objective("min", (Term("goal", goal),)),
        (IndexSet("S", elements=("a", "b")), IndexSet("T", expr="range(3)"), IndexSet("none", elements=())), parameters,
        (Variable("x", ("s in S",), lower="0", upper="9"), Variable("y", ("t in T",), lower="0", upper="9"), Variable("v", lower="0", upper="9")),
        constraints=(Constraint("rule", rule, over),),
    )  # fmt: skip


WRONG = [
    (problem("max(x[s] for s in none)", "v >= 1"), "objective term goal", "max over an empty set"),
    (problem("v", "max(y[t] for t in T if t > k) <= v", "k in T"), "rule", "max over an empty set has no value at k = 2"),
    (problem("v", "v >= 3 or min(y[t] for t in T if t > 2) >= 1"), "rule", "min over an empty set"),
    (problem("v", "all(v >= max(x[s] for s in S if ord(s, S) > k) for k in T if k > 1)"), "rule", "at k = 2"),
    (problem("piecewise(v, at, cost)", "v >= 1", parameters=points(0, 5, 3)), "objective term goal", "do not ascend.*k = 1"),
    (problem("v", "piecewise(v, at, cost) >= 1", parameters=points(0, 4, 4)), "rule", "do not ascend.*k = 1"),
]


@pytest.mark.parametrize(("formulation", "place", "message"), WRONG)
def test_it_is_refused_by_check_solve_and_emit(formulation: Formulation, place: str, message: str) -> None:
    for solver in (None, "highs", "scip"):
        with pytest.raises(GroundingError, match=message) as refused:
            solve(formulation, solver=solver)
        assert refused.value.place.element == place
        assert refused.value.remedy
    for target in ("gurobipy", "highspy", "mps"):
        with pytest.raises(GroundingError, match=message):
            emit(formulation, target)
    report = check_grounding(formulation, None, check(formulation))
    assert [issue.place.element for issue in report.errors] == [place]


@pytest.mark.parametrize("formulation", [
    problem("v", "implies(k < 2, max(y[t] for t in T if t > k) <= v)", "k in T"),
    problem("v", "k == 2 or max(y[t] for t in T if t > k) <= v", "k in T"),
    problem("v", "v >= (max(y[t] for t in T if t > k) if k < 2 else 0)", "k in T"),
    problem("piecewise(v, at, cost)", "v >= 1", parameters=points(0, 3, 5)),
])
def test_what_a_condition_on_data_guards_is_taken(formulation: Formulation) -> None:
    assert solve(formulation).is_optimal
