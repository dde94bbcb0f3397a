"""Shadow prices and ranges against re-solving just inside and just outside; what-if against solving from scratch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import SolveOptions, adapter
from solvers.data import Data
from solvers.diagnose import sensitivity, what_if
from solvers.diagnose.basis import condition_number
from solvers.diagnose.subject import subject
from solvers.model import Model, ObjectiveLevel
from tests.property.diagnose_making import bounded_lp

SEEDS = 60


def optimum(model: Model) -> float | None:
    raw = adapter("highs").solve(model, SolveOptions())
    return raw.objective if raw.termination == "optimal" else None


def with_side(model: Model, i: int, side: str, value: float) -> Model:
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    if side in (">=", "=="):
        lower[i] = value
    if side in ("<=", "=="):
        upper[i] = value
    return replace(model, row_lower=lower, row_upper=upper)


def test_prices_hold_within_their_ranges_and_not_beyond() -> None:
    inside = beyond = 0
    for seed in range(SEEDS):
        model = bounded_lp(seed)
        found = sensitivity(model)
        base = optimum(model)
        assert base is not None and np.isclose(found.objective, base)
        for price in found.prices:
            i = int(price.name[1:])
            if not price.binding:
                assert price.dual == 0.0
                continue
            for end in (price.low, price.high):
                span = end - price.right_side
                near = price.right_side + (0.9 * span if np.isfinite(span) else 1000.0)
                value = optimum(with_side(model, i, price.binding, near))
                assert value is not None, (seed, price)
                assert np.isclose(value, base + price.dual * (near - price.right_side), atol=1e-6), (seed, price)
                inside += 1
                if not np.isfinite(span) or found.degenerate or found.alternatives:
                    continue
                far = price.right_side + 1.2 * span + 0.01 * np.sign(span)
                moved = with_side(model, i, price.binding, far)
                value = None if np.any(moved.row_lower > moved.row_upper) else optimum(moved)
                assert value is None or not np.isclose(value, base + price.dual * (far - price.right_side), atol=1e-7), (seed, price)
                beyond += 1
    assert inside > 50 and beyond > 20


def test_cost_ranges_keep_the_plan_and_lose_it_beyond() -> None:
    kept = lost = 0
    for seed in range(SEEDS):
        model = bounded_lp(seed)
        found = sensitivity(model)
        if found.degenerate or found.alternatives:
            continue
        plan = np.array([c.value for c in found.costs])
        for j, cost in enumerate(found.costs):
            assert cost.low <= cost.cost <= cost.high
            for end in (cost.low, cost.high):
                span = end - cost.cost
                for factor, holds in ((0.9, True), (1.1, False)):
                    if not np.isfinite(span) and not holds:
                        continue
                    costs = model.objective.costs.copy()
                    costs[j] += (factor * span if np.isfinite(span) else 50.0 * np.sign(span)) + (0 if holds else 1e-3 * np.sign(span))
                    raw = adapter("highs").solve(replace(model, levels=(ObjectiveLevel(costs),)), SolveOptions())
                    same = raw.x is not None and bool(np.allclose(raw.x, plan, atol=1e-6))
                    assert same == holds, (seed, cost, factor)
                    kept, lost = kept + holds, lost + (not holds)
    assert kept > 50 and lost > 30


def test_the_condition_number_is_of_the_right_size() -> None:
    """Against numpy on the basis that HiGHS ends with: an estimate from below, seldom far below."""
    from solvers.adapters.highs import HighsSession

    for seed in range(20):
        model = bounded_lp(seed)
        estimate, note = condition_number(subject(model))
        assert estimate is not None, note
        session = HighsSession(model)
        session.solve()
        basis, names = session.highs.getBasis(), session.highspy.HighsBasisStatus
        a = np.zeros((model.num_rows, model.num_columns))
        a[model.matrix.row_of(), model.matrix.index] = model.matrix.value
        columns = [a[:, j] for j, s in enumerate(basis.col_status) if s == names.kBasic]
        columns += [np.eye(model.num_rows)[i] for i, s in enumerate(basis.row_status) if s == names.kBasic]
        true = np.linalg.cond(np.array(columns).T, 1)
        assert true / 3 <= estimate <= true * (1 + 1e-6), seed


@pytest.mark.parametrize("seed", range(12))
def test_what_if_agrees_with_a_cold_solve(seed: int) -> None:
    """A transport problem whose supply, demand, cost and a cell that shapes a set are changed, warm and from scratch."""
    from solvers import Formulation
    from tests.unit.diagnose_files import TRANSPORT

    rng = np.random.default_rng(seed)
    formulation = Formulation.read(str(TRANSPORT))
    cells = [("supply", ("Seattle",)), ("demand", ("Chicago",)), ("cost", ("San Diego", "Topeka")), ("most", ()), ("days", ())]
    chosen = [cells[int(k)] for k in rng.choice(len(cells), int(rng.integers(1, 4)), replace=False)]
    size = {"supply": (300, 900), "demand": (100, 600), "cost": (50, 400), "most": (100, 500), "days": (1, 4)}
    changes = {cell: float(rng.integers(*size[cell[0]])) for cell in chosen}
    answer = what_if(formulation, changes)
    cold = solve(formulation, Data.inline(formulation).override(changes))
    assert answer.after.termination == cold.termination
    if cold.objective is not None and answer.after.objective is not None:
        assert np.isclose(answer.after.objective, cold.objective)
        assert answer.after.check is not None and answer.after.check.feasible
    assert answer.warm == (("days", ()) not in chosen)
    before = solve(formulation)
    assert answer.before.objective is not None and np.isclose(answer.before.objective, before.objective or 0.0)
