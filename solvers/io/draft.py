"""What a reader has gathered from a file, and the Model it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from solvers.model import Block, Csr, Indicators, Model, NonlinearRows, ObjectiveLevel, Quadratic, Sos
from solvers.template import Template

INFINITE = 1e20
"""Bounds and right-hand sides of this size are infinite in MPS and LP files: every solver reads them so."""

Triples = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass
class Draft:
    """Names, arrays and entries in coordinates; zeros and duplicates among the entries are still allowed."""

    name: str
    columns: Sequence[str]
    rows: Sequence[str]
    costs: np.ndarray
    col_lower: np.ndarray
    col_upper: np.ndarray
    kinds: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    entries: Triples
    sense: Literal["min", "max"] = "min"
    offset: float = 0.0
    quadratic: Triples | None = None
    quadratic_rows: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None
    nonlinear: Template | None = None
    nonlinear_rows: tuple[NonlinearRows, ...] = ()
    indicators: tuple[list[int], list[int], list[int]] = field(default_factory=lambda: ([], [], []))
    sos: list[Sos] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def indicate(self, row: int, column: int, active: int) -> None:
        """Let a row hold only where a column has a value."""
        for held, item in zip(self.indicators, (row, column, active)):
            held.append(item)

    def model(self) -> Model:
        """The model: entries summed, sorted by row and column, zeros left out."""
        n, m = len(self.columns), len(self.rows)
        rows, cols, active = self.indicators
        level = ObjectiveLevel(self.costs, self.offset, _objective(self.quadratic), self.nonlinear)
        return Model(
            self.name, self.sense, (level,), csr(*self.entries, m, n), self.row_lower, self.row_upper,
            self.col_lower, self.col_upper, self.kinds, block("columns", self.columns), block("rows", self.rows),
            _rows(self.quadratic_rows), self.nonlinear_rows, _indicators(rows, cols, active), tuple(self.sos),
            notes=tuple(self.notes),
        )  # fmt: skip


def block(name: str, labels: Sequence[str]) -> tuple[Block, ...]:
    """One block of named rows or columns."""
    return (Block(name, 0, len(labels), ("name",), labels=labels),) if len(labels) else ()


def csr(row: np.ndarray, col: np.ndarray, value: np.ndarray, rows: int, columns: int) -> Csr:
    """Coordinates as a sparse matrix: summed, sorted within rows, zeros left out."""
    key = row.astype(np.int64) * max(columns, 1) + col
    step = np.diff(key)
    if np.any(step <= 0):
        # Column-wise input is in order of columns already, for which a stable sort by row is enough and quicker.
        order = np.argsort(row if not np.any(np.diff(col) < 0) else key, kind="stable")
        key, value = key[order], value[order]
        step = np.diff(key)
        if np.any(step == 0):
            first = np.flatnonzero(np.concatenate([[True], step != 0]))
            key, value = key[first], np.add.reduceat(value, first)
    if not value.all():
        kept = value != 0.0
        key, value = key[kept], value[kept]
    row, col = np.divmod(key, max(columns, 1))
    dtype = np.int32 if len(key) < 2**31 else np.int64
    start = np.zeros(rows + 1, dtype)
    np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
    return Csr(start, col.astype(np.int32), np.ascontiguousarray(value, dtype=np.float64), columns)


def _objective(found: Triples | None) -> Quadratic | None:
    if found is None:
        return None
    merged = _rows((np.zeros(len(found[0]), np.int64), *found))
    return None if merged is None else Quadratic(merged.i, merged.j, merged.coef)


def _rows(found: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None) -> Quadratic | None:
    """Entries with i <= j, each once, sorted; None where nothing is left."""
    if found is None or not len(found[0]):
        return None
    row, a, b, coef = found
    i, j = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((j, i, row))
    row, i, j, coef = row[order], i[order], j[order], coef[order]
    new = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(i) != 0) | (np.diff(j) != 0)])
    first = np.flatnonzero(new)
    coef = np.add.reduceat(coef, first)
    row, i, j = row[first], i[first], j[first]
    kept = coef != 0.0
    if not kept.any():
        return None
    return Quadratic(i[kept].astype(np.int32), j[kept].astype(np.int32), coef[kept], row[kept].astype(np.int64))


def _indicators(rows: list[int], cols: list[int], active: list[int]) -> Indicators | None:
    if not rows:
        return None
    order = np.argsort(rows, kind="stable")
    return Indicators(np.array(rows)[order], np.array(cols)[order], np.array(active)[order])
