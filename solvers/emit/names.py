"""Python identifiers for the names of a formulation: no keyword, no builtin, nothing the program itself uses."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterable

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
RESERVED = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins)) | frozenset({
    "math", "json", "itertools", "sys", "Path", "DATA", "prev", "whole", "show", "main",
    "model", "solver", "result", "status", "objective",
})
"""What no element may be called in an emitted program."""


class Names:
    """Gives out identifiers; the same owner and name always get the same one."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken: set[str] = set(RESERVED) | set(reserved)
        self._given: dict[tuple[str, str], str] = {}

    def of(self, owner: str, name: str, avoid: Collection[str] = ()) -> str:
        """The identifier of an element; `owner` tells apart spaces of names (elements, terms, constraints)."""
        found = self._given.get((owner, name))
        if found is None:
            found = self._given[owner, name] = self.fresh(name, avoid)
        return found

    def fresh(self, wanted: str, avoid: Collection[str] = ()) -> str:
        """An identifier like `wanted` that nothing has yet, and that is not in `avoid`."""
        plain = wanted if _WORD.match(wanted) else re.sub(r"\W+", "_", wanted, flags=re.ASCII).strip("_")
        if not _WORD.match(plain):
            plain = f"n_{plain}".rstrip("_")
        if plain.startswith("__"):  # the names of Python's own machinery, mangled inside classes
            plain = plain.lstrip("_") or "n"
            plain = plain if _WORD.match(plain) else f"n_{plain}"
        name, k = plain, 2
        if name in self._taken or name in avoid:
            name = f"{plain}_"
        while name in self._taken or name in avoid:
            name, k = f"{plain}_{k}", k + 1
        self._taken.add(name)
        return name

    def local(self, wanted: str, used: Collection[str] = ()) -> str:
        """An identifier for an index: free again elsewhere, but hides no element and no index in `used`."""
        plain = wanted if _WORD.match(wanted) and not wanted.startswith("__") else "i"
        name, k = plain, 2
        if name in self._taken or name in used:
            name = f"{plain}_"
        while name in self._taken or name in used:
            name, k = f"{plain}_{k}", k + 1
        return name
