"""Text from outside cannot become code: comments, docstrings, labels, names; and lines stay readable."""

from __future__ import annotations

import ast
import io
import tokenize
from importlib.util import find_spec

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from solvers.emit import SCRIPTS, emit
from solvers.emit.names import RESERVED, Names
from solvers.emit.text import WIDTH, comment, docstring, f_string, literal, wrapped
from solvers.errors import TypingError, UnsupportedError
from solvers.formulation import Constraint, Formulation, IndexSet, Objective, Term, Variable
from tests.conformance.targets import EXTRA

EVIL = 'x"""\nraise SystemExit(9)\r\x0c\x85\u2028\u2029 \\ \' # {a!r} \x00 \u202e'
WORDS = st.text(max_size=300)


@given(WORDS)
@example(EVIL)
@example("\\")
@example('"')
@example('ends with "')
def test_comments_and_docstrings_hold_what_they_are_given(text: str) -> None:
    lines = ["def f():", *docstring([text, text], "    "), *comment(text, "    "), "    return 1"]
    tree = ast.parse("\n".join(lines))
    body = tree.body[0].body  # type: ignore[attr-defined]
    assert len(tree.body) == 1
    assert isinstance(body[-1], ast.Return)
    assert len(body) == (2 if text.split() else 1)


@given(st.one_of(WORDS, st.floats(allow_nan=False), st.integers(-(2**62), 2**62), st.tuples(WORDS, st.integers(0, 9))))
@example(EVIL)
@example(-0.0)
@example(1e-320)
def test_literals_come_back_equal(value: object) -> None:
    source = literal(value)
    import math

    found = math.copysign(math.inf, value) if "math.inf" in source else ast.literal_eval(source)  # type: ignore[arg-type]
    assert found == value
    assert type(found) is type(value)
    assert "\n" not in source


@given(WORDS)
@example(EVIL)
def test_names_of_rows_are_strings_only(text: str) -> None:
    tree = ast.parse(f_string(text, ["i", "j"]), mode="eval").body
    assert isinstance(tree, ast.JoinedStr)
    held = [part.value.id for part in tree.values if isinstance(part, ast.FormattedValue)]  # type: ignore[attr-defined]
    assert held == ["i", "j"]
    assert isinstance(ast.parse(f_string(text, []), mode="eval").body, ast.Constant)


@given(st.lists(st.one_of(st.sampled_from(sorted(RESERVED)), st.text(max_size=8)), max_size=40))
def test_identifiers_are_valid_free_and_distinct(wanted: list[str]) -> None:
    names = Names({"highspy"})
    found = [names.of("", name) for name in dict.fromkeys(wanted)]
    assert all(name.isidentifier() and name.isascii() for name in found)
    assert not set(found) & (RESERVED | {"highspy"})
    assert len(set(found)) == len(found)
    assert names.local(found[0] if found else "i") not in found


@pytest.mark.parametrize("target", SCRIPTS)
@pytest.mark.parametrize("f", EXTRA, ids=lambda f: f.name)
def test_programs_parse_and_their_lines_are_short(f: Formulation, target: str) -> None:
    try:
        text = emit(f, target).text
    except UnsupportedError:
        return
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions[-1].name == "main"
    assert all(ast.get_docstring(node) for node in functions)
    assert ast.get_docstring(tree)
    long = [line for line in text.splitlines() if len(line) > WIDTH + 20 and '"' not in line]
    assert not long
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    assert not any(t.type == tokenize.ERRORTOKEN for t in tokens)


def test_long_statements_mean_the_same() -> None:
    terms = " + ".join(f"alpha{k}[i, 'a, b (c) + d'] * beta{k}[i]" for k in range(9))
    code = f"model.add(sum({terms} for i in items if i in chosen) + rest <= limit[i], name=f'limit[{{i}}]')"
    broken = "\n".join(wrapped(code))
    assert "\n" in broken
    assert ast.dump(ast.parse(broken)) == ast.dump(ast.parse(code))
    assert max(map(len, broken.splitlines())) <= WIDTH


def test_what_check_refuses_is_not_written() -> None:
    f = Formulation("f", Objective("min", (Term("t", "x + missing"),)), variables=(Variable("x"),))
    with pytest.raises(TypingError, match="missing"):
        emit(f, "highspy")


def test_labels_that_look_alike_make_no_double_names() -> None:
    f = Formulation(
        "f", Objective("max", (Term("t", "sum(x[i] for i in S)"),)), (IndexSet("S", elements=(1, "1", "a,b")),), (),
        (Variable("x", ("i in S",), "continuous", "0", "1"),), constraints=(Constraint("c", "x[i] <= 1", ("i in S",)),),
    )  # fmt: skip
    assert 'name="c"' not in emit(f, "mathopt").text


@pytest.mark.skipif(find_spec("pyomo") is None, reason="pyomo is not installed: its attributes were not compared")
def test_the_attributes_of_a_pyomo_model_are_known() -> None:
    import pyomo.environ as pyo

    from solvers.emit.pyomo import ATTRIBUTES

    assert {name for name in dir(pyo.ConcreteModel()) if not name.startswith("_")} <= ATTRIBUTES
