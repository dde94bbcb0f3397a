"""Formulation to formulation: what a solver does not take is bridged, symbolically and family by family."""

from solvers.reformulate.reformulate import Reformulated, reformulate

__all__ = ["Reformulated", "reformulate"]
