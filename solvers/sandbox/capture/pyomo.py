"""Pyomo: solvers that run in the process are watched, all others are replaced by a stand-in of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer, finite
from solvers.sandbox.capture.guard import Watch, broke, by_us, hook_solve
from solvers.sandbox.capture.guard import hook as replace_by
from solvers.sandbox.capture.pyomo_model import Written, is_model, written
from solvers.sandbox.capture.pyomo_stand_in import plain_name, stand_in_class

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

GENUINE = {
    "appsi_highs": "highspy", "highs": "highspy", "scip_direct": "pyscipopt", "scip_persistent": "pyscipopt",
    "gdpopt": "", "gdpopt.gloa": "", "gdpopt.lbb": "", "gdpopt.loa": "", "gdpopt.ric": "", "gdpopt.enumerate": "",
    "gdpopt.ldsda": "", "mindtpy": "", "mindtpy.oa": "", "mindtpy.ecp": "", "mindtpy.goa": "", "mindtpy.fp": "",
    "multistart": "", "trustregion": "", "cyipopt": "cyipopt", "scipy.fsolve": "scipy", "scipy.root": "scipy",
    "scipy.newton": "scipy", "scipy.secant-newton": "scipy",
}  # fmt: skip
"""Solvers that need neither another program nor a licence, and the module that has to be there."""

ELSEWHERE = frozenset({
    "bonmin", "couenne", "minos", "snopt", "knitro", "octeract", "lindoglobal", "lgo", "loqo", "gurobi_ampl", "cbc",
    "glpk", "ipopt", "scip", "highs", "cplex", "gurobi", "xpress", "mosek", "copt", "baron", "conopt", "filter",
})  # fmt: skip
"""Solvers that Pyomo runs by their program's name alone."""

STATUS: dict[str, Termination] = {
    "optimal": "optimal", "globallyOptimal": "optimal", "locallyOptimal": "locally_optimal",
    "infeasible": "infeasible", "unbounded": "unbounded", "infeasibleOrUnbounded": "infeasible_or_unbounded",
    "maxTimeLimit": "time_limit", "maxIterations": "iteration_limit", "maxEvaluations": "iteration_limit",
    "userInterrupt": "interrupted", "resourceInterrupt": "interrupted", "feasible": "solution_limit",
    "noSolution": "numerical", "minStepLength": "numerical", "minFunctionValue": "interrupted", "other": "numerical",
    "unknown": "numerical", "intermediateNonInteger": "numerical", "licensingProblems": "error", "error": "error",
    "invalidProblem": "error", "solverFailure": "error", "internalSolverError": "error",
    # Pyomo's newer interfaces, where they are called directly.
    "convergenceCriteriaSatisfied": "optimal", "provenInfeasible": "infeasible", "locallyInfeasible": "infeasible",
    "iterationLimit": "iteration_limit",
    "objectiveLimit": "interrupted", "interrupted": "interrupted", "emptyModel": "optimal",
}  # fmt: skip


def hook(environment: ModuleType) -> None:
    """Hook the factory and the solvers of `GENUINE`; what else is asked for becomes a stand-in."""
    factory = environment.SolverFactory
    for name in GENUINE:
        for cls in getattr(factory._cls.get(name), "__mro__", ()):
            if "solve" in vars(cls) and cls.__module__.startswith("pyomo."):
                hook_solve(cls, "solve", _solve)
    stand_in = stand_in_class()
    from pyomo.neos.plugins.kestrel_plugin import SolverManager_NEOS

    hook_solve(SolverManager_NEOS, "solve", lambda _, manager, *args, **kwds: _remote(stand_in, args, kwds))
    replace_by(type(factory), "__call__", lambda original, self, _name=None, **kwds: _made(
        original, self, stand_in, _name, kwds))  # fmt: skip


def _made(original: Callable[..., Any], factory: Any, stand_in: Any, name: Any, kwds: dict[str, Any]) -> Any:
    """The solver of that name, or its stand-in. Calls that ask for the factory itself are let through."""
    if name is None or by_us():
        return original(factory, name, **kwds)
    plain = str(name)
    if plain not in GENUINE and not _known(factory, plain):
        return original(factory, name, **kwds)
    if plain in GENUINE and plain in factory._cls and _there(GENUINE[plain]):
        made = original(factory, name, **kwds)
        if made is not None and hasattr(made, "__dict__"):
            made.__dict__["_asked_as"] = plain_name(plain)
        return made
    return stand_in(plain, **kwds)


def _remote(stand_in: Any, args: tuple[Any, ...], kwds: dict[str, Any]) -> Any:
    """A solve on the NEOS server, which no program reaches from here."""
    solver = kwds.pop("opt", None) or kwds.pop("solver", None) or "neos"
    name = solver if isinstance(solver, str) else getattr(solver, "asked", None) or _name_of(solver)
    made = stand_in(f"neos:{name}")
    made.options.update(getattr(solver, "options", {}))
    return made.solve(*args, **kwds)


def _known(factory: Any, name: str) -> bool:
    """Whether Pyomo, or someone, has such a solver: a misspelt name fails as it does without us."""
    front, _, behind = name.partition(":")
    return (front in factory._cls and not front.startswith("_")) or front in ELSEWHERE or behind in ELSEWHERE


def _there(module: str) -> bool:
    from importlib.util import find_spec

    return not module or find_spec(module) is not None


def _solve(original: Callable[..., Any], solver: Any, *args: Any, **kwargs: Any) -> Any:
    """A solve in the process."""
    after_fork()
    asked = vars(solver).get("_asked_as") or _name_of(solver)
    model = next((item for item in (*args, *kwargs.values()) if is_model(item)), None)
    held: list[Written] = []

    def build() -> Model:
        held.append(written(model if model is not None else getattr(solver, "_model", None)))
        return held[0].model

    return Watch(
        "pyomo", asked, build, lambda: original(solver, *args, **kwargs),
        lambda results, built: _read(results, built, held),
        failed=lambda error: _failed(solver, error),
    ).run()  # fmt: skip


def _name_of(solver: Any) -> str:
    found = getattr(solver, "name", None)
    name = found if isinstance(found, str) and found else type(solver).__module__.rpartition(".")[2]
    return plain_name(name)


def _failed(solver: Any, error: BaseException) -> SolveResult:
    """Pyomo raises where a solver found no solution: the solver still says why."""
    from solvers.sandbox.capture.highspy import STATUS as OF_HIGHS
    from solvers.sandbox.capture.scip import STATUS as OF_SCIP

    result = broke(error)
    inner: Any = getattr(solver, "_solver_model", None)
    if hasattr(inner, "getModelStatus"):
        return replace(result, termination=OF_HIGHS.get(inner.getModelStatus().name, "error"))
    if hasattr(inner, "getStatus"):
        return replace(result, termination=OF_SCIP.get(str(inner.getStatus()), "error"))
    return result


def _read(results: Any, model: Model | None, held: list[Written]) -> SolveResult:
    """The results object of any of Pyomo's three solver interfaces."""
    legacy = hasattr(results, "problem")
    said = str(results.solver.termination_condition if legacy else results.termination_condition)
    termination = STATUS.get(said.rpartition(".")[2], "error")
    incumbent, bound = _incumbent(results, model, legacy)
    x = None
    if held and incumbent is not None and termination != "error":
        x = held[0].point(_solution(results) if legacy else {}, _loader(results))
    return answer(model, termination, x, incumbent, bound)


def _incumbent(results: Any, model: Model | None, legacy: bool) -> tuple[float | None, float | None]:
    if legacy:
        lower, upper = finite(results.problem.lower_bound), finite(results.problem.upper_bound)
        return (upper, lower) if model is None or model.sense == "min" else (lower, upper)
    for incumbent, bound in (
        ("incumbent_objective", "objective_bound"), ("best_feasible_objective", "best_objective_bound")
    ):  # fmt: skip
        if hasattr(results, incumbent):
            return finite(getattr(results, incumbent)), finite(getattr(results, bound))
    return None, None


def _solution(results: Any) -> dict[int, float]:
    """Values by variable where the solution was not loaded into the model."""
    smap = results.__dict__.get("_smap")
    if smap is None or not len(results.solution):
        return {}
    found = results.solution(0).variable
    return {id(smap.bySymbol[s]): float(entry["Value"]) for s, entry in found.items() if s in smap.bySymbol}


def _loader(results: Any) -> Any:
    return getattr(results, "solution_loader", None)
