"""What tells two structures apart, in words; checked on labels and interned colours, not on hashes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model
from verify.equivalence.form import Form
from verify.equivalence.graph import COLUMN, ROW, Graph
from verify.equivalence.numbers import INFINITE
from verify.equivalence.outcome import Invariant
from verify.equivalence.search import NoMatch
from verify.equivalence.worklist import Odd

_KINDS = {
    CONTINUOUS: "continuous", INTEGER: "integer", SEMICONTINUOUS: "semicontinuous", SEMIINTEGER: "semi-integer",
}  # fmt: skip
_MOST = 6


@dataclass(frozen=True, eq=False)
class Pair:
    """The two models, their forms and their graph, for words about nodes."""

    models: tuple[Model, Model]
    forms: tuple[Form, Form]
    graph: Graph

    def row_words(self, node: int) -> str:
        """`c3: 2 x[1] + 3 y <= 5`, in normal form."""
        second = int(node >= self.graph.split)
        form, model = self.forms[second], self.models[second]
        place = int(self.graph.place[node])
        origin = place if place >= 0 else -1 - place
        i = int(np.searchsorted(form.origin, origin))
        parts = []
        for j, code in form.row(i).items():
            name = model.column_label(j) if j < model.num_columns else "term"
            size = "" if abs(code) == 1 else form.numbers.text(abs(code)) + " "
            parts.append(f"{'-' if code < 0 else '+'} {size}{name}")
        shown = " ".join(parts[:_MOST]).removeprefix("+ ")
        shown += f" + ... ({len(parts)} terms)" if len(parts) > _MOST else ""
        sides = int(form.row_lower[i]), int(form.row_upper[i])
        return f"{model.row_label(origin)}: {_within(form, shown or '0', *sides)}"

    def column_words(self, node: int) -> str:
        """`x[1]: integer, 0 <= x[1] <= 5, cost 3`."""
        second = int(node >= self.graph.split)
        form, model, j = self.forms[second], self.models[second], int(self.graph.place[node])
        name = model.column_label(j)
        costs = ", then ".join(form.numbers.text(int(c)) for c in form.costs[:, j])
        kind = _KINDS[int(form.kinds[j])]
        return f"{name}: {kind}, {_within(form, name, int(form.lower[j]), int(form.upper[j]))}, cost {costs}"

    def words(self, node: int) -> str:
        """A node for people."""
        if self.graph.kind[node] == ROW:
            return self.row_words(node)
        if self.graph.kind[node] == COLUMN:
            return self.column_words(node)
        second = int(node >= self.graph.split)
        form = self.forms[second]
        return f"a part of sort {form.extras.labels[int(self.graph.place[node]) - form.num_columns][0]!r}"


def _within(form: Form, what: str, lower: int, upper: int) -> str:
    if lower == upper and abs(lower) != INFINITE:
        return f"{what} = {form.numbers.text(lower)}"
    text = what
    if lower != -INFINITE:
        text = f"{form.numbers.text(lower)} <= {text}"
    return f"{text} <= {form.numbers.text(upper)}" if upper != INFINITE else text


_NOUN = {COLUMN: "columns", ROW: "rows"}


def of_labels(pair: Pair, colour: np.ndarray, odd: int) -> Invariant:
    """The nodes of one label, of which the two models have a different number."""
    graph = pair.graph
    nodes = np.flatnonzero(colour == odd)
    a, b = int(np.count_nonzero(nodes < graph.split)), int(np.count_nonzero(nodes >= graph.split))
    noun = _NOUN.get(int(graph.kind[nodes[0]]), "parts")
    what = _kind_of(pair, int(nodes[0]))
    return Invariant(f"{noun} {what}: A has {a}, B has {b} (such as {pair.words(int(nodes[0]))})", a, b)


def _kind_of(pair: Pair, node: int) -> str:
    """What the label of a node says, without names."""
    second = int(node >= pair.graph.split)
    form, place = pair.forms[second], int(pair.graph.place[node])
    if pair.graph.kind[node] == COLUMN:
        costs = ", then ".join(form.numbers.text(int(c)) for c in form.costs[:, place])
        bounds = _within(form, "x", int(form.lower[place]), int(form.upper[place]))
        return f"that are {_KINDS[int(form.kinds[place])]} with {bounds} and cost {costs}"
    if pair.graph.kind[node] == ROW:
        i = int(np.searchsorted(form.origin, place if place >= 0 else -1 - place))
        sides = _within(form, "row", int(form.row_lower[i]), int(form.row_upper[i]))
        return f"with sides {sides}" + (" under an indicator" if form.switch[i] >= 0 else "")
    return f"of sort {form.extras.labels[place - form.num_columns][0]!r}"


def of_split(pair: Pair, before: np.ndarray, after: np.ndarray, odd: int) -> Invariant | None:
    """Nodes alike before a round whose neighbourhoods are not: exact multisets of (label, colour), counted.

    None where the multisets do not bear out the imbalance, which no hash can bring about.
    """
    graph = pair.graph
    nodes = np.flatnonzero(after == odd)
    old = int(before[nodes[0]])
    alike = np.flatnonzero(before == old)
    found = signatures(graph, before, alike)
    counts = (Counter(found[v] for v in alike.tolist() if v < graph.split),
              Counter(found[v] for v in alike.tolist() if v >= graph.split))  # fmt: skip
    for key in counts[0].keys() | counts[1].keys():
        a, b = counts[0][key], counts[1][key]
        if a != b:
            node = next(v for v in alike.tolist() if found[v] == key)
            noun = _NOUN.get(int(graph.kind[node]), "parts")
            text = (
                f"{noun} like {pair.words(node)}, with neighbours of the same sorts: A has {a}, B has {b} "
                f"of the {int(np.count_nonzero(alike < graph.split))} that look alike until then"
            )
            return Invariant(text, a, b)
    return None


def signatures(graph: Graph, colour: np.ndarray, nodes: np.ndarray) -> dict[int, tuple[Any, ...]]:
    """The exact sorted multiset of (edge label, neighbour's colour) of each node."""
    wanted = np.zeros(graph.num_nodes, dtype=bool)
    wanted[nodes] = True
    found: dict[int, list[tuple[int, int, int]]] = {int(v): [] for v in nodes}
    ways = (
        (graph.row, graph.term, graph.code, 0), (graph.term, graph.row, graph.code, 0),
        (graph.source, graph.target, graph.label, 1),
    )  # fmt: skip
    for u, v, label, sort in ways:
        cut = np.flatnonzero(wanted[u])
        for at, what, near in zip(u[cut].tolist(), label[cut].tolist(), colour[v[cut]].tolist()):
            found[at].append((sort, what, near))
    return {at: tuple(sorted(entries)) for at, entries in found.items()}


def of_odd(pair: Pair, odd: Odd) -> Invariant:
    """Nodes that exact refinement told apart from others that were alike, in other numbers."""
    node = odd.nodes[0]
    noun = _NOUN.get(int(pair.graph.kind[node]), "parts")
    such = f"{noun} like {pair.words(node)}, with neighbours of the same sorts"
    return Invariant(f"{such}: A has {odd.count_a}, B has {odd.count_b}", odd.count_a, odd.count_b)


def of_search(pair: Pair, found: NoMatch) -> Invariant:
    """What the search of components found."""
    such = f" (around {pair.words(found.node)})" if found.node is not None else ""
    counts = f": A has {found.count_a}, B has {found.count_b}" if found.count_a or found.count_b else ""
    return Invariant(found.text + counts + such, found.count_a, found.count_b)
