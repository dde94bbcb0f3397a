"""Whether the unit a file gives is the unit a parameter declares."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from solvers.errors import DataError, Place
from solvers.formulation import Parameter

# Powers of numbers and of powers: no unit needs them, and evaluating them may never end.
_TOWER = re.compile(r"[\d)]\s*(\*\*|\^)|\d{4}")
_SAME = {"$": "dollar", "usd": "dollar", "€": "euro", "eur": "euro", "£": "pound_sterling", "gbp": "pound_sterling"}


def check_unit(parameter: Parameter, found: str | None, where: str) -> None:
    """Raise DataError when `found` is another unit than the declared one; nothing to compare is agreement."""
    declared = parameter.unit
    if not found or not declared or _folded(found) == _folded(declared):
        return
    factor = _factor(found, declared)
    if factor == 1.0:
        return
    remedy = "bind the right column, or write the same unit in both places"
    if factor is not None:
        remedy = f"multiply the data by {factor:g} and write {declared!r}, or declare `unit: {found}`"
    raise DataError(f"the data are in {found!r}, the parameter is declared in {declared!r} [{where}]",
                    place=Place(parameter.name), remedy=remedy)


def _folded(unit: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W\d_]+|\d+|\S", unit.casefold().replace("per ", "/").replace("**", "^"))
    return tuple(_SAME.get(w, w[:-1] if len(w) > 2 and w.endswith("s") else w) for w in words)


def _factor(found: str, declared: str) -> float | None:
    """By what the data must be multiplied; None when the units measure different things or are not known."""
    import pint

    if any(len(unit) > 60 or _TOWER.search(unit) for unit in (found, declared)):
        return None
    registry = _registry()
    try:
        return float(registry.Quantity(1.0, found).to(declared).magnitude)
    except (pint.PintError, ValueError, TypeError, AttributeError, SyntaxError, RecursionError, ArithmeticError,
            AssertionError):
        return None


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()
