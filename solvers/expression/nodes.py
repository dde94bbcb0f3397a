"""The closed union of expression nodes. Frozen and hashable: equal text means equal trees.

`pos` is the offset of the node in its source text, for messages; it takes no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ArithmeticOp = Literal["*", "/", "//", "%", "**", "|", "&"]
CompareOp = Literal["<=", ">=", "==", "<", ">", "!=", "in", "not in"]


def _pos() -> int:
    return field(default=-1, compare=False, repr=False)  # type: ignore[return-value, no-any-return]


@dataclass(frozen=True, slots=True)
class Num:
    """A non-negative literal; minus signs are `Neg`."""

    value: int | float
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Str:
    """A quoted label."""

    value: str
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Name:
    """A declared name, an index, or one of the constants `pi` and `inf`."""

    id: str
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Ref:
    """`base[keys]`: a parameter, variable, expression or indexed set at an index."""

    base: str
    keys: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Tuple:
    """`(a, b)`: an element of a multi-dimensional set."""

    items: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """`{a, b, c}`."""

    items: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Generator:
    """`targets in source if test ...`: one loop of an aggregate, a set-builder or an `over`."""

    targets: tuple[str, ...]
    source: Expr
    tests: tuple[Expr, ...] = ()
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class SetBuilder:
    """`{item for generators}`."""

    item: Expr
    generators: tuple[Generator, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Neg:
    """`-operand`."""

    operand: Expr
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Add:
    """A sum of two or more terms with signs +1 or -1 (the first is +1); also set difference."""

    terms: tuple[Expr, ...]
    signs: tuple[int, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class BinOp:
    """Products, quotients, powers, and the set operations `|`, `&`, `*`."""

    op: ArithmeticOp
    left: Expr
    right: Expr
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Compare:
    """`a <= b < c ...`: `ops[k]` stands between `operands[k]` and `operands[k + 1]`."""

    operands: tuple[Expr, ...]
    ops: tuple[CompareOp, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class And:
    """`a and b ...`."""

    items: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b ...`."""

    items: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    operand: Expr
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class IfElse:
    """`(then if test else otherwise)`, decided on data and indices."""

    test: Expr
    then: Expr
    otherwise: Expr
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to arguments."""

    func: str
    args: tuple[Expr, ...]
    pos: int = _pos()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum(body for i in S ...)` and its kin; `no_overlap` has two bodies (start, duration)."""

    func: str
    args: tuple[Expr, ...]
    generators: tuple[Generator, ...]
    pos: int = _pos()


Expr: TypeAlias = (
    Num | Str | Name | Ref | Tuple | SetLiteral | SetBuilder | Neg | Add | BinOp | Compare | And | Or
    | Not | IfElse | Call | Aggregate
)

AGGREGATES = frozenset({"sum", "min", "max", "any", "all", "count"})
STRUCTURE_AGGREGATES = frozenset({"no_overlap", "circuit", "alldifferent", "sos1", "sos2"})
FUNCTION_ARITY: dict[str, tuple[int, int]] = {
    "abs": (1, 1), "sqrt": (1, 1), "exp": (1, 1), "log": (1, 1), "sin": (1, 1), "cos": (1, 1),
    "floor": (1, 1), "ceil": (1, 1), "round": (1, 1),
    "min": (2, 64), "max": (2, 64),
    "implies": (2, 2), "iff": (2, 2),
    "range": (1, 3), "len": (1, 1), "first": (1, 1), "last": (1, 1),
    "ord": (2, 2), "prev": (2, 2), "next": (2, 2), "given": (1, 1), "piecewise": (3, 3),
}
"""Plain functions with their least and greatest number of arguments."""

CONSTANTS = frozenset({"pi", "inf"})
KEYWORDS = frozenset({"for", "in", "if", "else", "and", "or", "not"})
RESERVED = frozenset(AGGREGATES | STRUCTURE_AGGREGATES | set(FUNCTION_ARITY) | CONSTANTS | KEYWORDS)
"""Names that no element may take."""
