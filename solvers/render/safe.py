"""Text from outside, made safe to show: control characters become visible, lengths bounded."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_hidden(char: str) -> bool:
    # Cc: control, Cf: format (bidirectional overrides, zero-width), Cs: lone surrogates, Zl/Zp: separators.
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn") and char not in _KEPT


def printable(text: str, limit: int | None = None) -> str:
    r"""The text with every control, format and surrogate character written as an escape (`\x1b`).

    New lines and tabs stay. Longer than `limit` characters, it is cut with an ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(0, limit - 1)] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char) if _is_hidden(char) else char for char in text)


def one_line(text: str, limit: int | None = None) -> str:
    """`printable` text on one line: runs of white space become single spaces."""
    return printable(" ".join(text.split()), limit)


def number(value: object, digits: int = 10) -> str:
    """A number for people: at most `digits` significant digits, no minus zero; a label as it is."""
    if isinstance(value, bool) or value is None:
        return "-" if value is None else str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{value:.6g}"
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        return "0" if text == "-0" else text
    return one_line(str(value))
