"""Readable programs and model files from one formulation."""

from solvers.emit.emit import DOCUMENTS, SCRIPTS, TARGETS, emit
from solvers.emit.script import Program

__all__ = ["DOCUMENTS", "SCRIPTS", "TARGETS", "Program", "emit"]
