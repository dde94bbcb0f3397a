"""SCIP: mixed-integer, quadratic and global nonlinear programs (nonconvex included)."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from solvers.adapters import interrupt
from solvers.adapters.base import (
    DEFAULT_GAP,
    RawSolution,
    SolveOptions,
    coefficient_refusal,
    crossed_bounds,
    joined,
    objective_scale,
)
from solvers.errors import FormulateError, SolverMissingError, UnsupportedError
from solvers.model import INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model, ObjectiveLevel
from solvers.result import Termination
from solvers.template import (
    TAffine,
    TBinary,
    TChoice,
    TConst,
    Template,
    TGather,
    TReduce,
    TUnary,
    functions_of,
)

_TERMINATION: dict[str, Termination] = {
    "optimal": "optimal", "infeasible": "infeasible", "unbounded": "unbounded",
    "inforunbd": "infeasible_or_unbounded", "timelimit": "time_limit", "nodelimit": "node_limit",
    "totalnodelimit": "node_limit", "stallnodelimit": "node_limit", "gaplimit": "optimal",
    "memlimit": "memory_limit", "sollimit": "solution_limit", "bestsollimit": "solution_limit",
    "userinterrupt": "interrupted", "terminate": "interrupted", "restartlimit": "node_limit", "unknown": "numerical",
    "primallimit": "solution_limit", "duallimit": "interrupted",
}  # fmt: skip
_UNSUPPORTED = frozenset({"min", "max"})
LEAST_COEFFICIENT, MOST_COEFFICIENT = 1e-9, 1e20
"""SCIP's `numerics/epsilon`, and its infinity."""
AWAY = 1e-6
"""How far an argument of log, or of a division, that may reach 0 is kept from it: beyond the feasibility tolerance."""
EDGE = 2e-6
"""An argument this near to 0 is there because it was kept from it: the optimum may lie beyond, or nowhere."""
BOUNDED = 1e-9
"""An argument that its bounds keep this far from 0 needs nothing more."""


def _load() -> Any:
    try:
        import pyscipopt
    except ImportError as exc:
        raise SolverMissingError(
            f"SCIP cannot be loaded: {exc}", place="scip", remedy="pip install 'pyscipopt>=6,<7'"
        ) from exc
    return pyscipopt


class ScipAdapter:
    """The adapter; stateless."""

    name = "scip"
    capabilities = frozenset(
        {"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic", "nonlinear", "abs", "indicator", "sos"}
    )

    def version(self) -> str:
        """SCIP's own version."""
        return str(_load().Model().version())

    def refusal(self, model: Model) -> str | None:
        """SCIP holds everything but min, max and global constraints that no bridge has rewritten."""
        lacking = [item for item in model.structure if item not in self.capabilities]
        if lacking:
            return f"SCIP takes no {', '.join(lacking)} here"
        if model.indicators is not None and not is_linear(model, model.indicators.row):
            return "SCIP takes linear rows under an indicator only"
        templates = [b.template for b in model.nonlinear_rows]
        templates += [lv.nonlinear for lv in model.levels if lv.nonlinear is not None]
        found = frozenset().union(*map(functions_of, templates)) & _UNSUPPORTED if templates else frozenset()
        if found:
            return f"SCIP takes no {', '.join(sorted(found))}"
        return coefficient_refusal(model, "SCIP", LEAST_COEFFICIENT, MOST_COEFFICIENT)

    def solve(self, model: Model, options: SolveOptions) -> RawSolution:
        """One solve from scratch."""
        pyscipopt = _load()
        crossed = crossed_bounds(model)
        if crossed is not None:
            return RawSolution("infeasible", "none", message=crossed)
        started = time.perf_counter()
        try:  # PySCIPOpt raises bare exceptions, while a model is built as well
            build = _Build(pyscipopt, model, options)
            built = time.perf_counter() - started
            with interrupt.stdout_to_stderr(options.log):
                interrupt.run(build.scip.optimizeNogil, build.scip.interruptSolve)
        except FormulateError:
            raise
        except Exception as exc:
            raise SolverMissingError(f"SCIP broke: {exc}", place="scip", remedy="try another solver") from exc
        return build.answer(built)


def is_linear(model: Model, rows: np.ndarray) -> bool:
    """Whether these rows have neither quadratic nor nonlinear parts."""
    others = [block.rows for block in model.nonlinear_rows]
    if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
        others.append(model.quadratic_rows.row)
    return not any(np.isin(rows, other).any() for other in others)


class _Build:
    """One SCIP model made of a Model."""

    def __init__(self, pyscipopt: Any, model: Model, options: SolveOptions) -> None:
        self.pyscipopt = pyscipopt
        self.model = model
        self.scip = pyscipopt.Model()
        self.scale = objective_scale(model.objective)
        self.kept: set[tuple[str, float]] = set()
        self.edges: list[Any] = []
        self._configure(options)
        self.switches: dict[int, Any] = {}
        self.epigraph: Any = None
        self.x = self._columns()
        self._rows()
        self._sos()
        self._objective(model.objective)
        self.note = self._start(options.start)

    def _configure(self, options: SolveOptions) -> None:
        if not options.log:
            self.scip.hideOutput()
        # Ctrl-C is ours (`interrupt`): SCIP's own handler writes to stdout.
        self.scip.setParam("misc/catchctrlc", False)
        self.scip.setParam("randomization/randomseedshift", options.seed % (2**31 - 1))
        # Tighter than the tolerance solutions are checked with.
        self.scip.setParam("numerics/feastol", 1e-7)
        if options.time_limit is not None:
            self.scip.setParam("limits/time", options.time_limit)
        self.scip.setParam("limits/gap", DEFAULT_GAP if options.gap is None else options.gap)
        if options.threads is not None:
            self.scip.setParam("parallel/maxnthreads", options.threads)
            self.scip.setParam("lp/threads", options.threads)

    def _columns(self) -> list[Any]:
        model, scip = self.model, self.scip
        finite = [(lo if np.isfinite(lo) else None, hi if np.isfinite(hi) else None)
                  for lo, hi in zip(model.col_lower.tolist(), model.col_upper.tolist())]  # fmt: skip
        out = []
        for j, ((low, high), kind) in enumerate(zip(finite, model.kinds.tolist())):
            vtype = "I" if kind in (INTEGER, SEMIINTEGER) else "C"
            if kind == INTEGER and low is not None and high is not None and low >= 0 and high <= 1:
                vtype = "B"
            if kind in (SEMICONTINUOUS, SEMIINTEGER):
                out.append(self._semicontinuous(j, low, high, vtype))
            else:
                out.append(scip.addVar(name=f"x{j}", vtype=vtype, lb=low, ub=high))
        return out

    def _semicontinuous(self, j: int, low: float | None, high: float | None, vtype: str) -> Any:
        """0 or within [low, high], by a switch binary: in a row, or (where the bound is missing) as an indicator."""
        scip = self.scip
        var = scip.addVar(
            name=f"x{j}", vtype=vtype, lb=None if low is None else min(0.0, low),
            ub=None if high is None else max(0.0, high),
        )  # fmt: skip
        switch = self.switches[j] = scip.addVar(name=f"on{j}", vtype="B")
        if low is None:
            scip.addConsIndicator(var >= 0.0, switch, activeone=False)
        else:
            scip.addCons(var >= low * switch)
        if high is None:
            scip.addConsIndicator(var <= 0.0, switch, activeone=False)
        else:
            scip.addCons(var <= high * switch)
        return var

    def _rows(self) -> None:
        model, x = self.model, self.x
        quicksum = self.pyscipopt.quicksum
        quadratic: dict[int, list[int]] = {}
        if model.quadratic_rows is not None and model.quadratic_rows.row is not None:
            for k, row in enumerate(model.quadratic_rows.row.tolist()):
                quadratic.setdefault(row, []).append(k)
        nonlinear = {int(r): (b.template, k) for b in model.nonlinear_rows for k, r in enumerate(b.rows.tolist())}
        under: dict[int, tuple[int, int]] = {}
        if model.indicators is not None:
            found = model.indicators
            under = dict(zip(found.row.tolist(), zip(found.column.tolist(), found.active.tolist())))
        start, index, value = model.matrix.start.tolist(), model.matrix.index.tolist(), model.matrix.value.tolist()
        for r, (low, high) in enumerate(zip(model.row_lower.tolist(), model.row_upper.tolist())):
            body = quicksum(value[k] * x[index[k]] for k in range(start[r], start[r + 1]) if value[k] != 0.0)
            for k in quadratic.get(r, ()):
                q = model.quadratic_rows
                assert q is not None
                body = body + float(q.coef[k]) * x[int(q.i[k])] * x[int(q.j[k])]
            if r in nonlinear:
                body = body + self.expression(*nonlinear[r])
            if r in under:
                self._add_indicator(body, low, high, *under[r])
            else:
                self._add_row(body, low, high)

    def _add_indicator(self, body: Any, low: float, high: float, column: int, active: int) -> None:
        """The sides of a row where a binary is `active`."""
        sides = [body <= high] if np.isfinite(high) else []
        sides += [body >= low] if np.isfinite(low) else []
        for side in sides:
            self.scip.addConsIndicator(side, self.x[column], activeone=bool(active))

    def _sos(self) -> None:
        for item in self.model.sos:
            add = self.scip.addConsSOS1 if item.kind == 1 else self.scip.addConsSOS2
            add([self.x[j] for j in item.columns.tolist()], item.weights.tolist())

    def _add_row(self, body: Any, low: float, high: float) -> None:
        if isinstance(body, (int, float)) or (hasattr(body, "terms") and not body.terms):
            constant = float(body) if isinstance(body, (int, float)) else 0.0
            if not low - 1e-9 <= constant <= high + 1e-9:
                # A false row without variables: an empty interval on a helper column says so to SCIP.
                helper = self.scip.addVar(lb=0.0, ub=0.0)
                self.scip.addCons(helper >= 1.0)
            return
        if low == high:
            self.scip.addCons(body == low)
            return
        if np.isfinite(high):
            self.scip.addCons(body <= high)
        if np.isfinite(low):
            self.scip.addCons(body >= low)

    def _objective(self, level: ObjectiveLevel) -> None:
        sense = "minimize" if self.model.sense == "min" else "maximize"
        x = self.x
        linear = self.pyscipopt.quicksum(float(level.costs[j]) * x[j] for j in np.flatnonzero(level.costs).tolist())
        linear = linear + level.offset
        if level.quadratic is None and level.nonlinear is None:
            self.scip.setObjective(linear * self.scale, sense)
            return
        body = linear
        if level.quadratic is not None:
            q = level.quadratic
            for i, j, coef in zip(q.i.tolist(), q.j.tolist(), q.coef.tolist()):
                body = body + coef * x[i] * x[j]
        if level.nonlinear is not None:
            body = body + self.expression(level.nonlinear, 0)
        # SCIP objectives are linear: the epigraph variable carries the rest.
        epigraph = self.epigraph = self.scip.addVar(name="objective", lb=None, ub=None)
        body = body * self.scale
        self.scip.addCons(epigraph >= body if sense == "minimize" else epigraph <= body)
        self.scip.setObjective(epigraph, sense)

    def _start(self, start: np.ndarray | None) -> str:
        """Hand over the start values; what is done with them."""
        if start is None:
            return ""
        scip = self.scip
        known = np.flatnonzero(np.isfinite(start)).tolist()
        whole = len(known) == len(self.x)
        if not whole:
            # By default a partial solution is dropped when most of it is unknown.
            scip.setParam("heuristics/completesol/maxunknownrate", 1.0)
        solution = scip.createSol() if whole else scip.createPartialSol()
        for j in known:
            scip.setSolVal(solution, self.x[j], float(start[j]))
            if j in self.switches:
                scip.setSolVal(solution, self.switches[j], float(start[j] != 0))
        if whole and self.epigraph is not None:
            scip.setSolVal(solution, self.epigraph, self.scale * self.model.objective.value(start))
        if not scip.addSol(solution):
            return "SCIP did not take the start values"
        return "SCIP was given the start values" + ("" if whole else " and completes them")

    # -- templates, one row at a time ----------------------------------------------------------

    def expression(self, node: Template, row: int) -> Any:
        """Row `row` of a template as a SCIP expression."""
        match node:
            case TConst(values):
                return float(values[row])
            case TAffine(constant, start, cols, coefs):
                cut = range(int(start[row]), int(start[row + 1]))
                terms = [float(coefs[k]) * self.x[int(cols[k])] for k in cut]
                return self.pyscipopt.quicksum(terms) + float(constant[row]) if terms else float(constant[row])
            case TUnary(func, arg):
                return self._unary(func, self.expression(arg, row))
            case TBinary(func, left, right):
                return self._binary(func, self.expression(left, row), self.expression(right, row))
            case TReduce("sum", arg, _, start):
                total: Any = 0.0
                for k in range(int(start[row]), int(start[row + 1])):
                    total = total + self.expression(arg, k)
                return total
            case TGather(arg, index):
                return self.expression(arg, int(index[row]))
            case TChoice(parts, which, where):
                return self.expression(parts[int(which[row])], int(where[row]))
            case TReduce(func, _, _, _):
                raise UnsupportedError(f"SCIP takes no {func}", remedy="solve(...) bridges it first")

    def _unary(self, func: str, arg: Any) -> Any:
        if isinstance(arg, float):
            return float({"abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sin": np.sin,
                          "cos": np.cos, "neg": np.negative}[func](arg))  # fmt: skip
        if func == "neg":
            return -arg
        if func in ("log", "sqrt"):
            self._keep(arg, AWAY if func == "log" else 0.0)
        return abs(arg) if func == "abs" else getattr(self.pyscipopt, func)(arg)

    def _binary(self, func: str, a: Any, b: Any) -> Any:
        if func == "+":
            return a + b
        if func == "*":
            return a * b
        if func == "/":
            return a / b if isinstance(b, float) else a * self._power(b, -1.0)
        if isinstance(b, float):
            return a**b if isinstance(a, float) else self._power(a, b)
        # A variable exponent raises in pyscipopt: a ** b = exp(b * log(a)), for a > 0.
        if a <= 0 if isinstance(a, float) else self._range(a)[0] < 0:
            raise UnsupportedError(
                "SCIP takes no power whose exponent varies and whose base may be negative", place="scip",
                remedy="bound the base at 0 (or above), or write the exponent as a number",
            )
        return self.pyscipopt.exp(b * (float(np.log(a)) if isinstance(a, float) else self._unary("log", a)))

    def _power(self, base: Any, exponent: float) -> Any:
        low, high = self._range(base)
        if not exponent.is_integer():
            self._keep(base, AWAY if exponent < 0 else 0.0)
        elif exponent < 0 and low >= 0:
            self._keep(base, AWAY)
        elif exponent < 0 and high <= 0:
            self._keep(-base, AWAY)
        return base**exponent

    def _keep(self, arg: Any, least: float) -> None:
        """A function's argument stays where it is defined.

        SCIP 10 fixes variables at bounds where the function is not defined (log and 1/x at 0), and then calls feasible
        models infeasible, or far points optimal. A row keeps them away; `answer` looks at who came to lie on it.
        """
        low, high = self._range(arg)
        if low >= min(least, BOUNDED) or (str(arg), least) in self.kept:
            return
        self.kept.add((str(arg), least))
        if least > 0:
            least = min(least, 1e-3 * high) if high > 0 else least
            self.edges.append(arg)
        self.scip.addCons(arg >= least)

    def _range(self, arg: Any) -> tuple[float, float]:
        """Least and greatest value by the bounds of the variables; of a linear expression only."""
        if not hasattr(arg, "terms"):
            return -np.inf, np.inf
        low = high = 0.0
        for term, coef in arg.terms.items():
            if len(term) > 1:
                return -np.inf, np.inf
            ends = [coef * end for end in ((term[0].getLbOriginal(), term[0].getUbOriginal()) if len(term) else (1, 1))]
            low, high = low + min(ends), high + max(ends)
        return (low if low > -1e20 else -np.inf), (high if high < 1e20 else np.inf)

    # -- answer ------------------------------------------------------------------------------

    def answer(self, build_seconds: float) -> RawSolution:
        """What SCIP found, in arrays."""
        scip = self.scip
        status = scip.getStatus()
        termination = _TERMINATION.get(status, "error")
        if scip.getNSols() == 0 or termination in ("infeasible", "unbounded", "infeasible_or_unbounded"):
            return RawSolution(termination, "none", message=joined(status, self.note), build_seconds=build_seconds)
        best = scip.getBestSol()
        x = np.array([scip.getSolVal(best, v) for v in self.x])
        bound = float(scip.getDualbound()) / self.scale
        status = "" if status == "gaplimit" else status
        if termination == "optimal" and any(scip.getSolVal(best, arg) < EDGE for arg in self.edges):
            termination = "numerical"
            status = ("at the solution an argument of log, of a power or of a division is next to 0, where it is not "
                      "defined: the optimum may lie beyond; bound it away from 0")
        return RawSolution(
            termination, "feasible", "none", x, float(self.model.objective.value(x)),
            bound if abs(bound) < 1e20 else None, message=joined(status, self.note), build_seconds=build_seconds,
        )  # fmt: skip
