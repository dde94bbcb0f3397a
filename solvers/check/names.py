"""Declared names: duplicates, reserved words, suggestions for misspelt ones, and what nothing uses."""

from __future__ import annotations

import re
from difflib import get_close_matches

from solvers.check.order import uses_of
from solvers.check.report import Collector
from solvers.check.source import DECLARED, GROUP_WORDS, Entry, Source
from solvers.errors import Place
from solvers.expression.nodes import RESERVED

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LONG = 200


class Suggester:
    """Did-you-mean over declared names; the number of searches is bounded, hostile input stays cheap."""

    def __init__(self, names: list[str], searches: int = 200) -> None:
        self._names = [name for name in names if len(name) <= _LONG][:5_000]
        self._folded = {name.casefold().replace("_", ""): name for name in self._names}
        self._found: dict[str, str | None] = {}
        self._left = searches

    def nearest(self, name: str, extra: tuple[str, ...] = ()) -> str | None:
        """The declared name that a misspelt one may stand for."""
        if len(name) > _LONG:
            return None
        if name not in self._found:
            found = self._folded.get(name.casefold().replace("_", ""))
            if found is None and self._left > 0:
                self._left -= 1
                close = get_close_matches(name, self._names, n=1, cutoff=0.75)
                found = close[0] if close else None
            self._found[name] = found
        if self._found[name] is None and extra:
            close = get_close_matches(name, extra, n=1, cutoff=0.75)
            return close[0] if close else None
        return self._found[name]


def check_names(source: Source, issues: Collector) -> None:
    """Names that are no names, reserved, or taken twice; terms and constraints have spaces of their own."""
    taken: dict[tuple[str, str], Entry] = {}
    for entry in source.entries:
        if entry.group == "asked":
            continue
        word = entry.group
        place = Place(entry.name, "name")
        if not _NAME.match(entry.name):
            issues.add("error", "name", place, f"{_short(entry.name)} is not a name",
                       "use letters, digits and _, not starting with a digit")
        elif entry.name in RESERVED:
            issues.add("error", "reserved", place, f"{entry.name!r} is a word of the expression language",
                       f"rename the {word}, as in {entry.name + '_'!r}")
        space = "declared" if entry.group in DECLARED else entry.group
        other = taken.setdefault((space, entry.name), entry)
        if other is not entry:
            issues.add(
                "error", "duplicate", place,
                f"the {word} {_short(entry.name)} has the name of a {other.group} declared before"
                if other.group != entry.group else f"two {GROUP_WORDS[entry.group]} are named {_short(entry.name)}",
                "rename one of them",
            )


def _short(name: str) -> str:
    shown = repr(name)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def check_unused(source: Source, issues: Collector) -> None:
    """Sets, parameters, variables and expressions that nothing else refers to."""
    used: set[str] = set()
    decided: set[str] = set()
    for entry in source.entries:
        names = uses_of(entry)
        used.update(name for name in names if source.declared.get(name) is not entry)
        if entry.group in ("term", "constraint", "expression"):
            decided.update(names)
    for entry in source.declared.values():
        if entry.group == "variable":
            if entry.name not in decided:
                issues.add("warning", "unused", entry.place(""), "the variable stands in no constraint or objective",
                           "use it or remove it")
        elif entry.name not in used:
            remedy = "use it in a formula, or list its numbers under `unused` if they are distractors" \
                if entry.group == "parameter" else "use it or remove it"
            issues.add("warning", "unused", entry.place(""), f"nothing uses the {entry.group}", remedy)
