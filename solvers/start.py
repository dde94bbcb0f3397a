"""Start values: a solution or parts of one, by variable and key, as one value per column of a model."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from solvers.errors import DataError
from solvers.model import Model
from solvers.result import BlockValues, SolveResult


def start_array(model: Model, start: Any) -> tuple[np.ndarray, str]:
    """Values per column, shape (n,), NaN where none is given, and a note on what did not fit.

    `start` is an earlier `SolveResult`, or a mapping `{"x": {("A", 3): 1.0}, "y": 2.0}`, possibly partial. An earlier
    result may hold values that this model has no column for: they are left out and counted in the note. In
    a mapping such a name or key raises DataError, as do values that are not finite numbers.
    """
    earlier = isinstance(start, SolveResult)
    if earlier and not start.has_solution:
        raise DataError("the result to start from holds no solution", place="start", remedy="leave `start` out")
    values = start.values if earlier else start
    if not isinstance(values, Mapping):
        raise DataError(
            f"start values are a mapping by variable name or an earlier result, not {type(start).__name__}",
            place="start", remedy='give {"x": {"A": 1.0}, "y": 2.0}',
        )  # fmt: skip
    blocks = {block.name: block for block in model.columns}
    array = np.full(model.num_columns, np.nan)
    foreign = 0
    for name, given in values.items():
        block = blocks.get(name)
        cells = _cells(name, given)
        if block is None:
            if not earlier:
                near = get_close_matches(str(name), blocks, n=1) or sorted(blocks)[:5]
                raise DataError(f"there is no variable {name!r} to start", place="start",
                                remedy=f"name one of the model, such as {', '.join(near)}")  # fmt: skip
            foreign += len(cells)
            continue
        for key, value in cells.items():
            position = block.position(key)
            if position is not None:
                array[block.start + position] = value
            elif earlier:
                foreign += 1
            else:
                shown = ", ".join(block.label(k) for k in range(min(3, block.size)))
                raise DataError(f"{name} has no index {_shown(key)}", place="start",
                                remedy=f"it is indexed as in {shown}")  # fmt: skip
    return array, _note(model, array, foreign)


def _cells(name: str, given: Any) -> dict[tuple[Any, ...], float]:
    if isinstance(given, BlockValues):
        items = dict(zip(given, given.array.tolist()))
    elif isinstance(given, Mapping):
        items = dict(given)
    else:
        items = {(): given}
    out: dict[tuple[Any, ...], float] = {}
    for key, value in items.items():
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise DataError(f"{name}{_shown(key)} starts at {value!r}, which is no number", place="start",
                            remedy="give a finite number, or leave it out")  # fmt: skip
        if not np.isfinite(value):
            raise DataError(f"{name}{_shown(key)} starts at {value}", place="start",
                            remedy="give a finite number, or leave it out")  # fmt: skip
        out[key if isinstance(key, tuple) else (key,)] = float(value)
    return out


def _shown(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return "[" + ", ".join(map(str, parts)) + "]" if parts else ""


def _note(model: Model, array: np.ndarray, foreign: int) -> str:
    """What a user should know about the start before any solver sees it."""
    notes = []
    known = int(np.isfinite(array).sum())
    if foreign:
        notes.append(f"{foreign} start values belong to no column of this model")
    if known == 0:
        notes.append("no column has a start value")
    elif known < len(array):
        notes.append(f"{known} of {len(array)} columns have a start value")
    return "; ".join(notes)
