"""For `replay`: changes of the variable space, and models as tolerance mode reads them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from verify.equivalence.replay_parts import INF


def changed(m: dict[str, Any], rule: str, columns: list[Any], rows: list[int], numbers: list[Fraction]) -> bool:
    """A change of the variable space, in place; False where it does not hold."""
    known = {"fix": _fix, "slack": _slack, "free": _free, "shift": _shift, "unit": _unit}
    more: list[Any] = numbers if rule in ("shift", "unit") else rows
    given = more or [None] * len(columns)
    if len(columns) != len(given) or rule not in known:
        return False
    locked = m["locked"] | {row[3][0] for row in m["rows"].values() if row[3] is not None}
    for x, what in zip(columns, given):
        column = m["columns"].get(x)
        if column is None or column[0] >= 2 or x in locked or not known[rule](m, x, column, what):
            return False
    return True


def _fix(m: Any, x: Any, column: Any, _: Any) -> bool:
    value = m["columns"].pop(x)[1]
    return bool(value == column[2] and abs(value) < INF and _shift(m, x, [0, 0, 0], value) and _forget(m, x))


def _forget(m: Any, x: Any) -> bool:
    for terms in [row[0] for row in m["rows"].values()] + m["costs"]:
        terms.pop(x, None)
    return True


def _shift(m: Any, x: Any, column: Any, d: Any) -> bool:
    for i, (terms, low, high, when) in m["rows"].items():
        c = terms.get(x, 0)
        m["rows"][i] = (terms, low - c * d, high - c * d, when)
    for level in m["costs"]:
        _add(level, None, level.get(x, 0) * d)
    column[1:] = [bound - d for bound in column[1:]]
    return bool(column[0] == 0 or d.denominator == 1)


def _add(terms: Any, key: Any, amount: Any) -> None:
    terms[key] = terms.get(key, 0) + amount
    if not terms[key]:
        del terms[key]


def _slack(m: Any, x: Any, column: Any, i: int) -> bool:
    kind, low, high = m["columns"].pop(x)
    if kind or low > high or any(x in terms for terms in m["costs"]):
        return False
    if i not in m["rows"] or [k for k, row in m["rows"].items() if x in row[0]] != [i] or m["rows"][i][3] is not None:
        return False
    terms, least, most, _ = m["rows"][i]
    ends = sorted((terms[x] * low, terms[x] * high))
    m["rows"][i] = ({key: c for key, c in terms.items() if key != x}, least - ends[1], most - ends[0], None)
    return True


def _free(m: Any, x: Any, column: Any, i: int) -> bool:
    if m["columns"].pop(x) != [0, -INF, INF] or i not in m["rows"]:
        return False
    terms, side, other, when = m["rows"].pop(i)
    if side != other or when is not None or x not in terms or any(key[0] == "tree" for key in terms if _long(key)):
        return False
    for k, (into, low, high, cond) in list(m["rows"].items()):
        q = into.get(x, 0) / terms[x]
        for key, c in terms.items() if q else ():
            _add(into, key, -q * c)
        m["rows"][k] = (into, low - q * side, high - q * side, cond)
    for level in m["costs"]:
        q = level.get(x, 0) / terms[x]
        for key, c in terms.items() if q else ():
            _add(level, key, -q * c)
        _add(level, None, q * side)
    return True


def _long(key: Any) -> bool:
    return isinstance(key, tuple)


def _unit(m: Any, x: Any, column: Any, q: Any) -> bool:
    for terms in [row[0] for row in m["rows"].values()] + m["costs"]:
        if x in terms:
            terms[x] *= q
    ends = [bound / q for bound in column[1:]] if q else column[1:]
    column[1:] = ends if q > 0 else ends[::-1]
    return bool(q and (column[0] == 0 or abs(q) == 1))


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
