"""Violations, objectives and the verdict on a solution."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.errors import FormulateError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.interpret import Instance, check_solution

FREE = (Variable("x"), Variable("y"))


def one(expr, variables=FREE, parameters=()):
    objective = Objective("min", (Term("cost", "0"),))
    rules = (Constraint("rule", expr),) if expr else ()
    return Formulation("t", objective, (), tuple(parameters), tuple(variables), (), rules)


def check(formulation, **values):
    return check_solution(formulation, None, {n: v if isinstance(v, dict) else {(): v} for n, v in values.items()})


INTEGERS = (Variable("x", domain="integer"), Variable("y", domain="integer"))
BINARIES = (Variable("x", domain="binary"), Variable("y", domain="binary"))


@pytest.mark.parametrize(("expr", "x", "y", "amount"), [
    ("x + y <= 3", 1, 2, 0), ("x + y <= 3", 2, 2, 1), ("x >= y + 2", 1, 2, 3), ("x == y", 1, 1.5, 0.5),
    ("1 <= x <= 4", 6, 0, 2), ("1 <= x <= 4", -1, 0, 2), ("x <= 1 and y <= 1", 3, 2, 2), ("x <= 1 or y <= 1", 3, 2, 1),
    ("x <= 1 or y <= 1", 3, 1, 0), ("not (x >= 2)", 5, 0, 3), ("all(x <= k for k in range(3, 5))", 4, 0, 1),
    ("any(x <= k for k in range(3, 5))", 6, 0, 2),
])
def test_amount(expr, x, y, amount):
    found = check(one(expr), x=x, y=y)
    assert found.violation == pytest.approx(amount)
    assert found.feasible is (amount == 0)


def test_tolerance_is_relative_to_the_terms():
    row = one("1000000 * x - 1000000 * y <= 0")
    assert check(row, x=1.0000005, y=1).feasible
    assert not check(row, x=1.000003, y=1).feasible
    assert not check(one("x <= 0"), x=1e-5, y=0).feasible


def test_bounds_and_integrality():
    box = one("", (Variable("x", domain="integer", lower="1", upper="4"), Variable("y", domain="binary", upper="5")))
    assert check(box, x=4, y=1).feasible
    for values, where in (({"x": 4.5, "y": 0}, "x"), ({"x": 3, "y": 2}, "y"), ({"x": 0, "y": 0}, "x (bound)")):
        found = check(box, **values)
        assert found.feasible is False and found.where.startswith(where)
    assert check(box, x=float("nan"), y=0).feasible is False
    assert check(box, x=float("inf"), y=0).feasible is False


def test_semicontinuous_is_zero_or_within():
    semi = one("", (Variable("x", domain="semicontinuous", lower="2", upper="5"),))
    assert [check(semi, x=v).feasible for v in (0, 1, 2, 5, 6)] == [True, False, True, True, False]


def test_the_place_is_named():
    f = Formulation("t", Objective("min"), (IndexSet("S", elements=("a", "b")),), (), (Variable("x", ("s in S",)),), (),
                    (Constraint("cap", "x[s] <= 3", ("s in S",)),))
    found = check(f, x={("a",): 1, ("b",): 5})
    assert (found.where, found.violation, found.feasible) == ("cap['b']", 2, False)


def test_what_cannot_be_evaluated_is_no_pass():
    f = one("x <= 1")
    assert check(f, x=0).feasible is None and "'y'" in check(f, x=0).reason
    f = one("x <= p", parameters=(Parameter("p"),))
    assert check(f, x=0, y=0).feasible is None and "p" in check(f, x=0, y=0).reason


def test_too_large_is_no_pass():
    f = one("sum(x * k for k in range(1000)) <= 1")
    found = check_solution(f, None, {"x": {(): 0}, "y": {(): 0}}, work=500)
    assert found.feasible is None and "too large" in found.reason


def test_undefined_at_the_point_is_infeasible():
    found = check(one("log(x) <= 1"), x=-1, y=0)
    assert found.feasible is False and "log" in found.reason
    assert check(one("sqrt(x) <= 1"), x=-1e-9, y=0).feasible


def test_lexicographic_objective_is_the_leading_one():
    f = Formulation("t", Objective("min", (Term("a", "x", 1), Term("b", "10 * x"), Term("c", "2 * x", 1))),
                    variables=(Variable("x"),))
    assert check(f, x=1).objective == 3


def test_a_solution_within_the_solvers_tolerance_passes_logic():
    f = one("implies(x == 1, y >= 1)", BINARIES)
    assert check(f, x=1 - 1e-7, y=1 - 1e-7).feasible
    assert check(f, x=1e-7, y=0).feasible
    assert not check(f, x=1 - 1e-7, y=1e-7).feasible


def test_a_binary_stands_for_a_condition():
    f = one("implies(x, y)", BINARIES)
    assert [check(f, x=a, y=b).feasible for a, b in itertools.product((0, 1), (0, 1))] == [True, True, False, True]
    assert check(one("implies(x, y >= 1)"), x=1, y=1).feasible is None


TRUTH = {
    "implies(A, B)": lambda a, b: not a or b, "iff(A, B)": lambda a, b: a == b, "A or B": lambda a, b: a or b,
    "A and B": lambda a, b: a and b, "not A": lambda a, b: not a, "not (A and B)": lambda a, b: not (a and b),
    "not iff(A, not B)": lambda a, b: a == b, "(A or B) and not (A and B)": lambda a, b: a != b,
    "implies(A or B, A and B)": lambda a, b: not (a or b) or (a and b),
    "count(A for k in range(2)) == 2": lambda a, b: a,
}
COMPARE = {"<=": lambda u, v: u <= v, ">=": lambda u, v: u >= v, "==": lambda u, v: u == v, "<": lambda u, v: u < v,
           "!=": lambda u, v: u != v, ">": lambda u, v: u > v}


@given(st.sampled_from(sorted(TRUTH)), st.sampled_from(sorted(COMPARE)), st.sampled_from(sorted(COMPARE)),
       st.integers(-2, 2), st.integers(-2, 2))
@settings(max_examples=120, deadline=None)
def test_logic_over_whole_numbers_is_exact(form, op_a, op_b, c, d):
    text = form.replace("A", f"(x {op_a} {c})").replace("B", f"(y - x {op_b} {d})")
    rule = Instance(one(text, INTEGERS))
    for x, y in itertools.product(range(-3, 4), repeat=2):
        wanted = TRUTH[form](COMPARE[op_a](x, c), COMPARE[op_b](y - x, d))
        point = {"x": {(): float(x)}, "y": {(): float(y)}}
        assert all(v.holds for v in rule.violations(point)) == wanted, (text, x, y)


@pytest.mark.parametrize(("arcs", "good"), [
    ([(1, 2), (2, 3), (3, 4), (4, 1)], True), ([(1, 3), (3, 2), (2, 4), (4, 1)], True),
    ([(1, 2), (2, 1), (3, 4), (4, 3)], False), ([(1, 2), (2, 3), (3, 1), (4, 4)], True),
    ([(1, 2), (2, 3), (3, 1)], False), ([(1, 2), (1, 3), (3, 4), (4, 1)], False),
])
def test_circuit(arcs, good):
    f = Formulation("t", Objective("min"), (IndexSet("N", expr="range(1, 5)"),), (),
                    (Variable("arc", ("i in N", "j in N"), "binary"),), (),
                    (Constraint("tour", "circuit(arc[i, j] for i in N for j in N)"),))
    values = {(i, j): float((i, j) in arcs) for i in range(1, 5) for j in range(1, 5)}
    assert check(f, arc=values).feasible is good


@pytest.mark.parametrize(("starts", "good"), [
    ((0, 3, 5), True), ((0, 2, 5), False), ((5, 0, 3), True), ((3, 2, 9), False), ((3, 0, 5), False), ((2, 5, 0), True),
])
def test_no_overlap(starts, good):
    lengths = (3, 2, 1) if starts[0] != 2 else (3, 2, 2)
    f = Formulation("t", Objective("min"), (IndexSet("J", elements=(1, 2, 3)),),
                    (Parameter("d", axes=("J",), cells=tuple(Cell((j,), d) for j, d in zip((1, 2, 3), lengths))),),
                    (Variable("s", ("j in J",)),), (), (Constraint("machine", "no_overlap(s[j], d[j] for j in J)"),))
    assert check(f, s={(j,): float(s) for j, s in zip((1, 2, 3), starts)}).feasible is good


def test_alldifferent():
    f = Formulation("t", Objective("min"), (IndexSet("J", elements=(1, 2, 3)),), (),
                    (Variable("s", ("j in J",), "integer"),), (), (Constraint("d", "alldifferent(s[j] for j in J)"),))
    assert check(f, s={(1,): 1, (2,): 2, (3,): 3 + 1e-7}).feasible
    assert not check(f, s={(1,): 1, (2,): 2, (3,): 1 + 1e-7}).feasible


def test_what_the_evaluator_refuses_is_not_called_checked() -> None:
    from solvers import solve

    none = Formulation(
        "none", Objective("max", (Term("goal", "x"),)), sets=(IndexSet("E", elements=()),),
        variables=(Variable("x", lower="0", upper="9"), Variable("y", ("e in E",), lower="0")),
        constraints=(Constraint("c", "x >= max(y[e] for e in E)"),),
    )
    try:
        result = solve(none)
    except FormulateError:
        return  # grounding may refuse it too
    assert result.check is not None
    assert result.check.feasible is None
    assert "empty" in result.check.reason
