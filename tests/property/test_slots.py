"""The slot-to-coefficient map: patched models equal freshly grounded ones, and warm re-solves equal cold ones."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import solve
from solvers.data import Data
from solvers.errors import FormulateError
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.ground import ground
from solvers.template import evaluate
from solvers.warm import WarmSolver
from tests.property.making import Maker


def same(a, b) -> None:
    """Two models with the same structure and, to rounding, the same numbers."""
    for name in ("start", "index"):
        assert np.array_equal(getattr(a.matrix, name), getattr(b.matrix, name))
    for left, right in [
        (a.matrix.value, b.matrix.value), (a.row_lower, b.row_lower), (a.row_upper, b.row_upper),
        (a.col_lower, b.col_lower), (a.col_upper, b.col_upper), (a.objective.costs, b.objective.costs),
        ([a.objective.offset], [b.objective.offset]),
    ]:  # fmt: skip
        assert np.asarray(left) == pytest.approx(np.asarray(right), rel=1e-9, abs=1e-9)
    x = np.linspace(-1.5, 2.5, a.num_columns)
    for p, q in zip(a.nonlinear_rows, b.nonlinear_rows, strict=True):
        assert evaluate(p.template, x) == pytest.approx(evaluate(q.template, x), rel=1e-9, abs=1e-9, nan_ok=True)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_a_patched_model_equals_a_new_grounding(seed):
    formulation = Maker(seed).formulation()
    rng = random.Random(seed)
    try:
        model = ground(formulation, tracking=True)
    except FormulateError:
        return
    name = rng.choice([p.name for p in formulation.parameters if p.name in ("p", "q", "s", "w") and p.cells])
    key = rng.choice(next(p for p in formulation.parameters if p.name == name).cells).key
    value = rng.choice([0.0, 1.0, -2.0, 3.5])
    update = model.slots.change(model, {(name, key): value})
    if update is None:
        return
    again = ground(formulation, Data.inline(formulation).override({(name, key): value}))
    same(update.model, again)
    untracked = np.flatnonzero(model.matrix.value != update.model.matrix.value)
    assert set(untracked) <= set(update.matrix.tolist()), "every changed coefficient is announced"


def production(capacity: float = 40.0, seed: int = 0) -> Formulation:
    rng = random.Random(seed)
    labels = ("a", "b", "c")
    return Formulation(
        "production", Objective("max", (Term("t", "sum(price[i] * x[i] for i in I)"),)),
        (IndexSet("I", elements=labels),),
        (Parameter("price", "reward", axes=("I",), cells=tuple(Cell((i,), rng.randint(1, 9)) for i in labels)),
         Parameter("use", "rate", axes=("I",), cells=tuple(Cell((i,), rng.randint(1, 5)) for i in labels)),
         Parameter("capacity", cells=(Cell((), capacity),)), Parameter("most", cells=(Cell((), 6.0),)),
         Parameter("items", "count", cells=(Cell((), 2),))),
        (Variable("x", ("i in I",), lower="0", upper="most"),),
        constraints=(Constraint("cap", "sum(use[i] * x[i] for i in I) <= capacity"),
                     Constraint("few", "sum(x[i] for i in I if ord(i, I) <= items) <= 8")),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.sampled_from(["price", "use", "capacity", "most", "items"]), max_size=4))
def test_warm_re_solves_equal_cold_ones(seed, names):
    formulation = production(seed=seed)
    warm = WarmSolver(formulation)
    rng = random.Random(seed)
    data = Data.inline(formulation)
    for name in names:
        key = (rng.choice("abc"),) if name in ("price", "use") else ()
        value = float(rng.randint(1, 3) if name == "items" else rng.randint(0, 50))
        patched = warm.change({(name, key): value})
        assert patched == (name != "items"), "only the slot that shapes a condition needs a new grounding"
        data = data.override({(name, key): value})
        assert warm.solve().objective == pytest.approx(solve(formulation, data).objective, rel=1e-7, abs=1e-7)


def test_derivatives_are_read_off_and_zero_slots_keep_their_places():
    formulation = production()
    cells = tuple(Cell((i,), 0.0) for i in "abc")
    use = Parameter("use", "rate", axes=("I",), cells=cells)
    parameters = tuple(use if p.name == "use" else p for p in formulation.parameters)
    formulation = Formulation(**{**formulation.__dict__, "parameters": parameters})
    slots = ground(formulation, tracking=True).slots
    (place,) = slots.derivatives("use", ("b",))
    assert (place.target, place.position, place.partial) == ("matrix", 1, 1.0)
    (right_side,) = slots.derivatives("capacity")
    assert (right_side.target, right_side.position, right_side.partial) == ("row_constant", 0, -1.0)
    assert {d.target for d in slots.derivatives("most")} == {"col_upper"}
    assert "items" in slots.structural
    with pytest.raises(FormulateError, match="no such cell"):
        slots.derivatives("use", ("z",))


def test_a_changed_sign_behind_a_bridge_is_reformulated():
    formulation = Formulation(
        "sign", Objective("min", (Term("t", "weight * abs(f) + f"),)),
        parameters=(Parameter("weight", cells=(Cell((), 2.0),)),),
        variables=(Variable("f", lower="-3", upper="4"),),
    )  # fmt: skip
    warm = WarmSolver(formulation)
    assert warm.solve().objective == pytest.approx(0)
    warm.change({("weight", ()): -2.0})
    assert warm.solve().objective == pytest.approx(-9)
