"""Which words of prose name a unit of measure."""

from __future__ import annotations

from functools import lru_cache

from solvers.units import Unit, parse_unit
from verify.reading.words import word_set

_SHORT = word_set("m km cm mm ft h hr hrs min s kg g mg t lb lbs oz ms kj")
"""Units of one or two letters that stand for themselves; `as` is no attosecond."""


@lru_cache(maxsize=20_000)
def measure_of(word: str) -> Unit | None:
    """The unit that a word names, if it has a dimension (`kg`, `hours`); None for things that are counted."""
    unit = parse_unit(word) if len(word) > 2 or word in _SHORT else None
    return unit if unit is not None and unit.dims else None
