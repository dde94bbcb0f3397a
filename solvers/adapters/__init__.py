"""Solver adapters, one file per solver; `ADAPTERS` lists them by name, loaded when asked for."""

from __future__ import annotations

from importlib import import_module

from solvers.adapters.base import Adapter, SolveOptions
from solvers.errors import SolverMissingError

ADAPTERS = {
    "glop": "solvers.adapters.mathopt:MathOptAdapter:glop",
    "gscip": "solvers.adapters.mathopt:MathOptAdapter:gscip",
    "highs": "solvers.adapters.highs:HighsAdapter",
    "pdlp": "solvers.adapters.mathopt:MathOptAdapter:pdlp",
    "scip": "solvers.adapters.scip:ScipAdapter",
}
"""`module:class`, or `module:class:name` where one class serves several solvers."""


def adapter(name: str) -> Adapter:
    """The adapter of that name. Raises SolverMissingError for one that does not exist."""
    target = ADAPTERS.get(name.lower())
    if target is None:
        raise SolverMissingError(
            f"there is no solver {name!r} here", place="solver", remedy="choose one of " + ", ".join(sorted(ADAPTERS))
        )
    module, attribute, *argument = target.split(":", 2)
    made: Adapter = getattr(import_module(module), attribute)(*argument)
    return made


__all__ = ["ADAPTERS", "Adapter", "SolveOptions", "adapter"]
