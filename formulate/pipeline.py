"""`formulate`: words to five elements, checked, solved, and questioned."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from formulate.attempt import Attempt, Failure, Stage
from solvers.errors import FormulateError
from verify.basics import (
    NOT_VERIFIED,
    doing_nothing,
    number_findings,
    optimality_finding,
    solution_finding,
    typing_findings,
)
from verify.problem import Problem
from verify.reading.ledger import Leftover
from verify.report import Finding, Report

if TYPE_CHECKING:
    from formulate.llm.connect import Connection
    from formulate.llm.protocol import Client
    from formulate.with_model import Formulator

DEFAULT_TARGETS = ("highspy", "scip")
"""Tried in this order: programs that run with what is installed with formulate, the faster solver first."""

NOTHING_TO_DO = (
    "as it was read, the best plan is to do nothing: a requirement was probably not read, or read as a limit"
)


def formulate(
    problem: str | Problem,
    llm: str | Formulator | Client | None = None,
    *,
    data: Any = None,
    solver: str | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    log: bool = False,
    start: Any = None,
    emit: str | None = None,
) -> Attempt:
    """Formulate and solve a problem told in words; offline, by recognisers that abstain rather than guess.

    `data` (a file, a folder, a mapping, a DataFrame) is bound to what the formulation leaves open and wins over
    `problem.data`. `emit` names the target of `Attempt.code`; without it, the code is for a solver that comes with
    formulate: highspy, or PySCIPOpt for what HiGHS cannot hold. Time limit in wall-clock seconds, gap relative;
    `log` and `start` as in `solvers.solve`. What goes wrong with this problem is in the attempt (`abstained`,
    `error`), never raised; a text that is empty or binary, a missing solver and a target that does not exist raise a
    FormulateError.

    `llm` formulates with a language model instead: `openai:gpt-4.1`, `ollama:llama3.2` and the like
    (formulate.llm.endpoints), a client, or a `Formulator` with all its settings. A model that cannot be reached
    is an attempt's `error`; a missing key or library is raised.
    """
    if solver is not None:
        from solvers.adapters import adapter

        adapter(solver)
    if emit is not None:
        from solvers.emit import target_named

        emit = target_named(emit)
    started = time.perf_counter()
    given = Problem.of(problem)
    given = given if data is None else replace(given, data=data)
    settings = {
        "solver": solver, "time_limit": time_limit, "gap": gap, "seed": seed, "threads": threads, "log": log,
        "start": start,
    }  # fmt: skip
    if llm is not None:
        return _asked(given, llm, settings, emit)
    attempt = _offline(given)
    if attempt.formulation is not None:
        attempt = _check_and_solve(attempt, given.data, settings, emit)
    return replace(attempt, seconds=time.perf_counter() - started)


def _asked(problem: Problem, llm: str | Formulator | Client, settings: dict[str, Any], emit: str | None) -> Attempt:
    from formulate.with_model import Formulator, run

    formulator = llm if isinstance(llm, Formulator) else Formulator(llm)
    connection = formulator.connected()

    async def one() -> Attempt:
        try:
            return await asked(problem, formulator, connection, settings, emit)
        finally:
            await connection.client.close()

    return run(one())


async def asked(
    problem: Problem, formulator: Formulator, connection: Connection, settings: dict[str, Any], emit: str | None = None
) -> Attempt:
    """One problem formulated by a language model, checked and solved. `settings` are those of `solvers.solve`.

    Raises UnansweredError under a batch that lacks an answer, DataError for data that cannot be read.
    """
    from formulate.with_model import attempt
    from verify.reading.document import read_document

    read_document(problem.text)  # an empty or binary text is refused before it costs anything
    def evaluate(drafted: Attempt) -> Attempt:
        if drafted.formulation is not None:
            return _check_and_solve(drafted, problem.data, settings, emit)
        from formulate.programs.attempted import run_attempt

        return run_attempt(drafted, problem.data, settings)

    return await attempt(problem, formulator, connection, evaluate, problem.data)


def _offline(problem: Problem) -> Attempt:
    """The draft of the offline formulator with its first findings, or its abstention."""
    from formulate.offline import formulate_offline
    from formulate.offline.base import Abstention

    outcome = formulate_offline(problem)
    if isinstance(outcome, Abstention):
        return Attempt(problem, abstained=outcome.reasons, formulator="offline")
    from verify.reading.reader import read
    from verify.reading.tables import find_tables

    reading = read(problem.text)
    findings = number_findings(
        reading.ledger().quantities, outcome.claims, outcome.formulation, find_tables(problem.text), len(reading.idle)
    )
    name = f"offline: {outcome.recogniser}" if outcome.recogniser else "offline"
    return Attempt(
        problem, formulation=outcome.formulation, claims=outcome.claims, formulator=name,
        report=Report(tuple(findings), NOT_VERIFIED),
    )


def _check_and_solve(attempt: Attempt, data: Any, settings: dict[str, Any], target: str | None) -> Attempt:
    from solvers.check import check
    from solvers.solving import as_data, solve

    formulation = attempt.formulation
    assert formulation is not None
    stage: Stage = "check"
    try:
        checked = check(formulation)
        attempt = _found(attempt, *typing_findings(checked))
        attempt = replace(attempt, model_class=checked.classes.model)
        if not checked.ok:
            worst = checked.errors[0]
            failure = Failure("check", "TypingError", worst.message, str(worst.place), worst.remedy)
            return replace(attempt, error=failure)
        stage = "data"
        bound = as_data(formulation, data)
        attempt = _with_code(attempt, bound, target)
        stage = "solve"
        result = solve(formulation, bound, **settings)
    except FormulateError as error:
        return replace(attempt, error=Failure.of(stage, error))
    attempt = replace(attempt, result=result)
    idle = doing_nothing(result)
    if idle and attempt.formulator.startswith("offline"):
        # Recognisers misread a requirement sooner than a person asks what to do when the answer is nothing.
        attempt = replace(attempt, abstained=(Leftover("", 0, 0, NOTHING_TO_DO),))
    return _found(attempt, solution_finding(result), optimality_finding(result), *idle)


def _with_code(attempt: Attempt, data: Any, target: str | None) -> Attempt:
    """The attempt with its formulation as a program; a target that cannot hold it leaves a note."""
    from solvers.emit import emit
    from solvers.errors import SolverMissingError, UnsupportedError

    assert attempt.formulation is not None
    note = ""
    for name in DEFAULT_TARGETS if target is None else (target,):
        try:
            code = emit(attempt.formulation, name, data).text
        except (UnsupportedError, SolverMissingError) as error:
            note = note or str(error)
            continue
        return replace(attempt, code=code, code_target=name)
    return replace(attempt, code_note=note, code_target=target or "")


def _found(attempt: Attempt, *findings: Finding) -> Attempt:
    report = attempt.report
    return replace(attempt, report=replace(report, findings=(*report.findings, *findings)))
