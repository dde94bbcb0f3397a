"""Comparisons that may have to fail: over continuous variables no solver tells failing from holding."""

from __future__ import annotations

from solvers.check.kinds import Where
from solvers.expression import unparse
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, Not, Or


def check_negations(where: Where, expr: Expr, scope: frozenset[str], *, fails: bool = False) -> None:
    """Report, below `not`, on the left of `implies` and on both sides of `iff`, equalities over continuous variables
    as errors and inequalities as notes: what is kept there is their closure, which holds at equality too.
    """
    match expr:
        case Not(operand):
            check_negations(where, operand, scope, fails=not fails)
        case And(items) | Or(items):
            for item in items:
                check_negations(where, item, scope, fails=fails)
        case Call("implies", (a, b)):
            check_negations(where, a, scope, fails=not fails)
            check_negations(where, b, scope, fails=fails)
        case Call("iff", (a, b)):
            for side in (a, b):
                check_negations(where, side, scope, fails=True)
        case Aggregate("any" | "all", (item,), generators):
            inner = scope | {target for generator in generators for target in generator.targets}
            check_negations(where, item, inner, fails=fails)
        case Compare() if fails:
            _report(where, expr, scope)


def _report(where: Where, expr: Compare, scope: frozenset[str]) -> None:
    parts = [where.symbols.degrees.of(operand, scope) for operand in expr.operands]
    if not any(part.variables for part in parts) or all(part.integer is not False for part in parts):
        return
    if "==" in expr.ops:
        where.report("error", "strict", f"{unparse(expr)} may have to fail, which over continuous variables no solver "
                     "tells from holding", expr.pos,
                     "write the alternatives with a margin: a <= b - margin or a >= b + margin")
    elif {"<=", ">="} & {*expr.ops}:
        where.report("note", "closure", f"over continuous variables {unparse(expr)} also counts as failed where both "
                     "sides are equal", expr.pos, "add a margin, or a binary variable, if equality matters")
