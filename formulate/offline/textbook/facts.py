"""Facts about single numbers: a coefficient of one activity, a limit on a resource, a total or a bound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.lexicon import NEED, PROFIT, SUPPLY, content, distinctive, money_category
from verify.reading.comparisons import Direction, suffix_comparison
from verify.reading.entities import Mention
from verify.reading.quantities import Quantity
from verify.reading.words import Token, singular, word_set

_STOPPERS = frozenset(
    [
        "per",
        "while",
        "whereas",
        "if",
        "is",
        "are",
        "was",
        "were",
        "must",
        "can",
        "cannot",
        "will",
        "should",
        "has",
        "have",
        "that",
        "which",
        "who",
        "when",
        "where",
        "so",
        "because",
        "since",
        "whenever",
        "but",
        "than",
        "as",
        "then",
        "respectively",
        "available",
        "due",
        "reflecting",
        "indicating",
        "ensuring",
        "considering",
        "given",
        "possibly",
        "during",
        "representing",
    ]
)


_PURPOSES = word_set(
    "make produce grow build transport sell plant process prepare bake deliver manufacture spend invest use work "
    "operate create allocate ship serve cook"
)
_AIMS = word_set("be meet ensure maintain satisfy achieve support keep avoid it remain allow reflect guarantee")
_PERIODS = word_set("day week month year hour minute shift trip time season quarter")


@dataclass(frozen=True)
class Phrase:
    """The words around one number: after it (its noun phrase) and before it, entities left out."""

    after: tuple[str, ...]
    before: tuple[str, ...]
    named: tuple[int, ...]
    every: bool
    trail: tuple[str, ...] = ()

    @property
    def roots(self) -> frozenset[str]:
        """Content roots of the noun phrase."""
        return content(list(self.after))

    @property
    def context(self) -> frozenset[str]:
        """Content roots of the words before."""
        return content(list(self.before))


@dataclass(frozen=True)
class Coefficient:
    """A number that one unit of an activity takes, makes, costs or earns."""

    entity: int
    quantity: Quantity
    phrase: Phrase
    category: str
    clause: Clause


@dataclass(frozen=True)
class Limit:
    """A number that bounds a resource, a total or an activity, with its direction."""

    quantity: Quantity
    direction: Direction
    phrase: Phrase
    clause: Clause
    explicit: bool


def _region(clause: Clause, quantity: Quantity) -> tuple[int, int]:
    """Offsets between the number before and the number after."""
    numbers = [q for q in clause.quantities if q.kind != "multiplier"]
    k = numbers.index(quantity)
    low = numbers[k - 1].end if k else clause.start
    high = numbers[k + 1].start if k + 1 < len(numbers) else clause.end
    return low, high


def phrase_of(clause: Clause, quantity: Quantity) -> Phrase:
    """The noun phrase after a number and the words before it."""
    low, high = _region(clause, quantity)
    inside: dict[int, Mention] = {m.start: m for m in clause.mentions}
    after: list[str] = []
    named: list[int] = []
    every = False
    kept: list[Token] = []
    tokens = [t for t in clause.tokens if quantity.end <= t.start < high]
    if quantity.kind == "money" and quantity.text[:1] not in "$€£¥":
        tokens = [t for t in tokens if t.start >= quantity.end]
    skip_until = -1
    for n, token in enumerate(tokens):
        if token.start < skip_until:
            continue
        if token.start in inside:
            named.append(inside[token.start].entity)
            skip_until = inside[token.start].end
            continue
        if token.text in ",;:()" and (after or named or quantity.kind == "money"):
            break
        if (
            token.lower == "per"
            and n + 2 < len(tokens)
            and tokens[n + 2].lower in ("of", "to", "for", "with", "on", "at")
        ):
            skip_until = tokens[n + 2].start
            continue
        if token.lower in _STOPPERS and token.lower != "available":
            break
        if token.lower in ("and", "or") and not _joins_names(tokens, n, inside):
            break
        if token.lower in ("each", "every", "both", "either", "all") and named == []:
            following = tokens[n + 1].lower if n + 1 < len(tokens) else ""
            every = (token.lower == "each" and singular(following) not in _PERIODS) or every
        following = tokens[n + 1].lower if n + 1 < len(tokens) else ""
        kept.append(token)
        if (token.lower == "to" and following in _PURPOSES) or (token.lower in ("to", "for") and following in _AIMS):
            break
        if token.kind == "word":
            after.append(token.lower)
    opening = low
    if low > clause.start:
        # What follows the number before belongs to it, up to the conjunction or comma.
        opening = next(
            (t.end for t in clause.tokens if low <= t.start < quantity.start and t.lower in ("and", "or", ",", "as")),
            low,
        )
    before = [
        t.lower
        for t in clause.tokens
        if opening <= t.start < quantity.start
        and t.kind == "word"
        and not any(m.start <= t.start < m.end for m in clause.mentions)
    ]
    trail = noun_words([t for t in tokens if not any(m.start <= t.start < m.end for m in clause.mentions)])
    return Phrase(tuple(noun_words(kept)[:10]), tuple(before), tuple(dict.fromkeys(named)), every, tuple(trail[:25]))


def noun_words(tokens: list[Token]) -> list[str]:
    """Lower-case words; a capital letter after a noun joins it, because "compound A" is one word."""
    words: list[str] = []
    for n, token in enumerate(tokens):
        if token.kind != "word":
            continue
        joins = n and tokens[n - 1].kind == "word" and len(token.text) == 1 and token.text.isupper()
        if joins and words:
            words[-1] = f"{singular(words[-1])}{token.lower}label"
        else:
            words.append(token.lower)
    return words


def _joins_names(tokens: list[Token], n: int, inside: dict[int, Mention]) -> bool:
    return any(t.start in inside for t in tokens[n + 1 : n + 4])


def direction_of(clause: Clause, quantity: Quantity, previous: Limit | None) -> tuple[Direction, bool] | None:
    """The direction a number is bounded in, and whether a comparison says so; None when nothing bounds it."""
    text, offset = clause.sentence.text, clause.sentence.start
    low, high = _region(clause, quantity)
    own = [c for c in clause.comparisons if c.end <= quantity.start and c.start >= low]
    if own:
        gap = text[own[-1].end - offset : quantity.start - offset]
        if len(gap.split()) <= 6:
            return own[-1].direction, True
    suffix = suffix_comparison(text[quantity.end - offset : high - offset])
    if suffix:
        return suffix, True
    after = [c for c in clause.comparisons if quantity.end <= c.start < high and c.text.lower().startswith(("or ",))]
    if after:
        return after[0].direction, True
    if previous is not None:
        gap = text[previous.quantity.end - offset : quantity.start - offset]
        if re.search(r"(?:,|\band|,? as well as)\s*(?:[$€£]|a total of|also)?\s*$", gap) and not re.search(
            r"\b(?:must|can|will|has|have|is|are|requires?|while|make|take)\b",
            re.sub(r"\bto be \w+|\bcan be \w+", "", gap),
        ):
            return previous.direction, previous.explicit
        if re.fullmatch(r"(?:\s[a-z]+){1,4} ?", gap) and not re.search(
            r"\b(?:and|or|to|must|can|is|are|for|while|but|requires?)\b", gap
        ):
            return previous.direction, previous.explicit
    return None


_SUPPLIED = re.compile(
    r"\b(?:must|should|shall|needs? to|has to|have to|is to|are to) (?:\w+ )?"
    r"(?:have|supply|stock|hold|provide|possess|own|send|deliver|ship)\b(?! (?:been|only)\b)[^,;]*$"
)


def cue_direction(clause: Clause, quantity: Quantity) -> Direction | None:
    """The direction implied by words of supply or need around a number that no comparison bounds."""
    text, offset = clause.sentence.text, clause.sentence.start
    low, high = _region(clause, quantity)
    before = text[low - offset : quantity.start - offset]
    after = text[quantity.end - offset : min(high, quantity.end + 90) - offset]
    needs = list(NEED.finditer(before))
    supplies = list(SUPPLY.finditer(before))
    obliged = re.search(r"\b(?:has|have) to\b", before)
    if _SUPPLIED.search(before):
        return ">="
    obliged_to_be = re.match(r"[^,;.]*\b(?:must|needs? to|has to|have to) be\b", after)
    if obliged_to_be and re.search(r"\b(?:total of|there are)\b", before, re.I):
        return ">="
    if re.search(r"\bavailable\b|\bin stock\b|\bon hand\b", after[:60]) and not needs:
        return "<="
    if obliged:
        return ">="
    if needs and supplies:
        return ">=" if needs[-1].start() > supplies[-1].start() else "<="
    if needs:
        return ">="
    if supplies:
        return "<="
    if re.match(r"[^,;]{0,40}\b(?:must|need(?:s|ed)? to|have to|required|are needed|is needed)\b", after):
        return ">="
    return None


def category_of(clause: Clause, quantity: Quantity, phrase: Phrase) -> str:
    """The money category of an amount (also of a bare number of "cost"); empty for anything else."""
    if quantity.kind != "money":
        if quantity.kind != "number" or quantity.unit not in ("", "unit") or distinctive(phrase.roots):
            return ""
        said = {t.lower for t in clause.tokens if t.start < quantity.start}
        found = [
            n
            for n, w in (
                ("profit", said & PROFIT),
                ("cost", said & {"cost", "costs", "costing"}),
                ("revenue", said & {"revenue"}),
            )
            if w
        ]
        return found[0] if len(found) == 1 else ""
    before, after = list(phrase.before), list(phrase.after)
    category = money_category(before, after)
    if category == "neutral":
        low, _ = _region(clause, quantity)
        everything = [t.lower for t in clause.tokens if t.start < quantity.start and t.kind == "word"]
        wider = money_category(everything, after)
        if low != clause.start and wider != "neutral":
            return wider
        return wider if wider == "profit" else category
    return category


__all__ = ["Coefficient", "Limit", "Phrase", "category_of", "cue_direction", "direction_of", "distinctive", "phrase_of"]
