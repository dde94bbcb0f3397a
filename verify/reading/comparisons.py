"""Comparison phrases with their direction: at most, no less than, exactly, must be less than, ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from verify.reading.document import Document, Sentence

Direction = Literal["<=", ">=", "==", "<", ">"]

_FLIPPED: dict[Direction, Direction] = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "=="}

# Alternatives are literal phrases; the only repetition is single spaces, so matching is linear.
_PHRASES: tuple[tuple[Direction, str], ...] = (
    (
        "<=",
        r"less than or equal to|fewer than or equal to|at most|at maximum|at the most|no more than|not more than"
        r"|no greater than"
        r"|not greater than|no larger than|not larger than|no higher than|not over|not above|up to|a maximum of"
        r"|the maximum of"
        r"|maximum of|(?:a |the )?maximum \w++(?: \w++)? of(?= [$€£]?\d)|a max of|max of|max|limited to"
        r"|restricted to|capped at|a limit of|not surpass|not be above|an upper limit of|an upper bound of"
        r"|not to exceed|not exceeding|not surpassing|no longer than|a total budget of|a budget of|a cap of"
        r"|\\leq?\b|≤|<=",
    ),
    (
        ">=",
        r"greater than or equal to|more than or equal to|at least|at minimum|at the least|no less than|no fewer than"
        r"|not less than|not fewer than|not under|not below|no lower than|no smaller than|a minimum of|the minimum of"
        r"|minimum of|a min of|(?:a |the )?minimum \w++(?: \w++)? of(?= [$€£]?\d)|\\geq?\b|≥|>=",
    ),
    (
        "==",
        r"exactly|precisely|equal to|equals|the same as|equivalent to"
        r"|equal(?= (?:exactly )?(?:[$€£]?\d|the (?:number|amount|quantity) of))",
    ),
    ("<", r"strictly less than|less than|fewer than|smaller than|lower than|below|under"),
    (
        ">",
        r"strictly more than|more than|greater than|larger than|higher than|in excess of|exceeds|exceed"
        r"|surpasses|surpass"
        r"|outnumbers|outnumber|above|over",
    ),
)
_PATTERN = re.compile(
    "|".join(f"(?P<g{n}>(?<![\\w-])(?:{words})(?![\\w-]))" for n, (_, words) in enumerate(_PHRASES)), re.IGNORECASE
)
_NEGATION = re.compile(r"(?:\bnot|n't|\bcannot|\bnever)(?: (?!(?:and|but|so|while|or)\b)[a-z]++){0,5}\s*$", re.I)
_AFTER = re.compile(
    r"(?:\s\w+){0,2}\s(?:or (?P<ge>more|greater|higher|above)|or (?P<le>less|fewer|lower|below))\b", re.I
)
_LOOSE = frozenset(("over", "under", "above", "below", "max"))
_NUMBER_NEXT = re.compile(
    r"\s*(?:a total of |about |around )?(?:[$€£]?\s?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|twice|half|a|an)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison phrase: its direction (strict where the words are), offsets into the text."""

    direction: Direction
    start: int
    end: int
    text: str

    @property
    def strict(self) -> bool:
        """Whether the words exclude equality."""
        return self.direction in ("<", ">")


def comparisons_in(sentence: Sentence) -> tuple[Comparison, ...]:
    """The comparison phrases of one sentence, a negation before one folded into its direction."""
    found = []
    for match in _PATTERN.finditer(sentence.text):
        direction = next(d for n, (d, _) in enumerate(_PHRASES) if match.group(f"g{n}") is not None)
        begin = match.start()
        if match.group().lower() in _LOOSE and not re.match(
            r"\s*[$€£]?\d", sentence.text[match.end() : match.end() + 6]
        ):
            continue
        before = sentence.text[max(0, begin - 60) : begin]
        if match.group().lower() == "up to" and (
            not _NUMBER_NEXT.match(sentence.text[match.end() : match.end() + 30])
            or re.search(
                r"\b(?:hooked|set|hook|linked?|signed?|adds?|sums?|lined?|leads?|leading|opened)\s*$", before, re.I
            )
        ):
            continue
        negation = _NEGATION.search(before)
        if negation and not match.group().lower().startswith(("no ", "not ")):
            direction = _FLIPPED[direction]
            begin -= len(before) - negation.start()
        found.append(Comparison(direction, sentence.start + begin, sentence.start + match.end(), match.group()))
    return tuple(found)


def suffix_comparison(text: str) -> Direction | None:
    """The direction of "... or more", "... or less" right after a quantity, if the text begins so."""
    match = _AFTER.match(text[:60])
    if not match:
        return None
    return ">=" if match.group("ge") else "<="


def find_comparisons(document: Document) -> tuple[Comparison, ...]:
    """The comparison phrases of all sentences."""
    return tuple(c for sentence in document.sentences for c in comparisons_in(sentence))


_REQUIREMENT = re.compile(
    r"\bnot (?:\w+ )?both\b|\b(?:never|not allowed|prohibited|forbidden|mutually|neither|equally"
    r"|equal numbers?|the same number|in pairs"
    r"|not possible|impossible|only (?:be|one|when|after|before)|before (?:any|the))\b|"
    r"\b(?:must|cannot|can't|can not|may not|should|shall|at most|at least|only if|no more than|no less than|no "
    r"fewer than"
    r"|limited|restrict\w*|exceed\w*|maximum|minimum|exactly|unless|ensure\w*|need(?:s|ed)? to|has to|have to"
    r"|prefers? to"
    r"|wants? to have|aims? to have|more \w+(?: \w+){0,3} than|fewer \w+(?: \w+){0,3} than|less \w+(?: "
    r"\w+){0,3} than)\b",
    re.I,
)
_ASKING = re.compile(r"\?\s*$|\b(?:how (?:many|much)|maximi[sz]e|minimi[sz]e|formulate|determine|find|what is)\b", re.I)


def states_requirement(sentence: Sentence) -> bool:
    """Whether a sentence holds a modal or comparison that a formulation must answer for.

    The question itself, which says how much to make so as to maximise something, is the goal's to answer.
    """
    words = list(_REQUIREMENT.finditer(sentence.text))
    if not words:
        return False
    if _ASKING.search(sentence.text):
        return any(
            m.group().lower()
            not in (
                "should",
                "must",
                "minimum",
                "maximum",
                "need to",
                "needs to",
                "needed to",
                "has to",
                "have to",
                "shall",
            )
            for m in words
        )
    return True
