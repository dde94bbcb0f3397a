"""What a careful person would ask before trusting an answer: assumptions, unused numbers, doubtful values."""

from __future__ import annotations

from formulate.attempt import Attempt
from solvers.render.safe import one_line


def questions(attempt: Attempt) -> list[str]:
    """Sentences to double-check, the most consequential first."""
    asked: list[str] = []
    formulation, result = attempt.formulation, attempt.result
    if formulation is None:
        return asked
    for assumption in formulation.assumptions:
        about = f" (about {one_line(assumption.about)})" if assumption.about else ""
        asked.append(f"Assumed: {one_line(assumption.text)}{about}")
    for unused in formulation.unused:
        reason = f": {one_line(unused.reason)}" if unused.reason else ""
        asked.append(f'Not used: "{one_line(unused.quote, 120)}"{reason}')
    for constraint in formulation.constraints:
        if not constraint.source and attempt.claims:
            asked.append(f"No words of the text are cited for the constraint {one_line(constraint.name)}")
    if result is not None and result.termination in ("infeasible", "infeasible_or_unbounded"):
        asked.append("No values satisfy all constraints together: is a limit misread, or does the text ask too much?")
    if result is not None and result.termination == "unbounded":
        asked.append("The objective has no limit: is a limit of the text missing from the constraints?")
    if result is not None and result.unique is False:
        asked.append("Other decisions reach the same objective: the one shown is not the only best one")
    return asked
