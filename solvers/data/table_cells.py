"""The cells of a parameter out of a table, in long or in wide form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.data.data import DenseArray, Origin, Raw, Scalar
from solvers.data.labels import show_key
from solvers.data.table import (
    Table,
    fold,
    is_blank,
    label_of,
    mentions_axis,
    names_axis,
    number_of,
    plain,
    plain_number,
    split_unit,
    whole,
)
from solvers.data.units import check_unit
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import Key, Label, Parameter


@dataclass(frozen=True)
class Hit:
    """Where a parameter stands: a table, and a column of it (None: the table as a whole)."""

    table: Table
    column: int | None
    row: int | None = None


class TableCells:
    """Reads parameters out of tables in which they were found."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        # What was read, by table: its columns and, in a table of names and values, its rows.
        self.used: dict[int, set[int]] = {}
        self.rows: dict[int, set[int]] = {}

    def use(self, table: Table, *columns: int) -> None:
        """Take note that columns of a table were read."""
        self.used.setdefault(id(table), set()).update(columns)

    def read(self, parameter: Parameter, hit: Hit) -> tuple[Raw, Origin]:
        """The cells of a parameter, with the rows they stand in. Raises DataError naming the cell that is wrong."""
        if hit.row is not None:
            return self._scalar_row(parameter, hit.table, hit.row)
        positions = self.wanted.positions(parameter)
        if hit.column is not None:
            return self._long(parameter, hit.table, self._key_columns(parameter, hit.table, hit.column), hit.column)
        table = hit.table
        value = self._value_column(parameter, table)
        if value is not None:
            return self._long(parameter, table, self._key_columns(parameter, table, value), value)
        if positions:
            return self._wide(parameter, table)
        if len(table.header) == 1:
            return self._long(parameter, table, [], 0)
        raise DataError(f"no column {parameter.name!r} in {table.where}, which has {_headers(table)}",
                        place=Place(parameter.name), remedy=f"name the column {parameter.name!r}, or `bind` it")

    def _scalar_row(self, parameter: Parameter, table: Table, row: int) -> tuple[Raw, Origin]:
        self.use(table, *range(len(table.header)))
        self.rows.setdefault(id(table), set()).add(row)
        if len(table.header) == 3 and isinstance(table.rows[row][2], str):
            check_unit(parameter, table.rows[row][2].strip(), table.at(row))
        value = self._value(parameter, table, row, 1)
        return ({} if value is None else {(): value}), Origin(table.where, {(): f"row {table.numbers[row]}"})

    def _key_columns(self, parameter: Parameter, table: Table, value: int) -> list[int]:
        positions = self.wanted.positions(parameter)
        names = table.column_names()
        taken: list[int | None] = [None] * len(positions)
        for says in (names_axis, mentions_axis):  # `week`, then `week no`
            for p, (axis, place) in enumerate(positions):
                if taken[p] is not None or place or sum(a == axis for a, _ in positions) > 1:
                    continue
                free = [k for k, name in enumerate(names) if k != value and k not in taken and says(name, axis)]
                taken[p] = free[0] if len(free) == 1 else None
        open_axes = [axis for (axis, _), k in zip(positions, taken) if k is None]
        if open_axes:
            others = [s for s in self.wanted.sets if s not in parameter.axes]
            rest = [
                k for k, name in enumerate(names) if k != value and k not in taken and not self._is_parameter(name)
                and not any(names_axis(name, other) for other in others)
            ]
            if len(rest) != len(open_axes) or _backwards([names[k] for k in rest]):
                raise self._no_keys(parameter, table, open_axes)
            fill = iter(rest)
            taken = [next(fill) if k is None else k for k in taken]
        return [k for k in taken if k is not None]

    def _is_parameter(self, header: str) -> bool:
        return any(
            fold(header) in (fold(p.name), fold((p.bind or p.name).rsplit(".", 1)[-1]))
            for p in self.wanted.formulation.parameters
        )

    def _no_keys(self, parameter: Parameter, table: Table, axes: list[str]) -> DataError:
        return DataError(
            f"no column for {', '.join(map(repr, dict.fromkeys(axes)))} in {table.where}, which has {_headers(table)}",
            place=Place(parameter.name),
            remedy="name the key columns as the sets are named, or put unnamed ones in the order of the axes",
        )

    def _value_column(self, parameter: Parameter, table: Table) -> int | None:
        """Where the values stand in a long table that is named as the parameter; None when it is wide."""
        names = table.column_names()
        said = [k for k, name in enumerate(names) if fold(name) == "value"]
        if len(said) == 1:
            return said[0]
        if len(names) != len(self.wanted.positions(parameter)) + 1 or self.across(parameter, table):
            return None
        others = [k for k, name in enumerate(names) if not any(names_axis(name, a) for a in parameter.axes)]
        return others[0] if len(others) == 1 else len(names) - 1

    def across(self, parameter: Parameter, table: Table) -> bool:
        """Whether headers, rather than first columns, hold the labels of the last axis."""
        lead = len(self.wanted.positions(parameter)) - 1
        if lead < 0:
            return False
        heads = ["" if is_blank(h) else str(h).strip() for h in table.header[lead:]]
        if all(isinstance(whole(h), int) for h in heads):
            return True
        candidates = (*parameter.axes[-1:], *(parameter.axes[:1] if len(parameter.axes) == 2 else ()))
        listed = {str(e) for axis in candidates for e in self.wanted.listed(axis) or ()}
        if listed & set(heads):
            return True
        named = any(names_axis(h, axis) for h in heads for axis in parameter.axes)
        integers = self.wanted.computed(parameter.axes[-1])
        # A column of labels is not all numbers, unless the axis is.
        return lead > 0 and not named and not integers and all(_is_number(row[lead]) for row in table.rows)

    def _long(self, parameter: Parameter, table: Table, keys: list[int], value: int) -> tuple[Raw, Origin]:
        self.use(table, *keys, value)
        check_unit(parameter, table.unit_of(value), f"{table.where}, column {table.header[value]!r}")
        if not keys and len(table.rows) != 1:
            raise DataError(f"{len(table.rows)} rows for a single value [{table.where}]", place=Place(parameter.name),
                            remedy="declare the axes it runs over, or keep one row")
        cells: dict[Key, Scalar] = {}
        rows: dict[Key, int] = {}
        for i, row in enumerate(table.rows):
            if is_blank(row[value]) and keys and all(is_blank(row[k]) for k in keys):
                continue
            key = tuple(self._label(parameter, table, i, k) for k in keys)
            if key in rows:
                raise DataError(
                    f"{parameter.name}{show_key(key)} is given in row {rows[key]} and again in row {table.numbers[i]} "
                    f"[{table.where}]", place=Place(parameter.name, index=key or None), remedy="keep one of them",
                )
            rows[key] = table.numbers[i]
            cells[key] = self._value(parameter, table, i, value)
        return cells, Origin(table.where, rows)

    def _wide(self, parameter: Parameter, table: Table) -> tuple[Raw, Origin]:
        """Leading columns hold labels, the headers of the others the labels of the last axis."""
        lead = len(self.wanted.positions(parameter)) - 1
        name = parameter.name
        self.use(table, *range(len(table.header)))
        check_unit(parameter, split_unit(table.header[0])[1], f"{table.where}, header {table.header[0]!r}")
        if lead == 0 and len(table.rows) != 1:
            raise DataError(f"{table.where} has {len(table.rows)} rows and {_headers(table)}", place=Place(name),
                            remedy=f"name the key column {parameter.axes[0]!r} and the value column {name!r}")
        across = [label_of(h, table.at(None, k), name) for k, h in enumerate(table.header[lead:], lead)]
        _refuse_doubles(name, across, [table.at(None, k) for k in range(lead, len(table.header))])
        if lead > 1 or (lead == 1 and len(parameter.axes) == 1):
            return self._wide_cells(parameter, table, across)
        values = [[self._value(parameter, table, i, k) for k in range(lead, len(table.header))]
                  for i in range(len(table.rows))]
        block = np.array([[np.nan if v is None else v for v in row] for row in values], dtype=float) \
            if parameter.values_in is None else _objects(values)
        origin = Origin(table.where)
        if lead == 0:
            return DenseArray(parameter.axes, block.reshape(-1), (tuple(across),)), origin
        down = [self._label(parameter, table, i, 0) for i in range(len(table.rows))]
        _refuse_doubles(name, down, [table.at(i, 0) for i in range(len(table.rows))])
        origin = Origin(table.where, {(label,): f"row {n}" for label, n in zip(down, table.numbers)})
        if self._turned(parameter, table):
            return DenseArray(parameter.axes, block.T, (tuple(across), tuple(down))), Origin(table.where)
        return DenseArray(parameter.axes, block, (tuple(down), tuple(across))), origin

    @staticmethod
    def _turned(parameter: Parameter, table: Table) -> bool:
        """Whether the corner cell says that the second axis runs down."""
        first, second = parameter.axes
        corner = "" if is_blank(table.header[0]) else str(table.header[0])
        words = re.findall(r"[^\W_]+", corner)
        if first == second and (_backwards(words) or (len(words) == 1 and _is_to(words[0].casefold()))):
            raise DataError(f"the corner {corner!r} says that rows are where to: the first axis is taken down the rows "
                            f"[{table.where}]", place=Place(parameter.name),
                            remedy="turn the table, or leave the corner empty when rows are the first axis")
        return first != second and names_axis(corner, second) and not names_axis(corner, first)

    def _wide_cells(self, parameter: Parameter, table: Table, across: list[Label]) -> tuple[Raw, Origin]:
        lead = len(table.header) - len(across)
        cells: dict[Key, Scalar] = {}
        rows: dict[Key, int] = {}
        for i, _ in enumerate(table.rows):
            head = tuple(self._label(parameter, table, i, k) for k in range(lead))
            for k, label in enumerate(across, lead):
                key = (*head, label)
                if key in rows:
                    raise DataError(f"{parameter.name}{show_key(key)} is given in row {rows[key]} and again in row "
                                    f"{table.numbers[i]} [{table.where}]", place=Place(parameter.name, index=key),
                                    remedy="keep one of them")
                rows[key] = table.numbers[i]
                value = self._value(parameter, table, i, k)
                if value is not None:  # a sparse matrix is blank where there is no element
                    cells[key] = value
        return cells, Origin(table.where, rows)

    def _label(self, parameter: Parameter, table: Table, row: int, column: int) -> Label:
        cell = table.rows[row][column]
        if type(cell) is str and (text := cell.strip()) and text[0] != "#":
            return text
        return label_of(cell, table.at(row, column), parameter.name)

    def _value(self, parameter: Parameter, table: Table, row: int, column: int) -> Scalar:
        cell = table.rows[row][column]
        if type(cell) is int or (type(cell) is float and cell == cell):
            return cell
        if parameter.values_in is None:
            if type(cell) is str and (number := plain_number(cell)) is not None:
                return number
            return number_of(cell, table.at(row, column), parameter.name)
        if is_blank(cell):
            return None
        label = label_of(cell, table.at(row, column), parameter.name)
        return whole(label) if self.wanted.takes_integers(parameter.values_in) else label


def _backwards(headers: list[str]) -> bool:
    """Where to before where from: the order of the columns is not that of an axis from and an axis to."""
    heads = [next(iter(re.findall(r"[^\W_]+", h.casefold())), "") for h in headers]
    return len(heads) == 2 and _is_to(heads[0]) and heads[1].startswith(("from", "orig", "source", "src"))


def _is_to(word: str) -> bool:
    return word in ("to", "tonode", "sink") or word.startswith("dest")


def _is_number(cell: Any) -> bool:
    value = plain(cell)
    if isinstance(value, str) and value.strip():
        try:
            float(value)
        except ValueError:
            return False
        return True
    return isinstance(value, (int, float)) or value is None


def _refuse_doubles(name: str, labels: Sequence[Label], places: Sequence[str]) -> None:
    seen: dict[Label, int] = {}
    for k, label in enumerate(labels):
        if label in seen:
            raise DataError(f"the label {label!r} is given twice [{places[seen[label]]} and {places[k]}]",
                            place=Place(name), remedy="keep one of them")
        seen[label] = k


def _objects(values: list[list[Any]]) -> Any:
    block = np.empty((len(values), len(values[0]) if values else 0), dtype=object)
    for i, row in enumerate(values):
        for k, value in enumerate(row):
            block[i, k] = value
    return block


def _headers(table: Table) -> str:
    shown = ", ".join(repr(h) for h in table.header[:8])
    return f"the columns {shown}" + (", ..." if len(table.header) > 8 else "")
