"""gurobipy: linear, quadratic and nonlinear models, indicators, semicontinuous variables, priorities natively."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.text import quoted
from solvers.formulation import Variable

if TYPE_CHECKING:
    from solvers.emit.script import Script

_TYPE = {"integer": "INTEGER", "binary": "BINARY", "semicontinuous": "SEMICONT", "semi-integer": "SEMIINT"}
_STATUS = """STATUS = {
    GRB.OPTIMAL: "optimal",
    GRB.INFEASIBLE: "infeasible",
    GRB.INF_OR_UNBD: "infeasible_or_unbounded",
    GRB.UNBOUNDED: "unbounded",
    GRB.TIME_LIMIT: "time_limit",
    GRB.SUBOPTIMAL: "suboptimal",
}
"""
_NONLINEAR = '''def nonlinear(model, formula):
    """A variable that equals a nonlinear formula: Gurobi takes these as y = f(x) only."""
    result = model.addVar(lb=-GRB.INFINITY)
    model.addConstr(result == formula)
    return result
'''


class Gurobipy(Dialect):
    """The dialect."""

    def imports(self, script: Script) -> list[str]:
        used = ["GRB", *(["nlfunc"] if "nlfunc." in script.body else [])]
        return ["import gurobipy as gp", f"from gurobipy import {', '.join(used)}"]

    def helpers(self, script: Script) -> list[str]:
        return [_STATUS, *([_NONLINEAR] if script.uses("nonlinear") else [])]

    def create(self, script: Script) -> list[str]:
        name = script.formulation.name
        lines = [
            'environment = gp.Env(params={"OutputFlag": 0})',
            f"model = gp.Model({quoted(name)}, env=environment)" if name.isidentifier() else
            "model = gp.Model(env=environment)",
        ]
        if script.has_integers:
            lines.append("model.Params.MIPGap = 1e-6")
        return lines

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        low, high = bounds.lower, bounds.upper
        if item.domain == "binary":
            low, high = (None if low in (None, "0") else low), (None if high == "1" else high)
        else:
            low = None if low == "0" else low or "-GRB.INFINITY"
        parts = [f"lb={low}"] if low else []
        parts += [f"ub={high}"] if high else []
        parts += [f"vtype=GRB.{_TYPE[item.domain]}"] if item.domain in _TYPE else []
        parts += [f"name={name}"] if name else []
        return f"model.addVar({', '.join(parts)})"

    def row(self, script: Script, row: str, name: str) -> str:
        return f"model.addConstr({row}{_named(name)})"

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        if script.rank > 1:
            return f"model.addConstr({low} <= {body}{_named(name)})\nmodel.addConstr({body} <= {high}{_named(name)})"
        return f"model.addRange({body}, {low}, {high}{_named(name)})"

    def nonlinear(self, script: Script, code: str) -> str:
        return f"nonlinear(model, {code})"

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        return [f"model.setObjective({code}, GRB.{'MAXIMIZE' if sense == 'max' else 'MINIMIZE'})"]

    def solve(self, script: Script) -> list[str]:
        return ["model.optimize()", 'status = STATUS.get(model.Status, "unknown")']

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "lambda variable: variable.X"

    def value_of(self, script: Script, code: str) -> str:
        return f"{code}.getValue()"

    def objective_value(self, script: Script) -> str:
        return "model.ObjVal"


def _named(name: str) -> str:
    return f", name={name}" if name else ""


DIALECT = Gurobipy(
    name="gurobipy", title="gurobipy", install="pip install gurobipy",
    capabilities=frozenset({"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic", "nonlinear"}),
    sum_name="gp.quicksum", alternatives="scip or pyomo", most_rank=3, bare_numbers=True,
    functions={name: f"nlfunc.{name}" for name in ("exp", "log", "sqrt", "sin", "cos")},
    reserved=frozenset({"gp", "GRB", "nlfunc", "STATUS", "nonlinear", "environment"}),
)
