"""Constraints as statements: loops over sets, conditions on data, comparisons as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solvers.emit.kinds import Index
from solvers.emit.text import INDENT, literal
from solvers.errors import Place, UnsupportedError
from solvers.expression import parse, parse_generator, unparse
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
    Ref,
)
from solvers.formulation import Constraint, NamedExpression, Parameter, Variable
from solvers.reformulate.build import denied, sub
from solvers.reformulate.build import literal as number

if TYPE_CHECKING:
    from solvers.emit.script import Script

_SENSE = {"<=": "<=", "<": "<=", ">=": ">=", ">": ">=", "==": "=="}


class Rules:
    """Writes the constraints of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._parts = 0
        self.item: Constraint | None = None
        self.item_rank = 1

    def lines(self, item: Constraint) -> list[str]:
        """All statements of a constraint."""
        self._parts, self.item = 0, item
        self.item_rank = self.script.prepared.rank(item.expr, item.over)
        self.script.printer.place = item.name
        generators = tuple(parse_generator(text) for text in item.over)
        return self._loops(generators, {}, parse(item.expr))

    # -- statements --------------------------------------------------------------------------

    def _loops(self, generators, scope: dict[str, Index], body: Expr) -> list[str]:  # type: ignore[no-untyped-def]
        if not generators:
            return self._rule(body, scope)
        printer, gen = self.script.printer, generators[0]
        head, inner = printer.head(gen, scope)
        lines = self._loops(generators[1:], inner, body)
        if gen.tests:
            test = " and ".join(printer.code(t, inner, 3 if len(gen.tests) > 1 else 0) for t in gen.tests)
            lines = [f"if {test}:", *_indented(lines)]
        return [f"{head}:", *_indented(lines)]

    def _rule(self, node: Expr, scope: dict[str, Index]) -> list[str]:
        printer = self.script.printer
        native = self.script.dialect.rule(self.script, node, scope)
        if native is not None:
            return native
        if printer.is_data(node, scope):
            return self._data(node, scope)
        match node:
            case Compare():
                return self._compare(node, scope)
            case And(items):
                return [line for item in items for line in self._rule(item, scope)]
            case Aggregate("all", args, generators):
                return self._loops(generators, scope, args[0])
            case IfElse(test, then, otherwise):
                return [f"if {printer.code(test, scope)}:", *_indented(self._rule(then, scope)),
                        "else:", *_indented(self._rule(otherwise, scope))]
            case Call("implies", (test, then)) if printer.is_data(test, scope):
                return [f"if {printer.code(test, scope)}:", *_indented(self._rule(then, scope))]
            case Name() | Ref():
                # A binary, or a named comparison, that must be true.
                name = node.id if isinstance(node, Name) else node.base
                if isinstance(printer.by_name.get(name), Variable):
                    return self._compare(Compare((node, parse("1")), ("==",)), scope)
        raise printer.unsupported(node)

    def _data(self, node: Expr, scope: dict[str, Index]) -> list[str]:
        """A condition on data alone: nothing can mend it."""
        assert self.item is not None
        printer = self.script.printer
        return [f"if {printer.code(denied(node), scope)}:",
                f"{INDENT}print({literal(f'status: infeasible (the data contradict {self.item.name})')})",
                f"{INDENT}return"]

    # -- rows --------------------------------------------------------------------------------

    def _compare(self, node: Compare, scope: dict[str, Index]) -> list[str]:
        printer = self.script.printer
        a, ops = node.operands, node.ops
        ends = len(a) == 3 and printer.is_data(a[0], scope) and printer.is_data(a[2], scope)
        if ends and set(ops) <= {"<=", ">="} and len(set(ops)) == 1:
            low, high = (a[0], a[2]) if ops[0] == "<=" else (a[2], a[0])
            return self._range(low, a[1], high, scope)
        lines: list[str] = []
        for left, op, right in zip(a, ops, a[1:]):
            pair = Compare((left, right), (op,))
            lines += self._data(pair, scope) if printer.is_data(pair, scope) else self._row(left, op, right, scope)
        return lines

    def _range(self, low: Expr, body: Expr, high: Expr, scope: dict[str, Index]) -> list[str]:
        script, printer = self.script, self.script.printer
        code = self.side(body, scope, 5)
        return [script.dialect.range_row(
            script, printer.code(low, scope, 5), code, printer.code(high, scope, 5), self.name(scope) or ""
        )]

    def _row(self, left: Expr, op: CompareOp, right: Expr, scope: dict[str, Index]) -> list[str]:
        script = self.script
        return [script.dialect.row(script, self.relation(left, op, right, scope), self.name(scope) or "")]

    def relation(self, left: Expr, op: CompareOp, right: Expr, scope: dict[str, Index]) -> str:
        """The comparison as code that certainly makes a row of the library."""
        script = self.script
        if op not in _SENSE:
            raise script.printer.unsupported(Compare((left, right), (op,)))
        if op in ("<", ">"):
            right = self._stepped(left, op, right)
        a, b = self.side(left, scope, 5), self.side(right, scope, 5)
        sure = self.holds_variable(left, scope) or self.holds_variable(right, scope)
        if not sure and not script.dialect.bare_numbers:
            if script.printer.is_data(left, scope):
                b = self._made_expression(right, b)
            else:
                a = self._made_expression(left, a)
        return f"{a} {_SENSE[op]} {b}"

    def _made_expression(self, node: Expr, code: str) -> str:
        """The code as a call that makes an expression of it; as the only argument it needs no parentheses."""
        bare = code[1:-1] if isinstance(node, IfElse) else code
        made = self.script.dialect.expression(bare)
        return code if made == bare else made

    def side(self, node: Expr, scope: dict[str, Index], least: int) -> str:
        """One side of a row."""
        script = self.script
        code = script.printer.code(node, scope, least)
        nonlinear = not script.printer.is_data(node, scope) and self._rank(node, scope) > 2
        return script.dialect.nonlinear(script, code) if nonlinear else code

    def _rank(self, node: Expr, scope: dict[str, Index]) -> int:
        return self.script.prepared.degrees.of(node, frozenset(scope)).rank

    def _stepped(self, left: Expr, op: str, right: Expr) -> Expr:
        """The right side of a strict comparison over whole numbers, one step in."""
        facts = self.script.prepared.facts
        gap = sub(left, right)
        step = facts.grid(gap) if facts.is_discrete(gap) else None
        if step is None:
            raise UnsupportedError(
                f"the strict comparison {unparse(left)} {op} {unparse(right)} has no known step",
                place=Place(self.script.printer.place), remedy="write <= or >=, with the step that you mean",
            )
        from solvers.reformulate.build import add

        return sub(right, number(step)) if op == "<" else add(right, number(step))

    def name(self, scope: dict[str, Index]) -> str | None:
        """The source of the row's name; further parts of a constraint are numbered."""
        assert self.item is not None
        self._parts += 1
        name = self.item.name if self._parts == 1 else f"{self.item.name}_{self._parts}"
        return self.script.label(name, [index.code for index in scope.values()])

    # -- numbers or expressions --------------------------------------------------------------

    def holds_variable(self, node: Expr, scope: dict[str, Index]) -> bool:
        """Whether the code is certainly an expression of the library, whatever the indices, and never a number."""
        printer, dialect = self.script.printer, self.script.dialect
        if printer.is_data(node, scope):
            return False
        match node:
            case Name(name) | Ref(name):
                declared = printer.by_name.get(name)
                if isinstance(declared, NamedExpression):
                    inner = self.script.kinds.inside(declared.over, {})
                    return self.holds_variable(parse(declared.expr), inner)
                return isinstance(declared, Variable)
            case Add(terms):
                return any(self.holds_variable(term, scope) for term in terms)
            case Neg(operand):
                return self.holds_variable(operand, scope)
            case BinOp("*", left, right):
                if dialect.bare_sums:
                    sides = [(left, right), (right, left)]
                    return any(self.holds_variable(a, scope) and (not printer.is_data(b, scope) or self._nonzero(b))
                               for a, b in sides)
                return self.holds_variable(left, scope) or self.holds_variable(right, scope)
            case BinOp("/" | "**", left, right):
                return self.holds_variable(left, scope) or self.holds_variable(right, scope)
            case IfElse(_, then, otherwise):
                return self.holds_variable(then, scope) and self.holds_variable(otherwise, scope)
            case Call(_, args):
                return any(self.holds_variable(arg, scope) for arg in args)
            case Aggregate("sum", args, generators):
                if not dialect.bare_sums:
                    return True
                plain = all(isinstance(g.source, Name) and not g.tests and g.source.id not in scope
                            for g in generators)
                filled = plain and all(
                    self.script.kinds.is_set(g.source, scope) and self.script.instance.elements(g.source.id)  # type: ignore[union-attr]
                    for g in generators
                )
                return bool(filled) and self.holds_variable(args[0], self.script.kinds.loops(generators, scope))
        return False

    def _nonzero(self, node: Expr) -> bool:
        """Whether a factor is known not to be 0: Pyomo drops a variable that is multiplied by 0."""
        facts = self.script.prepared.facts
        if isinstance(node, (Name, Ref)):
            declared = self.script.printer.by_name.get(node.id if isinstance(node, Name) else node.base)
            if isinstance(declared, Parameter) and declared.expr is None:
                from solvers.emit.data import cells

                return 0 not in cells(self.script.instance, declared).values()
        return facts.positive(node)


def _indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]


__all__ = ["Rules", "replace"]
