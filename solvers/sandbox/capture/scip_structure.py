"""Constraints that PySCIPOpt's methods state beside linear rows: kept when stated, written as rows when solved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvers.io.nl_poly import Algebra, Sum
from solvers.model import INTEGER, Sos
from solvers.sandbox.capture.guard import UncapturedError
from solvers.sandbox.capture.scip_formulas import formula_of
from solvers.sandbox.capture.sheet import Sheet, renumbered

NONZERO = 1e-6
"""From this size on a value is not 0: the tolerance of SCIP's feasibility."""
Sides = tuple[float, float]


@dataclass(frozen=True)
class Stated:
    """One constraint as it was stated: variables by their pointers. `reason` says why it is not held."""

    kind: str
    variables: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()
    result: int | None = None
    flag: bool = True
    formulas: tuple[tuple[Sum, float, float], ...] = field(default=())
    reason: str = ""

    @staticmethod
    def of(kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], algebra: Algebra) -> Stated:
        """From a method's name and arguments. Raises UncapturedError."""
        given = dict(zip(_ARGUMENTS[kind], args)) | kwargs
        if kind in ("formula", "addConsDisjunction"):
            held = given["conss"] if kind == "addConsDisjunction" else [given["cons"]]
            if not isinstance(held, Sequence):
                raise UncapturedError("a disjunction over an iterator is not captured: state it over a list")
            return Stated(kind, formulas=tuple(_formula(c, algebra) for c in held))
        if kind == "addConsIndicator":
            condition = given.get("binvar")
            if condition is None:
                raise UncapturedError("an indicator without a variable of its own is not captured")
            return Stated(kind, result=condition.ptr(), flag=bool(given.get("activeone", True)))
        variables = tuple(v.ptr() for v in given.get("vars", given.get("consvars", ())))
        if kind == "addConsCardinality" and given.get("indvars"):
            raise UncapturedError("a cardinality constraint with indicator variables is not captured")
        if kind == "addConsCumulative":
            raise UncapturedError("a cumulative constraint of SCIP is not captured")
        result = given.get("resvar")
        return Stated(
            kind, variables, tuple(map(float, given.get("weights") or ())), None if result is None else result.ptr(),
            bool(given.get("rhsvar", True)),
            ((Sum(), -np.inf, float(given.get("cardval", given.get("capacity", 0.0)))),),
        )  # fmt: skip


_ARGUMENTS = {
    "formula": ("cons",), "addConsDisjunction": ("conss",), "addConsIndicator": ("cons", "binvar", "activeone"),
    "addConsSOS1": ("vars", "weights"), "addConsSOS2": ("vars", "weights"), "addConsAnd": ("vars", "resvar"),
    "addConsOr": ("vars", "resvar"), "addConsXor": ("vars", "rhsvar"),
    "addConsCardinality": ("consvars", "cardval", "indvars", "weights"),
    "addConsKnapsack": ("vars", "weights", "capacity"), "addConsLogicor": ("vars",), "addConsCumulative": ("vars",),
}  # fmt: skip


def _formula(cons: Any, algebra: Algebra) -> tuple[Sum, float, float]:
    low, high = cons._lhs, cons._rhs
    return (
        formula_of(cons.expr, algebra), -np.inf if low is None else float(low), np.inf if high is None else float(high)
    )  # fmt: skip


def add_stated(sheet: Sheet, name: str, stated: Stated, at: dict[int, int], sides: Sides | None) -> None:
    """The rows of one stated constraint. `sides` are SCIP's present ones of a formula. Raises UncapturedError."""
    if stated.reason:
        raise UncapturedError(f"{name}: {stated.reason}")
    if stated.kind == "formula":
        assert sides is not None
        sheet.formula_row(name, *sides, renumbered(stated.formulas[0][0], at))
        return
    if stated.kind == "addConsDisjunction":
        _disjunction(sheet, name, stated, at)
        return
    columns = [at[p] for p in stated.variables]
    result = None if stated.result is None else at[stated.result]
    _WRITERS[stated.kind](sheet, name, stated, columns, result)


def _sos(sheet: Sheet, name: str, stated: Stated, columns: list[int], _: int | None) -> None:
    weights = np.array(stated.numbers or range(1, len(columns) + 1), dtype=np.float64)
    order = np.argsort(weights, kind="stable")
    kind = 1 if stated.kind == "addConsSOS1" else 2
    sheet.sos.append(Sos(kind, np.array(columns)[order], weights[order], name))


def _and(sheet: Sheet, name: str, _: Stated, columns: list[int], result: int | None) -> None:
    assert result is not None
    for k, j in enumerate(columns):
        sheet.row(f"{name}#{k + 1}", None, 0.0, [(result, 1.0), (j, -1.0)])
    sheet.row(name, 1.0 - len(columns), None, [(result, 1.0), *((j, -1.0) for j in columns)])


def _or(sheet: Sheet, name: str, _: Stated, columns: list[int], result: int | None) -> None:
    assert result is not None
    for k, j in enumerate(columns):
        sheet.row(f"{name}#{k + 1}", 0.0, None, [(result, 1.0), (j, -1.0)])
    sheet.row(name, None, 0.0, [(result, 1.0), *((j, -1.0) for j in columns)])


def _xor(sheet: Sheet, name: str, stated: Stated, columns: list[int], _: int | None) -> None:
    odd = float(stated.flag)
    half = sheet.auxiliary(
        f"{name}#half", 0.0, len(columns) / 2, INTEGER, lambda x: float((sum(round(x[j]) for j in columns) - odd) // 2)
    )
    sheet.row(name, odd, odd, [*((j, 1.0) for j in columns), (half, -2.0)])


def _cardinality(sheet: Sheet, name: str, stated: Stated, columns: list[int], _: int | None) -> None:
    used = []
    for j in columns:
        on = sheet.auxiliary(f"{name}#{sheet.columns[j]}", 0, 1, INTEGER, _is_not_zero(j))
        sheet.indicate(sheet.row(f"{name}#{sheet.columns[j]}", 0.0, 0.0, [(j, 1.0)]), on, 0)
        used.append((on, 1.0))
    sheet.row(name, None, stated.formulas[0][2], used)


def _is_not_zero(j: int) -> Callable[[Sequence[float]], float]:
    return lambda x: float(abs(x[j]) > NONZERO)


def _knapsack(sheet: Sheet, name: str, stated: Stated, columns: list[int], _: int | None) -> None:
    sheet.row(name, None, stated.formulas[0][2], zip(columns, stated.numbers))


def _logicor(sheet: Sheet, name: str, _: Stated, columns: list[int], __: int | None) -> None:
    sheet.row(name, 1.0, None, ((j, 1.0) for j in columns))


_WRITERS: dict[str, Callable[[Sheet, str, Stated, list[int], int | None], None]] = {
    "addConsSOS1": _sos, "addConsSOS2": _sos, "addConsAnd": _and, "addConsOr": _or, "addConsXor": _xor,
    "addConsCardinality": _cardinality, "addConsKnapsack": _knapsack, "addConsLogicor": _logicor,
}  # fmt: skip


def _disjunction(sheet: Sheet, name: str, stated: Stated, at: dict[int, int]) -> None:
    """At least one of the rows holds: a 0-1 column each, under which it does."""
    chosen = []
    for k, (formula, low, high) in enumerate(stated.formulas):
        if not formula.is_affine:
            raise UncapturedError(f"{name}: a disjunction of nonlinear constraints is not captured")
        found = renumbered(formula, at)
        label = f"{name}#{k + 1}"
        on = sheet.auxiliary(label, 0, 1, INTEGER, _holds(found, low, high))
        sheet.indicate(sheet.formula_row(label, low, high, found), on, 1)
        chosen.append((on, 1.0))
    sheet.row(name, 1.0, None, chosen)


def _holds(found: Sum, low: float, high: float) -> Callable[[Sequence[float]], float]:
    def value(x: Sequence[float]) -> float:
        terms = [c * x[j] for j, c in found.linear.items()]
        total, size = found.constant + sum(terms), sum(map(abs, terms)) + 1.0
        return float(low - NONZERO * size <= total <= high + NONZERO * size)

    return value
