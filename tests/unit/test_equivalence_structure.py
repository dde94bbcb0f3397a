"""Parts beside linear rows: quadratic, nonlinear, indicators, sets, global constraints, levels of the objective."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.model import (
    AllDifferent,
    Circuit,
    Csr,
    Indicators,
    Model,
    NonlinearRows,
    NoOverlap,
    ObjectiveLevel,
    Quadratic,
    Sos,
)
from solvers.template import TAffine, TBinary, TConst, Template, TReduce, TUnary
from verify.equivalence import Options, equivalent, replays

PLAIN = Options(witness=False, diff=False)
INF = np.inf
N = 4


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def base(**parts: Any) -> Model:
    """Four 0-1 columns of one cost, two rows; parts are added."""
    made = Model(
        "base", "min", (ObjectiveLevel(np.ones(N)),),
        Csr(ints(0, 2, 4), ints(0, 1, 2, 3), floats(1, 1, 1, 1), N), floats(1, 1), floats(INF, INF), np.zeros(N), np.ones(N),
        np.ones(N, dtype=np.int64),
    )  # fmt: skip
    return replace(made, **parts)


def quad(*entries: tuple[int, int, float]) -> Quadratic:
    return Quadratic(ints(*(e[0] for e in entries)), ints(*(e[1] for e in entries)), floats(*(e[2] for e in entries)))


def quad_rows(*entries: tuple[int, int, int, float]) -> Quadratic:
    return replace(quad(*(e[1:] for e in entries)), row=ints(*(e[0] for e in entries)))


def objective(**parts: Any) -> tuple[ObjectiveLevel, ...]:
    return (ObjectiveLevel(np.ones(N), **parts),)


def affine(*rows: tuple[float, dict[int, float]]) -> TAffine:
    starts = np.cumsum([0, *(len(entries) for _, entries in rows)])
    return TAffine(
        floats(*(constant for constant, _ in rows)), starts, ints(*(j for _, entries in rows for j in entries)),
        floats(*(c for _, entries in rows for c in entries.values())),
    )  # fmt: skip


def x(j: int, c: float = 1.0, constant: float = 0.0) -> TAffine:
    return affine((constant, {j: c}))


def curve(row: int, template: Template) -> tuple[NonlinearRows, ...]:
    return (NonlinearRows(ints(row), template),)


def sos(kind: int, *columns: int) -> tuple[Sos, ...]:
    return (Sos(kind, ints(*columns), np.arange(len(columns), dtype=np.float64)),)


def arcs(nodes: int, *ends: tuple[int, int]) -> tuple[Circuit, ...]:
    return (Circuit(nodes, ints(*(t for t, _ in ends)), ints(*(h for _, h in ends)), np.arange(len(ends))),)


def spans(*starts: int, lengths: tuple[float, ...]) -> tuple[NoOverlap, ...]:
    return (NoOverlap(affine(*((0.0, {j: 1.0}) for j in starts)), affine(*((length, {}) for length in lengths))),)


SAME: dict[str, tuple[Model, Model]] = {
    "a quadratic objective": (
        base(levels=objective(quadratic=quad((0, 0, 2.0), (0, 1, 1.0)))),
        base(levels=objective(quadratic=quad((2, 3, 1.0), (3, 3, 2.0)))),
    ),
    "a quadratic row, scaled": (
        base(quadratic_rows=quad_rows((0, 0, 1, 1.0))),
        replace(
            base(quadratic_rows=quad_rows((0, 2, 3, 2.0))), row_lower=floats(2, 1),
            matrix=Csr(ints(0, 2, 4), ints(2, 3, 0, 1), floats(2, 2, 1, 1), N),
        ),
    ),
    "max of the negative, quadratic": (
        base(levels=objective(quadratic=quad((0, 1, 1.0)))),
        base(sense="max", levels=(ObjectiveLevel(-np.ones(N), quadratic=quad((2, 3, -1.0))),)),
    ),
    "an indicator": (
        base(indicators=Indicators(ints(0), ints(2), ints(1))), base(indicators=Indicators(ints(1), ints(0), ints(1))),
    ),
    "a set of type 1 in any order": (base(sos=sos(1, 0, 1, 2)), base(sos=sos(1, 2, 3, 0))),
    "a set of type 2 backwards": (base(sos=sos(2, 0, 1, 2)), base(sos=sos(2, 0, 3, 2))),
    "a set that asks for nothing": (base(sos=sos(2, 0, 1)), base()),
    "products that cancel": (base(levels=objective(quadratic=quad((0, 1, 1.0), (1, 0, -1.0)))), base()),
    "a quadratic row without sides": (
        base(quadratic_rows=quad_rows((1, 0, 0, 1.0)), row_lower=floats(1, -INF)), base(row_lower=floats(1, -INF)),
    ),
    "a product in another order": (
        base(nonlinear_rows=curve(0, TBinary("*", TUnary("exp", x(0)), x(1)))),
        base(nonlinear_rows=curve(1, TBinary("*", x(2), TUnary("exp", x(3))))),
    ),
    "sums of sums": (
        base(nonlinear_rows=curve(0, TBinary("+", TUnary("sin", x(0)), TBinary("+", TUnary("cos", x(1)), TUnary("abs", x(2)))))),
        base(nonlinear_rows=curve(0, TBinary("+", TBinary("+", TUnary("abs", x(2)), TUnary("sin", x(1))), TUnary("cos", x(0))))),
    ),
    "a sum over rows": (
        base(nonlinear_rows=curve(0, TReduce("sum", TUnary("exp", affine((0.0, {0: 1.0}), (1.0, {1: 2.0}))), ints(0, 0), ints(0, 2)))),
        base(nonlinear_rows=curve(0, TBinary("+", TUnary("exp", x(0, 2.0, 1.0)), TUnary("exp", x(1))))),
    ),
    "all different": (
        base(globals=(AllDifferent(affine((0.0, {0: 1.0}), (1.0, {1: 1.0}), (0.0, {2: 1.0}))),)),
        base(globals=(AllDifferent(affine((0.0, {0: 1.0}), (1.0, {3: 1.0}), (0.0, {2: 1.0}))),)),
    ),
    "no overlap": (base(globals=spans(0, 2, lengths=(3.0, 4.0))), base(globals=spans(0, 3, lengths=(4.0, 3.0)))),
    "a circuit under other numbers": (
        base(globals=arcs(3, (0, 1), (1, 2), (2, 0), (0, 2))), base(globals=arcs(3, (1, 2), (2, 0), (0, 1), (1, 0))),
    ),
    "two levels": (
        base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(floats(1, 0, 0, 0)))),
        base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(floats(0, 0, 0, 1)))),
    ),
}  # fmt: skip

DIFFERENT: dict[str, tuple[Model, Model]] = {
    "a quadratic objective and none": (base(levels=objective(quadratic=quad((0, 1, 1.0)))), base()),
    "a square and a product": (
        base(levels=objective(quadratic=quad((0, 0, 1.0)))), base(levels=objective(quadratic=quad((0, 1, 1.0)))),
    ),
    "a product within a row's columns and across": (
        base(levels=objective(quadratic=quad((0, 1, 1.0)))), base(levels=objective(quadratic=quad((0, 2, 1.0)))),
    ),
    "a quadratic coefficient": (
        base(quadratic_rows=quad_rows((0, 0, 1, 1.0))), base(quadratic_rows=quad_rows((0, 0, 1, 3.0))),
    ),
    "the row of a product": (
        base(quadratic_rows=quad_rows((0, 0, 1, 1.0))), base(quadratic_rows=quad_rows((1, 0, 1, 1.0))),
    ),
    "an indicator and none": (base(indicators=Indicators(ints(0), ints(2), ints(1))), base()),
    "an indicator's value": (
        base(indicators=Indicators(ints(0), ints(2), ints(1))), base(indicators=Indicators(ints(0), ints(2), ints(0))),
    ),
    "an indicator's column": (
        base(indicators=Indicators(ints(0), ints(2), ints(1))), base(indicators=Indicators(ints(0), ints(0), ints(1))),
    ),
    "a set and none": (base(sos=sos(1, 0, 1, 2)), base()),
    "types of sets": (base(sos=sos(1, 0, 1, 2)), base(sos=sos(2, 0, 1, 2))),
    "the middle of a set of type 2": (base(sos=sos(2, 0, 1, 2)), base(sos=sos(2, 0, 2, 1))),
    "functions": (base(nonlinear_rows=curve(0, TUnary("exp", x(0)))), base(nonlinear_rows=curve(0, TUnary("log", x(0))))),
    "a power and its reverse": (
        base(nonlinear_rows=curve(0, TBinary("**", x(0), TConst(floats(2.0))))),
        base(nonlinear_rows=curve(0, TBinary("**", TConst(floats(2.0)), x(0)))),
    ),
    "a quotient and its reverse": (
        base(nonlinear_rows=curve(0, TBinary("/", x(0), x(2)))), base(nonlinear_rows=curve(0, TBinary("/", x(2), x(0)))),
    ),
    "a constant in a tree": (
        base(nonlinear_rows=curve(0, TUnary("exp", x(0)))), base(nonlinear_rows=curve(0, TUnary("exp", x(0, 1.0, 0.5)))),
    ),
    "a term twice": (
        base(nonlinear_rows=curve(0, TBinary("+", TUnary("exp", x(0)), TUnary("exp", x(0))))),
        base(nonlinear_rows=curve(0, TBinary("+", TUnary("exp", x(0)), TUnary("exp", x(1))))),
    ),
    "a nonlinear objective": (base(levels=objective(nonlinear=TUnary("exp", x(0)))), base()),
    "all different and not": (base(globals=(AllDifferent(affine((0.0, {0: 1.0}), (0.0, {1: 1.0}))),)), base()),
    "shifts of values": (
        base(globals=(AllDifferent(affine((0.0, {0: 1.0}), (0.0, {1: 1.0}))),)),
        base(globals=(AllDifferent(affine((0.0, {0: 1.0}), (1.0, {1: 1.0}))),)),
    ),
    "durations": (base(globals=spans(0, 2, lengths=(3.0, 4.0))), base(globals=spans(0, 2, lengths=(3.0, 5.0)))),
    "arcs of a circuit": (
        base(globals=arcs(3, (0, 1), (1, 2), (2, 0), (0, 2))), base(globals=arcs(3, (0, 1), (1, 2), (2, 0), (0, 1))),
    ),
    "levels of the objective": (
        base(), base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(np.zeros(N)))),
    ),
    "the order of levels": (
        base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(floats(1, 0, 0, 0)))),
        base(levels=(ObjectiveLevel(floats(1, 0, 0, 0)), ObjectiveLevel(np.ones(N)))),
    ),
    "the constant of a lower level": (
        base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(np.ones(N), 1.0))),
        base(levels=(ObjectiveLevel(np.ones(N)), ObjectiveLevel(np.ones(N), 2.0))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_parts_beside_rows_are_matched(name: str) -> None:
    a, b = SAME[name]
    for one, two in ((a, b), (b, a), (a, a)):
        found = equivalent(one, two, options=PLAIN)
        assert found.verdict == "equivalent", found.invariant
        assert replays(one, two, found.certificate)


@pytest.mark.parametrize("name", DIFFERENT)
def test_parts_beside_rows_are_never_dropped(name: str) -> None:
    a, b = DIFFERENT[name]
    for one, two in ((a, b), (b, a)):
        found = equivalent(one, two, options=PLAIN)
        assert found.verdict == "structurally_different"
        assert found.invariant is not None and found.invariant.text
        same = equivalent(one, one, options=PLAIN).certificate
        assert same is not None and not replays(one, two, same)


def test_conditional_rows_are_no_bounds_and_do_not_merge_with_others() -> None:
    single = Csr(ints(0, 2, 4, 5), ints(0, 1, 2, 3, 0), floats(1, 1, 1, 1, 1), N)
    sides = {"row_lower": floats(1, 1, 1), "row_upper": floats(INF, INF, INF), "matrix": single}
    conditional = base(indicators=Indicators(ints(2), ints(3), ints(1)), **sides)
    assert equivalent(conditional, base(**sides), options=PLAIN).verdict == "structurally_different"
    twice = Csr(ints(0, 2, 4, 6), ints(0, 1, 2, 3, 0, 1), floats(1, 1, 1, 1, 1, 1), N)
    sides["matrix"] = twice
    conditional = base(indicators=Indicators(ints(2), ints(3), ints(1)), **sides)
    assert equivalent(conditional, base(**sides), options=PLAIN).verdict == "structurally_different"
    assert equivalent(base(**sides), base(), options=PLAIN).verdict == "equivalent"


def test_a_deep_expression_is_refused_by_name() -> None:
    deep: Template = x(0)
    for _ in range(5_000):
        deep = TUnary("abs", deep)
    found = equivalent(base(), base(nonlinear_rows=curve(0, deep)), options=PLAIN)
    assert found.verdict == "undecided" and "nested" in found.budget
