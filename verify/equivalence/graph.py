"""Two normal forms as one coloured graph: columns, terms and rows are nodes, coefficients are labels of edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.equivalence.form import Form, Label
from verify.equivalence.numbers import INFINITE

COLUMN, TERM, ROW = 0, 1, 2
_OPPOSITE: Label = ("opposite",)


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes 0..split-1 are A's, the rest B's. Equal `colour` means equal label; matching respects it.

    `row`, `term`, `code` (e,) are the entries of rows; `source`, `target`, `label` (f,) directed edges of other parts,
    each with its way back. `kind` (nodes,) is COLUMN, TERM or ROW; `place` (nodes,) the position in the original model
    (of a term: its number in the form; of a copy of a row: -1 - position). `labels` tells what edge labels stand for.
    """

    split: int
    kind: np.ndarray
    place: np.ndarray
    colour: np.ndarray
    row: np.ndarray
    term: np.ndarray
    code: np.ndarray
    source: np.ndarray
    target: np.ndarray
    label: np.ndarray
    labels: dict[Label, int]

    @property
    def num_nodes(self) -> int:
        return len(self.kind)


def joint_graph(a: Form, b: Form) -> Graph:
    """The graph of both forms, which share their numbers and have as many objective levels."""
    labels: dict[Label, int] = {}
    one, two = vars(_part(a, 0, labels)), vars(_part(b, 0, labels))
    split = len(one["kind"])
    colour = _intern(
        np.concatenate([one["kind"], two["kind"]]), np.concatenate([one.pop("marks"), two.pop("marks")], axis=1)
    )
    # One field at a time: the halves of each are let go before the next is made.
    fields = {}
    for name in _FIELDS:
        if name in _NODES:
            two[name] += split
        fields[name] = np.concatenate([one.pop(name), two.pop(name)])
    return Graph(
        split, fields["kind"], fields["place"], colour, fields["row"], fields["term"], fields["code"], fields["source"],
        fields["target"], fields["label"], labels,
    )  # fmt: skip


_FIELDS = ("kind", "place", "row", "term", "code", "source", "target", "label")
_NODES = ("row", "term", "source", "target")


@dataclass(frozen=True, eq=False)
class _Part:
    kind: np.ndarray
    place: np.ndarray
    marks: np.ndarray
    row: np.ndarray
    term: np.ndarray
    code: np.ndarray
    source: np.ndarray
    target: np.ndarray
    label: np.ndarray


def direction(form: Form) -> np.ndarray:
    """The sign (m,) that each row is taken with: -1, 1, or 0 where nothing that renaming keeps tells them apart.

    One-sided rows are upper ones; else the larger side is the upper one, else most coefficients are positive, else
    their sum (modulo 2**64, an odd function all the same) is.
    """
    lower, upper = form.row_lower, form.row_upper
    sign = np.where(form.numbers.less(-lower, upper), 1, np.where(form.numbers.less(upper, -lower), -1, 0))
    sign = np.where((lower == -INFINITE) & (upper < INFINITE), 1, sign)
    sign = np.where((upper == INFINITE) & (lower > -INFINITE), -1, sign)
    lengths = np.diff(form.start)
    even = np.flatnonzero((sign == 0) & (lengths > 0))
    if len(even):
        full = np.flatnonzero(lengths)
        at = np.searchsorted(full, even)
        more = np.add.reduceat(np.sign(form.value), form.start[full])[at]
        total = np.add.reduceat(form.value, form.start[full])[at]
        total[total == np.iinfo(np.int64).min] = 0
        sign[even] = np.where(more != 0, np.sign(more), np.sign(total))
    return sign


def _part(form: Form, base: int, labels: dict[Label, int]) -> _Part:
    n, x = form.num_columns, len(form.extras.labels)
    alive = np.flatnonzero(form.alive)
    node = np.full(n + x, -1, dtype=np.int64)
    node[alive] = np.arange(len(alive))
    node[n:] = len(alive) + np.arange(x)
    first = len(alive) + x
    sign = direction(form)
    lengths = np.diff(form.start)
    twin = np.flatnonzero(sign == 0)
    taken = np.where(sign == 0, 1, sign)
    row = np.repeat(np.arange(first, first + form.num_rows, dtype=np.int32), lengths)
    term = node[form.index].astype(np.int32)
    code = form.value if np.all(taken == 1) else form.value * np.repeat(taken, lengths)
    if len(twin):
        copied = np.repeat(sign == 0, lengths)
        again = np.repeat(np.arange(len(twin), dtype=np.int32) + np.int32(first + form.num_rows), lengths[twin])
        row, term = np.concatenate([row, again]), np.concatenate([term, term[copied]])
        code = np.concatenate([code, -code[copied]])
    kind = np.repeat(np.array([COLUMN, TERM, ROW]), [len(alive), x, form.num_rows + len(twin)])
    place = np.concatenate([alive, np.arange(n, n + x), form.origin, -1 - form.origin[twin]])
    source, target, label = _other_edges(form, node, first, twin, labels)
    return _Part(kind, place, _marks(form, alive, taken, twin, labels), row, term, code, source, target, label)


def _marks(form: Form, alive: np.ndarray, taken: np.ndarray, twin: np.ndarray, labels: dict[Label, int]) -> np.ndarray:
    """What tells nodes apart by themselves: (marks, nodes)."""
    n, x, levels = form.num_columns, len(form.extras.labels), len(form.costs)
    lower = np.where(taken > 0, form.row_lower, -form.row_upper)
    upper = np.where(taken > 0, form.row_upper, -form.row_lower)
    count = len(alive) + x + form.num_rows + len(twin)
    marks = np.zeros((3 + levels, count), dtype=np.int64)
    cut = slice(0, len(alive))
    marks[0, cut], marks[1, cut], marks[2, cut] = form.kinds[alive], form.lower[alive], form.upper[alive]
    marks[0, len(alive) : len(alive) + x] = [_intern_label(labels, what) for what in form.extras.labels]
    rows = np.concatenate([np.arange(form.num_rows), twin])
    at = len(alive) + x
    # A row under an indicator is marked; copies have the sides of their row, which are symmetric.
    marks[0, at:] = np.where(form.switch[rows] >= 0, 1 + (form.active[rows] != 0), 0)
    marks[1, at:], marks[2, at:] = lower[rows], upper[rows]
    for k in range(levels):
        marks[3 + k, : len(alive)] = form.costs[k, alive]
        marks[3 + k, len(alive) : at] = form.costs[k, n:]
    return marks


def _intern_label(labels: dict[Label, int], label: Label) -> int:
    return labels.setdefault(label, len(labels))


def _other_edges(
    form: Form, node: np.ndarray, first: int, twin: np.ndarray, labels: dict[Label, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found: list[tuple[int, int, Label]] = [
        (int(node[u]), int(node[v]), label) for u, v, label in form.extras.edges
    ]  # fmt: skip
    for k in np.flatnonzero(form.switch >= 0).tolist():
        found.append((first + k, int(node[form.switch[k]]), ("indicator",)))
    for k, i in enumerate(twin.tolist()):
        found.append((first + i, first + form.num_rows + k, _OPPOSITE))
    place = {int(i): first + form.num_rows + k for k, i in enumerate(twin)}
    for k in np.flatnonzero(form.switch >= 0).tolist():
        if k in place:
            found.append((place[k], int(node[form.switch[k]]), ("indicator",)))
    ways = [_intern_label(labels, what if what == _OPPOSITE else ("down", *what)) for _, _, what in found]
    back = [_intern_label(labels, what if what == _OPPOSITE else ("up", *what)) for _, _, what in found]
    one, two = [u for u, _, _ in found], [v for _, v, _ in found]
    return (
        np.array(one + two, dtype=np.int32), np.array(two + one, dtype=np.int32), np.array(ways + back, dtype=np.int64)
    )  # fmt: skip


def _intern(kind: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Equal columns of (kind, marks) as equal small integers (nodes,)."""
    out = dense(kind)
    for mark in marks:
        out = dense(out * (len(out) + 1) + dense(mark))
    return out


def dense(values: np.ndarray) -> np.ndarray:
    """The rank of each value among the distinct ones (k,)."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(values)
    ranked = values[order]
    step = np.empty(len(values), dtype=np.int64)
    step[0] = 0
    np.cumsum(ranked[1:] != ranked[:-1], out=step[1:])
    out = np.empty(len(values), dtype=np.int64)
    out[order] = step
    return out
