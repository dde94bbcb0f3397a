"""Rows on their way into a model: comparisons of linear, quadratic and nonlinear expressions."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.constants import COPT
from solvers.sandbox.lookalike.coptpy.errors import number
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr
from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr, shown
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr


class Builder:
    """A row on its way into a model: an expression against 0, or within a range of it."""

    __slots__ = ("_form", "_range", "_sense")

    def __init__(self) -> None:
        self._form: Any = LinExpr()
        self._sense = "L"
        self._range = 0.0

    @classmethod
    def _of(cls, form: Any, sense: str) -> Any:
        out = object.__new__(cls)
        out._form, out._sense, out._range = form, sense, 0.0
        return out

    def __bool__(self) -> bool:
        raise ValueError(f"Boolean value of '{type(self).__name__}' object is not defined")

    def __repr__(self) -> str:
        return f"<coptpy.{type(self).__name__}>"

    def setBuilder(self, expr: Any, sense: str, rhs: Any) -> None:
        """The row expr sense rhs."""
        self._form, self._sense = expr - rhs, sense

    def getSense(self) -> str:
        """L, G, E or R."""
        return self._sense

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = name.lower()
        if found in ("expr", "quadexpr", "qexpr"):
            return self._form._copied()
        if found == "sense":
            return self._sense
        raise AttributeError(f"Invalid attribute name '{name}'")


class ConstrBuilder(Builder):
    """A linear row on its way into a model."""

    __slots__ = ()

    def setBuilder(self, expr: Any, sense: str, rhs: Any) -> None:
        """The row expr sense rhs."""
        self._form, self._sense = LinExpr._from(expr - rhs), sense

    def setRange(self, expr: Any, range: Any) -> None:
        """The row -range <= expr <= 0."""
        self._form, self._sense, self._range = LinExpr._from(expr), "R", number(range)

    def getExpr(self) -> LinExpr:
        """The expression, with the right side taken from it."""
        return self._form._copied()  # type: ignore[no-any-return]

    def getRange(self) -> float:
        """The width of a range."""
        return self._range

    def _switch(self, other: Any, kind: int, sign: str) -> Any:
        from solvers.sandbox.lookalike.coptpy.constraints import GenConstrBuilder

        form = self._form
        if self._sense != "E" or form._size != 1 or not isinstance(other, ConstrBuilder):
            raise ValueError(f"Invalid operand for '{sign}'")
        return GenConstrBuilder._of(form._vars[0], int(form._constant != 0.0), other, kind)

    def __rshift__(self, other: Any) -> Any:
        return self._switch(other, COPT.INDICATOR_IF, "rshift")

    def __lshift__(self, other: Any) -> Any:
        return self._switch(other, COPT.INDICATOR_ONLYIF, "lshift")


class QConstrBuilder(Builder):
    """A quadratic row on its way into a model."""

    __slots__ = ()

    def getQuadExpr(self) -> QuadExpr:
        """The expression, with the right side taken from it."""
        return self._form._copied()  # type: ignore[no-any-return]


class NlConstrBuilder(Builder):
    """A nonlinear row on its way into a model."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        signs = {"L": ">=", "G": "<=", "E": "=="}
        return f"<coptpy.NlConstrBuilder>\n0 {signs.get(self._sense, 'in')} {shown(self._form)}"

    def setBuilder(self, expr: Any, sense: str, rhs: Any) -> None:
        """The row expr sense rhs."""
        self._form, self._sense = NlExpr(expr) - rhs, sense

    def setRange(self, expr: Any, range: Any) -> None:
        """The row -range <= expr <= 0."""
        self._form, self._sense, self._range = NlExpr(expr), "R", number(range)

    def getNlExpr(self) -> NlExpr:
        """The expression, with the right side taken from it."""
        return self._form._copied()  # type: ignore[no-any-return]

    def getRange(self) -> float:
        """The width of a range."""
        return self._range
