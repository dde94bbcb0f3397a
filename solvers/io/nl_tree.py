"""Expression trees of NL files into sums, without recursion: operators by their numbers in the ASL (table 7)."""

from __future__ import annotations

from collections.abc import Callable
from math import log

from solvers.errors import UnsupportedError
from solvers.io.nl_poly import Algebra, CallName, Sum
from solvers.io.nl_stream import Stream

BINARY = {0, 1, 2, 3, 5, 6, 76, 78}
LISTS = {11, 12, 54}
NAMES = {
    4: "rem", 13: "floor", 14: "ceil", 20: "or", 21: "and", 22: "<", 23: "<=", 24: "=", 28: ">=", 29: ">", 30: "!=",
    34: "not", 35: "if", 48: "atan2", 49: "atan", 51: "asin", 53: "acos", 55: "integer division",
    56: "precision", 57: "round", 58: "trunc", 59: "count", 60: "numberof", 61: "numberof", 62: "at least",
    63: "at most",
       64: "piecewise linear term", 65: "if", 66: "exactly", 67: "not at least", 68: "not at most", 69: "not exactly",
    70: "and", 71: "or", 72: "implies", 73: "iff", 74: "alldiff",
}  # fmt: skip
_SIMPLE: dict[int, CallName] = {15: "abs", 39: "sqrt", 41: "sin", 43: "log", 44: "exp", 46: "cos"}


class Trees:
    """Reads expressions; `common` holds those that the file defines, by number."""

    def __init__(self, stream: Stream, columns: int, common: int, algebra: Algebra) -> None:
        self.stream, self.columns, self.algebra = stream, columns, algebra
        self.common: list[Sum | None] = [None] * common

    def read(self) -> Sum:
        """One expression. Raises FormatError and UnsupportedError."""
        stack: list[tuple[int, int, list[Sum]]] = []
        while True:
            letter, value = self.stream.node()
            if letter == b"o":
                code, count = value, self._count(value)
                stack.append((code, count, []))
                continue
            item = Sum(value) if letter == b"n" else self._column(value) if letter == b"v" else self._no(letter)
            self.algebra.spend(1)
            while stack:
                code, count, args = stack[-1]
                args.append(item)
                if len(args) < count:
                    break
                stack.pop()
                item = self._apply(code, args)
            else:
                return item

    def _no(self, letter: bytes) -> Sum:
        what = "an imported function" if letter == b"f" else "a string"
        raise UnsupportedError(f"{what} is not read", place=self.stream.fail("", "", 1).place, remedy="write it out")

    def _column(self, j: int) -> Sum:
        if 0 <= j < self.columns:
            return Sum(linear={j: 1.0})
        k = j - self.columns
        if not 0 <= k < len(self.common):
            raise self.stream.fail(f"there is no column {j}", f"the header declares {self.columns}", 1)
        found = self.common[k]
        if found is None:
            raise self.stream.fail(f"the common expression {j} is used before it is defined", "", 1)
        return self.algebra.copy(found)

    def _count(self, code: int) -> int:
        """The number of arguments of an operator."""
        if code in LISTS:
            count = self.stream.integer()
            if count < 1:
                raise self.stream.fail(f"a list of {count} arguments", "", 1)
            return count
        if code in BINARY:
            return 2
        if code in _UNARY:
            return 1
        if code in NAMES:
            raise UnsupportedError(
                f"the operation {NAMES[code]!r} (o{code}) is not read",
                place=self.stream.fail("", "", 1).place,
                remedy="rewrite it with +, *, /, powers, abs, min, max, sqrt, exp, log, sin and cos",
            )
        raise self.stream.fail(f"there is no operation o{code}", "", 1)

    def _apply(self, code: int, args: list[Sum]) -> Sum:
        algebra = self.algebra
        if code in (0, 1, 54):
            if code == 1:
                args[1] = algebra.scale(args[1], -1.0)
            total = args[0]
            for arg in args[1:]:
                total = algebra.add(total, arg)
            return total
        if code in (11, 12):
            return args[0] if len(args) == 1 else algebra.call("min" if code == 11 else "max", args)
        if code in _UNARY:
            return _UNARY[code](algebra, args[0])
        left, right = args
        if code == 2:
            return algebra.multiply(left, right)
        if code == 3:
            return algebra.divide(left, right)
        if code == 6:  # the positive part of a difference
            return algebra.call("max", [algebra.add(left, algebra.scale(right, -1.0)), Sum(0.0)])
        return algebra.power(left, right)  # 5, 76 (constant exponent), 78 (constant base)


def _square(algebra: Algebra, a: Sum) -> Sum:
    return algebra.power(a, Sum(2.0))


def _exp(algebra: Algebra, a: Sum, by: float) -> Sum:
    return algebra.folded("exp", [algebra.scale(algebra.copy(a), by)])


def _tanh(algebra: Algebra, a: Sum) -> Sum:
    """1 - 2 / (exp(2 a) + 1)."""
    below = algebra.add(_exp(algebra, a, 2.0), Sum(1.0))
    return algebra.add(Sum(1.0), algebra.divide(Sum(-2.0), below))


def _hyperbolic(algebra: Algebra, a: Sum, sign: float) -> Sum:
    """(exp(a) + sign * exp(-a)) / 2."""
    return algebra.add(algebra.scale(_exp(algebra, a, 1.0), 0.5), algebra.scale(_exp(algebra, a, -1.0), 0.5 * sign))


def _area(algebra: Algebra, a: Sum, sign: float) -> Sum:
    """log(a + sqrt(a ** 2 + sign))."""
    root = algebra.folded("sqrt", [algebra.add(_square(algebra, algebra.copy(a)), Sum(sign))])
    return algebra.folded("log", [algebra.add(root, a)])


def _atanh(algebra: Algebra, a: Sum) -> Sum:
    """(log(1 + a) - log(1 - a)) / 2."""
    above = algebra.folded("log", [algebra.add(Sum(1.0), algebra.copy(a))])
    below = algebra.folded("log", [algebra.add(Sum(1.0), algebra.scale(a, -1.0))])
    return algebra.add(algebra.scale(above, 0.5), algebra.scale(below, -0.5))


def _simple(name: CallName) -> Callable[[Algebra, Sum], Sum]:
    return lambda algebra, a: algebra.folded(name, [a])


_UNARY: dict[int, Callable[[Algebra, Sum], Sum]] = {
    **{code: _simple(name) for code, name in _SIMPLE.items()},
    16: lambda algebra, a: algebra.scale(a, -1.0),
    37: _tanh,
    38: lambda algebra, a: algebra.divide(
        algebra.folded("sin", [algebra.copy(a)]), algebra.folded("cos", [a])
    ),
    40: lambda algebra, a: _hyperbolic(algebra, a, -1.0),
    42: lambda algebra, a: algebra.scale(algebra.folded("log", [a]), log(10.0), divide=True),
    45: lambda algebra, a: _hyperbolic(algebra, a, 1.0),
    47: _atanh,
    50: lambda algebra, a: _area(algebra, a, 1.0),
    52: lambda algebra, a: _area(algebra, a, -1.0),
    77: _square,
}  # fmt: skip
