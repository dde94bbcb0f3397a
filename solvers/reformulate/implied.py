"""Bounds that constraints imply: `sum(ship[i, j] for j in markets) <= supply[i]` bounds each `ship[i, j]`.

Only unconditional linear rows are read, and only where their loops match the variable's own: then the row holds
for every cell, and the bound is a formula over the variable's indices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from solvers.expression import free_names, parse, parse_generator, substitute
from solvers.expression.nodes import Add, Aggregate, And, BinOp, Compare, Expr, Generator, Name, Neg, Ref
from solvers.formulation import Variable
from solvers.reformulate.build import ONE, ZERO, extreme, literal, mul, neg, number, total

if TYPE_CHECKING:
    from solvers.reformulate.bounds import BoundFinder, Side

_MOST = 3
"""So many rows suffice: their bounds are joined by min or max."""


class _Row(NamedTuple):
    """`sum of signed terms >= 0`, for each turn of the loops."""

    loops: tuple[Generator, ...]
    terms: tuple[tuple[int, Expr], ...]


class _Term(NamedTuple):
    """`coefficient * cell`, within loops of a sum."""

    coefficient: Expr
    cell: Expr
    loops: tuple[Generator, ...]


class ImpliedBounds:
    """Bounds of variables from the constraints of a formulation."""

    def __init__(self, finder: BoundFinder) -> None:
        self.finder = finder
        self.facts = finder.facts
        self._found: dict[tuple[str, Side], Expr | None] = {}
        self._rows: list[_Row] | None = None

    def of(self, variable: Variable, side: Side) -> Expr | None:
        """A bound over the variable's own indices, or None where no row implies one."""
        key = (variable.name, side)
        if key not in self._found:
            self._found[key] = None  # a row that leads back here bounds nothing
            bounds = []
            for bound in self._from_rows(variable, side):
                if bound not in bounds:
                    bounds.append(bound)
                if len(bounds) == _MOST:
                    break
            if bounds:
                self._found[key] = extreme("min" if side == "upper" else "max", *bounds)
        return self._found[key]

    def _from_rows(self, variable: Variable, side: Side) -> Iterator[Expr]:
        if self._rows is None:
            self._rows = list(self._read_rows())
        for row in self._rows:
            for k, (sign, node) in enumerate(row.terms):
                if sign == (1 if side == "upper" else -1):
                    continue
                term = self._term(node, variable)
                if term is not None:
                    rest = row.terms[:k] + row.terms[k + 1 :]
                    bound = self._bound(variable, side, row.loops, rest, term)
                    if bound is not None:
                        yield bound

    def _bound(
        self, variable: Variable, side: Side, loops: tuple[Generator, ...], rest: tuple[tuple[int, Expr], ...],
        term: _Term,
    ) -> Expr | None:
        names = self._match(variable, term.cell, (*loops, *term.loops))
        if names is None or not {t for gen in loops for t in gen.targets} <= set(names):
            return None
        if term.loops and (side == "lower" or not self._others_nonnegative(variable)):
            return None
        coefficient = substitute(term.coefficient, names)
        if free_names(coefficient) & ({t for gen in term.loops for t in gen.targets} - set(names)):
            return None
        from solvers.reformulate.bounds import Missing

        limit = self.finder.of(substitute(total(rest), names)).upper
        if isinstance(limit, Missing):
            return None
        value = _quotient(limit, coefficient)
        return value if side == "upper" else neg(value)

    def _others_nonnegative(self, variable: Variable) -> bool:
        """Whether the other cells in a sum can only make the row tighter."""
        if variable.domain == "binary":
            return True
        return variable.lower is not None and self.facts.nonnegative(parse(variable.lower))

    # -- rows --------------------------------------------------------------------------------

    def _read_rows(self) -> Iterator[_Row]:
        for constraint in self.facts.formulation.constraints:
            loops = tuple(parse_generator(text) for text in constraint.over)
            for comparison in _comparisons(parse(constraint.expr)):
                for op, a, b in zip(comparison.ops, comparison.operands, comparison.operands[1:]):
                    if op in ("<=", "<", "=="):
                        yield _Row(loops, tuple(_terms(1, b)) + tuple(_terms(-1, a)))
                    if op in (">=", ">", "=="):
                        yield _Row(loops, tuple(_terms(1, a)) + tuple(_terms(-1, b)))

    def _term(self, node: Expr, variable: Variable) -> _Term | None:
        """The node as a positive multiple of a cell of the variable, or None."""
        match node:
            case Name() | Ref():
                return _Term(ONE, node, ()) if self.facts.variable(node) is variable else None
            case BinOp("*", left, right):
                for factor, other in ((left, right), (right, left)):
                    if self.facts.is_data(factor) and self.facts.positive(factor):
                        inner = self._term(other, variable)
                        return inner and inner._replace(coefficient=mul(factor, inner.coefficient))
            case Aggregate("sum", (body,), generators):
                inner = self._term(body, variable)
                return inner and inner._replace(loops=(*generators, *inner.loops))
        return None

    def _match(self, variable: Variable, cell: Expr, loops: tuple[Generator, ...]) -> dict[str, Expr] | None:
        """The loops' indices as the variable's own, where each loop of the variable is one of `loops`."""
        keys = cell.keys if isinstance(cell, Ref) else ()
        own = [parse_generator(text) for text in variable.over]
        if len(keys) != sum(len(gen.targets) for gen in own) or not all(isinstance(key, Name) for key in keys):
            return None
        names: dict[str, Expr] = {}
        start = 0
        for gen in own:
            asked = tuple(key.id for key in keys[start : start + len(gen.targets)] if isinstance(key, Name))
            start += len(gen.targets)
            loop = next((g for g in loops if g.targets == asked), None)
            if loop is None or any(name in names for name in asked):
                return None
            source = substitute(loop.source, names)
            names.update(zip(asked, map(Name, gen.targets)))
            tests = tuple(substitute(test, names) for test in loop.tests)
            if source != gen.source or not set(tests) <= set(gen.tests):
                return None
        return names


def _comparisons(node: Expr) -> Iterator[Compare]:
    if isinstance(node, Compare):
        yield node
    elif isinstance(node, And):
        for item in node.items:
            yield from _comparisons(item)


def _terms(sign: int, node: Expr) -> Iterator[tuple[int, Expr]]:
    match node:
        case Add(terms, signs):
            for s, term in zip(signs, terms):
                yield from _terms(sign * s, term)
        case Neg(inner):
            yield from _terms(-sign, inner)
        case _:
            yield sign, node


def _quotient(limit: Expr, coefficient: Expr) -> Expr:
    a, b = number(limit), number(coefficient)
    if b == 1:
        return limit
    if a is not None and b is not None:
        return literal(a / b)
    return ZERO if a == 0 else BinOp("/", limit, coefficient)
