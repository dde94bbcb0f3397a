"""Pyomo's solvers, as many as are installed, against HiGHS and SCIP; and what is said of those that are not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import SolveOptions, adapter
from solvers.adapters.pyomo_solvers import SOLVERS
from solvers.errors import SolverMissingError
from solvers.formulation import Constraint, Formulation, IndexSet, Objective, Term, Variable
from solvers.ground import ground
from solvers.model import Sos
from solvers.schema import from_dict
from tests.unit.hard_models import absent, arrays, market, need, planted, random_lp

OPTIONS = SolveOptions()


@pytest.fixture(autouse=True)
def pyomo() -> None:
    pytest.importorskip("pyomo", reason="pyomo is not installed: pip install 'pyomo>=6.8'")


@pytest.mark.parametrize("key", sorted(SOLVERS))
def test_linear_programs_have_the_optimum_of_highs_and_certified_prices(key: str) -> None:
    need(f"pyomo:{key}")
    priced = 0
    for seed in range(6):
        model = random_lp(seed)
        expected, found = adapter("highs").solve(model, OPTIONS), adapter(f"pyomo:{key}").solve(model, OPTIONS)
        assert found.termination == "optimal", (seed, found.message)
        assert found.objective == pytest.approx(expected.objective, abs=1e-5), seed
        if found.row_duals is None:
            assert not SOLVERS[key].duals or "do not certify" in found.message
            continue
        priced += 1
        y, reduced = found.row_duals, found.reduced_costs
        matrix = model.matrix
        paid = np.bincount(matrix.index, matrix.value * y[matrix.row_of()], model.num_columns)
        assert reduced == pytest.approx(model.objective.costs - paid, abs=1e-6)
        flip = 1 if model.sense == "min" else -1
        low, high = (model.row_lower, model.row_upper) if flip > 0 else (model.row_upper, model.row_lower)
        used = np.abs(y) > 1e-7
        ends = np.where(reduced > 0, *((model.col_lower, model.col_upper)[::flip]))
        worth = 0.5 + y[used] @ np.where(y > 0, low, high)[used] + reduced @ ends
        assert worth == pytest.approx(expected.objective, abs=1e-4), seed
    assert priced == (6 if SOLVERS[key].duals else 0)


@pytest.mark.parametrize("key", [key for key, item in SOLVERS.items() if "integer" in item.capabilities])
def test_whole_numbers_have_the_optimum_of_highs(key: str) -> None:
    need(f"pyomo:{key}")
    for seed in range(4):
        model = random_lp(seed, whole=True)
        expected, found = adapter("highs").solve(model, OPTIONS), adapter(f"pyomo:{key}").solve(model, OPTIONS)
        assert found.termination == expected.termination
        assert found.objective == pytest.approx(expected.objective)


@pytest.mark.parametrize("key", [key for key, item in SOLVERS.items() if "sos" in item.capabilities])
@pytest.mark.parametrize(("kind", "best"), [(1, 9.5), (2, 17.5)])
def test_special_ordered_sets_are_native(key: str, kind: int, best: float) -> None:
    need(f"pyomo:{key}")
    model = arrays("max", [2, 3, 1], [[1, 1, 1]], ([-math.inf], [99]), ([0] * 3, [4, 3, 7]))
    model = replace(model, sos=(Sos(kind, np.array([0, 1, 2]), np.array([1.0, 2.0, 3.0])),))
    found = adapter(f"pyomo:{key}").solve(model, OPTIONS)
    assert found.objective == pytest.approx(best)


@pytest.mark.parametrize("key", ["cbc", "glpk", "gurobi", "highs", "scip", "cplex", "xpress"])
def test_a_time_limit_is_called_one(key: str) -> None:
    need(f"pyomo:{key}")
    found = solve(from_dict(market()), solver=f"pyomo:{key}", time_limit=2.0)
    assert found.termination == "time_limit"
    assert found.has_solution
    assert found.check is not None
    assert found.check.feasible is True
    nothing = adapter(f"pyomo:{key}").solve(planted()[0], SolveOptions(time_limit=1.0))
    assert nothing.termination == "time_limit"
    assert nothing.x is None


def double_well() -> Formulation:
    return Formulation(
        "wells", Objective("min", (Term("v", "(x ** 2 - 1) ** 2 + x / 10"),)),
        variables=(Variable("x", lower="-2", upper="2"),),
    )  # fmt: skip


def test_a_local_optimum_is_called_local_and_the_start_decides_which() -> None:
    need("pyomo:ipopt")
    left, right = (solve(double_well(), solver="ipopt", start={"x": x}) for x in (-1.0, 1.0))
    assert left.termination == right.termination == "locally_optimal"
    assert not left.is_optimal
    assert left.has_solution
    assert left.bound is None
    assert left.objective == pytest.approx(solve(double_well(), solver="scip").objective, abs=1e-5)
    assert float(right.values["x"]) == pytest.approx(0.987, abs=1e-2)
    assert "a better one may exist" in right.message


def test_a_local_solver_proves_no_infeasibility_of_nonconvex_models() -> None:
    need("pyomo:ipopt")
    no = Formulation(
        "no", Objective("min", (Term("v", "x"),)), variables=(Variable("x", lower="-3", upper="3"),),
        constraints=(Constraint("c", "sin(x) >= 2"),),
    )  # fmt: skip
    result = solve(no, solver="ipopt")
    assert result.termination == "numerical"
    assert not result.has_solution
    assert "may be one elsewhere" in result.message


def test_templates_of_every_kind_reach_the_solver() -> None:
    need("pyomo:scip")
    f = Formulation(
        "all", Objective("min", (Term("v", "sum(exp(x[i]) / (1 + y) + cos(y) - sqrt(x[i] + 1) for i in I) - log(y + 1)"),)),
        (IndexSet("I", expr="range(1, 4)"),),
        variables=(Variable("x", ("i in I",), lower="0", upper="2"), Variable("y", lower="0", upper="1.5")),
        constraints=(
            Constraint("c", "x[i] ** 1.5 + 2 ** y >= 1 + i / 10", ("i in I",)),
            Constraint("d", "sum((x[i] - 0.3) ** 2 for i in I) <= 4"),
        ),
    )  # fmt: skip
    native, through = solve(f, solver="scip"), solve(f, solver="pyomo:scip")
    assert through.termination == "optimal"
    assert through.objective == pytest.approx(native.objective, abs=1e-4)
    assert through.check is not None
    assert through.check.feasible is True
    model = ground(f)
    assert model.objective.value(through.x) == pytest.approx(through.objective)


@pytest.mark.parametrize("key", ["cbc", "glpk", "ipopt"])
def test_a_missing_executable_is_named_with_the_remedy(key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from pyomo.common.fileutils import Executable

    title = SOLVERS[key].title
    monkeypatch.setenv("PATH", str(tmp_path))
    for program in ("cbc", "glpsol", "ipopt"):
        Executable(program).rehash()
    try:
        with pytest.raises(SolverMissingError, match=f"Pyomo finds no {title}") as caught:
            solve(Formulation("f", Objective("min", ()), variables=(Variable("x", lower="0"),)), solver=key)
        assert SOLVERS[key].remedy in str(caught.value)
        assert caught.value.exit_code == 5
    finally:
        monkeypatch.undo()
        for program in ("cbc", "glpsol", "ipopt"):
            Executable(program).rehash()


def test_a_model_beyond_a_restricted_licence_is_a_broken_solver_not_an_answer() -> None:
    need("pyomo:gurobi")
    n = 2300
    model = arrays("max", np.ones(n), np.ones((1, n)), ([-math.inf], [7]), (np.zeros(n), np.ones(n)))
    try:
        found = adapter("pyomo:gurobi").solve(model, OPTIONS)
    except SolverMissingError as error:
        assert "licen" in str(error)
    else:
        assert found.objective == pytest.approx(7.5), "a full licence"


def test_unused_options_are_named() -> None:
    if absent("pyomo:glpk"):
        pytest.skip(absent("pyomo:glpk"))
    model = random_lp(0)
    found = adapter("pyomo:glpk").solve(model, SolveOptions(threads=2, start=np.zeros(model.num_columns)))
    assert "GLPK has no use for threads" in found.message
    assert "GLPK takes no start values" in found.message
