"""The published method of ORGEval on two linear models, as its code runs: for comparison, never for an answer.

A bipartite graph: variable nodes know their objective coefficient and whether they are binary, row nodes their right
side and sense, edges the coefficient; bounds are rows of one entry. Joint Weisfeiler-Lehman refinement with the sum of
hashed neighbours in float32 on dense matrices, 2L rounds (we stop where nothing changes any more). Colours of the
first graph that the second has as often make the two equivalent where every colour is single or the graph counts as
symmetric decomposable; the check of that returns a tuple that is tested for truth, so every symmetric graph does
(paper, section 3; code as released).

Our own small implementation. At which digit sums are told apart is a choice of ours (DIGITS): with all digits of
float32 nearly every permuted model would count as different, because sums depend on their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from solvers.model import Model

DIGITS = 5
"""Significant digits to which sums are compared: kind to the method, the published code errs more often."""


@dataclass(frozen=True)
class Bipartite:
    """Features of variables (n, 2) and rows (m, 2), and the dense matrix (m, n)."""

    variables: np.ndarray
    rows: np.ndarray
    matrix: np.ndarray


def bipartite(model: Model) -> Bipartite:
    """The graph of a model: sense of the objective, general integers, constants and quadratic parts are not in it."""
    binary = (model.kinds == 1) & (model.col_lower >= 0) & (model.col_upper <= 1)
    variables = np.column_stack([model.objective.costs, binary])
    dense = np.zeros((model.num_rows, model.num_columns))
    np.add.at(dense, (model.matrix.row_of(), model.matrix.index), model.matrix.value)
    rows: list[tuple[float, float]] = []
    lines: list[np.ndarray] = []
    units = np.eye(model.num_columns)
    bounds = [(dense[i], model.row_lower[i], model.row_upper[i]) for i in range(model.num_rows)]
    bounds += [(units[j], model.col_lower[j], model.col_upper[j]) for j in range(model.num_columns)]
    for line, low, high in bounds:
        if low == high:
            rows.append((float(low), 2.0))
            lines.append(line)
            continue
        for side, sense in ((high, 0.0), (low, 1.0)):
            if np.isfinite(side):
                rows.append((float(side), sense))
                lines.append(line)
    matrix = np.array(lines) if lines else np.zeros((0, model.num_columns))
    return Bipartite(variables, np.array(rows).reshape(-1, 2), matrix)


def published_verdict(a: Model, b: Model, seed: int = 0) -> str:
    """`equivalent` or `different`: the released code has no third answer on symmetric models."""
    one, two = bipartite(a), bipartite(b)
    if one.matrix.shape != two.matrix.shape:
        return "different"
    rng = np.random.default_rng(seed)
    m, n = one.matrix.shape
    columns = _colours(np.vstack([one.variables, two.variables]))
    rows = _colours(np.vstack([one.rows, two.rows]))
    table = rng.random(2 * max(m, n), dtype=np.float32)
    left, right = one.matrix.astype(np.float32), two.matrix.astype(np.float32)
    for _ in range(2 * (m + n)):
        hashed = table[columns]
        told = np.concatenate([left @ hashed[:n], right @ hashed[n:]])
        new_rows = _colours(np.column_stack([rows, _rounded(told)]))
        hashed = table[new_rows]
        told = np.concatenate([left.T @ hashed[:m], right.T @ hashed[m:]])
        new_columns = _colours(np.column_stack([columns, _rounded(told)]))
        if np.array_equal(new_columns, columns) and np.array_equal(new_rows, rows):
            break  # every further round gives the same
        columns, rows = new_columns, new_rows
    for colours, count in ((columns, n), (rows, m)):
        ours, theirs = Counter(colours[:count].tolist()), Counter(colours[count:].tolist())
        if any(theirs[colour] != times for colour, times in ours.items()):
            return "different"
    return "equivalent"


def _rounded(sums: np.ndarray) -> np.ndarray:
    sizes = np.where(sums == 0, 1.0, np.abs(sums.astype(np.float64)))
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(sizes)))
    return np.rint(sums * scale) / scale


def _colours(features: np.ndarray) -> np.ndarray:
    if not len(features):
        return np.zeros(0, dtype=np.int64)
    return np.unique(features, axis=0, return_inverse=True)[1].reshape(-1)
