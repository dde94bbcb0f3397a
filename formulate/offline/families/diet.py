"""Whole portions of foods, or units of anything, that together give enough of each nutrient at least cost."""

from __future__ import annotations

import re

from formulate.offline.families.build import label_set, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.licences import DIET
from formulate.offline.families.measures import alike, unit_key
from solvers.formulation import Assumption, Constraint, Formulation, Key, Objective, Term, Variable
from verify.reading.records import Field, Record, RecordGroup

_SERVE = r"\b(?:diet\w*|nutri\w+|meal\w*|protein|calori\w*|vitamin\w*|feed\w*|food\w*)\b"
_LEAST = (
    r"\bat\s+least\b|\bminimum\b|\bno\s+less\s+than\b|\baim\s+to\b|\bgoal\w*\b|\bneed\w*\b|\brequire\w*\b"
    r"|\bmust\b|\btarget\w*\b|\bconsum\w*\b|\bensur\w+\b"
)
_NOT_LEAST = (
    r"\bexactly\b|\bprecisely\b|\bexceed|\bat\s+most\b|\bno\s+more\b|\bmay\b|\bcan\b|\bup\s+to\b|\bmaximum\b|\bbelow\b"
    r"|\bless\s+than\b|\bunder\b|\blimit|\bnot\b|\bonly\b"
)
_STOP = frozenset(
    [
        "gram",
        "grams",
        "unit",
        "units",
        "milligram",
        "milligrams",
        "of",
        "from",
        "and",
        "per",
        "day",
        "daily",
        "in",
        "the",
        "for",
        "only",
        "just",
        "cost",
        "costs",
        "with",
        "at",
        "least",
    ]
)


def _words(text: str) -> set[str]:
    return {word.rstrip("s")[:7] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _STOP}


def recognise(case: Case) -> Found | Refusal:
    """A least-cost covering of requirements by whole portions, or why the text is none."""
    groups = [g for g in case.groups if g.kind == "entity" and len({len(r.fields) for r in g.records}) == 1]
    groups = [g for g in groups if len(g.records[0].fields) >= 2]
    if len(groups) != 1 or len(case.groups) != 1 or case.sense == "max" or not case.says(_SERVE):
        return Refusal("not portions that give enough of each nutrient")
    group = groups[0]
    cost = _cost_position(case, group)
    if cost is None or len(group.entities) != len(group.records):
        return Refusal("could not tell the cost of a portion", fits=True)
    claims = case.claims()
    claims.take_group(group)
    claims.take_counts(len(group.records))
    needs = _requirements(claims)
    others = [i for i in range(len(group.records[0].fields)) if i != cost]
    if len(needs) != len(others):
        return Refusal("could not tell how much of each nutrient is needed", fits=True)
    position = _aligned(case, group, others, needs)
    if position is None:
        return Refusal("could not tell the nutrients apart", fits=True)
    for amount, index in zip(needs, position):
        told, own = unit_key(amount.after[:30]), unit_key(group.records[0].fields[index].unit)
        if not alike(told, own):
            return Refusal(f"a need in {told} of what is told in {own}", amount.sentence.text.strip(), True)
    for amount in needs:
        claims.take(amount.start, amount.end)
        claims.word(amount.sentence.start + _least_at(amount), amount.end)
    spoken = _spoken(case, group)
    if spoken:
        return spoken
    left = claims.leftover([], DIET, free=True)
    if left:
        return left
    return Found(_formulation(case, group, cost, needs, position), claims)


def _spoken(case: Case, group: RecordGroup) -> Refusal | None:
    """A sentence that names some of the foods says something of them; one that names nearly all lists them."""
    patterns = [rf"\b{re.escape(label.rstrip('s'))}(?:s|es)?\b" for label in group.entities]
    for sentence in case.sentences:
        named = [label for label, p in zip(group.entities, patterns) if re.search(p, sentence.text, re.I)]
        if 0 < len(named) < len(patterns) - 1:
            return Refusal(f"what is said of {named[0]} was not understood", sentence.text.strip(), True)
    return None


def _least_at(amount: Amount) -> int:
    found = list(re.finditer(r"\bat\s+least\b|\bminimum\s+of\b|\bno\s+less\s+than\b", amount.before, re.I))
    return found[0].start() if found else len(amount.before)


def _cost_position(case: Case, group: RecordGroup) -> int | None:
    """The field that is money in every record."""
    found = set()
    for record in group.records:
        money = [
            i
            for i, item in enumerate(record.fields)
            if case.text[item.start - 1 : item.start] == "$"
            or re.search(r"\$|\bdollars?\b|\bcosts?\b|\bprice", item.words)
        ]
        marked = [
            i
            for i in money
            if case.text[max(0, record.fields[i].start - 1) : record.fields[i].end].startswith("$")
            or "$" in record.fields[i].unit
            or "dollar" in record.fields[i].unit
        ]
        money = marked or money
        if len(money) != 1:
            return None
        found.add(money[0])
    return found.pop() if len(found) == 1 else None


def _requirements(claims: Claims) -> list[Amount]:
    """The numbers of the one sentence that says how much is needed."""
    by_sentence: dict[int, list[Amount]] = {}
    for amount in claims.amounts():
        if re.search(_LEAST, amount.sentence.text, re.I):
            by_sentence.setdefault(amount.sentence.start, []).append(amount)
    needs = next(iter(by_sentence.values())) if len(by_sentence) == 1 else []
    starts = [0, *(amount.end - amount.sentence.start for amount in needs[:-1])]
    told = [amount.before[start:] for start, amount in zip(starts, needs)]
    return [] if any(re.search(_NOT_LEAST, words, re.I) for words in told) else needs


def _around(case: Case, record: Record, index: int) -> str:
    """The words between a number and its neighbours in its record."""
    fields = record.fields
    start = fields[index - 1].end if index else record.start
    end = fields[index + 1].start if index + 1 < len(fields) else record.end
    return case.text[start:end]


def _aligned(case: Case, group: RecordGroup, others: list[int], needs: list[Amount]) -> list[int] | None:
    """For each requirement the position of its nutrient: told by name in some records, contradicted in none."""
    stops = [a.start for a in needs[1:]] + [needs[-1].sentence.end]
    named = [_words(re.split(r"[.;]|\bfrom\b", case.text[a.end : stop])[0]) for a, stop in zip(needs, stops)]
    position: list[int] = []
    for own in named:
        rest = set().union(*(other for other in named if other is not own))
        own_words = own - rest
        fits = {i: sum(bool(own_words & _words(_after(case, r, i))) for r in group.records) for i in others}
        best = max(fits, key=lambda i: fits[i])
        if not own_words or fits[best] * 2 <= len(group.records) or list(fits.values()).count(fits[best]) > 1:
            return None
        for record in group.records:
            if not own_words & _words(_around(case, record, best)) and rest & _words(_after(case, record, best)):
                return None
        position.append(best)
    return position if len(set(position)) == len(position) else None


def _after(case: Case, record: Record, index: int) -> str:
    stop = record.fields[index + 1].start if index + 1 < len(record.fields) else record.end
    return case.text[record.fields[index].end : stop]


def _formulation(case: Case, group: RecordGroup, cost: int, needs: list[Amount], position: list[int]) -> Formulation:
    labels: list[str] = []
    contents: dict[Key, tuple[int | float, str]] = {}
    least: dict[Key, tuple[int | float, str]] = {}
    for amount, index in zip(needs, position):
        words = re.match(
            r"\s*(?:(?:grams?|units?|milligrams?|mg|g)\s+(?:of\s+)?)?([A-Za-z][A-Za-z -]*?)(?=,|\.|;"
            r"|\band\b|\bfrom\b|\bper\b|$)",
            amount.after,
        )
        label = words[1].strip() if words and words[1].strip() else f"nutrient {len(labels) + 1}"
        labels.append(label)
        least[(label,)] = (amount.value, case.cite(amount.sentence.start, amount.sentence.end))
        for record in group.records:
            contents[(record.entity, label)] = (
                record.fields[index].value,
                case.cite_field(record, record.fields[index]),
            )
    prices: dict[Key, tuple[int | float, str]] = {}
    for record in group.records:
        item: Field = record.fields[cost]
        prices[(record.entity,)] = (item.value, case.cite_field(record, item))
    fractional = case.says(r"\bfraction\w*|\bcontinuous\w*|\bany\s+amount|\bpartial\s+(?:serving|portion)s?")
    return Formulation(
        name="diet",
        objective=Objective("min", (Term("total_cost", "sum(cost[f] * buy[f] for f in foods)"),)),
        sets=(label_set("foods", group.entities), label_set("nutrients", labels)),
        parameters=(
            table_of("cost", "cost", ("foods",), prices),
            table_of("content", "rate", ("foods", "nutrients"), contents),
            table_of("least", "requirement", ("nutrients",), least),
        ),
        variables=(
            Variable(
                "buy", ("f in foods",), "continuous" if fractional else "integer", lower="0", description="portions"
            ),
        ),
        constraints=(
            Constraint("enough", "sum(content[f, n] * buy[f] for f in foods) >= least[n]", ("n in nutrients",)),
        ),
        assumptions=() if fractional else (Assumption("buy", "foods are bought in whole portions"),),
        asked=("buy[f] for f in foods",),
    )
