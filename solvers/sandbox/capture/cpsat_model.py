"""A CP-SAT model as a `Model`: linear rows, conditions as indicators, globals, and 0-1 columns for the rest.

Every translation is exact: a point of the program's columns satisfies the CP-SAT model if and only if the auxiliary
columns, at the values that are computed for them, satisfy the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.io.nl_poly import Sum
from solvers.model import INTEGER
from solvers.sandbox.capture.guard import UncapturedError
from solvers.sandbox.capture.sheet import Sheet, linear

if TYPE_CHECKING:
    from solvers.model import Model

EXACT = 1 << 53
"""Whole numbers beyond this are no floating-point numbers."""
ENDLESS = 1 << 61
"""Sides of rows beyond this are open."""
When = tuple[int, int] | None
"""A condition: a 0-1 column and the value at which it holds; None for always."""
Value = Callable[[Sequence[float]], float]


def number(value: int) -> float:
    """A whole number as a float. Raises UncapturedError where that is not exact."""
    if abs(value) > EXACT:
        raise UncapturedError(f"the number {value} is too large to be held exactly")
    return float(value)


def side(value: int) -> float:
    """A bound; those near the ends of 64 bits are open."""
    if abs(value) >= ENDLESS:
        return np.inf if value > 0 else -np.inf
    return number(value)


def value_at(formula: Sum, x: Sequence[float]) -> float:
    """The value of a linear formula."""
    return formula.constant + sum(c * x[j] for j, c in formula.linear.items())


def minus(a: Sum, b: Sum) -> Sum:
    """The difference of two linear formulas."""
    return linear([*a.linear.items(), *((j, -c) for j, c in b.linear.items())], a.constant - b.constant)


def times(a: Sum, factor: float) -> Sum:
    """A multiple of a linear formula."""
    return linear(((j, c * factor) for j, c in a.linear.items()), a.constant * factor)


def added(parts: Sequence[Sum], constant: float = 0.0) -> Sum:
    """The sum of linear formulas."""
    return linear((item for part in parts for item in part.linear.items()), constant + sum(p.constant for p in parts))


class CpReader:
    """One CP-SAT model while it is read."""

    def __init__(self, proto: Any) -> None:
        self.proto = proto
        self.sheet = Sheet(str(proto.name or ""))
        self.domains: list[list[int]] = []

    def model(self) -> Model:
        """The model. Raises UncapturedError naming the constraint that is not held."""
        from solvers.sandbox.capture.cpsat_rules import add_rule

        for k, v in enumerate(self.proto.variables):
            domain = list(v.domain)
            self.domains.append(domain)
            self.sheet.column(v.name or f"x{k}", side(domain[0]), side(domain[-1]), INTEGER)
        for j, domain in enumerate(self.domains):
            if len(domain) > 2:
                self.within(Sum(linear={j: 1.0}), domain, f"{self.sheet.columns[j]}#domain", None)
        for k, rule in enumerate(self.proto.constraints):
            add_rule(self, rule, rule.name or f"row{k}")
        for literal in self.proto.assumptions:
            self.row("assumption", 1.0, None, self.literal(literal), None)
        self._objective()
        return self.sheet.model()

    def _objective(self) -> None:
        proto, sheet = self.proto, self.sheet
        if proto.has_floating_point_objective():
            found = proto.floating_point_objective
            sheet.sense = "max" if found.maximize else "min"
            sheet.objective = linear(zip(found.vars, found.coeffs), found.offset)
        elif proto.has_objective():
            found = proto.objective
            if len(found.domain):
                raise UncapturedError("an objective with a domain is not captured")
            scale = found.scaling_factor or 1.0
            sheet.sense = "max" if scale < 0 else "min"
            terms = [(j, number(c) * scale) for j, c in zip(found.vars, found.coeffs)]
            sheet.objective = linear(_signed(terms), found.offset * scale)

    # -- parts of constraints ------------------------------------------------------------------------

    def literal(self, reference: int) -> Sum:
        """A literal as a formula that is 0 or 1."""
        if reference >= 0:
            return Sum(linear={reference: 1.0})
        return Sum(1.0, {-reference - 1: -1.0})

    def expression(self, found: Any) -> Sum:
        """A linear expression."""
        return linear(
            _signed([(j, number(c)) for j, c in zip(found.vars, found.coeffs)]), number(found.offset)
        )  # fmt: skip

    def bounds(self, formula: Sum) -> tuple[float, float]:
        """The least and greatest value of a linear formula by the bounds of its columns."""
        low = high = formula.constant
        for j, c in formula.linear.items():
            ends = (c * self.sheet.lower[j], c * self.sheet.upper[j])
            low, high = low + min(ends), high + max(ends)
        return low, high

    def condition(self, references: Sequence[int], name: str) -> When:
        """When all literals are true: the literal itself, or a 0-1 column that is 1 then."""
        literals = list(dict.fromkeys(references))
        if not literals:
            return None
        if len(literals) == 1:
            reference = literals[0]
            return (reference, 1) if reference >= 0 else (-reference - 1, 0)
        parts = [self.literal(r) for r in literals]
        both = self.binary(f"{name}#if", lambda x: float(all(value_at(p, x) > 0.5 for p in parts)))
        held = minus(Sum(linear={both: 1.0}), added(parts))
        self.row(f"{name}#if", 1.0 - len(parts), None, held, None)
        return both, 1

    def truth(self, when: When) -> Sum:
        """A condition as a formula that is 0 or 1."""
        if when is None:
            return Sum(1.0)
        column, active = when
        return Sum(linear={column: 1.0}) if active else Sum(1.0, {column: -1.0})

    def binary(self, name: str, value: Value) -> int:
        """A 0-1 column whose value follows from the others."""
        return self.sheet.auxiliary(name, 0.0, 1.0, INTEGER, value)

    def row(self, name: str, low: float | None, high: float | None, formula: Sum, when: When) -> None:
        """A row that holds under a condition."""
        at = self.sheet.formula_row(name, low, high, formula)
        if when is not None:
            self.sheet.indicate(at, *when)

    def within(self, formula: Sum, domain: Sequence[int], name: str, when: When) -> None:
        """A formula takes a value in one of the intervals of a domain."""
        pieces = [(side(a), side(b)) for a, b in zip(domain[::2], domain[1::2])]
        if len(pieces) == 1:
            self.row(name, *pieces[0], formula, when)
            return
        self.one_of([([(formula, low, high)], f"{name}#{k + 1}") for k, (low, high) in enumerate(pieces)], name, when)

    def one_of(
        self, choices: Sequence[tuple[list[tuple[Sum, float, float]], str]], name: str, when: When,
        otherwise: Sequence[Sum] = (),
    ) -> list[int]:
        """At least one choice holds (all of its ranges), or one of the 0-1 formulas `otherwise` is 1; its columns."""
        columns = []
        for ranges, label in choices:
            column = self.binary(label, _all_within(ranges))
            for formula, low, high in ranges:
                self.row(label, low, high, formula, (column, 1))
            columns.append(column)
        total = added([*(Sum(linear={j: 1.0}) for j in columns), *otherwise])
        self.row(name, 1.0, None, total, when)
        return columns


def _signed(terms: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """A negative reference in a sum is the negated variable."""
    return [(j, c) if j >= 0 else (-j - 1, -c) for j, c in terms]


def _all_within(ranges: Sequence[tuple[Sum, float, float]]) -> Value:
    def value(x: Sequence[float]) -> float:
        return float(all(low - 0.5 <= value_at(formula, x) <= high + 0.5 for formula, low, high in ranges))

    return value
