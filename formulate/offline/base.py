"""What a recogniser of problem texts gives back: a draft, or an abstention that names what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from solvers.formulation import Formulation
from verify.reading.ledger import Claim, Ledger, Leftover
from verify.reading.reader import Reading

__all__ = ["Abstention", "Claim", "Draft", "Ledger", "Leftover", "Reading", "Recogniser"]


@dataclass(frozen=True)
class Draft:
    """A formulation read from a text, with the claims that account for its numbers.

    `leftovers` is empty for a draft that may be given as an answer. `confidence` orders drafts
    for display only; it never decides between two that disagree.
    """

    formulation: Formulation
    claims: tuple[Claim, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    confidence: float = 1.0
    recogniser: str = ""


@dataclass(frozen=True)
class Abstention:
    """No formulation: why, sentence by sentence. `by` names the recogniser, empty for all of them."""

    reasons: tuple[Leftover, ...] = field(default=())
    by: str = ""

    @classmethod
    def because(cls, why: str, sentence: str = "", start: int = 0, end: int = 0, by: str = "") -> Abstention:
        """An abstention with one reason."""
        return cls((Leftover(sentence, start, end, why),), by)

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)


class Recogniser(Protocol):
    """A reader of one class of problems. `recognise` never raises on a text that `read` accepted."""

    name: str

    def recognise(self, reading: Reading) -> Draft | Abstention: ...
