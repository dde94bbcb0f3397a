"""What `replay` reads: models as dictionaries of rationals, nonlinear terms as nested tuples, sets as sorted texts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from types import SimpleNamespace
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
    terms: list[list[Any]] = [[] for _ in m.row_lower]
    values = m.matrix.value.tolist()
    for i, (lo, hi) in enumerate(pairwise(m.matrix.start.tolist())):
        terms[i] += [(name[j], c) for j, c in zip(m.matrix.index[lo:hi].tolist(), values[lo:hi])]
    if m.quadratic_rows is not None:
        for i, entry in zip(m.quadratic_rows.row.tolist(), products(m.quadratic_rows, name)):
            terms[i].append(entry)
    for block in m.nonlinear_rows:
        for k, i in enumerate(block.rows.tolist()):
            terms[i].append((("tree", tree(block.template, k, name)), 1.0))
    given, when = m.indicators, {}
    if given is not None:
        when = {int(i): (name[j], int(v)) for i, j, v in zip(given.row, given.column, given.active)}
    rows = {i: (collect(t), number(m.row_lower[i]), number(m.row_upper[i]), when.get(i)) for i, t in enumerate(terms)}
    costs = []
    for level in m.levels:
        entries: list[Any] = [(None, level.offset), *zip(name, level.costs.tolist())]
        entries += [] if level.quadratic is None else products(level.quadratic, name)
        entries += [] if level.nonlinear is None else [(("tree", tree(level.nonlinear, 0, name)), 1.0)]
        costs.append(collect(entries))
    bounds = zip(name, m.kinds.tolist(), m.col_lower.tolist(), m.col_upper.tolist())
    columns = {x: [kind, number(lo), number(up)] for x, kind, lo, up in bounds}
    return {
        "rows": rows, "columns": columns, "costs": costs, "sets": sets(m, name), "max": m.sense == "max", "name": name,
    }  # fmt: skip


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
        order = [name[j] for _, j in sorted(zip(item.weights.tolist(), item.columns.tolist()), key=lambda e: e[0])]
        if len(order) > item.kind:
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


def changed(m: dict[str, Any], rule: str, columns: list[Any], rows: list[int], numbers: list[Fraction]) -> bool:
    """A change of the variable space, in place; False where it does not hold."""
    return False


def snapped(a: Any, b: Any, tolerance: float) -> tuple[Any, Any]:
    """Both models as tolerance mode reads them: rows over their largest coefficient, near sizes led by the least."""
    models = [_unit_rows(copy(m)) for m in (a, b)]
    parts = [(m, key) for m in models for key in ("row_lower", "row_upper", "col_lower", "col_upper")]
    for m in models:
        m.matrix, m.levels = copy(m.matrix), [copy(level) for level in m.levels]
        parts.append((m.matrix, "value"))
        for level in m.levels:
            level.offset, level.quadratic = [level.offset], copy(level.quadratic)
            parts += [(level, "costs"), (level, "offset")] + ([(level.quadratic, "coef")] if level.quadratic else [])
        parts += [(m.quadratic_rows, "coef")] if m.quadratic_rows is not None else []
    sizes = sorted({0.0} | {abs(v) for thing, key in parts for v in map(float, getattr(thing, key)) if abs(v) < INF})
    lead: dict[float, float] = {}
    first = 0.0
    for size in sizes:
        first = first if size - first <= tolerance * max(1.0, size) else size
        lead[size] = first
    for thing, key in parts:
        old = [float(v) for v in getattr(thing, key)]
        setattr(thing, key, _List(lead.get(abs(v), abs(v)) * (1 if v > 0 else -1) for v in old))
    for m in models:
        for level in m.levels:
            level.offset = level.offset[0]
    return models[0], models[1]


class _List(list[Any]):
    def tolist(self) -> list[Any]:
        """As arrays have it."""
        return list(self)


def copy(thing: Any) -> Any:
    """The same fields, free to change."""
    if thing is None:
        return None
    names = vars(thing) if isinstance(thing, SimpleNamespace) else thing.__dataclass_fields__
    return SimpleNamespace(**{key: getattr(thing, key) for key in names})


def _unit_rows(m: Any) -> Any:
    size = [0.0 for _ in m.row_lower]
    m.matrix, m.quadratic_rows = copy(m.matrix), copy(m.quadratic_rows)
    starts = m.matrix.start.tolist()
    of = [i for i, (lo, hi) in enumerate(pairwise(starts)) for _ in range(lo, hi)]
    entries: list[tuple[Any, str, Any]] = [(m.matrix, "value", of)]
    if m.quadratic_rows is not None:
        entries.append((m.quadratic_rows, "coef", m.quadratic_rows.row.tolist()))
    for thing, key, rows in entries:
        for i, v in zip(rows, getattr(thing, key).tolist()):
            size[i] = max(size[i], abs(v))
    for i in [i for block in m.nonlinear_rows for i in block.rows.tolist()]:
        size[i] = 1.0
    size = [s or 1.0 for s in size]
    for thing, key, rows in [*entries, (m, "row_lower", range(len(size))), (m, "row_upper", range(len(size)))]:
        setattr(thing, key, _List(float(v) / size[i] for i, v in zip(rows, getattr(thing, key).tolist())))
    return m
