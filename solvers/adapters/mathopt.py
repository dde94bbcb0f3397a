"""OR-Tools MathOpt: GLOP, PDLP and GSCIP, from arrays straight into its protocol buffers.

MathOpt's Python classes cost microseconds per coefficient; whole arrays go into the repeated fields of a
`ModelProto` instead. Left out on purpose: MathOpt's CP-SAT rounds continuous columns to whole numbers without
saying so, and its HiGHS ignores interruption (the adapter `highs` does not).
"""

from __future__ import annotations

import importlib.metadata
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvers.adapters import interrupt
from solvers.adapters.base import (
    RawSolution,
    SolveOptions,
    coefficient_refusal,
    crossed_bounds,
    joined,
    lacking,
    scaled_rows,
    without_columns,
    worst_row,
)
from solvers.adapters.highs import is_convex
from solvers.errors import SolverMissingError
from solvers.model import INTEGER, Csr, Model, ObjectiveLevel, Quadratic
from solvers.result import DualStatus, PrimalStatus, Termination

REMEDY = "pip install 'ortools>=9.12,<10'"
PDLP_TOLERANCE = 1e-9
"""Relative and absolute; PDLP is a first-order method, and its default of 1e-6 would fail our check."""
SMALL_ROW = 1e-3
"""Rows without a coefficient of this size are scaled up for GLOP and PDLP, whose tolerances are absolute."""
PDLP_GAP = 1e-6
"""The greatest relative distance of primal and dual objective at which PDLP's answer is called optimal."""


@dataclass(frozen=True, slots=True)
class BackEnd:
    """What one solver inside MathOpt takes: its capabilities, and which options and start values it knows.

    Coefficients up to `least` are zero to it, from `most` on infinite.
    """

    title: str
    capabilities: frozenset[str]
    options: frozenset[str]
    hints: bool = False
    duals: bool = False
    least: float = 0.0
    most: float = np.inf


BACK_ENDS = {
    "glop": BackEnd("GLOP", frozenset({"linear"}), frozenset({"seed"}), duals=True),
    "pdlp": BackEnd("PDLP", frozenset({"linear", "convex_quadratic"}), frozenset({"threads"}), hints=True, duals=True),
    "gscip": BackEnd(
        "GSCIP", frozenset({"linear", "integer", "convex_quadratic", "quadratic", "indicator", "sos"}),
        frozenset({"seed", "threads", "gap"}), hints=True, least=1e-9, most=1e20,
    ),
}  # fmt: skip

GSCIP_NOISE = ("SCIPcatchEvent does not support variable or row change events", "gscip_event_handler.cc")
"""Lines that GSCIP writes to stderr whenever an interrupter is present; the interruption works none the less."""

_LIMITS: dict[str, Termination] = {
    "LIMIT_ITERATION": "iteration_limit", "LIMIT_TIME": "time_limit", "LIMIT_NODE": "node_limit",
    "LIMIT_SOLUTION": "solution_limit", "LIMIT_MEMORY": "memory_limit", "LIMIT_INTERRUPTED": "interrupted",
    "LIMIT_CUTOFF": "interrupted", "LIMIT_OBJECTIVE": "interrupted", "LIMIT_NORM": "numerical",
    "LIMIT_SLOW_PROGRESS": "numerical", "LIMIT_UNDETERMINED": "numerical", "LIMIT_OTHER": "numerical",
    "LIMIT_UNSPECIFIED": "numerical",
}  # fmt: skip
_REASONS: dict[str, Termination] = {
    "TERMINATION_REASON_OPTIMAL": "optimal", "TERMINATION_REASON_INFEASIBLE": "infeasible",
    "TERMINATION_REASON_UNBOUNDED": "unbounded",
    "TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED": "infeasible_or_unbounded",
    "TERMINATION_REASON_IMPRECISE": "numerical", "TERMINATION_REASON_NUMERICAL_ERROR": "numerical",
    "TERMINATION_REASON_OTHER_ERROR": "error", "TERMINATION_REASON_UNSPECIFIED": "error",
}  # fmt: skip
_PRIMAL: dict[str, PrimalStatus] = {
    "SOLUTION_STATUS_FEASIBLE": "feasible", "SOLUTION_STATUS_INFEASIBLE": "infeasible_point",
    "SOLUTION_STATUS_UNDETERMINED": "infeasible_point", "SOLUTION_STATUS_UNSPECIFIED": "none",
}  # fmt: skip


class _Library:
    """The parts of OR-Tools that are used, loaded once they are needed."""

    def __init__(self, place: str) -> None:
        try:
            from ortools.math_opt import (
                callback_pb2,
                model_parameters_pb2,
                model_pb2,
                parameters_pb2,
                result_pb2,
                solution_pb2,
            )
            from ortools.math_opt.core.python import solver
            from ortools.util.python import solve_interrupter
        except ImportError as exc:
            raise SolverMissingError(f"OR-Tools cannot be loaded: {exc}", place=place, remedy=REMEDY) from exc
        self.version = importlib.metadata.version("ortools")
        self.model, self.parameters, self.result, self.solution = model_pb2, parameters_pb2, result_pb2, solution_pb2
        self.callback, self.hints, self.solver, self.interrupter = (
            callback_pb2, model_parameters_pb2, solver, solve_interrupter,
        )  # fmt: skip


class MathOptAdapter:
    """The adapter of one back end; stateless."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.back_end = BACK_ENDS[name]
        self.capabilities = self.back_end.capabilities

    def version(self) -> str:
        """OR-Tools' version."""
        return _Library(self.name).version

    def refusal(self, model: Model) -> str | None:
        """What of the model the back end has no place for, or would misread."""
        return self._lacking(model) or coefficient_refusal(
            model, self.back_end.title, self.back_end.least, self.back_end.most
        )

    def _lacking(self, model: Model) -> str | None:
        title, takes = self.back_end.title, self.capabilities
        missing = lacking(model, title, takes)
        if missing is not None:
            return missing
        if model.quadratic_rows is not None and "quadratic" not in takes:
            return f"{title} takes no quadratic constraints"
        quadratic = model.objective.quadratic
        if quadratic is None or "quadratic" in takes:
            return _indicated_quadratic(model, title)
        if "convex_quadratic" not in takes:
            return f"{title} takes no quadratic objective"
        if np.any(quadratic.i != quadratic.j):
            return f"{title} takes no products of two different variables"
        return None if is_convex(model) else f"the quadratic objective is not convex, which {title} cannot solve"

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """One solve from scratch."""
        if model.num_columns == 0:
            return without_columns(model)
        crossed = crossed_bounds(model)
        if crossed is not None:
            return RawSolution("infeasible", "none", message=crossed)
        library = _Library(self.name)
        started = time.perf_counter()
        linear = not self.capabilities & {"quadratic", "indicator"}
        held, factor = scaled_rows(model, SMALL_ROW) if linear else (model, np.ones(model.num_rows))
        proto = build(library.model, held)
        built = time.perf_counter() - started
        answer = self._solve(library, proto, options)
        termination = _termination(library, answer)
        if termination == "infeasible_or_unbounded":
            termination = self._decide_unbounded(library, proto, options)
        raw = self._answer(library, model, held, answer, termination)
        if raw.row_duals is not None:
            raw = replace(raw, row_duals=raw.row_duals * factor)
        return replace(raw, build_seconds=built, message=joined(raw.message, self._note(options)))

    def _solve(self, library: _Library, proto: Any, options: SolveOptions) -> Any:
        interrupter = library.interrupter.SolveInterrupter()
        parameters = library.parameters
        kind = parameters.SolverTypeProto.Value(f"SOLVER_TYPE_{self.back_end.title}")
        chosen, hints = self._parameters(library, options), self._hints(library, options.start)
        listen = (lambda lines: interrupt.log_line("".join(f"{line}\n" for line in lines))) if options.log else None

        def work() -> Any:
            return library.solver.solve(
                proto, kind, parameters.SolverInitializerProto(), chosen, hints, listen,
                library.callback.CallbackRegistrationProto(), None, interrupter.pybind_interrupter,
            )  # fmt: skip

        try:
            with interrupt.stderr_without(GSCIP_NOISE, self.name == "gscip" and not options.log):
                return interrupt.run(work, interrupter.interrupt)
        except Exception as exc:
            raise SolverMissingError(
                f"{self.back_end.title} broke: {exc}", place=self.name, remedy="try another solver"
            ) from exc

    def _parameters(self, library: _Library, options: SolveOptions) -> Any:
        chosen = library.parameters.SolveParametersProto()
        takes = self.back_end.options
        if options.time_limit is not None:
            chosen.time_limit.FromNanoseconds(int(options.time_limit * 1e9))
        if options.gap is not None and "gap" in takes:
            chosen.relative_gap_tolerance = options.gap
        if "seed" in takes:
            chosen.random_seed = options.seed % (2**31 - 1)
        if options.threads is not None and "threads" in takes:
            chosen.threads = options.threads
        if self.name == "pdlp":
            tight = chosen.pdlp.termination_criteria.simple_optimality_criteria
            tight.eps_optimal_absolute = tight.eps_optimal_relative = PDLP_TOLERANCE
        if self.name == "gscip":
            # Tighter than the tolerance solutions are checked with.
            chosen.gscip.real_params["numerics/feastol"] = 1e-7
        return chosen

    def _hints(self, library: _Library, start: np.ndarray | None) -> Any:
        extra = library.hints.ModelSolveParametersProto()
        if start is not None and self.back_end.hints:
            known = np.flatnonzero(np.isfinite(start))
            hint = extra.solution_hints.add().variable_values
            hint.ids.extend(known.tolist())
            hint.values.extend(start[known].tolist())
        return extra

    def _note(self, options: SolveOptions) -> str:
        """What of the options this back end has no use for."""
        title, takes = self.back_end.title, self.back_end.options
        unused = [name for name in ("gap", "threads") if getattr(options, name) is not None and name not in takes]
        notes = [f"{title} has no use for {' and '.join(unused)}"] if unused else []
        if options.start is not None:
            took = "was given the start values" if self.back_end.hints else "takes no start values: they were not used"
            notes.append(f"{title} {took}")
        return joined(*notes)

    def _decide_unbounded(self, library: _Library, proto: Any, options: SolveOptions) -> Termination:
        """Presolve proved one of the two: a solve without an objective says which."""
        probe = library.model.ModelProto()
        probe.CopyFrom(proto)
        probe.ClearField("objective")
        found = _termination(library, self._solve(library, probe, replace(options, start=None)))
        return {"optimal": "unbounded", "infeasible": "infeasible"}.get(found, "infeasible_or_unbounded")  # type: ignore[return-value]

    def _answer(
        self, library: _Library, model: Model, held: Model, answer: Any, termination: Termination
    ) -> RawSolution:
        """The answer to `held`, the model as it was handed over, for `model`."""
        message = "" if termination == "optimal" else str(answer.termination.detail)
        found = next((s for s in answer.solutions if s.HasField("primal_solution")), None)
        if found is None or termination in ("infeasible", "unbounded", "infeasible_or_unbounded"):
            return RawSolution(termination, "none", message=message)
        status = library.solution.SolutionStatusProto.Name(found.primal_solution.feasibility_status)
        primal = _PRIMAL.get(status, "none")
        x = _dense(found.primal_solution.variable_values, model.num_columns)
        bound: float | None = answer.termination.objective_bounds.dual_bound
        if self.name == "pdlp":
            x = np.clip(x, model.col_lower, model.col_upper)
            doubt = _pdlp_doubt(held, x, bound) if termination == "optimal" else ""
            if doubt:
                termination, primal, message = "numerical", "infeasible_point", f"PDLP stopped too far off: {doubt}"
        if primal != "feasible":
            return RawSolution(termination, primal, message=message)
        objective = model.objective.value(x)
        duals = reduced = None
        dual: DualStatus = "none"
        if self.back_end.duals and found.HasField("dual_solution") and termination == "optimal":
            duals = _dense(found.dual_solution.dual_values, model.num_rows)
            reduced = _dense(found.dual_solution.reduced_costs, model.num_columns)
            dual = "feasible" if model.objective.quadratic is None else "none"
        return RawSolution(
            termination, primal, dual, x, objective, bound if bound is not None and np.isfinite(bound) else None,
            duals if dual == "feasible" else None, reduced if dual == "feasible" else None, None, message,
        )  # fmt: skip


def _pdlp_doubt(model: Model, x: np.ndarray, bound: float | None) -> str:
    """Why PDLP's point is not the optimum to our tolerance, or nothing."""
    wrong = worst_row(model, x)
    if wrong:
        return wrong
    objective = model.objective.value(x)
    if bound is None or not abs(objective - bound) <= PDLP_GAP * max(1.0, abs(objective)):
        return f"its objective {objective:.10g} and bound {bound} differ"
    return ""


def _termination(library: _Library, answer: Any) -> Termination:
    reason = library.result.TerminationReasonProto.Name(answer.termination.reason)
    if reason in ("TERMINATION_REASON_FEASIBLE", "TERMINATION_REASON_NO_SOLUTION_FOUND"):
        return _LIMITS.get(library.result.LimitProto.Name(answer.termination.limit), "numerical")
    return _REASONS.get(reason, "error")


def _dense(vector: Any, size: int) -> np.ndarray:
    out = np.zeros(size)
    ids = np.fromiter(vector.ids, dtype=np.int64, count=len(vector.ids))
    out[ids] = np.fromiter(vector.values, dtype=np.float64, count=len(vector.values))
    return out


def _indicated_quadratic(model: Model, title: str) -> str | None:
    if model.indicators is None or model.quadratic_rows is None or model.quadratic_rows.row is None:
        return None
    both = np.intersect1d(model.indicators.row, model.quadratic_rows.row)
    return f"{title} takes no quadratic constraint under an indicator" if len(both) else None


# -- building ----------------------------------------------------------------------------------------


def build(model_pb2: Any, model: Model) -> Any:
    """A MathOpt `ModelProto` with ids equal to the model's column and row numbers."""
    proto = model_pb2.ModelProto()
    variables = proto.variables
    variables.ids.extend(range(model.num_columns))
    variables.lower_bounds.extend(model.col_lower.tolist())
    variables.upper_bounds.extend(model.col_upper.tolist())
    variables.integers.extend((model.kinds == INTEGER).tolist())
    proto.objective.maximize = model.sense == "max"
    _objective(proto.objective, model.objective)
    special = np.zeros(model.num_rows, dtype=bool)
    if model.quadratic_rows is not None:
        _quadratic_rows(proto, model, model.quadratic_rows, special)
    if model.indicators is not None:
        _indicators(proto, model, special)
    plain = np.flatnonzero(~special)
    rows = proto.linear_constraints
    rows.ids.extend(plain.tolist())
    rows.lower_bounds.extend(model.row_lower[plain].tolist())
    rows.upper_bounds.extend(model.row_upper[plain].tolist())
    _matrix(proto.linear_constraint_matrix, model.matrix, special)
    for k, item in enumerate(model.sos):
        held = (proto.sos1_constraints if item.kind == 1 else proto.sos2_constraints)[k]
        for column in item.columns.tolist():
            expression = held.expressions.add()
            expression.ids.append(column)
            expression.coefficients.append(1.0)
        held.weights.extend(item.weights.tolist())
    return proto


def _objective(target: Any, level: ObjectiveLevel) -> None:
    target.offset = level.offset
    at = np.flatnonzero(level.costs)
    target.linear_coefficients.ids.extend(at.tolist())
    target.linear_coefficients.values.extend(level.costs[at].tolist())
    if level.quadratic is not None:
        _products(target.quadratic_coefficients, level.quadratic, slice(None))


def _products(target: Any, quadratic: Quadratic, which: Any) -> None:
    i, j, coef = quadratic.i[which], quadratic.j[which], quadratic.coef[which]
    order = np.lexsort((j, i))
    target.row_ids.extend(i[order].tolist())
    target.column_ids.extend(j[order].tolist())
    target.coefficients.extend(coef[order].tolist())


def _row(target: Any, matrix: Csr, row: int) -> None:
    """One row as a sparse vector with ascending ids."""
    columns, values = matrix.row(row)
    order = np.argsort(columns, kind="stable")
    target.ids.extend(columns[order].tolist())
    target.values.extend(values[order].tolist())


def _quadratic_rows(proto: Any, model: Model, quadratic: Quadratic, special: np.ndarray) -> None:
    assert quadratic.row is not None
    order = np.argsort(quadratic.row, kind="stable")
    rows, first = np.unique(quadratic.row[order], return_index=True)
    special[rows] = True
    for row, entries in zip(rows.tolist(), np.split(order, first[1:])):
        held = proto.quadratic_constraints[row]
        _row(held.linear_terms, model.matrix, row)
        _products(held.quadratic_terms, quadratic, entries)
        held.lower_bound, held.upper_bound = float(model.row_lower[row]), float(model.row_upper[row])


def _indicators(proto: Any, model: Model, special: np.ndarray) -> None:
    items = model.indicators
    assert items is not None
    for row, column, active in zip(items.row.tolist(), items.column.tolist(), items.active.tolist()):
        special[row] = True
        # GSCIP takes one side at a time.
        for side, bound in enumerate((float(model.row_lower[row]), float(model.row_upper[row]))):
            if not np.isfinite(bound):
                continue
            held = proto.indicator_constraints[row + side * model.num_rows]
            held.indicator_id, held.activate_on_zero = column, not active
            _row(held.expression, model.matrix, row)
            held.lower_bound, held.upper_bound = (bound, np.inf) if side == 0 else (-np.inf, bound)


def _matrix(target: Any, matrix: Csr, special: np.ndarray) -> None:
    """Row by row with ascending columns, as MathOpt demands; zeros and special rows left out."""
    rows, columns, values = matrix.row_of(), matrix.index, matrix.value
    keep = (values != 0) & ~special[rows]
    if not keep.all():
        rows, columns, values = rows[keep], columns[keep], values[keep]
    if len(rows) > 1 and np.any((np.diff(columns) <= 0) & (rows[1:] == rows[:-1])):
        order = np.lexsort((columns, rows))
        rows, columns, values = rows[order], columns[order], values[order]
    target.row_ids.extend(rows.tolist())
    target.column_ids.extend(columns.tolist())
    target.coefficients.extend(values.tolist())
