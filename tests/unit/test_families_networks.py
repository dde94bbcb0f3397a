"""Diets, relocations, maximum flows and facility locations, whose links are told from one end at a time."""

from __future__ import annotations

import itertools

import pytest

from formulate.offline.base import Abstention, Draft
from formulate.offline.families import RECOGNISERS
from solvers import solve
from verify.reading.reader import read


def answer(text: str) -> float | None:
    found = [recogniser.recognise(read(text)) for recogniser in RECOGNISERS]
    (draft,) = [result for result in found if isinstance(result, Draft)]
    objective: float | None = solve(draft.formulation).objective
    return objective


def reasons(text: str, name: str) -> str:
    (recogniser,) = [r for r in RECOGNISERS if r.name == name]
    result = recogniser.recognise(read(text))
    assert isinstance(result, Abstention)
    return str(result)


FOODS = {"Rice": (10, 30, 2), "Beans": (20, 15, 3), "Eggs": (12, 1, 4)}


def test_a_diet_takes_whole_portions() -> None:
    listed = "\n".join(
        f"- {f}: gives {p} grams of protein and {c} grams of carbs for ${d}." for f, (p, c, d) in FOODS.items()
    )
    text = (
        f"Plan a meal from:\n{listed}\n\nYou need at least 55 grams of protein and 70 grams of carbs. Minimize"
        " the cost."
    )
    portions = itertools.product(range(8), repeat=3)
    enough = [
        n
        for n in portions
        if sum(k * f[0] for k, f in zip(n, FOODS.values())) >= 55
        and sum(k * f[1] for k, f in zip(n, FOODS.values())) >= 70
    ]
    assert answer(text) == min(sum(k * f[2] for k, f in zip(n, FOODS.values())) for n in enough)


LINES = (
    "- From City 1: {0} to City 2, {1} to City 3.\n- From City 2: {2} to City 1, {3} to City 3.\n- From City"
    " 3: {4} to City 1, {5} to City 2.\n"
)


def relocation(*costs: int) -> str:
    return (
        "Food is moved among 3 cities.\n- City 1 has 50 tons but needs 10 tons.\n- City 2 has 5 tons but"
        " needs 30 tons.\n- City 3 has 20 tons but needs 25 tons.\n\n"
        "Moving a ton costs:\n"
        + LINES.format(*(f"{c} dollars" for c in costs))
        + "\nMinimize the total cost so that all needs are met."
    )


@pytest.mark.parametrize(
    ("costs", "expected"), [((4, 9, 4, 3, 9, 3), 25 * 4 + 5 * 7), ((8, 2, 8, 6, 2, 1), 5 * 2 + 25 * 3)]
)
def test_a_relocation_may_pass_through_other_places(costs: tuple[int, ...], expected: int) -> None:
    assert answer(relocation(*costs)) == pytest.approx(expected)


def test_a_maximum_flow_equals_the_least_cut() -> None:
    text = (
        "Pipes join 4 stations. The capacity of each pipe is:\n- From Station 0: to Station 1 (7 tons),"
        " to Station 2 (4 tons).\n"
        "- From Station 1: to Station 2 (5 tons), to Station 3 (3 tons).\n- From Station 2: to Station 1"
        " (1 tons), to Station 3 (6 tons).\n\n"
        "What is the maximum flow from Station 0 to Station 3?"
    )
    assert answer(text) == pytest.approx(9)
    assert "another scale" in reasons(text.replace("What is", "In thousands, what is"), "maximum flow")


def test_a_facility_location_agrees_with_enumeration() -> None:
    opening, capacity, demand = (100, 60), (40, 25), (12, 9)
    cost = ((1, 2), (3, 1))
    text = (
        "Opening costs of the centers:\n- Center 1: $100\n- Center 2: $60\n\nTransport cost per unit:\n-"
        " From Center 1: $1 to Store 1, $2 to Store 2\n"
        "- From Center 2: $3 to Store 1, $1 to Store 2\n\nDemand of each store:\n- Store 1: 12\n- Store"
        " 2: 9\n\nSupply capacity of each center:\n"
        "- Center 1: 40\n- Center 2: 25\n\nMinimize the total cost of opening centers and of transport."
    )
    found = []
    for opened in itertools.product((0, 1), repeat=2):
        for sent in itertools.product(*(range(need + 1) for need in demand)):
            loads = (sum(sent), sum(demand) - sum(sent))
            if all(load <= room * flag for load, room, flag in zip(loads, capacity, opened)):
                transport = sum(cost[0][j] * sent[j] + cost[1][j] * (demand[j] - sent[j]) for j in range(2))
                found.append(transport + sum(c * flag for c, flag in zip(opening, opened)))
    assert answer(text) == pytest.approx(min(found))
