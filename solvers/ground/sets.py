"""Ground sets: ordered labels as integer arrays, with vectorised look-up of positions.

Text labels are interned once per grounding (`Universe`); integers stand for themselves. A column of
labels is an int64 array and a kind, `"int"` or `"label"`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

import numpy as np

from solvers.formulation import Key, Label

Kind = Literal["int", "label"]
Array = np.ndarray | Callable[[], np.ndarray]
MAX_LUT_SPAN = 4_000_000
MAX_INTEGER = 2**53


class Universe:
    """All text labels of one grounding, each with an integer code."""

    def __init__(self) -> None:
        self._code: dict[Label, int] = {}
        self.labels: list[Label] = []

    def code(self, label: Label) -> int:
        """The code of a label, interned on first sight."""
        code = self._code.get(label)
        if code is None:
            code = self._code[label] = len(self.labels)
            self.labels.append(label)
        return code

    def find(self, label: Label) -> int:
        """The code of a label, or -1 when no set holds it."""
        return self._code.get(label, -1)

    def decode(self, value: int, kind: Kind) -> Label:
        """The label behind a column entry."""
        return int(value) if kind == "int" else self.labels[value] if 0 <= value < len(self.labels) else "?"

    def decode_column(self, column: Column) -> list[Label]:
        """All labels of a column."""
        if column.kind == "int":
            return [int(v) for v in column.values]
        labels = self.labels
        return [labels[v] for v in column.values]


class Column:
    """One index over the rows of a frame: values (n,), their kind, and where known their set and positions.

    `of` is set exactly when positions in that set are known. Both arrays may be made on first use
    (`values` and `positions` given as functions): most references never look at them.
    """

    __slots__ = ("_positions", "_values", "kind", "of")

    def __init__(self, values: Array, kind: Kind, of: GroundSet | None = None, positions: Array | None = None) -> None:
        self._values = values
        self.kind = kind
        self.of = of
        self._positions = positions

    @property
    def values(self) -> np.ndarray:
        """The labels as integers."""
        if not isinstance(self._values, np.ndarray):
            self._values = self._values()
        return self._values

    @property
    def positions(self) -> np.ndarray | None:
        """Positions in `of`, or None."""
        if self._positions is not None and not isinstance(self._positions, np.ndarray):
            self._positions = self._positions()
        return self._positions

    def map(self, change: Callable[[np.ndarray], np.ndarray]) -> Column:
        """The column with its arrays rearranged when they are first used."""
        positions = None if self._positions is None else lambda: change(self.positions)  # type: ignore[arg-type]
        return Column(lambda: change(self.values), self.kind, self.of, positions)

    def take(self, rows: np.ndarray) -> Column:
        """The column at some rows."""
        return self.map(lambda array: array[rows])


@dataclass(eq=False)
class GroundSet:
    """An ordered set of `size` elements, each of `dimension` components."""

    columns: tuple[np.ndarray, ...]
    kinds: tuple[Kind, ...]
    name: str = ""
    _index: Any = field(default=None, repr=False)

    @property
    def size(self) -> int:
        return len(self.columns[0])

    @property
    def dimension(self) -> int:
        return len(self.columns)

    def column(self, component: int, positions: np.ndarray) -> Column:
        """A component at given positions, remembering where it came from."""
        values = lambda: self.columns[component][positions]  # noqa: E731
        if self.dimension == 1:
            return Column(values, self.kinds[0], self, positions)
        return Column(values, self.kinds[component])

    def spread(self, component: int, times: int) -> Column:
        """A component of all elements, over and over: `times` copies one after the other."""
        values = lambda: np.tile(self.columns[component], times)  # noqa: E731
        if self.dimension == 1:
            return Column(values, self.kinds[0], self, lambda: np.tile(np.arange(self.size), times))
        return Column(values, self.kinds[component])

    def positions(self, columns: Sequence[Column], universe: Universe) -> np.ndarray:
        """Positions (n,) of elements given as columns; -1 where the set does not hold them."""
        if self.dimension == 1:
            column = columns[0]
            if column.of is self and column.positions is not None:
                return column.positions
            return self._positions_1d(as_kind(column, self.kinds[0], universe))
        return self._positions_nd([as_kind(c, k, universe) for c, k in zip(columns, self.kinds)])

    def _positions_1d(self, values: np.ndarray) -> np.ndarray:
        if self._index is None:
            self._index = _lookup(self.columns[0])
        return _find(self._index, values)

    def _positions_nd(self, values: list[np.ndarray]) -> np.ndarray:
        if self._index is None:
            factors = [np.unique(column) for column in self.columns]
            lookups = [_lookup(f) for f in factors]
            keys = np.zeros(self.size, dtype=np.int64)
            for lookup, factor, column in zip(lookups, factors, self.columns):
                keys = keys * len(factor) + _find(lookup, column)
            self._index = (factors, lookups, _lookup(keys))
        factors, lookups, final = self._index
        wanted = np.zeros(len(values[0]), dtype=np.int64)
        present = np.ones(len(values[0]), dtype=bool)
        for lookup, factor, column in zip(lookups, factors, values):
            found = _find(lookup, column)
            present &= found >= 0
            wanted = wanted * len(factor) + found
        return np.where(present, _find(final, wanted), -1)

    def elements(self, universe: Universe) -> list[Label | Key]:
        """The elements as labels, or tuples of labels when the dimension is above one."""
        decoded = [universe.decode_column(Column(c, k)) for c, k in zip(self.columns, self.kinds)]
        return list(decoded[0]) if self.dimension == 1 else [tuple(row) for row in zip(*decoded)]


def _lookup(values: np.ndarray) -> tuple[str, Any]:
    """A search structure over distinct integers: an interval, a table, or a sorted array."""
    n = len(values)
    if n == 0:
        return "empty", None
    low, high = int(values.min()), int(values.max())
    if high - low + 1 == n and int(values[0]) == low and bool(np.all(np.diff(values) == 1)):
        return "interval", (low, n)
    if high - low < max(MAX_LUT_SPAN, 4 * n):
        table = np.full(high - low + 1, -1, dtype=np.int64)
        table[values - low] = np.arange(n)
        return "table", (low, table)
    order = np.argsort(values, kind="stable")
    return "sorted", (values[order], order)


def _find(lookup: tuple[str, Any], values: np.ndarray) -> np.ndarray:
    kind, payload = lookup
    if kind == "empty":
        return np.full(len(values), -1, dtype=np.int64)
    if kind == "interval":
        low, n = payload
        offset = values - low
        return np.where((offset >= 0) & (offset < n), offset, -1)
    if kind == "table":
        low, table = payload
        offset = values - low
        inside = (offset >= 0) & (offset < len(table))
        return np.where(inside, table[np.where(inside, offset, 0)], -1)
    ordered, order = payload
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.where(ordered[at] == values, order[at], -1)


def as_kind(column: Column, kind: Kind, universe: Universe) -> np.ndarray:
    """The values of a column as another kind: integers that were interned as labels in a mixed set."""
    if column.kind == kind:
        return column.values
    if kind == "label":
        distinct, inverse = np.unique(column.values, return_inverse=True)
        codes = np.array([universe.find(int(v)) for v in distinct], dtype=np.int64)
        return codes[inverse] if len(codes) else column.values
    labels = universe.labels
    distinct, inverse = np.unique(column.values, return_inverse=True)
    impossible = np.iinfo(np.int64).min
    numbers = np.array([v if isinstance(v := labels[c], int) else impossible for c in distinct], dtype=np.int64)
    return numbers[inverse] if len(numbers) else column.values


def ground_elements(elements: Iterable[Label | Key], dimension: int, universe: Universe, name: str = "") -> GroundSet:
    """Intern listed elements, in order."""
    rows = [e if isinstance(e, tuple) else (e,) for e in elements]
    columns: list[np.ndarray] = []
    kinds: list[Kind] = []
    for component in range(dimension):
        labels = [row[component] for row in rows]
        if all(isinstance(label, int) and abs(label) < MAX_INTEGER for label in labels):
            columns.append(np.array(labels, dtype=np.int64))
            kinds.append("int")
        else:
            columns.append(np.array([universe.code(label) for label in labels], dtype=np.int64))
            kinds.append("label")
    return GroundSet(tuple(columns), tuple(kinds), name)


@dataclass(eq=False)
class Domain:
    """A product of ground sets: what a variable, constraint or parameter is indexed over."""

    factors: tuple[GroundSet, ...]

    @property
    def size(self) -> int:
        return prod(f.size for f in self.factors)

    @property
    def dimension(self) -> int:
        return sum(f.dimension for f in self.factors)

    def positions(self, columns: Sequence[Column], universe: Universe) -> np.ndarray:
        """Flat positions (n,), -1 where a key is outside. Row-major over the factors."""
        flat: np.ndarray | None = None
        outside: np.ndarray | None = None
        at = 0
        for factor in self.factors:
            found = factor.positions(columns[at : at + factor.dimension], universe)
            at += factor.dimension
            if len(found) and found.min() < 0:
                outside = (found < 0) if outside is None else outside | (found < 0)
            flat = found if flat is None else flat * factor.size + found
        assert flat is not None
        return flat if outside is None else np.where(outside, -1, flat)

    def culprit(self, columns: Sequence[Column], row: int, universe: Universe) -> tuple[tuple[Label, ...], str]:
        """For a key outside the domain: the labels that some factor does not hold, and that factor's name."""
        at = 0
        for factor in self.factors:
            part = [c.take(np.array([row])) for c in columns[at : at + factor.dimension]]
            at += factor.dimension
            if factor.positions(part, universe)[0] < 0:
                return tuple(universe.decode(int(c.values[0]), c.kind) for c in part), factor.name or "its domain"
        return (), ""

    def columns(self) -> tuple[Column, ...]:
        """All index columns over the whole domain, row-major."""
        size = self.size
        out: list[Column] = []
        before = 1
        for factor in self.factors:
            after = size // (before * factor.size) if factor.size and before else 0
            positions = np.tile(np.repeat(np.arange(factor.size), after), before) if size else np.zeros(0, np.int64)
            out.extend(factor.column(c, positions) for c in range(factor.dimension))
            before *= factor.size
        return tuple(out)

    def key(self, position: int, universe: Universe) -> Key:
        """The key at a flat position."""
        parts: list[Label] = []
        for factor in reversed(self.factors):
            position, here = divmod(position, factor.size)
            parts.extend(
                universe.decode(int(c[here]), k) for c, k in zip(reversed(factor.columns), reversed(factor.kinds))
            )
        return tuple(reversed(parts))
