"""What refinement leaves open, cut into components: nodes of equal colour and the edges that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.equivalence.graph import Graph, dense
from verify.equivalence.worklist import all_edges


@dataclass(frozen=True, eq=False)
class Residue:
    """The open part: edges between nodes of open colours, without those that join all of two colours alike.

    `nodes` are the open ones, `component` (nodes,) numbers theirs; edges `source`, `target` count among `nodes`.
    """

    nodes: np.ndarray
    colour: np.ndarray
    component: np.ndarray
    source: np.ndarray
    target: np.ndarray
    label: np.ndarray


def residue(graph: Graph, colour: np.ndarray) -> Residue:
    """The open part of a colouring (dense colours). An edge between all nodes of two colours decides nothing."""
    size = np.bincount(colour)
    open_node = size[colour] > 2
    nodes = np.flatnonzero(open_node)
    place = np.full(graph.num_nodes, -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    source, target, label = all_edges(graph)
    kept = open_node[source] & open_node[target]
    source, target, label = source[kept], target[kept], label[kept]
    one, two = colour[source], colour[target]
    sort = dense(dense(one * len(size) + two) * (len(label) + 1) + dense(label))
    # A and B have `size / 2` nodes of a colour each, so 2 * (size / 2)**2 edges join all of two colours.
    most = size[one] * size[two] // 2 - np.where(one == two, size[one], 0)
    telling = np.bincount(sort)[sort] < most if len(sort) else np.zeros(0, dtype=bool)
    source, target, label = place[source[telling]], place[target[telling]], label[telling]
    return Residue(nodes, colour[nodes], components(len(nodes), source, target), source, target, label)


def components(count: int, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The least node of the component of each node (count,), given edges both ways (hooking and jumping)."""
    root = np.arange(count)
    while True:
        new = root.copy()
        np.minimum.at(new, root[u], root[v])
        while True:
            jumped = new[new]
            if np.array_equal(jumped, new):
                break
            new = jumped
        if np.array_equal(new, root):
            return root
        root = new


def symmetric_decomposable(graph: Graph, colour: np.ndarray) -> bool:
    """ORGEval's condition on A: without single colours, no component holds a colour twice."""
    size = np.bincount(colour)
    own = colour[: graph.split]
    open_node = size[own] > 2
    source, target, _ = all_edges(graph)
    kept = (source < graph.split) & (target < graph.split)
    source, target = source[kept], target[kept]
    kept = open_node[source] & open_node[target]
    found = components(graph.split, source[kept], target[kept])
    pairs = found[open_node] * (int(colour.max(initial=0)) + 1) + own[open_node]
    return len(pairs) == 0 or int(dense(pairs).max()) + 1 == len(pairs)
