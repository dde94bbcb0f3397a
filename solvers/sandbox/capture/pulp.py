"""PuLP: the problem's own dictionaries as a model; solvers that are programs or need a licence are ours instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from solvers.model import CONTINUOUS, INTEGER, Sos
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import after_fork, answer, solve_ours, whole
from solvers.sandbox.capture.guard import Watch, broke, guarded, hook_solve, inside, record
from solvers.sandbox.capture.guard import hook as replace_by
from solvers.sandbox.capture.sheet import Sheet, linear

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

ASKED = {
    "PULP_CBC_CMD": "cbc", "COIN_CMD": "cbc", "COINMP_DLL": "cbc", "CYLP": "cbc", "YAPOSIB": "yaposib",
    "GLPK_CMD": "glpk", "PYGLPK": "glpk", "HiGHS": "highs", "HiGHS_CMD": "highs", "SCIP_CMD": "scip",
    "FSCIP_CMD": "scip", "SCIP_PY": "scip", "GUROBI": "gurobi", "GUROBI_CMD": "gurobi", "CPLEX_CMD": "cplex",
    "CPLEX_PY": "cplex", "COPT": "copt", "COPT_CMD": "copt", "COPT_DLL": "copt", "MOSEK": "mosek",
    "XPRESS": "xpress", "XPRESS_CMD": "xpress", "XPRESS_PY": "xpress", "CUOPT": "cuopt", "CHOCO_CMD": "choco",
    "MIPCL_CMD": "mipcl",
}  # fmt: skip
"""Solvers by PuLP's names."""
GENUINE = frozenset({"HiGHS", "SCIP_PY"})
"""These run in the process and need no licence; all others are replaced."""

_SAID: dict[tuple[int, int], Termination] = {
    (1, 1): "optimal", (1, 2): "time_limit", (0, 0): "time_limit", (-1, -1): "infeasible", (-2, -2): "unbounded",
    (-3, -1): "infeasible_or_unbounded", (-3, 0): "numerical",
}  # fmt: skip
"""By PuLP's status and solution status."""
_SAY: dict[Termination, tuple[int, int]] = {
    "optimal": (1, 1), "locally_optimal": (1, 1), "infeasible": (-1, -1), "unbounded": (-2, -2),
    "infeasible_or_unbounded": (-3, -1), "error": (-3, 0), "numerical": (-3, 0),
}  # fmt: skip
STOPPED_WITH, STOPPED_WITHOUT = (1, 2), (0, 0)
"""What PuLP's CBC says where a limit ended the solve with a solution, and without."""


def hook_solvers(base: type) -> None:
    """Hook every solver class that there is."""
    for cls in [base, *_below(base)]:
        if "actualSolve" in vars(cls):
            hook_solve(cls, "actualSolve", _actual_solve)
        if "available" in vars(cls):
            replace_by(cls, "available", _available)


def _below(base: type) -> list[type]:
    found: list[type] = base.__subclasses__()
    return [cls for direct in found for cls in (direct, *_below(direct))]


def hook_problem(pulp: Any) -> None:
    """A problem without a solver gets CBC, installed or not."""
    inner = pulp.pulp if hasattr(pulp, "pulp") else pulp
    if getattr(inner, "LpSolverDefault", None) is None:
        default = pulp.COIN_CMD()
        for module in (inner, pulp, pulp.apis):
            module.LpSolverDefault = default


def hook(pulp: ModuleType) -> None:
    """Set all hooks."""
    hook_solvers(pulp.LpSolver)
    hook_problem(pulp)


def _available(original: Callable[..., Any], solver: Any, *args: Any) -> Any:
    """What is replaced is there."""
    return True if _replaced(solver) else original(solver, *args)


def _replaced(solver: Any) -> bool:
    return solver.name in ASKED and not (solver.name in GENUINE and _imports(solver.name))


def _imports(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec({"HiGHS": "highspy", "SCIP_PY": "pyscipopt"}[name]) is not None


def _actual_solve(original: Callable[..., Any], solver: Any, problem: Any, *args: Any, **kwargs: Any) -> Any:
    asked = ASKED.get(solver.name, str(solver.name))
    if _replaced(solver):
        return _substituted(solver, problem, asked)
    after_fork()
    columns: list[Any] = []
    return Watch(
        "pulp", asked, lambda: _model(problem, solver, columns),
        lambda: original(solver, problem, *args, **kwargs), lambda _, model: _read(problem, model, columns),
    ).run()  # fmt: skip


def _substituted(solver: Any, problem: Any, asked: str) -> int:
    problem.checkDuplicateVars()
    columns: list[Any] = []
    with inside():
        model, reason = guarded(lambda: _model(problem, solver, columns))
        if model is None:
            record("pulp", asked, "", None, reason, broke(RuntimeError(reason)))
            raise _error()(f"Pulp: Error while trying to execute {asked}: {reason}")
        result = solve_ours(model, solver.timeLimit, solver.optionsDict.get("gapRel"), prefer=asked)
        record("pulp", asked, result.solver, model, "", result)
        return _put_back(problem, model, columns, result)


def _error() -> type[Exception]:
    from pulp import PulpSolverError

    kind: type[Exception] = PulpSolverError
    return kind


def _put_back(problem: Any, model: Model, columns: list[Any], result: SolveResult) -> int:
    if result.x is not None:
        problem.assignVarsVals({v.name: float(x) for v, x in zip(columns, whole(model, result.x))})
        if problem.dummyVar is not None:
            problem.dummyVar.varValue = 0.0
        rows = list(_rows(problem))
        problem.assignConsSlack(dict(zip(rows, model.activity(result.x).tolist())), activity=True)
        if result.row_duals is not None:
            problem.assignConsPi(dict(zip(rows, result.row_duals.tolist())))
        if result.reduced_costs:
            prices = next(iter(result.reduced_costs.values())).array
            problem.assignVarsDj({v.name: float(p) for v, p in zip(columns, prices)})
    stopped = STOPPED_WITH if result.has_solution else STOPPED_WITHOUT
    status, solution_status = _SAY.get(result.termination, stopped)
    problem.assignStatus(status, solution_status)
    return status


def _model(problem: Any, solver: Any, columns: list[Any]) -> Model:
    """The problem as the solver gets it; the variables of its columns go to `columns`."""
    sheet = Sheet(str(problem.name or ""), "max" if problem.sense == -1 else "min")
    whole_numbers = bool(getattr(solver, "mip", True))
    at: dict[Any, int] = {}
    for v in problem.variables():
        if v is problem.dummyVar:
            continue
        kind = INTEGER if v.cat == "Integer" and whole_numbers else CONTINUOUS
        at[v] = sheet.column(v.name, v.lowBound, v.upBound, kind)
        columns.append(v)
    objective = problem.objective
    if objective is not None:
        sheet.objective = linear(((at[v], c) for v, c in objective.items() if v in at), objective.constant)
    for name, row in _rows(problem).items():
        terms = [(at[v], c) for v, c in row.items() if v in at]
        sheet.row(name, row.getLb(), row.getUb(), terms)
    for kind_of_set, held in ((1, problem.sos1), (2, problem.sos2)):
        for name, members in held.items():
            sheet.sos.append(_sos(kind_of_set, str(name), members, at))
    return sheet.model()


def _rows(problem: Any) -> dict[str, Any]:
    """Constraints by name: a dictionary, which PuLP 3.3 keeps behind a deprecated view, and 4 behind a method."""
    held = vars(problem).get("_constraints")
    held = problem.constraints if held is None else held
    return held if isinstance(held, dict) else {row.name: row for row in held()}


def _sos(kind: int, name: str, members: Any, at: dict[Any, int]) -> Sos:
    import numpy as np

    weighted = sorted((float(members[v]), at[v]) for v in members)
    return Sos(kind, np.array([j for _, j in weighted]), np.array([w for w, _ in weighted]), name)


def _read(problem: Any, model: Model | None, columns: list[Any]) -> SolveResult:
    """The answer of a solver that ran."""
    termination = _SAID.get((problem.status, problem.sol_status), "error")
    x = [v.varValue for v in columns]
    if termination == "optimal" or termination == "time_limit":
        objective = problem.objective.value() if problem.objective is not None else 0.0
        known = all(v is not None for v in x)
        return answer(model, termination, x if known else None, objective if known else None)
    return answer(model, termination)
