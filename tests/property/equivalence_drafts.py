"""Models that are equal by construction, and models in which one known thing was changed.

A `Draft` is a model as lists that are easy to change. `permuted` gives everything new places and names, `REWRITES` say
the same otherwise, `MUTATIONS` change one thing that normalisation does not undo and say what it was.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from solvers.model import Block, Csr, Model, ObjectiveLevel, Quadratic

INF = float("inf")


@dataclass
class Column:
    name: str
    kind: int
    lower: float
    upper: float
    cost: float


@dataclass
class Row:
    name: str
    entries: list[tuple[int, float]]
    lower: float
    upper: float
    products: dict[tuple[int, int], float] = field(default_factory=dict)


@dataclass
class Draft:
    columns: list[Column]
    rows: list[Row]
    sense: str = "min"
    offset: float = 0.0
    products: dict[tuple[int, int], float] = field(default_factory=dict)

    def copy(self) -> Draft:
        return deepcopy(self)


def draft(model: Model) -> Draft:
    """A model of one objective without structure, nonlinear rows and indicators as a draft."""
    assert len(model.levels) == 1 and not model.structure and not model.is_nonlinear
    level = model.objective
    columns = [
        Column(model.column_label(j), int(model.kinds[j]), float(model.col_lower[j]), float(model.col_upper[j]), float(level.costs[j]))
        for j in range(model.num_columns)
    ]
    rows = []
    for i in range(model.num_rows):
        index, value = model.matrix.row(i)
        rows.append(Row(model.row_label(i), list(zip(index.tolist(), value.tolist())), float(model.row_lower[i]), float(model.row_upper[i])))
    quadratic = model.quadratic_rows
    if quadratic is not None and quadratic.row is not None:
        for r, i, j, coef in zip(quadratic.row.tolist(), quadratic.i.tolist(), quadratic.j.tolist(), quadratic.coef.tolist()):
            rows[r].products[i, j] = coef
    products = {} if level.quadratic is None else {
        (i, j): c for i, j, c in zip(level.quadratic.i.tolist(), level.quadratic.j.tolist(), level.quadratic.coef.tolist())
    }
    return Draft(columns, rows, model.sense, level.offset, products)


def model(made: Draft, name: str = "made") -> Model:
    """The draft as a model; every row and column is a family of its own."""
    n, m = len(made.columns), len(made.rows)
    start = np.cumsum([0, *(len(r.entries) for r in made.rows)]).astype(np.int32)
    entries = [entry for r in made.rows for entry in r.entries]
    squares = [(i, j, c, k) for k, r in enumerate(made.rows) for (i, j), c in r.products.items()]
    objective = [(i, j, c) for (i, j), c in made.products.items()]
    ints = lambda items: np.array(items, dtype=np.int32)  # noqa: E731
    floats = lambda items: np.array(items, dtype=float)  # noqa: E731
    return Model(
        name, made.sense,  # type: ignore[arg-type]
        (ObjectiveLevel(floats([c.cost for c in made.columns]), made.offset, Quadratic(
            ints([i for i, _, _ in objective]), ints([j for _, j, _ in objective]), floats([c for _, _, c in objective])
        ) if objective else None),),
        Csr(start, ints([j for j, _ in entries]), floats([v for _, v in entries]), n),
        floats([r.lower for r in made.rows]), floats([r.upper for r in made.rows]),
        floats([c.lower for c in made.columns]), floats([c.upper for c in made.columns]),
        np.array([c.kind for c in made.columns], dtype=np.uint8),
        (Block("columns", 0, n, labels=tuple(c.name for c in made.columns)),) if n else (),
        (Block("rows", 0, m, labels=tuple(r.name for r in made.rows)),) if m else (),
        Quadratic(
            ints([i for i, _, _, _ in squares]), ints([j for _, j, _, _ in squares]), floats([c for _, _, c, _ in squares]),
            ints([k for _, _, _, k in squares]),
        ) if squares else None,
    )  # fmt: skip


def permuted(made: Draft, r: random.Random, rename: bool = True) -> tuple[Draft, list[int], list[int]]:
    """The draft in another order under other names; old column j stands at `columns[j]`, old row i at `rows[i]`."""
    columns, rows = list(range(len(made.columns))), list(range(len(made.rows)))
    r.shuffle(columns)
    r.shuffle(rows)
    pair = lambda i, j: (min(columns[i], columns[j]), max(columns[i], columns[j]))  # noqa: E731
    out = Draft([None] * len(columns), [None] * len(rows), made.sense, made.offset, {pair(*k): c for k, c in made.products.items()})  # type: ignore[list-item]
    for j, column in enumerate(made.columns):
        out.columns[columns[j]] = Column(column.name, column.kind, column.lower, column.upper, column.cost)
    for i, row in enumerate(made.rows):
        entries = [(columns[j], v) for j, v in row.entries]
        r.shuffle(entries)
        out.rows[rows[i]] = Row(row.name, entries, row.lower, row.upper, {pair(*k): c for k, c in row.products.items()})
    if rename:
        for k, column in enumerate(out.columns):
            column.name = f"v{k}"
        for k, row in enumerate(out.rows):
            row.name = f"e{k}"
    return out, columns, rows


# -- the same, said otherwise ------------------------------------------------------------------

Rewrite = Callable[[Draft, random.Random], Draft | None]


def exactly(values: list[float], by: float) -> bool:
    """Whether floating point multiplies the decimals without rounding."""
    wanted = Fraction(repr(by))
    return all(Fraction(repr(v * by)) == Fraction(repr(v)) * wanted for v in values if abs(v) != INF)


def numbers(row: Row) -> list[float]:
    return [v for _, v in row.entries] + list(row.products.values()) + [row.lower, row.upper]


def times(row: Row, by: float) -> Row:
    ends = [row.lower * by, row.upper * by]
    low, high = ends if by > 0 else ends[::-1]
    return Row(row.name, [(j, v * by) for j, v in row.entries], low, high, {k: c * by for k, c in row.products.items()})


def _some(made: Draft, r: random.Random, wanted: Callable[[Row], bool] = lambda row: True) -> int | None:
    found = [i for i, row in enumerate(made.rows) if wanted(row)]
    return r.choice(found) if found else None


def negated_objective(made: Draft, r: random.Random) -> Draft | None:
    out = made.copy()
    out.sense = "max" if made.sense == "min" else "min"
    out.offset = -made.offset
    out.products = {k: -c for k, c in made.products.items()}
    for column in out.columns:
        column.cost = -column.cost
    return out


def negated_row(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r)
    out = made.copy()
    if i is None:
        return None
    out.rows[i] = times(out.rows[i], -1.0)
    return out


def scaled_row(made: Draft, r: random.Random) -> Draft | None:
    pairs = [(i, by) for i, row in enumerate(made.rows) for by in (2.0, 3.0, 10.0, 0.5, 0.25) if exactly(numbers(row), by)]
    if not pairs:
        return None
    out = made.copy()
    i, by = r.choice(pairs)
    out.rows[i] = times(out.rows[i], by)
    return out


def duplicate_row(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r, lambda row: not row.products)
    if i is None:
        return None
    out = made.copy()
    out.rows.append(Row("again", list(out.rows[i].entries), out.rows[i].lower, out.rows[i].upper))
    return out


def parallel_row(made: Draft, r: random.Random) -> Draft | None:
    pairs = [(i, by) for i, row in enumerate(made.rows) for by in (2.0, 4.0, -1.0, -3.0) if exactly(numbers(row), by) and not row.products]
    if not pairs:
        return None
    i, by = r.choice(pairs)
    out = made.copy()
    out.rows.append(times(Row("parallel", list(out.rows[i].entries), out.rows[i].lower, out.rows[i].upper), by))
    return out


def looser_row(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r, lambda row: row.upper < INF and not row.products and bool(row.entries))
    if i is None:
        return None
    out = made.copy()
    out.rows.append(Row("looser", list(out.rows[i].entries), -INF, out.rows[i].upper + 1 + abs(out.rows[i].upper)))
    return out


def bound_as_row(made: Draft, r: random.Random) -> Draft | None:
    found = [j for j, c in enumerate(made.columns) if c.upper < INF or c.lower > -INF]
    if not found:
        return None
    out = made.copy()
    j = r.choice(found)
    column = out.columns[j]
    out.rows.append(Row("bound", [(j, 2.0)], 2 * column.lower, 2 * column.upper) if exactly([column.lower, column.upper], 2.0)
                    else Row("bound", [(j, 1.0)], column.lower, column.upper))
    column.lower, column.upper = -INF, INF
    return out


def row_as_bound(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r, lambda row: len(row.entries) == 1 and row.entries[0][1] == 1.0 and not row.products)
    if i is None:
        return None
    out = made.copy()
    row = out.rows.pop(i)
    column = out.columns[row.entries[0][0]]
    column.lower, column.upper = max(column.lower, row.lower), min(column.upper, row.upper)
    return out


def redundant_bound_row(made: Draft, r: random.Random) -> Draft | None:
    found = [j for j, c in enumerate(made.columns) if c.lower > -INF]
    if not found:
        return None
    out = made.copy()
    j = r.choice(found)
    out.rows.append(Row("redundant", [(j, 1.0)], out.columns[j].lower, INF))
    return out


def split_row(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r, lambda row: row.lower > -INF and row.upper < INF and not row.products)
    if i is None:
        return None
    out = made.copy()
    row = out.rows[i]
    out.rows.append(times(Row("half", list(row.entries), -INF, row.upper), r.choice((1.0, -1.0))))
    out.rows[i] = Row(row.name, row.entries, row.lower, INF)
    return out


def fractional_bound(made: Draft, r: random.Random) -> Draft | None:
    found = [j for j, c in enumerate(made.columns) if c.kind == 1 and c.upper < INF and c.upper == int(c.upper)]
    if not found:
        return None
    out = made.copy()
    out.columns[r.choice(found)].upper += 0.5
    return out


def split_terms(made: Draft, r: random.Random) -> Draft | None:
    pairs = [(i, k) for i, row in enumerate(made.rows) for k, (_, v) in enumerate(row.entries) if exactly([v], 0.5)]
    if not pairs:
        return None
    out = made.copy()
    i, k = r.choice(pairs)
    j, v = out.rows[i].entries[k]
    out.rows[i].entries[k] = (j, v / 2)
    out.rows[i].entries.append((j, v / 2))
    return out


def explicit_zero(made: Draft, r: random.Random) -> Draft | None:
    i = _some(made, r, lambda row: len(row.entries) < len(made.columns))
    if i is None:
        return None
    out = made.copy()
    held = {j for j, _ in out.rows[i].entries}
    out.rows[i].entries.append((r.choice([j for j in range(len(out.columns)) if j not in held]), 0.0))
    return out


def empty_row(made: Draft, r: random.Random) -> Draft | None:
    out = made.copy()
    out.rows.append(Row("nothing", [], -1.0, r.choice((INF, 2.0))))
    return out


def free_row(made: Draft, r: random.Random) -> Draft | None:
    out = made.copy()
    entries = [(j, 1.0) for j in r.sample(range(len(out.columns)), min(2, len(out.columns)))]
    out.rows.append(Row("free", entries, -INF, INF))
    return out


REWRITES: dict[str, Rewrite] = {
    "max of the negated": negated_objective, "negated row": negated_row, "scaled row": scaled_row,
    "duplicate row": duplicate_row, "parallel row": parallel_row, "looser row": looser_row, "bound as row": bound_as_row,
    "row as bound": row_as_bound, "redundant bound row": redundant_bound_row, "row as two": split_row,
    "fractional bound": fractional_bound, "duplicate terms": split_terms, "explicit zero": explicit_zero,
    "empty row": empty_row, "free row": free_row,
}  # fmt: skip


# -- one thing changed -------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What was changed, in the words of a diff: sort, row, column (names of the original)."""

    what: str
    row: str = ""
    column: str = ""


Mutation = Callable[[Draft, random.Random], "tuple[Draft, Change] | None"]


def _moved(value: float, r: random.Random) -> float:
    return float(f"{value * r.choice((1.25, 0.75, 2.0)) + r.choice((0.375, 1.5, 3.0)):.6g}")


def _real_rows(made: Draft) -> list[int]:
    """Rows that normalisation keeps as they are: more than one column, asked for, no other parallel to them."""
    seen: dict[tuple[object, ...], int] = {}
    keys = []
    for row in made.rows:
        total: dict[int, Fraction] = {}
        for j, v in row.entries:
            total[j] = total.get(j, Fraction(0)) + Fraction(repr(v))
        held = sorted((j, v) for j, v in total.items() if v)
        keys.append(tuple((j, v / held[0][1]) for j, v in held) if held else ())
        seen[keys[-1]] = seen.get(keys[-1], 0) + 1
    return [
        i for i, row in enumerate(made.rows)
        if len(keys[i]) > 1 and seen[keys[i]] == 1 and (row.lower > -INF or row.upper < INF) and len(keys[i]) == len(row.entries)
    ]


def says(made: Draft) -> tuple[object, ...]:
    """What a draft says by names, without what is said twice or says nothing: parallel rows joined, one-column rows as
    bounds, whole bounds of whole columns, sides that bounds imply dropped. For telling a change from an idle one."""
    zero = Fraction(0)
    bounds = [[_side(c.lower), _side(c.upper)] for c in made.columns]
    rows: dict[tuple[object, int], list[Fraction | None]] = {}
    for number, row in enumerate(made.rows):
        total: dict[int, Fraction] = {}
        for j, v in row.entries:
            total[j] = total.get(j, zero) + Fraction(repr(v))
        held = sorted((j, v) for j, v in total.items() if v)
        by = held[0][1] if held else Fraction(1)
        ends = [None if end is None else end / by for end in (_side(row.lower), _side(row.upper))]
        low, high = ends if by > 0 else ends[::-1]
        if len(held) == 1 and not row.products:
            target = bounds[held[0][0]]
        else:
            left = tuple((j, v / by) for j, v in held)
            target = rows.setdefault((left, number if row.products else -1), [None, None])
        target[0] = low if target[0] is None else target[0] if low is None else max(low, target[0])
        target[1] = high if target[1] is None else target[1] if high is None else min(high, target[1])
    for column, ends in zip(made.columns, bounds):
        if column.kind == 1:
            ends[0] = None if ends[0] is None else Fraction(-(-ends[0] // 1))
            ends[1] = None if ends[1] is None else Fraction(ends[1] // 1)
    told = []
    for (left, number), (low, high) in rows.items():
        reach = _reach(left, bounds)
        if number < 0 and low is not None and reach[0] is not None and reach[0] >= low:
            low = None
        if number < 0 and high is not None and reach[1] is not None and reach[1] <= high:
            high = None
        if low is not None or high is not None:
            told.append((left, number, low, high))
    sign = -1 if made.sense == "max" else 1
    costs = tuple(sign * c.cost + 0.0 for c in made.columns)
    kinds = tuple((c.kind, *ends) for c, ends in zip(made.columns, bounds))
    products = tuple(sorted((k, sign * v) for k, v in made.products.items()))
    return kinds, costs, sign * made.offset, products, tuple(sorted(told, key=repr))


def _reach(left: tuple[tuple[int, Fraction], ...], bounds: list[list[Fraction | None]]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest that bounds let a row be."""
    ends: list[Fraction | None] = [Fraction(0), Fraction(0)]
    for j, v in left:
        for k in (0, 1):
            bound = bounds[j][k if v > 0 else 1 - k]
            ends[k] = None if ends[k] is None or bound is None else ends[k] + v * bound
    return ends[0], ends[1]


def _side(value: float) -> Fraction | None:
    return None if abs(value) == INF else Fraction(repr(value))


def mutated(kind: str, made: Draft, r: random.Random, tries: int = 12) -> tuple[Draft, Change] | None:
    """One change of a kind that changes what the draft says, or None."""
    before = says(made)
    for _ in range(tries):
        got = MUTATIONS[kind](made, r)
        if got is None:
            return None
        if says(got[0]) != before:
            return got
    return None


def coefficient(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = [(i, k) for i in _real_rows(made) for k in range(len(made.rows[i].entries))]
    if not found:
        return None
    out = made.copy()
    i, k = r.choice(found)
    j, v = out.rows[i].entries[k]
    out.rows[i].entries[k] = (j, _moved(v, r))
    return out, Change("coefficient", out.rows[i].name, out.columns[j].name)


def dropped_coefficient(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = [i for i in _real_rows(made) if len(made.rows[i].entries) > 2]
    if not found:
        return None
    out = made.copy()
    i = r.choice(found)
    j, _ = out.rows[i].entries.pop(r.randrange(len(out.rows[i].entries)))
    return out, Change("coefficient", out.rows[i].name, out.columns[j].name)


def added_coefficient(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = [i for i in _real_rows(made) if len(made.rows[i].entries) < len(made.columns)]
    if not found:
        return None
    out = made.copy()
    i = r.choice(found)
    held = {j for j, _ in out.rows[i].entries}
    j = r.choice([j for j in range(len(out.columns)) if j not in held])
    out.rows[i].entries.append((j, r.choice((1.5, 7.0, -2.0))))
    return out, Change("coefficient", out.rows[i].name, out.columns[j].name)


def right_side(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = _real_rows(made)
    if not found:
        return None
    out = made.copy()
    row = out.rows[r.choice(found)]
    if row.lower == row.upper:
        row.lower = row.upper = _moved(row.upper, r)
    elif row.upper < INF:
        row.upper = row.upper + abs(_moved(row.upper, r)) + 1
    else:
        row.lower = row.lower - abs(_moved(row.lower, r)) - 1
    return out, Change("right side", row.name)


def sense(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = [i for i in _real_rows(made) if made.rows[i].lower == made.rows[i].upper or INF in (-made.rows[i].lower, made.rows[i].upper)]
    if not found:
        return None
    out = made.copy()
    row = out.rows[r.choice(found)]
    value = row.upper if row.upper < INF else row.lower
    sides = {"<=": (-INF, value), ">=": (value, INF), "==": (value, value)}
    row.lower, row.upper = r.choice([s for s in sides.values() if s != (row.lower, row.upper)])
    return out, Change("sense", row.name)


def dropped_row(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    found = _real_rows(made)
    if not found:
        return None
    out = made.copy()
    row = out.rows.pop(r.choice(found))
    return out, Change("row", row.name)


def added_row(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    if len(made.columns) < 2:
        return None
    out = made.copy()
    chosen = r.sample(range(len(out.columns)), min(len(out.columns), r.randint(2, 4)))
    out.rows.append(Row("added", [(j, float(r.randint(11, 29))) for j in chosen], -INF, float(r.randint(100, 1000)) + 0.5))
    return out, Change("row", "added")


def _bounds_of_rows(made: Draft) -> set[int]:
    return {j for row in made.rows if len(row.entries) == 1 for j, _ in row.entries}


def lower_bound(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    out = made.copy()
    found = [j for j in range(len(out.columns)) if j not in _bounds_of_rows(out)]
    if not found:
        return None
    column = out.columns[r.choice(found)]
    column.lower = -3.0 if column.lower == -INF else column.lower - 2.0
    return out, Change("lower bound", "", column.name)


def upper_bound(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    out = made.copy()
    found = [j for j in range(len(out.columns)) if j not in _bounds_of_rows(out)]
    if not found:
        return None
    column = out.columns[r.choice(found)]
    column.upper = 77.0 if column.upper == INF else column.upper + 2.0
    return out, Change("upper bound", "", column.name)


def kind(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    whole = lambda value: abs(value) == INF or value == int(value)  # noqa: E731
    alone = _bounds_of_rows(made)
    found = [j for j, c in enumerate(made.columns) if j not in alone and whole(c.lower) and whole(c.upper)]
    if not found:
        return None
    out = made.copy()
    column = out.columns[r.choice(found)]
    column.kind = 1 - min(column.kind, 1)
    return out, Change("type", "", column.name)


def cost(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    if not made.columns:
        return None
    out = made.copy()
    column = r.choice(out.columns)
    column.cost = _moved(column.cost, r)
    return out, Change("objective coefficient", "", column.name)


def objective_sense(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    costs = sorted(c.cost for c in made.columns)
    if costs == sorted(-c for c in costs):
        return None
    out = made.copy()
    out.sense = "max" if made.sense == "min" else "min"
    return out, Change("objective sense")


def constant(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    out = made.copy()
    out.offset += 5.5
    return out, Change("objective constant")


def extra_column(made: Draft, r: random.Random) -> tuple[Draft, Change] | None:
    out = made.copy()
    out.columns.append(Column("extra", 0, 0.0, r.choice((INF, 3.0)), 0.0))
    return out, Change("column", "", "extra")


MUTATIONS: dict[str, Mutation] = {
    "coefficient": coefficient, "dropped coefficient": dropped_coefficient, "added coefficient": added_coefficient,
    "right side": right_side, "sense": sense, "dropped row": dropped_row, "added row": added_row,
    "lower bound": lower_bound, "upper bound": upper_bound, "type": kind, "cost": cost,
    "objective sense": objective_sense, "objective constant": constant, "empty column": extra_column,
}  # fmt: skip


# -- a change found up to the symmetry of a model ----------------------------------------------


def marked(made: Draft, row: str, column: str) -> Draft:
    """The draft with a row and a column marked by what nothing else has: equal marks are moved by a symmetry."""
    out = made.copy()
    for other in out.columns:
        if other.name == column:
            other.cost += 987654.5
    for k, other_row in enumerate(out.rows):
        if other_row.name == row:
            out.columns.append(Column(f"mark{k}", 0, -77.5, 99.25, 0.0))
            other_row.entries.append((len(out.columns) - 1, 654321.0))
    return out


def with_coefficient(made: Draft, row: str, column: str, value: float) -> Draft:
    """The draft with one coefficient set."""
    out = made.copy()
    j = next(j for j, c in enumerate(out.columns) if c.name == column)
    changed = next(r for r in out.rows if r.name == row)
    changed.entries = [(k, v) for k, v in changed.entries if k != j] + [(j, value)]
    return out
