"""Why the objective has no limit: the variables that run away, in which proportion, and which bound is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np

from solvers.compare import FEASIBILITY, STRICT, compare
from solvers.diagnose.farkas import exact
from solvers.diagnose.oracle import Budget
from solvers.diagnose.subject import Subject, holds, subject, without_objective
from solvers.diagnose.words import Words, with_unit
from solvers.formulation import Formulation
from solvers.model import CONTINUOUS, Block, Csr, Model, ObjectiveLevel
from solvers.render.safe import number

Outcome = Literal["unbounded", "bounded", "suspected", "undecided"]
NOISE = 1e-9
MOST_DENOMINATOR = 1000
BOXES = (1e3, 1e5, 1e7)
DEFAULT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Move:
    """A variable that moves along the ray by `amount` per step; `missing` says which limit there is not."""

    label: str
    amount: float
    unit: str = ""
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.label} {'grows' if self.amount > 0 else 'falls'} by {with_unit(abs(self.amount), self.unit)}"


@dataclass(frozen=True)
class Ray:
    """A direction in which every constraint keeps holding while the objective improves by `objective` per step.

    `unbounded`: the ray holds and a feasible point to start from exists (`point`). `bounded`: there is no such ray.
    `suspected`: the ray holds but no feasible point was found in time, or (for nonlinear models) the best objective
    grows with a box put around the variables, which is evidence and no proof. `checked_by` names the arithmetic that
    verified the ray.
    """

    outcome: Outcome
    moves: tuple[Move, ...] = ()
    objective: float = 0.0
    unit: str = ""
    point: bool | None = None
    checked_by: str = ""
    direction: np.ndarray | None = None
    seconds: float = 0.0
    message: str = ""

    def __str__(self) -> str:
        lines = [*map(str, self.moves)]
        if self.moves and self.objective:
            lines.append(
                f"objective {'grows' if self.objective > 0 else 'falls'} by {with_unit(abs(self.objective), self.unit)}"
            )
        return "\n".join([*lines, *(move.missing for move in self.moves if move.missing), self.message])


def ray(problem: Formulation | Model, data: Any = None, *, time_limit: float | None = DEFAULT_SECONDS) -> Ray:
    """The ray of an unbounded problem; `bounded` where there is none."""
    return ray_of(subject(problem, data), time_limit=time_limit)


def ray_of(found: Subject, *, time_limit: float | None = DEFAULT_SECONDS) -> Ray:
    """`ray` for a subject that is already grounded."""
    budget = Budget(time_limit)
    model = found.model
    curved = model.is_nonlinear or model.quadratic_rows is not None
    if curved or (model.objective.quadratic is not None and found.solver != "highs"):
        return replace(_boxed(found, budget), seconds=budget.used)
    direction, stopped = _direction(model, budget)
    if direction is None:
        what = "no direction improves the objective for ever: it has a limit"
        if stopped:
            return Ray("undecided", seconds=budget.used, message="the search for a ray did not end in time")
        return Ray("bounded", seconds=budget.used, message=what)
    direction, fractions = _readable(direction)
    checked = _check(model, direction, fractions)
    point = _has_point(found, budget)
    outcome: Outcome = "unbounded" if point and checked else "suspected"
    moves = _moves(Words(found), direction)
    gain = float(model.objective.costs @ direction)
    unit = found.formulation.objective.unit or "" if found.formulation is not None else ""
    return Ray(
        outcome, moves, gain, unit, point, checked, direction, budget.used, _message(model, point, checked, fractions)
    )


def _message(model: Model, point: bool | None, checked: str, fractions: object) -> str:
    start = {True: "a feasible point to start from was found",
             False: "but NO feasible point exists: the model is infeasible",
             None: "whether a feasible point to start from exists could NOT be decided in time"}[point]  # fmt: skip
    how = f"the ray is verified ({checked})" if checked else "the ray FAILS its check"
    whole = ""
    if model.has_integers:
        whole = (
            "; its steps are whole numbers, so whole-number decisions follow it"
            if fractions is not None
            else "; it is one of the linear relaxation, in proportions that are not simple"
        )
    return f"{how}{whole}; {start}"


def _direction(model: Model, budget: Budget) -> tuple[np.ndarray | None, bool]:
    """The ray of least total movement that improves the objective by 1; and whether time ran out instead.

    The recession cone of the rows and bounds, cut where the objective improves by 1; for a convex quadratic the
    direction must also be free of curvature.
    """
    from solvers.adapters import SolveOptions, adapter

    n, sign = model.num_columns, 1.0 if model.sense == "max" else -1.0
    rows, cols = model.matrix.row_of(), model.matrix.index
    curvature = _hessian(model)
    costs = np.flatnonzero(model.objective.costs)
    m, extra = model.num_rows, 0 if curvature is None else n
    parts = [(rows, cols, model.matrix.value), (np.full(len(costs), m), costs, sign * model.objective.costs[costs])]
    if curvature is not None:
        parts.append((m + 1 + curvature[0], curvature[1], curvature[2]))
    r, c, v = (np.concatenate([part[k] for part in parts]) for k in range(3))
    # Each direction is the difference of two amounts that are not negative.
    r, c, v = np.concatenate([r, r]), np.concatenate([c, c + n]), np.concatenate([v, -v])
    order = np.argsort(r, kind="stable")
    total = m + 1 + extra
    start = np.concatenate([[0], np.cumsum(np.bincount(r, minlength=total))]).astype(np.int64)
    low = np.concatenate([np.where(np.isfinite(model.row_lower), 0.0, -np.inf), [1.0], np.zeros(extra)])
    high = np.concatenate([np.where(np.isfinite(model.row_upper), 0.0, np.inf), [1.0], np.zeros(extra)])
    room = np.concatenate([np.where(np.isfinite(model.col_upper), 0.0, np.inf),
                           np.where(np.isfinite(model.col_lower), 0.0, np.inf)])  # fmt: skip
    program = Model(
        "ray", "min", (ObjectiveLevel(np.ones(2 * n)),), Csr(start, c[order].astype(np.int32), v[order], 2 * n), low,
        high, np.zeros(2 * n), room, np.full(2 * n, CONTINUOUS, dtype=np.uint8), (Block("d", 0, 2 * n),),
        (Block("cone", 0, total),),
    )  # fmt: skip
    seconds = budget.call()
    raw = adapter("highs").solve(program, SolveOptions(time_limit=max(0.5, seconds) if np.isfinite(seconds) else None))
    if raw.x is None or raw.termination != "optimal":
        return None, raw.termination != "infeasible"
    direction = raw.x[:n] - raw.x[n:]
    return np.where(np.abs(direction) > NOISE * np.max(np.abs(direction), initial=0.0), direction, 0.0), False


def _hessian(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    q = model.objective.quadratic
    if q is None:
        return None
    off = q.i != q.j
    return (np.concatenate([q.i, q.j[off]]), np.concatenate([q.j, q.i[off]]),
            np.concatenate([np.where(off, q.coef, 2 * q.coef), q.coef[off]]))  # fmt: skip


def _readable(direction: np.ndarray) -> tuple[np.ndarray, list[Fraction] | None]:
    """The ray in the smallest whole numbers where its proportions are simple; else with greatest movement 1."""
    used = np.flatnonzero(direction)
    scaled = direction / np.min(np.abs(direction[used]))
    fractions = [Fraction(float(value)).limit_denominator(MOST_DENOMINATOR) for value in scaled[used]]
    if all(compare(float(f), float(v), STRICT) for f, v in zip(fractions, scaled[used])):
        common = lcm(*(f.denominator for f in fractions))
        if common <= MOST_DENOMINATOR:
            whole = [f * common for f in fractions]
            out = np.zeros(len(direction))
            out[used] = [float(f) for f in whole]
            exactly = [Fraction(0)] * len(direction)
            for j, f in zip(used.tolist(), whole):
                exactly[j] = f
            return out, exactly
    return direction / np.max(np.abs(direction)), None


def _check(model: Model, direction: np.ndarray, fractions: list[Fraction] | None) -> str:
    """How the ray was verified: exactly, within FEASIBILITY, or (empty) not at all."""
    if fractions is not None and model.objective.quadratic is None and _holds_exactly(model, fractions):
        return "exact arithmetic"
    moved = model.matrix.dot(direction)
    size = np.bincount(
        model.matrix.row_of(), np.abs(model.matrix.value * direction[model.matrix.index]), model.num_rows
    )
    room = FEASIBILITY.absolute * np.maximum(1.0, size)
    rows = np.all((moved >= -room) | ~np.isfinite(model.row_lower)) and np.all(
        (moved <= room) | ~np.isfinite(model.row_upper)
    )
    cols = not np.any((direction < 0) & np.isfinite(model.col_lower)) and not np.any(
        (direction > 0) & np.isfinite(model.col_upper)
    )
    q = model.objective.quadratic
    flat = q is None or abs(float(q.value(direction)[0])) <= FEASIBILITY.absolute
    gain = float(model.objective.costs @ direction) * (1 if model.sense == "max" else -1)
    return FEASIBILITY.name if rows and cols and flat and gain > FEASIBILITY.absolute else ""


def _holds_exactly(model: Model, d: list[Fraction]) -> bool:
    touched = np.unique(model.matrix.row_of()[np.isin(model.matrix.index, [j for j, f in enumerate(d) if f])])
    for i in touched.tolist():
        columns, values = model.matrix.row(i)
        moved = sum((exact(float(v)) * d[int(j)] for j, v in zip(columns, values) if d[int(j)]), Fraction(0))
        if (moved < 0 and np.isfinite(model.row_lower[i])) or (moved > 0 and np.isfinite(model.row_upper[i])):
            return False
    for j, f in enumerate(d):
        if (f > 0 and np.isfinite(model.col_upper[j])) or (f < 0 and np.isfinite(model.col_lower[j])):
            return False
    gain = sum((exact(float(model.objective.costs[j])) * f for j, f in enumerate(d) if f), Fraction(0))
    return gain > 0 if model.sense == "max" else gain < 0


def _has_point(found: Subject, budget: Budget) -> bool | None:
    from solvers.adapters import SolveOptions, adapter

    seconds = budget.call()
    options = SolveOptions(time_limit=max(0.5, seconds) if np.isfinite(seconds) else None)
    plain = without_objective(found.model)
    raw = adapter(found.solver).solve(plain, options)
    return True if holds(plain, raw.x) else False if raw.termination == "infeasible" else None


def _moves(words: Words, direction: np.ndarray) -> tuple[Move, ...]:
    out = []
    for j in sorted(np.flatnonzero(direction).tolist(), key=lambda j: -abs(direction[j])):
        name = next((b.name for b in words.model.columns if b.start <= j < b.start + b.size), "")
        out.append(
            Move(words.column(j), float(direction[j]), words.unit(name), _missing(words, j, float(direction[j])))
        )
    return tuple(out)


def _missing(words: Words, j: int, step: float) -> str:
    """`x[a] has no upper bound; demand holds it, but only from below`."""
    model = words.model
    rows = np.unique(model.matrix.row_of()[(model.matrix.index == j) & (model.matrix.value != 0)])
    names = list(dict.fromkeys(_family(model.rows, int(i)) for i in rows))
    bound = "upper" if step > 0 else "lower"
    if not names:
        return f"{words.column(j)} has no {bound} bound, and no constraint holds it"
    shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    return f"{words.column(j)} has no {bound} bound, and {shown} {'does' if len(names) == 1 else 'do'} not stop it"


def _family(blocks: Iterable[Block], at: int) -> str:
    return next((b.name for b in blocks if b.start <= at < b.start + b.size), f"row {at}")


def _boxed(found: Subject, budget: Budget) -> Ray:
    """Evidence for a nonlinear model: the best objective in boxes of growing size, and what lies on their edge."""
    from solvers.adapters import SolveOptions, adapter

    model = found.model
    free = ~np.isfinite(model.col_lower) | ~np.isfinite(model.col_upper)
    if not free.any():
        return Ray("bounded", message="every variable has both bounds: the objective is limited wherever it is defined")
    values: list[float] = []
    x = None
    size = 0.0
    for size in BOXES:
        boxed = replace(
            model, col_lower=np.maximum(model.col_lower, -size), col_upper=np.minimum(model.col_upper, size)
        )
        seconds = min(10.0, budget.call())
        raw = adapter(found.solver).solve(boxed, SolveOptions(time_limit=max(0.5, seconds)))
        if raw.x is None:
            break
        x = raw.x
        values.append(float(model.objective.value(raw.x)))
    if len(values) < len(BOXES) or x is None:
        return Ray("undecided", message="no solution within a box around the variables was found in time")
    sign = 1.0 if model.sense == "max" else -1.0
    if not (sign * values[1] > sign * values[0] and sign * values[2] > sign * values[1] + abs(values[1]) + 1.0):
        return Ray(
            "bounded",
            message=f"the best objective does not grow with the box ({number(values[-1], 6)} within "
            f"{size:g}): evidence for a limit, no proof",
        )
    edge = np.flatnonzero(free & (np.abs(x) >= size * 0.99))
    words = Words(found)
    moves = tuple(Move(words.column(j), float(x[j]), "", _missing(words, j, float(x[j]))) for j in edge.tolist())
    shown = ", ".join(number(value, 4) for value in values)
    return Ray(
        "suspected",
        moves,
        point=True,
        message=f"in boxes of {', '.join(f'{b:g}' for b in BOXES)} around the variables "
        f"the best objective is {shown}: it grows with the box (evidence, no proof)",
    )
