"""Units through formulas: real slips are errors, faithful habits are not."""

from __future__ import annotations

from dataclasses import replace

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


def _p(name: str, unit: str | None, value: float = 3.0, **more: object) -> Parameter:
    return Parameter(name, unit=unit, cells=(Cell((), value),), **more)  # type: ignore[arg-type]


BASE = Formulation(
    "shop", Objective("max", (Term("profit", "sum(price[j] * make[j] for j in jobs) - wage * extra"),), unit="dollars"),
    sets=(IndexSet("jobs", elements=("a", "b")),),
    parameters=(
        Parameter("price", unit="$/unit", axes=("jobs",), default=5), _p("wage", "dollars per hour"),
        Parameter("work", unit="hours per unit", axes=("jobs",), default=2), _p("shift", "hours"), _p("setup", "minutes"),
        _p("steel", "tons"), _p("per_unit", "kg/unit"), _p("bare", None), _p("rate", "%", 20), _p("share", "%", 0.2),
        _p("weekly", "hours/week"), _p("budget", "$"), _p("yield_", "kg/hour"), _p("euro_budget", "€"),
        _p("width", "m"), _p("room", "m^2"), _p("crew", "people"), _p("nurses", "nurses"), _p("fee", "dollars/month"),
        _p("months", "months"), _p("demand", "units per day"),
    ),
    variables=(
        Variable("make", over=("j in jobs",), unit="units"), Variable("extra", unit="hours"),
        Variable("open", domain="binary"), Variable("free"), Variable("mass", unit="kg"), Variable("side", unit="m"),
    ),
)


def _check(expr: str) -> CheckReport:
    return check(replace(BASE, constraints=(Constraint("probe", expr),)))


def _units(report: CheckReport, severity: str = "error") -> list[Issue]:
    return [i for i in report.issues if i.code == "units" and i.severity == severity]


@pytest.mark.parametrize("expr", [
    "sum(work[j] * make[j] for j in jobs) <= shift + extra", "sum(work[j] * make[j] for j in jobs) <= weekly",
    "sum(price[j] * make[j] for j in jobs) >= budget * open", "make['a'] <= bare * open", "free <= shift",
    "sum(per_unit * make[j] for j in jobs) == mass", "mass <= steel * 1000", "mass / 1000 <= steel",
    "setup * open + 60 * extra <= bare", "setup / 60 + extra <= shift", "rate / 100 * budget <= wage * extra",
    "share * budget <= wage * extra", "mass >= yield_ * extra", "side * side <= room", "side ** 2 <= room",
    "sqrt(room) <= side", "mass <= bare * steel", "make['a'] <= demand", "make['a'] <= rate * make['b'] / 100",
    "fee * open <= budget", "fee * months <= budget", "crew >= nurses", "extra >= 0", "0 <= mass <= inf",
    "make['a'] + make['b'] <= crew", "extra <= 8", "(mass if bare > 1 else 0) <= per_unit * make['a']",
    "max(extra, shift) <= 24", "abs(mass - per_unit * make['a']) <= mass", "sum(make[j] for j in jobs) >= share",
    "mass * rate >= rate * mass", "log(mass) <= log(extra)", "pi * side ** 2 <= room", "len(jobs) * mass <= mass",
    "open <= make['a']", "wage * extra + price['a'] * make['a'] <= budget",
])
def test_faithful_formulas_are_not_flagged(expr: str) -> None:
    report = _check(expr)
    assert not _units(report), str(report)
    assert not _units(report, "warning"), str(report)
    assert report.ok, str(report)


@pytest.mark.parametrize("expr, remedy", [
    ("setup + extra <= shift", "60"), ("setup <= extra", "60"), ("sum(setup for j in jobs) + extra <= bare", "60"),
    ("mass <= steel", "1000"), ("per_unit * make['a'] <= steel", "1000"), ("max(mass, steel) <= bare", "1000"),
    ("setup * make['a'] <= weekly", "convert one side"),
    ("budget <= mass", "different things"), ("budget + mass <= bare", "different things"),
    ("wage * extra <= mass", "different things"), ("budget <= euro_budget", "different things"),
    ("yield_ <= wage", "different things"), ("side * side <= width", "different things"),
    ("wage * mass <= budget", "different things"), ("sum(price[j] * make[j] for j in jobs) <= shift", "different things"),
    ("(mass if bare > 1 else budget) <= bare", "different things"), ("free <= mass + budget + free", "different things"),
    ("rate * budget <= wage * extra", "100"), ("wage * extra <= budget * rate", "100"),
    ("implies(mass >= budget, open >= 1)", "different things"), ("no_overlap(extra, setup for j in jobs)", "60"),
    ("sum(open for j in jobs if setup > shift) <= 1", "60"),
])
def test_slips_are_errors_with_a_remedy(expr: str, remedy: str) -> None:
    found = _units(_check(expr))
    assert len(found) == 1, [str(i) for i in found]
    assert remedy in found[0].remedy
    assert found[0].place.element == "probe"
    assert found[0].place.column is not None


def test_messages_speak_in_the_units_of_the_formulation() -> None:
    issue = _units(_check("extra + setup <= shift"))[0]
    assert "setup is in minutes" in issue.message
    assert "extra in hours" in issue.message


def test_count_nouns_are_notes() -> None:
    assert _units(_check("crew >= nurses"), "note")
    assert _check("crew >= nurses").ok
    assert _units(_check("crew <= mass"), "warning")
    assert _check("crew <= mass").ok


def test_the_objective_and_its_terms() -> None:
    wrong = replace(BASE, objective=Objective("max", (Term("t", "extra"),), unit="dollars"))
    assert _units(check(wrong))[0].place.element == "t"
    two = Objective("min", (Term("money", "budget * open"), Term("time", "extra")))
    assert _units(check(replace(BASE, objective=two)))[0].place.element == "time"
    ranked = Objective("min", (Term("money", "budget * open", priority=1), Term("time", "extra")))
    assert not _units(check(replace(BASE, objective=ranked)))


def test_bounds_derived_parameters_and_expressions() -> None:
    case = replace(
        BASE, variables=(*BASE.variables, Variable("v", unit="kg", lower="0", upper="steel")),
        parameters=(*BASE.parameters, Parameter("d", unit="minutes", expr="shift"), Parameter("cost", expr="wage * shift")),
        expressions=(NamedExpression("used", "wage * extra", unit="hours"), NamedExpression("spent", "wage * extra")),
        constraints=(Constraint("c", "spent <= cost + mass"),),
    )
    report = check(case)
    assert {(i.place.element, i.place.field) for i in _units(report)} == {
        ("v", "upper"), ("d", "expr"), ("used", "expr"), ("c", "expr")}
    assert report.units["spent"] == "$"
    assert report.units["cost"] == report.units["spent"]


def test_cells_in_another_unit_than_their_parameter() -> None:
    cells = (Cell(("a",), 1, unit="kg"), Cell(("b",), 2, unit="tons"))
    case = replace(BASE, parameters=(*BASE.parameters, Parameter("load", unit="kg", axes=("jobs",), cells=cells)))
    issue = _units(check(case))[0]
    assert issue.place.index == ("b",)
    unmarked = Parameter("load", axes=("jobs",), cells=(Cell(("a",), 1, unit="tons"), Cell(("b",), 2, unit="tons")))
    case = replace(BASE, parameters=(*BASE.parameters, unmarked), constraints=(Constraint("c", "mass <= load['a']"),))
    assert "1000" in _units(check(case))[0].remedy


def test_percent_is_judged_by_the_values() -> None:
    case = replace(BASE, constraints=(Constraint("c", "tax * budget <= wage * extra"),))
    for value, flagged in [(20.0, True), (0.2, False)]:
        assert bool(_units(check(replace(case, parameters=(*BASE.parameters, _p("tax", "%", value)))))) is flagged
    bound = replace(case, parameters=(*BASE.parameters, Parameter("tax", unit="%", bind="tax.csv")))
    assert not _units(check(bound))
    assert _units(check(bound, Data({}, {"tax": {(): 20.0}})))


def test_without_units_nothing_is_said() -> None:
    report = check(replace(BASE, constraints=(Constraint("c", "mass <= budget"),)), units=False)
    assert report.ok
    assert report.units == {}


@pytest.mark.parametrize("unit", ["", "?", "kg" * 500, "\x00", "$$$$", "per", "m^^2", "()", "é" * 30, "1e999 kg"])
def test_odd_units_are_unknown(unit: str) -> None:
    case = replace(BASE, parameters=(*BASE.parameters, _p("odd", unit)), constraints=(Constraint("c", "odd <= free"),))
    assert check(case).ok
