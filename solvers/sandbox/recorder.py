"""Inside a program's process: every solve is recorded here by the capture hooks and by the look-alike modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from solvers.model import Model
from solvers.result import SolveResult
from solvers.sandbox.outcome import CapturedSolve, Refusal


@dataclass(eq=False)
class Recorder:
    """Solves and notes in order. `sink` and `note_sink`, where set, also get each at once: a crash loses none."""

    sink: Callable[[CapturedSolve], None] | None = None
    note_sink: Callable[[Refusal], None] | None = None
    solves: list[CapturedSolve] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)
    keep: int = 1000

    def solved(
        self, *, library: str, asked: str, solved_by: str, model: Model | None, result: SolveResult,
        uncaptured: str = "",
    ) -> CapturedSolve:  # fmt: skip
        """Record one solve. Without a model `uncaptured` says why."""
        if model is None and not uncaptured:
            raise ValueError("a solve without a model needs the reason (uncaptured)")
        record = CapturedSolve(len(self.solves), library, asked, solved_by, model, result, uncaptured)
        self.solves.append(record)
        if self.sink is not None:
            self.sink(record)
        return record

    def noted(self, what: str, detail: str = "") -> None:
        """Record something that was refused, or done otherwise than the program asked."""
        note = Refusal(what, detail)
        if len(self.notes) < self.keep:
            self.notes.append(note)
            if self.note_sink is not None:
                self.note_sink(note)


_current = Recorder()


def recorder() -> Recorder:
    """The recorder of this process."""
    return _current


def fresh(
    sink: Callable[[CapturedSolve], None] | None = None, note_sink: Callable[[Refusal], None] | None = None
) -> Recorder:
    """Start over: a new recorder becomes the process's own."""
    global _current
    _current = Recorder(sink, note_sink)
    return _current
