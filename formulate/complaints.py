"""What is wrong with an attempt, in words that its author can act on; and which of two attempts is the better one."""

from __future__ import annotations

from typing import Any

from formulate.attempt import Attempt
from solvers.diagnose import conflict, ray
from solvers.errors import FormulateError

DIAGNOSIS_SECONDS = 5.0
MOST_LINES = 12


def complaint(attempt: Attempt, data: Any = None) -> str:
    """What an author should look at again, or an empty text where nothing speaks against the attempt.

    Errors come with their remedies, an infeasible model with its conflict, an unbounded one with what runs away,
    a solved one with the findings that convict or make suspicious. Nothing here knows a right answer.
    """
    if not _holds_something(attempt):
        return ""
    refuted = [f for f in attempt.report.refuted if f.check == "types"]
    if refuted:
        return _listed("It does not fit together:", [
            f"{f.element}: {f.evidence}" + (f" ({f.hint})" if f.hint else "") for f in refuted
        ])  # fmt: skip
    if attempt.error is not None:
        return f"It could not be run ({attempt.error.stage}):\n{attempt.error}"
    result = attempt.result
    if result is None:
        return ""
    if result.termination in ("infeasible", "infeasible_or_unbounded"):
        return _infeasible(attempt, data)
    if result.termination == "unbounded":
        return _unbounded(attempt, data)
    doubts = [f for f in (*attempt.report.refuted, *attempt.report.suspect) if f.check in _TELLING]
    if doubts:
        return _listed("It was solved, but this is suspicious:", [
            f"{f.check}: {f.element + ': ' if f.element else ''}{f.evidence}" for f in doubts
        ])  # fmt: skip
    return ""


def _holds_something(attempt: Attempt) -> bool:
    return attempt.formulation is not None or attempt.code is not None


_TELLING = frozenset({"numbers", "quotes", "decisions", "types", "solution", "program"})
"""Findings that say something about the formulation rather than about the solver."""


def _infeasible(attempt: Attempt, data: Any) -> str:
    said = "No values satisfy all constraints together."
    subject = attempt.formulation or attempt.model
    if subject is None:
        return said
    try:
        found = conflict(subject, data if attempt.formulation else None, time_limit=DIAGNOSIS_SECONDS)
    except FormulateError as error:
        return f"{said} What contradicts what could not be found: {error.message}"
    if found.outcome != "conflict":
        return f"{said} What contradicts what was not found in time."
    return _listed(f"{said} These cannot hold together:", [
        f"{member.label}: {member.text}" + (f'   (from "{member.source[0]}")' if member.source else "")
        for member in found.members
    ])  # fmt: skip


def _unbounded(attempt: Attempt, data: Any) -> str:
    said = "The objective can be improved without limit."
    subject = attempt.formulation or attempt.model
    if subject is None:
        return said
    try:
        found = ray(subject, data if attempt.formulation else None, time_limit=DIAGNOSIS_SECONDS)
    except FormulateError as error:
        return f"{said} What runs away could not be found: {error.message}"
    return _listed(f"{said} This runs away:", list(map(str, found.moves))) if found.moves else said


def _listed(head: str, lines: list[str]) -> str:
    shown = [f"- {line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"- and {len(lines) - MOST_LINES} more")
    return "\n".join([head, *shown])


def standing(attempt: Attempt) -> tuple[int, int]:
    """How far an attempt came, then how little is suspicious about it; larger is better.

    In order: nothing; a formulation that does not fit together; one, or a program, that cannot be run; a solver that
    stopped without a solution; a proof that there is none; a solution; one that nothing convicts.
    """
    if not _holds_something(attempt):
        return (0, 0)
    doubts = -len([f for f in attempt.report.suspect if f.check in _TELLING])
    if any(f.check == "types" for f in attempt.report.refuted):
        return (1, -len(attempt.report.refuted))
    result = attempt.result
    if attempt.error is not None or result is None:
        return (2, doubts)
    if result.has_solution:
        return (5 if attempt.report.refuted else 6, doubts)
    proven = result.termination in ("infeasible", "unbounded", "infeasible_or_unbounded")
    return (4 if proven else 3, 0)


def shown(attempt: Attempt) -> str:
    """A result in a few lines, for an author who is to judge it."""
    result = attempt.result
    if result is None:
        return "nothing was solved"
    lines = [f"status: {result.termination.replace('_', ' ')}"]
    if result.objective is not None:
        lines.append(f"objective: {result.objective:.10g}")
    for name, block in list(result.values.items())[:MOST_LINES]:
        used = [(key, value) for key, value in block.items() if abs(value) > 1e-9]
        cells = ", ".join(f"{key[0] if len(key) == 1 else key}: {value:.6g}" for key, value in used[:MOST_LINES])
        lines.append(f"{name}: {cells or 'all 0'}" + (", ..." if len(used) > MOST_LINES else ""))
    return "\n".join(lines)
