"""Reading AMPL's NL files, text and binary (D. M. Gay, Writing .nl Files, 2005).

Linear and quadratic parts of rows become entries and products, whatever tree the writer made of them; what is left
becomes templates, rows of the same shape sharing one. Initial values and unknown suffixes are passed over; `sosno`
and `ref` are special ordered sets. Complementarity, logical constraints, networks, imported functions and several
objectives are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from solvers.errors import FormatError, UnsupportedError
from solvers.io.draft import Draft
from solvers.io.nl_header import Header, read_header
from solvers.io.nl_names import chosen
from solvers.io.nl_poly import Algebra, Sum
from solvers.io.nl_stream import BinaryStream, Stream, TextStream
from solvers.io.nl_template import templates
from solvers.io.nl_tree import Trees
from solvers.io.source import Source, as_text, clip
from solvers.model import CONTINUOUS, INTEGER, Model, Sos

_ZERO = Sum()
"""The body of a linear row; it is never changed."""


def read_nl(name: str, data: bytes, columns: list[str] | None = None, rows: list[str] | None = None) -> Model:
    """The model of an NL file, with names where they are known.

    Raises FormatError (line and column, or the byte in binary files) and UnsupportedError.
    """
    source = Source(name, data) if data[:1] == b"b" else as_text(name, data)
    try:
        header = read_header(source)
        stream: Stream = BinaryStream(source, header) if header.binary else TextStream(source, header)
        return _Reader(header, stream, name).read(columns, rows)
    except FormatError as error:
        remedy = error.remedy or "it is no valid NL file: write it again"
        raise FormatError(error.message, file=error.file, line=error.line, column=error.column, remedy=remedy) from None
    except UnsupportedError as error:
        if str(error.place):
            raise
        raise UnsupportedError(error.message, place=name, remedy=error.remedy) from None


class _Reader:
    def __init__(self, header: Header, stream: Stream, name: str) -> None:
        self.header, self.stream, self.name = header, stream, name
        self.trees = Trees(stream, header.columns, header.common, Algebra(2_000_000 + 40 * len(stream.source.data)))
        self.bodies: dict[int, Sum] = {}
        self.objective: Sum | None = None
        self.sense: Literal["min", "max"] = "min"
        self.rows: list[int] = []
        self.counts: list[int] = []
        self.parts: list[Any] = []
        self.gradient: Any = None
        self.col_bounds: tuple[np.ndarray, np.ndarray] | None = None
        self.row_bounds: tuple[np.ndarray, np.ndarray] | None = None
        self.sosno: dict[int, float] = {}
        self.ref: dict[int, float] = {}

    def read(self, columns: list[str] | None, rows: list[str] | None) -> Model:
        """All segments, then the model."""
        handlers: dict[bytes, Callable[[], None]] = {
            b"C": self._body, b"O": self._objective, b"V": self._common, b"J": self._linear, b"G": self._gradient,
            b"b": self._col_bounds, b"r": self._row_bounds, b"k": self._skip_counts, b"K": self._skip_counts,
            b"x": self._skip_pairs, b"d": self._skip_pairs, b"S": self._suffix, b"F": self._function,
            b"L": self._logical,
        }  # fmt: skip
        while True:
            if isinstance(self.stream, TextStream):
                self._runs(self.stream)
            if (key := self.stream.key()) is None:
                break
            if key not in handlers:
                raise self.stream.fail(f"{clip(key)} begins no segment", "", 1)
            handlers[key]()
        return self._model(columns, rows)

    def _runs(self, stream: TextStream) -> None:
        """Linear rows, many at once."""
        begun = stream.at
        zero = stream.zero_bodies()
        if zero and (min(zero) < 0 or max(zero) >= self.header.rows or len(set(zero)) < len(zero) or
                     not self.bodies.keys().isdisjoint(zero)):  # fmt: skip
            stream.at = begun  # one by one, up to the one that is wrong
            return
        self.bodies.update((row, _ZERO) for row in zero)
        begun = stream.at
        rows, counts, parts = stream.linear_rows()
        if rows and max(rows) >= self.header.rows:
            stream.at = begun
            return
        self.rows += rows
        self.counts += counts
        self.parts += parts

    # -- segments --------------------------------------------------------------------------------------

    def _index(self, count: int, what: str) -> int:
        index = self.stream.integer()
        if not 0 <= index < count:
            raise self.stream.fail(f"there is no {what} {index}", f"the header declares {count}", 1)
        return index

    def _body(self) -> None:
        row = self._index(self.header.rows, "row")
        if row in self.bodies:
            raise self.stream.fail(f"a second body of the row {row}", "", 1)
        self.bodies[row] = self.trees.read()

    def _objective(self) -> None:
        self._index(self.header.objectives, "objective")
        if self.objective is not None:
            raise self.stream.fail("a second objective", "", 1)
        sense = self.stream.integer()
        if sense not in (0, 1):
            raise self.stream.fail(f"the sense {sense}", "0 minimises, 1 maximises", 1)
        self.sense = "max" if sense else "min"
        self.objective = self.trees.read()

    def _common(self) -> None:
        k = self.stream.integer() - self.header.columns
        count = self.stream.integer()
        self.stream.integer()
        if not 0 <= k < self.header.common or self.trees.common[k] is not None:
            raise self.stream.fail("a common expression that the header does not declare, or a second time", "", 1)
        index, value = self.stream.collect([self.stream.pairs(count)])
        total = Sum()
        for j, coef in zip(index.tolist(), value.tolist()):
            item = self.trees.algebra.scale(self.trees._column(j), coef)
            total = self.trees.algebra.add(total, item)
        self.trees.common[k] = self.trees.algebra.add(total, self.trees.read())

    def _linear(self) -> None:
        row = self._index(self.header.rows, "row")
        count = self.stream.integer()
        self.rows.append(row)
        self.counts.append(count)
        self.parts.append(self.stream.pairs(count))

    def _gradient(self) -> None:
        self._index(self.header.objectives, "objective")
        if self.gradient is not None:
            raise self.stream.fail("a second gradient", "", 1)
        self.gradient = self.stream.pairs(self.stream.integer())

    def _bounds(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        stream = self.stream
        if isinstance(stream, TextStream) and (found := stream.bounds(count)) is not None:
            return found
        low, high = [-np.inf] * count, [np.inf] * count
        for k in range(count):
            kind = stream.kind()
            if kind in (0, 2):
                low[k] = stream.real()
            if kind in (0, 1):
                high[k] = stream.real()
            if kind == 4:
                low[k] = high[k] = stream.real()
            if kind == 5:
                raise UnsupportedError(
                    "complementarity conditions are not read",
                    place=stream.fail("", "", 1).place,
                    remedy="write the model without them",
                )
        return np.array(low), np.array(high)

    def _col_bounds(self) -> None:
        if self.col_bounds is not None:
            raise self.stream.fail("a second segment b", "", 1)
        self.col_bounds = self._bounds(self.header.columns)

    def _row_bounds(self) -> None:
        if self.row_bounds is not None:
            raise self.stream.fail("a second segment r", "", 1)
        self.row_bounds = self._bounds(self.header.rows)

    def _skip_counts(self) -> None:
        self.stream.integers(self.stream.integer())

    def _skip_pairs(self) -> None:
        self.stream.pairs(self.stream.integer())

    def _suffix(self) -> None:
        kind = self.stream.integer()
        count = self.stream.integer()
        name = self.stream.name()
        whole = not kind & 4
        pairs = self.stream.pairs(count, whole) if isinstance(self.stream, BinaryStream) else self.stream.pairs(count)
        if kind & 3 == 0 and name in ("sosno", "ref"):
            index, value = self.stream.collect([pairs])
            if len(index) and not 0 <= index.min() <= index.max() < self.header.columns:
                raise self.stream.fail(f"a suffix {name} of a column that there is not", "", 1)
            (self.sosno if name == "sosno" else self.ref).update(zip(index.tolist(), value.tolist()))

    def _function(self) -> None:
        raise UnsupportedError(
            "imported functions are not read", place=self.stream.fail("", "", 1).place, remedy="write them out"
        )

    def _logical(self) -> None:
        raise UnsupportedError(
            "logical constraints are not read", place=self.stream.fail("", "", 1).place, remedy="rewrite them as rows"
        )

    # -- the model -------------------------------------------------------------------------------------

    def _model(self, columns: list[str] | None, rows: list[str] | None) -> Model:
        header = self.header
        n, m = header.columns, header.rows
        low, high = self._required("b", self.col_bounds, n)
        row_low, row_high = self._required("r", self.row_bounds, m)
        kinds = np.full(n, CONTINUOUS, np.uint8)
        for begin, end in header.integers():
            kinds[begin:end] = INTEGER
        entries = self._entries(n)
        costs = np.zeros(n)
        if self.gradient is not None:
            index, value = self.stream.collect([self.gradient])
            self._within(index, n)
            np.add.at(costs, index, value)
        draft = Draft(
            "", chosen(self.name, columns, n, "x", ".col"), chosen(self.name, rows, m, "c", ".row"), costs, low, high,
            kinds, row_low, row_high, entries, self.sense, sos=self._sets(),
        )  # fmt: skip
        self._add_objective(draft)
        self._add_bodies(draft)
        self._check(draft)
        return draft.model()

    def _required(
        self, key: str, found: tuple[np.ndarray, np.ndarray] | None, count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        if found is None and count:
            raise FormatError(f"the segment {key} (bounds) is missing", file=self.name, remedy="it seems cut off")
        return found if found is not None else (np.zeros(0), np.zeros(0))

    def _within(self, index: np.ndarray, n: int) -> None:
        if len(index) and not 0 <= index.min() <= index.max() < n:
            wrong = int(index[(index < 0) | (index >= n)][0])
            raise FormatError(f"there is no column {wrong}", file=self.name, remedy=f"the header declares {n}")

    def _entries(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if len(set(self.rows)) < len(self.rows):
            raise FormatError("a row has two segments J", file=self.name, remedy="merge the two")
        column, value = self.stream.collect(self.parts)
        self._within(column, n)
        row = np.repeat(np.array(self.rows, np.int64), np.array(self.counts, np.int64))
        key = np.sort(row * max(n, 1) + column)
        double = np.flatnonzero(np.diff(key) == 0)
        if len(double):
            r, j = divmod(int(key[double[0]]), max(n, 1))
            raise FormatError(f"the column {j} stands twice in segment J{r}", file=self.name, remedy="add the two up")
        return row, column, value

    def _add_objective(self, draft: Draft) -> None:
        found = self.objective
        if found is None:
            return
        for j, coef in found.linear.items():
            draft.costs[j] += coef
        if found.quadratic:
            pairs = np.array(list(found.quadratic))
            draft.quadratic = (pairs[:, 0], pairs[:, 1], np.array(list(found.quadratic.values())))
        if found.rest:
            draft.nonlinear = templates([(0, found)])[0].template
        else:
            draft.offset = found.constant

    def _add_bodies(self, draft: Draft) -> None:
        row, column, value = ([part] for part in draft.entries)
        products: list[tuple[int, int, int, float]] = []
        nonlinear: list[tuple[int, Sum]] = []
        for r, found in self.bodies.items():
            if found is _ZERO:
                continue
            if found.linear:
                row.append(np.full(len(found.linear), r))
                column.append(np.array(list(found.linear)))
                value.append(np.array(list(found.linear.values())))
            products += [(r, i, j, coef) for (i, j), coef in found.quadratic.items()]
            if found.rest:
                nonlinear.append((r, found))
            elif found.constant != 0.0:
                draft.row_lower[r] -= found.constant
                draft.row_upper[r] -= found.constant
        draft.entries = (np.concatenate(row), np.concatenate(column), np.concatenate(value))
        if products:
            r_, i, j, coefs = zip(*products)
            draft.quadratic_rows = (np.array(r_), np.array(i), np.array(j), np.array(coefs))
        draft.nonlinear_rows = templates(nonlinear)

    def _check(self, draft: Draft) -> None:
        """Products of finite numbers may overflow."""
        parts = [draft.costs, draft.entries[2], np.array(draft.offset)]
        parts += [q[-1] for q in (draft.quadratic, draft.quadratic_rows) if q is not None]
        if not all(np.isfinite(part).all() for part in parts) or np.isnan(draft.row_lower).any():
            raise FormatError("a product of coefficients is not finite", file=self.name, remedy="use smaller numbers")

    def _sets(self) -> list[Sos]:
        """Special ordered sets: `sosno` > 0 is type 1, < 0 type 2, `ref` the weight."""
        members: dict[float, list[int]] = {}
        for j, number in self.sosno.items():
            if number:
                members.setdefault(number, []).append(j)
        out = []
        for number, columns in members.items():
            weights = [self.ref.get(j, 0.0) for j in columns]
            if len(set(weights)) < len(weights):
                raise FormatError(
                    f"two members of the set {number:g} have the same `ref`",
                    file=self.name,
                    remedy="weights give the order",
                )
            order = np.argsort(weights)
            out.append(Sos(1 if number > 0 else 2, np.array(columns)[order], np.array(weights)[order],
                           f"sos{abs(number):g}"))  # fmt: skip
        return out
