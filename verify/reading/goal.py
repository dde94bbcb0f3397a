"""What a problem optimises: the sense, the words of the target, and the question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from verify.reading.document import Document, Sentence

_MAX = (
    r"maximi[sz](?:e|es|ing|ed|ation of)|(?:highest|largest|greatest|maximal|maximum)(?: possible)?"
    r"|increase|earn the most|make the most"
)
_MIN = (
    r"minimi[sz](?:e|es|ing|ed|ation of)|(?:lowest|smallest|fewest|least|minimal|cheapest|minimum)(?: possible)?"
    r"|reduce|decrease|lower"
)
_PATTERN = re.compile(rf"\b(?:(?P<max>{_MAX})|(?P<min>{_MIN}))\b", re.I)
_WEAK = frozenset(
    [
        "increase",
        "reduce",
        "decrease",
        "lower",
        "maximum",
        "minimum",
        "highest",
        "largest",
        "greatest",
        "lowest",
        "smallest",
        "least",
    ]
)
_ASKS = re.compile(
    r"\?|\b(?:find|determine|calculate|compute|what|how|formulate|in order to|so as to|to (?:reduce|decrease"
    r"|lower|increase)"
    r"|goal|objective|aims?|wants?|wishes|would like|seeks?|tries|trying)\b",
    re.I,
)
_STOP = re.compile(
    r"[.,;:?!]|\b(?:while|subject to|given|if|when|where|by|how|what|using|under|without|within|so that|such "
    r"that|assuming|"
    r"and (?:what|how|meet|satisfy|ensure)|in order|needed to|required to|necessary to|across|with|for)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A sense and the words of what is optimised ("the total number of fish"), with offsets."""

    sense: Literal["min", "max"]
    target: str
    start: int
    end: int
    sentence: int
    strong: bool


def goals_in(sentence: Sentence) -> tuple[Goal, ...]:
    """The goal phrases of a sentence; "a minimum of 20" is a comparison, not a goal."""
    found = []
    asks = bool(_ASKS.search(sentence.text))
    for match in _PATTERN.finditer(sentence.text):
        word = match.group().lower().split()[0]
        after = sentence.text[match.end() : match.end() + 400]
        before = sentence.text[max(0, match.start() - 40) : match.start()].lower()
        if word in _WEAK:
            if re.match(r"\s*(?:of\s+)?[$€£]?\s*\d", after) or re.search(r"\b(?:at|a|an)\s*$", before):
                continue
            if not asks:
                continue
            if re.match(r"\s*(?:demand|requirement|capacity|of)\b", after) and not re.match(r"\s*of the\b", after):
                continue
        stop = _STOP.search(after, 1)
        target = after[: stop.start() if stop else len(after)].strip()
        if not target:
            continue
        start = sentence.start + match.start()
        end = sentence.start + match.end() + (stop.start() if stop else len(after))
        found.append(
            Goal("max" if match.group("max") else "min", target, start, end, sentence.index, word not in _WEAK)
        )
    return tuple(found)


def find_goals(document: Document) -> tuple[Goal, ...]:
    """All goal phrases of a text, in order. More than one sense among the strong ones is a contradiction to report."""
    return tuple(goal for sentence in document.sentences for goal in goals_in(sentence))
