"""Why a model has no solution, or no best one, what would mend it, and how its answer depends on its numbers."""

from solvers.diagnose.bigm import Concern
from solvers.diagnose.blame import Conflict, ConflictMember
from solvers.diagnose.conditioning import Conditioning, conditioning
from solvers.diagnose.conflict import conflict
from solvers.diagnose.diagnose import Diagnosis, diagnose
from solvers.diagnose.rays import Move, Ray, ray
from solvers.diagnose.relaxation import Change, Relaxation, relaxation
from solvers.diagnose.sensitivity import CostRange, Price, Sensitivity, sensitivity
from solvers.diagnose.whatif import Difference, Setting, WhatIf, what_if

__all__ = [
    "Change", "Concern", "Conditioning", "Conflict", "ConflictMember", "CostRange", "Diagnosis", "Difference", "Move",
    "Price", "Ray", "Relaxation", "Sensitivity", "Setting", "WhatIf", "conditioning", "conflict", "diagnose", "ray",
    "relaxation", "sensitivity", "what_if",
]  # fmt: skip
