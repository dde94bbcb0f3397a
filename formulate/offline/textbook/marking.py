"""A sentence with what was read of it marked: the ground on which its remaining words are judged.

In the marked text a name is E, a number Q, a comparison C, the word of a goal G, a noun for the activities K, each
filled up with # to its length, so that offsets stay valid; every other letter is lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.lexicon import root
from formulate.offline.textbook.meaning import Meaning, class_roots, entity_measures
from formulate.offline.textbook.story import Story
from verify.reading.document import Sentence
from verify.reading.ledger import Leftover
from verify.reading.operators import operators_of
from verify.reading.words import STOPWORDS

PERIODS = frozenset(("day", "week", "month", "year", "shift", "trip", "hour", "minute", "season", "visit"))
BOUNDS = frozenset(("bound", "total", "resource", "relation", "combination", "share"))
"""Kinds of clause that limit something."""


@dataclass(frozen=True)
class Marked:
    """One sentence: its clauses, what kinds of fact each of them told (by start), and its marked text."""

    story: Story
    sentence: Sentence
    clauses: tuple[Clause, ...]
    kinds: dict[int, set[str]]
    text: str

    def clause_at(self, offset: int) -> Clause:
        """The clause that holds an offset of the document."""
        return next((c for c in self.clauses if c.start <= offset < c.end), self.clauses[-1])

    def kinds_of(self, clause: Clause) -> set[str]:
        """Kinds of fact: data, bound, total, resource, each, relation, combination, share, goal; else plain."""
        return self.kinds[clause.start]

    def part(self, clause: Clause) -> str:
        """The marked text of one clause."""
        return self.text[clause.start - self.sentence.start : clause.end - self.sentence.start]

    def leftover(self, start: int, end: int, why: str) -> Leftover:
        """A leftover of this sentence; offsets into the document."""
        return Leftover(self.sentence.text, start, end, why)

    @cached_property
    def told(self) -> bool:
        """Whether some clause told a fact or a goal."""
        return any(self.kinds[clause.start] != {"plain"} for clause in self.clauses)

    @cached_property
    def begun(self) -> int:
        """Offset of the first number that was read; the sentence's end where there is none."""
        starts = [fact.quantity.start for fact in self.story.coefficients]
        starts += [limit.quantity.start for limit in self.story.limits]
        return min(starts, default=self.sentence.end)

    @cached_property
    def first_named(self) -> dict[int, int]:
        """Where the text names each activity first."""
        return {m.entity: m.start for c in reversed(self.story.clauses) for m in reversed(c.mentions)}

    def introduces(self, clause: Clause) -> bool:
        """Whether a clause is where the text names all its activities for the first time."""
        here = {m.entity for m in clause.mentions if self.first_named[m.entity] == m.start}
        return len(here) == len(self.story.entities.names)

    @cached_property
    def explains(self) -> bool:
        """Whether the sentence only gives the reason for the next one, which draws the conclusion: "Therefore, ..."."""
        sentences = self.story.reading.document.sentences
        following = next((s for s in sentences if s.index == self.sentence.index + 1), None)
        return following is not None and bool(
            re.match(r"(?:therefore|thus|hence|so|consequently)\b", following.text, re.I)
        )

    def leads(self, clause: Clause) -> bool:
        """Whether a clause gives the reason for the next one, which begins with "so" or "therefore"."""
        following = next((c for c in self.clauses if c.start >= clause.end), None)
        return following is not None and bool(re.match(r"(?:and )?(?:so|therefore|thus|hence)\b", following.pattern))


def marked_sentences(story: Story, meaning: Meaning) -> Iterator[Marked]:
    """The sentences of a story, marked, in reading order."""
    nouns = class_roots(story) | {root(m) for m in entity_measures(story)} | {"unit", "item"}
    nouns -= {"number", "numb", *PERIODS, *STOPWORDS}
    kinds = _kinds(story, meaning)
    for sentence in story.reading.document.sentences:
        clauses = tuple(c for c in story.clauses if c.sentence.index == sentence.index)
        if clauses:
            yield Marked(story, sentence, clauses, kinds, _marked(story, sentence, clauses, nouns))


def _kinds(story: Story, meaning: Meaning) -> dict[int, set[str]]:
    kinds: dict[int, set[str]] = {clause.start: set() for clause in story.clauses}
    for coefficient in story.coefficients:
        kinds[coefficient.clause.start].add("data")
    for row in meaning.rows:
        kinds[row.limit.clause.start] |= {row.kind, "bound"}
    bounds = [row.limit for row in meaning.rows if row.kind == "bound"]
    for limit in bounds:
        if bounds.count(limit) > 1:
            kinds[limit.clause.start].add("each")
    for limit in story.limits:
        kinds[limit.clause.start].add("bound")
    for ratio in story.ratios:
        kinds[ratio.clause.start].add("relation")
    for combination in story.combinations:
        kinds[combination.clause.start].add("combination")
    for share in story.shares:
        kinds[share.clause.start].add("share")
    for clause in story.clauses:
        if any(goal.start < clause.end and clause.start < goal.end for goal in story.goals):
            kinds[clause.start].add("goal")
        elif not kinds[clause.start]:
            kinds[clause.start].add("plain")
    return kinds


def _marked(story: Story, sentence: Sentence, clauses: tuple[Clause, ...], nouns: frozenset[str]) -> str:
    text = list(sentence.text.lower())
    for start, end, letter in _marks(story, sentence, clauses, nouns):
        low, high = start - sentence.start, min(end - sentence.start, len(text))
        if low < high:
            text[low:high] = letter + "#" * (high - low - 1)
    return "".join(text)


def _marks(
    story: Story, sentence: Sentence, clauses: tuple[Clause, ...], nouns: frozenset[str]
) -> Iterator[tuple[int, int, str]]:
    """Spans of the document and their letters; later ones overwrite earlier ones."""
    own = operators_of(sentence.text, sentence.start)
    begins = {operator.start for operator in own}
    for token in sentence.tokens:
        if token.kind == "word" and root(token.lower) in nouns and token.start not in begins:
            yield token.start, token.end, "K"
    for quantity in story.reading.quantities:
        if quantity.sentence == sentence.index and quantity.kind not in ("article", "ordinal"):
            yield quantity.start, quantity.end, "Q" if quantity.counts else "#"
    for comparison in story.used:
        if sentence.start <= comparison.start < sentence.end:
            phrase = comparison.end - len(comparison.text)
            yield phrase, comparison.end, "C"
            # "need not make more than 4" spares; it does not forbid.
            spares = any(o.kind == "mood" and o.start <= comparison.start + 5 and comparison.start < o.end for o in own)
            if comparison.start < phrase and not spares:
                negation = re.match(r"\S+", sentence.text[comparison.start - sentence.start :])
                yield comparison.start, comparison.start + (negation.end() if negation else 0), "#"
    for goal in story.goals:
        if goal.sentence == sentence.index:
            word = re.match(r"[\w-]+(?: the most)?", sentence.text[goal.start - sentence.start :])
            yield goal.start, goal.start + (word.end() if word else 0), "G"
    for clause in clauses:
        for mention in clause.mentions:
            yield mention.start, mention.end, "E"
