"""The best matching of two models that are not equal: columns and rows that stand for each other, most of them.

By names where these agree; else by refinement colours. Matched pairs keep one colour for good, so a difference does
not spread beyond them: what is alike far from it is matched first, by deep colours, and the rest by what is left.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import Literal

from verify.equivalence.leftover import assign
from verify.equivalence.plain import PlainColumn, PlainModel, PlainRow

MOST_LEVELS = 24
MOST_WORK = 6_000_000
"""Neighbours looked at before the search for a better matching ends; what is left over is then assigned."""
MOST_SECONDS = 10.0
MOST_ASSIGNED = 400

Basis = Literal["names", "colours"]
Edge = tuple[Hashable, int]


@dataclass(frozen=True)
class Alignment:
    """Column j of A stands for `columns[j]` of B, row i for `rows[i]`; -1 for none. `complete` unless work ran out."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    basis: Basis
    complete: bool = True


def by_names(a: PlainModel, b: PlainModel) -> Alignment:
    """Columns and rows of the same name; names that occur twice match nothing."""
    return Alignment(
        _same([c.name for c in a.columns], [c.name for c in b.columns]),
        _same([r.name for r in a.rows], [r.name for r in b.rows]), "names",
    )  # fmt: skip


def _same(ours: list[str], theirs: list[str]) -> tuple[int, ...]:
    once = Counter(theirs)
    at = {name: k for k, name in enumerate(theirs) if once[name] == 1}
    mine = Counter(ours)
    return tuple(at.get(name, -1) if mine[name] == 1 else -1 for name in ours)


def shared_names(a: PlainModel, b: PlainModel) -> float:
    """The share of columns that have a namesake in the other model."""
    names_a, names_b = {c.name for c in a.columns}, {c.name for c in b.columns}
    return len(names_a & names_b) / max(1, len(names_a | names_b))


Growth = Literal["all", "from the first", "from the last"]


def align(
    a: PlainModel, b: PlainModel, *, scaled: bool, start: Alignment | None = None, growth: Growth = "all"
) -> Alignment:  # fmt: skip
    """A matching by refinement colours; `scaled` compares rows up to a positive or negative factor.

    `start` is a matching whose pairs are kept. By `growth` all pairs that one level singles out are matched at once, or
    one of them, and then its neighbours: where a change makes a chain look like another one, the two disagree.
    """
    aligner = _Aligner(a, b, scaled, start)
    aligner.growth = growth
    return aligner.run()


def reassigned(
    a: PlainModel, b: PlainModel, before: Alignment, columns: set[int], rows: set[int], hops: int = 0
) -> Alignment:  # fmt: skip
    """The alignment with these columns and rows of A, and what has no partner yet, assigned anew.

    With `hops` their neighbours so many steps away are also let go, and all of them are matched by colours again.
    """
    columns, rows = set(columns), set(rows)
    for _ in range(hops):
        near = {j for i in rows for j in a.rows[i].entries}
        rows |= {i for i, row in enumerate(a.rows) if columns & row.entries.keys()}
        columns |= near
    kept = Alignment(
        tuple(-1 if j in columns else w for j, w in enumerate(before.columns)),
        tuple(-1 if i in rows else w for i, w in enumerate(before.rows)), before.basis,
    )
    aligner = _Aligner(a, b, False, kept)
    return replace(aligner.run() if hops else aligner.assigned(before.complete), basis=before.basis)


def primitive(row: PlainRow) -> Fraction:
    """The factor that makes a row's entries coprime integers, turned so that it bounds from above."""
    values = [*row.entries.values(), *row.products.values()]
    if not values:
        return Fraction(1)
    bottom = reduce(lcm, (v.denominator for v in values))
    top = reduce(gcd, (abs(v.numerator) * (bottom // v.denominator) for v in values))
    factor = Fraction(bottom, top)
    if row.lower is not None and row.upper is None:
        return -factor
    if row.lower is None:
        return factor
    up, down = sorted(values), sorted(-v for v in values)
    if up == down:
        ends = [(end or 0) * factor for end in (row.lower, row.upper)]
        return factor if (ends[1], ends[0]) >= (-ends[0], -ends[1]) else -factor
    return factor if up > down else -factor


class _Side:
    """One model as a graph: columns first, rows after them."""

    def __init__(self, model: PlainModel, scaled: bool) -> None:
        self.model = model
        self.split = len(model.columns)
        self.size = self.split + len(model.rows)
        self.own: list[Hashable] = [_column_features(c) for c in model.columns]
        self.edges: list[list[Edge]] = [[] for _ in range(self.size)]
        for i, row in enumerate(model.rows):
            factor = primitive(row) if scaled else Fraction(1)
            self._add_row(self.split + i, row, factor)
        for level, products in enumerate(model.products):
            for (i, j), coef in products.items():
                self.edges[i].append((("q", level, coef), j))
                if i != j:
                    self.edges[j].append((("q", level, coef), i))
        for kind, _, columns in model.special:
            for position, j in enumerate(columns):
                near = columns[position + 1 : position + 2] if kind == "sos2" else columns[:position]
                self.edges[j] += [((kind,), other) for other in near]

    def _add_row(self, at: int, row: PlainRow, factor: Fraction) -> None:
        ends = [None if end is None else end * factor for end in (row.lower, row.upper)]
        if factor < 0:
            ends.reverse()
        self.own.append(("r", *ends, row.formula, row.when is not None and row.when[1]))
        for j, value in row.entries.items():
            self.edges[at].append((value * factor, j))
            self.edges[j].append((value * factor, at))
        for (i, j), value in row.products.items():
            for k in {i, j}:
                self.edges[at].append((("q", value * factor), k))
                self.edges[k].append((("q", value * factor), at))
        if row.when is not None:
            self.edges[at].append((("if",), row.when[0]))
            self.edges[row.when[0]].append((("if",), at))


def _column_features(column: PlainColumn) -> Hashable:
    return ("c", column.kind, column.lower, column.upper, column.costs)


class _Aligner:
    def __init__(self, a: PlainModel, b: PlainModel, scaled: bool, start: Alignment | None) -> None:
        self.sides = (_Side(a, scaled), _Side(b, scaled))
        self.match: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.work = 0
        self.growth: Growth = "all"
        if start is not None:
            for offset, pairs in ((False, start.columns), (True, start.rows)):
                for k, other in enumerate(pairs):
                    if other >= 0:
                        self._join(k + offset * self.sides[0].split, other + offset * self.sides[1].split)

    def run(self) -> Alignment:
        deadline = time.monotonic() + MOST_SECONDS
        spent = False
        while not spent and self._round():
            spent = self.work > MOST_WORK or time.monotonic() > deadline
        return self.assigned(not spent)

    def assigned(self, complete: bool) -> Alignment:
        """What no colour matched assigned, and all of it as an alignment."""
        assign(self.sides, self.match, MOST_ASSIGNED)
        left, right = self.sides
        found = [self.match[0].get(v, -1) for v in range(left.size)]
        columns = tuple(found[: left.split])
        rows = tuple(w - right.split if w >= 0 else -1 for w in found[left.split :])
        return Alignment(columns, rows, "colours", complete)

    def _join(self, one: int, two: int) -> None:
        self.match[0][one], self.match[1][two] = two, one

    def _round(self) -> bool:
        """Match what colours single out, at the deepest level that does, else one pair of a class; False at the end."""
        levels = [self._classes(level) for level in reversed(self._levels()[1:])]
        singles = [[(p[0][0], p[1][0]) for p in classes if len(p[0]) == len(p[1]) == 1] for classes in levels]
        if self.growth != "all":
            singles = [found for found in map(self._grown, singles) if found] or [
                [min(found) if self.growth == "from the first" else max(found)] for found in singles if found
            ]
        for single in singles:
            for one, two in single:
                self._join(one, two)
            if single:
                return True
        # Interchangeable as far as is seen: any pair will do, and what follows from it is matched next. Classes with
        # as many members on both sides come first: in the others somebody's counterpart is changed.
        for balanced in (True, False):
            for classes in levels:
                several = [p for p in classes if p[0] and p[1] and (len(p[0]) == len(p[1]) or not balanced)]
                if several:
                    ours, theirs = min(several, key=lambda pair: (len(pair[0]) + len(pair[1]), pair[0][0]))
                    self._join(ours[0], theirs[0])
                    return True
        return False

    def _grown(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Those next to a matched column or row."""
        edges = self.sides[0].edges
        return [pair for pair in pairs if any(w in self.match[0] for _, w in edges[pair[0]])]

    def _classes(self, level: tuple[Mapping[int, int], Mapping[int, int]]) -> list[tuple[list[int], list[int]]]:
        found: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side in (0, 1):
            for vertex, colour in level[side].items():
                if vertex not in self.match[side]:
                    found[colour][side].append(vertex)
        return list(found.values())

    def _levels(self) -> list[tuple[Mapping[int, int], Mapping[int, int]]]:
        """Colours after 0, 1, 2, ... rounds, until they split no further; matched pairs keep a colour of their own."""
        known: dict[Hashable, int] = {}
        fixed = tuple(
            {v: known.setdefault(("m", v if side == 0 else other), len(known)) for v, other in self.match[side].items()}
            for side in (0, 1)
        )
        sorts = (known.setdefault("c", len(known)), known.setdefault("r", len(known)))
        current = tuple(
            {v: fixed[k].get(v, sorts[v >= side.split]) for v in range(side.size)} for k, side in enumerate(self.sides)
        )
        levels = [current]
        count = 0
        for _ in range(MOST_LEVELS):
            after: tuple[dict[int, int], dict[int, int]] = ({}, {})
            for k, side in enumerate(self.sides):
                colours = current[k]
                for v in range(side.size):
                    if v in fixed[k]:
                        after[k][v] = fixed[k][v]
                        continue
                    edges = side.edges[v]
                    self.work += len(edges) + 1
                    near = frozenset(Counter((label, colours[w]) for label, w in edges).items())
                    after[k][v] = known.setdefault((side.own[v], near), len(known))
            current = after
            levels.append(current)
            now = len(set(current[0].values()) | set(current[1].values()))
            if now == count:
                break
            count = now
        return levels  # type: ignore[return-value]
