"""Nonlinear expressions as trees over variables, their values, and the template that a `solvers.Model` holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

import numpy as np

if TYPE_CHECKING:
    from solvers.template import Template

FUNCTIONS = ("sqrt", "exp", "log", "sin", "cos", "abs", "neg")
"""What templates know; the rest is written in these by `call`."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """constant + sum of coefs[k] * variables[k]."""

    variables: tuple[Any, ...]
    coefs: tuple[float, ...]
    constant: float


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function of `FUNCTIONS`, or +, *, /, **, of its arguments; + and * take any number of them."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Affine | Call


def call(function: str, *arguments: Node) -> Node:
    """A call, also of log2, log10, logb, tan, tanh, logistic, square, signpow and expa, in what templates know."""
    if function in FUNCTIONS or function in ("+", "*", "/", "**"):
        return Call(function, arguments)
    first = arguments[0]
    one = Number(1.0)
    match function:
        case "log2" | "log10":
            return Call("/", (Call("log", (first,)), Number(math.log(2.0 if function == "log2" else 10.0))))
        case "logb":
            return Call("/", (Call("log", (first,)), Call("log", (arguments[1],))))
        case "square":
            return Call("**", (first, Number(2.0)))
        case "tan":
            return Call("/", (Call("sin", (first,)), Call("cos", (first,))))
        case "logistic":
            return Call("/", (one, Call("+", (one, Call("exp", (Call("neg", (first,)),))))))
        case "tanh":
            grown = Call("exp", (Call("*", (Number(2.0), first)),))
            return Call("+", (one, Call("neg", (Call("/", (Number(2.0), Call("+", (grown, one)))),))))
        case "signpow":
            exponent = arguments[1]
            if not isinstance(exponent, Number):
                raise TypeError("the exponent of signpow is a number")
            power = Call("**", (Call("abs", (first,)), Number(exponent.value - 1.0)))
            return Call("*", (first, power))
    raise TypeError(f"there is no function {function!r}")


_EVALUATE: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "abs": abs,
    "neg": lambda value: -value,
}  # fmt: skip


def value(node: Node, of: Callable[[Any], float]) -> float:
    """The value at a point, given by the value of each variable. Raises ValueError outside a function's domain."""
    match node:
        case Number(number):
            return number
        case Affine(variables, coefs, constant):
            return constant + sum(c * of(v) for v, c in zip(variables, coefs))
        case Call("+", arguments):
            return sum(value(item, of) for item in arguments)
        case Call("*", arguments):
            return math.prod(value(item, of) for item in arguments)
        case Call("/", (above, below)):
            return value(above, of) / value(below, of)
        case Call("**", (base, exponent)):
            return float(value(base, of) ** value(exponent, of))
        case Call(function, (only,)):
            return _EVALUATE[function](value(only, of))
        case Call(function):
            raise TypeError(f"{function} takes other arguments")
        case _:
            assert_never(node)


def variables_of(node: Node) -> list[Any]:
    """The variables of a tree, each once."""
    found: dict[Any, None] = {}
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case Affine(variables):
                found.update(dict.fromkeys(variables))
            case Call(_, arguments):
                stack.extend(arguments)
            case Number():
                continue
    return list(found)


def template(node: Node) -> Template:
    """The tree as a template of one row; variables stand at the index of their column."""
    from solvers.template import TAffine, TBinary, TConst, TUnary

    match node:
        case Number(number):
            return TConst(np.array([number]))
        case Affine(variables, coefs, constant):
            cols, values = _summed(variables, coefs)
            return TAffine(np.array([constant]), np.array([0, len(cols)]), cols, values)
        case Call("+" | "*" as function, arguments):
            parts = [template(item) for item in arguments]
            while len(parts) > 1:  # in pairs, so that a long sum makes no high tree
                pairs = [TBinary(function, a, b) for a, b in zip(parts[::2], parts[1::2])]
                parts = [*pairs, parts[-1]] if len(parts) % 2 else [*pairs]
            return parts[0]
        case Call("/" | "**" as function, (left, right)):
            return TBinary(function, template(left), template(right))
        case Call(function, (only,)):
            return TUnary(function, template(only))  # type: ignore[arg-type]
        case Call(function):
            raise TypeError(f"{function} takes other arguments")
        case _:
            assert_never(node)


def _summed(variables: Sequence[Any], coefs: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Distinct columns in order and their coefficients."""
    by_column: dict[int, float] = {}
    for variable, coef in zip(variables, coefs):
        at = variable._column.index
        by_column[at] = by_column.get(at, 0.0) + coef
    cols = np.array(sorted(by_column), dtype=np.int64)
    return cols, np.array([by_column[j] for j in cols.tolist()], dtype=np.float64)
