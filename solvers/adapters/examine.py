"""Whether a solver is here and right: its version, what it takes, how to get it; asked by a model of one variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from solvers.adapters import adapter
from solvers.adapters.base import SolveOptions
from solvers.compare import SOLVER, compare
from solvers.errors import FormulateError, SolverMissingError
from solvers.model import Block, Csr, Model, ObjectiveLevel


@dataclass(frozen=True, slots=True)
class Examined:
    """`ok`, `absent` (with the remedy) or `wrong`; `takes` names the solver's capabilities in any case."""

    name: str
    state: Literal["ok", "absent", "wrong"]
    said: str
    takes: tuple[str, ...]
    remedy: str = ""


def examine(name: str) -> Examined:
    """Load a solver and maximise x + 1 subject to 2 x <= 8, x <= 5. Raises SolverMissingError for an unknown name."""
    solver = adapter(name)
    takes = tuple(sorted(solver.capabilities))
    try:
        version = solver.version()
    except SolverMissingError as error:
        return Examined(name, "absent", error.message, takes, error.remedy)
    try:
        answer = solver.solve(_small(), SolveOptions(time_limit=20.0))
    except FormulateError as error:
        return Examined(name, "wrong", f"{version}: {error.message}", takes, error.remedy)
    right = answer.objective is not None and answer.termination in ("optimal", "locally_optimal")
    if not (right and compare(float(answer.objective or 0.0), 5.0, SOLVER)):
        said = f"{version} answered {answer.termination}, {answer.objective} to a model whose optimum is 5"
        return Examined(name, "wrong", said, takes, "install it again, or leave it unused")
    return Examined(name, "ok", version, takes)


def _small() -> Model:
    matrix = Csr(np.array([0, 1]), np.array([0], dtype=np.int32), np.array([2.0]), 1)
    one = np.ones(1)
    return Model(
        "examine", "max", (ObjectiveLevel(one, 1.0),), matrix, np.array([-np.inf]), np.array([8.0]), np.zeros(1),
        5.0 * one, np.zeros(1, dtype=np.int64), (Block("x", 0, 1),), (Block("limit", 0, 1),),
    )  # fmt: skip
