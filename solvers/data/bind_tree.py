"""Parameters and sets from nested data: a JSON document, a mapping of arrays, dicts, lists and scalars."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from solvers.data.bind_tables import TableBinder
from solvers.data.data import Element, Origin, Raw
from solvers.data.nested import NestedReader
from solvers.data.read_tables import decoded, from_frame, from_records
from solvers.data.table import fold, label_of, names_axis, plain, whole
from solvers.data.table_cells import Hit
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import IndexSet, Parameter
from solvers.schema.spelling import nearest

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
        self.used: set[Any] = set()

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
            self.used.add(path if path in self.tree else path.split(".")[0])
            return path, value
        if bind is None:
            similar = [key for key in self.tree if isinstance(key, str) and fold(key) == fold(name)]
            if len(similar) == 1:
                self.used.add(similar[0])
                return similar[0], self.tree[similar[0]]
        return None

    def unused(self) -> list[str]:
        """Names in the mapping that nothing asked for."""
        return [str(key) for key in self.tree if key not in self.used]

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
        shown = ", ".join(map(repr, paths[:12]))
        return f"the data hold {shown}; say which with `bind`" if shown else "the data are empty"

    def read(self, parameter: Parameter, path: str, value: Any) -> tuple[Raw, Origin]:
        """The cells of a parameter from what stands at `path`. Raises DataError naming the path that is wrong."""
        where = f"{self.where}, {path!r}" if self.where else repr(path)
        if _is_frame(value) and _is_bare(value):
            value = value.to_numpy() if _counts_from_zero(value) or value.ndim > 1 else value.to_dict()
        if _is_frame(value) or self._is_records(parameter, value):
            table = from_frame(path, value) if _is_frame(value) else from_records(path, where, value)
            if table is None:
                return {}, Origin(where)
            binder = TableBinder(self.wanted, [table])
            own = binder.named_in(binder.tables[0], parameter)
            return binder.read(parameter, own[0] if own else Hit(binder.tables[0], None))
        return NestedReader(self.wanted, parameter, where).read(value), Origin(where)

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


def _counts_from_zero(series: Any) -> bool:
    """A series that was cut out of a longer one keeps its numbers: they are labels then, not positions."""
    return bool(series.index.start == 0 and series.index.step == 1)


def _is_bare(frame: Any) -> bool:
    """A frame whose rows and columns are only numbered: an array."""
    axes = [frame.index, *([frame.columns] if frame.ndim == 2 else [])]
    return all(type(axis).__name__ == "RangeIndex" and axis.name is None for axis in axes)
