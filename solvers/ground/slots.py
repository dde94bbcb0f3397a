"""The slot-to-coefficient map: where each parameter cell enters the model, and with which derivative.

Made by grounding with tracking. A slot whose value is zero keeps its places. Changing slots whose
dependence is affine patches arrays; anything else asks for a new grounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from solvers.errors import DataError, Place
from solvers.formulation import Key
from solvers.ground.sets import Column, Domain, Universe
from solvers.ground.values import Deps
from solvers.model import Model

Target = Literal[
    "matrix", "cost", "offset", "row_constant", "row_lower", "row_upper", "col_lower", "col_upper", "opaque"
]
"""What an entry changes. `row_constant` moves both row bounds by minus the change; `opaque` cannot be patched."""

_TARGETS: tuple[Target, ...] = (
    "matrix",
    "cost",
    "offset",
    "row_constant",
    "row_lower",
    "row_upper",
    "col_lower",
    "col_upper",
    "opaque",
)
_CODE = {name: k for k, name in enumerate(_TARGETS)}



def target_codes(what: str) -> dict[int, float]:
    """The codes in `SlotEntries.target` of what moves a row's side, or of a single target, each with its sign."""
    sides: dict[str, dict[Target, float]] = {
        "row_lower": {"row_constant": -1.0, "row_lower": 1.0}, "row_upper": {"row_constant": -1.0, "row_upper": 1.0},
    }  # fmt: skip
    found = sides.get(what)
    return {_CODE[name]: sign for name, sign in found.items()} if found else {_CODE[what]: 1.0}  # type: ignore[index]


@dataclass(frozen=True, slots=True, eq=False)
class SlotEntries:
    """All places of one parameter's slots, sorted by slot: target code, position there, partial derivative."""

    slot: np.ndarray
    target: np.ndarray
    position: np.ndarray
    partial: np.ndarray
    coupled: np.ndarray


@dataclass(frozen=True, slots=True)
class Derivative:
    """One place of a slot: `position` is a nonzero, column or row, by target; level for costs."""

    target: Target
    position: int
    partial: float


@dataclass(frozen=True, slots=True, eq=False)
class ModelUpdate:
    """What changed in a model: positions per target, for a warm re-solve; `model` has the new arrays."""

    model: Model
    matrix: np.ndarray
    costs: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    offset: bool


@dataclass(frozen=True, eq=False)
class SlotMap:
    """Places of every slot; `structural` parameters shape sets or conditions and always need re-grounding."""

    entries: Mapping[str, SlotEntries]
    values: Mapping[str, np.ndarray]
    domains: Mapping[str, Domain | None]
    structural: frozenset[str]
    universe: Universe = field(repr=False)

    def slot(self, parameter: str, key: Key) -> int:
        """The flat position of a cell. Raises DataError when there is none."""
        if parameter not in self.values:
            raise DataError(
                f"no parameter {parameter!r} with data of its own",
                place=Place(parameter),
                remedy="name a parameter that is given, not derived",
            )
        domain = self.domains[parameter]
        if domain is None:
            if key:
                raise DataError(f"{parameter} is a scalar", place=Place(parameter, index=key), remedy="use key ()")
            return 0
        columns = [
            Column(np.array([k]), "int") if isinstance(k, int) else Column(np.array([self.universe.find(k)]), "label")
            for k in key
        ]
        found = -1
        if len(columns) == domain.dimension:
            found = int(domain.positions(columns, self.universe)[0])
        if found < 0:
            raise DataError(f"{parameter} has no such cell", place=Place(parameter, index=key), remedy="check its axes")
        return found

    def derivatives(self, parameter: str, key: Key = ()) -> list[Derivative]:
        """Where a slot enters the model, and with which partial derivative (0 for opaque places)."""
        slot = self.slot(parameter, key)
        entries = self.entries.get(parameter)
        if entries is None:
            return []
        low, high = np.searchsorted(entries.slot, [slot, slot + 1])
        return [
            Derivative(_TARGETS[int(entries.target[k])], int(entries.position[k]), float(entries.partial[k]))
            for k in range(int(low), int(high))
        ]

    def change(self, model: Model, changes: Mapping[tuple[str, Key], float]) -> ModelUpdate | None:
        """The model under changed slots, or None when it must be grounded anew."""
        touched: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        values = dict(self.values)
        coupled = False
        for (parameter, key), value in changes.items():
            slot = self.slot(parameter, key)
            if parameter in self.structural:
                return None
            delta = float(value) - float(values[parameter][slot])
            if not np.isfinite(delta):
                return None
            values[parameter] = values[parameter].copy()
            values[parameter][slot] = value
            entries = self.entries.get(parameter)
            if entries is None:
                continue
            low, high = np.searchsorted(entries.slot, [slot, slot + 1])
            cut = slice(int(low), int(high))
            if np.any(entries.target[cut] == _CODE["opaque"]):
                return None
            coupled = coupled or bool(np.any(entries.coupled[cut]))
            touched.append((entries.target[cut], entries.position[cut], entries.partial[cut] * delta))
        if coupled and len(changes) > 1:
            return None
        update = _patch(model, touched)
        # A coupled partial is stale once a slot it depends on has moved: the next change grounds anew.
        slots = None if coupled else replace(self, values=values)
        return replace(update, model=replace(update.model, slots=slots))


def _patch(model: Model, touched: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> ModelUpdate:
    empty = np.zeros(0, dtype=np.int64)
    if not touched:
        return ModelUpdate(model, empty, empty, empty, empty, False)
    target, position, delta = (np.concatenate(part) for part in zip(*touched))

    def select(name: Target) -> tuple[np.ndarray, np.ndarray]:
        mask = target == _CODE[name]
        return position[mask], delta[mask]

    def moved(array: np.ndarray, *parts: tuple[np.ndarray, np.ndarray, float]) -> np.ndarray:
        if not any(len(at) for at, _, _ in parts):
            return array
        out = array.copy()
        for at, by, sign in parts:
            np.add.at(out, at, sign * by)
        return out

    nz, by_nz = select("matrix")
    cols, by_cost = select("cost")
    const = select("row_constant")
    low, high = select("row_lower"), select("row_upper")
    clow, chigh = select("col_lower"), select("col_upper")
    _, by_offset = select("offset")
    level = model.levels[0]
    costs = moved(level.costs, (cols, by_cost, 1.0))
    level = replace(level, costs=costs, offset=level.offset + float(by_offset.sum()))
    changed = replace(
        model,
        levels=(level, *model.levels[1:]),
        matrix=replace(model.matrix, value=moved(model.matrix.value, (nz, by_nz, 1.0))),
        row_lower=moved(model.row_lower, (*const, -1.0), (*low, 1.0)),
        row_upper=moved(model.row_upper, (*const, -1.0), (*high, 1.0)),
        col_lower=moved(model.col_lower, (*clow, 1.0)),
        col_upper=moved(model.col_upper, (*chigh, 1.0)),
    )
    rows = np.unique(np.concatenate([const[0], low[0], high[0]]))
    columns = np.unique(np.concatenate([clow[0], chigh[0]]))
    return ModelUpdate(changed, np.unique(nz), np.unique(cols), rows, columns, bool(len(by_offset)))


class SlotRecorder:
    """Collects dependence while a model is built."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]]] = {}

    def record(self, deps: Deps, target: Target, positions: np.ndarray, sign: float = 1.0) -> None:
        """Entry k of a value with these dependences stands at positions[k] of the target."""
        for d in deps:
            at = positions if d.rows is None else positions[d.rows]
            m = len(at)
            code = _CODE[target] if d.affine else _CODE["opaque"]
            slots = d.slots if isinstance(d.slots, np.ndarray) else np.full(m, d.slots)
            partial = np.broadcast_to(np.asarray(sign * d.partial, dtype=float), (m,))
            self._found.setdefault(d.parameter, []).append(
                (np.broadcast_to(slots, (m,)), np.full(m, code, np.int8), at, partial, np.full(m, d.coupled))
            )

    def finish(
        self,
        values: Mapping[str, np.ndarray],
        domains: Mapping[str, Domain | None],
        structural: set[str],
        universe: Universe,
    ) -> SlotMap:
        """The finished map."""
        entries = {}
        for name, parts in self._found.items():
            slot, target, position, partial, coupled = (np.concatenate(p) for p in zip(*parts))
            order = np.argsort(slot, kind="stable")
            entries[name] = SlotEntries(slot[order], target[order], position[order], partial[order], coupled[order])
        return SlotMap(entries, values, domains, frozenset(structural), universe)
