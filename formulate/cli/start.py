"""`--start FILE`: the values of an earlier solution, as `--save` and `--json` write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from solvers.result import SolveResult

SCHEMAS = ("formulate-solution/1", "formulate-result/1")
_REMEDY = "give the solution.json of an earlier --save, or what --json printed"


def read_start(path: str) -> SolveResult:
    """An earlier solution to start from. Raises UsageError for a file that is none."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except OSError as error:
        raise UsageError(f"--start: {path} cannot be read: {error.strerror}", remedy=_REMEDY) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--start: {path} is no JSON document: {error}", remedy=_REMEDY) from error
    if not isinstance(document, dict) or document.get("schema") not in SCHEMAS:
        raise UsageError(f"--start: {path} is no saved solution", remedy=_REMEDY)
    values = document.get("values")
    if not isinstance(values, dict) or not values:
        raise UsageError(f"--start: {path} holds no values", remedy="start from a run that found a solution")
    from solvers.result import SolveResult

    blocks = {name: _block(path, name, cells) for name, cells in values.items()}
    return SolveResult("solution_limit", "feasible", values=blocks)


def _block(path: str, name: str, cells: Any) -> Any:
    import numpy as np

    from formulate.records import ListedBlock
    from solvers.result import BlockValues

    try:
        keys = tuple(tuple(_label(part) for part in cell["key"]) for cell in cells)
        array = np.array([float(cell["value"]) for cell in cells])
    except (TypeError, KeyError, ValueError) as error:
        raise UsageError(
            f"--start: the values of {name} in {path} are not a list of a key and a value each", remedy=_REMEDY
        ) from error
    return BlockValues(ListedBlock(name, ("",) * len(keys[0]) if keys else (), keys), array)  # type: ignore[arg-type]


def _label(part: Any) -> Any:
    if isinstance(part, (str, int, float)):
        return part
    raise TypeError(f"{part!r} is no label")
