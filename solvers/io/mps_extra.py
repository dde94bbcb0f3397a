"""Quadratic parts, indicators and special ordered sets of MPS files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solvers.io.mps_fields import Line, Section
from solvers.io.source import clip, text
from solvers.io.tokens import number, positions, triples
from solvers.model import Sos

if TYPE_CHECKING:
    from solvers.io.mps_state import State

Entries = tuple[np.ndarray, np.ndarray, np.ndarray]


def read_quadratic(state: State, section: Section) -> None:
    """QUADOBJ, QSECTION (one half of Q, in x'Qx / 2), QMATRIX (all of it), QCMATRIX (all of it, in x'Qx)."""
    i, j, value = _entries(state, section)
    if section.keyword in (b"QUADOBJ", b"QSECTION"):
        if len(i) and np.any(i > j) and np.any(i < j):
            both = set(zip(i[i < j].tolist(), j[i < j].tolist())) & set(zip(j[i > j].tolist(), i[i > j].tolist()))
            if both:
                a, b = (clip(state.columns[k]) for k in min(both))
                raise state.source.error(
                    f"{a} and {b} stand in both halves", section.at, "give one half, or all of it under QMATRIX"
                )
        coef = np.where(i == j, value / 2, value)
    else:
        _symmetric(state, section, i, j, value)
        scale = 2.0 if section.keyword == b"QMATRIX" else 1.0
        coef = value / scale
    if section.keyword == b"QCMATRIX" or (section.keyword == b"QSECTION" and section.argument):
        name = section.argument.strip()
        row = state.row_of.get(name)
        if row is None:
            raise state.source.error(f"there is no row {clip(name)}", section.at, "name it in ROWS")
        if row in state.row_quadratic:
            raise state.source.error(f"a second quadratic part of {clip(name)}", section.at, "merge the two")
        if section.keyword == b"QCMATRIX" and row == state.objective():
            raise state.source.error(f"{clip(name)} is the objective", section.at, "use QUADOBJ for the objective")
        state.row_quadratic[row] = (i, j, coef)
    else:
        state.objective_quadratic.append((i, j, coef))


def _entries(state: State, section: Section) -> Entries:
    found = triples(state.source.data, section.begin, section.end) if state.lines.form == "free" else None
    if found is not None:
        i, j = positions(found[0], state.column_of), positions(found[1], state.column_of)
        if i is not None and j is not None:
            return i, j, found[2]
    first: list[int] = []
    second: list[int] = []
    values: list[float] = []
    for line in state.lines.of(section):
        head, pairs = state.lines.pairs(line)
        for name, token, field in pairs:
            value = number(token)
            if value is None:
                raise state.fail(line, field + 1, f"{clip(token)} is no finite number", "write a number such as 1.5e3")
            first.append(state.column(line, head, 1 if state.lines.form == "fixed" else 0))
            second.append(state.column(line, name, field))
            values.append(value)
    return np.array(first, np.int64), np.array(second, np.int64), np.array(values, np.float64)


def _symmetric(state: State, section: Section, i: np.ndarray, j: np.ndarray, value: np.ndarray) -> None:
    """Both halves must say the same: a lone half would silently count half."""
    n = max(len(state.columns), 1)
    halves = []
    for a, b, part in ((i, j, i < j), (j, i, i > j)):
        key, inverse = np.unique(a[part] * n + b[part], return_inverse=True)
        halves.append((key, np.bincount(inverse, weights=value[part], minlength=len(key))))
    (upper, above), (lower, below) = halves
    if len(upper) == len(lower) and np.array_equal(upper, lower) and np.array_equal(above, below):
        return
    odd = np.setxor1d(upper, lower)
    at = int(odd[0]) if len(odd) else int(upper[np.flatnonzero(above != below)[0]])
    one, other = (clip(state.columns[k]) for k in divmod(at, n))
    raise state.source.error(
        f"the matrix is not symmetric at {one} and {other}",
        section.at,
        "give both halves with the same values"
        + (", or one half under QUADOBJ" if section.keyword == b"QMATRIX" else ""),
    )


def read_indicators(state: State, section: Section) -> None:
    """` IF row column 0|1`."""
    for line in state.lines.of(section):
        fields = line.fields[:4]
        if len(fields) != 4 or fields[0].upper() != b"IF":
            raise state.fail(line, 0, "this is no indicator", "write ` IF row column 1`")
        row = state.row(line, fields[1], 1)
        column = state.column(line, fields[2], 2)
        active = number(fields[3])
        if active not in (0.0, 1.0):
            raise state.fail(line, 3, f"{clip(fields[3])} is neither 0 nor 1", "write 0 or 1")
        if row in state.indicators:
            raise state.fail(line, 1, f"a second indicator of the row {clip(fields[1])}", "repeat the row")
        state.indicators[row] = (column, int(active), line)


def read_sos(state: State, section: Section) -> None:
    """` S1 name` or ` S1 group name priority`, then `column weight` or `group column weight` lines."""
    head: tuple[int, str, Line] | None = None
    members: dict[int, float] = {}
    for line in state.lines.of(section):
        fields = [field for field in line.fields if field]
        if fields[0].upper() in (b"S1", b"S2") and not (len(fields) == 2 and fields[0] in state.column_of and head):
            if head is not None:
                _close(state, head, members)
            name = (
                fields[2]
                if len(fields) > 3 or (len(fields) == 3 and number(fields[2]) is None)
                else b"".join(fields[1:2])
            )
            head, members = (int(fields[0][1:]), text(name), line), {}
            continue
        if head is None or len(fields) not in (2, 3):
            raise state.fail(
                line, 0, "this is neither a set nor a member", "write ` S1 name`, then ` column weight` lines"
            )
        *group, name, token = fields
        column, weight = state.column(line, name, len(group)), number(token)
        if weight is None:
            raise state.fail(line, len(group) + 1, f"{clip(token)} is no finite number", "give the weight as a number")
        if column in members:
            raise state.fail(line, len(group), f"{clip(name)} stands twice in the set", "keep one")
        members[column] = weight
    if head is not None:
        _close(state, head, members)


def _close(state: State, head: tuple[int, str, Line], members: dict[int, float]) -> None:
    kind, name, line = head
    if len(set(members.values())) < len(members):
        raise state.fail(
            line, 0, "two members of a set have the same weight", "weights give the order: make them differ"
        )
    state.sos.append(Sos(kind, np.array(list(members), np.int64), np.array(list(members.values()), np.float64), name))
