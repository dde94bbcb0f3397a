"""Bounds of columns that rows imply: activities, a few rounds, only where a bound is missing."""

from __future__ import annotations

import numpy as np

from solvers.model import SEMICONTINUOUS, SEMIINTEGER, Model

_ROUNDS = 20
_SLACK = 1e-6
"""Derived bounds are moved outward by so much, relative and absolute: they must never cut anything off."""


def derived_bounds(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (n,), (n,) that every solution satisfies; those that are declared stay, missing ones are derived."""
    low, high = model.col_lower.astype(float).copy(), model.col_upper.astype(float).copy()
    semi = (model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER)
    low[semi], high[semi] = np.minimum(low[semi], 0.0), np.maximum(high[semi], 0.0)
    if np.all(np.isfinite(low)) and np.all(np.isfinite(high)):
        return low, high
    rows, cols, values, sides = _one_sided(model)
    for _ in range(_ROUNDS):
        if not _tighten(rows, cols, values, sides, low, high):
            break
    return low, high


def _one_sided(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The unconditional linear rows as `values @ x <= side`: entries (row, column, value), and sides by row."""
    m, matrix = model.num_rows, model.matrix
    open_ = np.ones(m, dtype=bool)
    if model.indicators is not None:
        open_[model.indicators.row] = False
    if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
        open_[model.quadratic_rows.row] = False
    for block in model.nonlinear_rows:
        open_[block.rows] = False
    row, used = matrix.row_of(), matrix.value != 0.0
    up, down = (used & open_[row] & np.isfinite(side)[row] for side in (model.row_upper, model.row_lower))
    return (
        np.concatenate([row[up], row[down] + m]), np.concatenate([matrix.index[up], matrix.index[down]]),
        np.concatenate([matrix.value[up], -matrix.value[down]]),
        np.concatenate([model.row_upper, -model.row_lower]),
    )  # fmt: skip


def _tighten(
    rows: np.ndarray, cols: np.ndarray, values: np.ndarray, sides: np.ndarray, low: np.ndarray, high: np.ndarray
) -> bool:
    least = np.where(values > 0, values * low[cols], values * high[cols])
    endless = ~np.isfinite(least)
    finite = np.bincount(rows, weights=np.where(endless, 0.0, least), minlength=len(sides))
    count = np.bincount(rows, weights=endless, minlength=len(sides))
    own = np.where(endless, 0.0, least)
    with np.errstate(invalid="ignore"):
        limit = (sides[rows] - (finite[rows] - own)) / values
    known = (count[rows] - endless == 0) & np.isfinite(limit)
    slack = _SLACK * np.maximum(1.0, np.abs(limit))
    changed = False
    above = known & (values > 0) & ~np.isfinite(high[cols])
    below = known & (values < 0) & ~np.isfinite(low[cols])
    if above.any():
        np.minimum.at(high, cols[above], (limit + slack)[above])
        changed = True
    if below.any():
        np.maximum.at(low, cols[below], (limit - slack)[below])
        changed = True
    return changed
