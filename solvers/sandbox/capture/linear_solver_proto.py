"""OR-Tools' `MPModelProto`, which both of its linear interfaces export, as a `Model`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.model import CONTINUOUS, INTEGER, Sos
from solvers.sandbox.capture.guard import UncapturedError
from solvers.sandbox.capture.sheet import Sheet, linear

if TYPE_CHECKING:
    from solvers.model import Model

RELAXED = "the asked solver knows no integers: whole-numbered variables are continuous"


def model_of(proto: Any, relaxed: bool = False) -> Model:
    """The model; `relaxed` for solvers that take integer variables for continuous ones. Raises UncapturedError."""
    sheet = Sheet(proto.name, "max" if proto.maximize else "min")
    costs = []
    for j, v in enumerate(proto.variable):
        sheet.column(v.name, v.lower_bound, v.upper_bound, INTEGER if v.is_integer and not relaxed else CONTINUOUS)
        costs.append((j, v.objective_coefficient))
    if relaxed and any(v.is_integer for v in proto.variable):
        sheet.notes.append(RELAXED)
    sheet.objective = linear(((j, c) for j, c in costs if c), proto.objective_offset)
    _products(sheet.objective.quadratic, proto.quadratic_objective, "qvar1_index", "qvar2_index", "coefficient")
    for row in proto.constraint:
        _row(sheet, row)
    for row in proto.general_constraint:
        _general(sheet, row)
    return sheet.model()


def _row(sheet: Sheet, row: Any, name: str | None = None) -> int:
    terms = zip(row.var_index, row.coefficient)
    return sheet.row(name or row.name, row.lower_bound, row.upper_bound, terms)


def _products(found: dict[tuple[int, int], float], held: Any, first: str, second: str, value: str) -> None:
    for i, j, c in zip(getattr(held, first), getattr(held, second), getattr(held, value)):
        pair = (min(i, j), max(i, j))
        found[pair] = found.get(pair, 0.0) + c


def _general(sheet: Sheet, row: Any) -> None:
    kind = row.WhichOneof("general_constraint")
    if kind == "indicator_constraint":
        held = row.indicator_constraint
        sheet.indicate(_row(sheet, held.constraint, row.name), held.var_index, int(held.var_value))
    elif kind == "sos_constraint":
        held = row.sos_constraint
        weights = np.array(list(held.weight) or range(1, len(held.var_index) + 1), dtype=np.float64)
        order = np.argsort(weights, kind="stable")
        sheet.sos.append(Sos(int(held.type) + 1, np.array(list(held.var_index))[order], weights[order], row.name))
    elif kind == "quadratic_constraint":
        held = row.quadratic_constraint
        formula = linear(zip(held.var_index, held.coefficient))
        _products(formula.quadratic, held, "qvar1_index", "qvar2_index", "qcoefficient")
        sheet.formula_row(row.name, held.lower_bound, held.upper_bound, formula)
    else:
        raise UncapturedError(f"{row.name or 'a constraint'}: {kind} of OR-Tools is not captured")
