"""The one place where numbers are compared. Every comparison names its tolerance in its result.

Nothing here rounds, and nothing retries: a difference is a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan


@dataclass(frozen=True, slots=True)
class Tolerance:
    """`|a - b| <= absolute + relative * max(|a|, |b|)`."""

    name: str
    relative: float = 0.0
    absolute: float = 0.0

    def allowance(self, a: float, b: float) -> float:
        """The greatest difference that counts as equal."""
        return self.absolute + self.relative * max(abs(a), abs(b))


EXACT = Tolerance("exact")
SOLVER = Tolerance("solver (1e-6 relative, 1e-6 absolute)", 1e-6, 1e-6)
FEASIBILITY = Tolerance("feasibility (1e-6 relative to the row's magnitude, 1e-6 absolute)", 1e-6, 1e-6)
INTEGRALITY = Tolerance("integrality (1e-5 absolute)", 0.0, 1e-5)
OPTIMALITY = Tolerance("optimality gap (1e-5 relative, 1e-6 absolute)", 1e-5, 1e-6)
STRICT = Tolerance("relative 1e-6 (1e-9 absolute)", 1e-6, 1e-9)
ANSWER = Tolerance("relative 1e-4 (1e-6 absolute)", 1e-4, 1e-6)
TWO_PER_MILLE = Tolerance("relative 2e-3 (1e-9 absolute)", 2e-3, 1e-9)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two numbers agree, by how much they differ, and under which tolerance."""

    equal: bool
    left: float
    right: float
    difference: float
    tolerance: Tolerance

    def __bool__(self) -> bool:
        return self.equal

    def __str__(self) -> str:
        sign = "==" if self.equal else "!="
        return (
            f"{self.left:.12g} {sign} {self.right:.12g} within {self.tolerance.name} (difference {self.difference:.3g})"
        )


def compare(left: float, right: float, tolerance: Tolerance = SOLVER) -> Comparison:
    """Compare two numbers. Equal infinities agree; NaN agrees with nothing."""
    if isnan(left) or isnan(right):
        return Comparison(False, left, right, float("nan"), tolerance)
    if not (isfinite(left) and isfinite(right)):
        return Comparison(left == right, left, right, 0.0 if left == right else float("inf"), tolerance)
    difference = abs(left - right)
    return Comparison(difference <= tolerance.allowance(left, right), left, right, difference, tolerance)


def is_integral(value: float) -> bool:
    """Whether a value is a whole number within INTEGRALITY."""
    return isfinite(value) and abs(value - round(value)) <= INTEGRALITY.absolute
