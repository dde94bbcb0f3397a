"""What a limit is on: the activities that are decided about, or some other event, part or time.

"At most 5 desks may be made" limits the desks; "may be repaired", "old desks", "per customer" limit something else.
Only a closed list tells the first: beside its names, numbers and comparison the clause of a limit may hold a verb of
making, selling or using, the verbs that the text decides with, and a few function words. Anything else is left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.contexts import PERIOD, REASON, C, E, K, Q
from formulate.offline.textbook.facts import Limit
from formulate.offline.textbook.lexicon import root
from formulate.offline.textbook.marking import Marked
from formulate.offline.textbook.meaning import Attribute, Meaning, Row
from verify.reading.ledger import Leftover
from verify.reading.words import singular, word_set

_VERBS = word_set(
    "make makes making made produce produces produced producing manufacture manufactured build built create created "
    "sell sells sold selling use uses used using allocate allocated assign assigned invest invested be is are it "
    "exceed do bake baked cook cooked brew brewed grow grown plant planted sew sewn fill filled operate operated go"
)
_GROUPS = tuple(
    frozenset(map(root, group.split()))
    for group in (
        "transport transported transporting ship shipped send sent deliver delivered carry carried move moved take "
        "taken bring brought haul trip vehicle",
        "buy bought purchase purchased",
        "eat eaten consume consumed take taken drink drunk",
        "grow grown plant planted cultivate cultivated",
        "prepare prepared bake baked cook cooked serve served",
        "hire hired employ employed schedule scheduled staff",
        "run operate operated operating work worked",
        "perform performed give given offer offered complete completed administer administered",
        "fill filled ship shipped",
    )
)
_FUNCTION = word_set(
    "a an the of and or that which there can could may must should shall will has have need needs needed required want "
    "wants decides to also additionally further furthermore however moreover therefore finally thus so but while only "
    "he she they we you them him his her their its if type kind either both total combined sum together number amount "
    "quantity least most for by due whereas then estimates estimated expects expected this such plan plans enough more "
    "supply supplies afford ensure able contract orders demand constraints conditions requirement minimum maximum "
    "not no now always option level trips rides shifts altogether "
    "allows does each every any all available aims aim fewer less wanted possibly "
    "daily weekly monthly"
)
_TOTALS = word_set(
    "resources resource allocation allocations budget funds funding investment hours working shifts capacity available "
    "across overall shelf space land area room farm distributed stocked arranged hold store stored these"
)
_SPANS = re.compile(
    rf"\b(?:in addition|in total|in all|on the other hand|in order)\b|^[^:CQ]*:"
    rf"|{E} ?,?(?: on the other hand,)? (?:can |must |should |may )?(?:only )?"
    rf"(?:hold|have|receive|handle|accommodate|needs?|requires?)\b|\breserve[sd]? (?={C})"
    rf"|\b(?:on|in|towards?|into|from|between|to|anywhere between) (?:an? |the )?(?={E}|{K}|{C}|{Q})"
    rf"|\bor (?:more|fewer|less)\b|\bto be (?:viable|effective|operational|fully operational)\b"
    r"|\bcontract(?: with an? [a-z]+)? to [a-z]+\b|\bis short staffed\b|\bmust (?:purchase|buy|contain|include)\b"
    rf"|\bon which to\b|\bplanted with\b|\bmarket for (?={E})|^over an? {PERIOD},|\bas per [^,.;]*"
    r"|\b(?:there's )?no (?:upper|lower) (?:limits?|bounds?) [a-z]+ for\b|\bfor operational efficiency\b"
    rf"|\b(?:current |total |estimated )*demand (?:for|of|is)(?: the| these| those)?\b|^for (?:the )?{K} to be [a-z ]+,"
    r"|\bas may people buy\b|\b(?:must|should|will) (?:receive|have)\b|\b(?:maintain|keep)s? its operations\b"
)
_SUBJECT = re.compile(
    r"(?:^|, ?)(?:and |but |if |while )?(?:the|an?|his|her|their|its) ((?:[\w#-]+ ){1,3})"
    r"(?=(?:can|cannot|must|should|shall|may|will|has|have|needs?|wants?|only|makes?|sells?|also|estimates?|expects?"
    r"|reserve[sd]?|plans?|decides?)\b)"
)
_PERIODS = re.compile(rf"\b(?:per|each|every|an?|in an?|in one|the) ({PERIOD})s?\b|\b(dai|week|month|year)ly\b")
_SALES = re.compile(r"\b(?:sells?|sold|demand|available)\b")
_PART = re.compile(
    rf"{Q} of (?:them\b|(?:these|those)\b|the [a-z]+)|^(?:\W|and |but )*of (?:these|those|the|them)\b[^.;]*{Q}"
    rf"|\bof (?:these|those|them)\b(?! (?:(?:#+|two|three) )?(?:types|kinds|{K}|{E})),?[^,.;]*{C}"
)
_SPENDS = re.compile(r"\b(?:use|used|spent|worked|consumed|utili[sz]ed)\b")
_SPENT = word_set(
    "must should shall has have to be use used spent worked consumed utilized utilised of the at and there it"
)
_YIELDS = re.compile(
    r"\b(?:yields?|produces?|gives?|contains?|holds?|provides?|supplies|supply|brings?|makes?|carr(?:y|ies)|delivers?"
    r"|lifts?|transports?|generates?|outputs?|adds?|offers?|serves?|has|have|reach(?:es)?|with|creates?)\b"
)
_TAKES = re.compile(r"\b(?:takes?|requires?|needs?|uses?|using|consumes?|costs?|requiring|spends?)\b")
_KEPT = re.compile(r"\b(?:keep|keeps|kept|hold|held|store|stored|stock|stocked|reserve[sd]?|spare|left|set aside)\b")
_MUCH = re.compile(rf"\bas much\b(?! as\b| {E}| {K}| of\b)")
_COMPARED = word_set(
    "as many much than amount prefer people more fewer less greater less times that in same equal match twice "
    "always be should those numbers number and per uses needed trips quantities"
)
_COMBINED = _COMPARED | _TOTALS | word_set(
    "similarly meanwhile plus minus difference between allocation allocations allocated resource resources usage "
    "calculated investments investment invest destination funds work output outputs line lines numbers quantities "
    "those another combination effort efforts effectiveness score strength impact metric weighted points acres "
    "count frequency shipped given considering yield meet from certain environmental objective performance "
    "strategic"
)


def out_of_scope(marked: Marked, meaning: Meaning) -> Iterator[Leftover]:
    """Limits and relations of a sentence whose clause may speak of something else than what is decided."""
    for row in meaning.rows:
        if row.limit.clause not in marked.clauses:
            continue
        if row.kind == "resource":
            yield from _resource(marked, row, meaning)
        else:
            more = _TOTALS if row.kind == "total" else frozenset()
            yield from _closed(marked, row.limit.clause, meaning, more, row.limit)
    for ratio in meaning.ratios:
        if ratio.clause in marked.clauses:
            yield from _closed(marked, ratio.clause, meaning, _COMPARED)
    for combination in meaning.combinations:
        if combination.clause in marked.clauses:
            yield from _closed(marked, combination.clause, meaning, _COMBINED)
    for limit in marked.story.limits:
        if limit.clause in marked.clauses:
            for match in _PART.finditer(marked.part(limit.clause)):
                why = "a part of what was told before ({}) is not understood"
                yield _at(marked, limit.clause, match.start(), match.end(), why)


def _at(marked: Marked, clause: Clause, start: int, end: int, why: str) -> Leftover:
    shift = clause.start - marked.sentence.start
    said = marked.sentence.text[start + shift : end + shift]
    return marked.leftover(clause.start + start, clause.start + end, why.replace("{}", repr(said)))


def _region(marked: Marked, clause: Clause, limit: Limit | None) -> str:
    """The marked text of a clause; where it holds other numbers too ("has 90 m of wool and must sell 9 gowns"), only
    what stands about this limit, the rest blank."""
    part = marked.part(clause)
    if limit is None:
        return part
    at = limit.quantity.start - clause.start
    other = [q for q in clause.quantities if not any(x.quantity is q and _alike(x, limit) for x in marked.story.limits)]
    low = max((q.end - clause.start for q in other if q.end <= limit.quantity.start), default=0)
    high = min((q.start - clause.start for q in other if q.start > limit.quantity.start), default=len(part))
    cut = part.rfind(" and ", at, high) if high < len(part) else -1
    high = cut if cut > 0 else high
    cut = part.find(" and ", low, at) if low else -1
    low = cut if cut > 0 else low
    return " " * low + part[low:high] + " " * (len(part) - high)


def _alike(one: Limit, other: Limit) -> bool:
    """Whether two limits of a clause bound activities alike."""
    return one is other or (bool(one.phrase.named) and bool(other.phrase.named))


def _closed(
    marked: Marked, clause: Clause, meaning: Meaning, more: frozenset[str], limit: Limit | None = None
) -> Iterator[Leftover]:
    """Words of a limit on activities that are not of the closed list."""
    part = _region(marked, clause, limit)
    covered = [m.span() for pattern in (REASON, _SPANS) for m in pattern.finditer(part)]
    if limit is not None and ">" in limit.direction:
        covered += [m.span() for m in re.finditer(r"\bto an? [a-z]+", part)]
    elsewhere = _elsewhere(marked)
    for subject in _SUBJECT.finditer(part):
        if all(w in elsewhere | _ACTORS | _FUNCTION or w[0] in "EKQ" for w in subject[1].split()):
            covered.append(subject.span(1))
    periods = {_period(m) for m in _PERIODS.finditer(" ".join(_others(marked)))}
    if _SALES.search(part):
        periods |= {"month", "week", "year"}
    covered += [m.span() for m in _PERIODS.finditer(part) if _period(m) in periods]
    much = _MUCH.search(part)
    if much:
        yield _at(marked, clause, *much.span(), "what {} compares is not clear")
    for mention in clause.mentions:
        # "gates and railings returned": the name took a participle that says which of them are meant.
        tail = marked.sentence.text[mention.start - marked.sentence.start : mention.end - marked.sentence.start].split()
        if len(tail) > 1 and tail[-1].endswith("ed"):
            yield marked.leftover(mention.start, mention.end, f"which of them {tail[-1]!r} means is not clear")
    attributes = {w for a in meaning.attributes for w in a.roots}
    decided, names = _decided(marked), _beside_names(marked, clause)
    for match in re.finditer(r"(?<![\w#])[a-z][a-z'-]*(?![\w#])", part):
        word = match.group()
        if any(low <= match.start() and match.end() <= high for low, high in covered):
            continue
        if word in _FUNCTION or word in _VERBS or word in more or singular(word) in names or root(word) in decided:
            continue
        if more is _TOTALS and word in elsewhere and root(word) not in attributes:
            continue
        yield _at(marked, clause, match.start(), match.end(), "whether {} limits what is decided is not clear")


def _period(match: re.Match[str]) -> str:
    return (match[1] or match[2]).replace("dai", "day")


_ACTORS = word_set(
    "company factory shop store owner farmer manager firm business bakery restaurant hospital man woman student team"
)


def _others(marked: Marked) -> list[str]:
    sentences = marked.story.reading.document.sentences
    return [s.text.lower() for s in sentences if s.index != marked.sentence.index]


def _elsewhere(marked: Marked) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z'-]+", " ".join(_others(marked))))


def _decided(marked: Marked) -> frozenset[str]:
    """Roots of the words that tell the decision: those of the question and of the sentence that names all activities,
    and all verbs of their kinds."""
    story = marked.story
    asked = {goal.sentence for goal in story.goals}
    roots: set[str] = set()
    for clause in story.clauses:
        introduces = marked.introduces(clause) and not clause.quantities and not clause.comparisons
        if clause.sentence.index in asked or introduces or "how" in clause.words:
            roots |= {root(t.lower) for t in clause.tokens if t.kind == "word"}
    for group in _GROUPS:
        if group & roots:
            roots |= group
    return frozenset(roots)


def _beside_names(marked: Marked, clause: Clause) -> frozenset[str]:
    """Words that stand at a name elsewhere too: "rides" in "hot-air balloon rides"."""
    found: set[str] = set()
    for other in marked.story.clauses:
        if other is clause:
            continue
        for mention in other.mentions:
            found |= {singular(t.lower) for t in [t for t in other.tokens if t.end <= mention.start][-2:]}
            found |= {singular(t.lower) for t in [t for t in other.tokens if t.start >= mention.end][:2]}
    return frozenset(found)


def _resource(marked: Marked, row: Row, meaning: Meaning) -> Iterator[Leftover]:
    """A lower limit on a resource that may be kept or spent elsewhere instead of used by the activities, and a cue of
    supply of what the activities are to yield at least cost."""
    limit = row.limit
    part = _region(marked, limit.clause, limit)
    assert row.attribute is not None
    attribute = meaning.attributes[row.attribute]
    if ">" not in row.direction and row.direction != "==":
        if meaning.sense == "min" and not limit.explicit and _yielded(attribute):
            why = f"whether {limit.quantity.text!r} is there or to be made is not clear"
            yield marked.leftover(limit.quantity.start, limit.quantity.end, why)
        return
    if _yielded(attribute):
        return
    why = f"whether {limit.quantity.text!r} is to be used by what is decided is not clear"
    if meaning.sense == "min":
        if _KEPT.search(part):
            yield marked.leftover(limit.quantity.start, limit.quantity.end, why)
        return
    part = re.sub(r"^the [a-z]+ (?=must\b)", "", part)
    words = re.findall(r"(?<![\w#])[a-z][a-z'-]*(?![\w#])", part)
    told = {root(w) for cell in attribute.cells.values() for w in cell.phrase.after[:5]} | {root(attribute.unit)}
    strange = [w for w in words if w not in _SPENT and root(w) not in told]
    if strange or not _SPENDS.search(part):
        yield marked.leftover(limit.quantity.start, limit.quantity.end, why)


def _yielded(attribute: Attribute) -> bool:
    """Whether the activities make or hold what an attribute tells, rather than take it: the last such verb before
    each of its numbers."""
    for cell in attribute.cells.values():
        before = cell.clause.sentence.text[: cell.quantity.start - cell.clause.sentence.start]
        yields, takes = list(_YIELDS.finditer(before)), list(_TAKES.finditer(before))
        if not yields or (takes and takes[-1].start() > yields[-1].start()):
            return False
    return True


__all__ = ["out_of_scope"]
