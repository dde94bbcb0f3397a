"""The ten header lines of an NL file (D. M. Gay, Writing .nl Files, 2005, table 3)."""

from __future__ import annotations

from dataclasses import dataclass

from solvers.errors import UnsupportedError
from solvers.io.source import Source, clip

LINES = 10


@dataclass(frozen=True)
class Header:
    """Sizes that the file declares; `body` is the offset after the header, `binary` how it goes on."""

    binary: bool
    big_endian: bool
    columns: int
    rows: int
    objectives: int
    nonlinear_rows: int
    nonlinear_in_rows: int
    nonlinear_in_objectives: int
    nonlinear_in_both: int
    linear_binary: int
    linear_integer: int
    integer_in_both: int
    integer_in_rows: int
    integer_in_objectives: int
    common: int
    body: int

    def integers(self) -> list[tuple[int, int]]:
        """The ranges of columns that are integer, by their place in the order that the format fixes."""
        both, rows = self.nonlinear_in_both, max(self.nonlinear_in_rows, self.nonlinear_in_both)
        nonlinear = max(rows, self.nonlinear_in_objectives)
        linear = self.columns - self.linear_binary - self.linear_integer
        return [
            (both - self.integer_in_both, both), (rows - self.integer_in_rows, rows),
            (nonlinear - self.integer_in_objectives, nonlinear), (linear, self.columns),
        ]  # fmt: skip


def read_header(source: Source) -> Header:
    """The header. Raises FormatError, also where it declares more than the file can hold."""
    data = source.data
    if data[:1] not in (b"g", b"b") or not data[1:2].isdigit():
        raise source.error(f"{clip(data[:8])} begins no NL file", 0, "an NL file begins with g3 (text) or b3 (binary)")
    at, lines, starts = 0, [], []
    for _ in range(LINES):
        stop = data.find(b"\n", at)
        if stop < 0:
            raise source.error("the header is cut off", len(data), f"it has {LINES} lines")
        lines.append(data[at:stop].split(b"#")[0].split())
        starts.append(at)
        at = stop + 1

    def number(line: int, field: int) -> int:
        words = lines[line]
        if field >= len(words):
            return 0
        word = words[field]
        if not word.isdigit() or len(word) > 15:
            raise source.error(f"{clip(word)} is no count", starts[line], "the header holds whole numbers from 0 on")
        return int(word)

    for line, field, what in (
        (1, 5, "logical constraints"), (2, 2, "complementarity conditions"), (2, 3, "complementarity conditions"),
        (3, 0, "network constraints"), (3, 1, "network constraints"), (5, 1, "imported functions"),
    ):  # fmt: skip
        if number(line, field):
            raise UnsupportedError(
                f"{number(line, field)} {what} are not read",
                place=source.error("", starts[line]).place,
                remedy="write the model without them",
            )
    header = Header(
        data[:1] == b"b", number(5, 2) == 2, number(1, 0), number(1, 1), number(1, 2), number(2, 0), number(4, 0),
        number(4, 1), number(4, 2), number(6, 0), number(6, 1), number(6, 2), number(6, 3), number(6, 4),
        sum(number(9, k) for k in range(5)), at,
    )  # fmt: skip
    # Every column and row has at least one byte of bounds, every common expression a segment.
    for line, count, what in (
        (1, header.columns, "columns"),
        (1, header.rows, "rows"),
        (9, header.common, "expressions"),
    ):
        if count > len(data):
            raise source.error(f"the header declares {count} {what}: more than the file can hold", starts[line], "")
    if header.objectives > 1:
        raise UnsupportedError(
            f"{header.objectives} objectives are not read",
            place=source.error("", starts[1]).place,
            remedy="write one file for each objective",
        )
    spans = header.integers()
    ends = [0, *(end for _, end in spans)]
    if any(begin < before or end > header.columns for (begin, end), before in zip(spans, ends)):
        raise source.error("the counts of nonlinear and integer columns do not fit together", starts[4], "")
    return header
