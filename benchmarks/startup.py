"""Start-up cost: processor time of `formulate --help` over a bare interpreter, and wall time of each example.

    python benchmarks/startup.py
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FORMULATE = Path(sys.executable).with_name("formulate")


def cpu(*command: str) -> float:
    """Processor seconds of a child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both tables."""
    bare = statistics.median(cpu(sys.executable, "-c", "pass") for _ in range(9))
    shown = statistics.median(cpu(str(FORMULATE), "--help") for _ in range(9))
    print(f"bare interpreter {bare:.3f} s, formulate --help {shown:.3f} s: {shown - bare:.3f} s of processor time more")
    for path in sorted((ROOT / "examples").glob("*.txt")):
        walls = []
        for _ in range(3):
            started = time.perf_counter()
            done = subprocess.run(
                [FORMULATE, path], capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1"}
            )
            walls.append(time.perf_counter() - started)
        print(f"{path.name:28} exit {done.returncode}   wall {statistics.median(walls):.2f} s")


if __name__ == "__main__":
    main()
