"""Plain renderings: what a reader must find in them, and hostile text made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from solvers import Formulation, solve
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Unused,
    Variable,
)
from solvers.render.elements import to_five_elements
from solvers.render.mathtext import math_text
from solvers.render.notebook import block_html, result_html
from solvers.render.safe import number, one_line, printable
from solvers.render.tables import formulation_view, solution_view
from solvers.render.text import to_text

PLAN = Formulation(
    "plan", Objective("min", (Term("buying", "sum(price * order[t] for t in weeks)"), Term("losing", "9 * lost")), "euro"),
    sets=(IndexSet("weeks", expr="range(1, horizon + 1)"), IndexSet("towns", elements=("York", "Bath"))),
    parameters=(
        Parameter("horizon", "count", cells=(Cell((), 3, "3 weeks"),)),
        Parameter("price", "cost", "euro/piece", cells=(Cell((), 2.5, "2.5 euros each"),)),
        Parameter("far", axes=("towns", "towns"), cells=(Cell(("York", "Bath"), 380),), default=0, symmetric=True),
    ),
    variables=(
        Variable("order", ("t in weeks",), "integer", "0", "(4 if t == first(weeks) else 6)", "piece", "pieces ordered"),
        Variable("lost", lower="0"),
    ),
    expressions=(NamedExpression("all_orders", "sum(order[t] for t in weeks)"),),
    constraints=(Constraint("enough", "all_orders + lost >= 10", source=("10 pieces are needed",)),),
    assumptions=(Assumption("order", "orders arrive at once"),), unused=(Unused("since 1954", 1954, "history"),),
    asked=("order[t] for t in weeks",),
)  # fmt: skip


def shown(*renderables: object, width: int = 100) -> str:
    console = Console(width=width, color_system=None, markup=True)
    with console.capture() as capture:
        console.print(*renderables)
    return capture.get()


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("sum(c[i] * x[i] for i in I if i != j) <= b", "sum{i in I if i != j} c[i]*x[i] <= b"),
        ("sum(x[i] + y[i] for i in I)", "sum{i in I} (x[i] + y[i])"),
        ("sum(x[i] for i in I) + y", "(sum{i in I} x[i]) + y"),
        ("sum(x[i] for i in I) * y", "(sum{i in I} x[i])*y"),
        ("y - sum(x[i] for i in I)", "y - sum{i in I} x[i]"),
        ("a - (b - c)", "a - (b - c)"),
        ("a / (b * c)", "a/(b*c)"),
        ("(a * b) / c", "a*b/c"),
        ("-(a + b)", "-(a + b)"),
        ("(-a) ** 2", "(-a)^2"),
        ("-a ** 2", "-a^2"),
        ("a ** (b + 1)", "a^(b + 1)"),
        ("x == y", "x = y"),
        ("implies(x >= 1, y <= 0)", "(x >= 1) ==> (y <= 0)"),
        ("x[t] <= (a if t > 1 else b)", "x[t] <= (a if t > 1 else b)"),
        ("(a or b) and c", "(a or b) and c"),
        ("abs(x - y)", "|x - y|"),
        ("d['New York']", "d['New York']"),
    ],
)
def test_formulas_keep_their_meaning(formula: str, text: str) -> None:
    assert math_text(formula) == text


def test_text_holds_the_five_elements() -> None:
    text = to_text(PLAN)
    for part in (
        "towns = {York, Bath}", "weeks = range(1, horizon + 1)", "horizon = 3", "price = 2.5", "euro/piece", "minimize",
        "order[t] integer, 0 <= order[t] <= (4 if t = first(weeks) else 6) for t in weeks", "buying:", "losing:",
        "enough: all_orders + lost >= 10", '"10 pieces are needed"', "orders arrive at once", "since 1954",
    ):  # fmt: skip
        assert part in text
    assert str(PLAN) == text


def test_five_elements_are_one_block_with_five_headings() -> None:
    text = to_five_elements(PLAN)
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["## Sets:", "## Parameters:", "## Variables:", "## Objective:", "## Constraints:"]
    assert text.startswith("```\n")
    assert text.endswith("\n```")
    assert text.count("```") == 2
    many = Formulation("n", PLAN.objective, sets=(IndexSet("S", elements=tuple(range(500))),))
    assert "499" in to_five_elements(many)


def test_a_label_cannot_close_the_fence() -> None:
    model = Formulation("n", Objective("min"), sets=(IndexSet("S", elements=("a\n```\n## Objective:",)),))
    text = to_five_elements(model)
    assert text.count("```") == 2
    assert [line for line in text.splitlines() if line.startswith("## Objective")] == ["## Objective:"]


def test_objective_without_terms() -> None:
    model = Formulation("n", Objective("min"), variables=(Variable("x"),))
    for text in (to_text(model), to_five_elements(model), shown(formulation_view(model))):
        assert "feasible" in text
        assert "minimize" not in text


def test_views_show_values_with_units_and_words() -> None:
    text = shown(formulation_view(PLAN, "MILP"), solution_view(PLAN, solve(PLAN)))
    for part in ("MILP", "order[t]", "piece", '"10 pieces are needed"', "optimal", "25 euro", "checked (interpreter)"):
        assert part in text


def test_markup_and_control_characters_are_text() -> None:
    evil = "[bold red]x[/] [link=http://a]\x1b[2J\u202e"
    model = Formulation(
        evil, Objective("max", (Term(evil, "sum(x[i] for i in S)", source=(evil,)),), evil),
        sets=(IndexSet("S", elements=(evil, "b")),),
        parameters=(Parameter("p", unit=evil, axes=("S",), cells=(Cell((evil,), 1, evil), Cell(("b",), 2, evil))),),
        variables=(Variable("x", ("i in S",), upper="1", unit=evil, description=evil, source=(evil,)),),
        constraints=(Constraint("c", "x['b'] <= 1", description=evil, source=(evil,)),), description=evil,
    )  # fmt: skip
    result = solve(model)
    text = shown(formulation_view(model), solution_view(model, result), width=400)
    assert not set(text) & {"\x1b", "\u202e"}
    assert "[bold red]x[/]" in text
    for rendered in (to_text(model), to_five_elements(model)):
        assert not set(rendered) & {"\x1b", "\u202e"}


def test_html_is_escaped() -> None:
    model = Formulation(
        "n", Objective("max", (Term("t", "sum(x[i] for i in S)"),)),
        sets=(IndexSet("S", elements=("<script>", "b")),), variables=(Variable("x", ("i in S",), upper="1"),),
    )  # fmt: skip
    result = solve(model)
    for html in (result_html(result), block_html(result.values["x"])):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
    assert result._repr_html_() == result_html(result)


def test_shadow_prices_of_a_linear_program() -> None:
    model = Formulation(
        "n", Objective("max", (Term("t", "3 * x + y"),)), variables=(Variable("x", lower="0"), Variable("y", lower="0")),
        constraints=(Constraint("flour", "x + y <= 4"), Constraint("never_tight", "x + y <= 40")),
    )  # fmt: skip
    text = shown(solution_view(model, solve(model)))
    assert "shadow prices" in text
    assert [line.split() for line in text.splitlines() if "flour" in line] == [["flour", "3"]]
    assert "never_tight" not in text


def test_long_families_show_what_is_not_zero() -> None:
    model = Formulation(
        "n", Objective("max", (Term("t", "x[37] - sum(x[i] for i in S if i != 37)"),)),
        sets=(IndexSet("S", expr="range(100)"),), variables=(Variable("x", ("i in S",), lower="0", upper="5"),),
    )  # fmt: skip
    text = shown(solution_view(model, solve(model)))
    assert "37" in text
    assert "99 more with value 0" in text


@given(st.text())
def test_printable_text_is_harmless(text: str) -> None:
    safe = printable(text)
    assert all(char in "\n\t" or char.isprintable() or char == " " or char.isspace() for char in safe)
    safe.encode("utf-8")
    assert len(one_line(text, 20)) <= 20 * len("\\U0010ffff")
    assert "\n" not in one_line(text)


def test_numbers_for_people() -> None:
    assert [number(v) for v in (3, 3.0, -0.0, 1e-12, 2.5, 1 / 3, None, "a\nb", 10**20)] == [
        "3", "3", "0", "1e-12", "2.5", "0.3333333333", "-", "a b", "1e+20",
    ]  # fmt: skip
