"""Shapes of formulas that some targets take natively."""

from __future__ import annotations

from solvers.check.degree import Degrees
from solvers.expression import parse, parse_generator, walk
from solvers.expression.nodes import Aggregate, And, BinOp, Call, Compare, Expr, Generator, Name, Not, Num, Or, Ref
from solvers.formulation import Formulation
from solvers.reformulate.facts import Facts


def bends(formulation: Formulation) -> bool:
    """Whether abs, min or max stand where rows alone cannot hold them: not convex on the small side."""
    degrees = Degrees(formulation)
    wanted = "convex" if formulation.objective.sense == "min" else "concave"
    for term in formulation.objective.terms:
        if degrees.of(parse(term.expr), frozenset()).curvature not in ("affine", wanted):
            return True
    for item in formulation.constraints:
        names = frozenset(t for text in item.over for t in parse_generator(text).targets)
        tree = parse(item.expr)
        if not isinstance(tree, Compare):
            continue
        sides = [degrees.of(operand, names).curvature for operand in tree.operands]
        for op, left, right in zip(tree.ops, sides, sides[1:]):
            small, large = (left, right) if op in ("<=", "<") else (right, left)
            if op in ("==", "!="):
                fits = left == right == "affine"
            else:
                fits = small in ("affine", "convex") and large in ("affine", "concave")
            if not fits:
                return True
    return False


def atom(node: Expr, facts: Facts) -> bool:
    """A single linear comparison without logic inside."""
    return isinstance(node, Compare) and len(node.ops) == 1 and node.ops[0] in ("<=", ">=", "==") and plain(node, facts)


_OF_DATA = frozenset({"sum", "first", "last", "len", "ord", "prev", "next", "floor", "ceil", "round"})


def plain(node: Expr, facts: Facts) -> bool:
    """Linear, without logic, abs, min or max inside."""
    for part in walk(node):
        if facts.is_data(part):
            continue
        if isinstance(part, (And, Or)) or (isinstance(part, (Call, Aggregate)) and part.func not in _OF_DATA):
            return False
        named = facts.expanded(part)
        if named is not None and not plain(named, facts):
            return False
    return _degree_one(node, facts)


def _degree_one(node: Expr, facts: Facts) -> bool:
    return not any(isinstance(n, BinOp) and n.op in ("*", "**", "/") and not facts.is_data(n.right)
                   and (n.op != "*" or not facts.is_data(n.left)) for n in walk(node))


def switch(node: Expr, facts: Facts) -> tuple[Expr, bool] | None:
    """The binary variable that a test asks for, and the value it asks."""
    def binary(item: Expr) -> bool:
        found = facts.variable(item)
        return found is not None and found.domain == "binary"

    match node:
        case Compare((cell, Num(value)), ("==" | ">=" as op,)) if binary(cell) and value in (0, 1):
            return (cell, bool(value)) if op == "==" or value == 1 else None
        case Compare((cell, Num(0)), ("<=",)) if binary(cell):
            return cell, False
        case Name() | Ref() if binary(node):
            return node, True
        case Not(operand) if binary(operand):
            return operand, False
    return None


def ordered_set(node: Expr, facts: Facts) -> tuple[int, Expr, tuple[Generator, ...]] | None:
    """The type of a special ordered set (1 or 2), its variable and the loops over its members, in order."""
    if not isinstance(node, Aggregate) or node.func not in ("sos1", "sos2") or facts.variable(node.args[0]) is None:
        return None
    return int(node.func[-1]), node.args[0], node.generators
