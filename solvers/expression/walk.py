"""Walking and rewriting expression trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Not,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Tuple,
)


def children(node: Expr) -> tuple[Expr, ...]:
    """The direct sub-formulas, generators' sources and tests included, in textual order."""
    match node:
        case Ref(_, keys):
            return keys
        case Tuple(items) | SetLiteral(items) | And(items) | Or(items):
            return items
        case Neg(operand) | Not(operand):
            return (operand,)
        case Add(terms):
            return terms
        case BinOp(_, left, right):
            return (left, right)
        case Compare(operands):
            return operands
        case IfElse(test, then, otherwise):
            return (then, test, otherwise)
        case Call(_, args):
            return args
        case SetBuilder(item, generators):
            return (item, *_inside(generators))
        case Aggregate(_, args, generators):
            return (*args, *_inside(generators))
        case _:
            return ()


def _inside(generators: tuple[Generator, ...]) -> tuple[Expr, ...]:
    return tuple(e for gen in generators for e in (gen.source, *gen.tests))


def walk(node: Expr) -> Iterator[Expr]:
    """The node and everything below it, parents first."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def map_children(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The node with `change` applied to each direct sub-formula."""
    match node:
        case Ref(_, keys):
            return replace(node, keys=tuple(map(change, keys)))
        case Tuple(items) | SetLiteral(items) | And(items) | Or(items):
            return replace(node, items=tuple(map(change, items)))
        case Neg(operand) | Not(operand):
            return replace(node, operand=change(operand))
        case Add(terms):
            return replace(node, terms=tuple(map(change, terms)))
        case BinOp(_, left, right):
            return replace(node, left=change(left), right=change(right))
        case Compare(operands):
            return replace(node, operands=tuple(map(change, operands)))
        case IfElse(test, then, otherwise):
            return replace(node, test=change(test), then=change(then), otherwise=change(otherwise))
        case Call(_, args):
            return replace(node, args=tuple(map(change, args)))
        case SetBuilder(item, generators):
            return replace(node, item=change(item), generators=_map_generators(generators, change))
        case Aggregate(_, args, generators):
            return replace(node, args=tuple(map(change, args)), generators=_map_generators(generators, change))
        case _:
            return node


def _map_generators(
    generators: tuple[Generator, ...], change: Callable[[Expr], Expr]
) -> tuple[Generator, ...]:
    return tuple(
        replace(gen, source=change(gen.source), tests=tuple(map(change, gen.tests))) for gen in generators
    )


def free_names(node: Expr) -> frozenset[str]:
    """Names the formula refers to and does not bind itself (bases of `x[i]` included)."""
    match node:
        case Name(id):
            return frozenset({id})
        case Ref(base, keys):
            return frozenset({base}).union(*map(free_names, keys))
        case SetBuilder(item, generators):
            return _free_in(generators, (item,))
        case Aggregate(_, args, generators):
            return _free_in(generators, args)
        case _:
            return frozenset().union(*map(free_names, children(node)))


def _free_in(generators: tuple[Generator, ...], bodies: tuple[Expr, ...]) -> frozenset[str]:
    bound: set[str] = set()
    free: set[str] = set()
    for gen in generators:
        free |= free_names(gen.source) - bound
        bound |= set(gen.targets)
        for test in gen.tests:
            free |= free_names(test) - bound
    for body in bodies:
        free |= free_names(body) - bound
    return frozenset(free)


def substitute(node: Expr, values: Mapping[str, Expr]) -> Expr:
    """Replace free plain names by formulas; bound indices that would capture a name are renamed."""
    if not values:
        return node
    match node:
        case Name(id):
            return values.get(id, node)
        case SetBuilder(item, generators):
            generators, inner = _substitute_generators(generators, values, (item,))
            return replace(node, item=substitute(item, inner), generators=generators)
        case Aggregate(_, args, generators):
            generators, inner = _substitute_generators(generators, values, args)
            return replace(node, args=tuple(substitute(a, inner) for a in args), generators=generators)
        case _:
            return map_children(node, lambda child: substitute(child, values))


def _substitute_generators(
    generators: tuple[Generator, ...], values: Mapping[str, Expr], bodies: tuple[Expr, ...]
) -> tuple[tuple[Generator, ...], dict[str, Expr]]:
    inner = dict(values)
    done: list[Generator] = []
    # A fresh index must differ from every name in the scope of the old one, bound or free.
    present = frozenset().union(*map(free_names, (*bodies, *_inside(generators))), *(g.targets for g in generators))
    for gen in generators:
        source = substitute(gen.source, inner)
        targets: list[str] = []
        for target in gen.targets:
            inner.pop(target, None)
            brought = frozenset().union(*(free_names(v) for v in inner.values())) if inner else frozenset()
            fresh = target
            while fresh in brought or (fresh != target and fresh in present):
                fresh += "_"
            if fresh != target:
                inner[target] = Name(fresh)
            targets.append(fresh)
        tests = tuple(substitute(test, inner) for test in gen.tests)
        done.append(replace(gen, targets=tuple(targets), source=source, tests=tests))
    return tuple(done), inner
