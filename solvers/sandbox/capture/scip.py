"""PySCIPOpt: SCIP's own linear rows and bounds, and the formulas, sets and conditions as the program stated them.

`Model` is a C class: a subclass of the same name takes its place, which keeps what SCIP does not give back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from solvers.io.nl_poly import Algebra
from solvers.model import CONTINUOUS, INTEGER
from solvers.result import SolveResult, Termination
from solvers.sandbox.capture.answers import NO_POINT, answer
from solvers.sandbox.capture.guard import UncapturedError, Watch, guarded, nested
from solvers.sandbox.capture.scip_structure import Stated, add_stated
from solvers.sandbox.capture.sheet import BUDGET, Sheet, linear

if TYPE_CHECKING:
    from types import ModuleType

    from solvers.model import Model

STATUS: dict[str, Termination] = {
    "optimal": "optimal", "gaplimit": "optimal", "infeasible": "infeasible", "unbounded": "unbounded",
    "inforunbd": "infeasible_or_unbounded", "timelimit": "time_limit", "nodelimit": "node_limit",
    "totalnodelimit": "node_limit", "stallnodelimit": "node_limit", "restartlimit": "node_limit",
    "memlimit": "memory_limit", "sollimit": "solution_limit", "bestsollimit": "solution_limit",
    "primallimit": "solution_limit", "duallimit": "interrupted", "userinterrupt": "interrupted",
    "terminate": "interrupted", "unknown": "numerical",
}  # fmt: skip
_KINDS = {"CONTINUOUS": CONTINUOUS, "BINARY": INTEGER, "INTEGER": INTEGER, "IMPLINT": INTEGER}
STATED = (
    "addConsSOS1", "addConsSOS2", "addConsIndicator", "addConsAnd", "addConsOr", "addConsXor", "addConsCardinality",
    "addConsKnapsack", "addConsLogicor", "addConsDisjunction", "addConsCumulative",
)  # fmt: skip
"""Methods whose arguments are kept: SCIP does not give these constraints back."""
KEPT, PLUGIN = "_captured_constraints", "_captured_plugin"
PLUGINS = ("includeConshdlr", "includePricer", "includeBenders", "initBendersDefault")
"""Methods after which the model that is stated is not the one that is solved."""
CHANGES = ("addExprNonlinear", "addVarSOS1", "addVarSOS2", "addConsElemDisjunction", "chgCapacityKnapsack")
"""Methods that change such a constraint later; what they change is not captured any more."""


def hook(module: ModuleType) -> None:
    """Put the keeping subclass in the place of `Model`."""
    if getattr(module.Model, "captures", False):
        return
    kept = _subclass(module.Model)
    module.Model = kept  # type: ignore[attr-defined]
    import sys

    package = sys.modules.get("pyscipopt")
    if package is not None and hasattr(package, "Model"):
        package.Model = kept  # type: ignore[attr-defined]


def _subclass(base: Any) -> Any:
    """`Model` that keeps and records. It has the name and the module of the library's own class."""

    def create(self: Any, expression: Any, *args: Any, **kwargs: Any) -> Any:
        made = base.createConsFromExpr(self, expression, *args, **kwargs)
        if made.getConshdlrName() != "linear":
            _keep(self, made, "formula", (expression,), {})
        return made

    def stating(name: str) -> Callable[..., Any]:
        def state(self: Any, *args: Any, **kwargs: Any) -> Any:
            made = getattr(base, name)(self, *args, **kwargs)
            _keep(self, made, name, args, kwargs)
            return made

        return state

    def changing(name: str) -> Callable[..., Any]:
        def change(self: Any, constraint: Any, *args: Any, **kwargs: Any) -> Any:
            _stated(self)[constraint.ptr()] = Stated(name, reason=f"{name} changed it after it was stated")
            return getattr(base, name)(self, constraint, *args, **kwargs)

        return change

    def including(name: str) -> Callable[..., Any]:
        def include(self: Any, *args: Any, **kwargs: Any) -> Any:
            vars(self)[PLUGIN] = name
            return getattr(base, name)(self, *args, **kwargs)

        return include

    def solving(name: str) -> Callable[..., Any]:
        def solve(self: Any, *args: Any, **kwargs: Any) -> Any:
            original = getattr(base, name)
            if nested():
                return original(self, *args, **kwargs)
            problem = _Problem(self)
            return Watch(
                "pyscipopt", "scip", problem.model, lambda: original(self, *args, **kwargs),
                lambda _, model: read(problem, model),
            ).run()  # fmt: skip

        return solve

    body = {
        "createConsFromExpr": create, "captures": True, "__module__": base.__module__, "__doc__": base.__doc__,
        "__qualname__": base.__qualname__,
    }
    body |= {name: stating(name) for name in STATED if hasattr(base, name)}
    body |= {name: changing(name) for name in CHANGES if hasattr(base, name)}
    body |= {name: including(name) for name in PLUGINS if hasattr(base, name)}
    body |= {name: solving(name) for name in ("optimize", "optimizeNogil", "solveConcurrent") if hasattr(base, name)}
    return type(base.__name__, (base,), body)


def _stated(scip: Any) -> dict[int, Stated]:
    found: dict[int, Stated] = vars(scip).setdefault(KEPT, {})
    return found


def _keep(scip: Any, made: Any, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Keep what was stated, in our own terms: the program may change its expressions afterwards."""
    if nested():
        return
    stated, reason = guarded(lambda: Stated.of(kind, args, kwargs, Algebra(BUDGET)))
    _stated(scip)[made.ptr()] = stated or Stated(kind, reason=reason)


@dataclass
class _Problem:
    """A problem while it is read: the sheet, and the program's variables in the order of its columns."""

    scip: Any
    sheet: Sheet = field(default_factory=Sheet)
    variables: list[Any] = field(default_factory=list)
    at: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.infinity = self.scip.infinity()

    def model(self) -> Model:
        """The problem as the program stated it. Raises UncapturedError naming the constraint that is not held."""
        scip, sheet = self.scip, self.sheet
        if plugin := vars(scip).get(PLUGIN):
            raise UncapturedError(f"the program adds constraints or variables while SCIP solves ({plugin})")
        sheet.name = str(scip.getProbName())
        sheet.sense = "max" if scip.getObjectiveSense() == "maximize" else "min"
        rows = scip.getConss(False)
        conditions = {row.ptr(): row for row in rows if row.getConshdlrName() == "indicator"}
        made_by_scip = {scip.getLinearConsIndicator(row).ptr() for row in conditions.values()}
        self._columns({scip.getSlackVarIndicator(row).ptr() for row in conditions.values()})
        for row in rows:
            if row.ptr() in conditions:
                self._indicator(row)
            elif row.ptr() not in made_by_scip:
                self._row(row)
        return sheet.model()

    def _columns(self, slacks: set[int]) -> None:
        """SCIP adds a slack to the row of each indicator, which says what the condition says."""
        costs = []
        for v in self.scip.getVars(False):
            if v.ptr() in slacks:
                continue
            j = self.sheet.column(
                v.name, _within(v.getLbOriginal(), self.infinity), _within(v.getUbOriginal(), self.infinity),
                _KINDS[v.vtype()],
            )  # fmt: skip
            self.at[v.ptr()] = j
            self.variables.append(v)
            if cost := v.getObj():
                costs.append((j, cost))
        self.sheet.objective = linear(costs, self.scip.getObjoffset())

    def _stated(self, row: Any) -> Stated:
        kept = vars(self.scip).get(KEPT, {}).get(row.ptr())
        if kept is None:
            raise UncapturedError(
                f"the constraint {row.name} ({row.getConshdlrName()}) was not stated through PySCIPOpt's methods"
            )
        return kept  # type: ignore[no-any-return]

    def _sides(self, row: Any) -> tuple[float, float]:
        return _within(self.scip.getLhs(row), self.infinity), _within(self.scip.getRhs(row), self.infinity)

    def _row(self, row: Any) -> None:
        if row.getConshdlrName() == "linear":
            self.sheet.row(row.name, *self._sides(row), self._terms(row))
            return
        stated = self._stated(row)
        sides = self._sides(row) if stated.kind == "formula" else None
        add_stated(self.sheet, row.name, stated, self.at, sides)

    def _terms(self, row: Any) -> list[tuple[int, float]]:
        found = zip(self.scip.getConsVars(row), self.scip.getConsVals(row))
        return [(self.at[v.ptr()], coef) for v, coef in found if v.ptr() in self.at]

    def _indicator(self, row: Any) -> None:
        stated = self._stated(row)
        if stated.reason or stated.result not in self.at:
            raise UncapturedError(f"{row.name}: {stated.reason or 'its condition is no variable of the model'}")
        inner = self.scip.getLinearConsIndicator(row)
        at = self.sheet.row(row.name, *self._sides(inner), self._terms(inner))
        self.sheet.indicate(at, self.at[stated.result], int(stated.flag))


def _within(value: float, infinity: float) -> float:
    if abs(value) >= infinity:
        return float("inf") if value > 0 else float("-inf")
    return float(value)


def read(problem: _Problem, model: Model | None) -> SolveResult:
    """What SCIP says after a solve."""
    scip = problem.scip
    termination = STATUS.get(str(scip.getStatus()), "error")
    x = objective = None
    if scip.getNSols() > 0 and termination not in NO_POINT:
        best = scip.getBestSol()
        objective = scip.getObjVal()
        if model is not None:
            x = problem.sheet.completed(scip.getSolVal(best, v) for v in problem.variables)
    return answer(model, termination, x, objective, scip.getDualbound(), version=str(scip.version()))
