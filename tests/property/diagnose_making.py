"""Small random models, written as arrays, for the oracles of diagnosis."""

from __future__ import annotations

import numpy as np

from solvers.model import Block, Csr, Model, ObjectiveLevel


def model_of(
    costs: np.ndarray, a: np.ndarray, row_lower: np.ndarray, row_upper: np.ndarray, col_lower: np.ndarray,
    col_upper: np.ndarray, kinds: np.ndarray | None = None, sense: str = "min",
) -> Model:  # fmt: skip
    """A model from a dense matrix; every row and column is a family of its own."""
    m, n = a.shape
    rows, cols = np.nonzero(a)
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=m))]).astype(np.int32)
    return Model(
        "random", sense, (ObjectiveLevel(costs.astype(float)),),  # type: ignore[arg-type]
        Csr(start, cols.astype(np.int32), a[rows, cols].astype(float), n), row_lower, row_upper, col_lower, col_upper,
        np.zeros(n, dtype=np.uint8) if kinds is None else kinds,
        tuple(Block(f"x{j}", j, 1) for j in range(n)), tuple(Block(f"c{i}", i, 1) for i in range(m)),
    )  # fmt: skip


def random_model(seed: int, *, mixed: bool) -> Model:
    """Up to 4 columns and 6 rows of small whole numbers: all sorts of rows and bounds, often infeasible."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 5)), int(rng.integers(1, 7))
    a = rng.integers(-4, 5, (m, n)).astype(float)
    a[rng.random((m, n)) < 0.3] = 0
    row_lower, row_upper = np.full(m, -np.inf), np.full(m, np.inf)
    for i in range(m):
        side, sort = float(rng.integers(-8, 9)), int(rng.integers(0, 4))
        if sort != 1:
            row_lower[i] = side
        if sort != 0:
            row_upper[i] = side + (float(rng.integers(0, 4)) if sort == 3 else 0.0)
    col_lower = np.where(rng.random(n) < 0.7, rng.integers(-3, 2, n).astype(float), -np.inf)
    col_upper = np.where(rng.random(n) < 0.6, rng.integers(1, 5, n).astype(float), np.inf)
    kinds = (rng.random(n) < 0.6).astype(np.uint8) if mixed else None
    return model_of(rng.integers(-5, 6, n), a, row_lower, row_upper, col_lower, col_upper, kinds)


def bounded_lp(seed: int) -> Model:
    """A feasible LP with an optimum: maximise gains within resources, some of them required to be used."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    a = np.round(rng.uniform(0.5, 4.0, (m, n)), 3)
    inside = rng.uniform(0.2, 2.0, n)
    used = a @ inside
    upper = np.round(used * rng.uniform(1.05, 1.8, m), 3)
    lower = np.where(rng.random(m) < 0.4, np.round(used * rng.uniform(0.4, 0.95, m), 3), -np.inf)
    lower[0] = -np.inf
    sense = "max" if seed % 2 else "min"
    costs = np.round(rng.uniform(0.5, 5.0, n), 3)
    return model_of(costs, a, lower, upper, np.zeros(n), np.full(n, np.inf), sense=sense)
