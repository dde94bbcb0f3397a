"""A formulation under other names: what the check of a proof substitutes into A before it compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from solvers.expression import map_children, parse, parse_generator, unparse, unparse_generator
from solvers.expression.nodes import Aggregate, Expr, Generator, Name, Ref, SetBuilder
from solvers.formulation import Formulation


class _Renaming:
    """Declared names by the map, indices by fresh names: an index of A must not become a name of B."""

    def __init__(self, names: Mapping[str, str], orders: Mapping[str, tuple[int, ...]]) -> None:
        self.names = names
        self.orders = orders
        self.count = 0

    def over(self, generators: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
        done, scope = self._generators(tuple(map(parse_generator, generators)), {})
        return tuple(map(unparse_generator, done)), scope

    def text(self, text: str, scope: Mapping[str, str]) -> str:
        return unparse(self.expr(parse(text), scope))

    def expr(self, node: Expr, scope: Mapping[str, str]) -> Expr:
        match node:
            case Name(id):
                return Name(scope.get(id, self.names.get(id, id)))
            case Ref(base, keys):
                moved = tuple(self.expr(key, scope) for key in keys)
                if base in self.orders and len(moved) == len(self.orders[base]):
                    moved = tuple(moved[k] for k in self.orders[base])
                return Ref(self.names.get(base, base), moved)
            case Aggregate(_, args, generators):
                done, inner = self._generators(generators, scope)
                return replace(node, args=tuple(self.expr(arg, inner) for arg in args), generators=done)
            case SetBuilder(item, generators):
                done, inner = self._generators(generators, scope)
                return replace(node, item=self.expr(item, inner), generators=done)
            case _:
                return map_children(node, lambda child: self.expr(child, scope))

    def _generators(
        self, generators: tuple[Generator, ...], scope: Mapping[str, str]
    ) -> tuple[tuple[Generator, ...], dict[str, str]]:
        inner = dict(scope)
        done = []
        for gen in generators:
            source = self.expr(gen.source, inner)
            for target in gen.targets:
                self.count += 1
                inner[target] = f"index__{self.count}"
            tests = tuple(self.expr(test, inner) for test in gen.tests)
            done.append(replace(gen, targets=tuple(inner[t] for t in gen.targets), source=source, tests=tests))
        return tuple(done), inner


def substituted(
    formulation: Formulation, names: Mapping[str, str], orders: Mapping[str, tuple[int, ...]]
) -> Formulation:
    """The formulation with its symbols under the names of a map, the rest under names that nothing else has.

    Keys of a symbol in `orders` are rearranged: key k of the result is key `order[k]` of the original.
    """
    full = {name: names.get(name, f"own__{name}") for name in formulation.by_name}
    move = _Renaming(full, orders)

    def ordered(name: str, items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(items[k] for k in orders[name]) if name in orders and len(items) == len(orders[name]) else items

    def formula(over: tuple[str, ...], **texts: str | None) -> dict[str, object]:
        loops, scope = move.over(over)
        return {"over": loops, **{key: None if t is None else move.text(t, scope) for key, t in texts.items()}}

    sets = tuple(
        replace(s, name=full[s.name], within=full.get(s.within or ""), **formula(s.over, expr=s.expr))  # type: ignore[arg-type]
        for s in formulation.sets
    )
    parameters = tuple(
        replace(p, name=full[p.name], cells=(), by_position=(), values_in=full.get(p.values_in or ""),
                axes=ordered(p.name, tuple(full[axis] for axis in p.axes)), **formula(p.over, expr=p.expr))  # type: ignore[arg-type]
        for p in formulation.parameters
    )  # fmt: skip
    variables = []
    for v in formulation.variables:
        moved = formula(v.over, lower=v.lower, upper=v.upper)
        moved["over"] = ordered(v.name, moved["over"])  # type: ignore[arg-type]
        variables.append(replace(v, name=full[v.name], **moved))  # type: ignore[arg-type]
    expressions = tuple(
        replace(e, name=full[e.name], **formula(e.over, expr=e.expr)) for e in formulation.expressions  # type: ignore[arg-type]
    )
    constraints = tuple(replace(c, **formula(c.over, expr=c.expr)) for c in formulation.constraints)  # type: ignore[arg-type]
    terms = tuple(replace(t, expr=move.text(t.expr, {})) for t in formulation.objective.terms)
    return replace(
        formulation, sets=sets, parameters=parameters, variables=tuple(variables), expressions=expressions,
        constraints=constraints, objective=replace(formulation.objective, terms=terms), asked=(),
    )  # fmt: skip
