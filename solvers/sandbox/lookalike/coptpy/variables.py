"""Columns as coptpy shows them: a `Cell` is the column that expressions hold, a `Var` the object in a program's hands.

The two are apart because variables of coptpy are not hashable, each look-up makes a new one, and a program may keep
one whose column is long gone.
"""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import invalid, number
from solvers.sandbox.lookalike.coptpy.expressions import ExprBuilder, LinExpr, Operand
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.core.expressions import Column, Variable

_NO_INFORMATION = "Fail to get variable information"
WRITABLE = {"lb": "lower", "ub": "upper", "obj": "cost"}


class Cell(Variable):
    """A column of a model; `_column.program` is the model."""

    __slots__ = ()

    def _facade(self) -> Var:
        return Var._of(self)

    def _text(self) -> str:
        return f"<coptpy.Var: {self._column.name}>"

    def _alive(self) -> Column:
        if self._column.state != 1:
            invalid("Invalid variable")
        return self._column

    def _value(self) -> float:
        """The value in the solution that the model holds. Raises CoptError without one."""
        return float(self._alive().program._column_value("value", self._column.index))

    def _get(self, name: str) -> Any:
        """A piece of information, by its name in any case."""
        column = self._alive()
        found = name.lower()
        if found in WRITABLE:
            return getattr(column, WRITABLE[found])
        return column.program._column_value(found, column.index)

    def _set(self, name: str, value: Any, failure: str) -> None:
        column = self._alive()
        found = name.lower()
        if found not in WRITABLE:
            if found == "branchfactor":
                return
            invalid(failure)
        amount = number(value)
        setattr(column, WRITABLE[found], amount if found == "obj" else limited(amount))

    def _set_type(self, kind: Any) -> None:
        column = self._alive()
        if kind not in ("C", "B", "I"):
            invalid("Fail to set variable type")
        column.kind = kind


def limited(value: float) -> float:
    """A bound, put at plus or minus 1e30 where it is beyond."""
    return max(-1e30, min(1e30, value)) if value == value else value


class Var(Operand):
    """A variable."""

    __slots__ = ("_cell",)
    _rank = 0
    _cell: Cell

    def __init__(self, var: Any) -> None:
        raise TypeError("variables are made by Model.addVar")

    @classmethod
    def _of(cls, cell: Cell) -> Var:
        out = object.__new__(cls)
        object.__setattr__(out, "_cell", cell)
        return out

    def _as_linear(self) -> Any:
        return ExprBuilder._of([self._cell], [1.0])

    def _as_quadratic(self) -> Any:
        return QuadExpr(self)

    _copied = _as_linear

    def _linear_part(self) -> Any:
        return ExprBuilder._of([self._cell], [1.0])

    def __repr__(self) -> str:
        return self._cell._text()

    __str__ = __repr__

    def __copy__(self) -> Any:
        raise KeyError("__setstate__")

    def __deepcopy__(self, memo: Any) -> Any:
        raise KeyError("__deepcopy__")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = name.lower()
        cell = self._cell
        match found:
            case "name":
                return cell._column.name
            case "vtype":
                return cell._alive().kind
            case "index":
                return self.getIdx()
            case "x":
                return cell._value()
            case "rc":
                return cell._get("redcost")
            case "basis":
                return self.getBasis()
            case "iislb":
                return self.getLowerIIS()
            case "iisub":
                return self.getUpperIIS()
            case "size":
                return 1
            case "shape":
                return ()
        return cell._get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        found = name.lower()
        if found == "name":
            self.setName(value)
        elif found == "vtype":
            self.setType(value)
        else:
            self._cell._set(name, value, "Unknown variable information")

    def getName(self) -> str:
        """The name."""
        return self._cell._column.name

    def setName(self, newname: str) -> None:
        """Set the name."""
        self._cell._alive().program._rename(self._cell._column, newname)

    def getType(self) -> str:
        """C, B or I."""
        return self._cell._alive().kind

    def setType(self, newtype: str) -> None:
        """Set the type."""
        self._cell._set_type(newtype)

    def getIdx(self) -> int:
        """The position among the columns; below -2 once it was taken out."""
        column = self._cell._column
        return column.index if column.state == 1 else -3 - column.index

    def getInfo(self, infoname: str) -> float:
        """A piece of information."""
        return self._cell._get(infoname)  # type: ignore[no-any-return]

    def setInfo(self, infoname: str, newval: Any) -> None:
        """Set LB, UB or Obj."""
        self._cell._set(infoname, newval, "Unknown variable information")

    def getBasis(self) -> int:
        """The basis status."""
        return self._cell._alive().program._basis("variable", self._cell._column.index)  # type: ignore[no-any-return]

    def getLowerIIS(self) -> int:
        """Whether the lower bound is part of the conflict."""
        return self._cell._alive().program._conflict_of("column", self._cell._column.index, 0)  # type: ignore[no-any-return]

    def getUpperIIS(self) -> int:
        """Whether the upper bound is part of the conflict."""
        return self._cell._alive().program._conflict_of("column", self._cell._column.index, 1)  # type: ignore[no-any-return]

    def remove(self) -> None:
        """Take it out of its model."""
        self._cell._column.program.remove(self)


def linear(value: Any) -> LinExpr:
    """A number, variable or linear expression as a linear expression; others raise coptpy's TypeError."""
    if isinstance(value, Operand):
        if value._rank > 2:
            raise TypeError("'Var' object(s) are required for argument 'var'")
        return LinExpr._from(value)
    if isinstance(value, str) or hasattr(value, "__iter__") or hasattr(value, "_form"):
        raise TypeError("'Var' object(s) are required for argument 'var'")
    out = LinExpr()
    out._constant = number(value)
    return out
