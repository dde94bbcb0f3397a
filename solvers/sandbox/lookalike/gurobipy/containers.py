"""tuplelist, tupledict and multidict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from solvers.sandbox.lookalike.core import tuples
from solvers.sandbox.lookalike.gurobipy.errors import unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, quicksum


class tuplelist(tuples.TupleList):
    """A list of tuples with `select`."""

    def next(self, *args: Any) -> None:
        unsupported("tuplelist.next")

    def nextc(self, *args: Any) -> None:
        unsupported("tuplelist.nextc")

    def prev(self, *args: Any) -> None:
        unsupported("tuplelist.prev")

    def prevc(self, *args: Any) -> None:
        unsupported("tuplelist.prevc")

    def __repr__(self) -> str:
        if not self or not isinstance(self[0], tuple):
            return list.__repr__(self)
        lines = "".join(f" ( {' , '.join(map(str, item))} )\n" for item in self)
        return f"<gurobi.tuplelist ({len(self)} tuples, {len(self[0])} values each):\n{lines}>"

    __str__ = __repr__


class tupledict(tuples.TupleDict):
    """A dictionary by tuples with `select`, `sum` and `prod`."""

    _linear = LinExpr

    def iterkeys(self) -> Iterator[Any]:
        """The keys, one by one."""
        return iter(self.keys())

    def itervalues(self) -> Iterator[Any]:
        """The values, one by one."""
        return iter(self.values())

    def iteritems(self) -> Iterator[tuple[Any, Any]]:
        """Pairs of key and value, one by one."""
        return iter(self.items())

    def copy(self) -> dict[Any, Any]:
        """A plain dictionary, as in gurobipy."""
        return dict(self)

    def setord(self, *args: Any) -> None:
        unsupported("tupledict.setord")

    def subset(self, *args: Any) -> None:
        unsupported("tupledict.subset")

    def _too_many(self, width: int) -> NoReturn:
        raise IndexError(f"Too many indices for tuplelist with {width}-tuple keys")

    def sum(self, *pattern: Any) -> Any:
        return quicksum(self.values() if not pattern else [self[key] for key in self._selected(pattern)])


def multidict(data: Any) -> list[Any]:
    """Keys, and one dictionary per position of the values."""
    data = dict(data)
    keys = tuplelist(data)
    if not data:
        return [keys]
    first = next(iter(data.values()))
    if isinstance(first, str) or not hasattr(first, "__iter__"):
        return [keys, tupledict(data)]
    width = min(len(list(value)) for value in data.values())
    rows = {key: list(value) for key, value in data.items()}
    return [keys, *(tupledict((key, row[k]) for key, row in rows.items()) for k in range(width))]
