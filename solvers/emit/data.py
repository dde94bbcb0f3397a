"""Sets and parameters as Python: literals, comprehensions for what is computed, or a JSON file beside the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import isfinite, prod
from typing import Any

from solvers.data import Patched
from solvers.emit.text import INDENT, WIDTH, literal, quoted
from solvers.errors import Place, UnsupportedError
from solvers.formulation import IndexSet, Key, Parameter
from solvers.interpret import Instance

MOST_CELLS = 1_000_000
LARGE = 120
"""Sets and parameters of more entries than this go into the data file, where one is wanted."""


def cells(instance: Instance, declared: Parameter, whole: bool = False) -> dict[Key, Any]:
    """Every cell that a given parameter has, by flat key: defaults filled in, mirror images written out.

    With `whole`, 3.0 is 3.
    """
    axes = [instance.elements(axis) for axis in declared.axes]
    size = prod(map(len, axes))
    raw = instance.data.parameters.get(declared.name)
    keys: Any = (tuple(p for e in key for p in (e if isinstance(e, tuple) else (e,))) for key in product(*axes))
    if size > MOST_CELLS:
        if not isinstance(raw, Mapping) or isinstance(raw, Patched) or declared.default is not None:
            raise UnsupportedError(f"{size:,} cells are too many to write", place=Place(declared.name),
                                   remedy=f"at most {MOST_CELLS:,} cells; emit an .mps file instead")
        keys = raw
    found = {
        key: instance.datum(declared.name, key) for key in keys
        if not declared.nullable or instance.is_given(declared.name, key)
    }
    return {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in found.items()} if whole else found


def bare(key: Key) -> Any:
    """A flat key as Python writes it: one label alone, several as a tuple."""
    return key[0] if len(key) == 1 else key


def set_lines(name: str, declared: IndexSet, elements: tuple[Any, ...], tail: str) -> list[str]:
    """A listed set as a list."""
    del declared
    return _listing(f"{name} = [", [literal(e) for e in elements], "]", tail)


def parameter_lines(name: str, declared: Parameter, found: dict[Key, Any], axes: list[str], tail: str) -> list[str]:
    """A given parameter: a number, or a dict from key to value; a default that fills most cells is said once."""
    if not declared.axes:
        return [f"{name} = {literal(found.get(()))}{tail}"]
    default = declared.default
    rest = {k: v for k, v in found.items() if v != default} if default is not None else found
    head, end = f"{name} = {{", "}"
    if default is not None and len(found) > 12 and len(rest) * 2 < len(found):
        every = axes[0] if len(axes) == 1 else f"itertools.product({', '.join(axes)})"
        if not rest:
            return [f"{name} = dict.fromkeys({every}, {literal(default)}){tail}"]
        head, found = f"{name} = dict.fromkeys({every}, {literal(default)}) | {{", rest
    entries = [f"{literal(bare(k))}: {literal(v)}" for k, v in found.items()]
    breaks = None
    if len(next(iter(found), ())) > 1:
        firsts = [key[0] for key in found]
        breaks = {k for k in range(1, len(firsts)) if firsts[k] != firsts[k - 1]}
    return _listing(head, entries, end, tail, breaks)


MOST_NARROW = 3
"""Tables of more columns are written by row along a named set, smaller ones cell by cell."""


def table_lines(
    name: str, found: dict[Key, Any], columns: tuple[Any, ...], axis: str, tail: str, local: Callable[[str], str]
) -> list[str]:
    """A full table of two axes: a list of values for each row, in the order of the set of columns; or nothing."""
    rows: dict[Any, list[Any]] = {}
    for key, value in found.items():
        rows.setdefault(key[0], []).append(value)
    if len(columns) <= MOST_NARROW or len(rows) < 2 or any(len(row) != len(columns) for row in rows.values()):
        return []
    i, j = local("i"), local("j")
    row, value = local("row"), local("value")
    lines = [f"{name} = {{{tail}", f"{INDENT}({i}, {j}): {value}", f"{INDENT}for {i}, {row} in {{"]
    for label, values in rows.items():
        listed = _listing(f"{literal(label)}: [", [literal(v) for v in values], "],", "", None, WIDTH - 8)
        lines += [f"{INDENT}{INDENT}{line}" for line in listed]
    return [*lines, f"{INDENT}}}.items()", f"{INDENT}for {j}, {value} in zip({axis}, {row})", "}"]


def _listing(
    head: str, entries: list[str], end: str, tail: str, breaks: set[int] | None = None, width: int = WIDTH
) -> list[str]:
    """Entries in brackets: on one line where they fit, else filled lines that also break before `breaks`."""
    line = f"{head}{', '.join(entries)}{end}"
    if len(line) <= width:
        return [line + tail]
    lines, current = [head + tail], INDENT
    for k, entry in enumerate(entries):
        started = current != INDENT
        if started and (len(current) + len(entry) + 2 > width or (breaks and k in breaks)):
            lines.append(current.rstrip())
            current = INDENT
        current += entry + ", "
    if current != INDENT:
        lines.append(current.rstrip())
    return [*lines, end]


# -- the file beside ---------------------------------------------------------------------------------


def goes_to_file(values: Any) -> bool:
    """Whether so many finite entries are better kept in a file of their own."""
    numbers = values.values() if isinstance(values, Mapping) else ()
    return len(values) > LARGE and all(not isinstance(v, float) or isfinite(v) for v in numbers)


def set_document(elements: tuple[Any, ...]) -> list[Any]:
    """A set for the data file."""
    return [list(e) if isinstance(e, tuple) else e for e in elements]


def parameter_document(found: dict[Key, Any]) -> list[list[Any]]:
    """A parameter for the data file: one row per cell, the labels and then the value."""
    return [[*key, value] for key, value in found.items()]


def set_from_file(name: str, elements: tuple[Any, ...]) -> str:
    """The statement that reads a set back."""
    if elements and isinstance(elements[0], tuple):
        return f"[tuple(element) for element in DATA[{quoted(name)}]]"
    return f"DATA[{quoted(name)}]"


def parameter_from_file(name: str, found: dict[Key, Any]) -> str:
    """The expression that reads a parameter back."""
    if len(next(iter(found), ())) > 1:
        return f"{{tuple(key): value for *key, value in DATA[{quoted(name)}]}}"
    return f"dict(DATA[{quoted(name)}])"
