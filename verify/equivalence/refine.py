"""Colour refinement of the joint graph in whole rounds, on arrays.

A round's colour is the old colour with a 64-bit sum of mixed (edge label, neighbour's colour) pairs. The sum depends
on the multiset alone, so nodes that correspond never part: a collision makes colours coarser, not wrong. What counts
as a match, and what tells two models apart, is checked on the labels themselves (`match`, `invariant`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from verify.equivalence.graph import ROW, Graph, dense

_ODD = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT, _HALF = np.uint64(29), np.uint64(32)
_PIECE = 1 << 18


def mixed(values: np.ndarray, salt: int = 0) -> np.ndarray:
    """64-bit integers scattered (k,), in the manner of splitmix."""
    out = np.empty(len(values), dtype=np.uint64)
    for cut in _slices(len(values)):
        part = values[cut].astype(np.int64).view(np.uint64) + np.uint64((salt + 1) * _ODD % (1 << 64))
        for _ in range(2):
            part ^= part >> _SHIFT
            part *= _MIX
            part ^= part >> _HALF
        out[cut] = part
    return out


def _slices(count: int) -> Iterator[slice]:
    """Pieces of whole arrays: what is made on the way stays small."""
    return (slice(at, at + _PIECE) for at in range(0, count, _PIECE))


@dataclass(eq=False)
class Colouring:
    """The state of refinement: `colour` (nodes,), the count of colours, and whether A and B have as many of each.

    `before` holds the colours whose split showed an imbalance first, `odd` one such colour; `previous` those before
    the last turn, towards which the present ones are stable; `mask` (for tests) weakens the hash.
    """

    graph: Graph
    colour: np.ndarray
    count: int = 0
    odd: int | None = None
    before: np.ndarray | None = None
    previous: np.ndarray | None = None
    rounds: int = 0
    mask: int | None = None
    _edge: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    _other: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    @property
    def balanced(self) -> bool:
        return self.odd is None

    @property
    def discrete(self) -> bool:
        """Each colour has one node of A and one of B."""
        return self.balanced and 2 * self.count == len(self.colour)


def start(graph: Graph, mask: int | None = None) -> Colouring:
    """The colouring by labels alone."""
    found = Colouring(graph, graph.colour.copy(), mask=mask)
    found.count = int(found.colour.max(initial=-1)) + 1
    found.odd = imbalance(found.colour, graph.split)
    found._edge = mixed(graph.code, 1)
    found._other = mixed(graph.label, 2)
    return found


def imbalance(colour: np.ndarray, split: int) -> int | None:
    """A colour that A and B have a different number of, or None."""
    top = int(colour.max(initial=-1)) + 1
    one, two = np.bincount(colour[:split], minlength=top), np.bincount(colour[split:], minlength=top)
    off = np.flatnonzero(one != two)
    return int(off[0]) if len(off) else None


def refine(state: Colouring, *, slow: float = 0.0, most: int = 1 << 30) -> bool:
    """Rounds until nothing splits, colours part or all are single; True where it came to such an end.

    Stops after `most` rounds, or where, from the fourth round on, a round makes fewer new colours than `slow` nodes.
    """
    halves = _halves(state.graph)
    for turn in range(most):
        old, state.previous = state.count, state.colour
        for half in halves:
            before = state.colour
            if not _round(state, half):
                state.before = before
                return True
            if state.discrete:
                return True
        if state.count == old:
            return True
        if turn > 3 and state.count - old < slow * len(state.colour):
            return False
    return False


def _halves(graph: Graph) -> list[np.ndarray]:
    """Rows first, then columns and terms: a round that uses the other half's new colours goes twice as far."""
    return [np.flatnonzero(graph.kind == ROW), np.flatnonzero(graph.kind != ROW)]


def _round(state: Colouring, half: np.ndarray) -> bool:
    """New colours for the nodes of one half; False where A and B part."""
    graph = state.graph
    if not len(half):
        return True
    total = sums(state, bool(graph.kind[half[0]] == ROW))[half]
    if state.mask is not None:
        total &= np.uint64(state.mask)
    old = dense(state.colour[half])
    new = dense(old * (len(half) + 1) + dense(total.view(np.int64)))
    made = int(new.max()) + 1
    state.count += made - (int(old.max()) + 1)
    state.rounds += 1
    if made == int(old.max()) + 1:
        return True
    state.colour = state.colour.copy()
    # The other half keeps its colours; those of this half lie above them.
    state.colour[half] = new + int(state.colour.max()) + 1
    off = imbalance(new, int(np.searchsorted(half, graph.split)))
    if off is not None:
        state.odd = int(state.colour[half[0]] - new[0]) + off
    return off is None


def sums(state: Colouring, of_rows: bool) -> np.ndarray:
    """The sum over the edges of each node of (label, neighbour's colour), mixed: (nodes,)."""
    graph = state.graph
    key = mixed(state.colour, 3)
    out = np.zeros(graph.num_nodes, dtype=np.uint64)
    to, of = (graph.row, graph.term) if of_rows else (graph.term, graph.row)
    _add(out, to, state._edge, key, of)
    _add(out, graph.source, state._other, key, graph.target)
    return out


def _add(out: np.ndarray, to: np.ndarray, label: np.ndarray, key: np.ndarray, of: np.ndarray) -> None:
    for cut in _slices(len(to)):
        part = key[of[cut]]
        part *= label[cut]
        part ^= part >> _HALF
        part *= _MIX
        np.add.at(out, to[cut], part)
