"""The wire form: a flat document that strict structured output accepts, lossless against a Formulation.

Closed objects, every property required, null instead of absence, arrays instead of maps, five levels at most
(arrays counted) and under a hundred properties. What is nested in the canonical form stands in lists of its own
here: `elements` of sets, `cells` of parameters and `terms` of the objective name what they belong to. Order of
fields is the order of thought: what is given before what is decided, what is decided before what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from solvers.errors import SchemaError
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Domain,
    Formulation,
    IndexSet,
    Label,
    NamedExpression,
    Objective,
    Parameter,
    Role,
    Sense,
    Term,
    Unused,
    Variable,
)
from solvers.schema.rules import enforce
from solvers.schema.validation import validate


@dataclass(frozen=True, slots=True)
class WireSet:
    """`listed` says that its elements stand in `elements` (there may be none)."""

    name: str
    description: str
    listed: bool
    expr: str | None
    over: tuple[str, ...]
    within: str | None
    dimension: int
    bind: str | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireElement:
    """One element of a listed set: a list of as many labels as the set has dimensions."""

    set: str
    element: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class WireParameter:
    """A parameter without its cells."""

    name: str
    description: str
    role: Role
    unit: str | None
    axes: tuple[str, ...]
    expr: str | None
    over: tuple[str, ...]
    values_in: str | None
    default: int | float | str | None
    symmetric: bool
    nullable: bool
    by_position: tuple[str, ...]
    bind: str | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireCell:
    """One cell of a parameter."""

    parameter: str
    key: tuple[Label, ...]
    value: int | float | str | None
    unit: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class WireUnused:
    """A distractor."""

    quote: str
    value: int | float | None
    reason: str


@dataclass(frozen=True, slots=True)
class WireVariable:
    """A decision."""

    name: str
    description: str
    over: tuple[str, ...]
    domain: Domain
    lower: str | None
    upper: str | None
    unit: str | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireExpression:
    """A named formula."""

    name: str
    description: str
    over: tuple[str, ...]
    expr: str
    unit: str | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireTerm:
    """A term of the objective."""

    name: str
    description: str
    expr: str
    priority: int
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireConstraint:
    """A constraint."""

    name: str
    description: str
    over: tuple[str, ...]
    expr: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WireAssumption:
    """What was added to the text."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class WireFormulation:
    """The whole document."""

    schema: Literal["formulate/1"]
    name: str
    description: str
    sets: tuple[WireSet, ...]
    elements: tuple[WireElement, ...]
    parameters: tuple[WireParameter, ...]
    cells: tuple[WireCell, ...]
    unused: tuple[WireUnused, ...]
    assumptions: tuple[WireAssumption, ...]
    variables: tuple[WireVariable, ...]
    expressions: tuple[WireExpression, ...]
    sense: Sense
    objective_unit: str | None
    objective_description: str
    terms: tuple[WireTerm, ...]
    constraints: tuple[WireConstraint, ...]
    asked: tuple[str, ...]


_CLASSES: dict[str, type] = {
    "sets": WireSet, "elements": WireElement, "parameters": WireParameter, "cells": WireCell,
    "unused": WireUnused, "assumptions": WireAssumption, "variables": WireVariable,
    "expressions": WireExpression, "terms": WireTerm, "constraints": WireConstraint,
}


def to_wire(formulation: Formulation) -> dict[str, Any]:
    """The wire document of a formulation. Raises SchemaError where elements do not fit their set's dimension."""
    enforce(formulation)
    f = formulation
    wire = WireFormulation(
        schema=f.schema, name=f.name, description=f.description,
        sets=tuple(_narrow(s, WireSet, listed=s.elements is not None) for s in f.sets),
        elements=tuple(
            WireElement(s.name, e if isinstance(e, tuple) else (e,)) for s in f.sets for e in s.elements or ()
        ),
        parameters=tuple(_narrow(p, WireParameter) for p in f.parameters),
        cells=tuple(_narrow(c, WireCell, parameter=p.name) for p in f.parameters for c in p.cells),
        unused=tuple(_narrow(u, WireUnused) for u in f.unused),
        assumptions=tuple(_narrow(a, WireAssumption) for a in f.assumptions),
        variables=tuple(_narrow(v, WireVariable) for v in f.variables),
        expressions=tuple(_narrow(e, WireExpression) for e in f.expressions),
        sense=f.objective.sense, objective_unit=f.objective.unit, objective_description=f.objective.description,
        terms=tuple(_narrow(t, WireTerm) for t in f.objective.terms),
        constraints=tuple(_narrow(c, WireConstraint) for c in f.constraints),
        asked=f.asked,
    )
    plain: dict[str, Any] = _lists(asdict(wire))
    return plain


def from_wire(document: Any) -> Formulation:
    """The formulation that a wire document describes. Raises SchemaError with a path such as `cells[4].value`."""
    wire: WireFormulation = validate(document, WireFormulation, _CLASSES, {})
    elements = _grouped(wire.elements, "set", {s.name for s in wire.sets if s.listed}, "elements",
                        "declare the set with `listed: true`")
    cells = _grouped(wire.cells, "parameter", {p.name for p in wire.parameters}, "cells", "declare the parameter")
    formulation = Formulation(
        schema=wire.schema, name=wire.name, description=wire.description,
        sets=tuple(
            _narrow(s, IndexSet, elements=_elements(s, elements.get(s.name, ())) if s.listed else None)
            for s in wire.sets
        ),
        parameters=tuple(
            _narrow(p, Parameter, cells=tuple(_narrow(c, Cell) for c in cells.get(p.name, ()))) for p in wire.parameters
        ),
        variables=tuple(_narrow(v, Variable) for v in wire.variables),
        expressions=tuple(_narrow(e, NamedExpression) for e in wire.expressions),
        objective=Objective(wire.sense, tuple(_narrow(t, Term) for t in wire.terms), wire.objective_unit,
                            wire.objective_description),
        constraints=tuple(_narrow(c, Constraint) for c in wire.constraints),
        assumptions=tuple(_narrow(a, Assumption) for a in wire.assumptions),
        unused=tuple(_narrow(u, Unused) for u in wire.unused),
        asked=wire.asked,
    )
    enforce(formulation)
    return formulation


def _narrow(source: Any, shape: type, **given: Any) -> Any:
    """An instance of `shape` from the fields that `source` shares with it and those given."""
    shared = {
        name: getattr(source, name) for name in shape.__dataclass_fields__  # type: ignore[attr-defined]
        if name not in given and hasattr(source, name)
    }
    return shape(**shared, **given)


def _elements(wire_set: WireSet, entries: Sequence[WireElement]) -> tuple[Any, ...]:
    if wire_set.dimension > 1:
        return tuple(e.element for e in entries)
    for e in entries:
        if len(e.element) != 1:
            raise SchemaError(f"the element {list(e.element)!r} is not one label in a set of dimension 1",
                              place=f"elements of {wire_set.name!r}", remedy="give one label, or correct `dimension`")
    return tuple(e.element[0] for e in entries)


def _grouped(
    entries: Sequence[Any], field: str, declared: set[str], collection: str, remedy: str
) -> Mapping[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for k, entry in enumerate(entries):
        owner = getattr(entry, field)
        if owner not in declared:
            raise SchemaError(f"{owner!r} has no such {collection}", place=f"{collection}[{k}].{field}", remedy=remedy)
        groups.setdefault(owner, []).append(entry)
    return groups


def _lists(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_lists(item) for item in value]
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return value
