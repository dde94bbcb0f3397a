"""Programs from anywhere: run outside this process, harmlessly, with the models that they gave their solvers.

`run(source)` gives a `ProgramRun`: every model that the program solved as a `Model`, what the solver answered, and
the value that the program itself reports. Names are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.sandbox.outcome import CapturedSolve, Limits, ProgramError, ProgramRun, Refusal, Reported
    from solvers.sandbox.pool import Pool
    from solvers.sandbox.programs import Request, protections, run, run_many
    from solvers.sandbox.worker import SandboxError

_HOMES = {
    **dict.fromkeys(
        ("CapturedSolve", "Limits", "ProgramError", "ProgramRun", "Refusal", "Reported"), "solvers.sandbox.outcome"
    ),
    **dict.fromkeys(("Request", "protections", "run", "run_many"), "solvers.sandbox.programs"),
    "Pool": "solvers.sandbox.pool",
    "SandboxError": "solvers.sandbox.worker",
}
__all__ = [
    "CapturedSolve", "Limits", "Pool", "ProgramError", "ProgramRun", "Refusal", "Reported", "Request", "SandboxError",
    "protections", "run", "run_many",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
