"""Floor 3: words to formulation. The offline formulator, the pipeline and the command line.

`formulate(text)` gives an `Attempt`: the five elements, the solution, and what is to be doubted about both.
Names are imported when first used, so that `formulate --help` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formulate.attempt import Attempt
    from formulate.pipeline import formulate
    from formulate.programs import extract_program
    from verify.problem import Problem

__all__ = ["Attempt", "Problem", "extract_program", "formulate"]

_HOMES = {
    "formulate": "formulate.pipeline", "Attempt": "formulate.attempt", "Problem": "verify.problem",
    "extract_program": "formulate.programs",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
