"""What a conflict is made of: rows, bounds and integrality of a model, grouped into the user's constraints.

An atom is one removable piece: a row, a column's lower or upper bound, its integrality (for a semicontinuous column
its whole domain). Atoms are numbered rows first, then lower bounds, upper bounds and integralities. A member is what
the user can take away: mostly one atom; all rows that a bridge made of one constraint and key are one member.
Atoms without a member always hold: what bridges added for themselves, or for the objective.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from solvers import structure_check
from solvers.compare import FEASIBILITY, INTEGRALITY
from solvers.diagnose.subject import Subject
from solvers.expression import parse_generator
from solvers.formulation import Key
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Block, Model

Kind = Literal["row", "lower", "upper", "integrality"]
KINDS: tuple[Kind, ...] = ("row", "lower", "upper", "integrality")


@dataclass(frozen=True, slots=True)
class Family:
    """All members of one kind under one name: a constraint, or a sort of bound of a variable."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return self.name if self.kind == "row" else f"{self.name} ({_SAID[self.kind]})"


_SAID: dict[Kind, str] = {
    "row": "", "lower": "lower bound", "upper": "upper bound", "integrality": "whole numbers",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Members:
    """`member` gives for each atom its member, -1 where it always holds, -2 where there is no such atom.

    Per member: `family` (position in `families`), `first` (its first atom), `key`; `hard` marks what is never to go.
    """

    model: Model
    member: np.ndarray
    family: np.ndarray
    first: np.ndarray
    keys: tuple[Key, ...]
    families: tuple[Family, ...]
    hard: np.ndarray

    def __len__(self) -> int:
        return len(self.family)

    def atoms(self, active: np.ndarray) -> np.ndarray:
        """The atoms that hold (m + 3 n,) when these members do (mask)."""
        on = np.append(active, [False, True])  # -2: absent, -1: always
        return on[self.member]

    def atoms_of(self, k: int) -> np.ndarray:
        """The atoms of one member."""
        return np.flatnonzero(self.member == k)

    def of_atoms(self, atoms: np.ndarray) -> np.ndarray:
        """The mask of the members that hold any of these atoms (mask)."""
        out = np.zeros(len(self), dtype=bool)
        found = self.member[atoms]
        out[found[found >= 0]] = True
        return out

    def kind(self, k: int) -> Kind:
        return self.families[int(self.family[k])].kind

    def satisfied(self, x: np.ndarray) -> tuple[np.ndarray, bool]:
        """Which members the point fulfils, and whether it fulfils all that always holds, within FEASIBILITY."""
        broken = violated_atoms(self.model, x)
        out = np.ones(len(self), dtype=bool)
        owners = self.member[broken]
        out[owners[owners >= 0]] = False
        structure = next(iter(structure_check.broken(self.model, x)), None)
        return out, structure is None and not bool(np.any(owners == -1))

    def restricted(self, active: np.ndarray) -> Model:
        """The model that holds these members (mask) and what always holds."""
        return restrict(self.model, self.atoms(active))


def restrict(model: Model, on: np.ndarray) -> Model:
    """The model with these atoms (mask) only: other rows are free, other bounds infinite, other columns continuous."""
    m, n = model.num_rows, model.num_columns
    rows, lower, upper, whole = np.split(on, [m, m + n, m + 2 * n])
    semi = model.kinds >= SEMICONTINUOUS
    low, high = np.where(semi, whole, lower), np.where(semi, whole, upper)
    return replace(
        model, row_lower=np.where(rows, model.row_lower, -np.inf), row_upper=np.where(rows, model.row_upper, np.inf),
        col_lower=np.where(low, model.col_lower, -np.inf), col_upper=np.where(high, model.col_upper, np.inf),
        kinds=np.where(whole, model.kinds, CONTINUOUS).astype(model.kinds.dtype), slots=None,
    )  # fmt: skip


def violated_atoms(model: Model, x: np.ndarray) -> np.ndarray:
    """The atoms that a point breaks (positions), by FEASIBILITY and INTEGRALITY; not a number breaks all."""
    activity = model.activity(x)
    terms = np.abs(model.matrix.value * x[model.matrix.index])
    magnitude = np.bincount(model.matrix.row_of(), weights=terms, minlength=model.num_rows)
    allowed = FEASIBILITY.absolute + FEASIBILITY.relative * np.maximum(magnitude, np.abs(activity))
    room = FEASIBILITY.absolute + FEASIBILITY.relative * np.abs(x)
    with np.errstate(invalid="ignore"):
        rows = ~((activity >= model.row_lower - allowed) & (activity <= model.row_upper + allowed))
        lower, upper = ~(x >= model.col_lower - room), ~(x <= model.col_upper + room)
        zero = np.abs(x) <= INTEGRALITY.absolute
        broken = (np.abs(x - np.rint(x)) > INTEGRALITY.absolute) & np.isin(model.kinds, (INTEGER, SEMIINTEGER))
    rows &= ~structure_check.idle_rows(model, x)
    semi = model.kinds >= SEMICONTINUOUS
    broken |= semi & ~zero & (lower | upper)
    return np.flatnonzero(np.concatenate([rows, lower & ~semi, upper & ~semi, broken]))


def members_of(subject: Subject) -> Members:
    """All members of a model, none hard."""
    made = _Making(subject.model)
    whole = _bridged_constraints(subject)
    for block in subject.model.rows:
        owner = subject.origin.get(block.name, block.name)
        if owner in whole:
            made.merged(block, owner, whole[owner])
        elif owner == block.name:
            made.rows(block)
        else:
            made.always(block.start, block.size)
    own = subject.bridged.variables if subject.bridged is not None else None
    for block in subject.model.columns:
        if own is None or block.name in own:
            made.bounds(block)
    return made.finish()


def _bridged_constraints(subject: Subject) -> dict[str, int]:
    """The constraints that a bridge took apart, with how many leading indices their rows share (-1: not all do)."""
    origin = subject.origin
    found = {owner for name, owner in origin.items() if owner in subject.constraints}
    out: dict[str, int] = {}
    for owner in found:
        own = tuple(t for text in subject.constraints[owner].over for t in parse_generator(text).targets)
        blocks = [b for b in subject.model.rows if origin.get(b.name, b.name) == owner]
        out[owner] = len(own) if all(b.index[: len(own)] == own for b in blocks) else -1
    return out


class _Making:
    """Members as they are collected, block by block."""

    def __init__(self, model: Model) -> None:
        self.model = model
        m, n = model.num_rows, model.num_columns
        self.member = np.full(m + 3 * n, -2, dtype=np.int64)
        self.member[:m] = -1
        # What a bridge's own columns are bounded by always holds.
        self.member[m : m + n], self.member[m + n : m + 2 * n], self.member[m + 2 * n :] = -1, -1, -1
        self.family: list[np.ndarray] = []
        self.first: list[np.ndarray] = []
        self.keys: list[Key] = []
        self.families: list[Family] = []
        self.count = 0
        self._known: dict[tuple[str, Key], int] = {}
        self._numbers: dict[Family, int] = {}

    def _family(self, kind: Kind, name: str) -> int:
        family = Family(kind, name)
        if family not in self._numbers:
            self._numbers[family] = len(self.families)
            self.families.append(family)
        return self._numbers[family]

    def always(self, start: int, size: int) -> None:
        self.member[start : start + size] = -1

    def _add(self, atoms: np.ndarray, family: int, keys: list[Key]) -> None:
        self.member[atoms] = self.count + np.arange(len(atoms))
        self.family.append(np.full(len(atoms), family, dtype=np.int64))
        self.first.append(atoms)
        self.keys += keys
        self.count += len(atoms)

    def rows(self, block: Block) -> None:
        """One member per row that can be broken."""
        at = np.arange(block.start, block.start + block.size)
        free = (self.model.row_lower[at] == -np.inf) & (self.model.row_upper[at] == np.inf)
        self.member[at[free]] = -2
        keys = block.keys()
        self._add(at[~free], self._family("row", block.name), [keys[k] for k in np.flatnonzero(~free).tolist()])

    def merged(self, block: Block, owner: str, shared: int) -> None:
        """The rows of one constraint and key are one member, whatever a bridge made of it."""
        family = self._family("row", owner)
        for k, full in enumerate(block.keys()):
            key = full[:shared] if shared > 0 else ()
            number = self._known.get((owner, key))
            if number is None:
                number = self._known[owner, key] = self.count
                self.family.append(np.array([family]))
                self.first.append(np.array([block.start + k]))
                self.keys.append(key)
                self.count += 1
            self.member[block.start + k] = number

    def bounds(self, block: Block) -> None:
        """Finite bounds and integralities of a family of columns."""
        model, at = self.model, np.arange(block.start, block.start + block.size)
        m, n = model.num_rows, model.num_columns
        kinds, keys = model.kinds[at], block.keys()
        plain = kinds < SEMICONTINUOUS
        groups: tuple[tuple[Kind, np.ndarray], ...] = (
            ("lower", plain & np.isfinite(model.col_lower[at])), ("upper", plain & np.isfinite(model.col_upper[at])),
            ("integrality", kinds != CONTINUOUS),
        )  # fmt: skip
        for place, (kind, here) in enumerate(groups):
            offset = m + place * n
            self.member[offset + at] = -2
            if here.any():
                found = np.flatnonzero(here)
                self._add(offset + at[found], self._family(kind, block.name), [keys[k] for k in found.tolist()])

    def finish(self) -> Members:
        def joined(parts: list[np.ndarray]) -> np.ndarray:
            return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

        return Members(
            self.model, self.member, joined(self.family), joined(self.first), tuple(self.keys), tuple(self.families),
            np.zeros(self.count, dtype=bool),
        )  # fmt: skip
