"""Which columns may take multiples of a step only, without loss: difference constraints with data on a grid.

Fix every other column, an order for each no_overlap, and a side for each semicontinuous column. If what remains are
rows `x - y <= w` and bounds `x <= w`, their matrix is the transpose of a network's and totally unimodular
(Hoffman and Kruskal, 1956), so with all w multiples of a step g every face of the polyhedron holds a point of
multiples of g: whatever is feasible, and whatever is optimal, is so at such a point. Rows `x + y <= w` are
differences of x and -y as long as the signs can be chosen without contradiction. The rest of a row, its terms over
other whole-number columns, moves w by whole multiples of their coefficients.

A bound that is missing can be added: at a vertex every x is the length of a path of tight rows from a tight bound,
and a path enters every column at most once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from solvers.exact.rational import common_step, rational
from solvers.model import INTEGER, AllDifferent, Circuit, Model, NoOverlap
from solvers.template import TAffine


class _Broken(Exception):
    """The columns are no system of differences; `args[0]` says why."""


class _Edge(NamedTuple):
    """Rows between one or two columns: signs in the row, the weights that have to lie on the grid, the longest."""

    columns: tuple[int, ...]
    signs: tuple[int, ...]
    weights: tuple[Fraction, ...]
    longest: Fraction


@dataclass
class Steps:
    """For each column concerned, the step of its values and bounds that lose nothing."""

    step: dict[int, Fraction] = field(default_factory=dict)
    low: dict[int, Fraction] = field(default_factory=dict)
    high: dict[int, Fraction] = field(default_factory=dict)


def prove(model: Model, asked: np.ndarray, low: np.ndarray, high: np.ndarray) -> Steps | str:
    """Steps for the columns of the mask `asked` (n,), or why there is no proof.

    `low` and `high` (n,) are bounds that hold at every solution, finite for all other columns, which are whole.
    """
    forest = _Forest()
    edges: list[_Edge] = []
    try:
        for edge in (*_row_edges(model, asked, low, high), *_global_edges(model, asked, low, high)):
            forest.join(model, edge)
            edges.append(edge)
    except _Broken as broken:
        return str(broken.args[0])
    return _steps(model, asked, low, high, forest, edges)


# -- rows --------------------------------------------------------------------------------------------


def _row_edges(model: Model, asked: np.ndarray, low: np.ndarray, high: np.ndarray) -> Iterator[_Edge]:
    matrix = model.matrix
    mine = asked[matrix.index] & (matrix.value != 0.0)
    counts = np.bincount(matrix.row_of()[mine], minlength=model.num_rows)
    if np.any(counts > 2):
        r = int(np.flatnonzero(counts > 2)[0])
        j = int(matrix.row(r)[0][asked[matrix.row(r)[0]]][0])
        raise _Broken(f"{model.column_label(j)} stands in {model.row_label(r)} with {counts[r] - 1} others of its kind")
    for r in np.flatnonzero(counts).tolist():
        columns, values = matrix.row(r)
        inside = [(int(j), rational(float(v))) for j, v in zip(columns, values) if v != 0.0 and asked[j]]
        rest = [(int(j), rational(float(v))) for j, v in zip(columns, values) if v != 0.0 and not asked[j]]
        yield _edge(model, inside, rest, [float(model.row_lower[r]), float(model.row_upper[r])], low, high, r)


def _edge(
    model: Model, inside: list[tuple[int, Fraction]], rest: list[tuple[int, Fraction]], sides: list[float],
    low: np.ndarray, high: np.ndarray, r: int,
) -> _Edge:  # fmt: skip
    scale = abs(inside[0][1])
    if any(abs(value) != scale for _, value in inside):
        raise _Broken(
            f"{model.column_label(inside[0][0])} and {model.column_label(inside[1][0])} have different "
            f"coefficients in {model.row_label(r)}"
        )
    bounds = [rational(side) / scale for side in sides if np.isfinite(side)]
    moved = [(j, value / scale) for j, value in rest]
    reach = sum((abs(value) * _size(j, low, high) for j, value in moved), Fraction(0))
    longest = max((abs(b) for b in bounds), default=Fraction(0)) + reach
    signs = tuple(1 if value > 0 else -1 for _, value in inside)
    return _Edge(tuple(j for j, _ in inside), signs, (*bounds, *(value for _, value in moved)), longest)


def _size(j: int, low: np.ndarray, high: np.ndarray) -> Fraction:
    return Fraction(int(np.ceil(max(abs(low[j]), abs(high[j])))))


# -- structure ---------------------------------------------------------------------------------------


def _global_edges(model: Model, asked: np.ndarray, low: np.ndarray, high: np.ndarray) -> Iterator[_Edge]:
    for item in model.sos:
        _refuse(model, asked, item.columns, item.label)
    for rule in model.globals:
        match rule:
            case AllDifferent(values, label):
                _refuse(model, asked, values.cols, label)
            case Circuit():
                _refuse(model, asked, rule.columns, rule.label)
            case NoOverlap():
                yield from _interval_edges(model, rule, asked, low, high)


def _refuse(model: Model, asked: np.ndarray, columns: np.ndarray, label: str) -> None:
    if np.any(asked[columns]):
        j = int(columns[asked[columns]][0])
        raise _Broken(f"{model.column_label(j)} stands in {label}")


def _interval_edges(
    model: Model, rule: NoOverlap, asked: np.ndarray, low: np.ndarray, high: np.ndarray
) -> Iterator[_Edge]:
    """Whichever order is chosen, start - other start <= -duration: edges from the first start to each other one."""
    _refuse(model, asked, rule.duration.cols, f"the durations of {rule.label}")
    starts: list[tuple[int, int]] = []
    weights: list[Fraction] = []
    longest = Fraction(0)
    for k in range(len(rule.start.constant)):
        spans = Fraction(0)
        for table in (rule.start, rule.duration):
            own, others, constant = _cut(table, k, asked)
            if len(own) > 1 or any(abs(value) != 1 for _, value in own):
                raise _Broken(f"{model.column_label(own[0][0])} is no plain start in {rule.label}")
            starts.extend((j, 1 if value > 0 else -1) for j, value in own)
            weights.extend((constant, *(value for _, value in others)))
            spans += abs(constant) + sum((abs(v) * _size(j, low, high) for j, v in others), Fraction(0))
        longest = max(longest, spans)
    for j, sign in starts[1:] or starts:
        first, lead = starts[0]
        pair, signs = ((first, j), (lead, -sign)) if j != first else ((j,), (sign,))
        yield _Edge(pair, signs, tuple(weights), 2 * longest)
    if len(starts) > 1:
        yield _Edge((starts[0][0],), (starts[0][1],), tuple(weights), 2 * longest)


def _cut(
    table: TAffine, k: int, asked: np.ndarray
) -> tuple[list[tuple[int, Fraction]], list[tuple[int, Fraction]], Fraction]:
    cut = slice(int(table.start[k]), int(table.start[k + 1]))
    entries = [(int(j), rational(float(v))) for j, v in zip(table.cols[cut], table.coefs[cut]) if v != 0.0]
    own = [e for e in entries if asked[e[0]]]
    return own, [e for e in entries if not asked[e[0]]], rational(float(table.constant[k]))


# -- components --------------------------------------------------------------------------------------


class _Forest:
    """Union-find over columns with the sign of each relative to its root."""

    def __init__(self) -> None:
        self.parent: dict[int, tuple[int, int]] = {}

    def root(self, j: int) -> tuple[int, int]:
        """The root of a column, and its sign relative to it."""
        path = []
        sign = 1
        while j in self.parent:
            path.append(j)
            j = self.parent[j][0]
        for k in reversed(path):
            sign *= self.parent[k][1]
            self.parent[k] = (j, sign)
        return j, sign

    def join(self, model: Model, edge: _Edge) -> None:
        """Two columns of one row take opposite signs once those of the second kind are turned round."""
        if len(edge.columns) < 2:
            return
        (a, b), (p, q) = edge.columns, edge.signs
        (ra, sa), (rb, sb) = self.root(a), self.root(b)
        wanted = -p * q * sa * sb
        if ra != rb:
            self.parent[rb] = (ra, wanted)
        elif wanted != 1:
            raise _Broken(f"the rows between {model.column_label(a)} and {model.column_label(b)} are no differences")


def _steps(
    model: Model, asked: np.ndarray, low: np.ndarray, high: np.ndarray, forest: _Forest, edges: list[_Edge]
) -> Steps | str:
    members: dict[int, list[tuple[int, int]]] = {}
    for j in np.flatnonzero(asked).tolist():
        root, sign = forest.root(j)
        members.setdefault(root, []).append((j, sign))
    weights: dict[int, list[Fraction]] = {root: [] for root in members}
    longest: dict[int, Fraction] = {}
    for edge in edges:
        weights[forest.root(edge.columns[0])[0]].extend(edge.weights)
        for j in edge.columns:
            longest[j] = max(longest.get(j, Fraction(0)), edge.longest)
    found = Steps()
    for root, group in members.items():
        declared = [
            rational(float(side)) for j, _ in group for side in (model.col_lower[j], model.col_upper[j])
            if np.isfinite(side)
        ]  # fmt: skip
        step = common_step([*weights[root], *declared]) or Fraction(1)
        whole = [j for j, _ in group if model.kinds[j] == INTEGER]
        if whole and step.denominator != 1:
            return f"{model.column_label(whole[0])} is tied to values that are no whole numbers"
        reach = max(map(abs, declared), default=Fraction(0)) + sum(longest.get(j, Fraction(0)) for j, _ in group)
        reason = _bound_group(model, group, low, high, reach, found)
        if reason:
            return reason
        for j, _ in group:
            found.step[j] = step
    return found


def _bound_group(
    model: Model, group: list[tuple[int, int]], low: np.ndarray, high: np.ndarray, reach: Fraction, found: Steps
) -> str:
    """Bounds for the columns that lack one, from the lengths of paths; or which bound is missing."""
    below = [np.isfinite(low[j] if s > 0 else high[j]) for j, s in group]
    above = [np.isfinite(high[j] if s > 0 else low[j]) for j, s in group]
    if all(below) and all(above):
        return ""
    turn = 1 if model.sense == "min" else -1
    costs = [turn * s * float(model.objective.costs[j]) for j, s in group]
    if all(below) and all(c >= 0 for c in costs):
        missing, sign = above, 1
    elif all(above) and all(c <= 0 for c in costs):
        missing, sign = below, -1
    else:
        k = next(k for k in range(len(group)) if not (below[k] and above[k]))
        j, s = group[k]
        side = "lower" if (s > 0) != below[k] else "upper"
        return f"{model.column_label(j)} has no {side} bound, nor do the rows imply one"
    for (j, s), there in zip(group, missing):
        if not there:
            (found.high if s * sign > 0 else found.low)[j] = s * sign * reach
    return ""
