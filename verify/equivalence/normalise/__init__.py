"""A model to normal form, exactly, each step logged so that it replays (`verify.equivalence.replay`).

Steps: numbers exact, min for max, duplicates summed, zeros gone; primitive integer rows; rows of one column as bounds;
whole bounds; whole sides; parallel rows merged; implied sides loosened; idle rows dropped. Each keeps the feasible set
and the objective; changes of the variable space are opt-in (`changes`).
"""

from __future__ import annotations

import numpy as np

from solvers.model import Model
from verify.equivalence.form import Form
from verify.equivalence.normalise.changes import change
from verify.equivalence.normalise.columns import settle, single_rows, tidy
from verify.equivalence.normalise.draft import Draft, read
from verify.equivalence.normalise.rows import drop_idle, loosen, merge_parallel, round_sides, unify_false
from verify.equivalence.normalise.scaling import Rows, scale
from verify.equivalence.numbers import Numbers
from verify.equivalence.outcome import DEFAULT, Options


def normalise(model: Model, numbers: Numbers, options: Options = DEFAULT) -> Form:
    """The normal form of a model, its numbers coded in `numbers`. Raises RefusedError."""
    draft = read(model, numbers)
    rows = scale(draft)
    _rules(draft, rows)
    wanted = options.change_of_variables
    if wanted:
        while (new := change(draft, rows, wanted)) is not None:
            rows = new
            _rules(draft, rows)
    settle(draft)
    return _form(draft, rows)


def _rules(draft: Draft, rows: Rows) -> None:
    single_rows(draft, rows)
    tidy(draft)
    round_sides(draft, rows)
    merge_parallel(draft, rows)
    loosen(draft, rows)
    drop_idle(draft, rows)
    unify_false(draft, rows)


def _form(draft: Draft, rows: Rows) -> Form:
    """The rows that are left, in order."""
    origin = np.flatnonzero(rows.keep)
    index, value, start = rows.index, rows.value, rows.start
    if len(origin) < len(rows.keep):
        kept = np.repeat(rows.keep, rows.lengths)
        index, value = index[kept], value[kept]
        start = np.concatenate([[0], np.cumsum(rows.lengths[origin])])
    extras, costs = draft.extras, draft.costs
    if extras.labels:
        # Products that cancelled or whose row asks for nothing are no part of the model.
        used = set(np.unique(index).tolist()) | set(np.flatnonzero(costs.any(axis=0)).tolist())
        extras, place = extras.without_idle(used)
        index, costs = place[index], costs[:, place >= 0]
    return Form(
        draft.numbers, draft.alive, draft.kinds, draft.lower, draft.upper, costs,
        draft.offsets, start, index, value, rows.lower[origin], rows.upper[origin], origin, rows.switch[origin],
        rows.active[origin], extras, tuple(draft.log), draft.infeasible,
    )  # fmt: skip
