"""A slow, obvious interpreter of formulations: dicts and loops, no arrays. The oracle that grounding is held to.

It shares the parser with grounding and nothing else.
"""

from solvers.interpret.check import check_solution
from solvers.interpret.instance import Instance
from solvers.interpret.violations import Violation

__all__ = ["Instance", "Violation", "check_solution"]
