"""Raw parameter data onto the elements of their axes: one dense array, complete or refused.

Completeness can be judged only when computed sets are known, so grounding calls `align`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.data.data import DenseArray, Element, Origin, Patched, Raw, Scalar
from solvers.data.labels import LabelIndex, show_key
from solvers.errors import DataError, Place
from solvers.formulation import Key, Parameter
from solvers.schema.spelling import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHOWN = 5


def align(
    parameter: Parameter, axes_elements: Sequence[Sequence[Element]], raw: Raw | None, origin: Origin | None = None
) -> NDArray:
    """The values of `parameter` as an array over the elements of its axes, in their order.

    Shape: the lengths of `axes_elements` (`()` for a scalar); an axis over a set of dimension d has tuples of
    d labels as elements and takes d positions of a cell's key. float64, or object for `values_in` parameters;
    a null cell of a nullable parameter is NaN (None). Applies `default` and `symmetric`; labels that are
    digits match integer labels. Raises DataError, naming the cell and its origin, for a missing, unknown or
    duplicate cell, a shape that does not fit, and a value that is not a finite number (or a label).
    """
    return _Aligner(parameter, axes_elements, origin).run(raw)


class _Aligner:
    def __init__(
        self, parameter: Parameter, axes_elements: Sequence[Sequence[Element]], origin: Origin | None
    ) -> None:
        self.parameter = parameter
        self.origin = origin
        self.labels = parameter.values_in is not None
        names = parameter.axes if len(parameter.axes) == len(axes_elements) else ("axis",) * len(axes_elements)
        self.axes = [LabelIndex(name, elements) for name, elements in zip(names, axes_elements)]
        self.shape = tuple(len(axis) for axis in self.axes)

    def run(self, raw: Raw | None) -> NDArray:
        base, changes = (raw.base, raw.changes) if isinstance(raw, Patched) else (raw, {})
        out = self._base(base)
        if self.parameter.symmetric:
            self._mirror(out)
        self._apply(out, changes)
        self._fill(out)
        if not self.labels:
            self._finite(out)
        return out

    def _base(self, raw: Mapping[Key, Scalar] | DenseArray | None) -> NDArray:
        if isinstance(raw, DenseArray):
            return self._from_dense(raw)
        if raw is None:
            if self.parameter.bind is not None or (self.parameter.default is None and not self.parameter.nullable):
                asked = f" ({self.parameter.bind!r})" if self.parameter.bind else ""
                raise self._error(
                    f"no data for this parameter{asked}", remedy="give cells or a default, or bring data: --data FILE",
                )
            raw = {}
        return self._from_cells(raw)

    # Cells by flat key

    def _from_cells(self, cells: Mapping[Key, Scalar]) -> NDArray:
        out = self._empty(self.shape)
        if not cells:
            return out
        places = self._places(list(cells))
        flat = np.ravel_multi_index(places, self.shape) if self.axes else np.zeros(len(cells), dtype=np.intp)
        unique, counts = np.unique(flat, return_counts=True)
        if (counts > 1).any():
            twice = unique[counts > 1][0]
            keys = [key for key, place in zip(cells, flat) if place == twice]
            raise self._error(f"the cell is given twice, as {keys[0]!r} and as {keys[1]!r}", key=keys[1],
                              remedy="keep one of them")
        out.reshape(-1)[flat] = self._values(list(cells.values()), lambda i: next(islice(cells, i, None)))
        return out

    def _places(self, keys: list[Key]) -> tuple[NDArray, ...]:
        width = sum(axis.width for axis in self.axes)
        for key in keys:
            if len(key) != width:
                raise self._error(
                    f"a key of {len(key)} labels where {width} belong ({self._axes_text()})", key=key,
                    remedy="give one label per index position",
                )
        columns, start = [], 0
        for axis in self.axes:
            if axis.width == 1:
                parts: list[Element] = [key[start] for key in keys]
            else:
                parts = [key[start : start + axis.width] for key in keys]
            start += axis.width
            columns.append(self._column(axis, parts, keys))
        return tuple(columns)

    def _column(self, axis: LabelIndex, parts: list[Element], keys: list[Key]) -> NDArray:
        return axis.places(parts, lambda i: self._unknown(axis, parts[i], keys[i]))

    def _unknown(self, axis: LabelIndex, label: Element, key: Key) -> DataError:
        close = nearest(label, axis.elements)
        hint = f"did you mean {close!r}?" if close is not None else (
            f"axis {axis.name!r} has {axis.preview()}" if len(axis) else f"axis {axis.name!r} is empty"
        )
        return self._error(f"{label!r} is not in axis {axis.name!r}", key=key, remedy=hint)

    # Dense blocks

    def _from_dense(self, raw: DenseArray) -> NDArray:
        values, labels = raw.values, raw.labels
        axes = self.parameter.axes
        if raw.axes != axes:
            if sorted(raw.axes) != sorted(axes) or len(set(axes)) != len(axes):
                raise self._error(
                    f"data along ({', '.join(raw.axes)}) where the axes are ({', '.join(axes)})",
                    remedy="name the axes as the formulation does",
                )
            order = [raw.axes.index(name) for name in axes]
            values, labels = values.transpose(order), tuple(labels[k] for k in order)
        if values.ndim != len(self.axes):
            raise self._error(f"an array of {values.ndim} dimensions where {len(self.axes)} belong")
        for k, axis in enumerate(self.axes):
            if labels[k] is None and values.shape[k] != len(axis):
                raise self._error(
                    f"{values.shape[k]} values by position along axis {axis.name!r}, which has {len(axis)} elements"
                    + (f" ({axis.preview()})" if len(axis) else ""),
                    remedy="give one value per element, or give the values by label",
                )
        block = self._block(values)
        if all(part is None for part in labels):
            return block
        out = self._empty(self.shape)
        if block.size:
            out[np.ix_(*(self._along(axis, labels[k], k, labels) for k, axis in enumerate(self.axes)))] = block
        return out

    def _along(
        self, axis: LabelIndex, labels: Sequence[Element] | None, position: int, all_labels: Sequence[object]
    ) -> NDArray:
        if labels is None:
            return np.arange(len(axis))

        def unknown(i: int) -> DataError:
            close = nearest(labels[i], axis.elements)
            return self._error(
                f"{labels[i]!r} is not in axis {axis.name!r}", key=self._row_key(labels[i], position, all_labels),
                remedy=f"did you mean {close!r}?" if close is not None else f"axis {axis.name!r} has {axis.preview()}",
            )

        places = axis.places(labels, unknown)
        if len(np.unique(places)) != len(places):
            seen: set[int] = set()
            for label, place in zip(labels, places.tolist()):
                if place in seen:
                    raise self._error(f"{label!r} is given twice along axis {axis.name!r}", remedy="keep one of them")
                seen.add(place)
        return places

    @staticmethod
    def _row_key(label: Element, position: int, all_labels: Sequence[object]) -> Key | None:
        if len(all_labels) == 1 or position == 0:
            return label if isinstance(label, tuple) else (label,)
        return None

    def _block(self, values: NDArray) -> NDArray:
        if self.labels:
            flat = self._values(values.reshape(-1).tolist(), lambda i: None)
            return flat.reshape(values.shape)
        if values.dtype.kind in "iuf":
            return values.astype(np.float64)  # a copy: defaults and mirrors are written into it
        flat = self._values(values.reshape(-1).tolist(), lambda i: self._dense_key(values.shape, i))
        return flat.reshape(values.shape)

    def _dense_key(self, shape: tuple[int, ...], i: int) -> Key | None:
        if shape == self.shape:
            return self._key(np.unravel_index(i, shape))
        return None

    # Values

    def _empty(self, shape: tuple[int, ...]) -> NDArray:
        return np.full(shape, None, dtype=object) if self.labels else np.full(shape, np.nan)

    def _values(self, values: list[Any], key_at: Callable[[int], Key | None]) -> NDArray:
        kinds = set(map(type, values))
        if self.labels:
            if kinds <= {int, str}:
                return _objects(values)
            return _objects([self._label(v, i, key_at) for i, v in enumerate(values)])
        if kinds <= {int, float}:
            try:
                return np.array(values, dtype=np.float64)
            except OverflowError:
                pass  # the loop below names the cell
        return np.array([self._number(v, i, key_at) for i, v in enumerate(values)], dtype=np.float64)

    def _number(self, value: Any, i: int, key_at: Callable[[int], Key | None]) -> float:
        if value is None:
            return math.nan
        if isinstance(value, str):
            raise self._error(
                f"text {value!r} where a number belongs", key=key_at(i),
                remedy="give a number; if the values are labels, name their set in `values_in`",
            )
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
            raise self._error(f"{value!r} where a number belongs", key=key_at(i), remedy="write 1 or 0, or a number")
        try:
            return float(value)
        except OverflowError as error:
            raise self._error("a number too large for floating point", key=key_at(i),
                              remedy="scale the unit") from error

    def _label(self, value: Any, i: int, key_at: Callable[[int], Key | None]) -> int | str | None:
        if value is None or (isinstance(value, (float, np.floating)) and math.isnan(value)):
            return None
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            return int(value)
        if isinstance(value, str):
            return str(value)
        raise self._error(f"{value!r} where a label of {self.parameter.values_in!r} belongs", key=key_at(i),
                          remedy="give an integer or a text label")

    # Completing

    def _missing(self, out: NDArray) -> NDArray:
        if self.labels:
            return np.fromiter((v is None for v in out.flat), dtype=bool, count=out.size).reshape(out.shape)
        return np.isnan(out)

    def _mirror(self, out: NDArray) -> None:
        if out.ndim != 2 or self.axes[0].elements != self.axes[1].elements:
            raise self._error("symmetric data need two axes over the same set",
                              remedy="drop `symmetric`, or use one set for both axes")
        gaps = self._missing(out)
        clash = ~gaps & ~gaps.T & (out != out.T)
        if clash.any():
            i, j = (int(n) for n in np.argwhere(clash)[0])
            raise self._error(
                f"the data are declared symmetric, but {self._cell(i, j)} is {_plain(out[i, j])} "
                f"and {self._cell(j, i)} is {_plain(out[j, i])}",
                key=self._key((i, j)), remedy="correct one of them, or drop `symmetric`",
            )
        out[gaps] = out.T[gaps]

    def _apply(self, out: NDArray, changes: Mapping[Key, Scalar]) -> None:
        if not changes:
            return
        places = self._places(list(changes))
        values = self._values(list(changes.values()), lambda i: next(islice(changes, i, None)))
        out[places] = values
        if self.parameter.symmetric:
            out[places[::-1]] = values

    def _fill(self, out: NDArray) -> None:
        if self.parameter.nullable and self.parameter.default is None:
            return
        gaps = self._missing(out)
        count = int(np.count_nonzero(gaps))
        if not count:
            return
        if self.parameter.default is not None:
            out[gaps] = self._values([self.parameter.default], lambda i: None)[0]
            return
        first = [self._cell(*(int(n) for n in place)) for place in np.argwhere(gaps)[:_SHOWN]]
        if not self.axes:
            raise self._error("no value", remedy="give its value, or a default")
        more = f" and {count - len(first)} more" if count > len(first) else ""
        raise self._error(
            f"{count} of {out.size} cells missing: {', '.join(first)}{more}",
            remedy="give them, or declare `default` or `nullable`",
        )

    def _finite(self, out: NDArray) -> None:
        bad = np.isinf(out)
        if bad.any():
            key = self._key(tuple(np.argwhere(bad)[0]))
            raise self._error("an infinite value", key=key,
                              remedy="leave the bound out, or declare `nullable` and leave the cell empty")

    # Naming

    def _key(self, place: Sequence[int] | tuple[Any, ...]) -> Key:
        key: list[int | str] = []
        for axis, position in zip(self.axes, place):
            element = axis.elements[int(position)]
            key.extend(element) if isinstance(element, tuple) else key.append(element)
        return tuple(key)

    def _cell(self, *place: int) -> str:
        return f"{self.parameter.name}{show_key(self._key(place))}"

    def _axes_text(self) -> str:
        return f"axes {', '.join(axis.name for axis in self.axes)}" if self.axes else "a scalar has key []"

    def _error(self, message: str, *, key: Key | None = None, remedy: str = "") -> DataError:
        if self.origin is not None:
            message = f"{message} [{self.origin.at(key)}]"
        return DataError(message, place=Place(self.parameter.name, index=key or None), remedy=remedy)


def _objects(values: list[Any]) -> NDArray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
