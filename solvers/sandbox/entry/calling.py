"""Programs that define and do not run: which function or class to call, and with what.

A function is looked for only where the program's own run solved nothing. Taken is, of the public functions and
classes that come to a solve (or, where none does, that build something with a solver library) and that no other one
calls: one named `main`, `solve` or `run`, else one whose name begins with `solve`, `optimize`, `run` or `main`, else
the last. Arguments: by name from the data; a parameter named like data gets the data itself; defaults stay; a single
parameter without a default gets the data.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from solvers.sandbox.entry.failure import EntryError
from solvers.sandbox.sources import SOLVES, called

METHODS = ("main", "solve", "run", "optimize", "solve_model", "build_and_solve", "execute")
_DATA_NAMES = frozenset({
    "data", "params", "parameters", "instance", "inputs", "input_data", "config", "json_data", "problem_data", "d",
})  # fmt: skip
_BEGINNINGS = ("main", "solve", "optimi", "run", "build", "create")


def find(tree: ast.Module) -> str | None:
    """The name of the function or class (`Class.method`) to call, or None."""
    found = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    used = {name: _used(node) & set(found) - {name} for name, node in found.items()}
    solving = _reaching(used, {name for name, node in found.items() if _solves(node)})
    candidates = [name for name in found if name in solving]
    if not candidates:
        candidates = [name for name, node in found.items() if isinstance(node, ast.FunctionDef) and _returns(node)]
    inner = {other for name in candidates for other in used[name] if name not in used.get(other, ())}
    roots = [name for name in candidates if name not in inner and not name.startswith("_")]
    if not roots:
        return None
    name = min(reversed(roots), key=_preference)
    node = found[name]
    if isinstance(node, ast.ClassDef):
        methods = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
        method = next((m for m in METHODS if m in methods), None)
        if method is None:
            method = next((m for m, part in methods.items() if _solves(part) and not m.startswith("_")), None)
        return f"{name}.{method}" if method else name
    return name


def _preference(name: str) -> tuple[int, int]:
    exact = METHODS.index(name) if name in METHODS else len(METHODS)
    begins = next((k for k, begin in enumerate(_BEGINNINGS) if name.lower().startswith(begin)), len(_BEGINNINGS))
    return exact, begins


def _used(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _solves(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) and called(part) in SOLVES for part in ast.walk(node))


def _returns(node: ast.FunctionDef) -> bool:
    return any(isinstance(part, ast.Return) and part.value is not None for part in ast.walk(node))


def _reaching(used: Mapping[str, set[str]], solving: set[str]) -> set[str]:
    """Everything that comes to a member of `solving` by use."""
    reached = set(solving)
    while True:
        more = {name for name, others in used.items() if name not in reached and others & reached}
        if not more:
            return reached
        reached |= more


class Arguments(NamedTuple):
    """What a function is called with."""

    args: list[Any]
    kwargs: dict[str, Any]


def prepared(name: str, namespace: Mapping[str, Any], data: Any) -> tuple[Callable[..., Any], Arguments]:
    """The function, or the bound method of a class made for it, and its arguments. Raises EntryError without these."""
    owner, _, method = name.partition(".")
    if owner not in namespace:
        known = sorted(key for key, value in namespace.items() if inspect.isfunction(value) or inspect.isclass(value))
        raise EntryError(f"the program defines no {owner!r}; it defines: {', '.join(known[:20]) or 'nothing to call'}")
    target = namespace[owner]
    if inspect.isclass(target):
        made = _arguments(target, owner, namespace, data)
        target = target(*made.args, **made.kwargs)
        method = method or next((m for m in METHODS if callable(getattr(target, m, None))), "")
        if not method:
            raise EntryError(f"the class {owner!r} has none of the methods {', '.join(METHODS)}")
    if method:
        target = getattr(target, method, None)
    if not callable(target):
        raise EntryError(f"{name!r} is nothing that can be called")
    return target, _arguments(target, name, namespace, data)


def _arguments(target: Callable[..., Any], name: str, namespace: Mapping[str, Any], data: Any) -> Arguments:
    """Arguments by the rule above. Raises EntryError that names the missing ones."""
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return Arguments([], {})
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    plain = [parameter for parameter in parameters if parameter.kind not in variadic]
    needy = [parameter for parameter in plain if parameter.default is parameter.empty]
    positional: list[Any] = []
    named: dict[str, Any] = {}
    missing = []
    for parameter in plain:
        known, value = _argument(parameter, len(needy) == 1, namespace, data)
        if not known:
            missing += [parameter.name] if parameter in needy else []
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            positional.append(value)
        else:
            named[parameter.name] = value
    if missing:
        why = "there are no data" if data is None else "the data have no such entry"
        raise EntryError(f"{name} needs {', '.join(missing)}, and {why}")
    if not needy and isinstance(data, Mapping) and any(p.kind is p.VAR_KEYWORD for p in parameters):
        named |= {key: item for key, item in data.items() if isinstance(key, str) and key not in named}
    return Arguments(positional, named)


def _argument(
    parameter: inspect.Parameter, only: bool, namespace: Mapping[str, Any], data: Any
) -> tuple[bool, Any]:
    """Whether there is a value for a parameter, and the value."""
    required = parameter.default is parameter.empty
    if isinstance(data, Mapping) and parameter.name in data:
        return True, data[parameter.name]
    if data is not None and (parameter.name.lower() in _DATA_NAMES or (required and only)):
        return True, data
    if required and parameter.name in namespace:
        return True, namespace[parameter.name]
    return False, None


def solve_returned(value: Any) -> bool:
    """Solve a model that a function built and returned unsolved; whether there was one."""
    items = value if isinstance(value, (tuple, list)) else [value]
    for item in items[:20]:
        library = type(item).__module__.split(".")[0]
        if library == "pyomo" and hasattr(item, "component_objects"):
            from pyomo.environ import SolverFactory

            SolverFactory("appsi_highs").solve(item)
            return True
        name = _METHOD.get(library)
        if name is not None and callable(getattr(item, name, None)) and type(item).__name__ in _MODELS:
            getattr(item, name)()
            return True
    return False


_METHOD = {
    "gurobipy": "optimize", "coptpy": "solve", "pyscipopt": "optimize", "pulp": "solve", "cvxpy": "solve",
    "highspy": "run", "solvers": "optimize",
}  # fmt: skip
"""How a model of each library is solved (`solvers`: the look-alikes)."""
_MODELS = frozenset({"Model", "LpProblem", "Problem", "Highs"})
