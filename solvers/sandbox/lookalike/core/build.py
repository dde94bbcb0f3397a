"""A program as a `solvers.Model`: its own columns and rows first, then what general constraints add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solvers.errors import UnsupportedError
from solvers.sandbox.lookalike.core.expressions import Quadratic, Variable
from solvers.sandbox.lookalike.core.program import Level, Program
from solvers.sandbox.lookalike.core.trees import Node, template

if TYPE_CHECKING:
    from solvers.model import Model, NonlinearRows, ObjectiveLevel, Sos

INFINITE = 1e20
"""Bounds and right-hand sides of this size are infinite to the libraries."""
KINDS = {"C": 0, "B": 1, "I": 1, "S": 2, "N": 3}
"""The codes of `solvers.model` by the letters of the libraries."""


@dataclass(frozen=True, eq=False)
class Built:
    """The model; its first `columns` columns and `rows` rows are those of the program, then its quadratic rows."""

    model: Model
    columns: int
    rows: int
    quadratic_rows: int


class Draft:
    """Lists that grow: columns, rows in coordinates, and what stands beside them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        data = [v._column for v in program.columns]
        self.names = _named([c.name for c in data], "C")
        self.lower = [max(c.lower, 0.0) if c.kind == "B" else c.lower for c in data]
        self.upper = [min(c.upper, 1.0) if c.kind == "B" else c.upper for c in data]
        self.kinds = [KINDS[c.kind] for c in data]
        self.costs = [c.cost for c in data]
        self.row_names: list[str] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.sizes: list[int] = []
        self.cols: list[int] = []
        self.values: list[float] = []
        self.quadratic: tuple[list[int], list[int], list[int], list[float]] = ([], [], [], [])
        self.nonlinear: list[NonlinearRows] = []
        self.indicators: tuple[list[int], list[int], list[int]] = ([], [], [])
        self.sos: list[Sos] = []

    def column(self, name: str, lower: float = 0.0, upper: float = np.inf, kind: int = 0, cost: float = 0.0) -> int:
        """A further column."""
        self.names.append(name)
        self.lower.append(lower)
        self.upper.append(upper)
        self.kinds.append(kind)
        self.costs.append(cost)
        return len(self.names) - 1

    def binary(self, variable: Variable) -> int:
        """The position of a variable that has to be 0 or 1 whatever it was declared to be."""
        at = variable._column.index
        self.lower[at], self.upper[at] = max(self.lower[at], 0.0), min(self.upper[at], 1.0)
        self.kinds[at] = 1
        return at

    def row(self, name: str, terms: Iterable[tuple[int, float]], lower: float, upper: float) -> int:
        """A further row, terms as (column, coefficient)."""
        before = len(self.cols)
        for at, value in terms:
            self.cols.append(at)
            self.values.append(value)
        return self._end(name, len(self.cols) - before, lower, upper)

    def row_of(self, name: str, coefs: dict[Variable, float], lower: float, upper: float) -> int:
        """A further row, coefficient by variable."""
        self.cols.extend([v._column.index for v in coefs])
        self.values.extend(coefs.values())
        return self._end(name, len(coefs), lower, upper)

    def _end(self, name: str, size: int, lower: float, upper: float) -> int:
        self.row_names.append(name)
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.sizes.append(size)
        return len(self.row_names) - 1

    def quadratic_row(self, name: str, form: Quadratic, lower: float, upper: float) -> int:
        """A further row with products."""
        row = self.row_of(name, form._part._merged(), lower, upper)
        for a, b, weight in form._triples():
            self.product(row, a._column.index, b._column.index, weight)
        return row

    def product(self, row: int, i: int, j: int, weight: float) -> None:
        """weight * x[i] * x[j] in a row."""
        rows, left, right, weights = self.quadratic
        rows.append(row)
        left.append(i)
        right.append(j)
        weights.append(weight)

    def nonlinear_row(self, name: str, tree: Node, result: Variable | None, lower: float, upper: float) -> int:
        """lower <= tree - result <= upper."""
        from solvers.model import NonlinearRows

        row = self.row(name, [] if result is None else [(result._column.index, -1.0)], lower, upper)
        self.nonlinear.append(NonlinearRows(np.array([row]), template(tree)))
        return row

    def indicate(self, row: int, column: int, active: int) -> None:
        """Let a row hold only where a 0-1 column has a value."""
        for held, item in zip(self.indicators, (row, column, active)):
            held.append(item)

    def ordered(self, kind: int, columns: Sequence[int], weights: Sequence[float], label: str) -> None:
        """A special ordered set."""
        from solvers.model import Sos

        self.sos.append(Sos(kind, np.array(columns, dtype=np.int64), np.array(weights, dtype=np.float64), label))

    def model(self) -> Model:
        """All of it as a model."""
        from solvers.io.draft import Draft as Arrays

        program = self.program
        rows = np.repeat(np.arange(len(self.sizes)), np.array(self.sizes, dtype=np.int64))
        arrays = Arrays(
            program.name, _distinct(self.names), _distinct(self.row_names), np.array(self.costs, dtype=np.float64),
            _bounds(self.lower), _bounds(self.upper), np.array(self.kinds, dtype=np.int8), _bounds(self.row_lower),
            _bounds(self.row_upper),
            (rows, np.array(self.cols, dtype=np.int64), np.array(self.values, dtype=np.float64)),
            "min" if program.sense >= 0 else "max", program.offset,
            nonlinear=None if program.nonlinear is None else template(program.nonlinear),
            nonlinear_rows=tuple(self.nonlinear), indicators=self.indicators, sos=self.sos,
        )  # fmt: skip
        if program.quadratic:
            i, j, weights = zip(*program.quadratic)
            arrays.quadratic = (_positions(i), _positions(j), np.array(weights, dtype=np.float64))
        if self.quadratic[0]:
            row, a, b, coef = self.quadratic
            arrays.quadratic_rows = (np.array(row), np.array(a), np.array(b), np.array(coef, dtype=np.float64))
        model = arrays.model()
        if not program.levels:
            return model
        if program.quadratic or program.nonlinear is not None or program.pieces:
            raise UnsupportedError("several objectives of which one is not linear", remedy="make all of them linear")
        return replace(model, levels=_levels(program.levels, model.objective))


def build(program: Program) -> Built:
    """The model of a program; nothing may be waiting. Raises UnsupportedError for what has no form here."""
    from solvers.sandbox.lookalike.core.bridges import add_general, add_pieces

    draft = Draft(program)
    names = _named([row._name for row in program.rows], "R")
    for name, row in zip(names, program.rows):
        draft.row_of(name, row._coefs, row._lower, row._upper)
    names = _named([row._name for row in program.quadratic_rows], "QC")
    for name, curved in zip(names, program.quadratic_rows):
        draft.quadratic_row(name, curved._form, curved._lower, curved._upper)
    for special in program.sets:
        columns = [v._column.index for v in special._variables]
        draft.ordered(special._kind, columns, special._weights, special._name or f"sos{special._index}")
    for name, general in zip(_named([g._name for g in program.generals], "GC"), program.generals):
        add_general(draft, name, general._meaning)
    for variable, points in program.pieces.items():
        add_pieces(draft, variable, *points)
    return Built(draft.model(), len(program.columns), len(program.rows), len(program.quadratic_rows))


def _levels(levels: dict[int, Level], own: ObjectiveLevel) -> tuple[ObjectiveLevel, ...]:
    """The objectives by falling priority, those of one priority added up; `own` is that of the costs."""
    from solvers.model import ObjectiveLevel

    grouped: dict[int, tuple[np.ndarray, float]] = {}
    for level in levels.values():
        costs, offset = grouped.get(level.priority, (np.zeros(len(own.costs)), 0.0))
        if level.form is None:
            costs += level.weight * own.costs
            offset += level.weight * own.offset
        else:
            for variable, coef in level.form._terms():
                costs[variable._column.index] += level.weight * coef
            offset += level.weight * level.form._constant
        grouped[level.priority] = (costs, offset)
    return tuple(
        ObjectiveLevel(costs, offset, priority=priority)
        for priority, (costs, offset) in sorted(grouped.items(), reverse=True)
    )


def _positions(variables: Iterable[Variable]) -> np.ndarray:
    return np.array([v._column.index for v in variables], dtype=np.int64)


def _bounds(values: list[float]) -> np.ndarray:
    """As an array, with what is infinite to the libraries infinite."""
    out = np.array(values, dtype=np.float64)
    out[out >= INFINITE] = np.inf
    out[out <= -INFINITE] = -np.inf
    return out


def _named(names: list[str], letter: str) -> list[str]:
    """Names, those that are missing by position."""
    return [name or f"{letter}{k}" for k, name in enumerate(names)]


def _distinct(names: list[str]) -> list[str]:
    """Names with a number behind those that came before."""
    used = set(names)
    if len(used) == len(names):
        return names
    counts: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        k = counts.get(name, 0)
        own = name
        while k and own in used:
            k += 1
            own = f"{name}#{k}"
        counts[name] = max(k, 1)
        used.add(own)
        out.append(own)
    return out
