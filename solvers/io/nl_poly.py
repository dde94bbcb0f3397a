"""Expressions of NL files as sums: a constant, linear terms, products of two columns, and what is left.

What is left are calls (a function or an operation of sums). Sums keep linear and quadratic rows what they are,
whatever tree a writer made of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

import numpy as np

from solvers.errors import UnsupportedError
from solvers.template import BinaryFunction, UnaryFunction

MAX_DEPTH = 150
MAX_PRODUCT = 2500
"""Products of two sums that are multiplied out; longer ones stay products."""

CallName = UnaryFunction | BinaryFunction | Literal["min", "max"]


@dataclass(slots=True)
class Sum:
    """constant + linear + quadratic + sum of coefficient * call."""

    constant: float = 0.0
    linear: dict[int, float] = field(default_factory=dict)
    quadratic: dict[tuple[int, int], float] = field(default_factory=dict)
    rest: list[tuple[float, Call]] = field(default_factory=list)
    size: int = 1
    depth: int = 0

    @property
    def is_constant(self) -> bool:
        """Whether nothing but the constant is there."""
        return not (self.linear or self.quadratic or self.rest)

    @property
    def is_affine(self) -> bool:
        """Whether nothing but constant and linear terms is there."""
        return not (self.quadratic or self.rest)

    @property
    def length(self) -> int:
        """The number of terms."""
        return 1 + len(self.linear) + len(self.quadratic) + len(self.rest)


@dataclass(slots=True)
class Call:
    """A function of sums; `*`, `min` and `max` of any number of them."""

    name: CallName
    args: list[Sum]


class Algebra:
    """Operations on sums that they own, within a budget of work: trees may be built to explode."""

    def __init__(self, budget: int) -> None:
        self.budget = budget

    def spend(self, work: int) -> None:
        """Count work. Raises UnsupportedError when the budget is gone."""
        self.budget -= work
        if self.budget < 0:
            raise UnsupportedError(
                "the expressions of this file expand to far more than the file", remedy="write common parts as columns"
            )

    def copy(self, a: Sum) -> Sum:
        """A sum that may be changed; calls are shared."""
        self.spend(a.length + a.size)
        return Sum(a.constant, dict(a.linear), dict(a.quadratic), list(a.rest), a.size, a.depth)

    def add(self, a: Sum, b: Sum) -> Sum:
        """a + b; the shorter goes into the longer."""
        if a.length < b.length:
            a, b = b, a
        self.spend(b.length)
        a.constant += b.constant
        for j, c in b.linear.items():
            a.linear[j] = a.linear.get(j, 0.0) + c
        for key, c in b.quadratic.items():
            a.quadratic[key] = a.quadratic.get(key, 0.0) + c
        a.rest += b.rest
        a.size += b.size
        a.depth = max(a.depth, b.depth)
        return a

    def scale(self, a: Sum, by: float, divide: bool = False) -> Sum:
        """a * by, or a / by."""
        self.spend(a.length)
        if by == 1.0:
            return a

        def f(c: float) -> float:
            return c / by if divide else c * by

        linear = {j: f(c) for j, c in a.linear.items()}
        quadratic = {key: f(c) for key, c in a.quadratic.items()}
        return Sum(f(a.constant), linear, quadratic, [(f(c), call) for c, call in a.rest], a.size, a.depth)

    def multiply(self, a: Sum, b: Sum) -> Sum:
        """a * b, multiplied out where both are linear and short."""
        if a.is_constant:
            a, b = b, a
        if b.is_constant and isfinite(b.constant):
            return self.scale(a, b.constant)
        work = a.length * b.length
        if a.is_affine and b.is_affine and work <= MAX_PRODUCT:
            self.spend(work)
            return _expanded(a, b)
        factors: list[Sum] = []
        coef = 1.0
        for side in (a, b):
            call = side.rest[0][1] if len(side.rest) == 1 and side.length == 2 and side.constant == 0.0 else None
            if call is not None and call.name == "*":
                coef *= side.rest[0][0]
                factors = factors + call.args
            else:
                factors.append(side)
            self.spend(len(factors))
        out = self.call("*", factors, known=a.size + b.size)
        out.rest[0] = (coef, out.rest[0][1])
        return out

    def call(self, name: CallName, args: list[Sum], known: int | None = None) -> Sum:
        """A call as a sum. Raises UnsupportedError where it nests too deeply."""
        depth = 1 + max(arg.depth for arg in args) + (len(args).bit_length() - 1)
        depth += max(arg.length for arg in args).bit_length() - 1 if len(args) < 50 else 8
        if depth > MAX_DEPTH:
            raise UnsupportedError(
                f"an expression nests deeper than {MAX_DEPTH} calls", remedy="give inner parts columns of their own"
            )
        size = 1 + (known if known is not None else sum(arg.size for arg in args))
        self.spend(1)
        return Sum(rest=[(1.0, Call(name, args))], size=size, depth=depth)

    def power(self, a: Sum, b: Sum) -> Sum:
        """a ** b."""
        if b.is_constant and b.constant == 1.0:
            return a
        if b.is_constant and b.constant == 2.0 and a.is_affine and a.length**2 <= MAX_PRODUCT:
            self.spend(a.length**2)
            return _expanded(a, a)
        return self.folded("**", [a, b])

    def divide(self, a: Sum, b: Sum) -> Sum:
        """a / b."""
        if b.is_constant and b.constant != 0.0 and isfinite(b.constant):
            return self.scale(a, b.constant, divide=True)
        return self.call("/", [a, b])

    def folded(self, name: CallName, args: list[Sum]) -> Sum:
        """A call, or its value where all arguments are constants and it is finite."""
        if all(arg.is_constant for arg in args):
            with np.errstate(all="ignore"):
                value = float(_VALUES[name](*(np.float64(arg.constant) for arg in args)))
            if isfinite(value):
                return Sum(value)
        return self.call(name, args)


_VALUES = {
    "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "neg": np.negative,
    "**": np.power,
}  # fmt: skip


def _expanded(a: Sum, b: Sum) -> Sum:
    out = Sum(a.constant * b.constant, size=a.size + b.size, depth=max(a.depth, b.depth))
    for j, c in a.linear.items():
        if b.constant != 0.0:
            out.linear[j] = out.linear.get(j, 0.0) + c * b.constant
    for j, c in b.linear.items():
        if a.constant != 0.0:
            out.linear[j] = out.linear.get(j, 0.0) + c * a.constant
    for i, c in a.linear.items():
        for j, d in b.linear.items():
            key = (i, j) if i <= j else (j, i)
            out.quadratic[key] = out.quadratic.get(key, 0.0) + c * d
    return out
