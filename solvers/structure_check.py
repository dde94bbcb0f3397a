"""Does a point satisfy a model, by its arrays: rows, bounds, whole numbers, conditional rows, sets, structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import numpy as np

from solvers.compare import FEASIBILITY, INTEGRALITY
from solvers.model import (
    INTEGER,
    SEMICONTINUOUS,
    SEMIINTEGER,
    AllDifferent,
    Circuit,
    Global,
    Model,
    NoOverlap,
)
from solvers.result import SolutionCheck
from solvers.template import evaluate


def check_model(model: Model, x: np.ndarray | None) -> SolutionCheck | None:
    """Feasibility of a point by the model's own arrays: every row, bound, integrality and structure."""
    if x is None:
        return None
    activity = model.activity(x)
    magnitude = np.bincount(
        model.matrix.row_of(), weights=np.abs(model.matrix.value * x[model.matrix.index]), minlength=model.num_rows
    )
    magnitude = np.maximum(magnitude, np.abs(activity))
    allowed = FEASIBILITY.absolute + FEASIBILITY.relative * magnitude
    over = np.where(idle_rows(model, x), -1.0, np.maximum(model.row_lower - activity, activity - model.row_upper))
    off = np.maximum(model.col_lower - x, x - model.col_upper)
    semi = (model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER)
    off = np.where(semi & (np.abs(x) <= INTEGRALITY.absolute), 0.0, off)
    whole = (model.kinds == INTEGER) | (model.kinds == SEMIINTEGER)
    fraction = np.where(whole, np.abs(x - np.rint(x)), 0.0)
    found: list[tuple[float, str]] = []
    excess_col = off - FEASIBILITY.absolute - FEASIBILITY.relative * np.abs(x)
    for excess, amount, label in (
        (over - allowed, over, model.row_label), (excess_col, off, model.column_label),
        (fraction - INTEGRALITY.absolute, fraction, model.column_label),
    ):  # fmt: skip
        # No number, as from the logarithm of a negative one, counts as broken without measure.
        excess = np.where(np.isnan(excess), np.inf, excess)
        if len(excess) and float(excess.max()) > 0:
            k = int(excess.argmax())
            found.append((float(amount[k]) if np.isfinite(amount[k]) else np.inf, label(k)))
    found += broken(model, x)
    # The place that is named is the one that is broken by the amount that is named.
    worst, where = max(found, key=lambda item: item[0], default=(0.0, ""))
    return SolutionCheck(
        feasible=not found, objective=model.objective.value(x), violation=worst, where=where,
        tolerance=FEASIBILITY.name, method="arrays",
    )  # fmt: skip


def idle_rows(model: Model, x: np.ndarray) -> np.ndarray:
    """Rows whose indicator is not active at x, shape (m,): nothing is asked of them."""
    idle = np.zeros(model.num_rows, dtype=bool)
    if model.indicators is not None:
        found = model.indicators
        idle[found.row] = np.rint(x[found.column]) != found.active
    return idle


def broken(model: Model, x: np.ndarray) -> Iterator[tuple[float, str]]:
    """Each special ordered set or global constraint that fails at x: by how much, and its label."""
    for item in model.sos:
        ordered = np.abs(x[item.columns[np.argsort(item.weights, kind="stable")]])
        amount = _outside(ordered, item.kind)
        if amount > FEASIBILITY.absolute + FEASIBILITY.relative * float(ordered.max(initial=0.0)):
            yield amount, item.label or f"sos{item.kind}"
    for rule in model.globals:
        amount = _amount(rule, x)
        if amount > 0.0:
            yield amount, rule.label or type(rule).__name__


def _outside(sizes: np.ndarray, kind: int) -> float:
    """The greatest value outside the best run of `kind` neighbours."""
    n = len(sizes)
    if n <= kind:
        return 0.0
    before = np.concatenate([[0.0], np.maximum.accumulate(sizes)])
    after = np.concatenate([np.maximum.accumulate(sizes[::-1])[::-1], [0.0]])
    starts = np.arange(n - kind + 1)
    return float(np.maximum(before[starts], after[starts + kind]).min())


def _amount(rule: Global, x: np.ndarray) -> float:
    """By how much a global constraint fails beyond its tolerance, 0 where it holds."""
    match rule:
        case NoOverlap():
            start, duration = evaluate(rule.start, x), evaluate(rule.duration, x)
            order = np.lexsort((duration, start))
            ends = np.maximum.accumulate((start + duration)[order])
            overlap = float((ends[:-1] - start[order][1:]).max(initial=0.0))
            span = float(np.max(np.abs(start) + np.abs(duration), initial=0.0))
            return overlap if overlap > FEASIBILITY.absolute + FEASIBILITY.relative * span else 0.0
        case AllDifferent():
            gap = float(np.diff(np.sort(evaluate(rule.values, x))).min(initial=np.inf))
            return 1.0 - gap if 1.0 - gap > 2 * INTEGRALITY.absolute else 0.0
        case Circuit():
            return 0.0 if _is_circuit(rule, x) else 1.0
        case _:
            assert_never(rule)


def _is_circuit(rule: Circuit, x: np.ndarray) -> bool:
    chosen = np.flatnonzero(x[rule.columns] > 0.5)
    tail, head = rule.tail[chosen], rule.head[chosen]
    everyone = np.arange(rule.nodes)
    if not (np.array_equal(np.sort(tail), everyone) and np.array_equal(np.sort(head), everyone)):
        return False
    after = np.empty(rule.nodes, dtype=np.int64)
    after[tail] = head
    visited = np.flatnonzero(after != everyone)
    if not len(visited):
        return True
    at, length = int(after[visited[0]]), 1
    while at != visited[0]:
        at, length = int(after[at]), length + 1
    return length == len(visited)
