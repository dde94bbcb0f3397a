"""Bridges for structure: no_overlap and alldifferent by pairs, circuit by positions.

The rows of a circuit are those of Miller, Tucker and Zemlin (Journal of the ACM 7(4), 1960).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solvers.errors import Place, UnsupportedError
from solvers.expression import unparse
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, Generator, Name, Or, Ref, Tuple
from solvers.formulation import IndexSet
from solvers.reformulate.build import ONE, add, compare, mul, sub
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

    Taken: binary arcs over two loops on one declared set, or over a declared set of pairs. Where a node may be left
    out by a loop at it, the node that a circuit begins with is chosen by a binary, else it is the first one.
    """
    _, loops, (arc,) = scope.inside(node.generators, *node.args)
    tail, head, optional = _ends(node, loops, arc, work)
    i, j, nodes = Name(tail.targets[0]), Name(head.targets[0]), tail.source
    size = Call("len", (nodes,))
    inner = Scope((*scope.closed, replace(tail, tests=())))
    position = work.variable("position", inner, "the position of a node on the circuit", lower="1", upper=unparse(size))
    assert isinstance(position, Ref)
    onward = Ref(position.base, (*position.keys[:-1], j))
    back = Generator(tail.targets, nodes, head.tests)
    room = sub(size, ONE)
    rows: list[Expr] = [
        Aggregate("all", (compare(Aggregate("sum", (arc,), (head,)), "==", ONE),), (tail,)),
        Aggregate("all", (compare(Aggregate("sum", (arc,), (back,)), "==", ONE),), (replace(head, tests=()),)),
    ]
    if optional:
        begins = work.variable("begins", inner, "1 where the circuit begins", domain="binary")
        assert isinstance(begins, Ref)
        later: tuple[Expr, ...] = (compare(i, "!=", j),)
        rows.append(compare(Aggregate("sum", (begins,), (replace(tail, tests=()),)), "<=", ONE))
        room = add(room, mul(size, replace(onward, base=begins.base)))  # type: ignore[call-arg]
    else:
        start = Call("first", (nodes,))
        later = (compare(i, "!=", start), compare(j, "!=", start))
    step = compare(add(sub(position, onward), mul(size, arc)), "<=", room)
    return [*rows, Aggregate("all", (step,), (tail, replace(head, tests=(*head.tests, *later))))]


def _ends(
    node: Aggregate, loops: tuple[Generator, ...], arc: Expr, work: Workspace
) -> tuple[Generator, Generator, bool]:
    """The loop over tails, the one over heads, and whether a node may have a loop."""
    found = _of_pairs(loops, work) if len(loops) == 1 else loops
    plain = len(found) == 2 and work.facts.is_binary(arc) and not found[0].tests and found[0].source == found[1].source
    if plain and (len(loops) == 1 or all(_rank(gen, work.facts) not in (None, "number") for gen in loops)):
        ends = {Name(found[0].targets[0]), Name(found[1].targets[0])}
        apart = any(isinstance(t, Compare) and t.ops == ("!=",) and set(t.operands) == ends for t in found[1].tests)
        return found[0], found[1], not apart
    raise UnsupportedError(
        f"{unparse(node)} has no bridge in this form", place=Place(work.place, "expr"),
        remedy="write circuit(arc[i, j] for i in N for j in N if i != j) over a declared set, or for (i, j) in a "
        "declared set of pairs, with binary arcs",
    )


def _of_pairs(loops: tuple[Generator, ...], work: Workspace) -> tuple[Generator, ...]:
    """`(i, j) in arcs` as two loops over the ends of the arcs, in a set of their own."""
    (loop,) = loops
    declared = work.facts.by_name.get(loop.source.id) if isinstance(loop.source, Name) else None
    if not isinstance(declared, IndexSet) or declared.over or declared.dimension != 2 or len(loop.targets) != 2:
        return loops
    i, j = loop.targets
    nodes = work.index_set("nodes", f"{{i for (i, j) in {declared.name}}} | {{j for (i, j) in {declared.name}}}",
                           f"the ends of {declared.name}")  # fmt: skip
    among = Compare((Tuple((Name(i), Name(j))), loop.source), ("in",))
    return Generator((i,), nodes), Generator((j,), nodes, (among, *loop.tests))
