"""What has been read of an MPS file so far."""

from __future__ import annotations

import numpy as np

from solvers.errors import FormatError
from solvers.io.draft import Draft
from solvers.io.mps_bounds import Bounds
from solvers.io.mps_fields import Line, Lines, Section
from solvers.io.source import Source, clip
from solvers.model import Sos


class State:
    """Names by position, entries, right-hand sides; everything else a section adds."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.source: Source = lines.source
        self.name = ""
        self.maximise = False
        self.objective_name: bytes | None = None
        self.rows: list[bytes] | None = None
        self.senses: list[bytes] = []
        self.row_of: dict[bytes, int] = {}
        self.columns: list[bytes] = []
        self.column_of: dict[bytes, int] = {}
        self.marked: list[bool] = []
        self.entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.rhs: dict[int, float] = {}
        self.ranges: dict[int, float] = {}
        self.range_tokens: dict[int, bytes] = {}
        self.bounds: Bounds | None = None
        self.objective_quadratic: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.row_quadratic: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self.indicators: dict[int, tuple[int, int, Line]] = {}
        self.sos: list[Sos] = []
        self.notes: list[str] = []

    def fail(self, line: Line, field: int, message: str, remedy: str = "") -> FormatError:
        """An error at a field of a line."""
        return self.lines.fail(line, field, message, remedy)

    def add_rows(self, names: list[bytes], senses: list[bytes], section: Section) -> None:
        """Further rows, in order; not after columns."""
        if self.columns:
            raise self.source.error("rows after COLUMNS", section.at, "give all rows before COLUMNS")
        self.rows = [*(self.rows or []), *names]
        self.senses += senses
        self.row_of = dict(zip(self.rows, range(len(self.rows))))

    def add_columns(self, names: list[bytes], integer: bool) -> None:
        """Further columns, in order."""
        base = len(self.columns)
        self.columns += names
        self.column_of.update(zip(names, range(base, base + len(names))))
        self.marked += [integer] * len(names)

    def row(self, line: Line, name: bytes, field: int) -> int:
        """The position of a row. Raises FormatError."""
        row = self.row_of.get(name)
        if row is None:
            raise self.fail(line, field, f"there is no row {clip(name)}", "name it in ROWS")
        return row

    def column(self, line: Line, name: bytes, field: int) -> int:
        """The position of a column. Raises FormatError."""
        column = self.column_of.get(name)
        if column is None:
            raise self.fail(line, field, f"there is no column {clip(name)}", "name it in COLUMNS")
        return column

    def objective(self) -> int:
        """The row that is the objective: the one named, else the first N row; -1 where there is none."""
        if self.objective_name is not None:
            if self.objective_name not in self.row_of:
                raise self.source.error(f"OBJNAME names no row: {clip(self.objective_name)}", None, "name an N row")
            found = self.row_of[self.objective_name]
            if self.senses[found] != b"N":
                raise self.source.error(
                    f"OBJNAME names a constraint: {clip(self.objective_name)}", None, "name an N row"
                )
            return found
        return self.senses.index(b"N") if b"N" in self.senses else -1

    def finish(self, draft: Draft, place: np.ndarray, objective: int) -> None:
        """Quadratic parts and indicators, once rows have their final places (m,) and columns their bounds."""
        parts = list(self.objective_quadratic)
        rows = []
        for row, (i, j, coef) in self.row_quadratic.items():
            if row == objective:
                parts.append((i, j, coef))
            else:
                rows.append((np.full(len(i), place[row]), i, j, coef))
        if parts:
            i, j, coef = (np.concatenate(part) for part in zip(*parts))
            draft.quadratic = (i, j, coef)
        if rows:
            r, i, j, coef = (np.concatenate(part) for part in zip(*rows))
            draft.quadratic_rows = (r, i, j, coef)
        for row, (column, active, line) in self.indicators.items():
            if row == objective:
                raise self.fail(line, 1, "the objective under an indicator", "name a constraint")
            binary = draft.kinds[column] == 1 and draft.col_lower[column] >= 0 and draft.col_upper[column] <= 1
            if not binary:
                raise self.fail(line, 2, f"{clip(self.columns[column])} is not 0-1", "give it the bound BV")
            draft.indicate(int(place[row]), column, active)
