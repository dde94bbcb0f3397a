"""Tables in problem texts: pipe (Markdown) tables, aligned columns, tab-separated rows, simple LaTeX tabulars.

Every cell keeps its span in the text, so that a number read from a table can be quoted and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from verify.reading.words import parse_number

_CELL_NUMBER = re.compile(
    r"^[\s~≈*]*(?P<sign>[-+−])?\s*(?P<currency>[$€£¥])?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3}){1,90}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE](?P<power>[-+]?\d{1,2}))?\s*"
    r"(?P<unit>%|(?!(?:to|or|plus|and)\b)[A-Za-z°µ](?:[\w/.²³]|[ ](?!\d))*)?[\s*]*$"
)
_RULE = re.compile(r"^[\s|:+\-–—=]+$")
_EMPTY = frozenset({"", "-", "–", "—", "n/a", "na", "none", "x", "/", "∞", "inf", "infinity"})


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its text, its span in the document, and its number and unit where it holds one."""

    text: str
    start: int
    end: int
    value: int | float | None = None
    unit: str = ""

    @property
    def empty(self) -> bool:
        """Whether the cell says that there is no entry."""
        return self.text.strip().lower() in _EMPTY


@dataclass(frozen=True, slots=True)
class Table:
    """A header row (possibly empty) and the rows below it, each with a label cell first where it has one."""

    header: tuple[TableCell, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    start: int
    end: int

    @property
    def labelled(self) -> bool:
        """Whether the first column holds row labels: the header has a corner, or the first cells are words."""
        if not self.rows:
            return False
        return all(row and (row[0].value is None or row[0].unit) for row in self.rows) or (
            bool(self.header) and _is_counting([row[0].value for row in self.rows])
            and len(self.header) == len(self.rows[0])
        )

    @property
    def row_labels(self) -> tuple[str, ...]:
        """The labels of the rows; empty where the rows have none."""
        return tuple(row[0].text for row in self.rows) if self.labelled else ()

    @property
    def column_labels(self) -> tuple[str, ...]:
        """The labels of the value columns (the corner cell left out where rows are labelled)."""
        if not self.header:
            return ()
        width = max((len(row) for row in self.rows), default=0) - (1 if self.labelled else 0)
        cells = self.header
        if self.labelled and len(cells) == width + 1:
            cells = cells[1:]
        return tuple(cell.text for cell in cells)

    @property
    def body(self) -> tuple[tuple[TableCell, ...], ...]:
        """The value cells, row by row, without labels."""
        return tuple(row[1:] for row in self.rows) if self.labelled else self.rows

    @property
    def numeric(self) -> bool:
        """Whether every value cell is a number or says that there is none, and one at least is a number."""
        cells = [cell for row in self.body for cell in row]
        return any(cell.value is not None for cell in cells) and all(
            cell.value is not None or cell.empty for cell in cells
        )

    @property
    def regular(self) -> bool:
        """Whether all rows are equally long and agree with the header."""
        widths = {len(row) for row in self.body}
        return len(widths) == 1 and (not self.header or widths == {len(self.column_labels)})

    def column(self, position: int) -> tuple[TableCell, ...]:
        """The value cells of one column, counted without the label column."""
        return tuple(row[position] for row in self.body)

    def transposed(self) -> Table:
        """The same table with rows and columns exchanged; needs labels on both sides and regular rows."""
        if not (self.labelled and self.header and self.regular):
            raise ValueError("only a regular table with row and column labels can be transposed")
        width = len(self.column_labels)
        heads = self.header[-width:]
        corner = self.header[:1] if len(self.header) > width else (TableCell("", self.start, self.start),)
        rows = tuple((heads[j], *self.column(j)) for j in range(width))
        return Table((*corner, *(row[0] for row in self.rows)), rows, self.start, self.end)


def _is_counting(values: list[int | float | None]) -> bool:
    return len(values) > 1 and values in (list(range(1, len(values) + 1)), list(range(len(values))))


def read_cell(text: str, start: int) -> TableCell:
    """A cell from its raw text, trimmed, with its number and unit if it is one."""
    stripped = text.strip(" \t*$\\") if "$" in text and "\\" in text else text.strip()
    lead = text.find(stripped) if stripped else 0
    begin = start + max(lead, 0)
    match = _CELL_NUMBER.match(stripped)
    value: int | float | None = None
    unit = ""
    if match:
        value = parse_number(match["digits"])
        if match["power"]:
            value = float(value) * 10.0 ** int(match["power"])
        if match["sign"] in ("-", "−"):
            value = -value
        unit = (match["unit"] or match["currency"] or "").strip()
    return TableCell(stripped, begin, begin + len(stripped), value, unit)


def _lines(text: str) -> list[tuple[int, str]]:
    found, position = [], 0
    for line in text.split("\n"):
        found.append((position, line.rstrip("\r")))
        position += len(line) + 1
    return found


def _split_pipe(line: str, offset: int) -> list[TableCell]:
    parts, position = [], 0
    for piece in line.split("|"):
        parts.append((position, piece))
        position += len(piece) + 1
    if parts and not parts[0][1].strip():
        parts = parts[1:]
    if parts and not parts[-1][1].strip():
        parts = parts[:-1]
    return [read_cell(piece, offset + at) for at, piece in parts]


_GAP = re.compile(r"\t+| {2,}")


def _split_aligned(line: str, offset: int) -> list[TableCell]:
    indent = len(line) - len(line.lstrip())
    cells, position = [], indent
    content = line.rstrip()
    for gap in _GAP.finditer(content, indent):
        cells.append(read_cell(content[position : gap.start()], offset + position))
        position = gap.end()
    cells.append(read_cell(content[position:], offset + position))
    return cells


def _assemble(rows: list[list[TableCell]], ruled: int | None) -> Table | None:
    """A table from its rows; `ruled` is the number of rows above the rule under the header, if there is one."""
    rows = [row for row in rows if row]
    if len(rows) < 2:
        return None
    start, end = rows[0][0].start, rows[-1][-1].end
    first = rows[0]
    wordy = sum(cell.value is None for cell in first[1:]) > (len(first) - 1) / 2
    counting = _is_counting([cell.value for cell in first[1:]])
    cornered = first[0].value is None and counting and len(first) > 2
    if ruled == 1 or (ruled is None and len(first) > 1 and (wordy or cornered)):
        return Table(tuple(first), tuple(map(tuple, rows[1:])), start, end)
    return Table((), tuple(map(tuple, rows)), start, end)


_NARROW_ROW = re.compile(r"\s*[^|\s][^|]*\|\s*[$€£]?\d[\d,.]*\s*[A-Za-z%]*\s*")


def _narrow(text: str) -> frozenset[int]:
    """Where the lines of tables of two columns without outer bars start: a head, then lines `1 | 5`."""
    found: set[int] = set()
    run: list[int] = []
    head = -1
    for offset, line in [*_lines(text), (len(text), "")]:
        if _NARROW_ROW.fullmatch(line) and head >= 0:
            run.append(offset)
            continue
        if len(run) > 1:
            found |= {head, *run}
        if run or not (_RULE.match(line) and "|" in line):
            run, head = [], offset if line.count("|") == 1 else -1
    return frozenset(found)


def _pipe_tables(text: str) -> Iterable[Table]:
    rows: list[list[TableCell]] = []
    ruled: int | None = None
    narrow = _narrow(text)
    for offset, line in [*_lines(text), (len(text), "")]:
        bars = line.count("|")
        if bars >= 2 or (bars and rows) or offset in narrow:
            if _RULE.match(line):
                if ruled is None:
                    ruled = len(rows)
            else:
                rows.append(_split_pipe(line, offset))
            continue
        if rows:
            table = _assemble(rows, ruled)
            if table is not None:
                yield table
        rows, ruled = [], None


def _aligned_tables(text: str, taken: list[tuple[int, int]]) -> Iterable[Table]:
    rows: list[list[TableCell]] = []
    ruled: int | None = None
    for offset, line in [*_lines(text), (len(text), "")]:
        inside = any(start <= offset < end or offset <= start < offset + len(line) for start, end in taken)
        cells = [] if inside or not line.strip() else _split_aligned(line, offset)
        if rows and line.strip() and _RULE.match(line) and not inside:
            ruled = len(rows) if ruled is None else ruled
            continue
        fits = len(cells) >= 3 or (rows and len(cells) == len(rows[-1]) >= 2)
        if fits and (not rows or abs(len(cells) - len(rows[-1])) <= 1):
            rows.append(cells)
            continue
        table = _assemble(rows, ruled) if len(rows) >= 3 else None
        if table is not None and table.numeric and table.regular:
            yield table
        rows, ruled = ([cells] if len(cells) >= 3 else []), None


_TABULAR = re.compile(r"\\begin\{(tabular|array)\}(?:\{[^{}]*\})?(?P<body>.*?)\\end\{\1\}", re.S)
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?")


def _latex_tables(text: str) -> Iterable[Table]:
    for match in _TABULAR.finditer(text):
        offset = match.start("body")
        rows, position = [], 0
        body = re.sub(
            r"\\(?:hline|toprule|midrule|bottomrule|cline\{[^{}]*\})",
            lambda found: " " * len(found.group()), match["body"],
        )
        for end in [*_ROW_END.finditer(body), None]:
            stop = end.start() if end else len(body)
            row, at = [], position
            for piece in body[position:stop].split("&"):
                row.append(read_cell(piece, offset + at))
                at += len(piece) + 1
            if any(cell.text for cell in row):
                rows.append(row)
            position = end.end() if end else stop
        table = _assemble(rows, None)
        if table is not None:
            yield table


def find_tables(text: str) -> tuple[Table, ...]:
    """All tables of a text in their order: pipe tables, LaTeX tabulars, then aligned or tab-separated columns."""
    tables = [*_pipe_tables(text), *_latex_tables(text)]
    taken = [(table.start, table.end) for table in tables]
    tables.extend(_aligned_tables(text, taken))
    return tuple(sorted(tables, key=lambda table: table.start))
