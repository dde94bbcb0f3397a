"""By how much a formula over variables fails to hold, and how much is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from solvers.compare import FEASIBILITY, INTEGRALITY, Tolerance
from solvers.errors import TypingError
from solvers.expression import parse, parse_generator, unparse
from solvers.expression.nodes import (
    STRUCTURE_AGGREGATES,
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Name,
    Neg,
    Not,
    Or,
    Ref,
)
from solvers.formulation import NamedExpression
from solvers.interpret import structure
from solvers.interpret.basics import Env, Point, PointError, as_number, flat_key

if TYPE_CHECKING:
    from solvers.interpret.compiler import Closure, Compiler

Measured = Callable[[Env, Point], tuple[float, float]]
"""Value and magnitude: the sum of the absolute values of the terms."""


class Amount(NamedTuple):
    """`violation` is 0 where the formula holds exactly; it holds within tolerance up to `allowed`."""

    violation: float
    allowed: float

    @property
    def holds(self) -> bool:
        return self.violation <= self.allowed

    @property
    def excess(self) -> float:
        """How far beyond the allowance; orders amounts."""
        over = self.violation - self.allowed
        return over if over == over else float("inf")


MOST_ALLOWED = 0.1
"""Over whole-number variables no magnitude makes a step of 1 invisible."""

HELD = Amount(0.0, 0.0)
FAILED = Amount(1.0, 0.0)
AmountClosure = Callable[[Env, Point], Amount]
_NEGATED: dict[CompareOp, CompareOp] = {
    "<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "==", "in": "not in", "not in": "in",
}


class Amounts:
    """Compiles formulas to amounts. Negation is carried inward, to the comparisons."""

    def __init__(self, compiler: Compiler, tolerance: Tolerance = FEASIBILITY) -> None:
        self.compiler = compiler
        self.instance = compiler.instance
        self.tolerance = tolerance

    def of(self, node: Expr, scope: frozenset[str], negated: bool = False) -> AmountClosure:
        """The amount by which `node` (or its negation) fails."""
        if not self.instance.variables_of(node) - scope:
            truth = self.compiler.truth(node, scope)
            return lambda env, point: HELD if truth(env, point) != negated else FAILED
        match node:
            case Compare():
                return self._compare(node, scope, negated)
            case Not(operand):
                return self.of(operand, scope, not negated)
            case And(items) | Or(items):
                parts = [self.of(item, scope, negated) for item in items]
                return _combined(parts, all_needed=isinstance(node, And) != negated)
            case IfElse(test, then, otherwise):
                c = self.compiler.condition(test, scope)
                a, b = self.of(then, scope, negated), self.of(otherwise, scope, negated)
                return lambda env, point: a(env, point) if c(env, point) else b(env, point)
            case Call("implies", (a, b)):
                return _combined([self.of(a, scope, not negated), self.of(b, scope, negated)], all_needed=negated)
            case Call("iff", (a, b)):
                forth = _combined([self.of(a, scope, True), self.of(b, scope, negated)], all_needed=False)
                back = _combined([self.of(a, scope, False), self.of(b, scope, not negated)], all_needed=False)
                return _combined([forth, back], all_needed=True)
            case Aggregate(func, args, generators) if func in ("any", "all"):
                loop, inner = self.compiler.loop(generators, scope, *args)
                body = self.of(args[0], inner, negated)
                pick = _worst if (func == "all") != negated else _best
                return lambda env, point: pick(body(e, point) for e in loop(env, point))
            case Aggregate(func) if func in STRUCTURE_AGGREGATES:
                if negated:
                    raise TypingError(f"{func} cannot be negated")
                return self._structure(node, scope)
            case Name() | Ref() if self._base(node) not in scope and self._named(node):
                if not self.instance.is_binary(node):
                    return self._named_formula(node, scope, negated)
                return self._binary_truth(node, scope, negated)
            case _:
                return self._binary_truth(node, scope, negated)

    def _named_formula(self, node: Name | Ref, scope: frozenset[str], negated: bool) -> AmountClosure:
        """A named expression that is a comparison or joins some."""
        declared, instance = self._named(node), self.instance
        assert declared is not None
        keys = [self.compiler.value(k, scope) for k in node.keys] if isinstance(node, Ref) else []
        inner = frozenset(t for text in declared.over for t in parse_generator(text).targets)
        formula = self.of(parse(declared.expr), inner, negated)

        def amount(env: Env, point: Point) -> Amount:
            key = flat_key([k(env, point) for k in keys])
            return formula(dict(instance.indices_at(declared, key)), point)

        return amount

    def _binary_truth(self, node: Expr, scope: frozenset[str], negated: bool) -> AmountClosure:
        if not self.instance.is_binary(node):
            raise TypingError(f"{unparse(node)} stands where a condition belongs", remedy="compare it with something")
        value = self.compiler.value(node, scope)
        wanted = 0.0 if negated else 1.0
        return lambda env, point: Amount(abs(as_number(value(env, point)) - wanted), INTEGRALITY.absolute)

    # -- comparisons -------------------------------------------------------------------------

    def _compare(self, node: Compare, scope: frozenset[str], negated: bool) -> AmountClosure:
        discrete = self.instance.is_discrete(node)
        parts = []
        for op, a, b in zip(node.ops, node.operands, node.operands[1:]):
            left, right = self.measured(a, scope), self.measured(b, scope)
            parts.append(self._pair(_NEGATED[op] if negated else op, left, right, discrete))
        return parts[0] if len(parts) == 1 else _combined(parts, all_needed=not negated)

    def _pair(self, op: CompareOp, left: Measured, right: Measured, discrete: bool) -> AmountClosure:
        """A strict comparison needs a gap beyond the tolerance over whole-number variables; over continuous
        ones, where it can only be a negation, its closure is all that a solver can keep."""
        if op in ("in", "not in"):
            raise TypingError("a condition depends on a variable", remedy="membership is decided on data")
        allowance = self.tolerance.allowance
        sign = -1.0 if op in (">=", ">") else 1.0
        strict = op in ("<", ">") and discrete

        def amount(env: Env, point: Point) -> Amount:
            (a, m), (b, n) = left(env, point), right(env, point)
            if a == b:
                gap = 0.0
            else:
                gap = a - b
            allowed = allowance(m + n, 0.0) if m + n != float("inf") else 0.0
            if discrete:
                allowed = min(allowed, MOST_ALLOWED)
            if op == "==":
                return Amount(abs(gap), allowed)
            if op == "!=":
                return Amount(max(0.0, 3 * allowed - abs(gap)), 1.5 * allowed)
            if strict:
                return Amount(max(0.0, sign * gap + 3 * allowed), 1.5 * allowed)
            return Amount(max(0.0, sign * gap) if gap == gap else float("nan"), allowed)

        return amount

    def measured(self, node: Expr, scope: frozenset[str]) -> Measured:
        """Value and magnitude of an arithmetic formula; products multiply magnitudes, other nodes are terms."""
        match node:
            case Add(terms, signs):
                parts = list(zip(signs, [self.measured(term, scope) for term in terms]))

                def total(env: Env, point: Point) -> tuple[float, float]:
                    value = magnitude = 0.0
                    for sign, part in parts:
                        v, m = part(env, point)
                        value += sign * v
                        magnitude += m
                    return value, magnitude

                return total
            case Neg(operand):
                inner = self.measured(operand, scope)

                def negated(env: Env, point: Point) -> tuple[float, float]:
                    v, m = inner(env, point)
                    return -v, m

                return negated
            case BinOp("*", left, right):
                a, b = self.measured(left, scope), self.measured(right, scope)

                def product(env: Env, point: Point) -> tuple[float, float]:
                    (v, m), (w, n) = a(env, point), b(env, point)
                    return v * w, m * n

                return product
            case IfElse(test, then, otherwise):
                c = self.compiler.condition(test, scope)
                a, b = self.measured(then, scope), self.measured(otherwise, scope)
                return lambda env, point: a(env, point) if c(env, point) else b(env, point)
            case Aggregate("sum", args, generators):
                return self._measured_sum(args[0], generators, scope)
            case Name() | Ref() if self._named(node) is not None and self._base(node) not in scope:
                return self._measured_expression(node, scope)
            case _:
                value = self.compiler.value(node, scope)

                def leaf(env: Env, point: Point) -> tuple[float, float]:
                    v = as_number(value(env, point))
                    return v, abs(v)

                return leaf

    def _measured_sum(self, body_node: Expr, generators: Any, scope: frozenset[str]) -> Measured:
        loop, inner = self.compiler.loop(generators, scope, body_node)
        body = self.measured(body_node, inner)

        def total(env: Env, point: Point) -> tuple[float, float]:
            value = magnitude = 0.0
            for e in loop(env, point):
                v, m = body(e, point)
                value += v
                magnitude += m
            return value, magnitude

        return total

    @staticmethod
    def _base(node: Expr) -> str:
        return node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""

    def _named(self, node: Expr) -> NamedExpression | None:
        declared = self.compiler.by_name.get(self._base(node))
        return declared if isinstance(declared, NamedExpression) else None

    def _measured_expression(self, node: Expr, scope: frozenset[str]) -> Measured:
        declared = self._named(node)
        assert declared is not None
        keys = [self.compiler.value(k, scope) for k in node.keys] if isinstance(node, Ref) else []
        instance = self.instance
        return lambda env, point: instance.measured_expression(
            self, declared, flat_key([k(env, point) for k in keys]), point
        )

    # -- structure ---------------------------------------------------------------------------

    def _structure(self, node: Aggregate, scope: frozenset[str]) -> AmountClosure:
        loop, inner = self.compiler.loop(node.generators, scope, *node.args)
        bodies: list[Closure] = [self.compiler.value(arg, inner) for arg in node.args]
        targets = [t for gen in node.generators for t in gen.targets]
        allowance = self.tolerance.allowance

        def rows(env: Env, point: Point) -> list[list[float]]:
            return [[as_number(b(e, point)) for b in bodies] for e in loop(env, point)]

        if node.func == "no_overlap":

            def overlapping(env: Env, point: Point) -> Amount:
                intervals = [(s, d) for s, d in rows(env, point)]
                span = max((abs(s) + abs(d) for s, d in intervals), default=0.0)
                return Amount(structure.overlap(intervals), allowance(span, 0.0))

            return overlapping
        if node.func == "alldifferent":

            def equal(env: Env, point: Point) -> Amount:
                gap = structure.least_difference([v for (v,) in rows(env, point)])
                return Amount(max(0.0, 1.0 - gap), 2 * INTEGRALITY.absolute)

            return equal
        if node.func in ("sos1", "sos2"):
            kind = 1 if node.func == "sos1" else 2

            def outside(env: Env, point: Point) -> Amount:
                values = [v for (v,) in rows(env, point)]
                return Amount(structure.beyond(values, kind), allowance(max(map(abs, values), default=0.0), 0.0))

            return outside
        if len(targets) != 2:
            raise TypingError("circuit takes one tail and one head index",
                              remedy="write circuit(arc[i, j] for i in N for j in N)")

        def broken(env: Env, point: Point) -> Amount:
            chosen, nodes = [], set()
            for e in loop(env, point):
                tail, head = e[targets[0]], e[targets[1]]
                nodes |= {tail, head}
                if as_number(bodies[0](e, point)) > 0.5:
                    chosen.append((tail, head))
            return FAILED if structure.subtours(chosen, nodes) else HELD

        return broken


def _combined(parts: list[AmountClosure], *, all_needed: bool) -> AmountClosure:
    pick = _worst if all_needed else _best
    return lambda env, point: pick(part(env, point) for part in parts)


def _worst(amounts: Iterable[Amount]) -> Amount:
    """All are needed: the one furthest beyond its allowance."""
    return max(amounts, key=lambda a: a.excess, default=HELD)


def _best(amounts: Iterable[Amount]) -> Amount:
    """One suffices: the first that holds, else the nearest."""
    best = FAILED
    found = False
    for amount in amounts:
        if amount.holds:
            return amount
        if not found or amount.excess < best.excess:
            best, found = amount, True
    return best


__all__ = ["Amount", "Amounts", "PointError"]
