"""Numerals that stand in formulas where a named parameter (a slot) should."""

from __future__ import annotations

from collections.abc import Iterator

from solvers.check.report import Collector
from solvers.check.source import Source
from solvers.expression.nodes import BinOp, Call, Compare, Expr, Name, Num, Ref
from solvers.expression.walk import children

_STRUCTURAL = (0, 1)
_CONVERSIONS = (2, 100, 1000)
_POSITIONAL = ("ord", "prev", "next", "first", "last", "len")


def check_numerals(source: Source, issues: Collector) -> None:
    """Report numerals other than 0, 1, exponents, and labels of integer sets. Bounds and sets give notes."""
    for entry in source.of("parameter", "variable", "expression", "term", "constraint"):
        scope = frozenset(entry.indices)
        for part, tree in entry.formulas.items():
            text = entry.texts[part]
            for node in _slots(tree, scope):
                shown = text[node.pos :].split(maxsplit=1)[0].rstrip("),]}*/+-") if node.pos >= 0 else f"{node.value}"
                issues.add(
                    "note" if node.value in _CONVERSIONS else "warning", "slot-missing",
                    entry.place(part, node.pos if node.pos >= 0 else None),
                    f"slot missing: the numeral {_numeral(node, shown)} has no parameter",
                    "declare a parameter with this value, its unit and the words it was read from", text,
                )


def _numeral(node: Num, shown: str) -> str:
    value = repr(node.value)
    return value if len(value) <= 40 else shown[:37] + "..."


def _slots(tree: Expr, indices: frozenset[str]) -> Iterator[Num]:
    """Numerals of a formula that are neither structural, nor exponents, nor labels."""
    stack: list[tuple[Expr, bool]] = [(tree, False)]
    while stack:
        node, label = stack.pop()
        if isinstance(node, Num):
            if not label and node.value not in _STRUCTURAL:
                yield node
            continue
        parts = children(node)
        flags = [False] * len(parts)
        if isinstance(node, Ref):
            # A bare number as a key is a label; inside arithmetic (t - 2) it is a lag, which needs a slot.
            flags = [isinstance(part, Num) for part in parts]
        elif isinstance(node, BinOp) and node.op == "**":
            flags[1] = isinstance(node.right, Num)
        elif isinstance(node, Compare):
            flags = [isinstance(part, Num) and _beside_label(node, k, indices) for k, part in enumerate(parts)]
        elif isinstance(node, Call) and node.func in ("piecewise",):
            flags = [True] * len(parts)
        stack.extend(reversed(list(zip(parts, flags))))


def _beside_label(node: Compare, at: int, indices: frozenset[str]) -> bool:
    """A numeral compared with an index is a label, as in `t == 3`."""
    return any(
        0 <= k < len(node.operands) and (
            (isinstance(other := node.operands[k], Name) and (other.id in indices or len(other.id) <= 2))
            or (isinstance(other, Call) and other.func in _POSITIONAL)
        )
        for k in (at - 1, at + 1)
    )
