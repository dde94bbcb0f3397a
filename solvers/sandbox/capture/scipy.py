"""scipy.optimize's linprog and milp: the arguments of the call as a model."""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.io.draft import Draft
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer
from solvers.sandbox.capture.guard import UncapturedError, Watch, hook_solve
from solvers.sandbox.capture.sheet import checked, unbounded_arrays

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[int, Termination] = {0: "optimal", 1: "iteration_limit", 2: "infeasible", 3: "unbounded", 4: "numerical"}
_KINDS = np.array([CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER], dtype=np.int8)
Rows = tuple[Any, np.ndarray, np.ndarray]
"""A matrix with its lower and upper sides."""


def hook(module: ModuleType) -> None:
    """Hook both functions, also where modules of SciPy hold them."""
    for name, wrapper in (("linprog", _linprog), ("milp", _milp)):
        hook_solve(module, name, wrapper)
        inner = sys.modules.get(f"scipy.optimize._{name}")
        if inner is not None and hasattr(inner, name):
            setattr(inner, name, getattr(module, name))


def _linprog(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    def build() -> Model:
        given = signature(original).bind(*args, **kwargs).arguments
        costs = np.asarray(given["c"], dtype=np.float64).reshape(-1)
        lower, upper = _bounds(given.get("bounds", (0, None)), len(costs))
        equal = given.get("b_eq")
        rows = [_rows(given.get("A_ub"), -np.inf, given.get("b_ub")), _rows(given.get("A_eq"), equal, equal)]
        return _model(costs, lower, upper, given.get("integrality"), [r for r in rows if r is not None])

    return _watch(build, lambda: original(*args, **kwargs))


def _milp(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    def build() -> Model:
        given = signature(original).bind(*args, **kwargs).arguments
        costs = np.asarray(given["c"], dtype=np.float64).reshape(-1)
        n, bounds = len(costs), given.get("bounds")
        lower, upper = np.zeros(n), np.full(n, np.inf)
        if bounds is not None:
            low, high = (bounds.lb, bounds.ub) if hasattr(bounds, "lb") else bounds
            lower, upper = np.broadcast_to(low, n), np.broadcast_to(high, n)
        rows = [_held(item) for item in _listed(given.get("constraints"))]
        return _model(costs, lower, upper, given.get("integrality"), rows)

    return _watch(build, lambda: original(*args, **kwargs))


def _watch(build: Callable[[], Model], solve: Callable[[], Any]) -> Any:
    after_fork()
    return Watch("scipy", "highs", build, solve, _read).run()


def _read(result: Any, model: Model | None) -> SolveResult:
    termination = STATUS.get(int(result.status), "error")
    x = getattr(result, "x", None)
    bound = getattr(result, "mip_dual_bound", None)
    bound = bound if bound is not None else (result.fun if termination == "optimal" else None)
    return answer(model, termination, x, result.fun if x is not None else None, bound, message=str(result.message))


def _listed(constraints: Any) -> list[Any]:
    if constraints is None:
        return []
    if hasattr(constraints, "A"):
        return [constraints]
    given = list(constraints)
    if len(given) in (2, 3) and not hasattr(given[0], "A") and not (isinstance(given[0], tuple) and len(given[0]) == 3):
        return [tuple(given)]
    return given


def _held(item: Any) -> Rows:
    matrix, *sides = (item.A, item.lb, item.ub) if hasattr(item, "A") else item
    low, high = (*sides, -np.inf, np.inf)[:2] if len(sides) != 1 else (sides[0], np.inf)
    return _sides(matrix, low, high)


def _rows(matrix: Any, low: Any, high: Any) -> Rows | None:
    return None if matrix is None else _sides(matrix, low, high)


def _sides(matrix: Any, low: Any, high: Any) -> Rows:
    from scipy.sparse import csr_array, issparse

    held = csr_array(matrix if issparse(matrix) else np.atleast_2d(np.asarray(matrix, dtype=np.float64)))
    m = held.shape[0]
    sides = [np.broadcast_to(np.asarray(s, dtype=np.float64).reshape(-1) if np.ndim(s) else s, m) for s in (low, high)]
    return held, sides[0], sides[1]


def _bounds(bounds: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """linprog's: one pair for all, a pair each, or arrays of both sides."""
    if bounds is None:
        return np.zeros(n), np.full(n, np.inf)
    if hasattr(bounds, "lb"):
        return np.broadcast_to(bounds.lb, n), np.broadcast_to(bounds.ub, n)
    pairs = np.array([[np.nan if v is None else float(v) for v in np.atleast_1d(row)] for row in _pairs(bounds)])
    if pairs.shape == (1, 2):
        pairs = np.tile(pairs, (n, 1))
    if pairs.shape != (n, 2):
        raise UncapturedError("the bounds of linprog are of no shape that it documents")
    return np.where(np.isnan(pairs[:, 0]), -np.inf, pairs[:, 0]), np.where(np.isnan(pairs[:, 1]), np.inf, pairs[:, 1])


def _pairs(bounds: Any) -> list[Any]:
    given = list(bounds)
    return given if given and np.ndim(given[0]) and given[0] is not None else [given]


def _model(
    costs: np.ndarray, lower: np.ndarray, upper: np.ndarray, integrality: Any, rows: list[Rows]
) -> Model:  # fmt: skip
    n = len(costs)
    kinds = np.zeros(n, dtype=np.int8)
    if integrality is not None:
        kinds = _KINDS[np.broadcast_to(np.asarray(integrality, dtype=np.int64), n)]
    low, high = unbounded_arrays(lower, upper)
    parts, sides_low, sides_high, count = [], [np.zeros(0)], [np.zeros(0)], 0
    for matrix, below, above in rows:
        entries = matrix.tocoo()
        parts.append((entries.row + count, entries.col, entries.data))
        sides_low.append(below)
        sides_high.append(above)
        count += matrix.shape[0]
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    row, column, value = (np.concatenate(part) for part in zip(empty, *parts))
    row_low, row_high = unbounded_arrays(np.concatenate(sides_low), np.concatenate(sides_high))
    return checked(Draft(
        "scipy", [f"x{j}" for j in range(n)], [f"row{i}" for i in range(count)], costs.copy(), low, high, kinds,
        row_low, row_high, (row.astype(np.int64), column.astype(np.int64), value),
    ).model())  # fmt: skip
