"""Comparisons, goals, entities and the ledger."""

from __future__ import annotations

import pytest

from verify.reading.comparisons import states_requirement
from verify.reading.entities import mentions_in
from verify.reading.reader import read


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("at most", "<="),
        ("no more than", "<="),
        ("up to", "<="),
        ("a maximum of", "<="),
        ("limited to", "<="),
        ("must not exceed", "<="),
        ("cannot exceed", "<="),
        ("should not surpass", "<="),
        ("cannot be more than", "<="),
        ("at least", ">="),
        ("no less than", ">="),
        ("no fewer than", ">="),
        ("a minimum of", ">="),
        ("cannot be less than", ">="),
        ("exactly", "=="),
        ("less than", "<"),
        ("more than", ">"),
        ("exceeds", ">"),
        ("a minimum investment of", ">="),
    ],
)
def test_comparison_directions(words: str, direction: str) -> None:
    (found,) = read(f"The plant {words} 50 units.").comparisons
    assert found.direction == direction
    assert found.strict == (direction in "<>")


def test_a_number_set_up_is_no_bound() -> None:
    assert read("There are tables set up to make slime.").comparisons == ()


@pytest.mark.parametrize(
    ("text", "sense", "target"),
    [
        ("How many should be made to maximize profit?", "max", "profit"),
        ("Find the minimum number of vans that can be used?", "min", "number of vans that can be used"),
        ("What is the lowest cost of the mix?", "min", "cost of the mix"),
        (
            "How should they buy machines to reduce the total number of machines needed?",
            "min",
            "the total number of machines needed",
        ),
    ],
)
def test_goals(text: str, sense: str, target: str) -> None:
    (goal,) = read(text).goals
    assert (goal.sense, goal.target) == (sense, target)


def test_a_minimum_of_twenty_is_no_goal() -> None:
    assert read("The mix needs a minimum of 20 units of fat. A maximum of 3 bags fit.").goals == ()


def test_entities_of_a_shared_head() -> None:
    reading = read("A shop sells small and large bouquets. A small bouquet has 5 roses. A large bouquet has 9 roses.")
    names = [set(e.names) for e in reading.entities]
    assert {"small bouquets", "large bouquets"} in names


def test_letter_names_are_not_articles() -> None:
    reading = read("There are two processes, process A and process B. A worker runs process A. Process B is fast.")
    entities = next(e for e in reading.entities if e.names == ("process A", "process B"))
    sentence = reading.document.sentences[1]
    assert [m.entity for m in mentions_in(entities, sentence.tokens)] == [0]


def test_a_modifier_of_another_noun_is_no_mention() -> None:
    reading = read(
        "A stand sells chocolate and vanilla crepes. A chocolate crepe needs 3 cups. A vanilla crepe needs 2 cups. "
        "There are 40 cups of chocolate spread."
    )
    entities = next(e for e in reading.entities if e.names == ("chocolate crepes", "vanilla crepes"))
    assert mentions_in(entities, reading.document.sentences[3].tokens) == ()


def test_ledger_leaves_over_what_nobody_claims() -> None:
    reading = read("A van takes 30 boxes. At most 12 vans may run. What is the largest load?")
    ledger = reading.ledger()
    thirty, twelve = ledger.quantities
    ledger.claim(thirty.start, thirty.end, "load")
    left = ledger.leftovers()
    assert [x.start for x in left] == [twelve.start, reading.document.sentences[1].start]
    ledger.claim(twelve.start, twelve.end, "fleet")
    assert ledger.leftovers() == ()


def test_requirements_are_told_from_questions() -> None:
    reading = read("At least 3 vans must run. How many should be made to maximize profit? Birds sing.")
    assert [states_requirement(s) for s in reading.document.sentences] == [True, False, False]
