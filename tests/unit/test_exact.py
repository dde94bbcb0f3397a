"""Models in whole numbers: fractions that were meant, proofs, derived bounds, machines, and what is refused by name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from solvers.exact import Refused, plan
from solvers.exact.bounds import derived_bounds
from solvers.exact.disjunctive import machines
from solvers.exact.rational import as_integers, common_step, rational
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.ground import ground
from solvers.reformulate import reformulate

CPSAT = {"linear", "integer", "semicontinuous", "indicator", "no_overlap", "circuit", "alldifferent"}


def model(rules: dict[str, str], *variables: Variable, cost: str = "0", sense: str = "min"):
    rows = tuple(Constraint(name, text) for name, text in rules.items())
    f = Formulation(
        "t", Objective(sense, (Term("cost", cost),)), (IndexSet("S", elements=("a", "b", "c")),),  # type: ignore[arg-type]
        (Parameter("d", axes=("S",), cells=tuple(Cell((k,), v) for k, v in zip("abc", (2.5, 1.5, 3)))),),
        variables, constraints=rows,
    )  # fmt: skip
    return ground(reformulate(f, CPSAT).formulation)


def var(name: str, domain: str = "continuous", lower: str | None = "0", upper: str | None = "20", over: tuple[str, ...] = ()):
    return Variable(name, over, domain, lower, upper)  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "meant"), [
    (0.1, Fraction(1, 10)), (1 / 3, Fraction(1, 3)), (0.1 + 0.2, Fraction(3, 10)), (-2.5, Fraction(-5, 2)), (7.0, Fraction(7)),
    (1e-9, Fraction(1, 10**9)), (3.605551275463989, Fraction("3.605551275463989")), (2.0**60, Fraction(2**60)),
])
def test_floats_are_the_fractions_that_were_meant(value: float, meant: Fraction):
    assert rational(value) == meant


def test_rows_become_coprime_integers():
    assert as_integers([Fraction(1, 3), Fraction(-1, 2), Fraction(2)]) == ([2, -3, 12], Fraction(1, 6))
    assert common_step([Fraction(0), Fraction(9, 2), Fraction(6)]) == Fraction(3, 2)
    made = plan(model({"r": "0.4 * n - 0.6 * m <= 1"}, var("n", "integer"), var("m", "integer")))
    [row] = made.rows
    assert (row.coefs, row.low, row.high) == ((2, -3), None, 5)


def test_a_start_time_may_be_continuous_where_rows_are_differences():
    starts = var("s", over=("i in S",))
    made = plan(model({"r": "all(s[i] + d[i] <= 20 for i in S)", "q": "s['b'] >= s['a'] + d['a']"}, starts, cost="sum(s[i] for i in S)"))
    assert made.step == (Fraction(1, 2), Fraction(1, 2), Fraction(1))  # a and b on a grid of halves, c alone on one of ones
    made = plan(model({"r": "s['a'] + s['b'] <= 4.5"}, starts))
    assert made.step[0] == made.step[1] == Fraction(1, 2)  # a sum is a difference of x and -y


@pytest.mark.parametrize(("rules", "named"), [
    ({"mix": "s['a'] + s['b'] + s['c'] <= 4"}, "s[a] stands in mix with 2 others"),
    ({"mix": "s['a'] - 2 * s['b'] <= 4"}, "different coefficients in mix"),
    ({"one": "s['a'] + s['b'] <= 3", "two": "s['b'] + s['c'] <= 3", "three": "s['a'] + s['c'] <= 3"}, "no differences"),
    ({"all": "alldifferent(s[i] for i in S)"}, "s[a] stands in all"),
    ({"m": "no_overlap(s[i], s['a'] for i in S)"}, "durations of m"),
])
def test_without_a_proof_continuous_variables_are_refused_by_name(rules: dict[str, str], named: str):
    with pytest.raises(Refused, match="is continuous") as caught:
        plan(model(rules, var("s", over=("i in S",))))
    assert named in str(caught.value)


def test_half_integral_vertices_are_not_lost():
    """x + y <= 1, y + z <= 1, x + z <= 1 has the vertex (1/2, 1/2, 1/2): whole steps would lose 0.5."""
    rules = {f"r{k}": f"s['{a}'] + s['{b}'] <= 1" for k, (a, b) in enumerate(("ab", "bc", "ac"))}
    with pytest.raises(Refused):
        plan(model(rules, var("s", over=("i in S",)), cost="sum(s[i] for i in S)", sense="max"))


def test_missing_bounds_are_derived_or_named():
    free = var("n", "integer", None, None)
    made = plan(model({"r": "2 * n + m <= 9", "q": "n >= m - 4"}, free, var("m", "integer")))
    assert made.low[0] >= -24 and made.high[0] in (4, 5)
    with pytest.raises(Refused, match="n has no lower bound"):
        plan(model({"r": "2 * n + m <= 9"}, free, var("m", "integer"), cost="n"))
    with pytest.raises(Refused, match="n has no upper bound"):
        plan(model({"r": "n + m + k >= 9"}, var("n", "integer", "0", None), var("m", "integer"), var("k", "integer"), cost="-n"))


def test_starts_without_a_horizon_are_bounded_by_the_longest_path():
    rules = {"r": "s['b'] >= s['a'] + 4", "q": "s['c'] >= s['b'] + 3"}
    made = plan(model(rules, var("s", upper=None, over=("i in S",)), cost="s['c']"))
    assert all(7 <= high <= 30 for high in made.high)
    with pytest.raises(Refused, match=r"s\[.\] has no upper bound"):
        plan(model(rules, var("s", upper=None, over=("i in S",)), cost="-s['c']"))


def test_derived_bounds_never_cut_off_a_solution():
    rng = np.random.default_rng(5)
    for _ in range(200):
        a, b, c = rng.integers(-3, 4, 3)
        grounded = model({"r": f"{a} * n + {b} * m <= {c}", "q": "n + 2 * m >= -3"}, var("n", "integer", None, None), var("m", "integer", "-2", "2"))
        low, high = derived_bounds(grounded)
        for n in range(-30, 31):
            for m in range(-2, 3):
                if a * n + b * m <= c and n + 2 * m >= -3:
                    assert low[0] <= n <= high[0], (a, b, c, n, m)


def test_what_does_not_fit_64_bits_names_the_coefficient():
    with pytest.raises(Refused, match=r"r cannot be written .* the coefficient 0.1234567890123 of n"):
        plan(model({"r": "0.1234567890123 * n + m <= 3"}, var("n", "integer", "0", "1e9"), var("m", "integer")))
    with pytest.raises(Refused, match="the objective cannot be written"):
        plan(model({}, var("n", "integer", "0", "1e9"), var("m", "integer"), cost="0.1234567890123 * n + m"))
    with pytest.raises(Refused, match="beyond 2"):
        plan(model({}, var("n", "integer", "0", "1e17")))


def test_pairs_of_alternatives_become_machines_and_their_binaries_go():
    rules = {"r": "all(s[i] + d[i] <= s[j] or s[j] + d[j] <= s[i] for i in S for j in S if i < j)"}
    f = Formulation(
        "t", Objective("min", (Term("cost", "0"),)), (IndexSet("S", expr="range(3)"),),
        (Parameter("d", axes=("S",), cells=tuple(Cell((k,), v) for k, v in enumerate((2, 1, 3)))),),
        (Variable("s", ("i in S",), lower="0", upper="20"),), constraints=(Constraint("r", rules["r"]),),
    )  # fmt: skip
    made = plan(ground(reformulate(f, CPSAT).formulation))
    found = machines(made, frozenset())
    assert found.tasks == (((0, 2), (1, 1), (2, 3)),)
    assert len(found.replaced) == 6 and len(found.choices) == 3
    # A binary that serves elsewhere stays, and so do its rows.
    kept = machines(replace(made, columns=(3,), costs=(1,)), frozenset())
    assert len(kept.choices) == 2 and len(kept.replaced) == 4
    # So does one whose value is settled: the machine would forget it.
    settled = machines(replace(made, low=(*made.low[:3], 1, *made.low[4:])), frozenset())
    assert {c.column for c in settled.choices} == {4, 5}
