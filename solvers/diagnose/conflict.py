"""Irreducible conflicts: rows, bounds and integralities that cannot hold together, and none of which can be spared.

For linear programs (and mixed-integer ones whose linear relaxation is already infeasible) the start is a Farkas
certificate; the rest is done by the filters of `solvers.diagnose.filters`. Every conflict is checked again: infeasible
as a whole (in exact arithmetic where it is linear, else by a second solver), feasible without any one member (by
a point). What could not be checked is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np

from solvers.diagnose.blame import Conflict, ConflictMember, describe
from solvers.diagnose.farkas import Proof, prove
from solvers.diagnose.filters import FIRST_RING, Filter, by_family, distances, preference, singles
from solvers.diagnose.members import Members, members_of
from solvers.diagnose.oracle import AdapterOracle, Budget, Oracle, oracle
from solvers.diagnose.selectors import select
from solvers.diagnose.subject import SOLVERS, Subject, subject
from solvers.diagnose.words import Words
from solvers.formulation import Formulation
from solvers.model import Model

DEFAULT_SECONDS = 60.0
RECHECK_SECONDS = 10.0
TROUBLE_SECONDS = 3.0
CALLS = 20
"""The part of the time limit that one question may take."""


def conflict(
    problem: Formulation | Model,
    data: Any = None,
    *,
    hard: Iterable[str] = (),
    time_limit: float | None = DEFAULT_SECONDS,
) -> Conflict:
    """An irreducible conflict of an infeasible problem.

    `hard` names constraints, rows or bounds (`demand`, `demand[3]`, `build:upper`, `bounds`) that are taken as
    given: they count as background and are not listed. Raises SelectorError for a name that means nothing,
    UnsupportedError where no solver holds the problem.
    """
    found = subject(problem, data)
    return conflict_of(found, hard=hard, time_limit=time_limit)


def conflict_of(found: Subject, *, hard: Iterable[str] = (), time_limit: float | None = DEFAULT_SECONDS) -> Conflict:
    """`conflict` for a subject that is already grounded."""
    members = members_of(found)
    members = replace(members, hard=select(members, hard))
    per_call = None if time_limit is None else max(1.0, time_limit / CALLS)
    budget = Budget(time_limit, per_call)
    search = Search(found, members, budget)
    return replace(search.run(), seconds=budget.used, solves=search.oracle.solves)


class Search:
    """One search for a conflict."""

    def __init__(self, found: Subject, members: Members, budget: Budget) -> None:
        self.subject = found
        self.members = members
        self.budget = budget
        self.order = preference(members)
        self.oracle: Oracle = oracle(found, members, budget)
        self.words = Words(found)
        self.is_row = members.first < found.model.num_rows
        integral = np.array([f.kind == "integrality" for f in members.families], dtype=bool)
        plain = found.model.kinds[(members.first - found.model.num_rows) % max(1, found.model.num_columns)] == 1
        self.whole = integral[members.family] & plain if len(members) else np.zeros(0, dtype=bool)

    def run(self) -> Conflict:
        """Find a conflict, reduce it, check it."""
        started = self._start()
        if isinstance(started, Conflict):
            return started
        base, linear = started
        hard = self.members.hard & base
        hard_alone = False
        background = hard
        always = [word.replace("_", " ") for word in self.subject.model.structure]
        note = f"; always taken as given: {', '.join(always)}" if always else ""
        if hard.any():
            verdict = self.oracle.test(hard)
            hard_alone = verdict == "infeasible"
            note += "" if verdict != "unknown" else "; whether the hard ones alone conflict could not be decided"
        if hard_alone:
            background, base = np.zeros_like(hard), hard
        core = self._reduce(base & ~background, background, linear)
        found = self._checked(core, background, linear, hard_alone, note)
        if not background.any() or self.budget.spent:
            return found
        # Which of the hard ones it takes: what the user has to know to see why.
        beside = np.flatnonzero(self._reduce(background, core, linear))
        return replace(found, partners=tuple(self._member(int(k), None, {}) for k in beside))

    def _start(self) -> Conflict | tuple[np.ndarray, bool]:
        """Whether there is a conflict at all; the members to start from, and whether integrality is out of it."""
        everything = np.ones(len(self.members), dtype=bool)
        if self.whole.any() and self.oracle.test(everything & ~self.whole) == "infeasible":
            return everything & ~self.whole, self._has_certificates()
        verdict = self.oracle.test(everything)
        if verdict == "feasible":
            return Conflict("feasible", message="there is no conflict: all constraints can hold together")
        if verdict == "unknown":
            seconds = self.budget.used
            return Conflict(
                "undecided",
                message=f"not shown to be infeasible within {seconds:.3g} s: more time is needed "
                f"(--time-limit), or the numbers are too hard for the solver{self._broken()}",
            )
        return everything, self._has_certificates() and not self.whole.any()

    def _has_certificates(self) -> bool:
        """Whether the rows are linear and the columns plain, so that infeasibility without whole numbers is a sum."""
        model = self.subject.model
        curved = bool(model.nonlinear_rows) or model.quadratic_rows is not None
        return not curved and not model.has_semicontinuous and not model.structure

    def _reduce(self, candidates: np.ndarray, background: np.ndarray, linear: bool) -> np.ndarray:
        """The mask of an irreducible part of the candidates (as far as time allows): families first, then members."""
        if linear:
            work = Filter(self.oracle, background)
            core = self._cored(candidates, background)
            involved = np.isin(self.members.family, self.members.family[core])
            groups = work.delete(by_family(self.members, candidates & involved, self.order))
            core = self._cored(candidates & self._with(np.zeros_like(background), groups), background)
            kept = work.delete(singles(core, self.order))
        else:
            # Rows first, while all bounds hold: without them a search over whole numbers may have no end. What is
            # needed beside more stays needed beside less.
            rows = self._searched(candidates & self.is_row, background | (candidates & ~self.is_row), None)
            beside = self._with(background, rows)
            kept = [*rows, *self._searched(candidates & ~self.is_row, beside, beside & self.is_row)]
        return self._with(np.zeros(len(self.members), dtype=bool), kept)

    def _searched(self, candidates: np.ndarray, background: np.ndarray, seeds: np.ndarray | None) -> list[np.ndarray]:
        """By questions that are searches: families, then members in rings around the seeds (None: the trouble)."""
        work = Filter(self.oracle, background)
        groups = work.explain(by_family(self.members, candidates, self.order))
        candidates = candidates & self._with(np.zeros_like(background), groups)
        if seeds is None:
            seeds = self._trouble(candidates, background)
        order = distances(self.members, seeds) * 4 + self.order if seeds.any() else self.order
        return work.explain(work.grow(singles(candidates, order)))

    def _with(self, mask: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
        out = mask.copy()
        for group in groups:
            out[group] = True
        return out

    def reduce_within(self, active: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """An irreducible part (mask) of the candidates that conflicts with the rest of `active`, if time allows."""
        linear = self._has_certificates() and not self.whole.any()
        if self.whole.any() and self.oracle.test(active & ~self.whole) == "infeasible":
            active, candidates, linear = active & ~self.whole, candidates & ~self.whole, self._has_certificates()
        return self._reduce(candidates, active & ~candidates, linear)

    def _cored(self, candidates: np.ndarray, background: np.ndarray) -> np.ndarray:
        """The candidates in a certificate, all of them where there is none."""
        if self.oracle.test(candidates | background) != "infeasible" or self.oracle.core is None:
            return candidates
        return candidates & self.oracle.core

    def _trouble(self, candidates: np.ndarray, background: np.ndarray) -> np.ndarray:
        """The candidates (mask) that a solution which breaks little breaks; none where there is none in time."""
        from solvers.diagnose.relaxation import rough_violations

        if int(candidates.sum()) <= FIRST_RING:
            return np.zeros_like(candidates)
        seconds = min(self.budget.left / 12, TROUBLE_SECONDS)
        return rough_violations(self.members, candidates | background, self.subject.solver, seconds) & candidates

    def _checked(self, core: np.ndarray, background: np.ndarray, linear: bool, hard_alone: bool, note: str) -> Conflict:
        """Each member's need by a point, the whole by exact arithmetic or a second solver."""
        needed: dict[int, bool | None] = {}
        for k in np.flatnonzero(core).tolist():
            rest = core.copy()
            rest[k] = False
            verdict = self.oracle.test(rest | background)
            if verdict == "infeasible":
                core = rest
            else:
                needed[k] = True if verdict == "feasible" else None
        proof = self._proof(core, background) if linear else None
        proven = ("exact arithmetic",) if proof is not None else self._second_opinion(core | background)
        multipliers = dict(proof.multipliers) if proof is not None else {}
        shown = tuple(self._member(k, needed[k], multipliers) for k in np.flatnonzero(core).tolist())
        groups = by_family(self.members, core, self.order)
        least, whole = groups, self._families_irreducible(core, background)
        if whole is False:
            least = self._least_families(core, background)
            whole = self._families_irreducible(self._with(np.zeros_like(core), least), background)
        return Conflict(
            "conflict", shown, self._names(groups), self._names(least), whole, hard_alone,
            linear, proven, proof.gap if proof is not None and self._covers(core, proof) else None,
            message=_verdict(needed, proven, self.budget) + note + self._broken(),
        )  # fmt: skip

    def _covers(self, core: np.ndarray, proof: Proof) -> bool:
        """Whether the proof uses nothing but the members that are listed: no background."""
        owners = self.members.member[[atom for atom, _ in proof.multipliers]]
        return bool(np.all(owners >= 0) and np.all(core[owners]))

    def _names(self, groups: list[np.ndarray]) -> tuple[str, ...]:
        return tuple(str(self.members.families[int(self.members.family[group[0]])]) for group in groups)

    def _least_families(self, core: np.ndarray, background: np.ndarray) -> list[np.ndarray]:
        """Families, each whole, of which none can be spared: fewer may do than the members are of."""
        work = Filter(self.oracle, background)
        inside = np.isin(self.members.family, np.unique(self.members.family[core])) & ~background
        return work.explain(by_family(self.members, inside, self.order))

    def _broken(self) -> str:
        """What is to be said of solvers that broke."""
        broke = self.oracle.broke
        return f"; {len(broke)} questions broke a solver ({broke[0]})" if broke else ""

    def _families_irreducible(self, core: np.ndarray, background: np.ndarray) -> bool | None:
        """Whether the families involved, each whole, conflict no more when any one of them goes."""
        families = np.unique(self.members.family[core])
        inside = np.isin(self.members.family, families) & ~background
        if self.whole.any() and not np.any(core & self.whole):
            inside &= ~self.whole
        verdicts = []
        for family in families:
            verdicts.append(self.oracle.test(background | (inside & (self.members.family != family))))
        if "infeasible" in verdicts:
            return False
        return None if "unknown" in verdicts else True

    def _proof(self, core: np.ndarray, background: np.ndarray) -> Proof | None:
        atoms = self.members.atoms(core)
        if background.any() or np.any(self.members.member == -1):
            # What always holds may take part: the certificate's support says which of it does.
            found = self._support(core | background)
            if found is None:
                return None
            atoms = found
        return prove(self.subject.model, np.flatnonzero(atoms))

    def _support(self, active: np.ndarray) -> np.ndarray | None:
        from solvers.diagnose.oracle import HighsOracle

        return self.oracle.certificate(active) if isinstance(self.oracle, HighsOracle) else None

    def _second_opinion(self, active: np.ndarray) -> tuple[str, ...]:
        """The solvers that find these members infeasible from scratch; two are enough."""
        agreed: list[str] = []
        for name in ("cpsat", *SOLVERS) if find_spec("ortools") is not None else SOLVERS:
            if len(agreed) == 2:
                break
            again = AdapterOracle(self.members, Budget(min(RECHECK_SECONDS, max(1.0, self.budget.left))), name)
            if again.adapter.refusal(again.plain.model) is None and again.test(active) == "infeasible":
                agreed.append(name)
        return tuple(agreed)

    def _member(self, k: int, needed: bool | None, multipliers: Mapping[int, Fraction]) -> ConflictMember:
        return describe(self.words, self.members, k, needed, multipliers)


def _verdict(needed: Mapping[int, bool | None], proven: tuple[str, ...], budget: Budget) -> str:
    open_ = sum(value is None for value in needed.values())
    by = (
        f"infeasible together: {' and '.join(proven)}"
        if proven
        else "infeasible together: NOT confirmed by a second check"
    )
    if open_:
        why = f"the time limit of {budget.seconds:g} s" if budget.spent and budget.seconds else "a question stayed open"
        return f"{by}; NOT proven irreducible: {open_} of {len(needed)} could not be checked ({why})"
    return f"{by}; irreducible: without any one of them the others can hold, each shown by a point"
