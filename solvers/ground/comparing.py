"""Comparisons: decided on data, or rows of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solvers.expression.nodes import Compare, CompareOp, Expr
from solvers.ground.frame import Frame
from solvers.ground.values import (
    Idx,
    Nonlinear,
    Num,
    Poly,
    Quantity,
    Rows,
    Truth,
    Value,
    add,
    as_poly,
    neg,
    scatter,
)

if TYPE_CHECKING:
    from solvers.ground.evaluator import Evaluator

_NUMPY = {
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "==": np.equal,
    "<": np.less,
    ">": np.greater,
    "!=": np.not_equal,
}
INF = float("inf")


def compare(ev: Evaluator, expr: Compare, frame: Frame) -> Value:
    """A comparison, also chained: truth values over data, rows over variables."""
    values = [ev.value(operand, frame) for operand in expr.operands]
    if all(isinstance(v, (Num, Idx, Truth)) for v in values):
        return _decide(ev, expr, values, frame)
    if "in" in expr.ops or "not in" in expr.ops:
        raise ev.error("a membership test cannot be chained with a comparison", expr)
    if len(expr.ops) == 1:
        a, b = (ev.as_quantity(v, expr) for v in values)
        return _rows(ev, a, expr.ops[0], b, expr, frame)
    if len(expr.ops) == 2 and isinstance(values[0], (Num, Idx)) and isinstance(values[2], (Num, Idx)):
        return _range(ev, expr, [ev.as_quantity(v, expr) for v in values], frame)
    raise ev.error(
        "this chained comparison stands where only one row can", expr, remedy="split it into separate constraints"
    )


def _decide(ev: Evaluator, expr: Compare, values: list[Value], frame: Frame) -> Truth:
    result: np.ndarray | bool = True
    for op, (left, a), (right, b) in zip(expr.ops, zip(expr.operands, values), zip(expr.operands[1:], values[1:])):
        if op in ("in", "not in"):
            raise ev.error("a membership test cannot be chained with a comparison", expr)
        held = _decide_pair(ev, op, left, a, right, b, frame)
        result = np.logical_and(result, held)
    return Truth(bool(result)) if not isinstance(result, np.ndarray) else Truth(result)


def _decide_pair(
    ev: Evaluator, op: CompareOp, left: Expr, a: Value, right: Expr, b: Value, frame: Frame
) -> np.ndarray | bool:
    pair = Compare((left, right), (op,))
    labels = [isinstance(v, Idx) and v.column.kind == "label" for v in (a, b)]
    if any(labels):
        if op not in ("==", "!="):
            raise ev.error("labels have no order of their own", pair, remedy="compare ord(i, S)")
        if not (isinstance(a, Idx) and isinstance(b, Idx)):
            raise ev.error("a label is compared with a number", pair, remedy="quote labels")
        x, y = ev.same_kind([a.column, b.column])
        return _NUMPY[op](x.values, y.values)
    p, q = ev.as_quantity(a, left), ev.as_quantity(b, right)
    assert isinstance(p, Num) and isinstance(q, Num)
    ev.ctx.mark_structural(p)
    ev.ctx.mark_structural(q)
    held = _NUMPY[op](p.values, q.values)
    return held if isinstance(held, np.ndarray) else bool(held)


def _rows(ev: Evaluator, a: Quantity, op: str, b: Quantity, expr: Expr, frame: Frame) -> Rows:
    if op == "!=":
        raise ev.error(
            "!= over variables is not one linear row", expr, remedy="use alldifferent(...), or two cases with a binary"
        )
    body = add(a, neg(b), frame.n)
    if isinstance(body, Num):
        body = as_poly(body)
    n = frame.n
    lower = Num(0.0 if op in (">=", ">", "==") else -INF)
    upper = Num(0.0 if op in ("<=", "<", "==") else INF)
    return Rows(body, lower, upper, np.full(n, op in ("<", ">")))


def _range(ev: Evaluator, expr: Compare, values: list[Quantity], frame: Frame) -> Value:
    low, body, high = values
    assert isinstance(low, Num) and isinstance(high, Num) and isinstance(body, (Poly, Nonlinear))
    ops = expr.ops
    if {"<=", "<"}.issuperset(ops):
        lower, upper = low, high
    elif {">=", ">"}.issuperset(ops):
        lower, upper = high, low
    else:
        raise ev.error("the signs of this chained comparison disagree", expr, remedy="write lower <= body <= upper")
    if "<" in ops or ">" in ops:
        raise ev.error("a strict comparison in a chain over variables", expr, remedy="write <= or >=")
    return Rows(body, lower, upper, np.full(frame.n, False))


def decided(held: np.ndarray) -> Rows:
    """A constraint on data alone: rows without variables, false where it does not hold."""
    n = len(held)
    return Rows(as_poly(Num(0.0)), Num(np.where(held, -INF, 1.0)), Num(INF), np.zeros(n, dtype=bool))


def merge(ev: Evaluator, parts: list[tuple[np.ndarray, Value]], n: int) -> Rows:
    """Rows computed on parts of a frame, put together; on some parts data alone may decide."""
    rows: list[tuple[np.ndarray, Rows]] = []
    for at, v in parts:
        if isinstance(v, Truth):
            rows.append((at, decided(v.array(len(at)))))
        elif isinstance(v, Rows):
            rows.append((at, v))
    body = scatter([(at, v.body) for at, v in rows], n)
    lower = scatter([(at, v.lower) for at, v in rows], n)
    upper = scatter([(at, v.upper) for at, v in rows], n)
    strict = np.zeros(n, dtype=bool)
    for at, v in rows:
        strict[at] = v.strict
    assert isinstance(lower, Num) and isinstance(upper, Num)
    return Rows(as_poly(body) if isinstance(body, Num) else body, lower, upper, strict)


def only_where(mask: np.ndarray, rows: Rows) -> Rows:
    """Rows that hold where the mask does, and are free elsewhere."""
    lower = Num(np.where(mask, rows.lower.array(len(mask)), -INF), rows.lower.deps)
    upper = Num(np.where(mask, rows.upper.array(len(mask)), INF), rows.upper.deps)
    return Rows(rows.body, lower, upper, rows.strict & mask)
