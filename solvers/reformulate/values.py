"""Bridges for values: abs, min and max, products with a binary, counts.

Which side must hold depends on where a value stands (its polarity): `abs(x)` in a minimised objective, or on
the small side of `<=`, only needs to be large enough; elsewhere binaries choose the branch.
Product bridges: McCormick (Mathematical Programming 10, 1976); with a binary factor they are exact.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from solvers.expression import free_names, unparse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    CompareOp,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Num,
    Ref,
)
from solvers.reformulate import capabilities as cap
from solvers.reformulate.bounds import Bound, Missing
from solvers.reformulate.build import (
    ONE,
    ZERO,
    add,
    compare,
    denied,
    extreme,
    literal,
    mul,
    neg,
    number,
    opposite,
    sub,
)
from solvers.reformulate.piecewise import piecewise
from solvers.reformulate.scan import Scanner
from solvers.reformulate.scope import Scope
from solvers.reformulate.workspace import Workspace

if TYPE_CHECKING:
    from solvers.reformulate.logic import LogicBridge


class Need(Enum):
    """Which errors of a stand-in matter: it may not be too small, not too large, or neither."""

    NOT_BELOW = 1
    NOT_ABOVE = -1
    EXACT = 0

    @property
    def flipped(self) -> Need:
        return Need(-self.value)


class ValueBridge:
    """Rewrites formulas so that they hold nothing the target lacks, adding to the workspace."""

    def __init__(self, work: Workspace, scanner: Scanner) -> None:
        self.work = work
        self.facts = work.facts
        self.scanner = scanner
        self.logic: LogicBridge | None = None

    def rewrite(self, node: Expr, scope: Scope, need: Need) -> Expr:
        """The formula with stand-ins for what the target lacks."""
        if not self.scanner.lacking(node):
            return node
        match node:
            case Name() | Ref():
                formula = self.facts.expanded(node)
                assert formula is not None
                return self.rewrite(formula, scope, need)
            case Neg(inner):
                return neg(self.rewrite(inner, scope, need.flipped))
            case Add(terms, signs):
                done = [self.rewrite(t, scope, need if s > 0 else need.flipped) for s, t in zip(signs, terms)]
                return replace(node, terms=tuple(done))
            case BinOp():
                return self._binary(node, scope, need)
            case IfElse(test, then, otherwise):
                return IfElse(
                    test, self.rewrite(then, scope.under(test), need),
                    self.rewrite(otherwise, scope.under(denied(test)), need), node.pos,
                )
            case Call():
                return self._call(node, scope, need)
            case Aggregate("sum", args, generators):
                within, loops, bodies = scope.inside(generators, *args)
                return Aggregate("sum", (self.rewrite(bodies[0], within, need),), loops, node.pos)
            case Aggregate("min" | "max"):
                return self._aggregate_extreme(node, scope, need)
            case Aggregate("count"):
                return self._count(node, scope, need)
        return node

    # -- operators ---------------------------------------------------------------------------

    def _binary(self, node: BinOp, scope: Scope, need: Need) -> Expr:
        left, right = node.left, node.right
        if node.op == "*":
            if self.facts.is_data(left):
                return replace(node, right=self.rewrite(right, scope, self._scaled(need, left)))
            if self.facts.is_data(right):
                return replace(node, left=self.rewrite(left, scope, self._scaled(need, right)))
            if self.scanner.products:
                product = self._product(left, right, scope, need)
                if product is not None:
                    return product
        elif node.op == "/" and self.facts.is_data(right):
            return replace(node, left=self.rewrite(left, scope, self._scaled(need, right)))
        elif node.op == "**" and self.scanner.products and isinstance(right, Num):
            if self.facts.is_binary(left) and right.value >= 1:
                return self.rewrite(left, scope, need)
            if right.value == 2:
                product = self._product(left, left, scope, need)
                if product is not None:
                    return product
        return replace(node, left=self.rewrite(left, scope, Need.EXACT), right=self.rewrite(right, scope, Need.EXACT))

    def _scaled(self, need: Need, factor: Expr) -> Need:
        value = number(factor)
        if value is not None:
            return need if value >= 0 else need.flipped
        return need if self.facts.nonnegative(factor) else Need.EXACT

    def _product(self, left: Expr, right: Expr, scope: Scope, need: Need) -> Expr | None:
        """A product of formulas over variables without bilinear terms in a binary, or None where it has none."""
        if self.facts.is_binary(left):
            return self._times_binary(left, right, scope, need)
        if self.facts.is_binary(right):
            return self._times_binary(right, left, scope, need)
        for one, other, swap in ((left, right, False), (right, left, True)):
            spread = self._spread(one, other, swap)
            if spread is not None:
                return self.rewrite(spread, scope, need)
        return None

    def _spread(self, sum_: Expr, other: Expr, swap: bool) -> Expr | None:
        """The product distributed over a sum that holds binaries, or None where `sum_` is none."""
        expanded = self.facts.expanded(sum_)
        if expanded is not None:
            return self._spread(expanded, other, swap)
        if not self.facts.has_binary(sum_):
            return None

        def times(part: Expr) -> Expr:
            return BinOp("*", other, part) if swap else BinOp("*", part, other)

        match sum_:
            case Add(terms, signs):
                return Add(tuple(times(t) for t in terms), signs)
            case Neg(inner):
                return Neg(times(inner))
            case Aggregate("sum", args, generators):
                shield = Scope((Generator(tuple(sorted(free_names(other))), ZERO),))
                _, loops, bodies = shield.inside(generators, *args)
                return Aggregate("sum", (times(bodies[0]),), loops)
            case BinOp("*", a, b) if self.facts.is_data(a):
                return BinOp("*", a, times(b))
            case BinOp("*", a, b) if self.facts.is_data(b):
                return BinOp("*", b, times(a))
            case BinOp("/", a, b) if self.facts.is_data(b):
                return BinOp("/", times(a), b)
            case IfElse(test, then, otherwise):
                return IfElse(test, times(then), times(otherwise))
        return None

    def _times_binary(self, z: Expr, other: Expr, scope: Scope, need: Need) -> Expr:
        work = self.work
        if z == other:
            return self.rewrite(z, scope, need)
        both = self.facts.is_binary(other)
        low: Expr = ZERO
        high: Expr = ONE
        if not both:
            low, high = work.bounds.lower(other, work.place), work.bounds.upper(other, work.place)
        low = work.constant("least", low, scope, "the least value of a factor")
        high = work.constant("greatest", high, scope, "the greatest value of a factor")
        on = self.rewrite(z, scope, Need.EXACT)
        factor = self.rewrite(other, scope, Need.EXACT)
        least = ZERO if self.facts.nonnegative(low) else extreme("min", ZERO, low)
        most = high if self.facts.nonnegative(high) else extreme("max", ZERO, high)
        lower, upper = self._bound_text(least, scope), self._bound_text(most, scope)
        kind = "both" if both else "product"
        product = work.variable(kind, scope, "a product with a binary", lower=lower, upper=upper,
                                of=BinOp("*", z, other))
        name = f"{_base(product)}_"
        if need is not Need.NOT_ABOVE:
            if number(low) != 0:
                work.constraint(name + "on_from", compare(product, ">=", mul(low, on)), scope)
            work.constraint(name + "from", compare(product, ">=", sub(factor, mul(high, opposite(on)))), scope)
        if need is not Need.NOT_BELOW:
            work.constraint(name + "on_to", compare(product, "<=", mul(high, on)), scope)
            work.constraint(name + "to", compare(product, "<=", sub(factor, mul(low, opposite(on)))), scope)
        work.note("a product with a binary becomes linear")
        return product

    # -- functions ---------------------------------------------------------------------------

    def _call(self, node: Call, scope: Scope, need: Need) -> Expr:
        if node.func == "abs" and cap.ABS not in self.work.target:
            return self._abs(node.args[0], scope, need)
        if node.func == "piecewise" and cap.PIECEWISE not in self.work.target:
            x = self.rewrite(node.args[0], scope, Need.EXACT)
            below, above = need is not Need.NOT_ABOVE, need is not Need.NOT_BELOW
            return piecewise(node.args, x, scope, self.work, below=below, above=above)
        if node.func in ("min", "max") and cap.MINMAX not in self.work.target:
            return self._extreme(node, scope, need)
        return replace(node, args=tuple(self.rewrite(arg, scope, Need.EXACT) for arg in node.args))

    def _abs(self, arg: Expr, scope: Scope, need: Need) -> Expr:
        work = self.work
        if need is not Need.NOT_BELOW:
            if self._by_conditions(arg):
                return self._abs_by_conditions(arg, scope, need)
            low, high = work.bounds.lower(arg, work.place), work.bounds.upper(arg, work.place)
        inner = self.rewrite(arg, scope, Need.EXACT)
        largest = None if need is Need.NOT_BELOW else extreme("max", high, neg(low))
        if largest is None and cap.WHOLE in work.target:
            ends = work.bounds.of(arg)
            if not any(isinstance(end, Missing) for end in ends):
                largest = extreme("max", ends.upper, neg(ends.lower))  # type: ignore[arg-type]
        upper = self._bound_text(largest, scope)
        size = work.variable("abs", scope, "an absolute value", lower="0", upper=upper, of=arg)
        name = f"{_base(size)}_"
        if need is not Need.NOT_ABOVE:
            work.constraint(name + "above", compare(size, ">=", inner), scope)
            work.constraint(name + "below", compare(size, ">=", neg(inner)), scope)
        if need is not Need.NOT_BELOW:
            sign = work.variable("sign", scope, "1 where the argument of abs is taken as positive", domain="binary")
            negative = work.positive(mul(literal(-2), low), scope)
            positive = work.positive(mul(literal(2), high), scope)
            work.constraint(name + "if_positive", compare(size, "<=", add(inner, mul(negative, opposite(sign)))), scope)
            work.constraint(name + "if_negative", compare(size, "<=", sub(mul(positive, sign), inner)), scope)
        work.note("abs by its epigraph" if need is Need.NOT_BELOW else "abs with a binary for the sign")
        return size

    def _by_conditions(self, *args: Expr) -> bool:
        """Whether rows under a condition have to choose, and can: no big-M exists, for want of a bound."""
        missing = any(isinstance(bound, Missing) for arg in args for bound in self.work.bounds.of(arg))
        return missing and cap.INDICATOR in self.work.target and all(map(self.scanner.linear, args))

    def _abs_by_conditions(self, arg: Expr, scope: Scope, need: Need) -> Expr:
        """abs as the argument or its negative, whichever a binary says: needs no bounds."""
        work = self.work
        inner = self.rewrite(arg, scope, Need.EXACT)
        size = work.variable("abs", scope, "an absolute value", lower="0", of=arg)
        sign = work.variable("sign", scope, "1 where the argument of abs is taken as positive", domain="binary")
        name = f"{_base(size)}_"
        if need is not Need.NOT_ABOVE:
            work.constraint(name + "above", compare(size, ">=", inner), scope)
            work.constraint(name + "below", compare(size, ">=", neg(inner)), scope)
        for word, value, side in (("if_positive", ONE, inner), ("if_negative", ZERO, neg(inner))):
            work.constraint(name + word, _under(sign, value, compare(size, "<=", side)), scope)
        work.note("abs with a binary for the sign and rows under a condition on it")
        return size

    def _extreme(self, node: Call, scope: Scope, need: Need) -> Expr:
        """min and max of listed formulas: the outer side is linear, the other chooses one with binaries."""
        work, func = self.work, node.func
        outer, op, other = self._sides(func)
        if need is not outer and cap.ABS in work.target and any(isinstance(b, Missing) for b in work.bounds.of(node)):
            return self._by_abs(node, scope)
        args = [self.rewrite(arg, scope, need) for arg in node.args]
        value = self._stand_in(node, scope, bounded=need is not outer)
        name = f"{_base(value)}_"
        if need is not outer.flipped:
            for k, arg in enumerate(args, 1):
                work.constraint(f"{name}of_{k}", compare(value, op, arg), scope)
        if need is not outer and self._by_conditions(*node.args):
            self._choose_by_conditions(args, value, other, scope)
        elif need is not outer:
            best = self._limit(func, node.args)
            picks: list[Expr] = []
            for k, (raw, arg) in enumerate(zip(node.args, args), 1):
                slack = work.constant("bigM", self._gap(func, best, raw), scope, f"frees a choice in {work.place}")
                pick: Expr
                if k == len(args):
                    pick = opposite(add(*picks))
                    free = add(*picks)
                else:
                    pick = work.variable("is", scope, f"1 where value {k} is the {func}", domain="binary")
                    free = opposite(pick)
                picks.append(pick)
                room = mul(slack, free)
                limit = add(arg, room) if func == "max" else sub(arg, room)
                work.constraint(f"{name}is_{k}", compare(value, other, limit), scope)
            if len(picks) > 2:
                work.constraint(f"{name}one", compare(add(*picks[:-1]), "<=", ONE), scope)
        work.note(f"{func} by its epigraph" if need is outer else f"{func} with binaries that choose")
        return value

    def _choose_by_conditions(self, args: list[Expr], value: Expr, op: CompareOp, scope: Scope) -> None:
        """One of the formulas bounds the stand-in, under a condition on its binary: needs no bounds."""
        work, name = self.work, f"{_base(value)}_"
        count = 1 if len(args) == 2 else len(args)
        picks = [work.variable("is", scope, f"1 where value {k + 1} is taken", domain="binary") for k in range(count)]
        if len(args) == 2:
            choices = [(picks[0], ONE), (picks[0], ZERO)]
        else:
            choices = [(pick, ONE) for pick in picks]
            work.constraint(f"{name}one", compare(add(*picks), "==", ONE), scope)
        for k, (arg, (pick, on)) in enumerate(zip(args, choices), 1):
            work.constraint(f"{name}is_{k}", _under(pick, on, compare(value, op, arg)), scope)

    def _by_abs(self, node: Call, scope: Scope) -> Expr:
        """`max(a, b) = (a + b + |a - b|) / 2`, for a target that takes abs where bounds for binaries are missing."""
        found, *others = (self.rewrite(arg, scope, Need.EXACT) for arg in node.args)
        for arg in others:
            gap = Call("abs", (sub(found, arg),))
            both = add(found, arg)
            found = BinOp("/", add(both, gap) if node.func == "max" else sub(both, gap), literal(2))
        self.work.note(f"{node.func} by abs")
        return found

    def _aggregate_extreme(self, node: Aggregate, scope: Scope, need: Need) -> Expr:
        work, func = self.work, node.func
        outer, op, other = self._sides(func)
        inner, loops, (body,) = scope.inside(node.generators, *node.args)
        done = self.rewrite(body, inner, need)
        value = self._stand_in(node, scope, bounded=need is not outer)
        name = f"{_base(value)}_"
        if need is not outer.flipped:
            work.constraint(f"{name}of", compare(value, op, done), inner)
        if need is not outer:
            conditional = self._by_conditions(body)
            if not conditional:
                best = self._limit(func, (node,))
                slack = work.constant("bigM", self._gap(func, best, body), inner, f"frees a choice in {work.place}")
            pick = work.variable("is", inner, f"1 where the value is the {func}", domain="binary")
            if conditional:
                work.constraint(f"{name}is", _under(pick, ONE, compare(value, other, done)), inner)
            else:
                room = mul(slack, opposite(pick))
                limit = add(done, room) if func == "max" else sub(done, room)
                work.constraint(f"{name}is", compare(value, other, limit), inner)
            work.constraint(f"{name}one", compare(Aggregate("sum", (pick,), loops), "==", ONE), scope)
        work.note(f"{func} by its epigraph" if need is outer else f"{func} with binaries that choose")
        return value

    def _stand_in(self, node: Call | Aggregate, scope: Scope, *, bounded: bool) -> Expr:
        """The variable that takes the value of a min or max; bounded where bounds have to exist anyway."""
        text = "the greatest of several values" if node.func == "max" else "the least of several values"
        bounded |= cap.WHOLE in self.work.target
        low, high = self.work.bounds.of(node) if bounded else (None, None)
        return self.work.variable(
            node.func, scope, text, lower=self._bound_text(low, scope), upper=self._bound_text(high, scope), of=node
        )

    def _bound_text(self, bound: Bound | None, scope: Scope) -> str | None:
        if bound is None or isinstance(bound, Missing):
            return None
        return unparse(self.work.constant("limit", bound, scope, f"a bound of {self.work.place}"))

    @staticmethod
    def _sides(func: str):  # type: ignore[no-untyped-def]
        return (Need.NOT_BELOW, ">=", "<=") if func == "max" else (Need.NOT_ABOVE, "<=", ">=")

    def _limit(self, func: str, nodes: tuple[Expr, ...]) -> Expr:
        """A value that a max cannot exceed (a min not fall below)."""
        bounds, place = self.work.bounds, self.work.place
        find = bounds.upper if func == "max" else bounds.lower
        return extreme(func, *(find(node, place) for node in nodes))

    def _gap(self, func: str, best: Expr, node: Expr) -> Expr:
        bounds, place = self.work.bounds, self.work.place
        return sub(best, bounds.lower(node, place)) if func == "max" else sub(bounds.upper(node, place), best)

    # -- counts ------------------------------------------------------------------------------

    def _count(self, node: Aggregate, scope: Scope, need: Need) -> Expr:
        assert self.logic is not None
        inner, loops, (body,) = scope.inside(node.generators, *node.args)
        literal_ = self.logic.literal(body, inner)
        if literal_ is None:
            literal_ = self.work.variable("holds", inner, "1 where the counted formula holds", domain="binary")
            if need is not Need.NOT_BELOW:
                self.logic.enforce(body, inner, (opposite(literal_),))
            if need is not Need.NOT_ABOVE:
                self.logic.enforce(body, inner, (literal_,), negated=True)
            self.work.note("a count with one binary for each formula")
        return Aggregate("sum", (literal_,), loops)


def _under(binary: Expr, value: Expr, row: Expr) -> Expr:
    """The row where the binary has this value."""
    return Call("implies", (compare(binary, "==", value), row))


def _base(node: Expr) -> str:
    return node.base if isinstance(node, Ref) else node.id if isinstance(node, Name) else ""
