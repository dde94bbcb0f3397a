"""Farkas certificates: multipliers under which rows and bounds add up to a falsehood, in floats and exactly.

With multipliers v over rows a and bounds e of columns, sum v a x + sum v e x = 0 for every x, while each summand is
at least v L (v > 0) or v U (v < 0): a positive sum of these is a contradiction (Farkas' lemma; Gleeson and Ryan,
ORSA J. Computing 2(1), 1990, for its use in finding conflicts).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solvers.model import Model

NOISE = 1e-9
"""Multipliers below this part of the greatest are taken for zero in a solver's ray."""

DIGITS = 12
MOST_UNKNOWNS = 400


@dataclass(frozen=True)
class Proof:
    """An exact proof: `multipliers` by atom, their sides (+1: the lower side), and what 0 would have to exceed.

    Numbers are taken to 12 significant digits, as decimals.
    """

    multipliers: tuple[tuple[int, Fraction], ...]
    gap: Fraction


def support(model: Model, ray: np.ndarray) -> np.ndarray | None:
    """The atoms in use (mask) of a certificate over rows; None when it does not add up to a contradiction."""
    scale = float(np.max(np.abs(ray), initial=0.0))
    if not np.isfinite(scale) or scale == 0.0:
        return None
    best = None
    for y in (ray, -ray):
        found = _support(model, np.where(np.abs(y) > NOISE * scale, y, 0.0))
        best = found if best is None else best
    return best


def _support(model: Model, y: np.ndarray) -> np.ndarray | None:
    entries = model.matrix.value * y[model.matrix.row_of()]
    weights = np.bincount(model.matrix.index, weights=entries, minlength=model.num_columns)
    size = np.bincount(model.matrix.index, weights=np.abs(entries), minlength=model.num_columns)
    z = np.where(np.abs(weights) > NOISE * np.maximum(size, 1e-300), -weights, 0.0)
    gap, terms = _sum(y, model.row_lower, model.row_upper)
    more, more_terms = _sum(z, model.col_lower, model.col_upper)
    if not np.isfinite(gap + more) or gap + more <= NOISE * (terms + more_terms):
        return None
    return np.concatenate([y != 0, z > 0, z < 0, np.zeros(model.num_columns, dtype=bool)])


def _sum(v: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[float, float]:
    used = v != 0
    each = v[used] * np.where(v[used] > 0, lower[used], upper[used])
    return float(each.sum()), float(np.abs(each).sum())


def prove(model: Model, atoms: np.ndarray, seconds: float = 2.0) -> Proof | None:
    """An exact proof from these atoms (positions of rows and bounds), or None where none was found.

    Solves for the multipliers in rational arithmetic: they are unique up to scale where the atoms are an
    irreducible conflict. Gives up after some seconds, or with more than MOST_UNKNOWNS atoms.
    """
    m, n = model.num_rows, model.num_columns
    if len(atoms) > MOST_UNKNOWNS or np.any(atoms >= m + 2 * n):
        return None
    columns = [_row_of(model, int(atom)) for atom in atoms]
    kernel = _kernel(columns, time.monotonic() + seconds)
    if kernel is None:
        return None
    for v in (kernel, [-value for value in kernel]):
        gap = _gap(model, atoms, v)
        if gap is not None and gap > 0:
            return Proof(tuple((int(a), value) for a, value in zip(atoms, v) if value), gap)
    return None


def exact(value: float) -> Fraction:
    """A coefficient as the decimal it was meant to be."""
    return Fraction(f"{value:.{DIGITS}g}")


def _row_of(model: Model, atom: int) -> dict[int, Fraction]:
    """The coefficients of an atom by column."""
    m, n = model.num_rows, model.num_columns
    if atom >= m:
        return {(atom - m) % n: Fraction(1)}
    out: dict[int, Fraction] = {}
    for j, value in zip(*(part.tolist() for part in model.matrix.row(atom))):
        out[j] = out.get(j, Fraction(0)) + exact(value)
    return {j: value for j, value in out.items() if value}


def _gap(model: Model, atoms: np.ndarray, v: list[Fraction]) -> Fraction | None:
    """The sum of v L (v > 0) and v U (v < 0), or None where a side in use is infinite."""
    m, n = model.num_rows, model.num_columns
    total = Fraction(0)
    for atom, value in zip(atoms.tolist(), v):
        if not value:
            continue
        low, high = -np.inf, np.inf
        if atom < m:
            low, high = float(model.row_lower[atom]), float(model.row_upper[atom])
        elif atom < m + n:
            low = float(model.col_lower[atom - m])
        else:
            high = float(model.col_upper[atom - m - n])
        side = low if value > 0 else high
        if not np.isfinite(side):
            return None
        total += value * exact(side)
    return total


def _kernel(columns: list[dict[int, Fraction]], deadline: float) -> list[Fraction] | None:
    """The vector v with sum v[k] columns[k] = 0, where it is unique up to scale; else None.

    Elimination column by column: each reduced column keeps the combination that made it.
    """
    pivots: dict[int, tuple[dict[int, Fraction], dict[int, Fraction]]] = {}
    found: dict[int, Fraction] | None = None
    for k, column in enumerate(columns):
        rest, made = dict(column), {k: Fraction(1)}
        while True:
            if time.monotonic() > deadline:
                return None
            at = next((j for j in rest if j in pivots), None)
            if at is None:
                break
            base, combination = pivots[at]
            factor = rest[at] / base[at]
            _subtract(rest, base, factor)
            _subtract(made, combination, factor)
        if rest:
            pivots[next(iter(rest))] = (rest, made)
        elif found is not None:
            return None
        else:
            found = made
    if found is None:
        return None
    return [found.get(k, Fraction(0)) for k in range(len(columns))]


def _subtract(into: dict[int, Fraction], other: dict[int, Fraction], factor: Fraction) -> None:
    for j, value in other.items():
        left = into.get(j, Fraction(0)) - factor * value
        if left:
            into[j] = left
        else:
            into.pop(j, None)
