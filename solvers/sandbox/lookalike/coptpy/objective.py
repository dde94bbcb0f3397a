"""The objectives of a model: one, or several by priority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import invalid, number, refused
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, Operand
from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr, merged_form
from solvers.sandbox.lookalike.coptpy.variables import linear
from solvers.sandbox.lookalike.core.expressions import Variable

_PARAMETERS = {
    "multiobjpriority": "priority", "multiobjweight": "weight", "multiobjabstol": "absolute",
    "multiobjreltol": "relative",
}  # fmt: skip


@dataclass
class Level:
    """One of several objectives. A sense of 0 minimises, whatever the model's own one is."""

    form: LinExpr
    sense: int = 0
    priority: float = 0.0
    weight: float = 1.0
    absolute: float = 1e-6
    relative: float = 0.0


class Objectives:
    """The part of a model that holds objectives."""

    _program: Any
    _nonlinear_objective: Any
    _objectives: dict[int, Level]

    def setObjective(self, expr: Any, sense: Any = None) -> None:
        """Set the objective; without a sense the model keeps its own."""
        if sense is not None and not isinstance(sense, int):
            raise TypeError("Wrong number or type of arguments for overloaded function 'IModel_SetObjective'.")
        if hasattr(expr, "_matrix"):
            expr = expr.item()
        # As in coptpy a linear expression leaves products and functions where they are, one with products leaves
        # functions, one with functions leaves products; variables, builders and numbers leave functions alone.
        kept = self._program.quadratic if isinstance(expr, LinExpr | NlExpr) else []
        if isinstance(expr, NlExpr):
            self._all_present([*expr._part._variables(), *(t for t in expr._tokens if isinstance(t, Variable))])  # type: ignore[attr-defined]
            self._place(expr._part)
            held = NlExpr._of(list(expr._tokens))
            self._nonlinear_objective = held if held._tokens else None
        elif isinstance(expr, QuadExpr):
            n = expr._count
            self._all_present([*expr._part._variables(), *expr._left[:n], *expr._right[:n]])  # type: ignore[attr-defined]
            self._place(merged_form(expr))
        else:
            if isinstance(expr, list | tuple):
                raise TypeError("'Var' object is not iterable")
            form = linear(expr)
            self._mine(form._variables())  # type: ignore[attr-defined]
            self._place(self._present(form))  # type: ignore[attr-defined]
        if kept:
            self._program.quadratic = kept
        if sense is not None:
            self._program.sense = -1 if sense < 0 else 1

    def _place(self, form: Any) -> None:
        self._program.change_objective(form)

    def setMObjective(
        self, Q: Any, c: Any, constant: Any, xQ_L: Any = None, xQ_R: Any = None, xc: Any = None, sense: Any = None
    ) -> None:
        """Set the objective x' Q x + c' x + constant."""
        from solvers.sandbox.lookalike.coptpy.matrices import matrix_form

        self.setObjective(matrix_form(self, Q, c, constant, xQ_L, xQ_R, xc), sense)

    def setObjSense(self, sense: Any) -> None:
        """Minimise or maximise."""
        if not isinstance(sense, int):
            raise TypeError("in method 'IModel_SetObjSense', argument 2 of type 'int'")
        self._program.sense = -1 if sense < 0 else 1

    def setObjConst(self, constant: Any) -> None:
        """Set the constant of the objective."""
        self._program.offset = number(constant)

    def getObjective(self) -> Any:
        """The objective as an expression."""
        columns = self._program.columns
        cells = [cell for cell in columns if cell._column.cost != 0.0]
        part = LinExpr._of(list(cells), [cell._column.cost for cell in cells], self._program.offset)
        if self._program.quadratic:
            left, right, weights = zip(*self._program.quadratic)
            return QuadExpr._of(part, list(left), list(right), list(weights))
        if self._nonlinear_objective is not None:
            out = self._nonlinear_objective._copied()
            return out._take(part, 1.0)
        return part

    def delQuadObj(self) -> None:
        """Take the products out of the objective."""
        self._program.quadratic = []

    def delNlObj(self) -> None:
        """Take the functions out of the objective."""
        self._nonlinear_objective = None

    # -- several objectives ----------------------------------------------------------------------

    def setObjectiveN(
        self, idx: int, expr: Any, sense: int = 0, priority: Any = 0.0, weight: Any = 1.0, abstol: Any = 1e-6,
        reltol: Any = 0.0,
    ) -> None:  # fmt: skip
        """Set one of several objectives, linear ones all."""
        if isinstance(expr, Operand) and expr._rank > 2:
            raise TypeError("Argument 'expr' must be object of LinExpr, MVar, MLinExpr or MExpression")
        if hasattr(expr, "_matrix"):
            expr = expr.item()
        form = linear(expr)
        self._mine(form._variables())  # type: ignore[attr-defined]
        values = [number(item) for item in (priority, weight, abstol, reltol)]
        self._objectives[int(idx)] = Level(form, int(sense), *values)

    def getObjectiveN(self, idx: int) -> LinExpr:
        """One of several objectives."""
        level = self._objectives.get(int(idx))
        return LinExpr() if level is None else LinExpr._from(level.form)

    def delObjN(self, idx: int) -> None:
        """Take one of several objectives out."""
        if int(idx) in self._objectives:
            self._objectives[int(idx)].form = LinExpr()

    def setObjParamN(self, idx: int, paramname: str, newval: Any) -> None:
        """Set priority, weight or a tolerance of one of several objectives."""
        level = self._objectives.get(int(idx))
        if level is None or paramname.lower() not in _PARAMETERS:
            invalid("Fail to set objective parameter")
        setattr(level, _PARAMETERS[paramname.lower()], number(newval))

    def getObjParamN(self, idx: int, paramname: str) -> float:
        """Priority, weight or a tolerance of one of several objectives."""
        level = self._objectives.get(int(idx))
        if level is None or paramname.lower() not in _PARAMETERS:
            invalid("Fail to get objective parameter")
        return float(getattr(level, _PARAMETERS[paramname.lower()]))

    def getAttrN(self, idx: int, attrname: str) -> float:
        """The value of one of several objectives."""
        if attrname.lower() != "objval":
            refused(f"Model.getAttrN({attrname!r})")
        level = self._objectives.get(int(idx))
        if level is None:
            invalid("Fail to get attribute of objective")
        return level.form.getValue()


def signed_levels(levels: dict[int, Level]) -> tuple[int, dict[int, Any]]:
    """The objectives with one sense for all, which is that of the first; forms of the other sense change sign."""
    from solvers.sandbox.lookalike.core.program import Level as CoreLevel

    if any(level.absolute != 1e-6 or level.relative != 0.0 for level in levels.values()):
        refused("tolerances of single objectives", "leave abstol and reltol as they are")
    own = {idx: -1 if level.sense < 0 else 1 for idx, level in levels.items()}
    common = own[min(own)]
    out = {}
    for rank, idx in enumerate(sorted(levels, key=lambda k: levels[k].priority)):
        level = levels[idx]
        factor = level.weight if own[idx] == common else -level.weight
        places = sorted({item.priority for item in levels.values()})
        out[idx] = CoreLevel(level.form, places.index(level.priority), factor, f"objective {rank}")
    return common, out


