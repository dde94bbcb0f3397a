"""Product mixes told with a table, at random: read as they were made, and solved to what enumeration finds."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import pytest

from formulate import formulate
from formulate.offline import formulate_offline
from formulate.offline.base import Abstention

PRODUCTS = ("lamp", "stool", "shelf", "chest", "frame")
RESOURCES = (("Wood", "kg"), ("Assembly", "hours"), ("Paint", "litres"))


@dataclass(frozen=True)
class Mix:
    products: tuple[str, ...]
    use: tuple[tuple[int, ...], ...]
    profit: tuple[int, ...]
    available: tuple[int, ...]
    most: tuple[int, ...] | None
    least: int | None

    def optimum(self) -> float | None:
        best = None
        top = [min(a // u for a, u in zip(self.available, use) if u) for use in self.use]
        if self.most:
            top = [min(t, m) for t, m in zip(top, self.most)]
        for made in itertools.product(*(range(t + 1) for t in top)):
            fits = all(sum(u[r] * x for u, x in zip(self.use, made)) <= self.available[r] for r in range(len(self.available)))
            if fits and (self.least is None or made[0] >= self.least):
                value = sum(p * x for p, x in zip(self.profit, made))
                best = value if best is None else max(best, value)
        return best


def random_mix(rng: random.Random) -> Mix:
    n, m = rng.randint(2, 4), rng.randint(1, 3)
    use = tuple(tuple(rng.randint(1, 6) for _ in range(m)) for _ in range(n))
    return Mix(
        PRODUCTS[:n], use, tuple(rng.randint(5, 40) for _ in range(n)), tuple(rng.randint(12, 40) for _ in range(m)),
        tuple(rng.randint(2, 8) for _ in range(n)) if rng.random() < 0.5 else None,
        rng.randint(1, 3) if rng.random() < 0.3 else None,
    )  # fmt: skip


def tell(mix: Mix, rng: random.Random) -> str:
    heads = [f"{name} ({unit})" for name, unit in RESOURCES[: len(mix.available)]]
    columns = [[str(u[r]) for u in mix.use] for r in range(len(mix.available))]
    heads.append("Profit (euros)")
    columns.append([str(p) for p in mix.profit])
    if mix.most:
        heads.append("Maximum (pieces)")
        columns.append([str(m) for m in mix.most])
    in_row = rng.random() < 0.5 and not mix.most
    if rng.random() < 0.5 and not in_row:
        rows = [["Per piece", *mix.products], *([head, *cells] for head, cells in zip(heads, columns))]
    else:
        rows = [["Product", *heads], *([p, *(c[k] for c in columns)] for k, p in enumerate(mix.products))]
        if in_row:
            rows.append(["Available", *map(str, mix.available), ""])
    table = "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ["---"] * len(rows[0]), *rows[1:]))
    supply = [f"There are {a} {unit} of {name.lower()} available." for a, (name, unit) in zip(mix.available, RESOURCES)]
    told = "" if in_row else " ".join(supply)
    floor = f"At least {mix.least} {mix.products[0]}s must be made." if mix.least else ""
    return (f"A workshop makes household goods. The table shows what one piece of each takes.\n\n{table}\n\n{told} {floor} "
            "How many of each should be made to maximize the profit?")


@pytest.mark.parametrize("seed", range(40))
def test_a_mix_told_with_a_table_is_solved_to_its_optimum(seed: int) -> None:
    rng = random.Random(seed)
    mix = random_mix(rng)
    attempt = formulate(tell(mix, rng))
    wanted = mix.optimum()
    assert attempt.outcome == "answered", str(attempt)
    assert attempt.result is not None
    if wanted is None:
        assert attempt.result.termination == "infeasible"
    else:
        assert attempt.result.objective == pytest.approx(wanted)


@pytest.mark.parametrize("seed", range(10))
def test_numbers_are_quoted_from_where_they_stand(seed: int) -> None:
    rng = random.Random(seed)
    text = tell(random_mix(rng), rng)
    draft = formulate_offline(text)
    assert not isinstance(draft, Abstention)
    cells = {f"{p.name}[{', '.join(map(repr, c.key))}]" if c.key else p.name: c
             for p in draft.formulation.parameters for c in p.cells}
    read = [claim for claim in draft.claims if claim.slot in cells]
    assert len(read) == len([c for c in cells.values() if c.quote])
    for claim in read:
        assert text[claim.start : claim.end] == str(cells[claim.slot].value)
        assert str(cells[claim.slot].value) in cells[claim.slot].quote


BASE = tell(Mix(("lamp", "stool"), ((2, 3), (4, 1)), (9, 7), (30, 20), None, None), random.Random(3))


@pytest.mark.parametrize(("old", "new"), [
    ("Profit (euros)", "Profit (1000 euros)"),  # scaled by words that are not read
    ("Profit (euros)", "Profit (%)"),
    ("Wood (kg)", "Demand (pieces)"),  # a bound of which kind?
    ("Wood (kg)", "Setup cost (euros)"),
    ("| 2 |", "| -2 |"),
    ("| 2 |", "| 2 to 3 |"),
    ("The table shows what one piece of each takes.", "The table shows what 12 pieces of each take."),
])  # fmt: skip
def test_tables_that_would_need_a_guess_are_not_answered(old: str, new: str) -> None:
    assert formulate(BASE).outcome == "answered"
    assert old in BASE
    assert formulate(BASE.replace(old, new)).outcome == "abstained"
