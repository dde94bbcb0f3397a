"""Plain texts of the structured classes, five of each, with the right answer by enumeration."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

U, A, R, D = "Utrecht", "Amsterdam", "Rotterdam", "Delft"
COST = ((4, 6, 9), (5, 3, 7))


def knapsack(items: Sequence[tuple[int, int]], room: int) -> int:
    """The greatest value of (value, size) pairs that fit."""
    subsets = [c for k in range(len(items) + 1) for c in itertools.combinations(items, k)]
    return max(sum(value for value, _ in c) for c in subsets if sum(size for _, size in c) <= room)


def tour(length: dict[tuple[object, object], int], places: Sequence[object], two_way: bool = True) -> float:
    """The length of the shortest closed tour; pairs that are not given cannot be used."""
    told = {**{(b, a): km for (a, b), km in length.items() if two_way}, **length}
    rounds = ((places[0], *p, places[0]) for p in itertools.permutations(places[1:]))
    return min(sum(told.get(leg, math.inf) for leg in itertools.pairwise(r)) for r in rounds)


def shop(jobs: Sequence[Sequence[tuple[int, int]]]) -> float:
    """The least makespan over all orders in which (machine, time) steps can be appended."""
    turns = [j for j, steps in enumerate(jobs) for _ in steps]
    best = math.inf
    for order in set(itertools.permutations(turns)) if len(turns) < 9 else _interleavings([len(j) for j in jobs]):
        at, free, busy = [0] * len(jobs), [0] * len(jobs), dict[int, int]()
        for j in order:
            machine, time = jobs[j][at[j]]
            free[j] = busy[machine] = max(free[j], busy.get(machine, 0)) + time
            at[j] += 1
        best = min(best, max(free))
    return best


def _interleavings(left: list[int]) -> list[tuple[int, ...]]:
    if not any(left):
        return [()]
    found = []
    for j, count in enumerate(left):
        if count:
            rest = [n - (k == j) for k, n in enumerate(left)]
            found += [(j, *more) for more in _interleavings(rest)]
    return found


def transport(supply: Sequence[int], demand: Sequence[int]) -> float:
    """The least cost of two sources, in steps of ten (supplies and demands are tens, so some best plan is)."""
    best = math.inf
    for part in itertools.product(*(range(0, need + 1, 10) for need in demand)):
        rest = [need - x for need, x in zip(demand, part)]
        if sum(part) <= supply[0] and sum(rest) <= supply[1]:
            cost = sum(c * x for c, x in zip(COST[0], part)) + sum(c * x for c, x in zip(COST[1], rest))
            best = min(best, cost)
    return best


def containers(sizes: Sequence[int], room: int) -> int:
    """The fewest containers."""
    for count in range(1, len(sizes) + 1):
        for places in itertools.product(range(count), repeat=len(sizes)):
            if all(sum(x for x, p in zip(sizes, places) if p == box) <= room for box in range(count)):
                return count
    raise ValueError("an item is larger than a container")


def stock(
    demand: Sequence[int], first: int, most: Sequence[int] | int, room: int, order: int, hold: int, lose: int
) -> float:
    """The least cost of whole orders that arrive at once; unmet demand is lost."""
    caps = [most] * len(demand) if isinstance(most, int) else most
    best = math.inf
    for orders in itertools.product(*(range(cap + 1) for cap in caps)):
        level, cost = first, 0
        for ordered, need in zip(orders, demand):
            if level + ordered > room:
                break
            cost += order * ordered + lose * max(0, need - level - ordered)
            level = max(0, level + ordered - need)
            cost += hold * level
        else:
            best = min(best, cost)
    return best


TEXTS: dict[str, tuple[str, float]] = {
    "k1": (
        """A courier has a van with room for 20 cubic metres. She can take some of these pieces to an auction:

- sculpture: 5 cubic metres, value 10
- piano: 9 cubic metres, value 17
- wardrobe: 7 cubic metres, value 12
- carpet: 2 cubic metres, value 3
- table: 6 cubic metres, value 11

Which items should she take to maximize the total value?""",
        knapsack([(10, 5), (17, 9), (12, 7), (3, 2), (11, 6)], 20),
    ),
    "k2": (
        """An archive can spend 90 hours on restoring old films. Each film is either restored or not.

| Film | Hours | Value |
|---|---|---|
| Dawn | 25 | 40 |
| Harbour | 30 | 52 |
| The Mill | 18 | 20 |
| Winter | 40 | 61 |
| Sails | 22 | 33 |

Which films should be restored so that the total value is as large as possible?""",
        knapsack([(40, 25), (52, 30), (20, 18), (61, 40), (33, 22)], 90),
    ),
    "k3": (
        """Noah packs his rucksack for a hike. It holds at most 12 kg. He can choose from five things, each at most once:

* tent: 4 kg, benefit 9
* stove: 2 kg, benefit 5
* camera: 3 kg, benefit 6
* books: 5 kg, benefit 4
* blanket: 3 kg, benefit 7

What should he pack to maximize the total benefit?""",
        knapsack([(9, 4), (5, 2), (6, 3), (4, 5), (7, 3)], 12),
    ),
    "k4": (
        """A radio station has 60 minutes of air time tonight and a choice of six features. No feature can be cut or played twice.

Feature A: 12 minutes, 8 points
Feature B: 20 minutes, 15 points
Feature C: 15 minutes, 9 points
Feature D: 25 minutes, 19 points
Feature E: 8 minutes, 4 points
Feature F: 18 minutes, 13 points

Which features should go on air for the greatest total of points?""",
        knapsack([(8, 12), (15, 20), (9, 15), (19, 25), (4, 8), (13, 18)], 60),
    ),
    "k5": (
        """A town has 500 thousand euros for small projects. The table shows what each project costs and how many points the citizens gave it.

| Project | Cost (thousand euros) | Points |
| --- | --- | --- |
| Playground | 120 | 34 |
| Bus shelter | 80 | 21 |
| Library roof | 210 | 48 |
| Bike lane | 190 | 51 |
| Fountain | 60 | 9 |

Which projects should the town fund to maximize the total points?""",
        knapsack([(34, 120), (21, 80), (48, 210), (51, 190), (9, 60)], 500),
    ),
    "t1": (
        """A sales representative starts in Utrecht, has to visit Amsterdam, Rotterdam and Delft and returns to Utrecht. The distances in km are:

| | Utrecht | Amsterdam | Rotterdam | Delft |
|---|---|---|---|---|
| Utrecht | 0 | 45 | 58 | 66 |
| Amsterdam | 45 | 0 | 79 | 62 |
| Rotterdam | 58 | 79 | 0 | 14 |
| Delft | 66 | 62 | 14 | 0 |

In which order should she visit the cities to keep the total distance as short as possible?""",
        tour({(U, A): 45, (U, R): 58, (U, D): 66, (A, R): 79, (A, D): 62, (R, D): 14}, [U, A, R, D]),
    ),
    "t2": (
        """A postman leaves the depot in Graz, delivers to Linz, Wels, Steyr and Enns, each exactly once, and comes back to Graz. Driving times in minutes:

- Graz to Linz: 130
- Graz to Wels: 125
- Graz to Steyr: 115
- Graz to Enns: 128
- Linz to Wels: 28
- Linz to Steyr: 38
- Linz to Enns: 20
- Wels to Steyr: 42
- Wels to Enns: 35
- Steyr to Enns: 24

The times are the same in both directions. What is the shortest round trip?""",
        tour(
            {
                ("G", "L"): 130,
                ("G", "W"): 125,
                ("G", "S"): 115,
                ("G", "E"): 128,
                ("L", "W"): 28,
                ("L", "S"): 38,
                ("L", "E"): 20,
                ("W", "S"): 42,
                ("W", "E"): 35,
                ("S", "E"): 24,
            },
            list("GLWSE"),
        ),
    ),
    "t3": (
        """A drill has to make four holes in a board and return to the first one. Moving the drill from hole to hole takes the following times in seconds (row: from, column: to):

|        | Hole 1 | Hole 2 | Hole 3 | Hole 4 |
|--------|----|----|----|----|
| Hole 1 | - | 4 | 7 | 3 |
| Hole 2 | 5 | - | 2 | 6 |
| Hole 3 | 8 | 3 | - | 4 |
| Hole 4 | 2 | 7 | 5 | - |

In what order should the holes be drilled so that the total time is as short as possible?""",
        tour(
            {
                (1, 2): 4,
                (1, 3): 7,
                (1, 4): 3,
                (2, 1): 5,
                (2, 3): 2,
                (2, 4): 6,
                (3, 1): 8,
                (3, 2): 3,
                (3, 4): 4,
                (4, 1): 2,
                (4, 2): 7,
                (4, 3): 5,
            },
            [1, 2, 3, 4],
            False,
        ),
    ),
    "t4": (
        """A nurse starts at the clinic, visits the patients Bauer, Cohen, Demir and Evans and returns to the clinic. The distances are (in km):

| | clinic | Bauer | Cohen | Demir | Evans |
|---|---|---|---|---|---|
| clinic | 0 | 4 | 9 | 7 | 5 |
| Bauer | 4 | 0 | 6 | 8 | 3 |
| Cohen | 9 | 6 | 0 | 2 | 7 |
| Demir | 7 | 8 | 2 | 0 | 4 |
| Evans | 5 | 3 | 7 | 4 | 0 |

Which tour is the shortest?""",
        tour(
            {
                (0, 1): 4,
                (0, 2): 9,
                (0, 3): 7,
                (0, 4): 5,
                (1, 2): 6,
                (1, 3): 8,
                (1, 4): 3,
                (2, 3): 2,
                (2, 4): 7,
                (3, 4): 4,
            },
            [0, 1, 2, 3, 4],
        ),
    ),
    "t5": (
        """A tourist in Rome wants to see five sights in one walk and end where she began: the Forum, the Pantheon, the Trevi Fountain, the Spanish Steps and the Castle. The walking distances in metres are given below; a dash means that there is no direct way.

| from \\ to | Forum | Pantheon | Trevi Fountain | Spanish Steps | Castle |
|---|---|---|---|---|---|
| Forum | - | 1100 | 1000 | - | 2000 |
| Pantheon | 1100 | - | 600 | 1000 | 1000 |
| Trevi Fountain | 1000 | 600 | - | 650 | 1500 |
| Spanish Steps | - | 1000 | 650 | - | 1600 |
| Castle | 2000 | 1000 | 1500 | 1600 | - |

Find the shortest tour that visits every sight once.""",
        tour(
            {
                (0, 1): 1100,
                (0, 2): 1000,
                (0, 4): 2000,
                (1, 2): 600,
                (1, 3): 1000,
                (1, 4): 1000,
                (2, 3): 650,
                (2, 4): 1500,
                (3, 4): 1600,
            },
            [0, 1, 2, 3, 4],
        ),
    ),
    "j1": (
        """Three jobs are processed on three machines. Every job has a fixed order of steps:

Job 1: (M1, 3), (M2, 2), (M3, 2)
Job 2: (M1, 2), (M3, 1), (M2, 4)
Job 3: (M2, 4), (M3, 3), (M1, 1)

A machine handles one job at a time. Find a schedule that minimizes the makespan.""",
        shop([[(1, 3), (2, 2), (3, 2)], [(1, 2), (3, 1), (2, 4)], [(2, 4), (3, 3), (1, 1)]]),
    ),
    "j2": (
        """A joinery makes three orders: a door, a desk and a shelf. Each order goes through the machines M1, M2 and M3 in its own sequence; the numbers are hours.

- door: M1 (4), M2 (3), M3 (2)
- desk: M2 (2), M1 (5), M3 (3)
- shelf: M3 (3), M2 (4), M1 (1)

Each machine can work on only one order at a time and a step that has begun is not interrupted. When should each step start so that everything is finished as early as possible?""",
        shop([[(1, 4), (2, 3), (3, 2)], [(2, 2), (1, 5), (3, 3)], [(3, 3), (2, 4), (1, 1)]]),
    ),
    "j3": (
        """Two products are made on three machines.

* Product A: first cutting for 3 minutes, then drilling for 5 minutes, then polishing for 2 minutes
* Product B: first drilling for 4 minutes, then cutting for 2 minutes, then polishing for 6 minutes

No machine can do two things at the same time. How should the work be scheduled so that the last product is finished as early as possible?""",
        shop([[(1, 3), (2, 5), (3, 2)], [(2, 4), (1, 2), (3, 6)]]),
    ),
    "j4": (
        """Job 1 visits M1 (5 minutes), M3 (2 minutes) and M2 (4 minutes). Job 2 visits M2 (3 minutes), M1 (4 minutes) and M3 (3 minutes). Job 3 visits M3 (6 minutes), M2 (1 minutes) and M1 (2 minutes). The steps of a job must be done in the order given, and each machine processes at most one job at a time. Minimize the time at which all jobs are completed.""",
        shop([[(1, 5), (3, 2), (2, 4)], [(2, 3), (1, 4), (3, 3)], [(3, 6), (2, 1), (1, 2)]]),
    ),
    "j5": (
        """Four jobs have to be scheduled on two machines, a lathe and a mill. The jobs should be handled so that all of them are completed as soon as possible.

Job A: lathe (3 h), mill (5 h)
Job B: mill (2 h), lathe (6 h)
Job C: lathe (4 h), mill (1 h)
Job D: mill (4 h), lathe (2 h)

Each machine can work on one job at a time.""",
        shop([[(1, 3), (2, 5)], [(2, 2), (1, 6)], [(1, 4), (2, 1)], [(2, 4), (1, 2)]]),
    ),
    "f1": (
        """Two mines deliver ore to three smelters. The table shows the cost per ton of each connection, the supply of the mines and the demand of the smelters.

| | Smelter A | Smelter B | Smelter C | Supply |
|---|---|---|---|---|
| Mine 1 | 4 | 6 | 9 | 90 |
| Mine 2 | 5 | 3 | 7 | 80 |
| Demand | 50 | 60 | 40 | |

How much should be shipped from each mine to each smelter to minimize the total cost?""",
        transport([90, 80], [50, 60, 40]),
    ),
    "f2": (
        """Flour goes from two mills to three bakeries. Supplies (in sacks):

| Mill | Available |
|---|---|
| North | 90 |
| South | 80 |

Needs (in sacks):

| Bakery | Needed |
|---|---|
| Adler | 50 |
| Braun | 60 |
| Conte | 40 |

Cost per sack:

| | Adler | Braun | Conte |
|---|---|---|---|
| North | 4 | 6 | 9 |
| South | 5 | 3 | 7 |

What is the cheapest way to supply the bakeries?""",
        transport([90, 80], [50, 60, 40]),
    ),
    "f3": (
        """The warehouse in Leeds holds 90 pallets, the one in York 80. The shops in Hull, Ripon and Selby need 50, 60 and 40 pallets. The costs per pallet in pounds are:

| | Hull | Ripon | Selby |
|---|---|---|---|
| Leeds | 4 | 6 | 9 |
| York | 5 | 3 | 7 |

How should the pallets be sent so that the total cost is as low as possible?""",
        transport([90, 80], [50, 60, 40]),
    ),
    "f4": (
        """A dairy has two plants and three customers. All milk is measured in tanks.

| Plant | Oslo | Bergen | Molde | Capacity |
|---|---|---|---|---|
| East | 4 | 6 | 9 | 90 |
| West | 5 | 3 | 7 | 80 |
| Required | 50 | 60 | 40 | - |

The entries are shipping costs in euros per tank. Find the shipping plan with the lowest total cost.""",
        transport([90, 80], [50, 60, 40]),
    ),
    "f5": (
        """Two quarries supply gravel to three building sites. Quarry Alba has 90 tons and quarry Bruna has 80 tons. Site X needs 50 tons, site Y needs 60 tons and site Z needs 40 tons. Transport costs per ton:

| | X | Y | Z |
|---|---|---|---|
| Alba | 4 | 6 | 9 |
| Bruna | 5 | 3 | 7 |

Minimize the total transport cost.""",
        transport([90, 80], [50, 60, 40]),
    ),
    "p1": (
        """A museum ships seven crates. The weights of the crates are:

- 12 kg
- 9 kg
- 7 kg
- 7 kg
- 6 kg
- 5 kg
- 4 kg

A box can carry at most 18 kg. How many boxes are needed at least?""",
        containers([12, 9, 7, 7, 6, 5, 4], 18),
    ),
    "p2": (
        """Files of these sizes must be copied to USB sticks of 16 GB each:

* video: 11 GB
* photos: 8 GB
* music: 7 GB
* backup: 5 GB
* games: 9 GB
* books: 3 GB

A file cannot be split. What is the smallest number of sticks?""",
        containers([11, 8, 7, 5, 9, 3], 16),
    ),
    "p3": (
        """Six families want to cross a lake. A boat takes at most 8 people, and a family stays together in one boat.

- Family Abel: 5 people
- Family Bode: 4 people
- Family Carl: 3 people
- Family Dorn: 3 people
- Family Ernst: 2 people
- Family Falk: 6 people

How many boats are needed at least?""",
        containers([5, 4, 3, 3, 2, 6], 8),
    ),
    "p4": (
        """A carpenter needs boards of the following lengths, cut from beams of 300 cm:

1. 180 cm
2. 140 cm
3. 120 cm
4. 110 cm
5. 90 cm
6. 60 cm

What is the minimum number of beams?""",
        containers([180, 140, 120, 110, 90, 60], 300),
    ),
    "p5": (
        """Parcels have to be loaded onto trucks, each of which can carry up to 10 tons.

| Parcel | Weight (tons) |
|---|---|
| A | 6 |
| B | 5 |
| C | 5 |
| D | 4 |
| E | 3 |
| F | 2 |

Use as few trucks as possible.""",
        containers([6, 5, 5, 4, 3, 2], 10),
    ),
    "i1": (
        """A bakery plans its flour orders for four weeks. The demand is:

| Week | Demand |
|---|---|
| 1 | 6 |
| 2 | 9 |
| 3 | 4 |
| 4 | 7 |

The initial stock is 3 sacks. At most 8 sacks can be ordered each week; an order arrives immediately. The stock must never exceed 10 sacks. Each sack ordered costs 5 euros, storing a sack from one week to the next costs 1 euro, and unmet demand is lost at a penalty of 12 euros per sack. Minimize the total cost.""",
        stock([6, 9, 4, 7], 3, 8, 10, 5, 1, 12),
    ),
    "i2": (
        """A pharmacy orders a vaccine over three months. Demand by month:

Month | Demand
1 | 5
2 | 8
3 | 6

It starts with a stock of 4 boxes and its fridge has a capacity of 9 boxes at any time. Ordering costs 7 euros per box, holding a box over a month costs 2 euros and each box of unmet demand costs 20 euros; unmet demand is lost. Orders arrive in the same month. How many boxes should be ordered each month to minimize the total cost?""",
        stock([5, 8, 6], 4, 9, 9, 7, 2, 20),
    ),
    "i3": (
        """A workshop needs steel: week 1: 10 tons, week 2: 14 tons, week 3: 8 tons. At the start 6 tons are in stock. The store holds at most 15 tons at any moment. Ordering costs 30 euros per ton, storage costs 2 euros per ton and week, and a ton of unmet demand, which is lost, costs 90 euros. Orders arrive at once. Which orders should be placed to minimize the total cost?""",
        stock([10, 14, 8], 6, 15, 15, 30, 2, 90),
    ),
    "i4": (
        """A shop plans orders of bicycles for the months 1 to 4.

| period | demand |
|---|---|
| Month 1 | 4 |
| Month 2 | 7 |
| Month 3 | 5 |
| Month 4 | 6 |

The initial inventory is 2 bicycles, the store room has a capacity of 8 bicycles which must not be exceeded at any time, and there is no lead time. The cost is 100 euros per bicycle ordered, 6 euros per bicycle held from one month to the next and 150 euros per bicycle of lost demand. Unmet demand is lost. Minimize the total cost.""",
        stock([4, 7, 5, 6], 2, 8, 8, 100, 6, 150),
    ),
    "i5": (
        """A hospital buys blood bags over 3 days. The expected demand is 7 bags on day 1, 9 bags on day 2 and 5 bags on day 3. Initially there are 4 bags in stock; the fridge holds 10 bags at most. An order is delivered immediately and may be at most 6 bags. A bag costs 20 euros when ordered, 1 euro when kept from one day to the next and 80 euros when demand is not met (unmet demand is lost). Minimize the total cost.""",
        stock([7, 9, 5], 4, 6, 10, 20, 1, 80),
    ),
}
