"""What the capture costs: the same program with the hooks and without, each in a process of its own.

    python benchmarks/capture_overhead.py [ROUNDS]

Times are wall seconds of building and solving a linear program of 100,000 nonzeros, and of a small one a hundred times.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

HEAD = """
import sys, time
if {hooked}:
    from solvers.sandbox.capture import install
    install()
import numpy as np
def work(m, n, k, times):
    rng = np.random.default_rng(7)
    cols = np.array([rng.choice(n, k, replace=False) for _ in range(m)])
    vals = rng.integers(1, 9, (m, k)).astype(float)
    b = 3 * vals.sum(axis=1); c = rng.integers(1, 9, n).astype(float)
    started = time.perf_counter()
    for _ in range(times):
"""
FOOT = """
    return time.perf_counter() - started
work(4, 8, 4, 3)
print(work({m}, {n}, {k}, {times}))
"""
"""The first call loads what is loaded once. Rows are not binding, so that the time is that of building and capture."""
PROGRAMS = {
    "highspy": """
import highspy
    h = highspy.Highs(); h.setOptionValue("output_flag", False)
    for j in range(n): h.addCol(-c[j], 0.0, 2.0, 0, [], [])
    for i in range(m): h.addRow(-h.inf, b[i], k, cols[i].astype(np.int32), vals[i])
    h.run()
""",
    "pyomo (appsi_highs)": """
import pyomo.environ as pyo
    M = pyo.ConcreteModel(); M.x = pyo.Var(range(n), bounds=(0, 2))
    M.o = pyo.Objective(expr=sum(c[j] * M.x[j] for j in range(n)), sense=pyo.maximize)
    M.r = pyo.Constraint(range(m), rule=lambda M, i: sum(vals[i, q] * M.x[cols[i, q]] for q in range(k)) <= b[i])
    pyo.SolverFactory("appsi_highs").solve(M)
""",
    "pulp (HiGHS)": """
import pulp
    P = pulp.LpProblem("p", pulp.LpMaximize); x = [pulp.LpVariable(f"x{{j}}", 0, 2) for j in range(n)]
    P += pulp.lpDot(c, x)
    for i in range(m): P += pulp.lpSum(vals[i, q] * x[cols[i, q]] for q in range(k)) <= b[i]
    P.solve(pulp.HiGHS(msg=False))
""",
    "pyscipopt": """
import pyscipopt
    M = pyscipopt.Model(); M.hideOutput(); x = [M.addVar(f"x{{j}}", ub=2) for j in range(n)]
    M.setObjective(pyscipopt.quicksum(c[j] * x[j] for j in range(n)), "maximize")
    for i in range(m): M.addCons(pyscipopt.quicksum(vals[i, q] * x[cols[i, q]] for q in range(k)) <= b[i])
    M.optimize()
""",
    "ortools (GLOP)": """
from ortools.linear_solver import pywraplp
    S = pywraplp.Solver.CreateSolver("GLOP"); x = [S.NumVar(0, 2, f"x{{j}}") for j in range(n)]
    for i in range(m):
        r = S.Constraint(-S.infinity(), b[i])
        for q in range(k): r.SetCoefficient(x[cols[i, q]], vals[i, q])
    for j in range(n): S.Objective().SetCoefficient(x[j], c[j])
    S.Objective().SetMaximization(); S.Solve()
""",
}
SIZES = {
    "100,000 nonzeros": {"m": 2000, "n": 4000, "k": 50, "times": 1},
    "10 rows, 100 times": {"m": 10, "n": 8, "k": 4, "times": 100},
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for size, numbers in SIZES.items():
        for name, body in PROGRAMS.items():
            seconds: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(rounds):
                for hooked in (False, True):
                    seconds[hooked].append(measured(body, hooked, numbers))
            plain, with_hooks = (statistics.median(seconds[how]) for how in (False, True))
            ratio = with_hooks / plain
            print(f"{size:20} {name:20} plain {plain:7.3f} s, captured {with_hooks:7.3f} s: {ratio:.2f}", flush=True)


def measured(body: str, hooked: bool, numbers: dict[str, int]) -> float:
    """Seconds of one program in a new process."""
    first, _, rest = body.strip().partition("\n")
    work = "\n".join("    " + line for line in rest.splitlines()).format()
    head = HEAD.format(hooked=hooked).replace("import numpy", f"{first}\nimport numpy")
    source = head + work + FOOT.format(**numbers)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
