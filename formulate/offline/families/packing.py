"""Packing all items into as few identical containers as possible (bin packing)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Found, Refusal
from formulate.offline.families.knapsack import claim_limit, says_limit
from formulate.offline.families.licences import PACKING
from formulate.offline.families.measures import alike, common_unit, unit_key
from formulate.offline.families.names import Names
from solvers.formulation import Assumption, Constraint, Formulation, Objective, Term, Variable

_FEWEST = (
    r"\bfewest\b|\b(?:smallest|least|minimal|minimum|lowest)\s+(?:possible\s+)?(?:number|count|quantity"
    r"|fleet|set|amount)\b"
    r"|\bminimi[sz]\w*\s+(?:the\s+)?(?:total\s+|overall\s+)?(?:number|count|quantity|amount|fleet\s+size"
    r"|use)\b|\bas\s+few\b|\bminimal\s+possible\s+number\b"
    r"|\bminimi[sz]\w*\s+(?:the\s+)?\w+\s+(?:used|needed|required)\b"
    r"|\bhow\s+many\s+\w+\s+(?:are|will\s+be)\s+(?:needed|required|necessary)(?:\s+at\s+(?:the\s+)?least)?"
    r"|\bat\s+least\s+how\s+many\b"
    r"|\bnumber\s+of\s+[^.,;]{0,40}(?:is|be)\s+(?:minimi[sz]ed|as\s+small)"
)
_EVERY_ITEM = (
    r"\b(?:each|every|all|any|single|an?)\b[^.]*\b(?:exactly|precisely|only|just)\s+one\b[^.,;]*",
    r"\b(?:exactly|precisely|only|just|no\s+more\s+than)\s+one\s+(?!of\b)\w+",
    r"\b(?:cannot|must\s+not|may\s+not)\s+be\s+(?:split|divided|exceeded|overloaded|surpassed|left\s+\w+)[^.,;]*",
    r"\b(?:an?|each|every)\s+\w+\s+(?:stays|travels|must\s+stay|has\s+to\s+stay)\s+together\s+in\s+one\s+\w+\b(?=\s*[.,;])",
    r"\bboth\b(?=\s+(?:weight|capacity|safety|fragile))",
)


def _sized(amount: Amount) -> bool:
    """Whether a number is told as the size of a container: `sticks of 16 GB each`."""
    return bool(re.search(r"\b[a-z]+s\s+of\s*$", amount.before)) and bool(re.match(r"\s*[A-Za-z]+", amount.after))


def recognise(case: Case) -> Found | Refusal:
    """Bin packing with identical containers, or why the text is none."""
    groups = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
    if not case.says(_FEWEST) or len(groups) != 1 or len(groups[0].records) < 2:
        return Refusal("not a packing into as few containers as possible")
    group = groups[0]
    if any(not (group.start <= table.start and table.end <= group.end) for table in case.tables):
        return Refusal("a table besides the list of items", fits=True)
    if len(group.entities) != len(group.records):
        return Refusal("an item is listed twice", fits=True)
    claims = case.claims()
    claims.take_group(group)
    names = Names(group.entities)
    claims.take_labels(names)
    claims.take_counts(len(group.records))
    left = [amount for amount in claims.amounts() if says_limit(amount.sentence.text) or _sized(amount)]
    unit = unit_key(group.records[0].fields[0].unit)
    units = [unit_key(amount.after[:30]) for amount in left]
    if len({amount.value for amount in left}) != 1 or not all(alike(unit, other) for other in units):
        return Refusal("could not tell the capacity of a container", fits=True)
    capacity = left[0]
    for amount in left:
        claim_limit(claims, amount)
    sizes = column_of(case, group, 0)
    if any(value > capacity.value for value, _ in sizes.values()):
        return Refusal("an item is larger than the capacity", capacity.sentence.text.strip(), True)
    for pattern in (_FEWEST, *_EVERY_ITEM):
        claims.take_all(pattern)
    missing = claims.leftover([names], PACKING, counting=True)
    if missing:
        return missing
    ordered = sorted(group.entities, key=lambda label: -sizes[(label,)][0])
    shared = common_unit(record.fields[0] for record in group.records)
    later = "i in items if ord(b, items) < ord(i, items) and size[b] + size[i] <= capacity"
    earlier = "b in items if ord(b, items) < ord(i, items) and size[b] + size[i] <= capacity"
    limit = (case.cite(capacity.sentence.start, capacity.sentence.end),)
    formulation = Formulation(
        name="packing",
        objective=Objective("min", (Term("containers", "sum(opens[b] for b in items)"),)),
        sets=(label_set("items", ordered, "from the largest to the smallest"),),
        parameters=(
            table_of("size", "rate", ("items",), sizes, shared),
            scalar("capacity", "capacity", capacity.value, limit[0], shared),
        ),
        variables=(
            Variable("opens", ("b in items",), "binary", description="whether b is the first item of a container"),
            Variable(
                "joins", ("b in items", later), "binary", description="whether i lies in the container that b opens"
            ),
        ),
        constraints=(
            Constraint("every_item", f"opens[i] + sum(joins[b, i] for {earlier}) == 1", ("i in items",)),
            Constraint(
                "capacity_limit",
                f"sum(size[i] * joins[b, i] for {later}) <= (capacity - size[b]) * opens[b]",
                ("b in items",),
                source=limit,
            ),
            Constraint("opened", "joins[b, i] <= opens[b]", ("b in items", later)),
        ),
        assumptions=(
            Assumption(
                "opens",
                ("a container is named by its first item in decreasing size, which leaves no symmetric solutions"),
            ),
        ),
        asked=("opens[b] for b in items", f"joins[b, i] for b in items for {later}"),
    )
    return Found(formulation, claims)
