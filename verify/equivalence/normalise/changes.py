"""Opt-in changes of the variable space, in rationals row by row: slacks, fixed and free columns, signs, shifts, units.

A column is left alone where a product, a tree, a set, a global constraint or an indicator refers to it, or where it is
semicontinuous. Where nothing that renaming keeps singles a choice out, none is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from solvers.exact.rational import as_integers
from solvers.model import CONTINUOUS, SEMICONTINUOUS
from verify.equivalence.normalise.draft import Draft
from verify.equivalence.normalise.scaling import Rows
from verify.equivalence.numbers import INFINITE, Numbers
from verify.equivalence.outcome import Change, Rule, Step

Value = Any
"""A Fraction, or a float infinity: Python compares and adds the two as it should."""


@dataclass(eq=False)
class Space:
    """Rows {i: [terms, lower, upper]}, columns {j: [kind, lower, upper]} (those that may change), costs by level.

    `users` {j: rows} lists the rows of each column; `changed` says whether a rule did anything.
    """

    draft: Draft
    rows: dict[int, list[Value]]
    columns: dict[int, list[Value]]
    costs: list[dict[int, Fraction]]
    users: dict[int, set[int]]
    conditional: set[int]
    gone: list[int]
    changed: bool = False

    def note(self, rule: Rule, columns: list[int], rows: list[int], numbers: list[Fraction]) -> None:
        """Log a change."""
        self.changed = True
        self.draft.log.append(Step(rule, rows=tuple(rows), columns=tuple(columns), numbers=tuple(numbers)))

    def is_costless(self, j: int) -> bool:
        """No level of the objective prices the column."""
        return not any(level.get(j) for level in self.costs)

    def shift_sides(self, i: int, amount: Fraction) -> None:
        """Move both sides of a row down."""
        self.rows[i][1:] = [side - amount for side in self.rows[i][1:]]


def change(draft: Draft, rows: Rows, wanted: tuple[Change, ...]) -> Rows | None:
    """The rows after one turn of the wanted changes, or None where nothing changed."""
    space = _space(draft, rows)
    for name, rule in _RULES.items():
        if name in wanted:
            rule(space, wanted)
    return _written(space, rows) if space.changed else None


def _space(draft: Draft, rows: Rows) -> Space:
    numbers = draft.numbers
    fixed = {j for edge in draft.extras.edges for j in edge[:2]} | set(rows.switch[rows.keep].tolist())
    found: dict[int, list[Value]] = {}
    users: dict[int, set[int]] = {}
    for i in np.flatnonzero(rows.keep).tolist():
        cut = slice(int(rows.start[i]), int(rows.start[i + 1]))
        terms = {j: numbers.value(c) for j, c in zip(rows.index[cut].tolist(), rows.value[cut].tolist())}
        found[i] = [terms, _value(numbers, int(rows.lower[i])), _value(numbers, int(rows.upper[i]))]
        for j in terms:
            users.setdefault(j, set()).add(i)
    free = np.flatnonzero(draft.alive & (draft.kinds < SEMICONTINUOUS)).tolist()
    columns = {
        j: [int(draft.kinds[j]), _value(numbers, int(draft.lower[j])), _value(numbers, int(draft.upper[j]))]
        for j in free if j not in fixed
    }  # fmt: skip
    costs = [{j: numbers.value(int(c)) for j, c in enumerate(level) if c} for level in draft.costs.tolist()]
    for level, offset in zip(costs, draft.offsets.tolist()):
        level[-1] = numbers.value(offset)
    conditional = set(np.flatnonzero(rows.keep & (rows.switch >= 0)).tolist())
    return Space(draft, found, columns, costs, users, conditional, [])


def _value(numbers: Numbers, code: int) -> Value:
    return float(np.copysign(np.inf, code)) if abs(code) == INFINITE else numbers.value(code)


def _drop_fixed(space: Space, wanted: tuple[Change, ...]) -> None:
    found = [j for j, (_, lower, upper) in space.columns.items() if lower == upper and isinstance(lower, Fraction)]
    for j in found:
        value = space.columns.pop(j)[1]
        for i in space.users.pop(j, ()):
            space.shift_sides(i, space.rows[i][0].pop(j) * value)
        for level in space.costs:
            level[-1] += level.pop(j, Fraction(0)) * value
        space.gone.append(j)
    if found:
        space.note("fix", found, [], [])


def _drop_slacks(space: Space, wanted: tuple[Change, ...]) -> None:
    """A continuous column of one row and no cost widens the sides of that row."""
    found: list[tuple[int, int]] = []
    for j, (kind, lower, upper) in list(space.columns.items()):
        rows = space.users.get(j, set())
        if kind != CONTINUOUS or len(rows) != 1 or rows & space.conditional:
            continue
        if lower > upper or not space.is_costless(j):
            continue
        (i,) = rows
        c = space.rows[i][0].pop(j)
        low, high = sorted((c * lower, c * upper))
        space.rows[i][1:] = [space.rows[i][1] - high, space.rows[i][2] - low]
        del space.columns[j], space.users[j]
        space.gone.append(j)
        found.append((i, j))
    if found:
        space.note("slack", [j for _, j in found], [i for i, _ in found], [])


def _drop_free(space: Space, wanted: tuple[Change, ...]) -> None:
    """A free column of one equality, the only free one there, is what that equality says; until none is left."""
    opaque = space.draft.extras.opaque
    while True:
        free = {
            j for j, (kind, lower, upper) in space.columns.items()
            if kind == CONTINUOUS and lower == -np.inf and upper == np.inf
        }  # fmt: skip
        found: list[tuple[int, int]] = []
        for j in sorted(free):
            equal = [i for i in space.users.get(j, ()) if space.rows[i][1] == space.rows[i][2]]
            if len(equal) == 1 and equal[0] not in space.conditional:
                terms = space.rows[equal[0]][0]
                if len(free & terms.keys()) == 1 and not opaque & terms.keys():
                    found.append((equal[0], j))
        for i, j in found:
            _substitute(space, i, j)
        if not found:
            return
        space.note("free", [j for _, j in found], [i for i, _ in found], [])


def _substitute(space: Space, i: int, j: int) -> None:
    terms, side, _ = space.rows.pop(i)
    c = terms.pop(j)
    for k in terms:
        space.users[k].discard(i)
    space.users[j].discard(i)
    for other in space.users.pop(j):
        row = space.rows[other]
        factor = row[0].pop(j) / c
        space.shift_sides(other, factor * side)
        for k, value in terms.items():
            row[0][k] = row[0].get(k, Fraction(0)) - factor * value
            space.users[k].add(other)
            if not row[0][k]:
                del row[0][k]
                space.users[k].discard(other)
    for level in space.costs:
        factor = level.pop(j, Fraction(0)) / c
        if factor:
            level[-1] += factor * side
            for k, value in terms.items():
                level[k] = level.get(k, Fraction(0)) - factor * value
    del space.columns[j]
    space.gone.append(j)


def _stretch(space: Space, found: list[tuple[int, Fraction]]) -> None:
    """Column j is q times a new one."""
    for j, q in found:
        kind, lower, upper = space.columns[j]
        space.columns[j] = [kind, *sorted((lower / q, upper / q))]
        for i in space.users.get(j, ()):
            space.rows[i][0][j] *= q
        for level in space.costs:
            if j in level:
                level[j] *= q
    if found:
        space.note("unit", [j for j, _ in found], [], [q for _, q in found])


def _turn_signs(space: Space, wanted: tuple[Change, ...]) -> None:
    """Columns look up: bounded below, or mostly positive, or of positive cost."""
    found = []
    for j, (_, lower, upper) in space.columns.items():
        one_sided = (lower == -np.inf) != (upper == np.inf)
        if one_sided:
            down = lower == -np.inf
        elif lower > -np.inf and "shifts" not in wanted and lower + upper != 0:
            down = lower + upper < 0
        else:
            down = next((level[j] < 0 for level in space.costs if level.get(j)), False)
        if down and lower <= upper:
            found.append((j, Fraction(-1)))
    _stretch(space, found)


def _shift(space: Space, wanted: tuple[Change, ...]) -> None:
    """Columns start at 0: their lower bound, or the upper one where there is no lower."""
    found = []
    for j, column in space.columns.items():
        start = column[1] if column[1] > -np.inf else column[2]
        if abs(start) == np.inf or start == 0 or column[1] > column[2]:
            continue
        found.append((j, start))
        column[1:] = [bound - start for bound in column[1:]]
        for i in space.users.get(j, ()):
            space.shift_sides(i, space.rows[i][0][j] * start)
        for level in space.costs:
            level[-1] += level.get(j, Fraction(0)) * start
    if found:
        space.note("shift", [j for j, _ in found], [], [d for _, d in found])


def _set_units(space: Space, wanted: tuple[Change, ...]) -> None:
    """Continuous columns are measured so that their largest bound is 1, or else their first cost."""
    found = []
    for j, (kind, lower, upper) in space.columns.items():
        sizes = [abs(bound) for bound in (lower, upper) if abs(bound) < np.inf and bound]
        price = next((abs(level[j]) for level in space.costs if level.get(j)), None)
        unit = max(sizes) if sizes else 1 / price if price else Fraction(1)
        if kind == CONTINUOUS and unit != 1 and lower <= upper:
            found.append((j, unit))
    _stretch(space, found)


_RULES = {
    "fixed": _drop_fixed, "free": _drop_free, "slacks": _drop_slacks, "signs": _turn_signs, "shifts": _shift,
    "units": _set_units,
}  # fmt: skip


def _written(space: Space, rows: Rows) -> Rows:
    """Back to arrays: primitive integer rows, the first coefficient positive."""
    draft, numbers, m = space.draft, space.draft.numbers, len(rows.keep)
    start, index, value = np.zeros(m + 1, dtype=np.int64), [], []
    lower, upper, keep = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64), np.zeros(m, dtype=bool)
    scaled: dict[int, Fraction] = {}
    for i, (terms, low, high) in sorted(space.rows.items()):
        places = sorted(terms)
        if places:
            integers, unit = as_integers([terms[j] for j in places])
            integers, unit = (integers, unit) if integers[0] > 0 else ([-c for c in integers], -unit)
            index += places
            value += [numbers.code(c) for c in integers]
            low, high = (low / unit, high / unit) if unit > 0 else (high / unit, low / unit)
            if unit != 1:
                scaled[i] = 1 / unit
        start[i + 1] = len(places)
        lower[i], upper[i], keep[i] = _code(numbers, low), _code(numbers, high), True
    if scaled:
        draft.log.append(Step("scale", rows=tuple(scaled), numbers=tuple(scaled.values())))
    for j, (_, low, high) in space.columns.items():
        draft.lower[j], draft.upper[j] = _code(numbers, low), _code(numbers, high)
    draft.alive[space.gone] = False
    draft.costs[:] = 0
    for k, level in enumerate(space.costs):
        draft.offsets[k] = _code(numbers, level.pop(-1))
        for j, c in level.items():
            draft.costs[k, j] = numbers.code(c)
    return Rows(
        np.cumsum(start), np.array(index, dtype=np.int64), np.array(value, dtype=np.int64), lower, upper, keep,
        rows.switch, rows.active,
    )  # fmt: skip


def _code(numbers: Numbers, value: Value) -> int:
    if isinstance(value, float):
        return INFINITE if value > 0 else -INFINITE
    return numbers.code(value)
