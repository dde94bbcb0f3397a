"""Parameters and sets from nested data: a JSON document, a mapping of arrays, dicts, lists and scalars."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from solvers.data.bind_tables import TableBinder
from solvers.data.data import DenseArray, Element, Origin, Raw, Scalar
from solvers.data.read_tables import decoded, from_frame, from_records
from solvers.data.table import fold, is_blank, label_of, names_axis, number_of, plain, whole
from solvers.data.table_cells import Hit
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import IndexSet, Key, Label, Parameter
from solvers.schema.spelling import nearest

MAX_DEPTH = 60
_ABSENT = object()


def read_json(path: Path) -> Any:
    """A JSON document. NaN counts as missing. Raises DataError for other text, doubled keys, deep nesting."""
    text = decoded(path)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for k, name in enumerate(names) if name in names[:k])
            raise DataError(f"the key {twice!r} is given twice in one object", place=path.name,
                            remedy="keep one of them")
        return table

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", place=f"{path.name}, line {error.lineno}, column {error.colno}",
                        remedy="mend the syntax there") from error
    except (RecursionError, ValueError) as error:
        raise DataError("nested too deeply, or a number of thousands of digits", place=path.name,
                        remedy="give plain tables, lists and objects") from error


class TreeBinder:
    """Finds the parameters and sets of a formulation in a mapping, by name or by the dotted path of `bind`."""

    def __init__(self, wanted: Wanted, tree: Mapping[Any, Any], where: str) -> None:
        self.wanted = wanted
        self.tree = tree
        self.where = where

    def find(self, parameter: Parameter) -> tuple[str, Any] | None:
        """Path and value; None when absent. Values out of a list of objects come with the labels beside them."""
        found = self._find(parameter.name, parameter.bind)
        if found is None or self._records_above(found[0]) is None:
            return found
        path, values = found
        prefix = path.rpartition(".")[0]
        axis = self.wanted.sets.get(parameter.axes[0]) if parameter.axes else None
        labels = self._lookup(axis.bind) if axis and axis.bind and axis.bind.rpartition(".")[0] == prefix else None
        if not isinstance(labels, list):
            raise DataError(f"one value per object of {prefix!r}, labels not known", place=Place(parameter.name),
                            remedy=f"bind the set of its first axis to the same list, as in `bind: {prefix}.name`")
        table = {tuple(k) if isinstance(k, list) else k: v for k, v in zip(labels, values)}
        if len(table) != len(labels):
            raise DataError(f"two objects of {prefix!r} have the same label", place=Place(parameter.name),
                            remedy="keep one of them")
        return path, table

    def _records_above(self, path: str) -> list[Any] | None:
        """The list of objects out of which `path` takes one field, if it does."""
        prefix, _, last = path.rpartition(".")
        above = self._lookup(prefix) if prefix and path not in self.tree and not last.isdigit() else None
        return above if isinstance(above, list) else None

    def _find(self, name: str, bind: str | None) -> tuple[str, Any] | None:
        path = name if bind is None else bind
        value = self._lookup(path)
        if value is not _ABSENT:
            return path, value
        if bind is None:
            similar = [key for key in self.tree if isinstance(key, str) and fold(key) == fold(name)]
            if len(similar) == 1:
                return similar[0], self.tree[similar[0]]
        return None

    def _lookup(self, path: str) -> Any:
        if path in self.tree:
            return self.tree[path]
        return _descend(self.tree, path.split("."))

    def near(self, parameter: Parameter) -> str:
        """What the data offer instead, for the remedy of a parameter that was not found."""
        paths = list(_paths(self.tree))
        for path in paths:
            if fold(path.rsplit(".", 1)[-1]) == fold(parameter.name):
                return f"if it is the one at {path!r}, write `bind: {path}`"
        close = nearest(parameter.bind or parameter.name, paths)
        if close:
            return f"did you mean {close!r}? Rename it, or write `bind: {close}`"
        return f"the data hold {', '.join(map(repr, paths[:12])) or 'nothing'}; say which with `bind`"

    def read(self, parameter: Parameter, path: str, value: Any) -> tuple[Raw, Origin]:
        """The cells of a parameter from what stands at `path`. Raises DataError naming the path that is wrong."""
        where = f"{self.where}, {path!r}" if self.where else repr(path)
        if _is_frame(value) and _is_bare(value):
            value = value.to_numpy()
        if _is_frame(value) or self._is_records(parameter, value):
            table = from_frame(path, value) if _is_frame(value) else from_records(path, where, value)
            if table is None:
                return {}, Origin(where)
            binder = TableBinder(self.wanted, [table])
            own = binder.named_in(binder.tables[0], parameter)
            return binder.read(parameter, own[0] if own else Hit(binder.tables[0], None))
        return _Nested(self.wanted, parameter, where).read(value), Origin(where)

    def _is_records(self, parameter: Parameter, value: Any) -> bool:
        if not isinstance(value, (list, tuple)) or not value or not all(isinstance(v, Mapping) for v in value):
            return False
        if any(isinstance(item, (Mapping, list, tuple)) for record in value for item in record.values()):
            return False
        keys = [str(key) for key in value[0]]
        return any(fold(k) in (fold(parameter.name), "value") for k in keys) or any(
            names_axis(k, axis) for k in keys for axis in parameter.axes
        )

    def elements(self, index_set: IndexSet) -> tuple[tuple[Element, ...], Origin, bool] | None:
        """Elements from a list of labels (or of lists), or from the keys of an object; their order binds (True)."""
        found = self._find(index_set.name, index_set.bind)
        if found is None or (index_set.elements is not None and not isinstance(found[1], (list, tuple))):
            return None
        path, value = found
        where = f"{self.where}, {path!r}" if self.where else repr(path)
        if hasattr(value, "tolist"):
            value = value.tolist()
        if isinstance(value, Mapping):
            items: list[Any] = list(_key_paths(value, index_set.dimension))
            integers = all(isinstance(whole(k), int) for item in items for k in item)
            items = [tuple(map(whole, item)) if integers else item for item in items]
        elif isinstance(value, (list, tuple, set, frozenset, range)):
            items = list(value)
        else:
            raise DataError(f"{plain(value)!r} where elements belong [{where}]", place=Place(index_set.name),
                            remedy="give a list of labels")
        record = next((i for i in items if isinstance(i, Mapping)), None)
        if record is not None:
            fields = ", ".join(map(str, record))
            raise DataError(f"objects with the fields {fields} where labels belong [{where}]",
                            place=Place(index_set.name), remedy=f"write `bind: {path}.{next(iter(record), 'name')}`")
        elements = tuple(self._element(index_set, item, f"{where}, entry {k}") for k, item in enumerate(items))
        return elements, Origin(where), True

    @staticmethod
    def _element(index_set: IndexSet, item: Any, where: str) -> Element:
        parts = tuple(item) if isinstance(item, (list, tuple)) else (item,)
        if len(parts) != index_set.dimension:
            raise DataError(f"{item!r} is not an element of {index_set.dimension} labels [{where}]",
                            place=Place(index_set.name), remedy="give one label per position, or correct `dimension`")
        labels = tuple(label_of(part, where, index_set.name) for part in parts)
        return labels if index_set.dimension > 1 else labels[0]


def _descend(node: Any, parts: list[str]) -> Any:
    """What stands at a path; `*` goes through every entry of an object, a field name through a list of objects."""
    for k, part in enumerate(parts):
        if isinstance(node, Mapping) and part in node:
            node = node[part]
        elif isinstance(node, Mapping) and part == "*":
            below = {key: _descend(child, parts[k + 1 :]) for key, child in node.items()}
            return _ABSENT if any(v is _ABSENT for v in below.values()) else below
        elif isinstance(node, list) and part.isdigit() and len(part) < 10 and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, list) and node and all(isinstance(i, Mapping) and part in i for i in node):
            node = [item[part] for item in node]
        else:
            return _ABSENT
    return node


def _paths(tree: Any, prefix: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(tree, Mapping) and depth < 3 and len(tree) <= 200:
        for key, child in tree.items():
            yield f"{prefix}{key}"
            yield from _paths(child, f"{prefix}{key}.", depth + 1)


def _key_paths(node: Mapping[Any, Any], depth: int) -> Iterator[tuple[Any, ...]]:
    for key, child in node.items():
        parts = key if isinstance(key, tuple) else (key,)
        if len(parts) < depth and isinstance(child, Mapping):
            yield from ((*parts, *rest) for rest in _key_paths(child, depth - len(parts)))
        else:
            yield parts


def _is_frame(value: Any) -> bool:
    return type(value).__module__.split(".")[0] == "pandas" and type(value).__name__ in ("DataFrame", "Series")


def _is_bare(frame: Any) -> bool:
    """A frame whose rows and columns are only numbered: an array."""
    axes = [frame.index, *([frame.columns] if frame.ndim == 2 else [])]
    return all(type(axis).__name__ == "RangeIndex" and axis.name is None for axis in axes)


class _Nested:
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
