"""Interval arithmetic on formulas: the least and greatest value of a formula, as formulas over data.

The bound of `sum(a[i] * x[i] for i in S)` is again a sum over S: symbolic, indexed, in the language.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

from solvers.errors import Place, UnsupportedError
from solvers.expression import free_names, parse, parse_generator, substitute, unparse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Num,
    Ref,
)
from solvers.formulation import Variable
from solvers.reformulate.build import ONE, ZERO, choose, extreme, literal, mul, neg, number, total
from solvers.reformulate.facts import Facts
from solvers.reformulate.implied import ImpliedBounds

Side = Literal["lower", "upper"]
MAX_STEPS = 100_000
"""Named expressions that repeat one another can grow exponentially: so many nodes are looked at."""

_INCREASING = frozenset({"sqrt", "exp", "log"})


class Missing(NamedTuple):
    """A bound that does not exist, and why: `variable` has no `side` bound, or the function has none."""

    variable: str
    side: Side
    reason: str = ""


Bound = Expr | Missing


class Bounds(NamedTuple):
    """Least and greatest value."""

    lower: Bound
    upper: Bound


class BoundFinder:
    """Bounds of formulas of one formulation."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._spent = 0
        self.implied = ImpliedBounds(self)

    def lower(self, node: Expr, element: str) -> Expr:
        """The least value. Raises UnsupportedError naming the variable whose bound is missing, in `element`."""
        return self._found(self.of(node).lower, node, element, "least")

    def upper(self, node: Expr, element: str) -> Expr:
        """The greatest value. Raises UnsupportedError naming the variable whose bound is missing, in `element`."""
        return self._found(self.of(node).upper, node, element, "greatest")

    def _found(self, bound: Bound, node: Expr, element: str, which: str) -> Expr:
        if not isinstance(bound, Missing):
            return bound
        if bound.reason:
            raise UnsupportedError(
                f"the {which} value of {unparse(node)} cannot be derived: {bound.reason}", place=Place(element),
                remedy="introduce a bounded variable for it, or choose a solver that takes the construct itself",
            )
        raise UnsupportedError(
            f"the {which} value of {unparse(node)} is needed to linearise it, and {bound.variable!r} has no "
            f"{bound.side} bound, nor does a constraint imply one", place=Place(element),
            remedy=f"give {bound.variable} the {bound.side} bound that no good solution passes",
        )

    def of(self, node: Expr) -> Bounds:
        """Bounds of a formula; either may be Missing."""
        self._spent += 1
        if self._spent > MAX_STEPS:
            raise UnsupportedError(
                "the formulas are too large to derive bounds from",
                remedy="give the variables bounds of their own, or split the named expressions",
            )
        if self.facts.is_data(node):
            return Bounds(node, node)
        match node:
            case Name() | Ref():
                return self._of_name(node)
            case Neg(inner):
                low, high = self.of(inner)
                return Bounds(_map(neg, high), _map(neg, low))
            case Add(terms, signs):
                parts = [self.of(term) for term in terms]
                return Bounds(
                    _join([p.lower if s > 0 else p.upper for s, p in zip(signs, parts)], signs),
                    _join([p.upper if s > 0 else p.lower for s, p in zip(signs, parts)], signs),
                )
            case BinOp("*", left, right):
                return self._product(left, right)
            case BinOp("/", left, right) if self.facts.is_data(right):
                return self._scaled(self.of(left), right, divide=True)
            case BinOp("**", base, Num(power)) if power == 2:
                low, high = self.of(base)
                square = _both(low, high, lambda a, b: extreme("max", mul(a, a), mul(b, b)))
                return Bounds(ZERO, square)
            case BinOp("**", base, Num(power)) if power >= 1 and self.facts.is_binary(base):
                return self.of(base)
            case IfElse(test, then, otherwise):
                a, b = self.of(then), self.of(otherwise)
                return Bounds(*(_both(x, y, lambda p, q: choose(test, p, q)) for x, y in zip(a, b)))
            case Call(func, args):
                return self._call(func, args, node)
            case Aggregate(func, args) if func in ("sum", "min", "max"):
                low, high = self.of(args[0])
                return Bounds(*(_map(lambda b: self._aggregate(node, b), x) for x in (low, high)))
            case Aggregate("count"):
                return Bounds(ZERO, replace(node, func="sum", args=(ONE,)))
            case Compare():
                return Bounds(ZERO, ONE)
        return self._unknown(node)

    @staticmethod
    def _unknown(node: Expr) -> Bounds:
        reason = f"{unparse(node)} has no derived bounds"
        return Bounds(Missing("", "lower", reason), Missing("", "upper", reason))

    @staticmethod
    def _aggregate(node: Aggregate, body: Expr) -> Expr:
        return ZERO if node.func == "sum" and number(body) == 0 else replace(node, args=(body,))

    def _of_name(self, node: Expr) -> Bounds:
        formula = self.facts.expanded(node)
        if formula is not None:
            return self.of(formula)
        variable = self.facts.variable(node)
        assert variable is not None
        keys = node.keys if isinstance(node, Ref) else ()
        low, high = self._declared(variable, keys, "lower"), self._declared(variable, keys, "upper")
        if variable.domain == "binary":
            low = ZERO if isinstance(low, Missing) else extreme("max", ZERO, low)
            high = ONE if isinstance(high, Missing) else extreme("min", ONE, high)
        elif variable.domain in ("semicontinuous", "semi-integer"):
            low = ZERO if isinstance(low, Missing) or self.facts.nonnegative(low) else extreme("min", ZERO, low)
            if not isinstance(high, Missing) and not self.facts.nonnegative(high):
                high = extreme("max", ZERO, high)
        return Bounds(low, high)

    def _declared(self, variable: Variable, keys: tuple[Expr, ...], side: Side) -> Bound:
        text = variable.lower if side == "lower" else variable.upper
        formula: Expr | None = None if text is None else parse(text)
        if formula is None or formula in (Name("inf"), Neg(Name("inf"))):
            formula = self.implied.of(variable, side)
            if formula is None:
                return Missing(variable.name, side)
        targets = [t for over in variable.over for t in parse_generator(over).targets]
        return _folded(substitute(formula, dict(zip(targets, keys))))

    # -- products ----------------------------------------------------------------------------

    def _product(self, left: Expr, right: Expr) -> Bounds:
        if self.facts.is_data(left):
            return self._scaled(self.of(right), left)
        if self.facts.is_data(right):
            return self._scaled(self.of(left), right)
        for binary, other in ((left, right), (right, left)):
            if self.facts.is_binary(binary):
                low, high = self.of(other)
                return Bounds(
                    _map(lambda b: extreme("min", ZERO, b), low), _map(lambda b: extreme("max", ZERO, b), high)
                )
        a, b = self.of(left), self.of(right)
        missing = next((x for x in (*a, *b) if isinstance(x, Missing)), None)
        if missing is not None:
            return Bounds(missing, missing)
        corners = [mul(x, y) for x in a for y in b]  # type: ignore[arg-type]
        return Bounds(extreme("min", *corners), extreme("max", *corners))

    def _scaled(self, of: Bounds, factor: Expr, *, divide: bool = False) -> Bounds:
        value = number(factor)

        def times(bound: Expr) -> Expr:
            if not divide:
                return mul(factor, bound)
            return ZERO if number(bound) == 0 else BinOp("/", bound, factor)

        if value is not None or self.facts.nonnegative(factor):
            low, high = (of.upper, of.lower) if value is not None and value < 0 else of
            return Bounds(_map(times, low), _map(times, high))
        if isinstance(of.lower, Missing) or isinstance(of.upper, Missing):
            missing = of.lower if isinstance(of.lower, Missing) else of.upper
            return Bounds(missing, missing)
        test = Compare((factor, ZERO), (">=",))
        return Bounds(choose(test, times(of.lower), times(of.upper)), choose(test, times(of.upper), times(of.lower)))

    # -- functions ---------------------------------------------------------------------------

    def _call(self, func: str, args: tuple[Expr, ...], node: Expr) -> Bounds:
        parts = [self.of(arg) for arg in args]
        if func in ("min", "max"):
            return Bounds(self._extreme(func, [p.lower for p in parts], "lower"),
                          self._extreme(func, [p.upper for p in parts], "upper"))
        if func == "abs":
            low, high = parts[0]
            least: Bound = ZERO
            if not isinstance(low, Missing) and self.facts.nonnegative(low):
                return Bounds(low, high)
            return Bounds(least, _both(low, high, lambda a, b: extreme("max", b, neg(a))))
        if func in _INCREASING:
            low, high = (_map(lambda b: Call(func, (b,)), bound) for bound in parts[0])
            if isinstance(low, Missing) and func in ("exp", "sqrt"):
                low = ZERO
            return Bounds(low, high)
        if func == "piecewise":
            return self._piecewise(args, node)
        if func in ("sin", "cos"):
            return Bounds(literal(-1), ONE)
        return self._unknown(node)

    def _piecewise(self, args: tuple[Expr, ...], node: Expr) -> Bounds:
        values = self.facts.series(args[2])
        if values is None:
            return self._unknown(node)
        cell, axis = values
        index = "k"
        while index in free_names(args[2]):
            index += "_"
        loop = (Generator((index,), Name(axis)),)
        return Bounds(Aggregate("min", (cell(Name(index)),), loop), Aggregate("max", (cell(Name(index)),), loop))

    @staticmethod
    def _extreme(func: str, bounds: list[Bound], side: Side) -> Bound:
        known = [b for b in bounds if not isinstance(b, Missing)]
        missing = [b for b in bounds if isinstance(b, Missing)]
        # One known bound suffices on the side that the function itself bounds.
        if missing and (not known or (func, side) not in (("min", "upper"), ("max", "lower"))):
            return missing[0]
        return extreme(func, *known)


def _folded(node: Expr) -> Expr:
    value = number(node)
    return node if value is None else literal(value)


def _map(function, bound: Bound) -> Bound:  # type: ignore[no-untyped-def]
    return bound if isinstance(bound, Missing) else function(bound)


def _both(a: Bound, b: Bound, function) -> Bound:  # type: ignore[no-untyped-def]
    return a if isinstance(a, Missing) else b if isinstance(b, Missing) else function(a, b)


def _join(bounds: list[Bound], signs: tuple[int, ...]) -> Bound:
    for bound in bounds:
        if isinstance(bound, Missing):
            return bound
    return total(zip(signs, bounds))  # type: ignore[arg-type]
