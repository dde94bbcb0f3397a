"""Programs inside JSON: `{"code": "import ..."}`, whole or cut short, and texts whose line ends arrived escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_KEY = re.compile(
    r'"(?:code|program|python|python_code|pythonCode|source|source_code|script|solution|answer|completion|content|output'
    r'|response|text|final_code|gurobipy_code|pyomo_code)"[ \t\r\n]*:[ \t\r\n]*"'
)
_END = re.compile(r'\\.|"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}


class Wrapped(NamedTuple):
    """A text that stood as a JSON string at [start, end), and whether the string ended."""

    text: str
    start: int
    end: int
    closed: bool


def wrapped(text: str) -> Iterator[Wrapped]:
    """The strings under keys that hold programs, in order, unescaped. Linear in the text."""
    place = 0
    while (match := _KEY.search(text, place)) is not None:
        start = place = match.end()
        closed = False
        for mark in _END.finditer(text, start):
            place = mark.end()
            if mark[0] == '"':
                closed = True
                break
        if not closed:
            place = len(text)
        raw = text[start : place - 1] if closed else text[start:]
        if "import" in raw:
            yield Wrapped(unescaped(raw), start, place - closed, closed)


def unescaped(raw: str) -> str:
    """The text that a JSON string stands for; an escape that JSON lacks stands for itself."""
    if not raw.endswith("\\"):
        try:
            return str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            return _ESCAPE.sub(_one, raw)
    return _ESCAPE.sub(_one, raw)


def _one(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] == "u" and len(code) == 5 else _PLAIN.get(code, match[0])


def flat(text: str) -> bool:
    """Whether line ends arrived as the two characters `\\n`: a program on one line."""
    return text.count("\n") <= 2 and text.count("\\n") >= 3
