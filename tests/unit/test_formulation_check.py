"""`Formulation.check()`: what `solve` does not look at is one call away."""

from __future__ import annotations

from solvers import solve
from solvers.formulation import Cell, Constraint, Formulation, Objective, Parameter, Term, Variable


def test_units_that_do_not_fit_are_known_from_python_and_do_not_stop_a_solve() -> None:
    f = Formulation(
        "t", Objective("min", (Term("g", "x"),)), (), (Parameter("limit", unit="hour", cells=(Cell((), 3),)),),
        (Variable("x", lower="0", unit="kg"),), constraints=(Constraint("c", "x >= limit"),),
    )  # fmt: skip
    assert solve(f).objective == 3
    found = f.check()
    assert [issue.place.element for issue in found.errors or found.warnings] == ["c"]
    assert "kg" in str((found.errors or found.warnings)[0]) and "hour" in str((found.errors or found.warnings)[0])
