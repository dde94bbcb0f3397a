"""A table of activities and their attributes, retold in sentences that the textbook reader understands.

The reader then needs no second way of matching limits, ratios and goals. Offsets and words of what it finds are
mapped back to the text as it was given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from solvers.formulation import Formulation, Parameter
from verify.reading.attributes import Attribute, AttributeTable, attribute_table
from verify.reading.document import Sentence
from verify.reading.entities import Entities, make_entities
from verify.reading.ledger import Claim, Leftover
from verify.reading.operators import operators_in
from verify.reading.quantities import Quantity
from verify.reading.reader import Reading, read
from verify.reading.tables import TableCell, find_tables
from verify.reading.words import singular, tokenize, word_set

MOST_THINGS = 12
_CAPTION = re.compile(r"^[ \t]*(?:\*\*)?Table\b[^\n|]*\n(?=\s*\|)", re.M)
_ABOUT_TABLE = re.compile(
    r"^(?:the|this)\s+(?:\w+\s+)?table\s+(?:\w+\s+)?(?:shows?|gives?|lists?|tells?|contains?|summari[sz]es|provides?|presents?"
    r"|details?|describes)\b|\b(?:given|shown|listed|detailed|summari[sz]ed|presented|provided|told|described)\s+"
    r"(?:below\s+)?in\s+(?:the\s+)?(?:following\s+|next\s+)?table\b",
    re.I,
)
_BATCH = re.compile(r"\bfor (?:a|one|each|every) [\d.]+-[a-z]+ (?P<noun>[a-z]+) of (?:each|every|the|a)\b")
_PRESENTING = word_set(
    "each every all both any per total given required requires require requirements requirement demand demands "
    "maximum minimum limit limits respectively first next"
)
"""Operators in a sentence that says what a table shows which change nothing in it."""
_SCALED = re.compile(r"\d|\bthousands?\b|\bmillions?\b|\bhundreds?\b|\bdozens?\b|[¥$€]M\b", re.I)
_MONEY = re.compile(r"[$€£¥]|\b(?:dollars?|euros?|usd|eur|yuan|pounds? sterling|dm|rmb|cents?)\b", re.I)
_PROFIT = re.compile(r"\bprofits?\b|\bmargins?\b|\bcontribution\b", re.I)
_REVENUE = re.compile(r"\brevenues?\b|\b(?:selling|sales?)\s+(?:price|revenue|value)\b|\bincome\b|\bsells?\b", re.I)
_COST = re.compile(r"\bcosts?\b|\bexpenses?\b|\bwages?\b|\bsalary\b", re.I)
_PRICE = re.compile(r"\bprices?\b", re.I)
_UPPER = re.compile(r"\bmax(?:imum)?\b|\blimits?\b|\bupper\b|\bat\s+most\b|\bup\s+to\b", re.I)
_LOWER = re.compile(r"\bmin(?:imum)?\b|\blower\b|\bat\s+least\b", re.I)
_COLUMN_OF_BOUNDS = re.compile(r"\bhow (?:many|much)\b[^,.;\d]*\bat (?:most|least)(?=\s*[,.;])", re.I)
"""`how many pieces the shops will take at most` names a column; its heading says what it bounds."""
_COUNTED = re.compile(
    r"(?:\b(?:max(?:imum)?|min(?:imum)?|upper|lower|limits?|bounds?|at|most|least|up|to|on|of|the|total|number|amount"
    r"|quantity|units?|items?|pieces?|demand|sales|production|produced|made|sold|output|orders?|contract"
    r"|can|be|per|a|each|day|week|month|daily|weekly|monthly)\b|\W)+",
    re.I,
)
"""A column of bounds on how many are made; `Max hours` and `Minimum batch` bound something else."""
_UNSAID = re.compile(
    r"\bdemand\b|\bsuppl|\bstock\b|\bavailab|\bcapacit|\bset-?up\b|\bfixed\b|\binitial\b|\brate\b", re.I
)
_DRESS = re.compile(
    r"\bper\s+(?:each\s+)?(?:unit|item|product|piece)\b|\b(?:required|requirements?|needed|used|usage|consumption|consumed)\b"
    r"|\(?\beach\b\)?",
    re.I,
)
_HOURS = re.compile(r"^(?:hrs?|h)\.?$", re.I)
_MINUTES = re.compile(r"^mins?\.?$", re.I)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the retold text: from the text itself (its start), or made of a cell, with words to cite."""

    start: int
    end: int
    source: int
    cell: TableCell | None = None
    cite: str = ""


@dataclass(frozen=True)
class Retold:
    """A reading without tables, the activities that the table lists, and the way back to the given text."""

    reading: Reading
    entities: Entities
    pieces: tuple[_Piece, ...]
    original: str

    def claims(self, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        """The same claims on the text as it was given."""
        return tuple(Claim(*self._span(c.start, c.end), c.slot) for c in claims)

    def leftovers(self, leftovers: tuple[Leftover, ...]) -> tuple[Leftover, ...]:
        """The same leftovers on the text as it was given."""
        return tuple(
            Leftover(self._cited(each.sentence), *self._span(each.start, each.end), each.why) for each in leftovers
        )

    def formulation(self, formulation: Formulation, claims: tuple[Claim, ...]) -> Formulation:
        """The formulation with quotes and sources that cite the table where its sentences were made from it.

        `claims` are those on the retold text: they tell which cell was read where.
        """
        quotes = {c.slot: piece.cite for c in claims if (piece := self._piece(c.start)).cell is not None}

        def quoted(parameter: Parameter) -> Parameter:
            slots = [parameter.name + (f"[{', '.join(map(repr, c.key))}]" if c.key else "") for c in parameter.cells]
            cells = (replace(c, quote=quotes.get(slot, c.quote)) for c, slot in zip(parameter.cells, slots))
            return replace(parameter, cells=tuple(cells), source=cited(parameter.source))

        def cited(sources: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(self._cited(source) for source in sources))

        return replace(
            formulation,
            parameters=tuple(map(quoted, formulation.parameters)),
            constraints=tuple(replace(c, source=cited(c.source)) for c in formulation.constraints),
        )

    def _piece(self, at: int) -> _Piece:
        starts = [piece.start for piece in self.pieces]
        return self.pieces[max(0, bisect_right(starts, at) - 1)]

    def _span(self, start: int, end: int) -> tuple[int, int]:
        piece = self._piece(start)
        if piece.cell is not None:
            return piece.cell.start, piece.cell.end
        shift = piece.source - piece.start
        return start + shift, min(end, piece.end) + shift

    def _cited(self, sentence: str) -> str:
        return self._made.get(" ".join(sentence.split()), sentence)

    @property
    def _made(self) -> dict[str, str]:
        text = self.reading.text
        return {" ".join(text[p.start : p.end].split()): p.cite for p in self.pieces if p.cell is not None}


def retell(reading: Reading) -> Retold | str:
    """The text with its one table told in sentences, or why that cannot be done without guessing."""
    tables = find_tables(reading.text)
    if len(tables) != 1:
        return "the text holds a table" if len(tables) == 1 else "the text holds tables that are not read"
    told = attribute_table(tables[0])
    if told is None:
        return "the text holds a table that does not list things and their attributes"
    if len(told.labels) > MOST_THINGS:
        return f"the table lists more than {MOST_THINGS} things"
    entities = make_entities([tokenize(label) for label in told.labels])
    if entities is None:
        return "the names in the table cannot be told apart"
    made: list[tuple[str, TableCell, str]] = []
    for attribute in told.attributes:
        sentences = _sentences(reading, told, attribute)
        if isinstance(sentences, str):
            return sentences
        made += sentences
    for sentence in reading.document.sentences:
        if _ABOUT_TABLE.search(sentence.text) and not _presents(reading, sentence) and _numbers(reading, sentence):
            return "a number told beside what the table shows is not understood"
    return _assembled(reading, told, entities, made)


def _sentences(reading: Reading, told: AttributeTable, attribute: Attribute) -> list[tuple[str, TableCell, str]] | str:
    pattern = _pattern(reading, attribute)
    if pattern is None:
        return f"what the column {attribute.name!r} means for what is decided is not clear"
    made = []
    for label, cell in zip(told.labels, attribute.cells):
        if cell.value is None:
            continue
        if cell.value < 0:
            return f"the negative number {cell.text!r} in a table is not understood"
        heading = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
        made.append((pattern.format(label=label, value=_digits(cell)), cell, f"{label}: {heading} {cell.text}"))
    if attribute.total is not None:
        unit, name = _unit(attribute), _name(attribute)
        of = f"{_digits(attribute.total)} {unit} of {name}" if unit else f"{_digits(attribute.total)} {name}"
        if _MONEY.search(attribute.unit) or _PROFIT.search(attribute.name) or not told.totals_are:
            return f"the total {attribute.total.text!r} of money in a table is not understood"
        text = f"There are {of} available." if told.totals_are == "<=" else f"At least {of} are required in total."
        made.append((text, attribute.total, f"{attribute.name}: {attribute.total.text}"))
    return made


def _pattern(reading: Reading, attribute: Attribute) -> str | None:
    """The sentence that tells one cell, with places for the label and the value; None where a guess would be needed."""
    name, unit = attribute.name, attribute.unit
    if _SCALED.search(unit) or "%" in unit or re.search(r"\d|/", name) or re.search(r"\bper\s+(?!unit|item)\d", name):
        return None
    measure = re.search(r"(?:/|\bper\s+)\s*([A-Za-z]+)$", unit) or re.search(r"\bper\s+([A-Za-z]+)$", name)
    if measure and measure[1].lower() in ("unit", "item", "product", "piece", "year", "month", "week", "day"):
        if measure[1].lower() in ("year", "month", "week", "day"):
            return None
        measure = None
    one = f"{measure[1]} of {{label}}" if measure else "{label}"
    if _MONEY.search(unit) or _PROFIT.search(name) or _REVENUE.search(name) or (_COST.search(name) and not unit):
        return _money(reading, name, _without_measure(unit), one)
    if _UPPER.search(name) or _LOWER.search(name):
        counted = _COUNTED.fullmatch(name) and (not unit or _COUNTED.fullmatch(unit))
        if bool(_UPPER.search(name)) == bool(_LOWER.search(name)) or measure or not counted:
            return None
        return f"At {'most' if _UPPER.search(name) else 'least'} {{value}} {{label}} can be made."
    if _UNSAID.search(name):
        return None
    what = _name(attribute)
    plain = _unit(attribute)
    return f"Each {one} takes {{value}} {plain} of {what}." if plain else f"Each {one} takes {{value}} {what}."


def _money(reading: Reading, name: str, unit: str, one: str) -> str | None:
    others = {q.unit for q in reading.quantities if q.kind == "money" and q.unit}
    symbol = unit if unit in ("$", "€", "£", "¥") else ""
    word = {"$": "dollar", "€": "euro", "£": "pound sterling", "¥": "yuan"}.get(unit, unit.lower().rstrip("s"))
    if word and others and others != {word}:
        return None
    value = f"{symbol}{{value}}" if symbol else f"{{value}} {unit}".rstrip()
    senses = {goal.sense for goal in reading.goals}
    if _PROFIT.search(name):
        return f"The profit per {one} is {value}."
    if _REVENUE.search(name):
        return f"The revenue per {one} is {value}."
    if _COST.search(name) or (_PRICE.search(name) and senses == {"min"}):
        return f"The cost per {one} is {value}."
    return None


def _without_measure(unit: str) -> str:
    return re.split(r"/|\bper\b", unit)[0].strip()


def _unit(attribute: Attribute) -> str:
    unit = _without_measure(attribute.unit)
    return "hours" if _HOURS.match(unit) else "minutes" if _MINUTES.match(unit) else unit


def _name(attribute: Attribute) -> str:
    bare = re.sub(r"\bper\s+[A-Za-z]+$", "", attribute.name)
    words = " ".join(_DRESS.sub(" ", bare).lower().split())
    return words or attribute.name.lower()


def _digits(cell: TableCell) -> str:
    value = cell.value
    assert value is not None
    return str(value) if isinstance(value, int) else format(value, ".15g")


def _assembled(
    reading: Reading, told: AttributeTable, entities: Entities, made: list[tuple[str, TableCell, str]]
) -> Retold | str:
    """The prose before the table, the sentences made of it, the prose after it; captions are left out."""
    text = reading.text
    before, after = text[: told.start], text[told.end :]
    cut = before.rfind("\n") + 1
    before = before[:cut]  # the bar that opens the table
    after_start = told.end + (after.find("\n") if "\n" in after else len(after))
    caption = list(_CAPTION.finditer(text[: told.start + 1]))
    if caption and caption[-1].end() >= cut - 1:
        before = text[: caption[-1].start()]
    pieces, parts = _prose(reading, 0, len(before), 0)
    parts.append("\n\n")
    at = sum(map(len, parts))
    for sentence, cell, cite in made:
        pieces.append(_Piece(at, at + len(sentence), cell.start, cell, cite))
        parts.append(sentence + "\n\n")
        at += len(sentence) + 2
    more, rest = _prose(reading, after_start, len(text), at)
    return Retold(read("".join([*parts, *rest])), entities, (*pieces, *more), text)


def _prose(reading: Reading, start: int, end: int, at: int) -> tuple[list[_Piece], list[str]]:
    """A stretch of the prose without sentences that only say what the table shows; pieces begin at `at`."""
    pieces: list[_Piece] = []
    parts: list[str] = []
    position = start
    for sentence in [*reading.document.sentences, None]:
        if sentence is not None and not (start <= sentence.start < end and _presents(reading, sentence)):
            continue
        stop = end if sentence is None else sentence.start
        pieces.append(_Piece(at, at + stop - position, position))
        parts.append(reading.text[position:stop])
        at += stop - position
        position = end if sentence is None else sentence.end
    return pieces, parts


def _presents(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence only introduces the table: no word in it changes what the table says, but for what one unit
    is ("1 kg of each", "a 10-gallon batch of each" where the text asks for batches), and so its numbers."""
    if not _ABOUT_TABLE.search(sentence.text):
        return False
    asked = {singular(noun) for noun in re.findall(r"\bhow many ([a-z]+)", reading.text.lower())}
    bounds = [(m.start() + sentence.start, m.end() + sentence.start) for m in _COLUMN_OF_BOUNDS.finditer(sentence.text)]
    operators = {
        o.word for o in operators_in(sentence) if not any(low <= o.start and o.end <= high for low, high in bounds)
    }
    if any(word not in _PRESENTING and singular(word) not in asked for word in operators):
        return False
    measures = [match.span() for match in _BATCH.finditer(sentence.text) if singular(match["noun"]) in asked]
    return all(
        (q.value == 1 and q.kind == "number") or any(low <= q.start - sentence.start < high for low, high in measures)
        for q in _numbers(reading, sentence)
    )


def _numbers(reading: Reading, sentence: Sentence) -> list[Quantity]:
    return [q for q in reading.quantities if q.sentence == sentence.index and q.counts]
