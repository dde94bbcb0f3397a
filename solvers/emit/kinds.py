"""What the parts of a formula are as Python values: the width of keys, whole numbers, sets and their elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solvers.expression import parse, parse_generator
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Num,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)
from solvers.formulation import IndexSet, Parameter
from solvers.interpret import Instance


@dataclass(frozen=True, slots=True)
class Index:
    """An index in scope: its Python code, how many labels its value holds, and whether these are integers."""

    code: str
    width: int = 1
    whole: bool = False


Scope = Mapping[str, Index]


class Kinds:
    """Answers for the formulas of one instance."""

    def __init__(self, instance: Instance, whole_data: bool = False) -> None:
        self.instance = instance
        self.whole_data = whole_data
        self.by_name = instance.formulation.by_name
        self._whole: dict[str, bool] = {}

    # -- sets --------------------------------------------------------------------------------

    def is_set(self, node: Expr, scope: Scope) -> bool:
        """Whether the formula is a set."""
        match node:
            case Name(name) | Ref(name):
                return name not in scope and isinstance(self.by_name.get(name), IndexSet)
            case SetLiteral() | SetBuilder() | Call("range"):
                return True
            case BinOp("|" | "&"):
                return True
            case BinOp("*", left, _):
                return self.is_set(left, scope)
            case Add(terms):
                return self.is_set(terms[0], scope)
            case IfElse(_, then, _):
                return self.is_set(then, scope)
        return False

    def element(self, node: Expr, scope: Scope) -> tuple[int, bool]:
        """Of a set: how many labels an element holds, and whether elements are integers."""
        match node:
            case Name(name):
                return self._named_set(name)
            case Ref(name):
                declared = self.by_name[name]
                assert isinstance(declared, IndexSet) and declared.expr is not None
                return self.element(parse(declared.expr), self.inside(declared.over, {}))
            case Call("range"):
                return 1, True
            case SetLiteral(items):
                widths = [self.width(item, scope) for item in items] or [1]
                return widths[0], all(self.is_whole(item, scope) for item in items)
            case SetBuilder(item, generators):
                inner = self.loops(generators, scope)
                return self.width(item, inner), self.is_whole(item, inner)
            case BinOp("*", left, right):
                return self.element(left, scope)[0] + self.element(right, scope)[0], False
            case BinOp(_, left, right):
                (a, p), (_, q) = self.element(left, scope), self.element(right, scope)
                return a, p and q
            case Add(terms):
                return self.element(terms[0], scope)
            case IfElse(_, then, otherwise):
                (a, p), (_, q) = self.element(then, scope), self.element(otherwise, scope)
                return a, p and q
        return 1, False

    def _named_set(self, name: str) -> tuple[int, bool]:
        elements = self.instance.elements(name)
        declared = self.by_name[name]
        assert isinstance(declared, IndexSet)
        if not elements:
            return declared.dimension, False
        width = len(elements[0]) if isinstance(elements[0], tuple) else 1
        return width, all(isinstance(e, int) for e in elements)

    # -- loops -------------------------------------------------------------------------------

    def inside(self, over: tuple[str, ...], scope: Scope) -> dict[str, Index]:
        """The scope inside of an `over`, each index under its own name."""
        return self.loops(tuple(parse_generator(text) for text in over), scope)

    def loops(self, generators: tuple[Generator, ...], scope: Scope, rename: Any = None) -> dict[str, Index]:
        """The scope inside of generators; `rename` gives each index its identifier."""
        inner = dict(scope)
        for gen in generators:
            width, whole = self.element(gen.source, inner)
            for target in gen.targets:
                code = target if rename is None else rename(target, {index.code for index in inner.values()})
                inner[target] = Index(code, width if len(gen.targets) == 1 else 1, whole)
        return inner

    # -- elements and numbers ----------------------------------------------------------------

    def width(self, node: Expr, scope: Scope) -> int:
        """How many labels a key holds."""
        match node:
            case Name(name) if name in scope:
                return scope[name].width
            case Tuple(items):
                return sum(self.width(item, scope) for item in items)
            case Call("first" | "last", (source,)):
                return self.element(source, scope)[0]
            case Call("prev" | "next", (item, _)):
                return self.width(item, scope)
            case IfElse(_, then, _):
                return self.width(then, scope)
        return 1

    def is_whole(self, node: Expr, scope: Scope) -> bool:
        """Whether a number over data is an `int` of Python, on the data at hand."""
        match node:
            case Num(value):
                return isinstance(value, int)
            case Name(name) if name in scope:
                return scope[name].whole
            case Name(name) | Ref(name):
                return self._whole_parameter(name)
            case Neg(operand):
                return self.is_whole(operand, scope)
            case Add(terms):
                return all(self.is_whole(term, scope) for term in terms)
            case BinOp("*" | "//" | "%", left, right):
                return self.is_whole(left, scope) and self.is_whole(right, scope)
            case IfElse(_, then, otherwise):
                return self.is_whole(then, scope) and self.is_whole(otherwise, scope)
            case Call("len" | "ord" | "floor" | "ceil" | "round"):
                return True
            case Call("abs" | "min" | "max", args):
                return all(self.is_whole(arg, scope) for arg in args)
            case Call("first" | "last", (source,)):
                return self.element(source, scope)[1]
            case Call("prev" | "next", (item, _)):
                return self.is_whole(item, scope)
            case Aggregate("count"):
                return True
            case Aggregate("sum" | "min" | "max", args, generators):
                return self.is_whole(args[0], self.loops(generators, scope))
        return False

    def _whole_parameter(self, name: str) -> bool:
        declared = self.by_name.get(name)
        if not isinstance(declared, Parameter):
            return False
        if name not in self._whole:
            self._whole[name] = False
            if declared.expr is not None:
                self._whole[name] = self.is_whole(parse(declared.expr), self.inside(declared.over, {}))
            else:
                from solvers.emit.data import cells

                found = cells(self.instance, declared, self.whole_data)
                self._whole[name] = all(isinstance(v, int) for v in found.values())
        return self._whole[name]

    def is_label(self, node: Expr, scope: Scope) -> bool:
        """Whether the formula is a text label rather than a number."""
        match node:
            case Str():
                return True
            case Name(name) if name in scope:
                return not scope[name].whole
            case Name(name) | Ref(name):
                declared = self.by_name.get(name)
                return isinstance(declared, Parameter) and declared.values_in is not None
        return False
