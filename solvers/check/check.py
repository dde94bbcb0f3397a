"""The passes of `check`, in order."""

from __future__ import annotations

from solvers.check.cells import check_data
from solvers.check.classes import classify
from solvers.check.degree import Degrees
from solvers.check.elements import ElementTyper
from solvers.check.kinds import Symbols
from solvers.check.lint import check_numerals
from solvers.check.names import Suggester, check_names, check_unused
from solvers.check.order import order_of
from solvers.check.report import CheckReport, Collector
from solvers.check.source import Source, read_source
from solvers.data import Data
from solvers.errors import Place
from solvers.formulation import Formulation


def check(formulation: Formulation, data: Data | None = None, *, units: bool = True) -> CheckReport:
    """Check a formulation without solving it; never raises for a bad one: all faults are collected.

    `data` makes elements and cells known that the formulation does not carry. `units=False` leaves out the
    dimensional analysis (and the import of pint).
    """
    issues = Collector()
    source = read_source(formulation, issues)
    check_names(source, issues)
    order = order_of(source, issues)
    degrees = Degrees(formulation)
    symbols = Symbols(source, issues, degrees, Suggester(list(source.declared)))
    typer = ElementTyper(symbols, data)
    for name in order:
        typer.define(source.declared[name])
    for entry in source.entries:
        if entry.group in ("term", "constraint", "asked"):
            typer.use(entry)
        elif source.declared.get(entry.name) is not entry:
            typer.define(entry)
    check_data(source, data, issues)
    _check_objective(source, degrees, issues)
    check_unused(source, issues)
    check_numerals(source, issues)
    inferred: dict[str, str] = {}
    if units:
        from solvers.check.dimensions import check_units

        inferred = check_units(source, order, data, issues)
    return CheckReport(issues.sorted(), classify(source, degrees, issues), inferred, order)


def _check_objective(source: Source, degrees: Degrees, issues: Collector) -> None:
    terms = source.of("term")
    if not terms:
        issues.add("note", "no-objective", Place("objective"), "no objective terms: any feasible solution will do",
                   "add a term if something is to be optimised")
    elif all(
        "expr" in term.formulas and degrees.of(term.formulas["expr"], term.indices).is_constant for term in terms
    ):
        issues.add("warning", "constant-objective", Place("objective"), "the objective holds no variable",
                   "let a term depend on the decisions")
