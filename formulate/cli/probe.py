"""Probes of the doctor: each runs in a process of its own, so that a crash is reported and not shared."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

SECONDS = 60

_HIGHS = """
import highspy
h = highspy.Highs()
h.setOptionValue("output_flag", False)
x = h.addVariable(lb=0, ub=4)
h.maximize(x)
print(h.version(), h.getInfo().objective_function_value)
"""
_SCIP = """
import pyscipopt
m = pyscipopt.Model()
m.hideOutput()
x = m.addVar(lb=0, ub=4)
m.setObjective(x, "maximize")
m.optimize()
print(f"{m.version():g}", m.getObjVal())
"""
_BOTH = "import highspy, ortools.linear_solver.pywraplp"
SOLVERS = {"highspy": ("HiGHS", _HIGHS), "pyscipopt": ("SCIP", _SCIP)}


@dataclass(frozen=True)
class Probe:
    """What came of a probe: whether it worked, and what it said."""

    works: bool
    said: str


def run_python(program: str) -> Probe:
    """Run a small program in a fresh interpreter that sees the same packages; crashes and hangs are reported."""
    import os

    # The parent's own path, so that what this process can import the probe can, and no working folder more.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS, check=False,
            errors="replace", env=environment, cwd=os.path.abspath(os.sep),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Probe(False, f"no answer within {SECONDS} s")
    except OSError as error:
        return Probe(False, f"no interpreter to ask: {error}")
    if done.returncode < 0:
        return Probe(False, f"crashed with signal {-done.returncode}")
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return Probe(False, last[0])
    return Probe(True, done.stdout.strip())


def solver_probe(module: str) -> Probe:
    """Import a solver and maximise x <= 4 with it: its version when it says 4."""
    name, program = SOLVERS[module]
    probe = run_python(program)
    if not probe.works:
        return probe
    version, _, value = (probe.said.splitlines() or [""])[-1].rpartition(" ")
    try:
        right = abs(float(value) - 4) < 1e-6
    except ValueError:
        right = False
    if not right:
        return Probe(False, f"{name} answered {json.dumps(probe.said[:80])} to a model whose optimum is 4")
    return Probe(True, version)


def share_a_process() -> Probe:
    """Whether highspy and ortools can be loaded together."""
    return run_python(_BOTH)
