"""Small models with known answers, one per feature; every adapter runs all of them or refuses by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi, sqrt

from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable


@dataclass(frozen=True)
class Case:
    """A formulation with its termination, optimum, the adapters that must refuse it, and those that find local optima."""

    name: str
    formulation: Formulation
    termination: str = "optimal"
    objective: float | None = None
    refused_by: frozenset[str] = frozenset()
    local_for: frozenset[str] = frozenset()


I2 = IndexSet("I", elements=("a", "b"))
PROFIT = Parameter("profit", "reward", axes=("I",), cells=(Cell(("a",), 3.0), Cell(("b",), 2.0)))


def _model(
    name: str, sense: str, objective: str | tuple[Term, ...], constraints: dict[str, str], *variables: Variable,
    over: dict[str, tuple[str, ...]] | None = None,
) -> Formulation:  # fmt: skip
    terms = (Term("goal", objective),) if isinstance(objective, str) else objective
    rows = tuple(Constraint(k, v, (over or {}).get(k, ())) for k, v in constraints.items())
    return Formulation(name, Objective(sense, terms), (I2,), (PROFIT,), variables, constraints=rows)  # type: ignore[arg-type]


def _x(domain: str = "continuous", lower: str | None = "0", upper: str | None = None) -> Variable:
    return Variable("x", ("i in I",), domain, lower, upper)  # type: ignore[arg-type]


TOTAL = "sum(profit[i] * x[i] for i in I)"
HIGHS = frozenset({"highs"})

CASES = [
    Case("lp", _model("lp", "max", TOTAL, {"c": "sum(x[i] for i in I) <= 4", "d": "x['a'] <= 3"}, _x()), objective=11),
    Case("lp_free_and_equality", _model("eq", "min", "x['a'] - x['b']", {"c": "x['a'] + x['b'] == 1", "l": "x['b'] <= 5"},
                                        _x(lower=None)), objective=-9),
    Case("lp_range", _model("r", "min", "x['a']", {"c": "-3 <= x['a'] + x['b'] <= -1", "d": "x['b'] <= 1"},
                            _x(lower=None)), objective=-4),
    Case("lp_degenerate", _model("deg", "max", "x['a'] + x['b']", {
        "c": "x['a'] + x['b'] <= 2", "d": "2 * x['a'] + 2 * x['b'] <= 4", "e": "x['a'] <= 2"}, _x()), objective=2),
    Case("lp_constant", _model("const", "min", "x['a'] + 41", {"c": "x['a'] >= 1"}, _x()), objective=42),
    Case("infeasible", _model("inf", "min", "x['a']", {"c": "x['a'] >= 2", "d": "x['a'] <= 1"}, _x()), "infeasible"),
    Case("infeasible_integer", _model("infi", "min", "x['a']", {"c": "2 * x['a'] == 3"}, _x("integer", "0", "9")), "infeasible"),
    Case("unbounded", _model("unb", "max", TOTAL, {"c": "x['a'] >= 2"}, _x()), "unbounded"),
    Case("unbounded_integer", _model("unbi", "max", TOTAL, {"c": "x['a'] >= 2"}, _x("integer")), "unbounded"),
    Case("empty_objective", _model("feas", "min", (), {"c": "x['a'] + x['b'] == 2"}, _x()), objective=0),
    Case("no_constraints", _model("box", "max", TOTAL, {}, _x(upper="2")), objective=10),
    Case("milp", _model("milp", "max", TOTAL, {"c": "3 * x['a'] + 2 * x['b'] <= 7.5"}, _x("integer", "0", "9")), objective=7),
    # HiGHS 1.14.0 answers -1 here: its MIP presolve loses optima of models with free columns.
    Case("milp_free_columns", _model("free", "min", "x['b']", {
        "r1": "x['a'] - 3 * y >= -4", "r2": "x['a'] + 3 * y >= -1", "r3": "x['b'] - 3 * z >= -5",
        "r4": "x['b'] - x['a'] + 4 * z >= 0"}, _x(lower=None), Variable("y", domain="binary"),
        Variable("z", domain="binary")), objective=-2),
    Case("binary", _model("bin", "max", TOTAL, {"c": "x['a'] + x['b'] <= 1"}, _x("binary")), objective=3),
    Case("strict_integer", _model("strict", "max", TOTAL, {"c": "x['a'] + x['b'] < 3"}, _x("integer", "0", "9")), objective=6),
    Case("semicontinuous", _model("semi", "min", TOTAL, {"c": "x['a'] + x['b'] >= 1"}, _x("semicontinuous", "2", "5")), objective=4),
    Case("semi_integer", _model("semii", "min", TOTAL, {"c": "x['a'] + x['b'] >= 2.5"}, _x("semi-integer", "2", "5")), objective=6),
    Case("lexicographic", _model("lex", "max", (Term("first", "x['a'] + x['b']", 2), Term("second", "x['b'] - x['a']", 1)),
                                 {"c": "x['a'] + x['b'] <= 4", "d": "x['b'] <= 3"}, _x()), objective=4),
    Case("convex_qp", _model("qp", "min", "x['a'] ** 2 + 2 * x['b'] ** 2 + x['a'] * x['b']", {"c": "x['a'] + x['b'] == 4"},
                             _x()), objective=14),
    Case("concave_max_qp", _model("cqp", "max", "4 * x['a'] - x['a'] ** 2", {"c": "x['b'] == 1"}, _x()), objective=4),
    Case("nonconvex_qp", _model("ncqp", "max", "x['a'] * x['b']", {"c": "x['a'] + x['b'] <= 4"}, _x()), objective=4,
         refused_by=HIGHS),
    Case("miqp", _model("miqp", "min", "(x['a'] - 1.4) ** 2 + x['b']", {}, _x("integer", "0", "9")), objective=0.16, refused_by=HIGHS),
    Case("qcp", _model("qcp", "max", "x['a'] + x['b']", {"c": "x['a'] ** 2 + x['b'] ** 2 <= 2"}, _x()), objective=2,
         refused_by=HIGHS),
    Case("can", _model("can", "min", "2 * pi * x['a'] ** 2 + 2 * pi * x['a'] * x['b']", {"c": "pi * x['a'] ** 2 * x['b'] >= 100"},
                       _x(lower="0.1", upper="50")), objective=3 * (2 * pi * 100 ** 2) ** (1 / 3), refused_by=HIGHS),
    Case("functions", _model("fun", "min", "exp(x['a']) + sqrt(x['b']) + sin(x['a'])", {"c": "log(x['b']) >= 1 - x['a']", "d": "x['a'] >= 1"},
                             _x(lower="1", upper="20")), objective=2.718281828459045 + 1 + 0.8414709848078965, refused_by=HIGHS),
    Case("power", _model("pow", "max", "x['a'] ** 0.5 * x['b'] ** 0.5", {"c": "x['a'] + 2 * x['b'] <= 8"}, _x(upper="10")),
         objective=sqrt(4 * 2), refused_by=HIGHS),
    Case("ratio", _model("ratio", "max", "x['a'] / (x['b'] + 1)", {"c": "x['a'] <= 2 + x['b']"}, _x(upper="5")), objective=2),
    Case("abs_epigraph", _model("abs", "min", "abs(x['a'] - 3) + abs(x['b'] + 1)", {"c": "x['a'] + x['b'] == 1"},
                                _x(lower="-9", upper="9")), objective=1),
    Case("abs_maximised", _model("absmax", "max", "abs(x['a'])", {"c": "x['a'] <= 2"}, _x(lower="-5", upper="9")), objective=5),
    Case("min_max", _model("minmax", "min", "max(x['a'], 2 * x['b'])", {"c": "x['a'] + x['b'] == 6"}, _x(upper="9")), objective=4),
    Case("max_of_min", _model("maxmin", "max", "min(x[i] for i in I)", {"c": "x['a'] + 3 * x['b'] <= 8"}, _x(upper="9")), objective=2),
    Case("implies", _model("imp", "max", "x['a'] + x['b'] - y", {
        "c": "implies(y == 0, x['a'] <= 1)", "d": "implies(y == 1, x['b'] <= 2)"}, _x(upper="5"), Variable("y", domain="binary")), objective=6),
    Case("disjunction", _model("or", "max", "x['a'] + x['b']", {"c": "x['a'] <= 1 or x['b'] <= 2"}, _x(upper="5")), objective=7),
    Case("binary_product", _model("prod", "max", "y * x['a'] - 2 * y", {"c": "x['a'] <= 4"}, _x(upper="9"),
                                  Variable("y", domain="binary")), objective=2),
]  # fmt: skip

WHOLE = frozenset({
    "infeasible_integer", "unbounded_integer", "milp", "milp_free_columns", "binary", "strict_integer", "semicontinuous",
    "semi_integer", "miqp", "abs_maximised", "implies", "disjunction", "binary_product",
})  # fmt: skip
"""Cases that need whole numbers, of their own or for a bridge."""
CONVEX = frozenset({"convex_qp", "concave_max_qp"})
PRODUCTS = frozenset({"nonconvex_qp", "miqp", "qcp"})
FUNCTIONS = frozenset({"can", "functions", "power"})

REFUSES = {
    "glop": WHOLE | CONVEX | PRODUCTS | FUNCTIONS,
    "pdlp": WHOLE | PRODUCTS | FUNCTIONS | {"convex_qp"},  # PDLP takes squares, not products
    "gscip": FUNCTIONS,
    "cpsat": CONVEX | PRODUCTS | FUNCTIONS | {
        "unbounded", "unbounded_integer", "lexicographic", "ratio", "abs_epigraph", "abs_maximised", "min_max",
        "max_of_min",
    },
    "pyomo:bonmin": frozenset(), "pyomo:couenne": frozenset(), "pyomo:scip": frozenset(),
    "pyomo:cbc": CONVEX | PRODUCTS | FUNCTIONS,
    "pyomo:glpk": CONVEX | PRODUCTS | FUNCTIONS,
    "pyomo:highs": CONVEX | PRODUCTS | FUNCTIONS,
    "pyomo:cplex": PRODUCTS | FUNCTIONS, "pyomo:xpress": PRODUCTS | FUNCTIONS,
    "pyomo:gurobi": FUNCTIONS,
    "pyomo:ipopt": WHOLE,
}  # fmt: skip
"""What each adapter has to refuse, written by hand: HiGHS and SCIP stand in the cases."""
LOCAL = {"pyomo:ipopt": frozenset({"nonconvex_qp", "qcp", "can", "functions", "power", "ratio"})}
LOCAL["pyomo:bonmin"] = LOCAL["pyomo:ipopt"] | {"miqp"}
CASES = [
    replace(
        case, refused_by=case.refused_by | {name for name, cases in REFUSES.items() if case.name in cases},
        local_for=frozenset(name for name, cases in LOCAL.items() if case.name in cases),
    )
    for case in CASES
]  # fmt: skip
