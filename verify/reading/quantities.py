"""The numbers of a text: digits, number words, fractions, percents, money, multipliers, ranges.

What looks like a number but carries no data (ordinals, labels such as "machine 1", list and
figure numbers, the pronoun "one") is found too, under a kind of its own, and not accounted for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from verify.reading.document import Document
from verify.reading.words import Token, parse_number, word_list, word_set

QuantityKind = Literal[
    "number",
    "percent",
    "money",
    "fraction",
    "multiplier",
    "range_low",
    "range_high",
    "ordinal",
    "label",
    "structural",
    "article",
    "idle",
]

_UNITS = {
    w: n
    for n, w in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
_TENS = {w: 10 * n for n, w in enumerate(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
NUMBER_WORDS = {**_UNITS, **_TENS}
"""Words for whole numbers and their values."""
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "dozen": 12,
    "thousands": 1000,
    "millions": 10**6,
    "billions": 10**9,
    "score": 20,
}
_DENOMINATORS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fourth": 4,
    "fourths": 4,
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "sixths": 6,
    "seventh": 7,
    "eighth": 8,
    "eighths": 8,
    "tenth": 10,
    "tenths": 10,
}
_WHICH_PERIOD = word_set("coming next this last each every per fiscal following previous current")
_VULGAR = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅕": 0.2, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625}
_GLUED = {"k": 1000, "K": 1000}
_GLUED_MONEY = {"m": 10**6, "M": 10**6, "bn": 10**9, "B": 10**9}
_MULTIPLIERS = {"twice": 2, "thrice": 3, "double": 2, "triple": 3, "quadruple": 4}
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound sterling", "¥": "yuan"}
_CURRENCY_WORDS = {
    "dollar": "dollar",
    "euro": "euro",
    "yuan": "yuan",
    "cent": "cent",
    "usd": "dollar",
    "rmb": "yuan",
    "rupee": "rupee",
    "yen": "yen",
    "peso": "peso",
}
_ORDINALS = word_set("first second third fourth fifth sixth seventh eighth ninth tenth")
_LABEL_NOUNS = word_set(
    "figure fig table section equation eq step phase question problem type model option chapter appendix page "
    "lab machine experiment process product plant factory warehouse project crop grade zone store node "
    "department stage station line group region site day week month period year order job task truck center "
    "city route method shift constraint scenario part example exercise level class tier"
)
_KIND_NOUNS = word_set(
    "type kind sort way brand flavor flavour variety version size form method mode category class grade style option"
)
_KIND_ADJECTIVES = word_set("different main distinct separate new possible such")
_LISTS = word_set(
    "makes make making sells sell selling produces produce producing offers offer uses use using buys buy has have "
    "of between among into from with in these the its their his her runs run opens open grows grow are is via by"
)
_MODALS = word_set("can will must should may could would might cannot they we he she it who that which")
_WILLING = word_set("want wants need needs able has have plans likes ready intends hopes decided wishes wants "
    "free asked")
_TAKES_ONE = word_set(
    "takes take needs need requires require uses use contains contain has have costs gives give gets get produces "
    "produce yields yield holds hold consumes consume carries carry is are spends spend"
)
_AFTER_PRONOUN = word_set("of at by after type kind or another that which who more less")
_EARNS = word_set("earns earn sells sell brings bring makes make")
_MEASURED = word_set(
    "hour minute second day week kg kilogram gram litre liter ml cup pound ounce ton tonne gallon pint metre meter "
    "yard foot acre unit"
)
_UNIT_PAIRS = word_set("sq square cubic fluid metric board man worker machine labor labour running linear working")
_NOT_UNITS = word_set(
    "and or but of to in on at by for from with as the a an each per if then than that which who while whereas "
    "are is was be must can will has have had should available respectively more less fewer times "
    "when where since because both either into onto every all"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the text. `value` of a percent is the fraction; `unit` the noun that follows it.

    Offsets are into the document's text. `sentence` is the index of its sentence, -1 in a table.
    """

    value: int | float
    text: str
    start: int
    end: int
    unit: str = ""
    kind: QuantityKind = "number"
    sentence: int = -1

    @property
    def counts(self) -> bool:
        """Whether a formulation must account for it."""
        return self.kind not in ("ordinal", "label", "structural", "article", "idle")


def _word_number(tokens: tuple[Token, ...], i: int) -> tuple[int | float, int] | None:
    """A number written in words beginning at token i, and how many tokens it takes."""
    total, current, used, j = 0, 0, 0, i
    while j < len(tokens) and tokens[j].kind == "word":
        parts = tokens[j].lower.split("-")
        step: int | None = None
        if len(parts) == 2 and parts[0] in _TENS and 0 < _UNITS.get(parts[1], 0) < 10:
            step = _TENS[parts[0]] + _UNITS[parts[1]]
        elif len(parts) == 1 and (parts[0] in _UNITS or parts[0] in _TENS):
            step = _UNITS.get(parts[0], _TENS.get(parts[0], 0))
        if step is not None:
            if current % 100 and not (current % 10 == 0 and step < 10):
                break
            current += step
        elif tokens[j].lower in _SCALES and used:
            scale = _SCALES[tokens[j].lower]
            if scale == 100:
                current *= 100
            else:
                total, current = total + current * scale, 0
        elif (
            tokens[j].lower == "and"
            and used
            and current % 100 == 0
            and current
            and j + 1 < len(tokens)
            and (tokens[j - 1].lower == "hundred" and tokens[j + 1].lower.split("-")[0] in {**_UNITS, **_TENS})
        ):
            j += 1
            continue
        else:
            break
        j += 1
        used = j - i
    return (total + current, used) if used else None


def _fraction(tokens: tuple[Token, ...], i: int) -> tuple[Fraction, int] | None:
    """A fraction in words or digits at token i: one-half, two thirds, a third, half, 1/2, 2 1/2."""
    token = tokens[i]
    parts = token.lower.split("-")
    if len(parts) == 2 and parts[0] in _UNITS and parts[1] in _DENOMINATORS:
        return Fraction(_UNITS[parts[0]], _DENOMINATORS[parts[1]]), 1
    following = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    after = tokens[i + 2].lower if i + 2 < len(tokens) else ""
    if token.lower == "quarter" and _word(tokens, i - 1) in _WHICH_PERIOD and following != "of":
        return None
    if token.lower in ("half", "quarter") or (
        token.lower == "third" and following == "of" and _word(tokens, i - 1) != "the"
    ):
        return Fraction(1, _DENOMINATORS[token.lower]), 1
    if (
        token.lower in ("a", "an")
        and following in _DENOMINATORS
        and (after in ("of", "as", "the") or following in ("half", "quarter"))
    ):
        return Fraction(1, _DENOMINATORS[following]), 2
    if token.lower in _UNITS and following in _DENOMINATORS and _UNITS[token.lower]:
        return Fraction(_UNITS[token.lower], _DENOMINATORS[following]), 2
    if token.kind == "number" and following == "/" and i + 2 < len(tokens) and tokens[i + 2].kind == "number":
        top, bottom = token.lower, after
        adjacent = token.end == tokens[i + 1].start and tokens[i + 1].end == tokens[i + 2].start
        if adjacent and top.isdigit() and bottom.isdigit() and 0 < int(bottom[:9]) <= 100 and len(top) <= 4:
            return Fraction(int(top), int(bottom)), 3
    return None


def _word(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[i].lower if 0 <= i < len(tokens) else ""


def _unit_after(tokens: tuple[Token, ...], i: int) -> str:
    """The noun that follows a number at tokens[i - 1]: "sq ft", "hours", "gallon"."""
    while _word(tokens, i) in ("additional", "extra", "more", "total", "full", "whole"):
        i += 1
    if i < len(tokens) and tokens[i].kind == "mark" and tokens[i].text == "-" and i + 1 < len(tokens):
        i += 1
    if i >= len(tokens) or tokens[i].kind != "word" or tokens[i].lower in _NOT_UNITS:
        return ""
    if tokens[i].lower in _UNIT_PAIRS and i + 1 < len(tokens) and tokens[i + 1].kind == "word":
        return f"{tokens[i].lower} {tokens[i + 1].stem}"
    return tokens[i].stem


def _signed(tokens: tuple[Token, ...], i: int, quantity: Quantity) -> Quantity:
    """The number with a minus sign that is attached to it and stands after a space or bracket."""
    if i == 0 or tokens[i].kind != "number" or tokens[i - 1].text != "-" or tokens[i - 1].end != tokens[i].start:
        return quantity
    if i > 1 and tokens[i - 2].end == tokens[i - 1].start and tokens[i - 2].text not in "([,":
        return quantity
    return replace(quantity, value=-quantity.value, start=tokens[i - 1].start)


def _dress(tokens: tuple[Token, ...], i: int, n: int, quantity: Quantity, text: str) -> tuple[Quantity, int]:
    """Add percent signs, currencies, scales and units around the number at tokens[i : i + n]."""
    start, end, value, kind = quantity.start, quantity.end, quantity.value, quantity.kind
    unit = ""
    if kind == "number" and _word(tokens, i + n) in _SCALES and tokens[i].kind == "number" and n == 1:
        value = value * _SCALES[_word(tokens, i + n)]
        end = tokens[i + n].end
        n += 1
    if _word(tokens, i + n) in ("%", "percent", "per-cent", "percentage") or (
        _word(tokens, i + n) == "per" and _word(tokens, i + n + 1) == "cent"
    ):
        n += 2 if _word(tokens, i + n) == "per" else 1
        end = tokens[i + n - 1].end
        shift = Fraction(str(value)) / 100 if isinstance(value, int) else value / 100
        value, kind = (float(shift) if isinstance(shift, Fraction) else round(shift, 12)), "percent"
    elif _word(tokens, i - 1) in _CURRENCIES and tokens[i - 1].end >= tokens[i].start - 1:
        start, unit, kind = tokens[i - 1].start, _CURRENCIES[tokens[i - 1].text], "money"
    elif i + n < len(tokens) and tokens[i + n].stem in _CURRENCY_WORDS:
        unit, kind = _CURRENCY_WORDS[tokens[i + n].stem], "money"
        end = tokens[i + n].end
        n += 1
        if unit == "cent":
            unit, value = "dollar", value / 100
    elif kind in ("number", "fraction") and _word(tokens, i + n) == "times":
        kind, end = "multiplier", tokens[i + n].end
        n += 1
    if kind in ("number", "fraction"):
        unit = _unit_after(tokens, i + n)
    return replace(quantity, value=value, start=start, end=end, kind=kind, unit=unit, text=text[start:end]), n


def _not_data(tokens: tuple[Token, ...], i: int, n: int, quantity: Quantity) -> QuantityKind:
    """The kind of a plain number: a label, an article, structural, or data."""
    if quantity.kind != "number":
        return quantity.kind
    previous, following = _word(tokens, i - 1), _word(tokens, i + n)
    before = tokens[i - 1] if i else None
    word = tokens[i].lower
    if word == "one" and n == 1 and previous not in ("least", "most", "exactly", "than", "of", "to", "only"):
        return "number" if _one_is_data(tokens, i) else "article"
    stem_after = tokens[i + n].stem if i + n < len(tokens) else ""
    if (
        before
        and before.kind == "word"
        and before.stem in _LABEL_NOUNS
        and tokens[i].kind == "number"
        and (isinstance(quantity.value, int) and quantity.value < 100 and not quantity.unit)
        and not _is_verb(tokens, i - 1, following)
    ):
        return "label"
    if (
        isinstance(quantity.value, int)
        and 2 <= quantity.value <= 12
        and (
            stem_after in _KIND_NOUNS
            or (following in _KIND_ADJECTIVES and tokens[i].kind == "word" and (previous in _LISTS or not before))
        )
        and previous not in ("least", "most", "than", "exactly")
    ):
        return "structural"
    return "number"


def _is_verb(tokens: tuple[Token, ...], i: int, following: str) -> bool:
    """Whether a word that may be the noun of a label is a verb: "can process 12", "stores 12", "wants to order 9"."""
    before, word = _word(tokens, i - 1), tokens[i]
    if before in _MODALS or (before == "to" and _word(tokens, i - 2) in _WILLING) or following in ("of", "per"):
        return True
    if word.lower != word.stem and following not in (",", "and", "or", "to", "-", "through", ":", "&"):
        return not word.text[:1].isupper()
    return word.text.islower() and before.endswith("s") and before not in ("this", "its", "his", "as", "is")


def _one_is_data(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether "one" counts: "takes one hour", "3 cups of flour and one egg"; not "one of", "one unit of A takes"."""
    previous, following = _word(tokens, i - 1), _word(tokens, i + 1)
    if following in _AFTER_PRONOUN or (i + 1 < len(tokens) and tokens[i + 1].kind != "word"):
        return False
    return previous in _TAKES_ONE or (previous in ("and", ",") and _follows_number(tokens, i))


def _follows_number(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a number stands shortly before token i: the article or "one" at i goes on with it."""
    return any(t.kind == "number" or t.lower in _UNITS for t in tokens[max(0, i - 8) : i - 1])


def _in_sentence(tokens: tuple[Token, ...], text: str, sentence: int) -> list[Quantity]:
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "mark":
            i += 1
            continue
        fraction = _fraction(tokens, i)
        quantity: Quantity | None = None
        n = 1
        if fraction:
            n = fraction[1]
            quantity = Quantity(float(fraction[0]), "", token.start, tokens[i + n - 1].end, kind="fraction")
        elif token.kind == "number":
            value: int | float = parse_number(token.text)
            if i + 1 < len(tokens) and tokens[i + 1].start == token.end:
                glued = tokens[i + 1].text
                scales = {**_GLUED, **_GLUED_MONEY} if _word(tokens, i - 1) in _CURRENCIES else _GLUED
                if glued in _VULGAR or glued in scales:
                    value = value + _VULGAR[glued] if glued in _VULGAR else value * scales[glued]
                    n = 2
            mixed = _fraction(tokens, i + 1) if i + 1 < len(tokens) and tokens[i + 1].kind == "number" else None
            if mixed and isinstance(value, int) and mixed[0] < 1:
                n, value = 1 + mixed[1], value + float(mixed[0])
            quantity = Quantity(value, "", token.start, tokens[i + n - 1].end)
        elif token.lower in _MULTIPLIERS:
            quantity = Quantity(
                _MULTIPLIERS[token.lower],
                text[token.start : token.end],
                token.start,
                token.end,
                kind="multiplier",
                sentence=sentence,
            )
            found.append(quantity)
            i += 1
            continue
        elif token.text in _VULGAR:
            quantity = Quantity(_VULGAR[token.text], "", token.start, token.end, kind="fraction")
        elif _article_counts(tokens, i):
            quantity = Quantity(1, "", token.start, token.end)
        elif token.lower in ("dozen", "dozens"):
            quantity = Quantity(12, "", token.start, token.end)
        elif token.lower in _ORDINALS:
            found.append(Quantity(0, token.text, token.start, token.end, kind="ordinal", sentence=sentence))
            i += 1
            continue
        else:
            words = _word_number(tokens, i)
            if words:
                n = words[1]
                quantity = Quantity(words[0], "", token.start, tokens[i + n - 1].end)
        if quantity is None:
            i += 1
            continue
        quantity = _signed(tokens, i, quantity)
        quantity, n = _dress(tokens, i, n, replace(quantity, sentence=sentence), text)
        quantity = replace(quantity, kind=_not_data(tokens, i, n, quantity))
        if _attached(text, quantity):
            quantity = replace(quantity, kind="label")
        found.append(quantity)
        i += n
    return found


def _article_counts(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether an article stands for the number one before a measure: "3 hours of casting and an hour of polishing"."""
    if tokens[i].lower not in ("a", "an") or i + 1 >= len(tokens) or tokens[i + 1].stem not in _MEASURED:
        return False
    if tokens[i + 1].stem == "unit":
        return False
    previous = _word(tokens, i - 1)
    if any(_word(tokens, j) in _TAKES_ONE or _word(tokens, j) in _EARNS for j in range(i + 2, i + 6)):
        return False
    if previous in _TAKES_ONE and _word(tokens, i + 2) in ("of", "to", "and", ".", ",", "in", "for", "on"):
        return True
    return previous == "and" and _follows_number(tokens, i)


def _attached(text: str, quantity: Quantity) -> bool:
    """Whether digits are part of a name: "4-wheeler", "X1" never reaches here, "3rd"."""
    after = text[quantity.end : quantity.end + 3]
    return bool(re.match(r"(?:st|nd|rd|th)\b", after)) and quantity.text[-1:].isdigit()


_RANGE = re.compile(r"\s*(?:-|to|and)\s*$")


def _mark_ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """Mark "between 6 and 35", "from 6 to 35", "[6, 35]" and "6-35" as low and high ends."""
    marked = list(found)
    for k in range(len(found) - 1):
        low, high = found[k], found[k + 1]
        gap = text[low.end : high.start]
        if len(gap) > 40 or low.value > high.value or not (low.counts and high.counts):
            continue
        before = text[max(0, low.start - 9) : low.start].lower()
        bracketed = (
            before.rstrip().endswith("[") and gap.strip() == "," and text[high.end : high.end + 2].strip()[:1] == "]"
        )
        between = before.rstrip().endswith("between") and re.search(r"\b(?:and|to)\s+[$€£]?$", gap)
        dashed = gap.strip() == "-"
        if bracketed or between or dashed or (before.rstrip().endswith("from") and re.search(r"\bto\s+[$€£]?$", gap)):
            marked[k] = replace(low, kind="range_low", unit=low.unit or high.unit)
            marked[k + 1] = replace(high, kind="range_high")
    return marked


def find_quantities(document: Document) -> tuple[Quantity, ...]:
    """All quantities of the sentences of a document (tables are read by `verify.reading.tables`)."""
    found: list[Quantity] = []
    for sentence in document.sentences:
        found += _in_sentence(sentence.tokens, document.clean, sentence.index)
    return tuple(_mark_ranges(found, document.clean))
