"""Formulas evaluated over whole index frames at once, in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import pi
from typing import assert_never

import numpy as np

from solvers.errors import ExpressionError, FormulateError, GroundingError, Place, TypingError
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Not,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)
from solvers.expression.nodes import (
    Num as NumNode,
)
from solvers.expression.printer import unparse
from solvers.expression.walk import free_names
from solvers.formulation import IndexSet, NamedExpression, Parameter, Variable
from solvers.ground import comparing, functions
from solvers.ground.context import Context
from solvers.ground.frame import ROOT, Frame
from solvers.ground.set_values import contains, evaluate_set
from solvers.ground.sets import Column, Domain, GroundSet, as_kind
from solvers.ground.values import (
    ZERO,
    Idx,
    Lin,
    Nonlinear,
    Num,
    Poly,
    Quantity,
    Rows,
    Truth,
    Value,
    add,
    neg,
    scatter,
    take,
)

_CONSTANTS = {"pi": pi, "inf": float("inf")}


class Evaluator:
    """Evaluates the formulas of one element; `place` says which, for messages."""

    def __init__(self, ctx: Context, place: Place) -> None:
        self.ctx = ctx
        self.place = place

    # -- errors ------------------------------------------------------------------------------

    def error(
        self, message: str, expr: Expr | None, *, frame: Frame | None = None, row: int | None = None, remedy: str = ""
    ) -> GroundingError:
        """An error placed at this element, the formula concerned and, where given, one index."""
        index = frame.describe(row, self.ctx.universe) if frame is not None and row is not None else None
        if expr is not None:
            text = unparse(expr)
            message = f"{message}, in {text if len(text) <= 80 else text[:77] + '...'}"
        place = Place(self.place.element, self.place.field, None, index or None)
        return GroundingError(message, place=place, remedy=remedy or "mend the formula; see docs/LANGUAGE.md")

    @contextmanager
    def placing(self, source: str) -> Iterator[None]:
        """Give parse errors of a formula the place of this element."""
        try:
            yield
        except ExpressionError as exc:
            if exc.place.element:
                raise
            raise exc.at(self.place.element, self.place.field) from None
        except RecursionError:
            raise GroundingError(
                "named expressions or definitions nest too deeply", place=self.place, remedy="shorten the chain"
            ) from None

    # -- typed views -------------------------------------------------------------------------

    def quantity(self, expr: Expr, frame: Frame) -> Quantity:
        """A formula that must be a number: data, polynomial or template."""
        return self.as_quantity(self.value(expr, frame), expr)

    def as_quantity(self, value: Value, expr: Expr) -> Quantity:
        """A value seen as a number."""
        match value:
            case Num() | Poly() | Nonlinear():
                return value
            case Idx(column):
                if column.kind == "label":
                    raise self.error("a label is used as a number", expr, remedy="use ord(i, S) for its position")
                return Num(column.values.astype(np.float64))
            case Truth(values):
                return Num(values.astype(np.float64) if isinstance(values, np.ndarray) else float(values))
            case Rows():
                raise self.error(
                    "a comparison over variables is used as a number",
                    expr,
                    remedy="introduce a binary variable and link it with implies(...)",
                )
            case _:
                assert_never(value)

    def number(self, expr: Expr, frame: Frame) -> Num:
        """A formula that must be data."""
        return self.as_number(self.value(expr, frame), expr, frame)

    def as_number(self, value: Value, expr: Expr, frame: Frame) -> Num:
        """A value seen as data; variables are refused."""
        quantity = self.as_quantity(value, expr)
        if isinstance(quantity, Num):
            return quantity
        raise self.error("a variable stands where only data may", expr, remedy="use parameters and indices here")

    def truth(self, expr: Expr, frame: Frame) -> Truth:
        """A condition that must be decided on data."""
        value = self.value(expr, frame)
        if isinstance(value, Truth):
            return value
        if isinstance(value, Rows) or (isinstance(value, Poly) and value.lin):
            raise self.error(
                "a condition depends on a variable",
                expr,
                remedy="conditions choose on data; for decisions use implies(...) with a binary variable",
            )
        raise self.error("a condition (a comparison) is expected", expr, remedy="compare it, for example p[i] > 0")

    # -- indices -----------------------------------------------------------------------------

    def key_columns(self, keys: Sequence[Expr], frame: Frame) -> list[Column]:
        """Index formulas as columns over a frame."""
        return [self.key_column(key, frame) for key in keys]

    def key_column(self, key: Expr, frame: Frame) -> Column:
        """One index formula as a column."""
        if isinstance(key, Name) and key.id in frame.columns:
            return frame.columns[key.id]
        value = self.value(key, frame)
        if isinstance(value, Idx):
            return value.column
        number = self.as_number(value, key, frame)
        self.ctx.mark_structural(number)
        array = number.array(frame.n)
        whole = np.rint(array)
        if not np.array_equal(whole, array) or not np.all(np.abs(whole) < 2**53):
            row = int(np.flatnonzero(~((whole == array) & (np.abs(whole) < 2**53)))[0])
            raise self.error(f"the index {array[row]:g} is not a whole number", key, frame=frame, row=row)
        return Column(whole.astype(np.int64), "int")

    def same_kind(self, columns: list[Column]) -> list[Column]:
        """Columns brought to one kind, so that equal elements have equal values."""
        if len({c.kind for c in columns}) == 1:
            return columns
        universe = self.ctx.universe
        out = []
        for c in columns:
            if c.kind == "int":
                for v in np.unique(c.values):
                    universe.code(int(v))
                c = Column(as_kind(c, "label", universe), "label")
            out.append(c)
        return out

    def locate(
        self, base: str, domain: Domain, columns: list[Column], frame: Frame, keys: Sequence[Expr]
    ) -> np.ndarray:
        """Flat positions of keys in a domain; a key outside is an error, never a silent zero."""
        if len(columns) != domain.dimension:
            raise TypingError(
                f"{base} takes {domain.dimension} index(es), not {len(columns)}",
                place=self.place,
                remedy=f"write {base}[" + ", ".join("ijklmn"[: domain.dimension]) + "]" if domain.dimension else base,
            )
        flat = domain.positions(columns, self.ctx.universe)
        if len(flat) and flat.min() < 0:
            row = int(np.argmin(flat))
            labels = tuple(self.ctx.universe.decode(int(c.values[row]), c.kind) for c in columns)
            culprit, where = domain.culprit(columns, row, self.ctx.universe)
            shown = ", ".join(map(repr, culprit or labels))
            raise self.error(
                f"{base}[{', '.join(map(repr, labels))}] does not exist: {shown} is not in {where or 'its index'}",
                Ref(base, tuple(keys)),
                frame=frame,
                row=row,
                remedy=f"write ({base}[...] if ... in {where or 'its set'} else 0), or correct the index",
            )
        return flat

    # -- evaluation --------------------------------------------------------------------------

    def value(self, expr: Expr, frame: Frame) -> Value:
        """The value of a formula on every row of a frame."""
        match expr:
            case NumNode(value):
                try:
                    return Num(float(value))
                except OverflowError:
                    raise self.error("a number beyond 1.8e308", expr, remedy="write inf for no bound") from None
            case Str(value):
                return Idx(Column(np.full(frame.n, self.ctx.universe.code(value)), "label"))
            case Name(id):
                return self._name(id, frame)
            case Ref(base, keys):
                return self._ref(base, keys, frame)
            case Neg(operand):
                return neg(self.quantity(operand, frame))
            case Add(terms, signs):
                return self._sum(terms, signs, frame)
            case BinOp():
                return functions.binary(self, expr, frame)
            case Compare():
                return self._compare(expr, frame)
            case And(items):
                return self._connect(items, frame, stop=False)
            case Or(items):
                return self._connect(items, frame, stop=True)
            case Not(operand):
                return Truth(np.logical_not(self.truth(operand, frame).values))  # type: ignore[arg-type]
            case IfElse():
                return self._conditional(expr, frame)
            case Call():
                return functions.call(self, expr, frame)
            case Aggregate():
                return self._aggregate(expr, frame)
            case Tuple() | SetLiteral() | SetBuilder():
                raise self.error("a set or tuple stands where a number is expected", expr)
            case _:
                assert_never(expr)

    def _name(self, name: str, frame: Frame) -> Value:
        if name in frame.columns:
            return Idx(frame.columns[name])
        if name in _CONSTANTS:
            return Num(_CONSTANTS[name])
        return self._declared(name, (), frame)

    def _declared(self, name: str, keys: tuple[Expr, ...], frame: Frame) -> Value:
        declared = self.ctx.formulation.by_name.get(name)
        match declared:
            case Parameter():
                return self._parameter(declared, keys, frame)
            case Variable():
                return self._variable(declared, keys, frame)
            case NamedExpression():
                return self._expression(declared, keys, frame)
            case IndexSet():
                raise self.error(f"the set {name!r} is used as a number", None, remedy=f"write len({name})")
            case _:
                raise self.ctx.unknown(name, self.place)

    def _ref(self, base: str, keys: tuple[Expr, ...], frame: Frame) -> Value:
        if base in frame.columns:
            raise self.error(f"the index {base!r} is itself indexed", Ref(base, keys))
        return self._declared(base, keys, frame)

    def _positions(self, name: str, domain: Domain | None, keys: tuple[Expr, ...], frame: Frame) -> np.ndarray | None:
        """Flat positions of a reference; None when they are 0 .. n - 1 in order (or the scalar)."""
        if domain is None or not domain.factors:
            if keys:
                raise TypingError(f"{name} is a scalar and takes no index", place=self.place, remedy=f"write {name}")
            return None
        if frame.grid is not None and len(keys) == len(frame.grid[0]):
            names, grid = frame.grid
            same = len(grid.factors) == len(domain.factors) and all(
                a is b for a, b in zip(grid.factors, domain.factors)
            )
            if same and all(isinstance(k, Name) and k.id == n for k, n in zip(keys, names)):
                return None
        if keys and len(keys) == domain.dimension and all(isinstance(k, Name) for k in keys):
            by_strides = frame.grid_positions([k.id for k in keys if isinstance(k, Name)], domain)
            if by_strides is not None:
                return by_strides
        if not keys:
            raise TypingError(
                f"{name} is indexed over {domain.dimension} position(s)",
                place=self.place,
                remedy=f"write {name}[...]",
            )
        return self.locate(name, domain, self.key_columns(keys, frame), frame, keys)

    def _parameter(self, declared: Parameter, keys: tuple[Expr, ...], frame: Frame) -> Value:
        ground = self.ctx.parameter(declared)
        positions = self._positions(declared.name, ground.domain, keys, frame)
        if ground.is_label:
            values = (
                ground.values
                if ground.domain is None
                else (ground.values if positions is None else ground.values[positions])
            )
            if len(values) and values.min() < 0:
                raise self._null(declared.name, int(np.argmin(values)), keys, frame)
            if ground.domain is None:
                values = np.full(frame.n, values[0])
            return Idx(Column(values, "label"))
        number = ground.at(positions, self.ctx.tracking)
        if ground.nullable:
            missing = np.isnan(number.array(frame.n))
            if missing.any():
                raise self._null(declared.name, int(np.flatnonzero(missing)[0]), keys, frame)
        return number

    def _null(self, name: str, row: int, keys: tuple[Expr, ...], frame: Frame) -> GroundingError:
        expr: Expr = Ref(name, keys) if keys else Name(name)
        return self.error(
            f"{name} has no value here",
            expr,
            frame=frame,
            row=row,
            remedy=f"guard it: ({unparse(expr)} if given({unparse(expr)}) else 0)",
        )

    def _variable(self, declared: Variable, keys: tuple[Expr, ...], frame: Frame) -> Value:
        block = self.ctx.blocks.get(declared.name)
        if block is None:
            raise self.error(
                f"the variable {declared.name!r} stands where only data may",
                None,
                remedy="sets, derived parameters and bounds are made of data",
            )
        positions = self._positions(declared.name, block.domain if block.index else None, keys, frame)
        if not block.index:
            cols = np.full(frame.n, block.start, dtype=np.int32)
        elif positions is None:
            cols = np.arange(block.start, block.start + block.size, dtype=np.int32)
        else:
            cols = positions + block.start
        return Poly(ZERO, (Lin(None, cols, 1.0),))

    def _expression(self, declared: NamedExpression, keys: tuple[Expr, ...], frame: Frame) -> Value:
        ev = Evaluator(self.ctx, Place(declared.name, "expr"))
        with ev.placing(declared.expr), self.ctx._making(declared.name):
            return ev._expanded(declared, self, keys, frame)

    def _expanded(self, declared: NamedExpression, caller: Evaluator, keys: tuple[Expr, ...], frame: Frame) -> Value:
        from solvers.expression import parse, parse_generator

        body = parse(declared.expr)
        generators = [parse_generator(text) for text in declared.over]
        names = [n for gen in generators for n in gen.targets]
        if len(names) != len(keys):
            raise TypingError(
                f"{declared.name} takes {len(names)} index(es), not {len(keys)}",
                place=caller.place,
                remedy=f"write {declared.name}[{', '.join(names)}]" if names else f"write {declared.name}",
            )
        if not names:
            value = self.value(body, ROOT)
            return self._broadcast(value, frame) if frame.n != 1 else value
        columns = caller.key_columns(keys, frame)
        inner = Frame(frame.n, {})
        at = 0
        for gen in generators:
            part = columns[at : at + len(gen.targets)]
            at += len(gen.targets)
            source = evaluate_set(self, gen.source, inner)
            held = contains(self, part, source, inner)
            inner = inner.with_columns(gen.targets, tuple(_anchored(part, source, self.ctx)))
            for test in gen.tests:
                held = held & self.truth(test, inner).array(inner.n)
            if not held.all():
                row = int(np.flatnonzero(~held)[0])
                labels = ", ".join(repr(self.ctx.universe.decode(int(c.values[row]), c.kind)) for c in columns)
                raise caller.error(
                    f"{declared.name}[{labels}] does not exist: the index is outside of {', '.join(declared.over)}",
                    Ref(declared.name, keys),
                    frame=frame,
                    row=row,
                    remedy="guard it with a conditional, or correct the index",
                )
        if frame.grid is not None and frame.grid[0] == tuple(k.id if isinstance(k, Name) else "" for k in keys):
            inner.grid = (tuple(names), frame.grid[1])
        return self.value(body, inner)

    def _sum(self, terms: tuple[Expr, ...], signs: tuple[int, ...], frame: Frame) -> Value:
        total = self.quantity(terms[0], frame)
        for sign, term in zip(signs[1:], terms[1:]):
            value = self.quantity(term, frame)
            total = add(total, value if sign > 0 else neg(value), frame.n)
        return total

    # -- truth -------------------------------------------------------------------------------

    def _compare(self, expr: Compare, frame: Frame) -> Value:
        if expr.ops[0] in ("in", "not in"):
            if len(expr.ops) > 1:
                raise self.error("a membership test cannot be chained", expr, remedy="join tests with and")
            element = expr.operands[0]
            items = element.items if isinstance(element, Tuple) else (element,)
            columns = self.key_columns(items, frame)
            held = contains(self, columns, evaluate_set(self, expr.operands[1], frame), frame)
            return Truth(held if expr.ops[0] == "in" else ~held)
        return comparing.compare(self, expr, frame)

    def _connect(self, items: tuple[Expr, ...], frame: Frame, *, stop: bool) -> Value:
        """`and` (stop at False) and `or` (stop at True); later items are evaluated only where they matter."""
        result = self.truth(items[0], frame).array(frame.n).copy()
        for item in items[1:]:
            undecided = result != stop
            if not undecided.any():
                break
            if undecided.all():
                result = self.truth(item, frame).array(frame.n).copy()
            else:
                rows, inner = frame.where(undecided)
                result[rows] = self.truth(item, inner).array(inner.n)
        return Truth(result)

    def _conditional(self, expr: IfElse, frame: Frame) -> Value:
        truth = self.truth(expr.test, frame)
        mask = truth.array(frame.n)
        if mask.all():
            return self.value(expr.then, frame)
        if not mask.any():
            return self.value(expr.otherwise, frame)
        parts: list[tuple[np.ndarray, Value]] = []
        for where, branch in ((mask, expr.then), (~mask, expr.otherwise)):
            rows, inner = frame.where(where)
            parts.append((rows, self.value(branch, inner)))
        if any(isinstance(v, Rows) for _, v in parts) and all(isinstance(v, (Rows, Truth)) for _, v in parts):
            return comparing.merge(self, parts, frame.n)
        if any(isinstance(v, Idx) and v.column.kind == "label" for _, v in parts):
            return self._merge_labels(parts, expr, frame.n)
        return scatter([(rows, self.as_quantity(v, expr)) for rows, v in parts], frame.n)

    def _merge_labels(self, parts: list[tuple[np.ndarray, Value]], expr: Expr, n: int) -> Value:
        values = np.zeros(n, dtype=np.int64)
        for rows, value in parts:
            if not isinstance(value, Idx) or value.column.kind != "label":
                raise self.error("one branch is a label, the other a number", expr)
            values[rows] = value.column.values
        return Idx(Column(values, "label"))

    # -- aggregates --------------------------------------------------------------------------

    def _aggregate(self, expr: Aggregate, frame: Frame) -> Value:
        if frame.columns and free_names(expr).isdisjoint(frame.columns):
            # Independent of the indices in scope: once is enough, and never where no row asks for it.
            if frame.n == 0:
                return functions.aggregate(self, expr, Frame(0))
            return self._broadcast(functions.aggregate(self, expr, ROOT), frame)
        return functions.aggregate(self, expr, frame)

    def _broadcast(self, value: Value, frame: Frame) -> Value:
        """A value of the one-row frame for all rows of another."""
        zeros = np.zeros(frame.n, dtype=np.int64)
        match value:
            case Num(values, deps):
                if isinstance(values, np.ndarray) and not deps:
                    return Num(float(values[0]))
                return take(value, zeros)
            case Truth(values):
                return Truth(bool(np.all(values)))
            case Idx(column):
                return Idx(column.take(zeros))
            case Rows():
                raise self.error("a comparison over variables stands inside a formula", None)
            case _:
                return take(value, zeros)


def _anchored(part: list[Column], source: object, ctx: Context) -> list[Column]:
    """Columns that remember their positions in a one-dimensional ground set."""
    if isinstance(source, GroundSet) and source.dimension == 1:
        return [Column(part[0].values, part[0].kind, source, source.positions(part, ctx.universe))]
    return part


__all__ = ["Evaluator", "FormulateError"]
