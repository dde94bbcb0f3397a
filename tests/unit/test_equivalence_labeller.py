"""The optional labellers take over where the budget is spent, and their matches are verified."""

from __future__ import annotations

import random

import pytest

from tests.property import equivalence_graphs as graphs
from tests.property.equivalence_making import INF, Plain, shuffled
from verify.equivalence import Options, equivalent, replays

MODULES = {"bliss": "igraph", "nauty": "pynauty"}


@pytest.mark.parametrize("labeller", MODULES)
def test_a_labeller_matches_where_the_search_stops(labeller: str) -> None:
    pytest.importorskip(MODULES[labeller], reason=f"the optional labeller {labeller} is not installed")
    spent = Options(nodes=2, witness=False, diff=False, labeller=labeller)  # type: ignore[arg-type]
    a = graphs.covering(*graphs.cfi(*graphs.PETERSEN, False))
    b = shuffled(a, random.Random(1))
    found = equivalent(a.model(), b.model(), options=spent)
    assert found.verdict == "equivalent" and replays(a.model(), b.model(), found.certificate)
    other = graphs.covering(*graphs.cfi(*graphs.PETERSEN, True))
    found = equivalent(a.model(), other.model(), options=spent)
    assert found.verdict == "undecided" and labeller in found.evidence[0]
    # Rows that look the same both ways become two nodes that belong together.
    ring = Plain([(0, 0.0, INF, 1.0)] * 6, [([(i, 1.0), ((i + 1) % 6, -1.0)], -1.0, 1.0) for i in range(6)])
    one, two = ring.model(), shuffled(ring, random.Random(2)).model()
    found = equivalent(one, two, options=Options(nodes=0, witness=False, diff=False, labeller=labeller))  # type: ignore[arg-type]
    assert found.verdict == "equivalent" and replays(one, two, found.certificate)
