"""Python source text: literals, comments and docstrings that nothing can break out of, and lines of bearable length."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from solvers.errors import UnsupportedError
from solvers.render.safe import one_line, printable

WIDTH = 100
INDENT = "    "


def literal(value: Any) -> str:
    """A number, label, key or None as Python source; numbers keep every digit."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + (",)" if len(value) == 1 else ")")
    if isinstance(value, bool):
        return repr(int(value))
    if isinstance(value, float):
        if math.isinf(value):
            return "math.inf" if value > 0 else "-math.inf"
        if math.isnan(value):
            raise UnsupportedError("a value that is not a number", remedy="mend the data")
        return repr(float(value))
    if isinstance(value, int):
        return repr(int(value)) if abs(value) < 2**63 else repr(float(value))
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "None"
    item = getattr(value, "item", None)
    if item is None:
        raise UnsupportedError(f"a {type(value).__name__} cannot be written as data", remedy="use numbers and labels")
    return literal(item())


def quoted(text: str) -> str:
    """A string literal, in double quotes where that needs no escapes."""
    source = repr(text)
    return f'"{source[1:-1]}"' if source[0] == "'" and '"' not in source and "\\" not in source else source


def comment(text: str, indent: str = "") -> list[str]:
    """The text as comment lines; line breaks and control characters cannot end the comment."""
    said = one_line(text)
    if not said:
        return []
    return [f"{indent}# {line}" for line in textwrap.wrap(said, WIDTH - len(indent) - 2, break_on_hyphens=False)]


def docstring(paragraphs: Iterable[str], indent: str = "") -> list[str]:
    """A docstring of one paragraph per item."""
    body: list[str] = []
    for paragraph in paragraphs:
        said = printable(" ".join(paragraph.split()))
        if not said:
            continue
        if body:
            body.append("")
        room = WIDTH - len(indent) - (3 if not body else 0)
        body += [line.replace("\\", "\\\\").replace('"""', r"\"\"\"")
                 for line in textwrap.wrap(said, room, break_on_hyphens=False)]
    if not body:
        return []
    if len(body) == 1:
        end = " " if body[0].endswith('"') else ""
        return [f'{indent}"""{body[0]}{end}"""']
    lines = [f'{indent}"""{body[0]}', *(f"{indent}{line}" if line else "" for line in body[1:])]
    return [*lines, f'{indent}"""']


def f_string(name: str, keys: Sequence[str]) -> str:
    """The source of a name with indices: `f'ship[{p},{m}]'`; a plain string without any."""
    said = one_line(name)
    if not keys:
        return quoted(said)
    body = quoted(said.replace("{", "{{").replace("}", "}}"))
    quote = body[0]
    return f"f{body[:-1]}[{','.join('{' + key + '}' for key in keys)}]{quote}"


_STATEMENT = re.compile(r"return |[A-Za-z_][\w.]* = ")
_OPERATORS = (" <= ", " >= ", " == ", " + ", " - ", " if ")


# -- long lines --------------------------------------------------------------------------------------


def wrapped(code: str, indent: str = "") -> list[str]:
    """One statement on as many lines as it needs: broken inside its brackets, at commas and operators."""
    if len(indent) + len(code) <= WIDTH:
        return [indent + code]
    head = _STATEMENT.match(code)
    if head is not None and any(len(_split(code[head.end() :], (mark,))) > 1 for mark in _OPERATORS):
        code = f"{head.group()}({code[head.end() :]})"
    opened = _outer_bracket(code)
    if opened is None:
        return [indent + code]
    start, end = opened
    inner = indent + INDENT
    parts = _split(code[start + 1 : end], (", ",))
    lines = [indent + code[: start + 1]]
    closing = code[end:]
    comprehension = len(parts) == 1
    for part in parts:
        tail = "" if comprehension else ","
        lines += _filled(part, inner, tail)
    if len(indent) + len(closing) > WIDTH:
        rest = wrapped(closing[1:].lstrip(), indent)
        return [*lines, f"{indent}{closing[0]} {rest[0].lstrip()}", *rest[1:]]
    return [*lines, indent + closing]


def _filled(part: str, indent: str, tail: str) -> list[str]:
    if len(indent) + len(part) + len(tail) <= WIDTH:
        return [indent + part + tail]
    for marks in ((" for ", " if ", " else "), (" <= ", " >= ", " == "), (" + ", " - ")):
        pieces = _split(part, marks)
        if len(pieces) > 1:
            grouped = [pieces[0]]
            for piece in pieces[1:]:
                joins = marks[0] == " + " and len(indent) + len(grouped[-1]) + len(piece) < WIDTH
                if joins:
                    grouped[-1] += piece
                else:
                    grouped.append(piece.lstrip())
            lines: list[str] = []
            for k, piece in enumerate(grouped):
                lines += _filled(piece, indent, tail if k == len(grouped) - 1 else "")
            return lines
    lines = wrapped(part, indent)
    lines[-1] += tail
    return lines


def _scan(code: str) -> Iterable[tuple[int, str, int]]:
    """Characters outside of string literals with their depth in brackets."""
    depth, k = 0, 0
    while k < len(code):
        char = code[k]
        if char in "'\"":
            start = k
            k += 1
            while k < len(code) and code[k] != char:
                k += 2 if code[k] == "\\" else 1
            yield start, "s", depth
        elif char in "([{":
            yield k, char, depth
            depth += 1
        elif char in ")]}":
            depth -= 1
            yield k, char, depth
        else:
            yield k, char, depth
        k += 1


def _outer_bracket(code: str) -> tuple[int, int] | None:
    """The longest bracket at depth 0."""
    best: tuple[int, int] | None = None
    start = -1
    for k, char, depth in _scan(code):
        if depth == 0 and char in "([{" and char:
            start = k
        elif depth == 0 and char in ")]}" and start >= 0 and (best is None or k - start > best[1] - best[0]):
            best = (start, k)
    return best if best is not None and best[1] - best[0] > 12 else None


def _split(code: str, marks: tuple[str, ...]) -> list[str]:
    """The pieces of the text at the marks outside of brackets; all but a comma stay with what follows."""
    pieces, start = [], 0
    for k, _, depth in list(_scan(code)):
        in_lambda = "lambda " in code[start:k] and ":" not in code[start:k]
        if depth == 0 and k > start and not in_lambda and any(code.startswith(mark, k) for mark in marks):
            pieces.append(code[start:k])
            start = k + 2 if marks == (", ",) else k
    last = code[start:]
    if last:
        pieces.append(last)
    return pieces
