"""Families account for wording: a clause that changes a problem is read right or refused, never passed over."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from formulate.offline.base import Draft
from formulate.offline.families import RECOGNISERS
from formulate.offline.families.licences import KNAPSACK
from formulate.offline.families.wording import odd_words, unlicensed, word_forms
from solvers import solve
from verify.reading.reader import read


def answer(text: str) -> object:
    """The optimal value, the termination where there is none, or None where every family abstains."""
    reading = read(text)
    drafts = [r for recogniser in RECOGNISERS if isinstance(r := recogniser.recognise(reading), Draft)]
    if not drafts:
        return None
    (draft,) = drafts
    result = solve(draft.formulation)
    return result.objective if result.termination == "optimal" else result.termination


def right_or_none(text: str, expected: float) -> None:
    got = answer(text)
    assert got is None or got == pytest.approx(expected), text


STATUES = {"A": (12, 40), "B": (7, 35), "C": (9, 10), "D": (4, 22), "E": (15, 61)}


def loan(clause: str = "", goal: str = "the total value", remark: str = "", last: str = "15 kg") -> str:
    rows = [f"* Statue {name}: weight {weight} kg, value {value} points" for name, (weight, value) in STATUES.items()]
    rows[1] += remark
    rows[4] = f"* Statue E: weight {last}, value 61 points"
    listed = "\n".join(rows)
    return (
        f"A museum picks statues for a loan. The statues are:\n{listed}\n\n{clause}\nThe lorry can carry at most 26 kg. "
        f"Which statues should be taken to maximize {goal}?"
    )


def chosen(
    allowed: Callable[[set[str]], bool] = lambda taken: True,
    room: Callable[[set[str]], float] = lambda taken: 26,
    gain: Callable[[set[str]], float] = lambda taken: sum(STATUES[name][1] for name in taken),
) -> float:
    subsets = [set(c) for k in range(6) for c in itertools.combinations(STATUES, k)]
    fitting = [s for s in subsets if sum(STATUES[name][0] for name in s) <= room(s) and allowed(s)]
    return max(gain(s) for s in fitting)


def value(taken: set[str]) -> float:
    return sum(STATUES[name][1] for name in taken)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("Fewer than three statues may travel.", chosen(lambda s: len(s) < 3)),
        ("More than two statues have to travel.", chosen(lambda s: len(s) > 2)),
        ("The museum insures two statues and not one more.", chosen(lambda s: len(s) <= 2)),
        ("The crate weighs five kg and counts as load.", chosen(room=lambda s: 21)),
        ("The number of statues must be even.", chosen(lambda s: len(s) % 2 == 0)),
        ("Statue B must be left at home.", chosen(lambda s: "B" not in s)),
        ("Statue A cannot be left behind.", chosen(lambda s: "A" in s)),
        ("Statue A has to go along.", chosen(lambda s: "A" in s)),
        ("At least one of Statues B and E must stay behind.", chosen(lambda s: not {"B", "E"} <= s)),
        ("At most two statues may be left behind.", chosen(lambda s: len(s) >= 3)),
        ("If Statue E is not selected, the usable capacity shrinks by 9 kg.", chosen(room=lambda s: 26 - 9 * ("E" not in s))),
        ("If Statue E is selected, a bonus of 30 points is lost.", chosen(gain=lambda s: value(s) - 30 * ("E" in s))),
        ("A bonus of 9 points is added for every statue taken.", chosen(gain=lambda s: value(s) + 9 * len(s))),
        (
            "If Statue A is taken and Statue D is not, a bonus of 40 points is earned.",
            chosen(gain=lambda s: value(s) + 40 * ("A" in s and "D" not in s)),
        ),
        ("Taking a statue costs two points.", chosen(gain=lambda s: value(s) - 2 * len(s))),
        ("Statue D may only be taken if Statue C is not taken.", chosen(lambda s: not {"C", "D"} <= s)),
    ],
)  # fmt: skip
def test_what_is_said_of_the_things_chosen_is_read_or_refused(clause: str, expected: float) -> None:
    right_or_none(loan(clause), expected)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("", chosen()),
        ("Statue E must not be taken.", chosen(lambda s: "E" not in s)),
        ("Statue E cannot be taken without Statue C.", chosen(lambda s: "E" not in s or "C" in s)),
        ("If Statue E is selected, then Statue B must not be selected.", chosen(lambda s: not {"B", "E"} <= s)),
        ("At least three statues must be taken.", chosen(lambda s: len(s) >= 3)),
    ],
)
def test_common_conditions_are_still_read(clause: str, expected: float) -> None:
    assert answer(loan(clause)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("the number of statues", chosen(gain=len)),
        ("the total weight", chosen(gain=lambda s: sum(STATUES[name][0] for name in s))),
        ("the average value of the statues taken", 61),
        ("the smallest value among the statues taken", 61),
    ],
)
def test_another_goal_is_not_answered_with_the_usual_one(goal: str, expected: float) -> None:
    right_or_none(loan(goal=goal), expected)


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        (" (already sold)", chosen(lambda s: "B" not in s)),
        (", reserved for the mayor", chosen(lambda s: "B" not in s)),
        (" (has to travel)", chosen(lambda s: "B" in s)),
        (" thousand", chosen(gain=lambda s: value(s) + 34965 * ("B" in s))),
    ],
)
def test_a_remark_in_one_row_is_refused(remark: str, expected: float) -> None:
    right_or_none(loan(remark=remark), expected)


def test_units_that_differ_within_one_list_are_refused() -> None:
    right_or_none(loan(last="15000 g"), chosen())


ROADS = {("Ayr", "Bute"): 7, ("Ayr", "Cove"): 12, ("Ayr", "Dunn"): 9, ("Bute", "Cove"): 6, ("Bute", "Dunn"): 11,
         ("Cove", "Dunn"): 8}  # fmt: skip


def rounds(clause: str = "", ask: str = "returns to Ayr") -> str:
    listed = "\n".join(f"- {a} to {b}: {length} km" for (a, b), length in ROADS.items())
    return (
        f"A nurse visits 4 villages. The distances, the same in both directions, are:\n{listed}\n\n{clause}\n"
        f"Find the shortest tour that starts at Ayr, visits every village exactly once and {ask}."
    )


def shortest(allowed: Callable[[tuple[str, ...]], bool] = lambda t: True, closed: bool = True) -> int:
    tours = [("Ayr", *p, *(["Ayr"] if closed else [])) for p in itertools.permutations(("Bute", "Cove", "Dunn"))]
    length = {**ROADS, **{(b, a): km for (a, b), km in ROADS.items()}}
    return min(sum(length[leg] for leg in itertools.pairwise(tour)) for tour in tours if allowed(tour))


def uses(tour: tuple[str, ...], a: str, b: str) -> bool:
    return {a, b} in [set(leg) for leg in itertools.pairwise(tour)]


@pytest.mark.parametrize(
    ("clause", "ask", "expected"),
    [
        ("", "returns to Ayr", shortest()),
        ("The road between Bute and Cove is closed.", "returns to Ayr", shortest(lambda t: not uses(t, "Bute", "Cove"))),
        ("The road between Bute and Cove is not closed.", "returns to Ayr", shortest()),
        ("The road between Bute and Cove is no longer closed.", "returns to Ayr", shortest()),
        ("The road between Bute and Cove need not be used.", "returns to Ayr", shortest()),
        ("The road between Ayr and Cove cannot be skipped.", "returns to Ayr", shortest(lambda t: uses(t, "Ayr", "Cove"))),
        ("The road from Bute to Cove is closed in that direction.", "returns to Ayr", shortest()),
        (
            "At least one of the roads Ayr to Bute and Cove to Dunn must be avoided.",
            "returns to Ayr",
            shortest(lambda t: not (uses(t, "Ayr", "Bute") and uses(t, "Cove", "Dunn"))),
        ),
        (
            "She must use the road between Ayr and Cove or the road between Bute and Dunn.",
            "returns to Ayr",
            shortest(lambda t: uses(t, "Ayr", "Cove") or uses(t, "Bute", "Dunn")),
        ),
        ("She makes the round twice, and both rounds count.", "returns to Ayr", 2 * shortest()),
        ("An additional 4 km are needed on each leg.", "returns to Ayr", shortest() + 16),
        ("An additional 4 km are needed if Dunn comes first.", "returns to Ayr", shortest()),
        ("Every distance is a tenth longer in snow, which lies now.", "returns to Ayr", 1.1 * shortest()),
        ("Dunn comes before Bute.", "returns to Ayr", shortest(lambda t: t.index("Dunn") < t.index("Bute"))),
        ("", "terminates at Dunn", shortest(lambda t: t[-1] == "Dunn", closed=False)),
        ("", "returns to Ayr, and minimizes its longest leg", 9),
    ],
)  # fmt: skip
def test_what_is_said_of_a_tour_is_read_or_refused(clause: str, ask: str, expected: float) -> None:
    right_or_none(rounds(clause, ask), expected)


NEED, STOCK, PRICE = (5, 6, 4), (9, 8), ((4, 6, 9), (5, 3, 7))


def sand(clause: str = "", unit: str = "tons") -> str:
    works = "\n".join(f"* Works {name}: {need} {unit} required" for name, need in zip("XYZ", NEED))
    return (
        "Sand goes from 2 quarries to 3 works. Available at each quarry:\n* Quarry A: 9 tons available\n* Quarry B: 8 tons"
        f" available\n\nNeeded at each works:\n{works}\n\nThe cost per ton is:\n\n| From / To | X | Y | Z |\n|---|---|---|---|"
        f"\n| A | 4 | 6 | 9 |\n| B | 5 | 3 | 7 |\n\n{clause}\nMinimize the total cost."
    )


def sent(need: tuple[int, ...] = NEED, fits: Callable[[int, int], bool] = lambda a, b: a <= 9 and b <= 8) -> float:
    found = []
    for part in itertools.product(*(range(n + 1) for n in need)):
        rest = [n - x for n, x in zip(need, part)]
        if fits(sum(part), sum(rest)):
            found.append(sum(c * x for c, x in zip(PRICE[0], part)) + sum(c * x for c, x in zip(PRICE[1], rest)))
    return min(found)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("", sent()),
        ("Quarry A must send all that it has.", sent(fits=lambda a, b: a == 9 and b <= 8)),
        ("Each works wants one ton less than it needs.", sent(tuple(n - 1 for n in NEED))),
        ("Every works has two tons in stock, which count.", sent(tuple(n - 2 for n in NEED))),
        ("The lorries drive back empty at the same cost per ton.", 2 * sent()),
        ("Loading costs one more per ton at either quarry.", sent() + sum(NEED)),
        ("A at most sends as much as B.", sent(fits=lambda a, b: a <= b and b <= 8)),
        ("Each quarry that is used at all costs a rent of thirty.", sent() + 60),
    ],
)
def test_what_is_said_of_a_flow_is_read_or_refused(clause: str, expected: float) -> None:
    right_or_none(sand(clause), expected)


def test_supplies_and_demands_in_different_units_are_refused() -> None:
    assert answer(sand(unit="kg")) is None


def test_a_licence_never_reaches_over_an_operator_that_it_does_not_name() -> None:
    licence = (r"each ~ must be loaded",)
    assert unlicensed("Each crate must be loaded.", licence) == []
    assert [word for word, _, _ in unlicensed("Each second crate must be loaded.", licence)] == [
        "each",
        "second",
        "must",
    ]
    assert [word for word, _, _ in unlicensed("Each crate must not be loaded.", licence)] == ["each", "must", "not"]
    assert [word for word, _, _ in unlicensed("Fewer than two crates fit.", KNAPSACK)] == ["fewer", "than", "two"]


def test_a_remark_is_a_word_that_the_other_rows_lack() -> None:
    rows = [(f"Crate {n}: {n} kg" + extra, word_forms("Crate")) for n, extra in ((1, ""), (2, ""), (3, ", sold"))]
    assert odd_words(rows) == [(2, "sold")]
