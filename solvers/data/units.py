"""Whether the unit a file gives is the unit a parameter declares."""

from __future__ import annotations

import math

from solvers.errors import DataError, Place
from solvers.formulation import Cell, Parameter
from solvers.units import clash, parse_unit


def check_unit(parameter: Parameter, found: str | None, where: str) -> None:
    """Raise DataError when `found` is another unit than the declared one; nothing to compare is agreement."""
    declared = parameter.unit
    if not found or not declared or " ".join(found.split()) == " ".join(declared.split()):
        return
    factor = _factor(found, declared)
    if factor is not None and math.isclose(factor, 1.0, rel_tol=1e-9):
        return
    remedy = "bind the right column, or write the same unit in both places"
    if factor is not None:
        remedy = f"multiply the data by {factor:g} and write {declared!r}, or declare `unit: {found}`"
    raise DataError(f"the data are in {found!r}, the parameter is declared in {declared!r} [{where}]",
                    place=Place(parameter.name), remedy=remedy)


def check_cell_unit(parameter: Parameter, cell: Cell) -> None:
    """Raise DataError when a cell of the document is in a unit that surely is another one than its parameter's."""
    if cell.unit is None or parameter.unit is None or cell.unit == parameter.unit:
        return
    found, declared = parse_unit(cell.unit), parse_unit(parameter.unit)
    if found is None or declared is None or clash(found, declared) not in ("scale", "dimension"):
        return
    factor = _factor(cell.unit, parameter.unit)
    remedy = f"multiply it by {factor:g} and write {parameter.unit!r}" if factor is not None else "correct the unit"
    raise DataError(f"the cell is in {cell.unit!r}, the parameter in {parameter.unit!r}",
                    place=Place(parameter.name, index=cell.key or None), remedy=remedy)


def _factor(found: str, declared: str) -> float | None:
    """By what the data must be multiplied; None when the units measure different things or cannot be told."""
    a, b = parse_unit(found), parse_unit(declared)
    if a is None or b is None or a.dims != b.dims or a.nouns != b.nouns:
        return None
    return a.scale / b.scale if a.scale and b.scale else None
