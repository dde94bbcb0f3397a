"""Canonical labellers that are asked where the own search is at its end: bliss (through igraph) or nauty (pynauty).

Both are under the GPL and optional; neither can be interrupted. What they say is verified like any other match.
"""

from __future__ import annotations

from typing import Literal, assert_never

import numpy as np

from solvers.errors import SolverMissingError
from verify.equivalence.graph import Graph, dense

Labeller = Literal["bliss", "nauty"]
_REMEDY = {"bliss": "pip install igraph", "nauty": "pip install pynauty"}


def labelled_matches(graph: Graph, labeller: Labeller) -> list[np.ndarray]:
    """Maps (split,) of A's nodes to B's that the two canonical forms give; one is a match if the forms are equal.

    igraph's permutations count places up to 0.x and vertices from 1.0 on, so bliss gives two maps.
    Raises SolverMissingError where the labeller is not installed.
    """
    split = graph.split
    labels = dense(np.concatenate([graph.code, graph.label + (1 << 62)]))
    code, label = labels[: len(graph.code)], labels[len(graph.code) :]
    orders = []
    for second in (False, True):
        rows, others = (graph.row >= split) == second, (graph.source >= split) == second
        base = split if second else 0
        count = graph.num_nodes - split if second else split
        r, f = int(rows.sum()), int(others.sum())
        middle, ends = count + np.arange(r), count + r + np.arange(f)
        # Each entry is a node between row and column; each directed edge one that is tied to its way back.
        pairs = [
            (graph.row[rows] - base, middle), (graph.term[rows] - base, middle), (graph.source[others] - base, ends),
            (ends[: f // 2], ends[f // 2 :]),
        ]  # fmt: skip
        u, v = np.concatenate([p for p, _ in pairs]), np.concatenate([q for _, q in pairs])
        top = int(graph.colour.max(initial=0)) + 1
        colour = np.concatenate([graph.colour[base : base + count], top + code[rows], top + label[others]])
        orders.append(_canonical_order(u, v, colour, labeller))
    if len(orders[0]) != len(orders[1]):
        return []
    images = []
    for one, two in [orders, [_inverse(order) for order in orders]] if labeller == "bliss" else [orders]:
        image = np.empty(len(one), dtype=np.int64)
        image[one] = two
        images.append(image[:split] + split)
    return images


def _inverse(order: np.ndarray) -> np.ndarray:
    out = np.empty_like(order)
    out[order] = np.arange(len(order))
    return out


def _canonical_order(u: np.ndarray, v: np.ndarray, colour: np.ndarray, labeller: Labeller) -> np.ndarray:
    """The vertices in canonical order."""
    n = len(colour)
    try:
        match labeller:
            case "bliss":
                import igraph

                made = igraph.Graph(n=n, edges=np.stack([u, v], axis=1).tolist())
                return np.array(made.canonical_permutation(color=colour.tolist()), dtype=np.int64)
            case "nauty":
                import pynauty

                near: dict[int, list[int]] = {}
                for one, two in zip(u.tolist(), v.tolist()):
                    near.setdefault(one, []).append(two)
                cells: dict[int, set[int]] = {}
                for vertex, c in enumerate(colour.tolist()):
                    cells.setdefault(c, set()).add(vertex)
                parts = [cells[c] for c in sorted(cells)]
                return np.array(pynauty.canon_label(pynauty.Graph(n, adjacency_dict=near, vertex_coloring=parts)))
            case _:
                assert_never(labeller)
    except ImportError:
        raise SolverMissingError(f"the labeller {labeller} is not installed", remedy=_REMEDY[labeller]) from None
