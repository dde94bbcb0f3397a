"""What a solver said: termination, primal and dual status as three facts (MathOptInterface), and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from solvers.formulation import Key
    from solvers.model import Block

Termination = Literal[
    "optimal",
    "locally_optimal",
    "infeasible",
    "unbounded",
    "infeasible_or_unbounded",
    "time_limit",
    "iteration_limit",
    "node_limit",
    "solution_limit",
    "memory_limit",
    "interrupted",
    "numerical",
    "error",
]
PrimalStatus = Literal["feasible", "none", "infeasible_point", "ray"]
DualStatus = Literal["feasible", "none", "infeasible_point", "ray"]


class BlockValues(Mapping["Key", float]):
    """Values of one variable (or constraint) by index; a scalar one has the single key `()`.

    Iterates in the order of the grounded model. `x["A"]` and `x["A", 3]` work, as does `x[("A", 3)]`;
    `array` is the flat vector, shape (size,).
    """

    def __init__(self, block: Block, array: np.ndarray) -> None:
        self.block = block
        self.array = array

    def __getitem__(self, key: Any) -> float:
        position = self.block.position(key if isinstance(key, tuple) else (key,))
        if position is None:
            raise KeyError(key)
        return float(self.array[position])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.block.keys())

    def __len__(self) -> int:
        return len(self.array)

    def __float__(self) -> float:
        if self.block.index:
            raise TypeError(f"{self.block.name} is indexed; name an index")
        return float(self.array[0])

    def __repr__(self) -> str:
        if not self.block.index:
            return f"{float(self.array[0]):.10g}"
        shown = [
            f"{k[0] if len(k) == 1 else k}: {self.array[i]:.10g}" for i, k in enumerate(self.block.keys()) if i < 8
        ]
        return "{" + ", ".join(shown) + (", ..." if len(self) > 8 else "") + "}"

    def _repr_html_(self) -> str:
        from solvers.render.notebook import block_html

        return block_html(self)


@dataclass(frozen=True, slots=True)
class SolutionCheck:
    """The verdict of the independent evaluator on a solution.

    `feasible` is None where it could not be checked (see `reason`), which is never a pass; `gave_up` says that the
    instance was too large, and that nothing was found wrong.
    """

    feasible: bool | None
    objective: float | None = None
    violation: float = 0.0
    where: str = ""
    tolerance: str = ""
    method: str = ""
    reason: str = ""
    gave_up: bool = False


@dataclass(frozen=True, eq=False)
class SolveResult:
    """Everything known after a solve. `objective` and `values` are set only with a primal solution.

    `locally_optimal` is a local solver's answer to a model not known to be convex: feasible, perhaps beaten elsewhere.
    `termination == "time_limit"` with `primal_status == "feasible"` is a solution, not an optimum;
    `bound` is the proven bound on the objective, `unique` whether the optimum is unique where known.
    With prioritised objectives `objective` is the first one's value and `levels` holds all of them.
    `duals` and `reduced_costs` exist for LPs only. Seconds are wall-clock.
    """

    termination: Termination
    primal_status: PrimalStatus
    dual_status: DualStatus = "none"
    objective: float | None = None
    bound: float | None = None
    values: Mapping[str, BlockValues] = field(default_factory=dict)
    duals: Mapping[str, BlockValues] = field(default_factory=dict)
    reduced_costs: Mapping[str, BlockValues] = field(default_factory=dict)
    unique: bool | None = None
    solver: str = ""
    version: str = ""
    seconds: float = 0.0
    build_seconds: float = 0.0
    message: str = ""
    check: SolutionCheck | None = None
    x: np.ndarray | None = None
    row_duals: np.ndarray | None = None
    levels: tuple[float, ...] = ()

    def __eq__(self, other: object) -> bool:
        """The same in every field; arrays by their values."""
        if not isinstance(other, SolveResult):
            return NotImplemented
        return all(_same(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    __hash__ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        from solvers.render.notebook import result_html

        return result_html(self)

    @property
    def loose_gap(self) -> float | None:
        """The gap of an optimum that was proven to a wider one than answers are compared with, else None."""
        from solvers.compare import ANSWER, compare

        if not self.is_optimal or self.objective is None or self.bound is None:
            return None
        return None if compare(self.objective, self.bound, ANSWER).equal else self.gap

    @property
    def is_optimal(self) -> bool:
        """Proven optimal within the gap asked for."""
        return self.termination == "optimal"

    @property
    def has_solution(self) -> bool:
        """A feasible point is present."""
        return self.primal_status == "feasible"

    @property
    def gap(self) -> float | None:
        """|objective - bound| / max(1e-10, |objective|), or None."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.objective - self.bound) / max(1e-10, abs(self.objective))


def _same(left: Any, right: Any) -> bool:
    """Equality for what a result holds."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return left is not None and right is not None and np.array_equal(left, right, equal_nan=True)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    return bool(left == right)
