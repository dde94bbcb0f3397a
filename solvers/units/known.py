"""What pint says of the commonest units, so that a problem in hours and kilograms need not load it.

Pint stays the authority: a test holds every entry to it, and words that might be other units are asked of it.
"""

from __future__ import annotations

import re

from solvers.units.algebra import Powers, Unit

_TIME: Powers = (("[time]", 1.0),)
_LENGTH: Powers = (("[length]", 1.0),)
_AREA: Powers = (("[length]", 2.0),)
_VOLUME: Powers = (("[length]", 3.0),)
_MASS: Powers = (("[mass]", 1.0),)
_POWER: Powers = (("[length]", 2.0), ("[mass]", 1.0), ("[time]", -3.0))
_ENERGY: Powers = (("[length]", 2.0), ("[mass]", 1.0), ("[time]", -2.0))

_SCALES: tuple[tuple[Powers, float, str], ...] = (
    (_TIME, 1.0, "second seconds s sec secs"),
    (_TIME, 60.0, "minute minutes min mins"),
    (_TIME, 3600.0, "hour hours h hr hrs"),
    (_TIME, 86400.0, "day days d"),
    (_TIME, 604800.0, "week weeks"),
    (_TIME, 1209600.0, "fortnight fortnights"),
    (_TIME, 2629800.0, "month months"),
    (_TIME, 31557600.0, "year years yr yrs"),
    (_LENGTH, 1.0, "meter meters metre metres m"),
    (_LENGTH, 1000.0, "km kilometer kilometers kilometre kilometres"),
    (_LENGTH, 0.01, "cm centimeter centimeters centimetre centimetres"),
    (_LENGTH, 0.001, "mm millimeter millimeters millimetre millimetres"),
    (_LENGTH, 0.0254, "inch inches"),
    (_LENGTH, 0.30479999999999996, "foot feet ft"),
    (_LENGTH, 0.9144, "yard yards yd"),
    (_LENGTH, 1609.344, "mile miles mi"),
    (_AREA, 10000.0, "hectare hectares ha"),
    (_AREA, 4046.8726098742513, "acre acres"),
    (_VOLUME, 0.0010000000000000002, "liter liters litre litres l L"),
    (_VOLUME, 1.0000000000000002e-06, "ml mL milliliter milliliters millilitre millilitres"),
    (_VOLUME, 0.0037854117839999993, "gallon gallons gal"),
    (_VOLUME, 0.0009463529459999998, "quart quarts"),
    (_MASS, 1.0, "kilogram kilograms kg"),
    (_MASS, 0.001, "gram grams g"),
    (_MASS, 1e-06, "mg milligram milligrams"),
    (_MASS, 1000.0, "tonne tonnes"),
    (_POWER, 1.0, "watt watts W"),
    (_POWER, 1000.0, "kW kilowatt kilowatts"),
    (_POWER, 1000000.0, "MW megawatt megawatts"),
    (_ENERGY, 1.0, "joule joules J"),
    (_ENERGY, 1000.0, "kilojoule kilojoules kJ"),
    (_ENERGY, 1000000.0, "megajoule megajoules MJ"),
    (_ENERGY, 3600000.0, "kWh"),
    (_ENERGY, 3600000000.0, "MWh"),
)
KNOWN = {word: Unit(scale, dims) for dims, scale, words in _SCALES for word in words.split()}

_NAME_OF = {(scale, dims): words.split()[0] for dims, scale, words in _SCALES}


def name_of(unit: Unit) -> str:
    """The name of a common unit: `minute` for 60 seconds; empty for others."""
    return "" if unit.scale is None or unit.nouns else _NAME_OF.get((unit.scale, unit.dims), "")


_PREFIXES = (
    "kilo mega giga tera peta milli micro nano pico centi deci deca deka hecto kibi mebi gibi tebi "
    "da Ki Mi Gi Ti k M G T P m µ μ u n p c d h"
)
_NAMES = (
    "second sec s minute min hour hr h day d week fortnight month year yr meter metre m inch inches in foot feet "
    "ft yard yd mile mi nautical_mile nmi gram g metric_ton tonne t liter litre l L ℓ gallon gal quart qt watt W "
    "joule J watt_hour watthour Wh volt V ampere amp A newton N pascal Pa hectare ha acre byte B octet o kilogram "
    "horsepower hp british_thermal_unit Btu BTU micron"
)


def _either(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


POSSIBLE = re.compile(
    rf"(?:international_|US_|UK_|liquid_|hydraulic_)*(?:{_either(_PREFIXES)})?(?:{_either(_NAMES)})s?"
)
"""What a word must look like for pint to be asked at all: a trusted unit with at most one prefix."""
