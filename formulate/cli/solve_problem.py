"""Words to a five-element formulation, solved, and questioned. Works offline; abstains rather than guess."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import add_solver_options, solver_options
from formulate.cli.files import read_problem
from formulate.cli.model_options import add_model_options, asked_model, batch_written, say_spent
from formulate.cli.solve import exit_code, say_interrupted

if TYPE_CHECKING:
    from formulate.attempt import Attempt
    from solvers.diagnose import Conflict

EXAMPLE = "formulate examples/bakery.txt --save answer/"
SCHEMA = "formulate-result/1"
CONFLICT_SECONDS = 5.0


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate PROBLEM`."""
    parser.add_argument("problem", metavar="PROBLEM", nargs="+", help="a text file (.txt, .md), or - for standard "
                        "input; several of them, or a .jsonl with one problem a line, need --out")
    add_solver_options(parser)
    parser.add_argument("--emit", metavar="TARGET", help="show the program too: pyomo, highspy, mathopt, cpsat, scip, "
                        "gurobipy, latex, mps, lp or nl")
    parser.add_argument("--save", metavar="DIR", help="write formulation.yaml, model.tex, solution.json, report.json, "
                        "report.md, attempt.json and the program into DIR, all or none")
    parser.add_argument("--force", action="store_true", help="let --save write into a folder that holds other files")
    parser.add_argument("--out", metavar="FILE", help="append one record per problem to this .jsonl; problems that "
                        "stand in it already are passed over, so a run that was stopped goes on")
    add_model_options(parser)


def run(options: argparse.Namespace) -> int:
    """Formulate, solve, show, save; the exit code of the outcome."""
    if options.out or len(options.problem) > 1 or options.problem[0].endswith(".jsonl"):
        from formulate.cli.solve_problems import run_all

        return run_all(options)
    options.problem = options.problem[0]
    if options.save:
        from formulate.cli.save import refuse_foreign

        refuse_foreign(options.save, options.force)
    if options.problem == "-" and sys.stdin is not None and sys.stdin.isatty():
        output.message("reading the problem from the terminal; end it with Ctrl-D")
    text = read_problem(options.problem)
    from formulate.llm.errors import UnansweredError
    from formulate.pipeline import formulate
    from verify.problem import Problem

    problem = Problem(text, id=options.problem)
    with asked_model(options) as llm:
        try:
            attempt = formulate(problem, llm, data=options.data, emit=options.emit, **solver_options(options))
        except UnansweredError as lacking:
            return batch_written(llm, options, lacking)
    say_spent(llm)
    code = attempt_exit_code(attempt)
    say_interrupted(attempt.result)
    conflict = _conflict(attempt, options.data)
    if options.save:
        from formulate.cli.save import save

        saved = save(attempt, options.save, options.force)
        output.message(f"saved in {options.save}: {', '.join(saved)}")
    if options.json:
        from formulate.cli.diagnose import conflict_document

        shown = None if conflict is None else conflict_document(conflict)
        output.emit_json({**document(attempt, code), "conflict": shown})
    else:
        from formulate.cli.views import attempt_view

        output.show(attempt_view(attempt))
        if conflict is not None:
            from solvers.render.diagnosis import conflict_view

            output.show("", conflict_view(conflict))
        if options.emit:
            _show_code(attempt)
    return code


def _show_code(attempt: Attempt) -> None:
    if attempt.code is not None:
        output.result(f"\n{attempt.code.rstrip()}")
    elif attempt.formulation is not None:
        output.message(f"no code for {attempt.code_target}: {attempt.code_note or 'there is no checked formulation'}")


def _conflict(attempt: Attempt, data: Any) -> Conflict | None:
    """Of an infeasible problem, what contradicts what, in the words it came from; None where that takes long."""
    result, formulation = attempt.result, attempt.formulation
    if formulation is None or result is None or result.termination not in ("infeasible", "infeasible_or_unbounded"):
        return None
    from solvers.diagnose import conflict
    from solvers.errors import FormulateError

    try:
        found = conflict(formulation, data, time_limit=CONFLICT_SECONDS)
    except FormulateError as error:
        output.message(f"what contradicts what was not found out: {error}")
        return None
    return found if found.outcome == "conflict" else None


def attempt_exit_code(attempt: Attempt) -> int:
    """3 for an abstention, the error's own code for a failure, else that of the result."""
    if attempt.abstained:
        return 3
    if attempt.error is not None:
        return attempt.error.exit_code
    if attempt.report.refuted:
        return 1
    return 3 if attempt.result is None else exit_code(attempt.result)


def document(attempt: Attempt, code: int) -> dict[str, Any]:
    """The `--json` form: schema `formulate-result/1`. Keys are only ever added to a schema, never changed."""
    from dataclasses import asdict

    from formulate.cli.save import solution_document
    from formulate.questions import questions
    from solvers.schema import to_dict

    formulation = attempt.formulation
    return {
        **solution_document(attempt),
        "schema": SCHEMA,
        "exit_code": code,
        "problem": attempt.problem.id,
        "formulator": attempt.formulator,
        "model_class": attempt.model_class,
        "formulation": None if formulation is None else to_dict(formulation),
        "code": attempt.code,
        "code_target": attempt.code_target,
        "code_note": attempt.code_note,
        "report": attempt.report.to_dict(),
        "questions": questions(attempt),
        "abstained": [asdict(leftover) for leftover in attempt.abstained],
        "error": None if attempt.error is None else asdict(attempt.error),
        "total_seconds": attempt.seconds,
    }
