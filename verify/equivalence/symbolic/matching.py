"""The search for a match of symbols: refinement by where they occur, then individualisation, verified at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product
from math import prod

from verify.equivalence.symbolic.families import NormalForm, plain_writer, symbols_of
from verify.equivalence.symbolic.writing import Writer

MOST_NODES = 400
MOST_SECONDS = 20.0
MOST_ARRANGEMENTS = 512
_ROUNDS = 4

Colours = dict[tuple[int, str], int]
Hints = tuple[Mapping[str, object], Mapping[str, object]]


@dataclass(frozen=True)
class Match:
    """A's symbols to B's, and how the keys of an A symbol are rearranged to stand as B's do (where they differ)."""

    names: Mapping[str, str]
    orders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def writer(self) -> Writer:
        """Writes A's formulas in B's names."""
        return Writer(lambda name: self.names[name], self.orders)


@dataclass(frozen=True)
class Search:
    """A verified match, or which families tell the two apart; `complete` if the search was not cut short."""

    match: Match | None
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    complete: bool = True


def find_match(a: NormalForm, b: NormalForm, hints: Hints | None = None) -> Search:
    """A match under which both say the same; keys in order before rearranged, symbols with the same name first.

    `hints` are what is known of A's and of B's symbols from their data: matched symbols agree in it.
    """
    seeds = ({}, {}) if hints is None else hints
    same = {name: name for name in a.symbols}
    agreed = all(seeds[0].get(name) == seeds[1].get(name) for name in same)
    if agreed and a.symbols == b.symbols and Counter(a.texts(plain_writer())) == Counter(b.texts(plain_writer())):
        return Search(Match(same))
    complete = True
    for unordered in (False, True):
        seeker = _Seeker(a, b, unordered, seeds)
        match = seeker.seek({})
        if match is not None:
            return Search(match)
        complete = complete and seeker.nodes <= MOST_NODES
    return Search(None, *_left_over(a, b), complete)


class _Seeker:
    def __init__(self, a: NormalForm, b: NormalForm, unordered: bool, hints: Hints) -> None:
        self.forms = (a, b)
        self.hints = hints
        self.unordered = unordered
        self.nodes = 0
        self.deadline = time.monotonic() + MOST_SECONDS
        self.holding = tuple(
            {name: [f for f in form.families if name in symbols_of(f)] for name in form.symbols} for form in self.forms
        )
        self.target = Counter(b.texts(plain_writer()))

    def seek(self, pinned: Colours) -> Match | None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            return None
        colours = self._refined(pinned)
        if colours is None:
            return None
        cells: tuple[dict[int, list[str]], ...] = ({}, {})
        for (side, name), colour in sorted(colours.items()):
            cells[side].setdefault(colour, []).append(name)
        if {c: len(v) for c, v in cells[0].items()} != {c: len(v) for c, v in cells[1].items()}:
            return None
        open_cells = [(len(names), colour) for colour, names in cells[0].items() if len(names) > 1]
        if not open_cells:
            return self._arranged({names[0]: cells[1][colour][0] for colour, names in cells[0].items()})
        _, colour = min(open_cells)
        one = next((n for n in cells[0][colour] if n in cells[1][colour]), cells[0][colour][0])
        for other in sorted(cells[1][colour], key=lambda name: name != one):
            fresh = -1 - len(pinned)
            found = self.seek({**pinned, (0, one): fresh, (1, other): fresh})
            if found is not None:
                return found
        return None

    def _alike(self, colours: Colours) -> bool:
        """Whether both formulations say the same when symbols are told by their colours."""
        texts = []
        for side, form in enumerate(self.forms):
            writer = Writer(lambda name, side=side: f"<{colours[side, name]}>", unordered=self.unordered)  # type: ignore[misc]
            texts.append(form.texts(writer))
        return texts[0] == texts[1]

    def _refined(self, pinned: Colours) -> Colours | None:
        """Colours by where symbols occur; None where already these tell the two apart."""
        known: dict[object, int] = {}
        key: object
        colours: Colours = {}
        for side, form in enumerate(self.forms):
            for name, sort in form.symbols.items():
                key = (pinned.get((side, name)), sort, self.hints[side].get(name))
                colours[side, name] = known.setdefault(key, len(known))
        for _ in range(_ROUNDS):
            if time.monotonic() > self.deadline:
                self.nodes = MOST_NODES + 1
                return None
            if not self._alike(colours):
                return None
            count, known, after = len(set(colours.values())), {}, {}
            for side, form in enumerate(self.forms):
                for name in form.symbols:
                    key = (colours[side, name], self._occurrences(side, name, colours))
                    after[side, name] = known.setdefault(key, len(known))
            colours = after
            if len(known) == count:
                break
        return colours

    def _occurrences(self, side: int, name: str, colours: Colours) -> tuple[str, ...]:
        def naming(symbol: str) -> str:
            return f"<{'*' if symbol == name else ''}{colours[side, symbol]}>"

        writer = Writer(naming, unordered=self.unordered)
        return tuple(sorted(text for text in (f.text(writer) for f in self.holding[side][name]) if text is not None))

    def _arranged(self, names: dict[str, str]) -> Match | None:
        """The match with keys arranged so that both formulations say the same, checked in full."""
        if not self.unordered:
            match = Match(names)
            return match if self._holds(match) else None
        choices = {name: self._arrangements(name, names) for name in names}
        if prod(map(len, choices.values())) > MOST_ARRANGEMENTS:
            self.nodes = MOST_NODES + 1
            return None
        for chosen in product(*choices.values()):
            orders = {n: order for n, order in zip(choices, chosen) if order != tuple(range(len(order)))}
            match = Match(names, orders)
            if self._holds(match):
                return match
        return None

    def _arrangements(self, name: str, names: Mapping[str, str]) -> list[tuple[int, ...]]:
        """The orders of a symbol's keys under which its declaration or domain is one of B's."""
        width = self.forms[0].symbols[name][1]
        if width < 2:
            return [tuple(range(width))]
        own = next(f for f in self.holding[0][name] if f.kind != "row" and f.label == name)
        found = []
        for order in permutations(range(width)) if width <= 4 else [tuple(range(width))]:
            if own.text(Match(names, {name: order}).writer()) in self.target:
                found.append(order)
        return found

    def _holds(self, match: Match) -> bool:
        return Counter(self.forms[0].texts(match.writer())) == self.target


def _left_over(a: NormalForm, b: NormalForm) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels of the families without a counterpart under the same names, where names are shared, else by shape."""
    shared = set(a.symbols) == set(b.symbols)
    writers = [
        plain_writer() if shared else Writer(lambda name, form=form: "<{}{}>".format(*form.symbols[name]))  # type: ignore[misc]
        for form in (a, b)
    ]
    texts = [
        [(f.text(w), f.label) for f in form.families if not f.kind.endswith(("set", "parameter"))]
        for form, w in zip((a, b), writers)
    ]  # fmt: skip
    counts = [Counter(text for text, _ in side) for side in texts]
    return tuple(
        tuple(dict.fromkeys(_beyond(texts[side], counts[side] - counts[1 - side]))) for side in (0, 1)
    )  # type: ignore[return-value]


def _beyond(texts: list[tuple[str | None, str]], more: Counter[str | None]) -> Iterator[str]:
    left = Counter(more)
    for text, label in texts:
        if text is not None and left[text] > 0:
            left[text] -= 1
            yield label
