"""Conditioning, sensitivity refusals and what-if: named elements and cells, hostile settings, what changes."""

from __future__ import annotations

import numpy as np
import pytest

from solvers import Formulation
from solvers.diagnose import conditioning, sensitivity, what_if
from solvers.diagnose.redundancy import repeated_rows
from solvers.diagnose.selectors import SelectorError
from solvers.diagnose.whatif import read_settings
from solvers.errors import FormulateError, UnsupportedError
from solvers.formulation import Cell, Constraint, Objective, Parameter, Term, Variable
from tests.property.diagnose_making import model_of
from tests.unit.diagnose_files import TRANSPORT


def formulation(constraints: dict[str, str], *variables: Variable, goal: str = "x", parameters: tuple[Parameter, ...] = ()) -> Formulation:
    rows = tuple(Constraint(name, expr) for name, expr in constraints.items())
    return Formulation("numbers", Objective("min", (Term("goal", goal),)), (), parameters, variables, constraints=rows)


X = Variable("x", lower="0", upper="50", unit="kg")
Y = Variable("y", lower="0", upper="50")
M = Parameter("M", "other", cells=(Cell((), 1e7),))


def codes(f: Formulation) -> set[str]:
    return {concern.code for concern in conditioning(f).concerns}


def test_a_big_m_is_named_with_its_cell_and_a_number_that_is_enough() -> None:
    f = formulation({"link": "x + y <= M * on", "some": "x >= 1"}, X, Y, Variable("on", domain="binary"), parameters=(M,))
    found = next(c for c in conditioning(f).concerns if c.code == "big_m")
    assert found.elements == ("link", "on") and [str(s) for s in found.slots] == ["M = 10000000"]
    assert "100 is enough" in found.suggestion and "lets 100 through" in found.text
    tight = formulation({"link": "x + y <= 100 * on"}, X, Y, Variable("on", domain="binary"))
    assert "big_m" not in codes(tight)


def test_a_wide_row_names_both_ends_and_the_cell() -> None:
    small = Parameter("tiny", "rate", cells=(Cell((), 1e-7),))
    f = formulation({"mix": "tiny * x + 3 * y >= 1", "plain": "x + y <= 60"}, X, Y, parameters=(small,))
    found = next(c for c in conditioning(f).concerns if c.code == "row_range")
    assert found.elements == ("x in mix", "y in mix") and found.slots[0].label == "tiny" and found.suggestion
    assert conditioning(f).ranges["matrix"] == (1e-7, 3.0)


def test_objective_and_right_sides() -> None:
    f = formulation({"large": "x + y <= 40000000"}, Variable("x", lower="0"), Variable("y", lower="0"), goal="x + 0.0000001 * y")
    assert codes(f) >= {"objective_range", "right_side_range"}


def test_empty_idle_duplicate_and_nearly_parallel_rows() -> None:
    f = formulation({
        "a": "x + 2 * y <= 20", "b": "3 * x + 6 * y >= 3", "c": "x + 2.0000001 * y <= 30", "void": "0 * x <= 5",
        "idle": "x + y <= 500",
    }, X, Y)  # fmt: skip
    found = {c.code: c.elements for c in conditioning(f).concerns}
    assert found["empty_rows"] == ("void",) and found["idle_rows"] == ("idle",)
    assert set(found["duplicate_rows"]) == {"a", "b"} and "c" in found["nearly_parallel_rows"]


def test_like_rows_are_found_among_many() -> None:
    rng = np.random.default_rng(3)
    a = rng.integers(-5, 6, (300, 12)).astype(float)
    a[200], a[100], a[50] = a[17] * 2.5, a[17] * -1.0, a[40] * (1 + 1e-8 * rng.random(12))
    same, near = repeated_rows(model_of(np.ones(12), a, np.zeros(300), np.ones(300), np.zeros(12), np.ones(12)))
    assert {frozenset(p) for p in same} == {frozenset(p) for p in ((17, 100), (100, 200))} or \
        {frozenset(p) for p in same} == {frozenset(p) for p in ((17, 200), (100, 200))} or \
        {frozenset(p) for p in same} == {frozenset(p) for p in ((17, 100), (17, 200))}
    assert near == [(40, 50)]


def test_a_well_posed_model_raises_no_concern() -> None:
    found = conditioning(Formulation.read(str(TRANSPORT)))
    assert [c for c in found.concerns if c.severity == "warning"] == []
    assert found.condition is not None and 1 <= found.condition < 1000


def test_no_shadow_prices_for_whole_numbers_and_why() -> None:
    with pytest.raises(UnsupportedError) as error:
        sensitivity(formulation({"c": "x + y >= 3"}, Variable("x", domain="integer", lower="0"), Y))
    assert "whole numbers jump" in str(error.value) and "--set" in error.value.remedy
    with pytest.raises(FormulateError) as error:
        sensitivity(formulation({"c": "x >= 3", "d": "x <= 2"}, X))
    assert "infeasible" in str(error.value)


def test_degenerate_optima_are_called_out() -> None:
    degenerate = sensitivity(formulation({"a": "x + y >= 10", "b": "x >= 5", "c": "y >= 5"}, X, Y, goal="x + 2 * y"))
    assert degenerate.degenerate and "not unique" in degenerate.message
    plain = sensitivity(formulation({"a": "x + y >= 10", "b": "x <= 4"}, X, Y, goal="x + 2 * y"))
    assert not plain.degenerate and not plain.message


def test_prices_are_in_words_and_units() -> None:
    found = sensitivity(Formulation.read(str(TRANSPORT)))
    price = next(p for p in found.prices if p.label == "satisfy[Chicago]")
    assert price.binding == ">=" and price.unit == "case" and price.slots[0].label == "demand[Chicago]"
    assert price.dual == pytest.approx(153.0) and price.low <= 300 <= price.high


# -- what-if -------------------------------------------------------------------------------------------


def test_what_if_shows_changes_only() -> None:
    answer = what_if(Formulation.read(str(TRANSPORT)), ["demand[Chicago]=350", "cost[Seattle, New York] = 230"])
    assert [str(s) for s in answer.settings] == [
        "demand[Chicago]: 300 case to 350 case", "cost[Seattle, New York]: 225 dollar/case to 230 dollar/case",
    ]  # fmt: skip
    assert answer.warm and answer.before.is_optimal and answer.after.is_optimal
    assert answer.after.objective is not None and answer.before.objective is not None
    assert answer.after.objective > answer.before.objective
    assert answer.differences and all(d.before != d.after for d in answer.differences)
    total = sum((d.after or 0) - (d.before or 0) for d in answer.differences if d.key[1] == "Chicago")
    assert total == pytest.approx(50.0)


def test_what_if_over_a_changed_set_and_without_a_solution() -> None:
    f = Formulation.read(str(TRANSPORT))
    fewer = what_if(f, {("days", ()): 3})
    assert not fewer.warm and all(d.before is None or d.key[2] != 3 for d in fewer.differences)
    none = what_if(f, ["supply[Seattle]=10"])
    assert none.after.termination == "infeasible" and none.after.objective is None
    assert {d.after for d in none.differences} == {None}


def test_what_if_of_a_nonlinear_model_is_solved_anew() -> None:
    side = Parameter("side", "capacity", cells=(Cell((), 6.0),))
    f = Formulation("yard", Objective("max", (Term("area", "x * y"),)), (), (side,), (X, Y),
                    constraints=(Constraint("fence", "x + y <= side"),))  # fmt: skip
    answer = what_if(f, ["side=10"])
    assert answer.after.objective == pytest.approx(25.0, rel=1e-4) and answer.before.objective == pytest.approx(9.0, rel=1e-4)
    assert not answer.warm


@pytest.mark.parametrize(("text", "hint"), [
    ("suply[Seattle]=3", "did you mean supply?"), ("supply[Seatle]=3", "did you mean supply[Seattle]?"),
    ("supply=3", "name one, such as supply[Seattle]=VALUE"), ("supply[Seattle]=many", "'many' is not a number"),
    ("supply[Seattle]", "sets nothing"), ("supply[Seattle]=nan", "is not a number"), ("supply[Seattle]=inf", "not a finite number"),
    ("ship=3", "is a variable, not a parameter"), ("plants=3", "is a set"), ("most[1]=3", "no index"),
    ("cost[Seattle]=3", "its keys are such as"), ("=3", "sets nothing"), ("supply[Seattle]:upper=3", "not a parameter"),
])  # fmt: skip
def test_settings_that_mean_nothing_name_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(SelectorError) as error:
        what_if(Formulation.read(str(TRANSPORT)), [text])
    assert hint in str(error.value)


def test_a_cell_is_set_once_and_labels_may_hold_equals_signs() -> None:
    with pytest.raises(SelectorError, match="twice"):
        what_if(Formulation.read(str(TRANSPORT)), ["most=3", "most=4"])
    assert read_settings(["a['x=1']=2"]) == [("a", ("x=1",), 2.0)]


def test_the_time_limit_of_a_session_is_for_each_solve() -> None:
    """HiGHS counts the simplex's seconds over all runs: a session that has run longer than the limit still solves."""
    from solvers.adapters import SolveOptions
    from solvers.adapters.highs import HighsSession

    rng = np.random.default_rng(5)
    a = rng.uniform(0.5, 4.0, (60, 60))
    model = model_of(rng.uniform(1, 5, 60), a, np.full(60, 20.0), np.full(60, np.inf), np.zeros(60), np.full(60, np.inf))
    limit = 0.2
    session = HighsSession(model, SolveOptions(time_limit=limit))
    while session.highs.getRunTime() <= limit:
        session.highs.clearSolver()
        session.solve()
    session.highs.clearSolver()
    assert session.solve().termination == "optimal"
