"""What a check of equivalence takes and gives: options, verdict, certificate, the log of a normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

Verdict = Literal["equivalent", "structurally_different", "semantically_different", "undecided"]
Change = Literal["slacks", "fixed", "free", "signs", "shifts", "units"]
"""Changes of the variable space, applied only where asked for."""
CHANGES: tuple[Change, ...] = ("slacks", "fixed", "free", "signs", "shifts", "units")

Rule = Literal[
    "minimise", "collect", "scale", "bound", "round", "merge", "round_row", "loosen", "drop",
    "settle", "slack", "fix", "free", "shift", "unit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied to rows and columns at once; what it means stands at `replay.replays`.

    `rows`, `columns` (k,) are positions in the original model; `onto` (k,) are the rows that dropped ones merge with;
    `numbers` (k,) hold a factor or a shift, `sides` (k,) is -1 for a lower side and 1 for an upper one. What a rule
    does not need is empty.
    """

    rule: Rule
    rows: np.ndarray | tuple[int, ...] = ()
    columns: np.ndarray | tuple[int, ...] = ()
    numbers: Sequence[Fraction] = ()
    sides: np.ndarray | tuple[int, ...] = ()
    onto: np.ndarray | tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Column j of A is column `columns[j]` of B, row i of A is row `rows[i]` of B, after both logs are replayed.

    Shapes: (columns of A,) and (rows of A,), in positions of the original models; -1 where the log took the column or
    row away. In tolerance mode numbers agree within `tolerance`, else exactly.
    """

    columns: np.ndarray
    rows: np.ndarray
    log_a: tuple[Step, ...] = ()
    log_b: tuple[Step, ...] = ()
    tolerance: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain lists, integers and strings (rationals as `p/q`): what `replays` reads."""
        return {
            "schema": "formulate-equivalence/1", "columns": [int(j) for j in self.columns],
            "rows": [int(i) for i in self.rows], "log_a": [_plain(step) for step in self.log_a],
            "log_b": [_plain(step) for step in self.log_b], "tolerance": self.tolerance,
        }  # fmt: skip


def _plain(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule, "rows": [int(i) for i in step.rows], "columns": [int(j) for j in step.columns],
        "numbers": [str(q) for q in step.numbers], "sides": [int(s) for s in step.sides],
        "onto": [int(i) for i in step.onto],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How far to look.

    `exact` compares numbers as rationals (a float is the shortest decimal that reads back as it: 0.1 is 1/10). With a
    `tolerance` (absolute and relative, after rows are divided by their largest coefficient) models that are not the
    same exactly, or that were not compared exactly, are compared within it, and the answer's mode says so. `seconds`
    and `nodes` (of the search tree) bound the search. `change_of_variables` names the opt-in changes of variable
    space (or all: CHANGES). `labeller` names a canonical labeller that is asked where the own search is at its end;
    its match is verified all the same.
    `witness` asks for a point that tells two structurally different models apart, `diff` for the reader's diff.
    """

    exact: bool = True
    tolerance: float | None = None
    seconds: float = 60.0
    nodes: int = 100_000
    change_of_variables: tuple[Change, ...] = ()
    labeller: Literal["bliss", "nauty"] | None = None
    witness: bool = True
    diff: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError for options that ask for nothing that can be done."""
        unknown = [change for change in self.change_of_variables if change not in CHANGES]
        if unknown:
            raise ValueError(f"change_of_variables holds {unknown[0]!r}; the changes are {', '.join(CHANGES)}")
        if self.tolerance is not None and not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance is {self.tolerance}; it lies in [0, 1), such as 1e-9")
        if not self.exact and self.tolerance is None:
            raise ValueError("exact=False needs a tolerance, such as tolerance=1e-9")


DEFAULT = Options()


@dataclass(frozen=True, slots=True)
class Invariant:
    """What tells two structures apart: the statement, and how many of the thing each model has."""

    text: str
    count_a: int = 0
    count_b: int = 0


@dataclass(frozen=True)
class Equivalence:
    """The answer, with its proof: `certificate` where equivalent, `invariant` where the structures differ.

    `witness` (a point or an optimum that tells the models apart) comes with semantically_different; `budget` names
    what ran out with undecided, or the part that could not be represented. `sd` says whether the joint graph is
    symmetric decomposable (ORGEval, section 3), None where refinement was not reached; nothing relies on it.
    """

    verdict: Verdict
    certificate: Certificate | None = None
    invariant: Invariant | None = None
    witness: Any = None
    diff: Any = None
    evidence: tuple[str, ...] = ()
    budget: str = ""
    seconds: float = 0.0
    mode: str = "exact"
    sd: bool | None = None
    notes: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return self.verdict == "equivalent"
