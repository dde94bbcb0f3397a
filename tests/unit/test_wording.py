"""Wording accounted for: a text with one more sentence is answered right or not at all.

One base text with a list of sentences and what each means for the two numbers decided about; the right answer is
found by enumeration. Sentences whose meaning a plan of two whole numbers cannot hold have None: only silence is right.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from formulate import formulate
from verify.reading.document import read_document
from verify.reading.operators import operators_in

BASE = (
    "A nursery grows ferns and palms. A fern takes 2 litres of water and 3 minutes of care a day. A palm takes 5 litres of "
    "water and 4 minutes of care a day. There are 60 litres of water and 70 minutes of care available a day. The profit is "
    "$20 per fern and $33 per palm. {} How many ferns and palms should be grown to maximize the profit?"
)
Holds = Callable[[int, int], bool]

READ: tuple[tuple[str, Holds], ...] = (
    ("", lambda f, p: True),
    ("There must be no more ferns than palms.", lambda f, p: f <= p),
    ("The nursery must not grow more ferns than palms.", lambda f, p: f <= p),
    ("There must not be fewer palms than ferns.", lambda f, p: p >= f),
    ("There must be more palms than ferns.", lambda f, p: p > f),
    ("There must be as many palms as ferns.", lambda f, p: p == f),
    ("The nursery must grow equal numbers of ferns and palms.", lambda f, p: p == f),
    ("The number of palms must match the number of ferns.", lambda f, p: p == f),
    ("At most 6 palms can be sold.", lambda f, p: p <= 6),
    ("At least 9 palms must be grown.", lambda f, p: p >= 9),
    ("At least 60% of the plants must be palms.", lambda f, p: 10 * p >= 6 * (f + p)),
    ("At least half of the profit must come from palms.", lambda f, p: 33 * p >= 20 * f),
)
SAID: tuple[tuple[str, Holds | None], ...] = (
    # an order turned round, a percentage of more, a difference
    ("There need not be more palms than ferns.", lambda f, p: True),
    ("There must never be as many palms as ferns.", lambda f, p: p != f),
    ("There must be at least 50% more palms than ferns.", lambda f, p: 2 * p >= 3 * f),
    ("There must be 3 more palms than ferns.", lambda f, p: p == f + 3),
    ("The palms must number twice the ferns or more.", lambda f, p: p >= 2 * f),
    ("The number of palms must be at least the square of the number of ferns.", lambda f, p: p >= f * f),
    # requirements without a number
    ("Every fern must be accompanied by a palm.", lambda f, p: p >= f),
    ("The number of palms must be odd.", lambda f, p: p % 2 == 1),
    ("Ferns are sold in dozens.", lambda f, p: f % 12 == 0),
    ("Most of the plants must be palms.", lambda f, p: p > f),
    ("The nursery grows either ferns or palms, not both.", lambda f, p: f * p == 0),
    ("The nursery must choose one kind.", lambda f, p: f * p == 0),
    ("Only palms may be grown.", lambda f, p: f == 0),
    ("No ferns can be grown this week.", lambda f, p: f == 0),
    ("The nursery refuses to grow ferns.", lambda f, p: f == 0),
    ("The town forbids ferns.", lambda f, p: f == 0),
    ("Ferns have gone out of fashion.", None),
    ("Palms are delivered with a fern.", lambda f, p: f >= p),
    ("Whoever grows ferns has to grow palms in the same number.", lambda f, p: f == p),
    # statements that do not bind
    ("Last year at least 9 palms were grown.", lambda f, p: True),
    ("A competitor grows at most 3 palms.", lambda f, p: True),
    ("It is no longer necessary to grow at least 9 palms.", lambda f, p: True),
    ("The nursery need not grow more than 4 palms.", lambda f, p: True),
    ("The nursery may grow more than 9 palms.", lambda f, p: True),
    ("The greenhouse can hold at least 9 palms.", lambda f, p: True),
    ("The order for at least 9 palms was cancelled.", lambda f, p: True),
    ("From next month on, at most 4 palms can be sold.", lambda f, p: True),
    ("A nursery in Leeds must grow at least 9 palms.", lambda f, p: True),
    ("The shed holds 4 palms from last month.", lambda f, p: True),
    # per other, share of what is there, joined limits
    ("At least two ferns must be grown per palm.", lambda f, p: f >= 2 * p),
    ("Each palm requires at least three ferns.", lambda f, p: f >= 3 * p),
    ("At most half of the available water may be used for palms.", lambda f, p: 5 * p <= 30),
    ("At least 60% of the plants must not be ferns.", lambda f, p: 10 * p >= 6 * (f + p)),
    ("At least 9 palms or at least 20 ferns must be grown.", lambda f, p: p >= 9 or f >= 20),
    ("At least as much water must be used for palms as for ferns.", lambda f, p: 5 * p >= 2 * f),
    ("Exactly one of the two plants may be grown.", lambda f, p: f * p == 0),
    ("Neither kind may exceed 8.", lambda f, p: f <= 8 and p <= 8),
    ("At most 8 plants of each kind can be sold.", lambda f, p: f <= 8 and p <= 8),
    ("At most 14 ferns can be sold, and ferns and palms must be grown in equal numbers.", lambda f, p: f == p <= 14),
    ("At most 14 ferns can be sold and palms cannot be grown.", lambda f, p: f <= 14 and p == 0),
    ("At least 3 palms must be grown, with ferns outnumbered by palms.", lambda f, p: p >= 3 and p > f),
    ("All of the water must be used.", lambda f, p: 2 * f + 5 * p == 60),
    ("At least 10 litres of water must stay unused.", lambda f, p: 2 * f + 5 * p <= 50),
    # numbers that look like labels or kinds
    ("The greenhouse can store 12.", lambda f, p: f + p <= 12),
    ("Customers will order 8 of the palms, and these must be grown.", lambda f, p: p >= 8),
    ("The town must get 9 new palms.", lambda f, p: p >= 9),
    # limits on another event, a part or a time
    ("At most 3 palms may be inspected.", lambda f, p: True),
    ("At most 3 palms may be fenced.", lambda f, p: True),
    ("At most 3 palms need shade.", lambda f, p: True),
    ("At most 3 dwarf palms can be sold.", lambda f, p: True),
    ("At most 3 palms can be lifted at a time.", lambda f, p: True),
    ("At most 3 palms can be sold to a visitor.", lambda f, p: True),
    ("At most 3 palms can be potted in an hour.", lambda f, p: True),
    ("At most 3 palms have been ordered.", lambda f, p: True),
    ("At least 9 palms carry fruit.", lambda f, p: True),
    ("The number of palms returned cannot exceed 3.", lambda f, p: True),
    ("The total number of ferns and palms returned must not exceed 4.", lambda f, p: True),
    ("The sum of ferns and palms inspected may not exceed 4.", lambda f, p: True),
    # a part of what there is, water kept or spent elsewhere
    ("At most 20 of these litres may go to palms.", lambda f, p: 5 * p <= 20),
    ("Palms may use no more than 20 of the litres.", lambda f, p: 5 * p <= 20),
    ("Of these minutes, at most 16 may go to palms.", lambda f, p: 4 * p <= 16),
    ("The nursery must keep 10 litres of water.", lambda f, p: 2 * f + 5 * p <= 50),
    ("The nursery needs 10 litres of water for a pond.", lambda f, p: 2 * f + 5 * p <= 50),
    ("At least 10 litres of water must be sold.", lambda f, p: 2 * f + 5 * p <= 50),
    ("At least 58 litres of water must be used.", lambda f, p: 2 * f + 5 * p >= 58),
    # what follows a range, and relations of what is taken or earned
    ("Palms must make up between 20% and 30% of the plants.", lambda f, p: 2 * (f + p) <= 10 * p <= 3 * (f + p)),
    ("The number of palms must be between 2 and 3 times the number of ferns.", lambda f, p: 2 * f <= p <= 3 * f),
    ("The number of palms must be between 2 and 4 more than the number of ferns.", lambda f, p: f + 2 <= p <= f + 4),
    ("The total number of ferns and palms must be between 8 and 10.", lambda f, p: 8 <= f + p <= 10),
    ("Palms must number between 4 and 6.", lambda f, p: 4 <= p <= 6),
    ("More money must be earned with palms than with ferns.", lambda f, p: 33 * p > 20 * f),
    ("At least twice as much care must go to palms as to ferns.", lambda f, p: 4 * p >= 6 * f),
    # costs that are no costs of one unit
    ("Growing ferns has a set-up cost of $60.", None),
    ("Each palm beyond the fifth is sold at a discount of $5.", None),
)


def right(holds: Holds) -> float | None:
    """The largest profit by enumeration; None when nothing is allowed."""
    plans = [(f, p) for f in range(31) for p in range(13) if 2 * f + 5 * p <= 60 and 3 * f + 4 * p <= 70]
    profits = [20 * f + 33 * p for f, p in plans if holds(f, p)]
    return max(profits) if profits else None


def watered(litres: float) -> int:
    """The largest profit by enumeration where a fern takes so many litres of water."""
    plans = [(f, p) for f in range(61) for p in range(13) if litres * f + 5 * p <= 60 and 3 * f + 4 * p <= 70]
    return max(20 * f + 33 * p for f, p in plans)


@pytest.mark.parametrize(("sentence", "holds"), READ, ids=[s or "base" for s, _ in READ])
def test_common_requirements_are_read(sentence: str, holds: Holds) -> None:
    attempt = formulate(BASE.format(sentence))
    assert attempt.result is not None, str(attempt)
    assert attempt.result.objective == pytest.approx(right(holds))


@pytest.mark.parametrize(("sentence", "holds"), SAID, ids=[s for s, _ in SAID])
def test_other_wording_is_read_right_or_not_at_all(sentence: str, holds: Holds | None) -> None:
    attempt = formulate(BASE.format(sentence))
    if attempt.result is None:
        assert attempt.outcome == "abstained", str(attempt)
        return
    assert holds is not None and attempt.result.objective == pytest.approx(right(holds)), sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("maximize the profit", "maximize the profit without growing ferns"),
        ("maximize the profit", "maximize the profit if the same number of each must be grown"),
        ("maximize the profit", "maximize the profit from palms"),
        ("maximize the profit", "maximize the number of plants it can sell"),
        ("maximize the profit", "maximize the minutes of care it can sell"),
        ("maximize the profit", "maximize the smaller of the two profits"),
        ("$20 per fern", "$40 per pair of ferns"),
        ("$20 per fern", "$20.500 per fern"),
        ("a day. There are 60", "a day. On each of two days there are 60"),
    ],
)
def test_goals_and_data_with_a_twist_are_not_answered(old: str, new: str) -> None:
    text = BASE.format("").replace(old, new, 1)
    assert new in text
    assert formulate(text).outcome == "abstained"


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("A fern takes 2 litres", "A fern takes 2½ litres", watered(2.5)),
        ("60 litres of water", "60000 ml of water", watered(2)),
        ("A fern takes 2 litres of water", "A fern takes a litre of water", watered(1)),
        ("A fern takes 2 litres of water", "A fern takes one litre of water", watered(1)),
        ("$20 per fern and $33 per palm", "$2k per fern and $3.3k per palm", 100 * watered(2)),
    ],
)
def test_numbers_and_measures_are_read(old: str, new: str, value: float) -> None:
    text = BASE.format("").replace(old, new, 1)
    assert new in text
    attempt = formulate(text)
    assert attempt.result is not None, str(attempt)
    assert attempt.result.objective == pytest.approx(value)


@pytest.mark.parametrize("verb", ["must supply", "is to supply", "must have", "has to stock", "needs"])
def test_what_must_be_supplied_is_a_requirement(verb: str) -> None:
    text = (
        "A farm runs two wells, Upper and Lower. An hour of Upper costs $4 and yields 6 litres of water and 2 kg of salt. "
        f"An hour of Lower costs $5 and yields 3 litres of water and 4 kg of salt. The farm {verb} 48 litres of water and "
        "40 kg of salt. How many hours should each well run to minimize the cost?"
    )
    attempt = formulate(text)
    least = min(4 * u / 9 + 5 * v / 9 for u in range(400) for v in range(400) if 6 * u + 3 * v >= 432 and u + 2 * v >= 180)
    if attempt.result is None:
        assert attempt.outcome == "abstained", str(attempt)
    else:
        assert attempt.result.objective == pytest.approx(least)


def test_measures_without_an_exact_factor_are_not_mixed() -> None:
    text = BASE.format("").replace("60 litres of water", "16 gallons of water", 1)
    assert formulate(text).outcome == "abstained"


def test_a_total_of_something_untold_is_no_count() -> None:
    text = (
        "A forge makes gates and rails. A gate takes 4 hours and a rail takes 2 hours. There are 80 hours. The profit is "
        "60 euros per gate and 25 euros per rail. The total {} of gates and rails must not exceed 4. How many of each "
        "should be made to maximise the profit?"
    )
    assert formulate(text.format("weight")).outcome == "abstained"
    counted = formulate(text.format("number"))
    assert counted.result is not None
    assert counted.result.objective == pytest.approx(240)


def test_an_abstention_names_the_word_and_the_sentence() -> None:
    attempt = formulate(BASE.format("Only palms may be grown."))
    assert "'only'" in str(attempt) and "Only palms may be grown." in str(attempt)


def test_operators_are_found_with_their_class_and_place() -> None:
    text = "He need not make both unless no axes were sold last year."
    found = [each for sentence in read_document(text).sentences for each in operators_in(sentence)]
    assert [(o.kind, o.word) for o in found] == [
        ("mood", "need not"),
        ("quantifier", "both"),
        ("condition", "unless"),
        ("negation", "no"),
        ("time", "were"),
        ("time", "last"),
    ]
    assert all(text[o.start : o.end].lower() == o.word for o in found)
