"""Expressions in gurobipy's words."""

from __future__ import annotations

from typing import Any, assert_never

from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic, Term, Variable
from solvers.sandbox.lookalike.core.trees import Affine, Call, Node, Number


def _name(variable: Any) -> str:
    if variable._column.state != 1:
        return f"<gurobi.Var {'*Removed*' if variable._column.state == 2 else '*Awaiting Model Update*'}>"
    return str(variable._column.name)


def _term(coef: float, text: str) -> str:
    return text if coef == 1.0 else f"{coef} {text}"


def linear_text(form: Linear) -> str:
    """`3.0 + 2.0 x + y`."""
    parts = [str(float(form._constant))] if form._constant or not form._size else []
    parts += [_term(c, _name(v)) for v, c in form._terms()]
    return " + ".join(parts)


def quadratic_text(form: Quadratic) -> str:
    """`x + [ 2.0 x * y + y ^ 2 ]`."""
    products = [
        _term(w, f"{_name(a)} ^ 2" if a is b else f"{_name(a)} * {_name(b)}") for a, b, w in form._triples()
    ]  # fmt: skip
    text = linear_text(form._part)
    return f"{text} + [ {' + '.join(products)} ]" if products else text


def tree_text(node: Node) -> str:
    """A tree as a formula."""
    match node:
        case Number(number):
            return str(number)
        case Affine(variables, coefs, constant):
            parts = [str(constant)] if constant or not variables else []
            parts += [_term(c, _name(v)) for v, c in zip(variables, coefs)]
            return " + ".join(parts)
        case Call("**", (base, Number(2.0))):
            return f"{_inner(base)}**2"
        case Call("+" | "*" | "/" | "**" as function, arguments):
            show = tree_text if function == "+" else _inner
            return f" {function} ".join(show(item) for item in arguments)
        case Call("neg", (only,)):
            return f"-{_inner(only)}"
        case Call(function, arguments):
            return f"{function}({', '.join(map(tree_text, arguments))})"
        case _:
            assert_never(node)


def _inner(node: Node) -> str:
    """A tree within a product or power: in parentheses where it has an operation of its own."""
    match node:
        case Affine(variables, coefs, constant):
            atomic = (len(variables) == 1 and coefs[0] == 1.0 and not constant) or not variables
        case Call(function):
            atomic = function not in ("+", "*", "/", "**", "neg")
        case _:
            atomic = True
    return tree_text(node) if atomic else f"({tree_text(node)})"


def side_text(side: Any) -> str:
    """One side of a comparison."""
    if isinstance(side, Variable):
        return _name(side)
    return str(side) if isinstance(side, Term) else repr(side)
