"""What a valid document must satisfy beyond its shape: names, uniqueness, keys that fit their axes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solvers.errors import SchemaError
from solvers.expression.nodes import RESERVED
from solvers.formulation import Formulation, IndexSet, Parameter

NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def enforce(formulation: Formulation) -> None:
    """Raise SchemaError at the first rule that is broken."""
    _enforce_names(formulation)
    for k, index_set in enumerate(formulation.sets):
        _enforce_set(index_set, f"sets[{k}] {index_set.name!r}")
    dimensions = {s.name: s.dimension for s in formulation.sets}
    for k, parameter in enumerate(formulation.parameters):
        _enforce_parameter(parameter, dimensions, f"parameters[{k}] {parameter.name!r}")


def _declared(formulation: Formulation) -> Iterator[tuple[str, str, str]]:
    """Namespace, name, place of every element that carries a name."""
    for group in ("sets", "parameters", "variables", "expressions"):
        for k, item in enumerate(getattr(formulation, group)):
            yield "elements", item.name, f"{group}[{k}]"
    for k, constraint in enumerate(formulation.constraints):
        yield "constraints", constraint.name, f"constraints[{k}]"
    for k, term in enumerate(formulation.objective.terms):
        yield "terms", term.name, f"objective.terms[{k}]"


def _enforce_names(formulation: Formulation) -> None:
    first: dict[tuple[str, str], str] = {}
    for space, name, place in _declared(formulation):
        if not _NAME.match(name):
            raise SchemaError(f"{name!r} is not a name", place=place,
                              remedy=f"use letters, digits and _, as in {_as_name(name)!r}")
        if name in RESERVED:
            raise SchemaError(f"{name!r} is a word of the expression language", place=place,
                              remedy=f"choose another name, as in {name + '_'!r}")
        if (space, name) in first:
            raise SchemaError(f"the name {name!r} is taken by {first[space, name]}", place=place,
                              remedy="rename one of them")
        first[space, name] = place


def _as_name(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[:40]
    return plain if _NAME.match(plain) else f"n_{plain}".rstrip("_")


def _enforce_set(index_set: IndexSet, place: str) -> None:
    if index_set.elements is not None and index_set.expr is not None:
        raise SchemaError("both `elements` and `expr` are given", place=place, remedy="keep one of them")
    if index_set.over and index_set.expr is None:
        raise SchemaError("`over` without `expr`", place=place, remedy="an indexed set is computed: give `expr`")
    if not 1 <= index_set.dimension <= 20:
        raise SchemaError(f"dimension {index_set.dimension}", place=place, remedy="give 1 to 20")
    seen: set[object] = set()
    for k, element in enumerate(index_set.elements or ()):
        here = f"{place} elements[{k}]"
        if index_set.dimension == 1 and isinstance(element, tuple):
            remedy = f"declare `dimension: {len(element)}`" if len(element) > 1 else "write the label alone"
            raise SchemaError(f"the element {list(element)!r} is a list in a set of dimension 1", place=here,
                              remedy=remedy)
        if index_set.dimension > 1 and (not isinstance(element, tuple) or len(element) != index_set.dimension):
            raise SchemaError(f"the element {element!r} is not a list of {index_set.dimension} labels", place=here,
                              remedy="give one label per position, or correct `dimension`")
        if element in seen:
            raise SchemaError(f"the element {element!r} is given twice", place=here, remedy="keep one of them")
        seen.add(element)


def _enforce_parameter(parameter: Parameter, dimensions: dict[str, int], place: str) -> None:
    if parameter.cells and parameter.expr is not None:
        raise SchemaError("both `cells` and `expr` are given", place=place, remedy="keep one of them")
    if parameter.over and parameter.expr is None:
        raise SchemaError("`over` without `expr`", place=place,
                          remedy="given data run over `axes`; `over` names the indices of a derived parameter")
    for name in parameter.by_position:
        if name not in parameter.axes:
            raise SchemaError(f"`by_position` names {name!r}, which is not an axis", place=place,
                              remedy=f"axes are {', '.join(parameter.axes) or 'none'}")
        if dimensions.get(name, 1) != 1:
            raise SchemaError(f"`by_position` names {name!r}, whose elements are tuples", place=place,
                              remedy="give its cells by label")
    if not all(axis in dimensions for axis in parameter.axes):
        return  # an undeclared axis is for `check` to report
    _enforce_keys(parameter, sum(dimensions[axis] for axis in parameter.axes), place)


def _enforce_keys(parameter: Parameter, width: int, place: str) -> None:
    seen: set[object] = set()
    for k, cell in enumerate(parameter.cells):
        if len(cell.key) != width:
            axes = ", ".join(parameter.axes)
            raise SchemaError(
                f"a key of {len(cell.key)} labels where {width} belong" + (f" (axes {axes})" if axes else ""),
                place=f"{place} cells[{k}].key",
                remedy="give one label per index position" if width else "a scalar has key []; else declare `axes`",
            )
        if cell.key in seen:
            raise SchemaError(f"the cell {list(cell.key)!r} is given twice", place=f"{place} cells[{k}].key",
                              remedy="keep one of them")
        seen.add(cell.key)
