"""Formulas to nested closures `(env, point) -> value`: one closure per node, nothing clever."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, assert_never

from solvers.errors import FormulateError, GroundingError, TypingError
from solvers.expression import unparse, walk
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
from solvers.interpret import arithmetic
from solvers.interpret.basics import (
    Env,
    Meter,
    Point,
    as_element,
    as_key,
    as_number,
    as_set,
    as_truth,
    flat_key,
    ordered,
    show,
)
from solvers.interpret.structure import piecewise

if TYPE_CHECKING:
    from solvers.interpret.instance import Instance

Closure = Callable[[Env, Point], Any]
Loop = Callable[[Env, Point], Iterator[Env]]


class Compiler:
    """Compiles formulas of one instance. `scope` is what the formula itself binds: indices win over names."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.by_name = instance.formulation.by_name
        self.meter: Meter = instance.meter

    # -- values ------------------------------------------------------------------------------

    def value(self, node: Expr, scope: frozenset[str]) -> Closure:
        """The closure of a formula's value: a number, a truth, a label, a tuple or a set."""
        match node:
            case Num(number):
                constant = self._literal(number)
                return lambda env, point: constant
            case Str(text):
                return lambda env, point: text
            case Name():
                return self._name(node, scope)
            case Ref():
                return self._ref(node, scope)
            case Tuple(items):
                parts = [self.value(item, scope) for item in items]
                return lambda env, point: flat_key([p(env, point) for p in parts])
            case SetLiteral(items):
                parts = [self.value(item, scope) for item in items]
                return lambda env, point: ordered([p(env, point) for p in parts])
            case SetBuilder(item, generators):
                loop, inner = self.loop(generators, scope, item)
                body = self.value(item, inner)
                return lambda env, point: ordered([body(e, point) for e in loop(env, point)])
            case Neg(operand):
                positive = self.value(operand, scope)
                return lambda env, point: -as_number(positive(env, point))
            case Add():
                return self._add(node, scope)
            case BinOp():
                return self._binary(node, scope)
            case Compare() | And() | Or() | Not():
                return self.truth(node, scope)
            case IfElse():
                test, then, other = self.condition(node.test, scope), self.value(node.then, scope), self.value(
                    node.otherwise, scope)
                return lambda env, point: then(env, point) if test(env, point) else other(env, point)
            case Call():
                return self._call(node, scope)
            case Aggregate():
                return self._aggregate(node, scope)
            case _:
                assert_never(node)

    @staticmethod
    def _literal(number: int | float) -> int | float:
        if abs(number) < 2**63:
            return number
        try:
            return float(number)
        except OverflowError:
            raise GroundingError("a number that floating point cannot hold") from None

    def _name(self, node: Name, scope: frozenset[str]) -> Closure:
        name = node.id
        if name in scope:
            return lambda env, point: env[name]
        if name in ("pi", "inf"):
            constant = math.pi if name == "pi" else math.inf
            return lambda env, point: constant
        return self._cell(name, [])

    def _ref(self, node: Ref, scope: frozenset[str]) -> Closure:
        if node.base in scope:
            raise TypingError(f"the index {node.base!r} cannot be indexed")
        return self._cell(node.base, [self.value(key, scope) for key in node.keys])

    def _cell(self, name: str, keys: list[Closure]) -> Closure:
        instance = self.instance
        match self.by_name.get(name):
            case IndexSet() as found:
                if not keys and not found.over:
                    return lambda env, point: instance.members(name)
                return lambda env, point: instance.indexed_members(found, flat_key([k(env, point) for k in keys]))
            case Parameter():
                if not keys:
                    return lambda env, point: instance.datum(name, ())
                return lambda env, point: instance.datum(name, flat_key([k(env, point) for k in keys]))
            case Variable() as declared:
                if not keys:
                    return lambda env, point: instance.variable(declared, (), point)
                return lambda env, point: instance.variable(declared, flat_key([k(env, point) for k in keys]), point)
            case NamedExpression() as named:
                return lambda env, point: instance.expression(named, flat_key([k(env, point) for k in keys]), point)
            case None:
                raise TypingError(f"{name!r} is not declared",
                                  remedy="declare it as a set, parameter, variable or expression")

    # -- arithmetic --------------------------------------------------------------------------

    def _add(self, node: Add, scope: frozenset[str]) -> Closure:
        signed = list(zip(node.signs, [self.value(term, scope) for term in node.terms]))
        first, rest = signed[0][1], signed[1:]

        def total(env: Env, point: Point) -> Any:
            result = first(env, point)
            if result.__class__ is dict:
                for sign, term in rest:
                    if sign > 0:
                        raise GroundingError("sets are joined with |, not +")
                    result = arithmetic.set_operation("-", result, term(env, point))
                return result
            result = as_number(result)
            for sign, term in rest:
                result += sign * as_number(term(env, point))
            return result

        return total

    def _binary(self, node: BinOp, scope: frozenset[str]) -> Closure:
        op = node.op
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if op in ("|", "&"):
            return lambda env, point: arithmetic.set_operation(op, left(env, point), right(env, point))
        function = {
            "*": arithmetic.multiply, "/": arithmetic.divide, "//": arithmetic.floor_divide,
            "%": arithmetic.modulo, "**": arithmetic.power,
        }[op]

        def apply(env: Env, point: Point) -> Any:
            a, b = left(env, point), right(env, point)
            if a.__class__ is dict and op == "*":
                return arithmetic.set_operation("*", a, b)
            return function(as_number(a), as_number(b))

        return apply

    def _call(self, node: Call, scope: frozenset[str]) -> Closure:
        func, args = node.func, node.args
        if func in ("implies", "iff"):
            return self.truth(node, scope)
        if func == "given":
            return self._given(args[0], scope)
        if func == "piecewise":
            return piecewise(self, args, scope)
        parts = [self.value(arg, scope) for arg in args]
        match func:
            case "min" | "max":
                return lambda env, point: arithmetic.extreme(func, [p(env, point) for p in parts])
            case "range":
                return self._range(parts)
            case "len":
                return lambda env, point: len(as_set(parts[0](env, point)))
            case "first":
                return lambda env, point: arithmetic.first(parts[0](env, point))
            case "last":
                return lambda env, point: arithmetic.last(parts[0](env, point))
            case "ord" | "prev" | "next":
                return lambda env, point: arithmetic.neighbour(func, parts[0](env, point), parts[1](env, point))
            case "floor" | "ceil" | "round" if self.instance.variables_of(node):
                raise TypingError(f"{func} works on data only: {unparse(node)}", remedy="introduce an integer variable")
            case _:
                return lambda env, point: arithmetic.apply(func, as_number(parts[0](env, point)))

    def _range(self, parts: list[Closure]) -> Closure:
        def numbers(env: Env, point: Point) -> Any:
            found = arithmetic.interval([p(env, point) for p in parts])
            self.meter.spend(len(found))
            return found

        return numbers

    def _given(self, node: Expr, scope: frozenset[str]) -> Closure:
        base = node.base if isinstance(node, Ref) else node.id if isinstance(node, Name) else ""
        if not isinstance(self.by_name.get(base), Parameter):
            raise TypingError("given(...) asks about a cell of a parameter", remedy="write given(p[i])")
        keys = [self.value(key, scope) for key in node.keys] if isinstance(node, Ref) else []
        return lambda env, point: self.instance.is_given(base, flat_key([k(env, point) for k in keys]))

    # -- loops -------------------------------------------------------------------------------

    def loop(
        self, generators: tuple[Generator, ...], scope: frozenset[str], *bodies: Expr
    ) -> tuple[Loop, frozenset[str]]:
        """A closure that yields the environments of the generators in order, and the scope inside.

        The same dict is yielded again and again: copy it to keep it. Each turn spends the nodes of `bodies`.
        """
        steps: list[tuple[tuple[str, ...], Closure, list[Closure], int]] = []
        for gen in generators:
            source = self.value(gen.source, scope)
            scope = scope | set(gen.targets)
            tests = [self.condition(test, scope) for test in gen.tests]
            steps.append((gen.targets, source, tests, 1 + sum(_own_nodes(test) for test in gen.tests)))
        cost = sum(_own_nodes(body) for body in bodies)
        meter = self.meter

        def run(env: Env, point: Point, depth: int) -> Iterator[Env]:
            if depth == len(steps):
                meter.spend(cost)
                yield env
                return
            targets, source, tests, price = steps[depth]
            for element in as_set(source(env, point)):
                meter.spend(price)
                if len(targets) == 1:
                    env[targets[0]] = element
                else:
                    parts = as_key(element)
                    if len(parts) != len(targets):
                        raise GroundingError(f"an element {show(element)} for the indices ({', '.join(targets)})",
                                             remedy="name one index per position of the elements")
                    for target, part in zip(targets, parts):
                        env[target] = part
                if all(test(env, point) for test in tests):
                    yield from run(env, point, depth + 1)

        return (lambda env, point: run(dict(env), point, 0)), scope

    def _aggregate(self, node: Aggregate, scope: frozenset[str]) -> Closure:
        func = node.func
        if func not in ("sum", "min", "max"):
            return self.truth(node, scope) if func != "count" else self._count(node, scope)
        loop, inner = self.loop(node.generators, scope, *node.args)
        body = self.value(node.args[0], inner)
        if func != "sum":
            return lambda env, point: arithmetic.extreme(func, [body(e, point) for e in loop(env, point)])

        def total(env: Env, point: Point) -> Any:
            result: Any = 0
            for e in loop(env, point):
                result += as_number(body(e, point))
            return result

        return total

    def _count(self, node: Aggregate, scope: frozenset[str]) -> Closure:
        loop, inner = self.loop(node.generators, scope, *node.args)
        body = self.truth(node.args[0], inner)
        return lambda env, point: sum(1 for e in loop(env, point) if body(e, point))

    # -- truths ------------------------------------------------------------------------------

    def condition(self, node: Expr, scope: frozenset[str]) -> Closure:
        """A condition on data: variables in it are refused."""
        names = self.instance.variables_of(node) - scope
        if names:
            raise TypingError(f"a condition depends on the variable {min(names)!r}: {unparse(node)}",
                              remedy="conditions are decided on data; write implies(...) for decisions")
        return self.truth(node, scope)

    def truth(self, node: Expr, scope: frozenset[str]) -> Closure:
        """Whether a formula holds: exactly on data, within the feasibility tolerance over variables."""
        if self.instance.variables_of(node) - scope:
            from solvers.interpret.amounts import Amounts

            amount = Amounts(self).of(node, scope)
            return lambda env, point: amount(env, point).holds
        match node:
            case Compare():
                return self._compare(node, scope)
            case And(items):
                parts = [self.truth(item, scope) for item in items]
                return lambda env, point: all(p(env, point) for p in parts)
            case Or(items):
                parts = [self.truth(item, scope) for item in items]
                return lambda env, point: any(p(env, point) for p in parts)
            case Not(operand):
                negated = self.truth(operand, scope)
                return lambda env, point: not negated(env, point)
            case IfElse(test, then, otherwise):
                c, a, b = (self.truth(part, scope) for part in (test, then, otherwise))
                return lambda env, point: a(env, point) if c(env, point) else b(env, point)
            case Call(func, (a, b)) if func in ("implies", "iff"):
                p, q = self.truth(a, scope), self.truth(b, scope)
                if func == "implies":
                    return lambda env, point: not p(env, point) or q(env, point)
                return lambda env, point: p(env, point) == q(env, point)
            case Aggregate(func, args, generators) if func in ("any", "all"):
                loop, inner = self.loop(generators, scope, *args)
                body = self.truth(args[0], inner)
                quantifier = any if func == "any" else all
                return lambda env, point: quantifier(body(e, point) for e in loop(env, point))
            case _:
                value = self.value(node, scope)
                return lambda env, point: as_truth(value(env, point))

    def _compare(self, node: Compare, scope: frozenset[str]) -> Closure:
        operands = [self.value(operand, scope) for operand in node.operands]
        ops = node.ops

        def holds(env: Env, point: Point) -> bool:
            left = operands[0](env, point)
            for op, operand in zip(ops, operands[1:]):
                right = operand(env, point)
                if not compare(op, left, right):
                    return False
                left = right
            return True

        return holds

    def placed(self, closure: Closure, place: Callable[[Env], Any]) -> Closure:
        """The closure, with errors placed by `place(env)` unless they name a place themselves."""

        def run(env: Env, point: Point) -> Any:
            try:
                return closure(env, point)
            except FormulateError as error:
                if not str(error.place):
                    error.place = place(env)
                raise

        return run


def compare(op: str, a: Any, b: Any) -> bool:
    """An exact comparison of data."""
    match op:
        case "in":
            return as_element(a) in as_set(b) if _elementary(a) else False
        case "not in":
            return not compare("in", a, b)
        case "==" | "!=":
            if a.__class__ is dict or b.__class__ is dict:
                raise GroundingError("sets are not compared", remedy="compare their len(...)")
            return bool((a == b) == (op == "=="))
    a, b = as_number(a), as_number(b)
    return bool({"<=": a <= b, ">=": a >= b, "<": a < b, ">": a > b}[op])


def _elementary(value: Any) -> bool:
    return not (value.__class__ is float and not value.is_integer())


def _own_nodes(node: Expr) -> int:
    """Nodes evaluated once per turn: loops inside count their own turns."""
    return sum(1 for _ in walk(node))
