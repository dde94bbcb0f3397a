"""Sharing a whole among options: shares within bounds that sum to one, a mean score to maximise, a limit on another."""

from __future__ import annotations

import re

from formulate.offline.families.build import column_of, label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.licences import SHARES
from formulate.offline.families.names import Names
from solvers.formulation import Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from verify.reading.records import RecordGroup

_AT_LEAST = (
    r"(?:at\s+least|no\s+less\s+than|not\s+less\s+than|minimum(?:\s+of)?|not\s+fall\s+below"
    r"|exceed\s+or\s+equal|or\s+more)"
)
_AT_MOST = (
    r"(?:not\s+exceed|at\s+most|no\s+more\s+than|not\s+surpass|maximum(?:\s+of)?|no\s+greater\s+than"
    r"|capped\s+at|below|within|limited\s+to|upper\s+limit)"
)
_WHOLE = r"\b(?:sum|total|add|equal|entire|100\s*%|fully|whole|exhaust|all)\w*\b"


def _layout(group: RecordGroup) -> tuple[list[int], int, int] | None:
    """Positions of the scores, of the lower bound and of the upper bound of a share."""
    first = group.records[0].fields
    bracketed = [i for i, item in enumerate(first) if item.width == 2]
    plain = [i for i, item in enumerate(first) if item.width == 0]
    if len(bracketed) == 2:
        return plain, bracketed[0], bracketed[1]
    low = [i for i in plain if re.search(r"\bmin|lower|least", first[i].words)]
    high = [i for i in plain if re.search(r"\bmax|upper|most", first[i].words)]
    if len(low) == len(high) == 1:
        return [i for i in plain if i not in (low[0], high[0])], low[0], high[0]
    return None


def _stems(words: str) -> list[str]:
    return [
        word[:6]
        for word in re.findall(r"[a-z]{4,}", words.lower())
        if word not in ("score", "index", "level", "rating", "factor", "expected")
    ]


def _about(text: str, names: list[str], others: list[str]) -> int:
    """How many of the words of one score, that another score does not share, a text holds."""
    own = [stem for stem in names if stem not in others] or names
    return sum(stem in text.lower() for stem in own)


def recognise(case: Case) -> Found | Refusal:
    """A share of a whole for each option, or why the text is none."""
    groups = [g for g in case.groups if g.kind == "entity" and len({len(r.fields) for r in g.records}) == 1]
    groups = [g for g in groups if _layout(g) is not None and len(g.records) >= 2]
    if len(groups) != 1 or not case.says(_WHOLE) or not case.sense:
        return Refusal("not shares of a whole within bounds")
    group = groups[0]
    layout = _layout(group)
    assert layout is not None
    scores = layout[0]
    if not 1 <= len(scores) <= 2 or len(group.entities) != len(group.records):
        return Refusal("could not tell the scores of an option", fits=True)
    words = [_stems(group.records[0].fields[i].words) for i in scores]
    goals = " ".join(
        m.group() for m in re.finditer(r"(?:maximi|minimi)[sz]\w*\b(?:(?!\bwhile\b)[^.;])*", case.text, re.I)
    )
    weights = [_about(goals, words[i], words[1 - i] if len(scores) == 2 else []) for i in range(len(scores))]
    if len(scores) == 2 and weights[0] == weights[1]:
        if case.sense == "max" and re.search(
            r"risk|impact|volatil|variance|difficul|cost|loss|hazard|disrupt|emission",
            group.records[0].fields[scores[1]].words,
        ):
            weights = [1, 0]
        else:
            return Refusal("could not tell which score is the objective", fits=True)
    goal = weights.index(max(weights))
    names = Names(group.entities)
    claims = case.claims()
    claims.take_group(group)
    claims.take_labels(names)
    claims.take_counts(len(names))
    limits = _Limits(case, claims, names, words, scores, goal)
    problem = limits.read()
    if problem:
        return problem
    _claim_phrases(claims)
    left = claims.leftover([names], SHARES)
    if left:
        return left
    return Found(_formulation(case, group, layout, goal, limits), claims)


def _claim_phrases(claims: Claims) -> None:
    claims.take_all(r"\bfixed\s+(?:\w+\s+){0,2}(?:budget|amount|total|fund\w*|capital|sum|pool)\b")
    claims.take_all(r"\b(?:fractions?|proportions?|percentage|shares?)\s+(?:of|that|sum|must|within|should)\b")
    claims.take_all(r"\b(?:all|a|the|each|every|these)\s+(?:\w+\s+){0,2}proportions?\b")
    claims.take_all(r"\bsum\s+(?:up\s+)?to\s+(?:one|1(?:\.0+)?|unity|100\s*%)(?!\d)", numbers=True)
    claims.take_all(r"\bequal\s+(?:to\s+)?(?:one|1(?:\.0+)?|unity|100\s*%)(?!\d|\.\d)", numbers=True)
    claims.take_all(r"\bboth\s+(?:its|the|their)?\s*(?:specified\s+)?(?:lower|minimum|upper)[^.,;]*")


class _Limits:
    """Rows on totals of scores and on the share of named options, read from the numbers of the prose."""

    def __init__(
        self, case: Case, claims: Claims, names: Names, words: list[list[str]], scores: list[int], goal: int
    ) -> None:
        self.case, self.claims, self.names = case, claims, names
        self.words, self.scores, self.goal = words, scores, goal
        self.parameters: list[Parameter] = []
        self.sets: list[IndexSet] = []
        self.constraints: list[Constraint] = []

    def read(self) -> Refusal | None:
        """Claim every number of the prose as the bound of a row; the first that is none is the refusal."""
        self.claims.take_all(r"\b(?:sum|add)\w*\s+(?:up\s+)?to\s+(?:one|1(?:\.0+)?|100\s*%)(?!\d|\.\d)", numbers=True)
        self.claims.take_all(
            r"\b(?:total|whole|entire|full|unit"
            r"|normali[sz]ed)\s+(?:to\s+)?(?:available\s+)?(?:\w+\s+)?(?:of\s+)?\(?(?:1(?:\.0+)?"
            r"|100\s*%)\)?(?!\.?\d)",
            numbers=True,
        )
        self._claim_sets()
        for amount in self.claims.amounts():
            clause = self._clause(amount)
            percent = bool(re.match(r"\s*(?:%|percent)", amount.after))
            value = amount.value / 100 if percent else amount.value
            least = re.search(rf"{_AT_LEAST}\W*(?:\w+\W+){{0,2}}$", clause, re.I)
            most = re.search(rf"{_AT_MOST}\W*(?:\w+\W+){{0,2}}$", clause, re.I)
            if bool(least) == bool(most):
                return Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
            sign = ">=" if least else "<="
            members = self._members(amount)
            of_score = re.search(r"\b(?:score|factor|index|level|rating)s?\s+of\b", clause, re.I)
            if members and of_score:
                return Refusal("a limit on a score of some options only", amount.sentence.text.strip(), True)
            if members:
                self._share(amount, value, sign, members)
            elif not self._score(amount, value, sign, clause):
                return Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
        return None

    def _claim_sets(self) -> None:
        """Claim listed sets (`L = {A, B}`) with the letter that names them; `_members` reads them again."""
        for match in re.finditer(r"(?:\b\w+s?\s+)?(?:\b[A-Z]\s*=\s*)?\\?\{([^{}]*?)\\?\}", self.case.text):
            parts = [part for part in re.split(r",|\band\b", match[1]) if part.strip()]
            if parts and all(self.names.match(part) for part in parts):
                self.claims.take(*match.span())

    def _clause(self, amount: Amount) -> str:
        earlier = [a.end for a in self.case.amounts if a.sentence is amount.sentence and a.end <= amount.start]
        return amount.before[max(earlier, default=amount.sentence.start) - amount.sentence.start :]

    def _members(self, amount: Amount) -> tuple[list[str], int, int] | None:
        before = amount.before
        braces = list(re.finditer(r"\\?\{([^{}]*?)\\?\}", before))
        if braces and not any(
            a.sentence is amount.sentence
            and a.start - amount.sentence.start > braces[-1].end()
            and a.end < amount.start
            for a in self.case.amounts
        ):
            labels = [self.names.match(part) for part in re.split(r",|\band\b", braces[-1][1]) if part.strip()]
            if labels and None not in labels:
                return [label for label in labels if label], braces[-1].start(), braces[-1].end()
            return None
        found = [item for item in self.names.find(before) if item[1] >= len(before) - len(self._clause(amount))]
        return ([label for label, _, _ in found], found[0][1], found[-1][2]) if found else None

    def _share(self, amount: Amount, value: float, sign: str, members: tuple[list[str], int, int]) -> None:
        labels, start, end = members
        number = len(self.sets) + 1
        quote = self.case.cite(amount.sentence.start, amount.sentence.end)
        self.sets.append(IndexSet(f"group_{number}", elements=tuple(labels), within="options", source=(quote,)))
        self.parameters.append(scalar(f"share_{number}", "ratio", value, quote))
        expr = f"sum(share[i] for i in group_{number}) {sign} share_{number}"
        self.constraints.append(Constraint(f"share_of_group_{number}", expr, source=(quote,)))
        base = amount.sentence.start
        self.claims.take(base + start, base + end)
        self.claims.take(base + end, amount.end)

    def _score(self, amount: Amount, value: float, sign: str, clause: str) -> bool:
        counts = [
            _about(clause, own, self.words[1 - i] if len(self.words) == 2 else []) for i, own in enumerate(self.words)
        ]
        if max(counts) == 0 and len(counts) == 2 and sign == "<=" and self.case.sense == "max":
            counts[1 - self.goal] = 1  # a ceiling in other words, where the only other score is the goal
        if max(counts) == 0 or counts.count(max(counts)) > 1:
            return False
        score = counts.index(max(counts))
        name = "floor" if sign == ">=" else "ceiling"
        name = f"{name}_{len(self.parameters) + 1}"
        quote = self.case.cite(amount.sentence.start, amount.sentence.end)
        self.parameters.append(scalar(name, "bound", value, quote))
        symbol = "score" if score == self.goal else "burden"
        self.constraints.append(
            Constraint(
                f"total_{symbol}", f"sum({symbol}[i] * share[i] for i in options) {sign} {name}", source=(quote,)
            )
        )
        self.claims.take(amount.start - len(clause), amount.end)
        return True


def _formulation(
    case: Case, group: RecordGroup, layout: tuple[list[int], int, int], goal: int, limits: _Limits
) -> Formulation:
    scores, low, high = layout
    parameters = [
        table_of(
            "score", "reward" if case.sense == "max" else "cost", ("options",), column_of(case, group, scores[goal])
        )
    ]
    if len(scores) == 2:
        parameters.append(table_of("burden", "rate", ("options",), column_of(case, group, scores[1 - goal])))
    scale = 0.01 if group.records[0].fields[low].unit.startswith("%") else 1.0
    parameters.append(table_of("least", "ratio", ("options",), column_of(case, group, low, scale=scale)))
    parameters.append(table_of("most", "ratio", ("options",), column_of(case, group, high, scale=scale)))
    return Formulation(
        name="shares",
        objective=Objective(
            "max" if case.sense == "max" else "min", (Term("total_score", "sum(score[i] * share[i] for i in options)"),)
        ),
        sets=(label_set("options", group.entities), *limits.sets),
        parameters=(*parameters, *limits.parameters),
        variables=(
            Variable(
                "share", ("i in options",), lower="least[i]", upper="most[i]", description="its part of the whole"
            ),
        ),
        constraints=(Constraint("whole", "sum(share[i] for i in options) == 1"), *limits.constraints),
        asked=("share[i] for i in options",),
    )
