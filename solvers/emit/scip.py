"""PySCIPOpt: SCIP's Python interface, for mixed-integer and nonlinear models, solved globally."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.patterns import ordered_set, switch
from solvers.expression.nodes import Call, Compare, CompareOp, Expr
from solvers.formulation import Variable

if TYPE_CHECKING:
    from solvers.emit.kinds import Scope
    from solvers.emit.script import Script

_TYPE = {"integer": "I", "binary": "B"}


class Scip(Dialect):
    """The dialect."""

    def rule(self, script: Script, node: Expr, scope: Scope) -> list[str] | None:
        printer, facts = script.printer, script.prepared.facts
        members = ordered_set(node, facts)
        if members is not None:
            kind, variable, generators = members
            loops, within = printer.loops(generators, scope)
            return [f"model.addConsSOS{kind}([{printer.code(variable, within)} {loops}])"]
        match node:
            case Call("implies", (test, Compare((left, right), (op,)))) if not printer.is_data(node, scope):
                found = switch(test, facts)
                if found is None:
                    return None
                # SCIP takes one inequality under a condition: an equation is two.
                ops: tuple[CompareOp, ...] = ("<=", ">=") if op == "==" else (op,)
                active = "" if found[1] else ", activeone=False"
                cell, inner = printer.code(found[0], scope), dict(scope)
                rows = [script.rules.relation(left, each, right, inner) for each in ops]
                return [f"model.addConsIndicator({row}, {cell}{active}"
                        f"{_named(script.rules.name(inner) or '')})" for row in rows]
        return None

    def imports(self, script: Script) -> list[str]:
        used = {"Model", *(name for name in (*self.functions.values(), "quicksum") if script.uses(name))}
        return [f"from pyscipopt import {', '.join(sorted(used, key=str.lower))}"]

    def helpers(self, script: Script) -> list[str]:
        return [_STATUS]

    def create(self, script: Script) -> list[str]:
        lines = ["model = Model()", "model.hideOutput()"]
        return [*lines, 'model.setParam("limits/gap", 1e-6)'] if script.rank > 1 else lines

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        parts = [] if not name else [f"name={name}"]
        if item.domain in _TYPE:
            parts.append(f'vtype="{_TYPE[item.domain]}"')
        low, high = bounds.lower, bounds.upper
        if item.domain == "binary":
            low, high = (None if low == "0" else low), (None if high == "1" else high)
            parts += [f"lb={low}"] if low else []
            parts += [f"ub={high}"] if high else []
        else:
            parts += [] if low == "0" else [f"lb={low}"]
            parts += [f"ub={high}"] if high else []
        return f"model.addVar({', '.join(parts)})"

    def row(self, script: Script, row: str, name: str) -> str:
        return f"model.addCons({row}{_named(name)})"

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        return f"model.addCons(({low} <= {body}) <= {high}{_named(name)})"

    def expression(self, code: str) -> str:
        return f"quicksum([{code}])"

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        word = "maximize" if sense == "max" else "minimize"
        if script.objective_rank < 2:
            return [f'model.setObjective({code}, "{word}")']
        return [
            "# SCIP's objective is linear: a variable stands for a nonlinear one.",
            "goal = model.addVar(lb=None)",
            f"model.addCons(goal {'<=' if sense == 'max' else '>='} {code})",
            f'model.setObjective(goal, "{word}")',
        ]

    def solve(self, script: Script) -> list[str]:
        return ["model.optimize()", "status = STATUS.get(model.getStatus(), model.getStatus())"]

    def hold(self, script: Script, row: str) -> list[str]:
        return ["model.freeTransform()", self.row(script, row, "")]

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "model.getVal"

    def objective_value(self, script: Script) -> str:
        return "model.getObjVal()"


_STATUS = """# SCIP's words for how a solve ended, where ours differ.
STATUS = {"gaplimit": "optimal", "inforunbd": "infeasible_or_unbounded", "timelimit": "time_limit"}
"""


def _named(name: str) -> str:
    return f", name={name}" if name else ""


DIALECT = Scip(
    name="scip", title="PySCIPOpt", install="pip install pyscipopt",
    capabilities=frozenset(
        {"linear", "integer", "convex_quadratic", "quadratic", "nonlinear", "indicator", "sos"}
    ),
    sum_name="quicksum", alternatives="pyomo or gurobipy", most_rank=3,
    functions={"exp": "exp", "log": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos"},
    reserved=frozenset({"Model", "quicksum", "exp", "log", "sqrt", "sin", "cos", "STATUS", "goal"}),
)
