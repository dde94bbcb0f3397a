"""Where a construct stands: the loops around it and the conditions under which it is reached."""

from __future__ import annotations

from dataclasses import dataclass, replace

from solvers.expression import free_names, map_children, substitute, unparse_generator
from solvers.expression.nodes import Aggregate, Call, Expr, Generator, Name, Num, Ref, SetBuilder

_ONCE = "once"


@dataclass(frozen=True, slots=True)
class Scope:
    """Loops, outermost first; `guards` are conditions on data on the way."""

    generators: tuple[Generator, ...] = ()
    guards: tuple[Expr, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(t for gen in self.closed for t in gen.targets)

    @property
    def closed(self) -> tuple[Generator, ...]:
        """The loops with the guards as tests of the last one; a guard without a loop gets a loop of one turn."""
        if not self.guards:
            return self.generators
        loops = self.generators or (Generator((_ONCE,), Call("range", (Num(1),))),)
        return (*loops[:-1], replace(loops[-1], tests=(*loops[-1].tests, *self.guards)))

    @property
    def over(self) -> tuple[str, ...]:
        """As an `over`."""
        return tuple(unparse_generator(gen) for gen in self.closed)

    def cell(self, name: str) -> Expr:
        """The cell of an element that is indexed over this scope."""
        keys: tuple[Expr, ...] = tuple(Num(0) if t == _ONCE else Name(t) for t in self.targets)
        return Ref(name, keys) if keys else Name(name)

    def under(self, test: Expr) -> Scope:
        """The same where a condition holds."""
        return self if test in self.guards else replace(self, guards=(*self.guards, test))

    def inside(
        self, generators: tuple[Generator, ...], *bodies: Expr
    ) -> tuple[Scope, tuple[Generator, ...], tuple[Expr, ...]]:
        """Within further loops. Indices that would repeat a name in scope are renamed, in the bodies too."""
        taken = set(self.targets)
        names: dict[str, Expr] = {}
        loops: list[Generator] = []
        for gen in generators:
            source = substitute(gen.source, names)
            targets = []
            for target in gen.targets:
                fresh, k = target, 2
                while fresh in taken:
                    fresh, k = f"{target}{k}", k + 1
                names.pop(target, None)
                if fresh != target:
                    names[target] = Name(fresh)
                taken.add(fresh)
                targets.append(fresh)
            tests = tuple(substitute(test, names) for test in gen.tests)
            loops.append(Generator(tuple(targets), source, tests))
        inner = Scope((*self.closed, *loops))
        return inner, tuple(loops), tuple(substitute(body, names) for body in bodies)

    def distinct(self, node: Expr) -> Expr:
        """The formula with its own loops renamed where they would reuse an index in scope."""
        return _distinct(node, self)

    def needs(self, node: Expr) -> bool:
        """Whether the formula depends on an index of this scope."""
        return bool(free_names(node) & set(self.targets))


def _distinct(node: Expr, scope: Scope) -> Expr:
    if isinstance(node, (Aggregate, SetBuilder)):
        bodies = node.args if isinstance(node, Aggregate) else (node.item,)
        inner, loops, bodies = scope.inside(node.generators, *bodies)
        bodies = tuple(_distinct(body, inner) for body in bodies)
        if isinstance(node, Aggregate):
            return replace(node, args=bodies, generators=loops)
        return replace(node, item=bodies[0], generators=loops)
    return map_children(node, lambda child: _distinct(child, scope))
