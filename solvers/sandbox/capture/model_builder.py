"""OR-Tools' model_builder: the protocol buffer that the model exports; solvers that are not there become SCIP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import answer
from solvers.sandbox.capture.guard import Watch, hook_solve
from solvers.sandbox.capture.guard import hook as replace_by
from solvers.sandbox.capture.linear_solver import NAMES
from solvers.sandbox.capture.linear_solver_proto import model_of

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[str, Termination] = {
    "OPTIMAL": "optimal", "FEASIBLE": "time_limit", "INFEASIBLE": "infeasible", "UNBOUNDED": "unbounded",
    "ABNORMAL": "numerical", "NOT_SOLVED": "time_limit", "MODEL_IS_VALID": "time_limit",
    "CANCELLED_BY_USER": "interrupted", "UNKNOWN_STATUS": "error", "MODEL_INVALID": "error",
    "INVALID_SOLVER_PARAMETERS": "error", "SOLVER_TYPE_UNAVAILABLE": "error", "INCOMPATIBLE_OPTIONS": "error",
}  # fmt: skip
RELAXING = frozenset({"glop", "pdlp", "clp"})
"""Solvers without integers."""
MISSING = frozenset({"gurobi", "cplex", "xpress", "glpk", "cbc", "clp"})


def hook(module: ModuleType) -> None:
    """Hook making and solving."""
    replace_by(module.Solver, "__init__", _init)
    hook_solve(module.Solver, "solve", _solve)


def _init(original: Callable[..., None], solver: Any, solver_name: str) -> None:
    original(solver, solver_name)
    plain = str(solver_name).lower()
    solver.asked = solver.solved_by = NAMES.get(plain.upper(), plain)
    if not solver.solver_is_supported() and plain in MISSING:
        original(solver, "scip")
        solver.solved_by = "scip"


def _solve(original: Callable[..., Any], solver: Any, model: Any) -> Any:
    return Watch(
        "model_builder", solver.asked, lambda: model_of(model.export_to_proto(), solver.solved_by in RELAXING),
        lambda: original(solver, model), lambda status, built: _read(solver, model, status, built), solver.solved_by,
    ).run()  # fmt: skip


def _read(solver: Any, model: Any, status: Any, built: Model | None) -> SolveResult:
    termination = STATUS.get(status.name, "error")
    if status.name not in ("OPTIMAL", "FEASIBLE"):
        return answer(built, termination)
    x = [float(solver.value(v)) for v in model.get_variables()]
    linear_only = solver.solved_by in RELAXING and termination == "optimal"
    bound = solver.objective_value if linear_only else solver.best_objective_bound
    return answer(built, termination, x, solver.objective_value, bound)
