"""Columns and rows that no colour matched, assigned so that as little as possible differs between the pairs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from verify.equivalence.plain import PlainModel


class Graph(Protocol):
    """What an assignment reads of a model: columns first, rows after them."""

    model: PlainModel
    split: int
    size: int
    own: list[Hashable]
    edges: list[list[tuple[Hashable, int]]]


def assign(sides: Sequence[Graph], match: tuple[dict[int, int], dict[int, int]], most: int) -> None:
    """Add pairs to `match`: columns, rows, and both again with what the other told; at most `most` of a sort."""
    for _ in range(2):
        for is_row in (False, True):
            left = [_unmatched(side, match[k], is_row) for k, side in enumerate(sides)]
            if not left[0] or not left[1] or max(map(len, left)) > most:
                continue
            for one, two in _best(sides, match, left[0], left[1]):
                match[0][one], match[1][two] = two, one


def _unmatched(side: Graph, matched: dict[int, int], is_row: bool) -> list[int]:
    whole = range(side.split, side.size) if is_row else range(side.split)
    return [v for v in whole if v not in matched]


def _best(
    sides: Sequence[Graph], match: tuple[dict[int, int], dict[int, int]], ours: list[int], theirs: list[int]
) -> list[tuple[int, int]]:
    near = [_seen(sides[0], v, match[0]) for v in ours]
    other = [_seen(sides[1], w, None) for w in theirs]
    known = set(match[1])
    cost = np.array([
        [_distance(sides[0].own[v], sides[1].own[w], one, two, known) for w, two in zip(theirs, other)]
        for v, one in zip(ours, near)
    ])
    alone = [[1.0 + len(one) for one in near], [1.0 + len(two) for two in other]]
    pairs = least_assignment(cost) if len(ours) <= len(theirs) else [(i, j) for j, i in least_assignment(cost.T)]
    return [(ours[i], theirs[j]) for i, j in pairs if cost[i, j] < 0.75 * (alone[0][i] + alone[1][j])]


def least_assignment(cost: np.ndarray) -> list[tuple[int, int]]:
    """For each row (at most as many as columns) a column of its own, at the least total cost.

    Shortest augmenting paths with potentials (Jonker and Volgenant 1987); O(n^2 m).
    """
    n, m = cost.shape
    up, down = np.zeros(n + 1), np.zeros(m + 1)
    holder = np.full(m + 1, n)
    for i in range(n):
        holder[m] = i
        at = m
        reach, back, done = np.full(m, np.inf), np.full(m, m), np.zeros(m + 1, dtype=bool)
        while holder[at] != n:
            done[at] = True
            row = holder[at]
            open_columns = ~done[:m]
            slack = cost[row] - up[row] - down[:m]
            better = open_columns & (slack < reach)
            reach[better], back[better] = slack[better], at
            following = int(np.where(open_columns, reach, np.inf).argmin())
            step = reach[following]
            up[holder[done]] += step
            down[done] -= step
            reach[open_columns] -= step
            at = following
        while at != m:
            before = int(back[at])
            holder[at] = holder[before]
            at = before
    return [(int(holder[j]), j) for j in range(m) if holder[j] != n]


def _seen(side: Graph, vertex: int, match: dict[int, int] | None) -> dict[object, Hashable]:
    """The labels of edges by the partner's number of the neighbour; neighbours without a partner apart."""
    found: dict[object, Hashable] = {}
    for label, w in side.edges[vertex]:
        place = w if match is None else match.get(w, ("?", w))
        found[place] = (found[place], label) if place in found else label
    return found


def _distance(
    own: Hashable, their: Hashable, near: dict[object, Hashable], other: dict[object, Hashable], known: set[int]
) -> float:
    assert isinstance(own, tuple) and isinstance(their, tuple)
    total = float(sum(x != y for x, y in zip(own, their)))
    strangers = [sum(isinstance(place, tuple) for place in near), sum(place not in known for place in other)]
    total += 0.5 * abs(strangers[0] - strangers[1])
    for place, label in near.items():
        if not isinstance(place, tuple):
            total += 1.0 if place not in other else 0.9 * (other[place] != label)
    return total + sum(1.0 for place in other if place in known and place not in near)
