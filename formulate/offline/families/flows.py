"""Sending goods from sources to destinations at least cost, with or without capacities on the links."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from formulate.offline.families.build import column_of, label_set, table_of
from formulate.offline.families.case import Case, Claims, Found, Refusal
from formulate.offline.families.licences import FLOW
from formulate.offline.families.measures import alike, common_unit, unit_key
from formulate.offline.families.names import Names
from solvers.formulation import Constraint, Formulation, IndexSet, Key, Objective, Parameter, Term, Variable
from verify.reading.attributes import part_unit
from verify.reading.records import Field, Record, RecordGroup
from verify.reading.tables import Table, TableCell

_DEMAND = (
    r"requir|demand|need|receiv|\border|consum|request|quota|workload|slated|obligat|must\s+(?:get"
    r"|be\s+(?:suppl|deliver))|expects?"
    r"|wants?|shortage|deficit"
)
_SUPPLY = (
    r"capacit|availab|suppl|holds?|stock|produc|output|generat|inventor|offer|stor(?:e|age|ed)|dispatch"
    r"|can\s|has\s|have\s|provid|ship|maximum|surplus|house"
)
_AT_LEAST = r"\bat\s+least\b|\bno\s+(?:less|fewer)\s+than\b|\bminimum\b"
_AT_MOST = r"\bat\s+most\b|\bno\s+(?:more|greater)\s+than\b|\bup\s+to\b|\bmaximum\b"
_ARC_LIMIT = r"capacit|limit|max|throughput|bandwidth|upper|at\s+most|up\s+to|flow"
_ARC_COST = r"cost|fee|price|charge|expens|toll|distance|time|latency|tariff|rate|dollar|\$|per\s|emission|loss"

Values = dict[Key, tuple[int | float, str]]


@dataclass(frozen=True)
class Links:
    """What is told of each (source, destination): the cost and, where given, the capacity."""

    cost: Values
    capacity: Values
    claimed: RecordGroup | Table


def _is_demand(group: RecordGroup) -> bool | None:
    """Whether a group tells requirements (True) or supplies (False); None where its words do not say."""
    field_words = " ".join(record.fields[0].words for record in group.records)
    for words in (field_words, group.heading.lower()):
        demand, supply = bool(re.search(_DEMAND, words)), bool(re.search(_SUPPLY, words))
        if demand != supply:
            return demand
    return None


def _told_apart(case: Case) -> tuple[tuple[RecordGroup, ...], tuple[Table, ...]]:
    """The groups and tables of a text, where a cost table's last column and row tell supplies and demands."""
    groups: list[RecordGroup] = list(case.groups)
    tables: list[Table] = []
    for table in case.tables:
        parted = _parted(table) or _column(case, table)
        if parted is None:
            tables.append(table)
            continue
        if parted[0] is not None:
            tables.append(parted[0])
        groups = [group for group in groups if not (group.start < table.end and table.start < group.end)]
        groups += parted[1]
    return tuple(groups), tuple(tables)


def _parted(table: Table) -> tuple[Table, list[RecordGroup]] | None:
    """A cost table without its column and its row of supplies or demands, and these; None where it has none."""
    if not (table.labelled and table.regular and table.header and len(table.rows) > 1):
        return None
    heads = [head.strip(" *_") for head in table.column_labels]
    rows = list(table.rows)
    below = rows.pop() if _END_WORDS.fullmatch(rows[-1][0].text.strip(" *_")) else None
    beside = len(heads) > 1 and bool(_END_WORDS.fullmatch(heads[-1]))
    if (below is None and not beside) or len(rows) < 2 or any(_END_WORDS.fullmatch(head) for head in heads[:-1]):
        return None
    if any(_END_WORDS.fullmatch(row[0].text.strip(" *_")) for row in rows):
        return None
    groups = []
    inner = list(below[1:]) if below else []
    corner = inner.pop() if beside and inner else None
    sums = []
    if beside:
        told = [(row[0].text, row[-1], row[0].start) for row in rows]
        groups.append(_group_of(heads[-1], told))
        sums.append(sum(row[-1].value or 0 for row in rows))
        rows = [row[:-1] for row in rows]
    if below:
        told = [(head, cell, cell.start) for head, cell in zip(heads, inner)]
        groups.append(_group_of(below[0].text.strip(" *_"), told))
        sums.append(sum(cell.value or 0 for cell in inner))
    known = corner is None or corner.empty or corner.value in sums
    if not known or any(group is None for group in groups):
        return None
    header = table.header[:-1] if beside else table.header
    return Table(header, tuple(rows), table.start, table.end), [group for group in groups if group is not None]


def _column(case: Case, table: Table) -> tuple[None, list[RecordGroup]] | None:
    """A table of one column that tells supplies or demands; its unit may stand in the line above."""
    if not (table.labelled and table.regular and len(table.column_labels) == 1):
        return None
    head = table.column_labels[0].strip(" *_")
    if not _END_WORDS.fullmatch(head) or any(_END_WORDS.fullmatch(label.strip(" *_")) for label in table.row_labels):
        return None
    group = _group_of(head, [(row[0].text, row[1], row[0].start) for row in table.rows])
    above = case.text[: table.start].rstrip(" |\n").rpartition("\n")[2]
    unit = re.search(r"\bin\s+(?:thousand\s+|cubic\s+|metric\s+)?[a-z]+(?=\s*\)?\s*[:.]?$)", above, re.I)
    if group is None:
        return None
    if unit and not group.records[0].fields[0].unit:
        told = re.sub(r"^in\s+", "", unit.group(), flags=re.I)
        named = (replace(r, fields=(replace(r.fields[0], unit=told),)) for r in group.records)
        group = replace(group, records=tuple(named))
    return None, [replace(group, heading=above.strip() or head)]


def _group_of(name: str, told: list[tuple[str, TableCell, int]]) -> RecordGroup | None:
    """The records of one column or row of ends; None where one has no number."""
    word, unit = part_unit(name, tuple(cell for _, cell, _ in told))
    records = tuple(
        Record(label.strip(" *_"), (Field(word, cell.value, unit, cell.start, cell.end),), start, cell.end)
        for label, cell, start in told
        if cell.value is not None
    )
    if len(records) != len(told) or len({cell.unit for _, cell, _ in told}) > 1:
        return None
    return RecordGroup("entity", word, records, records[0].start, records[-1].end, records[0].start)


_END_WORDS = re.compile(
    r"(?:total\s+|weekly\s+|daily\s+|monthly\s+)?(?:suppl(?:y|ies)|capacit(?:y|ies)|availab(?:le|ility)|stock|demands?"
    r"|requirements?|required|needs?|needed)(?:\s*[(\[][^()\[\]]*[)\]])?",
    re.I,
)


def _ends(listed: tuple[RecordGroup, ...]) -> tuple[RecordGroup, RecordGroup] | None:
    """The groups of supplies and of demands."""
    groups = [g for g in listed if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
    if len(groups) != 2:
        return None
    kinds = [_is_demand(group) for group in groups]
    if kinds == [False, True] or kinds == [None, True] or kinds == [False, None]:
        return groups[0], groups[1]
    if kinds == [True, False] or kinds == [True, None] or kinds == [None, False]:
        return groups[1], groups[0]
    return None


def from_table(case: Case, table: Table, first: Names, second: Names) -> Values | None:
    """The cells of a matrix keyed by labels of two sets; None where its headings are not those labels."""
    if not (table.labelled and table.regular and table.numeric and table.header):
        return None
    for oriented in (table, table.transposed()):
        rows = [first.match(label) for label in oriented.row_labels]
        columns = [second.match(label) for label in oriented.column_labels]
        full = None not in rows and None not in columns
        if full and len(set(rows)) == len(first) == len(rows) and len(set(columns)) == len(second) == len(columns):
            cells: Values = {}
            for row, line in zip(rows, oriented.body):
                for column, cell in zip(columns, line):
                    if cell.value is not None and row is not None and column is not None:
                        cells[(row, column)] = (cell.value, f"{row} / {column}: {cell.text}")
            return cells
    return None


def _from_records(case: Case, group: RecordGroup, first: Names, second: Names) -> Links | str:
    costs: Values = {}
    limits: Values = {}
    width = len(group.records[0].fields)
    words = [" ".join(r.fields[i].words for r in group.records[:3]) for i in range(width)]
    cost_at = [
        i for i, name in enumerate(words) if re.search(_ARC_COST, name) and not re.search(r"capacit|limit", name)
    ]
    if width == 1:
        cost_at = [0]
    limit_at = [i for i in range(width) if i not in cost_at and re.search(_ARC_LIMIT, words[i])]
    if len(cost_at) != 1 or len(limit_at) != width - 1 or width > 2:
        return "could not tell the cost of a link from its capacity"
    for record in group.records:
        source, target = (record.parent, record.entity) if record.parent else (record.entity, record.other)
        a, b = first.match(source), second.match(target)
        if a is None or b is None:
            a, b = first.match(target), second.match(source)
        if a is None or b is None or (a, b) in costs or len(record.fields) != width:
            return "a link between unknown places, or told twice"
        item = record.fields[cost_at[0]]
        costs[(a, b)] = (item.value, case.cite_field(record, item))
        if limit_at:
            item = record.fields[limit_at[0]]
            limits[(a, b)] = (item.value, case.cite_field(record, item))
    return Links(costs, limits, group)


def find_links(
    case: Case, sources: Names, targets: Names, tables: tuple[Table, ...] | None = None
) -> Links | Refusal | None:
    """The costs (and capacities) of links from a matrix or a list; None where the text has neither."""
    for table in case.tables if tables is None else tables:
        cells = from_table(case, table, sources, targets)
        if cells is not None:
            return Links(cells, {}, table)
    groups = [g for g in case.groups if g.kind in ("nested", "pair")]
    if len(groups) != 1 or case.tables:
        return None
    links = _from_records(case, groups[0], sources, targets)
    return links if isinstance(links, Links) else Refusal(links, fits=True)


def _by_column(group: RecordGroup) -> bool:
    """Whether a group is a column or a row of a table, so that its unit is a unit and not what follows a number."""
    return all(record.fields[0].end == record.end for record in group.records)


def _claim(case: Case, claims: Claims, sources: Names, targets: Names) -> Refusal | None:
    claims.take_labels(sources, targets)
    claims.take_counts(len(sources), len(targets))
    claims.take_all(
        r"\bfixed\s+(?:\w+\s+){0,2}(?:\w*\s)?(?:requirement|demand|need|consumption|capacity|quantity"
        r"|amount)s?\b"
    )
    claims.take_all(r"\b(?:is|are)\s+(?:\w+\s+)?fixed\b|\bmandated\b|\bmandatory\b")
    return claims.leftover([sources, targets], FLOW)


def recognise(case: Case) -> Found | Refusal:
    """A transportation problem or a flow through capacitated links, or why the text is none."""
    listed, tables = _told_apart(case)
    ends = _ends(listed)
    if ends is None or case.sense != "min":
        return Refusal("not goods sent from sources to destinations")
    supply, demand = ends
    sources, targets = Names(supply.entities), Names(demand.entities)
    if len(sources) != len(supply.records) or len(targets) != len(demand.records):
        return Refusal("a place is listed twice", fits=True)
    links = find_links(case, sources, targets, tables)
    if links is None or isinstance(links, Refusal):
        return links or Refusal("no cost for each pair of a source and a destination")
    if case.says(
        r"\bmaximum\s+(?:transport|shipping|delivery)\s+time\b|\bminimi[sz]\w*\s+the\s+(?:maximum|longest"
        r"|largest)\b"
    ):
        return Refusal("an objective other than the total cost", fits=True)
    twofold = case.says(r"\bper\s+\w+\s+(?:and|per)\s+(?:an?\s+)?(?:mile|km|kilomet\w+|hour|day)\b")
    if twofold:
        return Refusal("a cost per unit and distance or time", twofold.group(), True)
    units = [unit_key(g.records[0].fields[0].unit) for g in (supply, demand)]
    if not alike(*units) or ("" not in units and units[0] != units[1] and all(_by_column(g) for g in (supply, demand))):
        return Refusal(f"supplies in {units[0]} and demands in {units[1]}", fits=True)
    for group, sense in ((supply, _AT_LEAST), (demand, _AT_MOST)):
        turned = next((r for r in group.records if re.search(sense, r.fields[0].words)), None)
        if turned:
            quote = case.cite(turned.start, turned.end)
            return Refusal("a supply from below or a demand from above", quote, True)
    claims = case.claims()
    for group in (supply, demand):
        claims.take_group(group)
    if isinstance(links.claimed, RecordGroup):
        claims.take_group(links.claimed)
    left = _claim(case, claims, sources, targets)
    return left or Found(_formulation(case, supply, demand, links), claims)


def _formulation(case: Case, supply: RecordGroup, demand: RecordGroup, links: Links) -> Formulation:
    full = len(links.cost) == len(supply.records) * len(demand.records)
    over = ("i in sources", "j in destinations") if full else ("(i, j) in links",)
    axes = ("sources", "destinations") if full else ("links",)
    unit = common_unit([r.fields[0] for r in supply.records] + [r.fields[0] for r in demand.records])
    sets = [label_set("sources", supply.entities), label_set("destinations", demand.entities)]
    if not full:
        sets.append(IndexSet("links", elements=tuple(links.cost), dimension=2))
    parameters: list[Parameter] = [
        table_of("supply", "capacity", ("sources",), column_of(case, supply, 0), unit),
        table_of("demand", "requirement", ("destinations",), column_of(case, demand, 0), unit),
        table_of("cost", "cost", axes, links.cost),
    ]
    if links.capacity:
        parameters.append(table_of("link_capacity", "capacity", axes, links.capacity, unit))
    exact = all(re.search(r"\bexactly|precisely\b", r.fields[0].words) for r in demand.records)
    out = "sum(ship[i, j] for j in destinations)" if full else "sum(ship[k, j] for (k, j) in links if k == i)"
    into = "sum(ship[i, j] for i in sources)" if full else "sum(ship[i, k] for (i, k) in links if k == j)"
    every = " for ".join(over)
    return Formulation(
        name="network_flow" if links.capacity else "transportation",
        objective=Objective("min", (Term("total_cost", f"sum(cost[i, j] * ship[i, j] for {every})"),)),
        sets=tuple(sets),
        parameters=tuple(parameters),
        variables=(
            Variable("ship", over, lower="0", upper="link_capacity[i, j]" if links.capacity else None, unit=unit),
        ),
        constraints=(
            Constraint("within_supply", f"{out} <= supply[i]", ("i in sources",), source=_heading(case, supply)),
            Constraint(
                "meet_demand",
                f"{into} {'==' if exact else '>='} demand[j]",
                ("j in destinations",),
                source=_heading(case, demand),
            ),
        ),
        asked=(f"ship[i, j] for {every}",),
    )


def _heading(case: Case, group: RecordGroup) -> tuple[str, ...]:
    return (" ".join(group.heading.split()),) if group.heading else ()
