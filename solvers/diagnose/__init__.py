"""Why a model has no solution, or no best one, what would mend it, and how its answer depends on its numbers."""

from solvers.diagnose.conflict import Conflict, ConflictMember, conflict
from solvers.diagnose.relaxation import Change, Relaxation, relaxation

__all__ = ["Change", "Conflict", "ConflictMember", "Relaxation", "conflict", "relaxation"]
