"""Data against their declarations: every parameter whose axes are known is aligned as grounding will do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from solvers.check.report import Collector
from solvers.check.source import Entry, Source
from solvers.data import Data, Element, align
from solvers.errors import DataError, Place
from solvers.formulation import Formulation, IndexSet, Parameter


def check_data(source: Source, data: Data | None, issues: Collector) -> None:
    """Elements given twice, cells outside their axes, missing cells, values of the wrong kind, absent data."""
    elements = _known_elements(source, data, issues)
    for entry in source.of("parameter"):
        item = entry.item
        assert isinstance(item, Parameter)
        if item.expr is not None:
            if item.cells:
                issues.add("error", "parameter", entry.place("expr"), "both `cells` and `expr` are given",
                           "keep one of them")
            continue
        if source.declared.get(entry.name) is entry:
            _check_parameter(source.formulation, item, entry, elements, data, issues)


def _known_elements(source: Source, data: Data | None, issues: Collector) -> dict[str, tuple[Element, ...]]:
    known: dict[str, tuple[Element, ...]] = {}
    for entry in source.of("set"):
        item = entry.item
        assert isinstance(item, IndexSet)
        given = data.sets.get(entry.name) if data is not None else None
        listed = given if given is not None else item.elements
        if listed is None:
            if item.expr is None and item.bind is None:
                _absent(entry, data, issues, "the set has no elements",
                        "list its elements, give an expr, or bring data: --data FILE")  # fmt: skip
            continue
        if given is not None and item.elements is not None and tuple(given) != tuple(item.elements):
            issues.add("error", "data", entry.place("elements"), "the data give other elements than the declaration",
                       "keep the elements in one place")
        seen: set[Element] = set()
        twice = next((e for e in listed if e in seen or seen.add(e)), None)  # type: ignore[func-returns-value]
        if twice is not None:
            issues.add("error", "duplicate", entry.place("elements"), f"the element {twice!r} is listed twice",
                       "keep one of them")
        elif item.expr is None and not item.over and all(_width(e) == item.dimension for e in listed):
            if not listed:
                issues.add("warning", "empty-set", entry.place("elements"), "the set is empty", "list its elements")
            known[entry.name] = tuple(listed)
    return known


def _width(element: Element) -> int:
    return len(element) if isinstance(element, tuple) else 1


def _absent(entry: Entry, data: Data | None, issues: Collector, message: str, remedy: str) -> None:
    """Without data at hand they may still come; with data they are missing."""
    issues.add("note" if data is None else "error", "no-data", entry.place(""), message, remedy)


def _check_parameter(
    formulation: Formulation, item: Parameter, entry: Entry, elements: dict[str, tuple[Element, ...]],
    data: Data | None, issues: Collector,
) -> None:
    try:
        raw = data.parameters.get(item.name) if data is not None else None
        if raw is None:
            axes = set(item.axes)
            sets = tuple(s for s in formulation.sets if s.name in axes) if item.by_position else ()
            alone = replace(formulation, sets=sets, parameters=(item,))
            raw = Data.inline(alone).parameters.get(item.name)
        if raw is None:
            if item.bind is None or data is not None:
                _absent(entry, data, issues, "the parameter has no data",
                        "give cells or a default, or bring data: --data FILE")  # fmt: skip
            return
        if all(axis in elements for axis in item.axes):
            axes_elements: Sequence[Sequence[Element]] = [elements[axis] for axis in item.axes]
            values = align(item, axes_elements, raw, data.origins.get(item.name) if data is not None else None)
            _check_labels(item, values, elements, entry, issues)
    except DataError as error:
        place = Place(error.place.element or item.name, error.place.field, error.place.column, error.place.index)
        issues.add("error", "data", place, error.message, error.remedy)


def _check_labels(
    item: Parameter, values: object, elements: dict[str, tuple[Element, ...]], entry: Entry, issues: Collector
) -> None:
    """Label values lie in the set they are drawn from."""
    if item.values_in is None or item.values_in not in elements:
        return
    allowed = set(elements[item.values_in])
    for value in dict.fromkeys(values.ravel().tolist()):  # type: ignore[attr-defined]
        if value is not None and value not in allowed:
            issues.add("error", "label", entry.place("values_in"), f"the value {value!r} is not in {item.values_in!r}",
                       "correct the label, or add it to the set")
            return
