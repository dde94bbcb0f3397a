"""Programs of every solver library: what is captured has the value that the library gave, and nothing else changes."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from solvers.compare import ANSWER, compare
from tests.unit.capture_cases import GENUINE, SUBSTITUTED, Case

DRIVER = Path(__file__).with_name("capture_driver.py")
UNHELD = "what is not held"
GROUPS = {"genuine": GENUINE, "substituted": SUBSTITUTED}


@cache
def ran(group: str, library: str, how: str) -> dict[str, Any]:
    """All programs of one library in one process."""
    needed, cases = GROUPS[group][library]
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    programs = json.dumps({name: case.source for name, case in cases.items()})
    done = subprocess.run([sys.executable, str(DRIVER), how], input=programs, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def listed(group: str) -> list[Any]:
    return [
        pytest.param(group, library, name, id=f"{library}-{name}-{group}")
        for library, (_, cases) in GROUPS[group].items() for name in cases
    ]  # fmt: skip


@pytest.mark.parametrize(("group", "library", "name"), [*listed("genuine"), *listed("substituted")])
def test_what_is_captured_is_what_was_solved(group: str, library: str, name: str) -> None:
    case: Case = GROUPS[group][library][1][name]
    found = ran(group, library, "hooked")[name]
    assert found["error"].startswith(case.error) and bool(found["error"]) == bool(case.error), found["error"]
    solves = found["solves"]
    assert [s["termination"] for s in solves] == [termination for termination, _ in case.solves]
    for solve, (_, value) in zip(solves, case.solves):
        assert (solve["asked"] != solve["solved_by"]) == (group == "substituted" and "scip" not in name)
        if name.startswith(UNHELD):
            assert solve["uncaptured"] and solve.get("own") is None
            continue
        assert not solve["uncaptured"], solve["uncaptured"]
        agree(solve, value)


def agree(solve: dict[str, Any], value: float | None) -> None:
    if value is None:
        undecided = {"infeasible_or_unbounded", "time_limit"}
        assert solve["own"] == solve["termination"] or solve["termination"] in undecided
        return
    assert compare(solve["objective"], value, ANSWER), (solve["objective"], value)
    assert compare(solve["own_objective"], value, ANSWER), (solve["own_objective"], value)
    assert solve["feasible"] is True, solve["where"]
    assert compare(solve["at_point"], value, ANSWER), (solve["at_point"], value)


@pytest.mark.parametrize("library", list(GENUINE))
def test_the_program_sees_what_it_would_see(library: str) -> None:
    hooked, plain = ran("genuine", library, "hooked"), ran("genuine", library, "plain")
    for name in GENUINE[library][1]:
        for what in ("output", "error", "warnings"):
            assert hooked[name][what] == plain[name][what], name


def test_columns_and_rows_have_the_names_of_the_program() -> None:
    def names(library: str, name: str, group: str = "genuine") -> tuple[list[str], list[str]]:
        solve = ran(group, library, "hooked")[name]["solves"][0]
        return solve["columns"], solve["rows"]

    assert names("highspy", "mip with a constant") == (["x", "y"], ["cap"])
    assert names("scip", "mip with a constant")[1] == ["cap"]
    assert sorted(names("scip", "mip with a constant")[0]) == ["x", "y"]
    assert names("pulp", "lp with a constant (substituted)", "substituted") == (["x", "y"], ["cap"])
    columns, rows = names("pyomo", "lp with a constant (highs)")
    assert sorted(columns) == ["x[a]", "x[b]"] and rows == ["c"]
    assert names("linear_solver", "mip (SCIP)") == (["x", "y"], ["cap"])
    assert names("mathopt", "mip (GSCIP)") == (["x", "y"], ["cap"])
    assert [c for c in names("cvxpy", "lp")[0] if c.startswith("x[")] == ["x[0]", "x[1]", "x[2]"]


def test_what_was_asked_and_who_solved_is_said() -> None:
    asked = {
        name: ran("substituted", library, "hooked")[name]["solves"][0] for library, name in (
            ("pyomo", "mip (glpk)"), ("pulp", "mip (substituted)"), ("linear_solver", "mip (CPLEX)"),
            ("mathopt", "mip (GUROBI)"), ("cvxpy", "mixed cone (MOSEK)"),
        )
    }  # fmt: skip
    assert {name: (s["asked"], s["solved_by"]) for name, s in asked.items()} == {
        "mip (glpk)": ("glpk", "highs"), "mip (substituted)": ("cbc", "highs"), "mip (CPLEX)": ("cplex", "scip"),
        "mip (GUROBI)": ("gurobi", "scip"), "mixed cone (MOSEK)": ("mosek", "scip"),
    }  # fmt: skip
