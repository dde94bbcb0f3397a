"""Units as people write them: `$/case`, `ton-hours`, `km per hour`, `thousand yuan`, `%`, `people`.

Physical units come from pint (imported on first use, one registry). Currencies and percent are base
dimensions of their own; unknown words are count nouns, which never prove two quantities different.
Ambiguous words (pound, ounce, calorie, barrel, point) are nouns too: a false alarm costs more than a miss.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

MAX_LENGTH = 120

PERCENT = "%"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CURRENCIES = {
    "USD": "$ dollar dollars usd us$ bucks buck", "EUR": "€ euro euros eur", "GBP": "£ gbp sterling quid",
    "CNY": "yuan rmb cny renminbi", "JPY": "yen jpy", "INR": "₹ rupee rupees inr rs", "CHF": "franc francs chf",
    "RUB": "ruble rubles rouble roubles rub", "KRW": "won krw", "BRL": "real reais brl", "MXN": "peso pesos mxn",
    "CAD": "cad", "AUD": "aud", "TRY": "lira", "SEK": "krona kronor sek",
}
_CURRENCY = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_MULTIPLES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0, "hundreds": 1e2,
    "thousands": 1e3, "millions": 1e6, "billions": 1e9, "dozens": 12.0,
}
_PURE = _words(
    "unit units item items piece pieces pcs pc each ea count counts number no times fraction ratio share "
    "dimensionless none scalar factor multiplier value"
)
_TIME_ALIASES = {
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second", "secs": "second",
    "s": "second", "wk": "week", "wks": "week", "mo": "month", "yr": "year", "yrs": "year", "daily": "day",
}
# What pint may answer for; all else it knows (bag, point, chain, cup, head, unit as micro-nit) means things here.
_TRUSTED = _words(
    "second minute hour day week fortnight month year meter inch foot yard mile nautical_mile gram metric_ton liter "
    "gallon quart watt joule watt_hour volt ampere newton pascal hectare acre byte kilogram "
    "horsepower british_thermal_unit micron"
)
_TONS = _words("ton tons tonne tonnes t mt")
_AMBIGUOUS = _words(
    "pound ounce calorie kcal barrel point cup bag sack bushel carat bar cup pint degree grain stone cord bale drum "
    "tank load truckload carload pallet container boardfoot mu jin cal acre-foot teu kilo gb tb mb c k d y share "
    "credit money monetary"
)
_DENY = _words("are a ha in c d y au pt qt")
_PHRASES = {
    "metric ton": "tonne", "metric tons": "tonne", "square meter": "m^2", "square metre": "m^2", "cubic meter": "m^3",
    "square foot": "ft^2", "square feet": "ft^2", "cubic foot": "ft^3", "cubic feet": "ft^3", "sq ft": "ft^2",
    "square mile": "mi^2", "square kilometer": "km^2", "square inch": "inch^2", "square inches": "inch^2",
    "square yard": "yard^2", "cubic metre": "m^3", "cubic yard": "yard^3", "us dollar": "dollar",
    "u.s. dollar": "dollar",
    "percentage point": "%", "per cent": "%", "per unit of": "per", "board feet": "boardfoot",
    "board foot": "boardfoot",
}
_PHRASE = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _PHRASES), key=len, reverse=True)) + r")(s?)\b")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*(?:e[+-]?\d+)?)|(?P<pow>\^|\*\*)|(?P<op>[*/·×()⋅-])|(?P<percent>%)"
    r"|(?P<word>us\$|[$€£¥₹]|[^\W\d_]+)|(?P<space>[\s_.,]+)",
    re.IGNORECASE,
)

_SYMBOLS = {"[time]": "s", "[mass]": "kg", "[length]": "m", "[current]": "A"}

Powers = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """`scale` times the base units `dims` (physical dimensions, currencies, percent) times count nouns.

    `scale` None: some conversion may be hidden in it. `periods`: lengths in seconds of time units that stand
    in a denominator (`per week`), which problems leave out as often as not.
    """

    scale: float | None = 1.0
    dims: Powers = ()
    nouns: Powers = ()
    periods: frozenset[float] = frozenset()

    def __mul__(self, other: Unit) -> Unit:
        return Unit(
            _times(self.scale, other.scale), _merge(self.dims, other.dims, 1), _merge(self.nouns, other.nouns, 1),
            self.periods | other.periods,
        )

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, exponent: float) -> Unit:
        scale = None
        if self.scale is not None and self.scale > 0:
            try:
                scale = self.scale**exponent
            except OverflowError:
                scale = None
        return Unit(
            scale, tuple((n, e * exponent) for n, e in self.dims if exponent),
            tuple((n, e * exponent) for n, e in self.nouns if exponent), self.periods,
        )

    @property
    def is_known(self) -> bool:
        """It has a physical dimension, a currency or percent: only such units can clash."""
        return bool(self.dims)

    def loosened(self) -> Unit:
        """The same dimensions at an unknown scale: multiplied by a number that may be a conversion factor."""
        return Unit(None, _without_percent(self).dims, self.nouns, self.periods)

    def as_fraction(self) -> Unit:
        """Percent given as fractions (0.2 for 20 %)."""
        return _without_percent(self)

    def __str__(self) -> str:
        parts = [_power(_SYMBOLS.get(n, n), e) for n, e in (*self.dims, *self.nouns)]
        text = " ".join(parts) or "1"
        return text if self.scale in (None, 1.0) else f"{self.scale:g} {text}"


PURE = Unit()
LITERAL = Unit(None)
"""A number written in a formula: it may carry any unit, and convert any scale."""


def _times(a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return None
    product = a * b
    return product if 0 < product < math.inf else None


def _merge(a: Powers, b: Powers, sign: int) -> Powers:
    powers = dict(a)
    for name, exponent in b:
        powers[name] = powers.get(name, 0.0) + sign * exponent
    return tuple(sorted((n, e) for n, e in powers.items() if abs(e) > 1e-9))


def _power(name: str, exponent: float) -> str:
    return name if exponent == 1 else f"{name}^{exponent:g}"


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit that a text means, or None when it is none that can be told (never raises).

    `per` and `/` divide what follows up to the next one; hyphens, `*` and spaces between known units
    multiply; words before a unit qualify it (`machine hours` are hours); `of ...` is dropped.
    """
    if not text or len(text) > MAX_LENGTH or not text.strip():
        return None
    plain = text.strip().translate(_SUPERSCRIPTS)
    if _PHRASE.search(plain.lower()):
        plain = _PHRASE.sub(lambda m: _PHRASES[m.group(1)], plain.lower())
    tokens = _tokens(plain)
    return None if tokens is None else _Reader(tokens).read()


def _tokens(text: str) -> list[tuple[str, str]] | None:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append((kind, match.group()))
        at = match.end()
    return tokens


class _Reader:
    """One pass over the tokens of a unit."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def read(self) -> Unit | None:
        found = self.product()
        return found if self.at == len(self.tokens) else None

    def product(self) -> Unit | None:
        """Factors and quotients up to a closing parenthesis."""
        result, below = PURE, False
        pending: list[str] = []
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            word = text.lower()
            if text == ")":
                break
            if word in ("per", "/") or (kind == "word" and word in ("a", "an", "every") and result.is_known):
                result = self._flush(result, pending, below)
                below = True
                self.at += 1
                continue
            if word == "of":
                self._skip_qualifier()
                continue
            if word in ("*", "·", "×", "⋅", "-", "and", "the", "in", "each") and (word != "each" or result.is_known):
                if word in ("*", "·", "×", "⋅", "-"):
                    result = self._flush(result, pending, below)
                self.at += 1
                continue
            if kind == "word" and _unit_of_word(text) is None and self._word_follows():
                pending.append(text)
                self.at += 1
                continue
            factor = self.factor()
            if factor is None:
                return None
            if not (factor.dims and pending):
                result = self._flush(result, pending, below)
            pending = []
            result = result / _as_period(factor) if below else result * factor
        return self._flush(result, pending, below)

    def _word_follows(self) -> bool:
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][0] == "word" \
            and self.tokens[self.at + 1][1].lower() not in ("per", "of", "a", "an", "every", "and", "each")

    def _flush(self, result: Unit, pending: list[str], below: bool) -> Unit:
        """Words that qualify no known unit are one noun together."""
        if pending:
            noun = Unit(nouns=((singular(" ".join(pending).lower()), 1.0),))
            result = result / noun if below else result * noun
            pending.clear()
        return result

    def _skip_qualifier(self) -> None:
        self.at += 1
        while self.at < len(self.tokens) and self.tokens[self.at][1].lower() not in ("per", "/", ")"):
            self.at += 1

    def factor(self) -> Unit | None:
        """One unit, number or parenthesis with its exponent."""
        kind, text = self.tokens[self.at]
        self.at += 1
        if text == "(":
            self.depth += 1
            if self.depth > 5:
                return None
            base = self.product()
            if base is None or self.at >= len(self.tokens):
                return None
            self.at += 1
        elif kind == "number":
            base = self._number(text)
        elif kind == "percent":
            base = Unit(1.0, ((PERCENT, 1.0),))
        elif kind == "word":
            base = _unit_of_word(text) or Unit(nouns=((singular(text.lower()), 1.0),))
        else:
            return None
        return self._raised(base) if base is not None else None

    def _number(self, text: str) -> Unit | None:
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            return None
        return Unit(value) if 0 < value < 1e30 else None

    def _raised(self, base: Unit) -> Unit | None:
        """`m^2`, `m2`, `s^-1`."""
        explicit = self.at < len(self.tokens) and self.tokens[self.at][0] == "pow"
        if explicit:
            self.at += 1
        sign = 1
        if explicit and self.at < len(self.tokens) and self.tokens[self.at][1] == "-":
            sign = -1
            self.at += 1
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "number" and (explicit or base.dims):
            exponent = self.tokens[self.at][1]
            if exponent.isdecimal() and 1 <= int(exponent[:3]) <= 9:
                self.at += 1
                return base ** (sign * int(exponent))
        return None if explicit else base


def _as_period(unit: Unit) -> Unit:
    """Remember days, weeks, months and years in a denominator."""
    if unit.dims == (("[time]", 1.0),) and unit.scale is not None and unit.scale >= 86_000:
        return Unit(unit.scale, unit.dims, unit.nouns, frozenset((unit.scale,)))
    return unit


@lru_cache(maxsize=4096)
def _unit_of_word(word: str) -> Unit | None:
    """The unit of one word: currency, multiple, pure number, ton, or what pint may be trusted with."""
    lower = word.lower()
    if lower in _CURRENCY:
        return Unit(1.0, ((_CURRENCY[lower], 1.0),))
    if lower in ("cent", "cents"):
        return Unit(0.01, (("USD", 1.0),))
    if lower in ("percent", "percentage", "pct"):
        return Unit(1.0, ((PERCENT, 1.0),))
    if lower in _PURE:
        return PURE
    if lower in _MULTIPLES:
        return Unit(_MULTIPLES[lower])
    if lower in _TONS and (lower not in ("t", "mt") or word == "t"):
        return Unit(1e3, (("[mass]", 1.0),))
    if word == "ha":
        return Unit(1e4, (("[length]", 2.0),))
    if word in ("lb", "lbs"):
        return Unit(0.45359237, (("[mass]", 1.0),))
    if len(word) > 30 or lower in _DENY:
        return None
    name = _TIME_ALIASES.get(word if word == "s" else lower, word)
    return _from_pint(name) or (_from_pint(lower) if lower != name and len(lower) > 1 else None)


def _from_pint(name: str) -> Unit | None:
    if not name.isascii() and "µ" not in name:
        return None
    registry = _registry()
    for _, root, _ in registry.parse_unit_name(name):
        if root in _TRUSTED:
            # The same reading as the trusted root: prefix included, in base units of pint (kilogram for mass).
            quantity = registry.Quantity(1.0, name).to_base_units()
            dims = tuple(sorted((str(d), float(e)) for d, e in quantity.dimensionality.items()))
            return Unit(float(quantity.magnitude), dims) if dims else None
        return None
    return None


_IRREGULAR = {
    "people": "person", "persons": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "buses": "bus", "gas": "gas", "gases": "gas", "lenses": "lens", "mice": "mouse", "geese": "goose", "teeth": "tooth",
    "knives": "knife", "shelves": "shelf", "halves": "half", "loaves": "loaf", "movies": "movie",
    "calories": "calorie", "cookies": "cookie", "pies": "pie", "ties": "tie",
}


def singular(word: str) -> str:
    """The singular of an English count noun, well enough to recognise the same noun again."""
    head, _, last = word.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches", "shes", "zes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 2:
        last = last[:-1]
    return f"{head} {last}" if head else last


Clash = Literal["dimension", "scale", "percent", "mixed", "noun"]


def clash(a: Unit, b: Unit) -> Clash | None:
    """How two quantities that are added or compared disagree, or None.

    Proven only between known dimensions. A time in a denominator may be left out (`hours` against
    `hours/week`), nouns alone give `"noun"`, which is no more than a hint.
    """
    p, q = dict(a.dims).get(PERCENT, 0.0), dict(b.dims).get(PERCENT, 0.0)
    if p == q:
        return _bare_clash(a, b)
    bare_a, bare_b = _without_percent(a), _without_percent(b)
    found = _bare_clash(Unit(None, bare_a.dims, a.nouns, a.periods), Unit(None, bare_b.dims, b.nouns, b.periods))
    if found == "dimension":
        return found
    # Percent against a bare fraction or a count is how shares are compared; a product with a unit shows the slip.
    shows = (bare_a.dims and bare_b.dims) or (a.nouns and a.nouns == b.nouns)
    return "percent" if shows and a.scale is not None and b.scale is not None else None


def _bare_clash(a: Unit, b: Unit) -> Clash | None:
    if a.dims == b.dims:
        if a.dims and not _same_scale(a.scale, b.scale):
            return "scale"
        if not a.dims and a.nouns != b.nouns and _is_one_noun(a) and _is_one_noun(b):
            return "noun"
        return None
    rest = _merge(a.dims, b.dims, -1)
    if all(name == "[time]" for name, _ in rest):
        return _period_clash(a, b, rest[0][1])
    if _is_mixed(a, b) or _is_mixed(b, a):
        return "mixed"
    if not a.dims or not b.dims or any(e != int(e) for _, e in rest):
        return None  # roots come from norms and the like, whose units are seldom declared
    return "dimension"


def _is_mixed(a: Unit, b: Unit) -> bool:
    """Pumps against kilograms; words that may name a measure (pounds, barrels) are left alone."""
    return not a.dims and _is_one_noun(a) and a.nouns[0][0] not in _AMBIGUOUS and bool(b.dims)


def _is_one_noun(unit: Unit) -> bool:
    return len(unit.nouns) == 1 and unit.nouns[0][1] == 1


def _without_percent(unit: Unit) -> Unit:
    return Unit(unit.scale, tuple((n, e) for n, e in unit.dims if n != PERCENT), unit.nouns, unit.periods)


def _period_clash(a: Unit, b: Unit, exponent: float) -> Clash | None:
    """Sides that differ by a time only: with the period that one leaves out, the scales must agree."""
    longer, shorter = (b, a) if exponent > 0 else (a, b)  # `longer` has time in its denominator
    if abs(exponent) != 1 or longer.scale is None or shorter.scale is None or not longer.periods:
        return None
    if any(_same_scale(longer.scale * period, shorter.scale) for period in longer.periods):
        return None
    return "scale" if len(longer.periods) == 1 else None


def _same_scale(a: float | None, b: float | None) -> bool:
    return a is None or b is None or math.isclose(a, b, rel_tol=1e-3)

