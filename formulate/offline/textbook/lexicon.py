"""Word classes of textbook problems: money, measures, time, cues of supply and of need."""

from __future__ import annotations

import re
from functools import lru_cache

from verify.reading.words import STOPWORDS, singular, word_set

PROFIT = word_set("profit profits profitability")
REVENUE = word_set("revenue revenues sell sells selling sold sale sales income")
COST = word_set(
    "cost costs costing price priced expense expenses charge charges pay pays paid buy buys purchase wage wages salary "
    "spend spends spent spending budget expenditure cheaper expensive"
)
NEUTRAL = word_set("earn earns earning earnings bring brings get gets tip tips receive receives make makes")
MEASURES = word_set(
    "unit gram kg kilogram mg milligram g lb pound ounce oz ton tonne liter litre ml milliliter gallon cup "
    "slice piece hour "
    "minute min hr day week second kwh sq square ft foot meter metre inch cubic yard mile km barrel worth "
    "amount number quantity level volume gal teaspoon tablespoon l "
    "dollar euro"
)
DIVISIBLE = word_set(
    "kg kilogram gram g mg lb pound ounce oz ton tonne liter litre ml milliliter gallon acre hectare hour "
    "minute dollar euro "
    "money meter metre foot yard mile km barrel day week bushel pint quart tonne"
)
TIME = {"second": 1, "minute": 60, "min": 60, "hour": 3600, "hr": 3600, "day": 86400, "week": 604800}
_SCALES = {
    "mass": "mg .001 milligram .001 g 1 gram 1 kg 1000 kilogram 1000 kilo 1000 tonne 1e6",
    "imperial mass": "ounce 1 oz 1 lb 16 pound 16",
    "volume": "ml 1 milliliter 1 millilitre 1 cl 10 dl 100 l 1000 liter 1000 litre 1000",
    "length": "mm .1 cm 1 centimeter 1 centimetre 1 meter 100 metre 100 m 100 km 100000",
    "imperial length": "inch 1 foot 12 ft 12 yard 36 mile 63360",
}
CONVERTS = {
    word: (kind, float(scale))
    for kind, text in _SCALES.items()
    for word, scale in zip(text.split()[::2], text.split()[1::2])
}
"""Measures with an exact factor between them: kind and scale."""
PHYSICAL = frozenset(CONVERTS) | word_set(
    "ton gallon quart pint cup stone acre hectare barrel bushel hour minute second day week"
)
GENERIC_CLASS = word_set("item product unit thing type kind good total number activity")
_FILLERS = (
    word_set(
        "work hold take carry make use need require produce contain available total time month year maximum minimum "
        "limit limited supply stock capacity least most company store currently currently hand left spare used using "
        "daily weekly day week month worth allotted additional respectively needed possible overall "
        "least get intake requirement own per inventory extra make made making"
    )
    | STOPWORDS
)

SUPPLY = re.compile(
    r"\b(?:available|availability|has|have|had|having|only|budget|stock(?:ed|s)?|supply|supplies|on hand|limited"
    r"|limit|capacity"
    r"|there (?:is|are)|open for|operates? for|allotted|allocated|total of|possess\w*|owns?|holds?|access to"
    r"|spare|inventory"
    r"|afford|up to)\b",
    re.I,
)
NEED = re.compile(
    r"\b(?:must|needs?|need to|needs to|have to|has to|require[sd]?|requiring|requirements?|demand\w*|minimum"
    r"|ordered|contract"
    r"|quota|goal of|target|should|wants? to (?:transport|deliver|make|send|produce|serve|move)|to meet|deadline"
    r"|expect\w*|necessary)\b",
    re.I,
)


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """A crude root, so that "watering" meets "water" and "assembled" meets "assembly"."""
    word = singular(word.lower())
    for suffix in ("ing", "ed", "er", "ly", "ion", "y", "e"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    if len(word) > 4 and word[-1] == word[-2]:
        word = word[:-1]
    return word


def content(words: list[str]) -> frozenset[str]:
    """Roots of the words that carry content: no stop words, fillers or numbers."""
    return frozenset(
        root(w)
        for w in words
        if w and w.lower() not in _FILLERS and singular(w.lower()) not in _FILLERS and w[0].isalpha()
    )


def distinctive(roots: frozenset[str]) -> frozenset[str]:
    """Content roots that are no mere measures."""
    return frozenset(r for r in roots if r not in _MEASURE_ROOTS)


_MEASURE_ROOTS = frozenset(root(m) for m in MEASURES) | MEASURES


def money_category(before: list[str], after: list[str]) -> str:
    """profit, revenue, cost or neutral, from the words around an amount, the nearest telling word first."""
    words = [w.lower() for w in [*reversed(before), *after]]
    for words_of, name in ((PROFIT, "profit"),):
        if any(w in words_of for w in words):
            return name
    for w in words:
        if w in COST:
            return "cost"
        if w in REVENUE:
            return "revenue"
    return "neutral"


_COUNTED = word_set("number amount quantity count production sale sales output supply sum")
_TOTAL_OF = re.compile(r"\b(?:total|combined) ([a-z]+) of (?:the )?E\d")


def total_of_something(pattern: str) -> str:
    """What a clause totals where it is no count: `the total weight of E0 and E1`; else empty."""
    match = _TOTAL_OF.search(pattern)
    return match[1] if match and match[1] not in _COUNTED else ""
