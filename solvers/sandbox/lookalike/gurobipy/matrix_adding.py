"""Adding matrices of variables and constraints."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.sandbox.lookalike.core.expressions import Variable
from solvers.sandbox.lookalike.gurobipy.adding import make_variable
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, GurobiError
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr
from solvers.sandbox.lookalike.gurobipy.matrix import Matrix, MVar, objects, titles
from solvers.sandbox.lookalike.gurobipy.store import Store


def vector(store: Store, items: Any) -> MVar:
    """Variables as a vector: those that are given, or all of the model."""
    if items is None:
        store.flush()
        items = store.columns
    if isinstance(items, MVar):
        return items
    if isinstance(items, Variable):
        items = [items]
    if isinstance(items, dict):
        items = list(items.values())
    return MVar._of(objects(list(items), (len(items),)))  # type: ignore[no-any-return]


class MatrixAdding:
    """The part of `Model` that adds matrices."""

    _lookalike: Store

    def addMVar(
        self, shape: Any, lb: Any = 0.0, ub: Any = 1e100, obj: Any = 0.0, vtype: Any = "C", name: Any = ""
    ) -> MVar:
        """A matrix of new variables."""
        if isinstance(shape, list):
            raise TypeError("int() argument must be a string, a bytes-like object or a real number, not 'list'")
        sizes = (int(shape),) if isinstance(shape, (int, np.integer)) else tuple(int(size) for size in shape)
        wide = [_spread(item, sizes) for item in (lb, ub, obj, vtype)]
        store = self._lookalike
        found = [
            make_variable(store, low, high, cost, kind, title)
            for low, high, cost, kind, title in zip(*wide, titles(name, sizes))
        ]
        return MVar._of(objects(found, sizes))  # type: ignore[no-any-return]

    def addMConstr(self, A: Any, x: Any, sense: Any, b: Any, name: Any = "") -> Any:
        """A x sense b, with one sense or one each."""
        columns = vector(self._lookalike, x)
        matrix = np.asarray(A) if isinstance(A, (list, tuple)) else A
        if getattr(matrix, "shape", (0, columns.size))[-1] != columns.size:
            raise GurobiError(-1, "Incompatible no. columns in argument 'A'")
        if not np.ndim(b):
            raise ValueError("Buffer has wrong number of dimensions (expected 1, got 0)")
        rows = columns.__rmatmul__(matrix)
        if rows is NotImplemented:
            raise TypeError(f"cannot multiply with {type(A).__name__}")
        senses = _spread(sense, rows.shape)
        sides = _spread(np.asarray(b, dtype=np.float64), rows.shape)
        from solvers.sandbox.lookalike.gurobipy.matrix import MConstr

        found = []
        for form, sign, side, title in zip(rows._array.ravel(), senses, sides, titles(name, rows.shape)):
            if str(sign)[:1] not in ("<", ">", "="):
                raise GurobiError(INVALID_ARGUMENT, f"Invalid sense '{sign}'")
            found.append(self._lookalike_row(form, str(sign)[:1], side, title))  # type: ignore[attr-defined]
        return MConstr._of(objects(found, rows.shape))

    def addMQConstr(
        self, Q: Any, c: Any, sense: Any, rhs: Any, xQ_L: Any = None, xQ_R: Any = None, xc: Any = None,
        name: Any = "",
    ) -> Any:  # fmt: skip
        """xQ_L Q xQ_R + c xc sense rhs."""
        form = self._lookalike_form(Q, c, xQ_L, xQ_R, xc)
        return self._lookalike_row(form, str(sense)[:1], float(rhs), name)  # type: ignore[attr-defined]

    def setMObjective(
        self, Q: Any, c: Any, constant: float, xQ_L: Any = None, xQ_R: Any = None, xc: Any = None, sense: Any = None
    ) -> None:
        """xQ_L Q xQ_R + c xc + constant as the objective."""
        form = self._lookalike_form(Q, c, xQ_L, xQ_R, xc) + float(constant)
        self.setObjective(form, sense)  # type: ignore[attr-defined]

    def _lookalike_form(self, Q: Any, c: Any, left: Any, right: Any, linear: Any) -> Any:
        store = self._lookalike
        form: Any = LinExpr()
        if c is not None:
            form = form + (np.asarray(c, dtype=np.float64) @ vector(store, linear)).item()
        if Q is not None:
            form = form + (vector(store, left) @ (Q @ vector(store, right))).item()
        return form


def _spread(item: Any, shape: tuple[int, ...]) -> list[Any]:
    """One value per member, broadcast."""
    if isinstance(item, str):
        count = int(np.prod(shape, dtype=int))
        return list(item) if len(item) == count and count > 1 and set(item) <= set("BCISN<>=") else [item] * count
    array = item._array if isinstance(item, Matrix) else np.asarray(item)
    return np.broadcast_to(array, shape).ravel().tolist()  # type: ignore[no-any-return]
