"""What the data must hold for a construct over variables to mean anything; asked before bridges take it apart.

The least of no values is no number, and a piecewise linear function needs points that ascend: grounding and the
interpreter refuse both, but of a bridged construct only its rows are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solvers.errors import FormulateError, GroundingError, Place
from solvers.expression import children, parse, parse_generator, unparse
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, Generator, IfElse, Name, Not, Num, Or, Ref
from solvers.formulation import Constraint, Formulation, Objective
from solvers.reformulate.build import compare, denied
from solvers.reformulate.facts import Facts
from solvers.reformulate.scope import Scope

MOST_LOOKED_INTO = 5_000
"""Named expressions, each where it stands; formulas beyond are refused for their size by the bridges."""
ALWAYS = Compare((Num(0), Num(0)), ("==",))


@dataclass(frozen=True)
class _Condition:
    """A formula over data that must hold at every index of `scope`, and what is wrong where it does not."""

    element: str
    formula: Expr
    scope: Scope
    message: str
    remedy: str


def refuse_ill_posed(formulation: Formulation, facts: Facts) -> None:
    """Raise GroundingError for the first min or max over nothing, or points of a piecewise function out of order.

    Where data are missing nothing is said: grounding names them.
    """
    found = [*_conditions(formulation, facts)]
    if not found:
        return
    from solvers.ground import ground

    probe = Formulation(
        formulation.name, Objective("min"), formulation.sets, formulation.parameters,
        constraints=tuple(Constraint(f"c{k}", unparse(c.formula), c.scope.over) for k, c in enumerate(found)),
    )  # fmt: skip
    try:
        model = ground(probe, facts.data)
    except FormulateError:
        return
    false = (model.row_lower > 0) | (model.row_upper < 0)
    if not false.any():
        return
    row = int(np.flatnonzero(false)[0])
    block = next(b for b in model.rows if b.start <= row < b.start + b.size)
    broken = found[int(block.name[1:])]
    key = block.key(row - block.start)
    # Keys of loops inside the constraint follow those of the constraint itself.
    where = ", ".join(f"{name} = {label}" for name, label in zip(broken.scope.targets, key))
    raise GroundingError(broken.message + (f" at {where}" if where else ""), place=Place(broken.element, "expr"),
                         remedy=broken.remedy)  # fmt: skip


def _conditions(formulation: Formulation, facts: Facts) -> Iterator[_Condition]:
    seen: set[tuple[Expr, Scope]] = set()
    for term in formulation.objective.terms:
        yield from _within(parse(term.expr), Scope(), f"objective term {term.name}", facts, seen)
    for constraint in formulation.constraints:
        scope = Scope(tuple(parse_generator(text) for text in constraint.over))
        yield from _within(parse(constraint.expr), scope, constraint.name, facts, seen)


def _within(
    node: Expr, scope: Scope, element: str, facts: Facts, seen: set[tuple[Expr, Scope]]
) -> Iterator[_Condition]:
    """The conditions of a formula, each under the loops and conditions on data around it.

    `seen` holds the named expressions looked into, with where they stood: definitions may double at every step.
    """
    if facts.is_data(node):
        return
    match node:
        case Name() | Ref():
            if (node, scope) in seen or len(seen) > MOST_LOOKED_INTO:
                return
            formula = facts.expanded(node)
            if formula is not None:
                seen.add((node, scope))
                yield from _within(formula, scope, element, facts, seen)
        case Aggregate(func, args, generators):
            inner, loops, bodies = scope.inside(generators, *args)
            if func in ("min", "max"):
                count = Aggregate("count", (ALWAYS,), loops)
                yield _Condition(element, compare(count, ">=", Num(1)), scope, f"{func} over an empty set has no value",
                                 "guard it with a conditional, or loosen the condition")  # fmt: skip
            for body in bodies:
                yield from _within(body, inner, element, facts, seen)
        case IfElse(test, then, otherwise) if facts.is_data(test):
            yield from _within(then, scope.under(test), element, facts, seen)
            yield from _within(otherwise, scope.under(denied(test)), element, facts, seen)
        case Call("implies", (test, then)) if facts.is_data(test):
            yield from _within(then, scope.under(test), element, facts, seen)
        case And(items) | Or(items):
            for item in items:
                if facts.is_data(item):
                    scope = scope.under(item if isinstance(node, And) else denied(item))
            for item in items:
                yield from _within(item, scope, element, facts, seen)
        case Call("piecewise", args):
            yield from _ascending(args, scope, element, facts)
            yield from _within(args[0], scope, element, facts, seen)
        case _:
            for child in children(node):
                yield from _within(child, scope, element, facts, seen)


def _ascending(args: tuple[Expr, ...], scope: Scope, element: str, facts: Facts) -> Iterator[_Condition]:
    points = facts.series(args[1])
    if points is None:
        return  # the bridge refuses the form
    cell, axis = points
    nodes: Expr = Name(axis)
    some = Not(compare(Call("len", (nodes,)), "==", Num(0)))
    shown = unparse(Call("piecewise", args))
    yield _Condition(element, some, scope, f"{shown} has no points", f"give {axis} elements")
    last = Call("last", (nodes,))
    inner, loops, _ = scope.inside((Generator(("k",), nodes, (compare(Name("k"), "!=", last),)),))
    k = Name(loops[0].targets[0])
    test = compare(cell(k), "<", cell(Call("next", (k, nodes))))
    yield _Condition(
        element, test, inner, f"the points of {shown} do not ascend: each must exceed the one before",
        f"sort {unparse(args[1])} and {unparse(args[2])} along {axis}, and give each point once",
    )  # fmt: skip
