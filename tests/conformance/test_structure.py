"""Structure, logic and ratios on every adapter; who is chosen, and what is said, with OR-Tools and without."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from solvers import choice, solve
from solvers.adapters import ADAPTERS
from solvers.compare import compare
from solvers.errors import UnsupportedError
from solvers.formulation import Formulation
from tests.conformance.structure_cases import CASES, CHOSEN, REFUSES
from tests.conformance.test_adapters import OPTIMUM, absent

ROOT = Path(__file__).resolve().parents[2]
LOCAL = {"pyomo:ipopt", "pyomo:bonmin"}
BY_NAME = {case.name: case for case in CASES}


def test_there_are_enough_cases_and_every_adapter_says_what_it_refuses():
    from tests.conformance.cases import CASES as plain

    assert len(plain) + len(CASES) >= 60
    assert set(REFUSES) == set(ADAPTERS)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_cases_are_sound(case):
    from solvers.check import check

    assert not check(case.formulation).errors


@pytest.mark.parametrize("solver", sorted(ADAPTERS))
def test_every_case(solver: str):
    if absent(solver):
        pytest.skip(absent(solver))
    failed = {}
    for case in CASES:
        try:
            found = _verdict(case, solver)
        except Exception as error:  # noqa: BLE001 - all cases are seen, then all failures told
            found = repr(error)
        if found:
            failed[case.name] = found
    assert not failed


def _verdict(case, solver: str) -> str:
    """What is wrong with a solver's answer to a case, or nothing."""
    if case.name in REFUSES[solver]:
        with pytest.raises(UnsupportedError) as caught:
            solve(case.formulation, solver=solver)
        named = re.search(r"--solver (\w+)", caught.value.remedy)
        works = named is not None and case.name not in REFUSES[named[1]]
        return "" if works else f"the refusal names no solver that would work: {caught.value}"
    result = solve(case.formulation, solver=solver)
    wanted = (case.termination, "locally_optimal") if solver in LOCAL else (case.termination,)
    if result.termination not in wanted:
        return f"{result.termination}, {result.message}"
    if case.termination != "optimal":
        return "" if not result.has_solution and result.objective is None else "a solution all the same"
    if not compare(result.objective, case.objective, OPTIMUM):
        return f"{result.objective} is not {case.objective}"
    if result.check.feasible is not True or result.check.method != "interpreter":
        return str(result.check)
    given = {v.name for v in case.formulation.variables}
    return "" if set(result.values) == given else f"values of {set(result.values)}"


@pytest.mark.parametrize("name", CHOSEN)
def test_who_is_chosen(name: str):
    if find_spec("ortools") is None:
        pytest.skip("ortools is not installed")
    case = BY_NAME[name]
    result = solve(case.formulation)
    assert result.solver == CHOSEN[name], result.message
    assert ("CP-SAT was chosen for" in result.message) == (result.solver == "cpsat")
    assert result.termination == case.termination
    assert case.objective is None or compare(result.objective, case.objective, OPTIMUM)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_everything_works_without_ortools(case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    result = solve(case.formulation)
    assert result.solver in ("highs", "scip")
    assert result.termination == case.termination
    assert case.objective is None or compare(result.objective, case.objective, OPTIMUM)
    structured = case.name.startswith(("machine", "tour", "assignment", "pigeons")) and case.name != "machine_or_hire"
    assert not structured or "pip install 'ortools" in result.message


def test_what_cpsat_cannot_hold_goes_on_and_says_why():
    case = BY_NAME["machine_tardiness"]
    from dataclasses import replace

    from solvers.formulation import Constraint

    mixed = replace(case.formulation, constraints=(*case.formulation.constraints, Constraint("mean", "sum(x[i] for i in N) >= 13.5")))
    result = solve(mixed)
    assert result.solver == "highs"
    assert "x[a] is continuous" in result.message and "x[a] stands in mean with 3 others" in result.message


EXACT = ("highs", "scip", "cpsat", "gscip")
FOLDERS = [path.parent for root in (ROOT / "examples", ROOT / "tests" / "golden") for path in root.glob("*/formulation.yaml")]


@pytest.mark.parametrize("folder", sorted(FOLDERS), ids=lambda folder: folder.name)
def test_examples_and_golden_formulations_on_every_solver_that_takes_them(folder: Path):
    formulation = Formulation.read(str(folder / "formulation.yaml"))
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    if "instances" in expected:
        pytest.skip(f"{folder.name} is bound to data outside of the repository; tests/golden solves it")
    answered = set()
    for solver in EXACT:
        if absent(solver):
            continue
        try:
            result = solve(formulation, solver=solver, time_limit=30)
        except UnsupportedError as refused:
            assert "--solver" in refused.remedy
            continue
        answered.add(solver)
        if expected["objective"] == "infeasible":
            assert result.termination == "infeasible"
            continue
        assert result.is_optimal, (solver, result.message)
        assert compare(result.objective, expected["objective"], OPTIMUM), (solver, result.objective)
        assert result.check.feasible is True
    assert answered & {"highs", "scip"}
