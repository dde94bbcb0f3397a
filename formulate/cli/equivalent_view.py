"""An answer on two candidates for the terminal: verdict, reason, mapping, difference, witness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from solvers.render.layout import bullet_list, grid, row, section
from solvers.render.safe import one_line
from verify.equivalence.candidates import mapping, why

if TYPE_CHECKING:
    from verify.equivalence.diff import Diff
    from verify.equivalence.symbolic.decide import FormulationEquivalence
    from verify.equivalence.witness import Witness

MOST_PAIRS = 24
MOST_DIFFERENCES = 30
_STYLE = {
    "equivalent": "bold green", "structurally_different": "bold red", "semantically_different": "bold red",
    "undecided": "bold yellow",
}  # fmt: skip
_HOLDS = {
    "all data": "for all data", "these data": "on the data at hand", "random data": "on random data", "": "",
}  # fmt: skip


def equivalence_view(found: FormulationEquivalence, a: str, b: str) -> Group:
    """Everything about an answer, the verdict first."""
    verdict = found.verdict.replace("_", " ")
    holds = _HOLDS[found.scope] if found.verdict != "undecided" else ""
    files = Text(f"A is {one_line(a)}, B is {one_line(b)}", "dim")
    lead = Text.assemble((verdict, _STYLE[found.verdict]), f"  {holds}")
    parts: list[RenderableType] = [lead, files, Text(one_line(why(found), 600)), Text("")]
    if found.diff is not None:
        told = [one_line(text, 300) for text in _told(found.diff)]
        more = [f"and {len(told) - MOST_DIFFERENCES} more"] if len(told) > MOST_DIFFERENCES else []
        cut = "" if found.diff.complete else " (the matching was cut short: there may be less)"
        lines = told[:MOST_DIFFERENCES] + more or ["nothing that a reader would see"]
        parts.append(section(f"What differs{cut}", bullet_list(lines)))
    if found.witness is not None:
        parts.append(_witness(found.witness))
    parts += [_pairs(name, pairs) for name, pairs in mapping(found).items() if pairs]
    remarks = [one_line(text, 400) for text in (*found.evidence, *found.notes)]
    if remarks:
        parts.append(section("Remarks", bullet_list(remarks)))
    parts.append(Text(f"{found.mode} · {found.seconds:.2f} s", "dim"))
    return Group(*parts)


def _told(diff: Diff) -> list[str]:
    """One line per difference; more than two members of one family that are in one model only share a line."""
    families: dict[tuple[str, str, str], list[str]] = {}
    for d in diff.differences:
        if d.text.endswith((" only in A", " only in B")):
            families.setdefault((d.what, (d.row or d.column).split("[")[0], d.text[-1]), []).append(d.text)
    lines: dict[str, None] = {}
    for d in diff.differences:
        family = (d.what, (d.row or d.column).split("[")[0], d.text[-1])
        members = families.get(family, [])
        many = d.text in members and len(members) > 2 and "[" in (d.row or d.column)
        lines[f"{len(members)} {d.what}s {family[1]}[...] only in {family[2]}" if many else d.text] = None
    return list(lines)


def _pairs(name: str, pairs: list[list[str]]) -> RenderableType:
    table = grid(len(pairs[0]))
    for pair in pairs[:MOST_PAIRS]:
        row(table, *(Text(one_line(text)) for text in pair))
    if len(pairs) > MOST_PAIRS:
        more = Text(f"and {len(pairs) - MOST_PAIRS} more (--json shows all)", "dim")
        row(table, more, *[Text("")] * (len(pairs[0]) - 1))
    return section(f"{name.capitalize()} of A and of B", table)


def _witness(witness: Witness) -> RenderableType:
    table = grid(3)
    shown = [entry for entry in witness.point if entry[2]]
    for ours, theirs, value in shown[:MOST_PAIRS]:
        row(table, Text(one_line(ours or "-")), Text(one_line(theirs or "-")), Text(_number(value)))
    rest = len(witness.point) - min(len(shown), MOST_PAIRS)
    lines: list[RenderableType] = [table] if shown else []
    if witness.point and rest:
        told = "0" if len(shown) <= MOST_PAIRS else "not shown here (--json shows all)"
        lines.append(Text(f"{rest} further {'column is' if rest == 1 else 'columns are'} {told}", "dim"))
    for name, evaluation in (("A", witness.in_a), ("B", witness.in_b)):
        if evaluation is not None:
            lines.append(Text(f"in {name}: {one_line(str(evaluation), 200)}"))
    lines.append(Text(f"rests on: {witness.proof}" + (f"; {witness.matching}" if witness.matching else ""), "dim"))
    return section("Witness", Group(*lines))


def _number(value: object) -> str:
    text = str(value)
    return text if len(text) <= 14 else f"{float(value):.9g}"  # type: ignore[arg-type]
