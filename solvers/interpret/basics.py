"""What values are here: numbers, labels, tuples of labels, and ordered sets as dicts from element to position."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from solvers.errors import GroundingError
from solvers.formulation import Key, Label

Element = Label | Key
OrderedSet = dict[Element, int]
"""Elements in order, each with its position from 1."""

Env = dict[str, Any]
"""Values of the indices in scope."""

MAX_ELEMENTS = 10_000_000


class PointError(GroundingError):
    """A formula that has no value at the given variable values (log of a negative number, say)."""


class TooMuchWork(Exception):
    """The meter ran out: the instance is too large for this interpreter."""


class Meter:
    """Counts evaluated nodes; raises TooMuchWork past `limit` (None: never)."""

    __slots__ = ("limit", "spent")

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.spent = 0

    def spend(self, nodes: int) -> None:
        self.spent += nodes
        if self.limit is not None and self.spent > self.limit:
            raise TooMuchWork


class Point:
    """Values of the variables by flat key, and the values of named expressions found there so far."""

    __slots__ = ("expressions", "values")

    def __init__(self, values: Mapping[str, Mapping[Key, float]] | None = None) -> None:
        self.values = {name: dict(cells.items()) for name, cells in (values or {}).items()}
        self.expressions: dict[tuple[Any, Key], Any] = {}


def ordered(elements: Iterable[Any]) -> OrderedSet:
    """Elements without repetition, in order of first appearance."""
    found: OrderedSet = {}
    for element in elements:
        element = as_element(element)
        if element not in found:
            found[element] = len(found) + 1
    return found


def as_element(value: Any) -> Element:
    """A label, with whole floats as integers. Raises GroundingError for what cannot be an element."""
    if value.__class__ is int or value.__class__ is str:
        return value  # type: ignore[no-any-return]
    if value.__class__ is float and value.is_integer():
        return int(value)
    if value.__class__ is tuple:
        return tuple(part for item in value for part in as_key(as_element(item)))
    raise GroundingError(f"{show(value)} cannot be an element of a set", remedy="elements are whole numbers and labels")


def as_key(element: Any) -> Key:
    """The element as a flat key."""
    return element if element.__class__ is tuple else (element,)


def flat_key(parts: Iterable[Any]) -> Key:
    """Index values as one flat key: tuples are spliced in, whole floats become integers."""
    key: list[Label] = []
    for part in parts:
        if part.__class__ is int or part.__class__ is str:
            key.append(part)
        else:
            key.extend(as_key(as_element(part)))
    return tuple(key)


def as_number(value: Any) -> Any:
    """The value when it is a number (truth counts as 0 or 1), else GroundingError."""
    if value.__class__ is float or value.__class__ is int:
        return value
    if value.__class__ is bool:
        return int(value)
    raise GroundingError(f"{show(value)} stands where a number belongs")


def as_set(value: Any) -> OrderedSet:
    """The value when it is a set, else GroundingError."""
    if value.__class__ is dict:
        return value  # type: ignore[no-any-return]
    raise GroundingError(f"{show(value)} stands where a set belongs")


def as_truth(value: Any) -> bool:
    """The value of a condition: a comparison, or a number that is 0 or 1."""
    if value.__class__ is bool:
        return value  # type: ignore[no-any-return]
    if value.__class__ in (int, float) and value in (0, 1):
        return bool(value)
    raise GroundingError(f"{show(value)} stands where a condition belongs", remedy="compare it with something")


def whole(value: Any) -> int:
    """The value as an integer. Raises GroundingError when it is not whole."""
    number = as_number(value)
    if number.__class__ is float:
        if not number.is_integer():
            raise GroundingError(f"{number!r} stands where a whole number belongs")
        return int(number)
    return int(number)


def show(value: Any) -> str:
    """A value for messages."""
    if isinstance(value, dict):
        return "{" + ", ".join(map(repr, list(value)[:4])) + (", ...}" if len(value) > 4 else "}")
    return repr(value)


def show_key(key: Iterable[Any]) -> str:
    """`[3, 'A']`, or nothing for a scalar."""
    parts = ", ".join(repr(part) for part in key)
    return f"[{parts}]" if parts else ""


def finite(value: float, what: str) -> float:
    """The value, refused when it overflowed or is not a number."""
    if math.isfinite(value):
        return value
    raise PointError(f"{what} is not a finite number", remedy="the argument is out of range")
