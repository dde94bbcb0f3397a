"""highspy: HiGHS through its own modelling layer, for linear and mixed-integer models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.expression import parse
from solvers.expression.nodes import BinOp, Expr
from solvers.formulation import Formulation, Variable
from solvers.reformulate.build import number

if TYPE_CHECKING:
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.emit.script import Script

_KIND = {"integer": "kInteger", "binary": "kInteger", "semicontinuous": "kSemiContinuous",
         "semi-integer": "kSemiInteger"}
_STATUS = """STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible_or_unbounded",
}
"""


class Highspy(Dialect):
    """The dialect."""

    def capabilities_for(self, formulation: Formulation) -> frozenset[str]:
        """HiGHS takes semicontinuous variables from 0 on only: others get a switch."""
        semi = [v for v in formulation.variables if v.domain in ("semicontinuous", "semi-integer")]
        lows = [number(parse(v.lower)) for v in semi if v.lower is not None]
        odd = any(low is None or low < 0 for low in lows)
        return self.capabilities - {"semicontinuous"} if odd else self.capabilities

    def imports(self, script: Script) -> list[str]:
        return ["import highspy"]

    def helpers(self, script: Script) -> list[str]:
        return [_STATUS]

    def create(self, script: Script) -> list[str]:
        lines = ["model = highspy.Highs()", "model.silent()"]
        return [*lines, "model.setOptionValue(\"mip_rel_gap\", 1e-6)"] if script.has_integers else lines

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        named = "" if not name else f"name={name}"
        if item.domain == "binary" and bounds.lower in (None, "0") and bounds.upper in (None, "1"):
            return f"model.addBinary({named})"
        low, high = bounds.lower, bounds.upper
        if item.domain == "binary":
            low, high = (f"max(0, {low})" if low else "0"), (f"min(1, {high})" if high else "1")
        parts = [] if low == "0" else [f"lb={low or '-highspy.kHighsInf'}"]
        parts += [f"ub={high}"] if high else []
        if item.domain in ("integer", "binary"):
            return f"model.addIntegral({', '.join([*parts, *([named] if named else [])])})"
        if item.domain != "continuous":
            parts.append(f"type=highspy.HighsVarType.{_KIND[item.domain]}")
        return f"model.addVariable({', '.join([*parts, *([named] if named else [])])})"

    def special(self, printer: Printer, node: Expr, scope: Scope) -> tuple[str, int] | None:
        """highspy does not divide: a quotient is written as a product."""
        match node:
            case BinOp("/", left, right) if printer.is_data(right, scope):
                return f"{printer.code(left, scope, 6)} * (1 / {printer.code(right, scope, 7)})", 6
        return None

    def row(self, script: Script, row: str, name: str) -> str:
        return f"model.addConstr({row}{_named(name)})"

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        return f"model.addConstr({low} <= {body} <= {high}{_named(name)})"

    def expression(self, code: str) -> str:
        return f"model.expr({code})"

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        return [f"model.{'maximize' if sense == 'max' else 'minimize'}({code})"]

    def solve(self, script: Script) -> list[str]:
        return ['status = STATUS.get(model.getModelStatus(), "unknown")']

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "model.val"

    def objective_value(self, script: Script) -> str:
        return "model.getObjectiveValue()"


def _named(name: str) -> str:
    return f", name={name}" if name else ""


DIALECT = Highspy(
    name="highspy", title="highspy", install="pip install highspy",
    capabilities=frozenset({"linear", "integer", "semicontinuous"}),
    sum_name="model.qsum", alternatives="pyomo, scip or gurobipy", reserved=frozenset({"highspy", "STATUS"}),
)
