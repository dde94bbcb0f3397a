"""Data as a plain document that `bind` reads back: what an instance is saved as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from solvers.data.data import Data, DenseArray, Element, Patched, Raw, Scalar
from solvers.data.labels import show_key
from solvers.data.table import plain
from solvers.errors import DataError, Place
from solvers.formulation import Formulation, Key, Parameter


def dump(data: Data, formulation: Formulation) -> dict[str, Any]:
    """Sets as lists, parameters as nested objects by label or lists by position; JSON holds it.

    Sets that the formulation lists are left out, and names follow `bind`-free lookup: `bind(f, dump(d, f))` gives
    data that align to the same arrays, for parameters and sets without a `bind` of their own. Raises DataError
    where two labels are one as keys of an object (1 and '1'), or a changed cell has no known position.
    """
    listed = {s.name for s in formulation.sets if s.elements is not None}
    document: dict[str, Any] = {
        name: [list(e) if isinstance(e, tuple) else e for e in elements]
        for name, elements in data.sets.items() if name not in listed
    }
    declared = {p.name: p for p in formulation.parameters}
    for name, raw in data.parameters.items():
        if name in document:
            raise DataError("a set and a parameter of one name", place=Place(name), remedy="rename one of them")
        parameter = declared.get(name)
        if parameter is not None and not (isinstance(raw, Mapping) and not raw):
            document[name] = _parameter(parameter, raw, data)
    return document


def _parameter(parameter: Parameter, raw: Raw, data: Data) -> Any:
    if isinstance(raw, Patched):
        raw = _applied(parameter, raw, data)
    if isinstance(raw, DenseArray):
        if all(labels is None for labels in raw.labels) and raw.axes == parameter.axes:
            return _lists(raw.values)
        return _labelled(parameter, raw)
    if not parameter.axes:
        return plain(raw[()]) if () in raw else None
    return _nested(parameter, raw)


def _applied(parameter: Parameter, raw: Patched, data: Data) -> Mapping[Key, Scalar] | DenseArray:
    if isinstance(raw.base, DenseArray):
        cells = _cells(raw.base, parameter, data)
    else:
        cells = dict(raw.base)
    for key, value in raw.changes.items():
        if parameter.symmetric:
            half = len(key) // 2
            cells.pop((*key[half:], *key[:half]), None)
        cells[key] = value
    return cells


def _cells(block: DenseArray, parameter: Parameter, data: Data) -> dict[Key, Scalar]:
    """A dense block as cells; its axes by position need elements that are known."""
    axes: list[tuple[Element, ...]] = []
    for name, labels in zip(block.axes, block.labels):
        elements = labels if labels is not None else data.sets.get(name)
        if elements is None:
            raise DataError(f"a changed cell along {name!r}, whose elements are computed later",
                            place=Place(parameter.name), remedy="save the formulation's own data and change them after")
        axes.append(elements)
    order = [block.axes.index(name) for name in parameter.axes] if len(set(block.axes)) == len(block.axes) else None
    cells: dict[Key, Scalar] = {}
    for place in np.ndindex(block.values.shape):
        parts = [axes[k][i] for k, i in enumerate(place)]
        key = tuple(
            label for part in ([parts[k] for k in order] if order else parts)
            for label in (part if isinstance(part, tuple) else (part,))
        )
        value = plain(block.values[place])
        if value is not None:
            cells[key] = value
    return cells


def _labelled(parameter: Parameter, raw: DenseArray) -> Any:
    """Objects along axes with labels, lists along the others; transposed blocks keep their own order of axes."""
    if raw.axes != parameter.axes:
        order = [raw.axes.index(name) for name in parameter.axes]
        raw = DenseArray(parameter.axes, raw.values.transpose(order), tuple(raw.labels[k] for k in order))

    def build(values: Any, axis: int) -> Any:
        if axis == len(raw.axes):
            return plain(values)
        labels = raw.labels[axis]
        if labels is None:
            return [build(values[k], axis + 1) for k in range(len(values))]
        table: dict[str, Any] = {}
        for k, label in enumerate(labels):
            _put(parameter, table, label if isinstance(label, tuple) else (label,), build(values[k], axis + 1))
        return table

    return build(raw.values, 0)


def _nested(parameter: Parameter, cells: Mapping[Key, Scalar]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in cells.items():
        _put(parameter, table, key, plain(value))
    return table


def _put(parameter: Parameter, table: dict[str, Any], key: Key, value: Any) -> None:
    for part in key[:-1]:
        table = table.setdefault(str(part), {})
    if str(key[-1]) in table:
        raise DataError(f"two labels are one as keys of an object: {show_key(key)}", place=Place(parameter.name),
                        remedy="rename one of them")
    table[str(key[-1])] = value


def _lists(values: Any) -> Any:
    if values.dtype.kind in "iu" or (values.dtype.kind == "f" and not np.isnan(values).any()):
        return values.tolist()
    return _nulls(values.tolist())


def _nulls(node: Any) -> Any:
    return [_nulls(item) for item in node] if isinstance(node, list) else plain(node)
