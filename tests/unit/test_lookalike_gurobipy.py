"""The look-alike of gurobipy without the genuine one: answers by enumeration, records, refusals, installation."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from solvers.compare import SOLVER, compare
from solvers.sandbox.lookalike import gurobipy as gp
from solvers.sandbox.lookalike.gurobipy import GRB
from solvers.sandbox.recorder import Recorder, fresh
from solvers.sandbox.wire import pack_solve, unpack_solve
from solvers.solving import solve


@pytest.fixture
def record() -> Iterator[Recorder]:
    yield fresh()
    fresh()


def close(left: float, right: float) -> bool:
    return compare(left, right, SOLVER).equal


# -- expressions -------------------------------------------------------------------------------------


def test_expressions_that_share_their_terms_do_not_touch_each_other() -> None:
    """Random sums, copies and changes in place against dictionaries that share nothing."""
    rng = random.Random(7)
    model = gp.Model()
    x = [model.addVar(name=f"x{k}") for k in range(5)]
    model.update()
    held: list[tuple[Any, dict[int, float], float]] = [(gp.LinExpr(), {}, 0.0)]
    for _ in range(600):
        form, terms, constant = rng.choice(held)
        k, c = rng.randrange(5), float(rng.randint(-3, 3))
        match rng.randrange(6):
            case 0:
                new = (form + c * x[k], {**terms, k: terms.get(k, 0.0) + c}, constant)
            case 1:
                new = (form - x[k] + c, {**terms, k: terms.get(k, 0.0) - 1.0}, constant + c)
            case 2:
                new = (form * c, {j: c * v for j, v in terms.items()}, c * constant)
            case 3:
                other, more, far = rng.choice(held)
                joined = {j: terms.get(j, 0.0) + more.get(j, 0.0) for j in {*terms, *more}}
                new = (form + other, joined, constant + far)
            case 4:
                mine = form.copy()
                mine += c * x[k]
                mine.addTerms(1.0, x[0])
                both = {**terms, k: terms.get(k, 0.0) + c}
                new = (mine, {**both, 0: both.get(0, 0.0) + 1.0}, constant)
            case _:
                mine = form.copy()
                mine.remove(x[k])
                new = (mine, {j: v for j, v in terms.items() if j != k}, constant)
        held = [*held[-30:], new]
        for form, terms, constant in held:
            found = dict.fromkeys(range(5), 0.0)
            for at in range(form.size()):
                found[form.getVar(at).index] += form.getCoeff(at)
            assert form.getConstant() == constant
            assert found == {j: terms.get(j, 0.0) for j in range(5)}


# -- general constraints by enumeration --------------------------------------------------------------

GRID = range(-2, 4)
MEANINGS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "max": (lambda m, r, x, y, b: m.addConstr(r == gp.max_(x, y, 1)), lambda x, y, b: max(x, y, 1)),
    "min": (lambda m, r, x, y, b: m.addConstr(r == gp.min_(x, y)), lambda x, y, b: min(x, y)),
    "abs": (lambda m, r, x, y, b: m.addGenConstrAbs(r, x), lambda x, y, b: abs(x)),
    "norm1": (lambda m, r, x, y, b: m.addConstr(r == gp.norm([x, y], 1)), lambda x, y, b: abs(x) + abs(y)),
    "norm inf": (
        lambda m, r, x, y, b: m.addConstr(r == gp.norm([x, y], GRB.INFINITY)), lambda x, y, b: max(abs(x), abs(y)),
    ),
    "pwl": (
        lambda m, r, x, y, b: m.addGenConstrPWL(x, r, [-1, 0, 2], [3, 0, 1]),
        lambda x, y, b: -3 * x if x < 0 else x / 2,
    ),
    "if on": (lambda m, r, x, y, b: m.addConstr((b == 1) >> (r == x + y)), lambda x, y, b: x + y if b else None),
    "if off": (lambda m, r, x, y, b: m.addConstr((b == 0) >> (r == x - y)), lambda x, y, b: None if b else x - y),
    "product": (lambda m, r, x, y, b: m.addConstr(r == x * y), lambda x, y, b: x * y),
}  # fmt: skip
MOST = 20.0


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("name", MEANINGS)
def test_a_general_constraint_means_what_enumeration_says(name: str, bounded: bool) -> None:
    """Random linear objectives over whole numbers, with bounds as bounds (big-M) or as rows (indicators, sets)."""
    build, meaning = MEANINGS[name]
    rng = random.Random(name)
    for _ in range(2):
        costs = [float(rng.randint(-4, 4)) for _ in range(4)]
        model = gp.Model()
        low, high = (GRID[0], GRID[-1]) if bounded else (-GRB.INFINITY, GRB.INFINITY)
        x, y = (model.addVar(lb=low, ub=high, vtype=GRB.INTEGER) for _ in range(2))
        b, r = model.addVar(vtype=GRB.BINARY), model.addVar(lb=-MOST if bounded else -GRB.INFINITY, ub=MOST)
        for variable, least, most in ((x, GRID[0], GRID[-1]), (y, GRID[0], GRID[-1]), (r, -MOST, MOST)):
            model.addConstr(variable >= least)
            model.addConstr(variable <= most)
        build(model, r, x, y, b)
        model.setObjective(costs[0] * x + costs[1] * y + costs[2] * b + costs[3] * r, GRB.MINIMIZE)
        model.optimize()
        best = min(
            costs[0] * i + costs[1] * j + costs[2] * k
            + (min(-MOST * costs[3], MOST * costs[3]) if meaning(i, j, k) is None else costs[3] * meaning(i, j, k))
            for i, j, k in itertools.product(GRID, GRID, (0, 1))
        )  # fmt: skip
        assert model.Status == GRB.OPTIMAL
        assert close(model.ObjVal, best), (name, costs)


@pytest.mark.parametrize("kind", ["and", "or"])
def test_logic_by_enumeration(kind: str) -> None:
    for signs in itertools.product((-1.0, 2.0), repeat=4):
        model = gp.Model()
        r, *arguments = (model.addVar(vtype=GRB.BINARY) for _ in range(4))
        model.addConstr(r == (gp.and_ if kind == "and" else gp.or_)(arguments))
        model.setObjective(gp.quicksum(c * v for c, v in zip(signs, [r, *arguments])), GRB.MAXIMIZE)
        model.optimize()
        decide = all if kind == "and" else any
        best = max(
            signs[0] * decide(bits) + sum(c * bit for c, bit in zip(signs[1:], bits))
            for bits in itertools.product((0, 1), repeat=3)
        )
        assert close(model.ObjVal, best)


# -- records -----------------------------------------------------------------------------------------


def test_every_solve_is_recorded_with_a_model_that_gives_the_same_value(record: Recorder) -> None:
    model = gp.Model("twice")
    x = model.addVars(3, ub=4, name="x")
    on = model.addVar(vtype=GRB.BINARY, name="on")
    top = model.addVar(name="top")
    model.addConstr(top == gp.max_(x))
    model.addConstr((on == 1) >> (x.sum() <= 5), name="limit")
    model.setObjective(x.sum() + 4 * on - 0.5 * top, GRB.MAXIMIZE)
    model.optimize()
    first = model.ObjVal
    model.addConstr(x[0] <= 1)
    model.optimize()
    assert [one.index for one in record.solves] == [0, 1]
    for one, value in zip(record.solves, (first, model.ObjVal)):
        assert (one.library, one.asked, one.substituted) == ("gurobipy", "gurobi", True)
        assert one.model is not None and one.result.objective is not None
        assert one.model.column_label(0) == "x[0]"
        again = solve(one.model).objective
        assert again is not None and close(again, one.result.objective) and close(one.result.objective, value)
        back = unpack_solve(pack_solve(one))
        assert back.model is not None and back.result.objective == one.result.objective
        assert one.result.x is not None and len(one.result.x) == one.model.num_columns


def test_names_that_occur_twice_stay_apart_in_the_model(record: Recorder) -> None:
    model = gp.Model()
    a, b = model.addVar(name="x", ub=3), model.addVar(name="x", ub=2)
    a.Start = 1.0
    model.addConstr(a + b <= 4, name="c")
    model.addConstr(a - b <= 4, name="c")
    model.setObjective(a + 2 * b, GRB.MAXIMIZE)
    model.optimize()
    captured = record.solves[0].model
    assert captured is not None
    assert len({captured.column_label(j) for j in range(2)}) == len({captured.row_label(i) for i in range(2)}) == 2
    assert close(model.ObjVal, 6.0) and [v.VarName for v in model.getVars()] == ["x", "x"]


def test_what_no_solver_takes_is_recorded_and_raised(record: Recorder) -> None:
    model = gp.Model()
    x = model.addVar()
    model.addConstr(1e17 * x >= 1, name="steep")
    with pytest.raises(gp.GurobiError, match="steep has the coefficient") as refused:
        model.optimize()
    assert refused.value.errno == GRB.Error.NOT_SUPPORTED
    assert len(record.solves) == 1 and record.solves[0].result.termination == "error"


def test_there_is_no_limit_of_size(record: Recorder) -> None:
    """The genuine library stops at 2,000 variables or rows without a licence."""
    model = gp.Model()
    x = model.addVars(60, 60, obj=1.0)
    model.addConstrs(x.sum(i, "*") == 1 for i in range(60))
    model.addConstrs(x.sum("*", j) == 1 for j in range(60))
    model.optimize()
    assert model.NumVars == 3600 and close(model.ObjVal, 60.0)


def test_parameters_without_effect_are_noted_once(record: Recorder) -> None:
    model = gp.Model()
    model.Params.Heuristics = 0.5
    model.Params.TimeLimit = 60
    model.optimize()
    model.optimize()
    assert [(note.what, note.detail) for note in record.notes] == [("no effect", "parameter Heuristics = 0.5")]


@pytest.mark.parametrize(
    "attribute", ["NodeCount", "IterCount", "BarIterCount", "Work", "Kappa", "Fingerprint", "MaxMemUsed"]
)
def test_what_cannot_be_the_same_is_refused_by_name(record: Recorder, attribute: str) -> None:
    model = gp.Model()
    model.addVar()
    model.optimize()
    with pytest.raises(gp.GurobiError, match=f"the attribute {attribute} is not supported"):
        getattr(model, attribute)
    assert record.notes[-1].what == "unsupported" and attribute in record.notes[-1].detail


def test_a_conflict_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model = gp.Model("conflict")
    x, y = model.addVar(name="x", ub=4), model.addVar(name="y", ub=4)
    model.addConstr(x + y >= 9, name="need")
    model.addConstr(x - y <= 3, name="idle")
    model.optimize()
    assert model.Status == GRB.INFEASIBLE and model.SolCount == 0
    model.computeIIS()
    assert [c.IISConstr for c in model.getConstrs()] == [1, 0]
    assert (x.IISUB, y.IISUB, x.IISLB, y.IISLB, model.IISMinimal) == (1, 1, 0, 0, 1)
    model.write("c.ilp")
    text = Path("c.ilp").read_text(encoding="utf-8")
    assert "need" in text and "idle" not in text
    assert (x.UB, x.LB) == (4.0, 0.0)


# -- installation ------------------------------------------------------------------------------------


def run(program: str, tmp_path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_way_of_importing_finds_the_look_alike(tmp_path: Path) -> None:
    """Also where a genuine one was imported before, and twice; after uninstalling it is gone."""
    (tmp_path / "gurobipy.py").write_text("genuine = True\n")
    program = """
import sys
sys.path.insert(0, "")
import gurobipy
assert gurobipy.genuine
from solvers.sandbox.lookalike import install, uninstall
install(("gurobipy",))
install(("gurobipy",))
import gurobipy as gp
from gurobipy import *
from gurobipy import GRB, Model, quicksum
import gurobipy.nlfunc as nl
from gurobipy import nlfunc
assert gp.__name__.startswith("solvers") and nl is nlfunc is gp.nlfunc and Model is gp.Model
m = Model(); x = m.addVar(ub=2); m.setObjective(x, GRB.MAXIMIZE); m.optimize(); print(m.ObjVal)
try:
    import gurobipy.nothing
except ModuleNotFoundError as failed:
    assert "look-alike" in str(failed)
uninstall()
import gurobipy
assert gurobipy.genuine
"""
    assert run(program, tmp_path).split() == ["2.0"]


def test_importing_is_light(tmp_path: Path) -> None:
    program = """
import sys
from solvers.sandbox.lookalike import install
install(("gurobipy",))
assert "numpy" not in sys.modules
import gurobipy as gp
m = gp.Model(); x = m.addMVar((2, 2)); m.addConstr(x.sum() <= 1); m.update()
print(*[name for name in ("highspy", "pyscipopt", "scipy", "pydantic", "yaml", "rich") if name in sys.modules])
"""
    assert run(program, tmp_path).split() == []


def test_names_that_are_not_there_are_refused() -> None:
    from solvers.sandbox.lookalike import install

    with pytest.raises(ValueError, match="no look-alike of cplex"):
        install(("cplex",))
