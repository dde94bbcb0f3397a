"""How much to make of each product when all draw on shared limited resources (the product mix)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, table_of
from formulate.offline.families.case import Case, Claims, Found, Refusal
from formulate.offline.families.flows import Values, from_table
from formulate.offline.families.licences import PRODUCT_MIX
from formulate.offline.families.measures import common_unit
from formulate.offline.families.names import Names
from solvers.formulation import Assumption, Constraint, Formulation, Objective, Term, Variable
from verify.reading.records import RecordGroup
from verify.reading.tables import Table

_REWARD = (
    r"revenue|profit|value|price|yield|earn|income|return|margin|benefit|worth|generat|contribut|utilit|gain"
    r"|reward|subsid|sells?|\$"
)
_LIMIT = (
    r"exceed|surpass|capacit|limit|availab|maximum|at\s+most|cap(?:ped)?\b|up\s+to|no\s+more|bound|within"
    r"|restrict|total|has\s|offers?"
)
_MEASURE = (
    r"\bper\s+(?:metric\s+)?(?:ton|tonne|liter|litre|kilogram|kg|gallon|hectare|acre|hour|barrel|megawatt|mwh"
    r"|kwh|cubic|m3|square|dollar|pound|gram|gb|tb|ml)"
)


def _uses(case: Case, products: Names, resources: Names) -> tuple[Values, RecordGroup | Table] | None:
    """What a unit of each product takes of each resource, from records with second entities or from a matrix."""
    for table in case.tables:
        cells = from_table(case, table, products, resources)
        if cells is not None:
            return cells, table
    for group in case.groups:
        if group.kind == "entity" and all(len(r.fields) == len(resources) for r in group.records):
            cells = _from_fields(case, group, products, resources)
        elif group.kind == "nested":
            cells = {}
            for record in group.records:
                first, second = products.match(record.parent), resources.match(record.entity)
                if first and second and len(record.fields) == 1:
                    cells[(first, second)] = (record.fields[0].value, case.cite_field(record, record.fields[0]))
        else:
            continue
        if len(cells) == len(products) * len(resources):
            return cells, group
    return None


def _from_fields(case: Case, group: RecordGroup, products: Names, resources: Names) -> Values:
    cells: Values = {}
    for record in group.records:
        first = products.match(record.entity)
        for item in record.fields:
            second = resources.match(item.sub) if item.sub else None
            if first and second:
                cells[(first, second)] = (item.value, case.cite_field(record, item))
    return cells


def recognise(case: Case) -> Found | Refusal:
    """A product mix under resource limits, or why the text is none."""
    single = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
    if case.sense != "max" or len(single) < 2:
        return Refusal("not products that share limited resources")
    for rewards in single:
        for limits in single:
            if rewards is limits or not _speaks(rewards, _REWARD) or not _speaks(limits, _LIMIT):
                continue
            products, resources = Names(rewards.entities), Names(limits.entities)
            uses = _uses(case, products, resources)
            if uses:
                return _read(case, rewards, limits, products, resources, uses)
    return Refusal("no use of each resource by each product")


def _speaks(group: RecordGroup, words: str) -> bool:
    named = " ".join(record.fields[0].words for record in group.records[:2])
    return bool(re.search(words, f"{named} {group.heading.lower()}", re.I))


def _read(
    case: Case,
    rewards: RecordGroup,
    limits: RecordGroup,
    products: Names,
    resources: Names,
    uses: tuple[Values, RecordGroup | Table],
) -> Found | Refusal:
    claims = case.claims()
    for told in (rewards, limits, uses[1]):
        if isinstance(told, RecordGroup):
            claims.take_group(told)
    left = _account(claims, products, resources)
    if left:
        return left
    others = [g for g in case.groups if g is not rewards and g is not limits and g is not uses[1]]
    if any(len(g.records) > 1 and not claims.holds(g.records[0].start, g.records[0].end) for g in others):
        return Refusal("a list was not understood", case.cite(others[0].start, others[0].start + 120), True)
    first = rewards.records[0].fields[0]
    counted = not re.search(_MEASURE, f"{first.unit} {rewards.heading}", re.I) and bool(
        case.says(r"\bhow\s+many\b|\bnumber\s+of\s+(?:units|each|items)\b|\bwhole\b|\binteger")
    )
    unit = common_unit(r.fields[0] for r in limits.records)
    formulation = Formulation(
        name="product_mix",
        objective=Objective("max", (Term("total_reward", "sum(reward[p] * make[p] for p in products)"),)),
        sets=(label_set("products", products.labels), label_set("resources", resources.labels)),
        parameters=(
            table_of(
                "reward",
                "reward",
                ("products",),
                column_of(case, rewards, 0),
                common_unit(r.fields[0] for r in rewards.records),
            ),
            table_of("use", "rate", ("products", "resources"), uses[0]),
            table_of("available", "capacity", ("resources",), column_of(case, limits, 0), unit),
        ),
        variables=(Variable("make", ("p in products",), "integer" if counted else "continuous", lower="0"),),
        constraints=(
            Constraint(
                "within_resource", "sum(use[p, r] * make[p] for p in products) <= available[r]", ("r in resources",)
            ),
        ),
        assumptions=(Assumption("make", "whole units only" if counted else "any amount, not only whole units"),),
        asked=("make[p] for p in products",),
    )
    return Found(formulation, claims)


def _account(claims: Claims, products: Names, resources: Names) -> Refusal | None:
    claims.take_labels(products, resources)
    claims.take_counts(len(products), len(resources))
    claims.take_all(r"\bprovided\s+that\b(?=[^.]*\b(?:total|each|every|remain|within|cumulative|aggregate)\b)")
    return claims.leftover([products, resources], PRODUCT_MIX)
