"""Side conditions on choosing items, told in words: exactly one of, not both, if ... then, a bonus if any.

The mentions of items in a sentence are masked by a private character per item, at their own length, so that
patterns see structure (`exactly one of M and M`) and spans stay those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from formulate.offline.families.build import scalar
from formulate.offline.families.case import COUNT, Case, Claims, Sentence, whole_number
from formulate.offline.families.names import Names, tokens
from solvers.formulation import Constraint, Parameter, Term, Variable

_BASE = 0xE000
_M = "([\ue000-\uf8ff])\\{0}*"
_ONE = "[\ue000-\uf8ff]+"
_LIST = rf"{_ONE}(?:\s*(?:,\s*(?:and|or|&)?|and|or|&)\s*(?:the\s+)?{_ONE})*"
_TAKEN = (
    r"(?:is|are|be|being|gets?|were)?\s*(?:also\s+)?(?:select|choos|chosen|includ|load|pack|pick|tak|us"
    r"|fund|ship|accept"
    r"|approv|undertak|built|build|dispatch|plac|carri|adopt|deploy|implement|purchas|present|employ|invest)\w*"
)


@dataclass
class SideConditions:
    """What the side conditions add to a formulation; `capacity` is a formula to add to the capacity."""

    parameters: list[Parameter] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    capacity: str = ""
    constants: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    case: Case
    claims: Claims
    names: Names
    choice: str
    side: SideConditions = field(default_factory=SideConditions)
    unit_of_value: str = ""

    def mask(self, text: str) -> str:
        for label, start, end in reversed(self.names.find(text)):
            mark = chr(_BASE + self.names.labels.index(label))
            text = text[:start] + mark * (end - start) + text[end:]
        return text

    def marks(self, text: str) -> list[str]:
        return [self.names.labels[ord(run[0]) - _BASE] for run in re.findall(_ONE, text)]

    def x(self, label: str) -> str:
        quote = "'" if "'" not in label else '"'
        return f"{self.choice}[{quote}{label}{quote}]"

    def total(self, labels: list[str]) -> str:
        return " + ".join(self.x(label) for label in labels)

    def add(self, name: str, expr: str, sentence: Sentence, span: tuple[int, int]) -> None:
        number = len(self.side.constraints) + 1
        source = (self.case.cite(sentence.start, sentence.end),)
        self.side.constraints.append(Constraint(f"{name}_{number}", expr, source=source))
        self.claims.take(sentence.start + span[0], sentence.start + span[1])


def _counted(reader: _Reader, sentence: Sentence, text: str) -> None:
    """exactly / at most / at least k of M, M and M."""
    kinds = {
        r"(?:exactly|precisely|only|just)": "==",
        r"(?:at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|a\s+maximum\s+of)": "<=",
        r"(?:at\s+least|no\s+fewer\s+than|no\s+less\s+than|a\s+minimum\s+of)": ">=",
    }
    link = (
        r"(?:\s+(?:of|between|from|among|out\s+of|the|these|following|two|three|four|items?|either|options?)"
        r"|\s*[:,(])*\s+"
    )
    for words, sign in kinds.items():
        for match in re.finditer(rf"\b{words}\s+({COUNT})\b{link}({_LIST})", text, re.I):
            labels = reader.marks(match[2])
            number = whole_number(match[1])
            if len(labels) < 2 or number is None:
                continue
            count = "1"
            if number != 1:
                count = f"count_{len(reader.side.parameters) + 1}"
                quote = reader.case.cite(sentence.start + match.start(), sentence.start + match.end())
                reader.side.parameters.append(scalar(count, "count", number, quote))
            reader.add("choose", f"{reader.total(labels)} {sign} {count}", sentence, match.span())


def _exclusive(reader: _Reader, sentence: Sentence, text: str) -> None:
    """M and M not both; mutually exclusive; incompatible."""
    patterns = (
        rf"({_ONE})\s+(?:and|or)\s+({_ONE})\s+(?:cannot|can\s+not|may\s+not|must\s+not|should\s+not)\s+(?:both\s+)?"
        r"(?:be\s+)?(?:both\s+)?[\w\s]{0,40}(?:both|together|simultaneously|at\s+the\s+same\s+time"
        r"|in\s+the\s+same\s+\w+"
        r"|jointly|at\s+once|one\s+another)",
        rf"({_ONE})\s+and\s+({_ONE})\s+(?:cannot|can\s+not|may\s+not|must\s+not)\s+both\b[^.;]*",
        rf"({_ONE})\s+and\s+({_ONE})\s+are\s+(?:mutually\s+exclusive|incompatible|in\s+conflict|conflicting)",
        rf"({_ONE})\s+(?:is\s+incompatible|conflicts|is\s+mutually\s+exclusive"
        rf"|cannot\s+be\s+\w+(?:\s+together)?)\s+with\s+({_ONE})",
        rf"not\s+both\s+({_ONE})\s+and\s+({_ONE})",
        rf"both\s+({_ONE})\s+and\s+({_ONE})\s+(?:cannot|can\s+not|may\s+not|must\s+not)\b[^.;]*",
        rf"if\s+({_ONE})\s+{_TAKEN}[^.;,]*,\s*(?:then\s+)?({_ONE})\s+(?:cannot|can\s+not|may\s+not"
        rf"|must\s+not)\s+{_TAKEN}",
    )
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.I):
            labels = reader.marks(match[1] + " " + match[2])
            if not reader.claims.holds(sentence.start + match.start(), sentence.start + match.end()):
                reader.add("not_both", f"{reader.total(labels)} <= 1", sentence, match.span())


def _dependent(reader: _Reader, sentence: Sentence, text: str) -> None:
    """if M then M; M requires M; M only if M; both or neither."""
    forward = (
        rf"(?:if|whenever|when|should)\s+({_ONE})\s+{_TAKEN}[^.;,]*,\s*(?:then\s+)?({_ONE})\s+(?:must"
        r"|has\s+to|needs\s+to|should|is\s+required"
        rf"\s+to)\s+(?:also\s+)?{_TAKEN}(?:\s+(?:as\s+well|too))?",
        rf"({_ONE})\s+(?:requires|needs|depends\s+on"
        rf"|necessitates)\s+(?:that\s+)?({_ONE})(?:\s+(?:to\s+)?(?:also\s+)?{_TAKEN})?",
        rf"({_ONE})\s+(?:can|may)\s+(?:only\s+be\s+\w+|be\s+\w+\s+only)\s+(?:if|when"
        rf"|provided(?:\s+that)?)\s+({_ONE})\s+{_TAKEN}",
        rf"({_ONE})\s+(?:cannot|can\s+not|may\s+not|must\s+not)\s+be\s+\w+\s+unless\s+({_ONE})\s+{_TAKEN}",
    )
    for pattern in forward:
        for match in re.finditer(pattern, text, re.I):
            if reader.claims.holds(sentence.start + match.start(), sentence.start + match.end()):
                continue
            first, second = reader.marks(match[1])[0], reader.marks(match[2])[0]
            reader.add("requires", f"{reader.x(first)} <= {reader.x(second)}", sentence, match.span())
    tied = (
        rf"({_ONE})\s+and\s+({_ONE})\s+must\s+(?:either\s+)?(?:be\s+)?(?:both\s+be|both"
        r"|either\s+both)[^.;]*(?:or\s+neither|or\s+not\s+at\s+all|or\s+both)[^.;]*"
    )
    for match in re.finditer(tied, text, re.I):
        labels = reader.marks(match[1] + " " + match[2])
        reader.add("tied", f"{reader.x(labels[0])} == {reader.x(labels[1])}", sentence, match.span())


def _without(reader: _Reader, sentence: Sentence, text: str) -> None:
    """M cannot work without M (so it may be taken only if M is taken)."""
    for match in re.finditer(
        rf"({_ONE})\s+(?:cannot|can\s+not|may\s+not)\s+(?:be\s+)?\w+\s+without\s+(?:the\s+)?({_ONE})"
        rf"(?:,\s*(?:so\s+)?it\s+(?:can|may)\s+(?:only\s+be\s+\w+|be\s+\w+\s+only)\s+(?:if|when)\s+(?:the\s+)?\2\s+{_TAKEN}"
        r"(?:\s+(?:as\s+well|too))?)?",
        text,
        re.I,
    ):
        first, second = reader.marks(match[1])[0], reader.marks(match[2])[0]
        if first != second and len(set(reader.marks(text))) == 2:
            reader.add("requires", f"{reader.x(first)} <= {reader.x(second)}", sentence, match.span())


_CLASS_KINDS = {
    r"exactly|precisely": "==",
    r"at\s+most|no\s+more\s+than|not\s+more\s+than|only": "<=",
    r"at\s+least|no\s+fewer\s+than": ">=",
}


def _of_class(reader: _Reader, sentence: Sentence, text: str) -> None:
    """Of the two cameras, (the wide and the zoom one,) at most one: the items that share a noun."""
    for words, sign in _CLASS_KINDS.items():
        match = re.search(
            rf"\bof\s+the\s+({COUNT})\s+([a-z]+)s\s*(?:,\s*([^,.;]{{3,60}}?)\s*)?,\s*(?:{words})\s+({COUNT})\b[^.;,]*",
            sentence.text,
            re.I,
        )
        if match is None or reader.claims.holds(sentence.start + match.start(), sentence.start + match.end()):
            continue
        members = [label for label in reader.names.labels if match[2].lower() in tokens(label)]
        told = {word for word in tokens(match[3] or "") if word not in ("the", "and", "or", "one", match[2].lower())}
        known = {word for label in members for word in tokens(label)}
        number = whole_number(match[4])
        if len(members) != whole_number(match[1]) or number is None or not told <= known:
            continue
        if told and not all(told & set(tokens(label)) for label in members):
            continue
        count = "1"
        if number != 1:
            count = f"count_{len(reader.side.parameters) + 1}"
            quote = reader.case.cite(sentence.start + match.start(), sentence.start + match.end())
            reader.side.parameters.append(scalar(count, "count", number, quote))
        reader.add("choose", f"{reader.total(members)} {sign} {count}", sentence, match.span())


_LESS = (
    r"reduc|diminish|decreas|lower|lessen|shrink|occup|tak(?:e|es|ing)\s+up|consum|subtract|deduct|cut|curtail"
    r"|drop|shav|forfeit|sacrific|us(?:es|ing)\s+up|limit|less"
)
_ROOM = r"capacit|payload|allowance|limit|weight|load|space|budget|room|mass|volume|tonnage|lift|available|fund"


def _capacity_effect(reader: _Reader, sentence: Sentence, text: str) -> None:
    """if M is chosen, the capacity shrinks by a number."""
    marks = reader.marks(text)
    amounts = reader.claims.amounts_in(sentence)
    conditional = re.search(
        (
            rf"\b(?:if|should|when(?:ever)?|selecting|choosing|including|loading|in\s+case)\b|{_ONE}\s+(?:requires"
            r"|necessitates|reduces)"
        ),
        text,
        re.I,
    )
    rest = text[: amounts[-1].end - sentence.start + 60] if amounts else text
    if len(set(marks)) != 1 or len(amounts) != 1 or not conditional:
        return
    if not re.search(rf"\b(?:{_LESS})", rest, re.I) or not re.search(rf"(?:{_ROOM})", rest, re.I):
        return
    if re.search(r"\b(?:increas|expand|extend|enlarg|rais|bonus|add(?:s|ed)?\s+\d)\w*", text, re.I):
        return
    name = f"reduction_{len(reader.side.parameters) + 1}"
    quote = reader.case.cite(sentence.start, sentence.end)
    reader.side.parameters.append(scalar(name, "capacity", amounts[0].value, quote))
    reader.side.capacity += f" - {name} * {reader.x(marks[0])}"
    reader.claims.take(sentence.start, sentence.end)


_BONUS = (
    r"\b(?:bonus|incentive|reward|subsid\w+|grant(?:ed|s)?|rebate|premium|award\w*"
    r"|(?:additional|extra|further)\s+[\d.,$]+\s+(?:\w+\s+)?(?:points|utility|profit|revenue|value|score"
    r"|credits|benefit))\b"
)
_ONCE = (
    r"(?:this|the|such|that|it)\b[^.;]*\b(?:once|one[- ]time|single|irrespective|regardless|independent"
    r"|does\s+not\s+depend"
    r"|no\s+matter)\b[^.]*"
)


def _bonus(reader: _Reader, sentence: Sentence, text: str) -> None:
    """A bonus of a number when any item, or named items, are chosen; a constant when it comes whatever is chosen."""
    amounts = reader.claims.amounts_in(sentence)
    if len(amounts) != 1 or not re.search(_BONUS, text, re.I) or re.search(r"penalt|fine\b|deduct|per\s", text, re.I):
        return
    if re.search(rf"\\b(?:{_LESS})\\w*\\b[^.]*\\b(?:{_ROOM})", text, re.I):
        return
    any_item = re.search(
        r"\bat\s+least\s+(?:one|a\s+single|1)\b|\bany\s+\w+|\bone\s+or\s+more\b|\bnon-?empty\b", text, re.I
    )
    marks = list(dict.fromkeys(reader.marks(text)))
    number = len(reader.side.parameters) + 1
    name, flag = f"bonus_{number}", f"earned_{number}"
    source = (reader.case.cite(sentence.start, sentence.end),)
    bonus = scalar(name, "reward", amounts[0].value, source[0], description="added to the objective once")
    conditions: list[str] = []
    if marks and re.search(r"\b(?:both|all|together|jointly|if|when|and)\b", text, re.I) and not any_item:
        if len(marks) > 1 and re.search(r"\bor\b|\beither\b", text):
            return
        conditions = [f"{flag} <= {reader.x(label)}" for label in marks]
    elif any_item and not marks:
        conditions = [f"{flag} <= sum({reader.choice}[i] for i in items)"]
    elif not marks and re.search(r"irrespective|regardless|no\s+matter|in\s+any\s+case", text, re.I):
        reader.side.parameters.append(bonus)
        reader.side.terms.append(Term(f"gain_{number}", name, source=source))
        reader.claims.take(sentence.start, sentence.end)
        return
    if not conditions:
        return
    reader.side.parameters.append(bonus)
    reader.side.variables.append(Variable(flag, domain="binary", description="whether the bonus is earned"))
    reader.side.terms.append(Term(f"gain_{number}", f"{name} * {flag}", source=source))
    for position, expr in enumerate(conditions, start=1):
        reader.side.constraints.append(Constraint(f"{flag}_{position}", expr, source=source))
    reader.claims.take(sentence.start, sentence.end)
    reader.claims.take_all(_ONCE)
    reader.claims.take_all(
        r"\b(?:the|this|any|potential|its)\s+(?:\w+\s+){0,3}(?:bonus|incentive|reward|premium|payment|rebate"
        r"|subsidy)\b"
    )


def _overall_count(reader: _Reader, sentence: Sentence, text: str) -> None:
    """at most / at least / exactly k items in all."""
    if reader.marks(text):
        return
    nouns = "|".join([r"items?", "objects?", "of\\s+the\\w*", *(re.escape(word) + "s?" for word in reader.names.head)])
    for words, sign in (
        (r"at\s+most|no\s+more\s+than|a\s+maximum\s+of|up\s+to", "<="),
        (r"at\s+least|no\s+fewer\s+than|a\s+minimum\s+of", ">="),
        (r"exactly|precisely", "=="),
    ):
        for match in re.finditer(rf"\b(?:{words})\s+({COUNT})\s+(?:\w+\s+)?(?:{nouns})\b", text, re.I):
            number = whole_number(match[1])
            start = sentence.start + match.start()
            if number is None or number > len(reader.names) or reader.claims.holds(start, sentence.start + match.end()):
                continue
            name = f"count_{len(reader.side.parameters) + 1}"
            quote = reader.case.cite(start, sentence.start + match.end())
            reader.side.parameters.append(scalar(name, "count", number, quote))
            reader.add("number", f"sum({reader.choice}[i] for i in items) {sign} {name}", sentence, match.span())


def _forced(reader: _Reader, sentence: Sentence, text: str) -> None:
    """M must be chosen; M cannot be chosen."""
    for match in re.finditer(rf"({_ONE})\s+must\s+(?:definitely\s+|always\s+)?be\s+\w+", text, re.I):
        if len(reader.marks(text)) == 1 and not re.search(
            r"\b(?:if|unless|when|only|before|after|with|or|except)\b", text, re.I
        ):
            reader.add("forced", f"{reader.x(reader.marks(match[1])[0])} == 1", sentence, match.span())
    for match in re.finditer(rf"({_ONE})\s+(?:cannot|must\s+not|may\s+not|can\s+not)\s+be\s+\w+", text, re.I):
        if len(reader.marks(text)) == 1 and not re.search(
            r"\b(?:if|unless|when|only|before|after|with|or|except)\b", text, re.I
        ):
            reader.add("barred", f"{reader.x(reader.marks(match[1])[0])} == 0", sentence, match.span())


_READERS: tuple[Callable[[_Reader, Sentence, str], None], ...] = (
    _capacity_effect,
    _bonus,
    _counted,
    _exclusive,
    _without,
    _dependent,
    _of_class,
    _forced,
    _overall_count,
)


def read_side_conditions(case: Case, claims: Claims, names: Names, choice: str) -> SideConditions:
    """All side conditions that the prose states on the binary `choice[i]`, claimed as they are read."""
    reader = _Reader(case, claims, names, choice)
    for sentence in case.sentences:
        text = reader.mask(sentence.text)
        for read in _READERS:
            read(reader, sentence, text)
    return reader.side
