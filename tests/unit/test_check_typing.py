"""`check` on faults of names, indices, kinds and comparisons: found, placed, with a remedy; and no false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from solvers.check import CheckReport, Issue, check
from solvers.data import Data
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


def _cells(values: dict[Any, float | str]) -> tuple[Cell, ...]:
    return tuple(Cell(k if isinstance(k, tuple) else (k,), v) for k, v in values.items())


BASE = Formulation(
    "transport", Objective("min", (Term("freight", "sum(cost[p, m] * ship[p, m] for p in plants for m in markets)"),)),
    sets=(
        IndexSet("plants", elements=("Seattle", "Denver")), IndexSet("markets", elements=("Chicago", "Topeka", "Boston")),
        IndexSet("weeks", expr="range(1, horizon + 1)"),
        IndexSet("lanes", elements=(("Seattle", "Chicago"), ("Denver", "Boston")), dimension=2, within="plants * markets"),
    ),
    parameters=(
        Parameter("horizon", cells=_cells({(): 4})),
        Parameter("supply", axes=("plants",), cells=_cells({"Seattle": 350, "Denver": 600})),
        Parameter("cost", axes=("plants", "markets"), default=1),
        Parameter("toll", axes=("lanes",), nullable=True),
        Parameter("home", axes=("markets",), values_in="plants",
                  cells=_cells({"Chicago": "Denver", "Topeka": "Denver", "Boston": "Seattle"})),
        Parameter("share", cells=_cells({(): 0.5})),
    ),
    variables=(
        Variable("ship", over=("p in plants", "m in markets"), lower="0", upper="supply[p]"),
        Variable("stock", over=("t in weeks",), lower="0"), Variable("open", over=("p in plants",), domain="binary"),
        Variable("trips", over=("p in plants",), domain="integer", lower="0", upper="horizon"),
    ),
    expressions=(
        NamedExpression("sent", "sum(ship[p, m] for m in markets)", over=("p in plants",)),
        NamedExpression("scale", "share + 1"),
    ),
    constraints=(
        Constraint("capacity", "sent[p] <= supply[p] * open[p] * scale", over=("p in plants",)),
        Constraint("flow", "stock[t] == (stock[t - 1] if t - 1 in weeks else 0) + share", over=("t in weeks",)),
        Constraint("tolls", "sum((toll[i, j] if given(toll[i, j]) else 0) * ship[i, j] for (i, j) in lanes) <= horizon"),
        Constraint("near", "ship[home[m], m] >= share * trips[home[m]]", over=("m in markets",)),
    ),
    asked=("ship[p, m] for p in plants for m in markets", "sent['Denver']"),
)


def with_constraint(expr: str, *over: str, base: Formulation = BASE) -> Formulation:
    return replace(base, constraints=(*base.constraints, Constraint("probe", expr, over=over)))


def issues_of(report: CheckReport, severity: str, code: str) -> list[Issue]:
    return [i for i in report.issues if i.severity == severity and i.code == code]


def only(report: CheckReport, severity: str, code: str) -> Issue:
    found = issues_of(report, severity, code)
    assert len(found) == 1, [str(i) for i in report.issues]
    return found[0]


def test_the_base_is_clean() -> None:
    report = check(BASE)
    assert report.issues == ()
    assert report.ok
    assert report.classes.model == "MILP"


@pytest.mark.parametrize("expr, over", [
    ("ship[p, m] <= horizon", ("p in plants if supply[p] > 1", "m in markets")),
    ("ship[i, j] <= horizon", ("(i, j) in lanes",)),
    ("ship[p, 'Chicago'] <= horizon", ("p in plants - {'Denver'}",)),
    ("ship[p, m] <= horizon", ("p in plants & {'Denver', 'Paris'}", "m in markets")),
    ("sum(ship[p, m] for p in plants for m in markets if (p, m) in lanes) <= horizon", ()),
    ("sum(ship[p, m] for p in plants for m in markets if (p, m) not in lanes) <= horizon", ()),
    ("(ship['Denver', m] if m != 'Topeka' else 0) <= horizon", ("m in markets",)),
    ("(ship['Paris', m] if 'Paris' in plants else 0) <= horizon", ("m in markets",)),
    ("stock[next(t, weeks)] >= stock[t]", ("t in weeks if t != last(weeks)",)),
    ("stock[first(weeks)] + stock[last(weeks)] + stock[ord(t, weeks)] <= len(plants)", ("t in weeks",)),
    ("stock[t] <= sum(stock[s] for s in range(1, t)) + len(weeks)", ("t in weeks",)),
    ("0 <= stock[t] <= horizon <= inf", ("t in weeks",)),
    ("trips[p] < horizon", ("p in plants",)),
    ("trips['Denver'] != trips['Seattle']", ()),
    ("implies(open[p], trips[p] >= 1)", ("p in plants",)),
    ("open['Denver'] or not open['Seattle'] or trips['Denver'] <= 1", ()),
    ("iff(open[p], trips[p] > 0) and implies(trips[p] == 0, ship[p, 'Boston'] <= 0)", ("p in plants",)),
    ("count(trips[p] >= 1 for p in plants) <= 1", ()),
    ("any(trips[p] >= 1 for p in plants)", ()),
    ("abs(stock[t] - share) + max(stock[s] for s in weeks) <= horizon ** 2", ("t in weeks",)),
    ("alldifferent(trips[p] for p in plants)", ()),
    ("no_overlap(stock[t], share for t in weeks)", ()),
    ("sum(1 for p in plants for q in plants if p != q and home['Chicago'] == p) * stock[1] <= pi", ()),
    ("piecewise(stock[t], (0, horizon), (0, share)) <= horizon", ("t in weeks",)),
    ("sum(ship[q, m] for q in {home[m]}) <= horizon", ("m in markets",)),
    ("sum(ship[q, m] for (q, r) in lanes if r == m) <= horizon", ("m in markets",)),
    ("sum(stock[t] for t in weeks for s in weeks if s in {1, 3} | {t for t2 in weeks}) <= 1", ()),
    ("sum(stock[t] for (t, p) in weeks * plants if p != 'Denver' or t == 1) <= horizon", ()),
])
def test_no_false_alarm(expr: str, over: tuple[str, ...]) -> None:
    report = check(with_constraint(expr, *over))
    assert not report.errors, [str(i) for i in report.errors]
    assert not [i for i in report.warnings if i.code not in ("slot-missing",)], [str(i) for i in report.warnings]


@pytest.mark.parametrize("expr, over, code, remedy", [
    ("shipp['Denver', 'Boston'] <= 1", (), "undeclared", "did you mean 'ship'?"),
    ("Supply['Denver'] <= stock[1]", (), "undeclared", "did you mean 'supply'?"),
    ("zzz <= stock[1]", (), "undeclared", "declare it"),
    ("open[q] <= 1", (), "undeclared", "loop over it"),
    ("ship[p] <= 1", ("p in plants",), "arity", "ship[p, m]"),
    ("ship[(p, 'Boston')] <= 1", ("p in plants",), "arity", "one index per position"),
    ("stock <= 1", (), "arity", "stock[t]"),
    ("share[1] <= stock[1]", (), "arity", "write share"),
    ("toll['Seattle'] <= stock[1]", (), "arity", "toll[i, j]"),
    ("sent <= 1", (), "arity", "sent[p]"),
    ("open[m] <= 1", ("m in markets",), "index-set", "plants"),
    ("ship[m, p] <= 1", ("p in plants", "m in markets"), "index-set", "swapped"),
    ("open[t] <= 1", ("t in weeks",), "index-set", "plants"),
    ("stock[p] <= 1", ("p in plants",), "index-set", "weeks"),
    ("open['denver'] <= 1", (), "label", "did you mean 'Denver'?"),
    ("open['Paris'] <= 1", (), "label", "plants"),
    ("sum(open[p] for p in plants if p == 'Denvr') <= 1", (), "label", "did you mean 'Denver'?"),
    ("sum(open[p] for p in plants if p == 3) <= 1", (), "label-number", "quote labels"),
    ("sum(open[p] for p in plants if p < 'Denver') <= 1", (), "label-order", "ord(i, S)"),
    ("home['Chicago'] * stock[1] <= 1", (), "label-as-number", "ord(i, S)"),
    ("sum(p * stock[1] for p in plants) <= 1", (), "label-as-number", "ord(i, S)"),
    ("plants * stock[1] <= 1", (), "set", ""),
    ("stock[1] <= plants", (), "comparison", "len(S)"),
    ("stock[1] + plants <= 1", (), "set-as-number", "len(plants)"),
    ("sum(stock[1] for i in horizon) <= 1", (), "not-a-set", "range(1, horizon + 1)"),
    ("sum(stock[t] for t in stock) <= 1", (), "any", ""),
    ("sum(stock[1] for i in range(1, trips['Denver'])) <= 1", (), "variable-in-data", "made of data"),
    ("sum(stock[t] for t in weeks if stock[t] > 0) <= 1", (), "variable-in-data", "implies"),
    ("(stock[1] if stock[2] >= 1 else 0) <= 1", (), "variable-in-data", "implies"),
    ("stock[trips['Denver']] <= 1", (), "variable-in-data", "made of data"),
    ("sum(stock[t] for t in weeks if sent['Denver'] > 1) <= 1", (), "variable-in-data", "implies"),
    ("stock[1] < horizon", (), "strict", "<="),
    ("stock[1] > horizon", (), "strict", ">="),
    ("stock[1] != horizon", (), "strict", "two cases"),
    ("share * trips['Denver'] < horizon", (), "strict", "<="),
    ("stock[1] + stock[2]", (), "no-comparison", "left <= right"),
    ("'Denver'", (), "no-comparison", "left <= right"),
    ("(stock[1] <= 1) + 1 <= 2", (), "comparison-as-number", "count"),
    ("(stock[1] <= 1) == (stock[2] <= 1)", (), "comparison", "iff"),
    ("implies(stock[1], trips['Denver'] >= 1)", (), "truth", "compare it"),
    ("implies(share, trips['Denver'] >= 1)", (), "truth", "compare it"),
    ("sum(stock[1] for p in plants if supply[p]) <= 1", (), "truth", "compare it"),
    ("sum(stock[1] for a in lanes) <= 1", (), "dimension", "(i, j) in ..."),
    ("sum(stock[1] for (a, b) in plants) <= 1", (), "dimension", "i in ..."),
    ("sum(stock[1] for p in plants if p in lanes) <= 1", (), "dimension", "pairs"),
    ("sum(stock[1] for p in plants | lanes) <= 1", (), "dimension", "one dimension"),
    ("sum(stock[1] for p in {('a', 'b'), 'c'}) <= 1", (), "dimension", ""),
    ("sum(stock[1] for p in plants + markets) <= 1", (), "set-sum", "A | B"),
    ("sum(open[p] for p in plants for p in plants) <= 1", (), "index-reused", "rename"),
    ("sum(open[p] * trips[q] for p in plants) <= 1", ("p in plants", "q in plants"), "index-reused", "rename"),
    ("floor(stock[1]) <= 1", (), "data-operator", "integer variable"),
    ("trips['Denver'] // 2 <= 1", (), "data-operator", "integer variable"),
    ("stock[1] / 0 <= 1", (), "division-by-zero", ""),
    ("stock[1.5] <= 1", (), "index-value", ""),
    ("stock[" + "9" * 390 + "] <= horizon", (), "any", ""),
    ("sum(stock[t] for t in weeks if t != " + "9" * 390 + ") <= horizon ** " + "9" * 390, (), "number", "inf"),
    ("stock[weeks] <= 1", (), "index-value", ""),
    ("stock[1] <= (p if share > 1 else share)", ("p in plants",), "branches", ""),
    ("stock[1] <= (plants if share > 1 else share)", (), "branches", "one kind"),
    ("given(stock[1]) and stock[1] <= 1", (), "given", "given(p[i])"),
    ("len(share) <= stock[1]", (), "not-a-set", ""),
    ("ord(m, plants) <= stock[1]", ("m in markets",), "index-set", ""),
    ("circuit(trips[p] for p in plants)", (), "structure", "binary"),
    ("alldifferent(trips[p] for p in plants) + 1 <= 2", (), "structure-as-number", "alone"),
    ("p in plants in plants and stock[1] <= 1", ("p in plants",), "chained-membership", "and"),
    ("stock[1] <= ", (), "syntax", ""),
    ("stock[1] ^ 2 <= 1", (), "syntax", "**"),
    ("stock[1] <= 1", ("p in plants if",), "syntax", ""),
    ("capacity['Denver'] <= 1", (), "undeclared", "declare it"),
    ("plants['Denver'] <= 1", (), "arity", "write plants"),
])
def test_faults_are_found_with_a_remedy(expr: str, over: tuple[str, ...], code: str, remedy: str) -> None:
    report = check(with_constraint(expr, *over))
    mine = [i for i in report.errors if i.place.element == "probe"]
    assert mine, [str(i) for i in report.issues]
    assert report.classes.model is None
    if code not in ("any", "set"):
        assert code in {i.code for i in mine}, [str(i) for i in mine]
    assert any(remedy in i.remedy for i in mine), [str(i) for i in mine]


def test_a_fault_is_reported_once_and_points_at_its_text() -> None:
    text = "sum(open[p] for p in plants) + shipp['Denver', 'Boston'] <= horizon"
    report = check(with_constraint(text))
    issue = only(report, "error", "undeclared")
    assert issue.place.element == "probe"
    assert issue.place.field == "expr"
    assert issue.place.column == text.index("shipp")
    assert issue.source == text
    assert "^" in str(issue)


def test_all_faults_are_collected() -> None:
    base = with_constraint("aaa <= bbb + ccc[zzz]")
    base = replace(base, constraints=(*base.constraints, Constraint("other", "stock[1] < 1 + trips")))
    found = [(i.place.element, i.code) for i in check(base).errors]
    assert sorted(found) == [("other", "arity"), ("other", "strict"), *[("probe", "undeclared")] * 4]


def test_fields_of_over_and_bounds_are_named() -> None:
    probe = Variable("probe", over=("p in plants", "q in nowhere"), upper="stock[1]", lower="ship")
    report = check(replace(BASE, variables=(*BASE.variables, probe)))
    fields = {(i.place.field, i.code) for i in report.errors if i.place.element == "probe"}
    assert fields == {("over[1]", "undeclared"), ("upper", "variable-in-data"), ("lower", "variable-in-data"),
                      ("lower", "arity")}


@pytest.mark.parametrize("expr", ["sum(ship[p, m] for p in plants for m in markets) <= 1", "plants", "open[p]"])
def test_what_the_objective_may_hold(expr: str) -> None:
    objective = Objective("min", (Term("probe", expr),))
    assert [i.place.element for i in check(replace(BASE, objective=objective)).errors][:1] == ["probe"]


def test_comparison_in_the_objective() -> None:
    report = check(replace(BASE, objective=Objective("min", (Term("t", "stock[1] <= 1"),))))
    assert "constraint" in only(report, "error", "comparison-in-objective").remedy


def test_no_objective_is_a_note_and_a_constant_one_a_warning() -> None:
    assert only(check(replace(BASE, objective=Objective("min"))), "note", "no-objective")
    constant = replace(BASE, objective=Objective("min", (Term("t", "share + horizon"),)))
    assert only(check(constant), "warning", "constant-objective")


def test_swapped_indices_of_data_sets_are_a_warning() -> None:
    base = Formulation(
        "f", Objective("min", (Term("t", "sum(c[n, m] * x[m, n] for m in M for n in N)"),)),
        sets=(IndexSet("M", bind="m.csv"), IndexSet("N", bind="n.csv")),
        parameters=(Parameter("c", axes=("M", "N"), bind="c.csv"),),
        variables=(Variable("x", over=("m in M", "n in N")),),
    )
    report = check(base)
    assert report.ok
    assert "c[i, j]" in only(report, "warning", "swapped").remedy
    same = check(base, Data({"M": ("a", "b"), "N": ("a", "b")}, {"c": {("a", "a"): 1.0, ("a", "b"): 1.0,
                                                                      ("b", "a"): 1.0, ("b", "b"): 1.0}}))
    assert same.ok
    assert not issues_of(same, "warning", "swapped")
    other = check(base, Data({"M": ("a", "b"), "N": ("c",)}, {"c": {("a", "c"): 1.0, ("b", "c"): 1.0}}))
    assert {i.code for i in other.errors} == {"index-set"}


# -- declarations --------------------------------------------------------------------------------------


def _declared(**changes: Sequence[Any]) -> CheckReport:
    return check(replace(BASE, **{k: (*getattr(BASE, k), *v) for k, v in changes.items()}))


def test_duplicate_and_reserved_names() -> None:
    report = _declared(
        parameters=(Parameter("sum", cells=_cells({(): 1})),), expressions=(NamedExpression("ship", "stock[1]"),),
        variables=(Variable("2x"),), constraints=(Constraint("flow", "stock[1] <= 1"), Constraint("ship", "stock[1] <= 1")),
    )
    found = {(i.code, i.place.element) for i in report.errors}
    # A constraint may have the name of a variable; two constraints may not share one.
    assert found == {("duplicate", "ship"), ("reserved", "sum"), ("name", "2x"), ("duplicate", "flow")}


def test_an_index_that_hides_a_declared_name_is_a_warning() -> None:
    report = check(with_constraint("stock[share] <= 1", "share in weeks"))
    assert report.ok
    assert only(report, "warning", "shadowing").place.column == 0


def test_an_inner_index_that_hides_an_outer_one_without_using_it_is_a_warning() -> None:
    report = check(with_constraint("open[p] <= sum(open[p] for p in plants)", "p in plants"))
    assert report.ok
    assert "rename" in only(report, "warning", "shadowing").remedy


@pytest.mark.parametrize("parameter, code, field", [
    (Parameter("p", axes=("plants", "nowhere")), "undeclared", "axes"),
    (Parameter("p", axes=("supply",)), "not-a-set", "axes"),
    (Parameter("p", axes=("plants", "markets"), default=0, symmetric=True), "symmetric", "symmetric"),
    (Parameter("p", axes=("plants",), values_in="markts"), "undeclared", "values_in"),
    (Parameter("p", axes=("plants",), values_in="lanes", default="a"), "dimension", "values_in"),
    (Parameter("p", over=("i in plants",), cells=_cells({"Denver": 1})), "parameter", "over"),
    (Parameter("p", expr="ship['Denver', 'Boston']"), "variable-in-data", "expr"),
    (Parameter("p", expr="sent['Denver']"), "variable-in-data", "expr"),
    (Parameter("p", expr="supply[i]", over=("i in plants",), axes=("plants", "plants")), "parameter", "axes"),
    (Parameter("p", expr="plants"), "set-as-number", "expr"),
    (Parameter("p", axes=("plants",), default="free"), "default", "default"),
    (Parameter("p", axes=("plants",), default="Denvr", values_in="plants"), "default", "default"),
    (Parameter("p", expr="1", cells=_cells({(): 1})), "parameter", "expr"),
    (Parameter("p", axes=("plants",), values_in="plants", cells=_cells({"Seattle": "Paris", "Denver": "Denver"})),
     "label", "values_in"),
])
def test_faulty_parameters(parameter: Parameter, code: str, field: str) -> None:
    report = _declared(parameters=(parameter,))
    assert (code, field) in {(i.code, i.place.field) for i in report.errors if i.place.element == "p"}


@pytest.mark.parametrize("item, code, field", [
    (IndexSet("s", expr="{p for p in plants}", elements=("a",)), "set", "elements"),
    (IndexSet("s", over=("p in plants",)), "set", "over"),
    (IndexSet("s", expr="lanes"), "dimension", "dimension"),
    (IndexSet("s", elements=(("a", "b"),)), "dimension", "elements"),
    (IndexSet("s", elements=("Paris",), within="plants"), "within", "within"),
    (IndexSet("s", elements=("a",), within="lanes"), "dimension", "within"),
    (IndexSet("s", expr="{p for p in plants if ship[p, 'Boston'] > 0}"), "variable-in-data", "expr"),
    (IndexSet("s", expr="horizon"), "not-a-set", "expr"),
    (IndexSet("s", elements=("a", "b", "a")), "duplicate", "elements"),
    (IndexSet("s", expr="range(1, trips['Denver'])"), "variable-in-data", "expr"),
])
def test_faulty_sets(item: IndexSet, code: str, field: str) -> None:
    report = _declared(sets=(item,))
    assert (code, field) in {(i.code, i.place.field) for i in report.errors if i.place.element == "s"}


def test_indexed_sets() -> None:
    base = replace(BASE, sets=(*BASE.sets, IndexSet("to", expr="{m for (q, m) in lanes if q == p}", over=("p in plants",))))
    assert check(with_constraint("sum(ship[p, m] for m in to[p]) <= horizon", "p in plants", base=base)).ok
    for expr, code in [("sum(ship[p, m] for m in to) <= 1", "arity"), ("sum(ship[p, m] for m in to[p, p]) <= 1", "arity"),
                       ("sum(open[m] for m in to[p]) <= 1", "index-set"), ("sum(open[p] for m in to['Paris']) <= 1", "label")]:
        report = check(with_constraint(expr, "p in plants", base=base))
        assert code in {i.code for i in report.errors}, expr


@pytest.mark.parametrize("changes, names", [
    ({"sets": (IndexSet("a", expr="b | {1}"), IndexSet("b", expr="a | {2}"))}, "a b"),
    ({"sets": (IndexSet("a", expr="a | {1}"),)}, "a"),
    ({"parameters": (Parameter("u", expr="v + 1"), Parameter("v", expr="w + u"), Parameter("w", expr="v * v"))}, "v u"),
    ({"expressions": (NamedExpression("e", "f * 2"), NamedExpression("f", "e + stock[1]"))}, "e f"),
    ({"sets": (IndexSet("a", expr="range(1, n)"),), "parameters": (Parameter("n", expr="len(a)"),)}, "a n"),
    ({"sets": (IndexSet("a", over=("i in a",), expr="{i}"),)}, "a"),
    ({"variables": (Variable("x", over=("i in s",)),), "sets": (IndexSet("s", expr="range(0, k)"),),
      "parameters": (Parameter("k", expr="x[1]"),)}, "s k x"),
])
def test_cycles_are_printed(changes: dict[str, Any], names: str) -> None:
    issue = only(_declared(**changes), "error", "cycle")
    steps = issue.message.removeprefix("the definition is circular: ").split(" -> ")
    assert steps[0] == steps[-1]
    assert sorted(steps[1:]) == sorted(names.split())
    assert issue.place.element in steps


def test_the_order_puts_every_name_after_what_it_needs() -> None:
    report = check(BASE)
    at = {name: k for k, name in enumerate(report.order)}
    assert set(at) == set(BASE.by_name)
    for first, later in [("horizon", "weeks"), ("plants", "lanes"), ("lanes", "toll"), ("supply", "ship"), ("ship", "sent"),
                         ("weeks", "stock"), ("share", "scale")]:
        assert at[first] < at[later]


def test_what_nothing_uses_is_a_warning() -> None:
    report = _declared(
        sets=(IndexSet("idle", elements=("a",)),), parameters=(Parameter("spare", cells=_cells({(): 1})),),
        variables=(Variable("slack"), Variable("told", upper="slack_max")), expressions=(NamedExpression("e", "stock[1]"),),
    )
    assert {i.place.element for i in issues_of(report, "warning", "unused")} == {"idle", "spare", "slack", "told", "e"}


def test_a_semicontinuous_variable_needs_an_upper_bound() -> None:
    probe = Variable("x", domain="semicontinuous", lower="1")
    assert issues_of(_declared(variables=(probe,)), "error", "bound")


def test_a_variable_that_may_be_negative_is_a_note() -> None:
    report = _declared(variables=(Variable("x"), Variable("y", domain="binary"), Variable("z", lower="-inf")))
    assert only(report, "note", "free").place.element == "x"


def test_given_about_a_parameter_that_has_all_cells() -> None:
    report = check(with_constraint("(supply[p] if given(supply[p]) else 0) >= trips[p]", "p in plants"))
    assert "nullable" in only(report, "warning", "given").remedy


# -- numerals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expr", [
    "stock[1] ** 2 + stock[3] <= 1 * horizon - 1 + 0", "sum(stock[t] for t in weeks if t == 3) <= pi * horizon",
    "stock[1] >= -1", "(stock[t] if ord(t, weeks) <= 3 else 0) <= horizon",
])
def test_structural_numerals_are_fine(expr: str) -> None:
    report = check(with_constraint(expr, *(("t in weeks",) if "stock[t]" in expr and "for" not in expr else ())))
    assert not [i for i in report.issues if i.code == "slot-missing"]


@pytest.mark.parametrize("expr, numeral, severity", [
    ("stock[1] <= 350", "350", "warning"), ("stock[1] <= 0.35 * horizon", "0.35", "warning"),
    ("stock[1] / 100 <= horizon", "100", "note"), ("stock[horizon - 3] <= horizon", "3", "warning"),
    ("stock[1] <= horizon - -7", "7", "warning"),
])
def test_other_numerals_miss_a_slot(expr: str, numeral: str, severity: str) -> None:
    issue = only(check(with_constraint(expr)), severity, "slot-missing")
    assert numeral in issue.message
    assert expr[issue.place.column :].startswith(numeral)


# -- data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter, word", [
    (Parameter("p", axes=("plants",), cells=_cells({"Seattle": 1})), "Denver"),
    (Parameter("p", axes=("plants",), cells=_cells({"Seattle": 1, "Denvr": 2})), "Denvr"),
    (Parameter("p", axes=("plants",), cells=_cells({"Seattle": "cheap", "Denver": 2})), "cheap"),
    (Parameter("p", axes=("plants",), cells=(*_cells({"Seattle": 1, "Denver": 2}), Cell(("Denver",), 3))), "twice"),
    (Parameter("p", axes=("plants", "markets"), cells=_cells({"Seattle": 1})), "2"),
])
def test_cells_that_do_not_fit(parameter: Parameter, word: str) -> None:
    report = _declared(parameters=(parameter,))
    found = [i for i in issues_of(report, "error", "data") if i.place.element == "p"]
    assert found
    assert word in str(found[0])


def test_missing_data_are_a_note_until_data_are_there() -> None:
    base = replace(BASE, parameters=(*BASE.parameters, Parameter("later", axes=("plants",))),
                   constraints=(*BASE.constraints, Constraint("probe", "open[p] <= later[p]", over=("p in plants",))))
    assert only(check(base), "note", "no-data").place.element == "later"
    assert only(check(base, Data.inline(BASE)), "error", "no-data").place.element == "later"
    given = Data({}, {"later": {("Seattle",): 1.0, ("Denver",): 2.0}})
    assert check(base, given).issues == ()


def test_data_make_labels_known() -> None:
    base = Formulation(
        "f", Objective("min", (Term("t", "x['a'] + x['b']"),)), sets=(IndexSet("S", bind="s.csv"),),
        variables=(Variable("x", over=("i in S",)),),
    )
    assert check(base).ok
    assert only(check(base, Data({"S": ("a", "c")})), "error", "label").place.column == len("x['a'] + x[")


def test_the_report_is_plain_data() -> None:
    import json

    report = check(with_constraint("ship[p] < zzz", "p in plants"))
    shown = json.loads(json.dumps(report.to_dict()))
    assert shown["ok"] is False
    assert {"severity", "code", "element", "field", "column", "index", "message", "remedy"} == set(shown["issues"][0])
    assert [i["severity"] for i in shown["issues"]] == sorted((i["severity"] for i in shown["issues"]),
                                                              key=["error", "warning", "note"].index)
    assert "error(s)" in str(report)
