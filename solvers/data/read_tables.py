"""CSV, TSV, Excel and DataFrames to tables. Files are hostile: sizes are capped, formulas are never evaluated."""

from __future__ import annotations

import csv
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from solvers.data.table import Table, column_letters, is_blank, make_table, plain
from solvers.errors import DataError

MAX_TEXT_BYTES = 500_000_000
MAX_UNZIPPED_BYTES = 1_000_000_000
MAX_ROWS = 5_000_000
MAX_CELLS = 30_000_000
_SEPARATORS = (",", ";", "\t", "|")


def check_size(path: Path, cap: int = MAX_TEXT_BYTES) -> None:
    """Raise DataError when a file is missing or larger than `cap` bytes."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", place=path.name,
                        remedy="give the path of a file") from error
    if size > cap:
        raise DataError(f"{size:,} bytes are over the cap of {cap:,}", place=path.name,
                        remedy="split or aggregate the data")


def decoded(path: Path) -> str:
    """UTF-8 text, with or without a byte order mark. Raises DataError for other encodings rather than guess."""
    check_size(path)
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            guess = "it looks like UTF-16"
        else:
            line = content[: error.start].count(b"\n") + 1
            guess = f"byte {error.object[error.start]:#04x} in line {line} looks like Latin-1"
        raise DataError(f"not UTF-8 text: {guess}", place=path.name, remedy="save the file as UTF-8") from error


def read_csv(path: Path) -> list[Table]:
    """The table of a `.csv` or `.tsv` file, named by its stem; the separator is told from the header."""
    lines = decoded(path).splitlines(keepends=True)
    separator = "\t" if path.suffix.lower() == ".tsv" else _separator(lines)
    try:
        rows = _capped(csv.reader(lines, delimiter=separator, strict=True), path.name)
        table = make_table(path.stem, path.name, rows)
        if table is not None and separator == ";":
            _refuse_grouping_points(table)
    except csv.Error as error:
        raise DataError(f"not a table of separated values: {error}", place=path.name,
                        remedy="close every quote; double quotes inside quoted text") from error
    return [table] if table else []


_GROUPED_BY_POINTS = re.compile(r"\s*[-+]?[1-9][0-9]{0,2}\.[0-9]{3}\s*\Z")
_DECIMAL_POINT = re.compile(r"\s*[-+]?([0-9]*\.([0-9]{0,2}|[0-9]{4,})|0\.[0-9]{3}|[0-9]{4,}\.[0-9]*)\s*\Z")


def _refuse_grouping_points(table: Table) -> None:
    """Where semicolons separate, commas are decimal and 1.500 may be 1500: another number must show what points are."""
    texts = [(i, k, cell) for i, row in enumerate(table.rows) for k, cell in enumerate(row) if type(cell) is str]
    doubtful = next((entry for entry in texts if _GROUPED_BY_POINTS.match(entry[2])), None)
    if doubtful is None or any(_DECIMAL_POINT.match(cell) for _, _, cell in texts):
        return
    row, column, cell = doubtful
    text = cell.strip()
    raise DataError(f"{text} could be {text.replace('.', '')}: where semicolons separate, points may group thousands",
                    place=table.at(row, column),
                    remedy="write thousands without points and decimals with one digit more or less (1.5), or separate "
                    "with commas")


def _separator(lines: list[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    try:
        return max(_SEPARATORS, key=lambda s: len(next(csv.reader([header], delimiter=s))))
    except csv.Error:
        return ","


def _capped(rows: Iterable[Iterable[Any]], where: str) -> Iterator[list[Any]]:
    cells = 0
    for count, row in enumerate(rows):
        listed = list(row)
        cells += len(listed)
        if count >= MAX_ROWS or cells > MAX_CELLS:
            raise DataError(f"more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells", place=where,
                            remedy="delete empty rows and columns, split or aggregate the data")
        yield listed


def read_excel(path: Path) -> list[Table]:
    """One table per sheet, named by the sheet. Formulas give the value last calculated, or a DataError if none."""
    import zlib
    from xml.etree.ElementTree import ParseError

    from openpyxl.utils.exceptions import InvalidFileException

    check_size(path)
    try:
        _refuse_bomb(path)
        return _sheets(path)
    except (zipfile.BadZipFile, InvalidFileException, ParseError, zlib.error, OSError, KeyError, ValueError, TypeError,
            AttributeError, IndexError, EOFError, NotImplementedError) as error:
        raise DataError(f"not a readable Excel workbook: {type(error).__name__}: {str(error)[:200]}", place=path.name,
                        remedy="save it again as .xlsx, or export its sheets as CSV") from error


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
    if total > MAX_UNZIPPED_BYTES:
        raise DataError(f"{total:,} bytes unzipped are over the cap of {MAX_UNZIPPED_BYTES:,}", place=path.name,
                        remedy="keep only the sheets that are needed")


def _sheets(path: Path) -> list[Table]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    tables = []
    try:
        for sheet in book.worksheets:
            where = f"{path.name}, sheet {sheet.title!r}"
            sheet.reset_dimensions()  # the declared size may be anything
            table = make_table(sheet.title, where, _capped(sheet.iter_rows(values_only=True), where), spreadsheet=True)
            if table:
                tables.append(table)
    finally:
        book.close()
    blanks = [t for t in tables if any(is_blank(cell) for row in (t.header, *t.rows) for cell in row)]
    if blanks:
        _refuse_uncalculated(path, {t.name for t in blanks})
    return tables


def _refuse_uncalculated(path: Path, sheets: set[str]) -> None:
    """A formula that no spreadsheet program ever calculated reads as blank; it must not pass for a missing cell."""
    from openpyxl import load_workbook

    formulas = load_workbook(path, read_only=True)
    values = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in formulas.worksheets:
            if sheet.title not in sheets:
                continue
            shown = values[sheet.title]
            sheet.reset_dimensions()
            shown.reset_dimensions()
            for row, (written, calculated) in enumerate(zip(sheet.iter_rows(values_only=True),
                                                            shown.iter_rows(values_only=True)), start=1):
                for column, (formula, value) in enumerate(itertools.zip_longest(written, calculated)):
                    if value is None and isinstance(formula, str) and formula.startswith("="):
                        raise DataError(
                            f"the formula {formula[:60]!r} was never calculated",
                            place=f"{path.name}, sheet {sheet.title!r}, cell {column_letters(column)}{row}",
                            remedy="open and save the workbook in a spreadsheet program, or write the value",
                        )
    finally:
        formulas.close()
        values.close()


def from_frame(name: str, frame: Any) -> Table | None:
    """A pandas DataFrame (or Series): a default index is dropped, any other becomes leading columns."""
    where = f"DataFrame {name!r}" if name else "the DataFrame"
    if hasattr(frame, "to_frame") and getattr(frame, "ndim", 0) == 1:
        frame = frame.to_frame(name=frame.name if frame.name is not None else (name or "value"))
    if getattr(frame.columns, "nlevels", 1) > 1:
        raise DataError("columns of several levels", place=where, remedy="stack them: frame.stack().reset_index()")
    if type(frame.index).__name__ != "RangeIndex" or frame.index.name is not None:
        names = [n if n is not None else "" for n in frame.index.names]
        leading = frame.index.to_frame(index=False).to_numpy(dtype=object).tolist()
    else:
        names, leading = [], [[] for _ in range(len(frame))]
    columns = [frame.iloc[:, k].tolist() for k in range(frame.shape[1])]
    body = [list(cells) for cells in zip(*columns)] if columns else [[] for _ in leading]
    rows = [[plain(cell) for cell in (*lead, *cells)] for lead, cells in zip(leading, body)]
    header = [*names, *(plain(c) for c in frame.columns)]
    if not header or all(is_blank(cell) for cell in header):
        return None
    # Rows of a frame are counted from 0, as pandas shows them.
    return Table(name, where, header, rows, list(range(len(rows))))


def from_records(name: str, where: str, records: list[dict[str, Any]]) -> Table:
    """A list of flat objects as a table; entries are counted from 0."""
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[record.get(key) for key in header] for record in records]
    return Table(name, where, list(header), rows, list(range(len(rows))))
