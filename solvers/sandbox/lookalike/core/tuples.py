"""Lists of tuples and dictionaries by tuples, with selection by pattern: `select("*", "b", [1, 2])`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn

from solvers.sandbox.lookalike.core.expressions import Linear, total

_ANY = "*"


class TupleList(list[Any]):
    """A list of tuples of one length, or of scalars."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__()
        self._width: int | None = None
        self._index: dict[tuple[int, ...], dict[Any, list[int]]] = {}
        self.extend(items)

    def _admit(self, item: Any) -> Any:
        width = len(item) if isinstance(item, tuple) else 0
        if self._width is None or not len(self):
            self._width = width
        elif (self._width == 0) != (width == 0):
            raise ValueError("Cannot mix scalar and tuple values in a tuplelist")
        elif self._width != width:
            raise ValueError("All tuples in a tuplelist must be the same length")
        self._index.clear()
        return item

    def append(self, item: Any) -> None:
        super().append(self._admit(item))

    def extend(self, items: Iterable[Any]) -> None:
        for item in items:
            super().append(self._admit(item))

    def insert(self, at: Any, item: Any) -> None:
        super().insert(at, self._admit(item))

    def __setitem__(self, at: Any, item: Any) -> None:
        super().__setitem__(at, item if isinstance(at, slice) else self._admit(item))
        self._index.clear()

    def __delitem__(self, at: Any) -> None:
        super().__delitem__(at)
        self._index.clear()

    def remove(self, item: Any) -> None:
        super().remove(item)
        self._index.clear()

    def pop(self, at: Any = -1) -> Any:
        self._index.clear()
        return super().pop(at)

    def clear(self) -> None:
        super().clear()
        self._index.clear()

    def sort(self, **options: Any) -> None:
        super().sort(**options)
        self._index.clear()

    def reverse(self) -> None:
        super().reverse()
        self._index.clear()

    def copy(self) -> Any:
        return type(self)(self)

    def clean(self) -> None:
        """Drop what was made to select faster."""
        self._index.clear()

    def __add__(self, other: Any) -> Any:
        out = type(self)(self)
        out.extend(other)
        return out

    def __iadd__(self, other: Any) -> Any:
        self.extend(other)
        return self

    def select(self, *pattern: Any) -> Any:
        """The members that fit: `*` for anything, a list for any of its members, missing ends for anything."""
        out = type(self)()
        if self._width and len(pattern) > self._width:
            raise IndexError(f"Too many indices for tuplelist with {self._width}-tuple keys")
        for at in fitting(self, pattern, self._index):
            list.append(out, self[at])
        out._width = self._width
        return out


def fitting(
    keys: list[Any], pattern: tuple[Any, ...], index: dict[tuple[int, ...], dict[Any, list[int]]]
) -> list[int]:  # fmt: skip
    """The positions of the keys that fit a pattern; single values are looked up by an index that is kept."""
    many = [hasattr(item, "__iter__") and not isinstance(item, str) for item in pattern]
    exact = tuple(k for k, item in enumerate(pattern) if not many[k] and item != _ANY)
    several = [(k, set(item)) for k, item in enumerate(pattern) if many[k]]
    if not exact:
        found: Iterable[int] = range(len(keys))
    else:
        by_value = index.get(exact)
        if by_value is None:
            by_value = {}
            for at, key in enumerate(keys):
                parts = key if isinstance(key, tuple) else (key,)
                by_value.setdefault(tuple(parts[k] for k in exact), []).append(at)
            index[exact] = by_value
        found = by_value.get(tuple(pattern[k] for k in exact), [])
    for k, allowed in several:
        found = [at for at in found if (keys[at][k] if isinstance(keys[at], tuple) else keys[at]) in allowed]
    return list(found)


class TupleDict(dict[Any, Any]):
    """A dictionary by tuples of one length, or by scalars; sums and products select by pattern."""

    _linear: ClassVar[type[Linear]]
    _index: dict[tuple[int, ...], dict[Any, list[int]]] | None = None
    _keys: list[Any] | None = None

    def _selected(self, pattern: tuple[Any, ...]) -> Iterator[Any]:
        """The keys that fit."""
        if self._keys is None or self._index is None or len(self._keys) != len(self):
            widths = {isinstance(key, tuple) for key in self}
            if len(widths) > 1:
                raise ValueError("Cannot mix scalar and tuple values in a tuplelist")
            self._keys, self._index = list(self), {}
        width = len(self._keys[0]) if self._keys and isinstance(self._keys[0], tuple) else 1
        if self._keys and len(pattern) > width:
            self._too_many(width)
        keys = self._keys
        return (keys[at] for at in fitting(keys, pattern, self._index))

    def _too_many(self, width: int) -> NoReturn:
        raise IndexError(f"Too many indices for tupledict with {width}-tuple keys")

    def __setitem__(self, key: Any, value: Any) -> None:
        if key not in self:
            self._keys = None
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        self._keys = None
        super().__delitem__(key)

    def pop(self, *args: Any) -> Any:
        self._keys = None
        return super().pop(*args)

    def popitem(self) -> Any:
        self._keys = None
        return super().popitem()

    def clear(self) -> None:
        self._keys = None
        super().clear()

    def update(self, *args: Any, **named: Any) -> None:
        self._keys = None
        super().update(*args, **named)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        self._keys = None
        return super().setdefault(key, default)

    def copy(self) -> Any:
        return type(self)(self)

    def clean(self) -> None:
        """Drop what was made to select faster."""
        self._keys = None

    def select(self, *pattern: Any) -> list[Any]:
        """The values whose keys fit."""
        return list(self.values()) if not pattern else [self[key] for key in self._selected(pattern)]

    def sum(self, *pattern: Any) -> Any:
        """The sum of the values whose keys fit."""
        values = self.values() if not pattern else (self[key] for key in self._selected(pattern))
        return total(values, self._linear)

    def prod(self, coefs: Any, *pattern: Any) -> Any:
        """The sum of value times coefficient over the keys that fit and have a coefficient."""
        lookup = self._coefs(coefs)
        keys = iter(self) if not pattern else self._selected(pattern)
        return total((lookup[key] * self[key] for key in keys if key in lookup), self._linear)

    def _coefs(self, coefs: Any) -> Mapping[Any, Any]:
        if isinstance(coefs, Mapping):
            return coefs
        if isinstance(coefs, (list, tuple)):
            return dict(enumerate(coefs))
        raise TypeError("tupledict.prod requires a dictionary")


def multidict(data: Any, tuples: type[TupleList], dictionary: type[TupleDict]) -> list[Any]:
    """Keys, and one dictionary per position of the values: `keys, a, b = multidict({"k": [1, 2], ...})`."""
    data = dict(data)
    keys = tuples(data)
    if not data:
        return [keys]
    width = None
    for value in data.values():
        own = len(value) if isinstance(value, (list, tuple)) else 0
        if width is not None and own != width:
            raise ValueError("All values of a multidict have the same length")
        width = own
    if not width:
        return [keys, dictionary(data)]
    return [keys, *(dictionary({key: value[k] for key, value in data.items()}) for k in range(width))]
