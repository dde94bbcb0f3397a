"""Models that keep solvers busy, and which of the optional solvers are here."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from solvers.adapters import adapter
from solvers.errors import SolverMissingError
from solvers.model import CONTINUOUS, INTEGER, Block, Csr, Model, ObjectiveLevel


@cache
def absent(solver: str) -> str:
    """Why an optional solver cannot be run here, or nothing."""
    try:
        adapter(solver).version()
    except SolverMissingError as error:
        return f"{solver} is not installed: {error.remedy}"
    return ""


def need(solver: str) -> None:
    """Skip the test by the solver's name where it is absent."""
    if absent(solver):
        pytest.skip(absent(solver))


def market(columns: int = 60, rows: int = 5) -> dict[str, Any]:
    """A market split (Cornuejols and Dawande 1998) with slack: feasible at once, optimal after ages."""
    share = np.random.default_rng(3).integers(0, 100, (rows, columns))
    cells = [{"key": [i, j], "value": int(share[i, j])} for i in range(rows) for j in range(columns)]
    return {
        "schema": "formulate/1", "name": "market",
        "sets": [{"name": "J", "expr": f"range({columns})"}, {"name": "R", "expr": f"range({rows})"}],
        "parameters": [
            {"name": "a", "axes": ["R", "J"], "cells": cells},
            {"name": "half", "over": ["r in R"], "expr": "floor(sum(a[r, j] for j in J) / 2)"},
        ],
        "variables": [
            {"name": "x", "over": ["j in J"], "domain": "binary"}, {"name": "s", "over": ["r in R"], "lower": "0"},
            {"name": "t", "over": ["r in R"], "lower": "0"},
        ],
        "objective": {"sense": "min", "terms": [{"name": "miss", "expr": "sum(s[r] + t[r] for r in R)"}]},
        "constraints": [
            {"name": "share", "over": ["r in R"], "expr": "sum(a[r, j] * x[j] for j in J) + s[r] - t[r] == half[r]"}
        ],
    }  # fmt: skip


def dense(matrix: Any) -> Csr:
    """A full matrix, zeros included, with the columns of each row in descending order."""
    values = np.asarray(matrix, dtype=np.float64)
    rows, columns = values.shape
    order = np.arange(columns)[::-1]
    return Csr(
        np.arange(rows + 1) * columns, np.tile(order, rows).astype(np.int32), values[:, ::-1].ravel().copy(), columns
    )


def arrays(
    sense: str, costs: Any, matrix: Any, rows: tuple[Any, Any], columns: tuple[Any, Any], whole: bool = False, **more: Any
) -> Model:  # fmt: skip
    """A model from arrays, all its columns in one block x and all its rows in one block r."""
    costs = np.asarray(costs, dtype=np.float64)
    held = dense(matrix)
    n, m = len(costs), held.rows
    return Model(
        "arrays", sense, (ObjectiveLevel(costs, 0.5),), held, *(np.asarray(b, dtype=np.float64) for b in (*rows, *columns)),
        np.full(n, INTEGER if whole else CONTINUOUS), (Block("x", 0, n),), (Block("r", 0, m),), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def planted(columns: int = 40, rows: int = 6) -> tuple[Model, np.ndarray]:
    """A 0-1 system of equations that only its planted solution is likely to satisfy, and that solution."""
    rng = np.random.default_rng(11)
    matrix, secret = rng.integers(100, 1000, (rows, columns)), rng.integers(0, 2, columns).astype(float)
    right = matrix @ secret
    model = arrays("min", np.zeros(columns), matrix, (right, right), (np.zeros(columns), np.ones(columns)), whole=True)
    return model, secret


def random_lp(seed: int, whole: bool = False) -> Model:
    """A bounded, feasible program with free columns, equations, ranges and one-sided rows, minimised or maximised."""
    rng = np.random.default_rng(seed)
    n, m = 9, 6
    matrix = rng.integers(-4, 6, (m, n)).astype(float)
    inside = rng.integers(0, 4, n).astype(float)
    activity = matrix @ inside
    kind = rng.integers(0, 4, m)
    low = np.where(kind == 0, activity, np.where(kind == 1, -np.inf, activity - rng.integers(1, 9, m)))
    high = np.where(kind == 0, activity, np.where(kind == 2, np.inf, activity + rng.integers(1, 9, m)))
    costs = rng.integers(-9, 10, n)
    bounds = (np.where(rng.random(n) < 0.3, -20.0, 0.0), np.full(n, 12.0))
    return arrays("min" if seed % 2 else "max", costs, matrix, (low, high), bounds, whole)
