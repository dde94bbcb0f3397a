"""Nonlinear expressions with operators, over trees."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic, Term, is_number
from solvers.sandbox.lookalike.core.trees import Affine, Call, Node, Number, call


def node_of(value: Any) -> Node | None:
    """A number, variable or expression as a tree; None for anything else."""
    if is_number(value):
        return Number(float(value))
    return value._node() if isinstance(value, Term) else None


class Nonlinear(Term):
    """A tree; a library subclasses it."""

    __slots__ = ("_tree",)

    _tree: Node

    @classmethod
    def _of(cls, tree: Node) -> Any:
        out = object.__new__(cls)
        out._tree = tree
        return out

    @classmethod
    def _call(cls, function: str, *arguments: Any) -> Any:
        """A function of numbers, variables and expressions, or NotImplemented."""
        nodes = [node_of(item) for item in arguments]
        known = [node for node in nodes if node is not None]
        if len(known) < len(nodes):
            return NotImplemented
        if function in ("+", "*"):
            known = [part for node in known for part in _parts(function, node)]
        return cls._of(call(function, *known))

    def _as_linear(self) -> Linear | None:
        return None

    def _as_quadratic(self) -> Quadratic:
        raise TypeError("a nonlinear expression is not quadratic")

    def _node(self) -> Node:
        return self._tree

    def _scaled(self, factor: float) -> Any:
        return self._call("*", factor, self)

    def __add__(self, other: Any) -> Any:
        return self._call("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self._call("+", other, self)

    def __sub__(self, other: Any) -> Any:
        node = node_of(other)
        return NotImplemented if node is None else self._call("+", self, self._of(negative(node)))

    def __rsub__(self, other: Any) -> Any:
        return self._call("+", other, self._of(negative(self._tree)))

    def __neg__(self) -> Any:
        return self._of(negative(self._tree))

    def __mul__(self, other: Any) -> Any:
        return self._call("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._call("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        if is_number(other) and other == 0:
            raise ZeroDivisionError("float division")
        return self._call("/", self, other)

    def __pow__(self, other: Any) -> Any:
        return self._call("**", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._call("**", other, self)

    def __bool__(self) -> bool:
        return True


def negative(node: Node) -> Node:
    """The tree with its sign turned."""
    match node:
        case Number(number):
            return Number(-number)
        case Affine(variables, coefs, constant):
            return Affine(variables, tuple(-c for c in coefs), -constant)
        case _:
            return Call("neg", (node,))


def _parts(function: str, node: Node) -> tuple[Node, ...]:
    """The arguments of a sum within a sum, of a product within a product."""
    return node.arguments if isinstance(node, Call) and node.function == function else (node,)


