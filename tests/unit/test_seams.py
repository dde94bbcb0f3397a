"""Where parts meet: guards that every adapter needs, gaps in ranges, scaled ratios, levels, warm re-solves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formulate.cli.what_if import ranging_document
from solvers import Model, solve, solving
from solvers.adapters import SolveOptions, adapter
from solvers.adapters.base import RawSolution
from solvers.adapters.highs import HighsAdapter, HighsSession
from solvers.diagnose import diagnose, what_if
from solvers.errors import FormulateError, UnsupportedError
from solvers.formulation import Formulation
from solvers.ground import ground
from solvers.schema import from_dict
from solvers.structure_check import check_model
from solvers.warm import WarmSolver
from tests.unit.hard_models import need

TINY = """min
 obj: x
subject to
 c: 1e-10 x + 1e-10 y >= 1e-7
 d: y <= 500
end
"""


def read(folder: Path, text: str) -> Model:
    path = folder / "model.lp"
    path.write_text(text)
    return Model.read(path)


@pytest.mark.parametrize("solver", ["highs", "scip", "gscip", "glop", "pyomo:highs", "pyomo:scip", "pyomo:glpk"])
def test_a_coefficient_that_a_solver_takes_for_zero_is_refused_or_counts(solver: str, tmp_path: Path) -> None:
    need(solver)
    try:
        result = solve(read(tmp_path, TINY), solver=solver)
    except UnsupportedError as refused:
        assert "takes coefficients up to 1e-09 for zero: c has 1e-10 on x" in refused.message
        return
    assert result.is_optimal and result.objective == pytest.approx(500)


@pytest.mark.parametrize(
    ("sense", "rows", "bounds", "best"),
    [
        ("min", "c: x + y >= 3\n e: y <= 1", "5 <= x <= inf", 5.0),
        ("min", "c: x + y >= -4", "-inf <= x <= 8", -4.0),
        ("max", "c: x - 3 y <= 3\n e: y <= 8", "5 <= x <= inf", 35.0),
        ("max", "c: x + y <= 4", "5 <= x <= inf", 4.0),
    ],
)
@pytest.mark.parametrize("solver", [None, "scip", "cpsat"])
@pytest.mark.parametrize("whole", ["", "general\n x y\n"])
def test_semicontinuous_variables_without_a_bound(
    solver: str | None, whole: str, sense: str, rows: str, bounds: str, best: float, tmp_path: Path
) -> None:
    if solver is not None:
        need(solver)
    text = f"{sense}\n obj: x + y\nsubject to\n {rows}\nbounds\n {bounds}\n y >= 0\n{whole}semi-continuous\n x\nend\n"
    try:
        result = solve(read(tmp_path, text), solver=solver)
    except UnsupportedError as refused:
        assert solver == "cpsat" and ("bound" in refused.message or "continuous" in refused.message)
        return
    assert result.is_optimal and result.objective == pytest.approx(best)
    assert result.check is not None and result.check.feasible is True


@pytest.mark.parametrize("size", [1e-5, 1.0, 1e4, 1e6, 1e9])
def test_a_ratio_has_its_optimum_whatever_the_size_of_its_denominator(size: float) -> None:
    problem = from_dict({
        "schema": "formulate/1", "name": "rate",
        "objective": {"sense": "max", "terms": [{"name": "rate", "expr": "(3 * x + 2 * y) / (x + 2 * y)"}]},
        "variables": [{"name": n, "lower": str(size), "upper": str(9 * size)} for n in ("x", "y")],
        "constraints": [{"name": "total", "expr": f"x + y <= {7 * size}"},
                        {"name": "most", "expr": f"x <= {3 * size} + 0.25 * y"}],
    })  # fmt: skip
    result = solve(problem, solver="highs", time_limit=20)
    assert result.is_optimal and result.check is not None and result.check.feasible is True
    # At the corner y = 1, x = 3.25.
    assert result.objective == pytest.approx((3 * 3.25 + 2) / (3.25 + 2), rel=1e-6)
    assert result.values["x"][()] == pytest.approx(3.25 * size, rel=1e-5)
    again = solve(problem, solver="highs", start=result)
    assert "the start values were not used" in again.message and again.objective == pytest.approx(result.objective)


class Local:
    """A solver of the kind that proves nothing: HiGHS, whose optima are called local."""

    name, capabilities = "local", frozenset({"linear"})

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        raw = adapter("highs").solve(model, options)
        return replace(raw, termination="locally_optimal")


def test_what_comes_after_a_level_that_is_not_proven_is_said_to_be_left_out() -> None:
    terms = [{"name": "both", "expr": "x + y", "priority": 2}, {"name": "gap", "expr": "x - y", "priority": 1}]
    problem = from_dict({
        "schema": "formulate/1", "name": "levels", "objective": {"sense": "max", "terms": terms},
        "variables": [{"name": n, "lower": "0", "upper": "5"} for n in ("x", "y")],
        "constraints": [{"name": "total", "expr": "x + y <= 6"}],
    })  # fmt: skip
    raw = solving._levels(Local(), ground(problem), SolveOptions())  # type: ignore[arg-type]
    assert raw.termination == "locally_optimal"
    assert "priority 2 is not proven optimal: priority 1 was not optimised" in raw.message
    assert "not optimised" not in solve(problem).message


def priced(price: float, part: float = 1.0) -> Formulation:
    return from_dict({
        "schema": "formulate/1", "name": "priced",
        "parameters": [{"name": "price", "values": price}, {"name": "part", "values": part}],
        "objective": {"sense": "max", "terms": [{"name": "gain", "expr": "price * x + 1e-9 * y"}]},
        "variables": [{"name": n, "lower": "0", "upper": "5e12"} for n in ("x", "y")],
        "constraints": [{"name": "total", "expr": "part * x + y <= 4"}],
    })  # fmt: skip


def test_a_warm_solver_does_not_read_small_numbers_as_zero() -> None:
    warm = WarmSolver(priced(1e-3))
    assert warm.change({("price", ()): 1e-12}) is False  # scaled anew: the loaded scale would drown it
    assert warm.solve().objective == pytest.approx(4e-9)
    assert warm.change({("price", ()): 1e-9 * 1.5}) is True
    assert warm.solve().objective == pytest.approx(6e-9)
    with pytest.raises(UnsupportedError, match="takes coefficients up to 1e-12 for zero"):
        warm.change({("part", ()): 5e-13})
    # Nobody asked for HiGHS: whoever reads the number answers, here nobody, by name; x may not run away unseen.
    with pytest.raises(UnsupportedError, match="5e-13"):
        what_if(priced(1.0), ["part=5e-13"])


def test_a_contradicted_optimum_is_no_answer_of_a_warm_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = priced(1.0)
    solved = HighsSession.solve
    monkeypatch.setattr(HighsSession, "solve", lambda self: replace(solved(self), bound=99.0))
    result = WarmSolver(problem).solve()
    assert result.termination == "numerical" and "contradicts" in result.message
    found = what_if(problem, ["price=2"])
    assert (found.before.solver, found.after.solver, found.warm) == ("scip", "scip", False)
    assert (found.before.objective, found.after.objective) == pytest.approx((4.0, 8.0))


def test_a_point_that_fails_its_check_is_no_solution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # d cannot hold beside c; a solver that says otherwise is not believed.
    model = read(tmp_path, "min\n obj: x\nsubject to\n c: x + y >= 10\n d: x + y <= 5\nend\n")
    lie = RawSolution("optimal", "feasible", x=np.array([5.0, 2.0]), objective=5.0)
    asked = HighsAdapter.solve
    monkeypatch.setattr(HighsAdapter, "solve", lambda self, given, options: lie if given is model else asked(self, given, options))
    found = diagnose(model, time_limit=20)
    assert (found.termination, found.objective) == ("infeasible", None)
    assert found.conflict is not None and {member.label for member in found.conflict.members} == {"c", "d"}


def test_the_place_that_is_named_is_broken_by_the_amount_that_is_named(tmp_path: Path) -> None:
    model = read(tmp_path, "min\n obj: x\nsubject to\n c: x + y >= 10\nbounds\n x <= 1\ngeneral\n y\nend\n")
    check = check_model(model, np.array([2.0, 0.4]))
    assert check is not None and (check.where, check.feasible) == ("c", False)
    assert check.violation == pytest.approx(7.6)
    nowhere = check_model(model, np.array([np.nan, 12.0]))
    assert nowhere is not None and nowhere.feasible is False and nowhere.where


def test_ranges_that_are_not_found_in_time_leave_the_solution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.lp").write_text("max\n obj: 3 x\nsubject to\n c: x <= 4\nend\n")

    def late(*_: object, **given: object) -> None:
        assert given["time_limit"] == 30
        raise FormulateError("there is no optimum to be sensitive about: time limit", remedy="wait")

    monkeypatch.setattr("solvers.diagnose.sensitivity", late)
    result = solve(Model.read(tmp_path / "m.lp"))
    document = ranging_document(Model.read(tmp_path / "m.lp"), None, result, 30)
    assert document == {"ranging": None, "ranging_note": "there is no optimum to be sensitive about: time limit; wait"}
