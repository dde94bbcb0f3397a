"""The lists in which coptpy hands out variables, constraints and builders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar


class Array:
    """A list that is asked by methods; `_noun` names its members where it is shown."""

    _noun: ClassVar[str]
    _getter: ClassVar[str]

    def __init_subclass__(cls, noun: str = "", getter: str = "") -> None:
        cls._noun, cls._getter = noun, getter
        if getter:
            setattr(cls, getter, cls._at)

    def __init__(self, items: Any = None) -> None:
        self._items: list[Any] = []
        if items is not None:
            self.pushBack(items)

    def pushBack(self, items: Any) -> None:
        """Add one, or the members of a sequence or a mapping."""
        if hasattr(type(items), "keys"):
            self._items.extend(items.values())
        elif isinstance(items, Array):
            self._items.extend(items._items)
        elif hasattr(items, "_cell") or not hasattr(items, "__iter__"):
            self._items.append(items)
        else:
            self._items.extend(items)

    def _at(self, idx: Any) -> Any:
        """One member."""
        return self._items[int(idx)]

    __getitem__ = _at

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<coptpy.{type(self).__name__}: {len(self._items)} {self._noun}(s)>"

    __str__ = __repr__

    def __getattr__(self, name: str) -> Any:
        if name.lower() == "size":
            return len(self._items)
        raise AttributeError(f"Invalid attribute name '{name}'")

    def getSize(self) -> int:
        """How many there are."""
        return len(self._items)


class VarArray(Array, noun="Var", getter="getVar"):
    """Variables."""

    def getAll(self) -> list[Any]:
        """All as a list."""
        return list(self._items)

    tolist = getAll


class ConstrArray(Array, noun="Constraint", getter="getConstr"):
    """Linear rows."""

    def __repr__(self) -> str:
        return f"<coptpy.ConstrArray: ({', '.join(c._name for c in self._items)})>"

    __str__ = __repr__

    def getAll(self) -> list[Any]:
        """All as a list."""
        return list(self._items)

    tolist = getAll


class QConstrArray(Array, noun="QConstraint", getter="getQConstr"):
    """Quadratic rows."""

    def __repr__(self) -> str:
        return f"<coptpy.QConstrArray: ({', '.join(c._name for c in self._items)})>"

    __str__ = __repr__


class NlConstrArray(Array, noun="NlConstraint", getter="getNlConstr"):
    """Nonlinear rows."""


class SOSArray(Array, noun="SOS", getter="getSOS"):
    """Special ordered sets."""


class ConeArray(Array, noun="Cone", getter="getCone"):
    """Cones."""


class GenConstrArray(Array, noun="GenConstr", getter="getGenConstr"):
    """Indicators."""

    def reserve(self, n: int) -> None:
        """Make room; nothing to do here."""

    def tolist(self) -> list[Any]:
        """All as a list."""
        return list(self._items)


class ConstrBuilderArray(Array, noun="ConstrBuilder", getter="getBuilder"):
    """Builders of linear rows."""


class QConstrBuilderArray(Array, noun="QConstrBuilder", getter="getBuilder"):
    """Builders of quadratic rows."""


class NlConstrBuilderArray(Array, noun="NlConstrBuilder", getter="getBuilder"):
    """Builders of nonlinear rows."""


class SOSBuilderArray(Array, noun="SOSBuilder", getter="getBuilder"):
    """Builders of special ordered sets."""


class ConeBuilderArray(Array, noun="ConeBuilder", getter="getBuilder"):
    """Builders of cones."""


class GenConstrBuilderArray(Array, noun="GenConstrBuilder", getter="getBuilder"):
    """Builders of indicators."""
