"""One CP-SAT model made of a whole-number plan."""

from __future__ import annotations

from math import ceil, floor
from typing import Any, assert_never

import numpy as np

from solvers.adapters.base import SolveOptions
from solvers.exact import Conditional, IntegerRow, Plan
from solvers.exact.disjunctive import Machines, machines
from solvers.exact.plan import Affine, affine
from solvers.exact.rational import rational
from solvers.model import AllDifferent, Circuit, Model, NoOverlap


class Build:
    """`cp` is the CP-SAT model; `values` reads a solution in the plan's whole numbers."""

    def __init__(self, cp_model: Any, model: Model, made: Plan, options: SolveOptions) -> None:
        self.cp_model = cp_model
        self.model = model
        self.plan = made
        self.cp = cp_model.CpModel()
        self.notes: tuple[str, ...] = ()
        self.intervals = 0
        self.machines = machines(made, _in_globals(model))
        gone = {choice.column for choice in self.machines.choices}
        self.y = [None if j in gone else self._column(j) for j in range(model.num_columns)]
        for k, row in enumerate(made.rows):
            if k not in self.machines.replaced:
                self._row(row)
        self._gathered(self.machines)
        for rule in model.globals:
            match rule:
                case NoOverlap():
                    self._no_overlap(rule)
                case AllDifferent():
                    (values,) = affine(made, rule.label, rule.values)
                    self.cp.add_all_different([self._formula(value) for value in values])
                case Circuit():
                    self._circuit(rule)
                case _:
                    assert_never(rule)
        self._objective()
        self._hint(options.start)

    # -- columns and rows --------------------------------------------------------------------

    def _column(self, j: int) -> Any:
        low, high = self.plan.low[j], self.plan.high[j]
        if j in self.plan.semi:
            step, model = self.plan.step[j], self.model
            # A bound that is missing is the one that the rows imply.
            first = ceil(rational(float(model.col_lower[j])) / step) if np.isfinite(model.col_lower[j]) else low
            last = floor(rational(float(model.col_upper[j])) / step) if np.isfinite(model.col_upper[j]) else high
            spans = [[0, 0], [first, last]] if first <= last else [[0, 0]]
            return self.cp.new_int_var_from_domain(self.cp_model.Domain.from_intervals(spans), "")
        if low > high:
            self.cp.add_bool_or([])
            high = low
        return self.cp.new_int_var(low, high, "")

    def _sum(self, columns: tuple[int, ...], coefs: tuple[int, ...]) -> Any:
        return self.cp_model.LinearExpr.weighted_sum([self.y[j] for j in columns], list(coefs))

    def _row(self, row: IntegerRow) -> None:
        low = self.cp_model.INT_MIN if row.low is None else row.low
        high = self.cp_model.INT_MAX if row.high is None else row.high
        if not row.columns:
            self._false(row.under)
            return
        made = self.cp.add_linear_constraint(self._sum(row.columns, row.coefs), low, high)
        if row.under is not None:
            made.only_enforce_if(self._literal(row.under))

    def _false(self, under: Conditional | None) -> None:
        self.cp.add_bool_or([] if under is None else [self._literal(under).negated()])

    def _literal(self, under: Conditional) -> Any:
        """The 0-1 column as a literal; one that is fixed keeps its bounds."""
        var: Any = self.y[under.column]
        return var if under.active else var.negated()

    # -- structure ---------------------------------------------------------------------------

    def _gathered(self, found: Machines) -> None:
        for tasks in found.tasks:
            self.cp.add_no_overlap(
                [self.cp.new_fixed_size_interval_var(self.y[j], length, "") for j, length in tasks]
            )
        if found.tasks:
            self.intervals = sum(map(len, found.tasks))
            self.notes = (f"{self.intervals} intervals on {len(found.tasks)} machines out of disjunctions",)

    def _no_overlap(self, rule: NoOverlap) -> None:
        starts, durations = affine(self.plan, rule.label, rule.start, rule.duration)
        intervals = []
        for start, duration in zip(starts, durations):
            first = self._formula(start)
            if duration.columns:
                end = self.cp.new_int_var(start.low + duration.low, start.high + duration.high, "")
                intervals.append(self.cp.new_interval_var(first, self._formula(duration), end, ""))
            else:
                intervals.append(self.cp.new_fixed_size_interval_var(first, duration.constant, ""))
        self.intervals += len(intervals)
        self.cp.add_no_overlap(intervals)

    def _circuit(self, rule: Circuit) -> None:
        arcs = [(int(a), int(b), self.y[int(j)]) for a, b, j in zip(rule.tail, rule.head, rule.columns)]
        self.cp.add_circuit(arcs)

    def _formula(self, formula: Affine) -> Any:
        """A formula in at most one variable: intervals and alldifferent take no others."""
        total = self._sum(formula.columns, formula.coefs) + formula.constant
        if len(formula.columns) < 2:
            return total
        value = self.cp.new_int_var(formula.low, formula.high, "")
        self.cp.add(value == total)
        return value

    # -- objective, hint, values ---------------------------------------------------------------

    def _objective(self) -> None:
        if not self.plan.columns:
            return
        total = self._sum(self.plan.columns, self.plan.costs)
        if self.model.sense == "min":
            self.cp.minimize(total)
        else:
            self.cp.maximize(total)

    def _hint(self, start: np.ndarray | None) -> None:
        if start is None:
            return
        for j in np.flatnonzero(np.isfinite(start)).tolist():
            var = self.y[j]
            value = round(rational(float(start[j])) / self.plan.step[j])
            if var is not None and self.plan.low[j] <= value <= self.plan.high[j]:
                self.cp.add_hint(var, value)
        self.notes = (*self.notes, "CP-SAT was given the start values as a hint")

    def values(self, solver: Any) -> list[int]:
        """The whole value of every column."""
        y = [0 if var is None else int(solver.value(var)) for var in self.y]
        for choice in self.machines.choices:
            y[choice.column] = int(y[choice.before] + choice.delay <= y[choice.after])
        return y


def _in_globals(model: Model) -> frozenset[int]:
    found: set[int] = set()
    for rule in model.globals:
        match rule:
            case NoOverlap():
                found.update(rule.start.cols.tolist(), rule.duration.cols.tolist())
            case AllDifferent():
                found.update(rule.values.cols.tolist())
            case Circuit():
                found.update(rule.columns.tolist())
            case _:
                assert_never(rule)
    return frozenset(found)
