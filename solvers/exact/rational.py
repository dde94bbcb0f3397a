"""Numbers of a model as the rationals that were meant, and rows of rationals as rows of integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm, ulp

_SIMPLE = 10**6
_ROUNDINGS = 4
"""Arithmetic on data leaves a number so many units in the last place from the fraction that was meant."""


@lru_cache(maxsize=1 << 16)
def rational(value: float) -> Fraction:
    """The fraction with a denominator up to 1e6 that the float stands for, else its shortest decimal."""
    if value == int(value):
        return Fraction(int(value))
    near = Fraction(value).limit_denominator(_SIMPLE)
    if near != 0 and abs(near - Fraction(value)) <= _ROUNDINGS * Fraction(ulp(value)):
        return near
    return Fraction(repr(value))


def common_step(values: Iterable[Fraction]) -> Fraction:
    """The greatest fraction of which all values are whole multiples; 0 where all are 0."""
    top, bottom = 0, 1
    for value in values:
        if value:
            bottom, old = lcm(bottom, value.denominator), bottom
            top = gcd(top * (bottom // old), value.numerator * (bottom // value.denominator))
    return Fraction(top, bottom)


def as_integers(values: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Coprime integers and the positive unit that each is a multiple of: values[k] == integers[k] * unit."""
    bottom = lcm(*(value.denominator for value in values))
    scaled = [value.numerator * (bottom // value.denominator) for value in values]
    top = gcd(*scaled) or bottom
    return [value // top for value in scaled], Fraction(top, bottom)
