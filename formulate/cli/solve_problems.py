"""Many problems in one run: one record each, progress, and a run that was stopped goes on where it was."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import solver_options
from formulate.cli.errors import UsageError
from formulate.cli.files import read_problem
from formulate.cli.model_options import asked_model, batch_written, say_spent
from formulate.records_file import RecordsFile

if TYPE_CHECKING:
    from formulate.attempt import Attempt
    from formulate.llm.errors import UnansweredError
    from formulate.with_model import Formulator
    from verify.problem import Problem

MOST_LINE = 4_000_000
MOST_DEPTH = 30
TEXT_FIELDS = ("text", "question", "problem")
SCHEMA = "formulate-results/1"


def run_all(options: argparse.Namespace) -> int:
    """Formulate every problem; 0 when each has a record, 3 when a batch lacks answers."""
    if options.save:
        raise UsageError("--save takes one problem", remedy="use --out FILE for many")
    if not options.out and not options.batch_out:
        raise UsageError("many problems need a place for their records", remedy="add --out FILE.jsonl")
    problems = list(_problems(options.problem))
    doubled = [name for name, count in Counter(p.id for p in problems).items() if count > 1]
    if doubled:
        raise UsageError(f"two problems are called {doubled[0]!r}", remedy="give each an `id` of its own")
    with ExitStack() as stack:
        out = stack.enter_context(RecordsFile(options.out)) if options.out else None
        done = _done(out)
        left = [problem for problem in problems if problem.id not in done]
        llm = stack.enter_context(asked_model(options))
        counts, unanswered = _run(left, llm, options, out)
        say_spent(llm)
        if unanswered:
            code = batch_written(llm, options, unanswered[0])
        else:
            code = 0
    _say(counts, len(done & {p.id for p in problems}), len(unanswered), options, code)
    return code


def _run(
    problems: list[Problem], llm: Formulator | None, options: argparse.Namespace, out: RecordsFile | None
) -> tuple[Counter[str], list[UnansweredError]]:
    """Outcomes counted, and what was said of problems that wait for answers of a batch."""
    from formulate.llm.errors import UnansweredError
    from solvers.errors import FormulateError

    counts: Counter[str] = Counter()
    unanswered: list[UnansweredError] = []
    with _Progress(len(problems)) as advance:
        for problem, outcome in _outcomes(problems, llm, options):
            if isinstance(outcome, UnansweredError):
                unanswered.append(outcome)
            elif isinstance(outcome, FormulateError):
                counts["failed"] += 1
                output.message(f"{problem.id}: {outcome}")
                if out is not None:
                    out.append(_failed(problem, outcome).to_dict())
            else:
                counts[outcome.outcome] += 1
                if out is not None:
                    out.append(outcome.to_dict())
            advance()
    return counts, unanswered


def _failed(problem: Problem, error: Any) -> Attempt:
    from formulate.attempt import Attempt, Failure

    return Attempt(problem, error=Failure.of("formulate", error))


def _outcomes(
    problems: list[Problem], llm: Formulator | None, options: argparse.Namespace
) -> Iterator[tuple[Problem, Any]]:
    """Each problem with its attempt or its error, as they end."""
    from formulate.pipeline import asked, formulate
    from solvers.errors import FormulateError

    settings = solver_options(options)
    if llm is None:
        for problem in problems:
            try:
                yield problem, formulate(problem, data=options.data, emit=options.emit, **settings)
            except FormulateError as error:
                yield problem, error
        return
    from dataclasses import replace

    from formulate.llm.connect import Connection
    from formulate.with_model import attempts, each

    connection = llm.model
    assert isinstance(connection, Connection)

    async def one(problem: Problem) -> Attempt:
        given = problem if options.data is None else replace(problem, data=Path(options.data))
        return await asked(given, llm, connection, settings, options.emit)

    async def walk() -> AsyncGenerator[tuple[Problem, Any], None]:
        try:
            async with aclosing(attempts(problems, one, options.at_once or 8)) as found:
                async for item in found:
                    yield item
        finally:
            await connection.client.close()

    yield from each(walk())


def _problems(paths: list[str]) -> Iterator[Problem]:
    from verify.problem import Problem

    for path in paths:
        if path.endswith(".jsonl"):
            yield from _lines(Path(path))
        else:
            yield Problem(read_problem(path), id=path)


def _lines(path: Path) -> Iterator[Problem]:
    try:
        file = open(path, encoding="utf-8-sig")  # noqa: SIM115 - closed below; the errors of opening are told apart
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    with file:
        lines = enumerate(file, 1)
        number = 0
        while True:
            try:
                number, line = next(lines, (0, ""))
            except UnicodeDecodeError as error:
                raise UsageError(f"{path} is no UTF-8 text after line {number}: byte {error.object[error.start]:#04x}",
                                 remedy="save it as UTF-8") from error  # fmt: skip
            if not line:
                return
            if line.strip():
                yield _problem(line, number, f"{path}, line {number}")


def _problem(line: str, number: int, place: str) -> Problem:
    """The problem of one line; without an `id` (or with a null one) it is called by its number."""
    from verify.problem import Problem

    if len(line) > MOST_LINE:
        raise UsageError(f"{place} is longer than {MOST_LINE // 10**6} MB",
                         remedy="keep the words, and give large data with --data")  # fmt: skip
    record = _parsed(line, place, "")
    record = record if isinstance(record, dict) else {}
    text = next((record[f] for f in TEXT_FIELDS if isinstance(record.get(f), str)), None)
    if text is None:
        raise UsageError(f"{place}: there is no problem in it",
                         remedy=f"each line is an object with a text in `{TEXT_FIELDS[0]}`, and an `id`")  # fmt: skip
    data = record.get("data")
    if isinstance(data, str):
        data = _parsed(data, f"{place}, `data`", "values stand in it, never a path") if data.strip() else None
    if data in (None, [], {}):
        data = None
    elif not isinstance(data, dict):
        # A text in it would be taken for the path of a file, and read.
        raise UsageError(f"{place}: `data` is no mapping of names to values", remedy='write {"name": value, ...}')
    _check_data(data, f"{place}, `data`")
    name = record.get("id")
    return Problem(text, id=str(number if name is None else name), data=data)


def _parsed(text: str, place: str, remedy: str) -> Any:
    """JSON of a line. Paths are not taken from records: they would read any file."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: no JSON: {error}", remedy=remedy) from error


def _check_data(data: Any, place: str) -> None:
    """Refuse what no record of an attempt could hold: NaN, infinities, and nesting that no data has."""
    level, depth = [data], 0
    while level:
        if depth > MOST_DEPTH:
            raise UsageError(f"{place}: nested deeper than {MOST_DEPTH}")
        if any(isinstance(value, float) and not math.isfinite(value) for value in level):
            raise UsageError(f"{place}: a number is not finite", remedy="leave it out, or write a large number")
        level = [
            item for value in level if isinstance(value, (dict, list))
            for item in (value.values() if isinstance(value, dict) else value)
        ]  # fmt: skip
        depth += 1


def _done(out: RecordsFile | None) -> set[str]:
    done: set[str] = set()
    for number, line in enumerate(out or (), 1):
        problem = line.get("problem")
        if not isinstance(problem, dict) or "id" not in problem:
            raise UsageError(f"line {number} is no record of an attempt", remedy="name another file with --out")
        done.add(str(problem["id"]))
    return done


def _say(counts: Counter[str], before: int, unanswered: int, options: argparse.Namespace, code: int) -> None:
    if options.json:
        output.emit_json({"schema": SCHEMA, "exit_code": code, "counts": dict(counts), "done_before": before,
                          "unanswered": unanswered, "out": options.out})
        return
    parts = [f"{count} {name}" for name, count in sorted(counts.items())]
    parts += [f"{before} done before"] if before else []
    parts += [f"{unanswered} waiting for answers"] if unanswered else []
    output.result(", ".join(parts) or "nothing to do")


class _Progress:
    """A bar on stderr, on a terminal only."""

    def __init__(self, total: int) -> None:
        self.bar: Any = None
        self.total = total

    def __enter__(self) -> Any:
        if not sys.stderr.isatty() or self.total < 2:
            return lambda: None
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(file=sys.stderr))
        task = self.bar.add_task("problems", total=self.total)
        self.bar.start()
        return lambda: self.bar.advance(task)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
