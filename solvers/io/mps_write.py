"""Writing MPS: free format by default, numbers as the shortest text that reads back the same."""

from __future__ import annotations

import os
from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np

from solvers.errors import UnsupportedError
from solvers.io.mps_fields import Form
from solvers.io.names import Names, column_labels, legal, row_labels, without_space
from solvers.io.refuse import refuse, refuse_numbers
from solvers.io.source import write_text
from solvers.io.tokens import LONG
from solvers.model import INTEGER, SEMIINTEGER, Model, Quadratic

LACKS = frozenset({"nonlinear", "levels", "global"})


def write_mps(model: Model, path: str | os.PathLike[str], form: Form = "free") -> Names:
    """Write a model. Fixed format asks for names of at most 8 and numbers of at most 12 characters.

    Raises UnsupportedError for what MPS cannot hold: nonlinear rows, several objectives, global constraints,
    rows whose lower side is above the upper, numbers that are not finite.
    """
    refuse(model, "MPS", LACKS)
    refuse_numbers(model, "MPS")
    wrong = np.flatnonzero(model.row_lower > model.row_upper)
    if len(wrong):
        raise UnsupportedError(
            "MPS files cannot hold a row whose lower side is above its upper one",
            place=model.row_label(int(wrong[0])),
            remedy="write .lp, or split the row",
        )
    writer = _Writer(model, form)
    write_text(path, writer.parts())
    return writer.names


def mps_name(name: str) -> str:
    """A name without spaces that no reader takes for a comment, a header or a marker."""
    name = without_space(name)
    if name[0] in "*$" or name.startswith("'MARKER'"):
        name = "_" + name.replace("'", "_")
    return name


class _Writer:
    """One file, section by section."""

    def __init__(self, model: Model, form: Form) -> None:
        self.model, self.form = model, form
        columns, rows = column_labels(model), row_labels(model)
        self.columns = self._names(columns)
        self.rows = self._names(rows)
        self.names = Names(tuple(self.columns), tuple(self.rows), tuple(columns), tuple(rows))
        self.objective = legal(["obj"], mps_name, self.rows)[0]
        self.sets = legal([s.label or f"sos{k + 1}" for k, s in enumerate(model.sos)], mps_name)

    def _names(self, found: list[str]) -> list[str]:
        if self.form == "free":
            return legal(found, mps_name)
        if any(
            len(name) > 8 or not name.isascii() or not name.isprintable() or not name.strip() == name for name in found
        ):
            raise UnsupportedError("fixed-format names have 1 to 8 ASCII characters", remedy="write the free format")
        return legal(found, lambda name: name)

    def parts(self) -> list[str]:
        """The text of the file in pieces."""
        model = self.model
        name = " ".join("".join(c if c.isprintable() else " " for c in model.name).split())
        out = [f"NAME          {name}\n" if name else "NAME\n"]
        if model.sense == "max":
            out.append("OBJSENSE\n    MAX\n")
        out += self._rows()
        out += self._columns()
        out += self._sides()
        out += self._bounds()
        out += self._sos()
        out += self._quadratic()
        out += self._indicators()
        return [*out, "ENDATA\n"]

    def line(self, kind: str, *fields: str) -> str:
        """One data line; in fixed format with every field in its place."""
        if self.form == "free":
            return f" {kind} {' '.join(fields)}\n" if kind else f"    {' '.join(fields)}\n"
        for k, field in enumerate(fields):
            if len(field) > (12 if k == 2 else 8):
                raise UnsupportedError(f"{field!r} is too long for the fixed format", remedy="write the free format")
        padded = [*fields, "", ""][:3]
        return f" {kind:<2} {padded[0]:<8}  {padded[1]:<8}  {padded[2]:>12}".rstrip() + "\n"

    def _rows(self) -> list[str]:
        low, high = self.model.row_lower, self.model.row_upper
        kind = np.where(np.isneginf(low), np.where(np.isposinf(high), 0, 1), np.where(low == high, 2, 3))
        # SCIP forgets free rows, which other sections then name in vain: those stand as G with an infinite side.
        named = np.zeros(len(low), bool)
        named[self.model.quadratic_rows.row if self.model.quadratic_rows is not None else []] = True
        named[self.model.indicators.row if self.model.indicators is not None else []] = True
        kind[(kind == 0) & named] = 3
        self.senses = ["NLEG"[k] for k in kind.tolist()]
        self.ranges: dict[int, str] = {}
        for k in np.flatnonzero((kind == 3) & np.isfinite(high) & np.isfinite(low)).tolist():
            self.senses[k], self.ranges[k] = _range(float(low[k]), float(high[k]))
        return ["ROWS\n", self.line("N", self.objective), *map(self.line, self.senses, self.rows)]

    def _columns(self) -> list[str]:
        model = self.model
        matrix = model.matrix
        order = np.argsort(matrix.index, kind="stable")
        order = order[matrix.value[order] != 0.0]
        column = matrix.index[order]
        ends = np.searchsorted(column, np.arange(model.num_columns), side="right").tolist()
        names = [self.rows[r] for r in matrix.row_of()[order].tolist()]
        values = matrix.value[order].tolist()
        costs = model.objective.costs.tolist()
        whole = ((model.kinds == INTEGER) | (model.kinds == SEMIINTEGER)).tolist()
        fast = self.form == "free"
        out, inside, begin, marks = ["COLUMNS\n"], False, 0, 0
        for j, (name, end) in enumerate(zip(self.columns, ends)):
            if whole[j] != inside:
                inside = whole[j]
                out.append(
                    f"    MARKER{marks:<8}'MARKER'                 '{'INTORG' if inside else 'INTEND'}'\n"
                    if fast
                    else f"    M{marks:<7}  'MARKER'                 '{'INTORG' if inside else 'INTEND'}'\n"
                )
                marks += 1
            if costs[j] != 0.0 or begin == end:
                out.append(self.line("", name, self.objective, repr(costs[j])))
            if fast:
                out += [f"    {name} {names[k]} {values[k]!r}\n" for k in range(begin, end)]
            else:
                out += [self.line("", name, names[k], repr(values[k])) for k in range(begin, end)]
            begin = end
        if inside:
            out.append(
                f"    MARKER{marks:<8}'MARKER'                 'INTEND'\n"
                if fast
                else f"    M{marks:<7}  'MARKER'                 'INTEND'\n"
            )
        return out

    def _sides(self) -> list[str]:
        model = self.model
        out = ["RHS\n"]
        if model.objective.offset != 0.0:
            out.append(self.line("", "RHS", self.objective, repr(-model.objective.offset)))
        for name, sense, low, high in zip(self.rows, self.senses, model.row_lower.tolist(), model.row_upper.tolist()):
            side = {"L": high, "N": 0.0}.get(sense, low)
            if side != 0.0:
                out.append(self.line("", "RHS", name, "-1e+30" if side == -np.inf else repr(side)))
        if self.ranges:
            out.append("RANGES\n")
            out += [self.line("", "RANGE", self.rows[k], size) for k, size in self.ranges.items()]
        return out

    def _bounds(self) -> list[str]:
        model = self.model
        out = ["BOUNDS\n"]
        infinity = float("inf")
        for name, low, high, kind in zip(
            self.columns, model.col_lower.tolist(), model.col_upper.tolist(), model.kinds.tolist()
        ):
            if kind == 0 and low == 0.0 and high == infinity:
                continue
            put = [("LO", repr(low))] if low != 0.0 or high < 0 else []
            if low == -infinity:
                put = [("MI", "")]
            if kind >= 2:
                put.append(("SC" if kind == 2 else "SI", "1e+30" if high == infinity else repr(high)))
            elif kind == 1 and (low, high) == (0.0, 1.0):
                put = [("BV", "")]
            elif low == high:
                put = [("FX", repr(low))]
            elif high == infinity:
                put = [("FR", "")] if low == -infinity else put or [("PL", "")]
            else:
                put.append(("UP", repr(high)))
            for word, value in put:
                out.append(self.line(word, "BND", name, value) if value else self.line(word, "BND", name))
        return out if len(out) > 1 else []

    def _sos(self) -> list[str]:
        out = ["SOS\n"] if self.model.sos else []
        for item, name in zip(self.model.sos, self.sets):
            out.append(self.line(f"S{item.kind}", name))
            pairs = zip(item.columns.tolist(), item.weights.tolist())
            out += [self.line("", self.columns[j], repr(w)) for j, w in pairs]
        return out

    def _quadratic(self) -> list[str]:
        out = []
        objective, rows = self.model.objective.quadratic, self.model.quadratic_rows
        if objective is not None:
            scale = np.where(objective.i == objective.j, 2.0, 1.0)
            out += ["QUADOBJ\n", *self._entries(objective.i, objective.j, objective.coef * scale)]
        if rows is not None:
            assert rows.row is not None
            order = np.argsort(rows.row, kind="stable")
            cuts = np.flatnonzero(np.diff(rows.row[order], prepend=-1, append=self.model.num_rows)).tolist()
            for begin, end in pairwise(cuts):
                out.append(f"QCMATRIX {self.rows[int(rows.row[order[begin]])]}\n")
                out += self._both(rows, order[begin:end])
        return out

    def _both(self, rows: Quadratic, at: np.ndarray) -> list[str]:
        """Both halves of a symmetric matrix: half of each product's coefficient in each."""
        i, j, coef = rows.i[at], rows.j[at], rows.coef[at]
        off = i != j
        value = np.where(off, coef / 2, coef)
        return self._entries(
            np.concatenate([i, j[off]]), np.concatenate([j, i[off]]), np.concatenate([value, value[off]])
        )

    def _entries(self, i: np.ndarray, j: np.ndarray, value: np.ndarray) -> list[str]:
        name = self.columns
        return [self.line("", name[a], name[b], repr(v)) for a, b, v in zip(i.tolist(), j.tolist(), value.tolist())]

    def _indicators(self) -> list[str]:
        found = self.model.indicators
        if found is None:
            return []
        triples = zip(found.row.tolist(), found.column.tolist(), found.active.tolist())
        return ["INDICATORS\n", *(self.line("IF", self.rows[r], self.columns[c], str(int(a))) for r, c, a in triples)]


def _range(low: float, high: float) -> tuple[str, str]:
    """The sense and the range that read back as exactly [low, high].

    The difference as a float serves nearly always, from below or from above. Else it is written with more digits
    than a float has, which our reader adds exactly and others round by one unit in the last place.
    """
    middle = high - low
    for size in (middle, float(np.nextafter(middle, np.inf)), float(np.nextafter(middle, 0.0))):
        if not np.isfinite(size):
            break
        if low + size == high:
            return "G", repr(size)
        if high - size == low:
            return "L", repr(size)
    with localcontext() as context:
        context.prec = 1200
        exact = format(Decimal(high) - Decimal(low), "f")
    if "." not in exact:
        exact += "."
    return "G", exact.ljust(LONG + 10, "0")
