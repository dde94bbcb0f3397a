"""The regular statements of an LP file as arrays at once: `label: [number rel] terms rel number`.

What is not of this form is left to the parser that goes token by token (lp_parse).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress
from itertools import count as counter

import numpy as np

from solvers.io.lp_lexer import ARROW, BAD, COLON, INFINITY, NAME, NUM, REL, RELATIONS, SIGN, Tokens

MINUS = ord("-")


class Columns:
    """Columns by name, numbered in the order in which the file first names them."""

    def __init__(self) -> None:
        self.of: dict[bytes, int] = {}

    def add(self, names: Iterable[bytes], count: int) -> np.ndarray:
        """The positions of `count` names, new ones numbered in their order."""
        table = defaultdict(counter(len(self.of)).__next__, self.of)
        found = np.fromiter(map(table.__getitem__, names), np.int64, count)
        self.of = dict(table)
        return found

    def number(self, name: bytes) -> int:
        """The position of a column, new where it was not named before."""
        return self.of.setdefault(name, len(self.of))


def register(tokens: Tokens, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Number all columns that a section names; the tokens that name one, and the columns they name."""
    kinds = tokens.kinds
    name = kinds == NAME
    name[:-1] &= kinds[1:] != COLON
    before = columns.of
    found = columns.add(compress(tokens.toks, name.tolist()), int(name.sum()))
    infinite = {token for token in columns.of if len(token) in (3, 8) and token.lower() in INFINITY}
    if infinite:
        columns.of = before
        for k in np.flatnonzero(name).tolist():
            if tokens.toks[k] in infinite:
                name[k] = False
        found = columns.add(compress(tokens.toks, name.tolist()), int(name.sum()))
    return np.flatnonzero(name), found


@dataclass(eq=False)
class Linear:
    """Terms of a section: the token of each name, its column and its coefficient; values of all number tokens."""

    at: np.ndarray
    column: np.ndarray
    coef: np.ndarray
    value: np.ndarray


def terms(tokens: Tokens, at: np.ndarray, column: np.ndarray) -> Linear:
    """Every name, at its token, with the number and the sign before it."""
    kinds, first = tokens.kinds, tokens.first
    value = np.full(len(tokens), np.nan)
    is_number = kinds == NUM
    found = [*compress(tokens.toks, is_number.tolist())]
    try:
        value[is_number] = np.fromiter(map(float, found), np.float64, len(found))
    except ValueError:  # such as 1x in a file of Gurobi's: the parser says where
        value[is_number] = np.nan
    number = (kinds[at - 1] == NUM) & (at > 0)
    coef = np.where(number, value[at - 1], 1.0)
    sign = at - 1 - number
    minus = (sign >= 0) & (first[sign] == MINUS) & (kinds[sign] == SIGN)
    return Linear(at, column, np.where(minus, -coef, coef), value)


@dataclass(eq=False)
class Statements:
    """Statements: where each begins and ends, whether it has a label, is regular, and then its sides and terms."""

    start: np.ndarray
    labelled: np.ndarray
    end: np.ndarray
    regular: np.ndarray
    low: np.ndarray
    high: np.ndarray
    term: np.ndarray
    term_statement: np.ndarray


def _starts(tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Where statements start, and whether with a label: at labels, and at lines that follow a right-hand side."""
    kinds, n = tokens.kinds, len(tokens)
    colon = np.flatnonzero(kinds == COLON)
    label = colon[(colon > 0) & (kinds[colon - 1] == NAME)] - 1
    before = [np.concatenate([np.full(k, BAD, np.uint8), kinds])[:n] for k in range(1, 5)]
    # A relation and a number, not after another number: `5 <= x` may go on.
    closed = (before[1] == REL) & (before[2] != NUM)
    closed |= (before[1] == SIGN) & (before[2] == REL) & (before[3] != NUM)
    closed &= (before[0] == NUM) & (kinds != REL) & (kinds != ARROW)
    closed[:1] = True
    closed[label] = False
    bare = np.flatnonzero(closed)
    if len(bare) and bare[-1] > 0:
        bare = bare[tokens.first_of_line[bare] | (bare == 0)]
    start = np.sort(np.concatenate([label, bare]))
    return start, np.isin(start, label, assume_unique=True)


def statements(tokens: Tokens, linear: Linear) -> Statements:
    """Cut a section into statements and read the regular ones."""
    kinds, n = tokens.kinds, len(tokens)
    start_at, labelled = _starts(tokens)
    begin, end = start_at + 2 * labelled, np.append(start_at[1:], n)
    count = len(start_at)
    if not count:
        none, zero = np.zeros(0, np.int64), np.zeros(0)
        return Statements(none, none.astype(bool), none, none.astype(bool), zero, zero, none, none)
    # The number before a name that opens a statement is the right-hand side of the one before.
    linear.coef[np.isin(linear.at, begin)] = 1.0
    of = np.repeat(np.arange(count), end - begin)  # the statement of each token in one
    token = np.arange(len(of)) + np.repeat(begin - np.concatenate([[0], np.cumsum(end - begin)[:-1]]), end - begin)
    kind = kinds[token]
    rel = token[kind == REL]
    rel_of = of[kind == REL]
    how_many = np.bincount(rel_of, minlength=count)
    ok = (how_many == 1) | (how_many == 2)
    ok[of[kind > REL]] = False
    last = np.zeros(count, np.int64)
    first = np.full(count, -1, np.int64)
    last[rel_of] = rel
    first[rel_of[::-1]] = rel[::-1]
    two = how_many == 2
    right = end - last
    ok &= ((right == 2) | ((right == 3) & (kinds[np.minimum(last + 1, n - 1)] == SIGN))) & (kinds[end - 1] == NUM)
    left = first - begin
    ok &= ~two | (
        ((left == 1) | ((left == 2) & (kinds[begin % max(n, 1)] == SIGN))) & (kinds[np.maximum(first - 1, 0)] == NUM)
    )
    start = np.where(two, first + 1, begin)
    # Within the terms: number name, sign number, sign name, name sign; a name stands last.
    inner = (token >= start[of]) & (token < last[of])
    follows = token[inner][token[inner] + 1 < last[of[inner]]]
    pair = kinds[follows] * 3 + kinds[follows + 1] if len(follows) else np.zeros(0, np.uint8)
    allowed = (NUM * 3 + NAME, SIGN * 3 + NUM, SIGN * 3 + NAME, NAME * 3 + SIGN)
    bad = follows[~np.isin(pair, allowed)]
    ok[np.searchsorted(begin, bad, side="right") - 1] = False
    ok &= (last > start) & (kinds[np.maximum(last - 1, 0)] == NAME)
    ok &= np.isfinite(np.where(ok, _side(tokens, linear, end - 1), 0.0))
    ok &= np.isfinite(np.where(ok & two, _side(tokens, linear, first - 1), 0.0))
    # A name among the terms that is no column is a word for infinity.
    words = token[inner & (kind == NAME)]
    known = np.zeros(n, bool)
    known[linear.at] = True
    ok[np.searchsorted(begin, words[~known[words]], side="right") - 1] = False
    low, high = _limits(tokens, linear, ok, two, first, last, end)
    statement = np.searchsorted(begin, linear.at, side="right") - 1
    term = np.flatnonzero((statement >= 0) & ok[statement])
    finite = np.isfinite(linear.coef[term])
    ok[statement[term[~finite]]] = False
    term = term[ok[statement[term]]]
    return Statements(start_at, labelled, end, ok, low, high, term, statement[term])


def _side(tokens: Tokens, linear: Linear, at: np.ndarray) -> np.ndarray:
    """The signed numbers at some tokens."""
    at = np.maximum(at, 0)
    minus = (at > 0) & (tokens.first[at - 1] == MINUS) & (tokens.kinds[at - 1] == SIGN)
    return np.where(minus, -linear.value[at], linear.value[at])


def _limits(
    tokens: Tokens,
    linear: Linear,
    ok: np.ndarray,
    two: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    end: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper sides of regular statements; takes those off whose relations do not fit together."""
    low, high = np.full(len(ok), -np.inf), np.full(len(ok), np.inf)
    at = np.flatnonzero(ok)
    relation = np.zeros(len(ok), np.int64)
    relation[at] = [RELATIONS[tokens.toks[k]] for k in last[at].tolist()]
    value = _side(tokens, linear, end - 1)
    low = np.where(relation >= 0, value, low)
    high = np.where(relation <= 0, value, high)
    for k in np.flatnonzero(ok & two).tolist():
        opening = RELATIONS[tokens.toks[int(first[k])]]
        if opening != relation[k] or opening == 0:
            ok[k] = False
    ranged = np.flatnonzero(ok & two)
    opening_value = _side(tokens, linear, first - 1)
    for k in ranged.tolist():
        if relation[k] < 0:
            low[k] = opening_value[k]
        else:
            high[k] = opening_value[k]
    return low, high
