"""Constraints and objectives of one model over the variables of another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic, Variable
from solvers.sandbox.lookalike.core.program import Level
from solvers.sandbox.lookalike.core.rows import (
    Absolute,
    Equation,
    Extreme,
    Indicator,
    Logical,
    Meaning,
    Norm,
    Piecewise,
)
from solvers.sandbox.lookalike.core.trees import Affine, Call, Node
from solvers.sandbox.lookalike.gurobipy.constraints import SOS, Constr, GenConstr, QConstr
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, QuadExpr
from solvers.sandbox.lookalike.gurobipy.store import Store


class Translation:
    """From the variables of one model to those of another."""

    def __init__(self, fresh: dict[Variable, Variable], new: Store) -> None:
        self.fresh = fresh
        self.new = new

    def all(self, old: Store) -> None:
        """Rows, sets, general constraints and objectives of a model."""
        new, fresh = self.new, self.fresh
        for row in old.rows:
            copy = Constr(new, row._name, LinExpr(), row._lower, row._upper, row._sense)
            copy._coefs = {fresh[v]: c for v, c in row._coefs.items()}
            new.add(copy)
        for curved in old.quadratic_rows:
            form = self.curved(curved._form)
            new.add(QConstr(new, curved._name, form, curved._lower, curved._upper, curved._sense))
        for special in old.sets:
            variables = [fresh[v] for v in special._variables]
            new.add(SOS(new, special._name, special._kind, variables, list(special._weights)))
        for general in old.generals:
            sort, kind, details = general._details
            moved = (sort, kind, tuple(self.detail(item) for item in details))
            new.add(GenConstr(new, general._name, self.meaning(general._meaning), moved))
        new.sense, new.offset = old.sense, old.offset
        new.quadratic = [(fresh[a], fresh[b], w) for a, b, w in old.quadratic]
        new.pieces = {fresh[v]: points for v, points in old.pieces.items()}
        new.levels = {
            k: Level(None if level.form is None else self.linear(level.form), level.priority, level.weight, level.name)
            for k, level in old.levels.items()
        }

    def linear(self, form: Linear) -> Linear:
        variables = [self.fresh[v] for v in form._variables()]
        return LinExpr._of(variables, list(form._coefficients()), form._constant)  # type: ignore[no-any-return]

    def curved(self, form: Quadratic) -> Quadratic:
        triples = [(self.fresh[a], self.fresh[b], w) for a, b, w in form._triples()]
        left, right, weights = [a for a, _, _ in triples], [b for _, b, _ in triples], [w for _, _, w in triples]
        return QuadExpr._of(self.linear(form._part), left, right, weights)  # type: ignore[no-any-return]

    def tree(self, node: Node) -> Node:
        match node:
            case Affine(variables, coefs, constant):
                return Affine(tuple(self.fresh[v] for v in variables), coefs, constant)
            case Call(function, arguments):
                return Call(function, tuple(map(self.tree, arguments)))
            case _:
                return node

    def detail(self, item: Any) -> Any:
        """What a getter of general constraints gives, in the new variables."""
        if isinstance(item, Variable):
            return self.fresh[item]
        if isinstance(item, Linear):
            return self.linear(item)
        if isinstance(item, Quadratic):
            return self.curved(item)
        if isinstance(item, list):
            return [self.detail(part) for part in item]
        return type(item)._of(self.tree(item._node())) if hasattr(item, "_tree") else item

    def meaning(self, found: Meaning) -> Meaning:
        match found:
            case Indicator():
                return replace(found, binary=self.fresh[found.binary], form=self.linear(found.form))
            case Extreme() | Logical() | Norm():
                arguments = tuple(self.fresh[v] for v in found.arguments)
                return replace(found, result=self.fresh[found.result], arguments=arguments)
            case Absolute() | Piecewise():
                return replace(found, result=self.fresh[found.result], argument=self.fresh[found.argument])
            case Equation():
                result = None if found.result is None else self.fresh[found.result]
                return replace(found, result=result, tree=self.tree(found.tree))
