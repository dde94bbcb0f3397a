"""Readable programs and model files from one formulation."""

from solvers.emit.emit import DOCUMENTS, SCRIPTS, TARGETS, emit, target_named
from solvers.emit.script import Program

__all__ = ["DOCUMENTS", "SCRIPTS", "TARGETS", "Program", "emit", "target_named"]
