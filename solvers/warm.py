"""Warm re-solves: one grounded model, kept loaded, solved again and again under changed slots."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solvers.adapters import SolveOptions, adapter
from solvers.adapters.highs import HighsSession
from solvers.data import Data
from solvers.errors import UnsupportedError
from solvers.formulation import Formulation, Key
from solvers.ground import ground
from solvers.model import Model
from solvers.reformulate import reformulate
from solvers.result import SolveResult
from solvers.solving import as_data, check_model, finish


class WarmSolver:
    """A formulation loaded into HiGHS; `change` slots, `solve`, and again.

    Where a change is affine in the slot the loaded model is patched and the last basis kept; anything else
    (a slot that shapes a set, a condition or a nonlinear coefficient) grounds anew, which `regrounded` counts.
    Raises UnsupportedError for a model that HiGHS cannot hold or that has several objective levels.
    """

    def __init__(self, formulation: Formulation, data: Any = None, options: SolveOptions | None = None) -> None:
        self.formulation = formulation
        given = as_data(formulation, data)
        inline = Data.inline(formulation)
        self.data = inline if given is None else inline.merge(given)
        self.options = options or SolveOptions()
        self.adapter = adapter("highs")
        self.regrounded = 0
        self._load()

    def _load(self) -> None:
        bridged = reformulate(self.formulation, self.adapter.capabilities, self.data)
        self._map_back = bridged.map_back
        self._relied_on = bridged.relied_on
        model = ground(bridged.formulation, self.data, tracking=True)
        refusal = self.adapter.refusal(model) or ("several objective levels" if len(model.levels) > 1 else None)
        if refusal is not None:
            raise UnsupportedError(refusal, place="warm re-solve", remedy="use solve(...)")
        self.session = HighsSession(model, self.options)

    @property
    def model(self) -> Model:
        """The model as it is loaded now."""
        return self.session.model

    def change(self, changes: Mapping[tuple[str, Key], float]) -> bool:
        """Set slots, `{("capacity", ("mill",)): 120.0}`. True when the loaded model was patched."""
        slots = self.model.slots
        # A bridge chose its rows by the sign of these: a changed one may need other rows.
        bridged = any(name in self._relied_on for name, _ in changes)
        update = slots.change(self.model, changes) if slots is not None and not bridged else None
        self.data = self.data.override(changes)
        if update is not None:
            self.session.update(update)
            return True
        self.regrounded += 1
        self._load()
        return False

    def solve(self) -> SolveResult:
        """Solve what is loaded; checked on the arrays."""
        started = time.perf_counter()
        raw = self.session.solve()
        result = finish(self.model, raw, self.adapter)
        if result.has_solution:
            result = replace(result, values=self._map_back(result.values))
        return replace(result, check=check_model(self.model, result.x), seconds=time.perf_counter() - started)
