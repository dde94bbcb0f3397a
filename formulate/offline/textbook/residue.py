"""What a sentence says beside the facts read of it: silent clauses, stranger words, alternatives, permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.contexts import COMMENT, FORMAL, OBLIGED, PERMITS, REASON, E, Q, lists_all
from formulate.offline.textbook.lexicon import distinctive, root
from formulate.offline.textbook.marking import Marked
from formulate.offline.textbook.vocabulary import is_plain
from verify.reading.ledger import Leftover
from verify.reading.words import Token

_SOME_OF = re.compile(
    rf"^of (?:the |these )?{E},|{Q} of (?:the|these|those) {E}|{Q} of (?:the |these |those )?(?:#+|{Q}|two|three) "
)
_OR = re.compile(r"Q#*[^Q.;]*\bor\b[^Q.;]*Q")


def residue(marked: Marked) -> Iterator[Leftover]:
    """All leftovers of a sentence that are no operators."""
    yield from _silent(marked)
    yield from _strangers(marked)
    yield from _alternatives(marked)
    yield from _permissions(marked)


def _silent(marked: Marked) -> Iterator[Leftover]:
    """Clauses that yield nothing though they speak of what is decided or of what it takes."""
    idle = any(each.quantity.sentence == marked.sentence.index for each in marked.story.reading.idle)
    if not marked.told and (marked.explains or idle):
        return
    for clause in marked.clauses:
        if marked.kinds_of(clause) != {"plain"} or marked.introduces(clause):
            continue
        if not _comments(clause, marked):
            yield marked.leftover(clause.start, clause.end, "what a clause says is not accounted for")


def _comments(clause: Clause, marked: Marked) -> bool:
    """Whether a clause without facts only comments, introduces, or speaks of something else."""
    part = marked.part(clause)
    only = re.search(r"\bonly\b", part)
    if FORMAL.search(part) or COMMENT.search(part):
        return True
    if only and lists_all(part[only.end() :], len(marked.story.entities.names)):
        return True
    if marked.sentence.start > marked.begun and not marked.told:
        return not (re.search("[EKQ]", part) or _names_attribute(part, marked))
    if "E" not in part:
        return True
    if marked.sentence.start < marked.begun and any(marked.first_named[m.entity] == m.start for m in clause.mentions):
        return True
    return marked.told and (bool(REASON.search(part)) or marked.leads(clause))


def _names_attribute(part: str, marked: Marked) -> bool:
    """Whether a clause names a noun that some number counts: "the steel is rusty"."""
    words = {root(w) for w in re.findall(r"[a-z]+", part)}
    return any(words & distinctive(fact.phrase.roots) for fact in marked.story.coefficients)


def _strangers(marked: Marked) -> Iterator[Leftover]:
    """Content words of a requirement that are neither plain nor used elsewhere in the text."""
    story, sentence = marked.story, marked.sentence
    others = [s for s in story.reading.document.sentences if s.index != sentence.index]
    known = {token.stem for other in others for token in other.tokens}
    known |= {w for limit in story.limits if limit.clause in marked.clauses for w in limit.phrase.after[:3]}
    known |= {w for share in story.shares if share.clause in marked.clauses for w in share.base.split()}
    reasons = [(m.start() + sentence.start, m.end() + sentence.start) for m in REASON.finditer(marked.text)]
    for clause in marked.clauses:
        kinds = marked.kinds_of(clause)
        if not kinds & {"bound", "relation", "share", "combination"} or "data" in kinds:
            continue
        if sentence.index == 0 and marked.introduces(clause):
            continue
        for token in clause.tokens:
            if _strange(token, marked, known) and not any(low <= token.start < high for low, high in reasons):
                yield marked.leftover(token.start, token.end, f"what {token.text!r} means here is not clear")


def _strange(token: Token, marked: Marked, known: set[str]) -> bool:
    if token.kind != "word" or not token.text.isalpha() or len(token.text) < 3:
        return False
    if marked.text[token.start - marked.sentence.start] in "EQCGK#":
        return False
    return not (is_plain(token.lower) or token.stem in known or token.lower in known)


def _alternatives(marked: Marked) -> Iterator[Leftover]:
    """Limits joined by "or", of which only one need hold, and limits on some of those that are made."""
    offset = marked.sentence.start
    for match in _SOME_OF.finditer(marked.text):
        yield marked.leftover(match.start() + offset, match.end() + offset, "what is said of some of them is not clear")
    for match in _OR.finditer(marked.text):
        if marked.kinds_of(marked.clause_at(match.start() + offset)) & {"bound", "relation", "share"}:
            why = "which of the limits joined by 'or' holds is not clear"
            yield marked.leftover(match.start() + offset, match.end() + offset, why)


def _permissions(marked: Marked) -> Iterator[Leftover]:
    """Lower limits under "may", "might" or "can": what may be more than 9 need not be."""
    for limit in marked.story.limits:
        if limit.clause not in marked.clauses or ">" not in limit.direction:
            continue
        if not limit.explicit or limit.quantity.value == 0:
            continue
        before = marked.part(limit.clause)[: limit.quantity.start - limit.clause.start]
        modal = PERMITS.search(before)
        if modal and not OBLIGED.search(before):
            why = f"whether {modal.group()!r} before {limit.quantity.text!r} asks or allows is not clear"
            yield marked.leftover(limit.clause.start + modal.start(), limit.quantity.end, why)
