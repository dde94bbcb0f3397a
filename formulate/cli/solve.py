"""Solve a formulation or a model file, and check the solution independently of the solver."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from formulate.cli import output
from formulate.cli.arguments import add_solver_options, solver_options
from formulate.cli.errors import UsageError
from formulate.cli.files import is_model, read_formulation, read_model

if TYPE_CHECKING:
    from solvers.check import Issue
    from solvers.data import Data
    from solvers.formulation import Formulation
    from solvers.model import Model
    from solvers.result import SolveResult

SUMMARY = "solve a formulation (.json, .yaml) or a model (.mps, .lp, .nl)"
EXAMPLE = "formulate solve examples/bakery/formulation.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate solve`."""
    parser.add_argument("file", metavar="FILE",
                        help="a formulation (.json, .yaml, .yml) or a model (.mps, .lp, .nl, also .gz)")
    add_solver_options(parser)
    parser.add_argument("--set", metavar="NAME[key]=VALUE", action="append", default=[],
                        help="what if this number were another: old and new answer side by side; may be given often")
    parser.add_argument("--ranging", action="store_true",
                        help="for linear programs: shadow prices and costs with the ranges in which they hold")


def run(options: argparse.Namespace) -> int:
    """Solve and show; the exit code of the outcome."""
    from solvers import solve
    from solvers.solving import as_data

    warnings: tuple[Issue, ...] = ()
    if is_model(options.file):
        if options.set:
            raise UsageError("--set changes the data of a formulation, and a model file has none",
                             remedy="solve the formulation, or change the file")
        problem, formulation, result = _solve_model(options)
    else:
        problem = formulation = read_formulation(options.file)
        data = as_data(formulation, options.data)
        warnings = checked(formulation, data, options.file)
        if options.set:
            from formulate.cli.what_if import run_what_if

            return run_what_if(formulation, options)
        result = solve(formulation, data, **solver_options(options))
    code = exit_code(result)
    say_interrupted(result)
    if options.json:
        from formulate.plain import plain
        from formulate.records import result_to_dict, values_to_dict

        record = result_to_dict(result)
        record = {key: item for key, item in record.items() if key not in ("x", "row_duals")}
        record["values"] = values_to_dict(result.values)
        record["duals"] = values_to_dict(result.duals)
        record["reduced_costs"] = values_to_dict(result.reduced_costs)
        record["gap"] = plain(result.gap)
        record["warnings"] = [str(issue) for issue in warnings]
        if options.ranging:
            from formulate.cli.what_if import ranging_document

            record |= ranging_document(problem, options.data, result, options.time_limit)
        output.emit_json({"schema": "formulate-solution/1", "name": formulation.name, "exit_code": code, **record})
    else:
        from solvers.render.tables import solution_view

        # Ranges list the prices again, with how far they hold.
        ranged = options.ranging and result.dual_status == "feasible"
        output.show(solution_view(formulation, result, with_prices=not ranged))
        if options.ranging:
            from formulate.cli.what_if import show_ranging

            show_ranging(problem, options.data, result, options.time_limit)
    if code == 4:
        output.message(f"`formulate diagnose {options.file}` says why")
    return code


def checked(formulation: Formulation, data: Data | None, path: str) -> tuple[Issue, ...]:
    """The warnings of `formulate check`, also shown on stderr. Raises TypingError for what is not fit to be solved."""
    from solvers.check import check
    from solvers.data import Data
    from solvers.errors import TypingError

    report = check(formulation, Data() if data is None else data)
    if report.errors:
        first = report.errors[0]
        more = f" (and {len(report.errors) - 1} more: formulate check {path})" if report.errors[1:] else ""
        raise TypingError(first.message + more, place=first.place, remedy=first.remedy)
    # That a numeral has no parameter says nothing about whether the answer is right.
    telling = tuple(issue for issue in report.warnings if issue.code != "slot-missing")
    for issue in telling:
        output.message(f"formulate: {issue}")
    return telling


def say_interrupted(result: SolveResult | None) -> None:
    """Say that Ctrl-C ended the solve, and what is left of it."""
    if result is not None and result.termination == "interrupted":
        kept = "the best solution found so far follows" if result.has_solution else "no solution was found before"
        output.message(f"formulate: interrupted: {kept}")


def _solve_model(options: argparse.Namespace) -> tuple[Formulation | Model, Formulation, SolveResult]:
    """A model file, solved and checked on its arrays; a formulation that holds its name and sense, for showing."""
    import os

    from solvers import solve
    from solvers.formulation import Formulation, Objective

    if options.data is not None:
        raise UsageError("a model file holds its data", remedy="leave --data out, or solve a formulation")
    model = read_model(options.file)
    result = solve(model, **solver_options(options))
    return model, Formulation(model.name or os.path.basename(options.file), Objective(model.sense, ())), result


def exit_code(result: SolveResult) -> int:
    """0 with a solution (also at a limit), 1 when it fails its check, 3 without an answer, 4 without a solution
    to be had, 5 when the solver broke, 130 when interrupted."""
    if result.check is not None and result.check.feasible is False:
        return 1
    if result.termination in ("infeasible", "unbounded", "infeasible_or_unbounded"):
        return 4
    if result.termination == "interrupted":
        return 130
    if result.has_solution:
        return 0
    return 5 if result.termination == "error" else 3
