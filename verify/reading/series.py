"""Numbers told of several things in one sentence: `Lund can send out 12 pallets, Kiel 9 and Gdansk 14`.

A sentence is a series when names and numbers take turns in it, each name with equally many numbers. Names are those
that the text lists elsewhere (a table, a list), or a noun with a letter or number (`crate A`, `week 3`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from verify.reading.operators import operators_of
from verify.reading.records import NUMERAL, Field, Record, RecordGroup
from verify.reading.words import parse_number

LEAST = 3
"""A series of fewer names is left to the textbook reader, unless the names stand in a table."""
MOST_CHARACTERS = 3000

_NUMBER = re.compile(rf"(?<![\w.:])(?P<currency>[$€£¥])?(?P<digits>{NUMERAL})(?![\d:])(?P<percent>\s?%)?")
_CLASSED = re.compile(r"\b(?P<noun>[A-Za-z][a-z]{2,})\s+(?P<tail>[A-Z]|\d{1,3})\b(?![.,]\d|:\S)")
_SENTENCE = re.compile(r"[^\s.?!](?:[^.?!\n]|[.](?=\d))*")
_ENDS = re.compile(r",|;|\band\b|\bwhile\b|\bwhereas\b|[.?!]")

Spans = list[tuple[str, int, int]]


def read_series(
    text: str, known: Iterable[Callable[[str], Spans]], masked: Iterable[tuple[int, int]] = ()
) -> tuple[RecordGroup, ...]:
    """The series of a text. `known` finds the names of one set each in a sentence; `masked` spans are passed over."""
    hidden = list(masked)
    finders = list(known)
    groups = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if len(sentence) > MOST_CHARACTERS or any(a < match.end() and match.start() < b for a, b in hidden):
            continue
        numbers = list(_NUMBER.finditer(sentence))
        if len(numbers) < 2:
            continue
        for names, least in [*((find(sentence), 2) for find in finders), (_classed(sentence), LEAST)]:
            found = _series(sentence, match.start(), names, least)
            if found:
                groups.append(found)
                break
    return tuple(groups)


def _classed(sentence: str) -> Spans:
    """Names made of one noun and different letters or numbers; the noun that most of them share."""
    by_noun: dict[str, Spans] = {}
    for match in _CLASSED.finditer(sentence):
        name = f"{match['noun']} {match['tail']}"
        by_noun.setdefault(match["noun"].lower(), []).append((name, *match.span()))
    return max(by_noun.values(), key=len, default=[])


def _series(sentence: str, start: int, names: Spans, least: int) -> RecordGroup | None:
    numbers = [m for m in _NUMBER.finditer(sentence) if not any(a <= m.start() < b for _, a, b in names)]
    labels = [name for name, _, _ in names]
    if len(names) < least or len(set(labels)) != len(labels) or not numbers or len(numbers) % len(names):
        return None
    each = len(numbers) // len(names)
    marks = [(a, "L", k) for k, (_, a, _) in enumerate(names)]
    marks = sorted(marks + [(m.start(), "N", k) for k, m in enumerate(numbers)])
    shape = "".join(kind for _, kind, _ in marks)
    if shape == ("L" + "N" * each) * len(names):
        name_first = True
    elif shape == ("N" * each + "L") * len(names) and each == 1:
        name_first = False
    elif len(names) >= LEAST and shape == "L" * len(names) + "N" * len(names) and _is_list(sentence, names, numbers):
        return _in_turn(sentence, start, names, numbers)
    else:
        return None
    records = []
    for k, (label, a, b) in enumerate(names):
        own = numbers[k * each : (k + 1) * each]
        if name_first:
            low, high = a, names[k + 1][1] if k + 1 < len(names) else len(sentence)
        else:
            low, high = own[0].start(), b
        fields = _fields(sentence, start, own, 0 if k == 0 else b if name_first else names[k - 1][2], high)
        records.append(Record(label, fields, start + low, start + min(high, _stop(sentence, max(b, own[-1].end())))))
    units = {(re.findall(r"[A-Za-z%$€£]+", field.unit) or [""])[0] for r in records for field in r.fields[:1]}
    if each == 1 and len(units - {""}) > 1:
        return None
    records = _with_unit(records)
    first, last = records[0], records[-1]
    return RecordGroup("entity", sentence, tuple(records), first.start, last.end, start)


_LIST_GAP = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+)(?:the\s+)?[$€£]?")


def _is_list(sentence: str, names: Spans, numbers: list[re.Match[str]]) -> bool:
    """Whether all names are one list and all numbers another: `Hull, Ripon and Selby need 50, 60 and 40 pallets`."""
    gaps = [sentence[a[2] : b[1]] for a, b in pairwise(names)]
    gaps += [sentence[a.end() : b.start()] for a, b in pairwise(numbers)]
    between = sentence[names[-1][2] : numbers[0].start()]
    turned = any(operator.kind != "modal" for operator in operators_of(between))
    return all(map(_LIST_GAP.fullmatch, gaps)) and not turned and not re.search(r"\bor\b", between)


def _in_turn(sentence: str, start: int, names: Spans, numbers: list[re.Match[str]]) -> RecordGroup:
    """The numbers of a list given to the names of another, in turn; the unit after the last one holds for all."""
    last = _fields(sentence, start, numbers[-1:], names[-1][2], len(sentence))[0]
    words = " ".join(sentence[names[-1][2] : numbers[0].start()].split())
    records = []
    for (label, low, _), number in zip(names, numbers):
        a, b = start + number.start("digits"), start + number.end("digits")
        field = Field(words, parse_number(number["digits"]), last.unit, a, b)
        records.append(Record(label, (field,), start + low, b))
    return RecordGroup("entity", sentence, tuple(records), start + names[0][1], start + numbers[-1].end(), start)


def _stop(sentence: str, at: int) -> int:
    """Where the words about a number end: the next comma or conjunction."""
    match = _ENDS.search(sentence, at)
    return match.start() if match else len(sentence)


def _fields(
    sentence: str, start: int, own: list[re.Match[str]], low: int, high: int
) -> tuple[Field, ...]:
    """The fields of one name: the words before each number (after the name, where it comes first) and its unit."""
    fields = []
    position = low
    for match, following in [*pairwise(own), (own[-1], None)]:
        end = _stop(sentence, match.end())
        stop = min(end, following.start() if following else high)
        unit = re.split(r"\b(?:in|from|to|at|for|with|of|on|by)\b", sentence[match.end() : stop])[0].strip(" \t*")
        unit = f"{(match['percent'] or match['currency'] or '').strip()} {unit}".strip()
        words = " ".join(sentence[position : match.start()].strip(" ,;").split())
        value = parse_number(match["digits"])
        fields.append(Field(words, value, unit, start + match.start("digits"), start + match.end("digits")))
        position = match.end()
    return tuple(fields)


def _with_unit(records: list[Record]) -> list[Record]:
    """A unit told of the first name only holds for all: `Kiel 9 and Gdansk 14` after `Lund 12 pallets`."""
    first = [field.unit for field in records[0].fields]
    filled = []
    for record in records:
        fields = tuple(
            Field(f.name, f.value, f.unit or unit, f.start, f.end) for f, unit in zip(record.fields, first)
        )
        filled.append(Record(record.entity, fields, record.start, record.end))
    return filled
