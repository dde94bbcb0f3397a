"""The look-alike of coptpy by itself: what it records, that it means what it says, and what it refuses by name."""

from __future__ import annotations

import importlib.util
import itertools
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import solvers.sandbox.lookalike.coptpy as cp
from solvers import solve
from solvers.sandbox.lookalike.coptpy import COPT, CoptError, NotOfferedError, nl, quicksum
from solvers.sandbox.recorder import Recorder, fresh
from solvers.structure_check import check_model


@pytest.fixture(autouse=True)
def record() -> Recorder:
    return fresh()


def new(name: str = "m") -> Any:
    return cp.Envr().createModel(name)


# -- what is recorded --------------------------------------------------------------------------------


def test_every_solve_is_recorded_with_its_model(record: Recorder) -> None:
    model = new("mix")
    x = model.addVars(["steel", "zinc"], nameprefix="buy", ub=10, vtype=COPT.INTEGER)
    model.addConstr(2 * x["steel"] + 3 * x["zinc"] <= 17, name="budget")
    model.setObjective(3 * x["steel"] + 4 * x["zinc"] + 5, COPT.MAXIMIZE)
    model.solve()
    model.addConstr(x["steel"] <= 4)
    model.solve()
    first, second = record.solves
    assert (first.library, first.asked, first.solved_by, first.substituted) == ("coptpy", "copt", "highs", True)
    assert first.model is not None and second.model is not None
    assert [first.model.column_label(j) for j in range(2)] == ["buy(steel)", "buy(zinc)"]
    assert first.model.row_label(0) == "budget"
    assert (first.model.num_rows, second.model.num_rows) == (1, 2)
    assert first.result.objective == 30.0 and second.result.objective == model.objval == 29.0
    for solve_ in (first, second):
        verdict = check_model(solve_.model, solve_.result.x)  # type: ignore[arg-type]
        assert verdict is not None and verdict.feasible
        assert solve(solve_.model, solver="scip").objective == pytest.approx(solve_.result.objective)  # type: ignore[arg-type]


def test_a_model_that_changes_later_leaves_the_record_as_it_was(record: Recorder) -> None:
    model = new()
    x = model.addVar(ub=3, name="x")
    model.setObjective(x, COPT.MAXIMIZE)
    model.solve()
    x.ub, x.name = 1, "other"
    model.remove(x)
    held = record.solves[0].model
    assert held is not None and held.col_upper[0] == 3.0 and held.column_label(0) == "x"


def test_an_infeasible_and_an_unbounded_model_are_recorded_too(record: Recorder) -> None:
    model = new()
    x = model.addVar(name="x")
    model.setObjective(x, COPT.MAXIMIZE)
    model.solve()
    model.addConstr(x <= -1)
    model.solve()
    assert [item.result.termination for item in record.solves] == ["unbounded", "infeasible"]
    assert not any(item.result.has_solution for item in record.solves)


def test_a_solve_that_comes_to_nothing_is_recorded(record: Recorder) -> None:
    model = new()
    x = model.addVar(ub=4, vtype=COPT.INTEGER, name="x")
    row = model.addNlConstr(nl.exp(x) <= 3)
    with pytest.raises(CoptError, match="Fail to solve problem"):
        model.solve()
    row.remove()
    x.vtype = COPT.CONTINUOUS
    model.addNlConstr(nl.ceil(x) <= 3)
    with pytest.raises(NotOfferedError, match=r"nl\.ceil"):
        model.solve()
    first, second = record.solves
    assert first.model is not None and first.model.class_name == "MINLP"
    assert second.model is None and "nl.ceil" in second.uncaptured
    assert {item.result.termination for item in record.solves} == {"error"}


def test_no_numbers_as_bounds_are_recorded_without_a_model_of_them(record: Recorder) -> None:
    model = new()
    model.addVar(ub=float("nan"))
    with pytest.raises(CoptError, match="Fail to solve problem"):
        model.solve()
    assert len(record.solves) == 1 and record.solves[0].result.termination == "error"


def test_a_better_answer_than_a_local_one_is_noted(record: Recorder) -> None:
    model = new()
    x = model.addVar(lb=-5, ub=5)
    model.setObjective(x * x, COPT.MAXIMIZE)
    model.solve()
    assert model.status == COPT.LOCAL_OPTIMAL and model.objval == pytest.approx(25.0)
    assert [note.what for note in record.notes] == ["global"]


# -- what constraints mean, by trying all points -----------------------------------------------------

POINTS = range(-3, 4)


def everywhere(build: Callable[[Any, Any], None], holds: Callable[[int, int, int], bool], seed: int) -> None:
    """The optimum over whole x, y and a bit, found by the look-alike and by trying all points."""
    rng = random.Random(seed)
    costs = [rng.randint(-4, 4) for _ in range(3)]
    model = new()
    x, y = (model.addVar(lb=-3, ub=3, vtype=COPT.INTEGER, name=n) for n in "xy")
    bit = model.addVar(vtype=COPT.BINARY, name="bit")
    build(model, (x, y, bit))
    model.setObjective(costs[0] * x + costs[1] * y + costs[2] * bit, COPT.MAXIMIZE)
    model.solve()
    wanted = [
        sum(c * v for c, v in zip(costs, point))
        for point in itertools.product(POINTS, POINTS, (0, 1))
        if holds(*point)
    ]
    if not wanted:
        assert model.status == COPT.INFEASIBLE
    else:
        assert model.status == COPT.OPTIMAL and model.objval == pytest.approx(max(wanted))


CASES: dict[str, tuple[Callable[[Any, Any], Any], Callable[[int, int, int], bool]]] = {
    "abs": (lambda m, v: m.addGenConstrAbs(v[1], v[0]), lambda x, y, b: y == abs(x)),
    "abs of a difference": (lambda m, v: m.addGenConstrAbs(v[1] + 1, v[0] - v[2]), lambda x, y, b: y + 1 == abs(x - b)),
    "max": (lambda m, v: m.addGenConstrMax(v[1], [v[0], v[2], -1]), lambda x, y, b: y == max(x, b, -1)),
    "max with a constant": (lambda m, v: m.addGenConstrMax(v[1], [v[0]], 2), lambda x, y, b: y == max(x, 2)),
    "min": (lambda m, v: m.addGenConstrMin(v[1], [v[0], 2 * v[2]], 1), lambda x, y, b: y == min(x, 2 * b, 1)),
    "if": (lambda m, v: m.addGenConstrIndicator(v[2], 1, v[0] + v[1] <= -1), lambda x, y, b: b == 0 or x + y <= -1),
    "if 0": (lambda m, v: m.addConstr((v[2] == 0) >> (v[0] == v[1])), lambda x, y, b: b == 1 or x == y),
    "only if": (
        lambda m, v: m.addGenConstrIndicator(v[2], 1, v[0] + v[1] >= 2, type=COPT.INDICATOR_ONLYIF),
        lambda x, y, b: x + y < 2 or b == 1,
    ),
    "exactly if": (
        lambda m, v: m.addGenConstrIndicator(v[2], 1, v[0] - v[1] == 1, type=COPT.INDICATOR_IFANDONLYIF),
        lambda x, y, b: (x - y == 1) == (b == 1),
    ),
    "exactly if not": (
        lambda m, v: m.addGenConstrIndicator(v[2], 0, v[0] - v[1] == 1, type=COPT.INDICATOR_IFANDONLYIF),
        lambda x, y, b: (x - y == 1) == (b == 0),
    ),
    "one of a set": (lambda m, v: m.addSOS(COPT.SOS_TYPE1, list(v)), lambda x, y, b: (x != 0) + (y != 0) + b <= 1),
    "neighbours of a set": (
        lambda m, v: m.addSOS(COPT.SOS_TYPE2, [v[0], v[2], v[1]], [1, 3, 2]),
        lambda x, y, b: (x == 0 or b == 0) and not (x and y and b),
    ),
    "piecewise": (
        lambda m, v: m.addGenConstrPWL(v[0], v[1], [-1, 0, 1], [1, 0, 2]),
        lambda x, y, b: y == (-x if x <= 0 else 2 * x),
    ),
    "cone": (lambda m, v: m.addCone([v[0], v[1]], COPT.CONE_QUAD), lambda x, y, b: x >= abs(y)),
    "product": (lambda m, v: m.addQConstr(v[0] * v[1] >= 2 + v[2]), lambda x, y, b: x * y >= 2 + b),
    "range": (lambda m, v: m.addConstr(v[0] + v[1] == [-1, 1]), lambda x, y, b: -1 <= x + y <= 1),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", CASES)
def test_constraints_mean_what_they_say(case: str, seed: int) -> None:
    everywhere(*CASES[case], seed)


@pytest.mark.parametrize("kind", ["and", "or"])
def test_logic(kind: str) -> None:
    for forced in itertools.product((0, 1), repeat=3):
        model = new()
        bits = [model.addVar(vtype=COPT.BINARY) for _ in range(3)]
        getattr(model, f"addGenConstr{kind.title()}")(bits[0], bits[1:])
        for bit, value in zip(bits, forced):
            model.addConstr(bit == value)
        model.solve()
        truth = (all if kind == "and" else any)(forced[1:])
        assert (model.status == COPT.OPTIMAL) == (bool(forced[0]) == truth)


def test_random_linear_programs_have_prices_that_prove_the_optimum() -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        rows, columns = 4, 6
        matrix, right = rng.integers(1, 9, (rows, columns)), rng.integers(20, 60, rows)
        costs = rng.integers(1, 9, columns)
        model = new()
        x = model.addVars(columns)
        rows_ = model.addConstrs(
            quicksum(int(matrix[i, j]) * x[j] for j in range(columns)) <= int(right[i]) for i in range(rows)
        )
        model.setObjective(quicksum(int(costs[j]) * x[j] for j in range(columns)), COPT.MAXIMIZE)
        model.solve()
        prices = np.array([rows_[i].pi for i in range(rows)])
        assert (prices >= -1e-9).all() and float(prices @ right) == pytest.approx(model.objval)
        rest = costs - matrix.T @ prices
        assert rest == pytest.approx(np.array([x[j].rc for j in range(columns)]), abs=1e-7)
        assert (rest <= 1e-7).all()


def test_functions_reach_their_solver() -> None:
    model = new()
    x = model.addVar(lb=0.5, ub=4)
    y = model.addVar(lb=-10, ub=10)
    model.addNlConstr(y == nl.exp(x) / (1 + x) - nl.sin(x) + nl.sqrt(x) * nl.log(x) + x**3 - nl.tanh(x))
    model.addConstr(x == 2)
    model.setObjective(y)
    model.solve()
    wanted = np.exp(2) / 3 - np.sin(2) + np.sqrt(2) * np.log(2) + 8 - np.tanh(2)
    assert model.objval == pytest.approx(wanted, rel=1e-5)


# -- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(cp.Model._refusals))
def test_what_is_not_offered_names_itself(name: str, record: Recorder) -> None:
    with pytest.raises(NotOfferedError, match=f"Model.{name}"):
        getattr(new(), name)()
    assert [note.what for note in record.notes] == ["unsupported"] and name in record.notes[0].detail


def refused_calls() -> Iterator[tuple[str, Callable[[Any, Any], Any]]]:
    yield "callback", lambda m, x: m.setCallback(cp.CallbackBase(), COPT.CBCONTEXT_MIPSOL)
    yield "LogCallback", lambda m, x: m.setLogCallback(print)
    yield "another model", lambda m, x: new().addConstr(x <= 1)
    yield "another model", lambda m, x: new().setObjective(x)
    yield "PsdVar", lambda m, x: cp.PsdVar()
    yield "MemPeak", lambda m, x: m.MemPeak
    yield "SimplexIter", lambda m, x: m.getAttr("simplexiter")
    yield "writeMpsStr", lambda m, x: m.writeMpsStr()
    yield "cbf", lambda m, x: m.write("model.cbf")
    yield "tolerances", lambda m, x: (m.setObjectiveN(0, x, abstol=1), m.solve())
    yield "nl.ceil", lambda m, x: (m.addNlConstr(nl.ceil(x) <= 1), m.solve())
    yield "nl.atan2", lambda m, x: (m.addNlConstr(nl.atan2(x, 1) <= 1), m.solve())


@pytest.mark.parametrize("call", list(refused_calls()), ids=lambda c: c[0])
def test_refused_calls_name_what_they_miss(call: tuple[str, Callable[[Any, Any], Any]], record: Recorder) -> None:
    model = new()
    with pytest.raises(NotOfferedError, match=call[0]):
        call[1](model, model.addVar())
    assert record.notes and isinstance(NotOfferedError(3, ""), CoptError)


def test_parameters_that_are_not_followed_are_noted(record: Recorder) -> None:
    model = new()
    model.setParam("NodeLimit", 1)
    model.setParam("HeurLevel", 3)
    assert len(record.notes) == 1 and "NodeLimit" in record.notes[0].detail


# -- against the genuine module ----------------------------------------------------------------------

_LISTING = """
import json, sys, coptpy
members = {n: sorted(k for k in vars(c) if k[0] != "_") for n, c in vars(coptpy).items() if isinstance(c, type)}
constants = {k: v for k, v in vars(coptpy.COPT).items() if k[0] != "_" and isinstance(v, (int, float, str))}
names = {n: {k: v for k, v in vars(getattr(coptpy, n)).items() if k[0] != "_"}
         for n in ("ParamEnum", "AttrEnum", "InfoEnum", "CBInfoEnum")}
model = coptpy.Envr().createModel("m")
parameters = {}
for name in names["ParamEnum"]:
    try:
        parameters[name] = model.getParamInfo(name)[2:]
    except AttributeError:
        parameters[name] = None
json.dump([members, constants, names, parameters], open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if importlib.util.find_spec("coptpy") is None:
        pytest.skip("genuine coptpy is not installed: nothing to compare names with (pip install coptpy)")
    path = tmp_path_factory.mktemp("listing") / "members.json"
    subprocess.run([sys.executable, "-c", _LISTING, str(path)], check=True, capture_output=True, cwd=path.parent)
    return json.loads(Path(path).read_text())


def test_every_method_of_genuine_classes_is_offered_or_refused(listing: Any) -> None:
    outside = {"represent"}  # texts for matrices
    callbacks = {"CallbackBase", "NlpCallbackBase", "LogCallback"}  # no model takes one
    missing = []
    for name, members in listing[0].items():
        ours = getattr(cp, name, None)
        if not isinstance(ours, type) or name in callbacks or name in cp._ABSENT.split():
            continue
        known = {*dir(ours), *getattr(ours, "_refusals", ()), *getattr(ours, "_refused", ()), *outside}
        missing += [f"{name}.{member}" for member in members if member not in known]
    assert not missing


def test_constants_and_names_are_those_of_the_genuine_module(listing: Any) -> None:
    _, constants, names, parameters = listing
    assert {k: getattr(COPT, k, None) for k in constants} == constants
    for name, members in names.items():
        assert {k: v for k, v in vars(getattr(cp, name)).items() if k[0] != "_"} == members
    model = new()
    for name, wanted in parameters.items():
        if wanted is not None:
            assert list(model.getParamInfo(name)[2:]) == wanted


def test_the_genuine_module_is_never_loaded() -> None:
    code = (
        "import sys\nfrom solvers.sandbox.lookalike import install\ninstall(['coptpy'])\n"
        "from coptpy import *\nm = Envr().createModel('m')\nx = m.addVar(ub=2)\nm.setObjective(x, COPT.MAXIMIZE)\n"
        "m.solve()\nassert m.objval == 2.0\n"
        "assert not [n for n in sys.modules if 'coptcore' in n or 'coptpywrap' in n]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
