"""A column on its way into a model: coefficients in linear rows."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.arrays import Array
from solvers.sandbox.lookalike.coptpy.constraints import Constraint
from solvers.sandbox.lookalike.coptpy.errors import number
from solvers.sandbox.lookalike.core.expressions import is_number


class Column:
    """Pairs of rows and coefficients."""

    def __init__(self, constrs: Any = None, coeffs: Any = None) -> None:
        self._terms: list[tuple[Constraint, float]] = []
        if isinstance(constrs, Column):
            self.addColumn(constrs)
        elif constrs is not None and coeffs is None and not isinstance(constrs, Constraint):
            for row, coef in constrs:
                self.addTerm(row, coef)
        elif constrs is not None:
            self.addTerms(constrs, 1.0 if coeffs is None else coeffs)

    def __repr__(self) -> str:
        inner = " ".join(f"({row._name}, {coef!r})" for row, coef in self._terms)
        return f"<coptpy.Column: {inner} >"

    def __getattr__(self, name: str) -> Any:
        if name.lower() == "size":
            return len(self._terms)
        raise AttributeError(f"Invalid attribute name '{name}'")

    def getCoeff(self, idx: int) -> float:
        """A coefficient."""
        return self._terms[idx][1]

    def getConstr(self, idx: int) -> Constraint:
        """A row."""
        return self._terms[idx][0]

    def getSize(self) -> int:
        """How many terms there are."""
        return len(self._terms)

    def addTerm(self, constr: Constraint, coeff: Any = 1.0) -> None:
        """Add a term."""
        if not isinstance(constr, Constraint):
            raise TypeError("'Constraint' object(s) are required for argument 'constr'")
        self._terms.append((constr, number(coeff)))

    def addTerms(self, constrs: Any, coeffs: Any) -> None:
        """Add several terms."""
        if isinstance(constrs, Constraint):
            self.addTerm(constrs, coeffs)
            return
        keys = list(constrs.keys()) if hasattr(type(constrs), "keys") else list(range(len(constrs)))
        for key in keys:
            self.addTerm(constrs[key], coeffs if is_number(coeffs) else coeffs[key])

    def addColumn(self, col: Column, mult: Any = 1.0) -> None:
        """Add the terms of another one."""
        factor = number(mult)
        self._terms.extend([(row, factor * coef) for row, coef in col._terms])

    def clone(self) -> Column:
        """A copy of its own."""
        return Column(self)

    def remove(self, item: Any) -> None:
        """Take out a term by its position, or those of a row."""
        if isinstance(item, Constraint):
            self._terms = [term for term in self._terms if term[0] is not item]
        else:
            del self._terms[int(item)]

    def clear(self) -> None:
        """Take everything out."""
        self._terms.clear()


class ColumnArray(Array, noun="Column", getter="getColumn"):
    """Columns."""

    def clear(self) -> None:
        """Take everything out."""
        self._items.clear()
