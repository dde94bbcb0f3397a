"""Many programs in a row through one pool: memory, descriptors and processes of host and fork servers must not grow.

    python benchmarks/sandbox_soak.py [--programs 10000] [--workers N] [--hostile 0.2]

A part of the programs is hostile (leaves early, forks, opens sockets, floods its output, breaks its channel), the rest
solves a small linear program. One line is shown per tenth; the last lines compare the end with the first tenth.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil

from solvers.sandbox import Limits, Request, run_many
from solvers.sandbox.pool import Pool

_HONEST = """
import highspy
h = highspy.Highs()
h.setOptionValue("output_flag", False)
x = h.addVariable(lb=0, ub={k})
y = h.addVariable(lb=0)
h.addConstr(x + 2 * y <= 10 + {k})
h.maximize(x + y)
print(h.getInfo().objective_function_value)
"""
_HOSTILE = (
    "import os\nos._exit(3)", "import os\nos.fork()", "import socket\nsocket.socket()", "open('/etc/passwd').read()",
    "import ctypes\nctypes.string_at(0)", "import os\nfor k in range(3, 9):\n    os.write(k, b'x' * 99)",
    "while True: print('x' * 9999)", "bytearray(100 << 30)", "raise ValueError", "x = (",
    "import os\nos.closerange(0, 64)",
    "import threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()",
)  # fmt: skip


def requests(count: int, hostile: float) -> Iterator[Request]:
    """The programs, the same in every run."""
    chance = random.Random(0)
    limits = Limits(wall=20, processor=3, output=1 << 16)
    for k in range(count):
        bad = chance.random() < hostile
        yield Request(str(k), chance.choice(_HOSTILE) if bad else _HONEST.format(k=1 + k % 50), limits=limits)


def state() -> dict[str, float]:
    """Resident megabytes, descriptors and processes of this process and of all below it, as they are now."""
    host = psutil.Process()
    below = host.children(recursive=True)
    shown = {
        "host MB": host.memory_info().rss / 2**20, "host descriptors": host.num_fds(),
        "host threads": host.num_threads(),
        "processes below": len(below), "zombies": sum(item.status() == psutil.STATUS_ZOMBIE for item in below),
        "servers MB": max((item.memory_info().rss for item in below), default=0) / 2**20,
        "servers descriptors": max((item.num_fds() for item in below), default=0),
        "groups": len(list(Path("/sys/fs/cgroup").glob(f"**/formulate-{os.getpid()}-*"))),
    }  # fmt: skip
    return {name: round(value, 1) for name, value in shown.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--hostile", type=float, default=0.2)
    options = parser.parse_args()
    tenth = max(1, options.programs // 10)
    ends: Counter[str] = Counter()
    first: dict[str, float] = {}
    started = time.monotonic()
    with Pool(options.workers) as pool:
        for k, run in enumerate(run_many(requests(options.programs, options.hostile), pool=pool), 1):
            ends[run.error.kind if run.error else "came to its end"] += 1
            if k % tenth == 0:
                now = state()
                first = first or now
                print(f"{k:>7} programs  {k / (time.monotonic() - started):7.1f} a second  {now}", flush=True)
    print("ends:", dict(ends.most_common()))
    print("after the first tenth:", first)
    print("at the end           :", now)
    print("after closing        :", state())


if __name__ == "__main__":
    main()
