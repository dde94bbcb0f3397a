"""Given data cell by cell: defaults, mirrors, null cells, labels that are digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from solvers.data import DenseArray, Patched
from solvers.errors import DataError, GroundingError, Place
from solvers.formulation import Key, Parameter
from solvers.interpret.basics import OrderedSet, as_key, show_key


class Table:
    """The cells of one given parameter. `axes` are its axes' elements; keys are flat."""

    def __init__(self, parameter: Parameter, axes: list[tuple[OrderedSet, int]], raw: Any) -> None:
        self.parameter = parameter
        self.axes = axes
        self.width = sum(dimension for _, dimension in axes)
        base, changes = (raw.base, raw.changes) if isinstance(raw, Patched) else (raw, {})
        self.read: Callable[[Key], Any]
        if isinstance(base, DenseArray):
            self.read = self._dense(base)
        else:
            cells = {self._respelt(key): value for key, value in (base or {}).items()}
            self.read = cells.get
        self.changes = {self._respelt(key): value for key, value in changes.items()}
        if base is None and (parameter.bind or (parameter.default is None and not parameter.nullable)):
            raise DataError("no data for this parameter", place=Place(parameter.name),
                            remedy="give cells or a default, or bind data to it")

    def value(self, key: Key) -> Any:
        """The number or label of a cell, None where it is null. Raises GroundingError outside the axes."""
        self._inside(key)
        value = self._present(key)
        if value is not None:
            return value
        if self.parameter.default is not None:
            return self.parameter.default
        if self.parameter.nullable:
            return None
        raise DataError(f"the cell {self.parameter.name}{show_key(key)} is missing", place=Place(self.parameter.name),
                        remedy="give it, or declare `default` or `nullable`")

    def _present(self, key: Key) -> Any:
        mirrored = key[::-1] if self.parameter.symmetric else key
        for source in (self.changes.get, self.read):
            for asked in (key, mirrored):
                value = source(asked)
                if value is not None and value == value:
                    return value
        return None

    def _inside(self, key: Key) -> None:
        if len(key) != self.width:
            raise GroundingError(f"{self.parameter.name}{show_key(key)} has {len(key)} indices, not {self.width}")
        start = 0
        for name, (members, dimension) in zip(self.parameter.axes, self.axes):
            part: Any = key[start] if dimension == 1 else key[start : start + dimension]
            start += dimension
            if part not in members:
                raise GroundingError(
                    f"{self.parameter.name}{show_key(key)} is outside its axes: {part!r} is not in {name}",
                    remedy=f"guard it: (... if {part!r} in {name} else 0)",
                )

    def _respelt(self, key: Key) -> Key:
        """The key with digits in text as the integers of the axis, and the other way round."""
        found: list[Any] = []
        start = 0
        for members, dimension in self.axes:
            part: Any = key[start] if dimension == 1 and start < len(key) else key[start : start + dimension]
            start += dimension
            if part not in members:
                part = self._other(part, members)
            found.extend(as_key(part))
        if start != len(key):
            raise DataError(f"a key of {len(key)} labels where {self.width} belong",
                            place=Place(self.parameter.name, index=key))
        if len(found) == len(key):
            self._inside(tuple(found))
        return tuple(found)

    @staticmethod
    def _other(part: Any, members: OrderedSet) -> Any:
        parts = part if isinstance(part, tuple) else (part,)
        options: list[Key] = [()]
        for label in parts:
            spellings = [label]
            if isinstance(label, str) and label.strip().lstrip("-").isdigit():
                spellings.append(int(label))
            elif isinstance(label, int):
                spellings.append(str(label))
            options = [(*o, s) for o in options for s in spellings][:64]
        for option in options:
            element = option if isinstance(part, tuple) else option[0]
            if element in members:
                return element
        return part

    def _dense(self, raw: DenseArray) -> Callable[[Key], Any]:
        order = [raw.axes.index(name) for name in self.parameter.axes]
        places: list[Mapping[Any, int]] = []
        for axis, at in enumerate(order):
            labels, members = raw.labels[at], self.axes[axis][0]
            if labels is None:
                if raw.values.shape[at] != len(members):
                    raise DataError(f"{raw.values.shape[at]} values by position along an axis of {len(members)}",
                                    place=Place(self.parameter.name))
                places.append({element: position - 1 for element, position in members.items()})
            else:
                places.append({(e if e in members else self._other(e, members)): n for n, e in enumerate(labels)})

        def read(key: Key) -> Any:
            where = [0] * len(order)
            start = 0
            for axis, (_, dimension) in enumerate(self.axes):
                part: Any = key[start] if dimension == 1 else key[start : start + dimension]
                start += dimension
                position = places[axis].get(part)
                if position is None:
                    return None
                where[order[axis]] = position
            value = raw.values[tuple(where)]
            value = value.item() if hasattr(value, "item") else value
            return None if isinstance(value, float) and math.isnan(value) else value

        return read
