"""One suite for all adapters: statuses, optima, feasibility by the independent evaluator, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import ADAPTERS, adapter
from solvers.compare import Tolerance, compare
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.ground import ground
from tests.conformance.cases import CASES, Case

# Nonlinear optima are reached to the solver's feasibility tolerance, which the objective feels at first order.
OPTIMUM = Tolerance("optimum (1e-5 relative, 1e-6 absolute)", 1e-5, 1e-6)


@pytest.mark.parametrize("solver", sorted(ADAPTERS))
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_case_on_every_adapter(case: Case, solver: str):
    if solver in case.refused_by:
        with pytest.raises(UnsupportedError) as caught:
            solve(case.formulation, solver=solver)
        assert "scip" in str(caught.value), "the refusal names a solver that would work"
        return
    result = solve(case.formulation, solver=solver)
    assert result.termination == case.termination
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


@pytest.mark.parametrize("case", [c for c in CASES if c.name.startswith("lp")], ids=lambda c: c.name)
def test_lp_duals_are_complementary_and_price_the_optimum(case: Case):
    model = ground(case.formulation)
    result = solve(model, solver="highs")
    assert result.dual_status == "feasible"
    reduced = np.concatenate([v.array for v in result.reduced_costs.values()])
    y = result.row_duals
    priced = model.objective.costs - np.bincount(
        model.matrix.index, weights=model.matrix.value * y[model.matrix.row_of()], minlength=model.num_columns
    )
    assert reduced == pytest.approx(priced, abs=1e-9)
    activity = model.activity(result.x)
    slack = np.minimum(activity - model.row_lower, model.row_upper - activity)
    assert np.abs(y[slack > 1e-6]) == pytest.approx(0, abs=1e-9)
    inside = (result.x > model.col_lower + 1e-6) & (result.x < model.col_upper - 1e-6)
    assert np.abs(reduced[inside]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("solver", sorted(ADAPTERS))
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
    with pytest.raises(SolverMissingError, match="highs, scip"):
        adapter("gurobi")
