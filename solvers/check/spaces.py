"""What labels an index position may hold, as far as it can be told before grounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from solvers.formulation import Key, Label

LabelKind = Literal["int", "text", "any"]
MAX_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Space:
    """Labels of one index position.

    `labels`: a set that surely contains them all (None: unknown). `exact`: every one of `labels` does occur.
    `origin`: the name of the set they come from, for messages; `literal`: a label written in the formula.
    """

    kind: LabelKind = "any"
    labels: frozenset[Label] | None = None
    exact: bool = False
    origin: str = ""
    literal: bool = False

    def loosened(self) -> Space:
        """The same labels, of which a condition may have removed some."""
        return replace(self, exact=False) if self.exact and not self.literal else self


ANY = Space()
INTEGER = Space("int")
TEXT = Space("text")


def space_of(labels: Iterable[Label], origin: str, *, exact: bool = True) -> Space:
    """The space of listed labels."""
    found = frozenset(labels)
    kinds = {isinstance(label, str) for label in found}
    kind: LabelKind = "any" if len(kinds) != 1 else "text" if True in kinds else "int"
    return Space(kind, found, exact, origin)


def element_spaces(elements: Sequence[Label | Key], dimension: int, origin: str) -> tuple[Space, ...] | None:
    """The spaces of the components of listed elements; None when an element has another dimension."""
    rows = [e if isinstance(e, tuple) else (e,) for e in elements]
    if any(len(row) != dimension for row in rows):
        return None
    return tuple(space_of((row[k] for row in rows), origin) for k in range(dimension))


def union(a: Space, b: Space) -> Space:
    """Labels of either."""
    if a == b:
        return a
    labels = None
    if a.labels is not None and b.labels is not None and len(a.labels) + len(b.labels) <= MAX_COMPARED:
        labels = a.labels | b.labels
    kind = a.kind if a.kind == b.kind else "any"
    return Space(kind, labels, a.exact and b.exact and labels is not None, a.origin if a.origin == b.origin else "")


def intersection(a: Space, b: Space) -> Space:
    """Labels of both, where that can be told."""
    if a.labels is not None and b.labels is not None:
        labels: frozenset[Label] | None = a.labels & b.labels
    else:
        labels = a.labels if b.labels is None else b.labels
    return Space(a.kind if b.kind == "any" else b.kind, labels, False, b.origin or a.origin)


def mismatch(key: Space, axis: Space) -> str | None:
    """Why keys of one space cannot all be on an axis, or None when they may be."""
    if key.labels is not None and not key.labels:
        return None
    if axis.labels is not None and not axis.labels:
        return None
    if {key.kind, axis.kind} == {"int", "text"}:
        words = {"int": "integers", "text": "text labels"}
        return f"{_from(key)} holds {words[key.kind]}, {_from(axis)} {words[axis.kind]}"
    if key.labels is None or axis.labels is None:
        return None
    if key.literal:
        label = next(iter(key.labels))
        return None if label in axis.labels else f"{label!r} is not in {_from(axis)}"
    if key.labels.isdisjoint(axis.labels):
        return f"no element of {_from(key)} is in {_from(axis)}"
    if key.exact and not key.labels <= axis.labels:
        missing = min(key.labels - axis.labels, key=str)
        return f"{missing!r} of {_from(key)} is not in {_from(axis)}"
    return None


def _from(space: Space) -> str:
    return space.origin or "its set"


def nearest_label(label: object, axis: Space) -> str | None:
    """The label of an axis that a misspelt one may stand for, as a formula writes it."""
    if axis.labels is None or len(axis.labels) > MAX_COMPARED:
        return None
    folded = {str(candidate).casefold().strip(): candidate for candidate in sorted(axis.labels, key=str)}
    found = get_close_matches(str(label).casefold().strip()[:200], folded, n=1, cutoff=0.7)
    return repr(folded[found[0]]) if found else None
