"""`parse` and `unparse` are inverse, over trees of every node kind that the grammar can yield."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.errors import ExpressionError
from solvers.expression import parse, parse_generator, unparse, unparse_generator, walk
from solvers.expression.nodes import (
    AGGREGATES,
    FUNCTION_ARITY,
    RESERVED,
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True).filter(lambda n: n not in RESERVED)
numbers = st.one_of(
    st.integers(0, 10**30), st.floats(min_value=0, allow_nan=False, allow_infinity=False).map(abs)
).map(Num)
labels = st.text(max_size=8).filter(lambda s: "\n" not in s).map(Str)
leaves: st.SearchStrategy[Expr] = st.one_of(numbers, labels, names.map(Name), st.sampled_from(["pi", "inf"]).map(Name))


def _several(inner: st.SearchStrategy[Expr], least: int = 2) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _generators(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Generator]:
    targets = st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(Generator, targets, inner, st.lists(inner, max_size=2).map(tuple))


@st.composite
def _add(draw: st.DrawFn, inner: st.SearchStrategy[Expr]) -> Add:
    terms = draw(_several(inner))
    return Add(terms, (1, *draw(st.tuples(*[st.sampled_from([1, -1])] * (len(terms) - 1)))))


@st.composite
def _compare(draw: st.DrawFn, inner: st.SearchStrategy[Expr]) -> Compare:
    operands = draw(_several(inner))
    ops = st.sampled_from(["<=", ">=", "==", "<", ">", "!=", "in", "not in"])
    return Compare(operands, draw(st.tuples(*[ops] * (len(operands) - 1))))


@st.composite
def _call(draw: st.DrawFn, inner: st.SearchStrategy[Expr]) -> Call:
    func = draw(st.sampled_from(sorted(FUNCTION_ARITY)))
    least, most = FUNCTION_ARITY[func]
    return Call(func, tuple(draw(inner) for _ in range(draw(st.integers(least, min(most, least + 2))))))


@st.composite
def _aggregate(draw: st.DrawFn, inner: st.SearchStrategy[Expr]) -> Aggregate:
    func = draw(st.sampled_from([*sorted(AGGREGATES), "no_overlap", "circuit", "alldifferent"]))
    args = tuple(draw(inner) for _ in range(2 if func == "no_overlap" else 1))
    return Aggregate(func, args, tuple(draw(st.lists(_generators(inner), min_size=1, max_size=2))))


def _nodes(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    operators = st.sampled_from(["*", "/", "//", "%", "**", "|", "&"])
    builders = st.lists(_generators(inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Ref, names, _several(inner, 1)), _several(inner).map(Tuple),
        st.lists(inner, max_size=3).map(lambda items: SetLiteral(tuple(items))),
        st.builds(SetBuilder, inner, builders), inner.map(Neg), _add(inner),
        st.builds(BinOp, operators, inner, inner), _compare(inner), _several(inner).map(And), _several(inner).map(Or),
        inner.map(Not), st.builds(IfElse, inner, inner, inner), _call(inner), _aggregate(inner),
    )


trees = st.recursive(leaves, _nodes, max_leaves=25)
slow_to_draw = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


@slow_to_draw
@given(trees)
def test_every_tree_comes_back_from_its_text(tree: Expr) -> None:
    assert parse(unparse(tree)) == tree


@slow_to_draw
@given(_generators(trees))
def test_every_generator_comes_back_from_its_text(generator: Generator) -> None:
    assert parse_generator(unparse_generator(generator)) == generator


_TOKENS = [
    "x", "y[i]", "T", "1", "2.5", "'a'", "(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "**", "<=", "==", "in",
    "not", "and", "or", "if", "else", "for", "sum(", "min(", "abs(", "x[i] for i in T", "|", "&", "i in T",
]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(_TOKENS), max_size=14).map(" ".join))
def test_printing_what_was_parsed_is_stable(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    printed = unparse(tree)
    again = parse(printed)
    assert again == tree
    assert unparse(again) == printed


@given(trees)
@slow_to_draw
def test_trees_are_hashable_by_their_text(tree: Expr) -> None:
    again = parse(unparse(tree))
    assert hash(again) == hash(tree)
    assert len(list(walk(again))) == len(list(walk(tree)))
