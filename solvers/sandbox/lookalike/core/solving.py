"""From a program to its answer: build, solve with ours, record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solvers.errors import FormulateError, SolverMissingError, UnsupportedError
from solvers.sandbox.lookalike.core.build import Built, build
from solvers.sandbox.lookalike.core.program import Program

if TYPE_CHECKING:
    import numpy as np

    from solvers.model import Model
    from solvers.result import SolveResult


MOST_COEFFICIENT = 1e15
"""HiGHS refuses what is larger, and SCIP may call optimal what is not."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Who asked whom, and how: `library` was imported, its solver `asked` for."""

    library: str
    asked: str
    time_limit: float | None = None
    gap: float | None = None
    seed: int = 0
    threads: int | None = None
    log: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """A result, with the model it belongs to."""

    result: SolveResult
    built: Built

    @property
    def x(self) -> np.ndarray | None:
        """The values of the program's own columns, shape (columns,)."""
        return None if self.result.x is None else self.result.x[: self.built.columns]

    @property
    def duals(self) -> np.ndarray | None:
        """The duals of the program's own linear rows, shape (rows,)."""
        duals = self.result.row_duals
        return None if duals is None else duals[: self.built.rows]

    @property
    def reduced_costs(self) -> np.ndarray | None:
        """The reduced costs of the program's own columns, shape (columns,)."""
        found = self.result.reduced_costs.get("columns")
        return None if found is None else found.array[: self.built.columns]


def solve(program: Program, settings: Settings) -> Outcome:
    """Build and solve what was flushed, and record it.

    Raises FormulateError where no solver holds the model or one broke; that is recorded as well, with its reason.
    """
    from solvers.result import SolveResult
    from solvers.sandbox.recorder import recorder
    from solvers.solving import solve as solve_model

    library, asked = settings.library, settings.asked
    model: Model | None = None
    try:
        built = build(program)
        model = built.model
        _refuse_coefficients(model)
        result = _without_solver(model, settings) or solve_model(
            model, time_limit=settings.time_limit, gap=settings.gap, seed=settings.seed, threads=settings.threads,
            log=settings.log, start=starts(program, model),
        )  # fmt: skip
    except Exception as broke:
        failed, why = SolveResult("error", "none", message=str(broke)), "" if model is not None else str(broke)
        recorder().solved(library=library, asked=asked, solved_by="", model=model, uncaptured=why, result=failed)
        if isinstance(broke, FormulateError):
            raise
        raise SolverMissingError(f"a solver broke: {broke}", remedy="look at the numbers of the model") from broke
    recorder().solved(
        library=library, asked=asked, solved_by=result.solver, model=model, uncaptured="", result=result
    )
    program.outcome = Outcome(result, built)
    return program.outcome


def _refuse_coefficients(model: Model) -> None:
    """Raise UnsupportedError for coefficients so large that no solver here reads them right."""
    import numpy as np

    large = np.flatnonzero(np.abs(model.matrix.value) >= MOST_COEFFICIENT)
    if len(large):
        k = int(large[0])
        row = int(model.matrix.row_of()[k])
        raise UnsupportedError(
            f"{model.row_label(row)} has the coefficient {model.matrix.value[k]:g}", remedy="scale its unit"
        )


def _without_solver(model: Model, settings: Settings) -> SolveResult | None:
    """The answer where it needs no solver: no time at all, or a bound that nothing reaches."""
    import numpy as np

    from solvers.result import SolveResult

    if settings.time_limit is not None and settings.time_limit <= 0.0:
        return SolveResult("time_limit", "none", solver="highs", message="there was no time to solve it")
    never = np.any(model.col_lower == np.inf) or np.any(model.col_upper == -np.inf)
    held = np.ones(model.num_rows, dtype=bool)
    if model.indicators is not None:
        held[model.indicators.row] = False
    never = never or np.any((model.row_lower == np.inf) & held) or np.any((model.row_upper == -np.inf) & held)
    if never:
        return SolveResult("infeasible", "none", solver="highs", message="a bound is infinite on the wrong side")
    return None


def starts(program: Program, model: Model) -> dict[str, dict[tuple[str], float]] | None:
    """The start values that columns hold, by the labels of the model, or None."""
    found = {v._column.index: v._column.start for v in program.columns if v._column.start is not None}
    if not found:
        return None
    labels = model.columns[0].labels
    assert labels is not None
    return {"columns": {(labels[at],): value for at, value in found.items()}}


