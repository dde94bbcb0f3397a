"""Structure that stays: global constraints and rows under a condition on a binary, family by family."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solvers.errors import TypingError, UnsupportedError
from solvers.expression import unparse
from solvers.expression.nodes import Aggregate, Expr, Name, Not
from solvers.ground.frame import Frame
from solvers.ground.set_values import expand
from solvers.ground.values import Num, Poly, Quantity, Rows, as_poly, as_template, row_array
from solvers.model import AllDifferent, Circuit, Global, NoOverlap, Sos
from solvers.template import TAffine, TConst

if TYPE_CHECKING:
    from solvers.ground.evaluator import Evaluator

_KIND = {"sos1": 1, "sos2": 2}


class Literal(NamedTuple):
    """A condition on one 0-1 column in each row: it holds where `column` equals `active`.

    `decided` is 1 where the condition always holds, 0 where it never does, -1 where the column decides.
    """

    column: np.ndarray
    active: np.ndarray
    decided: np.ndarray


# -- conditions --------------------------------------------------------------------------------------


def literal(ev: Evaluator, test: Expr, frame: Frame, is_binary: Callable[[np.ndarray], np.ndarray]) -> Literal:
    """`b[t]`, `not b[t]` or `b[t] == 1` over a frame. Raises UnsupportedError for any other condition on decisions."""
    if isinstance(test, Not):
        column, active, decided = literal(ev, test.operand, frame, is_binary)
        return Literal(column, 1 - active, np.where(decided < 0, -1, 1 - decided))
    value = ev.value(test, frame)
    if isinstance(value, Rows):
        body, low, high = value.body, value.lower.array(frame.n), value.upper.array(frame.n)
        strict = value.strict
    elif isinstance(value, Poly):
        body, low, high, strict = value, np.ones(frame.n), np.full(frame.n, np.inf), np.zeros(frame.n, dtype=bool)
    else:
        raise _no_literal(ev, test)
    table = _affine(ev, body, frame.n, test) if not isinstance(body, Num) else None
    if table is None or np.any(np.diff(table.start) != 1) or not np.all(is_binary(table.cols)):
        raise _no_literal(ev, test)
    held = [_within(table.constant + at * table.coefs, low, high, strict) for at in (0.0, 1.0)]
    decided = np.where(held[0] == held[1], held[0].astype(np.int64), -1)
    return Literal(table.cols.astype(np.int32), held[1].astype(np.int8), decided)


def _within(value: np.ndarray, low: np.ndarray, high: np.ndarray, strict: np.ndarray) -> np.ndarray:
    inside = (low < value) & (value < high)
    return np.where(strict, inside, (low <= value) & (value <= high))


def _no_literal(ev: Evaluator, test: Expr) -> UnsupportedError:
    return UnsupportedError(
        f"the condition {unparse(test)} over decisions reaches grounding unbridged", place=ev.place,
        remedy="solve(...) bridges it; ground a reformulated formulation",
    )


# -- global constraints ------------------------------------------------------------------------------


def global_constraints(
    ev: Evaluator, expr: Aggregate, frame: Frame, label: Callable[[int], str],
    is_binary: Callable[[np.ndarray], np.ndarray],
) -> list[Global | Sos]:
    """One constraint for each row of the frame that has elements at all."""
    inner, parent = expand(ev, frame, expr.generators)
    bounds = np.searchsorted(row_array(parent), np.arange(frame.n + 1))
    pieces = [(r, int(bounds[r]), int(bounds[r + 1])) for r in range(frame.n) if bounds[r] < bounds[r + 1]]
    tables = [_affine(ev, ev.quantity(arg, inner), inner.n, arg) for arg in expr.args]
    if expr.func == "no_overlap":
        return [NoOverlap(cut(tables[0], a, b), cut(tables[1], a, b), label(r)) for r, a, b in pieces]
    if expr.func == "alldifferent":
        return [AllDifferent(cut(tables[0], a, b), label(r)) for r, a, b in pieces]
    columns = _columns(ev, tables[0], expr)
    if expr.func in _KIND:
        return [
            Sos(_KIND[expr.func], columns[a:b], np.arange(1.0, b - a + 1), label(r)) for r, a, b in pieces
        ]
    if not np.all(is_binary(columns)):
        raise TypingError(f"the arcs of {unparse(expr)} are not binary", place=ev.place, remedy="declare them binary")
    tail, head = _ends(ev, expr, inner)
    return [_circuit(tail[a:b], head[a:b], columns[a:b], label(r)) for r, a, b in pieces]


def _circuit(tail: np.ndarray, head: np.ndarray, columns: np.ndarray, label: str) -> Circuit:
    nodes, number = np.unique(np.concatenate([tail, head]), return_inverse=True)
    return Circuit(len(nodes), number[: len(tail)], number[len(tail) :], columns, label)


def _ends(ev: Evaluator, expr: Aggregate, inner: Frame) -> tuple[np.ndarray, np.ndarray]:
    targets = [target for gen in expr.generators for target in gen.targets]
    if len(targets) != 2:
        raise TypingError("circuit takes one tail and one head index", place=ev.place,
                          remedy="write circuit(arc[i, j] for i in N for j in N)")
    tail, head = ev.same_kind([ev.key_column(Name(target), inner) for target in targets])
    return tail.values, head.values


def _columns(ev: Evaluator, table: TAffine, expr: Aggregate) -> np.ndarray:
    """The single column of each element."""
    plain = np.all(np.diff(table.start) == 1) and np.all(table.coefs == 1.0) and np.all(table.constant == 0.0)
    if not plain:
        raise UnsupportedError(f"{unparse(expr)} is over variables, not over formulas", place=ev.place,
                               remedy="introduce a variable for each of the formulas")
    return table.cols.astype(np.int64)


# -- tables ------------------------------------------------------------------------------------------


def _affine(ev: Evaluator, value: Quantity, n: int, expr: Expr) -> TAffine:
    """A linear quantity of n rows as a table; duplicates of a column in one row are summed."""
    template = as_template(value if not isinstance(value, Num) else as_poly(value), n)
    if isinstance(template, TConst):
        empty = np.zeros(0)
        return TAffine(template.values, np.zeros(n + 1, np.int64), empty.astype(np.int64), empty)
    if not isinstance(template, TAffine):
        raise UnsupportedError(f"{unparse(expr)} is not linear, as it has to be here", place=ev.place,
                               remedy="introduce a variable for it")
    return _summed(template)


def _summed(table: TAffine) -> TAffine:
    rows = np.repeat(np.arange(len(table.constant)), np.diff(table.start))
    order = np.lexsort((table.cols, rows))
    rows, cols, coefs = rows[order], table.cols[order], table.coefs[order]
    if len(rows) < 2:
        return TAffine(table.constant, table.start, cols, coefs)
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (cols[1:] != cols[:-1])
    starts = np.flatnonzero(first)
    counts = np.bincount(rows[starts], minlength=len(table.constant))
    return TAffine(table.constant, np.concatenate([[0], np.cumsum(counts)]), cols[starts],
                   np.add.reduceat(coefs, starts))


def cut(table: TAffine, first: int, last: int) -> TAffine:
    """Rows first .. last - 1 of a table."""
    a, b = int(table.start[first]), int(table.start[last])
    return TAffine(table.constant[first:last], table.start[first : last + 1] - a, table.cols[a:b], table.coefs[a:b])
