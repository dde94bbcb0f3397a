"""What stands in a program beside its columns: rows, and constraints that solvers know by other names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic, Variable
from solvers.sandbox.lookalike.core.trees import Node


class Element:
    """A member of a program: `_index` is its position, `_state` 0 until it is added, 1 then, 2 once removed."""

    __slots__ = ("__weakref__", "_index", "_name", "_pool", "_program", "_state")

    _sort: ClassVar[str] = ""
    _program: Any
    _index: int
    _state: int
    _name: str
    _pool: dict[str, Any] | None

    def __init__(self, program: Any, name: str) -> None:
        self._program = program
        self._name = name
        self._index = -1
        self._state = 0
        self._pool = None


class Row(Element):
    """lower <= the linear form (its constant apart) <= upper; `_coefs` is merged: coefficient by variable.

    `_sense` keeps how the row was written: <, >, = or R for a range.
    """

    _sort = "Row"
    __slots__ = ("_coefs", "_lower", "_sense", "_upper")

    def __init__(self, program: Any, name: str, form: Linear, lower: float, upper: float, sense: str) -> None:
        super().__init__(program, name)
        self._coefs = form._merged()
        self._lower = lower - form._constant
        self._upper = upper - form._constant
        self._sense = sense


class QuadraticRow(Element):
    """lower <= the quadratic form (its constant apart) <= upper."""

    _sort = "QuadraticRow"
    __slots__ = ("_form", "_lower", "_sense", "_upper")

    def __init__(self, program: Any, name: str, form: Quadratic, lower: float, upper: float, sense: str) -> None:
        super().__init__(program, name)
        constant = form._part._constant
        self._form: Quadratic = form._shared()
        self._form._part._constant = 0.0
        self._lower = lower - constant
        self._upper = upper - constant
        self._sense = sense


class SpecialSet(Element):
    """A special ordered set of type 1 or 2, ordered by ascending weights."""

    _sort = "SpecialSet"
    __slots__ = ("_kind", "_variables", "_weights")

    def __init__(self, program: Any, name: str, kind: int, variables: list[Variable], weights: list[float]) -> None:
        super().__init__(program, name)
        self._kind = kind
        self._variables = variables
        self._weights = weights


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """binary == active implies lower <= form <= upper."""

    binary: Variable
    active: int
    form: Linear
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, eq=False)
class Extreme:
    """result == the least (min) or greatest (max) of the arguments and, where there is one, the constant."""

    kind: Literal["min", "max"]
    result: Variable
    arguments: tuple[Variable, ...]
    constant: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Absolute:
    """result == |argument|."""

    result: Variable
    argument: Variable


@dataclass(frozen=True, slots=True, eq=False)
class Logical:
    """The 0-1 result is the conjunction (and) or disjunction (or) of 0-1 arguments."""

    kind: Literal["and", "or"]
    result: Variable
    arguments: tuple[Variable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """result == the norm of the arguments; `which` is 0 (count), 1, 2 or infinite."""

    result: Variable
    arguments: tuple[Variable, ...]
    which: float


@dataclass(frozen=True, slots=True, eq=False)
class Piecewise:
    """result == the piecewise-linear function of the argument through the points; its ends go on in their slope."""

    result: Variable
    argument: Variable
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """lower <= tree - result <= upper; result may be None."""

    result: Variable | None
    tree: Node
    lower: float
    upper: float


Meaning: TypeAlias = Indicator | Extreme | Absolute | Logical | Norm | Piecewise | Equation


class General(Element):
    """A general constraint: `_meaning` says what it asks, `_details` what its library wants to know of it again."""

    _sort = "General"
    __slots__ = ("_details", "_meaning")

    def __init__(self, program: Any, name: str, meaning: Meaning, details: Any = None) -> None:
        super().__init__(program, name)
        self._meaning = meaning
        self._details = details
