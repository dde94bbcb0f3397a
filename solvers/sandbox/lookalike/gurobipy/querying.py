"""Asking a model what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from solvers.sandbox.lookalike.core.expressions import Term, Variable, is_number
from solvers.sandbox.lookalike.core.rows import Element, Row, SpecialSet
from solvers.sandbox.lookalike.gurobipy.constraints import Column
from solvers.sandbox.lookalike.gurobipy.environment import (
    parameter,
    set_parameter,
)
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, QuadExpr
from solvers.sandbox.lookalike.gurobipy.parameters import EXACT_NAMES, PARAMETERS
from solvers.sandbox.lookalike.gurobipy.store import Store


def parameter_info(values: dict[str, Any], name: str) -> Any:
    """Name, type, value, least, greatest and default; None for a name that there is not."""
    exact = EXACT_NAMES.get(name.lower())
    if exact is None:
        return None
    kind, default, least, most = PARAMETERS[exact]
    return (name, kind, values.get(exact, default), least, most, default)


class Querying:
    """The part of `Model` that answers."""

    _lookalike: Store

    def getVars(self) -> list[Any]:
        """All variables, as of the last update."""
        return list(self._lookalike.columns)

    def getConstrs(self) -> list[Any]:
        """All linear constraints."""
        return list(self._lookalike.rows)

    def getQConstrs(self) -> list[Any]:
        """All quadratic constraints."""
        return list(self._lookalike.quadratic_rows)

    def getGenConstrs(self) -> list[Any]:
        """All general constraints."""
        return list(self._lookalike.generals)

    def getSOSs(self) -> list[Any]:
        """All special ordered sets."""
        return list(self._lookalike.sets)

    def getVarByName(self, name: str) -> Any:
        """The first variable of a name, or None."""
        from solvers.sandbox.lookalike.gurobipy.adding import text

        return self._lookalike.named()[0].get(text(name))

    def getConstrByName(self, name: str) -> Any:
        """The first linear constraint of a name, or None."""
        from solvers.sandbox.lookalike.gurobipy.adding import text

        name = text(name)
        if not self._lookalike.rows:
            raise GurobiError(10005, "No constraint names available to index")
        return self._lookalike.named()[1].get(name)

    def getRow(self, constr: Any) -> LinExpr:
        """The left side of a linear constraint."""
        if isinstance(constr, Row) and constr._state == 0:
            raise GurobiError(10006, "Invalid index range for constraint query")
        pairs = sorted(_own(constr)._coefs.items(), key=lambda pair: pair[0]._column.index)
        pairs = [(v, c) for v, c in pairs if c != 0.0]
        return LinExpr._of([v for v, _ in pairs], [c for _, c in pairs])  # type: ignore[no-any-return]

    def getQCRow(self, qc: Any) -> QuadExpr:
        """The left side of a quadratic constraint."""
        return _collected(qc._form._part._shared(), qc._form._triples())

    def getCol(self, var: Any) -> Column:
        """The coefficients of a variable."""
        if not isinstance(var, Variable):
            raise TypeError(f"{var} is not a variable")
        rows = [row for row in self._lookalike.rows if row._coefs.get(var)]
        return Column([row._coefs[var] for row in rows], rows)

    def getCoeff(self, constr: Any, var: Any) -> float:
        """A coefficient of the matrix."""
        return float(_own(constr)._coefs.get(var, 0.0))

    def getA(self) -> Any:
        """The matrix of the linear constraints, as scipy's csr_matrix."""
        from scipy.sparse import csr_matrix

        rows = self._lookalike.rows
        index = [(k, v._column.index, c) for k, row in enumerate(rows) for v, c in row._coefs.items() if c]
        shape = (len(rows), len(self._lookalike.columns))
        if not index:
            return csr_matrix(shape)
        i, j, values = zip(*index)
        return csr_matrix((values, (i, j)), shape=shape)

    def getQ(self) -> Any:
        """The matrix of the quadratic objective, as scipy's coo_matrix."""
        from scipy.sparse import coo_matrix

        n = len(self._lookalike.columns)
        triples = self._lookalike.quadratic
        i = [a._column.index for a, _, _ in triples]
        j = [b._column.index for _, b, _ in triples]
        return coo_matrix(([w for _, _, w in triples], (i, j)), shape=(n, n))

    def getQCMatrices(self, qc: Any) -> Any:
        unsupported("getQCMatrices", "use getQCRow")

    def getSOS(self, sos: Any) -> tuple[int, list[Any], list[float]]:
        """Type, variables and weights of a special ordered set."""
        if not isinstance(sos, SpecialSet):
            raise TypeError(f"{sos} is not a special ordered set")
        return sos._kind, list(sos._variables), list(sos._weights)

    def getPWLObj(self, var: Any) -> list[tuple[float, float]]:
        """The points of a variable's piecewise-linear cost."""
        return list(zip(*self._lookalike.pieces.get(var, ((), ()))))

    def getObjective(self, index: int | None = None) -> Any:
        """The objective, or one of several."""
        store = self._lookalike
        if index is not None:
            from solvers.sandbox.lookalike.gurobipy.objectives import form_of

            return form_of(store, index)._shared()
        variables = [v for v in store.columns if v._column.cost != 0.0]
        form = LinExpr._of(variables, [v._column.cost for v in variables], store.offset)
        if not store.quadratic:
            return form
        return _collected(form, store.quadratic)

    # -- attributes and parameters -----------------------------------------------------------------

    def getAttr(self, attrname: str, objs: Any = None) -> Any:
        """An attribute of the model, or of a list or dictionary of variables or constraints."""
        from solvers.sandbox.lookalike.gurobipy.model_attributes import read_model, read_of

        if objs is None:
            return read_model(self, attrname)
        return read_of(attrname, objs)

    def setAttr(self, attrname: str, *args: Any) -> None:
        """Set an attribute of the model, or of a list or dictionary of variables or constraints."""
        from solvers.sandbox.lookalike.gurobipy.model_attributes import write_model, write_of

        if len(args) == 1:
            write_model(self, attrname, args[0])
        else:
            write_of(attrname, *args)

    def prefetchAttr(self, attrname: str) -> None:
        """Nothing to do here."""

    def setParam(self, paramname: str, newval: Any) -> None:
        """Set a parameter."""
        set_parameter(self._lookalike.parameters, paramname, newval)

    def getParamInfo(self, paramname: str) -> Any:
        """Name, type, value, least, greatest and default of a parameter."""
        return parameter_info(self._lookalike.parameters, paramname)

    def resetParams(self) -> None:
        """All parameters to their defaults."""
        self._lookalike.parameters.clear()

    # -- general constraints -----------------------------------------------------------------------

    def getGenConstrMax(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "max")

    def getGenConstrMin(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "min")

    def getGenConstrAbs(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "abs")

    def getGenConstrAnd(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "and")

    def getGenConstrOr(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "or")

    def getGenConstrNorm(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "norm")

    def getGenConstrNL(self, genconstr: Any) -> tuple[Any, ...]:
        unsupported("getGenConstrNL")

    def getGenConstrNLAdv(self, genconstr: Any) -> tuple[Any, ...]:
        unsupported("getGenConstrNLAdv")

    def getGenConstrIndicator(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "indicator")

    def getGenConstrPWL(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "pwl")

    def getGenConstrPoly(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "poly")

    def getGenConstrExp(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "exp")

    def getGenConstrExpA(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "expa")

    def getGenConstrLog(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "log")

    def getGenConstrLogA(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "loga")

    def getGenConstrPow(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "pow")

    def getGenConstrSin(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "sin")

    def getGenConstrCos(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "cos")

    def getGenConstrTan(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "tan")

    def getGenConstrLogistic(self, genconstr: Any) -> tuple[Any, ...]:
        return _details(genconstr, "logistic")

    # -- the rest ----------------------------------------------------------------------------------

    def getJSONSolution(self) -> str:
        unsupported("getJSONSolution")

    def message(self, msg: str) -> None:
        """Write a line to the log, where it goes to the console."""
        if all(parameter(self._lookalike.parameters, name) for name in ("OutputFlag", "LogToConsole")):
            import sys

            sys.stdout.write(f"{msg}\n")


def _details(general: Any, kind: str) -> tuple[Any, ...]:
    _, own, details = general._details
    if own != kind:
        raise GurobiError(10003, f"Not a general constraint of this type: it is {own}, not {kind}")
    return details  # type: ignore[no-any-return]


def _collected(part: Any, triples: Iterable[tuple[Any, Any, float]]) -> QuadExpr:
    """A quadratic expression with each product once, in the order of the variables."""
    found: dict[tuple[int, int], list[Any]] = {}
    for a, b, weight in triples:
        first, second = (a, b) if a._column.index <= b._column.index else (b, a)
        held = found.setdefault((first._column.index, second._column.index), [first, second, 0.0])
        held[2] += weight
    kept = [found[key] for key in sorted(found) if found[key][2] != 0.0]
    left, right, weights = [a for a, _, _ in kept], [b for _, b, _ in kept], [w for _, _, w in kept]
    return QuadExpr._of(part, left, right, weights)  # type: ignore[no-any-return]


def _own(constr: Any) -> Any:
    if hasattr(constr, "_reflected"):
        constr = constr.item()
    if not isinstance(constr, Row):
        raise TypeError(f"{constr} is not a constraint")
    if constr._state != 1:
        raise GurobiError(20001, "Constraint not in model")
    return constr


def members(items: Any) -> list[Any]:
    """What is to be removed, one by one. Raises GurobiError."""
    if isinstance(items, (Variable, Element)):
        return [items]
    if isinstance(items, dict):
        items = items.values()
    elif hasattr(items, "_reflected"):
        items = items.tolist() if items.ndim else [items.item()]
    elif isinstance(items, Term) or is_number(items) or isinstance(items, str) or not hasattr(items, "__iter__"):
        raise GurobiError(-1, "Item to be removed not a Var, Constr, SOS, QConstr, or GenConstr")
    return [one for item in items for one in members(item)]
