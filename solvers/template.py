"""Nonlinear expressions of a whole family of rows as one template over index arrays.

A template of n rows evaluates to an array (n,) for a point x; `TSum` and `TExtreme` reduce an inner
frame of m rows onto n by `parent`. Solver adapters walk one row at a time with `at`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

import numpy as np

UnaryFunction = Literal["abs", "sqrt", "exp", "log", "sin", "cos", "neg"]
BinaryFunction = Literal["+", "*", "/", "**"]


@dataclass(frozen=True, slots=True, eq=False)
class TConst:
    """Data: an array (n,)."""

    values: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class TAffine:
    """constant[r] + sum of coefs over entries with rows == r; entries sorted by row, `start` (n + 1,)."""

    constant: np.ndarray
    start: np.ndarray
    cols: np.ndarray
    coefs: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class TUnary:
    """A function applied row by row."""

    func: UnaryFunction
    arg: Template


@dataclass(frozen=True, slots=True, eq=False)
class TBinary:
    """An operation on two templates of the same n."""

    func: BinaryFunction
    left: Template
    right: Template


@dataclass(frozen=True, slots=True, eq=False)
class TReduce:
    """Inner rows reduced by parent: sum, min or max. `parent` (m,) is sorted, `start` (n + 1,)."""

    func: Literal["sum", "min", "max"]
    arg: Template
    parent: np.ndarray
    start: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class TGather:
    """Rows `index` (n,) of another template."""

    arg: Template
    index: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class TChoice:
    """Row r comes from part `which[r]`, at its row `where[r]`: a conditional decided on data."""

    parts: tuple[Template, ...]
    which: np.ndarray
    where: np.ndarray


Template: TypeAlias = TConst | TAffine | TUnary | TBinary | TReduce | TGather | TChoice

_UNARY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "neg": np.negative,
}


def evaluate(node: Template, x: np.ndarray) -> np.ndarray:
    """The value of every row at the point x. Outside a function's domain the value is NaN or infinite."""
    with np.errstate(all="ignore"):
        return _evaluate(node, x)


def _evaluate(node: Template, x: np.ndarray) -> np.ndarray:
    match node:
        case TConst(values):
            return values
        case TAffine(constant, start, cols, coefs):
            rows = np.repeat(np.arange(len(constant)), np.diff(start))
            return constant + np.bincount(rows, weights=coefs * x[cols], minlength=len(constant))
        case TUnary(func, arg):
            return _UNARY[func](_evaluate(arg, x))
        case TBinary(func, left, right):
            a, b = _evaluate(left, x), _evaluate(right, x)
            if func == "+":
                return a + b
            if func == "*":
                return a * b
            return a / b if func == "/" else np.asarray(np.power(a, b))
        case TReduce(func, arg, parent, start):
            inner = _evaluate(arg, x)
            if func == "sum":
                return np.bincount(parent, weights=inner, minlength=len(start) - 1)
            reducer = np.minimum if func == "min" else np.maximum
            return reducer.reduceat(inner, start[:-1])
        case TGather(arg, index):
            return _evaluate(arg, x)[index]
        case TChoice(parts, which, where):
            out = np.empty(len(which))
            for part, taken in zip(parts, rows_of_parts(which, len(parts))):
                out[taken] = _evaluate(part, x)[where[taken]]
            return out
        case _:
            assert_never(node)


def rows_of_parts(which: np.ndarray, parts: int) -> list[np.ndarray]:
    """For each of the parts of a choice the rows that it gives, in one pass over all."""
    order = np.argsort(which, kind="stable")
    return np.split(order, np.searchsorted(which[order], np.arange(1, parts)))


def columns_of(node: Template) -> np.ndarray:
    """The distinct columns a template refers to."""
    found: list[np.ndarray] = []
    stack: list[Template] = [node]
    while stack:
        top = stack.pop()
        match top:
            case TAffine(_, _, cols, _):
                found.append(cols)
            case TUnary(_, arg) | TReduce(_, arg) | TGather(arg):
                stack.append(arg)
            case TBinary(_, left, right):
                stack.extend((left, right))
            case TChoice(parts):
                stack.extend(parts)
            case TConst():
                pass
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def functions_of(node: Template) -> frozenset[str]:
    """The functions and operations a template uses."""
    match node:
        case TUnary(func, arg):
            return functions_of(arg) | {func}
        case TReduce(func, arg):
            return functions_of(arg) | {func}
        case TBinary(func, left, right):
            return functions_of(left) | functions_of(right) | {func}
        case TGather(arg):
            return functions_of(arg)
        case TChoice(parts):
            return frozenset().union(*map(functions_of, parts))
        case _:
            return frozenset()


def zero_rows(node: Template, n: int) -> np.ndarray:
    """Which of the n rows are 0 whatever the point is, as far as their linear parts show: a mask (n,)."""
    match node:
        case TConst(values):
            return np.broadcast_to(values == 0, (n,))
        case TAffine(constant, start, _, coefs):
            rows = np.repeat(np.arange(len(constant)), np.diff(start))
            weight = np.bincount(rows, weights=np.abs(coefs), minlength=len(constant))
            return (constant == 0) & (weight == 0)
        case TChoice(parts, which, where):
            out = np.zeros(n, dtype=bool)
            for part, rows in zip(parts, rows_of_parts(which, len(parts))):
                taken = where[rows]
                out[rows] = zero_rows(part, int(taken.max(initial=-1)) + 1)[taken]
            return out
        case _:
            return np.zeros(n, dtype=bool)
