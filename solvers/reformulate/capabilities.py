"""What a solver takes natively, as names. An adapter's `capabilities` is a set of these.

Everything that a target lacks is bridged where a bridge exists, else refused with a remedy.
"""

from __future__ import annotations

from collections.abc import Iterable

LINEAR = "linear"
INTEGER = "integer"
SEMICONTINUOUS = "semicontinuous"
CONVEX_QUADRATIC = "convex_quadratic"
"""A convex quadratic objective over continuous variables."""
QUADRATIC = "quadratic"
"""Any product of two variables, in objective and constraints."""
NONLINEAR = "nonlinear"
"""Smooth functions and quotients of variables."""
ABS = "abs"
MINMAX = "minmax"
"""`min` and `max` of formulas over variables."""
LOGIC = "logic"
"""`implies`, `iff`, `or`, `and`, `not`, `any`, `all`, `count` and `!=` over decisions."""
BINARY_PRODUCT = "binary_product"
"""A binary variable times a bounded formula."""
INDICATOR = "indicator"
SOS = "sos"
NO_OVERLAP = "no_overlap"
CIRCUIT = "circuit"
ALLDIFFERENT = "alldifferent"
PIECEWISE = "piecewise"
WHOLE = "whole"
"""Whole numbers only: what bridges add is integer, and bounded, wherever its values are."""

ALL = frozenset({
    LINEAR, INTEGER, SEMICONTINUOUS, CONVEX_QUADRATIC, QUADRATIC, NONLINEAR, ABS, MINMAX, LOGIC, BINARY_PRODUCT,
    INDICATOR, SOS, NO_OVERLAP, CIRCUIT, ALLDIFFERENT, PIECEWISE, WHOLE,
})

MIP = frozenset({LINEAR, INTEGER, SEMICONTINUOUS})
"""What every mixed-integer linear solver takes: all else is bridged."""

def as_target(target: Iterable[str]) -> frozenset[str]:
    """The capability names as a set. Raises ValueError for a name that is not known."""
    found = frozenset(target)
    if not found <= ALL:
        raise ValueError(f"unknown capabilities: {', '.join(sorted(found - ALL))}")
    return found
