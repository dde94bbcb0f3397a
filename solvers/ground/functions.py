"""Products, quotients, powers, functions and aggregates over frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solvers.errors import UnsupportedError
from solvers.expression.nodes import STRUCTURE_AGGREGATES, Aggregate, BinOp, Call, Expr, Ref
from solvers.formulation import Parameter
from solvers.ground import comparing
from solvers.ground.frame import Frame
from solvers.ground.set_values import as_ragged, evaluate_set, expand
from solvers.ground.sets import GroundSet
from solvers.ground.values import (
    ONE,
    ZERO,
    Idx,
    Nonlinear,
    Num,
    Poly,
    Quantity,
    Rows,
    Truth,
    Value,
    _Chunk,
    as_template,
    move_deps,
    mul,
    opaque_deps,
    reduce_template,
    row_array,
    scale_deps,
    spread,
    sum_rows,
    take_deps,
)
from solvers.template import TBinary, TChoice, TUnary, zero_rows

if TYPE_CHECKING:
    from solvers.ground.evaluator import Evaluator

_DATA_ONLY: dict[str, Callable[[np.ndarray], np.ndarray]] = {"floor": np.floor, "ceil": np.ceil, "round": np.rint}
_SMOOTH: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
}


# -- binary operations -------------------------------------------------------------------------------


def binary(ev: Evaluator, expr: BinOp, frame: Frame) -> Value:
    """`*`, `/`, `//`, `%`, `**` over numbers."""
    if expr.op in ("|", "&"):
        raise ev.error("a set stands where a number is expected", expr, remedy="conditions are joined with and, or")
    a, b = ev.quantity(expr.left, frame), ev.quantity(expr.right, frame)
    if expr.op == "*":
        return mul(a, b, frame.n)
    if frame.n == 0 and isinstance(a, Num) and isinstance(b, Num):
        return ZERO
    if expr.op == "/":
        return _divide(ev, expr, a, b, frame)
    if expr.op == "**":
        return _power(ev, expr, a, b, frame)
    if not (isinstance(a, Num) and isinstance(b, Num)):
        raise ev.error(f"{expr.op} works on data only", expr, remedy="introduce an integer variable for the quotient")
    _refuse_zero(ev, expr, b, frame)
    values = np.floor_divide(a.values, b.values) if expr.op == "//" else np.mod(a.values, b.values)
    return _num(values, opaque_deps(a.deps + b.deps))


def _num(values: object, deps: tuple = ()) -> Num:
    return Num(values if isinstance(values, np.ndarray) and values.ndim else float(values), deps)  # type: ignore[arg-type]


def _refuse_zero(ev: Evaluator, expr: BinOp, by: Num, frame: Frame) -> None:
    _refuse_zero_rows(ev, expr, np.atleast_1d(np.asarray(by.values == 0)), frame)


def _refuse_zero_rows(ev: Evaluator, expr: BinOp, zero: np.ndarray, frame: Frame) -> None:
    if zero.any() and frame.n:
        row = int(np.flatnonzero(zero)[0])
        raise ev.error(
            "division by zero",
            expr,
            frame=frame,
            row=row,
            remedy="exclude that index with a condition, or mend the data",
        )


def _divide(ev: Evaluator, expr: BinOp, a: Quantity, b: Quantity, frame: Frame) -> Quantity:
    if not isinstance(b, Num):
        by = as_template(b, frame.n)
        _refuse_zero_rows(ev, expr, zero_rows(by, frame.n), frame)
        return Nonlinear(TBinary("/", as_template(a, frame.n), by))
    if frame.n == 0:
        return a  # no row asks for it
    _refuse_zero(ev, expr, b, frame)
    if isinstance(a, Num):
        deps = scale_deps(a.deps, 1.0 / b.values, against=b.deps) + opaque_deps(b.deps)
        return _num(a.values / b.values, deps)
    if isinstance(a, Nonlinear):
        return Nonlinear(TBinary("/", a.template, as_template(b, frame.n)))
    const = _divide(ev, expr, a.const, b, frame)
    assert isinstance(const, Num)
    return Poly(const, tuple(_divide_chunk(c, b) for c in a.lin), tuple(_divide_chunk(c, b) for c in a.quad))


def _divide_chunk(chunk: _Chunk, by: Num) -> _Chunk:
    factor = by.values if chunk.rows is None else spread(by.values, chunk.rows)
    mine = by.deps if chunk.rows is None else take_deps(by.deps, row_array(chunk.rows))
    deps = scale_deps(chunk.deps, 1.0 / factor, against=by.deps) + opaque_deps(mine)
    return replace(chunk, coefs=chunk.coefs / factor, deps=deps)


def _power(ev: Evaluator, expr: BinOp, a: Quantity, b: Quantity, frame: Frame) -> Quantity:
    if isinstance(a, Num) and isinstance(b, Num):
        with np.errstate(all="ignore"):
            values = np.power(np.asarray(a.values, dtype=float), np.asarray(b.values, dtype=float))
        _refuse_nonfinite(ev, expr, values, frame)
        return _num(values, opaque_deps(a.deps + b.deps))
    if isinstance(b, Num) and isinstance(a, Poly):
        exponents = np.unique(np.atleast_1d(b.values))
        if len(exponents) == 1 and not b.deps and exponents[0] in (1.0, 2.0):
            return a if exponents[0] == 1.0 else mul(a, a, frame.n)
        if len(exponents) == 1 and exponents[0] == 0.0 and not b.deps:
            return ONE
    return Nonlinear(TBinary("**", as_template(a, frame.n), as_template(b, frame.n)))


def _refuse_nonfinite(ev: Evaluator, expr: Expr, values: np.ndarray, frame: Frame) -> None:
    bad = ~np.isfinite(np.atleast_1d(values))
    if bad.any():
        raise ev.error(
            "the result is not a finite number",
            expr,
            frame=frame,
            row=int(np.flatnonzero(bad)[0]),
            remedy="the argument is outside the function's domain, or the result overflows",
        )


# -- functions ---------------------------------------------------------------------------------------


def call(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    """A plain function."""
    func, args = expr.func, expr.args
    if func in _SMOOTH or func in _DATA_ONLY:
        return _unary(ev, expr, frame)
    if func in ("min", "max"):
        return _extreme(ev, expr, frame)
    if func in ("implies", "iff"):
        return _logic(ev, expr, frame)
    if func == "given":
        return _given(ev, expr, frame)
    if func in ("len", "first", "last"):
        return _of_set(ev, func, args[0], expr, frame)
    if func in ("ord", "prev", "next"):
        return _in_order(ev, expr, frame)
    if func == "range":
        raise ev.error("a set stands where a number is expected", expr, remedy="write len(range(...)) or sum(...)")
    raise UnsupportedError(
        f"{func} reaches grounding unbridged", place=ev.place, remedy="write it with sums, binaries and comparisons"
    )


def _unary(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    arg = ev.quantity(expr.args[0], frame)
    if isinstance(arg, Num) and frame.n == 0:
        return ZERO
    if isinstance(arg, Num):
        function = _SMOOTH.get(expr.func) or _DATA_ONLY[expr.func]
        with np.errstate(all="ignore"):
            values = np.asarray(function(np.asarray(arg.values, dtype=float)))
        _refuse_nonfinite(ev, expr, values, frame)
        return _num(values, opaque_deps(arg.deps))
    if expr.func in _DATA_ONLY:
        raise ev.error(f"{expr.func} works on data only", expr, remedy="introduce an integer variable")
    return Nonlinear(TUnary(expr.func, as_template(arg, frame.n)))  # type: ignore[arg-type]


def _extreme(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    args = [ev.quantity(a, frame) for a in expr.args]
    if all(isinstance(a, Num) for a in args):
        pick = np.minimum if expr.func == "min" else np.maximum
        result: object = args[0].values  # type: ignore[union-attr]
        for a in args[1:]:
            result = pick(result, a.values)  # type: ignore[union-attr,call-overload]
        return _num(result, opaque_deps(tuple(d for a in args for d in a.deps)))  # type: ignore[union-attr]
    k, n = len(args), frame.n
    parts = tuple(as_template(a, n) for a in args)
    stacked = TChoice(parts, np.tile(np.arange(k), n), np.repeat(np.arange(n), k))
    return Nonlinear(reduce_template(expr.func, stacked, np.repeat(np.arange(n), k), n))


def _logic(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    first = ev.value(expr.args[0], frame)
    if not isinstance(first, Truth):
        raise UnsupportedError(
            f"{expr.func} over decisions reaches grounding unbridged",
            place=ev.place,
            remedy="solve(...) bridges it; ground a reformulated formulation",
        )
    mask = first.array(frame.n)
    if expr.func == "iff":
        return Truth(mask == ev.truth(expr.args[1], frame).array(frame.n))
    if not mask.any():
        return Truth(True)
    second = ev.value(expr.args[1], frame) if mask.all() else None
    if isinstance(second, (Truth, Rows)):
        return second
    rows, inner = frame.where(mask)
    part = ev.value(expr.args[1], inner)
    if isinstance(part, Truth):
        held = np.full(frame.n, True)
        held[rows] = part.array(inner.n)
        return Truth(held)
    if isinstance(part, Rows):
        rest = np.flatnonzero(~mask)
        free = Rows(Poly(ZERO), Num(-comparing.INF), Num(comparing.INF), np.zeros(len(rest), dtype=bool))
        return comparing.merge(ev, [(rows, part), (rest, free)], frame.n)
    raise ev.error("a comparison is expected as the conclusion", expr)


def _given(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    inner = expr.args[0]
    declared = ev.ctx.formulation.by_name.get(inner.base) if isinstance(inner, Ref) else None
    if not isinstance(inner, Ref) or not isinstance(declared, Parameter):
        raise ev.error("given(...) asks about a cell of a parameter", expr, remedy="write given(p[i])")
    ground = ev.ctx.parameter(declared)
    if ground.domain is None:
        raise ev.error("given(...) asks about an indexed parameter", expr)
    positions = ev.locate(declared.name, ground.domain, ev.key_columns(inner.keys, frame), frame, inner.keys)
    values = ground.values[positions]
    if ev.ctx.tracking:
        ev.ctx.structural.add(declared.name)
    return Truth(values >= 0 if ground.is_label else ~np.isnan(values))


def _of_set(ev: Evaluator, func: str, arg: Expr, expr: Call, frame: Frame) -> Value:
    source = evaluate_set(ev, arg, frame)
    if func == "len":
        return Num(float(source.size)) if isinstance(source, GroundSet) else Num(source.count.astype(float))
    ragged = as_ragged(source, frame.n)
    if np.any(ragged.count == 0):
        row = int(np.flatnonzero(ragged.count == 0)[0])
        raise ev.error(f"{func}(...) of an empty set", expr, frame=frame, row=row)
    if len(ragged.pool) != 1:
        raise ev.error(f"{func}(...) of a set of dimension {len(ragged.pool)}", expr)
    at = ragged.start if func == "first" else ragged.start + ragged.count - 1
    return Idx(ragged.pool[0].take(at))


def _in_order(ev: Evaluator, expr: Call, frame: Frame) -> Value:
    source = evaluate_set(ev, expr.args[1], frame)
    if not isinstance(source, GroundSet) or source.dimension != 1:
        raise ev.error(f"{expr.func}(...) needs one plain ordered set", expr)
    column = ev.key_column(expr.args[0], frame)
    positions = source.positions([column], ev.ctx.universe)
    shift = {"ord": 0, "prev": -1, "next": 1}[expr.func]
    target = np.where(positions < 0, -1, positions + shift)
    bad = (positions < 0) | (target < 0) | (target >= source.size)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        label = ev.ctx.universe.decode(int(column.values[row]), column.kind)
        reason = "is not in the set" if positions[row] < 0 else f"has no {expr.func}: it stands at the end"
        raise ev.error(
            f"{label!r} {reason}",
            expr,
            frame=frame,
            row=row,
            remedy="guard the ends: (... if t != first(S) else ...)",
        )
    return Num((positions + 1).astype(float)) if expr.func == "ord" else Idx(source.column(0, target))


# -- aggregates --------------------------------------------------------------------------------------


def aggregate(ev: Evaluator, expr: Aggregate, frame: Frame) -> Value:
    """sum, min, max, any, all, count over generators."""
    if expr.func in STRUCTURE_AGGREGATES:
        raise UnsupportedError(
            f"{expr.func} inside a formula reaches grounding unbridged",
            place=ev.place,
            remedy="solve(...) bridges it; ground a reformulated formulation",
        )
    inner, parent = expand(ev, frame, expr.generators)
    if expr.func == "sum":
        return sum_rows(ev.quantity(expr.args[0], inner), parent, frame.n)
    outer = row_array(parent)
    if expr.func in ("min", "max"):
        return _reduce_extreme(ev, expr, inner, outer, frame)
    held = ev.value(expr.args[0], inner)
    if not isinstance(held, Truth):
        raise UnsupportedError(
            f"{expr.func} over decisions reaches grounding unbridged",
            place=ev.place,
            remedy="count binary variables with sum(...), or move the loop into the constraint's over",
        )
    counts = np.bincount(outer, weights=held.array(inner.n), minlength=frame.n).astype(np.float64)
    if expr.func == "count":
        return Num(counts)
    sizes = np.bincount(outer, minlength=frame.n)
    return Truth(counts > 0 if expr.func == "any" else counts == sizes)


def _reduce_extreme(ev: Evaluator, expr: Aggregate, inner: Frame, parent: np.ndarray, frame: Frame) -> Value:
    sizes = np.bincount(parent, minlength=frame.n)
    if np.any(sizes == 0):
        row = int(np.flatnonzero(sizes == 0)[0])
        raise ev.error(
            f"{expr.func} over an empty set has no value",
            expr,
            frame=frame,
            row=row,
            remedy="guard it with a conditional, or loosen the condition",
        )
    body = ev.quantity(expr.args[0], inner)
    if not isinstance(body, Num):
        return Nonlinear(reduce_template(expr.func, as_template(body, inner.n), parent, frame.n))
    order = np.argsort(parent, kind="stable")
    values = body.array(inner.n)[order]
    reducer = np.minimum if expr.func == "min" else np.maximum
    start = np.cumsum(sizes) - sizes
    return Num(reducer.reduceat(values, start), opaque_deps(move_deps(body.deps, parent)))
