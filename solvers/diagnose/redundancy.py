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

    Rows are compared within groups of equal columns, in the order of their coefficients: neighbours only.
    """
    groups: dict[tuple[int, bytes], list[int]] = {}
    scaled: dict[int, np.ndarray] = {}
    curved = _curved(model)
    for i in range(model.num_rows):
        columns, values = model.matrix.row(i)
        used = values != 0
        if np.count_nonzero(used) < 2 or i in curved:
            continue
        columns, values = columns[used], values[used]
        order = np.argsort(columns)
        values = values[order]
        scaled[i] = values / values[0]
        groups.setdefault((len(columns), columns[order].tobytes()), []).append(i)
    same, near = [], []
    for rows in groups.values():
        rows.sort(key=lambda i: tuple(np.round(scaled[i], 5)))
        for a, b in zip(rows, rows[1:]):
            size = np.maximum(np.abs(scaled[a]), np.abs(scaled[b]))
            apart = float(np.max(np.abs(scaled[a] - scaled[b]) / size))
            if apart <= SAME:
                same.append((min(a, b), max(a, b)))
            elif apart <= NEAR:
                near.append((min(a, b), max(a, b)))
    return sorted(same), sorted(near)


def _curved(model: Model) -> set[int]:
    out: set[int] = set()
    if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
        out |= set(model.quadratic_rows.row.tolist())
    for block in model.nonlinear_rows:
        out |= set(block.rows.tolist())
    return out
