"""CVXPY's canonical cone program as a `Model`: Ax + b in a product of cones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.io.nl_poly import Sum
from solvers.model import CONTINUOUS, INTEGER
from solvers.sandbox.capture.guard import UncapturedError
from solvers.sandbox.capture.sheet import Sheet

if TYPE_CHECKING:
    from solvers.model import Model


@dataclass(frozen=True)
class Canonical:
    """A captured problem, and how a point of the cone program becomes one of its columns."""

    sheet: Sheet
    model: Model

    def completed(self, point: np.ndarray) -> list[float]:
        """The point with the values of auxiliary columns; a solver's own further variables are left out."""
        known = len(self.sheet.columns) - len(self.sheet.computed)
        return self.sheet.completed(point[:known])


def canonical(problem: Any, data: Any, chain: Any) -> Canonical:
    """The cone program that a solver is given, in the sense of the problem. Raises UncapturedError for other cones."""
    found = data.get("param_prob") if isinstance(data, dict) else None
    if found is None:
        raise UncapturedError("the problem has no variables, or is no cone program")
    if any(type(step).__name__ == "Dgp2Dcp" for step in chain.reductions):
        raise UncapturedError("a geometric program is solved in the logarithms of its variables")
    order = getattr(chain.solver, "EXP_CONE_ORDER", None)
    reader = _Reader(found, type(problem.objective).__name__ == "Maximize", order)
    return Canonical(reader.sheet, reader.model())


class _Reader:
    def __init__(self, found: Any, flipped: bool, order: Sequence[int] | None) -> None:
        self.found, self.flipped, self.order = found, flipped, order
        self.sheet = Sheet("cvxpy", "max" if flipped else "min")
        quadratic = found.P is not None
        taken = found.apply_parameters(quad_obj=True) if quadratic else (None, *found.apply_parameters())
        self.P, self.q, self.d, self.A, self.b = taken

    def model(self) -> Model:
        """All parts in order."""
        self._columns()
        self._objective()
        dims = self.found.cone_dims
        for kind in ("psd", "p3d", "pnd", "svec_psd"):
            if getattr(dims, kind, None):
                raise UncapturedError(f"a cone ({kind}) that rows do not express")
        at = 0
        rows = self._rows()
        for _ in range(int(dims.zero)):
            self.sheet.formula_row("", 0.0, 0.0, rows[at])
            at += 1
        for _ in range(int(dims.nonneg)):
            self.sheet.formula_row("", 0.0, None, rows[at])
            at += 1
        for size in dims.soc:
            self._second_order(rows[at : at + int(size)], f"soc{at}")
            at += int(size)
        for _ in range(int(dims.exp)):
            self._exponential(rows[at : at + 3], f"exp{at}")
            at += 3
        if at != len(rows):
            raise UncapturedError("CVXPY's cones and rows do not fit together")
        return self.sheet.model()

    def _columns(self) -> None:
        found = self.found
        n = int(found.x.size)
        kinds = np.full(n, CONTINUOUS)
        lower, upper = np.full(n, -np.inf), np.full(n, np.inf)
        if found.lower_bounds is not None:
            lower = np.array(found.lower_bounds, dtype=np.float64)
        if found.upper_bounds is not None:
            upper = np.array(found.upper_bounds, dtype=np.float64)
        for index in found.x.integer_idx:
            kinds[int(index[0])] = INTEGER
        for index in found.x.boolean_idx:
            j = int(index[0])
            kinds[j], lower[j], upper[j] = INTEGER, max(0.0, lower[j]), min(1.0, upper[j])
        for name, low, high, kind in zip(self._names(n), lower, upper, kinds):
            self.sheet.column(name, low, high, int(kind))

    def _names(self, n: int) -> list[str]:
        names = [""] * n
        for v in self.found.variables:
            first = self.found.var_id_to_col[v.id]
            for k in range(v.size):
                index = np.unravel_index(k, v.shape, order="F") if v.shape else ()
                place = f"[{', '.join(str(int(i)) for i in index)}]" if v.shape else ""
                names[first + k] = f"{v.name()}{place}"
        return names

    def _objective(self) -> None:
        sign = -1.0 if self.flipped else 1.0
        out = self.sheet.objective
        out.constant = sign * float(self.d)
        for j in np.flatnonzero(self.q).tolist():
            out.linear[j] = sign * float(self.q[j])
        if self.P is None:
            return
        entries = self.P.tocoo()
        for i, j, value in zip(entries.row.tolist(), entries.col.tolist(), entries.data.tolist()):
            pair = (min(i, j), max(i, j))
            out.quadratic[pair] = out.quadratic.get(pair, 0.0) + sign * value / 2

    def _rows(self) -> list[Sum]:
        matrix = self.A.tocsr()
        out = []
        for r, constant in enumerate(self.b.tolist()):
            cut = slice(matrix.indptr[r], matrix.indptr[r + 1])
            row = Sum(float(constant))
            for j, value in zip(matrix.indices[cut].tolist(), matrix.data[cut].tolist()):
                row.linear[j] = row.linear.get(j, 0.0) + value
            out.append(row)
        return out

    def _entry(self, formula: Sum, name: str) -> int:
        """A column that equals a formula: the column itself, or one more."""
        if formula.constant == 0.0 and list(formula.linear.values()) == [1.0]:
            return next(iter(formula.linear))
        terms = list(formula.linear.items())
        constant = formula.constant
        made = self.sheet.auxiliary(
            name, None, None, CONTINUOUS, lambda x: constant + sum(c * x[j] for j, c in terms)
        )  # fmt: skip
        self.sheet.row(name, -constant, -constant, [*terms, (made, -1.0)])
        return made

    def _second_order(self, rows: list[Sum], name: str) -> None:
        """t >= |y|, as t >= 0 and y'y - tt <= 0."""
        top, *rest = [self._entry(row, f"{name}#{k}") for k, row in enumerate(rows)]
        self.sheet.row(f"{name}#top", 0.0, None, [(top, 1.0)])
        formula = Sum()
        for j in rest:
            formula.quadratic[j, j] = formula.quadratic.get((j, j), 0.0) + 1.0
        formula.quadratic[top, top] = formula.quadratic.get((top, top), 0.0) - 1.0
        self.sheet.formula_row(name, None, 0.0, formula)

    def _exponential(self, rows: list[Sum], name: str) -> None:
        """y exp(x / y) <= z where y is a constant."""
        if self.order is None:
            raise UncapturedError("an exponential cone whose order the solver does not tell")
        x, y, z = (rows[k] for k in self.order)
        if y.linear or y.constant <= 0:
            raise UncapturedError("an exponential cone with a variable perspective is not expressed by rows")
        algebra = self.sheet.algebra
        grown = algebra.folded("exp", [algebra.scale(x, 1.0 / y.constant)])
        self.sheet.formula_row(name, None, 0.0, algebra.add(algebra.scale(grown, y.constant), algebra.scale(z, -1.0)))
