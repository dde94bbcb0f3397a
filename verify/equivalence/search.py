"""The search for a match where colours leave some open: component by component, individualise and refine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.equivalence.components import Residue, residue
from verify.equivalence.graph import Graph, dense
from verify.equivalence.tree import find
from verify.equivalence.worklist import Budget, Odd, Partition, all_edges, network


@dataclass(frozen=True)
class NoMatch:
    """Why no match respects the colours."""

    text: str
    node: int | None = None
    count_a: int = 0
    count_b: int = 0


def stabilise(graph: Graph, colour: np.ndarray, before: np.ndarray | None, budget: Budget) -> np.ndarray | Odd:
    """Refine exactly to the end, from colours that are stable towards the colours `before` (all seeds without them)."""
    source, target, label = all_edges(graph)
    colour = dense(colour)
    part = Partition.of(network(source, target, label, graph.num_nodes, graph.split), colour, budget)
    seeds = range(int(colour.max(initial=-1)) + 1) if before is None else _fragments(colour, before)
    if not part.refine(seeds):
        assert part.odd is not None
        return part.odd
    return dense(np.array(part.cell, dtype=np.int64))


def _fragments(colour: np.ndarray, before: np.ndarray) -> list[int]:
    """The colours that a split made, without the largest of each split."""
    size = np.bincount(colour)
    parent = np.empty(len(size), dtype=np.int64)
    parent[colour] = dense(before)
    order = np.lexsort((-size, parent))
    first = np.ones(len(order), dtype=bool)
    first[1:] = parent[order][1:] != parent[order][:-1]
    return order[~first].tolist()


def match_open(graph: Graph, colour: np.ndarray, budget: Budget) -> np.ndarray | NoMatch:
    """A map (split,) of A's nodes to B's that respects colours and the edges of the open part, or why there is none."""
    colour = dense(colour)
    left = residue(graph, colour)
    image = np.full(graph.split, -1, dtype=np.int64)
    size = np.bincount(colour)
    home = np.empty(len(size), dtype=np.int64)
    home[colour[graph.split :]] = np.arange(graph.split, graph.num_nodes)
    single = size[colour[: graph.split]] == 2
    image[single] = home[colour[: graph.split][single]]
    many = np.bincount(left.component, minlength=len(left.nodes))[left.component] > 1
    lonely = left.nodes[~many]
    for_a, for_b = lonely[lonely < graph.split], lonely[lonely >= graph.split]
    if not np.array_equal(np.sort(colour[for_a]), np.sort(colour[for_b])):
        return NoMatch("columns or rows that no edge ties to others: A and B have other numbers of some sort")
    image[for_a[np.argsort(colour[for_a])]] = for_b[np.argsort(colour[for_b])]
    found = _match_components(graph, left, many, image, budget)
    return image if found is None else found


def _match_components(
    graph: Graph, left: Residue, many: np.ndarray, image: np.ndarray, budget: Budget
) -> NoMatch | None:
    """Match components with the same colours, each with the first that fits; fills `image`."""
    at = np.flatnonzero(many)
    if not len(at):
        return None
    order = at[np.lexsort((left.colour[at], left.component[at]))]
    cuts = np.flatnonzero(np.diff(left.component[order])) + 1
    edges = np.argsort(left.component[left.source], kind="stable")
    edge_cuts = np.flatnonzero(np.diff(left.component[left.source[edges]])) + 1
    classes: dict[bytes, tuple[list[_Component], list[_Component]]] = {}
    for nodes, own in zip(np.split(order, cuts), np.split(edges, edge_cuts)):
        second = int(left.nodes[nodes[0]] >= graph.split)
        classes.setdefault(left.colour[nodes].tobytes(), ([], []))[second].append(_Component(nodes, own))
    local = np.empty(len(left.nodes), dtype=np.int64)
    for of_a, of_b in classes.values():
        if len(of_a) != len(of_b):
            some = (of_a or of_b)[0]
            return NoMatch(
                f"parts of {len(some.nodes)} columns and rows that hang together", int(left.nodes[some.nodes[0]]),
                len(of_a), len(of_b),
            )  # fmt: skip
        for one in of_a:
            for k, two in enumerate(of_b):
                found = _match_two(left, one, two, local, budget)
                if found is not None:
                    image[left.nodes[one.nodes[found[0]]]] = left.nodes[two.nodes[found[1]]]
                    del of_b[k]
                    break
            else:
                return NoMatch(
                    f"parts like one of {len(one.nodes)} columns and rows that hang together (every branch of the "
                    "search tree is closed)", int(left.nodes[one.nodes[0]]), 1, 0,
                )  # fmt: skip
    return None


@dataclass(frozen=True, eq=False)
class _Component:
    nodes: np.ndarray
    edges: np.ndarray


def _match_two(
    left: Residue, one: _Component, two: _Component, local: np.ndarray, budget: Budget
) -> tuple[np.ndarray, np.ndarray] | None:
    """Places in `one` and in `two` that correspond, or None."""
    k = len(one.nodes)
    local[one.nodes], local[two.nodes] = np.arange(k), k + np.arange(k)
    edges = np.concatenate([one.edges, two.edges])
    net = network(local[left.source[edges]], local[left.target[edges]], left.label[edges], 2 * k, k)
    colour = dense(left.colour[np.concatenate([one.nodes, two.nodes])])
    found = find(net, colour, budget)
    if found is None:
        return None
    keys = np.fromiter(found.keys(), dtype=np.int64, count=k)
    return keys, np.fromiter(found.values(), dtype=np.int64, count=k) - k
