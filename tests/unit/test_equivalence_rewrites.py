"""Each rewrite that the normalisation undoes, each difference it must keep, in both directions and replayed."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from solvers.model import Csr, Model, ObjectiveLevel
from tests.property.equivalence_making import INF, Plain, shuffled
from verify.equivalence import Options, equivalent, replays

PLAIN = Options(witness=False, diff=False)
BASE = Plain(
    [(0, 0.0, 10.0, 3.0), (1, 0.0, 1.0, -2.0), (1, -3.0, 7.0, 0.5)],
    [([(0, 2.0), (1, 3.0)], -INF, 12.0), ([(0, 1.0), (1, -1.0), (2, 1.5)], 2.0, 2.0), ([(1, 1.0), (2, 1.0)], -1.0, 5.0)],
    offset=4.0,
)


def changed(**parts: object) -> Plain:
    return Plain(**{**BASE.__dict__, **parts})  # type: ignore[arg-type]


def row(i: int, *new: object) -> Plain:
    return changed(rows=[*BASE.rows[:i], *new, *BASE.rows[i + 1 :]])


def column(j: int, new: object) -> Plain:
    return changed(columns=[*BASE.columns[:j], new, *BASE.columns[j + 1 :]])


SAME = {
    "max of the negative": changed(columns=[(k, lo, up, -c) for k, lo, up, c in BASE.columns], sense="max", offset=-4.0),
    "a scaled row": row(0, ([(0, 0.2), (1, 0.3)], -INF, 1.2)),
    "a row times a number that binary floats round": row(0, ([(0, 0.14), (1, 0.21)], -INF, 0.84)),
    "a negated row": row(0, ([(0, -2.0), (1, -3.0)], -12.0, INF)),
    "a negated equality": row(1, ([(0, -2.0), (1, 2.0), (2, -3.0)], -4.0, -4.0)),
    "an equality as two rows": row(1, ([(0, 1.0), (1, -1.0), (2, 1.5)], 2.0, INF), ([(0, 1.0), (1, -1.0), (2, 1.5)], -INF, 2.0)),
    "an equality as opposite rows": row(1, ([(0, 1.0), (1, -1.0), (2, 1.5)], 2.0, INF), ([(0, -2.0), (1, 2.0), (2, -3.0)], -4.0, INF)),
    "a range as two rows": row(2, ([(1, 1.0), (2, 1.0)], -1.0, INF), ([(1, 2.0), (2, 2.0)], -INF, 10.0)),
    "a doubled row": row(0, BASE.rows[0], BASE.rows[0]),
    "a parallel weaker row": row(0, BASE.rows[0], ([(0, 4.0), (1, 6.0)], -INF, 30.0)),
    "a bound as a row": changed(columns=[(0, 0.0, INF, 3.0), *BASE.columns[1:]], rows=[*BASE.rows, ([(0, 2.0)], -INF, 20.0)]),
    "a bound as a negated row": changed(columns=[(0, -INF, 10.0, 3.0), *BASE.columns[1:]], rows=[*BASE.rows, ([(0, -1.0)], -INF, 0.0)]),
    "a redundant bound as a row": changed(rows=[*BASE.rows, ([(0, 1.0)], 0.0, INF)]),
    "bounds of integers that are not whole": column(2, (1, -3.5, 7.9, 0.5)),
    "a side of an integer row that is not whole": row(2, ([(1, 1.0), (2, 1.0)], -1.5, 5.25)),
    "a row that bounds imply": changed(rows=[*BASE.rows, ([(0, 1.0), (1, 1.0)], -1.0, 11.0)]),
    "an empty row": changed(rows=[*BASE.rows, ([], -1.0, 0.0)]),
    "a row without sides": changed(rows=[*BASE.rows, ([(0, 1.0), (2, 1.0)], -INF, INF)]),
    "terms that sum": row(0, ([(0, 0.5), (1, 3.0), (0, 1.5), (2, 1.0), (2, -1.0)], -INF, 12.0)),
    "a coefficient of 0": row(0, ([(0, 2.0), (1, 3.0), (2, 0.0)], -INF, 12.0)),
}  # fmt: skip

DIFFERENT = {
    "max for min": changed(sense="max"),
    "another constant": changed(offset=5.0),
    "the constant's sign under max": changed(columns=[(k, lo, up, -c) for k, lo, up, c in BASE.columns], sense="max"),
    "another cost": column(0, (0, 0.0, 10.0, 3.1)),
    "a scaled objective": changed(columns=[(k, lo, up, 2 * c) for k, lo, up, c in BASE.columns], offset=8.0),
    "continuous for integer": column(2, (0, -3.0, 7.0, 0.5)),
    "integer for continuous": column(0, (1, 0.0, 10.0, 3.0)),
    "semicontinuous": column(0, (2, 1.0, 10.0, 3.0)),
    "another bound": column(0, (0, 0.0, 11.0, 3.0)),
    "a bound less": column(0, (0, 0.0, INF, 3.0)),
    "another coefficient": row(0, ([(0, 2.0), (1, 3.5)], -INF, 12.0)),
    "the sign of a coefficient": row(0, ([(0, 2.0), (1, -3.0)], -INF, 12.0)),
    "a coefficient elsewhere": row(0, ([(0, 2.0), (2, 3.0)], -INF, 12.0)),
    "another side": row(0, ([(0, 2.0), (1, 3.0)], -INF, 13.0)),
    "the other direction": row(0, ([(0, 2.0), (1, 3.0)], 12.0, INF)),
    "equality for at most": row(0, ([(0, 2.0), (1, 3.0)], 12.0, 12.0)),
    "a row less": row(0),
    "a row more": changed(rows=[*BASE.rows, ([(0, 1.0), (2, 1.0)], -INF, 3.0)]),
    "an empty column more": changed(columns=[*BASE.columns, (0, 0.0, 1.0, 0.0)]),
    "an infeasible empty row": changed(rows=[*BASE.rows, ([], 1.0, INF)]),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_rewrites_are_undone(name: str) -> None:
    a = BASE.model()
    for seed in range(3):
        b = shuffled(SAME[name], random.Random(seed)).model()
        for one, two in ((a, b), (b, a)):
            found = equivalent(one, two, options=PLAIN)
            assert found.verdict == "equivalent" and found.mode == "exact", found.invariant
            assert replays(one, two, found.certificate)


@pytest.mark.parametrize("name", DIFFERENT)
def test_differences_are_kept_and_told(name: str) -> None:
    a = BASE.model()
    b = shuffled(DIFFERENT[name], random.Random(1)).model()
    for one, two in ((a, b), (b, a)):
        found = equivalent(one, two, options=PLAIN)
        assert found.verdict == "structurally_different" and not found
        assert found.invariant is not None and found.certificate is None


def test_the_invariant_counts_what_differs() -> None:
    found = equivalent(BASE.model(), row(0, ([(0, 2.0), (1, 3.0)], -INF, 13.0)).model(), options=PLAIN)
    assert found.invariant is not None and {found.invariant.count_a, found.invariant.count_b} == {0, 1}
    assert "rows" in found.invariant.text and ("12" in found.invariant.text or "13" in found.invariant.text)


def test_a_certificate_that_was_tampered_with_proves_nothing() -> None:
    a, b = BASE.model(), shuffled(SAME["an equality as opposite rows"], random.Random(2)).model()
    good = equivalent(a, b, options=PLAIN).certificate
    assert good is not None
    proof = good.to_json()
    assert replays(a, b, proof)
    for key in ("columns", "rows"):
        broken = {**proof, key: proof[key][::-1]}
        assert not replays(a, b, broken)
    for log in ("log_a", "log_b"):
        for k, step in enumerate(proof[log]):
            if step["rule"] in ("scale", "merge", "bound"):
                broken = {**proof, log: proof[log][:k] + proof[log][k + 1 :]}
                assert not replays(a, b, broken), step
            if step["rule"] == "scale":
                broken = {**proof, log: [*proof[log][:k], {**step, "numbers": ["0"] * len(step["numbers"])}, *proof[log][k + 1 :]]}
                assert not replays(a, b, broken)
    lie = {"rule": "drop", "rows": [0], "columns": [], "numbers": [], "sides": [], "onto": []}
    assert not replays(a, b, {**proof, "log_a": [lie, *proof["log_a"]]})
    lie = {**lie, "rule": "loosen", "sides": [1]}
    assert not replays(a, b, {**proof, "log_a": [lie, *proof["log_a"]]})
    assert not replays(a, SAME["a scaled row"].model(), {**proof, "columns": [0, 0, 2]})


def test_both_infeasible_by_normalisation_is_told_and_not_mistaken_for_the_same() -> None:
    one = changed(rows=[*BASE.rows, ([], 1.0, INF)])
    found = equivalent(one.model(), shuffled(one, random.Random(1)).model(), options=PLAIN)
    assert found.verdict == "equivalent"
    assert [note.split(":")[0] for note in found.notes] == ["A is infeasible", "B is infeasible"]
    other = column(1, (1, 0.2, 0.8, -2.0))
    found = equivalent(one.model(), other.model(), options=PLAIN)
    assert found.verdict == "structurally_different" and len(found.notes) == 2


BAD = {
    "a coefficient": lambda m: m.matrix.value, "a side": lambda m: m.row_upper, "a bound": lambda m: m.col_lower,
    "a cost": lambda m: m.levels[0].costs,
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_number_is_refused_by_name(name: str) -> None:
    a, b = BASE.model(), BASE.model()
    BAD[name](b)[1] = np.nan
    for one, two, which in ((a, b, "B"), (b, a, "A"), (b, b, "A")):
        found = equivalent(one, two, options=PLAIN)
        assert found.verdict == "undecided" and f"model {which}" in found.budget and "nan" in found.budget


def test_arrays_that_do_not_fit_are_refused() -> None:
    a = BASE.model()
    broken = BASE.model()
    broken.matrix.index[0] = 17
    short = replace(BASE.model(), levels=(ObjectiveLevel(np.zeros(2)),))
    for b in (broken, short):
        found = equivalent(a, b, options=PLAIN)
        assert found.verdict == "undecided" and "model B" in found.budget


def test_sides_that_bounds_just_imply_are_found_in_long_decimals_too() -> None:
    long = [0.1234567890123456, 0.7654321098765432, 3.3333333333333335]
    most = sum(Fraction(repr(c)) for c in long) * 10
    columns = [(0, 0.0, 10.0, 1.0)] * 3
    rows = [([(j, c * 1e4) for j, c in enumerate([1234.5, 7.25, 3.125])], -INF, 9.0)]
    for slack, same in ((0.0, True), (1e-13, True), (-1e-13, False)):
        side = float(most) + slack
        truth = Fraction(repr(side)) >= most
        implied = Plain(columns, [*rows, (list(enumerate(long)), -INF, side)])
        found = equivalent(Plain(columns, rows).model(), implied.model(), options=PLAIN)
        assert found.verdict == ("equivalent" if truth else "structurally_different")
        assert truth == same or slack == 0.0


def empty(columns: int = 0, rows: int = 0) -> Model:
    nothing = np.zeros(0, dtype=np.int64)
    return Model(
        "empty", "min", (ObjectiveLevel(np.zeros(columns)),), Csr(np.zeros(rows + 1, dtype=np.int64), nothing,
        np.zeros(0), columns), np.full(rows, -INF), np.full(rows, INF), np.full(columns, -INF), np.full(columns, INF),
        np.zeros(columns, dtype=np.int64),
    )  # fmt: skip


def test_empty_models_and_a_million_free_columns() -> None:
    assert equivalent(empty(), empty(), options=PLAIN).verdict == "equivalent"
    assert equivalent(empty(), empty(0, 3), options=PLAIN).verdict == "equivalent"
    assert equivalent(empty(), empty(1), options=PLAIN).verdict == "structurally_different"
    many = empty(1_000_000)
    found = equivalent(many, many, options=PLAIN)
    assert found.certificate is not None and len(set(found.certificate.columns.tolist())) == 1_000_000
    assert equivalent(many, empty(999_999), options=PLAIN).verdict == "structurally_different"


def test_numbers_of_any_size_and_precision() -> None:
    big = [1e300, 1e-300, 2.0**80, 0.1 + 0.2, 1 / 3, 1e22, 123456789.123456789]
    rows = [([(j, value) for j, value in enumerate(big)], -INF, value) for value in big]
    one = Plain([(0, 0.0, INF, value) for value in big], rows)
    a, b = one.model(), shuffled(one, random.Random(8)).model()
    found = equivalent(a, b, options=PLAIN)
    assert found.verdict == "equivalent" and replays(a, b, found.certificate)
