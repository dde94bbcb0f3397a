"""What was found in a completion: programs with their place, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from solvers.errors import FormulateError


class ExtractionError(FormulateError):
    """A completion that holds no program; the message says what it holds instead."""


@dataclass(frozen=True)
class Program:
    """A program in a completion. `completion[start:end]` is where it stands (all its parts, where it was joined).

    `label` is the fence's ("" without one), `origin` how it was written down. `parses`: it is Python as a whole.
    `closed`: its fence or its JSON text ended. `solves`: it imports a solver library and calls a solve.
    `needs` are names that it uses and nothing defines; `reason` says what is amiss with it or how it came about.
    """

    source: str
    start: int
    end: int
    label: str = ""
    origin: str = "fence"
    parses: bool = True
    closed: bool = True
    solves: bool = False
    thought: bool = False
    needs: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def complete(self) -> bool:
        """Python as a whole that needs nothing but injected data."""
        return self.parses and not self.needs


INJECTED = frozenset({"data"})
"""Names that a program may expect to be given."""
