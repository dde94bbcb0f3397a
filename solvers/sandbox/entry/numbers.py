"""Values of a program as numbers, and the words by which a program says that a number is its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

Standing = Literal["objective", "goal", "none"]

_OBJECTIVE = re.compile(
    r"\bobj(?:ective)?s?\b|\bobjval(?:ue)?\b|\bopt(?:imal|imum)? ?(?:objective )?val(?:ue)?\b", re.IGNORECASE
)
_EXTREME = re.compile(
    r"\b(?:opt|optimal|optimum|max(?:im(?:um|al|i[sz]ed))?|min(?:im(?:um|al|i[sz]ed))?|best|final|overall)\b",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:total|net|worst|costs?|profits?|revenue|makespan|distance|expenses?|income|utility|penalty|reward|earnings|"
    r"benefit|loss|score|payoff|spend|savings|welfare|weight|length|radius|area|volume|flow|time|number|value|result|"
    r"answer|waste|emissions|pollution|risk|return|error|population|coverage)\b", re.IGNORECASE,
)
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")


def number(value: Any) -> float | None:
    """A finite real number as a float; None for everything else, truth values and expressions included."""
    if isinstance(value, bool) or not (isinstance(value, (int, float, Decimal, Fraction)) or _numpy_real(value)):
        return None
    try:
        # A number of the program's own class is asked through its base, never through its own methods.
        found = float.__float__(value) if isinstance(value, float) else float(value)
    except (OverflowError, ValueError):
        return None
    return found if isfinite(found) else None


def _numpy_real(value: Any) -> bool:
    kind = type(value)
    if kind.__module__ != "numpy" or getattr(value, "shape", None) != ():
        return False
    return getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u", "f")


def words(name: str) -> str:
    """A name or a label as words: `totalCost`, `total_cost` and `Total cost: $` alike."""
    return " ".join(part for part in _SPLIT.split(name) if part)


def standing(name: str) -> Standing:
    """Whether a name or a label says that its number is the objective, a goal, or neither."""
    text = words(name[-200:])
    if _OBJECTIVE.search(text):
        return "objective"
    return "goal" if _EXTREME.search(text) or _GOAL.search(text) else "none"


def is_extreme(name: str) -> bool:
    """The name says that its number is an optimum: `maximum`, `best`, ..."""
    return bool(_EXTREME.search(words(name[-200:])))


def in_mapping(value: Any) -> list[tuple[str, float]]:
    """The numbers of a mapping under keys that name an answer, in order; nothing of anything else."""
    if not isinstance(value, Mapping):
        return []
    found = []
    for k, (key, item) in enumerate(value.items()):
        if k >= 1000:
            break
        real = number(item)
        if isinstance(key, str) and real is not None and standing(key) != "none":
            found.append((key, real))
    return found
