"""Rows that repeat each other, and how far a row can reach within the bounds."""

from __future__ import annotations

import numpy as np

from solvers.model import Model

NEAR = 1e-6
SAME = 1e-12


def row_reach(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest value of the linear part of every row within the column bounds, two arrays (m,)."""
    value, index = model.matrix.value, model.matrix.index
    low, high = model.col_lower[index], model.col_upper[index]
    if model.has_semicontinuous:
        semi = (model.kinds >= 2)[index]
        low, high = np.where(semi, np.minimum(low, 0.0), low), np.where(semi, np.maximum(high, 0.0), high)
    with np.errstate(invalid="ignore"):
        least = np.where(value == 0, 0.0, np.where(value > 0, value * low, value * high))
        most = np.where(value == 0, 0.0, np.where(value > 0, value * high, value * low))
    row = model.matrix.row_of()
    return (np.bincount(row, weights=least, minlength=model.num_rows).astype(float),
            np.bincount(row, weights=most, minlength=model.num_rows).astype(float))  # fmt: skip


def repeated_rows(model: Model) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs of rows with the same linear left side up to a factor, and pairs that are nearly so.

    Rows are sorted by random projections of their pattern and of their coefficients (scaled by the first one);
    neighbours are compared, so that of k like rows k - 1 pairs are found.
    """
    matrix = model.matrix
    row, index, value = matrix.row_of(), matrix.index, matrix.value
    used = value != 0
    row, index, value = row[used], index[used], value[used]
    order = np.lexsort((index, row))
    row, index, value = row[order], index[order], value[order]
    count = np.bincount(row, minlength=matrix.rows)
    start = np.concatenate([[0], np.cumsum(count)])
    scaled = value / value[start[row]] if len(value) else value
    rng = np.random.default_rng(0)
    pattern = np.bincount(row, rng.random(matrix.columns)[index], matrix.rows)
    content = np.bincount(row, scaled * rng.random(matrix.columns)[index], matrix.rows)
    curved = _curved(model)
    rows = np.array([i for i in np.flatnonzero(count > 1).tolist() if i not in curved], dtype=np.int64)
    rows = rows[np.lexsort((content[rows], pattern[rows], count[rows]))]
    same: list[tuple[int, int]] = []
    near: list[tuple[int, int]] = []
    alike = (count[rows[1:]] == count[rows[:-1]]) & (pattern[rows[1:]] == pattern[rows[:-1]])
    for k in np.flatnonzero(alike).tolist():
        a, b = sorted((int(rows[k]), int(rows[k + 1])))
        one, two = (slice(int(start[i]), int(start[i + 1])) for i in (a, b))
        if not np.array_equal(index[one], index[two]):
            continue
        apart = float(np.max(np.abs(scaled[one] - scaled[two]) / np.maximum(np.abs(scaled[one]), np.abs(scaled[two]))))
        if apart <= NEAR:
            (same if apart <= SAME else near).append((a, b))
    return sorted(same), sorted(near)


def _curved(model: Model) -> set[int]:
    out: set[int] = set()
    if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
        out |= set(model.quadratic_rows.row.tolist())
    for block in model.nonlinear_rows:
        out |= set(block.rows.tolist())
    return out
