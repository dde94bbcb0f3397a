"""What formulas are made of: their variables, whether they are 0-1, their grid, their sign on the data at hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from solvers.data import Data, DenseArray, Patched
from solvers.expression import free_names, parse, parse_generator, substitute
from solvers.expression.nodes import Add, Aggregate, BinOp, Call, Expr, IfElse, Name, Neg, Num, Ref
from solvers.formulation import Formulation, IndexSet, NamedExpression, Parameter, Variable

_WHOLE = frozenset({"integer", "binary", "semi-integer"})
_MOST_DECIMALS = 6


class Facts:
    """Answers about formulas of one formulation; `data` decides signs and grids of parameters."""

    def __init__(self, formulation: Formulation, data: Data | None) -> None:
        self.formulation = formulation
        self.by_name = dict(formulation.by_name)
        self.data = data
        self._through: dict[str, frozenset[str]] = {}
        self.relied_on: set[str] = set()
        self._binary: dict[Expr, bool] = {}
        self._grids: dict[str, float | None] = {}
        self._signs: dict[str, bool] = {}

    def variables_of(self, node: Expr) -> frozenset[str]:
        """Names of the variables that a formula depends on, through named expressions."""
        found: set[str] = set()
        for name in free_names(node):
            declared = self.by_name.get(name)
            if isinstance(declared, Variable):
                found.add(name)
            elif isinstance(declared, NamedExpression):
                if name not in self._through:
                    self._through[name] = frozenset()
                    self._through[name] = self.variables_of(parse(declared.expr))
                found |= self._through[name]
        return frozenset(found)

    def is_data(self, node: Expr) -> bool:
        """Whether no variable occurs in the formula."""
        return not self.variables_of(node)

    def variable(self, node: Expr) -> Variable | None:
        """The variable that the formula is a cell of, or None."""
        name = node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""
        declared = self.by_name.get(name)
        return declared if isinstance(declared, Variable) else None

    def expanded(self, node: Expr) -> Expr | None:
        """The formula of a named expression at the keys of `node`, or None for other nodes."""
        name = node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""
        declared = self.by_name.get(name)
        if not isinstance(declared, NamedExpression):
            return None
        keys = node.keys if isinstance(node, Ref) else ()
        targets = [t for text in declared.over for t in parse_generator(text).targets]
        return substitute(parse(declared.expr), dict(zip(targets, keys)))

    def is_discrete(self, node: Expr) -> bool:
        """Whether all variables of the formula take whole numbers only."""
        return all(self.by_name[name].domain in _WHOLE for name in self.variables_of(node))  # type: ignore[union-attr]

    def is_binary(self, node: Expr) -> bool:
        """Whether the formula over variables is 0 or 1 at every point."""
        match node:
            case Num(value):
                return value in (0, 1)
            case Name() | Ref():
                variable = self.variable(node)
                if variable is not None:
                    return variable.domain == "binary"
                if node not in self._binary:
                    formula = self.expanded(node)
                    self._binary[node] = formula is not None and self.is_binary(formula)
                return self._binary[node]
            case Add((Num(1), other), (1, -1)):
                return self.is_binary(other)
            case BinOp("*", left, right):
                return self.is_binary(left) and self.is_binary(right)
            case BinOp("**", base, Num(value)):
                return value >= 1 and self.is_binary(base)
            case IfElse(_, then, otherwise):
                return self.is_binary(then) and self.is_binary(otherwise)
            case Call("min" | "max", args):
                return all(self.is_binary(arg) for arg in args)
            case Aggregate("min" | "max", args):
                return self.is_binary(args[0])
        return False

    def series(self, node: Expr) -> tuple[Callable[[Expr], Expr], str] | None:
        """The cell of a parameter at an element of its last axis, and that axis (a plain set), or None."""
        keys = node.keys if isinstance(node, Ref) else ()
        name = node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""
        declared = self.by_name.get(name)
        if not isinstance(declared, Parameter) or len(declared.axes) != len(keys) + 1:
            return None
        axis = self.by_name.get(declared.axes[-1])
        if not isinstance(axis, IndexSet) or axis.over or axis.dimension != 1:
            return None
        return (lambda k: Ref(name, (*keys, k))), axis.name

    def has_binary(self, node: Expr) -> bool:
        """Whether a binary variable occurs in the formula."""
        return any(self.by_name[n].domain == "binary" for n in self.variables_of(node))  # type: ignore[union-attr]

    # -- grids -------------------------------------------------------------------------------

    def grid(self, node: Expr) -> float | None:
        """A step of which every value of the formula is a multiple (1, 0.1, 0.01, ...), or None if not known."""
        match node:
            case Num(value):
                return _grid_of([value])
            case Name(name) | Ref(name):
                return self._grid_of_name(name, node)
            case Neg(inner):
                return self.grid(inner)
            case Add(terms):
                return _least(map(self.grid, terms))
            case BinOp("*", left, right):
                a, b = self.grid(left), self.grid(right)
                return a * b if a is not None and b is not None else None
            case BinOp("**", base, Num(2)):
                g = self.grid(base)
                return g * g if g is not None else None
            case BinOp("//", _, _):
                return 1.0
            case IfElse(_, then, otherwise):
                return _least([self.grid(then), self.grid(otherwise)])
            case Call("floor" | "ceil" | "round" | "len" | "ord" | "first" | "last" | "prev" | "next"):
                return 1.0
            case Call("abs" | "min" | "max", args):
                return _least(map(self.grid, args))
            case Aggregate("count"):
                return 1.0
            case Aggregate("sum" | "min" | "max", args):
                return self.grid(args[0])
        return None

    def _grid_of_name(self, name: str, node: Expr) -> float | None:
        declared = self.by_name.get(name)
        match declared:
            case Variable():
                return 1.0 if declared.domain in _WHOLE else None
            case NamedExpression():
                if name not in self._grids:
                    self._grids[name] = self.grid(parse(declared.expr))
                return self._grids[name]
            case Parameter():
                if name not in self._grids:
                    self._grids[name] = None
                    self.relied_on.add(name)
                    self._grids[name] = (
                        self.grid(parse(declared.expr)) if declared.expr is not None
                        else _grid_of(self._numbers(declared))
                    )
                return self._grids[name]
            case None:
                return None if name in ("pi", "inf") else 1.0
        return None

    # -- signs -------------------------------------------------------------------------------

    def nonnegative(self, node: Expr) -> bool:
        """Whether a formula over data is known to be at least 0 on the data at hand."""
        match node:
            case Num():
                return True
            case Name("pi" | "inf"):
                return True
            case Name(name) | Ref(name):
                declared = self.by_name.get(name)
                if not isinstance(declared, Parameter):
                    return False
                if name not in self._signs:
                    self._signs[name] = False
                    self._signs[name] = (
                        self.nonnegative(parse(declared.expr)) if declared.expr is not None
                        else self._cells_nonnegative(declared)
                    )
                return self._signs[name]
            case Add(terms, signs):
                return all(s > 0 for s in signs) and all(map(self.nonnegative, terms))
            case BinOp("*" | "/" | "**" | "//", left, right):
                return self.nonnegative(left) and self.nonnegative(right)
            case IfElse(_, then, otherwise):
                return self.nonnegative(then) and self.nonnegative(otherwise)
            case Call("max", args):
                return any(map(self.nonnegative, args))
            case Call("min", args):
                return all(map(self.nonnegative, args))
            case Call("abs" | "sqrt" | "exp" | "len" | "ord") | Aggregate("count"):
                return True
            case Aggregate("sum" | "min" | "max", args):
                return self.nonnegative(args[0])
        return False

    def positive(self, node: Expr) -> bool:
        """Whether a formula over data is known to exceed 0 on the data at hand."""
        match node:
            case Num(value):
                return value > 0
            case Name(name) | Ref(name):
                declared = self.by_name.get(name)
                if not isinstance(declared, Parameter) or declared.expr is not None:
                    return False
                self.relied_on.add(name)
                numbers = self._numbers(declared)
                return numbers is not None and all(value > 0 for value in numbers)
            case BinOp("*" | "/", left, right):
                return self.positive(left) and self.positive(right)
            case Add(terms, signs) if all(s > 0 for s in signs):
                return all(map(self.nonnegative, terms)) and any(map(self.positive, terms))
            case Call("max", args):
                return any(map(self.positive, args))
            case Call("min", args):
                return all(map(self.positive, args))
        return False

    def _cells_nonnegative(self, declared: Parameter) -> bool:
        numbers = self._numbers(declared)
        self.relied_on.add(declared.name)
        return numbers is not None and all(value >= 0 for value in numbers)

    def _numbers(self, declared: Parameter) -> list[float] | None:
        """All numbers that a given parameter may take, or None where they are not known."""
        if self.data is None or declared.values_in is not None or declared.name not in self.data.parameters:
            return None
        found = _values(self.data.parameters[declared.name])
        if declared.default is not None:
            found.append(declared.default)
        present = [v for v in found if v is not None and v == v]
        return [float(v) for v in present] if all(isinstance(v, (int, float)) for v in present) else None


def _values(raw: Any) -> list[Any]:
    if isinstance(raw, Patched):
        return _values(raw.base) + list(raw.changes.values())
    if isinstance(raw, DenseArray):
        return list(raw.values.reshape(-1).tolist())
    return list(raw.values()) if isinstance(raw, Mapping) else []


def _least(grids: Iterable[float | None]) -> float | None:
    found = list(grids)
    return min(found) if found and all(g is not None for g in found) else None  # type: ignore[type-var]


def _grid_of(values: list[Any] | None) -> float | None:
    if values is None:
        return None
    for decimals in range(_MOST_DECIMALS + 1):
        scale = 10**decimals
        scaled = [v * scale for v in values if math.isfinite(v)]
        if all(abs(v - round(v)) <= 1e-9 * max(1.0, abs(v)) for v in scaled):
            return 1.0 / scale
    return None
