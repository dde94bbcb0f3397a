"""A program as an attempt: run in the sandbox, its answer believed as far as it follows from the model it built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from formulate.attempt import Attempt, Failure
from verify.basics import doing_nothing, optimality_finding, solution_finding
from verify.report import Finding

if TYPE_CHECKING:
    from solvers.sandbox import CapturedSolve, Limits, ProgramRun

MOST_OUTPUT = 2000
DEFAULT_SECONDS = 60.0


def run_attempt(attempt: Attempt, data: Any, settings: dict[str, Any]) -> Attempt:
    """The attempt with what came of its program. The time limit of `settings` (for `solvers.solve`) bounds the run.

    An error of the program is the attempt's; what the sandbox refused and an answer that does not follow from the
    program's own model are findings that convict.
    """
    from solvers.sandbox import Limits, run

    assert attempt.code is not None
    seconds = settings.get("time_limit") or DEFAULT_SECONDS
    limits: Limits = Limits(wall=seconds, processor=seconds)
    done = run(attempt.code, _plain_data(data), limits=limits)
    last = done.last
    attempt = replace(attempt, report=replace(attempt.report, findings=(*attempt.report.findings, *_findings(done))))
    if last is None:
        error = done.error
        told = "the program solved nothing" if error is None else error.message
        trace = "" if error is None else error.traceback
        printed = f"\nit printed:\n{done.output[-MOST_OUTPUT:]}" if done.output.strip() else ""
        message = f"{told}\n{trace}".rstrip() + printed
        return replace(attempt, error=Failure("run", "ProgramError", message[: 3 * MOST_OUTPUT]))
    findings = [*_answer(last), optimality_finding(last.result), *doing_nothing(last.result)]
    report = replace(attempt.report, findings=(*attempt.report.findings, *findings))
    result = replace(last.result, check=last.check)
    klass = None if last.model is None else last.model.class_name
    return replace(attempt, result=result, model=last.model, model_class=klass, report=report)


def _plain_data(data: Any) -> Any:
    """Data as a program reads them: a JSON file's content, values as they are."""
    import json
    from pathlib import Path

    from solvers.errors import DataError

    if not isinstance(data, (str, Path)):
        return data
    path = Path(data)
    if path.suffix.lower() != ".json":
        raise DataError("programs are given data from .json files only", place=str(path),
                        remedy="convert it to JSON; --strategy elements reads .csv and .xlsx too")  # fmt: skip
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the file cannot be read as JSON: {error}", place=str(path)) from error


def _findings(done: ProgramRun) -> list[Finding]:
    found = [
        Finding("sandbox", "suspect", item.what, f"the program tried what it may not: {item.detail}"[:300],
                "models are built without this")
        for item in done.refused[:5]
    ]  # fmt: skip
    if done.error is not None and done.solves:
        found.append(Finding("program", "suspect", "", f"it solved, and then failed: {done.error.message}"[:300],
                             "what follows the solve did not run"))  # fmt: skip
    if len(done.solves) > 1:
        found.append(Finding("program", "could_not_run", "", f"it solved {len(done.solves)} models; the last is shown"))
    reported, last = done.reported, done.last
    if reported is not None and last is not None and last.result.objective is not None:
        from solvers.compare import ANSWER, compare

        if not compare(reported.value, last.result.objective, ANSWER).equal:
            found.append(Finding("program", "could_not_run", "", f"it reports {reported.value:.10g}, its solver says "
                                 f"{last.result.objective:.10g}", "which of the two is asked for?"))  # fmt: skip
    return found


def _answer(last: CapturedSolve) -> list[Finding]:
    if last.model is None:
        return [Finding("solution", "could_not_run", "", f"its model was not captured: {last.uncaptured}"[:300])]
    found = [solution_finding(replace(last.result, check=last.check))]
    if last.substituted:
        found.append(Finding("solver", "not_applicable", "", f"{last.asked} is not here; {last.solved_by} solved it"))
    return found
