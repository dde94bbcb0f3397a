"""Expressions of general constraints: `abs_`, `min_`, `max_`, `and_`, `or_`, `norm`."""

from __future__ import annotations

from typing import Any, ClassVar

from solvers.sandbox.lookalike.core.expressions import Comparison, Term, is_number
from solvers.sandbox.lookalike.gurobipy.attributes import finite
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, GurobiError


class GenExpr:
    """The right side of a general constraint."""

    kind: ClassVar[str] = ""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        raise GurobiError(
            INVALID_ARGUMENT,
            "General expressions can only be the right hand side part of an assignment to a single variable",
        )

    def __ne__(self, other: object) -> Any:
        raise GurobiError(0, "Inequality constraints not supported")


class GenExprAbs(GenExpr):
    """The absolute value of a variable."""

    kind = "abs"

    def __init__(self, argvar: Any) -> None:
        self.argument = argvar

    def __repr__(self) -> str:
        return f"<gurobi.GenExprAbs: ({self.argument})>"


class _OfSeveral(GenExpr):
    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"<gurobi.{type(self).__name__}: ({self.items})>"


class GenExprMinMax(_OfSeveral):
    """The least or greatest of variables and numbers."""

    def __init__(self, items: list[Any], constant: float | None) -> None:
        super().__init__(items)
        self.constant = constant

    def __repr__(self) -> str:
        return f"<gurobi.{type(self).__name__}: ({self.items}), constant={self.constant}>"


class GenExprMax(GenExprMinMax):
    """The greatest."""

    kind = "max"


class GenExprMin(GenExprMinMax):
    """The least."""

    kind = "min"


class GenExprAnd(_OfSeveral):
    """A conjunction of binaries."""

    kind = "and"


class GenExprOr(_OfSeveral):
    """A disjunction of binaries."""

    kind = "or"


class GenExprNorm(_OfSeveral):
    """A vector norm."""

    kind = "norm"

    def __init__(self, items: Any, which: float) -> None:
        super().__init__(items)
        self.which = which

    def __repr__(self) -> str:
        return f"<gurobi.GenExprNorm-{self.which:g}: ({self.items})>"


def _flat(args: tuple[Any, ...]) -> list[Any]:
    """Arguments one by one, or in one or several lists, dictionaries or arrays."""
    out: list[Any] = []
    for item in args:
        if isinstance(item, (Term, Comparison)) or is_number(item) or isinstance(item, str):
            out.append(item)
        elif hasattr(item, "_reflected"):
            flat = item.tolist() if item.ndim else item
            out.extend(_flat(tuple(flat)) if isinstance(flat, list) else [item])
        elif isinstance(item, dict):
            out.extend(item.values())
        elif hasattr(item, "__iter__"):
            out.extend(item)
        else:
            out.append(item)
    return out


def abs_(var: Any) -> GenExprAbs:
    """|var|, to be set equal to a variable."""
    return GenExprAbs(var)


def max_(*args: Any, constant: Any = None) -> GenExprMax:
    """The greatest, to be set equal to a variable."""
    return GenExprMax(_flat(args), constant)


def min_(*args: Any, constant: Any = None) -> GenExprMin:
    """The least, to be set equal to a variable."""
    return GenExprMin(_flat(args), constant)


def and_(*args: Any) -> GenExprAnd:
    """The conjunction, to be set equal to a binary."""
    return GenExprAnd(_flat(args))


def or_(*args: Any) -> GenExprOr:
    """The disjunction, to be set equal to a binary."""
    return GenExprOr(_flat(args))


all_ = and_
any_ = or_


def norm(vars: Any, which: float) -> GenExprNorm:
    """A norm of a vector of variables, to be set equal to a variable."""
    if isinstance(which, str):
        raise TypeError("must be real number, not str")
    return GenExprNorm(vars if isinstance(vars, Term) else _flat((vars,)), finite(float(which)))
