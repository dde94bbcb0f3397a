"""Grounding: arrays, origins, and errors that name the element and the index."""

from __future__ import annotations

import re

import numpy as np
import pytest

from solvers.data import Data
from solvers.data.data import DenseArray
from solvers.errors import DataError, FormulateError, GroundingError, TypingError
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
from solvers.ground import ground

I3 = IndexSet("I", elements=("a", "b", "c"))
T5 = IndexSet("T", expr="range(1, horizon + 1)")
HORIZON = Parameter("horizon", "count", cells=(Cell((), 5),))
P = Parameter("p", axes=("I",), cells=tuple(Cell((k,), v) for k, v in zip("abc", (1.0, 2.0, 0.0))))
X = Variable("x", ("i in I",), lower="0", upper="10")


def make(*constraints: Constraint, objective: str = "0", **groups: tuple) -> Formulation:
    base = {"sets": (I3, T5), "parameters": (HORIZON, P), "variables": (X,)}
    base.update(groups)
    return Formulation("test", Objective("min", (Term("t", objective),)), constraints=constraints, **base)


def dense(model) -> np.ndarray:
    out = np.zeros((model.num_rows, model.num_columns))
    rows = np.repeat(np.arange(model.num_rows), np.diff(model.matrix.start))
    np.add.at(out, (rows, model.matrix.index), model.matrix.value)
    return out


def test_coefficients_bounds_and_origins():
    model = ground(
        make(Constraint("c", "p[i] * x[i] + 1 <= 5", ("i in I",)), objective="sum(p[i] * x[i] for i in I) + 7")
    )
    assert dense(model).tolist() == [[1, 0, 0], [0, 2, 0], [0, 0, 0]]
    assert model.row_upper.tolist() == [4, 4, 4]
    assert np.all(np.isneginf(model.row_lower))
    assert model.objective.costs.tolist() == [1, 2, 0]
    assert model.objective.offset == 7
    assert [model.row_label(r) for r in range(3)] == ["c[a]", "c[b]", "c[c]"]
    assert model.column_label(1) == "x[b]"
    assert model.matrix.nonzeros == 3, "the slot whose value is zero keeps its place"


def test_conditional_lag_and_duplicate_columns_are_summed():
    y = Variable("y", ("t in T",))
    model = ground(
        make(
            Constraint("lag", "(y[t - 1] if t - 1 in T else 0) + 2 * y[t] + y[t] == t", ("t in T",)),
            variables=(y,),
        )
    )
    expected = 3 * np.eye(5) + np.eye(5, k=-1)
    assert dense(model).tolist() == expected.tolist()
    assert model.row_lower.tolist() == model.row_upper.tolist() == [1, 2, 3, 4, 5]


def test_sparse_sets_join_and_jagged_ranges():
    arcs = IndexSet("arcs", elements=(("a", "b"), ("b", "c"), ("a", "c")), dimension=2)
    flow = Variable("f", ("(i, j) in arcs",), lower="0")
    cut = Variable("z", ("i in I", "k in range(ord(i, I))"), domain="binary")
    model = ground(
        make(
            Constraint("out", "sum(f[i, j] for (i, j) in arcs if i == n) <= 1", ("n in I",)),
            Constraint("jag", "sum(z[i, k] for k in range(ord(i, I))) == 1", ("i in I",)),
            sets=(I3, T5, arcs),
            variables=(flow, cut),
        )
    )
    matrix = dense(model)
    assert matrix[:3, :3].tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert matrix[3:, 3:].tolist() == [[1, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]]


def test_named_expressions_label_parameters_and_order():
    machine = Parameter("machine", "label", axes=("I",), values_in="M",
                        cells=tuple(Cell((k,), m) for k, m in zip("abc", ("m1", "m2", "m1"))))  # fmt: skip
    machines = IndexSet("M", elements=("m1", "m2"))
    load = NamedExpression("load", "sum(x[i] for i in I if machine[i] == m)", ("m in M",))
    model = ground(
        make(
            Constraint("same", "load[m] <= ord(m, M)", ("m in M",)),
            Constraint("chain", "x[i] <= x[next(i, I)]", ("i in I if i != last(I)",)),
            sets=(I3, T5, machines),
            parameters=(HORIZON, P, machine),
            expressions=(load,),
        )
    )
    assert dense(model)[:2].tolist() == [[1, 0, 1], [0, 1, 0]]
    assert model.row_upper[:2].tolist() == [1, 2]
    assert dense(model)[2:].tolist() == [[1, -1, 0], [0, 1, -1]]


def test_chained_conjoined_and_quantified_constraints():
    model = ground(
        make(
            Constraint("range", "1 <= x[i] <= 4", ("i in I",)),
            Constraint("both", "x['a'] >= 1 and x['b'] >= 2"),
            Constraint("each", "all(x[i] <= p[i] for i in I)"),
        )
    )
    assert model.row_lower[:3].tolist() == [1, 1, 1]
    assert model.row_upper[:3].tolist() == [4, 4, 4]
    assert model.row_lower[3:5].tolist() == [1, 2]
    assert model.row_upper[5:].tolist() == [1, 2, 0]
    assert [model.row_label(k) for k in (3, 4, 7)] == ["both", "both#2", "each[c]"]


def test_quadratic_and_nonlinear_parts():
    model = ground(
        make(
            Constraint("q", "x['a'] * x['b'] + x['c'] ** 2 <= 4"),
            Constraint("n", "sqrt(x[i]) * x['a'] >= p[i]", ("i in I",)),
            objective="sum(x[i] * x[j] for i in I for j in I if i != j)",
        )
    )
    assert model.class_name == "NLP"
    x = np.array([4.0, 9.0, 1.0])
    assert model.activity(x).tolist() == pytest.approx([37, 8 - 1, 12 - 2, 4 - 0])
    assert model.objective.value(x) == pytest.approx(2 * (36 + 4 + 9))


def test_strict_comparisons_over_whole_numbers_only():
    whole = Variable("w", domain="integer", lower="0", upper="9")
    model = ground(make(Constraint("s", "2 * w < 7"), Constraint("g", "w > 1"), variables=(whole,)))
    assert model.row_upper[0] == 6
    assert model.row_lower[1] == 2
    with pytest.raises(TypingError, match="strict comparison"):
        ground(make(Constraint("s", "x[i] < 7", ("i in I",))))


def test_million_columns_from_dense_arrays():
    n = 300
    f = Formulation(
        "t", Objective("min", (Term("c", "sum(c[i, j] * x[i, j] for i in A for j in B)"),)),
        (IndexSet("A", expr=f"range({n})"), IndexSet("B", expr=f"range({n})")), (Parameter("c", axes=("A", "B")),),
        (Variable("x", ("i in A", "j in B"), lower="0"),),
        constraints=(Constraint("r", "sum(x[i, j] for i in A) >= 1", ("j in B",)),),
    )  # fmt: skip
    costs = np.arange(n * n, dtype=float).reshape(n, n)
    model = ground(f, Data({}, {"c": DenseArray(("A", "B"), costs)}))
    assert model.objective.costs.tolist() == costs.ravel().tolist()
    assert model.matrix.row(3)[0].tolist() == list(range(3, n * n, n))


@pytest.mark.parametrize(
    ("error", "words", "formulation"),
    [
        (GroundingError, r"c\[a\].*does not exist: 0 is not in T",
         make(Constraint("c", "y[ord(i, I) - 1] <= 1", ("i in I",)), variables=(Variable("y", ("t in T",)),))),
        (GroundingError, r"c\[c\].*division by zero", make(Constraint("c", "x[i] / p[i] <= 1", ("i in I",)))),
        (GroundingError, "circular: A -> B -> A",
         make(sets=(IndexSet("A", expr="{i for i in B}"), IndexSet("B", expr="{i for i in A}")), parameters=(), variables=())),
        (GroundingError, "T, which is empty",
         make(parameters=(Parameter("horizon", cells=(Cell((), 0),)), P), variables=(Variable("y", ("t in T",)),))),
        (GroundingError, r"x\[b\].*impossible bounds: lower 0, upper -1",
         make(variables=(Variable("x", ("i in I",), lower="0", upper="p[i] * (ord(i, I) - 1) - 3 * (ord(i, I) - 1)"),))),
        (GroundingError, "coefficient is inf", make(Constraint("c", "inf * x['a'] <= 1"))),
        (GroundingError, "min over an empty set", make(Constraint("c", "min(p[i] for i in I if p[i] > 9) <= 1"))),
        (GroundingError, "'a' has no prev", make(Constraint("c", "x[prev(i, I)] <= 1", ("i in I",)))),
        (GroundingError, "label is used as a number", make(Constraint("c", "i * x[i] <= 1", ("i in I",)))),
        (GroundingError, "condition depends on a variable", make(Constraint("c", "(1 if x['a'] > 2 else 0) <= 1"))),
        (GroundingError, "needs whole numbers", make(Constraint("c", "sum(t for t in range(horizon / 2)) <= x['a']"))),
        (TypingError, "'q' is not declared", make(Constraint("c", "q <= x['a']"))),
        (TypingError, "takes 1 index", make(Constraint("c", "x['a', 'b'] <= 1"))),
        (TypingError, "must compare", make(Constraint("c", "x['a'] + 1"))),
        (TypingError, "not binary", make(Constraint("c", "circuit(x[i] for i in I)"))),
        (DataError, "p", make(parameters=(HORIZON, Parameter("p", axes=("I",), cells=(Cell(("a",), 1),))))),
        (DataError, "S", make(sets=(I3, T5, IndexSet("S")))),
        (DataError, "'c' is not within", make(sets=(I3, T5, IndexSet("S", elements=("a",)),
                                                    IndexSet("U", elements=("a", "c"), within="S")))),
    ],
)  # fmt: skip
def test_errors_name_the_element_and_the_index(error, words, formulation):
    with pytest.raises(error) as caught:
        ground(formulation)
    assert re.search(words, str(caught.value), re.DOTALL), str(caught.value)
    assert isinstance(caught.value, FormulateError)
    assert caught.value.remedy


def test_a_constant_false_row_is_noted_and_infeasible():
    from solvers import solve

    f = make(Constraint("need", "sum(x[i] for i in I if p[i] > 9) >= 3"))
    result = solve(f)
    assert result.termination == "infeasible"
    assert "need" in result.message


@pytest.mark.parametrize("labels", [("a",), ("a", "b")])
def test_an_independent_sum_may_reuse_an_index_name_whatever_the_size(labels):
    f = Formulation(
        "s", Objective("min", (Term("t", "0"),)), (IndexSet("S", elements=labels),), (),
        (Variable("x", ("i in S",), lower="0"),),
        constraints=(Constraint("c", "sum(x[i] for i in S) >= x[i]", ("i in S",)),),
    )  # fmt: skip
    assert ground(f).num_rows == len(labels)
