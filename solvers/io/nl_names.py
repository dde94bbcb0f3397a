"""The files of names beside an NL file: one name a line, columns in `.col`, rows (then objectives) in `.row`."""

from __future__ import annotations

import os

from solvers.errors import FormatError
from solvers.io.source import read_text, text


def side_paths(path: str | os.PathLike[str]) -> tuple[str, str]:
    """`x.col` and `x.row` for `x.nl` and `x.nl.gz`."""
    stem = os.fspath(path)
    if stem.lower().endswith(".gz"):
        stem = stem[:-3]
    stem = os.path.splitext(stem)[0]
    return stem + ".col", stem + ".row"


def side_names(path: str | os.PathLike[str]) -> tuple[list[str] | None, list[str] | None]:
    """The names of columns and rows, None where there is no such file."""
    found = [_lines(side) if os.path.exists(side) else None for side in side_paths(path)]
    return found[0], found[1]


def _lines(path: str) -> list[str]:
    lines = read_text(path).data.split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    return [text(line.rstrip()) for line in lines]


def chosen(name: str, given: list[str] | None, count: int, letter: str, suffix: str) -> list[str]:
    """The first `count` names of a side file, or `x0`, `x1`, ... Raises FormatError where they do not fit."""
    if given is None:
        return [f"{letter}{k}" for k in range(count)]
    where = os.path.splitext(name)[0] + suffix
    if len(given) < count:
        raise FormatError(
            f"{len(given)} names for {count} {'columns' if suffix == '.col' else 'rows'}",
            file=where,
            remedy=f"write {where} anew, or take it away",
        )
    found = given[:count]
    if len(set(found)) < count or "" in found:
        seen: set[str] = set()
        for k, item in enumerate(found):
            if item in seen or not item:
                raise FormatError(
                    f"the name {item[:40]!r} stands twice" if item else "an empty name",
                    file=where,
                    line=k + 1,
                    remedy="give every column and row its own name",
                )
            seen.add(item)
    return found
