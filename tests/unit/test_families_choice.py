"""Knapsacks, bin packing and tours read from lists, solved, and held to enumeration; abstention on what is not read."""

from __future__ import annotations

import itertools
import random

import pytest

from formulate.offline.base import Abstention, Draft
from formulate.offline.families import RECOGNISERS
from solvers import solve
from verify.reading.reader import read


def drafts(text: str) -> list[Draft]:
    found = [recogniser.recognise(read(text)) for recogniser in RECOGNISERS]
    return [result for result in found if isinstance(result, Draft)]


def answer(text: str) -> float | None:
    (draft,) = drafts(text)
    objective: float | None = solve(draft.formulation).objective
    return objective


def reasons(text: str, name: str) -> str:
    (recogniser,) = [r for r in RECOGNISERS if r.name == name]
    result = recogniser.recognise(read(text))
    assert isinstance(result, Abstention)
    return str(result)


ITEMS = [(12, 40), (7, 35), (9, 10), (4, 22), (15, 61), (6, 5)]
NAMES = "ABCDEF"


def knapsack(
    extra: str = "", capacity: int = 26, thing: str = "Parcel", fields: str = "weight {} kg, profit {} credits"
) -> str:
    listed = "\n".join(f"* {thing} {name}: {fields.format(*item)}" for name, item in zip(NAMES, ITEMS))
    return (
        f"A courier picks {thing.lower()}s for one flight. The available {thing.lower()}s are:\n{listed}\n\n{extra}\n"
        f"The flight can carry at most {capacity} kg. Determine which {thing.lower()}s to take to maximize"
        " total profit."
    )


def best(allowed=lambda chosen: True, capacity=lambda chosen: 26, bonus=lambda chosen: 0) -> int:
    found = []
    for flags in itertools.product((0, 1), repeat=len(ITEMS)):
        chosen = {name for name, flag in zip(NAMES, flags) if flag}
        weight = sum(item[0] for item, flag in zip(ITEMS, flags) if flag)
        if weight <= capacity(chosen) and allowed(chosen):
            found.append(sum(item[1] for item, flag in zip(ITEMS, flags) if flag) + bonus(chosen))
    return max(found)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", best()),
        (
            "Due to a contract, exactly one of Parcel A and Parcel E must be taken.",
            best(lambda c: len(c & {"A", "E"}) == 1),
        ),
        ("Parcel B and Parcel E cannot both be selected.", best(lambda c: not {"B", "E"} <= c)),
        ("Parcels B and E are incompatible.", best(lambda c: not {"B", "E"} <= c)),
        ("If Parcel E is selected, then Parcel C must also be selected.", best(lambda c: "E" not in c or "C" in c)),
        ("Parcel E can only be selected if Parcel F is selected.", best(lambda c: "E" not in c or "F" in c)),
        ("At least two of Parcels A, C and F must be included.", best(lambda c: len(c & {"A", "C", "F"}) >= 2)),
        ("At most two parcels may be taken.", best(lambda c: len(c) <= 2)),
        (
            "If Parcel E is chosen, the usable capacity shrinks by 8 kg.",
            best(capacity=lambda c: 18 if "E" in c else 26),
        ),
        (
            "A one-time bonus of 50 credits is granted if at least one parcel is loaded.",
            best(bonus=lambda c: 50 if c else 0),
        ),
        (
            "If both Parcel A and Parcel B are selected, a bonus of 30 credits is earned.",
            best(bonus=lambda c: 30 if {"A", "B"} <= c else 0),
        ),
        ("Parcel C must be included.", best(lambda c: "C" in c)),
    ],
)
def test_side_conditions_agree_with_enumeration(extra: str, expected: int) -> None:
    assert answer(knapsack(extra)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("thing", "fields"),
    [
        ("Server job", "takes {} kg of cooling, value {}"),
        ("Crate", "mass: {} kg, revenue: ${}"),
        ("Project", "weighs {} kg and yields {} in profit"),
        ("Box", "profit {1}, weight {0} kg"),
    ],
)
def test_the_wording_of_the_items_does_not_matter(thing: str, fields: str) -> None:
    assert answer(knapsack(thing=thing, fields=fields)) == best()


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("The pilot also needs 3 breaks.", "3"),
        ("Parcel B should travel next to Parcel C.", "Parcel B"),
        ("Some parcels are incompatible.", "incompatible"),
        ("Every flight needs at least one guard.", "at least"),
        ("Either Parcel A or Parcel B must be selected.", "ither"),
    ],
)
def test_a_requirement_that_is_not_read_is_an_abstention_that_names_it(extra: str, told: str) -> None:
    assert drafts(knapsack(extra)) == []
    assert told in reasons(knapsack(extra), "knapsack")


def test_two_capacities_are_told_apart_by_their_units() -> None:
    text = (
        "Select which parcels to load to maximize total value.\n* Parcel A: weight 5 kg, volume 4 liters,"
        " value 9\n* Parcel B: weight 4 kg, volume 7 liters, value 8\n"
        "* Parcel C: weight 3 kg, volume 3 liters, value 4\nThe van holds at most 9 kg and its capacity is 8 liters."
    )
    assert answer(text) == 13


def packing(sizes: list[int], capacity: int) -> str:
    listed = "\n".join(f"* Box {i}: volume {size} litres" for i, size in enumerate(sizes, start=1))
    return (
        f"Boxes are put into identical bins. The boxes are:\n{listed}\n\nEach bin holds up to {capacity}"
        " litres. Use the fewest bins. Every box must be "
        "placed in exactly one bin, and the total volume in any bin cannot exceed its capacity."
    )


def fewest(sizes: list[int], capacity: int) -> int:
    least = len(sizes)

    def place(at: int, bins: list[int]) -> None:
        nonlocal least
        if len(bins) >= least:
            return
        if at == len(sizes):
            least = len(bins)
            return
        for i, load in enumerate(bins):
            if load + sizes[at] <= capacity:
                place(at + 1, [*bins[:i], load + sizes[at], *bins[i + 1 :]])
        place(at + 1, [*bins, sizes[at]])

    place(0, [])
    return least


@pytest.mark.parametrize("seed", range(6))
def test_bin_packing_agrees_with_search(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.randint(10, 60) for _ in range(chance.randint(3, 8))]
    assert answer(packing(sizes, 100)) == fewest(sizes, 100)


def test_an_item_that_fits_no_bin_is_said() -> None:
    assert "larger than the capacity" in reasons(packing([120, 30], 100), "packing")


PLACES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")


def lengths(seed: int) -> dict[frozenset[str], float]:
    chance = random.Random(seed)
    return {frozenset(pair): chance.randint(100, 2000) / 10 for pair in itertools.combinations(PLACES, 2)}


def tour(table: dict[frozenset[str], float], extra: str = "", thing: str = "Depot", short: bool = True) -> str:
    lines = []
    for a, b in itertools.combinations(PLACES, 2):
        if frozenset((a, b)) in table:
            lines.append(f"* {thing} {a} to {'' if short else thing + ' '}{b}: {table[frozenset((a, b))]} minutes")
    return (
        f"A van visits {len(PLACES)} {thing.lower()}s. The travel times are:\n" + "\n".join(lines) + f"\n\n{extra}\n\n"
        f"Determine the shortest circuit that visits every {thing.lower()} exactly once before returning to the origin."
    )


def shortest(table: dict[frozenset[str], float], allowed=lambda links: True, constant: float = 0) -> float:
    found = []
    for order in itertools.permutations(PLACES[1:]):
        stops = (PLACES[0], *order, PLACES[0])
        links = {frozenset(pair) for pair in itertools.pairwise(stops)}
        if links <= set(table) and allowed(links):
            found.append(sum(table[link] for link in links))
    return min(found) + constant


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("short", [True, False])
def test_a_tour_agrees_with_enumeration(seed: int, short: bool) -> None:
    table = lengths(seed)
    assert answer(tour(table, short=short)) == pytest.approx(shortest(table))


@pytest.mark.parametrize("seed", range(3))
def test_conditions_on_links_agree_with_enumeration(seed: int) -> None:
    table = lengths(seed)
    a, b, c = (frozenset(pair) for pair in (("Beta", "Gamma"), ("Gamma", "Delta"), ("Alpha", "Beta")))
    one = (
        "Exactly one of the following two links must be used: the link between Depot Beta and Gamma, or the"
        " link between Gamma and Delta."
    )
    assert answer(tour(table, one)) == pytest.approx(shortest(table, lambda links: len(links & {a, b}) == 1))
    closed = "No direct connection exists between Depot Alpha and Depot Beta."
    without = {link: value for link, value in table.items() if link != c}
    assert answer(tour(without, closed)) == pytest.approx(shortest(without))
    assert answer(tour(table, closed)) == pytest.approx(shortest(without))
    extra = "The crew must add a fixed total of 10 minutes to the journey, irrespective of the order."
    assert answer(tour(table, extra)) == pytest.approx(shortest(table, constant=10))


def test_an_amount_equal_to_the_number_of_places_is_still_an_amount() -> None:
    table = lengths(5)
    extra = f"The crew must add a fixed total of {len(PLACES)} minutes to the journey, irrespective of the order."
    assert answer(tour(table, extra)) == pytest.approx(shortest(table, constant=len(PLACES)))
    numbered = {name: str(i) for i, name in enumerate(PLACES, start=1)}
    text = tour(table, extra)
    for name, number in numbered.items():
        text = text.replace(name, number)
    assert answer(text) == pytest.approx(shortest(table, constant=len(PLACES)))


def test_a_missing_length_is_an_abstention_unless_the_link_is_said_not_to_exist() -> None:
    table = lengths(1)
    del table[frozenset(("Beta", "Zeta"))]
    assert "Beta and" in reasons(tour(table), "tour") and "Zeta" in reasons(tour(table), "tour")


@pytest.mark.parametrize(
    "extra",
    [
        "Depot Beta must be visited before Depot Zeta.",
        "Each van carries at most 40 parcels.",
        "If the link between Alpha and Beta is used, so is the link between Gamma and Zeta.",
    ],
)
def test_other_conditions_on_a_tour_are_an_abstention(extra: str) -> None:
    assert drafts(tour(lengths(2), extra)) == []


def test_coordinates_are_named_as_distractors() -> None:
    sites = "\n".join(f"Depot {name}: ({i},{100 + i})" for i, name in enumerate(PLACES))
    (draft,) = drafts(tour(lengths(3), f"The positions are:\n{sites}"))
    assert [unused.value for unused in draft.formulation.unused] == [
        n for i in range(len(PLACES)) for n in (i, 100 + i)
    ]


@pytest.mark.parametrize("text", [knapsack(), packing([30, 40, 60], 100), tour(lengths(0))])
def test_every_number_carries_the_words_it_was_read_from(text: str) -> None:
    (draft,) = drafts(text)
    cells = [cell for parameter in draft.formulation.parameters for cell in parameter.cells]
    assert cells
    for cell in cells:
        assert str(cell.value) in cell.quote
        assert cell.quote in " ".join(text.split())
