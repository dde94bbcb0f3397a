"""Models over whole numbers: data as rationals, proofs that whole-number steps lose nothing, bounds."""

from solvers.exact.plan import Conditional, IntegerRow, Plan, Refused, plan

__all__ = ["Conditional", "IntegerRow", "Plan", "Refused", "plan"]
