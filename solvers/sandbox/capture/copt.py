"""The genuine coptpy: its model and its answer around `Model.solve` and `Model.solveLP`."""

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
    1: "optimal", 2: "infeasible", 3: "unbounded", 4: "infeasible_or_unbounded", 5: "numerical", 6: "node_limit",
    7: "optimal", 8: "time_limit", 9: "error", 10: "interrupted", 11: "iteration_limit",
}  # fmt: skip
"""By COPT's status codes (7 is imprecise: optimal within wider tolerances)."""


def hook(module: ModuleType) -> None:
    """Watch the solves of the genuine library."""
    if is_ours(module, module.Model):
        return
    hook_solve(module.Model, "solve", _solve)
    hook_solve(module.Model, "solveLP", _relaxed)


def _solve(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    return _watched(lambda: original(model, *args, **kwargs), model, lambda: _model(model))


def _relaxed(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    def build() -> Model:
        if model.ismip:
            raise UncapturedError("solveLP solves a relaxation of the model")
        return _model(model)

    return _watched(lambda: original(model, *args, **kwargs), model, build)


def _watched(solve: Callable[[], Any], model: Any, build: Callable[[], Model]) -> Any:
    return Watch("coptpy", "copt", build, solve, lambda _, captured: _answer(model)).run()


def _model(model: Any) -> Model:
    return written(model.write, ".mps", [variable.name for variable in model.getVars().getAll()])


def _answer(model: Any) -> SolveResult:
    from importlib.metadata import version

    mixed = bool(model.ismip)
    found = bool(model.hasmipsol if mixed else model.haslpsol)
    return finished(
        STATUS.get(model.status, "error"), "copt", version("coptpy"), model.objval if found else None,
        model.bestbnd if mixed and found else None, [variable.x for variable in model.getVars()] if found else None,
    )  # fmt: skip
