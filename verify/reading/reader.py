"""Read a problem text: sentences, quantities and the ledger that accounts for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verify.reading.document import Document, read_document
from verify.reading.ledger import Ledger
from verify.reading.quantities import Quantity, find_quantities


@dataclass(frozen=True)
class Reading:
    """What the reader found in a text."""

    text: str
    document: Document
    quantities: tuple[Quantity, ...]

    def ledger(self) -> Ledger:
        """A fresh ledger of the quantities and requirements that a formulation must account for."""
        return Ledger(self.document, tuple(q for q in self.quantities if q.counts))

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain data for JSON."""
        return {"schema": "formulate-reading/1"}


def read(text: str) -> Reading:
    """Read a problem text. Raises ReadError for an empty, binary or overlong one."""
    document = read_document(text)
    return Reading(text, document, find_quantities(document))
