"""Long chains, symmetric models and models side by side; what is reported of their symmetry."""

from __future__ import annotations

import random

import pytest

from tests.property import equivalence_graphs as graphs
from tests.property.equivalence_making import INF, Plain, shuffled
from verify.equivalence import Options, equivalent, replays

PLAIN = Options(witness=False, diff=False)


def chain(periods: int, demand: dict[int, float] | None = None) -> Plain:
    """Lot sizing whose periods are alike: only distance from the ends tells them apart."""
    rows = []
    for t in range(periods):
        before = [(t - 1, 1.0)] if t else []
        amount = (demand or {}).get(t, 7.0)
        rows.append(([*before, (periods + t, 1.0), (t, -1.0)], amount, amount))
        rows.append(([(periods + t, 1.0), (2 * periods + t, -50.0)], -INF, 0.0))
    columns = [(0, 0.0, INF, 1.0)] * periods + [(0, 0.0, INF, 2.0)] * periods + [(1, 0.0, 1.0, 30.0)] * periods
    return Plain(columns, rows)


def assignment(k: int) -> Plain:
    """k by k of equal costs."""
    rows = [([(i * k + j, 1.0) for j in range(k)], 1.0, 1.0) for i in range(k)]
    rows += [([(i * k + j, 1.0) for i in range(k)], 1.0, 1.0) for j in range(k)]
    return Plain([(1, 0.0, 1.0, 1.0)] * (k * k), rows)


def beside(*parts: Plain) -> Plain:
    """Models side by side."""
    out = Plain([], [])
    for part in parts:
        base = len(out.columns)
        out.columns += part.columns
        out.rows += [([(base + j, c) for j, c in terms], lo, up) for terms, lo, up in part.rows]
    return out


MODELS = {
    "a chain of 400": chain(400), "an assignment of 9": assignment(9), "assignments side by side": beside(*[assignment(3)] * 40),
    "chains side by side": beside(*[chain(9)] * 12), "like columns": Plain([(0, 0.0, INF, 1.0)] * 50, [([(j, 1.0) for j in range(50)], -INF, 3.0)]),
    "like columns in like rows": beside(*[Plain([(0, 0.0, INF, 1.0)] * 4, [([(j, 1.0) for j in range(4)], -INF, 3.0)])] * 6),
    "rows that look the same both ways": Plain([(0, -INF, INF, 0.0)] * 12, [([(i, 1.0), ((i + 1) % 12, -1.0)], -2.0, 2.0) for i in range(12)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_symmetric_models_are_matched_and_replayed(name: str) -> None:
    a = MODELS[name].model()
    for seed in range(2):
        b = shuffled(MODELS[name], random.Random(seed)).model()
        found = equivalent(a, b, options=PLAIN)
        assert found.verdict == "equivalent", found
        assert replays(a, b, found.certificate)


def test_where_a_chain_differs_matters() -> None:
    one, two = chain(300, {100: 8.0}), chain(300, {101: 8.0})
    assert equivalent(one.model(), shuffled(two, random.Random(1)).model(), options=PLAIN).verdict == "structurally_different"
    assert equivalent(one.model(), shuffled(one, random.Random(1)).model(), options=PLAIN).verdict == "equivalent"


def test_costs_in_one_row_are_not_costs_on_a_diagonal() -> None:
    def priced(cells: tuple[int, ...]) -> Plain:
        plain = assignment(5)
        plain.columns = [(k, lo, up, 2.0 if j in cells else c) for j, (k, lo, up, c) in enumerate(plain.columns)]
        return plain

    a = priced((0, 1)).model()
    assert equivalent(a, priced((0, 6)).model(), options=PLAIN).verdict == "structurally_different"
    assert equivalent(a, priced((10, 15)).model(), options=PLAIN).verdict == "equivalent"


@pytest.mark.parametrize(
    ("plain", "sd"),
    [(chain(30), True), (beside(chain(9), chain(9)), True), (assignment(4), False), (graphs.covering(*graphs.cycle(6)), False)],
    ids=["all single", "twice the same", "assignment", "cycle"],
)  # fmt: skip
def test_symmetric_decomposable_as_the_paper_has_it(plain: Plain, sd: bool) -> None:
    found = equivalent(plain.model(), shuffled(plain, random.Random(1)).model(), options=PLAIN)
    assert (found.verdict, found.sd) == ("equivalent", sd)
