"""What a bridged formulation looks like, what is left alone, and what is refused."""

import pytest

from solvers.data import Data
from solvers.errors import FormulateError, TypingError, UnsupportedError
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
from solvers.interpret import Instance
from solvers.reformulate import reformulate
from solvers.reformulate.capabilities import ALL, MIP

JOBS = IndexSet("jobs", elements=("a", "b"))
HIGHS = MIP | {"convex_quadratic"}
SCIP = HIGHS | {"quadratic", "nonlinear", "abs"}


def formulation(rule, over=(), cost="0", variables=(), expressions=(), parameters=()):
    return Formulation(
        "t", Objective("min", (Term("cost", cost),)), (JOBS,),
        (Parameter("cap", axes=("jobs",), cells=(Cell(("a",), 5), Cell(("b",), 7))), *parameters),
        (Variable("x", ("j in jobs",), lower="0", upper="cap[j]"), Variable("open", ("j in jobs",), "binary"),
         Variable("n", domain="integer", lower="0", upper="9"), Variable("free"), *variables),
        tuple(expressions), (Constraint("rule", rule, over, "said so", ("the text",)),),
    )


def rows(f):
    return {c.name: c.expr for c in f.constraints}


@pytest.mark.parametrize("rule", [
    "x['a'] <= 3", "x['a'] <= 3 and n >= 1", "all(x[j] <= 3 for j in jobs)", "n < 3",
    "sum(x[j] for j in jobs if j != 'a' and cap[j] > 1) <= max(cap['a'], 3)", "implies(cap['a'] > 3, x['a'] <= 1)",
    "(x['a'] if not ('c' in jobs) else 0) <= abs(-3)", "x['a'] * x['b'] <= 3", "free ** 2 <= 3", "log(n + 1) <= 2",
])
def test_what_needs_no_bridge_is_the_same_object(rule):
    f = formulation(rule)
    assert reformulate(f, HIGHS).formulation is f


def test_an_implication_is_one_row_with_an_indexed_big_m():
    done = reformulate(formulation("implies(open[j] == 0, x[j] <= 1)", ("j in jobs",)), HIGHS)
    assert rows(done.formulation) == {"rule": "x[j] <= 1 + bigM_rule[j] * open[j]"}
    [big] = done.formulation.parameters[1:]
    assert (big.name, big.over, big.expr, big.role) == ("bigM_rule", ("j in jobs",), "max(0, cap[j] - 1)", "bound")
    [rule] = done.formulation.constraints
    assert (rule.over, rule.description, rule.source) == (("j in jobs",), "said so", ("the text",))
    assert done.origin == {"bigM_rule": "rule", "rule": "rule"}


def test_logic_between_binaries_needs_nothing_new():
    for rule, row in (("implies(open['a'], open['b'])", "open['b'] >= open['a']"),
                      ("not (open['a'] and open['b'])", "1 >= open['a'] + open['b']"),
                      ("open['a'] or open['b']", "open['a'] + open['b'] >= 1"),
                      ("any(open[j] for j in jobs)", "sum(open[j] for j in jobs) >= 1"), ("open['a']", "open['a'] >= 1")):
        done = reformulate(formulation(rule), HIGHS).formulation
        assert rows(done) == {"rule": row} and len(done.variables) == 4


def test_an_epigraph_needs_no_binary_and_no_bound():
    for rule, cost in (("abs(free) <= 3", "0"), ("max(free, n) <= 3", "0"), ("3 >= abs(free - n)", "0"), ("n <= 1", "abs(free)"),
                       ("-min(free, n) <= 2", "2 * max(free, 0)"), ("cap['a'] * abs(free) + n <= 4", "0")):
        done = reformulate(formulation(rule, cost=cost), HIGHS).formulation
        assert not [v for v in done.variables[4:] if v.domain == "binary"]


def test_the_other_side_needs_bounds_and_names_the_variable_without():
    for rule in ("abs(free) >= 3", "max(free, n) >= 3", "abs(free) == n", "implies(open['a'], free <= 1)", "open['a'] * free >= 1",
                 "free <= 1 or n <= 1", "-abs(free) <= 1"):
        with pytest.raises(UnsupportedError, match="'free' has no") as caught:
            reformulate(formulation(rule), HIGHS)
        assert caught.value.place.element == "rule" and "bound" in caught.value.remedy


def test_only_the_bound_that_is_needed_is_asked_for():
    half = (Variable("up", upper="3"),)
    assert reformulate(formulation("implies(open['a'], up <= 1)", variables=half), HIGHS)
    with pytest.raises(UnsupportedError, match="'up' has no lower bound"):
        reformulate(formulation("implies(open['a'], up >= 1)", variables=half), HIGHS)


def test_the_sign_of_data_decides_the_polarity_and_is_reported():
    weight = (Parameter("weight", cells=(Cell((), 2),)),)
    f = formulation("n >= 0", cost="weight * abs(free)", parameters=weight)
    done = reformulate(f, HIGHS)
    assert "weight" in done.relied_on
    with pytest.raises(UnsupportedError, match="free"):
        reformulate(f, HIGHS, Data.inline(f).override({("weight", ()): -2}))


def test_what_the_target_takes_stays():
    f = formulation("abs(free) >= 3 and open['a'] * n >= 1")
    assert reformulate(f, SCIP).formulation is f
    done = reformulate(formulation("max(abs(n), x['a']) >= 3"), SCIP).formulation
    assert "abs(n)" in "".join(rows(done).values()) and "max(" not in "".join(rows(done).values())
    with_all = formulation("implies(open['a'], max(n, x['a']) <= abs(free)) or alldifferent(x[j] for j in jobs)")
    assert reformulate(with_all, ALL).formulation is with_all


def test_max_without_bounds_goes_by_abs_where_that_is_native():
    f = formulation("max(free, n, 1) + 0 * x['a'] >= 3")
    done = reformulate(f, SCIP).formulation
    assert len(done.variables) == 4
    for free, n in ((5, 0), (2, 9), (2, 2), (3, 0)):
        point = {"free": {(): free}, "n": {(): n}, "x": {("a",): 0, ("b",): 0}, "open": {("a",): 0, ("b",): 0}}
        assert [v.holds for v in Instance(done).violations(point)] == [v.holds for v in Instance(f).violations(point)]


@pytest.mark.parametrize(("rule", "name"), [
    ("circuit(open[i] for i in jobs if cap[i] > 1 for k in jobs if k != i)", "circuit"),
    ("circuit(x[i] for i in jobs for k in jobs if k != i)", "circuit"), ("piecewise(n, n, cap) <= 3", "piecewise"),
    ("piecewise(n, cap, cap['a']) <= 3", "piecewise"),
])
def test_structure_is_refused_with_what_to_write_instead(rule, name):
    with pytest.raises(UnsupportedError, match=name) as caught:
        reformulate(formulation(rule), SCIP)
    assert len(caught.value.remedy) > 40


def test_named_expressions_are_expanded_only_where_they_must_be():
    named = (NamedExpression("gap", "abs(x[j] - n)", ("j in jobs",)), NamedExpression("load", "x['a'] + x['b']"))
    done = reformulate(formulation("gap[j] + load <= 3", ("j in jobs",), expressions=named), HIGHS).formulation
    assert rows(done)["rule"] == "abs_rule[j] + load <= 3"
    assert rows(done)["abs_rule_above"] == "abs_rule[j] >= x[j] - n"


def test_names_do_not_collide_with_what_is_there():
    taken = (Variable("abs_rule", upper="1"), Variable("bigM_rule", upper="1"))
    done = reformulate(formulation("abs(free) + abs(n) <= 3", variables=taken), HIGHS).formulation
    names = [v.name for v in done.variables] + [c.name for c in done.constraints] + [p.name for p in done.parameters]
    assert len(names) == len(set(names))


def test_loops_around_are_carried_over_and_indices_kept_apart():
    f = formulation("sum(sum(abs(x[j] - x[k]) for k in jobs if k != j) for j in jobs) <= 3")
    done = reformulate(f, HIGHS).formulation
    assert done.variables[4].over == ("j in jobs", "k in jobs if k != j")
    f = formulation("sum(sum(abs(x[j]) for j in jobs) for k in jobs if k == j) >= 1", ("j in jobs",))
    assert reformulate(f, HIGHS).formulation.variables[4].over == ("j in jobs", "k in jobs if k == j", "j2 in jobs")


def test_strict_over_continuous_values_is_refused_unless_negated():
    with pytest.raises(TypingError, match="strict"):
        reformulate(formulation("implies(open['a'], x['a'] < 3)"), HIGHS)
    with pytest.raises(TypingError, match="continuous"):
        reformulate(formulation("x['a'] != 3"), HIGHS)
    assert rows(reformulate(formulation("implies(x['a'] <= 3, open['a'])"), HIGHS).formulation) == {
        "rule": "x['a'] >= 3 - 3 * open['a']"}


def test_whole_numbers_step_to_the_next():
    assert rows(reformulate(formulation("implies(n <= 3, open['a'])"), HIGHS).formulation) == {
        "rule": "n >= 4 - 4 * open['a']"}


def test_map_back_drops_what_was_added():
    done = reformulate(formulation("abs(n - 3) >= 2"), HIGHS)
    values = {v.name: {(): 1.0} for v in done.formulation.variables}
    assert set(done.map_back(values)) == {"x", "open", "n", "free"}
    same = reformulate(formulation("n <= 3"), HIGHS)
    assert set(same.map_back({"n": 1})) == {"n"}


def test_the_log_says_what_was_done():
    assert "rule: abs with a binary" in "\n".join(reformulate(formulation("abs(n - 3) >= 2"), HIGHS).log)


@pytest.mark.parametrize("rule", ["implies(open['a'], n)", "implies(n, open['a'])", "n or open['a']", "not n", "n"])
def test_what_is_no_condition_is_refused(rule):
    with pytest.raises(FormulateError, match="rule"):
        reformulate(formulation(rule), HIGHS)


def test_unknown_capabilities_are_refused():
    with pytest.raises(ValueError, match="abss"):
        reformulate(formulation("n <= 1"), {"abss"})


@pytest.mark.parametrize("make", [
    "abs(e{0} - 1) + abs(e{0})", "(e{0} - n) * open['a'] + e{0}", "max(e{0}, n) + min(e{0}, 3)",
    "e{0} * e{0}",
])
def test_definitions_that_double_are_refused_in_time(make):
    named = [NamedExpression("e0", "n - 1")]
    named += [NamedExpression(f"e{k}", make.format(k - 1)) for k in range(1, 60)]
    with pytest.raises(UnsupportedError):
        reformulate(formulation("implies(open['b'], e59 <= 3)", expressions=named), HIGHS)


def test_deep_equivalences_are_refused_in_time():
    rule = "n >= 1"
    for k in range(14):
        rule = f"iff({rule}, n >= {k})"
    with pytest.raises(UnsupportedError, match="families"):
        reformulate(formulation(rule), HIGHS)


def test_a_long_sum_is_bridged_in_time():
    terms = " + ".join(f"abs(n - {k})" for k in range(700))
    done = reformulate(formulation(f"implies(open['a'], {terms} <= 3)"), HIGHS)
    assert len(done.formulation.variables) == 704


def test_a_long_chain_of_definitions_does_not_end_the_process():
    named = [NamedExpression("e0", "abs(n)")] + [NamedExpression(f"e{k}", f"e{k - 1} + 1") for k in range(1, 3000)]
    with pytest.raises(FormulateError, match="deeply"):
        reformulate(formulation("e2999 <= 3", expressions=named), HIGHS)
