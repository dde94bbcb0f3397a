"""The first findings on any answer: was the solution checked, do the types fit, is every number accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from verify.report import Finding, Verdict

if TYPE_CHECKING:
    from solvers.check.report import CheckReport, Issue
    from solvers.formulation import Formulation
    from solvers.result import SolveResult
    from verify.reading.ledger import Claim
    from verify.reading.quantities import Quantity
    from verify.reading.tables import Table

NOT_VERIFIED = (
    "that the constraints and the objective say what the text means: no second, independent reading was compared",
    "that nothing the text requires was left out: unread sentences are reported, misread ones are not",
)
"""What the checks of this module cannot know."""


def typing_findings(check: CheckReport) -> list[Finding]:
    """Names, axes and units fit together; errors refute, warnings are suspect."""
    graded: list[tuple[Verdict, tuple[Issue, ...]]] = [("refuted", check.errors), ("suspect", check.warnings)]
    found = [
        Finding("types", verdict, str(issue.place), issue.message, issue.remedy)
        for verdict, issues in graded
        for issue in issues
    ]
    if found:
        return found
    return [Finding("types", "consistent", "", f"names, axes and units fit together ({check.classes.model})")]


def solution_finding(result: SolveResult) -> Finding:
    """The independent evaluator's verdict on the solution; unchecked is never consistent."""
    check = result.check
    if not result.has_solution:
        said = result.termination.replace("_", " ")
        return Finding("solution", "not_applicable", "", f"there is no solution ({said})")
    if check is None or check.feasible is None:
        reason = check.reason if check is not None else "no evaluator ran"
        return Finding("solution", "could_not_run", "", reason, "compare the values with the constraints by hand")
    if not check.feasible:
        return Finding(
            "solution", "refuted", check.where, f"violated by {check.violation:.3g} ({check.tolerance})",
            "solve again with another solver (--solver)",
        )
    if check.reason:
        return Finding(
            "solution", "could_not_run", "", f"only the solver's own arrays were checked: {check.reason}",
            "a smaller instance can be checked against the formulation",
        )
    evidence = f"holds in every constraint, by the {check.method} ({check.tolerance})"
    return Finding("solution", "consistent", "", evidence)


_STOPPED = {
    "numerical": ("not proven: the solver got into numerical trouble", "try another --solver, and scale the units"),
    "interrupted": ("not proven: the solve was interrupted", "let it run"),
    "error": ("not proven: the solver broke", "try another --solver"),
}
"""Ends of a solve with a solution that are no limit: what is said, and what helps."""


def optimality_finding(result: SolveResult) -> Finding:
    """Whether the solver proved its answer."""
    if result.loose_gap is not None:
        evidence = f"proven by {result.solver} within a gap of {result.loose_gap:.3g}; bound {result.bound:.10g}"
        return Finding("optimality", "consistent", "", evidence, "ask for a smaller --gap")
    if result.termination == "optimal":
        return Finding("optimality", "consistent", "", f"proven by {result.solver} {result.version}".rstrip())
    if result.termination == "locally_optimal":
        return Finding(
            "optimality", "could_not_run", "", f"{result.solver} finds local optima; a better solution may exist",
            "a global solver proves it: --solver scip",
        )
    if result.has_solution:
        gap = "unknown" if result.gap is None else f"{result.gap:.2%}"
        why, hint = _STOPPED.get(
            result.termination, (f"stopped by its {result.termination.replace('_', ' ')}", "raise --time-limit")
        )
        return Finding("optimality", "could_not_run", "", f"{why}; gap {gap}", f"a better solution may exist: {hint}")
    return Finding("optimality", "not_applicable", "", f"{result.solver} says {result.termination.replace('_', ' ')}")


def doing_nothing(result: SolveResult) -> list[Finding]:
    """A plan in which every decision is 0 is suspect: people do not ask what to do when the answer is nothing."""
    # Not by `x`: what bridges added (a scale, binaries) need not be 0 where nothing is done.
    decisions = [block.array for block in result.values.values() if len(block)]
    if result.termination != "optimal" or not decisions or any(array.any() for array in decisions):
        return []
    return [Finding(
        "decisions", "suspect", "", "the best plan is to do nothing: every decision is 0",
        "is a requirement missing, or read as a limit?",
    )]  # fmt: skip


def number_findings(
    quantities: Sequence[Quantity], claims: Iterable[Claim], formulation: Formulation,
    tables: Sequence[Table] = (), aside: int = 0,
) -> list[Finding]:
    """Every number of the text is read into a slot, set aside with a reason, or declared unused.

    A number of a table counts as read when a cell of the formulation holds its value, or its hundredth (percent).
    `aside` is how many numbers the reader set aside as idle.
    """
    held = list(claims)
    loose = [q for q in quantities if not any(c.start < q.end and q.start < c.end for c in held)]
    found = [
        Finding("numbers", "suspect", q.text, "stands in the text and nothing answers for it", "is it a distractor?")
        for q in loose
    ]
    cells = [cell for table in tables for row in table.body for cell in row if cell.value is not None]
    known = {float(c.value) for p in formulation.parameters for c in p.cells if isinstance(c.value, (int, float))}
    lost = [cell for cell in cells if not {float(cell.value or 0), float(cell.value or 0) / 100} & known]
    found += [
        Finding("numbers", "suspect", cell.text, "stands in a table and no parameter holds it", "is its column needed?")
        for cell in lost
    ]
    total = len(quantities) + len(cells) + aside
    if not total:
        found.append(Finding("numbers", "not_applicable", "", "the text holds no numbers"))
    elif not found:
        parts = [f"{len(cells)} of them in tables"] if cells else []
        parts += [f"{len(formulation.unused)} declared unused"] if formulation.unused else []
        listed = f" ({', '.join(parts)})" if parts else ""
        found.append(Finding("numbers", "consistent", "", f"all {total} numbers are accounted for{listed}"))
    return found
