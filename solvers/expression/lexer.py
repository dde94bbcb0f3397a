"""Text to tokens. Anything that is not in the language stops here, with a remedy."""

from __future__ import annotations

import re
from typing import NamedTuple

from solvers.errors import ExpressionError
from solvers.expression.nodes import KEYWORDS

MAX_LENGTH = 20_000


class Token(NamedTuple):
    """`kind` is one of number, string, name, keyword, op, end."""

    kind: str
    text: str
    pos: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
      | (?P<op>\*\*|//|<=|>=|==|!=|[-+*/%<>()\[\]{},|&])
    """,
    re.VERBOSE,
)

_REMEDIES = {
    "^": "a power is written with **",
    "=": "an equality is written with ==",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "×": "write *",
    "·": "write *",
    "−": "write the ASCII minus sign -",
    "÷": "write /",
    "!": "negation is written with not",
    "&": "write and",
    ".": "attributes are not part of the language; refer to elements by name, as in demand[t]",
    ":": "ranges are written range(a, b); there are no slices or lambdas",
    "#": "comments belong into the field description",
    "'": "the label has no closing quote",
    '"': "the label has no closing quote",
}


def tokenize(text: str) -> list[Token]:
    """Split `text` into tokens, closed by one `end` token. Raises ExpressionError; linear time."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"a formula of {len(text):,} characters is over the cap of {MAX_LENGTH:,}",
            remedy="index it with sum(... for i in set), or split it into named expressions",
        )
    tokens: list[Token] = []
    pos, end = 0, len(text)
    while pos < end:
        match = _TOKEN.match(text, pos)
        if match is None:
            char = text[pos]
            raise ExpressionError(
                f"{char!r} is not part of the language", source=text, column=pos,
                remedy=_REMEDIES.get(char, "see docs/LANGUAGE.md for what a formula may hold"),
            )
        kind = match.lastgroup or ""
        value = match.group()
        if kind == "number" and match.end() < end and (text[match.end()].isalpha() or text[match.end()] == "_"):
            raise ExpressionError(
                f"{value}{text[match.end()]}... is neither a number nor a name", source=text, column=pos,
                remedy="write a product as 2 * x",
            )
        if kind == "name" and value in KEYWORDS:
            kind = "keyword"
        if kind != "space":
            tokens.append(Token(kind, value, pos))
        pos = match.end()
    tokens.append(Token("end", "", end))
    return tokens


def unquote(literal: str, source: str, pos: int) -> str:
    r"""The text of a quoted label; only ``\\``, ``\'`` and ``\"`` are escapes."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    out: list[str] = []
    k = 0
    while k < len(body):
        if body[k] == "\\":
            if body[k + 1] not in "\\'\"":
                raise ExpressionError(
                    f"unknown escape \\{body[k + 1]} in a label", source=source, column=pos + 1 + k,
                    remedy="only \\\\, \\' and \\\" are escapes",
                )
            k += 1
        out.append(body[k])
        k += 1
    return "".join(out)


def quote(label: str) -> str:
    """A label as the language writes it; inverse of `unquote`."""
    return "'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'"
