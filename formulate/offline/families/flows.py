"""Sending goods from sources to destinations at least cost, with or without capacities on the links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formulate.offline.families.build import column_of, label_set, table_of
from formulate.offline.families.case import Case, Claims, Found, Refusal
from formulate.offline.families.licences import FLOW
from formulate.offline.families.measures import alike, common_unit, unit_key
from formulate.offline.families.names import Names
from solvers.formulation import Constraint, Formulation, IndexSet, Key, Objective, Parameter, Term, Variable
from verify.reading.records import RecordGroup
from verify.reading.tables import Table

_DEMAND = (
    r"requir|demand|need|receiv|\border|consum|request|quota|workload|slated|obligat|must\s+(?:get"
    r"|be\s+(?:suppl|deliver))|expects?"
    r"|wants?|shortage|deficit"
)
_SUPPLY = (
    r"capacit|availab|suppl|holds?|stock|produc|output|generat|inventor|offer|stor(?:e|age|ed)|dispatch"
    r"|can\s|has\s|have\s|provid|ship|maximum|surplus|house"
)
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


def _ends(case: Case) -> tuple[RecordGroup, RecordGroup] | None:
    """The groups of supplies and of demands."""
    groups = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
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


def find_links(case: Case, sources: Names, targets: Names) -> Links | Refusal | None:
    """The costs (and capacities) of links from a matrix or a list; None where the text has neither."""
    for table in case.tables:
        cells = from_table(case, table, sources, targets)
        if cells is not None:
            return Links(cells, {}, table)
    groups = [g for g in case.groups if g.kind in ("nested", "pair")]
    if len(groups) != 1 or case.tables:
        return None
    links = _from_records(case, groups[0], sources, targets)
    return links if isinstance(links, Links) else Refusal(links, fits=True)


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
    ends = _ends(case)
    if ends is None or case.sense != "min":
        return Refusal("not goods sent from sources to destinations")
    supply, demand = ends
    sources, targets = Names(supply.entities), Names(demand.entities)
    if len(sources) != len(supply.records) or len(targets) != len(demand.records):
        return Refusal("a place is listed twice", fits=True)
    links = find_links(case, sources, targets)
    if links is None or isinstance(links, Refusal):
        return links or Refusal("no cost for each pair of a source and a destination")
    if case.says(
        r"\bmaximum\s+(?:transport|shipping|delivery)\s+time\b|\bminimi[sz]\w*\s+the\s+(?:maximum|longest"
        r"|largest)\b"
    ):
        return Refusal("an objective other than the total cost", fits=True)
    units = [unit_key(g.records[0].fields[0].unit) for g in (supply, demand)]
    if not alike(*units):
        return Refusal(f"supplies in {units[0]} and demands in {units[1]}", fits=True)
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
