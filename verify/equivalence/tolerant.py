"""Tolerance mode: numbers that lie within a tolerance of each other are taken as one, in both models at once.

Nearness is no equivalence relation. Where chains of near numbers are longer than the tolerance, "different" would
depend on where they are cut, so `chains` says so and only a match counts: every number lies within the tolerance of
the one that stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solvers.model import Csr, Model, ObjectiveLevel, Quadratic


@dataclass(frozen=True, eq=False)
class Snapped:
    """Both models over common numbers; `chains` counts runs of near numbers that are longer than the tolerance."""

    a: Model
    b: Model
    chains: int


def snap(a: Model, b: Model, tolerance: float) -> Snapped:
    """Divide each linear or quadratic row by its largest coefficient, then put the leader of each number in its place.

    Sizes x and y are near where |x - y| <= tolerance * max(1, x, y). In ascending order from 0, the first number leads
    all that are near it, and the next one beyond leads anew. Signs stay; nonlinear trees stay exact.
    """
    models = _unit_rows(a), _unit_rows(b)
    values = np.abs(np.concatenate([np.zeros(1), *(part for model in models for part in _numbers(model))]))
    values = np.sort(values[np.isfinite(values)])
    values = values[np.append(True, values[1:] != values[:-1])]
    lead = values.copy()
    near = values[1:] - values[:-1] <= tolerance * np.maximum(1.0, values[1:])
    starts = np.flatnonzero(np.append(True, ~near))
    ends = np.append(starts[1:], len(values))
    chains = 0
    for lo, hi in zip(starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist()):
        first = lo
        for k in range(lo + 1, hi):
            if values[k] - values[first] > tolerance * max(1.0, values[k]):
                first = k
            lead[k] = values[first]
        chains += first > lo
    return Snapped(_replaced(models[0], values, lead), _replaced(models[1], values, lead), chains)


def _unit_rows(model: Model) -> Model:
    """Rows over their largest coefficient; rows with nonlinear parts as they are."""
    matrix, quadratic = model.matrix, model.quadratic_rows
    row = matrix.row_of()
    size = np.zeros(model.num_rows)
    np.maximum.at(size, row, np.abs(matrix.value))
    if quadratic is not None and quadratic.row is not None:
        np.maximum.at(size, quadratic.row, np.abs(quadratic.coef))
    size[(size == 0) | ~np.isfinite(size)] = 1.0
    for block in model.nonlinear_rows:
        size[block.rows] = 1.0
    if quadratic is not None and quadratic.row is not None:
        quadratic = Quadratic(quadratic.i, quadratic.j, quadratic.coef / size[quadratic.row], quadratic.row)
    return replace(
        model, matrix=Csr(matrix.start, matrix.index, matrix.value / size[row], matrix.columns),
        row_lower=model.row_lower / size, row_upper=model.row_upper / size, quadratic_rows=quadratic,
    )  # fmt: skip


def _numbers(model: Model) -> list[np.ndarray]:
    found = [model.matrix.value, model.row_lower, model.row_upper, model.col_lower, model.col_upper]
    for level in model.levels:
        found += [level.costs, np.array([level.offset])]
        found += [level.quadratic.coef] if level.quadratic is not None else []
    found += [model.quadratic_rows.coef] if model.quadratic_rows is not None else []
    return [np.asarray(part, dtype=np.float64) for part in found]


def _replaced(model: Model, values: np.ndarray, lead: np.ndarray) -> Model:
    def new(part: np.ndarray) -> np.ndarray:
        part = np.asarray(part, dtype=np.float64)
        at = np.searchsorted(values, np.abs(part))
        return np.where(np.isfinite(part), np.copysign(np.append(lead, 0.0)[at], part), part)

    def quadratic(part: Quadratic | None) -> Quadratic | None:
        return None if part is None else Quadratic(part.i, part.j, new(part.coef), part.row)

    levels = tuple(
        ObjectiveLevel(
            new(level.costs), float(new(np.array([level.offset]))[0]), quadratic(level.quadratic), level.nonlinear,
            level.priority,
        )
        for level in model.levels
    )  # fmt: skip
    matrix = Csr(model.matrix.start, model.matrix.index, new(model.matrix.value), model.matrix.columns)
    return replace(
        model, levels=levels, matrix=matrix, row_lower=new(model.row_lower), row_upper=new(model.row_upper),
        col_lower=new(model.col_lower), col_upper=new(model.col_upper), quadratic_rows=quadratic(model.quadratic_rows),
    )  # fmt: skip
