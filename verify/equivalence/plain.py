"""A model as columns and rows of exact numbers with names, lightly tidied: what people compare and points are put into.

Maximisation becomes minimisation, one-column rows become bounds, parallel rows one interval, rows that ask for
nothing go. Rows keep the scale of the original, so that its numbers can be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, isinf
from typing import TYPE_CHECKING

import numpy as np

from solvers.model import INTEGER, SEMICONTINUOUS, SEMIINTEGER
from solvers.template import columns_of, functions_of

if TYPE_CHECKING:
    from solvers.model import Model, Quadratic

KINDS = {0: "continuous", INTEGER: "integer", SEMICONTINUOUS: "semicontinuous", SEMIINTEGER: "semi-integer"}
Products = Mapping[tuple[int, int], Fraction]


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column: its kind (codes of Model), bounds (None: none) and cost per objective level, minimised."""

    name: str
    kind: int
    lower: Fraction | None
    upper: Fraction | None
    costs: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class PlainRow:
    """lower <= entries @ x + products <= upper; `when` = (column, value) of an indicator; `formula` tells a nonlinear
    part by its columns and functions, which is not its whole meaning."""

    name: str
    entries: Mapping[int, Fraction]
    lower: Fraction | None
    upper: Fraction | None
    products: Products
    when: tuple[int, int] | None = None
    formula: str = ""

    @property
    def linear(self) -> bool:
        """Whether nothing but linear terms, always asked for, make the row."""
        return not self.products and self.when is None and not self.formula


@dataclass(frozen=True, slots=True)
class PlainModel:
    """Columns, rows, and per objective level the constant and products; `special` tells sets and global constraints
    by their columns."""

    columns: tuple[PlainColumn, ...]
    rows: tuple[PlainRow, ...]
    maximise: bool
    constants: tuple[Fraction, ...]
    products: tuple[Products, ...]
    formulas: tuple[str, ...]
    special: tuple[tuple[str, str, tuple[int, ...]], ...]

    @property
    def exact(self) -> bool:
        """Whether the numbers tell the whole model: no nonlinear formula, no special or global constraint."""
        return not self.special and not any(self.formulas) and not any(row.formula for row in self.rows)


@lru_cache(maxsize=1 << 16)
def exact(value: float) -> Fraction:
    """The shortest decimal that reads back as the float."""
    return Fraction(repr(value))


def side(value: float) -> Fraction | None:
    """A bound; None where it is infinite."""
    return None if isinf(value) else exact(value)


def plain(model: Model, tidy: bool = True) -> PlainModel:
    """The model in exact numbers; `tidy` False leaves rows as they are (only the objective is minimised)."""
    sign = -1 if model.sense == "max" else 1
    costs = [[sign * exact(c) for c in level.costs.tolist()] for level in model.levels]
    columns = [
        PlainColumn(model.column_label(j), int(kind), side(low), side(high), tuple(level[j] for level in costs))
        for j, (kind, low, high) in enumerate(
            zip(model.kinds.tolist(), model.col_lower.tolist(), model.col_upper.tolist())
        )
    ]
    rows = _rows(model)
    if tidy:
        columns, rows = _tidied(columns, rows)
    return PlainModel(
        tuple(columns), tuple(rows), sign < 0,
        tuple(sign * exact(level.offset) for level in model.levels),
        tuple(_products(level.quadratic, sign) for level in model.levels),
        tuple("" if level.nonlinear is None else _formula(level.nonlinear, model) for level in model.levels),
        _special(model),
    )  # fmt: skip


def _products(quadratic: Quadratic | None, sign: int) -> dict[tuple[int, int], Fraction]:
    found: dict[tuple[int, int], Fraction] = {}
    if quadratic is not None:
        for i, j, coef in zip(quadratic.i.tolist(), quadratic.j.tolist(), quadratic.coef.tolist()):
            key = (min(i, j), max(i, j))
            found[key] = found.get(key, Fraction(0)) + sign * exact(coef)
    return {key: coef for key, coef in found.items() if coef}


def _formula(template: object, model: Model) -> str:
    names = sorted(functions_of(template))  # type: ignore[arg-type]
    return f"{'/'.join(names)} of {len(columns_of(template))} columns"  # type: ignore[arg-type]


def _rows(model: Model) -> list[PlainRow]:
    matrix = model.matrix
    entries: list[dict[int, Fraction]] = [{} for _ in range(model.num_rows)]
    for i, j, value in zip(matrix.row_of().tolist(), matrix.index.tolist(), matrix.value.tolist()):
        entries[i][j] = entries[i].get(j, Fraction(0)) + exact(value)
    products: dict[int, dict[tuple[int, int], Fraction]] = {}
    quadratic = model.quadratic_rows
    if quadratic is not None and quadratic.row is not None:
        for r, i, j, coef in zip(
            quadratic.row.tolist(), quadratic.i.tolist(), quadratic.j.tolist(), quadratic.coef.tolist()
        ):
            held, key = products.setdefault(r, {}), (min(i, j), max(i, j))
            held[key] = held.get(key, Fraction(0)) + exact(coef)
    when: dict[int, tuple[int, int]] = {}
    if model.indicators is not None:
        found = model.indicators
        when = {int(r): (int(c), int(v)) for r, c, v in zip(found.row, found.column, found.active)}
    formulas: dict[int, str] = {}
    for block in model.nonlinear_rows:
        text = _formula(block.template, model)
        formulas.update({int(r): formulas.get(int(r), "") + text for r in block.rows})
    return [
        PlainRow(
            model.row_label(i), {j: v for j, v in entries[i].items() if v}, side(low), side(high),
            {k: v for k, v in products.get(i, {}).items() if v}, when.get(i), formulas.get(i, ""),
        )
        for i, (low, high) in enumerate(zip(model.row_lower.tolist(), model.row_upper.tolist()))
    ]  # fmt: skip


def _special(model: Model) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    found = []
    for item in model.sos:
        order = np.argsort(item.weights, kind="stable") if item.kind == 2 else np.argsort(item.columns)
        found.append((f"sos{item.kind}", item.label, tuple(int(j) for j in item.columns[order])))
    for rule in model.globals:
        parts = [getattr(rule, name, None) for name in ("start", "values")]
        columns = {int(j) for part in parts if part is not None for j in part.cols}
        columns |= {int(j) for j in getattr(rule, "columns", ())}
        found.append((type(rule).__name__, rule.label, tuple(sorted(columns))))
    return tuple(found)


def _tidied(columns: list[PlainColumn], rows: list[PlainRow]) -> tuple[list[PlainColumn], list[PlainRow]]:
    kept: dict[object, PlainRow] = {}
    for number, row in enumerate(rows):
        if row.lower is None and row.upper is None:
            continue
        if not row.linear:
            kept[number] = row
        elif len(row.entries) == 1:
            ((j, coef),) = row.entries.items()
            if columns[j].kind >= SEMICONTINUOUS:
                kept[number] = row
            else:
                columns[j] = bounded(columns[j], *interval(row.lower, row.upper, coef))
        elif not row.entries:
            if (row.lower or 0) > 0 or (row.upper is not None and row.upper < 0):
                kept[number] = row
        else:
            _add(kept, row)
    for j, column in enumerate(columns):
        if column.kind == INTEGER:
            low = None if column.lower is None else Fraction(ceil(column.lower))
            high = None if column.upper is None else Fraction(floor(column.upper))
            columns[j] = replace(column, lower=low, upper=high)
    return columns, list(kept.values())


def _add(kept: dict[object, PlainRow], row: PlainRow) -> None:
    """Join a row to one with the same left side, up to a factor."""
    first = row.entries[min(row.entries)]
    left = tuple(sorted((j, v / first) for j, v in row.entries.items()))
    before = kept.get(left)
    if before is None:
        kept[left] = row
        return
    factor = before.entries[min(before.entries)] / first
    low, high = interval(row.lower, row.upper, 1 / factor)
    kept[left] = replace(before, lower=_larger(before.lower, low), upper=_smaller(before.upper, high))


def interval(
    lower: Fraction | None, upper: Fraction | None, coef: Fraction
) -> tuple[Fraction | None, Fraction | None]:
    """The interval of x where lower <= coef * x <= upper."""
    ends = (None if lower is None else lower / coef, None if upper is None else upper / coef)
    return ends if coef > 0 else (ends[1], ends[0])


def bounded(column: PlainColumn, low: Fraction | None, high: Fraction | None) -> PlainColumn:
    """The column within further bounds."""
    return replace(column, lower=_larger(column.lower, low), upper=_smaller(column.upper, high))


def _larger(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return a if b is None else b if a is None else max(a, b)


def _smaller(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return a if b is None else b if a is None else min(a, b)
