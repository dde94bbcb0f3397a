"""Rows and the other constraints as coptpy shows them, and their builders."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.arrays import VarArray
from solvers.sandbox.lookalike.coptpy.constants import COPT
from solvers.sandbox.lookalike.coptpy.errors import invalid, number, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, a_variable
from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.coptpy.variables import limited, linear
from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic
from solvers.sandbox.lookalike.core.rows import Element, QuadraticRow, Row, SpecialSet

_SIGNS = {"L": "<=", "G": ">=", "E": "=="}


def sides(sense: str, width: float = 0.0) -> tuple[float, float]:
    """The bounds of a form against 0, by the letter of a sense."""
    match sense:
        case "L":
            return -COPT.INFINITY, 0.0
        case "G":
            return 0.0, COPT.INFINITY
        case "E":
            return 0.0, 0.0
        case "R":
            return -width, 0.0
        case "N":
            return -COPT.INFINITY, COPT.INFINITY
    raise ValueError("Unsupported constraint sense")


class Part:
    """What the constraints of a model have in common: attributes in any case, and errors of their own."""

    __slots__ = ()
    _failure = ""
    _unknown = ""

    def _alive(self: Any) -> Any:
        if self._state != 1:
            invalid("Invalid constraint")
        return self._program

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        match name.lower():
            case "name":
                return self._name
            case "index":
                return self.getIdx()
        return self._get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name.lower() == "name":
            self.setName(value)
        else:
            self._set(name, value)

    def _get(self, name: str) -> Any:
        raise AttributeError(f"Invalid attribute name '{name}'")

    def _set(self, name: str, value: Any) -> None:
        invalid(self._unknown)

    def __reduce__(self) -> Any:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    def getIdx(self: Any) -> int:
        """The position among its like; below -2 once it was taken out."""
        return self._index if self._state == 1 else -3 - self._index

    def getName(self: Any) -> str:
        """The name."""
        return str(self._name)

    def setName(self: Any, newname: str) -> None:
        """Set the name."""
        self._alive()._rename(self, newname)

    def remove(self: Any) -> None:
        """Take it out of its model."""
        self._program.remove(self)

    def __repr__(self: Any) -> str:
        return f"<coptpy.{type(self).__name__}: {self._name}>"

    __str__ = __repr__


class Constraint(Part, Row):
    """A linear row."""

    __slots__ = ()
    _failure = "Fail to get a constraint information"
    _unknown = "Unknown constraint information"

    def _get(self, name: str) -> Any:
        model = self._alive()
        match name.lower():
            case "lb":
                return self._lower
            case "ub":
                return self._upper
            case "slack" | "dual" as found:
                return model._row_value(found, self._index)
            case "pi":
                return model._row_value("dual", self._index)
            case "basis":
                return self.getBasis()
            case "iislb":
                return self.getLowerIIS()
            case "iisub":
                return self.getUpperIIS()
        return model._row_value(name.lower(), self._index)

    def _set(self, name: str, value: Any) -> None:
        self._alive()
        match name.lower():
            case "lb":
                self._lower = limited(number(value))
            case "ub":
                self._upper = limited(number(value))
            case _:
                invalid(self._unknown)

    def getInfo(self, infoname: str) -> float:
        """LB, UB, Slack or Dual."""
        return self._get(infoname)  # type: ignore[no-any-return]

    def setInfo(self, infoname: str, newval: Any) -> None:
        """Set LB or UB."""
        self._set(infoname, newval)

    def getBasis(self) -> int:
        """The basis status."""
        return self._alive()._basis("constraint", self._index)  # type: ignore[no-any-return]

    def getLowerIIS(self) -> int:
        """Whether the lower side is part of the conflict."""
        return self._alive()._conflict_of("row", self._index, 0)  # type: ignore[no-any-return]

    def getUpperIIS(self) -> int:
        """Whether the upper side is part of the conflict."""
        return self._alive()._conflict_of("row", self._index, 1)  # type: ignore[no-any-return]

    def computeShadowPriceRange(self, ifRhs: int) -> Any:
        """The simplex basis is not known here."""
        refused("Constraint.computeShadowPriceRange", "the simplex basis")


class QConstraint(Part, QuadraticRow):
    """A quadratic row."""

    __slots__ = ()
    _failure = "Fail to get information of a quadratic constraint"
    _unknown = "Unknown information of quadratic constraint"

    _form: Any

    def _get(self, name: str) -> Any:
        model = self._alive()
        match name.lower():
            case "rhs":
                return self._lower if self._sense == "G" else self._upper
            case "sense":
                return self._sense
            case "slack":
                return model._curved_value("quadratic", self._index)
        return model._curved_value(name.lower(), self._index)

    def _set(self, name: str, value: Any) -> None:
        self._alive()
        match name.lower():
            case "rhs":
                self._place(self._sense, number(value))
            case "sense":
                self._place(value, self._get("rhs"))
            case _:
                invalid(self._unknown)

    def _place(self, sense: str, rhs: float) -> None:
        low, high = sides(sense)
        self._sense, self._lower, self._upper = sense, limited(low + rhs), limited(high + rhs)

    def getRhs(self) -> float:
        """The right side."""
        return self._get("rhs")  # type: ignore[no-any-return]

    def setRhs(self, rhs: Any) -> None:
        """Set the right side."""
        self._set("rhs", rhs)

    def getSense(self) -> str:
        """L, G or E."""
        return str(self._alive() and self._sense)

    def setSense(self, sense: str) -> None:
        """Set the sense."""
        self._set("sense", sense)

    def getInfo(self, infoname: str) -> float:
        """Slack."""
        return self._get(infoname)  # type: ignore[no-any-return]

    def setInfo(self, infoname: str, newval: Any) -> None:
        """Nothing of a quadratic row is set so."""
        self._set(infoname, newval)


class NlConstraint(Part, Element):
    """A nonlinear row: lower <= the tree <= upper."""

    __slots__ = ("_form", "_lower", "_upper")

    def __init__(self, program: Any, name: str, form: NlExpr, lower: float, upper: float) -> None:
        super().__init__(program, name)
        constant = form._part._constant
        self._form = form._copied()
        self._form._part._constant = 0.0
        self._lower, self._upper = limited(lower - constant), limited(upper - constant)

    def _get(self, name: str) -> Any:
        model = self._alive()
        match name.lower():
            case "lb":
                return self._lower
            case "ub":
                return self._upper
            case "slack":
                return model._curved_value("nonlinear", self._index)
        invalid(f"Fail to get a nonlinear constraint info of '{name}'")

    def _set(self, name: str, value: Any) -> None:
        self._alive()
        match name.lower():
            case "lb":
                self._lower = limited(number(value))
            case "ub":
                self._upper = limited(number(value))
            case _:
                invalid("Unknown information of nonlinear constraint")

    def getInfo(self, infoname: str) -> float:
        """LB, UB or Slack."""
        return self._get(infoname)  # type: ignore[no-any-return]

    def setInfo(self, infoname: str, newval: Any) -> None:
        """Set LB or UB."""
        self._set(infoname, newval)


class GenConstr(Part, Element):
    """An indicator: the 0-1 variable has its value if, only if, or exactly if the row holds."""

    __slots__ = ("_active", "_binary", "_form", "_kind", "_sense")

    def __init__(self, program: Any, name: str, binary: Any, active: int, form: Linear, sense: str, kind: int) -> None:
        super().__init__(program, name)
        self._binary, self._active, self._form, self._sense, self._kind = binary, active, form, sense, kind

    def _get(self, name: str) -> Any:
        if name.lower() == "iis":
            return self.getIIS()
        raise AttributeError(f"Invalid attribute name '{name}'")

    def getIIS(self) -> int:
        """Whether it is part of the conflict."""
        return self._alive()._conflict_of("general constraint", self._index, 0)  # type: ignore[no-any-return]


class GenConstrX:
    """A constraint that was written out as rows, columns and indicators."""

    def __init__(self, type: int, name: str) -> None:
        self._attributes: dict[str, Any] = {"type": type, "name": name}

    def __repr__(self) -> str:
        return "<coptpy.GenConstrX>"

    def getAttr(self, attrname: str) -> Any:
        """Its name or its type."""
        if attrname.lower() not in self._attributes:
            raise AttributeError(f"Invalid attribute '{attrname}'")
        return self._attributes[attrname.lower()]

    def setAttr(self, attrname: str, newval: Any) -> None:
        """Set its name."""
        if attrname.lower() != "name":
            raise AttributeError(f"Invalid attribute '{attrname}'")
        self._attributes["name"] = newval


class GenConstrBuilder:
    """An indicator on its way into a model."""

    def __init__(self) -> None:
        self._binary: Any = None
        self._active, self._form, self._sense, self._kind = 1, LinExpr(), "L", COPT.INDICATOR_IF

    @classmethod
    def _of(cls, binary: Any, active: int, row: Any, kind: int) -> GenConstrBuilder:
        out = cls()
        out._binary, out._active, out._form, out._sense, out._kind = binary, active, row._form, row._sense, kind
        return out

    def __bool__(self) -> bool:
        raise ValueError("Boolean value of 'GenConstrBuilder' object is not defined")

    def __repr__(self) -> str:
        arrow = {1: " ->", 2: "<- ", 3: "<->"}[self._kind]
        row = f"({self._form!r} {_SIGNS.get(self._sense, '?')} 0.0)"
        name = self._binary._text() if self._binary is not None else ""
        return f"({name} == {self._active}) {arrow} {row}"

    def __getattr__(self, name: str) -> Any:
        getters = {
            "binvar": "getBinVar", "binval": "getBinVal", "expr": "getExpr", "sense": "getSense", "type": "getIndType",
        }  # fmt: skip
        if name.startswith("_") or name.lower() not in getters:
            raise AttributeError(f"Invalid attribute name '{name}'")
        return getattr(self, getters[name.lower()])()

    def setBuilder(self, var: Any, val: Any, expr: Any, sense: str, type: int = COPT.INDICATOR_IF) -> None:
        """The indicator of expr sense 0."""
        self._binary, self._active, self._form = a_variable(var), int(val), linear(expr)
        self._sense, self._kind = sense, type

    def getBinVar(self) -> Any:
        """The 0-1 variable."""
        return self._binary._facade()

    def getBinVal(self) -> int:
        """Its value."""
        return self._active

    def getExpr(self) -> LinExpr:
        """The expression, with the right side taken from it."""
        return LinExpr._from(self._form)

    def getSense(self) -> str:
        """L, G or E."""
        return self._sense

    def getIndType(self) -> int:
        """Whether the row holds if, only if or exactly if."""
        return self._kind


class SOS(Part, SpecialSet):
    """A special ordered set."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<coptpy.SOS>"

    def _get(self, name: str) -> Any:
        if name.lower() == "iis":
            return self.getIIS()
        raise AttributeError(f"Invalid attribute name '{name}'")

    def getIIS(self) -> int:
        """Whether it is part of the conflict."""
        return self._alive()._conflict_of("SOS constraint", self._index, 0)  # type: ignore[no-any-return]


class _Members:
    """A builder of something over a list of variables."""

    def __init__(self) -> None:
        self._type, self._cells, self._sizes = 0, list[Any](), list[float]()

    @classmethod
    def _of(cls, kind: int, cells: list[Any], weights: list[float]) -> Any:
        out = cls()
        out._type, out._cells, out._sizes = kind, list(cells), list(weights)
        return out

    def __repr__(self) -> str:
        return f"<coptpy.{type(self).__name__}>"

    def __getattr__(self, name: str) -> Any:
        match name.lower():
            case "type":
                return self._type
            case "vars":
                return self.getVars()
            case "weights" if isinstance(self, SOSBuilder):
                return self.getWeights()
            case "size":
                return len(self._cells)
        raise AttributeError(f"Invalid attribute name '{name}'")

    def getType(self) -> int:
        """The type."""
        return self._type

    def getVar(self, idx: int) -> Any:
        """A member."""
        return self._cells[idx]._facade()

    def getVars(self, idx: Any = None) -> VarArray:
        """The members."""
        chosen = self._cells if idx is None else [self._cells[k] for k in idx]
        return VarArray([cell._facade() for cell in chosen])

    def getSize(self) -> int:
        """How many members there are."""
        return len(self._cells)


class SOSBuilder(_Members):
    """A special ordered set on its way into a model."""

    def setBuilder(self, sostype: int, vars: Any, weights: Any = None) -> None:
        """The set of the variables in the order of their weights."""
        self._type = sostype
        self._cells, self._sizes = weighed(vars, weights)

    def getWeight(self, idx: int) -> float:
        """A weight."""
        return self._sizes[idx]

    def getWeights(self, idx: Any = None) -> list[float]:
        """The weights."""
        return list(self._sizes) if idx is None else [self._sizes[k] for k in idx]


class ConeBuilder(_Members):
    """A second-order cone on its way into a model."""

    def setBuilder(self, vars: Any, type: int) -> None:
        """The cone of the variables."""
        self._type, self._cells, self._sizes = type, cells_of(vars), []


class Cone(Part, Element):
    """A second-order cone, of type CONE_QUAD or CONE_RQUAD."""

    __slots__ = ("_kind", "_members")

    def __init__(self, program: Any, kind: int, members: list[Any]) -> None:
        super().__init__(program, "")
        self._kind, self._members = kind, members

    def __repr__(self) -> str:
        return "<coptpy.Cone>"

    def _quadratic(self) -> Quadratic:
        """What is at most 0 in the cone."""
        out = QuadExpr()
        free = 1 if self._kind == COPT.CONE_QUAD else 2
        head = self._members[:free]
        out._append(head[0], head[-1], -1.0 if free == 1 else -2.0)
        for cell in self._members[free:]:
            out._append(cell, cell, 1.0)
        return out


def cells_of(variables: Any) -> list[Any]:
    """The cells of one variable, of a sequence or of the values of a mapping."""
    if hasattr(variables, "_cell"):
        return [variables._cell]
    if hasattr(variables, "_matrix"):
        return [a_variable(item) for item in variables.tolist()]
    members = variables.values() if hasattr(type(variables), "keys") else variables
    return [a_variable(item, "vars") for item in members]


def weighed(variables: Any, weights: Any) -> tuple[list[Any], list[float]]:
    """Cells and weights, by order or by key; without weights they count from 1."""
    cells = cells_of(variables)
    if weights is None:
        return cells, [float(k + 1) for k in range(len(cells))]
    if hasattr(type(weights), "keys"):
        return cells, [number(weights[key]) for key in list(variables.keys())]
    return cells, [number(weights[k]) for k in range(len(cells))]
