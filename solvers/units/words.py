"""The words of units: currencies, multiples, phrases, and the physical words that pint is trusted with."""

from __future__ import annotations

import re

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCIES = {
    "USD": "$ dollar dollars usd us$", "EUR": "€ euro euros eur", "GBP": "£ gbp sterling quid",
    "CNY": "yuan rmb cny renminbi", "JPY": "yen jpy", "INR": "₹ rupee rupees inr rs", "CHF": "franc francs chf",
    "RUB": "ruble rubles rouble roubles", "KRW": "krw", "BRL": "brl", "MXN": "peso pesos mxn",
    "CAD": "cad", "AUD": "aud", "TRY": "lira", "SEK": "krona kronor sek",
}
CURRENCY = {word: code for code, words in CURRENCIES.items() for word in words.split()}
MULTIPLES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0, "hundreds": 1e2,
    "thousands": 1e3, "millions": 1e6, "billions": 1e9, "dozens": 12.0,
}
PURE_WORDS = _words(
    "unit units item items piece pieces pcs pc each ea count counts number no times fraction ratio share "
    "dimensionless none scalar factor multiplier value"
)
TIME_ALIASES = {
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second", "secs": "second",
    "s": "second", "wk": "week", "wks": "week", "mo": "month", "yr": "year", "yrs": "year", "daily": "day",
}
# What pint may answer for; all else it knows (bag, point, chain, cup, head, unit as micro-nit) means things here.
TRUSTED = _words(
    "second minute hour day week fortnight month year meter inch foot yard mile nautical_mile gram metric_ton liter "
    "gallon quart watt joule watt_hour volt ampere newton pascal hectare acre byte kilogram "
    "horsepower british_thermal_unit micron"
)
TONS = _words("ton tons tonne tonnes")
# Nouns that may name a measure: they prove nothing against one.
AMBIGUOUS = _words(
    "pound ounce calorie kcal barrel point cup bag sack bushel carat bar pint degree grain stone cord bale drum "
    "tank load truckload carload pallet container boardfoot mu jin cal acre-foot teu boardmetre kilo gb tb mb c k d y "
    "share credit money monetary"
)
DENY = _words("are a ha in c d y au pt qt")
PHRASES = {
    "metric ton": "tonne", "metric tons": "tonne", "square meter": "m^2", "square metre": "m^2", "cubic meter": "m^3",
    "square foot": "ft^2", "square feet": "ft^2", "cubic foot": "ft^3", "cubic feet": "ft^3", "sq ft": "ft^2",
    "square mile": "mi^2", "square kilometer": "km^2", "square inch": "inch^2", "square inches": "inch^2",
    "square yard": "yard^2", "cubic metre": "m^3", "cubic yard": "yard^3", "us dollar": "dollar",
    "u.s. dollar": "dollar",
    "percentage point": "%", "per cent": "%", "per unit of": "per", "board feet": "boardfoot",
    "board foot": "boardfoot", "board metre": "boardmetre", "board metres": "boardmetre", "board meter": "boardmetre",
    "board meters": "boardmetre",
}
PHRASE = re.compile(r"\b(" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")(s?)\b")
TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*(?:e[+-]?\d+)?)|(?P<pow>\^|\*\*)|(?P<op>[*/·×()⋅-])|(?P<percent>%)"
    r"|(?P<word>us\$|[$€£¥₹]|[^\W\d_]+)|(?P<space>[\s_.,]+)",
    re.IGNORECASE,
)

IRREGULAR = {
    "people": "person", "persons": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "buses": "bus", "gas": "gas", "gases": "gas", "lenses": "lens", "mice": "mouse", "geese": "goose", "teeth": "tooth",
    "knives": "knife", "shelves": "shelf", "halves": "half", "loaves": "loaf", "movies": "movie",
    "calories": "calorie", "cookies": "cookie", "pies": "pie", "ties": "tie",
}


def singular(word: str) -> str:
    """The singular of an English count noun, well enough to recognise the same noun again."""
    head, _, last = word.rpartition(" ")
    if last in IRREGULAR:
        last = IRREGULAR[last]
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches", "shes", "zes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 2:
        last = last[:-1]
    return f"{head} {last}" if head else last
