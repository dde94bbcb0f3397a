"""The grounded program in arrays, with the origin of every row and column."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from solvers.formulation import Key, Sense
from solvers.template import TAffine, Template, evaluate

if TYPE_CHECKING:
    from os import PathLike

    from solvers.ground.sets import Domain, Universe
    from solvers.ground.slots import SlotMap
    from solvers.io.names import Names

CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER = 0, 1, 2, 3
"""Codes of `Model.kinds`."""


@dataclass(frozen=True, eq=False)
class Block:
    """A family of rows or columns: `size` consecutive ones from `start`, one per key of its domain.

    `index` names the indices; `part` numbers the comparisons of a chained or conjoined constraint.
    `labels` (size,) names rows or columns that come from a file: they are the keys, and no domain is set.
    """

    name: str
    start: int
    size: int
    index: tuple[str, ...] = ()
    domain: Domain | None = None
    universe: Universe | None = None
    part: int = 0
    labels: Sequence[str] | None = None

    def key(self, position: int) -> Key:
        """The key of the row or column at `start + position`."""
        if self.labels is not None:
            return (self.labels[position],)
        if self.domain is None or self.universe is None or not self.index:
            return ()
        return self.domain.key(position, self.universe)

    def keys(self) -> Sequence[Key]:
        """All keys, in order."""
        return self._keys

    @cached_property
    def _keys(self) -> tuple[Key, ...]:
        if self.labels is not None:
            return tuple(zip(self.labels))
        if self.domain is None or self.universe is None or not self.index:
            return ((),) * self.size
        decoded = [self.universe.decode_column(c) for c in self.domain.columns()]
        return tuple(zip(*decoded))

    @cached_property
    def _positions(self) -> dict[Key, int]:
        return {key: i for i, key in enumerate(self._keys)}

    def position(self, key: Key) -> int | None:
        """The position of a key within the block, or None."""
        return self._positions.get(key)

    def label(self, position: int) -> str:
        """`order[3]`, for messages and files; the name itself for rows and columns from a file."""
        if self.labels is not None:
            return self.labels[position]
        key = self.key(position)
        name = self.name if self.part == 0 else f"{self.name}#{self.part + 1}"
        return f"{name}[{', '.join(map(str, key))}]" if key else name


@dataclass(frozen=True, eq=False)
class Csr:
    """A sparse matrix by rows: `start` (rows + 1,), `index` and `value` (nonzeros,). Explicit zeros are kept."""

    start: np.ndarray
    index: np.ndarray
    value: np.ndarray
    columns: int

    @property
    def rows(self) -> int:
        return len(self.start) - 1

    @property
    def nonzeros(self) -> int:
        return len(self.index)

    def dot(self, x: np.ndarray) -> np.ndarray:
        """The product with a vector (columns,)."""
        totals = np.bincount(self.row_of(), weights=self.value * x[self.index], minlength=self.rows)
        return totals.astype(np.float64, copy=False)

    def row_of(self) -> np.ndarray:
        """The row of each nonzero."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    def row(self, r: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns and coefficients of one row."""
        cut = slice(int(self.start[r]), int(self.start[r + 1]))
        return self.index[cut], self.value[cut]

    def to_scipy(self) -> Any:
        """The same as a scipy.sparse.csr_array."""
        from scipy.sparse import csr_array

        return csr_array((self.value, self.index, self.start), shape=(self.rows, self.columns))


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Sum of coef * x[i] * x[j] over entries, with i <= j, no entry twice; `row` (nnz,) for constraint rows."""

    i: np.ndarray
    j: np.ndarray
    coef: np.ndarray
    row: np.ndarray | None = None

    def value(self, x: np.ndarray, rows: int = 1) -> np.ndarray:
        """The value per row, shape (rows,)."""
        products = self.coef * x[self.i] * x[self.j]
        if self.row is None:
            return np.array([products.sum()])
        return np.bincount(self.row, weights=products, minlength=rows)


@dataclass(frozen=True, eq=False)
class NonlinearRows:
    """A template whose row k belongs to model row `rows[k]`; it adds to that row's linear part."""

    rows: np.ndarray
    template: Template


@dataclass(frozen=True, eq=False)
class Indicators:
    """Row `row[k]` holds only where the 0-1 column `column[k]` equals `active[k]`. Arrays (k,), no row twice."""

    row: np.ndarray
    column: np.ndarray
    active: np.ndarray


@dataclass(frozen=True, eq=False)
class Sos:
    """At most `kind` (1 or 2) of the columns are not 0; two of them are neighbours in ascending order of `weights`."""

    kind: int
    columns: np.ndarray
    weights: np.ndarray
    label: str = ""


@dataclass(frozen=True, eq=False)
class NoOverlap:
    """The intervals from start[k] to start[k] + duration[k] share no inner point."""

    start: TAffine
    duration: TAffine
    label: str = ""


@dataclass(frozen=True, eq=False)
class AllDifferent:
    """No two of the values are equal."""

    values: TAffine
    label: str = ""


@dataclass(frozen=True, eq=False)
class Circuit:
    """The arcs whose 0-1 column is 1 form one circuit through all `nodes`; a loop at a node leaves it out.

    Arc k runs from node `tail[k]` to node `head[k]`, numbered from 0.
    """

    nodes: int
    tail: np.ndarray
    head: np.ndarray
    columns: np.ndarray
    label: str = ""


Global: TypeAlias = NoOverlap | AllDifferent | Circuit
GLOBALS: dict[type, str] = {NoOverlap: "no_overlap", AllDifferent: "alldifferent", Circuit: "circuit"}
"""The capability (solvers.reformulate.capabilities) that each sort of global constraint asks for."""


@dataclass(frozen=True, eq=False)
class ObjectiveLevel:
    """One priority level: offset + costs @ x + quadratic + nonlinear (a template of one row)."""

    costs: np.ndarray
    offset: float = 0.0
    quadratic: Quadratic | None = None
    nonlinear: Template | None = None
    priority: int = 0

    def value(self, x: np.ndarray) -> float:
        """The objective value at x."""
        total = self.offset + float(self.costs @ x)
        if self.quadratic is not None:
            total += float(self.quadratic.value(x)[0])
        if self.nonlinear is not None:
            total += float(evaluate(self.nonlinear, x)[0])
        return total


@dataclass(frozen=True, eq=False)
class Model:
    """sense of `levels[0]` (then of each further level) subject to row and column bounds.

    Shapes: n columns, m rows. `kinds` (n,) holds CONTINUOUS, INTEGER, SEMICONTINUOUS or SEMIINTEGER.
    A row's activity is its linear part, plus its entries in `quadratic_rows`, plus its template rows. It lies
    within the row's bounds, for rows under `indicators` only where the indicator is active.
    Every row and column belongs to exactly one block.
    """

    name: str
    sense: Sense
    levels: tuple[ObjectiveLevel, ...]
    matrix: Csr
    row_lower: np.ndarray
    row_upper: np.ndarray
    col_lower: np.ndarray
    col_upper: np.ndarray
    kinds: np.ndarray
    columns: tuple[Block, ...] = ()
    rows: tuple[Block, ...] = ()
    quadratic_rows: Quadratic | None = None
    nonlinear_rows: tuple[NonlinearRows, ...] = ()
    indicators: Indicators | None = None
    sos: tuple[Sos, ...] = ()
    globals: tuple[Global, ...] = ()
    notes: tuple[str, ...] = ()
    slots: SlotMap | None = field(default=None, repr=False)

    @property
    def num_columns(self) -> int:
        return len(self.col_lower)

    @property
    def num_rows(self) -> int:
        return len(self.row_lower)

    @property
    def objective(self) -> ObjectiveLevel:
        """The level that is optimised first."""
        return self.levels[0]

    @property
    def has_integers(self) -> bool:
        return bool(np.any((self.kinds == INTEGER) | (self.kinds == SEMIINTEGER)))

    @property
    def has_semicontinuous(self) -> bool:
        return bool(np.any(self.kinds >= SEMICONTINUOUS))

    @property
    def is_nonlinear(self) -> bool:
        return bool(self.nonlinear_rows) or any(level.nonlinear is not None for level in self.levels)

    @property
    def is_quadratic(self) -> bool:
        return self.quadratic_rows is not None or any(level.quadratic is not None for level in self.levels)

    @property
    def structure(self) -> tuple[str, ...]:
        """The capabilities (solvers.reformulate.capabilities) that rows alone do not express."""
        found = {GLOBALS[type(item)] for item in self.globals}
        found |= {"indicator"} if self.indicators is not None else set()
        found |= {"sos"} if self.sos else set()
        return tuple(sorted(found))

    @property
    def class_name(self) -> str:
        """LP, MILP, QP, MIQP, QCP, MIQCP, NLP or MINLP."""
        mixed = self.has_integers or self.has_semicontinuous or bool(self.structure)
        if self.is_nonlinear:
            return "MINLP" if mixed else "NLP"
        if self.quadratic_rows is not None:
            return "MIQCP" if mixed else "QCP"
        if self.is_quadratic:
            return "MIQP" if mixed else "QP"
        return "MILP" if mixed else "LP"

    def activity(self, x: np.ndarray) -> np.ndarray:
        """The value of every row at x, shape (m,)."""
        total = self.matrix.dot(x)
        if self.quadratic_rows is not None:
            total = total + self.quadratic_rows.value(x, self.num_rows)
        for block in self.nonlinear_rows:
            total[block.rows] += evaluate(block.template, x)
        return total

    @staticmethod
    def read(path: str | PathLike[str]) -> Model:
        """The model in a file: .mps, .lp or .nl, also .gz. Raises FormatError and UnsupportedError."""
        from solvers.io import read_model

        return read_model(path)

    def write(self, path: str | PathLike[str]) -> Names:
        """Write a file by its extension (.mps, .lp, .nl, also .gz); the names it got there, by position.

        Raises UnsupportedError for what the format cannot hold.
        """
        from solvers.io import write_model

        return write_model(self, path)

    def column_label(self, j: int) -> str:
        """The name of a column in the formulation's words."""
        return _label(self.columns, j, "x")

    def row_label(self, i: int) -> str:
        """The name of a row in the formulation's words."""
        return _label(self.rows, i, "row")


def _label(blocks: tuple[Block, ...], at: int, fallback: str) -> str:
    # Blocks stand in order, so the last one that starts at or before `at` holds it, if any does.
    k = bisect_right(blocks, at, key=lambda block: block.start) - 1
    if k >= 0 and at < blocks[k].start + blocks[k].size:
        return blocks[k].label(at - blocks[k].start)
    return f"{fallback}{at}"
