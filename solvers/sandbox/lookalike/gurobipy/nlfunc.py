"""Nonlinear functions of variables and expressions."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.gurobipy.expressions import NLExpr


def _of(function: str, *arguments: Any) -> Any:
    first = arguments[0]
    if hasattr(first, "_reflected"):
        return first._nonlinear(function, *arguments[1:])
    out = NLExpr._call(function, *arguments)
    if out is NotImplemented:
        raise TypeError(f"Unsupported argument type {type(first)}")
    return out


def sqrt(expr: Any) -> Any:
    """The square root."""
    return _of("sqrt", expr)


def square(expr: Any) -> Any:
    """The square."""
    return _of("square", expr)


def exp(expr: Any) -> Any:
    """The exponential."""
    return _of("exp", expr)


def log(expr: Any) -> Any:
    """The natural logarithm."""
    return _of("log", expr)


def log2(expr: Any) -> Any:
    """The logarithm to the base 2."""
    return _of("log2", expr)


def log10(expr: Any) -> Any:
    """The logarithm to the base 10."""
    return _of("log10", expr)


def sin(expr: Any) -> Any:
    """The sine."""
    return _of("sin", expr)


def cos(expr: Any) -> Any:
    """The cosine."""
    return _of("cos", expr)


def tan(expr: Any) -> Any:
    """The tangent."""
    return _of("tan", expr)


def tanh(expr: Any) -> Any:
    """The hyperbolic tangent."""
    return _of("tanh", expr)


def logistic(expr: Any) -> Any:
    """1 / (1 + exp(-expr))."""
    return _of("logistic", expr)


def signpow(expr: Any, exponent: Any) -> Any:
    """sign(expr) |expr| ** exponent."""
    return _of("signpow", expr, exponent)
