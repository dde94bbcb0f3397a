"""Whether a formulation rests on its text: every cited quote stands there, and says the number it is cited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from verify.reading.ledger import Claim
from verify.report import Finding

if TYPE_CHECKING:
    from solvers.formulation import Cell, Formulation

_SPACE = re.compile(r"\s+")
_PERCENT = 100.0


def quote_claims(formulation: Formulation, text: str) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """The spans of the text that quotes of cells and of unused numbers cite, and what is doubtful about them.

    A quote is looked for without regard to case and spacing. One that does not stand in the text is suspect, and
    one whose words hold other numbers but not the cell's (nor its hundredfold, for percentages) too. Offsets of
    claims count in `text`. A quote that stands there several times claims every place.
    """
    where = _Text(text)
    claims: list[Claim] = []
    doubts: list[Finding] = []
    for slot, cell in _cells(formulation):
        if not cell.quote.strip():
            continue
        spans = where.spans(cell.quote)
        if not spans:
            doubts.append(Finding("quotes", "suspect", slot, f"{_short(cell.quote)!r} does not stand in the text",
                                  "was this number made up?"))  # fmt: skip
            continue
        claims += [Claim(start, end, slot) for start, end in spans]
        if isinstance(cell.value, (int, float)) and _says_otherwise(cell.quote, float(cell.value)):
            doubts.append(Finding("quotes", "suspect", slot, f"{_short(cell.quote)!r} is cited for {cell.value:g}",
                                  "was it copied wrongly, or computed from several numbers?"))  # fmt: skip
    for unused in formulation.unused:
        claims += [Claim(start, end, "unused") for start, end in where.spans(unused.quote)]
    return tuple(claims), tuple(doubts)


def _cells(formulation: Formulation) -> Iterator[tuple[str, Cell]]:
    for parameter in formulation.parameters:
        for cell in parameter.cells:
            key = ", ".join(map(repr, cell.key))
            yield f"{parameter.name}[{key}]" if key else parameter.name, cell


class _Text:
    """A text that is searched without regard to case and spacing, with the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self.places = [k for k, c in enumerate(text) if not c.isspace()]
        # One character for one character: `lower` alone may lengthen a text (a capital I with a dot).
        self.packed = "".join(text[k].lower()[:1] for k in self.places)

    def spans(self, quote: str) -> list[tuple[int, int]]:
        wanted = "".join(c.lower()[:1] for c in quote if not c.isspace())
        found: list[tuple[int, int]] = []
        at = self.packed.find(wanted) if wanted else -1
        while at != -1 and len(found) < 50:
            end = at + len(wanted)
            # "5 hours" does not stand in "15 hours", nor "1" in "12": numbers are whole.
            cut = (at > 0 and self._digits(at - 1, at)) or (end < len(self.packed) and self._digits(end - 1, end))
            if not cut:
                found.append((self.places[at], self.places[end - 1] + 1))
            at = self.packed.find(wanted, at + 1)
        return found

    def _digits(self, left: int, right: int) -> bool:
        together = self.places[right] == self.places[left] + 1
        return together and self.packed[left].isdigit() and self.packed[right].isdigit()


def _says_otherwise(quote: str, value: float) -> bool:
    from verify.reading.reader import read

    numbers = {float(q.value) for q in read(_SPACE.sub(" ", quote)).quantities if q.value is not None}
    return bool(numbers) and not {value, value * _PERCENT, -value, round(value * _PERCENT, 9)} & numbers


def _short(quote: str) -> str:
    quote = _SPACE.sub(" ", quote).strip()
    return quote if len(quote) <= 60 else f"{quote[:57]}..."
