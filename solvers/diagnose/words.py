"""Rows, bounds and slots in the formulation's words and units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.diagnose.members import Members
from solvers.diagnose.subject import Subject
from solvers.formulation import Key
from solvers.ground.slots import target_codes
from solvers.render.safe import number, one_line
from solvers.render.words import unit_text

MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter cell behind a bound: its value, and by how much the bound moves when it grows by 1."""

    parameter: str
    key: Key
    value: float
    partial: float
    unit: str = ""

    @property
    def label(self) -> str:
        return label(self.parameter, self.key)

    def __str__(self) -> str:
        return f"{self.label} = {with_unit(self.value, self.unit)}"


def label(name: str, key: Key) -> str:
    """`demand[week 3]`, in the words of the formulation."""
    return f"{one_line(name)}[{', '.join(number(part) for part in key)}]" if key else one_line(name)


def with_unit(value: float, unit: str) -> str:
    """`15 hour`; the bare number where there is no unit."""
    return f"{number(float(value), 8)}{' ' + unit_text(unit) if unit else ''}"


class Words:
    """Looks up what stands behind the arrays of one subject."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.model = subject.model

    @cached_property
    def _slots(self) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
        slots = self.model.slots
        if slots is None:
            return []
        return [(name, e.slot, e.target, e.position, e.partial) for name, e in slots.entries.items()]

    @cached_property
    def bridged_rows(self) -> np.ndarray:
        """The rows (mask) that a bridge wrote: nobody can mend these one by one."""
        origin = self.subject.origin
        involved = set(origin) | set(origin.values())
        out = np.zeros(self.model.num_rows, dtype=bool)
        for block in self.model.rows:
            out[block.start : block.start + block.size] = block.name in involved
        return out

    def unit(self, name: str) -> str:
        """The unit of an element, declared or inferred; empty where none is known."""
        return self.subject.units.get(name, "")

    def column(self, j: int) -> str:
        """`order[3]`."""
        return one_line(self.model.column_label(j))

    def row(self, i: int) -> str:
        """`balance[3]`."""
        return one_line(self.model.row_label(i))

    def slots_behind(self, target: str, position: int) -> list[Slot]:
        """The cells behind a `row_lower`, `row_upper`, `col_lower`, `col_upper`, `matrix` or `cost` at a position."""
        codes = target_codes(target)
        out: list[Slot] = []
        slots = self.model.slots
        for name, slot, code, where, partial in self._slots:
            here = np.flatnonzero(np.isin(code, list(codes)) & (where == position))
            for flat in np.unique(slot[here]):
                total = float(sum(codes[int(code[k])] * partial[k] for k in here if slot[k] == flat))
                assert slots is not None
                domain = slots.domains[name]
                key = () if domain is None else domain.key(int(flat), slots.universe)
                value = float(np.asarray(slots.values[name]).reshape(-1)[int(flat)])
                out.append(Slot(name, key, value, total, self.unit(name)))
        return out

    def formula(self, i: int) -> str:
        """A row with its numbers: `2 build[chair] + 3 build[table] <= 60`; long ones are cut."""
        columns, values = self.model.matrix.row(i)
        used = [(int(j), float(v)) for j, v in zip(columns, values) if v != 0]
        parts = [self._term(k, j, v) for k, (j, v) in enumerate(used[:MOST_TERMS])]
        if len(used) > MOST_TERMS:
            parts.append(f"+ ... ({len(used)} terms)")
        if self._curved(i):
            parts.append("+ (what is not linear)" if parts else "(what is not linear)")
        body = " ".join(parts) or "0"
        low, high = float(self.model.row_lower[i]), float(self.model.row_upper[i])
        if low == high:
            return f"{body} == {number(low, 8)}"
        if np.isfinite(low) and np.isfinite(high):
            return f"{number(low, 8)} <= {body} <= {number(high, 8)}"
        return f"{body} <= {number(high, 8)}" if np.isfinite(high) else f"{body} >= {number(low, 8)}"

    def _term(self, k: int, j: int, value: float) -> str:
        sign = "-" if value < 0 else "+" if k else ""
        size = "" if abs(value) == 1 else f"{number(abs(value), 8)} "
        return f"{sign}{' ' if k else ''}{size}{self.column(j)}"

    def _curved(self, i: int) -> bool:
        quadratic = self.model.quadratic_rows
        if quadratic is not None and quadratic.row is not None and bool(np.any(quadratic.row == i)):
            return True
        return any(bool(np.any(block.rows == i)) for block in self.model.nonlinear_rows)

    def member_label(self, members: Members, k: int) -> str:
        """`capacity[mill]`, `build[chair] (upper bound)`."""
        family = members.families[int(members.family[k])]
        first = int(members.first[k])
        if family.kind == "row" and self.subject.origin.get(family.name) is None:
            rows = members.atoms_of(k)
            if len(rows) == 1 and first < self.model.num_rows:
                return self.row(first)
        said = {"lower": " (lower bound)", "upper": " (upper bound)", "integrality": " (domain)"}
        if family.kind != "row":
            m, n = self.model.num_rows, self.model.num_columns
            return self.column((first - m) % n) + said[family.kind]
        return label(family.name, members.keys[k])

    def member_text(self, members: Members, k: int) -> str:
        """What a member says, with its numbers."""
        model, kind, first = self.model, members.kind(k), int(members.first[k])
        m, n = model.num_rows, model.num_columns
        if kind == "row":
            rows = members.atoms_of(k)
            if len(rows) > 1 or first >= m or self._bridged(members, k) or self._curved(first):
                return self._said(members, k)
            return self.formula(first)
        j = (first - m) % n
        if kind == "integrality":
            return self._domain(j)
        value = model.col_lower[j] if kind == "lower" else model.col_upper[j]
        return f"{self.column(j)} {'>=' if kind == 'lower' else '<='} {number(float(value), 8)}"

    def _domain(self, j: int) -> str:
        model = self.model
        if model.kinds[j] == 1:
            return f"{self.column(j)} is a whole number"
        within = f"0 or within [{number(float(model.col_lower[j]), 8)}, {number(float(model.col_upper[j]), 8)}]"
        return f"{self.column(j)} is {within}{' and whole' if model.kinds[j] == 3 else ''}"

    def _bridged(self, members: Members, k: int) -> bool:
        name = members.families[int(members.family[k])].name
        return name in self.subject.origin.values()

    def _said(self, members: Members, k: int) -> str:
        """The user's own formula, where the rows are another's or no line of numbers."""
        name = members.families[int(members.family[k])].name
        constraint = self.subject.constraints.get(name)
        return one_line(constraint.expr) if constraint is not None else self.formula(int(members.first[k]))
