"""Variables, expressions and comparisons of gurobipy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from solvers.sandbox.lookalike.core.expressions import (
    NUMBERS,
    Column,
    Comparison,
    Linear,
    Quadratic,
    Term,
    Variable,
    family,
    is_number,
)
from solvers.sandbox.lookalike.core.nonlinear import Nonlinear
from solvers.sandbox.lookalike.core.trees import value as tree_value
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, GurobiError
from solvers.sandbox.lookalike.gurobipy.printing import linear_text, quadratic_text, side_text, tree_text

AWAITING = "*Awaiting Model Update*"
REMOVED = "*Removed*"


class Expression(Term):
    """What gurobipy's variables and expressions share."""

    __slots__ = ()

    @classmethod
    def _refuse(cls, message: str, code: int) -> NoReturn:
        raise GurobiError(code, message)

    def _snapshot(self) -> Any:
        return self  # gurobipy reads an expression when its comparison is added, not when it is made

    def _compared(self, sense: str, other: Any) -> Any:
        if hasattr(other, "_reflected"):
            return other._reflected(sense, self)
        return TempConstr(self, sense, other)

    def __ne__(self, other: Any) -> Any:
        raise GurobiError(0, "Inequality constraints not supported")


class Var(Expression, Variable):
    """A variable; its attributes are gurobipy's, in any case of letters."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        from solvers.sandbox.lookalike.gurobipy.attributes import read

        return read(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        from solvers.sandbox.lookalike.gurobipy.attributes import write

        write(self, name, value)

    def getAttr(self, name: str) -> Any:
        """The value of an attribute."""
        from solvers.sandbox.lookalike.gurobipy.attributes import read

        return read(self, name)

    def setAttr(self, name: str, value: Any) -> None:
        """Set an attribute; it applies at the next update."""
        from solvers.sandbox.lookalike.gurobipy.attributes import write

        write(self, name, value)

    def prefetchAttr(self, name: str) -> None:
        """Nothing to do here."""

    @property
    def index(self) -> int:
        """The position in the model, -2 once removed from it."""
        column = self._column
        return -2 if column.state == 2 else column.index

    def sameAs(self, other: Any) -> bool:
        """Whether both are the same variable."""
        return self is other

    def _title(self) -> str:
        column = self._column
        return column.name if column.state == 1 else AWAITING if column.state == 0 else REMOVED

    def __repr__(self) -> str:
        column = self._column
        outcome = column.program.outcome if column.state == 1 else None
        x = None if outcome is None else outcome.x
        value = "" if x is None else f" (value {float(x[column.index])})"
        return f"<gurobi.Var {self._title()}{value}>"

    def __copy__(self) -> Any:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("cannot pickle 'Var' object")

    @property
    def nl(self) -> Any:
        """The variable as a nonlinear expression."""
        return NLExpr._of(self._node())


_set_column = Variable.__dict__["_column"].__set__


def new_variable(column: Column) -> Var:
    """A variable with its data."""
    out: Var = object.__new__(Var)
    _set_column(out, column)
    return out


def _not_implemented(self: Any, other: Any) -> NoReturn:
    raise NotImplementedError


class LinExpr(Expression, Linear):
    """A linear expression; gurobipy has no strict comparisons of it."""

    __slots__ = ()
    __lt__ = __gt__ = _not_implemented

    def __init__(self, arg1: Any = 0.0, arg2: Any = None) -> None:
        self._vars, self._coefs, self._size, self._constant = [], [], 0, 0.0
        if arg1 is None:
            return
        if arg2 is not None:
            if is_number(arg1) and not isinstance(arg2, Variable):
                raise TypeError(f"object of type '{type(arg1).__name__}' has no len()")
            self._take(arg1, arg2)
        elif is_number(arg1):
            self._constant = float(arg1)
        elif isinstance(arg1, (Variable, Linear)):
            self._extended(arg1, 1.0)
        elif isinstance(arg1, Term):
            raise TypeError(f"must be real number, not {type(arg1).__name__}")
        elif hasattr(arg1, "item") and not isinstance(arg1, np.ndarray):
            self._extended(arg1.item(), 1.0)
        else:
            for pair in arg1:
                self._append(pair[1], float(pair[0]))

    def _take(self, coefs: Any, variables: Any) -> None:
        """Terms from a pair of a number and a variable, or of lists of them."""
        if isinstance(variables, Variable):
            self._append(variables, float(coefs))
            return
        if hasattr(variables, "_reflected"):
            raise TypeError(f"object of type '{type(variables).__name__}' has no len()")
        self._extend(list(variables), [float(c) for c in coefs])

    def add(self, expr: Any, mult: float = 1.0) -> None:
        """Add mult times an expression in place."""
        if not is_number(expr) and not isinstance(expr, (Variable, Linear)):
            raise GurobiError(INVALID_ARGUMENT, f"Unsupported type ({type(expr)}) for LinExpr addition argument")
        self._extended(expr * float(mult) if mult != 1.0 else expr, 1.0)

    def addConstant(self, c: float) -> None:
        """Add a number in place."""
        self._constant += float(c)

    def addTerms(self, coeffs: Any, vars: Any) -> None:
        """Add one term, or lists of coefficients and variables."""
        if isinstance(vars, Variable):
            if not is_number(coeffs):
                raise GurobiError(INVALID_ARGUMENT, "Unrecognized arguments")
            self._append(vars, float(coeffs))
            return
        if is_number(coeffs):
            raise GurobiError(INVALID_ARGUMENT, "Unrecognized arguments")
        if isinstance(coeffs, str):
            raise GurobiError(INVALID_ARGUMENT, "First argument should be a list of floats")
        coeffs, vars = list(coeffs), list(vars)
        if len(coeffs) != len(vars):
            raise GurobiError(INVALID_ARGUMENT, "Array lengths don't match")
        self._extend(vars, [float(c) for c in coeffs])

    def clear(self) -> None:
        """Make it 0."""
        self._vars, self._coefs, self._size, self._constant = [], [], 0, 0.0

    def copy(self) -> LinExpr:
        """Another one like it."""
        return self._shared()  # type: ignore[no-any-return]

    def getConstant(self) -> float:
        return self._constant

    def getCoeff(self, i: int) -> float:
        return self._coefficients()[i]

    def getVar(self, i: int) -> Variable:
        return self._variables()[i]

    def getValue(self) -> float:
        """The value at the present solution."""
        return self._constant + sum(c * v.X for v, c in self._terms())  # type: ignore[attr-defined]

    def size(self) -> int:
        """How many terms it has, the constant apart."""
        return self._size

    def remove(self, item: Any) -> None:
        """Take out the term at a position, or all terms of a variable."""
        if isinstance(item, Variable):
            self._remove_variable(item)
        else:
            self._remove_position(item)

    def linTerms(self) -> Iterable[tuple[float, Variable]]:
        """Pairs of coefficient and variable."""
        return [(c, v) for v, c in self._terms()]

    def __str__(self) -> str:
        return linear_text(self)

    def __repr__(self) -> str:
        return f"<gurobi.LinExpr: {linear_text(self)}>"


class QuadExpr(Expression, Quadratic):
    """A quadratic expression."""

    __slots__ = ()
    __lt__ = __gt__ = _not_implemented

    def __init__(self, expr: Any = None) -> None:
        self._part, self._left, self._right, self._weights, self._count = LinExpr(), [], [], [], 0
        if expr is None:
            return
        if hasattr(expr, "item") and not is_number(expr):
            expr = expr.item()
        if self._extended(expr, 1.0) is NotImplemented:
            raise GurobiError(INVALID_ARGUMENT, f"Unsupported type ({type(expr)}) for QuadExpr argument")

    def add(self, expr: Any, mult: float = 1.0) -> None:
        """Add mult times an expression in place."""
        if self._extended(expr * float(mult) if mult != 1.0 else expr, 1.0) is NotImplemented:
            raise GurobiError(INVALID_ARGUMENT, f"Unsupported type ({type(expr)}) for QuadExpr addition argument")

    def addConstant(self, c: float) -> None:
        """Add a number in place."""
        self._part._constant += float(c)

    def addTerms(self, coeffs: Any, vars: Any, vars2: Any = None) -> None:
        """Add linear terms, or with a third argument products."""
        if vars2 is None:
            LinExpr.addTerms(self._part, coeffs, vars)  # type: ignore[arg-type]
        elif isinstance(vars, Variable):
            self._append(vars, vars2, float(coeffs))
        else:
            triples = list(zip(list(coeffs), list(vars), list(vars2)))
            if not len(triples) == len(list(coeffs)) == len(list(vars)) == len(list(vars2)):
                raise GurobiError(INVALID_ARGUMENT, "Array lengths don't match")
            for weight, a, b in triples:
                self._append(a, b, float(weight))

    def clear(self) -> None:
        """Make it 0."""
        QuadExpr.__init__(self)

    def copy(self) -> QuadExpr:
        """Another one like it."""
        return self._shared()  # type: ignore[no-any-return]

    def getLinExpr(self) -> Any:
        """The linear part."""
        return self._part

    def getCoeff(self, i: int) -> float:
        return self._weights[: self._count][i]

    def getVar1(self, i: int) -> Variable:
        return self._left[: self._count][i]

    def getVar2(self, i: int) -> Variable:
        return self._right[: self._count][i]

    def getValue(self) -> float:
        """The value at the present solution."""
        products = sum(w * a.X * b.X for a, b, w in self._triples())  # type: ignore[attr-defined]
        return LinExpr.getValue(self._part) + products  # type: ignore[arg-type]

    def size(self) -> int:
        """How many products it has."""
        return self._count

    def remove(self, item: Any) -> None:
        """Take out the product at a position, or everything with a variable."""
        triples = list(self._triples())
        if isinstance(item, Variable):
            self._part._remove_variable(item)
            triples = [(a, b, w) for a, b, w in triples if a is not item and b is not item]
        else:
            del triples[item]
        self._left, self._right = [a for a, _, _ in triples], [b for _, b, _ in triples]
        self._weights, self._count = [w for _, _, w in triples], len(triples)

    def linTerms(self) -> Iterable[tuple[float, Variable]]:
        """Pairs of coefficient and variable."""
        return [(c, v) for v, c in self._part._terms()]

    def quadTerms(self) -> Iterable[tuple[float, Variable, Variable]]:
        """Triples of coefficient and two variables."""
        return [(w, a, b) for a, b, w in self._triples()]

    def __str__(self) -> str:
        return quadratic_text(self)

    def __repr__(self) -> str:
        return f"<gurobi.QuadExpr: {quadratic_text(self)}>"


class NLExpr(Expression, Nonlinear):
    """A nonlinear expression; it may only equal a variable."""

    __slots__ = ()

    def copy(self) -> NLExpr:
        """Another one like it."""
        return self._of(self._tree)  # type: ignore[no-any-return]

    def _compared(self, sense: str, other: Any) -> Any:
        if hasattr(other, "_reflected"):
            return other._reflected(sense, self)
        if sense != "=" or not isinstance(other, (Variable, Linear)):
            raise GurobiError(INVALID_ARGUMENT, "Nonlinear constraints must take the form y=f(x)")
        return TempConstr(other, "=", self)

    def _value(self) -> float:
        return tree_value(self._tree, lambda variable: float(variable.X))

    def __str__(self) -> str:
        return tree_text(self._tree)

    def __repr__(self) -> str:
        return f"<gurobi.NLExpr: {tree_text(self._tree)}>"


class TempConstr(Comparison):
    """A comparison that is not yet a constraint."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise GurobiError(0, 'Constraint has no bool value (are you trying "lb <= expr <= ub"?)')

    def __rshift__(self, other: Any) -> TempConstr:
        return TempConstr(self, ">>", other)

    def __repr__(self) -> str:
        sign = {"<": "<=", ">": ">=", "=": "==", ">>": "=="}[self._sense]
        return f"<gurobi.TempConstr: {side_text(self._left)} {sign} {self._right}>"


family(Var, LinExpr, QuadExpr, NLExpr, TempConstr)


def quicksum(data: Iterable[Any]) -> Any:
    """The sum of variables, expressions and numbers."""
    if hasattr(data, "_reflected"):
        return data.sum()  # type: ignore[attr-defined]
    out: Any = object.__new__(LinExpr)
    variables: list[Variable] = []
    coefs: list[float] = []
    constant = 0.0
    rest = iter(data)
    for item in rest:
        kind = type(item)
        if kind is Var:
            variables.append(item)
            coefs.append(1.0)
        elif kind is LinExpr:
            if item._size == 1:
                variables.append(item._vars[0])
                coefs.append(item._coefs[0])
            else:
                variables.extend(item._variables())
                coefs.extend(item._coefficients())
            constant += item._constant
        elif kind in NUMBERS:
            constant += item
        else:
            out._vars, out._coefs, out._size, out._constant = variables, coefs, len(coefs), constant
            out += item
            for more in rest:
                out += more
            return out
    out._vars, out._coefs, out._size, out._constant = variables, coefs, len(coefs), float(constant)
    return out
