"""Formulations from and to the canonical document, the one for people and files (docs/LANGUAGE.md)."""

from __future__ import annotations

import os
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from solvers.errors import SchemaError
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Unused,
    Variable,
)
from solvers.schema.document import Format, find_trap, format_of, parse_document, read_text
from solvers.schema.rules import enforce
from solvers.schema.shorthand import expand
from solvers.schema.validation import readable, validate
from solvers.schema.writing import to_json, to_yaml

_CLASSES: dict[str, type] = {
    "sets": IndexSet, "parameters": Parameter, "cells": Cell, "variables": Variable, "expressions": NamedExpression,
    "objective": Objective, "terms": Term, "constraints": Constraint, "assumptions": Assumption, "unused": Unused,
}
_SHORTHANDS = {"parameters": ("values",)}
_FIRST = ("schema", "name", "description", "sets", "parameters", "variables", "expressions", "objective")


def from_dict(document: Any) -> Formulation:
    """The formulation that a plain object describes; shorthands (`values`, numeric bounds) are rewritten.

    Raises SchemaError with a path such as `parameters[2] 'demand' cells[4].value`.
    """
    if isinstance(document, dict):
        trap = find_trap(document)
        if trap is not None:
            raise SchemaError(trap[1], place=readable(trap[0], document), remedy=trap[2])
        document = expand(document)
    formulation: Formulation = validate(document, Formulation, _CLASSES, _SHORTHANDS)
    enforce(formulation)
    return formulation


def to_dict(formulation: Formulation) -> dict[str, Any]:
    """The canonical document: fields in a fixed order, those at their default left out. `from_dict` inverts it."""
    table = _plain(formulation)
    document = {"schema": formulation.schema}
    document.update({name: table[name] for name in _FIRST if name in table})
    document.update({name: value for name, value in table.items() if name not in document})
    return document


def loads(text: str, format: Format = "yaml") -> Formulation:
    """Parse a YAML or JSON document. Raises SchemaError."""
    return from_dict(parse_document(text, format))


def dumps(formulation: Formulation, format: Format = "yaml") -> str:
    """The canonical document as text; `loads` inverts it."""
    if format == "json":
        return to_json(to_dict(formulation))
    if format == "yaml":
        return to_yaml(to_dict(formulation))
    raise SchemaError(f"unknown format {format!r}", remedy="use 'yaml' or 'json'")


def read_formulation(path: str | os.PathLike[str]) -> Formulation:
    """Read a `.json`, `.yaml` or `.yml` document of at most 50 MB. Raises SchemaError with the place that is wrong."""
    file = Path(path)
    text = read_text(file)
    if not text.strip():
        raise SchemaError("the file is empty", place=str(path), remedy="write a formulation into it: docs/LANGUAGE.md")
    try:
        return loads(text, format_of(file))
    except SchemaError as error:
        where = str(error.place)
        raise SchemaError(error.message, place=f"{path}: {where}" if where else str(path),
                          remedy=error.remedy) from error


def write_formulation(formulation: Formulation, path: str | os.PathLike[str]) -> None:
    """Write the canonical document; the extension chooses JSON or YAML."""
    file = Path(path)
    text = dumps(formulation, format_of(file))
    file.write_bytes(text.encode())


@cache
def _defaults(shape: type) -> tuple[tuple[str, Any], ...]:
    order = [f.name for f in fields(shape)]
    if "over" in order and "expr" in order:  # indices stand before the formula that uses them
        order.remove("over")
        order.insert(order.index("expr"), "over")
    default = {f.name: f.default for f in fields(shape)}
    return tuple((name, default[name]) for name in order)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        table = {}
        for name, default in _defaults(type(value)):
            item = getattr(value, name)
            if default is MISSING or item != default:
                table[name] = _plain(item)
        return table
    return value
