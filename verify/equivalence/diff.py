"""The reader's diff of two models that are not equivalent: what differs after the best matching, in names."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from solvers.compare import SOLVER, compare
from verify.equivalence.alignment import Alignment, Basis, align, by_names, reassigned, shared_names
from verify.equivalence.plain import KINDS, PlainColumn, PlainModel, PlainRow, plain

if TYPE_CHECKING:
    from solvers.model import Model
    from verify.equivalence.outcome import Equivalence, Options

What = Literal[
    "coefficient", "right side", "sense", "lower bound", "upper bound", "type", "objective coefficient",
    "objective constant", "objective sense", "objective", "product", "row", "column", "condition", "formula",
    "structure",
]  # fmt: skip

MOST_PATHS = 3
ENOUGH = 1
"""A matching with so few differences is not improved on."""
MOST_IMPROVED = 60
MOST_SECONDS = 6.0
"""Wall-clock seconds for finding a smaller diff than the first ones."""
MOST_SIZE = 300_000
"""Columns, rows and nonzeros beyond which no diff is made and no witness sought: nobody would read it."""
MOST_GROWN = 400
"""Columns and rows up to which matchings that grow from one pair are tried too."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: of what sort, at which row and column (A's names where A has them), and the sentence.

    `a` and `b` are the two coefficients of a "coefficient" (B's in the scale of A's row).
    """

    what: What
    row: str
    column: str
    text: str
    a: Fraction | None = None
    b: Fraction | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between A and B once their columns and rows are matched.

    `columns` and `rows` pair the names that were matched under different names; `basis` says by what the matching
    was made, `complete` is False where it was cut short and a smaller diff may exist.
    """

    differences: tuple[Difference, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    basis: Basis
    complete: bool = True

    def __str__(self) -> str:
        return "\n".join(map(str, self.differences))

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings."""
        return {
            "basis": self.basis, "complete": self.complete,
            "differences": [
                {"what": d.what, "row": d.row, "column": d.column, "text": d.text} for d in self.differences
            ],
            "columns": [list(pair) for pair in self.columns], "rows": [list(pair) for pair in self.rows],
        }  # fmt: skip


def explain(a: Model, b: Model, found: Equivalence, options: Options) -> Equivalence:
    """`found` with its `diff`, unless the search for a witness already made it or the models are too large for one."""
    if found.diff is not None or size_of(a, b) > MOST_SIZE:
        return found
    return replace(found, diff=compare_models(a, b))


def size_of(*models: Model) -> int:
    """Columns, rows and nonzeros of the largest."""
    return max(m.num_columns + m.num_rows + m.matrix.nonzeros for m in models)


def compare_models(a: Model, b: Model) -> Diff:
    """The smallest diff that the matchings by name and by colours give; by name where they tie."""
    left, right = plain(a), plain(b)
    return completed(a, b, *best_alignment(left, right))


def completed(a: Model, b: Model, match: Alignment, turned: bool, diff: Diff) -> Diff:
    """The diff with nonlinear formulas that only look alike."""
    if not (a.is_nonlinear or b.is_nonlinear) or turned or -1 in match.columns:
        return diff
    return replace(diff, differences=(*diff.differences, *formulas_apart(a, b, match, diff)))


def formulas_apart(a: Model, b: Model, match: Alignment, diff: Diff) -> Iterator[Difference]:
    """Nonlinear rows and objectives that look alike and have another value at a trial point."""
    point = np.random.default_rng(2).uniform(0.5, 2.0, a.num_columns)
    other = np.empty(b.num_columns)
    other[list(match.columns)] = point
    told = {d.row for d in diff.differences}
    rows = {b.row_label(i): i for i in range(b.num_rows)}
    renamed = dict(diff.rows)
    values = a.activity(point), b.activity(other)
    pairs = [("objective", a.objective.value(point), b.objective.value(other))] if a.sense == b.sense else []
    for i in sorted({int(r) for block in a.nonlinear_rows for r in block.rows}):
        name = a.row_label(i)
        partner = rows.get(renamed.get(name, name))
        if partner is not None:
            pairs.append((name, float(values[0][i]), float(values[1][partner])))
    for name, one, two in pairs:
        if name not in told and np.isfinite(one) and not compare(one, two, SOLVER):
            where = name if name == "objective" else f"row {name}"
            text = f"{where}: its formula has the value {one:.6g} in A, {two:.6g} in B at one and the same point"
            yield Difference("formula", name, "", text)


def best_alignment(left: PlainModel, right: PlainModel) -> tuple[Alignment, bool, Diff]:
    """The matching with the smallest diff, whether B's objective is read negated, and that diff."""
    candidates: list[tuple[int, int, Alignment, bool, Diff]] = []

    def consider(found: Alignment, turned: bool) -> int:
        diff = _diff(left, right, found, turned)
        candidates.append((len(diff.differences), len(candidates), found, turned, diff))
        return len(diff.differences)

    enough = False
    deadline = time.monotonic() + MOST_SECONDS
    for turned in _turns(left, right):
        other = _turned(right) if turned else right
        if shared_names(left, right) >= 0.5:
            named = by_names(left, right)
            found = replace(align(left, other, scaled=False, start=named), basis="names")
            few = max(ENOUGH, len(found.columns) // 10) if found.rows and -1 not in found.columns else ENOUGH
            enough = consider(found, turned) <= few or enough
        for scaled in (False, True):
            if not enough and (time.monotonic() < deadline or not candidates):
                found = align(left, other, scaled=scaled)
                enough = consider(found, turned) <= ENOUGH
        if enough:
            break
    _, _, alignment, turned, diff = min(candidates, key=lambda item: item[:2])
    if enough:
        return alignment, turned, diff
    alignment, turned, diff = _improved(left, right, alignment, turned, diff, deadline)
    other = _turned(right) if turned else right
    if len(diff.differences) > ENOUGH and len(left.columns) + len(left.rows) <= MOST_GROWN:
        for again in _other_matchings(left, other, alignment):
            if time.monotonic() > deadline:
                break
            better = _improved(left, right, again, turned, _diff(left, right, again, turned), deadline)
            if len(better[2].differences) < len(diff.differences):
                alignment, turned, diff = better
            if len(diff.differences) <= ENOUGH:
                break
    return alignment, turned, diff


def _other_matchings(left: PlainModel, right: PlainModel, before: Alignment) -> Iterator[Alignment]:
    """Matchings made otherwise: without the rows that one model alone has, and grown from one pair."""
    ours = [i for i, w in enumerate(before.rows) if w >= 0]
    theirs = sorted(before.rows[i] for i in ours)
    if len(ours) < len(before.rows) or len(theirs) < len(right.rows):
        less = (replace(m, rows=tuple(m.rows[i] for i in kept)) for m, kept in ((left, ours), (right, theirs)))
        found = align(*less, scaled=False)
        rows = [-1] * len(before.rows)
        for i, w in zip(ours, found.rows):
            rows[i] = theirs[w] if w >= 0 else -1
        yield replace(found, rows=tuple(rows))
    yield align(left, right, scaled=False, growth="from the first")
    yield align(left, right, scaled=False, growth="from the last")


def _turns(left: PlainModel, right: PlainModel) -> tuple[bool, ...]:
    """Whether to read B's objective negated, the likelier first: min against max may be the one thing that differs."""
    if left.maximise == right.maximise:
        return (False,)
    ours = Counter(c.costs for c in left.columns)
    plainly, turned = (Counter(c.costs for c in model.columns) for model in (right, _turned(right)))
    return (False, True) if (ours & plainly).total() >= (ours & turned).total() else (True, False)


def _improved(
    left: PlainModel, right: PlainModel, match: Alignment, turned: bool, diff: Diff, deadline: float
) -> tuple[Alignment, bool, Diff]:  # fmt: skip
    """The same matching with what differs assigned anew, as long as that makes the diff smaller."""
    other = _turned(right) if turned else right
    at = ({c.name: j for j, c in enumerate(left.columns)}, {r.name: i for i, r in enumerate(left.rows)})
    better = True
    while better and ENOUGH < len(diff.differences) <= MOST_IMPROVED:
        better = False
        columns = {at[0][d.column] for d in diff.differences if d.column in at[0]}
        rows = {at[1][d.row] for d in diff.differences if d.row in at[1]}
        freed = ((columns, set(), 0), (set(), rows, 0), *((columns, rows, hops) for hops in (0, 1, 2)))
        for ours, theirs, hops in freed:
            if time.monotonic() > deadline:
                break
            again = reassigned(left, other, match, ours, theirs, hops)
            found = _diff(left, right, again, turned)
            if len(found.differences) < len(diff.differences):
                match, diff, better = again, found, True
    return match, turned, diff


def _turned(model: PlainModel) -> PlainModel:
    """The model with its objective negated."""
    columns = tuple(replace(c, costs=tuple(-cost for cost in c.costs)) for c in model.columns)
    return replace(
        model, columns=columns, constants=tuple(-c for c in model.constants),
        products=tuple({key: -coef for key, coef in level.items()} for level in model.products),
    )  # fmt: skip


def _diff(a: PlainModel, b: PlainModel, match: Alignment, turned: bool) -> Diff:
    other = _turned(b) if turned else b
    found: list[Difference] = []
    if turned:
        found.append(Difference("objective sense", "", "", f"the objective is {_sense(a)} in A, {_sense(b)} in B"))
    found += _objective(a, other, match)
    found += _columns(a, other, match)
    found += _all_rows(a, other, match)
    found += _structure(a, other, match)
    columns = _renamed([c.name for c in a.columns], [c.name for c in b.columns], match.columns)
    rows = _renamed([r.name for r in a.rows], [r.name for r in b.rows], match.rows)
    return Diff(tuple(found), columns, rows, match.basis, match.complete)


def _renamed(ours: list[str], theirs: list[str], pairs: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((ours[k], theirs[w]) for k, w in enumerate(pairs) if w >= 0 and ours[k] != theirs[w])


def _sense(model: PlainModel) -> str:
    return "maximised" if model.maximise else "minimised"


def _both(one: str, two: str) -> str:
    return one if one == two else f"{one} ({two} in B)"


def number(value: Fraction | None, none: str = "none") -> str:
    """A number as people write it: a decimal where it is one, else a fraction."""
    if value is None:
        return none
    if value.denominator == 1:
        return str(value.numerator)
    as_float = float(value)
    return repr(as_float) if Fraction(repr(as_float)) == value else str(value)


def _costs_sign(model: PlainModel) -> int:
    return -1 if model.maximise else 1


def _objective(a: PlainModel, b: PlainModel, match: Alignment) -> Iterator[Difference]:
    if len(a.constants) != len(b.constants):
        told = f"there are {len(a.constants)} objectives in A, {len(b.constants)} in B"
        yield Difference("objective", "", "", told)
        return
    sign = _costs_sign(a)
    for level, (one, two) in enumerate(zip(a.constants, b.constants)):
        where = "objective" if len(a.constants) == 1 else f"objective {level + 1}"
        if one != two:
            told = f"{where}: its constant is {number(sign * one)} in A, {number(sign * two)} in B"
            yield Difference("objective constant", "", "", told)
        for text, name in _products(a, b, match, a.products[level], b.products[level], Fraction(sign), Fraction(sign)):
            yield Difference("product", "objective", name, f"{where}: {text}")
        if a.formulas[level] != b.formulas[level]:
            formulas = [model.formulas[level] or "none" for model in (a, b)]
            told = f"{where}: its nonlinear part is {formulas[0]} in A, {formulas[1]} in B"
            yield Difference("formula", "objective", "", told)


def _columns(a: PlainModel, b: PlainModel, match: Alignment) -> Iterator[Difference]:
    taken = set(match.columns)
    sign = _costs_sign(a)
    for j, column in enumerate(a.columns):
        if match.columns[j] < 0:
            yield Difference("column", "", column.name, f"column {column.name} only in A")
            continue
        other = b.columns[match.columns[j]]
        name = _both(column.name, other.name)
        yield from _column(column, other, name)
        for level, (one, two) in enumerate(zip(column.costs, other.costs)):
            if one != two:
                where = "objective" if len(column.costs) == 1 else f"objective {level + 1}"
                told = f"{where}: coefficient of {name} is {number(sign * one)} in A, {number(sign * two)} in B"
                yield Difference("objective coefficient", "", column.name, told)
    for j, column in enumerate(b.columns):
        if j not in taken:
            yield Difference("column", "", column.name, f"column {column.name} only in B")


def _column(column: PlainColumn, other: PlainColumn, name: str) -> Iterator[Difference]:
    if column.kind != other.kind:
        told = f"{name} is {KINDS[column.kind]} in A, {KINDS[other.kind]} in B"
        yield Difference("type", "", column.name, told)
    if column.lower != other.lower:
        told = f"lower bound of {name} is {number(column.lower)} in A, {number(other.lower)} in B"
        yield Difference("lower bound", "", column.name, told)
    if column.upper != other.upper:
        told = f"upper bound of {name} is {number(column.upper)} in A, {number(other.upper)} in B"
        yield Difference("upper bound", "", column.name, told)


def _all_rows(a: PlainModel, b: PlainModel, match: Alignment) -> Iterator[Difference]:
    taken = set(match.rows)
    for i, row in enumerate(a.rows):
        if match.rows[i] < 0:
            yield Difference("row", row.name, "", f"row {row.name} only in A")
            continue
        options = list(_ratios(row, b.rows[match.rows[i]], match))
        yield from min((list(_row(a, b, match, row, b.rows[match.rows[i]], by)) for by in options), key=len)
    for i, row in enumerate(b.rows):
        if i not in taken:
            yield Difference("row", row.name, "", f"row {row.name} only in B")


def _ratios(row: PlainRow, other: PlainRow, match: Alignment) -> Iterator[Fraction]:
    """Factors by which B's row may have been multiplied: 1 first, then those that common entries tell."""
    yield Fraction(1)
    seen = {Fraction(1)}
    for j, value in row.entries.items():
        two = other.entries.get(match.columns[j])
        if two is not None and value / two not in seen and len(seen) <= MOST_PATHS:
            seen.add(value / two)
            yield value / two


def _row(
    a: PlainModel, b: PlainModel, match: Alignment, row: PlainRow, other: PlainRow, by: Fraction
) -> Iterator[Difference]:
    """What differs between a row of A and `by` times a row of B."""
    name = _both(row.name, other.name)
    scale = "" if by == 1 else f" (B's row times {number(by)})"
    theirs = {j: value * by for j, value in other.entries.items()}
    back = {w: a.columns[j].name for j, w in enumerate(match.columns) if w >= 0}
    mapped = {match.columns[j] if match.columns[j] >= 0 else -1 - j: (j, value) for j, value in row.entries.items()}
    for place in [*mapped, *(w for w in theirs if w not in mapped)]:
        one = mapped[place][1] if place in mapped else Fraction(0)
        two = theirs.get(place, Fraction(0))
        # What belongs to a column of one model only is told once, with the column.
        if one == two or place < 0 or place not in back:
            continue
        column = _both(back[place], b.columns[place].name)
        told = f"row {name}: coefficient of {column} is {number(one)} in A, {number(two)} in B{scale}"
        yield Difference("coefficient", row.name, back[place], told, one, two)
    low, high = (None if end is None else end * by for end in (other.lower, other.upper))
    yield from _sides(row, name, (low, high) if by > 0 else (high, low), scale)
    for text, column in _products(a, b, match, row.products, other.products, Fraction(1), by):
        yield Difference("product", row.name, column, f"row {name}: {text}{scale}")
    ours = None if row.when is None else (match.columns[row.when[0]], row.when[1])
    if ours != other.when:
        when = [
            f"where {m.columns[w[0]].name} is {w[1]}" if w else "always" for m, w in ((a, row.when), (b, other.when))
        ]
        yield Difference("condition", row.name, "", f"row {name} holds {when[0]} in A, {when[1]} in B")
    if row.formula != other.formula:
        told_formula = f"row {name}: its nonlinear part is {row.formula or 'none'} in A, {other.formula or 'none'} in B"
        yield Difference("formula", row.name, "", told_formula)


def _sides(
    row: PlainRow, name: str, other: tuple[Fraction | None, Fraction | None], scale: str
) -> Iterator[Difference]:
    ours = (row.lower, row.upper)
    if ours == other:
        return
    sense_a, sense_b = _relation(ours), _relation(other)
    if sense_a == sense_b and sense_a != "between":
        one, two = (ours[0] if ours[0] is not None else ours[1]), (other[0] if other[0] is not None else other[1])
        told = f"row {name}: right side is {number(one)} in A, {number(two)} in B{scale}"
        yield Difference("right side", row.name, "", told)
        return
    what: What = "sense" if sense_a != sense_b else "right side"
    yield Difference(what, row.name, "", f"row {name} is {_shown(ours)} in A, {_shown(other)} in B{scale}")


def _relation(ends: tuple[Fraction | None, Fraction | None]) -> str:
    low, high = ends
    if low is None or high is None:
        return "<=" if low is None else ">="
    return "==" if low == high else "between"


def _shown(ends: tuple[Fraction | None, Fraction | None]) -> str:
    relation = _relation(ends)
    if relation == "between":
        return f"between {number(ends[0])} and {number(ends[1])}"
    return f"{relation} {number(ends[1] if ends[0] is None else ends[0], 'anything')}"


def _products(
    a: PlainModel, b: PlainModel, match: Alignment, ours: Any, theirs: Any, sign: Fraction, by: Fraction
) -> Iterator[tuple[str, str]]:
    back = {w: j for j, w in enumerate(match.columns) if w >= 0}
    mapped = {tuple(sorted((match.columns[i], match.columns[j]))): coef * sign for (i, j), coef in ours.items()}
    other = {tuple(sorted(key)): coef * by for key, coef in theirs.items()}
    for key in [*mapped, *(k for k in other if k not in mapped)]:
        one, two = mapped.get(key, Fraction(0)), other.get(key, Fraction(0))
        if one == two or any(w not in back for w in key):
            continue
        name = " * ".join(a.columns[back[w]].name for w in key)
        yield f"coefficient of {name} is {number(one)} in A, {number(two)} in B", name


def _structure(a: PlainModel, b: PlainModel, match: Alignment) -> Iterator[Difference]:
    mapped = [(kind, _ordered(kind, tuple(match.columns[j] for j in js))) for kind, _, js in a.special]
    theirs = [(kind, _ordered(kind, js)) for kind, _, js in b.special]
    for (kind, label, _), key in zip(a.special, mapped):
        if key in theirs:
            theirs.remove(key)
        else:
            yield Difference("structure", label, "", f"{kind} {label} only in A")
    left = list(theirs)
    for (kind, label, js) in b.special:
        if (kind, _ordered(kind, js)) in left:
            left.remove((kind, _ordered(kind, js)))
            yield Difference("structure", label, "", f"{kind} {label} only in B")


def _ordered(kind: str, columns: tuple[int, ...]) -> tuple[int, ...]:
    """Columns of a special part in an order of no meaning sorted; of an ordered set, the direction that is less."""
    return min(columns, columns[::-1]) if kind == "sos2" else tuple(sorted(columns))
