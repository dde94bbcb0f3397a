"""What bridges add to a formulation: variables, constraints and derived parameters, each with its origin."""

from __future__ import annotations

from solvers.errors import Place, UnsupportedError
from solvers.expression import unparse, walk
from solvers.expression.nodes import Expr, Name
from solvers.formulation import Constraint, Domain, Formulation, IndexSet, Parameter, Variable
from solvers.reformulate import capabilities as cap
from solvers.reformulate.bounds import BoundFinder
from solvers.reformulate.build import ZERO, extreme, literal, number, sub
from solvers.reformulate.facts import Facts
from solvers.reformulate.scope import Scope

MAX_ADDED = 3_000
_INLINE_NODES = 3
"""A bound of this few nodes is written where it is used; a larger one becomes a derived parameter."""


class Workspace:
    """Collects what is added while one formulation is bridged."""

    def __init__(self, formulation: Formulation, facts: Facts, target: frozenset[str]) -> None:
        self.formulation = formulation
        self.facts = facts
        self.target = target
        self.bounds = BoundFinder(facts)
        self.variables: list[Variable] = []
        self.parameters: list[Parameter] = []
        self.sets: list[IndexSet] = []
        self.constraints: list[Constraint] = []
        self.origin: dict[str, str] = {}
        self.log: list[str] = []
        self._taken = set(formulation.by_name) | {c.name for c in formulation.constraints}
        self._constants: dict[tuple[Expr, tuple[str, ...]], Expr] = {}
        self._rows: dict[str, int] = {}
        self._count: dict[str, int] = {}
        self.element: Constraint | None = None
        self.place = ""

    def at(self, place: str, element: Constraint | None = None) -> None:
        """Say which element is being bridged: additions carry its name, description and source."""
        self.place, self.element = place, element

    def fresh(self, wanted: str) -> str:
        """A name that nothing has yet. Raises UnsupportedError when the formulas grow beyond MAX_ADDED elements."""
        if len(self.origin) > MAX_ADDED:
            raise UnsupportedError(
                f"bridging needs more than {MAX_ADDED:,} families of rows and variables", place=Place(self.place),
                remedy="nest fewer iff(...) and min(...), or name the inner conditions by binary variables",
            )
        name, k = wanted, self._count.get(wanted, 2)
        while name in self._taken:
            name, k = f"{wanted}_{k}", k + 1
        self._count[wanted] = k
        self._taken.add(name)
        return name

    def note(self, text: str) -> None:
        """One line of the log."""
        line = f"{self.place}: {text}"
        if line not in self.log:
            self.log.append(line)

    def variable(
        self, kind: str, scope: Scope, text: str, *, domain: Domain = "continuous", lower: str | None = None,
        upper: str | None = None, of: Expr | None = None,
    ) -> Expr:
        """A new variable over the scope; returns its cell. `of` is the formula whose value it takes."""
        if of is not None and cap.WHOLE in self.target:
            step = self.facts.grid(of)
            domain = "integer" if step is not None and float(step).is_integer() else domain
        name = self.fresh(f"{kind}_{_identifier(self.place)}")
        source = self.element.source if self.element else ()
        added = Variable(name, scope.over, domain, lower, upper, description=text, source=source)
        self.variables.append(added)
        self.facts.by_name[name] = added
        self.origin[name] = self.place
        return scope.cell(name)

    def index_set(self, kind: str, expr: str, text: str) -> Expr:
        """A new computed set; returns its name."""
        name = self.fresh(f"{kind}_{_identifier(self.place)}")
        self.sets.append(IndexSet(name, expr=expr, description=text))
        self.origin[name] = self.place
        return Name(name)

    def is_binary_cell(self, node: Expr) -> bool:
        """Whether the formula is a cell of a binary variable, given or added."""
        declared = self.facts.variable(node)
        return declared is not None and declared.domain == "binary"

    def constraint(self, name: str, expr: Expr, scope: Scope, text: str = "") -> None:
        """A new constraint over the scope."""
        name = self.fresh(name)
        said = self.element.description if self.element else ""
        source = self.element.source if self.element else ()
        self.constraints.append(Constraint(name, unparse(scope.distinct(expr)), scope.over, text or said, source))
        self.origin[name] = self.place

    def kept(self, expr: Expr, scope: Scope) -> None:
        """A row of the constraint being bridged: the first keeps its name."""
        if self.element is None:
            self.constraint(f"{_identifier(self.place)}_rule", expr, scope)
            return
        element = self.element
        count = self._rows[element.name] = self._rows.get(element.name, 0) + 1
        name = element.name if count == 1 else self.fresh(f"{element.name}_{count}")
        text = unparse(scope.distinct(expr))
        self.constraints.append(Constraint(name, text, scope.over, element.description, element.source))
        self.origin[name] = self.place

    def constant(self, kind: str, value: Expr, scope: Scope, text: str) -> Expr:
        """A bound as a formula to use in rows: itself where it is short, else a derived parameter."""
        if sum(1 for _ in walk(value)) <= _INLINE_NODES:
            return value
        inner = scope if scope.needs(value) or scope.guards else Scope()
        value = inner.distinct(value)
        key = (value, inner.over)
        if key not in self._constants:
            name = self.fresh(f"{kind}_{_identifier(self.place)}")
            self.parameters.append(
                Parameter(name, "bound", expr=unparse(value), over=inner.over, description=text)
            )
            self.origin[name] = self.place
            self._constants[key] = inner.cell(name)
        return self._constants[key]

    def excess(self, left: Expr, right: Expr, scope: Scope) -> Expr:
        """The greatest value of `left - right`, at least 0: the big-M that frees `left <= right`."""
        return self.positive(sub(self.bounds.upper(left, self.place), self.bounds.lower(right, self.place)), scope)

    def positive(self, value: Expr, scope: Scope, text: str = "") -> Expr:
        """The value, or 0 where it is negative, as a constant."""
        known = number(value)
        if known is not None:
            return literal(max(0, known))
        if not self.facts.nonnegative(value):
            value = extreme("max", ZERO, value)
        return self.constant("bigM", value, scope, text or f"frees {self.place}")


def _identifier(place: str) -> str:
    """A name from the place of a bridge: `objective term cost` is `cost`."""
    return "".join(c if (c.isalnum() and c.isascii()) or c == "_" else "_" for c in place.split()[-1])
