"""The genuine gurobipy and coptpy on request: what they solve is recorded, as with the look-alikes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from solvers import solve
from solvers.sandbox import run
from solvers.sandbox.pool import Pool

GUROBI = '''
import gurobipy as gp
from gurobipy import GRB
m = gp.Model("shop")
m.Params.OutputFlag = 0
x = m.addVars(2, ub=3.5, vtype=GRB.INTEGER, name="x y")
z = m.addVar(lb=-5, name="z")
m.setObjective(5 * x[0] + 4.5 * x[1] - z + 7, GRB.MAXIMIZE)
m.addConstr(2 * x[0] + x[1] <= 6.5, name="c d")
m.addConstr(z >= -2 + x[0])
{extra}
m.optimize()
'''
COPT = '''
import coptpy as cp
from coptpy import COPT
m = cp.Envr().createModel("shop")
m.setParam("Logging", 0)
x = m.addVars(2, ub=3.5, vtype=COPT.INTEGER, nameprefix="x")
z = m.addVar(lb=-5, name="z")
m.setObjective(5 * x[0] + 4.5 * x[1] - z + 7, sense=COPT.MAXIMIZE)
m.addConstr(2 * x[0] + x[1] <= 6.5)
m.addConstr(z >= -2 + x[0])
{extra}
m.solve()
'''
OPTIMUM = 26.5
"""x = (1, 3), z = -1: of the whole points of 2 x0 + x1 <= 6.5, the best for 4 x0 + 4.5 x1 + 9."""
PROGRAMS = {"gurobipy": GUROBI, "coptpy": COPT}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as made:
        yield made


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("genuine", [True, False])
def test_the_model_and_the_answer_are_recorded(name: str, genuine: bool, pool: Pool) -> None:
    if genuine and find_spec(name) is None:
        pytest.skip(f"{name} is not installed: pip install {name}")
    outcome = run(PROGRAMS[name].format(extra=""), genuine=genuine, confirm=True, pool=pool)
    assert outcome.error is None
    (found,) = outcome.solves
    assert (found.library, found.substituted, found.believed, found.confirmed) == (name, not genuine, True, True)
    assert found.result.objective == pytest.approx(OPTIMUM)
    assert found.model is not None
    assert solve(found.model).objective == pytest.approx(OPTIMUM)
    x = dict(zip([found.model.column_label(j) for j in range(3)], found.result.x if found.result.x is not None else []))
    assert (x.pop("z"), sorted(x.values())) == (pytest.approx(-1), pytest.approx([1, 3]))


@pytest.mark.parametrize("name", PROGRAMS)
def test_infeasible_and_uncaptured_are_said(name: str, pool: Pool) -> None:
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed: pip install {name}")
    outcome = run(PROGRAMS[name].format(extra="m.addConstr(z >= 90 + x[0])\nm.addConstr(z <= 80)"), genuine=True, pool=pool)
    (found,) = outcome.solves
    assert (found.result.termination, found.result.objective) == ("infeasible", None)
    if name == "gurobipy":
        outcome = run(GUROBI.format(extra="m.addGenConstrMax(z, [x[0], x[1]])"), genuine=True, pool=pool)
        (found,) = outcome.solves
        assert found.model is None
        assert found.uncaptured
        assert found.result.has_solution
