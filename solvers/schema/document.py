"""JSON and YAML text to plain objects, hostile text included: nothing is executed, expanded or guessed.

YAML follows the 1.2 core schema with fewer surprises: `yes`, `on`, `1:30`, dates, `007`, `0x1F` and `1_000`
stay text; anchors, aliases, tags and merge keys are refused, so no document grows when it is read.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, Literal

from solvers.errors import SchemaError

MAX_BYTES = 50_000_000
MAX_DEPTH = 40

Format = Literal["yaml", "json"]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file of at most 50 MB. Raises SchemaError when it cannot be read as such."""
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise SchemaError(
                f"a document of {size:,} bytes is over the cap of {MAX_BYTES:,}", place=str(path),
                remedy="keep large data in a file of their own and bind them",
            )
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(f"not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}",
                          place=str(path), remedy="save the file as UTF-8") from error
    except OSError as error:
        raise SchemaError(f"cannot be read: {error.strerror or error}", place=str(path),
                          remedy="give the path of a .json, .yaml or .yml file") from error


def format_of(path: str | Path) -> Format:
    """By extension; raises SchemaError for one that is neither JSON nor YAML."""
    suffix = Path(path).suffix.lower()
    if suffix == ".json":
        return "json"
    if suffix in (".yaml", ".yml"):
        return "yaml"
    raise SchemaError(f"the extension {suffix!r} is neither JSON nor YAML", place=str(path),
                      remedy="name the file .json, .yaml or .yml")


def parse_document(text: str, format: Format) -> Any:
    """Dicts, lists, text, numbers, booleans and None. Raises SchemaError naming the line where it can."""
    if len(text) > MAX_BYTES:
        raise SchemaError(f"a document of {len(text):,} characters is over the cap of {MAX_BYTES:,}",
                          remedy="keep large data in a file of their own and bind them")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SchemaError("text with half a character (a lone surrogate)", place=f"character {error.start + 1}",
                          remedy="write the character whole") from error
    if format == "json":
        return _parse_json(text)
    if format == "yaml":
        return _parse_yaml(text)
    raise SchemaError(f"unknown format {format!r}", remedy="use 'yaml' or 'json'")


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise SchemaError("nested too deeply", remedy="no formulation needs such nesting") from error
    except json.JSONDecodeError as error:
        raise SchemaError(f"not JSON: {error.msg}", place=f"line {error.lineno}, column {error.colno}",
                          remedy="mend the syntax there") from error
    except ValueError as error:  # an integer of thousands of digits
        raise SchemaError("a number of thousands of digits", remedy="scale the unit") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise SchemaError(f"the key {key!r} is given twice in one object", remedy="keep one of them")
            seen.add(key)
    return table


def _refuse_constant(name: str) -> Any:
    raise SchemaError(f"{name} is not a number that data may hold",
                      remedy="leave the cell out (`nullable`), or leave the bound out")


def _parse_yaml(text: str) -> Any:
    import yaml

    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _YamlBuilder()
    try:
        for event in yaml.parse(text, Loader=parser):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "the text cannot be read"
        raise SchemaError(f"not YAML: {what}", place=_line(mark),
                          remedy="quote text that holds ': ', '#', braces or a leading symbol") from error
    return builder.result


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""


_NO_KEY = object()


class _YamlBuilder:
    """Parser events to objects with a stack of our own: depth, keys and scalars are judged as they come."""

    def __init__(self) -> None:
        self.result: Any = None
        self._documents = 0
        self._stack: list[tuple[Any, Any]] = []  # container, pending key

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._add(self._scalar(event), event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._refuse_extras(event)
            container: Any = {} if kind == "MappingStartEvent" else []
            self._add(container, event)
            self._stack.append((container, _NO_KEY))
            if len(self._stack) > MAX_DEPTH:
                raise SchemaError("nested too deeply", place=_line(event.start_mark),
                                  remedy="no formulation needs such nesting")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._stack.pop()
        elif kind == "AliasEvent":
            raise SchemaError("anchors and aliases are not accepted", place=_line(event.start_mark),
                              remedy="write the value out")
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise SchemaError("more than one document", place=_line(event.start_mark),
                                  remedy="keep one formulation per file")

    @staticmethod
    def _refuse_extras(event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise SchemaError(f"the tag {event.tag!r} is not accepted", place=_line(event.start_mark),
                              remedy="remove it; quote text, write numbers plainly")
        if event.anchor is not None:
            raise SchemaError("anchors and aliases are not accepted", place=_line(event.start_mark),
                              remedy="write the value out")

    def _scalar(self, event: Any) -> Any:
        self._refuse_extras(event)
        text = event.value
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        return self._number(text, event)

    @staticmethod
    def _number(text: str, event: Any) -> Any:
        if _INT.match(text):
            try:
                return int(text)
            except ValueError as error:
                raise SchemaError("a number of thousands of digits", place=_line(event.start_mark),
                                  remedy="scale the unit") from error
        if _FLOAT.match(text) and not _LEADING_ZERO.match(text):
            number = float(text)
            if math.isfinite(number):
                return number
        elif not _NOT_FINITE.match(text):
            return text
        raise SchemaError(f"{text} is not a number that data may hold", place=_line(event.start_mark),
                          remedy="leave the cell out (`nullable`), or leave the bound out; quote it if it is text")

    def _add(self, value: Any, event: Any) -> None:
        if not self._stack:
            self.result = value
            return
        container, key = self._stack[-1]
        if isinstance(container, list):
            container.append(value)
        elif key is _NO_KEY:
            self._check_key(container, value, event)
            self._stack[-1] = (container, value)
        else:
            container[key] = value
            self._stack[-1] = (container, _NO_KEY)

    @staticmethod
    def _check_key(container: dict[Any, Any], key: Any, event: Any) -> None:
        if isinstance(key, (bool, float, dict, list)) or key is None:
            raise SchemaError(f"{event.value if hasattr(event, 'value') else 'a collection'} is not a key",
                              place=_line(event.start_mark), remedy="quote it if it is a label")
        if key in container:
            raise SchemaError(f"the key {key!r} is given twice in one mapping", place=_line(event.start_mark),
                              remedy="keep one of them")


Location = tuple[str | int, ...]


def find_trap(value: Any) -> tuple[Location, str, str] | None:
    """Where a value is that JSON text cannot hold or data must not, with message and remedy; None when clean.

    NaN and infinities, numbers beyond floating point, lone surrogates, odd types and keys, deep nesting.
    """
    stack: list[tuple[Any, Any, int]] = [(value, None, 0)]  # item, chain of (parent chain, key), depth
    while stack:
        item, chain, depth = stack.pop()
        if depth > MAX_DEPTH:
            return (), "nested too deeply", "no formulation needs such nesting"
        if isinstance(item, dict):
            for key, child in item.items():
                if type(key) is not str and type(key) is not int:
                    return _unroll(chain), f"{key!r} is not a key", "quote it if it is a label"
                fault = _scalar_trap(key)
                if fault:
                    return _unroll(chain), *fault
                stack.append((child, (chain, key), depth + 1))
        elif isinstance(item, (list, tuple)):
            stack.extend((child, (chain, i), depth + 1) for i, child in enumerate(item))
        else:
            fault = _scalar_trap(item)
            if fault:
                return _unroll(chain), *fault
    return None


def _unroll(chain: Any) -> Location:
    parts: list[str | int] = []
    while chain is not None:
        chain, key = chain
        parts.append(key)
    return tuple(reversed(parts))


def _scalar_trap(item: Any) -> tuple[str, str] | None:
    kind = type(item)
    if kind is str:
        if not item.isascii() and any("\ud800" <= char <= "\udfff" for char in item):
            return "text with half a character (a lone surrogate)", "write the character whole"
    elif kind is float:
        if not math.isfinite(item):
            return (f"{item} is not a number that data may hold",
                    "leave the cell out (`nullable`), or leave the bound out")
    elif kind is int:
        if abs(item) >= 1 << 1023:
            return "a number too large for floating point", "scale the unit"
    elif item is not None and kind is not bool:
        return f"a value of type {kind.__name__}", "use text, numbers, lists and mappings"
    return None
