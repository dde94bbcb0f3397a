"""Constraints of gurobipy, and columns of the matrix."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.core.rows import Element, General, QuadraticRow, Row, SpecialSet
from solvers.sandbox.lookalike.gurobipy.attributes import read, write
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError

WAITING = "*Awaiting Model Update*"


class _Spoken(Element):
    """Attributes in gurobipy's words."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return read(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _SLOTS:
            object.__setattr__(self, name, value)
        else:
            write(self, name, value)

    def getAttr(self, attrname: str) -> Any:
        """The value of an attribute."""
        return read(self, attrname)

    def setAttr(self, attrname: str, newvalue: Any) -> None:
        """Set an attribute; it applies at the next update."""
        write(self, attrname, newvalue)

    def prefetchAttr(self, attrname: str) -> None:
        """Nothing to do here."""

    def sameAs(self, other: Any) -> bool:
        """Whether both are the same constraint."""
        return self is other

    @property
    def index(self) -> int:
        """The position in the model; -2 when removed."""
        return -2 if self._state == 2 else self._index

    def __repr__(self) -> str:
        name = self._shown() if self._state == 1 else WAITING if self._state == 0 else "*Removed*"
        return f"<gurobi.{type(self).__name__} {name}>"

    def _shown(self) -> str:
        return self._name

    def __copy__(self) -> Any:
        return self

    def __reduce__(self) -> Any:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")


_SLOTS = frozenset(
    {"_index", "_name", "_pool", "_program", "_state", "_coefs", "_lower", "_sense", "_upper", "_form", "_kind",
     "_variables", "_weights", "_details", "_meaning"}
)  # fmt: skip


class Constr(_Spoken, Row):
    """A linear constraint."""

    __slots__ = ()


class QConstr(_Spoken, QuadraticRow):
    """A quadratic constraint."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<gurobi.QConstr Not Yet Added>" if self._state == 0 else f"<gurobi.QConstr {self._name}>"


class SOS(_Spoken, SpecialSet):
    """A special ordered set."""

    __slots__ = ()

    def _shown(self) -> str:
        return str(self._index)


class GenConstr(_Spoken, General):
    """A general constraint."""

    __slots__ = ()

    def _shown(self) -> str:
        return str(self._index)


class Column:
    """The coefficients of a new variable in existing constraints."""

    def __init__(self, coeffs: Any = None, constrs: Any = None) -> None:
        self._coefs: list[float] = []
        self._rows: list[Any] = []
        if coeffs is not None:
            if isinstance(coeffs, Column):
                self._coefs, self._rows = list(coeffs._coefs), list(coeffs._rows)
            else:
                self.addTerms(coeffs, constrs)

    def addTerms(self, coeffs: Any, constrs: Any) -> None:
        """Add one term, or lists of coefficients and constraints."""
        if isinstance(constrs, Row):
            coeffs, constrs = [coeffs], [constrs]
        coeffs, constrs = list(coeffs), list(constrs)
        if len(coeffs) != len(constrs):
            raise GurobiError(10003, "Array lengths don't match")
        self._coefs += [float(c) for c in coeffs]
        self._rows += constrs

    def clear(self) -> None:
        """Take all terms out."""
        self._coefs, self._rows = [], []

    def copy(self) -> Column:
        """Another one like it."""
        return Column(self)

    def getCoeff(self, i: int) -> float:
        return self._coefs[i]

    def getConstr(self, i: int) -> Any:
        return self._rows[i]

    def size(self) -> int:
        return len(self._coefs)

    def remove(self, item: Any) -> None:
        """Take out the term at a position, or those of a constraint."""
        kept = [
            (c, r) for k, (c, r) in enumerate(zip(self._coefs, self._rows))
            if (r is not item if isinstance(item, Row) else k != item)
        ]  # fmt: skip
        self._coefs, self._rows = [c for c, _ in kept], [r for _, r in kept]

    def __repr__(self) -> str:
        terms = " + ".join(f"{c} {r._name}" for c, r in zip(self._coefs, self._rows))
        return f"<gurobi.Column: {terms} >" if terms else "<gurobi.Column: >"
