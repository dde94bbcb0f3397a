"""The constructs that keep their structure: no_overlap, circuit, alldifferent, sos1, sos2, piecewise."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from solvers.errors import GroundingError, TypingError
from solvers.expression.nodes import Expr, Name, Ref
from solvers.formulation import Parameter
from solvers.interpret.basics import Env, Point, PointError, as_number, flat_key, show

if TYPE_CHECKING:
    from solvers.interpret.compiler import Closure, Compiler


def overlap(intervals: list[tuple[float, float]]) -> float:
    """The greatest overlap of two (start, duration) intervals that follow each other; intervals of no length
    may lie anywhere but inside another."""
    worst = 0.0
    end = float("-inf")
    for start, duration in sorted(intervals):
        worst = max(worst, end - start)
        end = max(end, start + duration)
    return worst


def subtours(arcs: list[tuple[Any, Any]], nodes: set[Any]) -> str:
    """Why the chosen arcs are no circuit through all nodes, or nothing. A loop at a node leaves it out."""
    after: dict[Any, Any] = {}
    entered: set[Any] = set()
    for tail, head in arcs:
        if tail in after:
            return f"two arcs leave {show(tail)}"
        if head in entered:
            return f"two arcs enter {show(head)}"
        after[tail] = head
        entered.add(head)
    for node in nodes:
        if node not in after or node not in entered:
            return f"{show(node)} is not on the circuit"
    visited = [node for node in after if after[node] != node]
    if not visited:
        return ""
    at, length = after[visited[0]], 1
    while at != visited[0]:
        at, length = after[at], length + 1
    return "" if length == len(visited) else f"a subtour of {length} of {len(visited)} nodes at {show(visited[0])}"


def least_difference(values: list[float]) -> float:
    """The least distance of two of the values."""
    ranked = sorted(values)
    return min((b - a for a, b in pairwise(ranked)), default=float("inf"))


def beyond(values: list[float], kind: int) -> float:
    """The greatest size of a value outside the best run of `kind` neighbours: 0 where the values are such a set."""
    sizes = [abs(v) for v in values]
    if len(sizes) <= kind:
        return 0.0
    return min(max(sizes[:k] + sizes[k + kind :]) for k in range(len(sizes) - kind + 1))


def piecewise(compiler: Compiler, args: tuple[Expr, ...], scope: frozenset[str]) -> Closure:
    """The closure of `piecewise(x, points, values)`; the last two are parameters along one (remaining) axis."""
    x = compiler.value(args[0], scope)
    points, values = (_series(compiler, arg, scope) for arg in args[1:])
    return lambda env, point: interpolate(as_number(x(env, point)), points(env, point), values(env, point))


def _series(compiler: Compiler, node: Expr, scope: frozenset[str]) -> Closure:
    base = node.base if isinstance(node, Ref) else node.id if isinstance(node, Name) else ""
    declared = compiler.by_name.get(base)
    if not isinstance(declared, Parameter) or base in scope:
        raise TypingError("piecewise takes two parameters along one axis",
                          remedy="write piecewise(x, points, values) with parameters points and values")
    keys = [compiler.value(key, scope) for key in node.keys] if isinstance(node, Ref) else []

    def series(env: Env, point: Point) -> list[float]:
        prefix = flat_key([key(env, point) for key in keys])
        return compiler.instance.series(declared, prefix)

    return series


def interpolate(x: float, points: list[float], values: list[float]) -> float:
    """The piecewise linear function through the points at x."""
    if len(points) != len(values) or not points:
        raise GroundingError(f"piecewise has {len(points)} points and {len(values)} values")
    if any(b <= a for a, b in pairwise(points)):
        raise GroundingError("the points of piecewise are not in ascending order")
    slack = 1e-6 * (1 + abs(x))
    if not points[0] - slack <= x <= points[-1] + slack:
        raise PointError(f"piecewise at {x!r}, outside its points from {points[0]!r} to {points[-1]!r}")
    k = min(max(bisect_right(points, x), 1), len(points) - 1)
    if len(points) == 1:
        return values[0]
    return values[k - 1] + (values[k] - values[k - 1]) * (x - points[k - 1]) / (points[k] - points[k - 1])
