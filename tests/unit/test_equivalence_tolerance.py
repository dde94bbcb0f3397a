"""Tolerance mode: labelled, verified within the tolerance, and silent where nearness does not decide."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from tests.property.equivalence_making import INF, Plain, draw, rewritten, shuffled
from verify.equivalence import Options, equivalent, replays

EXACT = Options(witness=False, diff=False)
NEAR = Options(tolerance=1e-9, witness=False, diff=False)


def build(first: float, scale: float = 1.0) -> Plain:
    rows = [([(0, first * scale), (1, 3.0 * scale)], -INF, 5.0 * scale), ([(1, 1.0), (2, -1.0)], 0.0, 0.0)]
    return Plain([(0, 0.0, INF, 1.0), (0, 0.0, INF, 2.0), (1, 0.0, 9.0, 0.1)], rows)


@pytest.mark.parametrize(
    ("one", "two"),
    [(build(1.0), build(1.0 + 1e-12)), (build(1.0), build(1.0, 1 / 3)), (build(1.0), build(1.0, -1 / 7)), (build(0.1), build(0.1 + 1e-17))],
)  # fmt: skip
def test_near_numbers_agree_in_a_mode_of_its_own(one: Plain, two: Plain) -> None:
    if two.rows[0][2] < 0:
        terms, _, up = two.rows[0]
        two.rows[0] = (terms, up, INF)
    a, b = one.model(), shuffled(two, random.Random(3)).model()
    exact = equivalent(a, b, options=EXACT).verdict
    for x, y in ((a, b), (b, a)):
        found = equivalent(x, y, options=NEAR)
        assert found.verdict == "equivalent" and replays(x, y, found.certificate)
        assert found.mode == ("exact" if exact == "equivalent" else "tolerance 1e-09")


def test_what_is_farther_apart_differs() -> None:
    a, b = build(1.0).model(), build(1.0 + 1e-6).model()
    found = equivalent(a, b, options=NEAR)
    assert (found.verdict, found.mode) == ("structurally_different", "tolerance 1e-09")
    near = equivalent(a, build(1.0 + 1e-12).model(), options=NEAR).certificate
    assert near is not None and not replays(a, b, near)


def test_a_chain_of_near_numbers_decides_nothing() -> None:
    steps = [1.0 + k * 0.6e-9 for k in range(3)]
    one = Plain([(0, 0.0, INF, c) for c in (steps[0], steps[2])], [])
    two = Plain([(0, 0.0, INF, c) for c in (steps[1], steps[1])], [])
    found = equivalent(one.model(), two.model(), options=NEAR)
    assert found.verdict == "undecided" and "runs of near numbers" in found.budget


def test_noise_of_rounding_is_forgiven() -> None:
    forgiven = 0
    for seed in range(150):
        rng = random.Random(seed)
        one = draw(rng)
        two = rewritten(one, rng)
        noise = lambda v, rng=rng: float(np.nextafter(v, rng.choice([-INF, INF]))) if v else v  # noqa: E731
        two.rows = [([(j, noise(c)) for j, c in terms], noise(lo) if abs(lo) < INF else lo, noise(up) if abs(up) < INF else up)
                    for terms, lo, up in two.rows if len({j for j, _ in terms}) == len(terms) > 1]  # fmt: skip
        one.rows = [row for row in one.rows if len(row[0]) > 1]
        a, b = one.model(), two.model()
        found = equivalent(a, b, options=NEAR)
        if found.verdict == "equivalent":
            assert replays(a, b, found.certificate), seed
            forgiven += found.mode != "exact"
    assert forgiven > 30


def test_without_exactness_the_mode_is_the_tolerance() -> None:
    a, b = build(1.0).model(), shuffled(build(1.0), random.Random(1)).model()
    found = equivalent(a, b, options=Options(exact=False, tolerance=1e-9, witness=False, diff=False))
    assert (found.verdict, found.mode) == ("equivalent", "tolerance 1e-09") and replays(a, b, found.certificate)


@pytest.mark.parametrize(
    "wrong", [{"exact": False}, {"tolerance": -1.0}, {"tolerance": float("nan")}, {"change_of_variables": ("rows",)}]
)
def test_options_that_cannot_be_met_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"tolerance|change_of_variables"):
        Options(**wrong)
