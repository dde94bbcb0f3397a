"""Sharing money among assets at least variance, given covariances (Markowitz, Journal of Finance 7(1), 1952)."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.flows import Values
from formulate.offline.families.licences import PORTFOLIO
from formulate.offline.families.names import Names
from solvers.formulation import Assumption, Constraint, Formulation, Objective, Parameter, Term, Unused, Variable
from verify.reading.records import RecordGroup
from verify.reading.tables import Table

_RETURN = r"\breturns?\b|\byields?\b|\bgains?\b"
_LEAST = r"\b(?:at\s+least|no\s+less\s+than|not\s+less\s+than|minimum(?:\s+of)?|not\s+(?:fall|be)\s+below)\b"
_MOST = r"\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|maximum(?:\s+of)?|up\s+to|not\s+exceed)\b"
_ANY_ONE = r"\b(?:any|each|every)\s+(?:one\s+|single\s+)?(?:\w+\s+)?\w+|\bany\s+of\s+(?:them|these)\b"
_PEOPLE = r"\bhas\s+[\d,]+\s+(?:members|clients|customers|employees|investors|pensioners|branches|offices)\b"
_NO_SHORT = (
    r"\b(?:nothing|none|no\s+\w+)\s+(?:may|can|must|is\s+to)\s+be\s+(?:borrowed\s+or\s+)?"
    r"(?:sold\s+short|shorted|borrowed)\b"
    r"|\bno\s+short[- ]?(?:selling|sales?)\b"
    r"|\bshort[- ]?(?:selling|sales?)\s+(?:is|are)\s+not\s+(?:allowed|permitted)\b"
    r"|\b(?:cannot|may\s+not|must\s+not)\s+be\s+(?:negative|sold\s+short)\b"
)
_SHORT_MAY = r"\bshort[- ]?(?:selling|sales?)\s+(?:is|are)\s+(?:allowed|permitted)\b|\bmay\s+be\s+sold\s+short\b"
_INVESTED = (
    r"\b(?:all|whole|entire|fully|full)\b[^.;]*\binvest\w*"
    r"|\binvest\w*\b[^.;]*\b(?:all|fully|in\s+full|whole|entire)\b"
)


def recognise(case: Case) -> Found | Refusal:
    """A portfolio of least variance from a table of covariances, or why the text is none."""
    square = [table for table in case.tables if table.labelled and table.header and table.regular and table.numeric]
    square = [t for t in square if Names(t.row_labels).labels == t.column_labels and len(t.row_labels) > 1]
    if len(square) != 1 or not case.says(r"\bcovarian\w+") or not case.says(r"\brisk\w*\b|\bvarian\w+"):
        return Refusal("not a portfolio with covariances")
    other = case.says(r"\bcorrelation|\bsharpe|\brisk[- ]avers|\btrade-?off")
    short = re.search(_SHORT_MAY, re.sub(_NO_SHORT, " ", case.text, flags=re.I), re.I)
    if case.sense == "max" or other or short:
        return Refusal("another aim than the least variance, or shares below nothing", fits=True)
    names = Names(square[0].row_labels)
    covariance = _covariance(square[0])
    if isinstance(covariance, Refusal):
        return covariance
    groups = [g for g in case.groups if g.kind == "entity" and {len(r.fields) for r in g.records} == {1}]
    told = [g for g in groups if re.search(_RETURN, _words(g), re.I) and set(g.entities) == set(names.labels)]
    if len(told) != 1 or len(groups) != 1:
        return Refusal("could not tell the expected returns", fits=True)
    claims = case.claims()
    claims.take_group(told[0])
    claims.take_labels(names)
    claims.take_counts(len(names))
    unused = _people(case, claims)
    limits = _limits(case, claims, told[0])
    if isinstance(limits, Refusal):
        return limits
    claims.take_all(_NO_SHORT)
    invested = claims.take_all(_INVESTED)
    left = claims.leftover([names], PORTFOLIO)
    return left or Found(_formulation(case, names, covariance, told[0], limits, invested, unused), claims)


def _words(group: RecordGroup) -> str:
    return " ".join([group.heading, *(record.fields[0].words for record in group.records)])


def _covariance(table: Table) -> Values | Refusal:
    cells: Values = {}
    for row, line in zip(table.row_labels, table.body):
        for column, cell in zip(table.column_labels, line):
            if cell.value is None:
                return Refusal("a covariance is missing", fits=True)
            cells[(row, column)] = (cell.value, f"{row} / {column}: {cell.text}")
    if any(value != cells[(b, a)][0] for (a, b), (value, _) in cells.items()):
        return Refusal("the table of covariances is not symmetric", fits=True)
    if any(cells[(row, row)][0] < 0 for row in table.row_labels):
        return Refusal("a variance is negative", fits=True)
    if any(value**2 > cells[(a, a)][0] * cells[(b, b)][0] for (a, b), (value, _) in cells.items()):
        return Refusal("two assets vary together more than each of them varies", fits=True)
    return cells


def _people(case: Case, claims: Claims) -> tuple[Unused, ...]:
    """Counts of people and places do not enter how money is shared."""
    found = []
    for sentence, match in case.prose(_PEOPLE):
        for amount in claims.amounts_in(sentence):
            if match.start() <= amount.start - sentence.start < match.end():
                claims.take(amount.start, amount.end)
                quote = case.cite(sentence.start, sentence.end)
                found.append(Unused(quote, amount.value, "a count that does not enter how the money is shared"))
    return tuple(found)


def _limits(case: Case, claims: Claims, returns: RecordGroup) -> list[tuple[str, str, float, str]] | Refusal:
    """(what, sign, value, quote) of each number left: a bound on the return of the whole or on every share."""
    found: list[tuple[str, str, float, str]] = []
    in_percent = re.search(r"%|percent", returns.records[0].fields[0].unit) is not None
    for amount in claims.amounts():
        clause = _clause(case, amount)
        least, most = re.search(_LEAST, clause, re.I), re.search(_MOST, clause, re.I)
        percent = re.match(r"\s*(?:%|per\s?cent)", amount.after) is not None
        quote = case.cite(amount.sentence.start, amount.sentence.end)
        after = re.split(r"[.;]|,\s*and\b", amount.after)[0]
        if bool(least) == bool(most):
            return Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
        sign = ">=" if least else "<="
        each = re.search(_ANY_ONE, after, re.I)
        if each and not re.search(_RETURN, clause + after, re.I) and percent:
            found.append(("share", sign, amount.value / 100, quote))
        elif re.search(_RETURN, clause, re.I) and least and percent == in_percent and not each:
            found.append(("return", sign, amount.value, quote))
        else:
            return Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
        claims.take(amount.start, amount.end)
        claims.word(amount.start - len(clause), amount.end)
    if len({(what, sign) for what, sign, _, _ in found}) != len(found):
        return Refusal("two numbers bound the same thing", fits=True)
    return found


def _clause(case: Case, amount: Amount) -> str:
    earlier = [a.end for a in case.amounts if a.sentence is amount.sentence and a.end <= amount.start]
    return amount.before[max(earlier, default=amount.sentence.start) - amount.sentence.start :]


def _formulation(
    case: Case, names: Names, covariance: Values, returns: RecordGroup,
    limits: list[tuple[str, str, float, str]], invested: bool, unused: tuple[Unused, ...],
) -> Formulation:  # fmt: skip
    percent = returns.records[0].fields[0].unit
    parameters: list[Parameter] = [
        table_of("covariance", "coefficient", ("assets", "assets"), covariance),
        table_of("expected_return", "reward", ("assets",), column_of(case, returns, 0), percent),
    ]
    constraints = [Constraint("all_invested", "sum(share[a] for a in assets) == 1")]
    lower, upper = "0", None
    for what, sign, value, quote in limits:
        if what == "return":
            parameters.append(scalar("least_return", "requirement", value, quote, percent))
            expr = f"sum(expected_return[a] * share[a] for a in assets) {sign} least_return"
            constraints.append(Constraint("enough_return", expr, source=(quote,)))
        else:
            name = "least_share" if sign == ">=" else "greatest_share"
            parameters.append(scalar(name, "ratio", value, quote))
            lower, upper = (name, upper) if sign == ">=" else (lower, name)
    assumptions = [] if invested else [Assumption("all_invested", "all of the money is invested")]
    if not case.says(_NO_SHORT):
        assumptions.append(Assumption("share", "nothing is sold short"))
    risk = "sum(covariance[a, b] * share[a] * share[b] for a in assets for b in assets)"
    return Formulation(
        name="least_variance",
        objective=Objective("min", (Term("variance", risk),)),
        sets=(label_set("assets", names.labels),),
        parameters=tuple(parameters),
        variables=(Variable("share", ("a in assets",), lower=lower, upper=upper, description="its part of the money"),),
        constraints=tuple(constraints),
        assumptions=tuple(assumptions),
        unused=unused,
        asked=("share[a] for a in assets",),
    )
