"""A model as whole numbers: every column a multiple of its step, every row and the objective in exact integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import numpy as np

from solvers.exact.bounds import derived_bounds
from solvers.exact.difference import Steps, prove
from solvers.exact.rational import as_integers, common_step, rational
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model
from solvers.template import TAffine

LARGEST = 2**62
"""No row, and no objective, may reach this anywhere within the bounds (CP-SAT's 64-bit arithmetic)."""
LARGEST_VALUE = 2**53
"""Column values are handed back as floats, which hold every whole number up to here."""


class Refused(Exception):
    """The model has no such form; `args[0]` says why, naming the row, column or coefficient."""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A row holds only where the 0-1 column equals `active`."""

    column: int
    active: int


@dataclass(frozen=True, slots=True)
class IntegerRow:
    """low <= sum of coefs * y[columns] <= high; None is no bound. `of` is the model's row."""

    columns: tuple[int, ...]
    coefs: tuple[int, ...]
    low: int | None
    high: int | None
    of: int
    under: Conditional | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """x[j] = step[j] * y[j] with whole y[j] in [low[j], high[j]] (or 0, where `semi`).

    The objective is offset + unit * (costs @ y[columns]).
    """

    step: tuple[Fraction, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    semi: frozenset[int]
    rows: tuple[IntegerRow, ...]
    columns: tuple[int, ...]
    costs: tuple[int, ...]
    unit: Fraction
    offset: float
    notes: tuple[str, ...] = field(default=())

    def point(self, y: list[int]) -> np.ndarray:
        """Values of the model's columns from whole ones."""
        return np.array([float(s * v) if s != 1 else float(v) for s, v in zip(self.step, y)])


def plan(model: Model) -> Plan:
    """The whole-number form of a linear model. Raises Refused naming what stands against it."""
    low, high = derived_bounds(model)
    steps = _steps(model, low, high)
    step = [Fraction(1)] * model.num_columns
    for j, value in steps.step.items():
        step[j] = value
    bounds = [_bound(model, j, step[j], low, high, steps) for j in range(model.num_columns)]
    lows, highs = tuple(b[0] for b in bounds), tuple(b[1] for b in bounds)
    semi = frozenset(np.flatnonzero((model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER)).tolist())
    reach = [max(abs(a), abs(b)) for a, b in zip(lows, highs)]
    rows = tuple(_rows(model, step, reach))
    columns = tuple(np.flatnonzero(model.objective.costs).tolist())
    costs, unit = as_integers([rational(float(model.objective.costs[j])) * step[j] for j in columns])
    if sum(abs(c) * reach[j] for c, j in zip(costs, columns)) >= LARGEST:
        k = max(range(len(columns)), key=lambda k: unit.denominator and (rational(
            float(model.objective.costs[columns[k]])).denominator, abs(costs[k])))  # fmt: skip
        raise Refused(_overflow(model, "the objective", columns[k], float(model.objective.costs[columns[k]])))
    count = sum(1 for j in steps.step if model.kinds[j] == CONTINUOUS or model.kinds[j] == SEMICONTINUOUS)
    notes = (f"{count} continuous variables take whole steps without loss: their rows are differences",)
    return Plan(tuple(step), lows, highs, semi, rows, columns, tuple(costs), unit, model.objective.offset,
                notes if count else ())  # fmt: skip


# -- columns -----------------------------------------------------------------------------------------


def _steps(model: Model, low: np.ndarray, high: np.ndarray) -> Steps:
    continuous = (model.kinds == CONTINUOUS) | (model.kinds == SEMICONTINUOUS)
    endless = (model.kinds == INTEGER) & ~(np.isfinite(low) & np.isfinite(high))
    gap = np.flatnonzero((model.kinds == SEMIINTEGER) & ~(np.isfinite(low) & np.isfinite(high)))
    if len(gap):
        raise Refused(_endless(model, int(gap[0]), low))
    asked = continuous | endless
    if not asked.any():
        return Steps()
    found = prove(model, asked, low, high)
    if isinstance(found, Steps):
        _refuse_held_levels(model, asked)
        return found
    if continuous.any():
        j = int(np.flatnonzero(continuous)[0])
        raise Refused(f"{model.column_label(j)} is continuous, and whole steps may lose the optimum: {found}")
    raise Refused(_endless(model, int(np.flatnonzero(endless)[0]), low))


def _endless(model: Model, j: int, low: np.ndarray) -> str:
    side = "lower" if not np.isfinite(low[j]) else "upper"
    return f"{model.column_label(j)} has no {side} bound, nor do the rows imply one"


def _refuse_held_levels(model: Model, asked: np.ndarray) -> None:
    """A higher objective that is held becomes a row, which must be a difference too."""
    for level in model.levels[:-1]:
        if np.count_nonzero(level.costs[asked]) > 1:
            j = int(np.flatnonzero(asked & (level.costs != 0))[0])
            raise Refused(f"{model.column_label(j)} is continuous, in an objective that comes before another")


def _bound(
    model: Model, j: int, step: Fraction, low: np.ndarray, high: np.ndarray, steps: Steps
) -> tuple[int, int]:
    a = rational(float(low[j])) if np.isfinite(low[j]) else steps.low[j]
    b = rational(float(high[j])) if np.isfinite(high[j]) else steps.high[j]
    first, last = (ceil(a), floor(b)) if step == 1 else (ceil(a / step), floor(b / step))
    if max(abs(first), abs(last)) > LARGEST_VALUE:
        most = float(max(abs(a), abs(b)))
        raise Refused(f"{model.column_label(j)} may reach {most:.3g} in steps of {step}, beyond 2**53")
    return first, last


# -- rows --------------------------------------------------------------------------------------------


def _rows(model: Model, step: list[Fraction], reach: list[int]) -> list[IntegerRow]:
    matrix = model.matrix
    under: dict[int, Conditional] = {}
    if model.indicators is not None:
        found = model.indicators
        for r, j, active in zip(found.row.tolist(), found.column.tolist(), found.active.tolist()):
            under[r] = Conditional(j, int(active))
    start, index, value = matrix.start.tolist(), matrix.index.tolist(), matrix.value.tolist()
    low, high = model.row_lower.tolist(), model.row_upper.tolist()
    odd = frozenset(j for j, s in enumerate(step) if s != 1)
    out = []
    for r in range(model.num_rows):
        entries = [(index[k], value[k]) for k in range(start[r], start[r + 1]) if value[k] != 0.0]
        row = _row(model, r, entries, low[r], high[r], step, odd, reach, under.get(r))
        if row is not None:
            out.append(row)
    return out


def _row(
    model: Model, r: int, entries: list[tuple[int, float]], low: float, high: float, step: list[Fraction],
    odd: frozenset[int], reach: list[int], under: Conditional | None,
) -> IntegerRow | None:
    columns = [j for j, _ in entries]
    coefs, unit = as_integers([rational(v) * step[j] if j in odd else rational(v) for j, v in entries])
    least = None if low == -np.inf else ceil(rational(low) / unit)
    most = None if high == np.inf else floor(rational(high) / unit)
    extent = sum(abs(c) * reach[j] for c, j in zip(coefs, columns))
    if extent >= LARGEST:
        j, v = max(entries, key=lambda e: (rational(e[1]).denominator, abs(e[1])))
        raise Refused(_overflow(model, model.row_label(r), j, v))
    if least is not None and least <= -extent:
        least = None
    if most is not None and most >= extent:
        most = None
    if least is None and most is None:
        return None
    if (least is not None and least > extent) or (most is not None and most < -extent):
        # Cannot hold within the bounds: said in the smallest numbers that say so.
        return IntegerRow((), (), 1, None, r, under)
    return IntegerRow(tuple(columns), tuple(coefs), least, most, r, under)


def _overflow(model: Model, where: str, j: int, value: float) -> str:
    return (
        f"{where} cannot be written in whole numbers below 2**62: the coefficient {value!r} of {model.column_label(j)}"
    )


@dataclass(frozen=True, slots=True)
class Affine:
    """constant + coefs @ y[columns], in whole numbers; `low` and `high` are its least and greatest value."""

    columns: tuple[int, ...]
    coefs: tuple[int, ...]
    constant: int
    low: int
    high: int


def affine(made: Plan, label: str, *tables: TAffine) -> list[list[Affine]]:
    """The formulas of a global constraint, all in whole numbers of one unit. Raises Refused beyond 2**62."""
    raw = []
    for table in tables:
        start = table.start.tolist()
        for a, b, c in zip(start, start[1:], table.constant.tolist()):
            entries = [(int(j), rational(float(v)) * made.step[int(j)])
                       for j, v in zip(table.cols[a:b], table.coefs[a:b]) if v != 0.0]  # fmt: skip
            raw.append((entries, rational(float(c))))
    unit = common_step([v for entries, _ in raw for _, v in entries] + [c for _, c in raw]) or Fraction(1)
    done = iter([_affine(made, entries, constant, unit, label) for entries, constant in raw])
    return [[next(done) for _ in table.constant] for table in tables]


def _affine(
    made: Plan, entries: list[tuple[int, Fraction]], constant: Fraction, unit: Fraction, label: str
) -> Affine:
    columns = tuple(j for j, _ in entries)
    coefs = tuple(int(v / unit) for _, v in entries)
    fixed = int(constant / unit)
    ends = [(c * made.low[j], c * made.high[j]) for c, j in zip(coefs, columns)]
    low, high = fixed + sum(map(min, ends)), fixed + sum(map(max, ends))
    if max(abs(low), abs(high)) >= LARGEST // 2:
        raise Refused(f"{label} cannot be written in whole numbers below 2**61")
    return Affine(columns, coefs, fixed, low, high)
