"""A formulation as plain text: the five elements, formulas as mathematics in ASCII."""

from __future__ import annotations

from collections.abc import Iterator

from solvers.formulation import Formulation
from solvers.render.mathtext import math_text, over_text
from solvers.render.safe import one_line
from solvers.render.words import (
    bounds_text,
    constraint_text,
    indexed,
    levels,
    model_name,
    parameter_head,
    parameter_text,
    quotes,
    sense_text,
    set_text,
    unit_text,
)


def to_text(formulation: Formulation) -> str:
    """The five elements and what serves them; ends without a line break."""
    lines = [model_name(formulation)]
    if formulation.description:
        lines.append(one_line(formulation.description))
    for title, body in (
        ("Sets", _sets(formulation)), ("Parameters", _parameters(formulation)),
        ("Variables", _variables(formulation)), ("Expressions", _expressions(formulation)),
        ("Objective", _objective(formulation)), ("Constraints", _constraints(formulation)),
        ("Assumptions", _assumptions(formulation)), ("Numbers not used", _unused(formulation)),
        ("Asked", (math for math in map(one_line, formulation.asked))),
    ):  # fmt: skip
        found = list(body)
        if found or title in ("Variables", "Objective", "Constraints"):
            lines += ["", title, *(f"  {line}" for line in found or ["none"])]
    return "\n".join(lines)


def _described(text: str, description: str, unit: str | None = None) -> str:
    notes = [note for note in (unit_text(unit), one_line(description)) if note]
    return f"{text}   # {'; '.join(notes)}" if notes else text


def _sets(formulation: Formulation) -> Iterator[str]:
    for item in formulation.sets:
        over = f" for {over_text(item.over)}" if item.over else ""
        within = f" within {one_line(item.within)}" if item.within else ""
        yield _described(f"{indexed(item.name, item.over)} = {set_text(item)}{within}{over}", item.description)


def _parameters(formulation: Formulation) -> Iterator[str]:
    for item in formulation.parameters:
        over = f" for {over_text(item.over)}" if item.over else ""
        yield _described(f"{parameter_head(item)} = {parameter_text(item)}{over}", item.description, item.unit)


def _variables(formulation: Formulation) -> Iterator[str]:
    for item in formulation.variables:
        over = f" for {over_text(item.over)}" if item.over else ""
        bounds = bounds_text(item)
        text = f"{indexed(item.name, item.over)} {item.domain}{', ' + bounds if bounds else ''}{over}"
        yield _described(text, item.description, item.unit)


def _expressions(formulation: Formulation) -> Iterator[str]:
    for item in formulation.expressions:
        over = f" for {over_text(item.over)}" if item.over else ""
        yield _described(f"{indexed(item.name, item.over)} = {math_text(item.expr)}{over}", item.description, item.unit)


def _objective(formulation: Formulation) -> Iterator[str]:
    objective = formulation.objective
    found = levels(objective)
    yield _described(sense_text(objective), objective.description, objective.unit)
    for k, (priority, terms) in enumerate(found):
        if len(found) > 1:
            yield f"{'first' if k == 0 else 'then'} (priority {priority}):"
        for j, term in enumerate(terms):
            sign = "+ " if j else "  "
            yield _described(f"{sign}{one_line(term.name)}: {math_text(term.expr)}", term.description)


def _constraints(formulation: Formulation) -> Iterator[str]:
    for item in formulation.constraints:
        yield _described(f"{one_line(item.name)}: {constraint_text(item)}", item.description)
        if item.source:
            yield f"    from {quotes(item.source)}"


def _assumptions(formulation: Formulation) -> Iterator[str]:
    for item in formulation.assumptions:
        yield f"{one_line(item.about)}: {one_line(item.text)}" if item.about else one_line(item.text)


def _unused(formulation: Formulation) -> Iterator[str]:
    for item in formulation.unused:
        yield quotes((item.quote,)) + (f": {one_line(item.reason)}" if item.reason else "")
