"""Whether a map of nodes keeps every label and every edge: the last word on a match."""

from __future__ import annotations

import numpy as np

from verify.equivalence.graph import Graph, dense


def image_of(graph: Graph, colour: np.ndarray) -> np.ndarray:
    """The node of B for each node of A (split,), where each colour has one node of each."""
    colour = dense(colour)
    home = np.empty(int(colour.max(initial=-1)) + 1, dtype=np.int64)
    home[colour[graph.split :]] = np.arange(graph.split, graph.num_nodes)
    return home[colour[: graph.split]]


def holds(graph: Graph, image: np.ndarray) -> bool:
    """Exact: `image` is one to one onto B, nodes keep their labels, edges theirs. Work near linear in edges."""
    split = graph.split
    if 2 * split != graph.num_nodes:
        return False
    if not np.array_equal(np.sort(image), np.arange(split, graph.num_nodes)):
        return False
    if not np.array_equal(graph.colour[:split], graph.colour[image]):
        return False
    cut, other = int(np.count_nonzero(graph.row < split)), int(np.count_nonzero(graph.source < split))
    return _same(graph.row, graph.term, graph.code, cut, image, split) and _same(
        graph.source, graph.target, graph.label, other, image, split
    )


def _same(u: np.ndarray, v: np.ndarray, label: np.ndarray, cut: int, image: np.ndarray, split: int) -> bool:
    if 2 * cut != len(u):
        return False
    key_a, label_a = _ordered((image[u[:cut]] - split) * split + (image[v[:cut]] - split), label[:cut])
    key_b, label_b = _ordered((u[cut:].astype(np.int64) - split) * split + (v[cut:] - split), label[cut:])
    if not np.array_equal(key_a, key_b):
        return False
    if np.array_equal(label_a, label_b):
        return True
    # Several edges between the same nodes: their labels as multisets.
    order_a, order_b = np.lexsort((label_a, key_a)), np.lexsort((label_b, key_b))
    return bool(np.array_equal(label_a[order_a], label_b[order_b]))


def _ordered(key: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(key)
    return key[order], label[order]
