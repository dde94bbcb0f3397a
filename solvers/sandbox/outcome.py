"""What comes back from a program: the models it solved, the value it reports, its errors, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from solvers.model import Model
    from solvers.result import SolutionCheck, SolveResult

ErrorKind = Literal["syntax", "exception", "exit", "killed", "time", "memory", "output", "entry", "protocol"]
ERROR_KINDS: tuple[ErrorKind, ...] = (
    "syntax", "exception", "exit", "killed", "time", "memory", "output", "entry", "protocol",
)  # fmt: skip
ReportedBy = Literal["returned", "variable", "printed"]


@dataclass(frozen=True)
class Limits:
    """What one program may use: seconds of wall and processor time, bytes, counts."""

    wall: float = 60.0
    processor: float = 60.0
    memory: int = 4 << 30
    processes: int = 64
    file_size: int = 64 << 20
    output: int = 1 << 20
    solves: int = 1000
    model: int = 256 << 20
    """Bytes of all captured models and results together."""


@dataclass(frozen=True, eq=False)
class CapturedSolve:
    """One call of a solver: what was handed over and what came back.

    `library` is what the program was written for, `asked` the solver that it asked for, `solved_by` the one that
    answered. `model` is None where it could not be captured; `uncaptured` then says why. `result.x` follows the
    model's columns. `check` and `confirmed` are the host's: whether the solution holds in the model and gives the
    claimed objective, and whether a solve of our own reaches the same optimum (None: not asked, or undecided).
    """

    index: int
    library: str
    asked: str
    solved_by: str
    model: Model | None
    result: SolveResult
    uncaptured: str = ""
    check: SolutionCheck | None = None
    confirmed: bool | None = None

    @property
    def substituted(self) -> bool:
        """Another solver than the asked one answered."""
        return self.asked != self.solved_by

    @property
    def believed(self) -> bool:
        """The claimed solution was found to follow from the captured model (a claim without one never is)."""
        return self.check is not None and self.check.feasible is True


@dataclass(frozen=True)
class Reported:
    """The value that the program itself gives for its answer, and where it was found."""

    value: float
    how: ReportedBy
    text: str = ""


@dataclass(frozen=True)
class ProgramError:
    """Why a program did not come to its end. `line` counts in the program's source, from 1."""

    kind: ErrorKind
    message: str
    line: int | None = None
    traceback: str = ""


@dataclass(frozen=True)
class Refusal:
    """Something that the program tried and was not let do: `what` is a short class such as `network`, `file`.

    Where `what` is one of `NOTES` nothing was tried that the sandbox forbids: a library did otherwise than asked.
    """

    what: str
    detail: str = ""


NOTES: dict[str, str] = {
    "no effect": "set, and without effect on the solver that answers",
    "unsupported": "not done by the library that stands in",
    "global": "the solver that answers does more than the asked one",
    "capture": "a solve could not be recorded",
}
"""Classes of what is noted about libraries, and what each means."""


@dataclass(frozen=True, eq=False)
class ProgramRun:
    """Everything known after a program ran. `missing` names the protections that this machine could not give.

    `refused` is what the sandbox did not let the program do; `notes` is what libraries did otherwise than it asked.
    """

    solves: tuple[CapturedSolve, ...] = ()
    reported: Reported | None = None
    error: ProgramError | None = None
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Refusal, ...] = ()
    output: str = ""
    truncated: bool = False
    seconds: float = 0.0
    entry: str = ""
    missing: tuple[str, ...] = ()
    id: str = ""

    @property
    def last(self) -> CapturedSolve | None:
        """The last solve with a solution, else the last one."""
        for solve in reversed(self.solves):
            if solve.result.has_solution:
                return solve
        return self.solves[-1] if self.solves else None

    @property
    def result(self) -> SolveResult | None:
        """What the solver said in the last solve with a solution, else in the last one."""
        return self.last.result if self.last else None

    @property
    def model(self) -> Model | None:
        """The model that `result` answers, where it could be captured."""
        return self.last.model if self.last else None
