"""Conflicts, relaxations, rays, concerns, sensitivity and what-if answers as rich tables for a terminal."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from solvers.formulation import Formulation
from solvers.render.layout import bullet_list, grid, row, ruled, section
from solvers.render.safe import number, one_line
from solvers.render.words import quotes, unit_text

if TYPE_CHECKING:
    from solvers.diagnose import Conflict, Diagnosis, Ray, Relaxation, Sensitivity, WhatIf
    from solvers.diagnose.blame import ConflictMember
    from solvers.diagnose.sensitivity import CostRange, Price

MOST_MEMBERS = 30
MOST_ROWS = 40
MOST_SUMMED = 6
QUOTE_LENGTH = 160


def diagnosis_view(diagnosis: Diagnosis) -> Group:
    """All parts of a diagnosis, the reason first."""
    style = "bold green" if diagnosis.termination == "optimal" else "bold red" if diagnosis.decided else "bold yellow"
    lead = Text.assemble((one_line(diagnosis.name) or "problem", "bold"), "  ", (diagnosis.model_class, "dim"), "  ",
                         (diagnosis.termination.replace("_", " "), style))  # fmt: skip
    if diagnosis.termination == "optimal":
        lead.append("   nothing stands in the way of a solution", "dim")
    parts: list[RenderableType] = [lead, Text("")]
    if diagnosis.conflict is not None:
        parts.append(conflict_view(diagnosis.conflict))
    if diagnosis.relaxation is not None:
        parts.append(relaxation_view(diagnosis.relaxation))
    if diagnosis.ray is not None:
        parts.append(ray_view(diagnosis.ray))
    if diagnosis.conditioning is not None and diagnosis.conditioning.concerns:
        parts.append(section("Numbers to look at", bullet_list([str(c) for c in diagnosis.conditioning.concerns])))
    condition = diagnosis.conditioning.condition if diagnosis.conditioning is not None else None
    facts = [
        diagnosis.solver,
        f"{diagnosis.seconds:.2f} s",
        f"condition of the basis {condition:.1e}" if condition else "",
    ]
    parts.append(Text(" · ".join(fact for fact in facts if fact), "dim"))
    return Group(*parts)


def conflict_view(conflict: Conflict) -> Group:
    """The members of a conflict with the words they came from, and how it was checked."""
    if conflict.outcome != "conflict":
        return section("Conflict", Text(one_line(conflict.message), "yellow"))
    table = grid(2)
    for member in conflict.members[:MOST_MEMBERS]:
        row(table, Text(member.label, "bold"), _member(member))
    if len(conflict.members) > MOST_MEMBERS:
        row(table, Text(f"{len(conflict.members) - MOST_MEMBERS} more", "dim"), Text("all of them with --json", "dim"))
    title = "These cannot hold together" if not conflict.hard_alone else "What is hard contradicts itself"
    parts: list[RenderableType] = [table]
    if conflict.partners:
        parts.append(Text("beside these, which are hard", "dim"))
        beside = grid(2)
        for member in conflict.partners[:MOST_MEMBERS]:
            row(beside, Text(member.label), _partner(member))
        if len(conflict.partners) > MOST_MEMBERS:
            more = f"{len(conflict.partners) - MOST_MEMBERS} more"
            row(beside, Text(more, "dim"), Text("all of them with --json", "dim"))
        parts.append(beside)
    if len(conflict.members) > MOST_SUMMED:
        parts.append(Text(f"families: {', '.join(map(one_line, conflict.families))}", "dim"))
    if (added := sum_text(conflict)) is not None:
        parts.append(Text(added))
    parts.append(Text(one_line(conflict.message), "dim" if conflict.irreducible and conflict.proven_by else "yellow"))
    return section(title, *parts)


def _partner(member: ConflictMember) -> Text:
    return Text.assemble(one_line(member.text), (f"  {unit_text(member.unit)}" if member.unit else "", "dim"))


def _member(member: ConflictMember) -> Text:
    text = Text(one_line(member.text))
    if member.unit:
        text.append(f"  {unit_text(member.unit)}", "dim")
    if member.side:
        text.append(f"  (the {member.side} half)", "dim")
    if member.needed is None:
        text.append("  (whether it is needed could not be checked)", "yellow")
    if member.description:
        text.append(f"\n{one_line(member.description)}", "dim")
    if member.slots and len(member.slots) <= 3:
        text.append(f"\n{', '.join(map(str, member.slots))}", "dim")
    if member.source:
        text.append(f"\n{quotes(member.source, QUOTE_LENGTH)}", "green")
    return text


def sum_text(conflict: Conflict) -> str | None:
    """`2 times rye_need and wheat_need, less 4 times oven_limit: 0 >= 20`, for short exact proofs."""
    members = [m for m in conflict.members if m.multiplier is not None]
    if conflict.gap is None or len(members) != len(conflict.members) or len(members) > MOST_SUMMED:
        return None
    factor = min(abs(m.multiplier) for m in members if m.multiplier)
    scaled = [(m, m.multiplier / factor) for m in members if m.multiplier is not None]
    if any(value.denominator > 1000 or abs(value.numerator) > 10**6 for _, value in scaled):
        return None
    plus = [_times(m, value) for m, value in scaled if value > 0]
    minus = [_times(m, -value) for m, value in scaled if value < 0]
    gap = number(float(conflict.gap / factor), 8)
    left = " + ".join(plus) or "0"
    return f"added up, {left}{' less ' + ' and '.join(minus) if minus else ''} says 0 >= {gap}"


def _times(member: ConflictMember, value: Fraction) -> str:
    return member.label if value == 1 else f"{number(float(value), 6)} times {member.label}"


def relaxation_view(relaxation: Relaxation) -> Group:
    """What to loosen and by how much."""
    titles = {
        "relative": "The cheapest way out (relative to the numbers)",
        "absolute": "The cheapest way out (in absolute amounts)",
        "fewest": "The fewest changes",
    }
    parts: list[RenderableType] = []
    if relaxation.changes:
        parts.append(bullet_list([str(change) for change in relaxation.changes[:MOST_ROWS]]))
        if len(relaxation.changes) > MOST_ROWS:
            parts.append(Text(f"{len(relaxation.changes) - MOST_ROWS} more with --json", "dim"))
    text = one_line(relaxation.message)
    if relaxation.objective is not None:
        better = "" if relaxation.objective_optimal else " or better"
        text += f"; the objective would be {number(relaxation.objective, 8)}{better}"
    parts.append(Text(text, "dim" if relaxation.verified else "yellow"))
    return section(titles[relaxation.measure], *parts)


def ray_view(ray: Ray) -> Group:
    """The variables that run away, and the limits that are missing."""
    parts: list[RenderableType] = []
    lines = str(ray).splitlines()[:-1]
    if lines:
        parts.append(bullet_list(lines[: 2 * MOST_MEMBERS]))
    parts.append(Text(one_line(ray.message), "dim" if ray.outcome == "unbounded" else "yellow"))
    return section("The objective improves without limit" if ray.outcome == "unbounded" else "Without limit?", *parts)


def what_if_view(formulation: Formulation, answer: WhatIf) -> Group:
    """Old and new objective side by side, and the values that differ."""
    unit = unit_text(formulation.objective.unit)
    table = ruled()
    for title in ("", "before", "after", "change"):
        table.add_column(title, justify="left" if not title else "right")
    before, after = answer.before, answer.after
    same = before.termination == after.termination
    if not same or not before.is_optimal:
        row(table, "outcome", before.termination.replace("_", " "), after.termination.replace("_", " "), "")
    row(table, Text(f"objective{' (' + unit + ')' if unit else ''}", "bold"), *_pair(before.objective, after.objective))
    for difference in answer.differences[:MOST_ROWS]:
        name = difference.label + (f" ({unit_text(difference.unit)})" if difference.unit else "")
        row(table, name, *_pair(difference.before, difference.after))
    notes = []
    if len(answer.differences) > MOST_ROWS:
        notes.append(f"{len(answer.differences) - MOST_ROWS} more differ (all of them with --json)")
    if before.has_solution and after.has_solution:
        count = sum(len(block) for block in after.values.values())
        notes.append(f"{max(0, count - len(answer.differences))} values stay")
        if before.unique is not True or after.unique is not True:
            notes.append("other decisions may reach the same objectives")
    notes.append("warm re-solve" if answer.warm else "solved anew")
    return Group(section("What if", bullet_list([str(setting) for setting in answer.settings])), table, Text(""),
                 Text("; ".join(notes), "dim"))  # fmt: skip


def _pair(before: float | None, after: float | None) -> tuple[str, str, str]:
    change = "" if before is None or after is None else f"{'+' if after > before else ''}{number(after - before, 6)}"
    old, new = ("-" if value is None else number(float(value), 8) for value in (before, after))
    return old, new, change


def sensitivity_view(sensitivity: Sensitivity) -> Group:
    """Shadow prices with their ranges, and cost ranges."""
    parts: list[RenderableType] = []
    if sensitivity.message:
        parts.append(Text(sensitivity.message, "yellow" if sensitivity.degenerate else "dim"))
    parts.append(section("Limits: what one more unit is worth, and how far that holds", _prices(sensitivity.prices)))
    parts.append(section("Costs: how far each may move with this plan still best", _costs(sensitivity.costs)))
    return Group(*parts)


def _table(*titles: str) -> Table:
    table = ruled()
    for k, title in enumerate(titles):
        table.add_column(title, justify="right" if k else "left")
    return table


def _prices(prices: tuple[Price, ...]) -> Table:
    table = _table("", "price", "limit", "from", "to", "unit")
    binding = [p for p in prices if p.binding]
    for p in sorted(binding, key=lambda p: -abs(p.dual))[:MOST_ROWS]:
        row(table, p.label, Text(number(p.dual, 6), "bold"), number(p.right_side, 8), number(p.low, 6),
            number(p.high, 6),
            unit_text(p.unit))  # fmt: skip
    rest = len(prices) - min(len(binding), MOST_ROWS)
    if rest:
        row(table, Text(f"{rest} more{' (not binding)' if len(binding) <= MOST_ROWS else ''}", "dim"), *[""] * 5)
    return table


def _costs(costs: tuple[CostRange, ...]) -> Table:
    table = _table("", "value", "cost", "from", "to", "reduced cost")
    for c in costs[:MOST_ROWS]:
        row(table, c.label, Text(number(c.value, 8), "bold"), number(c.cost, 6), number(c.low, 6), number(c.high, 6),
            number(c.reduced_cost, 6))  # fmt: skip
    if len(costs) > MOST_ROWS:
        row(table, Text(f"{len(costs) - MOST_ROWS} more (all of them with --json)", "dim"), *[""] * 5)
    return table
