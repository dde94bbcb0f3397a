"""Whether a convex quadratic program's answer is optimal, from its point and multipliers alone.

HiGHS 1.13 calls points of badly scaled programs optimal that are far from it; the gap between the objective and the
bound that its own multipliers prove is the judge (Lagrangian duality; Boyd and Vandenberghe, Convex Optimization, 5.5).
"""

from __future__ import annotations

import numpy as np

from solvers.model import Model

NEGLIGIBLE = 1e-5
"""A multiplier this small, relative to the terms it is the sum of, may pull to an infinite bound: HiGHS's quadratic
solver leaves as much. It counts over a distance of 1 + |x| there."""


def duality_gap(model: Model, x: np.ndarray, row_duals: np.ndarray) -> float:
    """Objective at x minus the bound that the multipliers prove, both for minimisation; infinite where they prove none.

    `x` (n,) is feasible, the objective of `model` convex quadratic for its sense and its rows linear; `row_duals` (m,)
    price an increase of a row's activity, with the sign of the objective's sense.
    """
    level = model.objective
    sign = 1.0 if model.sense == "min" else -1.0
    gradient = level.costs.astype(float).copy()
    if level.quadratic is not None:
        q = level.quadratic
        np.add.at(gradient, q.i, q.coef * x[q.j])
        np.add.at(gradient, q.j, q.coef * x[q.i])
    gradient *= sign
    y = sign * row_duals
    matrix = model.matrix
    weights = matrix.value * y[matrix.row_of()]
    n = model.num_columns
    reduced = gradient - np.bincount(matrix.index, weights=weights, minlength=n)
    scale = 1.0 + np.abs(gradient) + np.bincount(matrix.index, weights=np.abs(weights), minlength=n)
    columns = _slack(reduced, x, model.col_lower, model.col_upper, NEGLIGIBLE * scale)
    activity = matrix.dot(x)
    rows = _slack(y, activity, model.row_lower, model.row_upper, NEGLIGIBLE * (1.0 + np.abs(y).max(initial=0.0)))
    return float(columns.sum() + rows.sum())


def _slack(
    price: np.ndarray, value: np.ndarray, lower: np.ndarray, upper: np.ndarray, nothing: np.ndarray | float
) -> np.ndarray:
    """What each price leaves open: price times the distance to the bound that it pulls to."""
    bound = np.where(price > 0, lower, upper)
    distance = np.where(price > 0, value - bound, bound - value)
    with np.errstate(invalid="ignore"):
        open_part = np.abs(price) * np.maximum(distance, 0.0)
    endless = np.where(np.abs(price) <= nothing, np.abs(price) * (1.0 + np.abs(value)), np.inf)
    return np.where(np.isinf(distance), endless, open_part)
