"""Numbers that nothing in a text could make use of: the year a bakery opened, the height of a table sold by the piece.

A number is called idle only where it stands alone in a sentence that describes (`is 30 cm high`, `opened in 1954`)
and binds, rates and counts nothing, and where its dimension occurs nowhere else in the text. Everything else is data
until it is read: `You have 800 ft of fencing`, `The lorry bears 500 kg`, the items of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from solvers.units import parse_unit
from verify.reading.comparisons import comparisons_in, states_requirement
from verify.reading.document import Document, Sentence
from verify.reading.goal import goals_in
from verify.reading.quantities import Quantity
from verify.reading.units import measure_of
from verify.reading.words import word_set

_BINDS = re.compile(
    r"\?|\b(?:per|each|every|all|both|only|budget|limit\w*|deadline|away|room|capacit\w*|available|availability"
    r"|stock\w*|suppl\w*|order\w*|demand\w*|requir\w*|needs?|needed|takes?|taking|uses?|used|using|consum\w*"
    r"|contain\w*|weigh\w*|holds?|costs?|costing|prices?|profit\w*|earn\w*|sells?|sold|pays?|paid|produc\w*|makes?"
    r"|gives?|yields?|provid\w*|spend\w*|spent|worth|total|maxim\w*|minim\w*|most|least|more|less|fewer|than|up to"
    r"|exceed\w*|must|can|cannot|may|should|will|if|unless|when|ratio|times|twice|half|percent|rate|open for|runs? for"
    r"|lasts?)\b",
    re.I,
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|year|founded|established|(?:spring|summer|autumn|fall|winter|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)(?: of)?)\s*$",
    re.I,
)
_PAST = re.compile(
    r"\b(?:opened|founded|established|built|started|begun|began|was|were|has been|have been|since|dates? back)\b", re.I
)
_DESCRIBES = re.compile(r"\b(?:is|are|was|were|stands?|lies?|measures?)\b(?:\s+\w+)?\s*$", re.I)
"""Before a number that says what something is like; `have`, `bear`, `work` say what there is to use."""
_SPEAKS_OF = {
    "[length]": word_set(
        "long length high height tall wide width deep depth distance far short longer shorter route round road way "
        "radius diameter area volume size space thick thickness thin girth rod furlong league fathom span pace"
    ),
    "[time]": word_set(
        "time hour day week month year quarter daily weekly monthly yearly annual annually night overnight evening "
        "today tonight tomorrow duration schedule shift period season minute second early late soon fast quick round "
        "session term turn"
    ),
    "[mass]": word_set(
        "weight heavy light mass weigh load lighter heavier heaviness tonnage payload stone quintal hundredweight cwt "
        "pound lb ounce sack"
    ),
    "[temperature]": word_set("temperature hot cold warm heat degree"),
}


@dataclass(frozen=True, slots=True)
class Idle:
    """A number that is set aside, its words, and why."""

    quantity: Quantity
    quote: str
    reason: str


def find_idle(document: Document, quantities: tuple[Quantity, ...]) -> tuple[Idle, ...]:
    """The idle numbers of a text, in order."""
    by_sentence: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        if quantity.counts:
            by_sentence.setdefault(quantity.sentence, []).append(quantity)
    found = []
    for sentence in document.sentences:
        own = by_sentence.get(sentence.index, [])
        if sentence.kind != "prose" or len(own) != 1 or own[0].kind != "number" or not _states_only(sentence, own[0]):
            continue
        reason = _year(sentence, own[0]) or _alone(document, sentence, own[0])
        if reason:
            found.append(Idle(own[0], " ".join(document.text[sentence.start : sentence.end].split()), reason))
    return tuple(found)


def _states_only(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether nothing in the sentence, the number's own words aside, binds, rates or asks."""
    low, high = quantity.start - sentence.start, quantity.end - sentence.start
    words = sentence.text[:low] + " " * (high - low) + sentence.text[high:]
    return not (
        _BINDS.search(words) or comparisons_in(sentence) or states_requirement(sentence) or goals_in(sentence)
    )


def _year(sentence: Sentence, quantity: Quantity) -> str:
    before = sentence.text[: quantity.start - sentence.start]
    written = re.fullmatch(r"1[5-9]\d\d|20\d\d", quantity.text)
    if written and not quantity.unit and _YEAR_BEFORE.search(before) and _PAST.search(sentence.text):
        return "a year in the past"
    return ""


def _alone(document: Document, sentence: Sentence, quantity: Quantity) -> str:
    unit = parse_unit(quantity.unit) if quantity.unit else None
    if unit is None or unit.nouns or unit.periods or len(unit.dims) != 1 or unit.dims[0][1] != 1:
        return ""
    if not _DESCRIBES.search(sentence.text[: quantity.start - sentence.start]):
        return ""
    dimension = unit.dims[0][0]
    spoken = _SPEAKS_OF.get(dimension)
    if spoken is None:
        return ""
    rest = document.clean[: sentence.start] + " " + document.clean[sentence.end :]
    # Board feet measure timber by volume; "the yard" is a place.
    for word in set(re.findall(r"(?<!board )(?<!the )(?<![^\W\d_])[^\W\d_]+", rest)):
        lower = word.lower()
        if lower in spoken or lower.rstrip("s") in spoken:
            return ""
        other = measure_of(word)
        if other is not None and any(name == dimension for name, _ in other.dims):
            return ""
    return f"nothing else in the text is measured in {dimension.strip('[]')}"
