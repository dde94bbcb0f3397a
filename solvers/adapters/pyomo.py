"""Pyomo: whatever solver the user has (CBC, GLPK, Ipopt, Gurobi, CPLEX, Xpress, ...), by Pyomo's own interfaces.

What a solver takes and how its options are called stands in `pyomo_solvers`. Duals of linear programs are
returned only when they certify the optimum, so that no solver's sign convention is trusted.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import math
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from solvers.adapters import interrupt
from solvers.adapters.base import (
    DEFAULT_GAP,
    RawSolution,
    SolveOptions,
    coefficient_refusal,
    crossed_bounds,
    joined,
    lacking,
    without_columns,
    worst_row,
)
from solvers.adapters.highs import is_convex
from solvers.adapters.pyomo_build import Built, PyomoBuilder
from solvers.adapters.pyomo_solvers import SOLVERS
from solvers.errors import SolverMissingError
from solvers.model import Model
from solvers.result import PrimalStatus, Termination
from solvers.template import functions_of

_TERMINATION: dict[str, Termination] = {
    "optimal": "optimal", "globallyOptimal": "optimal", "locallyOptimal": "locally_optimal",
    "infeasible": "infeasible", "unbounded": "unbounded", "infeasibleOrUnbounded": "infeasible_or_unbounded",
    "maxTimeLimit": "time_limit", "maxIterations": "iteration_limit", "maxEvaluations": "iteration_limit",
    "userInterrupt": "interrupted", "resourceInterrupt": "interrupted", "interrupted": "interrupted",
    "feasible": "solution_limit", "noSolution": "numerical", "minStepLength": "numerical", "other": "numerical",
    "unknown": "numerical", "intermediateNonInteger": "numerical", "objectiveLimit": "interrupted",
    "minFunctionValue": "interrupted",
    "licensingProblems": "error", "error": "error", "invalidProblem": "error", "solverFailure": "error",
    "internalSolverError": "error",
}  # fmt: skip
_NO_POINT = ("infeasible", "unbounded", "infeasible_or_unbounded")


def _pyomo(place: str) -> Any:
    try:
        import pyomo.environ as pyo
    except ImportError as exc:
        raise SolverMissingError(
            f"Pyomo cannot be loaded: {exc}", place=place, remedy="pip install 'pyomo>=6.8'"
        ) from exc
    return pyo


class PyomoAdapter:
    """The adapter of one solver behind Pyomo; stateless."""

    def __init__(self, key: str) -> None:
        self.name = f"pyomo:{key}"
        self.solver = SOLVERS[key]
        self.capabilities = self.solver.capabilities

    def version(self) -> str:
        """The solver's version and Pyomo's. Raises SolverMissingError when either is absent."""
        _, factory = self._factory()
        with without_keys():
            found = factory.version()
        number = ".".join(map(str, found)) if isinstance(found, tuple) else str(found or "unknown")
        return f"{number} (pyomo {importlib.metadata.version('pyomo')})"

    def _factory(self) -> tuple[str, Any]:
        """The first of Pyomo's interfaces whose solver is here."""
        pyo = _pyomo(self.name)
        with _quiet():
            for interface in self.solver.interfaces:
                factory = pyo.SolverFactory(interface)
                with without_keys():
                    here = factory.available(exception_flag=False)
                if here:
                    return interface, factory
        raise SolverMissingError(
            f"Pyomo finds no {self.solver.title} (asked for {', '.join(self.solver.interfaces)})", place=self.name,
            remedy=self.solver.remedy,
        )  # fmt: skip

    def refusal(self, model: Model) -> str | None:
        """What of the model the solver has no place for, or would misread."""
        return self._lacking(model) or coefficient_refusal(
            model, self.solver.title, self.solver.least, self.solver.most
        )

    def _lacking(self, model: Model) -> str | None:
        title, takes = self.solver.title, self.capabilities
        missing = lacking(model, title, takes, " through Pyomo")
        if missing is not None:
            return missing
        templates = [b.template for b in model.nonlinear_rows]
        templates += [lv.nonlinear for lv in model.levels if lv.nonlinear is not None]
        odd = frozenset().union(*map(functions_of, templates)) & {"min", "max", "abs"} if templates else frozenset()
        if odd:
            return f"{title} takes no {', '.join(sorted(odd))} through Pyomo"
        if "quadratic" in takes or not model.is_quadratic:
            return None
        if model.quadratic_rows is not None:
            return f"{title} takes no quadratic constraints through Pyomo"
        if "convex_quadratic" not in takes:
            return f"{title} takes no quadratic objective"
        if model.has_integers:
            return f"{title} takes no quadratic objective with integer variables through Pyomo"
        return None if is_convex(model) else f"the quadratic objective is not convex, which {title} cannot solve"

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """One solve from scratch. Raises SolverMissingError when the solver is absent or breaks."""
        if model.num_columns == 0:
            return without_columns(model)
        crossed = crossed_bounds(model)
        if crossed is not None:
            return RawSolution("infeasible", "none", message=crossed)
        interface, factory = self._factory()
        started = time.perf_counter()
        start = options.start if self.solver.start else None
        if self.solver.local:
            inside = _inside(model)
            start = inside if start is None else np.where(np.isfinite(start), start, inside)
        builder = PyomoBuilder(model, start)
        built_seconds = time.perf_counter() - started
        if builder.false_row is not None:
            return RawSolution("infeasible", "none", message=f"{builder.false_row} is false for all values")
        note = self._note(options)
        try:
            built = builder.built()
            answer = self._run(factory, interface, built, options, wants_duals=_is_lp(model))
            termination = _termination(answer)
            if termination == "infeasible_or_unbounded":
                termination = self._decide_unbounded(interface, factory, model, options)
            raw = self._answer(model, built, answer, termination)
        except KeyboardInterrupt:
            raw = RawSolution("interrupted", "none", message=f"{self.solver.title} was stopped and keeps no solution")
        return replace(raw, build_seconds=built_seconds, message=joined(raw.message, note))

    def _run(self, factory: Any, interface: str, built: Built, options: SolveOptions, *, wants_duals: bool) -> Any:
        pyo = _pyomo(self.name)
        if wants_duals and self.solver.duals and built.rows:
            built.model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
        arguments: dict[str, Any] = {"load_solutions": False, "tee": options.log}
        if options.time_limit is not None and not self.solver.time_limit:
            arguments["timelimit"] = options.time_limit
        if options.start is not None and self.solver.start and factory.warm_start_capable():
            arguments["warmstart"] = True
        settings = self._settings(options)
        for name, value in settings.items():
            factory.options[name] = value
        quiet = _quiet() if not options.log else contextlib.nullcontext()
        started = time.perf_counter()
        with _stdout_apart(), without_keys(), quiet:
            try:
                answer = factory.solve(built.model, **arguments)
            except Exception as exc:
                text = " ".join(str(exc).split())[:300]
                raise SolverMissingError(
                    f"{self.solver.title} broke: {text}", place=self.name, remedy="try another solver, or see its --log"
                ) from exc
        limit = options.time_limit
        vague = _termination(answer) in ("solution_limit", "numerical", "interrupted")
        if limit is not None and time.perf_counter() - started >= 0.9 * limit and vague:
            # GLPK, Xpress and (without a solution) CBC say no more than that they stopped.
            answer.solver.termination_condition = "maxTimeLimit"
        return answer

    def _settings(self, options: SolveOptions) -> dict[str, Any]:
        solver = self.solver
        chosen = dict(solver.always)
        if options.time_limit is not None and solver.time_limit:
            limit = options.time_limit
            chosen[solver.time_limit] = max(1, math.ceil(limit)) if solver.whole_seconds else limit
        if solver.gap and "integer" in self.capabilities:
            # Defaults of 1e-4 would call an answer optimal that differs from the optimum.
            chosen[solver.gap] = DEFAULT_GAP if options.gap is None else options.gap
        if solver.seed:
            chosen[solver.seed] = options.seed % (2**31 - 1)
        if solver.threads and options.threads is not None:
            chosen[solver.threads] = options.threads
        return chosen

    def _note(self, options: SolveOptions) -> str:
        """What of the options this solver has no use for."""
        title = self.solver.title
        asked = [name for name in ("gap", "threads") if getattr(options, name) is not None]
        unused = [name for name in asked if not getattr(self.solver, name)]
        notes = [f"{title} has no use for {' and '.join(unused)}"] if unused else []
        if options.log and not self.solver.log:
            notes.append(f"{title} keeps no log through Pyomo")
        if options.start is not None:
            took = "was given the start values" if self.solver.start else "takes no start values: they were not used"
            whole = self.solver.partial or not self.solver.start or bool(np.all(np.isfinite(options.start)))
            notes.append(f"{title} {took}" if whole else f"{title} {took}, the unknown ones as 0")
        return joined(*notes)

    def _decide_unbounded(self, interface: str, factory: Any, model: Model, options: SolveOptions) -> Termination:
        """One of the two was proven: a solve without an objective says which."""
        level = replace(model.objective, costs=np.zeros(model.num_columns), quadratic=None, nonlinear=None)
        built = PyomoBuilder(replace(model, levels=(level,))).built()
        found = _termination(self._run(factory, interface, built, options, wants_duals=False))
        return {"optimal": "unbounded", "infeasible": "infeasible"}.get(found, "infeasible_or_unbounded")  # type: ignore[return-value]

    def _answer(self, model: Model, built: Built, answer: Any, termination: Termination) -> RawSolution:
        title = self.solver.title
        message = ""
        if self.solver.local and termination in ("optimal", "infeasible") and not _surely_convex(model):
            if termination == "optimal":
                termination, message = "locally_optimal", f"{title} found a local optimum; a better one may exist"
            else:
                termination, message = "numerical", f"{title} found no feasible point; there may be one elsewhere"
        if termination in _NO_POINT or len(answer.solution) == 0:
            return RawSolution(termination, "none", message=message)
        if termination == "error":
            # CPLEX after Ctrl-C: Pyomo calls it an error and would not load the solution that is there.
            termination, message = "interrupted", f"{title} stopped early and Pyomo does not say why"
            answer.solver.status = "warning"
        with _quiet():
            built.model.solutions.load_from(answer)
        x = _values(model, built)
        wrong = worst_row(model, x)
        primal: PrimalStatus = "feasible" if not wrong else "infeasible_point"
        if wrong:
            if termination in ("optimal", "locally_optimal"):
                termination = "numerical"
            return RawSolution(termination, primal, message=joined(message, wrong))
        objective = model.objective.value(x)
        proven = termination == "optimal" and (not model.has_integers or not self.solver.gap)
        bound = objective if proven else _bound(answer, model)
        raw = RawSolution(termination, primal, "none", x, objective, bound, message=message)
        if termination != "optimal" or not (_is_lp(model) and self.solver.duals):
            return raw
        duals = _certified(model, built, x)
        if duals is None:
            doubt = f"the duals of {title} do not certify the optimum and are left out"
            return replace(raw, message=joined(message, doubt))
        return replace(raw, dual_status="feasible", row_duals=duals[0], reduced_costs=duals[1])


def _is_lp(model: Model) -> bool:
    return model.class_name == "LP"


def _surely_convex(model: Model) -> bool:
    linear_rows = model.quadratic_rows is None and not model.is_nonlinear and not model.has_integers
    return linear_rows and bool(is_convex(model))


def _termination(answer: Any) -> Termination:
    said = str(answer.solver.termination_condition)
    if said == "error" and str(answer.solver.status) == "aborted":
        # So Pyomo's direct interfaces say that Ctrl-C was pressed.
        return "interrupted"
    return _TERMINATION.get(said, "error")


def _inside(model: Model) -> np.ndarray:
    """A point off the bounds by up to 1: at 0, where solvers would begin, roots and logarithms have no slope."""
    low, high = model.col_lower, model.col_upper
    room = np.minimum(1.0, (high - low) / 2)
    least, most = np.where(np.isfinite(low), low + room, low), np.where(np.isfinite(high), high - room, high)
    return np.clip(0.0, least, most)


def _values(model: Model, built: Built) -> np.ndarray:
    """The point, within its bounds; a column that stands in no row or objective has no value from the solver."""
    low, high = model.col_lower, model.col_upper
    rest = np.clip(0.0, low, high)
    x = np.array([rest[j] if v.value is None else float(v.value) for j, v in enumerate(built.columns)])
    slack = 1e-6 * np.maximum(1.0, np.abs(x))
    near = (x >= low - slack) & (x <= high + slack)
    return np.where(near, np.clip(x, low, high), x)


def _bound(answer: Any, model: Model) -> float | None:
    problem = answer.problem
    value = problem.lower_bound if model.sense == "min" else problem.upper_bound
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < 1e20 else None


def _certified(model: Model, built: Built, x: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Row duals and reduced costs (c - A'y), if they prove x optimal; under either sign that the solver may use."""
    raw = np.zeros(model.num_rows)
    for row, constraint in built.rows:
        raw[row] += float(built.model.dual.get(constraint, 0.0) or 0.0)
    flip = 1.0 if model.sense == "min" else -1.0
    costs, matrix = model.objective.costs, model.matrix
    rows = matrix.row_of()
    activity = model.activity(x)
    scale = max(1.0, float(np.abs(costs).max(initial=0.0)))
    for y in (raw, -raw):
        y = np.where(np.abs(y) < 1e-12, 0.0, y)
        reduced = costs - np.bincount(matrix.index, weights=matrix.value * y[rows], minlength=model.num_columns)
        reduced = np.where(np.abs(reduced) < 1e-9 * scale, 0.0, reduced)
        if _supports(flip * y, activity, model.row_lower, model.row_upper, scale) and _supports(
            flip * reduced, x, model.col_lower, model.col_upper, scale
        ):
            return y, reduced
    return None


def _supports(price: np.ndarray, value: np.ndarray, low: np.ndarray, high: np.ndarray, scale: float) -> bool:
    """Positive prices only at lower bounds, negative ones only at upper bounds (for a minimum)."""
    room = 1e-6 * np.maximum(1.0, np.abs(value))
    up = (price > 1e-6 * scale) & ~(value <= low + room)
    down = (price < -1e-6 * scale) & ~(value >= high - room)
    return not bool(np.any(up | down))


@contextlib.contextmanager
def _stdout_apart() -> Iterator[None]:
    """Solvers and Pyomo write to stdout as they please: within, all of it goes to stderr.

    By a descriptor of its own: Pyomo captures 1 and 2 and would otherwise wait for itself.
    """
    with (
        open(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace") as log,
        interrupt.stdout_to_stderr(True), contextlib.redirect_stdout(log),
    ):  # fmt: skip
        yield


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Pyomo logs warnings for what is here asked and answered: solvers that are absent, models that are infeasible."""
    logger = logging.getLogger("pyomo")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextlib.contextmanager
def without_keys() -> Iterator[None]:
    """Solver executables inherit the environment, but not the keys of other services in it."""
    kept = {name: value for name, value in os.environ.items() if name.upper().endswith(_KEYS)}
    for name in kept:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(kept)


_KEYS = ("_API_KEY", "_API_TOKEN", "_ACCESS_TOKEN", "_SECRET_ACCESS_KEY", "HF_TOKEN", "GITHUB_TOKEN")
