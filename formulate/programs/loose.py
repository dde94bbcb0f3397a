"""Programs that stand in a text without a fence: the runs of its lines that are Python.

A run starts at a line that imports something (or, where none does, at a line that looks like code) and ends where the
parser gives up; what follows is prose. The number of parses is bounded, so the work is linear in the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from formulate.programs.grammar import MAX_CHARACTERS, Fault, Parsed, is_program, parse
from formulate.programs.repair import settled, visible

MAX_STARTS = 12
MAX_CUTS = 16
_IMPORT = re.compile(r"^(?:import|from)[ \t]+[A-Za-z_][\w.]*(?:[ \t]+(?:import|as)\b|[ \t]*(?:,|;|#|$))")
_CODE = re.compile(
    r"^(?:(?:import|from|def|class|for|while|if|with|try|return|print|@)\b.*"
    r"|#.*|[A-Za-z_][\w.]*(?:\[[^\]\n]{1,200}\])?[ \t]*(?:[-+*/]?=|\().*)$"
)
_INNER = re.compile(r"^(?:[ \t]|[)\]}]|['\"])")
_BARE = re.compile(r"^[\w.,'\" -]*$")


def runs(text: str) -> Iterator[tuple[int, int, str, ast.Module]]:
    """(first line, line after the last, source, tree) of each run of lines that is a program, in order."""
    lines = visible(settled(text)).split("\n")
    starts = [i for i, line in enumerate(lines) if _IMPORT.match(line.strip())]
    if not starts:
        code = [bool(_CODE.match(line)) for line in lines]
        starts = [i for i, line in enumerate(lines) if code[i] and line[0] != "#" and (i == 0 or not code[i - 1])]
    end = tried = 0
    for start in starts:
        if start < end:
            continue
        tried += 1
        if tried > MAX_STARTS:
            return
        found = _longest(lines, start)
        if found is None:
            continue
        last, tree = found
        if is_program(tree):
            first, tree = _upwards(lines, start, last, end, tree)
            yield first, last, _source(lines[first:last]), tree
            end = last


def longest_prefix(text: str) -> tuple[str, ast.Module] | None:
    """The longest beginning of a text that is a program, in whole lines."""
    lines = text.split("\n")
    found = _longest(lines, 0)
    if found is None or not is_program(found[1]):
        return None
    return _source(lines[: found[0]]), found[1]


def _longest(lines: list[str], start: int) -> tuple[int, ast.Module] | None:
    """The line after the last of the longest run from `start` that parses, and its tree."""
    end, size = start, 0
    while end < len(lines) and size + len(lines[end]) < MAX_CHARACTERS:
        size += len(lines[end]) + 1
        end += 1
    for _ in range(MAX_CUTS):
        tree = parse(_source(lines[start:end]))
        if not isinstance(tree, Fault):
            end = _without_words(lines, start, end, tree)
            tree = parse(_source(lines[start:end]))
            return (end, tree) if isinstance(tree, ast.Module) and tree.body else None
        if tree.line <= 0:
            return None
        # The fault stands on the first line of prose, or inside a statement that prose broke off.
        end = _statement(lines, start, min(start + tree.line - 1, end - 1))
        if end <= start:
            return None
    return None


def _statement(lines: list[str], start: int, fault: int) -> int:
    """The line at or before a fault where a statement at the margin begins."""
    margin = len(lines[start]) - len(lines[start].lstrip())
    k = fault
    while k > start and (not lines[k].strip() or len(lines[k]) - len(lines[k].lstrip()) > margin):
        k -= 1
    return k


def _without_words(lines: list[str], start: int, end: int, tree: ast.Module) -> int:
    """Without the lines at the end that are words and not code: `Output`, `Note`, `100`."""
    for node in reversed(tree.body):
        if not isinstance(node, ast.Expr) or not _BARE.match(lines[start + node.lineno - 1]):
            break
        if isinstance(node.value, ast.Call):
            break
        end = start + node.lineno - 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


def _upwards(lines: list[str], start: int, last: int, floor: int, tree: ast.Module) -> tuple[int, ast.Module]:
    """A run with the code that stands right above its first import: data, comments, a docstring."""
    k = start
    least = max(floor, start - 400)
    while k > least and (not lines[k - 1].strip() or _CODE.match(lines[k - 1]) or _INNER.match(lines[k - 1])):
        k -= 1
    heads = [i for i in range(k, start) if lines[i].strip() and (i == k or not lines[i - 1].strip())]
    for head in heads[:MAX_CUTS]:
        more: Parsed = parse(_source(lines[head:last]))
        if not isinstance(more, Fault) and not _BARE.match(lines[head]):
            return head, more
    return start, tree


def _source(lines: list[str]) -> str:
    """Lines as a source, without the indentation that all of them share."""
    margin = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    if margin and all(not line.strip() or line[:margin].isspace() for line in lines):
        lines = [line[margin:] for line in lines]
    return "\n".join(lines)
