"""What if a number were another: the answer before and after, by a warm re-solve where the model allows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from solvers.adapters import SolveOptions
from solvers.compare import SOLVER, compare
from solvers.diagnose.selectors import SelectorError, as_number, match_key, read_selector
from solvers.diagnose.words import label, with_unit
from solvers.errors import Place, UnsupportedError
from solvers.formulation import Formulation, Key, Parameter
from solvers.result import SolveResult
from solvers.schema.spelling import nearest

if TYPE_CHECKING:
    from solvers.model import Model
    from solvers.warm import WarmSolver

Slots = Mapping[tuple[str, Key], float]


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter cell and its value before and after; `before` is None where the cell had none."""

    parameter: str
    key: Key
    before: float | None
    after: float
    unit: str = ""

    @property
    def label(self) -> str:
        return label(self.parameter, self.key)

    def __str__(self) -> str:
        before = "none" if self.before is None else with_unit(self.before, self.unit)
        return f"{self.label}: {before} to {with_unit(self.after, self.unit)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A variable whose value differs by more than the tolerance SOLVER; None where it does not exist."""

    name: str
    key: Key
    label: str
    before: float | None
    after: float | None
    unit: str = ""


@dataclass(frozen=True)
class WhatIf:
    """The two results, what was set, and what differs. `warm` says whether the loaded model was patched."""

    settings: tuple[Setting, ...]
    before: SolveResult
    after: SolveResult
    differences: tuple[Difference, ...]
    warm: bool

    def __str__(self) -> str:
        def shown(value: float | None) -> str:
            return "-" if value is None else f"{value:.10g}"

        lines = [
            *map(str, self.settings),
            f"{self.before.termination} {shown(self.before.objective)} to "
            f"{self.after.termination} {shown(self.after.objective)}",
        ]
        return "\n".join([*lines, *(f"{d.label}: {shown(d.before)} to {shown(d.after)}" for d in self.differences)])


def read_settings(texts: Iterable[str]) -> list[tuple[str, tuple[str, ...] | None, float]]:
    """`NAME=VALUE` or `NAME[key]=VALUE` as name, labels of the key, value. Raises SelectorError."""
    out = []
    for text in texts:
        target, equals, number = text.rpartition("=")
        if not equals or not target.strip():
            raise SelectorError(
                f"{text!r} sets nothing", remedy="write NAME=VALUE or NAME[key]=VALUE, such as 'demand[week 3]=40'"
            )
        value = as_number(number)
        if value is None:
            raise SelectorError(
                f"{number.strip()!r} is not a number", place=target.strip(), remedy="give a number, such as 120 or 0.5"
            )
        selector = read_selector(target)
        if selector.kind:
            raise SelectorError(
                f"{target.strip()!r} is not a parameter", remedy="bounds follow from parameters: set these"
            )
        out.append((selector.name, selector.key, value))
    return out


def what_if(
    formulation: Formulation,
    changes: Slots | Sequence[str],
    data: Any = None,
    *,
    solver: str | None = None,
    options: SolveOptions | None = None,
) -> WhatIf:
    """Solve, change parameter cells (`{("capacity", ("mill",)): 120}` or `["capacity[mill]=120"]`), solve again.

    HiGHS keeps the model loaded where it can hold it and `solver` asks for no other one; else both are solved
    from scratch. Both solutions are checked as `solve` checks them. Raises SelectorError for an unknown parameter,
    a key outside its axes or what is no number, naming the nearest; errors of `solve` as they come.
    """
    from solvers.data import Data
    from solvers.solving import as_data, check_formulation, solve

    options = options or SolveOptions()
    given = as_data(formulation, data)
    inline = Data.inline(formulation)
    merged = inline if given is None else inline.merge(given)
    warm = _warm(formulation, merged, solver, options)
    model = warm.model if warm is not None else _grounded(formulation, merged)
    settings = _settings(formulation, model, changes)
    wanted = {(s.parameter, s.key): s.after for s in settings}
    after_data = merged.override(wanted)
    found = None if warm is None else _warmly(warm, wanted, asked=solver is not None)
    if found is not None:
        (before, first), (after, second), patched = found
        before = replace(before, check=check_formulation(formulation, merged, first, before))
        after = replace(after, check=check_formulation(formulation, after_data, second, after))
    else:
        patched = False
        limits = {name: getattr(options, name) for name in ("time_limit", "gap", "seed", "threads", "log")}
        before = solve(formulation, merged, solver, **limits)
        after = solve(formulation, after_data, solver, **limits)
    return WhatIf(tuple(settings), before, after, differences(formulation, before, after), patched)


def _warmly(
    warm: WarmSolver, wanted: Mapping[tuple[str, Key], float], *, asked: bool
) -> tuple[tuple[SolveResult, Model], tuple[SolveResult, Model], bool] | None:
    """Before and after with their models, and whether it was patched; None where HiGHS, not asked for, gets stuck."""
    before = warm.solve(), warm.model
    try:
        patched = warm.change(wanted)
    except UnsupportedError:
        if asked:
            raise
        return None
    after = warm.solve(), warm.model
    if not asked and "numerical" in (before[0].termination, after[0].termination):
        return None
    return before, after, patched


def _warm(formulation: Formulation, data: Any, solver: str | None, options: SolveOptions) -> WarmSolver | None:
    """A warm solver, or None where HiGHS cannot hold the model or another solver is asked for."""
    from solvers.choice import order, structure_of
    from solvers.warm import WarmSolver

    if solver not in (None, "highs") or (solver is None and order(structure_of(formulation))[0][0] != "highs"):
        return None
    try:
        return WarmSolver(formulation, data, options)
    except UnsupportedError:
        if solver == "highs" and all(
            t.priority == formulation.objective.terms[0].priority for t in formulation.objective.terms
        ):
            raise
        return None


def _grounded(formulation: Formulation, data: Any) -> Any:
    from solvers.diagnose.subject import subject

    return subject(formulation, data).model


def _settings(formulation: Formulation, model: Any, changes: Slots | Sequence[str]) -> list[Setting]:
    asked: list[tuple[str, tuple[str, ...] | None, float]]
    if isinstance(changes, Mapping):
        asked = [(name, tuple(map(str, key)) or None, float(value)) for (name, key), value in changes.items()]
    else:
        asked = read_settings(changes)
    found: dict[tuple[str, Key], Setting] = {}
    for name, labels, value in asked:
        setting = _setting(formulation, model, name, labels, value)
        if (name, setting.key) in found:
            raise SelectorError(f"{setting.label} is set twice", remedy="keep one")
        found[name, setting.key] = setting
    if not found:
        raise SelectorError("nothing is set", remedy="write NAME=VALUE or NAME[key]=VALUE")
    return list(found.values())


def _setting(formulation: Formulation, model: Any, name: str, labels: tuple[str, ...] | None, value: float) -> Setting:
    parameter = next((p for p in formulation.parameters if p.name == name), None)
    if parameter is None:
        _refuse_unknown(formulation, name)
    assert parameter is not None
    if parameter.expr is not None:
        raise SelectorError(
            f"{name} is computed: {parameter.expr}", place=Place(name), remedy="set the parameters it is computed from"
        )
    slots = model.slots
    if parameter.values_in is not None or name not in slots.values:
        raise SelectorError(f"{name} holds labels, not numbers", place=Place(name), remedy="change it in the file")
    if not _finite(value):
        raise SelectorError(
            f"{value} is not a finite number", place=Place(name), remedy="give a number, such as 120 or 0.5"
        )
    domain = slots.domains[name]
    keys: list[Key] = [()] if domain is None else [domain.key(k, slots.universe) for k in range(domain.size)]
    if labels is None and domain is not None:
        example = ", ".join(map(str, keys[0])) if keys else "..."
        raise SelectorError(
            f"{name} has {len(keys)} cells", place=Place(name), remedy=f"name one, such as {name}[{example}]=VALUE"
        )
    key = match_key(labels or (), keys, name)
    before = float(slots.values[name].reshape(-1)[slots.slot(name, key)])
    return Setting(name, key, before if _finite(before) else None, value, parameter.unit or "")


def _finite(value: float) -> bool:
    return value - value == 0.0


def _refuse_unknown(formulation: Formulation, name: str) -> None:
    declared = formulation.by_name.get(name)
    names = [p.name for p in formulation.parameters if p.expr is None]
    if declared is not None and not isinstance(declared, Parameter):
        kind = {"IndexSet": "a set", "Variable": "a variable", "NamedExpression": "a formula"}[type(declared).__name__]
        raise SelectorError(
            f"{name} is {kind}, not a parameter",
            place=Place(name),
            remedy=f"set one of: {', '.join(names[:12])}" if names else "there are no parameters to set",
        )
    near = nearest(name, names)
    hint = (
        f"did you mean {near}?"
        if near is not None
        else f"set one of: {', '.join(names[:12])}"
        if names
        else "there are no parameters to set"
    )
    raise SelectorError(f"there is no parameter {name!r}", place=Place(name), remedy=hint)


def differences(formulation: Formulation, before: SolveResult, after: SolveResult) -> tuple[Difference, ...]:
    """The values that differ, in the order of the declarations; all that are not 0 where only one has a solution."""
    out = []
    for variable in formulation.variables:
        old = dict(before.values[variable.name].items()) if variable.name in before.values else {}
        new = dict(after.values[variable.name].items()) if variable.name in after.values else {}
        for key in dict.fromkeys([*old, *new]):
            a, b = old.get(key), new.get(key)
            if not compare(0.0 if a is None else a, 0.0 if b is None else b, SOLVER) or (
                (a is None) != (b is None) and before.has_solution and after.has_solution
            ):
                out.append(Difference(variable.name, key, label(variable.name, key), a, b, variable.unit or ""))
    return tuple(out)
