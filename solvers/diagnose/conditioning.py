"""Numbers that make a model hard to trust: wild ranges, large big-Ms, rows that repeat, a basis near singular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.compare import FEASIBILITY
from solvers.diagnose.bigm import MOST_SHOWN, Concern, big_ms
from solvers.diagnose.redundancy import repeated_rows, row_reach
from solvers.diagnose.subject import Subject, subject
from solvers.diagnose.words import Words, with_unit
from solvers.formulation import Formulation
from solvers.model import CONTINUOUS, Model

WIDE = 1e6
"""Ratio of coefficients beyond which a solver's tolerance of 1e-6 on the large ones drowns the small ones."""
ROW_WIDE = 1e5
ILL = 1e10
"""Condition numbers from which a solution in double precision keeps fewer than 6 digits."""


@dataclass(frozen=True)
class Conditioning:
    """Concerns, the gravest first; least and greatest sizes by place; the condition number of the optimal basis.

    `ranges` maps matrix, objective, right sides and bounds to (least, greatest) of what is not 0. `condition` is an
    estimate in the 1-norm, None where there is no basis or it was not asked for (`condition_note` says which).
    """

    concerns: tuple[Concern, ...]
    ranges: dict[str, tuple[float, float]]
    condition: float | None = None
    condition_note: str = ""

    def __str__(self) -> str:
        return "\n".join(map(str, self.concerns)) or "no concerns about the numbers"


def conditioning(problem: Formulation | Model, data: Any = None, *, basis: bool = True) -> Conditioning:
    """Concerns about the numbers of a problem; `basis` also solves a linear program for its condition number."""
    return conditioning_of(subject(problem, data), basis=basis)


def conditioning_of(found: Subject, *, basis: bool = True, seconds: float | None = None) -> Conditioning:
    """`conditioning` for a subject that is already grounded."""
    words = Words(found)
    by_row = _rows(words)
    concerns = [
        *(c for c in _ranges(words) if c.elements not in [r.elements for r in by_row]),
        *by_row,
        *big_ms(words),
        *_repeats(words),
        *_idle(words),
    ]
    condition, note = None, "not asked for"
    if basis:
        from solvers.diagnose.basis import condition_number

        condition, note = condition_number(found, seconds)
        if condition is not None and condition > ILL:
            digits = max(0, 16 - int(np.log10(condition)))
            text = f"the optimal basis has a condition number of about {condition:.1g}: {digits} digits may be right"
            advice = "look for nearly parallel rows and wild ranges, and scale them"
            concerns.append(Concern("ill_conditioned_basis", "warning", (), text, advice))
    concerns.sort(key=lambda c: c.severity != "warning")
    return Conditioning(tuple(concerns), _sizes(found.model), condition, note)


def _sizes(model: Model) -> dict[str, tuple[float, float]]:
    groups = {
        "matrix": model.matrix.value, "objective": model.objective.costs,
        "right sides": np.concatenate([model.row_lower, model.row_upper]),
        "bounds": np.concatenate([model.col_lower, model.col_upper]),
    }  # fmt: skip
    out = {}
    for name, values in groups.items():
        sizes = np.abs(values[np.isfinite(values) & (values != 0)])
        if len(sizes):
            out[name] = float(sizes.min()), float(sizes.max())
    return out


def _ranges(words: Words) -> list[Concern]:
    """Wild ranges of the matrix, the objective and the right sides, with both ends named."""
    model = words.model
    out = []
    used = np.flatnonzero(model.matrix.value)
    if len(used):
        sizes = np.abs(model.matrix.value[used])
        low, high = int(used[np.argmin(sizes)]), int(used[np.argmax(sizes)])
        if sizes.max() > WIDE * sizes.min():
            out.append(_entry_concern(words, "matrix_range", low, high))
    costs = np.flatnonzero(model.objective.costs)
    if len(costs):
        sizes = np.abs(model.objective.costs[costs])
        if sizes.max() > WIDE * sizes.min():
            ends = [int(costs[np.argmin(sizes)]), int(costs[np.argmax(sizes)])]
            slots = tuple(slot for j in ends for slot in words.slots_behind("cost", j))
            text = (
                f"objective coefficients from {sizes.min():.3g} ({words.column(ends[0])}) to {sizes.max():.3g} "
                f"({words.column(ends[1])})"
            )
            out.append(
                Concern(
                    "objective_range",
                    "warning",
                    tuple(words.column(j) for j in ends),
                    text,
                    "count the large part in a larger unit, or give it a priority of its own",
                    slots,
                )
            )
    for side, values in (("row_lower", model.row_lower), ("row_upper", model.row_upper)):
        rows = np.flatnonzero(np.isfinite(values) & (values != 0))
        sizes = np.abs(values[rows])
        if not len(rows) or any(c.code == "right_side_range" for c in out):
            continue
        i = int(rows[np.argmax(sizes)])
        if sizes.max() > WIDE * max(1.0, float(np.max(np.abs(model.matrix.row(i)[1]), initial=0.0))):
            name = _family(words, i)
            unit = words.unit(name)
            out.append(
                Concern(
                    "right_side_range",
                    "warning",
                    (words.row(i),),
                    f"right-hand sides reach {sizes.max():.3g} ({words.row(i)}), where feasibility is judged to 1e-6",
                    _unit_advice(unit, float(sizes.max())),
                    tuple(words.slots_behind(side, i)),
                )
            )
    return out


def _family(words: Words, i: int) -> str:
    return next((b.name for b in words.model.rows if b.start <= i < b.start + b.size), "")


def _unit_advice(unit: str, size: float) -> str:
    power = int(np.floor(np.log10(size) / 3) * 3)
    what = with_unit(10.0**power, unit) if unit else f"{10.0**power:g}"
    return f"count in units of {what} instead"


def _entry_concern(words: Words, code: str, low: int, high: int, row: int | None = None) -> Concern:
    """A wide range between two nonzeros."""
    model = words.model
    rows = np.searchsorted(model.matrix.start, [low, high], side="right") - 1
    names = [f"{words.column(int(model.matrix.index[k]))} in {words.row(int(i))}" for k, i in zip((low, high), rows)]
    small, large = (abs(float(model.matrix.value[k])) for k in (low, high))
    slots = tuple(slot for k in (low, high) for slot in words.slots_behind("matrix", k))
    where = f"{words.row(row)}: " if row is not None else ""
    text = f"{where}coefficients from {small:.3g} ({names[0]}) to {large:.3g} ({names[1]})"
    column = int(model.matrix.index[high])
    unit = words.unit(next((b.name for b in model.columns if b.start <= column < b.start + b.size), ""))
    than = f" than {unit}" if unit else ""
    advice = f"measure {words.column(column)} in a smaller unit{than}, or the quantities of the row in a larger one"
    if model.kinds[column] != CONTINUOUS:
        advice = f"measure the quantities that stand beside {words.column(column)} in a larger unit"
    return Concern(code, "warning", tuple(names), text, advice, slots)


def _rows(words: Words) -> list[Concern]:
    """The rows with the widest ranges of their own."""
    matrix = words.model.matrix
    if not matrix.nonzeros:
        return []
    sizes = np.abs(matrix.value)
    row_of = matrix.row_of()
    low, high = np.full(matrix.rows, np.inf), np.zeros(matrix.rows)
    used = sizes > 0
    np.minimum.at(low, row_of[used], sizes[used])
    np.maximum.at(high, row_of[used], sizes[used])
    with np.errstate(invalid="ignore"):
        ratio = np.where(high > 0, high / low, 0.0)
    worst = [int(i) for i in np.argsort(-ratio)[:MOST_SHOWN] if ratio[i] > ROW_WIDE]
    out = []
    for i in worst:
        cut = np.arange(int(matrix.start[i]), int(matrix.start[i + 1]))
        cut = cut[sizes[cut] > 0]
        out.append(
            _entry_concern(words, "row_range", int(cut[np.argmin(sizes[cut])]), int(cut[np.argmax(sizes[cut])]), i)
        )
    return out


def _repeats(words: Words) -> list[Concern]:
    """Rows that say the same, and rows that nearly do."""
    out = []
    bridged = words.bridged_rows
    same, near = (
        [pair for pair in pairs if not bridged[pair[0]] and not bridged[pair[1]]]
        for pairs in repeated_rows(words.model)
    )
    for i, j in same[:MOST_SHOWN]:
        out.append(
            Concern(
                "duplicate_rows",
                "note",
                (words.row(i), words.row(j)),
                f"{words.row(i)} and {words.row(j)} have the same left side up to a factor",
            )
        )
    if len(same) > MOST_SHOWN:
        out.append(
            Concern("duplicate_rows", "note", (), f"{len(same) - MOST_SHOWN} more pairs with the same left side")
        )
    for i, j in near[:MOST_SHOWN]:
        out.append(
            Concern(
                "nearly_parallel_rows",
                "warning",
                (words.row(i), words.row(j)),
                f"{words.row(i)} and {words.row(j)} are parallel but for a few digits: their intersection is not to "
                "be trusted",
                "if they are meant to be the same, compute them from the same numbers",
            )
        )
    return out


def _idle(words: Words) -> list[Concern]:
    """Rows without variables, and rows that the bounds alone fulfil."""
    model = words.model
    linear = ~words.bridged_rows
    if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
        linear[model.quadratic_rows.row] = False
    for block in model.nonlinear_rows:
        linear[block.rows] = False
    used = np.bincount(model.matrix.row_of()[model.matrix.value != 0], minlength=model.num_rows) > 0
    empty = np.flatnonzero(linear & ~used)
    out = []
    if len(empty):
        out.append(
            Concern(
                "empty_rows",
                "note",
                tuple(words.row(int(i)) for i in empty[:MOST_SHOWN]),
                f"{len(empty)} without a variable, such as {words.row(int(empty[0]))}",
            )
        )
    least, most = row_reach(model)
    idle = np.flatnonzero(
        linear
        & used
        & (least >= model.row_lower - FEASIBILITY.absolute)
        & (most <= model.row_upper + FEASIBILITY.absolute)
    )
    if len(idle):
        out.append(
            Concern(
                "idle_rows",
                "note",
                tuple(words.row(int(i)) for i in idle[:MOST_SHOWN]),
                f"{len(idle)} that can never be binding: the bounds of the variables fulfil them, such as "
                f"{words.row(int(idle[0]))}",
            )
        )
    return out
