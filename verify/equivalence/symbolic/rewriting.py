"""Formulas to normal form: named expressions and computed data inlined, products distributed, conditions as guards.

Every rewriting holds for all data on which both formulas have a value. Nothing is cancelled that data could make 0,
no row is scaled but by numbers, and the two sides of a quotient by data stay apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from solvers.expression import parse, parse_generator
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
from solvers.formulation import Formulation, IndexSet, NamedExpression, Parameter, Variable
from verify.equivalence.symbolic.nodes import (
    Binder,
    Cell,
    Leaf,
    Node,
    NotSymbolicError,
    Op,
    Poly,
    Scope,
    Term,
    atom,
    minus,
    negated,
    number,
    plus,
    scaled,
    symbols,
    times,
    where,
)

MOST_TERMS = 20_000
MOST_DEPTH = 60
Env = Mapping[str, Node]

_ORDERED = frozenset({"circuit", "sos2"})
"""Structure that may depend on the order of its loops: written as it stands."""

_FLIPPED = {">=": "<=", ">": "<"}


class Rewriter:
    """Brings the formulas of one formulation to normal form; `log` says what was rewritten, in order."""

    def __init__(self, formulation: Formulation) -> None:
        self.formulation = formulation
        self.by_name = formulation.by_name
        self.variables = frozenset(v.name for v in formulation.variables)
        self.log: list[str] = []
        self.fresh = 0
        self.depth = 0

    # -- loops -------------------------------------------------------------------------------

    def over(self, generators: tuple[str, ...]) -> tuple[tuple[Binder, ...], tuple[Node, ...], Env]:
        """The loops of an `over`: binders, guards, and what its indices stand for."""
        return self.loops(tuple(map(parse_generator, generators)), {})

    def loops(
        self, generators: tuple[Generator, ...], env: Env
    ) -> tuple[tuple[Binder, ...], tuple[Node, ...], Env]:
        """Binders over plain sets: products are split, set-builders and differences become guards."""
        inner = dict(env)
        binders: list[Binder] = []
        guards: list[Node] = []
        for gen in generators:
            source = self.set_of(gen.source, inner)
            element = self.bind(source, binders, guards)
            items = element.items if isinstance(element, Op) and element.op == "tuple" else (element,)
            if len(gen.targets) == 1:
                inner[gen.targets[0]] = element
            elif len(gen.targets) == len(items):
                inner.update(zip(gen.targets, items))
            else:
                raise NotSymbolicError(f"{len(gen.targets)} indices for elements of {len(items)} labels")
            for test in gen.tests:
                guards.extend(self.conditions(test, inner))
        return tuple(binders), tuple(guards), inner

    def bind(self, source: Node, binders: list[Binder], guards: list[Node]) -> Node:
        """A new element of a set: binders for it are added; returns what the element is."""
        match source:
            case Op("product", items):
                elements = [self.bind(item, binders, guards) for item in items]
                return Op("tuple", tuple(
                    part for e in elements for part in (e.items if isinstance(e, Op) and e.op == "tuple" else (e,))
                ))
            case Op("minus", (left, right)):
                element = self.bind(left, binders, guards)
                guards.append(Op("not in", (element, right)))
                return element
            case Scope("set", (binder,), tests, (item,)) if item == _element(binder):
                element = self.bind(binder.source, binders, guards)
                names = [leaf.text for leaf in _leaves(element)]
                if len(names) != len(binder.targets):
                    raise NotSymbolicError("a set of elements of another dimension than its index")
                guards.extend(renamed(test, dict(zip(binder.targets, names))) for test in tests)
                return element
            case _:
                targets = tuple(self._index() for _ in range(self._dimension(source)))
                binders.append(Binder(targets, source))
                return _element(binders[-1])

    def _index(self) -> str:
        self.fresh += 1
        return f"#{self.fresh}"

    def _dimension(self, source: Node) -> int:
        match source:
            case Cell(symbol):
                declared = self.by_name.get(symbol)
                return declared.dimension if isinstance(declared, IndexSet) else 1
            case Op("product", items):
                return sum(map(self._dimension, items))
            case Op("union" | "intersection" | "minus", (first, *_)):
                return self._dimension(first)
            case Op("listed", (first, *_)) | Scope("set", _, _, (first,)):
                return len(first.items) if isinstance(first, Op) and first.op == "tuple" else 1
            case _:
                return 1

    # -- sets --------------------------------------------------------------------------------

    def set_of(self, node: Expr, env: Env) -> Node:
        """A set; computed ones are inlined."""
        match node:
            case Name(id) if id not in env:
                return self.named_set(id, ())
            case Ref(base, keys) if base not in env and isinstance(self.by_name.get(base), IndexSet):
                return self.named_set(base, self._keys(keys, env))
            case SetLiteral(items):
                return Op("listed", tuple(self.key(item, env) for item in items))
            case SetBuilder(item, generators):
                binders, guards, inner = self.loops(generators, env)
                return Scope("set", binders, guards, (self.key(item, inner),), any_order=False)
            case BinOp("|" | "&" as op, left, right):
                name = "union" if op == "|" else "intersection"
                return Op(name, (self.set_of(left, env), self.set_of(right, env)))
            case BinOp("*", left, right):
                sides = [self.set_of(left, env), self.set_of(right, env)]
                return Op("product", tuple(
                    part for s in sides for part in (s.items if isinstance(s, Op) and s.op == "product" else (s,))
                ))
            case Add(terms, signs):
                found = self.set_of(terms[0], env)
                for term, sign in zip(terms[1:], signs[1:]):
                    found = Op("minus" if sign < 0 else "plus", (found, self.set_of(term, env)))
                return found
            case IfElse(test, then, otherwise):
                return Op("choice", (self.condition(test, env), self.set_of(then, env), self.set_of(otherwise, env)))
            case Call("range", args):
                return self._range([self.number_of(arg, env) for arg in args])
            case _:
                return Op("set", (self.number_of(node, env),))

    def _range(self, args: list[Poly]) -> Node:
        start, stop, step = ([number(0), *args, number(1)] if len(args) == 1 else [*args, number(1)])[:3]
        return Op("range", (start, stop, step))

    def named_set(self, name: str, keys: tuple[Node, ...]) -> Node:
        declared = self.by_name.get(name)
        if not isinstance(declared, IndexSet):
            raise NotSymbolicError(f"{name!r} is no set", place=name)
        if declared.expr is None:
            return Cell(name, keys)
        return self._inlined(name, declared.over, keys, lambda env: self.set_of(parse(declared.expr or ""), env))

    def _inlined(self, name, over, keys, build):  # type: ignore[no-untyped-def]
        """What a named formula says at its keys."""
        targets = [t for text in over for t in parse_generator(text).targets]
        if len(targets) != len(keys):
            raise NotSymbolicError(f"{name} has {len(targets)} indices and is given {len(keys)}", place=name)
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise NotSymbolicError(f"{name} is defined through itself, or nested too deeply", place=name)
        note = f"{name} is written out where it is used"
        if note not in self.log:
            self.log.append(note)
        try:
            return build(dict(zip(targets, keys)))
        finally:
            self.depth -= 1

    # -- keys and numbers --------------------------------------------------------------------

    def _keys(self, keys: tuple[Expr, ...], env: Env) -> tuple[Node, ...]:
        flat: list[Node] = []
        for key in keys:
            node = self.key(key, env)
            flat.extend(node.items if isinstance(node, Op) and node.op == "tuple" else (node,))
        return tuple(flat)

    def key(self, node: Expr, env: Env) -> Node:
        """An index, a label, a tuple of these, or arithmetic on indices."""
        if isinstance(node, Tuple):
            return Op("tuple", self._keys(node.items, env))
        return _bare(self.number_of(node, env))

    def number_of(self, node: Expr, env: Env) -> Poly:
        """Arithmetic as a polynomial."""
        found = self._number(node, env)
        if len(found.terms) > MOST_TERMS:
            raise NotSymbolicError(f"a formula of more than {MOST_TERMS} terms")
        return found

    def _number(self, node: Expr, env: Env) -> Poly:
        match node:
            case Num(value):
                if value in (float("inf"), float("-inf")):
                    return atom(Leaf("constant", "inf"))
                return number(Fraction(repr(value)))
            case Str(text):
                return atom(Leaf("label", text))
            case Name(id):
                return atom(env[id]) if id in env else self._cell(id, ())
            case Ref(base, keys):
                return self._cell(base, self._keys(keys, env))
            case Tuple():
                return atom(self.key(node, env))
            case Neg(operand):
                return scaled(self.number_of(operand, env), -1)
            case Add(terms, signs):
                return plus(*(scaled(self.number_of(t, env), s) for t, s in zip(terms, signs)))
            case BinOp(op, left, right):
                return self._binary(op, left, right, env)
            case IfElse(test, then, otherwise):
                condition = self.condition(test, env)
                # The second reading of the test has indices of its own.
                denied = negated(self.condition(test, env))
                return plus(
                    where(self.number_of(then, env), _split(condition)),
                    where(self.number_of(otherwise, env), _split(denied)),
                )
            case Call(func, args):
                return atom(self._call(func, args, env))
            case Aggregate("sum", (body,), generators):
                binders, guards, inner = self.loops(generators, env)
                return where(self.number_of(body, inner), guards, binders)
            case Aggregate():
                return atom(self._aggregate(node, env))
            case Compare() | And() | Or() | Not():
                return atom(self.condition(node, env))
            case SetLiteral() | SetBuilder():
                return atom(self.set_of(node, env))
            case _:
                assert_never(node)

    def _cell(self, name: str, keys: tuple[Node, ...]) -> Poly:
        if name in ("pi", "inf"):
            return atom(Leaf("constant", name))
        match self.by_name.get(name):
            case Parameter(expr=str(text), over=over) | NamedExpression(expr=text, over=over):
                return self._inlined(name, over, keys, lambda env: self.number_of(parse(text), env))
            case Parameter() | Variable():
                return atom(Cell(name, keys))
            case IndexSet():
                return atom(self.named_set(name, keys))
            case _:
                raise NotSymbolicError(f"{name!r} is not declared", place=name)

    def _binary(self, op: str, left: Expr, right: Expr, env: Env) -> Poly:
        if op == "*":
            return times(self.number_of(left, env), self.number_of(right, env))
        if op == "/":
            return self._quotient(self.number_of(left, env), self.number_of(right, env))
        if op == "**":
            return self._power(left, right, env)
        if op in ("|", "&"):
            return atom(self.set_of(BinOp(op, left, right), env))  # type: ignore[arg-type]
        return atom(Op(op, (self.number_of(left, env), self.number_of(right, env))))

    @staticmethod
    def _quotient(above: Poly, below: Poly) -> Poly:
        if len(below.terms) == 1 and not below.terms[0].binders and not below.terms[0].guards:
            (term,) = below.terms
            if all(power > 0 for _, power in term.factors):
                inverse = Term(1 / term.coef, tuple((factor, -power) for factor, power in term.factors))
                return times(above, Poly((inverse,)))
        if not below.terms:
            raise NotSymbolicError("a division by 0")
        return times(above, Poly((Term(Fraction(1), ((below, -1),)),)))

    def _power(self, left: Expr, right: Expr, env: Env) -> Poly:
        base, exponent = self.number_of(left, env), self.number_of(right, env)
        constant = exponent.terms[0].coef if len(exponent.terms) == 1 and exponent.terms[0] == Term(
            exponent.terms[0].coef) else None
        if constant is None or constant.denominator != 1 or not 1 <= constant <= 3:
            return atom(Op("**", (base, exponent)))
        found = base
        for _ in range(int(constant) - 1):
            found = times(found, self.number_of(left, env))
        return found

    def _call(self, func: str, args: tuple[Expr, ...], env: Env) -> Node:
        match func:
            case "range":
                return self.set_of(Call(func, args), env)
            case "len" | "first" | "last":
                return Op(func, (self.set_of(args[0], env),))
            case "ord" | "prev" | "next":
                return Op(func, (self.key(args[0], env), self.set_of(args[1], env)))
            case "implies":
                return Op(func, (self.condition(args[0], env), self.condition(args[1], env)))
            case "iff":
                return Op(func, (self.condition(args[0], env), self.condition(args[1], env)), True)
            case "piecewise":
                return Op(func, tuple(self.number_of(arg, env) for arg in args))
            case _:
                return Op(func, tuple(self.number_of(arg, env) for arg in args), func in ("min", "max"))

    def _aggregate(self, node: Aggregate, env: Env) -> Node:
        binders, guards, inner = self.loops(node.generators, env)
        read = self.condition if node.func in ("any", "all", "count") else self.number_of
        bodies = tuple(read(body, inner) for body in node.args)
        return Scope(node.func, binders, guards, bodies, node.func not in _ORDERED)

    # -- conditions --------------------------------------------------------------------------

    def conditions(self, test: Expr, env: Env) -> tuple[Node, ...]:
        """A test as conditions that must all hold."""
        return _split(self.condition(test, env))

    def condition(self, test: Expr, env: Env) -> Node:
        """A test: comparisons with 0, memberships, connectives."""
        match test:
            case Compare(operands, ops):
                pairs = [self._pair(op, a, b, env) for op, a, b in zip(ops, operands, operands[1:])]
                return pairs[0] if len(pairs) == 1 else Op("and", tuple(pairs), True)
            case And(items):
                return Op("and", tuple(c for item in items for c in self.conditions(item, env)), True)
            case Or(items):
                return Op("or", tuple(self.condition(item, env) for item in items), True)
            case Not(operand):
                inner = self.condition(operand, env)
                return Op("not", (inner,)) if symbols(inner) & self.variables else negated(inner)
            case _:
                return _bare(self.number_of(test, env))

    def _pair(self, op: str, left: Expr, right: Expr, env: Env) -> Node:
        if op in ("in", "not in"):
            return Op(op, (self.key(left, env), self.set_of(right, env)))
        a, b = self.number_of(left, env), self.number_of(right, env)
        if op in _FLIPPED:
            return Op(_FLIPPED[op], (minus(b, a),))
        return Op(op, (minus(a, b),))


def _element(binder: Binder) -> Node:
    leaves = tuple(Leaf("index", t) for t in binder.targets)
    return leaves[0] if len(leaves) == 1 else Op("tuple", leaves)


def _leaves(element: Node) -> tuple[Leaf, ...]:
    items = element.items if isinstance(element, Op) and element.op == "tuple" else (element,)
    if not all(isinstance(item, Leaf) and item.kind == "index" for item in items):
        raise NotSymbolicError("an element that is no index")
    return items  # type: ignore[return-value]


def _split(condition: Node) -> tuple[Node, ...]:
    if isinstance(condition, Op) and condition.op == "and":
        return tuple(c for item in condition.items for c in _split(item))
    return (condition,)


def _bare(poly: Poly) -> Node:
    """A polynomial that is one atom, as that atom."""
    if len(poly.terms) == 1:
        (term,) = poly.terms
        if term.coef == 1 and not term.binders and not term.guards and len(term.factors) == 1:
            factor, power = term.factors[0]
            if power == 1:
                return factor
    return poly


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The node with indices renamed."""
    again = lambda inner: renamed(inner, names)  # noqa: E731
    match node:
        case Leaf("index", text):
            return Leaf("index", names.get(text, text))
        case Leaf():
            return node
        case Cell(symbol, keys):
            return Cell(symbol, tuple(map(again, keys)))
        case Op(op, items, any_order):
            return Op(op, tuple(map(again, items)), any_order)
        case Scope(op, binders, guards, bodies, any_order):
            moved = tuple(Binder(b.targets, again(b.source)) for b in binders)
            return Scope(op, moved, tuple(map(again, guards)), tuple(map(again, bodies)), any_order)
        case Poly(terms):
            return Poly(tuple(
                Term(
                    t.coef, tuple((again(f), p) for f, p in t.factors),
                    tuple(Binder(b.targets, again(b.source)) for b in t.binders), tuple(map(again, t.guards)),
                ) for t in terms
            ))  # fmt: skip
        case _:
            assert_never(node)
