"""Reading MPS, free and fixed, with the extensions of CPLEX, Gurobi, HiGHS and SCIP.

Where readers differ this one follows CPLEX and Gurobi: integer columns between markers without any bound are
binary, a negative UP without a lower bound frees the column below (noted in `Model.notes`), further N rows are
free rows, bounds and right-hand sides of 1e20 and more are infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import compress
from operator import ne

import numpy as np

from solvers.errors import FormatError
from solvers.io.draft import Draft
from solvers.io.mps_bounds import Bounds, read_bounds, row_limits
from solvers.io.mps_extra import read_indicators, read_quadratic, read_sos
from solvers.io.mps_fields import Form, Line, Lines, Section, sections, without_comments
from solvers.io.mps_state import State
from solvers.io.source import Source, clip, text, texts
from solvers.io.tokens import LONG, counts, number, positions, triples
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model

_SENSES = {b"MAX": True, b"MAXIMIZE": True, b"MAXIMISE": True, b"MIN": False, b"MINIMIZE": False, b"MINIMISE": False}


def read_mps(source: Source, form: Form | None = None) -> Model:
    """The model of an MPS file. Without `form` free format is tried first, then fixed.

    Raises FormatError with line and column, and UnsupportedError for sections that are not read.
    """
    clean = Source(source.name, without_comments(source.data))
    try:
        if form is not None:
            return _read(clean, form)
        try:
            return _read(clean, "free")
        except FormatError as free:
            try:
                return _read(clean, "fixed")
            except FormatError as fixed:
                # Whichever came further understood the file better.
                raise (fixed if (fixed.line or 0) > (free.line or 0) else free) from None
    except FormatError as error:
        # The clean data begins with a line of its own.
        line = max((error.line or 2) - 1, 1)
        raise FormatError(
            error.message,
            file=source.name,
            line=line,
            column=error.column,
            remedy=error.remedy or "mend the line, or write the file again",
        ) from None


def _read(source: Source, form: Form) -> Model:
    state = State(Lines(source, form))
    for section in sections(source):
        _HANDLERS.get(section.keyword, _skip)(state, section)
    if state.rows is None:
        raise source.error("there is no section ROWS", len(source.data), "an MPS file has ROWS and COLUMNS")
    return _assemble(state)


def _skip(state: State, section: Section) -> None:
    """NAME, and ENDATA with whatever follows it."""
    if section.keyword == b"NAME":
        state.name = text(section.argument)
        for line in state.lines.of(section):
            raise state.fail(line, 0, "a data line outside every section", "an MPS file goes on with ROWS")


def _objsense(state: State, section: Section) -> None:
    words: list[tuple[bytes, Line | None]] = [(section.argument, None)] if section.argument else []
    words += [(f, line) for line in state.lines.of(section) for f in line.fields if f]
    for word, line in words:
        if word.upper() not in _SENSES or len(words) > 1:
            message, remedy = f"{clip(word)} is no sense of the objective", "write MAX or MIN"
            raise state.fail(line, 0, message, remedy) if line else state.source.error(message, section.at, remedy)
        state.maximise = _SENSES[word.upper()]


def _objname(state: State, section: Section) -> None:
    words = section.argument.split() + [f for line in state.lines.of(section) for f in line.fields if f]
    if len(words) != 1:
        raise state.source.error("OBJNAME names no row or several", section.at, "name one N row")
    state.objective_name = words[0]


def _rows(state: State, section: Section) -> None:
    names: list[bytes] = []
    senses: list[bytes] = []
    data = state.source.data[section.begin : section.end]
    tokens = data.split()
    regular = (
        state.lines.form == "free" and set(tokens[0::2]) <= {b"N", b"L", b"G", b"E"} and state.rows is None
        and len(set(tokens[1::2])) == len(tokens) / 2 and bool(np.all(counts(data, 0, len(data)) == 2))
    )  # fmt: skip
    if regular:
        names, senses = tokens[1::2], tokens[0::2]
    else:
        seen: set[bytes] = set(state.row_of)
        names, senses = [], []
        for line in state.lines.of(section):
            fields = line.fields
            if len(fields) != 2:
                raise state.fail(
                    line, 0, f"{len(fields)} fields where 2 are expected: a sense and a row", "write ` L name`"
                )
            if fields[0].upper() not in (b"N", b"L", b"G", b"E"):
                raise state.fail(line, 0, f"{clip(fields[0])} is no sense of a row", "senses are N, L, G and E")
            if fields[1] in seen:
                raise state.fail(line, 1, f"the row {clip(fields[1])} stands twice", "give every row its own name")
            seen.add(fields[1])
            names.append(fields[1])
            senses.append(fields[0].upper())
    state.add_rows(names, senses, section)


def _columns(state: State, section: Section) -> None:
    """Pieces between MARKER lines, each at once where it is regular."""
    if state.bounds is not None:
        raise state.source.error("COLUMNS after BOUNDS", section.at, "give the columns first")
    data, begin = state.source.data, section.begin
    integer = False
    while True:
        mark = data.find(b"'MARKER'", begin, section.end)
        cut = section.end if mark < 0 else data.rfind(b"\n", begin, mark)
        if cut > begin:
            _piece(state, Section(b"COLUMNS", b"", section.at, begin, cut), integer)
        if mark < 0:
            return
        stop = data.find(b"\n", mark, section.end)
        stop = section.end if stop < 0 else stop
        words = data[max(cut, begin) : stop].split()
        kind = words[-1].strip(b"'").upper()
        if len(words) < 3 or kind not in (b"INTORG", b"INTEND"):
            raise state.source.error(
                "a MARKER that is neither INTORG nor INTEND", mark, "SOS markers are not read: use SOS"
            )
        integer = kind == b"INTORG"
        begin = stop


def _piece(state: State, section: Section, integer: bool) -> None:
    found = triples(state.source.data, section.begin, section.end) if state.lines.form == "free" else None
    if found is not None:
        heads, names, values = found
        # The entries of a column stand together: comparing neighbours is cheaper than hashing all.
        new = np.fromiter(map(ne, heads, [b"", *heads[:-1]]), np.bool_, len(heads))
        fresh = list(compress(heads, new.tolist()))
        distinct = len(set(fresh)) == len(fresh) and state.column_of.keys().isdisjoint(fresh)
        rows = positions(names, state.row_of) if distinct else None
        if rows is not None:
            columns = np.cumsum(new) + (len(state.columns) - 1)
            if not values.all():
                kept = values != 0.0  # SCIP repeats entries of 0
                rows, columns, values = rows[kept], columns[kept], values[kept]
            if not _duplicates(columns, rows, len(state.row_of)):
                state.add_columns(fresh, integer)
                state.entries.append((rows, columns, values))
                return
    _by_line(state, section, integer)


def _duplicates(columns: np.ndarray, rows: np.ndarray, size: int) -> bool:
    key = columns * max(size, 1) + rows
    if np.all(np.diff(key) > 0):
        return False
    key.sort()
    return bool(np.any(np.diff(key) == 0))


def _by_line(state: State, section: Section, integer: bool) -> None:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    last, seen = b"", set[bytes]()
    for line in state.lines.of(section):
        head, pairs = state.lines.pairs(line)
        if head != last:
            if head in state.column_of:
                raise state.fail(
                    line, 0, f"the column {clip(head)} stands twice", "keep the entries of a column together"
                )
            if not head:
                raise state.fail(line, 0, "a line without a column", "name the column in columns 5-12")
            state.add_columns([head], integer)
            last, seen = head, set()
        for name, token, field in pairs:
            row = state.row(line, name, field)
            value = number(token)
            if value is None:
                raise state.fail(line, field + 1, f"{clip(token)} is no finite number", "write a number such as 1.5e3")
            if name in seen and value != 0.0:
                raise state.fail(
                    line, field, f"a second entry of {clip(head)} in {clip(name)}", "add the two into one entry"
                )
            if value != 0.0:
                seen.add(name)
            rows.append(row)
            columns.append(len(state.columns) - 1)
            values.append(value)
    state.entries.append((np.array(rows, np.int64), np.array(columns, np.int64), np.array(values, np.float64)))


def _per_row(target: str) -> Callable[[State, Section], None]:
    """The handler of RHS and RANGES: one set of values by row."""

    def read(state: State, section: Section) -> None:
        where = state.rhs if target == "rhs" else state.ranges
        found = triples(state.source.data, section.begin, section.end, True) if state.lines.form == "free" else None
        if found is not None:
            heads, names, values = found
            rows = positions(names, state.row_of)
            short = (
                target == "rhs"
                or max(map(len, state.source.data[section.begin : section.end].split()), default=0) <= LONG
            )
            if short and rows is not None and len(set(heads)) <= 1 and (not len(rows) or np.bincount(rows).max() <= 1):
                where.update(zip(rows.tolist(), values.tolist()))
                return
        _per_row_by_line(state, section, where, target)

    return read


def _per_row_by_line(state: State, section: Section, where: dict[int, float], target: str) -> None:
    sets: set[bytes] = set()
    for line in state.lines.of(section):
        head, pairs = state.lines.pairs(line, headless=True)
        sets.add(head)
        if len(sets) > 1:
            raise state.fail(line, 0, f"a second set of values, {clip(head)}", "keep one set in the file")
        for name, token, field in pairs:
            row = state.row(line, name, field)
            value = number(token, infinite=True)
            if value is None:
                raise state.fail(line, field + 1, f"{clip(token)} is no number", "write a number such as 1.5e3")
            if row in where:
                raise state.fail(line, field, f"a second value for the row {clip(name)}", "keep one")
            where[row] = value
            if target == "ranges":
                state.range_tokens[row] = token


def _bounds(state: State, section: Section) -> None:
    if state.bounds is not None:
        raise state.source.error("BOUNDS stands twice", section.at, "merge the two")
    state.bounds = read_bounds(state, section)


_HANDLERS: dict[bytes, Callable[[State, Section], None]] = {
    b"OBJSENSE": _objsense, b"OBJSENSE:": _objsense, b"OBJNAME": _objname, b"ROWS": _rows, b"LAZYCONS": _rows,
    b"USERCUTS": _rows, b"COLUMNS": _columns, b"RHS": _per_row("rhs"), b"RANGES": _per_row("ranges"),
    b"BOUNDS": _bounds, b"QUADOBJ": read_quadratic, b"QMATRIX": read_quadratic, b"QSECTION": read_quadratic,
    b"QCMATRIX": read_quadratic, b"INDICATORS": read_indicators, b"SOS": read_sos, b"SOS1": read_sos,
    b"SOS2": read_sos, b"SETS": read_sos,
}  # fmt: skip


def _assemble(state: State) -> Model:
    """The model: the objective row taken out of the rows, sides from senses, right-hand sides and ranges."""
    objective = state.objective()
    n, m = len(state.columns), len(state.row_of)
    bounds = state.bounds or Bounds.of(state)
    rows, columns, values = (
        np.concatenate([part[k] for part in state.entries]) if state.entries else np.zeros(0, dtype)
        for k, dtype in enumerate((np.int64, np.int64, np.float64))
    )
    costs = np.zeros(n)
    at_objective = rows == objective
    costs[columns[at_objective]] = values[at_objective]
    place = np.arange(m)
    if objective >= 0:
        place[objective + 1 :] -= 1
        kept = ~at_objective
        rows, columns, values = place[rows[kept]], columns[kept], values[kept]
    kept_rows = np.arange(m) != objective
    low, high = row_limits(state)
    names = texts(list(state.row_of))
    if objective >= 0:
        del names[objective]
    offset = -state.rhs.get(objective, 0.0) + 0.0
    if not np.isfinite(offset):
        raise state.source.error("the constant of the objective is infinite", None, "give it a finite right-hand side")
    column_names = texts(state.columns)
    if len(set(column_names)) < n or len(set(names)) < len(names):
        raise state.source.error("two names are the same once decoded", None, "write the file in UTF-8")
    kinds = np.where(bounds.integer, INTEGER, CONTINUOUS)
    kinds = np.where(bounds.semi, np.where(bounds.integer, SEMIINTEGER, SEMICONTINUOUS), kinds)
    draft = Draft(
        state.name, column_names, names, costs, bounds.lower, bounds.upper, kinds.astype(np.uint8), low[kept_rows],
        high[kept_rows], (rows, columns, values), "max" if state.maximise else "min", offset, sos=state.sos,
        notes=[*state.notes, *bounds.notes],
    )  # fmt: skip
    state.finish(draft, place, objective)
    return draft.model()
