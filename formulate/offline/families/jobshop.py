"""Scheduling jobs whose steps visit machines in given orders, to finish as early as possible (the job shop)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from formulate.offline.families.build import label_set, table_of
from formulate.offline.families.case import Case, Claims, Found, Refusal
from formulate.offline.families.licences import JOB_SHOP
from formulate.offline.families.names import Names, merge_mentions
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    Key,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)
from verify.reading.records import NUMERAL, RecordGroup, Step
from verify.reading.tables import parse_number

_SPAN = (
    r"\bmakespan\b|\bcompletion\b|\bfinish\w*|\bcomplet\w+|\btotal\s+(?:\w+\s+)?(?:time|duration)\b"
    r"|\boverall\s+(?:time|duration)\b"
)
_OTHER_GOAL = (
    r"\b(?:sum|added\s+up|total\s+of)\b[^.;]{0,60}\b(?:times?|complet\w+|finish\w*)\b|\btimes?\b[^.;]{0,60}\b(?:added\s+up|summed)\b"
    r"|\bfirst\s+[a-z]+\s+is\s+(?:finished|completed|done|ready)\b"
    r"|\b(?:sum|average|mean|weighted)\s+(?:of\s+)?(?:the\s+)?(?:all\s+)?(?:\w+\s+)?(?:completion|flow"
    r"|finish)|\btard\w+|\blateness\b|\bdue\s+dates?\b"
    r"|\bflow\s*time\b|\brelease\s+(?:date|time)s?\b"
)
_SEVERAL = r"\b(?:pieces|units|copies|items|batches)\s+(?:of\s+)?each\b"
_ONE_MACHINE = (
    r"\b(?:only|at\s+most|no\s+more\s+than)\s+one\s+(?:machine|station|worker|operator)\w*\s+(?:runs?|works?|operates?"
    r"|may|can)\b"
)
_STANDARD = (
    r"\bno\s+(?:machine|station|worker|tool)\s+(?:can|may)\s+(?:do|process|handle|work\s+on|treat|run)\s+"
    r"(?:two|more\s+than\s+one)\s+\w+\s+at\s+(?:the\s+same\s+time|once|a\s+time)\b(?=\s*[.,;])",
    r"(?<![^.])[^.]*\b(?:without\s+(?:interruption|pause|stopping|being)|cannot\s+be\s+(?:interrupted|paused"
    r"|stopped|preempted|halted|suspended)"
    r"|uninterrupted|(?:run|continu|proceed)\w*\s+(?:continuously|to\s+completion|until)|(?:not"
    r"|never)\s+be\s+(?:interrupted|paused|stopped))\b[^.]*",
    r"(?<![^.])[^.]*\b(?:only|at\s+most|no\s+more\s+than|just|maximum\s+of)\b[^.]*\b(?:one|1"
    r"|single)\b[^.]*\b(?:at\s+a\s+time|at\s+once|time|moment|simultaneously|concurrently)?\b[^.]*",
    r"(?<![^.])[^.]*\bone\b[^.]*\bat\s+a\s+time\b[^.]*",
    r"(?<![^.])[^.]*\b(?:exact|given|specified|fixed|mandatory|required|prescribed|predetermined|strict|specific"
    r"|set)\s+(?:\w+\s+)?(?:order|sequence|route)\b[^.]*",
    r"(?<![^.])[^.]*\border\s+(?:of|must)\b[^.]*\b(?:sequence|followed|order)\b[^.]*",
)


def recognise(case: Case) -> Found | Refusal:
    """A job shop with the makespan as objective, or why the text is none."""
    groups = [group for group in case.groups if group.kind == "sequence"]
    listed = not groups
    if listed:
        groups = [found for group in case.groups if (found := _sequences(case, group)) is not None]
    if len(groups) != 1 or case.sense == "max" or not case.says(_SPAN):
        return Refusal("not jobs with sequences of steps on machines")
    group = groups[0]
    other = case.says(_OTHER_GOAL) or case.says(_SEVERAL)
    if other:
        return Refusal("an objective other than the makespan", other.group(), True)
    if len(group.entities) != len(group.records) or any(not r.entity for r in group.records):
        return Refusal("could not tell the jobs apart", fits=True)
    ordered = not listed or bool(case.says(_ORDERED))
    if not ordered and len({tuple(step.label for step in record.steps) for record in group.records}) == 1:
        return Refusal("whether the steps have an order is not said", fits=True)
    busy = case.says(_ONE_MACHINE)
    if busy:
        return Refusal("a limit on machines that run at the same time", busy.group(), True)
    claims = case.claims()
    claims.take_group(group)
    machine_of = merge_mentions(step.label for record in group.records for step in record.steps)
    machines = sorted(dict.fromkeys(machine_of.values()), key=_natural)
    jobs, places = Names(group.entities), Names(machines)
    claims.take_labels(jobs, places)
    claims.take_counts(len(jobs), len(places), *{len(record.steps) for record in group.records})
    _named(case, claims, places)
    for pattern in _STANDARD:
        for match in re.finditer(pattern, case.text, re.I):
            named = jobs.find(match.group()) or places.find(match.group())
            if not (named and re.search(_EXCEPTED, match.group(), re.I)):
                claims.word(*match.span())
    left = claims.leftover([jobs, places], JOB_SHOP)
    if left:
        return left
    return Found(_formulation(case, group, machine_of, machines, ordered), claims)


_EXCEPTED = r"\b(?:but|except\w*|apart|other\s+than|unless|besides|save|unlike)\b"
_TIMES = r"h|hrs?|hours?|min|minutes?|mins|s|sec|seconds?|days?"
_LISTED_STEP = re.compile(
    rf"\s*(?P<label>[A-Za-z][\w-]*)\s*(?:\(\s*(?P<inside>{NUMERAL})\s*(?P<unit>{_TIMES})?\s*\)"
    rf"|(?P<bare>{NUMERAL})\s*(?P<after>{_TIMES}))\s*(?:,\s*(?:and\s+)?(?:then\s+)?|and\s+(?:then\s+)?|then\s+|→|->|\.?$)"
)
"""`M1 (4 h),` or `lathe 3 min`"""
_AS_LISTED = Assumption("order_of_steps", "the steps of a job are done in the order of the list")
_ORDERED = r"\border\b|\bsequence|\bfirst\b|\bthen\b|→|->|\broute|\bin\s+turn\b|\bafterwards\b"


def _sequences(case: Case, group: RecordGroup) -> RecordGroup | None:
    """A list of jobs with a machine and a time by turns, as sequences; None where a record says anything else."""
    records = []
    for record in group.records:
        text = case.text[record.start : record.end]
        at = len(text) - len(text.partition(":")[2])
        steps = []
        while at < len(text) and (match := _LISTED_STEP.match(text, at)):
            number = "inside" if match["inside"] else "bare"
            start, end = (record.start + place for place in match.span(number))
            unit = match["unit"] or match["after"] or ""
            steps.append(Step(match["label"], parse_number(match[number]), start, end, unit))
            at = match.end()
        if at < len(text) or len(steps) < 2 or ":" not in text or record.other or record.parent:
            return None
        records.append(replace(record, fields=(), steps=tuple(steps)))
    labels = [step.label for record in records for step in record.steps]
    recurring = all(labels.count(label) > 1 for label in labels)
    return replace(group, kind="sequence", records=tuple(records)) if recurring else None


def _named(case: Case, claims: Claims, machines: Names) -> None:
    """Claim where the machines are introduced by name: on two machines, a lathe and a mill."""
    for sentence in case.sentences:
        found = machines.find(sentence.text)
        if len({label for label, _, _ in found}) == len(found) == len(machines):
            before, gaps = sentence.text[: found[0][1]], [sentence.text[a[2] : b[1]] for a, b in pairwise(found)]
            told = re.search(
                r"\b(?:machines|stations|tools)\s*[,:(]?\s*(?:called\s+|named\s+)?(?:an?\s+|the\s+)?$", before
            )
            if told and all(re.fullmatch(r"\s*(?:,|,?\s*and)\s*(?:an?\s+|the\s+)?", gap) for gap in gaps):
                claims.word(sentence.start + found[0][1], sentence.start + found[-1][2])


def _natural(label: str) -> tuple[object, ...]:
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", label))


def _formulation(
    case: Case, group: RecordGroup, machine_of: dict[str, str], machines: list[str], ordered: bool
) -> Formulation:
    duration: dict[Key, tuple[int | float, str]] = {}
    where: list[Cell] = []
    operations: list[Key] = []
    for record in group.records:
        for place, step in enumerate(record.steps, start=1):
            quote = case.cite(max(record.start, step.start - len(step.label) - 4), min(record.end, step.end + 1))
            operations.append((record.entity, place))
            duration[(record.entity, place)] = (step.value, quote)
            where.append(Cell((record.entity, place), machine_of[step.label], quote))
    unit = next((step.unit for record in group.records for step in record.steps if step.unit), None)
    rivals = "(j, l) in operations if machine[i, k] == machine[j, l] and ord(i, jobs) < ord(j, jobs)"
    return Formulation(
        name="job_shop",
        objective=Objective("min", (Term("makespan", "finish"),)),
        sets=(
            label_set("jobs", group.entities),
            label_set("machines", machines),
            IndexSet(
                "operations", elements=tuple(operations), dimension=2, description="a job and the number of its step"
            ),
        ),
        parameters=(
            table_of("duration", "time", ("operations",), duration, unit),
            Parameter("machine", "label", axes=("operations",), cells=tuple(where), values_in="machines"),
            Parameter(
                "horizon",
                "bound",
                expr="sum(duration[i, k] for (i, k) in operations)",
                description="all steps one after another",
            ),
        ),
        variables=(
            Variable("start", ("(i, k) in operations",), lower="0", upper="horizon", unit=unit),
            Variable("finish", lower="0", upper="horizon", unit=unit, description="when the last job is done"),
        ),
        expressions=(NamedExpression("end", "start[i, k] + duration[i, k]", ("(i, k) in operations",)),),
        constraints=(
            Constraint(
                "order_of_steps", "start[i, k] >= end[i, k - 1]", ("(i, k) in operations if (i, k - 1) in operations",)
            ),
            Constraint(
                "one_at_a_time",
                "end[i, k] <= start[j, l] or end[j, l] <= start[i, k]",
                ("(i, k) in operations", rivals),
            ),
            Constraint("finished", "finish >= end[i, k]", ("(i, k) in operations",)),
        ),
        assumptions=(
            Assumption("makespan", "the completion time of all jobs is when the last one is done"),
            *(() if ordered else (_AS_LISTED,)),
        ),
        asked=("start[i, k] for (i, k) in operations",),
    )
