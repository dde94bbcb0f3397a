"""What came of a program: the exit code, agreement of the reported value, plain records for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from formulate.plain import plain
from solvers.compare import ANSWER, compare
from solvers.sandbox.entry.report import belongs

if TYPE_CHECKING:
    from solvers.sandbox import CapturedSolve, ProgramRun

MAX_VALUES = 10_000
NO_ANSWER = ("infeasible", "unbounded", "infeasible_or_unbounded")


def exit_code(outcome: ProgramRun) -> int:
    """0 with a solution (also at a limit, also where the program failed after it); 1 where an answer does not follow
    from its own model, is not the optimum it claims, or the program faked one; 2 for what is no program; 3 without an
    answer; 4 infeasible or unbounded; 5 where a library that it imports is missing, or a solver broke."""
    error, last = outcome.error, outcome.last
    if error is not None and error.kind == "protocol":
        return 1
    if any(_refuted(solve) for solve in outcome.solves):
        return 1
    if last is not None and last.result.has_solution:
        return 0
    if error is not None:
        if error.kind in ("syntax", "entry"):
            return 2
        return 5 if missing_library(outcome) else 3
    if last is None:
        return 3
    if last.result.termination in NO_ANSWER:
        return 4
    return 5 if last.result.termination == "error" else 3


def _refuted(solve: CapturedSolve) -> bool:
    return (solve.check is not None and solve.check.feasible is False) or solve.confirmed is False


def missing_library(outcome: ProgramRun) -> str:
    """The module that the program imports and that is not installed, or ""."""
    error = outcome.error
    if error is None or error.kind != "exception" or not error.message.startswith("ModuleNotFoundError: "):
        return ""
    parts = error.message.split("'")
    return parts[1] if len(parts) > 2 else ""


def agreement(outcome: ProgramRun) -> str:
    """Whether the value that the program reports is what its solver found (once, or summed up), in words; "" without
    both."""
    reported, result = outcome.reported, outcome.result
    if reported is None or result is None or result.objective is None or not result.has_solution:
        return ""
    link = belongs(reported.value, outcome.solves)
    found = compare(reported.value, result.objective, ANSWER)
    return f"agrees with the solver: it is {link}" if link else f"differs from the solver's: {found}"


def run_document(outcome: ProgramRun, *, values: bool = False) -> dict[str, Any]:
    """A run as plain values. With `values`, those of the last solve by name, at most MAX_VALUES."""
    result = outcome.result
    document: dict[str, Any] = {
        "objective": None if result is None else plain(result.objective),
        "termination": None if result is None else result.termination,
        "primal_status": None if result is None else result.primal_status,
        "reported": None if outcome.reported is None else plain(asdict(outcome.reported)),
        "agrees": _agrees(outcome),
        "solves": [_solve(solve) for solve in outcome.solves],
        "error": None if outcome.error is None else asdict(outcome.error),
        "refused": [asdict(refusal) for refusal in outcome.refused], "notes": [asdict(note) for note in outcome.notes],
        "output": outcome.output, "truncated": outcome.truncated, "entry": outcome.entry,
        "missing_protections": list(outcome.missing), "seconds": outcome.seconds,
    }  # fmt: skip
    if values:
        document["values"] = named_values(outcome, MAX_VALUES)
    return document


def _agrees(outcome: ProgramRun) -> bool | None:
    reported, result = outcome.reported, outcome.result
    if reported is None or result is None or result.objective is None or not result.has_solution:
        return None
    return bool(belongs(reported.value, outcome.solves))


def _solve(solve: CapturedSolve) -> dict[str, Any]:
    model, result, check = solve.model, solve.result, solve.check
    return {
        "library": solve.library, "asked": solve.asked, "solved_by": solve.solved_by, "substituted": solve.substituted,
        "class": None if model is None else model.class_name, "columns": None if model is None else model.num_columns,
        "rows": None if model is None else model.num_rows,
        "nonzeros": None if model is None else model.matrix.nonzeros,
        "sense": None if model is None else model.sense, "uncaptured": solve.uncaptured,
        "termination": result.termination, "primal_status": result.primal_status,
        "objective": plain(result.objective), "bound": plain(result.bound), "seconds": result.seconds,
        "check": None if check is None else plain(asdict(check)), "confirmed": solve.confirmed,
    }  # fmt: skip


def named_values(outcome: ProgramRun, most: int) -> dict[str, Any]:
    """The values of the last solve with a solution, by the names of its model's columns; at most `most`.

    A name that stood before is told apart by the number of its column, from 1.
    """
    last = outcome.last
    if last is None or last.model is None or last.result.x is None:
        return {}
    x, model = last.result.x, last.model
    values: dict[str, Any] = {}
    for j in range(min(len(x), most)):
        name = model.column_label(j)
        values[name if name not in values else f"{name} (column {j + 1})"] = plain(float(x[j]))
    return values
