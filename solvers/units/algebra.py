"""The algebra of units: products, powers, and how two quantities that are added can disagree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from solvers.units.words import AMBIGUOUS

PERCENT = "%"
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
        from solvers.units.known import name_of

        known = "" if self.scale == 1.0 else name_of(self)
        if known:
            return known
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
    return not a.dims and _is_one_noun(a) and a.nouns[0][0] not in AMBIGUOUS and bool(b.dims)


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
