"""Irreducible conflicts of a model, found by `solvers.diagnose`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from solvers.sandbox.lookalike.coptpy.errors import refused
from solvers.sandbox.lookalike.core.build import build

if TYPE_CHECKING:
    from solvers.diagnose.blame import ConflictMember
    from solvers.sandbox.lookalike.core.program import Program


@dataclass(frozen=True)
class Found:
    """Members as (sort, position, 0 for the lower and 1 for the upper side)."""

    members: frozenset[tuple[str, int, int]]
    irreducible: bool

    def count(self, sort: str) -> int:
        """How many different things of a sort there are."""
        return len({at for name, at, _ in self.members if name == sort})


def find(model: Any, program: Program) -> Found | None:
    """The conflict of an infeasible model, or None where it is feasible."""
    from solvers.diagnose.conflict import conflict

    if program.generals or program.sets:
        refused("Model.computeIIS with indicators, special ordered sets or functions")
    whole = build(program).model
    names = {f"c{k}": k for k in range(whole.num_columns)}
    rows = {f"r{k}": k for k in range(whole.num_rows)}
    plain = replace(
        whole,
        columns=tuple(replace(block, labels=list(names)) for block in whole.columns),
        rows=tuple(replace(block, labels=list(rows)) for block in whole.rows),
    )
    answer = conflict(plain)
    if answer.outcome == "undecided":
        refused("Model.computeIIS of this model", answer.message)
    if answer.outcome != "conflict":
        return None
    linear = len(model._program.rows)
    members: set[tuple[str, int, int]] = set()
    for member in answer.members:
        members |= _placed(member, names, rows, linear, model)
    return Found(frozenset(members), bool(answer.irreducible))


def _placed(
    member: ConflictMember, names: dict[str, int], rows: dict[str, int], linear: int, model: Any
) -> set[tuple[str, int, int]]:
    """Where a member stands, and which side of it; whole numbers are nothing that coptpy points at."""
    key = str(member.key[0]) if member.key else ""
    if member.kind in ("lower", "upper") and key in names:
        return {("column", names[key], int(member.kind == "upper"))}
    if member.kind != "row" or key not in rows or rows[key] >= linear:
        return set()
    at = rows[key]
    if member.side:
        return {("row", at, int(member.side == "<="))}
    row = model._program.rows[at]
    return {("row", at, side) for side, given in ((0, row._lower > -1e30), (1, row._upper < 1e30)) if given}
