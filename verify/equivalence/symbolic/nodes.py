"""Formulas in the form in which formulations are compared: polynomials of atoms under sums and conditions.

Names of indices are unique within a formulation ("#12"), so that moving formulas around captures nothing; the
writer (`writing`) gives them canonical names by position. Conditions of sums and of conditionals are `guards`: a
term counts where all its guards hold, and is evaluated only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from solvers.errors import FormulateError


class NotSymbolicError(FormulateError):
    """A formula that cannot be brought to normal form: too large, circular, or not well formed."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An index, a quoted label or a constant (`pi`, `inf`)."""

    kind: Literal["index", "label", "constant"]
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A set, parameter or variable at its keys: what a match gives another name to."""

    symbol: str
    keys: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Op:
    """A function, comparison with 0, logical connective or set operation; `any_order` where it commutes."""

    op: str
    items: tuple[Node, ...]
    any_order: bool = False


@dataclass(frozen=True, slots=True)
class Binder:
    """`targets in source`."""

    targets: tuple[str, ...]
    source: Node


@dataclass(frozen=True, slots=True)
class Scope:
    """`op(bodies for binders if guards)`, for all that binds but sums; `any_order` where loops may be exchanged."""

    op: str
    binders: tuple[Binder, ...]
    guards: tuple[Node, ...]
    bodies: tuple[Node, ...]
    any_order: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """coef * product of factors, summed over the binders where all guards hold. A factor is (atom, power).

    Positive and negative powers of one atom are not cancelled: x / x is no 1 where x may be 0.
    """

    coef: Fraction
    factors: tuple[tuple[Node, int], ...] = ()
    binders: tuple[Binder, ...] = ()
    guards: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Poly:
    """A sum of terms."""

    terms: tuple[Term, ...]


Node: TypeAlias = Leaf | Cell | Op | Scope | Poly

NEGATED = {"<=": "<", "<": "<=", "==": "!=", "!=": "=="}
"""Comparisons of a polynomial with 0 and what denies them; `<=` and `<` also turn the sign."""


def atom(node: Node) -> Poly:
    """A node as a polynomial."""
    return node if isinstance(node, Poly) else Poly((Term(Fraction(1), ((node, 1),)),))


def number(value: Fraction | int) -> Poly:
    """A constant."""
    return Poly((Term(Fraction(value)),)) if value else Poly(())


def scaled(poly: Poly, by: Fraction | int) -> Poly:
    """The polynomial times a number."""
    return Poly(tuple(replace(t, coef=t.coef * by) for t in poly.terms))


def plus(*polys: Poly) -> Poly:
    """Their sum."""
    return Poly(tuple(t for poly in polys for t in poly.terms))


def minus(left: Poly, right: Poly) -> Poly:
    """Their difference."""
    return plus(left, scaled(right, -1))


def times(left: Poly, right: Poly) -> Poly:
    """Their product, distributed; indices of the two must be distinct, as those of separate formulas are."""
    return Poly(tuple(
        Term(a.coef * b.coef, a.factors + b.factors, a.binders + b.binders, a.guards + b.guards)
        for a in left.terms for b in right.terms
    ))  # fmt: skip


def where(poly: Poly, guards: tuple[Node, ...], binders: tuple[Binder, ...] = ()) -> Poly:
    """The polynomial summed over binders, where the guards hold."""
    return Poly(tuple(replace(t, binders=binders + t.binders, guards=guards + t.guards) for t in poly.terms))


def negated(node: Node) -> Node:
    """The denial of a condition on data."""
    match node:
        case Op("<=" | "<" as op, (Poly() as poly,)):
            return Op(NEGATED[op], (scaled(poly, -1),))
        case Op("==" | "!=" as op, items):
            return Op(NEGATED[op], items)
        case Op("in", items):
            return Op("not in", items)
        case Op("not in", items):
            return Op("in", items)
        case Op("and" | "or" as op, items):
            return Op("or" if op == "and" else "and", tuple(map(negated, items)), True)
        case Op("not", (inner,)):
            return inner
        case _:
            return Op("not", (node,))


def parts(node: Node) -> Iterator[Node]:
    """The direct parts of a node: sources of binders and guards included."""
    match node:
        case Leaf():
            return
        case Cell(_, keys):
            yield from keys
        case Op(_, items):
            yield from items
        case Scope(_, binders, guards, bodies):
            yield from (b.source for b in binders)
            yield from guards
            yield from bodies
        case Poly(terms):
            for term in terms:
                yield from (factor for factor, _ in term.factors)
                yield from (b.source for b in term.binders)
                yield from term.guards
        case _:
            assert_never(node)


def symbols(node: Node) -> frozenset[str]:
    """Sets, parameters and variables that a node refers to."""
    found: set[str] = set()
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Cell):
            found.add(top.symbol)
        stack.extend(parts(top))
    return frozenset(found)


def indices(node: Node) -> frozenset[str]:
    """Indices that a node mentions (bound ones included: their names are unique)."""
    found: set[str] = set()
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Leaf) and top.kind == "index":
            found.add(top.text)
        stack.extend(parts(top))
    return frozenset(found)
