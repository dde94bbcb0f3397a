"""Sensitivity of an LP: how far costs and right-hand sides may go while the basis stays optimal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solvers.compare import SOLVER
from solvers.sandbox.lookalike.gurobipy.errors import UnavailableError, unsupported
from solvers.sandbox.lookalike.gurobipy.store import Store

if TYPE_CHECKING:
    import numpy as np

    from solvers.model import Model


def ranging(store: Store, name: str) -> Any:
    """The ranges of the last optimum. Raises UnavailableError, and GurobiError for `name` where they are not unique."""
    from solvers.adapters.base import SolveOptions
    from solvers.adapters.highs import HighsSession

    outcome = store.solved
    model = outcome.built.model
    if model.class_name != "LP" or outcome.result.termination != "optimal":
        raise UnavailableError
    if store.ranging is None:
        session = HighsSession(model, SolveOptions())
        raw = session.solve()
        found = session.ranging()
        if found is None or raw.unique is not True or not _vertex_is_simple(session, model, raw.x):
            unsupported(f"the attribute {name}", "the optimum is degenerate or not unique: it depends on the basis")
        store.ranging = found
    return store.ranging


def _vertex_is_simple(session: Any, model: Model, x: np.ndarray | None) -> bool:
    """Whether exactly the nonbasic columns and rows lie on a bound: no other basis describes the point."""
    if x is None:
        return False
    basis = session.highs.getBasis()
    for statuses, values, lower, upper in (
        (basis.col_status, x, model.col_lower, model.col_upper),
        (basis.row_status, model.activity(x), model.row_lower, model.row_upper),
    ):  # fmt: skip
        basic = [status.name == "kBasic" for status in statuses]
        room = SOLVER.absolute + SOLVER.relative * abs(values)
        inside = (values - lower > room) & (upper - values > room)
        if basic != inside.tolist():
            return False
    return True
