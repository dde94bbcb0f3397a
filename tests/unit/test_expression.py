"""The expression language: what it accepts, what it refuses and with which remedy."""

from __future__ import annotations

import pytest

from solvers.errors import ExpressionError
from solvers.expression import children, free_names, parse, parse_generator, unparse, unparse_generator, walk
from solvers.expression.nodes import RESERVED, Add, Aggregate, BinOp, Compare, IfElse, Name, Neg, Num, Ref, Str


def _refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(("text", "remedy"), [
    ("x ^ 2", "**"), ("x = 2", "=="), ("x ≤ 2", "<="), ("a × b", "*"), ("x.y", "demand[t]"), ("x[1:2]", "range(a, b)"),
    ("2x", "2 * x"), ("'abc", "closing quote"), ("x if a else b", "(a if condition else b)"),
    ("sum(a if b else c for i in I)", "(a if condition else b)"), ("x[i] for i in I", "sum(... for i in set)"),
    ("f(x)", "f[...]"), ("sum(x)", "sum(... for i in set)"), ("[1, 2]", "{a, b}"), ("x !", "not"),
    ("sum + 1", "sum(...)"), ("1e999", "inf"),
])
def test_what_is_refused_says_how_to_write_it(text: str, remedy: str) -> None:
    assert remedy in _refusal(text).remedy


@pytest.mark.parametrize(("text", "column"), [
    ("a + * b", 4), ("sum(x[i] for i in I", 19), ("x ^ 2", 2), ("x[]", 0), ("a + b)", 5), ("", None), ("abs(a, b)", 0),
    ("sum(x for i, i in S)", 13), ("sum(x for max in S)", 10),
])
def test_a_refusal_points_into_the_text(text: str, column: int | None) -> None:
    error = _refusal(text)
    assert error.place.column == column
    assert error.source in (text, "")


def test_a_message_shows_the_place() -> None:
    shown = str(_refusal("a + * b").at("balance", "expr"))
    assert shown.startswith("balance (expr), column 5: ")
    caret = shown.splitlines()[-1]
    assert shown.splitlines()[-2][caret.index("^")] == "*"


def test_binding_strengths() -> None:
    assert parse("a + b * c ** -d") == Add(
        (Name("a"), BinOp("*", Name("b"), BinOp("**", Name("c"), Neg(Name("d"))))), (1, 1)
    )
    assert parse("-a ** 2") == Neg(BinOp("**", Name("a"), Num(2)))
    assert parse("a ** b ** c") == BinOp("**", Name("a"), BinOp("**", Name("b"), Name("c")))
    assert parse("a - b - c") == Add((Name("a"), Name("b"), Name("c")), (1, -1, -1))
    assert parse("not a <= b or c < d and e < f") == parse("(not (a <= b)) or ((c < d) and (e < f))")
    assert parse("a | b & c") == parse("(a | b) & c")


def test_chained_comparisons_are_one_node() -> None:
    node = parse("lo <= x[i] < hi not in S")
    assert isinstance(node, Compare)
    assert node.ops == ("<=", "<", "not in")


def test_sums_are_flat_and_long_sums_are_accepted() -> None:
    node = parse(" + ".join(["x"] * 4_000))
    assert isinstance(node, Add)
    assert len(node.terms) == 4_000


def test_labels_with_quotes_and_backslashes() -> None:
    node = parse(r"cost['it\'s', 'a\\b']")
    assert isinstance(node, Ref)
    assert node.keys == (Str("it's"), Str("a\\b"))
    assert parse(unparse(node)) == node
    assert "escape" in _refusal(r"x['\n']").message


def test_numbers_keep_their_kind() -> None:
    assert parse("10") == Num(10)
    assert isinstance(parse("10.0").value, float)  # type: ignore[union-attr]
    assert parse(str(2**53 - 1)) == Num(2**53 - 1)


def test_generators_with_tests() -> None:
    gen = parse_generator("(i, j) in arcs if i != j if cost[i, j] > 0")
    assert gen.targets == ("i", "j")
    assert len(gen.tests) == 2
    assert parse_generator(unparse_generator(gen)) == gen
    assert parse_generator("i, j in arcs").targets == ("i", "j")


def test_conditionals_stand_in_parentheses() -> None:
    node = parse("x[t] == (x[t - 1] if t > 1 else start)")
    assert isinstance(node, Compare)
    assert isinstance(node.operands[1], IfElse)


def test_no_overlap_takes_two_formulas() -> None:
    node = parse("no_overlap(start[j], time[j] for j in jobs)")
    assert isinstance(node, Aggregate)
    assert len(node.args) == 2
    assert "2 formula(s)" in _refusal("no_overlap(start[j] for j in jobs)").message


def test_free_names_leave_out_what_the_formula_binds() -> None:
    names = free_names(parse("sum(cost[i, k] * x[i] for i in S if i != j for k in T[i]) + k"))
    assert names == {"cost", "x", "S", "j", "T", "k"}


def test_children_are_in_textual_order() -> None:
    texts = [unparse(child) for child in children(parse("(a if b else c)"))]
    assert texts == ["a", "b", "c"]
    assert [n.id for n in walk(parse("a + f[b] * c")) if isinstance(n, Name)] == ["a", "b", "c"]


def test_positions_take_no_part_in_equality() -> None:
    assert parse("a+b") == parse("  a   +   b ")
    assert hash(parse("a+b")) == hash(parse("a + b"))


@pytest.mark.parametrize("name", sorted(RESERVED - {"pi", "inf"}))
def test_reserved_names_are_no_indices_and_no_values(name: str) -> None:
    _refusal(f"x[{name}]")
    with pytest.raises(ExpressionError):
        parse_generator(f"{name} in S")
