"""OR-Tools MathOpt: linear and mixed-integer models on HiGHS, quadratic ones on SCIP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.text import quoted
from solvers.expression.nodes import BinOp, Expr, Num
from solvers.formulation import Variable

if TYPE_CHECKING:
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.emit.script import Script


class MathOpt(Dialect):
    """The dialect."""

    def imports(self, script: Script) -> list[str]:
        return ["from ortools.math_opt.python import mathopt"]

    def create(self, script: Script) -> list[str]:
        name = script.formulation.name
        return [f"model = mathopt.Model(name={quoted(name)})" if name.isidentifier() else "model = mathopt.Model()"]

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        named = [] if not name else [f"name={name}"]
        low, high = bounds.lower, bounds.upper
        if item.domain == "binary":
            if low in (None, "0") and high in (None, "1"):
                return f"model.add_binary_variable({', '.join(named)})"
            low, high = (f"max(0, {low})" if low else "0"), (f"min(1, {high})" if high else "1")
        parts = [*([f"lb={low}"] if low else []), *([f"ub={high}"] if high else []), *named]
        kind = "add_variable" if item.domain == "continuous" else "add_integer_variable"
        return f"model.{kind}({', '.join(parts)})"

    def special(self, printer: Printer, node: Expr, scope: Scope) -> tuple[str, int] | None:
        """MathOpt has no powers: a square is written as a product."""
        match node:
            case BinOp("**", base, Num(value)) if value == 2:
                side = printer.code(base, scope, 7)
                return f"{side} * {side}", 6
            case BinOp("**", base, Num(value)) if value == 1:
                return printer.code(base, scope, 9), 9
        return None

    def row(self, script: Script, row: str, name: str) -> str:
        return f"model.{_method(script)}({row}{_named(name)})"

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        return f"model.{_method(script)}(lb={low}, expr={body}, ub={high}{_named(name)})"

    def expression(self, code: str) -> str:
        return f"mathopt.fast_sum([{code}])"

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        return [f"model.{'maximize' if sense == 'max' else 'minimize'}({code})"]

    def solve(self, script: Script) -> list[str]:
        solver = "HIGHS" if script.rank < 2 else "GSCIP"
        gap = "parameters = mathopt.SolveParameters(relative_gap_tolerance=1e-6)"
        given = ", params=parameters" if script.has_integers else ""
        return [
            *([gap] if given else []),
            f"result = mathopt.solve(model, mathopt.SolverType.{solver}{given})",
            "status = result.termination.reason.name.lower()",
        ]

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "result.variable_values"

    def value_of(self, script: Script, code: str) -> str:
        return f"mathopt.evaluate_expression({code}, result.variable_values())"

    def objective_value(self, script: Script) -> str:
        return "result.objective_value()"


def _method(script: Script) -> str:
    quadratic = script.rules.item is not None and script.rules.item_rank > 1
    return "add_quadratic_constraint" if quadratic else "add_linear_constraint"


def _named(name: str) -> str:
    return f", name={name}" if name else ""


DIALECT = MathOpt(
    name="mathopt", title="OR-Tools MathOpt", install="pip install ortools",
    capabilities=frozenset({"linear", "integer", "convex_quadratic", "quadratic"}),
    sum_name="mathopt.fast_sum", alternatives="scip, pyomo or gurobipy", most_rank=2,
    reserved=frozenset({"mathopt", "parameters"}),
)
