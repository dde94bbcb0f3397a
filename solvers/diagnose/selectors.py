"""Names that users give on a command line: `demand`, `demand[week 3]`, `build:upper`, `capacity[mill]=120`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from solvers.diagnose.members import KINDS, Members
from solvers.errors import FormulateError, Place
from solvers.formulation import Key
from solvers.schema.spelling import nearest

_SHAPE = re.compile(r"\s*([^\[\]:=]+?)\s*(?:\[(.*)\])?\s*(?::\s*([a-z]+)\s*)?\Z", re.DOTALL)
EVERYTHING = {"rows": ("row",), "bounds": ("lower", "upper"), "integrality": ("integrality",)}
"""Selectors that name a sort of members throughout; an element of that name comes first."""


class SelectorError(FormulateError):
    """A name on the command line that means nothing in this formulation."""


@dataclass(frozen=True, slots=True)
class Selector:
    """An element, one key of it (None: all), and a sort of bound (empty: all)."""

    name: str
    key: tuple[str, ...] | None
    kind: str
    text: str


def read_selector(text: str) -> Selector:
    """`NAME`, `NAME[key, key]`, either with `:lower`, `:upper`, `:bounds`, `:integrality`. Raises SelectorError."""
    found = _SHAPE.match(text)
    if found is None:
        raise SelectorError(
            f"{text!r} is not a name", remedy="write NAME or NAME[key], such as demand or demand[week 3]"
        )
    name, inside, kind = found.groups()
    if kind is not None and kind not in (*KINDS, "bounds"):
        raise SelectorError(
            f"{kind!r} is no sort of bound", place=text, remedy="write :lower, :upper, :bounds or :integrality"
        )
    return Selector(name, None if inside is None else split_key(inside), kind or "", text)


def split_key(inside: str) -> tuple[str, ...]:
    """The labels of a key, commas between them; a label may stand in quotes."""
    parts = re.findall(r"""\s*("[^"]*"|'[^']*'|[^,]*?)\s*(?:,|\Z)""", inside)
    # The pattern also matches the empty text after the last label.
    labels = parts[:-1] if len(parts) > 1 and parts[-1] == "" and not inside.rstrip().endswith(",") else parts
    return tuple(label[1:-1] if label[:1] in ("'", '"') and len(label) > 1 else label for label in labels)


def match_key(key: tuple[str, ...], keys: Iterable[Key], place: str) -> Key:
    """The key that is meant, labels compared as text. Raises SelectorError with the nearest one."""
    known = {tuple(map(str, candidate)): candidate for candidate in keys}
    if key in known:
        return known[key]
    shown = ", ".join(key)
    near = nearest(shown, (", ".join(candidate) for candidate in known))
    example = next(iter(known), ())
    some = f"its keys are such as [{', '.join(example)}]" if example else "it has no index: leave [...] out"
    raise SelectorError(
        f"there is no {place}[{shown}]",
        place=Place(place),
        remedy=f"did you mean {place}[{near}]?" if near is not None else some,
    )


def select(members: Members, texts: Iterable[str]) -> np.ndarray:
    """The mask of the members that any of the selectors names. Raises SelectorError for one that names none."""
    mask = np.zeros(len(members), dtype=bool)
    for text in texts:
        mask |= selected(members, read_selector(text))
    return mask


def selected(members: Members, selector: Selector) -> np.ndarray:
    """The mask of the members that one selector names."""
    names = {family.name for family in members.families}
    if selector.name not in names and selector.name in EVERYTHING and selector.key is None and not selector.kind:
        kinds = EVERYTHING[selector.name]
        wanted = [k for k, family in enumerate(members.families) if family.kind in kinds]
        return np.isin(members.family, wanted)
    if selector.name not in names:
        labelled = _labelled(members, selector)
        if labelled.any():
            return labelled
        near = nearest(selector.name, [*names, *_labels(members)])
        hint = f"did you mean {near}?" if near is not None else f"name one of: {', '.join(sorted(names)[:12])}"
        raise SelectorError(
            f"no constraint or variable {selector.name!r} can be broken here", place=selector.text, remedy=hint
        )
    kinds = {"": KINDS, "bounds": ("lower", "upper")}.get(selector.kind, (selector.kind,))
    wanted = [k for k, f in enumerate(members.families) if f.name == selector.name and f.kind in kinds]
    mask = np.isin(members.family, wanted)
    if not mask.any():
        raise SelectorError(f"{selector.name} has no {selector.kind}", place=selector.text, remedy="leave it out")
    if selector.key is None:
        return mask
    here = np.flatnonzero(mask)
    key = match_key(selector.key, [members.keys[k] for k in here], selector.name)
    mask[[k for k in here if members.keys[k] != key]] = False
    return mask


def _labels(members: Members) -> list[str]:
    """The name of every member's row or column: what a model from a file has instead of families."""
    model = members.model
    m, n = model.num_rows, model.num_columns
    return [model.row_label(a) if a < m else model.column_label((a - m) % n) for a in members.first.tolist()]


def _labelled(members: Members, selector: Selector) -> np.ndarray:
    """The members whose row or column bears this very name."""
    name = selector.text.rpartition(":")[0] if selector.kind else selector.text
    kinds = {"": KINDS, "bounds": ("lower", "upper")}.get(selector.kind, (selector.kind,))
    found = [label == name.strip() and members.kind(k) in kinds for k, label in enumerate(_labels(members))]
    return np.array(found, dtype=bool)


def read_weights(texts: Iterable[str]) -> dict[str, float]:
    """`NAME=W` or `NAME[key]=W` as a mapping; W above 0, or inf for what must not be loosened. Raises SelectorError."""
    out: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        value = as_number(number)
        if not equals or not name.strip() or value is None or not value > 0:
            raise SelectorError(f"{text!r} is not a weight", remedy="write NAME=W with a W above 0, such as demand=5")
        out[name.strip()] = value
    return out


def as_number(text: str) -> float | None:
    """A number, or None; no NaN."""
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return None if math.isnan(value) else value


def weights_of(members: Members, weights: Mapping[str, float]) -> np.ndarray:
    """The weight of every member, 1 where none is given; a weight of a key comes before that of its family."""
    out = np.ones(len(members))
    for keyed in (False, True):
        for text, weight in weights.items():
            selector = read_selector(text)
            if (selector.key is not None) == keyed:
                out[selected(members, selector)] = weight
    return out
