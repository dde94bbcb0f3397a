"""The five-element text of LLMOPT (arXiv 2410.13213, section 3.1): one fenced block with five headings."""

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
    parameter_head,
    parameter_text,
    sense_text,
    set_text,
    unit_text,
)


def to_five_elements(formulation: Formulation) -> str:
    """`## Sets:`, `## Parameters:`, `## Variables:`, `## Objective:`, `## Constraints:` in one fence, values in full.

    Named expressions stand among the parameters' formulas, as definitions under `## Variables:`, since the form
    has no heading of their own.
    """
    parts = [
        ("Sets", _sets(formulation)), ("Parameters", _parameters(formulation)),
        ("Variables", _variables(formulation)), ("Objective", _objective(formulation)),
        ("Constraints", _constraints(formulation)),
    ]  # fmt: skip
    lines = ["```"]
    for title, body in parts:
        lines += [f"## {title}:", *(list(body) or ["- none"]), ""]
    return "\n".join([*lines[:-1], "```"])


def _safe(text: str) -> str:
    # Three backticks in a label or description would close the fence early.
    return one_line(text).replace("```", "'''")


def _line(text: str, unit: str | None, description: str) -> str:
    if unit:
        text += f" {unit_text(unit)}"
    return _safe(f"- {text}{': ' + description if description.strip() else ''}")


def _for_all(over: tuple[str, ...]) -> str:
    return f" for all {over_text(over)}" if over else ""


def _sets(formulation: Formulation) -> Iterator[str]:
    for item in formulation.sets:
        text = f"{indexed(item.name, item.over)} = {set_text(item, None)}{_for_all(item.over)}"
        yield _line(text, None, item.description)


def _parameters(formulation: Formulation) -> Iterator[str]:
    for item in formulation.parameters:
        text = f"{parameter_head(item)} = {parameter_text(item, None)}{_for_all(item.over)}"
        yield _line(text, item.unit, item.description)


def _variables(formulation: Formulation) -> Iterator[str]:
    for item in formulation.variables:
        bounds = bounds_text(item)
        text = f"{indexed(item.name, item.over)}{_for_all(item.over)}, {item.domain}{', ' + bounds if bounds else ''}"
        unit = f"in {unit_text(item.unit)}" if item.unit else ""
        yield _line(text, None, "; ".join(part for part in (item.description, unit) if part))
    for named in formulation.expressions:
        text = f"{indexed(named.name, named.over)} = {math_text(named.expr)}{_for_all(named.over)}"
        yield _line(text, None, named.description)


def _objective(formulation: Formulation) -> Iterator[str]:
    objective = formulation.objective
    found = levels(objective)
    for k, (_, terms) in enumerate(found or [(0, [])]):
        body = " + ".join(f"({math_text(term.expr)})" if len(terms) > 1 else math_text(term.expr) for term in terms)
        lead = f"{'first' if k == 0 else 'then'} " if len(found) > 1 else ""
        yield _line(f"{lead}{sense_text(objective)} {body}".rstrip(), None, objective.description)


def _constraints(formulation: Formulation) -> Iterator[str]:
    for item in formulation.constraints:
        name = item.description.strip() or item.name.replace("_", " ")
        yield _safe(f"- {name}: {constraint_text(item)}")
