"""One problem text as the recognisers of problem classes see it: tables, groups of records, prose, claims.

A recogniser claims what it understood: numbers, and words that signal a requirement (*cues*). Whatever is
left unclaimed is a requirement or number that it did not understand, and it abstains naming the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from formulate.offline.families import wording
from formulate.offline.families.bare import read_bare
from formulate.offline.families.fans import read_fans
from formulate.offline.families.measures import MEASURES, mixed_units, unit_key
from formulate.offline.families.names import Names
from solvers.formulation import Formulation
from verify.reading.attributes import Attribute, AttributeTable, attribute_table
from verify.reading.quantities import NUMBER_WORDS, Quantity
from verify.reading.reader import Reading, read
from verify.reading.records import NUMERAL, Field, Record, RecordGroup, read_records
from verify.reading.series import read_series
from verify.reading.tables import Table, TableCell, find_tables
from verify.reading.units import measure_of
from verify.reading.words import parse_number

_SAME_WIDTH = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\xa0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2018": "'"}
)
_UNIT_WORD = re.compile(
    r"nautical|nm|pounds?|gallons?|units?|points?|credits?|dollars?|euros?|percent|cents?|kwh|mwh|mw|cubic|square"
    r"|gb|tb|megabytes?|gigabytes?|additional|extra|monetary|currency|thousand|million|per",
    re.I,
)
"""Words after a number that measure or scale it, beside the units that have a dimension."""
_NUMBER = re.compile(rf"(?<![\w.])(?P<sign>[-−](?=[\d.]))?(?P<digits>{NUMERAL})(?![\d])")
_WORD_VALUES = {word: value for word, value in NUMBER_WORDS.items() if 0 < value <= 12}

_LIMITED = r"(?:least|most|than|exceed|exactly|precisely|just|only|up to|maximum|minimum)(?:\s+of)?\W+$"
_ASKED = re.compile(r"\b(?:which|how\s+many|how\s+much|what|when|where|whom?|how)\b[^.;?]*$", re.I)
_PARTS = re.compile(
    r"\b(?:compris\w+|consist\w*\s+of|composed\s+of|aggregat\w+|stems?\s+from|made\s+up\s+of|sum\s+of|parts?\s+into)\s+"
    r"(?:the\s+)?(?:following\s+)?(?:\w+\s+)?$",
    re.I,
)
"""Before the count of parts that are then told one by one: `comprises three elements: ...`"""
_PAIRS = re.compile(r"\b(?:any|each|every|between)\s+(?:the\s+)?$", re.I)
_NO_COUNT = r"(?:(?:of\s+(?!the\b|these\b|them\b))|more\b|or\b|times\b|to\b)"
"""After a number that does not say how many entities there are: `two of each machine`, `three more`."""
_ANY_WORD = r"[A-Za-z]"
COUNT = rf"(?:\d+|{'|'.join(_WORD_VALUES)})"
"""A whole number in digits or in words."""

_COUNTING = (
    r"\bm(?:ini|axi)mi[sz]\w*\s+(?:the\s+)?(?:total\s+|overall\s+)?(?:number|count)\s+of\b"
    r"|\b(?:as\s+(?:many|few)\s+\w+\s+as\s+possible|(?:the\s+)?fewest\s+\w+|(?:largest|greatest|smallest|highest|lowest)\s+"
    r"(?:possible\s+)?number\s+of)\b"
)
_CUES = re.compile(
    r"\b(?:"
    rf"(?:exactly|precisely|just|only)\s+{COUNT}\b"
    r"|at\s+(?:least|most)|no\s+(?:more|fewer|less|greater|later|earlier)\s+than|not\s+(?:more|fewer|less)\s+than"
    r"|minimum\s+(?:of|number)|maximum\s+(?:of|number)"
    r"|if|unless|whenever|provided\s+that|otherwise|in\s+case|(?-i:[Ss]hould\s+(?:the|a|an|any|[A-Z]\w*))\b"
    r"|either|neither|mutually|incompatib\w+|conflicting|together|concurrent\w*|prerequisites?|preced(?:e|es|ed)"
    r"|(?<!while\s)(?<!and\s)simultaneous\w*(?!\s+m[ia][nx]imi)"
    r"|bonus\w*|incentives?|penalt\w+|discount\w*|surcharge|rebate|one-time|fixed\s+(?:cost|charge|fee|expense)s?"
    r"|forbidden|prohibit\w*|unavailable|banned|blocked|disallow\w*|excluded?|excludes|excluding|no\s+direct"
    r"|(?:cannot|must\s+not|may\s+not|can\s+not)\s+(?!(?:be\s+)?(?:exceed|surpass|go\s+beyond|violat"
    r"|over\w+))(?:be\s+)?\w+"
    r"|not\s+(?:be\s+)?(?:allowed|permitted|possible|used|exist)"
    r"|ratio\s+of|twice|double|half|multiples\s+of|batches\s+of"
    r")\b|(?<!-)\b(?:integers?|integral|fractional\w*|divisible)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a recogniser does not answer; `sentence` is what it could not read. `fits` says its class was met."""

    reason: str
    sentence: str = ""
    fits: bool = False


@dataclass(frozen=True)
class Found:
    """A formulation with the account of what it was read from."""

    formulation: Formulation
    claims: Claims


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the prose (outside tables and records) with its span."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in the prose, with the words before and after it within its sentence."""

    value: int | float
    start: int
    end: int
    before: str
    after: str
    sentence: Sentence


def whole_number(text: str) -> int | None:
    """The value of a whole number in digits or words, up to twelve."""
    lowered = text.lower().strip()
    return int(lowered) if lowered.isdigit() else _WORD_VALUES.get(lowered)


@dataclass
class Claims:
    """What a recogniser has understood of a text: spans of numbers, cues and mentions."""

    case: Case
    spans: list[tuple[int, int]] = field(default_factory=list)
    wording: list[tuple[int, int]] = field(default_factory=list)
    """Phrases understood as words only: they answer for cues and mentions, never for a number within them."""
    groups: list[RecordGroup] = field(default_factory=list)
    """The groups whose records were taken as data."""
    counts: set[int] = field(default_factory=set)
    """How many entities there are of each kind."""

    def take(self, start: int, end: int) -> None:
        """Claim a span."""
        self.spans.append((start, end))

    def word(self, start: int, end: int) -> None:
        """Claim the words of a span, not the numbers in it."""
        self.wording.append((start, end))

    def take_group(self, group: RecordGroup) -> None:
        """Claim all records of a group."""
        self.groups.append(group)
        if group.kind == "nested":
            self.take(group.start, group.end)
        for record in group.records:
            self.take(record.start, record.end)

    def take_all(self, pattern: str, *, numbers: bool = False) -> bool:
        """Claim the wording of every match in the text, with its numbers only where asked; whether one was found."""
        found = list(re.finditer(pattern, self.case.text, re.I))
        (self.spans if numbers else self.wording).extend(match.span() for match in found)
        return bool(found)

    def holds(self, start: int, end: int) -> bool:
        """Whether a span lies within a claimed one, numbers and all."""
        return any(a <= start and end <= b for a, b in self.spans)

    def explains(self, start: int, end: int) -> bool:
        """Whether the words of a span were understood."""
        return self.holds(start, end) or any(a <= start and end <= b for a, b in self.wording)

    def take_labels(self, *sets: Names) -> None:
        """Claim the digits within mentions of entities (the 3 of `Crate 3`), and mentions of all of them at once."""
        for sentence in self.case.sentences:
            for names in sets:
                found = names.find(sentence.text)
                for a, b in pairwise(found):
                    ends = (a[0], b[0]) == (names.labels[0], names.labels[-1])
                    if ends and re.fullmatch(
                        r"\W*(?:through|to|until|up\s+to|[-–—]|\.{2,3}|…)\W*", sentence.text[a[2] : b[1]]
                    ):
                        self.take(sentence.start + a[1], sentence.start + b[2])
                gaps = [sentence.text[a[2] : b[1]] for a, b in pairwise(found)]
                listed = all(len(re.findall(r"[A-Za-z]+", gap)) <= _WORDS_OF_GAP for gap in gaps)
                listed = listed and not any(_TURNING.search(gap) for gap in gaps)
                if listed and len({label for label, _, _ in found}) == len(names) > 2:
                    self.take(sentence.start + found[0][1], sentence.start + found[-1][2])
                for _, start, end in found:
                    if re.search(r"\b(?:each|every|per|any)\s+$", sentence.text[:start], re.I):
                        continue  # "each week 1 unit is lost"
                    for match in re.finditer(r"\d+", sentence.text[start:end]):
                        self.take(sentence.start + start + match.start(), sentence.start + start + match.end())

    def take_counts(self, *counts: int) -> None:
        """Claim mentions of how many entities there are, and ranges over all of them (`1, ..., 8`)."""
        self.counts.update(counts)
        for amount in self.amounts():
            limited = re.search(_LIMITED, amount.before)
            counting = re.match(rf"[\s-]*(?!{_NO_COUNT})[A-Za-z]", amount.after) and not self.case.measures(amount)
            if amount.value in counts and not limited and counting:
                self.take(amount.start, amount.end)
        self.take_count_words(*counts)
        self.take_all(
            r"\\?\(?\s*\b[a-z]\s*(?:=|\\in)\s*\\?\{?\s*[01]\s*,\s*(?:\d+\s*,\s*)*(?:\\dots|\\ldots|…"
            r"|\.\.\.)\s*,?\s*\d+\s*\\?\}?",
            numbers=True,
        )
        for count in counts:
            if 2 < count < 100:  # "the cities are 1, 2, 3 and 4"
                listed = r"\s*,\s*(?:and\s+)?".join(map(str, range(1, count)))
                self.take_all(rf"\b{listed}\s*,?\s*(?:and\s+)?{count}\b(?!\.\d)", numbers=True)
            self.take_all(rf"\b(?:from\s+)?1\s*(?:through|to|-|–)\s*{count}\b(?!\.\d)", numbers=True)
        self.take_all(r"\([a-z]\s*=\s*[01]\s*(?:to|,|-|–)\s*\d+\s*\)", numbers=True)

    def take_count_words(self, *counts: int, before: str = _ANY_WORD) -> None:
        """Claim numbers in words that only say how many there are (`four sites`); `before` is what follows them."""
        for quantity in self.case.word_numbers:
            limited = re.search(_LIMITED, self.case.text[max(0, quantity.start - 20) : quantity.start])
            follows = re.match(rf"[\s-]*(?!{_NO_COUNT}){before}", self.case.text[quantity.end :])
            word = re.match(r"[\s-]*([A-Za-z]+)", self.case.text[quantity.end :])
            measured = word is not None and _is_unit(word[1])
            if quantity.value in counts and not limited and follows and not (measured and before == _ANY_WORD):
                self.take(quantity.start, quantity.end)

    def unread_word(self) -> Refusal | None:
        """The first number in words, of two or more, that nothing has claimed and that no turn of speech explains."""
        for quantity in self.case.word_numbers:
            start, end = quantity.start, quantity.end
            if quantity.value < 2 or self.holds(start, end):
                continue
            before = self.case.text[max(0, start - 40) : start]
            if _PARTS.search(before) or _PAIRS.search(before):
                continue
            sentence = next((s for s in self.case.sentences if s.start <= start < s.end), None)
            if sentence is not None:
                return Refusal(f"the number '{quantity.text}' was not understood", sentence.text.strip(), True)
        return None

    def amounts(self) -> list[Amount]:
        """The numbers of the prose that nothing has claimed yet."""
        return [amount for amount in self.case.amounts if not self.holds(amount.start, amount.end)]

    def amounts_in(self, sentence: Sentence) -> list[Amount]:
        """The numbers of one sentence that nothing has claimed yet."""
        return [a for a in self.case.amounts_of.get(sentence.start, ()) if not self.holds(a.start, a.end)]

    def leftover(
        self,
        mentions: Iterable[Names] = (),
        licences: tuple[str, ...] = (),
        *,
        free: bool = False,
        counting: bool = False,
    ) -> Refusal | None:
        """The first number, cue, entity mention or operator that nothing answers for; None when all is read.

        `licences` are the turns of speech that the family knows: see `wording`. Records in `free` prose may differ in
        their words as long as no operator is among them; others must be alike. A goal that is a number of things is
        another goal, unless the family is `counting`.
        """
        mentions = tuple(mentions)
        self.take_all(r"\btogether\s+(?:cost|take|last)s?\s+(?:the\s+)?(?:least|as\s+little\s+as\s+possible)\b")
        self.take_all(r"\b(?:due\s+to|because\s+of|owing\s+to|on\s+account\s+of)\s[^,.\d]{0,300}(?=,)")
        for amount in self.amounts():
            return Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
        for sentence in self.case.sentences:
            for match in _CUES.finditer(sentence.text):
                start = sentence.start + match.start()
                if match.group()[:6] == "should" and _ASKED.search(sentence.text[: match.start()]):
                    continue  # "in which order should the courier ..."
                digits = re.search(r"\d+$", match.group())
                if digits:  # "precisely 69": whoever understood the number understood the word
                    start += digits.start()
                if not self.explains(start, sentence.start + match.end()):
                    return Refusal(f"“{match.group()}” was not understood", sentence.text.strip(), True)
            for names in mentions:
                for label, start, end in names.find(sentence.text):
                    if not self.explains(sentence.start + start, sentence.start + end):
                        return Refusal(f"what is said of {label} was not understood", sentence.text.strip(), True)
        other = None if counting else self.case.says(_COUNTING)
        if other:
            return Refusal("the goal is a number of things", other.group(), True)
        told_apart = self._alternatives(mentions) or self._remarks(licences if free else None)
        return told_apart or self._operators(mentions, licences)

    def _alternatives(self, mentions: tuple[Names, ...]) -> Refusal | None:
        """Two numbers of one sentence joined by "or": which of them holds is not told."""
        for sentence in self.case.sentences:
            named = [span for names in mentions for _, *span in names.find(sentence.text)]
            own = [
                a for a in self.case.amounts_of.get(sentence.start, ())
                if not any(low <= a.start - sentence.start < high for low, high in named)
            ]  # fmt: skip
            for first, second in pairwise(own):
                between = self.case.text[first.end : second.start]
                if re.search(r"\bor\b(?!\s+(?:more|less|fewer|greater|higher|lower)\b)", between):
                    return Refusal("which of two numbers joined by 'or' holds is not told", sentence.text.strip(), True)
        return None

    def _operators(self, mentions: tuple[Names, ...], licences: tuple[str, ...]) -> Refusal | None:
        """The first operator of the prose that no licence covers."""
        for sentence in self.case.sentences:
            text = sentence.text
            for names in mentions:
                for _, start, end in names.find(text):
                    text = text[:start] + _NAME_MARK * (end - start) + text[end:]
            for word, start, end in wording.unlicensed(text, licences):
                if wording.is_number(word) and self._counted(sentence.start + start, sentence.start + end):
                    continue
                return Refusal(f"“{word}” was not understood", " ".join(sentence.text.split()), True)
        return None

    def _counted(self, start: int, end: int) -> bool:
        """Whether a number in words was claimed as such, or says how many entities there are (`ten crates`)."""
        if any(a <= start and end <= b and b - a <= _WORDS_OF_NUMBER for a, b in self.spans):
            return True
        text = self.case.text
        after = re.match(r"\s+([a-z-]+)(?:\s+([a-z-]+))?", text[end:])
        limited = re.search(_LIMITED, text[max(0, start - 20) : start], re.I)
        counting = whole_number(text[start:end]) in self.counts and after is not None and not limited
        if after is None or after[1] in ("of", "more", "or", "times", "and", "to"):
            return False
        return counting and not any(word and _is_unit(word) for word in after.groups())

    def _remarks(self, licences: tuple[str, ...] | None) -> Refusal | None:
        """A word that one record has and its fellows lack: any, or with licences an operator that they do not cover."""
        for group in self.groups:
            mixed = mixed_units(group)
            if mixed:
                quote = self.case.cite(group.start, group.records[1].end)
                return Refusal(f"one list is told in {mixed}", quote, True)
            if not _listed(self.case.text, group):
                continue
            rows = [(self.case.text[r.start : r.end], _names_of(r)) for r in group.records]
            for k, word in wording.odd_words(rows):
                if licences is None or word in _told_words(rows[k][0], licences):
                    record = group.records[k]
                    quote = self.case.cite(record.start, record.end)
                    return Refusal(f"the remark “{word}” was not understood", quote, True)
        return None


class Case:
    """A problem text, read once: `tables`, `groups` of records, `sentences` and `amounts` of the prose."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.translate(_SAME_WIDTH)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the text."""
        return find_tables(self.text)

    @cached_property
    def groups(self) -> tuple[RecordGroup, ...]:
        """The groups of parallel records of the text."""
        fans = read_fans(self.text)
        hidden = [(table.start, table.end) for table in self.tables] + [(fan.start, fan.end) for fan in fans]
        found = [group for group in read_records(self.text, hidden) if not _overlaps(group, fans)]
        listed = [*found, *fans, *self._attributes]
        listed += read_bare(self.text, [(group.start, group.end) for group in listed] + hidden)
        series = read_series(self.text, self._finders(listed), [(g.start, g.end) for g in listed] + hidden)
        return tuple(sorted([*listed, *series], key=lambda group: group.start))

    @cached_property
    def _attributes(self) -> tuple[RecordGroup, ...]:
        """Tables of things and their attributes, as records with a field per column."""
        told = [(table, attribute_table(table)) for table in self.tables]
        return tuple(_as_group(self.text, found) for _, found in told if found is not None and found.rows)

    def _finders(self, groups: Iterable[RecordGroup]) -> list[Callable[[str], list[tuple[str, int, int]]]]:
        """What finds the names that tables and lists give: one finder for the rows, one for the columns."""
        lists = [group.entities for group in groups if group.kind == "entity"]
        for table in self.tables:
            lists += [table.row_labels, table.column_labels]
        return [Names(labels).find for labels in lists if 1 < len(set(labels)) == len(labels)]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the prose; records and tables are left out."""
        hidden = sorted(
            [(table.start, table.end) for table in self.tables]
            + [(r.start, r.end) for group in self.groups if _listed(self.text, group) for r in group.records]
            + [(group.start, group.end) for group in self.groups if group.kind == "nested"]
        )
        found: list[Sentence] = []
        position = 0
        for start, end in [*hidden, (len(self.text), len(self.text))]:
            if start > position:
                found.extend(_split(self.text, position, start))
            position = max(position, end)
        return tuple(found)

    @cached_property
    def reading(self) -> Reading:
        """The text as `verify.reading` reads it."""
        return read(self.original)

    @cached_property
    def idle(self) -> tuple[tuple[int, int], ...]:
        """Spans of the numbers that nothing in the text could make use of."""
        return tuple((each.quantity.start, each.quantity.end) for each in self.reading.idle)

    @cached_property
    def word_numbers(self) -> tuple[Quantity, ...]:
        """The numbers written in words that a formulation must account for."""
        return tuple(q for q in self.reading.quantities if q.counts and q.kind == "number" and q.text[:1].isalpha())

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The numbers of the prose, without idle ones."""
        found = []
        for sentence in self.sentences:
            for match in _NUMBER.finditer(sentence.text):
                start = sentence.start + match.start()
                if any(low <= start < high for low, high in self.idle):
                    continue
                value = parse_number(match["digits"])
                found.append(
                    Amount(
                        -value if match["sign"] else value,
                        sentence.start + match.start(),
                        sentence.start + match.end(),
                        sentence.text[: match.start()],
                        sentence.text[match.end() :],
                        sentence,
                    )
                )
        return tuple(found)

    def measures(self, amount: Amount) -> bool:
        """Whether a number is followed by a unit: a common one, or one that the lists of the text use."""
        word = re.match(r"[\s-]*([A-Za-z]+)", amount.after)
        return word is not None and (_is_unit(word[1]) or word[1].lower().rstrip("s") in self._units)

    @cached_property
    def _units(self) -> frozenset[str]:
        words = (item.unit.split()[:1] for group in self.groups for record in group.records for item in record.fields)
        return frozenset(word[0].lower().strip("().,").rstrip("s") for word in words if word)

    @cached_property
    def amounts_of(self) -> dict[int, list[Amount]]:
        """The numbers of the prose by the start of their sentence."""
        table: dict[int, list[Amount]] = {}
        for amount in self.amounts:
            table.setdefault(amount.sentence.start, []).append(amount)
        return table

    def focus(self, *groups: RecordGroup) -> Case:
        """The same text with these groups only: what other lists say is prose."""
        view = Case(self.original)
        view.__dict__["groups"] = groups
        return view

    def claims(self) -> Claims:
        """A fresh account of what has been understood."""
        return Claims(self)

    def cite(self, start: int, end: int) -> str:
        """The words of a span as the text has them, cut to a readable length."""
        quote = " ".join(self.original[start:end].split())
        return quote if len(quote) <= 200 else quote[:197] + "..."

    def cite_field(self, record: Record, item: Field) -> str:
        """The words around one number of a record."""
        if record.end - record.start <= 120:
            return self.cite(record.start, record.end)
        return self.cite(max(record.start, item.start - 60), min(record.end, item.end + 30))

    def prose(self, pattern: str) -> Iterator[tuple[Sentence, re.Match[str]]]:
        """Matches of a pattern in the prose, sentence by sentence, case ignored."""
        compiled = re.compile(pattern, re.I)
        for sentence in self.sentences:
            for match in compiled.finditer(sentence.text):
                yield sentence, match

    def says(self, pattern: str) -> re.Match[str] | None:
        """The first match of a pattern in the text, case ignored."""
        return re.search(pattern, self.text, re.I)

    @cached_property
    def sense(self) -> str:
        """`min`, `max`, or empty where the text asks for both or neither."""
        told = re.sub(
            r"\b(?:thereby|thus|hence|so\s+as\s+to|effectively)\s+m(?:ini|axi)mi[sz]ing\b", "", self.text, flags=re.I
        )
        if not re.search(r"\bm(?:ini|axi)mi|\bfewest|\bmost\b|\bleast\b", told, re.I):
            told = self.text
        low = re.search(
            r"\bminimi[sz]\w*|\bminimal\w*\b|\bminimum[- ](?:possible|overall|cost|total|distance|time"
            r"|energy|duration)|\bfewest\b|\bsmallest\b"
            r"|\bshortest\b|\blowest\b|\bleast[- ](?:cost|expens)|\breduc(?:e|ing)\b|\bcheapest\b",
            told,
            re.I,
        )
        high = re.search(
            (
                r"\bmaximi[sz]\w*|\bhighest\b|\blargest\b|\bgreatest\b|\bmaximum\s+(?:possible|total|overall"
                r"|aggregate)\s+(?:revenue|profit|value|utility|benefit|score)|\bmost\s+(?:profit|valu|benefi)\w+"
            ),
            told,
            re.I,
        )
        if low and high:
            low = re.search(r"\bminimi[sz](?:e|es|ed|ing|ation)\b", told, re.I)
            high = re.search(r"\bmaximi[sz](?:e|es|ed|ing|ation)\b", told, re.I)
        if not low and not high:
            least = r"|\b(?:is|are|be|costs?)\s+(?:the\s+)?least\b"
            low = re.search(rf"\b(?:as|so)\s+{_SMALL}\s+as\s+possible\b{least}", told, re.I)
            high = re.search(rf"\b(?:as|so)\s+{_LARGE}\s+as\s+possible\b", told, re.I)
        if not low and not high:
            goal = re.search(r"\boptimi[sz]\w*[^.;]*", told, re.I)
            low = re.search(r"\b(?:cost|expen|time|distance|latency)\w*", goal.group(), re.I) if goal else None
            high = (
                re.search(r"\b(?:profit|revenue|utility|benefit|value|score|return)\w*", goal.group(), re.I)
                if goal
                else None
            )
        return "" if bool(low) == bool(high) else ("min" if low else "max")


def _unit_of(attribute: Attribute, cell: TableCell) -> str:
    """The unit of a cell: its own where it differs from its column's, the column's, or the heading itself."""
    own = unit_key(cell.unit)
    if own in MEASURES and own != unit_key(attribute.unit):
        return cell.unit
    return attribute.unit or _told_by(attribute.name)


def _told_by(heading: str) -> str:
    """The unit that a heading is: `Hours`; empty where it names something else."""
    return heading.lower() if unit_key(heading) in MEASURES and " " not in heading else ""


def _is_unit(word: str) -> bool:
    return bool(_UNIT_WORD.fullmatch(word)) or measure_of(word.lower()) is not None


def _as_group(text: str, table: AttributeTable) -> RecordGroup:
    records = []
    for k, (label, (start, end)) in enumerate(zip(table.labels, table.rows)):
        cells = [(attribute, attribute.cells[k]) for attribute in table.attributes]
        fields = tuple(
            Field(attribute.name, cell.value, _unit_of(attribute, cell), cell.start, cell.end)
            for attribute, cell in cells
            if cell.value is not None
        )
        records.append(Record(label, fields, start, end))
    heading = text[: table.start].rstrip(" |\n").rpartition("\n")[2]
    heading = "" if "|" in heading else heading  # a row of the table before
    return RecordGroup("entity", heading, tuple(records), table.start, table.end, table.start)


_NAME_MARK = "\ue000"
_WORDS_OF_NUMBER = 25
_TURNING = re.compile(r"\b(?:via|or|than|not|past|without)\b", re.I)
_WORDS_OF_GAP = 3
"""Between two names of a mere list stand at most so many words."""


def _told_words(text: str, licences: tuple[str, ...]) -> frozenset[str]:
    """The words of a record's operators that no licence covers, in the form that `wording` compares."""
    return wording.word_forms(" ".join(word for word, _, _ in wording.unlicensed(text, licences)))


def _names_of(record: Record) -> frozenset[str]:
    """The words of the names that a record holds, in the form that `wording` compares."""
    names = [record.entity, record.other, record.parent]
    names += [item.sub for item in record.fields] + [step.label for step in record.steps]
    return wording.word_forms(" ".join(names))


_SMALL = r"(?:small|low|short|cheap(?:ly)?|early|soon|few|little|quick(?:ly)?|fast)"
_LARGE = r"(?:large|great|high|big|valuable|profitable|much|many)"


def _overlaps(group: RecordGroup, others: Iterable[RecordGroup]) -> bool:
    return any(group.start < other.end and other.start < group.end for other in others)


def _listed(text: str, group: RecordGroup) -> bool:
    """Whether the records of a group stand apart from the prose as lines (and not within a sentence)."""
    first = group.records[0]
    line = text.rfind("\n", 0, first.start) + 1
    return len(group.records) > 1 and not re.search(r"[A-Za-z]{3,}", text[line : first.start])


_BREAK = re.compile(r"(?<=[.?!])\s+(?=[A-Z(\"“])|(?<=:)\s*\n|\n+")


def _split(text: str, start: int, end: int) -> Iterator[Sentence]:
    position = start
    for match in _BREAK.finditer(text, start, end):
        if text[position : match.start()].strip(" \t*-•"):
            yield Sentence(text[position : match.start()], position, match.start())
        position = match.end()
    if text[position:end].strip(" \t\n*-•"):
        yield Sentence(text[position:end], position, end)
