"""The errors of gurobipy."""

from __future__ import annotations

from typing import NoReturn

DATA_NOT_AVAILABLE, INVALID_ARGUMENT, NOT_SUPPORTED, OUT_OF_RANGE = 10005, 10003, 10024, 10008


class GurobiError(Exception):
    """An error with a number and a message."""

    def __init__(self, errno: int, message: str) -> None:
        super().__init__(message)
        self.errno = errno
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class UnavailableError(Exception):
    """An attribute without a value at present; becomes AttributeError or GurobiError, as gurobipy has it."""


def unsupported(what: str, why: str = "") -> NoReturn:
    """Raise, and note in the record, what the look-alike does not do."""
    from solvers.sandbox.recorder import recorder

    recorder().noted("unsupported", what)
    reason = f": {why}" if why else ""
    raise GurobiError(NOT_SUPPORTED, f"{what} is not supported by the recording look-alike of gurobipy{reason}")
