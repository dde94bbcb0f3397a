"""What a target is: its capabilities as data, and how it writes variables, rows, objectives and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from solvers.expression.nodes import Expr
from solvers.formulation import Constraint, Formulation, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solvers.data import Data
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.emit.script import Script
    from solvers.emit.steps import Stepped
    from solvers.reformulate.facts import Facts

SLACK = "1e-6"
"""Relative room left to a higher-priority objective, as `solvers.solve` leaves it."""


@dataclass(frozen=True)
class Bounds:
    """The bounds of a variable as Python code; None where there is none."""

    lower: str | None
    upper: str | None


@dataclass(frozen=True)
class Dialect:
    """One target. Subclasses say how things are written; this class holds what most of them share.

    `capabilities` (names of solvers.reformulate.capabilities) is what is written natively: all else is bridged.
    `most_rank` is the highest degree of a formula: 1 linear, 2 quadratic, 3 nonlinear. `bare_numbers` says whether
    a comparison of two numbers may stand where a row belongs.
    """

    name: str
    title: str
    install: str
    capabilities: frozenset[str]
    sum_name: str
    alternatives: str
    functions: dict[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    """What the model object has already: nothing that becomes its attribute may be called so."""
    owner: str = ""
    most_rank: int = 1
    bare_numbers: bool = False
    bare_sums: bool = False
    """Whether `sum_name` of nothing is a number rather than an expression."""
    whole_data: bool = False
    """Whether 3.0 in the data is written as 3."""

    # -- before anything is written ----------------------------------------------------------

    def refusal(self, formulation: Formulation, facts: Facts) -> str | None:
        """Why this target cannot hold the formulation, beyond capabilities and degree, or None."""
        del formulation, facts
        return None

    def in_steps(self, formulation: Formulation, data: Data | None) -> tuple[Formulation, Mapping[str, Stepped]]:
        """The formulation with variables that count steps, where the target computes in whole numbers."""
        del data
        return formulation, {}

    def capabilities_for(self, formulation: Formulation) -> frozenset[str]:
        """What is written natively in this formulation."""
        del formulation
        return self.capabilities

    def takes(self, constraint: Constraint, facts: Facts) -> bool:
        """Whether a constraint with logic or structure is written natively, before any bridge is tried."""
        del constraint, facts
        return False

    def special(self, printer: Printer, node: Expr, scope: Scope) -> tuple[str, int] | None:
        """Another way to write a node over variables, with its binding strength, or None."""
        del printer, node, scope
        return None

    def rule(self, script: Script, node: Expr, scope: Scope) -> list[str] | None:
        """Statements of a constraint that this target writes in a way of its own, or None."""
        del script, node, scope
        return None

    def install_for(self, script: Script) -> str:
        """What to install for this program."""
        del script
        return self.install

    # -- the program -------------------------------------------------------------------------

    def imports(self, script: Script) -> list[str]:
        """Import lines of the target's own library."""
        raise NotImplementedError

    def helpers(self, script: Script) -> list[str]:
        """Functions that the program needs for this target."""
        del script
        return []

    def create(self, script: Script) -> list[str]:
        """Statements that make the empty model."""
        raise NotImplementedError

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        """The expression that adds one variable to the model."""
        raise NotImplementedError

    def row(self, script: Script, row: str, name: str) -> str:
        """The statement that adds the comparison `row`."""
        raise NotImplementedError

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        """The statement that adds `low <= body <= high`, where both ends are numbers."""
        raise NotImplementedError

    def expression(self, code: str) -> str:
        """The code, made an expression of the library where it may be a plain number."""
        return code

    def nonlinear(self, script: Script, code: str) -> str:
        """A formula of degree 3 as it may stand in a row or objective."""
        del script
        return code

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        """The statements that set the objective."""
        raise NotImplementedError

    def solve(self, script: Script) -> list[str]:
        """Statements that solve and leave the status, as a word of ours, in `status`."""
        raise NotImplementedError

    def solved(self, script: Script) -> str:
        """The condition that there is a solution to show."""
        raise NotImplementedError

    def reader(self, script: Script) -> str:
        """The name of the function from a variable to its value."""
        raise NotImplementedError

    def hold(self, script: Script, row: str) -> list[str]:
        """Statements that keep an objective level at its optimum while the next is optimised."""
        return [self.row(script, row, "")]

    def value_of(self, script: Script, code: str) -> str:
        """The value of an expression at the solution."""
        return f"{self.reader(script)}({code})"

    def objective_value(self, script: Script) -> str:
        """The value of the objective at the solution."""
        raise NotImplementedError
