"""gurobipy: linear, quadratic and nonlinear models, indicators, semicontinuous variables, priorities natively."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.patterns import atom, bends, ordered_set, switch
from solvers.emit.pieces import SHOW
from solvers.emit.script import Script
from solvers.emit.text import quoted
from solvers.expression import free_names, parse
from solvers.expression.nodes import Aggregate, Call, Compare, Expr, Generator, Name
from solvers.formulation import Constraint, Formulation, Variable

if TYPE_CHECKING:
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.reformulate.facts import Facts

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
_STANDS_FOR = '''def stands_for(model, formula):
    """A variable that equals a formula: general constraints take variables only."""
    result = model.addVar(lb=-GRB.INFINITY)
    model.addConstr(result == formula)
    return result
'''
_HELPERS = {
    "nonlinear": '''def nonlinear(model, formula):
    """A variable that equals a nonlinear formula: Gurobi takes these as y = f(x) only."""
    result = model.addVar(lb=-GRB.INFINITY)
    model.addConstr(result == formula)
    return result
''',
    "maximum_of": '''def maximum_of(model, formulas):
    """A variable that equals the greatest of the formulas."""
    result = model.addVar(lb=-GRB.INFINITY)
    model.addConstr(result == gp.max_([stands_for(model, formula) for formula in formulas]))
    return result
''',
    "minimum_of": '''def minimum_of(model, formulas):
    """A variable that equals the least of the formulas."""
    result = model.addVar(lb=-GRB.INFINITY)
    model.addConstr(result == gp.min_([stands_for(model, formula) for formula in formulas]))
    return result
''',
    "piecewise": '''def piecewise(model, formula, points, values):
    """A variable that equals a piecewise linear function of a formula between the first point and the last."""
    at = model.addVar(lb=points[0], ub=points[-1])
    model.addConstr(at == formula)
    result = model.addVar(lb=-GRB.INFINITY)
    model.addGenConstrPWL(at, result, points, values)
    return result
''',
    "absolute_value": '''def absolute_value(model, formula):
    """A variable that equals the absolute value of the formula."""
    result = model.addVar()
    model.addConstr(result == gp.abs_(stands_for(model, formula)))
    return result
''',
}
_EXTREME = {"min": "minimum_of", "max": "maximum_of"}


class Gurobipy(Dialect):
    """The dialect."""

    def capabilities_for(self, formulation: Formulation) -> frozenset[str]:
        """With general constraints for abs, min and max where these are not convex; a convex one is better in rows."""
        bent = bends(formulation)
        return self.capabilities | {"abs", "minmax", "piecewise"} if bent else self.capabilities

    def takes(self, constraint: Constraint, facts: Facts) -> bool:
        """Indicators: a linear comparison under one binary variable."""
        match parse(constraint.expr):
            case Call("implies", (test, then)):
                return switch(test, facts) is not None and atom(then, facts)
        return False

    def rule(self, script: Script, node: Expr, scope: Scope) -> list[str] | None:
        match node:
            case Call("implies", (test, Compare((left, right), (op,)))):
                found = switch(test, script.prepared.facts)
                if found is None or script.printer.is_data(node, scope):
                    return None
                cell = script.printer.code(found[0], scope, 9)
                row = script.rules.relation(left, op, right, dict(scope))
                rules, inner = script.rules, dict(scope)
                if not (rules.holds_variable(left, inner) or rules.holds_variable(right, inner)):
                    # A condition takes an expression: two numbers compare to a bare truth.
                    row = f"gp.LinExpr{row}" if row.startswith("(") else f"gp.LinExpr() + {row}"
                name = script.rules.name(dict(scope)) or ""
                return [self.row(script, f"({cell} == {int(found[1])}) >> ({row})", name)]
        members = ordered_set(node, script.prepared.facts)
        if members is not None:
            kind, variable, generators = members
            loops, within = script.printer.loops(generators, scope)
            return [f"model.addSOS(GRB.SOS_TYPE{kind}, [{script.printer.code(variable, within)} {loops}])"]
        return None

    def special(self, printer: Printer, node: Expr, scope: Scope) -> tuple[str, int] | None:
        match node:
            case Call("min" | "max" as func, args):
                listed = ", ".join(printer.code(arg, scope) for arg in args)
                return f"{_EXTREME[func]}(model, [{listed}])", 9
            case Aggregate("min" | "max" as func, args, generators):
                loops, inner = printer.loops(generators, scope)
                return f"{_EXTREME[func]}(model, ({printer.code(args[0], inner)} {loops}))", 9
            case Call("abs", (arg,)):
                return f"absolute_value(model, {printer.code(arg, scope)})", 9
            case Call("piecewise", (arg, *tables)):
                series = [self._series(printer, table, scope) for table in tables]
                if None not in series:
                    return f"piecewise(model, {printer.code(arg, scope)}, {', '.join(map(str, series))})", 9
        return None

    @staticmethod
    def _series(printer: Printer, node: Expr, scope: Scope) -> str | None:
        """The cells of a parameter along its last axis, as a list."""
        found = printer.facts.series(node)
        if found is None:
            return None
        cell, axis = found
        index = "k"
        while index in scope or index in free_names(node):
            index += "_"
        loops, inner = printer.loops((Generator((index,), Name(axis)),), scope)
        return f"[{printer.code(cell(Name(index)), inner)} {loops}]"

    def imports(self, script: Script) -> list[str]:
        used = ["GRB", *(["nlfunc"] if "nlfunc." in script.body else [])]
        return ["import gurobipy as gp", f"from gurobipy import {', '.join(used)}"]

    def helpers(self, script: Script) -> list[str]:
        used = [text for name, text in _HELPERS.items() if script.uses(name)]
        return [_STATUS, *([_STANDS_FOR] if any("stands_for" in text for text in used) else []), *used]

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
        return ""

    def value_of(self, script: Script, code: str) -> str:
        return f"{code}.getValue()"

    def objective_value(self, script: Script) -> str:
        return "model.ObjVal"


def _named(name: str) -> str:
    return f", name={name}" if name else ""


DIALECT = Gurobipy(
    name="gurobipy", title="gurobipy", install="pip install gurobipy",
    capabilities=frozenset(
        {"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic", "nonlinear", "indicator", "sos"}
    ),
    sum_name="gp.quicksum", alternatives="scip or pyomo", most_rank=3, bare_numbers=True,
    functions={name: f"nlfunc.{name}" for name in ("exp", "log", "sqrt", "sin", "cos")},
    reserved=frozenset({"gp", "GRB", "nlfunc", "STATUS", "environment", "stands_for", *_HELPERS}),
)


class GurobipyScript(Script):
    """Reads values as gurobipy has them."""

    show = SHOW.replace("(name, variables, value)", "(name, variables)").replace("value(variable)", "variable.X")


SCRIPT = GurobipyScript
