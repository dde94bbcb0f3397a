"""The quadratic expressions of coptpy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import number
from solvers.sandbox.lookalike.coptpy.expressions import (
    ExprBuilder,
    InPlace,
    LinearPart,
    LinExpr,
    Operand,
    _signed,
    _text,
    a_variable,
    terms_of,
)
from solvers.sandbox.lookalike.core.expressions import Quadratic


class QuadExpr(LinearPart, InPlace, Quadratic):
    """A quadratic expression."""

    __slots__ = ()
    _part: Any
    _left: list[Any]
    _right: list[Any]
    _rank = 3

    def __init__(self, arg1: Any = 0.0, arg2: Any = None) -> None:
        self._part, self._left, self._right, self._weights, self._count = LinExpr(), [], [], [], 0
        if isinstance(arg1, Operand) and isinstance(arg2, Operand):
            self._take(arg1 * arg2, 1.0)
        elif isinstance(arg1, Operand):
            if arg1._rank > 3:
                number(arg1)
            self._take(arg1, 1.0)
            if arg2 is not None:
                self._scale(number(arg2))
        else:
            self._part._constant = number(arg1)

    def _triples(self) -> Iterator[tuple[Any, Any, float]]:
        return super()._triples()

    def _copied(self) -> Any:
        return self._shared()

    def _shared(self) -> Any:
        out = object.__new__(QuadExpr)
        out._part = LinExpr._from(self._part)
        out._left, out._right, out._weights, out._count = self._left, self._right, self._weights, self._count
        return out

    def _constant_add(self, value: float) -> None:
        self._part._constant += value

    def _take(self, other: Any, sign: float) -> Any:
        """Add sign * other in place; it is at most quadratic."""
        if other._rank < 3:
            self._part._take(other, sign)
            return self
        n = other._count
        left, right, weights = other._left[:n], other._right[:n], [sign * w for w in other._weights[:n]]
        part = LinExpr._from(other._part)
        self._own()
        self._left.extend(left)
        self._right.extend(right)
        self._weights.extend(weights)
        self._count = len(self._weights)
        self._part._take(part, sign)
        return self

    def _scale(self, factor: float) -> Any:
        n = self._count
        self._left, self._right = self._left[:n], self._right[:n]
        self._weights = [factor * w for w in self._weights[:n]]
        self._part._scale(factor)
        return self

    def _in_place(self, other: Any, sign: float) -> Any:
        if isinstance(other, Operand):
            return self._take(other, sign) if other._rank <= 3 else number(other)
        self._part._constant += sign * number(other)
        return self

    def __repr__(self) -> str:
        terms = (_signed(w, f"{a._text()}  * {b._text()}") for a, b, w in self._triples())
        return "".join([_text(self._part), *terms, " "])

    __str__ = __repr__

    def __getattr__(self, name: str) -> Any:
        found = name.lower()
        if found == "size":
            return self._count
        if found == "constant":
            return self._part._constant
        if found == "value":
            return self.getValue()
        raise AttributeError(f"Invalid attribute name '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name.lower() == "constant":
            self._part._constant = number(value)
        else:
            raise AttributeError(f"Invalid attribute name '{name}'")

    def getSize(self) -> int:
        """The number of quadratic terms."""
        return self._count

    def getCoeff(self, idx: int) -> float:
        """The coefficient of a quadratic term."""
        return self._weights[: self._count][idx]

    def setCoeff(self, idx: int, newval: Any) -> None:
        """Set the coefficient of a quadratic term."""
        n = self._count
        self._left, self._right, self._weights = self._left[:n], self._right[:n], self._weights[:n]
        self._weights[idx] = number(newval)

    def getVar1(self, idx: int) -> Any:
        """The first variable of a quadratic term."""
        return self._left[: self._count][idx]._facade()

    def getVar2(self, idx: int) -> Any:
        """The second variable of a quadratic term."""
        return self._right[: self._count][idx]._facade()

    def getValue(self) -> float:
        """The value in the solution that is held. Raises CoptError without one."""
        products = sum(w * a._value() * b._value() for a, b, w in self._triples())
        return float(self._part.getValue() + products)

    def addTerm(self, coeff: Any, var1: Any, var2: Any = None) -> None:
        """Add coeff * var1, or coeff * var1 * var2, in place."""
        if var2 is None:
            self._part.addTerm(var1, coeff)
        else:
            self._append(a_variable(var1), a_variable(var2), number(coeff))

    def addTerms(self, coeffs: Any, vars1: Any, vars2: Any = None) -> None:
        """Add several terms in place."""
        if vars2 is None:
            self._part.addTerms(vars1, coeffs)
            return
        first, weights = terms_of(vars1, coeffs)
        second, _ = terms_of(vars2, 1.0)
        for k, (a, weight) in enumerate(zip(first, weights)):
            self._append(a, second[k], weight)

    def addLinExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult times a linear expression in place."""
        self._part.addExpr(expr, mult)

    def addQuadExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult times a quadratic expression in place."""
        self._take((QuadExpr() + expr)._scale(number(mult)), 1.0)

    def clear(self) -> None:
        """Take everything out."""
        self._part, self._left, self._right, self._weights, self._count = LinExpr(), [], [], [], 0

    def clone(self) -> QuadExpr:
        """A copy of its own."""
        return self._shared()  # type: ignore[no-any-return]

    __copy__ = clone

    def reserve(self, n: int) -> None:
        """Make room; nothing to do here."""

    def remove(self, item: Any) -> None:
        """Take out a quadratic term by its position, or all terms of a variable."""
        triples = list(self._triples())
        if isinstance(item, Operand):
            cell = a_variable(item)
            triples = [t for t in triples if t[0] is not cell and t[1] is not cell]
            self._part._remove_variable(cell)
        else:
            del triples[int(item)]
        self._left, self._right = [a for a, _, _ in triples], [b for _, b, _ in triples]
        self._weights, self._count = [w for _, _, w in triples], len(triples)


def merged_form(form: QuadExpr) -> QuadExpr:
    """The same form with each product and variable once; products by the positions of their variables."""
    places: dict[tuple[int, int], tuple[Any, Any, float]] = {}
    for a, b, weight in form._triples():
        if a._column.index < b._column.index:
            a, b = b, a
        key = (b._column.index, a._column.index)
        places[key] = (a, b, weight + places[key][2] if key in places else weight)
    triples = [places[key] for key in sorted(places) if places[key][2] != 0.0]
    coefs = form._part._merged()
    part = LinExpr._of(list(coefs), list(coefs.values()), form._part._constant)
    left, right = [t[0] for t in triples], [t[1] for t in triples]
    return QuadExpr._of(part, left, right, [t[2] for t in triples])  # type: ignore[no-any-return]


QuadExpr._linear, QuadExpr._quadratic = LinExpr, QuadExpr
LinExpr._quadratic = ExprBuilder._quadratic = QuadExpr
