"""A model in normal form, in exact numbers: what is compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from verify.equivalence.numbers import Numbers
from verify.equivalence.outcome import Step

Label = tuple[Any, ...]


class RefusedError(Exception):
    """A model that has no normal form: not a number, or a part that is not represented; the message names it."""


@dataclass
class Extras:
    """Nodes beside columns and rows: products, nonlinear terms, special ordered sets, global constraints.

    Node k is number n + k where the model has n columns; equal terms are one node. `edges` holds (node, node, label).
    `opaque` marks nodes whose value may be no number, `roots` those that hold by themselves (sets, constraints).
    """

    columns: int
    labels: list[Label] = field(default_factory=list)
    edges: list[tuple[int, int, Label]] = field(default_factory=list)
    opaque: set[int] = field(default_factory=set)
    roots: set[int] = field(default_factory=set)
    _known: dict[Any, int] = field(default_factory=dict)

    def node(self, label: Label, children: list[tuple[int, Label]], *, shared: bool = True) -> int:
        """The node of a label over children, the old one where it is known; a child met twice counts twice."""
        counted: dict[tuple[int, Label], int] = {}
        for child in children:
            counted[child] = counted.get(child, 0) + 1
        merged = [(at, (*what, times) if times > 1 else what) for (at, what), times in counted.items()]
        key = (label, tuple(sorted(merged, key=repr)))
        if shared and key in self._known:
            return self._known[key]
        at = self.columns + len(self.labels)
        if shared:
            self._known[key] = at
        self.labels.append(label)
        self.edges += [(at, child, what) for child, what in merged]
        return at

    def root(self, label: Label, children: list[tuple[int, Label]]) -> int:
        """A node that holds by itself, one for each call."""
        at = self.node(label, children, shared=False)
        self.roots.add(at)
        return at

    def without_idle(self, used: set[int]) -> tuple[Extras, np.ndarray]:
        """The nodes that roots or `used` terms lead to, and the new number (n + x,) of each term (-1: gone)."""
        children: dict[int, list[int]] = {}
        for parent, child, _ in self.edges:
            children.setdefault(parent, []).append(child)
        reached: set[int] = set()
        stack = [at for at in used | self.roots if at >= self.columns]
        while stack:
            at = stack.pop()
            if at not in reached:
                reached.add(at)
                stack += [child for child in children.get(at, ()) if child >= self.columns]
        place = np.full(self.columns + len(self.labels), -1, dtype=np.int64)
        place[: self.columns] = np.arange(self.columns)
        kept = sorted(reached)
        place[kept] = self.columns + np.arange(len(kept))
        edges = [(int(place[u]), int(place[v]), label) for u, v, label in self.edges if u in reached]
        labels = [self.labels[at - self.columns] for at in kept]
        return Extras(self.columns, labels, edges, {int(place[at]) for at in self.opaque & reached}), place


@dataclass(frozen=True, eq=False)
class Form:
    """Minimise costs over rows and bounds, all numbers as codes of `numbers`.

    Shapes: n columns, x extra nodes, m rows left. Columns 0..n-1 keep their places; `alive` (n,) marks those left.
    Rows are a CSR matrix over n + x terms with primitive integer coefficients; `origin` (m,) holds their positions in
    the model. `switch` (m,) is the indicator's column or -1 and `active` (m,) its value. `costs` (levels, n + x).
    """

    numbers: Numbers
    alive: np.ndarray
    kinds: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    costs: np.ndarray
    offsets: np.ndarray
    start: np.ndarray
    index: np.ndarray
    value: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    origin: np.ndarray
    switch: np.ndarray
    active: np.ndarray
    extras: Extras
    log: tuple[Step, ...]
    infeasible: str = ""

    @property
    def num_columns(self) -> int:
        return len(self.kinds)

    @property
    def num_rows(self) -> int:
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        return len(self.index)

    def row(self, i: int) -> dict[int, int]:
        """The entries of row i of the form: term to code."""
        cut = slice(int(self.start[i]), int(self.start[i + 1]))
        return dict(zip(self.index[cut].tolist(), self.value[cut].tolist()))
