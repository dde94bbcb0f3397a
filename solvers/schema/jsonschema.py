"""The published JSON Schemas, generated from the dataclasses; the `.schema.json` files beside this are their text.

Run `python -m solvers.schema` after a change to the dataclasses.
"""

from __future__ import annotations

from typing import Any

from solvers.formulation import Formulation
from solvers.schema.rules import NAME_PATTERN
from solvers.schema.validation import json_schema_of
from solvers.schema.wire import WireFormulation
from solvers.schema.writing import to_json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMED = ("IndexSet", "Parameter", "Variable", "NamedExpression", "Term", "Constraint")
_VALUES = {
    "description": "Instead of `cells`: one value, a nested mapping by label, or nested lists by position.",
    "type": ["number", "string", "object", "array", "null"],
}


def canonical_json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what `from_dict` reads, shorthands included."""
    schema = json_schema_of(Formulation)
    definitions = {name: _tidy(body) for name, body in schema["$defs"].items()}
    for name in _NAMED:
        definitions[name]["properties"]["name"]["pattern"] = NAME_PATTERN
    definitions["Parameter"]["properties"]["values"] = _VALUES
    for bound in ("lower", "upper"):
        definitions["Variable"]["properties"][bound]["anyOf"].append({"type": "number"})
    root = definitions.pop("Formulation")
    return {"$schema": _DIALECT, "title": "formulate/1", **root, "$defs": dict(sorted(definitions.items()))}


def wire_json_schema() -> dict[str, Any]:
    """JSON Schema of the wire form, within the subset that strict structured output accepts; no references."""
    schema = json_schema_of(WireFormulation)
    inlined: dict[str, Any] = _inline(schema["$defs"]["WireFormulation"], schema["$defs"])
    return inlined


def _tidy(node: Any) -> Any:
    """Without the titles that pydantic makes up from field names, and without dataclass docstrings' line breaks."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy: dict[str, Any] = {}
    for key, value in node.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "description" and isinstance(value, str):
            tidy[key] = " ".join(value.split())
        elif key == "properties":
            tidy[key] = {name: _tidy(body) for name, body in value.items()}
        else:
            tidy[key] = _tidy(value)
    return tidy


def _inline(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inline(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    if "const" in node:
        return {"type": "string", "enum": [node["const"]]}
    if node.get("type") == "object":
        properties = {name: _inline(body, definitions) for name, body in node["properties"].items()}
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    kept = {key: value for key, value in node.items() if key in ("type", "items", "enum", "anyOf")}
    return {key: _inline(value, definitions) for key, value in kept.items()}


def published() -> dict[str, str]:
    """File name to text of the schemas that the package carries."""
    return {
        "formulation.schema.json": to_json(canonical_json_schema()),
        "wire.schema.json": to_json(wire_json_schema()),
    }
