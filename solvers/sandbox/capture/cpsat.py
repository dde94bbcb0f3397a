"""OR-Tools CP-SAT: the model's protocol buffer, taken before each solve."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import answer
from solvers.sandbox.capture.cpsat_model import CpReader
from solvers.sandbox.capture.guard import Watch, hook_solve

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[str, Termination] = {
    "OPTIMAL": "optimal", "INFEASIBLE": "infeasible", "MODEL_INVALID": "error", "FEASIBLE": "time_limit",
    "UNKNOWN": "time_limit",
}  # fmt: skip


def hook(module: ModuleType) -> None:
    """Hook the solver; its older names come to `solve`."""
    hook_solve(module.CpSolver, "solve", _solve)


def _solve(original: Callable[..., Any], solver: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
    readers: list[CpReader] = []

    def build() -> Model:
        readers.append(CpReader(model.proto))
        return readers[0].model()

    return Watch(
        "cpsat", "cpsat", build, lambda: original(solver, model, *args, **kwargs),
        lambda status, built: _read(solver, status.name, built, readers),
    ).run()  # fmt: skip


def _read(solver: Any, status: str, model: Model | None, readers: list[CpReader]) -> SolveResult:
    termination = STATUS.get(status, "error")
    if status == "FEASIBLE" and solver.parameters.stop_after_first_solution:
        termination = "solution_limit"
    response = solver.response_proto
    if status not in ("OPTIMAL", "FEASIBLE"):
        return answer(model, termination, message=str(response.solution_info))
    values = [float(v) for v in response.solution]
    x = readers[0].sheet.completed(values) if model is not None else None
    return answer(
        model, termination, x, float(response.objective_value), float(response.best_objective_bound)
    )  # fmt: skip
