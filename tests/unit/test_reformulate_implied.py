"""Bounds that rows imply, where a variable declares none."""

import itertools

import pytest

from solvers.errors import UnsupportedError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.interpret import Instance
from solvers.reformulate import reformulate
from solvers.reformulate.capabilities import MIP
from tests.property.test_reformulate_equivalence import solved


def formulation(rule, over=(), extra=()):
    return Formulation(
        "t", Objective("min", (Term("cost", "0"),)),
        (IndexSet("S", elements=(1, 2)), IndexSet("T", elements=("a", "b")), IndexSet("pairs", expr="{(i, t) for i in S for t in T if i < 2}")),
        (Parameter("cap", axes=("S",), cells=(Cell((1,), 3), Cell((2,), 2))),
         Parameter("rate", axes=("S",), cells=(Cell((1,), 1), Cell((2,), 2))),
         Parameter("sign", axes=("S",), cells=(Cell((1,), -1), Cell((2,), 2)))),
        (Variable("x", ("i in S",), "integer", "0"), Variable("ship", ("i in S", "t in T"), "integer", "0"),
         Variable("y", (), "integer"), Variable("z", ("i in S",), "binary")),
        (), (Constraint("rule", rule, over), *extra),
    )


def big_m(f):
    done = reformulate(f, MIP).formulation
    return {p.expr for p in done.parameters[3:]} or {done.constraints[0].expr}


LINK = ("implies(z[i] == 0, x[i] == 0)", ("i in S",))


@pytest.mark.parametrize(("row", "over", "bound"), [
    ("x[i] <= cap[i]", ("i in S",), "cap[i]"), ("x[j] <= cap[j]", ("j in S",), "cap[i]"),
    ("cap[j] >= x[j] + 1", ("j in S",), "cap[i] - 1"), ("rate[j] * x[j] <= cap[j]", ("j in S",), "cap[i] / rate[i]"),
    ("sum(x[k] for k in S) <= 3", (), "3"), ("sum(rate[k] * x[k] for k in S) == 4", (), "4 / rate[i]"),
    ("sum(x[k] for k in S) + sum(ship[k, t] for k in S for t in T) <= 3", (), "3"), ("x[j] <= cap[j] * z[j]", ("j in S",), "cap[i]"),
    ("2 <= x[j] <= cap[j] and y >= 0", ("j in S",), "cap[i]"),
])
def test_a_row_bounds_its_cells(row, over, bound):
    f = formulation(*LINK, (Constraint("row", row, over),))
    text = reformulate(f, MIP).formulation
    assert bound in " ".join(c.expr for c in text.constraints[:2]) + " ".join(p.expr for p in text.parameters[3:])


@pytest.mark.parametrize(("row", "over"), [
    ("x[i] <= cap[i]", ("i in S if i > 1",)), ("x[1] <= 3", ()), ("sum(sign[k] * x[k] for k in S) <= 3", ()),
    ("x[k] - x[j] <= 3", ("j in S", "k in S")), ("x[j] >= cap[j]", ("j in S",)), ("x[j] <= y", ("j in S",)),
    ("implies(z[j], x[j] <= 3)", ("j in S",)), ("x[j] <= 3 or x[j] <= 4", ("j in S",)),
    ("sum(ship[k, t] for k in S for t in T) <= 3", ()), ("sum(sign[k] * x[j] for k in S) <= 3", ("j in S",)),
])
def test_a_row_that_bounds_only_some_cells_or_none_is_not_used(row, over):
    with pytest.raises(UnsupportedError, match="'x' has no upper bound"):
        reformulate(formulation(*LINK, (Constraint("row", row, over),)), MIP)


@pytest.mark.parametrize("rows", [
    ["sum(x[i] for i in S) <= 3"], ["rate[i] * x[i] <= cap[i] * z[i] for i"], ["x[i] + z[i] <= 2 for i"],
    ["sum(rate[i] * x[i] for i in S) + sum(z[i] for i in S) <= 5"], ["x[1] + x[2] <= 9 - 2 * z[1]", "x[i] <= 6 - y for i", "y >= 3"],
])
@pytest.mark.parametrize("rule", [
    "implies(z[1] == 0, x[1] == 0)", "x[1] <= 1 or x[2] >= 2", "abs(x[1] - x[2]) >= 2", "z[1] * x[1] + x[2] >= 3", "max(x[1], x[2]) >= 2",
])
def test_implied_bounds_lose_no_point(rule, rows):
    extra = [
        Constraint(f"row{k}", text.removesuffix(" for i"), ("i in S",) if text.endswith(" for i") else ())
        for k, text in enumerate(rows)
    ]
    f = formulation(rule, (), tuple(extra))
    from solvers.ground import ground

    model = ground(reformulate(f, MIP).formulation)
    one = Instance(f)
    idle = {(i, t): 0.0 for i in (1, 2) for t in "ab"}
    for x1, x2, z1, y in itertools.product(range(6), range(4), (0, 1), (3, 4)):
        point = {"x": {(1,): float(x1), (2,): float(x2)}, "ship": idle, "y": {(): float(y)}, "z": {(1,): float(z1), (2,): 1.0}}
        assert (solved(model, point) is not None) == all(v.holds for v in one.violations(point)), point
