"""Results as HTML for notebooks. All text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from solvers.render.safe import number, one_line
from solvers.render.words import outcome_text

if TYPE_CHECKING:
    from solvers.result import BlockValues, SolveResult

MOST_ROWS = 50


def block_html(values: BlockValues) -> str:
    """Values of one family as a table: those that are not zero first, at most MOST_ROWS of them."""
    keys, array = list(values), values.array
    order = [k for k in range(len(keys)) if array[k] != 0] + [k for k in range(len(keys)) if array[k] == 0]
    head = "".join(f"<th>{_safe(index)}</th>" for index in values.block.index)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_safe(number(part))}</td>" for part in keys[k])
        + f'<td style="text-align:right">{number(float(array[k]), 8)}</td></tr>'
        for k in order[:MOST_ROWS]
    )  # fmt: skip
    more = f"<caption>{len(keys) - MOST_ROWS} more</caption>" if len(keys) > MOST_ROWS else ""
    return f"<table>{more}<tr>{head}<th>{_safe(values.block.name)}</th></tr>{rows}</table>"


def result_html(result: SolveResult) -> str:
    """Termination, objective and all values."""
    objective = "" if result.objective is None else f", objective <b>{result.objective:.10g}</b>"
    checked = "not checked independently"
    if result.check is not None and result.check.feasible is not None:
        checked = "checked" if result.check.feasible else f"FAILS its check at {result.check.where}"
    facts = f"{result.solver} {result.version}, {result.seconds:.2f} s, {checked}"
    tables = "".join(map(block_html, result.values.values()))
    return f"<p><b>{_safe(outcome_text(result))}</b>{objective} ({_safe(facts)})</p>{tables}"


def _safe(text: str) -> str:
    return escape(one_line(text))
