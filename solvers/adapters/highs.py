"""HiGHS: linear and mixed-integer programs, convex quadratic objectives over continuous variables.

Arrays are handed over whole. `HighsSession` keeps a model loaded for warm re-solves with changed data.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.adapters.base import (
    DEFAULT_GAP,
    Ranges,
    RawSolution,
    SolveOptions,
    coefficient_refusal,
    joined,
    objective_scale,
    without_columns,
)
from solvers.adapters.interrupt import Interrupt, interruptible, log_line
from solvers.errors import SolverMissingError
from solvers.model import INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model, ObjectiveLevel
from solvers.result import DualStatus, PrimalStatus, Termination

if TYPE_CHECKING:
    from solvers.ground.slots import ModelUpdate

LEAST_COEFFICIENT, MOST_COEFFICIENT = 1e-12, 1e15
"""HiGHS's own limits: the least `small_matrix_value` that it takes, and `large_matrix_value`."""
WHOLE = 1e-6
"""HiGHS takes a value within this of a whole number for whole."""
MAX_CONVEXITY_CHECK = 3000
"""Above this many columns in a quadratic objective, convexity is not decided here and HiGHS is not asked."""
MOST_SEMI = 1e5
"""HiGHS ends with an error where a semicontinuous variable with a lower bound may exceed this."""

_TERMINATION: dict[str, Termination] = {
    "kOptimal": "optimal", "kInfeasible": "infeasible", "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "infeasible_or_unbounded", "kTimeLimit": "time_limit",
    "kIterationLimit": "iteration_limit", "kSolutionLimit": "solution_limit", "kInterrupt": "interrupted",
    "kMemoryLimit": "memory_limit", "kModelEmpty": "optimal", "kObjectiveBound": "interrupted",
    "kObjectiveTarget": "interrupted", "kUnknown": "numerical", "kSolveError": "numerical",
    "kPresolveError": "error", "kPostsolveError": "error", "kLoadError": "error", "kModelError": "error",
    "kNotset": "error", "kHighsInterrupt": "interrupted",
}  # fmt: skip


def _load() -> Any:
    try:
        import highspy
    except ImportError as exc:
        raise SolverMissingError(
            f"HiGHS cannot be loaded: {exc}",
            place="highs",
            remedy="pip install 'highspy>=1.10,<1.14' (later ones clash with ortools in one process), or --solver scip",
        ) from exc
    return highspy


class HighsAdapter:
    """The adapter; stateless."""

    name = "highs"
    capabilities = frozenset({"linear", "integer", "semicontinuous", "convex_quadratic"})

    def version(self) -> str:
        """HiGHS's own version."""
        return str(_load().Highs().version())

    def refusal(self, model: Model) -> str | None:
        """HiGHS holds neither nonlinear rows, quadratic rows, MIQP, nor nonconvex objectives."""
        if model.structure:
            return f"HiGHS takes no {', '.join(model.structure)}"
        if model.is_nonlinear:
            return "HiGHS takes no nonlinear expressions"
        if model.quadratic_rows is not None:
            return "HiGHS takes no quadratic constraints"
        if model.objective.quadratic is not None:
            if model.has_integers or model.has_semicontinuous:
                return "HiGHS takes no quadratic objective with integer variables"
            convex = is_convex(model)
            if convex is None:
                return f"convexity of a quadratic over more than {MAX_CONVEXITY_CHECK:,} columns is not decided here"
            if not convex:
                return "the quadratic objective is not convex, which HiGHS cannot solve"
        return self.misread(model)

    def misread(self, model: Model) -> str | None:
        """Which number of a model HiGHS would not take for what it is, or None: `refusal` for changed data only."""
        semi = (model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER)
        if np.any(semi & ((model.col_lower < 0) | ((model.col_lower > 0) & (model.col_upper > MOST_SEMI)))):
            return f"HiGHS takes semicontinuous variables only from 0 on, and up to {MOST_SEMI:g}"
        return coefficient_refusal(model, "HiGHS", LEAST_COEFFICIENT, MOST_COEFFICIENT)

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """One solve from scratch."""
        session = HighsSession(model, options)
        return session.solve()


def whole_bounds(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (columns,) with those of whole-number columns rounded inwards; where none is left they stay.

    HiGHS 1.13 loses solutions where such bounds are fractions: it calls feasible models infeasible.
    """
    low, high = np.ceil(model.col_lower - WHOLE), np.floor(model.col_upper + WHOLE)
    rounded = ((model.kinds == INTEGER) | (model.kinds == SEMIINTEGER)) & (low <= high)
    return np.where(rounded, low, model.col_lower), np.where(rounded, high, model.col_upper)


def is_convex(model: Model) -> bool | None:
    """Whether the quadratic objective is convex for its sense; None when it is too large to decide."""
    quadratic = model.objective.quadratic
    if quadratic is None:
        return True
    used, inverse = np.unique(np.concatenate([quadratic.i, quadratic.j]), return_inverse=True)
    if len(used) > MAX_CONVEXITY_CHECK:
        return None
    i, j = np.split(inverse, 2)
    matrix = np.zeros((len(used), len(used)))
    np.add.at(matrix, (i, j), quadratic.coef / 2)
    np.add.at(matrix, (j, i), quadratic.coef / 2)
    values = np.linalg.eigvalsh(matrix if model.sense == "min" else -matrix)
    return bool(values[0] >= -1e-9 * max(1.0, abs(values[-1])))


class HighsSession:
    """A model loaded into HiGHS, re-solved warm after `update`."""

    def __init__(self, model: Model, options: SolveOptions | None = None) -> None:
        started = time.perf_counter()
        self.highspy = _load()
        self.model = model
        self.options = options or SolveOptions()
        self.scale = objective_scale(model.objective)
        self.highs = self.highspy.Highs()
        self._configure()
        self._pass(model)
        self.build_seconds = time.perf_counter() - started

    def _configure(self) -> None:
        set_option = self.highs.setOptionValue
        set_option("output_flag", self.options.log)
        # HiGHS writes its console log to stdout; the callback that brings it to stderr runs only beside a log file.
        set_option("log_to_console", False)
        if self.options.log:
            set_option("log_file", os.devnull)
        set_option("random_seed", self.options.seed % (2**31 - 1))
        # HiGHS's default gap of 1e-4 would call an answer optimal that differs from the optimum.
        set_option("mip_rel_gap", DEFAULT_GAP if self.options.gap is None else self.options.gap)
        set_option("mip_abs_gap", 1e-9)
        set_option("small_matrix_value", LEAST_COEFFICIENT)
        if self.options.time_limit is not None:
            set_option("time_limit", self.options.time_limit)
        if self.options.threads is not None:
            set_option("threads", self.options.threads)

    def _pass(self, model: Model) -> None:
        kinds = np.zeros(model.num_columns, dtype=np.int32)
        kinds[model.kinds == INTEGER] = 1
        kinds[model.kinds == SEMICONTINUOUS] = 2
        kinds[model.kinds == SEMIINTEGER] = 3
        level = model.objective
        sense = 1 if model.sense == "min" else -1
        matrix = model.matrix
        status = self.highs.passModel(
            model.num_columns, model.num_rows, matrix.nonzeros, 2, sense, level.offset * self.scale,
            level.costs if self.scale == 1.0 else level.costs * self.scale,
            *whole_bounds(model), model.row_lower, model.row_upper,
            matrix.start[:-1].astype(np.int32, copy=False) if model.num_rows else np.zeros(1, np.int32),
            matrix.index, matrix.value, kinds,
        )  # fmt: skip
        if status == self.highspy.HighsStatus.kError:
            raise SolverMissingError("HiGHS refused the model", place="highs", remedy="try --solver scip")
        if level.quadratic is not None:
            self._pass_hessian(level)

    def _pass_hessian(self, level: ObjectiveLevel) -> None:
        q = level.quadratic
        assert q is not None
        # Lower triangle by columns: entry (row j, column i) with i <= j; HiGHS minimises x'Qx / 2.
        order = np.lexsort((q.j, q.i))
        i, j = q.i[order], q.j[order]
        value = np.where(i == j, 2.0, 1.0) * q.coef[order] * self.scale
        hessian = self.highspy.HighsHessian()
        hessian.dim_ = self.model.num_columns
        hessian.format_ = self.highspy.HessianFormat.kTriangular
        start = np.zeros(self.model.num_columns + 1, dtype=np.int32)
        np.cumsum(np.bincount(i, minlength=self.model.num_columns), out=start[1:])
        hessian.start_, hessian.index_, hessian.value_ = start, j.astype(np.int32), value
        if self.highs.passHessian(hessian) == self.highspy.HighsStatus.kError:
            raise SolverMissingError("HiGHS refused the quadratic objective", place="highs", remedy="try --solver scip")

    def update(self, update: ModelUpdate) -> None:
        """Take over changed data; the next solve starts from the last basis."""
        model = update.model
        if len(update.matrix):
            rows = np.searchsorted(model.matrix.start, update.matrix, side="right") - 1
            for nz, row in zip(update.matrix.tolist(), rows.tolist()):
                self.highs.changeCoeff(row, int(model.matrix.index[nz]), float(model.matrix.value[nz]))
        if len(update.costs):
            at = update.costs.astype(np.int32)
            self.highs.changeColsCost(len(at), at, model.objective.costs[at] * self.scale)
        for row in update.rows.tolist():
            self.highs.changeRowBounds(row, float(model.row_lower[row]), float(model.row_upper[row]))
        if len(update.columns):
            at = update.columns.astype(np.int32)
            low, high = whole_bounds(model)
            self.highs.changeColsBounds(len(at), at, low[at], high[at])
        if update.offset:
            self.highs.changeObjectiveOffset(model.objective.offset * self.scale)
        self.model = model

    def solve(self) -> RawSolution:
        """Solve what is loaded."""
        if self.model.num_columns == 0:
            return without_columns(self.model, self.build_seconds)
        if self.options.time_limit is not None and not (self.model.has_integers or self.model.has_semicontinuous):
            # The simplex counts the seconds of all runs of a session, branch and bound those of its own.
            self.highs.setOptionValue("time_limit", self.options.time_limit + self.highs.getRunTime())
        note = self._start()
        with interruptible() as interrupt:
            self._watch(interrupt)
            self.highs.run()
        termination = _TERMINATION.get(self.highs.getModelStatus().name, "error")
        if termination == "infeasible_or_unbounded":
            termination = self._decide_unbounded()
        return self._answer(termination, note)

    def _watch(self, interrupt: Interrupt) -> None:
        """HiGHS asks now and then whether to go on; on the main thread, so that Ctrl-C is seen there."""
        kinds = self.highspy.cb.HighsCallbackType
        logging = int(kinds.kCallbackLogging)

        def callback(kind: int, message: str, out: Any, answer: Any, data: Any) -> None:
            if int(kind) == logging:
                log_line(message)
            elif interrupt.requested:
                answer.user_interrupt = True

        self.highs.setCallback(callback, None)
        for kind in (kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt, kinds.kCallbackMipInterrupt):
            self.highs.startCallback(kind)
        if self.options.log:
            self.highs.startCallback(kinds.kCallbackLogging)

    def _start(self) -> str:
        """Hand over the start values; what is done with them."""
        start = self.options.start
        if start is None or len(start) != self.model.num_columns:
            return ""
        if not (self.model.has_integers or self.model.has_semicontinuous):
            return "HiGHS starts a model without integers from a basis: the start values were not used"
        known = np.flatnonzero(np.isfinite(start)).astype(np.int32)
        if len(known) == len(start):
            solution = self.highspy.HighsSolution()
            solution.col_value = start.tolist()
            status = self.highs.setSolution(solution)
        else:
            status = self.highs.setSolution(len(known), known, start[known])
        if status == self.highspy.HighsStatus.kError:
            return "HiGHS did not take the start values"
        return "HiGHS was given the start values" + ("" if len(known) == len(start) else " and completes them")

    def _decide_unbounded(self) -> Termination:
        """Presolve proved one of the two: a solve without an objective says which."""
        probe = self.highspy.Highs()
        probe.setOptionValue("output_flag", False)
        probe.passModel(self.highs.getModel())
        if self.options.time_limit is not None:
            probe.setOptionValue("time_limit", self.options.time_limit)
        n = self.model.num_columns
        probe.changeColsCost(n, np.arange(n, dtype=np.int32), np.zeros(n))
        probe.run()
        name = probe.getModelStatus().name
        return {"kOptimal": "unbounded", "kInfeasible": "infeasible"}.get(name, "infeasible_or_unbounded")  # type: ignore[return-value]

    def _answer(self, termination: Termination, note: str = "") -> RawSolution:
        info = self.highs.getInfo()
        feasible = int(info.primal_solution_status) == 2 and termination not in ("infeasible", "unbounded")
        mixed = self.model.has_integers or self.model.has_semicontinuous
        primal: PrimalStatus = "feasible" if feasible else "none"
        message = joined(self._message(), note)
        if not feasible:
            return RawSolution(termination, primal, message=message, build_seconds=self.build_seconds)
        solution = self.highs.getSolution()
        x = np.asarray(solution.col_value)
        objective = float(info.objective_function_value) / self.scale
        bound: float | None = float(info.mip_dual_bound) / self.scale if mixed else None
        if not mixed and termination == "optimal":
            bound = objective
        duals = reduced = None
        dual: DualStatus = "none"
        if not mixed and int(info.dual_solution_status) == 2:
            duals, reduced = np.asarray(solution.row_dual) / self.scale, np.asarray(solution.col_dual) / self.scale
            dual = "feasible"
        if termination == "optimal" and self.model.objective.quadratic is not None:
            doubt = self._doubt(x, objective, duals)
            if doubt:
                termination, bound, message = "numerical", None, joined(message, doubt)
        return RawSolution(
            termination, primal, dual, x, objective, bound if bound is None or np.isfinite(bound) else None,
            duals, reduced, self._unique(termination, mixed), message, self.build_seconds,
        )  # fmt: skip

    def _doubt(self, x: np.ndarray, objective: float, duals: np.ndarray | None) -> str:
        """Why a point that HiGHS calls optimal for a quadratic objective is not shown to be; empty where it is."""
        from solvers.adapters.certificate import duality_gap
        from solvers.compare import OPTIMALITY

        gap = np.inf if duals is None else duality_gap(self.model, x, duals)
        if gap <= OPTIMALITY.absolute + OPTIMALITY.relative * abs(objective):
            return ""
        return f"HiGHS calls this optimal, its multipliers prove it only within {gap:.3g} ({OPTIMALITY.name})"

    def _message(self) -> str:
        return str(self.highs.modelStatusToString(self.highs.getModelStatus()))

    def _unique(self, termination: Termination, mixed: bool) -> bool | None:
        """A vertex whose nonbasic reduced costs and duals are all non-zero is the only optimum of an LP."""
        if mixed or termination != "optimal" or self.model.objective.quadratic is not None:
            return None
        basis = self.highs.getBasis()
        if not basis.valid:
            return None
        solution = self.highs.getSolution()
        basic = self.highspy.HighsBasisStatus.kBasic
        nonbasic = np.array([s != basic for s in basis.col_status], dtype=bool)
        row_nonbasic = np.array([s != basic for s in basis.row_status], dtype=bool)
        costs = np.abs(np.asarray(solution.col_dual)[nonbasic])
        duals = np.abs(np.asarray(solution.row_dual)[row_nonbasic & (self.model.row_lower < self.model.row_upper)])
        fixed = (self.model.col_lower == self.model.col_upper)[nonbasic]
        return True if np.all(costs[~fixed] > 1e-7) and np.all(duals > 1e-7) else None

    def ranging(self) -> Ranges | None:
        """Sensitivity of the last LP optimum, or None where HiGHS has none (integers, no optimum)."""
        if self.model.has_integers or self.highs.getModelStatus().name != "kOptimal":
            return None
        status, ranging = self.highs.getRanging()
        if status != self.highspy.HighsStatus.kOk:
            return None
        cost = np.stack([np.asarray(ranging.col_cost_dn.value_), np.asarray(ranging.col_cost_up.value_)], axis=1)
        row = np.stack([np.asarray(ranging.row_bound_dn.value_), np.asarray(ranging.row_bound_up.value_)], axis=1)
        return Ranges(cost / self.scale, row)
