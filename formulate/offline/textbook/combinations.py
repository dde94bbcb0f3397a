"""Linear combinations told in words: "the combined X and twice Y cannot exceed 500"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.lexicon import total_of_something
from verify.reading.comparisons import Comparison, Direction
from verify.reading.entities import Mention
from verify.reading.quantities import Quantity

_CUES = re.compile(
    r"\b(?:combined|combination|sum|total|together|plus|minus|difference|overall|altogether|exceeds?)\b|[+]"
)
_FOREIGN = re.compile(
    r"\b(?:per|each|every|if|doubled|tripled|halved|subtracted|reduced|compared|counted|ratio|average|percent\w*"
    r"|profit|revenue|cost|costs|times as|either|or|unless|only|score of)\b|\$"
)
_PART = re.compile(r"[ECQMP]\d+|[\w'-]+|[+*=/\-(),]")
_MORE = frozenset(("more", "greater", "higher", "larger", "additional"))
_LESS = frozenset(("fewer", "less", "lower", "smaller"))


@dataclass(frozen=True)
class Piece:
    """One term: a sign, a factor (None: one), and the entity."""

    sign: int
    factor: Quantity | None
    entity: int


@dataclass(frozen=True)
class Combination:
    """The sum of the pieces compared with a constant (None: zero)."""

    pieces: tuple[Piece, ...]
    direction: Direction
    constant: Quantity | None
    clause: Clause
    difference: bool = False


@dataclass
class _State:
    pieces: list[Piece]
    sign: int = 1
    side: int = 1
    factor: Quantity | None = None
    constant: Quantity | None = None
    direction: Direction | None = None
    between: bool = False
    more: bool = False
    crossed: bool = False


def find_combination(clause: Clause) -> Combination | None:
    """The linear comparison that a clause states, or None when its words are not of this kind."""
    text = clause.pattern
    if len(clause.named) < 2 or not clause.comparisons or len(text) > 1500 or _FOREIGN.search(text):
        return None
    if not _CUES.search(text) and not any(q.kind in ("multiplier", "fraction") for q in clause.quantities):
        return None
    if total_of_something(text):
        return None
    state = _State([])
    parts = _PART.findall(text)
    for n, part in enumerate(parts):
        if part[0] == "Q" and part[1:].isdigit() and state.direction is None:
            # "4 trucks plus 3 vans": the number weighs the name that follows at once.
            if state.factor is not None or not _names_next(parts, n):
                return None
            item = clause.slot(part)
            assert isinstance(item, Quantity)
            state.factor = item
        elif not _step(state, clause, part):
            return None
    return _finish(state, clause)


def _names_next(parts: list[str], n: int) -> bool:
    following = [p for p in parts[n + 1 : n + 4] if p not in ("units", "unit", "of", "*", "times", "the")]
    return bool(following) and bool(re.fullmatch(r"E\d+", following[0]))


def _step(state: _State, clause: Clause, part: str) -> bool:
    if re.fullmatch(r"[ECQMP]\d+", part):
        return _placed(state, clause.slot(part))
    if part in ("minus", "-"):
        state.sign = -state.side
    elif part in ("plus", "+"):
        state.sign = state.side
    elif part == "difference":
        state.between = True
    elif part == "and" and state.between and state.pieces and state.direction is None:
        state.sign = -1
    elif part == "and" and state.factor is not None:
        return False
    elif part in ("(", ")", ","):
        return state.factor is None
    elif part in _MORE and state.constant is not None:
        state.more = True
    elif (part in _LESS and state.constant is not None) or part in ("=", "/"):
        return False
    return True


def _placed(state: _State, item: object) -> bool:
    if isinstance(item, Mention):
        if any(p.entity == item.entity for p in state.pieces):
            return False
        state.pieces.append(Piece(state.sign, state.factor, item.entity))
        state.crossed = state.crossed or state.direction is not None
        state.factor = None
        state.sign = state.side if not (state.between and state.direction is None) else state.sign
        return True
    if isinstance(item, Comparison):
        if state.direction is not None:
            # "should not exceed that of Y by more than 50": the second comparison repeats the first.
            if state.constant is not None and item.direction == ">" and len(state.pieces) == 1 and not state.more:
                # "at least 20 more than twice Y"
                state.more = True
                return True
            if state.direction == ">" and item.direction == ">=" and state.constant is None and state.factor is None:
                # "must exceed Y by at least 200"
                state.direction = ">="
                return True
            return item.direction in (">", "<") and state.constant is None and state.factor is None
        if state.factor is not None or not state.pieces:
            return False
        state.direction = item.direction
        state.side = state.sign = -1
        return True
    if isinstance(item, Quantity):
        if item.kind in ("multiplier", "fraction"):
            if state.factor is not None:
                return False
            state.factor = item
            return True
        if (
            item.kind in ("number", "money")
            and state.direction is not None
            and state.constant is None
            and state.factor is None
        ):
            state.constant = item
            return True
    return False


def _finish(state: _State, clause: Clause) -> Combination | None:
    if state.direction is None or state.factor is not None or len(state.pieces) < 2:
        return None
    right, text = state.crossed, clause.pattern
    if right and state.constant is not None and not state.more and not re.search(r"\bby\b", text):
        return None
    if state.constant is None and not right:
        return None
    if state.more and not right:
        return None
    return Combination(tuple(state.pieces), state.direction, state.constant, clause, state.between)
