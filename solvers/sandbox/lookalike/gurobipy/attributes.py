"""Attributes of variables and constraints: reading, writing, and what is refused by name."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from solvers.sandbox.lookalike.core.expressions import is_number
from solvers.sandbox.lookalike.gurobipy.constants import ATTRIBUTES
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, UnavailableError, unsupported

UNDEFINED = 1e101
IN_FORCE = 1e-9
"""The relative slack up to which a row counts as in force."""
Reader = Callable[[Any], Any]
Writer = Callable[[Any, Any], None]


def finite(value: float) -> float:
    """A bound as gurobipy shows it: from 1e20 on it is infinite."""
    return float("inf") if value >= 1e20 else float("-inf") if value <= -1e20 else value


# -- conversions of what is written ------------------------------------------------------------------


def as_double(name: str, value: Any) -> float:
    if hasattr(value, "item") and not is_number(value):
        value = value.item()
    if not is_number(value):
        raise AttributeError(f"Attribute '{name}' takes double value")
    if value != value:
        raise AttributeError("Element 0 of a double array is Nan.")
    return float(value)


def as_int(name: str, value: Any) -> int:
    if not is_number(value):
        raise AttributeError(f"Attribute '{name}' takes integer value")
    return int(value)


def as_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise AttributeError(f"Attribute '{name}' takes string value")
    return value


def as_kind(name: str, value: Any) -> str:
    letter = value[:1].upper() if isinstance(value, str) else ""
    if letter not in ("B", "C", "I", "S", "N") or not letter:
        raise AttributeError(f"Invalid variable type '{value}'")
    return letter


def as_sense(name: str, value: Any) -> str:
    if not isinstance(value, str) or value[:1] not in ("<", ">", "=") or not value:
        raise AttributeError(f"Invalid constraint sense '{value}'")
    return value[:1]


# -- variables ---------------------------------------------------------------------------------------


def _column(slot: str, convert: Callable[[str, Any], Any], name: str) -> Writer:
    def write(item: Any, value: Any) -> None:
        column = item._column
        column.program.change(column, slot, convert(name, value))

    return write


def _kept(name: str, default: Any) -> Reader:
    def read(item: Any) -> Any:
        more = item._column.more
        return default if more is None else more.get(name, default)

    return read


def _keep(name: str, convert: Callable[[str, Any], Any]) -> Writer:
    """Remember a value that has no effect on our solvers; said once in the record."""

    def write(item: Any, value: Any) -> None:
        column = item._column
        kept = convert(name, value)
        column.program.do(lambda: _put(column, name, kept))
        note_once(column.program, f"attribute {name}")

    return write


def _put(column: Any, name: str, value: Any) -> None:
    column.more = {**(column.more or {}), name: value}


def note_once(program: Any, what: str) -> None:
    """Say in the record, once per model, that something is without effect here."""
    if what not in program.noted:
        program.noted.add(what)
        from solvers.sandbox.recorder import recorder

        recorder().noted("no effect", what)


def _x(item: Any) -> float:
    column = item._column
    return float(column.program.point[column.index])


def _reduced_cost(item: Any) -> float:
    column = item._column
    found = column.program.solved.reduced_costs
    if found is None or column.program.is_mixed:
        _refuse_lost(column.program, "RC")
        raise UnavailableError
    return float(found[column.index])


def _refuse_lost(program: Any, name: str) -> None:
    """Refuse by name the duals that gurobipy has, and the solver that answered here has not."""
    if program.solved.built.model.class_name == "LP":
        unsupported(f"the attribute {name}", f"{program.result.solver} gave no duals")


def _write_start(item: Any, value: Any) -> None:
    column = item._column
    number = as_double("Start", value)
    column.program.change(column, "start", None if number >= UNDEFINED else number)


def _in_conflict(side: str) -> Reader:
    def read(item: Any) -> int:
        column = item._column
        if column.program.conflict is None:
            raise UnavailableError
        return int(column.index in getattr(column.program.conflict, side))

    return read


def _cost_range(end: int, name: str) -> Reader:
    def read(item: Any) -> float:
        from solvers.sandbox.lookalike.gurobipy.ranging import ranging

        column = item._column
        return float(ranging(column.program, name).cost[column.index, end])

    return read


def _objective_read(item: Any) -> float:
    from solvers.sandbox.lookalike.gurobipy.objectives import form_of

    return form_of(item._column.program)._merged().get(item, 0.0)


def _objective_write(item: Any, value: Any) -> None:
    from solvers.sandbox.lookalike.gurobipy.objectives import change_coefficient

    change_coefficient(item, as_double("ObjN", value))


VARIABLE: dict[str, tuple[str, Reader, Writer | None]] = {
    "lb": ("LB", lambda v: finite(v._column.lower), _column("lower", as_double, "lb")),
    "ub": ("UB", lambda v: finite(v._column.upper), _column("upper", as_double, "ub")),
    "obj": ("Obj", lambda v: v._column.cost, _column("cost", as_double, "obj")),
    "vtype": ("VType", lambda v: v._column.kind, _column("kind", as_kind, "vtype")),
    "varname": ("VarName", lambda v: v._column.name, _column("name", as_text, "VarName")),
    "x": ("X", _x, None),
    "xn": ("Xn", lambda v: _numbered(v._column.program, _x(v)), None),
    "poolnx": ("PoolNX", lambda v: _numbered(v._column.program, _x(v)), None),
    "rc": ("RC", _reduced_cost, None),
    "start": ("Start", lambda v: UNDEFINED if v._column.start is None else v._column.start, _write_start),
    "iislb": ("IISLB", _in_conflict("lower"), None),
    "iisub": ("IISUB", _in_conflict("upper"), None),
    "saobjlow": ("SAObjLow", _cost_range(0, "SAObjLow"), None),
    "saobjup": ("SAObjUp", _cost_range(1, "SAObjUp"), None),
    "objn": ("ObjN", _objective_read, _objective_write),
    "branchpriority": ("BranchPriority", _kept("BranchPriority", 0), _keep("BranchPriority", as_int)),
    "varhintval": ("VarHintVal", _kept("VarHintVal", UNDEFINED), _keep("VarHintVal", as_double)),
    "varhintpri": ("VarHintPri", _kept("VarHintPri", 0), _keep("VarHintPri", as_int)),
    "partition": ("Partition", _kept("Partition", -1), _keep("Partition", as_int)),
    "poolignore": ("PoolIgnore", _kept("PoolIgnore", 0), _keep("PoolIgnore", as_int)),
    "vtag": ("VTag", _kept("VTag", ""), _keep("VTag", as_text)),
    "pstart": ("PStart", lambda v: _present(_kept("PStart", None)(v)), _keep("PStart", as_double)),
    "iislbforce": ("IISLBForce", lambda v: -1, None),
    "iisubforce": ("IISUBForce", lambda v: -1, None),
    "pwlobjcvx": ("PWLObjCvx", lambda v: _convex(v), None),
}
"""By small letters: the exact name, how to read it, how to write it (None: it cannot be set)."""

VARIABLE_REFUSED = (
    "BarX", "PreFixVal", "SALBLow", "SALBUp", "SAUBLow", "SAUBUp", "ScenNLB", "ScenNObj", "ScenNUB", "ScenNX",
    "UnbdRay", "VBasis", "VarPreStat",
)  # fmt: skip


def _present(value: Any) -> Any:
    if value is None:
        raise UnavailableError
    return value


def _convex(variable: Any) -> int:
    points = variable._column.program.pieces.get(variable)
    if points is None:
        return 1
    xs, ys = points
    slopes = [(ys[k + 1] - ys[k]) / (xs[k + 1] - xs[k]) for k in range(len(xs) - 1) if xs[k + 1] > xs[k]]
    return int(len(slopes) == len(xs) - 1 and all(a <= b for a, b in itertools.pairwise(slopes)))


def _numbered(program: Any, value: Any) -> Any:
    """A value of the only solution that is kept."""
    if program.parameters.get("SolutionNumber", 0) != 0 or not program.is_searched:
        raise UnavailableError
    return value


# -- constraints -------------------------------------------------------------------------------------


def _slot(slot: str, convert: Callable[[str, Any], Any], name: str) -> Writer:
    def write(item: Any, value: Any) -> None:
        item._program.change(item, slot, convert(name, value))

    return write


def right_side(row: Any) -> float:
    """The right-hand side of a row as it was written."""
    return finite(row._lower if row._sense == ">" else row._upper)


def _write_right_side(row: Any, value: Any) -> None:
    rhs = as_double("RHS", value)
    row._program.do(lambda: _set_sides(row, rhs=rhs))


def _write_sense(row: Any, value: Any) -> None:
    sense = as_sense("Sense", value)
    row._program.do(lambda: _set_sides(row, sense=sense))


def _set_sides(row: Any, rhs: float | None = None, sense: str | None = None) -> None:
    """The right-hand side and the sense both decide a row's bounds."""
    rhs = right_side(row) if rhs is None else rhs
    row._sense = row._sense if sense is None else sense
    row._lower, row._upper = bounds_of(row._sense, rhs)


def bounds_of(sense: str, rhs: float) -> tuple[float, float]:
    """The bounds of a row by its sense."""
    return (float("-inf") if sense == "<" else rhs), (float("inf") if sense == ">" else rhs)


def _slack(row: Any) -> float:
    x = row._program.point
    return float(right_side(row) - sum(c * x[v._column.index] for v, c in row._coefs.items()))


def _dual(row: Any) -> float:
    program = row._program
    found = program.solved.duals
    if found is None or program.is_mixed:
        _refuse_lost(program, "Pi")
        raise UnavailableError
    return float(found[row._index])


def _row_in_conflict(side: str) -> Reader:
    def read(item: Any) -> int:
        found = item._program.conflict
        if found is None:
            raise UnavailableError
        return int(item._index in getattr(found, side))

    return read


def _side_range(end: int, name: str) -> Reader:
    def read(row: Any) -> float:
        from solvers.sandbox.lookalike.gurobipy.ranging import ranging

        found = float(ranging(row._program, name).row[row._index, end])
        slack = _slack(row)
        if abs(slack) <= IN_FORCE * max(1.0, abs(right_side(row))):
            return found
        # A row that is not in force may be moved up to what it holds back, and away without end.
        if (end == 0) == (row._sense == ">"):
            return float("-inf") if end == 0 else float("inf")
        return right_side(row) - slack

    return read


def _pooled(name: str, default: Any) -> Reader:
    return lambda item: default if item._pool is None else item._pool.get(name, default)


def _pool(name: str, convert: Callable[[str, Any], Any]) -> Writer:
    def write(item: Any, value: Any) -> None:
        kept = convert(name, value)
        item._program.do(lambda: _put_pool(item, name, kept))
        note_once(item._program, f"attribute {name}")

    return write


def _put_pool(item: Any, name: str, value: Any) -> None:
    item._pool = {**(item._pool or {}), name: value}


def _curved_slack(row: Any) -> float:
    x = row._program.point
    value = sum(c * x[v._column.index] for v, c in row._form._part._terms())
    value += sum(w * x[a._column.index] * x[b._column.index] for a, b, w in row._form._triples())
    return float(right_side(row) - value)


ROW: dict[str, tuple[str, Reader, Writer | None]] = {
    "constrname": ("ConstrName", lambda c: c._name, _slot("_name", as_text, "ConstrName")),
    "rhs": ("RHS", right_side, _write_right_side),
    "sense": ("Sense", lambda c: c._sense, _write_sense),
    "slack": ("Slack", _slack, None),
    "pi": ("Pi", _dual, None),
    "iisconstr": ("IISConstr", _row_in_conflict("rows"), None),
    "iisconstrforce": ("IISConstrForce", lambda c: -1, None),
    "lazy": ("Lazy", _pooled("Lazy", 0), _pool("Lazy", as_int)),
    "ctag": ("CTag", _pooled("CTag", ""), _pool("CTag", as_text)),
    "dstart": ("DStart", lambda c: _present(_pooled("DStart", None)(c)), _pool("DStart", as_double)),
    "sarhslow": ("SARHSLow", _side_range(0, "SARHSLow"), None),
    "sarhsup": ("SARHSUp", _side_range(1, "SARHSUp"), None),
}
ROW_REFUSED = ("BarPi", "CBasis", "FarkasDual", "ScenNRHS")

QUADRATIC: dict[str, tuple[str, Reader, Writer | None]] = {
    "qcname": ("QCName", lambda c: c._name, _slot("_name", as_text, "QCName")),
    "qcrhs": ("QCRHS", right_side, _write_right_side),
    "qcsense": ("QCSense", lambda c: c._sense, _write_sense),
    "qcslack": ("QCSlack", _curved_slack, None),
    "qcpi": ("QCPi", lambda c: _curved_dual(c), None),
    "qctag": ("QCTag", _pooled("QCTag", ""), _pool("QCTag", as_text)),
    "iisqconstr": ("IISQConstr", _row_in_conflict("quadratic_rows"), None),
    "iisqconstrforce": ("IISQConstrForce", lambda c: -1, None),
}


def _curved_dual(row: Any) -> float:
    if row._program.parameters.get("QCPDual") == 1 and row._program.outcome is not None:
        unsupported("the attribute QCPi", "our solvers give no duals of quadratic rows")
    raise UnavailableError


SET: dict[str, tuple[str, Reader, Writer | None]] = {"iissosforce": ("IISSOSForce", lambda s: -1, None)}
SET_REFUSED = ("IISSOS",)


FIRST_FUNCTION = 9
"""From this type on a general constraint is a function of one variable (`GRB.GENCONSTR_POLY`)."""


def _kind_of(item: Any) -> int:
    return int(item._details[0])


def _of_function(name: str, default: Any) -> Reader:
    """How gurobipy approximates a function of one variable: no other general constraint has it."""
    read_pool = _pooled(name, default)

    def read_of(item: Any) -> Any:
        if _kind_of(item) < FIRST_FUNCTION:
            raise UnavailableError
        return read_pool(item)

    return read_of


GENERAL: dict[str, tuple[str, Reader, Writer | None]] = {
    "genconstrname": ("GenConstrName", lambda g: g._name, _slot("_name", as_text, "GenConstrName")),
    "genconstrtype": ("GenConstrType", _kind_of, None),
    "iisgenconstrforce": ("IISGenConstrForce", lambda g: -1, None),
    "funcnonlinear": ("FuncNonlinear", _of_function("FuncNonlinear", -1), _pool("FuncNonlinear", as_int)),
    "funcpieces": ("FuncPieces", _of_function("FuncPieces", 0), _pool("FuncPieces", as_int)),
    "funcpieceerror": ("FuncPieceError", _of_function("FuncPieceError", 0.001), _pool("FuncPieceError", as_double)),
    "funcpiecelength": ("FuncPieceLength", _of_function("FuncPieceLength", 0.01), _pool("FuncPieceLength", as_double)),
    "funcpieceratio": ("FuncPieceRatio", _of_function("FuncPieceRatio", -1.0), _pool("FuncPieceRatio", as_double)),
}
GENERAL_REFUSED = ("IISGenConstr",)

TABLES: dict[str, dict[str, tuple[str, Reader, Writer | None]]] = {
    "Var": VARIABLE, "Constr": ROW, "QConstr": QUADRATIC, "SOS": SET, "GenConstr": GENERAL,
}  # fmt: skip
REFUSED: dict[str, dict[str, str]] = {
    kind: {name.lower(): name for name in names}
    for kind, names in (
        ("Var", VARIABLE_REFUSED), ("Constr", ROW_REFUSED), ("QConstr", ()), ("SOS", SET_REFUSED),
        ("GenConstr", GENERAL_REFUSED),
    )
}


KNOWN = frozenset(name.lower() for name in ATTRIBUTES if not name.startswith("Batch"))


def read(item: Any, name: str) -> Any:
    """An attribute of a variable or constraint, in any case of letters. Raises AttributeError and GurobiError."""
    kind = type(item).__name__
    if name[:1] == "_":
        return _own(item, kind, name)
    found = TABLES[kind].get(name.lower())
    state = item._column.state if kind == "Var" else item._state
    if state == 0 and kind not in ("Var", "Constr") and name.lower() in KNOWN:
        raise GurobiError(0, f"{kind} has not yet been added to the model")
    if found is None:
        exact = REFUSED[kind].get(name.lower())
        if exact is not None and state == 1:
            unsupported(f"the attribute {exact}")
        raise AttributeError(f"'gurobipy.{kind}' object has no attribute '{name}'")
    if state == 0:
        raise AttributeError(f"Index out of range for attribute '{name}'")
    if state == 2:
        raise GurobiError(0, f"{kind} was removed from the model")
    try:
        return found[1](item)
    except UnavailableError:
        raise AttributeError(f"Unable to retrieve attribute '{name}'") from None


def _own(item: Any, kind: str, name: str) -> Any:
    """What a program has hung on an object under a name with an underscore."""
    held = item._column.more if kind == "Var" else item._pool
    if held is None or name not in held:
        raise AttributeError(f"'gurobipy.{kind}' object has no attribute '{name}'")
    return held[name]


def write(item: Any, name: str, value: Any) -> None:
    """Set an attribute; it applies at the next update. Raises AttributeError."""
    kind = type(item).__name__
    if name[:1] == "_":
        _hang(item, kind, name, value)
        return
    found = TABLES[kind].get(name.lower())
    if found is None:
        exact = REFUSED[kind].get(name.lower())
        if exact is not None:
            unsupported(f"setting the attribute {exact}")
        raise AttributeError(f"'gurobipy.{kind}' object has no attribute '{name}'")
    if found[2] is None:
        if name.lower().endswith("force"):
            unsupported(f"setting the attribute {found[0]}")
        raise AttributeError(f"Attribute '{name}' cannot be set")
    state = item._column.state if kind == "Var" else item._state
    if state == 2:
        raise GurobiError(0, f"{kind} was removed from the model")
    if state == 0 and kind not in ("Var", "Constr"):
        raise GurobiError(0, f"{kind} has not yet been added to the model")
    found[2](item, value)


def _hang(item: Any, kind: str, name: str, value: Any) -> None:
    if kind == "Var":
        column = item._column
        column.more = column.more or {}
        column.more[name] = value
    else:
        held = item._pool if item._pool is not None else {}
        held[name] = value
        object.__setattr__(item, "_pool", held)
