"""`feasRelaxS` and `feasRelax`: the least loosening that makes a model feasible."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.core.expressions import Column
from solvers.sandbox.lookalike.gurobipy.attributes import bounds_of
from solvers.sandbox.lookalike.gurobipy.constraints import Constr
from solvers.sandbox.lookalike.gurobipy.errors import unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, QuadExpr, Var, new_variable
from solvers.sandbox.lookalike.gurobipy.store import Store

INFINITY = float("inf")
OPTIMAL = 2
SLACK = 1e-9
"""Relative room of the row that holds the least violation."""


def relax_all(model: Any, kind: int, minimal: bool, bounds: bool, rows: bool) -> float:
    """All rows, all bounds or both, each unit of violation at a price of 1."""
    store: Store = model._lookalike
    store.flush()
    columns = list(store.columns) if bounds else []
    ones = [1.0] * len(columns)
    chosen = list(store.rows) if rows else []
    return relax_some(model, kind, minimal, columns, ones, ones, chosen, [1.0] * len(chosen))


def relax_some(
    model: Any, kind: int, minimal: bool, columns: Any, lower_prices: Any, upper_prices: Any, rows: Any, prices: Any
) -> float:  # fmt: skip
    """The named bounds and rows at their prices; those with an infinite price stay as they are."""
    store: Store = model._lookalike
    store.flush()
    if kind not in (0, 1):
        unsupported(f"feasRelax with relaxobjtype {kind}", "use 0 (sum of violations) or 1 (of their squares)")
    if minimal and kind == 1:
        unsupported("feasRelax with minrelax and relaxobjtype 1", "use relaxobjtype 0")
    if store.quadratic_rows or store.generals or store.sets:
        unsupported("feasRelax of a model with quadratic or general constraints or ordered sets")
    cost = LinExpr()
    for row, price in zip(rows or (), _prices(prices, rows)):
        if price < 1e20:
            _loosen(store, row, price, cost)
    for variable, low, high in zip(columns or (), _prices(lower_prices, columns), _prices(upper_prices, columns)):
        _free(store, variable, low, high, cost)
    wanted, sense = model.getObjective(), store.sense
    store.change_objective(_squares(cost) if kind == 1 else cost)
    store.change(store, "sense", 1)
    store.flush()
    return _held(model, cost, wanted, sense) if minimal else 0.0


def _prices(given: Any, items: Any) -> list[float]:
    """A price for each item; without prices nothing may be broken."""
    return [INFINITY] * len(items or ()) if given is None else [float(price) for price in given]


def _squares(cost: LinExpr) -> QuadExpr:
    """Price times the square of each violation."""
    variables = cost._variables()
    return QuadExpr._of(LinExpr(), list(variables), list(variables), list(cost._coefficients()))  # type: ignore[no-any-return]


def _held(model: Any, cost: LinExpr, wanted: Any, sense: int) -> float:
    """The least violation, which then holds while the model's own objective is optimised."""
    model.optimize()
    store: Store = model._lookalike
    if store.status != OPTIMAL:
        return 0.0
    least = float(model.ObjVal)
    form = LinExpr()
    form._extended(cost, 1.0)
    store.add(Constr(store, "feasobj", form, *bounds_of("<", least + SLACK * max(1.0, abs(least))), "<"))
    store.change_objective(wanted)
    store.change(store, "sense", sense)
    store.flush()
    return least


def _artificial(store: Store, name: str) -> Var:
    variable = new_variable(Column(store, name, 0.0, INFINITY, 0.0, "C"))
    store.add(variable)
    return variable


def _loosen(store: Store, row: Any, price: float, cost: LinExpr) -> None:
    """Let a row be broken by a column that costs."""
    coefs = dict(row._coefs)
    if row._lower > -1e20:
        up = _artificial(store, f"ArtP_{row._name}")
        coefs[up] = 1.0
        cost._append(up, price)
    if row._upper < 1e20:
        down = _artificial(store, f"ArtN_{row._name}")
        coefs[down] = -1.0
        cost._append(down, price)
    store.change(row, "_coefs", coefs)


def _free(store: Store, variable: Any, low: float, high: float, cost: LinExpr) -> None:
    """Let a bound be broken: it becomes a row with a column that costs."""
    column = variable._column
    lower = max(column.lower, 0.0) if column.kind == "B" else column.lower
    upper = min(column.upper, 1.0) if column.kind == "B" else column.upper
    for side, price, value, sign in (("L", low, lower, 1.0), ("U", high, upper, -1.0)):
        if price >= 1e20 or abs(value) >= 1e20:
            continue
        extra = _artificial(store, f"Art{side}_{column.name}")
        form = LinExpr()
        form._append(variable, 1.0)
        form._append(extra, sign)
        name, sense = (f"LB_{column.name}", ">") if sign > 0 else (f"UB_{column.name}", "<")
        store.add(Constr(store, name, form, *bounds_of(sense, value), sense))
        cost._append(extra, price)
        store.change(column, "lower" if sign > 0 else "upper", -INFINITY if sign > 0 else INFINITY)
        if column.kind == "B":
            store.change(column, "kind", "I")
