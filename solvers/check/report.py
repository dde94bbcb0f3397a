"""What `check` found: issues with their places and remedies, classes, units, the order of definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from solvers.errors import Place

Severity = Literal["error", "warning", "note"]
ModelClass = Literal["LP", "MILP", "QP", "MIQP", "QCP", "MIQCP", "NLP", "MINLP"]

_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. `source` is the formula that `place.column` points into, where there is one."""

    severity: Severity
    code: str
    place: Place
    message: str
    remedy: str = ""
    source: str = ""

    def __str__(self) -> str:
        where = str(self.place)
        text = f"{self.severity}: {where}: {self.message}" if where else f"{self.severity}: {self.message}"
        if self.source and self.place.column is not None:
            start = max(0, self.place.column - 40)
            excerpt = self.source[start : self.place.column + 40].replace("\n", " ")
            text += f"\n    {excerpt}\n    {' ' * (self.place.column - start)}^"
        return f"{text}\n  remedy: {self.remedy}" if self.remedy else text

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        index = None if self.place.index is None else [*self.place.index]
        return {
            "severity": self.severity, "code": self.code, "element": self.place.element, "field": self.place.field,
            "column": self.place.column, "index": index, "message": self.message, "remedy": self.remedy,
        }


@dataclass(frozen=True)
class Classes:
    """Class of every term and constraint, of the whole model, and families of variables per domain.

    A class is constant, linear, piecewise, quadratic, nonlinear, logical or structure; `features` says more
    (products of binaries, functions, divisions). `model` is None when errors leave it open.
    """

    terms: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)
    features: dict[str, tuple[str, ...]] = field(default_factory=dict)
    variables: dict[str, int] = field(default_factory=dict)
    model: ModelClass | None = None


@dataclass(frozen=True)
class CheckReport:
    """The outcome of `solvers.check.check`."""

    issues: tuple[Issue, ...] = ()
    classes: Classes = field(default_factory=Classes)
    units: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """No errors; warnings and notes may remain."""
        return not self.errors

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that forbid solving."""
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What is probably not meant."""
        return tuple(issue for issue in self.issues if issue.severity == "warning")

    @property
    def notes(self) -> tuple[Issue, ...]:
        """What a careful reader may want to know."""
        return tuple(issue for issue in self.issues if issue.severity == "note")

    def __str__(self) -> str:
        lines = [str(issue) for issue in self.issues]
        counts = f"{len(self.errors)} error(s), {len(self.warnings)} warning(s), {len(self.notes)} note(s)"
        return "\n".join([*lines, f"{self.classes.model or 'no model'}: {counts}"])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        classes = self.classes
        return {
            "ok": self.ok,
            "issues": [issue.to_dict() for issue in self.issues],
            "classes": {
                "model": classes.model, "terms": dict(classes.terms), "constraints": dict(classes.constraints),
                "features": {name: [*found] for name, found in classes.features.items()},
                "variables": dict(classes.variables),
            },
            "units": dict(self.units),
            "order": [*self.order],
        }


class Collector:
    """Gathers issues; the same finding at the same place is kept once."""

    def __init__(self) -> None:
        self._issues: dict[Issue, None] = {}

    def add(
        self, severity: Severity, code: str, place: Place, message: str, remedy: str = "", source: str = ""
    ) -> None:
        """Record one issue."""
        self._issues.setdefault(Issue(severity, code, place, message, remedy, source))

    def has_errors(self) -> bool:
        """Whether any error was recorded so far."""
        return any(issue.severity == "error" for issue in self._issues)

    def sorted(self) -> tuple[Issue, ...]:
        """Errors first, then warnings and notes, each in the order found."""
        return tuple(sorted(self._issues, key=lambda issue: _RANK[issue.severity]))
