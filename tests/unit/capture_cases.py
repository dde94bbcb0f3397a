"""Programs for each solver library: what they build is small enough that its optimum is known by hand."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A program, and for each of its solves the termination and the value (None for none)."""

    source: str
    solves: tuple[tuple[str, float | None], ...]
    error: str = ""


def one(source: str, termination: str, value: float | None = None, error: str = "") -> Case:
    return Case(source, ((termination, value),), error)


def optimal(source: str, *values: float) -> Case:
    return Case(source, tuple(("optimal", value) for value in values))


_PULP = """
import pulp
from pulp import *
def shop(sense=LpMaximize, cat="Continuous"):
    p = LpProblem("shop", sense)
    x = LpVariable("x", 0, 4); y = LpVariable("y", 0, cat=cat)
    return p, x, y
def say(p, *vs):
    print(LpStatus[p.status], p.objective is not None and value(p.objective), [v.varValue for v in vs])
"""
_SOLVERS = {"substituted": "PULP_CBC_CMD(msg=False)", "genuine": "HiGHS(msg=False)"}


def _pulp(solver: str) -> dict[str, Case]:
    run = f"p.solve({solver}); say(p, x, y)\n"
    head = _PULP + "p, x, y = shop()\n"
    whole = _PULP + "p, x, y = shop(cat='Integer')\n"
    return {
        "lp with a constant": optimal(head + "p += 3*x + 2*y + 5\np += x + y <= 7.5, 'cap'\n" + run, 24.0),
        "mip": optimal(whole + "p += 3*x + 2*y\np += x + 2*y <= 7.5, 'cap'\n" + run, 15.5 - 1.0),
        "minimise": optimal(_PULP + "p, x, y = shop(LpMinimize)\np += x + y\np += x + 2*y >= 3\n" + run, 1.5),
        "infeasible": one(head + "p += x\np += x >= 5\n" + run, "infeasible"),
        "unbounded": one(head + "p += y\np += x <= 1\n" + run, "unbounded"),
        "no objective": optimal(head + "p += x + y == 3\n" + run, 0.0),
        "repeated and cancelled terms": optimal(head + "p += x + x + y - y\np += x + x + x <= 6\np += y <= 1\n" + run, 4.0),
        "free and fixed": optimal(
            _PULP + "p, x, y = shop(LpMinimize)\nz = LpVariable('z')\nw = LpVariable('w', 2, 2)\n"
            "p += x + z\np += z >= -3 + w\n" + run, -1.0),
        "solved again after changes": optimal(
            head + "p += x + y\np += x + 2*y <= 6\n" + run + "p += y <= 0.5\n" + run
            + "p.constraints.pop('_C2')\np.setObjective(y)\n" + run, 5.0, 4.5, 3.0),
        "sets": optimal(head + "p += x + y\np += y <= 3\np.sos1 = {'s': {x: 1, y: 2}}\n" + run, 4.0),
        "names that are not plain": optimal(
            _PULP + "p, x, y = shop()\nz = LpVariable.dicts('a b', [('u', 1), ('v', 2)], 0, 1)\n"
            "p += lpSum(z.values())\np += x + y <= 1\n" + run, 2.0),
    }  # fmt: skip


PULP = {f"{name} ({how})": case for how, solver in _SOLVERS.items() for name, case in _pulp(solver).items()
        if not (how == "genuine" and name == "sets")}  # fmt: skip
PULP["repeated names (substituted)"] = Case(
    _PULP + "p, x, y = shop()\nz = LpVariable('x')\np += x + z + y\np.solve()\n", (), "PulpError")
PULP["two objectives in sequence (substituted)"] = optimal(
    _PULP + "p, x, y = shop()\np += x + y <= 6\np.sequentialSolve([x, y], solver=GLPK_CMD(msg=False)); say(p, x, y)\n",
    4.0, 2.0)  # fmt: skip
PULP["no solver asked for (substituted)"] = optimal(_PULP + "p, x, y = shop()\np += x\np += x+y <= 3\np.solve(); say(p, x, y)\n", 3.0)

_HIGHS = """
import highspy, numpy as np
h = highspy.Highs(); h.setOptionValue("output_flag", False)
def say():
    print(h.getModelStatus().name, h.getObjectiveValue(), list(h.getSolution().col_value))
"""
_HESSIAN = """
q = highspy.HighsHessian(); q.dim_ = 2; q.format_ = highspy.HessianFormat.kTriangular
q.start_ = np.array([0, 2, 3]); q.index_ = np.array([0, 1, 1]); q.value_ = np.array([2.0, 1.0, 2.0])
h.passHessian(q)
"""
_TWO = _HIGHS + "x = h.addVariable(0, 4, name='x'); y = h.addIntegral(0, 9, name='y')\n"
HIGHSPY = {
    "mip with a constant": optimal(_TWO + "h.addConstr(x + 2*y <= 7.5, name='cap')\nh.maximize(3*x + 2*y + 5)\nsay()\n", 19.5),
    "changed between solves": optimal(
        _TWO + "c = h.addConstr(x + 2*y <= 7)\nh.maximize(3*x + 5*y)\nsay()\nh.addConstr(x <= 2.5)\nh.run()\nsay()\n"
        "h.changeColCost(0, 10.0)\nh.solve()\nsay()\n", 19.0, 18.0, 35.0),
    "infeasible": one(_TWO + "h.addConstr(x + y >= 20)\nh.minimize(x)\nsay()\n", "infeasible"),
    "unbounded": one(_HIGHS + "x = h.addVariable(0, h.inf)\nh.maximize(x)\nsay()\n", "unbounded"),
    "quadratic": optimal(
        _HIGHS + "x = h.addVariable(0, 9); y = h.addVariable(0, 9)\nh.addConstr(x + y >= 2)\n" + _HESSIAN + "h.run()\nsay()\n", 3.0),
    "arrays by column": optimal(
        _HIGHS + "lp = highspy.HighsLp(); lp.num_col_ = 2; lp.num_row_ = 2; lp.sense_ = highspy.ObjSense.kMaximize\n"
        "lp.col_cost_ = np.array([1.0, 2.0]); lp.col_lower_ = np.zeros(2); lp.col_upper_ = np.array([3.0, 1e30])\n"
        "lp.row_lower_ = np.array([-1e30, 1.0]); lp.row_upper_ = np.array([4.0, 1.0]); lp.offset_ = 10.0\n"
        "lp.a_matrix_.start_ = np.array([0, 2, 3]); lp.a_matrix_.index_ = np.array([0, 1, 0])\n"
        "lp.a_matrix_.value_ = np.array([1.0, 1.0, 1.0]); h.passModel(lp); h.run()\nsay()\n", 17.0),
    "semicontinuous": optimal(
        _HIGHS + "x = h.addVariable(2, 5); h.changeColIntegrality(0, highspy.HighsVarType.kSemiContinuous)\n"
        "y = h.addVariable(0, 9)\nh.addConstr(x + y == 3)\nh.minimize(2*x + 3*y)\nsay()\n", 6.0),
    "no columns or rows": optimal(_HIGHS + "h.run()\nsay()\n", 0.0),
    "a time limit of nothing": one(
        _TWO + "h.addConstr(x + 2*y <= 7.5)\nh.setOptionValue('time_limit', 0.0)\nh.setOptionValue('presolve', 'off')\n"
        "h.maximize(3*x + 2*y)\nprint(h.getModelStatus().name)\n", "time_limit"),
    "in a thread of its own": optimal(_TWO + "h.HandleKeyboardInterrupt = True\nh.addConstr(x + y <= 5)\nh.maximize(x + y)\nsay()\n", 5.0),
}  # fmt: skip

_SCIP = """
from pyscipopt import Model, quicksum, exp, log, sqrt
m = Model("m"); m.hideOutput()
def say(*vs):
    print(m.getStatus(), m.getNSols() > 0 and round(m.getObjVal(), 5))
"""
_XY = _SCIP + "x = m.addVar('x', ub=4); y = m.addVar('y', vtype='I', ub=9)\n"
_UP = "m.setObjective(3*x + 2*y + 5, 'maximize')\nm.optimize()\nsay()\n"
SCIP = {
    "mip with a constant": optimal(_XY + "m.addCons(x + 2*y <= 7.5, 'cap')\n" + _UP, 19.5),
    "changed between solves": optimal(
        _XY + "c = m.addCons(x + 2*y <= 7.5, 'cap')\n" + _UP + "m.freeTransform()\nm.chgRhs(c, 3.5)\n" + _UP
        + "m.freeTransform()\nm.delCons(c)\n" + _UP, 19.5, 15.5, 35.0),
    "infeasible": one(_XY + "m.addCons(x + y >= 20)\n" + _UP, "infeasible"),
    "unbounded": one(_SCIP + "x = m.addVar()\nm.setObjective(x, 'maximize')\nm.optimize()\nsay()\n", "unbounded"),
    "quadratic row": optimal(_XY + "m.addCons(x*x + y*y <= 8)\nm.setObjective(x + y, 'maximize')\nm.optimize()\nsay()\n", 4.0),
    "nonlinear": optimal(
        _SCIP + "x = m.addVar(lb=0.1, ub=4); t = m.addVar(lb=None)\nm.addCons(t >= x*exp(x) - 2*log(x) + sqrt(x)/x + abs(x - 1)"
        " + x**1.5 + x**3)\nm.addCons(x >= 1)\nm.setObjective(t)\nm.optimize()\nsay()\n", 5.718281828),
    "expressions that change afterwards": optimal(
        _XY + "e = x*y\nc = m.addCons(e <= 6)\ne += 100*x\nm.setObjective(x + y, 'maximize')\nm.optimize()\nsay()\n", 9 + 2/3),
    "indicators": optimal(
        _XY + "b = m.addVar('b', vtype='B')\nm.addConsIndicator(x <= 1, b, name='i1')\nm.addConsIndicator(y >= 2, b, activeone=False)\n"
        "m.addCons(y <= 1)\nm.setObjective(x + y - b, 'maximize')\nm.optimize()\nsay()\n", 1.0),
    "sets and logic": optimal(
        _SCIP + "v = [m.addVar(f'v{k}', ub=k + 1) for k in range(4)]\nb = [m.addVar(f'b{k}', vtype='B') for k in range(3)]\n"
        "r = m.addVar('r', vtype='B')\nm.addConsSOS1(v[:2], [1, 2])\nm.addConsSOS2([v[0], v[2], v[3]])\nm.addConsAnd(b[:2], r)\n"
        "m.addConsXor(b, True)\nm.addConsCardinality(v, 2)\nm.addConsKnapsack(b, [2, 2, 3], 5)\n"
        "m.setObjective(quicksum(v) + 10*r + quicksum(b), 'maximize')\nm.optimize()\nsay()\n", 8.0),
    "disjunction": optimal(
        _XY + "m.addConsDisjunction([x <= 1, y <= 2])\nm.addConsLogicor([m.addVar(vtype='B')])\nm.setObjective(x + y, 'maximize')\nm.optimize()\nsay()\n", 10.0),
    "free and fixed": optimal(_SCIP + "x = m.addVar(lb=None); z = m.addVar(lb=2, ub=2)\nm.addCons(x >= z - 5)\nm.setObjective(x)\nm.optimize()\nsay()\n", -3.0),
    "no objective": optimal(_XY + "m.addCons(x + y == 3)\nm.optimize()\nsay()\n", 0.0),
    "repeated terms": optimal(_XY + "m.addCons(x + x + x <= 6)\nm.setObjective(x + x - y + y, 'maximize')\nm.optimize()\nsay()\n", 4.0),
    "a time limit of nothing": one(_XY + "m.addCons(x*y <= 3)\nm.setParam('limits/time', 0)\n" + _UP, "time_limit"),
    "variables of one name": optimal(
        _SCIP + "v = [m.addVar('x', ub=k) for k in (1, 2, 3)]\nm.addCons(v[0] + 2*v[1] + 4*v[2] <= 9, 'c')\nm.addCons(v[1]*v[2] <= 3, 'c')\n"
        "m.setObjective(v[0] + v[1] + 3*v[2], 'maximize')\nm.optimize()\nsay()\n", 7.0),
    "what is not held: rows of the program's own": Case(
        "from pyscipopt import Conshdlr, SCIP_RESULT\n" + _XY + "class Own(Conshdlr):\n    def conscheck(self, *a, **k):\n        return {'result': SCIP_RESULT.FEASIBLE}\n"
        "    consenfolp = consenfops = conscheck\n    def conslock(self, *a):\n        pass\n"
        "m.includeConshdlr(Own(), 'own', 'of the program', needscons=False)\nm.setObjective(x, 'maximize')\nm.optimize()\nsay()\n", (("optimal", 4.0),)),
    "what is not held": one(
        _XY + "m.addConsCumulative([y], [2], [1], 3)\nm.setObjective(x + y, 'maximize')\nm.optimize()\nsay()\n", "optimal", 13.0),
}  # fmt: skip

_PYOMO = """
import pyomo.environ as pyo
def shop(domain=pyo.NonNegativeReals):
    m = pyo.ConcreteModel("shop")
    m.I = pyo.Set(initialize=["a", "b"])
    m.x = pyo.Var(m.I, bounds=(0, 4), domain=domain)
    m.o = pyo.Objective(expr=3*m.x["a"] + 2*m.x["b"] + 5, sense=pyo.maximize)
    return m
def say(r, m):
    print(r.solver.status, r.solver.termination_condition, [v.value for v in m.component_data_objects(pyo.Var)], m.o())
"""


def _pyomo(solver: str) -> dict[str, Case]:
    run = f"r = pyo.SolverFactory('{solver}').solve(m); say(r, m)\n"
    head, whole = _PYOMO + "m = shop()\n", _PYOMO + "m = shop(pyo.NonNegativeIntegers)\n"
    row = "m.c = pyo.Constraint(expr=m.x['a'] + 2*m.x['b'] <= 7.5)\n"
    return {
        "lp with a constant": optimal(head + row + run, 20.5),
        "mip": optimal(whole + row + run, 19.0),
        "fixed and changed between solves": optimal(
            head + row + run + "m.x['a'].fix(1)\n" + run + "m.x['a'].unfix(); m.c.deactivate(); m.d = pyo.Constraint("
            "expr=(1, m.x['a'] + m.x['b'] + m.x['a'] - m.x['a'], 2))\n" + run, 20.5, 14.5, 11.0),
        "duals": optimal(head + row + "m.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)\n" + run + "print(m.dual[m.c])\n", 20.5),
    }  # fmt: skip


_INFEASIBLE = _PYOMO + "m = shop()\nm.c = pyo.Constraint(expr=m.x['a'] >= 5)\n"
_GENUINE = {f"{name} ({solver})": case for solver in ("appsi_highs", "highs") for name, case in _pyomo(solver).items()}
_MISSING = {f"{name} ({solver})": case for solver in ("glpk", "gurobi") for name, case in _pyomo(solver).items()}
PYOMO = _GENUINE | {
    "infeasible (appsi_highs)": one(_INFEASIBLE + "pyo.SolverFactory('appsi_highs').solve(m)\n", "infeasible", None, "RuntimeError"),
    "solutions loaded later (highs)": optimal(
        _PYOMO + "m = shop()\nm.c = pyo.Constraint(expr=m.x['a'] + m.x['b'] <= 5)\n"
        "r = pyo.SolverFactory('highs').solve(m, load_solutions=False)\nprint(m.x['a'].value)\nm.solutions.load_from(r); print(m.x['a'].value)\n", 19.0),
    "a misspelt solver": Case(_PYOMO + "m = shop()\npyo.SolverFactory('gruobi').solve(m)\n", (), "RuntimeError"),
}  # fmt: skip
PYOMO_SUBSTITUTED = _MISSING | {
    "infeasible (cbc)": one(_INFEASIBLE + "r = pyo.SolverFactory('cbc').solve(m)\nassert r.solver.termination_condition == 'infeasible'\n", "infeasible"),
    "unbounded (glpk)": one(
        _PYOMO + "m = pyo.ConcreteModel(); m.x = pyo.Var(); m.o = pyo.Objective(expr=m.x)\nr = pyo.SolverFactory('glpk').solve(m)\n"
        "assert r.solver.termination_condition == pyo.TerminationCondition.unbounded\n", "unbounded"),
    "nonlinear (ipopt)": optimal(
        _PYOMO + "m = pyo.ConcreteModel(); m.x = pyo.Var(bounds=(0.1, 5), initialize=1); m.y = pyo.Var(bounds=(-5, 5), initialize=1)\n"
        "m.o = pyo.Objective(expr=pyo.exp(m.x) + m.y**2 + pyo.sin(m.y) * 0 - 2*m.y)\nm.c = pyo.Constraint(expr=m.x*pyo.log(m.x) >= 0)\n"
        "m.d = pyo.Constraint(expr=m.y*m.x <= 4)\nr = pyo.SolverFactory('ipopt').solve(m, tee=True); say(r, m)\npyo.assert_optimal_termination(r)\n", 1.718281828),
    "sets (cplex)": optimal(
        _PYOMO + "m = shop()\nm.s = pyo.SOSConstraint(var=m.x, sos=1)\nm.c = pyo.Constraint(expr=m.x['a'] <= 2)\nr = pyo.SolverFactory('cplex').solve(m); say(r, m)\n", 13.0),
    "a persistent solver (gurobi_persistent)": optimal(
        _PYOMO + "m = shop()\ns = pyo.SolverFactory('gurobi_persistent'); s.set_instance(m); s.options['TimeLimit'] = 9\nr = s.solve(); say(r, m)\n"
        "m.c = pyo.Constraint(expr=m.x['a'] <= 1); s.add_constraint(m.c); r = s.solve(); say(r, m)\n", 25.0, 16.0),
    "solutions loaded later (cbc)": optimal(
        _PYOMO + "m = shop()\nr = pyo.SolverFactory('cbc').solve(m, load_solutions=False)\nassert m.x['a'].value is None\n"
        "m.solutions.load_from(r); assert m.x['a'].value == 4\n", 25.0),
    "two objectives (glpk)": Case(_PYOMO + "m = shop()\nm.p = pyo.Objective(expr=m.x['a'])\npyo.SolverFactory('glpk').solve(m)\n", (), "ValueError"),
    "an abstract model (glpk)": Case(_PYOMO + "m = pyo.AbstractModel(); m.x = pyo.Var()\npyo.SolverFactory('glpk').solve(m)\n", (), "RuntimeError"),
    "options of newer interfaces (appsi_gurobi)": optimal(
        _PYOMO + "m = shop()\ns = pyo.SolverFactory('appsi_gurobi'); s.config.time_limit = 9; s.gurobi_options['MIPGap'] = 0.0\n"
        "s.update_config.check_for_new_or_removed_vars = False\nsay(s.solve(m), m)\n", 25.0),
    "a block (glpk)": optimal(
        _PYOMO + "m = shop()\nm.b = pyo.Block(); m.b.z = pyo.Var(bounds=(0, 3)); m.b.c = pyo.Constraint(expr=m.b.z <= m.x['a'])\n"
        "m.b.o = pyo.Objective(expr=m.b.z, sense=pyo.maximize); m.x['a'].fix(2)\npyo.SolverFactory('glpk').solve(m.b)\nassert m.b.z.value == 2\n", 2.0),
    "the other modelling layer (glpk)": optimal(
        "import pyomo.kernel as pmo\nm = pmo.block(); m.x = pmo.variable(lb=0, ub=3); m.o = pmo.objective(m.x, sense=pmo.maximize)\n"
        "pmo.SolverFactory('glpk').solve(m)\nassert m.x.value == 3\n", 3.0),
    "a server (cplex)": optimal(_PYOMO + "m = shop()\npyo.SolverManagerFactory('neos').solve(m, opt='cplex')\nassert m.x['a'].value == 4\n", 25.0),
    "piecewise (cbc)": optimal(
        _PYOMO + "m = pyo.ConcreteModel(); m.x = pyo.Var(bounds=(0, 4)); m.y = pyo.Var(); m.o = pyo.Objective(expr=m.y - 0.1*m.x, sense=pyo.maximize)\n"
        "m.p = pyo.Piecewise(m.y, m.x, pw_pts=[0, 1, 3, 4], f_rule=[0, 2, 1, 5], pw_constr_type='EQ', pw_repn='SOS2')\n"
        "pyo.SolverFactory('cbc').solve(m)\n", 4.6),
    "disjunctions made rows (gurobi)": optimal(
        _PYOMO + "import pyomo.gdp as gdp\nm = shop()\nm.d1 = gdp.Disjunct(); m.d1.c = pyo.Constraint(expr=m.x['a'] <= 1)\n"
        "m.d2 = gdp.Disjunct(); m.d2.c = pyo.Constraint(expr=m.x['a'] + m.x['b'] <= 3)\nm.dj = gdp.Disjunction(expr=[m.d1, m.d2])\n"
        "pyo.TransformationFactory('gdp.bigm').apply_to(m); pyo.SolverFactory('gurobi').solve(m)\n", 16.0),
    "what is not held (ipopt)": one(
        _PYOMO + "m = shop()\nm.c = pyo.Constraint(expr=m.x['a'] >= pyo.Expr_if(IF=m.x['b'] >= 0.5, THEN=1, ELSE=2))\n"
        "pyo.SolverFactory('ipopt').solve(m)\n", "error", None, "ApplicationError"),
    "available (scip)": optimal(_PYOMO + "m = shop()\ns = pyo.SolverFactory('scip')\nassert s.available() and s.license_is_valid()\nr = s.solve(m); say(r, m)\n", 25.0),
}  # fmt: skip

_LINEAR = """
from ortools.linear_solver import pywraplp
def shop(name):
    s = pywraplp.Solver.CreateSolver(name)
    x = s.NumVar(0, 4, "x"); y = s.IntVar(0, s.infinity(), "y")
    return s, x, y
def say(s, *vs):
    status = s.Solve(); print(status, status < 2 and [round(s.Objective().Value(), 4), *(round(v.solution_value(), 4) for v in vs)])
"""
_CAP = "s.Add(x + 2*y <= 7.5, 'cap'); s.Maximize(3*x + 2*y + 5)\nsay(s, x, y)\n"
LINEAR_SOLVER = {
    **{f"mip ({name})": optimal(_LINEAR + f"s, x, y = shop('{name}')\n" + _CAP, 19.5) for name in ("SCIP", "CBC", "SAT")},
    "relaxed (GLOP)": optimal(_LINEAR + "s, x, y = shop('GLOP')\n" + _CAP, 20.5),
    "changed between solves": Case(
        _LINEAR + "s, x, y = shop('SCIP')\n" + _CAP + "c = s.Add(x <= 1)\nsay(s)\nc.SetBounds(5, 9)\nsay(s)\n",
        (("optimal", 19.5), ("optimal", 14.0), ("infeasible_or_unbounded", None))),
    "infeasible (CBC)": one(_LINEAR + "s, x, y = shop('CBC')\ns.Add(x + y == -1)\n" + _CAP, "infeasible"),
    "by constraints and coefficients": optimal(
        _LINEAR + "s, x, y = shop('CBC')\nc = s.Constraint(-s.infinity(), 5, 'c'); c.SetCoefficient(x, 1); c.SetCoefficient(y, 1)\n"
        "o = s.Objective(); o.SetCoefficient(y, 2); o.SetOffset(1); o.SetMaximization()\nsay(s, x, y)\n", 11.0),
    "no such solver": Case(_LINEAR + "print(pywraplp.Solver.CreateSolver('nonsense'))\n", ()),
}  # fmt: skip
LINEAR_SUBSTITUTED = {
    **{f"mip ({name})": optimal(_LINEAR + f"s, x, y = shop('{name}')\n" + _CAP, 19.5) for name in ("CPLEX", "GUROBI", "XPRESS_MIXED_INTEGER_PROGRAMMING")},
    "by its type (CPLEX)": optimal(
        _LINEAR + "s = pywraplp.Solver('s', pywraplp.Solver.CPLEX_LINEAR_PROGRAMMING); x = s.NumVar(0, 4, 'x'); s.Maximize(x)\nsay(s, x)\n", 4.0),
}  # fmt: skip
_BUILDER = """
from ortools.linear_solver.python import model_builder as mb
m = mb.Model(); x = m.new_num_var(0, 4, "x"); y = m.new_int_var(0, 10, "y"); b = m.new_bool_var("b")
m.add(x + 2*y <= 7.5, name="cap"); m.maximize(3*x + 2*y + 10*b + 5)
"""
MODEL_BUILDER = {
    "enforced": optimal(_BUILDER + "m.add_enforced(x <= 1, b, True)\ns = mb.Solver('scip'); print(s.solve(m), s.objective_value, s.value(x))\n", 24.0),
    "infeasible": one(_BUILDER + "m.add(x + b >= 6)\nprint(mb.Solver('sat').solve(m))\n", "infeasible"),
}  # fmt: skip
_MATHOPT = """
from ortools.math_opt.python import mathopt
m = mathopt.Model(name="m"); x = m.add_variable(lb=0, ub=4, name="x"); gone = m.add_variable()
y = m.add_integer_variable(lb=0, ub=9, name="y"); m.delete_variable(gone)
cap = m.add_linear_constraint(x + 2*y <= 7.5, name="cap"); m.maximize(3*x + 2*y + 5)
def say(r):
    print(r.termination.reason, r.has_primal_feasible_solution() and r.objective_value())
"""
MATHOPT = {
    **{f"mip ({s})": optimal(_MATHOPT + f"say(mathopt.solve(m, mathopt.SolverType.{s}))\n", 19.5) for s in ("GSCIP", "CP_SAT", "HIGHS")},
    "indicator and quadratic row": optimal(
        _MATHOPT + "b = m.add_binary_variable(name='b'); m.add_indicator_constraint(indicator=b, activate_on_zero=True, implied_constraint=x <= 1)\n"
        "m.add_linear_constraint(b <= 0.5); m.add_quadratic_constraint(x*x + y*y <= 4)\nsay(mathopt.solve(m, mathopt.SolverType.GSCIP))\n", 10.0),
    "quadratic objective": optimal(_MATHOPT + "m.minimize(x*x - 2*x + y*y - y*x)\nsay(mathopt.solve(m, mathopt.SolverType.GSCIP))\n", -1.25),
    "infeasible": one(_MATHOPT + "m.add_linear_constraint(x >= 5)\nsay(mathopt.solve(m, mathopt.SolverType.CP_SAT))\n", "infeasible"),
    "incremental": optimal(
        _MATHOPT + "with mathopt.IncrementalSolver(m, mathopt.SolverType.GSCIP) as s:\n    say(s.solve())\n    x.upper_bound = 1\n    say(s.solve())\n", 19.5, 14.0),
}  # fmt: skip
MATHOPT_SUBSTITUTED = {"mip (GUROBI)": optimal(_MATHOPT + "say(mathopt.solve(m, mathopt.SolverType.GUROBI))\n", 19.5)}

_CVXPY = """
import cvxpy as cp, numpy as np
x = cp.Variable(3, name="x", nonneg=True); y = cp.Variable(integer=True, name="y"); b = cp.Variable((2, 2), name="b", boolean=True)
def say(p, **more):
    v = p.solve(**more); print(p.status, abs(v) < 1e9 and round(v, 4))
"""
_CLARABEL = "solver='CLARABEL'"
CVXPY = {
    "lp": optimal(_CVXPY + f"say(cp.Problem(cp.Maximize(x @ np.array([1, 2, 3.0]) + 5), [cp.sum(x) <= 4, x <= 2]), {_CLARABEL})\n", 15.0),
    "mip": optimal(_CVXPY + "say(cp.Problem(cp.Maximize(cp.sum(b) + y), [cp.sum(b) + y <= 2.5, y >= 0]), solver='HIGHS')\n", 2.0),
    "qp": optimal(_CVXPY + "say(cp.Problem(cp.Minimize(cp.sum_squares(x - np.array([1, 2, -1.0])) + 3), [cp.sum(x) == 2]), solver='OSQP')\n", 4.5),
    "cone": optimal(_CVXPY + f"say(cp.Problem(cp.Minimize(cp.norm(x - np.array([3, 4, 0.0])) + 1), [x <= 0]), {_CLARABEL})\n", 6.0),
    "logarithm": optimal(_CVXPY + f"say(cp.Problem(cp.Maximize(cp.sum(cp.log(x + 1))), [cp.sum(x) == 3]), {_CLARABEL})\n", 2.0794415),
    "infeasible": one(_CVXPY + f"say(cp.Problem(cp.Minimize(x[0]), [x[0] >= 1, x[0] <= 0.5]), {_CLARABEL})\n", "infeasible"),
    "unbounded": one(_CVXPY + f"say(cp.Problem(cp.Maximize(x[0])), {_CLARABEL})\n", "unbounded"),
    "parameters": optimal(
        _CVXPY + "k = cp.Parameter(); p = cp.Problem(cp.Maximize(x[0]), [x[0] <= k])\nfor k.value in (1.0, 2.0):\n    say(p, solver='HIGHS')\n", 1.0, 2.0),
    "what is not held": one(_CVXPY + "say(cp.Problem(cp.Minimize(cp.lambda_max(cp.diag(x))), [cp.sum(x) == 3]), solver='SCS')\n", "optimal", 1.0),
}  # fmt: skip
CVXPY_SUBSTITUTED = {
    "mip (GUROBI)": optimal(_CVXPY + "say(cp.Problem(cp.Maximize(cp.sum(b) + y), [cp.sum(b) + y <= 2.5, y >= 0]), solver=cp.GUROBI, TimeLimit=5)\n", 2.0),
    "mixed cone (MOSEK)": optimal(_CVXPY + "say(cp.Problem(cp.Maximize(cp.sum(b)), [cp.norm(cp.vec(b, order='F')) <= 1.5]), solver='MOSEK')\n", 2.0),
}  # fmt: skip

SCIPY = {
    "linprog": optimal(
        "from scipy.optimize import linprog\nr = linprog([-1, -2], A_ub=[[1, 1]], b_ub=[4], bounds=[(0, 3), (None, 2)])\nprint(r.status, r.fun)\n"
        "print(linprog([1, 1], A_eq=[[1, -1]], b_eq=[1]).fun)\n", -6.0, 1.0),
    "milp": optimal(
        "import numpy as np\nfrom scipy.optimize import milp, LinearConstraint, Bounds\n"
        "print(milp([-1, -2], constraints=LinearConstraint([[1, 1]], -np.inf, 3.5), integrality=[1, 0], bounds=Bounds(0, [3, 2.2])).fun)\n"
        "print(milp([1, 1], constraints=[LinearConstraint([[1, 1]], 5, np.inf), ([[1, 0]], -np.inf, 1)]).fun)\n", -5.4, 5.0),
    "infeasible and unbounded": Case(
        "import scipy.optimize as so\nprint(so.linprog([1], A_ub=[[1]], b_ub=[-1]).status)\nprint(so.linprog([-1]).status)\n",
        (("infeasible", None), ("unbounded", None))),
}  # fmt: skip

GENUINE: dict[str, tuple[str, dict[str, Case]]] = {
    "highspy": ("highspy", HIGHSPY), "scip": ("pyscipopt", SCIP), "pyomo": ("pyomo", PYOMO),
    "linear_solver": ("ortools", LINEAR_SOLVER), "model_builder": ("ortools", MODEL_BUILDER),
    "mathopt": ("ortools", MATHOPT), "cvxpy": ("cvxpy", CVXPY), "scipy": ("scipy", SCIPY),
    "pulp": ("pulp", {name: case for name, case in PULP.items() if "genuine" in name}),
}  # fmt: skip
"""By name: the library that has to be there, and programs whose solver runs itself: nothing may change for them."""
SUBSTITUTED: dict[str, tuple[str, dict[str, Case]]] = {
    "pyomo": ("pyomo", PYOMO_SUBSTITUTED), "linear_solver": ("ortools", LINEAR_SUBSTITUTED),
    "mathopt": ("ortools", MATHOPT_SUBSTITUTED), "cvxpy": ("cvxpy", CVXPY_SUBSTITUTED),
    "pulp": ("pulp", {name: case for name, case in PULP.items() if "substituted" in name}),
}  # fmt: skip
