"""Definitions that go round in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solvers.errors import GroundingError, Place
from solvers.expression import free_names, parse, parse_generator
from solvers.formulation import IndexSet, NamedExpression, Parameter, Variable

Declared = IndexSet | Parameter | Variable | NamedExpression


def refuse_cycles(names: Mapping[str, Declared]) -> None:
    """Refuse a set, parameter or expression that depends on itself, naming the circle."""
    done: set[str] = set()
    graph = {name: _references(item) & set(names) for name, item in names.items()}
    for start in names:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[Iterator[str]] = [iter([start])]
        while stack:
            name = next(stack[-1], None)
            if name is None:
                stack.pop()
                if path:
                    last = path.pop()
                    on_path.discard(last)
                    done.add(last)
            elif name in on_path:
                circle = " -> ".join([*path[path.index(name) :], name])
                raise GroundingError(f"the definition is circular: {circle}", place=Place(name),
                                     remedy="break the cycle: a definition must not depend on itself")
            elif name not in done:
                path.append(name)
                on_path.add(name)
                stack.append(iter(sorted(graph[name])))


def _references(item: Declared) -> set[str]:
    """Names that the definition of a set, parameter or named expression refers to; a variable's are its own."""
    texts: list[str] = [] if isinstance(item, Variable) else [item.expr] if item.expr is not None else []
    found: set[str] = set()
    bound: set[str] = set()
    if not isinstance(item, Variable):
        for text in item.over:
            gen = parse_generator(text)
            found |= free_names(gen.source) - bound
            bound |= set(gen.targets)
            found |= frozenset().union(*map(free_names, gen.tests)) - bound
    for text in texts:
        found |= free_names(parse(text)) - bound
    if isinstance(item, IndexSet) and item.within:
        found.add(item.within)
    if isinstance(item, Parameter):
        found |= set(item.axes) | ({item.values_in} if item.values_in else set())
    return found
