"""Errors of a program as plain records: kind, message, the line in its source, the frames that are its own."""

from __future__ import annotations

import traceback
from types import TracebackType

from solvers.sandbox.outcome import ErrorKind, ProgramError

FILE = "program.py"
MAX_FRAMES = 12
MAX_MESSAGE = 2000


class EntryError(Exception):
    """A program that ran and offers nothing to call, or something that cannot be called."""


def failure(error: BaseException) -> ProgramError | None:
    """What ended a program; None for an exit that says success."""
    frames = _frames(error.__traceback__)
    line = frames[-1].lineno if frames else None
    kind: ErrorKind
    message = _message(error)
    match error:
        case SystemExit():
            if error.code is None or error.code == 0:
                return None
            kind, message = "exit", f"the program left with {_shown(error.code)}"
        case EntryError():
            kind, message, line, frames = "entry", str(error), None, []
        case MemoryError():
            kind, message = "memory", message if len(message) > len("MemoryError") else "out of memory"
        case SyntaxError() if not frames or error.filename == FILE:
            kind, line, frames = "syntax", error.lineno, []
        case _:
            kind = "exception"
    return ProgramError(kind, message, line, _listed(frames, message))


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames that are the program's own, outermost first."""
    return [frame for frame in traceback.extract_tb(trace, limit=2000) if frame.filename == FILE]


def _message(error: BaseException) -> str:
    """`KeyError: 'x'`; a message that cannot be made is said to be so by `traceback`."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"[:MAX_MESSAGE]
    # `traceback` writes what can be written of an exception whose own methods fail; its module's path is not wanted.
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    text = text.removeprefix(f"{type(error).__module__}.")
    return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + " ..."


def _shown(code: object) -> str:
    return str(code) if isinstance(code, int) else repr(code)[:MAX_MESSAGE] if isinstance(code, str) else "an object"


def _listed(frames: list[traceback.FrameSummary], message: str) -> str:
    if not frames:
        return ""
    parts = []
    if len(frames) > MAX_FRAMES:
        parts.append(f"({len(frames) - MAX_FRAMES} more)")
    for frame in frames[-MAX_FRAMES:]:
        where = f"line {frame.lineno}" + ("" if frame.name == "<module>" else f", in {frame.name}")
        parts.append(f"{where}: {(frame.line or '')[:200]}")
    return "\n".join([*parts, message])
