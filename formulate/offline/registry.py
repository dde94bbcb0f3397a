"""The recognisers, tried one after another; exactly one must account for the whole text."""

from __future__ import annotations

from dataclasses import replace

from formulate.offline.base import Abstention, Draft, Leftover, Reading, Recogniser
from solvers.formulation import Unused

MOST_SENTENCES = 4
"""An abstention shows at most this many sentences of a text that no class fits."""


def recognisers() -> tuple[Recogniser, ...]:
    """All recognisers: the families of structured classes, then textbook problems."""
    from formulate.offline.families import RECOGNISERS
    from formulate.offline.textbook import TextbookRecogniser

    return (*RECOGNISERS, TextbookRecogniser())


def recognise(reading: Reading, among: tuple[Recogniser, ...] | None = None) -> Draft | Abstention:
    """The draft of the one recogniser that leaves nothing over; otherwise an abstention naming sentences.

    Two recognisers that both accept with formulations that differ are a reason to abstain.
    """
    drafts: list[Draft] = []
    abstentions: list[Abstention] = []
    for recogniser in recognisers() if among is None else among:
        outcome = recogniser.recognise(reading)
        if isinstance(outcome, Abstention):
            abstentions.append(outcome)
        elif outcome.leftovers:
            abstentions.append(Abstention(outcome.leftovers, recogniser.name))
        else:
            drafts.append(outcome)
    if len(drafts) == 1:
        return _with_idle(drafts[0], reading)
    if drafts:
        names = ", ".join(draft.recogniser or draft.formulation.name for draft in drafts)
        return Abstention((Leftover("", 0, 0, f"the text can be read as more than one class of problem ({names})"),))
    return Abstention(_closest(reading, abstentions))


def _with_idle(draft: Draft, reading: Reading) -> Draft:
    """The draft with the numbers that the reader set aside declared unused."""
    aside = tuple(Unused(each.quote, each.quantity.value, each.reason) for each in reading.idle)
    if not aside:
        return draft
    return replace(draft, formulation=replace(draft.formulation, unused=(*draft.formulation.unused, *aside)))


def _closest(reading: Reading, abstentions: list[Abstention]) -> tuple[Leftover, ...]:
    """The reasons of the recogniser that came closest: fewest, and naming a sentence.

    Where none got as far as a sentence, the classes that were tried and the sentences that hold the data.
    """
    telling = [a for a in abstentions if any(reason.sentence for reason in a.reasons)]
    if telling:
        return min(telling, key=lambda a: len(a.reasons)).reasons
    if not abstentions:
        return (Leftover("", 0, 0, "no recogniser is installed"),)
    last = abstentions[-1]
    tried = ", ".join(a.by for a in abstentions if a.by)
    reasons = [Leftover("", 0, 0, f"no class of problem that is read offline fits ({tried or last})"), *last.reasons]
    seen: set[str] = set()
    for leftover in reading.ledger().leftovers():
        if leftover.sentence and leftover.sentence not in seen and len(seen) < MOST_SENTENCES:
            seen.add(leftover.sentence)
            reasons.append(Leftover(leftover.sentence, leftover.start, leftover.end, "not accounted for"))
    return tuple(reasons)
