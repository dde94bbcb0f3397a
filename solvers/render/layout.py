"""Rich building blocks that all tables share. Text is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from solvers.formulation import Key


def heading(text: str) -> Text:
    """A section's title."""
    return Text(text, style="bold cyan")


class Line:
    """A line across the page; rich's own rule ignores that a terminal is ASCII only."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(("-" if options.ascii_only else "─") * options.max_width, "dim")


def section(title: str, *body: RenderableType) -> Group:
    """A titled part, indented, with an empty line after it."""
    return Group(heading(title), *(Padding(part, (0, 0, 1, 2)) for part in body))


def row(table: Table, *cells: str | Text) -> None:
    """Add a row; plain text is text, never markup."""
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))


def grid(columns: int) -> Table:
    """A table without lines whose last column takes the room that is left."""
    table = Table.grid(padding=(0, 2))
    for k in range(columns):
        table.add_column(overflow="fold", ratio=1 if k == columns - 1 else None)
    return table


def ruled() -> Table:
    """A table with a rule under its head."""
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)


def titled(name: str, unit: str) -> Text:
    """The head of a column: a name with its unit under it."""
    title = Text(name)
    if unit:
        title.append(f"\n{unit}", "dim")
    return title


def noted(table: Table, notes: list[str]) -> RenderableType:
    """A table with remarks under it."""
    return Group(table, Text("; ".join(notes), "dim")) if notes else table


def bullet_list(items: Iterable[str], style: str = "") -> Table:
    """One line per item, behind a dash."""
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for item in items:
        row(table, "-", Text(item, style))
    return table


def matrix_axes(keys: tuple[Key, ...], most_rows: int, most_columns: int) -> tuple[list, list] | None:
    """Rows and columns of two-index keys where they fill more than half of a matrix of that size."""
    if not keys or any(len(key) != 2 for key in keys):
        return None
    rows, columns = list(dict.fromkeys(k[0] for k in keys)), list(dict.fromkeys(k[1] for k in keys))
    fits = len(rows) <= most_rows and len(columns) <= most_columns and 2 * len(keys) > len(rows) * len(columns)
    return (rows, columns) if fits else None
