"""Rules on rows: whole sides, parallel rows, sides that bounds imply, rows that ask for nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from solvers.model import SEMICONTINUOUS
from verify.equivalence.normalise.columns import is_whole
from verify.equivalence.normalise.draft import Draft
from verify.equivalence.normalise.scaling import Rows
from verify.equivalence.numbers import BIG, INFINITE, Numbers
from verify.equivalence.outcome import Step

_EXACT_FLOAT = float(1 << 53)
_SAFE = 1e-9
"""Far above the rounding of a sum of floats, relative to the sum of their sizes."""


def round_sides(draft: Draft, rows: Rows) -> None:
    """Step 5: a row of integers times whole-number columns has whole sides."""
    fraction = rows.keep & (_odd(rows.lower) | _odd(rows.upper))
    if not fraction.any():
        return
    whole = is_whole(draft, draft.model.num_columns + len(draft.extras.labels))
    full = np.flatnonzero(rows.lengths)
    fine = np.zeros(len(rows.keep), dtype=bool)
    fine[full] = np.logical_and.reduceat(whole[rows.index], rows.start[full])
    which = np.flatnonzero(fine & fraction)
    if len(which):
        rows.lower[which] = draft.numbers.rounded(rows.lower[which], up=True)
        rows.upper[which] = draft.numbers.rounded(rows.upper[which], up=False)
        draft.log.append(Step("round_row", rows=which))


def _odd(codes: np.ndarray) -> np.ndarray:
    size = np.abs(codes)
    return (size >= BIG) & (size != INFINITE)


def merge_parallel(draft: Draft, rows: Rows) -> None:
    """Step 6: rows with the same coefficients (under the same indicator) are one row with the tighter sides.

    A hash finds the candidates; the coefficients themselves decide.
    """
    live = np.flatnonzero(rows.keep & (rows.lengths > 0))
    if len(live) < 2:
        return
    rng = np.random.default_rng(7)
    random = rng.integers(0, 1 << 63, draft.model.num_columns + len(draft.extras.labels), dtype=np.uint64)
    full = np.flatnonzero(rows.lengths)
    sums = np.zeros(len(rows.keep), dtype=np.uint64)
    sums[full] = np.add.reduceat(rows.value.view(np.uint64) * random[rows.index], rows.start[full])
    order = live[np.argsort(sums[live])]
    same = sums[order][1:] == sums[order][:-1]
    if not same.any():
        return
    twin = np.zeros(len(order), dtype=bool)
    twin[1:] |= same
    twin[:-1] |= same
    known: dict[tuple[int, int, bytes, bytes], int] = {}
    gone, onto = [], []
    for i in np.sort(order[twin]).tolist():
        cut = slice(int(rows.start[i]), int(rows.start[i + 1]))
        key = (
            int(rows.switch[i]), int(rows.active[i]), rows.index[cut].astype(np.int64).tobytes(),
            rows.value[cut].tobytes(),
        )  # fmt: skip
        first = known.setdefault(key, i)
        if first != i:
            if draft.numbers.below(int(rows.lower[first]), int(rows.lower[i])):
                rows.lower[first] = rows.lower[i]
            if draft.numbers.below(int(rows.upper[i]), int(rows.upper[first])):
                rows.upper[first] = rows.upper[i]
            gone.append(i)
            onto.append(first)
    if gone:
        rows.keep[gone] = False
        draft.log.append(Step("merge", rows=tuple(gone), onto=tuple(onto)))


def loosen(draft: Draft, rows: Rows) -> None:
    """Step 7: a side that the bounds of the columns imply is no side; exact where floats are near."""
    n = draft.model.num_columns
    terms = n + len(draft.extras.labels)
    semi = draft.kinds >= SEMICONTINUOUS
    lower, upper = np.full(terms, -INFINITE), np.full(terms, INFINITE)
    lower[:n], upper[:n] = draft.lower, draft.upper
    # A semicontinuous column is also 0.
    zero, low, high = np.zeros(int(semi.sum()), dtype=np.int64), draft.lower[semi], draft.upper[semi]
    lower[:n][semi] = np.where(draft.numbers.less(zero, low), 0, low)
    upper[:n][semi] = np.where(draft.numbers.less(high, zero), 0, high)
    for side, sign in ((rows.upper, 1), (rows.lower, -1)):
        which = _implied(draft.numbers, rows, lower, upper, side, sign)
        if len(which):
            side[which] = sign * INFINITE
            draft.log.append(Step("loosen", rows=which, sides=np.full(len(which), sign)))


def _implied(
    numbers: Numbers, rows: Rows, lower: np.ndarray, upper: np.ndarray, side: np.ndarray, sign: int
) -> np.ndarray:
    """Rows whose upper (sign 1) or lower (-1) side holds by bounds alone: the greatest (least) activity is within."""
    which = np.flatnonzero(rows.keep & (np.abs(side) != INFINITE) & (rows.lengths > 0))
    if not len(which):
        return which
    takes_upper = (rows.value > 0) == (sign > 0)
    bound = np.where(takes_upper, upper[rows.index], lower[rows.index])
    full = np.flatnonzero(rows.lengths)
    ok = np.zeros(len(rows.keep), dtype=bool)
    ok[full] = np.logical_and.reduceat(np.abs(bound) != INFINITE, rows.start[full])
    which = which[ok[which]]
    if not len(which):
        return which
    picked = np.zeros(len(rows.keep), dtype=bool)
    picked[which] = True
    mask = np.repeat(picked, rows.lengths)
    starts = np.concatenate([[0], np.cumsum(rows.lengths[which])[:-1]])
    value, bound = rows.value[mask], bound[mask]
    plain = np.logical_and.reduceat((np.abs(value) < BIG) & (np.abs(bound) < BIG), starts) & (np.abs(side[which]) < BIG)
    with np.errstate(all="ignore"):
        parts = numbers.floats(value) * numbers.floats(bound)
        activity, size = np.add.reduceat(parts, starts), np.add.reduceat(np.abs(parts), starts)
        limit = numbers.floats(side[which])
        gap, near = sign * (activity - limit), size + np.abs(limit)
        out = gap <= 0
        sure = (plain & (near < _EXACT_FLOAT)) | (np.abs(gap) > _SAFE * near)
    # Whole numbers below 2**53 add up exactly; far from the limit rounding does not matter; the rest is done by hand.
    for k in np.flatnonzero(~sure).tolist():
        cut = slice(int(starts[k]), int(starts[k]) + int(rows.lengths[which[k]]))
        total = sum((numbers.value(c) * numbers.value(b) for c, b in zip(value[cut], bound[cut])), Fraction(0))
        out[k] = sign * (total - numbers.value(int(side[which[k]]))) <= 0
    return which[out]


def drop_idle(draft: Draft, rows: Rows) -> None:
    """Step 8: rows without sides, unless their value may be no number; empty rows that hold."""
    below = draft.numbers.below
    endless = (rows.lower == -INFINITE) & (rows.upper == INFINITE)
    empty = rows.lengths == 0
    holds = empty & rows.keep
    for i in np.flatnonzero(holds).tolist():
        if below(0, int(rows.lower[i])) or below(int(rows.upper[i]), 0):
            holds[i] = False
            if rows.switch[i] < 0:
                draft.infeasible = f"{draft.model.row_label(i)} has no terms and asks 0 to lie in its sides"
    if draft.extras.opaque:
        opaque = np.isin(rows.index, list(draft.extras.opaque))
        endless[np.repeat(np.arange(len(rows.keep)), rows.lengths)[opaque]] = False
    gone = np.flatnonzero(rows.keep & (endless | holds))
    if len(gone):
        rows.keep[gone] = False
        draft.log.append(Step("drop", rows=gone))
    crossed = np.flatnonzero(rows.keep & draft.numbers.less(rows.upper, rows.lower) & (rows.switch < 0))
    if len(crossed):
        draft.infeasible = f"the sides of {draft.model.row_label(int(crossed[0]))} cross"


def unify_false(draft: Draft, rows: Rows) -> None:
    """Step 9: an empty row that cannot hold says 0 <= -1, whatever its sides were, and says it once per indicator."""
    below, value = draft.numbers.below, draft.numbers.value
    sides: list[tuple[int, int]] = []
    factors: list[tuple[int, Fraction]] = []
    first: dict[tuple[int, int], int] = {}
    again: list[tuple[int, int]] = []
    for i in np.flatnonzero(rows.keep & (rows.lengths == 0)).tolist():
        low, high = int(rows.lower[i]), int(rows.upper[i])
        above = below(0, low)
        if above == below(high, 0):  # crossed sides stay as they are: neither is implied by the other
            continue
        if (high != INFINITE) if above else (low != -INFINITE):
            sides.append((i, 1 if above else -1))
        factor = -1 / value(low) if above else -1 / value(high)
        if factor != 1:
            factors.append((i, factor))
        rows.lower[i], rows.upper[i] = -INFINITE, -1
        kept = first.setdefault((int(rows.switch[i]), int(rows.active[i])), i)
        if kept != i:
            again.append((i, kept))
            rows.keep[i] = False
    if sides:
        draft.log.append(Step("loosen", rows=tuple(i for i, _ in sides), sides=tuple(side for _, side in sides)))
    if factors:
        draft.log.append(Step("scale", rows=tuple(i for i, _ in factors), numbers=tuple(q for _, q in factors)))
    if again:
        draft.log.append(Step("merge", rows=tuple(i for i, _ in again), onto=tuple(k for _, k in again)))
