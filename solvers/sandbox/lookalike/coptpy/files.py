"""Models and solutions in files: MPS and LP by the project's readers and writers; solutions, starts, parameters."""

from __future__ import annotations

import os
from typing import Any

from solvers.errors import FormulateError
from solvers.sandbox.lookalike.coptpy.constants import COPT
from solvers.sandbox.lookalike.coptpy.errors import CoptError, invalid, number, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.coptpy.variables import Cell
from solvers.sandbox.lookalike.core.build import build
from solvers.sandbox.lookalike.core.expressions import Column

_MODELS = (".mps", ".lp", ".mps.gz", ".lp.gz")
_REFUSED = (".bin", ".cbf", ".dat-s", ".bas", ".ord", ".iis", ".relax", ".nl", ".json")


def _missing(what: str) -> CoptError:
    return CoptError(2, f"(FILE) {what}")


def _path(filename: Any, method: str) -> str:
    if not isinstance(filename, str):
        raise TypeError(f"in method 'IModel_{method}', argument 2 of type 'char const *'")
    return filename


class Files:
    """The part of a model that reads and writes."""

    _program: Any
    _parameters: Any
    _answer: Any
    _starts: dict[Any, float]

    # -- writing ---------------------------------------------------------------------------------

    def write(self, filename: str) -> None:
        """Write what the extension says: a model, a solution, start values or parameters."""
        name = _path(filename, "Write")
        lower = name.lower()
        if lower.endswith(_MODELS):
            self._write_model(name)
        elif lower.endswith(".sol"):
            self.writeSol(name)
        elif lower.endswith(".mst"):
            self.writeMst(name)
        elif lower.endswith(".par"):
            self.writeParam(name)
        elif lower.endswith(".iis"):
            self.writeIIS(name)
        elif lower.endswith(_REFUSED):
            refused(f"Model.write of *{os.path.splitext(lower)[1]}")
        else:
            self.writeSol(name)

    def writeMps(self, filename: str) -> None:
        """Write the model as MPS."""
        self._write_model(_path(filename, "WriteMps"), ".mps")

    def writeLp(self, filename: str) -> None:
        """Write the model as LP."""
        self._write_model(_path(filename, "WriteLp"), ".lp")

    def writeMpsStr(self) -> Any:
        """The model as MPS in memory."""
        refused("Model.writeMpsStr", "write the model to a file")

    def _write_model(self, name: str, extension: str = "") -> None:
        from solvers.io import write_model
        from solvers.io.lp_write import write_lp
        from solvers.io.mps_write import write_mps

        model = build(self._whole()).model  # type: ignore[attr-defined]
        try:
            if not extension or name.lower().endswith((extension, f"{extension}.gz")):
                write_model(model, name)
            elif extension == ".lp":
                write_lp(model, name)
            else:
                write_mps(model, name)
        except FormulateError as why:
            refused("Model.write of this model", str(why))
        except OSError:
            raise _missing(f"Fail to write to {'LP' if '.lp' in name.lower() else 'MPS'} file") from None

    def writeIIS(self, filename: str) -> None:
        """The conflict as a model."""
        refused("Model.writeIIS", "ask variables and constraints for their part in the conflict")

    def _points(self, filename: str, values: Any, head: str) -> None:
        lines = [head, *(f"{cell._column.name or f'C{k}'} {v:.17g}" for k, (cell, v) in enumerate(values))]
        try:
            with open(filename, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        except OSError:
            raise _missing("Fail to write to solution file") from None

    def writeSol(self, filename: str) -> None:
        """Write the solution."""
        x = self._columns_of("value")  # type: ignore[attr-defined]
        if x is None:
            invalid("Fail to write to solution file")
        head = f"# Objective value {self._answer.objective:.17g}"
        self._points(_path(filename, "WriteSol"), zip(self._program.columns, x), head)

    def writeMst(self, filename: str) -> None:
        """Write the solution, or the start values where there is none."""
        x = self._columns_of("value")  # type: ignore[attr-defined]
        values = list(self._starts.items()) if x is None else list(zip(self._program.columns, x))
        self._points(_path(filename, "WriteMst"), values, "# MIP start")

    def writeParam(self, filename: str) -> None:
        """Write the parameters that differ from their defaults."""
        try:
            with open(_path(filename, "WriteParam"), "w", encoding="utf-8") as file:
                file.writelines(f"{name:<26}{value:g}\n" for name, value in self._parameters.changed().items())
        except OSError:
            raise _missing("Fail to write to Param file") from None

    # -- reading ---------------------------------------------------------------------------------

    def read(self, filename: str) -> None:
        """Read what the extension says."""
        name = _path(filename, "Read")
        lower = name.lower()
        if lower.endswith(_MODELS):
            self._read_model(name)
        elif lower.endswith((".sol", ".mst")):
            self.readMst(name)
        elif lower.endswith(".par"):
            self.readParam(name)
        elif lower.endswith(_REFUSED):
            refused(f"Model.read of *{os.path.splitext(lower)[1]}")
        else:
            invalid("Fail to read file")

    def readMps(self, filename: str) -> None:
        """Read a model from MPS."""
        self._read_model(_path(filename, "ReadMps"))

    def readLp(self, filename: str) -> None:
        """Read a model from LP."""
        self._read_model(_path(filename, "ReadLp"))

    def readMst(self, filename: str) -> None:
        """Read start values."""
        try:
            with open(_path(filename, "ReadMst"), encoding="utf-8") as file:
                lines = [line.split() for line in file if not line.startswith("#")]
        except OSError:
            raise _missing("Failed to read start file") from None
        by_name = {cell._column.name: cell for cell in self._program.columns}
        for words in lines:
            if len(words) == 2 and words[0] in by_name:
                self._starts[by_name[words[0]]] = number(words[1])

    readSol = readMst

    def readParam(self, filename: str) -> None:
        """Read parameters."""
        try:
            with open(_path(filename, "ReadParam"), encoding="utf-8") as file:
                pairs = [line.split() for line in file]
        except OSError:
            raise _missing("Failed to read parameter file") from None
        for words in pairs:
            if len(words) == 2:
                self._parameters.set(words[0], words[1])

    def _read_model(self, name: str) -> None:
        from solvers.io import read_model

        try:
            model = read_model(name)
        except OSError:
            raise _missing(f"Failed to read {'LP' if '.lp' in name.lower() else 'MPS'} file") from None
        except FormulateError as why:
            refused(f"Model.read of {os.path.basename(name)}", str(why))
        self.clear()  # type: ignore[attr-defined]
        self._fill(model)

    def _fill(self, model: Any) -> None:
        """Take over a model that was read."""
        if model.nonlinear_rows or model.globals or model.has_semicontinuous or len(model.levels) > 1:
            refused("Model.read of models with functions, semicontinuous columns or several objectives")
        cells = self._read_columns(model)
        rows = model.num_rows
        curved: dict[int, Any] = {}
        if model.quadratic_rows is not None:
            q = model.quadratic_rows
            for row, i, j, coef in zip(q.row.tolist(), q.i.tolist(), q.j.tolist(), q.coef.tolist()):
                curved.setdefault(row, QuadExpr())._append(cells[i], cells[j], coef)
        switches: dict[int, tuple[int, int]] = {}
        if model.indicators is not None:
            found = model.indicators
            switches = {int(r): (int(c), int(a)) for r, c, a in zip(found.row, found.column, found.active)}
        for i in range(rows):
            cols, values = model.matrix.row(i)
            form = LinExpr._of([cells[j] for j in cols.tolist()], values.tolist())
            low, high = _side(model.row_lower[i]), _side(model.row_upper[i])
            self._read_row(form, low, high, model.row_label(i), curved.get(i), switches.get(i), cells)
        for item in model.sos:
            members = [cells[j]._facade() for j in item.columns.tolist()]
            self.addSOS(item.kind, members, item.weights.tolist())  # type: ignore[attr-defined]
        level = model.objective
        self._program.sense, self._program.offset = (1 if model.sense == "min" else -1), level.offset
        if level.quadratic is not None:
            q = level.quadratic
            self._program.quadratic = [
                (cells[i], cells[j], coef) for i, j, coef in zip(q.i.tolist(), q.j.tolist(), q.coef.tolist())
            ]

    def _read_columns(self, model: Any) -> list[Cell]:
        cells = []
        for j in range(model.num_columns):
            low, high = float(model.col_lower[j]), float(model.col_upper[j])
            whole = int(model.kinds[j]) == 1
            kind = "B" if whole and low == 0.0 and high == 1.0 else "I" if whole else "C"
            cell = object.__new__(Cell)
            cost = float(model.objective.costs[j])
            cell._column = Column(self, model.column_label(j), _side(low), _side(high), cost, kind)
            self._program.add(cell)
            cells.append(cell)
        return cells

    def _read_row(self, form: Any, low: float, high: float, name: str, curved: Any, switch: Any, cells: Any) -> None:
        sense = "E" if low == high else "G" if high >= COPT.INFINITY else "L"
        rhs = low if sense == "G" else high
        if switch is not None:
            if curved is not None or (low > -COPT.INFINITY and high < COPT.INFINITY and low != high):
                refused("Model.read of indicators on ranges or products")
            column, active = switch
            self.addGenConstrIndicator(cells[column]._facade(), active, form, sense, rhs, name=name)  # type: ignore[attr-defined]
        elif curved is not None:
            if low > -COPT.INFINITY and high < COPT.INFINITY and low != high:
                refused("Model.read of ranges with products")
            self._curved_row(curved._take(form, 1.0) - rhs, sense, name)  # type: ignore[attr-defined]
        else:
            self._range_row(form, low, high, name)  # type: ignore[attr-defined]

    # -- copies ----------------------------------------------------------------------------------

    def clone(self) -> Any:
        """A copy of the model, without its solution."""
        if self._nonlinear_rows or self._nonlinear_objective is not None or self._cones or self._objectives:  # type: ignore[attr-defined]
            refused("Model.clone of models with functions, cones or several objectives")
        from solvers.sandbox.lookalike.core.program import Program

        out = type(self)(Program(f"{self._program.name}_copy"))  # type: ignore[call-arg]
        out._copy_from(self)
        return out

    def _copy_from(self, other: Any) -> None:
        twins: dict[Any, Cell] = {}
        for cell in other._program.columns:
            c = cell._column
            twin = object.__new__(Cell)
            twin._column = Column(self, c.name, c.lower, c.upper, c.cost, c.kind)
            self._program.add(twin)
            twins[cell] = twin
        for row in other._program.rows:
            form = LinExpr._of([twins[v] for v in row._coefs], list(row._coefs.values()))
            made = self._range_row(form, row._lower, row._upper, row._name)  # type: ignore[attr-defined]
            made._sense = row._sense
        for curved in other._program.quadratic_rows:
            form = _moved(curved._form, twins) - curved.getRhs()
            self._curved_row(form, curved._sense, curved._name)  # type: ignore[attr-defined]
        for special in other._program.sets:
            members = [twins[v]._facade() for v in special._variables]
            self.addSOS(special._kind, members, special._weights)  # type: ignore[attr-defined]
        for g in other._indicators:
            form = LinExpr._of([twins[v] for v in g._form._variables()], list(g._form._coefficients()))
            form._constant = g._form._constant
            self.addGenConstrIndicator(  # type: ignore[attr-defined]
                twins[g._binary]._facade(), g._active, form, g._sense, 0.0, g._kind, g._name
            )
        program = self._program
        program.sense, program.offset = other._program.sense, other._program.offset
        program.quadratic = [(twins[a], twins[b], w) for a, b, w in other._program.quadratic]
        self._parameters.values.update(other._parameters.values)
        self._starts.update({twins[cell]: value for cell, value in other._starts.items()})


def _side(value: float) -> float:
    return max(-COPT.INFINITY, min(COPT.INFINITY, float(value)))


def _moved(form: Any, twins: dict[Any, Cell]) -> QuadExpr:
    """The same form on the columns of another model."""
    part = LinExpr._of([twins[v] for v in form._part._variables()], list(form._part._coefficients()))
    n = form._count
    left: list[Any] = [twins[v] for v in form._left[:n]]
    right: list[Any] = [twins[v] for v in form._right[:n]]
    return QuadExpr._of(part, left, right, list(form._weights[:n]))  # type: ignore[no-any-return]
