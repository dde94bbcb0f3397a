"""Records of parallel items: entities, pairs, sequences, nesting; every number lies where its span says."""

from __future__ import annotations

import pytest

from verify.reading.records import RecordGroup, read_records


def only(text: str) -> RecordGroup:
    (group,) = read_records(text)
    return group


def test_items_give_named_fields_with_units_and_spans() -> None:
    text = "The items:\n* Crate A: mass 19kg, utility 1,160 credits\n* Crate B: mass 2.5kg, utility 30 credits\n"
    group = only(text)
    assert group.entities == ("Crate A", "Crate B")
    assert group.heading == "The items:"
    assert [[(f.name, f.value, f.unit) for f in r.fields] for r in group.records] == [
        [("mass", 19, "kg"), ("utility", 1160, "credits")],
        [("mass", 2.5, "kg"), ("utility", 30, "credits")],
    ]
    for record in group.records:
        for item in record.fields:
            assert float(text[item.start : item.end].replace(",", "")) == item.value


@pytest.mark.parametrize(
    ("line", "entity", "value"),
    [
        ("Hub {} holds 85 units", "Hub {}", 85),
        ("{}'s capacity is 110 units", "{}", 110),
        ("For Outlet {}, the flow is 100.9", "Outlet {}", 100.9),
        ("The total time at Stage {} cannot surpass 142.8 hours", "Stage {}", 142.8),
        ("By using Practice {}, loss falls by 75%", "Practice {}", 75),
        ("**Site {}** – 40 tons", "Site {}", 40),
        ("Center {} maintains a stock of 16", "Center {}", 16),
        ("Day {}: 49 gallons", "Day {}", 49),
    ],
)
def test_an_item_names_its_entity_in_many_ways(line: str, entity: str, value: float) -> None:
    labels = ("A1", "A2", "A3") if "{}'s" in line else ("1", "2", "3")
    text = "Given:\n" + "".join(f"* {line.format(label)}\n" for label in labels)
    group = only(text)
    assert [record.entity for record in group.records] == [entity.format(label) for label in labels]
    assert {record.fields[0].value for record in group.records} == {value}


@pytest.mark.parametrize(
    "form",
    ["{} to {}: 5.5 km", "From {} to {}: 5.5 km", "{} → {}: 5.5 km", "Between {} and {}: 5.5 km", "({}, {}): 5.5"],
)
def test_pairs_have_two_ends(form: str) -> None:
    ends = [("P", "Q"), ("P", "R"), ("Q", "R")]
    group = only("Lengths:\n" + "".join(f"* {form.format(*pair)}\n" for pair in ends))
    assert group.kind == "pair"
    assert [(r.entity, r.other, r.fields[0].value) for r in group.records] == [(*pair, 5.5) for pair in ends]


def test_pairs_within_a_sentence_are_found() -> None:
    text = "The lengths are: from hub Alpha to Bravo is 64.5 km; Alpha to Coda is 8 km; Bravo to Coda is 9.25 km. Go."
    group = only(text)
    assert [(r.other, r.fields[0].value) for r in group.records] == [("Bravo", 64.5), ("Coda", 8), ("Coda", 9.25)]


def test_sequences_keep_the_order_of_their_steps() -> None:
    group = only("Jobs:\n* J1 follows: (M2, 3) → (M1, 4)\n* J2 follows: (M1, 5) → (M2, 6)\n")
    assert group.kind == "sequence"
    assert [(r.entity, [(s.label, s.value) for s in r.steps]) for r in group.records] == [
        ("J1", [("M2", 3), ("M1", 4)]),
        ("J2", [("M1", 5), ("M2", 6)]),
    ]


def test_nested_items_carry_their_parent() -> None:
    text = (
        "Lines:\n* From Plant A:\n  - to Hub X: capacity = 66, cost = 10\n  - to Hub Y: capacity = 61, cost ="
        " 4\n* From Plant B:\n  - to Hub X: capacity = 1, cost = 2\n"
    )
    group = only(text)
    assert [(r.parent, r.entity, [f.value for f in r.fields]) for r in group.records] == [
        ("Plant A", "Hub X", [66, 10]),
        ("Plant A", "Hub Y", [61, 4]),
        ("Plant B", "Hub X", [1, 2]),
    ]


def test_a_number_that_names_a_thing_is_no_quantity() -> None:
    group = only(
        "Use:\n* For Route A, Stage 1 consumes 0.6, Stage 2 consumes 1.5\n* For Route B, Stage 1 consumes"
        " 2, Stage 2 consumes 3\n"
    )
    assert [[(f.sub, f.value) for f in r.fields] for r in group.records] == [
        [("Stage 1", 0.6), ("Stage 2", 1.5)],
        [("Stage 1", 2), ("Stage 2", 3)],
    ]


def test_brackets_hold_several_numbers_and_never_a_thousands_mark() -> None:
    group = only("Sites:\n* Site A: (55,173)\n* Site B: (7,19)\n")
    assert [[(f.value, f.place, f.width) for f in r.fields] for r in group.records] == [
        [(55, 0, 2), (173, 1, 2)],
        [(7, 0, 2), (19, 1, 2)],
    ]


def test_two_lists_without_a_heading_between_them_stay_two() -> None:
    text = "Use:\n* Item A: 3 kg, 4 hours\n* Item B: 5 kg, 6 hours\n\n* Stage 1: 9 hours\n* Stage 2: 8 hours\n"
    assert [group.entities for group in read_records(text)] == [("Item A", "Item B"), ("Stage 1", "Stage 2")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* ",
        "*" * 5000,
        ":" * 3000,
        "* A: " + "9" * 4000,
        "(" * 3000,
        "→" * 2000,
        "* \x00: 3\n* \x01: 4",
        "- to : 1\n- to : 2",
        "1. 2. 3. 4.",
    ],
)
def test_hostile_text_gives_no_error(text: str) -> None:
    for group in read_records(text):
        assert group.records
