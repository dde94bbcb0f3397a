"""What a formula denotes: a number, a label, a set, a truth; and the scope in which it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from solvers.check.degree import Degrees
from solvers.check.names import Suggester
from solvers.check.report import Collector, Severity
from solvers.check.source import Entry, Source
from solvers.check.spaces import Space
from solvers.formulation import Label

ValueKind = Literal["number", "index", "set", "truth", "tuple", "structure", "unknown"]


@dataclass(frozen=True, slots=True)
class Value:
    """`spaces`: of an index one, of a set or tuple one per component; `decides`: a variable occurs."""

    kind: ValueKind
    spaces: tuple[Space, ...] = ()
    decides: bool = False

    @property
    def is_text(self) -> bool:
        """Surely a text label."""
        return self.kind == "index" and self.spaces[0].kind == "text"

    @property
    def is_integer(self) -> bool:
        """A number, or surely an integer label."""
        return self.kind == "number" or (self.kind == "index" and self.spaces[0].kind == "int")


UNKNOWN = Value("unknown")
NUMBER = Value("number")
TRUTH = Value("truth")


@dataclass
class Symbols:
    """What is known so far of the declared elements: their key positions and what a reference denotes."""

    source: Source
    issues: Collector
    degrees: Degrees
    suggest: Suggester
    domains: dict[str, tuple[Space, ...]] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    labels: set[Label] = field(default_factory=set)

    def usage(self, name: str) -> str:
        """How a reference to a declared element is written, as in `x[p, m]`."""
        width = len(self.domains.get(name, ()))
        if not width:
            return name
        entry = self.source.declared[name]
        names = entry.indices if len(entry.indices) == width else tuple("ijklmnpqrs"[:width]) or ("i",)
        return f"{name}[{', '.join(names) if len(names) == width else '...'}]"


@dataclass
class Where:
    """The field that is being typed, and the indices in force there."""

    symbols: Symbols
    entry: Entry
    part: str
    scope: dict[str, Space] = field(default_factory=dict)
    data_only: str = ""
    guarded: set[Label] = field(default_factory=set)

    def report(self, severity: Severity, code: str, message: str, pos: int, remedy: str = "") -> None:
        """An issue at a column of this field."""
        text = self.entry.texts.get(self.part, "")
        if self.part.startswith("asked[") and isinstance(self.entry.item, str) and text != self.entry.item:
            text, pos = self.entry.item, pos - 1
        column = pos if pos >= 0 else None
        self.symbols.issues.add(severity, code, self.entry.place(self.part, column), message, remedy, text)

    def loosen(self) -> None:
        """From here on a condition may have removed elements of every index."""
        self.scope = {name: space.loosened() for name, space in self.scope.items()}

    def snapshot(self) -> tuple[dict[str, Space], str, set[Label]]:
        """What `restore` needs to leave a sub-formula."""
        return dict(self.scope), self.data_only, set(self.guarded)

    def restore(self, saved: tuple[Mapping[str, Space], str, set[Label]]) -> None:
        """Leave a sub-formula."""
        self.scope, self.data_only, self.guarded = dict(saved[0]), saved[1], set(saved[2])
