"""Plain texts of the structured classes are read right; a clause, a unit or an exception more is refused."""

from __future__ import annotations

import pytest

from formulate.offline.base import Draft
from formulate.offline.families import RECOGNISERS
from solvers import solve
from solvers.formulation import Formulation
from tests.unit.plain_texts import TEXTS, A, D, R, U, knapsack, stock, tour
from verify.reading.reader import read


def draft(text: str) -> Formulation | None:
    """The formulation that the families give; None where all of them abstain."""
    reading = read(text)
    drafts = [r for recogniser in RECOGNISERS if isinstance(r := recogniser.recognise(reading), Draft)]
    assert len(drafts) < 2, [each.recogniser for each in drafts]
    return drafts[0].formulation if drafts else None


def value(text: str) -> float | str | None:
    formulation = draft(text)
    if formulation is None:
        return None
    result = solve(formulation)
    return result.objective if result.termination == "optimal" else result.termination


def twisted(name: str, old: str, new: str) -> str:
    text = TEXTS[name][0]
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize("name", TEXTS)
def test_a_plain_text_is_read(name: str) -> None:
    text, expected = TEXTS[name]
    assert value(text) == pytest.approx(expected)


REFUSED = [
    ('k1', 'Which items', 'The piano may only be taken if the carpet is taken too. Which items'),
    ('k1', 'piano: 9 cubic metres', 'piano: 9000 litres'),
    ('k1', 'Which items should she take', 'Which two items should she take'),
    ('k1', 'some of these', 'all but one of these'),
    ('k1', 'Which items should she take', 'Which items should she leave'),
    ('k2', 'Each film is either restored or not.', 'Each film is either restored or not, except Dawn, which is being restored already.'),
    ('k2', '90 hours', '90 minutes'),
    ('k2', 'Each film is either restored or not.', 'Each film is either restored or not watched.'),
    ('k3', 'each at most once', 'each at most once but the blanket twice'),
    ('k3', '12 kg', '12 lb'),
    ('k3', 'to maximize the total benefit?', 'to maximize the total benefit, if he never takes books and camera at once?'),
    ('k4', 'No feature can be cut or played twice.', 'No feature can be cut, but each can be played twice.'),
    ('k4', '60 minutes', '2 hours'),
    ('k4', 'tonight', 'tonight and 30 minutes tomorrow'),
    ('k5', '500 thousand euros', '500 euros'),
    ('k5', '500 thousand euros for small projects.', '500 thousand euros for small projects and must fund the fountain.'),
    ('k5', 'Which projects', 'Which three projects'),
    ('t1', 'Rotterdam and Delft and', 'Rotterdam and Delft in this order and'),
    ('t1', 'has to visit Amsterdam, Rotterdam and Delft', 'has to visit Amsterdam and Delft'),
    ('t1', 'In which order', 'Rotterdam comes before Delft. In which order'),
    ('t2', 'each exactly once', 'each exactly once except Wels, which is visited twice'),
    ('t2', 'Enns, each exactly once, and', 'Enns, Wels first, each exactly once, and'),
    ('t2', 'Wels to Enns: 35', 'Wels to Enns: 0.5 hours'),
    ('t2', 'The times are the same in both directions.', 'The times are the same in both directions, but uphill from Linz to Wels it takes 10 minutes longer.'),
    ('t3', 'row: from, column: to', 'row: to, column: from'),
    ('t3', 'return to the first one', 'return to the second one'),
    ('t3', 'four holes', 'three holes'),
    ('t3', '(row: from, column: to)', '(row: from, column: to; 1 second more after hole 3)'),
    ('t4', 'Demir and Evans and returns', 'Demir and Evans, Evans before noon, and returns'),
    ('t4', 'Which tour is', 'If Bauer is visited first, 3 km are saved. Which tour is'),
    ('t4', 'visits the patients Bauer, Cohen, Demir and Evans', 'visits two of the patients Bauer, Cohen, Demir and Evans'),
    ('t5', 'a dash means that there is no direct way.', 'a dash means that there is no direct way except at night.'),
    ('t5', 'visits every sight once', 'visits every sight but the Castle once'),
    ('t5', 'a dash means that there is no direct way', 'a dash means that the distance is the same as from the Pantheon'),
    ('j1', 'A machine handles', 'Job 3 cannot start before time 4. A machine handles'),
    ('j1', '(M1, 3)', '(M1, 3 h)'),
    ('j1', 'A machine handles one job', 'A machine handles one job, M2 even two,'),
    ('j2', 'and a step that', 'and after each step a machine is cleaned for half an hour, and a step that'),
    ('j2', 'desk: M2 (2)', 'desk: M2 (20 minutes)'),
    ('j2', 'Each machine can', 'Each machine but M3 can'),
    ('j3', 'No machine', 'Only the polishing machine'),
    ('j3', '5 minutes', '5 hours'),
    ('j3', 'No machine can do', 'Between two steps one minute passes. No machine can do'),
    ('j4', 'Minimize the', 'Job 2 is due at time 11. Minimize the'),
    ('j4', 'M2 (1 minutes)', 'M2 (1 hour)'),
    ('j4', 'at most one job', 'at most two jobs'),
    ('j5', 'The jobs should', 'The lathe is free from 2 h on. The jobs should'),
    ('j5', 'lathe (6 h)', 'lathe (6 min)'),
    ('j5', 'Each machine can', 'Job D waits for Job A. Each machine can'),
    ('j5', 'mill (5 h)', 'mill (5 h) twice'),
    ('f1', 'How much', 'Mine 1 must send at least 50 tons to smelter A. How much'),
    ('f1', '| 90 |', '| 90 kg |'),
    ('f1', 'How much', 'Nothing can go from mine 2 to smelter B. How much'),
    ('f1', 'Supply |', 'Fixed cost |'),
    ('f2', 'Needs (in sacks)', 'Needs (in tons)'),
    ('f2', 'What is', 'Braun takes flour from one mill only. What is'),
    ('f2', '| Adler | 50 |', '| Adler (closed) | 50 |'),
    ('f3', 'Hull, Ripon and Selby need', 'Hull, Ripon and Selby together need'),
    ('f3', 'the one in York 80', 'the one in York 80 crates'),
    ('f3', 'How should', 'Each warehouse keeps ten pallets. How should'),
    ('f3', 'need 50, 60 and 40 pallets', 'need 50, 60 or 40 pallets'),
    ('f3', 'need 50, 60 and 40 pallets', 'need at most 50, 60 and 40 pallets'),
    ('f4', '| Capacity |', '| Minimum load |'),
    ('f4', 'Find the', 'A plant that ships costs 100 euros more. Find the'),
    ('f4', 'The entries are', 'Each route can carry at most 30 tanks. The entries are'),
    ('f5', '80 tons', '80 kg'),
    ('f5', 'Minimize the', 'Quarry Alba has to send everything. Minimize the'),
    ('p1', '- 12 kg', '- 12 kg (may not share a box)'),
    ('p1', '18 kg', '18 lb'),
    ('p1', '- 4 kg', '- 4000 g'),
    ('p1', 'A box can', 'Crates of 7 kg must not share a box. A box can'),
    ('p1', 'seven crates', 'eight crates'),
    ('p1', '- 5 kg', '- 5 kg, twice'),
    ('p2', 'A file cannot be split.', 'A file cannot be split. Each stick needs 1 GB for itself.'),
    ('p2', '16 GB', '16 MB'),
    ('p2', 'A file cannot be split.', 'A file cannot be split, and video and games must be on different sticks.'),
    ('p2', 'A file cannot', 'A copy of music is on every stick. A file cannot'),
    ('p3', 'in one boat.', 'in one boat, but the Bodes may be divided.'),
    ('p3', 'at most 8 people', 'at most 8 adults and 2 children'),
    ('p3', '6 people', '6 people with a dog'),
    ('p3', 'How many', 'Families Carl and Dorn cross together. How many'),
    ('p4', '300 cm', '3 m'),
    ('p4', 'cut from', 'cut (each cut wastes 1 cm) from'),
    ('p4', '6. 60 cm', '6. 60 cm, four times'),
    ('p5', 'Use as', 'Parcels A and D travel on the same truck. Use as'),
    ('p5', '10 tons', '10 kg'),
    ('p5', '(tons)', '(kg)'),
    ('p5', 'Use as', 'Only three parcels fit into a truck. Use as'),
    ('i1', 'Minimize the', 'Flour keeps for two weeks only. Minimize the'),
    ('i1', 'Each sack ordered costs 5 euros', 'Each order placed costs 5 euros'),
    ('i1', '| 3 | 4 |', '| 3 | 4 kg |'),
    ('i1', 'At most 8 sacks can be ordered each week', 'At most 8 sacks can be ordered in all'),
    ('i2', 'Orders arrive in the same month.', 'Orders arrive a month later.'),
    ('i2', 'How many boxes', 'At the end 2 boxes must be left. How many boxes'),
    ('i2', '3 | 6', '3 | 6 pallets'),
    ('i3', 'week 3: 8 tons', 'week 3: 8000 kg'),
    ('i3', 'Which orders', 'Steel comes in lots of 5 tons. Which orders'),
    ('i3', 'Orders arrive at once.', 'Orders arrive at once, except in week 2.'),
    ('i3', 'a ton of unmet demand, which is lost, costs', 'a ton of unmet demand, which is lost after week 2, costs'),
    ('i4', 'Minimize the', 'Each order costs 20 euros more. Minimize the'),
    ('i4', '150 euros per bicycle', '150 euros per month'),
    ('i4', 'there is no lead time', 'there is no lead time but in month 1'),
    ('i5', 'may be at most 6 bags', 'may be at most 6 bags, on day 2 only 3'),
    ('i5', 'the fridge holds 10 bags at most', 'the fridge holds 10 bags at most overnight'),
    ("t1", "and returns to Utrecht", "and returns to Utrecht via Delft"),
    ("t1", "starts in Utrecht", "starts in Utrecht or Delft"),
    ("t2", "each exactly once", "each exactly once, ending in Enns"),
    ("j3", "the last product", "the first product"),
    ("j3", "Two products", "Two products, two pieces of each,"),
    ("f3", "The costs per pallet", "The costs per pallet and mile"),
    ("i2", "Ordering costs 7 euros per box", "Ordering costs 7 euros per order"),
    ("i2", "has a capacity of 9 boxes", "has a capacity of 9 boxes in month 1"),
    ("i3", "storage costs 2 euros per ton and week", "storage costs 2 euros per ton and day"),
    ('i5', 'Minimize the', 'Bags that are two days old are thrown away. Minimize the'),
]


@pytest.mark.parametrize(("name", "old", "new"), REFUSED)
def test_a_twist_is_refused(name: str, old: str, new: str) -> None:
    assert value(twisted(name, old, new)) is None


DIRECTED = {(U, A): 45, (A, U): 45, (U, R): 58, (R, U): 58, (U, D): 66, (D, U): 66, (A, R): 79, (R, A): 20, (A, D): 62, (D, A): 62, (R, D): 14, (D, R): 14}  # fmt: skip


def test_a_table_that_is_not_symmetric_is_read_from_row_to_column_and_says_so() -> None:
    text = twisted("t1", "| Rotterdam | 58 | 79 |", "| Rotterdam | 58 | 20 |").replace("In which", "Each city is visited once. In which")
    formulation = draft(text)
    assert formulation is not None
    assert any("not symmetric" in each.text for each in formulation.assumptions)
    assert value(text) == pytest.approx(tour(DIRECTED, [U, A, R, D], two_way=False))


def test_pairs_without_a_number_are_named_as_an_assumption() -> None:
    formulation = draft(TEXTS["t5"][0])
    assert formulation is not None
    assert any("without a number" in each.text for each in formulation.assumptions)


def test_a_tour_that_a_second_pass_would_shorten_needs_the_word_once() -> None:
    far = twisted("t1", "| Amsterdam | 45 | 0 | 79 | 62 |", "| Amsterdam | 45 | 0 | 790 | 620 |")
    far = far.replace("| Rotterdam | 58 | 79 |", "| Rotterdam | 58 | 790 |").replace("| Delft | 66 | 62 |", "| Delft | 66 | 620 |")
    lengths = {(U, A): 45, (U, R): 58, (U, D): 66, (A, R): 790, (A, D): 620, (R, D): 14}
    assert value(far) is None
    assert value(far.replace("In which", "Each city is visited once. In which")) == pytest.approx(tour(lengths, [U, A, R, D]))


def test_what_a_twist_says_is_read_where_it_is_known() -> None:
    capped = twisted("i1", "At most 8 sacks can be ordered each week", "At most 8 sacks can be ordered in week 2")
    assert value(capped) == pytest.approx(stock([6, 9, 4, 7], 3, [10, 8, 10, 10], 10, 5, 1, 12))
    spent = twisted("k1", "room for 20", "room for 16")
    assert value(spent) == pytest.approx(knapsack([(10, 5), (17, 9), (12, 7), (3, 2), (11, 6)], 16))


def test_names_and_numbers_in_turn_keep_their_order() -> None:
    turned = twisted("f3", "need 50, 60 and 40 pallets", "need 40, 50 and 60 pallets")
    formulation = draft(turned)
    assert formulation is not None
    demand = next(p for p in formulation.parameters if p.name == "demand")
    assert [(cell.key, cell.value) for cell in demand.cells] == [(("Hull",), 40), (("Ripon",), 50), (("Selby",), 60)]


@pytest.mark.parametrize("question", ["Which items should she leave here", "Which items should she take twice", "How many of each item should she take"])
def test_a_question_for_something_else_is_no_licence(question: str) -> None:
    assert value(twisted("k1", "Which items should she take", question)) is None
