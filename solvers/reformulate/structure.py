"""Bridges for structure: no_overlap and alldifferent by pairs, circuit by positions, piecewise by weights.

The rows of a circuit are those of Miller, Tucker and Zemlin (Journal of the ACM 7(4), 1960).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solvers.errors import Place, UnsupportedError
from solvers.expression import unparse
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, Generator, IfElse, Name, Or, Ref
from solvers.formulation import IndexSet
from solvers.reformulate.build import ONE, ZERO, add, compare, mul, sub
from solvers.reformulate.scope import Scope

if TYPE_CHECKING:
    from solvers.reformulate.facts import Facts
    from solvers.reformulate.workspace import Workspace

PAIRWISE = frozenset({"no_overlap", "alldifferent"})


def pairwise(node: Aggregate, scope: Scope, facts: Facts) -> Expr:
    """`no_overlap` and `alldifferent` as a formula for each pair of their elements."""
    outer, first, left = scope.inside(node.generators, *node.args)
    _, second, right = outer.inside(node.generators, *node.args)
    body: Expr
    if node.func == "no_overlap":
        body = Or((compare(add(*left), "<=", right[0]), compare(add(*right), "<=", left[0])))
    else:
        body = compare(left[0], "!=", right[0])
    last = replace(second[-1], tests=(*second[-1].tests, _before(first, second, facts)))
    return Aggregate("all", (body,), (*first, *second[:-1], last))


def _before(first: tuple[Generator, ...], second: tuple[Generator, ...], facts: Facts) -> Expr:
    """Whether the first element comes before the second; where that cannot be said, whether they differ."""
    ranks = [_rank(gen, facts) for gen in first]
    pairs = [(a, b) for one, two in zip(first, second) for a, b in zip(one.targets, two.targets)]
    if None in ranks:
        tests = tuple(compare(Name(a), "!=", Name(b)) for a, b in pairs)
        return tests[0] if len(tests) == 1 else Or(tests)
    found: Expr | None = None
    for (a, b), rank in reversed(list(zip(pairs, ranks))):
        less = _less(a, b, rank)
        found = less if found is None else Or((less, And((compare(Name(a), "==", Name(b)), found))))
    assert found is not None
    return found


def _rank(gen: Generator, facts: Facts) -> Expr | str | None:
    """The set whose order decides, "number" for ranges, or None where there is neither."""
    if len(gen.targets) != 1:
        return None
    match gen.source:
        case Call("range"):
            return "number"
        case Name(name):
            declared = facts.by_name.get(name)
            if isinstance(declared, IndexSet) and not declared.over and declared.dimension == 1:
                return gen.source
    return None


def _less(a: str, b: str, rank: Expr | str | None) -> Expr:
    if isinstance(rank, str) or rank is None:
        return compare(Name(a), "<", Name(b))
    return compare(Call("ord", (Name(a), rank)), "<", Call("ord", (Name(b), rank)))


def circuit(node: Aggregate, scope: Scope, work: Workspace) -> list[Expr]:
    """`circuit` as degree rows and rows on the position of each node. Raises UnsupportedError for other shapes.

    Taken: `circuit(arc[i, j] for i in N for j in N if i != j)` over a declared set and binary arcs.
    """
    _, loops, (arc,) = scope.inside(node.generators, *node.args)
    tail, head = _ends(node, loops, arc, work)
    i, j, nodes = Name(tail.targets[0]), Name(head.targets[0]), tail.source
    size = Call("len", (nodes,))
    inner = Scope((*scope.closed, replace(tail, tests=())))
    position = work.variable("position", inner, "the position of a node on the circuit", lower="1", upper=unparse(size))
    assert isinstance(position, Ref)
    onward = Scope((*scope.closed, replace(head, tests=()))).cell(position.base)
    start = Call("first", (nodes,))
    later = (compare(i, "!=", start), compare(j, "!=", start))
    back = Generator(tail.targets, nodes, head.tests)
    return [
        Aggregate("all", (compare(Aggregate("sum", (arc,), (head,)), "==", ONE),), (tail,)),
        Aggregate("all", (compare(Aggregate("sum", (arc,), (back,)), "==", ONE),), (replace(head, tests=()),)),
        Aggregate(
            "all", (compare(add(sub(position, onward), mul(size, arc)), "<=", sub(size, ONE)),),
            (tail, replace(head, tests=(*head.tests, *later))),
        ),
    ]


def _ends(node: Aggregate, loops: tuple[Generator, ...], arc: Expr, work: Workspace) -> tuple[Generator, Generator]:
    plain = len(loops) == 2 and all(_rank(gen, work.facts) not in (None, "number") for gen in loops)
    if plain and loops[0].source == loops[1].source and not loops[0].tests and work.facts.is_binary(arc):
        ends = {Name(loops[0].targets[0]), Name(loops[1].targets[0])}
        if any(isinstance(t, Compare) and t.ops == ("!=",) and set(t.operands) == ends for t in loops[1].tests):
            return loops[0], loops[1]
    raise UnsupportedError(
        f"{unparse(node)} has no bridge in this form", place=Place(work.place, "expr"),
        remedy="write circuit(arc[i, j] for i in N for j in N if i != j) over a declared set, with binary arcs",
    )



def piecewise(args: tuple[Expr, ...], x: Expr, scope: Scope, work: Workspace) -> Expr:
    """`piecewise(x, points, values)` by weights on neighbouring points (Dantzig, Econometrica 28(1), 1960).

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
    ends = Call("first", (nodes,)), Call("last", (nodes,))
    weight = work.variable("weight", inner, "the weight of a breakpoint", lower="0", upper="1")
    pieces = Scope((*scope.closed, replace(loops[0], tests=(compare(k, "!=", ends[1]),))))
    piece = work.variable("piece", pieces, "1 where x lies between this breakpoint and the next", domain="binary")
    assert isinstance(piece, Ref)
    before = replace(piece, keys=(*piece.keys[:-1], Call("prev", (k, nodes))))
    near = add(IfElse(compare(k, "!=", ends[1]), piece, ZERO), IfElse(compare(k, "!=", ends[0]), before, ZERO))
    name = f"weight_{work.place.split()[-1]}_"
    work.constraint(name + "one", compare(Aggregate("sum", (weight,), loops), "==", ONE), scope)
    work.constraint(name + "piece", compare(Aggregate("sum", (piece,), pieces.generators[-1:]), "==", ONE), scope)
    work.constraint(name + "near", compare(weight, "<=", near), inner)
    work.constraint(name + "at", compare(x, "==", Aggregate("sum", (mul(points[0](k), weight),), loops)), scope)
    work.note("piecewise by weights on neighbouring points")
    return Aggregate("sum", (mul(values[0](k), weight),), loops)
