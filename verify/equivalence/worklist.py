"""Exact colour refinement with a worklist (Hopcroft; Paige and Tarjan with classes of edges), one splitter at a time.

Work is near linear in edges whatever the diameter is, so long chains end here. A node's signature towards a splitter
is the sorted multiset of its edge labels: no hash decides anything.
"""

from __future__ import annotations

import heapq
import time
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.equivalence.graph import Graph

_OTHER = 1 << 62
"""Labels of other edges lie above those of coefficients, which are below in size."""


@dataclass(frozen=True, eq=False)
class Network:
    """Incoming edges of each node in CSR form: `near[start[v]:start[v + 1]]` are their sources, `label` what these see.

    Nodes below `half` are A's.
    """

    half: int
    start: array[int]
    near: array[int]
    label: array[int]

    @property
    def num_nodes(self) -> int:
        return len(self.start) - 1


def network(source: np.ndarray, target: np.ndarray, label: np.ndarray, nodes: int, half: int) -> Network:
    """The network of directed edges, each of which has its way back."""
    order = np.argsort(target, kind="stable")
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(target, minlength=nodes), out=start[1:])
    return Network(half, _array(start), _array(source[order]), _array(label[order]))


def _array(values: np.ndarray) -> array[int]:
    out = array("q")
    out.frombytes(np.ascontiguousarray(values, dtype=np.int64).tobytes())
    return out


def all_edges(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Source, target and label of every edge, both ways."""
    return (
        np.concatenate([graph.row, graph.term, graph.source]), np.concatenate([graph.term, graph.row, graph.target]),
        np.concatenate([graph.code, graph.code, graph.label + _OTHER]),
    )  # fmt: skip


Cell = set[int] | tuple[int, ...]
"""The nodes of a cell; pairs, which never part without A and B parting, are tuples, a quarter of the size."""


def _cell(nodes: list[int]) -> Cell:
    return set(nodes) if len(nodes) > 2 else tuple(nodes)


class OutOfBudgetError(Exception):
    """The search stopped; the message names the budget."""


class Budget:
    """Seconds and nodes of the search tree that are left."""

    def __init__(self, seconds: float, nodes: int) -> None:
        self.seconds, self.nodes, self.used, self._looks = seconds, nodes, 0, 0
        self._end = time.monotonic() + seconds

    def tick(self) -> None:
        """One more node of the search tree."""
        self.used += 1
        if self.used > self.nodes:
            raise OutOfBudgetError(f"{self.nodes} nodes of the search tree are used up")
        self._clock()

    def look(self) -> None:
        """One more splitter; the clock is read now and then."""
        self._looks += 1
        if not self._looks & 255:
            self._clock()

    def _clock(self) -> None:
        if time.monotonic() > self._end:
            raise OutOfBudgetError(f"{self.seconds:g} seconds are used up")


@dataclass(frozen=True)
class Odd:
    """Nodes that were alike until a splitter told them apart, in other numbers in A and in B."""

    nodes: tuple[int, ...]
    count_a: int
    count_b: int


class Partition:
    """Cells of a network's nodes; `odd` is set where a split has other numbers in A and in B."""

    def __init__(
        self, net: Network, cell: list[int], members: dict[int, Cell], following: int, budget: Budget
    ) -> None:
        self.net, self.cell, self.members, self.following, self.budget = net, cell, members, following, budget
        self.queue: dict[int, None] = {}
        self.odd: Odd | None = None
        self.sizes: list[tuple[int, int]] | None = None

    @staticmethod
    def of(net: Network, colour: np.ndarray, budget: Budget) -> Partition:
        """Cells by colour (nodes,), dense small integers."""
        cell = colour.tolist()
        order = np.argsort(colour, kind="stable")
        cuts = np.flatnonzero(np.diff(colour[order])) + 1
        starts = [0, *cuts.tolist()] if len(cell) else []
        nodes = order.tolist()
        members = {cell[nodes[lo]]: _cell(nodes[lo:hi]) for lo, hi in zip(starts, [*starts[1:], len(nodes)])}
        return Partition(net, cell, members, max(members, default=-1) + 1, budget)

    def copy(self) -> Partition:
        """A partition that can go its own way."""
        members = {c: nodes if isinstance(nodes, tuple) else nodes.copy() for c, nodes in self.members.items()}
        return Partition(self.net, self.cell.copy(), members, self.following, self.budget)

    def open_cells(self) -> list[tuple[int, int]]:
        """(size, cell) of the cells with more than one node of A."""
        return [(len(nodes), c) for c, nodes in self.members.items() if len(nodes) > 2]

    def watch(self) -> None:
        """Keep the open cells in a heap from now on, for `smallest`."""
        self.sizes = self.open_cells()
        heapq.heapify(self.sizes)

    def smallest(self) -> int | None:
        """The smallest open cell, or None. After `watch`."""
        assert self.sizes is not None
        while self.sizes:
            size, c = self.sizes[0]
            if len(self.members[c]) == size:
                return c
            heapq.heappop(self.sizes)
            if 2 < len(self.members[c]) < size:
                heapq.heappush(self.sizes, (len(self.members[c]), c))
        return None

    def individualise(self, a: int, b: int) -> bool:
        """Set the nodes a of A and b of B apart from their cell, and refine."""
        old = self.members[self.cell[a]]
        assert isinstance(old, set)
        old -= {a, b}
        new = self.following
        self.following += 1
        self.members[new] = (a, b)
        self.cell[a] = self.cell[b] = new
        self.queue = {new: None}
        return self.refine()

    def refine(self, seeds: Iterable[int] = ()) -> bool:
        """Refine until nothing splits; False, with `odd`, where A and B part."""
        self.queue.update(dict.fromkeys(seeds))
        start, near, label = self.net.start, self.net.near, self.net.label
        while self.queue:
            splitter, _ = self.queue.popitem()
            self.budget.look()
            touched: dict[int, list[int]] = {}
            for v in self.members[splitter]:
                lo, hi = start[v], start[v + 1]
                for w, what in zip(near[lo:hi], label[lo:hi]):
                    if w in touched:
                        touched[w].append(what)
                    else:
                        touched[w] = [what]
            if not self._split(touched):
                return False
        return True

    def _split(self, touched: dict[int, list[int]]) -> bool:
        """Part each touched cell by signature."""
        cell = self.cell
        groups: dict[int, dict[Any, list[int]]] = {}
        for w, labels in touched.items():
            key = labels[0] if len(labels) == 1 else tuple(sorted(labels))
            known = groups.get(cell[w])
            if known is None:
                groups[cell[w]] = {key: [w]}
            elif key in known:
                known[key].append(w)
            else:
                known[key] = [w]
        for c, parts in groups.items():
            if len(parts) == 1 and len(next(iter(parts.values()))) == len(self.members[c]):
                continue
            if not self._part(c, list(parts.values())):
                return False
        return True

    def _part(self, c: int, parts: list[list[int]]) -> bool:
        half, members = self.net.half, self.members
        for part in parts:
            in_a = sum(1 for v in part if v < half)
            if 2 * in_a != len(part):
                self.odd = Odd(tuple(part), in_a, len(part) - in_a)
                return False
        largest = max(range(len(parts)), key=lambda k: len(parts[k]))
        if sum(map(len, parts)) == len(members[c]):
            members[c] = _cell(parts.pop(largest))
        old = members[c]
        fresh = []
        for part in parts:
            new = self.following
            self.following += 1
            if isinstance(old, set):
                old.difference_update(part)
            members[new] = _cell(part)
            for v in part:
                self.cell[v] = new
            fresh.append(new)
        if c not in self.queue:
            # All parts but the largest tell as much as all of them.
            at = max((c, *fresh), key=lambda k: (len(members[k]), k))
            self.queue.update(dict.fromkeys(k for k in (c, *fresh) if k != at))
        else:
            self.queue.update(dict.fromkeys(fresh))
        if self.sizes is not None:
            for k in (c, *fresh):
                if len(members[k]) > 2:
                    heapq.heappush(self.sizes, (len(members[k]), k))
        return True

    def image(self) -> dict[int, int]:
        """The node of B for each node of A, where every cell is single."""
        return {min(nodes): max(nodes) for nodes in self.members.values() if nodes}
