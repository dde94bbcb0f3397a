"""What no file of a format can hold, refused by name before anything is written."""

from __future__ import annotations

import numpy as np

from solvers.errors import UnsupportedError
from solvers.io.draft import INFINITE
from solvers.model import Model

WRITERS = {
    "nonlinear": "write .nl",
    "indicator": "write .mps or .lp",
    "sos": "write .mps, .lp or .nl",
    "semicontinuous": "write .mps or .lp",
    "levels": "write one file for each objective, or solve it here: these formats know no priorities",
    "global": "solve it here, or reformulate it first: no MPS, LP or NL file holds it",
}


def refuse(model: Model, form: str, lacks: frozenset[str]) -> None:
    """Raise UnsupportedError for the first feature that the format lacks (keys of WRITERS)."""
    kinds = {type(item).__name__ for item in model.globals}
    found = {
        "nonlinear": ("nonlinear expressions", model.is_nonlinear),
        "levels": (f"{len(model.levels)} objectives by priority", len(model.levels) > 1),
        "global": (f"{', '.join(sorted(kinds))} constraints", bool(kinds)),
        "indicator": ("indicator constraints", model.indicators is not None),
        "sos": ("special ordered sets", bool(model.sos)),
        "semicontinuous": ("semicontinuous columns", model.has_semicontinuous),
    }
    for key, (words, present) in found.items():
        if present and key in lacks:
            raise UnsupportedError(f"{form} files hold no {words}", place=model.name, remedy=WRITERS[key])


def refuse_numbers(model: Model, form: str, *, limit: float = INFINITE) -> None:
    """Raise UnsupportedError for NaN, infinite coefficients, and finite bounds of at least `limit`."""
    level = model.objective
    rows = model.matrix.row_of() if not np.isfinite(model.matrix.value).all() else None
    if rows is not None:
        k = int(np.flatnonzero(~np.isfinite(model.matrix.value))[0])
        where = f"{model.row_label(int(rows[k]))}, {model.column_label(int(model.matrix.index[k]))}"
        _fail(form, f"the coefficient {model.matrix.value[k]}", where)
    if not np.isfinite(level.costs).all():
        j = int(np.flatnonzero(~np.isfinite(level.costs))[0])
        _fail(form, f"the cost {level.costs[j]}", model.column_label(j))
    if not np.isfinite(level.offset):
        _fail(form, f"the objective constant {level.offset}", "objective")
    for quadratic in (level.quadratic, model.quadratic_rows):
        if quadratic is not None and not np.isfinite(quadratic.coef).all():
            k = int(np.flatnonzero(~np.isfinite(quadratic.coef))[0])
            _fail(form, f"the coefficient {quadratic.coef[k]}", model.column_label(int(quadratic.i[k])))
    for low, high, label in (
        (model.row_lower, model.row_upper, model.row_label), (model.col_lower, model.col_upper, model.column_label),
    ):  # fmt: skip
        wrong = np.isnan(low) | np.isnan(high) | (low == np.inf) | (high == -np.inf)
        for side in (low, high):
            wrong |= np.isfinite(side) & (np.abs(side) >= limit)
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            _fail(
                form,
                f"the interval [{low[k]}, {high[k]}] (finite numbers of {limit:g} and more mean infinity)",
                label(k),
            )


def _fail(form: str, what: str, where: str) -> None:
    raise UnsupportedError(f"{form} files cannot hold {what}", place=where, remedy="use finite numbers of usual size")
