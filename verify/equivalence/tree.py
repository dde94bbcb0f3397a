"""The search tree of one component: individualise a node of A with each like node of B, refine, go on.

Branches that an automorphism of B maps to one that failed are cut. (McKay and Piperno, Practical graph isomorphism
II, describe the scheme; here both graphs are refined together, so that no canonical order is needed.)
"""

from __future__ import annotations

from array import array

import numpy as np

from verify.equivalence.worklist import Budget, Network, OutOfBudgetError, Partition

_TRIES = 60
"""Nodes that the search for one automorphism may use: it only saves work."""


def find(net: Network, colour: np.ndarray, budget: Budget) -> dict[int, int] | None:
    """A match of the nodes below `net.half` with those above that respects colours and edges, or None for sure."""
    part = Partition.of(net, colour, budget)
    if not part.refine(list(part.members)):
        return None
    first = part.copy()
    if _descend(first):
        return first.image()
    mirror = Partition.of(_mirrored(net), np.concatenate([colour[net.half :], colour[net.half :]]), budget)
    mirror.refine(list(mirror.members))
    try:
        return _Tree(budget).solve(part, mirror)
    except RecursionError:
        raise OutOfBudgetError("the search tree is deeper than the interpreter's stack") from None


def _descend(part: Partition) -> bool:
    """The first branch all the way down; True where it ends in single cells."""
    part.watch()
    while (c := part.smallest()) is not None:
        nodes = part.members[c]
        half = part.net.half
        a, b = min(v for v in nodes if v < half), min(v for v in nodes if v >= half)
        part.budget.tick()
        if not part.individualise(a, b):
            return False
    return True


def _mirrored(net: Network) -> Network:
    """B beside a copy of B."""
    half = net.half
    base, end = net.start[half], net.start[-1]
    own = array("q", (s - base for s in net.start[half:]))
    size = end - base
    start = own + array("q", (s + size for s in own[1:]))
    near = array("q", (w - half for w in net.near[base:end])) + net.near[base:end]
    return Network(half, start, near, net.label[base:end] + net.label[base:end])


class _Tree:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    def solve(self, part: Partition, mirror: Partition) -> dict[int, int] | None:
        """The match below a node of the tree; `mirror` is B with itself under the same choices in B."""
        target = _target(part)
        if target is None:
            return part.image()
        half = part.net.half
        a = min(v for v in part.members[target] if v < half)
        candidates = sorted(v for v in part.members[target] if v >= half)
        orbits = _Orbits(candidates)
        failed: list[int] = []
        for b in candidates:
            if any(orbits.root(b) == orbits.root(other) for other in failed):
                continue
            self.budget.tick()
            below = part.copy()
            # Refinement closes most branches at once; automorphisms are looked for where it does not.
            if not below.individualise(a, b) or any(self._same_orbit(mirror, orbits, v, b, half) for v in failed):
                continue
            deeper = mirror.copy()
            deeper.individualise(b - half, b)
            found = self.solve(below, deeper)
            if found is not None:
                return found
            failed.append(b)
        return None

    def _same_orbit(self, mirror: Partition, orbits: _Orbits, one: int, two: int, half: int) -> bool:
        """Whether an automorphism of B that keeps all choices so far takes `one` to `two`, as far as a look shows."""
        trial = mirror.copy()
        if not trial.individualise(one - half, two):
            return False
        found = self._automorphism(trial, [_TRIES])
        if found is None:
            return False
        for v in orbits.parent:
            orbits.join(v, found[v - half])
        return True

    def _automorphism(self, part: Partition, tries: list[int]) -> dict[int, int] | None:
        target = _target(part)
        if target is None:
            return part.image()
        half = part.net.half
        a = min(v for v in part.members[target] if v < half)
        # The node itself first: most automorphisms move little.
        for b in sorted((v for v in part.members[target] if v >= half), key=lambda v: (v - half != a, v)):
            tries[0] -= 1
            if tries[0] < 0:
                return None
            self.budget.tick()
            below = part.copy()
            if below.individualise(a, b):
                found = self._automorphism(below, tries)
                if found is not None:
                    return found
        return None


def _target(part: Partition) -> int | None:
    cells = part.open_cells()
    return min(cells)[1] if cells else None


class _Orbits:
    """Union-find over the candidates of one level."""

    def __init__(self, nodes: list[int]) -> None:
        self.parent = {v: v for v in nodes}

    def root(self, v: int) -> int:
        """The representative."""
        while self.parent[v] != v:
            self.parent[v] = self.parent[self.parent[v]]
            v = self.parent[v]
        return v

    def join(self, v: int, w: int) -> None:
        """One orbit from now on; nodes that are no candidates are left out."""
        if v in self.parent and w in self.parent:
            self.parent[self.root(v)] = self.root(w)

