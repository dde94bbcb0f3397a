"""Sensitivity of an LP: how far costs and right-hand sides may go while the basis stays optimal."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.gurobipy.errors import UnavailableError, unsupported
from solvers.sandbox.lookalike.gurobipy.store import Store


def ranging(store: Store) -> Any:
    """The ranges of the last optimum. Raises UnavailableError, and GurobiError where they are not unique."""
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
        basics = sum(status.name == "kBasic" for status in session.highs.getBasis().col_status)
        inner = int(((raw.x > model.col_lower) & (raw.x < model.col_upper)).sum()) if raw.x is not None else -1
        if found is None or raw.unique is not True or inner != basics:
            unsupported("sensitivity at a degenerate or not unique optimum", "its ranges depend on the basis")
        store.ranging = found
    return store.ranging
