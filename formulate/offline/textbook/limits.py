"""Limits as rows: which attribute, total or activity a bounded number concerns."""

from __future__ import annotations

import re

from formulate.offline.textbook.facts import Limit, Phrase
from formulate.offline.textbook.lexicon import (
    CONVERTS,
    DIVISIBLE,
    PHYSICAL,
    TIME,
    distinctive,
    root,
    total_of_something,
)
from formulate.offline.textbook.meaning import (
    Attribute,
    NotUnderstood,
    Row,
    _match_limit,
    _overlap,
)
from formulate.offline.textbook.story import Story

_OFFERED = re.compile(
    r"\bavailable\b|\bfor (?:hire|sale|rent)\b|\bonly (?:(?:has|have|are|is) )?(?:the "
    r")?(?:C\d+ )?Q\d"
)


_PER_OTHER = re.compile(
    r"\bfor (?:every|each|one)\b|\b(?:per|each|every|one) (?:[\w-]+ ){0,2}?E\d"
    r"|^(?:an?|one) E\d+ (?:requires?|needs?|takes?)\b"
)
_KINDS = frozenset(("type", "kind", "sort", "size", "model", "variety", "version", "brand"))


def fail(limit: Limit, why: str) -> NotUnderstood:
    q = limit.quantity
    return NotUnderstood(why, limit.clause.sentence.text, q.start, q.end)


def rows_of(
    story: Story,
    limit: Limit,
    attributes: list[Attribute],
    classes: frozenset[str],
    measures: frozenset[str],
    names: frozenset[str],
    assumptions: list[str],
) -> list[Row]:
    """The rows that one limit states."""
    everyone = tuple(range(len(story.entities.names)))
    phrase, quantity = limit.phrase, limit.quantity
    roots = phrase.roots
    measured = frozenset(root(m) for m in measures)
    named = phrase.named
    outside = _near_names(limit)
    whole = _totalled(limit) or everyone
    if limit.clause.mentions and _PER_OTHER.search(limit.clause.pattern) and not _rates_only(limit):
        raise fail(limit, f"what {quantity.text!r} for each of another means is not clear")
    if re.search(r"\b(?:difference|minus|plus|doubled|tripled)\b", limit.clause.pattern):
        raise fail(limit, f"the combination that {quantity.text!r} bounds is not understood")
    weighed = total_of_something(limit.clause.pattern)
    if weighed and not any(root(weighed) in a.words for a in attributes):
        raise fail(limit, f"the total {weighed} that {quantity.text!r} bounds is told of nothing")
    plain = not (distinctive(roots) - classes - measured)
    if not named and len(outside) == 1 and plain and quantity.kind != "money":
        fits = _match_limit(attributes, limit, names, weak=False)
        if fits is None or not roots:
            named = outside
    if named and quantity.kind != "money":
        direct = [k for k, a in enumerate(attributes) if _overlap(distinctive(roots), a.words)]
        if len(named) == 1 and _measured_elsewhere(attributes, quantity.unit, measures):
            raise fail(limit, f"{quantity.text!r} bounds what one activity takes, not how much of it there is")
        unit_clash = any(a.unit and a.unit == quantity.unit and a.unit not in measures for a in attributes)
        if len(named) == 1:
            _whole_name(story, limit, named[0])
            if (direct and not plain) or (unit_clash and not plain):
                raise fail(limit, f"whether {quantity.text!r} bounds the activity or what it takes is not clear")
            if not limit.explicit and "<" in limit.direction and not _OFFERED.search(limit.clause.pattern):
                raise fail(limit, f"whether {quantity.text!r} that there are bound what is made is not clear")
            _one_measure(limit, measures)
            return [Row("bound", limit.direction, limit, members=named)]
        if not direct or plain:
            return [Row("total", limit.direction, limit, members=named)]
    if named and quantity.kind == "money" and len(named) < len(everyone):
        raise fail(limit, f"the amount {quantity.text!r} concerns only some of the activities")
    alike = quantity.kind == "number" and _each_activity(limit, classes, plain)
    if not named and alike and not _each_resource(limit, attributes):
        _one_measure(limit, measures)
        return [Row("bound", limit.direction, limit, members=(k,)) for k in everyone]
    if (
        phrase.every
        and plain
        and not any(a.unit == quantity.unit and quantity.unit not in measures for a in attributes)
    ):
        return [Row("bound", limit.direction, limit, members=(k,)) for k in everyone]
    if "either" in phrase.after and head_word_is(phrase, classes) and quantity.kind != "money":
        return [Row("total", limit.direction, limit, members=whole)]
    if (
        {"total", "combined", "altogether"} & {*phrase.after, *phrase.before[-4:]}
        and quantity.kind != "money"
        and not any(_overlap(distinctive(roots), a.words) for a in attributes)
        and not any(a.unit == quantity.unit and quantity.unit not in ("unit", "") for a in attributes)
    ):
        return [Row("total", limit.direction, limit, members=whole)]
    measured_attribute = (
        any(a.unit == quantity.unit and not a.money for a in attributes)
        and (quantity.unit in TIME or quantity.unit in DIVISIBLE)
        and quantity.unit not in measures
    )
    if {"total", "combined"} & {*phrase.before} and plain and quantity.kind != "money" and not measured_attribute:
        return [Row("total", limit.direction, limit, members=whole)]
    if (
        "both" in phrase.after
        and quantity.kind != "money"
        and not {"total", "combined"} & {*phrase.after, *phrase.before}
    ):
        raise fail(limit, f"whether {quantity.text!r} holds for each or for both together is not clear")
    head_is_class = (
        quantity.kind != "money"
        and not measured_attribute
        and (bool(roots & classes) or bool(roots & measured) or quantity.unit in measures)
    )
    if (
        plain
        and not named
        and quantity.kind == "number"
        and quantity.unit in ("", "unit")
        and ({"total", "combined", "sum"} & {*phrase.before})
        and not any(_overlap(distinctive(phrase.context), a.words) for a in attributes if not a.money)
    ):
        return [Row("total", limit.direction, limit, members=whole)]
    shared = _each_resource(limit, attributes)
    if shared:
        return [_resource(limit, attributes, k, assumptions) for k in shared]
    match = _match_limit(attributes, limit, names)
    if match is not None and match[1] and len(outside) == 1:
        raise fail(limit, f"{quantity.text!r} bounds only what one activity takes or makes")
    if (
        match is not None
        and match[1]
        and not (head_is_class and not _overlap(distinctive(roots), attributes[match[0]].words))
    ):
        return [_resource(limit, attributes, match[0], assumptions)]
    if head_is_class and quantity.kind != "money" and len(outside) == 1:
        if any(m.end <= quantity.start for m in limit.clause.mentions if m.entity == outside[0]):
            return [Row("bound", limit.direction, limit, members=outside)]
        raise fail(limit, f"whether {quantity.text!r} bounds one activity or the total is not clear")
    if head_is_class and quantity.kind != "money":
        return [Row("total", limit.direction, limit, members=whole)]
    if match is not None and quantity.kind != "money":
        return [_resource(limit, attributes, match[0], assumptions)]
    if "total" in phrase.before[-8:] and not roots and quantity.kind != "money":
        return [Row("total", limit.direction, limit, members=whole)]
    raise fail(limit, f"what the limit {quantity.text!r} bounds is not clear")


def _rates_only(limit: Limit) -> bool:
    """Whether "a", "each" or "per" before a name belongs to a coefficient of the same clause, not to the limit."""
    quantities = [q for q in limit.clause.quantities if q.kind != "multiplier"]
    return len(quantities) > 1


def _each_activity(limit: Limit, classes: frozenset[str], plain: bool) -> bool:
    """Whether a limit holds for each activity alone: "each machine can run at most 10 hours", "15 of each size"."""
    text = limit.clause.sentence.text[limit.clause.start - limit.clause.sentence.start :].lower()
    at = limit.quantity.start - limit.clause.start
    found = re.search(r"\b(?:each|every) ([a-z-]+) (?!of\b)[^,;.]*$", text[:at])
    if plain and found and root(found[1]) in classes and not re.search(r"\b(?:total|combined|together)\b", text):
        return True
    after = re.match(r"[^,;.]*?\bof (?:each|every|any one) ([a-z-]+)", text[at:])
    return after is not None and (root(after[1]) in classes or after[1] in _KINDS)


def _whole_name(story: Story, limit: Limit, entity: int) -> None:
    """Refuse a name told twice beside others: "blends soy wax and beeswax into exactly 50 kg of wax"."""
    named = [mention.entity for mention in limit.clause.mentions]
    if len(set(named)) > 1 and named.count(entity) > 1:
        raise fail(limit, f"whether {limit.quantity.text!r} bounds {story.entities.names[entity]!r} is not clear")


def _one_measure(limit: Limit, measures: frozenset[str]) -> None:
    """Refuse a bound told in another physical measure than the activities are."""
    unit = limit.quantity.unit
    if unit in PHYSICAL and measures & PHYSICAL and unit not in measures:
        raise fail(limit, f"whether {limit.quantity.text!r} {unit} are the measure of what is decided is not clear")


def _each_resource(limit: Limit, attributes: list[Attribute]) -> list[int]:
    """The attributes that "each machine is available for at most 350 minutes" bounds alike."""
    before = [w for w in limit.phrase.before if w not in ("of", "the")]
    at = next((n for n, w in enumerate(before) if w in ("each", "every", "both")), None)
    if at is None or at + 1 >= len(before):
        return []
    noun = root(before[at + 1])
    found = [
        k
        for k, a in enumerate(attributes)
        if noun in a.words and (a.unit == limit.quantity.unit or {a.unit, limit.quantity.unit} <= set(TIME))
    ]
    return found if len(found) > 1 else []


def head_word_is(phrase: Phrase, classes: frozenset[str]) -> bool:
    """Whether the noun right after a number stands for the activities."""
    return bool(phrase.after) and root(phrase.after[0]) in classes


def _totalled(limit: Limit) -> tuple[int, ...]:
    """The two or more entities named just before, else just after, a limit on their total."""
    clause, quantity = limit.clause, limit.quantity
    near = set(_near_names(limit))
    for side in (
        [m.entity for m in clause.mentions if m.end <= quantity.start and _region_start(limit) <= m.start],
        [m.entity for m in clause.mentions if m.start >= quantity.end and m.entity in near],
    ):
        if len(set(side)) > 1:
            return tuple(dict.fromkeys(side))
    return ()


def _region_start(limit: Limit) -> int:
    return max((q.end for q in limit.clause.quantities if q.end <= limit.quantity.start), default=limit.clause.start)


def _measured_elsewhere(attributes: list[Attribute], unit: str, measures: frozenset[str]) -> bool:
    """Whether a unit belongs to what activities take (hours), and not to the activities themselves (acres)."""
    return unit not in ("", "unit") and unit not in measures and any(a.unit == unit for a in attributes)


def _near_names(limit: Limit) -> tuple[int, ...]:
    """Entities named between the number before and the number after a limit."""
    clause, quantity = limit.clause, limit.quantity
    low = max((q.end for q in clause.quantities if q.end <= quantity.start), default=clause.start)
    high = min((q.start for q in clause.quantities if q.start >= quantity.end), default=clause.end)
    return tuple(dict.fromkeys(m.entity for m in clause.mentions if low <= m.start < high))


def _resource(limit: Limit, attributes: list[Attribute], k: int, assumptions: list[str]) -> Row:
    attribute, unit = attributes[k], limit.quantity.unit
    factor = 1.0
    both = {unit, attribute.unit}
    if len(both) > 1 and both <= PHYSICAL and not both <= set(TIME):
        ours, theirs = CONVERTS.get(attribute.unit), CONVERTS.get(unit)
        if not ours or not theirs or ours[0] != theirs[0]:
            raise fail(limit, f"how many {attribute.unit}s {limit.quantity.text!r} {unit}s are is not clear")
        factor = theirs[1] / ours[1]
        if factor != 1.0:
            larger, smaller = (unit, attribute.unit) if factor > 1 else (attribute.unit, unit)
            assumptions.append(f"one {larger} is {max(factor, 1 / factor):g} {smaller}s")
        return Row("resource", limit.direction, limit, attribute=k, factor=factor)
    if attribute.unit in TIME and unit in TIME and TIME[unit] != TIME[attribute.unit]:
        factor = TIME[unit] / TIME[attribute.unit]
        if {unit, attribute.unit} & {"day", "week"}:
            raise fail(limit, f"whether a {unit} counts all its hours is not clear")
        assumptions.append(
            f"one {unit} is {factor:g} {attribute.unit}s"
            if factor >= 1
            else f"one {attribute.unit} is {1 / factor:g} {unit}s"
        )
    return Row("resource", limit.direction, limit, attribute=k, factor=factor)
