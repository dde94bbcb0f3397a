"""Changes of the variable space: recognised where asked for, replayed, and only there."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from solvers.model import Model, Sos
from tests.property.equivalence_making import INF, Plain, draw, rewritten, shuffled
from verify.equivalence import Options, equivalent, replays
from verify.equivalence.outcome import CHANGES, Change

BASE = Plain(
    [(0, 0.0, 10.0, 3.0), (1, 0.0, 1.0, -2.0), (0, 1.0, INF, 0.5)],
    [([(0, 2.0), (1, 3.0)], -INF, 12.0), ([(0, 1.0), (1, -1.0), (2, 1.5)], 2.0, 2.0), ([(1, 1.0), (2, 1.0)], -1.0, 5.0)],
    offset=4.0,
)  # fmt: skip


def options(*wanted: Change) -> Options:
    return Options(change_of_variables=wanted, witness=False, diff=False)


def with_slack(p: Plain) -> Plain:
    """The first row as an equality."""
    terms, _, up = p.rows[0]
    columns = [*p.columns, (0, 0.0, INF, 0.0)]
    return Plain(columns, [([*terms, (len(p.columns), 2.0)], up, up), *p.rows[1:]], p.sense, p.offset)


def with_fixed(p: Plain) -> Plain:
    """A column that is 3 in the first row and in the objective."""
    k = len(p.columns)
    terms, lo, up = p.rows[0]
    return Plain([*p.columns, (1, 3.0, 3.0, 2.0)], [([*terms, (k, 2.0)], lo, up + 6.0), *p.rows[1:]], p.sense, p.offset - 6.0)


def with_free(p: Plain) -> Plain:
    """The objective as a column of its own."""
    k = len(p.columns)
    row = ([(k, 1.0), *((j, -c) for j, (_, _, _, c) in enumerate(p.columns))], p.offset, p.offset)
    return Plain([*((kind, lo, up, 0.0) for kind, lo, up, _ in p.columns), (0, -INF, INF, 1.0)], [*p.rows, row], p.sense)


def substituted(p: Plain, j: int, q: float, d: float) -> Plain:
    """Column j is q times a new one, plus d."""
    kind, lo, up, c = p.columns[j]
    ends = sorted(((lo - d) / q, (up - d) / q))
    columns = [*p.columns[:j], (kind, *ends, c * q), *p.columns[j + 1 :]]
    rows = []
    for terms, low, high in p.rows:
        amount = sum(value * d for i, value in terms if i == j)
        rows.append(([(i, value * q if i == j else value) for i, value in terms], low - amount, high - amount))
    return Plain(columns, rows, p.sense, p.offset + c * d)


CASES: dict[str, tuple[Change, Callable[[Plain], Plain]]] = {
    "a slack": ("slacks", with_slack),
    "a fixed column": ("fixed", with_fixed),
    "a free column": ("free", with_free),
    "minus x": ("signs", lambda p: substituted(p, 0, -1.0, 0.0)),
    "minus an integer": ("signs", lambda p: substituted(p, 1, -1.0, 0.0)),
    "x moved": ("shifts", lambda p: substituted(p, 2, 1.0, 7.0)),
    "an integer moved": ("shifts", lambda p: substituted(p, 1, 1.0, -3.0)),
    "x in another unit": ("units", lambda p: substituted(p, 0, 4.0, 0.0)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_undone_where_it_is_asked_for(name: str) -> None:
    which, make = CASES[name]
    a = BASE.model()
    for seed in range(3):
        b = shuffled(make(BASE), random.Random(seed)).model()
        for one, two in ((a, b), (b, a)):
            assert equivalent(one, two, options=options()).verdict == "structurally_different"
            for wanted in ((which,), CHANGES):
                found = equivalent(one, two, options=options(*wanted))
                assert found.verdict == "equivalent", found.invariant
                assert found.certificate is not None and replays(one, two, found.certificate)
        columns = equivalent(b, a, options=options(which)).certificate
        assert columns is not None and (columns.columns == -1).sum() == b.num_columns - a.num_columns


@pytest.mark.parametrize("name", CASES)
def test_a_change_with_another_number_is_still_different(name: str) -> None:
    which, make = CASES[name]
    worse = Plain(BASE.columns, [([(0, 2.0), (1, 3.0)], -INF, 11.0), *BASE.rows[1:]], offset=4.0)
    a, b = BASE.model(), make(worse).model()
    for wanted in ((which,), CHANGES):
        assert equivalent(a, b, options=options(*wanted)).verdict == "structurally_different"


def test_columns_of_sets_keep_their_place() -> None:
    def with_set(model: Model) -> Model:
        return replace(model, sos=(Sos(1, np.array([0, 2]), np.array([1.0, 2.0])),))

    a, b = with_set(BASE.model()), with_set(substituted(BASE, 0, -1.0, 0.0).model())
    assert equivalent(a, b, options=options(*CHANGES)).verdict == "structurally_different"
    assert equivalent(a, a, options=options(*CHANGES)).verdict == "equivalent"


def test_random_models_under_all_changes_replay_and_stay_the_same() -> None:
    undone = 0
    for seed in range(300):
        rng = random.Random(seed)
        one = draw(rng)
        two = rewritten(one, rng)
        for _ in range(rng.randint(0, 2)):
            j = rng.randrange(len(two.columns))
            kind = two.columns[j][0]
            if kind < 2:
                q, d = (rng.choice([1.0, -1.0]), rng.choice([0.0, 2.0])) if kind else (rng.choice([2.0, -0.5, 1.0]), 1.0)
                two = substituted(two, j, q, d)
        a, b = one.model(), two.model()
        for x, y in ((a, b), (a, a), (b, b)):
            found = equivalent(x, y, options=options(*CHANGES))
            assert found.verdict == "equivalent" or x is not y, seed
            if found.certificate is not None:
                assert replays(x, y, found.certificate), seed
        undone += found.verdict == "equivalent" and equivalent(a, b, options=options(*CHANGES)).verdict == "equivalent"
    assert undone > 200
