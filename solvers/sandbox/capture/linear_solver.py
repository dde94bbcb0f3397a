"""OR-Tools' pywraplp: the protocol buffer that the solver exports; solvers that are not there become SCIP or GLOP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import answer
from solvers.sandbox.capture.guard import Watch, hook_solve, nested
from solvers.sandbox.capture.guard import hook as replace_by
from solvers.sandbox.capture.linear_solver_proto import model_of

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[int, Termination] = {
    0: "optimal", 1: "time_limit", 2: "infeasible", 3: "unbounded", 4: "numerical", 5: "error", 6: "time_limit",
}  # fmt: skip
"""OPTIMAL, FEASIBLE, INFEASIBLE, UNBOUNDED, ABNORMAL, MODEL_INVALID, NOT_SOLVED. Only a limit ends a solve between."""
NAMES = {
    "GLOP": "glop", "CBC": "cbc", "CLP": "clp", "SCIP": "scip", "SAT": "cpsat", "CP_SAT": "cpsat", "CP-SAT": "cpsat",
    "PDLP": "pdlp", "BOP": "bop", "HIGHS": "highs", "GUROBI": "gurobi", "CPLEX": "cplex", "XPRESS": "xpress",
    "GLPK": "glpk",
}  # fmt: skip
"""By the front of the solver's name."""
DECIDING = frozenset({"cbc", "cpsat", "bop"})
"""Of the other solvers INFEASIBLE may also mean that presolve left open whether the model is unbounded."""
MISSING = ("GUROBI", "CPLEX", "XPRESS", "GLPK", "CBC", "CLP")
"""What an installation may lack, and a program may ask for."""


def hook(module: ModuleType) -> None:
    """Hook making and solving."""
    solver = module.Solver
    replace_by(solver, "__init__", _init)
    create = solver.CreateSolver
    solver.CreateSolver = staticmethod(lambda solver_id: _create(create, solver_id))
    hook_solve(solver, "Solve", _solve)


def _name(text: str) -> str:
    front = text.upper().replace("-", "_").split("_")[0].split(" ")[0]
    return NAMES.get(front if front != "CP" else "CP_SAT", text.lower())


def _create(original: Callable[[str], Any], solver_id: str) -> Any:
    """`CreateSolver`: None for what is not there, unless ours stands in."""
    made = original(solver_id)
    text = str(solver_id)
    if made is None and not nested() and text.upper().startswith(MISSING):
        made = original("GLOP" if "LP" in text.upper().split("_") or "LINEAR" in text.upper() else "SCIP")
    if made is not None:
        made.asked = _name(text)
    return made


def _init(original: Callable[..., None], solver: Any, name: Any, problem_type: Any) -> None:
    """`Solver(name, type)`, which ends the process for a type that is not there."""
    cls = type(solver)
    text = next((k for k, v in vars(cls).items() if k.endswith("PROGRAMMING") and v == problem_type), "")
    if text and not cls.SupportsProblemType(problem_type):
        problem_type = cls.GLOP_LINEAR_PROGRAMMING if "LINEAR" in text else cls.SCIP_MIXED_INTEGER_PROGRAMMING
    original(solver, name, problem_type)
    solver.asked = _name(text)


def _solve(original: Callable[..., Any], solver: Any, *args: Any) -> Any:
    solved_by = _name(str(solver.SolverVersion()))
    asked = getattr(solver, "asked", solved_by)
    if asked == "highs":  # OR-Tools gives HiGHS the version text of PDLP
        solved_by = asked
    return Watch(
        "linear_solver", asked, lambda: _model(solver), lambda: original(solver, *args),
        lambda status, model: _read(solver, int(status), model, solved_by), solved_by,
    ).run()  # fmt: skip


def _model(solver: Any) -> Model:
    from ortools.linear_solver import linear_solver_pb2

    proto = linear_solver_pb2.MPModelProto()
    solver.ExportModelToProto(proto)
    return model_of(proto, relaxed=not solver.IsMip())


def _read(solver: Any, status: int, model: Model | None, solved_by: str) -> SolveResult:
    termination = STATUS.get(status, "error")
    if termination == "infeasible" and solved_by not in DECIDING:
        termination = "infeasible_or_unbounded"
    if status not in (0, 1):
        return answer(model, termination)
    objective = solver.Objective()
    bound = objective.BestBound() if solver.IsMip() else (objective.Value() if status == 0 else None)
    x = [v.solution_value() for v in solver.variables()]
    return answer(model, termination, x, objective.Value(), bound, version=str(solver.SolverVersion()))
