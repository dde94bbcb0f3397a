"""Several objectives: which one `ObjNumber` means, and its attributes."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.core.expressions import Linear
from solvers.sandbox.lookalike.core.program import Level
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.store import Store

RELATIVE, ABSOLUTE = 0.0, 1e-6
"""How far gurobipy lets a later objective worsen an earlier one, where nothing is said."""


def level(store: Store, number: int | None = None) -> Level:
    """The objective that `ObjNumber` means, or of this number. Raises AttributeError."""
    if not store.levels:
        raise AttributeError("It isn't a multi-objective model")
    number = int(store.parameters.get("ObjNumber", 0)) if number is None else number
    if number not in store.levels:
        raise AttributeError("Out of range for parameter value of ObjNumber")
    return store.levels[number]


def set_level(store: Store, number: int, level: Level) -> None:
    """Put an objective in its place: number 0 is the model's own, those before it that are not set are nothing."""
    if number == 0:
        own = level.form
        assert own is not None
        store._set_objective(own, None, len(store.columns))
        level = Level(None, level.priority, level.weight, level.name)
    store.levels.setdefault(0, Level(None))
    for before in range(1, number):
        store.levels.setdefault(before, Level(empty()))
    store.levels[number] = level


def set_count(store: Store, count: int) -> None:
    """How many objectives there are; new ones are nothing."""
    store.levels.setdefault(0, Level(None))
    for number in range(1, count):
        store.levels.setdefault(number, Level(empty()))
    for number in [number for number in store.levels if number >= max(count, 1)]:
        del store.levels[number]


def form_of(store: Store, number: int | None = None) -> Linear:
    """The expression of the objective that `ObjNumber` means, or of this number."""
    from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr

    found = level(store, number).form
    if found is not None:
        return found
    variables: list[Any] = [v for v in store.columns if v._column.cost != 0.0]
    return LinExpr._of(variables, [v._column.cost for v in variables], store.offset)  # type: ignore[no-any-return]


def set_constant(store: Store, number: int, constant: float) -> None:
    """The constant of an objective."""
    held = level(store, number)
    if held.form is None:
        store.offset = constant
    else:
        held.form = held.form._shared()
        held.form._constant = constant


def empty() -> Linear:
    """The expression 0."""
    from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr

    return LinExpr()


def change_coefficient(variable: Any, value: float) -> None:
    """Set a variable's coefficient in the objective of `ObjNumber`."""
    from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr

    store = variable._column.program
    number = int(store.parameters.get("ObjNumber", 0))
    old = level(store, number)
    if old.form is None:
        store.change(variable._column, "cost", value)
        return
    form = LinExpr()
    form._extended(old.form, 1.0)
    form._remove_variable(variable)
    form._append(variable, value)
    changed = Level(form, old.priority, old.weight, old.name)
    store.do(lambda: set_level(store, number, changed))


def value(store: Store, number: int | None = None) -> float:
    """The value at the solution of the objective that `ObjNumber` means, or of this number."""
    form, x = form_of(store, number), store.point
    return float(form._constant + sum(c * x[v._column.index] for v, c in form._terms()))


def write(store: Store, name: str, given: Any) -> None:
    """Set ObjNPriority, ObjNWeight, ObjNName, ObjNCon, ObjNRelTol or ObjNAbsTol."""
    number = int(store.parameters.get("ObjNumber", 0))
    match name:
        case "objnpriority":
            store.do(lambda: setattr(level(store, number), "priority", int(given)))
        case "objnweight":
            store.do(lambda: setattr(level(store, number), "weight", float(given)))
        case "objnname":
            store.do(lambda: setattr(level(store, number), "name", str(given)))
        case "objncon":
            store.do(lambda: set_constant(store, number, float(given)))
        case _:
            tolerance(name, given)


def tolerance(name: str, given: float) -> None:
    """Refuse a tolerance that would let an earlier objective worsen."""
    allowed = RELATIVE if name.lower().endswith("reltol") else ABSOLUTE
    if float(given) > allowed:
        unsupported(f"{name} = {given:g}", "earlier objectives are held at their optimum")


def refuse_curved(form: Any) -> Linear:
    """A linear objective. Raises GurobiError."""
    from solvers.sandbox.lookalike.core.expressions import Variable, is_number
    from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr

    if hasattr(form, "_reflected"):
        form = form.item()
    if isinstance(form, (Variable, Linear)) or is_number(form):
        out = LinExpr()
        out._extended(form, 1.0)
        return out
    raise GurobiError(-1, "Objective must be linear for multi-objective model")


