"""Who solves when nobody is asked for: by the structure a formulation keeps visible, then by its class.

The rule, as data: `STRUCTURED` names what CP-SAT is far better at than a mixed-integer solver. It is asked first
where one of these stands in a constraint, when OR-Tools is installed and its exact whole-number form exists; else
`PREFERENCE` is tried in order: HiGHS, then SCIP. The result's message says which way it went and why.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from solvers.adapters import Adapter, adapter
from solvers.data import Data
from solvers.errors import FormulateError, Place, UnsupportedError
from solvers.expression import parse, parse_generator, walk
from solvers.expression.nodes import Aggregate, Call, Compare, Expr, IfElse, Or
from solvers.formulation import Formulation
from solvers.ground import ground
from solvers.model import GLOBALS, Model
from solvers.reformulate import Reformulated, reformulate
from solvers.reformulate.facts import Facts

PREFERENCE = ("highs", "scip")
"""Tried in this order: the first that can hold the model takes it."""

STRUCTURED = {
    "no_overlap": "tasks that share a machine", "circuit": "a tour", "alldifferent": "values that all differ",
    "or": "either one task or the other first",
}  # fmt: skip
"""Structure that goes to CP-SAT, in the words of the message. `or` counts between two differences of variables."""


class Prepared(NamedTuple):
    """The bridged formulation, its model, who solves it, and why it was chosen (or empty)."""

    bridged: Reformulated
    solver: Adapter
    model: Model
    reason: str


def prepare(formulation: Formulation, data: Data | None, solver: str | None) -> Prepared:
    """Bridge for a target, ground, and choose who solves. Raises UnsupportedError naming one that can."""
    if solver is not None:
        chosen = adapter(solver)
        chosen.version()  # a missing library is said before anything is built
        try:
            bridged, model = _held(formulation, data, chosen)
        except UnsupportedError as refused:
            raise _with_alternative(refused, formulation, data, chosen.name) from None
        return Prepared(bridged, chosen, model, "")
    names, reason = order(structure_of(formulation))
    first: UnsupportedError | None = None
    passed: list[str] = []
    for name in names:
        target = adapter(name)
        try:
            bridged, model = _held(formulation, data, target)
        except UnsupportedError as refused:
            if name in PREFERENCE:
                first = first or refused
            elif reason:
                passed.append(refused.message)
            continue
        why = reason if name == names[0] else "; ".join(passed)
        return Prepared(bridged, target, model, why)
    assert first is not None
    raise first


def choose(model: Model, solver: str | None) -> tuple[Adapter, str]:
    """Who solves a grounded model, and why. Raises UnsupportedError naming one that can."""
    if solver is not None:
        chosen = adapter(solver)
        reason = chosen.refusal(model)
        if reason is not None:
            raise _refusal(reason, model, chosen.name, _able(model, chosen.name))
        return chosen, ""
    names, why = order([GLOBALS[type(rule)] for rule in model.globals])
    reasons = []
    for name in names:
        chosen = adapter(name)
        reason = chosen.refusal(model)
        if reason is None:
            return chosen, why if name == names[0] else ""
        reasons.append(reason)
    raise UnsupportedError(
        f"no solver here can hold this {model.class_name}: {'; '.join(reasons)}",
        remedy="see formulate doctor for what is installed",
    )


def order(structure: list[str]) -> tuple[tuple[str, ...], str]:
    """The solvers to try, in order, for a formulation with this structure, and the reason where it is not the usual."""
    if not structure:
        return PREFERENCE, ""
    words = f"{structure[0]} ({STRUCTURED[structure[0]]})"
    if find_spec("ortools") is None:
        return PREFERENCE, f"{words} suits CP-SAT, which is not installed: pip install 'ortools>=9.12,<10'"
    return ("cpsat", *PREFERENCE), f"CP-SAT was chosen for {words}"


def structure_of(formulation: Formulation) -> list[str]:
    """Names of `STRUCTURED` that occur in constraints, in their order there."""
    facts = Facts(formulation, None)
    found: list[str] = []
    for constraint in formulation.constraints:
        for text in constraint.over:
            parse_generator(text)
        for node in walk(parse(constraint.expr)):
            if isinstance(node, Aggregate) and node.func in STRUCTURED:
                found.append(node.func)
        if _is_either_or(parse(constraint.expr), facts):
            found.append("or")
    return list(dict.fromkeys(found))


def _is_either_or(node: Expr, facts: Facts) -> bool:
    """`a + d <= b or b + e <= a` for each index, possibly under conditions on data."""
    match node:
        case Aggregate("all", (body,)):
            return _is_either_or(body, facts)
        case Call("implies", (test, then)) if facts.is_data(test):
            return _is_either_or(then, facts)
        case IfElse(_, then, otherwise):
            return _is_either_or(then, facts) or _is_either_or(otherwise, facts)
        case Or(items):
            cells = [_difference(item, facts) for item in items if not facts.is_data(item)]
            return len(cells) == 2 and cells[0] is not None and cells[0] == cells[1]
    return False


def _difference(node: Expr, facts: Facts) -> frozenset[Expr] | None:
    """The two cells of variables that a comparison sets apart, or None for any other formula."""
    if not isinstance(node, Compare) or len(node.ops) != 1 or node.ops[0] in ("==", "!="):
        return None
    cells: set[Expr] = set()
    pending: list[Expr] = list(node.operands)
    while pending:
        for item in walk(pending.pop()):
            variable, formula = facts.variable(item), facts.expanded(item)
            if variable is not None:
                cells.add(item)
            elif formula is not None:
                pending.append(formula)
    return frozenset(cells) if len(cells) == 2 else None


# -- refusals ----------------------------------------------------------------------------------------


def _held(formulation: Formulation, data: Data | None, target: Adapter) -> tuple[Reformulated, Model]:
    """The formulation as a model that the target can hold. Raises UnsupportedError."""
    bridged = reformulate(formulation, target.capabilities, data, scaling=True)
    model = ground(bridged.formulation, data)
    reason = target.refusal(model)
    if reason is not None:
        raise _refusal(reason, model, target.name, ())
    return bridged, model


def _refusal(reason: str, model: Model, name: str, able: tuple[str, ...]) -> UnsupportedError:
    remedy = f"use --solver {able[0]}" if able else "simplify the model"
    return UnsupportedError(f"{reason} (this model is {model.class_name})", place=name, remedy=remedy)


def _able(model: Model, asked: str) -> tuple[str, ...]:
    return tuple(name for name in PREFERENCE if name != asked and adapter(name).refusal(model) is None)


def _with_alternative(
    refused: UnsupportedError, formulation: Formulation, data: Data | None, asked: str
) -> UnsupportedError:
    """The refusal with the solver that would take the formulation in its remedy."""
    for name in order(structure_of(formulation))[0]:
        if name == asked or not _takes(formulation, data, name):
            continue
        own = refused.remedy if refused.remedy != "simplify the model" else ""
        place = refused.place if str(refused.place) else Place(asked)
        return UnsupportedError(refused.message, place=place, remedy="; or ".join(
            part for part in (own, f"use --solver {name}") if part))  # fmt: skip
    return refused


def _takes(formulation: Formulation, data: Data | None, name: str) -> bool:
    try:
        _held(formulation, data, adapter(name))
    except FormulateError:
        return False
    return True
