"""The dependency order of definitions, and the cycles among them."""

from __future__ import annotations

from collections import deque

from solvers.check.report import Collector
from solvers.check.source import DECLARED, Entry, Source
from solvers.expression import free_names
from solvers.formulation import Parameter


def dependencies(source: Source) -> dict[str, list[str]]:
    """Per declared name the declared names its definition needs: indices, formula, bounds."""
    return {
        name: [used for used in uses_of(entry) if used in source.declared]
        for name, entry in source.declared.items()
    }


def uses_of(entry: Entry) -> list[str]:
    """Names that an element refers to, in the order of its fields; its own indices are left out."""
    found: dict[str, None] = {}
    if isinstance(entry.item, Parameter):
        found.update(dict.fromkeys(entry.item.axes))
        if entry.item.values_in is not None:
            found[entry.item.values_in] = None
    bound: set[str] = set()
    for gen in entry.over:
        for name in sorted(free_names(gen.source) - bound):
            found[name] = None
        bound.update(gen.targets)
        for test in gen.tests:
            for name in sorted(free_names(test) - bound):
                found[name] = None
    for tree in entry.formulas.values():
        for name in sorted(free_names(tree) - bound):
            found[name] = None
    return list(found)


def order_of(source: Source, issues: Collector) -> tuple[str, ...]:
    """Every declared name after those it needs; each cycle becomes one error that prints it."""
    graph = dependencies(source)
    components = _strong_components(graph)
    for component in components:
        if len(component) > 1 or component[0] in graph[component[0]]:
            cycle = _cycle(component, graph)
            entry = source.declared[cycle[0]]
            shown = cycle if len(cycle) <= 12 else [*cycle[:6], "...", *cycle[-5:]]
            issues.add(
                "error", "cycle", entry.place("expr" if "expr" in entry.formulas else ""),
                f"the definition is circular: {' -> '.join(shown)}",
                f"a {_kind(entry)} must not depend on itself: break one of these steps",
            )
    return tuple(name for component in components for name in component)


def _kind(entry: Entry) -> str:
    assert entry.group in DECLARED
    return {"expression": "named expression", "parameter": "derived parameter"}.get(entry.group, entry.group)


def _strong_components(graph: dict[str, list[str]]) -> list[list[str]]:
    """Tarjan's algorithm without recursion: components come after those they need."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    components: list[list[str]] = []
    for root in graph:
        work: list[tuple[str, int]] = [(root, 0)] if root not in index else []
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            elif graph[node][at - 1] in on_stack:
                low[node] = min(low[node], low[graph[node][at - 1]])
            if at < len(graph[node]):
                work.append((node, at + 1))
                child = graph[node][at]
                if child not in index:
                    work.append((child, 0))
                continue
            if low[node] == index[node]:
                component = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    component.append(member)
                    if member == node:
                        break
                components.append(component[::-1])
    return components


def _cycle(component: list[str], graph: dict[str, list[str]]) -> list[str]:
    """A shortest cycle through the first member of a strong component."""
    start, inside = component[0], set(component)
    parent: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for child in graph[node]:
            if child == start:
                path = [start, node] if node != start else [start]
                while node != start:
                    node = parent[node]
                    if node != start:
                        path.append(node)
                return [path[0], *reversed(path[1:]), start]
            if child in inside and child not in parent:
                parent[child] = node
                queue.append(child)
    return [start, start]
