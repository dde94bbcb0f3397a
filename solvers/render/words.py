"""The parts of a formulation in words: what a set holds, the values of a parameter, the bounds of a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Label, Objective, Parameter, Term, Variable
from solvers.render.mathtext import indices, math_text, over_text
from solvers.render.safe import number, one_line

if TYPE_CHECKING:
    from solvers.result import SolveResult

SHOWN_ELEMENTS = 12
SHOWN_CELLS = 12
PROVEN_NONE = ("infeasible", "unbounded", "infeasible_or_unbounded")


def element_text(element: Label | tuple[Label, ...]) -> str:
    """One element of a set: a label, or a tuple in parentheses."""
    if isinstance(element, tuple):
        return "(" + ", ".join(number(part) for part in element) + ")"
    return number(element)


def _cut(items: list[str], shown: int | None, count: int) -> str:
    if shown is not None and count > shown:
        items = [*items[: shown - 1], f"... ({count} in all)"]
    return ", ".join(items)


def set_text(item: IndexSet, shown: int | None = SHOWN_ELEMENTS) -> str:
    """What a set holds: its elements (at most `shown`), its formula, or that data bind it."""
    if item.elements is not None:
        listed = item.elements if shown is None else item.elements[:shown]
        return "{" + _cut([element_text(e) for e in listed], shown, len(item.elements)) + "}"
    if item.expr is not None:
        return math_text(item.expr)
    return f"from data ({one_line(item.bind)})" if item.bind else "from data"


def indexed(name: str, over: tuple[str, ...]) -> str:
    """`ship[p, m]`, or the bare name without indices."""
    found = indices(over)
    return f"{one_line(name)}[{', '.join(found)}]" if found else one_line(name)


def _cell(cell: Cell) -> str:
    if not cell.key:
        return number(cell.value)
    return f"{element_text(cell.key if len(cell.key) > 1 else cell.key[0])}: {number(cell.value)}"


def parameter_text(item: Parameter, shown: int | None = SHOWN_CELLS) -> str:
    """The values of a parameter: its number, its cells (at most `shown`), its formula, or that data bind it."""
    if item.expr is not None:
        return math_text(item.expr)
    if not item.cells:
        if item.default is not None:
            return f"{number(item.default)} everywhere"
        return f"from data ({one_line(item.bind)})" if item.bind else "from data"
    if not item.axes and len(item.cells) == 1:
        return number(item.cells[0].value)
    listed = item.cells if shown is None else item.cells[:shown]
    text = "{" + _cut([_cell(cell) for cell in listed], shown, len(item.cells)) + "}"
    return text + (f", else {number(item.default)}" if item.default is not None else "")


def parameter_head(item: Parameter) -> str:
    """`cost[plants, markets]`: a parameter with its axes, or a derived one with its indices."""
    if item.expr is not None:
        return indexed(item.name, item.over)
    return f"{one_line(item.name)}[{', '.join(map(one_line, item.axes))}]" if item.axes else one_line(item.name)


def bounds_text(item: Variable) -> str:
    """`0 <= build[p] <= sales_limit[p]`, or nothing for a free or binary variable without bounds."""
    name = indexed(item.name, item.over)
    lower = None if item.lower is None or item.lower.strip() == "-inf" else math_text(item.lower)
    upper = None if item.upper is None or item.upper.strip() == "inf" else math_text(item.upper)
    if lower is None and upper is None:
        return "" if item.domain == "binary" else "free"
    if lower is None:
        return f"{name} <= {upper}"
    return f"{name} >= {lower}" if upper is None else f"{lower} <= {name} <= {upper}"


def sense_text(objective: Objective) -> str:
    """`minimize`, `maximize`, or that only feasibility is asked."""
    if not objective.terms:
        return "find any feasible solution"
    return "minimize" if objective.sense == "min" else "maximize"


def levels(objective: Objective) -> list[tuple[int, list[Term]]]:
    """The terms by priority, the one optimised first in front."""
    found: dict[int, list[Term]] = {}
    for term in objective.terms:
        found.setdefault(term.priority, []).append(term)
    return sorted(found.items(), key=lambda pair: -pair[0])


def constraint_text(item: Constraint) -> str:
    """The formula of a constraint with the indices it holds for."""
    text = math_text(item.expr)
    return f"{text}   for all {over_text(item.over)}" if item.over else text


def unit_text(unit: str | None) -> str:
    """A unit for reading, underscores as spaces; empty when there is none."""
    return one_line(unit).replace("_", " ") if unit else ""


def quotes(source: tuple[str, ...], limit: int | None = None) -> str:
    """The words of the text something came from, in quotation marks."""
    return " ... ".join(f'"{one_line(quote, limit)}"' for quote in source if quote.strip())


def cell_quotes(item: Parameter) -> tuple[str, ...]:
    """The distinct words that the numbers of a parameter were read from, in order."""
    return tuple(dict.fromkeys(cell.quote for cell in item.cells if cell.quote)) or item.source


_OUTCOMES = {
    "infeasible": "infeasible: no values satisfy all constraints",
    "unbounded": "unbounded: the objective can be improved without limit",
    "error": "the solver broke",
}


def outcome_text(result: SolveResult) -> str:
    """What came of a solve; a solution at a limit is called feasible, never optimal."""
    said = _OUTCOMES.get(result.termination, result.termination.replace("_", " "))
    if result.loose_gap is not None:
        return f"{said} within a gap of {result.loose_gap:.3g}"
    if result.is_optimal or result.termination in PROVEN_NONE:
        return said
    return f"feasible, not proven optimal ({said})" if result.has_solution else f"{said}, no solution found"


def is_whole(variable: Variable | None) -> bool:
    """Whether the values of a variable are whole numbers."""
    return variable is not None and variable.domain in ("integer", "binary", "semi-integer")


def model_name(formulation: Formulation) -> str:
    """Its name, harmless and not empty."""
    return one_line(formulation.name) or "problem"
