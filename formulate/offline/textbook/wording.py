"""Wording accounted for: every operator word of a text belongs to a fact that was read, or is harmless where it stands.

A story accounts for the numbers of a text. What turns, scopes or conditions them ("no", "only", "each", "last year",
"set-up") is found by `verify.reading.operators`; here each occurrence is licensed: it lies in a name, a number, a
comparison or a goal that was read, in the words of a relation that was read, or in a harmless context
(`formulate.offline.textbook.contexts`). What is left is left over, and the text is not answered.
"""

from __future__ import annotations

import re
from collections import Counter

from formulate.offline.textbook.contexts import (
    CONTEXTS,
    IN_REASON,
    INTEGRAL,
    NO_NOUNS,
    NOT_IN_REASON,
    NOUN_KINDS,
    REASON,
    RELATION_WORDS,
    lists_all,
)
from formulate.offline.textbook.facts import Coefficient, Limit
from formulate.offline.textbook.marking import BOUNDS, Marked, marked_sentences
from formulate.offline.textbook.meaning import Meaning
from formulate.offline.textbook.residue import residue
from formulate.offline.textbook.scope import out_of_scope
from formulate.offline.textbook.story import Story
from verify.reading.ledger import Leftover
from verify.reading.operators import Operator, operators_of
from verify.reading.words import singular

_INTRODUCING = frozenset(("another", "only", "either", "both", "together", "extra"))
_UNINTEGRAL = re.compile(r"[QC]#|\bE#*[^,;]*\bE#*[^,;]*\bnot\b|\b(?:need not|not (?:have|need|necessar))")


def unlicensed(story: Story, meaning: Meaning) -> tuple[Leftover, ...]:
    """What no fact and no harmless context answers for, as leftovers in reading order."""
    nouns = _nouns(story)
    found: list[Leftover] = []
    for marked in marked_sentences(story, meaning):
        licensed = _licensed(marked)
        for operator in operators_of(marked.text, marked.sentence.start):
            if any(low <= operator.start and operator.end <= high for low, high in licensed):
                continue
            if not _harmless(operator, marked, nouns):
                why = f"the word {operator.word!r} is not accounted for"
                found.append(marked.leftover(operator.start, operator.end, why))
        found += residue(marked)
        found += out_of_scope(marked, meaning)
    return tuple(found)


def _licensed(marked: Marked) -> list[tuple[int, int]]:
    """Spans of harmless contexts, each within the clauses whose kind it holds in."""
    offset = marked.sentence.start
    spans = []
    for context in CONTEXTS:
        for match in context.pattern.finditer(marked.text):
            kinds = marked.kinds_of(marked.clause_at(match.start() + offset))
            if not context.kinds or context.kinds & kinds:
                spans.append((match.start() + offset, match.end() + offset))
    for pattern in INTEGRAL:
        for match in pattern.finditer(marked.text):
            if not _UNINTEGRAL.search(match.group()):
                spans.append((match.start() + offset, match.end() + offset))
    return spans


def _harmless(operator: Operator, marked: Marked, nouns: frozenset[str]) -> bool:
    """Whether an operator that stands in no listed context is harmless by its class and the facts of its clause."""
    clause = marked.clause_at(operator.start)
    kinds = marked.kinds_of(clause)
    low, high = operator.start - marked.sentence.start, operator.end - marked.sentence.start
    if operator.kind == "modal":
        return bool(kinds & (BOUNDS | {"data", "goal", "plain"}))
    if kinds == {"plain"} and _plainly(operator, marked, high):
        return True
    for ratio in marked.story.ratios:
        if ratio.clause is clause and operator.word in ratio.read:
            return len(re.findall(rf"\b{re.escape(operator.word)}\b", marked.text)) == 1
    if "relation" in kinds and any(m.start() <= low and high <= m.end() for m in RELATION_WORDS.finditer(marked.text)):
        return True
    if _in_reason(operator, marked, low, high):
        return True
    if operator.word == "either" and marked.introduces(clause):
        return True
    if operator.word == "if":
        rest = re.split(r"[,.;?]", marked.text[high:])[0]
        asked = any(goal.sentence == marked.sentence.index for goal in marked.story.goals)
        return asked and ("Q" in rest or "G" in rest or ("E" not in rest and bool(kinds & (BOUNDS | {"data"}))))
    if operator.kind in NOUN_KINDS and not NO_NOUNS.fullmatch(operator.word):
        return singular(operator.word) in nouns
    return False


def _plainly(operator: Operator, marked: Marked, high: int) -> bool:
    """Whether an operator is harmless in a clause that tells no fact."""
    clause = marked.clause_at(operator.start)
    before = marked.sentence.end < marked.begun
    if operator.word in ("some", "first", "second") or (operator.word in ("each", "both") and before):
        return True
    if operator.word == "most of" and not clause.mentions and before:
        return True
    if operator.word in _INTRODUCING and marked.introduces(clause):
        return True
    if operator.word == "only" and lists_all(marked.text[high:], len(marked.story.entities.names)):
        return True
    if operator.word in ("prefer", "like") and not clause.mentions and "K" not in marked.text:
        return True
    return operator.kind not in ("negation", "exclusion", "condition") and (marked.explains or marked.leads(clause))


def _in_reason(operator: Operator, marked: Marked, low: int, high: int) -> bool:
    for match in REASON.finditer(marked.text):
        if match.start() <= low and high <= match.end():
            if operator.word in ("avoid", "prevent", "though", "even"):
                return True
            if operator.kind in IN_REASON and not NOT_IN_REASON.fullmatch(operator.word):
                return True
    return False


def _nouns(story: Story) -> frozenset[str]:
    """Nouns that a number counts or that the text asks for: "20 minutes of setup time", "how many sets of"."""
    found: set[str] = set()
    facts: list[Coefficient | Limit] = [*story.coefficients, *story.limits]
    for fact in facts:
        if fact.quantity.kind != "money":
            found |= {singular(w) for w in fact.phrase.after[:4]}
    packs: Counter[str] = Counter()
    for sentence in story.reading.document.sentences:
        text = sentence.text.lower()
        found |= {singular(noun) for noun in re.findall(r"\bhow many ([a-z]+)", text)}
        packs.update(map(singular, re.findall(r"\b(?:a|an|each|per|many|as|than|every) ([a-z]+)\b(?= of\b)", text)))
    return frozenset(found | {noun for noun, times in packs.items() if times > 2})


__all__ = ["unlicensed"]
