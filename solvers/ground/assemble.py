"""Chunks of entries to sparse rows: sorted by row, duplicates summed, explicit zeros kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvers.ground.values import Even, Lin, Quad, entry_rows, full
from solvers.model import Quadratic


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """CSR pieces of n rows; `place[c]` maps the entries of chunk c to nonzeros (only when asked for)."""

    start: np.ndarray
    index: np.ndarray
    value: np.ndarray
    place: list[np.ndarray]


def assemble(n: int, chunks: Sequence[Lin], *, places: bool) -> Assembled:
    """Linear chunks of n rows as CSR."""
    chunks = [c for c in chunks if len(c.cols)]
    if not chunks:
        return Assembled(np.zeros(n + 1, np.int64), np.zeros(0, np.int32), np.zeros(0), [])
    even = _even(n, chunks[0]) if len(chunks) == 1 else None
    if even is not None:
        c = chunks[0]
        place = np.arange(len(c.cols)) if places else c.cols
        return Assembled(
            np.arange(n + 1) * even, c.cols.astype(np.int32, copy=False), full(c.coefs, len(c.cols)), [place]
        )
    if n and all(c.rows is None for c in chunks) and _apart(chunks):
        return _interleaved(n, chunks)
    rows = np.concatenate([entry_rows(c.rows, n) for c in chunks])
    cols = np.concatenate([c.cols for c in chunks])
    values = np.concatenate([full(c.coefs, len(c.cols)) for c in chunks])
    if _in_order(rows, cols):
        start = _starts(rows, n)
        place = np.arange(len(cols))
    else:
        rows, cols, values, place = _sorted(rows, cols, values)
        start = _starts(rows, n)
    pieces: list[np.ndarray] = []
    if places:
        at = 0
        for c in chunks:
            pieces.append(place[at : at + len(c.cols)])
            at += len(c.cols)
    return Assembled(start, cols.astype(np.int32, copy=False), np.asarray(values, dtype=np.float64), pieces)


def _apart(chunks: Sequence[Lin]) -> bool:
    """Whether the chunks' columns lie in ranges that do not touch: different families of variables."""
    ranges = sorted((int(c.cols.min()), int(c.cols.max())) for c in chunks)
    return all(high < low for (_, high), (low, _) in pairwise(ranges))


def _interleaved(n: int, chunks: Sequence[Lin]) -> Assembled:
    """Chunks with one entry per row each, in ranges apart: every row takes one of each, nothing to sort."""
    m = len(chunks)
    order = sorted(range(m), key=lambda k: int(chunks[k].cols[0]))
    cols = np.empty((n, m), dtype=np.int32)
    values = np.empty((n, m))
    place: list[np.ndarray] = [np.zeros(0, np.int64)] * m
    for at, k in enumerate(order):
        cols[:, at] = chunks[k].cols
        values[:, at] = chunks[k].coefs
        place[k] = np.arange(n) * m + at
    return Assembled(np.arange(n + 1) * m, cols.reshape(-1), values.reshape(-1), place)


def _even(n: int, chunk: Lin) -> int | None:
    """Entries per row, when a chunk has equally many in each row, in order, with ascending columns."""
    if chunk.rows is None:
        return 1
    if not isinstance(chunk.rows, Even):
        return None
    grid = chunk.cols.reshape(n, chunk.rows.m)
    return chunk.rows.m if bool((grid[:, 1:] > grid[:, :-1]).all()) else None


def _in_order(rows: np.ndarray, cols: np.ndarray) -> bool:
    """Rows ascend, and columns strictly ascend within each row: nothing to sort, nothing twice."""
    if len(rows) < 2:
        return True
    ascend = rows[1:] > rows[:-1]
    np.logical_or(ascend, (rows[1:] == rows[:-1]) & (cols[1:] > cols[:-1]), out=ascend)
    return bool(ascend.all())


def _starts(rows: np.ndarray, n: int) -> np.ndarray:
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=start[1:])
    return start


def _sorted(
    rows: np.ndarray, cols: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Sort by (row, column) and sum duplicates; the last result maps old entries to new ones."""
    key = rows.astype(np.int64) * (int(cols.max()) + 1) + cols
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.empty(len(key), dtype=bool)
    first[0] = True
    np.not_equal(key[1:], key[:-1], out=first[1:])
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.cumsum(first) - 1
    if first.all():
        return rows[order], cols[order], values[order], place
    starts = np.flatnonzero(first)
    return rows[order][starts], cols[order][starts], np.add.reduceat(values[order], starts), place


def quadratic(n: int, chunks: Sequence[Quad], row_offset: int | None) -> Quadratic | None:
    """Quadratic chunks merged; rows shifted by `row_offset`, or dropped (objective) when it is None."""
    chunks = [c for c in chunks if len(c.i)]
    if not chunks:
        return None
    rows = np.concatenate([entry_rows(c.rows, n) for c in chunks])
    i = np.concatenate([c.i for c in chunks])
    j = np.concatenate([c.j for c in chunks])
    coef = np.concatenate([full(c.coefs, len(c.i)) for c in chunks])
    order = np.lexsort((j, i, rows))
    rows, i, j, coef = rows[order], i[order], j[order], coef[order]
    first = np.ones(len(i), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (i[1:] != i[:-1]) | (j[1:] != j[:-1])
    starts = np.flatnonzero(first)
    summed = np.add.reduceat(coef, starts)
    return Quadratic(i[starts], j[starts], summed, None if row_offset is None else rows[starts] + row_offset)
