"""The elements of a formulation with their formulas parsed once; formulas that do not parse become issues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from solvers.check.report import Collector
from solvers.errors import ExpressionError, Place
from solvers.expression import parse, parse_generator
from solvers.expression.nodes import Expr, Generator
from solvers.formulation import (
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Parameter,
    Term,
    Variable,
)

Group = Literal["set", "parameter", "variable", "expression", "term", "constraint", "asked"]
Item: TypeAlias = IndexSet | Parameter | Variable | NamedExpression | Term | Constraint | str

GROUP_WORDS: dict[Group, str] = {
    "set": "sets", "parameter": "parameters", "variable": "variables", "expression": "expressions",
    "term": "objective terms", "constraint": "constraints", "asked": "asked",
}
DECLARED: tuple[Group, ...] = ("set", "parameter", "variable", "expression")
_FORMULAS: dict[Group, tuple[str, ...]] = {
    "set": ("within", "expr"), "parameter": ("expr",), "variable": ("lower", "upper"), "expression": ("expr",),
    "term": ("expr",), "constraint": ("expr",), "asked": (),
}


@dataclass
class Entry:
    """One element: its generators and formulas as trees; what failed to parse is absent and `intact` is False."""

    group: Group
    name: str
    item: Item
    over: list[Generator] = field(default_factory=list)
    over_at: list[str] = field(default_factory=list)
    formulas: dict[str, Expr] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    intact: bool = True

    def place(self, part: str, column: int | None = None) -> Place:
        """A place in a field of this element."""
        return Place(self.name, part, column)

    def trees(self) -> Iterator[tuple[str, Expr]]:
        """Every formula with its field, those inside of `over` included."""
        for part, gen in zip(self.over_at, self.over):
            yield part, gen.source
            for test in gen.tests:
                yield part, test
        yield from self.formulas.items()

    @property
    def indices(self) -> tuple[str, ...]:
        """The names of the indices of `over`, in order."""
        return tuple(name for gen in self.over for name in gen.targets)


@dataclass
class Source:
    """All elements of a formulation, and the first declaration of every name that formulas may use."""

    formulation: Formulation
    entries: list[Entry]
    declared: dict[str, Entry]

    def of(self, *groups: Group) -> list[Entry]:
        """The entries of some groups, in document order."""
        return [entry for entry in self.entries if entry.group in groups]


def read_source(formulation: Formulation, issues: Collector) -> Source:
    """Parse every formula of a formulation once."""
    entries: list[Entry] = []
    groups: tuple[tuple[Group, tuple[Item, ...]], ...] = (
        ("set", formulation.sets), ("parameter", formulation.parameters), ("variable", formulation.variables),
        ("expression", formulation.expressions), ("term", formulation.objective.terms),
        ("constraint", formulation.constraints),
    )
    for group, items in groups:
        for item in items:
            entry = Entry(group, item.name, item)  # type: ignore[union-attr]
            _parse_entry(entry, issues)
            entries.append(entry)
    entries.extend(_parse_asked(text, k, issues) for k, text in enumerate(formulation.asked))
    declared: dict[str, Entry] = {}
    for entry in entries:
        if entry.group in DECLARED:
            declared.setdefault(entry.name, entry)
    return Source(formulation, entries, declared)


def _parse_entry(entry: Entry, issues: Collector) -> None:
    for k, text in enumerate(getattr(entry.item, "over", ())):
        part = "over" if len(entry.item.over) == 1 else f"over[{k}]"  # type: ignore[union-attr]
        entry.texts[part] = text
        try:
            entry.over.append(parse_generator(text))
            entry.over_at.append(part)
        except ExpressionError as error:
            _report(entry, part, error, issues)
    for part in _FORMULAS[entry.group]:
        text = getattr(entry.item, part)
        if text is None:
            continue
        entry.texts[part] = text
        try:
            entry.formulas[part] = parse(text)
        except ExpressionError as error:
            _report(entry, part, error, issues)


def _report(entry: Entry, part: str, error: ExpressionError, issues: Collector) -> None:
    entry.intact = False
    issues.add("error", "syntax", entry.place(part, error.place.column), error.message, error.remedy, error.source)


def _parse_asked(text: str, position: int, issues: Collector) -> Entry:
    """`order[t] for t in weeks`, or a formula."""
    part = f"asked[{position}]"
    entry = Entry("asked", "", text, texts={part: text})
    try:
        entry.formulas[part] = parse(text)
        return entry
    except ExpressionError as error:
        first = error
    try:
        # Within braces the same text is a set-builder; columns move back by the one brace.
        entry.formulas[part] = parse("{" + text + "}")
        entry.texts[part] = "{" + text + "}"
    except ExpressionError as error:
        column = first.place.column if error.place.column is None else max(0, error.place.column - 1)
        shown = replace_source(error, text, column) if " for " in text else first
        _report(entry, part, shown, issues)
    return entry


def replace_source(error: ExpressionError, source: str, column: int | None) -> ExpressionError:
    """The same error in another text."""
    return ExpressionError(error.message, source=source, column=column, remedy=error.remedy)


