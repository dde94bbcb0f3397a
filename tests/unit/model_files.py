"""Random models with every feature that files hold, and what it means that two models are equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.io.names import column_labels, row_labels
from solvers.model import Block, Csr, Indicators, Model, ObjectiveLevel, Quadratic, Sos


def number(rng: np.random.Generator, tame: bool = False) -> float:
    """Numbers of all shapes: small integers, decimals, awkward binary fractions, extremes; `tame` for solving."""
    kind = rng.integers(6)
    if tame:
        return float(rng.integers(-9, 10) or 1) / (1 if kind < 4 else 2)
    if kind < 2:
        return float(rng.integers(-9, 10) or 1)
    if kind == 2:
        return round(float(rng.normal() * 100), 2) or 0.5
    if kind == 3:
        return float(rng.normal())
    if kind == 4:
        return float(rng.normal() * 10.0 ** rng.integers(-12, 13))
    return float(rng.integers(1, 10)) / 3.0


def pair(rng: np.random.Generator, empty: bool = False, tame: bool = False) -> tuple[float, float]:
    """An interval: open, half open, fixed or closed."""
    kind, a, b = rng.integers(5), number(rng, tame), number(rng, tame)
    low, high = min(a, b), max(a, b)
    if kind == 4 and empty and rng.random() < 0.2 and low != high:
        return high, low
    return [(-np.inf, np.inf), (low, np.inf), (-np.inf, high), (low, low), (low, high)][kind]


NAMES = ("x", "y[0]", "y[0,1]", "Con(1,2)", "flow#a", "z.1", "q_", "é", "a'b", "~t", "w{2}", "n!")
HARD = ("x y", "", "3x", "free", "a+b", "x[a, b]", "*star", "e5", "-1", "end", "inf", "a:b", "st", "a\nb", "x", "x")


def names(rng: np.random.Generator, count: int, hard: bool) -> list[str]:
    pool = NAMES + (HARD if hard else ())
    out = [f"{pool[rng.integers(len(pool))]}{k if rng.random() < (0.5 if hard else 2) else ''}" for k in range(count)]
    return out


def quadratic(rng: np.random.Generator, n: int, rows: list[int] | None, tame: bool) -> Quadratic | None:
    found: dict[tuple[int, int, int], float] = {}
    for row in rows if rows is not None else [0]:
        for _ in range(rng.integers(1, 4)):
            i, j = sorted(int(k) for k in rng.integers(0, n, 2))
            found[row, i, j] = number(rng, tame)
    if not found:
        return None
    keys = sorted(found)
    r, i, j = (np.array(k) for k in zip(*keys))
    return Quadratic(i, j, np.array([found[k] for k in keys]), None if rows is None else r)


def random_model(
    seed: int, *, features: str = "quadratic indicator sos semi range free empty", hard: bool = False, tame: bool = False
) -> Model:
    """A model with up to 8 columns and rows; `features` that it may have; `tame` ones are bounded and have small numbers."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 9)), int(rng.integers(0, 9))
    dense = np.where(rng.random((m, n)) < 0.4, 1.0, 0.0)
    entries = [[(j, number(rng, tame)) for j in np.flatnonzero(dense[r]).tolist()] for r in range(m)]
    matrix = Csr(
        np.cumsum([0, *map(len, entries)]), np.array([j for row in entries for j, _ in row], np.int32),
        np.array([v for row in entries for _, v in row], float), n,
    )  # fmt: skip
    kinds = rng.choice([0, 0, 1, 1, 2, 3] if "semi" in features else [0, 1], n).astype(np.uint8)
    low, high = np.zeros(n), np.zeros(n)
    for j in range(n):
        low[j], high[j] = pair(rng, "empty" in features, tame) if rng.random() < 0.7 else (0.0, np.inf)
        if kinds[j] == 1 and rng.random() < 0.5:
            low[j], high[j] = 0.0, 1.0
        if kinds[j] >= 2:
            low[j], high[j] = float(rng.integers(0, 3)), float(rng.integers(3, 9)) if rng.random() < 0.8 else np.inf
    if tame:
        low, high = np.clip(low, -8, 8), np.clip(high, -8, 8)
    sides = [pair(rng, tame=tame) for _ in range(m)]
    if "range" not in features:
        sides = [(lo, hi) if lo == hi or not np.isfinite(lo + hi) else (lo, np.inf) for lo, hi in sides]
    if "free" not in features:
        sides = [(lo, hi) if np.isfinite(lo) or np.isfinite(hi) else (-1e6, np.inf) for lo, hi in sides]
    row_low, row_high = np.array([s[0] for s in sides]), np.array([s[1] for s in sides])
    extra: dict[str, Any] = {}
    quadratic_rows = [r for r in range(m) if rng.random() < 0.3] if "quadratic" in features else []
    if quadratic_rows:
        extra["quadratic_rows"] = quadratic(rng, n, quadratic_rows, tame)
    binary = np.flatnonzero((kinds == 1) & (low == 0) & (high == 1))
    if "indicator" in features and len(binary):
        rows = [r for r in range(m) if rng.random() < 0.3 and r not in quadratic_rows]
        rows = [r for r in rows if not (np.isfinite(row_low[r]) and np.isfinite(row_high[r]) and row_low[r] < row_high[r])]
        rows = [r for r in rows if np.isfinite(row_low[r]) or np.isfinite(row_high[r])]
        if rows:
            extra["indicators"] = Indicators(np.array(rows), rng.choice(binary, len(rows)), rng.integers(0, 2, len(rows)))
    if "sos" in features and rng.random() < 0.4:
        sets = []
        for k in range(rng.integers(1, 3)):
            members = rng.permutation(n)[: rng.integers(1, n + 1)]
            sets.append(Sos(int(rng.integers(1, 3)), members, np.sort(rng.permutation(20)[: len(members)]) / 4, f"set{k}"))
        extra["sos"] = tuple(sets)
    level = ObjectiveLevel(
        np.where(rng.random(n) < 0.6, [number(rng, tame) for _ in range(n)], 0.0), number(rng, tame) if rng.random() < 0.5 else 0.0,
        quadratic(rng, n, None, tame) if "quadratic" in features and rng.random() < 0.4 else None,
    )  # fmt: skip
    columns = Block("columns", 0, n, ("name",), labels=names(rng, n, hard))
    rows_block = (Block("rows", 0, m, ("name",), labels=["c" + name for name in names(rng, m, hard)]),) if m else ()
    return Model(
        "", "min" if rng.random() < 0.5 else "max", (level,), matrix, row_low, row_high, low, high, kinds,
        (columns,), rows_block, **extra,
    )  # fmt: skip


def facts(model: Model, *, order: bool = True) -> dict[str, Any]:
    """All that a model says, by name where `order` of columns and rows does not count."""
    columns, rows = column_labels(model), row_labels(model)
    q, qr = model.objective.quadratic, model.quadratic_rows
    products = zip(q.i.tolist(), q.j.tolist(), q.coef.tolist()) if q is not None else ()
    row_products = zip(qr.row.tolist(), qr.i.tolist(), qr.j.tolist(), qr.coef.tolist()) if qr is not None else ()
    r, c, v = model.matrix.row_of().tolist(), model.matrix.index.tolist(), model.matrix.value.tolist()
    ind = model.indicators
    triples = zip(ind.row.tolist(), ind.column.tolist(), ind.active.tolist()) if ind is not None else ()
    found = {
        "sense": model.sense, "offset": model.objective.offset,
        "columns": [*zip(columns, model.col_lower.tolist(), model.col_upper.tolist(), model.kinds.tolist(),
                         model.objective.costs.tolist())],
        "rows": [*zip(rows, model.row_lower.tolist(), model.row_upper.tolist())],
        "entries": {(rows[a], columns[b], value) for a, b, value in zip(r, c, v) if value != 0.0},
        "quadratic": {(*sorted((columns[a], columns[b])), value) for a, b, value in products},
        "quadratic rows": {(rows[a], *sorted((columns[b], columns[d])), value) for a, b, d, value in row_products},
        "indicators": {(rows[a], columns[b], active) for a, b, active in triples},
        "sos": [(s.kind, s.label, [columns[k] for k in s.columns.tolist()], s.weights.tolist()) for s in model.sos],
    }  # fmt: skip
    if not order:
        found["columns"], found["rows"] = sorted(found["columns"]), sorted(found["rows"])
    return found


def renamed(model: Model, columns: list[str], rows: list[str]) -> Model:
    """The same model under other names."""
    from dataclasses import replace

    blocks = (Block("columns", 0, len(columns), ("name",), labels=columns),)
    row_blocks = (Block("rows", 0, len(rows), ("name",), labels=rows),) if rows else ()
    return replace(model, columns=blocks, rows=row_blocks)
