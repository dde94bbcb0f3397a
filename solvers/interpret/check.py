"""Is a solution feasible, and what is it worth: the symbolic check of a solver's answer."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from solvers.compare import FEASIBILITY, INTEGRALITY
from solvers.data import Data
from solvers.errors import FormulateError
from solvers.formulation import Formulation, Key
from solvers.interpret.basics import PointError, TooMuchWork
from solvers.interpret.instance import Instance, as_point
from solvers.result import SolutionCheck

METHOD = "interpreter"
_NODES_PER_VALUE = 30
WORK = 6_000_000
"""Nodes evaluated before giving up: a few seconds."""


def check_solution(
    formulation: Formulation,
    data: Data | None,
    values: Mapping[str, Mapping[Key, float]],
    *,
    work: int | None = WORK,
) -> SolutionCheck:
    """Evaluate every constraint, bound and integrality, and the objective, at `values`, by interpretation.

    `feasible` is None, with a reason, where the instance is larger than `work` nodes or cannot be evaluated;
    an objective or constraint that is undefined at the point makes it infeasible.
    """
    tolerance = f"{FEASIBILITY.name}; {INTEGRALITY.name}"
    if work is not None and sum(len(cells) for cells in values.values()) * _NODES_PER_VALUE > work:
        return _too_large(work, tolerance)
    try:
        instance = Instance(formulation, data, work=work)
        point = as_point(values)
        found = instance.violations(point, FEASIBILITY)
        worst = max(found, key=lambda v: v.excess, default=None)
        feasible = all(v.holds for v in found)
        where = worst.where if worst is not None and worst.amount > 0 else ""
        violation = worst.amount if worst is not None else 0.0
        note = worst.note if worst is not None else ""
        try:
            objective: float | None = instance.objective(point)
        except PointError as error:
            return SolutionCheck(False, None, violation, where or "objective", tolerance, METHOD, str(error))
    except TooMuchWork:
        return _too_large(work, tolerance)
    except FormulateError as error:
        return SolutionCheck(None, method=METHOD, tolerance=tolerance, reason=str(error))
    except RecursionError:
        deep = "definitions nest too deeply"
        return SolutionCheck(None, method=METHOD, tolerance=tolerance, reason=deep, gave_up=True)
    if objective is not None and not isfinite(objective):
        return SolutionCheck(False, None, violation, where or "objective", tolerance, METHOD, "objective is not finite")
    return SolutionCheck(feasible, objective, violation, where, tolerance, METHOD, note)


def _too_large(work: int | None, tolerance: str) -> SolutionCheck:
    return SolutionCheck(None, method=METHOD, tolerance=tolerance,
                         reason=f"too large for the interpreter: more than {work or 0:,} evaluated nodes", gave_up=True)
