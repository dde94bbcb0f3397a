"""Probes of the doctor: each runs in a process of its own, so that a crash is reported and not shared."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

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
_BOTH = "import highspy, ortools.linear_solver.pywraplp, ortools.sat.python.cp_model; highspy.Highs()"
_ADAPTERS = """
import json
from dataclasses import asdict
from solvers.adapters import ADAPTERS
from solvers.adapters.examine import examine
names = [name for name in sorted(ADAPTERS) if name.startswith("pyomo:") is {pyomo}]
print("\\n{mark}", json.dumps(names), flush=True)
for name in names:
    print("\\n{mark}", json.dumps(asdict(examine(name))), flush=True)
"""
_SANDBOX = """
import json
from dataclasses import asdict
from solvers.sandbox.jail.protections import examine
print(json.dumps([{**asdict(item), "needed": item.needed} for item in examine()]))
"""
_MARK = "formulate-doctor"
SOLVERS = {"highspy": ("HiGHS", _HIGHS), "pyscipopt": ("SCIP", _SCIP)}


@dataclass(frozen=True)
class Probe:
    """What came of a probe: whether it worked, what it said, and all that it wrote to stdout."""

    works: bool
    said: str
    said_before: str = field(default="", compare=False)


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
    except subprocess.TimeoutExpired as late:
        before = late.stdout.decode("utf-8", "replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return Probe(False, f"no answer within {SECONDS} s", before)
    except OSError as error:
        return Probe(False, f"no interpreter to ask: {error}")
    if done.returncode < 0:
        return Probe(False, f"crashed with signal {-done.returncode}", done.stdout)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return Probe(False, last[0], done.stdout)
    return Probe(True, done.stdout.strip(), done.stdout)


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


def examine_adapters(pyomo: bool) -> list[dict[str, Any]]:
    """What became of our adapters (those behind Pyomo, or the others), all examined in one process.

    One record per adapter, as `solvers.adapters.examine.Examined`; where the process ended early, the rest are `wrong`.
    """
    probe = run_python(_ADAPTERS.format(pyomo=pyomo, mark=_MARK))
    said = [json.loads(line[len(_MARK) :]) for line in probe.said_before.splitlines() if line.startswith(_MARK)]
    if not said:
        kind = "Pyomo's solvers" if pyomo else "the other solvers"
        return [{"name": kind, "state": "wrong", "said": f"not examined: {probe.said}", "takes": [], "remedy": ""}]
    names, *found = said
    rest = names[len(found) :]
    for name in rest:
        first = "" if name == rest[0] else f"not examined, after {rest[0]}: "
        found.append({"name": name, "state": "wrong", "said": first + probe.said, "takes": [], "remedy": ""})
    return found


def share_a_process() -> Probe:
    """Whether highspy and ortools can be loaded together."""
    return run_python(_BOTH)


def examine_sandbox() -> tuple[list[dict[str, Any]], str]:
    """The protections that this kernel gives, as `solvers.sandbox.jail.protections`; else none, and why."""
    probe = run_python(_SANDBOX)
    if not probe.works:
        return [], probe.said
    return json.loads(probe.said), ""
