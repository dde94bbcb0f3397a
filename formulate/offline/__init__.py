"""The offline formulator: words to a formulation without a language model, or an abstention that says why."""

from __future__ import annotations

from formulate.offline.base import Abstention, Draft
from verify.problem import Problem

__all__ = ["Abstention", "Draft", "formulate_offline"]


def formulate_offline(problem: Problem | str) -> Draft | Abstention:
    """Read a problem and formulate it, or abstain naming what could not be read.

    Raises ReadError (a FormulateError) for a text that is empty, binary or too long.
    """
    from formulate.offline.registry import recognise
    from verify.reading.reader import read

    return recognise(read(Problem.of(problem).text))
