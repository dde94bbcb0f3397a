"""Lists of bare numbers, `- 12 kg` line by line: each is a thing without a name, called by its place in the list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from verify.reading.records import NUMERAL, Field, Record, RecordGroup
from verify.reading.tables import parse_number

LEAST = 3
_LINE = re.compile(
    rf"[ \t]*(?:[*•▪◦·+–—-]|\(?\d{{1,3}}[.)])[ \t]+(?P<digits>{NUMERAL})[ \t]*"
    r"(?P<unit>[A-Za-z][A-Za-z³²]*(?: [a-z]+)?)?[ \t]*[,;.]?[ \t]*"
)


def read_bare(text: str, masked: Iterable[tuple[int, int]] = ()) -> tuple[RecordGroup, ...]:
    """The lists of three or more lines that hold a number and perhaps its unit; `masked` spans are passed over."""
    hidden = list(masked)
    groups: list[RecordGroup] = []
    run: list[Record] = []
    heading, heading_start, position = "", 0, 0
    for line in [*text.split("\n"), "\0"]:
        start, position = position, position + len(line) + 1
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match and not any(a < start + len(line) and start < b for a, b in hidden):
            low, high = start + match.start("digits"), start + match.end("digits")
            field = Field("", parse_number(match["digits"]), match["unit"] or "", low, high)
            run.append(Record(f"item {len(run) + 1}", (field,), start, start + len(line.rstrip())))
            continue
        if not line.strip():
            continue
        if len(run) >= LEAST:
            groups.append(RecordGroup("entity", heading, tuple(run), run[0].start, run[-1].end, heading_start))
        run, heading, heading_start = [], line.strip(), start
    return tuple(groups)
