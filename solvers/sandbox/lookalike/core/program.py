"""A program under construction: columns, rows and the rest, with changes that wait or apply at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from solvers.sandbox.lookalike.core.expressions import Column, Linear, Quadratic, Variable
from solvers.sandbox.lookalike.core.rows import Element, General, QuadraticRow, Row, SpecialSet
from solvers.sandbox.lookalike.core.trees import Node

if TYPE_CHECKING:
    from solvers.sandbox.lookalike.core.solving import Outcome


@dataclass
class Level:
    """One of several objectives; those of equal priority are added up with their weights.

    Without a `form` it is the program's own linear objective: the costs of the columns and the offset.
    """

    form: Linear | None
    priority: int = 0
    weight: float = 1.0
    name: str = ""


@dataclass(eq=False)
class Program:
    """What a model holds. With `lazy` all changes wait in a queue until `flush`; else they apply at once.

    `sense` is 1 to minimise, -1 to maximise. Linear costs lie with the columns; `quadratic` holds the triples of the
    objective, `nonlinear` a tree that is added to it, `pieces` piecewise-linear costs (points) by variable. `letters`
    gives what is added without a name one: a letter by class (Variable, Row, ...), before its position.
    Where it `keeps_levels` a new objective leaves further ones as they are.
    """

    name: str = ""
    lazy: bool = False
    letters: dict[str, str] = field(default_factory=dict)
    keeps_levels: bool = False
    sense: int = 1
    offset: float = 0.0
    columns: list[Variable] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    quadratic_rows: list[QuadraticRow] = field(default_factory=list)
    sets: list[SpecialSet] = field(default_factory=list)
    generals: list[General] = field(default_factory=list)
    quadratic: list[tuple[Variable, Variable, float]] = field(default_factory=list)
    nonlinear: Node | None = None
    pieces: dict[Variable, tuple[tuple[float, ...], tuple[float, ...]]] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    outcome: Outcome | None = None
    waiting: list[Variable | Element] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    changes: list[Callable[[], None]] = field(default_factory=list)
    gap: bool = False

    def add(self, item: Variable | Element) -> None:
        """A new column, row or constraint of another sort."""
        home = self.home(item)
        holder: Any = item._column if isinstance(item, Variable) else item
        if not self.lazy:
            self._place(holder, len(home))
            home.append(item)
            self.outcome = None
            return
        key = id(home)
        waiting = self.counts.get(key, 0)
        self.counts[key] = waiting + 1
        if isinstance(item, Variable):
            item._column.index = len(home) + waiting
        else:
            item._index = len(home) + waiting
        self.waiting.append(item)

    def _place(self, holder: Column | Element, at: int) -> None:
        """Give a member its position, and a name where it has none."""
        if isinstance(holder, Column):
            holder.index, holder.state = at, 1
            if not holder.name and "Variable" in self.letters:
                holder.name = f"{self.letters['Variable']}{at}"
            return
        holder._index, holder._state = at, 1
        letter = "" if holder._name else self.letters.get(holder._sort, "")
        if letter:
            holder._name = f"{letter}{at}"

    def home(self, item: Variable | Element) -> list[Any]:
        """The list that a member stands in."""
        if isinstance(item, Variable):
            return self.columns
        if isinstance(item, Row):
            return self.rows
        if isinstance(item, QuadraticRow):
            return self.quadratic_rows
        return self.sets if isinstance(item, SpecialSet) else self.generals

    def do(self, action: Callable[[], None]) -> None:
        """Change something, at once or when what waits is applied."""
        if self.lazy:
            self.changes.append(action)
            return
        action()
        self.outcome = None

    def change(self, holder: Any, slot: str, value: Any) -> None:
        """Set a slot of a column, a row or the program itself."""
        self.do(lambda: setattr(holder, slot, value))

    def change_objective(self, form: Linear | Quadratic | None, nonlinear: Node | None = None) -> None:
        """Replace the objective; costs of columns that are added later stay."""
        known = len(self.columns) + self.counts.get(id(self.columns), 0)
        kept = form._shared() if form is not None else None
        self.do(lambda: self._set_objective(kept, nonlinear, known))

    def _set_objective(self, form: Any, nonlinear: Node | None, known: int) -> None:
        for variable in self.columns[:known]:
            variable._column.cost = 0.0
        part = form._part if isinstance(form, Quadratic) else form
        self.quadratic = list(form._triples()) if isinstance(form, Quadratic) else []
        self.nonlinear = nonlinear
        self.pieces.clear()
        if not self.keeps_levels:
            self.levels.clear()
        self.offset = 0.0 if part is None else part._constant
        if part is not None:
            for variable, coef in part._terms():
                variable._column.cost += coef

    def remove(self, item: Variable | Element) -> None:
        """Take a member out; where changes wait, when they apply."""
        self.changes.append(lambda: self._mark(item))
        if not self.lazy:
            self.flush()

    def _mark(self, item: Variable | Element) -> None:
        self.gap = True
        if isinstance(item, Variable):
            item._column.state = 2
        else:
            item._state = 2

    @property
    def is_pending(self) -> bool:
        """Whether something waits to be applied."""
        return bool(self.waiting or self.changes)

    def flush(self) -> bool:
        """Apply what waits; whether there was anything."""
        if not self.is_pending:
            return False
        for item in self.waiting:
            home = self.home(item)
            self._place(item._column if isinstance(item, Variable) else item, len(home))
            home.append(item)
        self.waiting.clear()
        self.counts.clear()
        changes, self.changes = self.changes, []
        for action in changes:
            action()
        if self.gap:
            self.gap = False
            self._compact()
        self.outcome = None
        return True

    def _compact(self) -> None:
        """Close the gaps that removed members leave; removed columns leave rows and the objective too."""
        before = len(self.columns)
        self.columns[:] = [v for v in self.columns if v._column.state == 1]
        for at, variable in enumerate(self.columns):
            variable._column.index = at
        homes: tuple[list[Any], ...] = (self.rows, self.quadratic_rows, self.sets, self.generals)
        for home in homes:
            home[:] = [item for item in home if item._state == 1]
            for at, item in enumerate(home):
                item._index = at
        if len(self.columns) == before:
            return
        for row in self.rows:
            if any(v._column.state != 1 for v in row._coefs):
                row._coefs = {v: c for v, c in row._coefs.items() if v._column.state == 1}
        for quadratic in self.quadratic_rows:
            _without_removed(quadratic._form)
        self.quadratic = [t for t in self.quadratic if t[0]._column.state == 1 and t[1]._column.state == 1]
        self.pieces = {v: points for v, points in self.pieces.items() if v._column.state == 1}
        for special in self.sets:
            kept = [(v, w) for v, w in zip(special._variables, special._weights) if v._column.state == 1]
            special._variables, special._weights = [v for v, _ in kept], [w for _, w in kept]
        for level in self.levels.values():
            if level.form is not None:
                _keep_active(level.form)


def _keep_active(form: Linear) -> None:
    kept = [(v, c) for v, c in form._terms() if v._column.state == 1]
    form._vars, form._coefs, form._size = [v for v, _ in kept], [c for _, c in kept], len(kept)


def _without_removed(form: Quadratic) -> None:
    _keep_active(form._part)
    kept = [(a, b, w) for a, b, w in form._triples() if a._column.state == 1 and b._column.state == 1]
    form._left, form._right = [a for a, _, _ in kept], [b for _, b, _ in kept]
    form._weights, form._count = [w for _, _, w in kept], len(kept)
