"""What `formulate run` is given: programs, notebooks, completions, data."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from formulate.cli.errors import UsageError
from formulate.cli.files import read_problem

PROGRAMS = (".py", ".pyw")
MAX_CHARACTERS = 256_000_000
"""Of a notebook, and of data."""


class Taken(NamedTuple):
    """The source that runs, and where it was taken from, in words."""

    source: str
    origin: str


def read_program(path: str) -> Taken:
    """The program in a file, or on standard input for `-`. Raises UsageError and ExtractionError."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in (*PROGRAMS, ".txt", ".md", ".markdown", ".ipynb", "", ".json"):
        raise UsageError(
            f"{path} is no program by its name",
            remedy="programs end in .py or .ipynb, completions in .txt or .md, many of them in .jsonl",
        )
    text = _text(path, suffix)
    if suffix in PROGRAMS:
        return Taken(text, path)
    if suffix == ".ipynb":
        return Taken(_cells(text, path), f"the code cells of {path}")
    return taken_from(text, "standard input" if path == "-" else path)


def _text(path: str, suffix: str) -> str:
    # A notebook or JSON file is no problem text by its name, and read_problem would refuse it.
    if suffix not in (".json", ".ipynb"):
        try:
            return read_problem(path, program=True)
        except UsageError as error:
            error.remedy = error.remedy.replace("tell the problem in words: what to decide, the limits, the goal",
                                                "give a program, or a completion that holds one")
            raise
    return _bounded(path)


def _bounded(path: str, option: str = "") -> str:
    """A text file of at most MAX_CHARACTERS. Raises UsageError."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MAX_CHARACTERS + 1)
    except OSError as error:
        raise UsageError(f"{option}{path} cannot be read: {error.strerror}", remedy="name another file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{option}{path} is not UTF-8 text") from error
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"{option}{path} is longer than {MAX_CHARACTERS} characters")
    return text


def taken_from(text: str, name: str) -> Taken:
    """The program in a text: all of it where it is Python as a whole, else the one that is found in it."""
    from formulate.programs import extract_program
    from formulate.programs.grammar import Fault, is_program, parse

    tree = parse(text)
    if not isinstance(tree, Fault) and is_program(tree):
        return Taken(text, name)
    return Taken(extract_program(text), f"the program found in {name}")


def _cells(text: str, path: str) -> str:
    try:
        document = json.loads(text)
        cells = [cell["source"] for cell in document["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{path} is no notebook: {type(error).__name__}: {error}") from error
    from formulate.programs.repair import repaired

    return repaired("\n\n".join(cell if isinstance(cell, str) else "".join(map(str, cell)) for cell in cells))[0]


def read_data(path: str) -> Any:
    """The data of a program from a JSON file. Raises UsageError."""
    text = _bounded(path, "--data: ")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--data: {path} is no JSON document: {error}", remedy="give a JSON file") from error
