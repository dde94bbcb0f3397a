"""Read a problem text: sentences, quantities, comparisons, entities, the goal, and what must be accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from verify.reading.comparisons import Comparison, find_comparisons, states_requirement
from verify.reading.document import Document, ReadError, Sentence, read_document
from verify.reading.entities import Entities, candidate_entities
from verify.reading.goal import Goal, find_goals
from verify.reading.idle import Idle, find_idle
from verify.reading.ledger import Ledger
from verify.reading.quantities import Quantity, find_quantities

__all__ = ["ReadError", "Reading", "read"]


@dataclass(frozen=True)
class Reading:
    """What the reader found in a text. Parts beyond sentences and quantities are found when asked for."""

    text: str
    document: Document
    quantities: tuple[Quantity, ...]
    idle: tuple[Idle, ...] = ()
    """Numbers that nothing in the text could make use of; they do not count."""

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Comparison phrases in order."""
        return find_comparisons(self.document)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Goal phrases in order."""
        return find_goals(self.document)

    @cached_property
    def entities(self) -> tuple[Entities, ...]:
        """Proposed lists of what is decided about, most supported first."""
        return candidate_entities(self.document)

    @cached_property
    def requirements(self) -> tuple[Sentence, ...]:
        """Sentences that state a requirement."""
        return tuple(sentence for sentence in self.document.sentences if states_requirement(sentence))

    def ledger(self) -> Ledger:
        """A fresh ledger of the quantities and requirements that a formulation must account for."""
        return Ledger(self.document, tuple(q for q in self.quantities if q.counts), self.requirements)

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain data for JSON; offsets are into the text."""
        return {
            "schema": "formulate-reading/1",
            "sentences": [
                {"index": s.index, "start": s.start, "end": s.end, "kind": s.kind, "text": s.text}
                for s in self.document.sentences
            ],
            "tables": [{"start": b.start, "end": b.end, "lines": list(b.lines)} for b in self.document.tables],
            "quantities": [
                {
                    "value": q.value,
                    "text": q.text,
                    "unit": q.unit,
                    "kind": q.kind,
                    "start": q.start,
                    "end": q.end,
                    "sentence": q.sentence,
                    "counts": q.counts,
                }
                for q in self.quantities
            ],
            "comparisons": [
                {"direction": c.direction, "text": c.text, "start": c.start, "end": c.end} for c in self.comparisons
            ],
            "entities": [list(e.names) for e in self.entities[:3]],
            "goals": [
                {"sense": g.sense, "target": g.target, "start": g.start, "end": g.end, "sentence": g.sentence}
                for g in self.goals
            ],
            "requirements": [s.index for s in self.requirements],
        }


@lru_cache(maxsize=4)
def read(text: str) -> Reading:
    """Read a problem text. Raises ReadError for an empty, binary or overlong one.

    The last few readings are kept: the recognisers and the report read the same text.
    """
    document = read_document(text)
    found = find_quantities(document)
    idle = find_idle(document, found)
    aside = {each.quantity for each in idle}
    kept = tuple(replace(q, kind="idle") if q in aside else q for q in found)
    return Reading(text, document, kept, idle)
