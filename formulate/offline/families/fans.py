"""Links told from one end: `From City 1: to City 2 costs 26, to City 3 costs 39`; each becomes a nested record."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from verify.reading.records import NUMERAL, Field, Record, RecordGroup
from verify.reading.words import parse_number

_NOT_A_CLASS = r"(?!(?:From|To|And|The|If|For|In|On|At|Lastly|Finally|With|By|Then|While)\b)"
_LABEL = re.compile(
    rf"\b(?P<full>{_NOT_A_CLASS}[A-Z][a-z]+\s+(?:\d{{1,3}}|[A-Z])\b(?![.,]\d)|[A-Z]{{2,4}}\s\d{{1,3}}\b"
    r"|[A-Z]\d{1,3}\b)"
    r"|\b[Tt]o\s+(?P<digits>\d{1,3})(?=\s+(?:costs?|is|takes)\b)"
    r"|\b(?:[Tt]o|[Ff]rom|reach|visit|and)\s+(?P<bare>[A-Z][A-Za-z]*)\b(?!\s+(?:\d|[A-Z]\b)|\s*:)"
)
_AMOUNT = re.compile(rf"(?<![\w.])(?P<currency>[$€£])?(?P<digits>{NUMERAL})(?!\d)")
_AIM = re.compile(r"(?:\b(?:to|reach|visit|into|towards?|and)|[,;(:])\s*(?:the\s+)?$", re.I)
_ORIGIN = re.compile(r"\b(?:from|from/to|leaving|out\s+of|departing|at|for)\s+(?:the\s+)?$|^\W*$", re.I)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: str = ""
    value: int | float = 0


def _marks(text: str) -> list[_Mark]:
    labels: list[_Mark] = []
    for match in _LABEL.finditer(text):
        kind = next(name for name in ("full", "digits", "bare") if match[name])
        labels.append(_Mark(match.start(kind), match.end(kind), " ".join(match[kind].split())))
    starts = [label.start for label in labels]
    numbers = []
    for match in _AMOUNT.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at < 0 or match.start() >= labels[at].end:
            numbers.append(_Mark(match.start(), match.end(), "", parse_number(match["digits"])))
    return sorted([*labels, *numbers], key=lambda mark: mark.start)


def _fan(text: str, start: int) -> list[Record] | None:
    """The links of one line: an origin, then destinations and numbers by turns; None where it is no such line."""
    marks = _marks(text)
    if len(marks) > 2 and not marks[0].label and marks[1].label and marks[2].label:
        marks[:2] = [marks[1], marks[0]]  # "it costs 77 units to go from A to B, 89 to C"
    if len(marks) < 3 or len(marks) % 2 == 0 or not marks[0].label or not _ORIGIN.search(text[: marks[0].start]):
        return None
    origin, rest = marks[0], marks[1:]
    turned = not rest[0].label
    records: list[Record] = []
    for first, second in zip(rest[::2], rest[1::2]):
        place, amount = (second, first) if turned else (first, second)
        if not place.label or amount.label or place.label == origin.label:
            return None
        before = text[max(0, place.start - 12) : place.start]
        if not _AIM.search(before):
            return None
        unit = re.match(r"\s*([A-Za-z]{1,12})", text[amount.end :])
        name = text[origin.end : amount.start] if not records else ""
        named = Field(
            " ".join(name.split())[-60:],
            amount.value,
            unit[1] if unit else "",
            start + amount.start,
            start + amount.end,
        )
        records.append(
            Record(
                place.label,
                (named,),
                start + min(place.start, amount.start),
                start + max(place.end, amount.end),
                parent=origin.label,
                parent_start=start,
            )
        )
    aimed = re.search(r"\b(?:to|reach|visit|into|towards?)\b", text[origin.end :], re.I)
    return records if len(records) >= 2 and aimed and not re.search(r"\breceiv", text, re.I) else None


def _pieces(text: str) -> Iterable[tuple[str, int]]:
    position = 0
    for line in text.split("\n"):
        at = 0
        for match in re.finditer(r"(?<=[a-z\d)])\.\s+(?=[A-Z])|$", line):
            piece = line[at : match.start()]
            if piece.strip():
                yield piece, position + at
            at = match.end()
        position += len(line) + 1


def read_fans(text: str) -> tuple[RecordGroup, ...]:
    """Groups of links told from one end, one group for each run of such lines or sentences."""
    groups: list[RecordGroup] = []
    run: list[Record] = []
    heading, heading_start = "", 0
    for piece, start in [*_pieces(text), ("", len(text))]:
        lead = len(piece) - len(piece.lstrip(" \t*-•–"))
        records = _fan(piece[lead:], start + lead)
        if records:
            run.extend(records)
            continue
        if len({record.parent for record in run}) >= 2:
            groups.append(RecordGroup("nested", heading, tuple(run), run[0].parent_start, run[-1].end, heading_start))
        run, heading, heading_start = [], piece.strip(), start
    return tuple(groups)
