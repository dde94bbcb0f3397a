"""From facts to a linear program: numbers grouped into attributes, limits matched to them, the goal resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from formulate.offline.textbook.combinations import Combination
from formulate.offline.textbook.facts import Coefficient, Limit
from formulate.offline.textbook.lexicon import GENERIC_CLASS, TIME, content, distinctive, root
from formulate.offline.textbook.relations import Ratio, Share
from formulate.offline.textbook.story import Story
from verify.reading.comparisons import Direction
from verify.reading.entities import Entities
from verify.reading.goal import Goal
from verify.reading.ledger import Leftover
from verify.reading.words import singular

RowKind = Literal["resource", "total", "bound"]


@dataclass
class Attribute:
    """Parallel coefficients: one number per activity of the same thing."""

    cells: dict[int, Coefficient] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)
    unit: str = ""
    category: str = ""
    used: bool = False
    hints: set[str] = field(default_factory=set)

    @property
    def money(self) -> bool:
        """Whether the numbers are amounts of money."""
        return any(c.quantity.kind == "money" or c.category for c in self.cells.values())

    @property
    def words(self) -> frozenset[str]:
        """Content roots that are no measures."""
        return distinctive(frozenset(self.roots))


@dataclass(frozen=True)
class Row:
    """A bound on an attribute's total, on a sum of activities, or on one activity."""

    kind: RowKind
    direction: Direction
    limit: Limit
    attribute: int | None = None
    members: tuple[int, ...] = ()
    factor: float = 1.0


@dataclass(frozen=True)
class SharePart:
    """A share with the attribute that weighs it (None: activities are counted)."""

    share: Share
    attribute: int | None


@dataclass
class Meaning:
    """A linear program over the activities, each number tied to the fact it came from."""

    entities: Entities
    attributes: list[Attribute]
    rows: list[Row]
    ratios: list[Ratio]
    combinations: list[Combination]
    shares: list[SharePart]
    sense: Literal["min", "max"]
    objective: tuple[tuple[int | None, float], ...]
    counted: tuple[int, ...]
    goal: Goal
    integer: bool
    assumptions: list[str]
    noun: str


class NotUnderstood(Exception):
    """Raised inside this package with what could not be matched."""

    def __init__(self, why: str, sentence: str = "", start: int = 0, end: int = 0, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final
        self.leftover = Leftover(sentence, start, end, why)


def _overlap(left: frozenset[str] | set[str], right: frozenset[str] | set[str]) -> int:
    return sum(1 for w in left if any(_same(w, v) for v in right))


def _same(left: str, right: str) -> bool:
    if left == right:
        return True
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= 5 and longer.startswith(shorter)


def gather(story: Story) -> list[Attribute]:
    """Group parallel coefficients into attributes, in reading order."""
    names = frozenset(root(s) for s in story.entities.vocabulary)
    attributes: list[Attribute] = []
    for fact in story.coefficients:
        roots = fact.phrase.roots
        hints = fact.phrase.context - names if fact.quantity.kind != "money" else frozenset()
        best, score = None, -1.0
        for attribute in attributes:
            value = _likeness(attribute, fact, roots, hints)
            if value > score:
                best, score = attribute, value
        if best is None or score < 0:
            best = Attribute(category=fact.category)
            attributes.append(best)
        known = best.cells.get(fact.entity)
        if known is not None and known.quantity.value != fact.quantity.value:
            best = Attribute(category=fact.category)
            attributes.append(best)
        if known is None or best.cells.get(fact.entity) is None:
            best.cells[fact.entity] = fact
        best.roots |= roots
        best.hints |= hints
        best.unit = best.unit or fact.quantity.unit
    _check_pairing(attributes)
    return attributes


def _check_pairing(attributes: list[Attribute]) -> None:
    """Refuse when a number would fit another attribute as well as its own."""
    for k, attribute in enumerate(attributes):
        if attribute.money or len(attribute.cells) < 2:
            continue
        for entity, fact in attribute.cells.items():
            words = distinctive(fact.phrase.roots)
            rest = {w for e, c in attribute.cells.items() if e != entity for w in distinctive(c.phrase.roots)}
            for j, other in enumerate(attributes):
                if j == k or other.money or other.unit != attribute.unit:
                    continue
                theirs = {w for e, c in other.cells.items() if e != entity for w in distinctive(c.phrase.roots)}
                closer = _jaccard(words, theirs) >= _jaccard(words, rest) and (words or rest)
                if (theirs and closer) or (
                    not words
                    and not rest
                    and not theirs
                    and other.cells.keys() & attribute.cells.keys()
                    and not (attribute.hints and other.hints and attribute.hints != other.hints)
                ):
                    raise NotUnderstood(
                        f"which of the others the number {fact.quantity.text!r} goes with is not clear",
                        fact.clause.sentence.text,
                        fact.quantity.start,
                        fact.quantity.end,
                    )


def _jaccard(left: frozenset[str], right: set[str]) -> float:
    shared = _overlap(left, right)
    return shared / max(len(left), len(right), 1)


def _likeness(attribute: Attribute, fact: Coefficient, roots: frozenset[str], hints: frozenset[str]) -> float:
    """How well a coefficient fits an attribute; negative when it cannot."""
    if attribute.money != (fact.quantity.kind == "money" or bool(fact.category)):
        return -1.0
    known = attribute.cells.get(fact.entity)
    if known is not None and known.quantity.value != fact.quantity.value:
        return -1.0
    if attribute.money:
        if attribute.category == fact.category:
            return 5.0
        together = any(c.clause.sentence.index == fact.clause.sentence.index for c in attribute.cells.values())
        return 1.0 if together and fact.category == "neutral" and known is None else -1.0
    own, words = attribute.words, distinctive(roots)
    same_unit = attribute.unit == fact.quantity.unit or not fact.quantity.unit or not attribute.unit
    if own and words:
        shared = _overlap(own, words)
        if shared <= 0.5 * min(len(own), len(words)):
            return -1.0
        return shared / max(len(own), len(words)) + same_unit
    if not same_unit or attribute.unit != fact.quantity.unit:
        return -1.0
    return 0.5 + 0.1 * _overlap(attribute.hints, hints)


def class_roots(story: Story) -> frozenset[str]:
    """Roots of nouns that stand for the activities themselves: "bouquets", "vehicles", "items"."""
    roots = {root(s) for s in story.entities.shared if len(s) > 1}
    roots |= {root(stems[-1]) for stems in story.entities.stems if len(stems[-1]) > 1 and not stems[-1].isdigit()}
    text = " ".join(s.text.lower() for s in story.reading.document.sentences)
    for match in re.finditer(
        r"\b(?:two|three|four|five|2|3|4|5|both|different|new|of the) (?:different |main |new |separate )?"
        r"(?:types|kinds|sorts|brands|sizes|flavou?rs|models|forms|varieties|methods|modes) (?:of "
        r")?([a-z][a-z\-]+(?: [a-z][a-z\-]+)?)",
        text,
    ):
        roots |= {root(w) for w in match.group(1).split()[-1:]} | {root(match.group(1).split()[0])}
    for match in re.finditer(r"\b(?:two|three|four|five) ([a-z]+)(?=[,:]| (?:to|that|which|in order)\b)", text):
        roots.add(root(match.group(1)))
    for match in re.finditer(r"\b([a-z]{4,}) (?=[b-hj-z]\b|[a-z]\d\b)", text):
        if any(stems[-1:] == (text[match.end() :].split(" ")[0].strip(".,;:"),) for stems in story.entities.stems):
            roots.add(root(match.group(1)))
    roots |= {root(g) for g in GENERIC_CLASS}
    return frozenset(roots - {"unit", "total", "number", "type", "kind", "and", "or"})


def totalled_roots(story: Story) -> frozenset[str]:
    """Roots of nouns whose total over all activities the text speaks of: "the total number of employees"."""
    text = " ".join(s.text.lower() for s in story.reading.document.sentences)
    nouns = re.findall(r"\b(?:total|combined) (?:number|amount|quantity) of ([a-z]+)", text)
    nouns += re.findall(r"\b(?:total|combined) ([a-z]+) (?:across|for all|for both|from all|allocated)", text)
    return frozenset(root(n) for n in nouns) - {"unit", "type", "cost", "profit"}


def entity_measures(story: Story) -> frozenset[str]:
    """Words that measure an activity: "acre" in "acre of guavas", "kg" in "each kg of feed A", "trip" in "per trip"."""
    found: set[str] = set()
    for clause in story.clauses:
        for mention in clause.mentions:
            before = [t for t in clause.tokens if t.end <= mention.start][-4:]
            while before and before[-1].lower in ("the", "a", "an", "each"):
                before.pop()
            article = len(before) >= 3 and before[-3].lower in ("a", "an", "each", "one", "per", "every")
            joins = ("on", "with", "by", "via", "using", "in", "at")
            if (
                len(before) >= 2
                and (before[-1].lower == "of" or (article and before[-1].lower in joins))
                and before[-2].kind == "word"
            ):
                word = before[-2].stem
                if word not in (
                    "type",
                    "number",
                    "amount",
                    "cost",
                    "kind",
                    "unit",
                    "quantity",
                    "one",
                    "each",
                    "both",
                    "use",
                    "profit",
                    "most",
                    "production",
                    "%",
                    "percent",
                    "consist",
                ):
                    found.add(word)
    text = " ".join(s.text.lower() for s in story.reading.document.sentences)
    for match in re.finditer(r"\bper (?:each )?([a-z]+)", text):
        word = singular(match.group(1))
        if word not in TIME and word not in ("month", "year", "unit", "person", "customer", "cent", "patient"):
            found.add(word)
    for match in re.finditer(r"\bhow many (?:of )?([a-z]+) (?:of|with|on|by|for|at|should each)\b", text):
        found.add(singular(match.group(1)))
    return frozenset(found - {"each", "unit"})


def _match_limit(
    attributes: list[Attribute], limit: Limit, names: frozenset[str], *, weak: bool = True
) -> tuple[int, bool] | None:
    """The attribute a limit bounds, and whether distinctive words say so. Raises when two fit alike."""
    quantity = limit.quantity
    money = quantity.kind == "money"
    own = distinctive(limit.phrase.roots)
    context = distinctive(limit.phrase.context) - names
    trail = distinctive(content(list(limit.phrase.trail))) - names
    scored: list[tuple[float, int, bool]] = []
    for k, attribute in enumerate(attributes):
        if attribute.money != money:
            continue
        words = attribute.words
        if money:
            scored.append((_money_score(attribute, limit), k, True))
            continue
        direct, around = _overlap(own, words), _overlap(context, words)
        beyond = 0.5 * _overlap(trail - own, words) + 0.4 * _overlap(own | context | trail, attribute.hints - words)
        same = attribute.unit == quantity.unit
        convertible = attribute.unit in TIME and quantity.unit in TIME
        if direct:
            scored.append((3.0 * direct + around + beyond + same - 0.1 * max(0, len(words) - direct), k, True))
        elif around and (same or convertible or not own):
            scored.append((1.0 * around + beyond + same, k, True))
        elif beyond and (same or convertible):
            scored.append((beyond + same, k, True))
        elif (
            weak
            and (same or convertible)
            and quantity.unit not in ("", "unit")
            and (not own or not words or quantity.unit in TIME)
        ):
            scored.append((0.2 + 0.1 * same, k, False))
    scored = sorted((s for s in scored if s[0] > 0), reverse=True)
    if not scored:
        return None
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        raise NotUnderstood(
            f"the limit {quantity.text!r} fits more than one thing",
            limit.clause.sentence.text,
            quantity.start,
            quantity.end,
        )
    return scored[0][1], scored[0][2]


def _money_score(attribute: Attribute, limit: Limit) -> float:
    words = {*limit.phrase.before, *limit.phrase.after}
    wants_profit = bool(words & {"profit", "revenue", "earn", "income", "earnings", "sales", "return"})
    if limit.direction in ("<=", "<") and not wants_profit:
        return {"cost": 3.0, "neutral": 1.0}.get(attribute.category, -1.0)
    if wants_profit:
        return {"profit": 3.0, "revenue": 2.0, "neutral": 1.0}.get(attribute.category, -1.0)
    return -1.0
