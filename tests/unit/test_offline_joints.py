"""The joints between readers: a table retold, half a table of lengths, a number set aside. Right or not answered."""

from __future__ import annotations

import pytest

from formulate.offline import formulate_offline
from formulate.offline.base import Abstention
from solvers import solve

TABLE = """A workshop makes chairs and tables.

| Product | Oak (m) | Profit ($) |{head}
|---|---|---|{rule}
| Chair | 2 | 30 |{chair}
| Table | 5 | 40 |{table}

There are 100 m of oak available. {more} How many of each product should be made to maximize profit?"""
TOUR = """A driver starts at Ely, visits each of the other towns exactly once and returns to Ely. Find the closed tour
of minimum total distance. Distances (km) are in the table{alike}.

| | Ely | Bath | Cork | Dover |
|---|---|---|---|---|
| Ely | 0 | {first} | 7 | 3 |
| Bath | {below} | 0 | 2 | 6 |
| Cork | {lower} | {lower2} | 0 | 5 |
| Dover | {lower3} | {lower4} | {lower5} | 0 |
"""
WORDS = (
    "A workshop makes chairs and tables. Each chair takes 2 {of} of wood and each table takes 5 {of} of wood. "
    "There are 100 {of} of wood available. The profit per chair is $20 and the profit per table is $60. {more} "
    "How many of each should be made to maximize profit?"
)
VAN = """A courier can load parcels into a van. The capacity of the van is 16. {more} \
Each parcel must be loaded in full or left behind. Choose which parcels to load to maximize the total value.

- Parcel A: girth 5, value 10
- Parcel B: girth 7, value 13
- Parcel C: girth 9, value 16
"""


def answer(text: str) -> float | None:
    draft = formulate_offline(text)
    return None if isinstance(draft, Abstention) else solve(draft.formulation).objective


def table(head: str = "", chair: object = "", other: object = "", more: str = "") -> float | None:
    column = (f" {head} |", "---|", f" {chair} |", f" {other} |") if head else ("", "", "", "")
    return answer(TABLE.format(head=column[0], rule=column[1], chair=column[2], table=column[3], more=more))


def tour(first: int, below: object, half: tuple[object, ...], alike: str = "") -> float | None:
    names = ("lower", "lower2", "lower3", "lower4", "lower5")
    return answer(TOUR.format(first=first, below=below, alike=alike, **dict(zip(names, half))))


def test_a_column_of_bounds_on_how_many_are_made_is_read() -> None:
    assert table() == pytest.approx(1500)
    assert table("Maximum demand", 10, 30) == pytest.approx(10 * 30 + 16 * 40)
    assert table("Max production (units)", 10, 30) == pytest.approx(10 * 30 + 16 * 40)


@pytest.mark.parametrize("head", ["Max hours", "Minimum batch", "Maximum price", "Minimum drying (hours)", "Max (kg)"])
def test_a_column_of_bounds_on_something_else_is_refused(head: str) -> None:
    assert table(head, 10, 30) is None


@pytest.mark.parametrize("more", [
    "The table gives the needs for a pair of each.", "The figures in the table describe a set of each.",
    "The table shows the oak before waste.", "The table lists only some of the needs.",
])  # fmt: skip
def test_a_sentence_on_the_table_that_changes_it_is_refused(more: str) -> None:
    assert table(more=more) is None
    assert table(more="The table lists the oak and the profit for each product.") == pytest.approx(1500)


def test_a_whole_table_of_lengths_and_half_of_one_agree() -> None:
    assert tour(4, 4, (7, 2, 3, 6, 5)) == pytest.approx(14)
    assert tour(4, "", ("", "", "", "", "")) == pytest.approx(14)


def test_a_table_that_cannot_be_meant_is_refused() -> None:
    assert tour(4, 0, (0, 0, 0, 0, 0)) is None  # half of it zero: free, or not told?
    assert tour(-4, -4, (7, 2, 3, 6, 5)) is None
    assert tour(4, 9, (7, 2, 3, 6, 5), alike=", the same in both directions") is None
    assert tour(4, 9, (7, 2, 3, 6, 5)) == pytest.approx(14)  # against the clock


def test_a_length_told_one_way_only_is_an_assumption() -> None:
    half = TOUR.format(first=4, below="", alike="", lower="", lower2="", lower3="", lower4="", lower5="")
    told = half.replace("in the table", "in the table, the same in both directions")
    for text, count in ((half, 1), (told, 0)):
        draft = formulate_offline(text)
        assert not isinstance(draft, Abstention)
        assert sum("both" in each.text for each in draft.formulation.assumptions) == count


@pytest.mark.parametrize(("of", "more"), [
    ("stone", "The lorry bears 50 kg."), ("rods", "A rod is 5 m."), ("bundles", "You have 800 ft of cord."),
    ("rounds", "The apprentices work 90 hours."), ("rounds", "A round is 3 hours."),
    ("bundles", "The allowance of 1900 was granted."), ("bundles", "The deadline is 90 hours away."),
])  # fmt: skip
def test_a_number_that_may_matter_is_never_set_aside(of: str, more: str) -> None:
    assert answer(WORDS.format(of=of, more=more)) is None
    assert answer(WORDS.format(of=of, more="")) == pytest.approx(1200)


def test_a_number_that_only_describes_is_set_aside() -> None:
    draft = formulate_offline(WORDS.format(of="bundles", more="The workbench is 3 m long."))
    assert not isinstance(draft, Abstention)
    assert [each.value for each in draft.formulation.unused] == [3]


def test_a_measure_that_equals_the_count_of_things_is_no_count() -> None:
    assert answer(VAN.format(more="")) == pytest.approx(29)
    assert answer(VAN.format(more="The partition in the van is 3 m.")) is None


@pytest.mark.parametrize(("asked", "expected"), [("batches of each product", 1500), ("of each product", None)])
def test_a_batch_of_a_table_is_the_unit_only_where_batches_are_asked_for(asked: str, expected: float | None) -> None:
    told = "The following table gives the oak and the profit for a 10-gallon batch of each. There are"
    text = TABLE.replace("of each product", asked).replace("There are", told)
    assert answer(text.format(head="", rule="", chair="", table="", more="")) == expected


FUND = """A fund shares its money among three assets: Gold, Bonds and Shares. Expected yearly returns are:

- Gold: 4 percent
- Bonds: 3 percent
- Shares: 8 percent

Covariances of the returns (squared percentage points) are:

| | Gold | Bonds | Shares |
|---|---|---|---|
| Gold | 4 | 1 | {gold} |
| Bonds | 1 | 2 | 1 |
| Shares | {gold} | 1 | 9 |

The expected return must be at least 5 percent{more}. The fund wants as little risk as possible. All of the money is
invested and {short} be sold short. What share should go into each asset?"""
FEED = """A farm mixes feed from maize, soy and oats. What 1 kg of each contains and costs is in the table.

| | Protein (g per kg) | Fibre (g per kg) | Cost (cents per kg) |
|---|---|---|---|
| Maize | 90 | 20 | 25 |
| Soy | 400 | 60 | 50 |
| Oats | 120 | 100 | 20 |

The farm wants 100 kg of feed. Each kg of the mix must contain at least 200 g of protein{more}. The cost should be as
little as possible. How much of each should be used?"""


def least_variance() -> float:
    """By enumeration of shares in steps of a thousandth."""
    best = float("inf")
    for gold in range(1001):
        for bonds in range(1001 - gold):
            g, b, s = gold / 1000, bonds / 1000, (1000 - gold - bonds) / 1000
            if 4 * g + 3 * b + 8 * s >= 5 - 1e-12:
                best = min(best, 4 * g * g + 2 * b * b + 9 * s * s + 2 * (g * b + 2 * g * s + b * s))
    return best


def test_a_fund_without_short_sales_is_read() -> None:
    assert answer(FUND.format(gold=2, more="", short="nothing may")) == pytest.approx(least_variance(), rel=1e-3)


@pytest.mark.parametrize("told", [
    {"more": " on each asset"}, {"more": " in any one asset"}, {"gold": 20}, {"short": "shares may"},
    {"more": " or at least 4 percent in bad years"},
])  # fmt: skip
def test_another_fund_is_refused(told: dict[str, object]) -> None:
    assert answer(FUND.format(**{"gold": 2, "more": "", "short": "nothing may", **told})) is None


def test_limits_joined_by_or_are_refused() -> None:
    assert answer(FEED.format(more="")) == pytest.approx(100 * (50 * 2 / 7 + 20 * 5 / 7))
    assert answer(FEED.format(more=" or at least 50 g of fibre")) is None


def test_a_phrase_of_a_licence_has_an_end_and_a_sentence_too() -> None:
    assert answer(VAN.format(more="Where each of the parcels goes is told to the driver. " * 40)) is None
    assert answer(VAN.format(more="The van is old " + "and old " * 1000 + ".")) is None
