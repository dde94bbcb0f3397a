"""Floor 1: the formulation language, grounding, solver adapters and the one comparison of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.formulation import Formulation
    from solvers.model import Model
    from solvers.result import SolveResult
    from solvers.solving import solve

__all__ = ["Formulation", "Model", "SolveResult", "solve"]

_HOME = {
    "Formulation": "solvers.formulation", "Model": "solvers.model", "SolveResult": "solvers.result",
    "solve": "solvers.solving",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the public names when they are first used: importing a floor costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'solvers' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
