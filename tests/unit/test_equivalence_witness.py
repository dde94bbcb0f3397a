"""Witnesses: what they claim is evaluated again here, in rationals of this test's own; none is invented."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import numpy as np
import pytest

from solvers import solve
from tests.property.equivalence_drafts import INF, MUTATIONS, REWRITES, Column, Draft, Row, model, mutated, permuted
from tests.unit.test_equivalence_diff import blend, lots, transport
from verify.equivalence.decide import equivalent
from verify.equivalence.outcome import Equivalence, Options
from verify.equivalence.witness import Witness, seek

STRUCTURAL = Equivalence("structurally_different")


def sought(a: Draft, b: Draft) -> tuple[Witness | None, tuple[str, ...]]:
    found = seek(model(a), model(b), STRUCTURAL, Options())
    assert (found.verdict == "semantically_different") == (found.witness is not None)
    return found.witness, found.notes


def verdict(made: Draft, point: dict[str, Fraction]) -> tuple[bool, Fraction]:
    """Feasible? and the objective, by a loop over the draft."""
    q = lambda v: Fraction(repr(v))  # noqa: E731
    x = [point[c.name] for c in made.columns]
    ok = True
    for column, value in zip(made.columns, x):
        ok &= (column.lower == -INF or value >= q(column.lower)) and (column.upper == INF or value <= q(column.upper))
        ok &= column.kind != 1 or value.denominator == 1
    for row in made.rows:
        total = sum((q(v) * x[j] for j, v in row.entries), Fraction(0))
        total += sum((q(v) * x[i] * x[j] for (i, j), v in row.products.items()), Fraction(0))
        ok &= (row.lower == -INF or total >= q(row.lower)) and (row.upper == INF or total <= q(row.upper))
    value = q(made.offset) + sum((q(c.cost) * v for c, v in zip(made.columns, x)), Fraction(0))
    return bool(ok), value + sum((q(v) * x[i] * x[j] for (i, j), v in made.products.items()), Fraction(0))


def confirmed(a: Draft, b: Draft, witness: Witness) -> None:
    """Both evaluations are as told, and they differ, or the optima that are told do."""
    if witness.point and witness.in_a is not None and witness.in_b is not None and witness.proof == "exact":
        for made, side, told in ((a, 0, witness.in_a), (b, 1, witness.in_b)):
            point = {entry[side]: entry[2] for entry in witness.point}
            assert verdict(made, point) == (told.feasible, told.objective)
        one, two = witness.in_a, witness.in_b
        sign = 1 if a.sense == b.sense else -1
        assert one.feasible != two.feasible or (one.feasible and one.objective != sign * two.objective)
    if witness.kind in ("optimum", "infeasible", "unbounded"):
        results = solve(model(a)), solve(model(b))
        if witness.kind == "optimum":
            sign = 1 if a.sense == b.sense else -1
            assert abs(results[0].objective - sign * results[1].objective) > 1e-4
        else:
            assert {r.termination for r in results} & {"infeasible", "unbounded"} and results[0].termination != results[1].termination
    json.dumps(witness.to_json())


@pytest.mark.parametrize("kind", MUTATIONS)
def test_witnesses_of_changed_models_hold(kind: str) -> None:
    found = 0
    for k in range(6):
        base = (transport, lots, blend)[k % 3](random.Random(100 + k))
        got = mutated(kind, base, random.Random(k))
        if got is None:
            continue
        other, _, _ = permuted(got[0], random.Random(k))
        witness, _ = sought(base, other)
        if witness is not None:
            found += 1
            confirmed(base, other, witness)
    assert found >= (0 if kind == "empty column" else 1)


def test_equal_models_have_no_witness() -> None:
    for k, rewrite in enumerate(REWRITES.values()):
        base = (transport, lots, blend)[k % 3](random.Random(k))
        said = rewrite(base, random.Random(k))
        if said is None:
            continue
        witness, notes = sought(base, permuted(said, random.Random(k))[0])
        assert witness is None and any("no point and no optimum was found" in note for note in notes), rewrite.__name__


BOX = Draft([Column("x", 0, 0.0, 4.0, 1.0), Column("y", 0, 0.0, 4.0, 1.0)], [Row("sum", [(0, 1.0), (1, 1.0)], 2.0, 6.0)])


def changed(change: object) -> Draft:
    out = BOX.copy()
    change(out)  # type: ignore[operator]
    return out


def test_models_with_one_optimum_differ_at_a_point() -> None:
    """The optimum is 2 in both; only a point beyond the looser right side tells them apart."""
    looser = changed(lambda d: setattr(d.rows[0], "upper", 7.0))
    witness, _ = sought(BOX, looser)
    assert witness is not None and witness.kind == "point" and witness.proof == "exact" and witness.matching == "columns matched by names"
    assert witness.in_a is not None and not witness.in_a.feasible and witness.in_a.where == "sum"
    assert witness.in_b is not None and witness.in_b.feasible
    confirmed(BOX, looser, witness)


def test_what_other_bounds_types_and_objectives_need() -> None:
    for other in (
        changed(lambda d: setattr(d.columns[0], "upper", 3.0)), changed(lambda d: setattr(d.columns[0], "kind", 1)),
        changed(lambda d: setattr(d, "offset", 1.0)), changed(lambda d: d.products.update({(0, 1): 0.25})),
        changed(lambda d: d.rows[0].products.update({(0, 0): 0.5})), changed(lambda d: d.rows.pop()),
    ):  # fmt: skip
        witness, notes = sought(BOX, other)
        assert witness is not None, (other, notes)
        confirmed(BOX, other, witness)


def test_statuses_tell_models_apart_without_a_matching() -> None:
    infeasible = changed(lambda d: setattr(d.rows[0], "lower", 20.0) or setattr(d.rows[0], "upper", 30.0))
    witness, _ = sought(BOX, infeasible)
    assert witness is not None and witness.kind == "infeasible" and "infeasib" in witness.proof
    unbounded = changed(lambda d: setattr(d.columns[0], "lower", -INF) or d.rows.pop())
    witness, _ = sought(BOX, unbounded)
    assert witness is not None and witness.kind == "unbounded"
    fewer = changed(lambda d: (d.columns.pop(), d.rows.pop(), setattr(d.columns[0], "lower", 3.0)))
    witness, _ = sought(BOX, fewer)
    assert witness is not None and witness.kind == "optimum" and not witness.matching  # columns do not match one to one


def test_two_infeasible_models_have_no_witness_and_that_is_said() -> None:
    never = changed(lambda d: d.rows.append(Row("never", [(0, 1.0), (1, 2.0)], 50.0, INF)))
    other = never.copy()
    other.columns[0].cost = 5.0
    found = equivalent(model(never), model(other))
    assert found.verdict == "structurally_different" and found.witness is None
    assert any("both are infeasible" in note for note in found.notes)
    assert [str(d) for d in found.diff.differences] == ["objective: coefficient of x is 1 in A, 5 in B"]


def test_rows_that_cannot_hold_are_the_same_however_they_are_said() -> None:
    from verify.equivalence.replay import replays

    def with_rows(*rows: tuple[float, float]) -> Draft:
        return changed(lambda d: d.rows.extend(Row(f"false{k}", [], low, high) for k, (low, high) in enumerate(rows)))

    one = with_rows((-INF, -4.0))
    for rows in (((3.0, INF),), ((1.0, 1.0),), ((-8.0, -2.0), (0.5, INF)), ((-INF, -4.0), (-INF, 7.0), (5.0, 6.0))):
        other = with_rows(*rows)
        found = equivalent(model(one), model(other))
        assert found.verdict == "equivalent" and replays(model(one), model(other), found.certificate), rows
    assert equivalent(model(one), model(BOX)).verdict != "equivalent"
    assert equivalent(model(one), model(with_rows((-INF, 4.0)))).verdict != "equivalent"


def test_a_redundant_row_alone_has_no_witness() -> None:
    """Rows that only together make another one redundant are no difference in meaning: nothing is claimed."""
    more = changed(lambda d: d.rows.append(Row("weak", [(0, 2.0), (1, 1.0)], -INF, 11.0)))
    witness, notes = sought(BOX, more)
    assert witness is None and any("may mean the same" in note for note in notes)


def test_differences_below_the_tolerance_of_solvers_are_no_witness() -> None:
    near = changed(lambda d: setattr(d.columns[0], "cost", 1.0 + 1e-13))
    witness, _ = sought(BOX, near)
    # A point with an exact rational evaluation may show even this; optima, which rest on tolerances, must not.
    assert witness is None or (witness.kind == "objective" and witness.proof == "exact")


def test_exact_points_of_decimal_programs() -> None:
    rng = np.random.default_rng(5)
    exact = 0
    for k in range(8):
        base = blend(random.Random(k))
        for column in base.columns:
            column.kind = 0
        other = base.copy()
        other.rows[0].upper = round(other.rows[0].upper * float(rng.uniform(1.05, 1.3)), 3)
        witness, _ = sought(base, other)
        if witness is not None and witness.in_a is not None and witness.in_b is not None:
            exact += witness.in_a.feasible != witness.in_b.feasible
            confirmed(base, other, witness)
    assert exact >= 5
