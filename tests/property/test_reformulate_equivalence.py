"""A bridged formulation has the same feasible points and the same values: enumerated, point by point.

The original is judged by the interpreter; the bridged one by a solver that may choose only the added variables.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solvers.adapters import SolveOptions, adapter
from solvers.errors import FormulateError
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
from solvers.ground import ground
from solvers.interpret import Instance
from solvers.reformulate import reformulate
from solvers.reformulate.capabilities import MIP
from solvers.reformulate.scan import Scanner


def table(name, values):
    return Parameter(name, axes=("S",), cells=tuple(Cell((k,), v) for k, v in values.items()))


def formulation(rule="0 <= 1", cost="0", *, sense="min", over=(), domain="integer", expressions=()):
    return Formulation(
        "t", Objective(sense, (Term("cost", cost),)), (IndexSet("S", elements=(1, 2)),),
        (table("lo", {1: 2, 2: 1}), table("up", {1: 1, 2: 2}), table("a", {1: -1, 2: 2}), table("h", {1: 0.5, 2: 1.5})),
        (
            Variable("x", ("i in S",), domain, "-lo[i]", "up[i]"), Variable("y", (), domain, "0", "3"),
            Variable("z", ("i in S",), "binary"), Variable("w", (), "binary"),
        ),
        tuple(expressions), (Constraint("rule", rule, over, "what the text said", ("quoted",)),),
    )


def points(f):
    """Every point of the variables that occur; the others rest at 0."""
    one = Instance(f)
    used = set()
    for text in [c.expr for c in f.constraints] + [t.expr for t in f.objective.terms]:
        used |= one.variables_of(parse(text))
    cells, ranges = [], []
    for v in f.variables:
        for key, env in one.domain(v).items():
            low = 0 if v.domain == "binary" else one.evaluate(v.lower, env=env)
            high = 1 if v.domain == "binary" else one.evaluate(v.upper, env=env)
            cells.append((v.name, key))
            ranges.append(range(int(low), int(high) + 1) if v.name in used else (0,))
    for values in itertools.product(*ranges):
        point = {}
        for (name, key), value in zip(cells, values):
            point.setdefault(name, {})[key] = float(value)
        yield point


def solved(model, point):
    """The best objective with the original variables held, or None."""
    lower, upper = model.col_lower.copy(), model.col_upper.copy()
    for block in model.columns:
        if block.name in point:
            for k, key in enumerate(block.keys()):
                lower[block.start + k] = upper[block.start + k] = point[block.name][key]
    raw = adapter("highs").solve(replace(model, col_lower=lower, col_upper=upper), SolveOptions(threads=1))
    assert raw.termination in ("optimal", "infeasible", "infeasible_or_unbounded"), raw
    return raw.objective if raw.termination == "optimal" else None


def assert_equivalent(f, most=None):
    done = reformulate(f, MIP)
    assert not Scanner(done.formulation, MIP).lacking_anywhere(done.formulation)
    model = ground(done.formulation)
    assert not model.is_nonlinear and not model.is_quadratic
    one = Instance(f)
    seen = set()
    for point in itertools.islice(points(f), most):
        feasible = all(v.holds for v in one.violations(point))
        wanted = one.objective(point) if feasible else None
        got = solved(model, point)
        seen.add(feasible)
        if wanted is None:
            assert got is None, (point, got)
        else:
            assert got == pytest.approx(wanted, abs=1e-6), (point, done.formulation)
    return seen


RULES = [
    "abs(x[1] - y) <= 1", "abs(x[1] - y) >= 2", "abs(x[1]) == y", "abs(x[1]) + abs(x[2]) <= 2", "abs(x[1]) - abs(x[2]) >= 1",
    "2 <= abs(x[2]) + y", "1 <= abs(x[2]) <= 1", "sum(abs(x[i]) for i in S) >= 3", "sum(a[i] * abs(x[i]) for i in S) <= 1",
    "sum(a[i] * abs(x[i]) for i in S) >= 1", "abs(abs(x[1]) - y) >= 1", "-abs(x[1]) <= -2",
    "max(x[1], x[2]) <= 0", "max(x[1], x[2]) >= 1", "max(x[1], x[2], y) == 1", "min(x[1], x[2], 1) <= -1", "min(x[1], x[2]) >= 0",
    "min(x[i] for i in S) == -1", "max(a[i] * x[i] for i in S) >= 3", "max(a[i] * x[i] for i in S) <= 1",
    "max(min(x[1], x[2]), y) >= 1", "min(max(x[1], y), x[2]) == 1", "max(abs(x[i]) for i in S) >= 2", "y - max(x[1], 0) >= 1",
    "implies(w, y <= 1)", "implies(w == 1, y >= 2)", "implies(w == 0, y == 2)", "implies(not w, y == 2)", "implies(y >= 2, w)",
    "implies(y >= 2, w == 0)", "iff(w, y >= 2)", "iff(w == 1, y == 2)", "iff(z[1], z[2])", "implies(z[1], z[2])", "z[1] or z[2]",
    "not (z[1] and z[2])", "implies(z[1] and z[2], w)", "implies(w, z[1] or z[2])", "x[1] <= -1 or x[2] >= 1", "x[1] != x[2]",
    "not (x[1] == x[2])", "not (x[1] != x[2])", "x[1] == 1 or x[2] == 2 or y == 3", "implies(x[1] >= 0, x[2] >= 1 and y <= 1)",
    "implies(x[1] >= 0 and y >= 1, x[2] == 0)", "iff(x[1] >= 0, x[2] >= 0)", "iff(x[1] == 0, x[2] == 0)", "not (0 <= y <= 1)",
    "implies(-1 <= x[1] <= 0, y == 0)", "any(x[i] >= 1 for i in S)", "implies(w, any(x[i] >= 1 for i in S))", "not all(x[i] <= 0 for i in S)",
    "implies(any(x[i] >= 1 for i in S), w)", "implies(all(x[i] >= 1 for i in S), w)", "implies(w, all(x[i] >= 1 for i in S))",
    "any(x[i] >= 1 and y >= i for i in S)", "all(x[i] >= 1 or y >= i for i in S)", "any(all(x[i] >= j for j in S) for i in S)",
    "iff(any(x[i] >= 1 for i in S), w)", "any(z[i] for i in S)", "implies(any(z[i] == 1 for i in S), y == 3)",
    "count(x[i] >= 1 for i in S) <= 1", "count(x[i] >= 1 for i in S) >= 1", "count(x[i] >= 1 for i in S) == 1", "count(z[i] for i in S) == y",
    "implies(y > 1, w)", "implies(w, y > 1)", "implies(w, y < 1) and y >= 0", "implies(w, abs(x[1]) <= 1)", "implies(w, abs(x[1]) >= 1)",
    "implies(abs(x[1]) >= 1, w)", "implies(max(x[1], x[2]) >= 1, w)", "iff(min(x[1], x[2]) >= 0, w)", "implies(0.5 * x[1] + 0.25 * y > 0, w)",
    "implies(h[1] * x[1] >= 0.5, w)", "implies(sum(h[i] * x[i] for i in S) <= 0.7, w)", "implies(x[1] <= 1 / 3, w)",
    "w * y <= 1", "w * y + z[1] * x[1] >= 2", "z[1] * z[2] == w", "z[1] * z[2] * w * y >= 2", "(1 - w) * x[1] >= 1", "w ** 2 + y >= 1",
    "(z[1] + z[2]) ** 2 >= 3", "y * sum(z[i] for i in S) <= 3", "(y + z[1]) * z[2] == 2", "(y - w) * (z[1] - z[2]) >= 1",
    "w * abs(x[1]) >= 1", "sum(z[i] * x[i] * a[i] for i in S) >= 2", "w * max(x[1], x[2]) >= 1", "implies(w * z[1] == 1, y >= 2)",
    "(implies(w, y >= 2) if 1 in S else y <= 9)", "(abs(x[1]) if 3 in S else abs(x[2])) >= 1", "implies(w or 1 in S, y >= 1)",
    "sum((abs(x[i - 1]) if i - 1 in S else 0) for i in S) >= 1", "implies(w, (x[3] if 3 in S else y) >= 1)", "w >= 1 or y >= 2 or y <= 0",
    "implies(implies(w, z[1]), z[2])", "iff(iff(w, z[1]), z[2])", "not iff(w, y >= 1)", "not implies(w, y >= 1)", "implies(w <= 1, y >= 1)",
    "implies(w >= 2, y >= 9)", "implies(1 == w, y >= 1)", "implies(1 - w, y >= 1)", "implies(w, y >= 1) and implies(not w, x[1] == 0)",
]


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule):
    assert assert_equivalent(formulation(rule)) == {True, False} or rule in (
        "implies(w >= 2, y >= 9)", "(implies(w, y >= 2) if 1 in S else y <= 9)")


@pytest.mark.parametrize("rule", [
    "abs(x[i]) >= i", "implies(z[i], x[i] <= 0)", "implies(i == 2, abs(x[i]) >= 1)", "implies(z[i], x[i] <= (x[i - 1] if i - 1 in S else 0))",
    "any(x[j] >= i for j in S)", "implies(x[i] >= 0, any(x[j] >= 1 for j in S if j != i))", "count(x[j] >= i for j in S) <= 1",
    "sum(abs(x[i] - x[j]) for j in S) >= 1", "max(x[j] for j in S if j <= i) >= 0", "sum(x[i] for i in S) >= 0 or z[i]",
    "sum(sum(abs(x[i] - i) for i in S if i <= j) for j in S) >= 4",
])
def test_family(rule):
    assert_equivalent(formulation(rule, over=("i in S",)))


COSTS = ["abs(x[1] - y)", "sum(a[i] * abs(x[i]) for i in S)", "max(x[1], x[2], y)", "min(x[i] for i in S)", "w * x[1]", "z[1] * z[2]",
         "sum(z[i] * x[i] for i in S) - w * y", "count(x[i] >= 1 for i in S)", "abs(max(x[1], y) - x[2])", "(z[1] - w) ** 2",
         "sum(max(x[i], 0) * i for i in S) - abs(y - 1)"]


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("sense", ["min", "max"])
def test_objective(cost, sense):
    assert_equivalent(formulation(cost=cost, sense=sense))


@pytest.mark.parametrize("rule", ["implies(w, gap[1] <= 1)", "sum(gap[i] for i in S) >= 2", "implies(far, w)", "iff(far, w)"])
def test_named_expressions_are_looked_into(rule):
    named = (NamedExpression("gap", "abs(x[i] - y)", ("i in S",)), NamedExpression("far", "gap[1] >= 2 or gap[2] >= 3"))
    assert_equivalent(formulation(rule, expressions=named))


ATOMS = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(["x[1]", "y - x[2]", "2 * x[1] + y", "abs(x[2])", "max(x[1], y)", "w * y"]),
              st.sampled_from(["<=", ">=", "==", "!=", "<", ">"]), st.integers(-1, 2)),
    st.sampled_from(["w", "z[1]", "w == 0", "z[2] >= 1", "0 <= y <= 1"]),
)
FORMULAS = st.recursive(ATOMS, lambda inner: st.one_of(
    st.builds("({} or {})".format, inner, inner), st.builds("({} and {})".format, inner, inner),
    st.builds("(not ({}))".format, inner), st.builds("implies({}, {})".format, inner, inner),
    st.builds("iff({}, {})".format, inner, inner), st.builds("any({} and y >= k for k in S)".format, inner),
    st.builds("count({} for k in S if k > 1) >= 1".format, inner),
), max_leaves=4)


@given(FORMULAS, st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_formulas(rule, data):
    f = formulation(rule)
    done = reformulate(f, MIP)
    model = ground(done.formulation)
    one = Instance(f)
    every = list(points(f))
    for point in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=12)):
        feasible = all(v.holds for v in one.violations(point))
        assert (solved(model, point) is not None) == feasible, (rule, point, done.formulation.constraints)


TERMS = st.recursive(
    st.sampled_from(["x[1]", "x[2]", "y", "w", "z[1]", "2", "-1"]),
    lambda inner: st.one_of(
        st.builds("abs({})".format, inner), st.builds("max({}, {})".format, inner, inner),
        st.builds("min({}, {})".format, inner, inner), st.builds("({} - {})".format, inner, inner),
        st.builds("(w * {})".format, inner), st.builds("(a[1] * {})".format, inner),
        st.builds("sum(z[i] * {} for i in S)".format, inner), st.builds("max(i * {} for i in S)".format, inner),
        st.builds("(1 - z[1]) * {}".format, inner),
    ), max_leaves=4)


@given(TERMS, st.sampled_from(["min", "max"]), st.sampled_from(["<=", ">=", "=="]), st.integers(-2, 3), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_terms(term, sense, op, limit, data):
    f = formulation(f"{term} {op} {limit}", f"{term} + x[1]", sense=sense)
    model = ground(reformulate(f, MIP).formulation)
    one = Instance(f)
    every = list(points(f))
    for point in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=10)):
        feasible = all(v.holds for v in one.violations(point))
        got = solved(model, point)
        if feasible:
            assert got == pytest.approx(one.objective(point), abs=1e-6), (term, point)
        else:
            assert got is None, (term, point)


FAMILY_ATOMS = st.sampled_from([
    "x[i] >= i", "x[i] != y", "z[i]", "w", "abs(x[i] - y) <= 1", "max(x[j] for j in S if j <= i) >= 1", "i == 2",
    "(x[i - 1] if i - 1 in S else y) <= 0", "x[i] <= (-1 if i == 1 else 1)", "gap[i] >= 2", "z[i] * x[i] >= 1",
    "any(x[j] > y for j in S if j != i)", "all(x[j] <= j for j in S)", "count(x[j] == 0 for j in S) >= i", "0 <= x[i] < 2",
])
FAMILIES = st.recursive(FAMILY_ATOMS, lambda inner: st.one_of(
    st.builds("({} or {})".format, inner, inner), st.builds("(not ({}))".format, inner),
    st.builds("implies({}, {})".format, inner, inner), st.builds("iff({}, {})".format, inner, inner),
    st.builds("({} if i == 1 else {})".format, inner, inner), st.builds("implies(i > 1, {})".format, inner),
    st.builds("any({} and x[k] >= 0 for k in S if k >= i)".format, inner),
), max_leaves=3)


@given(FAMILIES, st.sampled_from([("i in S",), ("i in S if i > 1",), ("(i, t) in P",), ("t in {3, 4}", "i in S if i < t - 2")]),
       st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_families(rule, over, data):
    f = formulation(rule, over=over, expressions=(NamedExpression("gap", "abs(x[i] - y)", ("i in S",)),))
    f = replace(f, sets=(*f.sets, IndexSet("P", elements=((1, "a"), (2, "a"), (2, "b")), dimension=2)))
    one = Instance(f)
    assume(one.variables_of(parse(rule)))
    model = ground(reformulate(f, MIP).formulation)
    every = list(points(formulation("x[1] + x[2] + y + w + z[1] + z[2] <= 99")))
    for point in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=10)):
        feasible = all(v.holds for v in one.violations(point))
        assert (solved(model, point) is not None) == feasible, (rule, over, point)


def test_bad_formulas_are_refused_with_a_place():
    for rule in ("implies(x[1], w)", "implies(y, w)", "w + 1 or y >= 1", "implies(w, x[1])"):
        with pytest.raises(FormulateError, match="rule"):
            reformulate(formulation(rule), MIP)


def test_the_enumeration_can_fail():
    with pytest.raises(AssertionError):
        f = formulation("abs(x[1]) >= 2")
        model = ground(formulation("x[1] >= 2"))
        one = Instance(f)
        assert all((solved(model, p) is not None) == all(v.holds for v in one.violations(p)) for p in points(f))
    assert np.isfinite(0.0)
