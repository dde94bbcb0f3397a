"""Small random models, their rewrites, and a slow oracle of equivalence that shares no code with the decision."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import Any

import numpy as np

from solvers.model import Csr, Model, ObjectiveLevel

INF = float("inf")


@dataclass
class Plain:
    """A model as lists: rows are (terms, lower, upper), columns (kind, lower, upper, cost)."""

    columns: list[tuple[int, float, float, float]]
    rows: list[tuple[list[tuple[int, float]], float, float]] = field(default_factory=list)
    sense: str = "min"
    offset: float = 0.0

    def model(self) -> Model:
        start, index, value = [0], [], []
        for terms, _, _ in self.rows:
            index += [j for j, _ in terms]
            value += [c for _, c in terms]
            start.append(len(index))
        floats = lambda items: np.array(list(items), dtype=np.float64)  # noqa: E731
        return Model(
            "small", self.sense, (ObjectiveLevel(floats(c[3] for c in self.columns), self.offset),),
            Csr(np.array(start, dtype=np.int64), np.array(index, dtype=np.int64), floats(value), len(self.columns)),
            floats(r[1] for r in self.rows), floats(r[2] for r in self.rows), floats(c[1] for c in self.columns),
            floats(c[2] for c in self.columns), np.array([c[0] for c in self.columns], dtype=np.int64),
        )  # fmt: skip


def draw(rng: random.Random, most: int = 5) -> Plain:
    """A model with few distinct numbers, so that symmetry and coincidence are frequent."""
    n, m = rng.randint(1, most), rng.randint(0, most)
    values = rng.choice([[1], [1, -1], [1, 2], [1, 2, -1, 0.5], [0.1, 0.3, -2, 3]])
    kinds = rng.choice([[0], [1], [0, 1], [0, 1, 2, 3]])
    uppers = rng.choice([[1], [1, 2.5], [INF], [INF, 3, 1]])
    lowers = rng.choice([[0], [0], [0, -INF], [0, -1, 0.5]])
    costs = rng.choice([[0], [1], [1, 2], [0, 1, -1]])
    columns = [(rng.choice(kinds), rng.choice(lowers), rng.choice(uppers), rng.choice(costs)) for _ in range(n)]
    rows = []
    for _ in range(m):
        chosen = rng.sample(range(n), rng.randint(0 if rng.random() < 0.1 else 1, n))
        terms = [(j, float(rng.choice(values))) for j in chosen]
        side = float(rng.choice([0, 1, 1, 2, 0.5]))
        rows.append((terms, *rng.choice([(-INF, side), (side, INF), (side, side), (-side, side), (0.0, side)])))
    return Plain(columns, rows, rng.choice(["min", "max"]), float(rng.choice([0, 0, 1])))


def shuffled(plain: Plain, rng: random.Random) -> Plain:
    """The same under other names and in another order."""
    n = len(plain.columns)
    to = rng.sample(range(n), n)
    columns = [plain.columns[0]] * n
    for j, column in enumerate(plain.columns):
        columns[to[j]] = column
    rows = [([(to[j], c) for j, c in rng.sample(terms, len(terms))], lo, up) for terms, lo, up in plain.rows]
    return Plain(columns, rng.sample(rows, len(rows)), plain.sense, plain.offset)


def rewritten(plain: Plain, rng: random.Random) -> Plain:
    """A few rewrites that keep the problem as it is."""
    out = Plain(list(plain.columns), list(plain.rows), plain.sense, plain.offset)
    for _ in range(rng.randint(0, 4)):
        rng.choice(REWRITES)(out, rng)
    return shuffled(out, rng)


def _negate_objective(p: Plain, rng: random.Random) -> None:
    p.columns = [(k, lo, up, -c) for k, lo, up, c in p.columns]
    p.sense, p.offset = "max" if p.sense == "min" else "min", -p.offset


def _scale_row(p: Plain, rng: random.Random) -> None:
    if p.rows:
        i, q = rng.randrange(len(p.rows)), rng.choice([2.0, -1.0, 0.5, -4.0])
        terms, lo, up = p.rows[i]
        sides = (lo * q, up * q) if q > 0 else (up * q, lo * q)
        p.rows[i] = ([(j, c * q) for j, c in terms], *sides)


def _repeat_row(p: Plain, rng: random.Random) -> None:
    if p.rows:
        p.rows.append(rng.choice(p.rows))


def _split_row(p: Plain, rng: random.Random) -> None:
    if p.rows:
        i = rng.randrange(len(p.rows))
        terms, lo, up = p.rows[i]
        p.rows[i : i + 1] = [(terms, lo, INF), ([(j, -c) for j, c in terms], -up, INF)]


def _bound_as_row(p: Plain, rng: random.Random) -> None:
    j = rng.randrange(len(p.columns))
    kind, lo, up, cost = p.columns[j]
    if kind < 2:
        p.columns[j] = (kind, lo, INF, cost)
        p.rows.append(([(j, 2.0)], -INF, 2 * up))


def _split_term(p: Plain, rng: random.Random) -> None:
    if p.rows:
        i = rng.randrange(len(p.rows))
        terms, lo, up = p.rows[i]
        if terms:
            j = rng.choice(terms)[0]
            p.rows[i] = ([*terms, (j, 1.0), (j, -1.0)] if rng.random() < 0.5 else [*terms, (j, 0.0)], lo, up)


def _idle_row(p: Plain, rng: random.Random) -> None:
    p.rows.append(rng.choice([([], -1.0, 1.0), ([(0, 1.0)], -INF, INF)]))


REWRITES = [_negate_objective, _scale_row, _repeat_row, _split_row, _bound_as_row, _split_term, _idle_row]


def mutated(plain: Plain, rng: random.Random) -> Plain:
    """One number, kind, sense or term changed."""
    out = Plain(list(plain.columns), list(plain.rows), plain.sense, plain.offset)
    what = rng.randrange(5 if out.rows else 3)
    j = rng.randrange(len(out.columns))
    kind, lo, up, cost = out.columns[j]
    if what == 0:
        out.columns[j] = (kind, lo, up, cost + 1)
    elif what == 1:
        out.columns[j] = (1 - kind if kind < 2 else 5 - kind, lo, up, cost)
    elif what == 2:
        out.sense = "max" if out.sense == "min" else "min"
    else:
        i = rng.randrange(len(out.rows))
        terms, lo, up = out.rows[i]
        if what == 3 or not terms:
            out.rows[i] = (terms, lo, up + 1)
        else:
            k = rng.randrange(len(terms))
            out.rows[i] = ([(j, c + (1 if t == k else 0)) for t, (j, c) in enumerate(terms)], lo, up)
    return out


def _q(value: float) -> Any:
    return value if abs(value) == INF else Fraction(str(value))


def slow_form(p: Plain) -> tuple[Any, list[list[Any]], dict[Any, list[Any]]]:
    """Constant, columns [kind, lower, upper, cost], rows {coprime terms: [lower, upper]}, by the rules of the reference."""
    sign = 1 if p.sense == "min" else -1
    columns = [[k, _q(lo), _q(up), sign * _q(c)] for k, lo, up, c in p.columns]
    rows: dict[Any, list[Any]] = {}
    broken: list[Any] = []
    for terms, lo, up in p.rows:
        total: dict[int, Fraction] = {}
        for j, c in terms:
            total[j] = total.get(j, Fraction(0)) + _q(c)
        total = {j: c for j, c in sorted(total.items()) if c}
        low, high = _q(lo), _q(up)
        if not total:
            if not low <= 0 <= high:
                # One row that cannot hold is as good as another, unless its own sides cross at 0.
                crossed = low > 0 > high
                broken.append(min((low, high), (-high, -low)) if crossed else (-INF, Fraction(-1)))
            continue
        unit = Fraction(gcd(*(c.numerator * (lcm(*(d.denominator for d in total.values())) // c.denominator)
                              for c in total.values())), lcm(*(d.denominator for d in total.values())))  # fmt: skip
        unit = unit if next(iter(total.values())) > 0 else -unit
        key = tuple((j, c / unit) for j, c in total.items())
        low, high = (low / unit, high / unit) if unit > 0 else (high / unit, low / unit)
        if len(key) == 1:
            column = columns[key[0][0]]
            if column[0] >= 2 and not low <= 0 <= high:
                column[0] -= 2
            column[1], column[2] = max(column[1], low), min(column[2], high)
            if column[0] >= 2 and column[1] > column[2]:
                column[:3] = [column[0] - 2, 0, 0]
        else:
            old = rows.setdefault(key, [-INF, INF])
            old[0], old[1] = max(old[0], low), min(old[1], high)
    for column in columns:
        if column[0] >= 2 and column[1] > column[2]:
            column[:3] = [column[0] - 2, 0, 0]
        if column[0] in (1, 3):
            column[1], column[2] = _round(column[1], ceil), _round(column[2], floor)
        if column[0] >= 2 and column[1] > column[2]:
            column[:3] = [column[0] - 2, 0, 0]
        if column[0] >= 2 and column[1] <= 0 <= column[2]:
            column[0] -= 2
    for key, sides in rows.items():
        if all(columns[j][0] in (1, 3) for j, _ in key):
            sides[:] = [_round(sides[0], ceil), _round(sides[1], floor)]
        ends = []
        for j, c in key:
            lo, up = columns[j][1:3]
            lo, up = (min(lo, 0), max(up, 0)) if columns[j][0] >= 2 else (lo, up)
            ends.append((c * lo, c * up) if c > 0 else (c * up, c * lo))
        least, most = sum(e[0] for e in ends), sum(e[1] for e in ends)
        sides[:] = [-INF if least >= sides[0] else sides[0], INF if most <= sides[1] else sides[1]]
    for column in columns:
        if column[0] == 1 and column[1] == column[2]:
            column[0] = 0
    rows = {key: sides for key, sides in rows.items() if sides != [-INF, INF]}
    once = [sides for sides in broken if sides[0] != -INF] + [(-INF, Fraction(-1))] * ((-INF, Fraction(-1)) in broken)
    return (sign * _q(p.offset), sorted(once)), columns, rows


def _round(value: Any, how: Any) -> Any:
    return value if abs(value) == INF else Fraction(how(value))


def same(one: Plain, two: Plain) -> bool:
    """The oracle: does any of all permutations of columns make the slow forms equal?"""
    (a_fixed, a_columns, a_rows), (b_fixed, b_columns, b_rows) = slow_form(one), slow_form(two)
    if a_fixed != b_fixed or len(a_columns) != len(b_columns) or len(a_rows) != len(b_rows):
        return False
    wanted = {(frozenset(key), *sides) for key, sides in b_rows.items()}
    wanted |= {(frozenset((j, -c) for j, c in key), -sides[1], -sides[0]) for key, sides in b_rows.items()}
    for to in itertools.permutations(range(len(a_columns))):
        if all(a_columns[j] == b_columns[to[j]] for j in range(len(to))) and all(
            (frozenset((to[j], c) for j, c in key), *sides) in wanted for key, sides in a_rows.items()
        ):
            return True
    return False
