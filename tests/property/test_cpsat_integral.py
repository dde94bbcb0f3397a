"""Whatever CP-SAT takes it solves to the optimum of the other solvers: random models, continuous columns among them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import SolveOptions, adapter
from solvers.compare import Tolerance, compare
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.ground import ground
from solvers.interpret import Instance
from solvers.model import CONTINUOUS, INTEGER, Csr, Indicators, Model, ObjectiveLevel
from solvers.structure_check import check_model

pytest.importorskip("ortools", reason="CP-SAT needs ortools")

CLOSE = Tolerance("1e-6", 1e-6, 1e-6)
ONE = SolveOptions(threads=1)


def random_model(rng: np.random.Generator, differences: float) -> Model:
    """A few columns, continuous, whole or 0-1; rows that are differences with the probability given."""
    n, m = 5, int(rng.integers(3, 8))
    kinds = np.array([CONTINUOUS, CONTINUOUS, CONTINUOUS, INTEGER, INTEGER], dtype=np.uint8)
    grid = float(rng.choice([1.0, 0.5, 0.1]))
    low = np.array([0.0, 0.0, -2.0 * grid, -2.0, 0.0])
    high = np.array([9 * grid, 9 * grid, 7 * grid, 3.0, 1.0])
    high[:3][rng.random(3) < 0.3] = np.inf
    dense = np.zeros((m, n))
    lower, upper = np.full(m, -np.inf), np.full(m, np.inf)
    for r in range(m):
        if rng.random() < differences:
            i, j = rng.choice(3, 2, replace=False)
            scale = float(rng.choice([1.0, 2.0, 0.5]))
            dense[r, i], dense[r, j] = scale, -scale * float(rng.choice([1, 1, 1, 0]))
            dense[r, 3 + int(rng.integers(2))] = scale * grid * int(rng.integers(-3, 4))
            side = scale * grid * int(rng.integers(-3, 6))
        else:
            dense[r] = rng.integers(-2, 3, n) * (rng.random(n) < 0.6)
            side = float(rng.integers(-4, 6))
        which = rng.random()
        if which < 0.15:
            lower[r] = upper[r] = side
        elif which < 0.6:
            upper[r] = side
        else:
            lower[r] = side - 3 * grid
    indicators = None
    if rng.random() < 0.5:
        # A conditional row must not hold the indicator's own column.
        dense[0, 4] = 0.0
        indicators = Indicators(np.array([0]), np.array([4]), np.array([int(rng.integers(2))]))
    rows = [np.flatnonzero(dense[r]) for r in range(m)]
    start = np.concatenate([[0], np.cumsum([len(c) for c in rows])])
    index = np.concatenate(rows).astype(np.int32)
    value = np.concatenate([dense[r, c] for r, c in enumerate(rows)])
    costs = rng.integers(-3, 4, n) * float(rng.choice([1.0, 0.7]))
    return Model(
        "random", "min" if rng.random() < 0.5 else "max", (ObjectiveLevel(costs, 1.5),), Csr(start, index, value, n),
        lower, upper, low, high, kinds, indicators=indicators,
    )  # fmt: skip


@pytest.mark.parametrize("differences", [1.0, 0.6])
def test_every_model_it_takes_has_the_optimum_that_scip_finds(differences: float):
    rng = np.random.default_rng(int(differences * 10))
    seen = {"taken": 0, "refused": 0, "infeasible": 0, "fractional": 0}
    for _ in range(260):
        model = random_model(rng, differences)
        cpsat = adapter("cpsat")
        if cpsat.refusal(model) is not None:
            seen["refused"] += 1
            continue
        found, wanted = cpsat.solve(model, ONE), adapter("scip").solve(model, ONE)
        seen["taken"] += 1
        assert found.termination == wanted.termination
        if wanted.termination == "infeasible":
            seen["infeasible"] += 1
            continue
        assert compare(found.objective, wanted.objective, CLOSE), (found.objective, wanted.objective)
        assert compare(found.bound, wanted.objective, CLOSE)
        assert check_model(model, found.x).feasible is True
        seen["fractional"] += bool(np.any(found.x != np.rint(found.x)))
    assert seen["taken"] > 20 and seen["infeasible"] > 3 and seen["fractional"] > 3, seen
    assert differences == 1.0 or seen["refused"] > 50, seen


def shop(rng: np.random.Generator, how: str, domain: str) -> Formulation:
    """Four tasks on two machines with durations in halves, and due dates; machines as structure or as pairs."""
    machine = {
        "no_overlap": ("no_overlap(start[i], time[i] for i in T if on[i] == m)", ("m in range(2)",)),
        "or": ("start[i] + time[i] <= start[j] or start[j] + time[j] <= start[i]", ("i in T", "j in T if i < j and on[i] == on[j]")),
    }[how]
    size = 5
    values = {
        "time": rng.integers(0, 6, size) / 2, "on": rng.integers(0, 2, size), "due": rng.integers(2, 10, size) / 2,
        "weight": rng.integers(1, 5, size) / 10, "ready": rng.integers(0, 3, size),
    }  # fmt: skip
    return Formulation(
        "shop", Objective("min", (Term("late", "sum(weight[i] * late[i] for i in T) + 0.3 * end"),)),
        (IndexSet("T", expr=f"range({size})"),),
        tuple(Parameter(k, axes=("T",), cells=tuple(Cell((i,), float(x)) for i, x in enumerate(v))) for k, v in values.items()),
        (Variable("start", ("i in T",), domain, "ready[i]", "40"), Variable("late", ("i in T",), lower="0"), Variable("end", lower="0")),  # type: ignore[arg-type]
        constraints=(
            Constraint("machine", *machine), Constraint("lateness", "late[i] >= start[i] + time[i] - due[i]", ("i in T",)),
            Constraint("last", "end >= start[i] + time[i]", ("i in T",)),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("how", ["no_overlap", "or"])
def test_shops_with_data_in_halves_go_to_cpsat_and_have_the_optimum_of_the_mip(how: str):
    rng = np.random.default_rng(len(how))
    for _ in range(12):
        f = shop(rng, how, "continuous")
        found, wanted = solve(f), solve(f, solver="highs")
        assert found.solver == "cpsat", found.message
        assert "CP-SAT was chosen for" in found.message
        assert compare(found.objective, wanted.objective, CLOSE), (found.objective, wanted.objective)
        assert found.check.feasible is True and found.check.method == "interpreter"


def test_intervals_of_no_length_variable_durations_and_formulas_for_starts_by_enumeration():
    f = Formulation(
        "t", Objective("min", (Term("c", "0"),)), (IndexSet("S", expr="range(3)"),), (),
        (Variable("s", ("i in S",), "integer", "0", "2"), Variable("d", (), "integer", "0", "2")),
        constraints=(Constraint("m", "no_overlap(2 * s[i] - d, (d if i == 0 else i - 1) for i in S)"),),
    )  # fmt: skip
    model, one = ground(f), Instance(f)
    seen = set()
    for *s, d in itertools.product(range(3), range(3), range(3), range(3)):
        point = np.array([*s, d], dtype=float)
        wanted = all(v.holds for v in one.violations({"s": {(i,): float(v) for i, v in enumerate(s)}, "d": {(): float(d)}}))
        fixed = replace(model, col_lower=point, col_upper=point)
        assert (adapter("cpsat").solve(fixed, ONE).termination == "optimal") == wanted, (s, d)
        assert check_model(model, point).feasible == wanted, (s, d)
        seen.add(wanted)
    assert seen == {True, False}


def test_alldifferent_over_formulas_by_enumeration():
    f = Formulation(
        "t", Objective("max", (Term("c", "2 * s[0] + 3 * s[1] - s[2] + d"),)), (IndexSet("S", expr="range(3)"),), (),
        (Variable("s", ("i in S",), "integer", "0", "2"), Variable("d", (), "integer", "0", "3")),
        constraints=(Constraint("m", "alldifferent(s[i] + i * d for i in S)"),),
    )  # fmt: skip
    best = max(
        2 * a + 3 * b - c + d for a, b, c, d in itertools.product(range(3), range(3), range(3), range(4))
        if len({a, b + d, c + 2 * d}) == 3
    )  # fmt: skip
    found = solve(f)
    assert found.solver == "cpsat" and found.objective == best and found.check.feasible is True


def test_a_negative_duration_is_refused_and_solved_elsewhere():
    f = Formulation(
        "t", Objective("min", (Term("c", "s[0] + s[1]"),)), (IndexSet("S", expr="range(2)"),), (),
        (Variable("s", ("i in S",), "integer", "0", "5"), Variable("d", (), "integer", "-1", "2")),
        constraints=(Constraint("m", "no_overlap(s[i], d for i in S)"),),
    )  # fmt: skip
    found = solve(f)
    assert found.solver == "highs" and "a duration of m may be negative" in found.message and found.objective == 0
