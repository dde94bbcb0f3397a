"""How the optimum of a linear program depends on its numbers: shadow prices, reduced costs, and how far they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.compare import FEASIBILITY
from solvers.diagnose.subject import Subject, subject
from solvers.diagnose.words import Slot, Words, with_unit
from solvers.errors import FormulateError, UnsupportedError
from solvers.formulation import Formulation, Key
from solvers.model import Model
from solvers.render.safe import number

ZERO = FEASIBILITY.absolute


@dataclass(frozen=True, slots=True)
class Price:
    """A constraint at the optimum. `dual` is the change of the objective per unit of its right-hand side.

    `binding`: "<=", ">=", "==" or "" (slack). The dual holds while the right-hand side (now `right_side`) stays
    within [low, high], all other numbers unchanged. Of a constraint with slack `activity` is its value.
    """

    name: str
    key: Key
    label: str
    dual: float
    binding: str
    right_side: float
    activity: float
    low: float
    high: float
    unit: str = ""
    dual_unit: str = ""
    slots: tuple[Slot, ...] = ()

    def __str__(self) -> str:
        if not self.binding:
            room = abs(self.right_side - self.activity)
            return f"{self.label}: not binding, {with_unit(room, self.unit)} of room"
        price = f"{'+' if self.dual > 0 else ''}{with_unit(self.dual, self.dual_unit)}"
        return (
            f"{self.label}: {price} per unit more than {with_unit(self.right_side, self.unit)}, "
            f"from {number(self.low, 6)} to {number(self.high, 6)}"
        )


@dataclass(frozen=True, slots=True)
class CostRange:
    """A variable at the optimum: its value, its cost, and [low, high] within which the cost leaves the plan best.

    `reduced_cost` is the change of the objective per unit forced into a variable that is at a bound.
    """

    name: str
    key: Key
    label: str
    value: float
    cost: float
    low: float
    high: float
    reduced_cost: float
    unit: str = ""

    def __str__(self) -> str:
        text = (
            f"{self.label} = {with_unit(self.value, self.unit)}: cost {number(self.cost, 6)}, the plan stays best from "
            f"{number(self.low, 6)} to {number(self.high, 6)}"
        )
        return f"{text}; reduced cost {number(self.reduced_cost, 6)}" if abs(self.reduced_cost) > ZERO else text


@dataclass(frozen=True)
class Sensitivity:
    """Prices by constraint and cost ranges by variable at the optimum of a linear program.

    `degenerate`: more limits meet at the optimum than are needed to fix it, so that duals are not unique and the
    ranges hold for one choice of them only. `alternatives`: a price of 0 hints at other optima.
    """

    objective: float
    prices: tuple[Price, ...]
    costs: tuple[CostRange, ...]
    degenerate: bool
    alternatives: bool
    message: str = ""

    def __str__(self) -> str:
        return "\n".join([*map(str, self.prices), *map(str, self.costs), self.message])


def sensitivity(problem: Formulation | Model, data: Any = None, *, time_limit: float | None = None) -> Sensitivity:
    """Sensitivity of the optimum. Raises UnsupportedError for what is no linear program, saying why there is none,
    and FormulateError where there is no optimum."""
    return sensitivity_of(subject(problem, data), time_limit=time_limit)


def sensitivity_of(found: Subject, *, time_limit: float | None = None) -> Sensitivity:
    """`sensitivity` for a subject that is already grounded."""
    from solvers.adapters import SolveOptions
    from solvers.adapters.highs import HighsSession

    model = found.model
    _refuse(found)
    session = HighsSession(model, SolveOptions(time_limit=time_limit))
    # Ranges belong to a vertex and its basis.
    session.highs.setOptionValue("solver", "simplex")
    raw = session.solve()
    ranges = session.ranging() if raw.termination == "optimal" else None
    if raw.x is None or raw.row_duals is None or raw.reduced_costs is None or ranges is None:
        raise FormulateError(
            f"there is no optimum to be sensitive about: {raw.termination.replace('_', ' ')}",
            place=found.name,
            remedy="formulate diagnose says why",
        )
    basis = session.highs.getBasis()
    basic = session.highspy.HighsBasisStatus.kBasic
    row_basic = np.array([s == basic for s in basis.row_status], dtype=bool)
    col_basic = np.array([s == basic for s in basis.col_status], dtype=bool)
    activity = model.activity(raw.x)
    degenerate = bool(
        np.any(_at_bound(activity, model.row_lower, model.row_upper) & row_basic)
        or np.any(_at_bound(raw.x, model.col_lower, model.col_upper) & col_basic)
    )
    row_open = ~row_basic & (model.row_lower < model.row_upper)
    col_open = ~col_basic & (model.col_lower < model.col_upper)
    alternatives = bool(
        np.any(np.abs(raw.row_duals[row_open]) <= ZERO) or np.any(np.abs(raw.reduced_costs[col_open]) <= ZERO)
    )
    words = Words(found)
    prices = _prices(words, activity, raw.row_duals, row_basic, ranges.row)
    costs = _costs(words, raw.x, raw.reduced_costs, ranges.cost)
    return Sensitivity(
        float(raw.objective or 0.0), prices, costs, degenerate, alternatives, _message(degenerate, alternatives)
    )


def _refuse(found: Subject) -> None:
    model = found.model
    if model.class_name == "LP" and len(model.levels) == 1:
        return
    if len(model.levels) > 1:
        why = "it has several objectives by priority, and a price would belong to one of them only"
    elif model.has_integers or model.has_semicontinuous or model.structure:
        why = ("decisions in whole numbers jump: their optimum has no rate of change, and the prices of the linear "
               "relaxation belong to another problem")  # fmt: skip
    else:
        why = "it is not linear"
    told = found.formulation is not None
    change = "formulate solve FILE --set NAME[key]=VALUE" if told else "edit the file and solve again"
    raise UnsupportedError(
        f"no shadow prices for this {model.class_name}: {why}",
        place=found.name,
        remedy=f"ask what a change does: {change}",
    )


def _message(degenerate: bool, alternatives: bool) -> str:
    parts = []
    if degenerate:
        parts.append("DEGENERATE: more limits meet at the optimum than fix it, so the shadow prices are not unique: "
                     "what one more unit gains and what one less costs may differ")  # fmt: skip
    if alternatives:
        parts.append("a price of 0 at a limit: other plans may reach the same objective")
    return "; ".join(parts)


def _at_bound(value: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    room = FEASIBILITY.absolute + FEASIBILITY.relative * np.abs(value)
    with np.errstate(invalid="ignore"):
        return (value - lower <= room) | (upper - value <= room)


def _prices(
    words: Words, activity: np.ndarray, duals: np.ndarray, row_basic: np.ndarray, ranges: np.ndarray
) -> tuple[Price, ...]:
    model, found = words.model, words.subject
    unit = found.formulation.objective.unit or "" if found.formulation is not None else ""
    out = []
    for block in model.rows:
        name = found.origin.get(block.name, block.name)
        for k in range(block.size):
            i = block.start + k
            low, high, value = float(model.row_lower[i]), float(model.row_upper[i]), float(activity[i])
            binding = ""
            if not row_basic[i]:
                upper = np.isfinite(high) and (not np.isfinite(low) or abs(high - value) <= abs(value - low))
                binding = "==" if low == high else "<=" if upper else ">="
            right = (
                high
                if binding == "<=" or (not binding and np.isfinite(high) and not abs(value - low) < abs(high - value))
                else low
            )
            reach = (float(ranges[i, 0]), float(ranges[i, 1]))
            if not binding:
                # A limit with room may move as far as the value it has, and away without end.
                reach = (value, np.inf) if right == high else (-np.inf, value)
            row_unit = words.unit(name)
            slots = tuple(words.slots_behind("row_upper" if right == high else "row_lower", i))
            out.append(
                Price(
                    block.name,
                    block.key(k),
                    words.row(i),
                    float(duals[i]) if binding else 0.0,
                    binding,
                    right,
                    value,
                    *reach,
                    row_unit,
                    f"{unit}/{row_unit}" if unit and row_unit else unit,
                    slots,
                )
            )
    return tuple(out)


def _costs(words: Words, x: np.ndarray, reduced: np.ndarray, ranges: np.ndarray) -> tuple[CostRange, ...]:
    out = []
    own = words.subject.bridged.variables if words.subject.bridged is not None else None
    for block in words.model.columns:
        if own is not None and block.name not in own:
            continue
        for k in range(block.size):
            j = block.start + k
            out.append(
                CostRange(
                    block.name,
                    block.key(k),
                    words.column(j),
                    float(x[j]),
                    float(words.model.objective.costs[j]),
                    float(ranges[j, 0]),
                    float(ranges[j, 1]),
                    float(reduced[j]),
                    words.unit(block.name),
                )
            )
    return tuple(out)
