"""`formulate check` finds what grounding would find, and `formulate solve` refuses what `check` refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from solvers import solve
from solvers.check import check, check_grounding
from solvers.data import Data, bind
from solvers.errors import DataError, FormulateError
from solvers.ground import ground
from solvers.schema import from_dict
from tests.unit.cli_runs import formulate

SETS = [{"name": "I", "elements": ["a", "b", "c"]}]
PARAMETERS = [{"name": "p", "axes": ["I"], "values": [1, 2, 0]}, {"name": "big", "values": 1e300}]


def document(*constraints: str, **extra: Any) -> dict[str, Any]:
    return {
        "schema": "formulate/1", "name": "t", "sets": SETS, "parameters": PARAMETERS,
        "variables": [{"name": "x", "over": ["i in I"], "lower": 0, "upper": 10}, {"name": "y", "lower": 0}],
        "objective": {"sense": "max", "terms": [{"name": "goal", "expr": "sum(x[i] for i in I)"}]},
        "constraints": [{"name": f"c{k}", "expr": c} for k, c in enumerate(constraints)], **extra,
    }


@pytest.mark.parametrize(("row", "message"), [
    ("y >= sum(1 / p[i] for i in I)", "division by zero"),
    ("y >= 0 ** (-1)", "not a finite number"),
    ("y >= big * big", "not a finite number|impossible row bounds"),
    ("y >= sum(p[prev(i, I)] for i in I)", "has no prev"),
    ("y >= min(p[i] for i in I if p[i] > 5)", "min over an empty set"),
    ("y >= inf", "impossible row bounds"),
    ("y >= sum(k for k in range(p['b'] / 4, 3))", "whole numbers"),
])  # fmt: skip
def test_what_the_numbers_bring_to_light_is_found_by_check(row: str, message: str) -> None:
    formulation = from_dict(document(row))
    report = check_grounding(formulation, None, check(formulation))
    assert not report.ok
    assert report.classes.model is None
    assert re.search(message, report.errors[0].message)


def test_bounds_that_no_value_meets_and_missing_bounds() -> None:
    for variable in ({"name": "y", "lower": "3", "upper": "2"}, {"name": "y", "upper": "-inf"},
                     {"name": "y", "domain": "semicontinuous", "lower": "1"}):
        formulation = from_dict(document(variables=[variable], objective={"sense": "max", "terms": []}))
        assert not check_grounding(formulation, None, check(formulation)).ok, variable


def test_what_could_not_be_grounded_is_said() -> None:
    formulation = from_dict(document("y >= q", parameters=[{"name": "q"}]))
    report = check_grounding(formulation, None, check(formulation))
    assert report.ok
    assert any(issue.code == "not-grounded" and "q" in issue.message for issue in report.notes)
    data = bind(formulation, {"q": 3})
    assert not any(i.code == "not-grounded" for i in check_grounding(formulation, data, check(formulation, data)).issues)


def test_the_command_takes_data(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(document("y >= 1 / q", parameters=[{"name": "q"}])))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text('{"q": 2}')
    bad.write_text('{"q": 0}')
    assert formulate("check", path, cwd=tmp_path).code == 0
    assert formulate("check", path, "--data", good, cwd=tmp_path).code == 0
    found = formulate("check", path, "--data", bad, cwd=tmp_path)
    assert (found.code, "division by zero" in found.out) == (1, True)


def test_units_that_do_not_fit_are_refused_before_solving(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(document(
        "need * x['a'] <= have", parameters=[{"name": "need", "unit": "kg", "values": 2},
                                             {"name": "have", "unit": "ton", "values": 2}],
        variables=[{"name": "x", "over": ["i in I"], "lower": 0, "upper": 9, "unit": "1"}],
    )))  # fmt: skip
    found = formulate("solve", path, cwd=tmp_path)
    assert found.code == 2
    assert "ton" in found.err
    assert "kg" in found.err


def test_a_label_that_no_set_holds_is_told_while_solving(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(document("y >= sum(1 for i in I if i == 'zz')")))
    found = formulate("solve", path, cwd=tmp_path)
    assert found.code == 0
    assert "'zz' is not in I" in found.err


def test_a_cell_in_another_unit_is_no_number_of_the_parameter() -> None:
    heavy = {"name": "q", "unit": "kg", "cells": [{"value": 2, "unit": "ton"}]}
    with pytest.raises(DataError, match=r"'ton'.*'kg'"):
        Data.inline(from_dict(document("y >= q", parameters=[heavy])))
    same = {"name": "q", "unit": "kg", "cells": [{"value": 2, "unit": "kilogram"}]}
    assert Data.inline(from_dict(document("y >= q", parameters=[same]))).parameters["q"] == {(): 2}


@pytest.mark.parametrize(("row", "best"), [
    ("x['a'] == x['b'] == 3", 16), ("x['a'] <= x['b'] <= x['c']", 30), ("x['a'] <= x['b'] <= 4", 18),
    ("9 >= x['a'] >= x['b']", 28), ("2 <= x['a'] >= 1", 30), ("x['c'] == x['a'] <= 4", 18),
    ("1 <= x['a'] + x['b'] <= 4", 14),
])  # fmt: skip
def test_chains_mean_what_they_say(row: str, best: float) -> None:
    formulation = from_dict(document(row))
    assert check(formulation).ok
    result = solve(formulation)
    assert result.check is not None
    assert result.check.feasible
    assert result.objective == pytest.approx(best)


def test_a_range_over_data_stays_one_row() -> None:
    assert ground(from_dict(document("1 <= x['a'] + x['b'] <= 4"))).num_rows == 1


@pytest.mark.parametrize(("row", "best"), [
    ("(implies(p[i] > 1, x[i] <= 4) if i == 'a' else x[i] <= p[i])", 12),
    ("(implies(p[i] > 0, x[i] <= 4) if i == 'a' else x[i] <= p[i])", 6),
    ("(x[i] <= p[i] if i != 'a' else implies(p[i] > 1, x[i] <= 4))", 12),
])  # fmt: skip
def test_branches_of_which_data_alone_decide_one(row: str, best: float) -> None:
    rule = {"name": "rule", "over": ["i in I"], "expr": row}
    result = solve(from_dict({**document(), "constraints": [rule]}))
    assert result.objective == pytest.approx(best)


def test_bounds_that_need_no_data_to_be_doubted() -> None:
    semi = check(from_dict(document(variables=[{"name": "y", "domain": "semicontinuous", "lower": 1}],
                                    objective={"sense": "max", "terms": [{"name": "g", "expr": "y"}]})))
    assert [issue.code for issue in semi.errors] == ["bound"]
    five = check(from_dict(document(variables=[{"name": "y", "domain": "binary", "upper": 5}],
                                    objective={"sense": "max", "terms": [{"name": "g", "expr": "y"}]})))
    assert any("whatever its bounds" in issue.message for issue in five.warnings)


@pytest.mark.parametrize(("row", "severity"), [
    ("implies(y == 3, x['a'] >= 5)", "error"), ("not (y == 3)", "error"), ("iff(y == 3, k >= 5)", "error"),
    ("implies(y >= 3, x['a'] >= 5)", "note"), ("not all(x[i] >= 1 for i in I)", "note"),
    ("implies(not (y == 3), x['a'] >= 5)", None), ("implies(k == 3, x['a'] >= 5)", None), ("k == 3 or y == 3", None),
    ("implies(x['a'] >= 5, k == 3)", "note"), ("implies(k >= 2, y == 3)", None),
])  # fmt: skip
def test_what_may_have_to_fail_over_continuous_variables(row: str, severity: str | None) -> None:
    variables = [*document()["variables"], {"name": "k", "domain": "integer", "lower": 0, "upper": 9}]
    formulation = from_dict(document(row, "y <= 9", variables=variables))
    found = {issue.severity for issue in check(formulation).issues if issue.code in ("strict", "closure")}
    assert found == ({severity} if severity else set())
    if severity == "error":
        with pytest.raises(FormulateError):
            solve(formulation)
    else:
        assert solve(formulation).has_solution


def test_a_nonlinear_objective_above_another_is_refused_before_anything_is_solved() -> None:
    terms = [{"name": "first_one", "expr": "(y - 3) ** 2", "priority": 2}, {"name": "then", "expr": "y", "priority": 1}]
    formulation = from_dict(document(objective={"sense": "min", "terms": terms}))
    report = check_grounding(formulation, None, check(formulation))
    assert "make it the lowest priority" in report.errors[0].remedy
