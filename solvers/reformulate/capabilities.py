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

ALL = frozenset({
    LINEAR, INTEGER, SEMICONTINUOUS, CONVEX_QUADRATIC, QUADRATIC, NONLINEAR, ABS, MINMAX, LOGIC, BINARY_PRODUCT,
    INDICATOR, SOS, NO_OVERLAP, CIRCUIT, ALLDIFFERENT, PIECEWISE,
})

MIP = frozenset({LINEAR, INTEGER, SEMICONTINUOUS})
"""What every mixed-integer linear solver takes: all else is bridged."""

STRUCTURE_REMEDIES = {
    NO_OVERLAP: "write for each pair: start[i] + d[i] <= start[j] or start[j] + d[j] <= start[i], over "
                "\"i in jobs\", \"j in jobs if ord(i, jobs) < ord(j, jobs)\", with bounds on start",
    CIRCUIT: "write sum(arc[i, j] for j in N if j != i) == 1 and sum(arc[j, i] for j in N if j != i) == 1 for each "
             "i, and with a position u[i] from 1 to len(N): u[i] - u[j] + len(N) * arc[i, j] <= len(N) - 1 for all "
             "i, j but the first node",
    ALLDIFFERENT: "give each value a binary: sum(is_at[i, v] for v in V) == 1 for each i, and "
                  "sum(is_at[i, v] for i in I) <= 1 for each v",
    PIECEWISE: "give each breakpoint a weight w[k] >= 0: sum(w[k]) == 1, x == sum(points[k] * w[k]), value "
               "sum(values[k] * w[k]), with binaries for neighbouring weights where the function is not convex",
}
"""For each construct without a bridge, the formulation to write in its place."""


def as_target(target: Iterable[str]) -> frozenset[str]:
    """The capability names as a set. Raises ValueError for a name that is not known."""
    found = frozenset(target)
    if not found <= ALL:
        raise ValueError(f"unknown capabilities: {', '.join(sorted(found - ALL))}")
    return found
