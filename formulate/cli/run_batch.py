"""`formulate run FILE.jsonl --out RESULTS.jsonl`: many programs on all cores, visible, continued after a kill.

Every result record names its input by id and by a digest of it, so that a run continues only what it began.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from formulate.records_file import RecordsFile
    from solvers.sandbox import ProgramRun, Request

SCHEMA = "formulate-run/1"
SUMMARY_SCHEMA = "formulate-runs/1"
MAX_LINE = 64_000_000
MAX_OUTPUT = 20_000
SAY_SECONDS = 15.0
"""How often progress is said where there is no terminal to show a bar on."""


@dataclass(frozen=True)
class Entry:
    """One program of the batch: its id, where it stands, what its result is to be compared with."""

    id: str
    line: int
    digest: str
    source: str
    data: Any
    function: str | None
    expected: float | None
    error: str = ""


def run_batch(options: argparse.Namespace) -> int:
    """Run what has no record yet, and say what came of all. Raises UsageError, RecordError."""
    from formulate.records_file import RecordsFile

    if not options.out:
        raise UsageError("a .jsonl file of programs needs --out", remedy="add --out RESULTS.jsonl")
    for name in ("capture", "data", "function"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name} is for one program", remedy=f"give each record its own `{name}`")
    entries = list(read_entries(options.program))
    if not entries:
        raise UsageError(f"{options.program} holds no programs", remedy="one JSON object a line")
    with RecordsFile(options.out) as file:
        done = finished(file, entries, options.out)
        todo = [entry for entry in entries if entry.id not in done]
        if done:
            output.message(f"formulate: {len(done)} of {len(entries)} have their record already")
        _work(todo, len(entries), file, options)
        records = [record for record in file if record.get("id") in {entry.id for entry in entries}]
    summary = summarised(records)
    if options.json:
        output.emit_json({"schema": SUMMARY_SCHEMA, "exit_code": 0, "out": options.out, **summary})
    else:
        output.result("\n".join(f"{name.replace('_', ' '):<24}{count}" for name, count in summary.items()))
    return 0


def read_entries(path: str) -> Iterator[Entry]:
    """The programs of a JSONL file. Raises UsageError that names the line."""
    seen: dict[str, int] = {}
    try:
        with open(path, encoding="utf-8-sig") as file:
            # A line is not read beyond its limit: it may have no end.
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), ""), 1):
                if not line.strip():
                    continue
                entry = _entry(line, path, number)
                if entry.id in seen:
                    raise UsageError(f"{path}, line {number}: the id {entry.id!r} stands in line {seen[entry.id]} too",
                                     remedy="give each record its own id")
                seen[entry.id] = number
                yield entry
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", remedy="one JSON object a line") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _entry(line: str, path: str, number: int) -> Entry:
    place = f"{path}, line {number}"
    if len(line) > MAX_LINE:
        raise UsageError(f"{place} is longer than {MAX_LINE} characters")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place} is no JSON: {error}", remedy="one JSON object a line") from error
    if not isinstance(record, dict):
        raise UsageError(f"{place} is no object", remedy="one JSON object a line")
    source, error_text = _source(record, place)
    name = record.get("id")
    function, expected = record.get("function"), record.get("expected")
    if function is not None and not isinstance(function, str):
        raise UsageError(f"{place}: `function` is no name")
    return Entry(
        str(number if name is None else name), number, hashlib.sha256(line.strip().encode()).hexdigest()[:16], source,
        record.get("data"), function, _expected(expected), error_text,
    )  # fmt: skip


def _source(record: dict[str, Any], place: str) -> tuple[str, str]:
    """The source of a record, or why its completion holds none."""
    from formulate.programs import ExtractionError, extract_program

    program, completion = record.get("program"), record.get("completion")
    if isinstance(program, str):
        return program, ""
    if not isinstance(completion, str):
        raise UsageError(f"{place} has neither a `program` nor a `completion`", remedy="give each record one of them")
    try:
        return extract_program(completion), ""
    except ExtractionError as error:
        return "", error.message


def _expected(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None  # a label in words is carried by the input file, not compared


def finished(file: RecordsFile, entries: list[Entry], path: str) -> set[str]:
    """The ids that have a record. Raises UsageError where the records belong to other programs."""
    digests = {entry.id: entry.digest for entry in entries}
    done: set[str] = set()
    for record in file:
        name = record.get("id")
        if record.get("schema") != SCHEMA or not isinstance(name, str) or digests.get(name) != record.get("digest"):
            raise UsageError(f"{path} holds results of other programs ({name!r})", remedy="name a new file with --out")
        done.add(name)
    return done


def _work(todo: list[Entry], total: int, file: RecordsFile, options: argparse.Namespace) -> None:
    from solvers.sandbox import run_many

    by_id = {entry.id: entry for entry in todo}
    with _progress() as progress:
        task = progress.add_task("programs", total=total, completed=total - len(todo))
        for entry in todo:
            if entry.error:
                file.append(_record(entry, None))
                progress.advance(task)
        runs = run_many(
            _requests(todo, options), workers=options.workers, confirm=options.confirm, genuine=options.genuine,
            require_sandbox=options.require_sandbox,
        )  # fmt: skip
        said = time.monotonic()
        for outcome in runs:
            file.append(_record(by_id[outcome.id], outcome))
            progress.advance(task)
            if progress.disable and time.monotonic() - said > SAY_SECONDS:
                said = time.monotonic()
                output.message(f"formulate: {progress.tasks[task].completed:.0f} of {total} programs")


def _requests(todo: list[Entry], options: argparse.Namespace) -> Iterator[Request]:
    from formulate.cli.run import limits
    from solvers.sandbox import Request

    for entry in todo:
        if not entry.error:
            yield Request(entry.id, entry.source, entry.data, function=entry.function, limits=limits(options))


def _progress() -> Progress:
    """A bar on stderr with the time that is left; nothing where stderr is no terminal."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, highlight=False, markup=False)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console,
        disable=not console.is_terminal,
    )  # fmt: skip


def _record(entry: Entry, outcome: ProgramRun | None) -> dict[str, Any]:
    """The record of one program; `outcome` is None where its completion holds no program."""
    from formulate.cli.run_outcome import exit_code, run_document

    head = {"schema": SCHEMA, "id": entry.id, "line": entry.line, "digest": entry.digest, "expected": entry.expected}
    if outcome is None:
        error = {"kind": "extraction", "message": entry.error, "line": None, "traceback": ""}
        nothing: dict[str, Any] = {"objective": None, "reported": None, "solves": []}
        return {**head, "exit_code": 2, "correct": None, **nothing, "error": error}
    document = run_document(outcome)
    text = document["output"]
    if len(text) > MAX_OUTPUT:
        document["output"] = text[: MAX_OUTPUT // 2] + "\n...\n" + text[-MAX_OUTPUT // 2 :]
    return {**head, "exit_code": exit_code(outcome), "correct": _correct(entry, outcome), **document}


def _correct(entry: Entry, outcome: ProgramRun) -> bool | None:
    """Whether the objective is the expected one, at the project's tolerance for answers; None without either."""
    from solvers.compare import ANSWER, compare

    result = outcome.result
    if entry.expected is None or result is None or result.objective is None or not result.has_solution:
        return None
    return compare(result.objective, entry.expected, ANSWER).equal


def summarised(records: list[dict[str, Any]]) -> dict[str, int]:
    """Counts over the records of a batch."""
    counts: Counter[str] = Counter()
    for record in records:
        error = record.get("error")
        counts["programs"] += 1
        counts["with_a_solution"] += record["exit_code"] == 0
        counts["infeasible_or_unbounded"] += record["exit_code"] == 4
        counts["not_to_be_believed"] += record["exit_code"] == 1
        counts["failed"] += error is not None
        counts["captured"] += any(solve["class"] is not None for solve in record["solves"])
        counts["reported"] += record.get("reported") is not None
        counts["expected"] += record.get("expected") is not None
        counts["as_expected"] += record.get("correct") is True
    return dict(counts)
