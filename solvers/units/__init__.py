"""Units as people write them, and how quantities that are added can disagree.

Physical units come from pint (imported on first use, one registry). Currencies and percent are base
dimensions of their own; unknown words are count nouns, which never prove two quantities different.
Ambiguous words (pound, ounce, calorie, barrel, point) are nouns too: a false alarm costs more than a miss.
"""

from solvers.units.algebra import LITERAL, PERCENT, PURE, Clash, Unit, clash
from solvers.units.reading import parse_unit
from solvers.units.words import singular

__all__ = ["LITERAL", "PERCENT", "PURE", "Clash", "Unit", "clash", "parse_unit", "singular"]
