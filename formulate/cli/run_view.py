"""A run of a program for the terminal: what ran, what it solved, what it reports, what it was not let do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from formulate.cli.run_outcome import agreement, exit_code, missing_library, named_values
from solvers.render.layout import bullet_list, grid, row, ruled, section
from solvers.render.safe import number, one_line, printable

if TYPE_CHECKING:
    from formulate.cli.run_input import Taken
    from solvers.sandbox import CapturedSolve, ProgramRun, Refusal

MAX_SOLVES = 20
MAX_VALUES = 40
MAX_LINES = 30
MAX_COLUMNS = 300


def run_view(outcome: ProgramRun, taken: Taken) -> Group:
    """Everything about a run, in the order a reader needs it."""
    parts: list[RenderableType] = [_headline(outcome), Text("")]
    parts.append(section("Program", _facts(outcome, taken)))
    if outcome.error is not None:
        parts.append(section("Error", _error(outcome, taken)))
    if outcome.solves:
        parts.append(section("Solves", _solves(outcome.solves)))
    if outcome.reported is not None:
        parts.append(section("Reported by the program", _reported(outcome)))
    values = _values(outcome)
    if values.row_count:
        parts.append(section("Values", values))
    if outcome.refused:
        parts.append(section("Refused", bullet_list(_listed(outcome.refused), "yellow")))
    if outcome.notes:
        parts.append(section("Done otherwise than asked", bullet_list(_listed(outcome.notes), "dim")))
    if outcome.output.strip():
        parts.append(section("Printed", _output(outcome)))
    return Group(*parts)


def _listed(items: tuple[Refusal, ...]) -> Iterator[str]:
    """One line for each, the first ones; how many more there are."""
    for item in items[:MAX_LINES]:
        yield one_line(f"{item.what}: {item.detail}" if item.detail else item.what, 200)
    if len(items) > MAX_LINES:
        yield f"{len(items) - MAX_LINES} more"


def _headline(outcome: ProgramRun) -> Text:
    """The outcome in one line: `optimal   maximum 360`, `infeasible`, `no answer: ...`."""
    code, result, last = exit_code(outcome), outcome.result, outcome.last
    if code == 1:
        return Text("not to be believed", "bold red")
    if result is None or last is None or (outcome.error is not None and not result.has_solution):
        why = "the program failed" if outcome.error is not None else "the program solved nothing"
        return Text(f"no answer: {why}", "bold red" if outcome.error is not None else "bold yellow")
    checked = last.believed or not result.has_solution
    style = "bold green" if result.is_optimal and checked else "bold yellow" if result.has_solution else "bold red"
    line = Text(result.termination.replace("_", " "), style)
    if result.objective is not None and result.has_solution:
        word = "objective" if last.model is None else "minimum" if last.model.sense == "min" else "maximum"
        line.append(f"   {word} ")
        line.append(number(float(result.objective)), "bold")
    if not checked:
        line.append("   said by the program's solver, not checked", "yellow")
    if outcome.error is not None:
        line.append("   and then the program failed", "yellow")
    return line


def _facts(outcome: ProgramRun, taken: Taken) -> Table:
    table = grid(2)
    lines = len(taken.source.splitlines())
    row(table, "source", f"{one_line(taken.origin)}, {lines} line{'s' if lines != 1 else ''}")
    if outcome.entry:
        row(table, "run as", one_line(outcome.entry))
    row(table, "seconds", f"{outcome.seconds:.2f}")
    if outcome.missing:
        row(table, Text("unprotected", "yellow"), f"this machine could not give: {', '.join(outcome.missing)}")
    return table


def _error(outcome: ProgramRun, taken: Taken) -> RenderableType:
    error = outcome.error
    assert error is not None
    where = f"line {error.line}: " if error.line else ""
    text = Text(f"{error.kind}: {where}{one_line(error.message, 500)}", "bold red")
    lines = taken.source.splitlines()
    if error.line and 0 < error.line <= len(lines):
        text.append(f"\n  {printable(lines[error.line - 1].strip(), MAX_COLUMNS)}", "default")
    trace = error.traceback.strip().splitlines()
    if len(trace) > 2:
        text.append("\n" + "\n".join(printable(line, MAX_COLUMNS) for line in trace[:-1]), "dim")
    missing = missing_library(outcome)
    if missing:
        remedy = f"install {one_line(missing)}, or write the program for a library that is here"
        text.append(f"\n  remedy: {remedy}", "default")
    return text


def _solves(solves: tuple[CapturedSolve, ...]) -> RenderableType:
    table = ruled()
    for name in ("", "library", "solver", "model", "outcome", "objective", "checked"):
        table.add_column(name, overflow="fold")
    shown = solves if len(solves) <= MAX_SOLVES else (*solves[: MAX_SOLVES - 5], *solves[-5:])
    for solve in shown:
        result = solve.result
        objective = "" if result.objective is None else number(float(result.objective))
        row(table, str(solve.index + 1), one_line(solve.library, 30), _solver(solve), _model(solve),
            result.termination.replace("_", " "), objective, _checked(solve))
    if len(shown) == len(solves):
        return table
    return Group(table, Text(f"{len(solves) - len(shown)} more solves between them", "dim"))


def _solver(solve: CapturedSolve) -> Text:
    if not solve.substituted:
        return Text(one_line(solve.solved_by, 30))
    return Text(f"{one_line(solve.solved_by, 30)} in place of {one_line(solve.asked, 30)}", "yellow")


def _model(solve: CapturedSolve) -> Text:
    model = solve.model
    if model is None:
        return Text(f"not captured: {one_line(solve.uncaptured, 120)}", "yellow")
    return Text(f"{model.class_name}, {_count(model.num_columns, 'column')}, {_count(model.num_rows, 'row')}")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _checked(solve: CapturedSolve) -> Text:
    check = solve.check
    if solve.confirmed is False:
        return Text("another optimum is found from its model", "bold red")
    if check is not None and check.feasible is False:
        return Text(f"does not follow from its model: {one_line(check.where or check.reason, 80)}", "bold red")
    if solve.confirmed:
        return Text("confirmed by a solve of ours", "green")
    if check is not None and check.feasible:
        return Text("follows from its model", "green")
    return Text("not checked", "dim")


def _reported(outcome: ProgramRun) -> Table:
    reported = outcome.reported
    assert reported is not None
    table = grid(2)
    row(table, Text(number(reported.value), "bold"), f"{reported.how}: {one_line(reported.text, 200)}")
    words = agreement(outcome)
    if words:
        row(table, "", Text(words, "green" if words.startswith("agrees") else "bold yellow"))
    return table


def _values(outcome: ProgramRun) -> Table:
    """The values that are not 0, as many as fit."""
    table = grid(2)
    values = {name: value for name, value in named_values(outcome, 100_000).items() if value != 0}
    for name, value in list(values.items())[:MAX_VALUES]:
        row(table, one_line(name, 80), number(value))
    if len(values) > MAX_VALUES:
        row(table, "...", f"{len(values) - MAX_VALUES} more that are not 0")
    return table


def _output(outcome: ProgramRun) -> Text:
    lines = outcome.output.rstrip().splitlines()
    shown = lines if len(lines) <= MAX_LINES else [*lines[:10], f"... {len(lines) - 20} more lines ...", *lines[-10:]]
    text = "\n".join(printable(line.expandtabs(4), MAX_COLUMNS) for line in shown)
    return Text(text + ("\n(cut at the limit of its output)" if outcome.truncated else ""), "dim")
