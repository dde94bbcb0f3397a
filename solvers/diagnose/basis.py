"""The condition number of the optimal basis of a linear program, estimated in the 1-norm.

Hager's method with Higham's stopping rule (Higham, ACM TOMS 14(4), 1988): a few solves with the factorised basis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.diagnose.subject import Subject

ROUNDS = 6


def condition_number(found: Subject, seconds: float | None = None) -> tuple[float | None, str]:
    """The estimate, or None and why there is none; `seconds` limits the solves for it."""
    model = found.model
    if model.class_name != "LP":
        return None, f"there is no basis for a {model.class_name}"
    if not model.num_rows or not model.num_columns:
        return None, "there are no rows"
    from solvers.adapters import SolveOptions
    from solvers.adapters.highs import HighsSession

    session = HighsSession(model, SolveOptions(time_limit=seconds))
    session.highs.setOptionValue("solver", "simplex")
    # HiGHS answers from an invertible factor of the model itself: a second run, without presolve, makes one.
    for presolve in ("choose", "off"):
        session.highs.setOptionValue("presolve", presolve)
        session.highs.run()
        if session.highs.getModelStatus().name != "kOptimal":
            return None, "there is no optimal basis, or it was not found in time"
    return _estimate(session, model)


def _estimate(session: Any, model: Any) -> tuple[float | None, str]:
    names, highs = session.highspy, session.highs
    basis = highs.getBasis()
    basic = names.HighsBasisStatus.kBasic
    cols = np.array([s == basic for s in basis.col_status], dtype=bool)
    entries = cols[model.matrix.index]
    sums = np.bincount(model.matrix.index[entries], np.abs(model.matrix.value[entries]), model.num_columns)
    norm = max(float(sums.max(initial=0.0)), 1.0 if sum(s == basic for s in basis.row_status) else 0.0)
    m = model.num_rows
    x = np.full(m, 1.0 / m)
    best = 0.0
    for _ in range(ROUNDS):
        ok, y = _answer(names, highs.getBasisSolve(x))
        if not ok:
            return None, "HiGHS gives no factor of the basis"
        size = float(np.abs(y).sum())
        if size <= best:
            break
        best = size
        ok, z = _answer(names, highs.getBasisTransposeSolve(np.where(y >= 0, 1.0, -1.0)))
        if not ok or float(np.abs(z).max()) <= float(z @ x):
            break
        x = np.zeros(m)
        x[int(np.argmax(np.abs(z)))] = 1.0
    return best * norm, ""


def _answer(names: Any, answer: Any) -> tuple[bool, np.ndarray]:
    return answer[0] == names.HighsStatus.kOk, np.asarray(answer[1])
