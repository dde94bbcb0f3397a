"""Exact rationals as 64-bit codes that two models share: equal codes are equal numbers.

A float stands for the shortest decimal that reads back as it (0.1 is 1/10, as in the file it came from); this is
one to one on floats, so a difference of one unit in the last place stays a difference. Whole numbers below 2**61
are their own code; any other rational p has code sign(p) * (BIG + number in the table); INFINITE is +infinity.
Codes change sign with their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import overload

import numpy as np

BIG = 1 << 61
INFINITE = 1 << 62
_POWERS = np.array([10**k for k in range(19)], dtype=np.int64)
_EXACT_TENS = 22
"""10.0**k is exact up to here, so one correctly rounded division tells whether n / 10**k reads as the float."""
_FIFTEEN_DIGITS = 1e15
"""Decimals of so many digits map to floats one to one, hence the first one that is found is the shortest."""


class Rationals(Sequence[Fraction]):
    """A sequence of rationals held as two arrays of integers, numerators and positive denominators."""

    def __init__(self, numerators: np.ndarray, denominators: np.ndarray) -> None:
        self.numerators, self.denominators = numerators, denominators

    def __len__(self) -> int:
        return len(self.numerators)

    @overload
    def __getitem__(self, k: int) -> Fraction: ...
    @overload
    def __getitem__(self, k: slice) -> Rationals: ...
    def __getitem__(self, k: int | slice) -> Fraction | Rationals:
        if isinstance(k, slice):
            return Rationals(self.numerators[k], self.denominators[k])
        return Fraction(int(self.numerators[k]), int(self.denominators[k]))


class Numbers:
    """The table of interned rationals of one comparison."""

    def __init__(self) -> None:
        self._values: list[tuple[int, int]] = []
        self._ids: dict[tuple[int, int], int] = {}
        self._long = (np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

    def code(self, value: Fraction | int) -> int:
        """The code of a rational."""
        return self._code(value.numerator, value.denominator)

    def _code(self, top: int, bottom: int) -> int:
        if bottom == 1 and -BIG < top < BIG:
            return top
        key = (abs(top), bottom)
        at = self._ids.get(key)
        if at is None:
            at = self._ids[key] = len(self._values)
            self._values.append(key)
        return BIG + at if top > 0 else -(BIG + at)

    def value(self, code: int) -> Fraction:
        """The rational of a finite code."""
        code = int(code)
        if -BIG < code < BIG:
            return Fraction(code)
        top, bottom = self._values[abs(code) - BIG]
        return Fraction(top if code > 0 else -top, bottom)

    def text(self, code: int) -> str:
        """A number for people."""
        if abs(int(code)) == INFINITE:
            return "inf" if code > 0 else "-inf"
        value = self.value(code)
        if value.denominator == 1:
            return str(value.numerator)
        return str(value) if value.denominator < 1000 else repr(float(value))

    def decimals(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """n, k with n / 10**k the shortest decimal of each finite float: int64 arrays, abs(n) < 10**17."""
        top, power, left = _fifteen_digits(values)
        if len(left):
            # In ascending order, since a search for ascending numbers stays in the cache.
            left = left[np.argsort(values[left])]
            rest = values[left]
            known, tops, powers = self._long
            at = np.searchsorted(known, rest)
            fresh = np.append(known, np.nan)[at] != rest
            if fresh.any():
                # Texts are made once for both models: the second one's numbers are mostly those of the first.
                more = rest[fresh]
                more = more[np.append(True, more[1:] != more[:-1])]
                more_tops, more_powers = _shortest(more)
                order = np.argsort(np.concatenate([known, more]))
                self._long = known, tops, powers = (
                    np.concatenate([known, more])[order], np.concatenate([tops, more_tops])[order],
                    np.concatenate([powers, more_powers])[order],
                )  # fmt: skip
                at = np.searchsorted(known, rest)
            top[left], power[left] = tops[at], powers[at]
        return top, power

    def codes(self, values: np.ndarray) -> np.ndarray:
        """Codes of floats (k,), infinities included. NaN is the caller's to refuse."""
        values = np.asarray(values, dtype=np.float64)
        out = np.empty(len(values), dtype=np.int64)
        whole = (np.abs(values) < 1e15) & (values == np.rint(values))
        out[whole] = values[whole].astype(np.int64)
        endless = np.isinf(values)
        out[endless] = np.where(values[endless] > 0, INFINITE, -INFINITE)
        rest = np.flatnonzero(~(whole | endless))
        if len(rest):
            distinct, back = np.unique(values[rest], return_inverse=True)
            top, power = self.decimals(distinct)
            out[rest] = np.array(
                [self._decimal(n, k) for n, k in zip(top.tolist(), power.tolist())], dtype=np.int64
            )[back]  # fmt: skip
        return out

    def _decimal(self, n: int, k: int) -> int:
        return self.code(Fraction(n, 10**k) if k >= 0 else Fraction(n * 10**-k))

    def ratios(self, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
        """Codes of top / bottom, int64 arrays with bottom > 0."""
        common = np.gcd(top, bottom)
        top, bottom = top // common, bottom // common
        odd = np.flatnonzero((bottom != 1) | (np.abs(top) >= BIG))
        if len(odd):
            top[odd] = [self._code(n, d) for n, d in zip(top[odd].tolist(), bottom[odd].tolist())]
        return top

    def floats(self, codes: np.ndarray) -> np.ndarray:
        """The nearest floats (k,); infinite where a number is larger than floats go."""
        out = codes.astype(np.float64)
        for k in np.flatnonzero(np.abs(codes) >= BIG).tolist():
            code = int(codes[k])
            top, bottom = (1, 0) if abs(code) == INFINITE else self._values[abs(code) - BIG]
            try:
                size = top / bottom
            except (OverflowError, ZeroDivisionError):
                size = float("inf")
            out[k] = size if code > 0 else -size
        return out

    def less(self, one: np.ndarray, two: np.ndarray) -> np.ndarray:
        """Where one < two, exactly: a mask (k,)."""
        out = one < two
        table = np.flatnonzero(((np.abs(one) >= BIG) & (np.abs(one) != INFINITE))
                               | ((np.abs(two) >= BIG) & (np.abs(two) != INFINITE)))  # fmt: skip
        for k in table.tolist():
            out[k] = self.below(int(one[k]), int(two[k]))
        return out

    def below(self, one: int, two: int) -> bool:
        """Whether one < two."""
        if abs(one) == INFINITE or abs(two) == INFINITE or (abs(one) < BIG and abs(two) < BIG):
            return one < two
        return self.value(one) < self.value(two)

    def rounded(self, codes: np.ndarray, *, up: bool) -> np.ndarray:
        """The next whole number up or down."""
        out = codes.copy()
        for k in np.flatnonzero((np.abs(codes) >= BIG) & (np.abs(codes) != INFINITE)).tolist():
            value = self.value(int(codes[k]))
            out[k] = self.code(-(-value.numerator // value.denominator) if up else value.numerator // value.denominator)
        return out


def _fifteen_digits(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, k for the floats whose shortest decimal n / 10**k has at most 15 digits, and the places of the others."""
    top = np.zeros(len(values), dtype=np.int64)
    power = np.zeros(len(values), dtype=np.int64)
    left = np.arange(len(values))
    rest = np.asarray(values, dtype=np.float64)
    longer: list[np.ndarray] = []
    for k in range(_EXACT_TENS + 1):
        if not len(left):
            break
        ten = 10.0**k
        with np.errstate(over="ignore"):
            whole = np.rint(rest * ten)
        more = np.abs(whole) >= _FIFTEEN_DIGITS
        found = (whole / ten == rest) & ~more
        if found.any() or more.any():
            hit = left[found]
            top[hit], power[hit] = whole[found].astype(np.int64), k
            longer.append(left[more])
            kept = ~(found | more)
            left, rest = left[kept], rest[kept]
    return top, power, np.concatenate([*longer, left])


def _shortest(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """n, k of the shortest decimals, by their text: int64 arrays, abs(n) < 10**17."""
    top, power = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    # Within these bounds the text has no exponent, and one pass over all of it reads the digits.
    plain = (np.abs(values) >= 1e-4) & (np.abs(values) < 1e16)
    if plain.any():
        text = " ".join(map(repr, values[plain].tolist()))
        raw = np.frombuffer(text.encode(), dtype=np.uint8)
        ends = np.append(np.flatnonzero(raw == ord(" ")), len(raw))
        power[plain] = ends - np.flatnonzero(raw == ord(".")) - 1
        top[plain] = np.fromstring(text.replace(".", ""), dtype=np.int64, sep=" ")
    for k in np.flatnonzero(~plain).tolist():
        digits, _, exponent = repr(float(values[k])).partition("e")
        front, _, back = digits.partition(".")
        top[k], power[k] = int(front + back), len(back) - int(exponent or 0)
    return top, power


def scale_up(top: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """top * 10**shift for shift >= 0, and where that stays below 2**61."""
    fits = (shift <= 18) & (np.abs(top.astype(np.float64)) * 10.0 ** np.minimum(shift, 18) < BIG)
    return top * _POWERS[np.where(fits, shift, 0)], fits
