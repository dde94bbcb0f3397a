"""Small constructors that fold constants, so that what bridges write reads as a person would write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from solvers.expression.nodes import Add, And, BinOp, Call, Compare, CompareOp, Expr, IfElse, Name, Neg, Not, Num, Ref

ZERO, ONE = Num(0), Num(1)


def number(node: Expr) -> float | int | None:
    """The value of a literal with its sign, or None."""
    match node:
        case Num(value):
            return value
        case Neg(Num(value)):
            return -value
    return None


def literal(value: float | int) -> Expr:
    """A number as a tree."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return Num(value) if value >= 0 else Neg(Num(-value))


def neg(node: Expr) -> Expr:
    """`-node`."""
    value = number(node)
    if value is not None:
        return literal(-value)
    match node:
        case Neg(inner):
            return inner
        case Add(terms, signs):
            return total((-s, t) for s, t in zip(signs, terms))
        case BinOp("*", left, right) if number(left) is not None:
            return mul(neg(left), right)
    return Neg(node)


def add(*terms: Expr) -> Expr:
    """The sum of terms."""
    return total((1, term) for term in terms)


def sub(left: Expr, right: Expr) -> Expr:
    """`left - right`."""
    return total([(1, left), (-1, right)])


def total(signed: Iterable[tuple[int, Expr]]) -> Expr:
    """A signed sum: nested sums flattened, literals folded, opposites cancelled."""
    flat: list[tuple[int, Expr]] = []
    constant: float | int = 0
    signed = list(signed)
    seen: Counter[tuple[int, Expr]] = Counter()
    leads = bool(signed) and number(signed[0][1]) is not None

    def take(sign: int, node: Expr) -> None:
        nonlocal constant
        value = number(node)
        if value is not None:
            constant += sign * value
            return
        match node:
            case Add(terms, signs):
                for s, t in zip(signs, terms):
                    take(sign * s, t)
            case Neg(inner):
                take(-sign, inner)
            case _:
                if seen[-sign, node]:
                    seen[-sign, node] -= 1
                    flat.remove((-sign, node))
                else:
                    seen[sign, node] += 1
                    flat.append((sign, node))

    for sign, node in signed:
        take(sign, node)
    if constant and (not flat or (constant > 0 and (leads or all(s < 0 for s, _ in flat)))):
        flat.insert(0, (1, literal(constant)))
    elif constant:
        flat.append((1, literal(constant)) if constant > 0 else (-1, literal(-constant)))
    if not flat:
        return ZERO
    lead = next((k for k, (s, _) in enumerate(flat) if s > 0), None)
    if lead is None:
        flat[0] = (1, Neg(flat[0][1]))
    elif lead:
        flat.insert(0, flat.pop(lead))
    return flat[0][1] if len(flat) == 1 else Add(tuple(t for _, t in flat), tuple(s for s, _ in flat))


def mul(left: Expr, right: Expr) -> Expr:
    """`left * right`."""
    a, b = number(left), number(right)
    if a is not None and b is not None:
        return literal(a * b)
    if a == 0 or b == 0:
        return ZERO
    if a == 1:
        return right
    if b == 1:
        return left
    if a == -1:
        return neg(right)
    if b == -1:
        return neg(left)
    if b is not None:
        left, right = right, left
    if isinstance(left, Neg) and number(left) is None:
        return neg(mul(left.operand, right))
    if isinstance(right, Neg):
        return neg(mul(left, right.operand))
    return BinOp("*", left, right)


def extreme(func: str, *args: Expr) -> Expr:
    """`min(...)` or `max(...)` with nested ones of the same kind flattened and literals folded."""
    items: list[Expr] = []
    values: list[float | int] = []
    for arg in args:
        for item in arg.args if isinstance(arg, Call) and arg.func == func else (arg,):
            value = number(item)
            if value is not None:
                values.append(value)
            elif item not in items:
                items.append(item)
    if values:
        items.insert(0, literal(min(values) if func == "min" else max(values)))
    return items[0] if len(items) == 1 else Call(func, tuple(items))


def choose(test: Expr, then: Expr, otherwise: Expr) -> Expr:
    """`(then if test else otherwise)`."""
    return then if then == otherwise else IfElse(test, then, otherwise)


def compare(left: Expr, op: CompareOp, right: Expr) -> Expr:
    """`left op right`."""
    return Compare((left, right), (op,))


def conjunction(items: Iterable[Expr]) -> Expr | None:
    """`a and b ...`, or None where there is nothing to join."""
    found = tuple(items)
    return None if not found else found[0] if len(found) == 1 else And(found)


def opposite(node: Expr) -> Expr:
    """`1 - node` for a 0-1 formula, or `not node` for a condition, without doubling."""
    match node:
        case Add((Num(1), other), (1, -1)):
            return other
        case Name() | Ref():
            return Add((ONE, node), (1, -1))
    return total([(1, ONE), (-1, node)])


def denied(test: Expr) -> Expr:
    """The condition that is true where `test` is false."""
    match test:
        case Not(inner):
            return inner
        case Compare((a, b), (op,)):
            flipped: dict[CompareOp, CompareOp] = {
                "<=": ">", ">": "<=", "<": ">=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in",
            }
            return Compare((a, b), (flipped[op],))
    return Not(test)
