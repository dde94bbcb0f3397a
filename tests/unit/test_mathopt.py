"""GLOP, PDLP and GSCIP against HiGHS and against enumeration, and what PDLP may call an optimum."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from solvers.adapters import SolveOptions, adapter
from solvers.adapters.base import crossed_bounds
from solvers.model import INTEGER, Indicators, Model, Quadratic, Sos
from tests.unit.hard_models import arrays, need, random_lp

OPTIONS = SolveOptions()


@pytest.fixture(autouse=True)
def ortools() -> None:
    need("glop")


@pytest.mark.parametrize("solver", ["glop", "pdlp", "gscip"])
@pytest.mark.parametrize("seed", range(12))
def test_linear_programs_have_the_optimum_and_the_prices_of_highs(solver: str, seed: int) -> None:
    model = random_lp(seed)
    expected, found = adapter("highs").solve(model, OPTIONS), adapter(solver).solve(model, OPTIONS)
    assert found.termination == expected.termination == "optimal"
    assert found.objective == pytest.approx(expected.objective, abs=1e-6)
    assert found.bound == pytest.approx(expected.objective, abs=1e-5)
    if solver == "gscip":
        assert found.dual_status == "none"
        return
    assert found.dual_status == "feasible"
    # Prices need not be unique; what they say of the objective is.
    y, reduced = found.row_duals, found.reduced_costs
    assert y is not None
    assert reduced is not None
    flip = 1 if model.sense == "min" else -1
    low, high = (model.row_lower, model.row_upper) if flip > 0 else (model.row_upper, model.row_lower)
    ends = (model.col_lower, model.col_upper) if flip > 0 else (model.col_upper, model.col_lower)
    worth = 0.5
    for price, (a, b) in ((y, (low, high)), (reduced, ends)):
        used = np.abs(price) > 1e-7
        worth += float(price[used] @ np.where(price > 0, a, b)[used])
    assert worth == pytest.approx(expected.objective, abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_whole_numbers_have_the_optimum_of_highs(seed: int) -> None:
    model = random_lp(seed, whole=True)
    expected, found = adapter("highs").solve(model, OPTIONS), adapter("gscip").solve(model, OPTIONS)
    assert found.termination == expected.termination
    assert found.objective == pytest.approx(expected.objective)


def enumerated(model: Model) -> float | None:
    """The optimum over all whole points, by the meaning of rows, indicators and SOS."""
    best: float | None = None
    spans = (range(int(low), int(high) + 1) for low, high in zip(model.col_lower, model.col_upper))
    for point in itertools.product(*spans):
        x = np.array(point, dtype=float)
        activity = model.activity(x)
        holds = (model.row_lower <= activity) & (activity <= model.row_upper)
        if model.indicators is not None:
            holds[model.indicators.row] |= x[model.indicators.column] != model.indicators.active
        if not holds.all() or not all(_allowed(x, item) for item in model.sos):
            continue
        value = model.objective.value(x)
        if best is None or (value < best if model.sense == "min" else value > best):
            best = value
    return best


def _allowed(x: np.ndarray, item: Sos) -> bool:
    used = [k for k, j in enumerate(item.columns[np.argsort(item.weights)]) if x[j] != 0]
    return len(used) <= item.kind and (len(used) < 2 or used[1] - used[0] == 1)


@pytest.mark.parametrize("seed", range(40))
def test_indicators_sets_and_products_mean_what_they_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = (np.where(rng.random(3) < 0.5, -np.inf, rng.integers(-4, 1, 3)), np.where(rng.random(3) < 0.3, np.inf, rng.integers(0, 5, 3)))
    model = arrays(
        ["min", "max"][seed % 2], rng.integers(-5, 6, 4), rng.integers(-3, 4, (3, 4)), rows, ([0, -1, 0, 0], [1, 3, 3, 3]),
        whole=True, indicators=Indicators(np.array([1, 2]), np.array([0, 0]), rng.integers(0, 2, 2)),
    )  # fmt: skip
    if seed % 3:
        sos = Sos(int(rng.integers(1, 3)), np.array([3, 1, 2]), np.array([3.0, 1.0, 2.0]))
        model = replace(model, sos=(sos,))
    if seed % 4 == 0:
        products = Quadratic(np.array([1, 2]), np.array([2, 2]), np.array([1.0, -1.0]), np.zeros(2, dtype=int))
        model = replace(model, quadratic_rows=products)
    best = enumerated(model)
    for solver in ("gscip", "scip"):
        if adapter(solver).refusal(model) is None:
            found = adapter(solver).solve(model, OPTIONS)
            assert found.termination == ("infeasible" if best is None else "optimal"), solver
            assert found.objective == (None if best is None else pytest.approx(best, abs=1e-6)), solver
    assert adapter("gscip").refusal(model) is None


def test_what_a_back_end_cannot_hold_is_refused_before_building() -> None:
    model = arrays("min", [1, 1], [[1, 1]], ([1], [9]), ([0, 0], [9, 9]))
    cross = Quadratic(np.array([0]), np.array([1]), np.array([1.0]))
    square = Quadratic(np.array([0]), np.array([0]), np.array([1.0]))
    with_cross = replace(model, levels=(replace(model.objective, quadratic=cross),))
    with_square = replace(model, levels=(replace(model.objective, quadratic=square),))
    concave = replace(with_square, sense="max")
    whole = replace(model, kinds=np.full(2, INTEGER))
    under = replace(
        whole, quadratic_rows=replace(cross, row=np.zeros(1, dtype=int)), col_upper=np.ones(2),
        indicators=Indicators(np.array([0]), np.array([0]), np.array([1])),
    )  # fmt: skip
    assert "quadratic objective" in str(adapter("glop").refusal(with_square))
    assert "two different variables" in str(adapter("pdlp").refusal(with_cross))
    assert "not convex" in str(adapter("pdlp").refusal(concave))
    assert adapter("pdlp").refusal(with_square) is None
    assert "integer" in str(adapter("pdlp").refusal(whole))
    assert "under an indicator" in str(adapter("gscip").refusal(under))


def test_pdlp_is_not_believed_where_its_point_is_off() -> None:
    """Rows of sizes 1e-5 and 1e5 with a thin feasible set: within its relative tolerance PDLP may stop too early."""
    rng = np.random.default_rng(0)
    for seed in range(4):
        matrix = rng.normal(size=(8, 6)) * 10.0 ** rng.integers(-5, 6, (8, 1))
        inside = rng.random(6) * 1000
        right = matrix @ inside
        model = arrays("min", rng.random(6), matrix, (right - 1e-4, right + 1e-4), (np.zeros(6), np.full(6, 1e4)))
        exact = adapter("highs").solve(model, OPTIONS)
        found = adapter("pdlp").solve(model, SolveOptions(time_limit=3.0))
        if found.termination == "optimal":
            assert found.objective == pytest.approx(exact.objective, rel=1e-4), seed
        else:
            assert found.termination in ("numerical", "time_limit", "iteration_limit", "infeasible"), seed


def test_crossed_bounds_are_infeasible_before_any_solver() -> None:
    model = arrays("min", [1, 1], [[1, 1]], ([1], [9]), ([0, 3], [9, 2]))
    assert crossed_bounds(model) == "the bounds of x cross"
    for solver in ("glop", "pdlp", "gscip", "scip", "highs"):
        assert adapter(solver).solve(model, OPTIONS).termination == "infeasible"
    rows = arrays("min", [1, 1], [[1, 1]], ([9], [1]), ([0, 0], [9, 9]))
    for solver in ("glop", "pdlp", "gscip", "scip", "highs"):
        assert adapter(solver).solve(rows, OPTIONS).termination == "infeasible"


def test_a_time_limit_is_kept_and_unused_options_are_named() -> None:
    model = arrays("max", [3, 2], [[1, 1]], ([-np.inf], [4]), ([0, 0], [9, 9]))
    raw = adapter("glop").solve(model, SolveOptions(time_limit=5.0, gap=0.1, threads=2, seed=2**31))
    assert raw.objective == pytest.approx(12.5)
    assert "GLOP has no use for gap and threads" in raw.message


@pytest.mark.parametrize("order", [("highs", "glop", "gscip"), ("gscip", "glop", "highs"), ("pdlp", "highs", "scip")])
def test_highspy_and_ortools_share_a_process_in_either_order(order: tuple[str, ...]) -> None:
    program = (
        "from tests.unit.hard_models import random_lp\nfrom solvers.adapters import SolveOptions, adapter\n"
        f"print([round(adapter(n).solve(random_lp(3), SolveOptions()).objective, 4) for n in {order!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == pytest.approx([found[0]] * 3)
