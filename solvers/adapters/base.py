"""What every solver adapter offers: its capabilities as data, a refusal before building, a solve."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from solvers.errors import FormulateError, UnsupportedError
from solvers.model import SEMICONTINUOUS, Model, ObjectiveLevel
from solvers.result import DualStatus, PrimalStatus, Termination

DEFAULT_GAP = 1e-6
"""Relative gap at which a mixed-integer or global solver stops when none is asked for."""


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """Limits and switches; None leaves the solver's default. `gap` is relative, `time_limit` in seconds.

    `log` sends the solver's own log to stderr. `start` (n,) holds a value per column, NaN where none is known;
    what is done with it stands in the answer's message.
    """

    time_limit: float | None = None
    gap: float | None = None
    seed: int = 0
    threads: int | None = None
    log: bool = False
    start: np.ndarray | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, ok in (("time_limit", "a positive number of seconds"), ("gap", "a number from 0 on")):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0 and (name == "gap" or value > 0)):
                raise FormulateError(f"{name} is {value}", place=name, remedy=f"give {ok}")
        if self.threads is not None and self.threads < 1:
            raise FormulateError(f"threads is {self.threads}", place="threads", remedy="give a whole number from 1 on")


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """LP sensitivity: intervals over which the basis stays optimal. Cost ranges (n, 2), right-side ranges (m, 2)."""

    cost: np.ndarray
    row: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class RawSolution:
    """A solver's answer in arrays: x (n,), row duals (m,), reduced costs (n,)."""

    termination: Termination
    primal_status: PrimalStatus
    dual_status: DualStatus = "none"
    x: np.ndarray | None = None
    objective: float | None = None
    bound: float | None = None
    row_duals: np.ndarray | None = None
    reduced_costs: np.ndarray | None = None
    unique: bool | None = None
    message: str = ""
    build_seconds: float = 0.0
    ranges: Ranges | None = field(default=None, repr=False)


def without_columns(model: Model, build_seconds: float = 0.0) -> RawSolution:
    """The answer to a model without variables: its rows are true or false as they stand."""
    slack = 1e-9
    if not bool(np.all((model.row_lower <= slack) & (model.row_upper >= -slack))):
        return RawSolution("infeasible", "none", message="a row without variables is false")
    offset = model.objective.offset
    return RawSolution("optimal", "feasible", "none", np.zeros(0), offset, offset, build_seconds=build_seconds)


def crossed_bounds(model: Model) -> str | None:
    """The first row or column whose lower bound is above its upper one: no solver is needed to say infeasible."""
    columns = np.flatnonzero((model.col_lower > model.col_upper) & (model.kinds < SEMICONTINUOUS))
    if len(columns):
        return f"the bounds of {model.column_label(int(columns[0]))} cross"
    never = model.row_lower > model.row_upper
    if model.indicators is not None:
        never[model.indicators.row] = False
    rows = np.flatnonzero(never)
    return f"the bounds of {model.row_label(int(rows[0]))} cross" if len(rows) else None


def worst_row(model: Model, x: np.ndarray) -> str:
    """The row, bound, whole number or structure that x breaks most, by how much, or nothing."""
    from solvers.structure_check import check_model

    verdict = check_model(model, x)
    assert verdict is not None
    return "" if verdict.feasible else f"{verdict.where} is off by {verdict.violation:.3g}"


def joined(*messages: str) -> str:
    """Messages as one, the empty ones left out."""
    return "; ".join(message for message in messages if message)


class Adapter(Protocol):
    """A solver. `capabilities` names what it takes natively (solvers.reformulate.capabilities)."""

    name: str
    capabilities: frozenset[str]

    def version(self) -> str:
        """The solver's version. Raises SolverMissingError when it cannot be loaded."""
        ...

    def refusal(self, model: Model) -> str | None:
        """Why this solver cannot hold the model, or None."""
        ...

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """Solve the first objective level. Raises SolverMissingError when the solver breaks."""
        ...


def lacking(model: Model, title: str, takes: frozenset[str], way: str = "") -> str | None:
    """The first of structure, functions, gaps and whole numbers that has no place in a solver reached by `way`."""
    missing = [item for item in model.structure if item not in takes]
    if missing:
        return f"{title} takes no {', '.join(missing)}{way}"
    if model.is_nonlinear and "nonlinear" not in takes:
        return f"{title} takes no nonlinear expressions"
    if model.has_semicontinuous and "semicontinuous" not in takes:
        return f"{title} takes no semicontinuous variables{way}"
    if model.has_integers and "integer" not in takes:
        return f"{title} takes no integer variables"
    return None


NOISE = 1e-13
"""A coefficient this small beside the largest of its row is what is left of a difference, not a quantity."""


def coefficient_refusal(model: Model, solver: str, least: float, most: float) -> str | None:
    """Why `solver` would misread a coefficient: it drops those up to `least` and refuses those from `most` on."""
    size = np.abs(model.matrix.value)
    suspect = np.flatnonzero((size > 0) & (size <= least) | (size >= most))
    if not len(suspect):
        return None
    row_of = model.matrix.row_of()
    largest = np.zeros(model.num_rows)
    np.maximum.at(largest, row_of, size)
    suspect = suspect[size[suspect] > NOISE * largest[row_of[suspect]]]
    if not len(suspect):
        return None
    k = int(suspect[0])
    side = f"takes coefficients up to {least:g} for zero" if size[k] <= least else f"takes none from {most:g} on"
    return (f"{solver} {side}: {model.row_label(int(row_of[k]))} has {model.matrix.value[k]:g} on "
            f"{model.column_label(int(model.matrix.index[k]))}; scale its unit")


INFINITE = 1e20
"""From here on HiGHS, SCIP and the file formats take a number for infinity."""


def without_huge(model: Model) -> Model:
    """The model with bounds and sides of INFINITE and more made infinite for every solver alike, and said in a note.

    Raises UnsupportedError for one that a solution would have to reach.
    """
    changed: list[str] = []
    sides: list[np.ndarray] = []
    for low, high, label in (
        (model.col_lower, model.col_upper, model.column_label), (model.row_lower, model.row_upper, model.row_label),
    ):  # fmt: skip
        wrong = np.flatnonzero((np.isfinite(low) & (low >= INFINITE)) | (np.isfinite(high) & (high <= -INFINITE)))
        if len(wrong):
            raise UnsupportedError(
                f"the interval [{low[wrong[0]]:g}, {high[wrong[0]]:g}] lies beyond {INFINITE:g}, where solvers see "
                "infinity", place=label(int(wrong[0])), remedy="choose a larger unit",
            )
        below, above = np.isfinite(low) & (low <= -INFINITE), np.isfinite(high) & (high >= INFINITE)
        changed += [label(int(k)) for k in np.flatnonzero(below | above)]
        sides += [np.where(below, -np.inf, low), np.where(above, np.inf, high)]
    if not changed:
        return model
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    note = f"limits of {INFINITE:g} and more are infinity to solvers, and were left out: {changed[0]}{more}"
    return replace(
        model, col_lower=sides[0], col_upper=sides[1], row_lower=sides[2], row_upper=sides[3],
        notes=(*model.notes, note),
    )  # fmt: skip


def scaled_rows(model: Model, least: float) -> tuple[Model, np.ndarray]:
    """Rows whose largest coefficient is below `least`, times a power of two that brings it to 1; and the factors (m,).

    A first-order method and a check with absolute tolerances would pass anything in such a row.
    """
    size = np.zeros(model.num_rows)
    np.maximum.at(size, model.matrix.row_of(), np.abs(model.matrix.value))
    factor = np.ones(model.num_rows)
    small = (size > 0) & (size < least)
    if not small.any():
        return model, factor
    factor[small] = 2.0 ** np.ceil(-np.log2(size[small]))
    matrix = replace(model.matrix, value=model.matrix.value * factor[model.matrix.row_of()])
    return replace(
        model, matrix=matrix, row_lower=model.row_lower * factor, row_upper=model.row_upper * factor, slots=None
    ), factor


def objective_scale(level: ObjectiveLevel) -> float:
    """The power of two that brings the largest objective coefficient to 1 or more.

    Solvers compare reduced costs, bounds and gaps with absolute tolerances, which a small objective drowns in.
    """
    largest = max(float(level.costs.max(initial=0.0)), -float(level.costs.min(initial=0.0)))
    if level.quadratic is not None:
        largest = max(largest, float(np.abs(level.quadratic.coef).max(initial=0.0)))
    if level.nonlinear is not None or not 0.0 < largest < 1.0:
        return 1.0
    return float(2.0 ** min(1000, int(np.ceil(-np.log2(largest)))))
