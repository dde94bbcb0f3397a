"""A conflict and its members in the formulation's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from solvers.diagnose.members import Kind, Members
from solvers.diagnose.words import Slot, Words
from solvers.formulation import Key

Outcome = Literal["conflict", "feasible", "undecided"]


@dataclass(frozen=True, slots=True)
class ConflictMember:
    """One member of a conflict in the formulation's words.

    `needed` is True where a point shows that the others can hold together, None where that could not be checked.
    `multiplier` is its part in the exact proof, `side` ("<=" or ">=") the half of an equation or range that matters.
    `hard` marks a member that the user keeps. `source` are the words of the text it came from.
    """

    kind: Kind
    name: str
    key: Key
    label: str
    text: str
    description: str = ""
    source: tuple[str, ...] = ()
    unit: str = ""
    slots: tuple[Slot, ...] = ()
    needed: bool | None = None
    multiplier: Fraction | None = None
    side: str = ""
    hard: bool = False


@dataclass(frozen=True)
class Conflict:
    """What came of the search.

    `outcome`: a conflict; feasible (there is none); undecided (the time ended before the model was shown to be
    infeasible). `families` names the constraints (and sorts of bounds) that the members are of; `least_families`
    are those among them which conflict as wholes and of which none can be spared, which is shown where
    `families_irreducible`, and open where it is None. `hard_alone`: the hard members contradict each other, and
    `members` are of these. `proven_by`: who says that the members conflict, `exact arithmetic` or solvers by name.
    `partners` are the hard members that it takes beside the others.
    """

    outcome: Outcome
    members: tuple[ConflictMember, ...] = ()
    families: tuple[str, ...] = ()
    least_families: tuple[str, ...] = ()
    families_irreducible: bool | None = None
    hard_alone: bool = False
    linear: bool = False
    proven_by: tuple[str, ...] = ()
    gap: Fraction | None = None
    seconds: float = 0.0
    solves: int = 0
    message: str = ""
    partners: tuple[ConflictMember, ...] = ()

    @property
    def irreducible(self) -> bool | None:
        """True where every member is shown to be needed; None where some could not be checked."""
        if self.outcome != "conflict":
            return None
        return True if all(member.needed for member in self.members) else None

    def __str__(self) -> str:
        if self.outcome != "conflict":
            return self.message
        lines = [f"{len(self.members)} that cannot hold together{' (all hard)' if self.hard_alone else ''}:"]
        lines += [f"  {member.label}: {member.text}" for member in self.members]
        lines += ["beside these, which are hard:"] if self.partners else []
        lines += [f"  {member.label}: {member.text}" for member in self.partners]
        lines.append(f"  {self.message}")
        return "\n".join(lines)


def describe(
    words: Words,
    members: Members,
    k: int,
    needed: bool | None = None,
    multipliers: Mapping[int, Fraction] | None = None,
) -> ConflictMember:
    """A member in words: its formula with numbers, description, source, unit, the slots on its right-hand side."""
    family = members.families[int(members.family[k])]
    item = (
        words.subject.constraints.get(family.name) if family.kind == "row" else words.subject.variables.get(family.name)
    )
    model, first = members.model, int(members.first[k])
    m, n = model.num_rows, model.num_columns
    atoms = [a for a in members.atoms_of(k).tolist() if a in (multipliers or {})]
    multiplier = (multipliers or {})[atoms[0]] if len(atoms) == 1 else None
    side = ""
    targets: list[tuple[str, int]] = []
    if family.kind == "row":
        both = np.isfinite(model.row_lower[first]) and np.isfinite(model.row_upper[first])
        side = "" if multiplier is None or not both else ">=" if multiplier > 0 else "<="
        targets = [("row_lower" if side == ">=" or not np.isfinite(model.row_upper[first]) else "row_upper", first)]
    elif family.kind != "integrality":
        targets = [("col_lower" if family.kind == "lower" else "col_upper", (first - m) % n)]
    slots = tuple(slot for target, at in targets for slot in words.slots_behind(target, at))
    return ConflictMember(
        family.kind, family.name, members.keys[k], words.member_label(members, k), words.member_text(members, k),
        item.description if item is not None else "", item.source if item is not None else (),
        words.unit(family.name), slots, needed, multiplier, side, bool(members.hard[k]),
    )  # fmt: skip
