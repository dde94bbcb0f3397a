"""Bounds of columns: rows of one column become bounds, whole numbers and semicontinuous columns are tidied."""

from __future__ import annotations

import numpy as np

from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER
from verify.equivalence.normalise.draft import Draft
from verify.equivalence.normalise.scaling import Rows
from verify.equivalence.numbers import INFINITE
from verify.equivalence.outcome import Step


def single_rows(draft: Draft, rows: Rows) -> None:
    """Step 3: rows of one column are bounds, where no indicator holds them. Their coefficient is 1 after scaling."""
    candidates = np.flatnonzero((rows.lengths == 1) & (rows.switch < 0) & rows.keep)
    columns = rows.index[rows.start[candidates]]
    own = columns < draft.model.num_columns
    candidates, columns = candidates[own], columns[own]
    if not len(candidates):
        return
    semi = draft.kinds[columns] >= SEMICONTINUOUS
    if semi.any():
        # Rows that shut out 0 come first, so that the outcome does not hang on the order of rows.
        low, high = rows.lower[candidates], rows.upper[candidates]
        zero = np.zeros(len(candidates), dtype=np.int64)
        order = np.argsort(~(draft.numbers.less(zero, low) | draft.numbers.less(high, zero)), kind="stable")
        candidates, columns, semi = candidates[order], columns[order], semi[order]
    for i, j in zip(candidates[semi].tolist(), columns[semi].tolist()):
        _semi_bound(draft, j, int(rows.lower[i]), int(rows.upper[i]))
    plain, at = candidates[~semi], columns[~semi]
    while len(plain):
        # One row of each column at a time, all columns at once.
        _, first = np.unique(at, return_index=True)
        i, j = plain[first], at[first]
        low = draft.numbers.less(draft.lower[j], rows.lower[i])
        draft.lower[j[low]] = rows.lower[i[low]]
        high = draft.numbers.less(rows.upper[i], draft.upper[j])
        draft.upper[j[high]] = rows.upper[i[high]]
        plain, at = np.delete(plain, first), np.delete(at, first)
    rows.keep[candidates] = False
    draft.log.append(Step("bound", rows=candidates, columns=columns))


def _semi_bound(draft: Draft, j: int, lower: int, upper: int) -> None:
    """x is 0 or in its bounds, and in [lower, upper]: where 0 is shut out, x is in its bounds."""
    below = draft.numbers.below
    if draft.kinds[j] >= SEMICONTINUOUS and (below(0, lower) or below(upper, 0)):
        draft.kinds[j] -= SEMICONTINUOUS
    if below(int(draft.lower[j]), lower):
        draft.lower[j] = lower
    if below(upper, int(draft.upper[j])):
        draft.upper[j] = upper
    if draft.kinds[j] >= SEMICONTINUOUS and below(int(draft.upper[j]), int(draft.lower[j])):
        draft.kinds[j], draft.lower[j], draft.upper[j] = draft.kinds[j] - SEMICONTINUOUS, 0, 0


def tidy(draft: Draft) -> None:
    """Step 4: bounds of integer columns are whole; a semicontinuous column whose bounds hold 0 is a plain one."""
    below = draft.numbers.less
    semi = draft.kinds >= SEMICONTINUOUS
    for j in np.flatnonzero(semi).tolist():
        _semi_bound(draft, j, -INFINITE, INFINITE)
    whole = (draft.kinds == INTEGER) | (draft.kinds == SEMIINTEGER)
    draft.lower[whole] = draft.numbers.rounded(draft.lower[whole], up=True)
    draft.upper[whole] = draft.numbers.rounded(draft.upper[whole], up=False)
    for j in np.flatnonzero(semi).tolist():
        _semi_bound(draft, j, -INFINITE, INFINITE)
    semi = draft.kinds >= SEMICONTINUOUS
    zero = np.zeros(len(semi), dtype=np.int64)
    draft.kinds[semi & ~below(zero, draft.lower) & ~below(draft.upper, zero)] -= SEMICONTINUOUS
    draft.log.append(Step("round"))
    crossed = np.flatnonzero(below(draft.upper, draft.lower))
    if len(crossed):
        draft.infeasible = f"no value is left for {draft.model.column_label(int(crossed[0]))}"


def settle(draft: Draft) -> None:
    """Last: an integer column with one whole value left is as good as a continuous one."""
    fixed = (draft.lower == draft.upper) & (draft.kinds == INTEGER) & (np.abs(draft.lower) < INFINITE)
    draft.kinds[fixed] = CONTINUOUS
    draft.log.append(Step("settle"))


def is_whole(draft: Draft, terms: int) -> np.ndarray:
    """Terms (terms,) that take whole values only: integer columns. Other terms are not looked into."""
    out = np.zeros(terms, dtype=bool)
    out[: len(draft.kinds)] = (draft.kinds == INTEGER) | (draft.kinds == SEMIINTEGER)
    return out
