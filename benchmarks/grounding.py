"""Grounding into HiGHS against Pyomo, linopy and a raw array hand-over, on the same models in one run.

    python benchmarks/grounding.py            # three models, full size
    python benchmarks/grounding.py --small    # a quick look

Each measurement is a process of its own: seconds from data in numpy arrays to a model loaded in HiGHS (Pyomo:
the model alone, which favours it), and the growth of peak resident memory over that span. Needs `.[bench]`.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SIZES = {
    "transportation": {"full": (1000, 1000), "small": (100, 100)},
    "facility": {"full": (300, 1500), "small": (30, 150)},
    "production": {"full": (400, 250), "small": (40, 25)},
}
TOOLS = ("formulate", "raw", "linopy", "pyomo")


def arrays(model: str, size: tuple[int, int]) -> dict[str, np.ndarray]:
    """The data of a model; the same for every tool."""
    m, n = size
    rng = np.random.default_rng(7)
    if model == "transportation":
        return {"cost": rng.random((m, n)), "supply": np.full(m, 30.0 * n / m), "demand": rng.integers(1, 25, n) * 1.0}
    if model == "facility":
        return {"cost": rng.random((m, n)) * 9, "fixed": rng.random(m) * 50 + 50, "cap": np.full(m, 8.0 * n / m)}
    return {
        "demand": rng.integers(0, 40, (m, n)) * 1.0, "cost": rng.random((m, n)), "hold": rng.random(m),
        "setup": rng.random(m) * 20, "lead": rng.integers(0, 4, m) * 1.0, "room": np.full(n, 25.0 * m),
    }  # fmt: skip


# -- ours ----------------------------------------------------------------------------------------------


def formulation(model: str, size: tuple[int, int]) -> Any:
    """The models in the language."""
    from solvers.formulation import (
        Constraint,
        Formulation,
        IndexSet,
        NamedExpression,
        Objective,
        Parameter,
        Term,
        Variable,
    )

    m, n = size
    i_set, j_set = IndexSet("I", expr=f"range({m})"), IndexSet("J", expr=f"range({n})")
    over = ("i in I", "j in J")
    if model == "transportation":
        return Formulation(
            model, Objective("min", (Term("freight", "sum(cost[i, j] * x[i, j] for i in I for j in J)"),)),
            (i_set, j_set),
            (Parameter("cost", axes=("I", "J")), Parameter("supply", axes=("I",)), Parameter("demand", axes=("J",))),
            (Variable("x", over, lower="0"),),
            constraints=(
                Constraint("capacity", "sum(x[i, j] for j in J) <= supply[i]", ("i in I",)),
                Constraint("satisfy", "sum(x[i, j] for i in I) >= demand[j]", ("j in J",)),
            ),
        )  # fmt: skip
    if model == "facility":
        return Formulation(
            model, Objective("min", (
                Term("serve", "sum(cost[i, j] * x[i, j] for i in I for j in J)"),
                Term("open", "sum(fixed[i] * y[i] for i in I)"),
            )),
            (i_set, j_set),
            (Parameter("cost", axes=("I", "J")), Parameter("fixed", axes=("I",)), Parameter("cap", axes=("I",))),
            (Variable("x", over, lower="0", upper="1"), Variable("y", ("i in I",), domain="binary")),
            constraints=(
                Constraint("serve", "sum(x[i, j] for i in I) == 1", ("j in J",)),
                Constraint("link", "x[i, j] <= y[i]", over),
                Constraint("capacity", "sum(x[i, j] for j in J) <= cap[i] * y[i]", ("i in I",)),
            ),
        )  # fmt: skip
    return Formulation(
        model, Objective("min", (
            Term("make", "sum(cost[i, j] * make[i, j] for i in I for j in J)"),
            Term("hold", "sum(hold[i] * stock[i, j] for i in I for j in J)"),
            Term("setup", "sum(setup[i] * run[i, j] for i in I for j in J)"),
        )),
        (i_set, j_set),
        (Parameter("demand", axes=("I", "J")), Parameter("cost", axes=("I", "J")), Parameter("hold", axes=("I",)),
         Parameter("setup", axes=("I",)), Parameter("lead", axes=("I",)), Parameter("room", axes=("J",))),
        (Variable("make", over, lower="0"), Variable("stock", over, lower="0"), Variable("lost", over, lower="0"),
         Variable("run", over, domain="binary")),
        (NamedExpression("arriving", "(make[i, j - lead[i]] if j - lead[i] in J else 0)", over),),
        (
            Constraint("balance", "(stock[i, j - 1] if j > 0 else 0) + arriving[i, j] + lost[i, j]"
                       " == demand[i, j] + stock[i, j]", over),
            Constraint("start", "make[i, j] <= 200 * run[i, j]", over),
            Constraint("capacity", "sum(make[i, j] for i in I) <= room[j]", ("j in J",)),
        ),
    )  # fmt: skip


def run_formulate(model: str, size: tuple[int, int], data: dict[str, np.ndarray]) -> Callable[[], Any]:
    from solvers.adapters.highs import HighsSession
    from solvers.data import Data
    from solvers.data.data import DenseArray
    from solvers.ground import ground

    f = formulation(model, size)
    axes = {p.name: p.axes for p in f.parameters}

    def work() -> Any:
        bound = Data({}, {name: DenseArray(axes[name], values) for name, values in data.items()})
        return HighsSession(ground(f, bound))

    return work


# -- raw arrays -----------------------------------------------------------------------------------------


def run_raw(model: str, size: tuple[int, int], data: dict[str, np.ndarray]) -> Callable[[], Any]:
    import highspy

    build = {"transportation": _raw_transportation, "facility": _raw_facility, "production": _raw_production}[model]

    def work() -> Any:
        cost, low, high, kinds, blocks = build(size, data)
        starts, indices, values, lower, upper, offset = [np.zeros(1, np.int64)], [], [], [], [], 0
        for start, index, value, lo, hi in blocks:
            starts.append(start[1:] + offset)
            offset += len(index)
            indices.append(index)
            values.append(value)
            lower.append(lo)
            upper.append(hi)
        lo, hi = np.concatenate(lower), np.concatenate(upper)
        start = np.concatenate(starts).astype(np.int32)
        h = highspy.Highs()
        h.setOptionValue("output_flag", False)
        h.passModel(len(cost), len(lo), offset, 2, 1, 0.0, cost, low, high, lo, hi, start[:-1],
                    np.concatenate(indices).astype(np.int32), np.concatenate(values), kinds)  # fmt: skip
        return h

    return work


def _raw_transportation(size: tuple[int, int], d: dict[str, np.ndarray]) -> tuple[Any, ...]:
    m, n = size
    k = m * n
    first = (np.arange(m + 1) * n, np.arange(k), np.ones(k), np.full(m, -np.inf), d["supply"])
    by_market = (np.arange(n)[:, None] + np.arange(m)[None, :] * n).ravel()
    second = (np.arange(n + 1) * m, by_market, np.ones(k), d["demand"], np.full(n, np.inf))
    return d["cost"].ravel(), np.zeros(k), np.full(k, np.inf), np.zeros(k, np.int32), [first, second]


def _raw_facility(size: tuple[int, int], d: dict[str, np.ndarray]) -> tuple[Any, ...]:
    m, n = size
    k = m * n
    by_customer = (np.arange(n)[:, None] + np.arange(m)[None, :] * n).ravel()
    serve = (np.arange(n + 1) * m, by_customer, np.ones(k), np.ones(n), np.ones(n))
    link_index = np.stack([np.arange(k), k + np.repeat(np.arange(m), n)], axis=1).ravel()
    link = (np.arange(k + 1) * 2, link_index, np.tile([1.0, -1.0], k), np.full(k, -np.inf), np.zeros(k))
    cap_index = np.concatenate([np.arange(k).reshape(m, n), (k + np.arange(m))[:, None]], axis=1).ravel()
    cap_value = np.concatenate([np.ones((m, n)), -d["cap"][:, None]], axis=1).ravel()
    cap = (np.arange(m + 1) * (n + 1), cap_index, cap_value, np.full(m, -np.inf), np.zeros(m))
    kinds = np.concatenate([np.zeros(k, np.int32), np.ones(m, np.int32)])
    cost = np.concatenate([d["cost"].ravel(), d["fixed"]])
    return cost, np.zeros(k + m), np.ones(k + m), kinds, [serve, link, cap]


def _raw_production(size: tuple[int, int], d: dict[str, np.ndarray]) -> tuple[Any, ...]:
    m, n = size
    k = m * n
    i, j = np.repeat(np.arange(m), n), np.tile(np.arange(n), m)
    flat = np.arange(k)
    lead = d["lead"].astype(np.int64)[i]
    parts = [(flat, 2 * k + flat, 1.0), (flat, k + flat, -1.0)]
    before, arrives = j > 0, j >= lead
    parts.append((flat[before], k + flat[before] - 1, 1.0))
    parts.append((flat[arrives], flat[arrives] - lead[arrives], 1.0))
    rows = np.concatenate([p[0] for p in parts])
    cols = np.concatenate([p[1] for p in parts])
    vals = np.concatenate([np.full(len(p[0]), p[2]) for p in parts])
    order = np.argsort(rows, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=k))])
    demand = d["demand"].ravel()
    balance = (start, cols[order], vals[order], demand, demand)
    run_index = np.stack([flat, 3 * k + flat], axis=1).ravel()
    starts = (np.arange(k + 1) * 2, run_index, np.tile([1.0, -200.0], k), np.full(k, -np.inf), np.zeros(k))
    by_period = (np.arange(n)[:, None] + np.arange(m)[None, :] * n).ravel()
    cap = (np.arange(n + 1) * m, by_period, np.ones(k), np.full(n, -np.inf), d["room"])
    cost = np.concatenate([d["cost"].ravel(), d["hold"][i], np.zeros(k), d["setup"][i]])
    high = np.full(4 * k, np.inf)
    high[3 * k :] = 1.0
    kinds = np.zeros(4 * k, np.int32)
    kinds[3 * k :] = 1
    return cost, np.zeros(4 * k), high, kinds, [balance, starts, cap]


# -- linopy ---------------------------------------------------------------------------------------------


def run_linopy(model: str, size: tuple[int, int], data: dict[str, np.ndarray]) -> Callable[[], Any]:
    import linopy
    import xarray as xr

    m, n = size

    def array(name: str) -> Any:
        values = data[name]
        dims = (
            ["i", "j"]
            if values.ndim == 2
            else ["i"]
            if values.shape[0] == m and name not in ("demand", "room")
            else ["j"]
        )
        return xr.DataArray(values, dims=dims)

    def work() -> Any:
        from linopy.io import to_highspy

        coords = [np.arange(m), np.arange(n)]
        lp = linopy.Model()
        add = lambda name, **kw: lp.add_variables(coords=coords, dims=["i", "j"], name=name, **kw)  # noqa: E731
        if model == "transportation":
            x = add("x", lower=0)
            lp.add_constraints(x.sum("j") <= array("supply"))
            lp.add_constraints(x.sum("i") >= array("demand"))
            lp.add_objective((x * array("cost")).sum())
        elif model == "facility":
            x = add("x", lower=0, upper=1)
            y = lp.add_variables(coords=[np.arange(m)], dims=["i"], name="y", binary=True)
            lp.add_constraints(x.sum("i") == 1)
            lp.add_constraints(x - y <= 0)
            lp.add_constraints(x.sum("j") - y * array("cap") <= 0)
            lp.add_objective((x * array("cost")).sum() + (y * array("fixed")).sum())
        else:
            make, stock, lost = add("make", lower=0), add("stock", lower=0), add("lost", lower=0)
            run = add("run", binary=True)
            arriving = 0
            for lag in range(4):
                here = xr.DataArray((data["lead"] == lag).astype(float), dims="i")
                arriving = arriving + (make.shift(j=lag) if lag else 1 * make) * here
            before = stock.shift(j=1)
            lp.add_constraints(before + arriving + lost - stock == xr.DataArray(data["demand"], dims=["i", "j"]))
            lp.add_constraints(make - 200 * run <= 0)
            lp.add_constraints(make.sum("i") <= array("room"))
            lp.add_objective(
                (make * array("cost")).sum() + (stock * array("hold")).sum() + (run * array("setup")).sum()
            )
        return to_highspy(lp)

    return work


# -- Pyomo ----------------------------------------------------------------------------------------------


def run_pyomo(model: str, size: tuple[int, int], data: dict[str, np.ndarray]) -> Callable[[], Any]:
    import pyomo.environ as pyo

    m, n = size
    rows, cols = range(m), range(n)

    def work() -> Any:
        p = pyo.ConcreteModel()
        listed = {name: values.tolist() for name, values in data.items()}
        if model == "transportation":
            cost = listed["cost"]
            p.x = pyo.Var(rows, cols, domain=pyo.NonNegativeReals)
            p.o = pyo.Objective(expr=pyo.quicksum(cost[i][j] * p.x[i, j] for i in rows for j in cols))
            p.s = pyo.Constraint(rows, rule=lambda p, i: pyo.quicksum(p.x[i, j] for j in cols) <= listed["supply"][i])
            p.d = pyo.Constraint(cols, rule=lambda p, j: pyo.quicksum(p.x[i, j] for i in rows) >= listed["demand"][j])
        elif model == "facility":
            cost = listed["cost"]
            p.x, p.y = pyo.Var(rows, cols, bounds=(0, 1)), pyo.Var(rows, domain=pyo.Binary)
            p.o = pyo.Objective(expr=pyo.quicksum(cost[i][j] * p.x[i, j] for i in rows for j in cols)
                                + pyo.quicksum(listed["fixed"][i] * p.y[i] for i in rows))  # fmt: skip
            p.s = pyo.Constraint(cols, rule=lambda p, j: pyo.quicksum(p.x[i, j] for i in rows) == 1)
            p.l = pyo.Constraint(rows, cols, rule=lambda p, i, j: p.x[i, j] <= p.y[i])
            p.c = pyo.Constraint(
                rows, rule=lambda p, i: pyo.quicksum(p.x[i, j] for j in cols) <= listed["cap"][i] * p.y[i]
            )
        else:
            lead, demand = [int(v) for v in listed["lead"]], listed["demand"]
            p.make, p.stock = (
                pyo.Var(rows, cols, domain=pyo.NonNegativeReals),
                pyo.Var(rows, cols, domain=pyo.NonNegativeReals),
            )
            p.lost, p.run = pyo.Var(rows, cols, domain=pyo.NonNegativeReals), pyo.Var(rows, cols, domain=pyo.Binary)
            c, hold, setup = listed["cost"], listed["hold"], listed["setup"]
            p.o = pyo.Objective(expr=pyo.quicksum(
                c[i][j] * p.make[i, j] + hold[i] * p.stock[i, j] + setup[i] * p.run[i, j]
                for i in rows for j in cols))  # fmt: skip
            p.b = pyo.Constraint(rows, cols, rule=lambda p, i, j: (p.stock[i, j - 1] if j > 0 else 0)
                                 + (p.make[i, j - lead[i]] if j >= lead[i] else 0) + p.lost[i, j]
                                 == demand[i][j] + p.stock[i, j])  # fmt: skip
            p.r = pyo.Constraint(rows, cols, rule=lambda p, i, j: p.make[i, j] <= 200 * p.run[i, j])
            p.c = pyo.Constraint(cols, rule=lambda p, j: pyo.quicksum(p.make[i, j] for i in rows) <= listed["room"][j])
        return p

    return work


# -- measuring ------------------------------------------------------------------------------------------


def measure(tool: str, model: str, size: tuple[int, int]) -> dict[str, float]:
    """One measurement, in this process."""
    data = arrays(model, size)
    runner = {"formulate": run_formulate, "raw": run_raw, "linopy": run_linopy, "pyomo": run_pyomo}[tool]
    work = runner(model, size, data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    kept = work()
    seconds = time.perf_counter() - started
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    out = {"seconds": seconds, "peak_mib": peak}
    highs = getattr(kept, "highs", kept)
    if tool != "pyomo":
        out.update(rows=highs.getNumRow(), columns=highs.getNumCol(), nonzeros=highs.getNumNz())
    return out


def warm(model: str, size: tuple[int, int], solve: bool) -> dict[str, float]:
    """The cost of changing one slot and re-solving warm, against grounding and against the first solve."""
    from solvers.adapters.highs import HighsSession
    from solvers.data import Data
    from solvers.data.data import DenseArray
    from solvers.ground import ground

    f = formulation(model, size)
    axes = {p.name: p.axes for p in f.parameters}
    data = Data({}, {k: DenseArray(axes[k], v) for k, v in arrays(model, size).items()})
    started = time.perf_counter()
    grounded = ground(f, data)
    grounding = time.perf_counter() - started
    grounded = ground(f, data, tracking=True)
    session = HighsSession(grounded)
    first = again = float("nan")
    if solve:
        started = time.perf_counter()
        session.solve()
        first = time.perf_counter() - started
    name = "demand" if model != "facility" else "fixed"
    key = (3,) if model != "production" else (3, 3)
    for value in (20.0, 21.0):  # the first change in a process loads code; the second is the steady cost
        started = time.perf_counter()
        assert grounded.slots is not None
        update = grounded.slots.change(grounded, {(name, key): value})
        assert update is not None
        session.update(update)
        patch = time.perf_counter() - started
        grounded = update.model
    if solve:
        started = time.perf_counter()
        session.highs.run()
        again = time.perf_counter() - started
    return {"grounding": grounding, "first_solve": first, "patch": patch, "warm_solve": again}


def _child(*args: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, *args], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(args)} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("TOOL", "MODEL"), help=argparse.SUPPRESS)
    parser.add_argument("--warm", metavar="MODEL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    scale = "small" if args.small else "full"
    flags = ("--small",) if args.small else ()
    if args.one:
        print(json.dumps(measure(args.one[0], args.one[1], SIZES[args.one[1]][scale])))
        return
    if args.warm:
        print(json.dumps(warm(args.warm, SIZES[args.warm][scale], solve=args.small)))
        return
    print(f"{'model':15} {'tool':10} {'seconds':>9} {'peak MiB':>9} {'x ours':>8}   rows x columns, nonzeros")
    for model in SIZES:
        ours = 0.0
        for tool in TOOLS:
            runs = [_child("--one", tool, model, *flags) for _ in range(1 if tool == "pyomo" else args.repeat)]
            seconds = statistics.median(r["seconds"] for r in runs)
            peak = statistics.median(r["peak_mib"] for r in runs)
            ours = ours or seconds
            shape = f"{runs[0]['rows']} x {runs[0]['columns']}, {runs[0]['nonzeros']}" if "rows" in runs[0] else ""
            print(f"{model:15} {tool:10} {seconds:9.3f} {peak:9.0f} {seconds / ours:8.2f}   {shape}", flush=True)
        w = _child("--warm", model, *flags)
        share = w["patch"] / w["grounding"]
        print(f"{model:15} one slot changed: {w['patch'] * 1e3:.2f} ms, {share:.1%} of a grounding")
        w = _child("--warm", model, "--small")
        print(f"{model:15} small size: first solve {w['first_solve']:.3f} s, warm {w['warm_solve']:.3f} s", flush=True)


if __name__ == "__main__":
    main()
