"""Reading files of JSON lines, and writing files whole or not at all. Appending: `formulate.records_file`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formulate.errors import RecordError


def lines_of(path: Path, what: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, document) of a file of JSON lines. A half line is passed over where a newer line follows or the
    file ends there: a killed run leaves one. Raises RecordError for whole lines that are no JSON objects."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordError(f"{what} cannot be read: {error.strerror}", place=str(path)) from error
    except UnicodeDecodeError as error:
        raise RecordError(f"{what} is no text", place=str(path)) from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError) as error:
            if line.startswith("{") and not line.rstrip().endswith("}"):
                continue
            raise RecordError(f"{what}: no JSON: {error}", place=f"{path}, line {number}") from error
        if not isinstance(document, dict):
            raise RecordError(f"{what}: not a JSON object", place=f"{path}, line {number}")
        yield number, document


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
