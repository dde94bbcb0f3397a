"""A formulation in normal form: families of rows, domains and declarations, and the objective by priority.

Bounds are rows like any others; chains, conjunctions and `all` are taken apart; a family with conditions on its own
indices is split by them; rows over the same left side are one interval, so that a pair of opposite rows is an
equality and a looser row says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Literal

from solvers.expression import parse
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, IfElse
from solvers.formulation import Formulation, IndexSet, Parameter, Variable
from verify.equivalence.symbolic.nodes import (
    Binder,
    Cell,
    Leaf,
    Node,
    Op,
    Poly,
    Term,
    atom,
    indices,
    minus,
    negated,
    number,
    plus,
    scaled,
    symbols,
)
from verify.equivalence.symbolic.rewriting import Env, Rewriter
from verify.equivalence.symbolic.writing import FALSE, ONE, OUTSIDE, TRUE, Scene, Writer

MOST_SPLITS = 4
"""Conditions by which one family is split: at most 2**4 cases, else it stays as it is."""

SymbolKind = Literal["set", "parameter", "variable"]


@dataclass(frozen=True, slots=True)
class Family:
    """lower <= node <= upper for each index where the guards hold; for other kinds a statement about `node`.

    `label` names the element that it came from.
    """

    kind: str
    label: str
    binders: tuple[Binder, ...]
    guards: tuple[Node, ...]
    node: Node
    lower: Fraction | None = None
    upper: Fraction | None = None

    def text(self, writer: Writer) -> str | None:
        """Canonical text; None where its guards cannot hold or it asks for nothing."""
        parts = self.split_text(writer)
        if parts is None:
            return None
        head, lower, upper = parts
        return f"{self.kind}: {head}" + (f" [{_shown(lower)}, {_shown(upper)}]" if self.kind == "row" else "")

    def split_text(self, writer: Writer) -> tuple[str, Fraction | None, Fraction | None] | None:
        """For rows the left side scaled so that its first coefficient is 1, with the interval in that scale."""
        if self.kind != "row":
            found = writer.bound(self.binders, self.guards, OUTSIDE, lambda scene: writer.write(self.node, scene))
            return None if found is None else (found, None, None)
        interval: list[tuple[str, Fraction | None, Fraction | None]] = []

        def body(scene: Scene) -> str:
            assert isinstance(self.node, Poly)
            written = _interval(writer.terms(self.node, scene), self.lower, self.upper)
            interval.append(written)
            return written[0]

        found = writer.bound(self.binders, self.guards, OUTSIDE, body)
        if found is None:
            return None
        # The interval goes with the left side of the order that was chosen: its brackets tell where it begins.
        chosen = next(item for item in interval if found == item[0] or found.endswith(f"|{item[0]}"))
        return found, chosen[1], chosen[2]


def symbols_of(family: Family) -> frozenset[str]:
    """The sets, parameters and variables of a family."""
    return symbols(Poly((Term(Fraction(1), ((family.node, 1),), family.binders, family.guards),)))


def _shown(value: Fraction | None) -> str:
    return "-" if value is None else str(value)


def _interval(
    terms: Mapping[str, Fraction], lower: Fraction | None, upper: Fraction | None
) -> tuple[str, Fraction | None, Fraction | None]:
    constant = terms.get(ONE, Fraction(0))
    rest = {text: coef for text, coef in terms.items() if text != ONE}
    low = None if lower is None else lower - constant
    high = None if upper is None else upper - constant
    if not rest:
        holds = (low is None or low <= 0) and (high is None or high >= 0)
        return ("0" if holds else FALSE), None, None
    by = rest[min(rest)]
    left = "(" + "+".join(f"{coef / by}*{text}" for text, coef in sorted(rest.items())) + ")"
    ends = [None if end is None else end / by for end in (low, high)]
    return (left, ends[0], ends[1]) if by > 0 else (left, ends[1], ends[0])


@dataclass(frozen=True)
class NormalForm:
    """What a formulation says, whatever its names and the order of its parts; `log` says how it was reached.

    `symbols` are those that data or a solver fill in and that occur: name to (kind, number of keys).
    """

    families: tuple[Family, ...]
    symbols: Mapping[str, tuple[SymbolKind, int]]
    log: tuple[str, ...]

    def texts(self, writer: Writer) -> list[str]:
        """Canonical text of every family, sorted: equal lists mean equal formulations under the writer's naming."""
        return sorted(text for text in (f.text(writer) for f in self.families) if text is not None)


def plain_writer() -> Writer:
    """Symbols under their own names."""
    return Writer(lambda name: name)


def normal_form(formulation: Formulation) -> NormalForm:
    """The normal form of a formulation. Raises NotSymbolicError and ExpressionError for what cannot be read."""
    builder = _Builder(formulation)
    return builder.build()


class _Builder:
    def __init__(self, formulation: Formulation) -> None:
        self.f = formulation
        self.rewriter = Rewriter(formulation)
        self.log = self.rewriter.log
        self.families: list[Family] = []
        self.writer = plain_writer()

    def build(self) -> NormalForm:
        for variable in self.f.variables:
            self._variable(variable)
        self._objective()
        for constraint in self.f.constraints:
            binders, guards, env = self.rewriter.over(constraint.over)
            self._statement(constraint.name, parse(constraint.expr), env, binders, guards)
        families = self._merged(self.families)
        used = self._declared(families)
        return NormalForm((*families, *used[0]), used[1], tuple(self.log))

    # -- variables ---------------------------------------------------------------------------

    def _variable(self, variable: Variable) -> None:
        binders, guards, env = self.rewriter.over(variable.over)
        keys = tuple(Leaf("index", target) for binder in binders for target in binder.targets)
        cell = atom(Cell(variable.name, keys))
        semi = variable.domain in ("semicontinuous", "semi-integer")
        kind = "integer" if variable.domain in ("binary", "integer") else variable.domain
        parts: tuple[Node, ...] = (cell,)
        if semi:
            lower = self.rewriter.number_of(parse(variable.lower or "0"), env)
            parts = (cell, lower, self.rewriter.number_of(parse(variable.upper or "inf"), env))
        self.families.append(Family("domain", variable.name, binders, guards, Op(kind, parts)))
        if semi:
            return
        if variable.domain == "binary":
            self.log.append(f"{variable.name}: binary is integer within 0 and 1")
            self._add_rows(variable.name, binders, guards, cell, Fraction(0), Fraction(1))
        for text, sign in ((variable.lower, 1), (variable.upper, -1)):
            if text is None:
                continue
            # Each bound is read anew, so that its indices are its own.
            binders, guards, env = self.rewriter.over(variable.over)
            keys = tuple(Leaf("index", target) for binder in binders for target in binder.targets)
            bound = self.rewriter.number_of(parse(text), env)
            if bound == scaled(atom(Leaf("constant", "inf")), -sign):
                continue
            self.log.append(f"{variable.name}: its {'lower' if sign > 0 else 'upper'} bound is a row")
            difference = scaled(minus(atom(Cell(variable.name, keys)), bound), sign)
            self._add_rows(variable.name, binders, guards, difference, Fraction(0), None)

    # -- objective ---------------------------------------------------------------------------

    def _objective(self) -> None:
        sign = -1 if self.f.objective.sense == "max" else 1
        if sign < 0:
            self.log.append("max is min of the negated objective")
        levels: dict[int, list[Poly]] = {}
        for term in self.f.objective.terms:
            levels.setdefault(term.priority, []).append(self.rewriter.number_of(parse(term.expr), {}))
        for rank, priority in enumerate(sorted(levels, reverse=True)):
            whole = scaled(plus(*levels[priority]), sign)
            self.families.append(Family(f"objective {rank + 1}", "objective", (), (), whole))
        if not levels:
            self.families.append(Family("objective 1", "objective", (), (), number(0)))

    # -- constraints -------------------------------------------------------------------------

    def _statement(
        self, name: str, expr: Expr, env: Env, binders: tuple[Binder, ...], guards: tuple[Node, ...]
    ) -> None:  # fmt: skip
        rewriter = self.rewriter
        match expr:
            case And(items):
                for item in items:
                    self._statement(name, item, env, binders, guards)
            case Compare(operands, ops) if not set(ops) - {"<=", ">=", "=="}:
                for op, left, right in zip(ops, operands, operands[1:]):
                    difference = minus(rewriter.number_of(left, env), rewriter.number_of(right, env))
                    zero = Fraction(0)
                    lower, upper = {"<=": (None, zero), ">=": (zero, None), "==": (zero, zero)}[op]
                    self._add_rows(name, binders, guards, difference, lower, upper)
            case Aggregate("all", (body,), generators):
                more, tests, inner = rewriter.loops(generators, env)
                self._statement(name, body, inner, binders + more, guards + tests)
            case IfElse(test, then, otherwise):
                for node, branch in ((rewriter.condition(test, env), then),
                                     (negated(rewriter.condition(test, env)), otherwise)):
                    self._statement(name, branch, env, binders, (*guards, *_conjuncts(node)))
            case Call("implies", (test, body)) if not self._decides(test, env):
                self._statement(name, body, env, binders, guards + rewriter.conditions(test, env))
            case _:
                self.families.append(Family("statement", name, binders, guards, rewriter.condition(expr, env)))

    def _decides(self, test: Expr, env: Env) -> bool:
        return bool(symbols(self.rewriter.condition(test, env)) & self.rewriter.variables)

    def _add_rows(
        self, name: str, binders: tuple[Binder, ...], guards: tuple[Node, ...], node: Poly,
        lower: Fraction | None, upper: Fraction | None,
    ) -> None:  # fmt: skip
        whole = Family("row", name, binders, guards, node, lower, upper)
        cases = list(self._cases(whole))
        if len(cases) > 1:
            self.log.append(f"{name} is split by the conditions on its indices")
        self.families.extend(cases)

    def _cases(self, family: Family) -> Iterator[Family]:
        assert isinstance(family.node, Poly)
        opened = self.writer.open(family.binders, family.guards, OUTSIDE)
        if opened is None:
            return
        scene = opened[2]
        found: dict[str, Node] = {}
        for term in family.node.terms:
            own = {target for binder in term.binders for target in binder.targets}
            for guard in term.guards:
                if not indices(guard) & own:
                    text = self.writer.write(guard, scene)
                    denial = self.writer.write(negated(guard), scene)
                    if not {text, denial} & (set(found) | scene.facts | {TRUE, FALSE}):
                        found[text] = guard
        if not found or len(found) > MOST_SPLITS:
            yield family
            return
        for choice in product((True, False), repeat=len(found)):
            chosen = tuple(g if positive else negated(g) for g, positive in zip(found.values(), choice))
            yield replace(family, guards=family.guards + chosen)

    # -- the whole ---------------------------------------------------------------------------

    def _merged(self, families: list[Family]) -> list[Family]:
        """Rows with one left side as one interval; repeated statements once; those that ask for nothing dropped."""
        rows: dict[str, Family] = {}
        kept: list[Family] = []
        seen: set[str] = set()
        for family in families:
            parts = family.split_text(self.writer)
            if parts is None:
                self.log.append(f"{family.label}: a case that cannot occur is dropped")
                continue
            head, low, high = parts
            if family.kind == "row":
                if low is None and high is None and (head == "0" or head.endswith("|0")):
                    self.log.append(f"{family.label}: a row that always holds is dropped")
                    continue
                before = rows.get(head)
                if before is None:
                    rows[head] = family
                elif low is not None or high is not None:  # a row that never holds says so once
                    rows[head] = self._joined(before, family)
            elif family.kind == "statement":
                if f"{family.kind}{head}" not in seen:
                    kept.append(family)
                seen.add(f"{family.kind}{head}")
            else:
                kept.append(family)
        return kept + list(rows.values())

    def _joined(self, before: Family, after: Family) -> Family:
        """The first family with the interval that both leave; scales may differ."""
        self.log.append(f"{after.label} and {before.label} have one left side")
        a, b = before.split_text(self.writer), after.split_text(self.writer)
        assert a is not None and b is not None
        low = max((end for end in (a[1], b[1]) if end is not None), default=None)
        high = min((end for end in (a[2], b[2]) if end is not None), default=None)
        scale = _scale_of(before, self.writer)
        factor, shift = scale
        ends = [None if end is None else end * factor + shift for end in (low, high)]
        if factor < 0:
            ends.reverse()
        return replace(before, lower=ends[0], upper=ends[1])

    def _declared(
        self, families: list[Family]
    ) -> tuple[list[Family], dict[str, tuple[SymbolKind, int]]]:  # fmt: skip
        """Declarations of the sets and parameters that occur, and all symbols with their number of keys."""
        found: dict[str, tuple[SymbolKind, int]] = {}
        declared: list[Family] = []
        waiting = sorted(set().union(*(symbols_of(family) for family in families)))
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            family, kind, width = self._declaration(name)
            found[name] = (kind, width)
            if family is not None:
                declared.append(family)
                waiting.extend(sorted(symbols_of(family)))
        return declared, found

    def _declaration(self, name: str) -> tuple[Family | None, SymbolKind, int]:
        match self.f.by_name[name]:
            case Variable(over=over):
                binders, _, _ = self.rewriter.over(over)
                return None, "variable", sum(len(b.targets) for b in binders)
            case Parameter(axes=axes, nullable=nullable, values_in=values_in):
                loops: list[Binder] = []
                tests: list[Node] = []
                for axis in axes:
                    self.rewriter.bind(self.rewriter.named_set(axis, ()), loops, tests)
                keys = tuple(Leaf("index", t) for b in loops for t in b.targets)
                extra = (self.rewriter.named_set(values_in, ()),) if values_in else ()
                sort = "nullable parameter" if nullable else "parameter"
                node = Op("declared", (Cell(name, keys), *extra))
                return Family(sort, name, tuple(loops), tuple(tests), node), "parameter", len(keys)
            case IndexSet(dimension=dimension, over=over):
                binders, guards, _ = self.rewriter.over(over)
                keys = tuple(Leaf("index", t) for b in binders for t in b.targets)
                node = Op(f"set of dimension {dimension}", (Cell(name, keys),))
                return Family("set", name, binders, guards, node), "set", len(keys)
            case _:
                raise AssertionError(name)


def _scale_of(family: Family, writer: Writer) -> tuple[Fraction, Fraction]:
    """(factor, shift): an end in the written scale times factor plus shift is an end of the family's own interval."""
    at_zero, at_one = (_end(replace(family, lower=None, upper=Fraction(end)), writer) for end in (0, 1))
    assert at_zero is not None and at_one is not None
    factor = 1 / (at_one - at_zero)
    return factor, -at_zero * factor


def _end(family: Family, writer: Writer) -> Fraction | None:
    parts = family.split_text(writer)
    assert parts is not None
    return parts[1] if parts[1] is not None else parts[2]


def _conjuncts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Op) and node.op == "and":
        return tuple(part for item in node.items for part in _conjuncts(item))
    return (node,)
