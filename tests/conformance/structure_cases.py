"""Small models of structure, logic and ratios with known answers, and what each adapter has to refuse of them."""

from __future__ import annotations

from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)
from tests.conformance.cases import Case

N4 = IndexSet("N", elements=("a", "b", "c", "d"))
K = IndexSet("K", elements=("one", "two", "three", "four"))
DISTANCE = {("a", "b"): 2, ("b", "c"): 3, ("c", "d"): 2.5, ("d", "a"): 4, ("a", "c"): 1, ("c", "a"): 7, ("b", "a"): 1,
            ("b", "d"): 9, ("d", "b"): 1.5, ("c", "b"): 2, ("a", "d"): 8, ("d", "c"): 3}  # fmt: skip


def table(name: str, axes: tuple[str, ...], cells: dict[object, float]) -> Parameter:
    return Parameter(name, axes=axes, cells=tuple(Cell(k if isinstance(k, tuple) else (k,), v) for k, v in cells.items()))


def curve(**values: tuple[float, ...]) -> tuple[Parameter, ...]:
    return tuple(table(name, ("K",), dict(zip(K.elements, numbers))) for name, numbers in values.items())


def model(
    name: str, sense: str, cost: str, rules: dict[str, str], *variables: Variable, sets: tuple[IndexSet, ...] = (N4,),
    parameters: tuple[Parameter, ...] = (), over: dict[str, tuple[str, ...]] | None = None,
    expressions: tuple[NamedExpression, ...] = (),
) -> Formulation:  # fmt: skip
    rows = tuple(Constraint(k, v, (over or {}).get(k, ())) for k, v in rules.items())
    return Formulation(name, Objective(sense, (Term("goal", cost),)), sets, parameters, variables, expressions, rows)  # type: ignore[arg-type]


def x(domain: str = "continuous", lower: str | None = "0", upper: str | None = "9", over: tuple[str, ...] = ("i in N",)) -> Variable:
    return Variable("x", over, domain, lower, upper)  # type: ignore[arg-type]


def y(domain: str = "binary", lower: str | None = None, upper: str | None = None) -> Variable:
    return Variable("y", (), domain, lower, upper)  # type: ignore[arg-type]


TIMES = table("time", ("N",), dict(zip("abcd", (3, 2, 2, 4))))
DUE = table("due", ("N",), dict(zip("abcd", (9, 2, 6, 5))))
ARC = Variable("arc", ("i in N", "j in N if i != j"), "binary")
TOUR = "sum(distance[i, j] * arc[i, j] for i in N for j in N if i != j)"
LENGTHS = table("distance", ("N", "N"), {**DISTANCE, **{(i, i): 0 for i in "abcd"}})
SKIP = Variable("arc", ("i in N", "j in N"), "binary")
ONE_MACHINE = {"machine": "no_overlap(x[i], time[i] for i in N)", "done": "all(x[i] + time[i] <= y for i in N)"}
LATE = Variable("late", ("i in N",), lower="0")

CASES = [
    # machines
    Case("machine_makespan", model("m", "min", "y", ONE_MACHINE, x(), y("continuous", "0", "20"), parameters=(TIMES,)), objective=11),
    Case("machine_tardiness", model("m", "min", "sum(late[i] for i in N)", {
        "machine": "no_overlap(x[i], time[i] for i in N)", "lateness": "late[i] >= x[i] + time[i] - due[i]"},
        x(), LATE, parameters=(TIMES, DUE), over={"lateness": ("i in N",)}), objective=5),
    Case("machine_pairs", model("m", "min", "y", {
        "pairs": "x[i] + time[i] <= x[j] or x[j] + time[j] <= x[i]", "done": "x[i] + time[i] <= y"},
        x(), y("continuous", "0", "20"), parameters=(TIMES,), over={"pairs": ("i in N", "j in N if ord(i, N) < ord(j, N)"), "done": ("i in N",)}),
        objective=11),
    Case("machine_too_short", model("m", "min", "y", ONE_MACHINE | {"end": "y <= 10"}, x(), y("continuous", "0", "20"),
                                    parameters=(TIMES,)), "infeasible"),
    Case("machine_or_hire", model("m", "min", "y + 4 * hire", {
        "machine": "implies(not hire, no_overlap(x[i], time[i] for i in N))", "done": "all(x[i] + time[i] <= y for i in N)"},
        x(), y("continuous", "0", "20"), Variable("hire", domain="binary"), parameters=(TIMES,)), objective=8),
    # tours
    Case("tour", model("t", "min", TOUR, {"tour": "circuit(arc[i, j] for i in N for j in N if i != j)"}, ARC, parameters=(LENGTHS,)),
         objective=6),
    Case("tour_with_prizes", model("t", "min", TOUR + " + 3 * sum(arc[i, i] for i in N)", {
        "tour": "circuit(arc[i, j] for i in N for j in N)", "home": "arc['a', 'a'] == 0"}, SKIP, parameters=(LENGTHS,)), objective=6),
    Case("tour_over_arcs", model("t", "max", "sum(arc[i, j] * (2 if i == 'c' else 1) for (i, j) in A)", {"tour": "circuit(arc[i, j] for (i, j) in A)"},
         Variable("arc", ("(i, j) in A",), "binary"), sets=(IndexSet("A", elements=(("a", "b"), ("b", "c"), ("c", "a"), ("a", "c"), ("c", "c"), ("b", "a"), ("b", "b")), dimension=2),)),
         objective=4),
    # all different
    Case("assignment", model("a", "min", "sum((1 if i == 'a' else 2) * x[i] for i in N)", {"each": "alldifferent(x[i] for i in N)"},
                             x("integer", "1", "4")), objective=16),
    Case("pigeons", model("a", "min", "0", {"each": "alldifferent(x[i] for i in N)"}, x("integer", "1", "3")), "infeasible"),
    # special ordered sets
    Case("sos1", model("s", "max", "sum(x[i] for i in N)", {"one": "sos1(x[i] for i in N)", "cap": "x['a'] <= 5"}, x("integer")), objective=9),
    Case("sos2", model("s", "max", "x['a'] + 2 * x['b'] + x['c'] + 2 * x['d']", {"two": "sos2(x[i] for i in N)"}, x("integer")), objective=27),
    Case("sos2_continuous", model("s", "max", "x['a'] + 2 * x['b'] + x['c'] + 2 * x['d']", {"two": "sos2(x[i] for i in N)", "total": "sum(x[i] for i in N) <= 9.5"},
                                  x()), objective=18.5),
    # piecewise
    Case("piecewise_convex", model("p", "min", "piecewise(z, at, cost) - 2 * z", {"most": "z <= 3.5"}, Variable("z", lower="0"), sets=(K,),
                                   parameters=curve(at=(0, 1, 3, 4), cost=(0, 1, 5, 9))), objective=-1),
    Case("piecewise_economies", model("p", "min", "piecewise(z, at, cost)", {"least": "z >= 2"}, Variable("z", lower="0"), sets=(K,),
                                      parameters=curve(at=(0, 1, 3, 4), cost=(0, 4, 6, 6.5))), objective=5),
    Case("piecewise_row", model("p", "max", "z + y", {"curve": "piecewise(z, at, cost) + y == 6"}, Variable("z", lower="0"), y("integer", "0", "6"),
                                sets=(K,), parameters=curve(at=(0, 1, 3, 4), cost=(1, 5, 2, 7))), objective=7),
    # conditional rows
    Case("indicator", model("i", "max", "x['a'] + x['b'] - 3 * y", {"off": "implies(y == 0, x['a'] + x['b'] <= 2)", "on": "implies(y == 1, x['a'] <= 4)",
                                                                  "rest": "x['c'] + x['d'] == 0"}, x("integer", "0", "6"), y()), objective=7),
    Case("indicator_equality", model("i", "min", "x['a'] + x['b'] + 5 * y", {"on": "implies(not y, x['a'] == x['b'] + 2)", "total": "x['a'] + 2 * x['b'] >= 7"},
                                     x("integer"), y()), objective=6),
    Case("indicator_unbounded", model("i", "min", "v + 10 * y", {"off": "implies(y == 0, v >= 5)"}, Variable("v", lower=None), y(),
                                      parameters=()), objective=None, termination="unbounded"),
    Case("iff", model("l", "max", "sum(x[i] for i in N) + 2 * y", {"both": "iff(y, x['a'] >= 3)", "cap": "sum(x[i] for i in N) <= 4"}, x("integer", "0", "4"), y()), objective=6),
    Case("count", model("l", "max", "sum(x[i] for i in N)", {"few": "count(x[i] >= 1 for i in N) <= 2"}, x("integer", "0", "4")), objective=8),
    Case("any_all", model("l", "min", "sum(x[i] for i in N)", {"some": "any(x[i] >= 3 for i in N)", "none": "not all(x[i] <= 1 for i in N)", "each": "x['a'] >= 1"},
                          x("integer", "0", "4")), objective=3),
    Case("not_equal", model("l", "min", "x['a'] + x['b']", {"apart": "x['a'] != x['b']", "total": "x['a'] + x['b'] >= 4"}, x("integer", "0", "4")), objective=4),
    Case("chosen_max", model("v", "max", "max(x[i] for i in N) - min(x['a'], x['b'])", {"total": "sum(x[i] for i in N) <= 5"}, x("integer", "0", "4")), objective=4),
    Case("product_of_binaries", model("v", "max", "sum(w[i] * w['a'] for i in N) - 2 * w['a']", {"few": "sum(w[i] for i in N) <= 3"},
                                      Variable("w", ("i in N",), "binary")), objective=1),
    # ratios
    Case("ratio_row", model("r", "max", "x['a'] + x['b']", {"share": "x['a'] / (x['a'] + x['b'] + 1) <= 0.5", "cap": "x['b'] <= 3"}, x("integer")), objective=7),
    Case("ratio_of_sums", model("r", "max", "sum(value[i] * z[i] for i in N) / (1 + sum(z[i] for i in N))", {"most": "sum(z[i] for i in N) <= 6"},
                                Variable("z", ("i in N",), lower="0", upper="2"), parameters=(table("value", ("N",), dict(zip("abcd", (8, 5, 1, 2)))),)),
         objective=16 / 3),
    Case("ratio_integer", model("r", "min", "(x['a'] + 5) / (x['b'] + 1)", {"link": "x['b'] <= x['a'] + 1"}, x("integer", "0", "4")), objective=8 / 5),
    # switches, shapes
    Case("semicontinuous_negative", model("z", "max", "s - 2 * y", {"link": "s >= -3 * y", "forced": "t == 1 - s"}, Variable("s", (), "semicontinuous", "-4", "-2"),
                                          Variable("t", (), "continuous", "0", "9"), y()), objective=0),
    Case("empty_model", Formulation("nothing", Objective("min", ())), objective=0),
    Case("false_without_variables", model("f", "min", "x['a']", {"wrong": "sum(x[i] for i in N if i == 'z') >= 1"}, x()), "infeasible"),
    Case("fixed_binary", model("f", "max", "x['a'] + y", {"on": "implies(y == 1, x['a'] <= 2)"}, x(), y("binary", "1", "1")), objective=3),
    Case("degenerate_milp", model("d", "max", "sum(x[i] for i in N)", {"a": "sum(x[i] for i in N) <= 4", "b": "2 * sum(x[i] for i in N) <= 8", "c": "x['a'] + x['b'] <= 4"},
                                  x("integer")), objective=4),
]  # fmt: skip

LINEAR = frozenset({"piecewise_convex", "ratio_of_sums", "empty_model", "false_without_variables"})
"""Cases that become linear programs."""
CONTINUOUS_ONLY = frozenset(case.name for case in CASES) - LINEAR
BIG_M = frozenset({"indicator_unbounded"})
RATIO_OF_WHOLE = frozenset({"ratio_integer"})
REFUSES: dict[str, frozenset[str]] = {
    "highs": BIG_M | RATIO_OF_WHOLE | {"semicontinuous_negative"},  # HiGHS ends with an error there
    "scip": frozenset(),
    "cpsat": RATIO_OF_WHOLE | {
        "sos2_continuous", "piecewise_convex", "piecewise_economies", "piecewise_row", "indicator_unbounded", "ratio_of_sums",
    },
    "gscip": RATIO_OF_WHOLE,
    "glop": CONTINUOUS_ONLY, "pdlp": CONTINUOUS_ONLY,
    "pyomo:ipopt": CONTINUOUS_ONLY,
    **{f"pyomo:{name}": BIG_M | RATIO_OF_WHOLE for name in ("cbc", "cplex", "glpk", "gurobi", "highs", "xpress")},
    **{f"pyomo:{name}": BIG_M for name in ("bonmin", "couenne", "scip")},
}  # fmt: skip
"""What each adapter has to refuse of these, written by hand."""
CHOSEN = {
    "machine_makespan": "cpsat", "machine_tardiness": "cpsat", "machine_pairs": "cpsat", "machine_too_short": "cpsat",
    "tour": "cpsat", "tour_with_prizes": "cpsat", "assignment": "cpsat", "indicator": "highs",
    "indicator_unbounded": "scip", "ratio_of_sums": "highs", "ratio_integer": "scip", "piecewise_convex": "highs",
    "sos2": "highs",
}  # fmt: skip
"""Who solves when nobody is asked for, with OR-Tools installed."""
