"""Accounting: every quantity and every requirement of a text is claimed, structural, or left over.

A formulator that leaves something over has not understood the text, and abstains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.reading.document import Document, Sentence
    from verify.reading.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Claim:
    """A span of the text that a slot or a rule answers for; `slot` names it ("cost['A']", "structural")."""

    start: int
    end: int
    slot: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """What nobody answers for: the sentence, the span in it, and why."""

    sentence: str
    start: int
    end: int
    why: str

    def __str__(self) -> str:
        return f"{self.why}: {self.sentence}" if self.sentence else self.why


@dataclass
class Ledger:
    """Claims over the quantities and requirement sentences of one document.

    `quantities` are those to account for (ordinals, labels and structural numbers excluded by the
    reader); `requirements` the sentences that hold a requirement.
    """

    document: Document
    quantities: tuple[Quantity, ...]
    requirements: tuple[Sentence, ...] = ()
    claims: list[Claim] = field(default_factory=list)

    def claim(self, start: int, end: int, slot: str) -> None:
        """Answer for a span; every quantity that overlaps it counts as claimed."""
        self.claims.append(Claim(start, end, slot))

    def claimed(self, quantity: Quantity) -> bool:
        """Whether some claim overlaps the quantity."""
        return any(c.start < quantity.end and quantity.start < c.end for c in self.claims)

    def leftovers(self) -> tuple[Leftover, ...]:
        """Unclaimed quantities, then requirement sentences that no claim begins in."""
        found = []
        for quantity in self.quantities:
            if not self.claimed(quantity):
                sentence = self.document.sentence_at(quantity.start)
                found.append(
                    Leftover(
                        sentence.text if sentence else "",
                        quantity.start,
                        quantity.end,
                        f"the number {quantity.text!r} is not accounted for",
                    )
                )
        starts = sorted(claim.start for claim in self.claims)
        for sentence in self.requirements:
            if not _any_within(starts, sentence.start, sentence.end):
                found.append(Leftover(sentence.text, sentence.start, sentence.end, "a requirement is not understood"))
        return tuple(found)


def _any_within(starts: Iterable[int], low: int, high: int) -> bool:
    return any(low <= start < high for start in starts)
