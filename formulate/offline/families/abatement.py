"""Treating sources with techniques so that a total burden falls by a fraction, at least cost."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.flows import Values, from_table
from formulate.offline.families.licences import ABATEMENT
from formulate.offline.families.names import Names
from solvers.formulation import Assumption, Constraint, Formulation, Objective, Parameter, Term, Variable
from verify.reading.records import RecordGroup

_RATE = (
    r"reduc|remov|captur|diver|lower|eliminat|cut|decreas|effic|effect|abat|mitigat|filter|save|saving|recover"
    r"|curb|improv|treat"
)
_COEFFICIENT = r"coefficient|factor|intensity|concentration|rate|ratio|index|per\s|density|content"


def recognise(case: Case) -> Found | Refusal:
    """Sources, techniques and a fraction to be removed, or why the text is none."""
    entities = [g for g in case.groups if g.kind == "entity"]
    double = [g for g in entities if {len(r.fields) for r in g.records} == {2} and not g.records[0].fields[0].width]
    single = [
        g
        for g in entities
        if {len(r.fields) for r in g.records} == {1}
        and re.search(_RATE, g.records[0].fields[0].words + g.heading.lower())
    ]
    if case.sense != "min" or len(double) != 1 or len(single) != 1:
        return Refusal("not sources treated by techniques")
    sources, techniques = Names(double[0].entities), Names(single[0].entities)
    costs = next((c for table in case.tables if (c := from_table(case, table, sources, techniques)) is not None), None)
    if costs is None or len(costs) != len(sources) * len(techniques):
        return Refusal("no cost for each source and technique", fits=True)
    coefficient = _coefficient(double[0])
    if coefficient is None:
        return Refusal(
            "could not tell the volume of a source from its coefficient",
            case.cite(double[0].records[0].start, double[0].records[0].end),
            True,
        )
    claims = case.claims()
    claims.take_group(double[0])
    claims.take_group(single[0])
    claims.take_labels(sources, techniques)
    claims.take_counts(len(sources), len(techniques))
    target = _target(claims)
    if target is None:
        return Refusal("could not tell the fraction to be removed", fits=True)
    claims.word(target.sentence.start, target.end)
    claims.take(target.start, target.end)
    several = claims.take_all(
        r"(?:multiple|several|more\s+than\s+one|many|combination|various)\b[^.;]*\b(?:concurrent\w*"
        r"|simultaneous\w*|together|at\s+once|same\s+time|in\s+parallel)\b"
    ) or bool(case.says(r"\b(?:multiple|several|more\s+than\s+one)\b"))
    if several:
        return Refusal(
            ("the text does not say how several techniques at one source combine: add up or act on what is left"),
            fits=True,
        )
    claims.take_all(r"\bif\s+(?:required|needed|necessary|desired|appropriate|warranted|deemed\s+\w+|so\s+desired)\b")
    claims.take_all(
        r"\bsimultaneous\w*|\bconcurrent\w*|\badditional\s+(?:\w+\s+)?(?:cost|expense|expenditure|charge)s?\b"
        r"|\bextra\s+(?:\w+\s+)?(?:cost|expense)s?\b"
    )
    claims.take_all(r"\b(?:a|an|the|some|each)\s+(?:\w+\s+)?proportion\b|\bpairings?\b")
    left = claims.leftover([sources, techniques], ABATEMENT)
    if left:
        return left
    return Found(_formulation(case, double[0], single[0], costs, coefficient, target), claims)


def _coefficient(group: RecordGroup) -> int | None:
    fields = group.records[0].fields
    named = [i for i in (0, 1) if re.search(_COEFFICIENT, fields[i].name.lower())]
    if len(named) == 2:
        named = [
            i for i in named if re.search(r"coefficient|factor|intensity|concentration|index", fields[i].name.lower())
        ]
    return named[0] if len(named) == 1 else None


def _target(claims: Claims) -> Amount | None:
    found = [
        a
        for a in claims.amounts()
        if re.search(r"at\s+least|no\s+less\s+than|minimum|fraction|proportion|percent|by\s", a.before, re.I)
    ]
    return found[0] if len(found) == 1 else None


def _formulation(
    case: Case, group: RecordGroup, techniques: RecordGroup, costs: Values, coefficient: int, target: Amount
) -> Formulation:
    percent = all(r.fields[0].unit.startswith("%") for r in techniques.records)
    fraction = target.value / 100 if re.match(r"\s*(?:%|percent)", target.after) else target.value
    quote = case.cite(target.sentence.start, target.sentence.end)
    parameters: tuple[Parameter, ...] = (
        table_of("intensity", "rate", ("sources",), column_of(case, group, coefficient)),
        table_of("volume", "other", ("sources",), column_of(case, group, 1 - coefficient)),
        table_of("removal", "ratio", ("techniques",), column_of(case, techniques, 0, scale=0.01 if percent else 1.0)),
        table_of("cost", "cost", ("sources", "techniques"), costs),
        scalar(
            "target", "requirement", fraction, quote, description="the fraction of the untreated burden to be removed"
        ),
    )
    constraints = [
        Constraint(
            "reduce",
            "sum(intensity[i] * volume[i] * removal[k] * treat[i, k] for i in sources for k in techniques)"
            " >= target * sum(intensity[i] * volume[i] for i in sources)",
            source=(quote,),
        ),
        Constraint("one_treatment", "sum(treat[i, k] for k in techniques) <= 1", ("i in sources",)),
    ]
    return Formulation(
        name="abatement",
        objective=Objective(
            "min",
            (Term("total_cost", "sum(cost[i, k] * volume[i] * treat[i, k] for i in sources for k in techniques)"),),
        ),
        sets=(label_set("sources", group.entities), label_set("techniques", techniques.entities)),
        parameters=parameters,
        variables=(
            Variable(
                "treat",
                ("i in sources", "k in techniques"),
                lower="0",
                upper="1",
                description="treated part of the source",
            ),
        ),
        constraints=tuple(constraints),
        assumptions=(Assumption("treat", "a part of a source may be treated by a technique"),),
        asked=("treat[i, k] for i in sources for k in techniques",),
    )
