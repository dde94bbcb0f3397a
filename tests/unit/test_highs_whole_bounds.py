"""Whole-number columns with fractions for bounds: HiGHS is given whole ones, because it loses solutions else."""

from __future__ import annotations

from itertools import product
from math import ceil, floor

import numpy as np
import pytest

from solvers import solve
from solvers.model import INTEGER, SEMIINTEGER, Block, Csr, Model, ObjectiveLevel

Row = tuple[list[float], float, float]


def model(costs: list[float], low: list[float], high: list[float], rows: list[Row], semi: bool = False) -> Model:
    """Maximise over whole columns, the first of them perhaps semi-integer."""
    n, kinds = len(costs), np.full(len(costs), INTEGER)
    kinds[0] = SEMIINTEGER if semi else INTEGER
    return Model(
        "m", "max", (ObjectiveLevel(np.array(costs, dtype=float)),),
        Csr(np.arange(len(rows) + 1) * n, np.tile(np.arange(n), len(rows)), np.array([v for row in rows for v in row[0]], dtype=float), n),
        np.array([row[1] for row in rows], dtype=float), np.array([row[2] for row in rows], dtype=float),
        np.array(low, dtype=float), np.array(high, dtype=float), kinds, (Block("x", 0, n),), (Block("r", 0, len(rows)),),
    )  # fmt: skip


def best(made: Model) -> float | None:
    """The optimum by trying every point."""
    values = [set(range(ceil(low), floor(high) + 1)) for low, high in zip(made.col_lower, made.col_upper)]
    if made.kinds[0] == SEMIINTEGER:
        values[0].add(0)
    found = None
    for point in product(*values):
        x = np.array(point, dtype=float)
        activity = made.matrix.dot(x)
        if np.all(activity >= made.row_lower) and np.all(activity <= made.row_upper):
            value = made.objective.value(x)
            found = value if found is None else max(found, value)
    return found


INF = float("inf")
LOST = {
    "infeasible": model([1, -1], [-1, 0.5], [3, 2.5], [([-1, 1], 3, INF), ([3, 1], -2, INF), ([-1, 1], -INF, 3), ([3, 1], -INF, 0)]),
    "a worse optimum": model([0, 1, 1], [0, -0.25, 0.5], [2.5, 1.25, 2.5], [([0, 3, -1], -INF, 3), ([1, 3, 1], -INF, 5), ([1, 0, 2], 1, 2)]),
    "semi-integer": model([2, 1], [2, 0.5], [3, 1], [([-2, -1], -INF, -1), ([-2, -1], -1, INF)], semi=True),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_no_solution_is_lost(name: str) -> None:
    result = solve(LOST[name], solver="highs")
    assert result.is_optimal and result.objective == pytest.approx(best(LOST[name]))


def test_random_programs_have_the_optimum_that_trying_every_point_finds() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(150):
        n = int(rng.integers(2, 4))
        low, more = rng.integers(-4, 5, n) / 4, rng.integers(2, 13, n) / 4
        rows: list[Row] = [
            (rng.integers(-3, 4, n).tolist(), -INF if rng.random() < 0.5 else -2.0, float(rng.integers(-1, 5))) for _ in range(rng.integers(1, 5))
        ]
        made = model(rng.integers(-3, 4, n).tolist(), low.tolist(), (low + more).tolist(), rows)
        result = solve(made, solver="highs")
        assert (result.objective if result.has_solution else None) == pytest.approx(best(made))
        found.append(result.has_solution)
    assert any(found) and not all(found)


def test_bounds_a_hair_off_a_whole_number_are_that_number() -> None:
    made = model([1, 1], [0, 0], [0.1 * 3 * 10, 2.9999999999], [([1, 1], -INF, 9)])
    assert solve(made, solver="highs").objective == pytest.approx(6)


def test_a_column_without_a_whole_number_in_its_bounds_is_infeasible() -> None:
    assert solve(model([1, 1], [0.25, 0], [0.75, 1], [([1, 1], -INF, 9)]), solver="highs").termination == "infeasible"
