"""BOUNDS, and the sides of rows from senses, right-hand sides and ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np

from solvers.io.draft import INFINITE
from solvers.io.mps_fields import Line, Section
from solvers.io.source import clip, text
from solvers.io.tokens import LONG, counts, number, numbers, positions

if TYPE_CHECKING:
    from solvers.io.mps_state import State

VALUED = (b"LO", b"UP", b"FX", b"LI", b"UI", b"SC", b"SI")
BARE = (b"FR", b"MI", b"PL", b"BV")
_CODE = {name: k for k, name in enumerate((*VALUED, *BARE))}
_LOWER = {b"LO", b"FX", b"LI", b"FR", b"MI", b"BV"}
_UPPER = {b"UP", b"FX", b"UI", b"SC", b"SI", b"FR", b"PL", b"BV"}
_WHOLE = {b"LI", b"UI", b"SI", b"BV"}


@dataclass(eq=False)
class Bounds:
    """Bounds and kinds of all columns (n,), and which of them were said."""

    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    semi: np.ndarray
    low_set: np.ndarray
    high_set: np.ndarray
    notes: list[str] = field(default_factory=list)

    @staticmethod
    def of(state: State, *, default: bool = True) -> Bounds:
        """The bounds before any is said; with `default` also of integer columns between markers."""
        n = len(state.columns)
        none = np.zeros(n, bool)
        out = Bounds(np.zeros(n), np.full(n, np.inf), np.array(state.marked, bool), none, none.copy(), none.copy())
        if default:
            out.upper[out.integer] = 1.0
        return out

    def put(self, kind: bytes, at: np.ndarray, value: np.ndarray) -> None:
        """Set bounds of one type at columns."""
        if kind in (b"LO", b"LI", b"FX"):
            self.lower[at] = value
        elif kind in (b"FR", b"MI"):
            self.lower[at] = -np.inf
        elif kind == b"BV":
            self.lower[at] = 0.0
        if kind in (b"UP", b"UI", b"FX", b"SC", b"SI"):
            self.upper[at] = value
        elif kind in (b"FR", b"PL"):
            self.upper[at] = np.inf
        elif kind == b"BV":
            self.upper[at] = 1.0
        self.low_set[at] |= kind in _LOWER
        self.high_set[at] |= kind in _UPPER
        self.integer[at] |= kind in _WHOLE
        self.semi[at] |= kind in (b"SC", b"SI")

    def close(self, state: State) -> Bounds:
        """What was left unsaid: 0-1 for marked columns without a bound, the lower side of a negative UP."""
        silent = np.array(state.marked, bool) & ~self.low_set & ~self.high_set
        self.upper[silent] = 1.0
        negative = (self.upper < 0) & ~self.low_set & ~self.semi
        self.lower[negative] = -np.inf
        if negative.any():
            first = text(state.columns[int(np.flatnonzero(negative)[0])])
            others = int(negative.sum()) - 1
            self.notes.append(
                f"the column {first}{f' and {others} more' if others else ''} has a negative upper bound and no lower "
                "one: it is taken as free below, as in CPLEX and Gurobi"
            )
        self.lower = _infinite(self.lower)
        self.upper = _infinite(self.upper)
        return self


def _infinite(values: np.ndarray) -> np.ndarray:
    return np.where(values >= INFINITE, np.inf, np.where(values <= -INFINITE, -np.inf, values))


def read_bounds(state: State, section: Section) -> Bounds:
    """The section, at once where it is regular."""
    return (_regular(state, section) or _by_line(state, section)).close(state)


def _regular(state: State, section: Section) -> Bounds | None:
    """All lines with set names and at most one bound for a side of a column."""
    if state.lines.form != "free":
        return None
    data = state.source.data
    per_line = counts(data, section.begin, section.end)
    tokens = data[section.begin : section.end].split()
    first = (np.cumsum(per_line) - per_line).tolist()
    codes = positions([tokens[k] for k in first], _CODE)
    if codes is None or not len(codes):
        return None
    valued = codes < len(VALUED)
    if np.any(per_line != np.where(valued, 4, 3)) or len({tokens[k + 1] for k in first}) > 1:
        return None
    columns = positions([tokens[k + 2] for k in first], state.column_of)
    values = numbers([tokens[first[k] + 3] for k in np.flatnonzero(valued).tolist()])
    if columns is None or values is None:
        return None
    all_values = np.zeros(len(codes))
    all_values[valued] = values
    out = Bounds.of(state, default=False)
    for side in (_LOWER, _UPPER):
        at = columns[np.isin(codes, [_CODE[kind] for kind in side])]
        if len(at) and np.bincount(at).max() > 1:
            return None
    for kind, code in _CODE.items():
        which = codes == code
        if which.any():
            out.put(kind, columns[which], all_values[which])
    return out


def _by_line(state: State, section: Section) -> Bounds:
    out = Bounds.of(state, default=False)
    sets: set[bytes] = set()
    said: dict[tuple[int, bool], float] = {}
    for line in state.lines.of(section):
        kind = line.fields[0].upper()
        if kind not in _CODE:
            raise state.fail(line, 0, f"{clip(line.fields[0])} is no type of bound",
                             "types are LO, UP, FX, FR, MI, PL, BV, LI, UI, SC and SI")  # fmt: skip
        head, name, field_, token = _parts(state, line, kind)
        sets.add(head)
        if len(sets) > 1:
            raise state.fail(line, 1, f"a second set of bounds, {clip(head)}", "keep one set in the file")
        column = state.column(line, name, field_)
        value = np.inf if token is None else number(token, infinite=True)
        if value is None:
            raise state.fail(line, field_ + 1, f"{clip(token or b'')} is no number", "write a number such as 1.5e3")
        out.put(kind, np.array([column]), np.array([value]))
        for side, kinds, array in ((False, _LOWER, out.lower), (True, _UPPER, out.upper)):
            if kind in kinds:
                before = said.setdefault((column, side), float(array[column]))
                if before != array[column] and np.isfinite(before):
                    raise state.fail(line, field_, f"a second {'upper' if side else 'lower'} bound of {clip(name)}",
                                     "keep one")  # fmt: skip
                said[column, side] = float(array[column])
    return out


def _parts(state: State, line: Line, kind: bytes) -> tuple[bytes, bytes, int, bytes | None]:
    """Set name, column, the column's field, value or None."""
    fields = line.fields
    if state.lines.form == "fixed":
        padded = [*fields, b"", b"", b""][:4]
        if kind in BARE or (kind == b"SC" and not padded[3]):
            return padded[1], padded[2], 2, None
        return padded[1], padded[2], 2, padded[3]
    count = len(fields)
    if kind in BARE:
        if count == 2 or (count == 3 and fields[2] not in state.column_of and fields[1] in state.column_of):
            return b"", fields[1], 1, None
        if count in (3, 4):
            return fields[1], fields[2], 2, None
    elif count == 4:
        return fields[1], fields[2], 2, fields[3]
    elif count == 3 and kind == b"SC" and fields[1] not in state.column_of:
        return fields[1], fields[2], 2, None
    elif count == 3:
        return b"", fields[1], 1, fields[2]
    raise state.fail(line, 0, f"{count} fields in a bound of type {text(kind)}",
                     "write the type, the set, the column and, where it has one, the value")  # fmt: skip


def row_limits(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper sides of all rows, the objective among them.

    RANGES: an L row gets rhs - |R| below, a G row rhs + |R| above; an E row runs from rhs to rhs + R, or from
    rhs + R where R is negative.
    """
    m = len(state.row_of)
    rhs = np.zeros(m)
    rhs[list(state.rhs)] = list(state.rhs.values())
    rhs = _infinite(rhs)
    senses = np.array([sense[0] for sense in state.senses], dtype=np.uint8) if m else np.zeros(0, np.uint8)
    low = np.where((senses == ord("G")) | (senses == ord("E")), rhs, -np.inf)
    high = np.where((senses == ord("L")) | (senses == ord("E")), rhs, np.inf)
    for row, size in state.ranges.items():
        sense = state.senses[row]
        if sense == b"N":
            state.notes.append(f"the range of the free row {text(list(state.row_of)[row])} has no effect")
        elif sense == b"L":
            low[row] = _sum(state, row, -1 if size >= 0 else 1)
        elif sense == b"G" or size > 0:
            high[row] = _sum(state, row, 1 if size >= 0 else -1)
        elif size < 0:
            low[row] = _sum(state, row, 1)
    return low, high


def _sum(state: State, row: int, sign: int) -> float:
    """rhs + sign * range; a number of more than LONG bytes is added before it is rounded."""
    token, rhs = state.range_tokens.get(row, b""), state.rhs.get(row, 0.0)
    if abs(state.ranges[row]) >= INFINITE:
        return sign * np.inf * (1 if state.ranges[row] > 0 else -1)
    if len(token) <= LONG or not np.isfinite(rhs):
        return rhs + sign * state.ranges[row]
    with localcontext() as context:
        context.prec = 1200
        return float(Decimal(rhs) + sign * Decimal(token.decode().lower().replace("d", "e")))
