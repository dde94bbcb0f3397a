"""Nested lists, mappings and arrays of one parameter to cells, or to an array with labels where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np

from solvers.data.data import DenseArray, Element, Raw, Scalar
from solvers.data.table import is_blank, label_of, number_of, plain, whole
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import Key, Label, Parameter


class NestedReader:
    """Nested lists (by position) and mappings (by label) to cells or an array."""

    def __init__(self, wanted: Wanted, parameter: Parameter, where: str) -> None:
        self.wanted = wanted
        self.parameter = parameter
        self.where = where
        self.positions = wanted.positions(parameter)
        # Per key position: labels seen, or the length of the lists along it; both in one place is an error.
        self.lengths: dict[int, int] = {}
        self.labelled: set[int] = set()

    def read(self, value: Any) -> Raw:
        if isinstance(value, np.ndarray) and value.ndim:
            return self._array(value)
        if self.parameter.axes and isinstance(value, (list, tuple)) and value:
            block = _numbers(value, len(self.parameter.axes))
            if block is not None:
                return DenseArray(self.parameter.axes, block)
        cells = dict(self._walk(value, (), 0))
        return self._dense(cells) if self.lengths else cells

    def _array(self, value: np.ndarray) -> Raw:
        if value.ndim != len(self.parameter.axes):
            raise self._error(f"an array of {value.ndim} dimensions for {len(self.parameter.axes)} axes", (),
                              "give one array dimension per axis")
        if value.dtype.kind in "iuf":
            return DenseArray(self.parameter.axes, value)
        flat = [self._scalar(v, ()) for v in value.reshape(-1).tolist()]
        block = np.empty(len(flat), dtype=object)
        block[:] = flat
        return DenseArray(self.parameter.axes, block.reshape(value.shape))

    def _walk(self, node: Any, key: tuple[Any, ...], depth: int) -> Iterator[tuple[Key, Scalar]]:
        if isinstance(node, np.ndarray) and node.ndim:
            node = node.tolist()
        position = len(key)
        if position == len(self.positions):
            yield key, self._scalar(node, key)
        elif isinstance(node, Mapping):
            yield from self._by_label(node, key, depth)
        elif isinstance(node, (list, tuple)) and self._opens(position):
            yield from self._by_position(node, key, depth)
        elif isinstance(node, (list, tuple)):
            raise self._error(f"a list inside an element of axis {self.positions[position][0]!r}", key,
                              "nest objects by label")
        elif not is_blank(node):
            axis = self.positions[position][0]
            raise self._error(f"the single value {node!r} where values along axis {axis!r} belong", key,
                              "nest one level per axis; for the same value everywhere write `default`")

    def _opens(self, position: int) -> bool:
        return self.positions[position][1] == 0

    def _by_label(self, node: Mapping[Any, Any], key: tuple[Any, ...], depth: int) -> Iterator[tuple[Key, Scalar]]:
        position = len(key)
        self.labelled.add(position)
        self._refuse_mixture(position, key)
        for label, child in node.items():
            parts = label if isinstance(label, tuple) else (label,)
            if position + len(parts) > len(self.positions):
                raise self._error(f"the key {label!r} has too many labels", key, "give one label per index position")
            clean = tuple(label_of(part, f"{self.where}, {list(key)}", self.parameter.name) for part in parts)
            yield from self._walk(child, (*key, *clean), depth + 1)

    def _by_position(self, node: Any, key: tuple[Any, ...], depth: int) -> Iterator[tuple[Key, Scalar]]:
        position = len(key)
        axis = self.positions[position][0]
        elements = self.wanted.listed(axis)
        if elements is not None:
            if len(elements) != len(node):
                raise self._error(f"{len(node)} values along axis {axis!r}, which has {len(elements)} elements",
                                  key, "give one value per element (null for none), or give the values by label")
            for element, child in zip(elements, node):
                label = element if isinstance(element, tuple) else (element,)
                yield from self._walk(child, (*key, *label), depth + 1)
            return
        if self.lengths.setdefault(position, len(node)) != len(node):
            raise self._error(f"{len(node)} values along axis {axis!r} here, {self.lengths[position]} elsewhere", key,
                              "give one value per element (null for none), or give the values by label")
        self._refuse_mixture(position, key)
        width = self.wanted.width(axis)
        for k, child in enumerate(node):
            # The further positions of an element that is a tuple are filled up; `_dense` drops them.
            yield from self._walk(child, (*key, *(k,) * width), depth + 1)

    def _refuse_mixture(self, position: int, key: tuple[Any, ...]) -> None:
        if position in self.lengths and position in self.labelled:
            raise self._error(f"axis {self.positions[position][0]!r} is given by label in one place and by position "
                              "in another", key, "give it by label throughout")

    def _dense(self, cells: dict[Key, Scalar]) -> DenseArray:
        """An array with labels along the axes given by label, without along those given by position."""
        spans, start = [], 0
        for axis in self.parameter.axes:
            spans.append((start, start + self.wanted.width(axis)))
            start += self.wanted.width(axis)
        entries: list[dict[Element, int]] = [{} for _ in spans]
        places: list[tuple[int, ...]] = []
        for key in cells:
            place: list[int] = []
            for k, (first, last) in enumerate(spans):
                if first in self.lengths:
                    place.append(int(key[first]))
                else:
                    label: Element = key[first] if last - first == 1 else key[first:last]
                    place.append(entries[k].setdefault(label, len(entries[k])))
            places.append(tuple(place))
        shape = tuple(
            self.lengths[first] if first in self.lengths else len(found) for (first, _), found in zip(spans, entries)
        )
        block = np.full(shape, None, dtype=object)
        if places:
            column = np.empty(len(places), dtype=object)
            column[:] = list(cells.values())
            block[tuple(np.array(places).T)] = column
        labels = tuple(None if first in self.lengths else tuple(found) for (first, _), found in zip(spans, entries))
        return DenseArray(self.parameter.axes, block, labels)

    def _scalar(self, node: Any, key: tuple[Any, ...]) -> Scalar:
        value = plain(node)
        if type(value) is int or type(value) is float:
            return value  # type: ignore[no-any-return]
        if value is None:
            return None
        if isinstance(value, (Mapping, list, tuple)) or hasattr(value, "shape"):
            kind = "an object" if isinstance(value, Mapping) else "a list"
            raise self._error(f"{kind} where one value belongs", key,
                              "nest one level per axis" if self.positions else "declare the axes it runs over")
        where = f"{self.where}, {list(key)}" if key else self.where
        if self.parameter.values_in is None:
            if isinstance(value, str):
                raise self._error(f"text {value[:60]!r} where a number belongs", key,
                                  "write the number without quotes; if it is a label, name its set in `values_in`")
            return number_of(value, where, self.parameter.name)
        label: Label = label_of(value, where, self.parameter.name)
        return whole(label) if self.wanted.takes_integers(self.parameter.values_in) else label

    def _error(self, message: str, key: tuple[Any, ...], remedy: str) -> DataError:
        place = Place(self.parameter.name, index=key or None)
        return DataError(f"{message} [{self.where}]", place=place, remedy=remedy)


def _numbers(value: Any, depth: int) -> np.ndarray | None:
    """Rectangular nested lists of plain numbers as an array, quickly; None for anything else."""
    level: list[Any] = [value]
    for _ in range(depth):
        if not all(type(item) is list or type(item) is tuple for item in level):
            return None
        if len({len(item) for item in level}) != 1:
            return None
        level = list(chain.from_iterable(level))
    if not set(map(type, level)) <= {int, float}:
        return None
    try:
        block = np.array(value, dtype=np.float64)
    except (OverflowError, ValueError):
        return None
    return block if block.ndim == depth else None
