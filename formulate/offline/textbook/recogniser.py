"""The recogniser of textbook problems: a draft when one list of activities explains the whole text."""

from __future__ import annotations

from dataclasses import replace

from formulate.offline.base import Abstention, Draft, Leftover, Reading
from formulate.offline.textbook.emit import Slot, to_formulation
from formulate.offline.textbook.meaning import Meaning, NotUnderstood
from formulate.offline.textbook.resolve import understand
from formulate.offline.textbook.retelling import retell
from formulate.offline.textbook.story import Story, tell
from formulate.offline.textbook.wording import unlicensed
from verify.reading.entities import Entities, candidate_entities
from verify.reading.ledger import Claim

MAX_SENTENCES = 60
MAX_SENTENCE = 1500


class TextbookRecogniser:
    """Two to six activities with coefficients, limits, shares and ratios, told in sentences."""

    name = "textbook"

    def recognise(self, reading: Reading) -> Draft | Abstention:
        """A draft when one reading leaves nothing over; an abstention naming sentences otherwise."""
        if not reading.document.tables:
            return self._told(reading, None)
        retold = retell(reading)
        if isinstance(retold, str):
            return Abstention.because(retold, by=self.name)
        outcome = self._told(retold.reading, retold.entities)
        if isinstance(outcome, Abstention):
            return Abstention(retold.leftovers(outcome.reasons), self.name)
        formulation = retold.formulation(outcome.formulation, outcome.claims)
        return replace(outcome, formulation=formulation, claims=retold.claims(outcome.claims))

    def _told(self, reading: Reading, given: Entities | None) -> Draft | Abstention:
        """What a text without tables tells; of the activities given, or of those that the text proposes."""
        document = reading.document
        if len(document.sentences) > MAX_SENTENCES:
            return Abstention.because(f"the text has more than {MAX_SENTENCES} sentences", by=self.name)
        if any(s.end - s.start > MAX_SENTENCE for s in document.sentences):
            return Abstention.because(f"the text has a sentence of more than {MAX_SENTENCE} characters", by=self.name)
        candidates = candidate_entities(document) if given is None else (given,)
        if not candidates:
            return Abstention.because("no list of things to decide about was found", by=self.name)
        best: tuple[Leftover, ...] | None = None
        drafts: list[tuple[Meaning, Story]] = []
        for entities in candidates:
            try:
                outcome = self._try(reading, entities)
            except NotUnderstood as reason:
                return Abstention((reason.leftover,), self.name)
            if isinstance(outcome, tuple) and isinstance(outcome[0], Meaning):
                drafts.append(outcome)  # type: ignore[arg-type]
            elif best is None or len(outcome) < len(best):
                best = outcome  # type: ignore[assignment]
        if not drafts:
            return Abstention(best or (), self.name)
        drafts = _fullest(drafts)
        if len({_signature(meaning) for meaning, _ in drafts}) > 1:
            return Abstention.because("the text can be read in more than one way", by=self.name)
        meaning, story = drafts[0]
        unread = unlicensed(story, meaning)
        if unread:
            return Abstention(unread, self.name)
        formulation, slots = to_formulation(meaning)
        return Draft(formulation, _claims(story, slots), (), 1.0, self.name)

    @staticmethod
    def _try(reading: Reading, entities: Entities) -> tuple[Meaning, Story] | tuple[Leftover, ...]:
        story = tell(reading, entities)
        if story.leftovers:
            return tuple(story.leftovers)
        try:
            return understand(story), story
        except NotUnderstood as reason:
            if reason.final:
                raise
            return (reason.leftover,)


def _fullest(drafts: list[tuple[Meaning, Story]]) -> list[tuple[Meaning, Story]]:
    """The drafts whose names are not merely parts of the names of another draft."""
    return [
        draft
        for draft in drafts
        if not any(other is not draft and _within(draft[0].entities, other[0].entities) for other in drafts)
    ]


def _within(shorter: Entities, longer: Entities) -> bool:
    if len(shorter.stems) != len(longer.stems) or sum(map(len, shorter.stems)) >= sum(map(len, longer.stems)):
        return False
    remaining = list(longer.stems)
    for stems in shorter.stems:
        holder = next((other for other in remaining if set(stems) <= set(other)), None)
        if holder is None:
            return False
        remaining.remove(holder)
    return True


def _claims(story: Story, slots: tuple[Slot, ...]) -> tuple[Claim, ...]:
    """One claim per number, named for the cell that holds it: `profit['city bicycles']`."""
    names = {(s.start, s.end): s.parameter + (f"[{', '.join(map(repr, s.key))}]" if s.key else "") for s in slots}
    counted = (q for q in story.reading.quantities if q.counts)
    return tuple(Claim(q.start, q.end, names.get((q.start, q.end), "structural")) for q in counted)


def _signature(meaning: Meaning) -> tuple[object, ...]:
    """The linear program up to the order of activities and rows, to tell two readings apart."""
    count = len(meaning.entities.names)
    columns = []
    for e in range(count):
        column: list[object] = []
        for row in meaning.rows:
            if row.attribute is not None:
                fact = meaning.attributes[row.attribute].cells.get(e)
                column.append(
                    (row.direction, float(row.limit.quantity.value), float(fact.quantity.value) if fact else 0.0)
                )
            else:
                column.append((row.direction, float(row.limit.quantity.value), float(e in row.members)))
        for k, sign in meaning.objective:
            if k is None:
                column.append(("count", sign, float(e in meaning.counted)))
            else:
                column.append(("goal", sign, float(meaning.attributes[k].cells[e].quantity.value)))
        for ratio in meaning.ratios:
            side = 1 if ratio.left == e else (-1 if ratio.right == e else 0)
            column.append(
                (
                    ratio.direction,
                    side,
                    float(ratio.factor.value) if ratio.factor else 1.0,
                    float(ratio.offset.value) if ratio.offset else 0.0,
                )
            )
        for combination in meaning.combinations:
            constant = float(combination.constant.value) if combination.constant else 0.0
            for piece in combination.pieces:
                if piece.entity == e:
                    column.append(
                        (
                            combination.direction,
                            constant,
                            piece.sign,
                            float(piece.factor.value) if piece.factor else 1.0,
                        )
                    )
        for part in meaning.shares:
            column.append(
                (part.share.direction, float(part.share.part.value), part.share.entity == e, part.attribute is None)
            )
        columns.append(tuple(sorted(map(repr, column))))
    return (count, meaning.sense, meaning.integer, tuple(sorted(columns)))
