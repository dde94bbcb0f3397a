"""Rendered formulas mean what the tree means: read back by the parser they give the same tree."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from solvers.expression import map_children, parse, unparse
from solvers.expression.nodes import Add, BinOp, Call, Compare, Expr, IfElse, Name, Neg, Num, Ref
from solvers.render.latex_math import latex_math, latex_terms
from solvers.render.mathtext import math_text
from tests.property.test_expression_roundtrip import slow_to_draw, trees
from tests.unit.test_render_latex import balanced

_LEAVES = st.one_of(
    st.integers(0, 99).map(Num), st.sampled_from(["x", "cost"]).map(Name),
    st.sampled_from(["i", "t"]).map(lambda key: Ref("y", (Name(key),))),
)  # fmt: skip


def _sums(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    signed = st.lists(st.tuples(st.sampled_from([1, -1]), inner), min_size=1, max_size=3)
    return st.tuples(inner, signed).map(
        lambda p: Add((p[0], *(term for _, term in p[1])), (1, *(sign for sign, _ in p[1])))
    )


def _arithmetic(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        _sums(inner), inner.map(Neg), inner.map(lambda e: Call("sqrt", (e,))),
        st.builds(BinOp, st.sampled_from(["*", "/", "**"]), inner, inner),
        st.builds(lambda a, b, c: IfElse(Compare((a, b), ("<=",)), b, c), inner, inner, inner),
    )  # fmt: skip


def _signs_in_front(tree: Expr) -> Expr:
    """`(-a) * b` and `-(a * b)` are one product: its sign is pulled out. No other rule of algebra is used."""
    tree = map_children(tree, _signs_in_front)
    if isinstance(tree, BinOp) and tree.op in ("*", "/") and isinstance(tree.left, Neg):
        return Neg(_signs_in_front(BinOp(tree.op, tree.left.operand, tree.right)))
    return tree


@given(st.recursive(_LEAVES, _arithmetic, max_leaves=12))
def test_mathematics_in_ascii_keeps_every_parenthesis_that_matters(tree: Expr) -> None:
    shown = math_text(unparse(tree))
    assert _signs_in_front(parse(shown.replace("^", "**"))) == _signs_in_front(tree)


@slow_to_draw
@given(trees)
def test_every_formula_renders(tree: Expr) -> None:
    text = unparse(tree)
    assert "\n" not in math_text(text)
    source = latex_math(text)
    assert balanced(source)
    assert source.count(r"\left") == source.count(r"\right") + source.count(r"\leftarrow")
    assert source.count(r"\begin{cases}") == source.count(r"\end{cases}")
    assert "".join(re.findall(r"\w", "".join(latex_terms(text)))) == "".join(re.findall(r"\w", source))
