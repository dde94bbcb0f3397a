"""Models that look for a point which tells two apart: feasible in the one, beyond a row or bound of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.equivalence.alignment import Alignment
from verify.equivalence.plain import PlainModel, PlainRow

if TYPE_CHECKING:
    from solvers.model import Model

MOST_PROBES = 24


@dataclass(frozen=True, slots=True)
class Probe:
    """Within a model: go as far as possible along `entries` (by its columns), but stay within [least, most].

    `column` and `value` fix a column (to a fraction that the other model does not allow). `about` names the aim.
    """

    about: str
    entries: dict[int, Fraction]
    upward: bool = True
    least: Fraction | None = None
    most: Fraction | None = None
    column: int = -1
    value: Fraction = Fraction(0)


def probes(inner: PlainModel, outer: PlainModel, columns: tuple[int, ...], rows: tuple[int, ...]) -> Iterator[Probe]:
    """Probes within `inner` for what `outer` asks otherwise; column j of inner is `columns[j]` of outer."""
    back = {w: j for j, w in enumerate(columns) if w >= 0}
    taken = {w: i for i, w in enumerate(rows) if w >= 0}
    for w, row in enumerate(outer.rows):
        if not row.linear or any(j not in back for j in row.entries):
            continue
        entries = {back[j]: coef for j, coef in row.entries.items()}
        own = inner.rows[taken[w]] if w in taken else None
        told = (entries, row.lower, row.upper)
        if own is None or not own.linear or (dict(own.entries), own.lower, own.upper) != told:
            yield from _beyond(f"row {row.name}", entries, row.lower, row.upper)
    for j, w in enumerate(columns):
        if w < 0:
            continue
        one, two = inner.columns[j], outer.columns[w]
        if (one.lower, one.upper) != (two.lower, two.upper):
            yield from _beyond(f"the bounds of {two.name}", {j: Fraction(1)}, two.lower, two.upper)
        if one.kind == 0 and two.kind == 1:
            yield from _fractions(j, two.name, one.lower, one.upper)


def _beyond(
    about: str, entries: dict[int, Fraction], lower: Fraction | None, upper: Fraction | None
) -> Iterator[Probe]:
    if upper is not None:
        yield Probe(about, entries, True, None, upper + 1 + abs(upper))
    if lower is not None:
        yield Probe(about, entries, False, lower - 1 - abs(lower), None)


def _fractions(j: int, name: str, lower: Fraction | None, upper: Fraction | None) -> Iterator[Probe]:
    """Values that are no whole numbers, near the ends of what a column may take."""
    low = lower if lower is not None else (upper - 2 if upper is not None else Fraction(0))
    high = upper if upper is not None else low + 10
    wanted = [Fraction(int(low // 1)) + Fraction(1, 2), (low + high) / 2, Fraction(int(high // 1)) - Fraction(1, 2)]
    for value in dict.fromkeys(wanted):
        value = value if value.denominator != 1 else value + Fraction(1, 4)
        if low <= value <= high:
            yield Probe(f"whole values of {name}", {}, column=j, value=value)


def probe_model(model: Model, probe: Probe) -> Model:
    """The model with the probe's objective, and its row or fixed column."""
    from solvers.model import Block, Csr, ObjectiveLevel

    costs = np.zeros(model.num_columns)
    for j, coef in probe.entries.items():
        costs[j] = float(coef)
    changed = replace(
        model, levels=(ObjectiveLevel(costs),), sense="max" if probe.upward else "min", slots=None,
    )  # fmt: skip
    if probe.column >= 0:
        low, high = model.col_lower.copy(), model.col_upper.copy()
        low[probe.column] = high[probe.column] = float(probe.value)
        changed = replace(changed, col_lower=low, col_upper=high)
    if probe.least is None and probe.most is None:
        return changed
    index = np.array(sorted(probe.entries), dtype=model.matrix.index.dtype)
    matrix = Csr(
        np.append(model.matrix.start, model.matrix.start[-1] + len(index)).astype(model.matrix.start.dtype),
        np.concatenate([model.matrix.index, index]), np.concatenate([model.matrix.value, costs[index]]),
        model.num_columns,
    )  # fmt: skip
    ends = (-np.inf if probe.least is None else float(probe.least), np.inf if probe.most is None else float(probe.most))
    block = Block("probe", model.num_rows, 1)
    return replace(
        changed, matrix=matrix, row_lower=np.append(model.row_lower, ends[0]),
        row_upper=np.append(model.row_upper, ends[1]), rows=(*model.rows, block),
    )  # fmt: skip


def objective_probe(inner: PlainModel, outer: PlainModel, match: Alignment | tuple[int, ...]) -> Probe | None:
    """A probe along the difference of two linear objectives; None where they do not differ linearly."""
    columns = match.columns if isinstance(match, Alignment) else match
    entries = {
        j: inner.columns[j].costs[0] - outer.columns[w].costs[0]
        for j, w in enumerate(columns) if w >= 0 and inner.columns[j].costs[0] != outer.columns[w].costs[0]
    }  # fmt: skip
    return Probe("the objectives", entries, True, None, Fraction(1000)) if entries else None


__all__ = ["MOST_PROBES", "PlainRow", "Probe", "objective_probe", "probe_model", "probes"]
