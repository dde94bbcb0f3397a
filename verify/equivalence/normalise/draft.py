"""A model on its way to normal form: read into exact numbers, refused where it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from solvers.model import SEMIINTEGER, Model
from verify.equivalence.form import Extras, RefusedError
from verify.equivalence.normalise.terms import Trees, add_globals, add_sets, quadratic_entries
from verify.equivalence.numbers import Numbers
from verify.equivalence.outcome import Step


@dataclass(eq=False)
class Draft:
    """The state that the rules work on. Numbers of rows are decimals top / 10**power until `scale` has run.

    `row`, `index`, `top`, `power` (nonzeros,) stand in order of rows, then terms, no term twice; `wide` holds entries
    whose sum does not fit. `lower`, `upper`, `costs`, `offsets` are codes. `alive` marks the columns that are
    left.
    """

    model: Model
    numbers: Numbers
    extras: Extras
    row: np.ndarray
    index: np.ndarray
    top: np.ndarray
    power: np.ndarray
    wide: dict[int, Fraction]
    kinds: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    costs: np.ndarray
    offsets: np.ndarray
    alive: np.ndarray
    log: list[Step] = field(default_factory=list)
    infeasible: str = ""


def read(model: Model, numbers: Numbers) -> Draft:
    """Step 1: every number exact, min for max, products and trees as terms, duplicates summed, zeros gone.

    Raises RefusedError.
    """
    _refuse_bad_numbers(model)
    extras = Extras(model.num_columns)
    try:
        found = _entries(model, numbers, extras)
    except RecursionError:
        raise RefusedError("a nonlinear expression is nested too deeply to compare") from None
    row, index, top, power, wide = _collected(*found, model.num_columns + len(extras.labels), numbers)
    draft = Draft(
        model, numbers, extras, row, index, top, power, wide, model.kinds.astype(np.int64),
        numbers.codes(model.col_lower), numbers.codes(model.col_upper), *_objective(model, numbers, extras),
        np.ones(model.num_columns, dtype=bool),
    )  # fmt: skip
    if model.sense == "max":
        draft.log.append(Step("minimise"))
    return draft


def _refuse_bad_numbers(model: Model) -> None:
    n, index = model.num_columns, model.matrix.index
    if len(index) and (int(index.min()) < 0 or int(index.max()) >= n):
        raise RefusedError(f"the matrix refers to columns beyond its {n}")
    if model.matrix.rows != model.num_rows or any(len(level.costs) != n for level in model.levels):
        raise RefusedError("the arrays of the model are not of one size")
    costs = [(f"cost of {{}} (level {k + 1})", level.costs, True) for k, level in enumerate(model.levels)]
    checks = [
        ("lower bound of {}", model.col_lower, False), ("upper bound of {}", model.col_upper, False), *costs,
    ]  # fmt: skip
    for words, values, finite in checks:
        bad = np.flatnonzero(~np.isfinite(values) if finite else np.isnan(values))
        if len(bad):
            raise RefusedError(f"the {words.format(model.column_label(int(bad[0])))} is {values[bad[0]]}")
    for side, values in (("lower", model.row_lower), ("upper", model.row_upper)):
        bad = np.flatnonzero(np.isnan(values))
        if len(bad):
            raise RefusedError(f"the {side} side of {model.row_label(int(bad[0]))} is nan")
    bad = np.flatnonzero(~np.isfinite(model.matrix.value))
    if len(bad):
        row = model.row_label(int(np.searchsorted(model.matrix.start, bad[0], side="right")) - 1)
        column = model.column_label(int(model.matrix.index[bad[0]]))
        raise RefusedError(f"the coefficient of {column} in {row} is {model.matrix.value[bad[0]]}")
    parts = [level.quadratic for level in model.levels] + [model.quadratic_rows]
    if any(part is not None and not np.isfinite(part.coef).all() for part in parts):
        raise RefusedError("a quadratic coefficient is not finite")
    if not all(np.isfinite(level.offset) for level in model.levels):
        raise RefusedError("an objective constant is not finite")
    if np.any((model.kinds < 0) | (model.kinds > SEMIINTEGER)):
        raise RefusedError("a column is of no known kind")
    if model.sense not in ("min", "max") or not model.levels:
        raise RefusedError(f"the model has no objective of sense min or max (sense {model.sense!r})")


def _entries(model: Model, numbers: Numbers, extras: Extras) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All entries of rows over columns and terms; sets and global constraints as nodes."""
    # Half the size of int64, which is where most of the memory goes.
    rows = [np.repeat(np.arange(model.num_rows, dtype=np.int32), np.diff(model.matrix.start))]
    index, values = [model.matrix.index.astype(np.int32, copy=False)], [model.matrix.value]
    more: list[tuple[int, int, float]] = []
    if model.quadratic_rows is not None:
        more += quadratic_entries(extras, model.quadratic_rows)
    trees = Trees(extras, numbers)
    for block in model.nonlinear_rows:
        more += [(r, trees.term(block.template, k), 1.0) for k, r in enumerate(block.rows.tolist())]
    if more:
        extra = list(zip(*more))
        rows.append(np.array(extra[0], dtype=np.int32))
        index.append(np.array(extra[1], dtype=np.int32))
        values.append(np.array(extra[2], dtype=np.float64))
    add_sets(extras, model)
    add_globals(extras, numbers, model.globals)
    if not more:
        return rows[0], index[0], np.asarray(model.matrix.value, dtype=np.float64)
    return np.concatenate(rows), np.concatenate(index), np.concatenate(values)


def _collected(
    row: np.ndarray, index: np.ndarray, value: np.ndarray, terms: int, numbers: Numbers
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[int, Fraction]]:
    """Entries in order, without zeros, duplicates summed exactly."""
    if not value.all():
        kept = value != 0
        row, index, value = row[kept], index[kept], value[kept]
    key = row.astype(np.int64) * max(terms, 1) + index
    gaps = np.diff(key)
    if len(gaps) and gaps.min() <= 0:
        order = np.argsort(key, kind="stable")
        row, index, value, key = row[order], index[order], value[order], key[order]
        gaps = np.diff(key)
    double = bool(len(gaps)) and int(gaps.min()) == 0
    first = np.flatnonzero(np.append(True, gaps > 0)) if double else None
    del key, gaps
    top, power = numbers.decimals(value)
    power = power.astype(np.int16)
    wide: dict[int, Fraction] = {}
    if first is None:
        return row, index, top, power, wide
    ends = np.append(first[1:], len(row))
    zero: list[int] = []
    for k in np.flatnonzero(ends - first > 1).tolist():
        cut = slice(int(first[k]), int(ends[k]))
        total = sum((_fraction(n, p) for n, p in zip(top[cut].tolist(), power[cut].tolist())), Fraction(0))
        if total == 0:
            zero.append(k)
        else:
            wide[k] = total
    row, index, top, power = row[first], index[first], top[first], power[first]
    keep = np.ones(len(row), dtype=bool)
    keep[zero] = False
    place = np.cumsum(keep) - 1
    return row[keep], index[keep], top[keep], power[keep], {int(place[k]): total for k, total in wide.items()}


def _fraction(n: int, power: int) -> Fraction:
    return Fraction(n, 10**power) if power >= 0 else Fraction(n * 10**-power)


def _objective(model: Model, numbers: Numbers, extras: Extras) -> tuple[np.ndarray, np.ndarray]:
    """Costs (levels, terms) and constants (levels,), to be minimised."""
    sign = -1 if model.sense == "max" else 1
    trees = Trees(extras, numbers)
    more: list[list[tuple[int, int, float]]] = []
    for level in model.levels:
        entries = quadratic_entries(extras, level.quadratic) if level.quadratic is not None else []
        if level.nonlinear is not None:
            entries.append((0, trees.term(level.nonlinear, 0), 1.0))
        more.append(entries)
    n = model.num_columns
    costs = np.zeros((len(model.levels), n + len(extras.labels)), dtype=np.int64)
    for k, level in enumerate(model.levels):
        costs[k, :n] = sign * numbers.codes(level.costs)
        for _, term, coef in more[k]:
            old, new = numbers.value(int(costs[k, term])), numbers.value(int(numbers.codes(np.array([coef]))[0]))
            costs[k, term] = numbers.code(old + sign * new)
    offsets = sign * numbers.codes(np.array([level.offset for level in model.levels]))
    return costs, offsets
