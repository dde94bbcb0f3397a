"""The decision: are two models the same up to names, order and what the normalisation undoes?"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from solvers.model import Model
from verify.equivalence.outcome import Certificate, Equivalence, Invariant, Options, Step

Colour = tuple[Any, ...]


def equivalent(a: Model, b: Model, *, options: Options = Options()) -> Equivalence:
    """Whether two models are equivalent, with the proof. Never raises for a model that arrays can hold."""
    began = time.perf_counter()
    found = _slow(a, b)
    if found.verdict == "structurally_different":
        from verify.equivalence import diff, witness

        found = witness.seek(a, b, found, options) if options.witness else found
        found = diff.explain(a, b, found, options) if options.diff else found
    return replace(found, seconds=time.perf_counter() - began)


def _slow(a: Model, b: Model) -> Equivalence:
    """A plain backtracking match of linear models, without normalisation."""
    for model in (a, b):
        if model.structure or model.is_quadratic or model.is_nonlinear:
            return Equivalence("undecided", budget=f"parts not represented yet: {model.class_name}")
    edges, colours, split = _graph(a, b)
    match = _match(edges, colours, split)
    if match is None:
        return Equivalence("structurally_different", invariant=Invariant("no match of rows and columns exists"))
    columns = np.array([match[j] - split for j in range(a.num_columns)], dtype=np.int64)
    at = split + b.num_columns
    rows = np.array([match[a.num_columns + i] - at for i in range(a.num_rows)], dtype=np.int64)
    logs = tuple((Step("minimise"),) if model.sense == "max" else () for model in (a, b))
    return Equivalence("equivalent", Certificate(columns, rows, *logs))


def _graph(a: Model, b: Model) -> tuple[list[dict[int, Fraction]], list[Colour], int]:
    edges: list[dict[int, Fraction]] = []
    colours: list[Colour] = []
    for model in (a, b):
        base, n = len(colours), model.num_columns
        sign = -1 if model.sense == "max" else 1
        costs = [[sign * c for c in level.costs.tolist()] for level in model.levels]
        constants = tuple(sign * level.offset for level in model.levels)
        bounds = zip(model.kinds.tolist(), model.col_lower.tolist(), model.col_upper.tolist(), *costs)
        colours += [("column", constants, *entry) for entry in bounds]
        colours += [("row", *entry) for entry in zip(model.row_lower.tolist(), model.row_upper.tolist())]
        edges += [{} for _ in range(n + model.num_rows)]
        matrix = model.matrix
        for i, j, v in zip(matrix.row_of().tolist(), matrix.index.tolist(), matrix.value.tolist()):
            one, two = base + n + i, base + j
            edges[one][two] = edges[two][one] = edges[one].get(two, Fraction(0)) + Fraction(repr(v))
    return edges, colours, a.num_columns + a.num_rows


def _match(edges: list[dict[int, Fraction]], colours: list[Colour], split: int) -> dict[int, int] | None:
    known: dict[Colour, int] = {}
    state = [known.setdefault(colour, len(known)) for colour in colours]
    count = 0
    while count != len(set(state)):
        count, known = len(set(state)), {}
        keys = [(state[v], *sorted((edges[v][w], state[w]) for w in edges[v])) for v in range(len(state))]
        state = [known.setdefault(key, len(known)) for key in keys]
    if Counter(state[:split]) != Counter(state[split:]):
        return None
    cells: dict[int, list[int]] = {}
    for v in range(split):
        cells.setdefault(state[v], []).append(v)
    large = next((cell for cell in cells.values() if len(cell) > 1), None)
    if large is None:
        home = {state[w]: w for w in range(split, len(state))}
        return {v: home[state[v]] for v in range(split)}
    one = large[0]
    for two in range(split, len(state)):
        if state[two] == state[one]:
            marked: list[Colour] = [(c, v in (one, two)) for v, c in enumerate(state)]
            match = _match(edges, marked, split)
            if match is not None:
                return match
    return None
