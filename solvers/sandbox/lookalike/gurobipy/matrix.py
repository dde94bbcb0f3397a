"""Matrices of variables, expressions and constraints: arrays of objects with numpy's shapes and broadcasting."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import numpy as np

from solvers.sandbox.lookalike.core.expressions import Quadratic, Term, Variable, is_number
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, NLExpr, QuadExpr, TempConstr, quicksum
from solvers.sandbox.lookalike.gurobipy.general import GenExpr
from solvers.sandbox.lookalike.gurobipy.products import product


def objects(items: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    """A flat list as an array of objects."""
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out.reshape(shape)


class Matrix:
    """What all of them share: `_array` holds the objects."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]
    _array: np.ndarray

    @classmethod
    def _of(cls, array: np.ndarray) -> Any:
        out = object.__new__(cls)
        object.__setattr__(out, "_array", array)
        return out

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self._array.shape

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return self._array.ndim

    @property
    def size(self) -> int:
        """How many members there are."""
        return self._array.size

    def item(self) -> Any:
        """The only member."""
        return self._array.item()

    def tolist(self) -> Any:
        """The members in lists."""
        return self._array.tolist() if self.ndim else self._array.item()

    def __getitem__(self, at: Any) -> Any:
        return type(self)._of(_whole(self._array[at]))

    def _reflected(self, sense: str, left: Any) -> Any:
        raise TypeError(f"unsupported comparison with {type(self).__name__}")

    def __repr__(self) -> str:
        shown = objects([_Shown(item) for item in self._array.ravel().tolist()], self.shape)
        return f"<{type(self).__name__} {self.shape}>\n" + re.sub(r",\s*dtype=object\)", ")", repr(shown))


class _Shown:
    """A member in the text of a matrix."""

    def __init__(self, item: Any) -> None:
        self.item = item

    def __repr__(self) -> str:
        return repr(self.item) if isinstance(self.item, Variable) else f" {self.item}"


def _whole(item: Any) -> np.ndarray:
    """An array also of one member."""
    if isinstance(item, np.ndarray):
        return item
    out = np.empty((), dtype=object)
    out[()] = item
    return out


def operand(other: Any) -> np.ndarray | None:
    """The other side of an operation as an array of objects, or None."""
    if isinstance(other, Matrix):
        return other._array
    if isinstance(other, Term):
        return _whole(other)
    if is_number(other):
        return _whole(float(other))
    if isinstance(other, np.ndarray):
        return other if other.dtype == object else other.astype(np.float64).astype(object)
    if hasattr(other, "toarray"):
        return other.toarray().astype(np.float64).astype(object)  # type: ignore[no-any-return]
    return None


def wrapped(array: np.ndarray) -> Any:
    """An array of expressions as the matrix that fits them; numbers and variables become linear expressions."""
    widest: Any = MLinExpr
    flat = array.ravel().tolist()
    for k, item in enumerate(flat):
        if isinstance(item, Variable) or is_number(item):
            form = LinExpr()
            form._extended(item, 1.0)
            flat[k] = form
        elif isinstance(item, NLExpr):
            widest = MNLExpr
        elif isinstance(item, Quadratic) and widest is MLinExpr:
            widest = MQuadExpr
    return widest._of(objects(flat, array.shape))


def elementwise(call: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """An operation on all pairs, broadcast; NotImplemented for what is no matrix."""
    a, b = operand(left), operand(right)
    if a is None or b is None:
        return NotImplemented
    try:
        wide = np.broadcast_arrays(a, b)
    except ValueError as failed:
        raise ValueError(str(failed)) from None
    pairs = zip(wide[0].ravel().tolist(), wide[1].ravel().tolist())
    return wrapped(objects([call(x, y) for x, y in pairs], wide[0].shape))


class Algebra(Matrix):
    """Matrices that can be added and multiplied."""

    def __add__(self, other: Any) -> Any:
        return elementwise(operator.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return elementwise(operator.add, self, other)

    def __sub__(self, other: Any) -> Any:
        return elementwise(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return elementwise(operator.add, -self, other)

    def __mul__(self, other: Any) -> Any:
        return elementwise(operator.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return elementwise(operator.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return elementwise(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return elementwise(operator.truediv, other, self)

    def __pow__(self, other: Any) -> Any:
        return elementwise(operator.pow, self, other)

    def __rpow__(self, other: Any) -> Any:
        return elementwise(operator.pow, other, self)

    def __pos__(self) -> Any:
        return self

    def __neg__(self) -> Any:
        return elementwise(operator.mul, self, -1.0)

    def __matmul__(self, other: Any) -> Any:
        return _multiplied(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return _multiplied(other, self)

    def sum(self, axis: int | None = None) -> Any:
        """The sum of all members, or along an axis."""
        if axis is None:
            return wrapped(_whole(quicksum(self._array.ravel().tolist())))
        if not -self.ndim <= axis < self.ndim:
            raise GurobiError(-1, f"Invalid axis specifications: {axis}")
        moved = np.moveaxis(self._array, axis, -1)
        rest = moved.shape[:-1]
        rows = moved.reshape(-1, moved.shape[-1]).tolist()
        return wrapped(objects([quicksum(row) for row in rows], rest))

    # -- comparisons -----------------------------------------------------------------------------

    def __le__(self, other: Any) -> Any:
        return self._compared("<", other)

    def __ge__(self, other: Any) -> Any:
        return self._compared(">", other)

    def __eq__(self, other: Any) -> Any:
        return self._compared("=", other)

    def __ne__(self, other: Any) -> Any:
        raise GurobiError(-1, "Inequality constraints not supported")

    def _compared(self, sense: str, other: Any) -> Any:
        if isinstance(other, GenExpr):
            return TempConstr(self, sense, other)
        if isinstance(other, MNLExpr) or isinstance(self, MNLExpr):
            return _paired(self, sense, other)
        difference = elementwise(operator.sub, self, other)
        if difference is NotImplemented:
            raise TypeError(f"unsupported operand type(s) for -: '{type(self).__name__}' and '{type(other).__name__}'")
        return TempConstr(difference, sense, 0.0)

    def _reflected(self, sense: str, left: Any) -> Any:
        if isinstance(self, MNLExpr) or isinstance(left, NLExpr):
            return _paired(left, sense, self)
        return TempConstr(elementwise(operator.add, -self, left), sense, 0.0)

    # -- into a model ----------------------------------------------------------------------------

    def _add_rows(self, model: Any, sense: str, right: Any, name: str) -> Any:
        """A row for each member of self - right."""
        difference = self if is_number(right) and right == 0.0 else elementwise(operator.sub, self, right)
        found = [
            model._lookalike_row(item, sense, 0.0, title)
            for item, title in zip(difference._array.ravel().tolist(), titles(name, difference.shape))
        ]  # fmt: skip
        kind = MQConstr if isinstance(difference, MQuadExpr) else MConstr
        return kind._of(objects(found, difference.shape))

    def _add_indicated(self, model: Any, binary: Any, value: Any, sense: str, right: Any, name: str) -> Any:
        """A conditional row for each member of self - right."""
        difference = elementwise(operator.sub, self, right)
        switches = binary._array if isinstance(binary, Matrix) else _whole(binary)
        wide = np.broadcast_arrays(difference._array, switches, np.asarray(value))
        triples = zip(*(array.ravel().tolist() for array in wide))
        found = [
            model._lookalike_indicated(switch, active, item, sense, 0.0, title)
            for (item, switch, active), title in zip(triples, titles(name, wide[0].shape))
        ]
        return MGenConstr._of(objects(found, wide[0].shape))

    def _nonlinear(self, function: str, *more: Any) -> Any:
        """A function of each member."""
        found = [NLExpr._call(function, item, *more) for item in self._array.ravel().tolist()]
        return MNLExpr._of(objects(found, self.shape))


def _paired(left: Any, sense: str, right: Any) -> TempConstr:
    """Comparisons with nonlinear expressions, member by member."""
    a, b = operand(left), operand(right)
    if a is None or b is None:
        raise TypeError(f"cannot compare {type(left).__name__} and {type(right).__name__}")
    wide = np.broadcast_arrays(a, b)
    found = []
    for one, other in zip(wide[0].ravel().tolist(), wide[1].ravel().tolist()):
        found.append({"<": operator.le, ">": operator.ge, "=": operator.eq}[sense](one, other))
    return TempConstr(Pairs._of(objects(found, wide[0].shape)), sense, 0.0)


class Pairs(Matrix):
    """Comparisons that wait to be added."""

    def _add_rows(self, model: Any, sense: str, right: Any, name: str) -> Any:
        pairs = zip(self._array.ravel().tolist(), titles(name, self.shape))
        return MGenConstr._of(objects([model.addConstr(item, title) for item, title in pairs], self.shape))


def titles(name: Any, shape: tuple[int, ...]) -> list[str]:
    """`name[i,j]` for each member, the name itself where there are no axes."""
    if not isinstance(name, str):
        flat = np.asarray(name, dtype=object)
        return [str(item) for item in np.broadcast_to(flat, shape).ravel().tolist()]
    if not shape or not name:
        return [name] * int(np.prod(shape, dtype=int))
    return [f"{name}[{','.join(map(str, at))}]" for at in np.ndindex(*shape)]


def _multiplied(left: Any, right: Any) -> Any:
    if is_number(left) or is_number(right):
        raise ValueError("Input operand does not have enough dimensions")
    found = product(left._array if isinstance(left, Matrix) else left,
                    right._array if isinstance(right, Matrix) else right)  # fmt: skip
    return found if found is NotImplemented else wrapped(_whole(found))


class MVar(Algebra):
    """A matrix of variables."""

    @staticmethod
    def fromlist(li: Any) -> MVar:
        """From variables in lists."""
        array = np.array(li, dtype=object) if not isinstance(li, Variable) else _whole(li)
        return MVar._of(array)  # type: ignore[no-any-return]

    @staticmethod
    def fromvar(var: Any) -> MVar:
        """From one variable."""
        return MVar._of(_whole(var))  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        return attribute(self._array, name, "MVar")

    def __setattr__(self, name: str, value: Any) -> None:
        set_attribute(self._array, name, value)

    def getAttr(self, attrname: str) -> Any:
        """The values of an attribute."""
        return attribute(self._array, attrname, "MVar")

    def setAttr(self, attrname: str, newvalue: Any) -> None:
        """Set an attribute, to one value or to one each."""
        set_attribute(self._array, attrname, newvalue)

    def prefetchAttr(self, attrname: str) -> None:
        """Nothing to do here."""

    @property
    def T(self) -> MVar:
        """The transposed matrix."""
        return MVar._of(self._array.T)  # type: ignore[no-any-return]

    def transpose(self, *axes: Any) -> MVar:
        """The matrix with its axes in another order."""
        return MVar._of(self._array.transpose(*axes))  # type: ignore[no-any-return]

    def reshape(self, *shape: Any, order: Literal["C", "F"] = "C") -> MVar:
        """The same members in another shape."""
        return MVar._of(self._array.reshape(*shape, order=order))  # type: ignore[no-any-return]

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> MVar:
        """The members on a diagonal."""
        return MVar._of(self._array.diagonal(offset, axis1, axis2))  # type: ignore[no-any-return]

    def copy(self) -> MVar:
        """Another matrix of the same variables."""
        return MVar._of(self._array.copy())  # type: ignore[no-any-return]

    @property
    def nl(self) -> Any:
        """The variables as nonlinear expressions."""
        found = [item.nl for item in self._array.ravel().tolist()]
        return MNLExpr._of(objects(found, self.shape))


class _Expressions(Algebra):
    """Matrices of expressions."""

    def __iadd__(self, other: Any) -> Any:
        return self._replaced(operator.add, other)

    def __isub__(self, other: Any) -> Any:
        return self._replaced(operator.sub, other)

    def __imul__(self, other: Any) -> Any:
        return self._replaced(operator.mul, other)

    def __itruediv__(self, other: Any) -> Any:
        return self._replaced(operator.truediv, other)

    def _replaced(self, call: Callable[[Any, Any], Any], other: Any) -> Any:
        """In place where shape and type stay."""
        found = elementwise(call, self, other)
        if found is NotImplemented or type(found) is not type(self) or found.shape != self.shape:
            return found
        self._array[...] = found._array
        return self

    def __setitem__(self, at: Any, value: Any) -> None:
        array = operand(value)
        if array is None:
            raise TypeError(f"cannot store {type(value).__name__} in {type(self).__name__}")
        stored = wrapped(array)._array
        self._array[at] = stored if stored.ndim else stored.item()

    def copy(self) -> Any:
        """Another matrix of the same expressions."""
        flat = [item + 0.0 for item in self._array.ravel().tolist()]
        return type(self)._of(objects(flat, self.shape))

    def clear(self) -> None:
        """Make all members 0."""
        self._array[...] = objects([LinExpr() for _ in range(self.size)], self.shape)

    def getValue(self) -> np.ndarray:
        """The values at the present solution."""
        values = [item._value() if isinstance(item, NLExpr) else item.getValue() for item in self._array.ravel()]
        return np.array(values, dtype=np.float64).reshape(self.shape)

    @classmethod
    def zeros(cls, shape: Any) -> Any:
        """A matrix of zeros."""
        sizes = (shape,) if isinstance(shape, int) else tuple(shape)
        count = int(np.prod(sizes, dtype=int))
        return cls._of(objects([cls._zero() for _ in range(count)], sizes))

    _zero: ClassVar[Any] = LinExpr


class MLinExpr(_Expressions):
    """A matrix of linear expressions."""

    def getConstant(self) -> np.ndarray:
        """The constants."""
        return np.array([item._constant for item in self._array.ravel()]).reshape(self.shape)


class MQuadExpr(_Expressions):
    """A matrix of quadratic expressions."""

    _zero = QuadExpr


class MNLExpr(_Expressions):
    """A matrix of nonlinear expressions."""


class _Constraints(Matrix):
    """Matrices of constraints."""

    def __getattr__(self, name: str) -> Any:
        return attribute(self._array, name, type(self).__name__)

    def __setattr__(self, name: str, value: Any) -> None:
        set_attribute(self._array, name, value)

    def getAttr(self, attrname: str) -> Any:
        """The values of an attribute."""
        return attribute(self._array, attrname, type(self).__name__)

    def setAttr(self, attrname: str, newvalue: Any) -> None:
        """Set an attribute, to one value or to one each."""
        set_attribute(self._array, attrname, newvalue)

    def prefetchAttr(self, attrname: str) -> None:
        """Nothing to do here."""

    @classmethod
    def fromlist(cls, li: Any) -> Any:
        """From constraints in a list."""
        return cls._of(np.array(li, dtype=object))

    def __repr__(self) -> str:
        waiting = any(item._state == 0 for item in self._array.ravel())
        return f"<{type(self).__name__} {self.shape}{' *awaiting model update*' if waiting else ''}>"


class MConstr(_Constraints):
    """A matrix of linear constraints."""


class MQConstr(_Constraints):
    """A matrix of quadratic constraints."""


class MGenConstr(_Constraints):
    """A matrix of general constraints."""


def attribute(array: np.ndarray, name: str, kind: str) -> np.ndarray:
    """An attribute of all members, in the shape of the matrix. Raises GurobiError."""
    from solvers.sandbox.lookalike.gurobipy.attributes import REFUSED, TABLES
    from solvers.sandbox.lookalike.gurobipy.model_attributes import _read_one

    one = kind[1:]
    if name[:1] == "_" or (name.lower() not in TABLES[one] and name.lower() not in REFUSED[one]):
        raise AttributeError(f"'gurobipy.{kind}' object has no attribute '{name}'")
    values = [_read_one(item, name) for item in array.ravel().tolist()]
    if values and isinstance(values[0], str) and name.lower() not in ("vtype", "sense", "qcsense"):
        return objects(values, array.shape)
    return np.array(values).reshape(array.shape)


def set_attribute(array: np.ndarray, name: str, value: Any) -> None:
    """Set an attribute of all members, broadcast."""
    from solvers.sandbox.lookalike.gurobipy.attributes import write

    given = np.asarray(value, dtype=object) if isinstance(value, str) else np.asarray(value)
    for item, one in zip(array.ravel().tolist(), np.broadcast_to(given, array.shape).ravel().tolist()):
        write(item, name, one)


def concatenate(arrays: Any, axis: int = 0) -> Any:
    """Matrices one after the other."""
    return _joined([item._array if isinstance(item, Matrix) else operand(item) for item in arrays], axis)


def hstack(arrays: Any) -> Any:
    """Matrices side by side."""
    parts = [item._array if isinstance(item, Matrix) else operand(item) for item in arrays]
    return _joined(parts, 0 if parts[0] is not None and parts[0].ndim <= 1 else 1)


def vstack(arrays: Any) -> Any:
    """Matrices one below the other."""
    parts = [item._array if isinstance(item, Matrix) else operand(item) for item in arrays]
    return _joined([np.atleast_2d(part) for part in parts if part is not None], 0)


def _joined(parts: list[Any], axis: int) -> Any:
    array = np.concatenate(parts, axis=axis)
    if all(isinstance(item, Variable) for item in array.ravel().tolist()):
        return MVar._of(array)
    return wrapped(array)

