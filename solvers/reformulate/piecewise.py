"""Bridges for `piecewise(x, points, values)` and for special ordered sets.

Where a piecewise linear function bends the way that its place asks for, its pieces are rows. Elsewhere its point is
a mean of breakpoints with weights, two neighbouring ones at most (Dantzig, Econometrica 28(1), 1960): an SOS2
(Beale and Tomlin, 1970) where the target takes those, else one binary for each piece.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Literal

from solvers.errors import FormulateError, Place, UnsupportedError
from solvers.expression import unparse
from solvers.expression.nodes import Aggregate, BinOp, Call, Compare, Expr, Generator, IfElse, Name, Ref
from solvers.formulation import Key, Parameter
from solvers.interpret import Instance
from solvers.reformulate import capabilities as cap
from solvers.reformulate.build import ONE, ZERO, add, compare, mul, number, sub
from solvers.reformulate.scope import Scope

if TYPE_CHECKING:
    from solvers.reformulate.facts import Facts
    from solvers.reformulate.workspace import Workspace

Bend = Literal["convex", "concave", "straight"]
_WORK = 1_000_000


def piecewise(
    args: tuple[Expr, ...], x: Expr, scope: Scope, work: Workspace, *, below: bool, above: bool
) -> Expr:
    """A stand-in for `piecewise`, which may be too small unless `below` and too large unless `above`.

    `x` is the first argument as it may stand in a row. Raises UnsupportedError where points and values are not
    parameters along one declared set.
    """
    points, values = (work.facts.series(arg) for arg in args[1:])
    if points is None or values is None or points[1] != values[1]:
        raise UnsupportedError(
            f"{unparse(Call('piecewise', args))} has no bridge in this form", place=Place(work.place, "expr"),
            remedy="write piecewise(x, points, values) with two parameters along one declared set",
        )
    nodes: Expr = Name(points[1])
    inner, loops, _ = scope.inside((Generator(("k",), nodes),))
    k = Name(loops[0].targets[0])
    bend = bending(work.facts, args[1], args[2])
    if bend == "straight" or (bend == "convex" and not above) or (bend == "concave" and not below):
        value = work.variable("piecewise", scope, "the value of a piecewise linear function")
        op: Literal["<=", ">=", "=="] = "==" if bend == "straight" else ">=" if bend == "convex" else "<="
        onward = Call("next", (k, nodes))
        slope = BinOp("/", sub(values[0](onward), values[0](k)), sub(points[0](onward), points[0](k)))
        piece = add(values[0](k), mul(slope, sub(x, points[0](k))))
        pieces = Scope((*scope.closed, replace(loops[0], tests=(compare(k, "!=", Call("last", (nodes,))),))))
        ends = (points[0](Call(end, (nodes,))) for end in ("first", "last"))
        base = value.base if isinstance(value, Ref) else value.id if isinstance(value, Name) else ""
        work.constraint(f"{base}_pieces", compare(value, op, piece), pieces)
        work.constraint(f"{base}_range", Compare((next(ends), x, next(ends)), ("<=", "<=")), scope)
        work.note(f"piecewise by its pieces: it is {bend} on the data at hand")
        return value
    weight = work.variable("weight", inner, "the weight of a breakpoint", lower="0", upper="1")
    name = f"weight_{work.place.split()[-1]}_"
    work.constraint(name + "one", compare(Aggregate("sum", (weight,), loops), "==", ONE), scope)
    work.constraint(name + "at", compare(x, "==", Aggregate("sum", (mul(points[0](k), weight),), loops)), scope)
    neighbours = Aggregate("sos2", (weight,), loops)
    if cap.SOS in work.target:
        work.constraint(name + "near", neighbours, scope)
        work.note("piecewise by weights on neighbouring points, an SOS2")
    else:
        (one,) = special_order(neighbours, scope, work, most=ONE)
        work.constraint(name + "piece", replace(one, ops=("==",)), scope)
        work.note("piecewise by weights on neighbouring points")
    return Aggregate("sum", (mul(values[0](k), weight),), loops)


def bending(facts: Facts, points: Expr, values: Expr) -> Bend | None:
    """How the function bends, at every index at once, on the data at hand; None where it bends both ways, jumps, or
    the data are not known."""
    declared = [facts.by_name[node.base if isinstance(node, Ref) else node.id] for node in (points, values)  # type: ignore[union-attr]
                if isinstance(node, (Name, Ref))]  # fmt: skip
    if facts.data is None or len(declared) != 2 or not all(isinstance(p, Parameter) for p in declared):
        return None
    instance = Instance(facts.formulation, facts.data, work=_WORK)
    try:
        curves = [_series(instance, p) for p in declared if isinstance(p, Parameter)]
        slopes = [_slopes(at, of) for at, of in product(*curves)]
    except FormulateError:
        return None  # what is wrong with the data is said where they are used
    facts.relied_on.update(p.name for p in declared)
    if any(found is None for found in slopes):
        return None
    steps = [b - a for found in slopes if found is not None for a, b in pairwise(found)]
    if all(step == 0 for step in steps) and all(found is not None and len(found) == 1 for found in slopes):
        return "straight"
    if all(step >= 0 for step in steps):
        return "convex"
    return "concave" if all(step <= 0 for step in steps) else None


def _series(instance: Instance, declared: Parameter) -> list[list[float]]:
    if declared.expr is not None:
        prefixes = list(dict.fromkeys(key[:-1] for key in instance.domain(declared)))
    else:
        elements = [instance.elements(name) for name in declared.axes[:-1]]
        prefixes = [_flat(parts) for parts in product(*elements)]
    return [instance.series(declared, prefix) for prefix in prefixes]


def _flat(parts: tuple[Any, ...]) -> Key:
    return tuple(x for part in parts for x in (part if isinstance(part, tuple) else (part,)))


def _slopes(at: list[float], of: list[float]) -> list[float] | None:
    if len(at) != len(of) or len(at) < 2 or any(b <= a for a, b in pairwise(at)):
        return None
    return [(q - p) / (b - a) for (a, b), (p, q) in zip(pairwise(at), pairwise(of))]


def special_order(node: Aggregate, scope: Scope, work: Workspace, *, most: Expr | None = None) -> list[Compare]:
    """`sos1` and `sos2` by binaries for each element or each pair of neighbours; rows between the binaries.

    `most` is an upper bound of the elements that need not be derived. Raises UnsupportedError for an sos2 whose
    elements are not along one declared set, and where a bound is missing.
    """
    inner, loops, (x,) = scope.inside(node.generators, *node.args)
    low = ZERO if most is not None else work.bounds.lower(x, work.place)
    high = most if most is not None else work.bounds.upper(x, work.place)
    on: Expr
    if node.func == "sos1":
        on = work.variable("used", inner, "1 where the value may differ from 0", domain="binary")
        count = Aggregate("sum", (on,), loops)
    else:
        nodes = loops[0].source
        if len(loops) != 1 or loops[0].tests or len(loops[0].targets) != 1 or not isinstance(nodes, Name):
            raise UnsupportedError(
                f"{unparse(node)} has no bridge in this form", place=Place(work.place, "expr"),
                remedy="write sos2(x[k] for k in S) over a declared set",
            )
        k = Name(loops[0].targets[0])
        first, last = Call("first", (nodes,)), Call("last", (nodes,))
        pieces = Scope((*scope.closed, replace(loops[0], tests=(compare(k, "!=", last),))))
        piece = work.variable("piece", pieces, "1 where this value and the next may differ from 0", domain="binary")
        assert isinstance(piece, Ref)
        before = replace(piece, keys=(*piece.keys[:-1], Call("prev", (k, nodes))))
        on = add(IfElse(compare(k, "!=", last), piece, ZERO), IfElse(compare(k, "!=", first), before, ZERO))
        count = Aggregate("sum", (piece,), pieces.generators[-1:])
    name = f"{node.func}_{work.place.split()[-1]}_"
    work.constraint(name + "to", compare(x, "<=", _times(high, on)), inner)
    if number(low) != 0:
        work.constraint(name + "from", compare(x, ">=", _times(low, on)), inner)
    return [Compare((count, ONE), ("<=",))]


def _times(bound: Expr, on: Expr) -> Expr:
    return on if number(bound) == 1 else mul(bound, on)
