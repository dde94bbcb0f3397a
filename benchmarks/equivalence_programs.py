"""Models written as formulations, emitted as programs, run in the sandbox and captured again (equivalence_pairs)."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from solvers.formulation import Constraint, Domain, Formulation, Objective, Term, Variable  # noqa: E402
from solvers.model import INTEGER, Model  # noqa: E402
from tests.property.equivalence_drafts import INF, Draft, Row, permuted  # noqa: E402

TARGETS = ("highspy", "pyomo", "scip", "gurobipy")


def formulation_of(made: Draft) -> Formulation:
    """A linear draft as a formulation of scalar variables, its numbers as numerals."""
    variables = tuple(
        Variable(f"x{j}", domain=_domain(c.kind), lower=_bound(c.lower), upper=_bound(c.upper))
        for j, c in enumerate(made.columns)
    )
    cost = _sum([(j, c.cost) for j, c in enumerate(made.columns) if c.cost])
    terms = (Term("cost", f"{cost} + {_number(made.offset)}"),)
    rows = tuple(Constraint(f"r{i}", _comparison(row)) for i, row in enumerate(made.rows) if row.entries)
    return Formulation("made", Objective(made.sense, terms), variables=variables, constraints=rows)  # type: ignore[arg-type]


def _domain(kind: int) -> Domain:
    return "integer" if kind == INTEGER else "continuous"


def _number(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return f"({text})" if value < 0 else text


def _bound(value: float) -> str | None:
    return None if abs(value) == INF else _number(value)


def _sum(entries: list[tuple[int, float]]) -> str:
    return " + ".join(f"{_number(c)} * x{j}" for j, c in entries) or "0"


def _comparison(row: Row) -> str:
    left = _sum(row.entries)
    if row.lower == row.upper:
        return f"{left} == {_number(row.lower)}"
    lower = "" if row.lower == -INF else f"{_number(row.lower)} <= "
    upper = "" if row.upper == INF else f" <= {_number(row.upper)}"
    return f"{lower}{left}{upper}" if lower or upper else f"{left} <= inf"


def used(made: Draft) -> Draft:
    """The draft without columns that no row and no cost uses: Pyomo hands only the others to its solver."""
    kept = {j for row in made.rows for j, _ in row.entries} | {j for j, c in enumerate(made.columns) if c.cost}
    place = {j: k for k, j in enumerate(sorted(kept))}
    rows = [replace(row, entries=[(place[j], c) for j, c in row.entries]) for row in made.rows]
    return replace(made, columns=[made.columns[j] for j in place], rows=rows)


def programs_of(base: Draft, r: random.Random) -> Iterator[tuple[str, Draft, Model | str]]:
    """For each target the draft, and the model that the program emitted for it hands to its solver (or why none came).

    For Pyomo it is the draft without idle columns.
    """
    from solvers.emit import emit
    from solvers.errors import FormulateError
    from solvers.sandbox import Limits, run

    if base.products or any(row.products or (not row.entries and not row.lower <= 0 <= row.upper) for row in base.rows):
        return
    written = formulation_of(permuted(base, r)[0])
    for target in TARGETS:
        try:
            program = emit(written, target)
        except FormulateError as error:
            yield target, base, error.message
            continue
        done = run(program.text, limits=Limits(wall=120.0, processor=120.0))
        last = done.last
        told = str(done.error) if last is None else last.uncaptured
        model = done.model
        yield target, used(base) if target == "pyomo" else base, model or told or "no solve was captured"
