"""Programs per second and core: the sandbox's fork servers against a new Python process for each program.

    python benchmarks/sandbox_throughput.py [--rounds 5] [--programs 40] [--only pyomo]

Both run the same programs, one at a time on one core, in alternating rounds; the ratio is the median over the rounds.
A new process runs the program as it stands: Pyomo through its own HiGHS interface, gurobipy through the look-alike (and
through the genuine library where it is installed), highspy directly. The sandbox does more than that: its protections,
the capture of the model, the check of the answer.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from solvers.sandbox import Request, run_many
from solvers.sandbox.pool import Pool

ROOT = Path(__file__).resolve().parent.parent
BARS = {"pyomo": 20.0, "gurobipy": 5.0, "highspy": 0.0}

PYOMO = '''
from pyomo.environ import *
model = ConcreteModel()
model.I = RangeSet(1, 5)
model.x = Var(model.I, within=NonNegativeReals, bounds=(0, {bound}))
model.goal = Objective(expr=sum(i * model.x[i] for i in model.I), sense=maximize)
model.room = Constraint(expr=sum(model.x[i] for i in model.I) <= {room})
SolverFactory("appsi_highs").solve(model)
print("objective:", value(model.goal))
'''
GUROBIPY = '''
import gurobipy as gp
from gurobipy import GRB
m = gp.Model()
m.Params.OutputFlag = 0
x = m.addVars(5, ub={bound}, name="x")
m.setObjective(gp.quicksum((i + 1) * x[i] for i in range(5)), GRB.MAXIMIZE)
m.addConstr(x.sum() <= {room}, "room")
m.optimize()
print("objective:", m.ObjVal)
'''
HIGHSPY = '''
import highspy
h = highspy.Highs()
h.setOptionValue("output_flag", False)
x = [h.addVariable(lb=0, ub={bound}) for i in range(5)]
h.addConstr(sum(x) <= {room})
h.maximize(sum((i + 1) * x[i] for i in range(5)))
print("objective:", h.getObjectiveValue())
'''
PROGRAMS = {"pyomo": PYOMO, "gurobipy": GUROBIPY, "highspy": HIGHSPY}
PLAIN = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"
LOOKALIKE = "import solvers.sandbox.lookalike as a; a.install(); " + PLAIN


def sources(name: str, count: int, start: int = 0) -> Iterator[str]:
    """Programs that differ in their data."""
    for k in range(start, start + count):
        yield PROGRAMS[name].format(bound=3 + k % 7, room=5 + k % 11)


def in_sandbox(name: str, count: int, pool: Pool) -> float:
    """Seconds per program in the sandbox, one at a time."""
    requests = [Request(str(k), source) for k, source in enumerate(sources(name, count))]
    begun = time.perf_counter()
    for run in run_many(requests, pool=pool):
        if run.error is not None or run.result is None or not run.result.has_solution:
            sys.exit(f"{name}: {run.error} {run.refused}")
    return (time.perf_counter() - begun) / count


def in_processes(name: str, count: int, wrapper: str, folder: Path) -> float:
    """Seconds per program in a new process each."""
    begun = time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    for k, source in enumerate(sources(name, count)):
        path = folder / f"{name}{k}.py"
        path.write_text(source)
        done = subprocess.run(
            [sys.executable, "-c", wrapper, str(path)], capture_output=True, text=True, check=False, env=environment,
            cwd=folder,
        )  # fmt: skip
        if done.returncode or "objective:" not in done.stdout:
            sys.exit(f"{name} in a process of its own: {done.stderr[-2000:]}")
    return (time.perf_counter() - begun) / count


def measure(name: str, rounds: int, programs: int, pool: Pool, folder: Path) -> bool:
    """Print one line per comparison; whether the bar is reached."""
    wrappers = {"new process": LOOKALIKE if name == "gurobipy" else PLAIN}
    if name == "gurobipy" and find_spec("gurobipy") is not None:
        wrappers["new process, genuine"] = PLAIN
    in_sandbox(name, 4, pool)
    fast: list[float] = []
    slow: dict[str, list[float]] = {label: [] for label in wrappers}
    for _ in range(rounds):
        fast.append(in_sandbox(name, programs, pool))
        for label, wrapper in wrappers.items():
            slow[label].append(in_processes(name, max(3, programs // 10), wrapper, folder))
    reached = True
    median = statistics.median(fast)
    print(f"{name:<10}{'sandbox':<22}{median * 1e3:8.1f} ms  {1 / median:7.1f} /s")
    for label, seconds in slow.items():
        ratio = statistics.median(one / other for one, other in zip(seconds, fast))
        median = statistics.median(seconds)
        bar = BARS[name] if label == "new process" else 0.0
        reached &= ratio >= bar
        print(f"{'':<10}{label:<22}{median * 1e3:8.1f} ms  {1 / median:7.1f} /s  ratio {ratio:5.1f}"
              + (f"  (bar {bar:g}: {'reached' if ratio >= bar else 'MISSED'})" if bar else ""))
    return reached


def main() -> None:
    """Measure; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--programs", type=int, default=40)
    parser.add_argument("--only", choices=sorted(PROGRAMS))
    options = parser.parse_args()
    # One core for everything: what is compared is work, not waiting.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with Pool(1) as pool, tempfile.TemporaryDirectory() as folder:
        names = [options.only] if options.only else list(PROGRAMS)
        reached = [measure(name, options.rounds, options.programs, pool, Path(folder)) for name in names]
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
