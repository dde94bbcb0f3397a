"""Columnar index frames: the rows over which a formula is evaluated at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from solvers.errors import GroundingError
from solvers.formulation import Label
from solvers.ground.sets import Column, Domain, GroundSet, Universe
from solvers.ground.values import Even, ragged_gather


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

    def grid_positions(self, names: Sequence[str], domain: Domain) -> np.ndarray | None:
        """Flat positions in a domain of keys that are indices of the grid, by strides; None where that fails."""
        if self.grid is None:
            return None
        held, grid = self.grid
        shape = [f.size for f in grid.factors]
        dtype = np.int32 if domain.size < 2**31 else np.int64
        flat = np.zeros((1,) * len(shape), dtype=dtype)
        at, stride = 0, domain.size
        for factor in domain.factors:
            stride //= max(1, factor.size)
            wanted = tuple(names[at : at + factor.dimension])
            at += factor.dimension
            first = 0
            for dim, candidate in enumerate(grid.factors):
                if candidate is factor and held[first : first + candidate.dimension] == wanted:
                    line = np.arange(factor.size, dtype=dtype) * stride
                    flat = flat + line.reshape([-1 if d == dim else 1 for d in range(len(shape))])
                    break
                first += candidate.dimension
            else:
                return None
        return np.broadcast_to(flat, shape).reshape(-1)

    def describe(self, row: int, universe: Universe) -> tuple[Label, ...]:
        """The labels of all indices at one row, for messages."""
        return tuple(universe.decode(int(c.values[row]), c.kind) for c in self.columns.values())


ROOT = Frame(1)

MAX_ROWS = 200_000_000
"""Above this, index columns alone would take gigabytes."""


def refuse_size(rows: int) -> None:
    """Refuse a frame that would not fit into memory. Raises GroundingError."""
    if rows > MAX_ROWS:
        raise GroundingError(
            f"loops over {rows:,} index combinations are over the cap of {MAX_ROWS:,}",
            remedy="loop over a sparse set of the combinations that exist, instead of a full product",
        )


def expand_uniform(frame: Frame, names: tuple[str, ...], source: GroundSet) -> tuple[Frame, Even]:
    """Each row times each element of one set. Returns the inner frame and the parent of each of its rows."""
    n, m = frame.n, source.size
    refuse_size(n * m)
    columns = {name: c.map(lambda array: np.repeat(array, m)) for name, c in frame.columns.items()}
    for component, name in enumerate(names):
        columns[name] = source.spread(component, n)
    grid = None
    if n == 1 and not frame.columns:
        grid = (names, Domain((source,)))
    elif frame.grid is not None:
        grid = (frame.grid[0] + names, Domain((*frame.grid[1].factors, source)))
    return Frame(n * m, columns, grid), Even(n, m)


def expand_ragged(
    frame: Frame, names: tuple[str, ...], start: np.ndarray, count: np.ndarray, pool: tuple[Column, ...]
) -> tuple[Frame, np.ndarray]:
    """Row r times pool entries start[r] .. start[r] + count[r] - 1."""
    refuse_size(int(count.sum()))
    entries = ragged_gather(start, count)
    parent = np.repeat(np.arange(frame.n), count)
    columns = {name: c.take(parent) for name, c in frame.columns.items()}
    for name, column in zip(names, pool):
        columns[name] = column.take(entries)
    return Frame(len(parent), columns), parent
