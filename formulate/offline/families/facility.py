"""Which sites to open and what to send from them, when opening costs and every unit sent costs (facility location)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, table_of
from formulate.offline.families.case import Case, Found, Refusal
from formulate.offline.families.flows import find_links
from formulate.offline.families.licences import FACILITY
from formulate.offline.families.measures import alike, common_unit, unit_key
from formulate.offline.families.names import Names
from solvers.formulation import Constraint, Formulation, Objective, Parameter, Term, Variable
from verify.reading.records import RecordGroup

_OPENING = (
    r"\bopen\w*|\bfixed\s+(?:\w+\s+)?(?:cost|charge|fee|expens)\w*|\bset-?up\b|\bestablish\w*|\bconstruct\w*"
    r"|\bbuild\w*|\bactivat\w*|\blicen\w*|\binstall\w*|\brent(?:s|ed|ing)?\b|\bleas(?:e|es|ed|ing)\b"
)
_DEMAND = r"\bdemand\w*|\brequire\w*|\bneed\w*|\border\w*|\bconsum\w*"
_CAPACITY = (
    r"\bcapacit\w*|\bsuppl\w*|\bavailab\w*|\bmaximum\b|\blimit\w*"
    r"|\bcan\s+(?:handle|store|hold|ship|send|serve|process)\b|\bhandles?\b"
)


def _kind(group: RecordGroup) -> str:
    """What a list of one number per entity tells, by the words of its numbers, then of its heading."""
    words = " ".join(record.fields[0].name.lower() for record in group.records)
    for text in (words, group.heading.lower()):
        kinds = [
            kind
            for kind, told in (("opening", _OPENING), ("demand", _DEMAND), ("capacity", _CAPACITY))
            if re.search(told, text)
        ]
        if kinds:
            costs = re.search(r"\bcosts?\b|\$|\bdollars?\b|\bexpens", text)
            if "opening" in kinds and (costs or len(kinds) == 1):
                return "opening"
            kinds = [kind for kind in kinds if kind != "opening"]
            return kinds[0] if len(kinds) == 1 else "capacity" if "capacity" in kinds else ""
    return ""


def recognise(case: Case) -> Found | Refusal:
    """A facility location, with or without capacities, or why the text is none."""
    single = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
    counts = [g for g in single if all(re.match(r"(?:total\s+)?number\s+of\b", r.entity, re.I) for r in g.records)]
    single = [group for group in single if group not in counts]
    told = {_kind(group): group for group in single}
    if not {"opening", "demand"} <= set(told) or len(told) != len(single) or "" in told or case.sense == "max":
        return Refusal("not sites to open for customers")
    if not case.says(r"\bminim|\blowest\b|\bleast\b|\bcheap|\boptimal\b|\bcost-effective"):
        return Refusal("not sites to open for customers")
    opening, demand, capacity = told["opening"], told["demand"], told.get("capacity")
    sites, customers = Names(opening.entities), Names(demand.entities)
    if len(sites) != len(opening.records) or len(customers) != len(demand.records):
        return Refusal("a place is listed twice", fits=True)
    units = [unit_key(group.records[0].fields[0].unit) for group in (demand, capacity or demand)]
    if not alike(*units):
        return Refusal(f"demands in {units[0]} and capacities in {units[1]}", fits=True)
    if capacity and {sites.match(name) for name in capacity.entities} != set(sites.labels):
        return Refusal("capacities of other places than the sites", fits=True)
    links = find_links(case, sites, customers)
    if links is None or isinstance(links, Refusal):
        return links or Refusal("no cost for each pair of a site and a customer", fits=True)
    if links.capacity or len(links.cost) != len(sites) * len(customers):
        return Refusal("links with capacities, or not all of them told", fits=True)
    claims = case.claims()
    for record in (record for group in counts for record in group.records):
        if record.fields[0].value not in (len(sites), len(customers)):
            return Refusal("a count that differs from the list", case.cite(record.start, record.end), True)
    for group in (opening, demand, capacity, links.claimed):
        if isinstance(group, RecordGroup):
            claims.take_group(group)
    claims.take_labels(sites, customers)
    claims.take_counts(len(sites), len(customers))
    claims.take_all(rf":\s*(?:{len(sites)}|{len(customers)})(?=\s*(?:\n|$))", numbers=True)
    claims.take_all(r"\bfixed\s+(?:opening\s+)?(?:cost|charge|fee|expense)s?\b")
    left = claims.leftover([sites, customers], FACILITY, free=True)
    if left:
        return left
    return Found(_formulation(case, opening, demand, capacity, sites, links.cost), claims)


def _formulation(
    case: Case, opening: RecordGroup, demand: RecordGroup, capacity: RecordGroup | None, sites: Names, costs: dict
) -> Formulation:
    unit = common_unit(record.fields[0] for record in demand.records)
    parameters: list[Parameter] = [
        table_of("opening_cost", "fixed_charge", ("sites",), column_of(case, opening, 0)),
        table_of("demand", "requirement", ("customers",), column_of(case, demand, 0), unit),
        table_of("cost", "cost", ("sites", "customers"), costs),
    ]
    constraints = [
        Constraint("meet_demand", "sum(ship[i, j] for i in sites) >= demand[j]", ("j in customers",)),
        Constraint("from_open_sites", "ship[i, j] <= demand[j] * open[i]", ("i in sites", "j in customers")),
    ]
    if capacity:
        label_of = {name: sites.match(name) or name for name in capacity.entities}
        parameters.append(table_of("capacity", "capacity", ("sites",), column_of(case, capacity, 0, label_of), unit))
        constraints.append(
            Constraint(
                "within_capacity", "sum(ship[i, j] for j in customers) <= capacity[i] * open[i]", ("i in sites",)
            )
        )
    return Formulation(
        name="facility_location",
        objective=Objective(
            "min",
            (
                Term("opening", "sum(opening_cost[i] * open[i] for i in sites)"),
                Term("shipping", "sum(cost[i, j] * ship[i, j] for i in sites for j in customers)"),
            ),
        ),
        sets=(label_set("sites", opening.entities), label_set("customers", demand.entities)),
        parameters=tuple(parameters),
        variables=(
            Variable("open", ("i in sites",), "binary", description="whether the site is opened"),
            Variable("ship", ("i in sites", "j in customers"), lower="0", unit=unit),
        ),
        constraints=tuple(constraints),
        asked=("open[i] for i in sites", "ship[i, j] for i in sites for j in customers"),
    )
