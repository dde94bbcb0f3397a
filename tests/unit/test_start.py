"""Start values: read by name and key, handed over whole or in part, and what came of them is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import SolveOptions, adapter
from solvers.errors import DataError
from solvers.formulation import Constraint, Formulation, IndexSet, Objective, Term, Variable
from solvers.ground import ground
from solvers.start import start_array
from tests.unit.cli_runs import formulate, write_formulation
from tests.unit.hard_models import absent, need, planted


def knapsack(labels: tuple[str, ...] = ("a", "b", "c")) -> Formulation:
    return Formulation(
        "bag", Objective("max", (Term("v", "sum(ord(i, I) * x[i] for i in I) + y"),)), (IndexSet("I", elements=labels),),
        variables=(Variable("x", ("i in I",), "integer", "0", "3"), Variable("y", lower="0", upper="1")),
        constraints=(Constraint("room", "sum(x[i] for i in I) + y <= 4.5"),),
    )  # fmt: skip


def columns(start: object, formulation: Formulation | None = None) -> list[float]:
    return start_array(ground(formulation or knapsack()), start)[0].tolist()


def test_values_are_read_by_name_and_key() -> None:
    assert columns({"x": {"a": 1, ("b",): 2.5, "c": 0}, "y": np.float64(0.5)}) == [1, 2.5, 0, 0.5]
    assert columns({"y": {(): 1}}) == pytest.approx([np.nan, np.nan, np.nan, 1], nan_ok=True)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ({"z": 1.0}, "no variable 'z'"), ({"x": {"d": 1.0}}, r"x has no index \[d\]"), ({"x": 1.0}, "x has no index"),
        ({"x": {"a": float("nan")}}, "starts at nan"), ({"x": {"a": float("inf")}}, "starts at inf"),
        ({"x": {"a": True}}, "no number"), ({"x": {"a": "1"}}, "no number"), ([1.0, 2.0], "a mapping by variable name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(start: object, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        solve(knapsack(), start=start)
    assert caught.value.remedy


def test_an_earlier_result_may_hold_other_labels_and_this_is_said() -> None:
    earlier = solve(knapsack(("a", "b", "z")))
    again = solve(knapsack(), start=earlier)
    assert again.objective == pytest.approx(11.5)
    assert "1 start values belong to no column" in again.message
    assert "3 of 4 columns have a start value" in again.message


def test_a_result_without_a_solution_is_no_start() -> None:
    nothing = solve(Formulation("no", Objective("min", ()), variables=(Variable("x", lower="0"),),
                                constraints=(Constraint("c", "x <= -1"),)))  # fmt: skip
    with pytest.raises(DataError, match="no solution"):
        solve(knapsack(), start=nothing)


@pytest.mark.parametrize("solver", ["highs", "scip"])
def test_an_infeasible_start_is_named_and_does_no_harm(solver: str) -> None:
    result = solve(knapsack(), solver=solver, start={"x": {"a": 3, "b": 3, "c": 3}, "y": 0})
    assert result.objective == pytest.approx(11.5)
    assert "the start is not feasible: room is off by 4.5" in result.message


TAKES = ("highs", "scip", "gscip", "pyomo:cbc", "pyomo:gurobi")


@pytest.mark.parametrize("known", [40, 25])
@pytest.mark.parametrize("solver", TAKES)
def test_a_start_is_used_where_search_alone_would_find_nothing(solver: str, known: int) -> None:
    need(solver)
    model, secret = planted()
    if solver == "pyomo:cbc" and known < len(secret):
        raw = adapter(solver).solve(model, SolveOptions(time_limit=0.5, start=np.append(secret[:known], [np.nan] * 15)))
        assert "the unknown ones as 0" in raw.message
        return
    start = np.where(np.arange(len(secret)) < known, secret, np.nan)
    raw = adapter(solver).solve(model, SolveOptions(time_limit=20.0, start=start))
    assert raw.primal_status == "feasible"
    assert raw.x == pytest.approx(secret, abs=1e-6)
    assert "start values" in raw.message


@pytest.mark.parametrize("solver", ["highs", "glop", "pyomo:glpk", "pyomo:highs"])
def test_a_solver_that_cannot_use_a_start_says_so(solver: str) -> None:
    need(solver)
    lp = Formulation("lp", Objective("max", (Term("v", "x"),)), variables=(Variable("x", lower="0", upper="2"),))
    result = solve(lp, solver=solver, start={"x": 1.0})
    assert result.objective == pytest.approx(2)
    assert "not used" in result.message


def test_equal_seeds_give_equal_answers() -> None:
    """Ties abound: any of many optima could be found."""
    many = Formulation(
        "ties", Objective("max", (Term("v", "sum(x[i] for i in I)"),)), (IndexSet("I", expr="range(30)"),),
        variables=(Variable("x", ("i in I",), "binary"),), constraints=(Constraint("c", "2 * sum(x[i] for i in I) <= 31"),),
    )  # fmt: skip
    for solver in ("highs", "scip", "gscip", "pyomo:cbc", "pyomo:glpk"):
        if not absent(solver):
            first, second = (solve(many, solver=solver, seed=7).x for _ in range(2))
            assert np.array_equal(first, second), solver


def test_the_command_line_starts_from_a_saved_solution(tmp_path: Path) -> None:
    fields = {
        "variables": [{"name": "x", "lower": "0", "upper": "9", "domain": "integer"}],
        "objective": {"sense": "max", "terms": [{"name": "goal", "expr": "x"}]},
    }
    model = write_formulation(tmp_path, **fields)
    first = formulate("solve", model, "--json", cwd=tmp_path)
    (tmp_path / "sol.json").write_text(first.out)
    again = formulate("solve", model, "--start", "sol.json", "--json", cwd=tmp_path)
    assert again.code == 0
    assert again.json["objective"] == 9
    assert "was given the start values" in again.json["message"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"), ("{", "is no JSON document"), ("[1]", "no saved solution"), ('{"schema": "x"}', "no saved"),
        (json.dumps({"schema": "formulate-solution/1", "values": {}}), "holds no values"),
        (json.dumps({"schema": "formulate-solution/1", "values": {"x": [1]}}), "the values of x"),
        (json.dumps({"schema": "formulate-solution/1", "values": {"x": [{"key": [[]], "value": 1}]}}), "the values of x"),
    ],
)  # fmt: skip
def test_a_start_file_that_is_none_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "sol.json").write_text(content)
    run = formulate("solve", write_formulation(tmp_path), "--start", "sol.json", cwd=tmp_path)
    assert run.code == 2
    assert said in run.err
    assert "remedy" in run.err
