"""Flows, inventories, schedules, product mixes and shares read from lists and tables, held to independent answers."""

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


SUPPLY, DEMAND = (7, 9), (4, 6, 5)
COST = ((3, 8, 2), (5, 4, 7))


def transport(extra: str = "", turned: bool = False) -> str:
    hubs, shops = ("H1", "H2"), ("R1", "R2", "R3")
    if turned:
        rows = [f"| {shop} | " + " | ".join(str(COST[i][j]) for i in range(2)) + " |" for j, shop in enumerate(shops)]
        table = "| To / From | H1 | H2 |\n|---|---|---|\n" + "\n".join(rows)
    else:
        rows = [f"| {hub} | " + " | ".join(map(str, COST[i])) + " |" for i, hub in enumerate(hubs)]
        table = "| From / To | R1 | R2 | R3 |\n|---|---|---|---|\n" + "\n".join(rows)
    return (
        "Water goes from 2 hubs to 3 shops at the lowest total cost.\n\nAvailable at each hub:\n"
        + "\n".join(f"* Hub {hub} holds {amount} tons." for hub, amount in zip(hubs, SUPPLY))
        + "\n\nNeeded at each shop:\n"
        + "\n".join(f"* Shop {shop} requires {amount} tons." for shop, amount in zip(shops, DEMAND))
        + f"\n\nThe cost per ton is:\n\n{table}\n\n{extra}\nMinimize the total cost."
    )


def cheapest(limit: int = 99) -> int:
    found = []
    for sent in itertools.product(*(range(need + 1) for need in DEMAND)):
        rest = [need - part for need, part in zip(DEMAND, sent)]
        if sum(sent) <= SUPPLY[0] and sum(rest) <= SUPPLY[1] and max((*sent, *rest)) <= limit:
            found.append(sum(c * x for c, x in zip(COST[0], sent)) + sum(c * x for c, x in zip(COST[1], rest)))
    return min(found)


@pytest.mark.parametrize("turned", [False, True])
def test_transport_agrees_with_enumeration_whichever_way_the_table_lies(turned: bool) -> None:
    assert answer(transport(turned=turned)) == pytest.approx(cheapest())


def test_links_with_capacities_are_read_from_nested_lists() -> None:
    lines = []
    for i, hub in enumerate(("North", "South")):
        lines.append(f"* From Hub {hub}:")
        lines.extend(f"  - to Shop {shop}: capacity = 4, cost = {COST[i][j]}" for j, shop in enumerate("XYZ"))
    text = (
        "* Hub North: output capacity = 7 tons\n* Hub South: output capacity = 9 tons\n\nEach shop has a"
        " fixed requirement:\n"
        + "\n".join(f"* Shop {shop}: demand = {need} tons" for shop, need in zip("XYZ", DEMAND))
        + "\n\nThe pipes have capacities and costs per ton:\n"
        + "\n".join(lines)
        + "\n\nMinimize the total cost while satisfying all demands."
    )
    assert answer(text) == pytest.approx(cheapest(limit=4))


@pytest.mark.parametrize(
    "extra",
    ["Hub H1 cannot serve Shop R2.", "Opening a hub costs 40.", "Each shop must be supplied by exactly one hub."],
)
def test_more_than_a_transport_problem_is_an_abstention(extra: str) -> None:
    assert drafts(transport(extra)) == []


def stocks(
    demand: tuple[int, ...],
    lead: str,
    extra: str = "",
    period: str = "Week",
    lost: str = "any unmet requirement is lost",
) -> str:
    listed = "\n".join(f"* {period} {t}: {value} units" for t, value in enumerate(demand, start=1))
    return (
        f"A shop plans orders over {len(demand)} {period.lower()}s. The initial stock is 4 units. In each"
        f" {period.lower()} the order must be between "
        f"1 and 4 units. {lead} The requirements are:\n{listed}\n\nStockouts are allowed, but {lost}. The"
        " total stock on hand at any moment must not "
        f"exceed 6 units.\n{extra}\nThe total cost comprises three elements: an ordering cost of 2 per"
        " unit ordered; a storage cost of 1 per unit held "
        "from one period to the next; and a shortage penalty of 9 per unit of unmet demand. Minimize the total cost."
    )


def plan(demand: tuple[int, ...], lead: int, cap: dict[int, int] | None = None, constant: int = 0) -> int | None:
    found = []
    for orders in itertools.product(range(1, 5), repeat=len(demand)):
        if any(orders[t - 1] > most for t, most in (cap or {}).items()):
            continue
        stock, cost, fits = 4, 2 * sum(orders) + constant, True
        for t, need in enumerate(demand):
            stock += orders[t - lead] if t >= lead else 0
            fits = fits and stock <= 6
            served = min(stock, need)
            stock -= served
            cost += 9 * (need - served) + stock
        if fits:
            found.append(cost)
    return min(found) if found else None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("lead", "told"),
    [
        (0, "Orders arrive immediately."),
        (1, "Every order has a lead time of 1 week."),
        (2, "An order takes 2 weeks before it becomes available."),
    ],
)
def test_an_inventory_agrees_with_enumeration(seed: int, lead: int, told: str) -> None:
    chance = random.Random(seed)
    demand = tuple(chance.randint(2, 6) for _ in range(4))
    assert answer(stocks(demand, told)) == pytest.approx(plan(demand, lead))


def test_conditions_of_one_period_and_a_cost_that_always_falls() -> None:
    demand, now = (5, 3, 6, 2), "Orders arrive immediately."
    assert answer(stocks(demand, now, "In week 3, the maximum order is 2 units.")) == pytest.approx(
        plan(demand, 0, {3: 2})
    )
    overhead = "A fixed overhead cost of 31 is incurred irrespective of the orders."
    assert answer(stocks(demand, now, overhead)) == pytest.approx(plan(demand, 0, constant=31))


def test_backorders_are_not_taken_for_lost_sales() -> None:
    text = stocks((5, 3, 6), "Orders arrive immediately.", lost="any unmet requirement is backlogged")
    assert "lost or waits" in reasons(text, "inventory")


JOBS = (((0, 3), (1, 4), (2, 2)), ((1, 2), (0, 5), (2, 3)), ((2, 4), (1, 1), (0, 2)))


def jobs(arrow: str, machine: str, goal: str = "the total completion time for all jobs is minimized") -> str:
    lines = [
        f"* Job {i} requires: " + arrow.join(f"({machine}{m + 1}, {d})" for m, d in steps)
        for i, steps in enumerate(JOBS, start=1)
    ]
    return (
        "3 jobs run on 3 machines.\n"
        + "\n".join(lines)
        + (
            "\n\nA step cannot be interrupted, and each machine can only handle one job at a time. Schedule"
            f" the steps so that {goal}."
        )
    )


def makespan() -> int:
    """The least makespan over all orders in which steps may be appended (semi-active schedules)."""
    best = 10**9
    for order in set(itertools.permutations([i for i, steps in enumerate(JOBS) for _ in steps])):
        ready, free, at = [0] * 3, [0] * 3, [0] * 3
        for i in order:
            m, d = JOBS[i][at[i]]
            ready[i] = free[m] = max(ready[i], free[m]) + d
            at[i] += 1
        best = min(best, max(ready))
    return best


@pytest.mark.parametrize(("arrow", "machine"), [(" → ", "Machine "), (" -> ", "M"), (", ", "Saw ")])
def test_a_job_shop_agrees_with_enumeration(arrow: str, machine: str) -> None:
    assert answer(jobs(arrow, machine)) == pytest.approx(makespan())


def test_another_goal_of_a_job_shop_is_an_abstention() -> None:
    assert "other than the makespan" in reasons(
        jobs(" → ", "M", "the sum of completion times is minimized"), "job shop"
    )


def test_a_product_mix_and_its_leftovers() -> None:
    text = (
        "A firm makes 2 paints. The revenue is:\n* For Paint A, revenue is 5 per ton\n* For Paint B,"
        " revenue is 4 per ton\n\nThe hours per ton are:\n"
        "* For Paint A, Stage 1 takes 6, Stage 2 takes 1\n* For Paint B, Stage 1 takes 4, Stage 2 takes"
        " 2\n\n* Stage 1's total time cannot exceed 24 hours\n"
        "* Stage 2's total time cannot exceed 6 hours\n\nMaximize the total revenue."
    )
    assert answer(text) == pytest.approx(21)
    assert drafts(text.replace("Maximize", "Paint A is at most twice Paint B. Maximize")) == []


def test_shares_with_a_named_group() -> None:
    text = (
        "A planner shares a fixed budget among 3 projects.\n* Project A: benefit score 0.3, impact factor"
        " 0.5, limits [0.1, 0.7]\n* Project B: benefit score 0.2, "
        "impact factor 0.2, limits [0.1, 0.9]\n* Project C: benefit score 0.1, impact factor 0.1, limits"
        " [0.0, 0.9]\n\nAll shares must sum to one. The set L = {B, C} must "
        "receive at least 40% of the total budget. The overall impact must not exceed 0.3. Maximize the"
        " total benefit score."
    )
    # With a, b, c: the impact row 0.5 a + 0.2 b + 0.1 c <= 0.3 binds at c = 0: a = 1/3, b = 2/3.
    assert answer(text) == pytest.approx(0.3 / 3 + 0.2 * 2 / 3)
    (draft,) = drafts(text)
    (group,) = [s for s in draft.formulation.sets if s.name.startswith("group")]
    assert group.elements == ("Project B", "Project C")


def test_how_treatments_combine_must_be_said() -> None:
    text = (
        "Fields leak nitrogen.\n* For Field 1, the leak coefficient is 2, and the area is 10.\n* For"
        " Field 2, the leak coefficient is 1, and the area is 20.\n\nPractices:\n"
        "* Practice 1 removes 50%\n* Practice 2 removes 20%\n\nThe cost per area:\n| Field \\ Practice |"
        " Practice 1 | Practice 2 |\n|-|-|-|\n| Field 1 | 4 | 1 |\n| Field 2 | 3 | 1 |\n\n"
        "{} Reduce the total by at least a fraction P = 0.3 while minimizing the total cost."
    )
    # A field treated by practice 2 costs 1 per area: the first 12 of 40 cost least by practice 2, then practice 1.
    assert answer(text.format("")) == pytest.approx(50)
    assert "combine" in reasons(text.format("A field may use several practices together."), "abatement")


@pytest.mark.parametrize("name", [recogniser.name for recogniser in RECOGNISERS])
@pytest.mark.parametrize(
    "text",
    [
        "Nothing to see.",
        "Maximize profit. " * 300,
        "* A: 1\n* B: 2\n",
        "| a | b |\n|-|-|\n| c | 1 |\n| d | 2 |",
        "minimize 1 2 3 ((((",
        "Return once to each. * P to Q: 3 * P to R: 4",
    ],
)
def test_every_family_abstains_on_what_is_none_of_its_problems(name: str, text: str) -> None:
    assert reasons(text, name)
