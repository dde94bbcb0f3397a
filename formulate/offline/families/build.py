"""Small builders of formulation elements from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from formulate.offline.families.case import Case
from solvers.formulation import Cell, IndexSet, Key, Parameter, Role
from verify.reading.records import RecordGroup


def label_set(name: str, labels: Iterable[str], description: str = "") -> IndexSet:
    """A set of listed labels."""
    return IndexSet(name, elements=tuple(labels), description=description)


def scalar(
    name: str, role: Role, value: int | float, quote: str, unit: str | None = None, description: str = ""
) -> Parameter:
    """A parameter without axes."""
    return Parameter(name, role, unit or None, cells=(Cell((), value, quote),), description=description)


def table_of(
    name: str,
    role: Role,
    axes: tuple[str, ...],
    cells: Mapping[Key, tuple[int | float, str]],
    unit: str | None = None,
    **more: object,
) -> Parameter:
    """A parameter over axes; each cell carries its value and its quote."""
    listed = tuple(Cell(key, value, quote) for key, (value, quote) in cells.items())
    return Parameter(name, role, unit or None, axes, listed, **more)  # type: ignore[arg-type]


def column_of(
    case: Case, group: RecordGroup, position: int, labels: Mapping[str, str] | None = None, scale: float = 1.0
) -> dict[Key, tuple[int | float, str]]:
    """The cells of one field of a group, keyed by entity (renamed by `labels` where given)."""
    cells: dict[Key, tuple[int | float, str]] = {}
    for record in group.records:
        item = record.fields[position]
        value = item.value if scale == 1.0 else item.value * scale
        cells[((labels or {}).get(record.entity, record.entity),)] = (value, case.cite_field(record, item))
    return cells
