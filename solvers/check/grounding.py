"""Grounding as a check: what only the data themselves bring to light."""

from __future__ import annotations

from dataclasses import replace

from solvers.check.report import CheckReport, Issue
from solvers.data import Data
from solvers.errors import FormulateError, Place
from solvers.formulation import Formulation


def check_grounding(formulation: Formulation, data: Data | None, report: CheckReport) -> CheckReport:
    """The report with the first fault that grounding for a solver meets: a division by zero, an index out of range,
    impossible bounds, a model that no solver here holds. Where data are missing a note says that it was not tried.
    """
    if report.errors:
        return report
    missing = [issue.place.element for issue in report.issues if issue.code == "no-data"]
    if missing:
        shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        found = Issue("note", "not-grounded", Place(formulation.name), f"not grounded, for want of data: {shown}",
                      "what depends on the numbers is checked with --data FILE")
        return replace(report, issues=(*report.issues, found))
    from solvers.solving import grounded

    try:
        grounded(formulation, data)
    except FormulateError as error:
        fault = Issue("error", "grounding", error.place, error.message, error.remedy, getattr(error, "source", ""))
        return replace(report, issues=(fault, *report.issues), classes=replace(report.classes, model=None))
    return report
