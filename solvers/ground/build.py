"""`ground`: a formulation and its data to a `Model`, family by family, without a loop over coefficients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.data import Data
from solvers.errors import GroundingError, Place, TypingError, UnsupportedError
from solvers.expression import free_names, parse, unparse
from solvers.expression.nodes import STRUCTURE_AGGREGATES, Aggregate, And, Call, Compare, Expr
from solvers.formulation import Constraint, Formulation, NamedExpression, Parameter, Term, Variable
from solvers.ground.assemble import assemble, quadratic
from solvers.ground.comparing import decided, only_where
from solvers.ground.context import Context
from solvers.ground.evaluator import Evaluator
from solvers.ground.frame import ROOT, Frame
from solvers.ground.order import definition_order
from solvers.ground.set_values import expand
from solvers.ground.sets import Domain, GroundSet
from solvers.ground.slots import SlotRecorder
from solvers.ground.structure import Literal, global_constraints, literal
from solvers.ground.values import ZERO, Lin, Nonlinear, Num, Poly, Quad, Quantity, Rows, Truth, add, row_array
from solvers.model import (
    CONTINUOUS,
    INTEGER,
    SEMICONTINUOUS,
    SEMIINTEGER,
    Block,
    Csr,
    Global,
    Indicators,
    Model,
    NonlinearRows,
    ObjectiveLevel,
    Quadratic,
    Sos,
)

_KIND = {
    "continuous": CONTINUOUS,
    "integer": INTEGER,
    "binary": INTEGER,
    "semicontinuous": SEMICONTINUOUS,
    "semi-integer": SEMIINTEGER,
}
MAX_COLUMNS = 2**31 - 1


def ground(formulation: Formulation, data: Data | None = None, *, tracking: bool = False) -> Model:
    """Ground a formulation on data (its own, where `data` is silent).

    `tracking` also records the slot-to-coefficient map in `Model.slots`. Raises DataError for data that
    do not fit, GroundingError naming the element and the index, TypingError for names that do not fit.
    """
    inline = Data.inline(formulation)
    merged = inline if data is None else inline.merge(data)
    return _Builder(formulation, merged, tracking).build()


class _Builder:
    def __init__(self, formulation: Formulation, data: Data, tracking: bool) -> None:
        self.f = formulation
        self.ctx = Context(formulation, data, tracking=tracking)
        self.decided = frozenset(v.name for v in formulation.variables) | {e.name for e in formulation.expressions}
        self.recorder = SlotRecorder() if tracking else None
        self.columns: list[Block] = []
        self.col_lower: list[np.ndarray] = []
        self.col_upper: list[np.ndarray] = []
        self.kinds: list[np.ndarray] = []
        self.rows: list[Block] = []
        self.pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.row_lower: list[np.ndarray] = []
        self.row_upper: list[np.ndarray] = []
        self.quadratic_rows: list[Quadratic] = []
        self.nonlinear: list[NonlinearRows] = []
        self.conditions: list[Indicators] = []
        self.globals: list[Global] = []
        self.sos: list[Sos] = []
        self.notes: list[str] = []
        self.num_columns = self.num_rows = self.nonzeros = 0

    def build(self) -> Model:
        for name in definition_order(self.f):
            self._define(name)
        for variable in self.f.variables:
            self._variable(variable)
        kinds = _concat(self.kinds, np.uint8)
        self.integral = (kinds == INTEGER) | (kinds == SEMIINTEGER)
        low, high = _concat(self.col_lower, np.float64), _concat(self.col_upper, np.float64)
        self.binary = (kinds == INTEGER) & (low >= 0.0) & (high <= 1.0)
        levels = self._objective()
        for constraint in self.f.constraints:
            self._constraint(constraint)
        starts = [np.zeros(1, np.int64)]
        offset = 0
        for start, index, _ in self.pieces:
            starts.append(start[1:] + offset)
            offset += len(index)
        start = np.concatenate(starts)
        if offset < MAX_COLUMNS:
            start = start.astype(np.int32)
        index = _concat([p[1] for p in self.pieces], np.int32)
        value = _concat([p[2] for p in self.pieces], np.float64)
        model = Model(
            name=self.f.name,
            sense=self.f.objective.sense,
            levels=levels,
            matrix=Csr(start, index, value, self.num_columns),
            row_lower=_concat(self.row_lower, np.float64),
            row_upper=_concat(self.row_upper, np.float64),
            col_lower=low,
            col_upper=high,
            kinds=kinds,
            columns=tuple(self.columns),
            rows=tuple(self.rows),
            quadratic_rows=_merge_quadratic(self.quadratic_rows),
            nonlinear_rows=tuple(self.nonlinear),
            indicators=_merge_indicators(self.conditions),
            sos=tuple(self.sos),
            globals=tuple(self.globals),
            notes=tuple(self.notes),
        )
        return model if self.recorder is None else replace(model, slots=self._slot_map())

    def _slot_map(self):  # type: ignore[no-untyped-def]
        assert self.recorder is not None
        given = [p for p in self.f.parameters if p.expr is None and p.values_in is None]
        grounded = {p.name: self.ctx.parameter(p) for p in given}
        return self.recorder.finish(
            {n: g.values for n, g in grounded.items()},
            {n: g.domain for n, g in grounded.items()},
            self.ctx.structural,
            self.ctx.universe,
        )

    def _mark_nonlinear(self, text: str) -> None:
        """Templates do not record slots: every parameter behind a nonlinear formula needs a new grounding."""
        if self.recorder is None:
            return
        pending: list[str] = [text]
        seen: set[str] = set()
        while pending:
            for name in free_names(parse(pending.pop())) - seen:
                seen.add(name)
                declared = self.f.by_name.get(name)
                expr = getattr(declared, "expr", None)
                if isinstance(declared, Parameter):
                    self.ctx.structural.add(name)
                if expr is not None:
                    pending.append(expr)

    def _define(self, name: str) -> None:
        declared = self.f.by_name[name]
        ev = Evaluator(self.ctx, Place(name))
        if isinstance(declared, Parameter):
            self.ctx.parameter(declared)
        elif getattr(declared, "over", ()):
            self.ctx.indexed_set(name, ev)
        else:
            self.ctx.ground_set(name, ev)

    # -- variables ---------------------------------------------------------------------------

    def _variable(self, variable: Variable) -> None:
        if variable.name in self.ctx.blocks:
            raise TypingError(f"{variable.name!r} is declared twice", place=Place(variable.name), remedy="rename one")
        frame, domain, names = self.ctx.over(variable.name, variable.over)
        self._refuse_empty(variable, domain)
        semi = _KIND[variable.domain] in (SEMICONTINUOUS, SEMIINTEGER)
        lower = self._bound(variable, "lower", 0.0 if semi else -np.inf, frame)
        upper = self._bound(variable, "upper", np.inf, frame)
        n = frame.n
        low, high = lower.array(n), upper.array(n)
        if variable.domain == "binary":
            low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
        self._check_bounds(variable, low, high, frame)
        if self.recorder is not None:
            at = np.arange(n) + self.num_columns
            self.recorder.record(lower.deps, "col_lower", at)
            self.recorder.record(upper.deps, "col_upper", at)
        block = Block(variable.name, self.num_columns, n, names, domain if names else None, self.ctx.universe)
        self.columns.append(block)
        self.col_lower.append(low)
        self.col_upper.append(high)
        self.kinds.append(np.full(n, _KIND[variable.domain], dtype=np.uint8))
        self.num_columns += n
        if self.num_columns > MAX_COLUMNS:
            raise GroundingError(f"more than {MAX_COLUMNS:,} columns", place=Place(variable.name))
        self.ctx.blocks[variable.name] = block

    def _refuse_empty(self, variable: Variable, domain: Domain) -> None:
        """A computed set that comes out empty is a mistake; an empty listed or bound set is data."""
        for factor in domain.factors:
            declared = self.f.by_name.get(factor.name)
            if factor.size == 0 and getattr(declared, "expr", None) is not None:
                raise GroundingError(
                    f"{variable.name} is indexed over {factor.name}, which is empty: {declared.expr}",  # type: ignore[union-attr]
                    place=Place(variable.name, "over"),
                    remedy="check the numbers that the set is computed from",
                )

    def _bound(self, variable: Variable, which: str, default: float, frame: Frame) -> Num:
        text = getattr(variable, which)
        if text is None:
            return Num(default)
        ev = Evaluator(self.ctx, Place(variable.name, which))
        with ev.placing(text):
            return ev.number(parse(text), frame)

    def _check_bounds(self, variable: Variable, low: np.ndarray, high: np.ndarray, frame: Frame) -> None:
        bad = np.isnan(low) | np.isnan(high) | (low > high) | (low == np.inf) | (high == -np.inf)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            index = frame.describe(row, self.ctx.universe) if frame.columns else None
            raise GroundingError(
                f"impossible bounds: lower {low[row]:g}, upper {high[row]:g}",
                place=Place(variable.name, "bounds", index=index),
                remedy="correct the bound, or the data behind it",
            )
        if variable.domain in ("semicontinuous", "semi-integer") and not np.all(np.isfinite(high)):
            raise GroundingError(
                f"a {variable.domain} variable needs a finite upper bound",
                place=Place(variable.name, "upper"),
                remedy="give the largest amount that can occur",
            )

    # -- objective ---------------------------------------------------------------------------

    def _objective(self) -> tuple[ObjectiveLevel, ...]:
        terms = self.f.objective.terms
        priorities = sorted({t.priority for t in terms}, reverse=True) or [0]
        return tuple(
            self._level(p, [t for t in terms if t.priority == p], first=k == 0) for k, p in enumerate(priorities)
        )

    def _level(self, priority: int, terms: list[Term], *, first: bool) -> ObjectiveLevel:
        total: Quantity = ZERO
        for term in terms:
            ev = Evaluator(self.ctx, Place(f"objective term {term.name}", "expr"))
            with ev.placing(term.expr):
                value = ev.quantity(parse(term.expr), ROOT)
            if isinstance(value, Nonlinear):
                self._mark_nonlinear(term.expr)
            self._refuse_nonfinite(value, Place(ev.place.element), ROOT)
            total = add(total, value, 1)
        costs = np.zeros(self.num_columns)
        if isinstance(total, Nonlinear):
            return ObjectiveLevel(costs, nonlinear=total.template, priority=priority)
        if isinstance(total, Num):
            total = Poly(total)
        for chunk in total.lin:
            _add_costs(costs, chunk)
            if self.recorder is not None:
                self.recorder.record(chunk.deps, "cost" if first else "opaque", chunk.cols)
        if self.recorder is not None:
            self.recorder.record(total.const.deps, "offset" if first else "opaque", np.zeros(1, np.int64))
            for q in total.quad:
                self.recorder.record(q.deps, "opaque", np.zeros(len(q.i), np.int64))
        offset = float(total.const.array(1)[0])
        return ObjectiveLevel(costs, offset, quadratic(1, total.quad, None), priority=priority)

    # -- constraints -------------------------------------------------------------------------

    def _constraint(self, constraint: Constraint) -> None:
        frame, domain, names = self.ctx.over(constraint.name, constraint.over)
        ev = Evaluator(self.ctx, Place(constraint.name, "expr"))
        with ev.placing(constraint.expr):
            parts = _conjuncts(parse(constraint.expr), self.decided)
            for part, expr in enumerate(parts):
                self._part(constraint, part, expr, ev, frame, domain, names)

    def _part(
        self,
        constraint: Constraint,
        part: int,
        expr: Expr,
        ev: Evaluator,
        frame: Frame,
        domain: Domain,
        names: tuple[str, ...],
    ) -> None:
        while isinstance(expr, Aggregate) and expr.func == "all":
            frame, _ = expand(ev, frame, expr.generators)
            names = names + tuple(n for gen in expr.generators for n in gen.targets)
            columns = tuple(frame.columns[n] for n in names)
            domain = Domain((GroundSet(tuple(c.values for c in columns), tuple(c.kind for c in columns)),))
            expr = expr.args[0]
        for sub in _conjuncts(expr, self.decided):
            if isinstance(sub, Aggregate) and sub.func in STRUCTURE_AGGREGATES:
                self._structure(constraint, sub, ev, frame, domain, names)
                continue
            condition, sub = self._condition(sub, ev, frame)
            value = ev.value(sub, frame)
            if isinstance(value, Truth):
                value = decided(value.array(frame.n))
            if isinstance(value, Rows) and isinstance(value.body, Nonlinear):
                self._mark_nonlinear(constraint.expr)
            if not isinstance(value, Rows):
                raise TypingError(
                    f"a constraint must compare: {unparse(sub)}", place=ev.place, remedy="write <=, >= or == something"
                )
            parts = sum(b.name == constraint.name for b in self.rows[-8:])
            if condition is not None:
                self._mark_nonlinear(constraint.expr)
                value = self._conditional(value, condition, ev, sub)
            self._rows(constraint.name, max(part, parts), value, frame, domain, names, noted=condition is None)

    def _structure(
        self, constraint: Constraint, expr: Aggregate, ev: Evaluator, frame: Frame, domain: Domain,
        names: tuple[str, ...],
    ) -> None:
        self._mark_nonlinear(constraint.expr)
        block = Block(constraint.name, 0, frame.n, names, domain if names else None, self.ctx.universe)
        for item in global_constraints(ev, expr, frame, block.label, self._is_binary):
            if isinstance(item, Sos):
                self.sos.append(item)
            else:
                self.globals.append(item)

    def _is_binary(self, columns: np.ndarray) -> np.ndarray:
        return self.binary[columns]

    def _condition(self, expr: Expr, ev: Evaluator, frame: Frame) -> tuple[Literal | None, Expr]:
        """The condition of `implies(b == 1, row)` on a binary, and the row; conditions on data are left alone."""
        if not isinstance(expr, Call) or expr.func != "implies" or not self._decides(expr.args[0]):
            return None, expr
        return literal(ev, expr.args[0], frame, self._is_binary), expr.args[1]

    def _decides(self, expr: Expr) -> bool:
        """Whether a formula depends on a variable, through named expressions."""
        pending, seen = [expr], set[str]()
        while pending:
            for name in free_names(pending.pop()) - seen:
                seen.add(name)
                declared = self.f.by_name.get(name)
                if isinstance(declared, Variable):
                    return True
                if isinstance(declared, NamedExpression):
                    pending.append(parse(declared.expr))
        return False

    def _conditional(self, rows: Rows, condition: Literal, ev: Evaluator, expr: Expr) -> Rows:
        """Register the rows that come next as conditional; those whose condition never holds are free."""
        if isinstance(rows.body, Nonlinear) or rows.body.quad:
            raise UnsupportedError(
                f"{unparse(expr)} under a condition on decisions is not linear", place=ev.place,
                remedy="introduce a variable for its value, bound by rows that always hold",
            )
        open_rows = np.flatnonzero(condition.decided < 0)
        self.conditions.append(
            Indicators(open_rows + self.num_rows, condition.column[open_rows], condition.active[open_rows])
        )
        return only_where(condition.decided != 0, rows) if np.any(condition.decided == 0) else rows

    def _rows(
        self, name: str, part: int, rows: Rows, frame: Frame, domain: Domain, names: tuple[str, ...],
        *, noted: bool = True,
    ) -> None:
        n = frame.n
        block = Block(name, self.num_rows, n, names, domain if names else None, self.ctx.universe, part)
        place = Place(name)
        self._refuse_nonfinite(rows.body, place, frame, constants=False)
        at = np.arange(n) + self.num_rows
        if isinstance(rows.body, Nonlinear):
            piece = assemble(n, (), places=False)
            constant = np.zeros(n)
            self.nonlinear.append(NonlinearRows(at, rows.body.template))
            if rows.strict.any():
                raise self._strict(place, frame, int(np.flatnonzero(rows.strict)[0]))
        else:
            piece = assemble(n, rows.body.lin, places=self.recorder is not None)
            constant = rows.body.const.array(n)
            quad = quadratic(n, rows.body.quad, self.num_rows)
            if quad is not None:
                self.quadratic_rows.append(quad)
            self._record(rows, rows.body, piece.place, at)
        lower, upper = rows.lower.array(n), rows.upper.array(n)
        with np.errstate(invalid="ignore"):
            low = np.where(lower == -np.inf, -np.inf, lower - constant)
            high = np.where(upper == np.inf, np.inf, upper - constant)
        if rows.strict.any() and not isinstance(rows.body, Nonlinear):
            low, high = self._tighten(rows, rows.body, piece.start, piece.index, piece.value, low, high, place, frame)
        bad = np.isnan(low) | np.isnan(high) | (low == np.inf) | (high == -np.inf)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise GroundingError(
                f"impossible row bounds {low[row]:g} and {high[row]:g}",
                place=Place(name, index=frame.describe(row, self.ctx.universe) or None),
                remedy="check the data on both sides",
            )
        if noted:
            self._note_constant_rows(block, piece.start, rows, low, high)
        self.pieces.append((piece.start, piece.index, piece.value))
        self.row_lower.append(low)
        self.row_upper.append(high)
        self.rows.append(block)
        self.num_rows += n
        self.nonzeros += len(piece.index)

    def _record(self, rows: Rows, body: Poly, places: list[np.ndarray], at: np.ndarray) -> None:
        if self.recorder is None:
            return
        for chunk, place in zip([c for c in body.lin if len(c.cols)], places):
            self.recorder.record(chunk.deps, "matrix", place + self.nonzeros)
        for q in body.quad:
            self.recorder.record(q.deps, "opaque", np.zeros(len(q.i), np.int64))
        constant = "opaque" if rows.strict.any() else "row_constant"
        self.recorder.record(body.const.deps, constant, at)  # type: ignore[arg-type]
        self.recorder.record(rows.lower.deps, "row_lower", at)
        self.recorder.record(rows.upper.deps, "row_upper", at)

    def _tighten(
        self,
        rows: Rows,
        body: Poly,
        start: np.ndarray,
        index: np.ndarray,
        value: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        place: Place,
        frame: Frame,
    ) -> tuple[np.ndarray, np.ndarray]:
        """`<` and `>` over whole-number expressions become `<=` and `>=` one further."""
        whole = self.integral[index] & (value == np.rint(value))
        counts = np.diff(start)
        owner = np.repeat(np.arange(len(counts)), counts)
        fractional = np.bincount(owner, weights=~whole, minlength=len(counts)) > 0
        if body.quad:
            fractional[:] = True
        bad = rows.strict & fractional
        if bad.any():
            raise self._strict(place, frame, int(np.flatnonzero(bad)[0]))
        high = np.where(rows.strict & np.isfinite(high), np.ceil(high) - 1, high)
        low = np.where(rows.strict & np.isfinite(low), np.floor(low) + 1, low)
        return low, high

    def _strict(self, place: Place, frame: Frame, row: int) -> TypingError:
        index = frame.describe(row, self.ctx.universe) or None
        return TypingError(
            "a strict comparison over continuous variables has no optimum",
            place=Place(place.element, index=index),
            remedy="write <= or >=, or make the variables and coefficients whole numbers",
        )

    def _note_constant_rows(
        self, block: Block, start: np.ndarray, rows: Rows, low: np.ndarray, high: np.ndarray
    ) -> None:
        if isinstance(rows.body, Nonlinear) or rows.body.quad:
            return
        false = (np.diff(start) == 0) & ((low > 1e-9) | (high < -1e-9))
        if false.any():
            row = int(np.flatnonzero(false)[0])
            self.notes.append(
                f"{block.label(row)} holds no variable and is false: 0 is not within [{low[row]:g}, {high[row]:g}]; "
                "a sum over an empty set, or data that contradict each other"
            )

    def _refuse_nonfinite(self, value: Quantity, place: Place, frame: Frame, *, constants: bool = True) -> None:
        if isinstance(value, Nonlinear):
            return
        chunks: tuple[Lin | Quad, ...] = () if isinstance(value, Num) else (*value.lin, *value.quad)
        const = value if isinstance(value, Num) else value.const
        values = [(const.values, None)] if constants else []
        for coefs, rows in [*values, *((c.coefs, c.rows) for c in chunks)]:
            bad = ~np.isfinite(np.atleast_1d(np.asarray(coefs)))
            if bad.any():
                entry = int(np.flatnonzero(bad)[0])
                row = entry if rows is None else int(row_array(rows)[entry])
                index = frame.describe(min(row, frame.n - 1), self.ctx.universe) or None
                raise GroundingError(
                    f"a coefficient is {np.atleast_1d(np.asarray(coefs))[entry]}",
                    place=Place(place.element, index=index),
                    remedy="coefficients must be finite numbers; inf is for bounds only",
                )


def _add_costs(costs: np.ndarray, chunk: Lin) -> None:
    """Add a chunk's entries to the dense cost vector; a run of consecutive columns is added in one go."""
    cols = chunk.cols
    if len(cols) and int(cols[-1]) - int(cols[0]) == len(cols) - 1 and bool((cols[1:] > cols[:-1]).all()):
        costs[int(cols[0]) : int(cols[0]) + len(cols)] += chunk.coefs
        return
    weights = np.broadcast_to(np.asarray(chunk.coefs, dtype=float), (len(cols),))
    costs += np.bincount(cols, weights=weights, minlength=len(costs))


def _conjuncts(expr: Expr, decided: frozenset[str]) -> list[Expr]:
    """The comparisons of a conjunction; chains are split but for data <= body <= data, which is one row.

    `decided` names what may hold variables.
    """
    if isinstance(expr, And):
        return [c for item in expr.items for c in _conjuncts(item, decided)]
    if isinstance(expr, Compare) and len(expr.ops) > 1:
        one_way = {"<=", "<"}.issuperset(expr.ops) or {">=", ">"}.issuperset(expr.ops)
        ends = free_names(expr.operands[0]) | free_names(expr.operands[-1])
        if len(expr.ops) > 2 or ends & decided or not one_way:
            return [Compare((a, b), (op,), expr.pos) for op, a, b in zip(expr.ops, expr.operands, expr.operands[1:])]
    return [expr]


def _merge_quadratic(parts: list[Quadratic]) -> Quadratic | None:
    if not parts:
        return None
    rows = [p.row for p in parts if p.row is not None]
    return Quadratic(
        np.concatenate([p.i for p in parts]),
        np.concatenate([p.j for p in parts]),
        np.concatenate([p.coef for p in parts]),
        np.concatenate(rows),
    )


def _merge_indicators(parts: list[Indicators]) -> Indicators | None:
    parts = [p for p in parts if len(p.row)]
    if not parts:
        return None
    return Indicators(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("row", "column", "active")))


def _concat(parts: list[np.ndarray], dtype: object) -> np.ndarray:
    if not parts:
        return np.zeros(0, dtype=dtype)  # type: ignore[call-overload,no-any-return]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


__all__ = ["ground"]
