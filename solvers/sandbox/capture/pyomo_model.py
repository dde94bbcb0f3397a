"""A Pyomo model as a `Model`: what Pyomo itself writes for solvers (NL), read back with the model's names."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solvers.io.nl_read import read_nl
from solvers.model import Model
from solvers.sandbox.capture.guard import UncapturedError
from solvers.sandbox.capture.sheet import checked, unique


@dataclass(frozen=True)
class Written:
    """A captured model, and the Pyomo variables and constraints of its columns and rows."""

    model: Model
    variables: list[Any]
    constraints: list[Any]

    def point(self, unloaded: Mapping[int, float], loader: Any = None) -> list[float] | None:
        """The values: those that a solution holds by variable, else those in the model. None where some are missing."""
        if not unloaded and loader is not None and any(v.value is None for v in self.variables):
            read = getattr(loader, "get_vars", None) or getattr(loader, "get_primals", None)
            if read is not None:
                unloaded = {id(v): float(value) for v, value in read().items()}
        found = [unloaded.get(id(v), v.value) for v in self.variables]
        return None if any(value is None for value in found) else [float(value) for value in found]


def is_model(item: Any) -> bool:
    """A model of Pyomo's, of either modelling layer."""
    return hasattr(item, "component_data_objects") or (hasattr(item, "_ctype") and hasattr(item, "components"))


def written(model: Any) -> Written:
    """Write and read back. Raises UncapturedError, UnsupportedError, and what Pyomo's writer raises."""
    from pyomo.repn.plugins.nl_writer import NLWriter

    if model is None:
        raise UncapturedError("there is no model")
    out = io.StringIO()
    info = NLWriter().write(
        model, out, io.StringIO(), io.StringIO(), symbolic_solver_labels=True, linear_presolve=False,
        scale_model=False, skip_trivial_constraints=False,
    )  # fmt: skip
    rows, columns = unique(info.row_labels, "row"), unique(info.column_labels, "x")
    if not info.variables:
        return Written(_without_columns(model, info), [], list(info.constraints))
    found = read_nl("model.nl", out.getvalue().encode(), columns, rows)
    return Written(checked(found), list(info.variables), list(info.constraints))


def _without_columns(model: Any, info: Any) -> Model:
    """NL files without columns are not read: every row is a constant."""
    from pyomo.environ import minimize, value

    from solvers.sandbox.capture.sheet import Sheet

    sheet = Sheet(str(model.name))
    for row in info.constraints:
        body = float(value(row.body))
        low, high = (None if b is None else value(b) for b in (row.lower, row.upper))
        sheet.row(row.name, None if low is None else low - body, None if high is None else high - body, ())
    for objective in info.objectives:
        sheet.sense = "min" if objective.sense == minimize else "max"
        sheet.objective.constant = float(value(objective.expr))
    return sheet.model()

