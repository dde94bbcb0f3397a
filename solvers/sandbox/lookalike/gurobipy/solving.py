"""Solving: `optimize`, conflicts, relaxations and copies."""

from __future__ import annotations

import time
from typing import Any

from solvers.errors import FormulateError
from solvers.sandbox.lookalike.core.expressions import Column, Variable
from solvers.sandbox.lookalike.core.solving import Settings, solve
from solvers.sandbox.lookalike.gurobipy.attributes import note_once
from solvers.sandbox.lookalike.gurobipy.environment import parameter
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.parameters import PARAMETERS
from solvers.sandbox.lookalike.gurobipy.store import Conflict, Store

HONOURED = frozenset(
    {"TimeLimit", "MIPGap", "Seed", "Threads", "OutputFlag", "LogToConsole", "ObjNumber", "SolutionNumber",
     "ResultFile", "QCPDual", "DualReductions", "NonConvex", "Cutoff", "InfUnbdInfo", "PoolSolutions",
     "UpdateMode"}
)  # fmt: skip
"""Parameters that do what they say, or that ask for what is done anyway."""
REFUSED = {
    "PoolSearchMode": "one solution is kept", "MultiObjMethod": "", "ScenarioNumber": "scenarios are not kept",
    "FeasRelaxBigM": "", "ComputeServer": "there is no server", "TokenServer": "there is no server",
}  # fmt: skip
"""Parameters that change what a program reads afterwards, when set off their defaults."""
INFEASIBLE_EPSILON = 1e-9


class Solving:
    """The part of `Model` that solves."""

    _lookalike: Store

    def update(self) -> None:
        """Apply the changes that wait."""
        self._lookalike.flush()

    def optimize(self, callback: Any = None, *more: Any) -> None:
        """Solve. Raises GurobiError for what no solver here holds."""
        if callback is not None:
            if not callable(callback):
                raise GurobiError(-1, "Callback argument must be a callable")
            unsupported("a callback", "solve without it, or add its cuts as constraints")
        store = self._lookalike
        store.flush()
        _read_parameters(store)
        _refuse_infinite(store)
        started = time.perf_counter()
        try:
            outcome = solve(store, _settings(store))
        except FormulateError as refused:
            raise GurobiError(10024, f"the look-alike's solvers do not take this model: {refused}") from refused
        store.runtime = time.perf_counter() - started
        store.cut_off = _beyond_cutoff(store)
        store.conflict = store.ranging = None
        result_file = parameter(store.parameters, "ResultFile")
        if result_file and outcome.x is not None:
            self.write(result_file)  # type: ignore[attr-defined]

    def optimizeAsync(self, callback: Any = None) -> None:
        unsupported("optimizeAsync", "use optimize")

    def optimizeBatch(self) -> None:
        unsupported("optimizeBatch")

    def terminate(self) -> None:
        """Nothing runs that could be stopped."""

    def sync(self) -> None:
        unsupported("sync")

    def reset(self, clearall: int = 0) -> None:
        """Forget the solution, with clearall also start values."""
        store = self._lookalike
        store.outcome = None
        store.flush()
        if clearall:
            for variable in store.columns:
                variable._column.start = None

    def computeIIS(self, callback: Any = None) -> None:
        """Find an irreducible conflict; its members are read from the IIS attributes."""
        from solvers.diagnose import conflict

        store = self._lookalike
        store.flush()
        built = _built(store)
        seconds = parameter(store.parameters, "TimeLimit")
        found = conflict(built.model, time_limit=min(seconds, 60.0))
        if found.outcome == "feasible":
            raise GurobiError(10015, "Cannot compute IIS on a feasible model")
        if found.outcome == "undecided":
            raise GurobiError(10015, f"Cannot compute IIS: {found.message}")
        if built.model.num_rows > built.rows + built.quadratic_rows or built.model.sos:
            note_once(store, "IIS: general constraints and ordered sets are taken as given")
        rows = {label: k for k, label in enumerate(built.model.rows[0].labels or ())} if built.model.rows else {}
        columns = {label: k for k, label in enumerate(built.model.columns[0].labels or ())}
        members: dict[str, set[int]] = {"row": set(), "lower": set(), "upper": set(), "integrality": set()}
        for member in found.members:
            place = rows if member.kind == "row" else columns
            members[member.kind].add(place[member.key[0]])
        linear = {k for k in members["row"] if k < built.rows}
        curved = {k - built.rows for k in members["row"] if built.rows <= k < built.rows + built.quadratic_rows}
        store.conflict = Conflict(
            frozenset(linear), frozenset(curved), frozenset(members["lower"]), frozenset(members["upper"]),
            found.irreducible is True,
        )  # fmt: skip

    def copy(self, *args: Any) -> Any:
        """Another model like this one, as of the last update."""
        if args:
            unsupported("copy to another environment")
        return _copy(self, relaxed=False)

    def relax(self) -> Any:
        """The continuous relaxation as a model of its own."""
        if self._lookalike.generals or self._lookalike.sets:
            unsupported("relax of a model with general constraints or ordered sets")
        return _copy(self, relaxed=True)

    def fixed(self) -> Any:
        """The LP that is left when integers are fixed at the solution."""
        store = self._lookalike
        if store.outcome is None or store.outcome.x is None:
            raise GurobiError(10005, "No solution available")
        if store.generals or store.sets:
            unsupported("fixed of a model with general constraints or ordered sets")
        out = _copy(self, relaxed=True)
        for old, new in zip(store.columns, out._lookalike.columns):
            if old._column.kind != "C":
                value = round(float(store.outcome.x[old._column.index]))
                new._column.lower = new._column.upper = float(value)
        return out

    def presolve(self) -> None:
        unsupported("presolve")

    def feasRelaxS(self, relaxobjtype: int, minrelax: bool, vrelax: bool, crelax: bool) -> float:
        """Loosen constraints, bounds or both at the least sum of violations."""
        from solvers.sandbox.lookalike.gurobipy.relaxing import relax_all

        return relax_all(self, relaxobjtype, minrelax, vrelax, crelax)

    def feasRelax(
        self, relaxobjtype: int, minrelax: bool, vars: Any, lbpen: Any, ubpen: Any, constrs: Any, rhspen: Any
    ) -> float:
        """Loosen the named bounds and constraints at the given prices."""
        from solvers.sandbox.lookalike.gurobipy.relaxing import relax_some

        return relax_some(self, relaxobjtype, minrelax, vars, lbpen, ubpen, constrs, rhspen)

    def tune(self) -> None:
        unsupported("tune")

    def getTuneResult(self, i: int) -> None:
        unsupported("getTuneResult")

    def writeTuneResult(self, i: int, filename: str) -> None:
        unsupported("writeTuneResult")

    def linearize(self) -> None:
        unsupported("linearize")

    def dualize(self) -> None:
        unsupported("dualize")

    def feasibility(self) -> None:
        unsupported("feasibility")

    def convertToFixed(self) -> None:
        unsupported("convertToFixed")

    def singleScenarioModel(self) -> None:
        unsupported("singleScenarioModel")

    def basisHead(self) -> None:
        unsupported("basisHead")

    def singularVectors(self) -> None:
        unsupported("singularVectors")

    def getMultiobjEnv(self, index: int) -> None:
        unsupported("getMultiobjEnv")

    def discardMultiobjEnvs(self) -> None:
        """There are none."""

    def getConcurrentEnv(self, num: int) -> None:
        unsupported("getConcurrentEnv")

    def discardConcurrentEnvs(self) -> None:
        """There are none."""

    def cbCut(self, *args: Any) -> None:
        unsupported("cbCut", "callbacks are not called")

    def cbLazy(self, *args: Any) -> None:
        unsupported("cbLazy", "callbacks are not called")

    def cbGet(self, what: int) -> None:
        unsupported("cbGet", "callbacks are not called")

    def cbGetSolution(self, vars: Any) -> None:
        unsupported("cbGetSolution", "callbacks are not called")

    def cbGetNodeRel(self, vars: Any) -> None:
        unsupported("cbGetNodeRel", "callbacks are not called")

    def cbSetSolution(self, vars: Any, solution: Any) -> None:
        unsupported("cbSetSolution", "callbacks are not called")

    def cbUseSolution(self) -> None:
        unsupported("cbUseSolution", "callbacks are not called")

    def cbProceed(self) -> None:
        unsupported("cbProceed", "callbacks are not called")

    def cbSetParam(self, paramname: str, newvalue: Any) -> None:
        unsupported("cbSetParam", "callbacks are not called")

    def cbStopOneMultiObj(self, objnum: int) -> None:
        unsupported("cbStopOneMultiObj", "callbacks are not called")


def _built(store: Store) -> Any:
    from solvers.sandbox.lookalike.core.build import build

    return build(store)


def _read_parameters(store: Store) -> None:
    """Refuse parameters that change what is read afterwards; note those that do nothing."""
    choice = parameter(store.parameters, "NonConvex")
    if choice in (0, 1):
        _refuse_curved(store, choice)
    for name, value in store.parameters.items():
        if value == PARAMETERS[name][1] or name in HONOURED:
            continue
        if name in REFUSED:
            unsupported(f"the parameter {name} = {value}", REFUSED[name])
        note_once(store, f"parameter {name} = {value}")


def _refuse_infinite(store: Store) -> None:
    """Refuse what gurobipy reads now as a number, now as infinite."""
    for variable in store.columns:
        column = variable._column
        for value in (column.lower, -column.upper):
            if 1e20 <= value < float("inf"):
                unsupported(f"the bound {abs(value):g} of {column.name}", "from 1e20 on numbers are infinite")
        if abs(column.cost) == float("inf"):
            raise GurobiError(10003, f"the cost of {column.name} is infinite")
    rows: list[Any] = [*store.rows, *store.quadratic_rows]
    for row in rows:
        if row._sense == ">" and row._lower >= 1e20:
            unsupported(f"the right-hand side {row._lower:g} of {row._name}", "from 1e20 on numbers are infinite")


def _refuse_curved(store: Store, choice: int) -> None:
    """What NonConvex = 0 or 1 forbids."""
    from solvers.adapters.highs import is_convex

    if store.quadratic_rows:
        unsupported(f"the parameter NonConvex = {choice} with quadratic constraints")
    if store.quadratic and is_convex(_built(store).model) is not True:
        raise GurobiError(10020, "Objective Q not PSD. Set NonConvex parameter to -1 or 2 to solve model.")


def _settings(store: Store) -> Settings:
    values = store.parameters
    seconds = parameter(values, "TimeLimit")
    gap = values.get("MIPGap")
    threads = parameter(values, "Threads")
    return Settings(
        "gurobipy", "gurobi", None if seconds == float("inf") else seconds, gap,
        int(parameter(values, "Seed")), int(threads) if threads > 0 else None,
    )  # fmt: skip


def _beyond_cutoff(store: Store) -> bool:
    """Whether the optimum is worse than the cutoff that was set."""
    from solvers.compare import SOLVER

    cutoff = store.parameters.get("Cutoff")
    if cutoff is None or store.outcome is None or store.outcome.result.objective is None:
        return False
    worse = (store.outcome.result.objective - cutoff) * store.sense
    return bool(abs(cutoff) != float("inf") and worse > SOLVER.allowance(store.outcome.result.objective, cutoff))


def _copy(model: Any, relaxed: bool) -> Any:
    """A model with the same content; with `relaxed` all variables are continuous."""
    from dataclasses import replace

    from solvers.sandbox.lookalike.gurobipy.copying import Translation
    from solvers.sandbox.lookalike.gurobipy.model import Model

    old: Store = model._lookalike
    out = Model(f"{old.name}_copy" if relaxed else old.name)
    new: Store = out._lookalike
    new.parameters.update(old.parameters)
    from solvers.sandbox.lookalike.gurobipy.expressions import new_variable

    fresh: dict[Variable, Variable] = {}
    for variable in old.columns:
        data: Column = replace(variable._column, program=new, state=0, index=-1, more=None)
        if relaxed:
            data.kind = "C" if data.kind in "BI" else data.kind
        fresh[variable] = new_variable(data)
        new.add(fresh[variable])
    Translation(fresh, new).all(old)
    new.flush()
    return out
