"""The genuine gurobipy: its model and its answer around `Model.optimize`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.genuine import finished, is_ours, written
from solvers.sandbox.capture.guard import UncapturedError, Watch, hook_solve

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[int, Termination] = {
    2: "optimal", 3: "infeasible", 4: "infeasible_or_unbounded", 5: "unbounded", 6: "solution_limit",
    7: "iteration_limit", 8: "node_limit", 9: "time_limit", 10: "solution_limit", 11: "interrupted", 12: "numerical",
    13: "locally_optimal", 15: "solution_limit", 16: "time_limit", 17: "memory_limit",
}  # fmt: skip
"""By Gurobi's status codes (1, 14: no answer yet)."""


def hook(module: ModuleType) -> None:
    """Watch the solves of the genuine library."""
    if not is_ours(module, module.Model):
        hook_solve(module.Model, "optimize", _optimize)


def _optimize(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    return Watch(
        "gurobipy", "gurobi", lambda: _model(model), lambda: original(model, *args, **kwargs),
        lambda _, captured: _answer(model),
    ).run()  # fmt: skip


def _model(model: Any) -> Model:
    model.update()
    if model.NumObj > 1:
        raise UncapturedError("it has several objectives")
    # Gurobi's REW is its MPS with plain names: names with spaces would not survive the file.
    return written(model.write, ".rew", [variable.VarName for variable in model.getVars()])


def _answer(model: Any) -> SolveResult:
    from importlib.metadata import version

    variables = model.getVars()
    found = model.SolCount > 0
    return finished(
        STATUS.get(model.Status, "error"), "gurobi", version("gurobipy"), _maybe(model, "ObjVal") if found else None,
        _maybe(model, "ObjBound"), [variable.X for variable in variables] if found else None,
    )  # fmt: skip


def _maybe(model: Any, name: str) -> Any:
    """An attribute that not every class of model has."""
    try:
        return getattr(model, name)
    except AttributeError:
        return None
