"""What a model takes: variables, rows of all sorts, sets and cones; and how they are taken out."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from itertools import product
from types import CodeType, GeneratorType
from typing import Any

from solvers.sandbox.lookalike.coptpy.arrays import Array, ConeArray, ConstrArray
from solvers.sandbox.lookalike.coptpy.builders import ConstrBuilder, NlConstrBuilder, QConstrBuilder
from solvers.sandbox.lookalike.coptpy.constants import COPT
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
    cells_of,
    sides,
    weighed,
)
from solvers.sandbox.lookalike.coptpy.containers import tupledict
from solvers.sandbox.lookalike.coptpy.errors import invalid, number, refused, tidy
from solvers.sandbox.lookalike.coptpy.expressions import LinExpr, Operand, _compared
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr, merged_form
from solvers.sandbox.lookalike.coptpy.variables import Cell, Var, limited, linear
from solvers.sandbox.lookalike.core.expressions import Column, Variable
from solvers.sandbox.lookalike.core.rows import Element

_REMOVABLE = (
    "'Var', 'PsdVar', 'Constraint', 'NlConstraint', 'SOS', 'Cone', 'AffineCone', 'ExpCone', 'GenConstr', "
    "'LmiConstraint', 'QConstraint' or 'PsdConstraint' object(s) are required for argument 'args'"
)


class Adding:
    """The part of a model that grows and shrinks."""

    _program: Any
    _cones: list[Cone]
    _indicators: list[GenConstr]
    _nonlinear_rows: list[NlConstraint]
    _column_names: dict[str, int]
    _objectives: dict[int, Any]
    _starts: dict[Any, float]
    _answer: Any
    _parameters: Any
    _nonlinear_objective: Any

    # -- columns ---------------------------------------------------------------------------------

    def _new_cell(self, lb: Any, ub: Any, obj: Any, vtype: Any, name: Any) -> Cell:
        lower, upper, cost = number(lb), number(ub), number(obj)
        named = _name(name)
        if isinstance(vtype, str) and len(vtype) > 1:
            raise TypeError("Wrong number or type of arguments for overloaded function 'IModel_AddVar'.")
        if vtype not in ("C", "B", "I"):
            invalid("Fail to add a variable")
        cell = object.__new__(Cell)
        if vtype == "B":  # coptpy takes the bounds 0 and 1 alone, and others for none
            lower, upper = (1.0 if lower == 1.0 else 0.0), (0.0 if upper == 0.0 else 1.0)
        cell._column = Column(self, named, limited(lower), limited(upper), cost, vtype)
        self._program.add(cell)
        self._answer.columns_changed = True
        return cell

    def addVar(
        self, lb: Any = 0.0, ub: Any = COPT.INFINITY, obj: Any = 0.0, vtype: Any = COPT.CONTINUOUS, name: Any = "",
        column: Any = None,
    ) -> Var:  # fmt: skip
        """A variable; `column` gives its coefficients in rows."""
        cell = self._new_cell(lb, ub, obj, vtype, name)
        if column is not None:
            for row, coef in column._terms:
                row._coefs[cell] = row._coefs.get(cell, 0.0) + coef
        return cell._facade()

    def addVars(
        self, *indices: Any, lb: Any = 0.0, ub: Any = COPT.INFINITY, obj: Any = 0.0, vtype: Any = COPT.CONTINUOUS,
        nameprefix: Any = "C",
    ) -> tupledict:  # fmt: skip
        """Variables by the members of one index, or by all combinations of several."""
        keys = _keys(indices)
        if isinstance(vtype, str) and vtype == "B" and (_is_listed(lb) or _is_listed(ub)):
            lb, ub = 0.0, 1.0  # coptpy passes lists of bounds over where one letter makes all variables binary
        if isinstance(vtype, dict) and any(isinstance(key, tuple) for key in vtype):
            raise TypeError("unhashable type: 'dict'")
        columns = [_values(given, keys, default) for given, default in (
            (lb, 0.0), (ub, COPT.INFINITY), (obj, 0.0), (vtype, "C"),
        )]  # fmt: skip
        out = tupledict()
        prefix = "" if nameprefix is None else str(nameprefix)
        for (key, _), low, high, cost, kind in zip(keys, *columns):
            parts = key if isinstance(key, tuple) else (key,)
            cell = self._new_cell(low, high, cost, kind, "")
            cell._column.name = f"{prefix}({','.join(map(str, parts))})"
            out[key] = cell._facade()
        return out

    def addMVar(
        self, shape: Any, lb: Any = 0.0, ub: Any = COPT.INFINITY, obj: Any = 0.0, vtype: Any = COPT.CONTINUOUS,
        nameprefix: Any = "",
    ) -> Any:  # fmt: skip
        """An array of variables."""
        from solvers.sandbox.lookalike.coptpy.matrices import new_variables

        return new_variables(self, shape, lb, ub, obj, vtype, nameprefix)

    # -- linear rows -----------------------------------------------------------------------------

    def _row(self, form: Any, sense: str, name: Any, width: float = 0.0) -> Constraint:
        low, high = sides(sense, width)
        self._mine(form._variables())
        row = Constraint(self, _name(name), self._present(form), low, high, sense)
        least = self._parameters.values["MatrixTol"]
        if any(abs(coef) < least for coef in row._coefs.values()):  # as coptpy leaves them out
            row._coefs = {cell: coef for cell, coef in row._coefs.items() if not abs(coef) < least}
        row._lower, row._upper = limited(row._lower), limited(row._upper)
        self._program.add(row)
        self._answer.rows_changed = True
        return row

    def _range_row(self, form: Any, low: Any, high: Any, name: Any) -> Constraint:
        row = self._row(form, "N", name)
        row._lower, row._upper = limited(number(low) - form._constant), limited(number(high) - form._constant)
        row._sense = "R"
        return row

    @staticmethod
    def _present(form: Any) -> Any:
        """A linear form without the variables that were taken out of the model, as coptpy reads it."""
        if all(cell._column.state == 1 for cell in form._variables()):
            return form
        kept = [(cell, coef) for cell, coef in form._terms() if cell._column.state == 1]
        return LinExpr._of([cell for cell, _ in kept], [coef for _, coef in kept], form._constant)

    def _mine(self, cells: Any) -> None:
        """Refuse variables of other models, which genuine coptpy takes for its own of the same position."""
        for cell in cells:
            if cell._column.program is not self:
                refused("use of a variable in another model than its own")

    def _all_present(self, cells: Any, message: str = "Invalid variable") -> None:
        """Refuse variables that were taken out, where a form cannot do without them."""
        self._mine(cells)
        if any(cell._column.state != 1 for cell in cells):
            invalid(message)

    def addConstr(self, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = "") -> Any:
        """A row: a comparison, a comparison with a range, or two sides and the letter of a sense."""
        if hasattr(lhs, "_matrix"):
            from solvers.sandbox.lookalike.coptpy.matrices import new_rows

            return new_rows(self, lhs, name)
        if isinstance(lhs, ConstrBuilder):
            return self._row(_owned(lhs._form), lhs._sense, name, lhs._range)
        if isinstance(lhs, GenConstrBuilder):
            return self._indicator(lhs, name)
        if isinstance(lhs, QConstrBuilder):
            raise TypeError("'QConstrBuilder' or 'MQConstrBuilder' is not valid for argument 'lhs'")
        if isinstance(lhs, tuple):
            builder, low, high = lhs[0], lhs[1], lhs[2]
            if not isinstance(builder, ConstrBuilder):
                raise TypeError("'ConstrBuilder' object is required for a range")
            return self._range_row(_owned(builder._form), low, high, name)
        if sense is None and (lhs is True or lhs is False or type(lhs).__name__ == "bool"):
            form = LinExpr()
            form._constant = -1.0
            return self._row(form, "L" if lhs else "G", name)
        if sense not in ("L", "G", "E", "N"):
            raise ValueError("Unsupported constraint sense")
        return self._row(linear(lhs) - linear(rhs), sense, name)

    def addBoundConstr(
        self, expr: Any, lb: Any = -COPT.INFINITY, ub: Any = COPT.INFINITY, name: Any = ""
    ) -> Constraint:
        """The row lb <= expr <= ub."""
        return self._range_row(linear(expr), lb, ub, name)

    def addConstrs(self, generator: Any, nameprefix: Any = "R") -> Any:
        """Rows from a generator, a list or an array of comparisons; named and kept by its indices."""
        if isinstance(generator, bool) or type(generator).__name__ == "bool" or isinstance(generator, ConstrBuilder):
            return self.addConstr(generator, name=nameprefix)
        if hasattr(generator, "_matrix"):
            return self.addConstr(generator, name=nameprefix)
        if isinstance(generator, int):
            return ConstrArray()
        if not hasattr(generator, "__iter__"):
            raise TypeError("'int' or 'Iterable' object is required for argument 'generator'")
        out = tupledict()
        for key, item in _indexed(generator):
            made = self._one_of_many(item)
            made._name = f"{nameprefix}({','.join(map(str, key if isinstance(key, tuple) else (key,)))})"
            out[key] = made
        return out

    def _one_of_many(self, item: Any) -> Any:
        if isinstance(item, ConstrBuilder | GenConstrBuilder):
            return self.addConstr(item)
        if isinstance(item, Operand | QConstrBuilder):
            raise TypeError("in method 'IConstrBuilderArray_PushBack', argument 2 of type 'IConstrBuilder const *'")
        raise AttributeError(f"'{type(item).__name__}' object has no attribute '__dict__'")

    def addMConstr(self, A: Any, x: Any, sense: str, b: Any, nameprefix: Any = "") -> Any:
        """The rows A x sense b."""
        from solvers.sandbox.lookalike.coptpy.matrices import matrix_rows

        return matrix_rows(self, A, x, sense, b, nameprefix)

    def loadMatrix(
        self, c: Any, A: Any, lhs: Any, rhs: Any, lb: Any, ub: Any, vtype: Any = None
    ) -> None:  # fmt: skip
        """Replace what the model holds by a program in arrays; `A` is a scipy.sparse matrix."""
        from solvers.sandbox.lookalike.coptpy.matrices import load

        load(self, c, A, lhs, rhs, lb, ub, vtype)

    # -- quadratic and nonlinear rows ------------------------------------------------------------

    def addQConstr(self, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = "") -> Any:
        """A row with products, or a linear one."""
        if hasattr(lhs, "_matrix") and sense is None:
            from solvers.sandbox.lookalike.coptpy.matrices import new_rows

            return new_rows(self, lhs, name)
        if isinstance(lhs, QConstrBuilder):
            return self._curved_row(lhs._form, lhs._sense, name)
        if sense is None:
            if isinstance(lhs, ConstrBuilder | tuple | bool):
                return self.addConstr(lhs, name=name)
            raise ValueError("Unsupported quadratic constraint sense")
        builder = _compared(QuadExpr() + lhs, sense, rhs) if sense in ("L", "G", "E") else None
        if not isinstance(builder, QConstrBuilder):
            raise ValueError("Unsupported quadratic constraint sense")
        form = builder._form
        if not form._count:
            return self._row(form.getLinExpr(), sense, name)
        return self._curved_row(form, sense, name)

    def _curved_row(self, form: Any, sense: str, name: Any) -> QConstraint:
        low, high = sides(sense)
        cells = [*form._part._variables(), *form._left[: form._count], *form._right[: form._count]]
        self._all_present(cells, "Fail to add a quadratic constraint")
        row = QConstraint(self, _name(name), merged_form(form), low, high, sense)
        row._lower, row._upper = limited(row._lower), limited(row._upper)
        self._program.add(row)
        self._answer.curved_changed = True
        return row

    def addMQConstr(
        self, Q: Any, c: Any, sense: str, rhs: Any, xQ_L: Any = None, xQ_R: Any = None, xc: Any = None, name: Any = "",
    ) -> Any:  # fmt: skip
        """The row x' Q x + c' x sense rhs."""
        from solvers.sandbox.lookalike.coptpy.matrices import matrix_form

        return self.addQConstr(matrix_form(self, Q, c, 0.0, xQ_L, xQ_R, xc), sense, rhs, name)

    def addNlConstr(self, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = "") -> Any:
        """A row with functions; one without any goes where it belongs."""
        if sense is not None and isinstance(lhs, Operand):
            lhs = _compared(lhs, sense, rhs)
        if not isinstance(lhs, NlConstrBuilder):
            return self.addQConstr(lhs, name=name)
        low, high = sides(lhs._sense, lhs._range)
        cells = [*lhs._form._part._variables(), *(t for t in lhs._form._tokens if isinstance(t, Variable))]
        self._all_present(cells, "Invalid variable of index -3")
        row = NlConstraint(self, _name(name), lhs._form, low, high)
        row._index, row._state = len(self._nonlinear_rows), 1
        self._nonlinear_rows.append(row)
        return row

    def addNlConstrs(self, generator: Any, nameprefix: Any = "NR") -> Any:
        """Rows with functions from a generator or a list of comparisons."""
        if not hasattr(generator, "__iter__"):
            return self.addNlConstr(generator, name=nameprefix)
        out = tupledict()
        for key, item in _indexed(generator):
            made = self.addNlConstr(item)
            made._name = f"{nameprefix}({','.join(map(str, key if isinstance(key, tuple) else (key,)))})"
            out[key] = made
        return out

    # -- sets and cones --------------------------------------------------------------------------

    def addSOS(self, sostype: Any, vars: Any, weights: Any = None) -> SOS:
        """A special ordered set."""
        if isinstance(sostype, SOSBuilder):
            sostype, cells, sizes = sostype._type, sostype._cells, sostype._sizes
        else:
            cells, sizes = weighed(vars, weights)
        if not isinstance(sostype, int):
            raise TypeError("Wrong number or type of arguments for overloaded function 'IModel_AddSos'.")
        if sostype not in (1, 2):
            invalid("Fail to add sos constraint")
        self._all_present(cells)
        made = SOS(self, "", sostype, cells, sizes)
        if cells:
            self._program.add(made)
        return made

    def addCone(self, vars: Any, ctype: Any = None) -> Cone:
        """A second-order cone: the first member (or twice the product of the first two) bounds the others."""
        if isinstance(vars, ConeBuilder):
            cells, ctype = vars._cells, vars._type
        else:
            cells = cells_of(vars)
        if ctype not in (COPT.CONE_QUAD, COPT.CONE_RQUAD) or len(cells) < ctype:
            invalid("Fail to add a cone")
        self._all_present(cells)
        cone = Cone(self, int(ctype), list(cells))
        cone._index, cone._state = len(self._cones), 1
        self._cones.append(cone)
        return cone

    def addCones(self, vars: Any, ctype: Any = None) -> ConeArray:
        """Several second-order cones."""
        if hasattr(vars, "_matrix"):
            refused("Model.addCones of a matrix", "add each cone by addCone")
        return ConeArray([self.addCone(item, ctype) for item in vars])

    def addConeByDim(self, dim: int, ctype: int, vtype: Any, nameprefix: str = "ConV") -> Cone:
        """A second-order cone of new variables."""
        kinds = [vtype[k] if vtype is not None else "C" for k in range(dim)]
        low = [0.0 if k < ctype else -COPT.INFINITY for k in range(dim)]
        first = len(self._program.columns)
        prefix = "ConeV" if nameprefix == "ConV" else nameprefix
        cells = [self._new_cell(low[k], COPT.INFINITY, 0.0, kinds[k], f"{prefix}_{first + k}") for k in range(dim)]
        return self.addCone([cell._facade() for cell in cells], ctype)

    def _indicator(self, builder: GenConstrBuilder, name: Any) -> GenConstr:
        raise NotImplementedError

    # -- taking out ------------------------------------------------------------------------------

    def remove(self, args: Any) -> None:
        """Take out variables and constraints, given as one, as a sequence or as a mapping."""
        if hasattr(args, "_cell"):
            self._drop(args._cell)
        elif isinstance(args, Element):
            self._drop(args)
        elif hasattr(args, "_matrix") or isinstance(args, Array):
            for item in list(args.tolist() if hasattr(args, "_matrix") else args):
                self.remove(item)
        elif hasattr(args, "__iter__") and not isinstance(args, str):
            for item in list(args.values() if hasattr(type(args), "keys") else args):
                self.remove(item)
        else:
            raise TypeError(_REMOVABLE)

    def _drop(self, item: Any) -> None:
        if isinstance(item, Variable):
            if item._column.state != 1:
                return
            self._column_names.clear()
            self._starts.pop(item, None)
            self._forget(item)
            self._program.remove(item)
            self._answer.columns_changed = True
            return
        if item._state != 1:
            return
        homes: tuple[list[Any], ...] = (self._indicators, self._cones, self._nonlinear_rows)
        for home in homes:
            if any(member is item for member in home):
                item._state = 2
                kept = [member for member in home if member is not item]
                home[:] = kept
                for at, member in enumerate(kept):
                    member._index = at
                return
        self._program.remove(item)
        self._answer.rows_changed |= isinstance(item, Constraint)
        self._answer.curved_changed |= isinstance(item, QConstraint)

    def _forget(self, cell: Variable) -> None:
        """A removed column leaves indicators and levels, or takes its indicators with it; a nonlinear row or a cone
        cannot lose one."""
        for constraint in [item for item in self._indicators if item._binary is cell]:
            self._drop(constraint)
        for constraint in self._indicators:
            constraint._form._remove_variable(cell)
        users = [*(form for row in self._nonlinear_rows for form in (row._form,))]
        objective = self._nonlinear_objective
        if objective is not None:
            users.append(objective)
        for form in users:
            if any(token is cell for token in form._tokens):
                refused("Model.remove of a variable of a nonlinear expression", "remove the row first")
            form._part._remove_variable(cell)
        if any(member is cell for cone in self._cones for member in cone._members):
            refused("Model.remove of a variable of a cone", "remove the cone first")
        for level in self._objectives.values():
            level.form._remove_variable(cell)

    def clear(self) -> None:
        """Take everything out."""
        for home in (self._program.columns, self._program.rows, self._program.quadratic_rows, self._program.sets):
            for item in list(home):
                if isinstance(item, Variable):
                    item._column.state = 2
                else:
                    item._state = 2
            home.clear()
        for part in (self._indicators, self._cones, self._nonlinear_rows, self._objectives, self._starts):
            part.clear()
        self._column_names.clear()
        self._program.quadratic, self._program.offset = [], 0.0
        self._nonlinear_objective = None
        self._answer = type(self._answer)()


def _name(name: Any) -> str:
    return "" if name is None else tidy(name, "IModel_Add")


def _owned(form: Any) -> Any:
    """The form of a builder, which is not changed by the row."""
    return form


def _is_scalar(value: Any) -> bool:
    return isinstance(value, int | float | str) or hasattr(value, "__index__")


_WRONG_INDEX = "'int', 'float' or 'str' object(s) are required for argument 'indices'"


def _members(index: Any) -> list[Any]:
    """The members of one index."""
    if isinstance(index, str):
        raise TypeError(_WRONG_INDEX)
    if isinstance(index, GeneratorType) or not hasattr(index, "__iter__"):
        raise TypeError(_WRONG_INDEX)
    members = list(index.keys() if hasattr(type(index), "keys") else index)
    for item in members:
        parts = item if isinstance(item, tuple) else (item,)
        if not all(_is_scalar(part) for part in parts):
            raise TypeError(_WRONG_INDEX)
    return members


def _keys(indices: tuple[Any, ...]) -> list[tuple[Any, tuple[int, ...]]]:
    """Keys with their positions in each index."""
    if not indices:
        raise TypeError("'indices' is required to add variables to model")
    first = indices[0]
    if hasattr(first, "__index__"):
        wrong = next((i for i in indices if not hasattr(i, "__index__")), None)
        if wrong is not None:
            raise TypeError(f"'{type(wrong).__name__}' object cannot be interpreted as an integer")
        lists: list[list[Any]] = [list(range(int(i))) for i in indices]
    elif isinstance(first, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    else:
        lists = []
        for index in indices:
            if lists and not hasattr(index, "__iter__"):
                raise TypeError(f"'{type(index).__name__}' object is not iterable")
            lists.append(_members(index))
    if len(lists) > 1 and not all(lists) and lists[0] and not isinstance(lists[0][0], int):
        raise IndexError("list index out of range")
    if len(lists) == 1:
        return [(key, (k,)) for k, key in enumerate(lists[0])]
    out = []
    for chosen in product(*(enumerate(members) for members in lists)):
        key: tuple[Any, ...] = ()
        for _, part in chosen:
            key += part if isinstance(part, tuple) else (part,)
        out.append((key, tuple(k for k, _ in chosen)))
    return out


def _is_listed(given: Any) -> bool:
    return hasattr(given, "__iter__") and not isinstance(given, str) and not hasattr(type(given), "keys")


def _values(given: Any, keys: list[tuple[Any, tuple[int, ...]]], default: Any) -> Iterator[Any]:
    """One value per key: the same for all, by key, or by position in (nested) sequences.

    As in coptpy a mapping is asked for keys as tuples, where none is known all get the default, and where some are
    missing there is an IndexError.
    """
    if given is None:
        return iter([default] * len(keys))
    if hasattr(type(given), "keys"):
        known = getattr(given, "_data", given)
        found = [key if isinstance(key, tuple) else (key,) for key, _ in keys]
        listed = [known[key] for key in found if key in known]
        if not listed:
            return iter([default] * len(keys))
        return iter([listed[k] for k in range(len(keys))])
    if not _is_listed(given):
        return iter([given] * len(keys))
    out = []
    flat = list(given)
    deep = bool(flat) and _is_listed(flat[0])
    for k, (_, place) in enumerate(keys):
        item: Any = given if deep else flat[k]
        for at in place if deep else ():
            item = item[at]
        out.append(item)
    return iter(out)


def _loop_variables(code: CodeType) -> list[str]:
    """The names that a generator sets, in order; some may be shared with inner generators."""
    stores = (item.argval for item in dis.get_instructions(code) if item.opname in ("STORE_FAST", "STORE_DEREF"))
    return list(dict.fromkeys(stores))


def _indexed(source: Any) -> Iterator[tuple[Any, Any]]:
    """What is iterated over, by the loop variables of a generator, else by position."""
    if hasattr(type(source), "keys"):
        yield from ((k, key) for k, key in enumerate(source))
        return
    if not isinstance(source, GeneratorType):
        yield from enumerate(source)
        return
    names = _loop_variables(source.gi_code)
    for item in source:
        held = source.gi_frame.f_locals if source.gi_frame is not None else {}
        found = tuple(held[name] for name in names if name in held)
        if len(found) == 1:
            yield found[0], item
        else:
            flat: tuple[Any, ...] = ()
            for part in found:
                flat += part if isinstance(part, tuple) else (part,)
            yield flat, item


