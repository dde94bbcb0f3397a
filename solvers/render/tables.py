"""The five elements, solutions and check reports as rich tables for a terminal. Text is never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from solvers.formulation import Formulation
from solvers.render.layout import grid, row, section
from solvers.render.mathtext import math_text, over_text
from solvers.render.parameters import parameter_tables
from solvers.render.safe import number, one_line, printable
from solvers.render.values import ZERO, show_value, value_tables
from solvers.render.words import (
    PROVEN_NONE,
    bounds_text,
    constraint_text,
    indexed,
    levels,
    model_name,
    outcome_text,
    quotes,
    sense_text,
    set_text,
    unit_text,
)

if TYPE_CHECKING:
    from solvers.check.report import CheckReport, Issue
    from solvers.result import SolveResult

QUOTE_LENGTH = 160
_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def formulation_view(formulation: Formulation, model_class: str | None = None) -> Group:
    """The five elements compactly, each constraint with the words it came from."""
    counts = " · ".join([
        *([model_class] if model_class else []),
        _count(len(formulation.variables), "variable family", "variable families"),
        _count(len(formulation.constraints), "constraint family", "constraint families"),
    ])
    parts: list[RenderableType] = [Text.assemble((model_name(formulation), "bold"), "  ", (counts, "dim"))]
    if formulation.description:
        parts.append(Text(one_line(formulation.description)))
    parts.append(Text(""))
    for title, body in (
        ("Sets", _filled(_sets(formulation))), ("Parameters", list(parameter_tables(formulation))),
        ("Variables", _filled(_variables(formulation))), ("Objective", _filled(_objective(formulation))),
        ("Constraints", _filled(_constraints(formulation))),
    ):  # fmt: skip
        if body:
            parts.append(section(title, *body))
    return Group(*parts)


def _filled(table: Table) -> list[RenderableType]:
    return [table] if table.row_count else []


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _sets(formulation: Formulation) -> Table:
    table = grid(2)
    for item in formulation.sets:
        row(table, indexed(item.name, item.over), set_text(item))
    return table


def _variables(formulation: Formulation) -> Table:
    table = grid(4)
    for item in formulation.variables:
        over = f"for {over_text(item.over)}" if item.over else ""
        about = ": ".join(part for part in (over, one_line(item.description)) if part)
        domain = ", ".join(part for part in (item.domain, bounds_text(item)) if part)
        row(table, indexed(item.name, item.over), domain, Text(unit_text(item.unit), "dim"), Text(about, "dim"))
    for named in formulation.expressions:
        over = f"for {over_text(named.over)}" if named.over else ""
        row(table, indexed(named.name, named.over), f"= {math_text(named.expr)}",
                      Text(unit_text(named.unit), "dim"), Text(over, "dim"))
    return table


def _objective(formulation: Formulation) -> Table:
    objective = formulation.objective
    table = grid(3)
    found = levels(objective)
    if not found:
        row(table, Text(sense_text(objective), "bold"), "", "")
    for k, (_, terms) in enumerate(found):
        for j, term in enumerate(terms):
            lead = sense_text(objective) if k == 0 and j == 0 else "then" if j == 0 else "  +"
            formula = Text(math_text(term.expr))
            if term.source:
                formula.append(f"\n{quotes(term.source, QUOTE_LENGTH)}", "green")
            row(table, Text(lead, "bold"), one_line(term.name), formula)
    return table


def _constraints(formulation: Formulation) -> Table:
    table = grid(2)
    for item in formulation.constraints:
        text = Text(constraint_text(item))
        if item.source:
            text.append(f"\n{quotes(item.source, QUOTE_LENGTH)}", "green")
        row(table, one_line(item.name), text)
    return table


def outcome_line(formulation: Formulation, result: SolveResult) -> Text:
    """`optimal  12100 euro`; a solution at a limit with its bound and gap."""
    proven_none = result.termination in PROVEN_NONE or result.termination == "error"
    exact = result.is_optimal and result.loose_gap is None
    style = "bold green" if exact else "bold red" if proven_none else "bold yellow"
    line = Text.assemble((outcome_text(result), style))
    if result.objective is not None:
        unit = unit_text(formulation.objective.unit)
        line.append(f"   {_goal(formulation)} ")
        line.append(f"{result.objective:.10g}{' ' + unit if unit else ''}", "bold")
    if not exact and result.bound is not None:
        gap = f", gap {result.gap:.2%}" if result.gap is not None else ""
        line.append(f"   bound {result.bound:.10g}{gap}")
    return line


def _goal(formulation: Formulation) -> str:
    terms = formulation.objective.terms
    if not terms:
        return "objective"
    word = "minimum" if formulation.objective.sense == "min" else "maximum"
    return f"{word} {one_line(terms[0].name).replace('_', ' ')}" if len(terms) == 1 else f"{word} total"


def check_line(result: SolveResult) -> Text:
    """What the independent evaluator says of the solution; unchecked is said, never passed over."""
    check = result.check
    if check is None or check.feasible is None:
        reason = f" ({one_line(check.reason)})" if check is not None and check.reason else ""
        return Text(f"NOT checked independently{reason}", "yellow")
    if check.feasible:
        partly = f"; {one_line(check.reason)}" if check.reason else ""
        return Text(f"checked ({check.method}): all constraints hold; {check.tolerance}{partly}", "dim")
    return Text(f"the solution FAILS its check: {one_line(check.where)} violated by {check.violation:.3g}", "bold red")


def price_table(result: SolveResult, most: int = 12) -> Table:
    """The duals of an LP that are not zero, the greatest first; empty where there are none or the model is no LP."""
    found = [
        (abs(float(price)), name, key, float(price))
        for name, block in result.duals.items()
        for key, price in zip(block, block.array)
        if abs(price) > ZERO
    ]
    found.sort(key=lambda entry: -entry[0])
    table = grid(2)
    for _, name, key, price in found[:most]:
        if result.duals[name].block.labels is not None:  # rows of a file have names of their own
            name, key = str(key[0]), ()
        index = f"[{', '.join(map(number, key))}]" if key else ""
        row(table, one_line(name) + index, show_value(price, False))
    if len(found) > most:
        row(table, Text(f"{len(found) - most} more", "dim"), "")
    return table


def solution_view(
    formulation: Formulation, result: SolveResult, *, with_check: bool = True, with_prices: bool = True
) -> Group:
    """Outcome, values with units, prices, who solved it in how long, and the independent check."""
    parts: list[RenderableType] = [outcome_line(formulation, result), Text("")]
    if result.has_solution:
        parts += value_tables(formulation, result)
        prices = price_table(result)
        if prices.row_count and with_prices:
            parts.append(section("What one more unit of a limit would change (shadow prices)", prices))
    unique = {True: "the optimum is unique", False: "other optima exist"}.get(result.unique)  # type: ignore[arg-type]
    solver = f"{result.solver} {result.version}".strip()
    facts = [solver, f"{result.seconds:.2f} s" if result.seconds >= 0.01 else "<0.01 s", unique]
    parts.append(Text(" · ".join(fact for fact in facts if fact), "dim"))
    if result.message and result.message.lower() != result.termination:
        parts.append(Text(printable(result.message), "dim"))
    if result.has_solution and with_check:
        parts.append(check_line(result))
    return Group(*parts)


def check_table(formulation: Formulation, report: CheckReport) -> Group:
    """The issues, then the class of every constraint and the units that were derived."""
    parts: list[RenderableType] = [
        Text.assemble((model_name(formulation), "bold"), "  ", (report.classes.model or "not classed", "dim")), Text("")
    ]  # fmt: skip
    parts += [_issue(issue) for issue in report.issues]
    table = grid(3)
    for group, classes in (("objective", report.classes.terms), ("constraint", report.classes.constraints)):
        for name, kind in classes.items():
            features = ", ".join(report.classes.features.get(name, ()))
            row(table, Text(group, "dim"), one_line(name), f"{kind}{' (' + features + ')' if features else ''}")
    if table.row_count:
        parts.append(section("Classes", table))
    counts = [_count(len(found), word, word + "s") for found, word in (
        (report.errors, "error"), (report.warnings, "warning"), (report.notes, "note"))]  # fmt: skip
    parts.append(Text(", ".join(counts), "bold red" if report.errors else "bold green"))
    return Group(*parts)


def _issue(issue: Issue) -> Text:
    lead, _, rest = printable(str(issue)).partition(":")
    return Text.assemble((lead, _SEVERITY_STYLE[issue.severity]), ":", rest, "\n")
