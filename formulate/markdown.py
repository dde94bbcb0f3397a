"""An attempt as Markdown: for `report.md` and for notebooks. Nothing of the text can act as markup."""

from __future__ import annotations

import re

from formulate.attempt import Attempt
from formulate.questions import questions
from solvers.render.elements import to_five_elements
from solvers.render.safe import one_line
from solvers.render.values import show_value
from solvers.render.words import is_whole, model_name, outcome_text, unit_text

MOST_ROWS = 200
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$&-])")


def escape(text: str) -> str:
    """Text on one line, with every character that Markdown or HTML could act on escaped."""
    return _SPECIAL.sub(r"\\\1", one_line(text)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def attempt_markdown(attempt: Attempt) -> str:
    """Title, outcome, five elements, values, findings, what to double-check."""
    name = model_name(attempt.formulation) if attempt.formulation else attempt.problem.id or "problem"
    lines = [f"# {escape(name)}", "", f"**{attempt.outcome}**{_outcome(attempt)}", ""]
    if attempt.abstained:
        lines += ["## Not understood", ""]
        lines += [f"- {escape(r.why)}{': ' + escape(r.sentence) if r.sentence else ''}" for r in attempt.abstained]
    if attempt.error is not None:
        lines += [f"- {attempt.error.stage}: {escape(str(attempt.error))}", ""]
    if attempt.result is not None and attempt.result.has_solution:
        lines += [*_values(attempt), ""]
    if attempt.formulation is not None:
        lines += ["## Five elements", "", to_five_elements(attempt.formulation), ""]
    if attempt.report.findings:
        lines += ["## How far to trust it", "", "| verdict | check | about | evidence |", "|---|---|---|---|"]
        lines += [
            f"| {f.verdict.replace('_', ' ')} | {escape(f.check)} | {escape(f.element)} | {escape(f.evidence)} |"
            for f in attempt.report.sorted()
        ]
        lines += ["", *(f"- not verified: {escape(text)}" for text in attempt.report.not_verified), ""]
    asked = questions(attempt)
    if asked:
        lines += ["## To double-check", "", *(f"- {escape(text)}" for text in asked), ""]
    return "\n".join(lines).rstrip() + "\n"


def _outcome(attempt: Attempt) -> str:
    result = attempt.result
    if result is None:
        return ""
    said = outcome_text(result)
    if result.objective is not None and attempt.formulation is not None:
        unit = unit_text(attempt.formulation.objective.unit)
        said += f", objective {result.objective:.10g} {escape(unit)}".rstrip()
    return f": {said} ({escape(f'{result.solver} {result.version}')}, {result.seconds:.2f} s)"


def _values(attempt: Attempt) -> list[str]:
    assert attempt.result is not None and attempt.formulation is not None
    declared = {variable.name: variable for variable in attempt.formulation.variables}
    lines, rows, left_out = ["## Solution", "", "| variable | value | unit |", "|---|---:|---|"], 0, 0
    for name, block in attempt.result.values.items():
        variable = declared.get(name)
        whole = is_whole(variable)
        unit = escape(unit_text(variable.unit)) if variable is not None else ""
        for key, value in zip(block, block.array):
            shown = show_value(float(value), whole)
            if rows >= MOST_ROWS or (len(block) > MOST_ROWS and shown == "0"):
                left_out += 1
                continue
            rows += 1
            index = f"[{', '.join(map(str, key))}]" if key else ""
            lines.append(f"| {escape(name + index)} | {shown} | {unit} |")
    return [*lines, "", f"{left_out} more in solution.json"] if left_out else lines
