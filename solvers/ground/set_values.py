"""Set formulas over a frame: one ground set for all rows, or a ragged list of elements per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from solvers.expression.nodes import (
    Add,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Ref,
    SetBuilder,
    SetLiteral,
    Tuple,
)
from solvers.expression.walk import free_names
from solvers.formulation import IndexSet
from solvers.ground.frame import ROOT, Frame, expand_ragged, expand_uniform
from solvers.ground.sets import Column, GroundSet, Kind, as_kind
from solvers.ground.values import RowMap, compose, ragged_gather, row_array

if TYPE_CHECKING:
    from solvers.ground.evaluator import Evaluator

MAX_RANGE = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Row r of a frame has elements start[r] .. start[r] + count[r] - 1 of the pool."""

    start: np.ndarray
    count: np.ndarray
    pool: tuple[Column, ...]

    @property
    def parent(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.count)), self.count)

    def flat(self) -> tuple[Column, ...]:
        """The elements of all rows one after the other."""
        entries = ragged_gather(self.start, self.count)
        return tuple(c.take(entries) for c in self.pool)


SetValue: TypeAlias = GroundSet | Ragged


def evaluate_set(ev: Evaluator, expr: Expr, frame: Frame) -> SetValue:
    """The set that a formula denotes on each row of a frame."""
    if frame.columns and free_names(expr).isdisjoint(frame.columns):
        return evaluate_set(ev, expr, ROOT)
    if frame is not ROOT:
        return _evaluate(ev, expr, frame)
    cached = ev.ctx.set_cache.get(expr)
    if cached is None:
        value = _evaluate(ev, expr, frame)
        cached = ev.ctx.set_cache[expr] = _settle(value, frame) if isinstance(value, Ragged) else value
    return cached


def _evaluate(ev: Evaluator, expr: Expr, frame: Frame) -> SetValue:
    match expr:
        case Name(id):
            return ev.ctx.ground_set(id, ev)
        case Ref(base, keys):
            return _indexed(ev, base, keys, frame)
        case Call("range", args):
            return _range(ev, args, frame)
        case SetLiteral(items):
            return _literal(ev, items, frame)
        case SetBuilder(item, generators):
            return _builder(ev, item, generators, frame)
        case BinOp("*", left, right):
            return _product(ev, left, right, frame)
        case BinOp(("|" | "&") as op, left, right):
            return _combine(ev, op, evaluate_set(ev, left, frame), evaluate_set(ev, right, frame), frame)
        case Add(terms, signs):
            result = evaluate_set(ev, terms[0], frame)
            for sign, term in zip(signs[1:], terms[1:]):
                if sign > 0:
                    raise ev.error("sets are not added with +", expr, remedy="a union is written A | B")
                result = _combine(ev, "-", result, evaluate_set(ev, term, frame), frame)
            return result
        case IfElse(test, then, otherwise):
            return _choice(ev, test, then, otherwise, frame)
        case _:
            raise ev.error("a set is expected here", expr, remedy="name a set, or write range(a, b) or {...}")


def as_ragged(value: SetValue, n: int) -> Ragged:
    """Any set value as one list per row."""
    if isinstance(value, Ragged):
        return value
    everything = np.arange(value.size)
    pool = tuple(value.column(c, everything) for c in range(value.dimension))
    return Ragged(np.zeros(n, dtype=np.int64), np.full(n, value.size), pool)


def dimension(value: SetValue) -> int:
    """How many components an element has."""
    return value.dimension if isinstance(value, GroundSet) else len(value.pool)


def _indexed(ev: Evaluator, base: str, keys: tuple[Expr, ...], frame: Frame) -> Ragged:
    declared = ev.ctx.formulation.by_name.get(base)
    if not isinstance(declared, IndexSet) or not declared.over:
        raise ev.error(f"{base!r} is not an indexed set", Ref(base, keys))
    domain, start, count, pool = ev.ctx.indexed_set(base, ev)
    columns = ev.key_columns(keys, frame)
    at = ev.locate(base, domain, columns, frame, keys)
    return Ragged(start[at], count[at], pool)


def _integer(ev: Evaluator, expr: Expr, frame: Frame) -> int | np.ndarray:
    value = ev.number(expr, frame)
    ev.ctx.mark_structural(value)
    array = np.atleast_1d(np.asarray(value.values, dtype=float))
    if not np.all(np.isfinite(array)) or np.any(array != np.rint(array)):
        bad = float(array[~np.isfinite(array) | (array != np.rint(array))][0])
        raise ev.error(f"a range needs whole numbers, not {bad:g}", expr)
    if np.any(np.abs(array) > 2**52):
        raise ev.error("a range reaches beyond 2**52", expr)
    whole = array.astype(np.int64)
    return int(whole[0]) if value.is_scalar or frame.n == 1 else whole


def _range(ev: Evaluator, args: tuple[Expr, ...], frame: Frame) -> SetValue:
    values = [_integer(ev, a, frame) for a in args]
    low, high, step = (0, values[0], 1) if len(values) == 1 else (*values, 1)[:3]
    if isinstance(step, np.ndarray) or step == 0:
        raise ev.error("the step of a range must be one non-zero whole number", args[-1])
    if not isinstance(low, np.ndarray) and not isinstance(high, np.ndarray):
        if abs(high - low) > MAX_RANGE:
            raise ev.error(f"a range of {abs(high - low):,} numbers is over the cap of {MAX_RANGE:,}", args[0])
        return GroundSet((np.arange(low, high, step, dtype=np.int64),), ("int",), "")
    lows = np.broadcast_to(np.asarray(low), (frame.n,))
    highs = np.broadcast_to(np.asarray(high), (frame.n,))
    count = np.maximum(0, -((lows - highs) // step))
    if int(count.sum()) > MAX_RANGE:
        raise ev.error(f"ranges of {int(count.sum()):,} numbers are over the cap of {MAX_RANGE:,}", args[0])
    entries = ragged_gather(np.zeros(frame.n, dtype=np.int64), count)
    numbers = np.repeat(lows, count) + step * entries
    start = np.cumsum(count) - count
    return Ragged(start, count, (Column(numbers, "int"),))


def _literal(ev: Evaluator, items: tuple[Expr, ...], frame: Frame) -> SetValue:
    if not items:
        return GroundSet((np.zeros(0, dtype=np.int64),), ("int",), "")
    rows = [ev.key_columns(item.items if isinstance(item, Tuple) else (item,), frame) for item in items]
    width = len(rows[0])
    if any(len(r) != width for r in rows):
        raise ev.error("the elements of a listed set differ in dimension", SetLiteral(items))
    k = len(items)
    pool = []
    for component in range(width):
        columns = ev.same_kind([r[component] for r in rows])
        values = np.stack([c.values for c in columns], axis=1).reshape(-1)
        pool.append(Column(values, columns[0].kind))
    ragged = Ragged(np.arange(frame.n) * k, np.full(frame.n, k), tuple(pool))
    return _settle(_distinct(ragged), frame)


def _builder(ev: Evaluator, item: Expr, generators: tuple[Generator, ...], frame: Frame) -> SetValue:
    inner, parent = expand(ev, frame, generators)
    pool = tuple(ev.key_columns(item.items if isinstance(item, Tuple) else (item,), inner))
    count = np.bincount(row_array(parent), minlength=frame.n)
    return _settle(_distinct(Ragged(np.cumsum(count) - count, count, pool)), frame)


def _settle(ragged: Ragged, frame: Frame) -> SetValue:
    if frame is not ROOT:
        return ragged
    columns = ragged.flat()
    return GroundSet(tuple(c.values for c in columns), tuple(c.kind for c in columns), "")


def _codes(parent: np.ndarray, columns: tuple[Column, ...]) -> np.ndarray:
    """One integer per (row, element), equal exactly for equal ones."""
    code = parent.astype(np.int64)
    for column in columns:
        _, inverse = np.unique(column.values, return_inverse=True)
        _, code = np.unique(code * (int(inverse.max(initial=0)) + 1) + inverse, return_inverse=True)
    return code


def _keep(ragged: Ragged, mask: np.ndarray) -> Ragged:
    columns, parent = ragged.flat(), ragged.parent
    chosen = np.flatnonzero(mask)
    count = np.bincount(parent[chosen], minlength=len(ragged.count))
    return Ragged(np.cumsum(count) - count, count, tuple(c.take(chosen) for c in columns))


def _distinct(ragged: Ragged) -> Ragged:
    code = _codes(ragged.parent, ragged.flat())
    first = np.zeros(len(code), dtype=bool)
    first[np.unique(code, return_index=True)[1]] = True
    return ragged if first.all() else _keep(ragged, first)


def _product(ev: Evaluator, left: Expr, right: Expr, frame: Frame) -> SetValue:
    a = as_ragged(evaluate_set(ev, left, frame), frame.n)
    names = tuple(f" {k}" for k in range(len(a.pool)))
    inner, parent = expand_ragged(Frame(frame.n), names, a.start, a.count, a.pool)
    b = as_ragged(evaluate_set(ev, right, frame), frame.n)
    other = tuple(f" {k}" for k in range(len(a.pool), len(a.pool) + len(b.pool)))
    full, again = expand_ragged(inner, other, b.start[parent], b.count[parent], b.pool)
    count = np.bincount(parent[again], minlength=frame.n)
    pool = tuple(full.columns[name] for name in names + other)
    return _settle(Ragged(np.cumsum(count) - count, count, pool), frame)


def _combine(ev: Evaluator, op: str, left: SetValue, right: SetValue, frame: Frame) -> SetValue:
    a, b = as_ragged(left, frame.n), as_ragged(right, frame.n)
    if len(a.pool) != len(b.pool):
        if a.count.sum() == 0 or b.count.sum() == 0:
            if op == "|":
                return right if a.count.sum() == 0 else left
            return left if op == "-" else (left if a.count.sum() == 0 else right)
        raise ev.error(f"sets of dimension {len(a.pool)} and {len(b.pool)} cannot be combined with {op}", None)
    pairs = [ev.same_kind([x, y]) for x, y in zip(a.flat(), b.flat())]
    columns = tuple(Column(np.concatenate([x.values, y.values]), x.kind) for x, y in pairs)
    parent = np.concatenate([a.parent, b.parent])
    code = _codes(parent, columns)
    first, second = code[: len(a.parent)], code[len(a.parent) :]
    if op == "|":
        order = np.argsort(parent, kind="stable")
        count = np.bincount(parent, minlength=frame.n)
        merged = Ragged(np.cumsum(count) - count, count, tuple(c.take(order) for c in columns))
        return _settle(_distinct(merged), frame)
    held = np.isin(first, second)
    mask = held if op == "&" else ~held
    flat = Ragged(np.cumsum(a.count) - a.count, a.count, tuple(c.take(np.arange(len(first))) for c in columns))
    return _settle(_keep(flat, mask), frame)


def _choice(ev: Evaluator, test: Expr, then: Expr, otherwise: Expr, frame: Frame) -> SetValue:
    truth = ev.truth(test, frame)
    mask = truth.array(frame.n)
    if mask.all():
        return evaluate_set(ev, then, frame)
    if not mask.any():
        return evaluate_set(ev, otherwise, frame)
    a, b = (as_ragged(evaluate_set(ev, e, frame), frame.n) for e in (then, otherwise))
    pairs = [ev.same_kind([x, y]) for x, y in zip(a.pool, b.pool)]
    pool = tuple(Column(np.concatenate([x.values, y.values]), x.kind) for x, y in pairs)
    offset = len(a.pool[0].values)
    return Ragged(np.where(mask, a.start, b.start + offset), np.where(mask, a.count, b.count), pool)


def contains(ev: Evaluator, columns: list[Column], source: SetValue, frame: Frame) -> np.ndarray:
    """Whether each row's element (as columns) is in the row's set, shape (n,)."""
    if len(columns) != dimension(source):
        if isinstance(source, GroundSet) and source.size == 0:
            return np.zeros(frame.n, dtype=bool)
        raise ev.error(f"an element of {len(columns)} components is looked up in a set of {dimension(source)}", None)
    if isinstance(source, GroundSet):
        return source.positions(columns, ev.ctx.universe) >= 0
    parent = np.concatenate([np.arange(frame.n), source.parent])
    pairs = [ev.same_kind([x, y]) for x, y in zip(columns, source.flat())]
    both = tuple(Column(np.concatenate([x.values, y.values]), x.kind) for x, y in pairs)
    code = _codes(parent, both)
    return np.isin(code[: frame.n], code[frame.n :])


def expand(ev: Evaluator, frame: Frame, generators: tuple[Generator, ...]) -> tuple[Frame, RowMap]:
    """All rows times all generators in turn, filtered by their tests; with the outer row of each inner row."""
    parent: RowMap | None = None
    for gen in generators:
        frame, step = _expand_one(ev, frame, gen)
        parent = step if parent is None else compose(parent, step)
    assert parent is not None
    return frame, parent


def _expand_one(ev: Evaluator, frame: Frame, gen: Generator) -> tuple[Frame, RowMap]:
    for name in gen.targets:
        if name in frame.columns:
            raise ev.error(
                f"the index {name!r} is already in use", None, remedy=f"rename it and test ({name}2 == {name})"
            )
    source = evaluate_set(ev, gen.source, frame)
    if len(gen.targets) != dimension(source):
        if not (isinstance(source, GroundSet) and source.size == 0):
            shape = "(" + ", ".join("ijklmn"[: dimension(source)]) + ")" if dimension(source) > 1 else "i"
            raise ev.error(
                f"{len(gen.targets)} index(es) run over a set of dimension {dimension(source)}",
                gen.source,
                remedy=f"write {shape} in ...",
            )
        empty = np.zeros(0, dtype=np.int64)
        kinds: tuple[Kind, ...] = tuple("int" for _ in gen.targets)
        source = GroundSet((empty,) * len(gen.targets), kinds, source.name)
    tests = list(gen.tests)
    parent: RowMap
    if isinstance(source, GroundSet):
        joined = _join_on_equality(ev, frame, gen, source, tests)
        inner, parent = joined if joined is not None else expand_uniform(frame, gen.targets, source)
    else:
        inner, parent = expand_ragged(frame, gen.targets, source.start, source.count, source.pool)
    for test in tests:
        mask = ev.truth(test, inner).array(inner.n)
        if not mask.all():
            rows, inner = inner.where(mask)
            parent = row_array(parent)[rows]
    return inner, parent


def _join_on_equality(
    ev: Evaluator, frame: Frame, gen: Generator, source: GroundSet, tests: list[Expr]
) -> tuple[Frame, np.ndarray] | None:
    """`(i, j) in arcs if i == k`: match instead of multiplying out. Removes the test it uses."""
    if not frame.columns or source.dimension == 1 or source.size < 16:
        return None
    for at, test in enumerate(tests):
        match test:
            case Compare((Name(a), Name(b)), ("==",)):
                pass
            case _:
                continue
        target, other = (a, b) if a in gen.targets else (b, a)
        if target not in gen.targets or other not in frame.columns:
            continue
        component = gen.targets.index(target)
        wanted = as_kind(frame.columns[other], source.kinds[component], ev.ctx.universe)
        order = np.argsort(source.columns[component], kind="stable")
        ordered = source.columns[component][order]
        start = np.searchsorted(ordered, wanted, side="left")
        count = np.searchsorted(ordered, wanted, side="right") - start
        pool = tuple(source.column(c, order) for c in range(source.dimension))
        del tests[at]
        return expand_ragged(frame, gen.targets, start, count, pool)
    return None
