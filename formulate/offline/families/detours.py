"""Whether a shortest tour would be shorter if it might pass a place twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from solvers.formulation import Key

_MOST_PLACES = 11
"""Up to so many places the lengths of the shortest tours with and without detours are compared."""


def shortened_by_detours(
    places: tuple[str, ...], lengths: Mapping[Key, tuple[int | float, str]], two_way: bool
) -> bool:
    """Whether passing a place twice could shorten the tour: Held and Karp (1962) on lengths and on shortest ways."""
    far = float("inf")
    length = {(str(a), str(b)): float(cell[0]) for (a, b), cell in lengths.items()}
    if two_way:
        length |= {(b, a): value for (a, b), value in length.items()}
    direct = [[length.get((a, b), far) for b in places] for a in places]
    ways = [list(row) for row in direct]
    size = range(len(ways))
    for k, i, j in product(size, size, size):
        if i != j:
            ways[i][j] = min(ways[i][j], ways[i][k] + ways[k][j])
    changed = any(ways[i][j] < direct[i][j] for i in size for j in size if i != j)
    return changed and (len(ways) > _MOST_PLACES or _shortest(ways) < _shortest(direct))


def _shortest(length: list[list[float]]) -> float:
    """The length of the shortest closed tour."""
    rest = range(1, len(length))
    best = {(1 << j, j): length[0][j] for j in rest}
    for _ in range(len(length) - 2):
        longer: dict[tuple[int, int], float] = {}
        for (seen, last), value in best.items():
            for j in rest:
                if not seen & 1 << j:
                    key = (seen | 1 << j, j)
                    longer[key] = min(longer.get(key, float("inf")), value + length[last][j])
        best = longer
    return min(value + length[last][0] for (_, last), value in best.items())
