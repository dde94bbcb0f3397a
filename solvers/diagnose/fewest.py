"""The fewest changes that make a problem feasible: a least hitting set of its conflicts.

Conflicts are found one by one, as in MaxHS (Davies and Bacchus, CP 2011): a set that meets all conflicts found so far
at the least weight either frees the problem, and is then the least of all, or shows a new conflict. No big-M.
"""

from __future__ import annotations

import numpy as np

from solvers.diagnose.conflict import Search
from solvers.diagnose.members import Members
from solvers.diagnose.oracle import Budget
from solvers.diagnose.subject import Subject
from solvers.model import INTEGER, Block, Csr, Model, ObjectiveLevel


def fewest(found: Subject, members: Members, soft: np.ndarray, weight: np.ndarray, budget: Budget) -> np.ndarray | str:
    """The mask of the members to loosen, or why there is none (`nothing ...`) or none in time."""
    search = Search(found, members, budget)
    everything = np.ones(len(members), dtype=bool)
    conflicts: list[np.ndarray] = []
    chosen = np.zeros(len(members), dtype=bool)
    while not budget.spent:
        active = everything & ~chosen
        verdict = search.oracle.test(active)
        if verdict == "feasible":
            return chosen
        if verdict == "unknown":
            break
        core = search.reduce_within(active, active & soft)
        if not core.any():
            return "nothing that may be loosened makes it feasible"
        conflicts.append(np.flatnonzero(core))
        hit = least_hitting_set(conflicts, weight)
        chosen = np.zeros(len(members), dtype=bool)
        chosen[hit] = True
    return f"the fewest changes were not found within {budget.used:.3g} s ({len(conflicts)} conflicts seen)"


def least_hitting_set(sets: list[np.ndarray], weight: np.ndarray) -> np.ndarray:
    """The elements of least total weight that meet every set; solved as a binary program."""
    from solvers.adapters import SolveOptions, adapter

    elements, where = np.unique(np.concatenate(sets), return_inverse=True)
    start = np.concatenate([[0], np.cumsum([len(s) for s in sets])]).astype(np.int64)
    n, m = len(elements), len(sets)
    model = Model(
        "hitting set", "min", (ObjectiveLevel(weight[elements]),),
        Csr(start, where.astype(np.int32), np.ones(len(where)), n),
        np.ones(m), np.full(m, np.inf), np.zeros(n), np.ones(n), np.full(n, INTEGER, dtype=np.uint8),
        (Block("take", 0, n),), (Block("meet", 0, m),),
    )  # fmt: skip
    raw = adapter("highs").solve(model, SolveOptions())
    assert raw.x is not None
    return elements[raw.x > 0.5]
