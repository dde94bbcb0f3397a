"""Building and solving a transportation problem through each linear adapter, as ratios to HiGHS in the same run.

    python benchmarks/adapters.py [--plants 200] [--markets 500] [--pyomo]

A plant-by-market matrix has two nonzeros per column: 200 x 500 is 2e5, 500 x 1000 is 1e6. `MathOpt's Python` builds the
same model with `add_variable` and `add_linear_constraint`, which is what the adapter's protocol buffers avoid.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from solvers.adapters import SolveOptions, adapter
from solvers.adapters.highs import HighsSession
from solvers.adapters.mathopt import _Library, build
from solvers.errors import SolverMissingError
from solvers.model import Block, Csr, Model, ObjectiveLevel


def transport(plants: int, markets: int) -> Model:
    """Supply rows, then demand rows, over one column per pair."""
    rng = np.random.default_rng(0)
    n, m = plants * markets, plants + markets
    pair = np.arange(n, dtype=np.int32)
    index = np.concatenate([pair, pair.reshape(plants, markets).T.ravel()])
    start = np.concatenate([np.arange(plants + 1) * markets, n + (np.arange(markets) + 1) * plants])
    low = np.concatenate([np.full(plants, -np.inf), rng.integers(50, 100, markets).astype(float)])
    high = np.concatenate([np.full(plants, 110.0 * markets / plants), np.full(markets, np.inf)])
    costs = rng.integers(10, 100, n).astype(float)
    return Model(
        "transport", "min", (ObjectiveLevel(costs),), Csr(start, index, np.ones(2 * n), n), low, high, np.zeros(n),
        np.full(n, np.inf), np.zeros(n, dtype=np.int64), (Block("ship", 0, n),), (Block("row", 0, m),),
    )  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    started = time.perf_counter()
    value = work()
    return time.perf_counter() - started, value


def python_api(model: Model) -> Any:
    """The same model by MathOpt's own classes."""
    from ortools.math_opt.python import mathopt

    made = mathopt.Model()
    x = [made.add_variable(lb=0.0) for _ in range(model.num_columns)]
    for r in range(model.num_rows):
        columns, values = model.matrix.row(r)
        row = made.add_linear_constraint(lb=float(model.row_lower[r]), ub=float(model.row_upper[r]))
        for j, value in zip(columns.tolist(), values.tolist()):
            row.set_coefficient(x[j], value)
    for j, cost in enumerate(model.objective.costs.tolist()):
        made.objective.set_linear_coefficient(x[j], cost)
    return made.export_model()


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plants", type=int, default=200)
    parser.add_argument("--markets", type=int, default=500)
    parser.add_argument("--pyomo", action="store_true", help="solvers behind Pyomo too")
    options = parser.parse_args()
    model = transport(options.plants, options.markets)
    print(f"{model.matrix.nonzeros:,} nonzeros, {model.num_columns:,} columns, {model.num_rows:,} rows")
    base, _ = timed(lambda: HighsSession(model))
    print(f"{'build: HiGHS passModel':<32}{base:8.3f} s")
    library = _Library("glop")
    for label, work in (
        ("build: MathOpt, our arrays", lambda: build(library.model, model)),
        ("build: MathOpt's Python", lambda: python_api(model)),
    ):
        seconds, _ = timed(work)
        print(f"{label:<32}{seconds:8.3f} s {seconds / base:8.1f} x")
    whole: float | None = None
    names = ["highs", "glop", "pdlp", *(["pyomo:highs", "pyomo:glpk", "pyomo:cbc"] if options.pyomo else [])]
    for name in names:
        try:
            seconds, raw = timed(lambda name=name: adapter(name).solve(model, SolveOptions(time_limit=120.0)))
        except SolverMissingError as error:
            print(f"{name:<32}absent: {error.remedy}")
            continue
        whole = whole or seconds
        print(
            f"{'all: ' + name:<32}{seconds:8.3f} s {seconds / whole:8.1f} x   build {raw.build_seconds:.3f} s   "
            f"{raw.termination} {raw.objective}"
        )


if __name__ == "__main__":
    main()
