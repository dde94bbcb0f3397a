"""Parameters as tables: numbers in a list, parameters over the same set side by side, matrices as matrices."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from solvers.formulation import Formulation, Parameter
from solvers.render.layout import grid, matrix_axes, noted, row, ruled, titled
from solvers.render.safe import number, one_line
from solvers.render.words import cell_quotes, element_text, parameter_head, parameter_text, quotes, unit_text

MOST_ROWS = 20
MOST_COLUMNS = 7
QUOTE_LENGTH = 100


def parameter_tables(formulation: Formulation) -> Iterator[RenderableType]:
    """All parameters: scalars and long ones in a list, then tables by axis, then matrices."""
    listed, beside, matrices = [], dict[str, list[Parameter]](), []
    for item in formulation.parameters:
        short = item.cells and item.expr is None and len(item.cells) <= MOST_ROWS * MOST_COLUMNS
        if short and len(item.axes) == 1 and len(item.cells[0].key) == 1 and len(item.cells) <= MOST_ROWS:
            beside.setdefault(item.axes[0], []).append(item)
        elif short and (axes := matrix_axes(tuple(c.key for c in item.cells), MOST_ROWS, MOST_COLUMNS + 3)):
            matrices.append((item, axes))
        else:
            listed.append(item)
    if listed:
        yield _list(listed)
    for members in beside.values():
        for k in range(0, len(members), MOST_COLUMNS):
            yield _side_by_side(members[k : k + MOST_COLUMNS])
    for item, axes in matrices:
        yield _matrix(item, *axes)


def _list(items: list[Parameter]) -> Table:
    table = grid(4)
    for item in items:
        words = Text(quotes(cell_quotes(item)[:2], QUOTE_LENGTH), "green")
        row(table, parameter_head(item), parameter_text(item), Text(unit_text(item.unit), "dim"), words)
    return table


def _side_by_side(items: list[Parameter]) -> RenderableType:
    table = ruled()
    table.add_column(Text(one_line(items[0].axes[0])), overflow="fold")
    for item in items:
        table.add_column(titled(one_line(item.name), unit_text(item.unit)), justify="right", overflow="fold")
    found = [{cell.key: cell.value for cell in item.cells} for item in items]
    for key in dict.fromkeys(key for cells in found for key in cells):
        row(table, element_text(key[0]), *(number(cells[key]) if key in cells else "" for cells in found))
    defaults = [f"{one_line(i.name)} {number(i.default)}" for i in items if i.default is not None]
    return noted(table, [f"everywhere else: {', '.join(defaults)}"] if defaults else [])


def _matrix(item: Parameter, rows: list, columns: list) -> RenderableType:
    table = ruled()
    table.add_column(titled(one_line(item.name), unit_text(item.unit)), overflow="fold")
    for column in columns:
        table.add_column(Text(element_text(column)), justify="right", overflow="fold")
    values = {cell.key: cell.value for cell in item.cells}
    for label in rows:
        cells = [number(values[label, column]) if (label, column) in values else "" for column in columns]
        row(table, element_text(label), *cells)
    notes = ["symmetric"] if item.symmetric else []
    notes += [f"everywhere else {number(item.default)}"] if item.default is not None else []
    return noted(table, notes)
