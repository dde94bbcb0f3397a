"""The reader's diff of two models that are not equivalent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solvers.model import Model
    from verify.equivalence.outcome import Equivalence, Options


def explain(a: Model, b: Model, found: Equivalence, options: Options) -> Equivalence:
    """`found` with its `diff`."""
    return found
