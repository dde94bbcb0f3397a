"""Where a look-alike differs from the genuine library on purpose, by snippet, and why."""

from __future__ import annotations

UNSUPPORTED = "the look-alike refuses it by name"
DEGENERATE = "the optimum is degenerate: duals are not unique"
GAP = "gurobipy lets earlier objectives worsen by its MIP gap; the look-alike holds them"
DECIDED = "gurobipy's presolve leaves open which of infeasible and unbounded it is; the look-alike says which"
TOLERANCE = "a nonlinear optimum within the solvers' tolerances"
NUMBERS = "numbers that our solvers would misread are refused"
TEXT = "the text of an expression; its value is tested"

GUROBIPY = {
    "m.setObjectiveN(x+z,0,priority=2);;m.setObjectiveN(z,1,priority=1,weight=-1);;m.addConstr(x+z>=3);;m.optimize();;"
    "(round(x.X,4),round(z.X,4))": GAP,
    "m.ModelSense=-1;;m.setObjectiveN(x+y,0,2);;m.setObjectiveN(x-y+3,1,1,-1);;m.addConstr(x+y<=9);;m.addConstr(x<=5);;"
    "m.optimize();;(m.ObjVal,x.X,y.X)": GAP,
    "m.setObjective(x-z,-1);;m.addConstr(x-z>=-5);;m.remove([y,b]);;m.optimize();;m.Status": DECIDED,
    "m.setObjective(x,-1);;m.optimize();;(m.SolCount)": "gurobipy counts a feasible point of an unbounded MIP",
    "m.setObjective(x,-1);;m.remove([y,z,b]);;m.Params.InfUnbdInfo=1;;m.optimize();;x.UnbdRay": UNSUPPORTED,
    "m.remove([y,b]);;m.setObjective(2*x+3*z,-1);;c=m.addConstr(x+z<=4);;d=m.addConstr(x+3*z<=6);;x.ub=3;;m.optimize();;"
    "(m.ObjVal,x.X,z.X,x.RC,z.RC,c.Pi,d.Pi,c.Slack,d.Slack,m.IsMIP,m.ObjBound)": DEGENERATE,
    "m.remove([y,b]);;m.setObjective(2*x+3*z,-1);;c=m.addConstr(x+z<=4);;d=m.addConstr(x+3*z<=6);;x.ub=3;;m.optimize();;"
    "(x.VBasis,z.VBasis,c.CBasis,d.CBasis)": UNSUPPORTED,
    "m.remove([y,b]);;m.setObjective(2*x+3*z,-1);;c=m.addConstr(x+z<=4);;d=m.addConstr(x+3*z<=6);;x.ub=3;;m.optimize();;"
    "(x.SAObjLow,x.SAObjUp,z.SAObjLow,z.SAObjUp,c.SARHSLow,c.SARHSUp,d.SARHSLow,d.SARHSUp,x.SALBLow,x.SALBUp,x.SAUBLow,"
    "x.SAUBUp)": UNSUPPORTED,
    "m.remove([y,b]);;m.setObjective(x+z);;c=m.addConstr(x*z>=4);;m.optimize();;"
    "(m.ObjVal,x.X,m.IsQCP,m.Status,c.QCSlack)": TOLERANCE,
    "m.presolve()": UNSUPPORTED,
    "m.optimize(lambda mm,w: None)": UNSUPPORTED,
    "m.cbLazy(x<=1)": UNSUPPORTED,
    "m.feasRelaxS(2,False,False,True)": UNSUPPORTED,
    "m.getTuneResult(0)": UNSUPPORTED,
    "m.tune()": UNSUPPORTED,
    "m.setObjective(x+y);;m.optimize();;(m.IterCount,m.NodeCount,m.BarIterCount,m.Work)": UNSUPPORTED,
    "m.Params.PoolSearchMode=2;;m.Params.PoolSolutions=3;;m.setObjective(x);;m.optimize();;m.Status": UNSUPPORTED,
    "m.addConstr(x>=float('inf'));;m.optimize();;m.Status": NUMBERS,
    "x.LB=1e30;;m.optimize();;m.Status": NUMBERS,
    "m.addConstr(x*1e16+z>=1);;m.setObjective(z+x);;m.optimize();;round(m.ObjVal,5)": NUMBERS,
    "m.addConstr(x*1e-10+y*x>=1);;m.setObjective(x);;m.optimize();;round(m.ObjVal,4)": NUMBERS,
    "m.addConstr(z==gp.max_([]));;m.optimize();;m.Status": "both refuse it, gurobipy as an invalid argument",
    "m.NumScenarios=2;;m.update();;m.NumScenarios": UNSUPPORTED,
    "m.NumStart=2;;m.update();;m.NumStart": UNSUPPORTED,
    "v=m.addMVar(3);;x*v[0]": TEXT,
    "v=m.addMVar(3);;(2*x)*v[0]": TEXT,
    "nl.signpow(x,3)": TEXT,
    "nl.logistic(x), nl.tanh(x), nl.tan(x), nl.log2(x), nl.log10(x), nl.cos(x)": TEXT,
}  # fmt: skip
