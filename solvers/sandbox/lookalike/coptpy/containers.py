"""tuplelist, tupledict, multidict and quicksum, as coptpy has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import number
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, Operand
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.core.tuples import fitting


def _as_key(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


Index = dict[tuple[int, ...], dict[Any, list[int]]]


def _positions(keys: list[Any], pattern: tuple[Any, ...], index: Index) -> list[int]:
    """Where keys fit a pattern: `*` for anything, a sequence for any of its members. `index` is kept for more calls."""
    if not keys:
        return []
    width = len(_as_key(keys[0]))
    if len(pattern) != width:
        raise KeyError(f"Key should have length {width}")
    parts = [item if isinstance(item, str) or not isinstance(item, Iterable) else list(item) for item in pattern]
    return fitting(keys, tuple(parts), index)


class tuplelist(list[Any]):
    """A list of tuples of one length that selects by pattern."""

    def __init__(self, data: Iterable[Any] = ()) -> None:
        members = list(data)
        for item in members:
            if not isinstance(item, str | tuple | list):
                raise TypeError(f"argument of type '{type(item).__name__}' is not iterable")
        super().__init__(members)
        for item in members:
            self._check(item)

    def _check(self, item: Any) -> None:
        if self and len(_as_key(item)) != len(_as_key(self[0])):
            raise KeyError(f"Key should have length {len(_as_key(self[0]))}")

    def append(self, item: Any) -> None:
        """Add a tuple."""
        self._check(item)
        super().append(item)

    add = append

    def select(self, *pattern: Any) -> list[Any]:
        """The members that fit a pattern with `*` as wildcard; all without one."""
        if not pattern:
            return list(self)
        return [self[at] for at in _positions([tuple(_as_key(item)) for item in self], pattern, {})]

    def clean(self) -> None:
        """Forget what was remembered for selecting, and all members."""
        self.clear()


class tupledict:
    """A mapping from tuples that selects, sums and multiplies by pattern."""

    def __init__(self, data: Any = (), **more: Any) -> None:
        self._data: dict[Any, Any] = {}
        self._keys: list[Any] = []
        self._index: Index = {}
        self.update(data)
        self.update(more)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._data)

    def __contains__(self, key: Any) -> bool:
        return _plain(key) in self._data

    def __getitem__(self, key: Any) -> Any:
        return self._data[_plain(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._data[_plain(key)] = value

    def __delitem__(self, key: Any) -> None:
        raise AttributeError("__delitem__")

    def update(self, data: Any = ()) -> None:
        """Take the members of a mapping or of pairs."""
        pairs = data.items() if hasattr(data, "items") else data
        for key, value in pairs:
            self[key] = value

    def keys(self) -> Any:
        """The keys."""
        return self._data.keys()

    def values(self) -> Any:
        """The values."""
        return self._data.values()

    def items(self) -> Any:
        """The pairs."""
        return self._data.items()

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or a default."""
        return self._data.get(key, default)

    def clean(self) -> None:
        """Take everything out."""
        self._data.clear()
        self._keys.clear()

    def _chosen(self, pattern: tuple[Any, ...]) -> list[tuple[Any, Any]]:
        if not pattern:
            return list(self._data.items())
        if len(self._keys) != len(self._data):
            self._keys, self._index = list(self._data), {}
        found = [self._keys[at] for at in _positions(self._keys, pattern, self._index)]
        return [(key, self._data[key]) for key in found]

    def select(self, *pattern: Any) -> list[Any]:
        """The values whose keys fit a pattern with `*` as wildcard; all without one."""
        return [value for _, value in self._chosen(pattern)]

    def sum(self, *pattern: Any) -> Any:
        """The sum of the values whose keys fit."""
        chosen = [value for _, value in self._chosen(pattern)]
        return _added(chosen, bool(pattern))

    def prod(self, coeff: Any, *pattern: Any) -> Any:
        """The sum of the values whose keys fit, each times its coefficient; those without one are left out."""
        known = coeff.keys()
        chosen = [coeff[key] * value for key, value in self._chosen(pattern) if key in known]
        return _added(chosen, True)


def _plain(key: Any) -> Any:
    """A key of one place is the same alone and in a tuple."""
    return key[0] if isinstance(key, tuple) and len(key) == 1 else key


def _added(values: list[Any], plain: bool) -> Any:
    if plain and all(not isinstance(value, Operand) for value in values):
        return float(sum(values))
    return quicksum(values)


def multidict(data: Any) -> list[Any]:
    """A mapping from keys to values, or to lists of values, as a list of its keys and one dict per value."""
    pairs = dict(data.items() if isinstance(data, Mapping) or hasattr(data, "items") else data)
    keys = list(pairs)
    if not keys:
        return [[]]
    first = pairs[keys[0]]
    if not isinstance(first, list | tuple):
        return [keys, dict(pairs)]
    return [keys, *({key: pairs[key][k] for key in keys} for k in range(len(first)))]


def quicksum(termlist: Any) -> Any:
    """The sum of variables, expressions and numbers, or of the values of a mapping."""
    if hasattr(termlist, "_matrix"):
        termlist = termlist.tolist() if termlist.ndim else [termlist.item()]
    members = termlist.values() if hasattr(type(termlist), "keys") else termlist
    out: Any = LinExpr()
    for item in members:
        if not isinstance(item, Operand) or item._rank > 3:
            out._constant_add(number(item))
            continue
        if item._rank > out._rank:
            out = QuadExpr(out)
        out._take(item, 1.0)
    return out
