"""What a program claims, held against the models it handed over: a claim that does not follow is not an answer."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solvers.compare import ANSWER, compare
from solvers.result import SolutionCheck, SolveResult
from solvers.sandbox.outcome import CapturedSolve, Limits, ProgramRun, Refusal

if TYPE_CHECKING:
    from solvers.sandbox.pool import Pool

CONFIRMING = """
from solvers.sandbox.recorder import recorder
from solvers.sandbox.wire import unpack_model
from solvers.solving import solve

model = unpack_model(data["model"])
result = solve(model, time_limit=data["seconds"])
recorder().solved(library="formulate", asked=result.solver, solved_by=result.solver, model=model, result=result)
"""
"""Runs in a jail of its own: a model from a hostile program may break a solver too."""
_LEAVING = 5.0
"""Seconds beyond its solver's limit that a confirming solve may take to hand over what it found."""
_MOST_SAID = 500
"""Characters of what is said of a claim: labels of hostile models are long."""
_PROVEN = ("optimal", "infeasible", "unbounded")


def checked(run: ProgramRun) -> ProgramRun:
    """Every claimed solution evaluated in its model; one that breaks it, or has another value, counts as none."""
    refused = list(run.refused)
    solves = []
    for solve in run.solves:
        found = _checked(solve)
        if found.check is not None and found.check.feasible is False:
            refused.append(Refusal("answer", f"solve {solve.index + 1}: {found.check.reason or found.check.where}"))
        solves.append(found)
    return replace(run, solves=tuple(solves), refused=tuple(refused))


def _checked(solve: CapturedSolve) -> CapturedSolve:
    from solvers.structure_check import check_model

    result, model = solve.result, solve.model
    if model is None or result.x is None or not result.has_solution:
        return solve
    with np.errstate(all="ignore"):
        check = check_model(model, result.x)
    assert check is not None
    claimed = result.objective
    if check.feasible and check.objective is not None and not math.isfinite(check.objective):
        check = replace(check, feasible=False, objective=None, reason="its objective is no finite number there")
    if check.feasible and claimed is not None and check.objective is not None:
        agrees = compare(claimed, check.objective, ANSWER)
        if not agrees:
            check = replace(check, feasible=False, reason=f"the claimed objective: {agrees}")
    elif not check.feasible and not check.reason:
        check = replace(check, reason=f"the claimed solution breaks {check.where} by {check.violation:.3g}")
    check = replace(check, where=check.where[:_MOST_SAID], reason=check.reason[:_MOST_SAID])
    if check.feasible:
        kept = replace(result, check=check, objective=check.objective if claimed is None else claimed)
    else:
        kept = _not_believed(result, check)
    return replace(solve, result=kept, check=check)


def _not_believed(result: SolveResult, check: SolutionCheck) -> SolveResult:
    return replace(
        result, termination="error", primal_status="infeasible_point", objective=None, check=check,
        message=f"not believed: {check.reason}",
    )  # fmt: skip


def confirmed(run: ProgramRun, pool: Pool, limits: Limits) -> ProgramRun:
    """Every claimed optimum solved again, the last first, all of them in about the wall limit of one program.

    Those that the time does not reach stay undecided: a program may hand over a thousand hard models.
    """
    deadline = time.monotonic() + limits.wall
    solves = list(run.solves)
    for k in reversed(range(len(solves))):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        solves[k] = _confirmed(solves[k], pool, replace(limits, wall=left))
    return replace(run, solves=tuple(solves))


def _confirmed(solve: CapturedSolve, pool: Pool, limits: Limits) -> CapturedSolve:
    """Whether a solve of our own agrees with what the program claims: both proven, and the same optimum."""
    from solvers.sandbox.programs import run
    from solvers.sandbox.wire import pack_model

    if solve.model is None or solve.result.termination not in _PROVEN:
        return solve
    if solve.result.termination == "optimal" and solve.result.objective is None:
        # Nothing is claimed that could agree.
        return solve
    data = {"model": pack_model(solve.model), "seconds": limits.wall}
    again = run(CONFIRMING, data, limits=replace(limits, wall=limits.wall + _LEAVING), pool=pool)
    if again.error is not None or len(again.solves) != 1:
        return solve
    theirs, ours = solve.result, again.solves[0].result
    if ours.termination not in _PROVEN:
        return solve
    same = theirs.termination == ours.termination
    if same and theirs.objective is not None and ours.objective is not None:
        same = bool(compare(theirs.objective, ours.objective, ANSWER))
    return replace(solve, confirmed=same)
