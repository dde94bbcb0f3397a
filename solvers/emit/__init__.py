"""Readable programs and model files from one formulation."""

from solvers.emit.emit import DOCUMENTS, SCRIPTS, TARGETS, emit, target_named
from solvers.emit.pieces import Program

__all__ = ["DOCUMENTS", "SCRIPTS", "TARGETS", "Program", "emit", "target_named"]
