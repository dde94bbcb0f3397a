"""Grounding: formulation and data to arrays (`ground`)."""

from solvers.ground.build import ground

__all__ = ["ground"]
