"""Solver adapters, one file per solver; `ADAPTERS` lists them by name, loaded when asked for."""

from __future__ import annotations

from importlib import import_module

from solvers.adapters.base import Adapter, SolveOptions
from solvers.errors import SolverMissingError

ADAPTERS = {"highs": "solvers.adapters.highs:HighsAdapter", "scip": "solvers.adapters.scip:ScipAdapter"}


def adapter(name: str) -> Adapter:
    """The adapter of that name. Raises SolverMissingError for one that does not exist."""
    target = ADAPTERS.get(name.lower())
    if target is None:
        raise SolverMissingError(
            f"there is no solver {name!r} here", place="solver", remedy="choose one of " + ", ".join(sorted(ADAPTERS))
        )
    module, _, attribute = target.partition(":")
    made: Adapter = getattr(import_module(module), attribute)()
    return made


__all__ = ["ADAPTERS", "Adapter", "SolveOptions", "adapter"]
