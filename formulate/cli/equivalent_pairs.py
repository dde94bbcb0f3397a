"""Many pairs over all cores: a line per pair is added to a file at once, and a second run does what is missing."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

from formulate.cli.errors import UsageError
from formulate.errors import RecordError
from formulate.records_file import RecordsFile

if TYPE_CHECKING:
    from verify.equivalence.outcome import Options

AHEAD = 4
"""Pairs per worker that are handed out before they can be worked on."""
SHOWN = ("equivalent", "structurally_different", "semantically_different", "undecided", "error")


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the pairs: files are relative to the folder of that file."""

    id: str
    a: str
    b: str
    data: str | None


def run_pairs(pairs: str, out: str, options: Options, data: str | None, workers: int | None) -> dict[str, int]:
    """Work through the pairs of a file; counts of all verdicts in `out`, earlier runs' included.

    Raises UsageError for a file of pairs that is none, and for an `out` that holds something else.
    """
    jobs = list(_jobs(pairs, data))
    count = workers or os.cpu_count() or 1
    with RecordsFile(out) as file:
        totals, done = _earlier(file)
        waiting = [job for job in jobs if job.id not in done]
        with _bar(len(jobs), len(jobs) - len(waiting)) as advance:
            for record in _worked(waiting, options, min(count, max(1, len(waiting)))):
                file.append(record)
                totals[record["verdict"]] += 1
                advance(totals)
    return {name: totals[name] for name in SHOWN if totals[name] or name != "error"}


def _jobs(path: str, data: str | None) -> Iterator[Job]:
    folder = os.path.dirname(os.path.abspath(path))
    seen: set[str] = set()
    try:
        lines = open(path, encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    with lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                job = Job(str(entry.get("id", number)), str(entry["a"]), str(entry["b"]), entry.get("data", data))
            except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                told = 'a line is {"id": ..., "a": FILE, "b": FILE}'
                raise UsageError(f"{path}, line {number}: {told}: {error!r}") from error
            if job.id in seen:
                raise UsageError(f"{path}, line {number}: the id {job.id!r} occurs twice")
            seen.add(job.id)
            place = lambda name: os.path.join(folder, name)  # noqa: E731
            yield Job(job.id, place(job.a), place(job.b), None if job.data is None else place(str(job.data)))


def _earlier(file: RecordsFile) -> tuple[Counter[str], set[str]]:
    """Verdicts and ids of earlier runs."""
    totals: Counter[str] = Counter()
    done: set[str] = set()
    try:
        for record in file:
            done.add(record["id"])
            totals[record["verdict"]] += 1
    except (RecordError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file.path} holds something else than answers on pairs: {error}",
                         remedy="name another file for --out") from error
    return totals, done


def _worked(jobs: list[Job], options: Options, workers: int) -> Iterator[dict[str, Any]]:
    """The record of every job, in order of completion. A job that brings its process down is tried once more alone."""
    suspects: list[Job] = []
    left = iter(jobs)
    while True:
        pool = _pool(workers)
        pending: dict[Future[dict[str, Any]], Job] = {}
        try:
            with pool:
                for job in left:
                    pending[pool.submit(compare_job, job, options)] = job
                    if len(pending) >= AHEAD * workers:
                        yield from _finished(pending)
                while pending:
                    yield from _finished(pending)
            break
        except BrokenProcessPool:
            suspects += pending.values()
    for job in suspects:
        yield _alone(job, options)


def _finished(pending: dict[Future[dict[str, Any]], Job]) -> Iterator[dict[str, Any]]:
    ended, _ = wait(pending, return_when=FIRST_COMPLETED)
    for future in ended:
        record = future.result()
        del pending[future]
        yield record


def _alone(job: Job, options: Options) -> dict[str, Any]:
    try:
        with _pool(1) as pool:
            return pool.submit(compare_job, job, options).result()
    except BrokenProcessPool:
        return _failed(job, "its process was killed (out of memory, or a solver crashed)")


def _pool(workers: int) -> ProcessPoolExecutor:
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    from multiprocessing import parent_process

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def compare_job(job: Job, options: Options) -> dict[str, Any]:
    """The record of one pair; what cannot be read or compared is a record too."""
    from formulate.cli.candidates import load_candidate
    from solvers.errors import FormulateError
    from verify.equivalence.candidates import answer_document, certificate_document, compare_candidates

    try:
        a, b = load_candidate(job.a, job.data), load_candidate(job.b, job.data)
        found = compare_candidates(a, b, job.data, options=options)
    except (FormulateError, OSError, MemoryError, RecursionError) as error:
        return _failed(job, str(error) or type(error).__name__)
    answer = answer_document(found)
    del answer["mapping"]
    from formulate.plain import plain

    return plain({"id": job.id, **answer, "certificate": certificate_document(found)})  # type: ignore[no-any-return]


def _failed(job: Job, error: str) -> dict[str, Any]:
    return {"id": job.id, "verdict": "error", "error": error}


class _bar:
    """A progress bar on stderr, where that is a terminal; else silence. Gives a callback for each record."""

    def __init__(self, total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(file=sys.stderr, highlight=False)
        self.progress = Progress(
            TextColumn("pairs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[told]}"), console=console, disable=not console.is_terminal,
        )
        self.task = self.progress.add_task("pairs", total=total, completed=done, told="")

    def __enter__(self) -> Any:
        self.progress.start()
        return self.advance

    def __exit__(self, *error: object) -> None:
        self.progress.stop()

    def advance(self, totals: Counter[str]) -> None:
        told = ", ".join(f"{totals[name]} {name.replace('_', ' ')}" for name in SHOWN if totals[name])
        self.progress.update(self.task, advance=1, told=told)
