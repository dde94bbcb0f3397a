"""From a model to its answer: handed to the core, solved by ours, told in coptpy's statuses."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite, isnan
from typing import Any

import numpy as np

from solvers.errors import FormulateError
from solvers.sandbox.lookalike.coptpy.answers import STATUS, Answer, basis
from solvers.sandbox.lookalike.coptpy.constants import COPT
from solvers.sandbox.lookalike.coptpy.constraints import sides
from solvers.sandbox.lookalike.coptpy.convexity import is_convex
from solvers.sandbox.lookalike.coptpy.errors import CoptError, NotOfferedError, invalid, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr
from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr
from solvers.sandbox.lookalike.coptpy.objective import signed_levels
from solvers.sandbox.lookalike.coptpy.variables import Cell
from solvers.sandbox.lookalike.core.build import build
from solvers.sandbox.lookalike.core.expressions import Column
from solvers.sandbox.lookalike.core.program import Program
from solvers.sandbox.lookalike.core.rows import Equation, General, Indicator, QuadraticRow, Row
from solvers.sandbox.lookalike.core.solving import Outcome, Settings, solve
from solvers.sandbox.lookalike.core.trees import value as tree_value
from solvers.sandbox.recorder import recorder

_CONFLICT_WORDS = {"row": "for constraint", "column": "for variable"}
STRICT = 1e-3
"""By how much a row is broken where it must not hold, as coptpy has it for `only if`."""
_COLUMN = "Fail to get variable information"
_ROW = "Fail to get a constraint information"
_CURVED = {
    "quadratic": "Fail to get information of a quadratic constraint",
    "nonlinear": "Fail to get a nonlinear constraint info",
}


class Solving:
    """The part of a model that is solved."""

    _program: Any
    _parameters: Any
    _answer: Answer
    _indicators: list[Any]
    _cones: list[Any]
    _nonlinear_rows: list[Any]
    _nonlinear_objective: Any
    _objectives: dict[int, Any]
    _starts: dict[Any, float]
    _conflict: Any
    _relaxed: float

    def _is_mixed(self) -> bool:
        return bool(
            self._indicators or self._program.sets or any(v._column.kind != "C" for v in self._program.columns)
        )

    def solve(self) -> None:
        """Solve, as a mixed-integer program where it is one. Raises CoptError for numbers that are none."""
        mixed = self._is_mixed()
        self._relaxed, relaxed = 0.0, self._relaxed
        self._check_numbers()
        curved = self._nonlinear_objective is not None
        if (self._program.quadratic and curved) or (mixed and (self._nonlinear_rows or curved)):
            # Genuine coptpy solves neither both products and functions in the objective nor functions of integers.
            self._answer.forget()
            self._unsolved("coptpy does not solve models of this class")
            invalid("Fail to solve problem")
        self._solve(mixed)
        self._answer.relaxed = relaxed

    def solveLP(self) -> None:
        """Solve with all variables continuous."""
        if self._indicators or self._program.sets:
            refused("Model.solveLP with indicators or special ordered sets")
        kinds = [cell._column.kind for cell in self._program.columns]
        bounds = [(cell._column.lower, cell._column.upper) for cell in self._program.columns]
        try:
            for cell in self._program.columns:
                column = cell._column
                if column.kind == "B":
                    column.lower, column.upper = max(column.lower, 0.0), min(column.upper, 1.0)
                column.kind = "C"
            self._solve(False)
            self._relaxed = self._answer.objective
        finally:
            for cell, kind, (lower, upper) in zip(self._program.columns, kinds, bounds):
                cell._column.kind, cell._column.lower, cell._column.upper = kind, lower, upper

    def _solve(self, mixed: bool) -> None:
        self._check_numbers()
        self._answer.forget()
        self._conflict = None
        try:
            program = self._whole()
        except NotOfferedError as why:
            self._unsolved(str(why))
            raise
        parameters = self._parameters.values
        gap, threads, limit = parameters["RelGap"], parameters["Threads"], parameters["TimeLimit"]
        settings = Settings(
            "coptpy", "copt", None if limit >= 1e20 else max(limit, 1e-6), None if gap == 1e-4 else gap,
            threads=None if threads < 1 else int(threads),
        )  # fmt: skip
        for cell, start in self._starts.items():
            cell._column.start = start
        try:
            outcome = solve(program, settings)
        except FormulateError as why:
            refused("Model.solve of this model", str(why))
        self._take(outcome, program.sense, mixed)

    def _unsolved(self, why: str, *, built: bool = True) -> None:
        """Record a solve that came to nothing, with its model where there is one."""
        from solvers.result import SolveResult

        model, missing = None, why
        try:
            if built:
                model, missing = build(self._whole()).model, ""
        except (FormulateError, CoptError) as error:
            missing = str(error)
        failed = SolveResult("error", "none", message=why)
        recorder().solved(
            library="coptpy", asked="copt", solved_by="", model=model, uncaptured=missing, result=failed
        )  # fmt: skip

    # -- what is handed over ---------------------------------------------------------------------

    def _check_numbers(self) -> None:
        """coptpy leaves out coefficients that are no numbers, and refuses other numbers of that kind at the solve."""
        bad = False
        for cell in self._program.columns:
            column = cell._column
            bad = bad or isnan(column.lower) or isnan(column.upper) or not isfinite(column.cost)
        for row in self._program.rows:
            bad = bad or isnan(row._lower) or isnan(row._upper)
            for cell, coef in list(row._coefs.items()):
                if isnan(coef):
                    row._coefs[cell] = 0.0
                elif coef in (inf, -inf):
                    bad = True
        weights = [weight for _, _, weight in self._program.quadratic]
        for curved in self._program.quadratic_rows:
            bad = bad or isnan(curved._lower) or isnan(curved._upper)
            weights += [weight for _, _, weight in curved._form._triples()]
        for form in [row._form for row in self._nonlinear_rows] + [self._nonlinear_objective or NlExpr()]:
            weights += [token for token in form._tokens if isinstance(token, float)]
        if bad or not all(map(isfinite, [*weights, self._program.offset])):
            self._unsolved("numbers that are none", built=False)
            invalid("Fail to solve problem")

    def _whole(self) -> Program:
        """The program with cones, indicators and nonlinear parts in the core's terms."""
        own = self._program
        out = Program(own.name, sense=own.sense, offset=own.offset)
        out.columns, out.rows = list(own.columns), [_possible(row) for row in own.rows]
        out.sets, out.quadratic = own.sets, list(own.quadratic)
        out.quadratic_rows = [
            *own.quadratic_rows,
            *(QuadraticRow(self, f"cone{c._index}", c._quadratic(), -inf, 0.0, "<") for c in self._cones),  # type: ignore[arg-type]
        ]  # fmt: skip
        for cone in self._cones:
            heads = cone._members[: 1 if cone._kind == COPT.CONE_QUAD else 2]
            for at, cell in enumerate(cell for cell in heads if cell._column.lower < 0.0):
                out.rows.append(Row(self, f"cone{cone._index}_head{at}", LinExpr._of([cell], [1.0]), 0.0, inf, ">"))
        for constraint in self._indicators:
            self._add_indicator(out, constraint)
        for row in self._nonlinear_rows:
            meaning = Equation(None, row._form._node(), row._lower, row._upper)
            out.generals.append(General(self, row._name or f"NR{row._index}", meaning))
        if self._nonlinear_objective is not None:
            out.nonlinear = self._nonlinear_objective._node()
        if self._objectives:
            out.sense, out.levels = signed_levels(self._objectives)
        return out

    def _add_indicator(self, out: Program, g: Any) -> None:
        low, high = sides(g._sense)
        name = g._name or f"i{g._index}"
        if g._kind != COPT.INDICATOR_ONLYIF:
            out.generals.append(General(self, name, Indicator(g._binary, g._active, g._form, low, high)))
        if g._kind == COPT.INDICATOR_IF:
            return
        other = 1 - g._active
        if g._sense == "L":
            out.generals.append(General(self, f"{name}_not", Indicator(g._binary, other, g._form, STRICT, inf)))
        elif g._sense == "G":
            out.generals.append(General(self, f"{name}_not", Indicator(g._binary, other, g._form, -inf, -STRICT)))
        elif g._kind == COPT.INDICATOR_IFANDONLYIF:  # coptpy asks nothing of an equation with `only if`
            self._add_unequal(out, g, name)

    def _add_unequal(self, out: Program, g: Any, name: str) -> None:
        """Below or above: two further 0-1 columns, one of which is 1 where the equation must not hold."""
        sides_of: list[Cell] = []
        for word, low, high in (("below", -inf, -STRICT), ("above", STRICT, inf)):
            cell = object.__new__(Cell)
            cell._column = Column(self, f"{name}_{word}", 0.0, 1.0, 0.0, "B", len(out.columns), 1)
            out.columns.append(cell)
            sides_of.append(cell)
            out.generals.append(General(self, f"{name}_{word}", Indicator(cell, 1, g._form, low, high)))
        sign = 1.0 if g._active == 1 else -1.0
        form = LinExpr._of([*sides_of, g._binary], [1.0, 1.0, sign])
        out.rows.append(Row(self, f"{name}_either", form, 1.0 if g._active == 1 else 0.0, inf, ">"))

    # -- what comes back -------------------------------------------------------------------------

    def _take(self, outcome: Outcome, sense: int, mixed: bool) -> None:
        result, model = outcome.result, outcome.built.model
        answer = Answer(mixed=mixed, seconds=result.seconds)
        answer.status = self._status(outcome, mixed)
        if result.x is not None and result.has_solution:
            n, m = len(self._program.columns), len(self._program.rows)
            answer.x = result.x[:n]
            answer.objective = model.objective.value(result.x)
            activity = model.activity(result.x)
            first = outcome.built.rows
            answer.activity = activity[:m]
            answer.curved = activity[first : first + len(self._program.quadratic_rows)]
            answer.nonlinear = np.array([self._worth(row, result.x) for row in self._nonlinear_rows])
            answer.bound = answer.objective if result.bound is None else result.bound
            if result.duals and not mixed and not model.is_quadratic and not model.is_nonlinear:
                duals, costs = outcome.duals, outcome.reduced_costs
                answer.duals = None if duals is None else duals[:m]
                answer.reduced_costs = None if costs is None else costs[:n]
            if len(model.levels) > 1 or self._objectives:
                answer.objective = self._first_level(result.x)
        else:
            answer.objective = COPT.INFINITY
            answer.bound = sense * COPT.INFINITY if answer.status == COPT.INFEASIBLE else -sense * COPT.INFINITY
            if not mixed:
                answer.bound = COPT.INFINITY
        self._answer = answer

    def _first_level(self, x: np.ndarray) -> float:
        form = self._objectives[min(self._objectives)].form
        return float(form._constant + sum(c * x[v._column.index] for v, c in form._terms()))

    @staticmethod
    def _worth(row: Any, x: np.ndarray) -> float:
        return float(tree_value(row._form._node(), lambda cell: float(x[cell._column.index])))

    def _status(self, outcome: Outcome, mixed: bool) -> int:
        termination = outcome.result.termination
        if termination == "infeasible_or_unbounded":
            termination = "unbounded" if _is_feasible(outcome) else "infeasible"
        if mixed and termination == "unbounded":
            termination = "infeasible_or_unbounded"
        status = STATUS[termination]
        if mixed or status not in (COPT.OPTIMAL, COPT.INFEASIBLE):
            return status
        nonlinear = bool(self._nonlinear_rows) or self._nonlinear_objective is not None
        if not nonlinear and is_convex(self._program):
            return status
        # Genuine coptpy looks for local optima alone where a continuous model is not convex; ours are global.
        recorder().noted("global", "coptpy stops at a local optimum of a continuous model that is not convex")
        return COPT.LOCAL_INFEASIBLE if status == COPT.INFEASIBLE else COPT.LOCAL_OPTIMAL

    # -- values ----------------------------------------------------------------------------------

    def _columns_of(self, what: str) -> np.ndarray | None:
        """Values or reduced costs, as long as columns are those of the solve."""
        answer = self._answer
        found = answer.x if what == "value" else answer.reduced_costs if what == "redcost" else None
        return None if answer.columns_changed else found

    def _column_value(self, what: str, index: int) -> float:
        if what == "redcost" and self._answer.solved and not self._answer.mixed and self._answer.reduced_costs is None:
            refused("reduced costs of a model that is not a linear program")
        if what == "branchfactor":
            return 1.0
        found = self._columns_of(what)
        if found is None:
            invalid(_COLUMN)
        return float(found[index])

    def _row_value(self, what: str, index: int) -> float:
        answer = self._answer
        if what == "dual" and answer.solved and not answer.mixed and answer.duals is None:
            refused("duals of a model that is not a linear program")
        found = answer.activity if what == "slack" else answer.duals if what == "dual" else None
        if found is None or answer.rows_changed:
            invalid(_ROW)
        return float(found[index])

    def _curved_value(self, what: str, index: int) -> float:
        found = self._answer.curved if what == "quadratic" else self._answer.nonlinear
        if what not in _CURVED:
            invalid(_CURVED["quadratic"])
        if found is None or index >= len(found) or (what == "quadratic" and self._answer.curved_changed):
            invalid(_CURVED[what])
        return float(found[index])

    def _lp_part(self, what: str) -> np.ndarray | None:
        answer = self._answer
        if answer.mixed or not answer.solved:
            return None
        if what in ("value", "redcost"):
            if what == "redcost" and answer.reduced_costs is None:
                refused("reduced costs of a model that is not a linear program")
            return self._columns_of(what)
        if what == "dual" and answer.duals is None:
            refused("duals of a model that is not a linear program")
        found = answer.activity if what == "slack" else answer.duals
        return None if answer.rows_changed else found

    def _basis(self, of: str, index: int) -> int:
        """The basis status of a variable or a constraint."""
        answer = self._answer
        changed = answer.columns_changed or answer.rows_changed
        if answer.mixed or not answer.solved or changed:
            invalid(f"Fail to get {of} basis")
        found = basis(self._program, answer)
        if found is None:
            refused("basis statuses", "they do not follow from the solution, since it is degenerate or not of an LP")
        return found[of == "constraint"][index]

    # -- conflicts -------------------------------------------------------------------------------

    def computeIIS(self) -> None:
        """Find an irreducible conflict. Raises CoptError where there is none."""
        from solvers.sandbox.lookalike.coptpy.conflicts import find

        self._check_numbers()
        self._conflict = find(self, self._whole())
        if self._conflict is None:
            invalid("Fail to compute IIS")

    def _conflict_count(self, sort: str) -> int:
        return 0 if self._conflict is None else self._conflict.count(sort)

    def _conflict_of(self, sort: str, index: int, side: int) -> int:
        if self._conflict is None:
            invalid(f"Fail to get IIS status {_CONFLICT_WORDS.get(sort, f'of {sort}')}")
        return int((sort, index, side) in self._conflict.members)


def _possible(row: Any) -> Any:
    """A row whose side lies at infinity of the wrong sign holds nowhere: it is handed over as 0 >= 1."""
    if row._lower < 1e30 and row._upper > -1e30:
        return row
    return Row(row._program, row._name, LinExpr(), 1.0, inf, ">")


def _is_feasible(outcome: Outcome) -> bool:
    """Whether the model has a point, by a solve without objective."""
    from solvers.model import ObjectiveLevel
    from solvers.solving import solve as solve_model

    model = outcome.built.model
    bare = replace(model, levels=(ObjectiveLevel(np.zeros(model.num_columns)),))
    return solve_model(bare).has_solution
