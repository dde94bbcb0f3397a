"""Warm re-solves: one grounded model, kept loaded, solved again and again under changed slots."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solvers.adapters import SolveOptions
from solvers.adapters.base import objective_scale
from solvers.adapters.highs import HighsAdapter, HighsSession
from solvers.data import Data
from solvers.errors import UnsupportedError
from solvers.formulation import Formulation, Key
from solvers.ground import ground
from solvers.model import Model
from solvers.reformulate import reformulate
from solvers.result import SolveResult
from solvers.solving import as_data, finish, trusted
from solvers.structure_check import check_model

DROWNED = 2.0**10
"""A patched objective that has shrunk by so much would drown in the tolerances of the loaded one."""


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
        self.adapter = HighsAdapter()
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
        """Set slots, `{("capacity", ("mill",)): 120.0}`. True when the loaded model was patched.

        Raises UnsupportedError where HiGHS cannot hold the model with the new numbers.
        """
        slots = self.model.slots
        # A bridge chose its rows by the sign of these: a changed one may need other rows.
        bridged = any(name in self._relied_on for name, _ in changes)
        update = slots.change(self.model, changes) if slots is not None and not bridged else None
        self.data = self.data.override(changes)
        if update is not None and self._fits(update.model):
            self.session.update(update)
            return True
        self.regrounded += 1
        self._load()
        return False

    def _fits(self, model: Model) -> bool:
        """Whether HiGHS reads the patched numbers as they are; if not, a new load says so or scales anew."""
        shrunk = objective_scale(model.objective) / self.session.scale
        return self.adapter.misread(model) is None and shrunk < DROWNED

    def solve(self) -> SolveResult:
        """Solve what is loaded; checked on the arrays, and not called optimal where its own bound contradicts it."""
        started = time.perf_counter()
        raw = trusted(self.session.solve(), self.model, self.options)
        result = finish(self.model, raw, self.adapter)
        if result.has_solution:
            result = replace(result, values=self._map_back(result.values))
        return replace(result, check=check_model(self.model, result.x), seconds=time.perf_counter() - started)
