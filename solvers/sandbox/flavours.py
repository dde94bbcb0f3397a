"""Which fork server suits a program: by the libraries that it imports, since some cannot share a process.

highspy from 1.15 and ortools both carry `libhighs.so.1`, and ortools cannot be imported after cvxpy.
"""

from __future__ import annotations

import re

from solvers.sandbox.worker import Flavour

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_][\w. \t,]*)", re.MULTILINE)
_ORTOOLS = (
    "ortools.linear_solver.pywraplp", "ortools.sat.python.cp_model", "ortools.math_opt.python.mathopt",
)  # fmt: skip
_MODULES: dict[str, tuple[str, ...]] = {
    "cvxpy": ("cvxpy",), "ortools": _ORTOOLS, "pyomo": ("pyomo.environ",), "pulp": ("pulp",),
    "pyscipopt": ("pyscipopt",), "gurobipy": ("gurobipy",), "coptpy": ("coptpy",), "scipy": ("scipy.optimize",),
}  # fmt: skip
"""What is imported ahead for each library; the first that a program imports decides."""
_WARM = {
    "cvxpy": """
import cvxpy as cp
x = cp.Variable(2, nonneg=True)
cp.Problem(cp.Minimize(cp.sum(x)), [x[0] + 2 * x[1] >= 2]).solve()
""",
    "ortools": """
from ortools.linear_solver import pywraplp
s = pywraplp.Solver.CreateSolver("SCIP")
x = s.IntVar(0, 4, "x")
s.Add(2 * x <= 5)
s.Maximize(x)
s.Solve()
from ortools.sat.python import cp_model
m = cp_model.CpModel()
y = m.new_int_var(0, 4, "y")
m.add(2 * y <= 5)
m.maximize(y)
cp_model.CpSolver().solve(m)
from ortools.math_opt.python import mathopt
o = mathopt.Model()
z = o.add_variable(lb=0, ub=4)
o.add_linear_constraint(2 * z <= 5)
o.maximize(z)
mathopt.solve(o, mathopt.SolverType.GSCIP)
""",
    "pyomo": """
import pyomo.environ as pyo
for name in ("appsi_highs", "glpk", "gurobi"):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(2), domain=pyo.NonNegativeIntegers)
    m.c = pyo.Constraint(expr=m.x[0] + 2 * m.x[1] <= 5)
    m.o = pyo.Objective(expr=m.x[0] + m.x[1], sense=pyo.maximize)
    pyo.SolverFactory(name).solve(m)
print("total", pyo.value(m.o))
""",
    "pulp": """
import pulp
m = pulp.LpProblem("m", pulp.LpMaximize)
x = pulp.LpVariable("x", 0, 4, "Integer")
m += x
m += 2 * x <= 5
m.solve()
print("total", pulp.value(m.objective))
""",
    "pyscipopt": """
from pyscipopt import Model
m = Model()
x = m.addVar(ub=4, vtype="I")
m.addCons(2 * x <= 5)
m.setObjective(x, "maximize")
m.optimize()
print("total", m.getObjVal())
""",
    "gurobipy": """
import gurobipy as gp
m = gp.Model()
x = m.addVars(2, ub=4, vtype="I")
m.addConstr(x[0] + 2 * x[1] <= 5)
m.setObjective(x.sum(), gp.GRB.MAXIMIZE)
m.optimize()
print("total", m.ObjVal)
""",
    "coptpy": """
import coptpy as cp
m = cp.Envr().createModel("m")
x = m.addVar(ub=4, vtype=cp.COPT.INTEGER)
m.addConstr(2 * x <= 5)
m.setObjective(x, cp.COPT.MAXIMIZE)
m.solve()
print("total", m.objval)
""",
    "scipy": """
from scipy.optimize import linprog, minimize
print("total", linprog([-1, -1], A_ub=[[1, 2]], b_ub=[5]).fun)
""",
    "plain": """
import highspy
h = highspy.Highs()
x = h.addVariable(lb=0, ub=4)
h.maximize(x)
print("total", h.getInfo().objective_function_value)
""",
}  # fmt: skip
"""A small program of each library: what it makes its process import, the fork server imports ahead."""
_BESIDE = ("pandas",)


def flavour_of(source: str, *, genuine: bool = False) -> Flavour:
    """The fork server for a program. Its source is looked through line by line: it is not parsed in our process."""
    names = {
        part.split()[0].split(".")[0]
        for found in _IMPORT.finditer(source) for part in found[1].split(",") if part.split()
    }  # fmt: skip
    main = next((name for name in _MODULES if name in names), "plain")
    beside = tuple(name for name in _BESIDE if name in names)
    label = "+".join((main, *beside, *(["genuine"] if genuine else [])))
    return Flavour(label, (*_MODULES.get(main, ()), *beside), genuine, _WARM[main])
