"""The shape of data and a sample of them, for someone who has to write a formulation but need not see every number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solvers.data.bind import collect
from solvers.data.table import Table
from solvers.render.safe import one_line

MOST_CHARACTERS = 4000
SAMPLE = 3
"""Entries shown of a list, a mapping of labels, or the rows of a table."""
MOST_LABELS = 12
MOST_DEPTH = 20
"""Of mappings within mappings that are followed."""


def sketch(source: Any, limit: int = MOST_CHARACTERS) -> str:
    """Names, sizes, labels, units and a sample of a source of data, one line each, at most `limit` characters.

    Takes what `bind` takes. The names are what a formulation's `bind` may say: `table.column`, or a dotted path.
    Its length depends on how many names there are, not on how many numbers. Raises DataError.
    """
    tables, trees = collect(source)
    lines = [line for table in tables for line in _table_lines(table)]
    for tree, where in trees:
        lines += [f"{where}:" if where else "data:", *(f"  {line}" for line in _tree_lines(tree))]
    kept: list[str] = []
    room = limit
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip(" "))]
        line = indent + one_line(line[:1000])  # labels may hold line breaks and control characters
        line = line if len(line) <= 300 else f"{line[:297]}..."
        if len(line) + 40 > room:
            kept.append(f"... and {len(lines) - number} lines more")
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join(kept)


def _table_lines(table: Table) -> Iterator[str]:
    yield f"table {table.name or 'data'}: {len(table.rows)} rows"
    for k, name in enumerate(table.column_names()):
        unit = table.unit_of(k)
        yield f"  {name}{f', unit {unit}' if unit else ''}: {_described([row[k] for row in table.rows])}"


def _tree_lines(tree: Mapping[Any, Any]) -> Iterator[str]:
    """One line for everything that is a scalar, a list or a mapping from labels; deeper ones where names differ."""
    axes = _axes(tree)

    def lines(node: Any, path: str, depth: int = 0) -> Iterator[str]:
        if depth > MOST_DEPTH:
            yield f"{path}: nested deeper"
        elif isinstance(node, Mapping) and not (path and frozenset(map(str, node)) in axes):
            for name, value in node.items():
                yield from lines(value, f"{path}.{name}" if path else str(name), depth + 1)
        else:
            yield f"{path}: {_described(node)}"

    return lines(tree, "")


def _axes(tree: Any) -> set[frozenset[str]]:
    """Sets of labels rather than of names: keys of several mappings, of many entries alike, or a listed set's."""
    found: set[frozenset[str]] = set()
    seen: set[frozenset[str]] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node[:MOST_LABELS]
            if node and all(isinstance(item, str) for item in node):
                found.add(frozenset(node))
        elif isinstance(node, Mapping):
            stack += node.values()
            keys = frozenset(map(str, node))
            alike = len({_shape(value) for value in node.values()}) == 1
            if alike and (keys in seen or len(keys) > MOST_LABELS):
                found.add(keys)
            seen.add(keys)
    return found


def _shape(value: Any) -> str:
    if isinstance(value, Mapping):
        return "mapping of " + "/".join(sorted(map(str, list(value)[:MOST_LABELS])))
    if isinstance(value, list):
        return f"list of {len(value)}"
    return "text" if isinstance(value, str) else "number"


def _described(value: Any, depth: int = 0) -> str:
    if depth > MOST_DEPTH:
        return "..."
    if isinstance(value, Mapping):
        labels = list(map(str, value))
        named = ", ".join(labels[:MOST_LABELS]) + (", ..." if len(labels) > MOST_LABELS else "")
        some = [f"{label}: {_described(value[label], depth + 1)}" for label in list(value)[:SAMPLE]]
        if any(isinstance(item, (list, Mapping)) for item in value.values()):
            some = some[:1]
        return f"by {len(labels)} labels ({named}), such as {'; '.join(some)}" if labels else "empty"
    if isinstance(value, list):
        if not value:
            return "an empty list"
        if isinstance(value[0], (list, Mapping)):
            return f"list of {len(value)}, such as {_described(value[0], depth + 1)}"
        if all(isinstance(item, str) for item in value):
            distinct = list(dict.fromkeys(value))
            shown = ", ".join(distinct[:MOST_LABELS]) + (", ..." if len(distinct) > MOST_LABELS else "")
            return f"{len(value)} labels, {len(distinct)} of them different: {shown}"
        shown = ", ".join(map(_short, value[:SAMPLE])) + (", ..." if len(value) > SAMPLE else "")
        return f"{len(value)} values: {shown}"
    return _short(value)


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
