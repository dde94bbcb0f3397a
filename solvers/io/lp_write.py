"""Writing LP files, which our reader reads back the same, and which others read where the dialect allows.

Columns keep their order: where the objective alone would not give it, it lists all of them, some with 0. The
objective's constant stands as Gurobi writes it, as a column `Constant` fixed at 1, because Gurobi takes a bare
number for the name of a column.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import numpy as np

from solvers.errors import UnsupportedError
from solvers.io.lp_lexer import RESERVED, name_pattern
from solvers.io.names import Names, column_labels, legal, row_labels, shorten, without_space
from solvers.io.refuse import refuse, refuse_numbers
from solvers.io.source import write_text
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model

LACKS = frozenset({"nonlinear", "levels", "global"})
PER_LINE = 8
CONSTANT = "Constant"
COMMENT = "\\"
"""Begins a comment wherever it stands, also inside of brackets."""
_OPERATORS = re.compile(r"[\s+\-*/^<>=:|\\\[\]\"]")
_PORTABLE = re.compile(r"[^A-Za-z0-9_!#$%&(),.;?@'`{}~]")


def write_lp(model: Model, path: str | os.PathLike[str], *, portable: bool = False) -> Names:
    """Write a model. `portable` keeps to what CPLEX, HiGHS, SCIP and Gurobi all read: `x[0]` becomes `x(0)`, and a
    row with two sides becomes two rows, `name_lo` and `name_up`.

    Raises UnsupportedError for what LP files cannot hold: nonlinear rows, several objectives, global constraints,
    indicators over rows with two sides or quadratic parts, numbers that are not finite.
    """
    refuse(model, "LP", LACKS)
    refuse_numbers(model, "LP")
    writer = _Writer(model, portable)
    write_text(path, list(writer.parts()))
    return writer.names


def lp_name(name: str) -> str:
    """A name that our reader takes for one token, and no keyword."""
    fits = name_pattern.fullmatch(name.encode("utf-8", "replace")) and len(name) < 60 and name.lower() not in RESERVED
    return name if fits and name.isprintable() and COMMENT not in name else _mend(name)


def _mend(name: str) -> str:
    name = without_space(name).replace(COMMENT, "_")
    if not name_pattern.fullmatch(name.encode("utf-8", "replace")):
        name = _OPERATORS.sub("_", name)
        name = name if name_pattern.fullmatch(name.encode("utf-8", "replace")) else "_" + name
        name = name if name_pattern.fullmatch(name.encode("utf-8", "replace")) else _PORTABLE.sub("_", name)
    return shorten("_" + name if name.lower() in RESERVED else name)


def portable_name(name: str) -> str:
    """A name that all solvers read."""
    name = without_space(name).replace("[", "(").replace("]", ")").replace('"', "_")
    name = _PORTABLE.sub("_", name)
    return "_" + name if name.lower() in RESERVED or name[0] in "0123456789.$" or re.match(r"[eE]\d", name) else name


def fmt(value: float) -> str:
    """The shortest text that reads back the same."""
    shown = repr(value)
    return shown[:-2] if shown.endswith(".0") else shown


class _Writer:
    def __init__(self, model: Model, portable: bool) -> None:
        self.model, self.portable = model, portable
        mend = portable_name if portable else lp_name
        columns, rows = column_labels(model), row_labels(model)
        taken = [CONSTANT] if model.objective.offset != 0.0 or self._looks_constant(columns) else []
        self.columns = legal(columns, mend, taken)
        self.rows = legal(rows, mend, ["obj"])
        self.names = Names(tuple(self.columns), tuple(self.rows), tuple(columns), tuple(rows))
        self.sets = legal([s.label for s in model.sos], lambda name: mend(name) if name else "", self.rows)
        self.sets = [name if s.label else "" for s, name in zip(model.sos, self.sets)]
        if model.num_rows and not model.num_columns:
            raise UnsupportedError("LP files hold no rows without columns", place=rows[0], remedy="write .mps")

    def _looks_constant(self, columns: list[str]) -> bool:
        """A column that the reader would fold into the objective."""
        if CONSTANT not in columns:
            return False
        at = columns.index(CONSTANT)
        return bool(self.model.col_lower[at] == self.model.col_upper[at] == 1.0)

    def parts(self) -> Iterator[str]:
        """The text of the file in pieces."""
        yield "Maximize\n" if self.model.sense == "max" else "Minimize\n"
        yield from self._objective()
        yield "Subject To\n"
        yield from self._rows()
        yield from self._bounds()
        yield from self._kinds()
        yield from self._sos()
        yield "End\n"

    # -- objective and rows ----------------------------------------------------------------------------

    def _objective(self) -> Iterator[str]:
        level = self.model.objective
        listed = level.costs != 0.0
        if not self._in_order(listed):
            listed = np.ones(self.model.num_columns, bool)
        terms = [
            _term(c, self.columns[j]) for j, c in zip(np.flatnonzero(listed).tolist(), level.costs[listed].tolist())
        ]
        if level.offset != 0.0:
            terms.append(_term(level.offset, CONSTANT))
        if level.quadratic is not None:
            q = level.quadratic
            terms += ["+ [", *self._products(q.i, q.j, 2.0 * q.coef), "] / 2"]
        yield f" obj: {_wrapped(terms)}\n"

    def _in_order(self, listed: np.ndarray) -> bool:
        """Whether columns appear in the file in their order, when the objective lists these."""
        model = self.model
        parts = [np.flatnonzero(listed)]
        if model.objective.quadratic is not None:
            q = model.objective.quadratic
            parts.append(np.stack([q.i, q.j], axis=1).ravel())
        if model.quadratic_rows is not None or model.indicators is not None:
            # Mixed rows: only an objective that lists all columns is sure.
            return bool(listed.all())
        parts.append(model.matrix.index[model.matrix.value != 0.0])
        seen = np.concatenate(parts)
        top = np.maximum.accumulate(seen) if len(seen) else seen
        fresh = np.diff(top, prepend=-1)
        return bool(np.all(fresh <= 1)) and (int(top[-1]) if len(top) else -1) == model.num_columns - 1

    def _rows(self) -> Iterator[str]:
        model = self.model
        matrix = model.matrix
        names = self.columns
        products = self._by_row()
        active: dict[int, str] = {}
        if model.indicators is not None:
            for r, c, a in zip(
                *(k.tolist() for k in (model.indicators.row, model.indicators.column, model.indicators.active))
            ):
                active[r] = f"{names[c]} = {int(a)} -> "
        start, index, value = matrix.start.tolist(), matrix.index.tolist(), matrix.value.tolist()
        for r, (name, low, high) in enumerate(zip(self.rows, model.row_lower.tolist(), model.row_upper.tolist())):
            terms = [_term(value[k], names[index[k]]) for k in range(start[r], start[r + 1]) if value[k] != 0.0]
            if r in products:
                terms += ["+ [", *products[r], "]"]
            elif not terms:
                terms = [f"0 {names[0]}"]
            yield self._row(r, name, active.get(r, ""), _wrapped(terms), low, high, r in products)

    def _row(self, r: int, name: str, active: str, body: str, low: float, high: float, quadratic: bool) -> str:
        two = low != high and np.isfinite(low) and np.isfinite(high)
        if active and (two or quadratic):
            raise UnsupportedError(
                "LP files hold no indicator over a row with two sides or a quadratic part",
                place=self.model.row_label(r),
                remedy="write .mps, or split the row",
            )
        if two and self.portable:
            return f" {name}_lo: {body} >= {fmt(low)}\n {name}_up: {body} <= {fmt(high)}\n"
        if two:
            return f" {name}: {fmt(low)} <= {body} <= {fmt(high)}\n"
        if low == high:
            return f" {name}: {active}{body} = {fmt(low)}\n"
        if np.isfinite(high):
            return f" {name}: {active}{body} <= {fmt(high)}\n"
        return f" {name}: {active}{body} >= {fmt(low)}\n"

    def _by_row(self) -> dict[int, list[str]]:
        q = self.model.quadratic_rows
        out: dict[int, list[str]] = {}
        if q is not None:
            assert q.row is not None
            for row, product in zip(q.row.tolist(), self._products(q.i, q.j, q.coef)):
                out.setdefault(row, []).append(product)
        return out

    def _products(self, i: np.ndarray, j: np.ndarray, coef: np.ndarray) -> list[str]:
        name = self.columns
        return [
            f"{_term(c, name[a])} ^2" if a == b else f"{_term(c, name[a])} * {name[b]}"
            for a, b, c in zip(i.tolist(), j.tolist(), coef.tolist())
        ]

    # -- columns ---------------------------------------------------------------------------------------

    def _bounds(self) -> Iterator[str]:
        model = self.model
        yield "Bounds\n"
        if model.objective.offset != 0.0:
            yield f" {CONSTANT} = 1\n"
        special = (model.col_lower != 0.0) | (model.col_upper != np.inf)
        special &= ~((model.kinds == INTEGER) & (model.col_lower == 0.0) & (model.col_upper == 1.0))
        for j in np.flatnonzero(special).tolist():
            name, low, high = self.columns[j], float(model.col_lower[j]), float(model.col_upper[j])
            if low == -np.inf and high == np.inf:
                yield f" {name} free\n"
            elif low == high:
                yield f" {name} = {fmt(low)}\n"
            elif high == np.inf:
                yield f" {name} >= {fmt(low)}\n"
            elif low == 0.0 and high > 0.0:
                yield f" {name} <= {fmt(high)}\n"
            else:
                yield f" {fmt(low)} <= {name} <= {fmt(high)}\n"

    def _kinds(self) -> Iterator[str]:
        model = self.model
        unit = (model.kinds == INTEGER) & (model.col_lower == 0.0) & (model.col_upper == 1.0)
        whole = ((model.kinds == INTEGER) & ~unit) | (model.kinds == SEMIINTEGER)
        semi = (model.kinds != CONTINUOUS) & ((model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER))
        for title, mask in (("Binaries", unit), ("Generals", whole), ("Semi-Continuous", semi)):
            if mask.any():
                yield title + "\n"
                yield from (f" {self.columns[j]}\n" for j in np.flatnonzero(mask).tolist())

    def _sos(self) -> Iterator[str]:
        if self.model.sos:
            yield "SOS\n"
        for item, name in zip(self.model.sos, self.sets):
            members = " ".join(
                f"{self.columns[j]}:{fmt(w)}" for j, w in zip(item.columns.tolist(), item.weights.tolist())
            )
            yield f" {name + ': ' if name else ''}S{item.kind}:: {members}\n"


def _term(coef: float, name: str) -> str:
    sign = "-" if coef < 0 or (coef == 0 and np.signbit(coef)) else "+"
    size = fmt(abs(coef))
    return f"{sign} {name}" if size == "1" else f"{sign} {size} {name}"


def _wrapped(terms: list[str]) -> str:
    """Terms on lines of at most PER_LINE."""
    if len(terms) <= PER_LINE:
        return " ".join(terms)
    return "\n    ".join(" ".join(terms[k : k + PER_LINE]) for k in range(0, len(terms), PER_LINE))
