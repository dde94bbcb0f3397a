"""The files that a program expects: its data as data.json, and under the names by which it opens them."""

from __future__ import annotations

import ast
import builtins
import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

DATA = "data.json"
MAX_NAMES = 50


def place(tree: ast.Module, data: Any, files: Mapping[str, str]) -> None:
    """Write the files into the working directory, and let JSON files elsewhere be found there by their names.

    The data also stand on standard input.
    """
    for name, content in files.items():
        _write(name, content)
    if data is None:
        return
    text = _json(data)
    if text is None:
        return
    names = [DATA, *_opened(tree)]
    for name in dict.fromkeys(names[:MAX_NAMES]):
        if name not in files:
            _write(name, text)
    builtins.open = _finding(text)  # type: ignore[assignment]
    sys.stdin = io.StringIO(text)


def _json(data: Any) -> str | None:
    """The data as JSON; None where they are nothing that JSON holds (they are still the global and the argument)."""
    try:
        return json.dumps(data, default=_listed)
    except (TypeError, ValueError, RecursionError):
        return None


def _listed(value: Any) -> Any:
    """Arrays as lists, their scalars as numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is nothing that JSON holds")


def _opened(tree: ast.Module) -> list[str]:
    """Relative names of JSON files that stand in the program."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            name = node.value
            if name.lower().endswith(".json") and "\n" not in name and "\0" not in name:
                found.append(name)
    return found


def _write(name: str, text: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.name:
        return
    if path.parent.parts:
        os.makedirs(path.parent, exist_ok=True)
    with io.open(path, "w", encoding="utf-8") as file:  # noqa: UP020 - `open` may be the finding one
        file.write(text)


def _finding(text: str) -> Any:
    """`open`, where a JSON file that is not there (`/content/data.json`) reads as the data."""
    original = io.open

    def open_(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        try:
            return original(file, mode, *rest, **named)
        except (FileNotFoundError, PermissionError):
            if mode in ("r", "rt") and isinstance(file, (str, os.PathLike)) and str(file).lower().endswith(".json"):
                return io.StringIO(text)
            raise

    return open_
