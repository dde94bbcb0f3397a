"""The errors of floor 1. Every message says what was wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a formulation something is wrong: an element, its field, a column of its text, an index."""

    element: str = ""
    field: str = ""
    column: int | None = None
    index: tuple[object, ...] | None = None

    def __str__(self) -> str:
        text = self.element
        if self.index is not None:
            text += "[" + ", ".join(map(str, self.index)) + "]"
        if self.field:
            text += f" ({self.field})" if text else self.field
        if self.column is not None:
            text += f", column {self.column + 1}"
        return text


class FormulateError(Exception):
    """Base of all errors that a user can mend: a message, a place and a remedy."""

    exit_code = 2

    def __init__(self, message: str, *, place: Place | str | None = None, remedy: str = "") -> None:
        self.message = message
        self.place = Place(place) if isinstance(place, str) else (place or Place())
        self.remedy = remedy
        super().__init__(message)

    def __str__(self) -> str:
        where = str(self.place)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}\n  remedy: {self.remedy}" if self.remedy else text


class ExpressionError(FormulateError):
    """A formula that is not in the language; `source` is its text, `place.column` points into it."""

    def __init__(
        self, message: str, *, source: str = "", column: int | None = None, remedy: str = "",
        place: Place | None = None,
    ) -> None:
        base = place or Place()
        super().__init__(message, place=Place(base.element, base.field, column, base.index), remedy=remedy)
        self.source = source

    def at(self, element: str, field: str = "") -> ExpressionError:
        """The same error, placed in an element of a formulation."""
        return ExpressionError(
            self.message, source=self.source, column=self.place.column, remedy=self.remedy,
            place=Place(element, field),
        )

    def __str__(self) -> str:
        text = super().__str__()
        if self.source and self.place.column is not None:
            start = max(0, self.place.column - 40)
            excerpt = self.source[start : self.place.column + 40].replace("\n", " ")
            text += f"\n    {excerpt}\n    {' ' * (self.place.column - start)}^"
        return text


class SchemaError(FormulateError):
    """A document that is not a formulation."""


class TypingError(FormulateError):
    """A formulation whose names, axes or kinds do not fit together."""


class DataError(FormulateError):
    """Data that do not fit the declared sets and parameters; names the cell."""


class GroundingError(FormulateError):
    """A formulation that cannot be grounded on its data: empty, non-finite, out of its axis."""


class FormatError(FormulateError):
    """A model file that does not follow its format; the place is `file.mps, line 12, column 5`."""

    def __init__(
        self, message: str, *, file: str = "", line: int | None = None, column: int | None = None, remedy: str = ""
    ) -> None:
        parts = [file] if file else []
        parts += [f"line {line}"] if line is not None else []
        parts += [f"column {column}"] if column is not None else []
        super().__init__(message, place=", ".join(parts), remedy=remedy)
        self.file, self.line, self.column = file, line, column


class UnsupportedError(FormulateError):
    """A model that the asked solver cannot hold; the remedy names one that can."""


class SolverMissingError(FormulateError):
    """A solver that is not installed or broke."""

    exit_code = 5


class UnknownSolverError(SolverMissingError):
    """A name that no solver has: a slip of the pen rather than something to install."""

    exit_code = 2
