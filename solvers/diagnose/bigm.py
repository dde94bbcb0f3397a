"""A concern about numbers, and the one that costs most: big-Ms, switches that do not quite switch off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from solvers.compare import INTEGRALITY
from solvers.diagnose.words import Slot, Words
from solvers.model import CONTINUOUS, Model
from solvers.render.safe import number

Severity = Literal["warning", "note"]
MOST_SHOWN = 3
LEAK = 1e-2
"""What a big-M may let through at the integrality tolerance, relative to the row's other terms."""


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


def big_ms(words: Words) -> list[Concern]:
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
        advice = (
            f"{enough:.6g} is enough, by the bounds of the other variables"
            if enough is not None and enough < size
            else "bound the variables it switches, so that a smaller number is enough"
        )
        text = (
            f"{words.row(i)}: {size:.3g} {words.column(j)} is a big-M: at the integrality tolerance of "
            f"{INTEGRALITY.absolute:g} it lets {number(size * INTEGRALITY.absolute, 3)} through with "
            f"{words.column(j)} counted as 0"
        )
        out.append(
            Concern(
                "big_m",
                "warning",
                (words.row(i), words.column(j)),
                text,
                advice,
                tuple(words.slots_behind("matrix", k)),
            )
        )
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
