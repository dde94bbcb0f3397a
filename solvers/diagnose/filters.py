"""From a conflicting set of members to one of which none can be spared.

Deletion filter with refinement by certificates (Chinneck, Feasibility and Infeasibility in Optimization, 2008,
section 6.2) for linear programs; QuickXplain (Junker, AAAI 2004), which asks k log(n / k) questions for a conflict
of k among n, where every question is a search; neighbourhoods that grow around the trouble before either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.diagnose.members import Members
from solvers.diagnose.oracle import Oracle

FIRST_RING = 16
GROWTH = 3


class Filter:
    """Reduces conflicts among groups of members (arrays of their numbers) with `background` (mask) always on.

    A question without an answer counts as feasible: the group in question stays.
    """

    def __init__(self, oracle: Oracle, background: np.ndarray) -> None:
        self.oracle = oracle
        self.background = background

    def infeasible(self, groups: Sequence[np.ndarray]) -> bool:
        """Whether these groups are known to conflict."""
        return self.oracle.test(self.union(groups)) == "infeasible"

    def union(self, groups: Sequence[np.ndarray]) -> np.ndarray:
        """The mask of the background and all groups."""
        out = self.background.copy()
        for group in groups:
            out[group] = True
        return out

    def delete(self, groups: list[np.ndarray]) -> list[np.ndarray]:
        """Deletion filter: groups are tried from the last to the first; certificates discard many at once."""
        left, needed = list(groups), 0
        while needed < len(left):
            tried = len(left) - 1 - needed
            rest = left[:tried] + left[tried + 1 :]
            if not self.infeasible(rest):
                needed += 1
                continue
            kept_last = left[tried + 1 :]
            core = self.oracle.core
            front = rest[:tried]
            if core is not None:
                front = [group for group in front if core[group].any()]
            left = front + kept_last
        return left

    def explain(self, groups: list[np.ndarray]) -> list[np.ndarray]:
        """QuickXplain: a minimal conflict, early groups preferred. The groups must conflict."""
        if not groups or self.infeasible([]):
            return []
        return self._explain([], False, groups)

    def _explain(self, base: list[np.ndarray], grown: bool, groups: list[np.ndarray]) -> list[np.ndarray]:
        if grown and self.infeasible(base):
            return []
        if len(groups) == 1:
            return groups
        half = len(groups) // 2
        first, second = groups[:half], groups[half:]
        late = self._explain([*base, *first], True, second)
        early = self._explain([*base, *late], bool(late), first)
        return [*early, *late]

    def grow(self, ordered: list[np.ndarray]) -> list[np.ndarray]:
        """The shortest beginning of `ordered`, of lengths growing by GROWTH, that conflicts: small models first."""
        size = FIRST_RING
        while size < len(ordered):
            if self.infeasible(ordered[:size]):
                return ordered[:size]
            size *= GROWTH
        return ordered


def singles(mask: np.ndarray, order: np.ndarray) -> list[np.ndarray]:
    """One group per member of the mask, by ascending `order` (per member)."""
    found = np.flatnonzero(mask)
    return list(found[np.argsort(order[found], kind="stable")].reshape(-1, 1))


def by_family(members: Members, mask: np.ndarray, order: np.ndarray) -> list[np.ndarray]:
    """One group per family that has members in the mask, by ascending least `order`."""
    found = np.flatnonzero(mask)
    groups = [found[members.family[found] == f] for f in np.unique(members.family[found])]
    return sorted(groups, key=lambda group: int(order[group].min()))


def preference(members: Members) -> np.ndarray:
    """Order of members: what says most to a person first, so that it is given up last.

    Rows, then bounds that are not 0, then integrality, then bounds at 0.
    """
    kinds = np.array([("row", "lower", "upper", "integrality").index(f.kind) for f in members.families], dtype=int)
    kind = kinds[members.family] if len(members) else np.zeros(0, dtype=int)
    m, n = members.model.num_rows, members.model.num_columns
    at = np.where(members.first >= m, (members.first - m) % max(n, 1), 0)
    bound = np.where(kind == 1, members.model.col_lower[at], members.model.col_upper[at]) if n else np.zeros(len(kind))
    return np.select([kind == 0, kind == 3, bound == 0], [0, 2, 3], 1)


def distances(members: Members, seeds: np.ndarray, most: int = 64) -> np.ndarray:
    """How many rows lie between each member and the seeds (mask of members), over shared columns."""
    model = members.model
    m, n = model.num_rows, model.num_columns
    row_of, index = model.matrix.row_of(), model.matrix.index
    atoms = np.flatnonzero(np.isin(members.member, np.flatnonzero(seeds)))
    row_far, col_far = np.full(m, most), np.full(n, most)
    row_far[atoms[atoms < m]] = 0
    col_far[(atoms[atoms >= m] - m) % max(n, 1)] = 0
    for step in range(1, most):
        before = int(np.sum(row_far < most)) + int(np.sum(col_far < most))
        near_rows = row_far[row_of] < step
        np.minimum.at(col_far, index[near_rows], step)
        near_cols = col_far[index] <= step
        np.minimum.at(row_far, row_of[near_cols], step)
        if int(np.sum(row_far < most)) + int(np.sum(col_far < most)) == before:
            break
    by_atom = np.concatenate([row_far, col_far, col_far, col_far])
    return by_atom[members.first] if len(members) else np.zeros(0, dtype=int)
