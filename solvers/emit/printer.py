"""Formulas as Python expressions: one printer for all targets, which say how they write what holds variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from solvers.emit.kinds import Index, Kinds, Scope
from solvers.emit.names import Names
from solvers.emit.text import literal
from solvers.errors import Place, UnsupportedError
from solvers.expression import parse_generator, unparse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)
from solvers.formulation import IndexSet, NamedExpression, Parameter, Variable
from solvers.reformulate.facts import Facts

if TYPE_CHECKING:
    from solvers.emit.dialect import Dialect

# Binding strength, loosest first: conditional, or, and, not, comparison, sum, product, sign, power, atom.
IF, OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)
_DATA_FUNCTIONS = {
    "abs": "abs", "min": "min", "max": "max", "round": "round", "sqrt": "math.sqrt", "exp": "math.exp",
    "log": "math.log", "sin": "math.sin", "cos": "math.cos", "floor": "math.floor", "ceil": "math.ceil",
    "scaled": "scaled",
}


class Printer:
    """Prints formulas of one formulation for one target.

    `owner` is what stands before a variable or named expression (`model.` in Pyomo). `helpers` and `modules`
    collect what the program must define and import.
    """

    def __init__(self, kinds: Kinds, facts: Facts, names: Names, dialect: Dialect) -> None:
        self.kinds, self.facts, self.names, self.dialect = kinds, facts, names, dialect
        self.by_name = facts.by_name
        self.owner = dialect.owner
        self.helpers: set[str] = set()
        self.modules: set[str] = set()
        self.lookups: dict[str, str] = {}
        self.place = ""

    def code(self, node: Expr, scope: Scope, least: int = IF) -> str:
        """The formula as Python source, in parentheses where it binds more loosely than `least`."""
        text, strength = self._show(node, scope)
        return text if strength >= least else f"({text})"

    def statement(self, node: Expr, scope: Scope) -> str:
        """The formula where it stands alone: a conditional needs no parentheses."""
        code = self.code(node, scope)
        return code[1:-1] if isinstance(node, IfElse) else code

    def is_data(self, node: Expr, scope: Scope) -> bool:
        """Whether no variable occurs."""
        return not (self.facts.variables_of(node) - set(scope))

    # -- nodes -------------------------------------------------------------------------------

    def _show(self, node: Expr, scope: Scope) -> tuple[str, int]:
        if not isinstance(node, (Name, Ref)) and not self.is_data(node, scope):
            special = self.dialect.special(self, node, scope)
            if special is not None:
                return special
        match node:
            case Num(value):
                return literal(value), ATOM
            case Str(value):
                return literal(value), ATOM
            case Name():
                return self._name(node, scope), ATOM
            case Ref(base, keys):
                return f"{self.element(base)}[{self.key(keys, scope)}]", ATOM
            case Tuple(items):
                return f"({self.key(items, scope)})", ATOM
            case SetLiteral(items):
                return "[" + ", ".join(self.code(item, scope) for item in items) + "]", ATOM
            case SetBuilder():
                return self._builder(node, scope), ATOM
            case Neg(operand):
                return "-" + self.code(operand, scope, SIGN), SIGN
            case Add():
                return self._add(node, scope)
            case BinOp():
                return self._binary(node, scope)
            case Compare():
                return self._compare(node, scope), COMPARE
            case And(items):
                return " and ".join(self.code(item, scope, NOT) for item in items), AND
            case Or(items):
                return " or ".join(self.code(item, scope, AND) for item in items), OR
            case Not(operand):
                return "not " + self.code(operand, scope, NOT), NOT
            case IfElse(test, then, otherwise):
                a, c, b = self.code(then, scope, OR), self.code(test, scope, OR), self.code(otherwise, scope)
                return f"({a} if {c} else {b})", ATOM
            case Call():
                return self._call(node, scope)
            case Aggregate():
                return self._aggregate(node, scope)

    def _name(self, node: Name, scope: Scope) -> str:
        if node.id in scope:
            return scope[node.id].code
        if node.id not in self.by_name and node.id in ("pi", "inf"):
            self.modules.add("math")
            return f"math.{node.id}"
        return self.element(node.id)

    def element(self, name: str) -> str:
        """The identifier of a declared element, with its owner where it belongs to the model."""
        code = self.names.of("", name)
        declared = self.by_name.get(name)
        if self.owner and isinstance(declared, (Variable, NamedExpression)) and not self.in_data(declared):
            return f"{self.owner}.{code}"
        return code

    def in_data(self, declared: Variable | NamedExpression) -> bool:
        """Whether a named expression holds no variable: it is plain data then."""
        return isinstance(declared, NamedExpression) and self.facts.is_data(Name(declared.name))

    def key(self, items: tuple[Expr, ...], scope: Scope) -> str:
        """The inside of a subscript or a tuple: keys of several labels are spliced in."""
        flat: list[Expr] = []
        for item in items:
            flat.extend(item.items if isinstance(item, Tuple) else (item,))
        if len(flat) == 1:
            return self.code(flat[0], scope)
        parts = [("*" if self.kinds.width(item, scope) > 1 else "") + self.code(item, scope) for item in flat]
        joined = ", ".join(parts)
        return f"({joined})" if any(part.startswith("*") for part in parts) else joined

    # -- arithmetic and sets -----------------------------------------------------------------

    def _add(self, node: Add, scope: Scope) -> tuple[str, int]:
        if self.kinds.is_set(node, scope):
            left = self.code(node.terms[0], scope)
            for term in node.terms[1:]:
                left = f"[e for e in {left} if e not in {self.code(term, scope, COMPARE + 1)}]"
            return left, ATOM
        parts = [self.code(node.terms[0], scope, SUM)]
        for sign, term in zip(node.signs[1:], node.terms[1:]):
            parts.append((" + " if sign > 0 else " - ") + self.code(term, scope, PRODUCT))
        return "".join(parts), SUM

    def _binary(self, node: BinOp, scope: Scope) -> tuple[str, int]:
        if self.kinds.is_set(node.left, scope):
            return self._set_operation(node, scope), ATOM
        if node.op == "**":
            return f"{self.code(node.left, scope, ATOM)}**{self.code(node.right, scope, SIGN)}", POWER
        left = self.code(node.left, scope, PRODUCT)
        return f"{left} {node.op} {self.code(node.right, scope, PRODUCT + 1)}", PRODUCT

    def _set_operation(self, node: BinOp, scope: Scope) -> str:
        left, right = self.code(node.left, scope), self.code(node.right, scope)
        if node.op == "|":
            return f"list(dict.fromkeys([*{left}, *{right}]))"
        if node.op == "&":
            return f"[e for e in {left} if e in {right}]"
        wide = [self.kinds.element(side, scope)[0] > 1 for side in (node.left, node.right)]
        if not any(wide):
            self.modules.add("itertools")
            return f"list(itertools.product({left}, {right}))"
        a, b = ("*a" if wide[0] else "a"), ("*b" if wide[1] else "b")
        return f"[({a}, {b}) for a in {left} for b in {right}]"

    def _builder(self, node: SetBuilder, scope: Scope) -> str:
        loops, inner = self.loops(node.generators, scope)
        item = self.code(node.item, inner)
        targets = [t for gen in node.generators for t in gen.targets]
        parts = node.item.items if isinstance(node.item, Tuple) else (node.item,)
        names = [part.id for part in parts if isinstance(part, Name)]
        if sorted(names) == sorted(targets) and len(names) == len(parts):
            return f"[{item} {loops}]"
        return f"list(dict.fromkeys({item} {loops}))"

    def _compare(self, node: Compare, scope: Scope) -> str:
        ranks = [o for o in node.operands if isinstance(o, Call) and o.func == "ord"]
        if len(ranks) == len(node.operands):
            # Positions count from 1 here and from 0 there: for comparing them it is all one.
            parts = [self.code(o, scope).removesuffix(" + 1") for o in ranks]
            return parts[0] + "".join(f" {op} {part}" for op, part in zip(node.ops, parts[1:]))
        text = self.code(node.operands[0], scope, SUM)
        for op, operand in zip(node.ops, node.operands[1:]):
            found = self._lookup(operand, scope) if op in ("in", "not in") else None
            text += f" {op} {found or self.code(operand, scope, SUM)}"
        return text

    def _lookup(self, source: Expr, scope: Scope) -> str | None:
        """A frozenset for membership in a long list; ranges and short lists serve themselves."""
        if not isinstance(source, Name) or source.id in scope:
            return None
        declared = self.by_name.get(source.id)
        if not isinstance(declared, IndexSet) or declared.over or (declared.expr or "").startswith("range("):
            return None
        if len(self.kinds.instance.elements(source.id)) <= 30:
            return None
        if source.id not in self.lookups:
            self.lookups[source.id] = self.names.fresh(f"{self.names.of('', source.id)}_set")
        return self.lookups[source.id]

    # -- loops -------------------------------------------------------------------------------

    def loops(self, generators: tuple[Generator, ...], scope: Scope) -> tuple[str, dict[str, Index]]:
        """`for i in S if ... for j in T`, and the scope inside."""
        inner: dict[str, Index] = dict(scope)
        parts = []
        for gen in generators:
            head, inner = self.head(gen, inner, bracketed=True)
            tests = "".join(f" if {self.code(test, inner, OR)}" for test in gen.tests)
            parts.append(head + tests)
        return " ".join(parts), inner

    def head(self, gen: Generator, scope: Scope, *, bracketed: bool = False) -> tuple[str, dict[str, Index]]:
        """`for i in S`, and the scope inside, without the tests."""
        source = self.code(gen.source, scope, OR)
        inner = self.kinds.loops((gen,), scope, self.names.local)
        targets = ", ".join(inner[t].code for t in gen.targets)
        if len(gen.targets) > 1 and bracketed:
            targets = f"({targets})"
        return f"for {targets} in {source}", inner

    def over(self, over: tuple[str, ...]) -> tuple[str, str, dict[str, Index]]:
        """The loops of an `over`, the key of a cell inside them, and the scope there."""
        generators = tuple(parse_generator(text) for text in over)
        loops, inner = self.loops(generators, {})
        return loops, self.cell_key(generators, inner), inner

    def cell_key(self, generators: tuple[Generator, ...], scope: Scope) -> str:
        """The flat key of all indices: one name, or a tuple."""
        names = tuple(Name(t) for gen in generators for t in gen.targets)
        text = self.key(names, scope)
        return text if len(names) == 1 or text.startswith("(") else f"({text})"

    # -- functions ---------------------------------------------------------------------------

    def _call(self, node: Call, scope: Scope) -> tuple[str, int]:
        func, args = node.func, node.args
        if not self.is_data(node, scope):
            return self._call_of_variables(node, scope)
        match func:
            case "range":
                return f"range({', '.join(self._whole(arg, scope) for arg in args)})", ATOM
            case "first" | "last":
                return f"{self.code(args[0], scope, ATOM)}[{0 if func == 'first' else -1}]", ATOM
            case "len":
                return f"len({self.code(args[0], scope)})", ATOM
            case "ord":
                return f"{self.code(args[1], scope, ATOM)}.index({self.code(args[0], scope)}) + 1", SUM
            case "next":
                ordered, item = self.code(args[1], scope, ATOM), self.code(args[0], scope)
                return f"{ordered}[{ordered}.index({item}) + 1]", ATOM
            case "prev":
                self.helpers.add("prev")
                return f"prev({self.code(args[0], scope)}, {self.code(args[1], scope)})", ATOM
            case "given":
                return self._given(args[0], scope)
            case "implies":
                return f"not {self.code(args[0], scope, NOT)} or {self.code(args[1], scope, AND)}", OR
            case "iff":
                a, b = (f"bool({self.code(arg, scope)})" for arg in args)
                return f"{a} == {b}", COMPARE
        name = _DATA_FUNCTIONS.get(func)
        if name is None:
            raise self.unsupported(node)
        if name.startswith("math."):
            self.modules.add("math")
        return f"{name}({', '.join(self.code(arg, scope) for arg in args)})", ATOM

    def _whole(self, node: Expr, scope: Scope) -> str:
        if self.kinds.is_whole(node, scope):
            return self.code(node, scope)
        self.helpers.add("whole")
        return f"whole({self.code(node, scope)})"

    def _given(self, node: Expr, scope: Scope) -> tuple[str, int]:
        if isinstance(node, Ref):
            inside = self.key(node.keys, scope)
            several = len(node.keys) > 1 and not inside.startswith("(")
            return f"{f'({inside})' if several else inside} in {self.element(node.base)}", COMPARE
        return f"{self.code(node, scope)} is not None", COMPARE

    def _call_of_variables(self, node: Call, scope: Scope) -> tuple[str, int]:
        name = self.dialect.functions.get(node.func)
        if name is None:
            raise self.unsupported(node)
        return f"{name}({', '.join(self.code(arg, scope) for arg in node.args)})", ATOM

    def _aggregate(self, node: Aggregate, scope: Scope) -> tuple[str, int]:
        loops, inner = self.loops(node.generators, scope)
        data = self.is_data(node, scope)
        match node.func:
            case "sum":
                name = "sum" if data else self.dialect.sum_name
                return f"{name}({self.code(node.args[0], inner)} {loops})", ATOM
            case "count" if data:
                return f"sum(1 {loops} if {self.code(node.args[0], inner, OR)})", ATOM
            case "min" | "max" | "any" | "all" if data:
                return f"{node.func}({self.code(node.args[0], inner)} {loops})", ATOM
        raise self.unsupported(node)

    def unsupported(self, node: Expr) -> UnsupportedError:
        """The refusal of a construct that the target cannot write."""
        return UnsupportedError(
            f"{self.dialect.title} has no way to write {unparse(node)}", place=Place(self.place),
            remedy=f"emit for {self.dialect.alternatives}",
        )


Condition = Callable[[Expr], bool]
__all__ = ["Parameter", "Printer"]
