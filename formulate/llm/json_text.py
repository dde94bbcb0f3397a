"""JSON in what a model wrote: in prose, in fences, with the slips that models make. Every repair is told.

A closed parser of its own: comments, commas before a closing bracket, single quotes, bare names as keys, Python's
`None`, `True`, `False` and `nan`, raw line breaks within texts are read and reported as repairs. What was cut off
before its end is refused, never completed: half a formulation is another formulation.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from formulate.errors import RecordError

MOST_CHARACTERS = 2_000_000
MOST_DEPTH = 60
_WORDS = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None,
    "nan": None, "NaN": None, "undefined": None,
}  # fmt: skip
_PLAIN = frozenset(("true", "false", "null"))
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_$][\w$\-]*")
_ESCAPES = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


class JsonTextError(RecordError):
    """A text without a JSON value that can be read; says where it stops making sense."""


@dataclass(frozen=True, slots=True)
class Found:
    """A JSON value, the span of the text that holds it, and what had to be mended to read it."""

    value: Any
    start: int
    end: int
    repairs: tuple[str, ...] = ()


def find_json(text: str) -> Found:
    """The JSON object of an answer: the last whole one that is not inside another, thoughts left out.

    Linear in the length of the text. Raises JsonTextError, which says whether there was none, one that is cut off,
    or one that cannot be read, and where.
    """
    if len(text) > MOST_CHARACTERS:
        raise JsonTextError(f"an answer of {len(text)} characters is not read", remedy="ask for a shorter one")
    masked = _THOUGHT.sub(lambda m: " " * len(m.group()), text)
    found: Found | None = None
    first: JsonTextError | None = None
    at = masked.find("{")
    tries = 0
    while at != -1 and tries < 200:
        tries += 1
        parser = _Parser(masked, at)
        try:
            value = parser.value(0)
        except JsonTextError as error:
            first = first or error
            # Where a top-level object breaks off at the end of the text, objects inside it are not the answer.
            if parser.at >= len(masked):
                break
            at = masked.find("{", parser.at + 1)
            continue
        if value or found is None:
            found = Found(value, at, parser.at, tuple(dict.fromkeys(parser.repairs)))
        at = masked.find("{", parser.at)
    if first is not None and (found is None or first_is_cut(first)):
        raise first
    if found is None and _unfinished(text):
        raise JsonTextError("the answer is all thought and breaks off before any JSON",
                            remedy="raise the limit on tokens, or ask for less")  # fmt: skip
    if found is None:
        raise JsonTextError("the answer holds no JSON object", remedy="ask for JSON and nothing else")
    return found


def _unfinished(text: str) -> bool:
    """Whether a thought begins that never ends."""
    thoughts = list(_THOUGHT.finditer(text))
    return bool(thoughts) and not thoughts[-1].group().endswith(">")


def first_is_cut(error: JsonTextError) -> bool:
    """Whether an object was cut off, so that the objects before it are not the whole answer."""
    return error.message.startswith("the JSON is cut off")


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - (text.rfind(chr(10), 0, at) + 1) + 1}"


class _Parser:
    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        self.repairs: list[str] = []

    def fail(self, message: str) -> JsonTextError:
        if self.at >= len(self.text):
            return JsonTextError(f"the JSON is cut off: {message}", place=_place(self.text, len(self.text)),
                                 remedy="raise the limit on tokens, or ask for less")  # fmt: skip
        return JsonTextError(f"{message}, not {self.text[self.at : self.at + 12]!r}", place=_place(self.text, self.at))

    def skip(self) -> None:
        text = self.text
        while self.at < len(text):
            c = text[self.at]
            if c.isspace() or c in "\ufeff\u200b":
                self.at += 1
            elif text.startswith("//", self.at) or c == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
                self.repairs.append("a comment was left out")
            elif text.startswith("/*", self.at):
                end = text.find("*/", self.at)
                self.at = len(text) if end < 0 else end + 2
                self.repairs.append("a comment was left out")
            else:
                return

    def value(self, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise self.fail(f"nothing nested deeper than {MOST_DEPTH}")
        self.skip()
        c = self.text[self.at : self.at + 1]
        if c == "{":
            return self.object(depth)
        if c == "[":
            return self.array(depth)
        if c in ('"', "'") and c:
            return self.string()
        number = _NUMBER.match(self.text, self.at)
        if number is not None:
            return self.number(number.group())
        name = _NAME.match(self.text, self.at)
        if name is not None and name.group() in _WORDS:
            self.at = name.end()
            if name.group() not in _PLAIN:
                self.repairs.append(f"{name.group()} was read as JSON")
            return _WORDS[name.group()]
        raise self.fail("a value was expected")

    def number(self, text: str) -> int | float:
        self.at += len(text)
        plain = text.replace("_", "").lstrip("+")
        if plain != text:
            self.repairs.append("a number was not written as JSON has it")
        if self.text[self.at : self.at + 1].isalpha() or self.text[self.at : self.at + 1] in ("/", "*", "^", "%"):
            raise self.fail(f"a comma was expected after {text}: formulas and units are no numbers")
        if len(plain) > 400:
            raise self.fail("a number of at most 400 digits was expected")
        try:
            return int(plain)
        except ValueError:
            value = float(plain)
        if value in (float("inf"), float("-inf")):
            raise self.fail("a finite number was expected")
        return value

    def string(self) -> str:
        quote = self.text[self.at]
        if quote == "'":
            self.repairs.append("single quotes were read as double ones")
        self.at += 1
        parts: list[str] = []
        while True:
            c = self.text[self.at : self.at + 1]
            if not c:
                raise self.fail("a text has no closing quote")
            self.at += 1
            if c == quote:
                return "".join(parts)
            if c == "\\":
                parts.append(self.escape())
            else:
                if c == "\n":
                    self.repairs.append("a line break within a text was kept")
                parts.append(c)

    def escape(self) -> str:
        c = self.text[self.at : self.at + 1]
        if not c:
            raise self.fail("a text has no closing quote")
        self.at += 1
        if c in _ESCAPES:
            return _ESCAPES[c]
        if c == "u":
            digits = self.text[self.at : self.at + 4]
            try:
                code = int(digits, 16) if len(digits) == 4 and digits.isalnum() else -1
            except ValueError:
                code = -1
            if code < 0:
                raise self.fail("four hexadecimal digits were expected")
            self.at += 4
            low = self.text[self.at : self.at + 6]
            if 0xD800 <= code < 0xDC00 and re.fullmatch(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}", low):
                self.at += 6
                code = 0x10000 + ((code - 0xD800) << 10) + int(low[2:], 16) - 0xDC00
            return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
        self.repairs.append("a backslash that JSON does not have was kept")
        return "\\" + c

    def array(self, depth: int) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        while True:
            self.skip()
            if self.text[self.at : self.at + 1] == "]":
                self.at += 1
                return items
            items.append(self.value(depth + 1))
            self.separator("]")

    def object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        items: dict[str, Any] = {}
        while True:
            self.skip()
            if self.text[self.at : self.at + 1] == "}":
                self.at += 1
                return items
            key = self.key()
            self.skip()
            if self.text[self.at : self.at + 1] != ":":
                raise self.fail("a colon was expected")
            self.at += 1
            if key in items:
                raise self.fail(f"the key {key[:40]!r} only once")
            items[key] = self.value(depth + 1)
            self.separator("}")

    def key(self) -> str:
        if self.text[self.at : self.at + 1] in ('"', "'") and self.at < len(self.text):
            return self.string()
        name = _NAME.match(self.text, self.at)
        number = _NUMBER.match(self.text, self.at)
        match = name or number
        if match is None:
            raise self.fail("a key was expected")
        self.at = match.end()
        self.repairs.append("a key without quotes was read")
        return match.group()

    def separator(self, closing: str) -> None:
        self.skip()
        c = self.text[self.at : self.at + 1]
        if c == ",":
            self.at += 1
            self.skip()
            if self.text[self.at : self.at + 1] == closing:
                self.repairs.append(f"a comma before {closing} was left out")
        elif c != closing:
            raise self.fail(f"a comma or {closing} was expected")


def dumps(value: Any) -> str:
    """JSON as it is shown to a model: indented, with its letters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
