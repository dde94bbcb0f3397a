"""Bridges for logic: formulas between comparisons and binaries become rows with indexed big-M.

Negation is carried to the comparisons. A disjunction needs one binary per alternative that is not itself a
binary, less one; `implies(z == 1, a <= b)` needs none: `a <= b + M * (1 - z)`. A target that takes rows under a
condition gets those instead: no bound is needed then.
"""

from __future__ import annotations

from collections.abc import Iterable

from solvers.errors import Place, TypingError, UnsupportedError
from solvers.expression import unparse
from solvers.expression.nodes import (
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
from solvers.reformulate import capabilities as cap
from solvers.reformulate.build import ONE, ZERO, add, compare, denied, literal, mul, number, opposite, sub, total
from solvers.reformulate.piecewise import special_order
from solvers.reformulate.ratios import cleared
from solvers.reformulate.scan import STRUCTURE
from solvers.reformulate.scope import Scope
from solvers.reformulate.structure import PAIRWISE, circuit, pairwise
from solvers.reformulate.values import Need, ValueBridge
from solvers.reformulate.workspace import Workspace

Slack = tuple[Expr, ...]
"""Formulas of 0 or more; the row is free as soon as one of them is 1."""

_NEGATED: dict[CompareOp, CompareOp] = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "=="}
_HOLDS = {
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}


class LogicBridge:
    """Writes rows that force a formula to hold."""

    def __init__(self, work: Workspace, values: ValueBridge) -> None:
        self.work = work
        self.facts = work.facts
        self.values = values
        values.logic = self
        self._on: dict[tuple[Slack, Scope], Expr] = {}

    def enforce(self, node: Expr, scope: Scope, slack: Slack = (), *, negated: bool = False) -> None:
        """Rows that hold exactly where `node` (or its negation) holds or a slack is 1."""
        if self.facts.is_data(node):
            self._enforce_data(node, scope, slack, negated)
            return
        own = self.literal(node, scope, negated=negated)
        if own is not None:
            self._at_least_one((*slack, own), scope)
            return
        match node:
            case Compare():
                self._comparison(node, scope, slack, negated)
            case Aggregate(func) if STRUCTURE.get(func) in self.work.target and not slack and not negated:
                self._structure(node, scope)
            case Aggregate(func) if func in PAIRWISE:
                self.enforce(pairwise(node, scope, self.facts), scope, slack, negated=negated)
            case Aggregate("circuit") if not negated:
                for row in circuit(node, scope, self.work):
                    self.enforce(row, scope, slack)
            case Aggregate("sos1" | "sos2") if not negated:
                for limit in special_order(node, scope, self.work):
                    self.enforce(limit, scope, slack)
            case Not(operand):
                self.enforce(operand, scope, slack, negated=not negated)
            case IfElse(test, then, otherwise):
                self.enforce(then, scope.under(test), slack, negated=negated)
                self.enforce(otherwise, scope.under(denied(test)), slack, negated=negated)
            case Call("iff", (a, b)):
                self._disjunction([(a, True), (b, negated)], scope, slack)
                self._disjunction([(a, False), (b, not negated)], scope, slack)
            case Aggregate("any" | "all" as func, args, generators) if (func == "all") != negated:
                inner, _, (body,) = scope.inside(generators, *args)
                self.enforce(body, inner, slack, negated=negated)
            case And(items) | Or(items) if isinstance(node, And) != negated:
                for item in items:
                    self.enforce(item, scope, slack, negated=negated)
            case Call("implies", (a, b)) if negated:
                self.enforce(a, scope, slack)
                self.enforce(b, scope, slack, negated=True)
            case And() | Or() | Call("implies") | Aggregate("any" | "all"):
                self._disjunction([(node, negated)], scope, slack)
            case Name() | Ref():
                self.enforce(self._expanded(node), scope, slack, negated=negated)
            case _:
                raise self._no_formula(node)

    def _structure(self, node: Aggregate, scope: Scope) -> None:
        """A global constraint that the target takes: its formulas are bridged, itself it stays."""
        inner, loops, bodies = scope.inside(node.generators, *node.args)
        args = tuple(self.values.rewrite(body, inner, Need.EXACT) for body in bodies)
        self.work.kept(Aggregate(node.func, args, loops), scope)

    def literal(self, node: Expr, scope: Scope, *, negated: bool = False) -> Expr | None:
        """The formula as a 0-1 expression in binaries, or None where it is no such thing."""
        found = self._literal(node)
        if found is None:
            return None
        on = self.values.rewrite(found, scope, Need.EXACT)
        return opposite(on) if negated else on

    def _literal(self, node: Expr) -> Expr | None:
        if isinstance(node, Not):
            inner = self._literal(node.operand)
            return None if inner is None else opposite(inner)
        if isinstance(node, Compare) and len(node.ops) == 1:
            (a, b), op = node.operands, node.ops[0]
            if number(a) is not None:
                mirrored: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
                a, b, op = b, a, mirrored.get(op, op)
            limit = number(b)
            if limit is None or op not in _HOLDS or not self.facts.variables_of(a) or not self.facts.is_binary(a):
                return None
            off, on = _HOLDS[op](0, limit), _HOLDS[op](1, limit)
            return (a if on else opposite(a)) if on != off else literal(int(on))
        return node if self.facts.variables_of(node) and self.facts.is_binary(node) else None

    def _expanded(self, node: Expr) -> Expr:
        formula = self.facts.expanded(node)
        if formula is None:
            raise self._no_formula(node)
        return formula

    def _no_formula(self, node: Expr) -> TypingError:
        return TypingError(f"{unparse(node)} stands where a condition belongs", place=Place(self.work.place, "expr"),
                           remedy="compare it with something, or make it a binary variable")

    # -- data --------------------------------------------------------------------------------

    def _enforce_data(self, node: Expr, scope: Scope, slack: Slack, negated: bool) -> None:
        if isinstance(node, IfElse):
            self.enforce(node.then, scope.under(node.test), slack, negated=negated)
            self.enforce(node.otherwise, scope.under(denied(node.test)), slack, negated=negated)
        elif slack:
            self._at_least_one(slack, scope.under(node if negated else denied(node)))
        else:
            self.work.kept(denied(node) if negated else node, scope)

    # -- disjunctions ------------------------------------------------------------------------

    def _disjunction(self, items: list[tuple[Expr, bool]], scope: Scope, slack: Slack) -> None:
        literals = list(slack)
        hard: list[tuple[Expr, bool]] = []
        for item, negated in self._flat(items, scope):
            if self.facts.is_data(item):
                # Where the condition holds there is nothing to force; elsewhere the others decide.
                scope = scope.under(item if negated else denied(item))
        for item, negated in self._flat(items, scope):
            if self.facts.is_data(item):
                continue
            own = self.literal(item, scope, negated=negated)
            if own is not None:
                literals.append(own)
            elif isinstance(item, Aggregate) and item.func in ("any", "all"):
                literals.append(self._some(item, scope, negated))
            else:
                hard.append((item, negated))
        for item, negated in hard[:-1]:
            choice = self.work.variable("choose", scope, f"1 where {self._said(item, negated)}", domain="binary")
            self.enforce(item, scope, (opposite(choice),), negated=negated)
            literals.append(choice)
        if hard:
            item, negated = hard[-1]
            self.enforce(item, scope, tuple(literals), negated=negated)
        else:
            self._at_least_one(tuple(literals), scope)
        if len(hard) > 1:
            self.work.note(f"a choice among {len(hard) + len(literals) - len(hard) + 1} alternatives with binaries")

    def _flat(self, items: Iterable[tuple[Expr, bool]], scope: Scope) -> list[tuple[Expr, bool]]:
        """The alternatives of a disjunction, nested ones spliced in."""
        found: list[tuple[Expr, bool]] = []
        for item, negated in items:
            match item:
                case _ if self.facts.is_data(item):
                    found.append((item, negated))
                case Not(operand):
                    found.extend(self._flat([(operand, not negated)], scope))
                case Aggregate(func) if func in PAIRWISE:
                    found.append((pairwise(item, scope, self.facts), negated))
                case Or(parts) if not negated:
                    found.extend(self._flat(((p, False) for p in parts), scope))
                case And(parts) if negated:
                    found.extend(self._flat(((p, True) for p in parts), scope))
                case Call("implies", (a, b)) if not negated:
                    found.extend(self._flat([(a, True), (b, False)], scope))
                case Name() | Ref() if self.literal_free(item):
                    found.extend(self._flat([(self._expanded(item), negated)], scope))
                case Compare(operands, ops) if negated and len(ops) > 1:
                    pairs = zip(operands, ops, operands[1:])
                    found.extend(self._flat(((compare(a, op, b), True) for a, op, b in pairs), scope))
                case Compare((a, b), (op,)) if (_NEGATED.get(op) if negated else op) == "!=":
                    if self._literal(item) is not None:
                        found.append((item, negated))
                    else:
                        self._refuse_continuous(item)
                        found.extend([(compare(a, "<", b), False), (compare(a, ">", b), False)])
                case _:
                    found.append((item, negated))
        return found

    def literal_free(self, node: Expr) -> bool:
        """Whether a name stands for a formula that has to be looked into."""
        return self._literal(node) is None and self.facts.expanded(node) is not None

    def _some(self, node: Aggregate, scope: Scope, negated: bool) -> Expr:
        """A sum of binaries that is at least 1 only where `any` (or a negated `all`) holds."""
        if (node.func == "all") != negated:
            choice = self.work.variable("choose", scope, f"1 where {self._said(node, negated)}", domain="binary")
            self.enforce(node, scope, (opposite(choice),), negated=negated)
            return choice
        inner, loops, (body,) = scope.inside(node.generators, *node.args)
        own = None if self.facts.is_data(body) else self.literal(body, inner, negated=negated)
        if own is None:
            own = self.work.variable("choose", inner, f"1 where {self._said(body, negated)}", domain="binary")
            self.enforce(body, inner, (opposite(own),), negated=negated)
        return Aggregate("sum", (own,), loops)

    def _said(self, node: Expr, negated: bool) -> str:
        return unparse(Not(node) if negated else node)

    def _at_least_one(self, literals: Slack, scope: Scope) -> None:
        """`sum of literals >= 1`, with negative terms moved to the right."""
        signed = total([*((1, item) for item in literals), (-1, ONE)])
        left: list[Expr] = []
        right: list[Expr] = []
        terms = zip(signed.signs, signed.terms) if isinstance(signed, Add) else [(1, signed)]
        for sign, term in terms:
            if isinstance(term, Neg):
                sign, term = -sign, term.operand
            (left if sign > 0 else right).append(term)
        if not left:
            self.work.kept(compare(add(*right), "<=", ZERO), scope)
        else:
            self.work.kept(compare(add(*left), ">=", add(*right)), scope)

    # -- comparisons -------------------------------------------------------------------------

    def _comparison(self, node: Compare, scope: Scope, slack: Slack, negated: bool) -> None:
        if len(node.ops) > 1:
            if negated:
                self._disjunction([(node, True)], scope, slack)
                return
            for a, op, b in zip(node.operands, node.ops, node.operands[1:]):
                self.enforce(compare(a, op, b), scope, slack)
            return
        if cap.NONLINEAR in self.values.scanner.lacking(node):
            found = cleared(node, self.work)
            if isinstance(found, Compare):
                node = found
        (a, b), op = node.operands, node.ops[0]
        if op not in _NEGATED:
            raise TypingError(f"membership is decided on data: {unparse(node)}", place=Place(self.work.place, "expr"))
        wanted = _NEGATED[op] if negated else op
        if wanted == "!=":
            self._disjunction([(node, negated)], scope, slack)
        elif wanted == "==" and not slack:
            self._row(a, "==", b, scope)
        elif wanted == "==" and self._takes_indicator(a, b):
            self._row(a, "==", b, scope, self._condition(slack, scope))
        elif wanted == "==":
            self._small(a, b, scope, slack)
            self._small(b, a, scope, slack)
        elif wanted in ("<=", "<"):
            self._small(a, b, scope, slack, strict=wanted == "<", negation=negated)
        else:
            self._small(b, a, scope, slack, strict=wanted == ">", negation=negated, mirrored=True)

    def _small(
        self, left: Expr, right: Expr, scope: Scope, slack: Slack, *, strict: bool = False, negation: bool = False,
        mirrored: bool = False,
    ) -> None:
        """`left <= right`, freed by slack; strict ones over whole numbers are one step apart.

        `mirrored` writes it as `right >= left`.
        """
        if strict:
            if self.facts.is_discrete(compare(left, "<", right)):
                left, right = self._stepped(left, right, mirrored)
            elif not negation:
                raise TypingError(
                    f"a strict comparison over continuous variables: {unparse(compare(left, '<', right))}",
                    place=Place(self.work.place, "expr"), remedy="write <= or >=, or make the variables whole",
                )
            else:
                self.work.note("a negated comparison over continuous values keeps its boundary")
        room: Expr = ZERO
        if slack and self._takes_indicator(left, right):
            condition = self._condition(slack, scope)
            if mirrored:
                self._row(right, ">=", left, scope, condition)
            else:
                self._row(left, "<=", right, scope, condition)
            return
        if slack:
            self.work.note("logic as rows that big-M frees")
            room = mul(self.work.excess(left, right, scope), add(*slack))
        if mirrored:
            self._row(right, ">=", sub(left, room), scope)
        else:
            self._row(left, "<=", add(right, room), scope)

    def _takes_indicator(self, left: Expr, right: Expr) -> bool:
        """Whether the target takes `left <= right` under a condition on a binary as it stands."""
        scanner = self.values.scanner
        return cap.INDICATOR in self.work.target and scanner.linear(left) and scanner.linear(right)

    def _condition(self, slack: Slack, scope: Scope) -> Expr:
        """A condition on one binary that holds at least where no slack is 1."""
        self.work.note("logic as rows under a condition on a binary")
        first = slack[0]
        if len(slack) == 1 and self.work.is_binary_cell(first):
            return compare(first, "==", ZERO)
        off = opposite(first)
        if len(slack) == 1 and self.work.is_binary_cell(off):
            return compare(off, "==", ONE)
        key = (slack, scope)
        if key not in self._on:
            on = self.work.variable("on", scope, "1 where the rows under it have to hold", domain="binary")
            self._on[key] = on
            self._at_least_one((*slack, on), scope)
        return compare(self._on[key], "==", ONE)

    def _row(self, left: Expr, op: CompareOp, right: Expr, scope: Scope, condition: Expr | None = None) -> None:
        need = {"<=": Need.NOT_BELOW, ">=": Need.NOT_ABOVE}.get(op, Need.EXACT)
        done = self.values.rewrite(left, scope, need), self.values.rewrite(right, scope, need.flipped)
        row: Expr = compare(done[0], op, done[1])
        self.work.kept(row if condition is None else Call("implies", (condition, row)), scope)

    def _stepped(self, left: Expr, right: Expr, mirrored: bool) -> tuple[Expr, Expr]:
        """`left < right` over whole numbers as `left' <= right'`: one step of their common grid apart."""
        steps = [self.facts.grid(left), self.facts.grid(right)]
        if None not in steps:
            one = literal(min(steps))  # type: ignore[type-var, arg-type]
            return (add(left, one), right) if mirrored else (left, sub(right, one))
        variable, constant = self._split(sub(left, right))
        step = self.facts.grid(variable)
        if step is None:
            raise UnsupportedError(
                f"the step of {unparse(variable)} is not known, so {unparse(compare(left, '<', right))} has no "
                "counterpart with <=", place=Place(self.work.place, "expr"),
                remedy="state the opposite side with <= or >= and a margin, or use coefficients of at most 6 decimals",
            )
        # variable < -constant, where variable is a multiple of the step
        limit = sub(ZERO, constant)
        scaled = limit if step == 1 else BinOp("/", limit, literal(step))
        highest = sub(Call("ceil", (scaled,)), ONE)
        return variable, highest if step == 1 else mul(literal(step), highest)

    def _split(self, node: Expr) -> tuple[Expr, Expr]:
        """The terms that hold variables, and those that do not."""
        terms = list(zip(node.signs, node.terms)) if isinstance(node, Add) else [(1, node)]
        with_variables = [(s, t) for s, t in terms if not self.facts.is_data(t)]
        return total(with_variables), total((s, t) for s, t in terms if self.facts.is_data(t))

    def _refuse_continuous(self, node: Expr) -> None:
        if not self.facts.is_discrete(node):
            raise TypingError(
                f"{unparse(node)} is to fail over continuous variables, which no solver can tell from holding",
                place=Place(self.work.place, "expr"),
                remedy="write the two alternatives with a margin: a <= b - margin or a >= b + margin",
            )
