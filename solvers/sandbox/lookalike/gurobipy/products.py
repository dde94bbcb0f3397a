"""Products of matrices of which at least one holds variables or expressions."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.sandbox.lookalike.core.expressions import Variable
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, QuadExpr, quicksum


def product(left: Any, right: Any) -> Any:
    """The matrix product of arrays of objects and numbers (also sparse); an array of objects, or a single one."""
    if _is_sparse(left):
        return _sparse(left.tocsr(), right) if isinstance(right, np.ndarray) else NotImplemented
    if _is_sparse(right):
        flat = _sparse(right.T.tocsr(), left.T) if isinstance(left, np.ndarray) else NotImplemented
        return flat if flat is NotImplemented else flat.T
    if not isinstance(left, np.ndarray) or not isinstance(right, np.ndarray):
        return NotImplemented
    if not left.ndim or not right.ndim:
        raise ValueError("matmul: an operand has no axes; use * instead")
    if left.ndim > 2 or right.ndim > 2:
        raise ValueError("matmul of more than two axes is not supported")
    if left.shape[-1] != right.shape[0]:
        raise ValueError(f"Mismatching inner dimensions {left.shape[-1]} vs. {right.shape[0]}")
    rows = [left] if left.ndim == 1 else list(left)
    columns = [right] if right.ndim == 1 else list(right.T)
    found = np.empty((len(rows), len(columns)), dtype=object)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            found[i, j] = _dot(row, column)
    if left.ndim == 1 and right.ndim == 1:
        return found[0, 0]
    return found[0] if left.ndim == 1 else found[:, 0] if right.ndim == 1 else found


def _is_sparse(item: Any) -> bool:
    return hasattr(item, "tocsr") and hasattr(item, "nnz")


def _dot(left: np.ndarray, right: np.ndarray) -> Any:
    """The inner product of two vectors."""
    if left.dtype != object:
        return _weighted(left, right)
    if right.dtype != object:
        return _weighted(right, left)
    total: Any = QuadExpr()
    for a, b in zip(left.tolist(), right.tolist()):
        total += a * b
    return total


def _weighted(numbers: np.ndarray, items: np.ndarray) -> Any:
    """Sum of number times item, zeros left out."""
    at = np.flatnonzero(numbers)
    return _combined(numbers[at].astype(np.float64).tolist(), items[at].tolist())


def _combined(coefs: list[float], items: list[Any]) -> Any:
    if all(isinstance(item, Variable) for item in items):
        return LinExpr._of(items, coefs)
    return quicksum([item * coef for coef, item in zip(coefs, items)])


def _sparse(matrix: Any, items: np.ndarray) -> Any:
    """A sparse matrix of numbers times a vector or matrix of objects."""
    if matrix.shape[1] != items.shape[0]:
        raise ValueError(f"Mismatching inner dimensions {matrix.shape[1]} vs. {items.shape[0]}")
    columns = [items] if items.ndim == 1 else list(items.T)
    found = np.empty((matrix.shape[0], len(columns)), dtype=object)
    for i in range(matrix.shape[0]):
        cut = slice(int(matrix.indptr[i]), int(matrix.indptr[i + 1]))
        coefs, at = matrix.data[cut].astype(np.float64).tolist(), matrix.indices[cut]
        for j, column in enumerate(columns):
            found[i, j] = _combined(list(coefs), column[at].tolist())
    return found[:, 0] if items.ndim == 1 else found
