"""A problem as it arrives: its text, data beside it, and a reference to judge against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Problem:
    """An optimization problem told in words.

    `data` is a file or a mapping of names to values that the text refers to; `reference` is
    whatever is known to be right (an objective value, a formulation), never shown to a formulator.
    """

    text: str
    id: str = ""
    data: Path | str | Mapping[str, Any] | None = None
    reference: Any = None

    @classmethod
    def of(cls, problem: Problem | str) -> Problem:
        """The problem itself, or a bare text as a problem."""
        return cls(text=problem) if isinstance(problem, str) else problem
