"""Conflicts and relaxations of formulations: words, units, slots, hard constraints, bridges, budgets, hostile names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.diagnose import conflict, diagnose, relaxation
from solvers.diagnose.members import members_of
from solvers.diagnose.oracle import Budget, HighsOracle
from solvers.diagnose.selectors import SelectorError, read_weights, split_key
from solvers.diagnose.subject import subject
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from tests.property.diagnose_making import model_of

BREADS = IndexSet("breads", elements=("rye", "wheat"))


def bakery(oven: float = 15.0, domain: str = "continuous") -> Formulation:
    """30 rye (half an hour each) and 20 wheat (a quarter) need 20 hours."""
    return Formulation(
        "bakery", Objective("max", (Term("profit", "sum(3 * bake[b] for b in breads)"),), unit="euro"), (BREADS,),
        (
            Parameter("oven", "capacity", unit="hour", cells=(Cell((), oven),)),
            Parameter("hours", "rate", "hour/loaf", ("breads",), (Cell(("rye",), 0.5), Cell(("wheat",), 0.25))),
            Parameter("need", "requirement", "loaf", ("breads",), (Cell(("rye",), 30), Cell(("wheat",), 20))),
        ),
        (Variable("bake", ("b in breads",), domain, lower="0", unit="loaf"),),  # type: ignore[arg-type]
        constraints=(
            Constraint("oven_limit", "sum(hours[b] * bake[b] for b in breads) <= oven", source=("15 hours of oven time",)),
            Constraint("order", "bake[b] >= need[b]", ("b in breads",), "what was promised"),
            Constraint("sense", "bake['rye'] <= 400"),
        ),
    )  # fmt: skip


def small(constraints: dict[str, str], *variables: Variable, objective: str = "0") -> Formulation:
    rows = tuple(Constraint(name, expr) for name, expr in constraints.items())
    return Formulation("small", Objective("min", (Term("goal", objective),)), variables=variables, constraints=rows)


def labels(found: object) -> set[str]:
    return {member.label for member in found.members}  # type: ignore[attr-defined]


def test_a_conflict_in_words_units_and_slots() -> None:
    found = conflict(bakery())
    assert labels(found) == {"oven_limit", "order[rye]", "order[wheat]"}
    assert found.irreducible and found.proven_by == ("exact arithmetic",) and not found.hard_alone
    assert found.families == ("oven_limit", "order") and found.families_irreducible is True
    oven = next(m for m in found.members if m.name == "oven_limit")
    assert oven.text == "0.5 bake[rye] + 0.25 bake[wheat] <= 15"
    assert (oven.unit, oven.source, [str(s) for s in oven.slots]) == ("hour", ("15 hours of oven time",), ["oven = 15 hour"])
    order = next(m for m in found.members if m.key == ("rye",))
    assert (order.description, order.slots[0].label, order.slots[0].value) == ("what was promised", "need[rye]", 30.0)


def test_hard_constraints_are_never_listed_and_never_loosened() -> None:
    found = conflict(bakery(), hard=["order"])
    assert labels(found) == {"oven_limit"} and found.irreducible
    assert found.proven_by == ("exact arithmetic",) and found.gap is None  # the sum would need what is hard
    mended = relaxation(bakery(), hard=["order"])
    assert [(c.name, c.amount, c.new, c.slot_new) for c in mended.changes] == [("oven_limit", 5.0, 20.0, 20.0)]
    assert str(mended.changes[0]).startswith("oven_limit: 15 hour is 5 hour short (<= 20 hour would do); oven: 15 hour to 20 hour")
    assert mended.verified and mended.objective == pytest.approx(150.0) and mended.objective_optimal
    one_key = conflict(bakery(), hard=["order[rye]"])
    assert labels(one_key) == {"oven_limit", "order[wheat]"}


def test_hard_ones_that_conflict_alone_are_said_so() -> None:
    found = conflict(bakery(), hard=["order", "oven_limit"])
    assert found.hard_alone and labels(found) == {"oven_limit", "order[rye]", "order[wheat]"}
    assert all(member.hard for member in found.members) and found.irreducible
    assert relaxation(bakery(), hard=["order", "oven_limit"]).outcome == "impossible"


def test_weights_and_measures_decide_who_gives() -> None:
    dear = relaxation(bakery(), weights={"oven_limit": 100.0})
    assert {c.name for c in dear.changes} == {"order"} and dear.verified
    forbidden = relaxation(bakery(), weights={"oven_limit": float("inf"), "order[rye]": float("inf")})
    assert [(c.label, c.new) for c in forbidden.changes] == [("order[wheat]", 0.0)]
    fewest = relaxation(bakery(oven=4.0), measure="fewest")
    assert len(fewest.changes) == 1 and fewest.changes[0].name == "oven_limit" and fewest.verified
    assert relaxation(bakery(oven=25.0)).outcome == "feasible"


def test_an_equation_says_which_half_matters() -> None:
    found = conflict(small({"sum": "x + y == 5", "a": "x >= 3", "b": "y >= 4"}, Variable("x"), Variable("y")))
    assert {m.label: m.side for m in found.members} == {"sum": "<=", "a": "", "b": ""}


def test_bounds_and_whole_numbers_are_members() -> None:
    whole = Variable("x", domain="integer", lower="0", upper="5"), Variable("y", domain="integer", lower="0", upper="5")
    found = conflict(small({"odd": "2 * x - 2 * y == 1"}, *whole))
    assert labels(found) == {"odd", "x (domain)", "y (domain)"} and found.irreducible and not found.linear
    assert set(found.proven_by) == {"highs", "scip"}
    bounds = conflict(small({"much": "x + y >= 11"}, *whole))
    assert labels(bounds) == {"much", "x (upper bound)", "y (upper bound)"} and bounds.linear
    kept = conflict(small({"much": "x + y >= 11"}, *whole), hard=["bounds"])
    assert labels(kept) == {"much"}


def test_a_semicontinuous_domain_is_one_member() -> None:
    x = Variable("x", domain="semicontinuous", lower="3", upper="8")
    found = conflict(small({"some": "x >= 1", "few": "x <= 2"}, x))
    assert labels(found) == {"some", "few", "x (domain)"} and found.irreducible
    assert "0 or within [3, 8]" in str(found)


@pytest.mark.parametrize(("rows", "expected"), [
    ({"never": "0 * x >= 1"}, {"never"}),
    ({"c": "x >= 2", "d": "x <= 1"}, {"c", "d"}),
    ({"c": "x >= 2", "d": "-x >= -1", "e": "x + 0 * x <= 9"}, {"c", "d"}),
])  # fmt: skip
def test_small_conflicts(rows: dict[str, str], expected: set[str]) -> None:
    found = conflict(small(rows, Variable("x")))
    assert labels(found) == expected and found.irreducible


def test_crossing_bounds_of_a_model() -> None:
    model = model_of(np.zeros(2), np.array([[1.0, 1.0]]), np.array([0.0]), np.array([9.0]), np.array([4.0, 0.0]), np.array([3.0, 5.0]))
    found = conflict(model)
    assert labels(found) == {"x0 (lower bound)", "x0 (upper bound)"} and found.irreducible


def test_rows_of_a_bridge_are_the_users_constraint() -> None:
    """max and iff become several rows and columns; the conflict names what the user wrote, once."""
    x = [Variable(name, domain="integer", lower="0", upper="10") for name in "xyz"]
    found = conflict(small({"top": "max(x, y) <= 4", "total": "x + y >= 9", "rest": "z <= 3"}, *x))
    assert {m.name for m in found.members} == {"top", "total"} and found.irreducible
    switch = Variable("on", domain="binary")
    logic = small({"rule": "iff(on == 1, x + y >= 7)", "off": "on == 0", "many": "x + y >= 8"}, switch, *x[:2])
    found = conflict(logic)
    assert {m.name for m in found.members} == {"rule", "off", "many"} and found.irreducible
    assert next(m for m in found.members if m.name == "rule").text == "iff(on == 1, x + y >= 7)"
    mended = relaxation(logic)
    assert mended.verified and {c.name for c in mended.changes} <= {"off", "many"}


def test_an_indexed_bridge_is_blamed_by_key() -> None:
    f = Formulation(
        "peaks", Objective("min"), (BREADS,), variables=(Variable("x", ("b in breads",), lower="0", upper="9"), Variable("y", lower="0", upper="9")),
        constraints=(Constraint("apart", "abs(x[b] - y) >= 5", ("b in breads",)), Constraint("near", "x['rye'] - y <= 1"),
                     Constraint("also", "y - x['rye'] <= 1")),
    )  # fmt: skip
    found = conflict(f)
    assert labels(found) >= {"apart[rye]", "near", "also"} and "apart[wheat]" not in labels(found) and found.irreducible


def test_nonlinear_models_through_scip() -> None:
    xy = Variable("x", lower="0", upper="10"), Variable("y", lower="0", upper="10")
    f = small({"disc": "x * x + y * y <= 4", "far": "x + y >= 4", "idle": "x * y <= 1000"}, *xy)
    found = conflict(f, time_limit=30)
    assert labels(found) == {"disc", "far"} and found.irreducible
    assert "x*x + y*y <= 4" in str(found).replace("x * x", "x*x").replace("y * y", "y*y")
    mended = relaxation(f, time_limit=30)
    assert mended.outcome == "relaxed" and mended.verified


def test_time_that_is_too_short_is_said() -> None:
    """A market split of 6 rows and 50 binaries takes hours: nothing is claimed."""
    rng = np.random.default_rng(1)
    a = rng.integers(0, 100, (6, 50)).astype(float)
    model = model_of(np.zeros(50), a, a.sum(axis=1) // 2 + 0.0, a.sum(axis=1) // 2 + 0.0, np.zeros(50), np.ones(50), np.ones(50, dtype=np.uint8))
    found = diagnose(model, time_limit=2.0)
    assert found.conflict is not None and found.conflict.outcome == "undecided" and not found.decided
    assert "more time" in found.conflict.message and found.conflict.irreducible is None


def test_a_conflict_with_open_questions_is_not_called_irreducible() -> None:
    """The oracle answers unknown from the third question on: the set stays a conflict, and its state is said."""
    from solvers.diagnose.conflict import Search
    from solvers.diagnose.members import members_of
    from solvers.diagnose.oracle import Budget
    from solvers.diagnose.subject import subject

    found = subject(bakery())
    search = Search(found, members_of(found), Budget(60.0))
    asked = search.oracle._solve
    calls = []

    def tired(active: np.ndarray) -> object:
        calls.append(1)
        return asked(active) if len(calls) <= 2 else ("unknown", None)

    search.oracle._solve = tired  # type: ignore[method-assign,assignment]
    result = search.run()
    assert result.outcome == "conflict" and result.irreducible is None
    assert "NOT proven irreducible" in result.message and any(m.needed is None for m in result.members)
    assert labels(result) >= {"oven_limit", "order[rye]", "order[wheat]"}


def test_a_feasible_model_has_no_conflict() -> None:
    assert conflict(bakery(oven=30.0)).outcome == "feasible"
    assert diagnose(bakery(oven=30.0)).termination == "optimal"


@pytest.mark.parametrize(("name", "hint"), [
    ("ovenlimit", "oven_limit"), ("order[ry]", "rye"), ("order[rye", "NAME"), ("bake:integrality", "integrality"),
    ("bake:colour", ":lower"), ("", "NAME"), ("oven_limit[3]", "no index"), ("profit", "name one of"),
])  # fmt: skip
def test_names_that_mean_nothing_are_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(SelectorError) as error:
        conflict(bakery(), hard=[name])
    assert hint in str(error.value)


def test_keys_and_weights_are_read() -> None:
    assert split_key("week 3") == ("week 3",)
    assert split_key("'a, b', 4") == ("a, b", "4")
    assert split_key('"x"') == ("x",)
    assert read_weights(["a=2", "b[1]=inf"]) == {"a": 2.0, "b[1]": float("inf")}
    for wrong in ("a", "a=", "a=-1", "a=0", "=3", "a=nan"):
        with pytest.raises(SelectorError):
            read_weights([wrong])


def test_a_slot_that_stands_elsewhere_is_marked() -> None:
    f = bakery()
    twice = replace(f, constraints=(*f.constraints, Constraint("other", "bake['rye'] <= 4 * oven")))
    change = relaxation(twice, hard=["order"]).changes[0]
    assert change.shared and "stands elsewhere too" in str(change)


def test_a_model_without_names_is_diagnosed_by_number() -> None:
    a = np.array([[1.0, 1.0], [1.0, 0.0]])
    model = model_of(np.ones(2), a, np.array([-np.inf, 4.0]), np.array([3.0, np.inf]), np.zeros(2), np.full(2, np.inf))
    found = conflict(replace(model, rows=(), columns=()))
    assert labels(found) == {"row0", "row1", "x1 (lower bound)"} and found.irreducible


def test_a_ratio_objective_leaves_the_users_right_hand_sides() -> None:
    """HiGHS would get a scaled program, whose rows are others: what is shown are the user's own numbers."""
    f = small({"cap": "x + y <= 5", "need": "x >= 7", "floor": "y >= 1"}, Variable("x", lower="0"), Variable("y", lower="0"),
              objective="(x + 2 * y) / (x + y + 1)")  # fmt: skip
    found = conflict(f)
    assert labels(found) == {"cap", "need", "floor"} or labels(found) == {"cap", "need", "y (lower bound)"}
    assert "x + y <= 5" in str(found) and found.irreducible and found.linear
    mended = relaxation(f, measure="absolute", hard=["need", "floor"])
    assert [(c.name, c.new) for c in mended.changes] == [("cap", 8.0)] and mended.verified


def test_structure_of_a_model_is_said_to_be_given() -> None:
    """Special ordered sets that a model holds as such are no members: the message says that they are taken as given."""
    from solvers.model import Sos

    a = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    model = model_of(np.ones(3), a, np.array([1.0, 1.0]), np.full(2, np.inf), np.zeros(3), np.full(3, 4.0))
    held = replace(model, sos=(Sos(1, np.array([0, 1, 2]), np.array([1.0, 2.0, 3.0])),))
    found = conflict(held, time_limit=30)
    assert labels(found) == {"c0", "c1"} and found.irreducible
    assert "always taken as given: sos" in found.message


def one_machine(due: int) -> Formulation:
    """Five tasks of 7, 5, 9, 4 and 8 hours, 33 in all, on one machine until `due`."""
    tasks = tuple(Cell((f"t{k}",), hours) for k, hours in enumerate((7, 5, 9, 4, 8)))
    return Formulation(
        "machine", Objective("min", ()), (IndexSet("J", elements=tuple(c.key[0] for c in tasks)),),
        (Parameter("d", axes=("J",), cells=tasks),), (Variable("s", ("j in J",), lower="0", upper="90"),),
        constraints=(Constraint("machine", "no_overlap(s[j], d[j] for j in J)"), Constraint("due", f"s[j] + d[j] <= {due}", ("j in J",))),
    )  # fmt: skip


def test_what_highs_leaves_open_goes_to_cpsat_which_is_asked_first_from_then_on() -> None:
    pytest.importorskip("ortools", reason="CP-SAT needs ortools")
    for due, verdict in ((32, "infeasible"), (33, "feasible")):
        found = subject(one_machine(due))
        members = members_of(found)
        asked = HighsOracle(members, Budget(60.0))
        everything = np.ones(len(members), dtype=bool)
        answer, x = asked._elsewhere(everything)
        assert answer == verdict
        assert asked.quick is not None and asked.quick.adapter.name == "cpsat"
        assert x is None or members.satisfied(x)[0].all()
        without = everything & ~np.array([f == "due" for f in (members.families[k].name for k in members.family)])
        assert asked.test(without) == "feasible"


def test_a_conflict_of_orders_is_irreducible_and_checked_by_others() -> None:
    found = conflict(one_machine(32))
    assert found.irreducible and found.proven_by
    assert {m.name for m in found.members} == {"machine", "due", "s"}


def test_an_ordered_set_is_blamed_also_beside_products() -> None:
    f = Formulation(
        "either", Objective("min", ()), (IndexSet("I", elements=("a", "b")),), (), (Variable("x", ("i in I",), lower="0", upper="5"),),
        constraints=(Constraint("one", "sos1(x[i] for i in I)"), Constraint("area", "x['a'] * x['b'] >= 2")),
    )
    found = conflict(f)
    assert found.outcome == "conflict"
    assert {m.name for m in found.members if m.kind == "row"} == {"one", "area"}
