"""Does a formula hold anything that the target does not take? One pass over its tree."""

from __future__ import annotations

from solvers.expression import children, parse
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
from solvers.formulation import Formulation, NamedExpression, Variable
from solvers.reformulate import capabilities as cap

STRUCTURE = {"no_overlap": cap.NO_OVERLAP, "circuit": cap.CIRCUIT, "alldifferent": cap.ALLDIFFERENT,
             "sos1": cap.SOS, "sos2": cap.SOS}
"""Constraints that keep their structure, and the capability that each needs."""
_NATIVE = {**STRUCTURE, "piecewise": cap.PIECEWISE}


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
            case Aggregate(func) if func in STRUCTURE:
                return self._scan(node)[2]
            case Call("implies", (test, then)) if not self._scan(test)[0]:
                return self._branch(then)
            case Call("implies", (test, Compare() as then)) if self._is_indicator(test, then):
                return self._scan(then)[2]
            case Compare(_, ops) if len(ops) > 1 and {"<", ">"} & set(ops) and self._scan(node)[0]:
                return self._scan(node)[2] | {cap.LOGIC} - self.target
        variables, _, lacks = self._scan(node)
        if variables and not isinstance(node, Compare) and not lacks & set(STRUCTURE.values()):
            lacks |= {cap.LOGIC} - self.target  # a binary, or a named comparison, standing alone
        return lacks

    def _is_indicator(self, test: Expr, row: Compare) -> bool:
        """Whether `implies(test, row)` is a conditional row as the target takes it."""
        plain = len(row.ops) == 1 and row.ops[0] in ("<=", ">=", "==")
        return cap.INDICATOR in self.target and plain and self.is_cell_literal(test) and self.linear(row)

    def is_cell_literal(self, test: Expr) -> bool:
        """`z[i]`, `not z[i]`, `z[i] == 0` or `z[i] == 1`, with a binary variable z."""
        match test:
            case Not(operand):
                return isinstance(operand, (Name, Ref)) and self.is_cell_literal(operand)
            case Compare((cell, Num(value)), ("==",)):
                return value in (0, 1) and isinstance(cell, (Name, Ref)) and self.is_cell_literal(cell)
            case Name(name) | Ref(name):
                declared = self.by_name.get(name)
                return isinstance(declared, Variable) and declared.domain == "binary"
        return False

    def linear(self, node: Expr) -> bool:
        """Whether a formula or comparison is linear in the variables once what the target lacks is bridged."""
        if not self._scan(node)[0]:
            return True
        match node:
            case Name(name) | Ref(name):
                declared = self.by_name.get(name)
                return isinstance(declared, Variable) or (
                    isinstance(declared, NamedExpression) and self.linear(parse(declared.expr))
                )
            case Neg(operand):
                return self.linear(operand)
            case Add(items) | Compare(items):
                return all(map(self.linear, items))
            case IfElse(_, then, otherwise):
                return self.linear(then) and self.linear(otherwise)
            case BinOp("*", left, right):
                (a, p, _), (b, q, _) = self._scan(left), self._scan(right)
                bridged = not (a and b) or (self.products and (p or q))
                return bridged and self.linear(left) and self.linear(right)
            case BinOp("/", left, right):
                return not self._scan(right)[0] and self.linear(left)
            case Call("abs", (arg,)):
                return cap.ABS not in self.target and self.linear(arg)
            case Call("min" | "max", args) | Aggregate("min" | "max", args):
                return cap.MINMAX not in self.target and all(map(self.linear, args))
            case Call("piecewise", args):
                return cap.PIECEWISE not in self.target and self.linear(args[0])
            case Aggregate("sum", args):
                return self.linear(args[0])
            case Aggregate("count"):
                return cap.LOGIC not in self.target
        return False

    def _branch(self, node: Expr) -> frozenset[str]:
        """Under a condition on data a row is one comparison; conjunctions and plain conditions are logic."""
        lacking = self._constraint(node)
        loops = isinstance(node, Aggregate) and (node.func == "all" or node.func in STRUCTURE)
        loops |= isinstance(node, Call) and node.func == "implies" and self._scan(node.args[0])[0]
        if not self._scan(node)[0] or isinstance(node, And) or loops:
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
            case Call(func) if func in _NATIVE:
                return _NATIVE[func]
            case Aggregate(func) if func in _NATIVE:
                return _NATIVE[func]
            case Call("abs"):
                return cap.ABS
            case Call("min" | "max") | Aggregate("min" | "max"):
                return cap.MINMAX
            case Call("implies" | "iff") | Or() | Not() | And() | Aggregate("any" | "all" | "count"):
                return cap.LOGIC
            case Compare(_, ops) if "!=" in ops:
                return cap.LOGIC
            case BinOp("/") if parts[1][0]:
                return cap.NONLINEAR
            case BinOp("*") if self.products and parts[0][0] and parts[1][0] and (parts[0][1] or parts[1][1]):
                return cap.BINARY_PRODUCT
            case BinOp("**", _, Num()) if self.products and parts[0][1]:
                return cap.BINARY_PRODUCT
        return None
