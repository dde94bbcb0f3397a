"""Models made to mislead colour refinement, hashes and floats: never a wrong verdict."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from tests.property import equivalence_graphs as graphs
from tests.property.equivalence_making import INF, Plain, draw, rewritten, same, shuffled
from verify.equivalence import Options, equivalent, replays
from verify.equivalence.decide import decide
from verify.equivalence.graph import joint_graph
from verify.equivalence.invariant import Pair
from verify.equivalence.normalise import normalise
from verify.equivalence.numbers import Numbers

PLAIN = Options(witness=False, diff=False)

CFI = {
    "K4": graphs.COMPLETE4, "K33": graphs.BIPARTITE33, "Petersen": graphs.PETERSEN, "prism of 20": graphs.PRISM20,
    "a cubic graph of 24": graphs.cubic(24, 5),
}  # fmt: skip
HARD = {
    "a six-cycle and two triangles": (graphs.cycle(6), graphs.cycle(3, 3)),
    "long cycles": (graphs.cycle(60), graphs.cycle(20, 40)),
    "rook and Shrikhande": (graphs.ROOK, graphs.SHRIKHANDE),
    "Latin squares of order 5": (graphs.CYCLIC5, graphs.OTHER5),
    "T(8) and Chang 1": (graphs.T8, graphs.CHANG1),
    "Chang 1 and 2": (graphs.CHANG1, graphs.CHANG2),
    "Chang 2 and 3": (graphs.CHANG2, graphs.CHANG3),
    "cubic graphs of 80": (graphs.cubic(80, 1), graphs.cubic(80, 2)),
    "tori": (graphs.torus(6, 6), graphs.torus(4, 9)),
    "twisted parts beside plain ones": (
        graphs.beside(graphs.cfi(*graphs.COMPLETE4, False), graphs.cfi(*graphs.COMPLETE4, True)),
        graphs.beside(graphs.cfi(*graphs.COMPLETE4, True), graphs.cfi(*graphs.COMPLETE4, True)),
    ),
    **{f"CFI over {name}": (graphs.cfi(*base, False), graphs.cfi(*base, True)) for name, base in CFI.items()},
}


@pytest.mark.parametrize("name", HARD)
def test_alike_under_refinement_and_yet_different(name: str) -> None:
    one, two = HARD[name]
    rng = random.Random(3)
    a, b = graphs.covering(*one, rng).model(), graphs.covering(*two, rng).model()
    assert a.matrix.nonzeros == b.matrix.nonzeros
    for first, second in ((a, b), (b, a)):
        found = equivalent(first, second, options=PLAIN)
        assert found.verdict == "structurally_different", found
        assert found.invariant is not None and found.invariant.text


@pytest.mark.parametrize("name", HARD)
def test_alike_under_refinement_and_the_same(name: str) -> None:
    for graph in HARD[name]:
        rng = random.Random(4)
        a, b = graphs.covering(*graph, rng).model(), graphs.covering(*graph, rng).model()
        found = equivalent(a, b, options=PLAIN)
        assert found.verdict == "equivalent", found
        assert replays(a, b, found.certificate)


def test_a_budget_that_runs_out_is_named_and_is_no_verdict() -> None:
    a = graphs.covering(*graphs.cfi(*graphs.PETERSEN, False)).model()
    b = graphs.covering(*graphs.cfi(*graphs.PETERSEN, True)).model()
    found = equivalent(a, b, options=Options(nodes=3, witness=False, diff=False))
    assert (found.verdict, found.budget) == ("undecided", "3 nodes of the search tree are used up")
    found = equivalent(a, b, options=Options(seconds=0.0, witness=False, diff=False))
    assert found.verdict == "undecided" and "seconds" in found.budget


def square(values: list[list[float]], around: int = 3) -> Plain:
    """A square of coefficients inside a larger model."""
    k = len(values)
    rows = [([(j, float(c)) for j, c in enumerate(row)], -INF, 4.0) for row in values]
    rows += [([(0, 1.0), (1, 1.0), (k + t, 2.0)], -INF, 7.0 + t) for t in range(around)]
    return Plain([(0, 0.0, INF, 1.0)] * (k + around), rows)


@pytest.mark.parametrize(
    ("one", "two"),
    [([[1, 3], [3, 1]], [[2, 2], [2, 2]]), ([[1, -1], [-1, 1]], [[2, -2], [-2, 2]]), ([[1, 1], [1, 1]], [[1, 1], [1, 2]]),
     ([[1, -1], [1, -1]], [[1, 1], [-1, -1]]), ([[1, 2, 3], [2, 3, 1], [3, 1, 2]], [[1, 2, 3], [3, 1, 2], [1, 3, 2]])],
)  # fmt: skip
def test_sums_that_collide_and_signs_that_cancel(one: list[list[float]], two: list[list[float]]) -> None:
    a, b = square(one), square(two)
    for first, second in ((a, b), (b, a), (a, a), (b, b)):
        second = shuffled(second, random.Random(5))
        truth = "equivalent" if same(first, second) else "structurally_different"
        assert equivalent(first.model(), second.model(), options=PLAIN).verdict == truth
    assert not same(a, b)


@pytest.mark.parametrize("bits", [0, 1, 8])
def test_a_weak_hash_changes_no_verdict(bits: int) -> None:
    hard = [(graphs.covering(*one), graphs.covering(*two)) for one, two in list(HARD.values())[:4]]
    rng = random.Random(bits)
    small = [(one, rewritten(one, rng) if seed % 2 else draw(rng)) for seed in range(60) for one in [draw(rng)]]
    for one, two in hard + small + [(one, shuffled(one, rng)) for one, _ in hard]:
        numbers = Numbers()
        a, b = one.model(), two.model()
        strong = equivalent(a, b, options=PLAIN)
        first, second = normalise(a, numbers), normalise(b, numbers)
        if not np.array_equal(first.offsets, second.offsets):
            continue
        pair = Pair((a, b), (first, second), joint_graph(first, second))
        weak = decide(pair, PLAIN, mask=(1 << bits) - 1)
        assert weak.verdict == strong.verdict
        if weak.certificate is not None:
            assert replays(a, b, weak.certificate)


@pytest.mark.parametrize("value", [1 / 3, 0.1, 1e-300, 123456.789, 2.0**60, 1e22])
@pytest.mark.parametrize("where", ["coefficient", "side", "bound", "cost", "constant"])
def test_one_unit_in_the_last_place_is_seen(value: float, where: str) -> None:
    def build(number: float) -> Plain:
        numbers = {key: number if key == where else 0.7 for key in ("coefficient", "side", "bound", "cost", "constant")}
        rows = [([(0, numbers["coefficient"]), (1, 0.7)], -INF, numbers["side"])]
        columns = [(0, -INF, numbers["bound"], numbers["cost"]), (0, -INF, INF, 2.0)]
        return Plain(columns, rows, offset=numbers["constant"])

    a, b = build(value).model(), build(float(np.nextafter(value, INF))).model()
    assert equivalent(a, b, options=PLAIN).verdict == "structurally_different"
    assert equivalent(a, build(value).model(), options=PLAIN).verdict == "equivalent"


def test_every_order_of_a_small_model_is_the_same_model() -> None:
    plain = Plain(
        [(1, 0.0, 4.0, 1.0), (0, 0.0, INF, 1.0), (0, 0.0, INF, 1.0), (0, 0.0, INF, 1.0)],
        [([(0, 1.0), (1, 2.0)], 1.0, INF), ([(1, 2.0), (2, 1.0)], 1.0, INF), ([(2, 2.0), (3, 1.0), (0, -1.0)], 0.0, 0.0)],
    )
    a = plain.model()
    for to in itertools.permutations(range(4)):
        columns = [plain.columns[to.index(j)] for j in range(4)]
        for order in itertools.permutations(plain.rows):
            rows = [([(to[j], c) for j, c in terms], lo, up) for terms, lo, up in order]
            b = Plain(columns, rows).model()
            found = equivalent(a, b, options=PLAIN)
            assert found.certificate is not None and found.certificate.columns.tolist() == list(to)
