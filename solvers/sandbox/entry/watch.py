"""What a program shows, as values: every number that it prints or formats passes through a function that keeps it.

The printed text is not read at all. The source is rewritten before it is compiled: the expressions inside `print`,
f-strings, `.format` and `%` are wrapped in a call that gives them back unchanged and keeps the number, the words that
stand before it, and how many solves had ended. Rounding for show (`round(total, 2)`) is looked through, as a
format is. Lines and columns stay as they were.
"""

from __future__ import annotations

import ast
import builtins
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solvers.sandbox.entry.numbers import in_mapping, number

NAME = "__formulate_shown__"
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[diouxXeEfFgGcrsa%]")


@dataclass(frozen=True)
class Site:
    """A place where the program shows a value: its expression, the words before it, its line."""

    expression: str
    label: str
    line: int
    node: ast.expr


@dataclass(frozen=True)
class Shown:
    """The last number that was shown at a site; `solves` had ended by then, `order` counts all that was shown."""

    site: Site
    value: float
    solves: int
    order: int
    key: str = ""


class Watch:
    """The numbers that a program showed after its first solve, the last one of each site."""

    def __init__(self, solves: Callable[[], int]) -> None:
        self.sites: list[Site] = []
        self._solves = solves
        self._last: dict[tuple[int, str], Shown] = {}
        self._count = 0

    @property
    def shown(self) -> list[Shown]:
        """In the order in which they were shown."""
        return sorted(self._last.values(), key=lambda shown: shown.order)

    def keep(self, k: int, value: Any) -> Any:
        """Keep what was shown at site `k`; gives the value back."""
        solves = self._solves()
        if solves:
            self._count += 1
            real = number(value)
            if real is not None:
                self._last[k, ""] = Shown(self.sites[k], real, solves, self._count)
            elif type(value) is dict:
                for key, item in in_mapping(value):
                    self._last[k, key] = Shown(self.sites[k], item, solves, self._count, key)
        return value

    def install(self) -> None:
        """Make the keeping function known to programs."""
        setattr(builtins, NAME, self.keep)

    def watched(self, tree: ast.Module) -> ast.Module:
        """The program with its shown values passing through `keep`."""
        return ast.fix_missing_locations(_Rewrite(self.sites).visit(tree))


class _Rewrite(ast.NodeTransformer):
    def __init__(self, sites: list[Site]) -> None:
        self.sites = sites

    def wrapped(self, node: ast.expr, label: str) -> ast.expr:
        """The visited expression inside a call of `keep`; texts are left to the rules of their own."""
        if isinstance(node, (ast.Constant, ast.JoinedStr, ast.Starred, ast.NamedExpr, ast.Yield, ast.Await)):
            return self.visit(node)
        inner = _unrounded(node)
        if inner is not None:
            inner.args[0] = self.wrapped(inner.args[0], label)
            return node
        self.sites.append(Site(ast.unparse(node)[:200], label.strip()[-120:], node.lineno, node))
        call = ast.Call(ast.Name(NAME, ast.Load()), [ast.Constant(len(self.sites) - 1)], [])
        call.args.append(self.visit(node))
        return ast.copy_location(call, node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        """`f"Total: {total:.2f}"`."""
        label = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                label += str(part.value)
            elif isinstance(part, ast.FormattedValue):
                part.value = self.wrapped(part.value, _last_line(label))
                label = ""
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """`print("Total:", total)`, `"Total: {}".format(total)`, `str(total)`."""
        func = node.func
        labels: dict[str, str] = {}
        if isinstance(func, ast.Name) and func.id == "print":
            label = ""
            for k, argument in enumerate(node.args):
                labels[str(k)] = _last_line(label)
                label = f"{label} {_text_of(argument)}" if isinstance(argument, (ast.Constant, ast.JoinedStr)) else ""
        elif isinstance(func, ast.Name) and func.id == "str" and len(node.args) == 1:
            labels["0"] = ""
        elif isinstance(func, ast.Attribute) and func.attr == "format" and _is_text(func.value):
            labels = _format_labels(func.value.value)  # type: ignore[attr-defined]
        else:
            self.generic_visit(node)
            return node
        node.args = [self.wrapped(argument, labels.get(str(k), "")) for k, argument in enumerate(node.args)]
        for keyword in node.keywords:
            name = keyword.arg or ""
            keyword.value = self.wrapped(keyword.value, labels[name]) if name in labels else self.visit(keyword.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        """`"Total: %.2f" % total` and `"Total: " + str(total)`."""
        if not _is_text(node.left):
            self.generic_visit(node)
            return node
        text = node.left.value  # type: ignore[attr-defined]
        if isinstance(node.op, ast.Mod):
            labels = [_last_line(part) for part in _PERCENT.split(text)]
            if isinstance(node.right, ast.Tuple):
                node.right.elts = [
                    self.wrapped(item, labels[k] if k < len(labels) else "") for k, item in enumerate(node.right.elts)
                ]
            else:
                node.right = self.wrapped(node.right, labels[0])
        elif isinstance(node.op, ast.Add) and isinstance(node.right, ast.Call) and len(node.right.args) == 1:
            node.right.args[0] = self.wrapped(node.right.args[0], _last_line(text))
        else:
            self.generic_visit(node)
        return node


def _unrounded(node: ast.expr) -> ast.Call | None:
    """A call that only rounds what is shown, as a format does: `round(total, 2)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round" and node.args:
        return None if isinstance(node.args[0], ast.Starred) else node
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text_of(node: ast.expr) -> str:
    """The fixed text with which a printed part ends."""
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    last = node.values[-1] if isinstance(node, ast.JoinedStr) and node.values else None
    return str(last.value) if isinstance(last, ast.Constant) else ""


def _last_line(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    return lines[-1].strip() if lines else ""


def _format_labels(template: str) -> dict[str, str]:
    """The words before each field of a `.format` template, by the field's name or position."""
    labels: dict[str, str] = {}
    position = 0
    try:
        for text, field, _, _ in string.Formatter().parse(template):
            if field is None:
                continue
            name = re.split(r"[.\[]", field)[0]
            if not name:
                name, position = str(position), position + 1
            labels.setdefault(name, _last_line(text))
    except ValueError:
        return labels
    return labels
