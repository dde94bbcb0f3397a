"""Random formulations for property tests: fixed sets, random data and formulas, reproducible from a seed."""

from __future__ import annotations

import random

from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)

LABELS = ("a", "b", "c", "d")


class Maker:
    """A random formulation around fixed sets; only its formulas vary. All state is the seed."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def formulation(self) -> Formulation:
        r = self.r
        size = r.randint(1, 4)
        arcs = tuple((a, b) for a in LABELS[:size] for b in LABELS[:size] if a != b and r.random() < 0.6)
        sets = (
            IndexSet("I", elements=LABELS[:size]),
            IndexSet("T", expr=f"range({r.randint(-1, 1)}, {r.randint(2, 4)})"),
            IndexSet("arcs", elements=arcs, dimension=2),
            IndexSet("out", expr="{j for (k, j) in arcs if k == i}", over=("i in I",)),
            IndexSet("early", expr="{t for t in T if t <= 1}"),
        )
        number = lambda: float(r.choice([0, 1, 2, -1, -3, 0.5, 7]))  # noqa: E731
        parameters = (
            Parameter("p", axes=("I",), cells=tuple(Cell((i,), number()) for i in LABELS[:size])),
            Parameter("q", axes=("I",), default=2.0, cells=(Cell((LABELS[0],), number()),)),
            Parameter("w", axes=("arcs",), cells=tuple(Cell(a, number()) for a in arcs)) if arcs else
            Parameter("w", axes=("arcs",), default=0.0),
            Parameter("s", cells=(Cell((), number()),)),
            Parameter("m", axes=("I",), values_in="I", cells=tuple(Cell((i,), r.choice(LABELS[:size])) for i in LABELS[:size])),
            Parameter("d", over=("i in I", "t in T"), expr="p[i] * t + s"),
        )  # fmt: skip
        variables = (
            Variable("x", ("i in I",)),
            Variable("y", ("i in I", "t in T")),
            Variable("f", ("(i, j) in arcs",)),
            Variable("z", ("t in T if t != 1",)),
            Variable("v"),
        )
        expressions = (NamedExpression("load", "sum(y[i, t] for t in T) + s * v", ("i in I",)),)
        constraints = tuple(self.constraint(f"c{k}") for k in range(3))
        return Formulation(
            "random", Objective("min", (Term("o", f"sum({self.number(2, {'i': 'I'})} for i in I)"),)), sets, parameters,
            variables, expressions, constraints,
        )  # fmt: skip

    def constraint(self, name: str) -> Constraint:
        over, scope = self.r.choice(
            [((), {}), (("i in I",), {"i": "I"}), (("i in I", "t in T"), {"i": "I", "t": "T"}),
             (("(i, j) in arcs",), {"i": "I", "j": "I"}), (("t in T if t > 0",), {"t": "T"}),
             (("i in I", "j in out[i]"), {"i": "I", "j": "I"})]
        )  # fmt: skip
        return Constraint(name, f"{self.number(3, scope)} <= {self.number(2, scope)}", over)

    def number(self, depth: int, scope: dict[str, str]) -> str:
        r = self.r
        if depth == 0 or r.random() < 0.15:
            return self.leaf(scope)
        kind = r.randrange(12)
        sub = lambda: self.number(depth - 1, scope)  # noqa: E731
        if kind <= 2:
            return f"({sub()} {r.choice('+-')} {sub()})"
        if kind == 3:
            return f"{sub()} * {sub()}"
        if kind == 4:
            return f"({sub()} / {r.choice(['2', 's', '4', self.leaf(scope)])})"
        if kind == 5:
            return f"({sub()} if {self.test(scope)} else {sub()})"
        if kind == 6:
            return f"-{self.leaf(scope)}"
        if kind == 7:
            return r.choice(["abs", "exp", "sin"]) + f"({sub()})"
        if kind == 8:
            return f"({sub()}) ** 2"
        if kind == 9:
            return f"{r.choice(['min', 'max'])}({sub()}, {sub()})"
        return self.aggregate(depth, scope)

    def aggregate(self, depth: int, scope: dict[str, str]) -> str:
        r = self.r
        fresh = next(n for n in ("k", "l", "n", "o", "u") if n not in scope)
        choices = [(fresh, "I", f"{fresh} in I"), (fresh, "T", f"{fresh} in T"), (fresh, "T", f"{fresh} in range(0, 3)"),
                   (fresh, "T", f"{fresh} in T - early"), (fresh, "T", f"{fresh} in {{2, 1}} | early")]  # fmt: skip
        labels = [n for n, kind in scope.items() if kind == "I"]
        numbers = [n for n, kind in scope.items() if kind == "T"]
        if labels:
            choices.append((fresh, "I", f"{fresh} in out[{labels[0]}]"))
        if numbers:
            choices.append((fresh, "T", f"{fresh} in range(0, {numbers[0]} + 1)"))
        name, kind, gen = r.choice(choices)
        if labels and r.random() < 0.2:
            other = fresh + "2"
            inner = {**scope, fresh: "I", other: "I"}
            gen = f"({fresh}, {other}) in arcs if {fresh} == {labels[0]}"
        else:
            inner = {**scope, name: kind}
        if r.random() < 0.3:
            gen += f" if {self.test(inner)}"
        func = r.choice(["sum", "sum", "sum", "max", "min"])
        return f"{func}({self.number(depth - 1, inner)} for {gen})"

    def test(self, scope: dict[str, str]) -> str:
        r = self.r
        options = ["s > 0", "len(arcs) >= 2", "any(p[k9] > 1 for k9 in I)", "count(t9 > 0 for t9 in T) == 2"]
        for name, kind in scope.items():
            if kind == "I":
                options += [f"p[{name}] > 0", f"{name} == 'a'", f"m[{name}] != {name}", f"{name} in out['a']", f"ord({name}, I) <= 2"]
            else:
                options += [f"{name} - 1 in T", f"{name} > 1", f"{name} in early", f"{name} % 2 == 0", f"0 <= {name} < 2"]
        text = r.choice(options)
        if r.random() < 0.3:
            text = f"{text} {r.choice(['and', 'or'])} {r.choice(options)}"
        return f"not ({text})" if r.random() < 0.15 else text

    def leaf(self, scope: dict[str, str]) -> str:
        options = ["1", "2.5", "s", "v", "len(T)", "x['a']", "sum(x[k8] for k8 in I)"]
        for name, kind in scope.items():
            if kind == "I":
                options += [f"p[{name}]", f"q[{name}]", f"x[{name}]", f"load[{name}]", f"x[m[{name}]]", f"ord({name}, I)",
                            f"y[{name}, first(T)]"]  # fmt: skip
            else:
                options += [name, f"z[{name}]", f"(z[{name}] if {name} != 1 else 0)", f"y['a', {name}]",
                            f"d['a', {name}]", f"(y['a', {name} - 1] if {name} - 1 in T else 3)"]  # fmt: skip
        labels = [n for n, kind in scope.items() if kind == "I"]
        if len(labels) >= 2:
            pair = f"{labels[-1]}, {labels[-2]}"
            options += [f"(f[{pair}] if ({pair}) in arcs else w['a', 'b'])", f"w[{pair}]"]
        return self.r.choice(options)
