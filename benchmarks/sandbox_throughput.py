"""Programs per second and worker in the sandbox against a new Python process each, in the same run.

    python benchmarks/sandbox_throughput.py [--seconds 20] [--only pyomo]

The same small program of each library is run in turns, sandbox and new process, until the time is used up; shown are
medians of wall time, means of processor time (host, fork server and program together), and their ratios. A new
process imports the library each time, and solves without any protection or capture; for the commercial libraries it
is the genuine one where that is installed, else our look-alike.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
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


def measure(name: str, source: str, pool: Pool, seconds: float) -> str:
    """One line: both in milliseconds of wall and processor, and how many times more the sandbox runs."""
    jailed: list[float] = []
    fresh: list[float] = []
    jailed_spent = fresh_spent = 0.0
    first = run(source, pool=pool)
    if first.error is not None:
        return f"{name:<10} does not run here: {first.error.message[:80]}"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline or len(fresh) < 3:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
        fresh.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        fresh_spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if done.returncode:
            return f"{name:<10} a new process fails: {done.stderr.strip().splitlines()[-1][:80]}"
        spent_before = spent(pool)
        for _ in range(5):
            started = time.perf_counter()
            run(source, pool=pool, limits=Limits(wall=30))
            jailed.append(time.perf_counter() - started)
        jailed_spent += spent(pool) - spent_before
    ours, theirs = 1000 * statistics.median(jailed), 1000 * statistics.median(fresh)
    own, other = 1000 * jailed_spent / len(jailed), 1000 * fresh_spent / len(fresh)
    return (
        f"{name:<10} sandbox {ours:6.1f} ms, {own:6.1f} of processor   new process {theirs:6.1f} ms, {other:6.1f} of "
        f"processor   {theirs / ours:5.1f} and {other / own:5.1f} times as many ({len(jailed)} and {len(fresh)} runs)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each library")
    parser.add_argument("--only", choices=sorted(_PROGRAMS))
    options = parser.parse_args()
    with Pool(1) as pool:
        for name, source in _PROGRAMS.items():
            if (options.only in (None, name)) and find_spec(name) is not None:
                print(measure(name, source, pool, options.seconds), flush=True)


if __name__ == "__main__":
    main()
