"""Nonlinear expressions: a linear part and a tree in postfix order, as coptpy writes it; the functions of `nl`."""

from __future__ import annotations

from typing import Any, TypeAlias

from solvers.sandbox.lookalike.coptpy.errors import number, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinearPart, LinExpr, Operand
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.core.expressions import Variable
from solvers.sandbox.lookalike.core.trees import Affine, Node, Number, call

Token: TypeAlias = "float | str | tuple[str, int] | Variable"
"""A number, a variable, an operation by its name, or `SUM` with how many it adds."""

_CORE = {
    "SQRT": "sqrt", "EXP": "exp", "LOG": "log", "LOG10": "log10", "SIN": "sin", "COS": "cos", "TAN": "tan",
    "TANH": "tanh", "ABS": "abs", "NEG": "neg", "*": "*", "/": "/", "+": "+", "^": "**",
}  # fmt: skip
_BINARY = frozenset({"+", "*", "/", "^", "ATAN2"})
_HYPERBOLIC = {"SINH": -1.0, "COSH": 1.0}


class NlExpr(LinearPart):
    """A linear part plus a tree."""

    __slots__ = ("_part", "_tokens")
    _rank = 4
    _part: LinExpr
    _tokens: list[Token]

    def __init__(self, arg1: Any = 0.0, arg2: Any = None) -> None:
        self._part, self._tokens = LinExpr(), []
        if isinstance(arg1, Operand):
            self._take(arg1, 1.0 if arg2 is None else number(arg2))
        else:
            self._part._constant = number(arg1)

    @classmethod
    def _of(cls, tokens: list[Token]) -> NlExpr:
        out = object.__new__(cls)
        out._part, out._tokens = LinExpr(), tokens
        return out

    def _copied(self) -> NlExpr:
        out = object.__new__(NlExpr)
        out._part, out._tokens = LinExpr._from(self._part), list(self._tokens)
        return out

    _snapshot = _copied

    def _constant_add(self, value: float) -> None:
        self._part._constant += value

    def _scale(self, factor: float) -> NlExpr:
        self._part._scale(factor)
        if self._tokens:
            self._tokens.extend([factor, "*"])
        return self

    def _join(self, tokens: list[Token]) -> None:
        first = not self._tokens
        self._tokens.extend(tokens)
        if not first:
            self._tokens.append("+")

    def _take(self, other: Any, sign: float) -> NlExpr:
        """Add sign * other in place."""
        if other._rank < 3:
            self._part._take(other, sign)
        elif other._rank == 3:
            if other._count:
                self._join(_together([_product(a, b, sign * weight) for a, b, weight in other._triples()]))
            self._part._take(LinExpr._from(other._part), sign)
        else:
            part, tokens = LinExpr._from(other._part), list(other._tokens)
            if tokens:
                self._join(tokens if sign == 1.0 else [*tokens, sign, "*"])
            self._part._take(part, sign)
        return self

    def _postfix(self) -> list[Token]:
        """All of it in postfix order."""
        linear = _linear_postfix(self._part)
        if not self._tokens:
            return linear or [0.0]
        return [*self._tokens, *linear, "+"] if linear else list(self._tokens)

    def _node(self) -> Node:
        return tree(self._postfix())

    def __neg__(self) -> Any:
        out = self._copied()
        out._part._scale(-1.0)
        if out._tokens:
            out._tokens.append("NEG")
        return out

    def __rmul__(self, other: Any) -> Any:
        other = self._operand(other)
        return other if other is NotImplemented else applied("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        other = self._operand(other)
        if other is NotImplemented or isinstance(other, Operand):
            return other if other is NotImplemented else applied("/", self, other)
        return self._copied()._divide(other)

    def _divide(self, value: float) -> NlExpr:
        if value == 0.0:
            raise ZeroDivisionError("float division")
        self._part._scale(1.0 / value)
        if self._tokens:
            self._tokens.extend([value, "/"])
        return self

    def __iadd__(self, other: Any) -> Any:
        if isinstance(other, Operand):
            return self._take(other, 1.0)
        self._part._constant += number(other)
        return self

    def __isub__(self, other: Any) -> Any:
        if isinstance(other, Operand):
            return self._take(other, -1.0)
        self._part._constant -= number(other)
        return self

    def __imul__(self, other: Any) -> Any:
        return self._become(applied("*", self, other)) if isinstance(other, Operand) else self._scale(number(other))

    def __itruediv__(self, other: Any) -> Any:
        return self._become(applied("/", self, other)) if isinstance(other, Operand) else self._divide(number(other))

    def _become(self, other: NlExpr) -> NlExpr:
        self._part, self._tokens = other._part, other._tokens
        return self

    def __repr__(self) -> str:
        return f"<coptpy.NlExpr>\n{shown(self)}"

    __str__ = __repr__

    def __getattr__(self, name: str) -> Any:
        found = name.lower()
        if found == "constant":
            return self._part._constant
        if found == "size":
            return len(self._tokens)
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
        """The length of the tree."""
        return len(self._tokens)

    def getValue(self) -> float:
        """The value in the solution that is held. Raises CoptError without one."""
        from solvers.sandbox.lookalike.core.trees import value

        return value(self._node(), lambda cell: cell._value())

    def addTerm(self, var: Any, coeff: Any = 1.0) -> None:
        """Add coeff * var in place."""
        self._part.addTerm(var, coeff)

    def addTerms(self, vars: Any, coeffs: Any) -> None:
        """Add coeffs * vars in place."""
        self._part.addTerms(vars, coeffs)

    def addLinExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult times a linear expression in place."""
        self._part.addExpr(expr, mult)

    def addQuadExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult times a quadratic expression in place."""
        self._take((QuadExpr() + expr)._scale(number(mult)), 1.0)

    def addNlExpr(self, expr: Any, mult: Any = 1.0) -> None:
        """Add mult times a nonlinear expression in place."""
        self._take((NlExpr() + expr)._scale(number(mult)), 1.0)

    def clear(self) -> None:
        """Take everything out."""
        self._part, self._tokens = LinExpr(), []

    def clone(self) -> NlExpr:
        """A copy of its own."""
        return self._copied()

    def negate(self) -> None:
        """Turn the sign in place."""
        self._become(-self)

    def reserve(self, n: int) -> None:
        """Make room; nothing to do here."""


def _product(a: Any, b: Any, weight: float) -> list[Token]:
    return [a, b, "*"] if weight == 1.0 else [weight, a, "*", b, "*"]


def _linear_postfix(form: Any) -> list[Token]:
    """A linear form in postfix order; empty where it is 0."""
    pieces: list[list[Token]] = [[v] if c == 1.0 else [c, v, "*"] for v, c in form._terms()]
    if form._constant != 0.0:
        pieces.append([form._constant])
    return _together(pieces)


def _together(pieces: list[list[Token]]) -> list[Token]:
    """The sum of some in postfix order."""
    flat = [token for piece in pieces for token in piece]
    if len(pieces) < 2:
        return flat
    return [*flat, "+"] if len(pieces) == 2 else [*flat, ("SUM", len(pieces))]


def _postfix_of(operand: Any) -> list[Token]:
    if not isinstance(operand, Operand):
        return [float(operand)]
    return (NlExpr()._take(operand, 1.0))._postfix()


def applied(operation: str, *operands: Any) -> NlExpr:
    """An operation on operands and numbers."""
    return NlExpr._of([*(token for item in operands for token in _postfix_of(item)), operation])


def tree(tokens: list[Token]) -> Node:
    """Postfix order as a tree of the core. Raises for functions that no solver of ours knows."""
    stack: list[Node] = []
    for token in tokens:
        match token:
            case float():
                stack.append(Number(token))
            case Variable():
                stack.append(Affine((token,), (1.0,), 0.0))
            case ("SUM", int(count)):
                taken = stack[-count:]
                del stack[-count:]
                stack.append(call("+", *taken))
            case str():
                count = 2 if token in _BINARY else 1
                taken = stack[-count:]
                del stack[-count:]
                stack.append(_called(token, taken))
    return stack[0]


def _called(operation: str, arguments: list[Node]) -> Node:
    if operation in _CORE:
        return call(_CORE[operation], *arguments)
    if operation in _HYPERBOLIC:
        grown, shrunk = call("exp", arguments[0]), call("exp", call("neg", arguments[0]))
        return call("*", Number(0.5), call("+", grown, call("*", Number(_HYPERBOLIC[operation]), shrunk)))
    refused(f"nl.{operation.lower()}", "no solver of ours knows the function")


def shown(expr: NlExpr) -> str:
    """The linear part and the tree, as coptpy writes them."""
    part = expr._part
    pieces = [f"{part._constant:g}"] if part._constant != 0.0 else []
    for variable, coef in part._terms():
        size = f"{abs(coef):g} * " if abs(coef) != 1.0 else ""
        pieces.append(f"{'-' if coef < 0.0 else '+'} {size}{variable._column.name}")
    text = " ".join(pieces).removeprefix("+ ")
    words = ["[ POSTFIX", *map(_word, expr._tokens), "]"]
    return f"{text} + {' '.join(words)}" if text else " ".join(words)


def _word(token: Token) -> str:
    match token:
        case float():
            return f"{token:g}"
        case Variable():
            return f"C({token._column.index})"
        case (name, count):
            return f"{name} {count}"
        case _:
            return str(token)


def _function(name: str, operation: str) -> Any:
    def apply(expr: Any) -> NlExpr:
        return applied(operation, expr if isinstance(expr, Operand) else number(expr))

    apply.__name__ = name
    apply.__doc__ = f"The function {name} of an expression."
    return staticmethod(apply)


class nl:
    """Nonlinear functions of expressions."""

    @staticmethod
    def sum(*operands: Any) -> NlExpr:
        """The sum of the operands, or of the members of one."""
        members: Any = operands
        if len(operands) == 1 and not isinstance(operands[0], Operand):
            only = operands[0]
            members = list(only.values()) if hasattr(type(only), "keys") else only
        out = NlExpr()
        for item in members:
            out += item
        return out

    @staticmethod
    def pow(base: Any, expo: Any) -> NlExpr:
        """base ** expo."""
        return applied("^", *(x if isinstance(x, Operand) else number(x) for x in (base, expo)))

    @staticmethod
    def atan2(y: Any, x: Any) -> NlExpr:
        """The angle of a point."""
        return applied("ATAN2", *(z if isinstance(z, Operand) else number(z) for z in (y, x)))


for _name in (
    "sqrt", "exp", "log", "log10", "neg", "abs", "ceil", "floor", "cos", "sin", "tan", "cosh", "sinh", "tanh", "acos",
    "asin", "atan", "acosh", "asinh", "atanh",
):  # fmt: skip
    setattr(nl, _name, _function(_name, _name.upper()))
