"""Recognisers of problem classes told with lists and tables; each yields an indexed formulation.

`RECOGNISERS` holds one `Family` per problem class. A family works on structure (what is told of items,
of pairs, of sequences) and on classes of words, and abstains when a number, a requirement or a
statement about a named entity is left over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from formulate.offline.base import Abstention, Claim, Draft, Reading, Recogniser
from formulate.offline.families import (
    abatement,
    blend,
    diet,
    facility,
    flows,
    inventory,
    jobshop,
    knapsack,
    maxflow,
    packing,
    portfolio,
    relocation,
    resources,
    tour,
    variance,
)
from formulate.offline.families.case import Case, Found, Refusal

__all__ = ["RECOGNISERS", "Family"]


MOST_CHARACTERS = 6000
"""Sentences are searched for phrases with two or three parts, which takes more than linear time in their length."""


@lru_cache(maxsize=4)
def _case(text: str) -> Case:
    return Case(text)


@dataclass
class Family:
    """A recogniser of one problem class."""

    name: str
    read: Callable[[Case], Found | Refusal]

    def recognise(self, reading: Reading) -> Draft | Abstention:
        """The draft of a text of this class; else an abstention with the sentence that was not understood."""
        case = _case(reading.text)
        if any(len(sentence.text) > MOST_CHARACTERS for sentence in case.sentences):
            why = f"the text has a sentence of more than {MOST_CHARACTERS:,} characters"
            return Abstention.because(why, by=self.name)
        result = self.read(case)
        if isinstance(result, Refusal):
            return Abstention.because(result.reason, result.sentence, by=self.name)
        claims = tuple(Claim(start, end, self.name) for start, end in sorted(set(result.claims.spans)))
        unread = result.claims.unread_word()
        if unread is not None:
            return Abstention.because(unread.reason, unread.sentence, by=self.name)
        return Draft(result.formulation, claims, recogniser=self.name)


RECOGNISERS: tuple[Recogniser, ...] = (
    Family("knapsack", knapsack.recognise),
    Family("packing", packing.recognise),
    Family("tour", tour.recognise),
    Family("inventory", inventory.recognise),
    Family("flow", flows.recognise),
    Family("product mix", resources.recognise),
    Family("job shop", jobshop.recognise),
    Family("shares", portfolio.recognise),
    Family("portfolio", variance.recognise),
    Family("abatement", abatement.recognise),
    Family("maximum flow", maxflow.recognise),
    Family("relocation", relocation.recognise),
    Family("facility location", facility.recognise),
    Family("diet", diet.recognise),
    Family("blend", blend.recognise),
)
"""All families, in no particular order: they exclude each other by structure."""
