"""What HiGHS calls optimal for a quadratic objective is believed only as far as its multipliers prove it."""

from __future__ import annotations

import numpy as np
import pytest

from solvers import solve
from solvers.adapters.certificate import duality_gap
from solvers.compare import OPTIMALITY
from solvers.model import Csr, Model, ObjectiveLevel, Quadratic


def random_program(seed: int) -> Model:
    """A feasible convex program with rows and columns bounded on either side, on both, or on none."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    entries = rng.integers(-3, 4, (m, n)).astype(float)
    factor = rng.normal(size=(n, n))
    sense = "min" if seed % 2 else "max"
    i, j = np.triu_indices(n)
    coef = np.where(i == j, 0.5, 1.0) * (factor @ factor.T)[i, j] * (1 if sense == "min" else -1)
    activity = entries @ rng.uniform(0, 3, n)
    free = rng.random(m) < 0.5
    matrix = Csr(np.arange(m + 1) * n, np.tile(np.arange(n, dtype=np.int32), m), entries.ravel(), n)
    level = ObjectiveLevel(rng.normal(size=n) * 5, 0.0, Quadratic(i, j, coef))
    return Model(
        "q", sense, (level,), matrix, np.where(free, -np.inf, activity - 1), activity + 1,
        np.where(rng.random(n) < 0.3, -np.inf, 0.0), np.where(rng.random(n) < 0.3, np.inf, 4.0), np.zeros(n, np.int8),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_optima_are_proven_and_worse_points_are_not(seed: int) -> None:
    model = random_program(seed)
    result = solve(model, solver="highs")
    assert result.termination == "optimal", result.message
    assert result.x is not None
    assert result.row_duals is not None
    assert result.objective == pytest.approx(solve(model, solver="scip").objective, rel=1e-4, abs=1e-4)
    allowed = OPTIMALITY.absolute + OPTIMALITY.relative * abs(result.objective)
    assert duality_gap(model, result.x, result.row_duals) <= allowed
    middle = np.clip(result.x + 0.3, model.col_lower, model.col_upper)
    lost = abs(model.objective.value(middle) - result.objective)
    if lost > 1e-3:
        assert duality_gap(model, middle, result.row_duals) > allowed


def far_scaled() -> Model:
    """min (x - 1e6)^2 * 1e3 + 1e-3 y^2 over x + 1e6 y >= 1e6: what HiGHS's quadratic solver finds hard."""
    matrix = Csr(np.array([0, 2]), np.array([0, 1], np.int32), np.array([1.0, 1e6]), 2)
    quadratic = Quadratic(np.array([0, 1]), np.array([0, 1]), np.array([1e3, 1e-3]))
    level = ObjectiveLevel(np.array([-2e9, 0.0]), 1e15, quadratic)
    return Model("far", "min", (level,), matrix, np.array([1e6]), np.array([np.inf]), np.zeros(2), np.full(2, np.inf),
                 np.zeros(2, np.int8))  # fmt: skip


def test_an_unproven_optimum_is_not_called_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_program(1)
    optimum = solve(model, solver="scip").objective
    monkeypatch.setattr("solvers.adapters.certificate.duality_gap", lambda *_: 1e9)
    doubted = solve(model, solver="highs")
    assert doubted.termination == "numerical"
    assert "multipliers prove it only within 1e+09" in doubted.message
    chosen = solve(model)
    assert (chosen.termination, chosen.solver) == ("optimal", "scip")
    assert chosen.objective == pytest.approx(optimum, rel=1e-5, abs=1e-5)
    assert "solved again with SCIP" in chosen.message


def test_wide_scales_end_in_the_optimum_or_in_doubt() -> None:
    result = solve(far_scaled())
    assert result.termination in ("optimal", "numerical")
    if result.termination == "optimal":
        assert result.objective == pytest.approx(0.0, abs=1e3)
