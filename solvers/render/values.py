"""The values of a solution as tables: scalars together, families over the same indices side by side, matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from solvers.compare import is_integral
from solvers.formulation import Formulation, Key, Variable
from solvers.render.layout import matrix_axes, noted, ruled, titled
from solvers.render.safe import number, one_line
from solvers.render.words import is_whole, unit_text
from solvers.result import BlockValues, SolveResult

LONG = 24
"""Families with more keys show only keys with a value that is not zero."""
MOST_ROWS = 60
MATRIX = (24, 10)
ZERO = 1e-9


@dataclass(frozen=True)
class _Family:
    name: str
    values: BlockValues
    unit: str
    whole: bool

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(self.values)


def show_value(value: float, whole: bool) -> str:
    """A value for people: whole where the variable is and the value is near it, zero where it is noise."""
    if whole and is_integral(value):
        return str(round(value))
    return "0" if abs(value) < ZERO else number(float(value), 8)


def value_tables(formulation: Formulation, result: SolveResult) -> list[RenderableType]:
    """Tables of all values, in the order of the declarations."""
    families = _families(formulation, result)
    scalars = [family for family in families if not family.values.block.index]
    parts: list[RenderableType] = []
    if scalars:
        parts.append(_scalars(scalars))
    grouped: dict[tuple[Key, ...], list[_Family]] = {}
    for family in families:
        if family.values.block.index and len(family.values):
            grouped.setdefault(family.keys, []).append(family)
    for keys, members in grouped.items():
        if (matrix := matrix_axes(keys, *MATRIX)) is not None:
            parts += [_matrix(family, *matrix) for family in members]
        else:
            parts.append(_listed(keys, members))
    return [Padding(part, (0, 0, 1, 2)) for part in parts]


def _families(formulation: Formulation, result: SolveResult) -> list[_Family]:
    declared = {variable.name: variable for variable in formulation.variables}
    order = [*[name for name in declared if name in result.values], *[n for n in result.values if n not in declared]]
    families = []
    for name in order:
        variable: Variable | None = declared.get(name)
        unit = unit_text(variable.unit) if variable is not None else ""
        families.append(_Family(one_line(name), result.values[name], unit, is_whole(variable)))
    return families


def _scalars(families: list[_Family]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for family in families:
        value = show_value(float(family.values), family.whole)
        table.add_row(Text(family.name), Text(value, "bold"), Text(family.unit, "dim"))
    return table


def _matrix(family: _Family, rows: list, columns: list) -> Table:
    table = ruled()
    table.add_column(titled(family.name, family.unit))
    for column in columns:
        table.add_column(Text(number(column)), justify="right")
    found = dict(zip(family.keys, family.values.array))
    for row in rows:
        cells = [_cell(found.get((row, column)), family.whole) for column in columns]
        table.add_row(Text(number(row)), *cells)
    return table


def _cell(value: float | None, whole: bool) -> Text:
    if value is None:
        return Text("")
    shown = show_value(float(value), whole)
    return Text(shown, "dim" if shown == "0" else "bold")


def _listed(keys: Sequence[Key], families: list[_Family]) -> RenderableType:
    table = ruled()
    for index in families[0].values.block.index:
        table.add_column(Text(one_line(index)), overflow="fold")
    for family in families:
        table.add_column(titled(family.name, family.unit), justify="right")
    positions = np.arange(len(keys))
    if len(keys) > LONG:
        nonzero = np.any([np.abs(family.values.array) > ZERO for family in families], axis=0)
        positions = positions[nonzero]
    for k in positions[:MOST_ROWS]:
        cells = [_cell(family.values.array[k], family.whole) for family in families]
        table.add_row(*(Text(number(part)) for part in keys[k]), *cells)
    left_out = len(keys) - len(positions)
    notes = [f"{left_out} more with value 0"] if left_out else []
    if len(positions) > MOST_ROWS:
        notes.append(f"{len(positions) - MOST_ROWS} more that are not 0 (all of them with --json)")
    return noted(table, notes)
