"""Values as JSON holds them. Imports nothing of the lower floors: error objects need it even when these are hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Non-finite floats as the texts "inf", "-inf" and "nan", tuples as lists, numpy scalars as numbers."""
    if getattr(value, "shape", None) == ():
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
