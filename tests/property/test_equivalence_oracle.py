"""The decision against all permutations on small models, and certificates against points."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from solvers.model import Model
from tests.property.equivalence_making import Plain, draw, mutated, rewritten, same
from verify.equivalence import Equivalence, Options, equivalent, replays

PLAIN = Options(witness=False, diff=False)


def pair(rng: random.Random) -> tuple[Plain, Plain]:
    one = draw(rng)
    way = rng.randrange(4)
    if way == 0:
        return one, rewritten(one, rng)
    if way == 1:
        return one, rewritten(mutated(one, rng), rng)
    if way == 2:
        return one, rewritten(mutated(mutated(one, rng), rng), rng)
    small = draw(rng, 3)
    return small, draw(rng, 3)


def agree(seeds: range) -> Counter[bool]:
    seen: Counter[bool] = Counter()
    for seed in seeds:
        one, two = pair(random.Random(seed))
        a, b = one.model(), two.model()
        found, back = equivalent(a, b, options=PLAIN), equivalent(b, a, options=PLAIN)
        truth = same(one, two)
        assert found.verdict == back.verdict == ("equivalent" if truth else "structurally_different"), seed
        if truth:
            assert replays(a, b, found.certificate), seed
            assert seed % 8 or (replays(b, a, back.certificate) and replays(a, b, found.certificate.to_json())), seed
            points_agree(a, b, found, seed)
        else:
            assert found.invariant is not None and found.invariant.text
        seen[truth] += 1
    return seen


def points_agree(a: Model, b: Model, found: Equivalence, seed: int) -> None:
    """At small half-integer points, both models hold or both do not, and the objectives are the same up to sense."""
    rng = np.random.default_rng(seed)
    sign = 1 if a.sense == b.sense else -1
    for _ in range(4):
        x = rng.integers(-2, 7, a.num_columns) / 2
        y = np.empty_like(x)
        y[found.certificate.columns] = x
        assert holds(a, x) == holds(b, y), seed
        assert a.objective.value(x) == pytest.approx(sign * b.objective.value(y)), seed


def holds(model: Model, x: np.ndarray) -> bool:
    whole = (model.kinds % 2 == 1) & (x != np.rint(x))
    inside = (model.col_lower <= x) & (x <= model.col_upper) | (model.kinds >= 2) & (x == 0)
    activity = model.activity(x)
    near = 1e-9
    rows = (model.row_lower - near <= activity) & (activity <= model.row_upper + near)
    return bool(inside.all() and rows.all() and not whole.any())


def test_a_thousand_small_pairs_as_all_permutations_say() -> None:
    seen = agree(range(1_000))
    assert min(seen[True], seen[False]) > 200


@pytest.mark.slow
def test_twelve_thousand_small_pairs_as_all_permutations_say() -> None:
    seen = agree(range(1_000, 13_000))
    assert min(seen[True], seen[False]) > 2_000
