"""Points put into a model in exact arithmetic, and points of a solver made exactly feasible where that can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solvers.compare import FEASIBILITY
from solvers.model import INTEGER, SEMICONTINUOUS, SEMIINTEGER
from solvers.structure_check import check_model
from verify.equivalence.plain import PlainColumn, PlainModel, PlainRow

if TYPE_CHECKING:
    from solvers.model import Model

ACTIVE = 1e-6
"""A row or bound within this (relative to its size) of a solver's point is taken to hold with equality there."""
MOST_UNKNOWNS = 80
_DENOMINATORS = (1, 1000, 10**6)

Point = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model makes of a point: feasible or by how much not and where, and the objective in its own sense.

    `exact` unless a part of the model is no rational formula; then numbers are floating point and `tolerance` is named.
    """

    feasible: bool
    objective: Fraction
    violation: Fraction
    where: str
    exact: bool = True
    tolerance: str = "exact"

    def __str__(self) -> str:
        told = "feasible" if self.feasible else f"{self.where} is violated by {short(self.violation)}"
        return f"{told}, objective {short(self.objective)}" + ("" if self.exact else f" ({self.tolerance})")


def short(value: Fraction) -> str:
    """A rational for people: as it is, or to nine digits where it is long."""
    return str(value) if len(str(value)) <= 12 else f"{float(value):.9g}"


def evaluate(model: Model, numbers: PlainModel, x: Point) -> Evaluation:
    """A model's verdict on a point; `numbers` is the model untidied."""
    if not numbers.exact:
        at = np.array([float(v) for v in x])
        check = check_model(model, at)
        assert check is not None
        worst = Fraction(check.violation) if np.isfinite(check.violation) else Fraction(10**18)
        value = check.objective if check.objective is not None and np.isfinite(check.objective) else 0.0
        return Evaluation(bool(check.feasible), Fraction(value), worst, check.where, False, FEASIBILITY.name)
    worst, where = Fraction(0), ""
    for amount, label in _violations(numbers, x):
        if amount > worst:
            worst, where = amount, label
    sign = -1 if numbers.maximise else 1
    return Evaluation(not worst, sign * objective(numbers, x), worst, where)


def objective(numbers: PlainModel, x: Point) -> Fraction:
    """The first objective at a point, minimised."""
    total = numbers.constants[0] + sum((c.costs[0] * v for c, v in zip(numbers.columns, x) if v), Fraction(0))
    return total + sum((coef * x[i] * x[j] for (i, j), coef in numbers.products[0].items()), Fraction(0))


def activity(row: PlainRow, x: Point) -> Fraction:
    """The value of a row at a point."""
    linear = sum((coef * x[j] for j, coef in row.entries.items()), Fraction(0))
    return linear + sum((coef * x[i] * x[j] for (i, j), coef in row.products.items()), Fraction(0))


def excess(lower: Fraction | None, upper: Fraction | None, value: Fraction) -> Fraction:
    """By how much a value lies outside its bounds."""
    below = Fraction(0) if lower is None else lower - value
    above = Fraction(0) if upper is None else value - upper
    return max(below, above, Fraction(0))


def _violations(numbers: PlainModel, x: Point) -> Iterator[tuple[Fraction, str]]:
    for column, value in zip(numbers.columns, x):
        yield _column_violation(column, value), column.name
    for row in numbers.rows:
        if row.when is None or x[row.when[0]] == row.when[1]:
            yield excess(row.lower, row.upper, activity(row, x)), row.name


def _column_violation(column: PlainColumn, value: Fraction) -> Fraction:
    if column.kind in (SEMICONTINUOUS, SEMIINTEGER) and value == 0:
        return Fraction(0)
    outside = excess(column.lower, column.upper, value)
    whole = column.kind in (INTEGER, SEMIINTEGER)
    return max(outside, abs(value - round(value))) if whole else outside


def snapped(model: Model, numbers: PlainModel, x: np.ndarray) -> Point | None:
    """An exactly feasible point near a solver's, or None: simple fractions, else the rows that are tight solved."""
    if not numbers.exact:
        return tuple(Fraction(float(v)) for v in x)
    for candidate in _candidates(numbers, x):
        if evaluate(model, numbers, candidate).feasible:
            return candidate
    return None


def _candidates(numbers: PlainModel, x: np.ndarray) -> Iterator[Point]:
    values = [float(v) for v in x]
    for most in _DENOMINATORS:
        yield tuple(_settled(c, v, most) for c, v in zip(numbers.columns, values))
    solved = _solved(numbers, values)
    if solved is not None:
        yield solved


def _settled(column: PlainColumn, value: float, most: int) -> Fraction:
    """A value as a simple fraction: whole where it must be, at a bound that it is near to."""
    if column.kind in (INTEGER, SEMIINTEGER):
        return Fraction(round(value))
    for bound in (column.lower, column.upper):
        if bound is not None and abs(value - float(bound)) <= ACTIVE * (1 + abs(float(bound))):
            return bound
    if column.kind == SEMICONTINUOUS and abs(value) <= ACTIVE:
        return Fraction(0)
    return Fraction(value).limit_denominator(most)


def _solved(numbers: PlainModel, values: Sequence[float]) -> Point | None:
    """The point at which the tight rows hold exactly: whole numbers and columns at bounds fixed, the rest solved."""
    point = [_settled(c, v, 10**6) for c, v in zip(numbers.columns, values)]
    unknown = [
        j for j, c in enumerate(numbers.columns)
        if c.kind == 0 and point[j] not in (c.lower, c.upper)
    ]  # fmt: skip
    if not unknown or len(unknown) > MOST_UNKNOWNS:
        return None
    open_ = set(unknown)
    equations: list[tuple[dict[int, Fraction], Fraction]] = []
    for row in sorted(numbers.rows, key=lambda r: r.lower != r.upper):
        if row.products or (row.when is not None and point[row.when[0]] != row.when[1]):
            continue
        at = sum(float(coef) * values[j] for j, coef in row.entries.items())
        size = 1 + sum(abs(float(coef) * values[j]) for j, coef in row.entries.items())
        for end in {row.lower, row.upper} - {None}:
            assert end is not None
            if abs(at - float(end)) <= ACTIVE * size and open_ & row.entries.keys():
                fixed = sum((coef * point[j] for j, coef in row.entries.items() if j not in open_), Fraction(0))
                equations.append(({j: coef for j, coef in row.entries.items() if j in open_}, end - fixed))
    for j, value in _eliminated(equations, point).items():
        point[j] = value
    return tuple(point)


def _eliminated(
    equations: list[tuple[dict[int, Fraction], Fraction]], point: list[Fraction]
) -> dict[int, Fraction]:  # fmt: skip
    """The unknowns that equations determine, given the others; what contradicts an earlier equation is left out."""
    pivots: list[tuple[int, dict[int, Fraction], Fraction]] = []
    for entries, right in equations:
        for pivot, held, value in pivots:
            factor = entries.get(pivot)
            if factor:
                entries = {j: entries.get(j, Fraction(0)) - factor * held.get(j, Fraction(0)) for j in entries | held}
                right -= factor * value
        entries = {j: v for j, v in entries.items() if v}
        if not entries:
            continue
        pivot = max(entries, key=lambda j: abs(entries[j]))
        by = entries[pivot]
        pivots.append((pivot, {j: v / by for j, v in entries.items()}, right / by))
    found: dict[int, Fraction] = {}
    for pivot, held, value in reversed(pivots):
        rest = sum((v * found.get(j, point[j]) for j, v in held.items() if j != pivot), Fraction(0))
        found[pivot] = value - rest
    return found
