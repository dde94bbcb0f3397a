"""highspy: the arrays that HiGHS itself holds, taken before each run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.io.draft import Draft
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer
from solvers.sandbox.capture.guard import (
    UncapturedError,
    Watch,
    broke,
    guarded,
    hook_solve,
    inside,
    record,
    unreadable,
)
from solvers.sandbox.capture.sheet import checked, unbounded_arrays, unique

if TYPE_CHECKING:
    from types import ModuleType

STATUS: dict[str, Termination] = {
    "kOptimal": "optimal", "kModelEmpty": "optimal", "kInfeasible": "infeasible", "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "infeasible_or_unbounded", "kTimeLimit": "time_limit",
    "kIterationLimit": "iteration_limit", "kSolutionLimit": "solution_limit", "kMemoryLimit": "memory_limit",
    "kInterrupt": "interrupted", "kHighsInterrupt": "interrupted", "kObjectiveBound": "interrupted",
    "kObjectiveTarget": "interrupted", "kUnknown": "numerical", "kSolveError": "error", "kPresolveError": "error",
    "kPostsolveError": "error", "kLoadError": "error", "kModelError": "error", "kNotset": "error",
}  # fmt: skip
_KINDS = {
    "kContinuous": CONTINUOUS, "kInteger": INTEGER, "kSemiContinuous": SEMICONTINUOUS, "kSemiInteger": SEMIINTEGER,
    "kImplicitInteger": INTEGER,
}  # fmt: skip


def hook(module: ModuleType) -> None:
    """Hook `Highs`; `minimize`, `maximize` and `optimize` come to `solve`."""
    highs = module.Highs
    for name in ("run", "solve"):
        hook_solve(highs, name, _run)
    hook_solve(highs, "startSolve", _start)
    hook_solve(highs, "joinSolve", _join)


def _run(original: Callable[..., Any], highs: Any, *args: Any, **kwargs: Any) -> Any:
    after_fork()
    return Watch(
        "highspy", "highs", lambda: model_of(highs), lambda: original(highs, *args, **kwargs),
        lambda _, model: read(highs, model),
    ).run()  # fmt: skip


def _start(original: Callable[..., Any], highs: Any, *args: Any, **kwargs: Any) -> Any:
    """A solve in a thread of HiGHS's own: its answer is read when it is joined."""
    after_fork()
    with inside():
        highs.captured = guarded(lambda: model_of(highs))
        return original(highs, *args, **kwargs)


def _join(original: Callable[..., Any], highs: Any, *args: Any, **kwargs: Any) -> Any:
    model, reason = vars(highs).pop("captured", (None, "the solve was started unseen"))
    with inside():
        try:
            value = original(highs, *args, **kwargs)
        except BaseException as error:
            record("highspy", "highs", "highs", model, reason, broke(error))
            raise
        result, unread = guarded(lambda: read(highs, model))
        record("highspy", "highs", "highs", model, reason, result or unreadable(unread))
        return value


def model_of(highs: Any) -> Model:
    """The model that HiGHS holds now. Raises UncapturedError for several linear objectives."""
    lp = highs.getLp()
    n, m = int(lp.num_col_), int(lp.num_row_)
    lower, upper = unbounded_arrays(lp.col_lower_, lp.col_upper_)
    row_lower, row_upper = unbounded_arrays(lp.row_lower_, lp.row_upper_)
    integrality = list(lp.integrality_)
    kinds = np.array([_KINDS[k.name] for k in integrality] or [CONTINUOUS] * n, dtype=np.int8)
    draft = Draft(
        str(lp.model_name_ or ""), unique(_names(lp.col_names_, n), "x"), unique(_names(lp.row_names_, m), "row"),
        np.array(lp.col_cost_, dtype=np.float64), lower, upper, kinds, row_lower, row_upper, _entries(lp, n, m),
        sense="max" if lp.sense_.name == "kMaximize" else "min", offset=float(lp.offset_),
        quadratic=_hessian(highs, n),
    )  # fmt: skip
    return checked(draft.model())


def _names(given: Any, count: int) -> list[str]:
    names = list(given)
    return names if len(names) == count else [""] * count


def _entries(lp: Any, n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    matrix = lp.a_matrix_
    by_column = matrix.format_.name == "kColwise"
    major = n if by_column else m
    start = np.asarray(matrix.start_)[: major + 1].astype(np.int64)
    if major == 0 or len(start) < major + 1:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0)
    of = np.repeat(np.arange(major), np.diff(start))
    minor = np.array(matrix.index_, dtype=np.int64)[: start[-1]]
    value = np.array(matrix.value_, dtype=np.float64)[: start[-1]]
    return (minor, of, value) if by_column else (of, minor, value)


def _hessian(highs: Any, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    hessian = highs.getModel().hessian_
    size = int(hessian.dim_)
    if not size:
        return None
    if size != n:
        raise UncapturedError(f"the Hessian has {size} columns for {n}")
    start = np.asarray(hessian.start_).astype(np.int64)
    column = np.repeat(np.arange(size), np.diff(start[: size + 1]))
    row = np.array(hessian.index_, dtype=np.int64)[: len(column)]
    value = np.array(hessian.value_, dtype=np.float64)[: len(column)]
    # HiGHS minimises x'Qx / 2: of a triangle the entries off the diagonal stand for two.
    square = hessian.format_.name == "kSquare"
    return row, column, np.where((row == column) | square, value / 2, value)


def read(highs: Any, model: Model | None) -> SolveResult:
    """What HiGHS says after a run."""
    said = highs.getModelStatus().name
    termination = STATUS.get(said, "error")
    info = highs.getInfo()
    mixed = model is not None and (model.has_integers or model.has_semicontinuous)
    bound = float(info.mip_dual_bound) if mixed else None
    feasible = int(info.primal_solution_status) == 2 or said == "kModelEmpty"
    x = objective = None
    if feasible and termination not in ("infeasible", "unbounded"):
        x, objective = np.array(highs.getSolution().col_value), float(info.objective_function_value)
    if termination == "optimal" and not mixed:
        bound = objective
    return answer(model, termination, x, objective, bound, version=str(highs.version()))
