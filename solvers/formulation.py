"""The five-element formulation: sets, parameters, variables, objective, constraints, and what serves them.

One frozen dataclass per element; formulas are kept as text in the closed expression language
(`solvers.expression`) so that what a person wrote is what is stored. The five elements follow
LLMOPT (arXiv 2410.13213, section 3.1). Reading and writing documents: `solvers.schema`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from solvers.check import CheckReport
    from solvers.data import Data

Label = int | str
"""An element of a set: an integer or a text label."""

Key = tuple[Label, ...]
"""The index of a cell: one label per index position; `()` for a scalar."""

Role = Literal[
    "capacity", "requirement", "rate", "cost", "reward", "ratio", "count", "time", "fixed_charge",
    "initial", "bound", "distance", "coefficient", "label", "other",
]
"""What a number does in the problem; verification derives from it how the optimum must respond."""

Domain = Literal["continuous", "integer", "binary", "semicontinuous", "semi-integer"]
Sense = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class IndexSet:
    """An ordered set of labels: listed (`elements`), computed (`expr`), or bound to data (neither).

    `over` makes it an indexed set (`expr` may use its indices). Elements of a set of dimension
    d > 1 are tuples. `within` names a set that must contain it.
    """

    name: str
    elements: tuple[Label | Key, ...] | None = None
    expr: str | None = None
    over: tuple[str, ...] = ()
    within: str | None = None
    dimension: int = 1
    bind: str | None = None
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One number (or label) of the text: its key, its value, and the words it was read from."""

    key: Key = ()
    value: int | float | str | None = None
    quote: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """Given data over `axes` (names of sets); `expr` makes it derived (then `over` names its indices).

    `values_in` names the set that label values are drawn from. `default` fills missing cells,
    `symmetric` mirrors the two axes, `nullable` permits missing cells (test with `given(p[i])`).
    Along the axes named in `by_position`, cell keys are positions (from 1) rather than labels: values
    listed along a computed set whose elements are known only once data are there.
    """

    name: str
    role: Role = "other"
    unit: str | None = None
    axes: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    expr: str | None = None
    over: tuple[str, ...] = ()
    values_in: str | None = None
    default: int | float | str | None = None
    symmetric: bool = False
    nullable: bool = False
    by_position: tuple[str, ...] = ()
    bind: str | None = None
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A decision, one per index of `over` (generators such as `"t in weeks"`); bounds are formulas.

    A semicontinuous variable is 0 or within [lower, upper].
    """

    name: str
    over: tuple[str, ...] = ()
    domain: Domain = "continuous"
    lower: str | None = None
    upper: str | None = None
    unit: str | None = None
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedExpression:
    """A formula with a name, indexed over `over`; expanded where it is used."""

    name: str
    expr: str
    over: tuple[str, ...] = ()
    unit: str | None = None
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A named part of the objective. Higher `priority` is optimised first, lexicographically."""

    name: str
    expr: str
    priority: int = 0
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """The sum of its terms, to be minimised or maximised; no terms means feasibility only."""

    sense: Sense
    terms: tuple[Term, ...] = ()
    unit: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A comparison, a logical formula or a global constraint, for each index of `over`."""

    name: str
    expr: str
    over: tuple[str, ...] = ()
    description: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was added to the text; `about` names the element concerned."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Unused:
    """A number of the text that is a distractor, and why."""

    quote: str
    value: int | float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Formulation:
    """A problem as sets, parameters, variables, objective and constraints. Immutable; text formulas."""

    name: str
    objective: Objective
    sets: tuple[IndexSet, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    variables: tuple[Variable, ...] = ()
    expressions: tuple[NamedExpression, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    unused: tuple[Unused, ...] = ()
    asked: tuple[str, ...] = ()
    description: str = ""
    schema: Literal["formulate/1"] = field(default="formulate/1")

    @cached_property
    def by_name(self) -> dict[str, IndexSet | Parameter | Variable | NamedExpression]:
        """Every declared name that formulas may refer to. The first declaration wins; `check` reports doubles."""
        table: dict[str, IndexSet | Parameter | Variable | NamedExpression] = {}
        for group in (self.sets, self.parameters, self.variables, self.expressions):
            for item in group:
                table.setdefault(item.name, item)
        return table

    @classmethod
    def read(cls, path: str) -> Formulation:
        """Read a `.json`, `.yaml` or `.yml` document. Raises SchemaError with the place that is wrong."""
        from solvers.schema import read_formulation

        return read_formulation(path)

    def check(self, data: Data | None = None) -> CheckReport:
        """Names, axes, kinds, units and classes without solving: `errors`, `warnings`, `units`, `classes`.

        `solve` refuses what has no meaning as a program, but looks at no units: it is called in loops over data, and
        this takes as long as a small solve. The command line always checks first.
        """
        from solvers.check import check

        return check(self, data)

    def _repr_latex_(self) -> str:
        from solvers.render.latex import notebook_latex

        return notebook_latex(self)

    def __str__(self) -> str:
        from solvers.render.text import to_text

        return to_text(self)
