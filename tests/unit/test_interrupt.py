"""Ctrl-C while a solver runs, in a process of its own as a user has it; solver logs and what they must not touch."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from solvers import solve
from solvers.adapters import ADAPTERS
from tests.unit.cli_runs import PROGRAM
from tests.unit.hard_models import absent, arrays, market, need

SECONDS = 120
"""The solver's time limit: a test that has to wait for it fails."""


def interrupted(folder: Path, solver: str, *words: str) -> tuple[int, str, str]:
    """Exit code and streams of a solve that gets SIGINT once it has begun to write its log."""
    (folder / "market.json").write_text(json.dumps(market()))
    command = [*PROGRAM, "solve", "market.json", "--solver", solver, "--time-limit", str(SECONDS), "--log", *words]
    # Under a shell's `&` or nohup SIGINT is ignored, and children inherit that.
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stderr is not None
    watchdog = threading.Timer(SECONDS / 2, process.kill)
    watchdog.start()
    begun = [process.stderr.readline() for _ in range(12)]
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    watchdog.cancel()
    return process.returncode, out, "".join(begun) + err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process on Windows")
@pytest.mark.parametrize("solver", ["highs", "scip", "gscip", "cpsat", "pyomo:gurobi"])
def test_ctrl_c_ends_the_solve_and_keeps_the_incumbent(tmp_path: Path, solver: str) -> None:
    need(solver)
    code, out, err = interrupted(tmp_path, solver, "--json")
    document = json.loads(out)
    assert code == document["exit_code"] == 130
    assert document["termination"] == "interrupted"
    assert document["primal_status"] == "feasible"
    assert document["objective"] > 0
    assert document["check"]["feasible"] is True
    assert document["solver"] == solver
    assert "interrupted: the best solution found so far follows" in err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process on Windows")
def test_a_solver_of_its_own_process_is_stopped_too(tmp_path: Path) -> None:
    need("pyomo:cbc")
    code, out, err = interrupted(tmp_path, "cbc")
    assert code == 130
    assert "interrupted" in out.splitlines()[0]
    assert "interrupted: no solution was found before" in err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process on Windows")
def test_stdout_shows_the_incumbent_and_no_log(tmp_path: Path) -> None:
    code, out, err = interrupted(tmp_path, "highs")
    assert code == 130
    assert out.startswith("feasible, not proven optimal (interrupted)")
    assert "MIP has 5 rows" in err
    assert "Presolv" in err
    assert "Presolv" not in out


SMALL = arrays("max", [3, 2], [[1, 1], [1, 0]], ([-np.inf] * 2, [4, 3]), ([0, 0], [9, 9]), whole=False)


@pytest.mark.parametrize("solver", ["highs", "scip", "glop"])
def test_the_handler_of_the_caller_is_put_back(solver: str) -> None:
    need(solver)
    before = signal.getsignal(signal.SIGINT)
    solve(SMALL, solver=solver)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("solver", ["highs", "scip", "glop", "gscip", "pyomo:glpk"])
def test_solving_off_the_main_thread_works(solver: str) -> None:
    need(solver)
    found: list[float | None] = []
    thread = threading.Thread(target=lambda: found.append(solve(SMALL, solver=solver).objective))
    thread.start()
    thread.join()
    assert found == [pytest.approx(11.5)]


@pytest.mark.parametrize("solver", sorted(set(ADAPTERS) - {"cpsat"}))
def test_logs_go_to_stderr_and_only_when_asked_for(solver: str, capfd: pytest.CaptureFixture[str]) -> None:
    if absent(solver):
        pytest.skip(absent(solver))
    capfd.readouterr()
    assert solve(SMALL, solver=solver).objective == pytest.approx(11.5)
    quiet = capfd.readouterr()
    assert (quiet.out, quiet.err) == ("", "")
    result = solve(SMALL, solver=solver, log=True)
    assert result.objective == pytest.approx(11.5)
    loud = capfd.readouterr()
    if solver == "pyomo:scip":
        assert "keeps no log" in result.message
        return
    assert loud.out == ""
    assert len(loud.err) > 40, "the solver's own log"
