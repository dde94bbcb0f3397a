"""Ways of asking a language model for a formulation."""

from __future__ import annotations

from formulate.strategies.base import Asking, Formulated, GaveUp, Outcome, Programmed, Question, Session, Strategy

__all__ = [
    "Asking", "Formulated", "GaveUp", "Outcome", "Programmed", "Question", "Session", "Strategy", "strategy_named",
]  # fmt: skip


def strategy_named(name: str) -> Strategy:
    """A new strategy: `elements`, or `direct`, `llmopt`, `staged`, `expert`, each also with a library (`direct:pyomo`).

    Raises FormulateError naming those there are.
    """
    from formulate.strategies.elements import Elements
    from formulate.strategies.stepwise import LIBRARIES, SCRIPTS, Stepwise
    from solvers.errors import FormulateError

    head, colon, library = name.partition(":")
    if name == "elements":
        return Elements()
    if head not in SCRIPTS:
        raise FormulateError(f"there is no strategy {name!r}", place="--strategy",
                             remedy=f"use one of elements, {', '.join(SCRIPTS)}, vote")  # fmt: skip
    if colon and library not in LIBRARIES:
        raise FormulateError(f"programs are not asked for in {library!r}", place="--strategy",
                             remedy=f"write {head}:LIBRARY with one of {', '.join(LIBRARIES)}")  # fmt: skip
    return Stepwise(SCRIPTS[head], library or LIBRARIES[0])
