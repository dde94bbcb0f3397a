"""The name that was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any


def nearest(label: Any, candidates: Iterable[Any]) -> Any | None:
    """The candidate most like a misspelt label (case, spaces, a letter), or None."""
    pool: dict[str, Any] = {}
    for candidate in candidates:
        pool.setdefault(_folded(candidate), candidate)
        if len(pool) > 2000:
            break
    found = difflib.get_close_matches(_folded(label)[:200], pool, n=1, cutoff=0.7)
    return pool[found[0]] if found else None


def _folded(label: Any) -> str:
    return re.sub(r"[\s_]+", " ", str(label)).strip().casefold()
