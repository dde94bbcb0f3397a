"""What Pyomo's factory gives for a solver that is another program or needs a licence: ours, behind its interface."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

from solvers.errors import FormulateError
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import solve_ours, whole
from solvers.sandbox.capture.guard import UncapturedError, broke, inside, nested, record
from solvers.sandbox.capture.pyomo_model import Written, is_model, written

CONDITION: dict[Termination, str] = {
    "optimal": "optimal", "locally_optimal": "locallyOptimal", "infeasible": "infeasible", "unbounded": "unbounded",
    "infeasible_or_unbounded": "infeasibleOrUnbounded", "time_limit": "maxTimeLimit",
    "iteration_limit": "maxIterations", "node_limit": "maxEvaluations", "solution_limit": "feasible",
    "memory_limit": "resourceInterrupt", "interrupted": "userInterrupt", "numerical": "other", "error": "error",
}  # fmt: skip
"""Pyomo's words for how a solve ended."""
TIME_LIMITS = (
    "TimeLimit", "timelimit", "time_limit", "seconds", "sec", "tmlim", "max_cpu_time", "max_wall_time",
    "limits/time", "MaxTime", "maxtime", "MAXTIME",
)  # fmt: skip
GAPS = (
    "MIPGap", "mipgap", "mip_rel_gap", "ratio", "ratioGap", "mip_tolerances_mipgap", "mip tolerances mipgap",
    "limits/gap", "EpsR", "miprelstop",
)  # fmt: skip
"""Names of options, over all solvers; each means the same wherever it exists."""
_WRITTEN_LP = ("cbc", "glpk", "cplex", "gurobi", "xpress", "mosek")
"""Their files need an objective."""


def plain_name(name: str) -> str:
    """`gurobi` of `gurobi_direct_v2`, `highs` of `appsi_highs`, `cbc` of `asl:cbc`."""
    plain = name.rpartition(":")[2].lower()
    for affix in ("appsi_", "_direct_minlp", "_persistent_v2", "_direct_v2", "_persistent", "_direct", "_v2", "ampl"):
        plain = plain.removeprefix(affix) if affix.endswith("_") and affix[0] != "_" else plain.removesuffix(affix)
    return plain.strip("_") or name


@functools.cache
def stand_in_class() -> Any:
    """The class, made once Pyomo is imported."""
    from pyomo.opt.base.solvers import OptSolver

    return type("StandIn", (_StandIn, OptSolver), {})


class _StandIn:
    """The behaviour; `stand_in_class` joins it with Pyomo's `OptSolver`. Also what persistent solvers are asked for."""

    options: Any

    def __init__(self, name: str, **kwds: Any) -> None:
        given = {k: v for k, v in kwds.items() if k in ("options", "doc", "solver")}
        asked = str(given.pop("solver", None) or name)
        super().__init__(type=name, **given)  # type: ignore[call-arg]
        self.asked = plain_name(asked)
        self.kept: Any = None
        self.config = SimpleNamespace(time_limit=None)
        self.update_config = SimpleNamespace()

    def available(self, exception_flag: bool = True) -> bool:
        """Ours is."""
        return True

    def executable(self) -> str:
        """No program is run."""
        return self.asked

    def set_executable(self, *_: Any, **__: Any) -> None:
        """No program is run, wherever it may lie."""

    def warm_start_capable(self) -> bool:
        """Start values are taken and not needed."""
        return True

    def has_capability(self, cap: str) -> bool:
        """Ours take linear, quadratic, integer and nonlinear models, and sets."""
        return True

    def set_instance(self, model: Any, **_: Any) -> None:
        """Persistent interface: the model that later solves mean. It is read anew at each of them."""
        self.kept = model

    def __getattr__(self, name: str) -> Any:
        # What a persistent solver is told about changes stands in the model too.
        if name.startswith(("add_", "remove_", "update_", "set_objective")) or name == "load_vars":
            return lambda *_, **__: None
        if name.endswith("_options"):
            return self.options
        raise AttributeError(f"{type(self).__name__!r} (for {self.__dict__.get('asked')!r}) has no attribute {name!r}")

    def solve(self, *args: Any, **kwds: Any) -> Any:
        """Solve by one of ours. Raises what Pyomo's own writer raises for a model that no solver can be given."""
        model = next((item for item in (*args, *kwds.values()) if is_model(item)), self.kept)
        self._check(model)
        options = {**dict(self.options.items()), **dict(kwds.get("options") or {})}
        limit = kwds.get("timelimit")
        limit = limit if limit is not None else getattr(self.config, "time_limit", None)
        limit = limit if limit is not None else _option(options, TIME_LIMITS)
        recorded = not nested()
        with inside():
            held = self._written(model, recorded)
            result = solve_ours(held.model, limit, _option(options, GAPS), prefer=self.asked)
            if recorded:
                record("pyomo", self.asked, result.solver, held.model, "", result)
            if result.termination == "error":
                raise self._broken(result.message)
            return _results(model, held, result, bool(kwds.get("load_solutions", True)))

    def _written(self, model: Any, recorded: bool) -> Written:
        try:
            return written(model)
        except Exception as error:
            ours = isinstance(error, (UncapturedError, FormulateError))
            reason = getattr(error, "message", str(error)) if ours else f"{type(error).__name__}: {error}"
            if recorded:
                record("pyomo", self.asked, "", None, reason, broke(error))
            if ours:
                raise self._broken(reason) from error
            raise

    def _broken(self, why: str) -> Exception:
        """What Pyomo raises where a solver breaks."""
        from pyomo.common.errors import ApplicationError

        error: Exception = ApplicationError(f"Solver ({self.asked}) did not exit normally: {why}")
        return error

    def _check(self, model: Any) -> None:
        """What every solver of Pyomo's refuses, in its words."""
        from pyomo.environ import Objective

        if model is None:
            raise ValueError("no model was given to the solver")
        if hasattr(model, "is_constructed") and not model.is_constructed():
            raise RuntimeError(f"Attempting to solve model={model.name} with unconstructed component(s)")
        if not hasattr(model, "component_data_objects"):
            return
        count = sum(1 for _ in model.component_data_objects(Objective, active=True, descend_into=True))
        if count > 1:
            raise ValueError("Model has multiple active objectives")
        if not count and self.asked in _WRITTEN_LP:
            raise ValueError("No objectives defined for input model. Cannot write legal LP file.")


def _option(options: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        try:
            if name in options:
                return float(options[name])
        except (TypeError, ValueError):
            return None
    return None


def _results(model: Any, held: Written, result: SolveResult, load: bool) -> Any:
    """Pyomo's results object, and the values in the program's model."""
    from pyomo.core.base.symbol_map import SymbolMap
    from pyomo.opt import ProblemSense, Solution, SolutionStatus, SolverResults, TerminationCondition

    results = SolverResults()
    _problem(results, held, result, ProblemSense)
    condition = TerminationCondition(CONDITION[result.termination])
    results.solver.name = result.solver
    results.solver.termination_condition = condition
    results.solver.status = TerminationCondition.to_solver_status(condition)
    results.solver.termination_message = results.solver.message = result.message or str(condition)
    results.solver.time = results.solver.wallclock_time = result.seconds
    results._smap = None  # type: ignore[attr-defined]
    if result.x is not None:
        solution, symbols = Solution(), SymbolMap()
        optimal = result.termination in ("optimal", "locally_optimal")
        solution.status = SolutionStatus.optimal if optimal else SolutionStatus.feasible
        for k, (v, x) in enumerate(zip(held.variables, whole(held.model, result.x).tolist())):
            symbols.addSymbol(v, f"x{k}")
            solution.variable[f"x{k}"] = {"Value": x}
        results.solution.insert(solution)
        results._smap = symbols  # type: ignore[attr-defined]
        results._smap_id = id(symbols)  # type: ignore[attr-defined]
    if load and not hasattr(model, "solutions"):
        _set_values(held, result)
    elif load:
        model.solutions.load_from(results)
    if load:
        results.solution.clear()
        _suffixes(model, held, result)
    return results


def _set_values(held: Written, result: SolveResult) -> None:
    """For blocks, and for models of pyomo.kernel, which hold no solutions."""
    if result.x is not None:
        for v, x in zip(held.variables, whole(held.model, result.x).tolist()):
            v.value = x


def _problem(results: Any, held: Written, result: SolveResult, senses: Any) -> None:
    found, model = results.problem, held.model
    found.name = model.name
    found.number_of_constraints, found.number_of_variables = model.num_rows, model.num_columns
    found.number_of_nonzeros, found.number_of_objectives = model.matrix.nonzeros, 1
    found.sense = senses.minimize if model.sense == "min" else senses.maximize
    low, high = (result.bound, result.objective) if model.sense == "min" else (result.objective, result.bound)
    if low is not None:
        found.lower_bound = low
    if high is not None:
        found.upper_bound = high


def _suffixes(model: Any, held: Written, result: SolveResult) -> None:
    """Duals, reduced costs and slacks, where the program asks for them."""
    if not hasattr(model, "component"):
        return
    dual, reduced = model.component("dual"), model.component("rc")
    if result.row_duals is not None and dual is not None and dual.import_enabled():
        for row, price in zip(held.constraints, result.row_duals.tolist()):
            dual[row] = price
    if result.reduced_costs and reduced is not None and reduced.import_enabled():
        for v, price in zip(held.variables, next(iter(result.reduced_costs.values())).array.tolist()):
            reduced[v] = price

