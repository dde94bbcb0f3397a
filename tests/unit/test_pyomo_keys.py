"""Executables that Pyomo starts are not shown the keys of other services."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

# A process of its own: Pyomo remembers where it found an executable.
SCRIPT = """
import os
from solvers import solve
from solvers.errors import FormulateError
from tests.conformance.cases import CASES
case = next(case for case in CASES if case.name == "milp")
for solver in ("cbc", "glpk"):
    try:
        solve(case.formulation, solver=solver)
    except FormulateError as error:
        print(type(error).__name__)
print(os.environ["OPENAI_API_KEY"])
"""


@pytest.mark.skipif(find_spec("pyomo") is None, reason="pyomo is not installed")
def test_a_solver_executable_sees_no_key(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    for name in ("cbc", "glpsol"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nenv >> {seen}\nexit 1\n")
        program.chmod(0o755)
    root = Path(__file__).resolve().parents[2]
    environment = {
        **os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "OPENAI_API_KEY": "sk-test-not-for-solvers",
        "PYTHONPATH": str(root),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.stdout.split() == ["SolverMissingError", "SolverMissingError", "sk-test-not-for-solvers"], done.stdout + done.stderr
    assert "PATH=" in seen.read_text() and "sk-test-not-for-solvers" not in seen.read_text()
