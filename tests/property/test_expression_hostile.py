"""Hostile formulas: whatever the text, parsing returns a tree or raises ExpressionError, and runs nothing."""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.errors import ExpressionError
from solvers.expression import free_names, parse, parse_generator, substitute, unparse, walk
from solvers.expression.lexer import MAX_LENGTH, tokenize
from solvers.expression.nodes import Expr, Name
from solvers.expression.parser import MAX_HEIGHT, MAX_NESTING

_WORDS = [
    "__import__('os').system('true')", "eval('1')", "exec", "lambda x: x", "x.__class__", "[].append", "open('f')",
    "().__class__.__bases__", "x := 1", "import os", "f'{x}'", "b'x'", "@", ";", "\\", "\x00", "\n", "\t", "…", "∑",
    "x", "T", "1", "1e999", "1_000", "0x10", "1j", "'", '"', "(", ")", "[", "]", "{", "}", ",", "+", "-", "**", "*",
    "not", "in", "for", "if", "else", "and", "or", "sum(", "max(", "range(", "==", "<=", "i in T", "|", "&", "%", "//",
]
_FRAGMENTS = st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join)


def _safe(text: str) -> Expr | None:
    try:
        tree = parse(text)
    except ExpressionError as error:
        assert error.place.column is None or 0 <= error.place.column <= len(text)
        assert str(error)
        return None
    assert parse(unparse(tree)) == tree
    return tree


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: b.decode("latin-1")), _FRAGMENTS))
def test_any_text_gives_a_tree_or_an_expression_error(text: str) -> None:
    _safe(text)
    with contextlib.suppress(ExpressionError):
        parse_generator(text)


def test_nothing_is_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def trap(name: str) -> Callable[..., None]:
        def record(*args: object, **kwargs: object) -> None:
            calls.append(name)

        return record

    texts = [
        "__import__('os').system('id')", "__import__('os')", "eval('1')", "exec('1')", "compile('1', '', 'eval')",
        "open('x')", "getattr(x, 'y')", "globals()", "breakpoint()", "sum(__import__('os') for i in T)", "x.y", "x().y",
        "x['__class__'].__bases__", "{i for i in open('x')}", "print(1)", "'{0.__class__}' % x", "`x`",
    ]
    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "compile", "open", "getattr", "globals", "breakpoint", "print", "__import__"):
            if name not in ("getattr", "__import__"):  # the parser itself may use these two
                patch.setattr(builtins, name, trap(name))
        patch.setattr(os, "system", trap("system"))
        for text in texts:
            _safe(text)
    assert calls == []


# Families that nest or chain without end. Each is given far beyond the caps, and just at them.
_FAMILIES: dict[str, Callable[[int], str]] = {
    "minus": lambda n: "-" * n + "x",
    "plus": lambda n: "+" * n + "x",
    "parentheses": lambda n: "(" * n + "x" + ")" * n,
    "open parentheses": lambda n: "(" * n,
    "powers": lambda n: "x**" * n + "x",
    "signed powers": lambda n: "x**-" * n + "x",
    "not": lambda n: "not " * n + "x",
    "conditionals": lambda n: "(" * n + "x" + " if a else b)" * n,
    "else conditionals": lambda n: "(a if b else " * n + "x" + ")" * n,
    "test conditionals": lambda n: "(a if " * n + "x" + " else b)" * n,
    "aggregates": lambda n: "sum(" * n + "x" + " for i in I)" * n,
    "aggregate tests": lambda n: "sum(x for i in I if " * n + "x" + ")" * n,
    "set-builders": lambda n: "{i for i in " * n + "x" + "}" * n,
    "sets": lambda n: "{" * n + "x" + "}" * n,
    "keys": lambda n: "x[" * n + "i" + "]" * n,
    "calls": lambda n: "abs(" * n + "x" + ")" * n,
    "tuples": lambda n: "(x, " * n + "x" + ")" * n,
    "factors": lambda n: "x" + "*x" * n,
    "quotients": lambda n: "x" + "/x" * n,
    "unions": lambda n: "x" + "|x" * n,
    "nested factors": lambda n: "(" * (n // 40) + "x" + ("*x" * 40 + ")") * (n // 40),
    "sums": lambda n: "x" + "+x" * n,
    "disjunctions": lambda n: "x" + " or x" * n,
    "comparisons": lambda n: "x" + "<=x" * n,
    "generators": lambda n: "sum(x" + " for i in I" * n + ")",
    "tests": lambda n: "sum(x for i in I" + " if x" * n + ")",
    "arguments": lambda n: "min(" + "x," * n + "x)",
    "digits": lambda n: "1" * n,
    "name": lambda n: "x" * n,
    "label": lambda n: "'" + "x" * n + "'",
    "spaces": lambda n: " " * n + "x",
    "quotes": lambda n: "'" * n,
    "backslashes": lambda n: "'" + "\\" * n,
    "mixed": lambda n: "-(not {" * n,
}


def _exercise(tree: Expr) -> None:
    """All that later stages do recursively."""
    assert parse(unparse(tree)) == tree
    assert hash(tree) == hash(parse(unparse(tree)))
    replaced = substitute(tree, {name: Name(name + "_z") for name in free_names(tree)})
    plain = {node.id for node in walk(replaced) if isinstance(node, Name)}
    assert not plain & free_names(tree)
    assert sum(1 for _ in walk(tree)) <= 2 * MAX_LENGTH
    repr(tree)


@pytest.mark.parametrize("family", _FAMILIES)
@pytest.mark.parametrize("size", [MAX_NESTING - 2, MAX_NESTING - 1, MAX_NESTING, MAX_HEIGHT, 2_000, 100_000])
def test_pathological_families_stay_bounded(family: str, size: int) -> None:
    tree = _safe(_FAMILIES[family](size))
    if tree is not None:
        _exercise(tree)


@pytest.mark.parametrize("family", ["parentheses", "aggregates", "conditionals", "keys"])
def test_what_is_accepted_at_the_cap_can_be_used(family: str) -> None:
    tree = parse(_FAMILIES[family](MAX_NESTING - 2))
    _exercise(tree)


def test_a_long_chain_of_factors_inside_parentheses_is_refused() -> None:
    text = "(" * 40 + "x" + ("*x" * 190 + ")") * 40
    with pytest.raises(ExpressionError, match="operations on each other"):
        parse(text)


def test_a_spent_stack_is_an_expression_error() -> None:
    text = "(" * 50 + "x" + ")" * 50

    def deeper(levels: int) -> object:
        return parse.__wrapped__(text) if levels == 0 else deeper(levels - 1)

    used = 0
    frame = sys._getframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back  # type: ignore[assignment]
    with pytest.raises(ExpressionError, match="stack"):
        deeper(sys.getrecursionlimit() - used - 150)


def test_tokens_are_counted_not_timed() -> None:
    text = "x + " * (MAX_LENGTH // 4 - 1) + "x"
    assert len(tokenize(text)) <= len(text) + 1
    with pytest.raises(ExpressionError, match="over the cap"):
        tokenize("x" * (MAX_LENGTH + 1))
