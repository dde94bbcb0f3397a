"""Errors of floor 3."""

from __future__ import annotations

from solvers.errors import FormulateError


class ComponentError(FormulateError):
    """Something that is not installed, not in this version, or broke. Exit code 5."""

    exit_code = 5


class RecordError(FormulateError):
    """An attempt that cannot be written as a record, or a record that is no attempt."""
