"""What reaches the terminal: results to stdout, messages to stderr, errors as words or as one JSON object."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from formulate.plain import plain

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH_WITHOUT_TERMINAL = 100
LEAST_WIDTH = 20
_PLAINER = str.maketrans({"·": "|", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "×": "x"})
"""For terminals without Unicode: what a question mark would not stand for well."""


class _Closed(io.StringIO):
    """Stands in for a stream that is closed: what is asked of it is answered, what is written is refused."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        """Raise OSError."""
        raise OSError(errno.EBADF, "standard output is closed")


def prepare_streams() -> None:
    """A terminal that cannot show a character shows a replacement: never an encoding error half-way.

    A stream that was closed before the start (`>&-`) fails when it is written to, like a full disk.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, _Closed())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdout else "backslashreplace")


@contextmanager
def only_ours_on_stdout() -> Iterator[None]:
    """Under --json: what solver libraries write to file descriptor 1 goes to stderr, what Python prints to stdout."""
    stdout = sys.stdout
    if not isinstance(stdout, io.TextIOWrapper) or stdout.fileno() != 1:
        yield
        return
    stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = open(own, "w", encoding=stdout.encoding, errors="replace", closefd=False)  # noqa: SIM115
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout = stdout
        os.dup2(own, 1)
        os.close(own)


def result(text: str) -> None:
    """A result, to stdout; control characters from outside are shown, not obeyed."""
    print(_tame(text))


def message(text: str) -> None:
    """A message or progress, to stderr; control characters from outside are shown, not obeyed."""
    print(_tame(text), file=sys.stderr)


def emit_json(document: dict[str, Any]) -> None:
    """One JSON document to stdout, in ASCII, one line per key. Numbers that JSON lacks become "inf", "-inf", "nan"."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in plain(document).items()]
    print("{\n" + ",\n".join(lines) + "\n}")


def failure(
    text: str, *, kind: str, code: int, as_json: bool, message: str = "", place: str = "", remedy: str = ""
) -> None:
    """An error: on stderr in words, or as an error object on stdout under --json."""
    if as_json:
        error = {"kind": kind, "message": message or text, "place": place, "remedy": remedy}
        emit_json({"schema": "formulate-error/1", "outcome": "failed", "exit_code": code, "error": error})
        return
    if remedy and "remedy:" not in text:
        text = f"{text}\n  remedy: {remedy}"
    print(_tame(f"formulate: {text}"), file=sys.stderr)


def width() -> int:
    """Columns of plain text: COLUMNS, else the terminal's, else WIDTH_WITHOUT_TERMINAL."""
    return max(LEAST_WIDTH, shutil.get_terminal_size((WIDTH_WITHOUT_TERMINAL, 24)).columns)


def console() -> Console:
    """A rich console on stdout: colours on a terminal only (and without NO_COLOR), width as the terminal's."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else WIDTH_WITHOUT_TERMINAL
    found = Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)
    if found.width < LEAST_WIDTH:  # COLUMNS=0 would show nothing at all
        found.width = LEAST_WIDTH
    return found


def show(*renderables: RenderableType) -> None:
    """Rich renderables to stdout; without a terminal no line ends in white space."""
    target = console()
    with target.capture() as capture:
        target.print(*renderables)
    text = capture.get()
    if not target.is_terminal:
        text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if not target.encoding.startswith("utf"):
        text = text.translate(_PLAINER)
    sys.stdout.write(text)


def _tame(text: str) -> str:
    # Floor 1 may be hidden by another package when this is needed, so `solvers.render.safe` is not called here.
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(
        ascii(char)[1:-1] if unicodedata.category(char)[0] == "C" and char not in "\n\t" else char for char in text
    )
