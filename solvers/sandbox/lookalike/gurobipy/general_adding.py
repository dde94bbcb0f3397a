"""Adding general constraints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import Any

from solvers.sandbox.lookalike.core.expressions import Comparison, Linear, Quadratic, Variable, is_number
from solvers.sandbox.lookalike.core.nonlinear import node_of
from solvers.sandbox.lookalike.core.rows import (
    Absolute,
    Equation,
    Extreme,
    Indicator,
    Logical,
    Meaning,
    Norm,
    Piecewise,
)
from solvers.sandbox.lookalike.core.trees import Affine, Call, Node, Number, call, variables_of
from solvers.sandbox.lookalike.gurobipy.attributes import bounds_of, finite, note_once
from solvers.sandbox.lookalike.gurobipy.constraints import GenConstr
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, OUT_OF_RANGE, GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr
from solvers.sandbox.lookalike.gurobipy.general import (
    GenExpr,
    GenExprAbs,
    GenExprAnd,
    GenExprMinMax,
    GenExprNorm,
    GenExprOr,
)
from solvers.sandbox.lookalike.gurobipy.store import Store

TYPES = {
    "max": 0, "min": 1, "abs": 2, "and": 3, "or": 4, "norm": 5, "nl": 6, "indicator": 7, "pwl": 8, "poly": 9,
    "exp": 10, "expa": 11, "log": 12, "loga": 13, "pow": 14, "sin": 15, "cos": 16, "tan": 17, "logistic": 18,
}  # fmt: skip
NL_FORM = "Nonlinear constraints must take the form y=f(x)"


def a_variable(item: Any) -> Variable:
    """A variable, also as a matrix of one. Raises TypeError."""
    if hasattr(item, "_reflected"):
        item = item.item()
    if not isinstance(item, Variable):
        raise TypeError(f"{item} is not a variable")
    return item


def add(store: Store, kind: str, meaning: Meaning, name: Any, *details: Any) -> GenConstr:
    """A general constraint that waits for the next update; `details` is what its getter gives."""
    from solvers.sandbox.lookalike.gurobipy.adding import text

    store.owned(used_by(meaning))
    general = GenConstr(store, text(name), meaning, (TYPES[kind], kind, details))
    store.add(general)
    return general


def used_by(meaning: Meaning) -> list[Any]:
    """The variables of a general constraint."""
    match meaning:
        case Indicator(binary, _, form):
            from solvers.sandbox.lookalike.gurobipy.adding import finite_terms

            finite_terms(form)
            return [binary, *form._variables()]
        case Extreme(_, result, arguments) | Logical(_, result, arguments) | Norm(result, arguments):
            return [result, *arguments]
        case Absolute(result, argument) | Piecewise(result, argument):
            return [result, argument]
        case Equation(result, tree):
            return [*variables_of(tree), *([] if result is None else [result])]


def variables(items: Any) -> list[Variable]:
    """A list of variables. Raises GurobiError for what is none."""
    if isinstance(items, Variable) or hasattr(items, "_reflected"):
        raise TypeError(f"object of type '{type(items).__name__}' has no len()")
    out = []
    for item in items.values() if isinstance(items, dict) else items:
        item = item.item() if hasattr(item, "_reflected") else item
        if not isinstance(item, Variable):
            raise GurobiError(INVALID_ARGUMENT, "Invalid data in vars array")
        out.append(item)
    return out


def general_of(store: Store, left: Any, sense: str, right: GenExpr, name: str) -> GenConstr:
    """The general constraint `variable == expression`."""
    left = left.item() if hasattr(left, "_reflected") else left
    result = _single(left)
    if sense != "=" or result is None:
        raise GurobiError(INVALID_ARGUMENT, "General expressions can only be equal to a single var")
    _say_dropped(store, left)
    match right:
        case GenExprAbs(argument=argument):
            argument = a_variable(argument)
            return add(store, "abs", Absolute(result, argument), name, result, argument)
        case GenExprMinMax(items=items, constant=constant, kind=kind):
            return add_extreme(store, kind, result, items, constant, name)
        case GenExprAnd(items=items) | GenExprOr(items=items):
            found = variables(items)
            kind = "and" if isinstance(right, GenExprAnd) else "or"
            return add(store, kind, Logical(kind, result, tuple(found)), name, result, found)  # type: ignore[arg-type]
        case GenExprNorm(items=items, which=which):
            found = variables(items)
            if which not in (0.0, 1.0, 2.0, inf):
                raise GurobiError(OUT_OF_RANGE, "Only 0, 1, 2, and INF norms supported")
            return add(store, "norm", Norm(result, tuple(found), which), name, result, found, which)
    raise GurobiError(INVALID_ARGUMENT, "General expressions can only be equal to a single var")


def _single(left: Any) -> Variable | None:
    """The one variable of a side; gurobipy drops a constant beside it, and so does this."""
    if isinstance(left, Variable):
        return left
    if isinstance(left, Linear) and left._size == 1 and left._coefs[0] == 1.0:
        return left._vars[0]
    return None


def _say_dropped(store: Store, left: Any) -> None:
    if isinstance(left, Linear) and left._constant:
        note_once(store, f"the constant {left._constant:g} beside the result of a general constraint, as in gurobipy")


def add_extreme(store: Store, kind: Any, result: Variable, items: Any, constant: Any, name: Any) -> GenConstr:
    """min or max of variables and numbers."""
    edge = max if kind == "max" else min
    fixed = [float(item) for item in items if is_number(item)]
    if constant is not None:
        fixed.append(float(constant))
    found = variables([item for item in items if not is_number(item)])
    value = edge(fixed) if fixed else None
    shown = value if value is not None else (-1e30 if kind == "max" else 1e30)
    return add(store, kind, Extreme(kind, result, tuple(found), value), name, result, found, shown)


class GeneralAdding:
    """The part of `Model` that adds general constraints."""

    _lookalike: Store

    def addGenConstrMax(self, resvar: Any, vars: Any, constant: Any = None, name: Any = "") -> GenConstr:
        """resvar == max(vars, constant)."""
        return add_extreme(self._lookalike, "max", a_variable(resvar), variables(vars), constant, name)

    def addGenConstrMin(self, resvar: Any, vars: Any, constant: Any = None, name: Any = "") -> GenConstr:
        """resvar == min(vars, constant)."""
        return add_extreme(self._lookalike, "min", a_variable(resvar), variables(vars), constant, name)

    def addGenConstrAbs(self, resvar: Any, argvar: Any, name: Any = "") -> GenConstr:
        """resvar == |argvar|."""
        result, argument = a_variable(resvar), a_variable(argvar)
        return add(self._lookalike, "abs", Absolute(result, argument), name, result, argument)

    def addGenConstrAnd(self, resvar: Any, vars: Any, name: Any = "") -> GenConstr:
        """The binary resvar is the conjunction of binaries."""
        result, found = a_variable(resvar), variables(vars)
        return add(self._lookalike, "and", Logical("and", result, tuple(found)), name, result, found)

    def addGenConstrOr(self, resvar: Any, vars: Any, name: Any = "") -> GenConstr:
        """The binary resvar is the disjunction of binaries."""
        result, found = a_variable(resvar), variables(vars)
        return add(self._lookalike, "or", Logical("or", result, tuple(found)), name, result, found)

    def addGenConstrNorm(self, resvar: Any, vars: Any, which: Any, name: Any = "") -> GenConstr:
        """resvar == the norm of vars."""
        norm = GenExprNorm(variables(vars), finite(float(which)))
        return general_of(self._lookalike, a_variable(resvar), "=", norm, name)

    def addGenConstrIndicator(
        self, binvar: Any, binval: Any, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = ""
    ) -> Any:
        """binvar == binval implies a linear constraint."""
        if isinstance(lhs, Comparison):
            return self._lookalike_indicated(binvar, binval, lhs._left, lhs._sense, lhs._right, name or sense or "")
        return self._lookalike_indicated(binvar, binval, lhs, str(sense)[:1], rhs, name)

    def _lookalike_indicator_of(self, condition: Any, then: Any, name: str) -> Any:
        """`(binary == value) >> (comparison)`."""
        side = condition._left if isinstance(condition, Comparison) else None
        if side is None or condition._sense != "=" or not is_number(condition._right):
            value = getattr(condition, "_right", None)
            if side is None or condition._sense != "=" or not hasattr(value, "_reflected"):
                raise GurobiError(
                    INVALID_ARGUMENT,
                    "Indicator constraints can only be triggered by a single binary variable at a given value",
                )
        single, value = self._lookalike_condition(condition)
        if not isinstance(then, Comparison):
            raise GurobiError(INVALID_ARGUMENT, "Invalid arguments for general constraint of indicator type")
        return self._lookalike_indicated(single, value, then._left, then._sense, then._right, name)

    def _lookalike_condition(self, condition: Any) -> tuple[Variable, float]:
        left, right = condition._left, condition._right
        if hasattr(left, "_reflected"):
            left = left.item()
        if isinstance(left, Linear) and left._size == 1 and left._coefs[0] == 1.0:
            form = left
            left, right = form._vars[0], float(right) - form._constant
        if not isinstance(left, Variable):
            raise GurobiError(
                INVALID_ARGUMENT,
                "Indicator constraints can only be triggered by a single binary variable at a given value",
            )
        return left, right

    def _lookalike_indicated(self, binvar: Any, binval: Any, left: Any, sense: str, right: Any, name: Any) -> Any:
        if hasattr(left, "_reflected"):
            return left._add_indicated(self, binvar, binval, sense, right, name)
        binary = a_variable(binvar)
        if binval not in (0, 1):
            raise GurobiError(OUT_OF_RANGE, "Problem adding general constraint")
        form = LinExpr()
        for side, sign in ((left, 1.0), (right, -1.0)):
            if isinstance(side, Quadratic):
                raise TypeError(f"must be real number, not {type(side).__name__}")
            if form._extended(side, sign) is NotImplemented:
                raise TypeError(f"unsupported operand type(s) for -: 'LinExpr' and '{type(side).__name__}'")
        lower, upper = bounds_of(sense, 0.0)
        shown = LinExpr()
        shown._extended(form, 1.0)
        shown._constant = 0.0
        meaning = Indicator(binary, int(binval), form, lower, upper)
        return add(self._lookalike, "indicator", meaning, name, binary, int(binval), shown, sense, -form._constant)

    def _lookalike_nonlinear_of(self, left: Any, sense: str, right: Any, name: str) -> GenConstr:
        """`variable == nonlinear expression`."""
        result = _single(left)
        if sense != "=" or result is None:
            raise GurobiError(INVALID_ARGUMENT, NL_FORM)
        _say_dropped(self._lookalike, left)
        return add(self._lookalike, "nl", Equation(result, right._node(), 0.0, 0.0), name, result, right)

    def addGenConstrNL(self, resvar: Any, expr: Any, name: Any = "") -> GenConstr:
        """resvar == a nonlinear expression."""
        result = a_variable(resvar)
        expr = expr.item() if hasattr(expr, "_reflected") else expr
        tree = node_of(expr)
        if tree is None:
            raise GurobiError(INVALID_ARGUMENT, NL_FORM)
        return add(self._lookalike, "nl", Equation(result, tree, 0.0, 0.0), name, result, expr)

    def addGenConstrPWL(self, xvar: Any, yvar: Any, xpts: Any, ypts: Any, name: Any = "") -> GenConstr:
        """yvar == the piecewise-linear function of xvar through the points."""
        x, y = a_variable(xvar), a_variable(yvar)
        xs, ys = points(xpts, ypts)
        return add(self._lookalike, "pwl", Piecewise(y, x, xs, ys), name, x, y, list(xs), list(ys))

    def addGenConstrNLAdv(self, *args: Any, **named: Any) -> None:
        unsupported("addGenConstrNLAdv", "use addGenConstrNL")

    def _lookalike_function(
        self, kind: str, xvar: Any, yvar: Any, tree: Node, name: Any, options: Any, *more: Any
    ) -> GenConstr:
        x, y = a_variable(xvar), a_variable(yvar)
        del options  # they steer how gurobipy approximates; ours are exact
        return add(self._lookalike, kind, Equation(y, tree, 0.0, 0.0), name, x, y, *more)

    def addGenConstrPoly(self, xvar: Any, yvar: Any, p: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == p[0] x^d + ... + p[d]."""
        x = a_variable(xvar)
        coefs = [float(c) for c in p]
        degree = len(coefs) - 1
        terms: list[Node] = []
        for k, coef in enumerate(coefs):
            if coef and degree - k > 1:
                terms.append(Call("*", (Number(coef), Call("**", (_plain(x), Number(float(degree - k)))))))
            elif coef:
                terms.append(Affine((x,), (coef,), 0.0) if degree - k == 1 else Number(coef))
        tree = Call("+", tuple(terms)) if terms else Number(0.0)
        return self._lookalike_function("poly", x, yvar, tree, name, options, coefs)

    def addGenConstrExp(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == exp(xvar)."""
        return self._lookalike_function("exp", xvar, yvar, call("exp", _plain(a_variable(xvar))), name, options)

    def addGenConstrExpA(self, xvar: Any, yvar: Any, a: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == a ** xvar."""
        tree = Call("**", (Number(float(a)), _plain(a_variable(xvar))))
        return self._lookalike_function("expa", xvar, yvar, tree, name, options, float(a))

    def addGenConstrLog(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == log(xvar)."""
        return self._lookalike_function("log", xvar, yvar, call("log", _plain(a_variable(xvar))), name, options)

    def addGenConstrLogA(self, xvar: Any, yvar: Any, a: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == log(xvar) to the base a."""
        tree = call("logb", _plain(a_variable(xvar)), Number(float(a)))
        return self._lookalike_function("loga", xvar, yvar, tree, name, options, float(a))

    def addGenConstrPow(self, xvar: Any, yvar: Any, a: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == xvar ** a."""
        tree = Call("**", (_plain(a_variable(xvar)), Number(float(a))))
        return self._lookalike_function("pow", xvar, yvar, tree, name, options, float(a))

    def addGenConstrSin(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == sin(xvar)."""
        return self._lookalike_function("sin", xvar, yvar, call("sin", _plain(a_variable(xvar))), name, options)

    def addGenConstrCos(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == cos(xvar)."""
        return self._lookalike_function("cos", xvar, yvar, call("cos", _plain(a_variable(xvar))), name, options)

    def addGenConstrTan(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == tan(xvar)."""
        return self._lookalike_function("tan", xvar, yvar, call("tan", _plain(a_variable(xvar))), name, options)

    def addGenConstrLogistic(self, xvar: Any, yvar: Any, name: Any = "", options: Any = "") -> GenConstr:
        """yvar == 1 / (1 + exp(-xvar))."""
        tree = call("logistic", _plain(a_variable(xvar)))
        return self._lookalike_function("logistic", xvar, yvar, tree, name, options)


def _plain(variable: Variable) -> Node:
    return Affine((variable,), (1.0,), 0.0)


def points(xpts: Sequence[Any], ypts: Sequence[Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The points of a piecewise-linear function. Raises GurobiError."""
    xs, ys = tuple(float(x) for x in xpts), tuple(float(y) for y in ypts)
    if len(xs) != len(ys):
        raise GurobiError(-1, "Arguments xpts and ypts must have the same length")
    if len(xs) < 2:
        raise GurobiError(INVALID_ARGUMENT, "Less than 2 points for PWL constraint")
    if any(b < a for a, b in pairwise(xs)):
        raise GurobiError(INVALID_ARGUMENT, "x values for PWL constraint must not fall")
    return xs, ys
