"""Units of numbers in lists: whether two numbers are measured alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from verify.reading.records import Field, RecordGroup
from verify.reading.words import word_set

_SPELLINGS = {
    "gram": "g",
    "grams": "g",
    "milligram": "mg",
    "milligrams": "mg",
    "m": "meter",
    "kms": "km",
    "s": "second",
    "sec": "second",
    "secs": "second",
    "miles": "mile",
    "ounces": "ounce",
    "oz": "ounce",
    "€": "euro",
    "kilogram": "kg",
    "kilograms": "kg",
    "kgs": "kg",
    "kilo": "kg",
    "kilos": "kg",
    "tons": "ton",
    "tonne": "ton",
    "tonnes": "ton",
    "metric": "ton",
    "t": "ton",
    "pounds": "lb",
    "pound": "lb",
    "lbs": "lb",
    "hours": "hour",
    "hrs": "hour",
    "hr": "hour",
    "h": "hour",
    "minutes": "minute",
    "min": "minute",
    "mins": "minute",
    "litres": "liter",
    "litre": "liter",
    "liters": "liter",
    "l": "liter",
    "gb": "gb",
    "gigabytes": "gb",
    "gigabyte": "gb",
    "$": "dollar",
    "dollars": "dollar",
    "usd": "dollar",
    "m³": "m3",
    "metres": "meter",
    "meters": "meter",
    "metre": "meter",
    "kilometers": "km",
    "kilometer": "km",
    "kilometres": "km",
}


def unit_key(unit: str) -> str:
    """The first words of a unit in a common spelling, to tell whether two numbers are measured alike."""
    words = [word.strip("().,-") for word in unit.lower().replace("-", " ").split()]
    words = [word for word in words if word and word not in ("of", "the", "total", "per", "each", "in")]
    if len(words) > 1 and words[0] in ("cubic", "square"):
        length = _SPELLINGS.get(words[1], words[1])
        return "m3" if (words[0], length) == ("cubic", "meter") else f"{words[0]} {length}"
    keys = [_SPELLINGS.get(word, word[:-1] if word.endswith("s") and len(word) > 3 else word) for word in words]
    return keys[0] if keys else ""


MEASURES = word_set(
    "kg g mg ton lb ounce hour minute second day week km meter mile liter ml gb mb tb m3 dollar euro cent % "
    "gallon cm inch"
) | {f"{power} {length}" for power in ("cubic", "square") for length in ("foot", "feet", "meter", "cm", "inch", "km")}
"""Units that measure something, as `unit_key` spells them; other words after a number name things."""


_SCALES = word_set("hundred thousand million billion")


def alike(first: str, second: str) -> bool:
    """Whether two units may be the same: equal, or one is no measure at all; thousands are no single ones."""
    if first and second and (first in _SCALES) != (second in _SCALES):
        return False
    return first == second or not {first, second} <= MEASURES


def mixed_units(group: RecordGroup) -> str:
    """Two measures that one column of a list (or the steps of its sequences) is told in; empty where all are alike."""
    columns: list[list[str]] = [[step.unit for record in group.records for step in record.steps]]
    if any(columns[0]) and not all(columns[0]):
        return f"{next(filter(None, columns[0]))} and without a unit"
    width = max((len(record.fields) for record in group.records), default=0)
    columns += [[r.fields[k].unit for r in group.records if k < len(r.fields)] for k in range(width)]
    for units in columns:
        told = sorted({unit_key(unit) for unit in units} & MEASURES)
        if told and units and not units[0]:
            return f"{told[0]} and without a unit"
        headed = re.search(r"\bin\s+([a-z]+)\W*$", group.heading, re.I)
        if headed and told and not all(units) and unit_key(headed[1]) in MEASURES - set(told):
            told.append(unit_key(headed[1]))
        if len(told) > 1:
            return f"{told[0]} and {told[1]}"
    return ""


def common_unit(fields: Iterable[Field]) -> str | None:
    """The unit that all fields share; None where they differ or have none."""
    units = [item.unit for item in fields]
    if not units or not units[0]:
        return None
    return units[0] if len({unit_key(unit) for unit in units}) == 1 else None
