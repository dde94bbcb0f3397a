"""Pairs of conditional rows `a + d <= b` or `b + e <= a` gathered into machines: sets of intervals without overlap.

One no_overlap over a clique of such pairs propagates far better than the pairs alone (edge finding: Carlier and
Pinson, Management Science 35(2), 1989). Where a pair's binary serves nothing else, it goes away with its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from solvers.exact.plan import IntegerRow, Plan


class Choice(NamedTuple):
    """A binary that is 1 where `before + delay <= after`, restored after the solve."""

    column: int
    before: int
    delay: int
    after: int


class _Pair(NamedTuple):
    """`a + forth <= b` where the binary is 1, `b + back <= a` where it is 0; `rows` number the two rows."""

    column: int
    a: int
    b: int
    forth: int
    back: int
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Machines:
    """`tasks`: per machine the column of each start and its duration. Rows `replaced` and binaries of `choices` go."""

    tasks: tuple[tuple[tuple[int, int], ...], ...]
    replaced: frozenset[int]
    choices: tuple[Choice, ...]


def machines(plan: Plan, elsewhere: frozenset[int]) -> Machines:
    """The machines hidden in conditional rows; columns `elsewhere` (in global constraints) are kept."""
    pairs = {(p.a, p.b): p for p in _pairs(plan)}
    delay: dict[int, dict[int, int]] = {}
    for p in pairs.values():
        if p.b in delay.get(p.a, {}):
            continue
        delay.setdefault(p.a, {})[p.b] = p.forth
        delay.setdefault(p.b, {})[p.a] = p.back
    used = Counter(j for row in plan.rows for j in row.columns)
    fixed = {j for j, (low, high) in enumerate(zip(plan.low, plan.high)) if (low, high) != (0, 1)}
    kept = elsewhere | set(plan.columns) | fixed
    tasks, replaced, choices = [], set[int](), []
    for clique in _cliques(delay):
        length = {i: min(delay[i][j] for j in clique if j != i) for i in clique}
        tasks.append(tuple((i, length[i]) for i in clique))
        for i in clique:
            for j in clique:
                found = pairs.get((i, j))
                if found is None or found.column in kept or used[found.column]:
                    continue
                p = found
                if (p.forth, p.back) == (length[i], length[j]) and not replaced & set(p.rows):
                    replaced.update(p.rows)
                    choices.append(Choice(p.column, p.a, p.forth, p.b))
    return Machines(tuple(tasks), frozenset(replaced), tuple(choices))


def _pairs(plan: Plan) -> Iterator[_Pair]:
    root = _aliases(plan)
    under: dict[int, list[tuple[int, int]]] = {}
    for k, row in enumerate(plan.rows):
        if row.under is not None:
            under.setdefault(row.under.column, []).append((row.under.active, k))
    for column, rows in under.items():
        sides = dict(rows)
        if len(rows) != 2 or len(sides) != 2:
            continue
        forth, back = (_delay(plan.rows[sides[active]], root) for active in (1, 0))
        if forth is not None and back is not None and forth[:2] == (back[1], back[0]) and min(forth[2], back[2]) >= 0:
            yield _Pair(column, forth[0], forth[1], forth[2], back[2], (sides[1], sides[0]))


def _delay(row: IntegerRow, root: dict[int, tuple[int, int]]) -> tuple[int, int, int] | None:
    """(before, after, delay) of a row `before + delay <= after`, or None for any other row."""
    found = _difference(row)
    if found is None or (row.low is None) == (row.high is None):
        return None
    plus, minus = found
    # low <= plus - minus, or plus - minus <= high
    before, after, delay = (minus, plus, row.low) if row.low is not None else (plus, minus, -(row.high or 0))
    (a, p), (b, q) = root.get(before, (before, 0)), root.get(after, (after, 0))
    return (a, b, (delay or 0) + p - q) if a != b else None


def _difference(row: IntegerRow) -> tuple[int, int] | None:
    if row.coefs == (1, -1):
        return row.columns[0], row.columns[1]
    return (row.columns[1], row.columns[0]) if row.coefs == (-1, 1) else None


def _aliases(plan: Plan) -> dict[int, tuple[int, int]]:
    """Columns that equal another plus a constant (`end == start + duration`): (that column, the constant)."""
    root: dict[int, tuple[int, int]] = {}

    def find(j: int) -> tuple[int, int]:
        shift = 0
        while j in root:
            j, step = root[j]
            shift += step
        return j, shift

    for row in plan.rows:
        pair = _difference(row) if row.under is None and row.low is not None and row.low == row.high else None
        if pair is not None:
            (a, p), (b, q) = find(pair[0]), find(pair[1])
            if a != b:
                # a + p - (b + q) == low
                root[a] = (b, (row.low or 0) + q - p)
    return {j: find(j) for j in root}


def _cliques(delay: dict[int, dict[int, int]]) -> Iterator[list[int]]:
    """Cliques that cover every pair: components where they are complete, else grown greedily."""
    covered: set[tuple[int, int]] = set()
    for component in _components(delay):
        if all(len(delay[i]) == len(component) - 1 for i in component):
            yield component
            continue
        for i in component:
            for j in sorted(delay[i]):
                if i < j and (i, j) not in covered:
                    clique = _grown(i, j, delay)
                    covered.update((a, b) for a in clique for b in clique if a < b)
                    yield clique


def _grown(i: int, j: int, delay: dict[int, dict[int, int]]) -> list[int]:
    clique = [i, j]
    common = delay[i].keys() & delay[j].keys()
    while common:
        k = max(common, key=lambda k: (len(delay[k].keys() & common), -k))
        clique.append(k)
        common &= delay[k].keys()
    return sorted(clique)


def _components(delay: dict[int, dict[int, int]]) -> Iterator[list[int]]:
    seen: set[int] = set()
    for first in sorted(delay):
        if first in seen:
            continue
        found, stack = [], [first]
        seen.add(first)
        while stack:
            i = stack.pop()
            found.append(i)
            fresh = delay[i].keys() - seen
            seen |= fresh
            stack.extend(fresh)
        yield sorted(found)
