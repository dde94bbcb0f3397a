"""The fenced blocks of a completion, read line by line: closed, unclosed, indented, with prose on their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<label>[^`~\n]*)$")
_CLOSING = re.compile(r"^[ \t>]*(?P<mark>`{3,}|~{3,})")
_LABEL = re.compile(r"^\{?\.?([A-Za-z][\w+#-]*)")
PYTHON = frozenset({
    "py", "py3", "python", "python2", "python3", "python3.x", "ipython", "ipython3", "pycon", "gurobi", "gurobipy",
    "pyomo", "pulp", "copt", "coptpy", "pyscipopt", "scip", "ortools", "cvxpy", "highspy", "tool_code", "code",
    "jupyter",
})  # fmt: skip
"""Labels under which models write Python."""
PLAIN = frozenset({"", "text", "txt", "plaintext", "plain", "output", "none", "markdown", "md"})
"""Labels that say nothing: the content tells."""


@dataclass(frozen=True)
class Block:
    """The content of a fence: its text, where it stands, its label in lower case, and whether it was closed."""

    text: str
    start: int
    end: int
    label: str
    closed: bool


def blocks(text: str, start: int = 0) -> Iterator[Block]:
    """The fenced blocks in order; `start` is added to every place. Linear in the text."""
    lines: list[str] = []
    mark, label, indent, begun = "", "", 0, 0
    place = start
    for line in text.splitlines(keepends=True):
        bare = line.rstrip()
        if not mark:
            opened = _opening(bare)
            if opened:
                mark, label, code = opened
                indent, begun, lines = _indent(bare), place, [code] if code else []
        elif _closes(bare, mark):
            yield Block(_content(lines, indent), begun, place + len(line), label, True)
            mark = ""
        elif (reopened := _reopening(bare, label)) is not None:
            yield Block(_content(lines, indent), begun, place, label, False)
            mark, label, code = reopened
            indent, begun, lines = _indent(bare), place, [code] if code else []
        elif bare.endswith(mark) and bare.count(mark) == 1:  # the last line of code carries the closing mark
            lines.append(bare[: -len(mark)] + "\n")
            yield Block(_content(lines, indent), begun, place + len(line), label, True)
            mark = ""
        else:
            lines.append(line)
        place += len(line)
    if mark:
        yield Block(_content(lines, indent), begun, place, label, False)


def _opening(line: str) -> tuple[str, str, str] | None:
    """The mark, the label and the code on the opening line; prose may stand before a mark of backticks."""
    at = line.find("```")
    if at < 0:
        at = line.find("~~~")
        if at < 0 or line[:at].strip(" \t>"):
            return None
    match = _OPENING.match(line, at)
    if match is None:
        return None
    info = match["label"].strip()
    named = _LABEL.match(info)
    label = named[1].lower() if named else ""
    rest = info[named.end() :].strip() if named else ""
    if label in ("import", "from"):  # no label: the code begins on the line of the mark
        return match["mark"], "", info + "\n"
    code = rest + "\n" if label in PYTHON and re.match(r"(?:import|from|#)\b|#", rest) else ""
    return match["mark"], label, code


def _closes(line: str, mark: str) -> bool:
    found = _CLOSING.match(line)
    if found is None or found["mark"][0] != mark[0] or len(found["mark"]) < len(mark):
        return False
    rest = line[found.end() :].strip()
    # Prose after the mark closes too; one word that names a language opens the next block.
    return not rest or not _is_language(rest)


def _reopening(line: str, label: str) -> tuple[str, str, str] | None:
    """An opening line inside a block that was never closed, or inside a block of Markdown."""
    found = _CLOSING.match(line)
    if found is None or not _is_language(line[found.end() :].strip()):
        return None
    return _opening(line)


def _is_language(word: str) -> bool:
    named = _LABEL.match(word)
    return named is not None and len(word.split()) == 1 and named.end() >= len(word) - 1 and word[-1] not in ".:,;"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _content(lines: list[str], indent: int) -> str:
    """The lines without the indentation of their fence."""
    if not indent:
        return "".join(lines)
    return "".join(line[min(indent, _indent(line)) :] if line.strip() else line.lstrip(" \t") for line in lines)
