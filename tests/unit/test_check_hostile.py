"""Hostile formulations: `check` never raises, and its work stays bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.check import CheckReport, check
from solvers.check.formulas import FormulaTyper
from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)

NONE = Objective("min")
MANY = 3_000


def test_deep_chains_of_definitions_need_no_stack() -> None:
    sets = (IndexSet("s0", elements=(1, 2)), *(IndexSet(f"s{k}", expr=f"s{k - 1} | {{{k}}}") for k in range(1, MANY)))
    given_ = Parameter("p0", cells=(Cell((), 1),))
    parameters = (given_, *(Parameter(f"p{k}", expr=f"p{k - 1} + p{k - 1}") for k in range(1, MANY)))
    expressions = tuple(NamedExpression(f"e{k}", f"e{k + 1} + e{k + 1}" if k < MANY - 1 else "x") for k in range(MANY))
    report = check(Formulation("f", NONE, sets=sets[::-1], parameters=parameters[::-1], expressions=expressions,
                               variables=(Variable("x"),)))
    assert report.ok
    assert len(report.order) == 3 * MANY + 1
    assert report.order.index("s0") < report.order.index(f"s{MANY - 1}")


def test_a_cycle_through_thousands_of_sets_is_one_short_message() -> None:
    sets = tuple(IndexSet(f"s{k}", expr=f"s{(k + 1) % MANY}") for k in range(MANY))
    errors = [i for i in check(Formulation("f", NONE, sets=sets)).errors if i.code == "cycle"]
    assert len(errors) == 1
    assert "..." in errors[0].message
    assert len(errors[0].message) < 500


def test_thousands_of_undeclared_names_are_all_reported() -> None:
    constraints = tuple(Constraint(f"c{k}", f"missing_{k} <= x{k}") for k in range(MANY))
    report = check(Formulation("f", NONE, variables=tuple(Variable(f"x{k}") for k in range(MANY)), constraints=constraints))
    assert len([i for i in report.errors if i.code == "undeclared"]) == MANY


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often a formula node is typed."""
    count = [0]
    original = FormulaTyper.value

    def value(self: FormulaTyper, expr: object) -> object:
        count[0] += 1
        return original(self, expr)  # type: ignore[arg-type]

    monkeypatch.setattr(FormulaTyper, "value", value)
    return count


def _nested(pattern: str, depth: int) -> str:
    text = "i"
    for _ in range(depth):
        text = pattern.replace("@", text)
    return text


@pytest.mark.parametrize("expr", [
    "sum(x[i] for i in A if i in " + "{j for j in A if j in " * 25 + "A" + "}" * 25 + ") <= 1",
    "x[" + _nested("(i if (@ + 1 == 2) else j)", 14) + "] <= 1",
    "sum(1 for k in " + "*".join(["A"] * 90) + ") <= x[1]",
    _nested("(x[1] if (@ in A and @ in A) else x[2])", 5) + " <= 1",
    "(" * 50 + "x[1]" + " + x[2]) * x[1]" * 45 + ")" * 5 + " <= 1",
    " + ".join(["x[i]"] * 2_000) + " <= 1",
    _nested("{i for i in A if (@ in A)}", 18) + " == x[1]",
])
def test_typing_visits_each_node_a_bounded_number_of_times(expr: str, counted: list[int]) -> None:
    case = Formulation(
        "f", NONE, sets=(IndexSet("A", elements=(1, 2)),), variables=(Variable("x", over=("i in A",)),),
        constraints=(Constraint("c", expr, over=("i in A", "j in A")),),
    )
    check(case)
    assert counted[0] <= 4 * len(expr) + 50


@pytest.mark.parametrize("name", [
    "__class__", "__init__", "__dict__", "self", "keys", "items", "None", "True", "lambda", "class", "import", "_", "__",
    "by_name", "name", "expr", "objective", "print", "eval", "a" * 100_000,
])
def test_names_that_python_knows_are_plain_names(name: str) -> None:
    case = Formulation(
        name, Objective("min", (Term(name, f"{name}_ * {name}[1]"),)), sets=(IndexSet(f"{name}_s", elements=(1,)),),
        parameters=(Parameter(f"{name}_", cells=(Cell((), 1),)),), variables=(Variable(name, over=(f"i in {name}_s",)),),
        constraints=(Constraint(name, f"{name}[1] >= {name}_"),),
    )
    report = check(case)
    too_long = len(name) > 20_000
    assert {i.code for i in report.errors} == ({"syntax"} if too_long else set())
    assert too_long or report.classes.model == "LP"


def test_garbage_everywhere() -> None:
    report = check(Formulation(
        "", Objective("max", (Term("", ""), Term("", "x +"))),
        sets=(
            IndexSet("A", elements=((1, 2), 3), dimension=2), IndexSet("", dimension=-5), IndexSet("B", dimension=10**9),
            IndexSet("C", expr="\ud800", over=("\x00",)), IndexSet("D", elements=(), within="D"),
        ),
        parameters=(
            Parameter("p", axes=("A", "Z", "p"), cells=(Cell((1,), "x"),), symmetric=True, values_in="Q", by_position=("A",)),
            Parameter("q", cells=(Cell((), None),), unit="\x00"), Parameter("n", cells=(Cell((), float("nan")),)),
            Parameter("m", cells=(Cell((), 10**400), Cell((), 1))), Parameter("inf", expr="inf"),
        ),
        variables=(Variable("x", over=("i in", "i in A", "(i, j) in A", "i in A"), lower="x", upper="^"),),
        constraints=tuple(Constraint("c", e) for e in ("x", "x[1", "1", "'a'", "A", "(1, 2)", "{1}", "not 1", "1 in 2")),
        asked=("", "for", "x for", "'" * 100, "x[i] for i in A for i in A"),
    ))
    assert not report.ok
    assert str(report)
    assert report.to_dict()["classes"]["model"] is None


BASE = Formulation(
    "f", Objective("min", (Term("t", "sum(c[i] * x[i] for i in S)"),)),
    sets=(IndexSet("S", elements=("a", "b")), IndexSet("T", expr="range(1, n + 1)"),
          IndexSet("P", elements=(("a", 1), ("b", 2)), dimension=2)),
    parameters=(Parameter("n", cells=(Cell((), 3),)), Parameter("c", axes=("S",), default=1, unit="$"),
                Parameter("of", axes=("S",), values_in="S", default="a")),
    variables=(Variable("x", over=("i in S",), unit="kg"), Variable("y", over=("i in S", "t in T"), domain="integer")),
    expressions=(NamedExpression("e", "x[i] + c[i]", over=("i in S",)),),
)
_TOKENS = [
    "x", "y", "c", "of", "e", "n", "S", "T", "P", "i", "t", "j", "x[i]", "y[i, t]", "c[i]", "of[i]", "e[i]", "'a'", "'zz'", "1", "9" * 350,
    "2.5", "(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "**", "<=", "<", "!=", "==", "in", "not", "and", "or",
    "if", "else", "for", "sum(", "min(", "len(", "ord(", "range(", "given(", "implies(", "for i in S", "for (i, j) in P",
    "for t in T", "|", "&", "piecewise(", "circuit(", "count(", "x[i] for i in S)", "(x[i] if c[i] > n else 0)",
]
texts = st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=9).map(" ".join)
_OVERS = [(), ("i in S",), ("i in S", "t in T"), ("(i, j) in P",), ("i in S if c[i] > n",), ("x in S",), ("i in x",)]


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(texts, texts, st.sampled_from(_OVERS))
def test_any_formula_anywhere_gives_a_report(one: str, other: str, over: tuple[str, ...]) -> None:
    case = replace(
        BASE, sets=(*BASE.sets, IndexSet("D", expr=other, within=one)),
        parameters=(*BASE.parameters, Parameter("d", expr=other, over=over)),
        variables=(*BASE.variables, Variable("z", over=over, lower=one, upper=other)),
        expressions=(*BASE.expressions, NamedExpression("g", one, over=over, unit="hours")),
        constraints=(Constraint("k", one, over=over), Constraint("l", f"{one} <= {other}", over=over)),
        objective=Objective("max", (Term("t", other),)), asked=(one,),
    )
    report = check(case)
    assert isinstance(report, CheckReport)
    assert str(report)
    assert report.ok == (report.classes.model is not None)
    for issue in report.errors:
        assert issue.message
        if issue.place.column is not None and issue.source:
            assert 0 <= issue.place.column <= len(issue.source)
