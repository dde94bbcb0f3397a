"""The right answers of `examples/`, each found by a second method that uses nothing of the project.

Every function holds its own transcription of the text's numbers and returns the optimal value and
all optimal decisions it knows of (or None where ties are not enumerated). Enumeration, dynamic
programming, vertices, Karush-Kuhn-Tucker systems and calculus; no solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, permutations, product
from math import pi

import numpy as np

Answer = tuple[float, list[dict[str, object]] | None]


def vertices(rows: Sequence[Sequence[Fraction | int]], right: Sequence[Fraction | int]) -> Iterator[list[Fraction]]:
    """The vertices of {x : rows x <= right}, by exact elimination of every square subsystem."""
    width = len(rows[0])
    for chosen in combinations(range(len(rows)), width):
        point = _eliminate([[Fraction(v) for v in rows[i]] + [Fraction(right[i])] for i in chosen])
        if point and all(sum(a * x for a, x in zip(row, point)) <= b for row, b in zip(rows, right)):
            yield point


def _eliminate(table: list[list[Fraction]]) -> list[Fraction] | None:
    size = len(table)
    for k in range(size):
        pivot = next((r for r in range(k, size) if table[r][k]), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [v / table[k][k] for v in table[k]]
        for r in range(size):
            if r != k and table[r][k]:
                table[r] = [a - table[r][k] * b for a, b in zip(table[r], table[k])]
    return [row[-1] for row in table]


def _best(points: Iterator[tuple[Fraction | float, dict[str, object]]], better: Callable[..., object] = min) -> Answer:
    found = list(points)
    value = better(v for v, _ in found)
    unique: list[dict[str, object]] = []
    for v, decision in found:
        if v == value and decision not in unique:
            unique.append(decision)
    return float(value), unique


def bicycles() -> Answer:
    plans = ((c, m) for c in range(12, 71) for m in range(36) if 4 * c + 6 * m <= 240 and c + 2 * m <= 70)
    return _best(((90 * c + 150 * m, {"build": {"city bicycles": float(c), "mountain bicycles": float(m)}})
                  for c, m in plans), max)


def bakery() -> Answer:
    rows = [[3, 2], [30, 45], [-1, 0], [0, -1]]
    right = [60, 15 * 60, -4, 0]
    return _best(((18 * x + 24 * y, {"bake": {"rye loaves": float(x), "raisin buns": float(y)}})
                  for x, y in vertices(rows, right)), max)


def joinery() -> Answer:
    def plans() -> Iterator[tuple[float, dict[str, object]]]:
        for table, desk, case in product(range(41), range(31), range(26)):
            room = [(900 - 12 * table - 18 * desk - 15 * case) // 3, (320 - 4 * table - 6 * desk - 3 * case) // 2,
                    int(190 - 2 * table - 3 * desk - 2.5 * case)]
            chair = min(160, *room)  # chairs only add profit
            if chair >= 4 * table and min(room) >= 0:
                build = {"table": table, "chair": chair, "desk": desk, "bookcase": case}
                yield 160 * table + 50 * chair + 240 * desk + 170 * case, {"build": build}
    return _best(plans(), max)


def transport(supply: Sequence[int], demand: Sequence[int], cost: Sequence[Sequence[float]]) -> float:
    """Least freight over whole units: a dynamic programme over the demands and what is left of the supplies."""
    @cache
    def rest(k: int, left: tuple[int, ...]) -> float:
        if k == len(demand):
            return 0.0
        best = float("inf")
        for part in product(*(range(min(s, demand[k]) + 1) for s in left[:-1])):
            last = demand[k] - sum(part)
            if 0 <= last <= left[-1]:
                sent = (*part, last)
                price = sum(q * row[k] for q, row in zip(sent, cost))
                best = min(best, price + rest(k + 1, tuple(s - q for s, q in zip(left, sent))))
        return best
    return rest(0, tuple(supply))


def coffee_roasters() -> Answer:
    # Supplies and demands are whole, so an optimal plan in whole pallets exists (total unimodularity).
    return transport((12, 9, 14), (8, 7, 10, 6), ((64, 92, 58, 81), (85, 98, 31, 102), (97, 55, 66, 74))), None


def expedition() -> Answer:
    items = {"ice drill": (21, 95), "battery pack": (9, 12), "radar": (17, 70), "magnetometer": (8, 41),
             "wide camera": (6, 30), "zoom camera": (7, 37), "weather mast": (13, 52), "snow sampler": (5, 24)}

    def loads() -> Iterator[tuple[float, dict[str, object]]]:
        for bits in product((0, 1), repeat=len(items)):
            take = dict(zip(items, bits))
            if (sum(items[i][0] * take[i] for i in items) <= 55 and take["ice drill"] <= take["battery pack"]
                    and take["wide camera"] + take["zoom camera"] <= 1):
                yield sum(items[i][1] * take[i] for i in items), {"take": take}
    return _best(loads(), max)


def cattle_feed() -> Answer:
    tenth, total = Fraction(1, 10), 1000
    protein, price = [85, 440, 110, 0], [24, 52, 21, 90]
    energy = [135 * tenth, 128 * tenth, 124 * tenth, 0]
    calcium = [3 * tenth, 3, 6 * tenth, 250]
    def last_eliminated(row: Sequence[Fraction | int], bound: Fraction | int) -> tuple[list[Fraction], Fraction]:
        """A row over four amounts as one over three, the last being what is missing from the tonne."""
        return [Fraction(v - row[3]) for v in row[:3]], Fraction(bound - row[3] * total)
    given = [([-v for v in protein], -160 * total), ([-v for v in energy], -122 * tenth * total),
             ([-v for v in calcium], -6 * total), (calcium, 9 * total), ([0, 0, 1, 0], 500),
             ([-1, 0, 0, 0], 0), ([0, -1, 0, 0], 0), ([0, 0, -1, 0], 0), ([0, 0, 0, -1], 0)]
    pairs = [last_eliminated(row, bound) for row, bound in given]
    names = ("maize", "soya meal", "barley", "mineral")

    def mixes() -> Iterator[tuple[Fraction, dict[str, object]]]:
        for point in vertices([row for row, _ in pairs], [bound for _, bound in pairs]):
            amounts = [*point, total - sum(point)]
            cost = sum((Fraction(p) * a for p, a in zip(price, amounts)), Fraction(0))
            yield cost, {"amount": {n: float(a) for n, a in zip(names, amounts)}}
    return _best(mixes())


def job_shop(jobs: Sequence[Sequence[tuple[str, int]]]) -> float:
    """Least makespan: every order of all steps, each step begun as soon as its job and its machine are free."""
    @cache
    def rest(done: tuple[int, ...], ready: tuple[int, ...], free: tuple[tuple[str, int], ...]) -> int:
        best, finished = 10**9, True
        for j, job in enumerate(jobs):
            if done[j] < len(job):
                finished = False
                machine, duration = job[done[j]]
                clock = dict(free)
                clock[machine] = end = max(ready[j], clock[machine]) + duration
                after = tuple(d + (i == j) for i, d in enumerate(done))
                best = min(best, rest(after, tuple(end if i == j else r for i, r in enumerate(ready)),
                                      tuple(sorted(clock.items()))))
        return max(ready) if finished else best
    machines = sorted({machine for job in jobs for machine, _ in job})
    return rest((0,) * len(jobs), (0,) * len(jobs), tuple((m, 0) for m in machines))


def print_shop() -> Answer:
    return job_shop((
        (("press", 5), ("cutter", 4), ("folder", 2)),
        (("cutter", 3), ("press", 6), ("folder", 5)),
        (("press", 2), ("folder", 7), ("cutter", 3)),
    )), None


def courier() -> Answer:
    places = ("depot", "bank", "clinic", "library", "museum", "school")
    upper = ((12, 19, 8, 17, 23), (10, 15, 21, 26), (22, 14, 16), (11, 20), (9,))
    far = {}
    for i, row in enumerate(upper):
        for j, distance in enumerate(row, start=i + 1):
            far[places[i], places[j]] = far[places[j], places[i]] = distance
    rounds = [("depot", *order, "depot") for order in permutations(places[1:])]
    return min(sum(far[leg] for leg in pairwise(r)) for r in rounds), None


def spare_pumps() -> Answer:
    demand = (9, 6, 11, 8, 12, 5)

    @cache
    def rest(week: int, stock: int, due: tuple[int, int]) -> float:
        """Least cost from `week` on, with `stock` on the shelf and `due` arriving this week and next."""
        if week == len(demand):
            return 0.0
        best = float("inf")
        for order in range(16):
            cost = (40 if order else 0) + 12 * order
            on_hand = stock + due[0]
            for sold in range(min(on_hand, demand[week]) + 1):
                if on_hand - sold <= 20:
                    here = cost + 2 * (on_hand - sold) + 30 * (demand[week] - sold)
                    best = min(best, here + rest(week + 1, on_hand - sold, (due[1], order)))
        return best
    return rest(0, 16, (0, 0)), None


def furniture_vans() -> Answer:
    weight = (42, 61, 35, 27, 58, 39, 73, 20, 44)

    @cache
    def loads(crates: int) -> tuple[int, int]:
        """Fewest vans that carry this set of crates, and the least load of the van filled last."""
        if not crates:
            return 0, 101
        best = (99, 0)
        for k, w in enumerate(weight):
            if crates >> k & 1:
                vans, load = loads(crates & ~(1 << k))
                best = min(best, (vans, load + w) if load + w <= 100 else (vans + 1, w))
        return best
    return loads((1 << len(weight)) - 1)[0], None


def pension_fund() -> Answer:
    """Every set of active inequalities, its Karush-Kuhn-Tucker system solved; the best feasible point."""
    covariance = np.array([[9, 2, 4, -3], [2, 196, 60, -20], [4, 60, 81, 5], [-3, -20, 5, 144]], dtype=float)
    rows = np.vstack([-np.array([[3, 9, 6, 4]]), np.eye(4), -np.eye(4)])
    right = np.array([-5.5, *[0.45] * 4, *[0.0] * 4])
    best, shares = float("inf"), np.zeros(4)
    for size in range(4):
        for active in combinations(range(len(rows)), size):
            binding = np.vstack([np.ones((1, 4)), rows[list(active)]])
            system = np.block([[2 * covariance, binding.T], [binding, np.zeros((size + 1, size + 1))]])
            if abs(np.linalg.det(system)) > 1e-9:
                x = np.linalg.solve(system, np.concatenate([np.zeros(4), [1.0], right[list(active)]]))[:4]
                if (rows @ x <= right + 1e-12).all() and x @ covariance @ x < best:
                    best, shares = float(x @ covariance @ x), x
    return best, [{"share": dict(zip(("bonds", "shares", "property", "gold"), shares.tolist()))}]


def rain_tank() -> Answer:
    # With height = volume / (pi r^2) the cost is 40 pi r^2 + 50 volume / r, least where its derivative is zero.
    volume = 12
    radius = (50 * volume / (2 * 40 * pi)) ** (1 / 3)
    height = volume / (pi * radius**2)
    if not (radius <= 1.8 and height <= 3):
        raise ValueError("the stationary point does not fit the lorry; the closed form does not apply")
    return 40 * pi * radius**2 + 50 * volume / radius, [{"radius": radius, "height": height}]


def dairy_depots() -> Answer:
    names, rent, room = ("Aldham", "Brook", "Crewe", "Dale"), (900, 700, 1100, 600), (14, 10, 18, 8)
    demand = (5, 7, 4, 6, 3)
    cost = ((40, 65, 80, 55, 90), (75, 35, 60, 85, 50), (60, 50, 45, 40, 70), (95, 80, 30, 70, 45))

    def choices() -> Iterator[tuple[float, dict[str, object]]]:
        for bits in product((0, 1), repeat=4):
            rented = [i for i in range(4) if bits[i]]
            if sum(room[i] for i in rented) >= sum(demand):
                freight = transport([room[i] for i in rented], demand, [cost[i] for i in rented])
                yield sum(rent[i] for i in rented) + freight, {"rent_site": dict(zip(names, bits))}
    return _best(choices())


def night_nurses() -> Answer:
    need, pay, most = (3, 4, 11, 9, 10, 6), (260, 230, 190, 200, 220, 250), 11
    best = float("inf")
    for first in range(most + 1):  # fix who starts at 00:00, walk the day, close the circle
        reach = {first: float(pay[0] * first)}
        for k in range(1, 6):
            after: dict[int, float] = {}
            for before, cost in reach.items():
                for start in range(max(0, need[k] - before), most + 1):
                    after[start] = min(after.get(start, float("inf")), cost + pay[k] * start)
            reach = after
        best = min([best, *(cost for last, cost in reach.items() if last + first >= need[0])])
    return best, None


def ambulances() -> Answer:
    drive = ((6, 14, 21, 30), (11, 9, 17, 26), (19, 7, 8, 18), (24, 13, 6, 12), (28, 20, 11, 7), (16, 18, 17, 22))
    posts = ("North post", "Mill post", "Bridge post", "South post")
    return _best((max(min(row[p] for p in chosen) for row in drive),
                  {"station": {name: int(k in chosen) for k, name in enumerate(posts)}})
                 for chosen in combinations(range(4), 2))


def bus_stop() -> Answer:
    # The walk is piecewise linear and convex in the position, so some hamlet is a best place (weighted median).
    homes = ((0.4, 30), (1.1, 45), (2.6, 20), (3.5, 65), (4.8, 25))
    return _best((sum(people * abs(place - stop) for place, people in homes), {"stop": stop}) for stop, _ in homes)


ORACLES: dict[str, Callable[[], Answer]] = {
    f.__name__: f for f in (
        ambulances, bakery, bicycles, bus_stop, cattle_feed, coffee_roasters, courier, dairy_depots, expedition,
        furniture_vans, joinery, night_nurses, pension_fund, print_shop, rain_tank, spare_pumps,
    )
}
