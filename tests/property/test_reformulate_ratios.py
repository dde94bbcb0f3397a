"""Ratios: rows multiplied out have the same points; a scaled linear program has the optimum of the ratio itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from solvers import solve
from solvers.compare import Tolerance, compare
from solvers.errors import UnsupportedError
from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)
from solvers.ground import ground
from solvers.interpret import Instance
from solvers.reformulate import reformulate
from solvers.reformulate.capabilities import MIP
from tests.property.test_reformulate_equivalence import solved

CLOSE = Tolerance("1e-5", 1e-5, 1e-6)


def formulation(rule="n <= 0", cost="0", sense="min", over=()):
    return Formulation(
        "t", Objective(sense, (Term("cost", cost),)), (IndexSet("S", elements=(1, 2)),),
        (Parameter("c", axes=("S",), cells=(Cell((1,), 2), Cell((2,), 0.5))),),
        (Variable("x", ("i in S",), "integer", "0", "3"), Variable("n", (), "integer", "-4", "-1"), Variable("w", (), "binary")),
        (NamedExpression("share", "x[i] / (x[1] + x[2] + 1)", ("i in S",)),), (Constraint("rule", rule, over),),
    )  # fmt: skip


@pytest.mark.parametrize(("rule", "over"), [
    ("x[1] / (x[2] + 1) <= 1.5", ()), ("2 >= x[1] / (x[2] + 1)", ()), ("x[1] / n >= -2", ()), ("x[1] / n == -1", ()),
    ("share[i] <= c[i] / 3", ("i in S",)), ("share[1] - share[2] >= 0.25", ()), ("0.25 <= x[1] / (x[2] + 2) <= 1", ()),
    ("-2 * x[1] / (1 + x[2]) + 3 <= 1", ()), ("(x[1] - x[2]) / (3 - n) / 2 <= c[2] - 0.4", ()), ("implies(w, x[1] / (x[2] + 1) <= 1)", ()),
    ("x[1] / (x[2] + 1) <= 1 or n == -2", ()), ("implies(c[i] > 1, x[i] / (w + 1) >= 1)", ("i in S",)),
    ("x[1] / (2 * w + 1) <= 1 and w <= x[2]", ()),
])
def test_rows_have_the_same_points(rule, over):
    f = formulation(rule, over=over)
    model, one = ground(reformulate(f, MIP).formulation), Instance(f)
    assert not model.is_nonlinear and not model.is_quadratic
    seen = set()
    for a, b, n, w in itertools.product(range(4), range(4), range(-4, 0), (0, 1)):
        point = {"x": {(1,): float(a), (2,): float(b)}, "n": {(): float(n)}, "w": {(): float(w)}}
        wanted = all(v.holds for v in one.violations(point))
        seen.add(wanted)
        assert (solved(model, point) is not None) == wanted, point
    assert seen == {True, False}


@pytest.mark.parametrize(("rule", "named"), [
    ("x[1] / (x[2] - 1) <= 2", "denominator x[2] - 1"), ("x[1] / x[2] <= 2", "denominator x[2]"),
    ("x[1] / (x[2] + 1) <= n", "is not linear"),
])
def test_rows_that_cannot_be_linear_are_refused_by_name(rule, named):
    with pytest.raises(UnsupportedError, match="rule") as caught:
        reformulate(formulation(rule), MIP)
    assert named in str(caught.value) and "scip" in caught.value.remedy


def program(rng, sense):
    """Two plants blend three grades; profit per tonne, or cost per tonne, is the goal."""
    values = {"p": rng.integers(1, 9, 3), "q": rng.integers(1, 5, 3), "cap": rng.integers(3, 9, 3)}
    return Formulation(
        "blend", Objective(sense, (Term("rate", "(sum(p[i] * x[i] for i in S) - 2 * extra) / (sum(q[i] * x[i] for i in S) + 1)"),
                                   Term("fixed", "0.5"))),
        (IndexSet("S", expr="range(3)"),),
        tuple(Parameter(k, axes=("S",), cells=tuple(Cell((i,), int(x)) for i, x in enumerate(v))) for k, v in values.items()),
        (Variable("x", ("i in S",), lower="(1 if i == 0 else 0)", upper="cap[i]"), Variable("extra", lower="-1", upper="2")),
        constraints=(
            Constraint("most", "sum(x[i] for i in S) <= 7 + extra"),
            Constraint("mix", "x[i] <= (2 * x[i - 1] + 1 if i - 1 in S else 4)", ("i in S",)),
            Constraint("close", "implies(cap[i] >= 4, x[i] - x[2] >= -5)", ("i in S",)),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("sense", ["min", "max"])
def test_a_ratio_as_objective_has_the_optimum_of_global_search(sense):
    rng = np.random.default_rng(len(sense))
    for _ in range(6):
        f = program(rng, sense)
        scaled, wanted = solve(f, solver="highs"), solve(f, solver="scip")
        assert set(scaled.values) == {"x", "extra"} and not scaled.duals
        assert compare(scaled.objective, wanted.objective, CLOSE), (scaled.objective, wanted.objective)
        assert compare(scaled.check.objective, scaled.objective, CLOSE) and scaled.check.feasible is True


def test_a_negative_denominator_and_reading_back():
    f = Formulation(
        "t", Objective("max", (Term("rate", "(x + 1) / (y - 9)"),)), variables=(Variable("x", lower="0", upper="4"), Variable("y", lower="1", upper="6")),
        constraints=(Constraint("c", "x + y >= 3"),),
    )  # fmt: skip
    found = solve(f, solver="highs")
    # Least loss: x = 0 with y = 6 gives 1 / -3; x = 2, y = 1 gives 3 / -8; x = 0, y = 3 gives 1 / -6.
    assert found.objective == pytest.approx(-1 / 6) and found.values["y"][()] == pytest.approx(3)


def test_ratios_that_no_scaling_reaches_are_refused_by_name_and_go_to_scip():
    whole = formulation(cost="x[1] / (x[2] + 1)", sense="max")
    with pytest.raises(UnsupportedError, match="x is integer, so the ratio") as caught:
        solve(whole, solver="highs")
    assert "scip" in caught.value.remedy
    assert solve(whole).solver == "scip" and solve(whole).objective == pytest.approx(3, abs=1e-5)
    endless = Formulation("t", Objective("min", (Term("rate", "(y + 1) / (x + y + 1)"),)),
                          variables=(Variable("x", lower="0"), Variable("y", lower="0", upper="2")))  # fmt: skip
    with pytest.raises(UnsupportedError, match="reached nowhere"):
        solve(endless, solver="highs")
