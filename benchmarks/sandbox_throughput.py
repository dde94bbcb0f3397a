"""Programs per second and worker in the sandbox against a new Python process each, in the same run.

    python benchmarks/sandbox_throughput.py [--seconds 20] [--only pyomo]

The same small program of each library is run in turns, sandbox and new process, until the time is used up; shown are
medians of wall time, means of processor time (host, fork server and program together), and their ratios. `the program`
is a new process that runs it without protection, capture or checks, gurobipy being the genuine one where that is
installed; `the same work` is a new process that also captures the model and reads the reported value.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec

import psutil

from solvers.sandbox import Limits, run
from solvers.sandbox.pool import Pool

_PROGRAMS = {
    "pyomo": """
import pyomo.environ as pyo
m = pyo.ConcreteModel()
m.I = pyo.RangeSet(5)
m.x = pyo.Var(m.I, within=pyo.NonNegativeReals)
m.room = pyo.Constraint(expr=sum(i * m.x[i] for i in m.I) <= 20)
m.some = pyo.Constraint(m.I, rule=lambda m, i: m.x[i] <= 3)
m.profit = pyo.Objective(expr=sum((i + 1) * m.x[i] for i in m.I), sense=pyo.maximize)
pyo.SolverFactory('appsi_highs').solve(m)
print('profit', pyo.value(m.profit))
""",
    "gurobipy": """
import gurobipy as gp
from gurobipy import GRB
m = gp.Model()
m.Params.OutputFlag = 0
x = m.addVars(5, ub=3)
m.addConstr(gp.quicksum((i + 1) * x[i] for i in range(5)) <= 20)
m.setObjective(gp.quicksum((i + 2) * x[i] for i in range(5)), GRB.MAXIMIZE)
m.optimize()
print('profit', m.ObjVal)
""",
    "highspy": """
import highspy
h = highspy.Highs()
h.setOptionValue('output_flag', False)
x = [h.addVariable(lb=0, ub=3) for _ in range(5)]
h.addConstr(sum((i + 1) * x[i] for i in range(5)) <= 20)
h.maximize(sum((i + 2) * x[i] for i in range(5)))
print('profit', h.getInfo().objective_function_value)
""",
    "ortools": """
from ortools.sat.python import cp_model
m = cp_model.CpModel()
x = [m.new_int_var(0, 3, f'x{i}') for i in range(5)]
m.add(sum((i + 1) * x[i] for i in range(5)) <= 20)
m.maximize(sum((i + 2) * x[i] for i in range(5)))
s = cp_model.CpSolver()
s.parameters.num_workers = 1
s.solve(m)
print('profit', s.objective_value)
""",
    "pulp": """
import pulp
m = pulp.LpProblem('p', pulp.LpMaximize)
x = [pulp.LpVariable(f'x{i}', 0, 3) for i in range(5)]
m += pulp.lpSum((i + 2) * x[i] for i in range(5))
m += pulp.lpSum((i + 1) * x[i] for i in range(5)) <= 20
m.solve(pulp.PULP_CBC_CMD(msg=0))
print('profit', pulp.value(m.objective))
""",
    "pyscipopt": """
from pyscipopt import Model, quicksum
m = Model()
m.hideOutput()
x = [m.addVar(lb=0, ub=3) for _ in range(5)]
m.addCons(quicksum((i + 1) * x[i] for i in range(5)) <= 20)
m.setObjective(quicksum((i + 2) * x[i] for i in range(5)), 'maximize')
m.optimize()
print('profit', m.getObjVal())
""",
}  # fmt: skip


def spent(pool: Pool) -> float:
    """Processor seconds of this process, the fork servers and the programs that they ran."""
    servers = [item for pid in pool.processes() for item in [psutil.Process(pid), *psutil.Process(pid).children()]]
    return sum(sum(item.cpu_times()[:4]) for item in servers) + sum(psutil.Process().cpu_times()[:2])


_SAME_WORK = """
import sys
from solvers.sandbox import capture, lookalike, recorder
from solvers.sandbox.entry import execute
from solvers.sandbox.wire import pack_solve
capture.install()
lookalike.install()
recorder.fresh(sink=pack_solve)
answer = execute(sys.argv[1], {"data": None, "function": None})
sys.exit(answer["error"] is not None)
"""


@dataclass
class Times:
    """Of one way to run the program: seconds of wall, one each, and of processor, all together."""

    walls: list[float] = field(default_factory=list)
    processor: float = 0.0

    def wall(self) -> float:
        return 1000 * statistics.median(self.walls)

    def each(self) -> float:
        return 1000 * self.processor / len(self.walls)


def new_process(times: Times, *words: str) -> None:
    """Run a command, and add its times. Raises CalledProcessError where it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", *words], capture_output=True, check=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    times.walls.append(time.perf_counter() - started)
    times.processor += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_sandbox(times: Times, source: str, pool: Pool) -> None:
    """Run the program five times, and add the times."""
    before = spent(pool)
    for _ in range(5):
        started = time.perf_counter()
        run(source, pool=pool, limits=Limits(wall=30))
        times.walls.append(time.perf_counter() - started)
    times.processor += spent(pool) - before


def measure(name: str, source: str, pool: Pool, seconds: float) -> None:
    """Show all ways, in milliseconds of wall and processor, and how many times as many the sandbox runs."""
    first = run(source, pool=pool)
    if first.error is not None:
        print(f"{name:<10} does not run here: {first.error.message[:80]}")
        return
    jailed, bare, same = Times(), Times(), Times()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline or len(bare.walls) < 3:
        in_sandbox(jailed, source, pool)
        new_process(bare, source)
        new_process(same, _SAME_WORK, source)
    print(f"{name:<10} sandbox            {jailed.wall():7.1f} ms {jailed.each():7.1f} of processor")
    for label, times in (("the program", bare), ("the same work", same)):
        print(
            f"{'':<10} {label:<18} {times.wall():7.1f} ms {times.each():7.1f} of processor: "
            f"{times.wall() / jailed.wall():5.1f} and {times.each() / jailed.each():5.1f} times the sandbox's",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each library")
    parser.add_argument("--only", choices=sorted(_PROGRAMS))
    options = parser.parse_args()
    with Pool(1) as pool:
        for name, source in _PROGRAMS.items():
            if (options.only in (None, name)) and find_spec(name) is not None:
                measure(name, source, pool, options.seconds)


if __name__ == "__main__":
    main()
