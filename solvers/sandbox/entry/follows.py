"""Which names of a program follow from its solves: a reading of its assignments, blind to order and scope.

A name follows from a solve where it is assigned an expression that reads a solution (`x.X`, `value(x)`,
`model.ObjVal`, a name that follows, a call of a function that returns such), or anything under a condition or a loop
on such an expression (`if x[i, j].X > 0.5: total += cost[i, j]`).
"""

from __future__ import annotations

import ast

READS = frozenset({
    "X", "x", "Xn", "ObjVal", "objVal", "objval", "obj_val", "ObjBound", "PoolObjVal", "varValue", "value",
    "getVal", "getObjVal", "getSolVal", "getBestSol", "getSolObjVal", "solution_value", "SolutionValue",
    "ObjectiveValue", "Value", "objective_value", "BestObjectiveBound", "getSolution", "getInfo", "val",
    "col_value", "objective_function_value", "variable_values", "BooleanValue", "Pi", "RC", "fun", "level",
    "optimal_value", "getValue", "getAttr", "getObjective",
})  # fmt: skip
"""Attributes, methods and functions by which solutions are read."""


MAX_PASSES = 40
_MADE = frozenset({"Objective", "Expression", "Var"})


def _components(tree: ast.Module) -> set[str]:
    """Names of Pyomo's components that are evaluated by calling them: `model.cost()`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        func = node.value.func
        if getattr(func, "attr", getattr(func, "id", "")) in _MADE:
            found.update(str(getattr(target, "attr", getattr(target, "id", ""))) for target in node.targets)
    return found - {""}


class Follows:
    """The names of one program that follow from its solves."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._names: set[str] = set()
        self._components: set[str] | None = None

    @property
    def names(self) -> set[str]:
        """The names; found when first asked for, since most programs report what their solver says."""
        if self._components is None:
            self._components = _components(self._tree)
            for _ in range(MAX_PASSES):
                if not self._spread(self._tree.body, False):
                    break
        return self._names

    def expression(self, node: ast.AST) -> bool:
        """Whether an expression reads a solution, at whatever depth."""
        return self._reads(node, self.names)

    def _reads(self, node: ast.AST, names: set[str]) -> bool:
        assert self._components is not None
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and (part.attr in READS or "." + part.attr in names):
                return True
            if isinstance(part, ast.Name) and part.id in names:
                return True
            if isinstance(part, ast.Call):
                if isinstance(part.func, ast.Name) and part.func.id in READS:
                    return True
                if not part.args and getattr(part.func, "attr", getattr(part.func, "id", "")) in self._components:
                    return True
        return False

    def _spread(self, body: list[ast.stmt], under: bool) -> bool:
        """Add the names that the statements make follow; whether there were new ones."""
        before = len(self._names)
        stack: list[tuple[ast.AST, bool, str]] = [(node, under, "") for node in body]
        while stack:
            node, held, function = stack.pop()
            inside = function
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inside, held = node.name, False
            elif isinstance(node, ast.Return) and node.value is not None and function:
                if held or self._reads(node.value, self._names):
                    self._names.add(function)
            elif isinstance(node, (ast.If, ast.While)):
                held = held or self._reads(node.test, self._names)
            elif isinstance(node, (ast.For, ast.AsyncFor)):
                if self._reads(node.iter, self._names):
                    held = True
                    self._target(node.target)
            elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)) and (
                held or (node.value is not None and self._reads(node.value, self._names))
            ):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._target(target)
            stack.extend((child, held, inside) for child in ast.iter_child_nodes(node))
        return len(self._names) > before

    def _target(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self._names.add(node.id)
        elif isinstance(node, ast.Attribute):
            self._names.add("." + node.attr)
        elif isinstance(node, (ast.Tuple, ast.List)):
            for item in node.elts:
                self._target(item)
        elif isinstance(node, (ast.Subscript, ast.Starred)):
            self._target(node.value)
