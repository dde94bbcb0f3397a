"""A job shop of 10 x 10: the default choice of solver against MIP with big-M.

    python benchmarks/job_shop.py [--limit 60] [--taillard 3] [--mip highs scip]

FT06 and FT10 are the instances of Fisher and Thompson (1963; optima 55 and 930); the others are made as
Taillard (European Journal of Operational Research 64, 1993) makes them, with seeds of our own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from solvers import solve
from solvers.formulation import Cell, Constraint, Formulation, IndexSet, Objective, Parameter, Term, Variable

FT06 = """2 1 0 3 1 6 3 7 5 3 4 6
1 8 2 5 4 10 5 10 0 10 3 4
2 5 3 4 5 8 0 9 1 1 4 7
1 5 0 5 2 5 3 3 4 8 5 9
2 9 1 3 4 5 5 4 0 3 3 1
1 3 3 3 5 9 0 10 4 4 2 1"""
FT10 = """0 29 1 78 2 9 3 36 4 49 5 11 6 62 7 56 8 44 9 21
0 43 2 90 4 75 9 11 3 69 1 28 6 46 5 46 7 72 8 30
1 91 0 85 3 39 2 74 8 90 5 10 7 12 6 89 9 45 4 33
1 81 2 95 0 71 4 99 6 9 8 52 7 85 3 98 9 22 5 43
2 14 0 6 1 22 5 61 3 26 4 69 8 21 7 49 9 72 6 53
2 84 1 2 5 52 3 95 8 48 9 72 0 47 6 65 4 6 7 25
1 46 0 37 3 61 2 13 6 32 5 21 9 32 8 89 7 30 4 55
2 31 0 86 1 46 5 74 4 32 6 88 8 19 9 48 7 36 3 79
0 76 1 69 3 76 5 51 2 85 9 11 6 40 7 89 4 26 8 74
1 85 0 13 2 61 6 7 8 64 9 76 5 47 3 52 4 90 7 45"""
OPTIMA = {"ft06": 55, "ft10": 930}


def formulation(name: str, jobs: list[list[tuple[int, int]]], *, pairwise: bool = False) -> Formulation:
    """(machine, minutes) of every step of every job. `pairwise` writes each machine as `or` between comparisons."""
    steps = range(1, len(jobs[0]) + 1)
    key = [(j, k) for j in range(1, len(jobs) + 1) for k in steps]
    flat = [step for job in jobs for step in job]
    machine = Constraint(
        "one_at_a_time", "no_overlap(start[j, k], time[j, k] for j in jobs for k in steps if machine[j, k] == m)",
        ("m in machines",),
    )  # fmt: skip
    pairs = Constraint(
        "one_at_a_time", "start[j, k] + time[j, k] <= start[i, l] or start[i, l] + time[i, l] <= start[j, k]",
        ("j in jobs", "k in steps", "i in jobs", "l in steps if j < i and machine[j, k] == machine[i, l]"),
    )  # fmt: skip
    return Formulation(
        name, Objective("min", (Term("finish", "makespan"),)),
        (IndexSet("jobs", expr=f"range(1, {len(jobs) + 1})"), IndexSet("steps", expr=f"range(1, {len(steps) + 1})"),
         IndexSet("machines", expr=f"range({len(steps)})")),
        (Parameter("machine", axes=("jobs", "steps"), cells=tuple(Cell(k, m) for k, (m, _) in zip(key, flat))),
         Parameter("time", "time", axes=("jobs", "steps"), cells=tuple(Cell(k, d) for k, (_, d) in zip(key, flat))),
         Parameter("horizon", "bound", expr="sum(time[j, k] for j in jobs for k in steps)")),
        (Variable("start", ("j in jobs", "k in steps"), lower="0", upper="horizon"),
         Variable("makespan", lower="0", upper="horizon")),
        constraints=(
            Constraint("in_sequence", "start[j, k] + time[j, k] <= start[j, k + 1]",
                       ("j in jobs", "k in steps if k != last(steps)")),
            machine if not pairwise else pairs,
            Constraint("finished", "makespan >= start[j, last(steps)] + time[j, last(steps)]", ("j in jobs",)),
        ),
    )  # fmt: skip


def read(text: str) -> list[list[tuple[int, int]]]:
    """Lines of machine and time by turns."""
    rows = [list(map(int, line.split())) for line in text.splitlines()]
    return [list(zip(row[::2], row[1::2])) for row in rows]


def taillard(jobs: int, machines: int, time_seed: int, machine_seed: int) -> list[list[tuple[int, int]]]:
    """Times from 1 to 99, machines shuffled, by Taillard's linear congruential generator."""
    draw = _uniform(time_seed)
    times = [[next(draw)(1, 99) for _ in range(machines)] for _ in range(jobs)]
    draw = _uniform(machine_seed)
    out = []
    for row in times:
        order = list(range(machines))
        for i in range(machines):
            j = next(draw)(i, machines - 1)
            order[i], order[j] = order[j], order[i]
        out.append(list(zip(order, row)))
    return out


def _uniform(seed: int):  # type: ignore[no-untyped-def]
    while True:
        k, low = divmod(seed, 127773)
        seed = 16807 * low - k * 2836
        seed += (2**31 - 1) if seed < 0 else 0
        value = seed / (2**31 - 1)
        yield lambda a, b, value=value: a + int(value * (b - a + 1))


def instances(count: int) -> Iterator[tuple[str, list[list[tuple[int, int]]]]]:
    """FT06, FT10 and `count` random ones of 10 x 10."""
    yield "ft06", read(FT06)
    yield "ft10", read(FT10)
    for k in range(1, count + 1):
        yield f"random10-{k}", taillard(10, 10, 1_000_003 * k, 2_000_003 * k)


def timed(formulation_: Formulation, **options):  # type: ignore[no-untyped-def]
    """The result and the processor seconds it took: other load on the machine does not count."""
    before = time.process_time()
    result = solve(formulation_, **options)
    return result, time.process_time() - before


def show(name: str, how: str, result, cpu: float) -> None:  # type: ignore[no-untyped-def]
    bound = "-" if result.bound is None else f"{result.bound:.6g}"
    value = "-" if result.objective is None else f"{result.objective:.6g}"
    checked = "-" if result.check is None else result.check.feasible
    print(f"{name:12} {how:30} {result.solver:6} {result.termination:11} {value:>8} bound {bound:>8} "
          f"feasible {checked}  wall {result.seconds:6.2f} s  processor {cpu:6.2f} s", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each MIP")
    parser.add_argument("--taillard", type=int, default=3, help="how many random instances")
    parser.add_argument("--mip", nargs="*", default=["highs", "scip"], help="solvers for the MIP")
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args()
    solve(formulation("warm", [[(0, 1)], [(0, 2)]]))  # imports are not part of the measure
    for name, jobs in instances(options.taillard):
        for how, pairwise in (("no_overlap", False), ("or between comparisons", True)):
            result, cpu = timed(formulation(name, jobs, pairwise=pairwise), threads=options.threads)
            show(name, f"default, {how}", result, cpu)
            assert result.is_optimal
            assert name not in OPTIMA or result.objective == OPTIMA[name]
    for name, jobs in list(instances(1)):
        for solver in options.mip:
            problem = formulation(name, jobs)
            result, cpu = timed(problem, solver=solver, time_limit=options.limit, threads=options.threads)
            show(name, "MIP, big-M", result, cpu)


if __name__ == "__main__":
    main()
