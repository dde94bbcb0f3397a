"""Solver adapters, one file per solver; `ADAPTERS` lists them by name, loaded when asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from solvers.adapters.base import Adapter, SolveOptions
from solvers.errors import UnknownSolverError

ADAPTERS = {
    "cpsat": "solvers.adapters.cpsat:CpSatAdapter",
    "glop": "solvers.adapters.mathopt:MathOptAdapter:glop",
    "gscip": "solvers.adapters.mathopt:MathOptAdapter:gscip",
    "highs": "solvers.adapters.highs:HighsAdapter",
    "pdlp": "solvers.adapters.mathopt:MathOptAdapter:pdlp",
    "pyomo:bonmin": "solvers.adapters.pyomo:PyomoAdapter:bonmin",
    "pyomo:cbc": "solvers.adapters.pyomo:PyomoAdapter:cbc",
    "pyomo:couenne": "solvers.adapters.pyomo:PyomoAdapter:couenne",
    "pyomo:cplex": "solvers.adapters.pyomo:PyomoAdapter:cplex",
    "pyomo:glpk": "solvers.adapters.pyomo:PyomoAdapter:glpk",
    "pyomo:gurobi": "solvers.adapters.pyomo:PyomoAdapter:gurobi",
    "pyomo:highs": "solvers.adapters.pyomo:PyomoAdapter:highs",
    "pyomo:ipopt": "solvers.adapters.pyomo:PyomoAdapter:ipopt",
    "pyomo:scip": "solvers.adapters.pyomo:PyomoAdapter:scip",
    "pyomo:xpress": "solvers.adapters.pyomo:PyomoAdapter:xpress",
    "scip": "solvers.adapters.scip:ScipAdapter",
}
"""`module:class`, or `module:class:name` where one class serves several solvers."""

ALIASES = {name: f"pyomo:{name}" for name in ("bonmin", "cbc", "couenne", "cplex", "glpk", "gurobi", "ipopt", "xpress")}
"""Solvers without an adapter of their own, by their plain names."""


def adapter(name: str) -> Adapter:
    """The adapter of that name. Raises SolverMissingError for one that does not exist."""
    plain = name.lower()
    target = ADAPTERS.get(ALIASES.get(plain, plain))
    if target is None:
        known = sorted({*ADAPTERS, *ALIASES})
        close = get_close_matches(plain, known, 1)
        meant = f"did you mean {close[0]}? " if close else ""
        raise UnknownSolverError(
            f"there is no solver {name!r}", place="solver", remedy=f"{meant}choose one of {', '.join(sorted(ADAPTERS))}"
        )
    module, attribute, *argument = target.split(":", 2)
    made: Adapter = getattr(import_module(module), attribute)(*argument)
    return made


__all__ = ["ADAPTERS", "Adapter", "SolveOptions", "adapter"]
