"""Constraints that coptpy writes out as rows, columns, indicators and sets: max, min, abs, and, or, piecewise."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.adding import Adding
from solvers.sandbox.lookalike.coptpy.arrays import GenConstrArray
from solvers.sandbox.lookalike.coptpy.builders import ConstrBuilder
from solvers.sandbox.lookalike.coptpy.constants import COPT
from solvers.sandbox.lookalike.coptpy.constraints import GenConstr, GenConstrBuilder, GenConstrX
from solvers.sandbox.lookalike.coptpy.containers import quicksum
from solvers.sandbox.lookalike.coptpy.errors import invalid, number
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, Operand, a_variable
from solvers.sandbox.lookalike.coptpy.variables import linear
from solvers.sandbox.lookalike.core.expressions import is_number

_FAR = 1e8
"""Where a piecewise-linear function ends whose argument has no bound."""


class Generals(Adding):
    """The part of a model that takes general constraints."""

    def addGenConstrIndicator(
        self, binvar: Any, binval: Any, lhs: Any, sense: Any = None, rhs: Any = None, type: int = COPT.INDICATOR_IF,
        name: Any = "",
    ) -> GenConstr:  # fmt: skip
        """binvar == binval if, only if, or exactly if the row holds."""
        if not isinstance(binvar, Operand):
            raise AttributeError(f"'{binvar.__class__.__name__}' object has no attribute '__dict__'")
        if isinstance(lhs, ConstrBuilder):
            form, sense = lhs._form, lhs._sense
        elif isinstance(lhs, tuple | list):
            raise TypeError("'ConstrBuilder' object is not iterable")
        else:
            form = linear(lhs)
            if sense is not None:
                form = form - number(rhs)
        builder = GenConstrBuilder()
        builder._binary, builder._active, builder._form = a_variable(binvar), int(binval), form
        builder._sense, builder._kind = sense, type
        return self._indicator(builder, name)

    def addGenConstrIndicators(self, builders: Any, nameprefix: Any = "") -> GenConstrArray:
        """Several indicators."""
        if isinstance(builders, GenConstrBuilder):
            builders = [builders]
        names = [f"{nameprefix}({k})" if nameprefix else "" for k in range(len(builders))]
        return GenConstrArray([self._indicator(item, name) for item, name in zip(builders, names)])

    def _indicator(self, builder: GenConstrBuilder, name: Any) -> GenConstr:
        if builder._sense not in ("L", "G", "E"):
            invalid("Invalid general constraint sense")
        if builder._binary is None or builder._binary._column.kind != "B":
            invalid("Invalid indicator variable")
        if builder._active not in (0, 1) or builder._kind not in (1, 2, 3):
            invalid("Fail to add an indicator constraint")
        form = LinExpr._from(builder._form)
        self._mine([builder._binary, *form._variables()])
        made = GenConstr(
            self, "" if name is None else str(name), builder._binary, builder._active, form, builder._sense,
            builder._kind,
        )  # fmt: skip
        made._index, made._state = len(self._indicators), 1
        self._indicators.append(made)
        return made

    def _when(self, cell: Any, form: Any, sense: str, name: str = "") -> None:
        builder = GenConstrBuilder()
        builder._binary, builder._active, builder._form, builder._sense = cell, 1, form, sense
        self._indicator(builder, name)

    def _switches(self, count: int) -> list[Any]:
        return [self._new_cell(0.0, 1.0, 0.0, "B", f"C({k})") for k in range(count)]

    def _extreme(self, kind: int, resvar: Any, vars: Any, constant: Any, name: Any) -> GenConstrX:
        """The result is beyond all, and a switch says which one it equals."""
        len(vars)
        members = list(_each(vars))
        beyond, within = ("G", "L") if kind == COPT.GENCONSTR_MAX else ("L", "G")
        if constant is not None:
            members = [number(constant), *members]
        if not members:
            return GenConstrX(kind, "" if name is None else name)
        for item in members:
            self._row(LinExpr._from(linear(resvar - item)), beyond, "")
        switches = self._switches(len(members))
        if constant is not None:  # the switch of the constant is the last one, its row the first
            switches = [switches[-1], *switches[:-1]]
        chosen = LinExpr._of(list(switches), [1.0] * len(switches), -1.0)
        self._row(chosen, "G", "")
        for k, (cell, item) in enumerate(zip(switches, members)):
            self._when(cell, linear(resvar - linear(item)), within, name if k == 0 and name else "")
        return GenConstrX(kind, "" if name is None else name)

    def addGenConstrMax(self, resvar: Any, vars: Any, constant: Any = None, name: Any = "") -> GenConstrX:
        """The result is the greatest of the members."""
        return self._extreme(COPT.GENCONSTR_MAX, resvar, vars, constant, name)

    def addGenConstrMin(self, resvar: Any, vars: Any, constant: Any = None, name: Any = "") -> GenConstrX:
        """The result is the least of the members."""
        return self._extreme(COPT.GENCONSTR_MIN, resvar, vars, constant, name)

    def addGenConstrAbs(self, resvar: Any, argvar: Any, name: Any = "") -> GenConstrX:
        """The result is the size of the argument."""
        members = [argvar, -argvar]
        for item in members:
            self._row(linear(resvar - item), "G", "")
        switches = self._switches(2)
        self._row(LinExpr._of(list(switches), [1.0, 1.0], -1.0), "G", "")
        for k, (cell, item) in enumerate(zip(switches, members)):
            self._when(cell, linear(resvar - linear(item)), "L", name if k == 0 and name else "")
        return GenConstrX(COPT.GENCONSTR_ABS, "" if name is None else name)

    def _logical(self, kind: int, resvar: Any, vars: Any, name: Any) -> GenConstrX:
        """Result and members are 0 or 1; the rows hold for those values alone."""
        len(vars)
        result, members = linear(resvar), list(_each(vars))
        both = kind == COPT.GENCONSTR_AND
        for item in members:
            self._row(linear(resvar - item), "L" if both else "G", "")
        total = linear(resvar - quicksum(members))
        if both:
            self._row(total + float(len(members) - 1), "G", "")
            self._row(result, "G", "")
        else:
            self._row(total, "L", "")
            self._row(result - 1.0, "L", "")
        return GenConstrX(kind, "" if name is None else name)

    def addGenConstrAnd(self, resvar: Any, vars: Any, name: Any = "") -> GenConstrX:
        """The result is 1 exactly if all members are."""
        return self._logical(COPT.GENCONSTR_AND, resvar, vars, name)

    def addGenConstrOr(self, resvar: Any, vars: Any, name: Any = "") -> GenConstrX:
        """The result is 1 exactly if some member is."""
        return self._logical(COPT.GENCONSTR_OR, resvar, vars, name)

    def addGenConstrPWL(self, xvar: Any, yvar: Any, xpts: Any, ypts: Any, name: Any = "") -> GenConstrX:
        """y is the piecewise-linear function of x through the points; it goes on in the slope of its ends."""
        x, y = a_variable(xvar), a_variable(yvar)
        self._mine([x, y])
        xs, ys = [number(v) for v in xpts], [number(v) for v in ypts]
        points = list(zip(xs, ys))
        order = sorted(range(len(points)), key=lambda k: xs[k])
        low, high = max(x._column.lower, -_FAR), min(x._column.upper, _FAR)
        if len(points) > 1:
            first, last = [points[k] for k in order[:2]], [points[k] for k in order[-2:]]
            if low < first[0][0]:
                points.insert(0, _beyond(first[0], first[1], low))
            if high > last[1][0]:
                points.append(_beyond(last[1], last[0], high))
        weights = [self._new_cell(0.0, COPT.INFINITY, 0.0, "C", f"C({k})") for k in range(len(points))]
        self._row(LinExpr._of(list(weights), [1.0] * len(weights), -1.0), "E", "")
        for cell, side in ((x, 0), (y, 1)):
            self._row(LinExpr._of([cell, *weights], [1.0, *(-point[side] for point in points)]), "E", "")
        self.addSOS(COPT.SOS_TYPE2, [cell._facade() for cell in weights], [point[0] for point in points])
        return GenConstrX(COPT.GENCONSTR_PWL, "" if name is None else name)


def _each(vars: Any) -> list[Any]:
    """The members of a sequence or of a mapping, variables, expressions and numbers."""
    members = list(vars.values() if hasattr(type(vars), "keys") else vars)
    return [float(item) if is_number(item) else item for item in members]


def _beyond(end: tuple[float, float], inner: tuple[float, float], at: float) -> tuple[float, float]:
    """The point at `at` on the line through an end and its neighbour."""
    if end[0] == inner[0]:
        return at, end[1]
    return at, end[1] + (end[1] - inner[1]) / (end[0] - inner[0]) * (at - end[0])
