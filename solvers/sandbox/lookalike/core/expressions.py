"""Variables, linear and quadratic expressions with the arithmetic that modelling libraries share.

Terms stand in growing lists that several expressions may share: each knows how many of the entries are its own, and
only the one that owns them all appends in place. So `e += x`, `e + x`, `sum(...)` and snapshots take constant time
per term. Duplicates are kept, as the libraries keep them, until a row is built.

A library subclasses all types and sets the class attributes `_linear`, `_quadratic`, `_nonlinear` and `_comparison`
of each (see `family`); `_refuse` raises its errors.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any, ClassVar, NoReturn

import numpy as np

from solvers.sandbox.lookalike.core.trees import Affine, Call, Node, Number

NUMBERS = frozenset({int, float, bool, np.float64, np.float32, np.int64, np.int32, np.bool_})
"""The types whose instances are taken for numbers without a second look."""


def is_number(value: Any) -> bool:
    """Whether a value is a real number (or an array that holds just one)."""
    return type(value) in NUMBERS or isinstance(value, (int, float, np.number, np.bool_))


class Term:
    """What variables and expressions share: operators by way of linear and quadratic forms."""

    __slots__ = ()
    _linear: ClassVar[type[Linear]]
    _quadratic: ClassVar[type[Quadratic]]
    _nonlinear: ClassVar[Any]
    _comparison: ClassVar[type[Comparison]]

    __hash__ = None  # type: ignore[assignment]

    def _as_linear(self) -> Linear | None:
        """A linear form that may be changed by its owner, or None where this is none."""
        raise NotImplementedError

    def _as_quadratic(self) -> Quadratic:
        raise NotImplementedError

    def _node(self) -> Node:
        """The same as a tree."""
        raise NotImplementedError

    def _snapshot(self) -> Any:
        """The same, untouched by what is done to this one later."""
        return self

    @classmethod
    def _refuse(cls, message: str, code: int) -> NoReturn:
        """Raise the library's own error."""
        raise TypeError(message)

    # -- sums ------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        out = self._as_linear()
        if out is None:
            return self._as_quadratic()._extended(other, 1.0)
        return out._extended(other, 1.0)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        out = self._as_linear()
        if out is None:
            return self._as_quadratic()._extended(other, -1.0)
        return out._extended(other, -1.0)

    def __rsub__(self, other: Any) -> Any:
        return (-self).__add__(other)

    def __neg__(self) -> Any:
        return self * -1.0

    # -- products --------------------------------------------------------------------------------

    def __mul__(self, other: Any) -> Any:
        if type(other) in NUMBERS or is_number(other):
            return self._scaled(_number(self, other))
        if not isinstance(other, Term):
            return NotImplemented
        left, right = self._as_linear(), other._as_linear()
        if left is None or right is None:
            return self._product_beyond(other)
        return self._quadratic._product(left, right)

    def __rmul__(self, other: Any) -> Any:
        return self.__mul__(other)

    def _scaled(self, factor: float) -> Any:
        raise NotImplementedError

    def _product_beyond(self, other: Term) -> Any:
        """A product of more than two variables."""
        return self._nonlinear._call("*", self, other)

    def __truediv__(self, other: Any) -> Any:
        if type(other) in NUMBERS or is_number(other):
            if other == 0:
                raise ZeroDivisionError("division by zero")
            return self._scaled(1.0 / _number(self, other))
        if not isinstance(other, Term):
            return NotImplemented
        return self._nonlinear._call("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._nonlinear._call("/", other, self) if is_number(other) else NotImplemented

    def __pow__(self, other: Any) -> Any:
        if is_number(other):
            if other == 2:
                return self * self
            if other == 1:
                return self
            if other == 0:
                return 1.0
        elif not isinstance(other, Term):
            return NotImplemented
        return self._nonlinear._call("**", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._nonlinear._call("**", other, self) if is_number(other) else NotImplemented

    # -- comparisons -----------------------------------------------------------------------------

    def __le__(self, other: Any) -> Any:
        return self._compared("<", other)

    def __ge__(self, other: Any) -> Any:
        return self._compared(">", other)

    def __eq__(self, other: Any) -> Any:
        return self._compared("=", other)

    def _compared(self, sense: str, other: Any) -> Any:
        right = other._snapshot() if isinstance(other, Term) else other
        return self._comparison(self._snapshot(), sense, right)

    # -- numpy -----------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Arrays meet variables element by element, as arrays of objects do."""
        if not any(isinstance(item, np.ndarray) and item.ndim for item in inputs) and ufunc.__name__ in _UFUNCS:
            items = (item.item() if isinstance(item, np.ndarray | np.generic) else item for item in inputs)
            return _UFUNCS[ufunc.__name__](*items)
        return getattr(ufunc, method)(*map(_cell, inputs), **kwargs)


_UFUNCS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "true_divide": operator.truediv, "power": operator.pow, "negative": operator.neg, "less_equal": operator.le,
    "greater_equal": operator.ge, "equal": operator.eq,
}  # fmt: skip

def _cell(item: Any) -> np.ndarray:
    """An array; a variable or expression alone is an array of objects without axes."""
    if isinstance(item, np.ndarray):
        return item
    out = np.empty((), dtype=object)
    out[()] = item
    return out


def _number(owner: Term, value: Any) -> float:
    number = float(value)
    if isnan(number):
        owner._refuse("Constant is Nan", 10003)
    return number


@dataclass(slots=True, eq=False)
class Column:
    """The data of a variable; `state` is 0 until it is added, 1 then, 2 once removed, `index` its position.

    `kind` is one of the letters B, I, C, S (semicontinuous), N (semi-integer).
    """

    program: Any
    name: str
    lower: float
    upper: float
    cost: float
    kind: str
    index: int = -1
    state: int = 0
    start: float | None = None
    more: dict[str, Any] | None = None


class Variable(Term):
    """A column of a program, and an expression of one term."""

    __slots__ = ("__weakref__", "_column")

    _column: Column

    __hash__ = object.__hash__  # type: ignore[assignment]

    def _as_linear(self) -> Linear:
        out: Linear = object.__new__(self._linear)
        out._vars = [self]
        out._coefs = [1.0]
        out._size = 1
        out._constant = 0.0
        return out

    def _as_quadratic(self) -> Quadratic:
        return self._quadratic._of(self._as_linear())

    def _node(self) -> Node:
        return Affine((self,), (1.0,), 0.0)

    def _scaled(self, factor: float) -> Linear:
        out: Linear = object.__new__(self._linear)
        out._vars = [self]
        out._coefs = [factor]
        out._size = 1
        out._constant = 0.0
        return out

    def __mul__(self, other: Any) -> Any:
        kind = type(other)
        if kind is float or kind is int:
            if other != other:
                self._refuse("Constant is Nan", 10003)
            out: Linear = object.__new__(self._linear)
            out._vars = [self]
            out._coefs = [float(other)]
            out._size = 1
            out._constant = 0.0
            return out
        return Term.__mul__(self, other)

    __rmul__ = __mul__


class Linear(Term):
    """constant + sum of coefs[k] * vars[k] over the first `_size` entries of lists that may be shared."""

    __slots__ = ("_coefs", "_constant", "_size", "_vars")

    _vars: list[Variable]
    _coefs: list[float]
    _size: int
    _constant: float

    @classmethod
    def _of(cls, variables: list[Variable], coefs: list[float], constant: float = 0.0) -> Any:
        """A new one that owns these lists."""
        out = object.__new__(cls)
        out._vars, out._coefs, out._size, out._constant = variables, coefs, len(coefs), constant
        return out

    def _variables(self) -> list[Variable]:
        """Its variables, one per term."""
        return self._vars if len(self._vars) == self._size else self._vars[: self._size]

    def _coefficients(self) -> list[float]:
        """Its coefficients, one per term."""
        return self._coefs if len(self._coefs) == self._size else self._coefs[: self._size]

    def _terms(self) -> Iterator[tuple[Variable, float]]:
        return zip(self._variables(), self._coefficients())

    def _shared(self) -> Any:
        """Another expression that reads the same lists."""
        out = object.__new__(type(self))
        out._vars, out._coefs, out._size, out._constant = self._vars, self._coefs, self._size, self._constant
        return out

    _snapshot = _shared

    def _as_linear(self) -> Linear:
        return self._shared()  # type: ignore[no-any-return]

    def _as_quadratic(self) -> Quadratic:
        return self._quadratic._of(self._shared())

    def _node(self) -> Node:
        return Affine(tuple(self._variables()), tuple(self._coefficients()), self._constant)

    def _own(self) -> None:
        """Make the end of the lists the end of this expression, so that entries may be appended."""
        if len(self._coefs) != self._size:
            self._vars, self._coefs = self._vars[: self._size], self._coefs[: self._size]

    def _append(self, variable: Variable, coef: float) -> None:
        if len(self._coefs) != self._size:
            self._vars, self._coefs = self._vars[: self._size], self._coefs[: self._size]
        self._vars.append(variable)
        self._coefs.append(coef)
        self._size += 1

    def _extend(self, variables: list[Variable], coefs: list[float]) -> None:
        self._own()
        self._vars.extend(variables)
        self._coefs.extend(coefs)
        self._size = len(self._coefs)

    def _extended(self, other: Any, sign: float) -> Any:
        """This one with sign * other added in place; a wider type where `other` asks for it, NotImplemented."""
        if isinstance(other, Variable):
            self._append(other, sign)
        elif isinstance(other, Linear):
            coefs = other._coefficients()
            self._extend(other._variables(), coefs if sign == 1.0 else [sign * c for c in coefs])
            self._constant += sign * other._constant
        elif type(other) in NUMBERS or is_number(other):
            self._constant += sign * _number(self, other)
        elif isinstance(other, Quadratic):
            return self._quadratic._of(self)._extended(other, sign)
        else:
            return NotImplemented
        return self

    def __iadd__(self, other: Any) -> Any:
        return self._extended(other, 1.0)

    def __isub__(self, other: Any) -> Any:
        return self._extended(other, -1.0)

    def _scale(self, factor: float) -> Any:
        """Multiply in place."""
        self._vars, self._coefs = self._vars[: self._size], [factor * c for c in self._coefficients()]
        self._constant *= factor
        return self

    def _scaled(self, factor: float) -> Any:
        out = object.__new__(type(self))
        out._vars, out._coefs = self._vars[: self._size], [factor * c for c in self._coefficients()]
        out._size, out._constant = self._size, factor * self._constant + 0.0
        return out

    def __imul__(self, other: Any) -> Any:
        return self._scale(_number(self, other)) if is_number(other) else self.__mul__(other)

    def __itruediv__(self, other: Any) -> Any:
        if not is_number(other):
            return self.__truediv__(other)
        return self._scale(1.0 / _number(self, other))

    def _remove_variable(self, variable: Variable) -> None:
        kept = [(v, c) for v, c in self._terms() if v is not variable]
        self._vars, self._coefs, self._size = [v for v, _ in kept], [c for _, c in kept], len(kept)

    def _remove_position(self, at: int) -> None:
        variables, coefs = list(self._variables()), list(self._coefficients())
        del variables[at], coefs[at]
        self._vars, self._coefs, self._size = variables, coefs, len(coefs)

    def _merged(self) -> dict[Variable, float]:
        """Coefficient by variable, in order of first appearance."""
        return merged(self._variables(), self._coefficients())


def merged(variables: Iterable[Variable], coefs: Iterable[float]) -> dict[Variable, float]:
    """The sum of the coefficients of each variable, in order of first appearance."""
    variables, coefs = list(variables), list(coefs)
    out: dict[Variable, float] = dict(zip(variables, coefs))
    if len(out) < len(coefs):
        out = dict.fromkeys(variables, 0.0)
        for variable, coef in zip(variables, coefs):
            out[variable] += coef
    return out


class Quadratic(Term):
    """A linear part and sum of weights[k] * left[k] * right[k] over the first `_count` entries of shared lists."""

    __slots__ = ("_count", "_left", "_part", "_right", "_weights")

    _part: Linear
    _left: list[Variable]
    _right: list[Variable]
    _weights: list[float]
    _count: int

    @classmethod
    def _of(
        cls, part: Linear, left: list[Variable] | None = None, right: list[Variable] | None = None,
        weights: list[float] | None = None,
    ) -> Any:  # fmt: skip
        """A new one that owns its linear part and these lists."""
        out = object.__new__(cls)
        out._part = part
        out._left, out._right, out._weights = left or [], right or [], weights or []
        out._count = len(out._weights)
        return out

    @classmethod
    def _product(cls, a: Linear, b: Linear) -> Any:
        """The product of two linear forms, term by term."""
        av, ac, bv, bc = a._variables(), a._coefficients(), b._variables(), b._coefficients()
        part = a._linear._of([], [], a._constant * b._constant)
        if b._constant != 0.0:
            part._extend(av, [b._constant * c for c in ac])
        if a._constant != 0.0:
            part._extend(bv, [a._constant * c for c in bc])
        left = [v for v in av for _ in bv]
        return cls._of(part, left, bv * len(av), [c * d for c in ac for d in bc])

    def _triples(self) -> Iterator[tuple[Variable, Variable, float]]:
        n = self._count
        return zip(self._left[:n], self._right[:n], self._weights[:n])

    def _shared(self) -> Any:
        out = object.__new__(type(self))
        out._part = self._part._shared()
        out._left, out._right, out._weights, out._count = self._left, self._right, self._weights, self._count
        return out

    _snapshot = _shared

    def _as_linear(self) -> Linear | None:
        return None

    def _as_quadratic(self) -> Quadratic:
        return self._shared()  # type: ignore[no-any-return]

    def _node(self) -> Node:
        terms: list[Node] = [self._part._node()] if self._part._size or self._part._constant else []
        for a, b, weight in self._triples():
            factors = (Affine((a,), (weight,), 0.0), Affine((b,), (1.0,), 0.0))
            terms.append(Call("*", factors) if a is not b or weight != 1.0 else Call("**", (factors[1], Number(2.0))))
        return terms[0] if len(terms) == 1 else Call("+", tuple(terms)) if terms else Number(0.0)

    def _own(self) -> None:
        n = self._count
        if len(self._weights) != n:
            self._left, self._right, self._weights = self._left[:n], self._right[:n], self._weights[:n]

    def _append(self, left: Variable, right: Variable, weight: float) -> None:
        self._own()
        self._left.append(left)
        self._right.append(right)
        self._weights.append(weight)
        self._count += 1

    def _extended(self, other: Any, sign: float) -> Any:
        """This one with sign * other added in place, or NotImplemented."""
        if isinstance(other, Quadratic):
            n = other._count
            left, right, weights = other._left[:n], other._right[:n], other._weights[:n]
            self._own()
            self._left.extend(left)
            self._right.extend(right)
            self._weights.extend(weights if sign == 1.0 else [sign * w for w in weights])
            self._count = len(self._weights)
            self._part._extended(other._part._shared(), sign)
            return self
        return self if self._part._extended(other, sign) is not NotImplemented else NotImplemented

    def __iadd__(self, other: Any) -> Any:
        return self._extended(other, 1.0)

    def __isub__(self, other: Any) -> Any:
        return self._extended(other, -1.0)

    def _scaled(self, factor: float) -> Any:
        n = self._count
        return self._of(
            self._part._scaled(factor), self._left[:n], self._right[:n], [factor * w for w in self._weights[:n]]
        )

    def __imul__(self, other: Any) -> Any:
        if not is_number(other):
            return self.__mul__(other)
        scaled = self._scaled(_number(self, other))
        self._part, self._weights, self._left, self._right = scaled._part, scaled._weights, scaled._left, scaled._right
        return self

    def __itruediv__(self, other: Any) -> Any:
        return self.__imul__(1.0 / other) if is_number(other) else self.__truediv__(other)

    def __pow__(self, other: Any) -> Any:
        if is_number(other) and other == 2:
            return self._nonlinear._call("**", self, 2.0)
        return Term.__pow__(self, other)


class Comparison:
    """Two sides and a sense (<, > or =) on their way to a row; what the right side may be is the library's to say."""

    __slots__ = ("_left", "_right", "_sense")

    def __init__(self, left: Any, sense: str, right: Any) -> None:
        self._left = left
        self._sense = sense
        self._right = right


def family(variable: Any, linear: Any, quadratic: Any, nonlinear: Any, comparison: Any) -> None:
    """Let the types of one library know each other."""
    for kind in (variable, linear, quadratic, nonlinear):
        kind._linear, kind._quadratic, kind._nonlinear, kind._comparison = linear, quadratic, nonlinear, comparison


def total(items: Iterable[Any], linear: type[Linear]) -> Any:
    """The sum of variables, expressions and numbers in linear time, of the library that `linear` belongs to."""
    out: Any = linear._of([], [])
    variables, coefs, constant = out._vars, out._coefs, 0.0
    rest = iter(items)
    for item in rest:
        if isinstance(item, Variable):
            variables.append(item)
            coefs.append(1.0)
        elif type(item) is linear:
            if item._size == 1:
                variables.append(item._vars[0])
                coefs.append(item._coefs[0])
            else:
                variables.extend(item._variables())
                coefs.extend(item._coefficients())
            constant += item._constant
        elif type(item) in NUMBERS:
            constant += _number(out, item)
        else:
            out._size, out._constant = len(coefs), constant
            out += item
            for more in rest:
                out += more
            return out
    out._size, out._constant = len(coefs), constant
    return out
