"""A captured model while it is gathered, column by column and row by row; then the `Model`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from solvers.io.draft import INFINITE, Draft
from solvers.io.nl_poly import Algebra, Call, Sum
from solvers.io.nl_template import templates
from solvers.model import CONTINUOUS, INTEGER, Global, Model, Sos
from solvers.sandbox.capture.guard import UncapturedError

BUDGET = 50_000_000
"""Steps of algebra on one model's formulas (solvers.io.nl_poly)."""


def infinite(value: Any, default: float) -> float:
    """A bound; None, and what solvers take for infinite, is infinite. Raises UncapturedError for no number."""
    if value is None:
        return default
    number = float(value)
    if number != number:
        raise UncapturedError("a bound is no number")
    return number if abs(number) < INFINITE else (np.inf if number > 0 else -np.inf)


def unique(names: Sequence[Any], fallback: str) -> list[str]:
    """The names as texts, each once: empty ones by number, repeated ones with theirs behind."""
    out: list[str] = []
    seen: set[str] = set()
    for k, name in enumerate(names):
        text = str(name) if name not in (None, "") else f"{fallback}{k}"
        while text in seen:
            text = f"{text}#{k}"
        seen.add(text)
        out.append(text)
    return out


def unbounded_arrays(lower: Any, upper: Any) -> tuple[np.ndarray, np.ndarray]:
    """Copies of two arrays of bounds, with infinities where a solver sees them."""
    low, high = np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)
    for side in (low, high):
        side[side >= INFINITE] = np.inf
        side[side <= -INFINITE] = -np.inf
    return low, high


@dataclass
class Sheet:
    """Columns and rows in lists; formulas are `Sum`s over column numbers."""

    name: str = ""
    sense: Literal["min", "max"] = "min"
    columns: list[Any] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    entries: tuple[list[int], list[int], list[float]] = field(default_factory=lambda: ([], [], []))
    bodies: list[tuple[int, Sum]] = field(default_factory=list)
    objective: Sum = field(default_factory=Sum)
    indicators: list[tuple[int, int, int]] = field(default_factory=list)
    sos: list[Sos] = field(default_factory=list)
    globals: list[Global] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    computed: list[Callable[[Sequence[float]], float]] = field(default_factory=list)
    algebra: Algebra = field(default_factory=lambda: Algebra(BUDGET))

    def column(self, name: Any, lower: Any = 0.0, upper: Any = None, kind: int = CONTINUOUS) -> int:
        """A new column's number."""
        self.columns.append(name)
        self.lower.append(infinite(lower, -np.inf))
        self.upper.append(infinite(upper, np.inf))
        self.kinds.append(kind)
        return len(self.columns) - 1

    def auxiliary(
        self, name: Any, lower: Any, upper: Any, kind: int, value: Callable[[Sequence[float]], float]
    ) -> int:
        """A column that the program does not have, behind all that it has; `value` gives it from those before it."""
        self.computed.append(value)
        return self.column(name, lower, upper, kind)

    def completed(self, x: Iterable[float]) -> list[float]:
        """A point in the program's columns, with the values of the auxiliary ones."""
        point = [float(v) for v in x]
        for value in self.computed:
            point.append(float(value(point)))
        return point

    def row(self, name: Any, lower: Any, upper: Any, terms: Iterable[tuple[int, Any]]) -> int:
        """A new linear row's number; a column may occur more than once."""
        at = len(self.rows)
        self.rows.append(name)
        self.row_lower.append(infinite(lower, -np.inf))
        self.row_upper.append(infinite(upper, np.inf))
        row, column, value = self.entries
        for j, coef in terms:
            row.append(at)
            column.append(j)
            value.append(float(coef))
        return at

    def formula_row(self, name: Any, lower: Any, upper: Any, formula: Sum) -> int:
        """A new row over a formula. Its constant counts on the left side."""
        if formula.is_affine:
            at = self.row(name, lower, upper, formula.linear.items())
            self.row_lower[at] -= formula.constant
            self.row_upper[at] -= formula.constant
            return at
        at = self.row(name, lower, upper, ())
        self.bodies.append((at, formula))
        return at

    def indicate(self, row: int, column: int, active: int) -> None:
        """Let a row hold only where a 0-1 column has a value. Raises UncapturedError for other columns."""
        if self.kinds[column] != INTEGER or self.lower[column] < 0 or self.upper[column] > 1:
            raise UncapturedError(f"the condition {self.columns[column]} is not a 0-1 column")
        self.indicators.append((row, column, active))

    def model(self) -> Model:
        """The model. Raises UncapturedError where a number of it is not finite, or nothing holds it."""
        n, m = len(self.columns), len(self.rows)
        row, column, value = self.entries
        costs = np.zeros(n)
        for j, coef in self.objective.linear.items():
            costs[j] += coef
        draft = Draft(
            self.name, unique(self.columns, "x"), unique(self.rows, "row"), costs, np.array(self.lower),
            np.array(self.upper), np.array(self.kinds, dtype=np.int8), np.array(self.row_lower),
            np.array(self.row_upper),
            (np.array(row, np.int64), np.array(column, np.int64), np.array(value, np.float64)),
            sense=self.sense, sos=list(self.sos), notes=list(self.notes),
        )  # fmt: skip
        self._bodies(draft, m)
        self._objective(draft)
        for item in self.indicators:
            draft.indicate(*item)
        return checked(replace(draft.model(), globals=tuple(self.globals)))

    def _bodies(self, draft: Draft, rows: int) -> None:
        linear: list[tuple[int, int, float]] = []
        products: list[tuple[int, int, int, float]] = []
        nonlinear: list[tuple[int, Sum]] = []
        for r, found in self.bodies:
            linear += [(r, j, coef) for j, coef in found.linear.items()]
            products += [(r, i, j, coef) for (i, j), coef in found.quadratic.items()]
            if found.rest:
                nonlinear.append((r, found))
            else:
                draft.row_lower[r] -= found.constant
                draft.row_upper[r] -= found.constant
        if linear:
            row, column, value = zip(*linear)
            parts = zip(draft.entries, (row, column, value))
            draft.entries = tuple(np.concatenate([a, np.array(b, a.dtype)]) for a, b in parts)  # type: ignore[assignment]
        if products:
            draft.quadratic_rows = tuple(np.array(part) for part in zip(*products))  # type: ignore[assignment]
        draft.nonlinear_rows = templates(nonlinear)

    def _objective(self, draft: Draft) -> None:
        found = self.objective
        if found.quadratic:
            pairs = np.array(list(found.quadratic))
            draft.quadratic = (pairs[:, 0], pairs[:, 1], np.array(list(found.quadratic.values())))
        if found.rest:
            draft.nonlinear = templates([(0, found)])[0].template
        else:
            draft.offset = found.constant


def linear(terms: Iterable[tuple[int, Any]], constant: Any = 0.0) -> Sum:
    """A linear formula; a column may occur more than once."""
    out = Sum(float(constant))
    for j, coef in terms:
        out.linear[j] = out.linear.get(j, 0.0) + float(coef)
    return out


def renumbered(found: Sum, columns: Mapping[int, int]) -> Sum:
    """The formula with other names of its columns. Raises UncapturedError for one that has none."""
    try:
        return Sum(
            found.constant, {columns[j]: c for j, c in found.linear.items()},
            {_pair(columns[i], columns[j]): c for (i, j), c in found.quadratic.items()},
            [(c, Call(call.name, [renumbered(arg, columns) for arg in call.args])) for c, call in found.rest],
            found.size, found.depth,
        )  # fmt: skip
    except KeyError:
        raise UncapturedError("a formula holds a variable that is not in the model") from None


def _pair(i: int, j: int) -> tuple[int, int]:
    return (i, j) if i <= j else (j, i)


def checked(model: Model) -> Model:
    """The model, if it is one. Raises UncapturedError for numbers that are not finite and the like."""
    from solvers.well_formed import IllFormedError, well_formed

    try:
        well_formed(model)
    except IllFormedError as error:
        raise UncapturedError(f"the library was given no model: {error}") from None
    return model
