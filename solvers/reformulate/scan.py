"""Does a formula hold anything that the target does not take? One pass over its tree."""

from __future__ import annotations

from solvers.expression import children, parse
from solvers.expression.nodes import (
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Not,
    Num,
    Or,
    Ref,
)
from solvers.formulation import Formulation, NamedExpression, Variable
from solvers.reformulate import capabilities as cap

_STRUCTURE = {"no_overlap": cap.NO_OVERLAP, "circuit": cap.CIRCUIT, "alldifferent": cap.ALLDIFFERENT,
              "piecewise": cap.PIECEWISE}


class Scanner:
    """Finds the constructs of formulas that a target lacks."""

    def __init__(self, formulation: Formulation, target: frozenset[str]) -> None:
        self.by_name = formulation.by_name
        self.target = target
        self.has_binaries = any(v.domain == "binary" for v in formulation.variables)
        self.products = self.has_binaries and not target & {cap.BINARY_PRODUCT, cap.QUADRATIC}
        self._known: dict[str, tuple[bool, bool, frozenset[str]]] = {}

    def lacking(self, node: Expr, *, formula: bool = False) -> frozenset[str]:
        """The capabilities that the tree needs beyond the target; `formula` where it stands as a constraint."""
        return self._constraint(node) if formula else self._scan(node)[2]

    def lacking_anywhere(self, formulation: Formulation) -> frozenset[str]:
        """The capabilities that any objective term or constraint needs beyond the target."""
        terms = [self.lacking(parse(term.expr)) for term in formulation.objective.terms]
        rules = [self.lacking(parse(rule.expr), formula=True) for rule in formulation.constraints]
        return frozenset().union(*terms, *rules)

    def _constraint(self, node: Expr) -> frozenset[str]:
        """Conjunctions and loops at the top of a constraint are rows, and need nothing."""
        match node:
            case And(items):
                return frozenset().union(*map(self._constraint, items))
            case Aggregate("all", args):
                return self._constraint(args[0])
            case IfElse(_, then, otherwise):
                return self._branch(then) | self._branch(otherwise)
            case Call("implies", (test, then)) if not self._scan(test)[0]:
                return self._branch(then)
            case Compare(_, ops) if len(ops) > 1 and {"<", ">"} & set(ops) and self._scan(node)[0]:
                return self._scan(node)[2] | {cap.LOGIC} - self.target
        variables, _, lacks = self._scan(node)
        if variables and not isinstance(node, Compare) and not lacks & set(_STRUCTURE.values()):
            lacks |= {cap.LOGIC} - self.target  # a binary, or a named comparison, standing alone
        return lacks

    def _branch(self, node: Expr) -> frozenset[str]:
        """Under a condition on data a row is one comparison; conjunctions and plain conditions are logic."""
        lacking = self._constraint(node)
        if not self._scan(node)[0] or isinstance(node, And) or (isinstance(node, Aggregate) and node.func == "all"):
            lacking |= {cap.LOGIC} - self.target
        return lacking

    def _scan(self, node: Expr) -> tuple[bool, bool, frozenset[str]]:
        """(holds variables, holds binary variables, what it lacks)"""
        if isinstance(node, (Name, Ref)):
            return self._name(node)
        variables = binaries = False
        lacks: frozenset[str] = frozenset()
        parts = [self._scan(child) for child in children(node)]
        for has, binary, lacking in parts:
            variables |= has
            binaries |= binary
            lacks |= lacking
        if variables:
            mine = self._own(node, parts)
            if mine is not None and mine not in self.target:
                lacks |= {mine}
        return variables, binaries, lacks

    def _name(self, node: Name | Ref) -> tuple[bool, bool, frozenset[str]]:
        name = node.id if isinstance(node, Name) else node.base
        if name not in self._known:
            declared = self.by_name.get(name)
            self._known[name] = (False, False, frozenset())
            if isinstance(declared, Variable):
                self._known[name] = (True, declared.domain == "binary", frozenset())
            elif isinstance(declared, NamedExpression):
                self._known[name] = self._scan(parse(declared.expr))
        return self._known[name]

    def _own(self, node: Expr, parts: list[tuple[bool, bool, frozenset[str]]]) -> str | None:
        match node:
            case Call(func) if func in _STRUCTURE:
                return _STRUCTURE[func]
            case Aggregate(func) if func in _STRUCTURE:
                return _STRUCTURE[func]
            case Call("abs"):
                return cap.ABS
            case Call("min" | "max") | Aggregate("min" | "max"):
                return cap.MINMAX
            case Call("implies" | "iff") | Or() | Not() | And() | Aggregate("any" | "all" | "count"):
                return cap.LOGIC
            case Compare(_, ops) if "!=" in ops:
                return cap.LOGIC
            case BinOp("*") if self.products and parts[0][0] and parts[1][0] and (parts[0][1] or parts[1][1]):
                return cap.BINARY_PRODUCT
            case BinOp("**", _, Num()) if self.products and parts[0][1]:
                return cap.BINARY_PRODUCT
        return None
