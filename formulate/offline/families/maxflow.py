"""The most that can flow from a source to a sink through links of limited capacity (maximum flow)."""

from __future__ import annotations

import re
from itertools import pairwise

from formulate.offline.families.build import label_set, table_of
from formulate.offline.families.case import Case, Claims, Found, Refusal
from formulate.offline.families.licences import MAXIMUM_FLOW
from formulate.offline.families.names import Names, merge_mentions
from solvers.formulation import Cell as ParameterCell
from solvers.formulation import Constraint, Formulation, IndexSet, Key, Objective, Parameter, Term, Variable
from verify.reading.records import Record, RecordGroup

_GOAL = r"\bmaxim\w+\b|\bgreatest\b|\bas\s+much\b|\bmost\b|\bhighest\b|\blargest\b"
_FLOW = r"\bcapacit\w*|\bflow\w*|\bbandwidth\b|\bthroughput\b"
_PERIOD = r"\b(?:per|an?|one|each|every|the\s+whole)\s+(second|minute|hour|day|week|month|year)\b"
ABSENT = r"\b(?:capacity|cost|value|bandwidth|limit)\s+of\s+[\"“']?0[\"”']?[^.]*"


def links_of(case: Case) -> tuple[RecordGroup, dict[str, str]] | None:
    """The one group of links between places of one kind, and each mention's place."""
    groups = [g for g in case.groups if g.kind in ("pair", "nested") and {len(r.fields) for r in g.records} == {1}]
    if len(groups) != 1:
        return None
    group = groups[0]
    return group, merge_mentions(name for record in group.records for name in record_ends(record))


def record_ends(record: Record) -> tuple[str, str]:
    """Source and target of a link record, nested or a pair."""
    return (record.parent, record.entity) if record.parent else (record.entity, record.other)


def _terminals(case: Case, names: Names) -> tuple[str, str] | None:
    """Source and sink: named in the sentence that asks for the most, else by the words source and sink."""
    pairs = set()
    for sentence in case.sentences:
        if not re.search(_GOAL, sentence.text, re.I):
            continue
        found = names.find(sentence.text)
        for (a, a_start, _), (b, b_start, _) in pairwise(found):
            before = sentence.text[max(0, a_start - 25) : a_start]
            between = sentence.text[a_start:b_start]
            if re.search(r"\bfrom\s+(?:the\s+)?(?:[\w-]+\s+){0,3}\(?$", before, re.I) and re.search(
                r"\bto\b|\binto\b|\btowards?\b|\breach", between
            ):
                pairs.add((a, b))
    return pairs.pop() if len(pairs) == 1 else None


def recognise(case: Case) -> Found | Refusal:
    """A maximum flow, or why the text is none."""
    told = links_of(case)
    if case.sense == "min" or told is None or not case.says(_FLOW) or not case.says(_GOAL) or len(case.groups) != 1:
        return Refusal("not a flow from one place to another")
    scaled = case.says(r"\bin\s+(?:thousands|millions|hundreds)\b")
    if scaled:
        return Refusal("an amount asked for in another scale than the capacities", scaled.group(), True)
    periods = {period.lower() for period in re.findall(_PERIOD, case.text, re.I)}
    if len(periods) > 1:
        return Refusal("amounts in different times", ", ".join(sorted(periods)), True)
    group, place_of = told
    names = Names(dict.fromkeys(place_of.values()))
    terminals = _terminals(case, names)
    if terminals is None:
        return Refusal("could not tell where the flow starts and ends", fits=True)
    capacities: dict[Key, tuple[int | float, str]] = {}
    for record in group.records:
        source, target = (place_of[name] for name in record_ends(record))
        if source == target or (source, target) in capacities:
            return Refusal("a link told twice, or from a place to itself", case.cite(record.start, record.end), True)
        capacities[(source, target)] = (record.fields[0].value, case.cite_field(record, record.fields[0]))
    claims = case.claims()
    claims.take_group(group)
    left = _account(case, claims, names)
    return left or Found(_formulation(names, capacities, terminals), claims)


def _account(case: Case, claims: Claims, names: Names) -> Refusal | None:
    claims.take_labels(names)
    claims.take_counts(len(names))
    claims.take_all(ABSENT, numbers=True)
    claims.take_all(r"\bmaximum\s+(?:number|amount)\b")
    for sentence in case.sentences:  # where the flow starts and ends may be told several times
        if re.search(
            _GOAL + r"|\bsource\b|\bsink\b|\borigin\b|\bdestination\b|\bendpoint\b|\branging\b|\bhub\b|\bcent",
            sentence.text,
            re.I,
        ):
            for label, start, end in names.find(sentence.text):
                if label in (names.labels[0], names.labels[-1]):
                    claims.take(sentence.start + start, sentence.start + end)
    return claims.leftover([names], MAXIMUM_FLOW, free=True, counting=True)


def _formulation(
    names: Names, capacities: dict[Key, tuple[int | float, str]], terminals: tuple[str, str]
) -> Formulation:
    source, sink = terminals
    whole = "sum(flow[i, j] for (i, j) in links if i == source) - sum(flow[i, j] for (i, j) in links if j == source)"
    into, out = "sum(flow[i, j] for (i, j) in links if j == p)", "sum(flow[i, j] for (i, j) in links if i == p)"
    ends = [
        Parameter(name, "label", cells=(ParameterCell((), label, label),), values_in="places")
        for name, label in (("source", source), ("sink", sink))
    ]
    return Formulation(
        name="maximum_flow",
        objective=Objective("max", (Term("amount", whole),)),
        sets=(label_set("places", names.labels), IndexSet("links", elements=tuple(capacities), dimension=2)),
        parameters=(table_of("capacity", "capacity", ("links",), capacities), *ends),
        variables=(Variable("flow", ("(i, j) in links",), lower="0", upper="capacity[i, j]"),),
        constraints=(Constraint("conserved", f"{into} == {out}", ("p in places if p != source and p != sink",)),),
        asked=("flow[i, j] for (i, j) in links",),
    )
