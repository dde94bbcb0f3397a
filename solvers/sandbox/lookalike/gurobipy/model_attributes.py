"""Attributes of models: sizes, kinds, the answer; and attributes of lists of variables and constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from solvers.sandbox.lookalike.core.expressions import is_number
from solvers.sandbox.lookalike.gurobipy import objectives
from solvers.sandbox.lookalike.gurobipy.attributes import TABLES, as_double, as_int, as_text, read, write
from solvers.sandbox.lookalike.gurobipy.constants import ATTRIBUTES
from solvers.sandbox.lookalike.gurobipy.containers import tupledict
from solvers.sandbox.lookalike.gurobipy.environment import parameter
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, UnavailableError, unsupported
from solvers.sandbox.lookalike.gurobipy.store import Store

INFINITY = float("inf")


def _integers(store: Store) -> int:
    return sum(v._column.kind in "BIN" for v in store.columns)


def _span(values: Any, edge: Callable[..., float]) -> float:
    sizes = [abs(value) for value in values if value and abs(value) < 1e20]
    return float(edge(sizes)) if sizes else 0.0


def _coefs(store: Store) -> Any:
    return (c for row in store.rows for c in row._coefs.values())


def _bounds(store: Store) -> Any:
    return (b for v in store.columns for b in (v._column.lower, v._column.upper))


def _sides(rows: Any) -> Any:
    from solvers.sandbox.lookalike.gurobipy.attributes import right_side

    return (right_side(row) for row in rows)


def _objective_value(store: Store) -> float:
    outcome = store.solved
    if store.levels:
        return objectives.value(store, 0)
    if outcome.result.objective is None:
        raise UnavailableError
    return float(outcome.result.objective)


def _bound(store: Store) -> float:
    result = store.result
    if result.termination in ("unbounded", "infeasible_or_unbounded") or store.levels:
        raise UnavailableError
    if result.termination == "infeasible":
        if not store.is_searched:
            raise UnavailableError
        return INFINITY * store.sense
    if result.bound is None:
        if result.x is None:
            return -INFINITY * store.sense
        unsupported("the attribute ObjBound", "the solver proved none")
    return float(result.bound)


def _gap(store: Store) -> float:
    result = store.result
    if not store.is_searched or store.levels or result.termination in ("unbounded", "infeasible_or_unbounded"):
        raise UnavailableError
    if result.x is None:
        return INFINITY
    if result.gap is None:
        unsupported("the attribute MIPGap", "the solver proved no bound")
    return float(result.gap)


def _pool_value(store: Store) -> float:
    if parameter(store.parameters, "SolutionNumber") != 0 or not store.is_searched:
        raise UnavailableError  # one solution is kept
    return _objective_value(store)


def _pool_bound(store: Store) -> float:
    if store.levels:
        unsupported("the attribute PoolObjBound", "of several objectives")
    if not store.is_searched:
        raise UnavailableError
    return _bound(store)


def _violation(of: str) -> Callable[[Store], float]:
    def read_violation(store: Store) -> float:
        import numpy as np

        x = store.point
        if of == "whole" and not store.is_searched:
            raise UnavailableError
        data = [v._column for v in store.columns]
        found = 0.0
        if of in ("bound", "all"):
            found = max([found, *(max(c.lower - x[c.index], x[c.index] - c.upper) for c in data if c.kind in "BCI")])
        if of in ("row", "all"):
            for row in store.rows:
                activity = sum(c * x[v._column.index] for v, c in row._coefs.items())
                found = max(found, row._lower - activity, activity - row._upper)
            for curved in store.quadratic_rows:
                activity = sum(c * x[v._column.index] for v, c in curved._form._part._terms())
                activity += sum(w * x[a._column.index] * x[b._column.index] for a, b, w in curved._form._triples())
                found = max(found, curved._lower - activity, activity - curved._upper)
        if of in ("whole", "all"):
            found = max([found, *(abs(x[c.index] - np.rint(x[c.index])) for c in data if c.kind in "BIN")])
        return float(found)

    return read_violation


def _level(slot: str) -> Callable[[Store], Any]:
    return lambda store: getattr(objectives.level(store), slot)


def _tolerance(value: float) -> Callable[[Store], float]:
    def read_tolerance(store: Store) -> float:
        objectives.level(store)
        return value

    return read_tolerance


def _minimal(store: Store) -> int:
    if store.conflict is None:
        raise UnavailableError
    return int(store.conflict.minimal)


def _quadratic_class(store: Store, rows: bool) -> int:
    curved = bool(store.quadratic_rows)
    return int(curved) if rows else int(bool(store.quadratic) and not curved)


MODEL: dict[str, Callable[[Store], Any]] = {
    "NumVars": lambda s: len(s.columns),
    "NumConstrs": lambda s: len(s.rows),
    "NumQConstrs": lambda s: len(s.quadratic_rows),
    "NumGenConstrs": lambda s: len(s.generals),
    "NumSOS": lambda s: len(s.sets),
    "NumNZs": lambda s: sum(c != 0.0 for c in _coefs(s)),
    "DNumNZs": lambda s: float(sum(c != 0.0 for c in _coefs(s))),
    "NumQNZs": lambda s: len({_pair(a, b) for a, b, _ in s.quadratic}),
    "NumQCNZs": lambda s: sum(len({_pair(a, b) for a, b, _ in q._form._triples()}) for q in s.quadratic_rows),
    "NumIntVars": _integers,
    "NumBinVars": lambda s: sum(_is_binary(v._column) for v in s.columns),
    "NumPWLObjVars": lambda s: len(s.pieces),
    "NumObj": lambda s: max(1, len(s.levels)),
    "NumScenarios": lambda s: 0,
    "NumStart": lambda s: int(any(v._column.start is not None for v in s.columns)),
    "IsMIP": lambda s: int(s.is_mixed),
    "IsQP": lambda s: _quadratic_class(s, rows=False),
    "IsQCP": lambda s: _quadratic_class(s, rows=True),
    "IsMultiObj": lambda s: int(bool(s.levels)),
    "ModelName": lambda s: s.name,
    "ModelSense": lambda s: s.sense,
    "ObjCon": lambda s: s.offset,
    "Status": lambda s: s.status,
    "SolCount": lambda s: int(s.outcome is not None and s.outcome.x is not None and not s.cut_off),
    "ObjVal": _objective_value,
    "ObjBound": _bound,
    "ObjBoundC": _bound,
    "MIPGap": _gap,
    "PoolObjVal": _pool_value,
    "PoolNObjVal": _pool_value,
    "PoolObjBound": lambda s: _pool_bound(s),
    "Runtime": lambda s: s.runtime,
    "IISMinimal": _minimal,
    "MaxVio": _violation("all"),
    "BoundVio": _violation("bound"),
    "ConstrVio": _violation("row"),
    "IntVio": _violation("whole"),
    "MaxCoeff": lambda s: _span(_coefs(s), max),
    "MinCoeff": lambda s: _span(_coefs(s), min),
    "MaxBound": lambda s: _span(_bounds(s), max),
    "MinBound": lambda s: _span(_bounds(s), min),
    "MaxObjCoeff": lambda s: _span((v._column.cost for v in s.columns), max),
    "MinObjCoeff": lambda s: _span((v._column.cost for v in s.columns), min),
    "MaxRHS": lambda s: _span(_sides(s.rows), max),
    "MinRHS": lambda s: _span(_sides(s.rows), min),
    "ObjNVal": objectives.value,
    "ObjNPriority": _level("priority"),
    "ObjNWeight": _level("weight"),
    "ObjNName": _level("name"),
    "ObjNCon": lambda s: objectives.form_of(s)._constant,
    "ObjNRelTol": _tolerance(objectives.RELATIVE),
    "ObjNAbsTol": _tolerance(objectives.ABSOLUTE),
}
"""By exact name: how to read it."""

SETTABLE = frozenset(
    {"ModelName", "ModelSense", "NumObj", "ObjCon", "ObjNPriority", "ObjNWeight", "ObjNName", "ObjNCon", "ObjNRelTol",
     "ObjNAbsTol"}
)  # fmt: skip
_EXACT = {name.lower(): name for name in ATTRIBUTES}
_LISTS = (
    ("Var", "columns"), ("Constr", "rows"), ("QConstr", "quadratic_rows"), ("SOS", "sets"), ("GenConstr", "generals"),
)  # fmt: skip


def _pair(a: Any, b: Any) -> frozenset[Any]:
    return frozenset((id(a), id(b)))


def _is_binary(column: Any) -> bool:
    return column.kind == "B" or (column.kind == "I" and column.lower >= 0.0 and column.upper <= 1.0)


def read_model(model: Any, name: str) -> Any:
    """An attribute of a model, in any case of letters; those of its parts come as lists."""
    store: Store = model._lookalike
    exact = _EXACT.get(name.lower())
    if exact is None:
        raise AttributeError(f"'gurobipy.Model' object has no attribute '{name}'")
    reader = MODEL.get(exact)
    if reader is not None:
        try:
            return reader(store)
        except UnavailableError:
            raise AttributeError(f"Unable to retrieve attribute '{name}'") from None
    for kind, home in _LISTS:
        if exact.lower() in TABLES[kind]:
            return [_read_one(item, name) for item in getattr(store, home)]
    return unsupported(f"the attribute {exact}")


def write_model(model: Any, name: str, value: Any) -> None:
    """Set an attribute of a model; it applies at the next update."""
    store: Store = model._lookalike
    exact = _EXACT.get(name.lower())
    if exact is None:
        raise AttributeError(f"'gurobipy.Model' object has no attribute '{name}'")
    if exact not in SETTABLE:
        for kind, home in _LISTS:
            if exact.lower() in TABLES[kind] and TABLES[kind][exact.lower()][2] is not None:
                write_of(name, getattr(store, home), value)
                return
        if exact in MODEL and exact not in ("NumStart", "NumScenarios"):
            raise AttributeError(f"Attribute '{name}' cannot be set")
        unsupported(f"setting the attribute {exact}")
    match exact:
        case "ModelName":
            store.change(store, "name", as_text(name, value))
        case "ModelSense":
            store.change(store, "sense", -1 if as_int(name, value) < 0 else 1)
        case "NumObj":
            count = as_int(name, value)
            store.do(lambda: objectives.set_count(store, count))
        case "ObjCon":
            store.change(store, "offset", as_double(name, value))
        case _:
            objectives.write(store, exact.lower(), value)


def _read_one(item: Any, name: str) -> Any:
    """As `read`, with gurobipy's error for lists."""
    try:
        return read(item, name)
    except AttributeError as failed:
        if "has no attribute" in str(failed):
            raise
        number = 10005 if "Unable" in str(failed) else 10006 if "Index" in str(failed) else 10004
        raise GurobiError(number, str(failed)) from None


def read_of(name: str, objs: Any) -> Any:
    """An attribute of the members of a list, or of the values of a dictionary."""
    if isinstance(objs, dict):
        return tupledict((key, _read_one(item, name)) for key, item in objs.items())
    if isinstance(objs, (list, tuple)):
        return [_read_one(item, name) for item in objs]
    if hasattr(objs, "_column") or hasattr(objs, "_state"):
        return _read_one(objs, name)
    raise GurobiError(-1, "Unrecognized argument to getAttr")


def write_of(name: str, objs: Any, values: Any) -> None:
    """Set an attribute of each member, to one value or to one each."""
    if isinstance(objs, dict):
        for key, item in objs.items():
            write(item, name, values[key] if isinstance(values, dict) else values)
        return
    if not isinstance(objs, (list, tuple)):
        write(objs, name, values)
        return
    if is_number(values) or isinstance(values, str):
        values = [values] * len(objs)
    if len(values) != len(objs):
        raise AttributeError(f"Attribute '{name}' inconsistent lengths of both arguments")
    for item, value in zip(objs, values):
        write(item, name, value)
