"""What is diagnosed: the grounded model, the solver that holds it, and the way back to the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.errors import UnsupportedError
from solvers.formulation import Constraint, Formulation, Variable
from solvers.model import Block, Model, ObjectiveLevel

if TYPE_CHECKING:
    from solvers.data import Data
    from solvers.reformulate import Reformulated

SOLVERS = ("highs", "scip")
"""Tried in this order: HiGHS keeps a linear model loaded; SCIP takes what is quadratic or nonlinear."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A model with its slots, the name of the adapter that holds it, and where it came from."""

    model: Model
    solver: str
    formulation: Formulation | None = None
    data: Data | None = None
    bridged: Reformulated | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.formulation.name if self.formulation is not None else self.model.name

    @property
    def origin(self) -> Mapping[str, str]:
        """For each element that a bridge added, the one it serves."""
        return self.bridged.origin if self.bridged is not None else {}

    @cached_property
    def constraints(self) -> dict[str, Constraint]:
        """The user's constraints by name."""
        return {} if self.formulation is None else {c.name: c for c in self.formulation.constraints}

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """The user's variables by name."""
        return {} if self.formulation is None else {v.name: v for v in self.formulation.variables}

    @cached_property
    def units(self) -> dict[str, str]:
        """Declared and inferred units by element."""
        if self.formulation is None:
            return {}
        from solvers.check import check

        return check(self.formulation, self.data).units


def subject(problem: Formulation | Model, data: Any = None) -> Subject:
    """Bridge and ground for the first solver that can hold the problem.

    Raises UnsupportedError where none can, DataError and GroundingError for what does not fit.
    """
    from solvers.adapters import adapter

    if isinstance(problem, Model):
        problem = _named(problem)
        for name in SOLVERS:
            if adapter(name).refusal(problem) is None:
                return Subject(problem, name)
        raise UnsupportedError(
            f"no solver here can hold this {problem.class_name}",
            place=problem.name,
            remedy="diagnose the formulation, whose structure is bridged first",
        )
    from solvers.ground import ground
    from solvers.solving import as_data

    bound = as_data(problem, data)
    refused: UnsupportedError | None = None
    for name in SOLVERS:
        target = adapter(name)
        try:
            bridged = _bridged(problem, target.capabilities, bound)
        except UnsupportedError as error:
            refused = refused or error
            continue
        if bridged.scale and name != SOLVERS[-1]:
            continue  # rows of a scaled program have other right-hand sides than the user's
        model = ground(bridged.formulation, bound, tracking=True)
        why = target.refusal(model)
        if why is None:
            return Subject(model, name, problem, bound, bridged)
        refused = refused or UnsupportedError(why, place=name, remedy="simplify the model")
    assert refused is not None
    raise refused


def _bridged(problem: Formulation, takes: frozenset[str], data: Data | None) -> Reformulated:
    """Ordered sets in rows, which can be blamed and loosened; as they are where a bound for that is missing."""
    from solvers.reformulate import reformulate

    if "sos" not in takes:
        return reformulate(problem, takes, data)
    try:
        return reformulate(problem, takes - {"sos"}, data)
    except UnsupportedError:
        return reformulate(problem, takes, data)


def _named(model: Model) -> Model:
    """The model with a block for every row and column that has none."""
    rows = model.rows or tuple(Block(f"row{i}", i, 1) for i in range(model.num_rows))
    columns = model.columns or tuple(Block(f"x{j}", j, 1) for j in range(model.num_columns))
    return replace(model, rows=rows, columns=columns)


def holds(model: Model, x: np.ndarray | None) -> bool:
    """Whether there is a point, and it fulfils the model by our own check: a solver's word alone is not taken."""
    from solvers.structure_check import check_model

    verdict = check_model(model, x)
    return verdict is not None and verdict.feasible is True


def without_objective(model: Model) -> Model:
    """The same rows and columns with nothing to optimise."""
    return replace(model, levels=(ObjectiveLevel(np.zeros(model.num_columns)),), slots=None)
