"""Variables and the expressions of coptpy: builders, linear and quadratic ones, and the builders of rows.

coptpy keeps two linear types: sums of variables are builders (`ExprBuilder`), whatever meets a `LinExpr` becomes one.
An operation in place changes the object that all its names share, and takes only what its own type can hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import number
from solvers.sandbox.lookalike.core.expressions import Linear, Term, is_number


class Operand(Term):
    """The operators of coptpy. `_rank` orders the types: variable, builder, linear, quadratic, nonlinear."""

    __slots__ = ()
    __array_ufunc__ = None  # type: ignore[assignment]
    __array_priority__ = 100.0
    _rank = 0

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    def __deepcopy__(self, memo: Any) -> Any:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    @classmethod
    def _refuse(cls, message: str, code: int) -> Any:
        """What is no number is taken as it comes, as coptpy takes it; the solve refuses it."""

    def _copied(self) -> Any:
        """An expression of one's own, of the type that sums of this one have."""
        raise NotImplementedError

    def _operand(self, other: Any) -> Any:
        """The other side of an operation: an operand, a number, or NotImplemented for what knows better."""
        if isinstance(other, Operand):
            return other
        if hasattr(other, "_matrix"):
            return NotImplemented
        return number(other)

    def __add__(self, other: Any) -> Any:
        return _sum(self, self._operand(other), 1.0)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return _sum(self, self._operand(other), -1.0)

    def __rsub__(self, other: Any) -> Any:
        other = self._operand(other)
        if other is NotImplemented:
            return other
        out = self._copied()._scale(-1.0)
        out._constant_add(other)
        return out

    def __neg__(self) -> Any:
        return self._copied()._scale(-1.0)

    def __mul__(self, other: Any) -> Any:
        other = self._operand(other)
        if other is NotImplemented:
            return other
        if not isinstance(other, Operand):
            return self._copied()._scale(other)
        if self._rank > 2 or other._rank > 2:
            if self._rank <= 2 and other._rank == 3:
                return number(other)
            return _nonlinear("*", self, other)
        return _multiplied(*((other, self) if self._rank == 0 < other._rank else (self, other)))

    def __rmul__(self, other: Any) -> Any:
        other = self._operand(other)
        return other if other is NotImplemented else self._copied()._scale(other)

    def __truediv__(self, other: Any) -> Any:
        other = self._operand(other)
        if other is NotImplemented:
            return other
        if isinstance(other, Operand):
            return _nonlinear("/", self, other)
        if other == 0.0:
            raise ZeroDivisionError("float division")
        return self._copied()._scale(1.0 / other)

    def __rtruediv__(self, other: Any) -> Any:
        other = self._operand(other)
        return other if other is NotImplemented else _nonlinear("/", other, self)

    def __pow__(self, other: Any) -> Any:
        other = self._operand(other)
        if other is NotImplemented:
            return other
        if isinstance(other, Operand):
            return _nonlinear("^", self, other)
        return _power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return NotImplemented

    def __eq__(self, other: Any) -> Any:
        if isinstance(other, list | tuple):
            return (_compared(self, "E", 0.0), other[0], other[1])
        other = self._operand(other)
        return other if other is NotImplemented else _compared(self, "E", other)

    def __le__(self, other: Any) -> Any:
        other = self._operand(other)
        return other if other is NotImplemented else _compared(self, "L", other)

    def __ge__(self, other: Any) -> Any:
        other = self._operand(other)
        return other if other is NotImplemented else _compared(self, "G", other)

    def _linear_part(self) -> Any:
        """A linear form that is not changed."""
        return self


def _multiplied(left: Any, right: Any) -> Any:
    """The product of two linear operands."""
    from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr

    out = QuadExpr._product(left._linear_part(), right._linear_part())
    out._part._constant += 0.0  # no minus before a zero
    if right._rank == 0 < left._rank and left._constant == 0.0:
        out._part._append(right._cell, 0.0)  # coptpy keeps the constant times the variable
    return out


def _sum(left: Any, right: Any, sign: float) -> Any:
    """left + sign * right, in the wider type; the terms of the wider one come first, as coptpy keeps them."""
    if right is NotImplemented:
        return right
    if not isinstance(right, Operand):
        out = left._copied()
        out._constant_add(sign * right)
        return out
    if right._rank == 4:
        out = _as_nonlinear(left)
        return out._take(right, sign)
    if right._rank > left._rank:
        out = right._copied()
        if sign < 0.0:
            out._scale(-1.0)
        return out._take(left, 1.0)
    return left._copied()._take(right, sign)


def _as_nonlinear(operand: Any) -> Any:
    from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr

    return NlExpr()._take(operand, 1.0)


def _nonlinear(operation: str, left: Any, right: Any) -> Any:
    from solvers.sandbox.lookalike.coptpy.nonlinear import applied

    return applied(operation, left, right)


def _power(base: Any, exponent: float) -> Any:
    """base ** exponent: the base itself, a square, or a nonlinear expression."""
    from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr, applied

    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return NlExpr(1.0)
    if exponent == 2.0:
        return base * base
    if exponent == 0.5:
        return applied("SQRT", base)
    return applied("^", base, exponent)


def _compared(left: Any, sense: str, right: Any) -> Any:
    """The builder of the row left - right against 0."""
    from solvers.sandbox.lookalike.coptpy.builders import ConstrBuilder, NlConstrBuilder, QConstrBuilder

    if isinstance(right, Operand) and right._rank == 4 and left._rank < 4:
        left, right = right, left
        sense = {"L": "G", "G": "L", "E": "E"}[sense]
    form = _sum(left, right, -1.0)
    if form._rank == 4:
        return NlConstrBuilder._of(form, sense)
    if form._rank == 3:
        return QConstrBuilder._of(form, sense)
    return ConstrBuilder._of(LinExpr._from(form), sense)


class InPlace(Operand):
    """Sums that are changed in place, by `_in_place` and `_scale`."""

    __slots__ = ()

    def _in_place(self, other: Any, sign: float) -> Any:
        raise NotImplementedError

    def _scale(self, factor: float) -> Any:
        raise NotImplementedError

    def __iadd__(self, other: Any) -> Any:
        return NotImplemented if hasattr(other, "_matrix") else self._in_place(other, 1.0)

    def __isub__(self, other: Any) -> Any:
        return NotImplemented if hasattr(other, "_matrix") else self._in_place(other, -1.0)

    def __imul__(self, other: Any) -> Any:
        return self._scale(number(other))

    def __itruediv__(self, other: Any) -> Any:
        value = number(other)
        if value == 0.0:
            raise ZeroDivisionError("float division")
        return self._scale(1.0 / value)


class Form(InPlace, Linear):
    """What both linear types have in common."""

    __slots__ = ()
    _vars: list[Any]

    def _variables(self) -> list[Any]:
        return super()._variables()

    def _terms(self) -> Iterator[tuple[Any, float]]:
        return super()._terms()

    def _copied(self) -> Any:
        return self._shared()

    def _constant_add(self, value: float) -> None:
        self._constant += value

    def _scale(self, factor: float) -> Any:
        self._vars, self._coefs = self._vars[: self._size], [factor * c for c in self._coefficients()]
        if self._constant != 0.0:  # no number times no constant is none
            self._constant *= factor
        return self

    def _take(self, other: Any, sign: float) -> Any:
        """Add sign * other in place; both are linear."""
        if other._rank == 0:
            self._append(other._cell, sign)
            return self
        coefs = other._coefficients()
        self._extend(other._variables(), coefs if sign == 1.0 else [sign * c for c in coefs])
        self._constant += sign * other._constant
        return self

    def _in_place(self, other: Any, sign: float) -> Any:
        if isinstance(other, Operand):
            return self._take(other, sign) if other._rank <= self._rank else number(other)
        self._constant += sign * number(other)
        return self

    def __repr__(self) -> str:
        return _text(self)

    __str__ = __repr__

    def getSize(self) -> int:
        """The number of terms."""
        return self._size

    def getCoeff(self, idx: int) -> float:
        """The coefficient of a term."""
        return self._coefficients()[idx]

    def getVar(self, idx: int) -> Any:
        """The variable of a term."""
        return self._variables()[idx]._facade()

    def getConstant(self) -> float:
        """The constant."""
        return self._constant

    def getValue(self) -> float:
        """The value in the solution that is held. Raises CoptError without one."""
        return self._constant + sum(c * v._value() for v, c in self._terms())

    def addTerm(self, var: Any, coeff: Any = 1.0) -> None:
        """Add coeff * var in place."""
        self._append(a_variable(var), number(coeff))

    def addExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult * expr in place."""
        factor = number(mult)
        if not isinstance(expr, Operand):
            self._constant += factor * number(expr)
        elif expr._rank > 2:
            raise TypeError(f"'LinExpr' object(s) are required for argument 'expr', not '{type(expr).__name__}'")
        else:
            self._take(LinExpr._from(expr)._scale(factor), 1.0)

    def clone(self) -> Any:
        """A copy of its own."""
        return self._shared()

    __copy__ = clone


def a_variable(value: Any, name: str = "var") -> Any:
    """The cell of a variable, or coptpy's TypeError."""
    cell = getattr(value, "_cell", None) if isinstance(value, Operand) or hasattr(value, "_matrix") else None
    if cell is None:
        raise TypeError(f"'Var' object(s) are required for argument '{name}'")
    return cell


def _text(form: Any) -> str:
    return "".join([f"{float(form._constant)!r}", *(_signed(c, v._text()) for v, c in form._terms()), " "])


def _signed(coef: float, text: str) -> str:
    """` + 2.0 * text`, with a minus for negative ones and no number for ones."""
    sign, size = ("-", -coef) if coef < 0.0 else ("+", coef)
    return f" {sign} {text}" if size == 1.0 else f" {sign} {size!r} * {text}"


class ExprBuilder(Form):
    """A sum of variables on its way to an expression."""

    __slots__ = ()
    _rank = 1

    def __init__(self, arg1: Any = 0.0, arg2: Any = None) -> None:
        _filled(self, arg1, arg2)

    @property
    def size(self) -> int:
        """The number of terms."""
        return self._size

    @property
    def coeff(self) -> float:
        """The coefficient of the first term."""
        return self._coefficients()[0]

    @property
    def var(self) -> Any:
        """The variable of the first term."""
        return self._variables()[0]._facade()

    @property
    def coeffs(self) -> list[float]:
        """The coefficients."""
        return list(self._coefficients())

    @property
    def vars(self) -> list[Any]:
        """The variables."""
        return [cell._facade() for cell in self._variables()]

    @property
    def constant(self) -> float:
        """The constant."""
        return self._constant

    def getExpr(self) -> LinExpr:
        """The same as a linear expression."""
        return LinExpr._from(self)


class LinExpr(Form):
    """A linear expression."""

    __slots__ = ()
    _rank = 2

    def __init__(self, arg1: Any = 0.0, arg2: Any = None) -> None:
        _filled(self, arg1, arg2)

    @classmethod
    def _from(cls, form: Any) -> LinExpr:
        """A linear expression of the same terms."""
        shared = form._as_linear()
        out = object.__new__(LinExpr)
        out._vars, out._coefs, out._size = shared._vars, shared._coefs, shared._size
        out._constant = shared._constant
        return out

    def __getattr__(self, name: str) -> Any:
        found = name.lower()
        if found == "size":
            return self._size
        if found == "constant":
            return self._constant
        if found == "value":
            return self.getValue()
        raise AttributeError(f"Invalid attribute name '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name.lower() == "constant":
            self._constant = number(value)
        else:
            raise AttributeError(f"Invalid attribute name '{name}'")

    def setCoeff(self, idx: int, newval: Any) -> None:
        """Set the coefficient of a term."""
        coefs = list(self._coefficients())
        coefs[idx] = number(newval)
        self._vars, self._coefs = self._vars[: self._size], coefs

    def setConstant(self, newval: Any) -> None:
        """Set the constant."""
        self._constant = number(newval)

    def addConstant(self, newval: Any) -> None:
        """Add to the constant."""
        self._constant += number(newval)

    def addTerms(self, vars: Any, coeffs: Any) -> None:
        """Add coeffs * vars in place."""
        self._extend(*terms_of(vars, coeffs))

    def clear(self) -> None:
        """Take everything out."""
        self._vars, self._coefs, self._size, self._constant = [], [], 0, 0.0

    def reserve(self, n: int) -> None:
        """Make room; nothing to do here."""

    def remove(self, item: Any) -> None:
        """Take out a term by its position, or all terms of a variable."""
        if isinstance(item, Operand):
            self._remove_variable(a_variable(item))
        else:
            self._remove_position(int(item))


def _filled(out: Any, first: Any, second: Any) -> None:
    """The terms that a constructor was given."""
    out._vars, out._coefs, out._size, out._constant = [], [], 0, 0.0
    if isinstance(first, Operand) and first._rank == 0:
        out._append(a_variable(first), 1.0 if second is None else number(second))
    elif isinstance(first, Form):
        out._take(first, 1.0)
        if second is not None:
            out._scale(number(second))
    elif isinstance(first, Operand):
        number(first)
    elif is_number(first):
        out._constant = float(first)
    elif second is not None:
        out._extend(*terms_of(first, second))
    elif isinstance(first, str) or not hasattr(first, "__iter__"):
        a_variable(first)
    else:
        for variable, coef in first:
            out._append(a_variable(variable), number(coef))


def terms_of(variables: Any, coefs: Any) -> tuple[list[Any], list[float]]:
    """Variables and coefficients that were given as one, as sequences or as mappings with the same keys."""
    if isinstance(variables, Operand):
        return [a_variable(variables)], [number(coefs)]
    if hasattr(type(variables), "keys"):
        keys = list(variables.keys())
        values = [coefs] * len(keys) if is_number(coefs) else [coefs[key] for key in keys]
        return [a_variable(variables[key]) for key in keys], [number(value) for value in values]
    members = [a_variable(item) for item in variables]
    if is_number(coefs):
        return members, [float(coefs)] * len(members)
    return members, [number(coefs[k]) for k in range(len(members))]


for _kind in (ExprBuilder, LinExpr):
    _kind._linear = LinExpr


class LinearPart(Operand):
    """Sums that hold their linear terms and their constant in a linear expression, `_part`."""

    __slots__ = ()
    _part: LinExpr

    def getLinExpr(self) -> LinExpr:
        """The linear part."""
        return LinExpr._from(self._part)

    def getConstant(self) -> float:
        """The constant of the linear part."""
        return self._part._constant

    def setConstant(self, newval: Any) -> None:
        """Set the constant of the linear part."""
        self._part._constant = number(newval)

    def addConstant(self, newval: Any) -> None:
        """Add to the constant of the linear part."""
        self._part._constant += number(newval)
