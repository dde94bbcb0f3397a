"""The cheapest way to make an infeasible problem feasible: which right-hand sides and bounds, by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from solvers.compare import FEASIBILITY
from solvers.diagnose.elastic import Elastic, elastic, scales, signs, softenable
from solvers.diagnose.members import Kind, Members, members_of
from solvers.diagnose.oracle import Budget
from solvers.diagnose.selectors import select, weights_of
from solvers.diagnose.subject import Subject, holds, subject
from solvers.diagnose.words import Slot, Words, with_unit
from solvers.formulation import Formulation, Key
from solvers.model import INTEGER, Model

if TYPE_CHECKING:
    from solvers.adapters.base import RawSolution

Measure = Literal["relative", "absolute", "fewest"]
Outcome = Literal["relaxed", "feasible", "impossible", "undecided"]
DEFAULT_SECONDS = 60.0
ROOM = 2e-6
"""What is added to an amount, relative and absolute, where the amount itself does not pass its check."""


@dataclass(frozen=True, slots=True)
class Change:
    """One side that is loosened from `old` to `new`; `amount` is the difference, above 0.

    `slot` is the parameter cell behind it where there is just one, `slot_new` its new value; `shared` says that the
    cell also stands in other places, which would move with it.
    """

    kind: Kind
    name: str
    key: Key
    label: str
    side: Literal["<=", ">="]
    old: float
    new: float
    amount: float
    unit: str = ""
    slot: Slot | None = None
    slot_new: float | None = None
    shared: bool = False

    def __str__(self) -> str:
        old, amount, new = (with_unit(value, self.unit) for value in (self.old, self.amount, self.new))
        said = "short" if self.side == "<=" else "too much"
        text = f"{self.label}: {old} is {amount} {said} ({self.side} {new} would do)"
        if self.slot is None or self.slot_new is None:
            return text
        also = ", which stands elsewhere too" if self.shared else ""
        return (
            f"{text}; {self.slot.label}{also}: {with_unit(self.slot.value, self.slot.unit)} to "
            f"{with_unit(self.slot_new, self.slot.unit)}"
        )


@dataclass(frozen=True)
class Relaxation:
    """What came of it. `cost` is the sum of weighted amounts in `measure`, the least possible where `optimal`.

    `verified`: the model with these changes was solved again and has a solution, whose objective is `objective` (the
    best one where `objective_optimal`); None where that could not be checked.
    """

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    measure: Measure = "relative"
    cost: float | None = None
    optimal: bool = False
    verified: bool | None = None
    objective: float | None = None
    objective_optimal: bool = False
    seconds: float = 0.0
    message: str = ""

    def __str__(self) -> str:
        return "\n".join([*map(str, self.changes), self.message])


def relaxation(
    problem: Formulation | Model,
    data: Any = None,
    *,
    hard: Iterable[str] = (),
    weights: Mapping[str, float] | None = None,
    measure: Measure = "relative",
    time_limit: float | None = DEFAULT_SECONDS,
) -> Relaxation:
    """The cheapest loosening of right-hand sides and bounds.

    `measure`: amounts relative to the size of each right-hand side (1 where it is 0), absolute amounts, or the fewest
    changes (then the smallest relative amounts for these). `weights` multiply the price by name or `name[key]`; inf
    forbids. Hard members, signs of variables, logic and whole numbers stay, unless a weight names a bound.
    Raises SelectorError for a name that means nothing.
    """
    return relaxation_of(subject(problem, data), hard=hard, weights=weights, measure=measure, time_limit=time_limit)


def relaxation_of(
    found: Subject,
    *,
    hard: Iterable[str] = (),
    weights: Mapping[str, float] | None = None,
    measure: Measure = "relative",
    time_limit: float | None = DEFAULT_SECONDS,
) -> Relaxation:
    """`relaxation` for a subject that is already grounded."""
    budget = Budget(time_limit)
    members = members_of(found)
    weight = weights_of(members, weights or {})
    named = weight != 1.0
    soft = softenable(found, members) & ~select(members, hard) & np.isfinite(weight) & (named | ~signs(members))
    size = scales(members)
    price = np.where(np.isfinite(weight), weight, 0.0) / (1.0 if measure == "absolute" else size)
    if measure == "fewest":
        from solvers.diagnose.fewest import fewest

        chosen = fewest(found, members, soft, np.where(np.isfinite(weight), weight, 0.0), budget)
        if isinstance(chosen, str):
            outcome: Outcome = "impossible" if "nothing" in chosen else "undecided"
            return Relaxation(outcome, measure=measure, seconds=budget.used, message=chosen)
        soft = chosen
    program = elastic(found, members, soft, price)
    raw = _solve(program.model, found.solver, budget.left)
    if raw.x is None:
        return replace(_nothing(raw, soft), measure=measure, seconds=budget.used)
    slack = _exactly(program, raw.x)
    used = slack > FEASIBILITY.absolute + FEASIBILITY.relative * size[program.member]
    if not used.any():
        text = "nothing has to be loosened: the constraints can hold together"
        return Relaxation("feasible", (), measure, 0.0, True, seconds=budget.used, message=text)
    words = Words(found)
    changes = tuple(_change(words, members, program, k, float(slack[k])) for k in np.flatnonzero(used).tolist())
    cost = (
        float(program.model.objective.costs[program.slack_from :][used] @ slack[used])
        if measure != "fewest"
        else float(weight[np.unique(program.member[used])].sum())
    )
    done = Relaxation("relaxed", changes, measure, cost, raw.termination == "optimal")
    checked = _verified(done, found, members, program, used, budget)
    if checked.verified is False:
        # The amounts lie on the edge of the solver's tolerance: a little more is offered, and checked again.
        more = [float(v) for v in slack * (1 + ROOM) + ROOM]
        changes = tuple(_change(words, members, program, k, more[k]) for k in np.flatnonzero(used).tolist())
        again = _verified(replace(done, changes=changes), found, members, program, used, budget)
        checked = again if again.verified else checked
    return replace(checked, seconds=budget.used)


def _exactly(program: Elastic, x: np.ndarray) -> np.ndarray:
    """The slacks of a solution; with whole numbers, those of the linear program that is left when these are fixed.

    Branch and bound rounds within its tolerances, and a least slack would make use of that: 0.999999 for 1.
    """
    from solvers.adapters import SolveOptions, adapter

    model = program.model
    if model.class_name != "MILP" or model.has_semicontinuous or model.structure:
        return x[program.slack_from :]
    whole = model.kinds == INTEGER
    value = np.where(whole, np.rint(x), x)
    left = replace(
        model, kinds=np.zeros_like(model.kinds), col_lower=np.where(whole, value, model.col_lower),
        col_upper=np.where(whole, value, model.col_upper),
    )  # fmt: skip
    raw = adapter("highs").solve(left, SolveOptions())
    return (x if raw.x is None else raw.x)[program.slack_from :]


def _nothing(raw: RawSolution, soft: np.ndarray) -> Relaxation:
    if raw.termination != "infeasible":
        return Relaxation("undecided", message="no relaxation was found in time")
    what = "loosening what may be loosened is not enough" if soft.any() else "nothing may be loosened"
    return Relaxation("impossible", message=f"{what}: hard constraints, signs, logic and whole numbers stay")


def _solve(model: Model, solver: str, seconds: float) -> RawSolution:
    from solvers.adapters import SolveOptions, adapter

    limit = None if not np.isfinite(seconds) else max(0.5, seconds)
    return adapter(solver).solve(model, SolveOptions(time_limit=limit))


def rough_violations(members: Members, active: np.ndarray, solver: str, seconds: float) -> np.ndarray:
    """The members (mask) that some good solution of the elastic program breaks; empty where there was none in time."""
    plain = Subject(members.restricted(active), solver)
    soft = active & np.array([f.kind != "integrality" for f in members.families], dtype=bool)[members.family]
    size = scales(members)
    program = elastic(plain, replace(members, model=plain.model), soft, 1.0 / size)
    raw = _solve(program.model, solver, seconds)
    broken = np.zeros(len(members), dtype=bool)
    if raw.x is not None:
        slack = raw.x[program.slack_from :]
        broken[program.member[slack > FEASIBILITY.absolute + FEASIBILITY.relative * size[program.member]]] = True
    return broken


def _change(words: Words, members: Members, program: Elastic, k: int, amount: float) -> Change:
    model, member, atom = members.model, int(program.member[k]), int(program.atom[k])
    m, n = model.num_rows, model.num_columns
    lower = program.side[k] > 0
    sides = (model.row_lower, model.row_upper) if atom < m else (model.col_lower, model.col_upper)
    j = atom if atom < m else (atom - m) % n
    old = float(sides[0 if lower else 1][j])
    amount = float(f"{amount:.9g}")
    sign = -1.0 if lower else 1.0
    family = members.families[int(members.family[member])]
    slots = words.slots_behind(f"{'row' if atom < m else 'col'}_{'lower' if lower else 'upper'}", j)
    slot = slots[0] if len(slots) == 1 and slots[0].partial else None
    places = 0
    if slot is not None and model.slots is not None:
        found = model.slots.derivatives(slot.parameter, slot.key)
        places = len({(d.target.startswith("col"), d.position) for d in found if d.target not in ("matrix", "cost")})
        places += sum(d.target in ("matrix", "cost", "offset", "opaque") for d in found)
    unit = words.unit(family.name) or (slot.unit if slot is not None and abs(slot.partial) == 1 else "")
    return Change(
        family.kind, family.name, members.keys[member], words.member_label(members, member), ">=" if lower else "<=",
        old, float(f"{old + sign * amount:.12g}"), amount, unit, slot,
        None if slot is None else float(f"{slot.value + sign * amount / slot.partial:.12g}"), places > 1,
    )  # fmt: skip


def _verified(
    done: Relaxation,
    found: Subject,
    members: Members,
    program: Elastic,
    used: np.ndarray,
    budget: Budget,
) -> Relaxation:
    """The model with the changes made, solved again with its own objective."""
    model = members.model
    m, n = model.num_rows, model.num_columns
    sides = {name: getattr(model, name).copy() for name in ("row_lower", "row_upper", "col_lower", "col_upper")}
    for k, change in zip(np.flatnonzero(used).tolist(), done.changes):
        atom = int(program.atom[k])
        name = f"{'row' if atom < m else 'col'}_{'lower' if program.side[k] > 0 else 'upper'}"
        sides[name][atom if atom < m else (atom - m) % n] = change.new
    changed = replace(model, slots=None, **sides)
    raw = _solve(changed, found.solver, min(budget.left, 30.0))
    least = "the fewest changes" if done.measure == "fewest" else "the cheapest"
    best = least if done.optimal else f"not proven {least}"
    if (raw.x is None and raw.termination == "unbounded") or holds(changed, raw.x):
        value = changed.objective.value(raw.x) if raw.x is not None else None
        return replace(
            done,
            verified=True,
            objective=value,
            objective_optimal=raw.termination == "optimal",
            message=f"{best}; solved again with these changes: feasible",
        )
    if raw.termination == "infeasible":
        return replace(
            done,
            verified=False,
            message=f"{best}; solved again with these changes it is STILL infeasible: "
            "the numbers are too close for the tolerances",
        )
    why = "did not end in time" if raw.x is None else "gave a point that fails its check"
    return replace(done, message=f"{best}; NOT checked: solving again {why}")
