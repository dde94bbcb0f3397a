"""What a solver's own tolerances would turn into a wrong answer that looks right."""

from __future__ import annotations

import _thread
import itertools
import math
import threading
import time
from typing import Any

import pytest

from solvers import solve
from solvers.adapters import SolveOptions
from solvers.adapters.highs import HighsSession
from solvers.errors import FormulateError, UnsupportedError
from solvers.ground import ground
from solvers.schema import from_dict


def formulation(objective: Any, *constraints: str, sense: str = "max", **extra: Any) -> Any:
    terms = [{"name": "goal", "expr": objective}] if isinstance(objective, str) else objective
    return from_dict({
        "schema": "formulate/1", "name": "t", "objective": {"sense": sense, "terms": terms},
        "constraints": [{"name": f"c{k}", "expr": c} for k, c in enumerate(constraints)],
        "variables": [{"name": n, "lower": "0", "upper": "10"} for n in ("a", "b")], **extra,
    })


WEIGHTS, WORTHS = (5, 8, 13, 4, 9, 11, 7), (12, 17, 30, 7, 22, 25, 16)


@pytest.mark.parametrize("solver", ["highs", "scip"])
@pytest.mark.parametrize("scale", [1e-8, 1e-11, 1.0, 1e12])
def test_a_small_objective_is_optimised_like_a_large_one(solver: str, scale: float) -> None:
    best = max(
        sum(itertools.compress(WORTHS, pick)) for pick in itertools.product((0, 1), repeat=7)
        if sum(itertools.compress(WEIGHTS, pick)) <= 28
    )
    problem = formulation(
        "sum(worth[i] * take[i] for i in items)", "sum(weight[i] * take[i] for i in items) <= 28",
        sets=[{"name": "items", "expr": "range(7)"}],
        parameters=[{"name": "weight", "axes": ["items"], "values": list(WEIGHTS)},
                    {"name": "worth", "axes": ["items"], "values": [w * scale for w in WORTHS]}],
        variables=[{"name": "take", "over": ["i in items"], "domain": "binary"}],
    )
    result = solve(problem, solver=solver)
    assert result.termination == "optimal"
    assert result.objective == pytest.approx(best * scale, rel=1e-9)
    assert result.bound == pytest.approx(best * scale, rel=1e-4)


def test_duals_are_those_of_the_objective_as_written() -> None:
    problem = formulation("3e-6 * a + 2e-6 * b", "a + b <= 4", "a <= 3")
    result = solve(problem, solver="highs")
    assert result.objective == pytest.approx(3e-6 * 3 + 2e-6)
    assert float(result.duals["c0"].array[0]) == pytest.approx(2e-6)
    assert float(result.duals["c1"].array[0]) == pytest.approx(1e-6)


def test_coefficients_that_solvers_take_for_zero_are_refused_with_their_place() -> None:
    free = {"variables": [{"name": "a", "lower": "0"}]}
    assert solve(formulation("a", "1e-10 * a >= 1", sense="min", **free)).objective == pytest.approx(1e10)
    with pytest.raises(UnsupportedError, match=r"c0 has 1e-12 on a; scale its unit"):
        solve(formulation("a", "1e-12 * a <= 1", **free))
    with pytest.raises(UnsupportedError, match=r"c0 has 1e-10 on a"):
        solve(formulation("a", "1e-10 * a <= 1", **free), solver="scip")
    # What is left of a difference is no coefficient: 0.1 + 0.2 - 0.3 is 5.6e-17.
    assert solve(formulation("a", "(0.1 + 0.2 - 0.3) * b + a <= 4")).objective == pytest.approx(4)


@pytest.mark.parametrize(("row", "best"), [
    ("b <= 1 / a", 10.0), ("b <= -log(a)", 10.0), ("b <= 1 / (a + 2 * a)", 10.0), ("b * 0.5 <= a ** (-0.5)", 10.0),
])  # fmt: skip
def test_a_function_undefined_at_a_bound_makes_nothing_infeasible(row: str, best: float) -> None:
    result = solve(formulation("b", row), time_limit=20)
    assert result.has_solution
    assert result.check is not None
    assert result.check.feasible
    assert result.objective == pytest.approx(best)


@pytest.mark.parametrize(("objective", "sense"), [
    ("log(a)", "min"), ("1 / a", "max"), ("-log(a + b)", "max"), ("a ** (-2)", "max"),
    ("(3 * a + 2 * b + 1) / (a + b)", "max"),
])  # fmt: skip
def test_an_optimum_next_to_a_singularity_is_not_called_proven(objective: str, sense: str) -> None:
    result = solve(formulation(objective, sense=sense), time_limit=20)
    assert result.termination != "optimal"


def test_a_ratio_is_not_decided_by_dust_below_a_bound() -> None:
    result = solve(formulation("(3 * a + 2 * b) / (a + b)", "a + b <= 8"), time_limit=3)
    assert result.objective is None or result.objective <= 3 + 1e-9


def test_functions_are_left_alone_where_they_are_defined() -> None:
    bounded = {"variables": [{"name": "a", "lower": "1e-8", "upper": "1e-7"}]}
    assert solve(formulation("log(a)", sense="min", **bounded)).objective == pytest.approx(math.log(1e-8))
    wide = {"variables": [{"name": "a", "lower": "-3", "upper": "4"}]}
    assert solve(formulation("sqrt(a)", sense="min", **wide)).objective == pytest.approx(0, abs=1e-6)
    assert solve(formulation("a ** 1.5", sense="min", **wide)).objective == pytest.approx(0, abs=1e-6)
    assert solve(formulation("a ** (-1)", "a >= 0.5", **wide)).objective == pytest.approx(2, rel=1e-5)


def test_powers_with_a_varying_exponent() -> None:
    problem = formulation("a ** b", sense="min", variables=[
        {"name": "a", "lower": "0", "upper": "4"}, {"name": "b", "lower": "1", "upper": "2"}])
    assert solve(problem, time_limit=20).objective == pytest.approx(0, abs=1e-5)
    with pytest.raises(UnsupportedError, match="base may be negative"):
        solve(formulation("b", "(-2) ** a >= 8"))


@pytest.mark.parametrize("domain", ["semicontinuous", "semi-integer"])
def test_a_semicontinuous_variable_below_zero_goes_to_a_solver_that_holds_it(domain: str) -> None:
    below = [{"name": "a", "domain": domain, "lower": "-5", "upper": "-2"}]
    result = solve(formulation("a", "a <= -1", variables=below))
    assert (result.termination, result.objective) == ("optimal", pytest.approx(-2))
    with pytest.raises(UnsupportedError, match="only from 0 on"):
        solve(formulation("a", "a <= -1", variables=below), solver="highs")


def test_a_lower_priority_takes_nothing_visible_from_a_higher_one() -> None:
    terms = [{"name": "leading", "expr": "a + b", "priority": 2}, {"name": "next_one", "expr": "a - 3 * b", "priority": 1}]
    result = solve(formulation(terms, "a + b <= 7"))
    assert result.termination == "optimal"
    assert result.levels == pytest.approx((7, 7), rel=1e-7)
    assert dict(result.values["a"]) == pytest.approx({(): 7}, rel=1e-7)


def test_an_interrupt_stops_highs_and_keeps_what_it_has() -> None:
    machines = from_dict({
        "schema": "formulate/1", "name": "hard", "objective": {"sense": "min", "terms": [{"name": "o", "expr": "m"}]},
        "sets": [{"name": "I", "expr": "range(300)"}, {"name": "K", "expr": "range(40)"}],
        "variables": [{"name": "x", "over": ["i in I", "k in K"], "domain": "binary"}, {"name": "m", "lower": "0"}],
        "constraints": [
            {"name": "once", "over": ["i in I"], "expr": "sum(x[i, k] for k in K) == 1"},
            {"name": "load", "over": ["k in K"], "expr": "sum(((i * 7919) % 97 + 31) * x[i, k] for i in I) <= m"}],
    })
    session = HighsSession(ground(machines), SolveOptions(time_limit=300))
    started = time.monotonic()
    threading.Timer(2.0, _thread.interrupt_main).start()
    raw = session.solve()
    assert raw.termination == "interrupted"
    assert time.monotonic() - started < 150


@pytest.mark.parametrize("domain", ["semicontinuous", "semi-integer"])
def test_a_semicontinuous_variable_without_lower_starts_at_zero(domain: str) -> None:
    for solver in ("highs", "scip"):
        result = solve(formulation("a", sense="min", variables=[{"name": "a", "domain": domain, "upper": "5"}]),
                       solver=solver)
        assert (result.termination, result.objective) == ("optimal", pytest.approx(0))


@pytest.mark.parametrize("solver", ["highs", "glop", "pdlp"])
def test_rows_of_small_numbers_are_kept_and_priced(solver: str) -> None:
    """Within an absolute tolerance of 1e-9 any point would fulfil 1e-10 a >= 3e-10."""
    if solver != "highs":
        pytest.importorskip("ortools", reason=f"{solver} needs ortools")
    result = solve(formulation("a", "1e-10 * a >= 3e-10", sense="min"), solver=solver)
    assert result.objective == pytest.approx(3, abs=1e-6)
    assert result.duals["c0"][()] == pytest.approx(1e10, rel=1e-6)


@pytest.mark.parametrize("solver", [None, "highs", "scip", "glop", "gscip"])
def test_bounds_that_solvers_take_for_infinite_are_said(solver: str | None) -> None:
    if solver in ("glop", "gscip"):
        pytest.importorskip("ortools", reason=f"{solver} needs ortools")
    result = solve(formulation("x", "x <= 2e20", variables=[{"name": "x", "lower": "0", "upper": "1e20"}]), solver=solver)
    assert result.termination == "unbounded"
    assert "limits of 1e+20 and more are infinity to solvers, and were left out: x and 1 more" in result.message


def test_a_bound_that_lies_at_infinity_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"x: the interval \[1e\+20, inf\] lies beyond 1e\+20"):
        solve(formulation("x", variables=[{"name": "x", "lower": "1e20"}], sense="min"))


@pytest.mark.parametrize("solver", [None, "scip"])
def test_a_number_that_no_solver_holds_is_an_honest_failure(solver: str | None) -> None:
    problem = formulation("1e300*a + b", "a + b <= 3")
    try:
        termination = solve(problem, solver=solver).termination
    except FormulateError as error:
        assert error.remedy
    else:
        assert termination in ("numerical", "error")
