"""The order in which sets and derived parameters are made, found without recursion."""

from __future__ import annotations

from solvers.errors import ExpressionError, GroundingError, Place
from solvers.expression import free_names, parse, parse_generator
from solvers.formulation import Formulation, IndexSet, Parameter


def definition_order(formulation: Formulation) -> list[str]:
    """Names of sets and parameters, each after what it is made of. Raises GroundingError naming a cycle."""
    needs = {
        item.name: _needs(item) for item in formulation.by_name.values() if isinstance(item, (IndexSet, Parameter))
    }
    order: list[str] = []
    state: dict[str, int] = {}
    for root in needs:
        if root in state:
            continue
        stack = [(root, iter(sorted(needs[root])))]
        state[root] = 1
        while stack:
            name, pending = stack[-1]
            following = next((n for n in pending if n in needs and state.get(n) != 2), None)
            if following is None:
                state[name] = 2
                order.append(name)
                stack.pop()
            elif state.get(following) == 1:
                path = [n for n, _ in stack]
                cycle = " -> ".join([*path[path.index(following) :], following])
                raise GroundingError(
                    f"the definition is circular: {cycle}",
                    place=Place(following),
                    remedy="break the cycle: a set or derived parameter must not depend on itself",
                )
            else:
                state[following] = 1
                stack.append((following, iter(sorted(needs[following]))))
    return order


def _needs(item: IndexSet | Parameter) -> set[str]:
    found: set[str] = set(item.axes) if isinstance(item, Parameter) else set()
    bound: set[str] = set()
    try:
        for text in item.over:
            gen = parse_generator(text)
            found |= free_names(gen.source) - bound
            bound |= set(gen.targets)
            for test in gen.tests:
                found |= free_names(test) - bound
        if item.expr is not None:
            found |= free_names(parse(item.expr)) - bound
        if isinstance(item, IndexSet) and item.within is not None:
            found |= free_names(parse(item.within))
    except ExpressionError as exc:
        raise exc.at(item.name, "expr") from None
    return found
