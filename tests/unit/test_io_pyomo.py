"""NL, LP and MPS files that Pyomo's writers make: the values of its expressions are the oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solvers import Model, solve

pyo = pytest.importorskip("pyomo.environ", reason="pyomo (extra `test`) writes the files that are read here")


def curved() -> Any:
    m = pyo.ConcreteModel()
    m.I = pyo.RangeSet(3)
    m.x = pyo.Var(m.I, bounds=(0.5, 3))
    m.y = pyo.Var(within=pyo.Integers, bounds=(1, 4))
    m.b = pyo.Var(within=pyo.Binary)
    m.z = pyo.Var()
    m.w = pyo.Var(within=pyo.Integers, bounds=(-3, 8))
    m.half = pyo.Expression(expr=m.x[1] ** 2 + pyo.exp(m.z / 4) / 2)
    m.o = pyo.Objective(expr=sum(m.x[i] * (i + pyo.log(m.x[i])) for i in m.I) + m.half * m.y + 3 * m.w - 1.5, sense=pyo.maximize)
    m.a = pyo.Constraint(m.I, rule=lambda m, i: pyo.sqrt(m.x[i]) + pyo.tanh(m.z) * m.half <= 7 + i)
    m.c = pyo.Constraint(expr=(-4, m.x[1] * m.x[2] - 2 * m.z**2 + m.w, 25))
    m.d = pyo.Constraint(expr=m.x[1] + 2 * m.x[2] - m.b + m.w == 3.25)
    m.e = pyo.Constraint(expr=abs(m.z - 1) + pyo.sinh(m.x[3] / 3) * pyo.cos(m.z) - pyo.atanh(m.x[2] / 9) + m.half**2 <= 50)
    m.f = pyo.Constraint(expr=m.y / (1 + m.x[1]) + m.x[3] ** m.x[2] >= -1)
    m.g = pyo.Constraint(expr=m.z**3 >= -8)
    return m


def linear() -> Any:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(["a b", "c"], [1, 2], bounds=(0, 9))
    m.n = pyo.Var([1, 2], within=pyo.NonNegativeIntegers, bounds=(0, 5))
    m.s = pyo.Var(bounds=(None, 4))
    m.o = pyo.Objective(expr=sum((k + 1) * v for k, v in enumerate(m.x.values())) - 2 * m.s - m.n[1] + 10)
    m.c1 = pyo.Constraint(expr=(1, m.x["a b", 1] + m.x["c", 2] + m.n[2], 6))
    m.c2 = pyo.Constraint([1, 2], rule=lambda m, k: m.x["a b", k] - 0.5 * m.n[k] + m.s >= k)
    m.c3 = pyo.Constraint(expr=m.n[1] + m.n[2] == 4)
    return m


@pytest.mark.parametrize("symbolic", [True, False])
def test_values_of_expressions(tmp_path: Path, symbolic: bool) -> None:
    m = curved()
    _, key = m.write(str(tmp_path / "m.nl"), format="nl", io_options={"symbolic_solver_labels": symbolic})
    info = m.solutions.symbol_map[key]
    model = Model.read(tmp_path / "m.nl")
    by_name = {}
    if symbolic:
        by_name = {v.name: v for v in m.component_data_objects(pyo.Var)}
        rows = {c.name: c for c in m.component_data_objects(pyo.Constraint)}
    else:
        # Without names the order of Pyomo's symbol map is that of the file.
        by_name = {f"x{k[1:]}": info.getObject(k) for k in info.bySymbol if k.startswith("v")}
        rows = {f"c{k[1:]}": info.getObject(k) for k in info.bySymbol if k.startswith("c")}
    columns = [by_name[model.column_label(j)] for j in range(model.num_columns)]
    for variable, low, high, kind in zip(columns, model.col_lower, model.col_upper, model.kinds):
        assert (variable.lb if variable.lb is not None else -np.inf, variable.ub if variable.ub is not None else np.inf) == (low, high)
        assert bool(kind) == (not variable.is_continuous())
    rng = np.random.default_rng(1)
    for _ in range(5):
        x = rng.uniform(0.6, 2.9, model.num_columns)
        for variable, value in zip(columns, x):
            variable.set_value(value, skip_validation=True)
        assert model.sense == "max"
        assert model.objective.value(x) == pytest.approx(pyo.value(m.o), rel=1e-12)
        activity = model.activity(x)
        for r in range(model.num_rows):
            found = rows[model.row_label(r)]
            body = pyo.value(found.body)
            if found.has_ub():
                assert activity[r] - model.row_upper[r] == pytest.approx(body - pyo.value(found.upper), rel=1e-12, abs=1e-12)
            if found.has_lb():
                assert activity[r] - model.row_lower[r] == pytest.approx(body - pyo.value(found.lower), rel=1e-12, abs=1e-12)


def test_quadratic_rows_stay_quadratic(tmp_path: Path) -> None:
    m = curved()
    m.write(str(tmp_path / "m.nl"), format="nl", io_options={"symbolic_solver_labels": True})
    model = Model.read(tmp_path / "m.nl")
    assert model.quadratic_rows is not None
    quadratic = {model.row_label(int(r)) for r in model.quadratic_rows.row}
    curved_rows = {model.row_label(int(r)) for held in model.nonlinear_rows for r in held.rows}
    assert "c" in quadratic - curved_rows
    assert {"a[1]", "e", "f", "g"} <= curved_rows


@pytest.mark.parametrize("form", ["nl", "lp", "mps"])
def test_a_mixed_integer_model_in_every_format(tmp_path: Path, form: str) -> None:
    m = linear()
    m.write(str(tmp_path / f"m.{form}"), io_options={"symbolic_solver_labels": True})
    model = Model.read(tmp_path / f"m.{form}")
    result = solve(model)
    best = solve(Model.read(_written(m, tmp_path / "other.nl")))
    assert result.is_optimal and result.check.feasible
    assert result.objective == pytest.approx(best.objective)
    assert result.objective == pytest.approx(_through_pyomo(m))


def _written(m: Any, path: Path) -> Path:
    m.write(str(path))
    return path


def _through_pyomo(m: Any) -> float:
    """The optimum by another way: HiGHS through an interface of Pyomo's own."""
    solver = pyo.SolverFactory("appsi_highs")
    if not solver.available(exception_flag=False):
        pytest.skip("appsi_highs is not available to Pyomo")
    solver.solve(m)
    return float(pyo.value(m.o))


def test_pyomo_takes_what_scip_finds_in_our_file(tmp_path: Path) -> None:
    """From Pyomo to us and back to a solver: the optimum stays."""
    import pyscipopt

    m = curved()
    m.write(str(tmp_path / "m.nl"), format="nl")
    ours = Model.read(tmp_path / "m.nl")
    ours.col_lower[:] = np.maximum(ours.col_lower, -3)
    ours.col_upper[:] = np.minimum(ours.col_upper, 3)
    ours.write(tmp_path / "ours.nl")
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(tmp_path / "ours.nl"))
    scip.setParam("limits/gap", 1e-4)
    scip.setParam("limits/time", 60)
    scip.optimize()
    assert scip.getNSols() > 0
    result = solve(ours, gap=1e-4, time_limit=60)
    assert result.objective == pytest.approx(scip.getObjVal(), rel=1e-3)
