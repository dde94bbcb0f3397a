"""The genuine gurobipy and coptpy, on request: their model as the MPS file that they write, and their own answer.

Column order is that of the library's variables. A model that the file format, or our reading of it, does not hold is
said to be uncaptured; the answer is recorded all the same.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from solvers.model import Block
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.guard import UncapturedError

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

OURS = "solvers.sandbox.lookalike"


def is_ours(module: ModuleType, model: type) -> bool:
    """A look-alike under the library's name: it records its solves itself."""
    return model.__module__.startswith(OURS) or str(getattr(module, "__file__", "")).find("lookalike") >= 0


def written(write: Callable[[str], Any], suffix: str, names: Sequence[str]) -> Model:
    """The model that the library writes, its columns named as in the program. Raises UncapturedError, FormatError."""
    from solvers.io.mps_read import read_mps
    from solvers.io.source import read_text

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"model{suffix}")
        write(path)
        model = read_mps(read_text(path))
    if model.num_columns != len(names):
        raise UncapturedError(f"its file has {model.num_columns} columns, and the model {len(names)} variables")
    return replace(model, columns=(Block("x", 0, len(names), labels=list(names)),) if names else ())


def finished(
    termination: Termination, solver: str, version: str, objective: Any, bound: Any, x: Sequence[float] | None
) -> SolveResult:
    """The library's answer as a result; `x` is None where it has no solution."""
    import numpy as np

    def real(value: Any) -> float | None:
        return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None

    if x is None:
        return SolveResult(termination, "none", bound=real(bound), solver=solver, version=version)
    return SolveResult(
        termination, "feasible", objective=real(objective), bound=real(bound), x=np.array(x, dtype=float),
        solver=solver, version=version,
    )  # fmt: skip
