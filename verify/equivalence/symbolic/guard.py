"""A proof put to the test: both formulations grounded on random data must be the same model under its map."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.compare import STRICT, compare
from solvers.errors import FormulateError, GroundingError, TypingError, UnsupportedError
from solvers.formulation import Formulation, Variable
from verify.equivalence.symbolic.draws import drawn, partner
from verify.equivalence.symbolic.families import NormalForm
from verify.equivalence.symbolic.proof import Proof

if TYPE_CHECKING:
    from solvers.data import Data
    from solvers.model import Model

MOST_NONZEROS = 200_000


class ContradictionError(FormulateError):
    """Grounded models that differ though a proof says that they cannot: a fault of the prover, never of the input."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """How many draws of data agreed, and why others could not be made."""

    agreed: int
    notes: tuple[str, ...] = ()


def guard(
    a: Formulation, b: Formulation, data: Data | None, proof: Proof, form: NormalForm, draws: int = 3
) -> Tried:
    """Ground both on random draws and compare. Raises ContradictionError where they differ under the proof's map."""
    agreed = 0
    notes: list[str] = []
    for seed in range(draws):
        values = drawn(a, form, data, seed)
        if values is None:
            notes.append("no data could be drawn")
            break
        try:
            moved = partner(a, b, values, proof)
            if moved is None:
                notes.append("the data are too many for a draw")
                break
            try:
                difference = differing(_ground(a, values), _ground(*moved), proof)
            except (GroundingError, TypingError, UnsupportedError):
                # Logic between variables is grounded only after a reformulation that adds columns of its own.
                difference = differing_at_points(a, values, *moved, proof)
        except FormulateError as error:
            notes.append(f"draw {seed}: {error.message}")
            continue
        if difference:
            raise ContradictionError(
                f"the proof is contradicted by a draw of data: {difference}", place=a.name,
                remedy="please report both formulations: the rewriting to normal form is at fault",
            )
        agreed += 1
    return Tried(agreed, tuple(dict.fromkeys(notes)))


def _ground(formulation: Formulation, data: Data) -> Model:
    from solvers.ground import ground

    return ground(formulation, data)


def differing(a: Model, b: Model, proof: Proof) -> str:
    """What differs between two grounded models whose columns a proof matches; empty where nothing does."""
    columns = _columns(a, b, proof)
    if columns is None:
        return "their columns do not match"
    if not np.array_equal(a.kinds, b.kinds[columns]):
        return "a column is integer in one only"
    rng = np.random.default_rng(7)
    sign = 1.0 if a.sense == b.sense else -1.0
    if len(a.levels) != len(b.levels):
        return "they have another number of objectives"
    for _ in range(3):
        point = rng.integers(1, 9, a.num_columns).astype(float)
        other = np.empty_like(point)
        other[columns] = point
        for one, two in zip(a.levels, b.levels):
            left, right = one.value(point), sign * two.value(other)
            if np.isfinite(left) and not compare(left, right, STRICT):
                return f"at one point the objective is {left:g} and {right:g}"
    if a.is_nonlinear or b.is_nonlinear or a.structure or b.structure or a.matrix.nonzeros > MOST_NONZEROS:
        return ""
    return _rows_differ(a, b, columns)


def differing_at_points(
    a: Formulation, data_a: Data, b: Formulation, data_b: Data, proof: Proof, points: int = 4
) -> str:  # fmt: skip
    """What differs at random points, by the interpreter: the objective, or whether the point is feasible."""
    from solvers.interpret import Instance

    left, right = Instance(a, data_a), Instance(b, data_b)
    r = random.Random(7)
    for _ in range(points):
        ours: dict[str, dict[tuple[Any, ...], float]] = {}
        theirs: dict[str, dict[tuple[Any, ...], float]] = {}
        for pair in proof.pairs:
            if pair.kind != "variable":
                continue
            declared = a.by_name[pair.a]
            assert isinstance(declared, Variable)
            most = 1 if declared.domain == "binary" else 6
            values = {key: float(r.randint(0, most)) for key in left.domain(declared)}
            ours[pair.a] = values
            theirs[pair.b] = {tuple(k[i] for i in pair.order) if pair.order else k: v for k, v in values.items()}
        if not compare(left.objective(ours), right.objective(theirs), STRICT):
            return f"at one point the objective is {left.objective(ours):g} and {right.objective(theirs):g}"
        if bool(left.violations(ours)) != bool(right.violations(theirs)):
            return "a point is feasible in one only"
    return ""


def _columns(a: Model, b: Model, proof: Proof) -> np.ndarray | None:
    names, orders = proof.names, proof.orders
    blocks = {block.name: block for block in b.columns}
    found = np.empty(a.num_columns, dtype=np.int64)
    for block in a.columns:
        other = blocks.get(names.get(block.name, ""))
        if other is None or other.size != block.size:
            return None
        order = orders.get(block.name)
        for k, key in enumerate(block.keys()):
            position = other.position(tuple(key[i] for i in order) if order else key)
            if position is None:
                return None
            found[block.start + k] = other.start + position
    return found if len(found) == b.num_columns else None


Sides = tuple[float, float]


def _rows_differ(a: Model, b: Model, columns: np.ndarray) -> str:
    left, right = _canonical(a, columns), _canonical(b, np.arange(b.num_columns))
    for key in left.keys() | right.keys():
        one, two = left.get(key, (-np.inf, np.inf)), right.get(key, (-np.inf, np.inf))
        if not (compare(one[0], two[0], STRICT) and compare(one[1], two[1], STRICT)):
            return f"a row of {len(key)} entries lies within {one} in one and {two} in the other"
    return ""


def _canonical(model: Model, columns: np.ndarray) -> Mapping[tuple[tuple[int, int, float], ...], Sides]:
    """Rows and bounds by their left side, scaled to a first coefficient of 1: the interval each lies within."""
    entries: list[dict[tuple[int, int], float]] = [{} for _ in range(model.num_rows)]
    for i, j, value in zip(model.matrix.row_of().tolist(), model.matrix.index.tolist(), model.matrix.value.tolist()):
        key = (-1, int(columns[j]))
        entries[i][key] = entries[i].get(key, 0.0) + value
    quadratic = model.quadratic_rows
    if quadratic is not None and quadratic.row is not None:
        for i, j, k, value in zip(quadratic.row, quadratic.i, quadratic.j, quadratic.coef):
            one, two = sorted((int(columns[j]), int(columns[k])))
            key = (one, two)
            entries[int(i)][key] = entries[int(i)].get(key, 0.0) + float(value)
    found: dict[tuple[tuple[int, int, float], ...], Sides] = {}
    lowers = [*model.row_lower.tolist(), *model.col_lower.tolist()]
    uppers = [*model.row_upper.tolist(), *model.col_upper.tolist()]
    for entry, low, high in zip([*entries, *({(-1, int(j)): 1.0} for j in columns)], lowers, uppers):
        entry = {key: value for key, value in entry.items() if value}
        if not entry:
            continue
        by = entry[min(entry)]
        left = tuple((i, j, float(f"{value / by:.9g}")) for (i, j), value in sorted(entry.items()))
        ends = (low / by, high / by) if by > 0 else (high / by, low / by)
        before = found.get(left, (-np.inf, np.inf))
        found[left] = (max(before[0], ends[0]), min(before[1], ends[1]))
    return {key: ends for key, ends in found.items() if ends != (-np.inf, np.inf)}
