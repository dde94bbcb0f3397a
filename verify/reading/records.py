"""Records: list items and parallel sentences that give an entity, or a pair of entities, its numbers.

`Crate A: mass 19 kg, utility 160` becomes a record of entity `Crate A` with two fields; `P to Q: 104.0 ms`
one of the pair (P, Q); `Job 1: (Saw, 3) → (Lathe, 2)` one with steps; items nested under `From Plant A:`
carry that parent. Spans point into the document, so that every number can be quoted and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from verify.reading.words import parse_number

Kind = Literal["entity", "pair", "nested", "sequence"]

NUMERAL = r"(?:\d{1,3}(?:,\d{3}){1,90}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<sign>[-−](?=[\d.]))?(?P<currency>[$€£¥])?(?P<digits>{NUMERAL})(?!\d)(?P<percent>\s?%)?"
)
_LABEL_WORD = r"[A-Za-z][\w'’]*(?:-[\w]+)*"
_BULLET = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>(?:[*•▪◦·+]|[-–—])[ \t]*|\(?(?:\d{1,3}|[a-z])[.)][ \t]+)")
_INLINE_BULLET = re.compile(r"(?<=[:;.])[ \t]*[*•](?=[ \t]*\w)")
_STEP = re.compile(
    rf"[(\[]\s*(?P<label>[^()\[\],:;→]*?[A-Za-z#][^()\[\],:;→]*?|\d+)\s*[,:;]\s*(?P<digits>{NUMERAL})\s*"
    r"(?P<unit>[A-Za-z]*)\s*[)\]]"
)
_STEP_OUTSIDE = re.compile(
    rf"(?<![\w-])(?P<label>[A-Z][\w\-]*(?:[ ][A-Z\d][\w\-]*){{0,6}})\s*\(\s*"
    rf"(?P<digits>{NUMERAL})\s*(?P<unit>[A-Za-z]*)\s*\)"
)


_STEP_TOLD = re.compile(
    rf"(?:first|then|next|finally|lastly|afterwards)\s+(?:on\s+|at\s+|to\s+|through\s+)?(?:the\s+)?"
    rf"(?P<label>[A-Za-z](?:[\w-]|[ ](?!for\b)){{0,30}})\s+for\s+(?P<digits>{NUMERAL})\s*(?P<unit>[A-Za-z]*)",
    re.I,
)
"""`first the press for 5 minutes, then the cutter for 4 minutes`"""


@dataclass(frozen=True, slots=True)
class Field:
    """One number of a record: the words before it (`name`), its value, the words after it (`unit`), its span.

    `sub` is a second entity that the field speaks of (`Stage 1` in `Stage 1 consumes 0.6`); `place` is the
    position inside a bracket such as `[0.1, 0.8]` or `(3, 7)`, and `width` how many numbers the bracket holds.
    """

    name: str
    value: int | float
    unit: str
    start: int
    end: int
    sub: str = ""
    place: int = 0
    width: int = 0

    @property
    def words(self) -> str:
        """Name and unit together, in lower case: what the number is called."""
        return f"{self.name} {self.unit}".lower()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence: a label (a machine, a place) and a number (a duration), with the number's span."""

    label: str
    value: int | float
    start: int
    end: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What one item says of `entity` (and of `other`, for a pair, or under `parent`, for a nested item)."""

    entity: str
    fields: tuple[Field, ...]
    start: int
    end: int
    other: str = ""
    parent: str = ""
    steps: tuple[Step, ...] = ()
    parent_start: int = -1


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Parallel records under one heading; `heading` is the text that introduces them."""

    kind: Kind
    heading: str
    records: tuple[Record, ...]
    start: int
    end: int
    heading_start: int = 0

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities in the order of the text, without repetition."""
        return tuple(dict.fromkeys(record.entity for record in self.records))


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    start: int
    indent: int
    bulleted: bool
    heading: str = ""
    heading_start: int = 0
    after_gap: bool = False


# --- items -----------------------------------------------------------------------------------------------


def _items(text: str, masked: list[tuple[int, int]]) -> list[list[_Item]]:
    """Runs of items. A run ends at a line that is not an item; blank lines within a run are passed over."""
    runs: list[list[_Item]] = []
    run: list[_Item] = []
    heading, heading_start = "", 0
    position, gap = 0, False
    for raw in [*text.split("\n"), "\0"]:
        start, line = position, raw.rstrip("\r")
        position += len(raw) + 1
        if raw == "\0" or any(a <= start < b for a, b in masked):
            if run:
                runs.append(run)
            run = []
            continue
        if not line.strip():
            gap = True
            continue
        for piece, at in _pieces(line, start):
            bullet = _BULLET.match(piece)
            bare = not bullet and bool(_BARE_ITEM.match(piece)) and not _SENTENCE_END.search(piece)
            if bullet or bare:
                lead = len(bullet.group()) if bullet else len(piece) - len(piece.lstrip())
                indent = len(bullet["indent"].expandtabs(4)) if bullet else len(piece) - len(piece.lstrip())
                run.append(
                    _Item(piece[lead:].rstrip(), at + lead, indent, bool(bullet), heading, heading_start, gap)
                )
                gap = False
                continue
            if run:
                runs.append(run)
            run, heading, heading_start, gap = [], piece.strip(), at, False
    return runs


def _pieces(line: str, start: int) -> Iterable[tuple[str, int]]:
    """A line, cut before bullets that follow a colon or a full stop without a line break."""
    cuts = [match.start() for match in _INLINE_BULLET.finditer(line)]
    at = 0
    for cut in [*cuts, len(line)]:
        if line[at:cut].strip():
            yield line[at:cut], start + at
        at = cut


_SENTENCE_END = re.compile(r"[a-z)][.?!]\s+[A-Z]")
_BARE_ITEM = re.compile(
    r"^\s*(?:"
    r"[\w(][^:!?]{0,60}?\s*:\s*[^:]*\d[^:]*$"  # X: ... 3 ...
    rf"|(?:{_LABEL_WORD})(?:[ ][\w-]+){{0,6}}\s*(?:=|→|->)\s*[^=]*\d.*$"  # X = 3
    r")"
)


# --- one item --------------------------------------------------------------------------------------------

_LEAD_WORDS = (
    "for", "from", "to", "at", "in", "on", "by", "the", "each", "during", "within", "and", "between", "with", "of",
)
_LEAD = re.compile(rf"^(?:(?:{'|'.join(_LEAD_WORDS)})\s+)+", re.I)
_NAME = r"(?:[A-Z][\w’'\-]*|[A-Z]{1,4}\d*|\d+[A-Za-z]?)"
_MENTION = re.compile(rf"(?<![\w-])(?:[a-z]+\s(?=[A-Z]{{1,3}}\b|\d))?{_NAME}(?:[ ]{_NAME}|[ ][a-z]\b(?!\s[a-z]))*")
_POSSESSIVE = re.compile(r"[’']s?$")
_ARROW = r"(?:\s+to\s+|\s*(?:→|->|–>|⇒|↔|<->|=>)\s*|\s+and\s+|\s+[–—-]\s+|\s*[–—]\s*)"
_PAIR = re.compile(
    rf"^(?:(?:from|between|the)\s+)*(?P<a>[^:=→<>]{{1,60}}?){_ARROW}(?P<b>[^:=→<>]{{1,60}}?)"
    rf"(?:\s*[:=]\s*|\s+(?:is|are|takes|costs|measures|spans|requires|equals|has|amounts to)\s+|\s*\((?=\s*\d)|,\s*)"
    rf"(?P<rest>.*\d.*)$",
    re.I | re.S,
)
_TUPLE_PAIR = re.compile(r"^\(\s*(?P<a>[^(),]+?)\s*,\s*(?P<b>[^(),]+?)\s*\)\s*[:=]?\s*(?P<rest>.*\d.*)$", re.S)


def clean_name(text: str) -> str:
    """A label without articles, lead words, emphasis, brackets and possessives."""
    name = _bare(_LEAD.sub("", _bare(text)))
    return re.sub(r"\s+", " ", _POSSESSIVE.sub("", name))


def _bare(text: str) -> str:
    name = text.strip(" \t\"“”:,.;").strip("*")
    if len(name) > 2 and name[0] == name[-1] and name[0] in "_`":
        name = name[1:-1]
    return name.strip(" \t\"“”:,.;")


def _is_label(name: str) -> bool:
    words = name.split()
    return bool(words) and len(words) <= 8 and len(name) <= 60 and not re.search(r"[.;?!]\s", name)


_PAIRED = re.compile(r"[(\[]\s*\d{1,3},\d{3}\s*[)\]]")


def read_fields(text: str, start: int) -> tuple[Field, ...]:
    """The numbers of an item body with the words around them; a label such as the 1 of `Stage 1` is no number."""
    fields: list[Field] = []
    # "(55,173)" is a pair of numbers, not fifty-five thousand: part it without moving what follows.
    text = _PAIRED.sub(lambda found: found.group().replace(",", ";"), text)
    matches = [match for match in _NUMBER.finditer(text) if not _is_label_number(text, match)]
    brackets = _brackets(text)
    for index, match in enumerate(matches):
        previous = matches[index - 1].end() if index else 0
        following = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        value = parse_number(match["digits"])
        if match["sign"]:
            value = -value
        inside = next(((a, b) for a, b in brackets if a < match.start() < b), None)
        place = width = 0
        lead_end = match.start()
        if inside:
            members = [other for other in matches if inside[0] < other.start() < inside[1]]
            place, width = members.index(match), len(members)
            lead_end = inside[0]
            previous = matches[index - place - 1].end() if index - place > 0 else 0
        name, sub = _field_name(text[previous:lead_end])
        unit = "" if inside and width > 1 else _unit(text[match.end() : following])
        if match["percent"]:
            unit = f"% {unit}".strip()
        if match["currency"]:
            unit = f"{match['currency']} {unit}".strip()
        begin = start + match.start()
        fields.append(Field(name, value, unit, begin, start + match.end(), sub, place, width))
    return tuple(fields)


def _brackets(text: str) -> list[tuple[int, int]]:
    found = re.finditer(r"[(\[{][^()\[\]{}]*[)\]}]", text)
    return [match.span() for match in found if re.search(r"\d\s*[,;]\s*[\d.\-−]", match.group())]


_VERBISH = re.compile(
    r"^\s*(?:[’']s\b|:|=|\)|consumes?|requires?|needs?|takes?|uses?|has|have|is\b|are\b|can|cannot|must|yields?"
    r"|produces?|holds?|costs?|provides?|demands?|offers?|and\b|to\b|through\b|or\b|→|->|at\b)",
    re.I,
)


_NEAR = 100
"""What tells the number of a thing from a quantity stands within so many characters of it."""


def _is_label_number(text: str, match: re.Match[str]) -> bool:
    """Whether a numeral is the number of a thing (`Stage 1 consumes`, `No. 4`) and not a quantity."""
    if "." in match["digits"] or "," in match["digits"] or match["currency"] or match["percent"] or match["sign"]:
        return False
    told = text[max(0, match.start() - _NEAR) : match.start()]
    before = re.search(r"([A-Za-z#][\w-]*)[ .#]*$", told)
    if not before:
        return False
    if re.search(r"#\s*$|\bNo\.?\s*$", told):
        return True
    if not _VERBISH.match(text[match.end() : match.end() + _NEAR]):
        return False
    word = before[1]
    linking = re.search(r"\b(?:is|are|of|to|by|at|than|least|most|exceed|only|and|or|for)$", word, re.I)
    return not linking and (word[0].isupper() or word.lower() in _NUMBERED)


_NUMBERED = frozenset(
    re.findall(
        r"\w+",
        "item job machine node city day week month year period hour quarter product stage task worker site location"
        " customer project server truck vehicle plant warehouse facility store shop zone region station hub depot"
        " order route crop food supplier market center centre unit group type class shift terminal device",
    )
)


def _field_name(text: str) -> tuple[str, str]:
    """The words before a number within its clause, and the second entity they name, if any."""
    clause = re.split(r"[,;(\[]|\band\b(?![^,]{0,200}:)", text)[-1] if text else ""
    clause = clause.strip(" \t:=.*_)~≈$€£")
    mention = _MENTION.search(clause)
    sub = ""
    if mention and re.search(r"\d|^[A-Z]", mention.group()):
        sub = clean_name(mention.group())
    return clause, sub


def _unit(text: str) -> str:
    match = re.match(r"\s*[-–]?\s*(?P<unit>(?:\([^()]*\)|[^,;.()\[\]\n]|\.(?=\w))*)", text)
    unit = match["unit"] if match else ""
    return re.split(r"\band\b|\bwhile\b|\bwith\b", unit)[0].strip(" \t*")


_SUBJECT_VERB = re.compile(
    r"(?<!\s)\s+(?:has|have|holds?|requires?|needs?|can|cannot|must|may|is|are|will|takes?|costs?|weighs?|yields?"
    r"|generates?|provides?|offers?|produces?|earns?|achieves?|reduces?|removes?|cuts?|diverts?|captures?|lowers?"
    r"|follows?|visits?|supplies|demands?|expects?|stores?|accommodates?|consumes?|uses?|contains?|gives?|goes"
    r"|undergoes|brings?|receives?|orders?|stocks?|operates?|runs?|processes|handles?|delivers?|eliminates?"
    r"|decreases?|mitigates?|filters?|contributes?|returns?|carries|occupies|consists?)\b"
)


_NAMED_FIRST = re.compile(rf"^(?P<name>(?:[A-Z][a-z]+\s)+{_NAME}|[A-Z]{{1,3}}-?\d+)\s+(?=[a-z])")


def _subject(text: str) -> tuple[str, int]:
    """The entity an item without a colon speaks of, and where the words about it start."""
    possessive = re.match(r"^\W*(?P<name>[^:,]{1,50}?)[’']s\s", text)
    if possessive and _is_label(clean_name(possessive["name"])):
        return clean_name(possessive["name"]), possessive.end()
    lead = re.match(r"^\W*(?:For|In|At|On|From|During|With)\s+(?P<name>[^:,]{1,50}?)\s*,", text)
    if lead and _is_label(clean_name(lead["name"])):
        return clean_name(lead["name"]), lead.end()
    named = _NAMED_FIRST.match(text)
    if named and not re.match(r"(?:The|Total|Each|All|[A-Z]?[a-z]+ing)\b", text):
        return clean_name(named["name"]), named.end()
    verb = _SUBJECT_VERB.search(text)
    if verb and _is_label(clean_name(text[: verb.start()])):
        subject = text[: verb.start()]
        inner = [m for m in _MENTION.finditer(subject) if m.start() > 0]
        words = subject.split()
        if inner and (words[0] in ("The", "Total") or re.match(r"(?:By )?[A-Z]?[a-z]+ing\b", subject)):
            return clean_name(inner[-1].group()), verb.start()
        return clean_name(subject), verb.start()
    for mention in _MENTION.finditer(text):
        name = clean_name(mention.group())
        if name and name.lower() not in _LEAD_WORDS and (mention.start() > 0 or " " in name or re.search(r"\d", name)):
            return name, mention.end()
    return "", 0


def _steps(body: str, start: int) -> tuple[Step, ...]:
    for pattern in (_STEP, _STEP_OUTSIDE):
        found = list(pattern.finditer(body))
        if len(found) >= 2 or (len(found) == 1 and pattern is _STEP and re.search(r"→|->|sequence|route", body)):
            return tuple(
                Step(
                    clean_name(m["label"]), parse_number(m["digits"]), start + m.start("digits"),
                    start + m.end("digits"), m["unit"],
                )
                for m in found
            )
    told = list(_STEP_TOLD.finditer(body))
    if len(told) >= 2 and len(told) == len(_NUMBER.findall(body)):
        return tuple(
            Step(m["label"], parse_number(m["digits"]), start + m.start("digits"), start + m.end("digits"), m["unit"])
            for m in told
        )
    return ()


def _read_item(item: _Item) -> Record | None:
    """The record of one item; None where it names no entity or gives no number."""
    text, start = item.text, item.start
    end = start + len(text)
    steps = _steps(text, start)
    if steps:
        head = text[: steps[0].start - start]
        name = head.split(":")[0] if ":" in head else _subject(head.rstrip("( [") + " ")[0] or head
        name = re.split(_SUBJECT_VERB, f" {clean_name(name)} ")[0]
        return Record(clean_name(name), (), start, end, steps=steps)
    pair = _TUPLE_PAIR.match(text) or _PAIR.match(text)
    if pair and _is_place(pair["a"]) and _is_place(pair["b"]):
        rest = pair.start("rest")
        fields = read_fields(text[rest:], start + rest)
        if fields:
            return Record(clean_name(pair["a"]), fields, start, end, other=clean_name(pair["b"]))
    colon = re.match(r"^(?P<name>[^:=]{1,70}?)\s*[:=]\s*(?P<body>.*)$", text, re.S)
    if not colon:
        colon = re.match(r"^\*{0,2}(?P<name>[A-Z][^:=,–—]{0,50}?)\*{0,2}\s+[–—-]\s+(?P<body>.*\d.*)$", text, re.S)
    if colon and _is_label(clean_name(colon["name"])):
        body = colon.start("body")
        fields = read_fields(text[body:], start + body)
        if fields or not colon["body"].strip(" *"):
            return Record(clean_name(colon["name"]), fields, start, end)
    name, at = _subject(text)
    fields = read_fields(text[at:], start + at) if name else ()
    return Record(name, fields, start, end) if fields else None


def _is_place(text: str) -> bool:
    """Whether the side of a pair is a name: short, with a capital, a digit or a single word."""
    name = clean_name(text)
    words = name.split()
    return 0 < len(words) <= 5 and bool(re.search(r"[A-Z\d]", name) or len(words) == 1)


# --- groups ----------------------------------------------------------------------------------------------


def _shape(record: Record) -> tuple[bool, bool, bool]:
    return bool(record.other), bool(record.steps), bool(record.parent)


def _parted(records: list[Record]) -> list[Record]:
    """The records with `A-B` names as pairs, where the two sides recur among them."""
    sides = [record.entity.split("-") for record in records if not record.other and not record.steps]
    recurring = {side.strip() for pair in sides for side in pair}
    uneven = len(sides) != len(records) or any(len(pair) != 2 for pair in sides)
    if len(sides) < 3 or uneven or len(recurring) > len(sides):
        return records
    return [
        replace(record, entity=pair[0].strip(), other=pair[1].strip()) for record, pair in zip(records, sides)
    ]


def _group(records: list[Record], items: list[_Item], heading: str, heading_start: int) -> RecordGroup:
    records = _parted(records)
    first = records[0]
    kind: Kind = (
        "sequence" if first.steps else "pair" if first.other else "nested" if first.parent else "entity"
    )
    start = first.parent_start if first.parent_start >= 0 else first.start
    return RecordGroup(kind, heading, tuple(records), start, records[-1].end, heading_start)


def _close(
    records: list[Record], run: list[_Item], heading: str, heading_start: int
) -> Iterable[RecordGroup]:
    if len(records) >= 2:
        yield _group(records, run, heading, heading_start)


def _run_groups(run: list[_Item]) -> Iterable[RecordGroup]:
    heading, heading_start = run[0].heading, run[0].heading_start
    records: list[Record] = []
    parent, parent_indent, parent_start = "", -1, -1
    for item in run:
        record = _read_item(item)
        if record is None:
            yield from _close(records, run, heading, heading_start)
            records, parent, parent_indent, parent_start = [], "", -1, -1
            continue
        if not record.fields and not record.steps:
            parent, parent_indent, parent_start = record.entity, item.indent, item.start
            if records and not records[-1].parent:
                yield from _close(records, run, heading, heading_start)
                records = []
            continue
        if parent and item.indent >= parent_indent and not record.other:
            record = replace(record, parent=parent, parent_start=parent_start)
        broken = item.after_gap and records and len(record.fields) != len(records[-1].fields)
        if records and (broken or _shape(record) != _shape(records[-1])):
            yield from _close(records, run, heading, heading_start)
            records = []
        records.append(record)
    yield from _close(records, run, heading, heading_start)


_INLINE_PAIR = re.compile(
    rf"(?<!\w)(?<!\w[’'\-])(?:(?:from|between)\s*)?(?P<a>(?:the\s)?(?:[a-z]+\s)?{_NAME}(?:\s{_NAME})?){_ARROW}"
    rf"(?P<b>(?:the\s)?(?:[a-z]+\s)?{_NAME}(?:\s{_NAME})?)"
    rf"(?P<rest>(?:\s*[:=,]\s*|\s+)(?:(?:the|it|is|a|an|distance|path|route|road|leg|trip|travel|time|cost|takes"
    rf"|requires|costs|measures|spans|equals|about|needs|consumes|has|of|link|connection|and|:)\s+){{0,6}}"
    rf"[$€£]?{NUMERAL}[^;,.\n]*)"
)


def _inline_pair(match: re.Match[str], start: int) -> Record:
    fields = read_fields(match["rest"], start + match.start("rest"))
    return Record(
        clean_name(match["a"]), fields, start + match.start(), start + match.end(), other=clean_name(match["b"])
    )


_SENTENCE = re.compile(r"[^\s.](?:[^.\n]|\.(?=\d|\w))*(?:\.|$|(?=\n))")
_NUMBERED_NAME = re.compile(r"(?:^|\s)(?:[A-Z]{1,3}|[A-Z]?\d+[a-z]?|[A-Z][\w-]+)$")


def _close_sentences(run: list[Record], heading: str, heading_start: int) -> Iterable[RecordGroup]:
    if len(run) >= 3:
        yield from _close(run, [], heading, heading_start)


def _sentence_groups(text: str, taken: list[tuple[int, int]]) -> Iterable[RecordGroup]:
    """Runs of parallel sentences without bullets: `Hub X can send up to 136. Hub Y can send up to 76.`"""
    run: list[Record] = []
    heading, heading_start = "", 0
    for match in [*_SENTENCE.finditer(text), None]:
        record = None
        if match and not any(a < match.end() and match.start() < b for a, b in taken):
            record = _read_item(_Item(match.group(), match.start(), 0, False))
        if record and not _NUMBERED_NAME.search(record.entity):
            record = None
        if record and run:
            same = record.entity.split()[:-1] == run[-1].entity.split()[:-1]
            alike = _shape(record) == _shape(run[-1]) and len(record.fields) == len(run[-1].fields)
            if not (same and alike) or record.entity == run[-1].entity:
                yield from _close_sentences(run, heading, heading_start)
                run = []
        if record and (record.fields or record.steps):
            run.append(record)
            continue
        yield from _close_sentences(run, heading, heading_start)
        run = []
        if match:
            heading, heading_start = match.group(), match.start()


_CLAUSES = re.compile(r"[:.]\s+(?=\S)((?:[^;.:]|\.(?=\d)|:(?=[^;]{0,300};))+(?:;(?:[^;.]|\.(?=\d))+)+)")
"""What is told in clauses parted by semicolons, after a colon or a full stop."""


def _inline_groups(text: str, taken: list[tuple[int, int]]) -> Iterable[RecordGroup]:
    """Pairs told within a sentence (`from A to B is 5 km; A to C is 7 km`), and clauses parted by semicolons."""
    position = 0
    for paragraph in text.split("\n"):
        start, position = position, position + len(paragraph) + 1
        if any(a <= start < b or start <= a < position for a, b in taken):
            continue
        found = list(_INLINE_PAIR.finditer(paragraph))
        records = [_inline_pair(match, start) for match in found]
        if len(records) >= 3:
            head = paragraph[: found[0].start()]
            yield RecordGroup("pair", head.strip(), tuple(records), records[0].start, records[-1].end, start)
            continue
        for match in _CLAUSES.finditer(paragraph):
            items, at = [], match.start(1)
            for piece in match[1].split(";"):
                lead = len(piece) - len(re.sub(r"^\s*(?:and\s+)?", "", piece))
                items.append(_Item(piece[lead:], start + at + lead, 0, False))
                at += len(piece) + 1
            parsed = [_read_item(item) for item in items]
            kept = [record for record in parsed if record and record.fields]
            if len(kept) == len(items) >= 2 and len({_shape(r) for r in kept}) == 1:
                yield _group(kept, items, paragraph[: match.start(1)].strip(), start)


def read_records(text: str, masked: Iterable[tuple[int, int]] = ()) -> tuple[RecordGroup, ...]:
    """All groups of two or more parallel records; `masked` spans (tables) are passed over."""
    hidden = list(masked)
    groups = [group for run in _items(text, hidden) for group in _run_groups(run)]
    taken = hidden + [(group.start, group.end) for group in groups]
    groups.extend(_inline_groups(text, taken))
    taken = hidden + [(group.start, group.end) for group in groups]
    groups.extend(_sentence_groups(text, taken))
    return tuple(sorted(groups, key=lambda group: group.start))
