"""Names of rows and columns in files: legal for the format, unique, and the same for the same model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from solvers.model import Block, Model

LONGEST = 255
"""Bytes. Gurobi and CPLEX read no longer names."""


@dataclass(frozen=True)
class Names:
    """What a file calls the columns and rows, by their position in the model.

    `dict(zip(names.columns, names.column_labels))` is the map back from the file to the model's own labels.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    column_labels: tuple[str, ...]
    row_labels: tuple[str, ...]

    @property
    def changed(self) -> dict[str, str]:
        """The names that differ from the model's labels: name in the file to label."""
        pairs = [*zip(self.columns, self.column_labels), *zip(self.rows, self.row_labels)]
        return {name: label for name, label in pairs if name != label}


def labels(blocks: Iterable[Block], size: int, fallback: str) -> list[str]:
    """The labels of all rows or columns, in order."""
    found: list[str] = []
    for block in blocks:
        if block.labels is not None:
            found += block.labels
        else:
            found += [block.label(k) for k in range(block.size)]
    return found + [f"{fallback}{k}" for k in range(len(found), size)]


def column_labels(model: Model) -> list[str]:
    """The labels of all columns."""
    return labels(model.columns, model.num_columns, "x")


def row_labels(model: Model) -> list[str]:
    """The labels of all rows."""
    return labels(model.rows, model.num_rows, "row")


def legal(found: Sequence[str], mend: Callable[[str], str], taken: Iterable[str] = ()) -> list[str]:
    """Legal and distinct names: `mend` makes one legal, and those that clash get `_2`, `_3`, ...

    A name that is legal as it stands and the first of its spelling keeps it.
    """
    mended = [mend(name) for name in found]
    used = set(taken)
    if len(set(mended)) == len(mended) and used.isdisjoint(mended):
        return mended
    out: list[str | None] = [None] * len(found)
    for k, (name, new) in enumerate(zip(found, mended)):
        if name == new and new not in used:
            used.add(new)
            out[k] = new
    counter: dict[str, int] = {}
    for k, new in enumerate(mended):
        if out[k] is not None:
            continue
        n, candidate = counter.get(new, 1), new
        while candidate in used:
            n += 1
            candidate = f"{shorten(new, 16)}_{n}"
        counter[new] = n
        used.add(candidate)
        out[k] = candidate
    return [name for name in out if name is not None]


def shorten(name: str, room: int = 0) -> str:
    """A name of at most LONGEST - room bytes."""
    if len(name) * 4 <= LONGEST - room:
        return name
    raw = name.encode("utf-8", "replace")
    return name if len(raw) <= LONGEST - room else raw[: LONGEST - room - 8].decode("utf-8", "ignore")


_SPACE = re.compile(r",?[\s\x00-\x20\x7f\x85\xa0\u2028\u2029\ud800-\udfff]+")


def without_space(name: str) -> str:
    """White space after a comma is dropped, elsewhere it becomes `_`; nothing becomes `_`."""
    if name.isascii() and name.isprintable() and " " not in name and 0 < len(name) < LONGEST // 4:
        return name
    name = _SPACE.sub(lambda found: "," if found.group().startswith(",") else "_", name)
    name = "".join(c if c.isprintable() else "_" for c in name)
    return shorten(name) or "_"
