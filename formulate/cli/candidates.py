"""Candidates by file: a formulation, a model, or a program whose model the sandbox captures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from formulate.cli.errors import ComponentError, UsageError
from formulate.cli.files import FORMULATIONS, MODELS, is_model, read_formulation, read_model

if TYPE_CHECKING:
    from solvers.formulation import Formulation
    from solvers.model import Model

PROGRAM = ".py"


def load_candidate(path: str, data: str | None = None, *, time_limit: float | None = None) -> Formulation | Model:
    """The formulation or model that a file holds, or that the program in it gives its solver.

    `data` is handed to a program as the content of that JSON file; formulations take theirs later. Raises UsageError,
    SchemaError, FormatError, and ComponentError where programs cannot be run.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix == PROGRAM:
        return _captured(path, data, time_limit)
    if is_model(path):
        return read_model(path)
    if suffix in FORMULATIONS:
        return read_formulation(path)
    known = ", ".join((*FORMULATIONS, *MODELS, PROGRAM))
    raise UsageError(
        f"{path} is no formulation, model or program by its name", remedy=f"name a file that ends in {known}"
    )


def _captured(path: str, data: str | None, time_limit: float | None) -> Model:
    """The model of the last solve that a program made in the sandbox."""
    source = _text(path)
    try:
        from solvers.sandbox import Limits, run
    except ImportError as error:
        raise ComponentError(
            f"{path}: programs run in the sandbox only, and it is not in this version ({error})",
            remedy="write the program's model to an .mps or .lp file, or give a formulation",
        ) from error
    limits = Limits() if time_limit is None else Limits(wall=time_limit, processor=time_limit)
    found = run(source, _content(data), limits=limits)
    if found.model is not None:
        return found.model
    if found.error is not None:
        where = f", line {found.error.line}" if found.error.line is not None else ""
        told = f"the program ended without a model ({found.error.kind}): {found.error.message}"
        raise UsageError(f"{path}{where}: {told}")
    why = next((solve.uncaptured for solve in reversed(found.solves) if solve.uncaptured), "it called no solver")
    raise UsageError(f"{path}: the program gave no model: {why}")


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", remedy="programs are UTF-8 text") from error


def _content(data: str | None) -> Any:
    import json

    if data is None:
        return None
    if not data.lower().endswith(".json"):
        raise UsageError(f"{data}: programs take their data from .json files")
    try:
        return json.loads(_text(data))
    except json.JSONDecodeError as error:
        raise UsageError(f"{data} is not JSON: {error}") from error
