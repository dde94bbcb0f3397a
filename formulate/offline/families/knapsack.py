"""Choosing whole items of the greatest value within one or more capacities (the 0/1 knapsack)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.licences import KNAPSACK
from formulate.offline.families.measures import alike, common_unit, unit_key
from formulate.offline.families.names import Names
from formulate.offline.families.selection import SideConditions, read_side_conditions
from solvers.formulation import Assumption, Constraint, Formulation, Objective, Parameter, Term, Variable
from verify.reading.records import RecordGroup

VALUE = (
    r"value|worth|revenue|profit|utilit|benefit|reward|score|gain|return|contribution|importance|priorit|income|earning"
    r"|satisfaction|prestige|impact|rating|merit|yield|points|credit|appeal|payoff|usefulness|quality"
    r"|margin|price|saving"
    r"|effectiveness|significance|survival|scientific|data"
)
SIZE = (
    r"weigh|mass|volume|size|cost|space|time|duration|hour|minute|area|memory|load|bulk|budget|storage|length|weight|kg"
    r"|expense|investment|capital|fund|capacity|footprint|ram|cpu|bandwidth|power|energy|fuel|effort|staff"
    r"|consum|requir|m3|liter"
)
_CHOOSING = (
    r"\b(?:select|choos|pick|subset|which\s+\w+|combination|assortment|collection|includ|fund|load(?:ing)?"
    r"|pack|assembl|mix)\w*"
)
_AMOUNTS = (
    r"\bhow\s+many\b(?!\s+(?:points|votes|people)\s+(?!to\b|should\b|can\b|must\b))|\bquantit(?:y|ies)\s+of\s+each\b|\bnumber\s+of\s+(?:units\s+of\s+)?each\b|\bfraction(?:s"
    r"|ally)?\b|\bunlimited\b"
)
_LIMIT = (
    r"capacit|limit|maximum|at\s+most|exceed|surpass|up\s+to|budget|carry|allowance|threshold|payload"
    r"|bound|ceiling|cap\b"
    r"|capped|hold|support|accommodate|handle|available|restrict|permissible|allow|no\s+more\s+than|total"
    r"|within|constrain|certified|rated|ceiling|\broom\s+for\s+\d|\bspend\s+\d"
    r"|\b(?:has|have)\s+(?:[$€£]\d|\d[\d,.]*\s+(?:thousand\s+|million\s+)?(?:minutes|hours|days|kg|tons|tonnes|litres"
    r"|liters|euros|dollars|pounds|cubic|GB)\b)"
)
_WHOLE = (
    r"(?<![^.])[^.]*\b(?:indivisible|in\s+(?:its|their)\s+entirety|entirely|as\s+a\s+whole|in\s+full|fully|omitted"
    r"|left\s+behind|cannot\s+be\s+(?:split|divided|broken|partial\w*|subdivided)|partial(?:ly)?|not\s+(?:at\s+all"
    r"|included\s+at\s+all))\b[^.]*"
)

_AT_MOST_ONCE = (
    r"\beach\s+(?:of\s+(?:them|these)\s+)?at\s+most\s+once\b(?!\s+\w)"
    r"|\bno\s+\w+\s+(?:can|may)\s+be\s+\w+(?:\s+or\s+\w+)?\s+twice\b(?!\s+\w)"
    r"|\b(?:each|every|any)\s+\w+\s+is\s+either\s+\w+\s+or\s+not(?:\s+at\s+all)?\b(?!\s+\w)"
    r"|\b(?:each|every)\s+\w+\s+(?:can|may)\s+be\s+\w+\s+at\s+most\s+once\b(?!\s+\w)"
)


def _field_roles(case: Case, group: RecordGroup) -> tuple[int, list[int]] | None:
    """The position of the value and those of the sizes among the fields of the items."""
    width = len(group.records[0].fields)
    words = [" ".join(record.fields[i].words for record in group.records[:3]) for i in range(width)]
    goal = " ".join(match.group() for match in re.finditer(r"maximi[sz]\w*[^.;]*", case.text, re.I)).lower()
    goal = re.split(r"\b(?:while|without|subject|under|within|given|ensuring|respecting)\b", goal)[0]
    named = [i for i, name in enumerate(words) if any(stem in goal for stem in _stems(group.records[0].fields[i].name))]
    valued = [i for i, name in enumerate(words) if re.search(VALUE, name)]
    sized = [i for i, name in enumerate(words) if re.search(SIZE, name)]
    for candidates in (
        named,
        [i for i in valued if i not in sized],
        [i for i in range(width) if i not in sized],
        valued,
    ):
        if len(candidates) == 1:
            value = candidates[0]
            sizes = [i for i in range(width) if i != value]
            turned = value in sized and value not in valued and any(i in valued and i not in sized for i in sizes)
            return None if turned else (value, sizes)  # "maximize the total weight" of things that have a value
    return None


def _stems(name: str) -> list[str]:
    return [
        word[:6]
        for word in re.findall(r"[a-z]{4,}", name.lower())
        if word not in ("with", "that", "from", "contribution")
    ]


def _capacities(case: Case, claims: Claims, group: RecordGroup, sizes: list[int]) -> dict[int, Amount] | None:
    """The capacity of each size field: the numbers left over, matched by unit or by name."""
    left = [a for a in claims.amounts() if says_limit(a.sentence.text)]
    if len(sizes) == 1 and len({a.value for a in left}) == 1:
        unit = unit_key(group.records[0].fields[sizes[0]].unit)
        matching = all(alike(unit, unit_key(a.after[:30])) for a in left)
        for repeated in left[1:] if matching else ():
            claim_limit(claims, repeated)
        return {sizes[0]: left[0]} if matching else None
    found: dict[int, Amount] = {}
    for size in sizes:
        item = group.records[0].fields[size]
        unit = unit_key(item.unit)
        fitting = [a for a in left if unit and unit_key(a.after[:30]) == unit]
        fitting = fitting or [a for a in left if any(stem in a.before.lower()[-80:] for stem in _stems(item.name))]
        if len(fitting) != 1 or fitting[0] in found.values():
            return None
        found[size] = fitting[0]
    return found


def says_limit(text: str) -> bool:
    """Whether a sentence speaks of a limit."""
    return bool(re.search(_LIMIT, text, re.I))


def claim_limit(claims: Claims, amount: Amount) -> None:
    """Claim a capacity's number and the limiting words just before and after it."""
    words = list(
        re.finditer(
            (
                r"at\s+most|no\s+(?:more|greater)\s+than|not\s+more\s+than|maximum\s+of|cannot\s+(?:be\s+)?\w+"
                r"|must\s+not\s+\w+|may\s+not\s+\w+|fixed|additional\s+\w+|(?:exactly|precisely|only|just)\s*$"
            ),
            amount.before,
            re.I,
        )
    )
    start = amount.start
    for match in words:
        start = min(start, amount.sentence.start + match.start())
    behind = re.match(r"\s*[A-Za-z]+\s+at\s+(?:the\s+)?most\b", amount.after, re.I)
    claims.word(start, amount.end + (behind.end() if behind else 0))
    claims.take(amount.start, amount.end)


def recognise(case: Case) -> Found | Refusal:
    """A 0/1 knapsack with side conditions, or why the text is none."""
    groups = [g for g in case.groups if g.kind == "entity" and len(g.records) >= 2]
    groups = [
        g
        for g in groups
        if {len(r.fields) for r in g.records} in ({2}, {3}, {4})
        and not any(f.width for r in g.records for f in r.fields)
    ]
    if case.sense != "max" or len(groups) != 1 or not case.says(_CHOOSING) or case.says(_AMOUNTS):
        return Refusal("not a choice of whole items of greatest value")
    group = groups[0]
    if len(group.entities) != len(group.records):
        return Refusal("an item is listed twice", case.cite(group.start, group.start + 80))
    roles = _field_roles(case, group)
    if roles is None:
        return Refusal(
            "could not tell the value of an item from its size",
            case.cite(group.records[0].start, group.records[0].end),
            True,
        )
    value, sizes = roles
    claims = case.claims()
    claims.take_group(group)
    names = Names(group.entities)
    claims.take_labels(names)
    side = read_side_conditions(case, claims, names, "take")
    claims.take_counts(len(group.records))
    capacities = _capacities(case, claims, group, sizes)
    if capacities is None:
        return Refusal("could not tell the capacity", fits=True)
    for amount in capacities.values():
        claim_limit(claims, amount)
    whole = claims.take_all(_WHOLE) | claims.take_all(_AT_MOST_ONCE)
    claims.take_all(r",\s*if\s+(?:included|selected|chosen|loaded|taken|funded)\s*,")
    left = claims.leftover([names], KNAPSACK)
    if left:
        return left
    return Found(_formulation(case, group, value, capacities, side, whole), claims)


def _formulation(
    case: Case, group: RecordGroup, value: int, capacities: dict[int, Amount], side: SideConditions, whole: bool
) -> Formulation:
    parameters: list[Parameter] = [
        table_of(
            "value",
            "reward",
            ("items",),
            column_of(case, group, value),
            common_unit(r.fields[value] for r in group.records),
        )
    ]
    constraints: list[Constraint] = []
    for position, (index, amount) in enumerate(capacities.items(), start=1):
        tail = "" if len(capacities) == 1 else f"_{position}"
        unit = common_unit(r.fields[index] for r in group.records)
        parameters.append(table_of(f"size{tail}", "rate", ("items",), column_of(case, group, index), unit))
        parameters.append(
            scalar(
                f"capacity{tail}", "capacity", amount.value, case.cite(amount.sentence.start, amount.sentence.end), unit
            )
        )
        constraints.append(
            Constraint(
                f"capacity_limit{tail}",
                f"sum(size{tail}[i] * take[i] for i in items) <= capacity{tail}{side.capacity}",
                source=(case.cite(amount.sentence.start, amount.sentence.end),),
            )
        )
    assumptions = () if whole else (Assumption("take", "each item is taken whole or left"),)
    return Formulation(
        name="knapsack",
        objective=Objective("max", (Term("total_value", "sum(value[i] * take[i] for i in items)"), *side.terms)),
        sets=(label_set("items", group.entities),),
        parameters=(*parameters, *side.parameters),
        variables=(
            Variable("take", ("i in items",), "binary", description="whether the item is chosen"),
            *side.variables,
        ),
        constraints=(*constraints, *side.constraints),
        assumptions=assumptions,
        asked=("take[i] for i in items",),
    )
