"""Files: models, solutions, start values; and what a model prints."""

from __future__ import annotations

import os
import sys
from typing import Any

from solvers.errors import FormulateError
from solvers.sandbox.lookalike.core.expressions import Column
from solvers.sandbox.lookalike.gurobipy.constraints import SOS, Constr, GenConstr, QConstr
from solvers.sandbox.lookalike.gurobipy.environment import read_parameters, write_parameters
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, QuadExpr, new_variable
from solvers.sandbox.lookalike.gurobipy.store import Store

MODEL_FILES = (".lp", ".mps", ".rew", ".rlp", ".lp.gz", ".mps.gz")


def _kind(filename: str) -> str:
    stem, suffix = os.path.splitext(filename.lower())
    return os.path.splitext(stem)[1] if suffix in (".gz", ".bz2", ".zip", ".7z") else suffix


class Files:
    """The part of `Model` that writes, reads and prints."""

    _lookalike: Store

    def write(self, filename: str) -> None:
        """Write the model (.lp, .mps), its conflict (.ilp), its solution (.sol), start (.mst) or parameters (.prm)."""
        store = self._lookalike
        store.flush()
        kind = _kind(filename)
        if kind in (".lp", ".mps"):
            _write_model(store, filename)
        elif kind in (".sol", ".mst"):
            _write_solution(store, filename, whole=kind == ".sol")
        elif kind == ".ilp":
            _write_conflict(store, filename)
        elif kind == ".prm":
            write_parameters(store.parameters, filename)
        elif kind in (".json", ".bas", ".attr", ".rlp", ".dua", ".dlp", ".hnt", ".rew"):
            unsupported(f"writing {kind} files")
        else:
            raise GurobiError(10013, f"Unknown file type for file '{filename}'")

    def read(self, filename: str) -> None:
        """Read start values (.sol, .mst) or parameters (.prm)."""
        kind = _kind(filename)
        if kind == ".prm":
            read_parameters(self._lookalike.parameters, filename)
        elif kind in (".sol", ".mst"):
            _read_start(self._lookalike, filename)
        elif kind in (".attr", ".bas", ".hnt"):
            unsupported(f"reading {kind} files")
        else:
            raise GurobiError(10012, f"Can't import file '{filename}' into a model")

    def display(self) -> None:
        """Print objective and constraints."""
        store = self._lookalike
        lines = ["Minimize" if store.sense > 0 else "Maximize", f"  {self.getObjective()}"]  # type: ignore[attr-defined]
        lines.append("Subject To")
        for row in store.rows:
            sign = {"<": "<=", ">": ">=", "=": "="}[row._sense]
            lines.append(f"  {row._name}: {self.getRow(row)} {sign} {row.RHS:g}")  # type: ignore[attr-defined]
        _say(lines)

    def printStats(self) -> None:
        """Print sizes."""
        store = self._lookalike
        nonzeros = sum(len(row._coefs) for row in store.rows)
        _say([
            f"Statistics for model '{store.name}':",
            f"  Linear constraint matrix    : {len(store.rows)} rows, {len(store.columns)} columns, "
            f"{nonzeros} nonzeros",
        ])  # fmt: skip

    def printQuality(self) -> None:
        """Print by how much the solution breaks rows, bounds and whole numbers."""
        store = self._lookalike
        if store.outcome is None or store.outcome.x is None:
            return
        from solvers.sandbox.lookalike.gurobipy.model_attributes import MODEL

        _say([
            f"Solution quality statistics for model {store.name} :",
            *(f"  {title} violation: {MODEL[name](store):.8e}"
              for title, name in (("bound", "BoundVio"), ("constraint", "ConstrVio"), ("integrality", "IntVio"))),
        ])  # fmt: skip

    def printAttr(self, attr: Any, filter: str = "*") -> None:
        """Print attributes of variables or constraints, those that are not 0."""
        from fnmatch import fnmatch

        from solvers.sandbox.lookalike.gurobipy.attributes import ROW, VARIABLE
        from solvers.sandbox.lookalike.gurobipy.model_attributes import _read_one

        store = self._lookalike
        for name in [attr] if isinstance(attr, str) else attr:
            low = name.lower()
            if low not in VARIABLE and low not in ROW:
                raise AttributeError(f"'gurobipy.Model' object has no attribute '{name}'")
            of_variables = low in VARIABLE
            items: list[Any] = list(store.columns if of_variables else store.rows)
            lines = ["", f"{'Variable' if of_variables else 'Constraint':>12} {name:>12} ", "-" * 26]
            for item in items:
                title = item._column.name if of_variables else item._name
                value = _read_one(item, name)
                if value and fnmatch(title, filter):
                    shown = f"{value:g}" if isinstance(value, float) else str(value)
                    lines.append(f"{title:>12} {shown:>12} ")
            _say(lines)


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _write_model(store: Store, filename: str) -> None:
    from solvers.sandbox.lookalike.core.build import build

    try:
        build(store).model.write(filename)
    except FormulateError as refused:
        raise GurobiError(10013, f"Unable to write file '{filename}': {refused}") from refused
    except OSError as failed:
        raise GurobiError(10013, f"Unable to open file '{filename}' for output: {failed}") from failed


def _write_solution(store: Store, filename: str, whole: bool) -> None:
    if store.outcome is None or store.outcome.x is None:
        raise GurobiError(10005, "No solution available")
    objective = store.outcome.result.objective
    lines = [f"# Objective value = {objective:.17g}"] if whole else ["# MIP start"]
    for variable, value in zip(store.columns, store.outcome.x.tolist()):
        if whole or variable._column.kind != "C":
            lines.append(f"{variable._column.name} {value:.17g}")
    with open(filename, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _write_conflict(store: Store, filename: str) -> None:
    if store.conflict is None:
        raise GurobiError(10005, "No IIS available")
    from dataclasses import replace

    from solvers.sandbox.lookalike.core.program import Program

    found = store.conflict
    part = Program(name=f"{store.name}_copy" if store.name else "conflict")
    part.rows = [row for row in store.rows if row._index in found.rows]
    part.quadratic_rows = [row for row in store.quadratic_rows if row._index in found.quadratic_rows]
    held = [v._column for v in store.columns]
    part.columns = list(store.columns)
    kept = [(c.lower, c.upper, c.cost) for c in held]
    try:
        for column in held:
            column.cost = 0.0
            column.lower = column.lower if column.index in found.lower else float("-inf")
            column.upper = column.upper if column.index in found.upper else float("inf")
        from solvers.sandbox.lookalike.core.build import build

        model = build(part).model
        replace(model, name=part.name).write(_as_lp(filename))
    finally:
        for column, (lower, upper, cost) in zip(held, kept):
            column.lower, column.upper, column.cost = lower, upper, cost
    os.replace(_as_lp(filename), filename)


def _as_lp(filename: str) -> str:
    return f"{filename}.lp"


def _read_start(store: Store, filename: str) -> None:
    try:
        with open(filename, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        raise GurobiError(10012, f"Unable to open file '{filename}' for input") from None
    by_name = {v._column.name: v for v in store.columns}
    for line in lines:
        parts = line.split()
        if len(parts) == 2 and parts[0] in by_name:
            store.change(by_name[parts[0]]._column, "start", float(parts[1]))


def read_model_file(filename: str, env: Any = None) -> Any:
    """A model from a file. Raises GurobiError."""
    from solvers.model import Model as Arrays
    from solvers.sandbox.lookalike.gurobipy.model import Model

    if not os.path.exists(filename):
        raise GurobiError(0, f"Unable to open file '{filename}' for input")
    try:
        arrays = Arrays.read(filename)
    except FormulateError as refused:
        raise GurobiError(10012, f"Unable to read model: {refused}") from refused
    out = Model(arrays.name or "", env)
    _fill(out._lookalike, arrays)
    out._lookalike.flush()
    return out


def _fill(store: Store, arrays: Any) -> None:
    """Columns, rows and the rest of a model in arrays."""
    letters = {0: "C", 1: "I", 2: "S", 3: "N"}
    variables = []
    for j in range(arrays.num_columns):
        lower, upper = float(arrays.col_lower[j]), float(arrays.col_upper[j])
        kind = letters[int(arrays.kinds[j])]
        kind = "B" if kind == "I" and lower == 0.0 and upper == 1.0 else kind
        data = Column(store, arrays.column_label(j), lower, upper, float(arrays.objective.costs[j]), kind)
        variables.append(new_variable(data))
        store.add(variables[-1])
    conditional = {} if arrays.indicators is None else {
        int(r): (variables[int(c)], int(a))
        for r, c, a in zip(arrays.indicators.row, arrays.indicators.column, arrays.indicators.active)
    }  # fmt: skip
    curved = {} if arrays.quadratic_rows is None else _by_row(arrays.quadratic_rows, variables)
    if arrays.nonlinear_rows or arrays.objective.nonlinear is not None:
        unsupported("reading a nonlinear model from a file")
    for i in range(arrays.num_rows):
        _fill_row(store, arrays, i, variables, conditional.get(i), curved.get(i))
    for item in arrays.sos:
        members: list[Any] = [variables[int(j)] for j in item.columns]
        store.add(SOS(store, item.label, item.kind, members, item.weights.tolist()))
    store.sense = 1 if arrays.sense == "min" else -1
    store.offset = arrays.objective.offset
    if arrays.objective.quadratic is not None:
        q = arrays.objective.quadratic
        store.quadratic = [(variables[int(i)], variables[int(j)], float(c)) for i, j, c in zip(q.i, q.j, q.coef)]


def _by_row(quadratic: Any, variables: list[Any]) -> dict[int, list[tuple[Any, Any, float]]]:
    out: dict[int, list[tuple[Any, Any, float]]] = {}
    for row, i, j, coef in zip(quadratic.row, quadratic.i, quadratic.j, quadratic.coef):
        out.setdefault(int(row), []).append((variables[int(i)], variables[int(j)], float(coef)))
    return out


def _fill_row(store: Store, arrays: Any, i: int, variables: list[Any], condition: Any, triples: Any) -> None:
    from solvers.sandbox.lookalike.core.rows import Indicator

    cols, values = arrays.matrix.row(i)
    form = LinExpr._of([variables[int(j)] for j in cols], values.tolist())
    low, high = float(arrays.row_lower[i]), float(arrays.row_upper[i])
    name = arrays.row_label(i)
    if condition is not None:
        binary, active = condition
        sense, side = ("<", high) if low == float("-inf") else (">", low) if high == float("inf") else ("=", low)
        details = (7, "indicator", (binary, active, form._shared(), sense, side))
        store.add(GenConstr(store, name, Indicator(binary, active, form, low, high), details))
        return
    if low != high and abs(low) != float("inf") and abs(high) != float("inf") and triples is None:
        gap = new_variable(Column(store, f"Rg{name}", 0.0, high - low, 0.0, "C"))
        store.add(gap)
        form._append(gap, 1.0)
        low = high
    sense = "=" if low == high else "<" if low == float("-inf") else ">"
    if triples is None:
        store.add(Constr(store, name, form, low, high, sense))
        return
    left, right, weights = [a for a, _, _ in triples], [b for _, b, _ in triples], [w for _, _, w in triples]
    store.add(QConstr(store, name, QuadExpr._of(form, left, right, weights), low, high, sense))
