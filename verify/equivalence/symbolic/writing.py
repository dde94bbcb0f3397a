"""Canonical text of normal forms: equal text means equal formulas, up to names of indices and order of operands.

A writer names the symbols: by their own names, by another formulation's (a match), or by colours (the search). The
order of exchangeable loops is the one whose text is least, so text does not depend on how a formula was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import factorial
from typing import assert_never

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
    indices,
    negated,
)

MOST_ORDERS = 24
"""Orders of loops that are tried; with more loops the written order stays, which may miss an equality."""

MOST_WORK = 300_000
"""Nodes that one writer writes before it gives up."""

ONE = "1"
"""The text of the constant term."""

TRUE, FALSE = "@true", "@false"
"""Conditions that data do not decide. No name of a symbol holds an @: it is for what the writer names itself."""


@dataclass(frozen=True)
class Scene:
    """Canonical names of the indices in scope, and the conditions known to hold there."""

    names: Mapping[str, str]
    facts: frozenset[str] = frozenset()


OUTSIDE = Scene({})


class Writer:
    """Writes nodes under a naming of symbols; `orders` rearranges the keys of a symbol.

    With `unordered` keys are written as a multiset: the same whatever the order of a symbol's axes is.
    """

    def __init__(
        self, naming: Callable[[str], str], orders: Mapping[str, tuple[int, ...]] | None = None,
        unordered: bool = False,
    ) -> None:  # fmt: skip
        self.naming = naming
        self.orders = orders or {}
        self.unordered = unordered
        self.work = 0

    def write(self, node: Node, scene: Scene = OUTSIDE) -> str:
        """The text of a node. Raises NotSymbolicError where formulas are too large for that."""
        self.work += 1
        if self.work > MOST_WORK:
            raise NotSymbolicError("the formulas are too large to be compared symbolically")
        match node:
            case Leaf("index", name):
                return scene.names[name]
            case Leaf("label", name):
                return repr(name)
            case Leaf(_, name):
                return name
            case Cell(symbol, keys):
                written = [self.write(key, scene) for key in keys]
                if symbol in self.orders:
                    written = [written[k] for k in self.orders[symbol]]
                if self.unordered:
                    written.sort()
                return f"{self.naming(symbol)}[{','.join(written)}]" if keys else self.naming(symbol)
            case Op("<=" | "<" | "==" | "!=" as op, (Poly() as poly,)):
                return self._comparison(op, poly, scene)
            case Op(op, items, any_order):
                written = [self.write(item, scene) for item in items]
                if any_order:
                    written = sorted(set(written)) if op in ("and", "or") else sorted(written)
                return f"{op}({','.join(written)})"
            case Scope(op, binders, guards, bodies, any_order):
                def body(inner: Scene) -> str:
                    return ",".join(self.write(item, inner) for item in bodies)

                text = self.bound(binders, guards, scene, body, any_order)
                return f"{op}{{{text}}}"
            case Poly():
                return self._sum(self.terms(node, scene))
            case _:
                assert_never(node)

    @staticmethod
    def _sum(terms: Mapping[str, Fraction]) -> str:
        if not terms:
            return "0"
        if len(terms) == 1:
            (text, coef), = terms.items()
            return text if coef == 1 else str(coef) if text == ONE else f"({coef}*{text})"
        return "(" + "+".join(f"{coef}*{text}" for text, coef in sorted(terms.items())) + ")"

    def terms(self, poly: Poly, scene: Scene) -> dict[str, Fraction]:
        """Coefficients by the text of their terms, like terms merged, zeros dropped; the constant's text is ONE."""
        found: dict[str, Fraction] = {}
        for term in poly.terms:
            text = self._term(term, scene)
            if text is not None:
                found[text] = found.get(text, Fraction(0)) + term.coef
        return {text: coef for text, coef in found.items() if coef}

    def _term(self, term: Term, scene: Scene) -> str | None:
        """The text of a term without its coefficient; None for one whose guards cannot hold."""
        text: str | None

        def body(inner: Scene) -> str:
            powers: dict[tuple[str, bool], int] = {}
            for factor, power in term.factors:
                key = (self.write(factor, inner), power > 0)
                powers[key] = powers.get(key, 0) + power
            return "*".join(
                text if power == 1 else f"{text}^{power}" for (text, _), power in sorted(powers.items())
            ) or ONE

        if not term.binders:
            opened = self.open((), term.guards, scene)
            if opened is None:
                return None
            text = body(opened[2])
            return f"[{';'.join(opened[1])}]*{text}" if opened[1] else text
        text = self.bound(term.binders, term.guards, scene, body)
        return None if text is None else f"sum{{{text}}}"

    def bound(
        self, binders: tuple[Binder, ...], guards: tuple[Node, ...], scene: Scene, body: Callable[[Scene], str],
        any_order: bool = True,
    ) -> str | None:  # fmt: skip
        """`binders|guards|body` in the order of loops with the least text; None where a guard cannot hold."""
        best: str | None = None
        for order in _orders(binders) if any_order else (binders,):
            opened = self.open(order, guards, scene)
            if opened is None:
                return None
            heads, conditions, inner = opened
            written = body(inner)
            text = f"{';'.join(heads)}|{';'.join(conditions)}|{written}" if heads or conditions else written
            if best is None or text < best:
                best = text
        return best

    def open(
        self, order: tuple[Binder, ...], guards: tuple[Node, ...], scene: Scene
    ) -> tuple[list[str], list[str], Scene] | None:
        """Texts of the loops and of the guards that say anything, and the scene inside; None where none can hold."""
        names = dict(scene.names)
        heads: list[str] = []
        for binder in order:
            source = self.write(binder.source, Scene(names, scene.facts))
            for target in binder.targets:
                names[target] = f"@{len(names)}"
            inside = [names[target] for target in binder.targets]
            element = inside[0] if len(inside) == 1 else f"tuple({','.join(inside)})"
            heads.append(f"in({element},{source})")
        facts = set(scene.facts) | set(heads)
        conditions: set[str] = set()
        for guard in guards:
            plain = Scene(names, frozenset(facts))
            text = self.write(guard, plain)
            if text in facts or text == TRUE:
                continue
            if text == FALSE or self.write(negated(guard), plain) in facts:
                return None
            conditions.add(text)
        return heads, sorted(conditions), Scene(names, frozenset(facts | conditions))

    def _comparison(self, op: str, poly: Poly, scene: Scene) -> str:
        terms = self.terms(poly, scene)
        leading = min((text for text in terms if text != ONE), default=None)
        if leading is None:
            value = terms.get(ONE, Fraction(0))
            holds = {"<=": value <= 0, "<": value < 0, "==": value == 0, "!=": value != 0}[op]
            return TRUE if holds else FALSE
        by = terms[leading] if op in ("==", "!=") else abs(terms[leading])
        return f"[{self._sum({text: coef / by for text, coef in terms.items()})}{op}0]"


def _orders(binders: tuple[Binder, ...]) -> Iterator[tuple[Binder, ...]]:
    """The orders of loops in which each comes after those that its source speaks of."""
    if len(binders) < 2 or factorial(len(binders)) > MOST_ORDERS:
        yield binders
        return
    needs = [indices(b.source) for b in binders]
    for order in permutations(range(len(binders))):
        seen: set[str] = set()
        mine = {t for b in binders for t in b.targets}
        for k in order:
            if needs[k] & mine - seen:
                break
            seen |= set(binders[k].targets)
        else:
            yield tuple(binders[k] for k in order)
