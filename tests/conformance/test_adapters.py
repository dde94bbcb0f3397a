"""One suite for all adapters: statuses, optima, feasibility by the independent evaluator, refusals."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import ADAPTERS, ALIASES, adapter
from solvers.compare import Tolerance, compare
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.ground import ground
from solvers.model import Model
from tests.conformance.cases import CASES, REFUSES, Case

# Nonlinear optima are reached to the solver's feasibility tolerance, which the objective feels at first order.
OPTIMUM = Tolerance("optimum (1e-5 relative, 1e-6 absolute)", 1e-5, 1e-6)
PRICED = ("glop", "highs", "pdlp", "pyomo:cbc", "pyomo:cplex", "pyomo:glpk", "pyomo:gurobi", "pyomo:highs", "pyomo:ipopt",
          "pyomo:xpress")
"""Adapters that give the duals of linear programs."""


@cache
def absent(solver: str) -> str:
    """Why this optional solver cannot be run here, or nothing."""
    try:
        adapter(solver).version()
    except SolverMissingError as error:
        return f"{solver} is not installed: {error.remedy}"
    return ""


@pytest.fixture
def solver(request: pytest.FixtureRequest) -> str:
    """The name of an adapter whose solver is here; the others are skipped by name."""
    name = str(request.param)
    if absent(name):
        assert name not in ("highs", "scip"), "these two are dependencies"
        pytest.skip(absent(name))
    return name


def test_each_adapter_says_what_it_refuses():
    assert {*REFUSES, "highs", "scip"} == set(ADAPTERS)


@pytest.mark.parametrize("solver", sorted(ADAPTERS), indirect=True)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_case_on_every_adapter(case: Case, solver: str):
    if solver in case.refused_by:
        with pytest.raises(UnsupportedError) as caught:
            solve(case.formulation, solver=solver)
        named = re.search(r"use --solver (\w+)", caught.value.remedy)
        assert named is not None
        assert named[1] in set(ADAPTERS) - case.refused_by, "the refusal names a solver that would work"
        return
    result = solve(case.formulation, solver=solver)
    assert result.termination == ("locally_optimal" if solver in case.local_for else case.termination)
    assert result.solver == solver
    assert result.version
    if case.termination != "optimal":
        assert not result.has_solution
        assert result.objective is None
        return
    assert result.has_solution
    assert compare(result.objective, case.objective, OPTIMUM), (result.objective, case.objective)
    assert result.check is not None
    assert result.check.feasible is True, result.check
    assert result.check.method == "interpreter"


@pytest.mark.parametrize("case", [c for c in CASES if c.termination == "optimal"], ids=lambda c: c.name)
def test_the_default_choice_solves_every_case(case: Case):
    result = solve(case.formulation)
    assert compare(result.objective, case.objective, OPTIMUM), (result.objective, case.objective)


@pytest.mark.parametrize("solver", PRICED, indirect=True)
@pytest.mark.parametrize("case", [c for c in CASES if c.name.startswith("lp")], ids=lambda c: c.name)
def test_lp_duals_are_complementary_and_price_the_optimum(case: Case, solver: str):
    model = ground(case.formulation)
    result = solve(model, solver=solver)
    assert result.dual_status == "feasible"
    reduced = np.concatenate([v.array for v in result.reduced_costs.values()])
    y = result.row_duals
    priced = model.objective.costs - np.bincount(
        model.matrix.index, weights=model.matrix.value * y[model.matrix.row_of()], minlength=model.num_columns
    )
    assert reduced == pytest.approx(priced, abs=1e-8)
    activity = model.activity(result.x)
    slack = np.minimum(activity - model.row_lower, model.row_upper - activity)
    # Ipopt's points lie inside by its tolerance of 1e-9: so do its prices.
    assert np.abs(y[slack > 1e-6]) == pytest.approx(0, abs=1e-8)
    inside = (result.x > model.col_lower + 1e-6) & (result.x < model.col_upper - 1e-6)
    assert np.abs(reduced[inside]) == pytest.approx(0, abs=1e-8)
    worth = model.objective.offset + y @ np.where(y > 0, *sides(model, model.row_lower, model.row_upper))
    worth += reduced @ np.where(reduced > 0, *sides(model, model.col_lower, model.col_upper))
    assert worth == pytest.approx(result.objective, abs=1e-6), "strong duality"


def sides(model: Model, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bounds that positive and negative prices lean on, infinite ones (whose price is 0) left out."""
    low, high = (np.where(np.isfinite(bound), bound, 0.0) for bound in (low, high))
    return (low, high) if model.sense == "min" else (high, low)


@pytest.mark.parametrize("solver", sorted(set(ADAPTERS) - {"cpsat"}), indirect=True)
def test_lower_priorities_are_optimised_among_the_optima_of_higher_ones(solver: str):
    case = next(c for c in CASES if c.name == "lexicographic")
    result = solve(case.formulation, solver=solver)
    assert result.levels == pytest.approx((4, 2), abs=1e-4)
    assert result.values["x"]["b"] == pytest.approx(3, abs=1e-4)


def test_a_unique_optimum_is_known_and_a_tied_one_is_not_claimed():
    by_name = {c.name: c.formulation for c in CASES}
    assert solve(by_name["lp"], solver="highs").unique is True
    assert solve(by_name["lp_degenerate"], solver="highs").unique is None


def test_a_time_limit_with_a_solution_is_not_called_optimal():
    rng = np.random.default_rng(3)
    from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable

    n, rows = 60, 5
    f = Formulation(
        "market", Objective("min", (Term("s", "sum(s[r] + t[r] for r in R)"),)),
        (IndexSet("J", expr=f"range({n})"), IndexSet("R", expr=f"range({rows})")),
        (Parameter("a", axes=("R", "J"),
                   cells=tuple(Cell((r, j), int(rng.integers(0, 100))) for r in range(rows) for j in range(n))),
         Parameter("half", over=("r in R",), expr="floor(sum(a[r, j] for j in J) / 2)")),
        (Variable("x", ("j in J",), "binary"), Variable("s", ("r in R",), lower="0"), Variable("t", ("r in R",), lower="0")),
        constraints=(Constraint("share", "sum(a[r, j] * x[j] for j in J) + s[r] - t[r] == half[r]", ("r in R",)),),
    )  # fmt: skip
    result = solve(f, solver="highs", time_limit=1.0)
    assert result.termination == "time_limit"
    assert result.has_solution
    assert not result.is_optimal
    assert result.bound is not None
    assert result.bound <= result.objective


def test_an_unknown_solver_is_named_with_those_that_exist():
    with pytest.raises(SolverMissingError, match="highs, pdlp"):
        adapter("clever")


@pytest.mark.parametrize("name", sorted(ALIASES))
def test_a_plain_name_reaches_the_solver_behind_pyomo(name: str):
    assert adapter(name.upper()).name == ALIASES[name]
