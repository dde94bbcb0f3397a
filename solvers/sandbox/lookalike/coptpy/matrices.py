"""Arrays of variables, expressions and rows. Operations go element by element, `@` as numpy has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from solvers.sandbox.lookalike.coptpy.arrays import Array
from solvers.sandbox.lookalike.coptpy.builders import QConstrBuilder
from solvers.sandbox.lookalike.coptpy.errors import CoptError, number, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, Operand, terms_of
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.coptpy.variables import Var
from solvers.sandbox.lookalike.core.expressions import is_number


class NdArray(np.ndarray[Any, Any]):
    """What arrays of variables and rows are asked for: a numpy array that also answers to coptpy's names."""

    _refused: ClassVar[frozenset[str]] = frozenset(
        {"represent", "setItem", "dim", "pick", "expand", "repeatBlock", "hstack", "vstack", "stack", "clone"}
    )

    def tonumpy(self) -> np.ndarray:
        """A plain numpy array."""
        return np.asarray(self)

    def __getattr__(self, name: str) -> Any:
        if name in self._refused:
            refused(f"NdArray.{name}", "turn it into a numpy array by tonumpy()")
        raise AttributeError(f"'NdArray' object has no attribute '{name}'")



def _numbers(values: Any, shape: tuple[int, ...]) -> Any:
    """Values in an array of a shape; the value itself where there are no axes."""
    if shape == ():
        return values[0]
    kind = object if values and isinstance(values[0], str) else None
    return np.array(values, dtype=kind).reshape(shape).view(NdArray)


class Matrix:
    """An array of objects; `_array` holds them."""

    _matrix = True
    __array_ufunc__: ClassVar[None] = None
    __array_priority__ = 200.0
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, args: Any, shape: Any = None) -> None:
        array = _objects(args)
        self._array = array if shape is None else array.reshape(shape)

    @classmethod
    def _of(cls, array: np.ndarray) -> Any:
        out = object.__new__(cls)
        out._array = array
        return out

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return tuple(self._array.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    @property
    def size(self) -> int:
        """The number of members."""
        return self._array.size

    @property
    def T(self) -> Any:
        """With its axes reversed."""
        return self._of(self._array.T)

    def transpose(self) -> Any:
        """With its axes reversed."""
        return self.T

    def __getitem__(self, idx: Any) -> Any:
        found = self._array[idx]
        if isinstance(found, np.ndarray):
            return self._of(found)
        return self._of(_objects([found]).reshape(() if self.ndim == 1 else (1,)))

    def __iter__(self) -> Iterator[Any]:
        if self.ndim <= 1:
            return iter(self._array.ravel().tolist())
        return (self._of(part) for part in self._array)

    def __repr__(self) -> str:
        return f"<coptpy.{type(self).__name__}: shape={self.shape}>\n{self._array.tolist()}"

    def item(self) -> Any:
        """The only member."""
        if self.size != 1:
            raise ValueError(f"{type(self).__name__} has elements {self.size} > 1")
        return self._array.ravel()[0]

    def tolist(self) -> list[Any]:
        """All members, in one list."""
        return self._array.ravel().tolist()  # type: ignore[no-any-return]

    def dim(self, i: int) -> int:
        """The length of an axis."""
        return self.shape[i]

    def reshape(self, shape: Any, order: Any = "C") -> Any:
        """In another shape."""
        return self._of(self._array.reshape(shape, order=order))

    def flatten(self) -> Any:
        """In one axis."""
        return self._of(self._array.ravel().copy())

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
        """The members on a diagonal."""
        return self._of(self._array.diagonal(offset, axis1, axis2).copy())

    def expand(self, axis: int = 0) -> Any:
        """With a further axis of length 1."""
        return self._of(np.expand_dims(self._array, axis))

    def squeeze(self, axis: int = 0) -> Any:
        """Without an axis of length 1."""
        return self._of(np.squeeze(self._array, axis))

    def repeat(self, repeats: int, axis: int = 0) -> Any:
        """Each member several times along an axis."""
        return self._of(np.repeat(self._array, repeats, axis))

    def pick(self, indexes: Any) -> Any:
        """The members at positions."""
        at = np.asarray(indexes)
        return self._of(self._array[at] if at.ndim == 1 else self._array[tuple(at.T)])

    def stack(self, other: Any, axis: int) -> Any:
        """With another one along an axis."""
        return self._of(np.concatenate([self._array, _objects(other)], axis))

    def hstack(self, other: Any) -> Any:
        """With another one along the last axis."""
        return self.stack(other, self.ndim - 1)

    def vstack(self, other: Any) -> Any:
        """With another one along the first axis."""
        return self.stack(other, 0)

    def clone(self) -> Any:
        """A copy of its own."""
        return self._of(self._array.copy())

    def _each(self, work: Any) -> Any:
        """`work` on each member and its position: an array of what it gives, or None."""
        given = [work(item, place if self.ndim else None) for place, item in np.ndenumerate(self._array)]
        return None if all(value is None for value in given) else _numbers(given, self.shape)


def _objects(value: Any) -> np.ndarray:
    """Anything as an array of objects."""
    if isinstance(value, Matrix):
        return value._array
    if isinstance(value, np.ndarray):
        return value.astype(object)
    if hasattr(type(value), "toarray"):
        return np.asarray(value.toarray()).astype(object)
    if isinstance(value, Array):
        value = list(value)
    if hasattr(type(value), "keys"):
        value = list(value.values())
    if isinstance(value, list | tuple):
        parts = [_objects(item) for item in value]
        out = np.empty((len(parts), *(parts[0].shape if parts else ())), dtype=object)
        for k, part in enumerate(parts):
            out[k] = part[()] if part.ndim == 0 else part
        return out
    out = np.empty((), dtype=object)
    out[()] = value
    return out


def _paired(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    try:
        wide = np.broadcast_arrays(left, right)
    except ValueError as why:
        raise CoptError(3, f"(INVALID) {why}") from None
    return wide[0], wide[1]


def _applied(left: Any, right: Any, work: Any) -> np.ndarray:
    a, b = _paired(_objects(left), _objects(right))
    out = np.empty(a.shape, dtype=object)
    for place in np.ndindex(a.shape):
        out[place] = work(a[place], b[place])
    return out


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """left @ right with variables and expressions on either side or both."""
    if left.ndim == 0 or right.ndim == 0 or left.shape[-1] != right.shape[max(0, right.ndim - 2)]:
        raise CoptError(3, f"(INVALID) shapes {left.shape} and {right.shape} do not fit for @")
    a = left.reshape(-1, left.shape[-1])
    b = right.reshape(right.shape[0], -1)
    out = np.empty((a.shape[0], b.shape[1]), dtype=object)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total: Any = LinExpr()
            for x, y in zip(a[i], b[:, j]):
                if (is_number(x) and x == 0) or (is_number(y) and y == 0):
                    continue
                term = x * y if isinstance(x, Operand) else y * float(x)
                total = total + term
            out[i, j] = total
    return out.reshape((*left.shape[:-1], *right.shape[1:]))


class MTerm(Matrix):
    """Arrays that are calculated with."""

    @staticmethod
    def _made(array: np.ndarray) -> Any:
        """An array of expressions, by the widest member."""
        flat = array.ravel()
        ranks = [item._rank if isinstance(item, Operand) else 0 for item in flat]
        if max(ranks, default=0) > 3:
            refused("products of three in arrays")
        out = np.empty(array.shape, dtype=object)
        curved = max(ranks, default=0) == 3
        for place, item in np.ndenumerate(array):
            out[place] = QuadExpr(item) if curved else LinExpr(item)
        return (MQuadExpr if curved else MLinExpr)._of(out)

    def __add__(self, other: Any) -> Any:
        return self._made(_applied(self, other, lambda a, b: a + b))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._made(_applied(self, other, lambda a, b: a - b))

    def __rsub__(self, other: Any) -> Any:
        return self._made(_applied(self, other, lambda a, b: b - a))

    def __neg__(self) -> Any:
        return self._made(_applied(self, -1.0, lambda a, b: a * b))

    def __mul__(self, other: Any) -> Any:
        return self._made(_applied(self, other, lambda a, b: a * b))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._made(_applied(self, other, lambda a, b: a / number(b)))

    def __matmul__(self, other: Any) -> Any:
        return self._made(_product(self._array, _objects(other)))

    def __rmatmul__(self, other: Any) -> Any:
        return self._made(_product(_objects(other), self._array))

    def _compared(self, other: Any, work: Any) -> Any:
        made = _applied(self, other, work)
        curved = any(isinstance(item, QConstrBuilder) for item in made.ravel())
        return (MQConstrBuilder if curved else MConstrBuilder)._of(made)

    def __le__(self, other: Any) -> Any:
        return self._compared(other, lambda a, b: a <= b)

    def __ge__(self, other: Any) -> Any:
        return self._compared(other, lambda a, b: a >= b)

    def __eq__(self, other: Any) -> Any:
        return self._compared(other, lambda a, b: a == b)

    def sum(self, axis: Any = None) -> Any:
        """The sum of all, or along an axis."""
        array = self._array if axis is not None else self._array.ravel()
        moved = np.moveaxis(array, 0 if axis is None else axis, 0)
        out = np.empty(moved.shape[1:], dtype=object)
        for place in np.ndindex(out.shape):
            total: Any = LinExpr()
            for item in moved[(slice(None), *place)]:
                total = total + item
            out[place] = total
        return self._made(out)


class Asked:
    """Arrays whose members have attributes; setting one sets it for each."""

    _array: np.ndarray
    _each: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.getAttr(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            self.setAttr(name, value)

    def getAttr(self, attrname: str) -> Any:
        """An attribute of each."""
        return self._each(lambda item, _: getattr(item, attrname))

    def setAttr(self, attrname: str, newvalue: Any) -> None:
        """Set an attribute of each."""
        for item, value in _with_values(self._array, newvalue):
            setattr(item, attrname, value)

    def getInfo(self, infoname: str) -> Any:
        """A piece of information on each."""
        return self._each(lambda item, _: item.getInfo(infoname))

    def setInfo(self, infoname: str, newval: Any) -> None:
        """Set a piece of information of each."""
        for item, value in _with_values(self._array, newval):
            item.setInfo(infoname, value)


class MVar(Asked, MTerm):
    """An array of variables."""

    @property
    def _cell(self) -> Any:
        if self.size != 1:
            raise AttributeError("_cell")
        return self._array.ravel()[0]._cell

    @staticmethod
    def fromlist(vars: Any) -> MVar:
        """An array of given variables."""
        return MVar(vars)

    @staticmethod
    def fromvar(var: Var) -> MVar:
        """One variable as an array without axes."""
        return MVar(var)


def _with_values(array: np.ndarray, values: Any) -> list[tuple[Any, Any]]:
    wide = np.broadcast_to(np.asarray(values, dtype=object), array.shape)
    return list(zip(array.ravel(), wide.ravel()))


class MLinExpr(MTerm):
    """An array of linear expressions."""

    def __iadd__(self, other: Any) -> Any:
        return self._changed(self + other)

    def __isub__(self, other: Any) -> Any:
        return self._changed(self - other)

    def __imul__(self, other: Any) -> Any:
        return self._changed(self * other)

    def __itruediv__(self, other: Any) -> Any:
        return self._changed(self / other)

    def _changed(self, other: Any) -> Any:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} does not hold {type(other).__name__}")
        self._array = other._array
        return self

    def getValue(self) -> Any:
        """The value of each."""
        return self._each(lambda item, _: item.getValue())

    def addTerms(self, vars: Any, coeffs: Any) -> None:
        """Add coeffs * vars in place."""
        self._changed(self + MVar(vars) * coeffs)

    def addMLinExpr(self, exprs: Any, mult: Any = 1.0) -> None:
        """Add mult times another one in place."""
        self._changed(self + exprs * number(mult))

    def clear(self) -> None:
        """Take everything out."""
        self._array = type(self).zeros(self.shape)._array

    @classmethod
    def zeros(cls, shape: Any) -> Any:
        """An array of expressions without terms."""
        out = np.empty(shape, dtype=object)
        for place in np.ndindex(out.shape):
            out[place] = QuadExpr() if cls is MQuadExpr else LinExpr()
        return cls._of(out)


class MQuadExpr(MLinExpr):
    """An array of quadratic expressions."""

    addMQuadExpr = MLinExpr.addMLinExpr


class MConstrBuilder(Matrix):
    """Rows on their way into a model."""

    def __bool__(self) -> bool:
        raise ValueError(f"Boolean value of '{type(self).__name__}' object is not defined")

    def __repr__(self) -> str:
        return f"<coptpy.{type(self).__name__} shape={self.shape}>"

    def setBuilder(self, expr: Any, sense: str, rhs: Any) -> None:
        """The rows expr sense rhs."""
        left = expr if isinstance(expr, MTerm) else MTerm._made(_objects(expr))
        work = {"L": left.__le__, "G": left.__ge__, "E": left.__eq__}[sense]
        self._array = work(rhs)._array

    def setRange(self, expr: Any, range: Any) -> None:
        """Ranges are not made of arrays here."""
        refused("MConstrBuilder.setRange", "use Model.addBoundConstr for each row")

    def getRange(self) -> float:
        """Ranges are not made of arrays here."""
        refused("MConstrBuilder.getRange", "use Model.addBoundConstr for each row")

    def getSense(self) -> str:
        """The sense of all of them."""
        return str(self._array.ravel()[0].getSense())

    def getExpr(self) -> Any:
        """The expressions, with the right sides taken from them."""
        return MTerm._made(_applied(self, 0.0, lambda a, _: a._form._copied()))


class MQConstrBuilder(MConstrBuilder):
    """Quadratic rows on their way into a model."""

    getQuadExpr = MConstrBuilder.getExpr


class MConstr(Asked, Matrix):
    """An array of linear rows."""



class MQConstr(MConstr):
    """An array of quadratic rows."""


# -- what models make of arrays ------------------------------------------------------------------


def new_variables(model: Any, shape: Any, lb: Any, ub: Any, obj: Any, vtype: Any, prefix: Any) -> MVar:
    """New variables in a shape."""
    size = (int(shape),) if is_number(shape) else tuple(int(n) for n in shape)
    out: Any = np.empty(size, dtype=object)
    given = [np.broadcast_to(np.asarray(item, dtype=object), size) for item in (lb, ub, obj, vtype)]
    for place in np.ndindex(size):
        name = f"{prefix}({','.join(map(str, place))})"
        values = [item[place] for item in given]
        out[place] = model._new_cell(*values, "")._facade()
        out[place]._cell._column.name = name
    return MVar._of(out)  # type: ignore[no-any-return]


def new_rows(model: Any, builders: Any, prefix: Any) -> Any:
    """New rows from builders."""
    if not isinstance(builders, MConstrBuilder):
        raise ValueError("Unsupported constraint sense")
    out = np.empty(builders.shape, dtype=object)
    curved = isinstance(builders, MQConstrBuilder)
    for place, item in np.ndenumerate(builders._array):
        name = f"{prefix}({','.join(map(str, place))})"
        out[place] = model.addQConstr(item, name=name) if curved else model.addConstr(item, name=name)
    return (MQConstr if curved else MConstr)._of(out)


def matrix_rows(model: Any, A: Any, x: Any, sense: Any, b: Any, prefix: Any) -> Any:
    """The rows A x sense b."""
    matrix = _objects(A)
    unknown = _all_variables(model) if x is None else MVar(x)
    senses = [sense] * matrix.shape[0] if isinstance(sense, str) and len(sense) == 1 else list(sense)
    sides = np.broadcast_to(np.asarray(b, dtype=object), (matrix.shape[0],))
    product = _product(matrix, unknown._array)
    work: dict[str, Any] = {"L": lambda e, r: e <= r, "G": lambda e, r: e >= r, "E": lambda e, r: e == r}
    made = np.empty(matrix.shape[0], dtype=object)
    for i in range(matrix.shape[0]):
        if senses[i] not in work:
            raise ValueError("Unsupported constraint sense")
        made[i] = work[senses[i]](product[i], float(sides[i]))
    return new_rows(model, MConstrBuilder._of(made), prefix)


def load(model: Any, c: Any, A: Any, lhs: Any, rhs: Any, lb: Any, ub: Any, vtype: Any) -> None:
    """Replace what the model holds by lhs <= A x <= rhs, lb <= x <= ub with the costs c."""
    matrix = A.tocsr()
    rows, columns = matrix.shape
    model.clear()
    given = [
        default if item is None else [float(v) for v in item]
        for item, default in ((lb, [0.0] * columns), (ub, [1e30] * columns), (c, [0.0] * columns))
    ]
    kinds = ["C"] * columns if vtype is None else list(vtype)
    cells = [model._new_cell(*(item[j] for item in given), kinds[j], "") for j in range(columns)]
    for i in range(rows):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        form = LinExpr._of([cells[j] for j in matrix.indices[part]], [float(v) for v in matrix.data[part]])
        model._range_row(form, lhs[i], rhs[i], "")


def _all_variables(model: Any) -> MVar:
    return MVar(list(model.getVars()))


def matrix_form(model: Any, Q: Any, c: Any, constant: Any, left: Any, right: Any, linear: Any) -> Any:
    """x' Q x + c' x + constant; variables that are not given are all of the model's."""
    out: Any = QuadExpr()
    out._constant_add(number(constant or 0.0))
    if Q is not None:
        first = _all_variables(model) if left is None else MVar(left)
        second = _all_variables(model) if right is None else MVar(right)
        matrix = _objects(Q)
        for (i, j), value in np.ndenumerate(matrix):
            if value != 0:
                out.addTerm(float(value), first._array.ravel()[i], second._array.ravel()[j])
    if c is not None:
        unknown = _all_variables(model) if linear is None else MVar(linear)
        coefs = [float(v) for v in _objects(c).ravel()]
        out._part._extend(*terms_of(unknown.tolist(), coefs))
    return out if out._count else out.getLinExpr()


