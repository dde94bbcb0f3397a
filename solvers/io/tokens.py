"""Whole sections of a file as columns of tokens at once; None wherever a line is irregular.

The readers first try these, and go line by line where they decline: that path decides what is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?")
_INFINITE = re.compile(rb"[+-]?inf(?:inity)?", re.IGNORECASE)
LONG = 30
"""Bytes. A longer number carries more digits than a float and is treated exactly where that matters."""


def counts(data: bytes, begin: int, end: int) -> np.ndarray:
    """The number of tokens of every line of a piece, empty lines left out."""
    array = np.frombuffer(data, np.uint8, end - begin, begin)
    if not len(array):
        return np.zeros(0, np.int64)
    word = array > 32
    word[1:] &= array[:-1] <= 32
    # Token starts before each line end; a last line without one counts too.
    ends = np.append(np.flatnonzero(array == 10), len(array))
    found = np.diff(np.searchsorted(np.flatnonzero(word), ends), prepend=0)
    return found[found > 0]


Triples = tuple[list[bytes], list[bytes], np.ndarray]


def triples(data: bytes, begin: int, end: int, headless: bool = False) -> Triples | None:
    """Lines `head name value` and `head name value name value` as three columns, in order.

    With `headless` lines may all lack their head (it is b"" then).
    """
    per_line = counts(data, begin, end)
    if not len(per_line):
        return [], [], np.zeros(0)
    tokens = data[begin:end].split()
    if headless and not np.any(per_line & 1):
        if np.any(per_line > 4):
            return None
        values = numbers(tokens[1::2])
        return None if values is None else ([b""] * len(values), tokens[0::2], values)
    if np.all(per_line == 3):
        heads, names, found = tokens[0::3], tokens[1::3], tokens[2::3]
    elif np.all((per_line == 3) | (per_line == 5)):
        first = np.cumsum(per_line) - per_line
        twice = np.where(per_line == 5, 2, 1)
        head = np.repeat(first, twice)
        name = head + 1
        name[np.cumsum(twice)[twice == 2] - 1] += 2
        heads = [tokens[k] for k in head.tolist()]
        names = [tokens[k] for k in name.tolist()]
        found = [tokens[k] for k in (name + 1).tolist()]
    else:
        return None
    values = numbers(found)
    return None if values is None else (heads, names, values)


def numbers(tokens: list[bytes]) -> np.ndarray | None:
    """Finite floats, or None where one is not."""
    try:
        values = np.fromiter(map(float, tokens), np.float64, len(tokens))
    except ValueError:
        return None
    if not np.isfinite(values).all() or b"_" in b" ".join(tokens):
        return None
    return values


def positions(names: list[bytes], where: Mapping[bytes, int]) -> np.ndarray | None:
    """The position of every name, or None where one is unknown."""
    try:
        return np.fromiter(map(where.__getitem__, names), np.int64, len(names))
    except KeyError:
        return None


def number(token: bytes, infinite: bool = False) -> float | None:
    """One number; with `infinite` also `inf` and what overflows. None where it is none."""
    if _NUMBER.fullmatch(token):
        value = float(token.lower().replace(b"d", b"e"))
        return value if infinite or np.isfinite(value) else None
    if infinite and _INFINITE.fullmatch(token):
        return float(token)
    return None
