"""Can these members hold together? Answers that are remembered: points that fulfil many, sets known to conflict."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from solvers.compare import FEASIBILITY
from solvers.diagnose.members import Members
from solvers.diagnose.subject import Subject, without_objective
from solvers.errors import SolverMissingError
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model

Verdict = Literal["feasible", "infeasible", "unknown"]
MOST_WITNESSES = 400
OTHERS = ("cpsat", "scip")
"""Asked in this order about what HiGHS leaves open: orders and choices suit CP-SAT, which holds whole numbers only."""


class Budget:
    """Wall-clock seconds that many solves share; None means no end."""

    def __init__(self, seconds: float | None, per_call: float | None = None) -> None:
        self.seconds = seconds
        self.per_call = per_call
        self._started = time.monotonic()

    @property
    def used(self) -> float:
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds left, infinite without an end."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - self.used)

    @property
    def spent(self) -> bool:
        return self.left <= 0.0

    def call(self) -> float:
        """The seconds that the next solve may take."""
        return min(self.left, float("inf") if self.per_call is None else self.per_call)


@dataclass(frozen=True, eq=False)
class Witness:
    """A point, and which members (mask) it fulfils."""

    x: np.ndarray
    fulfils: np.ndarray


class Oracle:
    """Feasibility of subsets of members. `solves` counts the questions that a solver had to answer."""

    def __init__(self, members: Members, budget: Budget) -> None:
        self.members = members
        self.budget = budget
        self.witnesses: list[Witness] = []
        self.conflicts: list[np.ndarray] = []
        self.solves = 0
        self.core: np.ndarray | None = None
        self.broke: list[str] = []

    def test(self, active: np.ndarray) -> Verdict:
        """Whether these members (mask) can hold together; `core` is then a conflicting part where one is known."""
        self.core = None
        if self.witness(active) is not None:
            return "feasible"
        for known in self.conflicts:
            if not np.any(known & ~active):
                self.core = known
                return "infeasible"
        if self.budget.spent:
            return "unknown"
        self.solves += 1
        verdict, x = self._solve(active)
        if verdict == "infeasible":
            self._learn(active)
        elif verdict == "feasible" and (x is None or not self._keep(x, active)):
            return "unknown"  # the solver's point fails our own check: nothing is shown
        return verdict

    def witness(self, active: np.ndarray) -> Witness | None:
        """A known point that fulfils these members."""
        for known in reversed(self.witnesses):
            if not np.any(active & ~known.fulfils):
                return known
        return None

    def _keep(self, x: np.ndarray, active: np.ndarray) -> bool:
        fulfils, always = self.members.satisfied(x)
        if not always or np.any(active & ~fulfils):
            return False
        self.witnesses.append(Witness(x, fulfils))
        del self.witnesses[:-MOST_WITNESSES]
        return True

    def _learn(self, active: np.ndarray) -> None:
        self.conflicts.append(active.copy() if self.core is None else self.core)

    def _solve(self, active: np.ndarray) -> tuple[Verdict, np.ndarray | None]:
        raise NotImplementedError


def oracle(subject: Subject, members: Members, budget: Budget) -> Oracle:
    """The oracle for a subject: one loaded HiGHS session for linear rows, else a fresh solve per question."""
    from solvers.adapters import adapter

    if adapter("highs").refusal(without_objective(subject.model)) is None:
        return HighsOracle(members, budget)
    return AdapterOracle(members, budget, subject.solver)


class AdapterOracle(Oracle):
    """Every question is a model of its own for an adapter. Raises SolverMissingError where it cannot be loaded."""

    def __init__(self, members: Members, budget: Budget, solver: str) -> None:
        super().__init__(members, budget)
        from solvers.adapters import adapter

        self.adapter = adapter(solver)
        self.adapter.version()
        self.plain = replace(members, model=without_objective(members.model))

    def _solve(self, active: np.ndarray) -> tuple[Verdict, np.ndarray | None]:
        from solvers.adapters import SolveOptions

        seconds = self.budget.call()
        options = SolveOptions(time_limit=max(0.1, seconds) if np.isfinite(seconds) else None, threads=1)
        model = self.plain.restricted(active)
        if self.adapter.refusal(model) is not None:
            return "unknown", None
        try:
            raw = self.adapter.solve(model, options)
        except SolverMissingError as error:
            # A solver that breaks over one question has not answered it; others may go well.
            self.broke.append(error.message)
            return "unknown", None
        if raw.x is not None:
            return "feasible", raw.x
        return ("infeasible" if raw.termination == "infeasible" else "unknown"), None


class HighsOracle(Oracle):
    """One HiGHS session: questions change bounds and integrality, and the basis of the last answer stays."""

    def __init__(self, members: Members, budget: Budget) -> None:
        super().__init__(members, budget)
        from solvers.adapters.base import SolveOptions
        from solvers.adapters.highs import HighsSession

        nothing = members.restricted(np.zeros(len(members), dtype=bool))
        self.session = HighsSession(without_objective(nothing), SolveOptions())
        self.highs: Any = self.session.highs
        self.names = self.session.highspy
        self.loaded = nothing
        self.others: dict[str, AdapterOracle] = {}
        self.quick: AdapterOracle | None = None
        self._atoms: np.ndarray | None = None
        self.empty = np.diff(members.model.matrix.start) == 0

    def _solve(self, active: np.ndarray) -> tuple[Verdict, np.ndarray | None]:
        wanted = self.members.restricted(active)
        mixed = bool(np.any(wanted.kinds != CONTINUOUS))
        trivial = self._trivial(wanted)
        if trivial is not None:
            self.core = trivial
            return "infeasible", None
        if wanted.num_columns == 0:
            return "feasible", np.zeros(0)
        if mixed and self.quick is not None:
            answer = self.quick._solve(active)
            if answer[0] != "unknown":
                return answer
        self._load(wanted)
        seconds = self.budget.call()
        # A linear solve counts the seconds of all runs against the limit, a mixed-integer one those of its own.
        past = 0.0 if mixed else self.highs.getRunTime()
        self.highs.setOptionValue("time_limit", seconds + past if np.isfinite(seconds) else self.names.kHighsInf)
        # Without presolve an infeasible linear program leaves its certificate, and the basis is kept.
        self.highs.setOptionValue("presolve", "choose" if mixed else "off")
        self.highs.setOptionValue("solver", "choose" if mixed else "simplex")
        self.highs.run()
        status = self.highs.getModelStatus().name
        if status == "kOptimal" or (status == "kTimeLimit" and int(self.highs.getInfo().primal_solution_status) == 2):
            return "feasible", np.asarray(self.highs.getSolution().col_value)
        if status != "kInfeasible":
            return self._elsewhere(active) if mixed else ("unknown", None)
        if not mixed:
            self.core = self._farkas(wanted, active)
        return "infeasible", None

    def _elsewhere(self, active: np.ndarray) -> tuple[Verdict, np.ndarray | None]:
        """What HiGHS left open others may know. One that knew is asked first from then on."""
        answer: tuple[Verdict, np.ndarray | None] = ("unknown", None)
        for name in OTHERS:
            if name == "cpsat" and find_spec("ortools") is None:
                continue
            other = self.others.get(name)
            if other is None:
                other = self.others[name] = AdapterOracle(self.members, self.budget, name)
            answer = other._solve(active)
            self.broke += other.broke
            other.broke.clear()
            if answer[0] != "unknown":
                self.quick = other
                break
        return answer

    def _trivial(self, model: Model) -> np.ndarray | None:
        """Crossing bounds and rows without variables that are false: the members to blame, or None."""
        members = self.members
        m, n = model.num_rows, model.num_columns
        room = FEASIBILITY.absolute
        false = np.flatnonzero(self.empty & ((model.row_lower > room) | (model.row_upper < -room)))
        crossed = np.flatnonzero(model.col_lower > model.col_upper)
        if not len(false) and not len(crossed):
            return None
        if len(false):
            return members.of_atoms(_mask(m + 3 * n, false[:1]))
        j = int(crossed[0])
        return members.of_atoms(_mask(m + 3 * n, np.array([m + j, m + n + j])))

    def _load(self, wanted: Model) -> None:
        highs, old = self.highs, self.loaded
        rows = np.flatnonzero((wanted.row_lower != old.row_lower) | (wanted.row_upper != old.row_upper))
        if len(rows):
            highs.changeRowsBounds(len(rows), rows.astype(np.int32), wanted.row_lower[rows], wanted.row_upper[rows])
        kinds = np.flatnonzero(wanted.kinds != old.kinds)
        if len(kinds):
            code = np.zeros(4, dtype=np.uint8)
            code[[INTEGER, SEMICONTINUOUS, SEMIINTEGER]] = 1, 2, 3
            highs.changeColsIntegrality(len(kinds), kinds.astype(np.int32), code[wanted.kinds[kinds]])
        cols = np.flatnonzero((wanted.col_lower != old.col_lower) | (wanted.col_upper != old.col_upper))
        if len(cols):
            highs.changeColsBounds(len(cols), cols.astype(np.int32), wanted.col_lower[cols], wanted.col_upper[cols])
        self.loaded = wanted

    def certificate(self, active: np.ndarray) -> np.ndarray | None:
        """The atoms (mask) in the certificate of a linear infeasible set; solves it anew."""
        self.solves += 1
        self._atoms = None
        self._solve(active)
        return self._atoms

    def _farkas(self, wanted: Model, active: np.ndarray) -> np.ndarray | None:
        """The members in the support of the dual ray; None where there is no ray or it proves nothing."""
        status, exists, ray = self.highs.getDualRay()
        if status != self.names.HighsStatus.kOk or not exists:
            return None
        from solvers.diagnose.farkas import support

        self._atoms = support(wanted, np.asarray(ray))
        return None if self._atoms is None else self.members.of_atoms(self._atoms) & active


def _mask(size: int, at: np.ndarray) -> np.ndarray:
    out = np.zeros(size, dtype=bool)
    out[at] = True
    return out
