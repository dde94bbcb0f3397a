"""Labels of an axis: their positions, lenient matching of digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.data.data import Element
from solvers.errors import DataError, Place
from solvers.formulation import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = re.compile(r"(0|-?[1-9][0-9]{0,17})\Z")


class LabelIndex:
    """The elements of one axis and where each stands; digits in text match integer labels of an integer axis."""

    def __init__(self, name: str, elements: Sequence[Element]) -> None:
        self.name = name
        self.elements = tuple(elements)
        self._position = {element: i for i, element in enumerate(self.elements)}
        if len(self._position) != len(self.elements):
            seen: set[Element] = set()
            twice = next(e for e in self.elements if e in seen or seen.add(e))  # type: ignore[func-returns-value]
            raise DataError(f"element {twice!r} is listed twice", place=Place(name), remedy="keep one of them")
        first = self.elements[0] if self.elements else 0
        self.width = len(first) if isinstance(first, tuple) else 1

    def __len__(self) -> int:
        return len(self.elements)

    def places(self, labels: Sequence[Element], unknown: Callable[[int], DataError]) -> NDArray:
        """Positions of `labels`; raises `unknown(i)` for the first label i that is not an element."""
        found = None
        if bool not in set(map(type, labels)):  # True would match the label 1
            with suppress(KeyError):
                found = list(map(self._position.__getitem__, labels))
        if found is None:
            found = [self._place(label, i, unknown) for i, label in enumerate(labels)]
        return np.array(found, dtype=np.intp)

    def _place(self, label: Any, i: int, unknown: Callable[[int], DataError]) -> int:
        if isinstance(label, bool):
            raise unknown(i)
        place = self._position.get(label)
        if place is None:
            for other in self._respelt(label):
                place = self._position.get(other)
                if place is not None:
                    return place
            raise unknown(i)
        return place

    def _respelt(self, label: Any) -> Iterable[Element]:
        if isinstance(label, tuple):
            yield tuple(next(iter(_other_spelling(part)), part) for part in label)
        else:
            yield from _other_spelling(label)

    def preview(self, count: int = 6) -> str:
        """The first elements, for messages."""
        shown = ", ".join(repr(e) for e in self.elements[:count])
        return f"{shown}, ..." if len(self.elements) > count else shown


def _other_spelling(label: Any) -> Iterator[Label]:
    if isinstance(label, str):
        if _DIGITS.match(label.strip()):
            yield int(label)
    elif isinstance(label, (int, np.integer)) and not isinstance(label, bool):
        yield str(label)


def show_key(key: Sequence[object]) -> str:
    """`['A', 3]`, as formulas write it; empty for a scalar."""
    return "[" + ", ".join(repr(part) for part in key) + "]" if key else ""
