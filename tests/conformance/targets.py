"""What the emitters are tested on beyond the shared cases, and what each target must refuse."""

from __future__ import annotations

from typing import Any

from solvers.formulation import (
    Assumption,
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

HOSTILE = ('a"b', "c'd", "{x}", "line\nbreak", "\\", '"""', "# no", "é ü", "1", "{i!r:>9}", "\u202ebidi", "%s")


def _set(name: str, *elements: Any, **rest: Any) -> IndexSet:
    return IndexSet(name, elements=tuple(elements), **rest)


def _data(name: str, axes: str, values: Any, **rest: Any) -> Parameter:
    """A scalar, or cells by key along the axes."""
    table = values if isinstance(values, dict) else {(): values}
    cells = tuple(Cell(key if isinstance(key, tuple) else (key,), value) for key, value in table.items())
    return Parameter(name, axes=tuple(axes.split()), cells=cells, **rest)


def _model(
    name: str, sense: str, goal: str | tuple[Term, ...], rules: list[tuple[Any, ...]], *items: Any, **rest: Any
) -> Formulation:
    """Rules are (name, formula, generators...)."""
    kinds: dict[type, list[Any]] = {IndexSet: [], Parameter: [], Variable: [], NamedExpression: []}
    for item in items:
        kinds[type(item)].append(item)
    terms = (Term("goal", goal),) if isinstance(goal, str) else goal
    return Formulation(
        name, Objective(sense, terms), *(tuple(found) for found in kinds.values()),  # type: ignore[arg-type]
        constraints=tuple(Constraint(n, text, tuple(over)) for n, text, *over in rules), **rest,
    )


_TOWNS = "vwxyz"

EXTRA = [
    # Names that Python or the libraries have, labels and texts that try to break out.
    _model(
        "hostile", "max", "sum(sum_[i] * lambda[i] for i in list)",
        [("print", "sum(lambda[i] for i in list) <= model"), ("def", "lambda[i] <= class", "i in list"),
         ("main", "lambda[objective] <= 2", 'objective in list if objective != "# no"'),
         ("show", "lambda['1'] + lambda['\"\"\"'] <= status")],
        _set("list", *HOSTILE), _data("sum_", "list", {h: k + 1.5 for k, h in enumerate(HOSTILE)}), _data("model", "", 20),
        _data("class", "", 3), _data("objective", "", 9), _data("status", "", 1), _data("solver", "", 1, unit="\nexit()"),
        Variable("lambda", ("i in list",), "continuous", "0", "objective", description='a\n"""\nraise SystemExit(3) #'),
        description='bad """ text\nimport os; os._exit(3)\\', assumptions=(Assumption("x", 'y"""\nraise SystemExit(3)'),),
    ),
    _model(
        "library_names", "min", "value['a'] + index + type * import_",
        [("name", "value['a'] + index >= pyo"), ("gp", "index + type >= 3", "value2 in math"), ("len_", "type + highspy >= 2")],
        _set("math", "a", "b"), Variable("value", ("math_ in math",), "integer", "0", "9"), Variable("index", (), "integer", "0", "8"),
        Variable("type", (), "integer", "0", "7"), Variable("highspy", (), "integer", "0", "1"), _data("pyo", "", 4), _data("import_", "", 3),
    ),
    _model(
        "index_named_as_elements", "min", "sum(c[S] * x[S] for S in S)",
        [("c", "sum(x[c] for c in S) >= n"), ("d", "sum(x[i] for i in S if i != n_) <= 4", "n_ in S")],
        _set("S", "p", "q", "n"), _data("c", "S", {"p": 2, "q": 3, "n": 4}), _data("n", "", 5), Variable("x", ("i in S",), lower="0", upper="4"),
    ),
    _model(
        "jagged", "min", "sum(c[p] * x[p, t] for p in P for t in life[p])",
        [("d", "sum(x[p, t] for t in life[p]) >= 3", "p in P"),
         ("e", "x[p, t] >= (x[p, t - 1] if t - 1 in life[p] else 0)", "p in P", "t in life[p]")],
        _set("P", "a", "b"), IndexSet("life", expr="range(1, n[p] + 1)", over=("p in P",)), _data("n", "P", {"a": 2, "b": 4.0}),
        _data("c", "P", {"a": 1.5, "b": 2}), Variable("x", ("p in P", "t in life[p]"), "integer", "0", "9"),
    ),
    _model(
        "tuples", "min", "sum(cost[i, j] * flow[i, j, t] for (i, j) in arcs for t in T)",
        [("keep", "sum(flow[n, j, t] for j in N if (n, j) in arcs) - sum(flow[j, n, t] for j in N if (j, n) in arcs)"
          " == (1 if n == first(N) else (-1 if n == last(N) else 0))", "n in N", "t in T"),
         ("cap", "flow[i, j, t] <= 1", "(i, j) in arcs", "t in T")],
        _set("N", "s", "m", "e"), _set("T", 1, 2), IndexSet("arcs", expr="{(i, j) for i in N for j in N if ord(i, N) < ord(j, N)}", dimension=2),
        _data("cost", "arcs", {("s", "m"): 1, ("s", "e"): 5, ("m", "e"): 2}), Variable("flow", ("(i, j) in arcs", "t in T"), lower="0"),
    ),
    _model(
        "set_algebra", "max", "sum(w[i] * y[i] for i in U)",
        [("both", "sum(y[i] for i in A & B) <= 1"), ("left", "sum(y[i] for i in A - B) <= 1"), ("pair", "y[i] + y[j] <= 1", "(i, j) in pairs")],
        _set("A", "a", "b", "c"), _set("B", "c", "d"), IndexSet("U", expr="A | B"),
        IndexSet("pairs", expr="A * B - {('c', 'c')}", dimension=2), _data("w", "U", {"a": 1, "b": 2, "c": 3, "d": 4}),
        Variable("y", ("i in U",), "binary"),
    ),
    _model(
        "cells", "min", "sum(c[i, j] * x[i, j] for i in S for j in S if i != j and given(c[i, j]))",
        [("d", "sum(x[i, j] for j in S if j != i) >= need[i]", "i in S"), ("mirror", "x[i, j] <= dist[i, j]", "i in S", "j in S if j != i"),
         ("label", "x[i, home[i]] >= 1", "i in S if home[i] != i")],
        _set("S", 1, 2, 3), _data("c", "S S", {(1, 2): 2, (2, 3): 1, (3, 1): 4, (1, 3): 9, (2, 1): 7}, nullable=True),
        _data("need", "S", {2: 3}, default=1), _data("dist", "S S", {(1, 2): 4, (1, 3): 5, (2, 3): 6}, symmetric=True, default=0),
        _data("home", "S", {1: 2, 2: 2, 3: 1}, values_in="S"), Variable("x", ("i in S", "j in S if j != i"), lower="0"),
    ),
    _model(
        "positions", "min", "sum(price[t] * x[t] for t in T)", [("d", "x[t] >= need[t] - (x[prev(t, T)] if t != first(T) else 0)", "t in T"),
                                                                ("e", "x[next(t, T)] <= 2 * x[t] + 1", "t in T if t != last(T)")],
        _set("T", "mo", "tu", "we"), _data("price", "T", {1: 3, 2: 1, 3: 2}, by_position=("T",)), _data("need", "T", {1: 2, 2: 5, 3: 4}, by_position=("T",)),
        Variable("x", ("t in T",), lower="0"),
    ),
    _model(
        "arithmetic", "min",
        "sum(x[t] * (t // 2 + t % 3 + (-t) // 2 + (-t) % 3 + floor(t / 2) + ceil(t / 3) + round(2.5) + min(t, 2) + abs(t - 3))"
        " for t in T) + max(k[t] for t in T) + count(k[t] > 2 for t in T) + 2 ** -1",
        [("c", "sum(x[t] for t in T if any(k[t] == k[u] for u in T if u != t)) >= len(T) / 2"), ("e", "x[t] >= sqrt(k[t])", "t in T if t > 2"),
         ("none", "sum(x[t] for t in T if t > 99) <= 4"), ("some", "(x[t] if t - 1 in T else 0) <= cap / 3", "t in T"),
         ("chain", "0 <= x[t] <= cap", "t in T if 1 < t <= 3 and not (t == 2 or t > 7)"), ("all_", "implies(all(k[t] > 0 for t in T), x[1] >= 1)")],
        IndexSet("T", expr="range(1, n + 1)"), _data("n", "", 4.0), _data("cap", "", 10), Parameter("k", expr="(t ** 2 if t < 3 else 4)", over=("t in T",)),
        Variable("x", ("t in T",), lower="0", upper="inf"),
    ),
    _model(
        "conditions_on_data", "min", "x + k",
        [("data", "k <= 5"), ("logic", "implies(k > 2, x >= 1)"), ("each", "all(x >= u for u in T) and x <= 9"), ("range_", "(1 if k > 2 else 0) <= x <= 3 * k"),
         ("either", "(x >= 2 if k > 9 else x >= 0)")],
        _set("T", 1, 2, 3), _data("k", "", 3), Variable("x"),
    ),
    _model(
        "best_ratio", "max", "(3 * x + y) / (x + 2 * y + 4)", [("c", "x + y >= 3"), ("d", "x <= 6")],
        Variable("x", lower="0", upper="8"), Variable("y", lower="1", upper="9"),
    ),
    _model(
        "conditions_without_variables", "max", "sum(x[t] for t in T) - b",
        [("c", "implies(b == 0, (x[t - 1] if t - 1 in T else 0) <= 2)", "t in T"), ("d", "implies(b == 1, 0 <= (x[t - 1] if t - 1 in T else k))", "t in T")],
        IndexSet("T", expr="range(3)"), _data("k", "", 1), Variable("x", ("t in T",), "integer", "0", "5"), Variable("b", (), "binary"),
    ),
    _model("nothing", "max", "7", [], Variable("x", lower="0", upper="1")),
    _model("contradiction", "min", "x", [("data", "k <= 5"), ("c", "x >= k")], _data("k", "", 30), Variable("x", lower="0")),
    _model(
        "piecewise_costs", "min", "piecewise(x, at, cost) + y", [("c", "x + y >= 7")], _set("K", 1, 2, 3), _data("at", "K", {1: 0, 2: 4, 3: 10}),
        _data("cost", "K", {1: 0, 2: 8, 3: 10}), Variable("x", lower="0", upper="10"), Variable("y", lower="0", upper="2"),
    ),
    _model(
        "logic", "max", "x + y",
        [("differ", "x != y"), ("distinct", "alldifferent(z[i] for i in S)"), ("room", "sum(z[i] for i in S) + x <= 8"),
         ("switch", "implies(b == 1, x + z[1] <= 4)"), ("on", "b == 1"), ("top", "max(z[i] for i in S) <= 4"), ("low", "min(z[i] for i in S) >= 1"),
         ("apart", "abs(x - y) >= 2")],
        _set("S", 1, 2, 3), Variable("x", (), "integer", "0", "5"), Variable("y", (), "integer", "0", "5"), Variable("z", ("i in S",), "integer", "0", "5"),
        Variable("b", (), "binary"),
    ),
    _model(
        "machine", "min", "max(s[j] + d[j] for j in J)", [("no", "no_overlap(s[j], d[j] for j in J)"), ("release", "s[j] >= r[j]", "j in J")],
        _set("J", "a", "b", "c"), _data("d", "J", {"a": 3, "b": 2, "c": 4}), _data("r", "J", {"a": 5, "b": 0, "c": 1}),
        Variable("s", ("j in J",), lower="0", upper="40"),
    ),
    _model(
        "half_hours", "min", "max(s[j] + d[j] for j in J) + 0.25 * s['b']",
        [("no", "no_overlap(s[j], d[j] for j in J)"), ("release", "s[j] >= r[j]", "j in J"), ("lag", "s['c'] - s['a'] <= 4.5"),
         ("order", "s['a'] + d['a'] <= s['b'] or s['b'] + 2.5 <= s['a']")],
        _set("J", "a", "b", "c"), _data("d", "J", {"a": 2.5, "b": 2, "c": 3.5}), _data("r", "J", {"a": 1.5, "b": 0.5, "c": 1}),
        Variable("s", ("j in J",), lower="0.5", upper="40"),
    ),
    _model(
        "tour", "min", "sum(c[i, j] * go[i, j] for i in N for j in N if i != j)", [("t", "circuit(go[i, j] for i in N for j in N if i != j)")],
        _set("N", *_TOWNS), Variable("go", ("i in N", "j in N if j != i"), "binary"),
        _data("c", "N N", {(a, b): (ord(a) * 7 + ord(b) * 13) % 11 + 1 for a in _TOWNS for b in _TOWNS if a != b}, default=99),
    ),
    _model(
        "decimals", "max", "sum(p[i] * x[i] for i in S)",
        [("c", "0.25 * sum(x[i] for i in S) <= 1.5"), ("d", "used <= limit / 4"), ("strict", "x['a'] < 5"),
         ("between", "0.5 <= x['a'] + 0.25 * x['b'] <= 6.5")],
        _set("S", "a", "b"), _data("p", "S", {"a": 1.25, "b": 2}), _data("w", "S", {"a": 1.5, "b": 2.25}), _data("limit", "", 45.0),
        Variable("x", ("i in S",), "integer", "0.5", "7.5"), NamedExpression("used", "sum(w[i] * x[i] for i in S)"),
    ),
    _model(
        "priorities", "min", (Term("a", "x + y", 5), Term("b", "2 * y", 5), Term("c", "sum(-1 * z[i] for i in S)", 1)),
        [("c", "x + y >= 2"), ("d", "sum(z[i] for i in S) <= 4 + x")], _set("S", "m", "n"),
        Variable("x", (), "integer", "0", "9"), Variable("y", (), "integer", "0", "9"), Variable("z", ("i in S",), "integer", "0", "3"),
    ),
]  # fmt: skip

_CONTINUOUS = frozenset(f"example-{name}" for name in (
    "bakery", "bus_stop", "cattle_feed", "coffee_roasters", "dairy_depots",
)) | frozenset(f"golden-{name}" for name in (
    "bench4opt-telecom_facilities", "complexor-steel4", "icml_task3-264", "mamo_complex-0099",
    "optengine-objective_perturbation-0003",
)) | frozenset(f"case-{name}" for name in (
    "lexicographic", "abs_epigraph", "abs_maximised", "min_max", "max_of_min", "unbounded",
)) | frozenset(f"extra-{name}" for name in (
    "hostile", "index_named_as_elements", "positions", "arithmetic", "piecewise_costs",
))
"""Continuous variables for which there is no proof that whole steps lose nothing: as `solve` refuses them."""
_QUADRATIC = frozenset({"example-pension_fund"} | {f"case-{n}" for n in ("convex_qp", "concave_max_qp", "nonconvex_qp", "miqp", "qcp")})
_NONLINEAR = frozenset({"example-rain_tank", "golden-optibench-0090"} | {f"case-{n}" for n in ("can", "functions", "power")})

_UNBOUNDED = frozenset({"structure-indicator_unbounded"})
"""Needs a condition in place of a big-M that does not exist."""
_WHOLE_RATIO = frozenset({"structure-ratio_integer"})
_STEPLESS = _WHOLE_RATIO | _UNBOUNDED | {
    "structure-sos2_continuous", "structure-piecewise_convex", "structure-piecewise_economies", "structure-piecewise_row",
    "structure-ratio_of_sums",
}
_FRACTIONS = frozenset({"case-ratio", "extra-best_ratio", "structure-ratio_of_sums", "structure-ratio_integer"})
"""Ratios whose scaling a file could not undo in the values."""
_PRIORITIES = frozenset({"case-lexicographic", "extra-priorities"})

REFUSED: dict[str, frozenset[str]] = {
    "pyomo": _UNBOUNDED,
    "scip": frozenset(),
    "gurobipy": frozenset(),
    "mathopt": _NONLINEAR | _UNBOUNDED | _WHOLE_RATIO,
    "highspy": _QUADRATIC | _NONLINEAR | _UNBOUNDED | _WHOLE_RATIO,
    "cpsat": _QUADRATIC | _NONLINEAR | _CONTINUOUS | _STEPLESS | {"case-ratio", "extra-best_ratio"},
    "mps": _NONLINEAR | _FRACTIONS | _PRIORITIES, "lp": _NONLINEAR | _FRACTIONS | _PRIORITIES,
    "nl": _UNBOUNDED | _PRIORITIES, "latex": frozenset(),
}
"""Problems that a target must refuse; it must take all others."""
