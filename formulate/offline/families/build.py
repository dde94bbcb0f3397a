"""Small builders of formulation elements from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from formulate.offline.families.case import Case
from solvers.formulation import Cell, IndexSet, Key, Parameter, Role
from verify.reading.records import Field, RecordGroup


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


_SPELLINGS = {
    "kilogram": "kg",
    "kilograms": "kg",
    "kgs": "kg",
    "kilo": "kg",
    "kilos": "kg",
    "tons": "ton",
    "tonne": "ton",
    "tonnes": "ton",
    "metric": "ton",
    "t": "ton",
    "pounds": "lb",
    "pound": "lb",
    "lbs": "lb",
    "hours": "hour",
    "hrs": "hour",
    "hr": "hour",
    "h": "hour",
    "minutes": "minute",
    "min": "minute",
    "mins": "minute",
    "litres": "liter",
    "litre": "liter",
    "liters": "liter",
    "l": "liter",
    "gb": "gb",
    "gigabytes": "gb",
    "gigabyte": "gb",
    "$": "dollar",
    "dollars": "dollar",
    "usd": "dollar",
    "m³": "m3",
    "metres": "meter",
    "meters": "meter",
    "metre": "meter",
    "kilometers": "km",
    "kilometer": "km",
    "kilometres": "km",
}


def unit_key(unit: str) -> str:
    """The first words of a unit in a common spelling, to tell whether two numbers are measured alike."""
    words = [word.strip("().,-") for word in unit.lower().replace("-", " ").split()]
    words = [word for word in words if word and word not in ("of", "the", "total", "per", "each", "in")]
    keys = [_SPELLINGS.get(word, word[:-1] if word.endswith("s") and len(word) > 3 else word) for word in words]
    return keys[0] if keys else ""


def common_unit(fields: Iterable[Field]) -> str | None:
    """The unit that all fields share; None where they differ or have none."""
    units = [item.unit for item in fields]
    if not units or not units[0]:
        return None
    return units[0] if len({unit_key(unit) for unit in units}) == 1 else None
