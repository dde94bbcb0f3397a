"""Classes of formulas and models, and degree inference as others reuse it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solvers.check import Degrees, check, degree
from solvers.expression import parse
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

BASE = Formulation(
    "f", Objective("min", (Term("t", "sum(x[i] for i in S)"),)),
    sets=(IndexSet("S", elements=(1, 2, 3)),),
    parameters=(
        Parameter("n", cells=(Cell((), 3),)), Parameter("half", cells=(Cell((), 0.5),)),
        Parameter("loss", cells=(Cell((), -2),)), Parameter("mixed", axes=("S",), cells=tuple(
            Cell((k,), v) for k, v in zip((1, 2, 3), (1, -1, 0)))),
        Parameter("outer", bind="file.csv"), Parameter("made", expr="n * half"),
    ),
    variables=(
        Variable("x", over=("i in S",)), Variable("y", domain="integer"), Variable("b", over=("i in S",), domain="binary"),
        Variable("s", domain="semicontinuous", upper="n"),
    ),
    expressions=(
        NamedExpression("total", "sum(x[i] for i in S)"), NamedExpression("square", "total * total"),
        NamedExpression("cube", "square * y"), NamedExpression("fixed", "n + half"),
        NamedExpression("spread", "max(x[i] for i in S) - min(x[i] for i in S)"),
    ),
)
DEGREES = Degrees(BASE)


@pytest.mark.parametrize("text, kind", [
    ("n * half + 3 ** 2 - made", "constant"), ("fixed", "constant"), ("x[1] ** 0", "constant"),
    ("len(S) + ord(2, S) + max(n, half)", "constant"), ("sum(n for i in S if i > 1)", "constant"),
    ("n * x[1] + y / n - 3", "linear"), ("total", "linear"), ("(x[1] if n > 2 else y)", "linear"), ("-y", "linear"),
    ("y ** 1", "linear"), ("sum(x[i] * mixed[i] for i in S)", "linear"),
    ("x[1] * y", "quadratic"), ("x[1] ** 2", "quadratic"), ("square", "quadratic"), ("(n * y - total) ** 2", "quadratic"),
    ("(x[1] * y if n > 2 else y)", "quadratic"),
    ("x[1] ** 3", "nonlinear"), ("cube", "nonlinear"), ("square * square", "nonlinear"), ("n / y", "nonlinear"),
    ("sqrt(y)", "nonlinear"), ("exp(x[1]) + y", "nonlinear"), ("n ** y", "nonlinear"), ("y ** half", "nonlinear"),
    ("x[1] * x[2] * x[3]", "nonlinear"), ("y ** n", "nonlinear"),
    ("abs(y)", "piecewise"), ("spread", "piecewise"), ("min(x[1], n) + y", "piecewise"), ("n * abs(total)", "piecewise"),
    ("y <= n", "logical"), ("implies(b[1], y <= n)", "logical"), ("b[1] or b[2]", "logical"),
    ("count(x[i] >= n for i in S)", "logical"), ("n <= half", "constant"),
    ("alldifferent(x[i] for i in S)", "structure"), ("piecewise(y, n, n)", "structure"), ("no_overlap(x[i], n for i in S)", "structure"),
])
def test_kinds(text: str, kind: str) -> None:
    assert DEGREES.of(parse(text)).kind == kind
    assert degree(parse(text), BASE).kind == kind


def test_an_index_hides_a_variable_of_its_name() -> None:
    assert degree(parse("y + 1"), BASE).kind == "linear"
    assert degree(parse("y + 1"), BASE, ("y",)).kind == "constant"
    assert degree(parse("sum(y * x[y] for y in S)"), BASE).kind == "linear"


@pytest.mark.parametrize("text, integer", [
    ("y + n", True), ("n * y - b[1]", True), ("half * y", False), ("x[1]", False), ("y / n", False), ("outer * y", None),
    ("y ** 2", True), ("y ** 0.5", False), ("sum(b[i] * i for i in S)", True), ("y + 0.5", False), ("abs(y)", True),
    ("count(x[i] <= n for i in S)", True), ("y + pi", False), ("s", False), ("made + y", None),
])
def test_integrality(text: str, integer: bool | None) -> None:
    assert DEGREES.of(parse(text)).integer is integer


@pytest.mark.parametrize("text, curvature", [
    ("y", "affine"), ("abs(y)", "convex"), ("-abs(y)", "concave"), ("max(y, n) + abs(x[1])", "convex"),
    ("spread", "convex"), ("max(y, n) - max(x[1], n)", "mixed"), ("n * abs(y)", "convex"), ("loss * abs(y)", "concave"),
    ("outer * abs(y)", "mixed"), ("max(abs(y), x[1])", "convex"), ("min(abs(y), n)", "mixed"), ("abs(abs(y))", "mixed"),
    ("abs(y) / half", "convex"), ("min(y, x[1])", "concave"), ("sum(mixed[i] * abs(x[i]) for i in S)", "mixed"),
])
def test_curvature_of_piecewise_linear_formulas(text: str, curvature: str) -> None:
    assert DEGREES.of(parse(text)).curvature == curvature


def test_variables_and_features() -> None:
    found = DEGREES.of(parse("sum(b[i] * x[i] for i in S) + y / total"))
    assert found.variables == {"b", "x", "y"}
    assert {"product with a binary variable", "division by a variable"} <= found.features


ONLY_X = (Variable("x", over=("i in S",)), Variable("z"))


@pytest.mark.parametrize("sense, objective, row, variables, model", [
    ("min", "z", "z >= x[1]", ONLY_X, "LP"), ("min", "y", "y >= n", BASE.variables, "MILP"),
    ("min", "z ** 2", "z >= n", ONLY_X, "QP"), ("min", "y * z", "z >= n", (*ONLY_X, Variable("y", domain="binary")), "MIQP"),
    ("min", "z", "z * x[1] >= n", ONLY_X, "QCP"), ("min", "z", "z * y >= n", (*ONLY_X, Variable("y", domain="integer")), "MIQCP"),
    ("min", "exp(z)", "z >= n", ONLY_X, "NLP"), ("min", "z", "sqrt(z) >= y", (*ONLY_X, Variable("y", domain="integer")), "MINLP"),
    ("min", "max(x[i] for i in S)", "z >= n", ONLY_X, "LP"), ("max", "max(x[i] for i in S)", "z <= n", ONLY_X, "MILP"),
    ("max", "min(x[i] for i in S)", "z <= n", ONLY_X, "LP"), ("min", "z", "abs(x[1]) <= n", ONLY_X, "LP"),
    ("min", "z", "abs(x[1]) >= n", ONLY_X, "MILP"), ("min", "z", "z == abs(x[1])", ONLY_X, "MILP"),
    ("min", "z", "n >= max(z, x[1])", ONLY_X, "LP"), ("min", "z", "implies(z >= n, x[1] <= 0)", ONLY_X, "MILP"),
    ("min", "z", "alldifferent(x[i] for i in S)", ONLY_X, "MILP"), ("min", "z", "0 <= z <= n", ONLY_X, "LP"),
    ("min", "z", "z <= s", (*ONLY_X, Variable("s", domain="semicontinuous", upper="n")), "MILP"),
])
def test_classes_of_models(
    sense: str, objective: str, row: str, variables: tuple[Variable, ...], model: str
) -> None:
    case = replace(
        BASE, objective=Objective(sense, (Term("t", objective),)), variables=variables, expressions=(),  # type: ignore[arg-type]
        constraints=(Constraint("row", row),),
    )
    report = check(case)
    assert report.ok, str(report)
    assert report.classes.model == model


def test_the_report_lists_classes_by_name_and_counts_families() -> None:
    case = replace(BASE, constraints=(
        Constraint("flat", "total <= n"), Constraint("bent", "abs(y) <= n"), Constraint("logic", "b[1] or b[2]"),
        Constraint("wild", "cube <= n * b[i]", over=("i in S",)),
    ))
    classes = check(case).classes
    assert classes.constraints == {"flat": "linear", "bent": "piecewise", "logic": "logical", "wild": "nonlinear"}
    assert classes.terms == {"t": "linear"}
    assert classes.variables == {"continuous": 1, "integer": 1, "binary": 1, "semicontinuous": 1}
    assert "piecewise" in classes.features["bent"]
    assert "flat" not in classes.features


def test_chains_of_named_expressions_cost_no_more_than_their_length() -> None:
    chain = tuple(NamedExpression(f"e{k}", f"e{k - 1} + e{k - 1}" if k else "y") for k in range(3_000))
    degrees = Degrees(replace(BASE, expressions=chain[::-1]))
    assert degrees.of(parse("e2999")).kind == "linear"
    looped = Degrees(replace(BASE, expressions=(NamedExpression("p", "q + y"), NamedExpression("q", "p * y"))))
    assert looped.of(parse("p")).variables == {"y"}
