"""What a model is asked: its parts, information on them, and settings of several at once."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.arrays import (
    Array,
    ConeArray,
    ConeBuilderArray,
    ConstrArray,
    ConstrBuilderArray,
    GenConstrArray,
    GenConstrBuilderArray,
    NlConstrArray,
    NlConstrBuilderArray,
    QConstrArray,
    QConstrBuilderArray,
    SOSArray,
    SOSBuilderArray,
    VarArray,
)
from solvers.sandbox.lookalike.coptpy.builders import ConstrBuilder, NlConstrBuilder, QConstrBuilder
from solvers.sandbox.lookalike.coptpy.columns import Column
from solvers.sandbox.lookalike.coptpy.constraints import (
    SOS,
    Cone,
    ConeBuilder,
    Constraint,
    GenConstr,
    GenConstrBuilder,
    NlConstraint,
    QConstraint,
    SOSBuilder,
)
from solvers.sandbox.lookalike.coptpy.containers import tupledict
from solvers.sandbox.lookalike.coptpy.errors import invalid, number
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, a_variable
from solvers.sandbox.lookalike.coptpy.variables import Var
from solvers.sandbox.lookalike.core.expressions import is_number

_WANTED = (
    "'Var', 'Constraint', 'NlConstraint', 'QConstraint' or 'PsdConstraint' object(s) are required for argument 'args'"
)


def each(items: Any, work: Any, wanted: str = _WANTED) -> Any:
    """`work` on one member, on the members of a sequence (a list), or of a mapping (a tupledict)."""
    if isinstance(items, Var | Constraint | QConstraint | NlConstraint | SOS | GenConstr):
        return work(items, None)
    if hasattr(items, "_matrix"):
        return items._each(work)
    if hasattr(type(items), "keys"):
        return tupledict({key: work(items[key], key) for key in list(items.keys())})
    if hasattr(items, "__iter__") and not isinstance(items, str):
        return [work(item, k) for k, item in enumerate(items)]
    raise TypeError(wanted)


def _value_for(values: Any, key: Any) -> Any:
    """What is set for a member: one for all, or by key or position."""
    if key is None or is_number(values) or isinstance(values, str):
        return values
    if isinstance(key, tuple) and not hasattr(type(values), "keys"):
        for at in key:
            values = values[at]
        return values
    return values[key]


class Asking:
    """The part of a model that answers."""

    _program: Any
    _indicators: list[GenConstr]
    _nonlinear_rows: list[NlConstraint]
    _cones: list[Cone]
    _column_names: dict[str, int]
    _starts: dict[Any, float]
    _parameters: Any

    # -- members ---------------------------------------------------------------------------------

    @staticmethod
    def _member(home: Any, idx: Any, message: str) -> Any:
        at = int(idx)
        if not 0 <= at < len(home):
            invalid(message)
        return home[at]

    @staticmethod
    def _by_name(home: Any, name: Any, message: str) -> Any:
        if not isinstance(name, str):
            raise TypeError("a name is a text")
        for item in home:
            if item._name == name:
                return item
        invalid(message)

    def getVar(self, idx: int) -> Var:
        """A variable by its position."""
        return self._member(self._program.columns, idx, "Invalid col index")._facade()  # type: ignore[no-any-return]

    def getVarByName(self, name: str) -> Var:
        """The first variable of a name."""
        if not isinstance(name, str):
            raise TypeError("in method 'IModel_GetVarByName', argument 2 of type 'char const *'")
        if not self._column_names or len(self._column_names) < len(self._program.columns):
            self._column_names.clear()
            for k, cell in enumerate(self._program.columns):
                self._column_names.setdefault(cell._column.name, k)
        at = self._column_names.get(name)
        if at is None:
            invalid("Invalid col index")
        return self._program.columns[at]._facade()  # type: ignore[no-any-return]

    def getVars(self) -> VarArray:
        """All variables."""
        return VarArray([cell._facade() for cell in self._program.columns])

    def getConstr(self, idx: int) -> Constraint:
        """A linear row by its position."""
        return self._member(self._program.rows, idx, "Invalid row index")  # type: ignore[no-any-return]

    def getConstrByName(self, name: str) -> Constraint:
        """The first linear row of a name."""
        return self._by_name(self._program.rows, name, "Invalid row index")  # type: ignore[no-any-return]

    def getConstrs(self) -> ConstrArray:
        """All linear rows."""
        return ConstrArray(list(self._program.rows))

    def getQConstr(self, idx: int) -> QConstraint:
        """A quadratic row by its position."""
        return self._member(self._program.quadratic_rows, idx, "Invalid quad row index")  # type: ignore[no-any-return]

    def getQConstrByName(self, name: str) -> QConstraint:
        """The first quadratic row of a name."""
        return self._by_name(self._program.quadratic_rows, name, "Invalid quad row index")  # type: ignore[no-any-return]

    def getQConstrs(self) -> QConstrArray:
        """All quadratic rows."""
        return QConstrArray(list(self._program.quadratic_rows))

    def getNlConstr(self, idx: int) -> NlConstraint:
        """A nonlinear row by its position."""
        return self._member(self._nonlinear_rows, idx, "Invalid row index of nonlinear constraint")  # type: ignore[no-any-return]

    def getNlConstrByName(self, name: str) -> NlConstraint:
        """The first nonlinear row of a name."""
        return self._by_name(self._nonlinear_rows, name, "Invalid row index of nonlinear constraint")  # type: ignore[no-any-return]

    def getNlConstrs(self) -> NlConstrArray:
        """All nonlinear rows."""
        return NlConstrArray(list(self._nonlinear_rows))

    def getGenConstr(self, idx: int) -> GenConstr:
        """An indicator by its position."""
        return self._member(self._indicators, idx, "No such general constraint")  # type: ignore[no-any-return]

    def getGenConstrByName(self, name: str) -> GenConstr:
        """The first indicator of a name."""
        return self._by_name(self._indicators, name, "No such general constraint")  # type: ignore[no-any-return]

    def getGenConstrs(self) -> GenConstrArray:
        """All indicators."""
        return GenConstrArray(list(self._indicators))

    def getSOSs(self) -> SOSArray:
        """All special ordered sets."""
        return SOSArray(list(self._program.sets))

    def getCones(self) -> ConeArray:
        """All cones."""
        return ConeArray(list(self._cones))

    def getCone(self, idx: int) -> Cone:
        """A cone by its position."""
        return self._member(self._cones, idx, "Invalid cone index")  # type: ignore[no-any-return]

    # -- their forms -----------------------------------------------------------------------------

    def getRow(self, constr: Constraint) -> LinExpr:
        """The form of a linear row."""
        constr._alive()
        coefs = {cell: c for cell, c in constr._coefs.items() if c != 0.0}
        return LinExpr._of(list(coefs), list(coefs.values()))  # type: ignore[no-any-return]

    def getQuadRow(self, qconstr: QConstraint) -> Any:
        """The form of a quadratic row."""
        return qconstr._form._copied()

    def getNlRow(self, constr: NlConstraint) -> Any:
        """The form of a nonlinear row."""
        return constr._form._copied()

    def getCol(self, var: Var) -> Column:
        """The coefficients of a variable in linear rows."""
        out = Column()
        for row in self._program.rows:
            coef = row._coefs.get(var._cell, 0.0)
            if coef != 0.0:
                out.addTerm(row, coef)
        return out

    def getConstrBuilders(self, constrs: Any = None) -> Any:
        """Builders like those that made linear rows."""

        def work(row: Constraint, _: Any) -> ConstrBuilder:
            form = self.getRow(row)
            low, high = row._lower, row._upper
            sense = "E" if low == high else "R" if low > -1e30 and high < 1e30 else "G" if low > -1e30 else "L"
            form._constant = -low if sense == "G" else -high
            made: ConstrBuilder = ConstrBuilder._of(form, sense)
            made._range = high - low if sense == "R" else 0.0
            return made

        return _built(self.getConstrs() if constrs is None else constrs, work, ConstrBuilderArray)

    def getQConstrBuilders(self, qconstrs: Any = None) -> Any:
        """Builders like those that made quadratic rows."""

        def work(row: QConstraint, _: Any) -> QConstrBuilder:
            return QConstrBuilder._of(row._form._copied() - row.getRhs(), row._sense)  # type: ignore[no-any-return]

        return _built(self.getQConstrs() if qconstrs is None else qconstrs, work, QConstrBuilderArray)

    def getNlConstrBuilders(self, constrs: Any = None) -> Any:
        """Builders like those that made nonlinear rows."""

        def work(row: NlConstraint, _: Any) -> NlConstrBuilder:
            sense = "E" if row._lower == row._upper else "G" if row._upper >= 1e30 else "L"
            rhs = row._lower if sense == "G" else row._upper
            return NlConstrBuilder._of(row._form._copied() - rhs, sense)  # type: ignore[no-any-return]

        return _built(self.getNlConstrs() if constrs is None else constrs, work, NlConstrBuilderArray)

    def getGenConstrIndicator(self, genconstr: GenConstr) -> GenConstrBuilder:
        """A builder like the one that made an indicator."""
        genconstr._alive()
        row = ConstrBuilder._of(genconstr._form, genconstr._sense)
        return GenConstrBuilder._of(genconstr._binary, genconstr._active, row, genconstr._kind)

    def getGenConstrIndicators(self, genconstrs: Any) -> GenConstrBuilderArray:
        """Builders like those that made indicators."""
        return GenConstrBuilderArray([self.getGenConstrIndicator(item) for item in genconstrs])

    def getSOS(self, sos: SOS) -> SOSBuilder:
        """A builder like the one that made a set."""
        return SOSBuilder._of(sos._kind, sos._variables, sos._weights)  # type: ignore[no-any-return]

    def getSOSBuilders(self, soss: Any = None) -> Any:
        """Builders like those that made sets."""
        if isinstance(soss, SOS):
            return self.getSOS(soss)
        chosen = self._program.sets if soss is None else soss.values() if hasattr(type(soss), "keys") else soss
        return SOSBuilderArray([self.getSOS(item) for item in chosen])

    def getConeBuilders(self, cones: Any = None) -> Any:
        """Builders like those that made cones."""

        def work(cone: Cone) -> ConeBuilder:
            return ConeBuilder._of(cone._kind, cone._members, [])  # type: ignore[no-any-return]

        if isinstance(cones, Cone):
            return work(cones)
        chosen = self._cones if cones is None else cones.values() if hasattr(type(cones), "keys") else cones
        return ConeBuilderArray([work(item) for item in chosen])

    def getA(self) -> Any:
        """The matrix of the linear rows, a scipy.sparse.csc_matrix."""
        from scipy.sparse import csc_matrix

        rows, cols, values = [], [], []
        for i, row in enumerate(self._program.rows):
            for cell, coef in row._coefs.items():
                if coef != 0.0:
                    rows.append(i)
                    cols.append(cell._column.index)
                    values.append(coef)
        shape = (len(self._program.rows), len(self._program.columns))
        return csc_matrix((values, (rows, cols)), shape=shape)

    # -- coefficients ----------------------------------------------------------------------------

    def getCoeff(self, constr: Any, var: Any) -> float:
        """The coefficient of a variable in a linear row."""
        if isinstance(constr, Constraint) and constr._state != 1:
            invalid("Fail to get coefficient")
        return float(_a_row(constr)._coefs.get(_a_cell(var), 0.0))

    def setCoeff(self, constr: Any, var: Any, newval: Any) -> None:
        """Set the coefficient of a variable in a linear row."""
        value = number(newval)
        _a_row(constr)._coefs[_a_cell(var)] = 0.0 if abs(value) < self._parameters.values["MatrixTol"] else value

    def setCoeffs(self, constrs: Any, vars: Any, newvals: Any) -> None:
        """Set several coefficients."""
        if isinstance(constrs, Constraint):
            self.setCoeff(constrs, vars, newvals)
            return
        keys = list(constrs.keys()) if hasattr(type(constrs), "keys") else list(range(len(constrs)))
        for key in keys:
            self.setCoeff(constrs[key], vars[key], _value_for(newvals, key))

    # -- information -----------------------------------------------------------------------------

    def getInfo(self, infoname: str, args: Any) -> Any:
        """A piece of information on one or several members."""

        def work(item: Any, _: Any) -> Any:
            return item.getInfo(infoname)

        if isinstance(args, Var) and infoname.lower() not in _COLUMN_INFORMATION:
            invalid("Fail to get col info")
        return each(args, work)

    def setInfo(self, infoname: str, args: Any, newvals: Any) -> None:
        """Set a piece of information on one or several members."""

        def work(item: Any, key: Any) -> None:
            if isinstance(item, Var):
                item._cell._set(infoname, _value_for(newvals, key), "Unknown double information of variable")
            else:
                item.setInfo(infoname, _value_for(newvals, key))

        each(args, work)

    def getVarType(self, vars: Any) -> Any:
        """The type of one or several variables."""
        return each(vars, lambda item, _: item.getType())

    def setVarType(self, vars: Any, vartypes: Any) -> None:
        """Set the type of one or several variables."""
        each(vars, lambda item, key: item.setType(_value_for(vartypes, key)))

    def setNames(self, args: Any, names: Any) -> None:
        """Set names; one text for all is numbered."""
        if isinstance(args, Var | Constraint | QConstraint | NlConstraint | GenConstr):
            args = [args]
        keys = list(args.keys()) if hasattr(type(args), "keys") else list(range(len(args)))
        for at, key in enumerate(keys):
            args[key].setName(f"{names}({at})" if isinstance(names, str) else names[key])

    def setMipStart(self, vars: Any, startvals: Any) -> None:
        """Start values for one or several variables."""
        if not isinstance(vars, Var) and not hasattr(vars, "__iter__") and not hasattr(vars, "_matrix"):
            a_variable(vars)

        def work(item: Any, key: Any) -> None:
            self._starts[a_variable(item)] = number(_value_for(startvals, key))

        each(vars, work, "'Var' object(s) are required for argument 'var'")

    setNlPrimalStart = setMipStart

    def loadMipStart(self) -> None:
        """Start values count from the moment that they are set; nothing to do here."""

    # -- whole solutions -------------------------------------------------------------------------

    def getValues(self) -> list[float]:
        """The value of each variable."""
        x = self._columns_of("value")  # type: ignore[attr-defined]
        if x is None:
            invalid("Failed to get MIP solution")
        return [float(v) for v in x]

    def _linear_solution(self, what: str) -> list[float]:
        found = self._lp_part(what)  # type: ignore[attr-defined]
        if found is None:
            invalid("Fail to get LP solution")
        return [float(v) for v in found]

    def getRedcosts(self) -> list[float]:
        """The reduced cost of each variable."""
        return self._linear_solution("redcost")

    def getSlacks(self) -> list[float]:
        """The activity of each linear row."""
        return self._linear_solution("slack")

    def getDuals(self) -> list[float]:
        """The dual of each linear row."""
        return self._linear_solution("dual")

    def getLpSolution(self) -> tuple[list[float], ...]:
        """Values, activities, duals and reduced costs."""
        return tuple(self._linear_solution(what) for what in ("value", "slack", "dual", "redcost"))

    def getPoolObjVal(self, isol: int) -> float:
        """The objective of a solution in the pool, which holds one."""
        if isol != 0 or not self._attribute("poolsols"):  # type: ignore[attr-defined]
            invalid("Fail to get objective value of solution in pool")
        return float(self._answer.objective)  # type: ignore[attr-defined]

    def getPoolSolution(self, isol: int, vars: Any) -> Any:
        """Values of a solution in the pool, which holds one."""
        if isol != 0 or not self._attribute("poolsols"):  # type: ignore[attr-defined]
            invalid("Fail to get solution in pool")
        return each(vars, lambda item, _: item.getInfo("Value"))

    # -- conflicts -------------------------------------------------------------------------------

    def getVarLowerIIS(self, vars: Any) -> Any:
        """Whether lower bounds are part of the conflict."""
        return each(vars, lambda item, _: item.getLowerIIS())

    def getVarUpperIIS(self, vars: Any) -> Any:
        """Whether upper bounds are part of the conflict."""
        return each(vars, lambda item, _: item.getUpperIIS())

    def getConstrLowerIIS(self, constrs: Any) -> Any:
        """Whether lower sides are part of the conflict."""
        return each(constrs, lambda item, _: item.getLowerIIS())

    def getConstrUpperIIS(self, constrs: Any) -> Any:
        """Whether upper sides are part of the conflict."""
        return each(constrs, lambda item, _: item.getUpperIIS())

    def getSOSIIS(self, soss: Any) -> Any:
        """Whether sets are part of the conflict."""
        return each(soss, lambda item, _: item.getIIS())

    def getIndicatorIIS(self, genconstrs: Any) -> Any:
        """Whether indicators are part of the conflict."""
        return each(genconstrs, lambda item, _: item.getIIS())

    def getVarBasis(self, vars: Any = None) -> Any:
        """The basis status of one or several variables, by default of all."""
        return each(self.getVars() if vars is None else vars, lambda item, _: item.getBasis())

    def getConstrBasis(self, constrs: Any = None) -> Any:
        """The basis status of one or several linear rows, by default of all."""
        return each(self.getConstrs() if constrs is None else constrs, lambda item, _: item.getBasis())


_COLUMN_INFORMATION = frozenset({
    "obj", "lb", "ub", "value", "redcost", "slack", "dual", "dualfarkas", "primalray", "relaxlb", "relaxub",
    "relaxvalue", "branchfactor", "saobjlow", "saobjup", "salblow", "salbup", "saublow", "saubup",
})  # fmt: skip


def _a_row(value: Any) -> Constraint:
    if not isinstance(value, Constraint):
        raise AttributeError(f"'{type(value).__name__}' object has no attribute '__dict__'")
    value._alive()
    return value


def _a_cell(value: Any) -> Any:
    if not hasattr(value, "_cell"):
        raise AttributeError(f"'{type(value).__name__}' object has no attribute '__dict__'")
    return value._cell


def _built(chosen: Any, work: Any, array: type[Array]) -> Any:
    made = each(chosen, work)
    return array(made) if isinstance(made, list) else made
