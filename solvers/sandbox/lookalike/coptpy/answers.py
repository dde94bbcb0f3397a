"""What is known after a solve, in coptpy's statuses and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.result import Termination
from solvers.sandbox.lookalike.coptpy.constants import COPT

STATUS: dict[Termination, int] = {
    "optimal": COPT.OPTIMAL,
    "locally_optimal": COPT.LOCAL_OPTIMAL,
    "infeasible": COPT.INFEASIBLE,
    "unbounded": COPT.UNBOUNDED,
    "infeasible_or_unbounded": COPT.INF_OR_UNB,
    "time_limit": COPT.TIMEOUT,
    "iteration_limit": COPT.ITERLIMIT,
    "node_limit": COPT.NODELIMIT,
    "solution_limit": COPT.UNFINISHED,
    "memory_limit": COPT.UNFINISHED,
    "interrupted": COPT.INTERRUPTED,
    "numerical": COPT.NUMERICAL,
    "error": COPT.NUMERICAL,
}


_LINEAR = {COPT.LOCAL_OPTIMAL: COPT.OPTIMAL, COPT.LOCAL_INFEASIBLE: COPT.INFEASIBLE}


@dataclass
class Answer:
    """The last solve. `mixed` says that it was a mixed-integer one; arrays follow the rows and columns of that time."""

    status: int = COPT.UNSTARTED
    mixed: bool = False
    objective: float = 0.0
    bound: float = 0.0
    seconds: float = 0.0
    x: np.ndarray | None = None
    activity: np.ndarray | None = None
    curved: np.ndarray | None = None
    nonlinear: np.ndarray | None = None
    duals: np.ndarray | None = None
    reduced_costs: np.ndarray | None = None
    relaxed: float = 0.0
    """The objective of a relaxation that was solved just before."""
    columns_changed: bool = False
    rows_changed: bool = False
    curved_changed: bool = False

    @property
    def solved(self) -> bool:
        """Whether there is a solution."""
        return self.x is not None

    @property
    def gap(self) -> float:
        """The relative gap of a mixed-integer solve; 1e30 without both ends of it."""
        if not self.mixed or self.status in (COPT.UNSTARTED, COPT.INFEASIBLE):
            return 0.0
        if not self.solved or abs(self.bound) >= COPT.INFINITY:
            return COPT.INFINITY
        largest = max(abs(self.objective), abs(self.bound))
        return 0.0 if largest == 0.0 else abs(self.objective - self.bound) / largest

    def forget(self) -> None:
        """No solution any more, as after a reset: the numbers stay, the status goes."""
        self.status = COPT.UNSTARTED
        self.x = self.activity = self.curved = self.nonlinear = self.duals = self.reduced_costs = None


def attribute(model: Any, found: str) -> Any:
    """The attributes that an answer gives, by name in small letters; None for all others."""
    answer: Answer = model._answer
    linear = not answer.mixed
    has = int(answer.solved)
    match found:
        case "status":
            return answer.status
        case "lpstatus":
            return _LINEAR.get(answer.status, answer.status) if linear else COPT.UNSTARTED
        case "mipstatus":
            return COPT.UNSTARTED if linear else answer.status
        case "hassol":
            return has
        case "haslpsol" | "hasbasis":
            return has if linear else 0
        case "hasmipsol":
            return 0 if linear else has
        case "poolsols":
            return 0 if linear else has
        case "objval":
            return answer.objective
        case "lpobjval":
            return answer.objective if linear else answer.relaxed
        case "bestobj":
            return 0.0 if linear else answer.objective
        case "bestbnd":
            return 0.0 if linear else answer.bound
        case "objbound":
            return answer.bound
        case "bestgap":
            return answer.gap
        case "solvingtime":
            return answer.seconds
    return None


_NEAR = 1e-7


def basis(program: Any, answer: Answer) -> tuple[list[int], list[int]] | None:
    """The basis statuses of columns and rows, where the solution alone tells them, else None.

    What lies between its bounds is basic. Where that is as many as there are rows, all others are not.
    """
    if answer.x is None or answer.activity is None or answer.duals is None:
        return None
    bounds = [(v._column.lower, v._column.upper) for v in program.columns]
    columns = [_placed(x, *ends) for x, ends in zip(answer.x, bounds)]
    sides = [(row._lower, row._upper) for row in program.rows]
    rows = [_placed(a, *ends) for a, ends in zip(answer.activity, sides)]
    if (columns + rows).count(COPT.BASIS_BASIC) != len(rows):
        return None
    return columns, rows


def _placed(value: float, lower: float, upper: float) -> int:
    """The status of what lies at a bound, or between them."""
    near = _NEAR * max(1.0, abs(value))
    if lower == upper:
        return COPT.BASIS_FIXED
    if abs(value - lower) <= near:
        return COPT.BASIS_LOWER
    if abs(value - upper) <= near:
        return COPT.BASIS_UPPER
    return COPT.BASIS_BASIC
