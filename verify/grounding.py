"""Whether a formulation rests on its text: every cited quote stands there, and says the number it is cited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
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
    claims count in `text`. A quote that stands there several times claims every place; of a quote that holds
    several numbers only the cell's own is claimed, so that a sentence cited for one number does not answer for all.

    A number without a quote, or whose quote holds none, is suspect where the whole text does not hold it and no
    assumption is about its parameter; 0 and 1 need no words.
    """
    where = _Text(text)
    claims: list[Claim] = []
    doubts: list[Finding] = []
    assumed = {assumption.about for assumption in formulation.assumptions}
    for slot, name, cell in _cells(formulation):
        value = float(cell.value) if isinstance(cell.value, (int, float)) else None
        spans = where.spans(cell.quote)
        if cell.quote.strip() and not spans:
            doubts.append(Finding("quotes", "suspect", slot, f"{_short(cell.quote)!r} does not stand in the text",
                                  "was this number made up?"))  # fmt: skip
            continue
        claims += [Claim(*part, slot) for span in spans for part in where.numbers_within(span, value)]
        if value is None:
            continue
        numbers = _numbers(cell.quote) if spans else set()
        if numbers and not _ways(value) & numbers:
            doubts.append(Finding("quotes", "suspect", slot, f"{_short(cell.quote)!r} is cited for {cell.value:g}",
                                  "was it copied wrongly, or computed from several numbers?"))  # fmt: skip
        elif not numbers and abs(value) not in (0, 1) and name not in assumed and not _ways(value) & where.numbers:
            doubts.append(Finding("quotes", "suspect", slot, f"{cell.value:g} stands nowhere in the text",
                                  "was this number made up? If it was added, say so in an assumption about "
                                  f"{name}"))  # fmt: skip
    for unused in formulation.unused:
        value = float(unused.value) if isinstance(unused.value, (int, float)) else None
        claims += [
            Claim(*part, "unused") for span in where.spans(unused.quote) for part in where.numbers_within(span, value)
        ]
    return tuple(claims), tuple(doubts)


def _cells(formulation: Formulation) -> Iterator[tuple[str, str, Cell]]:
    """Each cell with its slot and the name of its parameter."""
    for parameter in formulation.parameters:
        for cell in parameter.cells:
            key = ", ".join(map(repr, cell.key))
            yield f"{parameter.name}[{key}]" if key else parameter.name, parameter.name, cell


class _Text:
    """A text that is searched without regard to case and spacing, with the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
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

    @cached_property
    def quantities(self) -> list[tuple[int, int, float]]:
        """(start, end, value) of every number of the text, in order; none where the text cannot be read."""
        from solvers.errors import FormulateError
        from verify.reading.reader import read

        try:
            found = read(self.text).quantities
        except FormulateError:
            return []
        return [(q.start, q.end, float(q.value)) for q in found if q.value is not None]

    @cached_property
    def numbers(self) -> set[float]:
        """The values that the text and its tables say."""
        from verify.reading.tables import find_tables

        cells = (cell.value for table in find_tables(self.text) for row in table.body for cell in row)
        return {value for _, _, value in self.quantities} | {float(value) for value in cells if value is not None}

    def numbers_within(self, span: tuple[int, int], value: float | None) -> list[tuple[int, int]]:
        """The numbers of this value in a span that holds several; else the span."""
        inside = [q for q in self.quantities if span[0] <= q[0] and q[1] <= span[1]]
        if value is None or len(inside) < 2:
            return [span]
        own = [(start, end) for start, end, number in inside if number in _ways(value)]
        # The halves of a clock time in the quote say when, and count nothing.
        clock = [(start, end) for start, end, _ in inside if ":" in self.text[max(0, start - 1) : end + 1]]
        return own + clock if own else [span]

    def _digits(self, left: int, right: int) -> bool:
        together = self.places[right] == self.places[left] + 1
        return together and self.packed[left].isdigit() and self.packed[right].isdigit()


def _numbers(quote: str) -> set[float]:
    from verify.reading.reader import read

    return {float(q.value) for q in read(_SPACE.sub(" ", quote)).quantities if q.value is not None}


def _ways(value: float) -> set[float]:
    """How a text may say a value: itself, as a percentage, without its sign."""
    return {value, value * _PERCENT, -value, round(value * _PERCENT, 9)}


def _short(quote: str) -> str:
    quote = _SPACE.sub(" ", quote).strip()
    return quote if len(quote) <= 60 else f"{quote[:57]}..."
