"""`diagnose`: solve, then say why there is no solution or no best one, and what is doubtful about the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from solvers.diagnose.conditioning import Conditioning, conditioning_of
from solvers.diagnose.conflict import Conflict, conflict_of
from solvers.diagnose.oracle import Budget
from solvers.diagnose.rays import Ray, ray_of
from solvers.diagnose.relaxation import Measure, Relaxation, relaxation_of
from solvers.diagnose.subject import Subject, holds, subject
from solvers.formulation import Formulation
from solvers.model import Model
from solvers.result import Termination

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True)
class Diagnosis:
    """What was found. `termination` is the solver's, or what the diagnosis proved where it had left it open."""

    name: str
    model_class: str
    termination: Termination
    objective: float | None
    conflict: Conflict | None = None
    relaxation: Relaxation | None = None
    ray: Ray | None = None
    conditioning: Conditioning | None = None
    solver: str = ""
    seconds: float = 0.0

    @property
    def decided(self) -> bool:
        """Whether it is known if there is a solution, and if not, or if it has no limit, why."""
        if self.conflict is not None and self.conflict.outcome == "conflict":
            return True
        if self.ray is not None and self.ray.outcome == "unbounded":
            return True
        return self.objective is not None

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.termination.replace('_', ' ')}"]
        parts += [
            str(part) for part in (self.conflict, self.relaxation, self.ray, self.conditioning) if part is not None
        ]
        return "\n\n".join(parts)


def diagnose(
    problem: Formulation | Model,
    data: Any = None,
    *,
    hard: Iterable[str] = (),
    weights: Mapping[str, float] | None = None,
    measure: Measure = "relative",
    time_limit: float | None = DEFAULT_SECONDS,
) -> Diagnosis:
    """Diagnose a formulation (on `data`) or a model.

    `hard` names what is not to be blamed or loosened, `weights` prices of loosening by name; see `conflict` and
    `relaxation`. The time limit, in wall-clock seconds, is for all parts together, each of which says where it ended.
    """
    return diagnose_subject(subject(problem, data), hard=hard, weights=weights, measure=measure, time_limit=time_limit)


def diagnose_subject(
    found: Subject,
    *,
    hard: Iterable[str] = (),
    weights: Mapping[str, float] | None = None,
    measure: Measure = "relative",
    time_limit: float | None = DEFAULT_SECONDS,
) -> Diagnosis:
    """`diagnose` for a subject that is already grounded."""
    from solvers.adapters import SolveOptions, adapter

    budget = Budget(time_limit)
    hard = tuple(hard)
    _read_names(found, hard, weights)
    options = SolveOptions(time_limit=None if time_limit is None else max(0.5, time_limit / 4))
    raw = adapter(found.solver).solve(found.model, options)
    solved = holds(found.model, raw.x)
    done = Diagnosis(
        found.name,
        found.model.class_name,
        raw.termination if solved or raw.x is None else "numerical",
        raw.objective if solved else None,
        solver=found.solver,
    )
    if raw.termination in ("unbounded", "infeasible_or_unbounded"):
        done = _with_ray(done, found, budget)
    if not solved and done.termination != "unbounded":
        done = _with_conflict(done, found, hard, weights, measure, budget)
    numbers = conditioning_of(found, basis=solved and raw.termination == "optimal", seconds=_part(budget, 0.5))
    done = replace(done, conditioning=numbers)
    return replace(done, seconds=budget.used)


def _read_names(found: Subject, hard: tuple[str, ...], weights: Mapping[str, float] | None) -> None:
    """Names that mean nothing are refused before anything is solved, also where they are not needed."""
    from solvers.diagnose.members import members_of
    from solvers.diagnose.selectors import select, weights_of

    if hard or weights:
        members = members_of(found)
        select(members, hard)
        weights_of(members, weights or {})


def _with_ray(done: Diagnosis, found: Subject, budget: Budget) -> Diagnosis:
    ray = ray_of(found, time_limit=_part(budget, 0.5))
    if ray.outcome == "unbounded":
        return replace(done, ray=ray, termination="unbounded")
    return replace(done, ray=ray if ray.moves and ray.point is not False else None)


def _with_conflict(
    done: Diagnosis,
    found: Subject,
    hard: tuple[str, ...],
    weights: Mapping[str, float] | None,
    measure: Measure,
    budget: Budget,
) -> Diagnosis:
    conflict = conflict_of(found, hard=hard, time_limit=_part(budget, 0.7))
    done = replace(done, conflict=conflict)
    if conflict.outcome == "conflict":
        relaxation = relaxation_of(found, hard=hard, weights=weights, measure=measure, time_limit=_part(budget, 1.0))
        return replace(done, termination="infeasible", relaxation=relaxation)
    return done


def _part(budget: Budget, share: float) -> float | None:
    return None if budget.seconds is None else max(1.0, budget.left * share)
