"""Text to units: `$/case`, `ton-hours`, `km per hour`, `thousand yuan`, `%`, `people`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from solvers.units.algebra import PERCENT, PURE, Unit
from solvers.units.known import KNOWN, POSSIBLE
from solvers.units.words import (
    CURRENCY,
    DENY,
    MULTIPLES,
    PHRASE,
    PHRASES,
    PURE_WORDS,
    SUPERSCRIPTS,
    TIME_ALIASES,
    TOKEN,
    TONS,
    TRUSTED,
    singular,
)

MAX_LENGTH = 120


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
    plain = text.strip().translate(SUPERSCRIPTS)
    if PHRASE.search(plain.lower()):
        plain = PHRASE.sub(lambda m: PHRASES[m.group(1)], plain.lower())
    tokens = _tokens(plain)
    return None if tokens is None else _Reader(tokens).read()


def _tokens(text: str) -> list[tuple[str, str]] | None:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
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
    if lower in CURRENCY:
        return Unit(1.0, ((CURRENCY[lower], 1.0),))
    if lower in ("cent", "cents"):
        return Unit(0.01, (("USD", 1.0),))
    if lower in ("percent", "percentage", "pct"):
        return Unit(1.0, ((PERCENT, 1.0),))
    if lower in PURE_WORDS:
        return PURE
    if lower in MULTIPLES:
        return Unit(MULTIPLES[lower])
    if lower in TONS or word == "t":
        return Unit(1e3, (("[mass]", 1.0),))
    if word == "ha":
        return Unit(1e4, (("[length]", 2.0),))
    if word in ("lb", "lbs"):
        return Unit(0.45359237, (("[mass]", 1.0),))
    if len(word) > 30 or lower in DENY:
        return None
    name = TIME_ALIASES.get(word if word == "s" else lower, word)
    return _from_pint(name) or (_from_pint(lower) if lower != name and len(lower) > 1 else None)


def _from_pint(name: str) -> Unit | None:
    if not name.isascii() and "µ" not in name:
        return None
    if name in KNOWN or not POSSIBLE.fullmatch(name):
        return KNOWN.get(name)
    registry = _registry()
    for _, root, _ in registry.parse_unit_name(name):
        if root in TRUSTED:
            # The same reading as the trusted root: prefix included, in base units of pint (kilogram for mass).
            quantity = registry.Quantity(1.0, name).to_base_units()
            dims = tuple(sorted((str(d), float(e)) for d, e in quantity.dimensionality.items()))
            return Unit(float(quantity.magnitude), dims) if dims else None
        return None
    return None
