"""Structure in the grounded model: families, labels, numbering; and the check of a point by the arrays alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.errors import TypingError, UnsupportedError
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
from solvers.model import Circuit, Indicators, NoOverlap, Sos
from solvers.structure_check import check_model


def grounded(rule: str, over: tuple[str, ...] = (), variables: tuple[Variable, ...] = (), **options):  # type: ignore[no-untyped-def]
    f = Formulation(
        "t", Objective("min", (Term("cost", "0"),)),
        (IndexSet("I", elements=("a", "b", "c")), IndexSet("M", elements=("saw", "drill")), IndexSet("none", elements=())),
        (Parameter("time", axes=("I",), cells=tuple(Cell((k,), v) for k, v in zip("abc", (2, 3, 1)))),
         Parameter("on", "label", axes=("I",), values_in="M", cells=tuple(Cell((k,), v) for k, v in zip("abc", ("saw", "drill", "saw"))))),
        (Variable("x", ("i in I",), lower="0", upper="9"), Variable("z", ("i in I",), "binary"), *variables),
        (NamedExpression("end", "x[i] + time[i]", ("i in I",)),), (Constraint("rule", rule, over),),
    )  # fmt: skip
    return ground(f, **options)


def test_a_family_of_machines_has_one_constraint_for_each_that_has_tasks():
    model = grounded("no_overlap(x[i] + 1, time[i] for i in I if on[i] == m)", ("m in M",))
    first, second = model.globals
    assert isinstance(first, NoOverlap) and (first.label, second.label) == ("rule[saw]", "rule[drill]")
    assert first.start.cols.tolist() == [0, 2] and first.start.constant.tolist() == [1, 1]
    assert first.duration.constant.tolist() == [2, 1] and not len(first.duration.cols)
    assert model.structure == ("no_overlap",) and model.class_name == "MILP" and model.num_rows == 0
    assert grounded("no_overlap(x[i], 1 for i in none)").globals == ()
    both = grounded("alldifferent(x[i] + 2 * x[i] for i in I) and x['a'] <= 3")
    assert both.globals[0].values.coefs.tolist() == [3, 3, 3] and both.num_rows == 1


def test_nodes_of_a_circuit_are_numbered_from_0_and_arcs_are_binaries():
    arc = Variable("arc", ("i in I", "j in I"), "binary")
    model = grounded("circuit(arc[i, j] for i in I for j in I if i != j)", (), (arc,))
    [found] = model.globals
    assert isinstance(found, Circuit) and found.nodes == 3
    assert list(zip(found.tail.tolist(), found.head.tolist())) == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    assert [model.column_label(j) for j in found.columns] == ["arc[a, b]", "arc[a, c]", "arc[b, a]", "arc[b, c]", "arc[c, a]", "arc[c, b]"]
    with pytest.raises(TypingError, match="not binary"):
        grounded("circuit(x[i] for i in I for j in I)")
    with pytest.raises(UnsupportedError, match="over variables, not over formulas"):
        grounded("sos1(2 * x[i] for i in I)")


def test_conditions_on_binaries_are_read_on_either_side_and_decided_where_they_can_be():
    for text, active in (("z[i] == 1", 1), ("z[i]", 1), ("not z[i]", 0), ("z[i] == 0", 0), ("z[i] <= 0", 0), ("1 - z[i] >= 1", 0)):
        model = grounded(f"implies({text}, end[i] <= 4)", ("i in I",))
        found = model.indicators
        assert isinstance(found, Indicators)
        assert (found.row.tolist(), found.column.tolist(), found.active.tolist()) == ([0, 1, 2], [3, 4, 5], [active] * 3)
        assert model.row_upper.tolist() == [2, 1, 3]
    always = grounded("implies(z[i] >= 0, x[i] <= 4)", ("i in I",))
    assert always.indicators is None and always.row_upper.tolist() == [4, 4, 4]
    never = grounded("implies(z[i] >= 2, x[i] <= 4)", ("i in I",))
    assert never.indicators is None and np.all(never.row_upper == np.inf)
    for text in ("x[i] >= 1", "z['a'] + z['b'] >= 1", "2 * x[i] == 1"):
        with pytest.raises(UnsupportedError, match="reaches grounding unbridged"):
            grounded(f"implies({text}, x[i] <= 4)", ("i in I",))
    with pytest.raises(UnsupportedError, match="is not linear"):
        grounded("implies(z[i], x[i] * x[i] <= 4)", ("i in I",))


def test_what_stands_in_structure_needs_a_new_grounding_when_it_changes():
    assert "time" in grounded("no_overlap(x[i], time[i] for i in I)", tracking=True).slots.structural
    assert "time" in grounded("implies(z[i], end[i] <= 4)", ("i in I",), tracking=True).slots.structural


def test_a_point_is_checked_against_conditions_sets_and_global_constraints():
    model = grounded("implies(z[i], x[i] <= 2)", ("i in I",))
    assert check_model(model, np.array([9.0, 2, 2, 0, 1, 1])).feasible is True
    verdict = check_model(model, np.array([9.0, 2, 2, 1, 1, 1]))
    assert (verdict.feasible, verdict.where, verdict.violation) == (False, "rule[a]", 7)
    machine = grounded("no_overlap(x[i], time[i] for i in I)")
    assert check_model(machine, np.array([0.0, 2, 5, 0, 0, 0])).feasible is True
    verdict = check_model(machine, np.array([0.0, 1.5, 5, 0, 0, 0]))
    assert (verdict.feasible, verdict.where, verdict.violation) == (False, "rule", 0.5)
    differ = grounded("alldifferent(x[i] for i in I)")
    assert check_model(differ, np.array([0.0, 1, 2, 0, 0, 0])).feasible is True
    assert check_model(differ, np.array([0.0, 2, 2, 0, 0, 0])).where == "rule"
    pair = replace(grounded("x['a'] <= 9"), sos=(Sos(2, np.array([0, 1, 2]), np.array([3.0, 1, 2]), "pair"),))
    assert check_model(pair, np.array([0.0, 4, 4, 0, 0, 0])).feasible is True  # by weight the order is b, c, a
    verdict = check_model(pair, np.array([5.0, 4, 0, 0, 0, 0]))
    assert (verdict.feasible, verdict.where, verdict.violation) == (False, "pair", 4)
