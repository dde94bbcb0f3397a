"""CP-SAT's options: limits, gap, start values, log, seed; and that it shares a process with HiGHS in either order."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import SolveOptions, adapter
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.ground import ground

pytest.importorskip("ortools", reason="CP-SAT needs ortools")


def shop(jobs: int, machines: int, seed: int = 1) -> Formulation:
    """A job shop of random times and routes."""
    rng = np.random.default_rng(seed)
    routes = [rng.permutation(machines) for _ in range(jobs)]
    cells = [(j, k) for j in range(jobs) for k in range(machines)]
    return Formulation(
        "shop", Objective("min", (Term("finish", "end"),)),
        (IndexSet("J", expr=f"range({jobs})"), IndexSet("K", expr=f"range({machines})")),
        (Parameter("on", axes=("J", "K"), cells=tuple(Cell(c, int(routes[c[0]][c[1]])) for c in cells)),
         Parameter("time", axes=("J", "K"), cells=tuple(Cell(c, int(rng.integers(1, 99))) for c in cells))),
        (Variable("start", ("j in J", "k in K"), lower="0"), Variable("end", lower="0")),
        constraints=(
            Constraint("route", "start[j, k] >= start[j, k - 1] + time[j, k - 1]", ("j in J", "k in K if k > 0")),
            Constraint("machine", "no_overlap(start[j, k], time[j, k] for j in J for k in K if on[j, k] == m)", ("m in K",)),
            Constraint("last", "end >= start[j, last(K)] + time[j, last(K)]", ("j in J",)),
        ),
    )  # fmt: skip


def test_a_time_limit_is_said_with_the_solution_and_the_bound_so_far():
    result = solve(shop(14, 14), time_limit=2)
    assert (result.solver, result.termination, result.primal_status) == ("cpsat", "time_limit", "feasible")
    assert not result.is_optimal and result.bound < result.objective and result.check.feasible is True


def test_a_gap_and_a_seed_are_kept():
    f = shop(8, 6)
    best = solve(f)
    loose = solve(f, gap=0.5)
    assert best.is_optimal and best.bound == best.objective
    assert loose.is_optimal and best.objective <= loose.objective <= 1.5 * best.objective + 1e-9
    again = solve(f, seed=7), solve(f, seed=7)
    assert np.array_equal(again[0].x, again[1].x) and again[0].objective == best.objective


def test_start_values_are_a_hint_and_wrong_ones_do_no_harm():
    f = shop(6, 5)
    best = solve(f)
    hinted = solve(f, start=best)
    assert hinted.objective == best.objective and "hint" in hinted.message
    partial = {"start": {(0, 0): -3.0, (1, 0): 2.5, (2, 1): 7.0}}
    assert solve(f, start=partial).objective == best.objective


def test_the_log_goes_to_stderr(capfd: pytest.CaptureFixture[str]):
    assert solve(shop(3, 3), log=True).is_optimal
    out, err = capfd.readouterr()
    assert out == "" and "CP-SAT" in err
    assert solve(shop(3, 3)).is_optimal
    assert capfd.readouterr() == ("", "")


def test_what_it_cannot_hold_is_refused_before_anything_is_solved():
    f = Formulation("t", Objective("min", (Term("c", "x + y ** 2"),)), variables=(Variable("x", lower="0"), Variable("y", lower="0")))
    with pytest.raises(UnsupportedError, match="have to be linear") as caught:
        solve(f, solver="cpsat")
    assert "use --solver highs" in caught.value.remedy
    model = ground(Formulation("t", Objective("max", (Term("c", "x"),)), variables=(Variable("x", domain="integer"),)))
    assert "x has no lower bound" in adapter("cpsat").refusal(model)
    with pytest.raises(UnsupportedError, match="x has no lower bound"):
        adapter("cpsat").solve(model, SolveOptions())


def test_without_ortools_asking_for_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(SolverMissingError, match="CP-SAT cannot be loaded") as caught:
        solve(shop(2, 2), solver="cpsat")
    assert "pip install 'ortools" in caught.value.remedy


@pytest.mark.parametrize("order", [("highs", "cpsat", "highs"), ("cpsat", "highs", "cpsat")])
def test_both_solvers_work_in_one_process_in_either_order(order: tuple[str, ...]):
    program = f"""
from solvers import solve
from solvers.formulation import *
f = Formulation("t", Objective("max", (Term("c", "x"),)), variables=(Variable("x", domain="integer", lower="0", upper="4"),))
print([solve(f, solver=s).objective for s in {order!r}])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[4.0, 4.0, 4.0]", done.stderr
