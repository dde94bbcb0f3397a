"""no_overlap, alldifferent and circuit as rows: enumerated against the interpreter."""

import itertools
from dataclasses import replace

import pytest

from solvers.errors import GroundingError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.ground import ground
from solvers.interpret import Instance
from solvers.reformulate import reformulate
from solvers.reformulate.capabilities import MIP
from tests.property.test_reformulate_equivalence import solved


def formulation(rule, over=()):
    return Formulation(
        "t", Objective("min", (Term("cost", "0"),)),
        (IndexSet("J", elements=("a", "b", "c")), IndexSet("K", expr="range(1, 3)"),
         IndexSet("ops", elements=(("a", 1), ("b", 1), ("c", 2)), dimension=2)),
        (Parameter("d", axes=("J",), cells=tuple(Cell((j,), v) for j, v in zip("abc", (2, 1, 0)))),),
        (Variable("s", ("j in J",), "integer", "0", "3"), Variable("b", domain="binary")),
        (), (Constraint("rule", rule, over),),
    )


@pytest.mark.parametrize(("rule", "over"), [
    ("no_overlap(s[j], d[j] for j in J)", ()), ("no_overlap(s[j], d[j] + 1 for j in J if j != 'b')", ()),
    ("no_overlap(s[j], 1 for (j, k) in ops)", ()), ("no_overlap(s[j], k for j in J for k in K if k == 1)", ()),
    ("no_overlap(s[j], 1 for (j, k) in ops if k == m)", ("m in K",)), ("no_overlap(s[j], 1 for j in J if d[j] >= k)", ("k in K",)),
    ("alldifferent(s[j] for j in J)", ()), ("alldifferent(s[j] + d[j] for j in J)", ()), ("alldifferent(s[j] for (j, k) in ops)", ()),
    ("alldifferent(s[j] for j in J if d[j] >= k)", ("k in K",)), ("implies(b, alldifferent(s[j] for j in J))", ()),
    ("not alldifferent(s[j] for j in J)", ()), ("no_overlap(s[j], 2 for j in J if j != 'c') or s['c'] >= 2", ()),
    ("no_overlap(s[j], 2 - b for j in J) and s['a'] <= 1", ()), ("iff(b, alldifferent(s[j] for j in J if j != 'a'))", ()),
])
def test_pairs(rule, over):
    f = formulation(rule, over)
    model = ground(reformulate(f, MIP).formulation)
    one = Instance(f) if "not all" not in rule and "iff(" not in rule else None
    found = set()
    for *starts, b in itertools.product(range(4), range(4), range(4), (0, 1)):
        point = {"s": {(j,): float(v) for j, v in zip("abc", starts)}, "b": {(): float(b)}}
        if one is not None:
            wanted = all(v.holds for v in one.violations(point))
        elif "iff(" in rule:
            wanted = bool(b) == (starts[1] != starts[2])
        else:
            wanted = len(set(starts)) < 3
        found.add(wanted)
        assert (solved(model, point) is not None) == wanted, point
    assert found == {True, False}


@pytest.mark.parametrize("size", [2, 3, 4])
def test_circuit(size):
    f = Formulation(
        "t", Objective("min", (Term("cost", "0"),)), (IndexSet("N", elements=tuple(f"n{k}" for k in range(size))),), (),
        (Variable("arc", ("i in N", "j in N if j != i"), "binary"),), (),
        (Constraint("tour", "circuit(arc[i, j] for i in N for j in N if i != j)"),),
    )
    model = ground(reformulate(f, MIP).formulation)
    one = Instance(f)
    tours = 0
    # every way to leave each node once, and one broken one
    for heads in itertools.product(range(size), repeat=size):
        if any(i == j for i, j in enumerate(heads)):
            continue
        point = {"arc": {(f"n{i}", f"n{j}"): float(heads[i] == j) for i in range(size) for j in range(size) if i != j}}
        wanted = all(v.holds for v in one.violations(point))
        tours += wanted
        assert (solved(model, point) is not None) == wanted, heads
    assert tours == [1, 2, 6][size - 2]


@pytest.mark.parametrize(("rule", "cost", "over"), [
    ("s['a'] + s['b'] <= 9", "piecewise(s['a'], at, worth)", ()), ("piecewise(s['a'] + s['b'], at, worth) >= 2", "b", ()),
    ("piecewise(s[j], at, by[j]) <= 3 + b", "sum(piecewise(s[j], at, worth) for j in J)", ("j in J if j != 'c'",)),
    ("implies(b, piecewise(s[k], at, by[k]) >= 6)", "0", ("k in J",)),
    ("implies(b, piecewise(s['b'], at, worth) == 5)", "-piecewise(s['a'], at, worth)", ()),
])
def test_piecewise(rule, cost, over):
    f = formulation(rule, over)
    steps = IndexSet("steps", elements=("one", "two", "three", "four"))
    at = Parameter("at", axes=("steps",), cells=tuple(Cell((k,), v) for k, v in zip(steps.elements, (0, 1, 3, 4))))
    worth = Parameter("worth", axes=("steps",), cells=tuple(Cell((k,), v) for k, v in zip(steps.elements, (1, 5, 2, 7))))
    by = Parameter("by", axes=("J", "steps"), cells=tuple(
        Cell((j, k), v + len(j) * n) for n, j in enumerate("abc") for k, v in zip(steps.elements, (1, 5, 2, 7))))
    f = replace(f, sets=(*f.sets, steps), parameters=(*f.parameters, at, worth, by),
                objective=Objective("min", (Term("cost", cost),)))
    model = ground(reformulate(f, MIP).formulation)
    one = Instance(f)
    for *starts, b in itertools.product(range(4), range(4), (0,), (0, 1)):
        point = {"s": {(j,): float(v) for j, v in zip("abc", starts)}, "b": {(): float(b)}}
        try:
            wanted = one.objective(point) if all(v.holds for v in one.violations(point)) else None
        except GroundingError:
            wanted = None
        got = solved(model, point)
        assert (got is None) == (wanted is None) and (got is None or abs(got - wanted) < 1e-6), point


def test_one_circuit_for_each_vehicle():
    f = Formulation(
        "t", Objective("min", (Term("cost", "sum(arc[v, i, j] * (i + 2 * j + v) for v in V for i in N for j in N if i != j)"),)),
        (IndexSet("N", expr="{3, 1, 2}"), IndexSet("V", expr="range(2)")), (),
        (Variable("arc", ("v in V", "i in N", "j in N if j != i"), "binary"),), (),
        (Constraint("tour", "circuit(arc[v, i, j] for i in N for j in N if i != j)", ("v in V",)),),
    )
    from solvers import solve

    result = solve(f)
    assert result.objective == pytest.approx(2 * 18 + 3) and result.check.feasible and set(result.values) == {"arc"}
