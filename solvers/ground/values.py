"""What a formula evaluates to over a frame of n rows: data, indices, truths, polynomials, templates.

Polynomials are kept as chunks in coordinate form: adding concatenates, summing re-labels rows, so no
coefficient is ever touched one by one. A chunk's `rows` is None when it has one entry per row.
`Dep` records how data came from slots (parameter cells): which, and with what partial derivative.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy as np

from solvers.ground.sets import Column
from solvers.template import TAffine, TBinary, TConst, Template, TUnary

Vector: TypeAlias = float | np.ndarray
"""A float that holds for every row, or an array (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Dep:
    """Entries `rows` (None: one per entry) depend on slots of a parameter with partial derivatives.

    `coupled`: the partial itself depends on slots. `affine` False: the dependence is not affine.
    """

    parameter: str
    rows: np.ndarray | None
    slots: np.ndarray | int
    partial: Vector
    coupled: bool = False
    affine: bool = True


Deps: TypeAlias = tuple[Dep, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Num:
    """Data: one number for all rows or one per row."""

    values: Vector
    deps: Deps = ()

    @property
    def is_scalar(self) -> bool:
        return not isinstance(self.values, np.ndarray)

    def array(self, n: int) -> np.ndarray:
        """The values as an array (n,)."""
        return full(self.values, n)


@dataclass(frozen=True, slots=True, eq=False)
class Idx:
    """Index values or labels, one per row."""

    column: Column


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Truth values decided on data."""

    values: bool | np.ndarray

    def array(self, n: int) -> np.ndarray:
        """The values as a boolean array (n,)."""
        return self.values if isinstance(self.values, np.ndarray) else np.full(n, self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Lin:
    """Entries coefs * x[cols] of rows."""

    rows: RowMap | None
    cols: np.ndarray
    coefs: Vector
    deps: Deps = ()


@dataclass(frozen=True, slots=True, eq=False)
class Quad:
    """Entries coefs * x[i] * x[j] of rows."""

    rows: RowMap | None
    i: np.ndarray
    j: np.ndarray
    coefs: Vector
    deps: Deps = ()


@dataclass(frozen=True, slots=True, eq=False)
class Poly:
    """const + linear chunks + quadratic chunks."""

    const: Num
    lin: tuple[Lin, ...] = ()
    quad: tuple[Quad, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Nonlinear:
    """Anything else, as a template."""

    template: Template


_Chunk = TypeVar("_Chunk", Lin, Quad)
Quantity: TypeAlias = Num | Poly | Nonlinear


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Comparisons: lower <= body <= upper, one per row; `strict` where < or > was written."""

    body: Poly | Nonlinear
    lower: Num
    upper: Num
    strict: np.ndarray


Value: TypeAlias = Num | Idx | Truth | Poly | Nonlinear | Rows

ZERO = Num(0.0)
ONE = Num(1.0)


class Even:
    """The outer row of each inner row when every outer row has the same number `m` of them, in order."""

    def __init__(self, n: int, m: int) -> None:
        self.n = n
        self.m = m

    def __len__(self) -> int:
        return self.n * self.m

    @cached_property
    def array(self) -> np.ndarray:
        """As plain row numbers."""
        return np.repeat(np.arange(self.n), self.m)


RowMap: TypeAlias = np.ndarray | Even


def row_array(rows: RowMap) -> np.ndarray:
    """Row numbers as an array."""
    return rows if isinstance(rows, np.ndarray) else rows.array


def entry_rows(rows: RowMap | None, n: int) -> np.ndarray:
    """The row of each entry of a chunk."""
    return np.arange(n) if rows is None else row_array(rows)


def spread(values: Vector, rows: RowMap) -> Vector:
    """Values per row, as values per entry."""
    if not isinstance(values, np.ndarray):
        return values
    return np.repeat(values, rows.m) if isinstance(rows, Even) else values[rows]


def compose(outer: RowMap, inner: RowMap) -> RowMap:
    """outer[inner]."""
    if isinstance(outer, Even) and isinstance(inner, Even):
        return Even(outer.n, outer.m * inner.m)
    return row_array(outer)[row_array(inner)]


def product(a: Vector, b: Vector) -> Vector:
    """a * b, without a new array where one factor is 1."""
    if not isinstance(a, np.ndarray) and a == 1.0:
        return b
    if not isinstance(b, np.ndarray) and b == 1.0:
        return a
    return a * b


def full(values: Vector, n: int) -> np.ndarray:
    """A float or array as an array (n,)."""
    return values if isinstance(values, np.ndarray) else np.full(n, float(values))


def take_vector(values: Vector, rows: np.ndarray) -> Vector:
    """Entries of a vector; a scalar stays a scalar."""
    return values[rows] if isinstance(values, np.ndarray) else values


def ragged_gather(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Concatenated ranges start[k] .. start[k] + count[k] - 1."""
    total = int(count.sum())
    if total == 0:
        return np.zeros(0, dtype=np.int64)
    ends = np.cumsum(count)
    return np.arange(total) + np.repeat(start - (ends - count), count)


def join(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs (a, b) with left[a] == right[b], by a, then by b's order."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low = np.searchsorted(ordered, left, side="left")
    count = np.searchsorted(ordered, left, side="right") - low
    return np.repeat(np.arange(len(left)), count), order[ragged_gather(low, count)]


# -- dependence on slots ----------------------------------------------------------------------------


def scale_deps(deps: Deps, factor: Vector, *, against: Deps) -> Deps:
    """Partials multiplied by a factor given per entry, which itself depends on slots as `against` says."""
    others = {d.parameter for d in against}
    out = []
    for d in deps:
        by = factor if d.rows is None else take_vector(factor, d.rows)
        out.append(
            replace(
                d,
                partial=d.partial * by,
                coupled=d.coupled or bool(against),
                affine=d.affine and d.parameter not in others,
            )
        )
    return tuple(out)


def take_deps(deps: Deps, rows: np.ndarray) -> Deps:
    """The dependence of entries rows[k], as entry k."""
    out = []
    for d in deps:
        if d.rows is None:
            slots = d.slots[rows] if isinstance(d.slots, np.ndarray) else d.slots
            out.append(replace(d, slots=slots, partial=take_vector(d.partial, rows)))
        else:
            here, entry = join(rows, d.rows)
            slots = d.slots[entry] if isinstance(d.slots, np.ndarray) else d.slots
            out.append(replace(d, rows=here, slots=slots, partial=take_vector(d.partial, entry)))
    return tuple(out)


def move_deps(deps: Deps, to: np.ndarray) -> Deps:
    """Entry k becomes entry to[k] (many may meet)."""
    return tuple(replace(d, rows=to if d.rows is None else to[d.rows]) for d in deps)


def opaque_deps(deps: Deps) -> Deps:
    """The same slots, with the derivative unknown: data passed through a non-affine function."""
    return tuple(replace(d, partial=0.0, affine=False) for d in deps)


# -- arithmetic --------------------------------------------------------------------------------------


def as_poly(value: Num | Poly) -> Poly:
    """Data as a constant polynomial."""
    return value if isinstance(value, Poly) else Poly(value)


def add_num(a: Num, b: Num) -> Num:
    """Sum of data."""
    if a is ZERO or b is ZERO:
        return b if a is ZERO else a
    return Num(a.values + b.values, a.deps + b.deps)


def neg(value: Quantity) -> Quantity:
    """The negative."""
    if isinstance(value, Nonlinear):
        return Nonlinear(TUnary("neg", value.template))
    return scale(value, Num(-1.0), 0)


def add(a: Quantity, b: Quantity, n: int) -> Quantity:
    """Row-wise sum."""
    if isinstance(a, Nonlinear) or isinstance(b, Nonlinear):
        return Nonlinear(TBinary("+", as_template(a, n), as_template(b, n)))
    if isinstance(a, Num) and isinstance(b, Num):
        return add_num(a, b)
    p, q = as_poly(a), as_poly(b)
    return Poly(add_num(p.const, q.const), p.lin + q.lin, p.quad + q.quad)


def mul_num(a: Num, b: Num) -> Num:
    """Product of data."""
    deps = scale_deps(a.deps, b.values, against=b.deps) + scale_deps(b.deps, a.values, against=a.deps)
    return Num(a.values * b.values, deps)


def scale(value: Quantity, by: Num, n: int) -> Quantity:
    """Row-wise product with data."""
    if isinstance(value, Num):
        return mul_num(value, by)
    if isinstance(value, Nonlinear):
        return Nonlinear(TBinary("*", as_template(by, n), value.template))
    return Poly(
        ZERO if value.const is ZERO else mul_num(value.const, by),
        tuple(_scale_chunk(c, by) for c in value.lin),
        tuple(_scale_chunk(c, by) for c in value.quad),
    )


def _scale_chunk(chunk: _Chunk, by: Num) -> _Chunk:
    factor = by.values if chunk.rows is None else spread(by.values, chunk.rows)
    deps = scale_deps(chunk.deps, factor, against=by.deps)
    if by.deps:
        mine = by.deps if chunk.rows is None else take_deps(by.deps, row_array(chunk.rows))
        deps += scale_deps(mine, chunk.coefs, against=chunk.deps)
    return replace(chunk, coefs=product(chunk.coefs, factor), deps=deps)


def mul(a: Quantity, b: Quantity, n: int) -> Quantity:
    """Row-wise product; above degree two it becomes a template."""
    if isinstance(a, Num) and not isinstance(b, Num):
        return scale(b, a, n)
    if isinstance(b, Num):
        return scale(a, b, n)
    if isinstance(a, Poly) and isinstance(b, Poly) and not a.quad and not b.quad:
        lin = tuple(_scale_chunk(c, b.const) for c in a.lin) + tuple(_scale_chunk(c, a.const) for c in b.lin)
        cross = tuple(_cross(x, y, n) for x in a.lin for y in b.lin)
        return Poly(mul_num(a.const, b.const), lin, cross)  # type: ignore[arg-type]
    return Nonlinear(TBinary("*", as_template(a, n), as_template(b, n)))


def _cross(a: Lin, b: Lin, n: int) -> Quad:
    """The product of two linear chunks, row by row."""
    if a.rows is None and b.rows is None:
        i, j = np.minimum(a.cols, b.cols), np.maximum(a.cols, b.cols)
        deps = scale_deps(a.deps, b.coefs, against=b.deps) + scale_deps(b.deps, a.coefs, against=a.deps)
        return Quad(None, i, j, a.coefs * b.coefs, deps)
    left = entry_rows(a.rows, n)
    right = entry_rows(b.rows, n)
    ka, kb = join(left, right)
    ca, cb = take_vector(a.coefs, ka), take_vector(b.coefs, kb)
    i, j = np.minimum(a.cols[ka], b.cols[kb]), np.maximum(a.cols[ka], b.cols[kb])
    deps = scale_deps(take_deps(a.deps, ka), cb, against=b.deps)
    deps += scale_deps(take_deps(b.deps, kb), ca, against=a.deps)
    return Quad(left[ka], i, j, ca * cb, deps)


# -- selecting, scattering, summing ------------------------------------------------------------------


def sum_rows(value: Quantity, parent: RowMap, n: int) -> Quantity:
    """Sum inner rows onto outer rows: row r of the result adds all k with parent[k] == r."""
    if isinstance(value, Num):
        weights = full(value.values, len(parent))
        if isinstance(parent, Even):
            totals = weights.reshape(n, parent.m).sum(axis=1)
        else:
            totals = np.bincount(parent, weights=weights, minlength=n).astype(np.float64, copy=False)
        return Num(totals, move_deps(value.deps, row_array(parent)) if value.deps else ())
    if isinstance(value, Nonlinear):
        return Nonlinear(reduce_template("sum", value.template, row_array(parent), n))
    const = sum_rows(value.const, parent, n)
    assert isinstance(const, Num)
    if value.const is ZERO or (value.const.is_scalar and value.const.values == 0.0 and not value.const.deps):
        const = ZERO
    return Poly(const, tuple(_move(c, parent) for c in value.lin), tuple(_move(c, parent) for c in value.quad))


def _move(chunk: _Chunk, parent: RowMap) -> _Chunk:
    return replace(chunk, rows=parent if chunk.rows is None else compose(parent, chunk.rows))


def scatter(parts: list[tuple[np.ndarray, Quantity]], n: int) -> Quantity:
    """Put values computed on parts of a frame (row numbers, value) together; the parts cover all rows."""
    if any(isinstance(v, Nonlinear) for _, v in parts):
        which, where = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        templates = []
        for k, (rows, value) in enumerate(parts):
            which[rows], where[rows] = k, np.arange(len(rows))
            templates.append(as_template(value, len(rows)))
        from solvers.template import TChoice

        return Nonlinear(TChoice(tuple(templates), which, where))
    values = np.zeros(n)
    deps: Deps = ()
    lin: list[Lin] = []
    quad: list[Quad] = []
    for rows, value in parts:
        poly = as_poly(value)  # type: ignore[arg-type]
        values[rows] = poly.const.values
        deps += move_deps(poly.const.deps, rows)
        lin.extend(_move(c, rows) for c in poly.lin)
        quad.extend(_move(c, rows) for c in poly.quad)
    const = Num(values, deps)
    return Poly(const, tuple(lin), tuple(quad)) if lin or quad else const


def take(value: Quantity, rows: np.ndarray) -> Quantity:
    """Row rows[k] as row k."""
    if isinstance(value, Num):
        return Num(take_vector(value.values, rows), take_deps(value.deps, rows))
    if isinstance(value, Nonlinear):
        from solvers.template import TGather

        return Nonlinear(TGather(value.template, rows))
    const = take(value.const, rows)
    assert isinstance(const, Num)
    return Poly(const, tuple(_take_chunk(c, rows) for c in value.lin), tuple(_take_chunk(c, rows) for c in value.quad))


def _take_chunk(chunk: _Chunk, rows: np.ndarray) -> _Chunk:
    if chunk.rows is None:
        entries, new_rows = rows, None
    else:
        new_rows, entries = join(rows, row_array(chunk.rows))
    changed = replace(
        chunk, rows=new_rows, coefs=take_vector(chunk.coefs, entries), deps=take_deps(chunk.deps, entries)
    )
    if isinstance(changed, Lin):
        return replace(changed, cols=changed.cols[entries])
    return replace(changed, i=changed.i[entries], j=changed.j[entries])


# -- templates ---------------------------------------------------------------------------------------


def as_template(value: Quantity, n: int) -> Template:
    """Any quantity as a template of n rows."""
    if isinstance(value, Nonlinear):
        return value.template
    if isinstance(value, Num):
        return TConst(value.array(n))
    node: Template = _affine_template(value, n)
    for q in value.quad:
        rows = entry_rows(q.rows, n)
        order = np.argsort(rows, kind="stable")
        m = len(rows)
        coefs = full(q.coefs, m)[order]
        product = TBinary("*", _single(q.i[order], coefs), _single(q.j[order], np.ones(m)))
        node = TBinary("+", node, reduce_template("sum", product, rows[order], n))
    return node


def _single(cols: np.ndarray, coefs: np.ndarray) -> TAffine:
    n = len(cols)
    return TAffine(np.zeros(n), np.arange(n + 1), cols, coefs)


def _affine_template(value: Poly, n: int) -> Template:
    if not value.lin:
        return TConst(value.const.array(n))
    rows = np.concatenate([entry_rows(c.rows, n) for c in value.lin])
    cols = np.concatenate([c.cols for c in value.lin])
    coefs = np.concatenate([full(c.coefs, len(c.cols)) for c in value.lin])
    order = np.argsort(rows, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
    return TAffine(value.const.array(n), start, cols[order], coefs[order])


def reduce_template(func: str, arg: Template, parent: np.ndarray, n: int) -> Template:
    """Inner rows of a template reduced by parent."""
    from solvers.template import TGather, TReduce

    if len(parent) and np.any(np.diff(parent) < 0):
        order = np.argsort(parent, kind="stable")
        arg, parent = TGather(arg, order), parent[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(parent, minlength=n))])
    return TReduce(func, arg, parent, start)  # type: ignore[arg-type]
