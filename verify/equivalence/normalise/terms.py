"""The parts of a model that a matrix does not hold, as labelled nodes: products, trees, sets, global constraints."""

from __future__ import annotations

from itertools import pairwise
from typing import assert_never

import numpy as np

from solvers.model import AllDifferent, Circuit, Global, Model, NoOverlap, Quadratic, Sos
from solvers.template import TAffine, TBinary, TChoice, TConst, Template, TGather, TReduce, TUnary
from verify.equivalence.form import Extras, Label
from verify.equivalence.numbers import Numbers

Entry = tuple[int, int, float]
"""Row (or objective level), term, coefficient."""


def quadratic_entries(extras: Extras, part: Quadratic) -> list[Entry]:
    """One entry a product, in the row it belongs to (0 for an objective)."""
    rows = part.row.tolist() if part.row is not None else [0] * len(part.i)
    found: list[Entry] = []
    for r, i, j, coef in zip(rows, part.i.tolist(), part.j.tolist(), part.coef.tolist()):
        if coef != 0:
            children: list[tuple[int, Label]] = [(i, ("factor",)), (j, ("factor",))]
            found.append((r, extras.node(("product",), children), coef))
    return found


class Trees:
    """Nonlinear templates row by row; sums and products are flat and without order."""

    def __init__(self, extras: Extras, numbers: Numbers) -> None:
        self.extras, self.numbers = extras, numbers

    def term(self, node: Template, r: int) -> int:
        """The node of row r of a template, marked as one whose value may be no number."""
        at = self.node(node, r)
        self.extras.opaque.add(at)
        return at

    def node(self, node: Template, r: int) -> int:
        """The node of row r of a template."""
        match node:
            case TConst(values):
                return self._leaf(float(np.broadcast_to(values, (max(r + 1, np.size(values)),))[r]), [])
            case TAffine():
                return self.affine(node, r)
            case TUnary(func, arg):
                return self.extras.node((func,), [(self.node(arg, r), ("of",))])
            case TBinary(("+" | "*") as func, _, _):
                return self.extras.node((func,), [(self.node(part, at), ("of",)) for part, at in _flat(func, node, r)])
            case TBinary(func, left, right):
                children: list[tuple[int, Label]] = [(self.node(left, r), ("left",)), (self.node(right, r), ("right",))]
                return self.extras.node((func,), children)
            case TReduce("sum", _, _, _):
                return self.extras.node(("+",), [(self.node(part, at), ("of",)) for part, at in _flat("+", node, r)])
            case TReduce(func, arg, _, start):
                inner = range(int(start[r]), int(start[r + 1]))
                return self.extras.node((func,), [(self.node(arg, k), ("of",)) for k in inner])
            case TGather(arg, index):
                return self.node(arg, int(index[r]))
            case TChoice(parts, which, where):
                return self.node(parts[int(which[r])], int(where[r]))
            case _:
                assert_never(node)

    def affine(self, node: TAffine, r: int) -> int:
        """The node of a linear expression: its constant in the label, its coefficients on the edges."""
        cut = slice(int(node.start[r]), int(node.start[r + 1]))
        return self._leaf(float(node.constant[r]), list(zip(node.cols[cut].tolist(), node.coefs[cut].tolist())))

    def _leaf(self, constant: float, entries: list[tuple[int, float]]) -> int:
        total: dict[int, int] = {}
        codes = self.numbers.codes(np.array([constant, *(coef for _, coef in entries)]))
        for (column, _), code in zip(entries, codes[1:].tolist()):
            old = total.get(column)
            total[column] = code if old is None else self.numbers.code(
                self.numbers.value(old) + self.numbers.value(code))  # fmt: skip
        children: list[tuple[int, Label]] = [(j, ("coefficient", code)) for j, code in total.items() if code]
        return self.extras.node(("affine", int(codes[0])), children)


def _flat(func: str, node: Template, r: int) -> list[tuple[Template, int]]:
    """The parts of nested sums or products."""
    match node:
        case TBinary(own, left, right) if own == func:
            return _flat(func, left, r) + _flat(func, right, r)
        case TReduce("sum", arg, _, start) if func == "+":
            return [part for k in range(int(start[r]), int(start[r + 1])) for part in _flat(func, arg, k)]
        case TGather(arg, index):
            return _flat(func, arg, int(index[r]))
        case TChoice(parts, which, where):
            return _flat(func, parts[int(which[r])], int(where[r]))
        case _:
            return [(node, r)]


def add_sets(extras: Extras, model: Model) -> None:
    """Special ordered sets that ask for something."""
    for item in model.sos:
        if len(item.columns) > item.kind:
            _add_sos(extras, item)


def _add_sos(extras: Extras, item: Sos) -> None:
    columns = item.columns[np.argsort(item.weights, kind="stable")].tolist()
    if item.kind == 1:
        extras.root(("sos", 1), [(j, ("member",)) for j in columns])
        return
    # Neighbours are linked both ways: a set read backwards is the same set.
    places = [extras.node(("place",), [(j, ("member",))], shared=False) for j in columns]
    for one, two in pairwise(places):
        extras.edges += [(one, two, ("next",)), (two, one, ("next",))]
    extras.root(("sos", item.kind), [(place, ("member",)) for place in places])


def add_globals(extras: Extras, numbers: Numbers, items: tuple[Global, ...]) -> None:
    """Global constraints, each a node of its own."""
    trees = Trees(extras, numbers)
    for item in items:
        match item:
            case NoOverlap(start, duration):
                ends = [(trees.affine(start, k), trees.affine(duration, k)) for k in range(len(start.constant))]
                spans = [extras.node(("interval",), [(s, ("start",)), (d, ("duration",))]) for s, d in ends]
                extras.root(("no_overlap",), [(span, ("of",)) for span in spans])
            case AllDifferent(values):
                inner = [trees.affine(values, k) for k in range(len(values.constant))]
                extras.root(("alldifferent",), [(at, ("of",)) for at in inner])
            case Circuit(nodes, tail, head, columns):
                places = [extras.node(("node",), [], shared=False) for _ in range(nodes)]
                arcs = [
                    extras.node(("arc",), [(places[t], ("tail",)), (places[h], ("head",)), (j, ("chosen",))])
                    for t, h, j in zip(tail.tolist(), head.tolist(), columns.tolist())
                ]
                members: list[tuple[int, Label]] = [(at, ("arc",)) for at in arcs] + [(at, ("node",)) for at in places]
                extras.root(("circuit",), members)
            case _:
                assert_never(item)
