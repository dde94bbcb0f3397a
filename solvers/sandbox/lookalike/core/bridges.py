"""General constraints in rows, switches and ordered sets, exact by their meaning.

Where bounds are finite and small a switch is a big-M row, which any mixed-integer solver takes; else it is an
indicator or a special ordered set, which hold without bounds.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, assert_never

from solvers.errors import UnsupportedError
from solvers.sandbox.lookalike.core.rows import (
    Absolute,
    Equation,
    Extreme,
    Indicator,
    Logical,
    Meaning,
    Norm,
    Piecewise,
)

if TYPE_CHECKING:
    from solvers.sandbox.lookalike.core.build import Draft
    from solvers.sandbox.lookalike.core.expressions import Variable

LARGEST_SWITCH = 1e4
"""The greatest big-M: beyond it a switch that is 0 only within its tolerance would let too much through."""


def add_general(draft: Draft, name: str, meaning: Meaning) -> None:
    """The rows and columns that a general constraint asks for."""
    match meaning:
        case Indicator(binary, active, form, lower, upper):
            constant = form._constant
            row = draft.row_of(name, form._merged(), lower - constant, upper - constant)
            draft.indicate(row, draft.binary(binary), active)
        case Extreme(kind, result, arguments, constant):
            _extreme(draft, name, kind, _at(result), [_at(v) for v in arguments], constant)
        case Absolute(result, argument):
            _absolute(draft, name, _at(result), _at(argument))
        case Logical():
            _logical(draft, name, meaning)
        case Norm():
            _norm(draft, name, meaning)
        case Piecewise(result, argument, xs, ys):
            _piecewise(draft, name, _at(result), _at(argument), xs, ys)
        case Equation(result, tree, lower, upper):
            draft.nonlinear_row(name, tree, result, lower, upper)
        case _:
            assert_never(meaning)


def add_pieces(draft: Draft, variable: Variable, xs: tuple[float, ...], ys: tuple[float, ...]) -> None:
    """A piecewise-linear cost of a variable, by a column that is worth it."""
    name = f"{draft.names[_at(variable)]}_pwl"
    cost = draft.column(name, -inf, inf, cost=1.0)
    _piecewise(draft, name, cost, _at(variable), xs, ys)


def _at(variable: Variable) -> int:
    return variable._column.index


def _range(draft: Draft, column: int) -> tuple[float, float]:
    lower, upper = draft.lower[column], draft.upper[column]
    if draft.kinds[column] >= 2:  # semicontinuous: 0 too
        lower, upper = min(lower, 0.0), max(upper, 0.0)
    return (lower if lower > -1e20 else -inf), (upper if upper < 1e20 else inf)


def _absolute(draft: Draft, name: str, result: int, argument: int) -> None:
    """argument = up - down, result = up + down, and one of the two is 0."""
    lower, upper = _range(draft, argument)
    if lower >= 0.0 or upper <= 0.0:
        draft.row(name, [(result, 1.0), (argument, -1.0 if lower >= 0.0 else 1.0)], 0.0, 0.0)
        return
    up, down = draft.column(f"{name}_up", 0.0, upper), draft.column(f"{name}_down", 0.0, -lower)
    draft.row(name, [(argument, 1.0), (up, -1.0), (down, 1.0)], 0.0, 0.0)
    draft.row(f"{name}_sum", [(result, 1.0), (up, -1.0), (down, -1.0)], 0.0, 0.0)
    if max(upper, -lower) <= LARGEST_SWITCH:
        switch = draft.column(f"{name}_switch", 0.0, 1.0, 1)
        draft.row(f"{name}_above", [(up, 1.0), (switch, -upper)], -inf, 0.0)
        draft.row(f"{name}_below", [(down, 1.0), (switch, -lower)], -inf, -lower)
    else:
        draft.ordered(1, [up, down], [1.0, 2.0], f"{name}_either")


def _extreme(draft: Draft, name: str, kind: str, result: int, arguments: list[int], constant: float | None) -> None:
    """The result is beyond all arguments, a switch says which one it equals; least is greatest with signs turned."""
    sign = 1.0 if kind == "max" else -1.0
    ends = [_range(draft, at) for at in arguments]
    ends = ends if kind == "max" else [(-upper, -lower) for lower, upper in ends]
    if constant is not None and isfinite(constant) and abs(constant) < 1e20:
        fixed = draft.column(f"{name}_constant", constant, constant)
        arguments, ends = [*arguments, fixed], [*ends, (sign * constant, sign * constant)]
    if not arguments:
        raise UnsupportedError(f"{kind} of nothing", place=name, remedy="name an argument")
    if len(arguments) == 1:
        draft.row(name, [(result, 1.0), (arguments[0], -1.0)], 0.0, 0.0)
        return
    most = max(upper for _, upper in ends)
    switches: list[int] = []
    for k, (at, (lower, _)) in enumerate(zip(arguments, ends)):
        draft.row(f"{name}_{k}", [(result, sign), (at, -sign)], 0.0, inf)
        switch = draft.column(f"{name}_is{k}", 0.0, 1.0, 1)
        switches.append(switch)
        room = most - lower
        if room <= LARGEST_SWITCH:
            draft.row(f"{name}_at{k}", [(result, sign), (at, -sign), (switch, room)], -inf, room)
        else:
            draft.indicate(draft.row(f"{name}_at{k}", [(result, sign), (at, -sign)], -inf, 0.0), switch, 1)
    draft.row(name, [(switch, 1.0) for switch in switches], 1.0, 1.0)


def _logical(draft: Draft, name: str, meaning: Logical) -> None:
    result = draft.binary(meaning.result)
    arguments = list(dict.fromkeys(draft.binary(v) for v in meaning.arguments))
    n = len(arguments)
    each = [(at, -1.0) for at in arguments]
    if meaning.kind == "and":
        for k, at in enumerate(arguments):
            draft.row(f"{name}_{k}", [(result, 1.0), (at, -1.0)], -inf, 0.0)
        draft.row(name, [(result, 1.0), *each], 1.0 - n, inf)
    else:
        for k, at in enumerate(arguments):
            draft.row(f"{name}_{k}", [(result, 1.0), (at, -1.0)], 0.0, inf)
        draft.row(name, [(result, 1.0), *each], -inf, 0.0)


def _norm(draft: Draft, name: str, meaning: Norm) -> None:
    result, arguments = _at(meaning.result), [_at(v) for v in meaning.arguments]
    draft.lower[result] = max(draft.lower[result], 0.0)
    if meaning.which == 2:
        row = draft.row(name, [], 0.0, 0.0)
        for at in arguments:
            draft.product(row, at, at, 1.0)
        draft.product(row, result, result, -1.0)
        return
    if meaning.which == 0:
        switches = []
        for k, at in enumerate(arguments):
            switches.append(draft.column(f"{name}_is{k}", 0.0, 1.0, 1))
            draft.indicate(draft.row(f"{name}_off{k}", [(at, 1.0)], 0.0, 0.0), switches[-1], 0)
        draft.row(name, [(result, 1.0), *((s, -1.0) for s in switches)], 0.0, 0.0)
        return
    sizes = []
    for k, at in enumerate(arguments):
        lower, upper = _range(draft, at)
        sizes.append(draft.column(f"{name}_abs{k}", 0.0, max(abs(lower), abs(upper))))
        _absolute(draft, f"{name}_abs{k}", sizes[-1], at)
    if meaning.which == 1:
        draft.row(name, [(result, 1.0), *((s, -1.0) for s in sizes)], 0.0, 0.0)
    elif meaning.which == inf:
        _extreme(draft, name, "max", result, sizes, None)
    else:
        raise UnsupportedError(f"there is no norm {meaning.which:g}", place=name, remedy="use 0, 1, 2 or infinity")


def _piecewise(
    draft: Draft, name: str, result: int, argument: int, xs: tuple[float, ...], ys: tuple[float, ...]
) -> None:  # fmt: skip
    """Weights of neighbouring points; beyond the ends a ray in the slope of the last piece.

    argument = sum w[k] xs[k] - s + t, result = sum w[k] ys[k] - first slope * s + last slope * t, where s, the
    weights and t are an ordered set of type 2.
    """
    if len(xs) == 1:
        draft.row(name, [(result, 1.0)], ys[0], ys[0])
        return
    lower, upper = _range(draft, argument)
    beyond = (lower < xs[0], upper > xs[-1])
    if (beyond[0] and xs[0] == xs[1]) or (beyond[1] and xs[-1] == xs[-2]):
        raise UnsupportedError(
            "a piecewise-linear function that jumps at its first or last point does not go on from there",
            place=name, remedy="bound the argument by the first and the last point",
        )  # fmt: skip
    weights = [draft.column(f"{name}_w{k}", 0.0, 1.0) for k in range(len(xs))]
    inner = [(argument, 1.0), *((w, -x) for w, x in zip(weights, xs))]
    outer = [(result, 1.0), *((w, -y) for w, y in zip(weights, ys))]
    order = list(weights)
    if beyond[0]:
        ray = draft.column(f"{name}_before", 0.0, xs[0] - lower)
        inner.append((ray, 1.0))
        outer.append((ray, (ys[1] - ys[0]) / (xs[1] - xs[0])))
        order.insert(0, ray)
    if beyond[1]:
        ray = draft.column(f"{name}_after", 0.0, upper - xs[-1])
        inner.append((ray, -1.0))
        outer.append((ray, -(ys[-1] - ys[-2]) / (xs[-1] - xs[-2])))
        order.append(ray)
    draft.row(f"{name}_argument", inner, 0.0, 0.0)
    draft.row(name, outer, 0.0, 0.0)
    draft.row(f"{name}_weights", [(w, 1.0) for w in weights], 1.0, 1.0)
    draft.ordered(2, order, [float(k) for k in range(1, len(order) + 1)], f"{name}_points")
