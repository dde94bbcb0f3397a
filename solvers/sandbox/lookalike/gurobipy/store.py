"""What a model of gurobipy holds beside its program: parameters, conflict, disposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from solvers.sandbox.lookalike.core.expressions import Variable
from solvers.sandbox.lookalike.core.program import Program
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, UnavailableError

if TYPE_CHECKING:
    import numpy as np

    from solvers.result import SolveResult
    from solvers.sandbox.lookalike.core.solving import Outcome

LETTERS = {"Variable": "C", "Row": "R", "General": "GC"}

STATUS_OF = {
    "optimal": 2, "locally_optimal": 13, "infeasible": 3, "unbounded": 5, "infeasible_or_unbounded": 4,
    "time_limit": 9, "iteration_limit": 7, "node_limit": 8, "solution_limit": 10, "memory_limit": 17,
    "interrupted": 11, "numerical": 12, "error": 12,
}  # fmt: skip
"""gurobipy's status by our termination. Ours says which of infeasible and unbounded it is: 4 is rare."""


@dataclass(frozen=True)
class Conflict:
    """The members of an irreducible conflict: rows, quadratic rows, lower and upper bounds by position."""

    rows: frozenset[int]
    quadratic_rows: frozenset[int]
    lower: frozenset[int]
    upper: frozenset[int]
    minimal: bool


@dataclass(eq=False)
class Store(Program):
    """A program with what gurobipy remembers of it. `ranging` holds the sensitivity of the last LP once asked for."""

    lazy: bool = True
    keeps_levels: bool = True
    letters: dict[str, str] = field(default_factory=lambda: LETTERS)
    parameters: dict[str, Any] = field(default_factory=dict)
    conflict: Conflict | None = None
    ranging: Any = None
    runtime: float = 0.0
    cut_off: bool = False
    noted: set[str] = field(default_factory=set)
    names: tuple[dict[str, Any], dict[str, Any]] | None = None

    def flush(self) -> bool:
        """Apply what waits; a solution does not outlive a change."""
        changed = super().flush()
        if changed:
            self.conflict = self.ranging = self.names = None
            self.cut_off = False
        return changed

    def _compact(self) -> None:
        """As in every program; general constraints let go of what is gone."""
        from solvers.sandbox.lookalike.gurobipy.removing import leave

        super()._compact()
        for general in self.generals:
            leave(general)

    def named(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The first variable and the first linear row of each name."""
        if self.names is None:
            variables = {v._column.name: v for v in reversed(self.columns)}
            self.names = variables, {row._name: row for row in reversed(self.rows)}
        return self.names

    def owned(self, variables: Iterable[Variable]) -> None:
        """Raise GurobiError where a variable is not, or no longer, of this model."""
        for variable in variables:
            column = variable._column
            if column.program is not self or column.state == 2:
                raise GurobiError(20001, "Variable not in model")

    @property
    def result(self) -> SolveResult:
        """The result of the last solve. Raises UnavailableError where there is none."""
        if self.outcome is None:
            raise UnavailableError
        return self.outcome.result

    @property
    def solved(self) -> Outcome:
        """The last solve, which has a solution. Raises UnavailableError where there is none."""
        if self.outcome is None or self.outcome.x is None or self.cut_off:
            raise UnavailableError
        return self.outcome

    @property
    def point(self) -> np.ndarray:
        """The values of all columns. Raises UnavailableError without a solution."""
        x = self.solved.x
        assert x is not None
        return x

    @property
    def status(self) -> int:
        """gurobipy's status code."""
        if self.outcome is None:
            return 1
        return 6 if self.cut_off else STATUS_OF[self.outcome.result.termination]

    @property
    def is_searched(self) -> bool:
        """Whether gurobipy solves it by branch and bound, as it does what is not convex too."""
        from solvers.sandbox.lookalike.gurobipy.convexity import all_convex

        return self.is_mixed or not all_convex(self)

    @property
    def is_mixed(self) -> bool:
        """Whether gurobipy counts it as a MIP."""
        return bool(self.sets or self.generals) or any(v._column.kind != "C" for v in self.columns)
