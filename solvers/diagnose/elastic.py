"""The elastic program: every soft row and bound may be broken at a price (Brown and Graves, 1975; Chinneck, 2008)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solvers.diagnose.members import Members
from solvers.diagnose.subject import Subject
from solvers.expression import parse
from solvers.expression.nodes import And, Compare
from solvers.model import CONTINUOUS, Block, Csr, Model, ObjectiveLevel


@dataclass(frozen=True, eq=False)
class Elastic:
    """A model whose last columns are slacks: for slack k its `member`, `atom`, and +1 (lower side) or -1 (upper)."""

    model: Model
    slack_from: int
    member: np.ndarray
    atom: np.ndarray
    side: np.ndarray


def softenable(subject: Subject, members: Members) -> np.ndarray:
    """The members that an amount can loosen: rows of comparisons, and finite bounds.

    Logic, structure, whole numbers and domains know no amount.
    """
    rows = {
        name
        for name, c in subject.constraints.items()
        if name in set(subject.origin.values()) and not _compares(c.expr)
    }
    kinds = [f.kind != "integrality" and not (f.kind == "row" and f.name in rows) for f in members.families]
    return np.array(kinds, dtype=bool)[members.family] if len(members) else np.zeros(0, dtype=bool)


def _compares(text: str) -> bool:
    tree = parse(text)
    return isinstance(tree, Compare) or (isinstance(tree, And) and all(isinstance(i, Compare) for i in tree.items))


def signs(members: Members) -> np.ndarray:
    """The members that say what sign a variable has, or that it is 0 or 1: bounds that are 0, and those of binaries."""
    model = members.model
    m, n = model.num_rows, model.num_columns
    out = np.zeros(len(members), dtype=bool)
    bound = members.first >= m
    j = (members.first[bound] - m) % max(n, 1)
    lower = members.first[bound] < m + n
    value = np.where(lower, model.col_lower[j], model.col_upper[j])
    binary = (model.kinds[j] != CONTINUOUS) & (model.col_lower[j] >= 0) & (model.col_upper[j] <= 1)
    out[bound] = (value == 0) | binary
    return out


def scales(members: Members) -> np.ndarray:
    """The size of every member's right-hand side: its magnitude, 1 where it is 0."""
    model = members.model
    each = np.concatenate([_size(model.row_lower, model.row_upper), _size(model.col_lower), _size(model.col_upper),
                           np.ones(model.num_columns)])  # fmt: skip
    return each[members.first] if len(members) else np.zeros(0)


def _size(*sides: np.ndarray) -> np.ndarray:
    sizes = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in sides]
    largest = np.maximum.reduce(sizes)
    return np.where(largest > 0, largest, 1.0)


def elastic(subject: Subject, members: Members, soft: np.ndarray, price: np.ndarray) -> Elastic:
    """The model with slacks for the soft members (mask), `price` per unit and member, and no other objective.

    Of what a bridge made of a constraint, the rows that still bear its name are loosened.
    """
    model = members.model
    m, n = model.num_rows, model.num_columns
    own = _named_rows(subject, model)
    soft_atom = np.append(soft, [False, False])[members.member]
    soft_atom[:m] &= own
    rows = np.flatnonzero(soft_atom[:m])
    low_rows, high_rows = rows[np.isfinite(model.row_lower[rows])], rows[np.isfinite(model.row_upper[rows])]
    low_cols, high_cols = np.flatnonzero(soft_atom[m : m + n]), np.flatnonzero(soft_atom[m + n : m + 2 * n])
    bound_rows = np.arange(len(low_cols) + len(high_cols)) + m
    at_row = np.concatenate([low_rows, high_rows, bound_rows])
    side = np.concatenate(
        [np.ones(len(low_rows)), -np.ones(len(high_rows)), np.ones(len(low_cols)), -np.ones(len(high_cols))]
    )
    atom = np.concatenate([low_rows, high_rows, m + low_cols, m + n + high_cols]).astype(np.int64)
    owner = members.member[atom]
    k = len(at_row)
    matrix = _extended(model.matrix, np.concatenate([low_cols, high_cols]), at_row, side, n + k)
    col_lower, col_upper = model.col_lower.copy(), model.col_upper.copy()
    col_lower[low_cols], col_upper[high_cols] = -np.inf, np.inf
    row_lower = np.concatenate([model.row_lower, model.col_lower[low_cols], np.full(len(high_cols), -np.inf)])
    row_upper = np.concatenate([model.row_upper, np.full(len(low_cols), np.inf), model.col_upper[high_cols]])
    made = replace(
        model, sense="min", levels=(ObjectiveLevel(np.concatenate([np.zeros(n), price[owner]])),), matrix=matrix,
        row_lower=row_lower, row_upper=row_upper, slots=None,
        col_lower=np.concatenate([col_lower, np.zeros(k)]), col_upper=np.concatenate([col_upper, np.full(k, np.inf)]),
        kinds=np.concatenate([model.kinds, np.full(k, CONTINUOUS, dtype=model.kinds.dtype)]),
        columns=(*model.columns, Block("slack", n, k)), rows=(*model.rows, Block("bound", m, len(bound_rows))),
    )  # fmt: skip
    return Elastic(made, n, owner, atom, side)


def _named_rows(subject: Subject, model: Model) -> np.ndarray:
    own = np.ones(model.num_rows, dtype=bool)
    for block in model.rows:
        own[block.start : block.start + block.size] = block.name not in subject.origin
    return own


def _extended(matrix: Csr, bound_cols: np.ndarray, at_row: np.ndarray, side: np.ndarray, columns: int) -> Csr:
    """The matrix with a row per loosened bound and a column per slack."""
    n, m = matrix.columns, matrix.rows
    rows = np.concatenate([matrix.row_of(), np.arange(len(bound_cols)) + m, at_row])
    cols = np.concatenate([matrix.index, bound_cols, n + np.arange(len(at_row))])
    values = np.concatenate([matrix.value, np.ones(len(bound_cols)), side])
    order = np.argsort(rows, kind="stable")
    start = np.zeros(m + len(bound_cols) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=m + len(bound_cols)), out=start[1:])
    return Csr(start, cols[order].astype(np.int32), values[order], columns)
