"""Sets, parameters and formulas as the interpreter evaluates them."""

import math

import pytest

from solvers.data import Data, DenseArray
from solvers.errors import DataError, FormulateError, GroundingError, TypingError
from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Variable,
)
from solvers.interpret import Instance


def scalar(name, value):
    return Parameter(name, cells=(Cell((), value),))


def table(name, axes, cells, **more):
    found = tuple(Cell(k if isinstance(k, tuple) else (k,), v) for k, v in cells.items())
    return Parameter(name, axes=axes, cells=found, **more)


def instance(sets=(), parameters=(), variables=(), expressions=(), constraints=(), data=None):
    return Instance(
        Formulation("t", Objective("min"), tuple(sets), tuple(parameters), tuple(variables), tuple(expressions),
                    tuple(constraints)),
        data,
    )


BASE = {
    "sets": (
        IndexSet("weeks", expr="range(1, horizon + 1)"),
        IndexSet("towns", elements=("A", "B", "C")),
        IndexSet("roads", elements=(("A", "B"), ("B", "C"), ("C", "A")), dimension=2),
        IndexSet("after", expr="{u for u in weeks if u > t}", over=("t in weeks",)),
    ),
    "parameters": (
        scalar("horizon", 4), scalar("lead", 2),
        table("demand", ("weeks",), {1: 10, 2: 20, 3: 30, 4: 40}),
        table("toll", ("roads",), {("A", "B"): 5}, default=1),
        table("far", ("towns", "towns"), {("A", "B"): 7, ("A", "C"): 9}, symmetric=True, default=0),
        table("home", ("weeks",), {1: "A", 2: "B", 3: "A", 4: "C"}, values_in="towns"),
        table("price", ("weeks",), {2: 3.5}, nullable=True),
        Parameter("so_far", expr="sum(demand[u] for u in weeks if u <= t)", over=("t in weeks",)),
    ),
    "variables": (Variable("x", ("t in weeks",)), Variable("ship", ("(i, j) in roads",)), Variable("y")),
    "expressions": (NamedExpression("opening", "(x[t - 1] if t - 1 in weeks else 100)", ("t in weeks",)),),
}
VALUES = {
    "x": {(t,): 1.0 * t for t in range(1, 5)}, "y": {(): 2.5},
    "ship": {("A", "B"): 1.0, ("B", "C"): 2.0, ("C", "A"): 3.0},
}


@pytest.mark.parametrize(("text", "expected"), [
    ("sum(demand[t] * x[t] for t in weeks)", 10 + 40 + 90 + 160),
    ("sum(toll[i, j] * ship[i, j] for (i, j) in roads)", 5 + 2 + 3),
    ("sum(toll[a] * ship[a] for a in roads)", 5 + 2 + 3),
    ("far['B', 'A'] + far['C', 'A'] + far['B', 'B']", 16),
    ("so_far[3]", 60),
    ("sum(1 for t in weeks for u in after[t])", 6),
    ("sum(opening[t] for t in weeks)", 100 + 1 + 2 + 3),
    ("sum(opening[t] for t in weeks if t - lead in weeks)", 2 + 3),
    ("count(home[t] == 'A' for t in weeks)", 2),
    ("sum(x[t] for t in weeks if given(price[t]))", 2),
    ("(1 if any(home[t] == 'C' for t in weeks) and not all(demand[t] > 10 for t in weeks) else 0)", 1),
    ("max(x[t] * t for t in weeks) - min(y, 3, 4)", 16 - 2.5),
    ("ord('B', towns) + ord(last(weeks), weeks)", 2 + 4),
    ("(1 if next('A', towns) == 'B' and prev('C', towns) == 'B' else 0)", 1),
    ("len(weeks | {9, 1}) * 100 + len(weeks & {9, 1}) * 10 + len(weeks - {9, 1})", 513),
    ("7 // 2 + 7 % 4 + 2 ** 3 + floor(2.5) + ceil(2.5) + abs(-1)", 3 + 3 + 8 + 2 + 3 + 1),
    ("-2 ** 2", -4), ("pi", math.pi), ("sqrt(16) + exp(0) + log(1) + sin(0) + cos(0)", 6),
    ("sum(1 for t in range(0))", 0),
    ("len({(i, t) for (i, j) in roads for t in weeks if t > 2})", 6),
    ("sum(ship[i, j] for (i, j) in towns * towns if (i, j) in roads)", 6),
])
def test_value(text, expected):
    assert instance(**BASE).evaluate(text, VALUES) == pytest.approx(expected)


def test_order_of_indices_is_the_order_of_the_loops():
    found = instance(**BASE).indices(("t in weeks if t > 2", "(i, j) in roads if i != 'B'", "u in after[t]"))
    assert [(e["t"], e["i"], e["j"], e["u"]) for e in found] == [(3, "A", "B", 4), (3, "C", "A", 4)]


def test_sets_keep_the_left_order():
    one = instance(**BASE)
    assert one.evaluate("{3, 1} | weeks") == (3, 1, 2, 4)
    assert one.evaluate("{4, 2, 1} & {1, 2, 3}") == (2, 1)
    assert one.evaluate("{i for (i, j) in roads}") == ("A", "B", "C")
    assert one.evaluate("towns * {2, 1}")[:3] == (("A", 2), ("A", 1), ("B", 2))


@pytest.mark.parametrize(("text", "said"), [
    ("demand[5]", "5 is not in weeks"), ("demand['z']", "'z' is not in weeks"), ("x[0]", r"x\[0\] does not exist"),
    ("opening[9]", r"opening\[9\]"), ("ship['A', 'C']", r"ship\['A', 'C'\]"), ("toll['A', 'C']", "not in roads"),
    ("demand[1, 2]", "2 indices"), ("demand[1.5]", "1.5"), ("price[1]", "null"), ("given(price[7])", "7"),
    ("1 / (lead - 2)", "division by zero"), ("1 % (lead - 2)", "division by zero"), ("0 ** -1", "division by zero"),
    ("min(demand[t] for t in weeks if t > 9)", "empty"), ("first({})", "empty"), ("prev(1, weeks)", "end"),
    ("next('C', towns)", "end"), ("ord('Z', towns)", "'Z'"), ("'A' + 1", "'A'"), ("'A' * 3", "'A'"),
    ("sum(t for t in towns)", "'A'"), ("demand", "0 indices"), ("weeks + 1", "sets"), ("after", "after"),
    ("log(-1)", "log"), ("exp(1e6)", "overflow"), ("10 ** 400", "overflow"), ("sum(1 for (i, j) in towns)", "'A'"),
    ("len(range(0, 10 ** 12))", "range"), ("range(1, 2, 0)", "step"), ("home[1] < 'B'", "'A'"),
    ("inf * 0", "not a number"),
])
def test_refused(text, said):
    with pytest.raises(GroundingError, match=said):
        instance(**BASE).evaluate(text, VALUES)


@pytest.mark.parametrize("text", ["unknown", "unknown[1]", "(1 if y > 2 else 0)", "floor(y)", "given(x[1])",
                                  "sum(1 for t in weeks if x[t] > 2)"])
def test_does_not_fit(text):
    with pytest.raises(TypingError):
        instance(**BASE).evaluate(text, VALUES)


def test_branches_that_are_not_taken_are_not_evaluated():
    one = instance(**BASE)
    assert one.evaluate("(demand[9] if 9 in weeks else 0)") == 0
    assert one.evaluate("9 in weeks and demand[9] > 1") is False
    assert one.evaluate("lead == 2 or demand[9] > 1") is True


def test_an_inner_index_shadows_and_the_outer_one_returns():
    assert instance(**BASE).evaluate("sum(t * sum(t for t in range(3)) + t for t in range(1, 3))") == (3 + 1) + (6 + 2)


@pytest.mark.parametrize("sets", [
    (IndexSet("S", expr="{i for i in T}"), IndexSet("T", expr="{i for i in S}")),
    (IndexSet("S", expr="range(p)"),),
])
def test_a_circle_is_named(sets):
    with pytest.raises(GroundingError, match=r"circular: .* -> "):
        instance(sets=sets, parameters=(Parameter("p", expr="len(S)"),))


def test_a_circle_of_named_expressions_is_named():
    with pytest.raises(GroundingError, match="a -> a"):
        instance(expressions=(NamedExpression("a", "a + 1"),))


def test_a_long_chain_of_definitions_does_not_end_the_process():
    chain = [NamedExpression("e0", "1")] + [NamedExpression(f"e{k}", f"e{k - 1} + 1") for k in range(1, 3000)]
    with pytest.raises(FormulateError):
        instance(expressions=chain).evaluate("e2999")


def test_missing_cells_and_sets_are_named():
    one = instance(sets=(IndexSet("S", elements=(1, 2)), IndexSet("open")),
                   parameters=(table("p", ("S",), {1: 3}), Parameter("q", axes=("S",))))
    assert one.evaluate("p[1]") == 3
    with pytest.raises(DataError, match=r"p\[2\] is missing"):
        one.evaluate("p[2]")
    with pytest.raises(DataError, match="no data"):
        one.evaluate("q[1]")
    with pytest.raises(DataError, match="no elements"):
        one.evaluate("len(open)")


def test_within_and_label_values_are_checked():
    one = instance(sets=(IndexSet("S", elements=(1, 2)), IndexSet("T", elements=(1, 5), within="S")),
                   parameters=(table("p", ("S",), {1: 9, 2: 1}, values_in="S"),))
    with pytest.raises(GroundingError, match="5 is not in 'S'"):
        one.evaluate("len(T)")
    with pytest.raises(DataError, match="9"):
        one.evaluate("p[1] == 2")


def test_data_from_outside():
    import numpy as np

    data = Data({"S": ("a", "b")}, {
        "p": DenseArray(("S",), np.array([4.0, 5.0])),
        "q": DenseArray(("T", "S"), np.array([[1.0, 2.0], [3.0, 4.0]]), ((10, 20), ("b", "a"))),
        "r": {("10",): 7},
    })
    one = instance(sets=(IndexSet("S", bind="s"), IndexSet("T", expr="{10, 20}")), data=data,
                   parameters=(Parameter("p", axes=("S",), bind="p"), Parameter("q", axes=("S", "T"), bind="q"),
                               Parameter("r", axes=("T",), default=0)))
    assert one.evaluate("p['b']") == 5
    assert [one.evaluate(f"q['{s}', {t}]") for s in "ab" for t in (10, 20)] == [2, 4, 1, 3]
    assert one.evaluate("r[10] + r[20]") == 7
    changed = instance(sets=one.formulation.sets, parameters=one.formulation.parameters,
                       data=data.override({("p", ("b",)): 50.0}))
    assert changed.evaluate("p['a'] + p['b']") == 54


def test_symmetric_change_holds_both_ways():
    one = instance(**BASE)
    data = one.data.override({("far", ("B", "A")): 1})
    assert instance(**BASE, data=data).evaluate("far['A', 'B'] + far['B', 'A']") == 2


def test_piecewise():
    one = instance(sets=(IndexSet("K", elements=(1, 2, 3)), IndexSet("S", elements=("a",))),
                   parameters=(table("px", ("K",), {1: 0, 2: 10, 3: 20}), table("py", ("K",), {1: 0, 2: 100, 3: 120}),
                               table("qy", ("S", "K"), {("a", 1): 1, ("a", 2): 2, ("a", 3): 3})),
                   variables=(Variable("x"),))
    at = lambda x, text="piecewise(x, px, py)": one.evaluate(text, {"x": {(): x}})  # noqa: E731
    assert [at(0), at(5), at(10), at(15), at(20)] == [0, 50, 100, 110, 120]
    assert at(5, "piecewise(x, px, qy['a'])") == 1.5
    with pytest.raises(GroundingError, match="outside"):
        at(21)


def test_constraint_named_like_nothing_is_not_a_value():
    one = instance(**BASE | {"constraints": (Constraint("balance", "y >= 0"),)})
    with pytest.raises(TypingError, match="balance"):
        one.evaluate("balance")
