"""Formulas in whole numbers: both sides of a row with decimals are multiplied by one scale, exactly."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from solvers.emit.kinds import Index
from solvers.errors import Place, UnsupportedError
from solvers.expression import children, free_names, parse, unparse, walk
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Num,
    Ref,
)
from solvers.formulation import Constraint, Parameter
from solvers.reformulate.build import ONE, mul, sub
from solvers.reformulate.facts import Facts

if TYPE_CHECKING:
    from solvers.emit.script import Script


_ALWAYS_WHOLE = frozenset({"floor", "ceil", "round", "len", "ord"})


class Scaling:
    """Rewrites formulas of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def of(self, text: str, place: str = "objective") -> int:
        """The scale of a formula. Raises UnsupportedError where its numbers are no decimals."""
        found = scale_of(self.script.prepared.facts, parse(text))
        if found is None:
            raise UnsupportedError(
                "the numbers of this formula are no decimals of at most 6 places: CP-SAT computes with integers",
                place=Place(place), remedy=f"emit for {self.script.dialect.alternatives}",
            )
        return found

    def of_rows(self, item: Constraint) -> int:
        """The largest scale that a comparison or an interval of a constraint needs."""
        found = 1
        for node in walk(parse(item.expr)):
            if isinstance(node, Compare) and not self.script.prepared.facts.is_data(node):
                for a, b in pairwise(node.operands):
                    found = max(found, self.of(unparse(sub(a, b)), item.name))
            elif isinstance(node, Aggregate) and node.func == "no_overlap":
                found = max(found, *(self.of(unparse(arg), item.name) for arg in node.args))
        return found

    def integers(self, *nodes: Expr) -> bool:
        """Whether Python computes the formulas in integers as they stand."""
        facts = self.script.prepared.facts
        for node in nodes:
            if isinstance(node, Call) and node.func in _ALWAYS_WHOLE:
                continue
            named = facts.expanded(node)
            if named is not None and not facts.is_data(node) and not self.integers(named):
                return False
            if isinstance(node, BinOp) and node.op in ("/", "**"):
                return False
            if isinstance(node, (Num, Name, Ref)) and self._float(node):
                return False
            if not self.integers(*children(node)):
                return False
        return True

    def _float(self, node: Expr) -> bool:
        if isinstance(node, Num):
            return isinstance(node.value, float)
        name = node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""
        declared = self.script.printer.by_name.get(name)
        return (isinstance(declared, Parameter) and declared.values_in is None
                and not self.script.kinds.is_whole(node, {})) or name in ("pi", "inf")

    def scaled(self, node: Expr, scope: dict[str, Index], least: int = 0) -> str:
        """The formula times SCALE, in integers."""
        inner = {**scope, "SCALE": Index("SCALE")}
        return self.script.printer.code(self._spread(node, None, inner), inner, least)

    def _spread(self, node: Expr, factor: Expr | None, scope: dict[str, Index]) -> Expr:
        facts = self.script.prepared.facts
        if self.script.printer.is_data(node, scope):
            return Call("scaled", (node if factor is None else mul(factor, node),))
        match node:
            case Add(terms, signs):
                return Add(tuple(self._spread(term, factor, scope) for term in terms), signs)
            case Neg(operand):
                return Neg(self._spread(operand, factor, scope))
            case BinOp("*", left, right) if self.script.printer.is_data(left, scope):
                return self._spread(right, left if factor is None else mul(factor, left), scope)
            case BinOp("*", left, right) if self.script.printer.is_data(right, scope):
                return self._spread(left, right if factor is None else mul(factor, right), scope)
            case BinOp("/", left, right):
                return self._spread(left, BinOp("/", factor or ONE, right), scope)
            case IfElse(test, then, otherwise):
                return IfElse(test, self._spread(then, factor, scope), self._spread(otherwise, factor, scope))
            case Call("min" | "max" | "abs", args) if factor is None:
                return replace(node, args=tuple(self._spread(arg, None, scope) for arg in args))
            case Aggregate("min" | "max", args) if factor is None:
                return replace(node, args=(self._spread(args[0], None, scope),))
            case Aggregate("sum", args, generators):
                targets = {t for gen in generators for t in gen.targets}
                if factor is None or not free_names(factor) & targets:
                    return replace(node, args=(self._spread(args[0], factor, scope),))
            case Name() | Ref():
                named = facts.expanded(node)
                if named is not None and not self.integers(named):
                    return self._spread(named, factor, scope)
        if not self.integers(node):
            raise self.script.printer.unsupported(node)
        return BinOp("*", Name("SCALE") if factor is None else Call("scaled", (factor,)), node)


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
