"""OR-Tools' MathOpt: the protocol buffer that a solve hands over; solvers that are not there become GSCIP."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.io.nl_poly import Sum
from solvers.model import CONTINUOUS, INTEGER, Sos
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer
from solvers.sandbox.capture.guard import UncapturedError, Watch, hook_solve
from solvers.sandbox.capture.guard import hook as replace_by
from solvers.sandbox.capture.sheet import Sheet, linear

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

PRESENT = {"GSCIP": "scip", "GLOP": "glop", "CP_SAT": "cpsat", "PDLP": "pdlp", "HIGHS": "highs"}
"""What OR-Tools' wheels hold, in our names. Another solver is replaced by GSCIP."""
REASON: dict[str, Termination] = {
    "OPTIMAL": "optimal", "INFEASIBLE": "infeasible", "UNBOUNDED": "unbounded",
    "INFEASIBLE_OR_UNBOUNDED": "infeasible_or_unbounded", "IMPRECISE": "numerical", "NUMERICAL_ERROR": "numerical",
    "OTHER_ERROR": "error",
}  # fmt: skip
LIMIT: dict[str, Termination] = {
    "ITERATION": "iteration_limit", "TIME": "time_limit", "NODE": "node_limit", "SOLUTION": "solution_limit",
    "MEMORY": "memory_limit", "INTERRUPTED": "interrupted", "CUTOFF": "interrupted", "OBJECTIVE": "interrupted",
    "NORM": "numerical", "SLOW_PROGRESS": "numerical", "UNDETERMINED": "numerical", "OTHER": "numerical",
}  # fmt: skip


def hook(module: ModuleType) -> None:
    """Hook the function `solve` and the incremental solver."""
    hook_solve(module, "solve", _solve)
    facade = sys.modules.get("ortools.math_opt.python.mathopt")
    if facade is not None and hasattr(facade, "solve"):
        facade.solve = module.solve  # type: ignore[attr-defined]
    replace_by(module.IncrementalSolver, "__init__", _init)
    hook_solve(module.IncrementalSolver, "solve", _again)


def _replaced(solver_type: Any) -> Any:
    return solver_type if solver_type.name in PRESENT else type(solver_type).GSCIP


def _name(solver_type: Any) -> str:
    return PRESENT.get(solver_type.name, solver_type.name.lower())


def _solve(original: Callable[..., Any], opt_model: Any, solver_type: Any, **kwargs: Any) -> Any:
    after_fork()
    taken = _replaced(solver_type)
    if taken is not solver_type:
        kwargs.pop("streamable_init_args", None)
    return _watch(opt_model, solver_type, lambda: original(opt_model, taken, **kwargs), kwargs)


def _init(original: Callable[..., None], solver: Any, opt_model: Any, solver_type: Any, **kwargs: Any) -> None:
    original(solver, opt_model, _replaced(solver_type), **kwargs)
    solver.captured = (opt_model, solver_type)


def _again(original: Callable[..., Any], solver: Any, **kwargs: Any) -> Any:
    after_fork()
    opt_model, solver_type = solver.captured
    return _watch(opt_model, solver_type, lambda: original(solver, **kwargs), kwargs)


def _watch(opt_model: Any, solver_type: Any, solve: Callable[[], Any], kwargs: dict[str, Any]) -> Any:
    def build() -> Model:
        if getattr(kwargs.get("callback_reg"), "add_lazy_constraints", False):
            raise UncapturedError("the program adds constraints while the solver runs (a callback)")
        return model_of(opt_model.export_model())

    return Watch(
        "mathopt", _name(solver_type), build, solve,
        functools.partial(_read, opt_model), _name(_replaced(solver_type)),
    ).run()  # fmt: skip


def _read(opt_model: Any, result: Any, model: Model | None) -> SolveResult:
    ended = result.termination
    reason = ended.reason.name
    termination = REASON.get(reason) or LIMIT.get(ended.limit.name if ended.limit is not None else "", "numerical")
    bound = ended.objective_bounds.dual_bound
    if not result.has_primal_feasible_solution():
        return answer(model, termination, bound=bound, message=str(ended.detail))
    values = result.variable_values()
    x = [values[v] for v in sorted(opt_model.variables(), key=lambda v: int(v.id))]
    return answer(model, termination, x, result.objective_value(), bound, message=str(ended.detail))


# -- the model ---------------------------------------------------------------------------------------


class _Reader:
    """A `ModelProto`: columns by their ids, which have gaps where a variable was deleted."""

    def __init__(self, proto: Any) -> None:
        self.proto = proto
        self.sheet = Sheet(proto.name, "max" if proto.objective.maximize else "min")
        found = proto.variables
        names = list(found.names) or [""] * len(found.ids)
        kinds = [INTEGER if whole else CONTINUOUS for whole in found.integers]
        self.at = {
            i: self.sheet.column(*row)
            for i, row in zip(found.ids, zip(names, found.lower_bounds, found.upper_bounds, kinds))
        }

    def terms(self, vector: Any) -> list[tuple[int, float]]:
        """A sparse vector, or a linear expression, over ids."""
        values = vector.coefficients if hasattr(vector, "coefficients") else vector.values
        return [(self.at[i], c) for i, c in zip(vector.ids, values)]

    def formula(self, constant: float, vector: Any, products: Any = None) -> Sum:
        """A linear or quadratic formula; products are given as an upper triangle."""
        out = linear(self.terms(vector), constant)
        if products is not None:
            for i, j, c in zip(products.row_ids, products.column_ids, products.coefficients):
                pair = (min(self.at[i], self.at[j]), max(self.at[i], self.at[j]))
                out.quadratic[pair] = out.quadratic.get(pair, 0.0) + c
        return out

    def rows(self) -> None:
        """The linear rows."""
        found = self.proto.linear_constraints
        names = list(found.names) or [""] * len(found.ids)
        rows: dict[int, list[tuple[int, float]]] = {i: [] for i in found.ids}
        matrix = self.proto.linear_constraint_matrix
        for i, j, c in zip(matrix.row_ids, matrix.column_ids, matrix.coefficients):
            rows[i].append((self.at[j], c))
        for i, name, low, high in zip(found.ids, names, found.lower_bounds, found.upper_bounds):
            self.sheet.row(name, low, high, rows[i])

    def structure(self) -> None:
        """Quadratic rows, cones, sets and conditions."""
        sheet, proto = self.sheet, self.proto
        for _, row in sorted(proto.quadratic_constraints.items()):
            formula = self.formula(0.0, row.linear_terms, row.quadratic_terms)
            sheet.formula_row(row.name, row.lower_bound, row.upper_bound, formula)
        for _, cone in sorted(proto.second_order_cone_constraints.items()):
            self._cone(cone)
        for kind, sets in ((1, proto.sos1_constraints), (2, proto.sos2_constraints)):
            for _, held in sorted(sets.items()):
                self._sos(kind, held)
        for _, row in sorted(proto.indicator_constraints.items()):
            if not row.HasField("indicator_id"):
                continue  # its variable was deleted: the row never holds
            at = sheet.row(row.name, row.lower_bound, row.upper_bound, self.terms(row.expression))
            sheet.indicate(at, self.at[row.indicator_id], int(not row.activate_on_zero))

    def _cone(self, cone: Any) -> None:
        """|arguments| <= bound, as a quadratic row and a bound that is at least 0."""
        algebra = self.sheet.algebra
        bound = self.formula(cone.upper_bound.offset, cone.upper_bound)
        self.sheet.formula_row(f"{cone.name}#bound", 0.0, None, algebra.copy(bound))
        total = algebra.scale(algebra.multiply(bound, algebra.copy(bound)), -1.0)
        for argument in cone.arguments_to_norm:
            inner = self.formula(argument.offset, argument)
            total = algebra.add(total, algebra.multiply(inner, algebra.copy(inner)))
        self.sheet.formula_row(cone.name, None, 0.0, total)

    def _sos(self, kind: int, held: Any) -> None:
        columns = []
        for expression in held.expressions:
            terms = self.terms(expression)
            if len(terms) != 1 or expression.offset:
                raise UncapturedError(f"{held.name or 'a set'}: an SOS over expressions is not captured")
            columns.append(terms[0][0])
        weights = np.array(list(held.weights) or range(1, len(columns) + 1), dtype=np.float64)
        order = np.argsort(weights, kind="stable")
        self.sheet.sos.append(Sos(kind, np.array(columns)[order], weights[order], held.name))


def model_of(proto: Any) -> Model:
    """The model of a `ModelProto`. Raises UncapturedError."""
    if len(proto.auxiliary_objectives):
        raise UncapturedError("auxiliary objectives of MathOpt are not captured")
    reader = _Reader(proto)
    reader.sheet.objective = reader.formula(
        proto.objective.offset, proto.objective.linear_coefficients, proto.objective.quadratic_coefficients
    )
    reader.rows()
    reader.structure()
    return reader.sheet.model()
