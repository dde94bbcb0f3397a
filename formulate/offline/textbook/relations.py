"""Relations between decisions: "at least twice as many A as B", "more A than B", "at most 40% may be A"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formulate.offline.textbook.clauses import Clause
from verify.reading.comparisons import Comparison, Direction
from verify.reading.entities import Mention
from verify.reading.quantities import Quantity

# Up to ten words that are no place-holder. Bounded, so that failing to match stays cheap.
# Possessive, so that a word is never split between two turns of the loop.
_F = r"(?:(?![ECQMP]\d)[\w'$-]++[ ,]++){0,10}"
_E1, _E2 = r"(?P<e1>E\d+) ?", r"(?P<e2>E\d+)"
_C, _M, _Q = r"(?P<c>C\d+) ?", r"(?P<m>[MP]\d+) ?", r"(?P<q>Q\d+) ?"
_MUST = re.compile(
    r"\b(?:must|should|has to|have to|needs?|requires?|required|wants?|aims?|decides|decided|limited|ensure|at "
    r"all times|will|there (?:is|are))\b"
)

_RATIOS = tuple(
    re.compile(p)
    for p in (
        # at least 3 times as many E as E; the amount of E must be at least twice the amount of E
        rf"{_C}{_M}(?:as (?:many|much|may)|more|(?:of )?the (?:number|amount|quantity)(?: of)?"
        rf"|of)?\s*{_F}{_E1}{_F}\b(?:as|than|the|to|compared to)\b {_F}{_E2}",
        rf"{_E1}{_F}{_C}{_F}{_M}{_F}{_E2}",
        rf"{_E1}{_F}{_M}{_F}\b(?:as|the|that|those|of)\b {_F}{_E2}",
        rf"{_M}(?:as (?:many|much|may))\s*{_F}{_E1}{_F}\b(?:as|than)\b {_F}{_E2}",
    )
)
_ORDERS = tuple(
    re.compile(p)
    for p in (
        rf"{_E1}{_F}{_C}{_F}{_E2}",
        rf"(?P<word>\bmore|\bfewer|\bless) (?:of )?(?:the )?{_F}{_E1}{_F}\bthan\b {_F}{_E2}",
        rf"{_C}(?P<asmany>as (?:many|much)) {_F}{_E1}{_F}\bas\b {_F}{_E2}",
    )
)
_EQUALISERS = frozenset(("same", "equal", "match", "as many", "as much", "both", "exactly"))
_BARS = frozenset(("no", "not", "never", "cannot", "can't", "mustn't", "shouldn't", "may not"))
_OBLIGES = r"\b(?:must|should|shall|has to|have to|needs? to|wants? to|required|requires?)\b"
_NO_MORE = re.compile(
    rf"(?:\b(?P<no>no|not|never)\b(?: (?:be|to be|have|make|produce|sell|buy|use|hire|plant|grow|get|build))*"
    rf"|\bcannot(?: \w+){{1,2}}"
    rf"|n't(?: \w+){{1,2}}) (?P<word>more|fewer|less) (?:of )?(?:the )?{_E1}(?:[a-z]+ ){{0,3}}than (?:the )?{_E2}"
)
_EQUAL = tuple(
    re.compile(p)
    for p in (
        rf"^(?:\W|and |there |they |he |she |it |[\w' ]{{0,40}}?)?{_OBLIGES}(?: be| \w+)? (?:exactly )?as "
        rf"(?:many|much) {_E1}as {_E2}",
        rf"^(?:exactly )?as (?:many|much) {_E1}as {_E2} {_OBLIGES}",
        rf"{_OBLIGES}(?: \w+){{1,3}} (?:the same|an equal|equal) (?:number|numbers|amount|amounts|quantity"
        rf"|quantities) of (?:both )?{_E1}"
        rf"(?:and|as) {_E2}",
        rf"^(?:the )?(?:same|equal) (?:number|numbers|amount|quantity) of {_E1}(?:and|as) {_E2} {_OBLIGES}",
        rf"\b{_E1}and {_E2} {_OBLIGES} be \w+ in (?:equal|the same) (?:numbers|number|amounts|quantities)",
        rf"^(?:the )?(?:number|amount|quantity) of {_E1}(?:\w+ ){{0,2}}?{_OBLIGES} (?:match|C\d+|be the same as"
        rf"|be C\d+) (?:the )?"
        rf"(?:number|amount|quantity) of {_E2}",
    )
)
_OFFSETS = tuple(
    re.compile(p)
    for p in (
        rf"{_E1}{_F}{_C}{_Q}(?:(?![ECQMP]\d)\w+ ){{0,3}}?(?P<word>more|fewer|less|greater"
        rf"|higher) {_F}\bthan\b {_F}{_E2}",
        rf"{_C}{_Q}(?P<word>more|fewer|less) {_F}{_E1}{_F}\bthan\b {_F}{_E2}",
    )
)
_FOR_EACH = tuple(
    re.compile(p)
    for p in (
        rf"{_C}{_Q}{_E1}{_F}\bfor (?:every|each) {_F}{_E2}$",
        rf"\bfor (?:every|each) {_F}{_E2},? ?{_F}{_C}{_Q}{_E1}",
    )
)
_SHARES = tuple(
    re.compile(p)
    for p in (
        rf"{_C}(?P<p>P\d+) of (?P<base>{_F})(?:must|can|should|may|could|has to|have to|needs? to|are|is|to|be"
        rf"|has|have|that)\b {_F}{_E1}",
        rf"{_C}(?P<p>P\d+) (?P<base>){_F}(?:must|can|should|may|could|has to|have to|needs? to|are|is|to"
        rf"|be)\b {_F}{_E1}",
        rf"{_E1}{_F}{_C}{_F}(?P<p>P\d+) of (?P<base>[\w' -]*)",
    )
)


@dataclass(frozen=True)
class Ratio:
    """entity `left` compared with `factor` times entity `right` plus `offset`."""

    left: int
    right: int
    direction: Direction
    factor: Quantity | None
    offset: Quantity | None
    clause: Clause
    read: frozenset[str] = frozenset()
    """Words that turned or made the relation ("no", "same"), answered for by it."""


@dataclass(frozen=True)
class Share:
    """entity `entity` compared with a fraction of the total (of `base`)."""

    entity: int
    direction: Direction
    part: Quantity
    base: str
    clause: Clause


def _entity(clause: Clause, name: str) -> int:
    item = clause.slot(name)
    assert isinstance(item, Mention)
    return item.entity


def _quantity(clause: Clause, name: str) -> Quantity:
    item = clause.slot(name)
    assert isinstance(item, Quantity)
    return item


def _direction(clause: Clause, name: str) -> Direction:
    item = clause.slot(name)
    assert isinstance(item, Comparison)
    return item.direction


def find_ratio(clause: Clause) -> Ratio | None:
    """The ratio or order between two entities that a clause states, or None."""
    if len(clause.named) != 2 or len(clause.mentions) != 2:
        return None
    multipliers = [q for q in clause.quantities if q.kind in ("multiplier", "fraction", "percent")]
    others = [q for q in clause.quantities if q not in multipliers]
    text = clause.pattern
    if len(multipliers) == 1 and not others:
        for pattern in _RATIOS:
            match = pattern.search(text)
            if not match or re.search(rf"{match['m']} (?:less|fewer|smaller)\b|\bP\d+ more\b", text):
                continue
            if "c" in match.re.groupindex:
                direction = _direction(clause, match["c"])
            elif clause.comparisons or not _MUST.search(text):
                continue
            else:
                direction = "=="
            return Ratio(
                _entity(clause, match["e1"]), _entity(clause, match["e2"]), direction, multipliers[0], None, clause
            )
        return None
    if multipliers:
        return None
    if len(others) == 1 and others[0].kind in ("number", "money"):
        return _for_each(clause, text) or _offset(clause, text)
    if others:
        return None
    return _order(clause, text)


def _for_each(clause: Clause, text: str) -> Ratio | None:
    """At least 4 chairs for every table: chairs compared with 4 times the tables."""
    for pattern in _FOR_EACH:
        match = pattern.search(text.rstrip(". "))
        if match and _MUST.search(text) and _quantity(clause, match["q"]).kind == "number":
            left, right = _entity(clause, match["e1"]), _entity(clause, match["e2"])
            return Ratio(left, right, _direction(clause, match["c"]), _quantity(clause, match["q"]), None, clause)
    return None


def _offset(clause: Clause, text: str) -> Ratio | None:
    for pattern in _OFFSETS:
        match = pattern.search(text)
        if match:
            direction, quantity = _direction(clause, match["c"]), _quantity(clause, match["q"])
            left, right = _entity(clause, match["e1"]), _entity(clause, match["e2"])
            if match["word"] in ("fewer", "less"):
                # at least 5 fewer A than B: B is at least A + 5
                left, right = right, left
            return Ratio(left, right, direction, None, quantity, clause)
    return None


def _order(clause: Clause, text: str) -> Ratio | None:
    if re.search(r"\bprefer", text):
        # A preference is no requirement, and not none either.
        return None
    equal = next((m for m in (p.search(text) for p in _EQUAL) if m), None)
    if equal and all(c.direction == "==" for c in clause.comparisons):
        return Ratio(_entity(clause, equal["e1"]), _entity(clause, equal["e2"]), "==", None, None, clause, _EQUALISERS)
    if re.search(r"\bneed not\b|\b(?:not|n't) (?:have|need) to\b", text):
        return None
    barred = _NO_MORE.search(text) if not clause.comparisons else None
    if barred:
        direction: Direction = "<=" if barred["word"] == "more" else ">="
        return Ratio(_entity(clause, barred["e1"]), _entity(clause, barred["e2"]), direction, None, None, clause, _BARS)
    if re.search(r"\b(?:no|not|never|cannot|neither|nor|without|instead)\b|n't\b", text):
        return None
    for pattern in _ORDERS:
        match = pattern.search(text)
        if not match:
            continue
        left, right = _entity(clause, match["e1"]), _entity(clause, match["e2"])
        groups = match.re.groupindex
        if "word" in groups:
            if not _MUST.search(text) and not re.search(
                r"\bto (?:have|grow|make|use|be|sell|run|hire|buy|produce)\b", text
            ):
                return None
            if clause.comparisons:
                return None
            return Ratio(left, right, ">" if match["word"] == "more" else "<", None, None, clause)
        direction = _direction(clause, match["c"])
        if "asmany" not in groups and not _MUST.search(text) and not re.search(r"\bcannot|\bcan not|n't\b|C\d+", text):
            return None
        return Ratio(left, right, direction, None, None, clause)
    return None


def find_share(clause: Clause) -> Share | None:
    """The share of the total that a clause bounds for one entity, or None."""
    parts = [q for q in clause.quantities if q.kind in ("percent", "fraction")]
    if len(parts) != 1 or len(clause.quantities) != 1 or len(clause.named) != 1:
        return None
    for pattern in _SHARES:
        match = pattern.search(clause.pattern)
        if match:
            return Share(
                _entity(clause, match["e1"]), _direction(clause, match["c"]), parts[0], match["base"].strip(), clause
            )
    return None
