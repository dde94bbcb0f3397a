"""Bounds, kinds and special ordered sets of an LP file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.io.lp_lexer import COLON, DOUBLE, INFINITY, NAME, NUM, REL, Tokens
from solvers.io.lp_linear import Columns
from solvers.io.lp_parse import Parser
from solvers.io.source import clip, text
from solvers.io.tokens import number
from solvers.model import Sos


@dataclass
class Attributes:
    """What the sections after the constraints say of columns, by their positions."""

    low: dict[int, float] = field(default_factory=dict)
    high: dict[int, float] = field(default_factory=dict)
    integer: set[int] = field(default_factory=set)
    binary: set[int] = field(default_factory=set)
    semi: set[int] = field(default_factory=set)
    sos: list[Sos] = field(default_factory=list)


def read_bounds(tokens: Tokens, columns: Columns, out: Attributes) -> None:
    """`x free`, `x <= 5`, `-5 <= x <= 5`, `x = 5`, `x >= -inf`."""
    parser = Parser(tokens, columns)
    parser.kinds += [-1] * 6  # what `_regular` sees past the end
    while parser.at < parser.end:
        _regular(parser, out)
        if parser.at >= parser.end:
            return
        begun = parser.at
        opening: tuple[float, int] | None = None
        ahead = parser.value_ahead()
        if ahead and parser.kind(ahead) == REL:
            value = parser.value()
            opening = (value, parser.relation())
        if parser.kind() != NAME or parser.is_infinite():
            raise parser.fail(f"a column is missing: {parser.found()}", "write 0 <= x <= 5, x >= 1 or x free")
        column = columns.number(parser.token())
        parser.at += 1
        if opening is not None:
            _put(parser, out, column, -opening[1], opening[0], begun)
        elif parser.kind() == NAME and parser.token().lower() == b"free":
            parser.at += 1
            _put(parser, out, column, 1, -np.inf, begun)
            _put(parser, out, column, -1, np.inf, begun)
            continue
        elif parser.kind() != REL:
            raise parser.fail(f"<=, = or >= is missing: {parser.found()}", "write x <= 5, or x free")
        if parser.kind() == REL:
            relation = parser.relation()
            if opening is not None and (relation == 0 or relation != opening[1]):
                raise parser.fail("the two relations of a bound differ", "write low <= x <= high", parser.at - 1)
            _put(parser, out, column, relation, parser.value(), begun)


def _regular(parser: Parser, out: Attributes) -> None:
    """A run of `1 <= x <= 5` and `x <= 5`, up to what is written otherwise or repeats a bound."""
    toks, kinds, low, high, of = parser.tokens.toks, parser.kinds, out.low, out.high, parser.columns.of
    at = parser.at
    while True:
        kind = kinds[at]
        if kind == NUM:
            # Both sides, and neither a third relation nor a number that the lexer took for one.
            if (
                kinds[at + 1 : at + 5] != _TWO_SIDED
                or kinds[at + 5] == REL
                or toks[at + 1] != b"<="
                or toks[at + 3] != b"<="
            ):
                break
            name = at + 2
        elif kind == NAME and kinds[at + 1] == REL and kinds[at + 2] == NUM and kinds[at + 3] != REL:
            name = at
        else:
            break
        token = toks[name]
        below = number(toks[at], infinite=True) if name > at else 0.0
        above = number(toks[name + 2], infinite=True)
        if below is None or above is None or toks[name + 1] not in (b"<=", b">=") or token.lower() in INFINITY:
            break
        column = of.get(token, len(of))
        upper = toks[name + 1] == b"<="
        if (upper and column in high) or ((name > at or not upper) and column in low):
            break
        of.setdefault(token, column)
        if name > at:
            low[column] = below
        (high if upper else low)[column] = above
        at = name + 3
    parser.at = at


_TWO_SIDED = [REL, NAME, REL, NUM]


def _put(parser: Parser, out: Attributes, column: int, relation: int, value: float, begun: int) -> None:
    """x >= value for relation 1, x <= value for -1, both for 0."""
    for side, applies in ((out.low, relation >= 0), (out.high, relation <= 0)):
        if not applies:
            continue
        before = side.get(column)
        if before is not None and before != value and np.isfinite(before):
            raise parser.fail("a second bound for the same side of a column", "keep one", begun)
        side[column] = value


def read_names(tokens: Tokens, columns: Columns) -> set[int]:
    """The columns listed in a section such as Generals."""
    wrong = np.flatnonzero(tokens.kinds != NAME)
    if len(wrong):
        k = int(wrong[0])
        raise tokens.fail(k, f"{clip(tokens.toks[k])} is no column", "list names of columns")
    return set(columns.add(tokens.toks, len(tokens)).tolist())


def read_sos(tokens: Tokens, columns: Columns) -> list[Sos]:
    """`name: S1:: x:1 y:2`; the name may be left out."""
    parser = Parser(tokens, columns)
    out: list[Sos] = []
    while parser.at < parser.end:
        begun = parser.at
        label = parser.label()
        if parser.kind() != NAME or parser.kind(1) != DOUBLE or parser.token().upper() not in (b"S1", b"S2"):
            raise parser.fail(f"no special ordered set: {parser.found()}", "write name: S1:: x:1 y:2")
        kind = int(parser.token()[1:])
        parser.at += 2
        members: dict[int, float] = {}
        while parser.kind() == NAME and parser.kind(1) == COLON and parser.kind(3) != DOUBLE:
            column = columns.number(parser.token())
            if column in members:
                raise parser.fail(f"{clip(parser.token())} stands twice in the set", "keep one")
            parser.at += 2
            sign = parser.signs()
            weight = number(parser.token())
            if weight is None:
                raise parser.fail(f"{clip(parser.token())} is no weight", "write x:1, with a finite number")
            parser.at += 1
            members[column] = sign * weight
        if len(set(members.values())) < len(members):
            raise parser.fail("two members of a set have the same weight", "weights give the order", begun)
        out.append(Sos(kind, np.array(list(members), np.int64), np.array(list(members.values()), np.float64),
                       text(label) if label else ""))  # fmt: skip
    return out
