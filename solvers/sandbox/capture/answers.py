"""Results of captured solves, and the solve of a captured model by one of our own solvers."""

from __future__ import annotations

import math
import os
import sys
from typing import Any

import numpy as np

from solvers.errors import FormulateError
from solvers.model import INTEGER, SEMIINTEGER, Model
from solvers.result import SolveResult, Termination

NO_POINT: frozenset[Termination] = frozenset({"infeasible", "unbounded", "infeasible_or_unbounded", "error"})
"""Where a library still holds some point it is none of the model's solutions."""

_solved_in: list[int] = []


def answer(
    model: Model | None, termination: Termination, x: Any = None, objective: Any = None, bound: Any = None, *,
    version: str = "", message: str = "",
) -> SolveResult:  # fmt: skip
    """A result in the model's columns. `x` (n,) or None; numbers that are none count as unknown."""
    point = None
    if x is not None and termination not in NO_POINT:
        point = np.array(x, dtype=np.float64)
        if not np.all(np.isfinite(point)):
            point, message = None, joined(message, "some values are no finite numbers")
    value = finite(objective) if point is not None else None
    values: dict[str, Any] = {}
    if point is not None and model is not None and len(point) == model.num_columns:
        from solvers.result import BlockValues

        values = {b.name: BlockValues(b, point[b.start : b.start + b.size]) for b in model.columns}
    has = point is not None or (x is None and finite(objective) is not None and termination not in NO_POINT)
    return SolveResult(
        termination, "feasible" if has else "none", objective=value if point is not None else finite(objective) if has
        else None, bound=finite(bound), values=values, x=point, version=version, message=message,
    )  # fmt: skip


def joined(*parts: str) -> str:
    """Messages in a row."""
    return "; ".join(part for part in parts if part)


def finite(value: Any) -> float | None:
    """A finite number of the size that solvers take for one, else None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e20 else None


def after_fork() -> None:
    """HiGHS's worker threads do not live on in a forked child: start them anew there."""
    process = os.getpid()
    highspy = sys.modules.get("highspy")
    if highspy is not None and _solved_in and _solved_in[0] != process:
        highspy.Highs.resetGlobalScheduler(True)
    _solved_in[:] = [process]


OURS = ("highs", "scip")
"""Asked for by these names, ours are tried first."""


def solve_ours(model: Model, time_limit: Any = None, gap: Any = None, prefer: str = "") -> SolveResult:
    """The captured model, solved by the solver of ours that suits it; `error` with the reason where none does."""
    from solvers.adapters import adapter
    from solvers.solving import solve

    after_fork()
    limit, relative = finite(time_limit), finite(gap)
    try:
        name = prefer if prefer in OURS and adapter(prefer).refusal(model) is None else None
        return solve(
            model, solver=name, time_limit=limit if limit is not None and limit > 0 else None,
            gap=relative if relative is not None and 0 <= relative < 1 else None,
        )  # fmt: skip
    except FormulateError as error:
        return SolveResult("error", "none", message=error.message)


def whole(model: Model, x: np.ndarray) -> np.ndarray:
    """The point with whole-numbered columns rounded, as solvers print them."""
    integral = (model.kinds == INTEGER) | (model.kinds == SEMIINTEGER)
    return np.where(integral, np.rint(x), x)
