"""The unit of a scaled ratio program: values times 1 / denominator drown in a solver's tolerances where that is large.

The program is homogeneous but for the row `scaled denominator == 1`: with `== unit` there, and costs divided by it, all
values are multiplied by `unit`, and the optimum stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from solvers.adapters.base import RawSolution
from solvers.model import Model
from solvers.reformulate import Reformulated

T = TypeVar("T")
SMALL = 1e-2
"""A scale from here on needs no other unit: rows hold to the tolerance of the rows as they were given, times 100."""
STEP = 1e5
MOST = 1e15
"""Denominators beyond this are taken for infinite."""


def in_unit(model: Model, bridged: Reformulated, unit: float) -> Model:
    """The scaled program with the denominator at `unit`."""
    row_lower, row_upper = model.row_lower.copy(), model.row_upper.copy()
    for block in model.rows:
        if block.name == bridged.denominator:
            at = slice(block.start, block.start + block.size)
            row_lower[at] *= unit
            row_upper[at] *= unit
    level = model.objective
    level = replace(level, costs=level.costs / unit)
    return replace(model, levels=(level,), row_lower=row_lower, row_upper=row_upper, slots=None)


def fitted(
    model: Model, bridged: Reformulated, ask: Callable[[Model], T], raw: Callable[[T], RawSolution]
) -> tuple[Model, T]:
    """The program in a unit that fits, and what was answered to it; `raw` finds the solution in an answer."""
    scale = next(block.start for block in model.columns if block.name == bridged.scale)
    unit, asked = 1.0, model
    answer = ask(model)
    while (found := raw(answer)).termination == "optimal" and found.x is not None:
        value = float(found.x[scale])
        if value >= SMALL or unit >= MOST:
            break
        unit = min(MOST, unit * STEP if value < 1.0 / STEP else unit / value)
        asked = in_unit(model, bridged, unit)
        answer = ask(asked)
    return asked, answer

