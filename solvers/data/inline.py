"""The data that a formulation carries in its own document."""

from __future__ import annotations

import numpy as np

from solvers.data.data import Data, DenseArray, Element, Raw, Scalar
from solvers.data.units import check_cell_unit
from solvers.errors import DataError, Place
from solvers.formulation import Formulation, Key, Parameter


def inline_data(formulation: Formulation) -> Data:
    """Elements of listed sets and cells of parameters. Raises DataError on a cell given twice or in another unit."""
    sets = {s.name: tuple(s.elements) for s in formulation.sets if s.elements is not None}
    dimension = {s.name: s.dimension for s in formulation.sets}
    parameters: dict[str, Raw] = {}
    for parameter in formulation.parameters:
        if parameter.expr is not None:
            continue
        if parameter.cells:
            cells = _cells(parameter)
            parameters[parameter.name] = _by_position(parameter, cells, dimension) if parameter.by_position else cells
        elif parameter.bind is None and (parameter.default is not None or parameter.nullable):
            parameters[parameter.name] = {}
    return Data(sets, parameters)


def _cells(parameter: Parameter) -> dict[Key, Scalar]:
    cells: dict[Key, Scalar] = {}
    for cell in parameter.cells:
        if cell.key in cells:
            raise DataError(
                f"the cell is given twice, as {cells[cell.key]!r} and as {cell.value!r}",
                place=Place(parameter.name, index=cell.key), remedy="keep one of them",
            )
        check_cell_unit(parameter, cell)
        cells[cell.key] = cell.value
    return cells


def _by_position(parameter: Parameter, cells: dict[Key, Scalar], dimension: dict[str, int]) -> DenseArray:
    """Cells whose keys are positions (from 1) along `by_position` axes, as an array positional there."""
    entries: list[dict[Element, int]] = [{} for _ in parameter.axes]
    places: list[tuple[int, ...]] = []
    for key in cells:
        place: list[int] = []
        start = 0
        for axis, name in enumerate(parameter.axes):
            width = dimension.get(name, 1)
            part = key[start : start + width]
            start += width
            if name in parameter.by_position:
                place.append(_position(parameter, key, part[0] if part else None))
            else:
                place.append(entries[axis].setdefault(part[0] if width == 1 and part else part, len(entries[axis])))
        places.append(tuple(place))
    shape = tuple(
        max(p[axis] for p in places) + 1 if name in parameter.by_position else len(entries[axis])
        for axis, name in enumerate(parameter.axes)
    )
    values = np.full(shape, None, dtype=object)
    for entry, value in zip(places, cells.values()):
        values[entry] = value
    labels = tuple(None if n in parameter.by_position else tuple(e) for n, e in zip(parameter.axes, entries))
    return DenseArray(parameter.axes, values, labels)


def _position(parameter: Parameter, key: Key, part: object) -> int:
    if isinstance(part, int) and part >= 1:
        return part - 1
    raise DataError("the key along an axis given by position is not a position from 1",
                    place=Place(parameter.name, index=key), remedy="count positions 1, 2, 3, ...")
