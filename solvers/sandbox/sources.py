"""What a program's source says before it runs: the solver libraries that it imports, whether it solves."""

from __future__ import annotations

import ast
from collections.abc import Iterator

LIBRARIES = frozenset({
    "amplpy", "casadi", "coptpy", "cplex", "cvxopt", "cvxpy", "docplex", "gekko", "gurobipy", "highspy", "linopy",
    "mip", "mosek", "ortools", "pulp", "pyomo", "pyscipopt", "scipy", "xpress",
})  # fmt: skip
"""Top-level modules that hand models to solvers."""
SOLVES = frozenset({
    "optimize", "solve", "solveModel", "Solve", "SolveWithParameters", "SolveWithSolutionCallback",
    "SearchForAllSolutions", "run", "minimize", "maximize", "linprog", "milp", "differential_evolution",
    "linear_sum_assignment", "solveConcurrent", "optimizeNogil",
})  # fmt: skip
"""Names of functions and methods that solve."""


def imports(tree: ast.AST) -> frozenset[str]:
    """The top-level modules that a program imports, anywhere in it."""
    return frozenset(name for node in ast.walk(tree) for name in _imported(node))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield node.module.split(".")[0]


def called(node: ast.Call) -> str:
    """The last name of what a call calls: `solve` of `model.solve()` and of `solve(model)`."""
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def solves(tree: ast.AST) -> bool:
    """It imports a solver library and calls something that solves."""
    if not imports(tree) & LIBRARIES:
        return False
    return any(isinstance(node, ast.Call) and called(node) in SOLVES for node in ast.walk(tree))
