"""Arithmetic on numbers with the language's refusals: division by zero, domains of functions, overflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from solvers.errors import GroundingError
from solvers.interpret.basics import MAX_ELEMENTS, OrderedSet, PointError, as_number, as_set, finite, ordered, whole

SQRT_SLACK = 1e-6
"""A square root this little below zero is taken at zero: solvers keep bounds within such a tolerance."""


def divide(a: Any, b: Any) -> float:
    """a / b."""
    _refuse_zero(a, b)
    return float(a / b)


def floor_divide(a: Any, b: Any) -> Any:
    """a // b."""
    _refuse_zero(a, b)
    return a // b


def modulo(a: Any, b: Any) -> Any:
    """a % b, with the sign of b."""
    _refuse_zero(a, b)
    return a % b


def _refuse_zero(a: Any, b: Any) -> None:
    if b == 0:
        raise PointError(f"division by zero ({a!r} / {b!r})",
                         remedy="exclude that index with a condition, or mend the data")


def power(a: Any, b: Any) -> float:
    """a ** b in floating point."""
    try:
        result = float(a) ** float(b)
    except ZeroDivisionError:
        raise PointError(f"0 ** {b!r} is a division by zero") from None
    except OverflowError:
        raise PointError(f"{a!r} ** {b!r} overflows") from None
    if isinstance(result, complex):
        raise PointError(f"{a!r} ** {b!r} is not a real number")
    return finite(result, f"{a!r} ** {b!r}")


def multiply(a: Any, b: Any) -> Any:
    """a * b; an absent factor (0) wins over an infinite bound only when data say so, hence inf * 0 is refused."""
    product = a * b
    if product != product:
        raise GroundingError(f"{a!r} * {b!r} is not a number")
    return product


def _sqrt(x: float) -> float:
    return math.sqrt(0.0 if -SQRT_SLACK <= x < 0 else x)


_SMOOTH: dict[str, Callable[[float], float]] = {
    "sqrt": _sqrt, "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos,
}


def apply(func: str, x: Any) -> Any:
    """A function of one number."""
    match func:
        case "abs":
            return abs(x)
        case "floor":
            return math.floor(finite(x, "the argument of floor"))
        case "ceil":
            return math.ceil(finite(x, "the argument of ceil"))
        case "round":
            return round(finite(x, "the argument of round"))
    try:
        return finite(_SMOOTH[func](x), f"{func}({x!r})")
    except ValueError:
        raise PointError(f"{func}({x!r}) is not defined", remedy="bound the argument away from there") from None
    except OverflowError:
        raise PointError(f"{func}({x!r}) overflows") from None


def interval(bounds: list[Any]) -> OrderedSet:
    """`range(...)` as a set of integers."""
    numbers = [whole(b) for b in bounds]
    if len(numbers) == 3 and numbers[2] == 0:
        raise GroundingError("range with a step of 0")
    found = range(*numbers)
    if len(found) > MAX_ELEMENTS:
        raise GroundingError(f"a range of {len(found):,} elements", remedy=f"at most {MAX_ELEMENTS:,} are possible")
    return {element: at + 1 for at, element in enumerate(found)}


def first(source: Any) -> Any:
    """The first element of an ordered set."""
    for element in as_set(source):
        return element
    raise GroundingError("first(...) of an empty set")


def last(source: Any) -> Any:
    """The last element of an ordered set."""
    for element in reversed(as_set(source)):
        return element
    raise GroundingError("last(...) of an empty set")


def neighbour(func: str, element: Any, source: Any) -> Any:
    """`ord`, `prev` or `next` of an element of an ordered set."""
    members = as_set(source)
    position = members.get(element)
    if position is None:
        raise GroundingError(f"{func}: {element!r} is not in the set")
    if func == "ord":
        return position
    wanted = position + (1 if func == "next" else -1)
    if not 1 <= wanted <= len(members):
        raise GroundingError(f"{func}: {element!r} stands at the end of the set",
                             remedy=f"guard it: (... if {element!r} != first(S) else ...)")
    return list(members)[wanted - 1]


def set_operation(op: str, a: Any, b: Any) -> OrderedSet:
    """Union, intersection, difference and product of ordered sets; the left order leads."""
    left, right = as_set(a), as_set(b)
    match op:
        case "|":
            return ordered([*left, *right])
        case "&":
            return ordered(e for e in left if e in right)
        case "-":
            return ordered(e for e in left if e not in right)
        case "*":
            if len(left) * len(right) > MAX_ELEMENTS:
                raise GroundingError(f"a product of {len(left):,} by {len(right):,} elements")
            return ordered((e, f) for e in left for f in right)
    raise GroundingError(f"{op} does not work on sets")


def extreme(func: str, values: list[Any]) -> Any:
    """The least or greatest of numbers; refused when there are none."""
    if not values:
        raise GroundingError(f"{func} over an empty set has no value", remedy="give it a first element, or a condition")
    numbers = [as_number(v) for v in values]
    return min(numbers) if func == "min" else max(numbers)
