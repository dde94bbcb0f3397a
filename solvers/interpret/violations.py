"""Constraints, bounds and integrality at a point: the worst violation of each, and where."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal

from solvers.compare import INTEGRALITY, Tolerance
from solvers.expression import parse, parse_generator
from solvers.formulation import Constraint, Key, Variable
from solvers.interpret.amounts import FAILED, HELD, Amount, Amounts
from solvers.interpret.basics import Env, Point, PointError, as_key, as_number, show_key

if TYPE_CHECKING:
    from solvers.interpret.instance import Instance

Kind = Literal["constraint", "bound", "integrality"]


@dataclass(frozen=True, slots=True)
class Violation:
    """The worst violation of one constraint, or of the bounds or integrality of one variable.

    Holds within tolerance where `amount <= allowed`; `note` says why where there is no number.
    """

    element: str
    kind: Kind
    key: Key = ()
    amount: float = 0.0
    allowed: float = 0.0
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.amount <= self.allowed

    @property
    def where(self) -> str:
        """`balance[3]`, or `order[3] (bound)`."""
        text = self.element + show_key(self.key)
        return text if self.kind == "constraint" else f"{text} ({self.kind})"

    @property
    def excess(self) -> float:
        """How far beyond the allowance."""
        over = self.amount - self.allowed
        return over if over == over else inf


def violations(instance: Instance, point: Point, tolerance: Tolerance) -> list[Violation]:
    """One entry per constraint, and per variable for its bounds and (where it has any) its integrality."""
    found: list[Violation] = []
    for variable in instance.formulation.variables:
        found.extend(_of_variable(instance, variable, point, tolerance))
    amounts = Amounts(instance.compiler, tolerance)
    constraints = instance.formulation.constraints
    found.extend(_of_constraint(instance, constraint, point, amounts) for constraint in constraints)
    return found


def _of_constraint(instance: Instance, constraint: Constraint, point: Point, amounts: Amounts) -> Violation:
    names = [target for text in constraint.over for target in parse_generator(text).targets]
    worst = Violation(constraint.name, "constraint", (), 0.0, 0.0)
    with instance.placing(constraint.name, "expr"):
        tree = parse(constraint.expr)
        amount = amounts.of(tree, frozenset(names))
    with instance.placing(constraint.name, "over"):
        places = instance.indices(constraint.over)
    for env in places:
        key = tuple(part for name in names for part in as_key(env[name]))
        note = ""
        try:
            with instance.placing(constraint.name, "expr", key):
                here = amount(env, point)
        except PointError as error:
            here, note = FAILED, error.message
        candidate = Violation(constraint.name, "constraint", key, *here, note)
        if candidate.excess > worst.excess or (candidate.excess == worst.excess and here.violation > worst.amount):
            worst = candidate
    return worst


def _of_variable(instance: Instance, variable: Variable, point: Point, tolerance: Tolerance) -> list[Violation]:
    bound = Violation(variable.name, "bound", (), 0.0, 0.0)
    whole = Violation(variable.name, "integrality", (), 0.0, INTEGRALITY.absolute)
    domain = instance.domain(variable)
    scope = frozenset(next(iter(domain.values()), {}))
    semi = variable.domain in ("semicontinuous", "semi-integer")
    for key, env in domain.items():
        value = instance.variable(variable, key, point)
        with instance.placing(variable.name, "bounds", key):
            low = _bound(instance, variable.lower, 0.0 if semi else -inf, env, scope)
            high = _bound(instance, variable.upper, inf, env, scope)
        if variable.domain == "binary":
            low, high = max(low, 0.0), min(high, 1.0)
        here = _outside(value, low, high, tolerance)
        if semi:
            here = min(here, _outside(value, 0.0, 0.0, tolerance), key=lambda a: a.excess)
        if Violation(variable.name, "bound", key, *here).excess > bound.excess or here.violation > bound.amount:
            bound = Violation(variable.name, "bound", key, *here)
        away = abs(value - round(value)) if isfinite(value) else inf
        if away > whole.amount:
            whole = Violation(variable.name, "integrality", key, away, INTEGRALITY.absolute)
    return [bound] if variable.domain in ("continuous", "semicontinuous") else [bound, whole]


def _bound(instance: Instance, text: str | None, default: float, env: Env, scope: frozenset[str]) -> float:
    if text is None:
        return default
    return float(as_number(instance.closure(text, scope)(dict(env), Point())))


def _outside(value: float, low: float, high: float, tolerance: Tolerance) -> Amount:
    if not isfinite(value):
        return Amount(inf, 0.0)
    if value < low:
        return Amount(low - value, tolerance.allowance(low, 0.0) if isfinite(low) else 0.0)
    if value > high:
        return Amount(value - high, tolerance.allowance(high, 0.0) if isfinite(high) else 0.0)
    return HELD
