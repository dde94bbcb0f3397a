"""Columnar index frames: the rows over which a formula is evaluated at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from solvers.formulation import Label
from solvers.ground.sets import Column, Domain, GroundSet, Universe
from solvers.ground.values import ragged_gather


@dataclass(eq=False)
class Frame:
    """`n` rows; `columns` holds the indices in scope.

    `grid` names the indices and their domain when the rows are that whole domain in row-major order:
    then a reference `x[i, j]` by those indices needs no look-up.
    """

    n: int
    columns: Mapping[str, Column] = field(default_factory=dict)
    grid: tuple[tuple[str, ...], Domain] | None = None

    @cached_property
    def all_rows(self) -> np.ndarray:
        """0 .. n - 1, made once."""
        return np.arange(self.n)

    def take(self, rows: np.ndarray) -> Frame:
        """The frame at some rows."""
        return Frame(len(rows), {name: c.take(rows) for name, c in self.columns.items()})

    def where(self, mask: np.ndarray) -> tuple[np.ndarray, Frame]:
        """Row numbers where the mask holds, and the frame there."""
        rows = np.flatnonzero(mask)
        return rows, self.take(rows)

    def with_columns(self, names: tuple[str, ...], columns: tuple[Column, ...]) -> Frame:
        """The same rows with more indices."""
        return Frame(self.n, {**self.columns, **dict(zip(names, columns))})

    def describe(self, row: int, universe: Universe) -> tuple[Label, ...]:
        """The labels of all indices at one row, for messages."""
        return tuple(universe.decode(int(c.values[row]), c.kind) for c in self.columns.values())


ROOT = Frame(1)


def expand_uniform(frame: Frame, names: tuple[str, ...], source: GroundSet) -> tuple[Frame, np.ndarray]:
    """Each row times each element of one set. Returns the inner frame and the parent of each of its rows."""
    n, m = frame.n, source.size
    positions = np.arange(m) if n == 1 else np.tile(np.arange(m), n)
    parent = np.zeros(m, dtype=np.int64) if n == 1 else np.repeat(np.arange(n), m)
    if n == 1 and frame.columns:
        columns = {name: c.take(parent) for name, c in frame.columns.items()}
    else:
        columns = {name: _repeat(c, m) for name, c in frame.columns.items()}
    for component, name in enumerate(names):
        columns[name] = source.column(component, positions)
    grid = None
    if n == 1 and not frame.columns:
        grid = (names, Domain((source,)))
    elif frame.grid is not None:
        grid = (frame.grid[0] + names, Domain((*frame.grid[1].factors, source)))
    return Frame(n * m, columns, grid), parent


def _repeat(column: Column, m: int) -> Column:
    positions = None if column.positions is None else np.repeat(column.positions, m)
    return Column(np.repeat(column.values, m), column.kind, column.of, positions)


def expand_ragged(
    frame: Frame, names: tuple[str, ...], start: np.ndarray, count: np.ndarray, pool: tuple[Column, ...]
) -> tuple[Frame, np.ndarray]:
    """Row r times pool entries start[r] .. start[r] + count[r] - 1."""
    entries = ragged_gather(start, count)
    parent = np.repeat(np.arange(frame.n), count)
    columns = {name: c.take(parent) for name, c in frame.columns.items()}
    for name, column in zip(names, pool):
        columns[name] = column.take(entries)
    return Frame(len(parent), columns), parent
