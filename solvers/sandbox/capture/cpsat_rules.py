"""CP-SAT's constraints, one function each, over the reader of a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from solvers.io.nl_poly import Sum
from solvers.model import AllDifferent, Circuit
from solvers.sandbox.capture.cpsat_model import CpReader, When, added, minus, number, times, value_at
from solvers.sandbox.capture.cpsat_schedule import cumulative, interval, no_overlap, no_overlap_2d, reservoir
from solvers.sandbox.capture.guard import UncapturedError
from solvers.template import TAffine

MOST_AUXILIARY = 20_000
"""Auxiliary columns that one constraint may ask for."""
Rule = Callable[[CpReader, Any, str, When], None]


def add_rule(reader: CpReader, rule: Any, name: str) -> None:
    """The rows of one constraint. Raises UncapturedError for the sorts that have none."""
    for kind, writer in _WRITERS.items():
        if getattr(rule, f"has_{kind}")():
            when = reader.condition(list(rule.enforcement_literal), name) if kind not in _OWN_CONDITION else None
            writer(reader, rule if kind in _OWN_CONDITION else getattr(rule, kind), name, when)
            return
    for kind in _UNCAPTURED:
        if getattr(rule, f"has_{kind}")():
            raise UncapturedError(f"{name}: the constraint {kind} of CP-SAT is not captured")


def _unconditional(name: str, kind: str, when: When) -> None:
    if when is not None:
        raise UncapturedError(f"{name}: {kind} of CP-SAT under a condition is not captured")


def _few(name: str, count: int) -> None:
    if count > MOST_AUXILIARY:
        raise UncapturedError(f"{name}: it would take {count:,} auxiliary columns")


def _linear(reader: CpReader, found: Any, name: str, when: When) -> None:
    terms = [(j, number(c)) if j >= 0 else (-j - 1, -number(c)) for j, c in zip(found.vars, found.coeffs)]
    formula = Sum()
    for j, c in terms:
        formula.linear[j] = formula.linear.get(j, 0.0) + c
    reader.within(formula, list(found.domain), name, when)


def _literals(reader: CpReader, found: Any) -> tuple[Sum, int]:
    parts = [reader.literal(r) for r in found.literals]
    return added(parts), len(parts)


def _bool_or(reader: CpReader, found: Any, name: str, when: When) -> None:
    reader.row(name, 1.0, None, _literals(reader, found)[0], when)


def _bool_and(reader: CpReader, found: Any, name: str, when: When) -> None:
    total, count = _literals(reader, found)
    reader.row(name, float(count), None, total, when)


def _at_most_one(reader: CpReader, found: Any, name: str, when: When) -> None:
    reader.row(name, None, 1.0, _literals(reader, found)[0], when)


def _exactly_one(reader: CpReader, found: Any, name: str, when: When) -> None:
    reader.row(name, 1.0, 1.0, _literals(reader, found)[0], when)


def _bool_xor(reader: CpReader, found: Any, name: str, when: When) -> None:
    total, count = _literals(reader, found)
    half = reader.sheet.auxiliary(f"{name}#half", 0.0, count // 2, 1, lambda x: (value_at(total, x) - 1) // 2)
    reader.row(name, 1.0, 1.0, minus(total, Sum(linear={half: 2.0})), when)


def _divisor(reader: CpReader, found: Any, name: str) -> tuple[Sum, float]:
    numerator, divisor = (reader.expression(e) for e in found.exprs)
    if divisor.linear or divisor.constant <= 0:
        raise UncapturedError(f"{name}: a division by what is no positive constant is not captured")
    return numerator, divisor.constant


def _int_div(reader: CpReader, found: Any, name: str, when: When) -> None:
    numerator, divisor = _divisor(reader, found, name)
    _towards_zero(reader, numerator, divisor, reader.expression(found.target), name, when)


def _int_mod(reader: CpReader, found: Any, name: str, when: When) -> None:
    numerator, divisor = _divisor(reader, found, name)
    low, high = reader.bounds(numerator)
    quotient = reader.sheet.auxiliary(
        f"{name}#quotient", np.trunc(low / divisor), np.trunc(high / divisor), 1,
        lambda x: float(np.trunc(value_at(numerator, x) / divisor)),
    )  # fmt: skip
    part = Sum(linear={quotient: 1.0})
    _towards_zero(reader, numerator, divisor, part, f"{name}#quotient", None)
    rest = minus(numerator, times(part, divisor))
    reader.row(name, 0.0, 0.0, minus(reader.expression(found.target), rest), when)


def _towards_zero(
    reader: CpReader, numerator: Sum, divisor: float, quotient: Sum, name: str, when: When
) -> None:
    """quotient = numerator / divisor without its fraction: the rest has the numerator's sign."""
    rest = minus(numerator, times(quotient, divisor))
    low, high = reader.bounds(numerator)
    if low >= 0:
        reader.row(name, 0.0, divisor - 1, rest, when)
    elif high <= 0:
        reader.row(name, 1 - divisor, 0.0, rest, when)
    else:
        above = [(numerator, 0.0, np.inf), (rest, 0.0, divisor - 1)]
        below = [(numerator, -np.inf, -1.0), (rest, 1 - divisor, 0.0)]
        reader.one_of([(above, f"{name}#above"), (below, f"{name}#below")], name, when)


def _int_prod(reader: CpReader, found: Any, name: str, when: When) -> None:
    algebra = reader.sheet.algebra
    factors = [reader.expression(e) for e in found.exprs]
    product = Sum(1.0)
    for factor in factors:
        product = algebra.multiply(product, algebra.copy(factor))
    target = reader.expression(found.target)
    if when is not None and not product.is_affine:
        ends = reader.bounds(factors[0])
        for factor in factors[1:]:
            corners = [a * b for a in ends for b in reader.bounds(factor)]
            ends = min(corners), max(corners)
        made = reader.sheet.auxiliary(
            f"{name}#product", *ends, 1, lambda x: float(np.prod([value_at(f, x) for f in factors]))
        )
        column = Sum(linear={made: 1.0})
        reader.row(f"{name}#product", 0.0, 0.0, algebra.add(algebra.scale(product, -1.0), column), None)
        product = Sum(linear={made: 1.0})
    reader.row(name, 0.0, 0.0, algebra.add(algebra.scale(product, -1.0), algebra.copy(target)), when)


def _lin_max(reader: CpReader, found: Any, name: str, when: When) -> None:
    target = reader.expression(found.target)
    parts = [reader.expression(e) for e in found.exprs]
    for k, part in enumerate(parts):
        reader.row(f"{name}#least{k + 1}", 0.0, None, minus(target, part), when)
    reader.one_of(
        [([(minus(target, part), -np.inf, 0.0)], f"{name}#{k + 1}") for k, part in enumerate(parts)], name, when
    )


def _element(reader: CpReader, found: Any, name: str, when: When) -> None:
    if found.has_linear_index():
        index, target = reader.expression(found.linear_index), reader.expression(found.linear_target)
        values = [reader.expression(e) for e in found.exprs]
    else:
        index, target = reader.literal(found.index), reader.literal(found.target)
        values = [reader.literal(v) for v in found.vars]
    low, high = reader.bounds(index)
    _few(name, len(values))
    reader.one_of(
        [
            ([(index, float(k), float(k)), (minus(target, value), 0.0, 0.0)], f"{name}#{k}")
            for k, value in enumerate(values) if low <= k <= high
        ], name, when,
    )  # fmt: skip


def _columns(reader: CpReader, found: Any) -> list[Sum]:
    held = list(found.exprs)
    return [reader.expression(e) for e in held] if held else [reader.literal(v) for v in found.vars]


def _table(reader: CpReader, found: Any, name: str, when: When) -> None:
    columns = _columns(reader, found)
    values = [number(v) for v in found.values]
    width = len(columns)
    tuples = [values[k : k + width] for k in range(0, len(values), width)] if width else []
    _few(name, len(tuples) * (2 * width if found.negated else 1))
    if not found.negated:
        choices = [([(f, v, v) for f, v in zip(columns, row)], f"{name}#{k}") for k, row in enumerate(tuples)]
        reader.one_of(choices, name, when)
        return
    for k, row in enumerate(tuples):
        apart = []
        for j, (f, v) in enumerate(zip(columns, row)):
            apart.append(([(f, -np.inf, v - 1)], f"{name}#{k}#{j}below"))
            apart.append(([(f, v + 1, np.inf)], f"{name}#{k}#{j}above"))
        reader.one_of(apart, f"{name}#{k}", when)


def _inverse(reader: CpReader, found: Any, name: str, when: When) -> None:
    _unconditional(name, "inverse", when)
    direct = [reader.literal(v) for v in found.f_direct]
    back = [reader.literal(v) for v in found.f_inverse]
    _few(name, len(direct) * len(back))
    for i, there in enumerate(direct):
        choices = [
            ([(there, float(j), float(j)), (here, float(i), float(i))], f"{name}#{i}#{j}")
            for j, here in enumerate(back)
        ]
        reader.one_of(choices, f"{name}#{i}", None)
    for j, here in enumerate(back):
        reader.row(f"{name}#back{j}", 0.0, float(len(direct) - 1), here, None)


def _all_diff(reader: CpReader, found: Any, name: str, when: When) -> None:
    _unconditional(name, "all_diff", when)
    reader.sheet.globals.append(AllDifferent(affine([reader.expression(e) for e in found.exprs]), name))


def affine(formulas: Sequence[Sum]) -> TAffine:
    """Linear formulas as one template, a row each."""
    start = np.zeros(len(formulas) + 1, np.int64)
    np.cumsum([len(f.linear) for f in formulas], out=start[1:])
    return TAffine(
        np.array([f.constant for f in formulas]), start,
        np.array([j for f in formulas for j in f.linear], np.int64),
        np.array([c for f in formulas for c in f.linear.values()], np.float64),
    )  # fmt: skip


def _circuit(reader: CpReader, found: Any, name: str, when: When) -> None:
    _unconditional(name, "circuit", when)
    nodes = sorted({*found.tails, *found.heads})
    at = {node: k for k, node in enumerate(nodes)}
    columns = [_positive(reader, r, f"{name}#{k}") for k, r in enumerate(found.literals)]
    reader.sheet.globals.append(
        Circuit(len(nodes), np.array([at[n] for n in found.tails]), np.array([at[n] for n in found.heads]),
                np.array(columns), name)
    )  # fmt: skip


def _positive(reader: CpReader, reference: int, name: str) -> int:
    """The column of a literal; a negated one gets a column of its own."""
    if reference >= 0:
        return reference
    literal = reader.literal(reference)
    column = reader.binary(name, lambda x: value_at(literal, x))
    reader.row(name, 0.0, 0.0, minus(Sum(linear={column: 1.0}), literal), None)
    return column


def _automaton(reader: CpReader, found: Any, name: str, when: When) -> None:
    """A path through the states, one transition a step: a flow of 0-1 columns."""
    _unconditional(name, "automaton", when)
    words = _columns(reader, found)
    arcs = list(zip(found.transition_tail, found.transition_label, found.transition_head))
    if len({(tail, label) for tail, label, _ in arcs}) < len(arcs):
        raise UncapturedError(f"{name}: an automaton with two ways for one label is not captured")
    _few(name, len(words) * len(arcs))
    first, final = int(found.starting_state), set(found.final_states)
    steps = {(tail, label): k for k, (tail, label, _) in enumerate(arcs)}
    before: dict[int, list[int]] = {}
    for t, word in enumerate(words):
        flows = [reader.binary(f"{name}#{t}#{k}", _taken(words, arcs, steps, first, t, k)) for k in range(len(arcs))]
        labels = [Sum(linear={j: number(label)}) for j, (_, label, _) in zip(flows, arcs)]
        reader.row(f"{name}#{t}", 0.0, 0.0, minus(word, added(labels)), None)
        reader.row(f"{name}#{t}one", 1.0, 1.0, added([Sum(linear={j: 1.0}) for j in flows]), None)
        after: dict[int, list[int]] = {}
        leaving: dict[int, list[int]] = {}
        for j, (tail, _, head) in zip(flows, arcs):
            after.setdefault(int(head), []).append(j)
            leaving.setdefault(int(tail), []).append(j)
        for state, out in leaving.items():
            came = added([Sum(linear={j: 1.0}) for j in before.get(state, ())], float(t == 0 and state == first))
            left = added([Sum(linear={j: 1.0}) for j in out])
            reader.row(f"{name}#{t}state{state}", -np.inf, 0.0, minus(left, came), None)
        before = after
    if words:
        ends = [Sum(linear={j: 1.0}) for state in final for j in before.get(int(state), ())]
        reader.row(f"{name}#end", 1.0, 1.0, added(ends), None)


def _taken(
    words: Sequence[Sum], arcs: Sequence[tuple[int, int, int]], steps: dict[tuple[int, int], int], first: int, t: int,
    k: int,
) -> Callable[[Sequence[float]], float]:
    def value(x: Sequence[float]) -> float:
        state = first
        for at in range(t + 1):
            step = steps.get((state, round(value_at(words[at], x))))
            if step is None:
                return 0.0
            state = int(arcs[step][2])
        return float(step == k)

    return value


_OWN_CONDITION = frozenset({"interval"})
_WRITERS: dict[str, Rule] = {
    "linear": _linear, "bool_or": _bool_or, "bool_and": _bool_and, "at_most_one": _at_most_one,
    "exactly_one": _exactly_one, "bool_xor": _bool_xor, "int_div": _int_div, "int_mod": _int_mod,
    "int_prod": _int_prod, "lin_max": _lin_max, "element": _element, "table": _table, "inverse": _inverse,
    "all_diff": _all_diff, "circuit": _circuit, "automaton": _automaton, "interval": interval,
    "no_overlap": no_overlap, "no_overlap_2d": no_overlap_2d, "cumulative": cumulative, "reservoir": reservoir,
}  # fmt: skip
_UNCAPTURED = ("routes",)
