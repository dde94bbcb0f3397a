"""From what was heard of a program to a `ProgramRun`: why it ended, what it was refused."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from solvers.sandbox.outcome import NOTES, Limits, ProgramError, ProgramRun, Refusal
from solvers.sandbox.worker import Heard


def read_run(heard: Heard, limits: Limits, missing: Sequence[str]) -> ProgramRun:
    """The run as the program claims it and the fork server saw it."""
    reader, report = heard.reader, heard.report
    refused = [item for item in reader.notes if item.what not in NOTES]
    notes = [item for item in reader.notes if item.what in NOTES]
    if report is not None:
        refused += [Refusal(what, f"{detail} ({count} times)" if count > 1 else detail)
                    for what, detail, count in report["notices"]]  # fmt: skip
        if report["orphans"]:
            refused.append(Refusal("process", f"{report['orphans']} left behind, ended"))
    if reader.broken:
        refused.append(Refusal("solves" if reader.over else "result channel", reader.broken))
    error = _error(heard, limits)
    limit = _limit(heard, error, limits)
    if limit is not None:
        refused.append(limit)
    return ProgramRun(
        solves=tuple(reader.solves), reported=reader.reported, error=error, refused=tuple(dict.fromkeys(refused)),
        notes=tuple(dict.fromkeys(notes)), output=heard.output.decode("utf-8", "replace"),
        truncated=heard.written > limits.output, seconds=report["wall"] if report else 0.0, entry=reader.entry,
        missing=tuple(missing),
    )  # fmt: skip


def _error(heard: Heard, limits: Limits) -> ProgramError | None:
    """Why the program did not come to its end, most certain cause first."""
    reader, report = heard.reader, heard.report
    if report is None:
        return ProgramError("killed", f"the sandbox's fork server was lost: {heard.lost}")
    if report["failed"]:
        return ProgramError("killed", f"it was not run, for it could not be put into the sandbox: {report['failed']}")
    if report["ended"] == "wall":
        return ProgramError("time", f"the wall limit of {limits.wall:g} s")
    if report["ended"] == "output":
        return ProgramError("output", f"more output than {limits.output} bytes, many times over")
    if report["ended"] == "directory":
        return ProgramError("killed", f"files of more than {4 * limits.file_size} bytes, or too deep in folders")
    if reader.over:
        return ProgramError("output", reader.broken)
    if reader.broken:
        return ProgramError("protocol", f"the result channel: {reader.broken}")
    if reader.finished:
        return reader.error
    if report["signal"] is not None:
        if heard.out_of_memory:
            return ProgramError("memory", f"the limit of {limits.memory} bytes of memory")
        return _signalled(report["signal"], report["processor"], limits)
    return ProgramError("exit", f"it left with exit code {report['exit']} before its end")


def _signalled(number: int, processor: float, limits: Limits) -> ProgramError:
    # The kernel enforces the limit by ticks, and reports finer times: on a busy machine these differ.
    if number in (signal.SIGKILL, signal.SIGXCPU) and processor >= 0.5 * limits.processor:
        return ProgramError("time", f"the limit of {limits.processor:g} s of processor time")
    if number == signal.SIGKILL:
        return ProgramError("killed", "it was killed, perhaps for want of memory")
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    return ProgramError("killed", f"signal {name}")


def _limit(heard: Heard, error: ProgramError | None, limits: Limits) -> Refusal | None:
    """The limit that ended the program, as a refusal."""
    if error is None:
        return None
    if error.kind == "memory":
        return Refusal("memory", f"more than {limits.memory} bytes")
    if error.kind == "output" and not heard.reader.over:
        return Refusal("output", error.message)
    if error.kind == "time" and heard.report is not None and not heard.reader.finished:
        return Refusal("time", error.message)
    if heard.report is not None and heard.report["ended"] == "directory":
        return Refusal("file", error.message)
    return None
