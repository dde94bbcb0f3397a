"""CVXPY: the canonical cone program that a problem becomes; for solvers that are not there HiGHS, SCIP or Clarabel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer
from solvers.sandbox.capture.cvxpy_model import Canonical, canonical
from solvers.sandbox.capture.guard import broke, guarded, hook_solve, inside, record, unreadable
from solvers.sandbox.capture.guard import hook as replace_by

if TYPE_CHECKING:
    from types import ModuleType

STATUS: dict[str, Termination] = {
    "optimal": "optimal", "optimal_inaccurate": "numerical", "infeasible": "infeasible",
    "infeasible_inaccurate": "numerical", "unbounded": "unbounded", "unbounded_inaccurate": "numerical",
    "infeasible_or_unbounded": "infeasible_or_unbounded", "user_limit": "time_limit", "solver_error": "error",
}  # fmt: skip
COMMERCIAL = frozenset({"MOSEK", "MOREAU", "GUROBI", "CPLEX", "COPT", "XPRESS", "NAG", "KNITRO", "KNITRO_CONIC"})
INSTEAD = ("HIGHS", "SCIP", "CLARABEL", "SCS")
"""Tried in this order for a solver that is not there: the first that CVXPY thinks fit."""
KEPT = frozenset({
    "verbose", "warm_start", "gp", "qcp", "requires_grad", "enforce_dpp", "ignore_dpp", "canon_backend", "low", "high",
    "nlp",
})  # fmt: skip
"""Arguments that mean the same whatever the solver."""


@dataclass
class _Solve:
    """What is seen of one `Problem.solve`: every cone program it hands to a solver, and the last point."""

    problem: Any
    found: list[Canonical] = field(default_factory=list)
    reason: str = ""
    count: int = 0
    solver: str = ""
    point: np.ndarray | None = None


class _Current(threading.local):
    solve: _Solve | None = None


_current = _Current()


def hook(module: ModuleType) -> None:
    """Hook `Problem.solve`, and where it hands its data to a solver and takes the answer."""
    from cvxpy.reductions.solvers import defines
    from cvxpy.reductions.solvers.solving_chain import SolvingChain

    # CVXPY would choose a licensed solver by itself where its module can be imported.
    defines.COMMERCIAL_SOLVERS.clear()
    defines.INSTALLED_SOLVERS[:] = [name for name in defines.INSTALLED_SOLVERS if name not in COMMERCIAL]
    hook_solve(module.Problem, "solve", _solve)
    replace_by(module.Problem, "unpack_results", _unpack_results)
    replace_by(SolvingChain, "solve_via_data", _solve_via_data)


def _solve(original: Callable[..., Any], problem: Any, *args: Any, **kwargs: Any) -> Any:
    after_fork()
    seen = _Solve(problem)
    asked = kwargs.get("solver", args[0] if args else None)
    asked = asked if isinstance(asked, str) else None
    before, _current.solve = _current.solve, seen
    with inside():
        try:
            if asked is not None and _missing(asked):
                value = _instead(original, problem, args, kwargs)
            else:
                value = original(problem, *args, **kwargs)
        except BaseException as error:
            _record(seen, asked, broke(error))
            raise
        finally:
            _current.solve = before
        result, unread = guarded(lambda: _read(seen))
        _record(seen, asked, result or unreadable(unread))
        return value


def _missing(asked: str) -> bool:
    from cvxpy.reductions.solvers import defines

    known = set(defines.CONIC_SOLVERS) | set(defines.QP_SOLVERS) | set(defines.NLP_SOLVERS) | COMMERCIAL
    name = asked.upper()
    return name in known and (name in COMMERCIAL or name not in defines.INSTALLED_SOLVERS)


def _instead(original: Callable[..., Any], problem: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Solve by the first of `INSTEAD` that takes the problem. Raises what the last of them raises."""
    from cvxpy.error import SolverError
    from cvxpy.reductions.solvers.defines import INSTALLED_SOLVERS

    plain = {name: value for name, value in kwargs.items() if name in KEPT}
    able = [name for name in INSTEAD if name in INSTALLED_SOLVERS]
    for name in able[:-1]:
        try:
            return original(problem, name, *args[1:], **plain)
        except SolverError as error:
            if "cannot solve" not in str(error) and "cannot handle" not in str(error):
                raise
    return original(problem, able[-1], *args[1:], **plain)


def _solve_via_data(
    original: Callable[..., Any], chain: Any, problem: Any, data: Any, *args: Any, **kwargs: Any
) -> Any:
    seen = _current.solve
    if seen is not None:
        seen.count += 1
        seen.solver = str(chain.solver.name()).lower()
        made, reason = guarded(lambda: canonical(seen.problem, data, chain))
        seen.found, seen.reason = ([made] if made is not None else []), reason
    return original(chain, problem, data, *args, **kwargs)


def _unpack_results(original: Callable[..., Any], problem: Any, solution: Any, chain: Any, inverse_data: Any) -> Any:
    seen = _current.solve
    if seen is not None and seen.found:
        inverted, _ = guarded(lambda: chain.reductions[-1].invert(solution, inverse_data[-1]))
        held = getattr(inverted, "primal_vars", None)
        if held:
            # Some solvers of CVXPY's name the variable by a fixed key rather than by its number.
            seen.point = np.array(next(iter(held.values())), dtype=np.float64).reshape(-1)
    return original(problem, solution, chain, inverse_data)


def _read(seen: _Solve) -> SolveResult:
    problem = seen.problem
    termination = STATUS.get(str(problem.status), "error")
    model = seen.found[0].model if seen.found and seen.count == 1 else None
    has_value = problem.value is not None and np.isfinite(problem.value)
    x = seen.found[0].completed(seen.point) if model is not None and seen.point is not None and has_value else None
    objective = float(problem.value) if has_value else None
    return answer(model, termination, x, objective)


def _record(seen: _Solve, asked: str | None, result: SolveResult) -> None:
    reason = seen.reason
    model = seen.found[0].model if seen.found else None
    if seen.count > 1:
        model, reason = None, "the problem was solved as a sequence of others (bisection)"
    elif seen.count == 0:
        reason = "CVXPY gave no solver this problem"
    name = (asked or seen.solver or "cvxpy").lower()
    record("cvxpy", name, seen.solver or name, model, reason, result)


