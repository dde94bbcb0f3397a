"""What `replay` reads: models as dictionaries of rationals, nonlinear terms as nested tuples, sets as sorted texts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

INF = float("inf")


def number(value: float) -> Any:
    """The shortest decimal that reads as the float, as a rational; infinities as they are."""
    return float(value) if abs(value) == INF else Fraction(repr(float(value)))


def times(row: Any, q: Any) -> Any:
    """A row times a rational other than 0: terms, lower and upper side, condition."""
    low, high = (row[1] * q, row[2] * q) if q > 0 else (row[2] * q, row[1] * q)
    return ({key: q * c for key, c in row[0].items()}, low, high, row[3])


def tidy(column: list[Any], rule: str, low: Any = -INF, high: Any = INF) -> None:
    """[kind, lower, upper] with kind 1 and 3 whole, 2 and 3 zero or in bounds; narrowed to low..high first."""
    if column[0] >= 2 and not low <= 0 <= high:
        column[0] -= 2
    column[1:] = [max(column[1], low), min(column[2], high)]
    if rule == "settle":
        column[0] -= column[0] == 1 and column[1] == column[2] and abs(column[1]) < INF
    elif rule == "round" and column[0] % 2:
        column[1:] = [column[1] if abs(column[1]) == INF else Fraction(ceil(column[1])),
                      column[2] if abs(column[2]) == INF else Fraction(floor(column[2]))]  # fmt: skip
    if column[0] >= 2 and column[1] > column[2]:
        column[:] = [column[0] - 2, 0, 0]
    column[0] -= 2 * (rule == "round" and column[0] >= 2 and column[1] <= 0 <= column[2])


def collect(entries: Any) -> dict[Any, Fraction]:
    """Sums by key, without zeros."""
    total: dict[Any, Fraction] = {}
    for key, c in entries:
        total[key] = total.get(key, Fraction(0)) + number(c)
    return {key: c for key, c in total.items() if c}


def load(m: Any, name: list[Any]) -> dict[str, Any]:
    """Rows {i: (terms, lower, upper, condition)}, columns {name: [kind, lower, upper]}, costs and sets, all by name."""
    plain, name = name, Noted(name)
    terms: list[list[Any]] = [[] for _ in m.row_lower]
    values = m.matrix.value.tolist()
    for i, (lo, hi) in enumerate(pairwise(m.matrix.start.tolist())):
        terms[i] += [(plain[j], c) for j, c in zip(m.matrix.index[lo:hi].tolist(), values[lo:hi])]
    if m.quadratic_rows is not None:
        for i, entry in zip(m.quadratic_rows.row.tolist(), products(m.quadratic_rows, name)):
            terms[i].append(entry)
    for block in m.nonlinear_rows:
        for k, i in enumerate(block.rows.tolist()):
            terms[i].append((("tree", tree(block.template, k, name)), 1.0))
    given, when = m.indicators, {}
    if given is not None:
        when = {int(i): (plain[j], int(v)) for i, j, v in zip(given.row, given.column, given.active)}
    rows = {i: (collect(t), number(m.row_lower[i]), number(m.row_upper[i]), when.get(i)) for i, t in enumerate(terms)}
    costs = []
    for level in m.levels:
        entries: list[Any] = [(None, level.offset), *zip(plain, level.costs.tolist())]
        entries += [] if level.quadratic is None else products(level.quadratic, name)
        entries += [] if level.nonlinear is None else [(("tree", tree(level.nonlinear, 0, name)), 1.0)]
        costs.append(collect(entries))
    bounds = zip(plain, m.kinds.tolist(), m.col_lower.tolist(), m.col_upper.tolist())
    columns = {x: [kind, number(lo), number(up)] for x, kind, lo, up in bounds}
    return {
        "rows": rows, "columns": columns, "costs": costs, "sets": sets(m, name), "max": m.sense == "max", "name": plain,
        "locked": name.seen,
    }  # fmt: skip


class Noted(list[Any]):
    """Names that remember which were asked for: columns of products, trees and sets stay as they are."""

    def __init__(self, names: list[Any]) -> None:
        super().__init__(names)
        self.seen: set[Any] = set()

    def __getitem__(self, j: Any) -> Any:
        """The name of column j."""
        self.seen.add(super().__getitem__(j))
        return super().__getitem__(j)


def products(part: Any, name: list[Any]) -> list[Any]:
    """Entries of a quadratic part: the two columns in a fixed order, the coefficient."""
    pairs = zip(part.i.tolist(), part.j.tolist(), part.coef.tolist())
    return [(("product", *sorted((name[i], name[j]), key=repr)), c) for i, j, c in pairs]


def affine(node: Any, r: int, name: list[Any]) -> Any:
    """Row r of a linear expression."""
    cut = slice(int(node.start[r]), int(node.start[r + 1]))
    found = collect(((name[j], c) for j, c in zip(node.cols[cut].tolist(), node.coefs[cut].tolist())))
    return ("affine", number(node.constant[r]), *sorted(found.items(), key=repr))


def tree(node: Any, r: int, name: list[Any]) -> Any:
    """Row r of a template; sums and products flat and sorted."""
    sort = type(node).__name__
    if sort == "TConst":
        return ("affine", number(node.values[r] if len(node.values) > r else node.values[0]))
    if sort == "TAffine":
        return affine(node, r, name)
    if sort == "TGather":
        return tree(node.arg, int(node.index[r]), name)
    if sort == "TChoice":
        return tree(node.parts[int(node.which[r])], int(node.where[r]), name)
    if sort == "TUnary":
        return (node.func, tree(node.arg, r, name))
    if sort == "TBinary":
        parts = [tree(node.left, r, name), tree(node.right, r, name)]
        func = node.func
    else:
        parts = [tree(node.arg, k, name) for k in range(int(node.start[r]), int(node.start[r + 1]))]
        func = {"sum": "+"}.get(node.func, node.func)
    if func not in ("+", "*", "min", "max"):
        return (func, *parts)
    flat = [q for p in parts for q in (p[1:] if p[0] == func and func in "+*" else (p,))]
    return (func, *sorted(flat, key=repr))


def sets(m: Any, name: list[Any]) -> list[str]:
    """Special ordered sets and global constraints, as sorted texts."""
    found = []
    for item in m.sos:
        if len(item.columns) <= item.kind:
            continue
        order = [name[j] for _, j in sorted(zip(item.weights.tolist(), item.columns.tolist()), key=lambda e: e[0])]
        both = sorted(order, key=repr) if item.kind == 1 else min(order, order[::-1], key=repr)
        found.append(repr((item.kind, both)))
    for item in m.globals:
        sort = type(item).__name__
        if sort == "NoOverlap":
            count = len(item.start.constant)
            spans = [(affine(item.start, k, name), affine(item.duration, k, name)) for k in range(count)]
            found.append(repr((sort, sorted(spans, key=repr))))
        elif sort == "AllDifferent":
            values = [affine(item.values, k, name) for k in range(len(item.values.constant))]
            found.append(repr((sort, sorted(values, key=repr))))
        else:
            ends: list[tuple[list[Any], list[Any]]] = [([], []) for _ in range(item.nodes)]
            for t, h, j in zip(item.tail.tolist(), item.head.tolist(), item.columns.tolist()):
                ends[t][0].append(name[j])
                ends[h][1].append(name[j])
            if len(set(item.columns.tolist())) < len(item.columns):
                raise ValueError("a circuit that uses a column twice cannot be replayed")
            found.append(repr((sort, sorted(repr([sorted(way, key=repr) for way in both]) for both in ends))))
    return sorted(found)
