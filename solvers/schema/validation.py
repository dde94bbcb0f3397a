"""Plain objects to frozen dataclasses through pydantic, and pydantic's complaints in the words of the document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from solvers.errors import SchemaError
from solvers.schema.document import Location, find_trap
from solvers.schema.spelling import nearest

_SHOWN = 5
_NUMBER_OR_TEXT = "a number or text"


@cache
def _adapter(shape: type) -> Any:
    from pydantic import ConfigDict, TypeAdapter

    # Standard dataclasses inherit the configuration of what encloses them; alone they cannot be given one.
    return TypeAdapter(list[shape], config=ConfigDict(extra="forbid", strict=True))  # type: ignore[valid-type]


def json_schema_of(shape: type) -> dict[str, Any]:
    """Pydantic's JSON Schema of a list of `shape`, definitions included."""
    return _adapter(shape).json_schema()


def validate(document: Any, shape: type, classes: Mapping[str, type], extra: Mapping[str, tuple[str, ...]]) -> Any:
    """`document` as an instance of the dataclass `shape`, strictly: closed objects, no coercion.

    `classes` maps the name of a collection to the dataclass of its entries, for messages; `extra` names further
    fields that entries may have. Raises SchemaError with a readable path for the first faults.
    """
    from pydantic import ValidationError

    if not isinstance(document, dict):
        raise SchemaError(f"{_show(document)} where a formulation belongs", remedy="write an object with its fields")
    trap = find_trap(document)
    if trap is not None:
        raise SchemaError(trap[1], place=readable(trap[0], document), remedy=trap[2])
    try:
        return _adapter(shape).validate_json(json.dumps([document], ensure_ascii=False))[0]
    except ValidationError as error:
        faults = _faults(error.errors(include_url=False), document)
    raise _report(faults, document, {"": shape, **classes}, extra)


def readable(location: Sequence[str | int], document: Any) -> str:
    """`parameters[2] 'demand' cells[4].value`."""
    text, node = "", document
    for part in location:
        if isinstance(part, int) and isinstance(node, (list, tuple)):
            text += f"[{part}]"
        else:
            shown = str(part) if str(part).isprintable() else repr(part)  # no control characters into a terminal
            text += f"{'' if not text or text.endswith(' ') else '.'}{shown[:80]}"
        node = _step(node, part)
        if isinstance(part, int) and isinstance(node, dict) and isinstance(node.get("name"), str):
            text += f" {node['name'][:60]!r} "
    return text.rstrip()


_ABSENT = object()


def _step(node: Any, part: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(part, _ABSENT)
    if isinstance(node, (list, tuple)) and isinstance(part, int) and 0 <= part < len(node):
        return node[part]
    return _ABSENT


def _faults(errors: Sequence[Mapping[str, Any]], document: Any) -> dict[Location, list[Mapping[str, Any]]]:
    """Errors by place; the union branches that pydantic appends to a location are dropped."""
    found: dict[Location, list[Mapping[str, Any]]] = {}
    for error in errors:
        location: list[str | int] = []
        node = document
        for part in error["loc"][1:]:
            child = _step(node, part)
            if child is not _ABSENT:
                location.append(part)
                node = child
        if error["type"] == "missing":
            location.append(error["loc"][-1])
        found.setdefault(tuple(location), []).append(error)
    return found


def _report(
    faults: Mapping[Location, list[Mapping[str, Any]]], document: Any, classes: Mapping[str, type],
    extra: Mapping[str, tuple[str, ...]],
) -> SchemaError:
    lines = []
    for location, errors in faults.items():
        owner = next((p for p in reversed(location[:-1]) if isinstance(p, str)), "")
        shape = classes.get(owner)
        names = [f.name for f in fields(shape)] if shape else []
        message, remedy = _explain(errors, location, [*names, *extra.get(owner, ())], document)
        place = location[:-1] if errors[0]["type"] in ("missing", "unexpected_keyword_argument") else location
        lines.append((readable(place, document), message, remedy))
    place_text, message, remedy = lines[0]
    others = [f"{place}: {text}" if place else text for place, text, _ in lines[1:_SHOWN]]
    if others:
        more = f"\n  and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        message += "\n  also " + "\n  also ".join(others) + more
    return SchemaError(message, place=place_text, remedy=remedy)


def _explain(
    errors: Sequence[Mapping[str, Any]], location: Location, names: Sequence[str], document: Any
) -> tuple[str, str]:
    error = errors[0]
    kind, value = error["type"], error.get("input")
    last = location[-1] if location else ""
    if kind == "missing":
        return f"the field {last!r} is missing", f"add {last!r}"
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        close = nearest(last, names)
        return f"unknown field {last!r}", f"did you mean {close!r}?" if close else f"the fields are {', '.join(names)}"
    if kind == "literal_error":
        options = error["ctx"]["expected"]
        choices = [part.strip("'") for part in options.replace(" or ", ", ").split(", ")]
        close = next((c for c in choices if str(value).lower().startswith(c)), None) or nearest(value, choices)
        return f"{_show(value)} is not one of {options}", f"did you mean {close!r}?" if close else "choose one of them"
    kinds = {e["type"] for e in errors}
    if kind == "tuple_type":
        return f"{_show(value)} where a list belongs", "write a list: [...]"
    if kind == "dataclass_type":
        return f"{_show(value)} where an object with fields belongs", "write {field: value, ...}"
    if kind == "bool_type":
        return f"{_show(value)} where true or false belongs", "write true or false"
    if isinstance(value, bool):
        wanted = "text" if kinds == {"string_type"} else _NUMBER_OR_TEXT
        return (f"{str(value).lower()} where {wanted} belongs",
                "quote it if it is a label or text; write 1 or 0 if it is a number")
    if kinds == {"string_type"}:
        return f"{_show(value)} where text belongs", "quote it" if isinstance(value, (int, float)) else "write text"
    if kinds <= {"int_type", "int_from_float"}:
        return f"{_show(value)} where an integer belongs", "write an integer"
    if kinds <= {"int_type", "string_type", "tuple_type", "int_from_float"}:
        return f"{_show(value)} where a label belongs", "a label is an integer or text"
    return f"{_show(value)} where {_NUMBER_OR_TEXT} belongs", "write one value"


def _show(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
