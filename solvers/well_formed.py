"""Whether the arrays of a `Model` fit together: asked of models that come from outside this process."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from solvers.model import SEMIINTEGER, AllDifferent, Block, Circuit, Csr, Indicators, Model, NoOverlap, Quadratic
from solvers.template import (
    TAffine,
    TBinary,
    TChoice,
    TConst,
    Template,
    TGather,
    TReduce,
    TUnary,
)

MOST_HEIGHT = 100
"""Templates are evaluated recursively; formulas are capped at the same height (solvers.expression)."""


class IllFormedError(ValueError):
    """Arrays that do not make a model; the message names the part."""


def well_formed(model: Model) -> None:
    """Raise IllFormedError unless shapes agree, every index points somewhere, and coefficients are finite numbers."""
    n, m = len(model.col_lower), len(model.row_lower)
    _need(model.sense in ("min", "max"), "the sense is neither min nor max")
    _need(len(model.levels) > 0, "there is no objective level")
    for name, size in (("col_lower", n), ("col_upper", n), ("row_lower", m), ("row_upper", m)):
        _bounds(getattr(model, name), size, name)
    _need(len(model.kinds) == n, f"kinds: {len(model.kinds)} entries for {n} columns")
    _need(not n or (model.kinds.min() >= 0 and model.kinds.max() <= SEMIINTEGER), "kinds: an unknown code")
    _matrix(model.matrix, n, m)
    for level in model.levels:
        _finite(level.costs, n, "costs")
        _need(bool(np.isfinite(level.offset)), "the objective's constant is no finite number")
        if level.quadratic is not None:
            _quadratic(level.quadratic, n, None, "the quadratic objective")
        if level.nonlinear is not None:
            _need(template_rows(level.nonlinear, n) == 1, "the nonlinear objective has not one row")
    if model.quadratic_rows is not None:
        _quadratic(model.quadratic_rows, n, m, "quadratic rows")
    for nonlinear in model.nonlinear_rows:
        _indices(nonlinear.rows, m, "nonlinear rows")
        _need(len(np.unique(nonlinear.rows)) == len(nonlinear.rows), "nonlinear rows: a row occurs twice")
        _need(template_rows(nonlinear.template, n) == len(nonlinear.rows), "nonlinear rows: the template's size")
    _structure(model, n, m)
    _blocks(model.columns, n, "columns")
    _blocks(model.rows, m, "rows")


def template_rows(node: Template, columns: int, height: int = 0) -> int:
    """The number of rows of a template over that many columns. Raises IllFormedError where it does not fit together."""
    _need(height < MOST_HEIGHT, f"a formula is nested deeper than {MOST_HEIGHT}")
    match node:
        case TConst(values):
            _need(bool(np.all(np.isfinite(values))), "a constant of a formula is no finite number")
            return len(values)
        case TAffine(constant, start, cols, coefs):
            _finite(constant, len(constant), "constants of a formula")
            _starts(start, len(cols), len(constant), "a linear part of a formula")
            _indices(cols, columns, "a linear part of a formula")
            _finite(coefs, len(cols), "coefficients of a formula")
            return len(constant)
        case TUnary(_, arg):
            return template_rows(arg, columns, height + 1)
        case TBinary(_, left, right):
            rows = template_rows(left, columns, height + 1)
            _need(template_rows(right, columns, height + 1) == rows, "the sides of an operation differ in size")
            return rows
        case TReduce(_, arg, parent, start):
            inner = template_rows(arg, columns, height + 1)
            _starts(start, inner, len(start) - 1, "a sum of a formula")
            expected = np.repeat(np.arange(len(start) - 1), np.diff(start))
            _need(np.array_equal(parent, expected), "a sum of a formula: parents and starts differ")
            _need(node.func == "sum" or bool(np.all(start[1:] > start[:-1])), "the least or largest of no numbers")
            return len(start) - 1
        case TGather(arg, index):
            _indices(index, template_rows(arg, columns, height + 1), "rows taken from a formula")
            return len(index)
        case TChoice(parts, which, where):
            _indices(which, len(parts), "the parts of a choice")
            _need(len(which) == len(where), "a choice of a formula: two sizes")
            sizes = np.array([template_rows(part, columns, height + 1) for part in parts], dtype=np.int64)
            _need(not len(where) or bool(np.all((where >= 0) & (where < sizes[which]))), "a choice points outside")
            return len(which)
        case _:
            assert_never(node)


def evaluated(model: Model) -> int:
    """The rows of every node of a well-formed model's formulas together: the work of evaluating them at a point."""
    templates = [level.nonlinear for level in model.levels if level.nonlinear is not None]
    templates += [part.template for part in model.nonlinear_rows]
    return sum(_evaluated(template)[1] for template in templates)


def _evaluated(node: Template) -> tuple[int, int]:
    """The rows of a template, and those of all its nodes together."""
    parts: tuple[Template, ...] = ()
    match node:
        case TConst(values):
            rows = len(values)
        case TAffine(constant, _, cols, _):
            return len(constant), len(constant) + len(cols)
        case TUnary(_, arg):
            inner, total = _evaluated(arg)
            return inner, inner + total
        case TBinary(_, left, right):
            rows, parts = -1, (left, right)
        case TReduce(_, arg, _, start):
            rows, parts = len(start) - 1, (arg,)
        case TGather(arg, index):
            rows, parts = len(index), (arg,)
        case TChoice(parts, which, _):
            rows = len(which)
        case _:
            assert_never(node)
    below = [_evaluated(part) for part in parts]
    rows = below[0][0] if rows < 0 else rows
    return rows, rows + sum(total for _, total in below)


def _structure(model: Model, n: int, m: int) -> None:
    if model.indicators is not None:
        _indicators(model.indicators, model, n, m)
    for sos in model.sos:
        _need(sos.kind in (1, 2), "an SOS is of neither kind 1 nor 2")
        _indices(sos.columns, n, "an SOS")
        _finite(sos.weights, len(sos.columns), "the weights of an SOS")
    for item in model.globals:
        match item:
            case NoOverlap(start, duration):
                _need(template_rows(start, n) == template_rows(duration, n), "no_overlap: two sizes")
            case AllDifferent(values):
                template_rows(values, n)
            case Circuit(nodes, tail, head, columns):
                _need(len(tail) == len(head) == len(columns), "circuit: arcs of different sizes")
                _need(0 <= nodes <= len(tail), "circuit: a node without an arc")
                _indices(tail, nodes, "circuit: tails")
                _indices(head, nodes, "circuit: heads")
                _binary(model, columns, n, "circuit: arcs")
            case _:
                assert_never(item)


def _indicators(part: Indicators, model: Model, n: int, m: int) -> None:
    _need(len(part.row) == len(part.column) == len(part.active), "indicators: arrays of different sizes")
    _indices(part.row, m, "indicators: rows")
    _need(len(np.unique(part.row)) == len(part.row), "indicators: a row occurs twice")
    _binary(model, part.column, n, "indicators: columns")
    _need(bool(np.all((part.active == 0) | (part.active == 1))), "indicators: active is neither 0 nor 1")


def _binary(model: Model, columns: np.ndarray, n: int, what: str) -> None:
    _indices(columns, n, what)
    fine = (model.kinds[columns] == 1) & (model.col_lower[columns] >= 0) & (model.col_upper[columns] <= 1)
    _need(bool(np.all(fine)), f"{what}: a column is not 0-1")


def _matrix(matrix: Csr, n: int, m: int) -> None:
    _need(matrix.columns == n, f"the matrix has {matrix.columns} columns for {n}")
    _starts(matrix.start, len(matrix.index), m, "the matrix")
    _indices(matrix.index, n, "the matrix")
    _finite(matrix.value, len(matrix.index), "coefficients")


def _quadratic(part: Quadratic, n: int, m: int | None, what: str) -> None:
    _indices(part.i, n, what)
    _indices(part.j, n, what)
    _need(len(part.i) == len(part.j), f"{what}: arrays of different sizes")
    _need(bool(np.all(part.i <= part.j)), f"{what}: an entry is below the diagonal")
    _finite(part.coef, len(part.i), what)
    if m is None:
        _need(part.row is None, f"{what}: rows are named")
    else:
        _need(part.row is not None and len(part.row) == len(part.i), f"{what}: rows are missing")
        assert part.row is not None
        _indices(part.row, m, what)


def _blocks(blocks: tuple[Block, ...], size: int, what: str) -> None:
    at = 0
    for block in blocks:
        _need(block.start == at and block.size >= 0, f"blocks of {what} leave a gap or overlap at {at}")
        _need(block.labels is None or len(block.labels) == block.size, f"block {block.name}: labels missing")
        at += block.size
    _need(at == size, f"blocks of {what} hold {at} of {size}")


def _bounds(values: np.ndarray, size: int, what: str) -> None:
    _need(len(values) == size, f"{what}: {len(values)} entries for {size}")
    _need(not bool(np.any(np.isnan(values))), f"{what}: not a number")


def _finite(values: np.ndarray, size: int, what: str) -> None:
    _need(len(values) == size, f"{what}: {len(values)} entries for {size}")
    _need(bool(np.all(np.isfinite(values))), f"{what}: no finite number")


def _indices(values: np.ndarray, size: int, what: str) -> None:
    _need(not len(values) or bool(values.min() >= 0 and values.max() < size), f"{what}: an index points outside")


def _starts(start: np.ndarray, entries: int, rows: int, what: str) -> None:
    # Compared, not subtracted: differences of narrow or unsigned numbers wrap around.
    fine = len(start) == rows + 1 and start[0] == 0 and start[-1] == entries and bool(np.all(start[1:] >= start[:-1]))
    _need(fine, f"{what}: row starts do not fit")


def _need(condition: bool, message: str) -> None:
    if not condition:
        raise IllFormedError(message)
