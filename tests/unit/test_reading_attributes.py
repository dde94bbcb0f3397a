"""Tables of things and attributes, series told in one sentence, and numbers that nothing could use."""

from __future__ import annotations

import re

import pytest

from verify.reading.attributes import AttributeTable, attribute_table
from verify.reading.reader import read
from verify.reading.series import read_series
from verify.reading.tables import find_tables


def told(text: str) -> AttributeTable | None:
    (table,) = find_tables(text)
    return attribute_table(table)


def test_units_stand_in_headings_or_in_all_cells_of_a_column() -> None:
    found = told("| Crop | Price (euros/ton) | Water use | Note, cm |\n|---|---|---|---|\n"
                 "| rye | 120 | 30 m3 | 4 |\n| oats | 90 | 25 m3 | 5 |\n")
    assert found is not None
    assert found.labels == ("rye", "oats")
    assert [(a.name, a.unit) for a in found.attributes] == [("Price", "euros/ton"), ("Water use", "m3"), ("Note", "cm")]
    assert [cell.value for cell in found.attributes[1].cells] == [30, 25]


def test_a_table_with_a_column_per_thing_is_turned() -> None:
    found = told("| Input | Lamp | Stool |\n|---|---|---|\n| Wood (kg) | 2 | 5 |\n| Labour (hours) | 1 | 3 |\n"
                 "| Profit (euros) | 9 | 14 |\n")
    assert found is not None
    assert found.labels == ("Lamp", "Stool")
    assert [(a.name, a.cells[1].value) for a in found.attributes] == [("Wood", 5), ("Labour", 3), ("Profit", 14)]


@pytest.mark.parametrize(("last", "sign"), [("Available", "<="), ("Total capacity", "<="), ("Minimum required", ">=")])
def test_a_row_of_totals_is_no_thing(last: str, sign: str) -> None:
    found = told(f"| Product | Steel (kg) | Time (hours) |\n|---|---|---|\n| a | 1 | 2 |\n| b | 3 | 4 |\n| {last} | 50 | 60 |\n")
    assert found is not None
    assert (found.labels, found.totals_are) == (("a", "b"), sign)
    assert [a.total.value for a in found.attributes if a.total] == [50, 60]


@pytest.mark.parametrize("table", [
    "| From | Oslo | Riga |\n|---|---|---|\n| Lund | 64 | 92 |\n| Kiel | 85 | 98 |\n",
    "| Plant | Region 1 | Region 2 |\n|---|---|---|\n| A | $64 | $92 |\n| B | $85 | $98 |\n",
    "| Shop | Cost ($) | Opens |\n|---|---|---|\n| x | 4 | early |\n| y | 5 | late |\n",
])  # fmt: skip
def test_matrices_and_columns_of_words_are_refused(table: str) -> None:
    assert told(table) is None


def series(text: str, *names: str) -> list[dict[str, list[tuple[float, str]]]]:
    def find(sentence: str) -> list[tuple[str, int, int]]:
        found = [(name, *m.span()) for name in names for m in re.finditer(name, sentence)]
        return sorted(found, key=lambda item: item[1])

    return [{r.entity: [(f.value, f.unit) for f in r.fields] for r in g.records} for g in read_series(text, [find])]


def test_a_series_takes_its_unit_from_the_first_number() -> None:
    text = "This week Lund can send 12 pallets, Kiel 9 and Gdansk 14. Nothing else is sent."
    assert series(text, "Lund", "Kiel", "Gdansk") == [
        {"Lund": [(12, "pallets")], "Kiel": [(9, "pallets")], "Gdansk": [(14, "pallets")]}
    ]


def test_numbers_may_come_before_their_names_and_names_may_be_numbered() -> None:
    assert series("Demand is 9 pumps in week 1, 6 pumps in week 2 and 11 pumps in week 3.") == [
        {"week 1": [(9, "pumps")], "week 2": [(6, "pumps")], "week 3": [(11, "pumps")]}
    ]


@pytest.mark.parametrize("text", [
    "Lund can send 12 pallets, Kiel 9 pallets or 10 crates.",  # uneven
    "Lund can send 12 pallets and Kiel 9 barrels.",  # other things
    "Lund and Kiel can send 12 and 9 pallets.",  # by order of naming, which is not read here
    "Lund sends 12 to Kiel and Kiel 9 to Lund.",  # a name twice
])  # fmt: skip
def test_what_takes_no_turns_is_no_series(text: str) -> None:
    assert series(text, "Lund", "Kiel") == []


BASE = "A shop bakes {} It sells bread and cakes by the piece. How many of each should be baked to earn the most?"


@pytest.mark.parametrize(("sentence", "why"), [
    ("cakes. The shop opened in 1954.", "year"),
    ("cakes. A usual cake is 30 cm high.", "length"),
])  # fmt: skip
def test_idle_numbers_are_set_aside_with_a_reason(sentence: str, why: str) -> None:
    (idle,) = read(BASE.format(sentence)).idle
    assert why in idle.reason


@pytest.mark.parametrize("sentence", [
    "cakes. The shop needs 1954 loaves.",  # no year
    "cakes. It must sell 1954 loaves in 2020.",  # two numbers
    "cakes. The shop may open in 1954.",  # not in the past
    "cakes. A cake is 30 cm high. The shelf is 2 m long.",  # lengths can meet
    "cakes. A cake takes 30 cm of shelf.",  # a rate
    "cakes. There are 30 cm of shelf available.",  # a limit
    "cakes. There are 12 bakers.",  # a count may bear on work
    "cakes. A cake is 30 cm high. The distance to the market is long.",  # lengths are spoken of
])  # fmt: skip
def test_what_could_bear_on_the_problem_is_never_set_aside(sentence: str) -> None:
    assert read(BASE.format(sentence)).idle == ()
