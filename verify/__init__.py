"""Floor 2: evidence that a formulation is right, and the reading of problem texts."""

from verify.problem import Problem
from verify.report import Finding, Report, Verdict

__all__ = ["Finding", "Problem", "Report", "Verdict"]
