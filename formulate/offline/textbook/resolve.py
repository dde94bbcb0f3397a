"""Resolve a story into a meaning: match every limit, weigh every share, find what the goal sums."""

from __future__ import annotations

import re

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.facts import Coefficient, Limit, noun_words
from formulate.offline.textbook.lexicon import (
    COST,
    DIVISIBLE,
    NEUTRAL,
    PHYSICAL,
    PROFIT,
    REVENUE,
    TIME,
    content,
    distinctive,
    root,
)
from formulate.offline.textbook.limits import fail, rows_of
from formulate.offline.textbook.meaning import (
    Attribute,
    Meaning,
    NotUnderstood,
    Row,
    SharePart,
    _overlap,
    class_roots,
    entity_measures,
    gather,
    totalled_roots,
)
from formulate.offline.textbook.story import Story
from formulate.offline.textbook.vocabulary import is_plain
from verify.reading.entities import mentions_in
from verify.reading.goal import Goal
from verify.reading.words import STOPWORDS, Token, singular, tokenize


def understand(story: Story) -> Meaning:
    """The linear program that a story tells. Raises NotUnderstood with what does not fit."""
    count = len(story.entities.names)
    _no_siblings(story)
    _one_period(story)
    attributes = gather(story)
    classes = class_roots(story) | (totalled_roots(story) - {w for a in attributes for w in a.words})
    measures = entity_measures(story)
    names = frozenset(root(s) for s in story.entities.vocabulary) if count else frozenset()
    assumptions: list[str] = []
    limits = [x for x in story.limits if not (x.quantity.value == 0 and x.direction == ">=" and x.explicit)]
    rows = [row for limit in limits for row in rows_of(story, limit, attributes, classes, measures, names, assumptions)]
    heads = classes | _heads(story)
    shares = [SharePart(share, _share_base(share.base, attributes, heads, names, measures)) for share in story.shares]
    _counts_only(story, attributes, names | classes)
    goal = _one_goal(story)
    objective, counted = _objective(story, goal, attributes, classes, measures, names, rows, assumptions)
    for combination in story.combinations:
        unit = combination.constant.unit if combination.constant else ""
        if unit not in ("", "unit") and any(a.unit == unit for a in attributes):
            text = combination.clause.sentence
            raise NotUnderstood(
                f"whether a combination counts activities or {unit}s is not clear",
                text.text,
                text.start,
                text.end,
                final=True,
            )
    for row in rows:
        if row.attribute is not None:
            attributes[row.attribute].used = True
    for part in shares:
        if part.attribute is not None:
            attributes[part.attribute].used = True
    for k, _ in objective:
        if k is not None:
            attributes[k].used = True
    _check(story, attributes, rows, shares, objective, count)
    _check_sense(story, goal, rows, objective, attributes)
    integer = _integral(story, measures, goal, assumptions)
    return Meaning(
        story.entities,
        attributes,
        rows,
        story.ratios,
        story.combinations,
        shares,
        goal.sense,
        objective,
        counted,
        goal,
        integer,
        assumptions,
        " ".join(sorted(measures & DIVISIBLE)) or "activity",
    )


def _no_siblings(story: Story) -> None:
    """Refuse a list of symbols (x1, x2) when the text holds more of the kind (x3)."""
    last = [stems[-1] for stems in story.entities.stems]
    for shape in (r"[a-z]\d{1,2}", r"[u-z]"):
        if all(re.fullmatch(shape, stem) for stem in last):
            found = {t.stem for s in story.reading.document.sentences for t in s.tokens if re.fullmatch(shape, t.stem)}
            found = {f for f in found if len(f) == 1 or f[0] == last[0][0]}
            if found - set(last):
                raise NotUnderstood(f"{sorted(found - set(last))[0]!r} is a name like the others")


_PERIOD = re.compile(
    r"(?:\b(?:per|each|every|a|in a|in one) (day|week|month|year)\b|\b(dai|week|month|year)ly\b)", re.I
)


def _one_period(story: Story) -> None:
    """Refuse numbers told per day beside numbers told per week: one of them would have to be converted."""
    periods: set[str] = set()
    for sentence in story.reading.document.sentences:
        if any(q.sentence == sentence.index and q.counts for q in story.reading.quantities):
            periods |= {(m[1] or m[2]).lower().replace("dai", "day") for m in _PERIOD.finditer(sentence.text)}
    if len(periods) > 1:
        raise NotUnderstood(f"numbers per {' and per '.join(sorted(periods))} stand side by side", final=True)


def _share_base(
    base: str, attributes: list[Attribute], classes: frozenset[str], names: frozenset[str], measures: frozenset[str]
) -> int | None:
    roots = content(base.split()) - names
    if "available" in base.split():
        raise NotUnderstood(f"a share of what is available ({base!r}) is not understood")
    money = _money_base(set(base.split()), attributes)
    if money is not None:
        return money
    if roots & classes:
        return None
    hits = [k for k, a in enumerate(attributes) if _overlap(distinctive(roots), a.words - names)]
    if "time" in base.split() and not hits:
        hits = [k for k, a in enumerate(attributes) if a.unit in TIME]
    hits = hits or [
        k for k, a in enumerate(attributes) if a.unit and a.unit in {singular(w) for w in base.split()} - measures
    ]
    if len(hits) == 1:
        return hits[0]
    if len(hits) > 1:
        raise NotUnderstood(f"a share of {base!r} fits more than one thing")
    if distinctive(roots) and not any(w.endswith("s") or w in ("people", "production", "work") for w in base.split()):
        raise NotUnderstood(f"what a share of {base!r} is taken of is not clear")
    return None


_MEASURED = frozenset(("time", "money", "hours", "minutes", "cost", "profit", "revenue", "income", "spent", "spend"))


def _counts_only(story: Story, attributes: list[Attribute], names: frozenset[str]) -> None:
    """Refuse a relation between what activities take or earn: "as much time on brochures as on leaflets"."""
    taken = {word for attribute in attributes for word in attribute.words} - names
    for ratio in story.ratios:
        clause = ratio.clause
        starts = [start for label, start, _, _ in clause.slots if label[0] in "ECM"]
        ends = [end for label, _, end, _ in clause.slots if label[0] in "ECM"]
        for token in clause.tokens:
            free = not any(low <= token.start < high for _, low, high, _ in clause.slots)
            inside = min(starts) <= token.start < max(ends)
            measures = token.lower in _MEASURED or (root(token.lower) in taken and not is_plain(token.lower))
            if inside and free and token.kind == "word" and measures:
                raise fail_at(clause, token, f"whether {token.text!r} or what is decided is compared is not clear")


def fail_at(clause: Clause, token: Token, why: str) -> NotUnderstood:
    """What could not be matched, at one word."""
    return NotUnderstood(why, clause.sentence.text, token.start, token.end)


def _heads(story: Story) -> frozenset[str]:
    """Roots of nouns that follow a name at once: "the omega brand drink"."""
    found = set()
    for clause in story.clauses:
        for mention in clause.mentions:
            following = [t for t in clause.tokens if t.start >= mention.end][:2]
            if following and following[0].start == mention.end + 1:
                found |= {root(t.lower) for t in following if t.kind == "word" and t.lower not in STOPWORDS}
    return frozenset(found)


def _money_base(words: set[str], attributes: list[Attribute]) -> int | None:
    """The amounts of money that a share is told of ("half of the profit"), None where it is of something else."""
    wanted = (
        "profit"
        if words & PROFIT
        else "revenue"
        if words & (REVENUE | {"earnings", "takings"})
        else "cost"
        if words & (COST | {"money"})
        else ""
    )
    if not wanted:
        return None
    found = [k for k, a in enumerate(attributes) if a.money and a.category in (wanted, "neutral")]
    if len(found) != 1 or "budget" in words:
        raise NotUnderstood("what a share of money is taken of is not clear")
    return found[0]


def _one_goal(story: Story) -> Goal:
    if not story.goals:
        raise NotUnderstood("no goal (maximise or minimise what) was found")
    strong = [g for g in story.goals if g.strong] or story.goals
    senses = {g.sense for g in strong}
    if len(senses) > 1:
        raise NotUnderstood("more than one goal: " + "; ".join(g.target for g in strong))
    return strong[-1]


def _objective(
    story: Story,
    goal: Goal,
    attributes: list[Attribute],
    classes: frozenset[str],
    measures: frozenset[str],
    names: frozenset[str],
    rows: list[Row],
    assumptions: list[str],
) -> tuple[tuple[tuple[int | None, float], ...], tuple[int, ...]]:
    """Attributes with signs that the goal sums, or the activities it counts."""
    everyone = tuple(range(len(story.entities.names)))
    tokens = tokenize(_counted(goal.target))
    if re.search(
        r"\b(?:efficien\w*|ratio|average|percentage|deviation|variance|rate)\b|\bper (?!day|week|month|year"
        r"|shift|season)",
        goal.target.lower(),
    ):
        raise NotUnderstood(f"the goal {goal.target!r} is not a sum", goal.target, goal.start, goal.end, final=True)
    words = [t.lower for t in _told(tokens) if t.kind == "word"]
    mentioned = tuple(dict.fromkeys(m.entity for m in mentions_in(story.entities, tokens)))
    if len(mentioned) == 1 and all(m.head_only for m in mentions_in(story.entities, tokens)):
        raise NotUnderstood(
            f"whether {goal.target!r} means one activity or all is not clear",
            goal.target,
            goal.start,
            goal.end,
            final=True,
        )
    money = _money_goal(words, attributes)
    if money and mentioned and len(mentioned) < len(everyone):
        raise NotUnderstood(
            f"the goal {goal.target!r} is told of only some of the "
            f"activities", goal.target, goal.start, goal.end, final=True
        )
    if money:
        return money, ()
    mentions = mentions_in(story.entities, tokens)
    outside = [t for t in _told(tokens) if not any(m.start <= t.start < m.end for m in mentions)]
    roots = content(noun_words(outside))
    wanted = distinctive(roots)
    hits = [(k, _overlap(wanted, a.words)) for k, a in enumerate(attributes)]
    best = max((score for _, score in hits), default=0)
    top = [k for k, score in hits if score == best and score]
    head = _head(words)
    if len(top) == 1 and not (head in classes and head not in attributes[top[0]].words):
        return ((top[0], 1.0),), ()
    if mentioned and (not wanted or wanted <= classes):
        return ((None, 1.0),), (mentioned if len(mentioned) < len(everyone) else everyone)
    if head in classes or any(m in words or m + "s" in words for m in measures):
        return ((None, 1.0),), everyone
    units = {singular(w) for w in words} | ({"minute", "hour", "min", "second", "day"} if "time" in words else set())
    unit_hits = [k for k, a in enumerate(attributes) if a.unit and a.unit in units and not a.money]
    if len(unit_hits) == 1:
        return ((unit_hits[0], 1.0),), ()
    bound = {row.attribute for row in rows}
    if (
        head
        and len(unit_hits) == 0
        and not top
        and all(k in bound for k in range(len(attributes)))
        and re.search(r"\bnumber of\b", goal.target.lower())
    ):
        assumptions.append(f"every unit of an activity counts as one in {goal.target!r}")
        return ((None, 1.0),), everyone
    raise NotUnderstood(f"what the goal {goal.target!r} sums is not clear", goal.target, goal.start, goal.end)


_HANGS_ON = re.compile(
    r"\s(?:(?:that|which) )?(?:it|he|she|they|we|you|one|(?:the|an?|his|her|their|its) [\w-]+(?: [\w-]+)?) "
    r"(?:can|could|may|must|should|will|would|is able to|has to|have to|needs?"
    r"|sells?|makes?|earns?|produces?|buys?|uses?|gets?)\b",
    re.I,
)


def _counted(target: str) -> str:
    """The target of a goal without a clause whose verb is no word of money: "number of pieces | that she can sell"."""
    hangs = _HANGS_ON.search(target)
    return target[: hangs.start()] if hangs and len(target[: hangs.start()].split()) > 1 else target


def _told(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The noun phrase of a goal, without the clause that hangs on it: "the total time | to transport the patients"."""
    for n, token in enumerate(tokens):
        if (
            n
            and token.lower in ("that", "which", "to", "required", "needed", "who")
            and any(t.lower not in ("the", "total", "number", "amount", "of", "overall") for t in tokens[:n])
        ):
            return tokens[:n]
    return tokens


def _head(words: list[str]) -> str:
    """Root of the noun that is counted or measured: the word after "number of", else the first content word."""
    rest = words
    for marker in ("number", "amount", "quantity", "numbers"):
        if marker in words:
            rest = words[words.index(marker) + 1 :]
            break
    stop = next(
        (
            i
            for i, w in enumerate(rest)
            if w in ("that", "which", "needed", "required", "used", "can", "to", "must", "in")
        ),
        len(rest),
    )
    nouns = [
        w
        for w in rest[:stop]
        if w not in ("of", "the", "total", "all", "each", "his", "her", "their", "its", "a", "possible")
    ]
    return root(nouns[-1]) if nouns else ""


def _money_goal(words: list[str], attributes: list[Attribute]) -> tuple[tuple[int | None, float], ...]:
    by = {a.category: k for k, a in enumerate(attributes) if a.money and a.category}
    if len(by) < sum(1 for a in attributes if a.money):
        wanted = set(words)
        if wanted & (PROFIT | REVENUE | COST | NEUTRAL):
            raise NotUnderstood("amounts of money with several meanings of the same kind")
    terms: list[tuple[int | None, float]] = []
    if set(words) & PROFIT:
        if "profit" in by:
            return ((by["profit"], 1.0),)
        if "revenue" in by:
            terms = [(by["revenue"], 1.0)]
            if "cost" in by:
                terms.append((by["cost"], -1.0))
        elif "neutral" in by and "cost" not in by:
            terms = [(by["neutral"], 1.0)]
    elif set(words) & (REVENUE | NEUTRAL | {"earnings", "tips", "money"}):
        for name in ("revenue", "neutral", "profit"):
            if name in by:
                return ((by[name], 1.0),)
    elif set(words) & (COST | {"costs"}):
        for name in ("cost", "neutral"):
            if name in by:
                return ((by[name], 1.0),)
    return tuple(terms)


def _check(
    story: Story,
    attributes: list[Attribute],
    rows: list[Row],
    shares: list[SharePart],
    objective: tuple[tuple[int | None, float], ...],
    count: int,
) -> None:
    """Every number used, every goal coefficient there, every row complete."""
    for attribute in attributes:
        first = next(iter(attribute.cells.values()))
        if not attribute.used:
            raise NotUnderstood(
                f"the number {first.quantity.text!r} is used nowhere",
                first.clause.sentence.text,
                first.quantity.start,
                first.quantity.end,
            )
    for k, _ in objective:
        if k is not None and len(attributes[k].cells) < count:
            raise NotUnderstood("the goal is told for only some of the activities")
    partial = [k for k, a in enumerate(attributes) if len(a.cells) < count]
    for k in partial:
        if not attributes[k].words:
            first = next(iter(attributes[k].cells.values()))
            raise NotUnderstood(
                "a number is told for only some of the activities",
                first.clause.sentence.text,
                first.quantity.start,
                first.quantity.end,
            )
    seen: dict[tuple[object, ...], float] = {}
    for row in rows:
        side = "<" if "<" in row.direction else (">" if ">" in row.direction else "=")
        key = (row.kind, row.attribute, row.members, side)
        value = row.limit.quantity.value
        if key in seen and seen[key] != value:
            raise fail(row.limit, f"two different limits ({seen[key]:g} and {value:g}) on the same thing")
        seen[key] = value
    covered = (
        {p.entity for c in story.combinations for p in c.pieces}
        | {m for row in rows for m in row.members}
        | {e for row in rows if row.attribute is not None for e in attributes[row.attribute].cells}
    )
    if not rows and not story.ratios and not shares and not story.combinations:
        raise NotUnderstood("no constraint was found")
    if not covered:
        raise NotUnderstood("no limit concerns the activities")
    told = {e for a in attributes for e in a.cells} | {m for row in rows if row.kind == "bound" for m in row.members}
    told |= {e for r in story.ratios for e in (r.left, r.right)} | {p.share.entity for p in shares}
    if attributes:
        told = {e for a in attributes for e in a.cells}
    if len(told) < count:
        raise NotUnderstood(
            f"nothing is told about {next(n for e, n in enumerate(story.entities.names) if e not in told)!r}"
        )


def _check_sense(
    story: Story,
    goal: Goal,
    rows: list[Row],
    objective: tuple[tuple[int | None, float], ...],
    attributes: list[Attribute],
) -> None:
    """Refuse what only a misreading makes: nothing forces a minimum above zero, a budget of what is to be maximised,
    cells of one attribute in different measures."""
    forced = any(row.direction in (">=", ">", "==") and row.limit.quantity.value > 0 for row in rows)
    forced = forced or any(r.offset is not None for r in story.ratios) or any(c.constant for c in story.combinations)
    forced = forced or any(r.direction in (">", "<") for r in story.ratios)
    if goal.sense == "min" and not forced and any(map(_to_do, story.limits)):
        raise NotUnderstood("nothing that was read asks for more than zero", goal.target, goal.start, goal.end)
    for row in rows:
        if (
            goal.sense == "max"
            and row.attribute is not None
            and attributes[row.attribute].money
            and "<" in row.direction
            and (row.attribute, 1.0) in objective
        ):
            raise fail(row.limit, f"whether {row.limit.quantity.text!r} bounds what is to be maximised is not clear")
    for attribute in attributes:
        units = {fact.quantity.unit for fact in attribute.cells.values() if fact.quantity.unit}
        units = units if attribute.money else units & PHYSICAL
        if len(units) > 1:
            first = next(iter(attribute.cells.values()))
            raise NotUnderstood(
                f"the same thing is told in {' and in '.join(sorted(units))}s",
                first.clause.sentence.text,
                first.quantity.start,
                first.quantity.end,
            )


def _to_do(limit: Limit) -> bool:
    """Whether a supply read from a mere cue may be what is to be done: "there are 45 people to be moved"."""
    after = limit.clause.sentence.text[limit.quantity.end - limit.clause.sentence.start :]
    asks = re.match(r"[^.;]*\b(?:to be|to|must|needs?)\b \w+", after)
    return not limit.explicit and "<" in limit.direction and asks is not None


def _integral(story: Story, measures: frozenset[str], goal: Goal, assumptions: list[str]) -> bool:
    text = " ".join(s.text.lower() for s in story.reading.document.sentences)
    if re.search(r"\bwhole numbers?\b|\bintegers?\b|\bindivisib", text):
        return True
    if re.search(r"\bfraction(?:s|al)\b.{0,40}\ballowed\b|\bneed not be (?:an )?integer", text):
        return False
    divisible = sorted(measures & DIVISIBLE)
    if not divisible:
        hourly = [f for f in story.coefficients if f.quantity.kind == "money"]
        if hourly and all(_rated_by_time(f) for f in hourly):
            divisible = ["time"]
    asked = re.search(r"\bhow (?:many|much) (?:of )?(\w+)", text)
    if asked and singular(asked.group(1)) in DIVISIBLE:
        divisible = divisible or [singular(asked.group(1))]
    if divisible:
        assumptions.append(f"{', '.join(divisible)} can be divided, so the decisions are continuous")
        return False
    assumptions.append("the things decided about are counted, so the decisions are whole numbers")
    return True


def _rated_by_time(fact: Coefficient) -> bool:
    """Whether an amount is "per hour", so that what is decided is a time."""
    text = fact.clause.sentence.text[fact.quantity.end - fact.clause.sentence.start :]
    return bool(re.match(r"\s*(?:per|an|each|a) (?:hour|minute)\b", text))
