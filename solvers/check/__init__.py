"""`formulate check`: names, indices, kinds, units and classes of a formulation, without solving it."""

from solvers.check.check import check
from solvers.check.degree import Degree, Degrees, degree
from solvers.check.grounding import check_grounding
from solvers.check.report import CheckReport, Classes, Issue

__all__ = ["CheckReport", "Classes", "Degree", "Degrees", "Issue", "check", "check_grounding", "degree"]
