"""Whether continuous variables may be taken as integers, and the scale that makes whole numbers of decimals.

A linear program whose rows are differences of two variables with unit coefficients and whole right sides has a whole
optimum, because its matrix is totally unimodular (Hoffman and Kruskal, 1956); disjunctions choose among such rows.
"""

from __future__ import annotations

from itertools import pairwise, product

from solvers.expression import parse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Ref,
)
from solvers.formulation import Formulation, Variable
from solvers.reformulate.facts import Facts

MOST_CASES = 32
Signs = tuple[int, ...]
"""The signs of the continuous variables of a formula, each with a unit coefficient."""


class Integrality:
    """Proves, formula by formula, that an optimum in whole numbers exists."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def obstacle(self, formulation: Formulation) -> str | None:
        """The name of a continuous variable for which there is no such proof, or None."""
        continuous = [v for v in formulation.variables if v.domain in ("continuous", "semicontinuous")]
        if not continuous:
            return None
        for v in continuous:
            if any(self.facts.grid(parse(text)) != 1 for text in (v.lower, v.upper) if text and "inf" not in text):
                return v.name
        rules = [parse(c.expr) for c in formulation.constraints]
        terms = [parse(t.expr) for t in formulation.objective.terms]
        if all(map(self._rule, rules)) and all(map(self._term, terms)):
            return None
        return continuous[0].name

    def _rule(self, node: Expr) -> bool:
        if self.facts.is_data(node):
            return True
        match node:
            case Compare(operands, ops):
                pairs = pairwise(operands)
                return "!=" not in ops and all(self._difference(a, b) for a, b in pairs)
            case And(items) | Or(items):
                return all(map(self._rule, items))
            case Not():
                return not self._continuous(node)
            case IfElse(_, then, otherwise):
                return self._rule(then) and self._rule(otherwise)
            case Call("implies", args):
                return all(map(self._rule, args))
            case Aggregate("all" | "any" | "no_overlap" | "alldifferent" | "circuit", args):
                if node.func in ("all", "any"):
                    return self._rule(args[0])
                if not self._continuous(node):
                    return True
                return node.func == "no_overlap" and self._difference(args[0], args[1]) and self.facts.is_data(args[1])
        return not self._continuous(node)

    def _difference(self, left: Expr, right: Expr) -> bool:
        if not self._continuous(left) and not self._continuous(right):
            return True
        a, b = self._signs(left), self._signs(right)
        if a is None or b is None:
            return False
        both = [(*s, *(-u for u in t)) for s, t in product(a, b)]
        return all(len(signs) < 2 or (len(signs) == 2 and sum(signs) == 0) for signs in both)

    def _term(self, node: Expr) -> bool:
        """Any linear objective will do; an extreme value of differences is a further variable of that kind."""
        if not self._continuous(node):
            return True
        match node:
            case Add(terms):
                return all(map(self._term, terms))
            case Neg(operand):
                return self._term(operand)
            case BinOp("*" | "/", left, right):
                return all(self.facts.is_data(side) or self._term(side) for side in (left, right))
            case Aggregate("sum", args):
                return self._term(args[0])
            case IfElse(_, then, otherwise):
                return self._term(then) and self._term(otherwise)
            case Name() | Ref():
                inner = self.facts.expanded(node)
                return self.facts.variable(node) is not None or (inner is not None and self._term(inner))
        return self._signs(node) is not None

    def _continuous(self, node: Expr) -> bool:
        return not self.facts.is_discrete(node)

    def _signs(self, node: Expr) -> list[Signs] | None:
        """Per case of the conditions inside, the signs of the continuous variables; None where it is no such sum."""
        if not self._continuous(node):
            return [()] if self.facts.grid(node) == 1 else None
        match node:
            case Name() | Ref():
                if isinstance(self.facts.variable(node), Variable):
                    return [(1,)]
                inner = self.facts.expanded(node)
                return None if inner is None else self._signs(inner)
            case Neg(operand):
                found = self._signs(operand)
                return None if found is None else [tuple(-s for s in case) for case in found]
            case Add(terms, signs):
                cases: list[Signs] = [()]
                for sign, term in zip(signs, terms):
                    found = self._signs(term)
                    if found is None or len(found) * len(cases) > MOST_CASES:
                        return None
                    cases = [(*c, *(sign * s for s in f)) for c in cases for f in found]
                return cases
            case IfElse(_, then, otherwise):
                a, b = self._signs(then), self._signs(otherwise)
                return None if a is None or b is None else list({*a, *b})
            case Call("min" | "max", args) | Aggregate("min" | "max", args):
                parts = [self._signs(arg) for arg in args]
                single = all(p is not None and all(case in ((), (1,)) for case in p) for p in parts)
                return [(1,)] if single else None
        return None


def scale_of(facts: Facts, node: Expr) -> int | None:
    """The power of ten that makes every coefficient of a formula whole, or None where there is none known."""
    grid = _grid(facts, node)
    if grid is None or grid <= 0:
        return None
    scale = max(1, round(1 / grid))
    return 10 ** len(str(scale - 1)) if scale > 1 else 1


def _grid(facts: Facts, node: Expr) -> float | None:
    """The grid of a formula, its continuous variables taken as whole."""
    match node:
        case BinOp("/", left, Num(value)) if isinstance(value, int) and value > 0 and _decimal(value):
            found = _grid(facts, left)
            return None if found is None else found / value
        case Name() | Ref():
            inner = facts.expanded(node)
            if inner is not None:
                return _grid(facts, inner)
            return facts.grid(node) if facts.is_data(node) else 1.0
        case Neg(operand):
            return _grid(facts, operand)
        case Add(terms):
            return _least([_grid(facts, term) for term in terms])
        case BinOp("*", left, right):
            a, b = _grid(facts, left), _grid(facts, right)
            return None if a is None or b is None else a * b
        case IfElse(_, then, otherwise):
            return _least([_grid(facts, then), _grid(facts, otherwise)])
        case Call("abs" | "min" | "max", args) | Aggregate("sum" | "min" | "max", args):
            return _least([_grid(facts, arg) for arg in args])
    return facts.grid(node)


def _decimal(value: int) -> bool:
    """Whether one part in so many is a decimal: no prime factors but 2 and 5."""
    for prime in (2, 5):
        while value % prime == 0:
            value //= prime
    return value == 1


def _least(grids: list[float | None]) -> float | None:
    known = [g for g in grids if g is not None]
    return min(known) if len(known) == len(grids) and known else None
