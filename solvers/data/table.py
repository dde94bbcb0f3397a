"""A rectangular table as it was read, and the meaning of its cells: blank, number, label."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from solvers.errors import DataError, Place
from solvers.formulation import Label

_INTEGER = re.compile(r"[-+]?[0-9]{1,300}\Z")
_DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,4})?\Z")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}((,[0-9]{3}){2,}(\.[0-9]*)?|,[0-9]{3}\.[0-9]*)\Z")
_ONE_GROUP = re.compile(r"[-+]?[0-9]{1,3},[0-9]{3}\Z")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9.]*,[0-9]+([eE][-+]?[0-9]+)?\Z")
_PLAIN_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,17})\Z")
_UNIT = re.compile(r"(.*\S)\s*[\[(]\s*([^\[\]()]*(?:\([^()]*\))?[^\[\]()]*?)\s*[\])]\s*\Z")
_SHEET_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})


@dataclass(eq=False)
class Table:
    """`rows[i]` stands in row `numbers[i]` of `where`; all rows are as long as `header`.

    `original` is the table of which this one is the transpose.
    """

    name: str
    where: str
    header: list[Any]
    rows: list[list[Any]]
    numbers: list[int]
    spreadsheet: bool = False
    units: dict[int, str] = field(default_factory=dict)
    original: Table | None = None

    def at(self, row: int | None, column: int | None = None) -> str:
        """`costs.xlsx, sheet 'demand', cell C7`; row None is the header."""
        if self.original is not None and column is not None:
            return self.original.at(column - 1 if column else None, 0 if row is None else row + 1)
        if row is None:
            return self.where if column is None else f"{self.where}, header {self.header[column]!r}"
        number = self.numbers[row]
        if column is None:
            return f"{self.where}, row {number}"
        if self.spreadsheet:
            return f"{self.where}, cell {column_letters(column)}{number}"
        return f"{self.where}, row {number}, column {column + 1}"

    def transposed(self) -> Table:
        """Rows as columns; row numbers then count columns."""
        names = [row[0] for row in self.rows]
        rows = [[self.header[k], *(row[k] for row in self.rows)] for k in range(1, len(self.header))]
        return Table(self.name, self.where, [self.header[0], *names], rows, list(range(2, len(self.header) + 1)),
                     self.spreadsheet, original=self)

    def column_names(self) -> list[str]:
        """Headers as text, without a unit in brackets."""
        return [split_unit(cell)[0] for cell in self.header]

    def unit_of(self, column: int) -> str | None:
        """The unit that the header or a row of units gives to a column."""
        return split_unit(self.header[column])[1] or self.units.get(column)


def make_table(
    name: str, where: str, rows: Iterable[list[Any]], *, spreadsheet: bool = False, first_number: int = 1
) -> Table | None:
    """A table from rows of which the first that is not blank is the header; None when all are blank.

    Raises DataError for a row longer than the header. A row of units under the header is taken as such.
    """
    header: list[Any] | None = None
    kept: list[list[Any]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows, start=first_number):
        if all(is_blank(cell) for cell in row):
            continue
        if header is None:
            header = _trimmed(row)
            continue
        if len(row) > len(header):
            spare = next((k for k, c in enumerate(row[len(header):], len(header)) if not is_blank(c)), None)
            if spare is not None:
                raise DataError(
                    f"the row has {spare + 1} cells, the header {len(header)}", place=f"{where}, row {number}",
                    remedy="give every column a header; quote text that holds the separator",
                )
            row = row[: len(header)]
        kept.append(row + [None] * (len(header) - len(row)))
        numbers.append(number)
    if header is None:
        return None
    table = Table(name, where, header, kept, numbers, spreadsheet)
    _take_units(table)
    return table


def _trimmed(row: list[Any]) -> list[Any]:
    last = max(k for k, cell in enumerate(row) if not is_blank(cell))
    return [None if is_blank(cell) else cell for cell in row[: last + 1]]


def _take_units(table: Table) -> None:
    """A first row that says `unit` or is blank where labels stand, and holds no number, gives units."""
    if len(table.rows) < 2:
        return
    first, *others = table.rows[0]
    said = isinstance(first, str) and first.strip().casefold() in ("unit", "units")
    texts = [c for c in others if not is_blank(c)]
    if not texts or not (said or is_blank(first)) or not all(isinstance(c, str) and not _numeric(c) for c in texts):
        return
    table.units = {
        k: str(c).strip().strip("[]()").strip() for k, c in enumerate(others, 1) if not is_blank(c)
    }
    del table.rows[0], table.numbers[0]


def _numeric(text: str) -> bool:
    return bool(_DECIMAL.match(text.strip()) or _DECIMAL_COMMA.match(text.strip()))


def split_unit(header: Any) -> tuple[str, str | None]:
    """`demand [kg]` or `demand (kg)` as name and unit."""
    text = "" if header is None else str(plain(header)).strip()
    match = _UNIT.match(text)
    return (match.group(1), match.group(2) or None) if match else (text, None)


def plain(cell: Any) -> Any:
    """Without wrappers of numpy and pandas; their missing values become None."""
    kind = type(cell)
    if kind in (str, int, bool) or cell is None:
        return cell
    if kind is float:
        return None if math.isnan(cell) else cell
    if kind.__name__ in ("NAType", "NaTType"):
        return None
    item = getattr(cell, "item", None)
    if callable(item) and getattr(cell, "ndim", None) == 0:
        return plain(item())
    return cell


def is_blank(cell: Any) -> bool:
    """Nothing, only spaces, or a missing value."""
    if type(cell) is str:
        return not cell or cell.isspace()
    value = plain(cell)
    return value is None or (isinstance(value, str) and not value.strip())


def plain_number(text: str) -> int | float | None:
    """The number that text is, without any thought of separators; None when it is none."""
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else None


def number_of(cell: Any, where: str, name: str) -> int | float | None:
    """The number in a cell, None when blank. Raises DataError, naming the cell, for anything else.

    Thousands separators are taken only where they cannot be decimal commas (`1,234,567`, `1,234.5`).
    """
    value = plain(cell)
    if value is None or type(value) is int or type(value) is float:
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        number = plain_number(text)
        if number is not None:
            return number
        if _GROUPED.match(text):
            return float(text.replace(",", "")) if "." in text else int(text.replace(",", ""))
        raise DataError(f"{_shown(value)} is not a number [{where}]", place=Place(name), remedy=_remedy(text))
    dated = isinstance(value, (datetime.date, datetime.time, datetime.timedelta))
    remedy = "format the cell as a number: it is stored as a date or time" if dated else "write 1 or 0, or a number"
    raise DataError(f"{value} is not a number [{where}]", place=Place(name), remedy=remedy)


def _remedy(text: str) -> str:
    if text in _SHEET_ERRORS:
        return "correct the formula of that cell"
    if _ONE_GROUP.match(text):
        return (f"write {text.replace(',', '')} for thousands or {text.replace(',', '.')} for a decimal comma: "
                "it could be either")
    if _DECIMAL_COMMA.match(text):
        return "write decimals with a point, as in " + text.replace(".", "").replace(",", ".")
    if text.endswith("%"):
        return "write the ratio as a number, as in 0.05 for 5%"
    if text.casefold() in ("na", "n/a", "nan", "null", "none", "-", "–", "—"):
        return "leave the cell blank where there is no value"
    return "write the number alone; a unit belongs into the header, as in `demand [kg]`"


def label_of(cell: Any, where: str, name: str) -> Label:
    """The label in a cell: text without surrounding spaces, or an integer. Raises DataError naming the cell."""
    value = plain(cell)
    if isinstance(value, bool):
        raise DataError(f"{value} is not a label [{where}]", place=Place(name), remedy="write it as text")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat()
    if isinstance(value, str):
        text = value.strip()
        if text and text not in _SHEET_ERRORS:
            return text
    shown = "a blank cell" if is_blank(value) else _shown(value)
    raise DataError(f"{shown} where a label belongs [{where}]", place=Place(name), remedy="write the label out in full")


def whole(label: Label) -> Label:
    """An integer where text is one, digit for digit."""
    return int(label) if isinstance(label, str) and _PLAIN_INTEGER.match(label) else label


def column_letters(column: int) -> str:
    """Spreadsheet letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def fold(name: object) -> str:
    """A name without case, spaces, hyphens and underscores, for comparing headers with declared names."""
    return re.sub(r"[\s_\-]+", "", str(name)).casefold()


def names_axis(header: str, axis: str) -> bool:
    """Whether a header names the set, in the plural or the singular."""
    mine, theirs = fold(header), fold(axis)
    if not mine:
        return False
    return mine == theirs or theirs in _plurals(mine) or mine in _plurals(theirs)


def mentions_axis(header: str, axis: str) -> bool:
    """Whether a header begins or ends with the name of the set: `week no`, `origin plant`."""
    words = re.findall(r"[^\W_]+", header.casefold())
    return len(words) > 1 and any(names_axis(word, axis) for word in (words[0], words[-1]))


def _plurals(word: str) -> tuple[str, ...]:
    return f"{word}s", f"{word}es", re.sub(r"y\Z", "ies", word)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
