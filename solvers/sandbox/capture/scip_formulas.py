"""PySCIPOpt's expressions as sums over variables (named by their pointers), read when the program states them.

SCIP gives the formulas of nonlinear constraints back to nobody, so they are kept as they were given.
"""

from __future__ import annotations

from typing import Any

from solvers.io.nl_poly import Algebra, CallName, Sum
from solvers.sandbox.capture.guard import UncapturedError

_UNARY: dict[str, CallName] = {
    "AbsExpr": "abs", "ExpExpr": "exp", "LogExpr": "log", "SqrtExpr": "sqrt", "SinExpr": "sin", "CosExpr": "cos",
}  # fmt: skip
_OPERATORS: dict[str, CallName] = {name: name for name in ("abs", "exp", "log", "sqrt", "sin", "cos")}  # type: ignore[misc]
"""What `UnaryExpr` of earlier versions calls the same."""


def formula_of(expr: Any, algebra: Algebra) -> Sum:
    """A polynomial or a general expression of PySCIPOpt. Raises UncapturedError for an unknown operation."""
    terms = getattr(expr, "terms", None)
    return _polynomial(terms, algebra) if terms is not None else _tree(expr, algebra)


def _polynomial(terms: Any, algebra: Algebra) -> Sum:
    out = Sum()
    for term, coef in terms.items():
        pointers = [v.ptr() for v in term]
        c = float(coef)
        if not pointers:
            out.constant += c
        elif len(pointers) == 1:
            out.linear[pointers[0]] = out.linear.get(pointers[0], 0.0) + c
        elif len(pointers) == 2:
            i, j = sorted(pointers)
            out.quadratic[i, j] = out.quadratic.get((i, j), 0.0) + c
        else:
            out = algebra.add(out, algebra.scale(_monomial(pointers, algebra), c))
    return out


def _monomial(pointers: list[int], algebra: Algebra) -> Sum:
    """A product of three or more variables; repeated ones as powers."""
    factors = []
    for pointer in dict.fromkeys(pointers):
        times = pointers.count(pointer)
        base = Sum(linear={pointer: 1.0})
        factors.append(base if times == 1 else algebra.call("**", [base, Sum(float(times))]))
    return factors[0] if len(factors) == 1 else algebra.call("*", factors)


def _tree(root: Any, algebra: Algebra) -> Sum:
    """A general expression, without recursion: children before their parents."""
    done: dict[int, Sum] = {}
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        kind = type(node).__name__
        if kind == "Constant":
            done[id(node)] = Sum(float(node.number))
        elif kind == "VarExpr":
            done[id(node)] = formula_of(node.children[0], algebra)
        elif hasattr(node, "terms"):
            done[id(node)] = _polynomial(node.terms, algebra)
        elif not ready:
            stack.append((node, True))
            stack += [(child, False) for child in node.children]
        else:
            done[id(node)] = _operation(node, [done[id(child)] for child in node.children], algebra)
    return done[id(root)]


def _operation(node: Any, args: list[Sum], algebra: Algebra) -> Sum:
    kind = type(node).__name__
    if kind == "SumExpr":
        out = Sum(float(node.constant))
        for arg in args:
            out = algebra.add(out, algebra.copy(arg))
        return out
    if kind == "ProdExpr":
        made = Sum(float(node.constant))
        for arg in args:
            made = algebra.multiply(made, arg)
        return made
    if kind == "PowExpr":
        if float(node.expo) == -1.0:
            return algebra.divide(Sum(1.0), args[0])
        return algebra.power(args[0], Sum(float(node.expo)))
    name = _UNARY.get(kind) or (_OPERATORS.get(str(node.getOp())) if kind == "UnaryExpr" else None)
    if name is None:
        raise UncapturedError(f"the operation {kind} of PySCIPOpt has no counterpart here")
    return algebra.folded(name, [algebra.copy(args[0])])
