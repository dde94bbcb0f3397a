"""CP-SAT (OR-Tools): linear programs over whole numbers, with intervals, circuits, and rows under conditions.

Data become exact integers, or the model is refused naming the coefficient. Continuous variables are taken where
whole steps provably lose nothing (solvers.exact.difference).
"""

from __future__ import annotations

import importlib.metadata
import os
import time
from typing import Any

from solvers.adapters import interrupt
from solvers.adapters.base import RawSolution, SolveOptions, without_columns
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.exact import Plan, Refused, plan
from solvers.model import AllDifferent, Model, NoOverlap
from solvers.result import Termination

_TERMINATION: dict[str, Termination] = {
    "OPTIMAL": "optimal", "INFEASIBLE": "infeasible", "MODEL_INVALID": "error", "FEASIBLE": "interrupted",
    "UNKNOWN": "interrupted",
}  # fmt: skip


def _load() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError as exc:
        raise SolverMissingError(
            f"CP-SAT cannot be loaded: {exc}", place="cpsat", remedy="pip install 'ortools>=9.12,<10'"
        ) from exc
    return cp_model


class CpSatAdapter:
    """The adapter; it remembers the whole-number form of the model it looked at last."""

    name = "cpsat"
    capabilities = frozenset(
        {"linear", "integer", "semicontinuous", "indicator", "no_overlap", "circuit", "alldifferent", "whole"}
    )

    def __init__(self) -> None:
        self._seen: tuple[Model, Plan | str] | None = None

    def version(self) -> str:
        """OR-Tools's version."""
        _load()
        return importlib.metadata.version("ortools")

    def refusal(self, model: Model) -> str | None:
        """CP-SAT holds linear models whose data are exact integers, bounded, over whole or provably whole columns."""
        found = self._plan(model)
        return f"CP-SAT cannot hold it: {found}" if isinstance(found, str) else None

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """One solve from scratch. Raises UnsupportedError for what `refusal` names."""
        cp_model = _load()
        started = time.perf_counter()
        found = self._plan(model)
        if isinstance(found, str):
            raise UnsupportedError(f"CP-SAT cannot hold it: {found}", place="cpsat", remedy="use --solver scip")
        if not model.num_columns:
            return without_columns(model, time.perf_counter() - started)
        from solvers.adapters.cpsat_build import Build

        build = Build(cp_model, model, found, options)
        invalid = build.cp.validate()
        if invalid:
            raise SolverMissingError(f"CP-SAT rejects the model: {invalid}", place="cpsat", remedy="use --solver scip")
        solver = _configured(cp_model, options, build.intervals)
        built = time.perf_counter() - started
        asked: list[bool] = []

        def stop() -> None:
            asked.append(True)
            solver.stop_search()

        status = solver.status_name(interrupt.run(lambda: solver.solve(build.cp), stop))
        termination = _TERMINATION.get(status, "error")
        if termination == "interrupted" and options.time_limit is not None and not asked:
            termination = "time_limit"
        return _answer(found, build, solver, status, termination, built)

    def _plan(self, model: Model) -> Plan | str:
        if self._seen is None or self._seen[0] is not model:
            self._seen = (model, _planned(model))
        return self._seen[1]


def _planned(model: Model) -> Plan | str:
    if model.is_nonlinear or model.is_quadratic:
        return "its formulas have to be linear"
    if model.sos:
        return "it takes no sos"
    try:
        made = plan(model)
        _check_structure(model, made)
        return made
    except Refused as refused:
        return str(refused.args[0])


def _check_structure(model: Model, made: Plan) -> None:
    """Raises Refused for formulas of global constraints that do not fit, and for durations below 0."""
    from solvers.exact.plan import affine

    for rule in model.globals:
        if isinstance(rule, NoOverlap):
            _, durations = affine(made, rule.label, rule.start, rule.duration)
            if any(d.low < 0 for d in durations):
                raise Refused(f"a duration of {rule.label} may be negative")
        elif isinstance(rule, AllDifferent):
            affine(made, rule.label, rule.values)


SMALL = 200
"""Up to so many intervals, one worker without LP proves sooner than a portfolio that shares a few cores."""
PORTFOLIO = 8
"""From so many workers on, CP-SAT's own portfolio holds the strategies that intervals need."""


def _configured(cp_model: Any, options: SolveOptions, intervals: int) -> Any:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if intervals and (options.threads or os.cpu_count() or 1) < PORTFOLIO:
        parameters.linearization_level = 0
        parameters.use_dynamic_precedence_in_disjunctive = True
        if options.threads is None and intervals <= SMALL:
            parameters.num_workers = 1
    parameters.random_seed = options.seed % (2**31 - 1)
    parameters.catch_sigint_signal = False
    if options.time_limit is not None:
        parameters.max_time_in_seconds = options.time_limit
    if options.gap is not None:
        parameters.relative_gap_limit = options.gap
    if options.threads is not None:
        parameters.num_workers = options.threads
    if options.log:
        parameters.log_search_progress = True
        parameters.log_to_stdout = False
        solver.log_callback = lambda line: interrupt.log_line(line + "\n")
    return solver


def _answer(
    made: Plan, build: Any, solver: Any, status: str, termination: Termination, built: float
) -> RawSolution:
    message = "; ".join((status, *made.notes, *build.notes))
    if status not in ("OPTIMAL", "FEASIBLE"):
        return RawSolution(termination, "none", message=message, build_seconds=built)
    y = build.values(solver)
    x = made.point(y)
    scaled = sum(c * y[j] for c, j in zip(made.costs, made.columns))
    bound = made.offset + float(made.unit) * solver.best_objective_bound if made.columns else made.offset
    return RawSolution(
        termination, "feasible", "none", x, made.offset + float(made.unit * scaled), bound, message=message,
        build_seconds=built,
    )  # fmt: skip
