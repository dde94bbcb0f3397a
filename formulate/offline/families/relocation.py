"""Moving goods among places that each have some and need some, at least cost (redistribution)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, table_of
from formulate.offline.families.case import Case, Found, Refusal
from formulate.offline.families.licences import RELOCATION
from formulate.offline.families.measures import common_unit
from formulate.offline.families.names import Names
from solvers.formulation import Constraint, Formulation, IndexSet, Key, Objective, Term, Variable
from verify.reading.records import RecordGroup

_HAS = r"\bhas\b|\bhave\b|\bhold|\bstock|\bavailab|\bcurrent|\bsuppl|\bown|\bpossess|\bstor|\bcontain|\binventor"
_NEEDS = r"\bneed|\brequir|\bdemand|\brequest|\bmust\b|\bshould\b|\bwant"


def _columns(group: RecordGroup) -> tuple[int, int] | None:
    """Positions of what a place has and of what it needs; the words of all records are read together."""
    votes = [0, 0]
    for record in group.records:
        second = record.fields[1].words
        votes[0] += bool(re.search(_NEEDS, second)) and not re.search(_NEEDS, record.fields[0].name.lower())
        votes[1] += bool(re.search(_NEEDS, record.fields[0].name.lower())) and not re.search(
            _NEEDS, record.fields[1].name.lower()
        )
    if votes[0] and not votes[1]:
        return 0, 1
    return (1, 0) if votes[1] and not votes[0] else None


def recognise(case: Case) -> Found | Refusal:
    """A redistribution at least cost, or why the text is none."""
    stocks = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {2}]
    links = [g for g in case.groups if g.kind in ("nested", "pair") and {len(r.fields) for r in g.records} == {1}]
    if len(stocks) != 1 or len(links) != 1 or len(case.groups) != 2 or case.sense == "max" or case.tables:
        return Refusal("not goods moved among places that have and need them")
    if not case.says(r"\bminim|\blowest\b|\bleast\b|\bcheap|\blow(?:est)?\b") or not case.says(_HAS):
        return Refusal("not goods moved among places that have and need them")
    columns = _columns(stocks[0])
    if columns is None:
        return Refusal("could not tell what a place has from what it needs", fits=True)
    names = Names(stocks[0].entities)
    costs: dict[Key, tuple[int | float, str]] = {}
    for record in links[0].records:
        ends = (record.parent, record.entity) if record.parent else (record.entity, record.other)
        a, b = names.match(ends[0]), names.match(ends[1])
        if a is None or b is None or a == b or (a, b) in costs or len(names) != len(stocks[0].records):
            return Refusal("a link between unknown places, or told twice", case.cite(record.start, record.end), True)
        costs[(a, b)] = (record.fields[0].value, case.cite_field(record, record.fields[0]))
    if len(costs) > len(names) and not any((b, a) in costs for a, b in costs):
        return Refusal("does a link told in one direction serve the other?", fits=True)
    claims = case.claims()
    claims.take_group(stocks[0])
    claims.take_group(links[0])
    claims.take_labels(names)
    claims.take_counts(len(names))
    left = claims.leftover([names], RELOCATION, free=True)
    if left:
        return left
    unit = common_unit(record.fields[columns[0]] for record in stocks[0].records)
    inflow, outflow = "sum(move[i, j] for (i, j) in links if j == p)", "sum(move[i, j] for (i, j) in links if i == p)"
    formulation = Formulation(
        name="relocation",
        objective=Objective("min", (Term("total_cost", "sum(cost[i, j] * move[i, j] for (i, j) in links)"),)),
        sets=(label_set("places", names.labels), IndexSet("links", elements=tuple(costs), dimension=2)),
        parameters=(
            table_of("stock", "initial", ("places",), column_of(case, stocks[0], columns[0]), unit),
            table_of("need", "requirement", ("places",), column_of(case, stocks[0], columns[1]), unit),
            table_of("cost", "cost", ("links",), costs),
        ),
        variables=(Variable("move", ("(i, j) in links",), lower="0", unit=unit),),
        constraints=(Constraint("needs_met", f"stock[p] + {inflow} - {outflow} >= need[p]", ("p in places",)),),
        asked=("move[i, j] for (i, j) in links",),
    )
    return Found(formulation, claims)
