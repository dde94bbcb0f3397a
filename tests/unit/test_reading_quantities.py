"""Quantities: every way a text writes a number, and the numbers that are no data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.reading.reader import read


def only(text: str) -> tuple[float, str, str]:
    found = [q for q in read(text).quantities if q.counts]
    assert len(found) == 1, found
    return found[0].value, found[0].kind, found[0].unit


@pytest.mark.parametrize(
    ("text", "value", "kind", "unit"),
    [
        ("It holds 1,250 gallons.", 1250, "number", "gallon"),
        ("It holds 2.5 kg of rice.", 2.5, "number", "kg"),
        ("It holds twenty-five crates.", 25, "number", "crate"),
        ("It holds one hundred and five crates.", 105, "number", "crate"),
        ("It holds 3 dozen eggs.", 36, "number", "egg"),
        ("It costs $3,000.", 3000, "money", "dollar"),
        ("It costs 30 cents.", 0.3, "money", "dollar"),
        ("It costs 2.5 million dollars.", 2.5e6, "money", "dollar"),
        ("It costs six euros.", 6, "money", "euro"),
        ("It takes 40% of the time.", 0.4, "percent", ""),
        ("It takes 33 percent.", 0.33, "percent", ""),
        ("It takes one-half of it.", 0.5, "fraction", ""),
        ("It takes two thirds of it.", 2 / 3, "fraction", ""),
        ("At most a third of the work.", 1 / 3, "fraction", ""),
        ("It takes 1/4 of it.", 0.25, "fraction", ""),
        ("It needs twice the time.", 2, "multiplier", ""),
        ("It needs 3 times the time.", 3, "multiplier", ""),
        ("It needs 400 sq ft of space.", 400, "number", "sq ft"),
        ("It must buy at least one truck.", 1, "number", "truck"),
        ("The gap is not below -1000 units.", -1000, "number", "unit"),
    ],
)
def test_one_quantity(text: str, value: float, kind: str, unit: str) -> None:
    got = only(text)
    assert got[0] == pytest.approx(value) and got[1:] == (kind, unit)


@pytest.mark.parametrize(
    "text",
    [
        "See Table 2 and Figure 3.",
        "The first and the second one.",
        "There are two types of cars.",
        "Machine 1 is near lab 2.",
        "A small one and a large one.",
    ],
)
def test_numbers_that_are_no_data(text: str) -> None:
    assert [q for q in read(text).quantities if q.counts] == []


@pytest.mark.parametrize("text", ["between 6 and 35 units", "[6, 35]", "from 6 to 35", "6-35 km"])
def test_ranges_have_two_ends(text: str) -> None:
    low, high = read(f"The stock lies {text}.").quantities
    assert (low.value, low.kind, high.value, high.kind) == (6, "range_low", 35, "range_high")


@given(st.integers(0, 10**12))
def test_digits_and_grouped_digits_agree(value: int) -> None:
    for written in (str(value), f"{value:,}"):
        (quantity,) = read(f"They have {written} crates.").quantities
        assert quantity.value == value


_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@given(st.integers(0, 7), st.integers(0, 8), st.integers(1, 8))
def test_number_words_against_digits(ten: int, unit: int, hundreds: int) -> None:
    text = f"They have {_WORDS[hundreds]} hundred and {_TENS[ten]}-{_WORDS[unit]} crates."
    (quantity,) = read(text).quantities
    assert quantity.value == (hundreds + 1) * 100 + (ten + 2) * 10 + unit + 1
