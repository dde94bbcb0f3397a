"""Classes of equivalent candidates, for voting among several answers to one problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from solvers.compare import ANSWER, compare
from solvers.errors import FormulateError
from verify.equivalence.candidates import as_model, compare_candidates
from verify.equivalence.outcome import Options

if TYPE_CHECKING:
    from solvers.formulation import Formulation
    from solvers.model import Model

Level = Literal["proven", "same objective only", "different", "could not compare"]


@dataclass(frozen=True, slots=True)
class PairLevel:
    """How candidates `one` and `two` (positions) were found to stand to each other, and why."""

    one: int
    two: int
    level: Level
    why: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates (positions, in order) that are equivalent, each proven; `objective` is their optimum where known.

    `pairs` tell how its members were proven.
    """

    members: tuple[int, ...]
    pairs: tuple[PairLevel, ...] = ()
    objective: float | None = None


@dataclass(frozen=True, slots=True)
class Classes:
    """Groups, largest first (then in order of first members), and how each two groups' first members compare.

    Groups with the level "same objective only" may be joined by a voter who accepts that as evidence; it is no proof.
    """

    groups: tuple[Group, ...]
    between: tuple[PairLevel, ...] = field(default=())


def equivalence_classes(
    candidates: Sequence[Formulation | Model], data: Any = None, *, options: Options | None = None,
    objectives: Sequence[float | None] | None = None, solve_missing: bool = True, time_limit: float = 10.0,
) -> Classes:  # fmt: skip
    """Group candidates by proven equivalence; between groups say whether only the optimum agrees.

    `objectives` are optima that are already known (by candidate); the others are solved for unless `solve_missing`
    is False. A candidate that cannot be compared is a group of its own, never a member of another's.
    """
    chosen = replace(options or Options(), witness=False, diff=False)
    known: list[float | None] = list(objectives) if objectives is not None else [None] * len(candidates)
    firsts: list[int] = []
    members: dict[int, list[int]] = {}
    proven: dict[int, list[PairLevel]] = {}
    failures: dict[tuple[int, int], PairLevel] = {}
    for k, candidate in enumerate(candidates):
        for first in firsts:
            found = _pair(first, k, candidates[first], candidate, data, chosen)
            if found.level == "proven":
                members[first].append(k)
                proven[first].append(found)
                break
            failures[first, k] = found
        else:
            firsts.append(k)
            members[k], proven[k] = [k], []
    for k, candidate in enumerate(candidates):
        if known[k] is None and solve_missing and k in members:
            known[k] = _optimum(candidate, data, time_limit)
    groups = [Group(tuple(members[k]), tuple(proven[k]), _first_known(known, members[k])) for k in firsts]
    optimum = {k: _minimised(candidates[k], group.objective) for k, group in zip(firsts, groups)}
    between = [_weaker(failures[one, two], optimum[one], optimum[two]) for one, two in combinations(firsts, 2)]
    return Classes(tuple(sorted(groups, key=lambda g: (-len(g.members), g.members[0]))), tuple(between))


def _minimised(candidate: Formulation | Model, optimum: float | None) -> float | None:
    """The optimum as that of a minimisation: max f and min -f reach the same."""
    sense = getattr(candidate, "sense", None) or getattr(candidate.objective, "sense", "min")
    return optimum if optimum is None or sense == "min" else -optimum


def _first_known(known: list[float | None], members: list[int]) -> float | None:
    return next((known[k] for k in members if known[k] is not None), None)


def _pair(
    one: int, two: int, a: Formulation | Model, b: Formulation | Model, data: Any, options: Options
) -> PairLevel:  # fmt: skip
    try:
        found = compare_candidates(a, b, data, options=options)
    except FormulateError as error:
        return PairLevel(one, two, "could not compare", error.message)
    if found.verdict == "equivalent":
        return PairLevel(one, two, "proven", found.scope)
    if found.verdict == "undecided":
        return PairLevel(one, two, "could not compare", found.budget)
    return PairLevel(one, two, "different", found.verdict)


def _weaker(pair: PairLevel, one: float | None, two: float | None) -> PairLevel:
    """The pair, with "same objective only" where the optima agree though no proof was found."""
    if one is not None and two is not None and compare(one, two, ANSWER):
        return replace(pair, level="same objective only", why=f"both optima are {one:.9g} within {ANSWER.name}")
    return pair


def _optimum(candidate: Formulation | Model, data: Any, time_limit: float) -> float | None:
    """The proven optimum, or None."""
    from solvers import solve

    try:
        result = solve(as_model(candidate, data), time_limit=time_limit)
    except FormulateError:
        return None
    return result.objective if result.is_optimal else None
