"""Sums with calls as templates: rows of the same shape share one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from solvers.io.nl_poly import Call, Sum
from solvers.model import NonlinearRows
from solvers.template import TAffine, TBinary, TChoice, TConst, Template, TReduce, TUnary

Leaf = tuple[float, Sequence[int], Sequence[float]]
Shape: TypeAlias = "str | tuple[Shape, ...]"
"""`c` a constant, `a` a linear leaf, else the name of an operation and the shapes of its arguments."""


def templates(rows: Sequence[tuple[int, Sum]]) -> tuple[NonlinearRows, ...]:
    """The calls and the constant of each row as templates, by shape, in the order of first rows."""
    groups: dict[Shape, tuple[list[int], list[list[Leaf]]]] = {}
    for row, found in rows:
        leaves: list[Leaf] = []
        shape = _shape(Sum(found.constant, rest=found.rest), leaves)
        where, held = groups.setdefault(shape, ([], []))
        where.append(row)
        held.append(leaves)
    return tuple(
        NonlinearRows(np.array(where), _build(shape, iter(list(zip(*held))), len(where)))
        for shape, (where, held) in groups.items()
    )


def _shape(found: Sum, leaves: list[Leaf]) -> Shape:
    parts: list[Shape] = []
    if found.linear:
        leaves.append((found.constant, list(found.linear), list(found.linear.values())))
        parts.append("a")
    elif found.constant != 0.0 or found.is_constant:
        leaves.append((found.constant, (), ()))
        parts.append("c")
    for (i, j), coef in found.quadratic.items():
        leaves.append((0.0, (i,), (coef,)))
        leaves.append((0.0, (j,), (1.0,)))
        parts.append(("*", "a", "a"))
    for coef, call in found.rest:
        if coef == 1.0:
            parts.append(_call(call, leaves))
        elif coef == -1.0:
            parts.append(("neg", _call(call, leaves)))
        else:
            leaves.append((coef, (), ()))
            parts.append(("*", "c", _call(call, leaves)))
    return parts[0] if len(parts) == 1 else ("+", *parts)


def _call(call: Call, leaves: list[Leaf]) -> Shape:
    return (call.name, *(_shape(arg, leaves) for arg in call.args))


def _build(shape: Shape, leaves: Iterator[tuple[Leaf, ...]], n: int) -> Template:
    """The template of n rows; each leaf of the shape takes the next leaves, one per row."""
    if isinstance(shape, str):
        return _leaf(shape, next(leaves))
    name, *rest = shape
    args = [_build(part, leaves, n) for part in rest]
    if name in ("+", "*"):
        return _balanced(name, args)  # type: ignore[arg-type]
    if name in ("min", "max"):
        return _reduce(name, args, n)  # type: ignore[arg-type]
    if name in ("/", "**"):
        return TBinary(name, args[0], args[1])  # type: ignore[arg-type]
    return TUnary(name, args[0])  # type: ignore[arg-type]


def _leaf(shape: str, found: tuple[Leaf, ...]) -> Template:
    constant = np.array([leaf[0] for leaf in found])
    if shape == "c":
        return TConst(constant)
    start = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(leaf[1]) for leaf in found], out=start[1:])
    return TAffine(
        constant,
        start,
        np.array([j for leaf in found for j in leaf[1]], np.int64),
        np.array([c for leaf in found for c in leaf[2]], np.float64),
    )


def _balanced(name: str, args: list[Template]) -> Template:
    while len(args) > 1:
        paired = [TBinary(name, args[k], args[k + 1]) for k in range(0, len(args) - 1, 2)]  # type: ignore[arg-type]
        args = [*paired, *args[len(args) - len(args) % 2 :]]
    return args[0]


def _reduce(name: str, args: list[Template], n: int) -> Template:
    """min or max: an inner frame with the arguments of row 0, then of row 1, ..."""
    count = len(args)
    choice = TChoice(tuple(args), np.tile(np.arange(count), n), np.repeat(np.arange(n), count))
    parent = np.repeat(np.arange(n), count)
    return TReduce(name, choice, parent, np.arange(0, n * count + 1, count))  # type: ignore[arg-type]
