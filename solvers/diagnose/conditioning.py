"""Numbers that make a model hard to trust: wild ranges, large big-Ms, rows that repeat, a basis near singular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from solvers.compare import FEASIBILITY, INTEGRALITY
from solvers.diagnose.redundancy import repeated_rows, row_reach
from solvers.diagnose.subject import Subject, subject
from solvers.diagnose.words import Slot, Words, with_unit
from solvers.formulation import Formulation
from solvers.model import CONTINUOUS, Model
from solvers.render.safe import number

Severity = Literal["warning", "note"]

WIDE = 1e6
"""Ratio of coefficients beyond which a solver's tolerance of 1e-6 on the large ones drowns the small ones."""
ROW_WIDE = 1e5
LEAK = 1e-2
"""What a big-M may let through at the integrality tolerance, relative to the row's other terms."""
ILL = 1e10
"""Condition numbers from which a solution in double precision keeps fewer than 6 digits."""
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Concern:
    """One finding: what (`code`), where (`elements`), why it matters, the cells responsible, and what to do."""

    code: str
    severity: Severity
    elements: tuple[str, ...]
    text: str
    suggestion: str = ""
    slots: tuple[Slot, ...] = ()

    def __str__(self) -> str:
        text = f"{self.severity}: {self.text}"
        if self.slots:
            text += f" (from {', '.join(map(str, self.slots))})"
        return f"{text}\n  {self.suggestion}" if self.suggestion else text


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


def conditioning_of(found: Subject, *, basis: bool = True) -> Conditioning:
    """`conditioning` for a subject that is already grounded."""
    words = Words(found)
    by_row = _rows(words)
    concerns = [*(c for c in _ranges(words) if c.elements not in [r.elements for r in by_row]), *by_row, *_big_m(words), *_repeats(words), *_idle(words)]
    condition, note = None, "not asked for"
    if basis:
        from solvers.diagnose.basis import condition_number

        condition, note = condition_number(found)
        if condition is not None and condition > ILL:
            concerns.append(Concern("ill_conditioned_basis", "warning", (), f"the optimal basis has a condition number of about "
                            f"{condition:.1g}: values may be right to {max(0, 16 - int(np.log10(condition)))} digits only",
                            "look for nearly parallel rows and wild ranges above, and scale them"))  # fmt: skip
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
            text = f"objective coefficients from {sizes.min():.3g} ({words.column(ends[0])}) to {sizes.max():.3g} " \
                   f"({words.column(ends[1])})"
            out.append(Concern("objective_range", "warning", tuple(words.column(j) for j in ends), text,
                               "count the large part in a larger unit, or give it a priority of its own", slots))
    for side, values in (("row_lower", model.row_lower), ("row_upper", model.row_upper)):
        rows = np.flatnonzero(np.isfinite(values) & (values != 0))
        sizes = np.abs(values[rows])
        if len(rows) and sizes.max() > WIDE * max(1.0, float(sizes.min())) and not any(c.code == "right_side_range" for c in out):
            i = int(rows[np.argmax(sizes)])
            name = _family(words, i)
            unit = words.unit(name)
            out.append(Concern("right_side_range", "warning", (words.row(i),), f"right-hand sides reach {sizes.max():.3g} "
                               f"({words.row(i)}), where feasibility is judged to 1e-6", _unit_advice(unit, float(sizes.max())),
                               tuple(words.slots_behind(side, i))))
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
    advice = f"measure {words.column(column)} in a smaller unit{f' than {unit}' if unit else ''}, or the quantities of the row in a larger one"
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
        out.append(_entry_concern(words, "row_range", int(cut[np.argmin(sizes[cut])]), int(cut[np.argmax(sizes[cut])]), i))
    return out


def _big_m(words: Words) -> list[Concern]:
    """Switches whose coefficient lets something through at the integrality tolerance, or is larger than need be."""
    model, matrix = words.model, words.model.matrix
    binary = (model.kinds != CONTINUOUS) & (model.col_lower == 0) & (model.col_upper == 1)
    entries = np.flatnonzero(binary[matrix.index] & (np.abs(matrix.value) * INTEGRALITY.absolute > LEAK))
    row_of = matrix.row_of()
    found = []
    for k in entries.tolist():
        i = int(row_of[k])
        columns, values = matrix.row(i)
        others = np.abs(values[~binary[columns] & (values != 0)])
        size = abs(float(matrix.value[k]))
        if not len(others) or size * INTEGRALITY.absolute <= LEAK * float(others.max()):
            continue
        found.append((size / float(others.max()), k, i))
    found.sort(reverse=True)
    out = []
    for _, k, i in found[:MOST_SHOWN]:
        size, j = abs(float(matrix.value[k])), int(matrix.index[k])
        enough = _tightest(model, k, i)
        advice = f"{enough:.6g} is enough, by the bounds of the other variables" if enough is not None and enough < size else \
            "bound the variables it switches, so that a smaller number is enough"
        text = f"{words.row(i)}: {size:.3g} {words.column(j)} is a big-M: at the integrality tolerance of " \
               f"{INTEGRALITY.absolute:g} it lets {number(size * INTEGRALITY.absolute, 3)} through with {words.column(j)} counted as 0"
        out.append(Concern("big_m", "warning", (words.row(i), words.column(j)), text, advice, tuple(words.slots_behind("matrix", k))))
    if len(found) > MOST_SHOWN:
        out.append(Concern("big_m", "note", (), f"{len(found) - MOST_SHOWN} more big-Ms like these"))
    return out


def _tightest(model: Model, k: int, i: int) -> float | None:
    """The smallest size of the coefficient that still frees the row, by the bounds of the other columns."""
    columns, values = model.matrix.row(i)
    other = columns != model.matrix.index[k]
    c, v = columns[other], values[other]
    coef = float(model.matrix.value[k])
    with np.errstate(invalid="ignore"):
        most = float(np.sum(np.where(v > 0, v * model.col_upper[c], v * model.col_lower[c])))
        least = float(np.sum(np.where(v > 0, v * model.col_lower[c], v * model.col_upper[c])))
    low, high = float(model.row_lower[i]), float(model.row_upper[i])
    need = most - high if coef < 0 and np.isfinite(high) else low - least if coef > 0 and np.isfinite(low) else np.nan
    return max(0.0, need) if np.isfinite(need) else None


def _repeats(words: Words) -> list[Concern]:
    """Rows that say the same, and rows that nearly do."""
    out = []
    bridged = words.bridged_rows
    same, near = (
        [pair for pair in pairs if not bridged[pair[0]] and not bridged[pair[1]]] for pairs in repeated_rows(words.model)
    )
    for i, j in same[:MOST_SHOWN]:
        out.append(Concern("duplicate_rows", "note", (words.row(i), words.row(j)),
                           f"{words.row(i)} and {words.row(j)} have the same left side up to a factor"))
    if len(same) > MOST_SHOWN:
        out.append(Concern("duplicate_rows", "note", (), f"{len(same) - MOST_SHOWN} more pairs with the same left side"))
    for i, j in near[:MOST_SHOWN]:
        out.append(Concern("nearly_parallel_rows", "warning", (words.row(i), words.row(j)),
                           f"{words.row(i)} and {words.row(j)} are parallel but for a few digits: their intersection is not to "
                           "be trusted", "if they are meant to be the same, compute them from the same numbers"))
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
        out.append(Concern("empty_rows", "note", tuple(words.row(int(i)) for i in empty[:MOST_SHOWN]),
                           f"{len(empty)} without a variable, such as {words.row(int(empty[0]))}"))
    least, most = row_reach(model)
    idle = np.flatnonzero(linear & used & (least >= model.row_lower - FEASIBILITY.absolute) & (most <= model.row_upper + FEASIBILITY.absolute))
    if len(idle):
        out.append(Concern("idle_rows", "note", tuple(words.row(int(i)) for i in idle[:MOST_SHOWN]),
                           f"{len(idle)} that can never be binding: the bounds of the variables fulfil them, such as "
                           f"{words.row(int(idle[0]))}"))
    return out
