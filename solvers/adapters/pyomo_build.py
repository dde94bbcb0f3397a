"""A Pyomo model made of a Model: linear rows as `LinearExpression`, templates as Pyomo expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.errors import UnsupportedError
from solvers.model import INTEGER, Model, ObjectiveLevel, Quadratic
from solvers.template import TAffine, TBinary, TChoice, TConst, Template, TGather, TReduce, TUnary


@dataclass(frozen=True, eq=False)
class Built:
    """The Pyomo model, its columns in order, and (row, constraint) pairs; a ranged row has two constraints."""

    model: Any
    columns: list[Any]
    rows: list[tuple[int, Any]]


class PyomoBuilder:
    """Builds one model. Rows without any variable are left out: `false_row` names one that no point satisfies."""

    def __init__(self, model: Model, start: np.ndarray | None = None) -> None:
        import pyomo.environ as pyo
        from pyomo.core.expr.numeric_expr import LinearExpression

        self.pyo, self.linear = pyo, LinearExpression
        self.source = model
        self.start = start
        self.false_row: str | None = None
        self.model = pyo.ConcreteModel()
        self.columns = self._columns()
        self.rows = self._rows()
        self._objective(model.objective)
        self._sos()

    def built(self) -> Built:
        """What was built."""
        return Built(self.model, self.columns, self.rows)

    def _columns(self) -> list[Any]:
        model, pyo = self.source, self.pyo
        low = [v if np.isfinite(v) else None for v in model.col_lower.tolist()]
        high = [v if np.isfinite(v) else None for v in model.col_upper.tolist()]
        whole = (model.kinds == INTEGER).tolist()
        start = None if self.start is None else self.start.tolist()

        def domain(_: Any, j: int) -> Any:
            if not whole[j]:
                return pyo.Reals
            return pyo.Binary if low[j] == 0 and high[j] == 1 else pyo.Integers

        self.model.x = pyo.Var(range(model.num_columns), domain=domain, bounds=lambda _, j: (low[j], high[j]))
        columns = list(self.model.x.values())
        if start is not None:
            for variable, value in zip(columns, start):
                if value == value:
                    variable.set_value(value, skip_validation=True)
        return columns

    def _affine(self, columns: np.ndarray, values: np.ndarray, constant: float = 0.0) -> Any:
        keep = np.flatnonzero(values)
        if not len(keep):
            return constant
        chosen = [self.columns[j] for j in columns[keep].tolist()]
        return self.linear(constant=constant, linear_coefs=values[keep].tolist(), linear_vars=chosen)

    def _products(self, quadratic: Quadratic, which: np.ndarray) -> Any:
        total: Any = 0
        parts = zip(quadratic.i[which].tolist(), quadratic.j[which].tolist(), quadratic.coef[which].tolist())
        for i, j, coef in parts:
            a, b = self.columns[i], self.columns[j]
            total = total + coef * (a**2 if i == j else a * b)
        return total

    def _rows(self) -> list[tuple[int, Any]]:
        model = self.source
        bodies: list[tuple[int, float | None, Any, float | None]] = []
        quadratic = model.quadratic_rows
        entries: dict[int, list[int]] = {}
        if quadratic is not None and quadratic.row is not None:
            for k, row in enumerate(quadratic.row.tolist()):
                entries.setdefault(row, []).append(k)
        nonlinear = {int(r): (b.template, k) for b in model.nonlinear_rows for k, r in enumerate(b.rows.tolist())}
        for row, (low, high) in enumerate(zip(model.row_lower.tolist(), model.row_upper.tolist())):
            body = self._affine(*model.matrix.row(row))
            if row in entries:
                assert quadratic is not None
                body = body + self._products(quadratic, np.array(entries[row]))
            if row in nonlinear:
                body = body + self.expression(*nonlinear[row])
            if isinstance(body, (int, float)):
                if not low - 1e-9 <= body <= high + 1e-9:
                    self.false_row = model.row_label(row)
            elif low == high:
                bodies.append((row, low, body, low))
            else:
                # One side each: solvers disagree on the sign of a ranged row's dual.
                if np.isfinite(low):
                    bodies.append((row, low, body, None))
                if np.isfinite(high):
                    bodies.append((row, None, body, high))
        pyo = self.pyo

        def rule(_: Any, k: int) -> Any:
            _, low, body, high = bodies[k]
            return (low, body) if low == high else (low, body, high)

        self.model.rows = pyo.Constraint(range(len(bodies)), rule=rule)
        return [(bodies[k][0], self.model.rows[k]) for k in range(len(bodies))]

    def _objective(self, level: ObjectiveLevel) -> None:
        body = self._affine(np.arange(len(level.costs)), level.costs, level.offset)
        if level.quadratic is not None:
            body = body + self._products(level.quadratic, np.arange(len(level.quadratic.coef)))
        if level.nonlinear is not None:
            body = body + self.expression(level.nonlinear, 0)
        sense = self.pyo.minimize if self.source.sense == "min" else self.pyo.maximize
        self.model.objective = self.pyo.Objective(expr=body, sense=sense)

    def _sos(self) -> None:
        for k, item in enumerate(self.source.sos):
            chosen = ([self.columns[j] for j in item.columns.tolist()], item.weights.tolist())
            held = self.pyo.SOSConstraint(rule=lambda _, chosen=chosen: chosen, sos=item.kind)
            self.model.add_component(f"sos{k}", held)

    # -- templates, one row at a time ----------------------------------------------------------

    def expression(self, node: Template, row: int) -> Any:
        """Row `row` of a template as a Pyomo expression."""
        match node:
            case TConst(values):
                return float(values[row])
            case TAffine(constant, start, cols, coefs):
                cut = slice(int(start[row]), int(start[row + 1]))
                return self._affine(cols[cut], coefs[cut], float(constant[row]))
            case TUnary(func, arg):
                inner = self.expression(arg, row)
                if func == "neg":
                    return -inner
                return abs(inner) if func == "abs" else getattr(self.pyo, func)(inner)
            case TBinary(func, left, right):
                return self._binary(func, self.expression(left, row), self.expression(right, row))
            case TReduce("sum", arg, _, start):
                return sum((self.expression(arg, k) for k in range(int(start[row]), int(start[row + 1]))), 0.0)
            case TGather(arg, index):
                return self.expression(arg, int(index[row]))
            case TChoice(parts, which, where):
                return self.expression(parts[int(which[row])], int(where[row]))
            case TReduce(func, _, _, _):
                raise UnsupportedError(f"Pyomo's solvers take no {func}", remedy="solve(...) bridges it first")

    def _binary(self, func: str, a: Any, b: Any) -> Any:
        if func == "+":
            return a + b
        if func == "*":
            return a * b
        return a / b if func == "/" else a**b
