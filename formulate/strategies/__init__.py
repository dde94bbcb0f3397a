"""Ways of asking a language model for a formulation."""

from __future__ import annotations

from formulate.strategies.base import Asking, Formulated, GaveUp, Outcome, Question, Session, Strategy

__all__ = ["Asking", "Formulated", "GaveUp", "Outcome", "Question", "Session", "Strategy", "strategy_named"]


def strategy_named(name: str) -> Strategy:
    """A new strategy by its name. Raises FormulateError naming those there are."""
    from formulate.strategies.elements import Elements
    from solvers.errors import FormulateError

    known = {"elements": Elements}
    if name not in known:
        raise FormulateError(f"there is no strategy {name!r}", place="--strategy",
                             remedy=f"use one of {', '.join(known)}")  # fmt: skip
    return known[name]()
