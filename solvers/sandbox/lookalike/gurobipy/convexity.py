"""Whether quadratic objectives and rows are convex, by their eigenvalues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from solvers.sandbox.lookalike.gurobipy.store import Store

LARGEST = 500
"""Forms over more variables count as not convex here: it decides only whether gaps and pools are shown."""
NOISE = 1e-9


def all_convex(store: Store) -> bool:
    """Whether the feasible set (rows as written) and the objective are convex."""
    if not _semidefinite(store.quadratic, float(store.sense)):
        return False
    for row in store.quadratic_rows:
        triples = list(row._form._triples())
        if triples and (row._sense == "=" or not _semidefinite(triples, -1.0 if row._sense == ">" else 1.0)):
            return False
    return True


def _semidefinite(triples: Iterable[tuple[Any, Any, float]], sign: float) -> bool:
    entries = list(triples)
    used = sorted({v._column.index for a, b, _ in entries for v in (a, b)})
    if len(used) > LARGEST:
        return False
    if not used:
        return True
    place = {column: k for k, column in enumerate(used)}
    matrix = np.zeros((len(used), len(used)))
    for a, b, weight in entries:
        i, j = place[a._column.index], place[b._column.index]
        matrix[i, j] += sign * weight / 2
        matrix[j, i] += sign * weight / 2
    values = np.linalg.eigvalsh(matrix)
    return bool(values[0] >= -NOISE * max(1.0, abs(values[-1])))
