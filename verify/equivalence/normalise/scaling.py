"""Rows as primitive integers: coprime coefficients, the first one positive."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np

from solvers.exact.rational import as_integers
from verify.equivalence.normalise.draft import Draft
from verify.equivalence.numbers import BIG, INFINITE, Numbers, Rationals, scale_up
from verify.equivalence.outcome import Step


@dataclass(eq=False)
class Rows:
    """Rows in codes: CSR arrays, sides, and the position of each in the model; `keep` marks those left.

    `switch` (m,) is the column of the row's indicator or -1, `active` (m,) its value.
    """

    start: np.ndarray
    index: np.ndarray
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    keep: np.ndarray
    switch: np.ndarray
    active: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.start)


def scale(draft: Draft) -> Rows:
    """Step 2: each row times the rational that makes its coefficients coprime integers. Empty rows stay as they are."""
    model, numbers = draft.model, draft.numbers
    m = model.num_rows
    start = np.zeros(m + 1, dtype=np.int64)
    np.cumsum(np.bincount(draft.row, minlength=m), out=start[1:])
    full = np.flatnonzero(np.diff(start))
    value = np.zeros(len(draft.index), dtype=np.int64)
    lower, upper = numbers.codes(model.row_lower), numbers.codes(model.row_upper)
    switch, active = np.full(m, -1, dtype=np.int64), np.zeros(m, dtype=np.int64)
    if model.indicators is not None:
        switch[model.indicators.row] = model.indicators.column
        active[model.indicators.row] = model.indicators.active
    rows = Rows(start, draft.index, value, lower, upper, np.ones(m, dtype=bool), switch, active)
    if len(full):
        top, bottom, slow = _fast(draft, rows, full)
        factors = _slow(draft, rows, slow)
        _log(draft, full, top, bottom, factors)
    return rows


def _fast(draft: Draft, rows: Rows, full: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scale the rows whose numbers fit 64 bits; factors top / bottom of full rows, and the rows that do not fit."""
    starts = rows.start[full]
    power = np.maximum.reduceat(draft.power, starts)
    each = np.repeat(power, rows.lengths[full])
    whole, fits = scale_up(draft.top, each - draft.power)
    if draft.wide:
        fits[list(draft.wide)] = False
    common = np.gcd.reduceat(np.abs(whole), starts)
    fine = np.logical_and.reduceat(fits, starts) & (power >= 0) & (power <= 18)
    common[~fine] = 1
    sign = np.where(whole[starts] < 0, -1, 1)
    divisor = common * sign
    rows.value[:] = whole if np.all(divisor == 1) else whole // np.repeat(divisor, rows.lengths[full])
    sides = []
    for side, codes in ((draft.model.row_lower, rows.lower), (draft.model.row_upper, rows.upper)):
        values = side[full]
        endless = np.isinf(values)
        if not power.any() and np.all(common == 1):
            new = codes[full].copy()
        else:
            n, k = draft.numbers.decimals(np.where(endless, 0.0, values))
            up, one = scale_up(n, np.maximum(power - k, 0))
            down, two = scale_up(common, np.maximum(k - power, 0))
            good = fine & one & two
            new = np.where(endless, codes[full], draft.numbers.ratios(np.where(good, up, 0), np.where(good, down, 1)))
            fine &= endless | (one & two)
        sides.append(sign * new)
    negative = sign < 0
    quick = full[fine]
    rows.lower[quick] = np.where(negative, sides[1], sides[0])[fine]
    rows.upper[quick] = np.where(negative, sides[0], sides[1])[fine]
    top, _ = scale_up(sign, np.clip(power, 0, 18))
    return top, common, full[~fine]


def _slow(draft: Draft, rows: Rows, slow: np.ndarray) -> dict[int, Fraction]:
    """Scale rows of any size of numbers, one by one; their factors."""
    numbers, found = draft.numbers, {}
    starts, ends = rows.start[slow].tolist(), rows.start[slow + 1].tolist()
    for i, lo, hi in zip(slow.tolist(), starts, ends):
        tops, powers = draft.top[lo:hi].tolist(), draft.power[lo:hi].tolist()
        if draft.wide and any(k in draft.wide for k in range(lo, hi)):
            values = [draft.wide.get(k) or _exact(draft, k) for k in range(lo, hi)]
            integers, unit = as_integers(values)
        else:
            power = max(powers)
            whole = [n * 10 ** (power - k) for n, k in zip(tops, powers)]
            common = gcd(*whole)
            integers = [n // common for n in whole]
            unit = Fraction(common, 10**power) if power >= 0 else Fraction(common * 10**-power)
        if integers[0] < 0:
            integers, unit = [-c for c in integers], -unit
        rows.value[lo:hi] = [numbers.code(c) if abs(c) >= BIG else c for c in integers]
        lower, upper = (_side(numbers, int(side[i]), unit) for side in (rows.lower, rows.upper))
        rows.lower[i], rows.upper[i] = (lower, upper) if unit > 0 else (upper, lower)
        found[i] = 1 / unit
    return found


def _side(numbers: Numbers, code: int, unit: Fraction) -> int:
    if abs(code) == INFINITE:
        return code if unit > 0 else -code
    return numbers.code(numbers.value(code) / unit)


def _exact(draft: Draft, k: int) -> Fraction:
    n, power = int(draft.top[k]), int(draft.power[k])
    return Fraction(n, 10**power) if power >= 0 else Fraction(n * 10**-power)


def _log(draft: Draft, full: np.ndarray, top: np.ndarray, bottom: np.ndarray, slow: dict[int, Fraction]) -> None:
    changed = top != bottom
    if slow:
        changed[np.searchsorted(full, list(slow))] = False
        draft.log.append(Step("scale", rows=tuple(slow), numbers=tuple(slow.values())))
    if changed.any():
        draft.log.append(Step("scale", rows=full[changed], numbers=Rationals(top[changed], bottom[changed])))
