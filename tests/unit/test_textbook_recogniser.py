"""Textbook problems: paraphrases against brute force, and texts that must lead to an abstention."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulate.offline.base import Abstention, Draft
from formulate.offline.textbook import TextbookRecogniser
from solvers import solve
from verify.reading.reader import read


def draft_of(text: str) -> Draft:
    outcome = TextbookRecogniser().recognise(read(text))
    assert isinstance(outcome, Draft), str(outcome)
    assert outcome.leftovers == ()
    return outcome


def optimum(text: str) -> float:
    objective = solve(draft_of(text).formulation).objective
    assert objective is not None
    return objective


def brute(
    keep: Callable[[int, int], bool],
    value: Callable[[int, int], float],
    best: Callable[..., float] = max,
    top: int = 120,
) -> float:
    return best(value(a, b) for a, b in product(range(top), repeat=2) if keep(a, b))


DESKS = "A workshop makes desks and shelves. "
DESK_DATA = [
    "Each desk takes 3 hours of carpentry and 2 hours of painting. Each shelf takes 5 hours of carpentry and 1 "
    "hour of painting. ",
    "A desk requires 3 hours of carpentry and 2 hours of painting, while a shelf requires 5 hours of carpentry "
    "and 1 hour of painting. ",
    "It takes 3 hours of carpentry and 2 hours of painting to make a desk. It takes 5 hours of carpentry and 1 "
    "hour of painting to make a shelf. ",
]
DESK_LIMITS = [
    "There are 120 hours of carpentry and 60 hours of painting available. ",
    "The workshop has at most 120 hours for carpentry and 60 hours for painting. ",
    "The workshop has available 120 hours of carpentry and 60 hours of painting. ",
]
DESK_GOALS = [
    "If the profit per desk is $40 and the profit per shelf is $30, how many of each should be made to maximize "
    "profit?",
    "The profit per desk is $40 and the profit per shelf is $30. What is the highest profit?",
    "Each desk earns a profit of $40 and each shelf earns a profit of $30. Maximize the total profit.",
]


@pytest.mark.parametrize("text", ["".join(parts) for parts in product([DESKS], DESK_DATA, DESK_LIMITS, DESK_GOALS)])
def test_paraphrases_of_one_problem_agree_with_enumeration(text: str) -> None:
    expected = brute(lambda d, s: 3 * d + 5 * s <= 120 and 2 * d + s <= 60, lambda d, s: 40 * d + 30 * s)
    assert optimum(text) == pytest.approx(expected)


VANS = (
    "A bakery sends loaves to shops in small and large vans. A small van can carry 20 loaves and uses 3 liters "
    "of fuel. "
    "A large van can carry 45 loaves and uses 8 liters of fuel. The bakery must send at least 400 loaves. "
)
VANS_GOAL = "How many vans of each size should be used to minimize the total fuel used?"


@pytest.mark.parametrize(
    ("sentence", "keep"),
    [
        ("At most 12 small vans can be used.", lambda s, b: s <= 12),
        ("There must be at least 6 large vans.", lambda s, b: b >= 6),
        ("The number of large vans must be at least 5.", lambda s, b: b >= 5),
        ("At least twice as many large vans as small vans must be used.", lambda s, b: b >= 2 * s),
        ("The number of large vans must be at least 3 times the number of small vans.", lambda s, b: b >= 3 * s),
        ("The number of small vans cannot exceed the number of large vans.", lambda s, b: s <= b),
        ("The number of small vans must be less than the number of large vans.", lambda s, b: s <= b - 1),
        ("There must be more large vans than small vans.", lambda s, b: b >= s + 1),
        ("The number of small vans can be at most a third of the number of large vans.", lambda s, b: 3 * s <= b),
        ("At least 40% of the vans must be large.", lambda s, b: b >= 0.4 * (s + b)),
        ("Because of parking, a maximum of 30% of the vans can be small.", lambda s, b: s <= 0.3 * (s + b)),
        ("In total, at most 11 vans can be used.", lambda s, b: s + b <= 11),
        (
            "In addition, at most 15 small vans can be used and there must be at least 4 large vans.",
            lambda s, b: s <= 15 and b >= 4,
        ),
        ("The bakery does not want to use more than 7 small vans.", lambda s, b: s <= 7),
        ("Large vans can carry at most half of the loaves.", lambda s, b: 45 * b <= 0.5 * (20 * s + 45 * b)),
        ("At least 5 more large vans than small vans must be used.", lambda s, b: b >= s + 5),
    ],
)
def test_relations(sentence: str, keep: Callable[[int, int], bool]) -> None:
    expected = brute(lambda s, b: 20 * s + 45 * b >= 400 and keep(s, b), lambda s, b: 3 * s + 8 * b, min, 60)
    assert optimum(f"{VANS}{sentence} {VANS_GOAL}") == pytest.approx(expected)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(2, 9), min_size=4, max_size=4),
    st.integers(20, 60),
    st.integers(20, 60),
    st.lists(st.integers(1, 9), min_size=2, max_size=2),
)
def test_random_coefficients(use: list[int], cloth: int, time: int, gain: list[int]) -> None:
    text = (
        f"A tailor sews coats and hats. Each coat needs {use[0]} yards of cloth and {use[1]} minutes of sewing. "
        f"Each hat needs {use[2]} yards of cloth and {use[3]} minutes of sewing. The tailor has {cloth} yards of cloth "
        f"and {time} minutes of sewing available. The profit per coat is ${gain[0]} and the profit per hat is "
        f"${gain[1]}. "
        "How many of each should be sewn to maximize profit?"
    )
    expected = brute(
        lambda a, b: use[0] * a + use[2] * b <= cloth and use[1] * a + use[3] * b <= time,
        lambda a, b: gain[0] * a + gain[1] * b,
        max,
        40,
    )
    assert optimum(text) == pytest.approx(expected)


def test_units_of_time_are_converted_and_said() -> None:
    draft = draft_of(
        "A clinic gives ear tests and eye tests. An ear test takes 10 minutes and an eye test takes 15 minutes. "
        "The clinic is open for 5 hours. At least 4 eye tests must be given. How many of each test should be given to "
        "maximize the total number of tests?"
    )
    assert solve(draft.formulation).objective == pytest.approx(28)
    assert any("60 minute" in a.text for a in draft.formulation.assumptions)


def test_divisible_things_are_continuous() -> None:
    draft = draft_of(
        "A farmer mixes feed A and feed B. Each kg of feed A contains 3 units of protein and costs $2. Each kg "
        "of feed B "
        "contains 7 units of protein and costs $5. The mix needs at least 50 units of protein. At most 10 kg of "
        "feed A can "
        "be used. What is the minimum cost?"
    )
    assert draft.formulation.variables[0].domain == "continuous"
    assert solve(draft.formulation).objective == pytest.approx(20 + 20 / 7 * 5)


def test_a_linear_combination_told_in_words() -> None:
    text = (
        "A company allocates units to projects X and Y. The cost is $50 per unit for project X and $30 per unit "
        "for project Y. "
        "The sum of twice the units of project X and the units of project Y must be at least 40. Project Y "
        "cannot have more "
        "than 20 units. What is the minimum total cost?"
    )
    expected = brute(lambda x, y: 2 * x + y >= 40 and y <= 20, lambda x, y: 50 * x + 30 * y, min, 60)
    assert optimum(text) == pytest.approx(expected)


def test_every_cell_quotes_the_text() -> None:
    text = DESKS + DESK_DATA[0] + DESK_LIMITS[0] + DESK_GOALS[0]
    formulation = draft_of(text).formulation
    for parameter in formulation.parameters:
        for cell in parameter.cells:
            assert cell.quote and cell.quote in text
    for constraint in formulation.constraints:
        assert constraint.source and all(s in text for s in constraint.source)


BASE = DESKS + DESK_DATA[0] + DESK_LIMITS[0]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (BASE + "The machine weighs 900 pounds. " + DESK_GOALS[0], "900"),
        (BASE + "Desks can only be made if at least 5 shelves are made. " + DESK_GOALS[0], "only if"),
        (BASE + "At most 40% of the budget should go to glue. " + DESK_GOALS[0], "40%"),
        (BASE + "The profit per desk is $40 and the profit per shelf is $30.", "goal"),
        (BASE + "The profit per desk is $40. Maximize profit.", "only some"),
        (BASE + "There must be 2 hours fewer than needed. " + DESK_GOALS[0], "2"),
        ("Find two numbers whose sum is 20 and whose product is largest.", ""),
        ("The weather is nice.", ""),
        (BASE + "Either desks or shelves can be made, but not both. " + DESK_GOALS[0], "both"),
        (BASE + "The time spent on desks must be at least 40 hours. " + DESK_GOALS[0], "40"),
        (BASE + "No more than 60 hours of carpentry can be spent on shelves. " + DESK_GOALS[0], "60"),
        (BASE + "There must be 3 shelves for every desk. " + DESK_GOALS[0], "3"),
        (BASE + "At most 8 desks per day and 30 shelves per week can be made. " + DESK_GOALS[0], "periods"),
        (BASE + "There are 4 desks in stock. " + DESK_GOALS[0], "stock"),
    ],
)
def test_what_is_not_understood_leads_to_an_abstention(text: str, named: str) -> None:
    outcome = TextbookRecogniser().recognise(read(text))
    assert isinstance(outcome, Abstention)
    assert outcome.reasons


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from((DESKS + DESK_DATA[0] + DESK_LIMITS[1] + DESK_GOALS[0]).split(" ")), min_size=1, max_size=60
    )
)
def test_shuffled_words_never_crash(words: list[str]) -> None:
    TextbookRecogniser().recognise(read(" ".join(words)))
