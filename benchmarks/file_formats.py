"""Reading speed: files of a million nonzeros, ours beside HiGHS's own reader (NL: beside SCIP's), in one run.

    python benchmarks/file_formats.py [--rows N] [--nonzeros N] [--rounds N]

Every reading is a process of its own; the ratio is of the fastest processor times (theirs / ours: above 0.5 is the
aim), memory the most that the process held above what it needs to start.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

READERS = {
    "ours": "from solvers import Model\nread = lambda: Model.read(path).matrix.nonzeros",
    "highs": (
        "import highspy\nhighs = highspy.Highs()\nhighs.setOptionValue('output_flag', False)\n"
        "read = lambda: (highs.readModel(path), highs.getNumNz())[1]"
    ),
    "scip": (
        "import pyscipopt\nscip = pyscipopt.Model()\nscip.hideOutput()\n"
        "read = lambda: (scip.readProblem(path), scip.getNVars())[1]"
    ),
}
WARM = "import solvers.io.mps_read, solvers.io.lp_read, solvers.io.nl_read\n"
TIMED = """
import time
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
start = peak()
cpu = time.process_time()
found = read()
print(time.process_time() - cpu, peak() - start, found)
"""


def entries(rows: int, nonzeros: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A square matrix with a full diagonal: rows, columns and values of its nonzeros, in order of columns."""
    rng = np.random.default_rng(0)
    per = max(nonzeros // rows, 1)
    columns = rng.integers(0, rows, (rows, per))
    columns[:, 0] = np.arange(rows)
    key = np.unique((columns * rows + np.arange(rows)[:, None]).ravel())
    column, row = np.divmod(key, rows)
    return row, column, np.round(rng.normal(size=len(key)) * 100, 4)


def write_mps(path: Path, row: np.ndarray, column: np.ndarray, value: np.ndarray, m: int, *, fancy: bool) -> None:
    """Free MPS as solvers write it; `fancy` has brackets in names, two entries on a line and integer columns."""
    name = (lambda j: f"x[{j},{j % 7}]") if fancy else (lambda j: f"x_{j}")
    with open(path, "w") as file:
        file.write("NAME big\nROWS\n N obj\n")
        file.writelines(f" L row_{i}\n" for i in range(m))
        file.write("COLUMNS\n")
        if fancy:
            file.write("    M1 'MARKER' 'INTORG'\n")
            order = np.lexsort((row, column))
            triples = [*zip(column[order].tolist(), row[order].tolist(), value[order].tolist())]
            k = 0
            while k < len(triples):
                c, r, v = triples[k]
                if k + 1 < len(triples) and triples[k + 1][0] == c:
                    r2, v2 = triples[k + 1][1:]
                    file.write(f"    {name(c):<14}  row_{r:<10}  {v!r:>12}   row_{r2:<10}  {v2!r:>12}\n")
                    k += 2
                else:
                    file.write(f"    {name(c):<14}  row_{r:<10}  {v!r:>12}\n")
                    k += 1
            file.write("    M2 'MARKER' 'INTEND'\n")
        else:
            file.writelines(
                f"    {name(c)}  row_{r}  {v!r}\n" for c, r, v in zip(column.tolist(), row.tolist(), value.tolist())
            )
        file.write("RHS\n")
        file.writelines(f"    RHS  row_{i}  {i % 17 + 1}\n" for i in range(m))
        file.write("BOUNDS\n")
        file.writelines(f" UP BND  {name(j)}  {j % 13 + 1}\n" for j in range(m))
        file.write("ENDATA\n")


def write_lp(
    path: Path, row: np.ndarray, column: np.ndarray, value: np.ndarray, m: int, *, brackets: bool, labels: bool = True
) -> None:
    """LP with an objective over all columns, bounds on all columns, and labels or none."""
    name = (lambda j: f"x[{j}]") if brackets else (lambda j: f"x_{j}")
    lines: list[list[str]] = [[] for _ in range(m)]
    for c, r, v in zip(column.tolist(), row.tolist(), value.tolist()):
        lines[r].append(f"{'-' if v < 0 else '+'} {abs(v)!r} {name(c)}")
    with open(path, "w") as file:
        file.write("Minimize\n obj: ")
        file.write("\n ".join(f"+ {j % 7 + 1} {name(j)}" for j in range(m)))
        file.write("\nSubject To\n")
        for i, line in enumerate(lines):
            file.write(f" {f'row_{i}: ' if labels else ''}{' '.join(line)} <= {i % 17 + 1}\n")
        file.write("Bounds\n")
        file.writelines(f" 0 <= {name(j)} <= {j % 13 + 1}\n" for j in range(m))
        file.write("End\n")


def write_nl(path: Path, row: np.ndarray, column: np.ndarray, value: np.ndarray, m: int) -> None:
    """A linear NL file, without names."""
    order = np.lexsort((column, row))
    row, column, value = row[order], column[order], value[order]
    start = np.searchsorted(row, np.arange(m + 1)).tolist()
    counts = np.bincount(column, minlength=m)
    pairs = [f"{c} {v!r}\n" for c, v in zip(column.tolist(), value.tolist())]
    with open(path, "w") as file:
        file.write(
            f"g3 1 1 0\n {m} {m} 1 0 0\n 0 0\n 0 0\n 0 0 0\n 0 0 0 1\n 0 0 0 0 0\n {len(row)} {m}\n 0 0\n 0 0 0 0 0\n"
        )
        file.writelines(f"C{i}\nn0\n" for i in range(m))
        file.write("O0 0\nn0\nr\n")
        file.writelines(f"1 {i % 17 + 1}\n" for i in range(m))
        file.write("b\n")
        file.writelines(f"0 0 {j % 13 + 1}\n" for j in range(m))
        file.write(f"k{m - 1}\n")
        file.writelines(f"{total}\n" for total in np.cumsum(counts)[:-1].tolist())
        for i in range(m):
            file.write(f"J{i} {start[i + 1] - start[i]}\n")
            file.writelines(pairs[start[i] : start[i + 1]])
        file.write(f"G0 {m}\n")
        file.writelines(f"{j} {j % 7 + 1}\n" for j in range(m))


def measure(reader: str, path: Path, rounds: int) -> tuple[float, float]:
    """The fastest processor seconds and the most memory (MB) of some readings."""
    seconds, memory = [], []
    for _ in range(rounds):
        program = f"path = {str(path)!r}\n{WARM}{READERS[reader]}\n{TIMED}"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        words = done.stdout.split()
        seconds.append(float(words[-3]))
        memory.append(float(words[-2]))
    return min(seconds), max(memory)


def main() -> None:
    """Print one line a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--nonzeros", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found = entries(options.rows, options.nonzeros)
    m = options.rows
    with tempfile.TemporaryDirectory() as folder:
        files = [
            Path(folder) / name
            for name in ("plain.mps", "fancy.mps", "plain.lp", "brackets.lp", "linear.nl", "bare.lp")
        ]
        write_mps(files[0], *found, m, fancy=False)
        write_mps(files[1], *found, m, fancy=True)
        write_lp(files[2], *found, m, brackets=False)
        write_lp(files[3], *found, m, brackets=True)
        write_nl(files[4], *found, m)
        write_lp(files[5], *found, m, brackets=False, labels=False)
        print(f"{len(found[0]):,} nonzeros, {m:,} rows and columns")
        for path, other in zip(files, ("highs", "highs", "highs", "", "scip", "highs")):
            ours, held = measure("ours", path, options.rounds)
            line = f"{path.name:<12} {path.stat().st_size / 1e6:6.1f} MB   ours {ours:5.2f} s, {held:4.0f} MB"
            if other:
                theirs, their_memory = measure(other, path, options.rounds)
                line += f"   {other} {theirs:5.2f} s, {their_memory:4.0f} MB   ratio {theirs / ours:.2f}"
            else:
                line += "   HiGHS reads no brackets"
            print(line, flush=True)


if __name__ == "__main__":
    main()
