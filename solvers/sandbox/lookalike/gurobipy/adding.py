"""Adding variables and constraints to a model."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import partial
from math import isfinite, isnan
from typing import Any

import numpy as np

from solvers.sandbox.lookalike.core.expressions import Column as Data
from solvers.sandbox.lookalike.core.expressions import Comparison, Linear, Quadratic, Term, Variable, is_number
from solvers.sandbox.lookalike.gurobipy.attributes import bounds_of, note_once
from solvers.sandbox.lookalike.gurobipy.constraints import SOS, Constr, QConstr
from solvers.sandbox.lookalike.gurobipy.containers import tupledict
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, GurobiError
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, NLExpr, QuadExpr, TempConstr, Var, new_variable
from solvers.sandbox.lookalike.gurobipy.general import GenExpr
from solvers.sandbox.lookalike.gurobipy.general_adding import GeneralAdding, general_of
from solvers.sandbox.lookalike.gurobipy.store import Store

KINDS = frozenset("BCISN")
LONGEST_NAME = 255


def text(value: Any) -> str:
    """A name. Raises AttributeError for what is none, as gurobipy does."""
    if not isinstance(value, str):
        raise AttributeError(f"{type(value).__name__!r} object has no attribute 'encode'")
    if len(value) > LONGEST_NAME:
        raise GurobiError(INVALID_ARGUMENT, f"Name too long (maximum name length is {LONGEST_NAME} characters)")
    return value


def number(value: Any) -> float:
    """A bound or coefficient. Raises TypeError, and GurobiError for no number."""
    if type(value) is float:
        result = value
    elif is_number(value):
        result = float(value)
    elif hasattr(value, "item") and getattr(value, "size", 0) == 1 and not isinstance(value, Term):
        result = float(value.item())
    else:
        raise TypeError(f"must be real number, not {type(value).__name__}")
    if isnan(result):
        raise GurobiError(INVALID_ARGUMENT, "Element 0 of a double array is Nan or Inf.")
    return result


def finite_terms(form: Linear | Quadratic) -> None:
    """Raise GurobiError for a coefficient or constant that is no finite number."""
    part = form._part if isinstance(form, Quadratic) else form
    weights = form._weights[: form._count] if isinstance(form, Quadratic) else []
    if isnan(part._constant) or not isfinite(sum(part._coefficients())) or not isfinite(sum(weights)):
        if all(map(isfinite, (*part._coefficients(), *weights))) and not isnan(part._constant):
            return  # the sum alone is too large
        raise GurobiError(INVALID_ARGUMENT, "Element 0 of a double array is Nan or Inf.")


def kind_letter(vtype: Any) -> str:
    """The letter of a variable's type, by the first one of what is given."""
    letter = vtype[0].upper()
    if letter not in KINDS:
        raise GurobiError(INVALID_ARGUMENT, f"Invalid variable type '{vtype}'")
    return str(letter)


def make_variable(store: Store, lb: Any, ub: Any, obj: Any, vtype: Any, name: str) -> Var:
    """A variable that waits for the next update."""
    lower, upper, kind = number(lb), number(ub), kind_letter(vtype)
    if kind == "B":
        lower, upper = max(lower, 0.0), min(upper, 1.0)
    variable = new_variable(Data(store, name, lower, upper, number(obj), kind))
    store.add(variable)
    return variable


class Adding(GeneralAdding):
    """The part of `Model` that adds."""

    _lookalike: Store

    def addVar(
        self, lb: Any = 0.0, ub: Any = 1e100, obj: Any = 0.0, vtype: Any = "C", name: Any = "", column: Any = None
    ) -> Var:
        """A new variable."""
        variable = make_variable(self._lookalike, lb, ub, obj, vtype, text(name))
        if column is not None:
            for coef, row in zip(column._coefs, column._rows):
                self._lookalike.do(partial(_set_coefficient, row, variable, coef))
        return variable

    def addVars(
        self, *indices: Any, lb: Any = 0.0, ub: Any = 1e100, obj: Any = 0.0, vtype: Any = "C", name: Any = "",
        **unknown: Any,
    ) -> tupledict:  # fmt: skip
        """New variables by all combinations of indices."""
        if unknown:
            raise TypeError(f"addVars() got unexpected keyword argument(s) {list(unknown)}")
        if not indices:
            raise IndexError("list index out of range")
        if isinstance(vtype, str) and len(vtype) != 1:
            raise ValueError(f"only single character unicode strings can be converted, got length {len(vtype)}")
        name = "" if name is None else name
        keys = list(_keys(indices))
        if len(set(keys)) != len(keys):
            raise KeyError("Duplicate keys in Model.addVars()")
        store = self._lookalike
        columns = [_spread(item, keys, default) for item, default in ((lb, 0.0), (ub, 1e100), (obj, 0.0), (vtype, "C"))]
        out = tupledict()
        for key, title, lower, upper, cost, kind in zip(keys, _titles(name, keys), *columns):
            dict.__setitem__(out, key, make_variable(store, lower, upper, cost, kind, title))
        return out

    def addConstr(self, constr: Any, /, name: Any = "") -> Any:
        """A new constraint of any sort, from a comparison."""
        if not isinstance(constr, Comparison):
            if not isinstance(constr, bool):
                raise GurobiError(INVALID_ARGUMENT, "Invalid value for Model.addConstr")
            constr = TempConstr(LinExpr(0.0 if constr else 1.0), "<", 0.0)
        return self._lookalike_added(constr, text(name))

    def _lookalike_added(self, comparison: Any, name: str) -> Any:
        left, sense, right = comparison._left, comparison._sense, comparison._right
        if sense == ">>":
            return self._lookalike_indicator_of(left, right, name)
        if isinstance(right, GenExpr):
            return general_of(self._lookalike, left, sense, right, name)
        if hasattr(left, "_reflected"):
            return left._add_rows(self, sense, right, name)
        if isinstance(left, NLExpr) or isinstance(right, NLExpr):
            return self._lookalike_nonlinear_of(left, sense, right, name)
        if sense == "=" and isinstance(right, (list, tuple)) and len(right) == 2:
            return self.addRange(left, right[0], right[1], name)
        return self._lookalike_row(left, sense, right, name)

    def _lookalike_row(self, left: Any, sense: str, right: Any, name: str) -> Any:
        """A linear or quadratic row of left - right."""
        if isinstance(left, Quadratic) or isinstance(right, Quadratic):
            return self._lookalike_curved(left, sense, right, name)
        form = LinExpr()
        for side, sign in ((left, 1.0), (right, -1.0)):
            if form._extended(side, sign) is NotImplemented:
                raise TypeError(f"unsupported operand type(s) for -: 'LinExpr' and '{type(side).__name__}'")
        finite_terms(form)
        row = Constr(self._lookalike, name, form, *bounds_of(sense, 0.0), sense)
        self._lookalike.owned(row._coefs)
        self._lookalike.add(row)
        return row

    def _lookalike_curved(self, left: Any, sense: str, right: Any, name: str) -> QConstr:
        form = QuadExpr()
        for side, sign in ((left, 1.0), (right, -1.0)):
            if form._extended(side, sign) is NotImplemented:
                raise TypeError(f"unsupported operand type(s) for -: 'QuadExpr' and '{type(side).__name__}'")
        finite_terms(form)
        merged = {v: c for v, c in form._part._merged().items() if c != 0.0}
        form._part = LinExpr._of(list(merged), list(merged.values()), form._part._constant)
        self._lookalike.owned((*form._part._variables(), *form._left, *form._right))
        row = QConstr(self._lookalike, name, form, *bounds_of(sense, 0.0), sense)
        self._lookalike.add(row)
        return row

    def addLConstr(self, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = "") -> Constr:
        """A linear constraint, from a comparison or from two sides and a sense."""
        if isinstance(lhs, Comparison):
            name = sense if isinstance(sense, str) else name
            lhs, sense, rhs = lhs._left, lhs._sense, lhs._right
        odd = (isinstance(side, Quadratic) or hasattr(side, "_reflected") for side in (lhs, rhs))
        if rhs is None or any(odd):
            raise GurobiError(0, "Invalid argument to Model.addLConstr")
        return self._lookalike_row(lhs, _sense(sense), rhs, text(name))  # type: ignore[no-any-return]

    def addQConstr(self, lhs: Any, sense: Any = None, rhs: Any = None, name: Any = "") -> Any:
        """A quadratic constraint, from a comparison or from two sides and a sense."""
        if hasattr(lhs._left if isinstance(lhs, Comparison) else lhs, "_reflected"):
            raise GurobiError(0, "Invalid argument to Model.addConstr")
        if isinstance(lhs, Comparison):
            return self.addConstr(lhs, sense if isinstance(sense, str) else name)
        return self._lookalike_row(lhs, _sense(sense), rhs, text(name))

    def addRange(self, expr: Any, lower: Any, upper: Any, name: Any = "") -> Any:
        """lower <= expr <= upper: an equation with a variable of its own, as gurobipy makes it."""
        low, high = number(lower), number(upper)
        if hasattr(expr, "_reflected"):
            raise GurobiError(0, "Invalid argument to Model.addConstr")
        if isinstance(expr, Quadratic):
            note_once(self._lookalike, "the lower side of a quadratic range, as in gurobipy")
            return self._lookalike_curved(expr, "<", high, text(name))
        form = LinExpr()
        if form._extended(expr, 1.0) is NotImplemented:
            raise TypeError(f"must be a linear expression, not {type(expr).__name__}")
        store = self._lookalike
        at = len(store.rows) + store.counts.get(id(store.rows), 0)
        title = text(name) or f"R{at}"
        gap = new_variable(Data(store, f"Rg{title}", 0.0, high - low, 0.0, "C"))
        store.add(gap)
        finite_terms(form)
        store.owned(form._variables())
        form._append(gap, 1.0)
        row = Constr(store, text(name), form, high, high, "=")
        store.add(row)
        return row

    def addConstrs(self, generator: Any, /, name: Any = "") -> tupledict:
        """Constraints from a generator; its loop variables are the keys."""
        frame = getattr(generator, "gi_frame", None)
        if frame is None:
            raise KeyError("Missing constraint index")
        out = tupledict()
        title = name if isinstance(name, str) else ""
        for constr, key in _with_keys(generator):
            label = f"{title}[{_shown(key)}]" if title else ""
            dict.__setitem__(out, key, self.addConstr(constr, label))
        return out

    def addSOS(self, type: int, vars: Any, wts: Any = None) -> SOS:
        """A special ordered set of type 1 or 2."""
        variables = list(_variables(vars))
        weights = [float(w) for w in wts] if wts is not None else [float(k) for k in range(1, len(variables) + 1)]
        if len(weights) != len(variables):
            raise GurobiError(INVALID_ARGUMENT, "Arguments vars and wts must have the same length")
        if type not in (1, 2):
            from solvers.sandbox.lookalike.gurobipy.errors import unsupported

            unsupported(f"a special ordered set of type {type}")
        self._lookalike.owned(variables)
        special = SOS(self._lookalike, "", int(type), variables, weights)
        self._lookalike.add(special)
        return special

    def chgCoeff(self, constr: Any, var: Any, newvalue: Any) -> None:
        """Set a coefficient of the matrix; it applies at the next update."""
        if not isinstance(var, Variable):
            raise TypeError(f"{var} is not a variable")
        if not isinstance(constr, Constr):
            raise TypeError(f"{constr} is not a constraint")
        self._lookalike.owned((var,))
        self._lookalike.do(partial(_set_coefficient, constr, var, number(newvalue)))


def _set_coefficient(row: Any, variable: Variable, coef: float) -> None:
    coefs = dict(row._coefs)
    coefs[variable] = coef
    row._coefs = {v: c for v, c in coefs.items() if v is not variable or c != 0.0}


def _sense(sense: Any) -> str:
    if not isinstance(sense, str) or sense[:1] not in ("<", ">", "="):
        raise GurobiError(INVALID_ARGUMENT, f"Invalid sense '{sense}'")
    return sense[:1]


def _variables(items: Any) -> list[Any]:
    if isinstance(items, Variable) or hasattr(items, "_reflected"):
        raise TypeError(f"object of type '{type(items).__name__}' has no len()")
    if isinstance(items, dict):
        return list(items.values())
    if not hasattr(items, "__getitem__"):
        raise TypeError(f"'{type(items).__name__}' object is not subscriptable")
    return [item.item() if hasattr(item, "_reflected") else item for item in items]


def _keys(indices: tuple[Any, ...]) -> Iterator[Any]:
    """The combinations of all index sets; tuples in them are spread."""
    pools: list[list[Any]] = []
    for item in indices:
        if isinstance(item, int) and not isinstance(item, bool):
            pools.append(list(range(item)))
        else:
            pools.append(list(item))
    if len(pools) == 1:
        yield from pools[0]
        return
    for combination in itertools.product(*pools):
        flat: tuple[Any, ...] = ()
        for part in combination:
            flat += part if isinstance(part, tuple) else (part,)
        yield flat


def _spread(item: Any, keys: list[Any], default: Any) -> Iterable[Any]:
    """One value per key from a value, a dictionary, a list or an array."""
    if isinstance(item, (int, float, str)) or is_number(item):
        return itertools.repeat(item, len(keys))
    if isinstance(item, dict):
        return [item.get(key, default) for key in keys]
    if hasattr(item, "__len__") or hasattr(item, "__iter__"):
        flat = _flattened(item)
        assert len(flat) == len(keys)
        return flat
    return itertools.repeat(item, len(keys))


def _flattened(item: Any) -> list[Any]:
    if isinstance(item, np.ndarray):
        return item.ravel().tolist()  # type: ignore[no-any-return]
    out: list[Any] = []
    for part in item:
        if isinstance(part, (list, tuple, np.ndarray)):
            out += _flattened(part)
        else:
            out.append(part)
    return out


def _titles(name: Any, keys: list[Any]) -> Iterable[str]:
    if isinstance(name, str):
        return [f"{name}[{_shown(key)}]" for key in keys] if name else itertools.repeat("", len(keys))
    if isinstance(name, dict):
        return [text(name[key]) for key in keys]
    titles = [text(item) for item in name]
    assert len(titles) == len(keys)
    return titles


def _shown(key: Any) -> str:
    return ",".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _with_keys(generator: Any) -> Iterator[tuple[Any, Any]]:
    """What a generator yields, each with the values of its loop variables.

    The loop variables are the names that the code of the generator stores, in the order of its loops.
    """
    import dis

    code = generator.gi_frame.f_code
    names: list[str] = []
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_FAST", "STORE_DEREF") and isinstance(step.argval, str):
            names.append(step.argval)
        elif step.opname == "STORE_FAST_STORE_FAST":
            names += list(step.argval)
        elif step.opname == "STORE_FAST_LOAD_FAST":
            names.append(step.argval[0])
    inner = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_FAST_AND_CLEAR"}
    names = [name for name in dict.fromkeys(names) if name not in inner]
    while True:
        try:
            item = next(generator)
        except StopIteration:
            return
        held = generator.gi_frame.f_locals
        found = tuple(held[name] for name in names if name in held)
        flat: tuple[Any, ...] = ()
        for part in found:
            flat += part if isinstance(part, tuple) else (part,)
        yield item, flat[0] if len(flat) == 1 else flat

