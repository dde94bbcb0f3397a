"""Typing of set formulas and generators."""

from __future__ import annotations

from solvers.check.kinds import UNKNOWN, Symbols, Value, Where
from solvers.check.spaces import Space, union
from solvers.expression.nodes import (
    Add,
    BinOp,
    Expr,
    Generator,
    IfElse,
    Name,
    SetBuilder,
    SetLiteral,
    Tuple,
)
from solvers.expression.walk import free_names


class SetRules:
    """The part of the typer that reads sets; the rest is in `formulas` and `calls`."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.symbols: Symbols = where.symbols
        self._known: dict[int, Value] = {}

    def error(self, code: str, message: str, expr: Expr, remedy: str = "") -> None:
        """An error at a node."""
        self.where.report("error", code, message, expr.pos, remedy)

    def value(self, expr: Expr) -> Value:
        """What a formula denotes."""
        raise NotImplementedError

    def key_space(self, key: Expr) -> Space:
        """The space of one index formula."""
        raise NotImplementedError

    def truth(self, expr: Expr, *, data: bool = False) -> Value:
        """A formula that must be true or false."""
        raise NotImplementedError

    def number(self, expr: Expr) -> Value:
        """A formula that must be a number."""
        raise NotImplementedError

    def assume(self, test: Expr, *, holds: bool = True) -> None:
        """Read on where a test holds."""
        raise NotImplementedError

    def set_value(self, expr: Expr) -> Value:
        """A formula that must be a set; made of data only. Unknown dimension: no spaces."""
        saved = self.where.data_only
        self.where.data_only = self.where.data_only or "a set"
        found = self._set(expr)
        self.where.data_only = saved
        self._known[id(expr)] = found
        return found

    def known_set(self, expr: Expr) -> Value:
        """A set that has been typed before: typing it anew would double the work at every nesting level."""
        return self._known.get(id(expr), UNKNOWN)

    def product(self, expr: BinOp, left: Value) -> Value:
        """`A * B` over sets; the left side has been typed."""
        return self._combine(expr, "*", left, self.set_value(expr.right))

    def _set(self, expr: Expr) -> Value:
        match expr:
            case SetLiteral(items):
                return self._literal(expr, items)
            case SetBuilder(item, generators):
                saved = self.where.snapshot()
                self.enter(generators, expr)
                parts = item.items if isinstance(item, Tuple) else (item,)
                spaces = tuple(self.key_space(part).loosened() for part in parts)
                self.where.restore(saved)
                # Several elements may fall together, none is lost: a set-builder without tests stays exact.
                return Value("set", tuple(Space(s.kind, s.labels, s.exact, s.origin) for s in spaces))
            case BinOp(op, left, right) if op in ("|", "&", "*"):
                return self._combine(expr, op, self._set(left), self._set(right))
            case Add(terms, _):
                return self.difference(expr, self._set(terms[0]))
            case IfElse():
                return self.value(expr)
            case _:
                found = self.value(expr)
                if found.kind not in ("set", "unknown"):
                    self._not_a_set(expr, found)
                    return UNKNOWN
                return found

    def _not_a_set(self, expr: Expr, found: Value) -> None:
        remedy = "loop over a declared set, range(a, b) or {...}"
        if found.kind == "number" and isinstance(expr, Name):
            remedy = f"write range(1, {expr.id} + 1) to loop over 1 to {expr.id}"
        self.error("not-a-set", f"a {found.kind} stands where a set is expected", expr, remedy)

    def _literal(self, expr: Expr, items: tuple[Expr, ...]) -> Value:
        if not items:
            return Value("set", ())
        rows = [
            tuple(self.key_space(part) for part in (item.items if isinstance(item, Tuple) else (item,)))
            for item in items
        ]
        if len({len(row) for row in rows}) > 1:
            self.error("dimension", "the elements of a listed set differ in dimension", expr)
            return UNKNOWN
        spaces = []
        for column in zip(*rows):
            space = column[0]
            for other in column[1:]:
                space = union(space, other)
            spaces.append(Space(space.kind, space.labels, space.exact))
        return Value("set", tuple(spaces))

    def _combine(self, expr: Expr, op: str, a: Value, b: Value) -> Value:
        if a.kind == "unknown" or b.kind == "unknown":
            return UNKNOWN
        if op == "*":
            return Value("set", a.spaces + b.spaces)
        if not a.spaces or not b.spaces:
            return b if op == "|" and not a.spaces else a
        if len(a.spaces) != len(b.spaces):
            self.error("dimension", f"sets of dimension {len(a.spaces)} and {len(b.spaces)} are combined with {op}",
                       expr, "combine sets of one dimension")
            return UNKNOWN
        if op == "|":
            return Value("set", tuple(union(x, y) for x, y in zip(a.spaces, b.spaces)))
        return Value("set", tuple(x.loosened() for x in a.spaces))

    def difference(self, expr: Add, first: Value) -> Value:
        """`A - B - C` over sets; the first has been typed."""
        result = first
        for sign, term in zip(expr.signs[1:], expr.terms[1:]):
            if sign > 0:
                self.error("set-sum", "sets are not added with +", expr, "a union is written A | B")
            result = self._combine(expr, "-", result, self.set_value(term))
        return result

    def merge_sets(self, expr: IfElse, then: Value, otherwise: Value) -> Value:
        """Either of two sets, chosen on data."""
        if not then.spaces or not otherwise.spaces:
            return otherwise if not then.spaces else then
        if len(then.spaces) != len(otherwise.spaces):
            self.error("dimension", "the branches are sets of different dimension", expr)
            return UNKNOWN
        spaces = (union(a, b) for a, b in zip(then.spaces, otherwise.spaces))
        return Value(then.kind, tuple(s.loosened() for s in spaces))

    # -- generators --------------------------------------------------------------------------

    def enter(self, generators: tuple[Generator, ...], owner: Expr | None = None) -> None:
        """Bring the indices of generators into scope; the caller restores.

        An `owner` (aggregate or set-builder) that uses no index from outside has a scope of its own: that an
        index of it bears the name of an outer one is then harmless.
        """
        if owner is not None and free_names(owner).isdisjoint(self.where.scope):
            for gen in generators:
                for target in set(gen.targets) & set(self.where.scope):
                    self.where.report("warning", "shadowing", f"the index {target!r} hides an outer one", gen.pos,
                                      "rename the inner index")
            self.where.scope = {}
        for gen in generators:
            self.generator(gen)

    def generator(self, gen: Generator) -> None:
        """Type one generator and bring its indices into scope."""
        found = self.set_value(gen.source)
        spaces: tuple[Space, ...] = (Space(),) * len(gen.targets)
        if found.kind == "set" and found.spaces:
            if len(found.spaces) == len(gen.targets):
                spaces = found.spaces
            else:
                width = len(found.spaces)
                shape = "(" + ", ".join("ijklmnpqrstuvw"[:width]) + ")" if width > 1 else "i"
                self.error("dimension", f"{len(gen.targets)} index(es) run over a set of dimension {width}",
                           gen.source, f"write {shape} in ...")
        self._shadowing(gen)
        if self._depends(gen.source):
            self.where.loosen()
            spaces = tuple(space.loosened() for space in spaces)
        self.where.scope.update(zip(gen.targets, spaces))
        for test in gen.tests:
            self.truth(test, data=True)
            self.assume(test)

    def _depends(self, source: Expr) -> bool:
        return not free_names(source).isdisjoint(self.where.scope)

    def _shadowing(self, gen: Generator) -> None:
        for target in gen.targets:
            if target in self.where.scope:
                self.where.report("error", "index-reused", f"the index {target!r} is already in use here", gen.pos,
                                  f"rename it and test ({target}2 == {target})")
            elif target in self.symbols.source.declared:
                group = self.symbols.source.declared[target].group
                self.where.report("warning", "shadowing", f"the index {target!r} hides the {group} of that name",
                                  gen.pos, "rename the index")


