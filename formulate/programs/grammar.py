"""What `ast` says about a text: whether it is Python, what it defines, needs and solves. Never executes.

Hostile texts: sizes and bracket depths are capped before parsing, and the parser's own limits (RecursionError,
MemoryError) are answers like any other.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from dataclasses import dataclass
from typing import TypeAlias

from formulate.programs.found import INJECTED
from solvers.sandbox.sources import LIBRARIES, SOLVES

MAX_CHARACTERS = 400_000
MAX_BRACKETS = 90

_IMPORT = re.compile(rf"^[ \t>.]*(?:import|from)[ \t]+(?:{'|'.join(sorted(LIBRARIES))})\b", re.MULTILINE)
_CALL = re.compile(rf"\b(?:{'|'.join(sorted(SOLVES))})[ \t]*\(")
_KNOWN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__", "__annotations__"}

Parsed: TypeAlias = "ast.Module | Fault"


@dataclass(frozen=True)
class Fault:
    """Why a text is no Python: the parser's words, and the line (from 1) where it gave up (0 where it says none)."""

    message: str
    line: int = 0


def parse(text: str) -> Parsed:
    """The tree of a text, or why there is none."""
    if len(text) > MAX_CHARACTERS:
        return Fault(f"longer than {MAX_CHARACTERS} characters")
    line = _too_deep(text)
    if line:
        return Fault("brackets nested too deeply", line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in strings are the program's own affair
            return ast.parse(text)
    except SyntaxError as error:
        return Fault(error.msg or "invalid syntax", error.lineno or 0)
    except (RecursionError, MemoryError):
        return Fault("nested too deeply")
    except ValueError as error:  # null characters, surrogates, numerals of too many digits
        return Fault(str(error))


def _too_deep(text: str) -> int:
    """The line where brackets nest deeper than MAX_BRACKETS, or 0; brackets in strings count too."""
    depth, line = 0, 1
    for match in re.finditer(r"[(\[{)\]}\n]", text):
        char = match[0]
        if char == "\n":
            line += 1
        elif char in "([{":
            depth += 1
            if depth > MAX_BRACKETS:
                return line
        elif depth:
            depth -= 1
    return 0


def seems_to_solve(text: str) -> bool:
    """The same of a text that does not parse, by its lines."""
    return bool(_IMPORT.search(text)) and bool(_CALL.search(text))


def first_import(text: str) -> int:
    """Where the first line begins that imports a solver library; 0 where none does."""
    found = _IMPORT.search(text)
    return found.start() if found else 0


def is_program(tree: ast.Module) -> bool:
    """More than an expression or a single assignment: something that could be run for its effect."""
    telling = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.For, ast.With, ast.While, ast.If)
    if any(isinstance(node, telling) for node in tree.body):
        return True
    calls = sum(isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) for node in tree.body)
    assigned = sum(isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) for node in tree.body)
    return calls + assigned >= 2


def defined(tree: ast.Module) -> frozenset[str]:
    """Names that the module binds at its top level, in whatever block."""
    found: set[str] = set()
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(_imported(node))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        if not isinstance(node, ast.Lambda):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found)


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(alias.asname or alias.name.split(".")[0]) for alias in node.names}


def needed(tree: ast.Module) -> frozenset[str]:
    """Names that are read somewhere and bound nowhere in the text; none where a star import may bind anything."""
    read: set[str] = set()
    bound: set[str] = set(defined(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return frozenset()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update(_imported(node))
        elif isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
    return frozenset(read - bound - _KNOWN - INJECTED)
