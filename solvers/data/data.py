"""The numbers of an instance, beside the formulation that names them: set elements and parameter cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from solvers.errors import DataError, Place
from solvers.formulation import Formulation, Key, Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

Element = Label | Key
"""A label, or the tuple of labels that is an element of a multi-dimensional set."""

Scalar = int | float | str | None
"""The content of a cell: a number, a label (parameters with `values_in`), or None for null."""


@dataclass(frozen=True, eq=False)
class DenseArray:
    """A dense block of values along named axes; float64, or object for labels. NaN (None) is a missing cell.

    `labels[k]` names the entries along axis k; None (and an empty `labels`) means by position, along
    the elements of that axis in their order. An axis over a set of dimension d has tuples as labels.
    """

    axes: tuple[str, ...]
    values: NDArray
    labels: tuple[tuple[Element, ...] | None, ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != len(self.axes):
            raise DataError(
                f"an array of {self.values.ndim} dimensions for {len(self.axes)} axes ({', '.join(self.axes)})",
                remedy="give one array dimension per axis",
            )
        if not self.labels:
            object.__setattr__(self, "labels", (None,) * len(self.axes))
        for name, size, labels in zip(self.axes, self.values.shape, self.labels, strict=True):
            if labels is not None and len(labels) != size:
                raise DataError(f"{len(labels)} labels for {size} entries along axis {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DenseArray):
            return NotImplemented
        numeric = self.values.dtype != object and other.values.dtype != object
        return (
            self.axes == other.axes and self.labels == other.labels
            and np.array_equal(self.values, other.values, equal_nan=numeric)
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Patched:
    """A parameter with some cells changed (`Data.override`); `align` applies the changes last."""

    base: Mapping[Key, Scalar] | DenseArray
    changes: Mapping[Key, Scalar]


Raw = Mapping[Key, Scalar] | DenseArray | Patched
"""What `Data.parameters` holds; `solvers.data.align` turns any of them into a dense array."""


@dataclass(frozen=True)
class Origin:
    """Where the cells of a parameter or the elements of a set were read: a file, a sheet, a row per key."""

    where: str
    rows: Mapping[Key, int | str] = field(default_factory=dict)

    def at(self, key: Key | None = None) -> str:
        """`costs.xlsx, sheet 'demand', row 7`, as much as is known."""
        row = self.rows.get(key) if key is not None else None
        if row is None:
            return self.where
        return f"{self.where}, row {row}" if isinstance(row, int) else f"{self.where}, {row}"


@dataclass(frozen=True)
class Data:
    """Elements of the listed or bound sets, in order, and parameter cells by flat key or as dense arrays.

    Computed sets and derived parameters are absent: grounding evaluates them. `origins` says where
    something was read, for messages only; `unused` names what the source holds and nothing asked for.
    """

    sets: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Raw] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)
    unused: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def inline(cls, formulation: Formulation) -> Data:
        """What the formulation itself carries. A parameter that lives on its default has no cells (`{}`).

        Raises DataError on a cell given twice.
        """
        from solvers.data.inline import inline_data

        return inline_data(formulation)

    def override(self, changes: Mapping[tuple[str, Key], Scalar]) -> Data:
        """The same data with single slots changed: `{("capacity", ("mill",)): 120.0}`; key `()` for a scalar.

        Raises DataError for a parameter without data. Keys are checked by `align`, when axes are known.
        """
        grouped: dict[str, dict[Key, Scalar]] = {}
        for (name, key), value in changes.items():
            if name not in self.parameters:
                raise DataError(
                    f"no data to change for {name!r}", place=Place(name, index=tuple(key)),
                    remedy="change a parameter that carries data; derived parameters follow from others",
                )
            grouped.setdefault(name, {})[tuple(key)] = value
        parameters = dict(self.parameters)
        for name, slots in grouped.items():
            parameters[name] = _patched(parameters[name], slots)
        return Data(self.sets, parameters, self.origins, self.unused)

    def merge(self, other: Data) -> Data:
        """Both together; where both hold a parameter, `other` wins as a whole.

        Raises DataError when both give elements for a set and these differ.
        """
        for name, elements in other.sets.items():
            mine = self.sets.get(name)
            if mine is not None and tuple(mine) != tuple(elements):
                raise DataError(_set_conflict(tuple(mine), tuple(elements)), place=Place(name),
                                remedy="keep the elements in one place, or make both lists agree in order")
        return Data(
            {**self.sets, **other.sets},
            {**self.parameters, **other.parameters},
            {**self.origins, **other.origins},
            (*self.unused, *other.unused),
        )


def _patched(base: Raw, slots: dict[Key, Scalar]) -> Raw:
    if isinstance(base, Patched):
        return Patched(base.base, {**base.changes, **slots})
    if isinstance(base, DenseArray):
        return Patched(base, slots)
    # A symmetric parameter may hold either mirror of a changed cell: only `align` knows, so it decides.
    if all(len(key) < 2 and key in base for key in slots):
        return {**base, **slots}
    return Patched(base, slots)


def _set_conflict(mine: tuple[Element, ...], theirs: tuple[Element, ...]) -> str:
    missing = [e for e in mine if e not in set(theirs)]
    extra = [e for e in theirs if e not in set(mine)]
    if not missing and not extra:
        return "declared in one order and bound in another"
    parts = []
    if missing:
        parts.append(f"the data lack {missing[0]!r}" + (f" and {len(missing) - 1} more" if missing[1:] else ""))
    if extra:
        parts.append(f"the data add {extra[0]!r}" + (f" and {len(extra) - 1} more" if extra[1:] else ""))
    return "declared elements and bound elements differ: " + "; ".join(parts)
