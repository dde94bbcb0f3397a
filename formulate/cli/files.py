"""Reading what the user names: problem texts and formulations, with errors that say what is wrong."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from solvers.formulation import Formulation
    from solvers.model import Model

MAX_BYTES = 4_000_000
FORMULATIONS = (".json", ".yaml", ".yml")
PROGRAM = ".py"
MODELS = (".mps", ".lp", ".nl")


def read_problem(path: str, *, program: bool = False) -> str:
    """The text of a problem (or of a `program`) from a file or, for `-`, from standard input.

    Raises UsageError for a file that is missing, empty, binary, no UTF-8, longer than MAX_BYTES or not a problem.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix == PROGRAM and not program:
        raise UsageError(f"{path} is a program, not a problem told in words", remedy=f"formulate run {path}")
    if path != "-" and (suffix in FORMULATIONS or is_model(path)):
        raise UsageError(
            f"{path} looks like a formulation or a model, not like a problem told in words",
            remedy=f"formulate solve {path}",
        )
    return _decode(_read_bytes(path), path)


def _read_bytes(path: str) -> bytes:
    if path == "-":
        if sys.stdin is None or sys.stdin.closed:
            raise UsageError("there is no standard input", remedy="name a file")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if os.path.isdir(path):
        raise UsageError(f"{path} is a directory", remedy="name a text file inside it")
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", remedy="see `formulate --help` for the commands") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", remedy="check its permissions") from error
    except ValueError as error:  # a null byte in the name
        raise UsageError(f"{path!r} is no file name: {error}") from error


def _decode(raw: bytes, path: str) -> str:
    name = "standard input" if path == "-" else path
    if len(raw) > MAX_BYTES:
        raise UsageError(
            f"{name} is longer than {MAX_BYTES // 10**6} MB", remedy="keep the words, and give large tables with --data"
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in raw:
            raise UsageError(f"{name} is binary", remedy="give plain text, not a PDF or an office document")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not {error.encoding.upper()} text: byte {raw[error.start]:#04x} at offset {error.start}",
            remedy=f"save it as UTF-8, for example: iconv -f latin1 -t utf-8 {name} > problem.txt",
        ) from error
    if not text.strip():
        raise UsageError(f"{name} is empty", remedy="tell the problem in words: what to decide, the limits, the goal")
    return text.replace("\r\n", "\n")


def is_model(path: str) -> bool:
    """Whether a file is a model by its name: .mps, .lp or .nl, also with .gz."""
    stem = path.lower().removesuffix(".gz")
    return os.path.splitext(stem)[1] in MODELS


def read_model(path: str) -> Model:
    """The model in an .mps, .lp or .nl file. Raises UsageError, FormatError and UnsupportedError."""
    from solvers.io import read_model as read

    if os.path.isdir(path):
        raise UsageError(f"{path} is a directory", remedy="name a file inside it")
    try:
        return read(path)
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", remedy="see `formulate --help` for the commands") from None
    except ValueError as error:  # a null byte in the name
        raise UsageError(f"{path!r} is no file name: {error}") from error


def read_formulation(path: str) -> Formulation:
    """A formulation from a .json, .yaml or .yml file. Raises UsageError or SchemaError."""
    suffix = os.path.splitext(path)[1].lower()
    if is_model(path):
        raise UsageError(
            f"{path} is a model, not a formulation", remedy=f"formulate solve {path}, or formulate diagnose {path}"
        )
    if suffix == PROGRAM:
        raise UsageError(f"{path} is a program, not a formulation", remedy=f"formulate run {path}")
    if suffix not in FORMULATIONS:
        raise UsageError(
            f"{path} is not a formulation by its name", remedy="formulations end in .json, .yaml or .yml, models in "
            f".mps, .lp or .nl; a problem told in words is solved by: formulate {path}"
        )
    from solvers.schema import read_formulation as read

    return read(path)
