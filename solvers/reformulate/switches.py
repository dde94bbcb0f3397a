"""Semicontinuous and semi-integer variables by a binary: `lower * on <= x <= upper * on`."""

from __future__ import annotations

from dataclasses import replace

from solvers.errors import Place, UnsupportedError
from solvers.expression import parse, parse_generator, unparse
from solvers.expression.nodes import Name
from solvers.formulation import Variable
from solvers.reformulate.build import ZERO, compare, extreme, mul, number
from solvers.reformulate.scope import Scope
from solvers.reformulate.workspace import Workspace

SEMI = frozenset({"semicontinuous", "semi-integer"})


def switched(variable: Variable, work: Workspace) -> Variable:
    """The variable without a gap in its range; the rows that leave the gap go to the workspace.

    Raises UnsupportedError where the upper bound is missing.
    """
    if variable.upper is None or parse(variable.upper) == Name("inf"):
        raise UnsupportedError(
            f"a {variable.domain} variable needs a finite upper bound", place=Place(variable.name, "upper"),
            remedy="give the largest amount that can occur",
        )
    work.at(variable.name)
    scope = Scope(tuple(parse_generator(text) for text in variable.over))
    cell = scope.cell(variable.name)
    low = parse(variable.lower) if variable.lower is not None else ZERO
    high = parse(variable.upper)
    on = work.variable("on", scope, f"1 where {variable.name} is within its bounds, 0 where it is 0", domain="binary")
    work.constraint(f"{variable.name}_to", compare(cell, "<=", mul(high, on)), scope)
    if number(low) != 0:
        work.constraint(f"{variable.name}_from", compare(cell, ">=", mul(low, on)), scope)
    work.note(f"a {variable.domain} variable with a binary")
    positive = work.facts.nonnegative(low)
    return replace(
        variable, domain="continuous" if variable.domain == "semicontinuous" else "integer",
        lower="0" if positive else unparse(extreme("min", ZERO, low)),
        upper=variable.upper if work.facts.nonnegative(high) else unparse(extreme("max", ZERO, high)),
    )

