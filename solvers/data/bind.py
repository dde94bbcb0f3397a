"""A formulation bound to data: a file, a folder, a DataFrame, or a mapping of names to any of these."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvers.data.bind_tables import TableBinder
from solvers.data.bind_tree import TreeBinder, read_json
from solvers.data.data import Data, DenseArray, Element, Origin, Patched, Raw
from solvers.data.read_tables import from_frame, from_records, read_csv, read_excel
from solvers.data.table import Table, fold, whole
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import Formulation, IndexSet, Label, Parameter
from solvers.schema.spelling import nearest

_TOTALS = frozenset({"total", "totals", "sum", "grandtotal", "subtotal", "average", "mean"})
_SUFFIXES = {".csv", ".tsv", ".xlsx", ".xlsm", ".json"}


def bind(formulation: Formulation, source: Any) -> Data:
    """The data of `formulation` completed from `source`, which wins over cells of the document.

    `source`: the path of a `.csv`, `.tsv`, `.xlsx` or `.json` file or of a folder of them; a pandas DataFrame; or
    a mapping of names to numbers, nested dicts (by label), lists and arrays (by position), DataFrames. A
    parameter is found by its name, or by `bind` (`sheet.column`, or a dotted path into JSON). Sets that are
    neither listed nor computed come from data of their name or `bind`, else from the labels that parameters use.

    Raises DataError naming file, sheet, row and cell. Whether every cell of an axis is there, and whether every
    label belongs to it, `align` judges when axes are known.
    """
    wanted = Wanted(formulation)
    tables, trees = collect(source)
    binder = _Binder(wanted, TableBinder(wanted, tables), [TreeBinder(wanted, tree, where) for tree, where in trees])
    return Data.inline(formulation).merge(binder.run())


def collect(source: Any) -> tuple[list[Table], list[tuple[Mapping[Any, Any], str]]]:
    """The tables of a source, and its trees with their names. Raises DataError."""
    if isinstance(source, (str, os.PathLike)):
        return _collect_path(Path(source))
    if isinstance(source, Mapping):
        return [], [(source, "")]
    if hasattr(source, "columns") and hasattr(source, "iloc"):
        table = from_frame("", source)
        return [table] if table else [], []
    if isinstance(source, Data):
        raise DataError("this is Data already", remedy="pass it on, or `Data.merge` it")
    raise DataError(f"data cannot be bound from a {type(source).__name__}",
                    remedy="give a path, a DataFrame, or a mapping of names to data")


def _collect_path(path: Path) -> tuple[list[Table], list[tuple[Mapping[Any, Any], str]]]:
    if path.is_dir():
        tables: list[Table] = []
        trees: list[tuple[Mapping[Any, Any], str]] = []
        for file in sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and p.name[0] not in ".~"):
            more_tables, more_trees = _collect_path(file)
            tables += more_tables
            trees += more_trees
        return tables, trees
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return read_csv(path), []
    if suffix in (".xlsx", ".xlsm"):
        return read_excel(path), []
    if suffix == ".json":
        tree = read_json(path)
        if isinstance(tree, dict):
            return [], [(tree, path.name)]
        if isinstance(tree, list) and tree and all(isinstance(item, dict) for item in tree):
            return [from_records(path.stem, path.name, tree)], []
        return [], [({path.stem: tree}, path.name)]
    raise DataError(f"files of type {suffix or 'no extension'!r} are not read", place=path.name,
                    remedy="give .csv, .tsv, .xlsx, .json or a folder of these; save .xls as .xlsx")


class _Binder:
    def __init__(self, wanted: Wanted, tables: TableBinder, trees: list[TreeBinder]) -> None:
        self.wanted = wanted
        self.tables = tables
        self.trees = trees

    def run(self) -> Data:
        parameters: dict[str, Raw] = {}
        origins: dict[str, Origin] = {}
        for parameter in self.wanted.parameters:
            found = self._parameter(parameter)
            if found is not None:
                parameters[parameter.name], origins[parameter.name] = found
            elif parameter.bind is not None or not _lives_without(parameter):
                raise self._missing(parameter)
        sets: dict[str, tuple[Element, ...]] = {}
        for index_set in self.wanted.formulation.sets:
            elements = self._elements(index_set, parameters)
            if elements is not None:
                sets[index_set.name], origins[index_set.name] = elements
        return Data(sets, parameters, origins, self._unused(parameters))

    def _unused(self, parameters: Mapping[str, Raw]) -> tuple[str, ...]:
        """What the source holds and nothing asked for, each with the parameter without data that it may stand for."""
        left = [*(name for tree in self.trees for name in tree.unused()), *self.tables.unused()]
        open_names = [p.name for p in self.wanted.parameters if p.name not in parameters]
        shown = []
        for name in left:
            close = nearest(name.rsplit(".", 1)[-1], open_names)
            shown.append(f"{name!r}" + (f" ({close!r} has no data here: is that meant?)" if close is not None else ""))
        return tuple(shown)

    def _parameter(self, parameter: Parameter) -> tuple[Raw, Origin] | None:
        found = [(tree, at) for tree in self.trees if (at := tree.find(parameter)) is not None]
        hit = self.tables.find(parameter)
        places = [tree.where for tree, _ in found] + ([hit.table.where] if hit else [])
        if len(places) > 1:
            raise DataError(f"found in {' and '.join(places[:3])}", place=Place(parameter.name),
                            remedy="keep one of them, or say which with `bind`")
        if found:
            tree, (path, value) = found[0]
            return tree.read(parameter, path, value)
        return self.tables.read(parameter, hit) if hit else None

    def _missing(self, parameter: Parameter) -> DataError:
        source: TreeBinder | TableBinder = self.trees[0] if self.trees else self.tables
        asked = f" (`bind: {parameter.bind}`)" if parameter.bind else ""
        return DataError(f"no data for this parameter{asked}", place=Place(parameter.name),
                         remedy=source.near(parameter))

    def _elements(
        self, index_set: IndexSet, parameters: Mapping[str, Raw]
    ) -> tuple[tuple[Element, ...], Origin] | None:
        """Listed sets are compared with data of their name (`merge` reports a difference), computed ones are left."""
        if index_set.expr is not None:
            return None
        binders: tuple[TreeBinder | TableBinder, ...] = (*self.trees, self.tables)
        found = next((at for binder in binders if (at := binder.elements(index_set)) is not None), None)
        if found is not None:
            elements = self._as_declared(index_set, found[0])
            # Rows of a table are found by label, so their order says nothing.
            if found[2] or index_set.elements is None or set(elements) != set(index_set.elements):
                return elements, found[1]
        if index_set.elements is not None:
            return None
        if index_set.bind is not None:
            raise DataError(f"no data for this set (`bind: {index_set.bind}`)", place=Place(index_set.name),
                            remedy="give a list of its elements there, or correct `bind`")
        used = self._used(index_set, parameters)
        if not used and any(p.name in parameters and index_set.name in p.axes for p in self.wanted.parameters):
            raise DataError("its data come by position, so nothing tells its elements", place=Place(index_set.name),
                            remedy="list its `elements`, compute them (`expr: range(1, n + 1)`), or add them")
        if not used:
            return None
        elements = self._as_declared(index_set, used)
        _refuse_spellings(index_set, elements)
        return elements, Origin("labels of the data")

    @staticmethod
    def _as_declared(index_set: IndexSet, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        """Text that is digits becomes integers when all labels are; doubles are refused."""
        parts: list[Label] = [p for e in elements for p in (e if isinstance(e, tuple) else (e,))]
        declared = index_set.elements
        integers = all(isinstance(whole(p), int) for p in parts) if declared is None else any(
            isinstance(e, int) for e in declared
        )
        if integers and index_set.dimension == 1:
            elements = tuple(whole(e) if isinstance(e, str) else e for e in elements)
        elif integers:
            elements = tuple(tuple(map(whole, e)) if isinstance(e, tuple) else e for e in elements)
        total = next((p for p in parts if fold(p) in _TOTALS), None)
        if declared is None and total is not None and len(parts) > 1:
            raise DataError(f"the label {total!r} looks like a line of totals", place=Place(index_set.name),
                            remedy="delete that line, or list the set's `elements`")
        if len(set(elements)) != len(elements):
            twice = next(e for k, e in enumerate(elements) if e in elements[:k])
            raise DataError(f"the element {twice!r} is given twice", place=Place(index_set.name),
                            remedy="keep one of them")
        return elements

    def _used(self, index_set: IndexSet, parameters: Mapping[str, Raw]) -> tuple[Element, ...]:
        """Labels that the bound parameters use along the set, in order of appearance."""
        used: dict[Element, None] = {}
        for parameter in self.wanted.parameters:
            raw = parameters.get(parameter.name)
            if isinstance(raw, Patched):
                raw = raw.base
            if raw is None or index_set.name not in parameter.axes:
                continue
            start = 0
            for k, axis in enumerate(parameter.axes):
                width = self.wanted.width(axis)
                if axis == index_set.name:
                    if isinstance(raw, DenseArray):
                        used.update(dict.fromkeys(raw.labels[k] or ()))
                    else:
                        used.update((key[start] if width == 1 else key[start : start + width], None) for key in raw)
                start += width
        return tuple(used)


def _refuse_spellings(index_set: IndexSet, elements: tuple[Element, ...]) -> None:
    """Labels gathered from the data that differ in case or spaces only: one of them would be an element of its own."""
    seen: dict[str, Element] = {}
    for element in elements:
        parts = element if isinstance(element, tuple) else (element,)
        folded = "\0".join(" ".join(str(p).casefold().split()) for p in parts)
        first = seen.setdefault(folded, element)
        if first != element:
            raise DataError(f"the labels {first!r} and {element!r} differ in spelling only",
                            place=Place(index_set.name), remedy="spell them alike, or list the set's `elements`")


def _lives_without(parameter: Parameter) -> bool:
    return bool(parameter.cells) or parameter.default is not None or parameter.nullable
