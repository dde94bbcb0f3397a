"""Clauses: stretches of a sentence that say one thing, with entities, numbers and comparisons marked.

A clause is rewritten with place-holders (`E0` an entity, `Q1` a number, `M2` a multiplier, `P3` a
percent or fraction, `C4` a comparison), so that relations are patterns over few words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from verify.reading.comparisons import Comparison, comparisons_in
from verify.reading.document import Sentence
from verify.reading.entities import Entities, Mention, mentions_in
from verify.reading.quantities import Quantity
from verify.reading.words import Token, word_set

_SPLITTERS = word_set("while whereas but however although though ;")
_REASONS = word_set("since because as due although though given despite if to in")
_CONCLUSIONS = word_set("therefore thus hence so consequently")
_QUESTION = word_set("how what maximize minimize maximise minimise formulate find determine which")
_FOLLOWS = word_set(
    "can may will must should is are was takes take took requires require needs need contains contain costs "
    "cost uses use "
    "produces produce makes make yields yield earns earn holds hold has have consumes consume generates generate "
    "brings bring gives give provides provide sells sell carries carry delivers deliver serves serve transports "
    "transport emits emit occupies occupy processes process extracts extract pays pay charges charge weighs "
    "adds includes "
    "include works work outputs output creates create gets get moves move handles handle washes prints only sold"
)


@dataclass(frozen=True)
class Clause:
    """Tokens, mentions, numbers and comparisons of one clause, in order; offsets into the document."""

    sentence: Sentence
    start: int
    end: int
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    comparisons: tuple[Comparison, ...]
    pattern: str
    slots: tuple[tuple[str, int, int, object], ...]

    @property
    def words(self) -> frozenset[str]:
        """Lower-case words of the clause."""
        return frozenset(t.lower for t in self.tokens)

    @property
    def named(self) -> tuple[int, ...]:
        """Distinct entities in order of first mention."""
        return tuple(dict.fromkeys(m.entity for m in self.mentions))

    def slot(self, name: str) -> object:
        """What a place-holder of `pattern` stands for."""
        return next(item for label, _, _, item in self.slots if label == name)


def _cuts(sentence: Sentence, mentions: tuple[Mention, ...], quantities: list[Quantity]) -> list[int]:
    """Token indices at which a new clause begins."""
    tokens = sentence.tokens
    starts = {m.start: m for m in mentions}
    cuts = [0]
    for i, token in enumerate(tokens):
        if i == 0:
            continue
        if (
            token.lower in _SPLITTERS
            or (tokens[i - 1].text == "," and token.lower in _QUESTION)
            or (token.lower == "and" and _opens_requirement(sentence, i, tokens[cuts[-1]].start - sentence.start))
            or (token.lower in _CONCLUSIONS and tokens[i - 1].lower in (",", "and"))
            or (
                tokens[i - 1].text == ","
                and tokens[cuts[-1]].lower in _REASONS
                and not any(tokens[cuts[-1]].start <= q.start < token.start for q in quantities)
                and not (
                    tokens[cuts[-1]].lower in ("in", "to", "if", "given")
                    and any(tokens[cuts[-1]].start <= m.start < token.start for m in mentions)
                )
            )
        ):
            cuts.append(i)
        elif token.lower == "and" or tokens[i - 1].text == ",":
            j = i + 1 if token.lower == "and" else i
            while j < len(tokens) and tokens[j].start not in starts and j - i < 7 and tokens[j].kind == "word":
                j += 1
            mention = starts.get(tokens[j].start) if j < len(tokens) else None
            if mention is None:
                continue
            k = next((k for k in range(j, len(tokens)) if tokens[k].start >= mention.end), len(tokens))
            has_number = any(
                sentence.start <= q.start < token.start and tokens[cuts[-1]].start <= q.start for q in quantities
            )
            named_before = any(tokens[cuts[-1]].start <= m.start < token.start for m in mentions)
            verb = k < len(tokens) and (
                tokens[k].lower in _FOLLOWS or tokens[k].kind == "number" or tokens[k].text == "$"
            )
            spoken = any(t.lower in _FOLLOWS for t in tokens[cuts[-1] : i])
            distributive = token.lower == "and" and tokens[i + 1].lower in ("each", "every")
            if has_number and (named_before or distributive) and verb and spoken:
                cuts.append(i)
    return cuts


_OPENING = re.compile(
    r"and (?:that |also |should |must |can |they can |the |has |have |is |are |be ){0,2}(?:at least|at most|no "
    r"more than|no less than|no fewer"
    r" than|a maximum of|a minimum of|exactly|up to)\b|and (?:that |at least )?(?:the )?(?:number|amount|quantity) of",
    re.I,
)


_COMPARES = re.compile(
    r"\b(?:at least|at most|more than|less than|no fewer|maximum|minimum|exceed|exactly|equal|available|has|have"
    r"|must|can|budget|limit)\b"
)


def _opens_requirement(sentence: Sentence, i: int, begin: int) -> bool:
    """Whether the "and" at token i begins another requirement: "and at most 30% ...", "and the number of ..."."""
    offset = sentence.tokens[i].start - sentence.start
    before = sentence.text[:offset].lower()
    if not _COMPARES.search(before, begin):
        return False
    if re.search(r"\b(?:between|both|sum of|difference between|combined|total of|of)\s[^,]{0,40}$", before) and (
        "number of" in sentence.text[offset : offset + 22].lower()
    ):
        return False
    return bool(_OPENING.match(sentence.text[offset : offset + 80]))


def _counts_all(sentence: Sentence, quantity: Quantity, count: int) -> bool:
    """Whether a number only says "all three projects"."""
    before = sentence.text[: quantity.start - sentence.start].lower().split()
    return (
        quantity.kind == "number"
        and 2 <= quantity.value <= 6
        and bool(before)
        and not quantity.text[:1].isdigit()
        and (
            before[-1] in ("all", "both", "these", "those")
            or (quantity.value == count and before[-1] in ("the", "across", "of", "between", "among"))
        )
    )


def split_clauses(sentence: Sentence, entities: Entities, quantities: tuple[Quantity, ...]) -> tuple[Clause, ...]:
    """The clauses of a sentence with everything marked."""
    mentions = mentions_in(entities, sentence.tokens)
    own = [
        q
        for q in quantities
        if q.sentence == sentence.index
        and q.counts
        and not any(m.start <= q.start < m.end for m in mentions)
        and not _counts_all(sentence, q, len(entities.names))
    ]
    comparisons = comparisons_in(sentence)
    cuts = _cuts(sentence, mentions, own)
    clauses = []
    for begin, stop in zip(cuts, [*cuts[1:], len(sentence.tokens)]):
        tokens = sentence.tokens[begin:stop]
        if not tokens:
            continue
        low, high = tokens[0].start, tokens[-1].end
        clauses.append(_clause(sentence, low, high, tokens, mentions, own, comparisons))
    return tuple(clauses)


def _clause(
    sentence: Sentence,
    low: int,
    high: int,
    tokens: tuple[Token, ...],
    mentions: tuple[Mention, ...],
    quantities: list[Quantity],
    comparisons: tuple[Comparison, ...],
) -> Clause:
    within = [m for m in mentions if low <= m.start < high]
    numbers = [q for q in quantities if low <= q.start < high]
    signs = [c for c in comparisons if low <= c.start < high and not any(m.start <= c.start < m.end for m in within)]
    counter = count()
    slots: list[tuple[str, int, int, object]] = []
    marked = sorted(
        [
            *((m.start, m.end, "E", m) for m in within),
            *((q.start, q.end, _letter(q), q) for q in numbers),
            *((c.start, c.end, "C", c) for c in signs),
        ],
        key=lambda item: item[0],
    )
    pattern, position = [], low
    for start, end, letter, item in marked:
        if start < position:
            continue
        name = f"{letter}{next(counter)}"
        pattern.append(sentence.text[position - sentence.start : start - sentence.start].lower())
        pattern.append(f" {name} ")
        slots.append((name, start, end, item))
        position = end
    pattern.append(sentence.text[position - sentence.start : high - sentence.start].lower())
    text = re.sub(r"\s+", " ", "".join(pattern)).strip()
    return Clause(sentence, low, high, tokens, tuple(within), tuple(numbers), tuple(signs), text, tuple(slots))


def _letter(quantity: Quantity) -> str:
    if quantity.kind == "multiplier":
        return "M"
    return "P" if quantity.kind in ("percent", "fraction") else "Q"
