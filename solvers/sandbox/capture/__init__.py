"""Hooks into solver libraries: every model that a program solves is recorded, and nothing else changes.

`install()` imports no library. A library is hooked once its trigger module has been imported, now or later.
"""

from __future__ import annotations

from collections.abc import Iterable

from solvers.sandbox.capture.imports import after_import

LIBRARIES: dict[str, tuple[str, str]] = {
    "pyomo": ("pyomo.environ", "solvers.sandbox.capture.pyomo"),
    "highspy": ("highspy.highs", "solvers.sandbox.capture.highspy"),
    "linear_solver": ("ortools.linear_solver.pywraplp", "solvers.sandbox.capture.linear_solver"),
    "model_builder": ("ortools.linear_solver.python.model_builder", "solvers.sandbox.capture.model_builder"),
    "mathopt": ("ortools.math_opt.python.solve", "solvers.sandbox.capture.mathopt"),
    "cpsat": ("ortools.sat.python.cp_model", "solvers.sandbox.capture.cpsat"),
    "scip": ("pyscipopt.scip", "solvers.sandbox.capture.scip"),
    "pulp": ("pulp", "solvers.sandbox.capture.pulp"),
    "cvxpy": ("cvxpy", "solvers.sandbox.capture.cvxpy"),
    "gurobipy": ("gurobipy", "solvers.sandbox.capture.gurobi"),
    "coptpy": ("coptpy", "solvers.sandbox.capture.copt"),
    "scipy": ("scipy.optimize", "solvers.sandbox.capture.scipy"),
}
"""By name: the module after whose import the hooks are set, and the module whose `hook(module)` sets them."""


def install(libraries: Iterable[str] | None = None) -> None:
    """Capture the models of these libraries (all of `LIBRARIES` by default). Raises ValueError for an unknown one."""
    chosen = list(LIBRARIES if libraries is None else libraries)
    unknown = sorted(set(chosen) - LIBRARIES.keys())
    if unknown:
        raise ValueError(f"no capture of {', '.join(unknown)}: choose among {', '.join(LIBRARIES)}")
    for name in chosen:
        after_import(*LIBRARIES[name])
