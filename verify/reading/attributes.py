"""Tables of things and their attributes: a row (or a column) per thing, a heading with a unit per attribute.

`| Product | Beech (board metres) | Profit (euros) |` tells two attributes of each product. A matrix between two sets
of names (costs from plants to markets) is no such table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from verify.reading.tables import Table, TableCell

_UNIT_IN_BRACKETS = re.compile(r"^(?P<name>[^()\[\]]*?)\s*[(\[]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]\s*$")
_UNIT_AFTER_COMMA = re.compile(r"^(?P<name>[^,]+?),\s*(?:in\s+)?(?P<unit>[^,]{1,20})$")
_ATTRIBUTE_WORDS = re.compile(
    r"\b(?:costs?|prices?|profits?|revenues?|values?|worth|weights?|mass|volumes?|sizes?|times?|hours?|minutes?|days?"
    r"|labou?r|capacity|demands?|suppl(?:y|ies)|stock|requirements?|required|limits?|maximum|minimum|max|min|returns?|risks?"
    r"|contents?|proteins?|fats?|calories|energy|carbohydrates?|vitamins?|sodium|sugar|fibre|fiber|iron|calcium|margins?"
    r"|usage|consumption|material|emissions?|points?|scores?|ratings?|rates?|yields?|power|amounts?|quantity|length"
    r"|width|height|area|distance|budget|benefits?|utility|wages?|salary|expenses?|income|sales|selling|availability"
    r"|available|duration)\b",
    re.I,
)
_TOTALS = re.compile(
    r"^\W*(?:(?:total|maximum|max\.?|weekly|daily|monthly|resource|amount)\s+)*"
    r"(?:availab\w*|capacit(?:y|ies)|limits?|supply|supplies|stock|on hand|in stock|totals?\s+available"
    r"|resources?\s+available|hours?\s+available|time\s+available)(?:\s+(?:per|each|a)\s+\w+|\s+(?:hours?|amount|resources?"
    r"|time|capacity))?\W*$",
    re.I,
)
_NEEDS = re.compile(
    r"^\W*(?:(?:total|minimum|min\.?|weekly|daily)\s+)*(?:requirements?|required|minimum|needs?|needed)"
    r"(?:\s+(?:per|each|a)\s+\w+|\s+(?:amount|intake|quantity))?\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its name without the unit, the unit as written (may be empty), a cell per thing."""

    name: str
    unit: str
    cells: tuple[TableCell, ...]
    total: TableCell | None = None
    """What a row of totals (available, required) gives for it."""


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """Things with their attributes. `totals_are` says whether a row of totals bounds from above ("<=") or below."""

    labels: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    start: int
    end: int
    rows: tuple[tuple[int, int], ...]
    """The span of each thing's cells; empty for tables with a column per thing."""
    totals_are: str = ""


def part_unit(heading: str, cells: tuple[TableCell, ...]) -> tuple[str, str]:
    """The name and the unit of a heading; a unit that all its cells carry counts where the heading has none."""
    text = heading.strip(" *_")
    match = _UNIT_IN_BRACKETS.match(text)
    if match and match["name"]:
        return match["name"].strip(" *_"), match["unit"].strip(" *_")
    match = _UNIT_AFTER_COMMA.match(text)
    if match and len(match["unit"].split()) <= 3:
        return match["name"].strip(), match["unit"].strip()
    units = {cell.unit for cell in cells if cell.value is not None}
    return text, units.pop() if len(units) == 1 else ""


def attribute_table(table: Table) -> AttributeTable | None:
    """The table as things with attributes; None for a matrix, for ragged rows, and for cells that are words."""
    if not (table.labelled and table.regular and table.header and table.rows):
        return None
    for oriented, turned in ((table, False), (table.transposed(), True)):
        found = _oriented(oriented, turned)
        if found is not None:
            return found
    return None


def _oriented(table: Table, turned: bool) -> AttributeTable | None:
    heads = table.column_labels
    labels = list(table.row_labels)
    columns = [table.column(k) for k in range(len(heads))]
    totals_are = ""
    totals: list[TableCell] = []
    if len(labels) > 2 and (_TOTALS.match(labels[-1]) or _NEEDS.match(labels[-1])):
        totals_are = "<=" if _TOTALS.match(labels[-1]) else ">="
        totals = [column[-1] for column in columns]
        columns = [column[:-1] for column in columns]
        labels.pop()
    if len(labels) < 2 or any(not label.strip() or _TOTALS.match(label) for label in labels):
        return None
    attributes = []
    for k, (head, cells) in enumerate(zip(heads, columns)):
        name, unit = part_unit(head, cells)
        if any(cell.value is None and not cell.empty for cell in cells) or not name:
            return None
        total = totals[k] if totals and totals[k].value is not None else None
        attributes.append(Attribute(name, unit, cells, total))
    told = sum(bool(a.unit or _ATTRIBUTE_WORDS.search(a.name)) for a in attributes)
    things = sum(bool(_ATTRIBUTE_WORDS.search(label)) or "(" in label for label in labels)
    numbered = sum(_numbered(a.name) and a.unit in ("", "%", "$", "€", "£", "¥") for a in attributes)
    if told * 2 <= len(attributes) or things * 2 > len(labels) or numbered * 2 > len(heads):
        return None
    corner = table.header[0].text if len(table.header) > len(heads) and not turned else ""
    rows = () if turned else tuple((row[0].start, row[-1].end) for row in table.rows[: len(labels)])
    names = tuple(_thing(label.strip(" *"), corner) for label in labels)
    return AttributeTable(names, tuple(attributes), table.start, table.end, rows, totals_are)


def _thing(label: str, corner: str) -> str:
    """The name of a thing; a bare number or letter takes the word above it: `Item 3`."""
    words = re.findall(r"[A-Za-z]+", corner)
    return f"{words[0]} {label}" if words and re.fullmatch(r"\d{1,3}|[A-Z]", label) else label


def _numbered(label: str) -> bool:
    """Whether a heading is the name of a thing: `Region 1`, `A`, `Oslo 2`."""
    return bool(re.search(r"(?:^|\s)(?:[A-Z]{0,3}\d+|[A-Z])$", label.strip()))
