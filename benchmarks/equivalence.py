"""Speed of `equivalent` on permuted models, beside networkx, bliss and nauty, in one run.

    python benchmarks/equivalence.py [--largest 1000000] [--rounds 3] [--limit 60] [--only sparse chain]

Each line is one process: a model, the same under other names and in another order, and the median processor time of
`equivalent` from `Model` arrays to a verified certificate; memory is the most that the process held above the two
models, per nonzero of one of them. The others get the finished joint graph (normal forms with interned numbers), so
their times leave out all exact arithmetic. `over` means past the limit.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from solvers.model import Csr, Model, ObjectiveLevel


def of_entries(row: np.ndarray, column: np.ndarray, value: np.ndarray, m: int, n: int, **parts: np.ndarray) -> Model:
    """A model of <= rows over columns in [0, inf), unless `parts` says otherwise."""
    order = np.argsort(row * n + column)
    start = np.searchsorted(row[order], np.arange(m + 1))
    arrays = {
        "costs": np.ones(n), "row_lower": np.full(m, -np.inf), "row_upper": np.ones(m), "col_lower": np.zeros(n),
        "col_upper": np.full(n, np.inf), "kinds": np.zeros(n, dtype=np.int64), **parts,
    }  # fmt: skip
    levels = (ObjectiveLevel(arrays.pop("costs")),)
    return Model("bench", "min", levels, Csr(start, column[order], value[order], n), **arrays)


def sparse(nonzeros: int, values: Callable[[np.random.Generator, int], np.ndarray], costs: bool = True) -> Model:
    """Ten entries a row, as many rows as columns."""
    rng = np.random.default_rng(nonzeros)
    m = max(nonzeros // 10, 1)
    row = np.repeat(np.arange(m), 10)
    key = row * m + rng.integers(0, m, 10 * m)
    key = np.unique(key)
    row, column = np.divmod(key, m)
    if not costs:
        return of_entries(row, column, values(rng, len(key)), m, m)
    costs_of, upper = np.round(rng.normal(size=m) * 10, 2), np.round(rng.random(m) * 1000, 1)
    return of_entries(row, column, values(rng, len(key)), m, m, costs=costs_of, row_upper=upper)


def four_decimals(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.round(rng.normal(size=count) * 100, 4) + 0.00005


def full_precision(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.normal(size=count) * 100


def ones(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.ones(count)


def chain(nonzeros: int) -> Model:
    """Lot sizing over one long horizon: only the two ends tell the periods apart."""
    t = max(nonzeros // 5, 2)
    at = np.arange(t)
    row = np.concatenate([at[1:], at, at, t + at, t + at])
    column = np.concatenate([at[:-1], t + at, at, t + at, 2 * t + at])
    value = np.concatenate([np.ones(t - 1), np.ones(t), -np.ones(t), np.ones(t), np.full(t, -50.0)])
    return of_entries(
        row, column, value, 2 * t, 3 * t, costs=np.repeat([1.0, 2.0, 30.0], t),
        row_lower=np.concatenate([np.full(t, 7.0), np.full(t, -np.inf)]),
        row_upper=np.concatenate([np.full(t, 7.0), np.zeros(t)]),
        col_upper=np.concatenate([np.full(2 * t, np.inf), np.ones(t)]), kinds=np.repeat([0, 0, 1], t),
    )  # fmt: skip


def assignment(nonzeros: int, blocks: int = 1) -> Model:
    """Square assignment problems of equal costs, side by side: as symmetric as a model can be."""
    k = max(int((nonzeros / (2 * blocks)) ** 0.5), 2)
    cell = np.arange(k * k)
    base = np.arange(blocks)[:, None]
    row = np.concatenate([(base * 2 * k + cell // k).ravel(), (base * 2 * k + k + cell % k).ravel()])
    column = np.concatenate([(base * k * k + cell).ravel()] * 2)
    m, n = 2 * k * blocks, k * k * blocks
    return of_entries(
        row, column, np.ones(len(row)), m, n, row_lower=np.ones(m), col_upper=np.ones(n),
        kinds=np.ones(n, dtype=np.int64),
    )  # fmt: skip


FAMILIES: dict[str, Callable[[int], Model]] = {
    "sparse": lambda size: sparse(size, four_decimals),
    "sparse, 17 digits": lambda size: sparse(size, full_precision),
    "sparse, all numbers 1": lambda size: sparse(size, ones, costs=False),
    "chain": chain,
    "assignment": assignment,
    "blocks of 32": lambda size: assignment(size, max(size // 32, 1)),
}


def permuted(model: Model) -> Model:
    """The same model in another order of rows and columns."""
    rng = np.random.default_rng(5)
    p, q = rng.permutation(model.num_columns), rng.permutation(model.num_rows)
    place = np.empty_like(p)
    place[p] = np.arange(len(p))
    to = np.empty_like(q)
    to[q] = np.arange(len(q))
    matrix = model.matrix
    return of_entries(
        to[matrix.row_of()], place[matrix.index], matrix.value, len(q), len(p), costs=model.objective.costs[p],
        row_lower=model.row_lower[q], row_upper=model.row_upper[q], col_lower=model.col_lower[p],
        col_upper=model.col_upper[p], kinds=model.kinds[p],
    )  # fmt: skip


def ours(a: Model, b: Model, rounds: int) -> str:
    from verify.equivalence import Options, equivalent

    options = Options(seconds=600, nodes=10**8, witness=False, diff=False)
    equivalent(assignment(8), assignment(8), options=options)
    before, seconds = peak(), []
    for _ in range(rounds):
        began = time.process_time()
        found = equivalent(a, b, options=options)
        seconds.append(time.process_time() - began)
        assert found.verdict == "equivalent", found
    memory = (peak() - before) * 1024 / a.matrix.nonzeros
    return f"{statistics.median(seconds):9.3f} s {memory:7.0f} B/nonzero"


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def other(name: str, a: Model, b: Model) -> str:
    from verify.equivalence import match
    from verify.equivalence.graph import joint_graph
    from verify.equivalence.labeller import labelled_matches
    from verify.equivalence.normalise import normalise
    from verify.equivalence.numbers import Numbers

    numbers = Numbers()
    graph = joint_graph(normalise(a, numbers), normalise(b, numbers))
    began = time.process_time()
    if name == "networkx":
        import networkx

        made = [networkx.Graph(), networkx.Graph()]
        for v in range(graph.num_nodes):
            made[v >= graph.split].add_node(v, colour=int(graph.colour[v]))
        for u, v, code in zip(graph.row.tolist(), graph.term.tolist(), graph.code.tolist()):
            made[u >= graph.split].add_edge(u, v, code=code)
        same = networkx.is_isomorphic(
            *made, node_match=lambda p, q: p["colour"] == q["colour"], edge_match=lambda p, q: p["code"] == q["code"]
        )
    else:
        same = any(match.holds(graph, image) for image in labelled_matches(graph, name))  # type: ignore[arg-type]
    return f"{time.process_time() - began:9.3f} s" + ("" if same else " (no match)")


OTHERS = ("networkx", "bliss", "nauty")


def measured(arguments: list[str], limit: float) -> str:
    command = [sys.executable, __file__, "--one", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return "     over"
    if done.returncode:
        return "   failed: " + done.stderr.strip().splitlines()[-1][:60]
    return done.stdout.rstrip("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--only", nargs="*", default=list(FAMILIES))
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        family, size, who, rounds = given.one
        a = FAMILIES[family](int(size))
        b = permuted(a)
        print(ours(a, b, int(rounds)) if who == "ours" else other(who, a, b))
        return
    print(f"{'model':24} {'nonzeros':>9}  {'ours':>9}   {'memory':>15}  " + "  ".join(f"{name:>11}" for name in OTHERS))
    for family in given.only:
        size, over = 1_000, set()
        while size <= given.largest:
            line = measured([family, str(size), "ours", str(given.rounds)], 600)
            for name in OTHERS:
                # Who was over the limit at one size is not asked at the next.
                answer = "     over" if name in over else measured([family, str(size), name, "1"], given.limit)
                over |= {name} if "over" in answer else set()
                line += f"  {answer:>11}"
            print(f"{family:24} {size:>9}  {line}", flush=True)
            size *= 10


if __name__ == "__main__":
    main()
