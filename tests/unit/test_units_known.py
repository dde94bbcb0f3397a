"""The table of common units and the shape of possible ones, held to pint."""

from __future__ import annotations

import pytest

from solvers.units import parse_unit
from solvers.units.algebra import Unit
from solvers.units.known import KNOWN, POSSIBLE
from solvers.units.reading import _registry
from solvers.units.words import TRUSTED


def as_pint_says(word: str) -> Unit | None:
    registry = _registry()
    for _, root, _ in registry.parse_unit_name(word):
        if root not in TRUSTED:
            return None
        quantity = registry.Quantity(1.0, word).to_base_units()
        dims = tuple(sorted((str(d), float(e)) for d, e in quantity.dimensionality.items()))
        return Unit(float(quantity.magnitude), dims) if dims else None
    return None


@pytest.mark.parametrize("word", sorted(KNOWN))
def test_a_known_unit_is_what_pint_says(word: str) -> None:
    assert as_pint_says(word) == KNOWN[word]


def test_every_trusted_name_with_a_usual_prefix_may_be_asked_for() -> None:
    registry = _registry()
    odd = ("a", "julian_year", "Btu_iso", "µ", "μ")  # a year called "a", and names that no problem uses
    names = [n for n, unit in registry._units.items() if unit.name in TRUSTED and n not in odd and "national" not in n]
    names = [n for n in names if not n.startswith(("US_", "UK_", "liquid_", "hydraulic_"))]
    usual = ("", "kilo", "mega", "milli", "micro", "centi", "hecto", "giga", "k", "M", "m", "c", "h", "G", "µ")
    words = [prefix + name + end for prefix in usual for name in names for end in ("", "s")]
    unasked = [word for word in words if as_pint_says(word) is not None and not POSSIBLE.fullmatch(word)]
    assert unasked == []


@pytest.mark.parametrize("noun", ["truckload", "pallet", "week of work", "worker", "chairs", "person", "mast", "gas"])
def test_nouns_are_no_units(noun: str) -> None:
    unit = parse_unit(noun)
    assert unit is None or unit.nouns or noun == "week of work"
