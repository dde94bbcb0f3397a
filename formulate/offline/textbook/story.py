"""The story of a text under one list of entities: its facts, and what is left over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from formulate.offline.textbook.clauses import Clause, split_clauses
from formulate.offline.textbook.combinations import Combination, find_combination
from formulate.offline.textbook.facts import (
    Coefficient,
    Limit,
    Phrase,
    category_of,
    cue_direction,
    direction_of,
    phrase_of,
)
from formulate.offline.textbook.lexicon import TIME, content, distinctive
from formulate.offline.textbook.relations import Ratio, Share, find_ratio, find_share
from verify.reading.comparisons import Comparison, Direction, states_requirement
from verify.reading.document import Sentence
from verify.reading.entities import Entities
from verify.reading.goal import Goal, goals_in
from verify.reading.ledger import Leftover
from verify.reading.quantities import Quantity
from verify.reading.reader import Reading
from verify.reading.words import singular, word_set

_PRONOUN = re.compile(r"\b(?:it|which|this|its|they|them)\b", re.I)
_RESIDUE = re.compile(
    r"\b(?:cannot|can't|not|never|only|unless|same|equal|equally|both|each|every|all|more|less|fewer|exceed\w*"
    r"|limit\w*|restrict\w*"
    r"|entire|fully|no|twice|half|maximum|minimum|before|after|if)\b",
    re.I,
)
_ALL = re.compile(r"\b(?:both|each|all|either|every)\b", re.I)
_TAKES = word_set("require requires take takes need needs cost costs contain contains transport carry hold least most")
_CONDITION = re.compile(
    r"\b(?:unless|only if|only be \w+ if|otherwise|provided that|as long as|whenever|in case|or neither|or both)\b",
    re.I,
)
_IF = re.compile(r"\b(?:if|then)\b", re.I)
_BENIGN = re.compile(
    r"\b(?:following|certain|several|various|these|all|the|some|meet|specific) (?:\w+ ){0,3}(?:constraints?"
    r"|requirements?|conditions?|bounds|limitations)\b"
    r"|specific (?:bounds|limits)|\b(?:must|needs? to|has to|have to|should|wants? to|aims? to|required to) "
    r"(?:decide|determine|choose|find|figure|plan|know|be (?:determined|"
    r"decided)|allocate \w+ (?:resources|budget)|buy (?:both|two)|be added|make|consider|select|allocate)\b"
    r"|non-?negativ|greater than or equal to 0"
    r"|whole numbers?|integers?|\bneed to be added\b",
    re.I,
)


@dataclass
class Story:
    """Facts in reading order. `leftovers` names what no fact answers for."""

    reading: Reading
    entities: Entities
    coefficients: list[Coefficient] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    combinations: list[Combination] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    used: set[Comparison] = field(default_factory=set)

    def leave(self, sentence: Sentence, start: int, end: int, why: str) -> None:
        """Record what could not be read."""
        self.leftovers.append(Leftover(sentence.text, start, end, why))


def tell(reading: Reading, entities: Entities) -> Story:
    """Read the text as facts about these entities."""
    story = Story(reading, entities)
    subject: int | None = None
    for sentence in reading.document.sentences:
        goals = goals_in(sentence)
        story.goals += goals
        clauses = split_clauses(sentence, entities, reading.quantities)
        used: set[Comparison] = set()
        facts = _count(story)
        for clause in clauses:
            story.clauses.append(clause)
            subject = _read_clause(story, clause, subject, used, clause is not clauses[0])
        story.used |= used
        _account(story, sentence, goals, clauses, used, _count(story) > facts)
    return story


def _count(story: Story) -> int:
    return len(story.limits) + len(story.ratios) + len(story.shares) + len(story.combinations)


def _read_clause(
    story: Story, clause: Clause, subject: int | None, used: set[Comparison], continues: bool
) -> int | None:
    """Add the facts of one clause; returns the entity that a following "it" refers to."""
    share = find_share(clause) if len(clause.pattern) < 1500 else None
    ratio = None if share or len(clause.pattern) >= 1500 else find_ratio(clause)
    combination = None if share or ratio else find_combination(clause)
    if share:
        story.shares.append(share)
        used.update(clause.comparisons)
    elif ratio:
        story.ratios.append(ratio)
        used.update(clause.comparisons)
    elif combination:
        story.combinations.append(combination)
        used.update(clause.comparisons)
    else:
        _numbers(story, clause, subject, used, continues)
    return clause.named[0] if len(clause.named) == 1 else (subject if not clause.named else None)


def _numbers(story: Story, clause: Clause, subject: int | None, used: set[Comparison], continues: bool) -> None:
    numbers = [q for q in clause.quantities if q.kind != "multiplier"]
    for q in clause.quantities:
        if q.kind == "multiplier":
            story.leave(clause.sentence, q.start, q.end, f"the multiplier {q.text!r} is not understood")
    owners = _owners(clause, numbers, subject, len(story.entities.names), continues)
    previous: Limit | None = None
    for n, quantity in enumerate(numbers):
        phrase = phrase_of(clause, quantity)
        bounded = direction_of(clause, quantity, previous)
        previous = None
        owner_of_range = [m.entity for m in clause.mentions if m.end <= quantity.start][-1:]
        if quantity.kind in ("range_low", "range_high") and owner_of_range:
            if _twisted(clause, quantity):
                why = f"what the range of {quantity.text!r} is taken of is not clear"
                story.leave(clause.sentence, quantity.start, quantity.end, why)
                continue
            bound: Direction = ">=" if quantity.kind == "range_low" else "<="
            named = replace(phrase, named=tuple(owner_of_range), after=())
            story.limits.append(Limit(quantity, bound, named, clause, True))
            used.update(clause.comparisons)
            continue
        if re.fullmatch(r"\D{0,2}[1-9]\d{0,2}\.\d{3}\D{0,12}", quantity.text):
            why = f"whether the point in {quantity.text!r} marks thousands or decimals is not clear"
            story.leave(clause.sentence, quantity.start, quantity.end, why)
            continue
        if quantity.kind in ("percent", "fraction", "range_low", "range_high"):
            story.leave(clause.sentence, quantity.start, quantity.end, f"{quantity.text!r} is not understood")
            continue
        if bounded is None and _counts_names(story, clause, quantity, phrase):
            continue
        if bounded is None:
            cue = cue_direction(clause, quantity)
            whole = len(clause.named) > 1 and owners[n] is None
            if clause.named and clause.comparisons:
                cue = None
            if cue and (
                (not clause.named and owners[n] is None) or whole or (phrase.named and not _per_unit(clause, quantity))
            ):
                bounded = (cue, False)
        if bounded is not None:
            if continues and subject is not None and not clause.named and not phrase.after and _echoes(story, clause):
                # "at least 100 mangos but at most 150 are sold"
                phrase = replace(phrase, named=(subject,))
            previous = Limit(quantity, bounded[0], phrase, clause, bounded[1])
            story.limits.append(previous)
            used.update(_own_comparisons(clause, quantity))
            continue
        owner = owners[n]
        if owner is None:
            story.leave(
                clause.sentence,
                quantity.start,
                quantity.end,
                f"what the number {quantity.text!r} belongs to is not clear",
            )
            continue
        for entity in owner:
            story.coefficients.append(
                Coefficient(entity, quantity, phrase, category_of(clause, quantity, phrase), clause)
            )


_RANGED = re.compile(
    r"%|\b(?:per ?cent|percentage|fifths?|thirds?|quarters?|halves|half|tenths?|times|dozens?|score|hundreds?"
    r"|thousands?|more|fewer|less|of)\b"
)


def _twisted(clause: Clause, quantity: Quantity) -> bool:
    """Whether "between 4 and 6" is of something else than of pieces of the one thing named: a share, a multiple ("times
    the number of"), a difference ("more than"), dozens, the sum of several."""
    text, offset = clause.sentence.text.lower(), clause.sentence.start
    ends = [q for q in clause.quantities if q.kind == "range_high" and q.end >= quantity.end]
    begins = [q for q in clause.quantities if q.kind == "range_low" and q.start <= quantity.start]
    if not ends or not begins:
        return True
    low, high = begins[-1].start, ends[0].end
    after = re.split(r"[.,;:]", text[high - offset : high - offset + 24])[0]
    if _RANGED.search(text[low - offset : high - offset]) or _RANGED.search(after):
        return not re.match(r" [a-z]+ of\b", after) or bool(re.search(r"\b(?:times|dozens?|score)\b|%", after))
    before = max((q.end for q in clause.quantities if q.end <= low), default=clause.start)
    return len({m.entity for m in clause.mentions if before <= m.start < low}) > 1


def _own_comparisons(clause: Clause, quantity: Quantity) -> list[Comparison]:
    """The comparisons that bound a number: those between the number before and it, and "or more" after it."""
    low = max((q.end for q in clause.quantities if q.end <= quantity.start), default=clause.start)
    after = clause.sentence.text[quantity.end - clause.sentence.start :]
    return [
        c
        for c in clause.comparisons
        if low <= c.start < quantity.start
        or (0 <= c.start - quantity.end <= 30 and re.match(r"(?:\s\w+){0,3}\s?or\b", after[: c.end - quantity.end]))
    ]


def _counts_names(story: Story, clause: Clause, quantity: Quantity, phrase: Phrase) -> bool:
    """Whether a number only says how many activities there are: "two machines, A and B"."""
    if quantity.kind != "number" or quantity.value != len(story.entities.names) or not phrase.after:
        return False
    if any(m.end <= quantity.start for m in clause.mentions):
        return False
    text = clause.sentence.text[quantity.end - clause.sentence.start :]
    before = clause.sentence.text[: quantity.start - clause.sentence.start].lower().split()
    if distinctive(content([phrase.after[0]])) == frozenset() or quantity.unit in TIME:
        return False
    if singular(phrase.after[0]) in story.entities.shared and not clause.comparisons:
        return True
    if before and before[-1] in (
        "these",
        "the",
        "both",
        "of",
        "following",
        "those",
        "into",
        "between",
        "all",
        "across",
    ):
        return True
    later = {
        m.entity
        for c in split_clauses(clause.sentence, story.entities, story.reading.quantities)
        for m in c.mentions
        if m.start >= quantity.end
    }
    others = [q for q in story.reading.quantities if q.sentence == quantity.sentence and q.counts and q != quantity]
    if len(later) < len(story.entities.names) and (others or (before and before[-1] in _TAKES)):
        return False
    return bool(
        re.match(
            r"\s*[\w\- ]{2,40}?\s*(?:[,:(.]|\b(?:to|that|which|for|available|in order|called|namely|using|from"
            r"|with|and)\b)",
            text,
        )
    )


def _echoes(story: Story, clause: Clause) -> bool:
    """Whether a clause goes on about the activity just bounded: "at least 100 mangos | but at most 150 are sold"."""
    text = clause.pattern
    last = story.limits[-1] if story.limits else None
    return (
        bool(re.match(r"(?:but|and|though|although)\b", text))
        and not re.search(r"\b(?:total|combined|number|all)\b", text)
        and last is not None
        and last.clause.sentence.index == clause.sentence.index
    )


def _per_unit(clause: Clause, quantity: Quantity) -> bool:
    """Whether the clause speaks of one unit ("each", "a", "per") rather than of the whole supply."""
    text = clause.sentence.text[clause.start - clause.sentence.start : clause.end - clause.sentence.start].lower()
    return bool(
        re.search(r"\b(?:each|per|every|one|an?)\s+(?:\w+ ){0,3}$", text[: quantity.start - clause.start])
    ) or bool(re.search(r"\b(?:each|per|every)\b", text))


_CONTINUES = re.compile(
    r"(?:but|and|while|whereas|however|although|though|so)?\W*(?:only |also |it |they |then )?(?:requires?"
    r"|takes?|costs?|needs?|produces?"
    r"|uses?|contains?|consumes?|generates?|results? in|outputs?|outputting|producing|using|requiring|emits?"
    r"|gives? off|yields?|"
    r"creates?|has|holds?|can|earns?|releases?|causes?|leads? to|carries|makes?)\b",
    re.I,
)
_SHARED = re.compile(
    r"\b(?:both|each|either)\b[^.;]{0,60}\b(?:requires?|takes?|costs?|needs?|uses?|contains?|weighs?|sells?|sold)\b",
    re.I,
)


def _owners(
    clause: Clause, numbers: list[Quantity], subject: int | None, count: int, continues: bool
) -> list[tuple[int, ...] | None]:
    """The entities each number of a clause belongs to, by the order of names and numbers."""
    named = clause.named
    text = clause.sentence.text[clause.start - clause.sentence.start : clause.end - clause.sentence.start]
    if not numbers:
        return []
    if not named:
        if "respectively" in text.lower() and len(numbers) == count and len({q.kind for q in numbers}) == 1:
            return [(n,) for n in range(count)]
        if _SHARED.search(text) and len(numbers) == 1 and not clause.comparisons:
            return [tuple(range(count))]
        if continues and subject is not None and _CONTINUES.match(text):
            return [(subject,)] * len(numbers)
        if _PRONOUN.search(text) and subject is not None:
            return [(subject,)] * len(numbers)
        return [None] * len(numbers)
    if len(named) == 1:
        return [(named[0],)] * len(numbers)
    order = sorted(
        [("E", m.start, m.entity) for m in clause.mentions] + [("Q", q.start, n) for n, q in enumerate(numbers)],
        key=lambda item: item[1],
    )
    shape = "".join(item[0] for item in order)
    kinds = {(q.kind, q.unit if q.kind != "money" else "") for q in numbers}
    if (
        re.fullmatch(r"E+Q+|Q+E+", shape)
        and len(named) == len(numbers) == len(clause.mentions)
        and (len(numbers) > 1 and (len({k for k, _ in kinds}) == 1))
    ):
        return [(named[n],) for n in range(len(numbers))]
    if re.fullmatch(r"E+Q+", shape) and len(named) == len(clause.mentions) and _ALL.search(text):
        return [named] * len(numbers)
    owners: list[tuple[int, ...] | None] = [None] * len(numbers)
    if re.fullmatch(r"(?:EQ+)+", shape):
        current = -1
        for letter, _, value in order:
            if letter == "E":
                current = value
            else:
                owners[value] = (current,)
    elif re.fullmatch(r"(?:Q+E)+", shape):
        pending: list[int] = []
        for letter, _, value in order:
            if letter == "Q":
                pending.append(value)
            else:
                for n in pending:
                    owners[n] = (value,)
                pending = []
    return owners


def _account(
    story: Story,
    sentence: Sentence,
    goals: tuple[Goal, ...],
    clauses: tuple[Clause, ...],
    used: set[Comparison],
    stated: bool,
) -> None:
    """Leave over comparisons that no fact used and requirements that no fact states."""
    for clause in clauses:
        for comparison in clause.comparisons:
            if comparison in used or any(g.start <= comparison.start < g.end for g in goals):
                continue
            if _BENIGN.search(sentence.text) and not clause.quantities:
                continue
            story.leave(
                sentence, comparison.start, comparison.end, f"the comparison {comparison.text!r} is not understood"
            )
    conditional = any(c.comparisons and _IF.search(c.pattern) for c in clauses)
    if stated and (_CONDITION.search(sentence.text) or (conditional and not goals)):
        story.leave(sentence, sentence.start, sentence.end, "a requirement under a condition is not understood")
    if stated or goals or not states_requirement(sentence) or _BENIGN.search(sentence.text):
        return
    # "Patients need to be taken to hospital by bus or by car" names the decision and limits nothing.
    if _RESIDUE.search(sentence.text) or any(c.quantities or c.comparisons for c in clauses):
        story.leave(sentence, sentence.start, sentence.end, "a requirement is not understood")


__all__ = ["Phrase", "Story", "tell"]
