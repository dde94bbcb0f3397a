"""Errors that only the command line raises."""

from __future__ import annotations

from formulate.errors import ComponentError
from solvers.errors import FormulateError

__all__ = ["ComponentError", "UsageError"]


class UsageError(FormulateError):
    """A command line that cannot be understood, or input that cannot be read. Exit code 2."""
