"""An attempt for the terminal: the five elements, the answer, and what is to be doubted about both."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from formulate.attempt import Attempt
from formulate.questions import questions
from solvers.render.layout import Line, bullet_list, grid, row, section
from solvers.render.safe import one_line, printable
from solvers.render.tables import formulation_view, solution_view
from verify.reading.ledger import Leftover
from verify.report import Finding, Report, Verdict

_STYLE: dict[Verdict, str] = {
    "refuted": "bold red", "suspect": "bold yellow", "consistent": "green", "not_applicable": "dim",
    "could_not_run": "yellow",
}  # fmt: skip


def attempt_view(attempt: Attempt) -> Group:
    """Everything about an attempt, in the order a reader needs it."""
    parts: list[RenderableType] = []
    if attempt.abstained:
        parts.append(abstention_view(attempt.abstained))
        return Group(*parts)
    if attempt.formulation is not None:
        parts.append(formulation_view(attempt.formulation, attempt.model_class))
    if attempt.error is not None:
        parts += [Line(), Text(f"failed: {printable(str(attempt.error))}", "bold red"), Text("")]
    if attempt.result is not None and attempt.formulation is not None:
        parts += [Line(), solution_view(attempt.formulation, attempt.result, with_check=False), Text("")]
    parts += [Line(), report_view(attempt.report)]
    asked = questions(attempt)
    if asked:
        parts.append(section("To double-check", bullet_list(asked)))
    parts.append(Text(f"{attempt.formulator} · {attempt.seconds:.2f} s in all", "dim"))
    return Group(*parts)


def abstention_view(reasons: tuple[Leftover, ...]) -> Group:
    """Why there is no answer, sentence by sentence."""
    table = grid(1)
    for reason in reasons:
        text = Text(one_line(reason.why))
        if reason.sentence.strip():
            text.append(f'\n  "{one_line(reason.sentence, 300)}"', "green")
        row(table, text)
    advice = (
        "No answer is better than a wrong one: the text was not understood completely. Say it more plainly, or write "
        "the formulation by hand (docs/LANGUAGE.md) and run `formulate solve`; `formulate read` shows what was found."
    )
    return Group(Text("abstained", "bold yellow"), Text(""), section("Not understood", table), Text(advice, "dim"))


def report_view(report: Report) -> Group:
    """The findings, gravest first, and what nobody has verified."""
    table = grid(3)
    for finding in report.sorted():
        row(table, Text(finding.verdict.replace("_", " "), _STYLE[finding.verdict]), finding.check, _evidence(finding))
    for text in report.not_verified:
        row(table, Text("not verified", "yellow"), "meaning", one_line(text))
    return section("How far to trust it", table)


def _evidence(finding: Finding) -> Text:
    text = Text(f"{one_line(finding.element)}: " if finding.element else "")
    text.append(one_line(finding.evidence))
    if finding.hint and finding.verdict != "consistent":
        text.append(f"\n{one_line(finding.hint)}", "dim")
    return text
