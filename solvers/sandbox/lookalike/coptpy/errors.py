"""The errors of coptpy: its own, and the one for what this look-alike does not offer."""

from __future__ import annotations

from typing import Any, NoReturn

from solvers.sandbox.recorder import recorder

SWIG_STRING = "in method '{}', argument 2 of type 'char const *'"


class CoptError(Exception):
    """A return code and a message."""

    def __init__(self, retcode: int = 0, message: str = "") -> None:
        super().__init__(retcode, message)
        self.retcode = retcode
        self.message = message

    def __repr__(self) -> str:
        return f"{self.retcode}, {self.message}"

    __str__ = __repr__


class NotOfferedError(CoptError):
    """Genuine coptpy would have done this; the look-alike refuses, and the recorder has a note of it."""


def invalid(message: str) -> NoReturn:
    """Raise what coptpy raises for a call that it refuses."""
    raise CoptError(3, f"(INVALID) {message}")


def refused(what: str, why: str = "") -> NoReturn:
    """Raise for something that genuine coptpy offers and the look-alike does not. `what` names it."""
    detail = f"coptpy's {what} is not offered here" + (f": {why}" if why else "")
    recorder().noted("unsupported", detail)
    raise NotOfferedError(3, f"(UNSUPPORTED) {detail}")


def tidy(name: Any, method: str) -> str:
    """A name as coptpy keeps it: a C string without spaces. Raises TypeError for what is no text."""
    if not isinstance(name, str) or any("\ud800" <= letter <= "\udfff" for letter in name):
        raise TypeError(f"in method '{method}', argument 2 of type 'char const *'")
    return name.partition("\0")[0].strip(" ").replace(" ", "_")


def number(value: Any) -> float:
    """A float, or the TypeError or ValueError that Python gives for what is none."""
    return float(value)
